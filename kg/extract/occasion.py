"""Where and when something was said, if the text says so: beside the cue, or in the occasion that its paragraph tells.

``Lee told a meeting in Vienna on May 3 ...``; ``Lee spoke to the press in Goma on Monday. Lee said ...``. A day without a year, or a
weekday, becomes a date only by the date of the document; without one it stays unresolved. Nothing is ever stamped with the date
of publication.
"""

from bisect import bisect_left
from collections.abc import Iterator

from spacy.tokens import Token

from kg.extract.datereadings import UNRESOLVED
from kg.extract.dates import resolve
from kg.extract.drafts import Draft
from kg.extract.times import widened
from kg.extract.voices import Talk
from kg.records import Kind, TimeKind, Voice


def scene(talk: Talk, draft: Draft, voice: Voice | None) -> int | None:
    """Return the chain of the place where it was said, ``None`` where the text names none."""
    for verb, own in _tellings(talk, draft, voice):
        for clause, place in _places(talk, verb, draft):
            if not own or clause.i == verb.i or (clause.dep_ in ("dobj", "pobj") and clause.pos_ in ("NOUN", "PROPN")):
                return place
    return None


def said_on(talk: Talk, draft: Draft, voice: Voice | None) -> tuple[str | None, str]:
    """Return the ISO date of a statement and its status.

    ``stated`` with a year in the text; ``derived`` by the document's date; ``unresolved`` for a day told without a way to its year;
    ``notStated`` where the text tells no day.
    """
    for verb, own in _tellings(talk, draft, voice):
        for words in _day_words(verb, draft, own=own):
            if (found := _day(words, talk.document.date)) is not None:
                return found
    return None, "notStated"


def _tellings(talk: Talk, draft: Draft, voice: Voice | None) -> Iterator[tuple[Token, bool]]:
    """Yield the cue (``True``), then the speaker's appearance that the paragraph told last before it (``False``)."""
    if draft.anchor is None:
        return
    yield draft.anchor, True
    if voice is None or voice.chain is None:
        return
    here = talk.paragraph(draft.anchor.idx)
    for at in reversed(talk.appearances[: bisect_left(talk.appearances, draft.anchor.i)]):
        token = talk.doc[at]
        if talk.paragraph(token.idx) != here:
            return
        if any(kid.dep_ == "nsubj" and talk.chain_at(kid) == voice.chain for kid in token.children):
            yield token, False
            return


def _places(talk: Talk, verb: Token, draft: Draft) -> Iterator[tuple[Token, int]]:
    """Yield (what it hangs on, chain) for each place that an ``in`` or ``at`` under a verb names, outside what was said."""
    for token in verb.subtree:
        if token.dep_ == "pobj" and token.head.lower_ in ("in", "at", "from") and not _inside(token, draft):
            number = talk.chain_at(token)
            if number is not None and talk.chains[number].kind is Kind.PLACE:
                yield token.head.head, number


def _inside(token: Token, draft: Draft) -> bool:
    return any(span.start <= token.idx < span.end for span in draft.content)


def _day_words(verb: Token, draft: Draft, *, own: bool) -> Iterator[str]:
    """Yield the time expressions under a verb, outside what was said; for the cue only those that hang on it or on its object."""
    seen: set[int] = set()
    for token in verb.subtree:
        if token.ent_type_ not in ("DATE", "TIME") or _inside(token, draft) or token.i in seen:
            continue
        start, end = token.i, token.i + 1
        while start and token.doc[start - 1].ent_type_ in ("DATE", "TIME") and token.doc[start].ent_iob_ == "I":
            start -= 1
        while end < len(token.doc) and token.doc[end].ent_iob_ == "I":
            end += 1
        start, end = widened(token.doc, 0, start, end)
        seen.update(range(start, end))
        if not own or _hangs_near(token.doc[start:end].root, verb):
            yield token.doc[start:end].text


def _hangs_near(root: Token, verb: Token) -> bool:
    """Tell whether a time hangs on a verb, by a preposition or over its object: ``told a meeting on Monday``."""
    for _ in range(4):
        if root.head.i == verb.i:
            return True
        root = root.head
        if root.pos_ in ("VERB", "AUX"):
            return False
    return False


def _day(words: str, published: str | None) -> tuple[str | None, str] | None:
    """Return (ISO date, status) of a time expression that tells a day, ``None`` for any other: what was said has been said."""
    told = resolve(words, published=published, future=False)
    if told is None or told.kind is not TimeKind.DAY and not (told.kind is TimeKind.MOMENT and told.value):
        return None
    if told.status == UNRESOLVED:
        return None, UNRESOLVED
    day = told.value[: len("YYYY-MM-DD")]
    return None if published is not None and day > published[: len(day)] and told.basis else (day, told.status)
