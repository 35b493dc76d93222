"""What a build costs beside the bare language model, from 100 articles to 4,000, with one process, with two, and by Ray.

    python -m benchmarks.build [--articles 100 --articles 1000] [--workers 1 --workers 2] [--engine local] [--rounds 3] [CORPUS.jsonl...]

Texts are those of the annotated corpora named, or of ../shared/corpora where that is, and invented ones (benchmarks/articles.py) until
there are enough; they are shuffled, so that each size has the same mix. Beside a whole build, from the file of articles to store and
report, stands ``nlp.pipe`` of the same model over the same texts, as spaCy is used: nothing but parsed. Ray is started on this machine
with as many processes as the largest number of workers. Each run has a process of its own, and its clock runs from the start of that
process: imports, the loading of the model and the start of Ray count. "Of bare, loaded" leaves them out on the side of the bare model
alone. What Ray's own processes take of processor and memory is not told. The fastest of the rounds counts. Where sizes allow, the
promises are checked; exit code 1 where one is missed.
"""

import json
import resource
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

import click

from benchmarks.articles import articles
from kg.annotate import MODEL
from kg.corpus import records
from kg.errors import KgError
from kg.pipeline import Options, Ray, build
from kg.query import drawn
from kg.records import Document

CORPORA = Path(__file__).parent.parent.parent / "shared" / "corpora"
SIZES = (100, 400, 1_000, 4_000)
WORKERS = (1, 2)
BARE = 0
"""Stands for the bare model where a number of processes stands."""
SHARE, TWICE, FLAT, MEMORY, BY_RAY = 0.82, 1.75, 1.1, 1.3, 0.65
"""What is promised: one process of the bare model; two of one; the cost of an article, and memory, at the largest size of that at 400;
Ray of as many processes of ours."""
FROM, RAY_FROM = 400, 1_000
"""Articles from which on the promises hold: before, loading the model is most of it, and starting Ray."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One run.

    Attributes:
        articles: How many.
        workers: Processes that read, or ``BARE``.
        ray: Whether they were Ray's.
        seconds: On the clock, from the start of the process.
        working: The same without imports and loading; of the bare model alone.
        processor: Seconds of all processes.
        main, worker: Most megabytes of the main process, and of the largest other one.
    """

    articles: int
    workers: int
    ray: bool
    seconds: float
    working: float
    processor: float
    main: float
    worker: float

    @property
    def rate(self) -> float:
        """Articles a second."""
        return self.articles / self.seconds


def texts(corpora: Sequence[Path], count: int) -> list[Document]:
    """Return so many articles, always the same ones, mixed."""
    rows = (row for _, row in records(corpora) if isinstance(row, dict))
    each = dict.fromkeys(row["text"] for row in rows if isinstance(row.get("text"), str))
    real = [Document(f"real-{number:05}", text) for number, text in enumerate(each)]
    found = [*real, *islice(articles(max(0, count - len(real))), max(0, count - len(real)))]
    Random(0).shuffle(found)
    return found


def write(documents: Sequence[Document], path: Path) -> None:
    """Write articles as JSON Lines."""
    rows = ({"id": d.id, "text": d.text} | ({"date": d.date} if d.date else {}) for d in documents)
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")


PARSE_BARE = """
import json, resource, sys, time
import spacy
pipeline = spacy.load(sys.argv[2])
with open(sys.argv[1], encoding="utf-8") as file:
    texts = [json.loads(line)["text"] for line in file]
loaded = time.perf_counter()
for _ in pipeline.pipe(texts, batch_size=int(sys.argv[3])):
    pass
end = time.perf_counter()
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps([end - float(sys.argv[4]), end - loaded, time.process_time(), memory, 0]))
"""
"""The bare model, in a process that loads nothing of ours."""


def measure(source: Path, count: int, workers: int, ray: bool, started: float) -> Measured:
    """Build in this process, whose start is given."""
    with TemporaryDirectory() as folder:
        report = build([source], output=Path(folder) / "output", options=Options(workers=workers), ray=Ray() if ray else None)
        seconds = perf_counter() - started
    if report.documents != count:
        raise RuntimeError(f"{report.documents} of {count} articles are in the graph")
    own, others = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = process_time() + others.ru_utime + others.ru_stime
    return Measured(count, workers, ray, seconds, seconds, processor, own.ru_maxrss / 1024, others.ru_maxrss / 1024)


def measured_apart(source: Path, count: int, workers: int, ray: bool) -> Measured:
    """Run once, in a process of its own whose start counts."""
    python = [sys.executable, "-W", "ignore"]
    if workers == BARE:
        command = [*python, "-c", PARSE_BARE, str(source), MODEL, "32", str(perf_counter())]
    else:
        command = [*python, "-m", "benchmarks.build", "--one", str(source), str(count), str(workers), str(ray), str(perf_counter())]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found = json.loads(done.stdout.splitlines()[-1])
    return Measured(count, workers, False, *found) if workers == BARE else Measured(**found)


