"""What an amount counts, by the parse: the noun, the verb of which the counted are the subject or the object, and the places.

``a total of 84,770 people had entered Armenia from Nagorno-Karabakh`` counts persons who enter, to Armenia, from Nagorno-Karabakh.
The parser is often wrong about numbers, so the words next to one decide before its arcs do.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Token

from kg.extract.amounts import Amount, words_of
from kg.extract.lists import titles
from kg.extract.quantities import noun_class, of_object, verb_class
from kg.extract.voices import Talk
from kg.records import Kind

NOUNS = frozenset({"NOUN", "PROPN"})
SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj"})
OBJECTS = frozenset({"dobj", "attr", "oprd", "dative", "npadvmod", "acomp"})
BELOW = frozenset({"nummod", "quantmod", "predet", "det", "amod", "compound", "nmod", "npadvmod", "advmod", "poss"})
"""How a number hangs on the noun that it counts."""
CLAUSAL = frozenset({"relcl", "acl", "advcl", "ccomp", "parataxis", "csubj"})
RAISING = frozenset(
    """believe report think estimate say fear confirm know expect suppose presume begin start continue manage force compel appear seem
    need have
    """.split()
)
"""Verbs whose subject does or suffers what the infinitive behind them tells: ``are believed to have fled``."""
EQUATING = frozenset({"amount", "represent", "account", "equal", "equate", "constitute", "correspond", "make"})
"""A participle that tells the same count as a share: ``..., amounting to two-thirds of``."""
TELLING = frozenset(
    """be reach rise stand climb total exceed hit top fall drop grow increase jump surge soar swell number estimate put remain pass surpass
    come decline decrease shrink double
    """.split()
)
"""Verbs that say how high a count is: ``the toll rose to 300``."""
RELATIONS = {
    **dict.fromkeys("from".split(), "from"),
    **dict.fromkeys("to into toward towards onto".split(), "to"),
    **dict.fromkeys("in at on near inside within across throughout around".split(), "in"),
    "of": "of",
}
RECEIVING = frozenset("to by with for against".split())
"""Prepositions behind which the counted take part in what the verb tells."""
LANDS = frozenset("region territory enclave exclave area land province republic oblast district strip peninsula state".split())
COUNTRIES, TOWNS = frozenset({"country", "nation"}), frozenset({"city", "town", "capital", "village"})
WITHIN = {
    **dict.fromkeys(LANDS, frozenset({"region", "territory"})),
    **dict.fromkeys(COUNTRIES, frozenset({"country"})),
    **dict.fromkeys(TOWNS, frozenset({"city"})),
}
"""What a noun can stand for: features of the gazetteer."""
POINTING = frozenset({"the", "this", "that", "its", "their"})
FARTHEST = 8
DEEPEST = 1
"""How many nouns that are no places may stand between a verb and a place of it: ``killed in explosions in Goma``."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What one amount counts.

    Attributes:
        amount: The amount; ``tokens``: those of its span, in order.
        noun: What is counted; ``None`` where no word says it.
        verb: What the counted do or suffer; ``None`` without one.
        told: The verb that says how high the count is, or the same verb; times hang there.
        word: Lemma of the verb, with its object or complement where the two are one; or of the noun over the counted (``exodus``).
        place: The noun of a place of which it is told: ``the region is home to 120,000``.
        framed: The number stands apart from its noun: ``the toll rose to 300``.
    """

    amount: Amount
    tokens: tuple[Token, ...]
    noun: Token | None
    verb: Token | None = None
    told: Token | None = None
    word: str = ""
    place: Token | None = None
    framed: bool = False


# ---------------------------------------------------------------- noun


def counted(talk: Talk, amount: Amount, tokens: tuple[Token, ...]) -> Counted:
    """Return what an amount counts."""
    noun, framed = _noun(amount, tokens)
    start = noun if noun is not None else tokens[-1]
    anchor = _root(tokens) if framed else start
    verb, told, over = _verb(start, anchor, amount)
    word = phrase_of(verb) if verb is not None else ""
    for other in _clauses_of(noun if noun is not None else _root(tokens)):
        if verb is None or (not verb_class(word) and verb_class(phrase_of(other))):
            verb, told, word = other, told or other, phrase_of(other)
    if noun is None and amount.unit and verb is not None:
        noun = _in_what(verb)
    if verb is None or (over and not verb_class(word)):
        return Counted(amount, tokens, noun, verb, told, over or word, framed=framed)
    return Counted(amount, tokens, noun, verb, told, word, _told_of(verb, start), framed)


def lemma(talk: Talk, noun: Token | None) -> str:
    """Return the lemma of a counted noun in lower case, a people's name as it is but singular; empty without a noun."""
    if noun is None:
        return ""
    if noun.text[0].isupper() and talk.gazetteer.demonym(noun.text) is not None:
        return noun.text[:-1] if noun.tag_ in ("NNPS", "NNS") and noun.text.endswith("s") else noun.text
    word = noun.lower_ if noun.lower_ in words_of("person") else noun.lemma_.lower()
    return word[:-1] if noun.tag_ == "NNPS" and word.endswith("s") else word


