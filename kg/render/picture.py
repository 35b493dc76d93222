"""The picture: names and the lines between them, as a pyvis network with fixed positions.

pyvis is the model and the serialiser. Its lists are filled directly (``add_edge`` scans every edge), and of its template
nothing is used (``kg/render/page/page.html`` says why).
"""

import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

import rustworkx as rx
from pyvis.network import Network

from kg.records import Actor, Overview, Said
from kg.render.acts import acts
from kg.render.central import NAMES, ranked
from kg.render.layout import Room, arrange

WHOLE = 1_500
"""Up to so many names the picture has all of them, and a second place for each; beyond that only the most central ones."""

LINES, FEW = 1.2, 100
"""Pairs of names for each name that the picture joins at first, and how many it joins in any case: with more it cannot be read."""

STYLES = ("acts", "present", "says", "relays", "denies", "accuses")
"""The kinds of line, as they lie over each other, the last on top."""

SHAPES = {
    "person": "dot",
    "organization": "square",
    "government": "diamond",
    "group": "hexagon",
    "place": "triangleDown",
    "unnamed": "triangle",
}
"""Kind → vis-network shape: a kind is told by shape and colour (``page/base.css``), never by colour alone."""

LABEL = 60
"""Characters of a name that a label has room for."""

LABELLED = 45
"""The names that get room for their labels; for others there is a label where there happens to be room."""

OPTIONS = {
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False},
    "interaction": {"hover": True, "multiselect": False, "selectConnectedEdges": False, "hoverConnectedEdges": False},
    "edges": {"smooth": False, "arrowStrikethrough": False, "chosen": False},
    "nodes": {"chosen": False},
}


@dataclass(frozen=True, slots=True)
class Line:
    """All statements by which one name has to do with another in one way.

    Attributes:
        style: ``accuses`` and ``denies`` whom it accuses, or whose accusation it denies; ``says`` something about; ``relays`` what the
            other says; is ``present`` at a place when it speaks; ``acts`` for the other.
        statements: Positions in ``overview.statements``, ascending; none where only the graph at large says that one acts for the other.
    """

    start: str
    end: str
    style: str
    statements: tuple[int, ...]

    @property
    def weight(self) -> int:
        """Return the number of its statements, at least 1."""
        return max(len(self.statements), 1)


def kind_of(actor: Actor) -> str:
    """Return the key of ``SHAPES`` that an actor or place is shown as."""
    return "unnamed" if actor.unnamed else actor.kind


def lines(overview: Overview) -> list[Line]:
    """Return the lines between the names of an overview by style, as they lie over each other, then by their ends."""
    known = {actor.iri for actor in overview.actors}
    said_by = {said.iri: said.speaker for said in overview.statements}
    found: defaultdict[tuple[str, str, str], list[int]] = defaultdict(list)
    for number, said in enumerate(overview.statements):
        for key in dict.fromkeys(_strokes(said, said_by)):
            found[key].append(number)
    for actor in overview.actors:
        if actor.acts_for:
            found.setdefault(("acts", actor.iri, actor.acts_for), [])
    made = [
        Line(start, end, style, tuple(statements))
        for (style, start, end), statements in found.items()
        if start != end and start in known and end in known
    ]
    return sorted(made, key=lambda line: (STYLES.index(line.style), line.start, line.end))


def _strokes(said: Said, said_by: Mapping[str, str | None]) -> Iterator[tuple[str, str, str]]:
    """Yield style, start and end of every line that a statement stands for; one may come twice."""
    if said.speaker is None:
        return
    family = acts()[said.act].family if said.act in acts() else "says"
    answered = [said_by.get(iri) for iri in said.answers] if family == "denies" else []
    met = {iri for iri in (said.target, *answered) if iri}
    for other in sorted(met):
        yield family if family in ("accuses", "denies") else "says", said.speaker, other
    for other in said.about:
        if other not in met:
            yield "says", said.speaker, other
    if outer := said_by.get(said.nested_in or ""):
        yield "relays", outer, said.speaker
    if said.place:
        yield "present", said.speaker, said.place
    if said.on_behalf_of:
        yield "acts", said.speaker, said.on_behalf_of


def backbone(names: Collection[str], drawn: Iterable[Line]) -> set[frozenset[str]]:
    """Return the pairs of names whose lines carry the picture: ``FEW``, or ``LINES`` for each name, or what holds it together.

    First a maximum spanning forest: what is connected stays so, and every name keeps its strongest line. Then the pairs that stand out
    most from an even spread over the lines of one of their ends (disparity filter: Serrano, Boguñá and Vespignani 2009,
    doi:10.1073/pnas.0808904106), the strongest first among equals.
    """
    weight: defaultdict[frozenset[str], int] = defaultdict(int)
    for line in drawn:
        weight[frozenset((line.start, line.end))] += line.weight
    pairs = sorted(weight, key=lambda pair: (-weight[pair], sorted(pair)))
    strength: defaultdict[str, int] = defaultdict(int)
    degree: defaultdict[str, int] = defaultdict(int)
    for pair in pairs:
        for end in pair:
            strength[end] += weight[pair]
            degree[end] += 1
    chance = {pair: min((1 - weight[pair] / strength[end]) ** (degree[end] - 1) for end in pair) for pair in pairs}
    kept = _forest(pairs)
    rest = sorted((pair for pair in pairs if pair not in kept), key=lambda pair: (round(chance[pair], 9), -weight[pair], sorted(pair)))
    return kept | set(rest[: max(0, FEW - len(kept), round(LINES * len(names)) - len(kept))])


