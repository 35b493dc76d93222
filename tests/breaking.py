"""Graphs broken in random ways: triples gone, doubled, moved and changed."""

from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

from kg.vocab import ACT, KG, OA, PROV, RDF, SCHEMA, SKOS, TIME, XSD, Iri, Literal, Quad, Term

ODD: tuple[Term, ...] = (
    Iri("urn:odd"),
    Iri(ACT.base + "sai"),
    *(ACT.deny, KG.Report, KG.stated, KG.person, KG.place, KG.accepted, PROV.Agent, OA.SpecificResource, SKOS.Concept, TIME.Instant),
    *(KG.Statement, KG.Figure, KG.MixedQuotation, SCHEMA.Claim, SCHEMA.Quotation, SCHEMA.NewsArticle, OA.TextQuoteSelector),
    *(Literal(""), Literal("words"), Literal("7"), Literal("words", language="en"), Literal("mots", language="fr"), Literal("x" * 40)),
    *(Literal(text, XSD.integer) for text in ("0", "-1", "7", "07", "seven", "4000")),
    *(Literal(text, XSD.decimal) for text in ("0.5", "1.5", "-0.5", "half", "180.25")),
    *(Literal(text, XSD.date) for text in ("2024-05-03", "2024-05-05", "2024-13-01")),
    *(Literal("2024-05-05T10:00:00", XSD.dateTime), Literal("P30Y", XSD.duration), Literal("true", XSD.boolean), Literal("1", XSD.boolean)),
    *(Literal("2024", XSD.gYear), Literal("https://news.example/", XSD.anyURI), Literal("1.5", XSD.double), Literal("a", Iri("urn:type"))),
)


@dataclass(frozen=True)
class Break:
    """One place where a graph is broken: which triple, in which way, and the place of another triple that lends a part of it."""

    way: str
    at: int
    term: Term | None
    other: int


def breaks() -> st.SearchStrategy[list[Break]]:
    """Return how a graph is broken in one to six places."""
    ways = st.sampled_from(["lose", "change", "double", "move", "relabel", "retype"])
    places = st.integers(0, 9_999)
    return st.lists(st.builds(Break, ways, places, st.none() | st.sampled_from(ODD), places), min_size=1, max_size=6)


def broken(quads: Sequence[Quad], how: Sequence[Break]) -> list[Quad]:
    """Return the quads of a graph after all that has been done to them."""
    found = list(quads)
    for one in how:
        at, lent = one.at % len(found), quads[one.other % len(quads)]
        subject, predicate, value, graph = found[at]
        term = one.term or lent[2]
        match one.way:
            case "lose":
                del found[at]
            case "change":
                found[at] = (subject, predicate, term, graph)
            case "double":
                found.append((subject, predicate, term, graph))
            case "move":
                found[at] = (lent[0], predicate, value, graph)
            case "relabel":
                found[at] = (subject, lent[1], value, graph)
            case _:
                found.append((subject, RDF.type, term if isinstance(term, Iri) else lent[0], graph))
    return found
