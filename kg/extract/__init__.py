"""A parsed document becomes records: mentions, chains, statements with their speakers, doubts.

Everything here depends on one document, the gazetteer and the word lists alone, so that documents can be read anywhere, in any
order, side by side.
"""

import re
from bisect import bisect_left
from dataclasses import replace

from spacy.tokens import Doc

from kg.extract import occasion, partners
from kg.extract.chains import chains
from kg.extract.counts import COUNTS, Counts, load
from kg.extract.drafts import Draft
from kg.extract.figures import figures
from kg.extract.marks import insertions
from kg.extract.metonyms import is_metonym
from kg.extract.names import mentions
from kg.extract.offers import FIRST_PERSON
from kg.extract.roles import one_a_wording
from kg.extract.speakers import speaker
from kg.extract.statements import drafts
from kg.extract.times import times
from kg.extract.voices import Talk, gender_of
from kg.gazetteer import Gazetteer
from kg.records import Class, Document, Doubt, Extraction, Role, Span, Statement, Voice

__all__ = ["DEFAULT_CLASSES", "extract"]

DEFAULT_CLASSES = frozenset({Class.REPORT, Class.STANCE})
"""What is kept unless a reader asks for undertakings too."""

TARGETED = frozenset({"accuse", "criticise", "condemn", "praise", "thank", "threaten", "reject"})
ADDRESSED = frozenset({"urge", "ask", "order", "call-for", "propose", "demand", "pledge", "warn"})
READING = re.compile(r"\b(apparent|seeming|implicit|veiled|thinly|what (?:appeared|seemed))\b", re.IGNORECASE)


def extract(
    document: Document, doc: Doc, gazetteer: Gazetteer, *, classes: frozenset[Class] = DEFAULT_CLASSES, counts: Counts | None = None
) -> Extraction:
    """Return everything that one document says, in text order.

    Args:
        document: The text with its zones.
        doc: The same characters parsed (``doc.text == document.text``).
        gazetteer: Names known before reading.
        classes: Classes of statements to keep.
        counts: Counted frames; by default those that are shipped.
    """
    found = mentions(document, doc, gazetteer)
    found = tuple(replace(m, metonym=True) if is_metonym(doc, m, gazetteer) else m for m in found)
    linked = chains(document.text, doc, found, gazetteer, title=document.title or "")
    talk = Talk.of(document, doc, found, linked, gazetteer)
    told, doubts = drafts(document, doc, counts or load(COUNTS))
    linked = tuple(replace(chain, gender=gender_of(chain)) for chain in linked)
    statements, more = _statements(talk, told, classes)
    linked = tuple(replace(chain, roles=_roles(talk, number)) for number, chain in enumerate(linked))
    told_times = times(document, doc)
    counted = figures(talk, statements, told_times)
    open_ = tuple(sorted({*doubts, *more}, key=lambda doubt: (doubt.span, doubt.why)))
    return Extraction(document, found, linked, statements, open_, told_times, counted)


def _roles(talk: Talk, number: int) -> tuple[Role, ...]:
    """Return the roles of a chain that the whole document tells, and whose they are."""
    return one_a_wording(replace(role, of=partners.belongs_to(talk, role.text, number)) for role in talk.roles[number])


def _statements(talk: Talk, told: tuple[Draft, ...], classes: frozenset[Class]) -> tuple[tuple[Statement, ...], list[Doubt]]:
    """Give each draft its voices; leave out what only repeats who already speaks (``Ann said she wants ...``)."""
    kept: dict[int, Statement] = {}
    doubts: list[Doubt] = []
    for number, draft in sorted(enumerate(told), key=lambda row: (_first(row[1]), row[0])):
        outer = kept.get(draft.nested_in) if draft.nested_in is not None else None
        voice, why = speaker(talk, draft, outer.speaker if outer is not None else None)
        if draft.frame.kind not in classes or (outer is not None and _repeats(draft, voice, outer)):
            continue
        if why:
            doubts.append(Doubt(draft.source[0] if draft.source else draft.content[0], f"no speaker: {why}"))
        kept[number] = _statement(talk, draft, voice)
    order = sorted(kept)
    position = {number: place for place, number in enumerate(order)}
    return tuple(replace(kept[n], nested_in=_holder(n, told, position)) for n in order), doubts


def _first(draft: Draft) -> int:
    return min(span.start for span in (*draft.source, *draft.cue, *draft.content))


def _holder(number: int, told: tuple[Draft, ...], position: dict[int, int]) -> int | None:
    """Return the position of the nearest kept statement around one."""
    outer = told[number].nested_in
    while outer is not None and outer not in position:
        outer = told[outer].nested_in
    return None if outer is None else position[outer]


def _repeats(draft: Draft, voice: Voice | None, outer: Statement) -> bool:
    """Tell whether a nested statement is its outer speaker's own: a pronoun for the speaker, or for somebody unknown."""
    if draft.head is None or draft.head.pos_ != "PRON" or draft.head.lower_ in FIRST_PERSON:
        return False
    if voice is None or outer.speaker is None:
        return True
    return (voice.chain, voice.government, voice.unnamed) == (outer.speaker.chain, outer.speaker.government, outer.speaker.unnamed)


def _statement(talk: Talk, draft: Draft, voice: Voice | None) -> Statement:
    """Make the record of a draft."""
    aimed = partners.aimed_at(talk, draft.whom)
    text = talk.document.text
    day, status = occasion.said_on(talk, draft, voice)
    before = text[max(0, draft.cue[0].start - 30) : draft.cue[0].start] if draft.cue else ""
    return Statement(
        type=draft.type,
        content=draft.content,
        cue=draft.cue,
        source=draft.source,
        lemma=draft.lemma,
        act=draft.frame.act,
        kind=draft.frame.kind,
        rule=draft.rule,
        confidence=draft.confidence if voice is None or voice.certain else min(draft.confidence, 0.6),
        speaker=voice,
        on_behalf_of=partners.behalf(talk, voice),
        role=partners.role(talk, draft),
        addressee=aimed if draft.frame.act in ADDRESSED else partners.addressee(talk, draft),
        target=aimed if draft.frame.act in TARGETED else None,
        charge=draft.charge if draft.frame.act == "accuse" else None,
        place=occasion.scene(talk, draft, voice),
        date=day,
        date_status=status,
        insertions=tuple(found for span in draft.content for found in insertions(text, span)),
        about=_about(talk, draft.content),
        interpreted=bool(READING.search(before)),
    )


def _about(talk: Talk, content: tuple[Span, ...]) -> tuple[int, ...]:
    """Return the chains that a content mentions, ascending."""
    found = set()
    for span in content:
        first = bisect_left(talk.mentions, span.start, key=lambda mention: mention.span.start)
        for number in range(first, len(talk.mentions)):
            if not span.covers(talk.mentions[number].span):
                break
            found.add(talk.chain_of[number])
    return tuple(sorted(found))
