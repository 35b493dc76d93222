"""Amounts as English news writes them, in digits and in words; the text alone, no model.

``84,770`` · ``£2.3bn`` · ``a $11.5 million package`` · ``half a million`` · ``two-thirds`` · ``one in five`` · ``between 300 and 400`` ·
``tens of thousands``. What is counted, and whether the number is a date, an age or a score, is for ``figures`` to say, which has a parse.

What was decided:

- A comma only groups digits, as English has it; ``1,2`` is no number. An ordinal is none, nor a number inside a word, a date or a time
  of day (``G7``, ``F-16``, ``Covid-19``, ``9/11``, ``10:30``, ``1990s``).
- A fraction of something is a share in per cent, rounded to two places; a fraction of a scale word is a number (``half a million``).
- A plural scale word means two of it at the least, so ``tens of thousands`` is from 20,000 up and ``dozens`` from 24 up; no upper bound.
- A hyphen makes a range only where the second number is larger: ``3-1`` is a score. ``from 300 to 400`` tells a change: two amounts.
- ``zero deaths`` is an amount of 0; ``no one`` and ``no deaths`` tell none, and neither do ``doubled``, ``fivefold`` and ``a couple``.
- A bare ``$`` is the US dollar; ``m`` without a currency is a million only before something that can be counted.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from kg.extract.lists import rows
from kg.extract.numerals import SMALL, TENS
from kg.records import Span

SCALES = {
    "hundred": 100.0,
    "thousand": 1e3,
    "lakh": 1e5,
    "million": 1e6,
    "crore": 1e7,
    "billion": 1e9,
    "trillion": 1e12,
}
LETTERS = {"k": 1e3, "m": 1e6, "mn": 1e6, "mln": 1e6, "b": 1e9, "bn": 1e9, "bln": 1e9, "tn": 1e12, "trn": 1e12}
"""Scale letters behind digits."""
VAGUE = {"tens": 10.0, "dozens": 12.0, "scores": 20.0, **{f"{word}s": scale for word, scale in SCALES.items()}}
PARTS = {word: number for number, word in enumerate("half third quarter fifth sixth seventh eighth ninth tenth".split(), 2)} | {
    "fourth": 4,
    "hundredth": 100,
}
MODIFIERS = {
    "about": """about|around|roughly|approximately|approx.|approx|circa|estimated|an estimated|in the region of|somewhere around
        |something like|~""",
    "some": "some",
    "more than": """more than|in excess of|upwards of|upward of|exceeding|topping|well over|far more than|greater than|higher than""",
    "at least": "at least|no fewer than|no less than|not less than|not fewer than|a minimum of",
    "over": "over|above|just over|slightly over|slightly above|just above",
    "less than": "less than|fewer than|under|below|just under|just below|well under|well below|slightly under",
    "at most": "at most|up to|as many as|as much as|no more than|not more than|a maximum of",
    "nearly": "nearly|almost|close to|just short of|approaching|not quite|virtually",
    "exact": "exactly|precisely|a total of|only|just",
}
"""FORMAT's vocabulary, and the words that news has for each."""
BEHIND = {"or more": "at least", "or so": "about", "or fewer": "at most", "or less": "at most", "plus": "at least", "+": "at least"}
LOWER, UPPER = frozenset({"more than", "at least", "over"}), frozenset({"less than", "at most", "nearly"})


@dataclass(frozen=True, slots=True)
class Amount:
    """A number as it stands.

    Attributes:
        span: The number with its scale word, currency or per cent sign, without its modifier.
        value: The number, in per cent for a share; ``None`` for a range and for a vague one.
        low, high: The ends that the words tell; both belong to it.
        unit: ``percent``, an ISO 4217 code, a measure (``kilometer``) or empty.
        modifier: One of FORMAT's modifiers.
        modified: Where the modifier stands.
        vague: Only an order of magnitude is told.
        spelled: Written in words alone.
    """

    span: Span
    value: float | None
    low: float | None = None
    high: float | None = None
    unit: str = ""
    modifier: str = "exact"
    modified: Span | None = None
    vague: bool = False
    spelled: bool = False


def amounts(text: str) -> tuple[Amount, ...]:
    """Return the amounts of a text in order, without overlap; empty where there is none."""
    found: list[Amount] = []
    at = 0
    while start := START.search(text, at):
        amount = _amount(text, start.start())
        if amount is None:
            at = _behind(text, start.end())
        else:
            found.append(_modified(text, amount, found[-1].span.end if found else 0))
            at = max(amount.span.end, start.end())
    return tuple(found)


