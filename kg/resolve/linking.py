"""Which chains of a collection are one: pairs, weighed and decided one after another, the surest first.

What may be one: what a person said is one; an entry of the gazetteer or an authority file with itself; equal names of one kind; two
full names of people that are close and whose words sound alike (0.92 and up with what speaks for and against them; from 0.80 on it is
only proposed); a bare surname with the holder of the same office; an acronym with the long form beside it. What may not: what a person
told apart; two full names that stand apart in one document; two external ids; he and she. A government, its country and its capital
are three. Places are never compared by likeness.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from itertools import combinations
from types import MappingProxyType
from typing import NamedTuple

from kg.gazetteer import Gazetteer
from kg.records import Answer, Chain, Correction, Extraction, Kind, Outcome, Side
from kg.resolve.bearers import ACRONYM, Bearer, bare, initials, key_of
from kg.resolve.blocking import close
from kg.resolve.clusters import Clusters, slots_of
from kg.resolve.names import consonant_key, parse, similarity, skeleton, tokens
from kg.resolve.subjects import Node, Subject, features, holds_office_of, is_full
from kg.vocab import slug

ACCEPT, PROPOSE = 0.92, 0.80
CLOSE_ENOUGH = 0.88
"""Below this no evidence beside the names makes two of them one."""
NAMESAKES = 12
"""Up to so many of one surname it is recorded that they are different people; of a thousand Smiths nobody asks."""
_GENDERED = re.compile(r"(.*?)([aeo]*)")
_DOUBLED = re.compile(r"(.)\1+")

Features = tuple[tuple[str, float], ...]


class Pair(NamedTuple):
    """A decision about two chains."""

    left: Node
    right: Node
    outcome: Outcome
    rule: str
    score: float
    features: Features = ()
    by: str = ""
    at: str = ""


def link(
    bearers: Mapping[Node, Bearer],
    documents: Mapping[str, Subject],
    gazetteer: Gazetteer,
    corrections: Iterable[tuple[Correction, Node, Node]] = (),
    frequent: Mapping[Kind, Set[str]] = MappingProxyType({}),
) -> tuple[Clusters, list[Pair]]:
    """Return the clusters of some bearers of names, and every decision that made them or was left open.

    Bearers that share no block (``bearers.blocks``) never touch each other's decisions, so that any union of blocks gives the same.

    Args:
        bearers: By document key and chain.
        documents: Document key → what it tells of all its people.
        gazetteer: What tells which words name a state.
        corrections: What people said of two of them, with both; those that were taken back count as never said.
        frequent: Kind → keys of its names that count only beside a second one, in the whole collection.
    """
    linker = _Linker(bearers, documents, gazetteer, frequent)
    linker.told(corrections)
    linker.told_ids()
    linker.equal_names()
    linker.close_names()
    linker.bare_names()
    linker.acronyms()
    linker.close_bodies()
    linker.undecided()
    linker.namesakes()
    return linker.clusters, linker.pairs


def in_time(corrections: Iterable[Correction], *answers: Answer) -> list[Correction]:
    """Return the corrections of some kinds that hold, the earliest first; of one moment a no comes after a yes, and so wins."""
    return sorted((c for c in corrections if c.holds and c.answer in answers), key=lambda c: (c.at, c.answer is Answer.DIFFERENT, c))


def node_of(side: Side, extractions: Mapping[str, Extraction]) -> Node | None:
    """Return the chain that a side of a decision means now: what stands at its characters, else what bears its name there.

    ``None`` where the document is gone or no longer names it: a model or a rule may have changed meanwhile.
    """
    extraction = extractions.get(side.document)
    if extraction is None:
        return None
    for number, chain in enumerate(extraction.chains):
        spans = (extraction.mentions[mention].span for mention in chain.mentions)
        if any(span.start < side.end and side.start < span.end for span in spans):
            return side.document, number
    named = (number for number, chain in enumerate(extraction.chains) if slug(chain.name) == slug(side.name))
    return next(((side.document, number) for number in named), None)


class _Linker:
    """The chains of a collection while they are being joined."""

    def __init__(
        self, bearers: Mapping[Node, Bearer], documents: Mapping[str, Subject], gazetteer: Gazetteer, frequent: Mapping[Kind, Set[str]]
    ) -> None:
        ordered = sorted(bearers.items())
        self.gazetteer, self.frequent = gazetteer, frequent
        self.ids = {node: bearer.told for node, bearer in ordered if bearer.told}
        self.chains: dict[Node, Chain] = {node: bearer.chain for node, bearer in ordered}
        self.clusters = Clusters({node: _slots(node, bearer) for node, bearer in ordered})
        self.pairs: list[Pair] = []
        people = ((node, bearer) for node, bearer in ordered if bearer.chain.kind is Kind.PERSON)
        self._subjects: dict[Node, Subject] = {node: bearer.subject_in(documents[node[0]]) for node, bearer in people}

    # ------------------------------------------------------------ the rules, the surest first

    def told(self, corrections: Iterable[tuple[Correction, Node, Node]]) -> None:
        """Keep apart and join what people said."""
        sides = {correction: (min(left, right), max(left, right)) for correction, left, right in corrections if left != right}
        latest = {sides[correction]: correction for correction in in_time(sides, Answer.SAME, Answer.DIFFERENT)}
        for (left, right), correction in sorted(latest.items(), key=lambda row: (row[1].answer is Answer.SAME, row[0])):
            by, at = correction.by, correction.at
            if correction.answer is Answer.DIFFERENT:  # what is told apart binds what is told to be one
                self.clusters.keep_apart(left, right, "told-apart")
                self._decide(left, right, Outcome.REJECTED, "told-apart", 1.0, by=by, at=at)
            elif why := self._join(left, right, whatever_slots_say=True):
                self._decide(left, right, Outcome.REJECTED, f"told-same, but {why}", 1.0, by=by, at=at)
            else:
                self._decide(left, right, Outcome.ACCEPTED, "told-same", 1.0, by=by, at=at)

    def told_ids(self) -> None:
        """Join what people say to be one known thing; a slot keeps two such things apart."""
        found: dict[str, list[Node]] = defaultdict(list)
        for node, id_ in sorted(self.ids.items()):
            found[id_].append(node)
        for _, members in sorted(found.items()):
            for node in members[1:]:
                if not self._join(members[0], node):
                    self._decide(members[0], node, Outcome.ACCEPTED, "same-told-id", 1.0)

    def equal_names(self) -> None:
        """Join chains with equal keys: one entry of the gazetteer, or one name of one kind."""
        found: dict[tuple[str, str], list[Node]] = defaultdict(list)
        long_form = _long_forms(self.chains.values())
        for node, chain in self.chains.items():
            if rule_and_key := key_of(chain, long_form, self.gazetteer):
                found[rule_and_key].append(node)
        for (rule, _), members in sorted(found.items()):
            roots: list[Node] = []
            for node in members:
                if not self._joined(node, roots, rule):
                    roots.append(node)

    def close_names(self) -> None:
        """Compare the full names of people."""
        bearers = self._bearers(Kind.PERSON, full=True)
        names = sorted(bearers)
        pairs = close(names, at_least=PROPOSE, frequent=self.frequent.get(Kind.PERSON, frozenset()))
        scored = ((-score, a, b) for i, j, score in pairs for a in bearers[names[i]] for b in bearers[names[j]])
        for minus, a, b in sorted(scored):
            left, right = sorted((self.clusters.root(a), self.clusters.root(b)))
            if left == right:
                continue
            weighed = self._weighed(-minus, left, right)
            score = _sum(weighed)
            sure = score >= ACCEPT and -minus >= CLOSE_ENOUGH and _sound_alike(self.chains[a].name, self.chains[b].name)
            why = self._join(left, right) if sure else self.clusters.conflict(left, right)
            outcome = Outcome.REJECTED if why else Outcome.ACCEPTED if sure else Outcome.PROPOSED
            self._decide(a, b, outcome, why or "close-name", score, weighed)

    def bare_names(self) -> None:
        """Join lone surnames with the one full-named holder of their office; propose the one who bears them at all."""
        surnames: dict[str, set[Node]] = defaultdict(set)
        for node, chain in self._people(full=True):
            if not chain.credited:
                surnames[skeleton(tokens(chain.name)[-1])].add(self.clusters.root(node))
        for node, chain in self._people(full=False):
            words = tokens(chain.name)
            candidates = sorted(surnames.get(skeleton(words[-1]), ())) if words else []
            candidates = [c for c in candidates if not self.clusters.conflict(c, node)]
            holders = [c for c in candidates if holds_office_of(self._told(node), self._told(c))]
            if len(holders) == 1:
                self._join(holders[0], node)
                self._decide(holders[0], node, Outcome.ACCEPTED, "surname-and-office", ACCEPT)
            elif len(candidates) == 1:
                name = similarity(chain.name, self.chains[candidates[0]].name)
                weighed = self._weighed(name, candidates[0], node)
                self._decide(candidates[0], node, Outcome.PROPOSED, "surname-only", _sum(weighed), weighed)

    def acronyms(self) -> None:
        """Join an acronym with the one long form that stands in the same document; propose the one of the collection."""
        bodies = {node: chain.name for node, chain in self.chains.items() if chain.kind is Kind.ORGANIZATION}
        long_forms: dict[str, set[Node]] = defaultdict(set)
        for node, name in bodies.items():
            if letters := initials(name):
                long_forms[letters].add(node)
        for node, name in bodies.items():
            short = name.replace(".", "")
            if self.chains[node].known or not ACRONYM.fullmatch(short):
                continue
            fitting = long_forms.get(short, set())
            here = {n for n in fitting if n[0] == node[0]}
            roots = sorted({self.clusters.root(n) for n in here or fitting})
            if len(roots) != 1 or roots[0] == self.clusters.root(node):
                continue
            sure = bool(here) and len(short) > 2
            why = self._join(roots[0], node) if sure else self.clusters.conflict(roots[0], node)
            outcome = Outcome.REJECTED if why else Outcome.ACCEPTED if sure else Outcome.PROPOSED
            self._decide(roots[0], node, outcome, why or "acronym", similarity(self.chains[roots[0]].name, name))

    def close_bodies(self) -> None:
        """Propose organisations whose names are close; only a person can tell a spelling from a sister company."""
        bearers = self._bearers(Kind.ORGANIZATION, full=True)
        names = sorted(bearers)
        for i, j, score in sorted(close(names, at_least=ACCEPT, frequent=self.frequent.get(Kind.ORGANIZATION, frozenset()))):
            left, right = sorted((self.clusters.root(bearers[names[i]][0]), self.clusters.root(bearers[names[j]][0])))
            if left != right and not self.clusters.conflict(left, right):
                self._decide(left, right, Outcome.PROPOSED, "close-name", score, (("name", score),))

    def undecided(self) -> None:
        """Propose for a name that could be several known things the one of them that other documents are sure of."""
        sure: dict[str, Node] = {}
        for node, chain in self.chains.items():
            if chain.known:
                sure.setdefault(chain.known, self.clusters.root(node))
        for node, chain in self.chains.items():
            for candidate in chain.candidates:
                if candidate in sure and not self.clusters.conflict(sure[candidate], node):
                    self._decide(sure[candidate], node, Outcome.PROPOSED, "undecided", 1 / len(chain.candidates))

    def namesakes(self) -> None:
        """Record that people of one surname are several, and that a person is not the place or body with that name."""
        decided = {frozenset((self.clusters.root(pair.left), self.clusters.root(pair.right))) for pair in self.pairs}
        surnames: dict[str, set[Node]] = defaultdict(set)
        for node, chain in self._people(full=True):
            surnames[skeleton(tokens(chain.name)[-1])].add(self.clusters.root(node))
        things: dict[str, set[Node]] = defaultdict(set)
        for node, chain in self.chains.items():
            if chain.kind in (Kind.PLACE, Kind.ORGANIZATION):
                things[slug(chain.name)].add(self.clusters.root(node))
        for members in (sorted(found) for _, found in sorted(surnames.items()) if len(found) <= NAMESAKES):
            pairs = [(a, b, "other-first-name") for a, b in combinations(members, 2)]
            pairs += [(a, b, "other-kind") for a in members for b in sorted(things.get(slug(self.chains[a].name.split()[-1]), ()))]
            for a, b, rule in pairs:
                alike = similarity(self.chains[a].name, self.chains[b].name)
                if frozenset((a, b)) not in decided and (alike < PROPOSE or rule == "other-kind"):
                    self._decide(a, b, Outcome.REJECTED, rule, alike)

    # ------------------------------------------------------------ steps of the rules

    def _joined(self, node: Node, roots: Sequence[Node], rule: str) -> bool:
        """Join a node with the likeliest of the clusters that bear its name; record the likeliest where it is none of them."""
        person = self.chains[node].kind is Kind.PERSON
        weighed = [(self._weighed(1.0, root, node) if person else (), root) for root in roots]
        weighed.sort(key=lambda row: (-_sum(row[0]), row[1]))
        first: tuple[Outcome, str, Features, Node] | None = None
        for evidence, root in weighed:
            if self.clusters.root(root) == self.clusters.root(node):
                return True
            score = _sum(evidence) if person else 1.0
            why = self._join(root, node) if score >= ACCEPT else self.clusters.conflict(root, node)
            if not why and score >= ACCEPT:
                self._decide(root, node, Outcome.ACCEPTED, rule, score, evidence if len(evidence) > 1 else ())
                return True
            first = first or (Outcome.REJECTED if why else Outcome.PROPOSED, why or f"{rule}-doubtful", evidence, root)
        if first:
            outcome, why, evidence, root = first
            self._decide(root, node, outcome, why, _sum(evidence) if person else 1.0, evidence)
        return False

    def _join(self, left: Node, right: Node, *, whatever_slots_say: bool = False) -> str:
        """Join two clusters and what is known of them, or return why they cannot be one."""
        a, b = sorted((self.clusters.root(left), self.clusters.root(right)))
        why = self.clusters.join(a, b, whatever_slots_say=whatever_slots_say)
        if not why and a != b and b in self._subjects:
            self._subjects.setdefault(a, Subject()).absorb(self._subjects.pop(b))
        return why

    def _weighed(self, name: float, left: Node, right: Node) -> Features:
        return features(name, self._told(left), self._told(right))

    def _told(self, node: Node) -> Subject:
        """Return what is known of a node's cluster: nothing but of people."""
        return self._subjects.get(self.clusters.root(node)) or Subject()

    def _decide(
        self, a: Node, b: Node, outcome: Outcome, rule: str, score: float, weighed: Features = (), *, by: str = "", at: str = ""
    ) -> None:
        """Record a decision, unless it only repeats what a person told."""
        if rule == "told-apart" and not by:
            return
        left, right = sorted((a, b))
        self.pairs.append(Pair(left, right, outcome, rule, round(score, 4), weighed, by, at))

    def _people(self, *, full: bool) -> Iterator[tuple[Node, Chain]]:
        return ((n, c) for n, c in self.chains.items() if c.kind is Kind.PERSON and is_full(c.name) is full)

    def _bearers(self, kind: Kind, *, full: bool) -> dict[str, list[Node]]:
        """Return name → a node of each cluster that bears it."""
        found: dict[str, dict[Node, Node]] = defaultdict(dict)
        for node, chain in self.chains.items():
            if chain.kind is kind and is_full(chain.name) is full:
                found[chain.name].setdefault(self.clusters.root(node), node)
        return {name: list(nodes.values()) for name, nodes in found.items()}


