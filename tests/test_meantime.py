"""Names against MEANTIME, news agency reports that other people annotated: the share that has its right kind is held."""

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from kg.annotate import annotate
from kg.corpus.zones import zones
from kg.evaluate.scoring import bcubed
from kg.extract import extract
from kg.extract.names import KIND_OF_LABEL, mentions
from kg.gazetteer import Gazetteer
from kg.records import Document, Kind, Span
from kg.resolve import resolve

pytestmark = pytest.mark.model

KINDS = {"PER": Kind.PERSON, "ORG": Kind.ORGANIZATION, "LOC": Kind.PLACE}
FLOORS = {
    # what: (asked for, held, measured); the model alone reaches 0.895
    "right kind": (0.92, 0.93, 0.940),
    "right kind at the end of the name": (0.00, 0.89, 0.908),
    "people": (0.00, 0.75, 0.773),
    "organisations": (0.00, 0.97, 0.984),
    "places": (0.00, 0.91, 0.925),
}
"""Shares of the annotated names in [0, 1]. The gold counts offices (``the CEO``) as people's names, and the European Union as a place."""
MOST_UNSHARED = 1030
"""How many names may be found where the gold has none; it has no peoples and only some of the names in a text. Measured: 1011."""


class Named(NamedTuple):
    """A stretch of text and its kind."""

    span: Span
    kind: Kind


class Report(NamedTuple):
    """A report put together from its tokens, with what is named in it."""

    document: Document
    gold: tuple[Named, ...]
    found: tuple[Named, ...]
    model: tuple[Named, ...]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def texts(path: Path) -> Iterator[tuple[Document, dict[tuple[int, int], Span]]]:
    """Yield each report, a line a sentence, with (sentence, token) → where it stands."""
    sentences: defaultdict[str, dict[int, list[str]]] = defaultdict(dict)
    for row in rows(path):
        sentences[row["doc"]][int(row["sent"])] = row["tokens"].split(" ")
    for name, numbered in sentences.items():
        text, where = "", {}
        for number, tokens in sorted(numbered.items()):
            for at, token in enumerate(tokens):
                where[number, at] = Span(len(text), len(text) + len(token))
                text += token + (" " if at + 1 < len(tokens) else "\n")
        yield Document(name, text, zones=zones(text)), where


@pytest.fixture(scope="module")
def reports(shared: Path, gazetteer: Gazetteer) -> list[Report]:
    """Every report of the development half."""
    folder = shared / "names"
    if not (folder / "mentions-meantime-dev.tsv").exists():
        pytest.skip("needs MEANTIME in the shared folder")
    documents = dict((document.id, (document, where)) for document, where in texts(folder / "meantime-sentences-dev.tsv"))
    gold: defaultdict[str, list[Named]] = defaultdict(list)
    for row in rows(folder / "mentions-meantime-dev.tsv"):
        where = documents[row["doc"]][1] if row["doc"] in documents else {}
        first, last = ((int(row["sent"]), int(row["start"])), (int(row["sent"]), int(row["end"]) - 1))
        if row["form"] == "name" and row["type"] in KINDS and first in where and last in where:
            gold[row["doc"]].append(Named(Span(where[first].start, where[last].end), KINDS[row["type"]]))
    return [
        Report(
            document,
            tuple(gold[document.id]),
            tuple(Named(mention.span, mention.kind) for mention in mentions(document, doc, gazetteer)),
            tuple(Named(Span(x.start_char, x.end_char), KIND_OF_LABEL[x.label_]) for x in doc.ents if x.label_ in KIND_OF_LABEL),
        )
        for document, doc in annotate(document for document, _ in documents.values())
    ]


def share(right: Iterable[bool]) -> float:
    told = list(right)
    return sum(told) / len(told)


def under_its_kind(wanted: Named, found: Iterable[Named]) -> bool:
    return any(wanted.span.meets(name.span) and wanted.kind is name.kind for name in found)


def ends_under_its_kind(wanted: Named, found: Iterable[Named]) -> bool:
    return any(name.span.start < wanted.span.end <= name.span.end and wanted.kind is name.kind for name in found)


@pytest.fixture(scope="module")
def figures(reports: list[Report]) -> dict[str, float]:
    """Every figure of ``FLOORS`` as it is measured now."""
    told = [(wanted, report.found) for report in reports for wanted in report.gold]
    by_kind = {"people": Kind.PERSON, "organisations": Kind.ORGANIZATION, "places": Kind.PLACE}
    return {
        "right kind": share(under_its_kind(wanted, found) for wanted, found in told),
        "right kind at the end of the name": share(ends_under_its_kind(wanted, found) for wanted, found in told),
    } | {what: share(under_its_kind(wanted, found) for wanted, found in told if wanted.kind is kind) for what, kind in by_kind.items()}


@pytest.mark.parametrize("what", FLOORS)
def test_names_have_their_right_kind_as_often_as_they_had(figures: dict[str, float], what: str) -> None:
    asked, held, _ = FLOORS[what]
    assert figures[what] >= max(asked, held), f"{what}: {figures[what]:.3f} {figures}"


@pytest.fixture(scope="module")
def people(shared: Path, gazetteer: Gazetteer) -> list[tuple[str, str]]:
    """(who is meant, who is found) at every name of a person; at an office, the one who is said to hold it."""
    folder = shared / "names"
    documents = dict((document.id, (document, where)) for document, where in texts(folder / "meantime-sentences-dev.tsv"))
    read = [extract(document, doc, gazetteer) for document, doc in annotate(document for document, _ in documents.values())]
    collection = resolve(read, gazetteer)
    at: dict[str, list[tuple[Span, str]]] = {}
    for extraction in collection.extractions:
        key, told = extraction.document.key, []
        for number, chain in enumerate(extraction.chains):
            if chain.kind is Kind.PERSON:
                who = collection.entities[collection.refers[key, number]].path
                told += [(extraction.mentions[mention].span, who) for mention in chain.mentions]
                told += [(role.span, who) for role in chain.roles]
        at[extraction.document.id] = told
    pairs = []
    for row in rows(folder / "mentions-meantime-dev.tsv"):
        first, last = ((int(row["sent"]), int(row["start"])), (int(row["sent"]), int(row["end"]) - 1))
        where = documents[row["doc"]][1] if row["doc"] in at else {}
        if row["form"] == "name" and row["type"] == "PER" and first in where and last in where:
            span = Span(where[first].start, where[last].end)
            met = [(min(span.end, other.end) - max(span.start, other.start), who) for other, who in at[row["doc"]] if span.meets(other)]
            pairs.append((row["cluster"], max(met)[1] if met else f"nobody {row['doc']} {span.start}"))
    return pairs


def test_people_are_the_same_across_articles_and_nobody_is_two(people: list[tuple[str, str]]) -> None:
    assert len(people) > 100
    told = bcubed(people)
    assert told.f1 >= 0.95  # asked for: .85, aim .92; measured: .973
    assert told.precision >= 0.99


def test_the_repairs_do_better_than_the_model_alone(reports: list[Report], figures: dict[str, float]) -> None:
    alone = share(under_its_kind(wanted, report.model) for report in reports for wanted in report.gold)
    assert figures["right kind"] > alone + 0.03


def test_right_kinds_are_not_bought_with_names_that_are_none(reports: list[Report]) -> None:
    unshared = [name for report in reports for name in report.found if not any(name.span.meets(wanted.span) for wanted in report.gold)]
    assert len(unshared) <= MOST_UNSHARED
