"""What happened, counted, in the text format of Prometheus (exposition format 0.0.4)."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

MEDIA = "text/plain; version=0.0.4; charset=utf-8"
BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
"""Upper bounds of the histogram of seconds."""


class Metrics:
    """Counts since the server started; one task loop writes and reads them."""

    def __init__(self) -> None:
        self._requests: Counter[str] = Counter()
        self._queries: Counter[str] = Counter()
        self._killed: Counter[str] = Counter()
        self._buckets = [0] * (len(BOUNDS) + 1)
        self._seconds = 0.0

    def request(self, status: int) -> None:
        """Count an answered request."""
        self._requests[str(status)] += 1

    def query(self, outcome: str, seconds: float) -> None:
        """Count a task that a client asked for: how it ended and what it took, waiting included."""
        self._queries[outcome] += 1
        self._buckets[bisect_left(BOUNDS, seconds)] += 1
        self._seconds += seconds

    def killed(self, reason: str) -> None:
        """Count a worker that ended before its task did."""
        self._killed[reason] += 1

    def text(self, gauges: Mapping[str, tuple[str, float]]) -> str:
        """Return everything in Prometheus' format.

        Args:
            gauges: Name → its meaning and its value now.
        """
        lines = [
            *_counter("kg_requests_total", "Requests answered, by HTTP status.", "status", self._requests),
            *_counter("kg_queries_total", "Queries and pages of the graph, by how they ended.", "outcome", self._queries),
            *_counter("kg_workers_killed_total", "Workers that ended before their task did, by reason.", "reason", self._killed),
            *self._histogram(),
        ]
        for name, (meaning, value) in gauges.items():
            lines += [f"# HELP {name} {meaning}", f"# TYPE {name} gauge", f"{name} {value:g}"]
        return "".join(f"{line}\n" for line in lines)

    def _histogram(self) -> Iterator[str]:
        name, total = "kg_query_seconds", 0
        yield f"# HELP {name} Seconds from request to answer, waiting included."
        yield f"# TYPE {name} histogram"
        for bound, count in zip((*map(str, BOUNDS), "+Inf"), self._buckets, strict=True):
            total += count
            yield f'{name}_bucket{{le="{bound}"}} {total}'
        yield f"{name}_sum {self._seconds:.6f}"
        yield f"{name}_count {total}"


def _counter(name: str, meaning: str, label: str, counts: Mapping[str, int]) -> Iterable[str]:
    yield f"# HELP {name} {meaning}"
    yield f"# TYPE {name} counter"
    for value, count in sorted(counts.items()):
        yield f'{name}{{{label}="{value}"}} {count}'
