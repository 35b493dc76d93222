"""Quotation marks: where quotations begin and end, and which of them stand on their own.

Marks are paired within a paragraph (a line) and by kind; what is left open ends with its paragraph, so that one odd mark never
loses an article. Doubled single marks ('' and ``) count as one double mark, apostrophes and inches as none.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from kg.records import Span

PARAGRAPH = re.compile(r"[^\n]+")
WORD = re.compile(r"\w+(?:['’]\w+)*")
MARK = re.compile(r"''|``|‘‘|’’|[\"“”„«»]")
SINGLE_OPENING = re.compile(r"(?<![\w’'])[‘'‚](?=[^\W\d])")
SINGLE_CLOSING = re.compile(r"(?<=[\w.,!?…”\")\]])[’'](?!\w)")
LONGEST_SINGLE = 400
ELISION = re.compile(r"'(?:s|em|til|till|cause|cos|tis|twas|n|round|bout)\b", re.IGNORECASE)
OPENING, CLOSING = "“„«", "”»"
INSERTION = re.compile(r"\[[^\[\]\n]{1,200}\]")
SET_WORDS = 3
LONGEST_RUN = 4
"""How many paragraphs a quotation left open may run over without being opened again."""
LONGEST_ASIDE = 24
"""How many characters a nickname or a term in marks may have."""


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words in quotation marks.

    Attributes:
        outer: With the marks; ``inner`` without.
        paragraph: The line it stands in.
        before, after: What of the paragraph lies between it and the neighbouring quotations, nicknames and terms in marks looked past if it
            is free; ``None`` where nothing does.
        free: A clause of its own; else words set into somebody else's sentence.
        carried: It goes on from the paragraph before, which left it open, without being opened again.
        lead: The last character before it in the paragraph; ``tail``: the last one inside; ``""`` without one.
    """

    outer: Span
    inner: Span
    paragraph: Span
    before: Span | None
    after: Span | None
    free: bool
    lead: str
    tail: str
    carried: bool = False

    @property
    def opens_paragraph(self) -> bool:
        """Tell whether nothing stands before it in its paragraph, a dash or bullet aside."""
        return self.lead in ("", "-", "–", "—", "*", "•") and (self.before is None or self.before.end - self.before.start <= SET_WORDS)


@lru_cache(1)
def quotations(text: str) -> tuple[Quotation, ...]:
    """Return the quotations of a text, in order, none overlapping."""
    found: list[Quotation] = []
    paragraphs = [match for match in PARAGRAPH.finditer(text) if not match.group().isspace()]
    follows = [match.group().lstrip()[0] in '"“' for match in paragraphs[1:]]
    left_open = False
    for at, (paragraph, goes_on) in enumerate(zip(paragraphs, [*follows, False], strict=False)):
        inside = left_open and _closes_later(paragraphs[at : at + LONGEST_RUN])
        double = list(_double(paragraph.group(), goes_on=goes_on, inside=inside))
        left_open = bool(double) and not double[-1].closed and not goes_on
        pairs = sorted(_with_single(paragraph.group(), double))
        spans = [
            (
                Span(paragraph.start() + pair.start, paragraph.start() + pair.end),
                paragraph.start() + pair.low,
                paragraph.start() + pair.high,
            )
            for pair in pairs
        ]
        for number, (outer, low, high) in enumerate(spans):
            left = spans[number - 1][0].end if number else paragraph.start()
            right = spans[number + 1][0].start if number + 1 < len(spans) else paragraph.end()
            if inner := _trim(text, low, high):
                around = Span(paragraph.start(), paragraph.end())
                quotation = _classified(text, outer, inner, around, (left, right), closed=pairs[number].closed)
                found.append(replace(quotation, free=True, carried=True) if inside and number == 0 else quotation)
    return tuple(_seen_past(found))


def _closes_later(paragraphs: list[re.Match[str]]) -> bool:
    """Tell whether a quotation left open ends in one of the next paragraphs: their first mark stands as a closing one does."""
    for paragraph in paragraphs:
        if marks := _marks(paragraph.group()):
            mark = marks[0][0]
            return (
                mark.sign in ('"', "”")
                and mark.before in ".,!?…"
                and not mark.after.isalnum()
                and (mark.sign == "”" or len(marks) % 2 == 1 or mark.after.isspace())
            )
    return False


