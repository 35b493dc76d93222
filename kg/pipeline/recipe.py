"""What a result depends on beside the articles: the gazetteer, word lists, the model, the rules; and digests of it."""

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from kg.annotate import model_version
from kg.copies import SIGNATURES
from kg.errors import InputError
from kg.gazetteer import Gazetteer
from kg.pipeline.options import Options
from kg.records import Correction, Document

HOUSE = Path(__file__).parent.parent
"""The folder of all rooms."""

READING = ("annotate", "corpus", "extract", "gazetteer", "records")
"""The rooms on which an extraction depends."""

TELLING = ("copies", "gazetteer", "ledgers", "records", "resolve", "tables", "triples", "vocab")
"""The rooms on which depends what is told of extractions."""


def gazetteer_of(authority: tuple[Path, ...]) -> Gazetteer:
    """Return the gazetteer, opened once a process, and again when an authority file has changed."""
    return _opened(authority, tuple(sha256(path.read_bytes()).digest() if path.is_file() else b"" for path in authority))


@cache
def _opened(authority: tuple[Path, ...], _: tuple[bytes, ...]) -> Gazetteer:
    return Gazetteer.open(authority=authority)


def ingredients(options: Options) -> tuple[str, str, str]:
    """Return what a result depends on: our version, the model with its version, and a digest of the data."""
    data = _data_digest((*options.authority, options.frames), options.authority)
    return version("newskg"), f"{options.model} {model_version(options.model)}", data


def recipe_of(options: Options) -> str:
    """Return a digest of everything that an extraction depends on beside its text: the rules, too, while their version stays."""
    return _with_rules(" ".join((*ingredients(options), *sorted(options.classes))), READING)


def recipe_of_parts(options: Options) -> str:
    """Return a digest of everything that what is read of an input depends on beside it: how it becomes documents, too."""
    return sha256(repr((recipe_of(options), options.reading)).encode()).hexdigest()[:16]


def mark_of(document: Document, recipe: str) -> str:
    """Return what tells that a document was read by a recipe, with the title, date and name that it has."""
    return f"{recipe} {sha256(repr(replace(document, text='')).encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


def recipe_of_graph(options: Options, base: str, said: Iterable[Correction]) -> str:
    """Return a digest of everything that a graph depends on beside the extractions of its documents."""
    return _with_rules("\0".join((*ingredients(options), base, SIGNATURES, *map(repr, said))), TELLING)


def _with_rules(words: str, rooms: Iterable[str]) -> str:
    """Return a digest of words and of the code of rooms."""
    digest = sha256(words.encode())
    for file in sorted(path for room in rooms for path in (*HOUSE.glob(f"{room}.py"), *HOUSE.glob(f"{room}/*.py"))):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _data_digest(given: Iterable[Path], authority: Iterable[Path]) -> str:
    """Return a digest of the word lists, the gazetteer and the ``given`` files that a result depends on."""
    files = sorted(HOUSE.glob("*/*.tsv"))
    digest = sha256(gazetteer_of(tuple(authority)).path.name.encode())
    for file in (*files, *given):
        try:
            digest.update(file.name.encode() + b"\0" + file.read_bytes())
        except OSError as error:
            raise InputError(f"{file} cannot be read: {error.strerror}", "Name a file that is there.") from error
    return digest.hexdigest()[:16]
