"""Where each node of the picture stands, so that the browser has nothing to compute and two builds show the same picture.

Each connected component is drawn by itself, gets room for its nodes and their labels, and is packed beside the others.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TypeAlias

import numpy as np
import rustworkx as rx
from numpy.typing import NDArray

from kg.analyse import majorized

EDGE = 60.0
"""Wanted length of an edge between two small nodes, in pixels at zoom 1."""

SHAPE = (5, 4)
"""Wanted width and height of the whole picture."""

STRETCH = 1.4
"""By how much a component may be stretched towards that shape."""

CELL = 20.0
"""Side of the squares by which components are packed, in pixels."""

WORK = 50_000_000
"""Pairs of nodes that the steps of drawing one component may look at: so many as take about a second."""

ROUNDS, LOOK = 400, 8
"""How often nodes are pushed apart, and after how many times it is looked again for those who may meet."""

Place: TypeAlias = tuple[int, int]
Room: TypeAlias = tuple[float, float]
Points: TypeAlias = NDArray[np.float64]
Cells: TypeAlias = NDArray[np.intp]


def arrange(rooms: Mapping[str, Room], edges: Collection[tuple[str, str]], *, seed: int = 0) -> dict[str, Place]:
    """Return whole coordinates for every node of an undirected graph, the middle of the picture near (0, 0).

    Args:
        rooms: Node → half of the width and half of the height that it wants around its middle, in pixels at zoom 1.
        edges: Pairs of nodes.
        seed: Another seed gives another picture, the same seed always the same.
    """
    graph: rx.PyGraph[str, None] = rx.PyGraph(multigraph=False)
    number = {node: graph.add_node(node) for node in sorted(rooms)}
    graph.add_edges_from([(number[a], number[b], None) for a, b in sorted(edges) if a != b])
    parts = [graph.subgraph(sorted(part)) for part in sorted(rx.connected_components(graph), key=lambda part: (-len(part), min(part)))]
    drawn = [_drawn(part, np.array([rooms[name] for name in part.nodes()]), seed) for part in parts]
    shifts = _packed([cells for _, cells in drawn])
    names = [name for part in parts for name in part.nodes()]
    points = np.concatenate([np.zeros((0, 2)), *(points + shift for (points, _), shift in zip(drawn, shifts, strict=True))])
    if names:
        points -= (points.min(axis=0) + points.max(axis=0)) / 2
    return {name: (round(float(x)), round(float(y))) for name, (x, y) in zip(names, points, strict=True)}


def _drawn(part: "rx.PyGraph[str, None]", room: Points, seed: int) -> tuple[Points, Cells]:
    """Return where the nodes of a component stand, and which squares it covers."""
    points = _apart(_level(_spread(part, room, seed)), room)
    return points, _covered(points, room, part.edge_list())


def _spread(part: "rx.PyGraph[str, None]", room: Points, seed: int) -> Points:
    """Place one component so that distances on the plane are near those in the graph, longer where nodes are large.

    Forces (Fruchterman and Reingold 1991, doi:10.1002/spe.4380211102) give the start, ``kg.analyse.majorized`` the picture.
    """
    size = len(part)
    if size == 1:
        return np.zeros((1, 2))
    start = rx.spring_layout(part, k=1.0, num_iter=40, seed=seed)
    x, y = (np.array([start[index][axis] for index in part.node_indices()], dtype=np.float32) * EDGE for axis in (0, 1))
    large = room.min(axis=1)
    wanted = (rx.distance_matrix(part) * EDGE + 0.5 * (large[:, None] + large[None, :])).astype(np.float32)
    x, y = majorized(x, y, wanted, rounds=min(200, WORK // (size * size)))
    points: Points = np.column_stack([x - x.mean(), y - y.mean()]).astype(np.float64)
    return points


def _level(points: Points) -> Points:
    """Turn the points until they reach farther from left to right than from top to bottom, and stretch what is then too flat a little."""
    x, y = points[:, 0], points[:, 1]
    angle = 0.5 * np.arctan2(2 * (x * y).sum(), (x * x - y * y).sum())
    level: Points = np.column_stack([x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)])
    wide, tall = np.ptp(level, axis=0)
    if tall > EDGE:
        level[:, 1] *= np.clip(wide / tall * SHAPE[1] / SHAPE[0], 1.0, STRETCH)
    return level


def _apart(points: Points, room: Points) -> Points:
    """Push nodes apart along the line between them until none stands in the room of another, in at most ``ROUNDS`` rounds.

    Each push is a part of the smallest one by which two rectangles leave each other (Gansner and Hu 2010, doi:10.7155/jgaa.00198), and
    never more than half of the way between them, so that what is close by moves together.
    """
    for number in range(ROUNDS):
        # Nobody comes far in a few rounds, so those who may meet are looked for now and then only.
        if number % LOOK == 0:
            first, second = _near(points, room + CELL)
            least = room[first] + room[second]
            aside = np.where(second > first, 0.1, -0.1)
        away = points[second] - points[first]
        # What stands on one spot parts sideways, in the order of the nodes.
        away[:, 0] += np.where(np.abs(away).sum(axis=1) < 1e-3, aside, 0.0)
        with np.errstate(divide="ignore"):
            factor = (least / np.abs(away)).min(axis=1)
        close = factor > 1.001
        if not close.any():
            if number % LOOK == 0:
                break
            continue
        step = (np.minimum(factor[close], 1.5) - 0.999)[:, None] * away[close] * 0.4
        # An eighth of a pixel at least: half as much again of nearly nothing is nothing.
        step += np.sign(away[close]) * 0.125
        for axis in (0, 1):
            for ends, sign in ((second, 1), (first, -1)):
                points[:, axis] += sign * np.bincount(ends[close], step[:, axis], len(points))
    return points


def _near(points: Points, room: Points) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the pairs of nodes whose rooms meet, by a sweep from left to right."""
    order = np.argsort(points[:, 0], kind="stable")
    x, y = points[order, 0], points[order, 1]
    wide, high = room[order, 0], room[order, 1]
    firsts, seconds = [], []
    for ahead in range(1, len(order)):
        gap = x[ahead:] - x[:-ahead]
        if gap.min() >= 2 * wide.max():
            break
        meet = (gap < wide[ahead:] + wide[:-ahead]) & (np.abs(y[ahead:] - y[:-ahead]) < high[ahead:] + high[:-ahead])
        found = np.flatnonzero(meet)
        firsts.append(order[found])
        seconds.append(order[found + ahead])
    none = np.zeros(0, dtype=np.intp)
    return np.concatenate([none, *firsts]), np.concatenate([none, *seconds])


