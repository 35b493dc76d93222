"""Drafts of statements, and a parsed document with what is asked of it again and again."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from numpy import flatnonzero, logical_or
from spacy import symbols
from spacy.tokens import Doc, Token

from kg.extract.counts import Counts
from kg.extract.frames import Frame, listed
from kg.extract.marks import Quotation, quotations
from kg.records import Document, Span, Type, ZoneKind

ANCHORS = {symbols.VERB: "v", symbols.AUX: "v", symbols.NOUN: "n", symbols.PROPN: "n", symbols.ADJ: "a"}
"""What can be a cue; ``according`` is tagged as a verb."""
SILENT = frozenset({ZoneKind.HEADER, ZoneKind.DATELINE, ZoneKind.CREDIT, ZoneKind.TEASER, ZoneKind.BOILERPLATE})
"""Zones that give no statements; captions give only what they report in so many words."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A statement before anybody asks who its source is."""

    content: tuple[Span, ...]
    cue: tuple[Span, ...]
    source: tuple[Span, ...]
    type: Type
    frame: Frame
    lemma: str
    rule: str
    confidence: float
    anchor: Token | None = None
    head: Token | None = None
    whom: Token | None = None
    charge: Span | None = None
    nested_in: int | None = None
    paragraph: Span | None = None


class Text:
    """A parsed document with what is asked of it again and again."""

    def __init__(self, document: Document, doc: Doc) -> None:
        self.document, self.doc, self.text = document, doc, document.text
        self._zoned = any(zone.kind in SILENT for zone in document.zones)
        self._tags, self._lemmas = doc.to_array("POS").tolist(), doc.to_array("LEMMA").tolist()
        self.quotations = [q for q in quotations(document.text) if document.zone_at(q.outer) not in SILENT]
        self._starts = doc.to_array("IDX").tolist()
        self.loose = frozenset(flatnonzero(logical_or(doc.to_array("IS_PUNCT"), doc.to_array("IS_SPACE"))).tolist())
        """Tokens that are punctuation or white space."""
        self.quoted = {i: n for n, q in enumerate(self.quotations) for i in self.indexes(q.outer)}
        self.inner = {i for q in self.quotations for i in self.indexes(q.inner)}
        self.free = {i for q in self.quotations if q.free for i in self.indexes(q.outer)}

    def silent(self, token: Token) -> bool:
        """Tell whether a word stands in a zone that gives no statements."""
        return self._zoned and self.document.zone_at(Span(token.idx, token.idx + 1)) in SILENT

    def anchors(self, counts: Counts | None) -> Iterator[int]:
        """Yield the tokens that may be cues, in order; with ``counts`` only those that by their word can attribute something."""
        strings = self.doc.vocab.strings
        promising: dict[tuple[int, int], bool] = {}
        for at, key in enumerate(zip(self._tags, self._lemmas, strict=True)):
            if key[0] not in ANCHORS:
                continue
            if key not in promising:
                word, part = strings[key[1]].lower(), ANCHORS[key[0]]
                name = key[0] == symbols.PROPN
                promising[key] = counts is None or (word, part) in listed() or (not name and counts.promising(word))
            if promising[key]:
                yield at

    def at(self, offset: int) -> int:
        """Return the index of the token that a character stands in, or of the one before it."""
        return bisect_right(self._starts, offset) - 1

    def indexes(self, span: Span) -> range:
        """Return the tokens that begin inside a span."""
        return range(bisect_left(self._starts, span.start), bisect_left(self._starts, span.end))

    def quotations_in(self, span: Span) -> Sequence[Quotation]:
        """Return the quotations that share a character with a span, in order."""
        first = bisect_right(self.quotations, span.start, key=lambda quotation: quotation.outer.end)
        return self.quotations[first : bisect_left(self.quotations, span.end, key=lambda quotation: quotation.outer.start)]

    def tokens(self, span: Span | None) -> list[Token]:
        """Return the tokens of a span, white space left out."""
        return [self.doc[i] for i in self.indexes(span) if not self.doc[i].is_space] if span else []

    def line_before(self, paragraph: Span) -> Span | None:
        """Return the line of text before a paragraph."""
        end = len(self.text[: paragraph.start].rstrip())
        return Span(self.text.rfind("\n", 0, end) + 1, end) if end else None

    def spans(self, indexes: Iterable[int]) -> tuple[Span, ...]:
        """Return runs of tokens as spans; punctuation and white space between two runs do not split them."""
        runs: list[list[int]] = []
        for i in sorted(i for i in indexes if not self.doc[i].is_space):
            if runs and all(k in self.loose for k in range(runs[-1][1] + 1, i)):
                runs[-1][1] = i
            else:
                runs.append([i, i])
        return tuple(self._balanced(Span(self.doc[a].idx, self.doc[b].idx + len(self.doc[b]))) for a, b in runs)

    def _balanced(self, span: Span) -> Span:
        """Take in what the tokeniser takes for loose punctuation: a per cent sign, the bracket that closes one inside."""
        behind, words = self.text[span.end : span.end + 1], span.of(self.text)
        whole = behind == "%" or (behind == ")" and words.count("(") > words.count(")"))
        return Span(span.start, span.end + 1) if whole else span

    def type_of(self, content: Sequence[Span]) -> Type:
        """Return whether all, some or none of the letters stand in quotation marks."""
        words = [i for span in content for i in self.indexes(span) if i not in self.loose]
        inside = sum(i in self.inner for i in words)
        return Type.DIRECT if words and inside == len(words) else Type.MIXED if inside else Type.INDIRECT
