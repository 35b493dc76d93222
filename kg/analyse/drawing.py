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
Row: TypeAlias = NDArray[np.float32]

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

    Forces (Fruchterman and Reingold 1991) give the start, stress majorization the picture: it keeps the statements of one speaker
    around them like petals.
    """
    start = rx.spring_layout(part, k=1.0, num_iter=200, seed=seed)
    x, y = (np.array([start[index][axis] for index in part.node_indices()], dtype=np.float32) for axis in (0, 1))
    x, y = majorized(x, y, rx.distance_matrix(part).astype(np.float32), rounds=200)
    return {name: (float(a), float(b)) for name, a, b in zip(part.nodes(), x - x.mean(), y - y.mean(), strict=True)}


def majorized(x: Row, y: Row, wanted: NDArray[np.float32], *, rounds: int) -> tuple[Row, Row]:
    """Return points moved by damped steps of stress majorization with weights ``1 / wanted ** 2``.

    Gansner, Koren and North 2004, doi:10.1007/978-3-540-31843-9_25. Sums run along the first axis, which numpy adds row by row: the same
    bits each time.

    Args:
        x: Where the points begin.
        y: Where the points begin.
        wanted: How far apart each two of them shall be; the diagonal does not matter.
        rounds: Steps.
    """
    wanted = wanted.copy()
    np.fill_diagonal(wanted, np.inf)
    weight, force = 1 / (wanted * wanted), 1 / wanted
    total = weight.sum(axis=0)
    dx, dy, far, square = (np.empty_like(weight) for _ in range(4))
    for _ in range(rounds):
        # A point moves to where the others want it: the weighted mean of their places, each with the wanted distance added to it.
        np.subtract(x[None, :], x[:, None], out=dx)
        np.subtract(y[None, :], y[:, None], out=dy)
        np.multiply(dx, dx, out=far)
        np.multiply(dy, dy, out=square)
        far += square
        far += 1e-6
        np.sqrt(far, out=far)
        np.divide(force, far, out=far)
        far -= weight
        dx *= far
        dy *= far
        # Whole steps swing to and fro where nodes are alike: seven tenths of one do not.
        x, y = x + 0.7 * dx.sum(axis=0) / total, y + 0.7 * dy.sum(axis=0) / total
    return x, y
