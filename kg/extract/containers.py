"""What a text says right beside a place's name: in which country or region it lies, and whether it is a town or a province.

``Vienna, Virginia`` · ``Springfield, Ill.`` · ``Goris, in Armenia's Syunik region`` · ``Tripoli, the Lebanese port city`` ·
``the Texas town of Paris`` · ``Ukraine's second largest city, Kharkiv``. What only stands beside it is none: the next item of a list
(``Vienna, Georgia and Armenia``), the subject of what follows (``In London, Canada said``), the owner of something else
(``In Vienna, Iran's envoy``).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from spacy.tokens import Doc, Span, Token

from kg.gazetteer import Gazetteer, Known

TOWN, UNIT, STATE = frozenset({"city"}), frozenset({"region", "territory"}), frozenset({"country"})
SORTS = {
    **dict.fromkeys("city town village capital port suburb settlement hamlet municipality resort commune township".split(), TOWN),
    **dict.fromkeys("state province region oblast governorate prefecture krai".split(), UNIT),
    **dict.fromkeys("country republic nation kingdom".split(), STATE),
}
"""What a common noun says that a place is, as features of the gazetteer."""

WITHIN = frozenset({"country", "territory", "region"})
LESSER = frozenset({"county", "parish", "district", "township", "municipality"})
LINKS = frozenset({"in", "of", "within"})
LOOSE = frozenset({"located", "situated", "called", "named", "known", "-", "'s", "’s"})
REACH = 10
LONGEST_CONTAINER = 5


class Container(NamedTuple):
    """A country or region named at a token: all that the words could mean; ``sure`` unless they name a city first of all."""

    at: int
    end: int
    entries: tuple[Known, ...]
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Stated:
    """What the text states at one mention.

    Attributes:
        containers: In what the place lies, nearest first.
        features: What it is, empty where the text does not say.
        firm: The wording leaves no other place: one that lies elsewhere cannot be meant.
    """

    containers: tuple[Container, ...] = ()
    features: frozenset[str] = frozenset()
    firm: bool = False


def stated(doc: Doc, name: Span, gazetteer: Gazetteer) -> Stated:
    """Return what the text states at a name about where the place lies and what it is."""
    behind, before = _behind(doc, name, gazetteer), _before(doc, name, gazetteer)
    unit = doc[name.end] if name.end < len(doc) else None
    features = SORTS[unit.lower_] if unit is not None and SORTS.get(unit.lower_) == UNIT and name.root.head == unit else before.features
    return Stated((*behind.containers, *before.containers), features, behind.firm or before.firm)


# ---------------------------------------------------------------- behind the name


def _behind(doc: Doc, name: Span, gazetteer: Gazetteer) -> Stated:
    """Read ``, Texas`` · ``, in Armenia's Syunik region`` · ``, a town in Armenia`` · ``in Virginia``."""
    at = name.end
    comma = at < len(doc) and doc[at].text in (",", "(")
    at += comma
    linked, owing, found = False, False, list[Container]()
    for _ in range(REACH):
        if at >= len(doc):
            break
        token = doc[at]
        if (found or linked or comma) and (next_ := _container(doc, at, gazetteer, short=comma and at == name.end + 1)):
            found.append(next_)
            at, owing = next_.end, gazetteer.demonym(token.text) is not None and next_.end == token.i + 1
            if _continues(doc, at, found, gazetteer):
                at += 1
        elif token.lower_ in SORTS:
            owing = False
            at += 1
        elif token.tag_ == "POS" and found:
            owing = True
            at += 1
        elif token.lower_ in LINKS and not found and (comma or at == name.end or doc[at - 1].lower_ in SORTS):
            linked = True
            at += 1
        elif (lesser := _lesser(doc, at)) and comma:
            at = lesser
        elif found and not owing or not _loose(token):
            break
        else:
            at += 1
    if not found or owing or _is_elsewhere(doc, name, at) or _listed(doc, at, found, gazetteer):
        return Stated()
    return Stated(tuple(found), firm=comma and found[0].sure)


def _continues(doc: Doc, at: int, found: list[Container], gazetteer: Gazetteer) -> bool:
    """Tell whether a comma and something wider follows: ``Goris, Syunik, Armenia``."""
    if at >= len(doc) or doc[at].text != ",":
        return False
    wider = _container(doc, at + 1, gazetteer)
    return wider is not None and any(inside(narrow, wide) for narrow in found[-1].entries for wide in wider.entries)


def _is_elsewhere(doc: Doc, name: Span, end: int) -> bool:
    """Tell whether the words up to ``end`` belong to what follows: ``In London, Canada said``, ``In Vienna, Iran envoy Ali Reza``."""
    root = doc[end - 1]
    while root.head != root and name.end <= root.head.i < end:
        root = root.head
    leads = root.dep_ in ("nsubj", "nsubjpass", "poss", "compound", "nmod", "amod") and root.head.i >= end
    return leads and not any(name.start <= token.i < name.end for token in root.subtree)


