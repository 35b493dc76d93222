"""The word lists beside this module, read once."""

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent


def rows(name: str) -> list[list[str]]:
    """Return the tab-separated rows of a data file, comments and empty lines left out."""
    lines = (HERE / name).read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


class Title(NamedTuple):
    """A title: ``honorific``, ``office`` or ``work``; gender ``m``, ``f`` or ``-``."""

    what: str
    gender: str


@cache
def titles() -> dict[str, Title]:
    """Return title words (lower case) → what they say."""
    return {words: Title(what, gender) for words, what, gender in rows("titles.tsv")}


@cache
def longest_title() -> dict[str, int]:
    """Return the first word of each title → how many tokens the longest title with it may have (hyphens and points are tokens too)."""
    found: dict[str, int] = {}
    for words in titles():
        first, *rest = re.findall(r"[\w.]+|-", words)
        found[first] = max(found.get(first, 0), 1 + len(rest))
    return found


@cache
def tails(what: str) -> frozenset[str]:
    """Return the words that end the name of a ``body`` or of a ``land``, or that say what ``sort`` of body one is."""
    return frozenset(word for word, kind in rows("tails.tsv") if kind == what)
