"""What was read is resolved and written: a generation of the store, texts, and for graphs of some size Turtle, N-Quads, page and report."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from functools import lru_cache, partial
from itertools import islice
from pathlib import Path

from kg.annotate import meaning
from kg.archive import Archive
from kg.copies import Copies, Read, repeated
from kg.errors import InputError, StoreError
from kg.graph import Graph
from kg.ledgers import Changes, Ledger, Told, told
from kg.memory import give_back, large_apart
from kg.pipeline.counting import Report, report_of, tally
from kg.pipeline.options import Options
from kg.pipeline.recipe import gazetteer_of, ingredients, recipe_of_graph
from kg.pipeline.state import State
from kg.records import Collection, Correction
from kg.resolve import Resolution
from kg.review import corrections
from kg.store import Draft, Format, Store, drop_texts, following, keep_texts, published, write
from kg.tables import Tables, roll
from kg.triples import (
    authority_quads,
    changed_entity_quads,
    changed_quads,
    changed_table_quads,
    correction_quads,
    document_quads,
    entity_quads,
    evidence_paths,
    run_iri,
    run_quads,
)
from kg.vocab import Quad, iri

TITLE = "Who said what"
FILES_UP_TO = 500_000
"""Quads of the largest graph that is also written as files by every build."""
FILES = ("graph.ttl", "graph.nq", "graph.html")
OURS = re.compile(r"graph/(?:[0-9a-f]{16}|authority|corrections|entities|inferred|runs|tables)\Z")
"""What a build makes; other graphs were imported, and stay."""
COUNTED, FRACTION = 100, 10
"""Up to so many documents, and such a part of those that are there, the quads of a step are counted while they come and go; after a larger
step, all are counted."""
ORIGINALS = 16
"""So many resolved documents are kept at hand while their copies are told, which likely come together."""
REMOVED = 1_000
"""Quads of tables that leave a draft in one go."""
COUNTED_ALONE = ("kept", "dropped", "files")
"""What a report tells of the work and not of the graph."""


def said_about(output: Path) -> tuple[Correction, ...]:
    """Return what people said about the graph of a folder; nothing where there is none."""
    if published(output) is None:
        return ()
    with Store(output) as store:
        return corrections(store)


class Writing:
    """The graph of a folder while it is brought up to what was read.

    Args:
        archive: What was read.
        output: The folder.
        options: How it was read.
        base: Namespace of the data.
        said: What people said.
        strict: Refuse a document's graph that breaks a rule.
    """

    def __init__(
        self, archive: Archive, output: Path, options: Options, base: str, said: tuple[Correction, ...], *, strict: bool = False
    ) -> None:
        self._strict = strict
        self._archive, self._output, self._options, self._base, self._said = archive, output, options, base, said
        self._state = State(output, recipe_of_graph(options, base, said))
        with self._state.used():
            self._resolution = Resolution(self._state.database, gazetteer_of(options.authority), archive.kept, said)
            self._copies = Copies(self._state.database)
            self._tables = Tables(self._state.database)
            self._ledger = Ledger(self._state.database, partial(meaning, model=options.model))
        self._about = ingredients(options)
        self._entered: dict[str, str | None] = {}
        large_apart()

    def __enter__(self) -> "Writing":
        """Return itself."""
        self._state.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        """Forget what was not published."""
        self._state.database.close()

    @property
    def anew(self) -> bool:
        """Tell whether the graph is to be made from the start, while readers still have another."""
        return self._state.empty and published(self._output) is not None

    def enter(self, key: str) -> None:
        """Take in a document that the archive has, ahead of the step that shows it: what can be known of it alone is known by then."""
        with self._state.used():
            if key in self._entered or key in self._state:
                return  # whether it is another now, the step finds out
            self._entered[key] = self._archive.stamp(key)  # before it is taken in: what changes meanwhile has another
            self._enter(key)

    def bring_to(self, wanted: Iterable[str], *, on_the_way: bool = False) -> int:
        """Make the graph that of some documents of the archive, in one step for its readers; return how many went.

        Only what has changed since the last time, and what that touches, is resolved and written.

        Args:
            wanted: Keys of the documents.
            on_the_way: More will come soon: what is written is put in order for quick answers when all is there.

        Raises:
            StoreError: The disk is full or broken.
        """
        with self._state.used():
            return self._brought_to(set(wanted), on_the_way)

    def _brought_to(self, keys: set[str], on_the_way: bool) -> int:
        stamps, before = self._archive.stamps(), self._state.stamps()
        known = before | self._entered
        gone = {key for key, stamp in known.items() if key not in keys or stamps[key] != stamp}
        new = {key for key in keys if known.get(key) != stamps[key]}
        changed = gone | new | self._entered.keys()
        if not (changed or self._state.empty) and (on_the_way or not self._state.mostly_loose):
            return 0
        for key in sorted(gone):
            self._resolution.drop(key)
            self._copies.drop(key)
            self._state.drop(key)
        for key in sorted(new):
            self._enter(key)
        self._entered.clear()
        self._resolution.settle()
        self._copies.settle()
        number = following(self._output)
        counted = self._state.quads if len(changed) <= min(COUNTED, len(before) // FRACTION) else None
        dropped = before.keys() - keys
        with Draft(self._output, number, empty=self._state.empty, quads=counted) as draft:
            self._write(draft, gone & before.keys(), dropped, stamps)
            in_order = not on_the_way and self._state.mostly_loose
            quads = draft.finish(optimise=in_order)
        if in_order:
            self._state.put_in_order()
        self._resolution.accept()
        self._copies.accept()
        self._state.commit(number, quads)
        give_back()
        if gone - keys:
            drop_texts(self._output, besides=keys)
        return len(dropped)

    def _enter(self, key: str) -> None:
        extraction = self._archive.kept(key)
        keep_texts(self._output, {key: extraction.document.text})
        self._resolution.add(extraction)
        self._copies.add(extraction.document)

    def report(self, same: tuple[str, ...], failed: Sequence[InputError]) -> Report:
        """Count what the graph holds."""
        with self._state.used():
            counted, copies = self._resolution.counted(), self._copies.named()
            return report_of(self._state.tallies(), *counted, same, copies, failed, quads=self._state.quads or 0)

    def _write(self, draft: Draft, gone: set[str], dropped: set[str], stamps: Mapping[str, str]) -> None:
        """Write what changed into a draft.

        What entities are told no more goes before what they are told now, since another may be told the same. Everything else comes in
        one go, which the engine loads while the rest is put together, and what it is instead of goes last: a removal waits for the engine.
        """
        if self._state.empty:
            _keep_imported(self._output, draft)
        draft.drop(iri("graph", key, self._base) for key in sorted(dropped))
        moved: set[str] = set()
        for change in self._resolution.changes():
            moved |= {entity.path for entity in (*change.gone, *change.new)}
            if change.gone or change.undone:
                draft.remove(changed_entity_quads(change, version=self._about[0], base=self._base)[0])
        left = self._write_inferred(draft, self._ledger.update(gone, self._documents(draft, stamps), self._resolution.acts_for, moved))
        changes = self._resolution.changes()
        draft.add(quad for change in changes for quad in changed_entity_quads(change, version=self._about[0], base=self._base)[1])
        self._write_tables(draft, dropped)
        if left:
            draft.remove(left)
        concepts = filter(None, map(gazetteer_of(self._options.authority).get, self._resolution.authorities()))
        draft.replace(iri("graph", "authority", self._base), authority_quads(concepts, base=self._base))
        draft.replace(iri("graph", "corrections", self._base), correction_quads(self._said, base=self._base))
        draft.replace(iri("graph", "runs", self._base), run_quads(*self._about, base=self._base))

    def _write_inferred(self, draft: Draft, changes: Changes) -> tuple[Quad, ...]:
        """Write what now follows from several articles, and return what follows no more."""
        left, new = changed_quads(changes, base=self._base)
        draft.add(new)
        return left

    def _write_tables(self, draft: Draft, gone: Iterable[str]) -> None:
        """Write who is named together with whom and who speaks where, as far as that changed."""
        for key in sorted(gone):
            self._tables.leave(key)
        draft.add(quad for change in self._tables.changes() for quad in changed_table_quads(change, base=self._base)[1])
        told = (change for change in self._tables.changes() if change.before)
        left = (quad for change in told for quad in changed_table_quads(change, base=self._base)[0])
        while part := list(islice(left, REMOVED)):
            draft.remove(part)
        self._tables.settle()

    def _documents(self, draft: Draft, stamps: Mapping[str, str]) -> Iterator[Told]:
        """Write the graphs of the documents that are to be told anew, and yield what they tell the ledgers.

        Raises:
            StoreError: The build is strict, and some break a rule; its notes (PEP 678) name them.
        """
        run = run_iri(*self._about, base=self._base)
        broken: list[str] = []
        resolved = lru_cache(ORIGINALS)(self._resolved)
        held = self._state.stamps().keys()
        for key in sorted(self._anew(), key=lambda key: (key not in held, key)):  # what goes, goes before anything comes (decision 7)
            prints = [(resolved(of), share) for of, share in self._copies.originals(key)]
            collection = _copied(self._resolved(key), prints)
            read, originals = collection.extractions[0], collection.originals_of(key)
            places = [collection.entities[collection.refers[key, chain]] for chain in range(len(read.chains))]
            quads = list(document_quads(collection, read, run=run, base=self._base))
            if self._strict:
                broken += self._broken(
                    quads, collection, [quad for of, _ in prints for quad in document_quads(of, of.extractions[0], base=self._base)]
                )
            digests = draft.replace(iri("graph", key, self._base), quads, known=self._state.written(key))
            self._state.hold(key, stamps[key], tally(read, collection.repeated(key)), digests)
            self._tables.enter(roll(read, partial(collection.entity_of, key), places.__getitem__))
            paths = evidence_paths(read, originals)
            yield told(read, partial(collection.entity_of, key), places.__getitem__, paths, originals)
        if broken:
            refused = StoreError(f"{len(broken):,} rules are broken, and nothing was written", "Leave --strict out to see the graph.")
            for line in broken:
                refused.add_note(line)
            raise refused

    def _anew(self) -> set[str]:
        """Return the keys of the documents that are to be told anew: what changed or became a copy or none, and its copies."""
        changed = {*self._resolution.touched(), *self._copies.changed()}
        return changed | self._copies.of(changed)

    def _resolved(self, key: str) -> Collection:
        """Return a document as the collection has it."""
        return self._resolution.document(self._archive.kept(key))

    def _broken(self, quads: Sequence[Quad], collection: Collection, originals: Sequence[Quad]) -> list[str]:
        """Return the rules that the graph of a document breaks, a line each; it may name what stands in the graphs of its originals."""
        from kg.validate import Severity, check_document  # which loads a SHACL engine

        known = (*entity_quads(collection.entities, (), version=self._about[0], base=self._base), *originals)
        found = check_document(quads, collection.extractions[0].document.text, known=known)
        wrong = [one for one in found if one.severity is Severity.VIOLATION]
        return [f"{one.article}: {one.rule}: {one.message} ({one.passage})" for one in wrong]


def _copied(alone: Collection, prints: Sequence[tuple[Collection, float]]) -> Collection:
    """Return the collection of one document with what it is a copy of, given as collections of one, and how much they have in common."""
    if not prints:
        return alone
    (read,) = alone.extractions
    originals = repeated(Read(alone, read), [(Read(of, of.extractions[0]), share) for of, share in prints])
    return replace(alone, originals={read.document.key: originals})


def write_files(output: Path, report: Report, base: str) -> bool:
    """Write what a graph is read as without the store: Turtle, N-Quads, page, and its counts; of a large one the counts alone.

    Returns:
        Whether all was written. What an earlier build wrote does not stay beside a graph that it is not of.
    """
    counts = {name: value for name, value in asdict(report).items() if name not in COUNTED_ALONE}
    write(output / "report.json", json.dumps(counts, ensure_ascii=False, indent=2) + "\n")
    if report.quads > FILES_UP_TO:
        for name in FILES:
            with suppress(FileNotFoundError):
                (output / name).unlink()
        return False
    with Store(output) as store:
        store.write(Format.TURTLE, output / "graph.ttl", base=base)
        store.write(Format.NQUADS, output / "graph.nq", base=base)
    with Graph(output, base=base) as graph:
        write(output / "graph.html", graph.page(title=TITLE))
    return True


def _keep_imported(output: Path, draft: Draft) -> None:
    """Copy the graphs that no build made into a draft that begins empty."""
    if published(output) is not None:
        with Store(output) as store:
            for graph in store.graphs():
                if not OURS.search(graph):
                    draft.add(store.quads(graph))