def told(rows: Sequence[Measured]) -> Iterator[tuple[str, ...]]:
    """Yield the rows of the table."""
    bare = {row.articles: row for row in rows if row.workers == BARE}
    one = {row.articles: row for row in rows if row.workers == 1 and not row.ray}
    for row in rows:
        beside, single = bare[row.articles], one.get(row.articles)
        yield (
            f"{row.articles:,}",
            (f"{row.workers} working" if row.workers else "bare model") + (", Ray" if row.ray else ""),
            f"{row.seconds:.1f}",
            f"{row.rate:.1f}",
            f"{row.rate / beside.rate:.2f}",
            f"{row.rate * beside.working / row.articles:.2f}",
            f"{row.rate / single.rate:.2f}" if single and row.workers else "",
            "" if row.ray else f"{1000 * row.processor / row.articles:.0f}",
            f"{row.main:,.0f}",
            f"{row.worker:,.0f}" if row.workers > 1 and not row.ray else "",
        )


HEAD = ("articles", "", "seconds", "a second", "of bare", "of bare, loaded", "of one", "cpu ms each", "MB main", "MB worker")


def promises(rows: Sequence[Measured]) -> Iterator[tuple[str, float, bool]]:
    """Yield each promise that these sizes can tell about: what it is about, what was measured, and whether it is held."""
    found = {(row.articles, row.workers): row for row in rows if not row.ray}
    sizes = sorted({row.articles for row in rows if row.articles >= FROM})
    for size in sizes:
        bare, one, two = (found.get((size, workers)) for workers in (BARE, 1, 2))
        if bare and one:
            yield f"{size:,}: one process, of the bare model", one.rate / bare.rate, one.rate >= SHARE * bare.rate
        if one and two:
            yield f"{size:,}: two processes, of one", two.rate / one.rate, two.rate >= TWICE * one.rate
    for row in rows:
        if row.ray and row.articles >= RAY_FROM and (pool := found.get((row.articles, row.workers))):
            yield f"{row.articles:,}: Ray, of {row.workers} processes of ours", row.rate / pool.rate, row.rate >= BY_RAY * pool.rate
    for workers in sorted({row.workers for row in found.values()} - {BARE}):
        small, large = found.get((FROM, workers)), found.get((sizes[-1], workers)) if sizes else None
        if small and large and small is not large:
            cost, memory = small.rate / large.rate, large.main / small.main
            named = f"{large.articles:,} beside {small.articles:,}, {workers} working"
            yield f"{named}: seconds of an article", cost, cost <= FLAT
            yield f"{named}: memory of the main process", memory, memory <= MEMORY


@click.command(help=__doc__)
@click.argument("corpora", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--articles", "sizes", multiple=True, default=SIZES, show_default=True, type=click.IntRange(1), help="How many.")
@click.option("--workers", "workers", multiple=True, default=WORKERS, show_default=True, type=click.IntRange(1), help="Processes.")
@click.option(
    "--engine",
    "engines",
    multiple=True,
    default=("local", "ray"),
    show_default=True,
    type=click.Choice(["local", "ray"]),
    help="Who reads.",
)
@click.option("--rounds", default=1, show_default=True, type=click.IntRange(1), help="How often to measure each.")
@click.option("--one", nargs=5, type=(click.Path(path_type=Path), int, int, bool, float), hidden=True, help="Measure this, and write JSON.")
def main(
    corpora: tuple[Path, ...],
    sizes: tuple[int, ...],
    workers: tuple[int, ...],
    engines: tuple[str, ...],
    rounds: int,
    one: tuple[Path, int, int, bool, float] | None,
) -> None:
    """Print the table and the promises; exit with 1 where one is missed."""
    if one:
        click.echo(json.dumps(asdict(measure(*one))))
        return
    given = corpora or tuple(sorted(CORPORA.glob("*/*.jsonl")))
    local = [(number, False) for number in workers if "local" in engines]
    ways = [(BARE, False), *local, *([(max(workers), True)] if "ray" in engines else [])]
    rows = []
    with TemporaryDirectory() as folder:
        source = Path(folder) / "articles.jsonl"
        try:
            documents = texts(given, max(sizes))
        except KgError as error:
            raise click.ClickException(str(error)) from error
        for size in sorted(sizes):
            write(documents[:size], source)
            for how in ways:
                rows.append(min((measured_apart(source, size, *how) for _ in range(rounds)), key=lambda row: row.seconds))
                click.echo("  ".join(filter(None, list(told(rows))[-1])), err=True)
    words = sum(len(document.text.split()) for document in documents[: max(sizes)]) / max(sizes)
    real = sum(document.id.startswith("real-") for document in documents[: max(sizes)])
    click.echo(f"{MODEL}; {words:.0f} words an article; {real / max(sizes):.0%} of them real ones\n")
    click.echo(drawn(HEAD, list(told(rows))))
    missed = False
    for name, value, held in promises(rows):
        click.echo(f"{'held  ' if held else 'missed'} {value:5.2f}  {name}")
        missed |= not held
    if missed:
        sys.exit(1)


if __name__ == "__main__":
    main()
