"""Clusters become entities of the collection: their names, ids, roles, and the record of every decision that made them."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from kg.gazetteer import Gazetteer, Known
from kg.gazetteer.bodies import COMMON, official
from kg.records import (
    OFFERED,
    UNNAMED,
    Answer,
    Chain,
    Collection,
    Correction,
    Decision,
    Entity,
    Extraction,
    Kind,
    Outcome,
    Side,
    voice_name,
)
from kg.resolve.clusters import Clusters
from kg.resolve.corrections import NO_ENTRY, corrected
from kg.resolve.dating import dated
from kg.resolve.kinds import RULE as OF_COLLECTION
from kg.resolve.kinds import consistent
from kg.resolve.linking import Pair, in_time, link, node_of
from kg.resolve.subjects import Node, is_full, side
from kg.vocab import slug

GOVERNMENT_OF = "Government of "
ARTICLE = re.compile(
    r"^(?:United|Netherlands|Philippines|Bahamas|Gambia|Maldives|Comoros|Seychelles)\b|(?:Republic|Islands|Emirates|Union)$"
)


def resolve(extractions: Iterable[Extraction], gazetteer: Gazetteer, corrections: Iterable[Correction] = ()) -> Collection:
    """Return the collection of some documents; the same whatever their order, and however often one comes.

    Of two documents with the same text the one with the smaller id stays.

    Args:
        extractions: What was read.
        gazetteer: What is known of places and bodies.
        corrections: What people said; it wins over every rule.
    """
    said = tuple(sorted(corrections))
    by_key: dict[str, Extraction] = {}
    for extraction in sorted(extractions, key=lambda extraction: (extraction.document.key, extraction.document.id)):
        by_key.setdefault(extraction.document.key, extraction)
    read = [corrected(extraction, said, gazetteer) for extraction in by_key.values()]
    ordered, changes = consistent(dated([extraction for extraction, _ in read]))
    ids = {(extraction.document.key, number): told for extraction, told_ids in read for number, told in told_ids.items()}
    clusters, pairs = link(ordered, gazetteer, said, ids)
    pairs += [Pair(min(node, like), max(node, like), Outcome.ACCEPTED, OF_COLLECTION, round(share, 4)) for node, like, share in changes]
    return _collection(ordered, clusters, pairs, gazetteer, _on_entries(ordered, said))


def _on_entries(ordered: Iterable[Extraction], corrections: Iterable[Correction]) -> dict[Node, list[Correction]]:
    """Return chain → what was said of its being a known thing, by a person or a service."""
    by_key = {extraction.document.key: extraction for extraction in ordered}
    found: dict[Node, list[Correction]] = defaultdict(list)
    for said in in_time(corrections, Answer.LINK, Answer.OFFER):
        if (node := node_of(said.left, by_key)) is not None:
            found[node].append(said)
    return found


def _collection(
    ordered: tuple[Extraction, ...], clusters: Clusters, pairs: list[Pair], gazetteer: Gazetteer, entries: Mapping[Node, list[Correction]]
) -> Collection:
    """Make entities of clusters, governments and unnamed speakers, and point every chain and voice at its own."""
    nodes: dict[Node, Chain] = {(e.document.key, n): chain for e in ordered for n, chain in enumerate(e.chains)}
    sides: dict[Node, Side] = {(e.document.key, n): side(e, n) for e in ordered for n in range(len(e.chains))}
    made: dict[Named, Entity] = {}
    home: dict[Node, Named] = {}
    offered: list[tuple[Node, Decision]] = []
    written = _written(ordered)
    for root, members in clusters.members().items():
        said = sorted((correction for node in members for correction in entries.get(node, ())), key=lambda c: (c.at, c))
        made["chain", *root], about = _entity(members, nodes, written, gazetteer, sides[root], said)
        offered += [(root, decision) for decision in about]
        home |= dict.fromkeys(members, ("chain", *root))
    spoken = {(extraction.document.key, name) for extraction in ordered for name in _voice_names(extraction)}
    holders = _holders(ordered, spoken, gazetteer)
    at_home = {chain.known: home[node] for node, chain in sorted(nodes.items(), reverse=True) if chain.known}
    at: dict[tuple[str, str], Named] = {}
    for key, name in sorted(spoken):
        if holder := holders.get((key, name)):
            at[key, name] = at_home.get(holder.id, ("holder", holder.id, ""))
            made.setdefault(at[key, name], _of_entry(holder))
        else:
            at[key, name] = _home_of(key, name)
            made[at[key, name]] = _unnamed(key, name) if name.startswith(UNNAMED) else _government(name, gazetteer)
    entities, position = _numbered(made)
    refers = {node: position[named] for node, named in home.items()}
    voices = {voice: position[named] for voice, named in at.items()}
    collection = Collection(ordered, entities, (), refers, voices)
    acting = tuple(replace(entity, acts_for=slug_) for entity, slug_ in zip(entities, _acts_for(collection), strict=True))
    paths = {node: acting[at].path for node, at in refers.items()}
    decisions = [_decision(pair, sides, paths) for pair in pairs]
    decisions += [replace(decision, entities=(paths[root], "")) for root, decision in offered]
    decisions += _by_post(ordered, holders, voices, acting)
    decisions += _told_apart_by_authority(nodes, sides, paths, gazetteer)
    return replace(collection, entities=acting, decisions=tuple(sorted(decisions)))


def _holders(ordered: Iterable[Extraction], spoken: Iterable[tuple[str, str]], gazetteer: Gazetteer) -> dict[tuple[str, str], Known]:
    """Return (document key, unnamed words) → who holds the post that they name, on the day of the document."""
    days = {extraction.document.key: extraction.document.date for extraction in ordered}
    found = ((voice, gazetteer.holder(voice[1].removeprefix(UNNAMED), days[voice[0]])) for voice in spoken if voice[1].startswith(UNNAMED))
    return {voice: holder for voice, holder in found if holder}


def _by_post(
    ordered: Iterable[Extraction],
    holders: Mapping[tuple[str, str], Known],
    voices: Mapping[tuple[str, str], int],
    entities: Sequence[Entity],
) -> Iterator[Decision]:
    """Yield why a description is somebody: an authority file gives the post on that day."""
    for extraction in ordered:
        key = extraction.document.key
        seen: set[str] = set()
        for said in extraction.statements:
            name = voice_name(said.speaker) if said.speaker and said.speaker.unnamed else ""
            if (holder := holders.get((key, name))) and name not in seen:
                seen.add(name)
                where = (said.source or said.content)[0]
                left = Side(name.removeprefix(UNNAMED), key, where.start, where.end)
                path = entities[voices[key, name]].path
                yield Decision(left, _entry(holder), Outcome.ACCEPTED, "post-on-the-day", 1.0, (path, path))


def _told_apart_by_authority(
    nodes: Mapping[Node, Chain], sides: Mapping[Node, Side], paths: Mapping[Node, str], gazetteer: Gazetteer
) -> Iterator[Decision]:
    """Yield what an authority file says to be different, where both are in the collection."""
    first: dict[str, Node] = {}
    for node, chain in sorted(nodes.items()):
        if chain.known:
            first.setdefault(chain.known, node)
    for id_, node in sorted(first.items()):
        for other in sorted(gazetteer.apart(id_) & first.keys()):
            if id_ < other:
                left, right = sorted((node, first[other]))
                yield Decision(sides[left], sides[right], Outcome.REJECTED, "authority", 1.0, (paths[left], paths[right]))


Named = tuple[str, str, int | str]
"""What an entity is made of: a cluster's root, a government's code, or a document's unnamed words."""


