"""Who is named together with whom, and who speaks in which outlet: counted document by document, so that nobody counts when asked.

An article that names more than ``MOST_NAMED`` actors and places, such as a list, joins only those that it names most often, so that the
pairs of an article stay below 1,226 however long it is.
"""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import TypeAlias

import msgspec

from kg.records import Entity, Extraction, Voice

MOST_NAMED = 50
"""So many actors and places of an article are named together, those that it names most often."""
LEAST = 2
"""Articles from which on a pair is told: a pair of one article stands in the graph of that article."""


@dataclass(frozen=True, slots=True)
class Roll:
    """What one resolved document adds to the tables; two that are equal change nothing.

    Attributes:
        document: Its key.
        outlet: Its publisher; empty where nobody told it.
        named: Paths of the actors and places that are named together, sorted.
        heard: (path of a speaker, number of statements), sorted.
    """

    document: str
    outlet: str
    named: tuple[str, ...]
    heard: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Together:
    """Two actors or places, their paths in sort order, and how many articles name both; at least ``LEAST``."""

    one: str
    other: str
    articles: int


@dataclass(frozen=True, slots=True)
class Heard:
    """Who speaks (a path) in an outlet (empty where nobody told it), in how many of its articles, with how many statements."""

    speaker: str
    outlet: str
    articles: int
    statements: int


Row: TypeAlias = Together | Heard


@dataclass(frozen=True, slots=True)
class Change:
    """A row of a table before an update and after it; ``None`` where it is not there."""

    before: Row | None
    after: Row | None


def roll(extraction: Extraction, entity: Callable[[Voice | None], Entity | None], chain: Callable[[int], Entity]) -> Roll:
    """Return what a resolved document adds.

    Speakers are those who have a name: somebody described, not named, is known in one article only.

    Args:
        extraction: The document.
        entity: Who is behind a voice of it.
        chain: The entity of a chain, by its index.
    """
    speakers = filter(None, (entity(said.speaker) for said in extraction.statements))
    heard = Counter(speaker.path for speaker in speakers if not speaker.unnamed)
    outlet = extraction.document.publisher or ""
    return Roll(extraction.document.key, outlet, tuple(sorted(_named(extraction, chain))), tuple(sorted(heard.items())))


def _named(extraction: Extraction, chain: Callable[[int], Entity]) -> Iterable[str]:
    """Return the paths of those who are named most often; of those who are named equally often, who is named first."""
    mentions = sorted((mention, number) for number, link in enumerate(extraction.chains) for mention in link.mentions)
    times = Counter(chain(number).path for _, number in mentions)
    return (path for path, _ in times.most_common(MOST_NAMED))


class Tables:
    """The tables of a collection, in tables of their own (``table_…``) of a database that is given.

    What they hold is the same in whatever order documents came and went. Time goes with the names of what is entered and taken out, and
    nothing is held in memory.

    Args:
        database: Nothing in it is committed here.
    """

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        for statement in _TABLES:
            database.execute(statement)

    def enter(self, roll: Roll) -> None:
        """Count a document; of one that is counted already, this instead."""
        before = self._held(roll.document)
        if roll != before:
            self._leave(before)
            self._database.execute("INSERT INTO table_document VALUES (?, ?)", (roll.document, _ENCODE(roll)))
            self._count(roll, 1)

    def leave(self, document: str) -> None:
        """Count a document no more; nothing happens where it is not counted."""
        self._leave(self._held(document))

    def changes(self) -> Iterator[Change]:
        """Yield each row that is not as it was when last settled, once. Nothing may be entered or taken out meanwhile."""
        for one, other, *counts in self._database.execute(_OPEN_PAIRS):
            yield Change(*(Together(min(one, other), max(one, other), articles) if articles else None for articles in counts))
        for speaker, outlet, *counts in self._database.execute(_OPEN_VOICES):
            yield Change(*(Heard(speaker, outlet, *pair) if pair[0] else None for pair in (counts[:2], counts[2:])))

    def settle(self) -> None:
        """Take the present rows for those that are known."""
        for statement in _SETTLE:
            self._database.execute(statement)

    def _held(self, document: str) -> Roll | None:
        row = self._database.execute("SELECT body FROM table_document WHERE key = ?", (document,)).fetchone()
        return None if row is None else _ROLL.decode(row[0])

    def _leave(self, roll: Roll | None) -> None:
        if roll is not None:
            self._count(roll, -1)
            self._database.execute("DELETE FROM table_document WHERE key = ?", (roll.document,))

    def _count(self, roll: Roll, by: int) -> None:
        """Add a document's counts, or take them away where ``by`` is -1."""
        named = sorted(self._database.execute(_COUNT_NAME, (path, by)).fetchone()[0] for path in roll.named)
        self._database.executemany(_COUNT_PAIR, ((*pair, by) for pair in combinations(named, 2)))
        self._database.executemany(_COUNT_VOICE, ((speaker, roll.outlet, by, by * statements) for speaker, statements in roll.heard))


