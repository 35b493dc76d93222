"""Chains: the mentions of one document that name one thing.

Longest names first; a short form joins a longer one only if exactly one fits (two people of one surname keep it apart), so that
nothing is merged here that a reader of this one article could doubt. Across documents ``resolve`` decides.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from spacy.tokens import Doc, Span, Token

from kg.extract.lists import tails, titles
from kg.extract.names import acronyms, country_named
from kg.gazetteer import Gazetteer, Known, fold
from kg.records import Chain, Kind, Mention, ZoneKind

SMALL_TOWN = 10_000
NEARER = 10
OWN_NAME = 5
LONGEST_ROLE = 160
MARGIN = 5


def chains(text: str, doc: Doc, mentions: Sequence[Mention], gazetteer: Gazetteer) -> tuple[Chain, ...]:
    """Return the chains of a document, by first mention; each mention is in exactly one."""
    taught = {doc[start:end].text: doc[short].text for start, end, short in acronyms(doc, text)}
    countries = _countries(mentions, gazetteer)
    groups = [
        *_people([(i, m) for i, m in enumerate(mentions) if m.kind is Kind.PERSON]),
        *_bodies([(i, m) for i, m in enumerate(mentions) if m.kind is Kind.ORGANIZATION], taught, doc, gazetteer),
        *_keyed([(i, m) for i, m in enumerate(mentions) if m.kind is Kind.GROUP], lambda m: people_name(m.name).lower()),
        *_keyed([(i, m) for i, m in enumerate(mentions) if m.kind is Kind.PLACE], lambda m: place_key(m.name, gazetteer, countries)),
    ]
    return tuple(_chain(doc, mentions, members, taught, gazetteer, countries) for members in sorted(groups))


def people_name(name: str) -> str:
    """Return a people's name in the plural: ``Armenian`` → ``Armenians``, ``ethnic Armenian`` → ``ethnic Armenians``."""
    name = re.sub(r"^Ethnic\b", "ethnic", name)
    return name if re.search(r"(?:s|sh|ch|ese|men|people)$", name) else f"{name}s"


# ---------------------------------------------------------------- grouping

Numbered = tuple[int, Mention]


def _keyed(members: Iterable[Numbered], key: Callable[[Mention], str]) -> list[list[int]]:
    """Group mentions with equal keys."""
    found: dict[str, list[int]] = defaultdict(list)
    for number, mention in members:
        found[key(mention)].append(number)
    return list(found.values())


def _people(members: list[Numbered]) -> list[list[int]]:
    """Group people: equal names; then a short form with the one longer name that ends in it, or that it begins."""
    named: dict[str, list[int]] = defaultdict(list)
    for number, mention in members:
        named[" ".join(mention.name.lower().split())].append(number)
    for short in sorted(named, key=lambda name: (-len(name.split()), name)):
        longer = [name for name in named if len(name.split()) > len(short.split()) and _short_of(short, name)]
        if len(longer) == 1:
            named[longer[0]] += named.pop(short)
    return [sorted(group) for group in named.values()]


def _short_of(short: str, name: str) -> bool:
    """Tell whether ``short`` is the end of a longer name, its beginning as a single word, or leaves out its middle."""
    few, many = short.split(), name.split()
    if len(few) == 1:
        return few[0] in (many[-1], many[0])
    return many[-len(few) :] == few or (few[0] == many[0] and few[-1] == many[-1])


def _bodies(members: list[Numbered], taught: dict[str, str], doc: Doc, gazetteer: Gazetteer) -> list[list[int]]:
    """Group organisations: equal names, equal gazetteer entries, an acronym with the long form that taught it, one state's ministry."""
    long_form = {short: name for name, short in taught.items()}

    def key(mention: Mention) -> str:
        name = long_form.get(mention.name, mention.name)
        if (known := only(gazetteer.look_up(name), Kind.ORGANIZATION)) is not None:
            return known.id
        return f"{possessor_country(doc, mention, gazetteer) or ''} {name.lower()}"

    return _keyed(members, key)


def only(known: Sequence[Known], kind: Kind) -> Known | None:
    """Return the one entry of a kind, ``None`` for none or several."""
    fitting = [entry for entry in known if entry.kind is kind]
    return fitting[0] if len(fitting) == 1 else None


def possessor_country(doc: Doc, mention: Mention, gazetteer: Gazetteer) -> str | None:
    """Return the country that a body belongs to in this place: ``Azerbaijan's Foreign Ministry``, ``the Azerbaijani Foreign Ministry``."""
    span = doc.char_span(mention.span.start, mention.span.end, alignment_mode="expand")
    before = [] if span is None else list(doc[max(0, span.start - 3) : span.start])
    for token in reversed(before):
        if token.lower_ not in ("'s", "’s", "'", "’", "the"):
            return gazetteer.demonym(token.text) or country_named(token.text, gazetteer)
    return None


# ---------------------------------------------------------------- places


