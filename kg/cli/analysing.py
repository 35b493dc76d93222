"""The command that measures a graph: analyse."""

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli.group import main
from kg.cli.shared import number_of, out_option, show, store_option, width_of, write_out

if TYPE_CHECKING:
    from kg.analyse import Network, Projection, Sheet, Topic
    from kg.records import Overview

MEASURES = (
    "degree",
    "strength",
    "out_strength",
    "in_strength",
    "pagerank",
    "hub",
    "authority",
    "betweenness",
    "core",
    "community",
    "participation",
)
KINDS = ("person", "organization", "government", "group", "place", "unnamed")


@main.command()
@click.option(
    "--graph",
    "projection",
    default="speech",
    show_default=True,
    type=click.Choice(["speech", "mention", "place", "topic"]),
    help="Who speaks about whom, who is named together, who speaks at or about which place, who raises which topic.",
)
@click.option("--measure", default=None, type=click.Choice(MEASURES), help="Sort by this; --change compares it. The table explains each.")
@click.option("--links", is_flag=True, help="Show the links instead of the names (table, csv).")
@click.option("--kind", "kinds", multiple=True, type=click.Choice(KINDS), help="Only names of this kind; may be given again.")
@click.option("--from", "since", metavar="DATE", help="Only statements from this day, month or year on.")
@click.option("--to", "until", metavar="DATE", help="Only statements until this day, month or year.")
@click.option(
    "--change", nargs=2, metavar="DATE DATE", default=None, help="What changed between two days, months, years or periods FIRST/LAST."
)
@click.option(
    "--topic",
    "words",
    multiple=True,
    metavar="WORDS",
    help="Words that are a topic; may be given again. Without it: what the figures measure.",
)
@click.option(
    "--format",
    "format_",
    default="table",
    show_default=True,
    type=click.Choice(["table", "json", "csv", "graphml", "gexf"]),
    help="How to write; gexf and graphml for Gephi.",
)
@click.option("--top", default=20, show_default=True, type=click.IntRange(1), help="Rows of the table; the other formats have all.")
@click.option(
    "--sample", default=None, type=click.IntRange(1), help="Estimate betweenness from so many names; by default only in large graphs."
)
@click.option("--seed", default=0, show_default=True, help="Seed of the communities and of the sample.")
@store_option
@out_option
def analyse(
    projection: str,
    measure: str | None,
    links: bool,
    kinds: Sequence[str],
    since: str | None,
    until: str | None,
    change: tuple[str, str] | None,
    words: Sequence[str],
    format_: str,
    top: int,
    sample: int | None,
    seed: int,
    store: Path,
    target: Path | None,
) -> None:
    """Measure who speaks about whom, and other graphs of names.

    The table shows the measures that tell most, with a sentence for each; the other formats hold all of them. It leaves out names that
    are linked with nobody.

    A statement belongs to its own date, or else to the day of its article; without either it is left out where dates are given. DATE is
    2023-09-24, 2023-09 or 2023. What each measure means is told in docs/analysis.md.

    \b
    kg analyse
    kg analyse --measure betweenness --kind person --kind government
    kg analyse --graph mention --from 2023-09 --to 2023-09-25
    kg analyse --graph place --links
    kg analyse --graph topic --topic 'ethnic cleansing' --topic blockade
    kg analyse --change 2023-09-19/2023-09-24 2023-09-25/2023-09-30
    kg analyse --format gexf -o speech.gexf      for Gephi
    """
    from kg import analyse as room
    from kg.query import harmless

    shown = room.Projection(projection)
    _refuse(shown, words, change, since or until, format_)
    try:
        periods = [room.period(text) for text in change or _from_to(since, until)]
    except room.PeriodError as error:
        raise click.UsageError(str(error)) from error
    overview, topics = _read(store, shown, words)
    for topic in (topic for topic in topics if not topic.statements):
        _tell(harmless(f"no statement speaks of {topic.name!r}"))
    graphs = [room.project(room.during(overview, span), shown, kinds=kinds, topics=topics) for span in periods]
    if periods:
        _tell_left_out(overview)
    if change is not None:
        _write_changes(shown, graphs, change, measure or "strength", seed, sample, links, format_, top, target)
        return
    graph = graphs[0] if graphs else room.project(overview, shown, kinds=kinds, topics=topics)
    if not graph.number_of_edges():
        _tell("no statement that was asked for links two names")
    if links and format_ == "csv":
        write_out(_csv(room.links_sheet(graph)), target)
    elif links and format_ == "table":
        show(room.links_told(graph, shown, top=top, width=width_of()), target)
    else:
        _write_names(shown, graph, measure or room.RANKING[shown], seed, sample, format_, top, target)


