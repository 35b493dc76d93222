"""How figures and counts are worded."""

import re

from kg.records import Span
from kg.report import Claim
from kg.report.blocks import clipped

BOUNDED_BELOW = frozenset({"more than", "at least", "over"})
BOUNDED_ABOVE = frozenset({"less than", "at most"})
"""Modifiers that leave one end open."""

BASES = {"text": "", "said": " (day of the statement)", "published": " (day of the article)"}
"""How a report says where the time of a figure comes from."""


def number(value: float) -> str:
    """Return a number with separators and at most two decimals."""
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def brief(value: float) -> str:
    """Return a number in few letters, rounded: ``23 m``, ``1.25 bn``."""
    for size, word in ((1e12, "tn"), (1e9, "bn"), (1e6, "m")):
        if value >= size:
            return f"{number(value / size)} {word}"
    return number(value)


def valued(claim: Claim, *, short: bool = False) -> str:
    """Return a figure with its modifier: ``over 78,300``, ``20,000 or more``, ``300 to 400``, ``more than 65 %``, ``USD 11,500,000``.

    Args:
        claim: The figure.
        short: Round what is over a million, for where there is little room.
    """
    told = brief if short else number
    if claim.value is not None:
        words = told(claim.value)
    elif claim.low is not None and claim.high is not None:
        words = f"{told(claim.low)} to {told(claim.high)}"
    elif claim.low is not None:
        words = f"{told(claim.low)} or more"
    else:
        words = f"at most {told(claim.high or 0.0)}"
    if claim.unit == "percent":
        words = f"{words} %"
    elif re.fullmatch("[A-Z]{3}", claim.unit):
        words = f"{claim.unit} {words}"
    return words if claim.modifier == "exact" else f"{clipped(claim.modifier, 20)} {words}"


def characters(spans: tuple[Span, ...]) -> str:
    """Return where something stands: ``2064–2163``; over several stretches from the first to the last character."""
    return f"{spans[0].start}–{spans[-1].end}"


def several(count: int, one: str, many: str = "") -> str:
    """Return a count with its noun."""
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"


def listed(names: list[str], most: int = 3) -> str:
    """Return names as a list in words: ``A, B and 4 more``."""
    if len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most:,} more"
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
