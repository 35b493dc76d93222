"""Mentions: names of people, organisations, places and groups, as the model finds them and as they are then repaired.

The model alone takes countries for people and loses surnames; with the repairs below .90 of MEANTIME's names (news agency reports,
development half) have their right kind, .87 without. Each repair is a rule about language with a guard:

1. trim: line breaks, articles, possessives and brackets do not belong to a name
2. acronym: ``Long Form (ACRONYM)`` fixes where the long form begins
3. gazetteer: retypes what the model found; adds a name only where the text speaks of a place
4. demonym: ``ethnic Armenians``, ``Karabakh Armenians`` are one group
5. land: ``X corridor`` is a place of its own
6. title: a title before a capitalised run makes a person
7. credit: the maker and the agency of a picture, read from the form of the line
8. consistency: a full name teaches its surname; equal strings get one kind
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from spacy.tokens import Doc, Token

from kg.extract.credits import credited
from kg.extract.frames import frames_of
from kg.extract.lists import longest_title, tails, titles
from kg.gazetteer import Gazetteer, Known
from kg.records import Document, Kind, Mention, Span, ZoneKind

KIND_OF_LABEL = {
    "PERSON": Kind.PERSON,
    "ORG": Kind.ORGANIZATION,
    "GPE": Kind.PLACE,
    "LOC": Kind.PLACE,
    "FAC": Kind.PLACE,
    "NORP": Kind.GROUP,
}
LOCATIVE = frozenset(
    "in at to from near into around outside inside towards toward across through via of reach reached reaches reaching leave left".split()
)
LONGEST_NAME = 6
ACRONYM = re.compile(r"\(([A-Z]{2,8})\)")
BIG_CITY = 100_000
REPORTS = frozenset({"that", "whom-that"})
NAMELESS = frozenset({ZoneKind.CREDIT, ZoneKind.HEADER, ZoneKind.BOILERPLATE})
"""Zones whose names are not taken from the parse: credits are read from their form, headers and chrome give none."""


@dataclass(frozen=True, slots=True)
class Found:
    """A name over the tokens ``[start, end)``."""

    start: int
    end: int
    kind: Kind
    rule: str

    def __len__(self) -> int:
        return self.end - self.start


class Names:
    """The names found so far: at most one over each token; a later one replaces what it touches."""

    def __init__(self, doc: Doc, text: str) -> None:
        self.doc, self.text = doc, text
        self._at: dict[int, Found] = {}
        self.words = [token.text for token in doc]
        self.lower = [word.lower() for word in self.words]
        self.capitals = [at for at, word in enumerate(self.words) if word[:1].isupper()]
        self._starts = doc.to_array("IDX").tolist()

    def span(self, start: int, end: int) -> str:
        """Return the characters of some tokens, white space behind the last left out."""
        return self.text[self._starts[start] : self._starts[end - 1] + len(self.words[end - 1])]

    def put(self, found: Found) -> None:
        """Set a name, dropping those it touches."""
        for token in range(found.start, found.end):
            if old := self._at.get(token):
                self.drop(old)
        self._at.update(dict.fromkeys(range(found.start, found.end), found))

    def drop(self, found: Found) -> None:
        """Take a name out."""
        for token in range(found.start, found.end):
            del self._at[token]

    def at(self, token: int) -> Found | None:
        """Return the name over a token."""
        return self._at.get(token)

    def touching(self, start: int, end: int) -> list[Found]:
        """Return the names over any of the tokens, in order."""
        return list(dict.fromkeys(found for token in range(start, end) if (found := self._at.get(token))))

    def all(self) -> list[Found]:
        """Return all names, in order."""
        return sorted(dict.fromkeys(self._at.values()), key=lambda found: found.start)

    def name(self, found: Found) -> str:
        """Return the characters of a name."""
        return self.span(found.start, found.end)


def mentions(document: Document, doc: Doc, gazetteer: Gazetteer) -> tuple[Mention, ...]:
    """Return the names of a document in text order, none overlapping; header and boilerplate give none."""
    names = Names(doc, document.text)
    for found in _from_model(doc):
        names.put(found)
    _acronyms(names)
    _gazetteer(names, gazetteer)
    _demonyms(names, gazetteer)
    _lands(names)
    _titles(names)
    _subjects(names, gazetteer)
    _surnames(names)
    _majority(names, gazetteer)
    spans = [(Span(doc[f.start].idx, doc[f.end - 1].idx + len(doc[f.end - 1])), f.kind, f.rule) for f in names.all()]
    spans = [row for row in spans if document.zone_at(row[0]) not in NAMELESS]
    spans += credited(document, gazetteer)
    return tuple(
        Mention(span, kind, re.sub(r"\s+", " ", span.of(document.text)), rule, document.zone_at(span))
        for span, kind, rule in sorted(spans, key=lambda row: row[0])
    )


# ---------------------------------------------------------------- 1 trim


def _from_model(doc: Doc) -> Iterator[Found]:
    """Yield the model's names, trimmed."""
    for entity in doc.ents:
        if kind := KIND_OF_LABEL.get(entity.label_):
            yield from _trimmed(doc, entity.start, entity.end, kind)


