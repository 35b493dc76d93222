"""Constructions: everything that the parse offers as the content of one word, before anybody asks what the word means.

A *reading* takes a word for a cue in a construction (``accuse X`` + ``of Y``, ``call`` + ``for``, ``the claim`` + ``that``). Which
readings attribute something is for the lexicon to say (``frames``). Each has two names: the ``construction`` that the hand list of
cues speaks of, and a finer ``key`` that is counted (on which side the clause stands, what introduces it, whether the verb is passive).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from spacy.tokens import Token

from kg.extract.phrases import running_on

ACCORDING = "according"
PART_OF_SPEECH = {"VERB": "v", "AUX": "v", "NOUN": "n", "ADJ": "a", "PROPN": "n"}
RELATIVE = frozenset({"who", "which", "that", "whom"})
CLAUSES = ("acl", "ccomp", "relcl")
LOOSE = frozenset({"punct", "cc", "conj", "parataxis", "advcl", "npadvmod"})
"""What stands behind an object without being part of what is said."""
PAPERS = frozenset(
    "decree statement letter report speech tweet post memo order testimony announcement remark comment message book article".split()
)
"""Things that carry words; whose they are is who speaks."""
RECORDERS = frozenset(
    """police prosecutor court document report transcript official spokesman spokeswoman spokesperson source statement lawyer attorney
    agency newspaper media authority record filing indictment complaint affidavit lawsuit account article post video recording person
    email letter memo poll survey study figure data transcript book
    """.split()
)
"""Those who put on record what others say, and what it stands in."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a word as a cue.

    Attributes:
        construction: Its name in ``cues.tsv``; ``key``: the finer one that is counted.
        content: Token indexes of what would be attributed.
        whom: Head of the object that the act is aimed at.
        charge: Head of what the object is charged with, or called.
    """

    construction: str
    key: str
    content: set[int]
    whom: Token | None = None
    charge: Token | None = None


def readings(word: Token) -> Iterator[Reading]:
    """Yield the readings of one word; none for a word that is no verb, noun or adjective, ``according`` aside."""
    if word.lower_ == ACCORDING:
        yield from _according(word)
    elif word.pos_ in ("NOUN", "PROPN"):
        yield from _noun(word, list(word.children))
    elif word.pos_ in ("VERB", "AUX", "ADJ"):
        yield from _verb(word, list(word.children))


@cache
def family(key: str) -> str:
    """Return a key with all prepositions taken for one, and without what introduces a clause: ``v.prep``, ``n.n-prep``, ``v.that``."""
    parts = re.findall(r"[^.+]+|\+", key)
    named = [
        re.sub(r"[a-z]+", lambda word: word[0] if word[0] in NAMED else "prep", part) for part in parts[: 3 if "p" in parts[:2] else 2]
    ]
    return ".".join(named) + ("+" if key.endswith("+") else "")


NAMED = frozenset(
    """v n a p x that to ing whom obj object what around relative participle adverb adverbial clause predicate be subject oprd acomp
    according""".split()
)
"""Names in keys that are no prepositions."""


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


def _verb(verb: Token, kids: list[Token]) -> Iterator[Reading]:
    """Yield the readings of a verb or adjective."""
    passive = is_passive(verb)
    subject = next((kid for kid in kids if kid.dep_ == "nsubjpass"), None)
    whom = next((kid for kid in kids if kid.dep_ in ("dobj", "dative") and kid.i > verb.i), None)
    aimed = subject if passive else whom
    voice = "p." if passive else ""
    for kid in kids:
        match kid.dep_:
            case "xcomp":
                yield from _infinitive(verb, kid, subject, aimed, voice)
            case "dobj" if not passive:
                yield from _object(verb, kid, kids)
            case "prep" | "dative" if kid.lower_ != ACCORDING:
                yield from _preposition(verb, kid, kids, aimed, voice, has_object=whom is not None and not passive)
            case "oprd" | "acomp":
                yield from _predicate(verb, kid, aimed, voice)
            case "advcl":
                yield from _adverbial(verb, kid, voice)
            case "advmod" if kid.i > verb.i and kid.lower_ in ("so", "how", "why", "when"):
                yield Reading("adverb", f"{voice}adverb.{kid.lower_}", tree(kid))
            case "nsubjpass":
                yield from _subject(kid, kids)
    yield from _clauses(verb, kids, aimed, voice)
    yield from _two_objects(verb, kids)
    yield from _parenthesis(verb, kids)
    yield from _upward(verb, kids)


def _clauses(verb: Token, kids: list[Token], whom: Token | None, voice: str) -> Iterator[Reading]:
    """Yield the clause before a verb, and what follows it; where the parser broke that in two, both parts."""
    behind: list[tuple[Token, set[int]]] = []
    for kid in kids:
        if kid.dep_ != "ccomp":
            continue
        words = _clause(verb, kid)
        if kid.i < verb.i:
            yield Reading("that", f"{voice}that.{introduced(kid)}.before", words, whom)
        elif infinitive(kid) and (inner := next((sub for sub in kid.children if sub.dep_ == "nsubj" and sub.i < kid.i), None)) is not None:
            yield Reading("whom-to", f"{voice}whom-to.clause", tree(kid), inner)
        else:
            behind.append((kid, words))
        if introduced(kid) == "for":
            yield Reading("for", f"{voice}for.clause", tree(kid) - {sub.i for sub in kid.children if sub.dep_ == "mark"})
    if behind:
        joined = set().union(*(words for _, words in behind))
        whole = set(range(min(joined), max(joined) + 1)) if len(behind) > 1 else joined
        key = f"{voice}that.{introduced(behind[0][0])}"
        yield Reading("that", key, whole)
        if whom is not None:
            yield Reading("whom-that", f"{key}.whom", whole, whom)
        for kid, words in behind:
            if kid.pos_ in ("NOUN", "ADJ", "PROPN") and (named := whom or _own_subject(kid)) is not None:
                yield Reading("whom-oprd", f"{voice}whom-oprd.clause", words | tree(named), named, kid)


def introduced(clause: Token) -> str:
    """Return what introduces a clause: its conjunction, ``wh`` for a question word, ``0`` for nothing."""
    for kid in clause.children:
        if kid.dep_ == "mark" and kid.i < clause.i:
            return kid.lower_
        if kid.tag_ in ("WRB", "WP", "WDT") and kid.dep_ in ("advmod", "nsubj", "dobj", "attr", "pobj"):
            return "wh"
    return "0"


def _own_subject(clause: Token) -> Token | None:
    return next((kid for kid in clause.children if kid.dep_ == "nsubj"), None)


def _clause(verb: Token, clause: Token) -> set[int]:
    """Return the words of a clause, its ``that`` left out, a source relayed in it taken in and one that relays it left out."""
    inside = tree(clause) - {kid.i for kid in clause.children if kid.dep_ == "mark" and kid.lower_ == "that"}
    for kid in (*verb.children, *clause.children):
        if kid.lower_ == ACCORDING and kid.i > clause.i:
            words = tree(kid) | set(range(kid.i, _end_of(kid)))
            inside = inside - words if _puts_on_record(kid) else inside | words
    return inside


def _infinitive(verb: Token, kid: Token, subject: Token | None, whom: Token | None, voice: str) -> Iterator[Reading]:
    """Yield ``plans to X``, ``denies doing X``, ``urges X to Y``, ``is accused of X``, ``was said to X``."""
    kind = "to" if infinitive(kid) else "ing" if kid.tag_ == "VBG" else kid.tag_.lower()
    words = tree(kid)
    if kind == "to" and whom is not None:
        yield Reading("whom-to", f"{voice}whom-to", words if voice else words | tree(whom), whom)
    yield Reading(kind if not voice else f"p.{kind}", f"{voice}{kind}", words)
    if subject is not None:
        yield Reading("p.subject", f"p.subject+{kind}", words | tree(subject))


def _object(verb: Token, kid: Token, kids: list[Token]) -> Iterator[Reading]:
    """Yield the object, alone and with all that follows it; which of the two, counting decides for each verb."""
    if kid.i < verb.i:
        yield Reading("what", f"what.{'wh' if kid.tag_ in ('WP', 'WDT') else '0'}", tree(kid))
        return
    by = relayed(verb)
    outside = tree(by.head) if by is not None else set()
    alone = tree(kid) - outside
    whole = onward(kid, kids) - outside
    yield Reading("obj", "obj", alone, kid)
    if whole != alone:
        yield Reading("obj", "obj+", whole, kid)
    for sub in kid.children:
        if sub.dep_ in ("acl", "relcl") and infinitive(sub):
            yield Reading("whom-to", "whom-to.acl", alone, kid)
        elif sub.dep_ == "prep":  # "accused the mayor of fraud": the parser hangs the charge on the accused
            for end in sub.children:
                if end.dep_ in ("pobj", "pcomp"):
                    yield Reading(f"whom-{sub.lower_}", f"whom-{sub.lower_}.inner", between(kid, end), kid, end)


def relayed(verb: Token) -> Token | None:
    """Return whose paper it is that does something: ``statements condemning the attack by several countries`` are theirs."""
    if verb.dep_ != "acl" or verb.tag_ != "VBG" or verb.head.lemma_.lower() not in PAPERS:
        return None
    ends = (end for word in verb.subtree if word.lower_ == "by" and word.i > verb.i for end in word.children if end.dep_ == "pobj")
    return next(ends, None)


def inverted(verb: Token) -> Token | None:
    """Return the subject behind a verb between commas, which the parser often misses: ``The road, said Lee, is open``."""
    doc = verb.doc
    if verb.i < 2 or verb.i + 2 >= len(doc) or doc[verb.i - 1].text != "," or verb.tag_ not in ("VBD", "VBZ"):
        return None
    name = doc[verb.i + 1]
    while name.dep_ in ("compound", "amod", "det", "poss") and name.head.i > name.i:
        name = name.head
    behind = name.right_edge.i + 1
    nominal = name.pos_ in ("PROPN", "NOUN", "PRON") and name.left_edge.i == verb.i + 1
    return name if nominal and behind < len(doc) and doc[behind].text == "," else None


def onward(first: Token, kids: list[Token]) -> set[int]:
    """Return the words from one child to the end of the phrase, coordination and loose clauses left out."""
    return tree(first).union(*(tree(kid) for kid in kids if kid.i > first.i and kid.dep_ not in LOOSE))


def _preposition(verb: Token, link: Token, kids: list[Token], whom: Token | None, voice: str, *, has_object: bool) -> Iterator[Reading]:
    """Yield what a preposition brings: ``call for X``, ``warn of X``, ``accuse X of Y``, ``refer to X as Y``."""
    name = link.lower_
    for end in link.children:
        if end.dep_ in ("pobj", "pcomp") or (name == "as" and end.dep_ in ("amod", "acomp")):
            form = f"{name}.clause" if end.dep_ == "pcomp" else name
            if voice:
                yield Reading(f"whom-{name}", f"p.whom-{form}", tree(end), whom, end)
            elif whom is not None:
                yield Reading(f"whom-{name}", f"whom-{form}", between(whom, end), whom, end)
            if has_object:
                yield Reading(f"object|{name}", f"object|{form}", tree(end), whom, end)
                continue
            if not voice:
                yield Reading(name, form, tree(end), end if name == "on" else None)
            whole = onward(link, kids) - {link.i}
            if end.dep_ == "pobj" and link.i > verb.i and whole != tree(end):
                yield Reading(f"{voice}{name}", f"{voice}{form}+", whole, end if name == "on" else None)
            if name == "to":
                for named in (sub for other in kids if other.dep_ == "prep" and other.lower_ == "as" for sub in other.children):
                    yield Reading("to-as", "to-as", between(end, named), end, named)
        elif end.dep_ == "prep":
            for inner in end.children:
                if inner.dep_ in ("pobj", "pcomp"):
                    yield Reading(f"{name}-{end.lower_}", f"{voice}{name}-{end.lower_}", tree(inner))


def _predicate(verb: Token, kid: Token, whom: Token | None, voice: str) -> Iterator[Reading]:
    """Yield ``call X a Y``, ``sounds hopeful``."""
    named = whom or _own_subject(kid)
    if kid.dep_ == "oprd" and kid.i > verb.i and not infinitive(kid) and named is not None:
        yield Reading("whom-oprd", f"{voice}whom-oprd", tree(kid) | (set() if voice else tree(named)), named, kid)
    yield Reading("predicate", f"{voice}{kid.dep_}", tree(kid))
    if voice and kid.dep_ == "oprd" and whom is not None:
        yield Reading("p.subject", "p.subject+oprd", tree(whom) | tree(kid))


def _two_objects(verb: Token, kids: list[Token]) -> Iterator[Reading]:
    """Yield ``call X a Y`` where the parser takes Y for a second object."""
    objects = [kid for kid in kids if kid.dep_ in ("dobj", "dative") and kid.i > verb.i]
    if len(objects) == 2:
        yield Reading("whom-oprd", "whom-oprd.object", between(*objects), objects[0], objects[1])


def _adverbial(verb: Token, kid: Token, voice: str) -> Iterator[Reading]:
    """Yield a clause that the parser hangs loosely: ``hit back, saying X`` aside, ``calling for X to Y``, ``as X put it``."""
    kind = introduced(kid)
    if kind == "for":
        yield Reading("for", f"{voice}for.clause", tree(kid) - {sub.i for sub in kid.children if sub.dep_ == "mark"})
        return
    if kind == "0":
        kind = "to" if infinitive(kid) else kid.tag_
    yield Reading("adverbial", f"{voice}adverbial.{kind}", tree(kid))


def _subject(kid: Token, kids: list[Token]) -> Iterator[Reading]:
    """Yield the subject of a passive: what was demanded or rejected, by somebody or by nobody named."""
    by = any(other.dep_ == "agent" for other in kids)
    name, key = ("obj", "p.subject.by") if by else ("p.subject", "p.subject")
    yield Reading(name, key, tree(kid), kid)
    more = [other for other in kids if other.dep_ in ("prep", "advcl", "xcomp", "oprd", "dobj") and other.i > kid.i]
    if whole := set().union(*map(tree, more)):
        yield Reading("p.subject", f"{key}+", whole | tree(kid), kid)


def _parenthesis(verb: Token, kids: list[Token]) -> Iterator[Reading]:
    """Yield the sentence around ``..., she said, ...``."""
    if (name := inverted(verb)) is not None:
        outside = range(verb.i, name.right_edge.i + 1)
        yield Reading("that", "around.inverted", {token.i for token in verb.sent if token.i not in outside})
        return
    own = {kid.dep_ for kid in kids}
    loose = verb.dep_ == "parataxis" or (
        verb.dep_ in ("advcl", "ccomp", "dep") and own & {"nsubj", "nsubjpass", "csubj", "expl"} and not own & {"ccomp", "dobj"}
    )
    if loose and verb.pos_ == "VERB" and verb.head.i != verb.i and verb.head.pos_ in ("VERB", "AUX", "NOUN", "ADJ", "PROPN"):
        if verb.dep_ == "ccomp" and verb.head.i < verb.i and introduced(verb) == "that":
            return
        yield Reading("that", f"around.{verb.dep_}.{introduced(verb)}", tree(verb.head) - tree(verb))


def _upward(verb: Token, kids: list[Token]) -> Iterator[Reading]:
    """Yield the noun that a verb's clause describes: ``a plan she called reckless``, ``a ban demanded by X``."""
    noun = verb.head
    if verb.pos_ != "VERB" or noun.i == verb.i or noun.pos_ not in ("NOUN", "PROPN", "PRON"):
        return
    if verb.dep_ == "relcl":
        speaks = next((kid for kid in kids if kid.dep_ == "nsubj"), None)
        if (
            speaks is not None
            and speaks.lower_ not in RELATIVE
            and not any(kid.dep_ == "dobj" and kid.lower_ not in RELATIVE for kid in kids)
        ):
            yield Reading("relative", "relative", tree(noun) - tree(verb))
            yield from (Reading("relative", f"relative.{kid.dep_}", tree(kid), noun, kid) for kid in kids if kid.dep_ in ("xcomp", "oprd"))
    elif verb.dep_ in ("acl", "amod") and verb.tag_ == "VBN" and noun.pos_ != "PRON":
        by = any(kid.dep_ == "agent" for kid in kids)
        yield Reading("participle", "participle.by" if by else "participle", tree(noun) - tree(verb), noun)


