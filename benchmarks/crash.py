"""What a build leaves behind that is killed at any moment.

    python -m benchmarks.crash [--articles 300] [--kills 200] [--seed 0]

Invented articles are built once undisturbed. Then the same build is started again and again as a process of its own, and its whole
process group is ended by SIGKILL: while it loads, while it reads (the next one goes on where it was), and while it resolves and writes.
After each kill the graph that is published must open, or none was published yet; every article in it must be whole, which is to say proved
against its text and as rich as in the undisturbed build; and no article that was told to be read may have to be read again. When a build
comes to its end its files must be the undisturbed build's, byte by byte; then the folder is deleted and a new round begins. Exit code 1
where anything of this does not hold.
"""

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from shutil import rmtree
from tempfile import TemporaryDirectory
from threading import Thread
from time import perf_counter, sleep

import click

from benchmarks.articles import articles
from kg.archive import Archive
from kg.errors import StoreError
from kg.pipeline import build
from kg.query import drawn
from kg.store import Format, Store, kept_texts
from kg.validate import Severity, prove_store
from kg.vocab import PREFIXES, Literal

FILES = ("graph.ttl", "graph.html", "report.json")
"""What is compared byte by byte beside the graph as N-Quads."""
COUNTS = """
    SELECT ?id ?kind (COUNT(?node) AS ?count) WHERE {
        GRAPH ?graph { ?article a schema:NewsArticle ; schema:identifier ?id . ?node a ?kind }
        FILTER (?kind IN (kg:Statement, kg:Mention, kg:Figure))
    } GROUP BY ?id ?kind"""
PHASES = ("loading", "reading", "writing")
ROUND = 20
"""Kills of one round: half of them spread over the reading, one in ten while it loads, the others while it writes."""

Rich = dict[tuple[str, str], int]
"""(Article, kind) → how many of them its graph holds."""


def build_and_tell(source: str, output: str) -> None:
    """Build in a process of its own, and say a line for each article that is read."""
    build([source], output=Path(output), progress=lambda done, of: print(done, of, flush=True))


class Child:
    """A build in a process group of its own, and what it has said so far."""

    def __init__(self, source: Path, output: Path) -> None:
        code = f"from benchmarks.crash import build_and_tell; build_and_tell({str(source)!r}, {str(output)!r})"
        self._process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, start_new_session=True)
        self.read = 0
        self._listener = Thread(target=self._listen)
        self._listener.start()

    def _listen(self) -> None:
        if self._process.stdout is not None:
            for line in self._process.stdout:
                self.read = int(line.split()[0])

    def wait_until(self, articles: int, *, at_most: float) -> None:
        """Wait until so many articles are read, it has ended, or some seconds are over."""
        end = perf_counter() + at_most
        while self.read < articles and self._process.poll() is None and perf_counter() < end:
            sleep(0.002)

    def rest(self, seconds: float) -> None:
        """Let it work for some seconds, fewer if it ends."""
        end = perf_counter() + seconds
        while self._process.poll() is None and (left := end - perf_counter()) > 0:
            sleep(min(0.002, left))

    def kill(self) -> bool:
        """End it and all that it started; tell whether it was still at work, and how it ended where it was not.

        Raises:
            RuntimeError: It ended by itself and with an error.
        """
        alive = self._process.poll() is None
        if alive:
            os.killpg(self._process.pid, signal.SIGKILL)
        self.end()
        if not alive and self._process.returncode:
            raise RuntimeError(f"a build ended with exit code {self._process.returncode}")
        return alive

    def end(self) -> None:
        """Wait until it has ended and all that it said is heard."""
        self._process.wait()
        self._listener.join()
        if self._process.stdout is not None:
            self._process.stdout.close()


@dataclass(slots=True)
class Undisturbed:
    """The build that nothing disturbs: what it made, and how long its parts took.

    ``again`` is how long a build takes that has nothing left to read: first a guess, then as long as the last one that was not killed.
    """

    source: Path
    articles: int
    output: Path
    rich: Rich = field(default_factory=dict)
    loading: float = 0.0
    reading: float = 0.0
    writing: float = 0.0
    again: float = 0.0

    def run(self) -> None:
        """Build, and measure."""
        start = perf_counter()
        child = Child(self.source, self.output)
        child.wait_until(1, at_most=600)
        first = perf_counter()
        child.wait_until(self.articles, at_most=36_000)
        last = perf_counter()
        child.end()
        self.loading, self.reading, self.writing = first - start, last - first, perf_counter() - last
        self.again = self.loading + self.writing
        self.rich = richness(self.output)


def richness(output: Path) -> Rich:
    """Return how many statements, mentions and figures the graph of each article holds."""
    with Store(output) as store:
        table = store.query(COUNTS, prefixes=PREFIXES)
    rows = getattr(table, "rows", ())
    return {(id_.text, str(kind)): int(count.text) for id_, kind, count in rows if isinstance(id_, Literal)}


@dataclass(slots=True)
class Tally:
    """What was seen, and what does not hold."""

    kills: Counter[str] = field(default_factory=Counter)
    opened: int = 0
    absent: int = 0
    whole: int = 0
    rounds: int = 0
    problems: list[str] = field(default_factory=list)
    proved: set[tuple[int, str]] = field(default_factory=set)


