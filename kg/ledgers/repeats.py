"""One quotation in several articles: the statements of one speaker that share enough words, found by an index of words.

A word that more than ``MANY`` statements of a speaker have finds none; so where an update lets a word become so common, or rare again,
the pairs that it had found, or had not, are looked at again.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

import msgspec

from kg.ledgers.judging import OVERLAP, difference, repeated, telling_words
from kg.ledgers.records import Alike, Evidence, Finding
from kg.ledgers.rows import Moment, Row, Rows, Words
from kg.ledgers.telling import Saying, Told

MANY = 60
"""A word that more statements of a speaker have says nothing."""
SHORTEST = 4
"""Words that two quotations must have to be compared: "No comment" is said by everybody."""

_ENCODE = msgspec.msgpack.encode
_FINDING = msgspec.msgpack.Decoder(Finding)


class Repeats:
    """The quotations of a collection in a database, and which are one.

    Rows: id, document, number, path, speaker, words, origin. Names are not among them: who is renamed said the same.
    """

    def __init__(self, database: sqlite3.Connection, alike: Alike | None) -> None:
        self._database = database
        self._alike = alike
        columns = ("path TEXT NOT NULL", "speaker TEXT NOT NULL", "words TEXT NOT NULL", "origin TEXT NOT NULL")
        self._rows = Rows(database, "ledger_quotation", columns)
        self._words = Words(database, "ledger_quotation_word")
        database.execute(
            "CREATE TABLE IF NOT EXISTS ledger_repeat (one INTEGER, other INTEGER, body BLOB NOT NULL, "
            "PRIMARY KEY (one, other)) WITHOUT ROWID"
        )
        database.execute("CREATE INDEX IF NOT EXISTS ledger_repeat_other ON ledger_repeat (other)")

    def begin(self) -> None:
        """Begin an update."""
        self._rows.begin()

    def enter(self, document: str, told: Told | None) -> None:
        """Let a document have the quotations that it tells now."""
        self._rows.turn(document, (_row(said, told.origin) for said in told.statements if _is_quotation(said)) if told else ())

    def changes(self) -> tuple[list[Finding], list[Finding]]:
        """Return the pairs that no longer are one quotation, and those that are now; some may be in both."""
        turned: dict[str, list[Row]] = defaultdict(list)
        for row in self._rows.turned:
            turned[row[4]].append(row)
        for row in self._rows.came.values():
            self._words.enter(row[4], telling_words(row[5]), row[0])
        gone: list[Finding] = []
        came: list[Finding] = []
        for speaker, rows in sorted(turned.items()):
            said = _Said(self._database, self._rows, speaker)
            gone += self._parted(said, rows)
            came += self._joined(said, rows)
        return gone, came

    def settle(self) -> None:
        """End an update."""
        for row in self._rows.gone.values():
            self._words.leave(row[4], telling_words(row[5]), row[0])
        self._rows.settle()

    def _parted(self, said: "_Said", rows: Sequence[Row]) -> Iterator[Finding]:
        """Drop and yield the pairs one of which went, and those that only words found that became too common."""
        for id_ in (row[0] for row in rows if row[0] in self._rows.gone):
            yield from self._dropped(f"one = {id_} OR other = {id_}")
        for word in said.too_common(rows):
            ids = ", ".join(map(str, said.having(word, Moment.BEFORE)))
            pairs = self._database.execute(f"SELECT one, other FROM ledger_repeat WHERE one IN ({ids}) AND other IN ({ids})").fetchall()
            for one, other in pairs:
                if not any(said.finds(common, Moment.AFTER) for common in said.words(one) & said.words(other)):
                    yield from self._dropped(f"one = {one} AND other = {other}")

    def _dropped(self, which: str) -> list[Finding]:
        found = [_FINDING.decode(body) for (body,) in self._database.execute(f"SELECT body FROM ledger_repeat WHERE {which}")]
        self._database.execute(f"DELETE FROM ledger_repeat WHERE {which}")
        return found

    def _joined(self, said: "_Said", rows: Sequence[Row]) -> Iterator[Finding]:
        """Keep and yield the pairs that are one quotation among those with a new one, and those found by words that became rare enough."""
        for one, other in said.met([row[0] for row in rows if row[0] in self._rows.came], said.rare_again(rows)):
            if self._database.execute("SELECT 1 FROM ledger_repeat WHERE one = ? AND other = ?", (one, other)).fetchone():
                continue
            left, right = said.text(one), said.text(other)
            if (found := repeated(left, right, self._alike)) is not None:
                kind, rule, score = found
                finding = Finding(kind, (said.at(other), said.at(one)), said.speaker, rule, score, difference(left, right))
                self._database.execute("INSERT INTO ledger_repeat VALUES (?, ?, ?)", (one, other, _ENCODE(finding)))
                yield finding


class _Said:
    """What a speaker said, as far as an update asks for it."""

    def __init__(self, database: sqlite3.Connection, rows: Rows, speaker: str) -> None:
        self.speaker = speaker
        self._database = database
        self._rows = rows
        self._known: dict[int, tuple[Row, set[str]]] = {}
        self._having: dict[tuple[str, Moment], list[int]] = {}

    def _row(self, id_: int) -> tuple[Row, set[str]]:
        if id_ not in self._known:
            row = self._rows.get(id_)
            self._known[id_] = row, telling_words(row[5])
        return self._known[id_]

    def words(self, id_: int) -> set[str]:
        return self._row(id_)[1]

    def text(self, id_: int) -> str:
        return str(self._row(id_)[0][5])

    def at(self, id_: int) -> Evidence:
        _, document, number, path, *_ = self._row(id_)[0]
        return Evidence("statement", document, number, path)

    def having(self, word: str, moment: Moment) -> list[int]:
        """Return statements that have a word at a moment, by id: all of them, or ``MANY`` and one."""
        if (word, moment) not in self._having:
            sql = (
                "SELECT id FROM ledger_quotation_word AS w WHERE path = ? AND word = ? "
                f"AND {self._rows.at(moment, 'w')} ORDER BY id LIMIT {MANY + 1}"
            )
            self._having[word, moment] = [id_ for (id_,) in self._database.execute(sql, (self.speaker, word))]
        return self._having[word, moment]

    def finds(self, word: str, moment: Moment) -> bool:
        """Tell whether so few statements have a word at a moment that they are compared for it."""
        return len(self.having(word, moment)) <= MANY

    def too_common(self, rows: Iterable[Row]) -> list[str]:
        """Return the words of rows that found something before, and find nothing any more."""
        words = self._words(row for row in rows if row[0] in self._rows.came)
        return sorted(word for word in words if not self.finds(word, Moment.AFTER) and self.finds(word, Moment.BEFORE))

    def rare_again(self, rows: Iterable[Row]) -> list[str]:
        """Return the words of rows that found nothing before, and find something again."""
        words = self._words(row for row in rows if row[0] in self._rows.gone)
        return sorted(word for word in words if self.finds(word, Moment.AFTER) and not self.finds(word, Moment.BEFORE))

    def _words(self, rows: Iterable[Row]) -> set[str]:
        return set().union(*(self.words(row[0]) for row in rows))

    def met(self, fresh: Iterable[int], words: Iterable[str]) -> list[tuple[int, int]]:
        """Return the pairs that may be one quotation now: new statements with others, and those that have words that find something again.

        They are of different documents and origins, the lower one first, and have enough words in common; sorted by where they stand.
        """
        pairs = {
            (min(one, other), max(one, other))
            for one in fresh
            for word in self.words(one)
            if self.finds(word, Moment.AFTER)
            for other in self.having(word, Moment.AFTER)
        }
        pairs |= {pair for word in words for pair in combinations(self.having(word, Moment.AFTER), 2)}
        near = (pair for pair in pairs if self._comparable(*pair))
        return sorted(
            ((a, b) if self.at(a) < self.at(b) else (b, a) for a, b in near), key=lambda pair: (self.at(pair[0]), self.at(pair[1]))
        )

    def _comparable(self, one: int, other: int) -> bool:
        (row, words), (other_row, other_words) = self._row(one), self._row(other)
        return row[6] != other_row[6] and len(words & other_words) >= OVERLAP * min(len(words), len(other_words))


def _is_quotation(said: Saying) -> bool:
    """Tell whether a statement is of somebody named and long enough."""
    return said.speaker is not None and not said.unnamed and len(said.words.split()) >= SHORTEST


def _row(said: Saying, origin: str) -> Row:
    return said.at.number, said.at.path, said.speaker, said.words, origin