def _trimmed(doc: Doc, start: int, end: int, kind: Kind) -> Iterator[Found]:
    """Yield the parts of a raw name that are names: cut at line breaks and brackets, outer words off."""
    at = start
    for token in range(start, end + 1):
        if token == end or doc[token].is_space or doc[token].text in "()[]|":
            low, high = at, token
            while low < high and (doc[low].lower_ in ("the", "a", "an", "'s", "’s") or doc[low].is_punct):
                low += 1
            while high > low and (doc[high - 1].lower_ in ("'s", "’s", "'", "’") or doc[high - 1].is_punct and doc[high - 1].text != "."):
                high -= 1
            if low < high and any(doc[k].text[0].isalnum() for k in range(low, high)):
                yield Found(low, high, kind, "model")
            at = token + 1


# ---------------------------------------------------------------- 2 acronyms


def _acronyms(names: Names) -> None:
    """Set long form and short form of every ``Long Form (ACRONYM)``."""
    for start, end, short in acronyms(names.doc, names.text):
        names.put(Found(start, end, Kind.ORGANIZATION, "acronym"))
        names.put(Found(short, short + 1, Kind.ORGANIZATION, "acronym"))


def acronyms(doc: Doc, text: str) -> Iterator[tuple[int, int, int]]:
    """Yield (start, end of the long form, token of the acronym) wherever a text teaches a short form."""
    for match in ACRONYM.finditer(text):
        short = doc.char_span(match.start(1), match.end(1))
        if short is not None and len(short) == 1 and short.start > 1:
            start = _long_form(doc, short.start - 1, match.group(1))
            if start is not None:
                yield start, short.start - 1, short.start


def _long_form(doc: Doc, end: int, acronym: str) -> int | None:
    """Return where the words begin whose initials spell ``acronym``, small words skipped at will (Schwartz and Hearst 2003)."""
    letters = ""
    for start in range(end - 1, max(-1, end - 14), -1):
        token = doc[start]
        if token.is_space or token.text in "()":
            return None
        if token.text[:1].isupper():
            dotted = "." in token.text or token.text.isupper()
            letters = (token.text.replace(".", "") if dotted else token.text[0]) + letters
        if letters.upper() == acronym:
            return start
        if len(letters) > len(acronym):
            return None
    return None


# ---------------------------------------------------------------- 3 gazetteer


def _gazetteer(names: Names, gazetteer: Gazetteer) -> None:
    """Retype names that the gazetteer knows, and add places where the text speaks of one."""
    hits = list(_hits(names, gazetteer))
    countries = {known[0].country for *_, known in hits if known[0].feature in ("country", "territory")}
    countries |= {gazetteer.demonym(word) for word in {names.words[i] for i in names.capitals}}
    surnames = {names.doc[f.end - 1].text for f in names.all() if f.kind is Kind.PERSON and len(f) > 1}
    spoken_of = {names.doc[start:end].text for start, end, _ in hits if _locative(names.doc, start, end)}
    for start, end, known in hits:
        if names.doc[start:end].text not in surnames or (start and _locative(names.doc, start, end)):
            _apply(names, start, end, known, countries - {None}, evidence=names.doc[start:end].text in spoken_of)


