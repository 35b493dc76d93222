"""What was read is kept whole, or an error says what to do; and losing it costs time, never truth."""

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import Reader, environment
from desk import LATE, MAYOR, SAILOR, apply, article, filled, kg, names_of_people, person, place, review, written
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kg.archive import LAYOUT, Archive
from kg.errors import StoreError
from kg.pipeline import build, rebuild
from kg.records import Extraction

MODEL = pytest.mark.model
FILE = "extractions.sqlite"
MEND = "delete that file"


def rained(number: int) -> Extraction:
    return article(f"article {number:03}", person("Ana Reyes"), place("Lindmere"), date="2024-05-02")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that holds two articles."""
    with Archive(tmp_path) as archive:
        archive.put([rained(1), rained(2)], "recipe")
        archive.remember({"model": "x"})
    return tmp_path


def everything(folder: Path) -> list[Extraction]:
    with Archive(folder) as archive:
        return list(archive.all())


# ---------------------------------------------------------------- what is kept


def test_what_is_kept_comes_back_in_the_order_of_the_keys(folder) -> None:
    assert everything(folder) == sorted([rained(1), rained(2)], key=lambda e: e.document.key)


@MODEL
@pytest.mark.parametrize("text", [MAYOR, SAILOR, LATE], ids=["mayor", "sailor", "late"])
def test_what_was_read_by_the_model_comes_back_to_the_last_digit(tmp_path, read: Reader, text) -> None:
    extraction = read(text)
    with Archive(tmp_path) as archive:
        archive.put([extraction], "recipe")
        assert archive.get(extraction.document.key) == extraction
        assert repr(archive.get(extraction.document.key)) == repr(extraction), "the same types, too"


@settings(max_examples=50, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
@example("\x00\u2028\ufeff\U0001f3df")
@example("'); DROP TABLE extraction_1; --")
def test_any_text_and_name_come_back(tmp_path_factory, text: str) -> None:
    extraction = article(text, person(text))
    with Archive(tmp_path_factory.mktemp("kept")) as archive:
        archive.put([extraction], text)
        assert (archive.get(extraction.document.key), archive.recipes()) == (extraction, {extraction.document.key: text})


def test_what_is_put_again_takes_the_place_of_the_old(folder) -> None:
    dated = replace(rained(1), document=replace(rained(1).document, date="1999-01-01"))
    with Archive(folder) as archive:
        archive.put([dated], "another")
        assert archive.recipes() == {rained(1).document.key: "another", rained(2).document.key: "recipe"}
    assert dated in everything(folder) and len(everything(folder)) == 2


def test_what_is_dropped_is_gone_and_what_is_not_there_can_be_dropped(folder) -> None:
    with Archive(folder) as archive:
        archive.drop([rained(1).document.key, "nothing"])
        assert (archive.get(rained(1).document.key), archive.get("nothing")) == (None, None)
    assert everything(folder) == [rained(2)]


def test_how_it_was_built_is_what_was_said_last(folder) -> None:
    with Archive(folder) as archive:
        archive.remember({"model": "y", "authority": ["a", "b"]})
        assert archive.remembered() == {"model": "y", "authority": ["a", "b"]}


def test_a_folder_in_which_nothing_was_built_says_so(tmp_path) -> None:
    with Archive(tmp_path) as archive, pytest.raises(StoreError, match="nothing was built in .*kg build"):
        archive.remembered()


# ---------------------------------------------------------------- damage


def test_a_file_that_is_no_database_is_named_with_a_mend(tmp_path) -> None:
    (tmp_path / FILE).write_text("no database, but long enough to be read as the head of one " * 100, "utf-8")
    with pytest.raises(StoreError, match=f"{FILE} cannot be used: .*{MEND}"):
        Archive(tmp_path)


def test_a_folder_in_the_place_of_the_file_is_named_with_a_mend(tmp_path) -> None:
    (tmp_path / FILE).mkdir()
    with pytest.raises(StoreError, match=f"{FILE} cannot be used: .*{MEND}"):
        Archive(tmp_path)


def test_a_file_in_the_place_of_the_output_folder_is_named(tmp_path) -> None:
    (tmp_path / "out").touch()
    with pytest.raises(StoreError, match=f"out/{FILE} cannot be used"):
        Archive(tmp_path / "out")


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_a_file_that_was_cut_is_named_with_a_mend(tmp_path, share) -> None:
    with Archive(tmp_path) as archive:
        archive.put(map(rained, range(300)), "recipe")
    data = (tmp_path / FILE).read_bytes()
    (tmp_path / FILE).write_bytes(data[: int(len(data) * share)])
    with pytest.raises(StoreError, match=f"{FILE} cannot be used: .*{MEND}"):
        everything(tmp_path)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no deflate",
        b"x\x9c\x03\x00\x00\x00\x00\x01",
        b"x\x9c\xabV*.)*M.)-J-V\xb2R\xcaO\xc9L\xcf+\x01\x00",
        b"x\x01\x01\x02\x00\xfd\xff{}\x01u\x00\xf9",
        None,
    ],
    ids=["nothing", "not packed", "empty", "cut", "another record", "null"],
)
def test_a_row_that_was_damaged_is_named_with_a_mend(folder, body) -> None:
    with sqlite3.connect(folder / FILE) as database:
        database.execute(f"UPDATE extraction_{LAYOUT} SET body = ?", (b"" if body is None else body,))
    database.close()
    with pytest.raises(StoreError, match=f"{FILE} cannot be used: .*{MEND}"):
        everything(folder)


@pytest.mark.parametrize("told", [b"", b"{", b"[]", b"\xff"])
def test_a_damaged_record_of_how_it_was_built_is_named_with_a_mend(folder, told) -> None:
    with sqlite3.connect(folder / FILE) as database:
        database.execute("UPDATE built_with SET options = ?", (told,))
    database.close()
    with Archive(folder) as archive, pytest.raises(StoreError, match=f"{FILE} cannot be used: .*{MEND}"):
        archive.remembered()


def test_rows_of_another_layout_are_not_misread(tmp_path) -> None:
    with sqlite3.connect(tmp_path / FILE) as database:
        database.execute("CREATE TABLE extraction_0 (key TEXT PRIMARY KEY, recipe TEXT, body BLOB)")
        database.execute("INSERT INTO extraction_0 VALUES ('k', 'recipe', 'old')")
    database.close()
    with Archive(tmp_path) as archive:
        assert (archive.recipes(), archive.get("k"), list(archive.all())) == ({}, None, [])


# ---------------------------------------------------------------- all or nothing


def test_what_fails_in_the_middle_keeps_nothing_new(folder) -> None:
    def some() -> Iterator[Extraction]:
        yield rained(3)
        raise KeyboardInterrupt

    with Archive(folder) as archive, pytest.raises(KeyboardInterrupt):
        archive.put(some(), "recipe")
    assert len(everything(folder)) == 2


WRITER = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from test_archive import rained
from kg.archive import Archive

def rows():
    for number in range(*map(int, sys.argv[2:4])):
        yield rained(number)
    if len(sys.argv) > 4:
        os.kill(os.getpid(), signal.SIGKILL)

with Archive(Path(sys.argv[1])) as archive:
    if len(sys.argv) > 4:
        archive.put(rows(), "recipe")
    else:
        for row in rows():
            archive.put([row], "recipe")
"""


