"""Clusters become entities: their names, ids and roles, and the record of every decision that made them."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from kg.gazetteer import Gazetteer, Known
from kg.gazetteer.bodies import COMMON, official
from kg.records import OFFERED, UNNAMED, Answer, Chain, Correction, Decision, Entity, Extraction, Kind, Outcome, Side, voice_name
from kg.resolve.bearers import Bearer
from kg.resolve.corrections import NO_ENTRY
from kg.resolve.linking import Pair, link
from kg.resolve.subjects import Node, Subject, is_full
from kg.vocab import slug

GOVERNMENT_OF = "Government of "
ARTICLE = re.compile(
    r"^(?:United|Netherlands|Philippines|Bahamas|Gambia|Maldives|Comoros|Seychelles)\b|(?:Republic|Islands|Emirates|Union)$"
)


@dataclass(frozen=True, slots=True)
class Draft:
    """A decision whose entities have no names yet: of which chains it is; ``right`` is ``None`` where it is about an entry."""

    decision: Decision
    left: Node
    right: Node | None


@dataclass(frozen=True, slots=True)
class Drawn:
    """What some bearers of names are: the entity of each cluster by its root with its members, and the decisions.

    The slugs of the entities are not yet told apart from those of other bearers.
    """

    entities: tuple[tuple[Node, Entity, tuple[Node, ...]], ...]
    decisions: tuple[Draft, ...]


def draw(
    bearers: Mapping[Node, Bearer],
    documents: Mapping[str, Subject],
    gazetteer: Gazetteer,
    *,
    pairs: Iterable[Pair] = (),
    of_two: Iterable[tuple[Correction, Node, Node]] = (),
    of_one: Mapping[Node, Sequence[Correction]],
    frequent: Mapping[Kind, Set[str]],
) -> Drawn:
    """Return the entities that some bearers are, with every decision; for the arguments that are not named here see ``link``.

    Args:
        bearers: All the bearers of some blocks.
        documents: What their documents tell.
        gazetteer: What is known of places and bodies.
        pairs: Decisions that were made about them before.
        of_two: What people said of two of them.
        of_one: What people and services said of one of them being a known thing.
        frequent: Kind → keys of names that many bear in the whole collection.
    """
    clusters, found = link(bearers, documents, gazetteer, of_two, frequent)
    sides = {node: bearer.side(node[0]) for node, bearer in bearers.items()}
    drafts = [_draft(pair, sides) for pair in (*pairs, *found)]
    entities = []
    for root, members in clusters.members().items():
        said = sorted((correction for node in members for correction in of_one.get(node, ())), key=lambda c: (c.at, c))
        entity, about = _entity(members, bearers, gazetteer, sides[root], said)
        entities.append((root, entity, tuple(members)))
        drafts += [Draft(decision, root, None) for decision in about]
    drafts += _told_apart_by_authority(bearers, sides, gazetteer)
    return Drawn(tuple(entities), tuple(drafts))


def _draft(pair: Pair, sides: Mapping[Node, Side]) -> Draft:
    decision = Decision(
        sides[pair.left], sides[pair.right], pair.outcome, pair.rule, pair.score, features=pair.features, by=pair.by, at=pair.at
    )
    return Draft(decision, pair.left, pair.right)


def _told_apart_by_authority(bearers: Mapping[Node, Bearer], sides: Mapping[Node, Side], gazetteer: Gazetteer) -> Iterator[Draft]:
    """Yield what an authority file says to be different, where both are in the collection."""
    first: dict[str, Node] = {}
    for node, bearer in sorted(bearers.items()):
        if bearer.chain.known:
            first.setdefault(bearer.chain.known, node)
    for id_, node in sorted(first.items()):
        for other in sorted(gazetteer.apart(id_) & first.keys()):
            if id_ < other:
                left, right = sorted((node, first[other]))
                yield Draft(Decision(sides[left], sides[right], Outcome.REJECTED, "authority", 1.0), left, right)


# ---------------------------------------------------------------- voices without a name


def voice_names(extraction: Extraction) -> tuple[str, ...]:
    """Return the governments (by code) and unnamed speakers that a document's statements, roles and metonyms mean, sorted."""
    said = [
        voice
        for statement in extraction.statements
        for voice in (statement.speaker, statement.on_behalf_of, statement.addressee, statement.target)
    ]
    said += [role.of for chain in extraction.chains for role in chain.roles]
    names = {voice_name(voice) for voice in said if voice is not None and voice.chain is None}
    for chain in extraction.chains:
        if chain.country and any(extraction.mentions[m].metonym for m in chain.mentions):
            names.add(chain.country)
    return tuple(sorted(names))