def _hits(names: Names, gazetteer: Gazetteer) -> Iterator[tuple[int, int, tuple[Known, ...]]]:
    """Yield the longest known capitalised runs, left to right, with what the gazetteer holds."""
    words, done = names.words, 0
    for at in names.capitals:
        if at < done or words[at] in ("The", "THE"):
            continue
        for end in range(min(len(words), at + LONGEST_NAME), at, -1):
            last = words[end - 1]
            if not last[:1].isalpha() or not (last[:1].isupper() or end == at + 1):
                continue
            if known := gazetteer.look_up(names.span(at, end)):
                yield at, end, known
                done = end
                break


def _apply(names: Names, start: int, end: int, known: tuple[Known, ...], countries: set[str | None], *, evidence: bool) -> None:
    """Set one hit, unless a guard speaks against it.

    Countries, territories and what an authority file holds are taken as they stand; of the many villages with the names of
    people and things only those that the model takes for a place or the text speaks of as one (``evidence``), in a country
    of this document or big.
    """
    doc, best = names.doc, known[0]
    touched = [f for f in names.touching(start, end) if not _hyphenated(doc, f, start, end)]
    cuts = any(f.kind in (Kind.ORGANIZATION, Kind.PERSON) and (f.start < start or f.end > end) for f in touched)
    if cuts or _has_tail(doc, end) or any(f.kind is best.kind and len(f) > end - start for f in touched):
        return
    if not touched and start and _name_like(doc[start - 1]) and start <= doc[start - 1].head.i < end:
        return
    if best.source == "geonames" and best.feature == "city":
        likely = any(place.country in countries or place.population >= BIG_CITY for place in known)
        if not likely or not (evidence or any(f.kind is Kind.PLACE for f in touched) or (best.capital_of and touched)):
            return
    names.put(Found(start, end, best.kind, "gazetteer"))


def country_named(name: str, gazetteer: Gazetteer) -> str | None:
    """Return the code of a country's name, ``None`` for anything else."""
    return next((known.country for known in gazetteer.look_up(name)[:1] if known.feature == "country"), None)


def _hyphenated(doc: Doc, found: Found, start: int, end: int) -> bool:
    """Tell whether the hit is one half of a compound: ``Russia-brokered``, ``Azerbaijan-backed``."""
    return any(doc[k].text in "-–" for k in (start - 1, end) if found.start <= k < found.end)


def _has_tail(doc: Doc, end: int) -> bool:
    """Tell whether a capitalised word follows that makes this the beginning of an organisation's name."""
    return end < len(doc) and doc[end].text[:1].isupper() and doc[end].lower_ in tails("body")


def _locative(doc: Doc, start: int, end: int) -> bool:
    """Tell whether the text speaks of a place.

    A preposition of place before it (but not ``in X's hands``), a dateline (``KYIV —``), or ``, Country`` or ``, a town in`` behind.
    """
    behind = [doc[k] for k in range(end, min(len(doc), end + 4))]
    if behind and behind[0].tag_ == "POS":
        return False
    before = start - 1
    while before >= 0 and doc[before].lower_ in ("nearby", "central", "downtown", "northern", "southern", "eastern", "western"):
        before -= 1
    if before >= 0 and doc[before].lower_ in LOCATIVE:
        return True
    if doc[start].is_sent_start and doc[start:end].text.isupper() and behind and behind[0].text in ("—", "–", "-", "("):
        return True
    apposed = behind[1:] if len(behind) > 1 and behind[0].text == "," else []
    return any(token.lower_ in ("town", "city", "village", "capital", "port", "province") for token in apposed) or (
        bool(apposed) and apposed[0].ent_type_ == "GPE"
    )


# ---------------------------------------------------------------- 4 demonyms


