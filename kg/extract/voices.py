"""Voices of noun phrases: a name, a government, a description; and the talk of one document, in which they speak in turn."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from spacy.tokens import Doc, Token

from kg.extract.drafts import Draft
from kg.extract.lists import tails, titles
from kg.extract.metonyms import government_of
from kg.extract.names import country_named
from kg.extract.phrases import named_after, phrase
from kg.gazetteer import Gazetteer
from kg.records import Chain, Document, Kind, Mention, Role, Voice, ZoneKind

GOVERNMENT = frozenset({"government", "authority", "administration", "cabinet", "regime"})
LONGEST_DESCRIPTION = 160
APPEARS = ("speak", "talk", "testify", "appear")
"""Verbs that tell of somebody's appearance, at which what follows was said."""
BINDS = {"his": "m", "himself": "m", "her": "f", "herself": "f"}


@dataclass(slots=True)
class Talk:
    """One document's mentions and chains, and who has spoken so far."""

    document: Document
    doc: Doc
    mentions: Sequence[Mention]
    chains: Sequence[Chain]
    gazetteer: Gazetteer
    chain_of: dict[int, int] = field(default_factory=dict)
    token_of: dict[int, int] = field(default_factory=dict)
    roots: dict[int, Token] = field(default_factory=dict)
    genders: dict[int, str] = field(default_factory=dict)
    roles: dict[int, list[Role]] = field(default_factory=dict)
    paragraphs: list[int] = field(default_factory=list)
    sentences: list[int] = field(default_factory=list)
    appearances: list[int] = field(default_factory=list)
    longest: list[tuple[int, frozenset[str]]] = field(default_factory=list)
    last: Voice | None = None
    last_head: Token | None = None

    @classmethod
    def of(cls, document: Document, doc: Doc, mentions: Sequence[Mention], chains: Sequence[Chain], gazetteer: Gazetteer) -> "Talk":
        """Index a document."""
        talk = cls(document, doc, mentions, chains, gazetteer)
        talk.chain_of = {member: number for number, chain in enumerate(chains) for member in chain.mentions}
        for number, mention in enumerate(mentions):
            span = doc.char_span(mention.span.start, mention.span.end, alignment_mode="expand")
            if span is not None:
                talk.roots[number] = span.root
                talk.token_of.update(dict.fromkeys(range(span.start, span.end), number))
        talk.genders = {number: gender for number, chain in enumerate(chains) if (gender := gender_of(chain))}
        chrome = {zone.span.start for zone in document.zones if zone.kind is ZoneKind.BOILERPLATE}
        talk.paragraphs = [
            line.start() for line in re.finditer(r"[^\n]+", document.text) if line.start() not in chrome and not line.group().isspace()
        ]
        for number, gender in _bound(talk):
            talk.genders.setdefault(number, gender)
        starts, lemmas = doc.to_array("SENT_START").tolist(), doc.to_array("LEMMA").tolist()
        appears = {doc.vocab.strings[lemma] for lemma in APPEARS}
        talk.sentences = [at for at, start in enumerate(starts) if start == 1]
        talk.appearances = [at for at, lemma in enumerate(lemmas) if lemma in appears]
        by_length = sorted(range(len(chains)), key=lambda number: -len(chains[number].name))
        talk.longest = [(number, frozenset(mentions[member].name for member in chains[number].mentions)) for number in by_length]
        talk.roles = {number: list(chain.roles) for number, chain in enumerate(chains)}
        return talk

    def paragraph(self, offset: int) -> int:
        """Return the number of the paragraph that holds a character, chrome not counted."""
        return bisect_right(self.paragraphs, offset)

    def chain_at(self, token: Token) -> int | None:
        """Return the chain whose mention covers a token."""
        number = self.token_of.get(token.i)
        return None if number is None else self.chain_of[number]


def _bound(talk: Talk) -> Iterator[tuple[int, str]]:
    """Yield (chain, gender) where a subject owns what its verb takes: ``Ann Lee sold her house``, nobody else named in between."""
    for number, root in talk.roots.items():
        if talk.mentions[number].kind is not Kind.PERSON or root.dep_ != "nsubj" or root.i > root.head.i:
            continue
        for kid in root.head.children:
            if kid.dep_ in ("dobj", "pobj", "xcomp", "prep") and kid.i > root.head.i:
                words = talk.doc[root.i + 1 : kid.right_edge.i + 1]
                owner = next((word for word in words if word.lower_ in BINDS), None)
                between = talk.doc[root.i + 1 : owner.i] if owner is not None else ()
                if owner is not None and all(talk.token_of.get(word.i) in (None, number) for word in between):
                    yield talk.chain_of[number], BINDS[owner.lower_]
                    break


def gender_of(chain: Chain) -> str | None:
    """Return what a person's titles say: ``m``, ``f`` or nothing."""
    said = {titles()[word].gender for role in chain.roles for word in re.findall(r"[a-z.-]+", role.text.lower()) if word in titles()} - {
        "-"
    }
    return said.pop() if len(said) == 1 else None


def renamed(voice: Voice, rule: str) -> Voice:
    """Return the same voice, found by another rule."""
    return Voice(rule, voice.chain, voice.government, voice.unnamed, voice.certain)


def named(talk: Talk, head: Token) -> Voice | None:
    """A name as it stands, or one that stands beside its role: ``the prime minister, Ana Reyes``."""
    number = talk.chain_at(head)
    if number is None:
        return _beside(talk, head)
    mention = talk.mentions[talk.token_of[head.i]]
    if mention.kind in (Kind.PLACE, Kind.ORGANIZATION) and (code := government_of(mention, talk.gazetteer)):
        return Voice("metonym", government=code)
    if mention.kind is Kind.GROUP and head.lower_ != mention.name.split()[-1].lower():
        return None
    return Voice("name", chain=number)


