"""How fast the store is and how much it takes, beside rdflib's store in memory.

    python -m benchmarks.store [ARTICLES...] [--rounds 3] [--limit 120] [--alone]

By default 1,000 invented articles: 60 statements and 120 mentions in 1,438 quads of the terms that ``kg build`` writes, one named graph
an article beside one of the entities, words drawn from a seed. Each engine works in a process of its own. Ours takes the quads as records,
makes a generation of them and publishes it; rdflib reads the same quads as N-Quads. What is timed is the clock on the wall; the fastest of
the rounds counts, and rdflib gives up a query or an export at the limit.

Each query is asked in plain words and, of our store, also with its broad patterns in SELECTs of their own, which it joins by hashing
instead of looking up one by one. Both must find as many rows as rdflib; the quicker counts. The floors are the project's promise for 1,000
articles; "missed" is printed where one is not held.
"""

import json
import pickle
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from itertools import accumulate, chain
from math import prod
from pathlib import Path
from random import Random
from signal import ITIMER_REAL, SIGALRM, setitimer, signal
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TYPE_CHECKING, TypeAlias, TypeVar

import click

from kg.query import drawn
from kg.store import Draft, Format, Store, Table, publish
from kg.store.terms import to_lines
from kg.vocab import ACT, BASE, KG, OA, PREFIXES, PROV, RDF, SCHEMA, SKOS, WGS, XSD, Iri, Literal, Quad, Term, data_prefixes, iri

if TYPE_CHECKING:
    import rdflib

STATEMENTS, MENTIONS, PLACES, PAPERS = 60, 120, 300, 20
EXPORTS = {"N-Quads": Format.NQUADS, "TriG": Format.TRIG, "Turtle": Format.TURTLE}
LONG = 20.0
FLOORS = {"load": 8.0, "query": 5.0, "mean": 15.0, "Turtle": 10.0}
Told: TypeAlias = dict[str, float]
Fact: TypeAlias = tuple[Iri, Iri, Term]
Result = TypeVar("Result")


# ---------------------------------------------------------------- the articles


