"""What several test files share: the real model and gazetteer, loaded once, and the five seeds, built once."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from kg.annotate import annotate
from kg.corpus.zones import header_date, zones
from kg.extract import extract
from kg.gazetteer import Gazetteer
from kg.pipeline import Report, build
from kg.records import Class, Document, Extraction

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"
EVERY_CLASS = frozenset(Class)

Reader = Callable[[str], Extraction]


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    """The real gazetteer."""
    return Gazetteer.open()


@pytest.fixture(scope="session")
def read(gazetteer: Gazetteer) -> Reader:
    """What the extractor makes of a text."""

    def reader(text: str) -> Extraction:
        document = Document("test", text, date=header_date(text), zones=zones(text))
        (_, doc), *_ = annotate([document])
        return extract(document, doc, gazetteer, classes=EVERY_CLASS)

    return reader


@pytest.fixture(scope="session")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Report]:
    """The output folder of a build of the five seeds, with its report."""
    output = tmp_path_factory.mktemp("seeds")
    return output, build([ROOT / "seeds"], output=output)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium without a network of its own; CI must have it."""
    chromium = shutil.which("chromium")
    if chromium is None:
        problem = "no chromium on this machine: apt-get install chromium"
        pytest.fail(problem) if os.environ.get("CI") == "true" else pytest.skip(problem)
    flags = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update"]
    expect.set_options(timeout=20_000)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=flags)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared material, where there is one."""
    if not SHARED.is_dir():
        pytest.skip("needs the shared folder (gold articles, scorers) beside the checkout")
    return SHARED


def environment(**more: str) -> dict[str, str]:
    """The environment for running the command in a process of its own."""
    return {**os.environ, "PYTHONPATH": str(ROOT), **more}


def command(*words: str) -> list[str]:
    """The command line of ``kg`` in this interpreter."""
    return [sys.executable, "-m", "kg", *words]
