"""Chains: the mentions of one document that name one thing.

Longest names first; a short form joins a longer one only if exactly one fits (two people of one surname keep it apart), so that
nothing is merged here that a reader of this one article could doubt. Across documents ``resolve`` decides.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from spacy.tokens import Doc

from kg.extract.lists import tails
from kg.extract.names import acronyms, country_named
from kg.extract.places import Place, locate
from kg.extract.roles import one_a_wording, roles
from kg.gazetteer import Gazetteer, Known, fold
from kg.gazetteer.bodies import of_state
from kg.records import Chain, Kind, Mention, Role, ZoneKind


def chains(text: str, doc: Doc, mentions: Sequence[Mention], gazetteer: Gazetteer, *, title: str = "") -> tuple[Chain, ...]:
    """Return the chains of a document, by first mention; each mention is in exactly one.

    Args:
        text: The document's characters.
        doc: The same parsed.
        mentions: Its mentions.
        gazetteer: Names known before reading.
        title: The document's title where the text does not hold it; it tells of which countries the document speaks.
    """
    taught = {doc[start:end].text: doc[short].text for start, end, short in acronyms(doc, text)}
    located = {place.mentions: place for place in locate(doc, mentions, gazetteer, title)}
    groups = [
        *_people([(i, m) for i, m in enumerate(mentions) if m.kind is Kind.PERSON]),
        *_bodies([(i, m) for i, m in enumerate(mentions) if m.kind is Kind.ORGANIZATION], taught, doc, gazetteer),
        *_keyed([(i, m) for i, m in enumerate(mentions) if m.kind is Kind.GROUP], lambda m: people_name(m.name).lower()),
        *(list(members) for members in located),
    ]
    return tuple(_chain(doc, mentions, members, taught, gazetteer, located.get(tuple(members))) for members in sorted(groups))


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
        code, rest = of_state(name, gazetteer)
        return f"{code or possessor_country(doc, mention, gazetteer) or ''} {rest.lower()}"

    groups = _keyed(members, key)
    return _with_short_forms(groups, dict(members), gazetteer)


def _with_short_forms(groups: list[list[int]], mentions: Mapping[int, Mention], gazetteer: Gazetteer) -> list[list[int]]:
    """Join a body's short form with the only longer name that begins with it and goes on in words that say what a body is.

    ``AirTran`` and ``AirTran Airways``; ``the Air Force`` and the only ``U.S. Air Force``. With two such names neither is surely meant.
    """
    names = [{mentions[member].name for member in group} for group in groups]
    rests = {name: of_state(name, gazetteer)[1] for given in names for name in given}
    joined: dict[int, int] = {}
    for short, own in enumerate(names):
        longer = [at for at, given in enumerate(names) if at != short and any(_begins(one, other) for one in own for other in given)]
        longer += [at for at, given in enumerate(names) if at != short and any(rests[other] in own - {other} for other in given)]
        if len(longer) == 1 and all(_is_tail(other, own, gazetteer) for other in names[longer[0]]):
            joined[short] = longer[0]
    return [
        sorted(member for at, group in enumerate(groups) if at == number or joined.get(at) == number for member in group)
        for number in range(len(groups))
        if joined.get(number) is None or joined[number] in joined
    ]


def _begins(short: str, name: str) -> bool:
    return name.lower().startswith(f"{short.lower()} ")


def _is_tail(name: str, short: set[str], gazetteer: Gazetteer) -> bool:
    """Tell whether a longer name is a short one, its state before it or words behind it that only say what sort of body it is."""
    if of_state(name, gazetteer)[1] in short:
        return True
    rest = [name[len(one) :].lower().split() for one in short if _begins(one, name)]
    return bool(rest) and all(word.strip(".,") in tails("body") for word in rest[0])


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


# ---------------------------------------------------------------- what a chain knows


def _chain(
    doc: Doc, mentions: Sequence[Mention], members: list[int], taught: dict[str, str], gazetteer: Gazetteer, place: Place | None
) -> Chain:
    """Make a chain of its members, with what titles and possessors say."""
    ours = [mentions[i] for i in members]
    kind = ours[0].kind
    fullest = max(ours, key=lambda m: (len(m.name.split()) if kind is Kind.PERSON else len(m.name), -m.span.start))
    owners = [of_state(m.name, gazetteer)[0] or possessor_country(doc, m, gazetteer) for m in ours] if kind is Kind.ORGANIZATION else []
    people = [m for m in ours if kind is Kind.PERSON and m.zone is not ZoneKind.CREDIT]
    names = [span for m in people if (span := doc.char_span(m.span.start, m.span.end, alignment_mode="expand")) is not None]
    held = one_a_wording(found for name in names for found in roles(name))
    known, candidates = (place.known, place.candidates) if place else _which(gazetteer.look_up(fullest.name), kind, held, gazetteer)
    return Chain(
        kind=kind,
        name=people_name(fullest.name) if kind is Kind.GROUP else fullest.name,
        mentions=tuple(members),
        roles=held,
        country=known.country if known else next((code for code in owners if code), None),
        acronyms=tuple(dict.fromkeys(taught[m.name] for m in ours if m.name in taught)),
        known=known.id if known else None,
        candidates=candidates,
        credited=all(m.zone is ZoneKind.CREDIT for m in ours),
    )


def _which(entries: Sequence[Known], kind: Kind, held: Sequence[Role], gazetteer: Gazetteer) -> tuple[Known | None, tuple[str, ...]]:
    """Return the one entry that a name can only be, else those that it could be: of namesakes the one whose post stands beside the name."""
    fitting = [entry for entry in entries if entry.kind is kind]
    if len(fitting) > 1:
        told = {fold(role.text) for role in held}
        known_by_post = [entry for entry in fitting if any(fold(name) in told for post in gazetteer.posts(entry.id) for name in post.names)]
        fitting = known_by_post or fitting
    if len(fitting) == 1:
        return fitting[0], ()
    return None, tuple(entry.id for entry in fitting) if kind is Kind.PERSON else ()
