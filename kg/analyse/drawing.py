"""Where names stand on a plane, the same each time."""

from collections.abc import Iterable, Mapping, Sequence
from math import ceil, cos, sin, sqrt
from typing import TypeAlias

import numpy as np
import rustworkx as rx
from numpy.typing import NDArray

from kg.analyse.projecting import Network

Point: TypeAlias = tuple[float, float]
Points: TypeAlias = dict[str, Point]
_Row: TypeAlias = NDArray[np.float64]

DRAWN = 600
"""Graphs with more linked names are laid out by community: to draw their links takes longer, and shows less, than Gephi's own layouts."""

_TURN = 2.399963229728653
"""The golden angle: points that turn by it fill a disc evenly (Vogel 1979, doi:10.1016/0025-5564(79)90080-4)."""


def spread(nodes: Iterable[str], edges: Iterable[tuple[str, str]], *, seed: int = 0) -> list[Points]:
    """Draw each connected component of an undirected graph on a plane of its own.

    Returns:
        Node → position, one mapping a component, the largest first, ties by smallest node. Distances between
        linked nodes are about 1; the middle of each component is about (0, 0).
    """
    graph: rx.PyGraph[str, None] = rx.PyGraph(multigraph=False)
    index = {node: graph.add_node(node) for node in sorted(nodes)}
    graph.add_edges_from([(index[a], index[b], None) for a, b in sorted(edges)])
    parts = sorted((sorted(part) for part in rx.connected_components(graph)), key=lambda part: (-len(part), part[0]))
    return [_drawn(graph.subgraph(part), seed) for part in parts]


def placed(graph: Network, communities: Mapping[str, int], *, seed: int = 0) -> Points:
    """Return a place for every node, about 1 from its neighbours, the middle of all near (0, 0).

    Components are drawn side by side. Beyond ``DRAWN`` linked names each community is a disc, its nodes from the middle outwards as they
    come in ``communities``; those without a link are a disc of their own.

    Args:
        graph: With edges.
        communities: Node → its community; the nodes that matter most come first.
        seed: Of the layout.
    """
    linked = {end for edge in graph.edges for end in edge}
    if len(linked) <= DRAWN:
        parts = spread(linked, graph.edges, seed=seed)
    else:
        groups: dict[int, list[str]] = {}
        for node in (node for node in [*communities, *sorted(linked - communities.keys())] if node in linked):
            groups.setdefault(communities.get(node, 0), []).append(node)
        parts = [_disc(group) for group in sorted(groups.values(), key=lambda group: (-len(group), group[0]))]
    return _packed([*parts, _disc(sorted(set(graph) - linked), gap=0.4)])


def _disc(nodes: Sequence[str], *, gap: float = 1.0) -> Points:
    """Return the nodes as the seeds of a sunflower, the first in the middle."""
    turns = ((node, gap * sqrt(number), number * _TURN) for number, node in enumerate(nodes))
    return {node: (far * cos(turn), far * sin(turn)) for node, far, turn in turns}


def _packed(parts: Sequence[Points]) -> Points:
    """Return the parts in rows, from left to right and from top to bottom, about as wide as high."""
    boxes = [_box(part) for part in parts if part]
    wide = max([ceil(sqrt(sum(width * height for _, width, height in boxes))), *(width for _, width, _ in boxes)], default=0)
    found: Points = {}
    x = y = tall = 0.0
    for part, (corner, width, height) in zip(filter(None, parts), boxes, strict=True):
        if x and x + width > wide:
            x, y, tall = 0.0, y - tall, 0.0
        found |= {node: (x + a - corner[0], y + b - corner[1] - height) for node, (a, b) in part.items()}
        x, tall = x + width, max(tall, height)
    return {node: (a - wide / 2, b - (y - tall) / 2) for node, (a, b) in found.items()}


def _box(part: Points) -> tuple[Point, float, float]:
    """Return the lower left corner of what a part needs, its width and its height, with room around it."""
    (left, right), (low, high) = ((min(axis), max(axis)) for axis in zip(*part.values(), strict=True))
    return (left - 0.75, low - 0.75), right - left + 1.5, high - low + 1.5


def _drawn(part: "rx.PyGraph[str, None]", seed: int) -> Points:
    """Place one component so that distances on the plane are near those in the graph.

    Forces (Fruchterman and Reingold 1991) give the start, stress majorization (Gansner, Koren and North 2004,
    doi:10.1007/978-3-540-31843-9_25) the picture: it keeps the statements of one speaker around them like petals.
    """
    start = rx.spring_layout(part, k=1.0, num_iter=200, seed=seed)
    x, y = (np.array([start[index][axis] for index in part.node_indices()]) for axis in (0, 1))
    wanted = rx.distance_matrix(part)
    x, y = _majorized(x, y, wanted)
    return {name: (float(a), float(b)) for name, a, b in zip(part.nodes(), x - x.mean(), y - y.mean(), strict=True)}


def _majorized(x: _Row, y: _Row, wanted: _Row) -> tuple[_Row, _Row]:
    """Return the points after 200 damped steps of stress majorization with weights ``1 / wanted ** 2``.

    Sums run along the first axis, which numpy adds row by row: the same bits on every machine.
    """
    weight = np.divide(1.0, wanted * wanted, out=np.zeros_like(wanted), where=wanted > 0)
    total = np.maximum(weight.sum(axis=0), 1e-9)
    for _ in range(200):
        dx, dy = x[None, :] - x[:, None], y[None, :] - y[:, None]
        pull = weight * wanted / (np.sqrt(dx * dx + dy * dy) + 1e-9)
        x = 0.3 * x + 0.7 * (weight * x[:, None] + pull * dx).sum(axis=0) / total
        y = 0.3 * y + 0.7 * (weight * y[:, None] + pull * dy).sum(axis=0) / total
    return x, y
