"""Where each node of the picture stands.

``analyse.spread`` draws every connected component; here they get room for their nodes and are packed side by side, so that
the browser has nothing to compute and two builds show the same picture.
"""

from collections.abc import Collection, Mapping
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from kg import analyse

EDGE = 64.0
"""Wanted length of an edge, in pixels at zoom 1."""

BETWEEN = 90.0
"""Room between two components."""

Place: TypeAlias = tuple[int, int]
Points: TypeAlias = NDArray[np.float64]


def arrange(radii: Mapping[str, float], edges: Collection[tuple[str, str]], *, seed: int = 0) -> dict[str, Place]:
    """Return whole coordinates for every node of an undirected graph, the middle of the picture near (0, 0).

    Args:
        radii: Node → the room it wants around its middle, in pixels at zoom 1; nearer ones are pushed apart.
        edges: Pairs of nodes.
        seed: Another seed gives another picture, the same seed always the same.
    """
    parts = []
    for drawn in analyse.spread(radii, edges, seed=seed):
        names = sorted(drawn)
        points = np.array([drawn[name] for name in names]) * EDGE
        parts.append((names, _apart(points, np.array([radii[name] for name in names]))))
    shifts = _packed([points for _, points in parts])
    return {
        name: (round(float(x)), round(float(y)))
        for (names, points), shift in zip(parts, shifts, strict=True)
        for name, (x, y) in zip(names, points + shift, strict=True)
    }


def _apart(points: Points, radii: Points) -> Points:
    """Push nodes apart until none stands in the room of another, in at most 300 rounds."""
    room = radii[:, None] + radii[None, :]
    np.fill_diagonal(room, 0.0)
    for _ in range(300):
        away = points[None, :, :] - points[:, None, :]
        far = np.sqrt(away[..., 0] * away[..., 0] + away[..., 1] * away[..., 1])
        lacking = np.maximum(room - far, 0.0)
        if not lacking.any():
            break
        step = lacking / np.maximum(far, 1e-3) * 0.25
        points = points + (step[..., None] * away).sum(axis=0)
    return points


def _packed(parts: list[Points]) -> list[Points]:
    """Return the shift of each part: rows from left to right, the first part on top, every row centred on 0."""
    boxes = [(part.min(axis=0) - BETWEEN / 2, part.max(axis=0) + BETWEEN / 2) for part in parts]
    width = max([high[0] - low[0] for low, high in boxes], default=0.0)
    width = max(width, float(np.sqrt(sum((high - low).prod() for low, high in boxes))))
    rows: list[list[int]] = [[]]
    filled = 0.0
    for number, (low, high) in enumerate(boxes):
        if rows[-1] and filled + high[0] - low[0] > width:
            rows.append([])
            filled = 0.0
        rows[-1].append(number)
        filled += high[0] - low[0]
    shifts = [np.zeros(2)] * len(parts)
    top = 0.0
    for row in filter(None, rows):
        left = -sum(boxes[number][1][0] - boxes[number][0][0] for number in row) / 2
        tall = max(boxes[number][1][1] - boxes[number][0][1] for number in row)
        for number in row:
            low, high = boxes[number]
            shifts[number] = np.array([left - low[0], top + (tall - (high[1] - low[1])) / 2 - low[1]])
            left += high[0] - low[0]
        top += tall
    return [shift - np.array([0.0, top / 2]) for shift in shifts]
