"""What an expression of time means: ``late Thursday``, ``since December``, ``6 a.m. local time on September 29``, ``three decades``.

A grammar of whole expressions. The first rule whose pattern is the whole expression decides; what no rule reads whole stays unresolved,
so that a modifier nobody thought of never leaves a wrong date behind. Values are spelt as EDTF level 1 (ISO 8601-2) spells them; a part
of a day, month or year (``early``, ``the night of``) keeps the value of the whole, and a hedge (``about``) stays with the words.

The table is here; what its rules say of the words they find is in ``datedays``, ``dateperiods``, ``datespans`` and ``datevague``.
"""

import re
from datetime import date
from functools import lru_cache

from kg.extract import datedays, dateperiods, datespans, datevague
from kg.extract.calendar import real_day
from kg.extract.datereadings import DURATION, Found, Frame, Resolved, Rule
from kg.extract.datewords import (
    AFTER,
    CLOCK,
    COUNT,
    DAY_NUMBER,
    DAY_YEAR,
    DECADES,
    EARLY,
    EDGE,
    END,
    FEASTS,
    HEDGE,
    MANY,
    MONTH_NAME,
    NAMED_DAYS,
    NEAR_DAYS,
    OF_YEAR,
    ORDINALS,
    PART,
    PLURALS,
    PREPOSITION,
    RECURRING,
    SEASON_NAME,
    TO,
    UNIT,
    VAGUE,
    WEEKDAY_FIRST,
    WEEKDAY_LAST,
    WEEKDAY_NAME,
    WHICH,
    YEAR_NUMBER,
)


def _rest(found: Found, frame: Frame) -> Resolved | None:
    """A word that leaves the value as it is: ``in``, ``on``."""
    return frame.read(found["rest"])


def _part(found: Found, frame: Frame) -> Resolved | None:
    """A part of a time, ``early``, ``the end of``; a length has none."""
    whole = frame.read(found["rest"])
    return datevague.leftover(found, frame) if whole is None or whole.kind is DURATION else whole