def _behind(text: str, at: int) -> int:
    """Return the end of the digits that a place stands in: a number that is none is not looked at again from its middle."""
    run = DIGIT_RUN.match(text, at) if text[at - 1].isdigit() else None
    return run.end() if run else at


# ---------------------------------------------------------------- the words


@cache
def words_of(sort: str) -> dict[str, str]:
    """Return the words of one sort of ``units.tsv`` → their unit, plurals included for currencies, measures and the clock."""
    found: dict[str, str] = {}
    for kind, unit, words in rows("units.tsv"):
        if kind == sort:
            found |= {word: unit or word for word in words.split("|")}
    if sort in ("currency", "measure", "clock"):
        found |= {f"{word}s": unit for word, unit in found.items() if word[-1].isalpha() and f"{word}s" not in found}
    return found


def _either(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


_SIGNS = words_of("sign") | words_of("code")
_BARE = _either(word for word in words_of("sign") if not word[0].isalpha())
_LETTERED = _either(word for word in _SIGNS if word[0].isalpha())
SIGN = re.compile(rf"(?:{_BARE}|(?<![A-Za-z])(?:{_LETTERED}))[ \u00a0]?(?=\d)")
NUMBER_WORD = _either([*SMALL, *TENS])
SCALE_WORD = _either(SCALES)
START = re.compile(
    rf"{_BARE}|(?<![A-Za-z])(?:{_LETTERED})[ \u00a0]?(?=\d)|\d|\b(?:{NUMBER_WORD}|{_either(VAGUE)}|half|an?|several|many)\b(?!['’])",
    re.IGNORECASE,
)
DIGITS = re.compile(r"(?:\d{1,3}(?:,\d{2,3})*,\d{3}(?!\d)|\d+)(?:\.\d+)?")
DIGIT_RUN = re.compile(r"[\d.,]*")
BEFORE_DIGITS = re.compile(r"(?:[\w@#/:_]|[\d.,]\s?[-–]|[A-Za-z][-–]|\w[.,]|(?<!\w)['’])\Z")
"""What makes digits a part of something else: ``G7``, ``F-16``, ``10:30``, ``#5``, ``1.2.3``, ``'96``."""
AFTER_DIGITS = re.compile(r"[^\W\d]|[/:_]\d|[.,]\d|[-–]\d|(?:st|nd|rd|th)\b|\s?[ap]\.?m\b|['’](?:\d|s\b)", re.IGNORECASE)
SCALE_BEHIND = re.compile(
    rf"(?:[ \u00a0-]?(?P<word>{SCALE_WORD}|dozen)(?![a-z])|[ \u00a0]?(?P<far>mn|mln|bn|bln|tn|trn)\b|(?P<near>[kmb])\b)", re.IGNORECASE
)
COUNTED_BEHIND = re.compile(r"\s+(?:of|people|men|women|children|(?:\w+[\s-])?\w{2,}s)\b")
PERCENT = re.compile(r"\s?%|[ \u00a0-]per[ -]?cent(?![a-z])|\s?pc\b", re.IGNORECASE)
CURRENCY = re.compile(rf"[ \u00a0-](?P<name>{_either(words_of('currency'))}|{_either(words_of('code'))})(?![A-Za-z])")
WEIGHT = re.compile(
    r"\s+(?:of (?!(?:debts?|damages?|aid|funding|savings|public|taxpayers)\b)|heavier|lighter|in weight|bombs?\b|overweight)"
)
WEIGHED = re.compile(r"\b(?:weigh(?:s|ed|ing)?|lift(?:s|ed|ing)?|(?:los[et]|losing|gain(?:s|ed|ing)?|shed) )\D{0,15}\Z", re.IGNORECASE)
MEASURE = re.compile(rf"[ \u00a0-]?(?P<name>{_either(words_of('measure'))})(?![A-Za-z])")
TO = re.compile(r"\s?[-–]\s?|\s+to\s+|\s+or\s+|—")
AND = re.compile(r"\s+and\s+")
BETWEEN = re.compile(r"\bbetween\s+(?:\w+\s+)?\Z", re.IGNORECASE)
FROM = re.compile(r"\bfrom\s+(?:\w+\s+)?\Z", re.IGNORECASE)
ORDINAL = re.compile(
    r"[ -](?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|\w+teenth|eleventh|twelfth|\w+tieth)(?![a-z])", re.IGNORECASE
)
WORD = re.compile(r"[A-Za-z]+")
GAP = re.compile(r"-and-|\s+and\s+|-|[ \u00a0]")
HALF_SCALE = re.compile(rf"half[ -](?:an?[ -])?(?P<scale>{SCALE_WORD}|dozen)(?![a-z])", re.IGNORECASE)
QUARTER_SCALE = re.compile(r"(?P<many>a|one|three)[ -]quarters?[ -]of[ -]a[ -](?P<scale>million|billion|trillion)(?![a-z])", re.IGNORECASE)
AND_A_HALF = re.compile(r"an?[ -]half(?![a-z])", re.IGNORECASE)
SCALE_FOLLOWS = re.compile(rf"[ -](?P<word>{SCALE_WORD})(?![a-z])", re.IGNORECASE)
_LONE = re.compile(r"one(?![ -](?:hundred|thousand|million|billion|trillion)\b)", re.IGNORECASE)
LABEL = re.compile(r"\b(?:nos?\.|number|#) ?\Z", re.IGNORECASE)
NO_NUMBER = re.compile(r"\b(?:no|any|every|some|each|the|this|that|which) ?\Z", re.IGNORECASE)
"""``no one``, ``the one who``: a pronoun."""
A_SCALE = re.compile(rf"an?[ -](?={SCALE_WORD}|dozen)(?!dozens)", re.IGNORECASE)
_PLURALS = _either(word for word in VAGUE if word not in ("tens", "scores"))
VAGUE_RUN = re.compile(
    rf"(?:(?:many|several|a few) )?(?:(?P<of>{_either(VAGUE)}) of )?(?P<last>{_PLURALS})(?![a-z])"
    r"|(?P<scores>scores)(?= of\b)"
    rf"|(?:several|many|a few|a couple(?: of)?) (?P<scale>{SCALE_WORD}|dozen)(?: (?P<more>thousand|million|billion|trillion))?(?![a-z])",
    re.IGNORECASE,
)
VAGUE_MONEY = re.compile(rf" (?:of )?(?P<name>{_either(words_of('currency'))})(?![A-Za-z])")
HALF = re.compile(
    r"(?:one[ -]|a )?half(?= (?:its|their|his|her|our|all|those|these)\b"
    r"| the\b(?! (?:time|year|battle|size|length|width|height|distance|weight|age|speed|price)\b)"
    r"| of\b(?! (?:an?|last|this|next|the (?:year|season|game|match|century|decade))\b))",
    re.IGNORECASE,
)
HALF_ALONE = re.compile(r"half(?![\w-]| (?:an?|hours?|century|brothers?|sisters?|time|years?|dozen|way|past|as)\b)", re.IGNORECASE)
NOT_A_SHARE = re.compile(r"\b(?:first|second|last|other|better|latter|and a|and|each|either|this|next)\s+\Z", re.IGNORECASE)
PART = re.compile(
    rf"(?P<many>an?|{NUMBER_WORD}|\d)(?P<link>[ -])(?P<part>{_either(word for word in PARTS if word != 'half')})(?P<plural>s?)(?![a-z-])",
    re.IGNORECASE,
)
OF = re.compile(r" of\b(?! an? (?:hour|million|billion|trillion|century|mile)\b)")
SLASHED = re.compile(r"(?P<many>\d)/(?P<part>\d{1,2})(?= of\b)")
ODDS = re.compile(
    rf"(?P<many>{NUMBER_WORD}|\d{{1,2}}) (?:(?:in|out of)(?: every)?|of every|of(?= (?:10|ten)\b))"
    rf" (?P<of>{NUMBER_WORD}|\d{{1,3}}(?:,\d{{3}})*)(?![\w-]|,\d)(?!\s?%)"
    r"(?! (?:(?:day|week|month|year|hour|minute|second|season|game|innings|point)s?|matches|thousand|million|billion|hundred|per ?cent)\b)",
    re.IGNORECASE,
)
FRACTION_OF_PERCENT = re.compile(r"half (?:a|of a|of one|of 1)(?:\s?%|[ \u00a0-]per ?cent(?![a-z]))", re.IGNORECASE)
_PHRASES = {phrase: name for name, listed in MODIFIERS.items() for phrase in re.split(r"\s*\|", listed)}


# ---------------------------------------------------------------- one amount


def _amount(text: str, at: int) -> Amount | None:
    """Return the amount that begins at a place, ``None`` where none does."""
    return _share(text, at) or _vague(text, at) or _counted(text, at)


def _share(text: str, at: int) -> Amount | None:
    """Read ``half of``, ``two-thirds``, ``a quarter of``, ``one in five``."""
    if match := FRACTION_OF_PERCENT.match(text, at):
        return Amount(Span(at, match.end()), 0.5, unit="percent", spelled=True)
    if BEFORE_DIGITS.search(text, max(0, at - 3), at):
        return None
    before = text[max(0, at - 30) : at]
    if match := HALF.match(text, at) or (HALF_ALONE.match(text, at) if _modifier(before) or before.endswith(" by ") else None):
        return None if NOT_A_SHARE.search(before) else _percent(Span(at, match.end()), 1, 2)
    if match := PART.match(text, at):
        many, of = _small(match["many"]), PARTS[match["part"].lower()]
        whole = OF.match(text, match.end()) is not None
        if many >= of or (many > 1) != bool(match["plural"]) or (of == 4 and many == 2):
            return None
        sure = whole or (match["many"].lower() != "a" and (match["link"] == "-" or match["part"].lower() != "quarter"))
        return _percent(Span(at, match.end()), many, of) if sure or _modifier(before) else None
    if match := SLASHED.match(text, at):
        many, of = int(match["many"]), int(match["part"])
        return _percent(Span(at, match.end()), many, of) if 0 < many < of else None
    if match := ODDS.match(text, at):
        many, of = _small(match["many"]), _small(match["of"])
        round_of = of <= 10 or of % 10 == 0 or of in (12, 15, 25)
        return _percent(Span(at, match.end()), many, of) if 0 < many < of and many <= 10 and round_of and (of <= 100 or many == 1) else None
    return None


def _percent(span: Span, many: int, of: int) -> Amount:
    return Amount(span, round(100 * many / of, 2), unit="percent", spelled=True)


def _small(word: str) -> int:
    low = word.lower().replace(",", "")
    return int(low) if low.isdigit() else 1 if low in ("a", "an") else SMALL.get(low, TENS.get(low, 0))


def _vague(text: str, at: int) -> Amount | None:
    """Read ``dozens``, ``tens of thousands``, ``several hundred``, with a currency behind it (``millions of dollars``)."""
    match = VAGUE_RUN.match(text, at)
    if match is None:
        return None
    if match["last"]:
        size = VAGUE[match["last"].lower()] * (VAGUE[match["of"].lower()] if match["of"] else 1)
    else:
        size = (20.0 if match["scores"] else _scale(match["scale"])) * (_scale(match["more"]) if match["more"] else 1)
    money = VAGUE_MONEY.match(text, match.end())
    unit = words_of("currency")[money["name"]] if money else ""
    return Amount(Span(at, money.end() if money else match.end()), None, 2 * size, unit=unit, vague=True, spelled=True)


def _scale(word: str) -> float:
    return 12.0 if word.lower() == "dozen" else SCALES[word.lower()]


# ---------------------------------------------------------------- numbers


@dataclass(frozen=True, slots=True)
class _Plain:
    """One number with what stands around it; ``bare`` as written, before its scale word."""

    start: int
    end: int
    value: float
    bare: float
    unit: str
    spelled: bool


def _counted(text: str, at: int) -> Amount | None:
    """Read one number or a range of two."""
    first = _plain(text, at)
    if first is None:
        return None
    between = BETWEEN.search(text, max(0, at - 30), at)
    change = not between and FROM.search(text, max(0, at - 30), at)
    link = AND.match(text, first.end) if between else None if change else TO.match(text, first.end)
    second = _plain(text, link.end(), after_dash=True) if link else None
    if link and second and (pair := _pair(first, second)):
        return pair
    if link and link.group().strip() in ("-", "–") and (second or text[link.end() : link.end() + 1].isdigit()):
        return None
    return Amount(Span(first.start, first.end), first.value, unit=first.unit, spelled=first.spelled)


def _pair(first: _Plain, second: _Plain) -> Amount | None:
    """Return the range of two numbers of one unit, the first taking the second's scale word (``3 to 4 million``)."""
    if first.unit and second.unit and first.unit != second.unit:
        return None
    low, scale = first.value, second.value / second.bare if second.bare else 1.0
    if first.value == first.bare and scale > 1 and first.bare < second.bare:
        low = first.value * scale
    if low >= second.value:
        return None
    unit = first.unit or second.unit
    return Amount(Span(first.start, second.end), None, low, second.value, unit, spelled=first.spelled and second.spelled)


def _plain(text: str, at: int, *, after_dash: bool = False) -> _Plain | None:
    """Read one number with its sign and its unit."""
    sign = SIGN.match(text, at)
    start = sign.end() if sign else at
    if text[start : start + 1].isdigit():
        read = _digits(text, at, start, sign is not None, after_dash=after_dash)
        spelled = False
    else:
        read, spelled = _spelled(text, start), True
    if read is None:
        return None
    value, bare, end = read
    unit = _SIGNS[sign.group().strip()] if sign else ""
    if not sign and (match := PERCENT.match(text, end)):
        unit, end = "percent", match.end()
    elif not sign and (match := CURRENCY.match(text, end)) and not _is_weight(text, at, match):
        unit, end = (words_of("currency") | words_of("code"))[match["name"]], match.end()
    elif not sign and (match := MEASURE.match(text, end)):
        unit = words_of("measure")[match["name"]]
        end = match.end() if match.start() == match.start("name") else end
    elif sign and (match := CURRENCY.match(text, end)) and words_of("currency").get(match["name"]) == unit:
        end = match.end()
    return None if not spelled and _runs_on(text, end) else _Plain(at, end, value, bare, unit, spelled)


def _is_weight(text: str, at: int, name: re.Match[str]) -> bool:
    """Tell whether pounds are a weight: ``20 pounds of flour``, ``weighs 236 pounds``."""
    pounds = name["name"].startswith("pound") and name["name"] != "pounds sterling"
    return pounds and bool(WEIGHT.match(text, name.end()) or WEIGHED.search(text, max(0, at - 30), at))


def _runs_on(text: str, end: int) -> bool:
    """Tell whether what follows makes digits a part of something else; a range may follow."""
    match = AFTER_DIGITS.match(text, end)
    return match is not None and not (match.group()[0] in "-–" and match.group()[1:].isdigit())


def _digits(text: str, begin: int, at: int, money: bool, *, after_dash: bool) -> tuple[float, float, int] | None:
    """Return (value, the number as written, end) of digits and their scale word."""
    if not after_dash and BEFORE_DIGITS.search(text, max(0, begin - 3), begin):
        return None
    match = DIGITS.match(text, at)
    if match is None or LABEL.search(text, max(0, begin - 8), begin) or len(match.group()) > 24:
        return None
    bare = value = Decimal(match.group().replace(",", ""))
    end = match.end()
    if text[end : end + 1] == "½":
        bare, value, end = bare + Decimal("0.5"), value + Decimal("0.5"), end + 1
    scaled = False
    while (scale := SCALE_BEHIND.match(text, end)) and (not scaled or scale["word"]):
        if scale["near"] and scale["near"].lower() == "m" and not money and not COUNTED_BEHIND.match(text, scale.end()):
            break
        value *= int(_scale(scale["word"]) if scale["word"] else LETTERS[(scale["far"] or scale["near"]).lower()])
        end, scaled = scale.end(), True
    return float(value), float(bare), end


def _spelled(text: str, at: int) -> tuple[float, float, int] | None:
    """Return (value, value, end) of the longest number in words that begins at a place."""
    if at and (text[at - 1].isalnum() or (text[at - 1] in "-–" and text[max(0, at - 2)].isalnum())):
        return None
    if match := HALF_SCALE.match(text, at):
        return 0.5 * _scale(match["scale"]), 0.5 * _scale(match["scale"]), match.end()
    if match := QUARTER_SCALE.match(text, at):
        share = (3 if match["many"].lower() == "three" else 1) / 4 * _scale(match["scale"])
        return share, share, match.end()
    article = A_SCALE.match(text, at)
    if _LONE.match(text, at) and NO_NUMBER.search(text, max(0, at - 8), at):
        return None
    read = _Words(text, article.end() if article else at, 1.0 if article else 0.0)
    if not read.run() or ORDINAL.match(text, read.end) or text.startswith(("-fold", "fold"), read.end):
        return None
    return read.value, read.bare, read.end


class _Words:
    """A number in words, read from left to right: ``a hundred and fifty thousand``, ``two and a half million``."""

    def __init__(self, text: str, at: int, group: float) -> None:
        self.text, self.end = text, at
        self.total, self.group, self.last, self.size = 0.0, group, "unit" if group else "", 0.0
        self.bare = 0.0
        self.seen = False

    @property
    def value(self) -> float:
        return self.total + self.group

    def run(self) -> bool:
        """Read as far as the words make one number; tell whether there is one."""
        at = self.end
        while word := WORD.match(self.text, at):
            if not self._take(word.group().lower()):
                break
            self.seen, self.end = True, word.end()
            if not (gap := GAP.match(self.text, self.end)):
                break
            at = gap.end()
            if "and" in gap.group() and not self._goes_on(at):
                break
        self.bare = self.bare or self.value
        return self.seen

    def _goes_on(self, at: int) -> bool:
        """Tell whether the number goes on behind ``and``: ``a hundred and fifty``, ``two and a half``."""
        half = AND_A_HALF.match(self.text, at)
        if half and self.last == "scale" and self.total == self.size:
            self.total, self.end, self.last = 1.5 * self.total, half.end(), "half"
            return False
        if half and self.last in ("unit", "teen", "ten"):
            self.group, self.end, self.last = self.group + 0.5, half.end(), "half"
            if (scale := SCALE_FOLLOWS.match(self.text, self.end)) and self._take(scale["word"].lower()):
                self.end = scale.end()
            return False
        word = WORD.match(self.text, at)
        return self.last in ("hundred", "scale") and word is not None and word.group().lower() in SMALL | TENS

    def _take(self, word: str) -> bool:
        """Add a word; tell whether it fits behind the last."""
        if word in SMALL:
            number, sort = SMALL[word], "unit" if SMALL[word] < 10 else "teen"
            fits = self.last in ("", "hundred", "scale") or (self.last == "ten" and 0 < number < 10)
        elif word in TENS:
            number, sort = TENS[word], "ten"
            fits = self.last in ("", "hundred", "scale")
        else:
            return self._grow(word)
        if fits:
            self.group, self.last = self.group + number, sort
        return fits

    def _grow(self, word: str) -> bool:
        if word in SCALES and self.last == "scale":
            self.total, self.size = self.total * SCALES[word], self.size * SCALES[word]
            return True
        if not self.group or (word != "dozen" and word not in SCALES):
            return False
        self.bare = self.bare or self.value
        if word == "dozen":
            self.group, self.last = self.group * 12, "dozen"
        elif word == "hundred":
            if self.last not in ("unit", "teen", "half"):
                return False
            self.group, self.last = self.group * 100, "hundred"
        else:
            self.size = SCALES[word]
            self.total = self.total + self.group * self.size
            self.group, self.last = 0.0, "scale"
        return True


# ---------------------------------------------------------------- modifiers

FILLER = r"(?:(?:another|a further|an additional|a record|a|an|the|its|their|those|these|all|an estimated|estimated)\s+)?"
_SPOKEN = _either(_PHRASES).replace(r"\ ", r"\s+")
MODIFIER = re.compile(rf"(?<![\w-])(?P<words>{_SPOKEN})\s+{FILLER}\Z", re.IGNORECASE)
MODIFIER_BEHIND = re.compile(r"\s?(?P<words>\+)|[\s-](?P<said>or more|or so|or fewer|or less|plus)(?![a-z])", re.IGNORECASE)


def _modifier(before: str) -> str | None:
    match = MODIFIER.search(before)
    return _named(match) if match else None


def _named(match: re.Match[str]) -> str:
    return _PHRASES[re.sub(r"\s+", " ", match["words"].lower())]


def _modified(text: str, amount: Amount, since: int) -> Amount:
    """Give an amount its modifier, and the bound that it tells."""
    start = amount.span.start
    name, span = "exact", None
    window = max(since, start - 48)
    if match := MODIFIER.search(text, window, start):
        name, span = _named(match), Span(match.start("words"), match.end("words"))
    elif match := MODIFIER_BEHIND.match(text, amount.span.end):
        words = match["words"] or match["said"]
        name, span = BEHIND[words.lower()], Span(match.end() - len(words), match.end())
    low, high = amount.low, amount.high
    if amount.value is not None:
        low, high = amount.value if name in LOWER else None, amount.value if name in UPPER else None
    return replace(amount, low=low, high=high, modifier=name, modified=span)