def is_person(talk: Talk, noun: Token) -> bool:
    """Tell whether a noun counts persons: a word for people, a trade, a people's name."""
    word = noun.lemma_.lower()
    if word in words_of("person") or noun.lower_ in words_of("person") or word in ("population", "populace", "these", "those"):
        return True
    if talk.gazetteer.demonym(noun.text) is not None and not any(kid.i > noun.i and kid.dep_ == "compound" for kid in noun.children):
        return True
    number = talk.token_of.get(noun.i)
    group = number is not None and talk.mentions[number].kind is Kind.GROUP and noun.pos_ == "PROPN"
    return word in titles() or (group and noun.dep_ not in ("compound", "amod", "nmod"))


def _root(tokens: tuple[Token, ...]) -> Token:
    """Return the token of an amount that hangs on a word outside it."""
    inside = {token.i for token in tokens}
    return next((token for token in reversed(tokens) if token.head.i not in inside), tokens[-1])


def _noun(amount: Amount, tokens: tuple[Token, ...]) -> tuple[Token | None, bool]:
    """Return the noun that an amount counts, and whether the number stands apart from it."""
    doc, end = tokens[-1].doc, tokens[-1].i + 1
    behind = doc[end] if end < len(doc) else None
    if behind is not None and behind.lower_ in ("of", "in") and (amount.vague or amount.unit == "percent" or behind.lower_ == "of"):
        held = next((kid for kid in behind.children if kid.dep_ == "pobj"), None)
        if held is not None and behind.lower_ == "of":
            return _inside_frame(_antecedent(held)), False
    near = _next_noun(tokens)
    if near is not None and (not amount.unit or _told_in(tokens, near)):
        return near, False
    above = next(
        (token.head for token in reversed(tokens) if token.head.i >= end and token.dep_ in BELOW and token.head.pos_ in NOUNS), None
    )
    if above is not None and above.i - end < FARTHEST and not any(token.is_punct and token.text != "-" for token in doc[end : above.i]):
        return above, False
    held = _apart(_root(tokens)) or _before_of(amount, tokens)
    return (_inside_frame(held), True) if held is not None else (None, False)


def _told_in(tokens: tuple[Token, ...], noun: Token) -> bool:
    """Tell whether the noun behind money or a share is what is told in it: ``a $5 million grant``, not ``$5 million last month``."""
    above = tokens[0]
    for _ in range(4):
        if above.i == noun.i:
            return noun.lemma_.lower() not in words_of("clock")
        above = above.head
    return False


def _antecedent(held: Token) -> Token:
    """Return what a relative pronoun stands for (``500 firms, 30 of which``), other words as they are."""
    verb = held
    while held.tag_ in ("WDT", "WP") and verb.head.i != verb.i:
        if verb.dep_ == "relcl":
            return verb.head
        verb = verb.head
    return held


def _next_noun(tokens: tuple[Token, ...]) -> Token | None:
    """Return the noun right behind a number, adjectives passed over: ``120,000 ethnic Armenians``, ``a 10-member panel``."""
    doc, at = tokens[-1].doc, tokens[-1].i + 1
    if at + 1 < len(doc) and doc[at].text == "-":
        part = doc[at + 1]
        return _strong(part) if part.lower_ == "strong" else part if part.pos_ in NOUNS else None
    found, joined = None, False
    for token in doc[at : at + FARTHEST + 1]:
        if token.is_sent_start:
            break
        if token.text == "-":
            found, joined = None, True
        elif token.pos_ in NOUNS or token.lower_ in words_of("person"):
            found, joined = token, False
            if _ends_phrase(token):
                break
        elif joined:
            joined = token.pos_ == "CCONJ"
        elif found is not None or not _describes(token):
            break
    return found


