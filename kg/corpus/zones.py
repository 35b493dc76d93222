"""What in a text is not the article's running body: date header, captions, credits, teasers, site chrome.

The rules read layout, not subject: a line is chrome when it begins as chrome does (``chrome.tsv``), a credit when it is
``Name/Agency``, a caption when a credit closes it. Nothing is cut out; the zones only say where things stand.
"""

import re
from datetime import date
from functools import cache
from pathlib import Path

from kg.records import Span, Zone, ZoneKind

HEADER = re.compile(r"\s*date (\d{4}-\d{2}-\d{2})(?=\s)")
LINE = re.compile(r"[^\n]*\S[^\n]*")
BRACKETS = re.compile(r"\(([^()\n]{3,100})\)")
CREDIT_START = re.compile(r"(photos?|picture|image|credit|illustration)( by| courtesy of)?:?\s", re.IGNORECASE)
LONGEST_CREDIT = 100
LOWER_IN_CREDITS = frozenset({"via", "for", "photo", "by", "and", "de", "du", "von", "van", "der", "al", "da", "of", "the"})
SENTENCE_END = re.compile(r"[.!?…]['\"”’)\]]*\s*$")


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
    lines = [_trim(text, match.start(), match.end()) for match in LINE.finditer(text, start.end() if start else 0)]
    kinds = _kinds(text, lines)
    for line, kind in zip(lines, kinds, strict=True):
        if kind is ZoneKind.CAPTION:
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
            before = lines[number - 1].of(text) if number else ""
            kinds.append(_picture(words, before if illustrated else ""))
    for number in range(1, len(lines)):
        above = kinds[number - 1]
        if kinds[number] is ZoneKind.CREDIT and above is None and text[lines[number - 1].end : lines[number].start].count("\n") == 1:
            kinds[number - 1] = ZoneKind.CAPTION
    return kinds


def _picture(words: str, before: str) -> ZoneKind | None:
    """Return whether a line is a credit, or a caption because it holds one in brackets."""
    if _is_credit(words, before):
        return ZoneKind.CREDIT
    return ZoneKind.CAPTION if any(map(_is_bracketed_credit, BRACKETS.finditer(words))) else None


def _is_credit(words: str, before: str) -> bool:
    """Tell whether a line is the credit of a picture; a bare name counts only right below a finished sentence (``before``)."""
    if _names_maker(words):
        return True
    return 2 <= len(words.split()) <= 4 and _all_names(words) and bool(SENTENCE_END.search(before))


def _names_maker(words: str) -> bool:
    """Tell whether the words have the form of a credit: ``Name/Agency``, ``AP Photo/Name``, ``Photo: Name``."""
    if len(words) > LONGEST_CREDIT:
        return False
    start = CREDIT_START.match(words)
    rest = words[start.end() :] if start else words
    return ("/" in rest or " via " in rest or bool(start)) and len(rest.split()) <= 12 and _all_names(rest)


def _all_names(words: str) -> bool:
    """Tell whether every word is capitalised or one of those that credits hold beside names."""
    parts = [part for part in re.split(r"[\s/,]+", words.rstrip(".")) if part]
    return bool(parts) and parts[0][:1].isupper() and all(part[:1].isupper() or part.lower() in LOWER_IN_CREDITS for part in parts)


def _caption(text: str, line: Span) -> list[Zone]:
    """Split a caption line into caption and bracketed credits."""
    found, at = [], line.start
    for credit in filter(_is_bracketed_credit, BRACKETS.finditer(text, line.start, line.end)):
        if text[at : credit.start()].strip():
            found.append(Zone(_trim(text, at, credit.start()), ZoneKind.CAPTION))
        found.append(Zone(Span(credit.start(), credit.end()), ZoneKind.CREDIT))
        at = credit.end()
    if text[at : line.end].strip():
        found.append(Zone(_trim(text, at, line.end), ZoneKind.CAPTION))
    return found


def _is_bracketed_credit(match: re.Match[str]) -> bool:
    return _names_maker(match.group(1))