def examine(output: Path, undisturbed: Undisturbed, tally: Tally, *, acknowledged: int) -> None:
    """Look at what a killed build left."""
    with Archive(output) as archive:
        kept = len(archive.recipes())
    if kept < acknowledged:
        tally.problems.append(f"{acknowledged} articles were told to be read, {kept} are kept")
    if not (output / "store").exists():
        tally.absent += 1
        return
    try:
        rich = richness(output)
    except StoreError as error:
        tally.problems.append(f"the graph does not open: {error.problem}")
        return
    tally.opened += 1
    partial = {id_ for (id_, kind), count in rich.items() if undisturbed.rich.get((id_, kind)) != count}
    held = {id_ for id_, _ in rich}
    partial |= {id_ for id_, kind in undisturbed.rich if id_ in held and (id_, kind) not in rich}
    tally.problems += [f"the graph of {id_} is not whole" for id_ in sorted(partial)]
    tally.whole += len(held - partial)
    generation = (tally.rounds, str((output / "store").resolve()))
    if generation not in tally.proved:  # what is published is never written again
        tally.proved.add(generation)
        with Store(output) as store:
            proof = prove_store(store, kept_texts(output))
        tally.problems += [f"{v.node} {v.rule}: {v.message}" for v in proof.violations if v.severity is Severity.VIOLATION]


def compare(output: Path, undisturbed: Undisturbed, tally: Tally) -> None:
    """Compare what a build made that was killed on its way with what the undisturbed one made."""
    for folder in (output, undisturbed.output):
        with Store(folder) as store:
            store.write(Format.NQUADS, folder / "whole.nq")
    names = ["whole.nq", *(name for name in FILES if (undisturbed.output / name).exists())]
    for name in names:
        if (output / name).read_bytes() != (undisturbed.output / name).read_bytes():
            tally.problems.append(f"{name} is not the undisturbed one")
    tally.rounds += 1


def rounds(undisturbed: Undisturbed, output: Path, kills: int, random: Random) -> Tally:
    """Kill builds, and let each round come to its end."""
    tally = Tally()
    while sum(tally.kills.values()) < kills:
        rmtree(output, ignore_errors=True)
        _round(undisturbed, output, min(ROUND, kills - sum(tally.kills.values())), random, tally)
    return tally


def _round(undisturbed: Undisturbed, output: Path, kills: int, random: Random, tally: Tally) -> None:
    """Start a build again and again until it was killed so often, then let it end; stop earlier when one ends before it is killed."""
    held, done = 0, 0
    step = max(1, 2 * undisturbed.articles // max(1, kills // 2))
    while done < kills:
        reading = held < undisturbed.articles
        phase = "loading" if random.random() < 0.1 else "reading" if reading else "writing"
        start, child = perf_counter(), Child(undisturbed.source, output)
        if phase == "loading":
            child.rest(random.uniform(0, undisturbed.loading))
        elif phase == "reading":
            child.wait_until(random.randint(1, step), at_most=600)
            child.rest(random.uniform(0, 2 * undisturbed.reading / undisturbed.articles))
        else:
            child.rest(random.uniform(0, undisturbed.again))
        alive = child.kill()
        if not alive and phase == "writing":
            undisturbed.again = perf_counter() - start
        if alive:
            tally.kills[phase] += 1
            done += 1
        examine(output, undisturbed, tally, acknowledged=held + child.read)
        held = _kept(output)
        if not alive:
            compare(output, undisturbed, tally)
            return
    last = Child(undisturbed.source, output)
    last.end()
    compare(output, undisturbed, tally)


def _kept(output: Path) -> int:
    with Archive(output) as archive:
        return len(archive.recipes())


def write_articles(count: int, path: Path) -> None:
    """Write invented articles as JSON Lines."""
    rows = ({"id": d.id, "title": d.title, "date": d.date, "text": d.text} for d in articles(count))
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")


def told(undisturbed: Undisturbed, tally: Tally, seconds: float) -> Iterator[tuple[str, str]]:
    """Yield the rows of the table."""
    yield "articles", f"{undisturbed.articles:,}"
    times = (undisturbed.loading, undisturbed.reading, undisturbed.writing)
    yield "undisturbed: loading, reading, writing", ", ".join(f"{time:.1f} s" for time in times)
    yield "killed while " + ", ".join(PHASES), ", ".join(str(tally.kills[phase]) for phase in PHASES)
    yield "the store opened / none was published yet", f"{tally.opened} / {tally.absent}"
    yield "article graphs found whole", f"{tally.whole:,}"
    yield "published graphs proved", f"{len(tally.proved)}"
    yield "builds that came to their end, the same byte by byte", f"{tally.rounds}"
    yield "what does not hold", f"{len(tally.problems)}"
    yield "seconds", f"{seconds:.0f}"


def problems(found: Iterable[str]) -> Iterator[str]:
    """Yield each problem once, with how often it was seen."""
    for problem, times in sorted(Counter(found).items()):
        yield f"{times} x {problem}"


@click.command(help=__doc__)
@click.option("--articles", "count", default=300, show_default=True, type=click.IntRange(2), help="How many to build.")
@click.option("--kills", default=200, show_default=True, type=click.IntRange(1), help="How many builds to kill.")
@click.option("--seed", default=0, show_default=True, help="Of the moments.")
def main(count: int, kills: int, seed: int) -> None:
    """Print the table; exit with 1 where something does not hold."""
    start = perf_counter()
    with TemporaryDirectory() as folder:
        source = Path(folder) / "articles.jsonl"
        write_articles(count, source)
        undisturbed = Undisturbed(source, count, Path(folder) / "undisturbed")
        undisturbed.run()
        tally = rounds(undisturbed, Path(folder) / "killed", kills, Random(seed))
    click.echo(drawn(("", ""), list(told(undisturbed, tally, perf_counter() - start))))
    for line in list(problems(tally.problems))[:20]:
        click.echo(line)
    if tally.problems:
        sys.exit(1)


if __name__ == "__main__":
    main()