_ENCODE = msgspec.msgpack.Encoder().encode
_ROLL = msgspec.msgpack.Decoder(Roll)

_TELL = f"iif(articles < {LEAST}, 0, articles)"
"""What is to be told of a pair: nothing of one with too few articles."""
_TABLES = (
    "CREATE TABLE IF NOT EXISTS table_document (key TEXT PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS table_name (id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, uses INTEGER NOT NULL)",
    "CREATE INDEX IF NOT EXISTS table_name_empty ON table_name (id) WHERE uses = 0",
    "CREATE TABLE IF NOT EXISTS table_pair (one INTEGER, other INTEGER, told INTEGER NOT NULL, articles INTEGER NOT NULL, "
    "PRIMARY KEY (one, other)) WITHOUT ROWID",
    f"CREATE INDEX IF NOT EXISTS table_pair_open ON table_pair (one, other) WHERE {_TELL} <> told OR articles = 0",
    "CREATE TABLE IF NOT EXISTS table_voice (speaker TEXT, outlet TEXT, told INTEGER NOT NULL, told_statements INTEGER NOT NULL, "
    "articles INTEGER NOT NULL, statements INTEGER NOT NULL, PRIMARY KEY (speaker, outlet)) WITHOUT ROWID",
    "CREATE INDEX IF NOT EXISTS table_voice_open ON table_voice (speaker, outlet) "
    "WHERE articles <> told OR statements <> told_statements OR articles = 0",
)
"""The indexes hold what is told otherwise than it is, and nothing else, so that an update finds that without looking at the rest."""

_COUNT_NAME = "INSERT INTO table_name (path, uses) VALUES (?, ?) ON CONFLICT DO UPDATE SET uses = uses + excluded.uses RETURNING id"
_COUNT_PAIR = "INSERT INTO table_pair VALUES (?, ?, 0, ?) ON CONFLICT DO UPDATE SET articles = articles + excluded.articles"
_COUNT_VOICE = (
    "INSERT INTO table_voice VALUES (?, ?, 0, 0, ?, ?) "
    "ON CONFLICT DO UPDATE SET articles = articles + excluded.articles, statements = statements + excluded.statements"
)
_OPEN_PAIRS = (
    f"SELECT a.path, b.path, told, {_TELL} FROM table_pair JOIN table_name AS a ON a.id = one JOIN table_name AS b ON b.id = other "
    f"WHERE {_TELL} <> told"
)
_OPEN_VOICES = (
    "SELECT speaker, outlet, told, told_statements, articles, statements FROM table_voice "
    "WHERE articles <> told OR statements <> told_statements"
)
_SETTLE = (
    "DELETE FROM table_pair WHERE articles = 0",
    f"UPDATE table_pair SET told = {_TELL} WHERE {_TELL} <> told",
    "DELETE FROM table_name WHERE uses = 0",
    "DELETE FROM table_voice WHERE articles = 0",
    "UPDATE table_voice SET told = articles, told_statements = statements WHERE articles <> told OR statements <> told_statements",
)
