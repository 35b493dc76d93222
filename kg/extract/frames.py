"""Cue words in their constructions: what the parse offers as the content of each.

A frame is a cue lemma in a construction (``accuse`` + whom-of, ``call`` + for). The lexicon ``cues.tsv`` says which frames
attribute something, and which act and class that is; ``candidates`` reads the constructions off the parse. Naming both, not
verbs alone, is what makes the difference between ``call for calm`` and ``call a taxi``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from spacy.tokens import Token

from kg.extract.lists import rows
from kg.extract.phrases import running_on
from kg.records import Class

PART_OF_SPEECH = {"VERB": "v", "AUX": "v", "NOUN": "n", "ADJ": "a", "PROPN": "n"}
OBJECT_GOES_ON = frozenset({"for", "about", "over", "against", "of", "toward", "towards", "at"})
ACCORDING = "according"
RECORDERS = frozenset(
    """police prosecutor court document report transcript official spokesman spokeswoman spokesperson source statement lawyer attorney
    agency newspaper media authority record filing indictment complaint affidavit lawsuit account article post video recording person
    """.split()
)


@dataclass(frozen=True, slots=True)
class Frame:
    """What a cue in a construction says: an act of ``ontology/acts.ttl`` and its class."""

    act: str
    kind: Class


@dataclass(frozen=True, slots=True)
class Candidate:
    """A cue that attributes something.

    Attributes:
        anchor: Index of the cue's head word; ``cue``: all its tokens.
        content: Token indexes of what is attributed, punctuation aside.
        construction, frame: How, and what that means.
        whom: Head of the object that the act is aimed at.
        charge: Head of what the object is charged with.
    """

    anchor: Token
    cue: frozenset[int]
    content: frozenset[int]
    construction: str
    frame: Frame
    whom: Token | None = None
    charge: Token | None = None


@cache
def lexicon() -> dict[tuple[str, str], dict[str, Frame]]:
    """Return (lemma, part of speech) → construction → frame."""
    table: dict[tuple[str, str], dict[str, Frame]] = {}
    for lemma, part, constructions, act, kind in rows("cues.tsv"):
        frames = table.setdefault((lemma, part), {})
        for construction in constructions.split(","):
            frames.setdefault(construction, Frame(act, Class(kind)))
    return table


def frames_of(token: Token) -> dict[str, Frame]:
    """Return the frames of a word, its particle counted in (``rule out``); empty where it is no cue."""
    part = PART_OF_SPEECH.get(token.pos_, "")
    lemma = token.lemma_.lower()
    particle = next((child.lower_ for child in token.children if child.dep_ == "prt"), None)
    if particle and (frames := lexicon().get((f"{lemma} {particle}", part))):
        return frames
    return lexicon().get((lemma, part), {})


def candidates(token: Token) -> Iterator[Candidate]:
    """Yield what one word attributes, the likeliest construction first."""
    if token.lower_ == ACCORDING:
        yield from _according(token)
        return
    frames = frames_of(token)
    if not frames:
        return
    readers = _noun if token.pos_ in ("NOUN", "PROPN") else _verb
    for construction, content, whom, charge in readers(token, frames):
        inside = frozenset(i for i in content if not token.doc[i].is_punct and not token.doc[i].is_space) - {token.i}
        if inside:
            link = construction.removeprefix("n-")
            cue = cue_tokens(token) | {
                kid.i for kid in token.children if kid.dep_ == "prep" and kid.lower_ == link and kid.i == token.i + 1
            }
            yield Candidate(token, cue, inside - cue, construction, frames[construction], whom, charge)


Reading = tuple[str, set[int], Token | None, Token | None]


def tree(token: Token) -> set[int]:
    """Return the indexes of a word's subtree."""
    return {child.i for child in token.subtree}


def is_passive(token: Token) -> bool:
    """Tell whether a verb is passive, or a participle behind its noun (``a ban demanded by``)."""
    return any(child.dep_ in ("nsubjpass", "auxpass") for child in token.children) or (token.dep_ == "acl" and token.tag_ == "VBN")


def infinitive(token: Token) -> bool:
    """Tell whether a verb is a to-infinitive."""
    return any(child.tag_ == "TO" and child.i < token.i for child in token.children)