def _demonyms(names: Names, gazetteer: Gazetteer) -> None:
    """Set peoples: ``Armenian``, ``ethnic Armenians``, ``Karabakh Armenians``."""
    doc = names.doc
    for at in names.capitals:
        if gazetteer.demonym(names.words[at]) is None or country_named(names.words[at], gazetteer):
            continue
        token = doc[at]
        around = names.at(token.i)
        people = around is not None and around.end == token.i + 1 and token.tag_ == "NNPS"
        if (
            around
            and around.kind is not Kind.GROUP
            and len(around) > 1
            and not people
            and not _hyphenated(doc, around, token.i, token.i + 1)
        ):
            if around.kind is not Kind.ORGANIZATION or _has_tail(doc, token.i + 1) or around.rule != "model" or token.i > around.start:
                continue
            names.put(Found(token.i + 1, around.end, around.kind, around.rule))
        if _has_tail(doc, token.i + 1):
            continue
        start = token.i
        if start and doc[start - 1].lower_ == "ethnic":
            start -= 1
        elif start and token.text.endswith("s") and (left := names.at(start - 1)) and (left.kind is Kind.PLACE or left is around):
            start = left.start
        names.put(Found(start, token.i + 1, Kind.GROUP, "demonym"))


# ---------------------------------------------------------------- 5 lands


def _lands(names: Names) -> None:
    """Make ``X corridor`` one place; a person whom the model named so (``Victoria Lake swam``) stays one without ``the``."""
    doc = names.doc
    lands = tails("land")
    for token in (doc[at] for at, word in enumerate(names.lower) if at and word in lands):
        left = names.at(token.i - 1)
        start = left.start if left else token.i - 1
        if not doc[start].text[:1].isupper() or (left is None and doc[start].pos_ != "PROPN"):
            continue
        definite = start > 0 and doc[start - 1].lower_ == "the"
        longer = left is not None and left.end > token.i + 1
        named = left is not None and left.kind is Kind.PERSON and left.end > token.i and not definite
        if longer or named or (left and left.kind is Kind.GROUP) or _has_tail(doc, token.i + 1):
            continue
        names.put(Found(start, token.i + 1, Kind.PLACE, "land"))


# ---------------------------------------------------------------- 6 titles


def _titles(names: Names) -> None:
    """Make a person of the capitalised run behind a title, unless an organisation holds it; ``State`` in a title is no body."""
    doc = names.doc
    for first, start in _title_runs(names):
        for inside in names.touching(first, start):
            if first <= inside.start and inside.end <= start and inside.rule == "model":
                names.drop(inside)
        whole = names.at(first)
        if whole and whole.kind is Kind.PERSON and whole.start == first and whole.end > start:
            names.put(Found(start, whole.end, Kind.PERSON, "title"))  # "Queen Sofia Lind": the title is no part of the name
            continue
        end = start
        while end < len(doc) and end - start < 4 and _name_like(doc[end]) and doc[end].lower_ not in titles():
            end += 1
        touched = names.touching(start, end)
        if end == start or doc[start - 1].ent_type_ == "ORG" or doc[end - 1].lower_ in tails("body") | tails("land"):
            continue
        if any(f.kind in (Kind.ORGANIZATION, Kind.PLACE) or (f.kind is Kind.GROUP and f.rule == "demonym") for f in touched):
            continue
        if not any(f.kind is Kind.PERSON and f.start <= start and f.end >= end for f in touched):
            names.put(Found(start, end, Kind.PERSON, "title"))


def _title_runs(names: Names) -> Iterator[tuple[int, int]]:
    """Yield (first token, token behind) of the titles in a text, of several words where they are (``Secretary of State``)."""
    longest, lower = longest_title(), names.lower
    at = 0
    while at < len(lower):
        width = longest.get(lower[at], 0)
        ends = (end for end in range(min(len(lower), at + width), at, -1) if names.span(at, end).lower() in titles())
        end = next(ends, None) if width else None
        if end is not None and (end == len(lower) or lower[end] not in titles()):
            yield at, end
        at = end or at + 1


def _name_like(token: Token) -> bool:
    """Tell whether a token can be part of a person's name."""
    return token.text[:1].isupper() and token.pos_ == "PROPN" and token.is_alpha and token.ent_type_ != "DATE"


