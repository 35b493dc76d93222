"""What follows from a collection when its statements and figures are laid side by side, each finding with its evidence.

Figures of one quantity over time, where an update is told from a conflict; shares against their base; accusations and who denied them,
was silent or was not heard; one quotation in several articles. Nothing here says what is true: a conflict is between claims.

A ``Ledger`` grows with its collection: what a document tells (``told``) is entered, and only what it touches is weighed again.
"""

import sqlite3
from contextlib import closing

from kg.ledgers.judging import SPREAD
from kg.ledgers.keeping import Ledger
from kg.ledgers.records import Alike, Changes, Evidence, Finding, Kind, Ledgers, Quantity
from kg.ledgers.telling import Counted, Paths, Saying, Told, told
from kg.records import Collection, Extraction
from kg.records import Kind as EntityKind

__all__ = [
    "SPREAD",
    "Alike",
    "Changes",
    "Counted",
    "Evidence",
    "Finding",
    "Kind",
    "Ledger",
    "Ledgers",
    "Paths",
    "Quantity",
    "Saying",
    "Told",
    "ledgers",
    "told",
]


def ledgers(collection: Collection, alike: Alike | None = None) -> Ledgers:
    """Return what follows from a collection; the same whatever the order of its documents.

    Args:
        collection: Resolved documents.
        alike: Compares meanings, for quotations told in other words; without it only those told in the same are found.
    """
    by_slug = {entity.slug: entity.path for entity in collection.entities if entity.kind is not EntityKind.PLACE}
    acts_for = {entity.path: by_slug.get(entity.acts_for) for entity in collection.entities if entity.acts_for}
    with closing(sqlite3.connect(":memory:")) as database:
        return Ledger(database, alike).update((), (_told(collection, e) for e in collection.extractions), acts_for.get).came


def _told(collection: Collection, extraction: Extraction) -> Told:
    key = extraction.document.key
    return told(
        extraction,
        lambda voice: collection.entity_of(key, voice),
        lambda chain: collection.entities[collection.refers[key, chain]],
        originals=collection.originals_of(key),
    )
