"""A collection that grows: who is who, kept in SQLite, and only what a change touches is decided anew.

Documents come and go in any order; ``settle`` then makes the entities and decisions those of all documents that are there, the same as if
they had come at once. It looks only at the components of blocks (``bearers.blocks``) in which something changed, so that adding one
document costs what its own names touch, however many there are, and memory holds one component at a time.
"""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date

import msgspec

from kg.gazetteer import Gazetteer
from kg.records import UNNAMED, Answer, Chain, Collection, Correction, Decision, Entity, Extraction, Kind, Outcome, voice_name
from kg.resolve import dating, kinds
from kg.resolve.bearers import Bearer, bearer, blocks
from kg.resolve.components import Components
from kg.resolve.corrections import corrected
from kg.resolve.entities import Draft, by_post, draw, holder_of, of_entry, of_voice, voice_names
from kg.resolve.linking import Pair, node_of
from kg.resolve.register import Change, Register, called, owned
from kg.resolve.subjects import Node, Subject, around
from kg.resolve.tables import encoded, lines, made, one, words

_bearer = msgspec.json.Decoder(Bearer).decode
_chain = msgspec.json.Decoder(Chain).decode
_entity = msgspec.json.Decoder(Entity).decode
_decisions = msgspec.json.Decoder(list[Decision]).decode


