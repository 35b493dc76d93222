"""Ray reads: the graph is the one that this machine makes alone, whatever dies, hangs or is done already."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from shutil import copytree

import pytest
from conftest import ROOT, command, environment
from desk import kg, told
from test_workers import children, eventually, lines

from kg.corpus import pieces as cutting
from kg.corpus.pieces import Piece, pieces
from kg.errors import StoreError
from kg.pipeline import Options, Ray, Report, build
from kg.pipeline.options import sent
from kg.pipeline.parts import Parts, Row
from kg.pipeline.piecework import Piecework
from kg.pipeline.recipe import recipe_of_parts
from kg.records import Document

pytestmark = pytest.mark.model
COUNT = 24
TRAPS = """
import os, pathlib, sys, time
if "kg.pipeline.worker" in sys.orig_argv:
    from kg.pipeline import reading
    extract = reading.extract
    def trapped(document, *more, **named):
        if "HANG" in document.text:
            time.sleep(1000)
        return extract(document, *more, **named)
    reading.extract = trapped
elif "build" in sys.orig_argv:
    from kg.corpus import pieces
    pieces.SMALLEST = 1_000
elif any(word.endswith("default_worker.py") for word in sys.orig_argv):
    opened = pathlib.Path.open
    def trapped(path, *more, **named):
        if path.name == "killer.txt":
            os._exit(7)
        return opened(path, *more, **named)
    pathlib.Path.open = trapped
"""
"""What Python runs in each process at its start: the command cuts small pieces, a certain text holds up whoever reads it, a certain file
ends who opens it."""


@pytest.fixture(scope="module", autouse=True)
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Ray on this machine, with two processors."""
    ray = pytest.importorskip("ray", reason="needs the extra newskg[ray]") if os.environ.get("CI") != "true" else __import__("ray")
    traps = tmp_path_factory.mktemp("traps")
    (traps / "sitecustomize.py").write_text(TRAPS, "utf-8")
    with pytest.MonkeyPatch.context() as patched:
        patched.syspath_prepend(traps)
        patched.setenv("PYTHONPATH", f"{traps}{os.pathsep}{ROOT}")
        patched.setenv("RAY_USAGE_STATS_ENABLED", "0")
        ray.init("local", num_cpus=2, include_dashboard=False, object_store_memory=80_000_000, log_to_driver=False, logging_level="ERROR")
        yield
        ray.shutdown()


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Several pieces of little."""
    monkeypatch.setattr(cutting, "SMALLEST", 1_000)


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Many short articles in one file; in others the same again, broken ones, a page, and what is none."""
    folder = tmp_path_factory.mktemp("in")
    (folder / "b.jsonl").write_text(lines(range(COUNT)).replace('"id": "article 007"', "id: 7"), "utf-8")
    (folder / "a.jsonl").write_text(lines(range(3)).replace("article", "other"), "utf-8")
    (folder / "c.jsonl").write_text(lines(range(3, 5)).replace("article", "again"), "utf-8")
    (folder / "d.html").write_text(
        "<html><title>Fog</title><body><article><p>“Fog came,” Ana Reyes said.</p></article></body></html>", "utf-8"
    )
    (folder / "e.txt").write_text("", "utf-8")
    (folder / "f.txt").write_text("“It is late,” said Ivo Brandt of the Harbour Union.\n", "utf-8")
    return folder


