"""Quantities: which figures measure one, and how they stand to each other.

A figure is in a group with those told of the same class, noun, unit and places. A group told with fewer places joins the only one that
has all of them and more; the groups that end at the same places, of a class and of its broader one, make a cell. Only cells that an
update touches are weighed, and in a long ledger only the neighbours of what came or went.
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain, combinations, pairwise
from typing import TypeAlias

import msgspec

from kg.extract.quantities import sorts
from kg.ledgers.judging import compared
from kg.ledgers.records import Finding, Kind, Quantity
from kg.ledgers.rows import Moment, Row, Rows
from kg.ledgers.telling import Counted, Told
from kg.vocab import slug

ONE_ORDER = 3.0
"""Within which factor a count of those affected is set against a count of those who live there: then it likely is the same people."""
MANY = 60
"""From so many claims of a quantity on only neighbours are compared."""

Places: TypeAlias = frozenset[tuple[str, str]]
"""(relation, path)."""

_ENCODE = msgspec.msgpack.encode
_COUNTED = msgspec.msgpack.Decoder(Counted)
_QUANTITY = msgspec.msgpack.Decoder(Quantity)


@dataclass(frozen=True, slots=True)
class Group:
    """Figures told of the same; ``id`` is its number in the database."""

    id: int
    sort: str
    noun: str
    unit: str
    places: Places


@dataclass(frozen=True, slots=True)
class Cell:
    """What may be one quantity: a class with those narrower than it, what is counted, its unit and where."""

    sort: str
    noun: str
    unit: str
    places: Places


class Counts:
    """The figures of a collection in a database.

    Rows: id, document, number, group, whether it is a claim, amount, time, body.
    """

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        columns = ("team INTEGER NOT NULL", "claim INTEGER NOT NULL", "amount REAL NOT NULL", "told TEXT NOT NULL", "body BLOB NOT NULL")
        self._rows = Rows(database, "ledger_figure", columns, ("team, claim, amount, told, owner, number",))
        database.execute(
            "CREATE TABLE IF NOT EXISTS ledger_group (id INTEGER PRIMARY KEY, sort TEXT, noun TEXT, unit TEXT, places TEXT, "
            "UNIQUE (sort, noun, unit, places))"
        )
        database.execute(
            "CREATE TABLE IF NOT EXISTS ledger_place (sort TEXT, noun TEXT, unit TEXT, place TEXT, size INTEGER, id INTEGER, "
            "PRIMARY KEY (sort, noun, unit, place, size, id)) WITHOUT ROWID"
        )
        database.execute(
            "CREATE TABLE IF NOT EXISTS ledger_quantity (sort TEXT, noun TEXT, unit TEXT, places TEXT, slug TEXT, body BLOB, "
            "PRIMARY KEY (sort, noun, unit, places)) WITHOUT ROWID"
        )
        database.execute("CREATE INDEX IF NOT EXISTS ledger_quantity_slug ON ledger_quantity (slug)")

    def begin(self) -> None:
        """Begin an update."""
        self._rows.begin()

    def enter(self, document: str, told: Told | None) -> None:
        """Let a document have the figures that it tells now."""
        self._rows.turn(document, (self._row(figure) for figure in (told.figures if told else ())))

    def _row(self, figure: Counted) -> Row:
        team = self._named(figure.sort, figure.noun, figure.unit, frozenset((relation, path) for relation, path, _ in figure.places))
        return figure.at.number, team.id, int(figure.claim), float(figure.amount.number or 0.0), figure.when, _ENCODE(figure)

    def settle(self) -> None:
        """End an update: groups without a figure go."""
        turned = self._turned()
        self._rows.settle()
        for group in turned:
            if not self._is_there(group, Moment.AFTER):
                self._database.execute("DELETE FROM ledger_group WHERE id = ?", (group.id,))
                self._database.executemany(
                    "DELETE FROM ledger_place WHERE sort = ? AND noun = ? AND unit = ? AND place = ? AND size = ? AND id = ?",
                    _place_rows(group),
                )

    # ------------------------------------------------------------ what changed

    def changes(self) -> Iterator[tuple["Change", "Change"]]:
        """Yield what a quantity lost and what it gained, by class (the narrower first), what is counted, unit and places."""
        turned: dict[int, list[Row]] = defaultdict(list)
        for row in self._rows.turned:
            turned[row[3]].append(row)
        found = [change for cell in self._touched() for change in self._changed(cell, turned)]
        yield from (change for _, change in sorted(found, key=lambda row: row[0]))

    def standing(self, slugs: Iterable[str]) -> Iterator[Quantity]:
        """Yield the quantities that there are now under some slugs, without their figures, by slug, class, what is counted and where."""
        for name in sorted(set(slugs)):
            for (body,) in self._database.execute(
                "SELECT body FROM ledger_quantity WHERE slug = ? ORDER BY sort, noun, unit, places", (name,)
            ):
                yield _QUANTITY.decode(body)

    def _touched(self) -> set[Cell]:
        """Return the cells that what came or went is, or was, in, or whose groups it brought or took."""
        touched = {group.id: group for group in self._turned()}
        for group in list(touched.values()):
            if self._is_there(group, Moment.BEFORE) != self._is_there(group, Moment.AFTER):
                touched |= {below.id: below for below in self._below(group)}
        return {
            Cell(sorts()[group.sort].broader or group.sort, group.noun, group.unit, self._end(group, moment))
            for group in touched.values()
            for moment in Moment
            if self._is_there(group, moment)
        }

    def _changed(self, cell: Cell, turned: dict[int, list[Row]]) -> Iterator[tuple[tuple[object, ...], tuple["Change", "Change"]]]:
        before, after = (self._quantities(cell, moment) for moment in Moment)
        for sort in before.keys() | after.keys():
            key = (sort, cell.noun, cell.unit, _json(cell.places))
            old = self._side(before.get(sort, ()), Moment.BEFORE)
            new = self._side(after.get(sort, ()), Moment.AFTER)
            self._database.execute("DELETE FROM ledger_quantity WHERE sort = ? AND noun = ? AND unit = ? AND places = ?", key)
            if new.quantity:
                row = (*key, new.quantity.slug, _ENCODE(new.quantity))
                self._database.execute("INSERT INTO ledger_quantity VALUES (?, ?, ?, ?, ?, ?)", row)
            order = (not sorts()[sort].broader, sort, cell.noun, cell.unit, sorted(cell.places))
            yield order, self._compared(old, new, turned)

    def _compared(self, old: "Side", new: "Side", turned: dict[int, list[Row]]) -> tuple["Change", "Change"]:
        """Return what a quantity lost and gained: all of it where its name changed, else what its groups did and what is beside that."""
        same = old.quantity == new.quantity
        both = {group.id for group in old.groups} & {group.id for group in new.groups} if same else set()
        moved = [row for team in both for row in turned.get(team, ())]
        lost = [*(row for row in moved if row[0] in self._rows.gone), *self._figures(old, besides=both)]
        gained = [*(row for row in moved if row[0] in self._rows.came), *self._figures(new, besides=both)]
        turns = [row for row in (*lost, *gained) if row[4]]
        near = turns if same and old.long and new.long else None
        was, is_ = (dict(self._pairs(side, near)) for side in (old, new))
        if same:
            shared = was.keys() & is_.keys()
            was, is_ = ({ids: pair for ids, pair in pairs.items() if ids not in shared} for pairs in (was, is_))
        return (
            _change(old.quantity, lost, was.values(), changed=not same),
            _change(new.quantity, gained, is_.values(), changed=not same),
        )

    def _side(self, groups: Sequence[Group], moment: Moment) -> "Side":
        """Return a quantity as it is at a moment; the first of its groups names all of its places."""
        if not groups:
            return Side(moment, (), None, True)
        where = self._there(groups[:1], moment)
        (body,) = self._database.execute(f"SELECT body FROM ledger_figure AS f WHERE {where} LIMIT 1").fetchone()
        quantity = _described(groups[0], _COUNTED.decode(body))
        claims = f"SELECT 1 FROM ledger_figure AS f WHERE {self._there(groups, moment)} AND claim LIMIT {MANY + 1}"
        ((number,),) = self._database.execute(f"SELECT count(*) FROM ({claims})")
        return Side(moment, tuple(groups), quantity, quantity.cumulative or number > MANY)

    # ------------------------------------------------------------ pairs of figures

    def _pairs(self, side: "Side", near: Sequence[Row] | None) -> Iterator[tuple[tuple[int, int], tuple[Row, Row]]]:
        """Yield the pairs of claims to be compared, the lower first, by their ids: around some rows, or all of them."""
        if side.quantity is None or not side.quantity.places:  # of what happened nowhere in particular two articles tell two things
            return
        if near is None:
            claims = sorted((row for row in self._figures(side) if row[4]), key=_rank)
            pairs: Iterable[tuple[Row, Row]] = pairwise(claims) if side.long else combinations(claims, 2)
        else:
            pairs = chain.from_iterable(self._around(side, row) for row in near)
        for one, other in pairs:
            yield (one[0], other[0]), (one, other)

    def _around(self, side: "Side", row: Row) -> Iterator[tuple[Row, Row]]:
        steps = (self._beside(side, row, than) for than in ("<", "=", ">"))  # a figure told anew may stand where it stood
        return pairwise(step for step in steps if step is not None)

    def _beside(self, side: "Side", row: Row, than: str) -> Row | None:
        """Return the next claim of a quantity that ranks lower or higher than a row, or the one that ranks the same."""
        order = "DESC" if than == "<" else "ASC"
        sql = (
            f"SELECT * FROM ledger_figure AS f WHERE team = ? AND claim = 1 AND (amount, told, owner, number) {than} (?, ?, ?, ?) "
            f"AND {self._rows.at(side.moment, 'f')} "
            f"ORDER BY amount {order}, told {order}, owner {order}, number {order} LIMIT 1"
        )
        found = [next_ for group in side.groups for next_ in self._database.execute(sql, (group.id, *_rank(row)))]
        return (max if than == "<" else min)(found, key=_rank, default=None)

    def _figures(self, side: "Side", besides: Iterable[int] = ()) -> Iterator[Row]:
        left = set(besides)
        groups = [group for group in side.groups if group.id not in left]
        yield from self._database.execute(f"SELECT * FROM ledger_figure AS f WHERE {self._there(groups, side.moment)}")

    # ------------------------------------------------------------ groups

    def _quantities(self, cell: Cell, moment: Moment) -> dict[str, list[Group]]:
        """Return class → the groups that are one quantity, the one with all of its places first.

        A narrower class joins its broader one where every count of it is of one order of size with some count there.
        """
        family = [cell.sort, *(name for name, sort in sorted(sorts().items()) if sort.broader == cell.sort)]
        found = {sort: groups for sort in family if (groups := self._ending(sort, cell, moment))}
        for sort in family[1:]:
            if sort in found and cell.sort in found and self._of_one_order(found[sort], found[cell.sort], moment):
                found[cell.sort] += found.pop(sort)
        return found

    def _of_one_order(self, few: Sequence[Group], many: Sequence[Group], moment: Moment) -> bool:
        near = (
            f"SELECT 1 FROM ledger_figure AS f WHERE {self._there(many, moment)} AND claim IN (0, 1) "
            f"AND amount BETWEEN :one / {ONE_ORDER + 1} AND :one * {ONE_ORDER} "  # the wider bound is for the index
            f"AND amount > 0 AND :one <= {ONE_ORDER} * amount LIMIT 1"
        )
        counts = self._database.execute(f"SELECT DISTINCT amount FROM ledger_figure AS f WHERE {self._there(few, moment)}").fetchall()
        return all(self._database.execute(near, {"one": amount}).fetchone() for (amount,) in counts)

    def _ending(self, sort: str, cell: Cell, moment: Moment) -> list[Group]:
        """Return the groups of a class that end at the places of a cell."""
        whole = self._known(sort, cell.noun, cell.unit, cell.places)
        if whole is None or not self._is_there(whole, moment) or self._end(whole, moment) != cell.places:
            return []
        below = (group for group in self._below(whole) if self._is_there(group, moment))
        return [whole, *(group for group in below if self._end(group, moment) == cell.places)]

    def _end(self, group: Group, moment: Moment) -> Places:
        """Return the places of the only widest group that has all of a group's places and more; else its own."""
        wider = self._above(group, moment)
        widest = max(wider, key=len, default=group.places)
        return widest if all(places <= widest for places in wider) else group.places

    def _above(self, group: Group, moment: Moment) -> list[Places]:
        sql = (
            "SELECT places FROM ledger_group WHERE id IN (SELECT p.id FROM json_each(?) AS w CROSS JOIN ledger_place AS p "
            "WHERE sort = ? AND noun = ? AND unit = ? AND place = w.value AND size > ? "
            f"AND EXISTS (SELECT 1 FROM ledger_figure AS f WHERE team = p.id AND {self._rows.at(moment, 'f')}) "
            "GROUP BY p.id HAVING count(*) = ?) ORDER BY id"
        )
        size = len(group.places)
        values = (json.dumps([*map(" ".join, group.places)]), group.sort, group.noun, group.unit, size, size)
        return [_places(text) for (text,) in self._database.execute(sql, values)]

    def _below(self, group: Group) -> list[Group]:
        """Return the groups that have some of a group's places and no others, whether or not a figure is in them."""
        sql = (
            "SELECT * FROM ledger_group WHERE id IN (SELECT p.id FROM json_each(?) AS w CROSS JOIN ledger_place AS p "
            "WHERE sort = ? AND noun = ? AND unit = ? AND place = w.value AND size < ? GROUP BY p.id HAVING count(*) = size) ORDER BY id"
        )
        values = (json.dumps([*map(" ".join, group.places)]), group.sort, group.noun, group.unit, len(group.places))
        return [_group(row) for row in self._database.execute(sql, values)]

    def _turned(self) -> list[Group]:
        teams = sorted({row[3] for row in self._rows.turned})
        found = (self._database.execute("SELECT * FROM ledger_group WHERE id = ?", (team,)).fetchone() for team in teams)
        return [_group(row) for row in found]

    def _known(self, sort: str, noun: str, unit: str, places: Places) -> Group | None:
        sql = "SELECT * FROM ledger_group WHERE sort = ? AND noun = ? AND unit = ? AND places = ?"
        row = self._database.execute(sql, (sort, noun, unit, _json(places))).fetchone()
        return _group(row) if row else None

    def _named(self, sort: str, noun: str, unit: str, places: Places) -> Group:
        """Return the group of what a figure tells, made where there is none."""
        if (known := self._known(sort, noun, unit, places)) is not None:
            return known
        made = self._database.execute("INSERT INTO ledger_group VALUES (NULL, ?, ?, ?, ?)", (sort, noun, unit, _json(places))).lastrowid
        group = Group(made or 0, sort, noun, unit, places)
        self._database.executemany("INSERT INTO ledger_place VALUES (?, ?, ?, ?, ?, ?)", _place_rows(group))
        return group

    def _is_there(self, group: Group, moment: Moment) -> bool:
        return (
            self._database.execute(f"SELECT 1 FROM ledger_figure AS f WHERE {self._there((group,), moment)} LIMIT 1").fetchone() is not None
        )

    def _there(self, groups: Sequence[Group], moment: Moment) -> str:
        return f"team IN ({', '.join(str(group.id) for group in groups)}) AND {self._rows.at(moment, 'f')}"