class Resolution:
    """The entities of a collection, in tables of a database that the caller commits.

    Args:
        database: Where the tables are, or are made.
        gazetteer: What is known of places and bodies.
        load: Document key → its extraction, for documents that were added.
        corrections: What people said; always those with which the database was filled.
    """

    def __init__(
        self,
        database: sqlite3.Connection,
        gazetteer: Gazetteer,
        load: Callable[[str], Extraction],
        corrections: Iterable[Correction] = (),
    ) -> None:
        self._db, self._gazetteer, self._load = made(database), gazetteer, load
        self._said = tuple(sorted(corrections))
        self._components, self._register = Components(database), Register(database)
        self._names: set[str] = set()
        self._voices: set[str] = set()
        self._speakers: set[str] = set()
        self._matters: list[frozenset[str]] = []

    # ------------------------------------------------------------ documents come and go

    def keys(self) -> set[str]:
        """Return the keys of the documents that are there."""
        return {key for (key,) in self._db.execute("SELECT key FROM document")}

    def add(self, extraction: Extraction) -> None:
        """Add a document that is not there."""
        key, day = extraction.document.key, extraction.document.date
        read, _ = corrected(extraction, self._said, self._gazetteer)
        cast = list(kinds.votes(read))
        self._names |= {vote.name for vote in cast}
        self._db.executemany(
            "INSERT INTO vote VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                (key, number, vote.name, vote.kind, vote.weight, vote.guess, None if vote.guess else encoded(chain))
                for number, (vote, chain) in enumerate(zip(cast, read.chains, strict=True))
            ),
        )
        known, matter = (day if day and len(day) == len("2023-09-29") else None), dating.matter(read)
        if known:
            self._matters.append(matter)
        row = (key, known, dating.is_open(read), lines(matter))
        self._db.execute("INSERT INTO document VALUES (?, ?, ?, ?, '', NULL, '', '', 1)", row)
        self._place(extraction)

    def drop(self, key: str) -> None:
        """Remove a document."""
        self._names |= {name for (name,) in self._db.execute("SELECT name FROM vote WHERE key = ?", (key,))}
        day, matter = self._db.execute("SELECT day, matter FROM document WHERE key = ?", (key,)).fetchone()
        if day:
            self._matters.append(words(matter))
        self._displace(key)
        for table in ("document", "vote"):
            self._db.execute(f"DELETE FROM {table} WHERE key = ?", (key,))

    def _place(self, extraction: Extraction) -> None:
        """Put the chains and voices of a document into the tables, with the kinds that the collection gives them."""
        read, ids = corrected(extraction, self._said, self._gazetteer)
        read = self._retyped(read)
        key, near, said = read.document.key, around(read), self._sides_in(read)
        self._db.execute(
            "UPDATE document SET company = ?, year = ?, lands = ?, touched = 1 WHERE key = ?",
            (lines(near.company), next(iter(near.years), None), lines(near.lands), key),
        )
        for number, chain in enumerate(read.chains):
            found = bearer(read, number, ids.get(number, ""))
            names = [*blocks(found, self._gazetteer), *(f"said {place}" for place, _ in said.get(number, ()))]
            component = self._components.of(names or [called((key, number))])
            row = (key, number, component, chain.kind, chain.name, chain.known, encoded(found))
            self._db.execute("INSERT INTO node VALUES (?, ?, ?, ?, ?, ?, ?, NULL, NULL)", row)
        self._components.names_changed((chain.kind, chain.name) for chain in read.chains)
        rows = ((place, side, key, number) for number, sides in said.items() for place, side in sides)
        self._db.executemany("INSERT INTO told VALUES (?, ?, ?, ?)", rows)
        self._place_voices(read)

    def _place_voices(self, extraction: Extraction) -> None:
        key, names = extraction.document.key, voice_names(extraction)
        numbers = {name: -place for place, name in enumerate(names, 1)}
        decisions = []
        for name in names:
            holder = holder_of(extraction, name, self._gazetteer)
            named = f"holder {holder.id}" if holder else f"unnamed {key} {name}" if name.startswith(UNNAMED) else f"government {name}"
            self._voices.add(named)
            row = (key, numbers[name], name, holder.id if holder else None, named)
            self._db.execute("INSERT INTO node VALUES (?, ?, NULL, '', ?, ?, NULL, ?, NULL)", row)
            if holder and (decision := by_post(extraction, name, holder)):
                decisions.append(Draft(decision, (key, numbers[name]), (key, numbers[name])))
        if decisions:
            self._register.decide(f"document {key}", decisions)
        acting = Counter(_acting(extraction, numbers))
        self._db.executemany("INSERT INTO acts VALUES (?, ?, ?, ?)", ((key, *pair, times) for pair, times in sorted(acting.items())))

    def _displace(self, key: str) -> None:
        """Take the chains and voices of a document out of the tables."""
        for component, named, kind, name in self._db.execute("SELECT component, named, kind, name FROM node WHERE key = ?", (key,)):
            if component is None:
                self._voices.add(named)
            else:
                self._components.touched.add(component)
                self._components.names_changed([(kind, name)])
        self._speakers |= self._speakers_in(key)
        self._register.decide(f"document {key}", [])
        for table in ("node", "told", "acts"):
            self._db.execute(f"DELETE FROM {table} WHERE key = ?", (key,))

    def _sides_in(self, extraction: Extraction) -> dict[int, list[tuple[int, str]]]:
        """Return chain → (place among the corrections, side) of what was said of it."""
        key, found = extraction.document.key, defaultdict(list)
        for place, correction in enumerate(self._said):
            for name, side in (("left", correction.left), ("right", correction.right)):
                if side is not None and side.document == key and (node := node_of(side, {key: extraction})) is not None:
                    found[node[1]].append((place, name))
        return found

    def _speakers_in(self, key: str) -> set[str]:
        """Return the entities that speak for somebody in a document."""
        sql = "SELECT DISTINCT named FROM acts JOIN node ON node.key = acts.key AND number = speaker WHERE acts.key = ?"
        return {named for (named,) in self._db.execute(sql, (key,)) if named}

    # ------------------------------------------------------------ deciding

    def settle(self) -> None:
        """Decide anew whatever the documents that came and went touch."""
        self._retype()
        self._date()
        self._components.join_close()
        for component in sorted(self._components.touched):
            self._draw(component)
        self._components.touched.clear()
        self._hold()
        self._touch(self._register.name())
        touched = [key for (key,) in self._db.execute("SELECT key FROM document WHERE touched")]
        self._register.finish(self._speakers.union(*map(self._speakers_in, touched)))
        self._speakers.clear()

    def _retype(self) -> None:
        """Let the collection say anew of what kind the names are whose votes changed."""
        changed: set[str] = set()
        for name in sorted(self._names):
            before = self._db.execute("SELECT * FROM verdict WHERE name = ? ORDER BY kind", (name,)).fetchall()
            now = list(self._verdicts(name))
            if now != before:
                self._db.execute("DELETE FROM verdict WHERE name = ?", (name,))
                self._db.executemany("INSERT INTO verdict VALUES (?, ?, ?, ?, ?, ?)", now)
                of = sorted({row[1] for row in set(now) ^ set(before)})
                sql = "SELECT DISTINCT key FROM vote WHERE name = ? AND kind = ? AND guess"
                changed |= {key for kind in of for (key,) in self._db.execute(sql, (name, kind))}
        self._names.clear()
        for key in sorted(changed):
            self._displace(key)
            self._place(self._load(key))

    def _verdicts(self, name: str) -> Iterator[tuple[str, str, float, str, int, bytes]]:
        """Yield, for each guessed kind of a name that another takes over, its share of the votes and the first chain that has it."""
        sql = "SELECT kind, sum(weight), max(guess), min(guess) FROM vote WHERE name = ? GROUP BY kind ORDER BY kind"
        rows = [(Kind(kind), cast, guessed, not guess) for kind, cast, guessed, guess in self._db.execute(sql, (name,))]
        cast, sure = {kind: votes for kind, votes, _, _ in rows}, {kind for kind, _, _, is_sure in rows if is_sure}
        for kind in (kind for kind, _, guessed, _ in rows if guessed):
            if found := kinds.outvoted(cast, sure, kind):
                best, share = found
                sql = "SELECT key, number, chain FROM vote WHERE name = ? AND kind = ? AND NOT guess ORDER BY key, number LIMIT 1"
                yield (name, kind, round(share, 4), *self._db.execute(sql, (name, best)).fetchone())

    def _retyped(self, extraction: Extraction) -> Extraction:
        """Return a document whose guessed kinds give way to those of the collection."""
        key = extraction.document.key
        sql = (
            "SELECT vote.number, verdict.chain FROM vote JOIN verdict USING (name, kind) WHERE vote.key = ? AND guess ORDER BY vote.number"
        )
        for number, like in self._db.execute(sql, (key,)):
            chain = _chain(like)
            extraction = kinds.retyped(extraction, number, chain.kind, kinds.RULE, chain)
        return extraction

    def _date(self) -> None:
        """Look for the days of the same matter wherever a dated document came or went, or an open one came."""
        opened = self._db.execute("SELECT key, matter, days, touched FROM document WHERE open").fetchall()
        wanted = [
            (key, own, days)
            for key, matter, days, touched in opened
            if touched or any(dating.of_one_matter(words(matter), other) for other in self._matters)
            for own in [words(matter)]
        ]
        self._matters.clear()
        dated = self._db.execute("SELECT day, matter FROM document WHERE day <> ''") if wanted else ()
        known = [(day, words(matter)) for day, matter in dated]
        for key, own, before in wanted:
            days = " ".join(sorted({day for day, matter in known if dating.of_one_matter(own, matter)}))
            if days != before:
                self._db.execute("UPDATE document SET days = ?, touched = 1 WHERE key = ?", (days, key))

    def _draw(self, component: int) -> None:
        """Decide anew what the bearers of a component are."""
        rows = self._db.execute("SELECT key, number, named, bearer FROM node WHERE component = ?", (component,)).fetchall()
        bearers = {(key, number): _bearer(body) for key, number, _, body in rows}
        people = {key for (key, _), found in bearers.items() if found.chain.kind is Kind.PERSON}
        of_two, of_one = self._corrections(component)
        drawn = draw(
            bearers,
            {key: self._around(key) for key in people},
            self._gazetteer,
            pairs=self._changes_of_kind(component),
            of_two=of_two,
            of_one=of_one,
            frequent={kind: self._components.frequent(kind) for kind in (Kind.PERSON, Kind.ORGANIZATION)},
        )
        self._register.put(str(component), owned(drawn), drawn.decisions)
        before = {(key, number): named for key, number, named, _ in rows}
        now = {node: called(root) for root, _, members in drawn.entities for node in members}
        moved = ((named, *node) for node, named in now.items() if before[node] != named)
        self._db.executemany("UPDATE node SET named = ? WHERE key = ? AND number = ?", moved)

    def _around(self, key: str) -> Subject:
        company, year, lands = self._db.execute("SELECT company, year, lands FROM document WHERE key = ?", (key,)).fetchone()
        return Subject(company=words(company), years=frozenset({year} if year is not None else ()), lands=words(lands))

    def _changes_of_kind(self, component: int) -> list[Pair]:
        """Return the decisions by which names of a component have the kind of the collection."""
        sql = (
            "SELECT vote.key, vote.number, verdict.key, verdict.number, share FROM node JOIN vote USING (key, number)"
            " JOIN verdict ON verdict.name = vote.name AND verdict.kind = vote.kind WHERE component = ? AND guess"
        )
        rows = self._db.execute(sql, (component,)).fetchall()
        found = ((sorted(((key, number), (other, place))), share) for key, number, other, place, share in rows)
        return [Pair(left, right, Outcome.ACCEPTED, kinds.RULE, share) for (left, right), share in found]

    def _corrections(self, component: int) -> tuple[list[tuple[Correction, Node, Node]], dict[Node, list[Correction]]]:
        """Return what was said of two bearers of a component, and of one."""
        sql = "SELECT place, side, key, number FROM told JOIN node USING (key, number) WHERE component = ?"
        sides: dict[int, dict[str, Node]] = defaultdict(dict)
        for place, side, key, number in self._db.execute(sql, (component,)) if self._said else ():
            sides[place][side] = (key, number)
        of_one: dict[Node, list[Correction]] = defaultdict(list)
        for place, found in sorted(sides.items()):
            said = self._said[place]
            if said.holds and said.answer in (Answer.LINK, Answer.OFFER) and "left" in found:
                of_one[found["left"]].append(said)
        return [(self._said[p], found["left"], found["right"]) for p, found in sorted(sides.items()) if len(found) > 1], of_one

    def _hold(self) -> None:
        """Make the entities of voices without a name, and find those of holders of posts among the bearers."""
        for id_ in [id_ for (id_,) in self._db.execute("SELECT DISTINCT known FROM node WHERE known IS NOT NULL AND number < 0")]:
            sql = "SELECT named FROM node WHERE known = ? AND number >= 0 ORDER BY key, number LIMIT 1"
            named = one(self._db, sql, id_) or f"holder {id_}"
            self._db.execute("UPDATE node SET named = ? WHERE known = ? AND number < 0", (named, id_))
            self._voices.add(f"holder {id_}")
        for named in sorted(self._voices):
            row = self._db.execute("SELECT key, name, known FROM node WHERE named = ? LIMIT 1", (named,)).fetchone()
            if row is None:
                self._register.put(named, [], [])
                continue
            key, name, known = row
            holder = self._gazetteer.get(known) if known else None
            self._register.put(named, [(named, of_entry(holder) if holder else of_voice(key, name, self._gazetteer))], [])
        self._voices.clear()

    def _touch(self, keys: Iterable[str]) -> None:
        self._db.executemany("UPDATE document SET touched = 1 WHERE key = ?", ((key,) for key in sorted(keys)))

    # ------------------------------------------------------------ what came of it

    def changes(self) -> Iterator[Change]:
        """Yield what became of entities and decisions since the last ``accept``."""
        return self._register.changes()

    def touched(self) -> list[str]:
        """Return the keys of the documents that are to be told anew since the last ``accept``, sorted."""
        return [key for (key,) in self._db.execute("SELECT key FROM document WHERE touched ORDER BY key")]

    def accept(self) -> None:
        """Take everything that changed as told."""
        self._register.accept()
        self._db.execute("UPDATE document SET touched = 0 WHERE touched")

    def document(self, extraction: Extraction) -> Collection:
        """Return one document as the collection has it: with the kinds, days and corrections that the others gave it, and its entities."""
        key = extraction.document.key
        read, _ = corrected(extraction, self._said, self._gazetteer)
        read = self._retyped(read)
        if days := one(self._db, "SELECT days FROM document WHERE key = ?", key):
            read = dating.dated(read, [date.fromisoformat(day) for day in days.split()])
        sql = "SELECT number, node.name, named, fresh FROM node JOIN entity USING (named) WHERE key = ?"
        rows = self._db.execute(sql, (key,)).fetchall()
        entities = {named: _entity(fresh) for _, _, named, fresh in rows}
        return _collected((read,), entities, [(key, number, name, named) for number, name, named, _ in rows], ())

    def collection(self) -> Collection:
        """Return the whole collection, all of it in memory."""
        keys = sorted(self.keys())
        read = tuple(self.document(self._load(key)).extractions[0] for key in keys)
        entities = {named: _entity(fresh) for named, fresh in self._db.execute("SELECT named, fresh FROM entity WHERE fresh IS NOT NULL")}
        nodes = self._db.execute("SELECT key, number, name, named FROM node").fetchall()
        rows = self._db.execute("SELECT fresh FROM outcome WHERE fresh IS NOT NULL AND draft IS NOT NULL")
        return _collected(read, entities, nodes, (decision for (body,) in rows for decision in _decisions(body)))

    def acts_for(self, path: str) -> str | None:
        """Return the path of the actor for whom an actor most often speaks."""
        fresh = one(self._db, "SELECT fresh FROM entity WHERE path = ?", path)
        slug = _entity(fresh).acts_for if fresh else None
        return f"actor/{slug}" if slug else None

    def counted(self) -> tuple[Counter[Kind], int, Counter[Outcome]]:
        """Return how many named entities there are of each kind, how many without a name, and decisions by outcome."""
        rows = self._db.execute("SELECT kind, unnamed, count(*) FROM entity WHERE draft IS NOT NULL GROUP BY kind, unnamed").fetchall()
        named = Counter({Kind(kind): count for kind, unnamed, count in rows if not unnamed})
        sums = self._db.execute("SELECT sum(accepted), sum(proposed), sum(rejected) FROM outcome WHERE draft IS NOT NULL").fetchone()
        decided = zip((Outcome.ACCEPTED, Outcome.PROPOSED, Outcome.REJECTED), sums, strict=True)
        unnamed = sum(count for _, is_unnamed, count in rows if is_unnamed)
        return named, unnamed, Counter({outcome: number for outcome, number in decided if number})

    def authorities(self) -> list[str]:
        """Return the ids of the concepts of authority files that entities are, sorted."""
        sql = "SELECT DISTINCT authority FROM entity WHERE authority IS NOT NULL ORDER BY authority"
        return [authority for (authority,) in self._db.execute(sql)]