def _ends_phrase(noun: Token) -> bool:
    """Tell whether a noun is the last of its phrase; a plural for people is, whatever the parser makes of a headline."""
    people = noun.tag_ in ("NNS", "NNPS") and noun.lemma_.lower() in words_of("person")
    return people or noun.dep_ not in ("compound", "nmod", "amod", "npadvmod") or noun.head.i <= noun.i


def _describes(token: Token) -> bool:
    """Tell whether a word can stand between a number and its noun."""
    if token.pos_ == "VERB":
        return token.dep_ == "amod" and token.head.i > token.i
    return token.pos_ == "ADJ" or (token.pos_ == "ADV" and token.head.i > token.i)


def _strong(part: Token) -> Token | None:
    """Return what a ``1,000-strong`` force is."""
    return part.head if part.head.pos_ in NOUNS and part.head.i > part.i else part


def _inside_frame(noun: Token) -> Token:
    """Return what is counted where a noun only says that something is: ``the number of refugees``, ``the death toll``."""
    if noun.lemma_.lower() not in words_of("frame"):
        return noun
    for kid in noun.children:
        if kid.lower_ in ("of", "among") and kid.dep_ == "prep":
            inner = next((grandkid for grandkid in kid.children if grandkid.dep_ == "pobj"), None)
            if inner is not None and inner.pos_ in (*NOUNS, "PRON"):
                return inner
    return next((kid for kid in noun.children if kid.dep_ == "compound" and noun_class(kid.lemma_.lower())), noun)


def _before_of(amount: Amount, tokens: tuple[Token, ...]) -> Token | None:
    """Return the noun before ``of`` and a number, whatever the parser hangs the number on: ``a population of 120,000 left``."""
    start = amount.modified.start if amount.modified and amount.modified.start < tokens[0].idx else tokens[0].idx
    link = tokens[0]
    while link.i and link.idx >= start:
        link = link.nbor(-1)
    return link.head if link.lower_ == "of" and link.dep_ == "prep" and link.head.pos_ in NOUNS else None


def _apart(root: Token) -> Token | None:
    """Return the noun whose height a number tells: ``a population of 120,000``, ``the toll rose to 300``."""
    if root.dep_ == "pobj" and root.head.lower_ == "of" and root.head.head.pos_ in NOUNS:
        return root.head.head
    at, verb = root, None
    for _ in range(3):
        if at.head.pos_ in ("VERB", "AUX"):
            verb = at.head
            break
        if at.head.i == at.i or at.head.pos_ not in ("ADP", "NUM", "SCONJ", "PART"):
            return None
        at = at.head
    if verb is None or verb.lemma_.lower() not in TELLING or root.i < verb.i:
        return None
    if (
        verb.lemma_.lower() in ("put", "estimate")
        and (held := next((kid for kid in verb.children if kid.dep_ == "dobj"), None)) is not None
    ):
        return held if held.pos_ in NOUNS and held.i < root.i else None
    whose = verb if any(kid.dep_ in SUBJECTS for kid in verb.children) or verb.dep_ not in ("conj", "xcomp", "advcl") else verb.head
    return next((kid for kid in whose.children if kid.dep_ in SUBJECTS and kid.pos_ in NOUNS and kid.i < root.i), None)


# ---------------------------------------------------------------- verb


def _verb(start: Token, anchor: Token, amount: Amount) -> tuple[Token | None, Token | None, str]:
    """Return what the counted do, the verb on which times hang, and the event noun over them (``an exodus of 5,000``)."""
    told = _governor(anchor, amount)[0] if anchor.i != start.i else None
    verb, over = _governor(start, amount)
    if verb is not None:
        while verb.dep_ == "advcl" and verb.lemma_.lower() in EQUATING and verb.head.pos_ == "VERB":
            verb = verb.head
        for _ in range(3):
            lower = next((kid for kid in verb.children if kid.dep_ == "xcomp" and kid.pos_ == "VERB" and kid.i > verb.i), None)
            if lower is None or verb.lemma_.lower() not in RAISING:
                break
            verb = lower
    return verb, told or verb, over


