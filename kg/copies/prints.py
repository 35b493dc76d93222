"""What an article is compared by, and whether one prints another.

By its shingles, all runs of five words (Broder, On the resemblance and containment of documents, 1997). What counts is how much of the
shorter text stands in the longer one, since outlets cut what they print; but a text of which another is only a small part, a report with an
agency's flash in it, is an article of its own. So is the next of a series in which every day the same words stand around other numbers.
"""

from array import array
from collections.abc import Set
from dataclasses import dataclass
from hashlib import blake2b

from kg.copies.wording import wording
from kg.records import Document

LENGTH = 5
"""Words of a shingle."""
LONG = 10
"""Words of the longer runs."""
SHORTEST = 50
"""Words that the body of an article needs to be compared: a line of the weather stands in many papers."""
CONTAINED = 2 / 3
"""From which share of its shingles on, found in the other, the shorter article is one text with it; this and what follows: decision 011."""
PART = 1 / 4
"""How many of the longer one's shingles the shorter one must have at least."""
COUNTED, KEPT = 3, 1 / 2
"""From so many different numbers in figures on, at least this share of those of the shorter article must stand in the other."""


@dataclass(frozen=True, slots=True)
class Print:
    """What an article is compared by.

    Attributes:
        shingles: 64-bit digests of its runs of words, the same on every machine; none of a text of fewer than ``SHORTEST`` words.
        numbers: The words in it that have a digit.
        long: Digests of its longer runs, by which it is found: few articles share one by chance, or since one hand wrote both.
    """

    shingles: frozenset[int]
    numbers: frozenset[str]
    long: frozenset[int] = frozenset()


def body(document: Document) -> str:
    """Return the running text of a document: what is in no zone, neither header nor dateline, caption, credit, teaser or boilerplate."""
    ends = [0, *(zone.span.end for zone in document.zones)]
    starts = [*(zone.span.start for zone in document.zones), len(document.text)]
    return "\n".join(document.text[end:start] for end, start in zip(ends, starts, strict=True))


def print_of(text: str) -> Print:
    """Return what a text is compared by."""
    words = wording(text)
    if len(words) < SHORTEST:
        return Print(frozenset(), frozenset(), frozenset())
    numbers = frozenset(word for word in words if any(map(str.isdigit, word)))
    return Print(_runs(words, LENGTH), numbers, _runs(words, LONG))


def _runs(words: tuple[str, ...], length: int) -> frozenset[int]:
    return frozenset(digest(" ".join(words[at : at + length]).encode("utf-8", "surrogatepass")) for at in range(len(words) - length + 1))


def digest(data: bytes) -> int:
    """Return 64 bits that stand for some bytes, the same on every machine."""
    return int.from_bytes(blake2b(data, digest_size=8).digest(), "little")


def common(one: Print, other: Print, *, least: float = CONTAINED) -> float | None:
    """Return which share of the fewer shingles is among the others, in [``least``, 1]; ``None`` where neither article prints the other."""
    few, many = sorted((len(one.shingles), len(other.shingles)))
    if not few or few < PART * many or not _same_numbers(one, other):
        return None
    share = len(one.shingles & other.shingles) / few
    return share if share >= least else None


def _same_numbers(one: Print, other: Print) -> bool:
    """Tell whether enough numbers of the shorter article stand in the other; of both where they have equally many shingles."""
    shorter, longer = sorted((one, other), key=lambda found: len(found.shingles))
    sides = [(shorter, longer)] if len(shorter.shingles) < len(longer.shingles) else [(shorter, longer), (longer, shorter)]
    return all(len(few.numbers) < COUNTED or len(few.numbers & many.numbers) >= KEPT * len(few.numbers) for few, many in sides)


def packed(digests: Set[int]) -> bytes:
    """Return digests as bytes that ``unpacked`` reads."""
    return array("Q", sorted(digests)).tobytes()


def unpacked(body: bytes) -> frozenset[int]:
    """Return the digests that were packed."""
    digests = array("Q")
    digests.frombytes(body)
    return frozenset(digests)
