"""Accusations, and what the accused or those who speak for them answer.

A denial is of an accusation where it stands in the same article, or where the two have a word in common: so that what an update brings
is set against what shares a word with it, never against everything.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator

import msgspec

from kg.ledgers.judging import telling_words
from kg.ledgers.records import Finding, Kind
from kg.ledgers.rows import Moment, Row, Rows, Words
from kg.ledgers.telling import Saying, Told
from kg.vocab import DENIALS

_ENCODE = msgspec.msgpack.encode
_SAYING = msgspec.msgpack.Decoder(Saying)


class Answers:
    """The accusations and denials of a collection in a database, who speaks in which document, and for whom.

    Rows of accusations and denials: id, document, number, speaker, accused, body.
    """

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        said = ("speaker TEXT", "accused TEXT", "body BLOB NOT NULL")
        self._accusations = Rows(database, "ledger_accusation", said, ("accused, speaker",))
        self._denials = Rows(database, "ledger_denial", said, ("speaker",))
        self._speakers = Rows(database, "ledger_speaker", ("path TEXT NOT NULL",), ("path",))
        self._voices = Rows(database, "ledger_voice", ("path TEXT NOT NULL",), ("path",))  # owner: who speaks; path: for whom, or itself
        self._all = (self._accusations, self._denials, self._speakers, self._voices)
        self._words = (
            (self._accusations, Words(database, "ledger_accusation_word"), 4),
            (self._denials, Words(database, "ledger_denial_word"), 3),
        )

    def begin(self) -> None:
        """Begin an update."""
        for rows in self._all:
            rows.begin()

    def enter(self, document: str, told: Told | None) -> None:
        """Let a document have the accusations, denials and speakers that it tells now."""
        said = told.statements if told else ()
        self._accusations.turn(document, (_row(one) for one in said if one.act == "accuse" and one.target is not None))
        self._denials.turn(document, (_row(one) for one in said if one.act in DENIALS and one.speaker is not None))
        self._speakers.turn(document, ((0, path) for path in (told.heard if told else ())))

    def speak(self, acts_for: Callable[[str], str | None], moved: Iterable[str]) -> None:
        """Note for whom those who speak now speak, and those between whom and whom they speak for somebody moved."""
        self._index()
        for path in sorted({row[3] for row in self._speakers.turned} | {one for who in moved for one in self._voices_of(who)}):
            heard = f"SELECT 1 FROM ledger_speaker AS s WHERE path = ? AND {self._speakers.at(Moment.AFTER, 's')} LIMIT 1"
            speaks = self._database.execute(heard, (path,)).fetchone()
            self._voices.turn(path, ((0, one) for one in sorted(_represented(path, acts_for))) if speaks else ())

    def _voices_of(self, path: str) -> list[str]:
        return [who for (who,) in self._database.execute("SELECT owner FROM ledger_voice WHERE path = ?", (path,))]

    def _index(self) -> None:
        for rows, words, column in self._words:
            for row in rows.came.values():
                words.enter(row[column], telling_words(_SAYING.decode(row[5]).words), row[0])

    def settle(self) -> None:
        """End an update."""
        for rows, words, column in self._words:
            for row in rows.gone.values():
                words.leave(row[column], telling_words(_SAYING.decode(row[5]).words), row[0])
        for rows in self._all:
            rows.settle()

    # ------------------------------------------------------------ what changed

    def accusers(self) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
        """Return (who, whom) of whom one accuses the other: where it no longer is so, and where it is so now."""
        edges = {(row[3], row[4]) for row in self._accusations.turned if row[3] is not None}
        was, is_ = ({edge for edge in edges if self._accuses(*edge, moment)} for moment in Moment)
        return was - is_, is_ - was

    def _accuses(self, who: str, whom: str, moment: Moment) -> bool:
        sql = f"SELECT 1 FROM ledger_accusation AS a WHERE accused = ? AND speaker = ? AND {self._accusations.at(moment, 'a')} LIMIT 1"
        return self._database.execute(sql, (whom, who)).fetchone() is not None

    def changes(self) -> tuple[list[Finding], list[Finding]]:
        """Return the denials and silences that no longer are, and those that are now; some may be in both."""
        was, is_ = (self._denied(moment) for moment in Moment)
        lost, won = was - is_, is_ - was
        touched = self._touched() | {accusation for _, accusation in lost | won}
        gone, came = ([*map(self._denial, sorted(pairs))] for pairs in (lost, won))
        for id_ in sorted(touched):
            gone += self._silence(id_, Moment.BEFORE)
            came += self._silence(id_, Moment.AFTER)
        return gone, came

    def _denied(self, moment: Moment) -> set[tuple[int, int]]:
        """Return (denial, accusation) by id at a moment, as far as one of them or who speaks for whom was touched."""
        speakers = {row[1] for row in self._voices.turned}
        moved = (
            row
            for speaker in sorted(speakers)
            for row in self._database.execute("SELECT * FROM ledger_denial WHERE speaker = ?", (speaker,)).fetchall()
        )
        denials = {row[0]: row for row in (*self._denials.turned, *moved) if self._denials.has(moment, row[0])}
        accusations = [row for row in self._accusations.turned if self._accusations.has(moment, row[0])]
        answers = {(row[0], other) for row in denials.values() for other in self._accusations_of(row, moment)}
        return answers | {(other, row[0]) for row in accusations for other in self._denials_of(row, moment)}

    def _accusations_of(self, denial: Row, moment: Moment) -> Iterator[int]:
        """Yield what a denial denies: accusations of those for whom its speaker speaks, in its document or with one of its words."""
        voiced = f"v.owner = ? AND {self._voices.at(moment, 'v')}"
        there = self._accusations.at(moment, "a")
        sql = (
            "SELECT a.id FROM ledger_voice AS v JOIN ledger_accusation AS a ON a.accused = v.path "
            f"WHERE {voiced} AND a.owner = ? AND {there}"
        )
        yield from (id_ for (id_,) in self._database.execute(sql, (denial[3], denial[1])))
        sql = (
            "SELECT DISTINCT a.id FROM ledger_voice AS v CROSS JOIN json_each(?) AS w "
            f"CROSS JOIN ledger_accusation_word AS a ON a.path = v.path AND a.word = w.value WHERE {voiced} AND {there}"
        )
        yield from (id_ for (id_,) in self._database.execute(sql, (_bag(denial), denial[3])))

    def _denials_of(self, accusation: Row, moment: Moment) -> Iterator[int]:
        """Yield the denials of an accusation, those in its document first."""
        voiced = f"v.path = ? AND {self._voices.at(moment, 'v')}"
        there = self._denials.at(moment, "d")
        sql = (
            f"SELECT d.id FROM ledger_denial AS d JOIN ledger_voice AS v ON v.owner = d.speaker WHERE {voiced} AND d.owner = ? AND {there}"
        )
        yield from (id_ for (id_,) in self._database.execute(sql, (accusation[4], accusation[1])))
        sql = (
            "SELECT d.id FROM ledger_voice AS v CROSS JOIN json_each(?) AS w "
            f"CROSS JOIN ledger_denial_word AS d ON d.path = v.owner AND d.word = w.value WHERE {voiced} AND {there}"
        )
        yield from (id_ for (id_,) in self._database.execute(sql, (_bag(accusation), accusation[4])))

    def _denial(self, pair: tuple[int, int]) -> Finding:
        said, of = _saying(self._denials.get(pair[0])), _saying(self._accusations.get(pair[1]))
        note = f"{said.name}: {said.words}"
        return Finding(Kind.DENIAL, (said.at, of.at), of.target or "", "the accused or somebody for them", 1.0, note)

    def _touched(self) -> set[int]:
        """Return the accusations, by id, that came or went, or in whose document other people speak now or for others."""
        found = {row[0] for row in self._accusations.turned}
        for document in {row[1] for row in self._speakers.turned}:
            found |= {id_ for (id_,) in self._database.execute("SELECT id FROM ledger_accusation WHERE owner = ?", (document,))}
        for voice in self._voices.turned:
            sql = "SELECT a.id FROM ledger_speaker AS s JOIN ledger_accusation AS a ON a.owner = s.owner WHERE s.path = ? AND a.accused = ?"
            found |= {id_ for (id_,) in self._database.execute(sql, (voice[1], voice[3]))}
        return found

    def _silence(self, id_: int, moment: Moment) -> list[Finding]:
        """Return that nobody denied an accusation at a moment; nothing where somebody did or where it was not there."""
        row = self._accusations.get(id_)
        if not self._accusations.has(moment, id_) or next(self._denials_of(row, moment), None) is not None:
            return []
        sql = (
            "SELECT 1 FROM ledger_speaker AS s JOIN ledger_voice AS v ON v.owner = s.path WHERE s.owner = ? AND v.path = ? "
            f"AND {self._speakers.at(moment, 's')} AND {self._voices.at(moment, 'v')} LIMIT 1"
        )
        of = _saying(row)
        heard = self._database.execute(sql, (row[1], row[4])).fetchone() is not None
        kind = Kind.NO_ANSWER if heard else Kind.NOT_HEARD
        rule = "speaks in this article and does not deny it" if heard else "is not quoted in this article"
        return [Finding(kind, (of.at,), of.target or "", rule, 1.0, f"{of.name} accuses {of.accused}: {of.words}")]


def _represented(path: str, acts_for: Callable[[str], str | None]) -> set[str]:
    """Return the paths of everybody for whom an actor speaks, itself included."""
    found: set[str] = set()
    at: str | None = path
    while at is not None and at not in found:
        found.add(at)
        at = acts_for(at)
    return found


def _row(said: Saying) -> Row:
    return said.at.number, said.speaker, said.target, _ENCODE(said)


def _saying(row: Row) -> Saying:
    return _SAYING.decode(row[5])


def _bag(row: Row) -> str:
    return json.dumps(sorted(telling_words(_saying(row).words)))
