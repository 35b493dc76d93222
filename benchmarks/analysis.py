"""How long an analysis takes, beside networkx alone.

    python -m benchmarks.analysis [--names 10000] [--links 40000] [--graph speech|mention] [--sample 50]

An invented collection in which few names are spoken of by many (Barabási and Albert 1999) is stored, and ``kg analyse`` is run on it as
a process of its own: its seconds are those of the clock on the wall, from the start of Python to the last line of the table. Then the
measures are taken by us and by networkx in this process. networkx's own PageRank and HITS need scipy; here are those that it has without.
networkx's exact betweenness takes minutes: the ways from some of the names are timed, and what all of them would take is computed from
that and marked as such.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import NamedTuple, TypeVar

import click
import networkx as nx
from networkx.algorithms.link_analysis import hits_alg, pagerank_alg

from kg.analyse import Network, Projection, analysis, communities, gathered, project
from kg.query import drawn
from kg.store import Draft, Store, publish
from kg.vocab import ACT, KG, PROV, RDF, SCHEMA, SKOS, XSD, Iri, Literal, Quad, Term, iri

FLOOR = 20.0
"""Seconds that the whole command may take for 10,000 names and 40,000 links, with exact betweenness on two cores."""
PER_ARTICLE = 20
Result = TypeVar("Result")


# ---------------------------------------------------------------- an invented collection


def pairs(names: int, links: int, *, seed: int = 0) -> list[tuple[int, int]]:
    """Return so many pairs of names, each once in one direction: new names join those that have many links already."""
    graph = nx.barabasi_albert_graph(names, max(links // names, 1), seed=seed)
    draw = Random(seed)
    while graph.number_of_edges() < links:
        graph.add_edge(*draw.sample(range(names), 2))
    found = [pair if draw.random() < 0.5 else pair[::-1] for pair in sorted(graph.edges)]
    draw.shuffle(found)
    return found[:links]


def quads(names: int, links: int, projection: Projection) -> Iterator[list[Quad]]:
    """Yield the graphs of a collection whose projection has so many names and links: one of the names, and one for each article."""
    actors = [iri("actor", f"name-{number}") for number in range(names)]
    found = pairs(names, links)
    yield [(*fact, iri("graph", "entities")) for number, actor in enumerate(actors) for fact in _actor(actor, number)]
    for number, some in enumerate(found[at : at + PER_ARTICLE] for at in range(0, len(found), PER_ARTICLE)):
        key = f"{number:016x}"
        facts = [
            *_article(key),
            *(fact for at, (one, other) in enumerate(some) for fact in _said(key, at, actors[one], actors[other], projection)),
        ]
        yield [(*fact, iri("graph", key)) for fact in facts]


def _actor(actor: Iri, number: int) -> Iterator[tuple[Iri, Iri, Term]]:
    yield actor, RDF.type, PROV.Agent
    yield actor, KG.kind, (KG.person, KG.organization, KG.government, KG.group)[number % 4]
    yield actor, SKOS.prefLabel, Literal(f"Name {number}", language="en")


def _article(key: str) -> Iterator[tuple[Iri, Iri, Term]]:
    yield iri("doc", key), RDF.type, SCHEMA.NewsArticle
    yield iri("doc", key), SCHEMA.identifier, Literal(key)
    yield iri("doc", key), SCHEMA.inLanguage, Literal("en")
    yield iri("doc", key), SCHEMA.datePublished, Literal("2024-05-04", XSD.date)


def _said(key: str, at: int, one: Iri, other: Iri, projection: Projection) -> Iterator[tuple[Iri, Iri, Term]]:
    said = iri("statement", f"{key}-{at}")
    yield said, RDF.type, KG.Statement
    yield said, RDF.type, KG.IndirectStatement
    yield said, SCHEMA.text, Literal("the road is open", language="en")
    yield said, SCHEMA.isPartOf, iri("doc", key)
    yield said, KG.act, ACT.say
    yield said, KG.actClass, KG.Report
    yield said, KG.confidence, Literal("0.9", XSD.decimal)
    yield said, KG.dateStatus, KG.notStated
    yield said, KG.speaker if projection is Projection.SPEECH else SCHEMA.about, one
    yield said, SCHEMA.about, other


# ---------------------------------------------------------------- the clock


class Took(NamedTuple):
    """Seconds by the clock on the wall, and of the processor: both cores, and processes that were started."""

    wall: float
    processor: float


def timed(work: Callable[[], Result]) -> tuple[Took, Result]:
    """Return what some work took, and what it gave."""
    start, before = perf_counter(), os.times()
    result = work()
    wall, after = perf_counter() - start, os.times()
    return Took(wall, sum(after[:4]) - sum(before[:4])), result


def theirs(graph: Network, sample: int) -> Iterator[tuple[str, Took, str]]:
    """Yield measure, seconds and a remark for what networkx does alone."""
    mutual = nx.Graph(graph)
    groups = communities(graph).groups
    nx.set_node_attributes(graph, {iri: number for number, group in enumerate(groups) for iri in group}, "community")
    yield "PageRank", timed(lambda: pagerank_alg._pagerank_python(graph))[0], "without scipy"
    yield "HITS", timed(lambda: hits_alg._hits_python(graph, max_iter=5000))[0], "without scipy"
    yield "k-core", timed(lambda: nx.core_number(mutual))[0], ""
    yield "Louvain", timed(lambda: nx.community.louvain_communities(mutual, weight="weight", seed=0))[0], "in ours, too"
    yield "assortativity by kind", timed(lambda: nx.attribute_assortativity_coefficient(graph, "kind"))[0], ""
    yield "assortativity by community", timed(lambda: nx.attribute_assortativity_coefficient(graph, "community"))[0], ""
    if graph.is_directed():
        yield "reciprocity", timed(lambda: nx.overall_reciprocity(graph))[0], ""
    some = timed(lambda: nx.betweenness_centrality(graph, k=sample, seed=0))[0]
    yield f"betweenness from {sample} names", some, ""
    times = len(graph) / sample
    yield "betweenness, exact", Took(some.wall * times, some.processor * times), f"extrapolated: {times:g} times the line above"


@click.command()
@click.option("--names", default=10_000, show_default=True, type=click.IntRange(10), help="Names of the graph.")
@click.option("--links", default=40_000, show_default=True, type=click.IntRange(10), help="Links between them.")
@click.option(
    "--graph",
    "projection",
    default="speech",
    show_default=True,
    type=click.Choice(["speech", "mention"]),
    help="With directions or without.",
)
@click.option("--sample", default=50, show_default=True, type=click.IntRange(1), help="Names from which networkx follows the ways.")
def main(names: int, links: int, projection: str, sample: int) -> None:
    """Print the seconds of the whole command, of our measures, and of those of networkx."""
    shown = Projection(projection)
    with TemporaryDirectory() as folder:
        output = Path(folder) / "output"
        with Draft(output, 1) as draft:
            for graph in quads(names, links, shown):
                draft.add(graph)
            draft.finish()
        publish(output, 1)
        line = [sys.executable, "-m", "kg", "analyse", "--graph", projection, "--store", str(output)]
        whole, done = timed(lambda: subprocess.run(line, check=True, capture_output=True, text=True))
        with Store(output) as store:
            reading, overview = timed(lambda: gathered(store))
    click.echo(done.stdout.partition("\n\n")[0], err=True)
    made, network = timed(lambda: project(overview, shown))
    measuring, found = timed(lambda: analysis(network))
    how = "sampled" if found.whole.sources else "exact"
    click.echo(f"{network.number_of_nodes():,} names, {network.number_of_edges():,} links, betweenness {how}")
    missed = "" if whole.wall < FLOOR or (names, links) != (10_000, 40_000) else "missed"
    ours = [("reading", reading, ""), ("projecting", made, ""), ("all measures", measuring, ""), ("whole command", whole, missed)]
    rows = [("kg", *row) for row in ours] + [("networkx", *row) for row in theirs(network, sample)]
    cells = [[by, what, f"{took.wall:.2f}", f"{took.processor:.2f}", remark] for by, what, took, remark in rows]
    click.echo(drawn(["by", "what", "seconds", "of the processor", ""], cells), nl=False)


if __name__ == "__main__":
    main()