def _slots(node: Node, bearer: Bearer) -> dict[str, str]:
    """Return what a chain can have only one of."""
    chain = bearer.chain
    apart = chain.kind is Kind.PERSON and is_full(chain.name)
    return slots_of(
        (
            ("kind", chain.kind),
            ("gender", chain.gender),
            ("id", bearer.told or chain.known),
            ("legal-form", "+".join(sorted(parse(chain.name).legal)) if chain.kind is Kind.ORGANIZATION else None),
            (f"in {node[0]}", str(node[1]) if apart else None),
        )
    )


def _sum(weighed: Features) -> float:
    """Return what features add up to, at most 1."""
    return max(0.0, min(1.0, sum(value for _, value in weighed)))


def _sound_alike(left: str, right: str) -> bool:
    """Tell whether two full names can be spellings of one, however close they are as letters.

    Every word of the shorter sounds like one of the longer (Ivana is not Ivanka), none is the other's form for the other sex (Simone,
    Petrova), and where one has more words these stand in the middle (Ana Maria Reyes, but not Ana Reyes Duarte).
    """
    few, many = sorted((tokens(left), tokens(right)), key=len)
    sounds = {consonant_key(token): token for token in many}
    pairs = [(token, sounds.get(consonant_key(token))) for token in few]
    if any(other is None for _, other in pairs):
        return False
    if any(other is not None and _other_sex(token, other, first=token == few[0]) for token, other in pairs):
        return False
    return len(few) == len(many) or {pairs[0][1], pairs[-1][1]} == {many[0], many[-1]}


def _other_sex(one: str, other: str, *, first: bool) -> bool:
    """Tell whether two words differ as the names of men and women do: Daniel and Danielle, Mario and Maria, Petrov and Petrova."""
    stems = [_GENDERED.fullmatch(_DOUBLED.sub(r"\1", word)) for word in (one, other)]
    (stem, end), (other_stem, other_end) = (match.groups() if match else ("", "") for match in stems)
    if stem != other_stem or end == other_end:
        return False
    return first or {end, other_end} == {"", "a"}


def _long_forms(chains: Iterable[Chain]) -> dict[str, str]:
    """Return acronym → the one long form that the documents teach for it; an acronym of two things is left out."""
    taught: dict[str, set[str]] = defaultdict(set)
    for chain in chains:
        for acronym in chain.acronyms:
            taught[bare(acronym)].add(bare(chain.name))
    return {acronym: names.pop() for acronym, names in taught.items() if len(names) == 1}
