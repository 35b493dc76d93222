"""The README's commands and examples do what it says: each is run, in its order, beside the seeds."""

import doctest
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT, environment

from kg.cli import main

pytestmark = pytest.mark.model

README = (ROOT / "README.md").read_text("utf-8")


def blocks(text: str, *languages: str) -> list[str]:
    """Return the fenced blocks in some languages."""
    return [body for language, body in re.findall(r"^```(\w+)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE) if language in languages]


def commands(block: str) -> Iterator[str]:
    """Yield the commands of a block that begin with ``kg``, joined over lines as a shell joins them."""
    waiting = ""
    for line in block.splitlines():
        waiting += line.removeprefix("$ ") if not waiting else f"\n{line}"
        if waiting.endswith("\\") or not _is_whole(waiting):
            continue
        if waiting.startswith("kg "):
            yield waiting
        waiting = ""


def _is_whole(line: str) -> bool:
    """Tell whether every quotation mark of a shell's line is closed."""
    try:
        shlex.split(line, comments=True)
    except ValueError:
        return False
    return True


COMMANDS = [line for block in blocks(README, "sh", "console") for line in commands(block)]


@pytest.fixture(scope="module")
def desk(seeds, tmp_path_factory) -> Path:
    """A folder as after `make graph`, and a day: the seeds, what a build made of them, and yesterday's lines, whoever else writes them."""
    folder = tmp_path_factory.mktemp("desk")
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    shutil.copytree(seeds[0], folder / "output")
    extract = [sys.executable, "-m", "kg", "extract", "seeds", "-o", "yesterday.jsonl"]
    subprocess.run(extract, cwd=folder, env=environment(), capture_output=True, check=True)
    return folder


@pytest.fixture(scope="module")
def path(tmp_path_factory) -> str:
    """A search path on which `kg` and `python` are those of this test."""
    folder = tmp_path_factory.mktemp("bin")
    for name, words in (("kg", "-m kg"), ("python", "")):
        (folder / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" {words} "$@"\n', "utf-8")
        (folder / name).chmod(0o755)
    return f"{folder}:{environment().get('PATH', '')}"


def test_the_readme_shows_commands_to_run():
    assert len(COMMANDS) >= 5


@pytest.mark.parametrize("line", COMMANDS, ids=lambda line: " ".join(line.split())[:60])
def test_a_command_of_the_readme_works(desk, path, line):
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", line], cwd=desk, env=environment(PATH=path), capture_output=True, text=True, check=False
    )
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr


def test_a_query_of_the_readme_finds_something(desk, path):
    asking = [line for line in COMMANDS if line.startswith("kg query") and "--format" not in line]
    shown = [
        subprocess.run(["bash", "-c", line], cwd=desk, env=environment(PATH=path), capture_output=True, text=True, check=True)
        for line in asking
    ]
    assert asking
    assert [done.stdout for done in shown if done.stdout.endswith("\n0 rows\n")] == []


@pytest.mark.parametrize("block", blocks(README, "python", "pycon"), ids=lambda block: block.splitlines()[0][:40])
def test_a_python_example_of_the_readme_works(desk, monkeypatch, block):
    monkeypatch.chdir(desk)
    if ">>>" not in block:
        exec(compile(block, "README.md", "exec"), {})
        return
    example = doctest.DocTestParser().get_doctest(block, {}, "README.md", "README.md", 0)
    told: list[str] = []
    doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE).run(example, out=told.append)
    assert "".join(told) == ""


def test_every_command_that_the_readme_names_exists():
    named = set(re.findall(r"`kg ([a-z]+)", README)) | {line.split()[1] for line in COMMANDS}
    assert named <= set(main.list_commands(None))


@pytest.mark.parametrize("target", ["graph", "test"])
def test_the_two_commands_of_a_fresh_clone_are_shown_and_exist(target):
    assert f"make {target}" in README
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)


def test_every_file_that_the_readme_links_exists():
    linked = re.findall(r"\]\((?!https?:|#)([^)#]+)", README)
    assert [name for name in linked if not (ROOT / name).exists()] == []


@pytest.mark.parametrize(
    ("block", "found"),
    [
        ("kg info\nmake x\nkg validate seeds\n", ["kg info", "kg validate seeds"]),
        ("$ kg info\nnewskg 1\n", ["kg info"]),
        ("kg query '\n  ASK {}' --format csv\n", ["kg query '\n  ASK {}' --format csv"]),
        ("kg build a \\\n  b\n", ["kg build a \\\n  b"]),
        ("kg info  # it's fine\n", ["kg info  # it's fine"]),
        ("echo 'x\nkg y'\n", []),
    ],
)
def test_commands_are_read_as_a_shell_reads_them(block, found):
    assert list(commands(block)) == found