def _listed(doc: Doc, at: int, found: list[Container], gazetteer: Gazetteer) -> bool:
    """Tell whether what was found is an item of a list: ``and Armenia``, or ``, Armenia`` without being wider, follows."""
    comma = at < len(doc) and doc[at].text == ","
    at += comma
    joined = at < len(doc) and doc[at].lower_ in ("and", "or", "&")
    at += joined
    if not (comma or joined) or at >= len(doc):
        return False
    if not found[-1].sure:
        return doc[at].text[:1].isupper()
    following = _container(doc, at, gazetteer)
    return following is not None and following.sure


# ---------------------------------------------------------------- before the name


def _before(doc: Doc, name: Span, gazetteer: Gazetteer) -> Stated:
    """Read ``the Texas town of Paris`` · ``the capital Tbilisi`` · ``Ukraine's largest city, Kharkiv`` · ``Ontario's London``."""
    at = name.start - 1
    link = doc[at].text if at >= 0 else ""
    at -= link in (",", "of")
    if at < 0:
        return Stated()
    features = SORTS.get(doc[at].lower_, frozenset())
    apposed = name.root.dep_ == "appos" and name.root.head == doc[at]
    if (link in (",", "of") and not features) or (link == "," and not apposed):
        return Stated()
    owner, first = False, at
    while at >= 0 and first - at < REACH and (doc[at].lower_ in SORTS or _loose(doc[at])):
        owner = doc[at].tag_ == "POS"
        at -= 1
        if owner:
            break
    container = _ending(doc, at, gazetteer) if at >= 0 and (features or owner) else None
    if container is None:
        return Stated() if link == "of" and doc[first].lower_ == "capital" else Stated(features=features)
    return Stated((container,), features, firm=bool(features) and container.sure)


def row(name: Span, gazetteer: Gazetteer) -> frozenset[str]:
    """Return what the names joined with a name by commas and ``and`` are, as features: ``Georgia, Florida and Alabama``."""
    found = set()
    for token in name.root.conjuncts:
        start = min((kid.i for kid in token.lefts if kid.dep_ == "compound"), default=token.i)
        if known := gazetteer.look_up(name.doc[start : token.i + 1].text) if token.text[:1].isupper() else ():
            found.add(known[0].feature)
    return frozenset(found & WITHIN)


def _ending(doc: Doc, at: int, gazetteer: Gazetteer) -> Container | None:
    """Return the longest container whose last token stands at ``at``."""
    runs = (_container(doc, start, gazetteer) for start in range(max(0, at - LONGEST_CONTAINER + 1), at + 1))
    return next((run for run in runs if run and run.end == at + 1), None)


# ---------------------------------------------------------------- words


def _container(doc: Doc, at: int, gazetteer: Gazetteer, *, short: bool = False) -> Container | None:
    """Return the longest country or region that begins at a token, or the country of a people; ``short``: also ``IL``, ``Ill.``."""
    if at >= len(doc) or not doc[at].text[:1].isupper():
        return None
    word = doc[at].text
    pointed = at + 1 < len(doc) and doc[at + 1].text == "." and not word.endswith(".")
    for end, text in ((at + 2, f"{word}."), (at + 1, word))[not pointed :]:
        if (short or text.endswith(".")) and (unit := gazetteer.abbreviation(text)):
            return Container(at, end, (unit,))
    for end, text in _runs(doc, at):
        known = gazetteer.look_up(text)
        if entries := tuple(entry for entry in known if entry.feature in WITHIN):
            return Container(at, end, entries, known[0].feature in WITHIN)
    code = gazetteer.demonym(word)
    country = gazetteer.country(code) if code else None
    return Container(at, at + 1, (country,)) if country else None


def _runs(doc: Doc, at: int) -> Iterator[tuple[int, str]]:
    """Yield (end, text) of the runs of words from a token that can name a country or region, longest first."""
    for end in range(min(len(doc), at + LONGEST_CONTAINER), at, -1):
        if end < len(doc) and SORTS.get(doc[end].lower_) == UNIT:
            yield end + 1, doc[at : end + 1].text
        if doc[end - 1].text[:1].isupper():
            yield end, doc[at:end].text


def _loose(token: Token) -> bool:
    """Tell whether a token says nothing about where: ``the``, ``southern``, ``second largest``, ``port`` in ``port city``."""
    if token.text[:1].isupper() or token.tag_.startswith("W"):
        return False
    if token.pos_ in ("DET", "ADJ", "NUM", "ADV") or token.lower_ in LOOSE:
        return True
    return token.pos_ in ("NOUN", "PROPN", "VERB") and token.dep_ in ("compound", "amod") and token.head.lower_ in SORTS


def _lesser(doc: Doc, at: int) -> int | None:
    """Return the token behind ``Lamar County,``: a unit that no list holds."""
    end = at
    while end < len(doc) and end - at < LONGEST_CONTAINER and doc[end].text[:1].isupper():
        end += 1
    is_one = end - at > 1 and doc[end - 1].lower_ in LESSER and end < len(doc) and doc[end].text == ","
    return end + 1 if is_one else None


def inside(place: Known, container: Known) -> bool:
    """Tell whether the gazetteer files a place in a country or region; a country does not lie in itself."""
    if place.id == container.id or place.country is None:
        return False
    if container.feature == "country" or (container.feature == "territory" and container.population):
        return place.country == container.country and place.feature != "country"
    return place.region is not None and place.region in (container.id, f"geonames:{container.geonames}")
