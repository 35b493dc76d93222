"""The corridor: documents through the rooms, in one process or several, into one output folder.

Documents are read as they come (``intake``), by this process or others (``pool``), while the graph grows (``building``): it is brought up
to its inputs in steps that readers see whole. What was read once by the same model, rules and options comes from the archive, and only what
a change touches is resolved and written again.
"""

from kg.pipeline.building import build, built, rebuild
from kg.pipeline.correcting import correct, offers, reopened
from kg.pipeline.counting import Report
from kg.pipeline.learning import learn
from kg.pipeline.options import LIMIT, Options, Progress, Ray, built_with
from kg.pipeline.reading import collect, predictions
from kg.pipeline.watching import Change, watch

__all__ = [
    "Change",
    "LIMIT",
    "Options",
    "Progress",
    "Ray",
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
    "watch",
]
