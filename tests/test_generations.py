"""Generations of a graph: what a reader has open stays, what is published is whole, and whoever is killed leaves nothing broken."""

import os
import random
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import StoreError
from kg.store import Draft, Format, Store, building, finished, generations, loading, publish, published, rewrite
from kg.vocab import KG, Iri, Literal

ROOT = Path(__file__).parent.parent
NQUADS = pyoxigraph.RdfFormat.N_QUADS
G, H, F = (Iri(f"https://newskg.example/graph/{name}") for name in "ghf")
A = Iri("https://newskg.example/actor/a")


def says(text, graph=G):
    return A, KG.rule, Literal(str(text)), graph


def told(output):
    with Store(output) as store:
        return list(store.quads())


def generation(output, number, *quads, **options):
    """Make a generation that holds some quads in ``G`` and publish it."""
    with Draft(output, number, **options) as draft:
        draft.replace(G, quads)
        draft.finish()
    publish(output, number)


def generate(output, *each):
    """Make and publish one generation after another."""
    for number, quads in enumerate(each, 1):
        generation(output, number, *quads)


def folders(output):
    return sorted(path.name for path in (output / "stores").iterdir() if path.is_dir())


# ---------------------------------------------------------------- making one


def test_what_was_published_is_there(tmp_path):
    generation(tmp_path, 1, says("one"))
    assert told(tmp_path) == [says("one")]
    assert published(tmp_path) == 1


def test_a_draft_begins_with_what_is_published(tmp_path):
    generation(tmp_path, 1, says("one"))
    with Draft(tmp_path, 2) as draft:
        draft.add([says("two", H)])
        assert list(draft.quads()) == [says("one"), says("two", H)]
        assert list(draft.quads(H)) == [says("two", H)]
        assert len(draft) == 2


def test_a_draft_may_begin_empty(tmp_path):
    generation(tmp_path, 1, says("one"))
    with Draft(tmp_path, 2, empty=True) as draft:
        assert len(draft) == 0


def test_replacing_a_graph_forgets_what_it_held_and_leaves_the_others(tmp_path):
    rewrite(tmp_path, {G: [says("old"), says("kept")], H: [says("other", H)]})
    rewrite(tmp_path, {G: [says("kept"), says("new")]})
    assert told(tmp_path) == [says("kept"), says("new"), says("other", H)]


@pytest.mark.parametrize("change", [lambda draft: draft.drop([G, F]), lambda draft: draft.replace(G, [])])
def test_dropping_a_graph_takes_its_name_too(tmp_path, change):
    rewrite(tmp_path, {G: [says("one")], H: [says("two", H)]})
    with Draft(tmp_path, 2) as draft:
        change(draft)
        draft.finish()
    publish(tmp_path, 2)
    with Store(tmp_path) as store:
        assert store.graphs() == (H,)


def test_quads_are_added_and_removed_one_by_one(tmp_path):
    generation(tmp_path, 1, says("one"), says("two"))
    with Draft(tmp_path, 2) as draft:
        draft.remove([says("two"), says("never there"), says("one", H)])
        draft.add([says("three"), says("one")])
        assert list(draft.quads()) == [says("one"), says("three")]


def test_a_quad_of_another_graph_is_refused_and_nothing_has_changed(tmp_path):
    generation(tmp_path, 1, says("one"))
    with Draft(tmp_path, 2) as draft:
        with pytest.raises(ValueError, match="belongs to"):
            draft.replace(G, [says("two"), says("three", H)])
        assert list(draft.quads()) == [says("one")]


QUADS = st.lists(st.builds(says, st.integers(0, 20), st.sampled_from([G, H, F])), max_size=12)
CHANGES = st.lists(
    st.one_of(
        st.tuples(st.just("add"), QUADS),
        st.tuples(st.just("remove"), QUADS),
        st.tuples(st.just("drop"), st.lists(st.sampled_from([G, H, F]), max_size=2)),
        st.tuples(st.sampled_from([G, H, F]), st.lists(st.integers(0, 20), max_size=12)),
    ),
    max_size=12,
)