class Town:
    """Who and what the invented articles tell of.

    Args:
        articles: How many there will be; the more, the more people.
        seed: Of everything drawn.

    Attributes:
        words: The invented words of the texts.
        actors, places: The most frequent first. A place lies in the one with a sixth of its number; the first ten lie in none.
    """

    def __init__(self, articles: int, *, seed: int = 0) -> None:
        draw = Random(seed)
        parts = "ba den ki lor mu nes pa ri sto tel va".split()
        self._seed = seed
        self.words = ["".join(draw.choices(parts, k=draw.randint(1, 4))) for _ in range(4000)]
        self.actors = [iri("actor", f"{draw.choice(self.words)}-{number}") for number in range(50 + 2 * articles)]
        self.places = [iri("place", f"{draw.choice(self.words)}-{number}") for number in range(PLACES)]
        self._shares = list(accumulate(1 / (10 + number) for number in range(len(self.actors))))

    def entities(self) -> list[Quad]:
        """Return the graph of the actors and places."""
        graph, draw = iri("graph", "entities"), Random(f"{self._seed} entities")
        facts = chain(
            chain.from_iterable(self._actor_facts(actor, draw) for actor in self.actors),
            chain.from_iterable(self._place_facts(number, draw) for number in range(PLACES)),
        )
        return [(*fact, graph) for fact in facts]

    def article(self, number: int) -> list[Quad]:
        """Return the graph of an article."""
        draw = Random(f"{self._seed} {number}")
        key = f"{draw.getrandbits(64):016x}"
        document, graph = iri("doc", key), iri("graph", key)
        facts = chain(self._head(document, key, draw), self._mentions(document, draw), self._statements(document, key, draw))
        return [(*fact, graph) for fact in facts]

    def _actor_facts(self, actor: Iri, draw: Random) -> Iterator[Fact]:
        yield actor, RDF.type, SCHEMA.Person
        yield actor, RDF.type, PROV.Agent
        yield actor, KG.kind, KG.person
        yield actor, KG.identitySource, Literal("text")
        yield actor, SKOS.prefLabel, self._text(draw, 2)

    def _place_facts(self, number: int, draw: Random) -> Iterator[Fact]:
        place = self.places[number]
        yield place, RDF.type, SCHEMA.Place
        yield place, KG.kind, KG.place
        yield place, SKOS.prefLabel, self._text(draw, 1)
        yield place, WGS.lat, Literal(f"{number % 90}.5", XSD.decimal)
        yield place, WGS.long, Literal(f"{number % 180}.5", XSD.decimal)
        if number >= 10:
            yield place, SKOS.broader, self.places[number // 6]

    def _head(self, document: Iri, key: str, draw: Random) -> Iterator[Fact]:
        yield document, RDF.type, SCHEMA.NewsArticle
        yield document, RDF.type, PROV.Entity
        yield document, SCHEMA.identifier, Literal(key)
        yield document, SCHEMA.sha256, Literal(f"{draw.getrandbits(256):064x}")
        yield document, SCHEMA.inLanguage, Literal("en")
        yield document, SCHEMA.datePublished, _day(draw)
        yield document, SCHEMA.headline, self._text(draw, 8)
        yield document, SCHEMA.url, Literal(f"https://paper.example/{key}", XSD.anyURI)
        yield document, SCHEMA.publisher, Literal(f"Paper {draw.randint(1, PAPERS)}")
        yield document, SCHEMA.mentions, draw.choice(self.places)

    def _mentions(self, document: Iri, draw: Random) -> Iterator[Fact]:
        for number in range(MENTIONS):
            at, is_place = Iri(f"{document}#char={20 * number},{20 * number + 12}"), number % 3 == 0
            yield at, RDF.type, KG.Mention
            yield at, KG.kind, KG.place if is_place else KG.person
            yield at, KG.refersTo, draw.choice(self.places) if is_place else self._actor(draw)
            yield at, KG.rule, Literal("name")
            yield at, OA.hasSource, document

    def _statements(self, document: Iri, key: str, draw: Random) -> Iterator[Fact]:
        for number in range(STATEMENTS):
            said = iri("statement", f"{key}-{40 * number}-{40 * number + 35}")
            yield said, RDF.type, KG.Statement
            yield said, RDF.type, KG.DirectQuotation if number % 2 else KG.IndirectStatement
            yield said, SCHEMA.text, self._text(draw, 25)
            yield said, SCHEMA.isPartOf, document
            yield said, KG.speaker, self._actor(draw)
            yield said, KG.act, ACT.say if number % 3 else ACT.deny
            yield said, KG.confidence, Literal(f"0.{draw.randint(51, 99)}".rstrip("0"), XSD.decimal)
            yield said, KG.dateStatus, KG.stated if number % 5 else KG.notStated
            yield said, KG.cueLemma, Literal("say" if number % 3 else "deny")
            yield said, KG.content, Iri(f"{document}#char={40 * number},{40 * number + 35}")
            yield said, KG.rule, Literal("quote.post")
            yield said, SCHEMA.about, self._actor(draw)
            yield said, SCHEMA.about, draw.choice(self.places)
            if number % 5:
                yield said, KG.saidOn, _day(draw)

    def _actor(self, draw: Random) -> Iri:
        return draw.choices(self.actors, cum_weights=self._shares)[0]

    def _text(self, draw: Random, words: int) -> Literal:
        return Literal(" ".join(draw.choices(self.words, k=words)), language="en")


def _day(draw: Random) -> Literal:
    return Literal(f"2024-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}", XSD.date)


# ---------------------------------------------------------------- the questions


@dataclass(frozen=True, slots=True)
class Query:
    """A question in plain SPARQL, and the same with its broad patterns apart, where that can help."""

    asks: str
    plain: str
    apart: str | None = None


def queries(town: Town) -> dict[str, Query]:
    """Return the seven queries, about some of the town's people, places and words."""
    speaker, country, word = town.actors[3], town.places[2], max(town.words, key=lambda word: (len(word), word))
    week = '?when >= "2024-03-01"^^xsd:date && ?when < "2024-03-08"^^xsd:date'
    passage = "SELECT ?text ?article ?on"
    pairs = "SELECT ?left ?right (COUNT(?s) AS ?times)"
    means = "SELECT ?speaker (COUNT(DISTINCT ?article) AS ?articles) (AVG(?confidence) AS ?mean)"
    often = "GROUP BY ?speaker HAVING (COUNT(DISTINCT ?article) > 30)"
    return {
        "q1": Query(
            "statements of a speaker, with article and date",
            f"{passage} {{ ?s kg:speaker <{speaker}> ; schema:text ?text ; schema:isPartOf ?article . ?article schema:datePublished ?on }}",
            f"{passage} {{ {{ SELECT * {{ ?s kg:speaker <{speaker}> ; schema:text ?text ; schema:isPartOf ?article }} }}"
            " { SELECT * { ?article schema:datePublished ?on } } }",
        ),
        "q2": Query("statements of each speaker", "SELECT ?speaker (COUNT(?s) AS ?times) { ?s kg:speaker ?speaker } GROUP BY ?speaker"),
        "q3": Query(
            "pairs that statements are about",
            f"{pairs} {{ ?s schema:about ?left , ?right FILTER(STR(?left) < STR(?right)) }} GROUP BY ?left ?right",
            f"{pairs} {{ {{ SELECT ?s ?left {{ ?s schema:about ?left }} }} {{ SELECT ?s ?right {{ ?s schema:about ?right }} }}"
            " FILTER(?left != ?right && STR(?left) < STR(?right)) } GROUP BY ?left ?right",
        ),
        "q4": Query("mentions of a country's places", f"SELECT ?at {{ ?place skos:broader* <{country}> . ?at kg:refersTo ?place }}"),
        "q5": Query("statements with a word", f'SELECT ?s {{ ?s schema:text ?text FILTER(REGEX(?text, "{word}", "i")) }}'),
        "q6": Query(
            "what was said in a week",
            "SELECT ?s ?when { ?s a kg:DirectQuotation ; schema:isPartOf ?article . ?article schema:datePublished ?day"
            f" OPTIONAL {{ ?s kg:saidOn ?on }} BIND(COALESCE(?on, ?day) AS ?when) FILTER({week}) }}",
            "SELECT ?s ?when { { SELECT * { ?s a kg:DirectQuotation } } { SELECT * { ?s schema:isPartOf ?article } }"
            " { SELECT * { ?article schema:datePublished ?day } }"
            f" OPTIONAL {{ SELECT * {{ ?s kg:saidOn ?on }} }} BIND(COALESCE(?on, ?day) AS ?when) FILTER({week}) }}",
        ),
        "q7": Query(
            "speakers by articles and mean confidence",
            f"{means} {{ ?s kg:speaker ?speaker ; schema:isPartOf ?article ; kg:confidence ?confidence }} {often}",
            f"{means} {{ {{ SELECT * {{ ?s kg:speaker ?speaker }} }} {{ SELECT * {{ ?s schema:isPartOf ?article }} }}"
            f" {{ SELECT * {{ ?s kg:confidence ?confidence }} }} }} {often}",
        ),
    }


# ---------------------------------------------------------------- the engines, each in a process of its own


def ours(folder: Path, articles: int, rounds: int, _: float) -> Told:
    """Return what our store took: seconds, megabytes, and how many rows it found."""
    output, told = folder / "output", {}
    start = perf_counter()
    with Draft(output, 1) as draft, (folder / "quads.pickle").open("rb") as file:
        for _graph in range(articles + 1):
            draft.add(pickle.load(file))
        draft.finish()
    publish(output, 1)
    told["load"] = perf_counter() - start
    told["memory after the load"] = peak()
    told["on disk"] = sum(file.stat().st_size for file in (output / "store").iterdir()) / 2**20
    with Store(output) as store:
        for name, query in queries(Town(articles)).items():
            told[f"{name} plain"], told[f"{name} plain rows"] = fastest(rounds, partial(_rows, store, query.plain))
            if query.apart is not None:
                told[f"{name} apart"], told[f"{name} apart rows"] = fastest(rounds, partial(_rows, store, query.apart))
        told["memory after the queries"] = peak()
        for name, format in EXPORTS.items():
            told[name], _none = fastest(1, partial(store.write, format, folder / f"graph.{format}"))
    told["memory"] = peak()
    return told


def _rows(store: Store, text: str) -> int:
    found = store.query(text, prefixes=PREFIXES | data_prefixes(BASE))
    return len(found.rows) if isinstance(found, Table) else 0


def rdflibs(folder: Path, articles: int, rounds: int, limit: float) -> Told:
    """Return what rdflib's store took: seconds, megabytes, and how many rows it found; what it gave up is left out."""
    import rdflib

    dataset, told = rdflib.Dataset(default_union=True), {}
    told["load"], _ = fastest(1, partial(dataset.parse, folder / "quads.nq", format="nquads"))
    told["memory after the load"] = peak()
    for name, query in queries(Town(articles)).items():
        with at_most(limit):
            told[name], told[f"{name} rows"] = fastest(rounds, partial(_rows_of, dataset, query.plain))
    told["memory after the queries"] = peak()
    target = folder / "graph.rdflib"
    for name, format in {"N-Quads": "nquads", "TriG": "trig"}.items():
        with at_most(limit):
            told[name], _ = fastest(1, partial(dataset.serialize, target, format=format))
    with at_most(limit):
        told["Turtle"], _ = fastest(1, lambda: union(dataset).serialize(target, format="turtle"))
    told["memory"] = peak()
    return told


def _rows_of(dataset: "rdflib.Dataset", text: str) -> int:
    return len(list(dataset.query(text, initNs=PREFIXES | data_prefixes(BASE))))


def union(dataset: "rdflib.Dataset") -> "rdflib.Graph":
    """Return all graphs as one, which is what rdflib writes Turtle from."""
    import rdflib

    graph = rdflib.Graph()
    for triple in dataset.triples((None, None, None)):
        graph.add(triple)
    return graph


def fastest(rounds: int, work: Callable[[], Result]) -> tuple[float, Result]:
    """Return the seconds of the fastest of some rounds, by the clock, since engines work in threads of their own; and the last result.

    What takes long is not done again.
    """
    seconds: list[float] = []
    while len(seconds) < rounds and sum(seconds) < LONG:
        start = perf_counter()
        found = work()
        seconds.append(perf_counter() - start)
    return min(seconds), found


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Give up what takes longer."""

    def stop(_: int, __: object) -> None:
        raise TimeoutError

    before = signal(SIGALRM, stop)
    setitimer(ITIMER_REAL, seconds, 1)  # again and again: libraries catch what they should not
    try:
        with suppress(TimeoutError):
            yield
    finally:
        setitimer(ITIMER_REAL, 0)
        signal(SIGALRM, before)


def peak() -> float:
    """Return the most memory that this process has had so far, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


ENGINES = {"ours": ours, "rdflib": rdflibs}


# ---------------------------------------------------------------- the table


def prepared(folder: Path, articles: int) -> int:
    """Write the invented articles in the forms that the engines take; return how many quads they have."""
    town, quads = Town(articles), 0
    with (folder / "quads.pickle").open("wb") as records, (folder / "quads.nq").open("w", encoding="utf-8", newline="") as lines:
        for graph in chain([town.entities()], map(town.article, range(articles))):
            pickle.dump(graph, records)
            lines.writelines(to_lines(graph))
            quads += len(graph)
    return quads


def measured(engine: str, folder: Path, articles: int, rounds: int, limit: float) -> Told:
    """Return what an engine tells of itself from a process of its own."""
    words = [sys.executable, "-m", "benchmarks.store", str(articles), "--engine", engine, "--folder", str(folder)]
    done = subprocess.run([*words, "--rounds", str(rounds), "--limit", str(limit)], check=True, stdout=subprocess.PIPE)
    told: Told = json.loads(done.stdout)
    return told


def table(own: Told, other: Told, town: Town, limit: float) -> Iterator[tuple[str, ...]]:
    """Yield the rows: what, our seconds in plain words, our best, rdflib's, how many times faster, and whether the floor is held."""
    ratios = []
    for name, query in queries(town).items():
        plain, best = own[f"{name} plain"], min(own[f"{name} plain"], own.get(f"{name} apart", limit))
        ratios.append(other.get(name, limit) / best)
        found = {told[key] for told in (own, other) for key in told if key.startswith(name) and key.endswith(" rows")}
        rows = f"{found.pop():.0f} rows" if len(found) == 1 else f"ROWS DIFFER: {sorted(found)}"
        yield f"{name} {query.asks}, {rows}", f"{plain:.4f}", *_beside(best, name, other, limit, "query")
    if other:
        mean = prod(ratios) ** (1 / len(ratios))
        yield "geometric mean of the queries", "", "", "", f"{mean:.1f}x", _held(mean, "mean", sure=True)
    for name in ("load", *EXPORTS):
        yield name, "", *_beside(own[name], name, other, limit, name)


def _beside(best: float, name: str, other: Told, limit: float, floor: str) -> tuple[str, str, str, str]:
    if not other:
        return f"{best:.4f}", "", "", ""
    sure, theirs = name in other, other.get(name, limit)
    over = "" if sure else "> "
    return f"{best:.4f}", f"{over}{theirs:.3f}", f"{over}{theirs / best:.1f}x", _held(theirs / best, floor, sure=sure)


def _held(times: float, floor: str, *, sure: bool) -> str:
    """Return whether a floor is held; nothing where there is none, and a doubt where rdflib gave up too early to tell."""
    if floor not in FLOORS:
        return ""
    word = "held" if times >= FLOORS[floor] else "missed" if sure else "not known"
    return f"{word} ({FLOORS[floor]:g}x)"


@click.command(help=__doc__)
@click.argument("articles", nargs=-1, type=click.IntRange(1))
@click.option("--rounds", default=3, show_default=True, type=click.IntRange(1), help="How often to ask.")
@click.option("--limit", default=120.0, show_default=True, type=click.FloatRange(1), help="Seconds after which rdflib gives up.")
@click.option("--alone", is_flag=True, help="Leave rdflib out: it takes 2.5 GB of memory for 1,000 articles.")
@click.option("--engine", type=click.Choice(list(ENGINES)), hidden=True)
@click.option("--folder", type=click.Path(path_type=Path), hidden=True)
def main(articles: Sequence[int], rounds: int, limit: float, alone: bool, engine: str | None, folder: Path | None) -> None:
    """Print a table for each number of articles."""
    if engine is not None and folder is not None:
        click.echo(json.dumps(ENGINES[engine](folder, articles[0], rounds, limit)))
        return
    for number in articles or (1_000,):
        with TemporaryDirectory() as made:
            quads = prepared(Path(made), number)
            own = measured("ours", Path(made), number, rounds, limit)
            other = {} if alone else measured("rdflib", Path(made), number, rounds, limit)
        click.echo(f"{number:,} articles, {quads:,} quads\n")
        columns = ("seconds", "ours, plain", "ours", "rdflib", "times", "floor")
        click.echo(drawn(columns, list(table(own, other, Town(number), limit))))
        for what in ("memory after the load", "memory after the queries", "memory"):
            click.echo(f"{what}: {own[what]:,.0f} MB" + (f", rdflib {other[what]:,.0f} MB" if other else ""))
        click.echo(f"on disk: {own['on disk']:,.0f} MB\n")


if __name__ == "__main__":
    main()
