"""What the page can tell of each article, name, statement and figure: plain texts and numbers, ready for JSON.

JavaScript counts UTF-16 units and our offsets are code points: the page gets both, the former to slice by, the latter to show to people.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from kg import vocab
from kg.analyse import Measure, measures, speech_graph
from kg.records import Actor, Article, Claim, Overview, Quantity, Said, Span
from kg.render.acts import SAYS, acts
from kg.render.outline import outline
from kg.render.picture import clipped, kind_of

OPENING = 70
"""Characters of its text that stand for an article without a title."""

EXACT = 1_500
"""Up to so many linked names betweenness is exact; beyond that it follows the ways from ``SAMPLE`` of them."""
SAMPLE = 100

Told = dict[str, Any]
Units = Callable[[Iterable[Span]], list[list[int]]]
"""Spans of a text → the same as UTF-16 units."""

FINDINGS = (("conflict", "conflict"), ("update", "growing"), ("agreement", "agreement"))
"""A kind of finding, and what a quantity is called in which there is one; what is told first counts."""


def telling(overview: Overview, whole: Overview | None = None) -> Told:
    """Return ``articles``, ``actors``, ``statements``, ``quantities``, ``acts`` and ``outline`` in the order of the overview.

    Where one points at another, it names the position in its list. Nulls, empty lists and texts, zeros and ``False`` are left out. All
    texts are shown as text only.

    Args:
        overview: What the page holds.
        whole: What it is taken from, by which names are measured; then ``partial`` counts the statements and names of that.
    """
    at = _Positions(overview)
    units = [utf16(article.text) for article in overview.articles]
    places = [(actor.latitude, actor.longitude) for actor in overview.actors if actor.latitude is not None and actor.longitude is not None]
    partial = whole is not None and whole is not overview
    return _filled(
        {
            "articles": [_filled(_article(article)) for article in overview.articles],
            "actors": _actors(overview, whole or overview, at),
            "statements": [
                _filled(
                    _statement(said, units[at.articles[said.article]]) | _pointers(said, at) | {"elsewhere": _elsewhere(said, at, units)}
                )
                for said in overview.statements
            ],
            "quantities": [_quantity(quantity, overview, at, units) for quantity in overview.quantities],
            "acts": _acts(overview.statements),
            "outline": outline(places),
            "partial": {"statements": len(whole.statements), "names": len(whole.actors)} if whole and partial else None,
        }
    )


class _Positions:
    """Where the things of an overview stand in its lists, by IRI."""

    def __init__(self, overview: Overview) -> None:
        self.articles = {article.iri: index for index, article in enumerate(overview.articles)}
        self.actors = {actor.iri: index for index, actor in enumerate(overview.actors)}
        self.statements = {said.iri: index for index, said in enumerate(overview.statements)}

    def actor(self, iri: str | None) -> int | None:
        return self.actors.get(iri) if iri else None

    def statement(self, iri: str | None) -> int | None:
        return self.statements.get(iri) if iri else None


def _filled(told: Told) -> Told:
    """Return what is not null, empty, zero or false; a position of 0 stays."""
    return {key: value for key, value in told.items() if value or (value == 0 and type(value) is int)}


# ---------------------------------------------------------------- articles, names


def _article(article: Article) -> Told:
    opening = article.text.strip().removeprefix(f"date {article.date}")
    return {
        "id": article.id,
        "iri": article.iri,
        "name": article.title or f"“{clipped(opening[: 4 * OPENING], OPENING)}”",
        "title": article.title,
        "publisher": article.publisher,
        "date": article.date,
        "language": article.language,
        "url": _link(article.url) if article.url else None,
        "text": article.text,
    }


def _actors(overview: Overview, whole: Overview, at: _Positions) -> list[Told]:
    roles: defaultdict[str, set[str]] = defaultdict(set)
    for said in overview.statements:
        if said.speaker and said.role:
            roles[said.speaker].add(said.role)
    graph = speech_graph(whole)
    measured = {row.iri: row for row in measures(graph, sample=SAMPLE if len(graph) > EXACT else None)}
    made = Counter(said.speaker for said in whole.statements if said.speaker)
    sides = _sides(overview)
    return [
        _filled(
            _actor(actor)
            | {
                "roles": sorted(roles[actor.iri]),
                "actsFor": at.actor(actor.acts_for),
                "side": at.actor(sides.get(actor.iri)),
                "measures": _filled(_measures(measured[actor.iri], made[actor.iri])),
                "community": measured[actor.iri].community,
            }
        )
        for actor in overview.actors
    ]


def _actor(actor: Actor) -> Told:
    return {
        "iri": actor.iri,
        "name": actor.name,
        "kind": kind_of(actor),
        "aliases": list(actor.aliases),
        "where": [actor.latitude, actor.longitude] if actor.latitude is not None and actor.longitude is not None else None,
        "links": [_link(link) for link in actor.links],
        "mentions": actor.mentions or None,
    }


def _measures(measure: Measure, statements: int) -> Told:
    return {
        "statements": statements or None,
        "spoken_of": measure.in_strength or None,
        "degree": measure.degree or None,
        "pagerank": round(measure.pagerank, 6),
        "betweenness": round(measure.betweenness, 6),
    }


def _sides(overview: Overview) -> dict[str, str]:
    """Return for whom actors speak in the end: who acts for somebody, the last of that chain; a government and who acts for nobody, itself.

    Those who act for nobody, and for whom nobody acts, have no side, unless they are a government. In a ring of actors each is the side of
    who comes before it.
    """
    acts_for = {actor.iri: actor.acts_for for actor in overview.actors if actor.acts_for}
    sides = {actor.iri: actor.iri for actor in overview.actors if actor.kind == "government" or actor.iri in set(acts_for.values())}
    for iri in acts_for:
        end, seen = iri, {iri}
        while (after := acts_for.get(end)) and after not in seen:
            end = after
            seen.add(end)
        sides[iri] = end
    return sides


def _link(iri: str) -> dict[str, str]:
    """Return the words for an address, and where a click leads: only ``https``, for all others nowhere."""
    for name, form, human in (
        ("GeoNames", vocab.GEONAMES, "https://www.geonames.org/{}"),
        ("Wikidata", vocab.WIKIDATA, "https://www.wikidata.org/wiki/{}"),
    ):
        front, back = form.split("{}")
        key = iri.removeprefix(front).removesuffix(back)
        if iri == form.format(key) and key.isalnum() and key.isascii():
            return {"text": f"{name} {key}", "href": human.format(key)}
    return {"text": iri, "href": iri} if iri.startswith("https://") else {"text": iri}


# ---------------------------------------------------------------- statements


def _statement(said: Said, units: Units) -> Told:
    content, points = units(said.content), _points(said.content)
    return {
        "iri": said.iri,
        "type": said.type,
        "act": said.act,
        "class": said.kind,
        "interpreted": said.interpreted,
        "role": said.role,
        "date": said.date,
        "dateStatus": said.date_status if said.date_status != "notStated" else None,
        "certainty": round(said.confidence, 2),
        "content": content,
        "cue": units(said.cue),
        "source": units(said.source),
        "offsets": points if points != content else None,
    }


def _pointers(said: Said, at: _Positions) -> Told:
    return {
        "article": at.articles[said.article],
        "speaker": at.actor(said.speaker),
        "behalf": at.actor(said.on_behalf_of),
        "addressee": at.actor(said.addressee),
        "target": at.actor(said.target),
        "place": at.actor(said.place),
        "about": [at.actors[iri] for iri in said.about if iri in at.actors],
        "outer": at.statement(said.nested_in),
        "answers": [at.statements[iri] for iri in said.answers if iri in at.statements],
    }


def _elsewhere(said: Said, at: _Positions, units: list[Units]) -> list[Told]:
    """Return the other articles in which a statement stands, in their order, with its passages there."""
    spans: defaultdict[int, list[Span]] = defaultdict(list)
    for one in said.appearances:
        spans[at.articles[one.article]].append(one.span)
    found = {index: (units[index](there), _points(there)) for index, there in sorted(spans.items())}
    return [
        _filled({"article": index, "content": content, "offsets": points if points != content else None})
        for index, (content, points) in found.items()
    ]


def _acts(statements: Iterable[Said]) -> dict[str, dict[str, str]]:
    """Return name and family of the acts that occur; an act that the ontology has not is called by its key."""
    return {
        key: {"name": acts()[key].name, "family": acts()[key].family} if key in acts() else {"name": key.replace("-", " "), "family": SAYS}
        for key in sorted({said.act for said in statements})
    }


def utf16(text: str) -> Units:
    """Return how to turn spans of a text into UTF-16 units: each character beyond the BMP before an end counts once more."""
    if text.isascii() or max(text) <= "\uffff":
        return _points
    beyond = [index for index, character in enumerate(text) if character > "\uffff"]
    return lambda spans: [[end + bisect_left(beyond, end) for end in (span.start, span.end)] for span in spans]


def _points(spans: Iterable[Span]) -> list[list[int]]:
    return [[span.start, span.end] for span in spans]


# ---------------------------------------------------------------- figures


def _quantity(quantity: Quantity, overview: Overview, at: _Positions, units: list[Units]) -> Told:
    """Return a quantity with its claims, those of which no time is told first, then by time, number and IRI."""
    claims = sorted(quantity.claims, key=_by_time)
    position = {claim.iri: number for number, claim in enumerate(claims)}
    links = [finding for finding in quantity.findings if len(finding.evidence) == 2 and position.keys() >= set(finding.evidence)]
    kinds = {finding.kind for finding in links}
    return _filled(
        {
            "iri": quantity.iri,
            "name": quantity.label,
            "unit": quantity.unit,
            "cumulative": quantity.cumulative,
            "finding": "single" if len(claims) == 1 else next((name for kind, name in FINDINGS if kind in kinds), None),
            "claims": [_claim(claim, quantity.unit, overview, at, units[at.articles[claim.article]]) for claim in claims],
            "links": [
                {"kind": finding.kind, "claims": [position[iri] for iri in finding.evidence], "note": finding.note} for finding in links
            ],
        }
    )


def _by_time(claim: Claim) -> tuple[bool, str, float, str]:
    number = next((n for n in (claim.value, claim.low, claim.high) if n is not None), 0.0)
    return claim.as_of != "", claim.as_of, number, claim.iri


def _claim(claim: Claim, unit: str, overview: Overview, at: _Positions, units: Units) -> Told:
    index = at.articles[claim.article]
    statement = at.statement(claim.statement)
    span, points = units([claim.span]), _points([claim.span])
    told = _filled(
        {
            "unit": claim.unit if claim.unit != unit else None,
            "modifier": claim.modifier,
            "asOf": claim.as_of,
            "asOfStatus": claim.basis,
            "speaker": None if statement is None else at.actor(overview.statements[statement].speaker),
            "statement": statement,
            "article": index,
            "span": span,
            "offsets": points if points != span else None,
            "words": claim.span.of(overview.articles[index].text),
        }
    )
    numbers = {"value": claim.value, "low": claim.low, "high": claim.high}
    return told | {name: _plain(value) for name, value in numbers.items() if value is not None}


def _plain(number: float) -> float:
    """Return a whole number without its point: it is shorter, and JavaScript knows no difference."""
    return int(number) if number.is_integer() else number