def cue_tokens(token: Token) -> frozenset[int]:
    """Return the cue word with the auxiliaries, negation, adverbs and particle that stand right at it."""
    found = {token.i}
    beside = {child.i for child in token.children if child.dep_ in ("aux", "auxpass", "neg", "prt", "advmod")}
    for step in (-1, 1):
        at = token.i + step
        while at in beside:
            found.add(at)
            at += step
    while found and token.doc[min(found)].dep_ == "advmod" and min(found) != token.i:
        found.discard(min(found))
    return frozenset(i for i in found if i <= token.i or token.doc[i].dep_ == "prt")


# ---------------------------------------------------------------- verbs and adjectives


def _verb(verb: Token, frames: dict[str, Frame]) -> Iterator[Reading]:
    """Yield the readings of a verb or adjective."""
    kids = list(verb.children)
    passive = is_passive(verb)
    subject = next((kid for kid in kids if kid.dep_ == "nsubjpass"), None)
    whom = next((kid for kid in kids if kid.dep_ in ("dobj", "dative") and kid.i > verb.i), None)
    yield from _with_object(verb, frames, kids, subject if passive else whom, passive=passive)
    if "that" in frames:
        yield from (("that", clause, None, None) for clause in _clauses(verb, kids))
        yield from _parenthesis(verb, kids)
    if "whom-that" in frames:
        yield from (("whom-that", clause, whom, None) for clause in _clauses(verb, kids))
    if "to" in frames and not passive:
        yield from (("to", tree(kid), None, None) for kid in kids if kid.dep_ == "xcomp" and infinitive(kid))
        yield from (("to", tree(end), None, None) for end in _objects(kids, "to"))
    yield from _with_preposition(frames, kids, passive=passive)
    if "obj" in frames:
        yield from _object(verb, kids, subject, passive=passive)


def _clauses(verb: Token, kids: list[Token]) -> Iterator[set[int]]:
    """Yield the clause before a verb, and what follows it; where the parser broke that in two, both parts."""
    yield from (_clause(verb, kid) for kid in kids if kid.dep_ == "ccomp" and kid.i < verb.i)
    behind = [_clause(verb, kid) for kid in kids if kid.dep_ == "ccomp" and kid.i > verb.i]
    if behind:
        joined = set().union(*behind)
        yield set(range(min(joined), max(joined) + 1)) if len(behind) > 1 else joined


def _clause(verb: Token, clause: Token) -> set[int]:
    """Return the words of a clause, its ``that`` left out, a source relayed in it taken in and one that relays it left out."""
    inside = tree(clause) - {kid.i for kid in clause.children if kid.dep_ == "mark" and kid.lower_ == "that"}
    for kid in (*verb.children, *clause.children):
        if kid.lower_ == ACCORDING and kid.i > clause.i:
            words = tree(kid) | set(range(kid.i, _end_of(kid)))
            inside = inside - words if _puts_on_record(kid) else inside | words
    return inside


def _end_of(according: Token) -> int:
    """Return the index behind the source of ``according to X``."""
    return max((max(running_on(end)) for link in according.children for end in link.children), default=according.i) + 1


def _with_preposition(frames: dict[str, Frame], kids: list[Token], *, passive: bool) -> Iterator[Reading]:
    """Yield the readings whose content is a preposition's object: ``call for X``, ``warn of X``, ``refer to X as Y``."""
    if passive:
        return
    for preposition in sorted(frames.keys() & {"for", "of", "about", "against", "at", "with", "over", "in"}):
        for end in _objects(kids, preposition):
            yield preposition, tree(end), None, None
    if "on" in frames:
        for end in _objects(kids, "on"):
            goes_on = [kid for kid in kids if kid.dep_ in ("xcomp", "advcl") and kid.i > end.i and infinitive(kid)]
            yield "on", tree(end).union(*map(tree, goes_on)), end, None
    if "to-as" in frames:
        for named, end in zip(_objects(kids, "to"), _objects(kids, "as"), strict=False):
            yield "to-as", _between(named, end), named, end
    if "for" in frames:
        for kid in kids:
            if kid.dep_ in ("advcl", "ccomp", "xcomp") and any(sub.dep_ == "mark" and sub.lower_ == "for" for sub in kid.children):
                yield "for", tree(kid) - {sub.i for sub in kid.children if sub.dep_ == "mark"}, None, None


