"""The times that a text tells, each with the words that tell it.

The language model marks dates and hours; patterns add what it leaves out. Each is widened over the words that belong to it (``6 a.m.
local time on September 29``, ``since December``, ``Monday to Friday``) and read by ``kg.extract.dates``, with the tense of its clause.

Words in quotation marks were said on a day that the article need not tell. So nothing in them that depends on the day of speech
(``yesterday``, ``Monday``, ``last year``) is derived from the day of publication; a month, with a day or without, still gets its year.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from spacy.tokens import Doc, Token

from kg.extract.datereadings import DERIVED, STATED, UNRESOLVED, Resolved
from kg.extract.dates import normal, resolve
from kg.extract.datewords import MONTH_NAME, NAMED_DAYS, WEEKDAY_NAME
from kg.extract.marks import quotations
from kg.extract.tenses import is_future
from kg.records import Document, Span, Time, TimeKind, ZoneKind

LABELS = ("DATE", "TIME")
NOT_TOLD = (ZoneKind.HEADER, ZoneKind.BOILERPLATE)
"""Where dates are data about the article, or another article's."""
MISSED = re.compile(
    rf"\b(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:\d\d? )?(?=[A-Z])(?i:{MONTH_NAME})\.? \d{{1,4}}|[Yy]esterday|[Tt]omorrow"
    r"|\d{4}-\d\d-\d\d|9/11|(?:(?<=[Ss]ince )|(?<=[Ii]n ))(?:1[5-9]|20)\d\d(?![-,.]\d))\b"
)
"""Times that can hardly be anything else, where the model saw no entity."""
BEFORE = frozenset("last next past coming upcoming previous every each early late earlier later mid same first second third".split())
BEFORE_IF_ITS = frozenset(
    "following the a an this that these those one another some any good black ash palm holy super easter bloody cyber".split()
)
"""Words before a time that belong to it, the latter where the parser hangs them on it."""
OPENING = frozenset(("since", "until", "till", "from", "between"))
JOINING = frozenset("to through and - – —".split())
WORDS_BEHIND = frozenset(
    "of in on at to through until till and - – — , ago now from local time gmt utc est edt et last next this that the same week weeks month"
    " year years day morning afternoon evening night noon midnight today yesterday tomorrow a.m. p.m. am pm a.m p.m old early late mid"
    " earlier later before after cet eastern".split()
)
NUMBER_OR_NAME = re.compile(rf"\d{{1,4}}(?:st|nd|rd|th)?|\d\d?:\d\d|{WEEKDAY_NAME}|{MONTH_NAME}\.?")
ENDS_NOTHING = frozenset(
    "of in on at to through until till and - – — , from last next this that the same before after early late mid a".split()
)
ENDS_NO_TIME = frozenset(", . - – — 's ’s ' ’ in of on at the".split())
BINDING = frozenset(("ago", "old"))
BINDING_OF = frozenset("last this next that the same".split())
ANY_DAY = "2000-06-15"
WIDEST = 12
"""How many tokens a time is widened by."""
DEICTIC = re.compile(r"\b(?:last|this|next)\b", re.IGNORECASE)
RATE = re.compile(r"an? [a-z]+")
SPANNED = frozenset("for in within after over than about nearly almost of around under by only just once half and least".split())
ATTACKS = frozenset(("attack", "terrorist", "terrorism", "terror", "hijacker", "hijacking", "atrocity"))
COMMEMORATED = re.compile(r"sept(?:ember)? 11(?:th)?")


