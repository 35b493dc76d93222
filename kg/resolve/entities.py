"""Chains become entities of the collection, and each merge a recorded decision.

What may be one: an entry of the gazetteer or an authority file with itself; equal names of one kind; two full names of people
that are close (0.92 and up; 0.80 and up is only proposed). What may not: two full names that stand apart in one document.
Bare surnames and first names without a full name in their document stay local to it; what they could be is proposed.
A government, its country and its capital are three.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import NamedTuple

from kg.gazetteer import Gazetteer
from kg.records import UNNAMED, Chain, Collection, Decision, Entity, Extraction, Kind, Outcome, voice_name
from kg.resolve.names import consonant_key, similarity, tokens
from kg.vocab import slug

ACCEPT, PROPOSE = 0.92, 0.80
COMMON = re.compile(
    r"^(?:[\w-]+ )?(?:Ministry|Department|Government|Parliament|National Assembly|Army|Navy|Air Force|Coast Guard|Council|Court|Police"
    r"|Central Bank|Election Commission|Electoral Commission)"
    r"(?: of (?:\w+ )?(?:Affairs|Defen[cs]e|Justice|Health|Finance))?$"
)
"""Names that every state has one of: without a country they stay local to their document."""
SCORED = frozenset({"close-name", "apart-in-one-document", "surname-only"})
OFFICIAL_NAME = {"Foreign": "Foreign Affairs"}

GOVERNMENT_OF = "Government of "
ARTICLE = re.compile(
    r"^(?:United|Netherlands|Philippines|Bahamas|Gambia|Maldives|Comoros|Seychelles)\b|(?:Republic|Islands|Emirates|Union)$"
)

Node = tuple[str, int]
"""A chain: document key and index."""


class Clusters:
    """Disjoint sets of nodes with the pairs that must stay apart."""

    def __init__(self, nodes: Iterable[Node]) -> None:
        self._root = {node: node for node in nodes}
        self._members = {node: [node] for node in self._root}
        self._apart: dict[Node, set[Node]] = defaultdict(set)

    def root(self, node: Node) -> Node:
        """Return the node that stands for a node's cluster: its smallest."""
        return self._root[node]

    def members(self) -> dict[Node, list[Node]]:
        """Return root → members, both sorted."""
        return {root: sorted(members) for root, members in sorted(self._members.items())}

    def keep_apart(self, left: Node, right: Node) -> None:
        """Forbid that two nodes come together."""
        self._apart[left].add(right)
        self._apart[right].add(left)

    def join(self, left: Node, right: Node) -> bool:
        """Join two clusters unless that brings together what must stay apart; tell whether they are one now."""
        a, b = sorted((self._root[left], self._root[right]))
        if a == b:
            return True
        few, many = sorted((a, b), key=lambda root: len(self._members[root]))
        if any(self._root[other] == many for node in self._members[few] for other in self._apart.get(node, ())):
            return False
        for node in self._members.pop(b):
            self._root[node] = a
            self._members[a].append(node)
        return True


def resolve(extractions: Iterable[Extraction], gazetteer: Gazetteer) -> Collection:
    """Return the collection of some documents; the same whatever their order, and however often one comes.

    Of two documents with the same text the one with the smaller id stays.
    """
    by_key: dict[str, Extraction] = {}
    for extraction in sorted(extractions, key=lambda extraction: (extraction.document.key, extraction.document.id)):
        by_key.setdefault(extraction.document.key, extraction)
    ordered = tuple(by_key.values())
    nodes: dict[Node, Chain] = {(e.document.key, n): chain for e in ordered for n, chain in enumerate(e.chains)}
    clusters = Clusters(nodes)
    decisions: list[Pair] = []
    decisions += _equal(nodes, clusters)
    decisions += _close_people(nodes, clusters)
    decisions += _bare_names(nodes, clusters)
    return _collection(ordered, nodes, clusters, decisions, gazetteer)


class Pair(NamedTuple):
    """A decision about two chains."""

    left: Node
    right: Node
    names: tuple[str, str]
    outcome: Outcome
    rule: str
    score: float


# ---------------------------------------------------------------- decisions


def _pair(left: Node, right: Node, nodes: dict[Node, Chain], outcome: Outcome, rule: str, score: float) -> Pair:
    return Pair(left, right, (nodes[left].name, nodes[right].name), outcome, rule, round(score, 3))