def _countries(mentions: Iterable[Mention], gazetteer: Gazetteer) -> frozenset[str]:
    """Return the countries that a document speaks of by name or people."""
    found = {gazetteer.demonym(m.name.split()[-1]) for m in mentions if m.kind is Kind.GROUP}
    found |= {country_named(m.name, gazetteer) for m in mentions if m.kind is Kind.PLACE}
    return frozenset(code for code in found if code)


def place_key(name: str, gazetteer: Gazetteer, countries: frozenset[str]) -> str:
    """Return what two names of one place share: the entry's id where it is certain, else the folded name."""
    known = locate(name, gazetteer, countries)
    return known.id if known else " ".join(name.lower().split())


def locate(name: str, gazetteer: Gazetteer, countries: frozenset[str]) -> Known | None:
    """Return the one place a name can mean here, ``None`` where the margin is too small.

    In this order: what an authority file holds, a country or territory; the province, not the village that bears its name; the
    town with five times the weight of the next, where weight is its people, tenfold in a country that the document speaks of and
    fivefold if this is its first name.
    """
    places = [known for known in gazetteer.look_up(name) if known.kind is Kind.PLACE]
    if not places:
        return None
    own = {known.id for known in places if fold(known.name) == fold(name)}
    if places[0].source.endswith(".ttl") or places[0].feature == "country":
        return places[0]
    if places[0].feature == "territory" and (places[0].id in own or not own):
        return places[0]
    weight = {
        known.id: max(known.population, 1) * (NEARER if known.country in countries else 1) * (OWN_NAME if known.id in own else 1)
        for known in places
    }
    towns = sorted((known for known in places if known.feature != "region"), key=lambda known: (-weight[known.id], known.id))
    regions = [known for known in places if known.feature == "region" and known.country in countries]
    if len(regions) == 1 and (not towns or towns[0].population < SMALL_TOWN):
        return regions[0]
    if len(towns) == 1 or (towns and weight[towns[0].id] > MARGIN * weight[towns[1].id]):
        return towns[0]
    return None


# ---------------------------------------------------------------- what a chain knows


def _chain(
    doc: Doc, mentions: Sequence[Mention], members: list[int], taught: dict[str, str], gazetteer: Gazetteer, countries: frozenset[str]
) -> Chain:
    """Make a chain of its members, with what titles and possessors say."""
    ours = [mentions[i] for i in members]
    kind = ours[0].kind
    fullest = max(ours, key=lambda m: (len(m.name.split()) if kind is Kind.PERSON else len(m.name), -m.span.start))
    known = locate(fullest.name, gazetteer, countries) if kind is Kind.PLACE else only(gazetteer.look_up(fullest.name), kind)
    owners = [possessor_country(doc, m, gazetteer) for m in ours] if kind is Kind.ORGANIZATION else []
    people = [m for m in ours if kind is Kind.PERSON and m.zone is not ZoneKind.CREDIT]
    names = [span for m in people if (span := doc.char_span(m.span.start, m.span.end, alignment_mode="expand")) is not None]
    return Chain(
        kind=kind,
        name=people_name(fullest.name) if kind is Kind.GROUP else fullest.name,
        mentions=tuple(members),
        roles=tuple(dict.fromkeys(role for name in names for role in roles(name))),
        country=known.country if known else next((code for code in owners if code), None),
        acronyms=tuple(dict.fromkeys(taught[m.name] for m in ours if m.name in taught)),
        known=known.id if known else None,
        credited=all(m.zone is ZoneKind.CREDIT for m in ours),
    )


def roles(name: Span) -> list[str]:
    """Return what stands beside a person's name: titles, appositions, and the body behind ``of``, as worded.

    ``Prime Minister``, ``a spokeswoman for the mayor``, ``of Carnegie Europe``.
    """
    doc, head, found = name.doc, name.root, []
    before = [token for token in doc[min(head.left_edge.i, name.start) : name.start] if token.lower_ not in ("the", "a", "an")]
    while before and before[0].is_punct:
        before.pop(0)
    if before and any(token.lower_ in titles() for token in before) and not before[-1].is_punct:
        found.append(doc[before[0].i : name.start].text)
    for kid in head.children:
        if kid.dep_ == "appos" and kid.i > head.i and any(t.lower_ in titles() or t.lower_ in tails("body") for t in (kid, *kid.children)):
            found.append(doc[kid.left_edge.i : _phrase_end(kid)].text)
        if kid.lower_ in ("of", "from") and kid.i == name.end and any(end.ent_type_ == "ORG" for end in kid.children):
            found.append(doc[kid.i : max(_phrase_end(end) for end in kid.children)].text)
    if head.dep_ == "appos" and head.head.lower_ in titles() and head.head.i < head.i:
        found.append(doc[head.head.left_edge.i : head.head.i + 1].text)
    return [" ".join(role.split()) for role in found if 0 < len(role) < LONGEST_ROLE]


def _phrase_end(head: Token) -> int:
    """Return the token behind a phrase, its relative clauses and further appositions left out."""
    ends = [head.i + 1]
    for kid in head.children:
        if kid.i > head.i and kid.dep_ in ("prep", "compound", "amod"):
            ends.append(kid.right_edge.i + 1)
    return max(ends)
