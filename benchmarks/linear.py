"""How the time of extraction grows with the length of a text: 1x, 4x and 16x, per character and as a ratio.

    python -m benchmarks.linear [FILE] [--size 4000]

Without a file the texts are invented, new people in every paragraph, in three layouts: paragraphs; all in one paragraph; and one
paragraph without a single sentence end. A file is repeated. The parse is not counted.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import count, islice
from pathlib import Path
from random import Random

import click

from benchmarks.measuring import extract_all, parse, timed, warm_up
from kg.corpus import LONGEST
from kg.corpus.zones import zones
from kg.query import drawn
from kg.records import Document

TIMES = (1, 4, 16)
ROUNDS = 3
SEED = 3

GIVEN = "Ada Bo Cyd Dov Elin Finn Gus Hana Ivo Jun Kai Lea Mio Nils Oda Per Rui Siv Tove Ulf".split()
FAMILY_START = "Al Ber Cor Dal El Far Gor Hol In Jor Kas Lor Mar Nor Os Pel Ros Sol Tor Vel".split()
FAMILY_END = "berg dahl feld gren holm lund mann nes quist rud sen strom vall wick".split()
TRADES = "mayor minister engineer spokesman director farmer judge doctor".split()
PLACES = "Porto Oslo Vienna Lima Kyoto Tunis Ghent Quito".split()
THINGS = "the bridge, the dam, the harbour road, the new bank, the long strike, the river port, the old mill".split(", ")
PATTERNS = (
    "“{Thing} will stay open,” {name}, the {trade}, said in {place}. “We have waited long enough.”",
    "The {trade} told reporters that {thing} had cost more than planned, and that nobody had asked the people of {place}.",
    "According to {name}, {thing} was closed for three days while engineers looked for the fault near {place}.",
    "{name} accused the {trade} of neglect, and called {thing} “a danger to every child in {place}”.",
    "It rained in {place} for a week, and the water rose to the doors of the houses along the quay before {thing} was shut.",
    "Asked whether {thing} was safe, {name} said he did not know; the {trade} denied that anything was wrong.",
)


CLAUSE = "and {name} said {thing} was closed in {place}"


def paragraphs(seed: int) -> Iterator[str]:
    """Yield invented paragraphs without end, the same for the same seed."""
    random = Random(seed)
    while True:
        yield " ".join(_sentence(random, pattern) for pattern in random.sample(PATTERNS, 3))


def _sentence(random: Random, pattern: str) -> str:
    thing = random.choice(THINGS)
    return pattern.format(
        name=f"{random.choice(GIVEN)} {random.choice(FAMILY_START)}{random.choice(FAMILY_END)}",
        trade=random.choice(TRADES),
        place=random.choice(PLACES),
        thing=thing,
        Thing=thing[0].upper() + thing[1:],
    )


def in_paragraphs(size: int) -> str:
    """Return ``size`` invented characters in paragraphs."""
    return _until(size, paragraphs(SEED), "\n\n")


def in_one_paragraph(size: int) -> str:
    """Return the same sentences in a single paragraph."""
    return _until(size, paragraphs(SEED), " ")


def in_one_sentence(size: int) -> str:
    """Return ``size`` invented characters of clauses that no sentence end parts."""
    random = Random(SEED)
    return _until(size, (_sentence(random, CLAUSE) for _ in count()), " ")


def _until(size: int, pieces: Iterable[str], between: str) -> str:
    """Return the first ``size`` characters of joined pieces, of which there are enough."""
    shortest = min(map(len, (*PATTERNS, CLAUSE))) - len("{place}{thing}{name}")
    return between.join(islice(pieces, size // shortest + 1))[:size]


def repeated(text: str) -> Callable[[int], str]:
    """Return the layout that is a text again and again."""
    return lambda size: "\n\n".join([text] * (size // len(text)))


def growth(layout: Callable[[int], str], size: int) -> Iterator[tuple[str, ...]]:
    """Yield a row for each length: times, characters, sentences, statements, seconds, µs a character, and that as a ratio to 1x."""
    first = None
    for times in TIMES:
        text = layout(size * times)
        ((_, doc),) = parsed = parse([Document("text", text, zones=zones(text))])
        seconds, (extraction,) = timed(partial(extract_all, parsed), rounds=ROUNDS)
        each = 1e6 * seconds / len(text)
        first = first or each
        counted = (len(text), sum(1 for _ in doc.sents), len(extraction.statements))
        yield (f"{times}x", *map(str, counted), f"{seconds:.2f}", f"{each:.1f}", f"{each / first:.2f}")


@click.command(help=__doc__)
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--size", default=4000, show_default=True, type=click.IntRange(500, LONGEST // TIMES[-1]), help="Characters of 1x.")
def main(file: Path | None, size: int) -> None:
    """Print a table for each layout."""
    warm_up()
    if file is not None:
        text = file.read_text("utf-8")
        layouts, size = {file.name: repeated(text)}, len(text)
    else:
        layouts = {"paragraphs": in_paragraphs, "one paragraph": in_one_paragraph, "one sentence": in_one_sentence}
    for name, layout in layouts.items():
        click.echo(f"{name}\n")
        click.echo(drawn(("length", "characters", "sentences", "statements", "seconds", "µs a character", "ratio"), growth(layout, size)))


if __name__ == "__main__":
    main()
