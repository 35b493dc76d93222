"""Who a source means: a name, a description or a pronoun becomes a voice of the document, or a doubt; never a guess.

The order of the rules follows deterministic resolvers: a name as it stands; a government by its adjective (``the Armenian
government``); a definite description by its head noun; a role whose holder is named right after; a pronoun by agreement,
distance and salience, only if the best candidate leads the next by a margin. First names never decide gender.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from spacy.tokens import Doc, Token

from kg.extract.lists import titles
from kg.extract.metonyms import government_of
from kg.extract.names import country_named
from kg.extract.phrases import phrase
from kg.extract.statements import PAPERS, Draft
from kg.gazetteer import Gazetteer
from kg.records import Chain, Document, Kind, Mention, Span, Voice, ZoneKind

GOVERNMENT = frozenset({"government", "authority", "administration", "cabinet", "regime", "leadership"})
OFFICIALS = re.compile(
    r"([A-Z][\w.-]*)(?:['’]s?)?(?: \w+)? (?:officials?|authorities|diplomats?|officers?|ministers?|lawmakers?|negotiators?|side"
    r"|ministry|embassy|military|army|police)\b"
)
"""Descriptions of those who speak for a state, behind its adjective or possessive."""
SINGULAR = {"he": "m", "his": "m", "him": "m", "she": "f", "her": "f", "hers": "f"}
COLLECTIVE = frozenset({"it", "its", "they", "their", "them"})
FIRST_OR_SECOND = frozenset({"i", "we", "you", "my", "our", "us", "me"})
MARGIN = 0.2
PARAGRAPHS_AHEAD = 2
LONGEST_DESCRIPTION = 160


@dataclass(slots=True)
class Room:
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
    roles: dict[int, list[str]] = field(default_factory=dict)
    paragraphs: list[int] = field(default_factory=list)
    sentences: list[int] = field(default_factory=list)
    last: Voice | None = None

    @classmethod
    def of(cls, document: Document, doc: Doc, mentions: Sequence[Mention], chains: Sequence[Chain], gazetteer: Gazetteer) -> "Room":
        """Index a document."""
        room = cls(document, doc, mentions, chains, gazetteer)
        room.chain_of = {member: number for number, chain in enumerate(chains) for member in chain.mentions}
        for number, mention in enumerate(mentions):
            span = doc.char_span(mention.span.start, mention.span.end, alignment_mode="expand")
            if span is not None:
                room.roots[number] = span.root
                room.token_of.update(dict.fromkeys(range(span.start, span.end), number))
        room.genders = {number: gender for number, chain in enumerate(chains) if (gender := _gender(chain))}
        chrome = {zone.span.start for zone in document.zones if zone.kind is ZoneKind.BOILERPLATE}
        room.paragraphs = [m.start() for m in re.finditer(r"[^\n]*\S[^\n]*", document.text) if m.start() not in chrome]
        room.sentences = [token.i for token in doc if token.is_sent_start]
        room.roles = {number: list(chain.roles) for number, chain in enumerate(chains)}
        return room

    def paragraph(self, offset: int) -> int:
        """Return the number of the paragraph that holds a character, chrome not counted."""
        return bisect_right(self.paragraphs, offset)

    def chain_at(self, token: Token) -> int | None:
        """Return the chain whose mention covers a token."""
        number = self.token_of.get(token.i)
        return None if number is None else self.chain_of[number]


def _gender(chain: Chain) -> str | None:
    """Return what a person's titles say: ``m``, ``f`` or nothing."""
    said = {titles()[word].gender for role in chain.roles for word in re.findall(r"[a-z.-]+", role.lower()) if word in titles()} - {"-"}
    return said.pop() if len(said) == 1 else None


# ---------------------------------------------------------------- the rules in order


