"""Calendar arithmetic for what news tells of times: pure, on ``datetime.date``, every value in the spelling of EDTF level 1.

Weeks begin on Monday (ISO 8601). Nothing here knows words beyond the names of months and weekdays.
"""

from collections.abc import Iterator
from datetime import date, timedelta

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SEASONS = {"spring": 21, "summer": 22, "autumn": 23, "fall": 23, "winter": 24}
"""The codes of EDTF level 1, which leave the hemisphere open."""

PAST, COMING = 300, 183
"""Within how many days back, and ahead, a writer leaves the year out; farther off it is told, or ``last`` and ``next`` are."""
NEAR = 92
"""Within how many days a day or month without a year is the nearest one, where no tense tells the direction."""


def month_number(name: str) -> int:
    """Return 1 to 12 for a month's name or abbreviation."""
    return MONTHS.index(name[:3].lower()) + 1


def weekday_number(name: str) -> int:
    """Return 0 (Monday) to 6 for a weekday's name or abbreviation."""
    return WEEKDAYS.index(name[:3].lower())


def real_day(year: int, month: int, day: int) -> date | None:
    """Return a date, ``None`` if the calendar has no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def days(day: date, number: int) -> date:
    """Return the day so many days later."""
    return day + timedelta(days=number)


def months(day: date, number: int) -> tuple[int, int]:
    """Return (year, month) so many months later."""
    year, month = divmod(day.year * 12 + day.month - 1 + number, 12)
    return year, month + 1


def year_text(year: int) -> str:
    """Return a year as EDTF spells it: ``2023``; ``-0043`` for 44 BC (the year 0 is 1 BC)."""
    return f"{year:04d}" if year >= 0 else f"-{-year:04d}"


def month_text(year: int, month: int) -> str:
    """Return ``2023-09``."""
    return f"{year_text(year)}-{month:02d}"


def week(day: date) -> str:
    """Return Monday and Sunday of the day's week."""
    monday = days(day, -day.weekday())
    return f"{monday}/{days(monday, 6)}"


def weekday(known: date, number: int, *, ahead: bool) -> date:
    """Return the nearest day with that weekday: not before ``known`` where it lies ahead, else not after it."""
    return days(known, (number - known.weekday()) % 7) if ahead else days(known, -((known.weekday() - number) % 7))


def day_in_year(known: date, month: int, day: int, *, future: bool | None, on: int | None = None) -> date | None:
    """Return the day that a month and day without a year mean in a text of the day ``known``.

    Args:
        known: When the text was published.
        month: As told, 1 to 12.
        day: As told.
        future: It is still to come; ``False``: it has been; ``None``: nothing tells, so the nearest is meant.
        on: The weekday that is told beside it (0 is Monday), which must agree.

    Returns:
        ``None`` where it would lie farther off than a writer leaves the year out, or where the weekday contradicts.
    """
    around = sorted(_same_day(known, month, day), key=lambda made: (abs((made - known).days), made))
    if future is not None:
        around = [made for made in around if (made >= known if future else made <= known)]
    limit = NEAR if future is None else COMING if future else PAST
    near = [made for made in around if abs((made - known).days) <= limit]
    return near[0] if near and on in (None, near[0].weekday()) else None


def _same_day(known: date, month: int, day: int) -> Iterator[date]:
    for year in (known.year - 1, known.year, known.year + 1):
        if made := real_day(year, month, day):
            yield made


def month_in_year(known: date, month: int, *, future: bool | None) -> tuple[int, int] | None:
    """Return (year, month) that a month without a year means, by the same rule as ``day_in_year``; this month counts both ways."""
    back = (known.month - month) % 12
    ahead = (month - known.month) % 12
    if future is None:
        return months(known, -back) if back <= NEAR // 30 else None
    if future:
        return months(known, ahead) if ahead <= COMING // 30 else None
    return months(known, -back) if back <= PAST // 30 else None