@settings(deadline=None, max_examples=40)
@given(changes=CHANGES, batch=st.integers(1, 30), many=st.integers(1, 10), halfway=st.integers(0, 12))
def test_whatever_is_changed_in_whatever_batches_the_graph_is_what_was_said(tmp_path_factory, changes, batch, many, halfway):
    output, known = tmp_path_factory.mktemp("any"), set()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loading, "_BATCH", batch)
        patch.setattr(loading, "_MANY", many)
        first, second = changes[:halfway], changes[halfway:]
        for number, part in enumerate((first, second), 1):
            with Draft(output, number, quads=len(known)) as draft:
                known = changed(draft, part, known)
                count = draft.finish()
            publish(output, number)
            assert set(told(output)) == known
            assert count == len(known)


def changed(draft, changes, known):
    for what, given_ in changes:
        if what == "add":
            draft.add(given_)
            known = known | set(given_)
        elif what == "remove":
            draft.remove(given_)
            known = known - set(given_)
        elif what == "drop":
            draft.drop(given_)
            known = {quad for quad in known if quad[3] not in given_}
        else:
            wanted = [says(text, what) for text in given_]
            draft.replace(what, iter(wanted))
            known = {quad for quad in known if quad[3] != what} | set(wanted)
    return known


CONTENTS = st.lists(
    st.builds(lambda of, text: (A, of, Literal(text), G), st.sampled_from([KG.rule, KG.why, KG.zone]), st.sampled_from('ab"\t\\é')),
    max_size=9,
)


@settings(deadline=None, max_examples=40)
@given(before=CONTENTS, after=CONTENTS)
def test_a_graph_whose_digests_are_known_becomes_what_it_is_to_be_and_only_what_changed_is_looked_at(tmp_path_factory, before, after):
    output, looked = tmp_path_factory.mktemp("known"), []
    with Draft(output, 1) as draft:
        known = draft.replace(G, before)
        draft.finish()
    publish(output, 1)
    with pytest.MonkeyPatch.context() as patch, Draft(output, 2, quads=len(set(before))) as draft:
        lines = Draft._lines
        patch.setattr(Draft, "_lines", lambda self, graph, of: lines(self, graph, looked.append(of) or of))
        digests = draft.replace(G, after, known=known)
        assert draft.finish() == len(set(after))
    publish(output, 2)
    assert set(told(output)) == set(after)
    of = [{quad[1]: [each for each in quads if each[1] == quad[1]] for quad in quads} for quads in (before, after)]
    assert looked == [{one for one in of[0].keys() | of[1].keys() if of[0].get(one) != of[1].get(one)}] * bool(before and after)
    assert digests.keys() == of[1].keys()


def test_what_stands_there_is_not_taken_out_to_be_written_again_whatever_its_characters(tmp_path, monkeypatch):
    quads, moved = [says(f"a{chr(code)}b") for code in (*range(0xA0), 0x2028, 0xFEFF, 0xFFFE, 0xFFFF, 0x1F600)], []
    generation(tmp_path, 1, *quads)
    monkeypatch.setattr(Draft, "_remove", lambda self, found: moved.extend(found))
    monkeypatch.setattr(loading.Loader, "take", lambda self, graphs, lines: moved.extend(lines))
    generation(tmp_path, 2, *quads)
    assert moved == []
    assert sorted(told(tmp_path)) == sorted(quads)


def test_no_batch_is_larger_than_memory_allows_and_its_lines_are_gone_when_it_is_written(tmp_path, monkeypatch):
    write, counts = loading.Loader._write, []
    monkeypatch.setattr(loading, "_BATCH", 10)
    monkeypatch.setattr(loading.Loader, "_write", lambda self, lines, count: write(self, lines, counts.append(count) or count))
    generation(tmp_path, 1, *(says(number) for number in range(95)))
    assert counts == [10] * 9 + [5]
    assert len(told(tmp_path)) == 95
    assert list(tmp_path.rglob("*.nq")) == []


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux weighs threads one by one")
def test_the_engine_merges_files_when_nobody_else_wants_the_time(tmp_path, monkeypatch):
    monkeypatch.setattr(loading, "_BATCH", 100)
    monkeypatch.setattr(loading, "_MANY", 100)
    with Draft(tmp_path, 1) as draft:
        for number in range(10):
            draft.add([says(f"{number} {other}") for other in range(100)])
        assert len(draft) == 1_000
        names = {int(path.parent.name): path.read_text() for path in Path("/proc/self/task").glob("*/comm")}
    weights = [os.getpriority(os.PRIO_PROCESS, thread) for thread, name in names.items() if name == loading._MERGING]
    assert weights
    assert set(weights) == {19}


