"""Which blocks touch each other: components that only grow, and those of them in which something changed."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence

from kg.records import Kind
from kg.resolve.bearers import has_close_names, name_block
from kg.resolve.blocking import RARE, Index, keys
from kg.resolve.linking import ACCEPT, PROPOSE
from kg.resolve.tables import one

AT_LEAST = {Kind.PERSON: PROPOSE, Kind.ORGANIZATION: ACCEPT}
"""How close the names of two must be to have to do with each other."""


class Components:
    """Blocks in disjoint sets, in the tables of a database.

    Sets that came together stay together when what joined them is gone: that costs work, and changes nothing that is decided.

    Attributes:
        touched: The components in which something changed.
    """

    def __init__(self, database: sqlite3.Connection) -> None:
        self._db = database
        self.touched: set[int] = set()
        self._names: defaultdict[str, set[str]] = defaultdict(set)

    def of(self, names: Sequence[str]) -> int:
        """Return the component of some blocks, which it makes one; it counts as touched."""
        marks = ", ".join("?" * len(names))
        found = sorted(row[0] for row in self._db.execute(f"SELECT DISTINCT component FROM block WHERE name IN ({marks})", names))
        if not found:
            found = [self._db.execute("INSERT INTO component VALUES (NULL, 0)").lastrowid or 0]
        whole = found[0] if len(found) == 1 else self._merged(found)
        self._db.executemany("INSERT OR IGNORE INTO block VALUES (?, ?)", ((name, whole) for name in names))
        self._db.execute("UPDATE component SET size = size + 1 WHERE id = ?", (whole,))
        self.touched.add(whole)
        return whole

    def names_changed(self, names: Iterable[tuple[str, str]]) -> None:
        """Say of which (kind, name) a bearer came or went."""
        for kind, name in names:
            if has_close_names(kind, name):
                self._names[kind].add(name)

    def join_close(self) -> None:
        """Make the components of close names one, as far as a name changed."""
        for kind, changed in sorted(self._names.items()):
            self._join_close(Kind(kind), changed)
        self._names.clear()

    def frequent(self, kind: Kind) -> frozenset[str]:
        """Return the keys that so many names of a kind have that they count only beside a second one."""
        return frozenset(key for (key,) in self._db.execute("SELECT key FROM frequent WHERE kind = ?", (kind,)))

    def _join_close(self, kind: Kind, changed: set[str]) -> None:
        alive = {name for name in changed if one(self._db, "SELECT 1 FROM node WHERE kind = ? AND name = ? LIMIT 1", kind, name)}
        new = {name for name in alive if not self._sounded(kind, name)}  # two that were there before were compared then
        self._db.executemany("DELETE FROM sound WHERE kind = ? AND key = ? AND name = ?", _sounds(kind, changed - alive))
        self._db.executemany("INSERT OR IGNORE INTO sound VALUES (?, ?, ?)", _sounds(kind, new))
        frequent, crossed = self._counted(kind)
        for key in crossed:  # what it alone offered is offered no more, or again
            new |= {name for (name,) in self._db.execute("SELECT name FROM sound WHERE kind = ? AND key = ?", (kind, key))}
        for name in sorted(alive | new):
            self.touched.add(one(self._db, "SELECT component FROM block WHERE name = ?", name_block(kind, name)))
        index = Index(self._near(kind, new), frequent=frequent)
        asked: set[str] = set()
        for name in sorted(new):
            asked.add(name)
            for place, _ in index.close(name, at_least=AT_LEAST[kind], besides=asked):
                self._join(name_block(kind, name), name_block(kind, index.names[place]))

    def _sounded(self, kind: Kind, name: str) -> bool:
        """Tell whether a name is among those that are offered to others: with its first key if with any."""
        sql = "SELECT 1 FROM sound WHERE kind = ? AND key = ? AND name = ?"
        return any(one(self._db, sql, kind, key, name) for key in keys(name)[:1])

    def _counted(self, kind: Kind) -> tuple[frozenset[str], set[str]]:
        """Count the keys of names anew; return those that are frequent now, and those that became it or ceased to be it."""
        many = "SELECT key FROM sound WHERE kind = ? GROUP BY key HAVING count(*) > ?"
        now = frozenset(key for (key,) in self._db.execute(many, (kind, RARE)))
        crossed = now ^ self.frequent(kind)
        self._db.execute("DELETE FROM frequent WHERE kind = ?", (kind,))
        self._db.executemany("INSERT INTO frequent VALUES (?, ?)", ((kind, key) for key in sorted(now)))
        return now, set(crossed)

    def _near(self, kind: Kind, names: set[str]) -> list[str]:
        """Return the names that share a key with some names, these included, sorted."""
        self._db.execute("CREATE TEMP TABLE IF NOT EXISTS wanted (key TEXT PRIMARY KEY) WITHOUT ROWID")
        self._db.execute("DELETE FROM temp.wanted")
        self._db.executemany("INSERT OR IGNORE INTO temp.wanted VALUES (?)", ((key,) for name in names for key in keys(name)))
        sql = "SELECT DISTINCT name FROM temp.wanted JOIN sound USING (key) WHERE kind = ? ORDER BY name"
        return [name for (name,) in self._db.execute(sql, (kind,))]

    def _join(self, left: str, right: str) -> None:
        found = {one(self._db, "SELECT component FROM block WHERE name = ?", name) for name in (left, right)}
        if len(found) > 1:
            self._merged(sorted(found))

    def _merged(self, components: Sequence[int]) -> int:
        """Make several components the largest of them."""
        sizes = [(one(self._db, "SELECT size FROM component WHERE id = ?", id_), -id_) for id_ in components]
        largest = -max(sizes)[1]
        for id_ in components:
            if id_ != largest:
                for table in ("node", "block"):
                    self._db.execute(f"UPDATE {table} SET component = ? WHERE component = ?", (largest, id_))
                for table in ("entity", "outcome"):
                    self._db.execute(f"UPDATE {table} SET owner = ? WHERE owner = ?", (str(largest), str(id_)))
                sql = "UPDATE component SET size = size + (SELECT size FROM component WHERE id = ?) WHERE id = ?"
                self._db.execute(sql, (id_, largest))
                self._db.execute("DELETE FROM component WHERE id = ?", (id_,))
                self.touched.discard(id_)
        self.touched.add(largest)
        return largest


def _sounds(kind: Kind, names: Iterable[str]) -> Iterable[tuple[str, str, str]]:
    return ((kind, key, name) for name in sorted(names) for key in keys(name))
