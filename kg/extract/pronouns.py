"""Pronouns as sources: the candidate that agrees and is salient, if it leads the next by a margin; else nobody.

He and she by distance in sentences, grammatical role, number of mentions and who spoke last; it and they by the last body that
acted. First names never decide gender: titles and pronouns bound before do.
"""

import re
from bisect import bisect_right

from spacy.tokens import Token

from kg.extract.drafts import Draft
from kg.extract.lists import titles
from kg.extract.voices import Talk, named, renamed
from kg.records import Kind, Span, Voice

SINGULAR = {"he": "m", "his": "m", "him": "m", "she": "f", "her": "f", "hers": "f"}
COLLECTIVE = frozenset({"it", "its", "they", "their", "them"})
FIRST_OR_SECOND = frozenset({"i", "we", "you", "my", "our", "us", "me"})
MARGIN = 0.2
FAR = 4
"""How many paragraphs back a body may have acted."""


def person(talk: Talk, head: Token, draft: Draft) -> tuple[Voice | None, str | None]:
    """He, she, his, her: the most salient person before it whose gender does not contradict."""
    gender = SINGULAR[head.lower_]
    scores: dict[int, float] = {}
    for number, chain in enumerate(talk.chains):
        if chain.kind is not Kind.PERSON or chain.credited or talk.genders.get(number, gender) != gender:
            continue
        before = [m for m in chain.mentions if talk.mentions[m].span.end <= head.idx and not _in_own_content(talk.mentions[m].span, draft)]
        if before:
            scores[number] = _salience(talk, before, head) + (0.5 if talk.last is not None and talk.last.chain == number else 0)
            scores[number] += 0.4 if talk.genders.get(number) == gender else 0
    ranked = sorted(scores, key=lambda number: (-scores[number], number))
    if not ranked and talk.last is not None and talk.last.unnamed and _fits(talk.last.unnamed, gender):
        return renamed(talk.last, "pronoun"), None
    if not ranked:
        return None, f"“{head.text}” has nobody before it"
    if len(ranked) > 1 and scores[ranked[0]] - scores[ranked[1]] < MARGIN:
        return None, f"“{head.text}” could be {talk.chains[ranked[0]].name} or {talk.chains[ranked[1]].name}"
    return Voice("pronoun", chain=ranked[0]), None


def _fits(words: str, gender: str) -> bool:
    """Tell whether a description of somebody unnamed says one person, and nothing against a gender."""
    found = [titles()[word] for word in re.findall(r"[a-z-]+", words.lower()) if word in titles()]
    return bool(found) and found[0].gender in ("-", gender)


def _in_own_content(span: Span, draft: Draft) -> bool:
    """Tell whether a name stands in what the pronoun says: nobody names oneself so."""
    return any(part.covers(span) for part in draft.content)


def _salience(talk: Talk, before: list[int], head: Token) -> float:
    """Score a chain by distance in sentences, grammatical role and number of mentions."""
    nearest = before[-1]
    root = talk.roots.get(nearest, head)
    sentences = bisect_right(talk.sentences, head.i) - bisect_right(talk.sentences, root.i)
    while root.dep_ == "conj":  # of two joined by "and" neither is the more salient
        root = root.head
    role = 0.9 if root.dep_ in ("nsubj", "nsubjpass") else -0.4 if root.dep_ in ("poss", "appos") else 0.0
    return -min(sentences, 3) + role + 0.3 + 0.15 * min(len(before), 4)


def body(talk: Talk, head: Token, draft: Draft) -> tuple[Voice | None, str | None]:
    """It, they: whoever of these came last: a body that acted, or the last speaker; ``it`` no group, ``they`` no single person."""
    plural = head.lower_ in ("they", "their", "them")
    if draft.nested_in is not None and talk.last is not None:
        return renamed(talk.last, "pronoun"), None
    acted = _last_to_act(talk, head, draft, plural=plural)
    spoke = talk.last_head if talk.last is not None and talk.last.unnamed else None
    fits = spoke is not None and (spoke.tag_ in ("NNS", "NNPS") or spoke.lower_ == "police") is plural and spoke.lower_ not in titles()
    if talk.last is not None and spoke is not None and fits and (acted is None or acted[0] < spoke.i):
        return renamed(talk.last, "pronoun"), None
    if acted is not None:
        return renamed(acted[1], "pronoun"), None
    return None, f"“{head.text}” has no body before it that acts"


def _last_to_act(talk: Talk, head: Token, draft: Draft, *, plural: bool) -> tuple[int, Voice] | None:
    """Return (token, voice) of the last government, organisation or group before a pronoun that was a subject."""
    for number in reversed(range(len(talk.mentions))):
        mention, root = talk.mentions[number], talk.roots.get(number)
        if mention.span.end > head.idx or root is None or _in_own_content(mention.span, draft):
            continue
        if talk.paragraph(head.idx) - talk.paragraph(mention.span.start) > FAR:
            return None
        if root.dep_ not in ("nsubj", "nsubjpass", "agent") or mention.kind is Kind.PERSON or talk.chains[talk.chain_of[number]].credited:
            continue
        if mention.kind is Kind.GROUP and not plural:
            continue
        if (voice := named(talk, root)) is not None and (voice.chain is None or mention.kind is not Kind.PLACE):
            return root.i, voice
    return None