def _forest(pairs: Sequence[frozenset[str]]) -> set[frozenset[str]]:
    """Return a spanning forest of pairs that come the strongest first (Kruskal 1956)."""
    numbers: dict[str, int] = {}
    for pair in pairs:
        for end in sorted(pair):
            numbers.setdefault(end, len(numbers))
    graph: rx.PyGraph[str, int] = rx.PyGraph()
    graph.add_nodes_from(list(numbers))
    ends = [sorted(numbers[end] for end in pair) for pair in pairs]
    graph.add_edges_from([(first, second, place) for place, (first, second) in enumerate(ends)])
    return {pairs[place] for _, _, place in rx.minimum_spanning_edges(graph, weight_fn=float)}


def network(overview: Overview, ranks: Sequence[str] | None = None) -> Network:
    """Return the picture: the names that are in statements, the most central first, with the lines between them.

    Node ids are those of ``telling``: ``a0`` is the first of ``overview.actors``. The first ``NAMES`` have a place ``x, y`` in the picture
    of those alone; where there are more, up to ``WHOLE``, each has a place ``wide`` in the picture of all. Lines have ``backbone`` and
    ``wide`` where these two pictures draw them at first.

    Args:
        overview: What is drawn.
        ranks: The IRIs of names in statements, the most central first, where that is known of a larger overview.
    """
    at = {actor.iri: number for number, actor in enumerate(overview.actors)}
    order = [iri for iri in (ranked(overview) if ranks is None else ranks) if iri in at]
    named = order if len(order) <= WHOLE else order[:NAMES]
    everything = _between(lines(overview), named)
    near, carrying = _picture(overview, named[:NAMES], everything)
    wide, carrying_all = _picture(overview, named, everything) if len(named) > NAMES else ({}, set())
    net = Network(directed=True)
    net.options = OPTIONS
    net.nodes = [
        _node(number, at[iri], overview.actors[at[iri]])
        | (dict(zip("xy", near[iri], strict=True)) if iri in near else {})
        | ({"wide": wide[iri]} if wide else {})
        for number, iri in enumerate(named)
    ]
    net.edges = [
        _edge(number, line, at)
        | ({"backbone": True} if (pair := frozenset((line.start, line.end))) in carrying else {})
        | ({"wide": True} if pair in carrying_all else {})
        for number, line in enumerate(everything)
    ]
    return net


def _node(rank: int, at: int, actor: Actor) -> dict[str, Any]:
    kind = kind_of(actor)
    return {"id": f"a{at}", "label": clipped(actor.name, LABEL), "kind": kind, "shape": SHAPES[kind], "size": _size(rank), "rank": rank}


def _edge(number: int, line: Line, at: Mapping[str, int]) -> dict[str, Any]:
    return {
        "id": f"e{number}",
        "from": f"a{at[line.start]}",
        "to": f"a{at[line.end]}",
        "style": line.style,
        "weight": line.weight,
        "statements": line.statements,
    }


def _between(some: Iterable[Line], names: Iterable[str]) -> list[Line]:
    known = set(names)
    return [line for line in some if line.start in known and line.end in known]


def _picture(overview: Overview, names: Sequence[str], some: Iterable[Line]) -> tuple[dict[str, tuple[int, int]], set[frozenset[str]]]:
    """Return where the names of a picture stand, and the pairs whose lines it draws."""
    name_of = {actor.iri: actor.name for actor in overview.actors}
    carrying = backbone(names, _between(some, names))
    rooms = {iri: _room(name_of[iri], number) for number, iri in enumerate(names)}
    ends = [tuple(sorted(pair)) for pair in carrying]
    return arrange(rooms, [(first, second) for first, second in ends]), carrying


def _size(rank: int) -> float:
    """Return the radius of a name by its rank: until a page sizes it by a measure, it stands for its room."""
    return round(6 + 16 / sqrt(1 + rank / 6), 1)


def _room(name: str, rank: int) -> Room:
    """Return half of the width and height that a name wants: for its mark, and for its label in two lines below it if it is central."""
    size = _size(rank)
    if rank >= LABELLED:
        return size + 9, size + 9
    longest = max(map(len, name.split()), default=0)
    letters = min(max(longest, len(name) / 2 + 2), 17)
    return max(size + 9, letters * 3.8 + 6), size + 20


def clipped(text: str, length: int) -> str:
    """Return ``text`` on one line without control and format characters, cut with ``…`` at ``length`` characters."""
    plain = " ".join("".join(" " if unicodedata.category(c) == "Cc" else c for c in text if unicodedata.category(c) != "Cf").split())
    return plain if len(plain) <= length else plain[: length - 1].rstrip() + "…"
