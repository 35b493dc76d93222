"""What an expression of time means: ``late Thursday``, ``since December``, ``6 a.m. local time on September 29``, ``three decades``.

A grammar of whole expressions. The first rule whose pattern is the whole expression decides; what no rule reads whole stays unresolved,
so that a modifier nobody thought of never leaves a wrong date behind. Values are spelt as EDTF level 1 (ISO 8601-2) spells them; a part
of a day, month or year (``early``, ``the night of``) keeps the value of the whole, and a hedge (``about``) stays with the words.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from kg.extract import calendar
from kg.extract.calendar import SEASONS, days, month_text, months, real_day, week, year_text
from kg.records import TimeKind

STATED, DERIVED, UNRESOLVED = "stated", "derived", "unresolved"
PUBLISHED = "published"


@dataclass(frozen=True, slots=True)
class Resolved:
    """What an expression means; the fields of ``Time`` but the span."""

    kind: TimeKind
    value: str
    status: str
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """What an expression is read against: the day of publication, the tense, the place's offset from UTC."""

    published: date | None
    future: bool | None
    zone: str | None


DAY, WEEK, MONTH, YEAR = TimeKind.DAY, TimeKind.WEEK, TimeKind.MONTH, TimeKind.YEAR
INTERVAL, DURATION, MOMENT = TimeKind.INTERVAL, TimeKind.DURATION, TimeKind.MOMENT

Found = re.Match[str]
Rule = Callable[[Found, Frame], Resolved | None]

# ---------------------------------------------------------------- words

NUMBERS = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
        " twenty".split()
    )
}
TENS = {word: number for number, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)}
ORDINALS = {word: number for number, word in enumerate("first second third fourth fifth sixth seventh eighth ninth tenth".split(), start=1)}
ORDINALS |= {word: number for number, word in enumerate("eleventh twelfth thirteenth fourteenth fifteenth sixteenth".split(), start=11)}
ORDINALS |= {word: number for number, word in enumerate("seventeenth eighteenth nineteenth twentieth twenty-first".split(), start=17)}
FEASTS = {
    "christmas day": (12, 25),
    "christmas eve": (12, 24),
    "boxing day": (12, 26),
    "new year's day": (1, 1),
    "new year's eve": (12, 31),
    "valentine's day": (2, 14),
    "halloween": (10, 31),
    "the fourth of july": (7, 4),
    "july fourth": (7, 4),
}
"""Feasts that fall on the same day of every year."""
NAMED_DAYS = {"9/11": "2001-09-11"}
"""Days known by a number alone."""
OFFSETS = {"gmt": "Z", "utc": "Z", "z": "Z", "cet": "+01:00", "cest": "+02:00", "msk": "+03:00", "jst": "+09:00", "hkt": "+08:00"}
OFFSETS |= {"est": "-05:00", "edt": "-04:00", "mdt": "-06:00", "cdt": "-05:00", "pst": "-08:00", "pdt": "-07:00", "aest": "+10:00"}
"""Abbreviations of zones that one zone alone goes by in news (IANA tz database); BST, IST and CST are several zones'."""