def writer(folder: Path, *words: object) -> "subprocess.Popen[bytes]":
    program = WRITER.format(tests=str(Path(__file__).parent))
    return subprocess.Popen([sys.executable, "-c", program, str(folder), *map(str, words)], env=environment())


def test_a_writer_that_is_killed_keeps_all_of_it_or_nothing(folder) -> None:
    assert writer(folder, 10, 60, "die").wait(60) == -signal.SIGKILL
    assert len(everything(folder)) == 2


def test_two_processes_that_write_at_once_lose_nothing(folder) -> None:
    both = [writer(folder, 100, 140), writer(folder, 200, 240)]
    assert [process.wait(60) for process in both] == [0, 0]
    assert len(everything(folder)) == 82


def test_what_is_kept_can_be_read_while_it_is_written(folder) -> None:
    with Archive(folder) as one, Archive(folder) as other:
        found = one.all()
        first = next(found)
        other.put([rained(3)], "recipe")
        assert [first, *found] == sorted([rained(1), rained(2)], key=lambda e: e.document.key), "what was there when the reading began"
        assert len(list(one.all())) == 3


# ---------------------------------------------------------------- a folder with a graph


@pytest.fixture
def output(tmp_path: Path) -> Path:
    build([written(tmp_path / "in", {"mayor": MAYOR, "sailor": SAILOR})], output=tmp_path / "out")
    return tmp_path / "out"


