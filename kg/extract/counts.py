"""How often a word in a construction attributes something: counted in annotated text, smoothed, moved by properties of the candidate.

P(statement | lemma, construction) is the count, smoothed with pseudo-counts of a prior: where the hand list has the frame, what its
frames do in that construction; else what the construction does, moved by what the lemma does. Then each property (words in marks, kind
of subject, tag, modal and negation, length, how the content begins, whether the subject can speak) multiplies the odds by how much
oftener than expected it went with a statement.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from kg.errors import InputError

COUNTS = Path(__file__).with_name("counts.tsv")
"""What we ship, counted in PolNeAR."""
BACKOFF = 2.0
"""Pseudo-counts of the back-off; ``LISTED`` those of a frame of the hand list, at ``SURE``."""
LISTED, SURE = 4.0, 0.85
BESIDE = 4.0
"""Pseudo-counts of what the hand list says of a verb beside a quotation."""
FEW = 4.0
OFTEN, RARELY = 12, 0.01
DAMP = 0.8
"""Properties are not independent of one another: each counts for so much of its logarithm."""
STRONGEST = 2.0
"""No property moves the logarithm of the odds further."""
TABLES = ("frame", "construction", "lemma", "sourceless", "beside", "property")


class Tally(dict[str, float]):
    """Counts by key, 0 where nothing was counted."""

    def __missing__(self, key: str) -> float:
        return 0.0


@dataclass(slots=True)
class Table:
    """Seen and positive counts by key; for properties expected and positive ones."""

    seen: Tally = field(default_factory=Tally)
    true: Tally = field(default_factory=Tally)

    def add(self, key: str, true: float, seen: float = 1) -> None:
        """Count one more."""
        self.seen[key] += seen
        self.true[key] += true


@dataclass(frozen=True, slots=True)
class Counts:
    """Counted frames.

    Attributes:
        tables: ``frame`` (lemma and construction), ``construction``, ``lemma`` (anchors with any candidate), ``sourceless`` (true
            ones; those without a source), ``beside`` (verbs beside a free quotation; those that report it), ``property``.
        base: Share of anchors that attribute, in (0, 1).
        source: What was counted, as the file says.
    """

    tables: dict[str, Table]
    base: float
    source: str = ""

    @classmethod
    def of(cls, tables: dict[str, Table], source: str = "") -> "Counts":
        """Make counts of tables; tables without a lemma know nothing and leave all to the hand list."""
        lemmas = tables["lemma"]
        return cls(tables, (sum(lemmas.true.values()) + 1) / (sum(lemmas.seen.values()) + 10), source)

    def promising(self, lemma: str) -> bool:
        """Tell whether a word that the hand list lacks may attribute something: it did, or it was hardly seen."""
        seen, true = self.tables["lemma"].seen[lemma], self.tables["lemma"].true[lemma]
        return true >= RARELY * seen if true else seen < OFTEN

    def probability(self, lemma: str, key: str, *, listed: bool, leave: int | None = None) -> float:
        """Return P(statement | lemma, construction) in (0, 1); ``leave`` takes one occurrence, true (1) or not (0), out first."""
        out, was = (0, 0) if leave is None else (1, leave)
        frames = self.tables["frame"]
        name = f"{lemma} {key}"
        prior, weight = (self._of_listed(key, out, was), LISTED) if listed else (self._back_off(lemma, key, out, was), BACKOFF)
        return (frames.true[name] - was + weight * prior) / (frames.seen[name] - out + weight)

    def _of_listed(self, key: str, out: int, was: int) -> float:
        """Return how often a frame of the hand list in this construction attributes something."""
        table, name = self.tables["construction"], f"listed {key}"
        return (table.true[name] - was + FEW * SURE) / (table.seen[name] - out + FEW)

    def _back_off(self, lemma: str, key: str, out: int, was: int) -> float:
        """Return what the construction's odds and the root of the lemma's say together."""
        constructions, lemmas = self.tables["construction"], self.tables["lemma"]
        construction = (constructions.true[key] - was + 0.02) / (constructions.seen[key] - out + 2)
        of_lemma = (lemmas.true[lemma] - was + 2 * self.base) / (lemmas.seen[lemma] - out + 2)
        of_lemma = min(max(of_lemma, 0.001), 0.999)
        odds = construction / (1 - construction) * math.sqrt(of_lemma / (1 - of_lemma) / (self.base / (1 - self.base)))
        return odds / (1 + odds)

    def score(self, lemma: str, key: str, properties: Iterable[str], *, listed: bool) -> float:
        """Return the probability in (0, 1) that a candidate attributes something."""
        table = self.tables["property"]
        z = logit(self.probability(lemma, key, listed=listed))
        for name in properties:
            if name in table.seen:
                z += moved(table, name)
        return 1 / (1 + math.exp(-z))

    def sourceless(self, lemma: str, construction: str) -> bool:
        """Tell whether a frame mostly stands without a source (``it seems``, ``is expected``)."""
        table, name = self.tables["sourceless"], f"{lemma} {construction}"
        return table.seen[name] >= 3 and table.true[name] * 2 > table.seen[name]

    def beside(self, lemma: str, prior: float) -> float:
        """Return P(the verb reports a free quotation it stands beside), ``prior`` weighing as much as a few counts."""
        table = self.tables["beside"]
        return (table.true[lemma] + BESIDE * prior) / (table.seen[lemma] + BESIDE)


def logit(p: float) -> float:
    """Return the logarithm of the odds."""
    p = min(max(p, 1e-4), 1 - 1e-4)
    return math.log(p / (1 - p))


def moved(table: Table, name: str) -> float:
    """Return how far a property moves the logarithm of the odds."""
    return DAMP * max(-STRONGEST, min(STRONGEST, math.log((table.true[name] + 2) / (table.seen[name] + 2))))


# ---------------------------------------------------------------- the file


def rows(counts: Counts, *, least: int = 5) -> Iterator[str]:
    """Yield the lines of a counts file, sorted; frames seen once, and rare ones that never attributed, are left out."""
    yield f"# Counted frames. Source: {counts.source}"
    yield "# Columns: table, key, how often seen (of a property: expected), how often it attributed something."
    for name in TABLES:
        table = counts.tables[name]
        for key in sorted(table.seen):
            seen, true = table.seen[key], table.true[key]
            rare = least if name in ("frame", "sourceless") else 20 if name in ("lemma", "beside") else 0
            if name in ("construction", "property") or (true and seen > 1) or seen >= rare:
                yield f"{name}\t{key}\t{seen:g}\t{true:g}" if name != "property" else f"{name}\t{key}\t{seen:.2f}\t{true:g}"


@cache
def load(path: Path) -> Counts:
    """Return the counts of a file, read once a process; see ``read``."""
    return read(path)


def read(path: Path) -> Counts:
    """Return the counts of a file.

    Raises:
        InputError: No such file, or a line of another form.
    """
    tables = {name: Table() for name in TABLES}
    source = ""
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: {error}", "Make a file of counted frames with `kg learn`.") from error
    for number, line in enumerate(lines, 1):
        if line.startswith("#"):
            source = source or line.partition("Source: ")[2]
            continue
        try:
            name, key, seen, true = line.split("\t")
            tables[name].add(key, float(true), float(seen))
        except (ValueError, KeyError) as error:
            raise InputError(f"{path}:{number}: no row of counted frames: {line[:80]!r}", "Make the file again with `kg learn`.") from error
    return Counts.of(tables, source)
