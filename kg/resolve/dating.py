"""Years that an undated article leaves out, told by the dated articles of the collection that speak of the same.

An article without a date that says "September 29" tells a day of no year. Where other articles have a date, name the same people, places
and bodies, and all of them put that day in one year, the year is theirs. Nothing else is dated so, and the time says on what it rests.
"""

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import replace
from datetime import date

from kg.records import Extraction, Statement, Time, TimeKind
from kg.resolve.subjects import label

SHARED = 5
"""How many names a dated article must share with an undated one to tell its year."""
NEAR = 60
"""Days between the told day and the nearest of these articles, at most."""
UNKNOWN = "XXXX"


def is_open(extraction: Extraction) -> bool:
    """Tell whether an undated article tells a day of no year."""
    return not extraction.document.date and any(time.value.startswith(UNKNOWN) for time in extraction.times)


def matter(extraction: Extraction) -> frozenset[str]:
    """Return what an article speaks of: the people, places and bodies that it names."""
    return frozenset(filter(None, map(label, extraction.chains)))


def of_one_matter(one: Set[str], other: Set[str]) -> bool:
    """Tell whether two articles share so many names that one tells the year of the other."""
    return len(one & other) >= SHARED


def dated(extraction: Extraction, days: Sequence[date]) -> Extraction:
    """Return an open extraction in which days of no year have the year on which the dated articles of the same matter agree.

    Args:
        extraction: Of an article without a date.
        days: Of the dated articles of the same matter.
    """
    times = tuple(_with_year(time, days) for time in extraction.times)
    told = [time for time in times if time.basis == "collection"]
    return replace(extraction, times=times, statements=tuple(_on_its_day(extraction, said, told) for said in extraction.statements))


def _on_its_day(extraction: Extraction, said: Statement, told: Sequence[Time]) -> Statement:
    """Return a statement with the day on which it was said, where only its year was missing and one such day stands in its line."""
    if said.date_status != "unresolved":
        return said
    text, first = extraction.document.text, min(span.start for span in (*said.source, *said.cue, *said.content))
    start, end = text.rfind("\n", 0, first) + 1, text.find("\n", first)
    near = {
        time.value
        for time in told
        if start <= time.span.start and (end < 0 or time.span.end <= end) and not any(span.covers(time.span) for span in said.content)
    }
    return replace(said, date=near.pop(), date_status="derived") if len(near) == 1 else said


def _with_year(time: Time, days: Sequence[date]) -> Time:
    if time.kind not in (TimeKind.DAY, TimeKind.MOMENT) or not re.fullmatch(rf"{UNKNOWN}-\d\d-\d\d", time.value):
        return time
    years = {nearest.year for day in days if (nearest := min(_in_years(time.value, day), key=lambda d: abs(d - day), default=None))}
    near = [d for day in days for d in _in_years(time.value, day) if abs((d - day).days) <= NEAR]
    if len(years) != 1 or not near:
        return time
    return replace(
        time, kind=TimeKind.DAY, value=f"{years.pop():04}{time.value.removeprefix(UNKNOWN)}", status="derived", basis="collection"
    )


def _in_years(value: str, day: date) -> Iterator[date]:
    """Yield the told day in the years around another day, where the calendar has it."""
    for year in (day.year - 1, day.year, day.year + 1):
        try:
            yield date.fromisoformat(f"{year:04}{value.removeprefix(UNKNOWN)}")
        except ValueError:
            continue
