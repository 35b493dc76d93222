"""What the tests of reviewing, adding and linking share: small articles, made by hand or to be read, and the command."""

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from click.testing import CliRunner, Result

from kg.cli import main
from kg.query import run
from kg.records import Chain, Collection, Document, Entity, Extraction, Kind, Mention, Span
from kg.store import Store, Table

MAYOR = "“The bridge is open,” Mayor Vahan Tumasian told residents of Ellery on Monday.\n"
SAILOR = "“The harbour is shut,” said Vahan Tumasyan, a spokesman for the Harbour Union.\n"
LATE = "“It is late,” he said. Ilya Brandov spoke to Goran Brandov on Friday.\n"
ARTICLES = {"mayor": MAYOR, "sailor": SAILOR, "late": LATE}
"""Two whose people are made one although their names differ, and one with two brothers and a statement of nobody."""


def kg(*words: str | Path, stdin: str | None = None) -> Result:
    """Run a command in this process; a bug crashes the test."""
    return CliRunner().invoke(main, [str(word) for word in words], input=stdin, catch_exceptions=False)


def written(folder: Path, articles: Mapping[str, str] = ARTICLES) -> Path:
    """Return a folder with articles in it."""
    folder.mkdir(exist_ok=True)
    for name, text in articles.items():
        (folder / f"{name}.txt").write_text(text, "utf-8")
    return folder


def select(output: Path, sparql: str) -> list[tuple[str, ...]]:
    """What a graph answers, as plain text."""
    with Store(output) as store:
        answer = run(store, sparql)
    assert isinstance(answer, Table)
    return [tuple("" if value is None else getattr(value, "text", str(value)) for value in row) for row in answer.rows]


def ids(output: Path) -> list[str]:
    """What the articles of a graph are called, sorted."""
    return [id_ for (id_,) in select(output, "SELECT ?id WHERE { ?x a schema:NewsArticle ; schema:identifier ?id } ORDER BY ?id")]


def told(output: Path) -> tuple[bytes, ...]:
    """Everything that a folder tells about its graph."""
    return tuple((output / name).read_bytes() for name in ("graph.nq", "graph.ttl", "graph.html", "report.json"))


def names_of_people(output: Path) -> list[str]:
    """The preferred labels of the people of a graph, sorted."""
    return [name for (name,) in select(output, "SELECT ?name WHERE { ?x kg:kind kg:person ; skos:prefLabel ?name } ORDER BY ?name")]


def filled(text: str, answer: Callable[[Mapping[str, str]], str]) -> str:
    """Return a review.csv whose lines a person answered."""
    rows = list(csv.DictReader(io.StringIO(text)))
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows({**row, "answer": answer(row)} for row in rows)
    return out.getvalue()


def review(output: Path) -> str:
    """Let `kg review` write its files; return the CSV."""
    assert kg("review", "--store", output).exit_code == 0
    return (output / "review.csv").read_bytes().decode()


def apply(output: Path, answered: str, *, by: str = "Eva Lund") -> Result:
    """Hand answers back."""
    file = output.parent / "answered.csv"
    file.write_text(answered, "utf-8", newline="")
    return kg("review", "--store", output, "--apply", file, "--by", by)


# ---------------------------------------------------------------- made by hand


def person(name: str, **more: object) -> Chain:
    return Chain(Kind.PERSON, name, (), **more)


def place(name: str, **more: object) -> Chain:
    return Chain(Kind.PLACE, name, (), **more)


def body(name: str, **more: object) -> Chain:
    return Chain(Kind.ORGANIZATION, name, (), **more)


def article(id_: str, *chains: Chain, rule: str = "test", date: str | None = None) -> Extraction:
    """An article that names each chain once."""
    text = f"{id_}: {'; '.join(chain.name for chain in chains)}."
    mentions, at = [], len(id_) + 2
    for chain in chains:
        mentions.append(Mention(Span(at, at + len(chain.name)), chain.kind, chain.name, rule))
        at += len(chain.name) + 2
    linked = tuple(replace(chain, mentions=(number,)) for number, chain in enumerate(chains))
    return Extraction(Document(id_, text, date=date), tuple(mentions), linked, (), ())


def entity(collection: Collection, extraction: Extraction, chain: int = 0) -> Entity:
    """The entity behind a chain of an article."""
    return collection.entities[collection.refers[extraction.document.key, chain]]
