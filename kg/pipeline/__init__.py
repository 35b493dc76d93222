"""The corridor: documents through the rooms, in one process or a pool, into one output folder.

The graph becomes exactly that of the given inputs, or with ``add`` of these and what the folder held before. What was read once by the
same model, rules and options comes from the archive. Each article is one atomic replacement of its named graph.
"""

from kg.pipeline.building import build, built, rebuild
from kg.pipeline.correcting import correct, offers, reopened
from kg.pipeline.counting import Report
from kg.pipeline.learning import learn
from kg.pipeline.options import Options, Progress, built_with
from kg.pipeline.reading import collect, predictions

__all__ = [
    "Options",
    "Progress",
    "Report",
    "build",
    "built",
    "built_with",
    "collect",
    "correct",
    "learn",
    "offers",
    "predictions",
    "rebuild",
    "reopened",
]