def _subjects(names: Names, gazetteer: Gazetteer) -> None:
    """Make people of what does as only people do: ``Ana Reyes, who ...``; a "group" that is no people and acts alone in the singular."""
    doc = names.doc
    for at, word in enumerate(names.words[:-1]):
        if word == "," and names.words[at + 1].lower() in ("who", "whose"):
            start = at
            while start and at - start < LONGEST_NAME and _name_like(doc[start - 1]) and not names.at(start - 1):
                start -= 1
            if at - start > 1:
                names.put(Found(start, at, Kind.PERSON, "subject"))
    for token in (doc[at] for at in names.capitals):
        alone = token.tag_ == "NNP" and token.dep_ == "nsubj" and token.is_alpha and not any(token.children)
        if alone and names.at(token.i) is None and token.lower_ not in titles() and REPORTS & frames_of(token.head).keys():
            names.put(Found(token.i, token.i + 1, Kind.ORGANIZATION, "subject"))  # "Shell said": a body until a full name says more
    for found in names.all():
        if found.kind is Kind.GROUP and found.rule == "model" and len(found) == 1:
            token = doc[found.start]
            speaks = token.dep_ in ("nsubj", "nsubjpass") and token.tag_ == "NNP"
            if speaks and gazetteer.demonym(token.text) is None and not any(child.dep_ == "det" for child in token.children):
                names.put(Found(found.start, found.end, Kind.PERSON, "subject"))


# ---------------------------------------------------------------- 8 consistency


def _surnames(names: Names) -> None:
    """Once a full name is a person, its bare surname elsewhere is that person."""
    doc = names.doc
    people = {doc[f.end - 1].text for f in names.all() if f.kind is Kind.PERSON and len(f) > 1}
    votes = Counter(names.name(f) for f in names.all() if f.kind is Kind.ORGANIZATION and len(f) == 1)
    full = Counter(doc[f.end - 1].text for f in names.all() if f.kind is Kind.PERSON)
    for token in (doc[at] for at, word in enumerate(names.words) if word in people):
        named = token.pos_ == "PROPN" or (token.dep_ == "nsubj" and token.text[:1].isupper() and not any(token.children))
        if named and votes[token.text] <= 2 * full[token.text]:
            around = names.at(token.i)
            if around is None or (len(around) == 1 and around.kind is not Kind.PERSON and around.rule in ("model", "subject")):
                names.put(Found(token.i, token.i + 1, Kind.PERSON, "surname"))


def _majority(names: Names, gazetteer: Gazetteer) -> None:
    """Give equal strings one kind, and take up their missed repeats; what a rule decided outweighs the model."""
    votes: dict[str, Counter[Kind]] = {}
    for found in names.all():
        votes.setdefault(names.name(found), Counter())[found.kind] += 1 if found.rule == "model" else 3
    winner = {text: max(kinds, key=lambda kind: (kinds[kind], kind)) for text, kinds in votes.items()}
    for found in names.all():
        if (kind := winner[names.name(found)]) is not found.kind:
            names.put(Found(found.start, found.end, kind, "consistency"))
    _repeats(names, winner, lambda text: bool(gazetteer.look_up(text)))


def _repeats(names: Names, winner: dict[str, Kind], known: Callable[[str], bool]) -> None:
    """Add occurrences of a found name that nothing covers; a person's full name also over what the model made of a part of it."""
    doc = names.doc
    full: dict[str, set[int]] = defaultdict(set)
    known_as = set()
    for found in names.all():
        if found.kind is Kind.PERSON and len(found) > 1:
            full[names.words[found.start]].add(len(found))
            known_as.add(names.name(found))
    for at, word in enumerate(names.words):
        for length in sorted(full.get(word, ())):
            if at + length > len(doc):
                continue
            touched = names.touching(at, at + length)
            partial = touched and all(f.rule in ("model", "surname", "subject") and len(f) < length for f in touched)
            if partial and names.span(at, at + length) in known_as:
                names.put(Found(at, at + length, Kind.PERSON, "consistency"))
    lengths = sorted({len(f) for f in names.all()}, reverse=True)
    for start in names.capitals:
        if names.at(start):
            continue
        for length in lengths:
            end = start + length
            if end > len(doc) or names.touching(start, end):
                continue
            text = names.span(start, end)
            if text in winner and (doc[start].pos_ == "PROPN" or known(text)):
                names.put(Found(start, end, winner[text], "consistency"))
                break
