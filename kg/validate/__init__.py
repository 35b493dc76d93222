"""SHACL shapes and the slice proof over a graph.

The proof needs the texts and nothing else: every span's ``oa:exact`` is what the article has between its offsets, and
every article is the one whose digest the graph names. Both checks take quads, so that a store and an exported file are checked alike.
"""

from kg.validate.proofs import Proof, check_document, differences, ordered, prove_quads, prove_store, shared_names
from kg.validate.slices import slice_proof
from kg.validate.standard import shapes_report
from kg.validate.violations import Severity, Violation, by_rule

__all__ = [
    "Proof",
    "Severity",
    "Violation",
    "by_rule",
    "check_document",
    "differences",
    "ordered",
    "prove_quads",
    "prove_store",
    "shapes_report",
    "shared_names",
    "slice_proof",
]