def _with_object(verb: Token, frames: dict[str, Frame], kids: list[Token], whom: Token | None, *, passive: bool) -> Iterator[Reading]:
    """Yield the readings that need somebody aimed at: ``accuse X of Y``, ``urge X to Y``, ``call X a Y``."""
    for construction in frames:
        if not construction.startswith("whom-"):
            continue
        link = construction.removeprefix("whom-")
        if link == "to":
            yield from _whom_to(kids, whom, passive=passive)
        elif link == "oprd":
            yield from _called(construction, verb, kids, whom, passive=passive)
        elif passive:
            yield from ((construction, tree(end), whom, end) for end in _objects(kids, link))
        elif link != "that" and whom is not None:
            for end in [*_objects(kids, link), *_objects(list(whom.children), link)]:
                yield construction, _between(whom, end), whom, end


def _called(construction: str, verb: Token, kids: list[Token], whom: Token | None, *, passive: bool) -> Iterator[Reading]:
    """Yield ``call X a Y``, whether the parser takes Y for a predicate, a clause or a second object."""
    objects = [kid for kid in kids if kid.dep_ in ("dobj", "dative") and kid.i > verb.i]
    if len(objects) == 2:
        yield construction, _between(*objects), objects[0], objects[1]
    for kid in kids:
        if kid.dep_ not in ("oprd", "ccomp") or kid.i < verb.i or infinitive(kid):
            continue
        named = whom or next((sub for sub in kid.children if sub.dep_ == "nsubj"), None)
        if named is not None and (kid.dep_ == "oprd" or kid.pos_ in ("NOUN", "ADJ", "PROPN")):
            yield construction, tree(kid) | (set() if passive else tree(named)), named, kid


def _whom_to(kids: list[Token], whom: Token | None, *, passive: bool) -> Iterator[Reading]:
    """Yield ``urge X to Y``, however the parser hangs X."""
    for kid in kids:
        if kid.dep_ not in ("xcomp", "ccomp", "advcl") or not infinitive(kid):
            continue
        inner = next((sub for sub in kid.children if sub.dep_ == "nsubj" and sub.i < kid.i), None)
        if inner is not None and kid.dep_ == "ccomp":
            yield "whom-to", tree(kid), inner, None
        elif whom is not None and kid.dep_ != "advcl":
            yield "whom-to", tree(kid) | (set() if passive else tree(whom)), whom, None
    if whom is not None and not passive:
        for kid in whom.children:
            if kid.dep_ in ("acl", "relcl") and infinitive(kid):
                yield "whom-to", tree(whom), whom, None


def _between(first: Token, last: Token) -> set[int]:
    """Return the words from the phrase of ``first`` to that of ``last``, the link between them included."""
    return {*tree(first), *range(first.i, last.i), *tree(last)}


def _objects(kids: list[Token], preposition: str) -> list[Token]:
    """Return the objects of a preposition among a word's children."""
    links = [kid for kid in kids if kid.dep_ in ("prep", "dative") and kid.lower_ == preposition]
    kinds = ("pobj", "pcomp", "amod", "acomp") if preposition == "as" else ("pobj", "pcomp")
    return [end for link in links for end in link.children if end.dep_ in kinds]


def _object(verb: Token, kids: list[Token], subject: Token | None, *, passive: bool) -> Iterator[Reading]:
    """Yield the object, with prepositions that belong to it in sense; of a passive with its agent, the subject."""
    if passive:
        if subject is not None and any(kid.dep_ == "agent" for kid in kids):
            yield "obj", tree(subject), subject, None
        return
    for kid in kids:
        if kid.dep_ == "dobj" and kid.i > verb.i:
            more = [sub for sub in kids if sub.dep_ == "prep" and sub.i > kid.i and sub.lower_ in OBJECT_GOES_ON]
            yield "obj", tree(kid).union(*map(tree, more)), kid, None


