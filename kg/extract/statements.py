"""Statements: what the article attributes to somebody, with its words, cue and source.

1. free quotations find the reporting verb beside them (``quoted``)
2. cue words outside them offer their frames; the likeliest of each is kept
3. quotations without a cue go on from the statement before them
4. what lies within another's content is nested in it
5. coordinated sources give a statement each
"""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import NamedTuple

from spacy.tokens import Doc, Token

from kg.extract.constructions import ACCORDING, RELATIVE, cue_tokens
from kg.extract.counts import Counts
from kg.extract.drafts import Draft, Text
from kg.extract.frames import Candidate
from kg.extract.layouts import lines
from kg.extract.marks import Quotation
from kg.extract.offers import Offer, offers, plausible
from kg.extract.phrases import parties, phrase, running_on
from kg.extract.quoted import spoken
from kg.extract.sources import LIGHT
from kg.records import Document, Doubt, Span, Type

THRESHOLD = 0.33
"""How probable a candidate must be; F1 is greatest near half of itself (Lipton et al. 2014), the rest was measured on the train split."""
LISTED_THRESHOLD = 0.25
"""The same for a frame of the hand list."""
NESTED_THRESHOLD = 0.1
"""The same for a frame of the hand list within another's content, where annotated text says nothing."""
SOURCELESS_THRESHOLD = 0.5
"""The same where the text names nobody who speaks."""
PREFERRED = 0.1
"""By how much a frame of the hand list is preferred to another reading of the same word."""
SAME = 0.8
"""From what overlap (F1 of the words) two readings of a word have the same content."""
LATE = 0.6
"""Behind how much of a paragraph a statement must end for the next paragraph to go on with it."""


def drafts(document: Document, doc: Doc, counts: Counts) -> tuple[tuple[Draft, ...], tuple[Doubt, ...]]:
    """Return the statements of a document in text order, nested ones marked, and what was seen and not decided."""
    text = Text(document, doc)
    quoted = spoken(text, counts)
    labelled = list(lines(text))
    used = {draft.anchor.i for draft in quoted if draft.anchor is not None}
    said = [*labelled, *(draft for draft in _framed(text, used, counts) if not _told_already(draft, quoted))]
    found, doubts = _float(text, quoted, said)
    doubts += [Doubt(q.inner, "words in quotation marks that nothing attributes") for q in _unclaimed(text, found)]
    return _nested([part for draft in found for part in _split(text, _apart(draft))]), tuple(sorted(doubts, key=lambda doubt: doubt.span))


def _apart(draft: Draft) -> Draft:
    """Return a draft without the words of its cue or source that a token shares with its content: ``Reyes:“No``."""
    cue = tuple(span for span in draft.cue if not any(span.meets(said) for said in draft.content))
    source = tuple(span for span in draft.source if not any(span.meets(other) for other in (*draft.content, *cue)))
    return (
        draft if (cue, source) == (draft.cue, draft.source) else replace(draft, cue=cue, source=source, head=draft.head if source else None)
    )


# ---------------------------------------------------------------- 2 frames


class Choice(NamedTuple):
    """A candidate, with what it is preferred by: probable enough, in the hand list, probable, long."""

    enough: bool
    preference: float
    score: float
    length: int
    candidate: Candidate
    head: Token | None


def _enough(candidate: Candidate, head: Token | None) -> float:
    """Return how probable a candidate must be that stands in no other's content."""
    if head is None:
        return SOURCELESS_THRESHOLD
    return LISTED_THRESHOLD if candidate.listed else THRESHOLD


def _choice(offer: Offer, counts: Counts) -> Choice:
    """Score an offer; a frame that mostly stands without a source loses its."""
    candidate = offer.candidate
    score = counts.score(candidate.lemma, candidate.key, offer.properties, listed=candidate.listed)
    head = None if not candidate.listed and counts.sourceless(candidate.lemma, candidate.construction) else offer.head
    enough = score >= _enough(candidate, head)
    return Choice(enough, score + PREFERRED * candidate.listed, score, len(candidate.content), candidate, head)


def _settled(found: list[Choice]) -> Choice:
    """Return the best reading of a word; where the hand list reads the same words, with what it says of them."""
    best = max(found, key=lambda choice: choice[:4])
    if best.candidate.listed:
        return best
    content = best.candidate.content
    same = [
        c
        for c in found
        if c.candidate.listed and 2 * len(c.candidate.content & content) >= SAME * (len(c.candidate.content) + len(content))
    ]
    return max(same, key=lambda choice: choice[:4])._replace(enough=best.enough, score=best.score) if same else best


