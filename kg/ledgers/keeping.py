"""The ledgers of a collection in a database: they grow and shrink with it, and say what that changed."""

import sqlite3
from collections.abc import Callable, Iterable

import msgspec

from kg.ledgers.answers import Answers
from kg.ledgers.counts import Change, Counts
from kg.ledgers.records import Alike, Changes, Finding, Ledgers
from kg.ledgers.repeats import Repeats
from kg.ledgers.rows import Rows
from kg.ledgers.telling import Told

_ENCODE = msgspec.msgpack.encode
_FINDING = msgspec.msgpack.Decoder(Finding)


class Ledger:
    """The ledgers of a collection, in tables of their own (``ledger_…``) of a database that is given.

    What follows at any time is what would follow if all documents came at once, in whatever order and parts they came.
    What was found by other rules or another ``alike`` is not found again: then begin with an empty database.

    Args:
        database: Nothing in it is committed here: what an update changed holds when the caller commits, and where it raises, the caller
            rolls back.
        alike: Compares meanings, for quotations told in other words; without it only those told in the same are found.
    """

    def __init__(self, database: sqlite3.Connection, alike: Alike | None = None) -> None:
        self._shares = Rows(database, "ledger_share", ("body BLOB NOT NULL",))
        self._counts = Counts(database)
        self._answers = Answers(database)
        self._repeats = Repeats(database, alike)
        self._parts = (self._shares, self._counts, self._answers, self._repeats)

    def update(
        self, gone: Iterable[str], told: Iterable[Told], acts_for: Callable[[str], str | None], moved: Iterable[str] = ()
    ) -> Changes:
        """Take out documents, enter others, and return what that changed.

        Time and memory go with what is entered and taken out, and with what shares words, speakers or quantities with it.

        Args:
            gone: Keys of documents that are no more, or are told anew.
            told: What documents tell now; of one that is known already, instead of what it told before.
            acts_for: Path of an actor → path of the actor for whom it speaks.
            moved: Paths of actors for whom ``acts_for`` changed.
        """
        for part in self._parts:
            part.begin()
        left = set(gone)
        for one in told:
            left.discard(one.document)
            self._enter(one.document, one)
        for document in sorted(left):
            self._enter(document, None)
        self._answers.speak(acts_for, moved)
        changes = self._changes()
        for part in self._parts:
            part.settle()
        return changes

    def _enter(self, document: str, told: Told | None) -> None:
        self._shares.turn(document, ((number, _ENCODE(share)) for number, share in enumerate(told.shares if told else ())))
        for part in (self._counts, self._answers, self._repeats):
            part.enter(document, told)

    def _changes(self) -> Changes:
        counted = list(self._counts.changes())
        shares = ([_FINDING.decode(row[3]) for row in rows.values()] for rows in (self._shares.gone, self._shares.came))
        found = zip(shares, self._answers.changes(), self._repeats.changes(), strict=True)
        lost, gained = ([finding for part in parts for finding in part] for parts in found)
        was = {*lost, *(finding for change, _ in counted for finding in change.findings)}
        is_ = {*gained, *(finding for _, change in counted for finding in change.findings)}
        gone = _ledgers((change for change, _ in counted), was - is_)
        came = _ledgers((change for _, change in counted), is_ - was)
        cleared, accused = self._answers.accusers()
        standing = self._counts.standing(quantity.slug for quantity in gone.quantities)
        return Changes(gone, came, tuple(standing), tuple(sorted(cleared)), tuple(sorted(accused)))


def _ledgers(changes: Iterable[Change], findings: Iterable[Finding]) -> Ledgers:
    ordered = sorted(findings, key=lambda finding: (finding.kind, finding.evidence, finding.about))
    return Ledgers(tuple(change.quantity for change in changes if change.quantity is not None), tuple(ordered))
