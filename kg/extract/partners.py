"""What else a statement says about its voices: in what role and for whom they speak, to whom and against whom."""

import re

from spacy.tokens import Token

from kg.extract.drafts import Draft
from kg.extract.metonyms import government_of
from kg.extract.names import country_named
from kg.extract.voices import Talk, described, named, state, unnamed
from kg.records import Kind, Voice

OFFICIALS = re.compile(
    r"([A-Z][\w.-]*)(?:['’]s?)?(?: \w+(?:['’]s)?)? (?:officials?|authorities|diplomats?|officers?|ministers?|lawmakers?|negotiators?"
    r"|side|ministry|embassy|military|army|police|office|presidency)\b"
)
"""Descriptions of those who speak for a state, behind its adjective or possessive."""
SPEAKS_FOR = re.compile(
    r"\b(?:spokes\w+|officials?|representatives?|lawyers?|sources?|executives?|head|chief|director|leader)\b", re.IGNORECASE
)


def role(talk: Talk, draft: Draft) -> str | None:
    """Return the title or description beside the name in this source, as worded."""
    words = " ".join(" … ".join(span.of(talk.document.text) for span in draft.source).split())
    if draft.head is None or (number := talk.chain_at(draft.head)) is None:
        beside = named(talk, draft.head) if draft.head is not None else None
        number = beside.chain if beside is not None else None
    if number is None:
        return None
    return next((given.text for given in talk.roles[number] if given.text in words), None)


def behalf(talk: Talk, voice: Voice | None) -> Voice | None:
    """Return for whom a voice speaks, where a title, possessor or adjective says so."""
    if voice is None or voice.government is not None:
        return None
    if voice.unnamed is not None:
        if "ethnic " in voice.unnamed:
            return None
        if SPEAKS_FOR.search(voice.unnamed) and (found := belongs_to(talk, voice.unnamed, None)) and found.chain is not None:
            return found
        if not (official := OFFICIALS.search(voice.unnamed)):
            return None
        code = talk.gazetteer.demonym(official.group(1)) or country_named(official.group(1), talk.gazetteer)
        return Voice("adjective", government=code) if code else None
    chain = talk.chains[voice.chain or 0]
    if chain.kind is Kind.ORGANIZATION:
        ministry = re.search(r"\b(?:Ministry|Department|Government|Army|Parliament)\b", chain.name)
        return Voice("possessor", government=chain.country) if chain.country and ministry else None
    for given in talk.roles[voice.chain or 0]:
        if found := belongs_to(talk, given.text, voice.chain):
            return found
    return None


def belongs_to(talk: Talk, words: str, own: int | None) -> Voice | None:
    """Return whom a role belongs to: a body or person of this document named in it, else a country's government.

    Whom an envoy is sent *to* is not whom the envoy speaks for.
    """
    words = re.split(
        r"(?<=\bambassador) to\b|(?<=\benvoy) to\b|(?<=\brepresentative) to\b|(?<=\bdelegate) to\b", words, flags=re.IGNORECASE
    )[0]
    for number, names in talk.longest:
        chain = talk.chains[number]
        if number == own or not any(name in words and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", words) for name in names):
            continue
        if chain.kind in (Kind.ORGANIZATION, Kind.PERSON) and not government_of(talk.mentions[chain.mentions[0]], talk.gazetteer):
            return Voice("role", chain=number)
    for word in re.findall(r"[\w.-]+(?=[’']s)|[\w.-]+", words):
        code = (
            talk.gazetteer.demonym(word)
            or talk.gazetteer.seat(word)
            or (country_named(word, talk.gazetteer) if word[:1].isupper() else None)
        )
        if code:
            return Voice("role", government=code)
    return None


def aimed_at(talk: Talk, head: Token | None) -> Voice | None:
    """Return whom an act is aimed at, by name or government only: a thing or a clause is no target."""
    if head is None:
        return None
    return named(talk, head) or state(talk, head)


def addressee(talk: Talk, draft: Draft) -> Voice | None:
    """Return who was told: the object of ``told``, the ``to`` of ``said to``."""
    if draft.anchor is None or draft.lemma == "according to":
        return None
    for kid in draft.anchor.children:
        if kid.dep_ in ("dobj", "dative") and draft.anchor.lemma_ in ("tell", "inform", "remind", "assure", "warn", "ask", "notify"):
            return _told(talk, kid)
        if kid.dep_ in ("prep", "dative") and kid.lower_ == "to":
            for end in kid.children:
                if end.dep_ == "pobj" and (end.pos_ == "PROPN" or end.ent_type_):
                    return _told(talk, end)
    return None


def _told(talk: Talk, head: Token) -> Voice | None:
    """Return a named listener, one named within the phrase (``an OSCE meeting``), or the words."""
    if head.pos_ == "PRON":
        return None
    if voice := named(talk, head) or state(talk, head):
        return voice
    for kid in head.subtree:
        if (
            kid.dep_ in ("compound", "nmod")
            and (number := talk.chain_at(kid)) is not None
            and talk.chains[number].kind is Kind.ORGANIZATION
        ):
            return Voice("within", chain=number)
    return described(talk, head) or unnamed(talk, head)
