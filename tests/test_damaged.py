"""Damaged and hostile inputs: each is named with its reason and its mend, memory stays small, and what is good is read all the same."""

import json
import random
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from damaged import DATA, SPARSE_SUFFIXES, flipped, make
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.corpus import read
from kg.errors import InputError

PEAK = 400
"""Megabytes that reading all of them may take: Python with every parser is 130, the identifier of languages 80."""
SUFFIXES = sorted({path.suffix for path in DATA.iterdir()} | {f".{suffix}" for suffix in SPARSE_SUFFIXES} | {"", ".bz2", ".xz", ".tgz"})
STARTS = [path.read_bytes()[:size] for path in sorted(DATA.iterdir()) for size in (8, 300)]


@dataclass
class Outcome:
    """What came of a folder of damaged inputs."""

    folder: Path
    bad: list[str]
    good: list[str]
    errors: list[tuple[str, str]]
    documents: list[tuple[str, str, str]]
    peak: int
    said: str
    left: list[str]


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    folder, elsewhere = tmp_path_factory.mktemp("damaged"), tmp_path_factory.mktemp("elsewhere")
    bad, good = make(folder)
    program = str(Path(__file__).with_name("damaged.py"))
    run = subprocess.run([sys.executable, program, str(folder)], capture_output=True, text=True, timeout=300, check=True, cwd=elsewhere)
    found = json.loads(run.stdout)
    left = sorted({path.name for path in folder.rglob("*")} ^ {*bad, *good}) + [path.name for path in elsewhere.iterdir()]
    return Outcome(folder, bad, good, found["errors"], found["documents"], found["peak"], run.stderr, left)


def test_there_are_more_than_five_hundred_damaged_inputs(outcome: Outcome) -> None:
    assert len(set(outcome.bad)) == len(outcome.bad) > 500


def test_each_damaged_input_is_named(outcome: Outcome) -> None:
    named = {name for name in outcome.bad for problem, _ in outcome.errors if problem.startswith(str(outcome.folder / name))}
    assert sorted(set(outcome.bad) - named) == []


def test_each_error_has_a_reason_and_a_mend(outcome: Outcome) -> None:
    bare = [problem for problem, mend in outcome.errors if not mend or problem.endswith(": ") or "\n" in problem or ": " not in problem]
    assert bare == []


def test_each_good_input_is_read_as_if_it_were_alone(outcome: Outcome) -> None:
    apart = {digest for path in DATA.iterdir() for item in read([path]) if not isinstance(item, InputError) for digest in [item.sha256]}
    places = [str(outcome.folder / name) for name in outcome.good]
    among = {digest for where, _, digest in outcome.documents if where.startswith(tuple(places))}
    assert among == apart


def test_no_good_input_is_called_damaged(outcome: Outcome) -> None:
    places = tuple(str(outcome.folder / name) for name in outcome.good)
    assert [problem for problem, _ in outcome.errors if problem.startswith(places)] == []


def test_memory_stays_small(outcome: Outcome) -> None:
    assert outcome.peak < PEAK


def test_nothing_else_is_said(outcome: Outcome) -> None:
    assert outcome.said == ""


def test_nothing_is_written(outcome: Outcome) -> None:
    assert outcome.left == []


def put(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from([b"", *STARTS]), st.binary(max_size=300), st.sampled_from(SUFFIXES))
def test_any_bytes_under_any_suffix_give_articles_or_errors(tmp_path: Path, start: bytes, data: bytes, suffix: str) -> None:
    assert all(str(item) for item in read([put(tmp_path / f"any{suffix}", start + data)]))


@pytest.mark.parametrize("path", sorted(DATA.iterdir()), ids=lambda path: path.name)
def test_a_page_with_flipped_bytes_gives_articles_or_errors(tmp_path: Path, path: Path) -> None:
    data, chance = path.read_bytes(), random.Random(path.name)
    copies = [put(tmp_path / f"{at}{path.suffix}", flipped(data, at)) for at in chance.sample(range(len(data)), 25)]
    assert all(str(item) for item in read(copies))