def speaker(room: Room, draft: Draft) -> tuple[Voice | None, str | None]:
    """Return the voice of a statement's source, or why there is none; remembers it for what follows."""
    if draft.rule == "quote.running" and room.last is not None:
        return _as(room.last, "running"), None
    if draft.head is None:
        return None, None
    voice, why = resolve(room, draft.head, draft)
    if voice is not None and draft.nested_in is None:
        room.last = voice
        lower = draft.head.lower_
        if voice.chain is not None and lower in SINGULAR:
            room.genders.setdefault(voice.chain, SINGULAR[lower])
    return voice, why


def resolve(room: Room, head: Token, draft: Draft) -> tuple[Voice | None, str | None]:
    """Return the voice of a noun phrase by its head, or why there is none."""
    if voice := named(room, head):
        return voice, None
    lower = head.lower_
    if lower in SINGULAR:
        return _person(room, head, draft)
    if lower in COLLECTIVE:
        return _body(room, head, draft)
    if lower in FIRST_OR_SECOND:
        return None, f"“{head.text}” is the reporter or a reader, or words of a quotation"
    if lower in ("each", "both", "one", "another", "other", "who", "which", "that", "this", "these", "some", "all", "many", "none"):
        if lower in ("some", "many", "all") or any(child.dep_ == "prep" for child in head.children):
            return _unnamed(room, head, draft), None
        return None, f"“{head.text}” points at more than one that could be meant"
    if voice := _state(room, head) or _described(room, head) or _paper(room, head, draft) or _named_later(room, head):
        if voice.rule.startswith("cataphora") and voice.chain is not None:
            room.roles[voice.chain].append(_unnamed(room, head, draft).unnamed or "")
        return voice, None
    return _unnamed(room, head, draft), None


def _as(voice: Voice, rule: str) -> Voice:
    return Voice(rule, voice.chain, voice.government, voice.unnamed, voice.certain)


def named(room: Room, head: Token) -> Voice | None:
    """A name as it stands, or one that stands beside its role: ``the prime minister, Ana Reyes``."""
    number = room.chain_at(head)
    if number is None:
        return _beside(room, head)
    mention = room.mentions[room.token_of[head.i]]
    if mention.kind in (Kind.PLACE, Kind.ORGANIZATION) and (code := government_of(mention, room.gazetteer)):
        return Voice("metonym", government=code)
    if mention.kind is Kind.GROUP and head.lower_ != mention.name.split()[-1].lower():
        return None
    return Voice("name", chain=number)


def _beside(room: Room, head: Token) -> Voice | None:
    """A name in apposition: ``the prime minister, Ana Reyes``, ``the UN's refugee agency, UNHCR``."""
    beside = [kid for kid in head.children if kid.dep_ == "appos" and room.chain_at(kid) is not None]
    kinds = {Kind.PERSON, Kind.ORGANIZATION}
    if head.lemma_.lower() in titles():
        kinds = {Kind.PERSON}
        if not beside:  # "the mayor of Valencia, Ana Reyes": the parser hangs her on the town
            beside = [token for token in head.subtree if token.dep_ == "appos" and room.chain_at(token) is not None]
    fitting = [kid for kid in beside if room.mentions[room.token_of[kid.i]].kind in kinds]
    return Voice("apposition", chain=room.chain_at(fitting[0])) if fitting else None


def _state(room: Room, head: Token) -> Voice | None:
    """``the Armenian government``, ``Azerbaijani authorities``: the government; ``officials`` stay unnamed."""
    lemma = head.lemma_.lower()
    if lemma not in GOVERNMENT or lemma == "leadership":
        return None
    code = _country_beside(room, head)
    definite = any(kid.lower_ == "the" or kid.dep_ == "poss" for kid in head.children)
    if code and (lemma != "authority" or definite):
        return Voice("government", government=code)
    return None


def _country_beside(room: Room, head: Token) -> str | None:
    """Return the country of a noun's adjective or possessor."""
    for kid in head.children:
        if kid.dep_ in ("amod", "poss", "compound", "nmod") and kid.text[:1].isupper():
            if code := room.gazetteer.demonym(kid.text) or country_named(
                room.doc[kid.left_edge.i : kid.i + 1].text.removeprefix("the "), room.gazetteer
            ):
                return code
            if (number := room.token_of.get(kid.i)) is not None and (code := government_of(room.mentions[number], room.gazetteer)):
                return code
    return None