def _seen_past(found: list[Quotation]) -> Iterator[Quotation]:
    """Yield quotations whose surroundings reach over nicknames and single words in marks: ``"...," said Ann "Cia" Price``."""
    for number, quotation in enumerate(found):
        before, after = quotation.before, quotation.after
        if quotation.free:
            at = number - 1
            while before and at >= 0 and found[at].paragraph == quotation.paragraph and _is_aside(found[at]):
                before = Span((found[at].before or found[at].outer).start, before.end)
                at -= 1
            at = number + 1
            while after and at < len(found) and found[at].paragraph == quotation.paragraph and _is_aside(found[at]):
                after = Span(after.start, (found[at].after or found[at].outer).end)
                at += 1
        same = before == quotation.before and after == quotation.after
        yield quotation if same else replace(quotation, before=before, after=after)


def _is_aside(quotation: Quotation) -> bool:
    """Tell whether a quotation is a nickname or a term: one or two words set into a sentence."""
    return not quotation.free and quotation.tail.isalnum() and quotation.inner.end - quotation.inner.start <= LONGEST_ASIDE


def _trim(text: str, start: int, end: int) -> Span | None:
    """Return the range without outer white space, ``None`` if it holds no word."""
    inside = text[start:end]
    if not WORD.search(inside):
        return None
    return Span(start + len(inside) - len(inside.lstrip()), end - len(inside) + len(inside.rstrip()))


# ---------------------------------------------------------------- pairing


class Pair(NamedTuple):
    """Where a quotation stands in its line; ``closed`` if it has a mark at its end."""

    start: int
    low: int
    high: int
    end: int
    closed: bool


class Mark(NamedTuple):
    """A double mark, a doubled single one written as straight, with the characters around it; a line ends in spaces."""

    at: int
    end: int
    sign: str
    before: str
    after: str

    @property
    def leads(self) -> bool:
        """Tell whether it stands as an opening mark does: behind a space or a bracket, right before a word."""
        return (self.before.isspace() or self.before in "([—–") and not self.after.isspace()


class Left(NamedTuple):
    """How many marks a line has left behind one."""

    straight: int
    opening: int
    closing: int


def _marks(line: str) -> list[tuple[Mark, Left]]:
    """Return the double marks of a line, each with what is left behind it."""
    found: list[tuple[Mark, Left]] = []
    left = Left(0, 0, 0)
    for match in reversed(list(MARK.finditer(line))):
        low, high = match.span()
        sign = '"' if high - low == 2 else match.group()
        found.append((Mark(low, high, sign, line[low - 1 : low] or " ", line[high : high + 1] or " "), left))
        left = Left(left.straight + (sign == '"'), left.opening + (sign == "“"), left.closing + (sign == "”"))
    return found[::-1]


def _double(line: str, *, goes_on: bool, inside: bool) -> Iterator[Pair]:
    """Yield the pairs of double marks in a line, the outermost only, in order.

    What ``goes_on`` in the next paragraph, which opens again, is rightly left open: one closing mark less is enough for both. A line
    that begins ``inside`` a quotation is one up to its first mark.
    """
    opened: Mark | None = Mark(0, 0, '"', " ", line[:1] or " ") if inside else None
    nested: list[str] = []
    for mark, left in _marks(line):
        if opened is None:
            opened = mark if _opens(mark, left) else None
        elif nested and mark.sign == CLOSED_BY[nested[-1]]:
            nested.pop()
        elif (
            mark.sign in CLOSED_BY
            and mark.leads
            and _nests(opened, mark, left, spare=1 if goes_on and not line[: opened.at].strip() else 2)
        ):
            nested.append(mark.sign)
        elif _reopens(opened, mark):
            yield Pair(opened.at, opened.end, mark.at, mark.at, False)
            opened, nested = mark, []
        elif _closes(opened, mark, left):
            yield Pair(opened.at, opened.end, mark.at, mark.end, True)
            opened, nested = None, []
    if opened:
        yield Pair(opened.at, opened.end, len(line), len(line), False)


CLOSED_BY = {'"': '"', "“": "”"}


def _opens(mark: Mark, left: Left) -> bool:
    if mark.sign == '"':
        misplaced = mark.after.isspace() and not mark.before.isspace() and left.straight % 2 == 1  # She said," no way" and left.
        return not mark.before.isalnum() and (misplaced or not mark.after.isspace())
    return mark.sign in OPENING or (mark.before.isspace() and not mark.after.isspace())  # ”so” and »so« are Swedish and German


def _nests(opened: Mark, mark: Mark, left: Left, *, spare: int) -> bool:
    """Tell whether an opening mark opens a quotation within the quotation: enough closing marks must remain for both."""
    if opened.sign == mark.sign:
        return mark.sign == "“" and left.closing >= left.opening + spare
    both = left.straight > 0 and left.closing > 0
    return both or (spare == 1 and opened.sign == '"' and left.closing > 0)