@pytest.fixture(scope="module")
def alone(inputs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What this process makes of them."""
    output = tmp_path_factory.mktemp("alone")
    build([inputs], output=output, options=Options(workers=1))
    return output


def by_ray(path: Path, output: Path, **more: object) -> Report:
    return build([path], output=output, **{"ray": Ray(), "options": Options(workers=1), **more})  # type: ignore[arg-type]


def parts(output: Path) -> dict[str, int]:
    """The files of the parts, and when they were written."""
    return {file.name: file.stat().st_mtime_ns for file in (output / "parts").iterdir()}


def actors() -> set[int]:
    """The processes that read pieces."""
    found = set()
    for entry in Path("/proc").iterdir():
        with suppress(OSError, ValueError):
            if b"ray::Piecework" in (entry / "cmdline").read_bytes():
                found.add(int(entry.name))
    return found


# ---------------------------------------------------------------- the same


@pytest.fixture(scope="module")
def by_two(inputs: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Report, list[tuple[int, int | None]]]:
    """What two processes of Ray make of them, and the progress of that."""
    seen: list[tuple[int, int | None]] = []
    output = tmp_path_factory.mktemp("two")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(cutting, "SMALLEST", 1_000)
        report = by_ray(inputs, output, options=Options(workers=2), progress=lambda done, total: seen.append((done, total)))
    return output, report, seen


def test_ray_makes_the_very_files_of_one_process(alone, by_two) -> None:
    output, report, seen = by_two
    assert told(output) == told(alone)
    assert len(report.failed) == 2
    assert [done for done, _ in seen] == list(range(1, len(seen) + 1))
    assert seen[-1][0] == seen[-1][1]
    eventually(lambda: not actors())


def test_a_second_run_reads_nothing(inputs, alone, by_two) -> None:
    output, report, _ = by_two
    before = parts(output)
    again = by_ray(inputs, output)
    assert len(before) > 8
    assert (again.kept, parts(output), told(output)) == (report.documents, before, told(alone))


def test_parts_make_the_graph_of_another_folder_without_being_read_again(inputs, alone, by_two, tmp_path) -> None:
    before = parts(by_two[0])
    by_ray(inputs, tmp_path, ray=Ray(parts=by_two[0] / "parts"))
    assert (parts(by_two[0]), (tmp_path / "parts").exists()) == (before, False)
    assert told(tmp_path) == told(alone)


def test_what_changed_is_read_again_and_what_is_not_there_goes(inputs, alone, tmp_path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "b.jsonl").write_text(lines(range(5, 12)).replace("denied it", "denied all of it", 3), "utf-8")
    reports = []
    for name in ("ray", "local"):
        copytree(alone, tmp_path / name, symlinks=True)
        reports.append(
            build([folder], output=tmp_path / name, options=Options(workers=1), prune=True, ray=Ray() if name == "ray" else None)
        )
    assert reports[0] == reports[1]
    assert told(tmp_path / "ray") == told(tmp_path / "local")


# ---------------------------------------------------------------- what goes wrong


def test_a_process_that_is_killed_costs_no_article(inputs, alone, tmp_path) -> None:
    hit: set[int] = set()

    def disturb(done: int, total: int | None) -> None:
        if not hit:
            hit.update(sorted(actors())[:1])
            for one in hit:
                os.kill(one, signal.SIGKILL)

    report = by_ray(inputs, tmp_path, progress=disturb)
    assert (len(hit), len(report.failed)) == (1, 2)
    assert told(tmp_path) == told(alone)
    assert [name for name in parts(tmp_path) if name.startswith(".")] == []


@pytest.fixture(scope="module")
def troubled(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """What becomes of a file that ends its reader beside two good ones, an article that holds it up, and a file that changes."""
    folder = tmp_path_factory.mktemp("troubled")
    for name in ("killer", "low", "near"):
        (folder / f"{name}.txt").write_text(f"“Fog came at {name},” Ana Reyes said.\n", "utf-8")
    (folder / "bad.jsonl").write_text(lines(range(3)) + '{"id": "bad", "text": "HANG, Ana Reyes said."}\n' + lines(range(3, 6)), "utf-8")
    (folder / "odd.jsonl").write_text(lines(range(6, 12)), "utf-8")
    given = list(pieces([folder]))
    (folder / "odd.jsonl").write_text(lines(range(7, 14)), "utf-8")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("kg.pipeline.building.pieces", lambda *_: iter(given))
        patched.chdir(folder)
        return by_ray(folder, folder / "out", options=Options(workers=1, limit=3))


@pytest.mark.parametrize(
    "problem",
    [
        "killer.txt: the process that read it ended, twice",
        "bad: the process that read it took more than 3 seconds, twice",
        "odd.jsonl: has changed while it was read",
    ],
)
def test_what_kills_holds_up_or_changes_is_named(troubled, problem) -> None:
    assert [error.rpartition("/")[2].partition(". ")[0] for error in troubled.failed].count(problem) == 1


def test_what_stands_beside_it_is_read(troubled) -> None:
    assert (troubled.documents, len(troubled.failed)) == (8, 3)


def test_a_file_that_changed_is_not_read_by_its_old_lines(tmp_path) -> None:
    file = tmp_path / "in.jsonl"
    file.write_text(lines(range(3)), "utf-8")
    (piece,) = pieces([file])
    file.write_text(lines(range(5)), "utf-8")
    assert Piecework(sent(Options()), tmp_path / "parts", recipe_of_parts(Options())).read(piece) is None
    assert Parts(tmp_path / "parts", recipe_of_parts(Options())).done(piece) is None


def test_a_piece_with_an_article_that_could_not_be_read_is_read_again(tmp_path) -> None:
    file = tmp_path / "in.jsonl"
    file.write_text(lines(range(1)), "utf-8")
    (piece,) = pieces([file])
    found = Parts(tmp_path / "parts", recipe_of_parts(Options()))
    found.write(piece, [Row(b"", document=Document("a", "It rained."), failed=("it took long", "Leave it out."))])
    with closing(Piecework(sent(Options()), tmp_path / "parts", recipe_of_parts(Options()))) as work:
        assert work.read(piece) is None
    done = found.done(piece)
    assert done is not None and (done.undone, done.failed) == (0, ())


def test_a_folder_for_parts_that_cannot_be_used_is_told(inputs, tmp_path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="file cannot be used"):
        by_ray(inputs, tmp_path / "out", ray=Ray(parts=tmp_path / "file"))


def test_without_ray_the_command_says_how_to_get_it(inputs, tmp_path, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    done = kg("build", inputs, "-o", tmp_path, "--engine", "ray")
    assert (done.exit_code, done.output) == (
        1,
        "Error: Ray is not installed. Install it (pip install 'newskg[ray]'), or leave --engine out.\n",
    )


@pytest.mark.parametrize("more", [("--ray-address", "auto"), ("--parts", "here")], ids=" ".join)
def test_options_of_a_cluster_without_one_are_refused(inputs, tmp_path, more) -> None:
    done = kg("build", inputs, "-o", tmp_path, *more)
    assert (done.exit_code, "go with --engine ray" in done.output) == (2, True)


# ---------------------------------------------------------------- the command


def finished(output: Path) -> dict[str, int]:
    """The parts that are whole, and when they were written."""
    return {name: when for name, when in parts(output).items() if not name.startswith(".")} if (output / "parts").exists() else {}


def test_stopped_while_it_reads_no_process_stays_and_the_last_run_ends_quietly(inputs, alone, tmp_path) -> None:
    words = ("build", str(inputs), "-o", str(tmp_path), "--engine", "ray", "--workers", "1")
    before, done = actors(), finished(tmp_path)

    def run(until: Callable[[], bool], number: int | None = None) -> tuple[int, str, str]:
        """Run the command, stop it when something holds, and make sure that nothing of it stays."""
        line, env = command(*words), environment(PYTHONPATH=os.environ["PYTHONPATH"])
        with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env, start_new_session=True) as one:
            eventually(until, seconds=120)
            started = (actors() - before) | children(one.pid, b"")
            if number is not None:
                os.killpg(one.pid, number)
            stdout, stderr = one.communicate(timeout=120)
        eventually(lambda: not any(Path(f"/proc/{process}").exists() for process in started), seconds=10)
        assert started
        assert done.items() <= finished(tmp_path).items()
        return one.returncode, stdout, stderr

    def has_read_more() -> bool:
        return len(finished(tmp_path)) > len(done) + 1

    assert run(has_read_more, signal.SIGKILL) == (-signal.SIGKILL, "", "")
    done = finished(tmp_path)
    stopped = "\nInterrupted. Run the same command again: what was read stays read.\n"
    assert run(has_read_more, signal.SIGINT) == (128 + signal.SIGINT, "", stopped)
    done = finished(tmp_path)
    code, stdout, stderr = run(lambda: bool(actors() - before))
    assert (code, [line.partition(":")[0] for line in stderr.splitlines()]) == (1, ["Error", "Error"]), stderr
    assert stdout.startswith("    articles  ")
    assert told(tmp_path) == told(alone)


# ---------------------------------------------------------------- parts


@pytest.fixture
def part(tmp_path: Path) -> tuple[Parts, Piece]:
    """A part with two rows."""
    file = tmp_path / "a.txt"
    file.write_text("It rained.", "utf-8")
    (piece,) = pieces([file])
    assert isinstance(piece, Piece)
    found = Parts(tmp_path / "parts", "recipe")
    found.write(piece, [Row(b"here", failed=("it is bad", "Mend it.")), Row(b"\xff", failed=("it is worse", "Leave it."))])
    return found, piece


def told_in(parts_: Parts, piece: Piece) -> list[tuple[str, str]]:
    done = parts_.done(piece)
    return [(where, str(item)) for (where, item), _ in parts_.rows(piece, done)] if done else []


def test_a_part_gives_back_what_was_written(part) -> None:
    assert told_in(*part) == [("here", "it is bad. Mend it."), ("\udcff", "it is worse. Leave it.")]


def test_a_part_by_other_rules_or_of_a_file_that_changed_is_none(part, tmp_path) -> None:
    parts_, piece = part
    assert Parts(parts_.folder, "other").done(piece) is None
    (tmp_path / "a.txt").write_text("It rained all day.", "utf-8")
    (changed,) = pieces([tmp_path / "a.txt"])
    assert parts_.done(changed) is None


@pytest.mark.parametrize(
    "break_", [lambda data: data[:-3], lambda data: b"\xff" + data[1:], lambda data: data[:8] + b"\xff" * 20 + data[28:]]
)
def test_a_damaged_part_is_told(part, break_: Callable[[bytes], bytes]) -> None:
    parts_, piece = part
    (file,) = parts_.folder.glob("*.part")
    file.write_bytes(break_(file.read_bytes()))
    with pytest.raises(StoreError, match="part is damaged. Delete it"):
        told_in(parts_, piece)


@pytest.mark.parametrize("left", ["", "{", "null", "{}"])
def test_a_part_that_is_not_told_to_be_whole_is_none(part, left: str) -> None:
    parts_, piece = part
    (file,) = parts_.folder.glob("*.json")
    file.write_text(left, "utf-8")
    assert parts_.done(piece) is None


def test_what_a_killed_process_left_goes_and_what_is_another_build_s_stays(part) -> None:
    parts_, piece = part
    (parts_.folder / f".{parts_.name(piece)}.part.x1").touch()
    (parts_.folder / ".0000.part.x1").touch()
    parts_.clear([piece])
    assert [file.name for file in parts_.folder.glob(".*")] == [".0000.part.x1"]
    assert len(told_in(parts_, piece)) == 2


def test_a_machine_with_other_rules_is_told_and_reads_nothing(tmp_path) -> None:
    told_ = Piecework(sent(Options()), tmp_path, "other").ready()
    assert told_ is not None and "has other rules or another language model than this machine" in told_.problem
