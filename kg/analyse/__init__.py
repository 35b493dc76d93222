"""The graph becomes networkx graphs of names, and those become measures.

Four graphs are made of the statements: who speaks about whom, what is named together, who speaks at or about which place, and who raises
which topic (``project``). Each is measured name by name and as a whole (``analysis``), compared between two periods (``changes``), and
written for Gephi. networkx is the face; rustworkx and numpy do what they do faster, with the same numbers. docs/analysis.md tells
what each number means.
"""

from kg.analyse.comparing import changes
from kg.analyse.drawing import majorized, spread
from kg.analyse.explaining import COLUMNS, EXPLANATIONS, RANKING, WHOLE, explanations
from kg.analyse.grouping import communities
from kg.analyse.measuring import analysis, measures
from kg.analyse.periods import Period, PeriodError, during, period, undated
from kg.analyse.projecting import EDGE_KINDS, KINDS, Network, mention_graph, of_kinds, place_graph, project, speech_graph, topic_graph
from kg.analyse.reading import gathered, topics
from kg.analyse.records import Analysis, Changes, Communities, EdgeChange, Measure, NameChange, Projection, State, Topic, Whole
from kg.analyse.telling import (
    Sheet,
    as_object,
    changed_links_sheet,
    changed_names_sheet,
    changes_told,
    links_sheet,
    links_told,
    names_sheet,
    names_told,
    objects,
)
from kg.analyse.writing import COLOURS, to_gexf, to_graphml

__all__ = [
    "COLOURS",
    "COLUMNS",
    "EDGE_KINDS",
    "EXPLANATIONS",
    "KINDS",
    "RANKING",
    "WHOLE",
    "Analysis",
    "Changes",
    "Communities",
    "EdgeChange",
    "Measure",
    "NameChange",
    "Network",
    "Period",
    "PeriodError",
    "Projection",
    "Sheet",
    "State",
    "Topic",
    "Whole",
    "analysis",
    "as_object",
    "changed_links_sheet",
    "changed_names_sheet",
    "changes",
    "changes_told",
    "communities",
    "during",
    "explanations",
    "gathered",
    "links_sheet",
    "links_told",
    "majorized",
    "measures",
    "mention_graph",
    "names_sheet",
    "names_told",
    "objects",
    "of_kinds",
    "period",
    "place_graph",
    "project",
    "speech_graph",
    "spread",
    "to_gexf",
    "to_graphml",
    "topic_graph",
    "topics",
    "undated",
]
