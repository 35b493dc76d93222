"""Days, weekdays and hours: ``Tuesday, Sept. 26``, ``last Monday``, ``6 a.m. local time on September 29``."""

from datetime import date

from kg.extract import calendar
from kg.extract.calendar import days, month_number, real_day, week, weekday_number
from kg.extract.datereadings import (
    DAY,
    INTERVAL,
    MOMENT,
    UNRESOLVED,
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
from kg.extract.datevague import leftover
from kg.extract.datewords import FEASTS, NAMED_DAYS, NEAR_DAYS, OFFSETS, STEPS, count, digits

LEAP_YEAR = 2000
NO_HOUR = ""
HALF_DAYS = (("morning", "am"), ("afternoon", "pm"), ("evening", "pm"))

# ---------------------------------------------------------------- days of the calendar


def iso(found: Found, frame: Frame) -> Resolved | None:
    """``2023-09-29``, ``2023-09-29T06:00+04:00``."""
    day = real_day(int(found["year"]), int(found["month"]), int(found["day"]))
    if day is None:
        return None
    if found["hour"] is None:
        return stated(DAY, f"{day}")
    if int(found["hour"]) > 23 or int(found["minute"]) > 59:
        return None
    return stated(MOMENT, f"{day}T{found['hour']}:{found['minute']}{(found['offset'] or '').upper()}")


def numeric(found: Found, frame: Frame) -> Resolved | None:
    """``29/09/2023``, ``9/29/2023``: read where only one order is a date, or both are the same; with points the day comes first."""
    first, second, year = int(found["first"]), int(found["second"]), int(found["year"])
    orders = {real_day(year, second, first)} | ({real_day(year, first, second)} if found["sign"] == "/" else set())
    made = [day for day in orders if day]
    if not made:
        return None
    return stated(DAY, f"{made[0]}") if len(made) == 1 else unresolved(DAY)


def calendar_day(found: Found, frame: Frame) -> Resolved | None:
    """A month and a day, with a year or a weekday where the words tell them; a weekday that contradicts leaves it unresolved."""
    month, number = month_number(found["month"]), digits(found["day"])
    if not in_some_year(month, number):
        return None
    name = found["weekday"] or found["weekday_after"]
    on = weekday_number(name) if name else None
    year = told_year(found, frame)
    if year is None:
        return _day_of_some_year(month, number, frame, on=on)
    day = real_day(year, month, number)
    if day is None:
        return None
    return in_told_year(found, DAY, f"{day}") if on in (None, day.weekday()) else unresolved(DAY)


def in_some_year(month: int, number: int) -> bool:
    """Tell whether a month may have a day of that number."""
    return real_day(LEAP_YEAR, month, number) is not None


def feast(found: Found, frame: Frame) -> Resolved | None:
    """``Boxing Day``, ``Christmas Day 2021``."""
    month, number = FEASTS[found["feast"]]
    return stated(DAY, f"{found['year']}-{month:02d}-{number:02d}") if found["year"] else _day_of_some_year(month, number, frame)


def _day_of_some_year(month: int, number: int, frame: Frame, *, on: int | None = None) -> Resolved:
    made = frame.published and calendar.day_in_year(frame.published, month, number, future=frame.future, on=on)
    return derived(DAY, f"{made}") if made else unresolved(DAY, f"XXXX-{month:02d}-{number:02d}")


def named_day(found: Found, frame: Frame) -> Resolved | None:
    """``9/11``."""
    return stated(DAY, NAMED_DAYS[found[0]])


# ---------------------------------------------------------------- days near the day of publication


def weekday(found: Found, frame: Frame) -> Resolved | None:
    """A weekday: the latest that is not after the day of publication, the next where it is to come, none where nothing tells."""
    known, number = frame.published, weekday_number(found["weekday"])
    if known is None:
        return unresolved(DAY)
    if found["which"]:
        made = _which_weekday(found["which"], known, number, frame.future)
    elif frame.future is None:
        made = known if known.weekday() == number else None
    else:
        made = calendar.weekday(known, number, ahead=frame.future)
    return derived(DAY, f"{made}") if made else unresolved(DAY)


def _which_weekday(which: str, known: date, number: int, future: bool | None) -> date | None:
    """Return ``last Monday`` and its kin; ``None`` where usage differs on which of two days is meant (one in the running week)."""
    if which.endswith("past"):
        return calendar.weekday(days(known, -1), number, ahead=False)
    if which.endswith("coming"):
        return calendar.weekday(days(known, 1), number, ahead=True)
    if which == "last":
        return days(known, number - known.weekday() - 7) if number >= known.weekday() else None
    if which == "next":
        return days(known, number - known.weekday() + 7) if number <= known.weekday() else None
    if future is None:
        return days(known, number - known.weekday()) if number >= known.weekday() else None
    made = calendar.weekday(known, number, ahead=future)
    return made if future or week(made) == week(known) else None


def weekday_of_week(found: Found, frame: Frame) -> Resolved | None:
    """``Monday of last week``."""
    if frame.published is None:
        return unresolved(DAY)
    step = STEPS[found["which"]] * 7 + weekday_number(found["weekday"]) - frame.published.weekday()
    return derived(DAY, f"{days(frame.published, step)}")


def near_day(found: Found, frame: Frame) -> Resolved | None:
    """``yesterday``, ``this morning``."""
    return derived(DAY, f"{days(frame.published, NEAR_DAYS[found['day']])}") if frame.published else unresolved(DAY)


def overnight(found: Found, frame: Frame) -> Resolved | None:
    """The night before the day of publication; where it is still to come, nothing tells which."""
    if frame.published is None or frame.future is not False:
        return unresolved(INTERVAL)
    return derived(INTERVAL, f"{days(frame.published, -1)}/{frame.published}")


def part_of_day(found: Found, frame: Frame) -> Resolved | None:
    """``Monday night``, ``the morning of September 28``: the day."""
    day = frame.read(found["rest"])
    return day if day and day.kind is DAY else leftover(found, frame)


# ---------------------------------------------------------------- hours


def clock(found: Found, frame: Frame) -> Resolved | None:
    """A time of the day; without a day nothing tells which."""
    return None if _hour(found) == NO_HOUR else unresolved(MOMENT)


def moment(found: Found, frame: Frame) -> Resolved | None:
    """``6 a.m. local time on September 29``."""
    day, hour = frame.read(found["rest"]), _hour(found)
    if day is None or day.kind is not DAY or not hour:
        return leftover(found, frame)
    return like(day, MOMENT, day.value if day.status == UNRESOLVED else f"{day.value}T{hour}{_offset(found, frame)}")


def _offset(found: Found, frame: Frame) -> str:
    """Return the offset of the zone that is named, empty where it is ambiguous, else that of the place."""
    return (frame.zone or "") if found["zone"] in (None, "local time") else OFFSETS.get(found["zone"], "")


def _hour(found: Found) -> str | None:
    """Return ``06:00``; ``NO_HOUR`` for one that no clock has, ``None`` where the half of the day is not told."""
    if found["noon"]:
        return "12:00"
    if found["military"]:
        return f"{found['military'][:2]}:{found['military'][2:]}"
    if found["hour24"]:
        return f"{int(found['hour24']):02d}:{found['minute24']}"
    told = count(found["hour"] or found["clock"])
    if told is None or not 1 <= told <= 12 or int(found["minute"] or 0) > 59:
        return NO_HOUR
    half = found["half"] or next((half for part, half in HALF_DAYS if part in found[0]), None)
    return f"{int(told) % 12 + (12 if half == 'pm' else 0):02d}:{found['minute'] or '00'}" if half else None