def _parenthesis(verb: Token, kids: list[Token]) -> Iterator[Reading]:
    """Yield the sentence around ``..., she said, ...``."""
    own = {kid.dep_ for kid in kids}
    loose = verb.dep_ == "parataxis" or (
        verb.dep_ in ("advcl", "ccomp", "dep") and own & {"nsubj", "expl"} and not own & {"ccomp", "dobj", "mark"}
    )
    if loose and verb.head.i != verb.i and verb.head.pos_ in ("VERB", "AUX", "NOUN", "ADJ", "PROPN"):
        if verb.dep_ == "ccomp" and verb.head.i < verb.i and frames_of(verb.head):
            return
        yield "that", tree(verb.head) - tree(verb), None, None


def _according(word: Token) -> Iterator[Candidate]:
    """Yield the clause that ``according to X`` goes with: behind a comma at the end, all the clauses that it closes."""
    to = {child.i for child in word.children if child.lower_ == "to"}
    head = word.head
    while head.pos_ not in ("VERB", "AUX") and head.head.i != head.i:
        head = head.head
    head = _reported(word, head)
    if word.i and word.nbor(-1).text == ",":
        while head.dep_ == "conj" and head.head.pos_ in ("VERB", "AUX") and head.i < word.i and not frames_of(head.head):
            head = head.head
    end = _end_of(word)
    goes_on = end < len(word.doc) and (word.doc[end].text == "," or word.is_sent_start)
    outside = {i for i in tree(head) - tree(word) if i < word.i or (goes_on and i >= end)}
    if word.is_sent_start and goes_on:
        outside |= set(range(end, head.right_edge.i + 1))
    content = frozenset(i for i in outside if not word.doc[i].is_punct and not word.doc[i].is_space)
    if content and to:
        yield Candidate(word, frozenset({word.i, *to}), content, ACCORDING, Frame("say", Class.REPORT))


def _reported(word: Token, head: Token) -> Token:
    """Return the clause that ``according to X`` behind a report belongs to, whichever the parser chose.

    What nurses or witnesses told belongs to the words reported (``Y said many were hurt, according to nurses``: Y relays the
    nurses). Bodies that put on record what others say (police, courts, media, anybody named) relay the report itself: ``Y said he
    was at home, according to police``.
    """
    inner = [kid for kid in head.children if kid.dep_ == "ccomp" and head.i < kid.i < word.i] if "that" in frames_of(head) else []
    if inner and not _puts_on_record(word):
        return inner[-1]
    if head.dep_ == "ccomp" and head.head.i < head.i < word.i and "that" in frames_of(head.head) and _puts_on_record(word):
        return head.head
    return head


def _puts_on_record(according: Token) -> bool:
    """Tell whether the source of an ``according to`` is named or of those who record what others say."""
    ends = [end for link in according.children for end in link.children if end.dep_ in ("pobj", "pcomp")]
    return any(end.pos_ == "PROPN" or end.ent_type_ or end.lemma_.lower() in RECORDERS for end in ends)


# ---------------------------------------------------------------- nouns


def _noun(noun: Token, frames: dict[str, Frame]) -> Iterator[Reading]:
    """Yield the readings of a noun: ``accusations of X``, ``a call for X``, ``the claim that X``, ``the message is that X``."""
    kids = list(noun.children)
    for construction in frames:
        link = construction.removeprefix("n-").removeprefix("be-")
        if construction == "be-that":
            if noun.dep_ == "nsubj" and noun.head.lemma_ == "be":
                yield from ((construction, tree(kid), None, None) for kid in noun.head.children if kid.dep_ == "ccomp")
        elif link == "that":
            for kid in kids:
                marked = any(sub.lower_ == "that" and sub.dep_ == "mark" for sub in kid.children)
                if kid.dep_ in ("acl", "ccomp", "relcl") and marked:
                    yield construction, tree(kid) - {sub.i for sub in kid.children if sub.dep_ == "mark"}, None, None
        elif link == "to":
            yield from ((construction, tree(kid), None, None) for kid in kids if kid.dep_ in ("acl", "relcl", "xcomp") and infinitive(kid))
            yield from ((construction, tree(end), None, None) for end in _objects(kids, "to") if end.pos_ == "VERB")
        else:
            yield from ((construction, tree(end), None, None) for end in _objects(kids, link))
