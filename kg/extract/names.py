"""Mentions: names of people, organisations, places and groups, as the model finds them and as they are then repaired.

The model alone takes countries for people and loses surnames: it finds .895 of MEANTIME's names (news agency reports, development half)
under their kind, with the repairs .940; most others there are offices (``the CEO``), which are no names. Each repair is a rule about
language with a guard:

1. trim: line breaks, articles, possessives and brackets do not belong to a name, nor what ``kg.extract.beside`` knows to be no name
2. acronym: ``Long Form (ACRONYM)`` fixes where the long form begins
3. gazetteer: retypes what the model found; adds a name only where the text speaks of a place
4. demonym: ``ethnic Armenians``, ``Karabakh Armenians`` are one group
5. land: ``X corridor`` and ``X Street`` are places of their own
6. title: a title before a capitalised run makes a person
7. beside: ``carmaker X``, ``the Xs``, ``X is a village``: what stands beside a name tells its kind
8. credit: the maker and the agency of a picture, read from the form of the line
9. consistency: a full name teaches its surname; equal strings get one kind
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator

from spacy.tokens import Doc

from kg.extract.beside import PARTICLES, beside, bodies_by_form, company, cried, unlike_names
from kg.extract.credits import credited
from kg.extract.found import Found, Names, name_like
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
TAKEN = frozenset("visited visits visiting visit fled shelled bombed besieged captured recaptured seized entered flooded".split())
"""What is done to places, and to nobody who has the name of one."""
LONGEST_NAME = 6
PEOPLES = ("an", "ans", "er", "ers", "ese", "i", "is", "sh")
"""How the last word for a people ends."""
ACRONYM = re.compile(r"\( ?([A-Z]{2,8}) ?\)")
BIG_CITY = 100_000
LONGEST_ACRONYM = 3
QUARTERS = frozenset("north south east west central northern southern eastern western".split())
WIDER = QUARTERS | {"latin", "native", "african", "asian"}
"""Words before a demonym that make another people of it: ``Central Americans``."""
WHEN = frozenset({"DATE", "TIME"})
BUILT = frozenset({"airport", "airfield", "airbase", "stadium", "highway", "boulevard", "avenue"})
"""Words that end no person's name."""
LONGEST_SITE = 4
REPORTS = frozenset({"that", "whom-that"})
NAMELESS = frozenset({ZoneKind.CREDIT, ZoneKind.HEADER, ZoneKind.BOILERPLATE})
"""Zones whose names are not taken from the parse: credits are read from their form, headers and chrome give none."""


def mentions(document: Document, doc: Doc, gazetteer: Gazetteer) -> tuple[Mention, ...]:
    """Return the names of a document in text order, none overlapping; header and boilerplate give none."""
    names = Names(doc, document.text)
    for found in _from_model(doc):
        names.put(found)
    unlike_names(names)
    bodies_by_form(names)
    _acronyms(names)
    _gazetteer(names, gazetteer)
    _demonyms(names, gazetteer)
    _lands(names)
    _titles(names)
    beside(names, gazetteer)
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
            start = _letters_within(doc, short.start - 1, match.group(1)) if start is None else start
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


def _letters_within(doc: Doc, end: int, acronym: str) -> int | None:
    """Return where a run of names begins whose words hold the letters of ``acronym`` in order: ``Singapore Airlines (SIA)``."""
    start = end
    while start and name_like(doc[start - 1]) and end - start < LONGEST_NAME:
        start -= 1
    if end - start < 2 or not company(doc[end - 1].text) or not doc[start].text.startswith(acronym[0]):
        return None
    if doc[end - 1].text[0] not in acronym[1:]:
        return None
    letters = iter(doc[start:end].text.upper())
    return start if all(letter in letters for letter in acronym) else None


# ---------------------------------------------------------------- 3 gazetteer


def _gazetteer(names: Names, gazetteer: Gazetteer) -> None:
    """Retype names that the gazetteer knows, and add places where the text speaks of one."""
    hits = list(_hits(names, gazetteer))
    countries = {known[0].country for *_, known in hits if known[0].feature in ("country", "territory")}
    countries |= {gazetteer.demonym(word) for word in {names.words[i] for i in names.capitals}}
    surnames = {names.words[f.end - 1] for f in names.all() if f.kind is Kind.PERSON and len(f) > 1}
    locative = [_locative(names.doc, start, end) for start, end, _ in hits]
    spoken_of = {names.span(start, end) for (start, end, _), there in zip(hits, locative, strict=True) if there}
    for (start, end, known), there in zip(hits, locative, strict=True):
        if names.span(start, end) not in surnames or (start and there):
            taken = start > 0 and names.lower[start - 1] in TAKEN
            _apply(names, start, end, known, countries - {None}, evidence=taken or names.span(start, end) in spoken_of)


