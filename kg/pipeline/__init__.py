"""The corridor: documents through the rooms, in one process or a pool, into one output folder.

A folder's graph is brought up to its inputs in steps that readers see whole: what was read once by the same model, rules and options
comes from the archive, and only what a change touches is resolved and written again.
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