def times(document: Document, doc: Doc, *, offset_at: Callable[[int], str | None] | None = None) -> tuple[Time, ...]:
    """Return the times of a text in text order, none overlapping; what only looks like one (an age, a rate, how often) is left out.

    Args:
        document: The text, with the day of publication where it is known; its header and boilerplate tell no times.
        doc: The same parsed.
        offset_at: The offset from UTC of the place at a character (``+04:00``), for hours without a zone.
    """
    quoted = quotations(document.text)
    ends = [quotation.outer.end for quotation in quoted]
    found: list[Time] = []
    low = 0
    for seed in _seeds(document, doc):
        if seed[0] < low:
            continue
        start, end = widened(doc, low, *seed)
        words = doc[start:end]
        at = bisect_right(ends, words.start_char)
        spoken = at < len(quoted) and quoted[at].outer.start <= words.start_char
        told = _read(doc, start, end, document.date, spoken=spoken, zone=offset_at(words.start_char) if offset_at else None)
        if told is not None:
            found.append(Time(Span(words.start_char, words.end_char), told.kind, told.value, told.status, told.basis))
            low = end
    return tuple(_agreeing(found))


def _agreeing(found: Sequence[Time]) -> Iterator[Time]:
    """Yield the times; a day that the text tells elsewhere with another year is left open (``Nov. 12, 2012 ... the Nov. 12 hearing``)."""
    years: dict[str, set[str]] = {}
    for time in found:
        if time.kind is TimeKind.DAY and time.status == STATED:
            years.setdefault(time.value[4:], set()).add(time.value[:4])
    for time in found:
        year, day = time.value[:4], time.value[4:]
        unlike = time.kind is TimeKind.DAY and time.status == DERIVED and not years.get(day, {year}) <= {year}
        yield replace(time, value=f"XXXX{day}", status=UNRESOLVED, basis="") if unlike else time


def _seeds(document: Document, doc: Doc) -> list[tuple[int, int]]:
    """Return the token ranges of what the model marks and what the patterns add, in order."""
    starts: list[int] = doc.to_array("IDX").tolist()
    seeds = {entity.start: entity.end for entity in doc.ents if entity.label_ in LABELS}
    inside = {token for entity in doc.ents for token in range(entity.start, entity.end)}
    for match in MISSED.finditer(document.text):
        start, end = bisect_right(starts, match.start()) - 1, bisect_left(starts, match.end())
        if starts[start] == match.start() and inside.isdisjoint(range(start, end)):
            seeds[start] = end
    silent = [zone.span for zone in document.zones if zone.kind in NOT_TOLD]
    edges = [span.end for span in silent]
    told = []
    for start, end in sorted(seeds.items()):
        at = bisect_right(edges, starts[start])
        if at == len(silent) or starts[start] < silent[at].start:
            told.append(_trimmed(doc, start, end))
    return [(start, end) for start, end in told if start < end]


def _trimmed(doc: Doc, start: int, end: int) -> tuple[int, int]:
    """Return a range without spaces, signs and a possessive ending at its ends."""
    while start < end and (doc[start].is_space or doc[start].is_punct):
        start += 1
    while start < end and (doc[end - 1].is_space or doc[end - 1].lower_ in ENDS_NO_TIME):
        end -= 1
    return start, end


def widened(doc: Doc, low: int, start: int, end: int) -> tuple[int, int]:
    """Return a range with the words that belong to it: the widest that reads as one time, at least those that change its meaning.

    Args:
        doc: The parsed text.
        low: The first token that it may begin with.
        start: First token of a time, or of a part of one.
        end: Behind its last token.
    """
    while start > low and _belongs(doc[start - 1], start, end):
        start -= 1
    reach = _reach(doc, end)
    least = end
    if reach > end and (doc[end].lower_ in BINDING or (doc[end].lower_ == "of" and reach > end + 1 and doc[end + 1].lower_ in BINDING_OF)):
        least = end + 1 if doc[end].lower_ in BINDING else reach
    for begin in _begins(doc, low, start):
        for stop in range(reach, least - 1, -1):
            if stop > least and doc[stop - 1].lower_ in ENDS_NOTHING:
                continue
            told = _shape(doc[begin:stop].text)
            if told is not None and (begin == start or told is TimeKind.INTERVAL):
                return begin, stop
    while least > end and doc[least - 1].lower_ in ENDS_NOTHING:
        least -= 1
    return start, least


