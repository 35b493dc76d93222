"""Which edits of an article leave it a copy, and which articles of a corpus are copies of others.

    python -m benchmarks.copies CORPUS.jsonl...

Each edit is made to every article. For each: the middle of the shares in common, how many pairs of an article and its edit are taken for
copies at several thresholds, and how many of those at ours share a band, so that they are found. Then the articles of the corpora that are
copies of others as they are, and what it costs to find that.
"""

import json
import random
import re
import sqlite3
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median
from time import process_time

from kg.copies import Copies, common, print_of
from kg.copies.near import LEAST, bands
from kg.copies.prints import CONTAINED
from kg.query import drawn
from kg.records import Document

THRESHOLDS = (0.5, 0.6, CONTAINED, 0.7, 0.8, 0.9)
EDITED = 150
"""So many articles are edited, drawn from all."""
Edit = Callable[[list[str], list[str], random.Random], list[str]]
"""Sentences of an article, those of another one, and chance → the sentences of what is made of them."""


def headline(mine: list[str], other: list[str], chance: random.Random) -> list[str]:
    """Give it another first sentence and a dateline."""
    return [f"PORT ELLERY, Monday (Desk) - {other[0]}", *mine[1:]]


def cut(share: float) -> Edit:
    """Keep so much of its beginning."""
    return lambda mine, _, __: mine[: max(1, round(share * len(mine)))]


def thinned(share: float) -> Edit:
    """Leave out sentences here and there."""
    return lambda mine, _, chance: [sentence for sentence in mine if chance.random() >= share]


def extended(share: float) -> Edit:
    """Put sentences of another article behind it."""
    return lambda mine, other, _: [*mine, *other[: round(share * len(mine))]]


def reworded(share: float) -> Edit:
    """Put another word for some."""

    def edit(mine: list[str], _: list[str], chance: random.Random) -> list[str]:
        return [re.sub(r"\w+", lambda word: "otherwise" if chance.random() < share else word[0], sentence) for sentence in mine]

    return edit


def updated(share: float) -> Edit:
    """Let so many of its numbers be others."""

    def edit(mine: list[str], _: list[str], chance: random.Random) -> list[str]:
        return [re.sub(r"\d+", lambda number: f"{number[0]}7" if chance.random() < share else number[0], sentence) for sentence in mine]

    return edit


def developed(mine: list[str], other: list[str], _: random.Random) -> list[str]:
    """Begin anew with half as much, and let the second half of the old report stand below."""
    return [*other[: len(mine) // 2], *mine[len(mine) // 2 :]]


def merged(mine: list[str], other: list[str], _: random.Random) -> list[str]:
    """Make one report of two."""
    return [*mine, *other]


def quoting(share: float) -> Edit:
    """Write another article that takes over some of its sentences, as those who sat in one press conference do."""
    return lambda mine, other, chance: [*other, *chance.sample(mine, round(share * len(mine)))]


EDITS: dict[str, Edit] = {
    "another headline and dateline": headline,
    "cut to three quarters": cut(0.75),
    "cut to a half": cut(0.5),
    "cut to a third": cut(0.33),
    "cut to a fifth": cut(0.2),
    "every fifth sentence left out": thinned(0.2),
    "a quarter added": extended(0.25),
    "as much again added": extended(1.0),
    "two reports made one": merged,
    "1 word in 50 another": reworded(0.02),
    "1 word in 20 another": reworded(0.05),
    "1 word in 10 another": reworded(0.1),
    "every fifth number another": updated(0.2),
    "all numbers others": updated(1.0),
    "the first half new": developed,
    "a tenth of it in another article": quoting(0.1),
    "a third of it in another article": quoting(0.33),
}


def sentences(text: str) -> list[str]:
    """Return the sentences of a text, more or less."""
    return [part for part in re.split(r"(?<=[.!?”\"])\s+|\n+", text) if part.strip()]


def rows(texts: Sequence[str]) -> Iterator[list[str]]:
    """Yield a row for each edit."""
    for name, edit in EDITS.items():
        chance = random.Random(7)
        shares, found = [], []
        for number, text in enumerate(texts):
            other = sentences(texts[(number + len(texts) // 2) % len(texts)])
            made, whole = print_of(" ".join(edit(sentences(text), other, chance))), print_of(text)
            shares.append(common(whole, made, least=0.0) or 0.0)
            if shares[-1] >= CONTAINED:
                found.append(len(bands(whole.long) & bands(made.long)) >= LEAST)
        taken = [f"{sum(one >= least for one in shares) / len(shares):.1%}" for least in THRESHOLDS]
        yield [name, f"{median(shares):.2f}", *taken, f"{sum(found) / len(found):.1%}" if found else ""]


def main(files: Sequence[str]) -> None:
    """Print both tables."""
    read = [json.loads(line) for file in files for line in Path(file).read_text("utf-8").splitlines()]
    articles = list({row["text"]: row for row in read if print_of(row["text"]).shingles}.values())
    texts = [row["text"] for row in articles]
    print(f"{len(texts)} different articles of 50 words and more, of {len(read)}\n")
    print(
        drawn(
            ["edit", "middle", *(f"{least:.2f}" for least in THRESHOLDS), "in the index"],
            rows(random.Random(7).sample(texts, min(EDITED, len(texts)))),
        )
    )
    database = sqlite3.connect(":memory:")
    copies = Copies(database)
    start = process_time()
    for number, row in enumerate(articles):
        copies.add(Document(f"{number} {row['id']}", row["text"]))
    copies.settle()
    spent = process_time() - start
    (held,) = database.execute("SELECT sum(length(shingles)) FROM copy_article").fetchone()
    print(f"{1000 * spent / len(texts):.2f} ms an article to add, {held / len(texts):,.0f} bytes of shingles; copies among them:\n")
    print(drawn(["copy", "original", "share"], [[c, o, f"{s:.2f}"] for c, found in copies.named() for o, s in found]))


if __name__ == "__main__":
    main(sys.argv[1:])
