"""Readings of expressions of time: what one means, what it is read against, and the few ways to make one.

A rule takes the words that its pattern found and the frame around them. ``None`` says that the words tell no time.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from re import Match

from kg.extract.datewords import STEPS
from kg.records import TimeKind

STATED, DERIVED, UNRESOLVED = "stated", "derived", "unresolved"
PUBLISHED = "published"

DAY, WEEK, MONTH, YEAR = TimeKind.DAY, TimeKind.WEEK, TimeKind.MONTH, TimeKind.YEAR
INTERVAL, DURATION, MOMENT = TimeKind.INTERVAL, TimeKind.DURATION, TimeKind.MOMENT
UNIT_KINDS = {"day": DAY, "week": WEEK, "fortnight": WEEK, "month": MONTH, "year": YEAR, "decade": INTERVAL, "century": INTERVAL}


@dataclass(frozen=True, slots=True)
class Resolved:
    """What an expression means; the fields of ``Time`` but the span."""

    kind: TimeKind
    value: str
    status: str
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """What an expression is read against.

    Attributes:
        published: The day of publication.
        future: Whether the text tells of what is to come; ``None`` where nothing tells.
        zone: The place's offset from UTC.
        grammar: Reads an expression within the expression.
    """

    published: date | None
    future: bool | None
    zone: str | None
    grammar: "Callable[[str, Frame], Resolved | None]"

    def read(self, words: str) -> Resolved | None:
        """Return what a part of the expression means."""
        return self.grammar(words, self)


Found = Match[str]
Rule = Callable[[Found, Frame], Resolved | None]


def stated(kind: TimeKind, value: str) -> Resolved:
    """Return a value that the words tell."""
    return Resolved(kind, value, STATED)


def derived(kind: TimeKind, value: str) -> Resolved:
    """Return a value that the day of publication helped to."""
    return Resolved(kind, value, DERIVED, PUBLISHED)


def unresolved(kind: TimeKind, value: str = "") -> Resolved:
    """Return a time that is left open, its year or all of it."""
    return Resolved(kind, value, UNRESOLVED)


def like(reading: Resolved, kind: TimeKind, value: str) -> Resolved:
    """Return another value that is known as well as this one."""
    return replace(reading, kind=kind, value=value)


def told_year(found: Found, frame: Frame) -> int | None:
    """Return the year that is told in figures (``year``) or as ``last year`` (``relative``)."""
    if found["year"]:
        return int(found["year"])
    return frame.published.year + STEPS[found["relative"]] if found["relative"] and frame.published else None


def in_told_year(found: Found, kind: TimeKind, value: str) -> Resolved:
    """Return a value within the told year: stated with a year in figures, derived with ``last year``."""
    return (stated if found["year"] else derived)(kind, value)
