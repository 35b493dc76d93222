"""The words of expressions of time: small vocabularies, and patterns for the parts that expressions are made of.

Patterns are for words as ``kg.extract.dates.normal`` leaves them, in lower case.
"""

import re

from kg.extract.numerals import SMALL, TENS

# ---------------------------------------------------------------- numbers

NUMBERS = {**SMALL, "twenty": 20}
SCALES = {"dozen": 12, "hundred": 100, "thousand": 1000}
ORDINALS = {
    word: number
    for number, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth"
        " seventeenth eighteenth nineteenth twentieth twenty-first".split(),
        1,
    )
}
DECADES = {f"{word.removesuffix('y')}ies": number for word, number in TENS.items()}
"""``twenties`` to ``nineties``: the tens of their years."""

_COUNT_WORD = rf"(?:(?:{'|'.join(TENS)})(?:[- ](?:{'|'.join(list(NUMBERS)[1:10])}))?|{'|'.join(NUMBERS)})"
COUNT = rf"(?:(?:{_COUNT_WORD}|\d{{1,3}},\d{{3}}|\d{{1,4}}(?:\.\d)?|an?|half(?: an?)?)(?: and a half)?(?: (?:{'|'.join(SCALES)}))?)"
MANY = (
    r"(?:several|a few|few|many|some|(?:a )?couple(?: of)?|(?:dozens|scores|tens|hundreds|thousands) of|multiple|countless|numerous|various"
    r"|a (?:number|handful|period|matter) of|more|most|just|only|long|for)"
)


def count(words: str) -> float | None:
    """Return the number that words or digits tell: ``10``, ``twenty-one``, ``a``, ``half an``, ``two and a half``; ``None`` for others."""
    plain = words.replace(",", "")
    told, half = plain.removesuffix(" and a half"), 0.5 if plain.endswith(" and a half") else 0.0
    told, times = next(((told.removesuffix(f" {name}"), size) for name, size in SCALES.items() if told.endswith(f" {name}")), (told, 1))
    if told.startswith("half"):
        return 0.5 * times
    if told in ("a", "an"):
        return times + half
    if re.fullmatch(r"\d{1,4}(\.\d)?", told):
        return float(told) * times + half
    numbers = [TENS.get(word, NUMBERS.get(word)) for word in re.split("[- ]", told)]
    return None if None in numbers else sum(filter(None, numbers)) * times + half


def digits(words: str) -> int:
    """Return the number in the digits of ``29th``."""
    return int(re.sub(r"\D", "", words))


# ---------------------------------------------------------------- days

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
"""Feasts that fall on the same day of every year: month and day."""
NAMED_DAYS = {"9/11": "2001-09-11"}
"""Days known by a number alone."""
NEAR_DAYS = {
    "today": 0,
    "tonight": 0,
    "this morning": 0,
    "this afternoon": 0,
    "this evening": 0,
    "yesterday": -1,
    "last night": -1,
    "tomorrow": 1,
    "the day before yesterday": -2,
    "the day after tomorrow": 2,
}
"""How many days from the day of publication."""
WEEKDAY_NAME = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
_WEEKDAY_SHORT = rf"(?:{WEEKDAY_NAME}|mon|tues?|wed|thu(?:rs?)?|fri|sat|sun)"
WEEKDAY_FIRST = rf"(?:(?P<weekday>{_WEEKDAY_SHORT})[, ]+)?(?:the )?"
WEEKDAY_LAST = rf"(?:,? \(?(?P<weekday_after>{WEEKDAY_NAME})\)?)?"
DAY_NUMBER = r"(?:[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?"
PART = r"(?:(?:early|late|mid)[- ])?(?:morning|afternoon|evening|night|midday|lunchtime|dawn)"

# ---------------------------------------------------------------- hours