def between(first: Token, last: Token) -> set[int]:
    """Return the words from the phrase of ``first`` to that of ``last``, the link between them included."""
    return {*tree(first), *range(first.i, last.i), *tree(last)}


# ---------------------------------------------------------------- nouns


def _noun(noun: Token, kids: list[Token]) -> Iterator[Reading]:
    """Yield the readings of a noun: ``accusations of X``, ``a call for X``, ``the claim that X``, ``the message is that X``."""
    for kid in kids:
        if kid.dep_ == "prep" and kid.lower_ != ACCORDING:
            yield from (
                Reading(f"n-{kid.lower_}", f"n-{kid.lower_}{'.clause' if end.dep_ == 'pcomp' else ''}", tree(end))
                for end in kid.children
                if end.dep_ in ("pobj", "pcomp")
            )
        elif kid.dep_ in CLAUSES or kid.dep_ == "xcomp":
            marks = {sub.i for sub in kid.children if sub.lower_ == "that" and sub.dep_ == "mark"}
            kind = introduced(kid)
            if marks:
                yield Reading("n-that", f"n-that.{kid.dep_}", tree(kid) - marks)
            elif infinitive(kid):
                yield Reading("n-to", f"n-to.{kid.dep_}", tree(kid))
            elif kid.dep_ != "relcl" or any(sub.lower_ == "that" for sub in kid.children):
                yield Reading("n-clause", f"n-{kid.dep_}.{kid.tag_ if kind == '0' else kind}", tree(kid))
    if noun.dep_ == "nsubj" and noun.head.lemma_ == "be":
        for kid in noun.head.children:
            if kid.i > noun.head.i and kid.dep_ in ("ccomp", "attr", "xcomp", "advcl"):
                yield Reading("be-that" if kid.dep_ == "ccomp" else "be", f"be.{kid.dep_}", tree(kid))


