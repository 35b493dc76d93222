"""The graph on disk: generations of a database, read by many while one writes the next; files of other formats.

Alone in touching pyoxigraph; everything that goes in or comes out is a term of ``vocab``. A reader sees one published generation, whole,
as long as it has it open. A writer makes a ``Draft`` of the next, finishes it and publishes it: ``generations`` tells how.
"""

from kg.store.database import Store
from kg.store.draft import Draft, rewrite
from kg.store.files import drop_texts, format_of, keep_texts, kept_text, kept_texts, parse, write
from kg.store.generations import finished, following, publish, published
from kg.store.locks import building
from kg.store.serializing import Format, turtle
from kg.store.terms import Answer, Blank, Table, Triples, Value

__all__ = [
    "Answer",
    "Blank",
    "Draft",
    "Format",
    "Store",
    "Table",
    "Triples",
    "Value",
    "building",
    "drop_texts",
    "finished",
    "following",
    "format_of",
    "keep_texts",
    "kept_text",
    "kept_texts",
    "parse",
    "publish",
    "published",
    "rewrite",
    "turtle",
    "write",
]