MONTH_NAME = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?"
    r"|dec(?:ember)?)"
)
WEEKDAY_NAME = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
WEEKDAY_SHORT = rf"(?:{WEEKDAY_NAME}|mon|tues?|wed|thu(?:rs?)?|fri|sat|sun)"
SEASON_NAME = r"(?:spring|summer|autumn|fall|winter)"
DAY_NUMBER = r"(?:[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?"
YEAR_NUMBER = r"(?:1\d{3}|2[01]\d{2})"
COUNT_WORD = rf"(?:(?:{'|'.join(TENS)})(?:[- ](?:{'|'.join(list(NUMBERS)[1:10])}))?|{'|'.join(NUMBERS)})"
COUNT = rf"(?:(?:{COUNT_WORD}|\d{{1,3}},\d{{3}}|\d{{1,4}}(?:\.\d)?|an?|half an?|half)(?: and a half)?(?: (?:hundred|thousand|dozen))?)"
MANY = (
    r"(?:several|a few|few|many|some|(?:a )?couple(?: of)?|(?:dozens|scores|tens|hundreds|thousands) of|multiple|countless|numerous|various"
    r"|a (?:number|handful|period|matter) of|more|most|just|only|long|for)"
)
VAGUE = (
    r"(?:recent|these|those|early|final|closing|opening|coming|past|last|next|previous|following|ensuing|first|the|few|several|couple of?"
    r"|many)"
)
AFTER = r"(?:earlier|later|before|after|afterwards?|prior|previously|on)"
SIZES = {
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
HALVES = {"minute": ("PT", "S", 60), "hour": ("PT", "M", 60), "day": ("PT", "H", 24), "year": ("P", "M", 12)}
"""In what the fraction of a unit is counted."""
UNIT = r"(?:seconds?|minutes?|hours?|days?|weeks?|fortnights?|months?|years?|decades?|century|centuries)"
PART = r"(?:(?:early|late|mid)[- ])?(?:morning|afternoon|evening|night|midday|lunchtime|dawn)"
HEDGE = (
    r"(?:about|around|some|nearly|almost|roughly|approximately|(?:much |well )?(?:more|less|fewer|longer) than"
    r"|(?:just |well )?(?:over|under)|at (?:the )?(?:least|most|very least)|up to|as (?:long|little|many|much|few) as|just|only|barely"
    r"|exactly|another|close to|not quite|a (?:further|full|good|mere|whole|total of)|an (?:additional|extra|entire)"
    r"|the (?:full|whole|additional|extra)|a)"
)
EDGE = (
    r"(?:(?:very )?(?:early|late|earlier|later)(?: in| on)?|mid|mid[- ]to[- ]late|early[- ]to[- ]mid|sometime|end|year|month of"
    r"|calendar(?: year)?)"
)
END = r"(?:(?:the )?(?:very )?(?:end|close|beginning|start|middle|early (?:part|days|weeks|months)|latter part|first days|last days) of)"
CLOCK = (
    r"(?:(?P<hour>\d{1,2})(?:[:.](?P<minute>\d\d))? ?(?P<half>[ap]m)|(?P<noon>noon|midday)|(?P<hour24>[01]?\d|2[0-3]):(?P<minute24>[0-5]\d)"
    r"|(?P<military>(?:[01]\d|2[0-3])[0-5]\d)(?= (?:gmt|utc|hours))|(?P<clock>\d{1,2}|[a-z]+) o'clock)(?: hours)?"
    r"(?: in the (?:morning|afternoon|evening))?"
    rf"(?:,? \(?(?P<zone>{'|'.join(OFFSETS)}|et|ct|mt|pt|bst|ist|cst|eastern|central|pacific|(?:[a-z]+ ){{1,3}}time)\)?)?"
)
"""An hour with its zone. Midnight is none: nothing tells which of two days it belongs to."""
PREPOSITION = (
    r"(?:on|in|at|by|during|of|for|from|within|over|throughout|as of|as from|starting|beginning|effective|back in|dated|just|only|even)"
)


def count(words: str) -> float | None:
    """Return the number that words or digits tell: ``10``, ``twenty-one``, ``a``, ``half an``, ``two and a half``; ``None`` for others."""
    rest, half = words.replace(",", "").removesuffix(" and a half"), 0.5 if words.endswith(" and a half") else 0.0
    times = 1
    for name, size in ((" hundred", 100), (" thousand", 1000), (" dozen", 12)):
        if rest.endswith(name):
            rest, times = rest.removesuffix(name), size
    if rest.startswith("half"):
        return 0.5 * times
    if rest in ("a", "an"):
        return times + half
    if re.fullmatch(r"\d{1,4}(\.\d)?", rest):
        return float(rest) * times + half
    tens, _, ones = rest.replace("-", " ").partition(" ")
    if tens in TENS:
        return (TENS[tens] * 10 + (NUMBERS[ones] if ones else 0)) * times + half
    return NUMBERS[rest] * times + half if rest in NUMBERS else None


def _unit(words: str) -> str:
    """Return a unit's singular."""
    return "century" if words.startswith("centur") else words.removesuffix("s")


# ---------------------------------------------------------------- results


def _stated(kind: TimeKind, value: str) -> Resolved:
    return Resolved(kind, value, STATED)


def _derived(kind: TimeKind, value: str) -> Resolved:
    return Resolved(kind, value, DERIVED, PUBLISHED)


def _open(kind: TimeKind, value: str = "") -> Resolved:
    return Resolved(kind, value, UNRESOLVED)


def _like(found: Resolved, kind: TimeKind, value: str) -> Resolved:
    """Return another value that is known as well as ``found`` is."""
    return replace(found, kind=kind, value=value)


def _joined(first: Resolved, last: Resolved) -> Resolved:
    """Return the interval from the beginning of one to the end of the other; unresolved where one is, or where they run backward."""
    low, high = first.value.split("/")[0], last.value.split("/")[-1]
    worst = max((first, last), key=lambda found: (STATED, DERIVED, UNRESOLVED).index(found.status))
    if not low or not high or DURATION in (first.kind, last.kind) or (worst.status != UNRESOLVED and low > high):
        return _open(INTERVAL)
    return _like(worst, INTERVAL, f"{low}/{high}")


# ---------------------------------------------------------------- days


def _iso(found: Found, frame: Frame) -> Resolved | None:
    day = real_day(*(int(found[name]) for name in ("year", "month", "day")))
    if day is None:
        return None
    if found["hour"] is None:
        return _stated(DAY, f"{day}")
    if int(found["hour"]) > 23 or int(found["minute"]) > 59:
        return None
    return _stated(MOMENT, f"{day}T{found['hour']}:{found['minute']}{(found['offset'] or '').upper()}")


def _numeric(found: Found, frame: Frame) -> Resolved | None:
    """``29/09/2023``, ``9/29/2023``: read where only one order is a date, or both are the same; with points the day comes first."""
    first, second, year = int(found["first"]), int(found["second"]), int(found["year"])
    orders = {real_day(year, second, first)} | ({real_day(year, first, second)} if found["sign"] == "/" else set())
    made = [day for day in orders if day]
    if not made:
        return None
    return _stated(DAY, f"{made[0]}") if len(made) == 1 else _open(DAY)


def _calendar_day(found: Found, frame: Frame) -> Resolved | None:
    """A month and a day, with a year or a weekday where the words tell them; a weekday that contradicts leaves it unresolved."""
    month = calendar.month_number(found["month"])
    number = int(re.sub(r"\D", "", found["day"]))
    if real_day(2000, month, number) is None:
        return None
    name = _told(found, "weekday", "weekday_after")
    on = calendar.weekday_number(name) if name else None
    year = _told_year(found, frame)
    if year is not None:
        day = real_day(year, month, number)
        if day is None:
            return None
        agrees = on in (None, day.weekday())
        return Resolved(DAY, f"{day}", *_known(found)) if agrees else _open(DAY)
    return _day_of(month, number, frame, on=on) if not found["relative"] else _open(DAY, f"XXXX-{month:02d}-{number:02d}")


def _known(found: Found) -> tuple[str, str]:
    """Return status and basis of a date whose year is told in figures, or as ``last year``."""
    return (STATED, "") if _told(found, "year") else (DERIVED, PUBLISHED)


def _told_year(found: Found, frame: Frame) -> int | None:
    """Return the year that is told in figures or as ``last year``."""
    year, relative = _told(found, "year"), _told(found, "relative")
    if year:
        return int(year)
    return frame.published.year + STEPS[relative] if relative and frame.published else None


def _day_of(month: int, number: int, frame: Frame, *, on: int | None = None) -> Resolved:
    made = frame.published and calendar.day_in_year(frame.published, month, number, future=frame.future, on=on)
    return _derived(DAY, f"{made}") if made else _open(DAY, f"XXXX-{month:02d}-{number:02d}")


def _feast(found: Found, frame: Frame) -> Resolved | None:
    month, number = FEASTS[found["feast"]]
    return _stated(DAY, f"{int(found['year']):04d}-{month:02d}-{number:02d}") if found["year"] else _day_of(month, number, frame)


def _named_day(found: Found, frame: Frame) -> Resolved | None:
    return _stated(DAY, NAMED_DAYS[found[0]])


STEPS = {"last": -1, "this": 0, "next": 1}


def _weekday(found: Found, frame: Frame) -> Resolved | None:
    """A weekday: the latest that is not after the day of publication, the next where it is to come, none where nothing tells."""
    known, number = frame.published, calendar.weekday_number(_told(found, "weekday", "weekday_first") or "")
    which = _told(found, "which", "which_after")
    if known is None:
        return _open(DAY)
    if which:
        made = _which_weekday(which, known, number, frame.future)
    elif frame.future is None:
        made = known if known.weekday() == number else None
    else:
        made = calendar.weekday(known, number, ahead=frame.future)
    return _derived(DAY, f"{made}") if made else _open(DAY)


def _which_weekday(which: str, known: date, number: int, future: bool | None) -> date | None:
    """Return ``last Monday`` and its kin; ``None`` where usage differs on which of two days is meant (one in the running week)."""
    if which.endswith("past"):
        return calendar.weekday(days(known, -1), number, ahead=False)
    if which.endswith(("coming", "upcoming")):
        return calendar.weekday(days(known, 1), number, ahead=True)
    if which == "last":
        return days(known, number - known.weekday() - 7) if number >= known.weekday() else None
    if which == "next":
        return days(known, number - known.weekday() + 7) if number <= known.weekday() else None
    if future is None:
        return days(known, number - known.weekday()) if number >= known.weekday() else None
    made = calendar.weekday(known, number, ahead=future)
    return made if future or week(made) == week(known) else None


def _weekday_of_week(found: Found, frame: Frame) -> Resolved | None:
    """``Monday of last week``."""
    if frame.published is None:
        return _open(DAY)
    step = STEPS[found["which"]] * 7 + calendar.weekday_number(found["weekday"]) - frame.published.weekday()
    return _derived(DAY, f"{days(frame.published, step)}")


NEAR_DAYS = {
    "today": 0,
    "tonight": 0,
    "yesterday": -1,
    "tomorrow": 1,
    "last night": -1,
    "the day before yesterday": -2,
    "the day after tomorrow": 2,
}


def _near_day(found: Found, frame: Frame) -> Resolved | None:
    step = NEAR_DAYS.get(found["day"], 0)  # "this morning" is today's
    return _derived(DAY, f"{days(frame.published, step)}") if frame.published else _open(DAY)


def _overnight(found: Found, frame: Frame) -> Resolved | None:
    """The night before the day of publication; where it is still to come, nothing tells which."""
    if frame.published is None or frame.future is not False:
        return _open(INTERVAL)
    return _derived(INTERVAL, f"{days(frame.published, -1)}/{frame.published}")


def _part_of_day(found: Found, frame: Frame) -> Resolved | None:
    """``Monday night``, ``the morning of September 28``: the day."""
    day = _read(found["rest"], frame)
    return day if day and day.kind is DAY else _leftover(found, frame)


# ---------------------------------------------------------------- moments


NO_HOUR = ""
HALF_DAYS = (("morning", "am"), ("afternoon", "pm"), ("evening", "pm"))


def _clock(found: Found, frame: Frame) -> Resolved | None:
    """A time of the day; without a day nothing tells which."""
    return None if _hour(found) == NO_HOUR else _open(MOMENT)


def _moment(found: Found, frame: Frame) -> Resolved | None:
    """``6 a.m. local time on September 29``."""
    day = _read(found["rest"], frame)
    hour = _hour(found)
    if day is None or day.kind is not DAY or hour in (None, NO_HOUR):
        return _leftover(found, frame)
    return _like(day, MOMENT, day.value if day.status == UNRESOLVED else f"{day.value}T{hour}{_offset(found, frame)}")


def _offset(found: Found, frame: Frame) -> str:
    zone = found["zone"]
    return OFFSETS.get(zone, "") if zone and zone != "local time" else frame.zone or ""


def _hour(found: Found) -> str | None:
    """Return ``06:00``; ``NO_HOUR`` for one that no clock has, ``None`` where the half of the day is not told."""
    if found["noon"]:
        return "12:00"
    if found["military"]:
        return f"{found['military'][:2]}:{found['military'][2:]}"
    if found["hour24"]:
        return f"{int(found['hour24']):02d}:{found['minute24']}"
    told = count(_told(found, "hour", "clock") or "")
    if told is None or not 1 <= told <= 12 or int(found["minute"] or 0) > 59:
        return NO_HOUR
    half = found["half"] or next((half for part, half in HALF_DAYS if part in found[0]), None)
    return f"{int(told) % 12 + (12 if half == 'pm' else 0):02d}:{found['minute'] or '00'}" if half else None


# ---------------------------------------------------------------- weeks, months, years


def _month(found: Found, frame: Frame) -> Resolved | None:
    """A month, with a year, ``last year``, ``last``, ``this``, ``next`` or nothing."""
    number = calendar.month_number(_told(found, "month", "month_of") or "")
    year = _told_year(found, frame)
    if year is not None:
        return Resolved(MONTH, month_text(year, number), *_known(found))
    made = None if frame.published is None else _which_month(_told(found, "which") or "", frame.published, number, frame.future)
    return _derived(MONTH, month_text(*made)) if made and not _told(found, "relative") else _open(MONTH, f"XXXX-{number:02d}")


def _which_month(which: str, known: date, number: int, future: bool | None) -> tuple[int, int] | None:
    """Return (year, month); ``last July`` in September and ``next July`` in June may be two months each, so neither is decided."""
    if not which:
        return calendar.month_in_year(known, number, future=future)
    if which == "last":
        return (known.year - 1, number) if number >= known.month else None
    if which == "next":
        return (known.year + 1, number) if number <= known.month else None
    if which == "this":
        return known.year, number
    back, ahead = (known.month - number - 1) % 12 + 1, (number - known.month - 1) % 12 + 1
    return months(known, -back if which.endswith("past") else ahead)


def _year(found: Found, frame: Frame) -> Resolved | None:
    return _stated(YEAR, year_text(int(found["year"])))


def _era(found: Found, frame: Frame) -> Resolved | None:
    before = int(found["bc"] or 0)
    year = int(_told(found, "ce", "ad") or 0)
    return _stated(YEAR, year_text(1 - before if before else year)) if before or year else None


def _relative_unit(found: Found, frame: Frame) -> Resolved | None:
    """``last week``, ``this month``, ``next year``."""
    return _stepped(_told(found, "unit", "long") or "", STEPS[found["which"] or "this"], frame)


def _stepped(unit: str, step: int, frame: Frame) -> Resolved | None:
    """Return the calendar unit so many units from that of the day of publication."""
    kinds = {"day": DAY, "week": WEEK, "fortnight": WEEK, "month": MONTH, "year": YEAR}
    known = frame.published
    if known is None or unit not in (*kinds, "decade", "century"):
        return _open(kinds.get(unit, INTERVAL))
    if unit in ("day", "week"):
        made = days(known, step * (7 if unit == "week" else 1))
        return _derived(kinds[unit], week(made) if unit == "week" else f"{made}")
    if unit == "month":
        return _derived(MONTH, month_text(*months(known, step)))
    if unit == "year":
        return _derived(YEAR, year_text(known.year + step))
    if unit == "decade":
        return _derived(INTERVAL, _span_of_years(known.year // 10 * 10 + step * 10, 10))
    return _derived(INTERVAL, _span_of_years((known.year - 1) // 100 * 100 + 1 + step * 100, 100)) if unit == "century" else _open(WEEK)


def _span_of_years(first: int, number: int) -> str:
    return f"{year_text(first)}/{year_text(first + number - 1)}"


def _weekend(found: Found, frame: Frame) -> Resolved | None:
    """Saturday and Sunday; where neither tense nor weekday tells which weekend, none."""
    known, which = frame.published, found["which"]
    if known is None:
        return _open(INTERVAL)
    saturday = days(known, 5 - known.weekday())
    if which.endswith("past") or which == "last":
        made = days(saturday, -7) if known.weekday() < 5 or which == "last" else None
    elif which == "next":
        made = None  # the coming one, or the one behind it
    elif frame.future or known.weekday() >= 5 or (which.startswith("this") and known.weekday() == 4) or which.endswith("coming"):
        made = saturday
    else:
        made = days(saturday, -7) if known.weekday() < 2 and frame.future is False else None
    return _derived(INTERVAL, f"{made}/{days(made, 1)}") if made else _open(INTERVAL)


def _week_of(found: Found, frame: Frame) -> Resolved | None:
    """``the week of September 25``: the week that holds the day."""
    day = _read(found["rest"], frame)
    if day is None or day.kind is not DAY or day.status == UNRESOLVED:
        return _open(WEEK)
    return _like(day, WEEK, week(date.fromisoformat(day.value)))


def _end_of_unit(found: Found, frame: Frame) -> Resolved | None:
    """``by the end of the year``: the running one where it is to come; in a tale of the past nothing tells which year."""
    unit = found["unit"]
    return _stepped(unit, 0, frame if frame.future and unit != "day" else replace(frame, published=None))


# ---------------------------------------------------------------- intervals


def _decade(found: Found, frame: Frame) -> Resolved | None:
    """``the 1990s``; ``the 1800s`` is a century, and ``the 1900s`` may be either."""
    first = int(found["year"])
    if first % 100 or first == 2000:
        return _stated(INTERVAL, _span_of_years(first, 10))
    return _stated(INTERVAL, _span_of_years(first, 100)) if first < 1900 else _open(INTERVAL)


def _short_decade(found: Found, frame: Frame) -> Resolved | None:
    """``the '80s``, ``the sixties``: the latest that was over when the text was published, if no other comes near."""
    tens = int(found["tens"]) if found["tens"] else TENS[re.sub("ies$", "y", found["word"])] * 10
    if frame.published is None:
        return _open(INTERVAL)
    back = (frame.published.year - tens) % 100
    return _derived(INTERVAL, _span_of_years(frame.published.year - back, 10)) if 10 <= back < 80 else _open(INTERVAL)


def _century(found: Found, frame: Frame) -> Resolved | None:
    number = int(found["number"]) if found["number"] else ORDINALS[found["word"]]
    if not 1 <= number <= 22:
        return None
    if found["bc"]:
        return _stated(INTERVAL, f"{year_text(1 - number * 100)}/{year_text(-(number - 1) * 100)}")
    return _stated(INTERVAL, _span_of_years(number * 100 - 99, 100))


def _season(found: Found, frame: Frame) -> Resolved | None:
    """``the summer of 2020`` has a code of its own; ``this winter`` may begin in either year."""
    code, year = SEASONS[_told(found, "season", "season_of") or ""], _told_year(found, frame)
    if year is not None:
        return Resolved(INTERVAL, f"{year_text(year)}-{code}", *_known(found))
    known, which = frame.published, _told(found, "which")
    if known is None or which is None or code == 24 or known.month in (1, 2, 12):
        return _open(INTERVAL)
    starts, over = code * 3 - 60, code * 3 - 57  # spring begins in March and is over in June
    if which in ("last", "next"):  # "last summer" in autumn may be either of two
        year = (known.year - 1 if known.month < starts else None) if which == "last" else (known.year + 1 if known.month >= over else None)
    elif which == "this":
        year = known.year
    return _derived(INTERVAL, f"{year_text(year)}-{code}") if year else _open(INTERVAL)


def _part_of_year(found: Found, frame: Frame) -> Resolved | None:
    """``the third quarter of 2023``, ``the first half of last year``; alone, a quarter or half may be a game's."""
    year, size = _told_year(found, frame), 3 if _told(found, "quarter", "q") else 6
    told = _told(found, "quarter", "q", "half", "h") or ""
    number = int(told) if told.isdigit() else ORDINALS.get(told, 12 // size)
    if year is None:
        return _open(INTERVAL)
    return Resolved(INTERVAL, f"{month_text(year, number * size - size + 1)}/{month_text(year, number * size)}", *_known(found))


def _months_of_year(found: Found, frame: Frame) -> Resolved | None:
    """``the first nine months of 2023``."""
    year, number = _told_year(found, frame), int(count(found["months"]) or 0)
    if year is None or not 1 <= number <= 12:
        return _open(INTERVAL)
    first, last = (1, number) if found["end"] == "first" else (13 - number, 12)
    return Resolved(INTERVAL, f"{month_text(year, first)}/{month_text(year, last)}", *_known(found))


def _running(found: Found, frame: Frame) -> Resolved | None:
    """``the past 24 hours``, ``the next four years``: from the day of publication back, or on where it is to come."""
    ahead = found["way"] in ("next", "coming")
    if not found["count"] and (found["way"] != "past" or found["unit"].endswith("s")):
        return _open(INTERVAL)  # "the last week" may be the final one, "the next week" that of a tale; "past weeks" are any number
    number, known = count(found["count"] or "one"), frame.published
    if known is None or number is None or number != int(number) or number < 1 or (ahead and frame.future is False):
        return _open(INTERVAL)
    value = _window(known, (1 if ahead else -1) * int(number), _unit(found["unit"]))
    return _derived(INTERVAL, value) if value else _open(INTERVAL)


def _window(known: date, number: int, unit: str) -> str:
    """Return the interval between a day and so many units from it, in days, months or years; empty where it is less than a day."""
    if unit in ("second", "minute") or (unit == "hour" and abs(number) < 2):
        return ""
    if unit in ("hour", "day", "week", "fortnight"):
        size = {"hour": 1 / 24, "day": 1, "week": 7, "fortnight": 14}[unit]
        ends = sorted((known, days(known, math.ceil(number * size) if number > 0 else math.floor(number * size))))
        return f"{ends[0]}/{ends[1]}"
    if unit == "month" or (unit == "year" and abs(number) == 1):
        step = number * (12 if unit == "year" else 1)
        low, high = sorted(((known.year, known.month), months(known, step)))
        return f"{month_text(*low)}/{month_text(*high)}" if low[0] > 0 else ""
    years = sorted((known.year, known.year + number * SIZES[unit][2]))
    return f"{year_text(years[0])}/{year_text(years[1])}" if years[0] > 0 else ""


def _since(found: Found, frame: Frame) -> Resolved | None:
    """An interval that is open at its end: what it begins with has been."""
    since = _read(found["rest"], replace(frame, future=False))
    if since is None or since.kind is DURATION:
        return since and _open(INTERVAL)
    start = since.value.split("/")[0]
    return _like(since, INTERVAL, f"{start}/.." if start else "")


def _until(found: Found, frame: Frame) -> Resolved | None:
    until = _read(found["rest"], frame)
    if until is None or until.kind is DURATION:
        return until and _open(INTERVAL)
    end = until.value.split("/")[-1]
    return _like(until, INTERVAL, f"../{end}" if end else "")


def _years(found: Found, frame: Frame) -> Resolved | None:
    """``1992 to 1994``, ``1939-45``; ``2010-12`` may be a month and ``2021/22`` a season."""
    first, second = found["first"], found["second"]
    if len(second) == 2:
        if found["sign"] == "/" or (found["sign"].strip() == "-" and int(second) <= 12):
            return _open(INTERVAL)
        second = first[:2] + second
    return _joined(_stated(YEAR, first), _stated(YEAR, second))


def _days_of_month(found: Found, frame: Frame) -> Resolved | None:
    """``September 16-19``, ``28-30 September 2023``: the last of them decides the year."""
    tail = f" {found['year']}" if found["year"] else ""
    last = _read(f"{found['month']} {found['second']}{tail}", frame)
    if last is None or real_day(2000, calendar.month_number(found["month"]), int(re.sub(r"\D", "", found["first"]))) is None:
        return None
    first = re.sub(r"\D", "", found["first"]).zfill(2)
    if first > last.value[-2:]:
        return _open(INTERVAL)
    return _like(last, INTERVAL, f"{last.value[:-2]}{first}/{last.value}")


def _weekdays(found: Found, frame: Frame) -> Resolved | None:
    """``Monday to Friday``: the latest that is over, the next where it is to come."""
    known = frame.published
    low, high = (calendar.weekday_number(found[name]) for name in ("first", "second"))
    length = (high - low) % 7
    if known is None or low == high:
        return _open(INTERVAL)
    if frame.future:
        start = calendar.weekday(known, low, ahead=True)
    else:
        start = days(calendar.weekday(known, high, ahead=False), -length)
        if frame.future is None and week(start) != week(known):
            return _open(INTERVAL)
    return _derived(INTERVAL, f"{start}/{days(start, length)}")


def _range(found: Found, frame: Frame) -> Resolved | None:
    """Any two times: ``January 23 to March 9, 2014``, ``June to August``, ``between 2014 and last year``."""
    words, till = _told(found, "first", "from") or "", _told(found, "second", "till") or ""
    end, year = _read(till, frame), re.search(rf"{YEAR_NUMBER}$", till)
    if year and re.match(MONTH_NAME, words) and not re.search(YEAR_NUMBER, words):
        starts = [_read(f"{words} {told}", frame) for told in (int(year[0]), int(year[0]) - 1)]
        start = next((made for made in starts if made and end and made.value <= end.value), None)
    else:
        start = _read(words, frame)
    if start is None or end is None:
        return _leftover(found, frame)
    return _joined(start, end)


# ---------------------------------------------------------------- durations


def _duration(found: Found, frame: Frame) -> Resolved | None:
    """``30 years``, ``a 90-minute``, ``10 days after``, ``week-long``: a length, never a date."""
    number = count(_told(found, "count") or "one")
    value = _length(number and number + (0.5 if _told(found, "more") else 0), _unit(found["unit"]))
    return _stated(DURATION, value) if value else _open(DURATION)


def _length(number: float | None, unit: str) -> str:
    """Return an ISO 8601 duration, empty where the fraction of a unit has no spelling."""
    if number is None or number <= 0:
        return ""
    lead, sign, size = SIZES[unit]
    if number * size == int(number * size):
        return f"{lead}{int(number * size)}{sign}"
    if unit not in HALVES:
        return ""
    lead, part, size = HALVES[unit]
    whole, rest = (int(number), number % 1) if unit == "year" else (0, number)
    return f"P{whole}Y{round(rest * size)}M" if whole else f"{lead}{round(rest * size)}{part}"


def _part_of_century(found: Found, frame: Frame) -> Resolved | None:
    return _stated(DURATION, "P50Y" if "half" in found[0] else "P25Y")


def _ago(found: Found, frame: Frame) -> Resolved | None:
    """``two days ago`` is a day, ``three weeks ago`` a week, ``three years ago`` a year; round or vague ones are not decided."""
    number, unit = count(found["count"]), _unit(found["unit"])
    if unit in ("second", "minute", "hour"):
        return _open(MOMENT)
    if number is None or number != int(number) or number > 900 or unit in ("decade", "century") or found["hedge"]:
        return _stepped(unit, 0, replace(frame, published=None))
    return _stepped(unit, int(number) if found["way"] == "from now" else -int(number), frame)


# ---------------------------------------------------------------- what leads and what is no time


def _rest(found: Found, frame: Frame) -> Resolved | None:
    """A word that leaves the value as it is: ``early``, ``the end of``, ``in``."""
    return _read(found["rest"], frame)


def _part_of(found: Found, frame: Frame) -> Resolved | None:
    """A part of a time; a length has no ``early``."""
    whole = _read(found["rest"], frame)
    return _leftover(found, frame) if whole is None or whole.kind is DURATION else whole


def _anaphora(found: Found, frame: Frame) -> Resolved | None:
    """``that day``, ``the following week``: told by what came before."""
    return _stepped(_unit(found["unit"]), 0, replace(frame, published=None)) if found["unit"] in SIZES else _open(DAY)


def _vague_length(found: Found, frame: Frame) -> Resolved | None:
    return _open(DURATION)


def _vague_interval(found: Found, frame: Frame) -> Resolved | None:
    return _open(INTERVAL)


def _no_time(found: Found, frame: Frame) -> Resolved | None:
    return None


HINTS = (
    (r"\b\d{1,2}(?::\d\d)? ?[ap]m\b|\bo'clock\b|\b(?:noon|midnight|hours? ago)\b", MOMENT),
    (rf"\b(?:{WEEKDAY_NAME}|day|days ago|yesterday|today|tomorrow|tonight|christmas|easter|thanksgiving|eid)\b", DAY),
    (r"\bweek\b|\bweeks ago\b", WEEK),
    (r"\bmonth\b|\bmonths ago\b", MONTH),
    (rf"\b(?:{SEASON_NAME}|weekend|quarter|half|decade|century|ramadan|lent|hanukkah|passover)\b", INTERVAL),
    (r"\b(?:seconds|minutes?|hours?|days|weeks|months|years|decades|centuries)\b(?! ago)", DURATION),
    (rf"\b(?:{YEAR_NUMBER}|year|years ago)\b", YEAR),
    (rf"\b{MONTH_NAME}\b", MONTH),
)
LEFTOVER = tuple((re.compile(pattern, re.ASCII), kind) for pattern, kind in HINTS)


def _leftover(found: Found, frame: Frame) -> Resolved | None:
    """What no rule reads: unresolved, as the smallest time that its words name."""
    return next((_open(kind) for pattern, kind in LEFTOVER if pattern.search(found[0])), None)


YEAR_TAIL = rf"(?:,? (?P<year>{YEAR_NUMBER})|,?(?: of| in)? (?P<relative>this|last|next) year)"
OF_YEAR = rf"(?:,?(?: of| in)? (?P<year>{YEAR_NUMBER})|,?(?: of| in)? (?P<relative>this|last|next) year)"
WEEKDAY_FIRST = rf"(?:(?P<weekday>{WEEKDAY_SHORT})[, ]+)?(?:the )?"
WEEKDAY_LAST = rf"(?:,? \(?(?P<weekday_after>{WEEKDAY_NAME})\)?)?"
WHICH = r"(?P<which>last|next|this|(?:this |the )?(?:past|coming|upcoming))"
EARLY = r"(?:the )?(?:(?:early|late|mid|early to mid|mid to late)[- ])?"
TO = r"(?: ?- ?| to | through | thru | until | till )"
RECURRING = r"daily|weekly|monthly|quarterly|yearly|annual(?:ly)?|hourly|nightly|biannual|millennial"
PLURALS = r"(?:seconds|minutes|hours|days|weeks|fortnights|months|years|decades|centuries)"

PATTERNS: tuple[tuple[str, Rule], ...] = (
    # how often, how old: no time
    (rf"(?:every|each|per) .*|.*\b(?:{RECURRING})", _no_time),
    (r".*[- ]olds?\b.*|.*\b(?:ages?|aged)\b.*|(?:under|over|mid)?[- ]?\d{1,2}(?:(?: and| or)? (?:older|over|younger|under))?", _no_time),
    (r"(?:in )?(?:his|her|their|my|our|its|your) .*(?:\d0s|(?:twent|thirt|fort|fift|sixt|sevent|eight|ninet)ies)", _no_time),
    (rf"{WEEKDAY_NAME}s(?: .*)?|(?:[a-z]+ )?(?:weekdays|weekends|mornings|afternoons|evenings|nights)", _no_time),
    (rf"(?:{HEDGE} )?(?:an?|one|three|another)[- ]quarters?(?: of)?", _no_time),
    (r"(?:an? |the )?(?:present|modern)[- ]day|(?:some|all|one) day|(?:a |the )?(?:last|eleventh)[- ](?:minute|hour)", _no_time),
    (r"(?:(?:all|some|late|early|mid)[- ])?(?:day|night|morning|afternoon|evening|dawn|dusk|week|month|year|hour|minute)", _no_time),
    (r"(?:an?|one) (?:(?:good|big|new|recent) )?(?:night|morning|afternoon|evening)|an? (?:good|big|new) (?:day|year)", _no_time),
    # days
    (
        r"(?P<year>\d{4})([-/])(?P<month>\d\d)\2(?P<day>\d\d)"
        r"(?:[t ](?P<hour>\d\d):(?P<minute>\d\d)(?::\d\d(?:\.\d+)?)?(?P<offset>z|[+-]\d\d:\d\d)?)?",
        _iso,
    ),
    (r"(?P<first>\d{1,2})(?P<sign>[/.])(?P<second>\d{1,2})(?P=sign)(?P<year>\d{4})", _numeric),
    (rf"{WEEKDAY_FIRST}(?P<month>{MONTH_NAME}) (?:the )?(?P<day>{DAY_NUMBER}){YEAR_TAIL}?{WEEKDAY_LAST}", _calendar_day),
    (rf"{WEEKDAY_FIRST}(?P<day>{DAY_NUMBER})[- ](?:of )?(?P<month>{MONTH_NAME}){YEAR_TAIL}?{WEEKDAY_LAST}", _calendar_day),
    (rf"(?P<feast>{'|'.join(FEASTS)})(?:,? (?:of )?(?P<year>{YEAR_NUMBER}))?", _feast),
    ("|".join(NAMED_DAYS), _named_day),
    (rf"(?:{WHICH} )?(?P<weekday>{WEEKDAY_NAME})|(?P<weekday_first>{WEEKDAY_NAME}) (?P<which_after>last|next)", _weekday),
    (rf"(?P<weekday>{WEEKDAY_NAME})(?: of|,)? (?P<which>last|this|next) week", _weekday_of_week),
    (
        r"(?:(?:earlier|later|early|late) )?"
        r"(?P<day>today|tonight|yesterday|tomorrow|last night|the day before yesterday|the day after tomorrow"
        rf"|this (?:morning|afternoon|evening))(?: {PART})?",
        _near_day,
    ),
    (r"overnight", _overnight),
    # moments
    (rf"(?:(?:at|around|about|nearly|almost|by|before|after|just (?:before|after)|shortly (?:before|after)) )?{CLOCK}", _clock),
    (rf"(?:(?:at|around|about|nearly|almost) )?{CLOCK},?(?: on| of)? (?P<rest>.+)", _moment),
    (rf"(?P<rest>.+?),?(?: at| around| about)? {CLOCK}", _moment),
    # what opens an interval
    (r"since (?P<rest>.+)", _since),
    (r"(?:until|till|up until|through) (?P<rest>.+)", _until),
    # ranges of days, weekdays and years
    (
        rf"(?:(?:from|between) )?(?P<month>{MONTH_NAME}) (?P<first>{DAY_NUMBER})(?:{TO}| and )(?P<second>{DAY_NUMBER})"
        rf"(?:,? (?P<year>{YEAR_NUMBER}))?",
        _days_of_month,
    ),
    (
        rf"(?:(?:from|between) )?(?P<first>{DAY_NUMBER})(?:{TO}| and )(?P<second>{DAY_NUMBER}) (?P<month>{MONTH_NAME})"
        rf"(?:,? (?P<year>{YEAR_NUMBER}))?",
        _days_of_month,
    ),
    (rf"(?:from )?(?P<first>{YEAR_NUMBER})(?P<sign>{TO}|/)(?P<second>{YEAR_NUMBER}|\d\d)", _years),
    (rf"(?:from )?(?P<first>{WEEKDAY_NAME}){TO}(?P<second>{WEEKDAY_NAME})", _weekdays),
    # weeks, months, years
    (rf"(?:{WHICH} )?(?P<month>{MONTH_NAME})|(?P<month_of>{MONTH_NAME}){OF_YEAR}", _month),
    (rf"(?:the )?(?P<year>{YEAR_NUMBER})", _year),
    (r"(?P<bc>\d{1,4}) (?:bc|bce)|(?P<ce>\d{1,4}) (?:ad|ce)|ad (?P<ad>\d{1,4})", _era),
    (r"(?P<which>last|this|next) (?P<unit>week|month|year)|(?P<now>this) (?P<long>decade|century)", _relative_unit),
    (r"(?:over |during |on |at )?(?P<which>last|next|this|the|(?:this |the )?(?:past|coming|upcoming)) weekend", _weekend),
    (r"(?:the )?week (?:of|beginning|starting) (?P<rest>.+)", _week_of),
    (rf"(?:by |before )?{END} the (?P<unit>day|week|month|year|decade|century)", _end_of_unit),
    # intervals
    (rf"{EARLY}(?P<year>[12]\d\d0)s", _decade),
    (rf"(?:between )?(?P<from>{EARLY}[12]\d\d0s) and (?P<till>{EARLY}[12]\d\d0s)", _range),
    (rf"{EARLY}(?:'(?P<tens>\d0)s|(?P<word>(?:twent|thirt|fort|fift|sixt|sevent|eight|ninet)ies))", _short_decade),
    (rf"{EARLY}(?:(?P<number>\d{{1,2}})(?:st|nd|rd|th)|(?P<word>{'|'.join(ORDINALS)}))[- ]century(?P<bc> bce?)?", _century),
    (rf"(?:{WHICH} )?{EARLY}(?P<season>{SEASON_NAME})|{EARLY}(?P<season_of>{SEASON_NAME}){OF_YEAR}", _season),
    (
        r"(?:(?:the )?(?:(?P<quarter>first|second|third|fourth|last|final)[- ]quarter|(?P<half>first|second)[- ]half)"
        rf"|q(?P<q>[1-4])|h(?P<h>[12])){OF_YEAR}?",
        _part_of_year,
    ),
    (rf"(?:the )?(?P<end>first|last) (?P<months>{COUNT}) months{OF_YEAR}", _months_of_year),
    (rf"(?:the |this |these )?(?P<way>past|last|next|coming) (?:(?P<count>{COUNT}) )?(?P<unit>{UNIT})", _running),
    # lengths, and dates told by them
    (r"(?:a )?(?:half|quarter)[- ](?:an? |of a )?century", _part_of_century),
    (rf"(?:(?:just|only|exactly) )?(?:(?P<hedge>{HEDGE}) )??(?P<count>{COUNT}) (?P<unit>{UNIT}) (?P<way>ago|from now)", _ago),
    (rf"(?:{HEDGE} )*?(?P<count>{COUNT})[- ](?P<unit>{UNIT})(?P<more> and a half)?(?:[- ]long)?(?: {AFTER})?", _duration),
    (r"(?P<unit>day|week|month|year|hour|decade|century)-?long", _duration),
    (rf"(?:(?:for|after|in|within) )?(?:{MANY} )*{PLURALS}(?:-?long)?(?: {AFTER})?", _vague_length),
    (
        rf"(?:{HEDGE} |between )?(?:{COUNT}|{MANY})(?:{TO}| or | and )(?:{COUNT}|{MANY})[- ]{UNIT}(?: (?:ago|later|earlier))?",
        _vague_length,
    ),
    # told by what came before, or not at all
    (
        r"(?:(?:earlier|later|early|late)(?: in)? )?"
        r"(?:that(?: same)?|(?:the|this)(?: very)? same|the(?: (?:following|next|previous|preceding))?)"
        rf" (?P<unit>day|week|month|year|decade|century|morning|afternoon|evening|night)(?: {AFTER})?",
        _anaphora,
    ),
    (rf"(?:[a-z]+ )*(?:{VAGUE} )+{PLURALS}", _vague_interval),
    # what leads
    (rf"{PREPOSITION} (?P<rest>.+)", _rest),
    (rf"(?:the )?(?:{PART}|(?:early |late |small |wee )?(?:morning )?hours)(?: of| on) (?P<rest>.+)", _part_of_day),
    (rf"(?P<rest>.+) {PART}", _part_of_day),
    (rf"(?:{END}|(?:the )?{EDGE})[- ](?P<rest>.+)", _part_of),
    (rf"between (?P<first>.+?) and (?P<second>.+)|(?P<from>.+?){TO}(?P<till>.+)", _range),
    (r".*", _leftover),
)
RULES = tuple((re.compile(pattern, re.ASCII), rule) for pattern, rule in PATTERNS)
LONGEST = 80
"""No expression of time is longer, in characters."""


def resolve(words: str, *, published: str | None = None, future: bool | None = False, zone: str | None = None) -> Resolved | None:
    """Return what an expression of time means, ``None`` for words that tell no time (an age, how often, a day that no calendar has).

    Args:
        words: The whole expression, as the text has it, a leading preposition with it or not.
        published: The day of publication (ISO 8601); without it nothing is derived.
        future: The text tells of what is to come. ``False``: of what has been, the way of news. ``None``: nothing tells, so that a weekday
            stays unresolved, and a day or month without a year is the nearest one if it is near.
        zone: The offset from UTC of the place, ``+04:00``, for hours without a zone of their own.

    Returns:
        ``stated`` where the words tell all of it, ``derived`` where the day of publication helped, else ``unresolved``.
    """
    plain = normal(words)
    return _resolved(plain, published, future, zone) if 0 < len(plain) <= LONGEST else None


@lru_cache(4096)
def _resolved(words: str, published: str | None, future: bool | None, zone: str | None) -> Resolved | None:
    return _read(words, Frame(_published(published), future, zone))


def _published(told: str | None) -> date | None:
    """Return the day that an ISO date or time names; nothing before the first newspapers was published."""
    found = re.match(r"(\d{4})-(\d\d)-(\d\d)", told or "", re.ASCII)
    day = found and real_day(*map(int, found.groups()))
    return day if day and 1600 <= day.year < 9000 else None


def normal(words: str) -> str:
    """Return an expression in lower case, one spelling a sign, without points of abbreviations, outer signs and the possessive ending."""
    words = re.sub(r"[‘’ʼ`´]", "'", words.lower().replace("\u00ad", ""))
    words = re.sub(r"[–—−‑‐]", "-", words)
    words = re.sub(r"(?<=[a-z])\.(?!\d)", "", words)
    words = re.sub(r"\s+", " ", words).strip(' ,;:."()[]')
    return re.sub(r"(?<=[a-z1-9])'s$|(?<=s)'$", "", words)  # "1990's" may be a decade or a possessive


def _read(words: str, frame: Frame) -> Resolved | None:
    """Return what the first rule for the whole expression says."""
    for pattern, rule in RULES:
        if found := pattern.fullmatch(words):
            return rule(found, frame)
    return None


def _told(found: Found, *names: str) -> str | None:
    """Return the first of some named parts that the words have."""
    parts = found.groupdict()
    return next((parts[name] for name in names if parts.get(name)), None)
