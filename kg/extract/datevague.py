"""Expressions whose words tell what kind of time is meant, but not which; and those that tell none."""

import re

from kg.extract.datereadings import DAY, DURATION, INTERVAL, MOMENT, MONTH, UNIT_KINDS, WEEK, YEAR, Found, Frame, Resolved, unresolved
from kg.extract.datewords import MONTH_NAME, SEASON_NAME, WEEKDAY_NAME, YEAR_NUMBER

HINTS = (
    (r"\b\d{1,2}(?::\d\d)? ?[ap]m\b|\bo'clock\b|\b(?:noon|midnight|hours? ago)\b", MOMENT),
    (rf"\b(?:{WEEKDAY_NAME}|day|days ago|yesterday|today|tomorrow|tonight|christmas|easter|thanksgiving|eid)\b", DAY),
    (r"\b(?:week|weeks ago)\b", WEEK),
    (r"\b(?:month|months ago)\b", MONTH),
    (rf"\b(?:{SEASON_NAME}|weekend|quarter|half|decade|century|ramadan|lent|hanukkah|passover)\b", INTERVAL),
    (r"\b(?:seconds|minutes?|hours?|days|weeks|months|years|decades|centuries)\b(?! ago)", DURATION),
    (rf"\b(?:{YEAR_NUMBER}|year|years ago)\b", YEAR),
    (rf"\b{MONTH_NAME}\b", MONTH),
)
"""The smallest unit first."""
LEFTOVER = tuple((re.compile(pattern, re.ASCII), kind) for pattern, kind in HINTS)


def leftover(found: Found, frame: Frame) -> Resolved | None:
    """What no rule reads: unresolved, as the smallest time that its words name."""
    return next((unresolved(kind) for pattern, kind in LEFTOVER if pattern.search(found[0])), None)


def told_before(found: Found, frame: Frame) -> Resolved | None:
    """``that day``, ``the following week``: told by what came before."""
    return unresolved(UNIT_KINDS.get(found["unit"], DAY))  # "that night" is a day's


def vague_length(found: Found, frame: Frame) -> Resolved | None:
    """``several days``, ``two to three weeks``."""
    return unresolved(DURATION)


def vague_interval(found: Found, frame: Frame) -> Resolved | None:
    """``recent weeks``, ``the coming years``."""
    return unresolved(INTERVAL)


def no_time(found: Found, frame: Frame) -> Resolved | None:
    """``daily``, ``84 years old``: how often, how old."""
    return None
