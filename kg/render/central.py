"""Which names matter most, and what a page holds of a graph that is too large for one file."""

from collections import Counter, defaultdict
from dataclasses import replace
from math import fsum, sqrt

from kg.records import Overview, Said

NAMES = 150
"""So many names fit into a picture that can be read."""

STATEMENTS = 50_000
"""A page holds no more: with them it is still usable."""


def parties(said: Said) -> set[str]:
    """Return the IRIs of everybody and everything that a statement touches."""
    return {iri for iri in (said.speaker, said.on_behalf_of, said.addressee, said.target, said.place, *said.about) if iri is not None}


def ranked(overview: Overview) -> tuple[str, ...]:
    """Return the IRIs of all names that are in statements, the most central first.

    A name counts in each article as the square root of the number of statements there that touch it: to be spoken of in many articles
    weighs more than often in one. Ties go to the name in more statements, then to the smaller IRI.
    """
    known = {actor.iri for actor in overview.actors}
    within: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for said in overview.statements:
        for iri in parties(said) & known:
            within[iri][said.article] += 1
    weight = {iri: (round(fsum(sqrt(n) for n in count.values()), 9), count.total()) for iri, count in within.items()}
    return tuple(sorted(weight, key=lambda iri: (-weight[iri][0], -weight[iri][1], iri)))


def selection(overview: Overview, ranks: tuple[str, ...]) -> Overview:
    """Return the overview itself where it has at most ``STATEMENTS`` statements, else what a page can hold of it.

    That is the statements that touch one of the ``NAMES`` most central names, those of the most central first, with the names that they
    touch, those for whom these act, the articles that they stand in, and the figures of these articles.
    """
    if len(overview.statements) <= STATEMENTS:
        return overview
    rank = {iri: number for number, iri in enumerate(ranks[:NAMES])}
    first = [min((rank[iri] for iri in parties(said) if iri in rank), default=NAMES) for said in overview.statements]
    order = sorted((number for number, best in enumerate(first) if best < NAMES), key=lambda number: (first[number], number))
    kept = {overview.statements[number].iri for number in order[:STATEMENTS]}
    statements = tuple(said for said in overview.statements if said.iri in kept)
    articles = {iri for said in statements for iri in (said.article, *(one.article for one in said.appearances))}
    names = {iri for said in statements for iri in parties(said)}
    acts_for = {actor.iri: actor.acts_for for actor in overview.actors}
    ahead = names
    while ahead := {principal for iri in ahead if (principal := acts_for.get(iri))} - names:
        names |= ahead
    return Overview(
        articles=tuple(article for article in overview.articles if article.iri in articles),
        actors=tuple(actor for actor in overview.actors if actor.iri in names),
        statements=statements,
        quantities=tuple(
            replace(quantity, claims=claims)
            for quantity in overview.quantities
            if (claims := tuple(claim for claim in quantity.claims if claim.article in articles))
        ),
    )