def _described(room: Room, head: Token) -> Voice | None:
    """``the ministry``, ``the president``: the nearest earlier chain with that noun in its name or roles."""
    if not any(kid.lower_ in ("the", "that", "this") for kid in head.children) or head.tag_ == "NNS":
        return None
    if any(kid.dep_ in ("prep", "relcl", "poss") or (kid.dep_ in ("amod", "compound") and kid.text[:1].isupper()) for kid in head.children):
        return None
    word = re.compile(rf"\b{re.escape(head.lemma_.lower())}\b")
    here = room.paragraph(head.idx)
    for number in reversed(range(len(room.mentions))):
        mention = room.mentions[number]
        chain = room.chains[room.chain_of[number]]
        if (
            mention.span.end > head.idx
            or here - room.paragraph(mention.span.start) > 3
            or mention.kind not in (Kind.PERSON, Kind.ORGANIZATION)
        ):
            continue
        if not chain.credited and word.search(" ".join((chain.name, *chain.roles)).lower()):
            return Voice("description", chain=room.chain_of[number])
    return None


def _paper(room: Room, head: Token, draft: Draft) -> Voice | None:
    """``His decree``, ``Armenia's statement``: whose paper it is."""
    if head.lemma_.lower() not in PAPERS:
        return None
    whose = next((kid for kid in head.children if kid.dep_ == "poss"), None)
    if whose is None:
        return None
    voice, _ = resolve(room, whose, draft)
    return _as(voice, "document") if voice is not None else None


def _named_later(room: Room, head: Token) -> Voice | None:
    """A role whose holder is named only after it: ``The U.S. ambassador to X said ...``, then ``Ambassador Ann Lee told ...``."""
    if head.lemma_.lower() not in titles() or head.tag_ == "NNS" or not any(kid.lower_ == "the" for kid in head.children):
        return None
    here = room.paragraph(head.idx)
    for number, chain in enumerate(room.chains):
        first = room.mentions[chain.mentions[0]]
        distance = room.paragraph(first.span.start) - here
        if chain.kind is not Kind.PERSON or chain.credited or first.span.start < head.idx or not 0 <= distance <= PARAGRAPHS_AHEAD:
            continue
        if re.search(rf"\b{re.escape(head.lemma_.lower())}\b", " ".join(chain.roles).lower()):
            return Voice("cataphora", chain=number)
        root = room.roots.get(chain.mentions[0])
        if not chain.roles and distance == 1 and len(chain.name.split()) > 1 and root is not None and root.dep_ == "nsubj":
            return Voice("cataphora-untitled", chain=number, certain=False)
    return None


def _unnamed(room: Room, head: Token, draft: Draft | None = None) -> Voice:
    """Nobody is named: keep the words, a leading article aside."""
    if draft is not None and draft.source and head == draft.head:
        words = draft.source[0].of(room.document.text)
        first = next(iter(room.doc.char_span(draft.source[0].start, draft.source[0].end, alignment_mode="expand") or [head]))
    else:
        indexes = sorted(phrase(head))
        words, first = room.doc[indexes[0] : indexes[-1] + 1].text, room.doc[indexes[0]]
    words = re.sub(r",? (?:who|which|that|whom)$", "", " ".join(words.split()))
    if first.pos_ != "PROPN" and room.chain_at(first) is None and first.text[1:].islower() | (len(first) == 1):
        words = words[:1].lower() + words[1:]
    return Voice("unnamed", unnamed=re.sub(r"^(?:the|an?) (?=\w)", "", words)[:LONGEST_DESCRIPTION])


# ---------------------------------------------------------------- pronouns


