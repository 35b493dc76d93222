"""Counted frames: another language or domain brings its own by one command, and what it counted is what decides."""

import json
import subprocess
from pathlib import Path

import pytest
from conftest import command, environment

from kg.errors import InputError
from kg.extract.counts import COUNTS, TABLES, load, read, rows
from kg.pipeline import Options, collect, learn
from kg.records import Class

PEOPLE = ("Ana Reyes", "Tom Lund", "Mia Sorel", "The mayor", "The council")
THINGS = ("a new bridge", "a longer road", "a ban on trucks", "a tax on boats", "an end of the works")


def example(who: str, what: str) -> dict[str, object]:
    text = f"{who} floated {what}."
    start = len(who) + 1
    said = {"content": [[start + 8, len(text) - 1]], "cue": [[start, start + 7]], "source": [[0, len(who)]]}
    return {"id": f"{who} {what}", "text": text, "statements": [said]}


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Counts of a tiny annotated corpus in which to float something is to propose it."""
    folder = tmp_path_factory.mktemp("learned")
    corpus = folder / "corpus.jsonl"
    corpus.write_text("".join(json.dumps(example(who, what)) + "\n" for who in PEOPLE for what in THINGS), "utf-8")
    text, documents, statements = learn([corpus], source="invented")
    assert (documents, statements) == (25, 25)
    (folder / "frames.tsv").write_text(text, "utf-8")
    return folder


def found(counted: Path, frames: Path) -> list[str]:
    article = counted / "article.txt"
    article.write_text("Elsa Winter floated a second tunnel.", "utf-8")
    collection, _, _ = collect([article], Options(classes=frozenset(Class), frames=frames))
    (extraction,) = collection.extractions
    return [span.of(extraction.document.text) for said in extraction.statements for span in said.content]


@pytest.mark.model
def test_what_a_corpus_marks_is_found_in_other_texts(counted: Path) -> None:
    assert found(counted, counted / "frames.tsv") == ["a second tunnel"]


@pytest.mark.model
def test_what_no_corpus_marked_is_not(counted: Path) -> None:
    empty = counted / "empty.tsv"
    empty.write_text("# Counted frames. Source: nothing\n", "utf-8")
    assert found(counted, empty) == []


@pytest.mark.model
def test_the_command_writes_what_frames_reads_and_names_what_was_counted(counted: Path) -> None:
    target = counted / "by_command.tsv"
    line = command("learn", str(counted / "corpus.jsonl"), "--source", "invented", "-o", str(target))
    done = subprocess.run(line, capture_output=True, text=True, check=True, env=environment())
    assert "25 statements in 25 articles counted" in done.stderr
    assert target.read_bytes() == (counted / "frames.tsv").read_bytes()
    assert read(target).source == "invented"


def test_a_counts_file_that_is_written_again_is_the_same() -> None:
    assert list(rows(load(COUNTS), least=0)) == COUNTS.read_text("utf-8").splitlines()


def test_the_shipped_counts_name_their_source_and_hold_every_table() -> None:
    counts = load(COUNTS)
    assert "PolNeAR" in counts.source
    assert all(counts.tables[name].seen for name in TABLES)


def test_what_was_counted_often_outweighs_the_hand_list() -> None:
    counts = load(COUNTS)
    assert counts.probability("say", "v.that.0", listed=True) > 0.85
    assert counts.probability("take", "v.obj", listed=False) < 0.1


@pytest.mark.parametrize("line", ["frame\tsay v.that.0\tmany\t3", "nothing\tsay\t1\t1", "frame\tsay"])
def test_a_broken_counts_file_is_named_with_its_line(tmp_path: Path, line: str) -> None:
    path = tmp_path / "frames.tsv"
    path.write_text(f"# Counted frames. Source: x\n{line}\n", "utf-8")
    with pytest.raises(InputError, match=r"frames\.tsv:2: .*kg learn"):
        read(path)


def test_a_missing_counts_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.tsv.*kg learn"):
        read(tmp_path / "none.tsv")
