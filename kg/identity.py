"""What a graph knows of one identity: its names, articles, posts and ids, and every decision that made it or left it open."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kg.errors import QueryError
from kg.query import rows
from kg.resolve.names import similarity
from kg.store import Store
from kg.vocab import BASE, KG, OWL, SKOS, WGS, Iri, slug

ALIKE = 0.6
"""From this likeness on a name is offered where none is found."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A decision as the graph tells it.

    Attributes:
        outcome: ``accepted``, ``proposed`` or ``rejected``.
        left, right: What was compared: names with their documents, or an entry with its id.
        weighed: Features as ``name=value``, sorted.
        by: Who decided, where a person or a service did; ``at``: when.
    """

    outcome: str
    left: str
    right: str
    rule: str
    score: float
    weighed: tuple[str, ...] = ()
    by: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class Identity:
    """Everything about one entity.

    Attributes:
        written: (name as written, article, its date or ``""``, how often), by article.
        posts: (role as worded, body or ``""``, date or ``""``, article), by date.
        ids: IRIs that are certain; ``maybe``: that are proposed; ``not_``: entities that are known to be others.
        verdicts: Accepted first, then proposed, then rejected.
    """

    iri: str
    name: str
    kind: str
    source: str
    country: str
    aliases: tuple[str, ...]
    acts_for: str
    point: tuple[str, str] | None
    ids: tuple[str, ...]
    maybe: tuple[str, ...]
    not_: tuple[str, ...]
    written: tuple[tuple[str, str, str, int], ...]
    posts: tuple[tuple[str, str, str, str], ...]
    verdicts: tuple[Verdict, ...]


def identities(store: Store, name: str, *, base: str = BASE) -> tuple[Identity, ...]:
    """Return every entity that bears a name, sorted by IRI.

    Args:
        store: The open store.
        name: See ``named``; an IRI, too.
        base: Namespace of the data.

    Raises:
        QueryError: Nothing bears it; names that are close stand in the message.
    """
    labels: dict[str, set[str]] = defaultdict(set)
    for row in rows(store, "identity/labels"):
        labels[row["entity"].removeprefix(base)].add(row["label"])
    return tuple(_identity(store, Iri(f"{base}{path}")) for path in named(name.removeprefix(base), labels))


def named(name: str, labels: Mapping[str, Iterable[str]]) -> list[str]:
    """Return what bears a name, sorted: by its path, else by a whole name, else by words of one; without regard to case and accents.

    Args:
        name: A name or a path (``actor/ana-reyes``, ``actor:ana-reyes``).
        labels: Path → names.

    Raises:
        QueryError: Nothing bears it; names that are close stand in the message.
    """
    words = set(slug(name).split("-"))
    found = (
        [path for path in labels if path in (name, name.replace(":", "/", 1))]
        or [path for path, given in labels.items() if slug(name) in map(slug, given)]
        or [path for path, given in labels.items() if any(words <= set(slug(label).split("-")) for label in given)]
    )
    if not found:
        close = _close(name, {label for given in labels.values() for label in given})
        mend = f"Did you mean {', '.join(close)}?" if close else "`kg query` lists names: SELECT ?name WHERE { ?x skos:prefLabel ?name }"
        raise QueryError(f"nothing in the graph is called {name!r}", mend)
    return sorted(found)


def _close(name: str, labels: Iterable[str]) -> list[str]:
    scored = sorted((-similarity(name, label), label) for label in labels)
    return [label for minus, label in scored[:5] if -minus >= ALIKE]


def _identity(store: Store, iri: Iri) -> Identity:
    facts: dict[str, list[str]] = defaultdict(list)
    for row in sorted(rows(store, "identity/facts", entity=iri), key=lambda row: row["value"]):
        facts[row["property"]].append(row["value"])

    def one(term: Iri) -> str:
        return next(iter(facts[term]), "")

    written = [(r["written"], r["article"], r.get("date", ""), int(r["times"])) for r in rows(store, "identity/articles", entity=iri)]
    posts = {(r["role"], r.get("body", ""), r.get("date", ""), r["article"]) for r in rows(store, "identity/posts", entity=iri)}
    return Identity(
        iri=iri,
        name=one(SKOS.prefLabel),
        kind=one(KG.kind).removeprefix(KG.base),
        source=one(KG.identitySource),
        country=one(KG.country),
        aliases=tuple(facts[SKOS.altLabel]),
        acts_for=one(KG.actsFor),
        point=(one(WGS.lat), one(WGS.long)) if one(WGS.lat) else None,
        ids=tuple(facts[SKOS.exactMatch]),
        maybe=tuple(facts[SKOS.closeMatch]),
        not_=tuple(facts[OWL.differentFrom]),
        written=tuple(sorted(written, key=lambda row: (row[1], -row[3], row[0]))),
        posts=tuple(sorted(posts, key=lambda row: (row[2], row[3], row[0]))),
        verdicts=_verdicts(store, iri),
    )


def _verdicts(store: Store, iri: Iri) -> tuple[Verdict, ...]:
    told: dict[str, dict[str, str]] = {}
    weighed: dict[str, set[str]] = defaultdict(set)
    for row in rows(store, "identity/decisions", entity=iri):
        told[row["decision"]] = row
        if "feature" in row:
            weighed[row["decision"]].add(row["feature"])
    verdicts = (
        Verdict(
            outcome=row["outcome"].removeprefix(KG.base),
            left=row["left"],
            right=row["right"],
            rule=row["rule"],
            score=float(row["score"]),
            weighed=tuple(sorted(weighed[decision])),
            by=row.get("by", ""),
            at=row.get("at", ""),
        )
        for decision, row in told.items()
    )
    return tuple(sorted(verdicts, key=lambda v: (v.outcome, v.left, v.right, v.rule)))
