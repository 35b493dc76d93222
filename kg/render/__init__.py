"""Graph and statements become one page of HTML that needs nothing else.

The page holds everything inside: the drawing library (vis-network, out of the installed pyvis), our own script and style,
and the data, packed. Its content security policy allows those three by their hashes and forbids all else, above all the network.
"""

import json
import zlib
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyvis

from kg.records import Overview
from kg.render.central import ranked, selection
from kg.render.picture import network
from kg.render.telling import telling

ATTRIBUTION = "Places: GeoNames, CC BY 4.0."
"""Who must be named where the page is shown."""

OUTLINE = "Outline of the map: Natural Earth (public domain)."

PARTS = Path(__file__).parent / "page"

STYLES = ("base", "graph", "evidence", "views", "map", "exports", "print")
SCRIPTS = (
    *("data", "filters", "evidence", "search", "table", "graph", "labels"),
    *("drawing", "timeline", "figures", "matrix", "places", "exports", "state", "start"),
)
"""Files of ``PARTS`` in the order in which they become one style and one script: a later one may use what an earlier one names."""

LIBRARY = "templates/lib/vis-9.1.2/vis-network.min.js"
"""The drawing library inside the pyvis package."""


def page(overview: Overview, *, title: str, attribution: str = ATTRIBUTION) -> str:
    """Return one self-contained HTML page: the same overview gives the same characters.

    Texts of articles enter it in two ways only: packed, where no markup can be (``packed``), and as JSON whose ``<``, ``>``, ``&``,
    ``'`` and everything beyond ASCII are escaped. They are shown by ``textContent``. Of a graph beyond ``central.STATEMENTS`` statements
    the page holds a part, and says so. ``attribution`` is followed by that of the map, where there is one.
    """
    ranks = ranked(overview)
    held = selection(overview, ranks)
    net = network(held, ranks)
    net.heading = title
    net.set_template_dir(str(PARTS), "page.html")
    parts = {
        "library": _read(Path(pyvis.__file__).parent / LIBRARY),
        "script": f'"use strict";\n(async () => {{\n{_joined(SCRIPTS, "js")}}})();\n',
        "style": _joined(STYLES, "css"),
    }
    told = telling(held, overview)
    told |= {"title": title, "attribution": f"{attribution} {OUTLINE}" if "outline" in told else attribution}
    net.templateEnv.autoescape = True
    net.templateEnv.policies["json.dumps_kwargs"] = {"sort_keys": True, "separators": (",", ":")}
    net.templateEnv.globals.update(parts, policy=_policy(**parts), told=packed(told), attribution=told["attribution"])
    html: str = net.generate_html()
    return html


def packed(told: dict[str, Any]) -> str:
    """Return data as JSON in plain ASCII, deflated without a header (RFC 1951) and written in base64."""
    squeezer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    text = json.dumps(told, separators=(",", ":")).encode("ascii")
    return b64encode(squeezer.compress(text) + squeezer.flush()).decode("ascii")


def _joined(names: tuple[str, ...], ending: str) -> str:
    return "".join(_read(PARTS / f"{name}.{ending}") for name in names)


def _read(file: Path) -> str:
    """Return a file's text with the line ends that an HTML parser makes of them: the hash is taken over those."""
    return file.read_text("utf-8").replace("\r\n", "\n")


def _policy(library: str, script: str, style: str) -> str:
    """Return the content security policy: these two scripts and this style, nothing from anywhere.

    An image may be made of what is in the page (``data:``): a picture becomes a PNG that way. It loads nothing and runs nothing.
    """
    allowed = f"script-src {_digest(library)} {_digest(script)}; style-src {_digest(style)}; img-src data:"
    return f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'"


def _digest(text: str) -> str:
    """Return the source expression that allows an inline block with just this text."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