def test_a_draft_that_is_not_finished_leaves_nothing(tmp_path):
    generation(tmp_path, 1, says("one"))
    with Draft(tmp_path, 2) as draft:
        draft.add([says("two")])
    assert folders(tmp_path) == ["1"]
    assert not finished(tmp_path, 2)
    assert told(tmp_path) == [says("one")]


def test_a_finished_draft_waits_to_be_published(tmp_path):
    generation(tmp_path, 1, says("one"))
    with Draft(tmp_path, 2) as draft:
        draft.add([says("two")])
        draft.finish()
    assert finished(tmp_path, 2)
    assert (published(tmp_path), told(tmp_path)) == (1, [says("one")])
    publish(tmp_path, 2)
    assert (published(tmp_path), len(told(tmp_path))) == (2, 2)


def test_a_bad_term_that_is_told_late_throws_the_draft_away(tmp_path):
    with pytest.raises(ValueError, match="term is none"), Draft(tmp_path, 1) as draft:
        draft.add([(Iri("no-iri"), KG.rule, Literal("a"), G)])
        draft.finish()
    assert folders(tmp_path) == []


@pytest.mark.parametrize("name", ["2", "2.draft"])
def test_what_a_killed_run_left_of_a_number_is_thrown_away(tmp_path, name):
    generation(tmp_path, 1, says("one"))
    (tmp_path / "stores" / name).mkdir()
    (tmp_path / "stores" / name / "CURRENT").write_text("half writ")
    generation(tmp_path, 2, says("two"))
    assert told(tmp_path) == [says("two")]


def test_the_published_number_cannot_be_drafted_again(tmp_path):
    generation(tmp_path, 1, says("one"))
    with pytest.raises(ValueError, match="is published"):
        Draft(tmp_path, 1)
    assert told(tmp_path) == [says("one")]


def test_a_number_is_drafted_once_at_a_time(tmp_path):
    with Draft(tmp_path, 1), pytest.raises(StoreError, match="generation 1 .* is in use"):
        Draft(tmp_path, 1)


def test_generations_share_what_is_the_same(tmp_path):
    rewrite(tmp_path, {H: [says(number, H) for number in range(20_000)]})
    with Store(tmp_path):
        generation(tmp_path, 2, says("one"))
        files = [file for file in (tmp_path / "stores" / "2").iterdir() if file.suffix == ".sst" and file.stat().st_size > 10_000]
        assert files
        assert all(file.stat().st_nlink == 2 for file in files)


def test_where_files_cannot_be_shared_they_are_copied(tmp_path, monkeypatch):
    def refuse(*_):
        raise PermissionError(1, "Operation not permitted")

    generation(tmp_path, 1, says("one"))
    monkeypatch.setattr(os, "link", refuse)
    generation(tmp_path, 2, says("two"))
    assert told(tmp_path) == [says("two")]


def test_no_log_of_the_engine_grows_with_the_generations(tmp_path):
    generate(tmp_path, *([says(number)] for number in range(5)))
    assert [file.name for file in (tmp_path / "store").iterdir() if file.name.startswith("LOG")] == []


def test_rewriting_takes_a_number_that_nothing_has(tmp_path):
    generation(tmp_path, 1, says("one"))
    with Draft(tmp_path, 2) as draft:
        draft.finish()
    rewrite(tmp_path, {G: [says("three")]})
    assert published(tmp_path) == 3
    assert folders(tmp_path) == ["3"]


# ---------------------------------------------------------------- publishing


def test_nothing_is_published_that_is_not_whole(tmp_path):
    generation(tmp_path, 1, says("one"))
    (tmp_path / "stores" / "2.draft").mkdir()
    with pytest.raises(StoreError, match="no whole generation 2"):
        publish(tmp_path, 2)
    assert told(tmp_path) == [says("one")]


