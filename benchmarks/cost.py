"""What extraction costs over a bare parse of the same documents, in per cent.

    python -m benchmarks.cost CORPUS.jsonl... [--rounds 5]

Each round parses all documents and extracts from those parses, so that a machine that slows down slows both; the median of the
rounds counts.
"""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from statistics import median

import click
from spacy.tokens import Doc

from benchmarks.measuring import extract_all, gold, parse, timed, warm_up
from kg.extract.counts import COUNTS, load
from kg.extract.statements import drafts
from kg.query import drawn
from kg.records import Document


def find_statements(parsed: Sequence[tuple[Document, Doc]]) -> None:
    """Find the statements of parsed documents: content, cue and source; names and who is meant left out."""
    counts = load(COUNTS)
    for document, doc in parsed:
        drafts(document, doc, counts)


def rounds_of(documents: Sequence[Document], rounds: int) -> list[tuple[float, float, float]]:
    """Return (seconds of the parse, of the extraction, of its statements alone) for each round."""
    found = []
    for _ in range(rounds):
        parsing, parsed = timed(partial(parse, documents))
        extracting, _ = timed(partial(extract_all, parsed))
        finding, _ = timed(partial(find_statements, parsed))
        found.append((parsing, extracting, finding))
    return found


def row(name: str, values: Sequence[float], form: str) -> tuple[str, ...]:
    """Return a row of the table: the median, the least and the greatest."""
    return name, *(format(value, form) for value in (median(values), min(values), max(values)))


@click.command(help=__doc__)
@click.argument("corpora", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--rounds", default=5, show_default=True, type=click.IntRange(1), help="How often to measure.")
def main(corpora: tuple[Path, ...], rounds: int) -> None:
    """Print one table a corpus."""
    warm_up()
    for path in corpora:
        _, documents = gold(path)
        measured = rounds_of(documents, rounds)
        click.echo(f"{path.parent.name}/{path.name}: {len(documents)} documents, {sum(len(d.text) for d in documents):,} characters\n")
        click.echo(
            drawn(
                ("", "median", "least", "most"),
                [
                    row("parse, seconds", [parsing for parsing, *_ in measured], ".2f"),
                    row("extraction, seconds", [extracting for _, extracting, _ in measured], ".2f"),
                    row("extraction of the parse, per cent", [100 * extracting / parsing for parsing, extracting, _ in measured], ".1f"),
                    row("… its statements alone, per cent", [100 * finding / parsing for parsing, _, finding in measured], ".1f"),
                ],
            )
        )


if __name__ == "__main__":
    main()
