"""The picture: actors, places and the statements between them, as a pyvis network with fixed positions.

pyvis is the model and the serialiser. Its lists are filled directly (``add_edge`` scans every edge), and of its template
nothing is used (``kg/render/page.html`` says why).
"""

import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt

from pyvis.network import Network

from kg.records import Actor, Overview, Said
from kg.render.layout import arrange

NAMES = 150
STATEMENTS = 250
"""So many fit into a picture that can be read; the panel, the search and the table have all."""

SHAPES = {
    "person": "dot",
    "organization": "square",
    "government": "diamond",
    "group": "hexagon",
    "place": "triangleDown",
    "unnamed": "triangle",
    "statement": "dot",
}
"""Kind → vis-network shape: a kind is told by shape and colour (``page.css``), never by colour alone."""

LABEL = 60
"""Characters of a name that a label has room for."""

OPTIONS = {
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False},
    "interaction": {"hover": True, "multiselect": False, "selectConnectedEdges": False, "hoverConnectedEdges": False},
    "edges": {"smooth": False, "arrowStrikethrough": False, "chosen": False},
    "nodes": {"chosen": False},
}


@dataclass(frozen=True, slots=True, order=True)
class Link:
    """A line of the picture.

    Attributes:
        role: ``speaks target about addressee place behalf`` between a name and a statement, ``relays`` from the outer
            statement to the inner one, ``acts-for`` between two names.
    """

    start: str
    end: str
    role: str


def kind_of(actor: Actor) -> str:
    """Return the key of ``SHAPES`` that an actor or place is shown as."""
    return "unnamed" if actor.unnamed else actor.kind


def parties(said: Said) -> dict[str, str]:
    """Return IRI → role of everybody that a statement touches; the first of the roles in ``Link``'s order counts."""
    touched = [
        (said.speaker, "speaks"),
        (said.target, "target"),
        *((iri, "about") for iri in said.about),
        (said.addressee, "addressee"),
        (said.place, "place"),
        (said.on_behalf_of, "behalf"),
    ]
    return {iri: role for iri, role in reversed(touched) if iri is not None}


def network(overview: Overview) -> Network:
    """Return the picture of the names that stand in most statements, and of the statements that join most of them.

    Names without a statement are not drawn; a statement that relays a drawn one always is.
    Node ids are those of ``telling``: ``a0`` is the first of ``overview.actors``, ``s0`` of ``overview.statements``.
    """
    actors, statements = _chosen(overview)
    links = sorted(set(_links(overview, actors, statements)))
    weight = Counter(end for link in links for end in (link.start, link.end))
    radii = {node: 5.0 if node in statements else _size(weight[node]) for node in {**actors, **statements}}
    places = arrange(
        {node: radius + 4 if node in statements else 2 * radius + 6 for node, radius in radii.items()},
        [(link.start, link.end) for link in links],
    )
    net = Network(directed=True)
    net.options = OPTIONS
    net.nodes = [
        {"id": node, "label": label, "kind": kind, "shape": SHAPES[kind], "size": radii[node], "x": places[node][0], "y": places[node][1]}
        for node, label, kind in _labels(actors, statements)
    ]
    net.edges = [{"id": f"e{number}", "from": link.start, "to": link.end, "role": link.role} for number, link in enumerate(links)]
    return net


def _chosen(overview: Overview) -> tuple[dict[str, Actor], dict[str, Said]]:
    """Return node id → record of what is drawn, in the order of the overview."""
    touched = [parties(said) for said in overview.statements]
    count = Counter(iri for some in touched for iri in some)
    central = {iri for iri, _ in sorted(count.items(), key=lambda item: (-item[1], item[0]))[:NAMES]}
    fullest = sorted(range(len(touched)), key=lambda index: (-len(central & touched[index].keys()), index))[:STATEMENTS]
    drawn = set(fullest)
    told = {overview.statements[index].iri for index in drawn}
    told |= {said.nested_in for said in overview.statements if said.iri in told and said.nested_in}
    drawn |= {index for index, said in enumerate(overview.statements) if said.iri in told}
    central &= {iri for index in drawn for iri in touched[index]}
    return (
        {f"a{index}": actor for index, actor in enumerate(overview.actors) if actor.iri in central},
        {f"s{index}": said for index, said in enumerate(overview.statements) if index in drawn},
    )


def _links(overview: Overview, actors: dict[str, Actor], statements: dict[str, Said]) -> Iterator[Link]:
    """Yield the lines between what is drawn; one may come twice."""
    node = {record.iri: name for record_of in (actors, statements) for name, record in record_of.items()}
    for name, said in statements.items():
        for iri, role in parties(said).items():
            # Whom a known speaker speaks for is drawn once, between the two names.
            if iri in node and not (role == "behalf" and said.speaker in node):
                yield Link(node[iri], name, role) if role == "speaks" else Link(name, node[iri], role)
        if said.nested_in in node:
            yield Link(node[said.nested_in], name, "relays")
        if said.speaker in node and said.on_behalf_of in node and said.speaker != said.on_behalf_of:
            yield Link(node[said.speaker], node[said.on_behalf_of], "acts-for")
    for name, actor in actors.items():
        if actor.acts_for in node:
            yield Link(name, node[actor.acts_for], "acts-for")


def _labels(actors: dict[str, Actor], statements: dict[str, Said]) -> Iterator[tuple[str, str, str]]:
    """Yield node id, label and kind; the page takes the words of a statement from its telling."""
    yield from ((node, clipped(actor.name, LABEL), kind_of(actor)) for node, actor in actors.items())
    yield from ((node, said.type, "statement") for node, said in statements.items())


def _size(links: int) -> float:
    """Return the radius of a name with so many lines: its area grows with them."""
    return round(min(6 + 2.2 * sqrt(links), 24), 1)


def clipped(text: str, length: int) -> str:
    """Return ``text`` on one line without control and format characters, cut with ``…`` at ``length`` characters."""
    plain = " ".join("".join(" " if unicodedata.category(c) == "Cc" else c for c in text if unicodedata.category(c) != "Cf").split())
    return plain if len(plain) <= length else plain[: length - 1].rstrip() + "…"
