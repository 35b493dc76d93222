"""The shapes by the book: a whole SHACL engine over the whole graph, some fifty times slower than ``shapes`` and independent of it."""

import logging
from collections.abc import Iterable

import rdflib
from rdflib.namespace import SH

from kg.validate.facts import Facts
from kg.validate.shapes import SEVERITIES
from kg.validate.violations import Severity, Violation
from kg.vocab import Iri, Quad, ontology_folder


def shapes_report(quads: Iterable[Quad]) -> list[Violation]:
    """Check the union of all graphs against ``ontology/shapes.ttl`` with pyshacl.

    Returns:
        What breaks a shape, sorted; warnings too, told by their severity.
    """
    import pyshacl  # here, since a build that checks its articles has no use for it

    facts = Facts(quads)
    shapes = rdflib.Graph().parse(ontology_folder() / "shapes.ttl")
    quiet = logging.getLogger("kg.shacl")
    data = facts.graph().parse(ontology_folder() / "acts.ttl")  # so that an act can be told from what only looks like one
    _, results, _ = pyshacl.validate(data, shacl_graph=shapes, inplace=True, meta_shacl=False, logger=quiet)
    if not isinstance(results, rdflib.Graph):
        raise TypeError(f"pyshacl gave no graph of results: {results!r}")
    return sorted({_from_result(results, shapes, result, facts) for result in results.subjects(rdflib.RDF.type, SH.ValidationResult)})


def _from_result(results: rdflib.Graph, shapes: rdflib.Graph, result: rdflib.term.Node, facts: Facts) -> Violation:
    node = Iri(str(results.value(result, SH.focusNode)))
    source = results.value(result, SH.sourceShape) or rdflib.BNode()
    severity = results.value(result, SH.resultSeverity)
    value = results.value(result, SH.value)
    return Violation(
        article=facts.article_of(node),
        node=node,
        rule=f"shape.{shapes.value(source, SH.name)}",
        message="; ".join(sorted(str(message) for message in results.objects(result, SH.resultMessage))),
        passage=facts.passage_of(node) if value is None or str(value) == node else str(value),
        severity=SEVERITIES[severity] if isinstance(severity, rdflib.URIRef) else Severity.VIOLATION,
    )
