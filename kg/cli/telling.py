"""Commands that tell what a graph says or prove it: render, report, validate."""

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING

import click

from kg.cli.group import main
from kg.cli.shared import number_of, out_option, show, store_option, write_out

if TYPE_CHECKING:
    from kg.validate import Violation


@main.command()
@click.option("--title", default="Who said what", show_default=True, help="Heading of the page.")
@store_option
@click.option(
    "-o", "--output", "target", type=click.Path(path_type=Path), help="File to write; by default graph.html in the store's folder."
)
def render(title: str, store: Path, target: Path | None) -> None:
    """Write the interactive page: one file, no network.

    It holds the articles, all statements and names, and the figures; of a graph with more than 50,000 statements those that touch the most
    central names, and kg serve has the rest.

    \b
    kg render --title 'The exodus in five articles' -o page.html
    """
    from kg.graph import Graph

    with Graph(store) as graph:
        html = graph.page(title=title)
    write_out(html, target or store / "graph.html")


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
    write_out((as_html if format_ == "html" else as_markdown)(words, page=page), None if str(file) == "-" else file)


@main.command()
@click.argument("sources", nargs=-1, type=click.Path(path_type=str))
@click.option(
    "--graph",
    "graph",
    type=click.Path(path_type=Path),
    help="Check an exported file; without SOURCES also that it holds what the store holds.",
)
@click.option("--format", "format_", default="table", show_default=True, type=click.Choice(["table", "json"]), help="How to write.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1), help="How many violations the table shows; json has all.")
@click.option(
    "--pyshacl", "by_pyshacl", is_flag=True, help="Check the shapes with pyshacl, too: another engine, and some forty times slower."
)
@store_option
@out_option
def validate(
    sources: Sequence[str], graph: Path | None, format_: str, limit: int, by_pyshacl: bool, store: Path, target: Path | None
) -> None:
    """Prove the graph against its articles and shapes.

    Every span is sliced from its article and must be what the graph quotes; every shape of ontology/shapes.ttl must hold. SOURCES are the
    articles' files or folders; without them the texts kept beside the store are sliced.

    Each line names node, article, rule and passage; below them stands how often each rule is broken.

    \b
    kg validate
    kg validate seeds
    kg validate seeds --graph output/graph.ttl
    kg validate --pyshacl
    kg validate --format json | jq '.rules'
    """
    from kg.graph import Graph, prove_file
    from kg.validate import by_rule

    if graph:
        proof = prove_file(graph, store, sources, by_pyshacl=by_pyshacl)
    else:
        with Graph(store) as opened:
            proof = opened.prove(sources, by_pyshacl=by_pyshacl)
    if format_ == "json":
        rules = [{"rule": rule, "severity": severity, "times": times} for severity, rule, times in by_rule(proof.violations)]
        write_out(json.dumps({**asdict(proof), "rules": rules}, ensure_ascii=False, indent=2) + "\n", target)
    else:
        show("".join(f"{_line(violation)}\n" for violation in proof.violations[:limit]), target)
        for severity, rule, times in by_rule(proof.violations):
            click.echo(f"{times:>8,} x {rule} ({severity})", err=True)
        if len(proof.violations) > limit:
            click.echo(f"{number_of(len(proof.violations) - limit, 'more line')}: --limit shows them", err=True)
    broken = sum(violation.severity == "violation" for violation in proof.violations)
    found = f"{number_of(broken, 'violation')}, {number_of(len(proof.violations) - broken, 'warning')}"
    click.echo(f"{number_of(proof.spans, 'span')} in {number_of(proof.articles, 'article')} sliced; {found}", err=True)
    if broken:
        sys.exit(1)


def _line(violation: "Violation") -> str:
    """Return a violation as one line, a long passage cut."""
    from kg.query import harmless

    where = f" [{violation.article}]" if violation.article else ""
    passage = f" ({shorten(violation.passage, 100, placeholder=' …')})" if violation.passage else ""
    return harmless(f"{violation.severity}: {violation.node}{where} {violation.rule}: {violation.message}{passage}")