def _refuse(shown: "Projection", words: Sequence[str], change: object, dated: object, format_: str) -> None:
    """Refuse options that contradict each other."""
    if words and shown != "topic":
        raise click.UsageError("--topic goes with --graph topic")
    if change and dated:
        raise click.UsageError("--change names its own dates: leave out --from and --to")
    if change and format_ in {"graphml", "gexf"}:
        raise click.UsageError(f"a change is written as table, csv or json, not as {format_}")


def _from_to(since: str | None, until: str | None) -> list[str]:
    """Return the period between two dates as EDTF writes it; none where no date is given."""
    return [f"{since or '..'}/{until or '..'}"] if since or until else []


def _read(store: Path, shown: "Projection", words: Sequence[str]) -> "tuple[Overview, tuple[Topic, ...]]":
    """Return what a graph is made of."""
    from kg import analyse as room
    from kg.store import Store

    with Store(store) as opened:
        return room.gathered(opened), room.topics(opened, words) if shown is room.Projection.TOPIC else ()


def _tell_left_out(overview: "Overview") -> None:
    """Say how many statements have no date, so that no graph of a period holds them."""
    from kg.analyse import undated

    if missing := undated(overview):
        _tell(f"{missing:,} of {number_of(len(overview.statements), 'statement')} have no date, nor has their article: left out")


def _tell(words: str) -> None:
    click.echo(f"Note: {words}.", err=True)


def _write_names(
    shown: "Projection", graph: "Network", by: str, seed: int, sample: int | None, format_: str, top: int, target: Path | None
) -> None:
    """Measure a graph and write it."""
    from kg import analyse as room

    found = room.analysis(graph, seed=seed, sample=sample)
    match format_:
        case "graphml":
            write_out(room.to_graphml(graph, found.names), target)
        case "gexf":
            write_out(room.to_gexf(graph, found.names, by=by), target)
        case "json":
            write_out(_json(room.as_object(found, graph, shown)), target)
        case "csv":
            write_out(_csv(room.names_sheet(found, by=by)), target)
        case _:
            show(room.names_told(found, shown, by=by, top=top, width=width_of()), target)


def _write_changes(
    shown: "Projection",
    graphs: "Sequence[Network]",
    periods: Sequence[str],
    by: str,
    seed: int,
    sample: int | None,
    links: bool,
    format_: str,
    top: int,
    target: Path | None,
) -> None:
    """Compare the graphs of two periods and write what changed."""
    from kg import analyse as room

    for text in (text for text, graph in zip(periods, graphs, strict=True) if not graph.number_of_edges()):
        _tell(f"no statement of {text} links two names")
    found = room.changes(*graphs, by=by, seed=seed, sample=sample)
    names = {iri: about["name"] for graph in graphs for iri, about in graph.nodes(data=True)}
    sheets = room.changed_names_sheet(found), room.changed_links_sheet(found, names)
    if format_ == "json":
        head = {"graph": shown.value, "title": shown.telling, "before": periods[0], "after": periods[1], "measure": by}
        write_out(_json({**head, "names": room.objects(sheets[0]), "links": room.objects(sheets[1])}), target)
    elif format_ == "csv":
        write_out(_csv(sheets[links]), target)
    else:
        show(room.changes_told(found, names, shown, by=by, top=top, width=width_of(), links=links), target)


def _json(told: object) -> str:
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def _csv(sheet: "Sheet") -> str:
    """Return rows as CSV (RFC 4180) in which no text is a formula for a spreadsheet."""
    from kg.formats.tables import guarded

    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(sheet.columns)
    writer.writerows([_cell(value) if not isinstance(value, str) else guarded(value) for value in row] for row in sheet.rows)
    return out.getvalue()


def _cell(value: int | float | bool) -> str:
    """Return a number without an exponent, a truth value as in the exported tables."""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.9f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