def _framed(text: Text, used: AbstractSet[int], counts: Counts) -> list[Draft]:
    """Return the likeliest draft of each cue word, the outermost first; what stands inside another only where the hand list has it."""
    choices: dict[int, list[Choice]] = {}
    for offer in offers(text, used, counts):
        if plausible(text, offer.candidate, offer.head):
            choice = _choice(offer, counts)
            if choice.score >= NESTED_THRESHOLD:
                choices.setdefault(offer.candidate.anchor.i, []).append(choice)
    best = {anchor: _settled(found) for anchor, found in choices.items()}
    chosen = _carried([(choice.candidate, choice.head) for choice in best.values()])
    covered: set[int] = set()
    kept = []
    for candidate, head in sorted(chosen, key=lambda pair: (-len(pair[0].content), pair[0].anchor.i)):
        inside = candidate.anchor.i in covered
        reported = head is not None or candidate.frame.act in ("accuse", "claim")  # "denied accusations of X": whose, nobody says
        if inside and not (candidate.listed and reported and candidate.content <= covered):
            continue
        if not inside and not best[candidate.anchor.i].enough:
            continue
        if not inside and 2 * len(candidate.content & covered) > len(candidate.content):
            continue
        covered |= candidate.content
        kept.append(_draft(text, candidate, head, best[candidate.anchor.i].score))
    return kept


def _carried(best: list[tuple[Candidate, Token | None]]) -> Iterator[tuple[Candidate, Token | None]]:
    """Yield each candidate once: ``reiterated a call for X`` is the call; ``denied accusations of X`` is the denial."""
    by_anchor = {candidate.anchor.i: (candidate, head) for candidate, head in best}
    gone: set[int] = set()
    for candidate, head in best:
        noun = candidate.anchor
        if noun.pos_ not in ("NOUN", "PROPN") or noun.dep_ not in ("dobj", "attr"):
            continue
        holder = by_anchor.get(noun.head.i)
        if holder and holder[1] == head:
            light = (
                noun.head.lemma_.lower() in LIGHT and candidate.construction != "n-that" or noun.head.lemma_.lower() in ("make", "issue")
            )
            gone.add(noun.head.i if light else noun.i)
    for candidate, head in best:
        if candidate.anchor.i not in gone:
            verb = candidate.anchor.head
            carried = candidate.anchor.pos_ == "NOUN" and candidate.anchor.dep_ == "dobj" and verb.lemma_.lower() in LIGHT
            yield (replace(candidate, cue=candidate.cue | cue_tokens(verb)) if carried else candidate), head


def _draft(text: Text, candidate: Candidate, head: Token | None, confidence: float) -> Draft:
    """Make the draft of a candidate."""
    relative = {kid.i for kid in candidate.anchor.children if kid.dep_ in ("nsubj", "nsubjpass") and kid.lower_ in RELATIVE}
    spans = _with_marks(text, text.spans(candidate.content))
    speaks = () if head is None else running_on(head) if candidate.construction == ACCORDING else phrase(head)
    return Draft(
        content=spans,
        cue=text.spans(candidate.cue),
        source=text.spans({*speaks, *relative} - candidate.content - candidate.cue) if head is not None else (),
        type=Type.INDIRECT if candidate.anchor.i in text.free else text.type_of(spans),
        frame=candidate.frame,
        lemma=candidate.anchor.lemma_.lower() if candidate.construction != ACCORDING else "according to",
        rule=f"frame.{candidate.construction}",
        confidence=round(confidence, 2),
        anchor=candidate.anchor,
        head=head,
        whom=candidate.whom,
        charge=next(iter(text.spans(phrase(candidate.charge))), None) if candidate.charge is not None else None,
    )


