"""Lengths of time, intervals between two times or from one on, and times told by their distance: ``two weeks ago``."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import MAXYEAR, MINYEAR, date
from math import ceil

from kg.extract import calendar
from kg.extract.calendar import days, month_number, month_text, months, week, weekday_number, year_text
from kg.extract.datedays import in_some_year
from kg.extract.dateperiods import stepped
from kg.extract.datereadings import (
    DERIVED,
    DURATION,
    INTERVAL,
    MOMENT,
    STATED,
    UNIT_KINDS,
    UNRESOLVED,
    YEAR,
    Found,
    Frame,
    Resolved,
    derived,
    like,
    stated,
    unresolved,
)
from kg.extract.datevague import leftover
from kg.extract.datewords import MONTH_NAME, YEAR_NUMBER, count, digits, singular

SPELLINGS = {
    "second": ("PT", "S", 1),
    "minute": ("PT", "M", 1),
    "hour": ("PT", "H", 1),
    "day": ("P", "D", 1),
    "week": ("P", "W", 1),
    "fortnight": ("P", "W", 2),
    "month": ("P", "M", 1),
    "year": ("P", "Y", 1),
    "decade": ("P", "Y", 10),
    "century": ("P", "Y", 100),
}
"""How ISO 8601 spells so many of a unit: before the number, behind it, and how many it counts one as."""
FRACTIONS = {"minute": ("PT", "S", 60), "hour": ("PT", "M", 60), "day": ("PT", "H", 24), "year": ("P", "M", 12)}
"""How it spells the fraction of one, in the next smaller unit."""
HOURS = {"hour": 1, "day": 24, "week": 168, "fortnight": 336}
YEARS = {"year": 1, "decade": 10, "century": 100}
LONG_AGO = 900
"""A larger number of units ago is a round one."""

# ---------------------------------------------------------------- lengths


def duration(found: Found, frame: Frame) -> Resolved | None:
    """``30 years``, ``a 90-minute``, ``10 days after``, ``a year and a half``: a length, never a date."""
    number = count(found["count"])
    return _lasting(number and number + (0.5 if found["more"] else 0), singular(found["unit"]))


def one_unit_long(found: Found, frame: Frame) -> Resolved | None:
    """``week-long``."""
    return _lasting(1, found["unit"])


def part_of_century(found: Found, frame: Frame) -> Resolved | None:
    """``half a century``, ``a quarter-century``."""
    return stated(DURATION, "P50Y" if found["part"] == "half" else "P25Y")


def _lasting(number: float | None, unit: str) -> Resolved:
    """Return a duration, unresolved where the fraction of a unit has no spelling."""
    if number is None or number <= 0:
        return unresolved(DURATION)
    lead, sign, size = SPELLINGS[unit]
    if number * size == int(number * size):
        return stated(DURATION, f"{lead}{int(number * size)}{sign}")
    if unit not in FRACTIONS:
        return unresolved(DURATION)
    lead, sign, size = FRACTIONS[unit]
    if unit == "year" and number > 1:
        return stated(DURATION, f"P{int(number)}Y{round(number % 1 * size)}M")
    return stated(DURATION, f"{lead}{round(number * size)}{sign}")


# ---------------------------------------------------------------- by the distance from the day of publication


def ago(found: Found, frame: Frame) -> Resolved | None:
    """``two days ago`` is a day, ``three weeks ago`` a week, ``three years ago`` a year; round or vague ones are not decided."""
    number, unit = count(found["count"]), singular(found["unit"])
    if unit not in UNIT_KINDS:
        return unresolved(MOMENT)
    if number is None or number != int(number) or number > LONG_AGO or unit in ("fortnight", "decade", "century") or found["hedge"]:
        return unresolved(UNIT_KINDS[unit])
    return stepped(unit, int(number) if found["way"] == "from now" else -int(number), frame)


def running(found: Found, frame: Frame) -> Resolved | None:
    """``the past 24 hours``, ``the next four years``: from the day of publication back, or on where it is to come."""
    ahead = found["way"] in ("next", "coming")
    if not found["count"] and (found["way"] != "past" or found["unit"].endswith("s")):
        return unresolved(INTERVAL)  # "the last week" may be the final one, "the next week" that of a tale; "past weeks" are any number
    number, known = count(found["count"] or "one"), frame.published
    if known is None or number is None or number != int(number) or number < 1 or (ahead and frame.future is False):
        return unresolved(INTERVAL)
    value = _window(known, (1 if ahead else -1) * int(number), singular(found["unit"]))
    return derived(INTERVAL, value) if value else unresolved(INTERVAL)


def _window(known: date, number: int, unit: str) -> str:
    """Return the interval between a day and so many units from it, in days, months or years.

    Empty where it is less than a day, or where a year has other than four digits.
    """
    if unit in ("second", "minute") or (unit == "hour" and abs(number) < 2):
        return ""
    if unit in HOURS:
        away = ceil(abs(number) * HOURS[unit] / 24)
        try:
            start, end = sorted((known, days(known, away if number > 0 else -away)))
        except OverflowError:
            return ""
        return f"{start}/{end}"
    if unit == "month" or (unit == "year" and abs(number) == 1):
        step = number * (12 if unit == "year" else 1)
        first, last = sorted(((known.year, known.month), months(known, step)))
        return f"{month_text(*first)}/{month_text(*last)}" if _has_years(first[0], last[0]) else ""
    low, high = sorted((known.year, known.year + number * YEARS[unit]))
    return f"{year_text(low)}/{year_text(high)}" if _has_years(low, high) else ""


def _has_years(low: int, high: int) -> bool:
    return low >= MINYEAR and high <= MAXYEAR


# ---------------------------------------------------------------- intervals that are open at one end


def since(found: Found, frame: Frame) -> Resolved | None:
    """``since December``: what it begins with has been."""
    return _half_open(replace(frame, future=False).read(found["rest"]), lambda value: f"{value.split('/')[0]}/..")


def until(found: Found, frame: Frame) -> Resolved | None:
    """``until 2025``."""
    return _half_open(frame.read(found["rest"]), lambda value: f"../{value.split('/')[-1]}")


def _half_open(edge: Resolved | None, spelt: Callable[[str], str]) -> Resolved | None:
    if edge is None or edge.kind is DURATION:
        return edge and unresolved(INTERVAL)
    return like(edge, INTERVAL, spelt(edge.value) if edge.value else "")


# ---------------------------------------------------------------- intervals between two times


def between(found: Found, frame: Frame) -> Resolved | None:
    """Any two times: ``January 23 to March 9, 2014``, ``June to August``, ``between 2014 and last year``."""
    first, second = found["first"], found["second"]
    end, year = frame.read(second), re.search(rf"{YEAR_NUMBER}$", second)
    if year and re.match(MONTH_NAME, first) and not re.search(YEAR_NUMBER, first):
        starts = [frame.read(f"{first} {told}") for told in (int(year[0]), int(year[0]) - 1)]
        start = next((made for made in starts if made and end and made.value <= end.value), None)
    else:
        start = frame.read(first)
    return leftover(found, frame) if start is None or end is None else _joined(start, end)


def years(found: Found, frame: Frame) -> Resolved | None:
    """``1992 to 1994``, ``1939-45``; ``2010-12`` may be a month and ``2021/22`` a season."""
    first, second, sign = found["first"], found["second"], found["sign"].strip()
    if len(second) == 2:
        if sign == "/" or (sign == "-" and int(second) <= 12):
            return unresolved(INTERVAL)
        second = first[:2] + second
    return _joined(stated(YEAR, first), stated(YEAR, second))


def days_of_month(found: Found, frame: Frame) -> Resolved | None:
    """``September 16-19``, ``28-30 September 2023``: the last of them decides the year."""
    last = frame.read(f"{found['month']} {found['second']} {found['year'] or ''}".rstrip())
    first = digits(found["first"])
    if last is None or not in_some_year(month_number(found["month"]), first):
        return None
    if first > int(last.value[-2:]):
        return unresolved(INTERVAL)
    return like(last, INTERVAL, f"{last.value[:-2]}{first:02d}/{last.value}")


def weekdays(found: Found, frame: Frame) -> Resolved | None:
    """``Monday to Friday``: the latest that is over, the next where it is to come."""
    known, low, high = frame.published, weekday_number(found["first"]), weekday_number(found["second"])
    if known is None or low == high:
        return unresolved(INTERVAL)
    length = (high - low) % 7
    if frame.future:
        start = calendar.weekday(known, low, ahead=True)
    else:
        start = days(calendar.weekday(known, high, ahead=False), -length)
        if frame.future is None and week(start) != week(known):
            return unresolved(INTERVAL)
    return derived(INTERVAL, f"{start}/{days(start, length)}")


def _joined(first: Resolved, last: Resolved) -> Resolved:
    """Return the interval from the beginning of one to the end of the other; unresolved where one is, or where they run backward."""
    low, high = first.value.split("/")[0], last.value.split("/")[-1]
    worst = max((first, last), key=lambda reading: (STATED, DERIVED, UNRESOLVED).index(reading.status))
    if not low or not high or DURATION in (first.kind, last.kind) or (worst.status != UNRESOLVED and low > high):
        return unresolved(INTERVAL)
    return like(worst, INTERVAL, f"{low}/{high}")