def _hits(names: Names, gazetteer: Gazetteer) -> Iterator[tuple[int, int, tuple[Known, ...]]]:
    """Yield the longest known capitalised runs, left to right, with what the gazetteer holds."""
    words, done = names.words, 0
    seen: dict[str, tuple[Known, ...]] = {}
    for at in names.capitals:
        if at < done or words[at] in ("The", "THE"):
            continue
        for end in range(min(len(words), at + LONGEST_NAME), at, -1):
            last = words[end - 1]
            if not last[:1].isalpha() or not (last[:1].isupper() or end == at + 1):
                continue
            text = names.span(at, end)
            known = seen[text] if text in seen else seen.setdefault(text, gazetteer.look_up(text))
            if known:
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
    if cuts or _has_tail(doc, end) or doc[start].ent_type_ in WHEN or any(f.kind is best.kind and len(f) > end - start for f in touched):
        return
    if not touched and start and name_like(doc[start - 1]) and start <= doc[start - 1].head.i < end:
        return
    if best.source == "geonames" and _doubtful(names, start, end, known, countries, touched, evidence=evidence):
        return
    article = start > 0 and names.words[start - 1] == "The" and best.name == names.span(start - 1, end)
    names.put(Found(start - article, end, best.kind, "gazetteer"))  # "The Hague"


def _doubtful(
    names: Names, start: int, end: int, known: tuple[Known, ...], countries: set[str | None], touched: list[Found], *, evidence: bool
) -> bool:
    """Tell whether a name that GeoNames alone knows rather means something else where it is."""
    best, placed = known[0], [found for found in touched if found.kind is Kind.PLACE]
    whole = any((found.start, found.end) == (start, end) for found in placed)
    if (_quarter(names, start, end) or _short_capitals(names, start, end)) and not whole:
        return True
    if best.feature == "region":
        return not (placed or evidence or best.country in countries)
    if best.feature != "city":
        return False
    if start and names.lower[start - 1] == "the" and not best.name.startswith("The ") and not placed:
        return True
    big = end - start > 1 and best.population >= BIG_CITY and [(found.start, found.end) for found in touched] == [(start, end)]
    likely = any(place.country in countries or place.population >= BIG_CITY for place in known)
    return not likely or not (big or evidence or placed or (best.capital_of and touched))


def _short_capitals(names: Names, start: int, end: int) -> bool:
    """Tell whether a known name is written like an acronym: ``OS`` is no town of Kyrgyzstan."""
    return end == start + 1 and len(names.words[start]) <= LONGEST_ACRONYM and names.words[start].isupper()


def _quarter(names: Names, start: int, end: int) -> bool:
    """Tell whether a known name is a mere quarter of the sky: ``North American``, ``West 23rd Street``; ``the West`` is a place."""
    alone = end == len(names.words) or not names.words[end][:1].isalnum() or names.words[end].islower()
    return end == start + 1 and names.lower[start] in QUARTERS and not (alone and start and names.lower[start - 1] == "the")


def country_named(name: str, gazetteer: Gazetteer) -> str | None:
    """Return the code of a country's name, ``None`` for anything else."""
    return next((known.country for known in gazetteer.look_up(name)[:1] if known.feature == "country"), None)


def _hyphenated(doc: Doc, found: Found, start: int, end: int) -> bool:
    """Tell whether the hit is one half of a compound: ``Russia-brokered``, ``Azerbaijan-backed``."""
    return any(doc[k].text in "-–" for k in (start - 1, end) if found.start <= k < found.end)


