"""Commands that read articles: build, watch, extract, evaluate, learn; and setup."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import nullcontext, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from kg.cli.group import interrupted, main
from kg.cli.shared import (
    FEW,
    base_option,
    fail,
    number_of,
    options_of,
    out_option,
    paths_argument,
    progress_bar,
    reading_options,
    show,
    width_of,
    write_out,
)
from kg.errors import KgError

if TYPE_CHECKING:
    from kg.pipeline import Options, Report


output_option = click.option(
    "-o",
    "--output",
    default="output",
    show_default=True,
    type=click.Path(path_type=Path),
    help="Folder for the graph, the page and the report.",
)


@main.command()
@paths_argument
@output_option
@click.option("--prune", is_flag=True, help="Drop the articles of the folder that are not among PATHS.")
@click.option("--strict", is_flag=True, help="Refuse a graph in which an article breaks a rule of kg validate.")
@click.option(
    "--engine",
    default="local",
    show_default=True,
    type=click.Choice(["local", "ray"]),
    help="Who reads: processes of this machine, or Ray (pip install 'newskg[ray]').",
)
@click.option("--ray-address", default=None, help="The Ray cluster: auto or HOST:PORT; by default one is started on this machine.")
@click.option(
    "--parts",
    default=None,
    type=click.Path(path_type=Path),
    help="Folder that all machines of the cluster share, for what they read; by default parts in the output folder.",
)
@base_option
@reading_options
def build(
    paths: Sequence[str],
    output: Path,
    base: str,
    prune: bool,
    strict: bool,
    engine: str,
    ray_address: str | None,
    parts: Path | None,
    **reading: Any,
) -> None:
    """Read articles and build their graph.

    It becomes a folder with the store, the graph in Turtle and N-Quads, the page and the report of what was counted. Of a large graph
    only the store: `kg export` and `kg render` make the others.

    PATHS are files, folders, patterns, - for stdin and, with --fetch, web addresses. What a file is, is told by what it holds:

    \b
    one article    text, Markdown, HTML, PDF, Word (.docx), e-mail (.eml)
    many articles  JSON Lines, JSON, CSV, TSV, RSS, Atom, EPUB, WARC
    packed         zip, tar, gzip, bzip2, xz
    on the web     an address, or a file with one address a line

    What cannot be read is named with its reason, the others go on, and the exit code is 1. Articles that the folder holds stay, one that
    changed in its file replaces what it was, and with --prune all others go: the same graph as if all were built at once. What was read
    before with the same model, rules and options is not read again; options are those of the last build unless others are given. What
    people said with `kg review` stays. Stopped at any moment, the same command goes on where it was. An article that ends or holds up the
    process that reads it is tried once more, and then named. With --engine ray a cluster reads, and the graph is the same.

    \b
    kg build seeds
    kg build articles.jsonl more/ -o output --workers 8
    kg build today.jsonl crawl.warc.gz mail.zip
    kg build export.csv --text-column Body --id-column Nr
    curl -s https://news.example/feed.xml | kg build -
    kg build --fetch https://news.example/a https://news.example/b
    kg build articles/ --prune
    kg build /shared/crawl -o /shared/graph --engine ray --ray-address auto
    """
    from kg import pipeline

    if engine == "local" and (ray_address or parts):
        raise click.UsageError("--ray-address and --parts go with --engine ray.")
    ray = pipeline.Ray(ray_address, parts) if engine == "ray" else None
    options = options_of(**reading)
    if before := pipeline.built(output):
        options, base = _as_before(options, base, *before)
    with progress_bar() as progress, redirect_stdout(sys.stderr) if ray else nullcontext():  # where Ray prints what died
        report = pipeline.build(paths, output=output, options=options, base=base, prune=prune, strict=strict, progress=progress, ray=ray)
    for line in summary(report, output):
        click.echo(line)
    fail(report.failed, shown=FEW, rest=f"; all are named in {output / 'report.json'}")


@main.command()
@click.argument("folders", nargs=-1, required=True, type=click.Path(path_type=Path))
@output_option
@click.option("--prune", is_flag=True, help="Drop the articles of files that are removed, and those that a changed file does not hold.")
@click.option("--every", default=2.0, show_default=True, type=click.FloatRange(0.05, 86_400), help="Seconds between two looks.")
@base_option
@reading_options
def watch(folders: Sequence[Path], output: Path, prune: bool, every: float, base: str, **reading: Any) -> None:
    """Add articles to a graph as they come.

    FOLDERS are looked at again and again; a file that is new or changed is read when it stands still, and a line on stdout tells of it
    when the graph has it. Who asks the graph meanwhile, or serves it, goes on. What comes while nobody watches is added at the next
    start. Ctrl-C ends it.

    \b
    kg watch inbox/
    kg watch inbox/ archive/ -o output --prune --every 60
    """
    from kg import pipeline
    from kg.query import harmless

    options = options_of(**reading)
    if before := pipeline.built(output):
        options, base = _as_before(options, base, *before)
    try:
        for change in pipeline.watch(folders, output=output, options=options, base=base, prune=prune, every=every):
            click.echo(harmless(f"{change.what:>7}  {change.where}"))
    except (KeyboardInterrupt, KgError, ImportError) as error:
        if not interrupted(error):
            raise
        click.echo("Stopped: what comes now is added when it is watched again.", err=True)


def _as_before(options: "Options", base: str, earlier: "Options", namespace: str) -> tuple["Options", str]:
    """Return options and namespace in which what the command line leaves open is as it was in the last build."""
    from dataclasses import replace

    from kg.corpus import OF_THE_GRAPH

    def open_(name: str) -> bool:
        return click.get_current_context().get_parameter_source(name) is ParameterSource.DEFAULT

    kept = {name: getattr(earlier, name) for name in ("model", "authority", "classes", "frames") if open_(name)}
    reading = {name: getattr(earlier.reading, name) for name in OF_THE_GRAPH if open_(name)}
    return replace(options, **kept, reading=replace(options.reading, **reading)), namespace if open_("base") else base


_OUTCOMES = {"accepted": "accepted", "proposed": "proposed for review", "rejected": "rejected"}


def summary(report: "Report", output: Path) -> "Iterator[str]":
    """Yield the lines that say what a build made and where it is."""
    from kg.query import harmless

    acts = sorted(report.acts.items(), key=lambda row: (-row[1], row[0]))
    rows: dict[str, list[str | int]] = {
        "articles": [
            f"{report.documents:,}",
            report.kept and f"{report.kept:,} read before",
            report.dropped and f"{report.dropped:,} dropped",
            len(report.same) and f"{len(report.same):,} more with the same text as another",
            len(report.copies) and f"{number_of(len(report.copies), 'copy', 'copies')} of others",
        ],
        "statements": [
            f"{sum(report.statements.values()):,}",
            *(f"{count:,} {name}" for name, count in report.statements.items()),
            report.nested and f"{report.nested:,} within another",
            report.without_speaker and f"{report.without_speaker:,} without a speaker",
        ],
        "acts": [*(f"{count:,} {name}" for name, count in acts[:8]), len(acts) > 8 and f"{len(acts) - 8} more kinds"],
        "actors": [
            number_of(report.people, "person", "people"),
            number_of(report.organizations, "organisation"),
            number_of(report.governments, "government"),
            number_of(report.groups, "group"),
            report.unnamed and f"{report.unnamed:,} not named",
        ],
        "places": [f"{report.places:,}"],
        "same names": [f"{count:,} {_OUTCOMES[name]}" for name, count in report.decisions.items()],
        "doubts": [f"{report.doubts:,}"],
        "graph": [f"{report.quads:,} quads", str(output / ("graph.ttl" if report.files else "store"))],
        "page": [str(output / "graph.html") if report.files else "too large to be written by every build: kg render"],
    }
    if report.failed:
        rows["not read"] = [number_of(len(report.failed), "input")]
    for name, values in rows.items():
        yield harmless(f"{name:>12}  {' · '.join(str(value) for value in values if value) or 'none'}")


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

    options = options_of(**reading)
    with progress_bar() as progress:
        collection, _, failed = pipeline.collect(paths, options, progress=progress)
    write_out("".join(f"{line}\n" for line in interchange.lines(collection, base=base)), target)
    fail(failed)


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

    options = options_of(**reading)
    rows = room.gold_rows(records([gold]))
    with progress_bar() as progress:
        answers, failed = pipeline.predictions(rows, found, options, progress=progress)
    compared = room.compare(rows, answers, room.Rule(min_overlap, Type(type_) if type_ else None, speech_only, no_nested))
    if compared.missing:
        counted = f"{number_of(len(compared.missing), 'document')} of gold not predicted, such as {compared.missing[0]!r}"
        click.echo(harmless(f"{counted}: counted as without statements"), err=True)
    scores, spread = room.score(compared), room.intervals(compared, draws) if draws else {}
    errors = room.errors(compared, shown) if shown else None
    if format_ == "json":
        write_out(as_json(scores, spread, errors), target)
    else:
        show(as_table(scores, spread, errors, width=width_of()), target)
    fail(failed)


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

    with progress_bar() as progress:
        counted, documents, statements = pipeline.learn(paths, source=source, model=model or MODEL, progress=progress)
    write_out(counted, target)
    click.echo(f"{number_of(statements, 'statement')} in {number_of(documents, 'article')} counted", err=True)


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
