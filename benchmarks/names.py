"""How well and how fast names are compared, ours beside other scorers, and what it takes to find the close ones among 70,000.

    python -m benchmarks.names [PAIRS.tsv] [--names 70000] [--rounds 5]

PAIRS.tsv has the columns name_a, name_b, same (1 or 0) and source. Every measurement has a process of its own, so that nothing has been
compared before and memory is its own. A sketch_scorer.py beside the file is measured, too.
"""

import csv
import gc
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from random import Random
from resource import RUSAGE_SELF, getrusage
from time import process_time
from typing import NamedTuple, TypeVar

import click

from kg.query import drawn
from kg.resolve.blocking import close, pairs
from kg.resolve.names import similarity

PAIRS = Path(__file__).parents[2] / "shared" / "names" / "pairs-dev.tsv"
SCORERS = {"newskg": "kg.resolve.names:similarity", "rapidfuzz WRatio": "rapidfuzz.fuzz:WRatio"}
SKETCH = "sketch_scorer"
WHOLE, PARTS = "everypolitician", "wikidata-tokens"
"""The sources of full names and of given and family names."""
AT_LEAST = 0.80
SAFE = 0.95
SEED = 5

Result = TypeVar("Result")


class Labelled(NamedTuple):
    """Two names, whether they are one, and where that is from."""

    a: str
    b: str
    same: bool
    source: str


def labelled(path: Path) -> list[Labelled]:
    """Return the pairs of a file."""
    with path.open(encoding="utf-8", newline="") as file:
        return [Labelled(row["name_a"], row["name_b"], row["same"] == "1", row["source"]) for row in csv.DictReader(file, delimiter="\t")]


def quality(path: Path, scorer: str) -> tuple[float, float, float]:
    """Return the pairs a second of a scorer, its best F1, and its best recall at a precision of .95 or more."""
    sys.path.append(str(path.parent))
    module, function = scorer.split(":")
    score: Callable[[str, str], float] = getattr(import_module(module), function)
    rows = labelled(path)
    score("warm", "up")
    gc.freeze()  # so that collecting garbage costs what the scorer leaves, not what happens to be imported here
    start = process_time()
    scores = [score(row.a, row.b) for row in rows]
    seconds = process_time() - start
    return len(rows) / seconds, *_best(sorted(zip(scores, (row.same for row in rows), strict=True), reverse=True))


def _best(scored: Sequence[tuple[float, bool]]) -> tuple[float, float]:
    total = sum(same for _, same in scored)
    hits, f1, safe = 0, 0.0, 0.0
    for count, (value, same) in enumerate(scored, 1):
        hits += same
        if count == len(scored) or scored[count][0] < value:
            f1 = max(f1, 2 * hits / (count + total))
            safe = max(safe, hits / total if hits >= SAFE * count else 0.0)
    return f1, safe


def many(rows: Sequence[Labelled], size: int) -> tuple[list[str], set[tuple[int, int]]]:
    """Return distinct full names, and the places of those that are known to be one in two spellings.

    The known ones are real; the rest are given and family names put together at random, as frequent as they are in the file.
    """
    full = [name for row in rows if row.source == WHOLE for name in (row.a, row.b) if len(name.split()) > 1]
    single = [name for row in rows if row.source == PARTS for name in (row.a, row.b) if len(name.split()) == 1]
    given, family = [name.split()[0] for name in full] + single, [name.split()[-1] for name in full] + single
    spellings = {(row.a, row.b) for row in rows if row.source == WHOLE and row.same and row.a != row.b}
    known = {(a, b) for a, b in spellings if len(a.split()) > 1 and len(b.split()) > 1}
    random = Random(SEED)
    found = {name for pair in known for name in pair}
    while len(found) < size:
        found.add(f"{random.choice(given)} {random.choice(family)}")
    names = sorted(found)
    place = {name: number for number, name in enumerate(names)}
    return names, {(min(place[a], place[b]), max(place[a], place[b])) for a, b in known}


def search(path: Path, size: int, *, scored: bool) -> tuple[str, ...]:
    """Look for the close ones among many names; return a row of the table: what, pairs, seconds, MB, recall, recall of those alike.

    Args:
        path: The file of pairs.
        size: How many names.
        scored: Whether to keep only what is alike, or all that is worth comparing.
    """
    names, known = many(labelled(path), size)
    alike = {(i, j) for i, j in known if similarity(names[i], names[j]) >= AT_LEAST}
    start = process_time()
    count, hits = 0, set()
    for pair in ((i, j) for i, j, _ in close(names, at_least=AT_LEAST)) if scored else pairs(names):
        count += 1
        if pair in known:
            hits.add(pair)
    seconds, memory = process_time() - start, getrusage(RUSAGE_SELF).ru_maxrss / 1024
    recalls = (len(hits) / len(known), len(hits & alike) / len(alike))
    what = f"alike, {AT_LEAST:.2f} and up" if scored else "worth comparing"
    return what, f"{count:,}", f"{seconds:.1f}", f"{memory:.0f}", *(f"{recall:.3f}" for recall in recalls)


def alone(work: Callable[..., Result], *args: object, **named: object) -> Result:
    """Return what a function returns in a process of its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(work, *args, **named).result()


@click.command(help=__doc__)
@click.argument("path", default=PAIRS, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--names", default=70_000, show_default=True, type=click.IntRange(2000), help="How many names to search.")
@click.option("--rounds", default=5, show_default=True, type=click.IntRange(1), help="How often to time a scorer; the best counts.")
def main(path: Path, names: int, rounds: int) -> None:
    """Print a table of scorers, and one of the search."""
    scorers = SCORERS | ({SKETCH: f"{SKETCH}:score"} if path.with_name(f"{SKETCH}.py").exists() else {})
    rows = []
    for name, scorer in scorers.items():
        rate, f1, safe = max(alone(quality, path, scorer) for _ in range(rounds))
        rows.append((name, f"{rate:,.0f}", f"{f1:.3f}", f"{safe:.3f}"))
    click.echo(f"{path.name}, {len(labelled(path)):,} pairs\n")
    click.echo(drawn(("scorer", "pairs a second", "best F1", f"recall at precision {SAFE}"), rows))
    searched = [alone(search, path, names, scored=scored) for scored in (False, True)]
    click.echo(f"{names:,} names\n")
    click.echo(drawn(("pairs that are", "number", "seconds", "MB", "recall of known pairs", f"… of those alike {AT_LEAST:.2f}"), searched))


if __name__ == "__main__":
    main()