def _has_tail(doc: Doc, end: int) -> bool:
    """Tell whether a capitalised word follows that makes this the beginning of an organisation's name."""
    return end < len(doc) and doc[end].text[:1].isupper() and company(doc[end].text)


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
        wide = at > 0 and names.words[at - 1][:1].isupper() and _people(names, at, gazetteer)
        if not wide and (gazetteer.demonym(names.words[at]) is None or _is_country(names.words[at], gazetteer)):
            continue
        token = doc[at]
        around = names.at(token.i)
        people = around is not None and around.end == token.i + 1 and (token.tag_ == "NNPS" or (wide and around.start == at - 1))
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
        if wide:
            start -= 1
        if start and doc[start - 1].lower_ == "ethnic":
            start -= 1
        elif start and token.text.endswith("s") and (left := names.at(start - 1)) and (left.kind is Kind.PLACE or left is around):
            start = left.start
        names.put(Found(start, token.i + 1, Kind.GROUP, "demonym"))


def _is_country(word: str, gazetteer: Gazetteer) -> bool:
    """Tell whether a word for a people is the very name of the country too (``Myanmar``); ``Ukrainian`` is a mere alias somewhere."""
    return any(known.feature == "country" and known.name == word for known in gazetteer.look_up(word)[:1])


def _people(names: Names, at: int, gazetteer: Gazetteer) -> bool:
    """Tell whether a capitalised word and the one before it name one people: ``South Koreans``, ``Latin American``."""
    if names.lower[at - 1] in WIDER and gazetteer.demonym(names.words[at]):
        return True
    return names.words[at].endswith(PEOPLES) and gazetteer.demonym(names.span(at - 1, at + 1)) is not None


# ---------------------------------------------------------------- 5 lands


def _lands(names: Names) -> None:
    """Make ``X corridor`` and ``X Street`` one place; a person named so (``Victoria Lake swam``) stays one without ``the``."""
    doc = names.doc
    lands, sites = tails("land"), tails("site")
    for token in (
        doc[at] for at, word in enumerate(names.lower) if at and (word in lands or (word in sites and not names.words[at].islower()))
    ):
        left = names.at(token.i - 1)
        start = left.start if left else token.i - 1
        if (further := names.at(start - 1)) and start < names.root(further).head.i <= token.i:
            start = further.start  # "John F. Kennedy | International Airport"
        if not doc[start].text[:1].isupper() or (left is None and (doc[start].pos_ != "PROPN" or names.lower[start] in titles())):
            continue
        definite = start > 0 and doc[start - 1].lower_ == "the"
        own = names.at(token.i)
        longer = own is not None and own.end > token.i + 1
        named = left is not None and left.kind is Kind.PERSON and left.end > token.i and not definite and token.lower_ not in BUILT
        if left is not None and left.kind is Kind.ORGANIZATION and (left.rule != "model" or len(left) > LONGEST_SITE):
            continue
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
        if whole and whole.start < first and whole.end < start and whole.kind is Kind.ORGANIZATION and whole.rule == "model":
            names.put(Found(whole.start, first, whole.kind, whole.rule))  # "Boeing Executive | Vice President"
        if whole and whole.kind is Kind.PERSON and whole.start == first and whole.end > start:
            names.put(Found(start, whole.end, Kind.PERSON, "title"))  # "Queen Sofia Lind": the title is no part of the name
            continue
        end = start
        while (
            end < len(doc) and end - start < 4 and name_like(doc[end]) and doc[end].lower_ not in titles() and not cried(names.words[end])
        ):
            end += 1
        touched = names.touching(start, end)
        if end < len(doc) and doc[end].text[:1].isupper() and doc[end].lower_ in titles():
            continue  # "Chief Financial Officer": a title goes on
        if end == start or doc[start - 1].ent_type_ == "ORG" or doc[end - 1].lower_ in tails("body") | tails("land"):
            continue
        if any(f.kind in (Kind.ORGANIZATION, Kind.PLACE) or (f.kind is Kind.GROUP and f.rule == "demonym") for f in touched):
            continue
        if not any(f.kind is Kind.PERSON and f.start <= start and f.end >= end for f in touched):
            names.put(Found(start, end, Kind.PERSON, "title"))


def _title_runs(names: Names) -> Iterator[tuple[int, int]]:
    """Yield (first token, token behind) of the titles in a text, of several words where they are (``Secretary of State``)."""
    longest, lower, known = longest_title(), names.lower, titles()
    behind = 0
    for at, word in enumerate(lower):
        width = longest.get(word)
        if width is None or at < behind:
            continue
        end = next((end for end in range(min(len(lower), at + width), at, -1) if names.span(at, end).lower() in known), None)
        if end is not None and (end == len(lower) or lower[end] not in known):
            yield at, end
        behind = end or at + 1


