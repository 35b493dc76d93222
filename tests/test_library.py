"""The examples of docs/library.md run as they stand, over the graph of the seeds."""

import doctest
import re
import shutil

import pytest
from conftest import ROOT

pytestmark = [pytest.mark.model, pytest.mark.filterwarnings("ignore:Dataset.default_context:DeprecationWarning")]

TEXT = (ROOT / "docs" / "library.md").read_text("utf-8")


@pytest.fixture(scope="module")
def folder(seeds, tmp_path_factory):
    """A folder with ``output`` in it, as after ``kg build seeds``."""
    place = tmp_path_factory.mktemp("library")
    shutil.copytree(seeds[0], place / "output", symlinks=True)
    return place


def test_every_example_gives_what_the_page_shows(folder, monkeypatch):
    monkeypatch.chdir(folder)
    example = doctest.DocTestParser().get_doctest(TEXT, {}, "docs/library.md", "docs/library.md", 0)
    told: list[str] = []
    tried = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(example, out=told.append)
    assert ("".join(told), tried.failed) == ("", 0)
    assert tried.attempted > 15


def test_every_fence_of_examples_ends_where_doctest_ends_it():
    blocks = re.findall(r"^```pycon\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)
    assert [block.splitlines()[-1] for block in blocks] == [""] * len(blocks)
