"""Records said in RDF quads: one named graph a document, one for the entities, one for the runs.

Everything here is a pure function of its arguments. Nodes are named, and literals are in the canonical form.
"""

from kg.triples.decisions import correction_key, correction_quads
from kg.triples.documents import document_quads
from kg.triples.entities import authority_quads, changed_entity_quads, entity_quads
from kg.triples.inferred import changed_quads, evidence_paths, inferred_quads
from kg.triples.names import entity_iri, external, figure_iri, statement_iris
from kg.triples.page import CONTEXT
from kg.triples.runs import run_iri, run_quads
from kg.triples.statements import ELLIPSIS
from kg.triples.tables import changed_table_quads, table_quads

__all__ = [
    "CONTEXT",
    "ELLIPSIS",
    "authority_quads",
    "changed_entity_quads",
    "changed_quads",
    "changed_table_quads",
    "correction_key",
    "correction_quads",
    "document_quads",
    "entity_iri",
    "entity_quads",
    "evidence_paths",
    "external",
    "figure_iri",
    "inferred_quads",
    "run_iri",
    "run_quads",
    "statement_iris",
    "table_quads",
]