def _person(room: Room, head: Token, draft: Draft) -> tuple[Voice | None, str | None]:
    """He, she, his, her: the most salient person before it whose gender does not contradict."""
    gender = SINGULAR[head.lower_]
    scores: dict[int, float] = {}
    for number, chain in enumerate(room.chains):
        if chain.kind is not Kind.PERSON or chain.credited or room.genders.get(number, gender) != gender:
            continue
        before = [m for m in chain.mentions if room.mentions[m].span.end <= head.idx and not _in_own_content(room.mentions[m].span, draft)]
        if before:
            scores[number] = _salience(room, before, head) + (0.5 if room.last is not None and room.last.chain == number else 0)
            scores[number] += 0.4 if room.genders.get(number) == gender else 0
    ranked = sorted(scores, key=lambda number: (-scores[number], number))
    if not ranked and room.last is not None and room.last.unnamed and _fits(room.last.unnamed, gender):
        return _as(room.last, "pronoun"), None
    if not ranked:
        return None, f"“{head.text}” has nobody before it"
    if len(ranked) > 1 and scores[ranked[0]] - scores[ranked[1]] < MARGIN:
        return None, f"“{head.text}” could be {room.chains[ranked[0]].name} or {room.chains[ranked[1]].name}"
    return Voice("pronoun", chain=ranked[0]), None


def _fits(words: str, gender: str) -> bool:
    """Tell whether a description of somebody unnamed says one person, and nothing against a gender."""
    found = [titles()[word] for word in re.findall(r"[a-z-]+", words.lower()) if word in titles()]
    return bool(found) and found[0].gender in ("-", gender)


def _in_own_content(span: Span, draft: Draft) -> bool:
    """Tell whether a name stands in what the pronoun says: nobody names oneself so."""
    return any(part.covers(span) for part in draft.content)


def _salience(room: Room, before: list[int], head: Token) -> float:
    """Score a chain by distance in sentences, grammatical role and number of mentions."""
    nearest = before[-1]
    root = room.roots.get(nearest, head)
    sentences = bisect_right(room.sentences, head.i) - bisect_right(room.sentences, root.i)
    role = 0.9 if root.dep_ in ("nsubj", "nsubjpass") else -0.4 if root.dep_ in ("poss", "appos", "conj") else 0.0
    return -min(sentences, 3) + role + 0.3 + 0.15 * min(len(before), 4)


def _body(room: Room, head: Token, draft: Draft) -> tuple[Voice | None, str | None]:
    """It, they: the last government, organisation or group that was a subject; ``it`` no group, ``they`` also unnamed speakers."""
    plural = head.lower_ in ("they", "their", "them")
    if draft.nested_in is not None and room.last is not None:
        return _as(room.last, "pronoun"), None
    for number in reversed(range(len(room.mentions))):
        mention, root = room.mentions[number], room.roots.get(number)
        if mention.span.end > head.idx or root is None or _in_own_content(mention.span, draft):
            continue
        if room.paragraph(head.idx) - room.paragraph(mention.span.start) > 4:
            break
        if root.dep_ not in ("nsubj", "nsubjpass", "agent") or mention.kind is Kind.PERSON or room.chains[room.chain_of[number]].credited:
            continue
        if mention.kind is Kind.GROUP and not plural:
            continue
        if (voice := named(room, root)) is not None and (voice.chain is None or mention.kind is not Kind.PLACE):
            return _as(voice, "pronoun"), None
    return None, f"“{head.text}” has no body before it that acts"


# ---------------------------------------------------------------- for whom, and in what role


def role(room: Room, draft: Draft) -> str | None:
    """Return the title or description beside the name in this source, as worded."""
    words = " ".join(" … ".join(span.of(room.document.text) for span in draft.source).split())
    if draft.head is None or (number := room.chain_at(draft.head)) is None:
        beside = named(room, draft.head) if draft.head is not None else None
        number = beside.chain if beside is not None else None
    if number is None:
        return None
    return next((given for given in room.roles[number] if given in words), None)


