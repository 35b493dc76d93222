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

from benchmarks.measuring import extract_all, gold, parse, timed, warm_up
from kg.query import drawn
from kg.records import Document


def rounds_of(documents: Sequence[Document], rounds: int) -> list[tuple[float, float]]:
    """Return (seconds of the parse, seconds of the extraction) for each round."""
    found = []
    for _ in range(rounds):
        parsing, parsed = timed(partial(parse, documents))
        extracting, _ = timed(partial(extract_all, parsed))
        found.append((parsing, extracting))
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
                    row("parse, seconds", [parsing for parsing, _ in measured], ".2f"),
                    row("extraction, seconds", [extracting for _, extracting in measured], ".2f"),
                    row("extraction of the parse, per cent", [100 * extracting / parsing for parsing, extracting in measured], ".1f"),
                ],
            )
        )


if __name__ == "__main__":
    main()
