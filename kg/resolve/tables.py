"""The tables in which a growing collection is resolved, and how what stands in them is written.

``document`` and ``node`` hold what came in: a node is a chain of a document (number from 0) or a voice without a name (below 0). ``block``
says to which component of blocks a name of a block belongs. ``entity`` and ``outcome`` hold what was decided, by owner: ``draft`` is what
follows from the owner alone, ``fresh`` what follows from all, ``record`` what was told before.
"""

import sqlite3
from collections.abc import Iterable
from typing import Any

import msgspec

LAYOUT = 1
"""Raised when the tables or what stands in them change."""

TABLES = """
CREATE TABLE document (key TEXT PRIMARY KEY, day TEXT, open INTEGER, matter TEXT, company TEXT, year INTEGER, lands TEXT, days TEXT,
    touched INTEGER) WITHOUT ROWID;
CREATE INDEX document_open ON document (open) WHERE open;
CREATE INDEX document_touched ON document (touched) WHERE touched;
CREATE TABLE vote (key TEXT, number INTEGER, name TEXT, kind TEXT, weight INTEGER, guess INTEGER, chain BLOB, PRIMARY KEY (key, number))
    WITHOUT ROWID;
CREATE INDEX vote_name ON vote (name, kind);
CREATE TABLE verdict (name TEXT, kind TEXT, share REAL, key TEXT, number INTEGER, chain BLOB, PRIMARY KEY (name, kind)) WITHOUT ROWID;
CREATE TABLE node (key TEXT, number INTEGER, component INTEGER, kind TEXT, name TEXT, known TEXT, bearer BLOB, named TEXT, path TEXT,
    PRIMARY KEY (key, number)) WITHOUT ROWID;
CREATE INDEX node_component ON node (component);
CREATE INDEX node_named ON node (named);
CREATE INDEX node_known ON node (known) WHERE known IS NOT NULL;
CREATE INDEX node_name ON node (kind, name);
CREATE TABLE component (id INTEGER PRIMARY KEY, size INTEGER);
CREATE TABLE block (name TEXT PRIMARY KEY, component INTEGER) WITHOUT ROWID;
CREATE INDEX block_component ON block (component);
CREATE TABLE sound (kind TEXT, key TEXT, name TEXT, PRIMARY KEY (kind, key, name)) WITHOUT ROWID;
CREATE TABLE frequent (kind TEXT, key TEXT, PRIMARY KEY (kind, key)) WITHOUT ROWID;
CREATE TABLE told (place INTEGER, side TEXT, key TEXT, number INTEGER, PRIMARY KEY (place, side)) WITHOUT ROWID;
CREATE INDEX told_node ON told (key, number);
CREATE TABLE acts (key TEXT, speaker INTEGER, principal INTEGER, times INTEGER, PRIMARY KEY (key, speaker, principal)) WITHOUT ROWID;
CREATE TABLE entity (named TEXT PRIMARY KEY, owner TEXT, place INTEGER, stem TEXT, name TEXT, kind TEXT, unnamed INTEGER, path TEXT,
    authority TEXT, draft BLOB, fresh BLOB, record BLOB) WITHOUT ROWID;
CREATE INDEX entity_owner ON entity (owner);
CREATE INDEX entity_stem ON entity (place, stem);
CREATE INDEX entity_path ON entity (path);
CREATE INDEX entity_authority ON entity (authority) WHERE authority IS NOT NULL;
CREATE TABLE outcome (owner TEXT, draft BLOB, fresh BLOB, record BLOB, accepted INTEGER, proposed INTEGER, rejected INTEGER);
CREATE INDEX outcome_owner ON outcome (owner);
"""

encoded = msgspec.json.Encoder(enc_hook=str).encode  # an Iri is a text


def made(database: sqlite3.Connection) -> sqlite3.Connection:
    """Return a database with the tables in it, made where they are missing."""
    if database.execute("SELECT 1 FROM sqlite_master WHERE name = 'outcome'").fetchone() is None:
        for statement in filter(str.strip, TABLES.split(";")):
            database.execute(statement)
    return database


def lines(words: Iterable[str]) -> str:
    """Return words as one text, sorted; no word holds a line break."""
    return "\n".join(sorted(words))


def words(text: str) -> frozenset[str]:
    """Return the words of ``lines``."""
    return frozenset(filter(None, text.split("\n")))


def one(database: sqlite3.Connection, sql: str, *values: Any) -> Any:
    """Return the first value of the first row, ``None`` where there is none."""
    row = database.execute(sql, values).fetchone()
    return None if row is None else row[0]
