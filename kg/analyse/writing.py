"""Graphs of names as files that Gephi and other tools of network analysis open."""

import re
from collections.abc import Mapping, Sequence
from math import sqrt
from types import MappingProxyType
from xml.etree import ElementTree

import networkx as nx

from kg.analyse.drawing import placed
from kg.analyse.explaining import EXPLANATIONS
from kg.analyse.projecting import Network
from kg.analyse.records import Measure

COLOURS: Mapping[str, str] = MappingProxyType(
    {
        "person": "#0072b2",
        "organization": "#009e73",
        "government": "#d55e00",
        "group": "#cc79a7",
        "place": "#56b4e9",
        "unnamed": "#e69f00",
        "topic": "#6f6a60",
    }
)
"""Kind → colour, of Okabe and Ito's palette (2008), as on the page."""

APART = 90.0
"""How far linked names stand from each other in Gephi's units; there the smallest node has a size of 8, the largest of 40."""

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold in any spelling (https://www.w3.org/TR/xml/#charsets)."""

_GEXF = "http://www.gexf.net/1.2draft"


def to_graphml(graph: Network, rows: Sequence[Measure] = ()) -> str:
    """Return the graph as GraphML, with the measures of ``rows`` as node attributes; Gephi shows ``label``."""
    return "\n".join(nx.generate_graphml(_labelled(graph, rows), named_key_ids=True)) + "\n"


def to_gexf(graph: Network, rows: Sequence[Measure] = (), *, by: str = "pagerank") -> str:
    """Return the graph as GEXF 1.2 without a time stamp, with the measures of ``rows`` as node attributes.

    Every node has a colour for its kind, a place, and a size: its area above the smallest grows with the measure ``by``.
    """
    copy = _labelled(graph, rows)
    places = placed(graph, {row.iri: row.community for row in rows})
    values = {row.iri: float(getattr(row, by)) for row in rows}
    least, most = (end(values.values(), default=0.0) for end in (min, max))
    for iri, about in graph.nodes(data=True):
        share = (values.get(iri, least) - least) / (most - least) if most > least else 0.0
        x, y = places[iri]
        copy.nodes[_for_xml(iri)]["viz"] = {
            "color": _colour(COLOURS.get("unnamed" if about["unnamed"] else about["kind"], COLOURS["topic"])),
            "position": {"x": round(x * APART, 1) + 0.0, "y": round(y * APART, 1) + 0.0, "z": 0.0},
            "size": round(8.0 + 32.0 * sqrt(share), 1),
        }
    ElementTree.register_namespace("", _GEXF)
    ElementTree.register_namespace("viz", f"{_GEXF}/viz")
    root = ElementTree.fromstring("\n".join(nx.generate_gexf(copy)))
    for meta in root.iter(f"{{{_GEXF}}}meta"):
        meta.attrib.pop("lastmodifieddate", None)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _colour(text: str) -> dict[str, int | float]:
    """Return a colour such as ``#0072b2`` as GEXF wants it."""
    red, green, blue = bytes.fromhex(text.removeprefix("#"))
    return {"r": red, "g": green, "b": blue, "a": 1.0}


def _labelled(graph: Network, rows: Sequence[Measure]) -> Network:
    """Copy the graph with ``label`` for the name and the measures beside it, every text fit for XML."""
    measured = {row.iri: {name: getattr(row, name) for name in EXPLANATIONS} for row in rows}
    copy: Network = nx.DiGraph() if graph.is_directed() else nx.Graph()
    for iri, about in graph.nodes(data=True):
        label = _for_xml(about["name"])
        copy.add_node(_for_xml(iri), label=label, kind=about["kind"], unnamed=about["unnamed"], **measured.get(iri, {}))
    copy.add_edges_from((_for_xml(one), _for_xml(other), about) for one, other, about in sorted(graph.edges(data=True), key=_ends))
    return copy


def _ends(edge: tuple[str, str, object]) -> tuple[str, str]:
    return edge[0], edge[1]


def _for_xml(text: str) -> str:
    """Put U+FFFD where ``text`` has a character that XML cannot hold."""
    return _NOT_XML.sub("\ufffd", text)
