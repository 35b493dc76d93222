"""What in a text is not the article's running body: date header, dateline, captions, credits, teasers, site chrome.

The rules read layout, not subject: a line is chrome when it begins as chrome does (``chrome.tsv``), a credit when it is
``Name/Agency``, a caption when a credit closes it. Nothing is cut out; the zones only say where things stand.
"""

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

from kg.records import Span, Zone, ZoneKind

HEADER = re.compile(r"\ufeff?\s*date (\d{4}-\d{2}-\d{2})(?!\S)")
LINE = re.compile(r"[^\n]+")
DATELINE = re.compile(
    r"(?:[A-ZÀ-Þ][A-ZÀ-Þ.'’-]+(?: [A-ZÀ-Þ.'’-]+){0,3}(?:, [\w. ]{2,30})?(?: \([A-Z][\w/ ]{1,20}\))?|\((?:AP|AFP|CNN|Reuters)\))"
    r" ?(?:—|–|--?)(?= [A-ZÀ-Þ“‘\"'\d])"
)
"""``LONDON (Reuters) -``, ``WASHINGTON, Sept. 26 (AP) —``: where and for whom an article was written."""
BRACKETS = re.compile(r"\(([^()\n]{3,100})\)")
CREDIT_START = re.compile(r"(photo(s|graphs?|graphy)?|pictures?|image|credit|illustration)(( by| courtesy of):?|:)\s+", re.IGNORECASE)
IMAGE_WORDS = re.compile(r" (photos?|images|pictures|press|news)$")
LONGEST_CREDIT = 100
LONGEST_MAKER = 12
LOWER_IN_CREDITS = frozenset({"via", "for", "photo", "by", "and", "de", "du", "von", "van", "der", "al", "da", "of", "the"})
SENTENCE_END = re.compile(r"[.!?…]['\"”’)\]]*\s*$")


