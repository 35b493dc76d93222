"""What was measured, for people: tables for a terminal, and the same as plain rows and objects for other programs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from textwrap import fill
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from kg.analyse.explaining import COLUMNS, RANKING, WHOLE, explanations
from kg.analyse.projecting import EDGE_KINDS, Network
from kg.analyse.records import Analysis, Changes, EdgeChange, Measure, Projection
from kg.query import drawn, harmless

Cell: TypeAlias = str | int | float | bool

GROUPS = 6
"""So many groups are told by their names in a table."""
MEMBERS = 4
"""So many names of a group are told."""

_ENDS: Mapping[Projection, tuple[str, str]] = MappingProxyType(
    {
        Projection.SPEECH: ("who speaks", "about"),
        Projection.MENTION: ("name", "named with"),
        Projection.PLACE: ("who speaks", "place"),
        Projection.TOPIC: ("who speaks", "topic"),
    }
)
_COUNTS = {"weight": "statements", "at": "made there", "about": "about it"}


class Sheet(NamedTuple):
    """Rows under their columns."""

    columns: tuple[str, ...]
    rows: list[tuple[Cell, ...]]


# ---------------------------------------------------------------- plain rows


def names_sheet(analysis: Analysis, *, by: str) -> Sheet:
    """Return all names with all measures, sorted by one."""
    columns = tuple(field.name for field in fields(Measure))
    return Sheet(columns, [tuple(getattr(row, column) for column in columns) for row in ranked(analysis.names, by)])


def links_sheet(graph: Network) -> Sheet:
    """Return all edges, the heaviest first, ties by IRI."""
    counts = [name for name in EDGE_KINDS if any(name in about for _, _, about in graph.edges(data=True))]
    rows = [_link(graph, one, other, [about[name] for name in counts]) for one, other, about in graph.edges(data=True)]
    columns = ("source", "target", "source_name", "target_name", *counts)
    return Sheet(columns, sorted(rows, key=lambda row: (-float(row[4]), str(row[0]), str(row[1]))))


def _link(graph: Network, one: str, other: str, counts: Iterable[Cell]) -> tuple[Cell, ...]:
    one, other = (one, other) if graph.is_directed() else sorted((one, other))
    return one, other, graph.nodes[one]["name"], graph.nodes[other]["name"], *counts


def changed_names_sheet(changes: Changes) -> Sheet:
    """Return the names that changed."""
    columns = ("iri", "name", "kind", "unnamed", "state", "before", "after")
    return Sheet(columns, [tuple(getattr(row, column) for column in columns) for row in changes.names])


def changed_links_sheet(changes: Changes, names: Mapping[str, str]) -> Sheet:
    """Return the edges that changed; ``names`` has the name of each IRI."""
    return Sheet(
        ("source", "target", "source_name", "target_name", "state", "before", "after"), [_changed(edge, names) for edge in changes.edges]
    )


def _changed(edge: EdgeChange, names: Mapping[str, str]) -> tuple[Cell, ...]:
    return edge.source, edge.target, names[edge.source], names[edge.target], edge.state, edge.before, edge.after


def objects(sheet: Sheet) -> list[dict[str, Cell]]:
    """Return rows as objects by column."""
    return [dict(zip(sheet.columns, row, strict=True)) for row in sheet.rows]


def as_object(analysis: Analysis, graph: Network, projection: Projection) -> dict[str, object]:
    """Return everything that was measured of a graph, with the explanations, for JSON."""
    return {
        "graph": projection.value,
        "title": projection.telling,
        "explanations": {"names": explanations(projection, sources=analysis.whole.sources), "whole": dict(WHOLE)},
        "whole": asdict(analysis.whole),
        "names": objects(names_sheet(analysis, by=RANKING[projection])),
        "links": objects(links_sheet(graph)),
    }


# ---------------------------------------------------------------- tables


def ranked(rows: Iterable[Measure], by: str) -> list[Measure]:
    """Return names sorted by a measure, the highest first; by community the largest first, and in it by PageRank. Ties go by IRI."""
    if by == "community":
        return sorted(rows, key=lambda row: (row.community, -row.pagerank, row.iri))
    return sorted(rows, key=lambda row: (-getattr(row, by), row.iri))


def names_told(analysis: Analysis, projection: Projection, *, by: str, top: int, width: int) -> str:
    """Return the first linked names as a table, what its columns mean, what the groups are, and the graph as a whole."""
    rows = ranked((row for row in analysis.names if row.degree), by)
    columns = fitting(COLUMNS[projection], by, width)
    cells = [[row.name, row.sort, *(told(getattr(row, column)) for column in columns)] for row in rows[:top]]
    sentences = explanations(projection, sources=analysis.whole.sources)
    table = f"{drawn(['name', 'kind', *map(labelled, columns)], cells, width=width)}{counted(len(cells), len(rows), 'linked name')}"
    if not rows:
        return f"{table}\n"
    parts = [
        table,
        _glossary({column: sentences[column] for column in columns}, width),
        _groups(rows, width),
        f"The whole graph: {projection.telling}.\n{_whole(analysis, width)}",
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def links_told(graph: Network, projection: Projection, *, top: int, width: int) -> str:
    """Return the heaviest edges as a table."""
    sheet = links_sheet(graph)
    cells = [list(map(told, row[2:])) for row in sheet.rows[:top]]
    columns = [*_ENDS[projection], *(_COUNTS[name] for name in sheet.columns[4:])]
    return f"{drawn(columns, cells, width=width)}{counted(len(cells), len(sheet.rows), 'link')}\n"


def changes_told(changes: Changes, names: Mapping[str, str], projection: Projection, *, by: str, top: int, width: int, links: bool) -> str:
    """Return what changed as tables: the names and below them the links, or the links alone."""
    edges = changed_links_sheet(changes, names)
    below = [list(map(told, row[2:])) for row in edges.rows[:top]]
    link_table = drawn([*_ENDS[projection], "state", "before", "after"], below, width=width)
    told_links = f"{link_table}{counted(len(below), len(edges.rows), 'link')} changed\n"
    if links:
        return told_links
    cells = [[row.name, _sort(row.kind, row.unnamed), row.state, told(row.before), told(row.after)] for row in changes.names[:top]]
    name_table = drawn(["name", "kind", "state", f"{labelled(by)} before", "after"], cells, width=width)
    sentence = _glossary({by: explanations(projection)[by]}, width)
    return f"{name_table}{counted(len(cells), len(changes.names), 'name')} changed\n\n{told_links}\n{sentence}\n"


def fitting(columns: Sequence[str], by: str, width: int) -> list[str]:
    """Return the columns for which a line has room beside name and kind; that by which a table is sorted is always there."""
    chosen = [*columns, *([] if by in columns else [by])]
    while len(chosen) > 1 and sum(max(len(column), 5) + 3 for column in chosen) > width - 32:
        chosen.remove(next(column for column in reversed(chosen) if column != by))
    return chosen


def labelled(name: str) -> str:
    """Return the name of a measure for reading."""
    return name.replace("_", " ")


def told(value: object) -> str:
    """Return a value for a table: shares with three digits."""
    return f"{value:.3f}" if isinstance(value, float) else f"{value}"


def counted(shown: int, all_: int, one: str) -> str:
    """Return how many of something are shown."""
    noun = one if all_ == 1 else f"{one}s"
    return f"{all_:,} {noun}" if shown == all_ else f"{shown:,} of {all_:,} {noun}"


def _sort(kind: str, unnamed: bool) -> str:
    return f"unnamed {kind}" if unnamed else kind


def _glossary(sentences: Mapping[str, str], width: int) -> str:
    """Return what measures mean, one below the other."""
    margin = max(map(len, sentences)) + 2
    return "\n".join(_entry(labelled(name).ljust(margin), sentence, width) for name, sentence in sentences.items())


def _entry(label: str, sentence: str, width: int) -> str:
    return fill(sentence, min(width, 110), initial_indent=label, subsequent_indent=" " * len(label))


def _groups(rows: Sequence[Measure], width: int) -> str:
    """Return the largest groups by those of their names that draw most attention."""
    found: dict[int, list[Measure]] = {}
    for row in ranked(rows, "community"):
        found.setdefault(row.community, []).append(row)
    listed = list(found.items())[:GROUPS]
    more = [f"and {len(found) - GROUPS} more communities" for _ in range(len(found) > GROUPS)]
    return "\n".join([*(_entry(f"community {number}  ", _members(group), width) for number, group in listed), *more])


def _members(group: Sequence[Measure]) -> str:
    named = ", ".join(harmless(row.name)[:60] for row in group[:MEMBERS])
    return f"{named} and {len(group) - MEMBERS} more" if len(group) > MEMBERS else named


def _whole(analysis: Analysis, width: int) -> str:
    """Return the numbers of the whole graph with their sentences; what is not defined for it is left out."""
    values = {name: value for name, value in asdict(analysis.whole).items() if value is not None and name != "sources"}
    margin = max(map(len, values)) + 2
    return "\n".join(_entry(f"{labelled(name).ljust(margin)}{told(value):>6}  ", WHOLE[name], width) for name, value in values.items())