def holder_of(extraction: Extraction, name: str, gazetteer: Gazetteer) -> Known | None:
    """Return who holds, on the day of a document, the post that its unnamed words name."""
    return gazetteer.holder(name.removeprefix(UNNAMED), extraction.document.date) if name.startswith(UNNAMED) else None


def by_post(extraction: Extraction, name: str, holder: Known) -> Decision | None:
    """Return why a description is somebody: an authority file gives the post on that day; ``None`` where nobody speaks under it."""
    for said in extraction.statements:
        if said.speaker and said.speaker.unnamed and voice_name(said.speaker) == name:
            where = (said.source or said.content)[0]
            left = Side(name.removeprefix(UNNAMED), extraction.document.key, where.start, where.end)
            return Decision(left, _entry(holder), Outcome.ACCEPTED, "post-on-the-day", 1.0)
    return None


def of_voice(key: str, name: str, gazetteer: Gazetteer) -> Entity:
    """Return the entity of a government (by code) or of somebody whom the document ``key`` describes and does not name."""
    return _unnamed(key, name) if name.startswith(UNNAMED) else _government(name, gazetteer)


def _entity(
    members: Sequence[Node], bearers: Mapping[Node, Bearer], gazetteer: Gazetteer, first: Side, said: Sequence[Correction]
) -> tuple[Entity, list[Decision]]:
    """Make the entity of a cluster: the gazetteer's label, else the name that most documents use.

    Also return what was decided or proposed about its being an entry of the gazetteer, where something was open.
    """
    chains = [bearers[node].chain for node in members]
    kind = chains[0].kind
    known = next((found for chain in chains if chain.known and (found := gazetteer.get(chain.known))), None)
    told = next((correction for correction in reversed(said) if correction.answer is Answer.LINK), None)
    offers = [_offer(offer, first) for offer in said if offer.answer is Answer.OFFER]
    candidates = () if known else _candidates(chains, gazetteer)
    decisions = [Decision(first, _entry(c), Outcome.PROPOSED, f"ambiguous-{kind}", round(1 / len(candidates), 4)) for c in candidates]
    if told and told.value != NO_ENTRY:
        known = known or _known_by_id(told.value, chains, gazetteer)
        decisions, offers = [Decision(first, _entry(known), Outcome.ACCEPTED, "told-link", 1.0, by=told.by, at=told.at)], []
    elif told:
        decisions += [offer for offer in offers if offer.at <= told.at]
        decisions = [replace(d, outcome=Outcome.REJECTED, rule="told-link", score=1.0, by=told.by, at=told.at) for d in decisions]
        offers = [offer for offer in offers if offer.at > told.at]
    decisions += offers
    country = known.country if known else next((chain.country for chain in chains if chain.country), None)
    name = known.name if known else _label(chains, country, gazetteer)
    local = not known and ((kind is Kind.PERSON and not is_full(name)) or any(chain.candidates for chain in chains))
    names = {name for node in members for name in bearers[node].written} | {acronym for chain in chains for acronym in chain.acronyms}
    if known and known.source.endswith(".ttl"):
        names |= set(known.aliases)  # an authority file's names are few; a gazetteer's hundred spellings stay there
    entity = replace(
        of_entry(known) if known else Entity(slug(name), kind, name),
        slug=f"{members[0][0]}-{slug(name)}" if local else slug(name),
        aliases=tuple(sorted(names - {name})),
        country=country,
        roles=tuple(sorted({role.text for chain in chains for role in chain.roles})),
        close=tuple(decision.right.entry for decision in decisions if decision.outcome is Outcome.PROPOSED),
    )
    return entity, decisions


