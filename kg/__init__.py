"""newskg: who said what, where, when, and how we know.

import kg
kg.build(["seeds"], output="output")
graph = kg.open("output")
graph.query("SELECT ?name WHERE { ?actor skos:prefLabel ?name }")
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


def open(output: Path | str = "output") -> "Graph":
    """Open a built graph for reading; see ``kg.graph.Graph``."""
    from kg.graph import Graph

    return Graph(Path(output))
