"""The entities of a growing collection get their names: slugs told apart, whom they act for, decisions with the entities of both sides."""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import msgspec

from kg.records import Decision, Entity, Kind, Outcome
from kg.resolve.entities import Draft, Drawn
from kg.resolve.subjects import Node
from kg.resolve.tables import encoded, one

_entity = msgspec.json.Decoder(Entity).decode
_drafts = msgspec.json.Decoder(list[Draft]).decode
_decisions = msgspec.json.Decoder(list[Decision]).decode


@dataclass(frozen=True, slots=True)
class Change:
    """What became of the entities and decisions of one owner: a component of blocks, a voice without a name, or a document.

    No two owners tell the same of an entity.

    Attributes:
        gone, new: Entities as they were told and as they are; one that changed is in both.
        undone, made: Decisions likewise; ``kept`` are those that stay.
    """

    gone: tuple[Entity, ...]
    new: tuple[Entity, ...]
    undone: tuple[Decision, ...]
    made: tuple[Decision, ...]
    kept: tuple[Decision, ...]


class Register:
    """Entities and decisions in the tables of a database; what changed since ``accept`` is told by ``changes``."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._db = database
        self._stems: set[tuple[bool, str]] = set()
        self._named: set[str] = set()
        self._relabelled: set[str] = set()
        self._owners: set[str] = set()

    # ------------------------------------------------------------ what follows from an owner alone

    def put(self, owner: str, entities: Iterable[tuple[str, Entity]], decisions: Sequence[Draft]) -> None:
        """Say what the entities (by their names in the tables) and decisions of an owner are now."""
        kept = dict(entities)
        for named, place, stem in self._db.execute("SELECT named, place, stem FROM entity WHERE owner = ?", (owner,)).fetchall():
            self._touch(named, bool(place), stem)
            if named not in kept:
                self._db.execute("UPDATE entity SET draft = NULL, path = NULL, authority = NULL WHERE named = ?", (named,))
        for named, entity in kept.items():
            self.put_one(named, owner, entity)
        self.decide(owner, decisions)

    def put_one(self, named: str, owner: str, entity: Entity) -> None:
        """Say what one entity is now."""
        place = entity.kind is Kind.PLACE
        self._touch(named, place, entity.slug)
        if (name := one(self._db, "SELECT name FROM entity WHERE named = ?", named)) is not None and name != entity.name:
            self._relabelled.add(named)
        self._db.execute(
            "INSERT INTO entity VALUES (?, ?, ?, ?, ?, ?, ?, NULL, ?, ?, NULL, NULL) ON CONFLICT (named) DO UPDATE SET"
            " owner = excluded.owner, place = excluded.place, stem = excluded.stem, name = excluded.name, kind = excluded.kind,"
            " unnamed = excluded.unnamed, authority = excluded.authority, draft = excluded.draft",
            (named, owner, place, entity.slug, entity.name, entity.kind, entity.unnamed, entity.authority, encoded(entity)),
        )

    def decide(self, owner: str, decisions: Sequence[Draft]) -> None:
        """Say what the decisions of an owner are now."""
        self._owners.add(owner)
        self._db.execute("UPDATE outcome SET draft = NULL WHERE owner = ?", (owner,))
        if decisions:
            count = Counter(draft.decision.outcome for draft in decisions)
            row = (owner, encoded(decisions), *(count[outcome] for outcome in (Outcome.ACCEPTED, Outcome.PROPOSED, Outcome.REJECTED)))
            self._db.execute("INSERT INTO outcome VALUES (?, ?, NULL, NULL, ?, ?, ?)", row)

    def _touch(self, named: str, place: bool, stem: str) -> None:
        self._named.add(named)
        self._stems.add((place, stem))

    # ------------------------------------------------------------ what follows from all

    def name(self) -> set[str]:
        """Tell entities of one slug apart (``smith``, ``smith--2``); return the documents with an entity that is called otherwise now."""
        for place, stem in sorted(self._stems):
            sql = "SELECT named, path, draft FROM entity WHERE place = ? AND stem = ? AND draft IS NOT NULL"
            rows = [(_entity(draft), named, path) for named, path, draft in self._db.execute(sql, (place, stem))]
            for number, (entity, named, path) in enumerate(sorted(rows, key=lambda row: (row[0].kind, row[1])), 1):
                now = replace(entity, slug=stem if number == 1 else f"{stem}--{number}").path
                if now != path:
                    self._db.execute("UPDATE entity SET path = ? WHERE named = ?", (now, named))
                    self._named.add(named)
        sql = "SELECT DISTINCT node.key FROM entity JOIN node USING (named) WHERE named = ? AND node.path IS NOT entity.path"
        found = {key for named in sorted(self._named) for (key,) in self._db.execute(sql, (named,))}
        sql = "SELECT DISTINCT key FROM node WHERE named = ?"
        read = found | {key for named in sorted(self._relabelled) for (key,) in self._db.execute(sql, (named,))}
        sql = "UPDATE node SET path = (SELECT path FROM entity WHERE entity.named = node.named) WHERE key = ?"
        self._db.executemany(sql, ((key,) for key in sorted(found)))
        return read

    def finish(self, speakers: Iterable[str]) -> None:
        """Fill in whom touched entities and some ``speakers`` act for, and the entities of the decisions about them."""
        for named in sorted({*self._named, *speakers}):
            row = self._db.execute("SELECT owner, path, draft, fresh FROM entity WHERE named = ?", (named,)).fetchone()
            if row is None:
                continue
            owner, path, draft, fresh = row
            slug = (path or "").partition("/")[2]
            now = None if draft is None else encoded(replace(_entity(draft), slug=slug, acts_for=self._acts_for(named, path)))
            if now != fresh:
                self._db.execute("UPDATE entity SET fresh = ? WHERE named = ?", (now, named))
                self._owners.add(owner)
        for owner in sorted(self._owners):
            self._finish_decisions(owner)

    def _acts_for(self, named: str, path: str) -> str | None:
        """Return the slug of the actor that an actor's statements most often are made for; of equal ones the first."""
        if path.startswith("place/"):
            return None
        sql = (
            "SELECT p.named, sum(acts.times) FROM node s JOIN acts ON acts.key = s.key AND acts.speaker = s.number"
            " JOIN node p ON p.key = acts.key AND p.number = acts.principal WHERE s.named = ? AND p.named <> s.named GROUP BY p.named"
        )
        votes = self._db.execute(sql, (named,)).fetchall()
        slugs = [(-times, one(self._db, "SELECT path FROM entity WHERE named = ?", other).partition("/")[2]) for other, times in votes]
        return min(slugs)[1] if slugs else None

    def _finish_decisions(self, owner: str) -> None:
        rows = self._db.execute("SELECT draft FROM outcome WHERE owner = ? AND draft IS NOT NULL", (owner,)).fetchall()
        drafts = [draft for (body,) in rows for draft in _drafts(body)]
        paths = self._paths({node for draft in drafts for node in (draft.left, draft.right) if node})
        now = [replace(d.decision, entities=(paths[d.left], paths[d.right] if d.right else "")) for d in drafts]
        self._db.execute("UPDATE outcome SET fresh = ? WHERE owner = ? AND draft IS NOT NULL", (encoded(sorted(now)), owner))

    def _paths(self, nodes: set[Node]) -> dict[Node, str]:
        return {node: one(self._db, "SELECT path FROM node WHERE key = ? AND number = ?", *node) for node in nodes}

    # ------------------------------------------------------------ what changed

    def changes(self) -> Iterator[Change]:
        """Yield what changed since the last ``accept``, by owner; may be asked again."""
        for owner in sorted(self._owners):
            sql = "SELECT record, fresh FROM entity WHERE owner = ? AND record IS NOT fresh ORDER BY named"
            entities = self._db.execute(sql, (owner,)).fetchall()
            rows = self._db.execute("SELECT record, fresh, draft FROM outcome WHERE owner = ?", (owner,)).fetchall()
            before = {decision for record, _, _ in rows if record for decision in _decisions(record)}
            now = {decision for _, fresh, draft in rows if fresh and draft for decision in _decisions(fresh)}
            yield Change(
                tuple(_entity(record) for record, _ in entities if record),
                tuple(_entity(fresh) for _, fresh in entities if fresh),
                tuple(sorted(before - now)),
                tuple(sorted(now - before)),
                tuple(sorted(now & before)),
            )

    def accept(self) -> None:
        """Take what changed as told."""
        for owner in sorted(self._owners):
            self._db.execute("DELETE FROM entity WHERE owner = ? AND draft IS NULL", (owner,))
            self._db.execute("UPDATE entity SET record = fresh WHERE owner = ? AND record IS NOT fresh", (owner,))
            self._db.execute("DELETE FROM outcome WHERE owner = ? AND draft IS NULL", (owner,))
            self._db.execute("UPDATE outcome SET record = fresh WHERE owner = ?", (owner,))
        self._stems.clear()
        self._named.clear()
        self._relabelled.clear()
        self._owners.clear()


def owned(drawn: Drawn) -> Iterator[tuple[str, Entity]]:
    """Yield the entities of a component by their names in the tables."""
    return ((called(root), entity) for root, entity, _ in drawn.entities)


def called(root: Node) -> str:
    """Return the name in the tables of the entity of a cluster."""
    return f"chain {root[0]} {root[1]:05}"