def test_a_reader_goes_on_with_what_it_has_open(tmp_path):
    generation(tmp_path, 1, *(says(number) for number in range(10)))
    with Store(tmp_path) as old:
        generation(tmp_path, 2, says("new"))
        assert len(list(old.quads())) == 10
        assert told(tmp_path) == [says("new")]


def test_a_generation_is_removed_when_nobody_reads_it_any_more(tmp_path):
    generation(tmp_path, 1, says("one"))
    with Store(tmp_path):
        generation(tmp_path, 2, says("two"))
        assert folders(tmp_path) == ["1", "2"]
    generation(tmp_path, 3, says("three"))
    assert folders(tmp_path) == ["3"]
    assert sorted(path.name for path in (tmp_path / "stores").iterdir()) == ["3", "3.lock"]


def test_a_folder_can_be_moved_and_copied(tmp_path):
    generation(tmp_path / "here", 1, says("one"))
    shutil.copytree(tmp_path / "here", tmp_path / "copied", symlinks=True)
    (tmp_path / "here").rename(tmp_path / "there")
    assert told(tmp_path / "there") == told(tmp_path / "copied") == [says("one")]


def test_a_lock_file_that_is_missing_is_made(tmp_path):
    generation(tmp_path, 1, says("one"))
    (tmp_path / "stores" / "1.lock").unlink()
    assert told(tmp_path) == [says("one")]


def test_equal_graphs_are_equal_files_in_whatever_generations_they_were_made(tmp_path):
    generation(tmp_path / "one", 1, *(says(number) for number in range(100)))
    generate(tmp_path / "two", *([says(number) for number in range(10 * size)] for size in range(1, 11)))
    with Store(tmp_path / "one") as one, Store(tmp_path / "two") as two:
        assert one.dump(Format.NQUADS) == two.dump(Format.NQUADS)


# ---------------------------------------------------------------- a store of version 0.1


@pytest.fixture
def old(tmp_path):
    """A folder as version 0.1 wrote it."""
    store = pyoxigraph.Store(str(tmp_path / "store"))
    store.load(b'<https://newskg.example/actor/a> <https://w3id.org/newskg/ontology#rule> "old" <https://newskg.example/graph/g> .', NQUADS)
    store.flush()
    (tmp_path / "lock").write_text("")
    return tmp_path


def test_an_old_store_is_read_where_it_is(old):
    assert published(old) == 0
    assert told(old) == [says("old")]
    assert (old / "store" / "CURRENT").is_file()
    assert not (old / "store").is_symlink()


def test_the_first_writer_takes_an_old_store_over(old):
    rewrite(old, {H: [says("new", H)]})
    assert told(old) == [says("new", H), says("old")]
    assert (published(old), folders(old)) == (1, ["1"])


def test_an_old_store_is_not_moved_from_under_a_reader(old):
    with Store(old) as store:
        with pytest.raises(StoreError, match="in use by another process"):
            rewrite(old, {H: [says("new", H)]})
        assert list(store.quads()) == [says("old")]


def test_a_draft_that_is_thrown_away_leaves_an_old_store_readable(old):
    with Draft(old, 1):
        assert told(old) == [says("old")]
    assert (published(old), told(old)) == (0, [says("old")])


def test_whoever_is_killed_while_taking_over_leaves_it_readable(old):
    (old / "stores").mkdir()
    (old / "store").rename(old / "stores" / "0")
    assert told(old) == [says("old")]
    rewrite(old, {H: [says("new", H)]})
    assert told(old) == [says("new", H), says("old")]


# ---------------------------------------------------------------- other processes

WRITE = """
import sys
from pathlib import Path
from kg.store import Draft, building, publish, published
from kg.vocab import KG, Iri, Literal
output, size = Path(sys.argv[1]), int(sys.argv[2])
graphs = [Iri(f"https://newskg.example/graph/{name}") for name in "gh"]
with building(output):
    while True:
        number = (published(output) or 0) + 1
        with Draft(output, number) as draft:
            for graph in graphs:
                draft.replace(graph, [(Iri("x:a"), KG.rule, Literal(f"{number} {text}"), graph) for text in range(size)])
            draft.finish()
        publish(output, number)
        print(number, flush=True)
        if len(sys.argv) > 3:
            sys.stdin.read()
"""


