"""Inputs in pieces: whoever reads them one by one gets what a single reader gets, word by word."""

import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_inputs import put

from kg.corpus import pieces as module
from kg.corpus import read, sourced
from kg.corpus.pieces import Piece, now, pieces, sourced_in
from kg.errors import InputError
from kg.records import Document

Found = list[tuple[str, Document | str]]


def alike(found: list[tuple[str, Document | InputError]]) -> Found:
    return [(where, str(item) if isinstance(item, InputError) else item) for where, item in found]


def at_once(*paths: Path | str) -> Found:
    return alike(list(sourced(paths)))


def piece_by_piece(*paths: Path | str) -> Found:
    parts = list(pieces(paths))
    return alike([found for part in parts for found in (sourced_in(part) if isinstance(part, Piece) else [part])])


def row(number: int, *, words: int = 150) -> str:
    return f'{{"id": "a{number}", "text": "It rained on day {number}, Ana Reyes said. {"The road was shut, she said. " * words}"}}\n'


def rows(count: int) -> str:
    return "".join(map(row, range(count)))


def cut(path: Path) -> int:
    """How many pieces a file makes."""
    return len(list(pieces([path])))


@pytest.mark.parametrize(("count", "parts"), [(1, 1), (20, 1), (100, 4), (400, 14)])
def test_a_file_of_records_is_read_whole_in_pieces(tmp_path: Path, count: int, parts: int) -> None:
    file = put(tmp_path / "a.jsonl", rows(count))
    assert piece_by_piece(file) == at_once(file)
    assert cut(file) == parts


BROKEN: dict[str, Callable[[str], str]] = {
    "lines that are no records": lambda text: text.replace('"id": "a7', "id: a7"),
    "blank lines": lambda text: text.replace("\n", "\n \n\n"),
    "no line break at the end": lambda text: text.rstrip("\n"),
    "a byte order mark": lambda text: "\ufeff" + text,
    "files behind each other, each with its mark": lambda text: f"\ufeff{text}\ufeff{text}",
    "too many blank lines": lambda text: text + "\n" * 100_002 + text,
    "a run of blank lines that is not too long": lambda text: text + "\n" * 99_000 + text,
    "one line": lambda text: text.replace("\n", " "),
    "carriage returns": lambda text: text.replace("\n", "\r\n"),
    "letters of several bytes": lambda text: text.replace("e", "ё"),
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_file_of_records_is_named_line_by_line_as_at_once(tmp_path: Path, broken: Callable[[str], str]) -> None:
    file = put(tmp_path / "a.jsonl", broken(rows(100)))
    assert piece_by_piece(file) == at_once(file)


@pytest.mark.parametrize("codec", ["utf-16", "utf-32"])
def test_what_is_not_utf_8_is_one_piece(tmp_path: Path, codec: str) -> None:
    file = put(tmp_path / "a.jsonl", rows(100).encode(codec))
    assert (cut(file), piece_by_piece(file)) == (1, at_once(file))


@settings(deadline=None, max_examples=60)
@given(lines=st.lists(st.sampled_from([row(1, words=3), row(2, words=30), "\n", " \n", "{\n", '{"id": 3}\n', "\ufeff\n"]), max_size=40))
def test_wherever_a_file_is_cut_its_lines_are_read_once(tmp_path_factory: pytest.TempPathFactory, lines: list[str]) -> None:
    file = put(tmp_path_factory.mktemp("cut") / "a.jsonl", "".join(lines))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(module, "SMALLEST", 300)
        assert piece_by_piece(file) == at_once(file)


def test_small_files_go_together_and_every_file_is_read_once(tmp_path: Path) -> None:
    for number in range(300):
        put(tmp_path / f"{number:03}.txt", f"It rained on day {number}, Ana Reyes said. " * 20)
    put(tmp_path / "150.jsonl", rows(60))
    put(tmp_path / "160.txt", "")
    assert piece_by_piece(tmp_path) == at_once(tmp_path)
    assert 3 < cut(tmp_path) < 60


def test_a_new_file_moves_few_others_into_other_pieces(tmp_path: Path) -> None:
    for number in range(1000):
        put(tmp_path / f"{number:04}.txt", "It rained." * 20)
    before = Counter(pieces([tmp_path]))
    put(tmp_path / "0500 and a half.txt", "It rained.")
    assert (Counter(pieces([tmp_path])) - before).total() <= 3


def test_what_other_machines_cannot_share_is_named_and_the_others_go_on(tmp_path: Path) -> None:
    file = put(tmp_path / "a.txt", "It rained, Ana Reyes said.")
    found = [part[1] for part in pieces(["-", "https://news.example/a", file]) if not isinstance(part, Piece)]
    assert [error.problem.partition(":")[0] for error in found] == ["standard input", "https"]
    assert cut(file) == 1


@pytest.mark.parametrize("name", ["none", "empty"])
def test_what_is_missing_or_empty_is_named_as_at_once(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    assert piece_by_piece(tmp_path / name) == at_once(tmp_path / name)


def test_a_file_that_goes_away_meanwhile_is_named(tmp_path: Path) -> None:
    file = put(tmp_path / "a.jsonl", rows(100))
    parts = [part for part in pieces([file]) if isinstance(part, Piece)]
    file.unlink()
    problem = f"{file}: cannot be read (No such file or directory)"
    assert {item.problem for part in parts for _, item in sourced_in(part) if isinstance(item, InputError)} == {problem}
    assert now(parts[0]) != parts[0]


def test_errors_call_a_file_as_it_was_named_wherever_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "a.txt", "")
    monkeypatch.chdir(tmp_path)
    parts = list(pieces(["a.txt"]))
    told = list(map(str, read(["a.txt"])))
    monkeypatch.chdir(os.sep)
    assert [str(item) for part in parts if isinstance(part, Piece) for _, item in sourced_in(part)] == told
