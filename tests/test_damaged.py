"""Damaged and hostile inputs: each is named with its reason and its mend, memory stays small, and what is good is read all the same."""

import json
import random
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import environment
from damaged import DATA, SPARSE_SUFFIXES, flipped, make
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import kg
from kg.corpus import read

MOST = 2_000
"""Megabytes of memory that the program can have at all: one that wanted more would end with a traceback."""
BESIDE = 400
"""Megabytes that the damaged files may take beside what the good ones alone do: every parser with a page of the largest size."""
SUFFIXES = sorted({path.suffix for path in DATA.iterdir()} | {f".{suffix}" for suffix in SPARSE_SUFFIXES} | {"", ".bz2", ".xz", ".tgz"})
STARTS = [path.read_bytes()[:size] for path in sorted(DATA.iterdir()) for size in (8, 300)]
FILE = re.compile(r".+?(?=: | » |:\d|\[)")
"""The file in the place of an error, before the line or the member in it."""
NAMED = re.compile(r"\S.*?: \S.*\. [A-Z][^\n]*\.")
"""An error: place, reason, mend."""


@dataclass
class Outcome:
    """What came of a folder that somebody built a graph of."""

    folder: Path
    output: Path
    bad: list[str]
    good: list[str]
    failed: list[str]
    code: int
    out: str
    err: str
    peak: int


def built(folder: Path, output: Path, bad: list[str], good: list[str]) -> Outcome:
    program = [sys.executable, str(Path(__file__).with_name("damaged.py")), str(MOST), "build", str(folder), "-o", str(output)]
    run = subprocess.run(program, capture_output=True, text=True, timeout=300, check=False, cwd=folder.parent, env=environment())
    out, peak = run.stdout.rstrip().rpartition("\n")[::2]
    failed = json.loads((output / "report.json").read_text("utf-8"))["failed"]
    return Outcome(folder, output, bad, good, failed, run.returncode, out, run.stderr, int(peak))


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    folder = tmp_path_factory.mktemp("damaged") / "inputs"
    folder.mkdir()
    return built(folder, folder.parent / "output", *make(folder))


@pytest.fixture(scope="module")
def apart(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """What comes of the good files alone."""
    return built(DATA, tmp_path_factory.mktemp("apart") / "output", [], [path.name for path in DATA.iterdir()])


def digests(outcome: Outcome) -> set[str]:
    with kg.open(outcome.output) as graph:
        return {row["digest"] for row in graph.query("SELECT ?digest { ?article a schema:NewsArticle ; schema:sha256 ?digest }")}


def test_there_are_more_than_five_hundred_damaged_inputs(outcome: Outcome) -> None:
    assert len(set(outcome.bad)) == len(outcome.bad) > 500


def test_each_damaged_input_is_named_in_the_report(outcome: Outcome) -> None:
    named = {FILE.match(error.removeprefix(f"{outcome.folder}/")).group() for error in outcome.failed}  # type: ignore[union-attr]
    assert sorted(set(outcome.bad) - named) == []


def test_each_error_has_a_place_a_reason_and_a_mend(outcome: Outcome) -> None:
    assert [error for error in outcome.failed if not NAMED.fullmatch(error)] == []


def test_each_good_input_is_in_the_graph_as_if_it_were_alone(outcome: Outcome, apart: Outcome) -> None:
    assert digests(apart) <= digests(outcome)
    assert len(digests(apart)) > len(apart.good)


def test_no_good_input_is_called_damaged(outcome: Outcome, apart: Outcome) -> None:
    places = tuple(str(outcome.folder / name) for name in outcome.good)
    assert [error for error in outcome.failed if error.startswith(places)] == []
    assert (apart.failed, apart.code, apart.err) == ([], 0, "")


def test_memory_stays_small(outcome: Outcome, apart: Outcome) -> None:
    assert outcome.peak < apart.peak + BESIDE


def test_a_screen_is_enough_for_what_is_said_of_hundreds_of_errors(outcome: Outcome) -> None:
    *shown, last = outcome.err.splitlines()
    assert len(shown) == 20 and all(line.startswith("Error: ") for line in shown)
    assert last == f"Error: and {len(outcome.failed) - 20:,} more; all are named in {outcome.output / 'report.json'}"
    assert outcome.code == 1
    assert f"not read  {len(outcome.failed):,} inputs" in outcome.out


def test_nothing_is_written_beside_the_graph(outcome: Outcome) -> None:
    assert sorted(path.name for path in outcome.folder.parent.iterdir()) == ["inputs", "output"]
    assert {path.name for path in outcome.folder.rglob("*")} == {*outcome.bad, *outcome.good}


def test_every_statement_of_every_kind_of_input_slices_its_kept_text(apart: Outcome) -> None:
    with kg.open(apart.output) as graph:
        proof, said = graph.prove(), graph.statements()
    assert [violation for violation in proof.violations if violation.severity == "violation"] == []
    assert proof.spans > 100 and len(said) > 20


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
