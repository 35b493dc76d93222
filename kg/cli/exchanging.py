"""Commands that exchange graphs with other tools: export, import."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli.group import main
from kg.cli.shared import base_option, number_of, store_option

if TYPE_CHECKING:
    from kg.formats import Export


def _format(_: click.Context, __: click.Parameter, value: str | None) -> "Export | None":
    """Return the format of a name."""
    from kg.formats.names import FormatError, named

    try:
        return None if value is None else named(value)
    except FormatError as error:
        raise click.BadParameter(str(error)) from error


@main.command()
@click.option(
    "-f",
    "--format",
    "format_",
    callback=_format,
    metavar="FORMAT",
    help="ttl, trig, nq, nt, jsonld, rdfxml, graphml, gexf, csv or ftm; by default what the name of the file tells, and ttl on stdout.",
)
@store_option
@base_option
@click.option(
    "-o", "--output", "target", type=click.Path(path_type=Path), help="File to write instead of stdout, packed where it ends with .gz."
)
def export(format_: "Export | None", store: Path, base: str, target: Path | None) -> None:
    """Write the whole graph for other tools.

    RDF: trig, nq and jsonld keep the graphs of the articles apart, ttl, nt and rdfxml hold their union. Networks of who speaks about whom:
    graphml, gexf. Tables: csv, to a folder or a .zip. Investigations: ftm (FollowTheMoney). The same graph is the same file.

    \b
    kg export -o graph.ttl
    kg export -o graph.nq.gz
    kg export -f csv -o tables
    kg export -f jsonld | jq .
    """
    from kg.formats import FormatError, chosen, export_file
    from kg.formats import export as write
    from kg.query import harmless
    from kg.store import Store

    try:
        format = chosen(format_, target)
    except FormatError as error:
        raise click.UsageError(str(error)) from error
    with Store(store) as opened:
        if target is None:
            write(opened, format, sys.stdout.buffer, base=base)
        else:
            export_file(opened, format, target, base=base)
    if target is not None:
        click.echo(harmless(f"wrote {target}"), err=True)


@main.command(name="import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, allow_dash=True))
@click.option(
    "-f",
    "--format",
    "format_",
    callback=_format,
    metavar="FORMAT",
    help="ttl, trig, nq, nt, jsonld or rdfxml; by default what the names of the files tell.",
)
@click.option("--graph", "graph", help="Graph for triples that name none: an IRI, or a name; by default import- and the name of the file.")
@base_option
@click.option(
    "-o", "--output", "output", default="output", show_default=True, type=click.Path(path_type=Path), help="Folder of the graph to add to."
)
def import_(files: Sequence[Path], format_: "Export | None", graph: str | None, base: str, output: Path) -> None:
    """Take RDF in: FILES of any tool, or what kg export wrote.

    Each graph of the files replaces the one of that name; all others stay. Nothing is fetched from anywhere, and a file that cannot be
    read changes nothing. What a build made of articles is only taken in if it is the same.

    \b
    kg import graph.nq.gz -o elsewhere
    kg import parliament.ttl --graph parliament
    curl https://data.example/list.ttl | kg import - -f ttl
    """
    from kg.formats import FormatError, take_in
    from kg.query import harmless

    if graph is not None and not graph.strip():
        raise click.BadParameter("a graph needs a name", param_hint="--graph")
    try:
        done = take_in(files, output, format=format_, graph=graph, base=base, stdin=sys.stdin.buffer)
    except FormatError as error:
        raise click.UsageError(str(error)) from error
    told = f"{number_of(done.quads, 'quad')} in {number_of(done.graphs, 'graph')} taken into {output}"
    click.echo(harmless(told if done.graphs else f"{output} holds all of it already"), err=True)