OFFSETS = {"gmt": "Z", "utc": "Z", "z": "Z", "cet": "+01:00", "cest": "+02:00", "msk": "+03:00", "jst": "+09:00", "hkt": "+08:00"}
OFFSETS |= {"est": "-05:00", "edt": "-04:00", "mdt": "-06:00", "cdt": "-05:00", "pst": "-08:00", "pdt": "-07:00", "aest": "+10:00"}
"""Abbreviations of zones that one zone alone goes by in news (IANA tz database); BST, IST and CST are several zones'."""
CLOCK = (
    r"(?:(?P<hour>\d{1,2})(?:[:.](?P<minute>\d\d))? ?(?P<half>[ap]m)|(?P<noon>noon|midday)|(?P<hour24>[01]?\d|2[0-3]):(?P<minute24>[0-5]\d)"
    r"|(?P<military>(?:[01]\d|2[0-3])[0-5]\d)(?= (?:gmt|utc|hours))|(?P<clock>\d{1,2}|[a-z]+) o'clock)(?: hours)?"
    r"(?: in the (?:morning|afternoon|evening))?"
    rf"(?:,? \(?(?P<zone>{'|'.join(OFFSETS)}|et|ct|mt|pt|bst|ist|cst|eastern|central|pacific|(?:[a-z]+ ){{1,3}}time)\)?)?"
)
"""An hour with its zone. Midnight is none: nothing tells which of two days it belongs to."""

# ---------------------------------------------------------------- months, seasons, years

MONTH_NAME = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?"
    r"|dec(?:ember)?)"
)
SEASON_NAME = r"(?:spring|summer|autumn|fall|winter)"
YEAR_NUMBER = r"(?:1\d{3}|2[01]\d{2})"
STEPS = {"last": -1, "this": 0, "next": 1}
"""How many units from the running one."""
_RELATIVE_YEAR = rf",?(?: of| in)? (?P<relative>{'|'.join(STEPS)}) year"
OF_YEAR = rf"(?:,?(?: of| in)? (?P<year>{YEAR_NUMBER})|{_RELATIVE_YEAR})"
DAY_YEAR = rf"(?:,? (?P<year>{YEAR_NUMBER})|{_RELATIVE_YEAR})"
"""The year behind a month, and behind a day: ``September of 2023``, ``September 29, 2023``, ``of last year``."""
EARLY = r"(?:the )?(?:(?:early|late|mid|early to mid|mid to late)[- ])?"

# ---------------------------------------------------------------- units and lengths

_UNITS = r"second|minute|hour|day|week|fortnight|month|year|decade"
UNIT = rf"(?:(?:{_UNITS})s?|century|centuries)"
PLURALS = rf"(?:(?:{_UNITS})s|centuries)"
VAGUE = (
    r"(?:recent|these|those|early|final|closing|opening|coming|past|last|next|previous|following|ensuing|first|the|few|several|couple of?"
    r"|many)"
)
AFTER = r"(?:earlier|later|before|after|afterwards?|prior|previously|on)"
HEDGE = (
    r"(?:about|around|some|nearly|almost|roughly|approximately|(?:much |well )?(?:more|less|fewer|longer) than"
    r"|(?:just |well )?(?:over|under)|at (?:the )?(?:least|most|very least)|up to|as (?:long|little|many|much|few) as|just|only|barely"
    r"|exactly|another|close to|not quite|a (?:further|full|good|mere|whole|total of)|an (?:additional|extra|entire)"
    r"|the (?:full|whole|additional|extra)|a)"
)


def singular(unit: str) -> str:
    """Return a unit's singular."""
    return "century" if unit == "centuries" else unit.removesuffix("s")


# ---------------------------------------------------------------- what leads and what joins

WHICH = r"(?:last|next|this|(?:this |the )?(?:past|coming|upcoming))"
EDGE = (
    r"(?:(?:very )?(?:early|late|earlier|later)(?: in| on)?|mid|mid[- ]to[- ]late|early[- ]to[- ]mid|sometime|end|year|month of"
    r"|calendar(?: year)?)"
)
END = r"(?:(?:the )?(?:very )?(?:end|close|beginning|start|middle|early (?:part|days|weeks|months)|latter part|first days|last days) of)"
PREPOSITION = (
    r"(?:on|in|at|by|during|of|for|from|within|over|throughout|as of|as from|starting|beginning|effective|back in|dated|just|only|even)"
)
TO = r"(?: ?- ?| to | through | thru | until | till )"
RECURRING = r"daily|weekly|monthly|quarterly|yearly|annual(?:ly)?|hourly|nightly|biannual|millennial"