def _subjects(names: Names, gazetteer: Gazetteer) -> None:
    """Make people of what does as only people do: ``Ana Reyes, who ...``; a "group" that is no people and acts alone in the singular."""
    doc = names.doc
    for at, word in enumerate(names.words[:-1]):
        if word == "," and names.words[at + 1].lower() in ("who", "whose"):
            start = at
            while start and at - start < LONGEST_NAME and name_like(doc[start - 1]) and not names.at(start - 1):
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


# ---------------------------------------------------------------- 9 consistency


def _surnames(names: Names) -> None:
    """Once a full name is a person, its bare surname elsewhere is that person.

    Unless the bare name is twice as often a body; what speaks behind the full name is none, for news gives the full name first.
    """
    doc = names.doc
    people = [f for f in names.all() if f.kind is Kind.PERSON]
    first: dict[str, int] = {}
    for found in people:
        if len(found) > 1 and not (found.end - 2 > found.start and names.words[found.end - 2] in "-–"):
            first.setdefault(names.words[found.end - 1], found.start)
    full = Counter(names.words[f.end - 1] for f in people)
    votes = Counter(names.words[f.start] for f in names.all() if _is_body(names, f, first))
    for token in (doc[at] for at, word in enumerate(names.words) if word in first):
        named = token.pos_ == "PROPN" or (token.dep_ == "nsubj" and token.text[:1].isupper() and not any(token.children))
        if named and votes[token.text] <= 2 * full[token.text]:
            around = names.at(token.i)
            if around is None or (len(around) == 1 and around.kind is not Kind.PERSON and around.rule in ("model", "subject")):
                names.put(Found(token.i, token.i + 1, Kind.PERSON, "surname"))
    _particled(names, people)


def _is_body(names: Names, found: Found, first: dict[str, int]) -> bool:
    """Tell whether a bare name is a body, as far as the model can tell, and not a speaker who was named in full before."""
    if found.kind is not Kind.ORGANIZATION or len(found) > 1:
        return False
    token = names.doc[found.start]
    speaks = token.dep_ == "nsubj" and REPORTS & frames_of(token.head).keys()
    return not (speaks and first.get(token.text, found.start) < found.start)


def _particled(names: Names, people: list[Found]) -> None:
    """``van der Berg`` is whom ``Ana van der Berg`` taught."""
    taught = set()
    for found in people:
        at = next((at for at in range(found.start + 1, found.end - 1) if names.words[at] in PARTICLES), None)
        if at is not None:
            taught.add(names.span(at, found.end))
    for found in names.all() if taught else ():
        if found.kind is not Kind.PERSON and names.name(found) in taught:
            names.put(Found(found.start, found.end, Kind.PERSON, "surname"))


def _majority(names: Names, gazetteer: Gazetteer) -> None:
    """Give equal strings one kind, and take up their missed repeats; what a rule decided outweighs the model.

    A town with the name of somebody in the text stays one where they come from: ``Charlotte Lincoln, of Lincoln, won``.
    """
    votes: dict[str, Counter[Kind]] = {}
    taught = set()
    for found in names.all():
        votes.setdefault(names.name(found), Counter())[found.kind] += 1 if found.rule == "model" else 3
        if found.rule == "surname":
            taught.add(names.name(found))
    winner = {
        text: max(kinds, key=lambda kind: (kinds[kind], kind is Kind.PERSON and text in taught, kind)) for text, kinds in votes.items()
    }
    for found in names.all():
        text = names.name(found)
        if (kind := winner[text]) is not found.kind and not (text in taught and found.rule == "origin"):
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
    small = {word for word in names.words if word.islower()}
    for start in names.capitals:
        if names.at(start):
            continue
        for length in lengths:
            end = start + length
            if end > len(doc) or names.touching(start, end):
                continue
            text = names.span(start, end)
            if text in winner and (doc[start].pos_ == "PROPN" or known(text) or _meant(names, start, small)):
                names.put(Found(start, end, winner[text], "consistency"))
                break


def _meant(names: Names, at: int, small: set[str]) -> bool:
    """Tell whether a capital is no accident: amid small letters, or of a word that the text never writes small."""
    if names.doc[at].pos_ not in ("NOUN", "PROPN"):
        return False
    around = names.words[max(0, at - 1) : at] + names.words[at + 1 : at + 2]
    return names.lower[at] not in small or (len(around) == 2 and around[0].islower() and not around[1][:1].isupper())