def _equal(nodes: dict[Node, Chain], clusters: Clusters) -> list[Pair]:
    """Join chains with equal keys: one gazetteer entry, or one name of one kind."""
    found: dict[tuple[str, str], list[Node]] = defaultdict(list)
    long_form = _long_forms(nodes.values())
    for node, chain in sorted(nodes.items()):
        if rule_and_key := _key(chain, long_form):
            found[rule_and_key].append(node)
    decisions: list[Pair] = []
    for (rule, _), members in sorted(found.items()):
        for node in members[1:]:
            if clusters.join(members[0], node):
                decisions.append(_pair(members[0], node, nodes, Outcome.ACCEPTED, rule, 1.0))
    return decisions


def _long_forms(chains: Iterable[Chain]) -> dict[str, str]:
    """Return acronym → the one long form that the documents teach for it; an acronym of two things is left out."""
    taught: dict[str, set[str]] = defaultdict(set)
    for chain in chains:
        for acronym in chain.acronyms:
            taught[slug(acronym)].add(slug(chain.name))
    return {acronym: names.pop() for acronym, names in taught.items() if len(names) == 1}


def _key(chain: Chain, long_form: Mapping[str, str]) -> tuple[str, str] | None:
    """Return (rule, key) under which a chain is one with others; ``None`` for what stays local."""
    if chain.known:
        return "known", chain.known
    folded = slug(chain.name)
    if chain.kind is Kind.PERSON:
        return ("full-name", folded) if is_full(chain.name) else None
    if chain.kind is Kind.ORGANIZATION:
        if COMMON.match(chain.name):
            return ("body-of-state", f"{chain.country}:{slug(official(chain.name))}") if chain.country else None
        return "same-name", f"{chain.kind}:{long_form.get(folded, folded)}"
    return "same-name", f"{chain.kind}:{folded}"


def is_full(name: str) -> bool:
    """Tell whether a person's name has at least two words that are no titles."""
    return len(tokens(name)) > 1


def official(name: str) -> str:
    """Return ``Foreign Ministry`` as ``Ministry of Foreign Affairs``: bodies are named both ways."""
    match = re.fullmatch(r"([\w-]+) (Ministry|Department)", name)
    return f"{match.group(2)} of {OFFICIAL_NAME.get(match.group(1), match.group(1))}" if match else name


def _people(nodes: dict[Node, Chain], *, full: bool) -> dict[Node, Chain]:
    return {node: chain for node, chain in sorted(nodes.items()) if chain.kind is Kind.PERSON and is_full(chain.name) is full}


def _close_people(nodes: dict[Node, Chain], clusters: Clusters) -> list[Pair]:
    """Compare full names that share a sound; those of one document stay apart."""
    people = _people(nodes, full=True)
    by_document: dict[str, list[Node]] = defaultdict(list)
    for node in people:
        by_document[node[0]].append(node)
    for members in by_document.values():
        for left, right in combinations(members, 2):
            clusters.keep_apart(left, right)
    names = {root: people[root].name for root in sorted({clusters.root(node) for node in people})}
    scored = sorted(((-similarity(names[a], names[b]), a, b) for a, b in _blocked(names)))
    decisions: list[Pair] = []
    for minus, a, b in scored:
        if -minus < PROPOSE:
            break
        sure = -minus >= ACCEPT and _sound_alike(names[a], names[b])
        together = sure and clusters.join(a, b)
        outcome = Outcome.ACCEPTED if together else Outcome.REJECTED if sure else Outcome.PROPOSED
        rule = "apart-in-one-document" if outcome is Outcome.REJECTED else "close-name"
        decisions.append(_pair(a, b, people, outcome, rule, -minus))
    return decisions


def _sound_alike(left: str, right: str) -> bool:
    """Tell whether every word of the shorter name sounds like one of the longer: Ivana is not Ivanka, however close."""
    few, many = sorted(({consonant_key(token) for token in tokens(name)} for name in (left, right)), key=len)
    return few <= many


def _blocked(names: dict[Node, str]) -> list[tuple[Node, Node]]:
    """Return the pairs of names that share the first four consonants of a word."""
    blocks: dict[str, list[Node]] = defaultdict(list)
    for node, name in sorted(names.items()):
        for key in sorted({consonant_key(token)[:4] for token in tokens(name)}):
            blocks[key].append(node)
    return sorted({pair for members in blocks.values() for pair in combinations(members, 2)})


def _bare_names(nodes: dict[Node, Chain], clusters: Clusters) -> list[Pair]:
    """Propose for each lone surname the one full name of the collection that ends in it."""
    surnames: dict[str, set[Node]] = defaultdict(set)
    full = _people(nodes, full=True)
    for node, chain in full.items():
        if not chain.credited:
            surnames[slug(chain.name.split()[-1])].add(clusters.root(node))
    decisions: list[Pair] = []
    for node, chain in _people(nodes, full=False).items():
        candidates = sorted(surnames.get(slug(chain.name), ()))
        if len(candidates) == 1:
            score = similarity(chain.name, nodes[candidates[0]].name)
            decisions.append(_pair(candidates[0], node, nodes, Outcome.PROPOSED, "surname-only", score))
    return decisions