def _reopens(opened: Mark, mark: Mark) -> bool:
    """Tell whether a mark is a second opening, so that the first was never closed."""
    if opened.sign == '"':
        return (mark.sign == '"' and mark.before.isspace() and mark.after.isalnum()) or (mark.sign == "“" and mark.leads)
    return mark.sign == "“" and mark.leads


def _closes(opened: Mark, mark: Mark, left: Left) -> bool:
    if opened.sign == "»" and mark.sign == "«":
        return True
    if mark.sign == '"':
        inches = opened.sign == '"' and mark.before.isdigit() and mark.after.isspace() and left.straight % 2 == 1
        return not inches
    if mark.sign == "“":
        return not mark.before.isspace() and mark.at - opened.at > 1 and not mark.after.isalnum()
    return mark.sign in CLOSING


def _with_single(line: str, pairs: list[Pair]) -> list[Pair]:
    """Add quotations in single marks; one that holds whole quotations in double marks takes their place, as in British print."""
    starts, ends = [pair.start for pair in pairs], [pair.end for pair in pairs]
    singles: list[Pair] = []
    inside: set[int] = set()
    for single in _single(line):
        low, high = bisect_right(ends, single.start), bisect_left(starts, single.end)
        if all(single.start < pair.start and pair.end < single.end for pair in pairs[low:high]):
            singles.append(single)
            inside.update(range(low, high))
    return [pair for number, pair in enumerate(pairs) if number not in inside] + singles


def _single(line: str) -> Iterator[Pair]:
    """Yield the pairs of single marks in a line: a mark before a word with the next behind one, apostrophes left out."""
    openings = [match.start() for match in SINGLE_OPENING.finditer(line)]
    closings = [match.start() for match in SINGLE_CLOSING.finditer(line)]
    curly = [match.start() for match in re.finditer("‘", line)]
    done = 0
    for start in openings:
        if start < done or ELISION.match(line, start):
            continue
        limit = min([start + LONGEST_SINGLE + 1, *curly[(other := bisect_right(curly, start)) : other + 1]])
        possible = closings[(after := bisect_right(closings, start + 1)) : after + 2]
        fitting = [at for at in possible if at <= limit]
        if fitting:
            at = fitting[-1] if len(fitting) > 1 and _is_possessive(line, *fitting) else fitting[0]
            done = at + 1
            yield Pair(start, start + 1, at, at + 1, True)


def _is_possessive(line: str, at: int, following: int) -> bool:
    """Tell whether the mark ``at`` is that of ``the dogs' bowls``: the one ``following`` closes a sentence or clause."""
    return line[at - 1] == "s" and bool(re.match(r" [a-z]", line[at + 1 : at + 3])) and line[following - 1] in ".,!?…"


# ---------------------------------------------------------------- free or set


def _classified(text: str, outer: Span, inner: Span, paragraph: Span, limits: tuple[int, int], *, closed: bool) -> Quotation:
    """Tell quotations that are clauses of their own from words set into a sentence.

    A free one begins after nothing or after a mark that ends or introduces, ends in punctuation, and has a capital or enough
    words (of marked stretches in news 57 % of one word, but 99 % of fifteen words are somebody's statement).
    """
    left, right = limits
    lead = text[left : outer.start].strip()[-1:] if text[left : outer.start].strip() else ("" if left == paragraph.start else ".")
    words = inner.of(text)
    count = len(WORD.findall(words))
    tail = words.rstrip("'’‘” ")[-1:]
    capital = bool(re.match(r"\W*[A-Z\d]|[\[(…]|\.\.\.", words))
    begins = lead == "" or lead in ",:.?!…—–-;)]"
    ends = not closed or tail in tuple(",.?!…—-–;:") or (begins and text[outer.end : right].lstrip()[:1] in tuple(",.;"))
    weight = capital or (lead in (",", ":") and count >= SET_WORDS) or (count > SET_WORDS and (left > paragraph.start or lead == ""))
    free = begins and ends and weight and not (lead == "," and not capital and count <= SET_WORDS)
    if lead == ":" and count >= SET_WORDS:
        free = True
    if count < 2 and lead not in (",", ":") and tail not in (",", "?", "!"):
        free = False
    return Quotation(
        outer=outer,
        inner=inner,
        paragraph=paragraph,
        before=Span(left, outer.start) if left < outer.start else None,
        after=Span(outer.end, right) if outer.end < right else None,
        free=free,
        lead=lead,
        tail=tail,
    )


def insertions(text: str, span: Span) -> tuple[Span, ...]:
    """Return an editor's bracketed words inside a span."""
    return tuple(Span(match.start(), match.end()) for match in INSERTION.finditer(text, span.start, span.end))