@dataclass(frozen=True, slots=True)
class Side:
    """A quantity at a moment, ``None`` where there is none; ``long``: only neighbours are compared."""

    moment: Moment
    groups: tuple[Group, ...]
    quantity: Quantity | None
    long: bool


@dataclass(frozen=True, slots=True)
class Change:
    """What a quantity lost, or what it gained: itself with figures, or ``None``, and what its figures say of each other."""

    quantity: Quantity | None
    findings: tuple[Finding, ...]


def _change(quantity: Quantity | None, rows: Iterable[Row], pairs: Iterable[tuple[Row, Row]], *, changed: bool) -> Change:
    if quantity is None:
        return Change(None, ())
    figures = tuple(_COUNTED.decode(row[7]).at for row in sorted(rows, key=lambda row: (row[6], row[5], row[1], row[2])))
    findings = (_finding(quantity, *(_COUNTED.decode(row[7]) for row in pair)) for pair in pairs)
    part = replace(quantity, figures=figures) if changed or figures else None
    return Change(part, tuple(finding for finding in findings if finding is not None))


def _finding(quantity: Quantity, lower: Counted, higher: Counted) -> Finding | None:
    same, times = lower.voice == higher.voice, (lower.when, higher.when)
    kind, rule = compared(lower.amount, higher.amount, times, cumulative=quantity.cumulative, same_voice=same)
    if kind is None:
        return None
    note = f"{quantity.label}: {_told(lower)}{', then' if kind is Kind.UPDATE else ' and'} {_told(higher)}"
    return Finding(kind, (higher.at, lower.at), quantity.slug, rule, 1.0, note)