def resolve(extractions: Iterable[Extraction], gazetteer: Gazetteer, corrections: Iterable[Correction] = ()) -> Collection:
    """Return the collection of some documents; the same whatever their order, and however often one comes.

    Of two documents with the same text the one with the smaller id stays.

    Args:
        extractions: What was read.
        gazetteer: What is known of places and bodies.
        corrections: What people said; it wins over every rule.
    """
    by_key: dict[str, Extraction] = {}
    for extraction in sorted(extractions, key=lambda extraction: (extraction.document.key, extraction.document.id)):
        by_key.setdefault(extraction.document.key, extraction)
    resolution = Resolution(sqlite3.connect(":memory:"), gazetteer, by_key.__getitem__, corrections)
    for extraction in by_key.values():
        resolution.add(extraction)
    resolution.settle()
    return resolution.collection()


def _collected(
    extractions: tuple[Extraction, ...],
    entities: Mapping[str, Entity],
    nodes: Iterable[tuple[str, int, str, str]],
    decisions: Iterable[Decision],
) -> Collection:
    """Return a collection of entities by their names in the tables, and of nodes with the entities that they are."""
    order = sorted(entities, key=lambda named: (entities[named].kind is Kind.PLACE, entities[named].slug))
    position = {named: place for place, named in enumerate(order)}
    refers, voices = {}, {}
    for key, number, name, named in nodes:
        if number < 0:
            voices[key, name] = position[named]
        else:
            refers[key, number] = position[named]
    return Collection(extractions, tuple(entities[named] for named in order), tuple(sorted(decisions)), refers, voices)


def _acting(extraction: Extraction, numbers: Mapping[str, int]) -> Iterator[tuple[int, int]]:
    """Yield (speaker, principal) of each statement that is made for another, as numbers of nodes."""
    for said in extraction.statements:
        if said.speaker and said.on_behalf_of:
            speaker, principal = (
                voice.chain if voice.chain is not None else numbers[voice_name(voice)] for voice in (said.speaker, said.on_behalf_of)
            )
            yield speaker, principal