def _governor(token: Token, amount: Amount) -> tuple[Token | None, str]:
    """Climb from a noun or number to the verb of which it is the subject or object, or to the event noun over it."""
    modified = amount.modified
    for _ in range(8):
        head = token.head
        if head.i == token.i:
            return None, ""
        if token.dep_ in SUBJECTS | OBJECTS and head.pos_ in ("VERB", "AUX"):
            return head, ""
        if token.dep_ in ("pobj", "pcomp"):
            above = head.head
            if modified is not None and modified.start <= head.idx < modified.end and head.lower_ != "of":
                return (above, "") if above.pos_ in ("VERB", "AUX") else (None, "")
            if head.lower_ == "to" and above.lower_ == "home":
                return above, ""
            if above.pos_ in ("VERB", "AUX") and (head.dep_ == "agent" or head.lower_ in RECEIVING):
                return above, ""
            if head.lower_ == "of" and above.pos_ in (*NOUNS, "NUM", "SYM", "ADJ"):
                if verb_class(above.lemma_.lower()) and above.pos_ == "NOUN":
                    return None, above.lemma_.lower()
                if above.lemma_.lower() in words_of("frame") or amount.span.start <= above.idx < amount.span.end:
                    token = above
                    continue
            return None, ""
        if token.dep_ in ("conj", "appos", *BELOW) and head.pos_ in (*NOUNS, "NUM", "ADJ", "SYM", "PRON", "DET"):
            token = head
            continue
        return None, ""
    return None, ""


def phrase_of(verb: Token) -> str:
    """Return a verb's lemma, with its object, complement or particle where the table has the two as one: ``lose life``, ``be home``."""
    word = verb.lemma_.lower()
    if word == "home":
        return "be home"
    for kid in verb.children:
        if kid.dep_ in ("dobj", "nsubjpass", "acomp", "attr", "oprd", "advmod", "prt", "prep"):
            both = f"{word} {kid.lemma_.lower()}"
            if verb_class(both):
                return both
    return word


def _clauses_of(counted: Token) -> Iterator[Token]:
    """Yield the verbs of the clauses behind what is counted: ``people who fled``, ``people displaced by war``, ``$5 million it gave``."""
    for kid in counted.children:
        if kid.dep_ in ("relcl", "acl") and kid.pos_ == "VERB" and kid.i > counted.i and not _has_other_object(kid):
            yield kid


def _has_other_object(verb: Token) -> bool:
    """Tell whether a clause has a subject and an object of its own, so that the counted are neither: ``people whose homes shells hit``."""
    others = [kid for kid in verb.children if kid.dep_ in ("nsubj", "dobj") and kid.lower_ not in ("who", "that", "which", "whom")]
    return len(others) > 1 or any(kid.lower_ == "whose" for other in others for kid in other.children)


def _in_what(verb: Token) -> Token | None:
    """Return what money is told to be given, lost or spent in: ``has provided $20 million in assistance``."""
    held = (kid for link in verb.children if link.lower_ == "in" for kid in link.children if kid.dep_ == "pobj")
    return next((kid for kid in held if noun_class(kid.lemma_.lower())), None)


def _told_of(verb: Token, start: Token) -> Token | None:
    """Return the place of which a count is told: the subject of ``is home to``, what a participle describes (``inhabited by``)."""
    if verb.lemma_.lower() == "home":
        above = verb.head
        if above.pos_ in ("VERB", "AUX"):
            return next((kid for kid in above.children if kid.dep_ in SUBJECTS), None)
        return above if verb.dep_ == "appos" else None
    if of_object(phrase_of(verb)) != "in":
        return None
    if verb.dep_ == "acl" and verb.tag_ == "VBN" and verb.head.i != start.i:
        return verb.head
    return next((kid for kid in verb.children if kid.dep_ == "nsubjpass" and kid.i != start.i), None)


# ---------------------------------------------------------------- places


