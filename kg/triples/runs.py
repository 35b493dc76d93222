"""The runs that read documents."""

from collections.abc import Iterator

from kg.triples.names import digest
from kg.triples.terms import in_graph
from kg.vocab import BASE, KG, PROV, RDF, Iri, Literal, Quad, iri


def run_iri(version: str, model: str, data: str, *, base: str = BASE) -> Iri:
    """Return the IRI of a run: a hash of what its result depends on, so that the same work is the same run.

    Args:
        version: Version of newskg.
        model: Name and version of the language model.
        data: Digest or versions of word lists, gazetteer and authority files.
        base: Namespace of the data.
    """
    return iri("run", digest(version, model, data), base)


def run_quads(version: str, model: str, data: str, *, base: str = BASE) -> Iterator[Quad]:
    """Yield the description of a run for ``graph/runs``; no time of day, so that a second run says the same."""
    run = run_iri(version, model, data, base=base)
    triples = (
        (run, RDF.type, KG.ExtractionRun),
        (run, RDF.type, PROV.Activity),
        (run, KG.toolVersion, Literal(version)),
        (run, KG.model, Literal(model)),
        (run, KG.data, Literal(data)),
    )
    return in_graph(triples, iri("graph", "runs", base))
