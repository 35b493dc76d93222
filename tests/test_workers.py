"""Processes that read: one that dies or hangs costs nothing but time, and a text that does it every time is named."""

import os
import re
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from random import Random
from shutil import copytree

import pytest
from conftest import ROOT, command, environment
from desk import told

from kg.archive import LAYOUT
from kg.errors import InputError, KgError
from kg.pipeline import Options, Report, build, collect
from kg.pipeline.pool import CHARACTERS, TOGETHER, Pool, parts
from kg.pipeline.reading import FEW, chosen, most
from kg.records import Document

pytestmark = pytest.mark.model
COUNT = 48


def text(number: int) -> str:
    """A short article of its own."""
    return f"“Bridge {number} is open,” Mayor Ana Reyes told residents of Ellery on Monday. Ivo Brandt of the Harbour Union denied it.\n"


def lines(numbers: range) -> str:
    return "".join(f'{{"id": "article {number:03}", "date": "2024-05-02", "text": {_json(text(number))}}}\n' for number in numbers)


def _json(words: str) -> str:
    return '"' + words.replace("\n", "\\n") + '"'


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Many short articles in one file."""
    file = tmp_path_factory.mktemp("in") / "articles.jsonl"
    file.write_text(lines(range(COUNT)), "utf-8")
    return file


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """So few that one process gets them all."""
    file = tmp_path_factory.mktemp("few") / "articles.jsonl"
    file.write_text(lines(range(4)), "utf-8")
    return file


@pytest.fixture(scope="module")
def undisturbed(inputs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What one process makes of them."""
    output = tmp_path_factory.mktemp("undisturbed")
    build([inputs], output=output, options=Options(workers=1))
    return output


def children(parent: int, called: bytes = b"kg.pipeline.worker") -> set[int]:
    """The processes that read for another and that are alive; a browser of other tests is none."""
    found = set()
    for entry in Path("/proc").iterdir():
        with suppress(OSError, ValueError):
            state, above = (entry / "stat").read_text("utf-8").rpartition(")")[2].split()[:2]
            if int(above) == parent and state != "Z" and called in (entry / "cmdline").read_bytes():
                found.add(int(entry.name))
    return found