def _told(figure: Counted) -> str:
    """Return a figure in words: ``84,770 (Ana Reyes, 2023-09-29)``."""
    return f"{figure.amount} ({', '.join(filter(None, (figure.name, figure.when)))})"


def _described(group: Group, figure: Counted) -> Quantity:
    """Return the quantity of a group, without figures; one of its figures tells the names of its places."""
    names, sort = {path: name for _, path, name in figure.places}, sorts()[group.sort]
    order = sorted(group.places, key=lambda place: (_relation(place[0]), place[1]))
    where = "".join(f" {relation} {names[path]}" for relation, path in order)
    share = "share of " if group.unit == "percent" else ""
    label = f"{share}{group.noun or group.unit} {sort.words}{where}"
    return Quantity(slug(f"{label} {group.unit}"), label, sort.cumulative, group.unit, (), tuple(order))


def _relation(relation: str) -> int:
    return ("from", "in", "to").index(relation) if relation in ("from", "in", "to") else 3


def _rank(row: Row) -> Row:
    """Return by what the claims of a quantity are ordered: amount, time, document and number."""
    return row[5], row[6], row[1], row[2]


def _json(places: Places) -> str:
    return json.dumps(sorted(places), ensure_ascii=False)


@lru_cache(4096)
def _places(text: str) -> Places:
    return frozenset((relation, path) for relation, path in json.loads(text))


def _group(row: Row) -> Group:
    id_, sort, noun, unit, places = row
    return Group(id_, sort, noun, unit, _places(places))


def _place_rows(group: Group) -> list[Row]:
    size = len(group.places)
    return [(group.sort, group.noun, group.unit, f"{relation} {path}", size, group.id) for relation, path in sorted(group.places)]