def _begins(doc: Doc, low: int, start: int) -> list[int]:
    """Return where a time may begin, the farthest first: with ``since``, or with the other end of a range that the model left out."""
    begins = [start]
    if start - low > 1 and doc[start - 1].lower_ in JOINING:
        begins.append(start - 2)
    at = begins[-1] - 1
    if at >= low and doc[at].lower_ in OPENING and doc[at].dep_ != "mark":
        begins.append(at)
    return begins[::-1]


@lru_cache(4096)
def _shape(words: str) -> TimeKind | None:
    """Return the kind of time that words read as wholly, whatever the day of publication."""
    read = (resolve(words), resolve(words, published=ANY_DAY))
    return next((told.kind for told in read if told is not None and told.value), None)


def _belongs(token: Token, start: int, end: int) -> bool:
    """Tell whether the word before a time is a part of it."""
    if token.lower_ in BEFORE:
        return True
    if token.lower_ in ("the", "a") and token.doc[start].is_digit:
        return False  # "the 1999 shooting": the noun's
    return token.lower_ in BEFORE_IF_ITS and start <= token.head.i < end and token.dep_ in ("det", "amod", "compound", "nummod", "nmod")


def _reach(doc: Doc, end: int) -> int:
    """Return how far to the right the words can still belong to a time."""
    at = end
    while at < len(doc) and at - end < WIDEST:
        token = doc[at]
        told = token.lower_ in WORDS_BEHIND or NUMBER_OR_NAME.fullmatch(token.lower_)
        if not told or (token.is_sent_start and at > end) or token.is_space:
            break
        at += 1
    return at


def _read(doc: Doc, start: int, end: int, published: str | None, *, spoken: bool, zone: str | None) -> Resolved | None:
    """Return what a range tells; ``None`` where it is no time after all."""
    words = doc[start:end]
    if _is_rate(doc, start, words.text) or _is_name(doc[start], words.text):
        return None
    if COMMEMORATED.fullmatch(normal(words.text)) and (named := _commemorated(words.root, words.text)):
        return named
    alone = resolve(words.text, zone=zone)
    if alone is not None and alone.status == UNRESOLVED and _ends_name(doc, start, end):
        return None if alone.kind is TimeKind.MONTH else alone
    if alone is None or alone.status == STATED or published is None:
        return alone
    if spoken and ("XXXX" not in alone.value or DEICTIC.search(words.text)):
        return alone
    return resolve(words.text, published=published, future=is_future(doc, start, end, loosely="XXXX" not in alone.value), zone=zone)


def _is_rate(doc: Doc, start: int, words: str) -> bool:
    """Tell whether ``a year`` says how often: ``60,000 a year``, ``twice a week``."""
    return bool(RATE.fullmatch(words.lower())) and start > 0 and doc[start - 1].lower_ not in SPANNED and not doc[start].is_sent_start


def _ends_name(doc: Doc, start: int, end: int) -> bool:
    """Tell whether a name may end in the weekday or month: ``Fox News Sunday``, ``Theresa May``."""
    return start > 0 and doc[start - 1].dep_ == "compound" and doc[start - 1].pos_ == "PROPN" and start <= doc[start - 1].head.i < end


def _is_name(first: Token, words: str) -> bool:
    """Tell whether ``Today`` is a part of a name: ``USA TODAY``."""
    return words.lower() in ("today", "tonight") and words[0].isupper() and not first.is_sent_start and first.i > 0


def _commemorated(root: Token, words: str) -> Resolved | None:
    """Return the day of 2001 in ``the Sept. 11 attacks``; beside another noun it may be an anniversary."""
    if root.dep_ in ("npadvmod", "pobj") and (root.head.lower_ == "on" or root.dep_ == "npadvmod"):
        return None
    if root.head.lemma_.lower() in ATTACKS:
        return Resolved(TimeKind.DAY, NAMED_DAYS["9/11"], STATED)
    return Resolved(TimeKind.DAY, "XXXX-09-11", UNRESOLVED)