def eventually(holds: Callable[[], bool], *, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


# ---------------------------------------------------------------- the same


def test_several_processes_make_the_very_files_of_one(inputs, undisturbed, tmp_path) -> None:
    seen: list[tuple[int, int | None]] = []
    report = build([inputs], output=tmp_path, options=Options(workers=2), progress=lambda done, total: seen.append((done, total)))
    assert (report.documents, report.failed) == (COUNT, ())
    assert told(tmp_path) == told(undisturbed)
    assert [done for done, _ in seen] == list(range(1, COUNT + 1))
    assert seen[-1] == (COUNT, COUNT)
    assert children(os.getpid()) == set()


def test_whatever_was_read_is_not_read_again_by_others(undisturbed, inputs, tmp_path) -> None:
    build([inputs], output=tmp_path, options=Options(workers=2))
    assert build([inputs], output=tmp_path, options=Options(workers=1)).kept == COUNT


# ---------------------------------------------------------------- processes that go away


TRAPS = """
import os, signal, sys, time
if "kg.pipeline.worker" in sys.orig_argv:
    from kg.pipeline import reading
    extract = reading.extract
    acts = {{"KILLS": lambda: os.kill(os.getpid(), signal.SIGKILL), "ENDS": lambda: os._exit(7), "HANGS": lambda: time.sleep(1000)}}
    def trapped(document, *more, **named):
        print(os.getpid(), file=open({log!r}, "a"), flush=True)
        for word, act in acts.items():
            if word in document.text:
                print(word, file=open({log!r}, "a"), flush=True)
                act()
        return extract(document, *more, **named)
    reading.extract = trapped
"""
"""What Python runs in each process at its start: it tells that it reads, and certain texts end or hold up whoever reads them."""
WHY = {"KILLS": "was ended by SIGKILL", "ENDS": "ended with exit code 7", "HANGS": "took more than 6 seconds"}


@contextmanager
def traps(folder: Path) -> Iterator[Path]:
    """Set the traps in the processes that begin meanwhile, and give the file that tells who reads, and which were walked into."""
    log = folder / "log"
    (folder / "sitecustomize.py").write_text(TRAPS.format(log=str(log)), "utf-8")
    with pytest.MonkeyPatch.context() as patched:
        patched.syspath_prepend(folder)
        yield log


@pytest.mark.parametrize(("number", "limit"), [(signal.SIGKILL, 600), (signal.SIGSEGV, 600), (signal.SIGSTOP, 6)], ids=str)
def test_a_process_that_is_killed_or_stopped_costs_no_article(inputs, undisturbed, tmp_path, number, limit) -> None:
    hit: list[int] = []

    def disturb(done: int, total: int | None) -> None:
        if not hit:
            hit.append(int(log.read_text("utf-8").split()[0]))
            os.kill(hit[0], number)

    with traps(tmp_path) as log:
        report = build([inputs], output=tmp_path / "out", options=Options(workers=2, limit=limit), progress=disturb)
    assert (len(hit), report.failed) == (1, ())
    assert told(tmp_path / "out") == told(undisturbed)
    assert children(os.getpid()) == set()


def trap(word: str) -> str:
    return f'{{"id": "{word}", "text": {_json(f"This {word} whoever reads it, Ana Reyes said.")}}}\n'


@pytest.fixture(scope="module")
def trapped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Many good articles, and among them one for each trap."""
    file = tmp_path_factory.mktemp("trapped") / "articles.jsonl"
    rows = lines(range(COUNT)).splitlines(keepends=True)
    file.write_text("".join([*rows[:8], trap("KILLS"), *rows[8:20], trap("ENDS"), *rows[20:30], trap("HANGS"), *rows[30:]]), "utf-8")
    return file


@pytest.fixture(scope="module")
def caught(trapped: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Report, list[str]]:
    """What two processes make of them, and which traps they walked into."""
    folder = tmp_path_factory.mktemp("caught")
    with traps(folder) as log:
        report = build([trapped], output=folder / "out", options=Options(workers=2, limit=6))
    return folder / "out", report, log.read_text("utf-8").split()


@pytest.mark.parametrize("word", WHY)
def test_an_article_that_ends_or_holds_up_its_process_is_tried_twice_and_named(caught, word) -> None:
    _, report, log = caught
    assert [error.partition(". ")[0] for error in report.failed if error.startswith(word)] == [
        f"{word}: the process that read it {WHY[word]}, twice"
    ]
    assert log.count(word) == 2


def test_what_stands_beside_such_articles_is_read(caught) -> None:
    _, report, _ = caught
    assert (report.documents, len(report.failed)) == (COUNT, len(WHY))


def test_what_failed_is_tried_again_by_the_next_run(caught, trapped, tmp_path) -> None:
    copytree(caught[0], tmp_path / "out", symlinks=True)
    again = build([trapped], output=tmp_path / "out")
    assert (again.documents, again.kept, again.failed) == (COUNT + len(WHY), COUNT, ())
    build([trapped], output=tmp_path / "once", options=Options(workers=1))
    assert told(tmp_path / "out") == told(tmp_path / "once")


def test_an_article_that_fails_is_among_what_failed_where_no_graph_is_built(tmp_path) -> None:
    file = tmp_path / "articles.jsonl"
    file.write_text(lines(range(2)) + trap("ENDS") + lines(range(2, 4)), "utf-8")
    with traps(tmp_path):
        collection, _, failed = collect([file], Options(workers=2))
    assert (len(collection.extractions), len(failed), type(failed[0])) == (4, 1, InputError)


def test_processes_that_cannot_start_are_told_and_not_started_for_ever(inputs, tmp_path, monkeypatch) -> None:
    (tmp_path / "sitecustomize.py").write_text("import os, sys\nif 'kg.pipeline.worker' in sys.orig_argv: os._exit(3)\n", "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(KgError, match="could not start: it ended with exit code 3.*--workers 1"):
        build([inputs], output=tmp_path / "out", options=Options(workers=2))
    assert children(os.getpid()) == set()


# ---------------------------------------------------------------- stopped on the way


@pytest.fixture
def building(inputs: Path, tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    """A build by two processes, as at a terminal."""
    line = command("build", str(inputs), "-o", str(tmp_path / "out"), "--workers", "2")
    one = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(), start_new_session=True)
    yield one
    with suppress(ProcessLookupError):
        os.killpg(one.pid, signal.SIGKILL)
    one.wait()


def kept(output: Path) -> int:
    """How many articles the archive has; none while there is no archive."""
    with suppress(sqlite3.Error), closing(sqlite3.connect(f"file:{output / 'extractions.sqlite'}?mode=ro", uri=True)) as archive:
        return int(archive.execute(f"SELECT COUNT(*) FROM extraction_{LAYOUT}").fetchone()[0])
    return 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL], ids=["Ctrl-C", "kill -9"])
@pytest.mark.parametrize("seed", range(3))
def test_stopped_at_any_moment_no_process_stays_and_the_next_build_ends_the_same(
    building, inputs, undisturbed, tmp_path, number, seed
) -> None:
    eventually(lambda: len(children(building.pid)) == 2)
    workers = children(building.pid)
    time.sleep(Random(seed).uniform(0, 8))
    started = time.monotonic()
    os.killpg(building.pid, number)
    stdout, stderr = building.communicate(timeout=60)
    assert time.monotonic() - started < 10
    eventually(lambda: not any(Path(f"/proc/{worker}").exists() for worker in workers), seconds=10)
    assert (building.returncode, "Traceback" in stderr) in [(128 + number, False), (-number, False), (0, False)], stderr
    build([inputs], output=tmp_path / "out")
    assert told(tmp_path / "out") == told(undisturbed)


def test_what_was_read_before_ctrl_c_is_not_read_again(building, inputs, tmp_path) -> None:
    eventually(lambda: kept(tmp_path / "out") > 4)
    building.send_signal(signal.SIGINT)
    _, stderr = building.communicate(timeout=60)
    assert stderr == "\nInterrupted. Run the same command again: what was read stays read.\n"
    assert build([inputs], output=tmp_path / "out").kept > 0


# ---------------------------------------------------------------- a full disk


def limited(line: list[str], size: int) -> "subprocess.CompletedProcess[str]":
    """Run a command for which no file can grow beyond a size, as on a disk that is full."""
    return subprocess.run(
        line,
        capture_output=True,
        text=True,
        check=False,
        env=environment(),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)),
    )


@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.parametrize("kilobytes", [8, 40, 100, 250, 700, 2000])
def test_on_a_full_disk_a_message_says_it_and_the_next_build_ends_the_same(inputs, undisturbed, tmp_path, kilobytes, workers) -> None:
    output = tmp_path / "out"
    done = limited(command("build", str(inputs), "-o", str(output), "--workers", workers), kilobytes * 1024)
    assert (done.returncode, "Traceback" in done.stderr, done.stdout) == (1, False, ""), done.stderr
    assert re.search(r"cannot be (used|written|made)|disk", done.stderr), done.stderr
    assert len(done.stderr.splitlines()) == 1, done.stderr
    build([inputs], output=output)
    assert told(output) == told(undisturbed)


def test_a_disk_that_fills_up_while_articles_are_added_leaves_readers_what_they_had(inputs, undisturbed, tmp_path) -> None:
    first = tmp_path / "first.jsonl"
    first.write_text(lines(range(4)), "utf-8")
    build([first], output=tmp_path / "out")
    before = told(tmp_path / "out")
    assert limited(command("build", str(inputs), "-o", str(tmp_path / "out")), 300 * 1024).returncode == 1
    assert told(tmp_path / "out") == before
    build([inputs], output=tmp_path / "out")
    assert told(tmp_path / "out") == told(undisturbed)


# ---------------------------------------------------------------- how many


def documents(count: int, *, length: int = 10) -> list[Document]:
    return [Document(str(number), "x" * length) for number in range(count)]


@pytest.mark.parametrize(
    ("count", "length", "sizes"),
    [
        (0, 10, []),
        (1, 10, [1]),
        (2 * TOGETHER + 1, 10, [TOGETHER, TOGETHER, 1]),
        (3, CHARACTERS, [1, 1, 1]),
        (4, CHARACTERS // 2, [2, 2]),
        (2, 5 * CHARACTERS, [1, 1]),
    ],
)
def test_a_process_gets_some_short_articles_at_once_and_a_long_one_alone(count, length, sizes) -> None:
    assert [len(part) for part in parts(documents(count, length=length))] == sizes


@pytest.mark.parametrize(("count", "processes"), [(1, 1), (FEW, 1), (FEW + 1, most()), (1000, most())])
def test_a_few_articles_are_read_in_this_process_and_many_by_one_for_each_core(count, processes) -> None:
    found, source = chosen(Options(), documents(count))
    assert (found, len(list(source))) == (processes, count)


def test_how_many_processes_read_can_be_said() -> None:
    assert chosen(Options(workers=7), documents(1))[0] == 7


def test_no_more_articles_are_taken_than_can_be_read_soon() -> None:
    taken: list[str] = []

    def endless() -> Iterator[Document]:
        for number in range(10_000):
            taken.append(str(number))
            yield Document(str(number), text(number))

    pool = Pool(Options(), 1)
    outcomes = pool.read(endless())
    next(outcomes)
    pool.close()
    assert len(taken) <= 3 * TOGETHER + 1


def test_who_closes_a_pool_does_not_wait_for_what_is_being_read() -> None:
    pool = Pool(Options(), 1)
    outcomes = pool.read(Document(str(number), text(number) * 100) for number in range(100))
    next(outcomes)
    started = time.monotonic()
    pool.close()
    pool.close()
    assert time.monotonic() - started < 5
    assert list(outcomes) == []
    assert children(os.getpid()) == set()


def test_a_module_that_builds_when_it_is_imported_needs_no_guard(few, tmp_path) -> None:
    (tmp_path / "script.py").write_text(
        f"import kg.pipeline as p\nprint(p.build([{str(few)!r}], output=p.building.Path({str(tmp_path / 'out')!r}), "
        "options=p.Options(workers=2)).documents)\n",
        "utf-8",
    )
    done = subprocess.run([sys.executable, "script.py"], cwd=tmp_path, env=environment(), capture_output=True, text=True, check=True)
    assert done.stdout == "4\n"


def test_the_folder_of_the_checkout_is_found_by_processes_from_anywhere(few, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert (ROOT / "kg").is_dir()
    assert build([few], output=Path("out"), options=Options(workers=2)).documents == 4