def _home_of(key: str, name: str) -> Named:
    """Return what the entity of a voice is made of; a government is one for all documents."""
    return ("unnamed", key, name) if name.startswith(UNNAMED) else ("government", name, "")


def _voice_names(extraction: Extraction) -> set[str]:
    """Return the governments (by code) and unnamed speakers that a document's statements, roles and metonyms mean."""
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
    return names


def _written(ordered: tuple[Extraction, ...]) -> dict[Node, set[str]]:
    """Return chain → names as the text writes them."""
    return {(e.document.key, n): {e.mentions[m].name for m in chain.mentions} for e in ordered for n, chain in enumerate(e.chains)}


def _entity(
    members: Sequence[Node],
    nodes: dict[Node, Chain],
    written: dict[Node, set[str]],
    gazetteer: Gazetteer,
    first: Side,
    said: Sequence[Correction],
) -> tuple[Entity, list[Decision]]:
    """Make the entity of a cluster: the gazetteer's label, else the name that most documents use.

    Also return what was decided or proposed about its being an entry of the gazetteer, where something was open.
    """
    chains = [nodes[node] for node in members]
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
    names = {name for node in members for name in written[node]} | {acronym for chain in chains for acronym in chain.acronyms}
    if known and known.source.endswith(".ttl"):
        names |= set(known.aliases)  # an authority file's names are few; a gazetteer's hundred spellings stay there
    entity = replace(
        _of_entry(known) if known else Entity(slug(name), kind, name),
        slug=f"{members[0][0]}-{slug(name)}" if local else slug(name),
        aliases=tuple(sorted(names - {name})),
        country=country,
        roles=tuple(sorted({role.text for chain in chains for role in chain.roles})),
        close=tuple(decision.right.entry for decision in decisions if decision.outcome is Outcome.PROPOSED),
    )
    return entity, decisions


def _of_entry(known: Known) -> Entity:
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


def _numbered(made: dict[Named, Entity]) -> tuple[tuple[Entity, ...], dict[Named, int]]:
    """Return the entities, sorted, with slugs unique among actors and among places, and where each stands."""
    taken: set[tuple[bool, str]] = set()
    rows: list[tuple[Entity, Named]] = []
    for named, entity in sorted(made.items(), key=lambda row: (row[1].kind, row[1].slug, str(row[0]))):
        stem = name = entity.slug
        number = 1
        while (entity.kind is Kind.PLACE, name) in taken:
            number += 1
            name = f"{stem}-{number}"
        taken.add((entity.kind is Kind.PLACE, name))
        rows.append((replace(entity, slug=name), named))
    rows.sort(key=lambda row: (row[0].kind is Kind.PLACE, row[0].slug))
    return tuple(entity for entity, _ in rows), {named: number for number, (_, named) in enumerate(rows)}


def _acts_for(collection: Collection) -> list[str | None]:
    """Return for each entity the slug of the actor that its statements most often are made for."""
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for extraction in collection.extractions:
        key = extraction.document.key
        for statement in extraction.statements:
            speaker, principal = collection.entity_of(key, statement.speaker), collection.entity_of(key, statement.on_behalf_of)
            if speaker and principal and speaker != principal:
                votes[speaker.slug][principal.slug] += 1
    most = {slug_: min(counts, key=lambda other: (-counts[other], other)) for slug_, counts in votes.items()}
    return [None if entity.kind is Kind.PLACE else most.get(entity.slug) for entity in collection.entities]


def _decision(pair: Pair, sides: Mapping[Node, Side], paths: Mapping[Node, str]) -> Decision:
    """Return the record of a decision about two chains, with the entities that they are now."""
    return Decision(
        left=sides[pair.left],
        right=sides[pair.right],
        outcome=pair.outcome,
        rule=pair.rule,
        score=pair.score,
        entities=(paths[pair.left], paths[pair.right]),
        features=pair.features,
        by=pair.by,
        at=pair.at,
    )