def behalf(room: Room, voice: Voice | None) -> Voice | None:
    """Return for whom a voice speaks, where a title, possessor or adjective says so."""
    if voice is None or voice.government is not None:
        return None
    if voice.unnamed is not None:
        if "ethnic " in voice.unnamed or not (official := OFFICIALS.search(voice.unnamed)):
            return None
        code = room.gazetteer.demonym(official.group(1)) or country_named(official.group(1), room.gazetteer)
        return Voice("adjective", government=code) if code else None
    chain = room.chains[voice.chain or 0]
    if chain.kind is Kind.ORGANIZATION:
        ministry = re.search(r"\b(?:Ministry|Department|Government|Army|Parliament)\b", chain.name)
        return Voice("possessor", government=chain.country) if chain.country and ministry else None
    for given in room.roles[voice.chain or 0]:
        if found := _in_role(room, given, voice.chain):
            return found
    return None


def _in_role(room: Room, words: str, own: int | None) -> Voice | None:
    """Return whom a role belongs to: a body or person of this document named in it, else a country's government.

    Whom an envoy is sent *to* is not whom the envoy speaks for.
    """
    words = re.split(
        r"(?<=\bambassador) to\b|(?<=\benvoy) to\b|(?<=\brepresentative) to\b|(?<=\bdelegate) to\b", words, flags=re.IGNORECASE
    )[0]
    for number, chain in sorted(enumerate(room.chains), key=lambda row: -len(row[1].name)):
        names = {room.mentions[m].name for m in chain.mentions}
        if number == own or not any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", words) for name in names):
            continue
        if chain.kind in (Kind.ORGANIZATION, Kind.PERSON) and not government_of(room.mentions[chain.mentions[0]], room.gazetteer):
            return Voice("role", chain=number)
    for word in re.findall(r"[\w.-]+(?=[’']s)|[\w.-]+", words):
        code = (
            room.gazetteer.demonym(word)
            or room.gazetteer.seat(word)
            or (country_named(word, room.gazetteer) if word[:1].isupper() else None)
        )
        if code:
            return Voice("role", government=code)
    return None


def aimed_at(room: Room, head: Token | None) -> Voice | None:
    """Return whom an act is aimed at, by name or government only: a thing or a clause is no target."""
    if head is None:
        return None
    return named(room, head) or _state(room, head)


def addressee(room: Room, draft: Draft) -> Voice | None:
    """Return who was told: the object of ``told``, the ``to`` of ``said to``."""
    if draft.anchor is None or draft.lemma == "according to":
        return None
    for kid in draft.anchor.children:
        if kid.dep_ in ("dobj", "dative") and draft.anchor.lemma_ in ("tell", "inform", "remind", "assure", "warn", "ask", "notify"):
            return _told(room, kid)
        if kid.dep_ in ("prep", "dative") and kid.lower_ == "to":
            for end in kid.children:
                if end.dep_ == "pobj" and (end.pos_ == "PROPN" or end.ent_type_):
                    return _told(room, end)
    return None


def _told(room: Room, head: Token) -> Voice | None:
    """Return a named listener, one named within the phrase (``an OSCE meeting``), or the words."""
    if head.pos_ == "PRON":
        return None
    if voice := named(room, head) or _state(room, head):
        return voice
    for kid in head.subtree:
        if (
            kid.dep_ in ("compound", "nmod")
            and (number := room.chain_at(kid)) is not None
            and room.chains[number].kind is Kind.ORGANIZATION
        ):
            return Voice("within", chain=number)
    return _described(room, head) or _unnamed(room, head)


def scene(room: Room, draft: Draft) -> int | None:
    """Return the chain of the place that the cue's own ``in`` or ``at`` names."""
    if draft.anchor is None:
        return None
    inside = {i for span in draft.content for i in range(span.start, span.end)}
    for token in draft.anchor.subtree:
        if token.dep_ == "pobj" and token.head.lower_ in ("in", "at", "from") and token.idx not in inside:
            number = room.chain_at(token)
            clause = token.head.head
            near = clause.i == draft.anchor.i or (clause.dep_ in ("dobj", "pobj") and clause.pos_ in ("NOUN", "PROPN"))
            if number is not None and room.chains[number].kind is Kind.PLACE and near:
                return number
    return None
