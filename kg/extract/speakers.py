"""Who a source means: a name, a description or a pronoun becomes a voice of the document, or a doubt; never a guess.

The order of the rules follows deterministic resolvers: a name as it stands; a government by its adjective (``the Armenian
government``); a definite description by its head noun; whose paper it is; a role whose holder is named right after; else somebody
unnamed, in the text's own words.
"""

import re
from dataclasses import replace

from spacy.tokens import Token

from kg.extract.constructions import PAPERS
from kg.extract.drafts import Draft
from kg.extract.lists import titles
from kg.extract.offers import FIRST_PERSON
from kg.extract.pronouns import COLLECTIVE, FIRST_OR_SECOND, SINGULAR, body, person
from kg.extract.roles import role
from kg.extract.voices import Talk, described, named, renamed, state, unnamed
from kg.records import Kind, Role, Voice

PARAGRAPHS_AHEAD = 2


def speaker(talk: Talk, draft: Draft, outer: Voice | None) -> tuple[Voice | None, str | None]:
    """Return the voice of a statement's source, or why there is none; remembers it for what follows.

    Args:
        talk: The document's voices so far.
        draft: Whose source is asked for.
        outer: Who speaks the words that hold it, if it is nested: whom ``I`` and ``we`` mean there.
    """
    if draft.head is None:
        return None, "the text names no source"
    if draft.nested_in is not None and outer is not None and draft.head.lower_ in FIRST_PERSON:
        return renamed(replace(outer, certain=outer.certain and draft.head.lower_ == "i"), "first-person"), None
    voice, why = resolve(talk, draft.head, draft)
    if voice is not None and draft.nested_in is None:
        talk.last, talk.last_head = voice, draft.head
        lower = draft.head.lower_
        if voice.chain is not None and lower in SINGULAR:
            talk.genders.setdefault(voice.chain, SINGULAR[lower])
    return voice, why


def resolve(talk: Talk, head: Token, draft: Draft) -> tuple[Voice | None, str | None]:
    """Return the voice of a noun phrase by its head, or why there is none."""
    if voice := named(talk, head):
        return voice, None
    lower = head.lower_
    if lower in SINGULAR:
        return person(talk, head, draft)
    if lower in COLLECTIVE:
        return body(talk, head, draft)
    if lower in FIRST_OR_SECOND:
        return None, f"“{head.text}” is the reporter or a reader, or words of a quotation"
    if lower in ("each", "both", "one", "another", "other", "who", "which", "that", "this", "these", "some", "all", "many", "none"):
        if lower in ("some", "many", "all") or any(child.dep_ == "prep" for child in head.children):
            return unnamed(talk, head, draft), None
        return None, f"“{head.text}” points at more than one that could be meant"
    if voice := state(talk, head) or described(talk, head) or _paper(talk, head, draft) or _named_later(talk, head):
        if voice.rule.startswith("cataphora") and voice.chain is not None:
            talk.roles[voice.chain].append(_role(talk, head, draft))
        return voice, None
    return unnamed(talk, head, draft), None


def _role(talk: Talk, head: Token, draft: Draft) -> Role:
    """Return the description of somebody as a role."""
    where = draft.source[0] if draft.source and head == draft.head else role(talk.doc[head.left_edge.i : head.i + 1]).span
    return Role(unnamed(talk, head, draft).unnamed or head.text, where)


def _paper(talk: Talk, head: Token, draft: Draft) -> Voice | None:
    """``His decree``, ``Armenia's statement``: whose paper it is."""
    if head.lemma_.lower() not in PAPERS:
        return None
    whose = next((kid for kid in head.children if kid.dep_ == "poss"), None)
    if whose is None:
        return None
    voice, _ = resolve(talk, whose, draft)
    return renamed(voice, "document") if voice is not None else None


def _named_later(talk: Talk, head: Token) -> Voice | None:
    """A role whose holder is named only after it: ``The U.S. ambassador to X said ...``, then ``Ambassador Ann Lee told ...``."""
    if head.lemma_.lower() not in titles() or head.tag_ == "NNS" or not any(kid.lower_ == "the" for kid in head.children):
        return None
    here = talk.paragraph(head.idx)
    for number, chain in enumerate(talk.chains):
        first = talk.mentions[chain.mentions[0]]
        distance = talk.paragraph(first.span.start) - here
        if chain.kind is not Kind.PERSON or chain.credited or first.span.start < head.idx or not 0 <= distance <= PARAGRAPHS_AHEAD:
            continue
        if re.search(rf"\b{re.escape(head.lemma_.lower())}\b", " ".join(role.text for role in chain.roles).lower()):
            return Voice("cataphora", chain=number)
        root = talk.roots.get(chain.mentions[0])
        if not chain.roles and distance == 1 and len(chain.name.split()) > 1 and root is not None and root.dep_ == "nsubj":
            return Voice("cataphora-untitled", chain=number, certain=False)
    return None