# ---------------------------------------------------------------- according to


def _according(word: Token) -> Iterator[Reading]:
    """Yield the clause that ``according to X`` goes with: behind a comma at the end, all the clauses that it closes."""
    head = word.head
    while head.pos_ not in ("VERB", "AUX") and head.head.i != head.i:
        head = head.head
    head = _reported(word, head)
    if word.i and word.nbor(-1).text == ",":
        while head.dep_ == "conj" and head.head.pos_ in ("VERB", "AUX") and head.i < word.i and not _has_clause(head.head):
            head = head.head
    end = _end_of(word)
    goes_on = end < len(word.doc) and (word.doc[end].text == "," or word.is_sent_start)
    outside = {i for i in tree(head) - tree(word) if i < word.i or (goes_on and i >= end)}
    if word.is_sent_start and goes_on:
        outside |= set(range(end, head.right_edge.i + 1))
    if any(child.lower_ == "to" for child in word.children):
        yield Reading(ACCORDING, ACCORDING, outside)


def _end_of(according: Token) -> int:
    """Return the index behind the source of ``according to X``."""
    return max((max(running_on(end)) for link in according.children for end in link.children), default=according.i) + 1


def _has_clause(verb: Token) -> bool:
    return any(kid.dep_ == "ccomp" for kid in verb.children)


def _reported(word: Token, head: Token) -> Token:
    """Return the clause that ``according to X`` behind a report belongs to, whichever the parser chose.

    What nurses or witnesses told belongs to the words reported (``Y said many were hurt, according to nurses``: Y relays the
    nurses). Bodies that put on record what others say (police, courts, media, anybody named) relay the report itself: ``Y said he
    was at home, according to police``.
    """
    inner = [kid for kid in head.children if kid.dep_ == "ccomp" and head.i < kid.i < word.i]
    if inner and not _puts_on_record(word):
        return inner[-1]
    if head.dep_ == "ccomp" and head.head.i < head.i < word.i and _puts_on_record(word):
        return head.head
    return head


def _puts_on_record(according: Token) -> bool:
    """Tell whether the source of an ``according to`` is named or of those who record what others say."""
    ends = [end for link in according.children for end in link.children if end.dep_ in ("pobj", "pcomp")]
    return any(end.pos_ == "PROPN" or end.ent_type_ or end.lemma_.lower() in RECORDERS for end in ends)