@MODEL
@pytest.mark.parametrize("words", [("review",), ("review", "--undo", "0"), ("build", "IN")], ids=["asking", "taking back", "building"])
def test_every_command_that_needs_it_names_a_damaged_file_and_what_to_do(output, words) -> None:
    (output / FILE).write_bytes(b"damaged " * 1000)
    place = ("-o" if words[0] == "build" else "--store", output)
    shown = kg(*(output.parent / "in" if word == "IN" else word for word in words), *place)
    assert shown.exit_code == 1
    assert MEND in shown.stderr and len(shown.stderr.splitlines()) == 1


@MODEL
def test_doing_what_the_error_says_and_building_again_gives_the_same_graph(output) -> None:
    before = (output / "graph.nq").read_bytes()
    (output / FILE).unlink()
    assert build([output.parent / "in"], output=output).kept == 0
    assert (output / "graph.nq").read_bytes() == before


@MODEL
def test_answers_outlive_the_loss_of_what_was_read(output) -> None:
    apply(output, filled(review(output), lambda row: "no" if row["now"] == "one" else ""))
    (output / FILE).unlink()
    build([output.parent / "in"], output=output)
    assert names_of_people(output) == ["Vahan Tumasian", "Vahan Tumasyan"]


@MODEL
@pytest.mark.parametrize("lost", [f"DROP TABLE extraction_{LAYOUT}", f"ALTER TABLE extraction_{LAYOUT} RENAME TO extraction_0"])
def test_no_answer_empties_a_graph_whose_articles_an_older_version_kept(output, lost) -> None:
    answers = filled(review(output), lambda row: "no" if row["now"] == "one" else "")
    with sqlite3.connect(output / FILE) as database:
        database.execute(lost)
    database.close()
    shown = apply(output, answers)
    assert names_of_people(output) != [], shown.output


@MODEL
def test_what_was_read_by_other_rules_is_read_again_from_its_kept_text(output) -> None:
    before = (output / "graph.nq").read_bytes()
    with sqlite3.connect(output / FILE) as database:
        database.execute(f"UPDATE extraction_{LAYOUT} SET recipe = 'of an older version'")
    database.close()
    assert rebuild(output).kept == 0
    assert (output / "graph.nq").read_bytes() == before


@MODEL
def test_who_reads_the_graph_while_an_answer_is_given_goes_on_with_what_he_has(output) -> None:
    from kg.store import Store

    answers = filled(review(output), lambda row: "no" if row["now"] == "one" else "")
    with Store(output) as store:
        before = list(store.quads())
        assert apply(output, answers).exit_code == 0
        assert list(store.quads()) == before
    assert names_of_people(output) == ["Vahan Tumasian", "Vahan Tumasyan"]


def interrupted(draft: object, **how: object) -> None:
    raise KeyboardInterrupt


@MODEL
def test_a_program_that_dies_before_the_graph_has_an_answer_leaves_all_as_it_was(output, monkeypatch) -> None:
    answers = filled(review(output), lambda row: "no" if row["now"] == "one" else "")
    with monkeypatch.context() as patched:
        patched.setattr("kg.store.Draft.finish", interrupted)
        assert apply(output, answers).exit_code == 128 + signal.SIGINT
    assert "0 answers" in kg("review", "--store", output, "--log").stderr
    assert apply(output, answers).exit_code == 0
    assert names_of_people(output) == ["Vahan Tumasian", "Vahan Tumasyan"]


@MODEL
@pytest.mark.parametrize(
    "words",
    [
        ("review",),
        ("review", "--log"),
        ("review", "--undo", "0"),
        ("review", "--apply", "FILE"),
    ],
)
def test_a_store_that_is_not_there_is_told_and_not_made(tmp_path, words) -> None:
    file = tmp_path / "answers.csv"
    file.write_text("question,answer,left,left_at\nkind,place,x,0123456789abcdef:0-1\n", "utf-8")
    shown = kg(*(file if word == "FILE" else word for word in words), "--store", tmp_path / "typo")
    assert shown.exit_code == 1 and "kg build" in shown.stderr
    assert not (tmp_path / "typo").exists()
