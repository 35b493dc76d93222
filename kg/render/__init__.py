"""Graph and statements become one page of HTML that needs nothing else.

The page holds everything inside: the drawing library (vis-network, out of the installed pyvis), our own script and style,
and the data as JSON. Its content security policy allows those three by their hashes and forbids all else, above all the network.
"""

from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import pyvis

from kg.records import Overview
from kg.render.picture import network
from kg.render.telling import telling

ATTRIBUTION = "Places: GeoNames, CC BY 4.0."
"""Who must be named where the page is shown."""

HERE = Path(__file__).parent

LIBRARY = "templates/lib/vis-9.1.2/vis-network.min.js"
"""The drawing library inside the pyvis package."""


def page(overview: Overview, *, title: str, attribution: str = ATTRIBUTION) -> str:
    """Return one self-contained HTML page: the same overview gives the same characters.

    Texts of articles enter it in one way only, as JSON whose ``<``, ``>``, ``&``, ``'`` and everything beyond ASCII are
    escaped, and are shown by ``textContent``.
    """
    net = network(overview)
    net.heading = title
    net.set_template_dir(str(HERE), "page.html")
    parts = {
        "library": _read(Path(pyvis.__file__).parent / LIBRARY),
        "script": _read(HERE / "page.js"),
        "style": _read(HERE / "page.css"),
    }
    net.templateEnv.autoescape = True
    net.templateEnv.policies["json.dumps_kwargs"] = {"sort_keys": True, "separators": (",", ":")}
    net.templateEnv.globals.update(parts, policy=_policy(**parts), told=telling(overview), attribution=attribution)
    html: str = net.generate_html()
    return html


def _read(file: Path) -> str:
    """Return a file's text with the line ends that an HTML parser makes of them: the hash is taken over those."""
    return file.read_text("utf-8").replace("\r\n", "\n")


def _policy(library: str, script: str, style: str) -> str:
    """Return the content security policy: these two scripts and this style, nothing from anywhere."""
    allowed = f"script-src {_digest(library)} {_digest(script)}; style-src {_digest(style)}"
    return f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'"


def _digest(text: str) -> str:
    """Return the source expression that allows an inline block with just this text."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
