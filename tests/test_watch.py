"""A folder that is watched: what comes is added once, a line for each change, and nothing is lost while nobody looks."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest
from conftest import command, environment
from desk import ARTICLES, LATE, MAYOR, SAILOR, ids, told, written

from kg.errors import InputError
from kg.pipeline import Change, build, watch
from kg.store import building

pytestmark = pytest.mark.model


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    return written(tmp_path / "in", {"mayor": MAYOR})


def watched(inbox: Path, **options: object) -> Iterator[Change]:
    return watch([inbox], output=inbox.parent / "out", every=0.05, **options)  # type: ignore[arg-type]


def names(changes: Iterator[Change], count: int) -> list[str]:
    return sorted(f"{change.what} {Path(change.where).name}" for change in islice(changes, count))


def test_what_is_there_and_what_comes_is_added(inbox) -> None:
    changes = watched(inbox)
    assert names(changes, 1) == ["added mayor.txt"]
    written(inbox, {"late": LATE, "sailor": SAILOR})
    assert names(changes, 2) == ["added late.txt", "added sailor.txt"]
    assert ids(inbox.parent / "out") == ["late", "mayor", "sailor"]


def test_what_was_watched_is_the_very_files_of_a_build_at_once(inbox) -> None:
    changes = watched(inbox)
    next(changes)
    written(inbox, ARTICLES)
    names(changes, 2)
    build([inbox], output=inbox.parent / "once")
    assert told(inbox.parent / "out") == told(inbox.parent / "once")


def test_a_file_that_changed_replaces_what_it_was(inbox) -> None:
    changes = watched(inbox)
    next(changes)
    (inbox / "mayor.txt").write_text(MAYOR.replace("Vahan", "Armen"), "utf-8")
    assert names(changes, 1) == ["changed mayor.txt"]
    assert "Vahan" not in (inbox.parent / "out" / "graph.ttl").read_text("utf-8")


def test_a_file_that_is_still_being_written_is_not_read(inbox, monkeypatch) -> None:
    (inbox / "mayor.txt").unlink()
    growing = inbox / "growing.txt"
    growing.write_text("The bridge", "utf-8")
    looks: list[int] = []

    def grow(seconds: float) -> None:
        looks.append(len(looks))
        if len(looks) < 5:
            with growing.open("a", encoding="utf-8") as file:
                file.write(f" is {len(looks)} years old,")

    monkeypatch.setattr("kg.pipeline.watching.sleep", grow)
    assert names(watched(inbox), 1) == ["added growing.txt"]
    assert len(looks) >= 5
    assert ids(inbox.parent / "out") == ["growing"]


def test_a_watch_that_was_stopped_goes_on_and_tells_nothing_twice(inbox) -> None:
    next(watched(inbox))
    written(inbox, {"late": LATE})
    assert names(watched(inbox), 1) == ["added late.txt"]


@pytest.mark.parametrize("when", ["while it is watched", "before it is watched again"])
def test_pruned_what_is_removed_goes(inbox, when) -> None:
    written(inbox, ARTICLES)
    changes = watched(inbox, prune=True)
    names(changes, 3)
    (inbox / "mayor.txt").unlink()
    changes = changes if when == "while it is watched" else watched(inbox, prune=True)
    assert names(changes, 1) == ["removed mayor.txt"]
    assert ids(inbox.parent / "out") == ["late", "sailor"]
    assert len(list((inbox.parent / "out" / "texts").iterdir())) == 2


def test_pruned_the_last_file_may_go_too(inbox) -> None:
    changes = watched(inbox, prune=True)
    next(changes)
    (inbox / "mayor.txt").unlink()
    assert names(changes, 1) == ["removed mayor.txt"]
    assert ids(inbox.parent / "out") == []


def test_pruned_a_record_that_its_file_does_not_hold_any_more_goes(inbox) -> None:
    (inbox / "mayor.txt").unlink()
    rows = [f'{{"id": "{name}", "text": "It rained on {name}, Ana Reyes said."}}\n' for name in ("monday", "tuesday")]
    (inbox / "days.jsonl").write_text("".join(rows), "utf-8")
    changes = watched(inbox, prune=True)
    next(changes)
    (inbox / "days.jsonl").write_text(rows[1], "utf-8")
    assert names(changes, 1) == ["changed days.jsonl"]
    assert ids(inbox.parent / "out") == ["tuesday"]


def test_pruned_what_was_built_from_elsewhere_stays(inbox) -> None:
    build([written(inbox.parent / "other", {"late": LATE})], output=inbox.parent / "out")
    changes = watched(inbox, prune=True)
    next(changes)
    (inbox / "mayor.txt").unlink()
    assert names(changes, 1) == ["removed mayor.txt"]
    assert ids(inbox.parent / "out") == ["late"]


def test_pruned_a_text_that_stands_in_another_file_too_stays(inbox) -> None:
    written(inbox, {"same": MAYOR})
    changes = watched(inbox, prune=True)
    names(changes, 2)
    (inbox / "same.txt").unlink()
    assert names(changes, 1) == ["removed same.txt"]
    assert ids(inbox.parent / "out") == ["mayor"]


def test_what_is_removed_stays_in_the_graph_unless_it_is_pruned(inbox) -> None:
    changes = watched(inbox)
    next(changes)
    (inbox / "mayor.txt").unlink()
    written(inbox, {"late": LATE})
    assert names(changes, 1) == ["added late.txt"]
    assert ids(inbox.parent / "out") == ["late", "mayor"]


def test_a_file_that_cannot_be_read_is_named_once_and_the_others_go_on(inbox) -> None:
    (inbox / "empty.txt").touch()
    changes = watched(inbox)
    found = [next(changes), next(changes)]
    assert [change.what for change in found] == ["added", "failed"]
    assert "empty.txt: is empty" in found[1].where
    written(inbox, {"late": LATE})
    assert names(changes, 1) == ["added late.txt"]


def test_while_another_program_writes_it_waits_and_then_adds(inbox) -> None:
    changes = watched(inbox)
    with building(inbox.parent / "out"):
        waiting = next(changes)
    assert (waiting.what, "being written by process" in waiting.where) == ("waiting", True)
    assert names(changes, 1) == ["added mayor.txt"]


def test_hidden_files_and_the_output_within_are_not_read(inbox) -> None:
    (inbox / ".part").write_text(LATE, "utf-8")
    changes = watch([inbox], output=inbox / "out", every=0.05)
    assert names(changes, 1) == ["added mayor.txt"]
    written(inbox, {"late": LATE})
    assert names(changes, 1) == ["added late.txt"]
    assert ids(inbox / "out") == ["late", "mayor"]


def test_what_is_no_folder_is_named(tmp_path) -> None:
    with pytest.raises(InputError, match="none: is no folder"):
        next(watch([tmp_path / "none"], output=tmp_path / "out"))


@pytest.fixture
def watching(inbox: Path) -> Iterator["subprocess.Popen[str]"]:
    line = command("watch", str(inbox), "-o", str(inbox.parent / "out"), "--every", "0.1")
    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment()) as process:
        yield process
        process.kill()


def test_the_command_tells_each_change_in_a_line_and_ends_well_by_ctrl_c(inbox, watching) -> None:
    assert watching.stdout.readline() == f"  added  {inbox}/mayor.txt\n"
    written(inbox, {"late": LATE})
    assert watching.stdout.readline() == f"  added  {inbox}/late.txt\n"
    watching.send_signal(signal.SIGINT)
    assert watching.communicate(timeout=60) == ("", "Stopped: what comes now is added when it is watched again.\n")
    assert watching.returncode == 0


def test_a_watch_that_is_killed_loses_nothing(inbox, watching) -> None:
    watching.stdout.readline()
    written(inbox, {"late": LATE})
    time.sleep(0.3)
    os.kill(watching.pid, signal.SIGKILL)
    watching.wait()
    written(inbox, {"sailor": SAILOR})
    changes = watched(inbox)
    while ids(inbox.parent / "out") != ["late", "mayor", "sailor"]:
        next(changes)
    build([inbox], output=inbox.parent / "once")
    assert told(inbox.parent / "out") == told(inbox.parent / "once")