def of_entry(known: Known) -> Entity:
    """Return the entity of an entry, as far as the entry itself says."""
    return Entity(
        slug=slug(known.name),
        kind=known.kind,
        name=known.name,
        country=known.country,
        geonames=known.geonames,
        wikidata=known.wikidata,
        latitude=known.latitude,
        longitude=known.longitude,
        source=known.source,
        feature=known.feature,
        authority=known.id if known.id.startswith(("http://", "https://")) else None,
    )


def _candidates(chains: Sequence[Chain], gazetteer: Gazetteer) -> tuple[Known, ...]:
    """Return the entries that a place could be, those that most documents offer first, then the likeliest."""
    votes = Counter(id_ for chain in chains for id_ in chain.candidates)
    first = {id_: rank for chain in reversed(chains) for rank, id_ in enumerate(chain.candidates)}
    ordered = sorted(votes, key=lambda id_: (-votes[id_], first[id_], id_))
    return tuple(known for id_ in ordered if (known := gazetteer.get(id_)))


def _entry(known: Known) -> Side:
    """Return an entry of the gazetteer as one side of a decision."""
    return Side(", ".join(filter(None, (known.name, known.country))), entry=known.id)


def _offer(offer: Correction, first: Side) -> Decision:
    """Return what a service suggests as a proposal: never more, however sure it is."""
    weighed = tuple(sorted((name, float(value)) for name, _, value in (part.partition("=") for part in offer.value.split())))
    score = dict(weighed).get("name", 0.0)
    return Decision(first, offer.right or first, Outcome.PROPOSED, OFFERED, score, features=weighed, by=offer.by, at=offer.at)


def _known_by_id(value: str, chains: Sequence[Chain], gazetteer: Gazetteer) -> Known:
    """Return what a person says that an entity is, as far as an id alone tells it."""
    scheme, _, number = value.partition(":")
    return Known(
        id=value,
        kind=chains[0].kind,
        feature=str(chains[0].kind),
        name=_label(chains, None, gazetteer),
        geonames=number if scheme == "geonames" else None,
        wikidata=number if scheme == "wikidata" else None,
        source="corrections",
    )


def _label(chains: Sequence[Chain], country: str | None, gazetteer: Gazetteer) -> str:
    """Return the name that most documents use, the fuller on a tie; that of a body of a state in full."""
    votes = Counter(chain.name for chain in chains)
    name = min(votes, key=lambda name: (-votes[name], -len(name.split()), name))
    state = gazetteer.country(country) if country and chains[0].kind is Kind.ORGANIZATION and COMMON.match(name) else None
    return f"{official(name)} of {with_article(state.name)}" if state else name


def _government(code: str, gazetteer: Gazetteer) -> Entity:
    """Make the entity of a country's government: neither the country nor its capital."""
    country = gazetteer.country(code)
    name = GOVERNMENT_OF + (with_article(country.name) if country else code)
    return Entity(slug(name), Kind.GOVERNMENT, name, country=code, source="gazetteer")


def with_article(country: str) -> str:
    """Return a country's name as it stands behind ``of``: ``the United States``."""
    return f"the {country}" if ARTICLE.search(country) else country


def _unnamed(key: str, name: str) -> Entity:
    """Make the entity of somebody whom one document describes and does not name."""
    words = name.removeprefix(UNNAMED)
    return Entity(f"{key}-{slug(words)}", Kind.GROUP, words, unnamed=True)
