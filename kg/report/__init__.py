"""A collection as a digest that an editor can read: who claims what, how figures stand to each other, what was not decided.

Here is what is told, read from a graph by the queries in ``ontology/questions/report``. ``telling`` puts it into words,
``chart`` draws the figures, ``html`` and ``markdown`` write it down.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from kg.query import overview, rows
from kg.records import Actor, Article, Overview, Said, Span
from kg.store import Store

GREW, AGREE, DIFFER = "update", "agreement", "conflict"
DENIED, SILENT, UNHEARD = "denial", "no-answer", "not-heard"
VERBATIM, REWORDED = "same-words", "reworded"
SHARES = ("share-fits", "share-differs")
"""Values of ``kg:finding``."""

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Passage:
    """Where something stands in an article.

    Attributes:
        fragment: Of the interactive page, where it is shown: the end of the statement's IRI, ``statement/{key}-{start}-{end}``, or
            for what no statement holds ``doc/{key}/char={start},{end}``.
    """

    article: Article
    spans: tuple[Span, ...]
    fragment: str

    @property
    def words(self) -> str:
        """Return its characters, the stretches joined by `` … ``."""
        return " … ".join(span.of(self.article.text) for span in self.spans)

    def around(self, room: int) -> tuple[str, str, str]:
        """Return the characters of the first stretch, with at most ``room`` of its line before and behind it, cut at blanks."""
        text, span = self.article.text, self.spans[0]
        before = text[max(0, span.start - room) : span.start].rpartition("\n")[2]
        after = text[span.end : span.end + room].partition("\n")[0]
        if len(before) == room:
            before = f"… {before.partition(' ')[2]}"
        if len(after) == room:
            after = f"{after.rpartition(' ')[0]} …"
        return before, span.of(text), after


@dataclass(frozen=True, slots=True)
class Claim:
    """A figure that an article has, and who claims it.

    Attributes:
        words: The number as it stands.
        value, low, high: As in ``records.Figure``.
        counted: The words that say what is counted.
        said: The innermost statement that holds it; ``None`` where the article says it in its own voice.
        speaker: Who says it, where that is decided.
        as_of: As of when it holds, in EDTF; empty where nothing tells.
        basis: What tells it: ``text``, ``said`` (the day of the statement), ``published`` (the day of the article) or nothing.
    """

    iri: str
    words: str
    value: float | None
    low: float | None
    high: float | None
    modifier: str
    unit: str
    counted: str
    said: Said | None
    speaker: Actor | None
    as_of: str
    basis: str
    passage: Passage

    @property
    def number(self) -> float:
        """Return the number to sort by: the value, else the lower bound, else the upper."""
        return next((n for n in (self.value, self.low, self.high) if n is not None), 0.0)

    @property
    def day(self) -> date | None:
        """Return the first day of what ``as_of`` tells; ``None`` where it tells none that a calendar has."""
        found = re.match(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", self.as_of, re.ASCII)
        try:
            return date(int(found[1]), int(found[2] or 1), int(found[3] or 1)) if found else None
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that follows from its evidence; the later figure, the answer or the repetition first, where there are two."""

    kind: str
    rule: str
    note: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ledger:
    """All figures of one quantity.

    Attributes:
        cumulative: It can only grow.
        claims: Those of which no time is told first, then by time, number and IRI.
        findings: How they stand to each other.
    """

    label: str
    unit: str
    cumulative: bool
    claims: tuple[Claim, ...]
    findings: tuple[Finding, ...]

    @property
    def disputed(self) -> bool:
        """Tell whether two of the figures cannot both hold."""
        return any(finding.kind == DIFFER for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Doubtful:
    """Something that was seen and not decided.

    Attributes:
        why: The reason; for a time what kind it is.
    """

    passage: Passage
    why: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """Two names that may be one, or a name that may be an entry of a gazetteer or service.

    Attributes:
        places: It is about a place.
        passages: Where the names stand.
    """

    left: str
    right: str
    rule: str
    score: float
    places: bool
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Digest:
    """Everything that a report tells of a graph.

    Attributes:
        ledgers: Quantities with at least two figures: the disputed ones first, then those with findings, then by number of figures.
        others: Figures of no such quantity, by article and place.
        findings: What is no ledger's: answers to accusations, repeated quotations, shares without a ledger; by kind and evidence.
        charges: IRI of a statement → where it stands what somebody is accused of.
        unsure: IRI of a statement → the rule that found a speaker who is not certain.
        doubts, times: By article and place.
        proposals: The most likely first.
        runs: (version of newskg, model, digest of the data), sorted.
    """

    overview: Overview
    ledgers: tuple[Ledger, ...] = ()
    others: tuple[Claim, ...] = ()
    findings: tuple[Finding, ...] = ()
    charges: Mapping[str, Passage] = field(default_factory=lambda: MappingProxyType({}))
    unsure: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    doubts: tuple[Doubtful, ...] = ()
    times: tuple[Doubtful, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    runs: tuple[tuple[str, str, str], ...] = ()


def digest(store: Store, texts: Mapping[str, str]) -> Digest:
    """Return what there is to tell of a graph; the same graph gives the same digest.

    Args:
        store: The open store.
        texts: Document key → text of the article; the graph holds none.

    Raises:
        QueryError: The text of an article is missing.
    """
    told = overview(store, texts)
    articles = {article.iri: article for article in told.articles}
    claims = _claims(store, told, articles)
    known = {said.iri for said in told.statements} | {claim.iri for members in claims.values() for claim in members}
    findings = tuple(finding for finding in _findings(store) if known.issuperset(finding.evidence) and _is_whole(finding))
    ledgers, others = _ledgers(store, claims, findings)
    kept = {finding for ledger in ledgers for finding in ledger.findings}
    charges = _spans(rows(store, "report/charges"), "statement")
    return Digest(
        overview=told,
        ledgers=ledgers,
        others=others,
        findings=tuple(finding for finding in findings if finding not in kept and finding.kind not in (GREW, AGREE, DIFFER)),
        charges={
            said.iri: Passage(articles[said.article], charges[said.iri], fragment(said.iri))
            for said in told.statements
            if said.iri in charges
        },
        unsure={row["statement"]: row["rule"] for row in _sorted(rows(store, "report/uncertain"))},
        doubts=_doubtful(rows(store, "report/doubts"), articles, "why"),
        times=_doubtful(rows(store, "report/times"), articles, "kind"),
        proposals=tuple(_proposals(store, articles)),
        runs=tuple(sorted({(row["version"], row["model"], row["data"]) for row in rows(store, "report/runs")})),
    )


def fragment(iri: str) -> str:
    """Return the end of an IRI, its kind and key, by which the interactive page knows it: ``statement/...``, ``actor/...``, ``doc/...``."""
    return "/".join(iri.rsplit("/", 2)[-2:])


def _at(article: Article, spans: tuple[Span, ...]) -> Passage:
    return Passage(article, spans, f"{fragment(article.iri)}/char={spans[0].start},{spans[-1].end}")


def _sorted(found: Iterable[Row]) -> list[Row]:
    return sorted(found, key=lambda row: sorted(row.items()))


def _spans(found: Iterable[Row], key: str) -> dict[str, tuple[Span, ...]]:
    """Return the sorted spans of each subject."""
    spans: dict[str, set[Span]] = defaultdict(set)
    for row in found:
        spans[row[key]].add(Span(int(row["start"]), int(row["end"])))
    return {subject: tuple(sorted(some)) for subject, some in spans.items()}


# ---------------------------------------------------------------- figures


def _claims(store: Store, told: Overview, articles: Mapping[str, Article]) -> dict[str, list[Claim]]:
    """Return the figures by the IRI of what they measure; those of nothing in particular under the empty text."""
    statements = {said.iri: said for said in told.statements}
    actors = {actor.iri: actor for actor in told.actors}
    counted = _spans(rows(store, "report/counted"), "figure")
    found: dict[str, list[Claim]] = defaultdict(list)
    seen: set[str] = set()
    for row in _sorted(rows(store, "report/figures")):
        if row["figure"] in seen:
            continue
        seen.add(row["figure"])
        article, said = articles[row["article"]], statements.get(row.get("statement", ""))
        span = Span(int(row["start"]), int(row["end"]))
        as_of, basis = _when(row.get("asOf", ""), said, article)
        claim = Claim(
            iri=row["figure"],
            words=span.of(article.text),
            value=_number(row.get("value")),
            low=_number(row.get("low")),
            high=_number(row.get("high")),
            modifier=row["modifier"],
            unit=row.get("unit", ""),
            counted=" … ".join(part.of(article.text) for part in counted.get(row["figure"], ())),
            said=said,
            speaker=actors.get(said.speaker or "") if said else None,
            as_of=as_of,
            basis=basis,
            passage=Passage(article, (span,), fragment(said.iri)) if said else _at(article, (span,)),
        )
        found[row.get("quantity", "")].append(claim)
    return found


def _number(text: str | None) -> float | None:
    return None if text is None else float(text)


def _when(told: str, said: Said | None, article: Article) -> tuple[str, str]:
    """Return as of when a figure holds and what tells it, as ``kg.ledgers`` takes it: the text, else the statement, else the article."""
    days = ((told, "text"), ((said and said.date) or "", "said"), (article.date or "", "published"))
    return next(((day, basis) for day, basis in days if re.match(r"\d{4}", day, re.ASCII)), ("", ""))


def _ledgers(store: Store, claims: Mapping[str, list[Claim]], findings: Iterable[Finding]) -> tuple[tuple[Ledger, ...], tuple[Claim, ...]]:
    """Return the quantities with at least two figures, and all other figures."""
    quantities = {row["quantity"]: row for row in reversed(_sorted(rows(store, "report/quantities")))}
    some = {iri: claims[iri] for iri in sorted(quantities) if len(claims.get(iri, ())) > 1}
    home = {claim.iri: iri for iri, members in some.items() for claim in members}
    own: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        homes = sorted(
            {home[part] for part in finding.evidence if part in home}, key=lambda iri: (quantities[iri]["unit"] != "percent", iri)
        )
        if homes:
            own[homes[0]].append(finding)
    ledgers = [
        Ledger(
            label=quantities[iri]["label"],
            unit=quantities[iri]["unit"],
            cumulative=quantities[iri]["cumulative"] == "true",
            claims=tuple(sorted(members, key=_by_time)),
            findings=tuple(own[iri]),
        )
        for iri, members in some.items()
    ]
    alone = [claim for iri, members in claims.items() if iri not in some for claim in members]
    ordered = sorted(ledgers, key=lambda ledger: (not ledger.disputed, not ledger.findings, -len(ledger.claims), ledger.label))
    return tuple(ordered), tuple(sorted(alone, key=lambda claim: _by_place(claim.passage)))


def _by_time(claim: Claim) -> tuple[bool, str, float, str]:
    return claim.day is not None, claim.as_of if claim.day else "", claim.number, claim.iri


def _by_place(passage: Passage) -> tuple[str, str, tuple[Span, ...]]:
    return passage.article.id, passage.article.key, passage.spans


# ---------------------------------------------------------------- what follows, what is open


def _findings(store: Store) -> Iterator[Finding]:
    """Yield the findings by kind and evidence; of two pieces of evidence that first which the graph sets against the other."""
    later = {(row["one"], row["other"]) for row in rows(store, "report/edges")}
    found: dict[str, tuple[Row, set[str]]] = {}
    for row in _sorted(rows(store, "report/findings")):
        found.setdefault(row["finding"], (row, set()))[1].add(row["evidence"])
    made = []
    for row, parts in found.values():
        evidence = tuple(sorted(parts, key=lambda part: (not any((part, other) in later for other in parts), part)))
        made.append(Finding(row["kind"], row["rule"], row["note"], evidence))
    yield from sorted(made, key=lambda finding: (finding.kind, finding.evidence, finding.note))


def _is_whole(finding: Finding) -> bool:
    """Tell whether a finding has all its evidence: two pieces where it sets one against another."""
    return finding.kind in (*SHARES, SILENT, UNHEARD) or len(finding.evidence) == 2


def _doubtful(found: Iterable[Row], articles: Mapping[str, Article], why: str) -> tuple[Doubtful, ...]:
    doubts = {Doubtful(_at(articles[row["article"]], (Span(int(row["start"]), int(row["end"])),)), row[why]) for row in found}
    return tuple(sorted(doubts, key=lambda doubt: (*_by_place(doubt.passage), doubt.why)))


def _proposals(store: Store, articles: Mapping[str, Article]) -> Iterator[Proposal]:
    """Yield what may be one, the most likely first."""
    found: dict[str, tuple[Row, set[Passage]]] = {}
    for row in _sorted(rows(store, "report/proposals")):
        passages = found.setdefault(row["decision"], (row, set()))[1]
        if row.get("article") in articles:
            passages.add(_at(articles[row["article"]], (Span(int(row["start"]), int(row["end"])),)))
    for row, passages in sorted(found.values(), key=lambda pair: (-float(pair[0]["score"]), pair[0]["left"], pair[0]["right"])):
        yield Proposal(
            left=re.sub(r" @[0-9a-f]{16}$", "", row["left"]),
            right=re.sub(r" @[0-9a-f]{16}$", "", row["right"]),
            rule=row["rule"],
            score=float(row["score"]),
            places=row["place"] == "true",
            passages=tuple(sorted(passages, key=_by_place)),
        )
