"""Who speaks, grammatically: the noun phrase that a cue takes as its source, never a part of the content."""

from collections.abc import Set as AbstractSet

from spacy.tokens import Token

from kg.extract.constructions import ACCORDING, RELATIVE, inverted, is_passive, relayed
from kg.extract.frames import Candidate

CONTROLLED = frozenset("ask urge tell call want hear see force allow press order beg advise persuade encourage".split())
"""Verbs whose object, not subject, is the one who acts in their infinitive."""
LIGHT = frozenset(
    """make issue give offer voice express raise send deliver renew reiterate repeat have hold level lodge put sound release publish
    provide share state post pose write sign mount launch evince show carry use lay""".split()
)
"""Verbs that only carry the noun: who *issued a warning* warned."""
FINITE = frozenset({"VBD", "VBZ", "VBP"})
CLIMB = frozenset(
    {"acl", "conj", "xcomp", "advcl", "ccomp", "pcomp", "prep", "parataxis", "dep", "acomp", "aux", "auxpass", "oprd", "relcl"}
)
DEEP = 8
"""How far a search climbs; deeper parses are broken ones."""


def source(candidate: Candidate) -> Token | None:
    """Return the head of the phrase that speaks, ``None`` where the text names nobody."""
    anchor, content = candidate.anchor, candidate.content
    if candidate.construction == ACCORDING:
        links = [child for child in anchor.children if child.lower_ == "to"]
        return next((end for link in links for end in link.children if end.dep_ in ("pobj", "pcomp")), None)
    if anchor.pos_ in ("NOUN", "PROPN"):
        return owner(anchor, content)
    if (behind := inverted(anchor)) is not None:
        return behind
    if (by := relayed(anchor)) is not None:
        return by
    return _right_before(anchor, content) or subject(anchor, content) or _beside(anchor, content) or _leading(anchor, content)


def _right_before(verb: Token, content: AbstractSet[int]) -> Token | None:
    """Return the name right before a finite verb that the parser gave no subject: ``a plan Lee said could fail``."""
    if verb.tag_ not in FINITE or verb.is_sent_start or _has_subject(verb):
        return None
    name = verb.nbor(-1)
    return name if name.pos_ == "PROPN" and name.i not in content and name.dep_ not in ("pobj", "npadvmod") else None


def _leading(verb: Token, content: AbstractSet[int]) -> Token | None:
    """Return the subject of the sentence's first clause before a verb that the parser cut off from it."""
    if verb.tag_ not in (*FINITE, "VBG") or _has_subject(verb) or is_passive(verb):
        return None
    subjects = (word for word in verb.doc[verb.sent.start : verb.i] if word.dep_ == "nsubj" and word.lower_ not in RELATIVE)
    first = next(subjects, None)
    return first if first is not None and first.i not in content and first.pos_ in ("PROPN", "NOUN", "PRON") else None


def _has_subject(verb: Token) -> bool:
    return any(kid.dep_ in ("nsubj", "nsubjpass", "expl", "csubj") for kid in verb.children)


def _beside(verb: Token, content: AbstractSet[int]) -> Token | None:
    """Return the noun whose phrase ends right before a finite verb without a subject: ``Ann Lee, who is 28, said`` misread.

    The parser loses subjects behind long appositions; the words right before the verb still hang on theirs.
    """
    if verb.tag_ not in FINITE or verb.is_sent_start or _has_subject(verb):
        return None
    at = verb.i - 1
    while at > verb.sent.start and (verb.doc[at].is_punct or verb.doc[at].pos_ in ("AUX", "ADV")):
        at -= 1
    token = verb.doc[at]
    for _ in range(DEEP):
        if token.head.i >= verb.i or token.head.i == token.i or token.head.right_edge.i >= verb.i:
            break
        token = token.head
    if token.pos_ not in ("NOUN", "PROPN", "PRON"):
        token = next((kid for kid in token.children if kid.dep_ == "nsubj" and token.tag_ == "VBN"), token)
    named = token.pos_ in ("NOUN", "PROPN", "PRON") and token.dep_ not in ("pobj", "dobj", "npadvmod") and token.i not in content
    return token if named and token.ent_type_ not in ("DATE", "TIME") else None