# ---------------------------------------------------------------- entities


def _collection(
    ordered: tuple[Extraction, ...], nodes: dict[Node, Chain], clusters: Clusters, decisions: list[Pair], gazetteer: Gazetteer
) -> Collection:
    """Make entities of clusters, governments and unnamed speakers, and point every chain and voice at its own."""
    made: dict[Named, Entity] = {}
    home: dict[Node, Named] = {}
    written = _written(ordered)
    for root, members in clusters.members().items():
        made["chain", *root] = _entity(members, nodes, written, gazetteer)
        home |= dict.fromkeys(members, ("chain", *root))
    spoken = {(extraction.document.key, name) for extraction in ordered for name in _voice_names(extraction)}
    for key, name in sorted(spoken):
        made[_home_of(key, name)] = _unnamed(key, name) if name.startswith(UNNAMED) else _government(name, gazetteer)
    entities, position = _numbered(made)
    refers = {node: position[named] for node, named in home.items()}
    voices = {(key, name): position[_home_of(key, name)] for key, name in spoken}
    collection = Collection(ordered, entities, (), refers, voices)
    acting = tuple(replace(entity, acts_for=slug_) for entity, slug_ in zip(entities, _acts_for(collection), strict=True))
    told = tuple(sorted(_with_entity(decision, refers, acting) for decision in decisions))
    return replace(collection, entities=acting, decisions=told)


Named = tuple[str, str, int | str]
"""What an entity is made of: a cluster's root, a government's code, or a document's unnamed words."""


def _home_of(key: str, name: str) -> Named:
    """Return what the entity of a voice is made of; a government is one for all documents."""
    return ("unnamed", key, name) if name.startswith(UNNAMED) else ("government", name, "")


def _voice_names(extraction: Extraction) -> set[str]:
    """Return the governments (by code) and unnamed speakers that a document's statements and metonyms mean."""
    said = [
        voice
        for statement in extraction.statements
        for voice in (statement.speaker, statement.on_behalf_of, statement.addressee, statement.target)
        if voice is not None
    ]
    names = {voice_name(voice) for voice in said if voice.chain is None}
    for chain in extraction.chains:
        if chain.country and any(extraction.mentions[m].metonym for m in chain.mentions):
            names.add(chain.country)
    return names


def _written(ordered: tuple[Extraction, ...]) -> dict[Node, set[str]]:
    """Return chain → names as the text writes them."""
    return {(e.document.key, n): {e.mentions[m].name for m in chain.mentions} for e in ordered for n, chain in enumerate(e.chains)}


def _entity(members: Sequence[Node], nodes: dict[Node, Chain], written: dict[Node, set[str]], gazetteer: Gazetteer) -> Entity:
    """Make the entity of a cluster: the gazetteer's label, else the name that most documents use."""
    chains = [nodes[node] for node in members]
    kind = chains[0].kind
    known = next((found for chain in chains if chain.known and (found := gazetteer.get(chain.known))), None)
    country = known.country if known else next((chain.country for chain in chains if chain.country), None)
    name = known.name if known else _label(chains, country, gazetteer)
    local = kind is Kind.PERSON and not is_full(name)
    names = {name for node in members for name in written[node]} | {acronym for chain in chains for acronym in chain.acronyms}
    if known and known.source.endswith(".ttl"):
        names |= set(known.aliases)  # an authority file's names are few; a gazetteer's hundred spellings stay there
    return Entity(
        slug=f"{members[0][0]}-{slug(name)}" if local else slug(name),
        kind=kind,
        name=name,
        aliases=tuple(sorted(names - {name})),
        country=country,
        geonames=known.geonames if known else None,
        wikidata=known.wikidata if known else None,
        latitude=known.latitude if known else None,
        longitude=known.longitude if known else None,
        roles=tuple(sorted({role for chain in chains for role in chain.roles})),
        source=known.source if known else "text",
        feature=known.feature if known else "",
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


def _with_entity(decision: Pair, refers: dict[Node, int], entities: Sequence[Entity]) -> Decision:
    """Return the record of a decision, with the entity that an accepted one leads to."""
    accepted = decision.outcome is Outcome.ACCEPTED
    return Decision(
        left=f"{decision.names[0]} @{decision.left[0]}",
        right=f"{decision.names[1]} @{decision.right[0]}",
        outcome=decision.outcome,
        rule=decision.rule,
        score=decision.score,
        entity=entities[refers[decision.left]].path if accepted else None,
        features=(("name", decision.score),) if decision.rule in SCORED else (),
    )
