"""A user's authority file: who somebody is, what they are called, which post they held when, and who they are not."""

from pathlib import Path

import pytest
from conftest import EVERY_CLASS

from kg.annotate import annotate
from kg.errors import InputError
from kg.extract import extract
from kg.gazetteer import Gazetteer
from kg.pipeline import Options, build
from kg.records import Collection, Document, Entity, Extraction, Outcome
from kg.resolve import resolve
from kg.store import Store
from kg.vocab import iri

PREFIXES = """
@prefix kg:     <https://w3id.org/newskg/ontology#> .
@prefix org:    <http://www.w3.org/ns/org#> .
@prefix owl:    <http://www.w3.org/2002/07/owl#> .
@prefix schema: <https://schema.org/> .
@prefix skos:   <http://www.w3.org/2004/02/skos/core#> .
@prefix desk:   <https://desk.example/> .
"""
MAYORS = """
desk:reyes-mayor a skos:Concept ; kg:kind kg:person ; skos:prefLabel "Ana Reyes"@en ; skos:altLabel "Anita Reyes"@en ;
    owl:differentFrom desk:reyes-judge ;
    org:holds [ skos:prefLabel "mayor of Ellery"@en, "Ellery's mayor"@en ; schema:startDate "2020-01" ; schema:endDate "2023" ] .
desk:reyes-judge a skos:Concept ; kg:kind kg:person ; skos:prefLabel "Ana Reyes"@en ;
    org:holds [ skos:prefLabel "judge"@en ] .
desk:lund a skos:Concept ; kg:kind kg:person ; skos:prefLabel "Tom Lund"@en ; skos:hiddenLabel "Tomm Lunt"@en ;
    org:holds [ skos:prefLabel "mayor of Ellery"@en ; schema:startDate "2024" ] .
"""


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """An authority file with two namesakes and two mayors of one town, one after the other."""
    file = tmp_path / "desk.ttl"
    file.write_text(PREFIXES + MAYORS, "utf-8")
    return file


def read(gazetteer: Gazetteer, text: str, date: str | None = "2023-05-05") -> Extraction:
    document = Document(text[:20], text, date=date)
    (_, doc), *_ = annotate([document])
    return extract(document, doc, gazetteer, classes=EVERY_CLASS)


def speaker(collection: Collection, extraction: Extraction) -> Entity:
    """Who speaks the first statement of an article."""
    entity = collection.entity_of(extraction.document.key, extraction.statements[0].speaker)
    assert entity is not None
    return entity


def spoken(desk: Path, text: str, date: str | None = "2023-05-05") -> Entity:
    gazetteer = Gazetteer.open(authority=[desk])
    extraction = read(gazetteer, text, date)
    return speaker(resolve([extraction], gazetteer), extraction)


@pytest.mark.model
@pytest.mark.parametrize(
    ("date", "name"),
    [
        ("2020-01-01", "Ana Reyes"),
        ("2023-12-31", "Ana Reyes"),
        ("2024-01-01", "Tom Lund"),
        ("2019-12-31", "mayor of Ellery"),
        (None, "mayor of Ellery"),
    ],
)
def test_a_post_names_whoever_held_it_on_the_day_of_the_article(desk: Path, date: str | None, name: str) -> None:
    assert spoken(desk, "The mayor of Ellery said the bridge was open.", date).name == name


@pytest.mark.model
def test_who_a_description_means_is_a_recorded_decision(desk: Path) -> None:
    gazetteer = Gazetteer.open(authority=[desk])
    extraction = read(gazetteer, "The mayor of Ellery said the bridge was open.")
    collection = resolve([extraction], gazetteer)
    (decision,) = [decision for decision in collection.decisions if decision.rule == "post-on-the-day"]
    assert decision.outcome is Outcome.ACCEPTED
    assert (decision.left.name, decision.right.entry) == ("mayor of Ellery", "https://desk.example/reyes-mayor")
    assert decision.entities[0] == speaker(collection, extraction).path


@pytest.mark.model
def test_the_named_and_the_described_holder_are_one(desk: Path) -> None:
    gazetteer = Gazetteer.open(authority=[desk])
    described = read(gazetteer, "The mayor of Ellery said the bridge was open.")
    named = read(gazetteer, "Ana Reyes, the mayor of Ellery, said the bridge was wide.")
    collection = resolve([described, named], gazetteer)
    assert speaker(collection, described) == speaker(collection, named)


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("Ana Reyes, the mayor of Ellery, said the bridge was wide.", "reyes-mayor"),
        ("Judge Ana Reyes said the bridge was wide.", "reyes-judge"),
        ("Anita Reyes said the bridge was wide.", "reyes-mayor"),
        ("Tomm Lunt said the bridge was wide.", "lund"),
    ],
)
def test_a_name_or_the_post_beside_it_tells_which_of_two_namesakes_is_meant(desk: Path, text: str, concept: str) -> None:
    assert spoken(desk, text).authority == f"https://desk.example/{concept}"


@pytest.mark.model
def test_a_namesake_without_a_post_is_neither_and_may_be_either(desk: Path) -> None:
    found = spoken(desk, "Ana Reyes said the bridge was blue.")
    assert found.authority is None
    assert set(found.close) == {"https://desk.example/reyes-mayor", "https://desk.example/reyes-judge"}


@pytest.mark.model
def test_what_the_file_says_to_be_different_stays_apart_and_says_why(desk: Path) -> None:
    gazetteer = Gazetteer.open(authority=[desk])
    one = read(gazetteer, "Ana Reyes, the mayor of Ellery, said the bridge was wide.")
    other = read(gazetteer, "Judge Ana Reyes said the bridge was wide.")
    collection = resolve([one, other], gazetteer)
    assert speaker(collection, one) != speaker(collection, other)
    assert [(d.outcome, d.rule) for d in collection.decisions] == [(Outcome.REJECTED, "authority")]


@pytest.mark.model
def test_a_misspelling_finds_somebody_and_is_shown_only_where_a_text_has_it(desk: Path) -> None:
    assert "Tomm Lunt" not in spoken(desk, "Tom Lund said the bridge was wide.").aliases


@pytest.mark.model
def test_the_graph_says_which_file_an_identity_comes_from(desk: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Tom Lund said the bridge was wide.", "utf-8")
    build([tmp_path / "a.txt"], output=tmp_path / "out", options=Options(authority=(desk,)))
    with Store(tmp_path / "out") as store:
        told = {(subject, str(getattr(value, "text", value))) for subject, _, value, _ in store.quads(iri("graph", "authority"))}
    assert ("https://desk.example/lund", "desk.ttl") in told
    assert ("https://desk.example/lund", "Tom Lund") in told
    assert {subject for subject, _ in told} == {"https://desk.example/lund"}, "only who is in the graph"


@pytest.mark.parametrize(
    ("post", "problem"),
    [
        ('[ schema:startDate "2020" ]', "no label"),
        ('[ skos:prefLabel "mayor" ; schema:startDate "May 2020" ]', "'May 2020' for a date"),
        ('[ skos:prefLabel "mayor" ; schema:endDate "2020-1-5" ]', "'2020-1-5' for a date"),
    ],
)
def test_a_post_that_cannot_be_read_is_named(tmp_path: Path, post: str, problem: str) -> None:
    file = tmp_path / "desk.ttl"
    file.write_text(f'{PREFIXES} desk:x a skos:Concept ; kg:kind kg:person ; skos:prefLabel "X Y" ; org:holds {post} .', "utf-8")
    with pytest.raises(InputError, match=problem):
        Gazetteer.open(authority=[file])