@contextmanager
def other(program, *words):
    """Another Python that runs a program."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        [sys.executable, "-c", program, *map(str, words)], env=environment, stdin=-1, stdout=-1, stderr=-1, text=True
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def test_a_second_writer_hears_who_is_writing(tmp_path):
    with other(WRITE, tmp_path, 1, "wait") as writer:
        assert writer.stdout.readline() == "1\n"
        with pytest.raises(StoreError, match=rf"is being written by process {writer.pid}\. Wait until that has ended, or stop it\."):
            rewrite(tmp_path, {})
        assert len(told(tmp_path)) == 2


def test_a_killed_writer_leaves_no_lock(tmp_path):
    with other(WRITE, tmp_path, 1, "wait") as writer:
        assert writer.stdout.readline() == "1\n"
    rewrite(tmp_path, {G: [says("one")], H: []})
    assert told(tmp_path) == [says("one")]


def test_the_name_of_a_killed_writer_is_not_blamed(tmp_path):
    with other(WRITE, tmp_path, 1, "wait") as writer:
        assert writer.stdout.readline() == "1\n"
    (tmp_path / "building").write_text(str(writer.pid))
    held = generations.opened(tmp_path, tmp_path / "building")
    assert generations.taken(held, exclusive=True)
    with pytest.raises(StoreError, match="being written by another process"), building(tmp_path):
        pass
    os.close(held)


def test_a_writer_may_write_again(tmp_path):
    with building(tmp_path):
        pass
    with building(tmp_path), pytest.raises(StoreError, match=f"process {os.getpid()}"), building(tmp_path):
        pass


def test_a_file_where_the_folder_should_be_is_an_error_with_a_mend(tmp_path):
    (tmp_path / "output").write_text("")
    with pytest.raises(StoreError, match="Choose a folder"):
        rewrite(tmp_path / "output", {})
    with pytest.raises(StoreError, match="there is no graph"):
        Store(tmp_path / "output")


def whole(output, size):
    """Return the number of the generation that a reader finds, having made sure that all of it is there."""
    quads = told(output)
    (number,) = {quad[2].text.partition(" ")[0] for quad in quads}
    assert len(quads) == 2 * size
    return int(number)


def test_readers_never_meet_a_writer(tmp_path):
    with other(WRITE, tmp_path, 300) as writer:
        assert writer.stdout.readline() == "1\n"
        seen = [whole(tmp_path, 300) for _ in range(40)]
    assert seen == sorted(seen)
    assert seen[0] < seen[-1]


@pytest.mark.parametrize("size", [200, 12_000])
def test_a_writer_killed_at_any_moment_leaves_a_whole_generation(tmp_path, size):
    """12,000 quads a graph go by the other way of loading."""
    draw = random.Random(size)
    with other(WRITE, tmp_path, size, "wait") as writer:
        acknowledged = int(writer.stdout.readline())
    for _ in range(6):
        with other(WRITE, tmp_path, size) as writer:
            with pytest.raises(subprocess.TimeoutExpired):
                writer.wait(draw.uniform(0.1, 1))
            writer.kill()
            acknowledged = max(acknowledged, *map(int, writer.stdout.read().split()), 0)
        found = whole(tmp_path, size)
        assert found in {acknowledged, acknowledged + 1}


FULL = """
import resource, sys
from pathlib import Path
from kg.errors import StoreError
from kg.store import rewrite
from kg.vocab import KG, Iri, Literal
graph = Iri("https://newskg.example/graph/g")
quads = [(Iri(f"x:{text}"), KG.rule, Literal(f"{text}" * 20), graph) for text in range(int(sys.argv[2]))]
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    rewrite(Path(sys.argv[1]), {graph: quads})
except StoreError as error:
    print(error)
"""


@pytest.mark.parametrize("size", [4_000, 12_000, 150_000])
def test_a_full_disk_is_told_and_leaves_what_is_published(tmp_path, size):
    rewrite(tmp_path, {G: [says("one")]})
    with other(FULL, tmp_path, size) as writer:
        said, wrong = writer.communicate()
    assert "cannot be written" in said
    assert "Make room on the disk and run kg build again." in said
    assert wrong == ""
    assert folders(tmp_path) == ["1"]
    assert told(tmp_path) == [says("one")]
