"""What two figures, or two texts, say of each other: the rules alone, whatever collection they come from."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from math import inf

from kg.ledgers.records import Alike, Evidence, Finding, Kind

SPREAD = {"about": 0.1, "some": 0.1, "nearly": 0.1}
"""How far an estimate may be off, as a share of it."""
ROUNDED = 0.005
VERBATIM, REWORDED, OVERLAP = 0.92, 0.90, 0.3
"""Likeness of the letters of one quotation twice; of the meaning of one in other words, and the share of words it still has in common."""


# ---------------------------------------------------------------- figures


@dataclass(frozen=True, slots=True)
class Amount:
    """The number of a figure, with its bounds and modifier as ``kg.records.Figure`` has them."""

    value: float | None
    low: float | None
    high: float | None
    modifier: str

    @property
    def number(self) -> float | None:
        """The number to sort by: the value, else a bound."""
        return self.value if self.value is not None else self.low if self.low is not None else self.high

    @property
    def bounds(self) -> tuple[float, float]:
        """Between which numbers it says that something lies."""
        if self.value is None:
            return self.low if self.low is not None else 0.0, self.high if self.high is not None else inf
        off = SPREAD.get(self.modifier, ROUNDED) * self.value
        if self.modifier in ("more than", "at least", "over"):
            return self.value - ROUNDED * self.value, inf
        if self.modifier in ("less than", "at most"):
            return 0.0, self.value + ROUNDED * self.value
        return self.value - off, self.value + off

    def fits(self, other: "Amount") -> bool:
        """Tell whether both can hold."""
        (low, high), (other_low, other_high) = self.bounds, other.bounds
        return low <= other_high and other_low <= high

    def __str__(self) -> str:
        """Return it for reading: ``some 4,850``."""
        return f"{'' if self.modifier == 'exact' else f'{self.modifier} '}{self.number:,g}"


def compared(lower: Amount, higher: Amount, times: tuple[str, str], *, cumulative: bool, same_voice: bool) -> tuple[Kind | None, str]:
    """Return how the higher of two figures stands to the lower, and why; ``None`` where one voice repeats itself.

    Args:
        lower: The lower figure.
        higher: The higher one.
        times: As of when the lower and the higher hold; empty where nothing tells.
        cumulative: What they count can only grow.
        same_voice: One claims both.
    """
    before, after = times
    if lower.number == higher.number or (lower.fits(higher) and not cumulative):
        return (None, "") if same_voice else (Kind.AGREEMENT, "they can both hold")
    if cumulative:
        if before and after and after[: len(before)] < before[: len(after)]:
            return Kind.CONFLICT, "a count that can only grow was higher before"
        if before and after and before == after and not same_voice and not lower.fits(higher):
            return Kind.CONFLICT, "two counts of one day"
        return (
            Kind.UPDATE,
            "it can only grow, and the times do not speak against it" if before and after else "it can only grow; no time is told",
        )
    if same_voice:
        return Kind.UPDATE, "one voice at two times" if before != after else "one voice, two figures"
    return Kind.CONFLICT, "they cannot both hold"


def share(evidence: tuple[Evidence, ...], stated: Amount, part: Amount, base: float) -> Finding:
    """Return whether a share in per cent fits the part and the base that are its second and third evidence."""
    low, high = (100 * bound / base for bound in part.bounds)
    wanted_low, wanted_high = stated.bounds
    kind = Kind.SHARE_FITS if low <= wanted_high and wanted_low <= high else Kind.SHARE_DIFFERS
    percent = 100 * (part.number or 0.0) / base
    note = f"{part.number:,g} of {base:,g} are {percent:.1f} %; stated: {stated.modifier} {stated.value:g} %"
    return Finding(kind, evidence, "", "arithmetic", 1.0, note)


# ---------------------------------------------------------------- texts


def telling_words(text: str) -> set[str]:
    """Return the words of a text that say something: longer ones, in small letters."""
    return {word for word in re.findall(r"\w+", text.lower()) if len(word) > 4}


def repeated(one: str, other: str, alike: Alike | None) -> tuple[Kind, str, float] | None:
    """Return whether two quotations are one: in the same words or in others, why, and how alike they are; ``None`` where they are two."""
    letters = _likeness(one.lower(), other.lower())
    if letters >= VERBATIM or _holds(one, other):
        return Kind.SAME_WORDS, "the same words", round(max(letters, VERBATIM), 4)
    if alike is not None and (meaning := alike(one, other)) >= REWORDED:
        return Kind.REWORDED, "the same in other words", round(meaning, 4)
    return None


def _likeness(one: str, other: str) -> float:
    """Return how alike the letters of two texts are where it is at least ``VERBATIM``, else 0: cheaper bounds leave most out."""
    if 2.0 * min(len(one), len(other)) / (len(one) + len(other)) < VERBATIM:
        return 0.0
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= VERBATIM else 0.0


def _holds(one: str, other: str) -> bool:
    """Tell whether the shorter of two texts stands in the longer, letters alone."""
    few, many = sorted((" ".join(re.findall(r"\w+", text.lower())) for text in (one, other)), key=len)
    return few in many


def difference(one: str, other: str) -> str:
    """Return what two texts do not share: ``-words of the first -``, ``+words of the second+``; empty where nothing differs."""
    left, right = one.split(), other.split()
    parts = []
    for tag, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if tag != "equal":
            parts += [f"-{' '.join(left[a:b])}-"] * (b > a) + [f"+{' '.join(right[c:d])}+"] * (d > c)
    return " ".join(parts)