@cache
def _agencies() -> frozenset[str]:
    """Return the names of ``agencies.tsv``."""
    lines = (Path(__file__).parent / "agencies.tsv").read_text("utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


@cache
def _chrome() -> tuple[tuple[ZoneKind, re.Pattern[str], bool], ...]:
    """Return (kind, pattern of a line's beginning, opens a list of headlines) for each row of ``chrome.tsv``."""
    rows = []
    for line in (Path(__file__).parent / "chrome.tsv").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            kind, follows, beginning = line.split("\t")
            rows.append((ZoneKind(kind), re.compile(beginning, re.IGNORECASE), follows == "list"))
    return tuple(rows)


def header_date(text: str) -> str | None:
    """Return the ISO date of a leading ``date YYYY-MM-DD`` line, ``None`` without one or if there is no such day."""
    match = HEADER.match(text)
    try:
        return date.fromisoformat(match.group(1)).isoformat() if match else None
    except ValueError:
        return None


def zones(text: str) -> tuple[Zone, ...]:
    """Return what is not body, in text order, without overlap."""
    start = HEADER.match(text)
    found = [Zone(Span(0, start.end()), ZoneKind.HEADER)] if start else []
    raw = LINE.finditer(text, start.end() if start else 0)
    lines = [_trim(text, match.start(), match.end()) for match in raw if not match.group().isspace()]
    kinds = _kinds(text, lines)
    for line, kind in zip(lines, kinds, strict=True):
        if kind is None and (dateline := DATELINE.match(text, line.start, line.end)):
            found.append(Zone(Span(line.start, dateline.end()), ZoneKind.DATELINE))
        elif kind is ZoneKind.CAPTION:
            found += _caption(text, line)
        elif kind:
            found.append(Zone(line, kind))
    return tuple(found)


def _trim(text: str, start: int, end: int) -> Span:
    """Return the span without outer white space."""
    inner = text[start:end]
    return Span(start + len(inner) - len(inner.lstrip()), end - len(inner) + len(inner.rstrip()))


def _kinds(text: str, lines: list[Span]) -> list[ZoneKind | None]:
    """Return each line's kind, ``None`` for body."""
    kinds: list[ZoneKind | None] = []
    illustrated = any(_names_maker(line.of(text)) for line in lines)
    in_list = False
    for number, line in enumerate(lines):
        words = line.of(text)
        chrome = next(((kind, opens) for kind, pattern, opens in _chrome() if pattern.match(words)), None)
        if chrome:
            kinds.append(chrome[0])
            in_list = chrome[1]
        elif in_list and not SENTENCE_END.search(words) and len(words) < 120:
            kinds.append(ZoneKind.BOILERPLATE)
        else:
            in_list = False
            below = number > 0 and _adjoin(text, lines[number - 1], line)
            alone = number == 1 or (number > 1 and (kinds[-2] is not None or not _adjoin(text, lines[number - 2], lines[number - 1])))
            before = lines[number - 1].of(text) if illustrated and below and alone else ""
            kinds.append(_picture(words, before))
            if kinds[-1] is ZoneKind.CREDIT and below and kinds[-2] is None:
                kinds[-2] = ZoneKind.CAPTION
    return kinds


def _adjoin(text: str, above: Span, below: Span) -> bool:
    """Tell whether no blank line lies between two lines."""
    return text.count("\n", above.end, below.start) == 1


def _picture(words: str, before: str) -> ZoneKind | None:
    """Return whether a line is the credit of a picture, or a caption because it holds one in brackets."""
    if _names_maker(words) or _is_bare_credit(words, before):
        return ZoneKind.CREDIT
    return ZoneKind.CAPTION if any(_bracketed_credits(words, 0, len(words))) else None


def _is_bare_credit(words: str, before: str) -> bool:
    """Tell whether a line is a name alone, right below a finished sentence (``before``) that stands alone or below another picture.

    So ``Maxar Technologies`` is one below its caption, and the subheading ``Human Rights Concerns`` is none.
    """
    return 2 <= len(words.split()) <= 4 and _all_names(words) and bool(SENTENCE_END.search(before))


def _names_maker(words: str) -> bool:
    """Tell whether the words have the form of a credit: ``Name/Agency``, ``AP Photo/Name``, ``Name via Agency``, ``Photo: Name``."""
    if len(words) > LONGEST_CREDIT:
        return False
    start = CREDIT_START.match(words)
    rest = words[start.end() :] if start else words
    if len(rest.split()) > LONGEST_MAKER or not _all_names(rest):
        return False
    return bool(start) or _is_agency(rest.rpartition(" via ")[2], rest) or _slashed(rest)


def _slashed(words: str) -> bool:
    """Tell whether names parted by slashes name a maker: an agency is among them, or a person's full name comes first.

    So ``Stringer/AFP`` and ``Ana Reyes/El Correo`` do, and ``N/A``, ``TV/Radio`` and ``OSCE/ODIHR`` do not.
    """
    parts = [part.strip() for part in words.split("/")]
    if len(parts) < 2 or not all(parts):
        return False
    return any(map(_is_agency, parts)) or (len(parts) == 2 and 2 <= len(parts[0].split()) <= 4 and len(parts[1].split()) <= 3)


def _is_agency(name: str, whole: str = "") -> bool:
    """Tell whether a name is that of an agency of ``agencies.tsv`` or has the form of one; never if it is all of ``whole``."""
    small = name.strip(" .").lower()
    return name != whole and (small in _agencies() or bool(IMAGE_WORDS.search(small)))


def _all_names(words: str) -> bool:
    """Tell whether every word is capitalised or one of those that credits hold beside names."""
    parts = [part for part in re.split(r"[\s/,]+", words.rstrip(".")) if part]
    return bool(parts) and parts[0][:1].isupper() and all(part[:1].isupper() or part.lower() in LOWER_IN_CREDITS for part in parts)


def _caption(text: str, line: Span) -> list[Zone]:
    """Split a caption line into caption and bracketed credits."""
    found, at = [], line.start
    for credit in _bracketed_credits(text, line.start, line.end):
        if text[at : credit.start].strip():
            found.append(Zone(_trim(text, at, credit.start), ZoneKind.CAPTION))
        found.append(Zone(credit, ZoneKind.CREDIT))
        at = credit.end
    if text[at : line.end].strip():
        found.append(Zone(_trim(text, at, line.end), ZoneKind.CAPTION))
    return found


def _bracketed_credits(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield the credits in brackets that close a line or follow a finished sentence; one within a sentence is a part of it."""
    for match in BRACKETS.finditer(text, start, end):
        if _names_maker(match.group(1)):
            low, high = match.span()
            if not text[high : min(end, high + 3)].strip(" .") or SENTENCE_END.search(text[max(start, low - 10) : low]):
                yield Span(low, high)
