"""Periods of the calendar: weeks and weekends, months, seasons, years and their parts, decades, centuries."""

from datetime import date

from kg.extract.calendar import SEASONS, days, month_in_year, month_number, month_text, months, week, year_text
from kg.extract.datereadings import (
    DAY,
    INTERVAL,
    MONTH,
    UNIT_KINDS,
    UNRESOLVED,
    WEEK,
    YEAR,
    Found,
    Frame,
    Resolved,
    derived,
    in_told_year,
    like,
    stated,
    told_year,
    unresolved,
)
from kg.extract.datewords import DECADES, ORDINALS, STEPS, count

WINTER = SEASONS["winter"]

# ---------------------------------------------------------------- by the unit


def relative_unit(found: Found, frame: Frame) -> Resolved | None:
    """``last week``, ``this month``, ``next year``."""
    return stepped(found["unit"], STEPS[found["which"]], frame)


def end_of_unit(found: Found, frame: Frame) -> Resolved | None:
    """``by the end of the year``: the running one where it is to come; in a tale of the past nothing tells which year."""
    unit = found["unit"]
    return stepped(unit, 0, frame) if frame.future and unit != "day" else unresolved(UNIT_KINDS[unit])


def stepped(unit: str, step: int, frame: Frame) -> Resolved:
    """Return the unit of the calendar, ``day`` to ``century``, so many units from that of the day of publication."""
    kind, known = UNIT_KINDS[unit], frame.published
    if known is None:
        return unresolved(kind)
    match unit:
        case "day":
            value = f"{days(known, step)}"
        case "week":
            value = week(days(known, step * 7))
        case "month":
            value = month_text(*months(known, step))
        case "year":
            value = year_text(known.year + step)
        case "decade":
            value = _years((known.year // 10 + step) * 10, 10)
        case _:
            value = _years(((known.year - 1) // 100 + step) * 100 + 1, 100)
    return derived(kind, value)


def _years(first: int, number: int) -> str:
    """Return the interval of so many years."""
    return f"{year_text(first)}/{year_text(first + number - 1)}"


# ---------------------------------------------------------------- weeks


def weekend(found: Found, frame: Frame) -> Resolved | None:
    """Saturday and Sunday; where neither tense nor weekday tells which weekend, none."""
    known, which = frame.published, found["which"]
    if known is None:
        return unresolved(INTERVAL)
    saturday = days(known, 5 - known.weekday())
    if which.endswith("past") or which == "last":
        made = days(saturday, -7) if known.weekday() < 5 or which == "last" else None
    elif which == "next":
        made = None  # the coming one, or the one behind it
    elif frame.future or known.weekday() >= 5 or (which.startswith("this") and known.weekday() == 4) or which.endswith("coming"):
        made = saturday
    else:
        made = days(saturday, -7) if known.weekday() < 2 and frame.future is False else None
    return derived(INTERVAL, f"{made}/{days(made, 1)}") if made else unresolved(INTERVAL)


def week_of(found: Found, frame: Frame) -> Resolved | None:
    """``the week of September 25``: the week that holds the day."""
    day = frame.read(found["rest"])
    if day is None or day.kind is not DAY or day.status == UNRESOLVED:
        return unresolved(WEEK)
    return like(day, WEEK, week(date.fromisoformat(day.value)))


# ---------------------------------------------------------------- months


def month(found: Found, frame: Frame) -> Resolved | None:
    """A month alone, or ``last``, ``this``, ``next``."""
    number, known = month_number(found["month"]), frame.published
    made = _which_month(found["which"], known, number, frame.future) if known else None
    return derived(MONTH, month_text(*made)) if made else unresolved(MONTH, f"XXXX-{number:02d}")


def _which_month(which: str | None, known: date, number: int, future: bool | None) -> tuple[int, int] | None:
    """Return (year, month); ``last July`` in September and ``next July`` in June may be two months each, so neither is decided."""
    if which is None:
        return month_in_year(known, number, future=future)
    if which == "last":
        return (known.year - 1, number) if number >= known.month else None
    if which == "next":
        return (known.year + 1, number) if number <= known.month else None
    if which == "this":
        return known.year, number
    back, ahead = (known.month - number - 1) % 12 + 1, (number - known.month - 1) % 12 + 1
    return months(known, -back if which.endswith("past") else ahead)


def month_of_year(found: Found, frame: Frame) -> Resolved | None:
    """``March 2019``, ``March of next year``."""
    number, year = month_number(found["month"]), told_year(found, frame)
    return unresolved(MONTH, f"XXXX-{number:02d}") if year is None else in_told_year(found, MONTH, month_text(year, number))


# ---------------------------------------------------------------- years and their parts


def year_alone(found: Found, frame: Frame) -> Resolved | None:
    """``2020``."""
    return stated(YEAR, found["year"])


def year_before_christ(found: Found, frame: Frame) -> Resolved | None:
    """``44 BC``; there is no year 0."""
    year = int(found["year"])
    return stated(YEAR, year_text(1 - year)) if year else None


def year_after_christ(found: Found, frame: Frame) -> Resolved | None:
    """``AD 79``."""
    year = int(found["year"])
    return stated(YEAR, year_text(year)) if year else None


def season(found: Found, frame: Frame) -> Resolved | None:
    """A season alone, or ``last``, ``this``, ``next``; winter, and any in winter, may begin in either year."""
    code, known = SEASONS[found["season"]], frame.published
    if known is None or code == WINTER or known.month in (1, 2, 12):
        return unresolved(INTERVAL)
    starts, over = code * 3 - 60, code * 3 - 57  # spring begins in March and is over in June
    year = {
        "last": known.year - 1 if known.month < starts else None,  # in autumn it may be either of two
        "this": known.year,
        "next": known.year + 1 if known.month >= over else None,
    }.get(found["which"])
    return derived(INTERVAL, f"{year_text(year)}-{code}") if year else unresolved(INTERVAL)


def season_of_year(found: Found, frame: Frame) -> Resolved | None:
    """``the summer of 2020``, which has a code of its own."""
    year = told_year(found, frame)
    return unresolved(INTERVAL) if year is None else in_told_year(found, INTERVAL, f"{year_text(year)}-{SEASONS[found['season']]}")


def part_of_year(found: Found, frame: Frame) -> Resolved | None:
    """``the third quarter of 2023``, ``the first half of last year``; alone, a quarter or half may be a game's."""
    size = 3 if found["part"] in ("quarter", "q") else 6
    told = found["number"]
    number = int(told) if told.isdigit() else ORDINALS.get(told, 12 // size)  # "last", "final"
    return _months_of_told_year(found, frame, number * size - size + 1, number * size)


def months_of_year(found: Found, frame: Frame) -> Resolved | None:
    """``the first nine months of 2023``."""
    number = int(count(found["months"]) or 0)
    if not 1 <= number <= 12:
        return unresolved(INTERVAL)
    return _months_of_told_year(found, frame, *((1, number) if found["end"] == "first" else (13 - number, 12)))


def _months_of_told_year(found: Found, frame: Frame, first: int, last: int) -> Resolved:
    year = told_year(found, frame)
    return unresolved(INTERVAL) if year is None else in_told_year(found, INTERVAL, f"{month_text(year, first)}/{month_text(year, last)}")


# ---------------------------------------------------------------- decades and centuries


def decade(found: Found, frame: Frame) -> Resolved | None:
    """``the 1990s``; ``the 1800s`` is a century, and ``the 1900s`` may be either."""
    first = int(found["year"])
    if first % 100 or first == 2000:
        return stated(INTERVAL, _years(first, 10))
    return stated(INTERVAL, _years(first, 100)) if first < 1900 else unresolved(INTERVAL)


def short_decade(found: Found, frame: Frame) -> Resolved | None:
    """``the '80s``, ``the sixties``: the latest that was over when the text was published, if no other comes near."""
    if frame.published is None:
        return unresolved(INTERVAL)
    tens = int(found["tens"]) if found["tens"] else DECADES[found["word"]]
    back = (frame.published.year - tens) % 100
    return derived(INTERVAL, _years(frame.published.year - back, 10)) if 10 <= back < 80 else unresolved(INTERVAL)


def century(found: Found, frame: Frame) -> Resolved | None:
    """``the 19th century``, ``the fifth century BC``."""
    number = int(found["number"]) if found["number"] else ORDINALS[found["word"]]
    if not 1 <= number <= 22:
        return None
    return stated(INTERVAL, _years(1 - number * 100 if found["bc"] else number * 100 - 99, 100))