def _with_marks(text: Text, spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """Extend a span that ends inside a quotation's last words over its closing mark, and begin where its opening mark stands."""
    found = []
    for span in spans:
        start, end = span.start, span.end
        for quotation in text.quotations_in(span):
            if not quotation.free:
                if start == quotation.inner.start and end > quotation.outer.end:
                    start = quotation.outer.start
                if end >= quotation.inner.end - 1 and end <= quotation.outer.end and start < quotation.outer.start:
                    end = quotation.outer.end
                elif end >= quotation.inner.end - 1 and end < quotation.inner.end:
                    end = quotation.inner.end
        found.append(Span(start, end))
    return tuple(found)


def _told_already(draft: Draft, quoted: list[Draft]) -> bool:
    """Tell whether the words of a draft are mostly those of a quotation that has its cue."""
    size = sum(span.end - span.start for span in draft.content)
    reach = Span(draft.content[0].start, draft.content[-1].end)
    for other in (other for other in quoted if reach.start < other.content[-1].end and other.content[0].start < reach.end):
        shared = sum(max(0, min(a.end, b.end) - max(a.start, b.start)) for a in draft.content for b in other.content)
        inside = draft.anchor is not None and any(span.start <= draft.anchor.idx < span.end for span in other.content)
        if other.anchor is not None and not inside and 2 * shared > size:
            return True
    return False


# ---------------------------------------------------------------- 3 floating quotations


def _float(text: Text, quoted: list[Draft], said: list[Draft]) -> tuple[list[Draft], list[Doubt]]:
    """Join quotations without a cue to the statement that they go on from; report those that nothing claims."""
    found = [*said, *(draft for draft in quoted if draft.anchor is not None)]
    doubts: list[Doubt] = []
    for draft in (draft for draft in quoted if draft.anchor is None):
        before = [other for other in found if other.source and _leads_to(text, other, draft)]
        if before:
            last = max(before, key=_end)
            content = (*last.content, *draft.content)
            found[found.index(last)] = replace(last, content=content, type=text.type_of(content))
        else:
            doubts.append(Doubt(draft.content[0], "a quotation without a cue: nothing beside it says who speaks"))
    return found, doubts


def _leads_to(text: Text, other: Draft, floating: Draft) -> bool:
    """Tell whether a statement can go on in a quotation: it ends before it in its paragraph, or late in the one before.

    Late, for there the quotation is a paragraph of its own and the one before must end with the statement.
    """
    start, paragraph = floating.content[0].start, floating.paragraph or floating.content[0]
    if _end(other) > start + 1:
        return False
    if other.content[0].start >= paragraph.start and other.cue[0].start >= paragraph.start:
        return True
    alone = not text.text[paragraph.start : start].strip("\"“‘'" + " ") and not text.text[floating.content[-1].end : paragraph.end].strip(
        "\"”’'.,- "
    )
    above = text.line_before(paragraph)
    return (
        alone and above is not None and other.cue[0].start >= above.start and _end(other) > above.start + LATE * (above.end - above.start)
    )


def _end(draft: Draft) -> int:
    return max(span.end for span in (*draft.content, *draft.cue))


def _unclaimed(text: Text, found: list[Draft]) -> Iterator[Quotation]:
    """Yield quotations no part of which any statement holds: scare quotes, titles, misses."""
    contents = [span for draft in found for span in draft.content]
    for quotation in text.quotations:
        if not any(span.meets(quotation.inner) for span in contents):
            yield quotation


# ---------------------------------------------------------------- 4, 5 nesting and joint sources


def _split(text: Text, draft: Draft) -> Iterator[Draft]:
    """Yield a draft for each of its coordinated sources."""
    relative = draft.anchor is not None and any(kid.lower_ in RELATIVE and kid.dep_ == "nsubj" for kid in draft.anchor.children)
    heads = parties(draft.head) if draft.head is not None and draft.source and not relative else []
    if len(heads) < 2:
        yield draft
        return
    taken = {i for span in (*draft.content, *draft.cue) for i in text.indexes(span)}
    for head in heads:
        if spans := text.spans(phrase(head) - taken):
            yield replace(draft, head=head, source=spans)


def _nested(found: list[Draft]) -> tuple[Draft, ...]:
    """Sort drafts and mark each with the smallest other one whose content holds its content and cue."""
    ordered = sorted(
        found,
        key=lambda d: (d.content[0].start, d.cue[0].start if d.cue else -1, d.source[0].start if d.source else -1, -_end(d)),
    )
    open_: list[int] = []  # those that began at or before this one and have not ended
    ahead, marked = 0, []
    for number, draft in enumerate(ordered):
        start = draft.content[0].start
        while ahead < len(ordered) and ordered[ahead].content[0].start <= start:
            open_.append(ahead)
            ahead += 1
        open_ = [place for place in open_ if ordered[place].content[-1].end > start]
        marked.append(replace(draft, nested_in=_around(number, open_, ordered)))
    return tuple(marked)


def _around(number: int, open_: list[int], ordered: list[Draft]) -> int | None:
    """Return the smallest of some drafts that holds all of another."""
    parts = (*ordered[number].content, *ordered[number].cue)
    holders = [
        (sum(span.end - span.start for span in ordered[place].content), place)
        for place in open_
        if place != number and all(any(span.covers(part) for span in ordered[place].content) for part in parts)
    ]
    return min(holders)[1] if holders else None
