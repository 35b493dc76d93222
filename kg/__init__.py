"""newskg: who said what, where, when, and how we know.

import kg
kg.build(["seeds"], output="output")
with kg.open("output") as graph:
    print(graph.ask("accusations", target="Azerbaijan"))
    for row in graph.query("SELECT ?name WHERE { ?actor skos:prefLabel ?name }"):
        print(row["name"])
"""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.graph import Graph
    from kg.pipeline import Report

__version__ = "0.1.0"
__all__ = ["__version__", "build", "open"]


def build(paths: Iterable[Path | str], *, output: Path | str = "output") -> "Report":
    """Build the graph of some files and folders into ``output``; see ``kg.pipeline.build``."""
    from kg import pipeline

    return pipeline.build(paths, output=Path(output))


def open(output: Path | str = "output", *, base: str | None = None) -> "Graph":
    """Open a built graph for reading; see ``kg.graph.Graph``. ``base`` is the namespace of its data, where it was built with one."""
    from kg.graph import Graph
    from kg.vocab import BASE

    return Graph(Path(output), base=base or BASE)