class Places:
    """The places of a document as figures tell them."""

    def __init__(self, talk: Talk) -> None:
        self.talk = talk
        self._features = {
            number: entry.feature
            for number, chain in enumerate(talk.chains)
            if chain.kind is Kind.PLACE and chain.known and (entry := talk.gazetteer.get(chain.known)) is not None
        }
        self._fitting: dict[frozenset[str], list[tuple[int, int]]] = {}

    def feature(self, number: int) -> str:
        """Return what the gazetteer says that a chain's place is, empty where it does not know it for certain."""
        return self._features.get(number, "")

    def of_figure(self, found: Counted) -> tuple[tuple[str, int], ...]:
        """Return (relation, chain) of the places that say where, sorted."""
        rows: set[tuple[str, int]] = set()
        if found.verb is not None:
            height = found.framed and found.verb is found.told and not verb_class(found.word)
            rows |= {row for row in self.of_verb(found.verb, found.word) if not height or row[0] == "in"}
        if found.noun is not None:
            rows |= set(self._under(found.noun))
            if noun_class(lemma(self.talk, found.noun)) and found.noun.head.lemma_ == "have" and found.noun.dep_ == "dobj":
                subject = next((kid for kid in found.noun.head.children if kid.dep_ == "nsubj"), None)
                rows |= {("of", number) for number in [self.named(subject)] if number is not None}
            over = found.noun.head.head if found.noun.dep_ == "pobj" and found.noun.head.lower_ == "of" else None
            if found.verb is None and found.word and over is not None:
                rows |= set(self._under(over))
        if found.place is not None and (number := self.named(found.place)) is not None:
            rows.add(("in", number))
        moved = {chain for relation, chain in rows if relation in ("from", "to")}
        return tuple(sorted((relation, chain) for relation, chain in rows if relation in ("from", "to") or chain not in moved))

    def of_verb(self, verb: Token, word: str) -> Iterator[tuple[str, int]]:
        """Yield the places to, from and in which a verb tells that something happens; clauses of their own left out."""
        moving = verb_class(word) in ("displacement", "return")
        for kid in verb.children:
            if kid.dep_ == "dobj" and (relation := of_object(word)) and (number := self.named(kid)) is not None:
                yield relation, number
            if kid.dep_ == "dative" and verb_class(word) == "aid" and (number := self.named(kid)) is not None:
                yield "to", number
            if kid.dep_ == "nsubj" and verb_class(word) == "aid" and (number := self.named(kid)) is not None:
                yield "from", number
            if kid.dep_ not in (*CLAUSAL, *SUBJECTS, "conj") and (kid.i > verb.i or kid.dep_ in ("prep", "xcomp")):
                yield from self._under(kid, moving=moving, itself=True)

    def _under(self, top: Token, *, moving: bool = False, itself: bool = False) -> Iterator[tuple[str, int]]:
        """Yield the places that prepositions and possessors under a word name."""
        todo = [(top, 0)] if itself else [(kid, 0) for kid in top.children]
        while todo:
            token, passed = todo.pop()
            if token.dep_ in (*CLAUSAL, "conj", "punct", "appos") or passed > DEEPEST:
                continue
            number, relation = None, ""
            if token.dep_ == "pobj":
                number = self.named(token)
                relation = "to" if moving and token.head.lower_ == "for" else RELATIONS.get(token.head.lower_, "")
            elif token.dep_ == "poss" and token.head.i == top.i:
                number, relation = self.named(token), "of"
            if number is not None and relation:
                yield relation, number
            passed += token.pos_ in NOUNS and number is None
            todo += [(kid, passed) for kid in token.children]

    def named(self, token: Token | None) -> int | None:
        """Return the chain of the place that a word names or stands for, ``None`` where that is not one.

        ``the territory of X`` is X; ``the region``, ``an enclave`` is the territory or region that the document names more often than
        all others together, else the one named last before it; ``the country`` and ``the city`` likewise.
        """
        if token is None:
            return None
        number = self.talk.chain_at(token)
        if number is not None and self.talk.chains[number].kind is Kind.PLACE:
            return number
        features = WITHIN.get(token.lemma_.lower())
        if features is None:
            return None
        for kid in token.children:
            named = kid if kid.dep_ in ("compound", "appos", "nmod") else None
            if kid.lower_ == "of" and kid.dep_ == "prep":
                named = next((grandkid for grandkid in kid.children if grandkid.dep_ == "pobj"), None)
            if named is not None and (number := self.talk.chain_at(named)) is not None and self.talk.chains[number].kind is Kind.PLACE:
                return number
        pointing = any(kid.lower_ in (*POINTING, "a", "an") for kid in token.children)
        return self._named_before(token, features) if pointing else None

    def _named_before(self, token: Token, features: frozenset[str]) -> int | None:
        """Return the main chain of such a feature, else the one that was named last; a name that stands for a government is none."""
        if features not in self._fitting:
            self._fitting[features] = [
                (mention.span.start, self.talk.chain_of[number])
                for number, mention in enumerate(self.talk.mentions)
                if mention.kind is Kind.PLACE and not mention.metonym and self.feature(self.talk.chain_of[number]) in features
            ]
        fitting = self._fitting[features]
        named = Counter(number for _, number in fitting)
        number, times = max(named.items(), key=lambda row: row[1], default=(-1, 0))
        if 2 * times > len(fitting):
            return number
        before = bisect_left(fitting, (token.idx, -1))
        return fitting[before - 1][1] if before and any(kid.lower_ in POINTING for kid in token.children) else None
