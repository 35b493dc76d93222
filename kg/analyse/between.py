"""Betweenness: exact where that takes seconds, else estimated from some of the names.

Every way counts the same; ways follow the directions of edges where these have one (Brandes 2001, doi:10.1080/0022250X.2001.9990249).
"""

from collections.abc import Mapping
from random import Random
from typing import TypeAlias

import numpy as np
import rustworkx as rx
from numpy.typing import NDArray

from kg.analyse.grouping import DIGITS

EXACT = 1_000_000_000
"""Up to so many nodes times edges betweenness is exact unless a sample is asked for: some 15 seconds on two cores."""
SAMPLE = 500
"""From so many names the ways are followed beyond that."""
ALONE = 500
"""Smaller graphs are done in one thread before others have begun."""
COARSE = 8
"""To so many digits larger ones are rounded, of which one is the share of one way among those of 10,000 names."""

Fast: TypeAlias = "rx.PyDiGraph[str, int] | rx.PyGraph[str, int]"
_Numbers: TypeAlias = NDArray[np.intp]
_Shares: TypeAlias = NDArray[np.float64]


def sources(linked: int, edges: int, sample: int | None) -> int:
    """Return from how many names to follow the ways, 0 for all: ``sample`` where it is given, else so many as ``EXACT`` allows."""
    wanted = sample if sample is not None else SAMPLE if linked * edges > EXACT else 0
    return wanted if wanted < linked else 0


def exact(graph: Fast) -> list[float]:
    """Return the betweenness of each node, normalised, rounded.

    With several threads the shares of the sources are added up in another order each time. Sums of n numbers that are not negative
    differ by n times the precision at most, whatever their order (Higham 2002, Accuracy and Stability of Numerical Algorithms,
    section 4.2). Where that could change a rounded digit, one thread does it again: so the answer is always that of one thread.
    """
    digits = DIGITS if len(graph) < ALONE else COARSE
    found = _summed(graph, parallel=len(graph) >= ALONE)
    if len(graph) >= ALONE and not certain(found, len(graph), digits):
        found = _summed(graph, parallel=False)
    return [round(value, digits) for value in found]


def _summed(graph: Fast, *, parallel: bool) -> list[float]:
    threshold = 0 if parallel else len(graph) + 1
    if isinstance(graph, rx.PyDiGraph):
        found: Mapping[int, float] = rx.digraph_betweenness_centrality(graph, normalized=True, parallel_threshold=threshold)
    else:
        found = rx.graph_betweenness_centrality(graph, normalized=True, parallel_threshold=threshold)
    return [found[node] for node in range(len(graph))]


def certain(values: list[float], terms: int, digits: int) -> bool:
    """Tell whether sums of so many terms, added up in any order, are all rounded to the same digits."""
    scaled = np.array(values) * 10.0**digits
    doubt = scaled * ((terms + 8) * np.finfo(np.float64).eps)
    return bool((np.abs(scaled - np.floor(scaled) - 0.5) > doubt).all())


def estimated(edges: list[tuple[int, int]], nodes: int, count: int, *, seed: int = 0) -> list[float]:
    """Return the betweenness of each node, normalised, rounded, estimated from the ways out of some nodes (Brandes and Pich 2007).

    Args:
        edges: Tail and head by number; an edge without direction comes in both.
        nodes: How many there are.
        count: From how many of those with an edge out the ways are followed: drawn by the seed, and all where there are not more.
        seed: Another seed draws others.
    """
    ordered = np.array(sorted(edges), dtype=np.intp).reshape(-1, 2)
    heads = ordered[:, 1]
    first = np.searchsorted(ordered[:, 0], np.arange(nodes + 1))
    starts = np.unique(ordered[:, 0]).tolist()
    drawn = sorted(Random(seed).sample(starts, min(count, len(starts))))
    total = np.zeros(nodes)
    for start in drawn:
        total += _shares(start, first, heads)
    pairs = max((nodes - 1) * (nodes - 2), 1)
    scale = len(starts) / max(len(drawn), 1) / pairs
    return [round(float(value), DIGITS) for value in total * scale]


def _shares(start: int, first: _Numbers, heads: _Numbers) -> _Shares:
    """Return which share of the shortest ways out of a node leads through each other node, ends left out.

    Args:
        start: The node.
        first: Where the edges out of each node begin in ``heads``; one more for the end.
        heads: The ends of all edges, by their beginnings.
    """
    nodes = len(first) - 1
    seen = np.zeros(nodes, dtype=bool)
    seen[start] = True
    ways = np.zeros(nodes)
    ways[start] = 1.0
    front = np.array([start], dtype=np.intp)
    steps = []
    while front.size:
        out = first[front + 1] - first[front]
        tails = np.repeat(front, out)
        ends = heads[np.arange(len(tails)) + np.repeat(first[front] - np.cumsum(out) + out, out)]
        tails, ends = tails[~seen[ends]], ends[~seen[ends]]
        ways += np.bincount(ends, weights=ways[tails], minlength=nodes)
        front = np.unique(ends)
        seen[front] = True
        steps.append((tails, ends))
    shares = np.zeros(nodes)
    for tails, ends in reversed(steps):
        shares += np.bincount(tails, weights=ways[tails] / ways[ends] * (1.0 + shares[ends]), minlength=nodes)
    shares[start] = 0.0
    return shares