# ---------------------------------------------------------------- packing


def _covered(points: Points, room: Points, edges: Iterable[tuple[int, int]]) -> Cells:
    """Return the squares, column and row, that a component covers: its nodes with their rooms and half a square more, and its edges."""
    low = np.floor((points - room) / CELL - 0.5).astype(np.intp)
    high = np.floor((points + room) / CELL + 0.5).astype(np.intp)
    covered = {
        (column, row)
        for (left, top), (right, bottom) in zip(low.tolist(), high.tolist(), strict=True)
        for column in range(left, right + 1)
        for row in range(top, bottom + 1)
    }
    for a, b in edges:
        steps = np.linspace(0, 1, int(np.abs(points[b] - points[a]).max() // CELL) + 2)
        covered.update(map(tuple, np.floor((points[a] + (points[b] - points[a]) * steps[:, None]) / CELL).astype(np.intp).tolist()))
    return np.array(sorted(covered), dtype=np.intp)


def _packed(parts: Sequence[Cells]) -> list[Points]:
    """Return how far each component moves: the first stays, each other goes where the whole stays smallest, and near to the middle.

    No two cover the same square (Freivalds, Dogrusoz and Kikusts 2002, doi:10.1007/3-540-45848-4_30).
    """
    shifts: list[Points] = []
    taken = np.zeros((0, 2), dtype=np.intp)
    for cells in parts:
        shift = _free(taken, cells) if shifts else np.zeros(2, dtype=np.intp)
        taken = np.concatenate([taken, cells + shift])
        shifts.append(shift.astype(np.float64) * CELL)
    return shifts


def _free(taken: Cells, cells: Cells) -> Cells:
    """Return the best shift by which the squares of a component lie on no taken one."""
    size = np.ptp(cells, axis=0) + 1
    low, high = taken.min(axis=0) - size, taken.max(axis=0) + 1
    board = np.zeros(high - low + size, dtype=bool)
    board[tuple((taken - low).T)] = True
    free = np.ones(high - low + 1, dtype=bool)
    for column, row in cells - cells.min(axis=0):
        free &= ~board[column : column + free.shape[0], row : row + free.shape[1]]
    columns, rows = (np.arange(length) for length in free.shape)
    wide, tall = (
        np.maximum(at + own, length - own) - np.minimum(at, own)
        for at, own, length in ((columns, size[0], board.shape[0]), (rows, size[1], board.shape[1]))
    )
    extent = np.maximum((wide / SHAPE[0])[:, None], (tall / SHAPE[1])[None, :])
    middle = (np.array(board.shape) - size) / 2
    off = ((columns - middle[0]) ** 2)[:, None] + ((rows - middle[1]) ** 2)[None, :]
    best = np.argmin(np.where(free, extent * 1e6 + off, np.inf))
    found: Cells = np.array(np.unravel_index(best, free.shape), dtype=np.intp) + low - cells.min(axis=0)
    return found
