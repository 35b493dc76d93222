"""What one more article costs, in a collection of 100, of 1,000 and of 10,000.

    python -m benchmarks.adding [--articles 10000] [ARTICLE]

The collection is invented, and so are its extractions (benchmarks/articles.py): they are put into the archive, and the graph is built
from there without a language model. Then ARTICLE, by default the first of seeds/, is added twice by ``kg.pipeline.build``, the second
time changed by a word, so that model and gazetteer are loaded when the clock runs. Beside it stands what its extraction costs alone. The
clock on the wall counts. Each size has a process of its own, so that memory is told truly. The promise is made for the largest size: a
small graph is written as Turtle, N-Quads and page, too, after every build.
"""

import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import click

from benchmarks.articles import extractions
from benchmarks.measuring import extract_all, parse
from kg.archive import Archive
from kg.corpus import read
from kg.pipeline import Options, build
from kg.pipeline.recipe import mark_of, recipe_of
from kg.query import drawn
from kg.records import Document

ARTICLE = Path(__file__).parent.parent / "seeds"
SIZES = (100, 1_000, 10_000)
RATIO, CONSTANT = 1.5, 2.0
"""What adding may cost: so many times its own extraction, and so many seconds more."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured with a collection of so many articles: seconds, and megabytes at the most."""

    articles: int
    built: float
    extraction: float
    addition: float
    memory: float

    @property
    def held(self) -> bool:
        """Tell whether the addition costs no more than it may."""
        return self.addition <= RATIO * self.extraction + CONSTANT


def collection(count: int, folder: Path, output: Path) -> Path:
    """Write invented articles to a file, and what they say into the archive of an output folder; return the file."""
    source, recipe = folder / "articles.jsonl", recipe_of(Options())
    with Archive(output) as archive, source.open("w", encoding="utf-8") as file:
        for extraction in extractions(count):
            document = extraction.document
            row = {"id": document.id, "title": document.title, "date": document.date, "text": document.text}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
            archive.put([extraction], mark_of(document, recipe))
    return source


def measure(count: int, article: Path) -> Measured:
    """Build a collection, and add an article to it."""
    with TemporaryDirectory() as folder:
        output = Path(folder) / "output"
        source = collection(count, Path(folder), output)
        start = perf_counter()
        report = build([source], output=output)
        built = perf_counter() - start
        if report.kept != count:
            raise RuntimeError(f"{count - report.kept} of {count} invented articles were read, and not taken from the archive")
        first, *_ = (document for document in read([article]) if isinstance(document, Document))
        changed = Path(folder) / "changed.txt"
        changed.write_text(first.text.replace("the", "that", 1), "utf-8")
        build([article] if article.is_file() else [sorted(article.iterdir())[0]], output=output)
        document = next(document for document in read([changed]) if isinstance(document, Document))
        start = perf_counter()
        extract_all(parse([document]))
        extraction = perf_counter() - start
        start = perf_counter()
        build([changed], output=output)
        addition = perf_counter() - start
    return Measured(count, built, extraction, addition, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def measured_apart(count: int, article: Path) -> Measured:
    """Measure in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.adding", "--one", str(count), str(article)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return Measured(**json.loads(done.stdout.splitlines()[-1]))


def told(rows: list[Measured]) -> Iterator[tuple[str, ...]]:
    """Yield the rows of the table."""
    for row in rows:
        yield (
            f"{row.articles:,}",
            f"{row.built:.1f}",
            f"{row.extraction:.2f}",
            f"{row.addition:.2f}",
            f"{row.addition / row.extraction:.1f}",
            "held" if row.held else "missed",
            f"{row.memory:,.0f}",
        )


@click.command(help=__doc__)
@click.argument("article", default=ARTICLE, type=click.Path(exists=True, path_type=Path))
@click.option("--articles", "most", default=SIZES[-1], show_default=True, type=click.IntRange(1), help="The largest collection.")
@click.option("--one", type=click.IntRange(1), hidden=True, help="Measure this size alone, and write what was measured as JSON.")
def main(article: Path, most: int, one: int | None) -> None:
    """Print the table; exit with 1 where adding to the largest collection costs more than it may."""
    if one:
        click.echo(json.dumps(asdict(measure(one, article))))
        return
    rows = [measured_apart(count, article) for count in sorted({size for size in SIZES if size < most} | {most})]
    head = ("articles", "built, s", "extraction, s", "addition, s", "ratio", f"{RATIO:g} x + {CONSTANT:g} s", "MB")
    click.echo(drawn(head, list(told(rows))))
    if not rows[-1].held:
        sys.exit(1)


if __name__ == "__main__":
    main()