PATTERNS: tuple[tuple[str, Rule], ...] = (
    # how often
    (rf"(?:every|each|per) .*|.*\b(?:{RECURRING})", datevague.no_time),
    (rf"{WEEKDAY_NAME}s(?: .*)?|(?:[a-z]+ )?(?:weekdays|weekends|mornings|afternoons|evenings|nights)", datevague.no_time),
    # how old
    (r".*(?:[- ]olds?|\bage[sd]?)\b.*", datevague.no_time),
    (r"(?:under|over|mid)?[- ]?\d{1,2}(?:(?: and| or)? (?:older|over|younger|under))?", datevague.no_time),
    (rf"(?:in )?(?:his|her|their|my|our|its|your) .*(?:\d0s|{'|'.join(DECADES)})", datevague.no_time),
    # no time at all, or none that could be found: "a quarter of", "present-day", "last-minute", "all day", "one night"
    (rf"(?:{HEDGE} )?(?:an?|one|three|another)[- ]quarters?(?: of)?", datevague.no_time),
    (r"(?:an? |the )?(?:present|modern)[- ]day|(?:some|all|one) day|(?:a |the )?(?:last|eleventh)[- ](?:minute|hour)", datevague.no_time),
    (
        r"(?:(?:all|some|late|early|mid)[- ])?(?:day|night|morning|afternoon|evening|dawn|dusk|week|month|year|hour|minute)",
        datevague.no_time,
    ),
    (r"(?:an?|one) (?:(?:good|big|new|recent) )?(?:night|morning|afternoon|evening)|an? (?:good|big|new) (?:day|year)", datevague.no_time),
    # days
    (
        r"(?P<year>\d{4})([-/])(?P<month>\d\d)\2(?P<day>\d\d)"
        r"(?:[t ](?P<hour>\d\d):(?P<minute>\d\d)(?::\d\d(?:\.\d+)?)?(?P<offset>z|[+-]\d\d:\d\d)?)?",
        datedays.iso,
    ),
    (r"(?P<first>\d{1,2})(?P<sign>[/.])(?P<second>\d{1,2})(?P=sign)(?P<year>\d{4})", datedays.numeric),
    (rf"{WEEKDAY_FIRST}(?P<month>{MONTH_NAME}) (?:the )?(?P<day>{DAY_NUMBER}){DAY_YEAR}?{WEEKDAY_LAST}", datedays.calendar_day),
    (rf"{WEEKDAY_FIRST}(?P<day>{DAY_NUMBER})[- ](?:of )?(?P<month>{MONTH_NAME}){DAY_YEAR}?{WEEKDAY_LAST}", datedays.calendar_day),
    (rf"(?P<feast>{'|'.join(FEASTS)})(?:,? (?:of )?(?P<year>{YEAR_NUMBER}))?", datedays.feast),
    ("|".join(NAMED_DAYS), datedays.named_day),
    (rf"(?:(?P<which>{WHICH}) )?(?P<weekday>{WEEKDAY_NAME})", datedays.weekday),
    (rf"(?P<weekday>{WEEKDAY_NAME}) (?P<which>last|next)", datedays.weekday),
    (rf"(?P<weekday>{WEEKDAY_NAME})(?: of|,)? (?P<which>last|this|next) week", datedays.weekday_of_week),
    (rf"(?:(?:earlier|later|early|late) )?(?P<day>{'|'.join(NEAR_DAYS)})(?: {PART})?", datedays.near_day),
    (r"overnight", datedays.overnight),
    # hours
    (rf"(?:(?:at|around|about|nearly|almost|by|(?:(?:just|shortly) )?(?:before|after)) )?{CLOCK}", datedays.clock),
    (rf"(?:(?:at|around|about|nearly|almost) )?{CLOCK},?(?: on| of)? (?P<rest>.+)", datedays.moment),
    (rf"(?P<rest>.+?),?(?: at| around| about)? {CLOCK}", datedays.moment),
    # intervals that are open at one end
    (r"since (?P<rest>.+)", datespans.since),
    (r"(?:until|till|up until|through) (?P<rest>.+)", datespans.until),
    # ranges of days, weekdays and years
    (
        rf"(?:(?:from|between) )?(?P<month>{MONTH_NAME}) (?P<first>{DAY_NUMBER})(?:{TO}| and )(?P<second>{DAY_NUMBER})"
        rf"(?:,? (?P<year>{YEAR_NUMBER}))?",
        datespans.days_of_month,
    ),
    (
        rf"(?:(?:from|between) )?(?P<first>{DAY_NUMBER})(?:{TO}| and )(?P<second>{DAY_NUMBER}) (?P<month>{MONTH_NAME})"
        rf"(?:,? (?P<year>{YEAR_NUMBER}))?",
        datespans.days_of_month,
    ),
    (rf"(?:from )?(?P<first>{YEAR_NUMBER})(?P<sign>{TO}|/)(?P<second>{YEAR_NUMBER}|\d\d)", datespans.years),
    (rf"(?:from )?(?P<first>{WEEKDAY_NAME}){TO}(?P<second>{WEEKDAY_NAME})", datespans.weekdays),
    # weeks, months, years
    (rf"(?:(?P<which>{WHICH}) )?(?P<month>{MONTH_NAME})", dateperiods.month),
    (rf"(?P<month>{MONTH_NAME}){OF_YEAR}", dateperiods.month_of_year),
    (rf"(?:the )?(?P<year>{YEAR_NUMBER})", dateperiods.year_alone),
    (r"(?P<year>\d{1,4}) bce?", dateperiods.year_before_christ),
    (r"(?P<year>\d{1,4}) (?:ad|ce)", dateperiods.year_after_christ),
    (r"ad (?P<year>\d{1,4})", dateperiods.year_after_christ),
    (r"(?P<which>last|this|next) (?P<unit>week|month|year)", dateperiods.relative_unit),
    (r"(?P<which>this) (?P<unit>decade|century)", dateperiods.relative_unit),
    (rf"(?:over |during |on |at )?(?P<which>the|{WHICH}) weekend", dateperiods.weekend),
    (r"(?:the )?week (?:of|beginning|starting) (?P<rest>.+)", dateperiods.week_of),
    (rf"(?:by |before )?{END} the (?P<unit>day|week|month|year|decade|century)", dateperiods.end_of_unit),
    # decades, centuries, seasons, parts of a year
    (rf"{EARLY}(?P<year>[12]\d\d0)s", dateperiods.decade),
    (rf"(?:between )?(?P<first>{EARLY}[12]\d\d0s) and (?P<second>{EARLY}[12]\d\d0s)", datespans.between),
    (rf"{EARLY}(?:'(?P<tens>\d0)s|(?P<word>{'|'.join(DECADES)}))", dateperiods.short_decade),
    (rf"{EARLY}(?:(?P<number>\d{{1,2}})(?:st|nd|rd|th)|(?P<word>{'|'.join(ORDINALS)}))[- ]century(?P<bc> bce?)?", dateperiods.century),
    (rf"(?:(?P<which>{WHICH}) )?{EARLY}(?P<season>{SEASON_NAME})", dateperiods.season),
    (rf"{EARLY}(?P<season>{SEASON_NAME}){OF_YEAR}", dateperiods.season_of_year),
    (rf"(?:the )?(?P<number>first|second|third|fourth|last|final)[- ](?P<part>quarter){OF_YEAR}?", dateperiods.part_of_year),
    (rf"(?:the )?(?P<number>first|second)[- ](?P<part>half){OF_YEAR}?", dateperiods.part_of_year),
    (rf"(?P<part>q)(?P<number>[1-4]){OF_YEAR}?", dateperiods.part_of_year),
    (rf"(?P<part>h)(?P<number>[12]){OF_YEAR}?", dateperiods.part_of_year),
    (rf"(?:the )?(?P<end>first|last) (?P<months>{COUNT}) months{OF_YEAR}", dateperiods.months_of_year),
    # by the distance from the day of publication, and lengths
    (rf"(?:the |this |these )?(?P<way>past|last|next|coming) (?:(?P<count>{COUNT}) )?(?P<unit>{UNIT})", datespans.running),
    (r"(?:a )?(?P<part>half|quarter)[- ](?:an? |of a )?century", datespans.part_of_century),
    (rf"(?:(?:just|only|exactly) )?(?:(?P<hedge>{HEDGE}) )??(?P<count>{COUNT}) (?P<unit>{UNIT}) (?P<way>ago|from now)", datespans.ago),
    (rf"(?:{HEDGE} )*?(?P<count>{COUNT})[- ](?P<unit>{UNIT})(?P<more> and a half)?(?:[- ]long)?(?: {AFTER})?", datespans.duration),
    (r"(?P<unit>day|week|month|year|hour|decade|century)-?long", datespans.one_unit_long),
    (rf"(?:(?:for|after|in|within) )?(?:{MANY} )*{PLURALS}(?:-?long)?(?: {AFTER})?", datevague.vague_length),
    (
        rf"(?:{HEDGE} |between )?(?:{COUNT}|{MANY})(?:{TO}| or | and )(?:{COUNT}|{MANY})[- ]{UNIT}(?: (?:ago|later|earlier))?",
        datevague.vague_length,
    ),
    # told by what came before, or not at all
    (
        r"(?:(?:earlier|later|early|late)(?: in)? )?"
        r"(?:that(?: same)?|(?:the|this)(?: very)? same|the(?: (?:following|next|previous|preceding))?)"
        rf" (?P<unit>day|week|month|year|decade|century|morning|afternoon|evening|night)(?: {AFTER})?",
        datevague.told_before,
    ),
    (rf"(?:[a-z]+ )*(?:{VAGUE} )+{PLURALS}", datevague.vague_interval),
    # words that lead to a time or end it; any two times; what is left
    (rf"{PREPOSITION} (?P<rest>.+)", _rest),
    (rf"(?:the )?(?:{PART}|(?:early |late |small |wee )?(?:morning )?hours)(?: of| on) (?P<rest>.+)", datedays.part_of_day),
    (rf"(?P<rest>.+) {PART}", datedays.part_of_day),
    (rf"(?:{END}|(?:the )?{EDGE})[- ](?P<rest>.+)", _part),
    (r"between (?P<first>.+?) and (?P<second>.+)", datespans.between),
    (rf"(?P<first>.+?){TO}(?P<second>.+)", datespans.between),
    (r".*", datevague.leftover),
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
    return _read(words, Frame(_published(published), future, zone, _read))


def _published(told: str | None) -> date | None:
    """Return the day that an ISO date or time names; nothing before the first newspapers was published."""
    found = re.match(r"(\d{4})-(\d\d)-(\d\d)", told or "", re.ASCII)
    day = found and real_day(*map(int, found.groups()))
    return day if day and 1600 <= day.year < 9000 else None


def _read(words: str, frame: Frame) -> Resolved | None:
    """Return what the first rule for the whole expression says."""
    for pattern, rule in RULES:
        if found := pattern.fullmatch(words):
            return rule(found, frame)
    return None


def normal(words: str) -> str:
    """Return an expression in lower case, one spelling a sign, without points of abbreviations, outer signs and the possessive ending."""
    words = re.sub(r"[‘’ʼ`´]", "'", words.lower().replace("\u00ad", ""))
    words = re.sub(r"[–—−‑‐]", "-", words)
    words = re.sub(r"(?<=[a-z])\.(?!\d)", "", words)
    words = re.sub(r"\s+", " ", words).strip(' ,;:."()[]')
    return re.sub(r"(?<=[a-z1-9])'s$|(?<=s)'$", "", words)  # "1990's" may be a decade or a possessive