def subject(verb: Token, content: AbstractSet[int], depth: int = 0) -> Token | None:
    """Return who does what the verb says: subject, agent, or the subject of what the verb hangs on."""
    if depth > DEEP:
        return None
    kids = list(verb.children)
    passive = any(kid.dep_ in ("nsubjpass", "auxpass") for kid in kids)
    if passive or verb.tag_ == "VBN":
        agents = [end for kid in kids if kid.dep_ == "agent" for end in kid.children if end.dep_ == "pobj" and end.i not in content]
        if agents or passive:
            return agents[0] if agents else None
    for kid in kids:
        if kid.dep_ in ("nsubj", "csubj") and kid.i not in content:
            if kid.lower_ in RELATIVE and verb.dep_ == "relcl":
                head = _somebody(verb.head) if kid.lower_ == "who" else verb.head
                return head if head.i not in content else None
            return kid
    return _above(verb, content, depth)


def _somebody(noun: Token) -> Token:
    """Return whom a ``who`` behind a place means: ``Ann, a teacher from the town of Goma, who said`` is Ann."""
    if noun.ent_type_ not in ("GPE", "LOC", "FAC"):
        return noun
    for _ in range(DEEP):
        if noun.dep_ == "pobj":
            noun = noun.head.head
        elif noun.dep_ == "appos":
            noun = noun.head
        else:
            break
    return noun


def _above(verb: Token, content: AbstractSet[int], depth: int) -> Token | None:
    """Return the subject that a verb without one inherits."""
    head = verb.head
    if head.i == verb.i or (verb.tag_ == "VBN" and verb.dep_ == "advcl" and not any(kid.dep_ == "aux" for kid in verb.children)):
        return None  # "Asked whether ..., she said": the participle is passive
    if verb.dep_ in ("relcl", "acl") and head.pos_ in ("NOUN", "PROPN", "PRON") and verb.tag_ != "VB":
        return head if head.i not in content else None
    if head.pos_ in ("VERB", "AUX"):
        for kid in head.children:
            if kid.dep_ == "nsubjpass" and verb.dep_ in ("conj", "xcomp", "advcl") and kid.i not in content:
                return kid  # "was fired, saying ...": the one on the surface
            if kid.dep_ == "dobj" and verb.dep_ == "xcomp" and kid.i < verb.i and head.lemma_ in CONTROLLED:
                return kid if kid.i not in content else None
    if verb.dep_ in CLIMB:
        if head.pos_ == "ADP":  # "followed up by lamenting", "for claiming"
            return subject(head.head, content, depth + 1) if head.head.pos_ in ("VERB", "AUX") else owner(head.head, content, depth + 1)
        return subject(head, content, depth + 1) if head.pos_ in ("VERB", "AUX") else owner(head, content, depth + 1)
    return None


def owner(noun: Token, content: AbstractSet[int], depth: int = 0) -> Token | None:
    """Return whose a noun is: ``Armenia's claims``, ``criticism by X``, ``US claims``, or who carries it (``issued a warning``)."""
    kids = list(noun.children)
    for kid in kids:
        if kid.dep_ == "poss" and kid.i not in content:
            return kid
    for kid in kids:
        if kid.dep_ == "prep" and kid.lower_ in ("by", "from"):
            for end in kid.children:
                if end.dep_ == "pobj" and end.i not in content:
                    return end
    for kid in kids:
        if kid.dep_ in ("compound", "amod") and kid.ent_type_ in ("PERSON", "ORG", "NORP", "GPE") and kid.i not in content:
            return kid
    head = noun.head
    if depth > DEEP or head.i == noun.i:
        return None
    if head.pos_ in ("VERB", "AUX") and (noun.dep_ in ("attr", "acomp", "oprd") or noun.pos_ == "ADJ"):
        return subject(head, content, depth + 1)  # "has been a critic of", "is able to say"
    if noun.dep_ in ("dobj", "conj") and head.pos_ in ("VERB", "AUX"):
        return subject(head, content, depth + 1) if head.lemma_.lower() in LIGHT or depth else None
    if noun.dep_ == "pobj" and head.lower_ in ("in", "with", "despite") and head.head.pos_ == "VERB":
        return subject(head.head, content, depth + 1)
    return None
