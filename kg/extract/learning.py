"""Counting frames in annotated text: which cues in which constructions attributed something, and which properties went with it."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from spacy.tokens import Doc

from kg.extract.counts import TABLES, Counts, Table, logit, moved
from kg.extract.drafts import Text
from kg.extract.offers import offers
from kg.extract.quoted import spoken
from kg.records import Document, Span

NOTHING = Counts.of({name: Table() for name in TABLES})
REACH = ("prep", "aux", "agent", "prt")
"""What of a cue may be marked without its head word."""
BESIDE = 15
"""How many words beside a quotation are counted as its possible cues."""


@dataclass(frozen=True, slots=True)
class Attribution:
    """What an annotator marked."""

    content: tuple[Span, ...]
    cue: tuple[Span, ...]
    source: tuple[Span, ...]

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Attribution":
        """Make one of a statement of the interchange format; what it lacks is empty."""
        content, cue, source = (tuple(Span(*pair) for pair in row.get(key) or ()) for key in ("content", "cue", "source"))
        return cls(content, cue, source)


@dataclass(frozen=True, slots=True)
class Seen:
    """A candidate that was counted."""

    lemma: str
    key: str
    listed: bool
    properties: tuple[str, ...]
    true: bool


def count(examples: Iterable[tuple[Document, Doc, Sequence[Attribution]]], *, source: str) -> Counts:
    """Return the counts of annotated documents.

    A candidate is true if its content overlaps an annotated one by half (F1 of the words) and that one's cue holds its head word.
    """
    tables = {name: Table() for name in TABLES}
    seen = [row for example in examples for row in _count(tables, *example)]
    counts = Counts.of(tables, source)
    _count_properties(counts, seen)
    return counts


def _count(tables: dict[str, Table], document: Document, doc: Doc, attributions: Sequence[Attribution]) -> list[Seen]:
    """Count one document; return its candidates."""
    text = Text(document, doc)
    marked = [(_words(text, a.content), _words(text, a.cue), bool(a.source)) for a in attributions]
    _count_beside(tables["beside"], text, marked)
    used = {draft.anchor.i for draft in spoken(text, NOTHING) if draft.anchor is not None}
    found: list[Seen] = []
    anchors: dict[int, tuple[str, bool]] = {}
    for offer in offers(text, used):
        candidate = offer.candidate
        if candidate.anchor.i in text.quoted:
            continue
        reach = {candidate.anchor.i, *(kid.i for kid in candidate.anchor.children if kid.dep_ in REACH)}
        fitting = [(_f1(candidate.content, content), has) for content, cue, has in marked if not cue or cue & reach]
        share, has_source = max(fitting, default=(0.0, True))
        true = share >= 0.5
        tables["frame"].add(f"{candidate.lemma} {candidate.key}", true)
        tables["construction"].add(candidate.key, true)
        if candidate.listed:
            tables["construction"].add(f"listed {candidate.key}", true)
        if true:
            tables["sourceless"].add(f"{candidate.lemma} {candidate.construction}", not has_source)
        anchors[candidate.anchor.i] = candidate.lemma, true or anchors.get(candidate.anchor.i, ("", False))[1]
        found.append(Seen(candidate.lemma, candidate.key, candidate.listed, offer.properties, true))
    for lemma, true in anchors.values():
        tables["lemma"].add(lemma, true)
    return found


def _count_beside(table: Table, text: Text, marked: Sequence[tuple[set[int], set[int], bool]]) -> None:
    """Count the verbs beside free quotations."""
    cues = {i for content, cue, _ in marked if content & text.inner for i in cue}
    for quotation in text.quotations:
        if quotation.free:
            near = [*text.tokens(quotation.before)[-BESIDE:], *text.tokens(quotation.after)[:BESIDE]]
            for token in near:
                if token.pos_ in ("VERB", "AUX"):
                    table.add(token.lemma_.lower(), token.i in cues)


def _words(text: Text, spans: Iterable[Span]) -> set[int]:
    return {token.i for span in spans for token in text.tokens(span) if not token.is_punct}


def _f1(one: frozenset[int], other: set[int]) -> float:
    return 2 * len(one & other) / (len(one) + len(other)) if other else 0.0


def _count_properties(counts: Counts, seen: Sequence[Seen]) -> None:
    """Count one property after the other, each against what the frame and the properties before it let expect."""
    table = counts.tables["property"]
    odds = [logit(counts.probability(row.lemma, row.key, listed=row.listed, leave=int(row.true))) for row in seen]
    for which in range(len(seen[0].properties) if seen else 0):
        for z, row in zip(odds, seen, strict=True):
            table.add(row.properties[which], row.true, 1 / (1 + math.exp(-z)))
        odds = [z + moved(table, row.properties[which]) for z, row in zip(odds, seen, strict=True)]
