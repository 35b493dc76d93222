"""The outline of land and borders that the map of places is drawn on: fine where the places are, coarse far from them.

The data are outline.tsv beside this file: where they come from, and what they say of disputed borders, stands at its top and in
docs/decisions/008-page.md. One outline serves every view of the map: the further a line is from the nearest place, the wider a view
has to be to show both, and the less of the line can be seen.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice
from math import cos, radians
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

FILE = Path(__file__).with_name("outline.tsv")

KINDS = {"land": "land", "border": "borders", "disputed": "disputed"}
"""The kinds of line in the file, and what the page calls each."""

REACH = 600
"""Hundredths of a degree from a place within which a line is as fine as the file: 6 degrees; each coarser grade reaches twice as far."""

MOST = 24_000
"""Vertices that a page holds; where places are all over the world, every reach is halved until no more are left."""

SOUTH = -6000
"""Land that lies wholly south of 60 degrees is left out of a map without a place in the far south: it would only push the rest north."""

GRADES = "abcdef"
"""Finest first; a vertex of no grade always stays."""

VERTEX = re.compile(r"(-?\d+),(-?\d+)([a-z])")

Outline = dict[str, list[list[int]]]
Ints = NDArray[np.int64]


NARROWING = np.array([[round(100 * cos(radians(latitude)))] for latitude in range(-90, 91)], dtype=np.int64)
"""How long a degree of longitude is at each degree of latitude from -90, in hundredths of one at the equator."""


class _Line(NamedTuple):
    kind: str
    points: Ints  # rows of east, north in hundredths of a degree
    grades: Ints  # the position in GRADES; -1 stays
    cells: Ints  # in which cell of one degree each point lies, numbered from the south west, row by row


def outline(points: Iterable[tuple[float, float]]) -> Outline:
    """Return the outline for a map of these places, given as latitude and longitude in degrees; nothing where there are none.

    ``land`` holds closed rings (filled by the even-odd rule: a ring within a ring is water), ``borders`` and ``disputed`` open lines.
    A line is ``[east, north, step east, step north, ...]`` in hundredths of a degree, in the order of the file; one over the 180th
    meridian runs on beyond it. The order of the points and how often one comes do not matter. A place moves by at most half a degree
    for this, so that thousands in one town count once.
    """
    places = sorted({(round(longitude), round(latitude)) for latitude, longitude in points})
    if not places:
        return {}
    southern = any(100 * latitude < SOUTH + 1000 for _, latitude in places)
    lines = [line for line in _lines() if southern or int(line.points[:, 1].max()) >= SOUTH]
    distances = _distances(places)
    far = [distances[line.cells] for line in lines]
    reach = REACH
    while reach > 1 and sum(int(_stay(line, away, reach).sum()) for line, away in zip(lines, far, strict=True)) > MOST:
        reach = reach * 3 // 4
    drawn: Outline = {name: [] for name in KINDS.values()}
    for line, away in zip(lines, far, strict=True):
        kept = line.points[_stay(line, away, reach)]
        if len(np.unique(kept, axis=0)) > (2 if line.kind == "land" else 1):
            drawn[KINDS[line.kind]].append(np.concatenate((kept[:1], np.diff(kept, axis=0))).ravel().tolist())
    return drawn


def _stay(line: _Line, away: Ints, reach: int) -> NDArray[np.bool_]:
    """Return which vertices stay: those whose grade reaches as far as the nearest place is, and those where lines meet."""
    return (line.grades < 0) | (away <= (reach << np.maximum(line.grades, 0)))


def _distances(places: Iterable[tuple[int, int]]) -> Ints:
    """Return how far each cell of one degree is from the nearest place, in hundredths: the longer of north to south and west to east.

    All in whole numbers, so that no machine rounds otherwise than another.
    """
    east, north = np.meshgrid(np.arange(-180, 181), np.arange(-90, 91))
    nearest = np.full(east.shape, 36_000, dtype=np.int64)
    for longitude, latitude in places:
        around = np.abs(east - longitude)
        across = np.minimum(around, 360 - around) * NARROWING
        np.minimum(nearest, np.maximum(across, 100 * np.abs(north - latitude)), out=nearest)
    return nearest.ravel()


@cache
def _lines() -> tuple[_Line, ...]:
    """Return the lines of the file in its order."""
    return tuple(_read())


def _read() -> Iterator[_Line]:
    rows = (row for row in FILE.read_text("utf-8").splitlines() if not row.startswith("#"))
    for row in islice(rows, 1, None):
        kind, _, code = row.partition("\t")
        vertices = VERTEX.findall(code)
        points = np.array([(int(east), int(north)) for east, north, _ in vertices], dtype=np.int64).cumsum(axis=0)
        east, north = ((points + 50) // 100 + (180, 90)).T
        grades = np.array([GRADES.find(grade) for *_, grade in vertices], dtype=np.int64)
        yield _Line(kind, points, grades, north * 361 + east % 360)