def _beside(talk: Talk, head: Token) -> Voice | None:
    """A name in apposition: ``the prime minister, Ana Reyes``, ``the UN's refugee agency, UNHCR``."""
    beside = [kid for kid in head.children if kid.dep_ == "appos" and talk.chain_at(kid) is not None]
    kinds = {Kind.PERSON, Kind.ORGANIZATION}
    if head.lemma_.lower() in titles():
        kinds = {Kind.PERSON}
        if not beside:  # "the mayor of Valencia, Ana Reyes", "ambassador to France Tom Lund": the parser hangs them elsewhere
            near = [*head.subtree, *([name] if (name := named_after(head)) else [])]
            beside = [
                token for token in near if talk.chain_at(token) is not None and (token.dep_ == "appos" or _follows(talk, token, head))
            ]
    fitting = [kid for kid in beside if talk.mentions[talk.token_of[kid.i]].kind in kinds]
    return Voice("apposition", chain=talk.chain_at(fitting[0])) if fitting else None


def _follows(talk: Talk, token: Token, head: Token) -> bool:
    """Tell whether a name stands right behind a title or behind the place or body that the title names."""
    start = token
    while start.i and talk.token_of.get(start.i - 1) == talk.token_of[token.i]:
        start = start.nbor(-1)
    before = talk.token_of.get(start.i - 1)
    place_or_body = before is not None and talk.mentions[before].kind in (Kind.PLACE, Kind.ORGANIZATION)
    return start.i - 1 == head.i or (place_or_body and start.i > head.i)


def state(talk: Talk, head: Token) -> Voice | None:
    """``the Armenian government``, ``Azerbaijani authorities``: the government; ``officials`` stay unnamed."""
    lemma = head.lemma_.lower()
    if lemma not in GOVERNMENT:
        return None
    code = _country_beside(talk, head)
    definite = any(kid.lower_ == "the" or kid.dep_ == "poss" for kid in head.children)
    if code and (lemma != "authority" or definite):
        return Voice("government", government=code)
    return None


def _country_beside(talk: Talk, head: Token) -> str | None:
    """Return the country of a noun's adjective or possessor, or of what its ``of`` names."""
    for kid in [*head.children, *(end for link in head.children if link.lower_ == "of" for end in link.children if end.dep_ == "pobj")]:
        if kid.dep_ in ("amod", "poss", "compound", "nmod", "pobj") and kid.text[:1].isupper():
            if code := talk.gazetteer.demonym(kid.text) or country_named(
                talk.doc[kid.left_edge.i : kid.i + 1].text.removeprefix("the "), talk.gazetteer
            ):
                return code
            if (number := talk.token_of.get(kid.i)) is not None and (code := government_of(talk.mentions[number], talk.gazetteer)):
                return code
    return None


def described(talk: Talk, head: Token) -> Voice | None:
    """``the ministry``, ``the president``: the nearest earlier chain with that noun in its name or roles."""
    if not any(kid.lower_ in ("the", "that", "this") for kid in head.children) or head.tag_ == "NNS":
        return None
    if any(kid.dep_ in ("prep", "relcl", "poss") or (kid.dep_ in ("amod", "compound") and kid.text[:1].isupper()) for kid in head.children):
        return None
    word = re.compile(rf"\b{re.escape(head.lemma_.lower())}\b")
    here = talk.paragraph(head.idx)
    for number in reversed(range(len(talk.mentions))):
        mention = talk.mentions[number]
        chain = talk.chains[talk.chain_of[number]]
        if (
            mention.span.end > head.idx
            or here - talk.paragraph(mention.span.start) > 3
            or mention.kind not in (Kind.PERSON, Kind.ORGANIZATION)
        ):
            continue
        if not chain.credited and word.search(
            " ".join((chain.name, *(role.text for role in chain.roles), *_known_as(talk, chain))).lower()
        ):
            return Voice("description", chain=talk.chain_of[number])
    last = talk.last
    if last is None or last.chain is None or head.lemma_.lower() not in tails("body") | tails("sort"):
        return None
    if talk.chains[last.chain].kind is Kind.ORGANIZATION:
        return renamed(replace(last, certain=False), "description")  # "Volvo said ... The company said ..."
    return None


def _known_as(talk: Talk, chain: Chain) -> tuple[str, ...]:
    """Return the other names of a body that the gazetteer holds: that Reuters is a news agency need not stand in the text."""
    known = talk.gazetteer.get(chain.known) if chain.known and chain.kind is Kind.ORGANIZATION else None
    return known.aliases if known else ()


def unnamed(talk: Talk, head: Token, draft: Draft | None = None) -> Voice:
    """Nobody is named: keep the words, a leading article aside."""
    if draft is not None and draft.source and head == draft.head:
        words = draft.source[0].of(talk.document.text)
        first = next(iter(talk.doc.char_span(draft.source[0].start, draft.source[0].end, alignment_mode="expand") or [head]))
    else:
        indexes = sorted(phrase(head))
        words, first = talk.doc[indexes[0] : indexes[-1] + 1].text, talk.doc[indexes[0]]
    words = re.sub(r",? (?:who|which|that|whom)$", "", " ".join(words.split()))
    if first.pos_ != "PROPN" and talk.chain_at(first) is None and (first.text[1:].islower() or len(first) == 1):
        words = words[:1].lower() + words[1:]
    return Voice("unnamed", unnamed=re.sub(r"^(?:the|an?) (?=\w)", "", words)[:LONGEST_DESCRIPTION])
