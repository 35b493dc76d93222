"""Days and periods as EDTF writes them, and which statements lie in one."""

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from kg.errors import QueryError
from kg.records import Overview, Said

_FORM = re.compile("([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


class PeriodError(QueryError):
    """A text that is no day, month, year or interval."""


@dataclass(frozen=True, slots=True)
class Period:
    """Days from the first to the last, both of them in it."""

    first: date = date.min
    last: date = date.max

    def covers(self, other: "Period") -> bool:
        """Tell whether ``other`` lies wholly in it."""
        return self.first <= other.first and other.last <= self.last


def period(text: str) -> Period:
    """Return the period of a text in EDTF: ``2023-09-24``, ``2023-09``, ``2023``, ``2023-09-01/2023-09-20``, ``../2023``, ``2023/..``.

    Raises:
        PeriodError: It is none, or it ends before it begins.
    """
    begin, slash, end = text.strip().partition("/")
    try:
        first = Period() if slash and begin == ".." else _days(begin)
        last = first if not slash else Period() if end == ".." else _days(end)
    except ValueError:
        form = "Write a day (2023-09-24), month (2023-09) or year (2023), or two of them with a slash between: 2023-09-01/2023-09-20."
        raise PeriodError(f"{text!r} is no day and no period", form) from None
    if last.last < first.first:
        raise PeriodError(f"{text!r} ends before it begins", "Write the earlier day first.")
    return Period(first.first, last.last)


def _days(text: str) -> Period:
    """Return a day, month or year as a period. Raises ``ValueError``."""
    found = _FORM.fullmatch(text)
    if found is None:
        raise ValueError(text)
    year, month, day = int(found[1]), found[2], found[3]
    if day:
        only = date(year, int(month), int(day))
        return Period(only, only)
    first, last = (int(month), int(month)) if month else (1, 12)
    return Period(date(year, first, 1), date(year, last, monthrange(year, last)[1]))


def spoken(said: Said, published: Mapping[str, str | None]) -> Period | None:
    """Return when a statement was made: on its own date, else on the day of its article (IRI → date); ``None`` where neither tells."""
    for text in (said.date, (published.get(said.article) or "")[:10]):
        try:
            return _days(text or "")
        except ValueError:
            continue
    return None


def published(overview: Overview) -> dict[str, str | None]:
    """Return the IRI of each article → its date."""
    return {article.iri: article.date for article in overview.articles}


def during(overview: Overview, chosen: Period) -> Overview:
    """Return the overview with those statements alone that were made in a period: all days that they may be of must lie in it."""
    days = published(overview)
    made = ((said, spoken(said, days)) for said in overview.statements)
    return replace(overview, statements=tuple(said for said, when in made if when is not None and chosen.covers(when)))


def undated(overview: Overview) -> int:
    """Return how many statements neither have a date nor stand in an article that has one."""
    days = published(overview)
    return sum(spoken(said, days) is None for said in overview.statements)
