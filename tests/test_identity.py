"""`kg info NAME`: who somebody is in this graph, how we know, and why two who look alike are two."""

import re
from pathlib import Path

import pytest
import town
from conftest import EVERY_CLASS
from desk import article, kg, person, place, select, written
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import QueryError
from kg.gazetteer import Gazetteer
from kg.identity import Identity, identities
from kg.pipeline import Options, build
from kg.query import harmless
from kg.records import Outcome, Role, Span, Voice
from kg.resolve import resolve
from kg.store import Store
from kg.triples import document_quads, entity_quads
from kg.vocab import KG, ORG, SCHEMA, Literal

MODEL = pytest.mark.model

ARTICLES = {
    "accord": "date 2024-05-02\n\n“We will rebuild,” said Norwegian Foreign Minister Petra Sund in Oslo. Sund met Ivo Brandt.\n",
    "brothers": "Ilya Brandov, the president, said it rained. Goran Brandov, his father, left.\n",
    "river": "“The harbour is shut,” said Vahan Tumasyan, head of the Harbour Union.\n",
    "bridge": "“The bridge is open,” Mayor Vahan Tumasian told residents of Ellery.\n",
    "plains": "“We left,” Arman Marukyan said.\n",
    "hills": "“We stay,” Arman Manukyan said.\n",
    "teacher": "Rain fell on Goris, a town in Armenia, and on Kapan. “We stay,” said Petra Goris, a teacher.\n",
}


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("identity")
    build([written(folder / "in", ARTICLES)], output=folder / "out", options=Options(classes=EVERY_CLASS))
    return folder / "out"


def of(output: Path, name: str) -> Identity:
    """The one identity that bears a name."""
    with Store(output) as store:
        (found,) = identities(store, name)
    return found


def told(output: Path, name: str) -> str:
    shown = kg("info", name, "--store", output)
    assert (shown.exit_code, shown.stderr) == (0, "")
    return shown.stdout


# ---------------------------------------------------------------- who it is


@MODEL
def test_a_person_is_told_with_names_articles_posts_and_dates(output) -> None:
    shown = told(output, "Petra Sund")
    assert shown.startswith("Petra Sund (person")
    assert "named  accord (2024-05-02): Petra Sund\n" in shown
    assert "named  accord (2024-05-02): Sund\n" in shown
    assert "as of 2024-05-02 [accord]" in shown and "Foreign Minister" in shown
    assert "also  Sund" in shown


@MODEL
def test_a_place_is_told_with_its_id_and_where_it_lies(output) -> None:
    shown = told(output, "oslo")
    assert "ids  https://sws.geonames.org/3143244/" in shown
    assert "at  59.9" in shown
    assert "known from  " in shown


@MODEL
def test_a_merge_is_told_with_both_names_rule_score_and_what_was_weighed(output) -> None:
    found = of(output, "Vahan Tumasian")
    (merge,) = found.verdicts
    assert (merge.outcome, merge.rule, merge.by) == ("accepted", "close-name", "")
    assert {merge.left.partition(" @")[0], merge.right.partition(" @")[0]} == {"Vahan Tumasian", "Vahan Tumasyan"}
    assert 0.92 <= merge.score <= 1 and any(weight.startswith("name=") for weight in merge.weighed)
    assert {article for _, article, _, _ in found.written} == {"river", "bridge"}


@MODEL
@pytest.mark.parametrize("name", ["vahan tumasyan", "VAHAN TUMASYAN", "actor/vahan-tumasian", "actor:vahan-tumasian", "Tumasyan", "Vahan"])
def test_another_of_its_names_or_the_end_of_its_address_finds_it(output, name) -> None:
    assert of(output, name).name == "Vahan Tumasian"


@MODEL
def test_a_name_that_several_bear_tells_of_each(output) -> None:
    shown = told(output, "Brandov")
    assert [line.partition(" (")[0] for line in shown.splitlines() if not line.startswith(" ")] == ["Goran Brandov", "Ilya Brandov"]


# ---------------------------------------------------------------- false friends


@MODEL
@pytest.mark.parametrize("name", ["Ilya Brandov", "Goran Brandov"])
def test_father_and_son_of_one_surname_stay_two_and_each_says_why(output, name) -> None:
    found = of(output, name)
    assert [(v.outcome, v.rule) for v in found.verdicts] == [("rejected", "other-first-name")]
    assert re.search(r"rejected  \w+ Brandov @\w+ = \w+ Brandov @\w+ \(other-first-name 0\.\d\d\)", told(output, name))


@MODEL
@pytest.mark.parametrize("name", ["Arman Marukyan", "Arman Manukyan"])
def test_one_consonant_is_a_proposal_and_no_merge(output, name) -> None:
    found = of(output, name)
    assert [(v.outcome, v.rule) for v in found.verdicts] == [("proposed", "close-name")]
    assert found.name == name and len(found.written) == 1


@MODEL
@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("Ilya Brandov", "is not  actor/goran-brandov"),
        ("Goran Brandov", "is not  actor/ilya-brandov"),
        ("Arman Marukyan", "may be  actor/arman-manukyan"),
        ("Arman Manukyan", "may be  actor/arman-marukyan"),
    ],
)
def test_each_of_two_names_the_other_that_it_is_not_or_may_be(output, name, line) -> None:
    assert line in told(output, name)


@MODEL
def test_a_town_and_a_surname_that_are_spelt_alike_stay_two_and_say_why(output) -> None:
    found = of(output, "Petra Goris")
    assert found.kind == "person"
    assert ("rejected", "other-kind") in [(v.outcome, v.rule) for v in found.verdicts]
    assert told(output, "place/goris").startswith("Goris (place, AM)")


@pytest.mark.parametrize(
    ("left", "right", "rule"),
    [
        ("Ilya Brandov", "Goran Brandov", "other-first-name"),
        ("Vartan Bagratian", "Hakob Bagratian", "other-first-name"),
        ("Ana Reyes", "Eva Reyes", "other-first-name"),
    ],
)
@pytest.mark.parametrize("together", [True, False], ids=["in one article", "in two"])
def test_people_of_one_surname_are_told_apart(gazetteer: Gazetteer, left: str, right: str, rule: str, together: bool) -> None:
    articles = [article("a", person(left), person(right))] if together else [article("a", person(left)), article("b", person(right))]
    collection = resolve(articles, gazetteer)
    assert len(collection.entities) == 2
    assert [(d.outcome, d.rule) for d in collection.decisions] == [(Outcome.REJECTED, rule)]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Arman Marukyan", "Arman Manukyan"),
        ("Marek Novotny", "Marek Novorny"),
        ("Nora Baker", "Nora Barker"),
        ("Ali Husein", "Ali Hasan"),
    ],
)
def test_names_that_differ_in_one_consonant_are_proposed_and_not_merged(gazetteer: Gazetteer, left: str, right: str) -> None:
    collection = resolve([article("a", person(left)), article("b", person(right))], gazetteer)
    assert len(collection.entities) == 2
    assert [(d.outcome, d.rule) for d in collection.decisions] == [(Outcome.PROPOSED, "close-name")]


@pytest.mark.parametrize(
    ("he", "she"),
    [
        ("Jan Novak", "Jana Novak"),
        ("Juan Perez", "Juana Perez"),
        ("Eric Berg", "Erica Berg"),
        ("Mario Reyes", "Maria Reyes"),
        ("Karen Hakobyan", "Karine Hakobyan"),
        ("Simon Bach", "Simone Bach"),
        ("Daniel Cohen", "Danielle Cohen"),
        ("Michel Blanc", "Michelle Blanc"),
        ("Andre Silva", "Andrea Silva"),
        ("Oleksandr Bondar", "Oleksandra Bondar"),
        ("Ilham Aliyan", "Ilhama Aliyan"),
    ],
)
def test_a_man_and_a_woman_whose_names_differ_in_the_ending_are_not_merged(gazetteer: Gazetteer, he: str, she: str) -> None:
    assert len(resolve([article("a", person(he)), article("b", person(she))], gazetteer).entities) == 2


def test_two_given_names_and_two_surnames_are_not_merged_with_one_of_each_that_are_only_close(gazetteer: Gazetteer) -> None:
    articles = [article("a", person("Ana Reyes")), article("b", person("Anna-Maria Reyes Duarte"))]
    assert len(resolve(articles, gazetteer).entities) == 2


def test_a_town_and_a_surname_of_one_name_are_two_and_the_graph_says_so(gazetteer: Gazetteer) -> None:
    a = article("a", place("Goris"), person("Petra Goris"))
    collection = resolve([a], gazetteer)
    assert len(collection.entities) == 2
    assert [(d.outcome, d.rule) for d in collection.decisions] == [(Outcome.REJECTED, "other-kind")]


# ---------------------------------------------------------------- names that are not there


@MODEL
@pytest.mark.parametrize(
    ("name", "meant"), [("Vahan Tumassian", "Vahan Tumasian"), ("Ilia Brandov", "Ilya Brandov"), ("Petra Zund", "Petra Sund")]
)
def test_a_name_that_nobody_bears_ends_with_1_and_names_that_are_close(output, name, meant) -> None:
    shown = kg("info", name, "--store", output)
    assert (shown.exit_code, shown.stdout) == (1, "")
    assert "Did you mean" in shown.stderr and meant in shown.stderr


@MODEL
def test_a_name_that_is_like_none_tells_how_to_see_all(output) -> None:
    shown = kg("info", "Qqqq Zzzz", "--store", output)
    assert (shown.exit_code, "kg query" in shown.stderr) == (1, True)


@MODEL
@pytest.mark.parametrize(
    "name",
    ["", " ", "’", "\x1b[31mred", "\u202eanA", '"; DROP ALL', "<script>", "?x", "} FILTER {", "A" * 10_000, "../..", "https://[x", "A\nB"],
)  # fmt: skip
def test_any_name_gets_an_answer_on_one_harmless_line(output, name) -> None:
    shown = kg("info", name, "--store", output)
    assert (shown.exit_code, shown.stdout) == (1, "")
    assert len(shown.stderr.splitlines()) == 1 and shown.stderr.rstrip("\n") == harmless(shown.stderr.rstrip("\n"))


@MODEL
@settings(max_examples=25, deadline=None)
@given(name=st.text(max_size=30))
def test_no_name_crashes_it(output: Path, name: str) -> None:
    with Store(output) as store:
        try:
            assert identities(store, name)
        except QueryError as error:
            assert error.mend


HOSTILE = ["\x1b[31mAna Reyes", "<b>Ana</b> Reyes", '"Ana" Reyes', "\u202eAna Reyes", "李 克强", "O’Brien & Söns"]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_in_an_article_is_found_and_shown_without_its_tricks(gazetteer: Gazetteer, tmp_path: Path, name: str) -> None:
    collection = resolve([article("a", person(name)), article("b", person(name))], gazetteer)
    quads = [*entity_quads(collection.entities, collection.decisions, version="1"), *document_quads(collection, collection.extractions[0])]
    town.stored(tmp_path, quads)
    shown = told(tmp_path, name)
    assert [harmless(line) for line in shown.splitlines()] == shown.splitlines()
    assert harmless(name) in shown.splitlines()[0]


def test_a_folder_without_a_graph_is_told(tmp_path: Path) -> None:
    shown = kg("info", "Ana Reyes", "--store", tmp_path)
    assert (shown.exit_code, "kg build" in shown.stderr) == (1, True)


# ---------------------------------------------------------------- posts


def test_a_post_is_told_with_role_person_body_day_and_its_very_characters(gazetteer: Gazetteer) -> None:
    text_role = Role("head of the Harbour Union", Span(3, 8), of=Voice("name", chain=1))
    a = article("a", person("Petra Sund", roles=(text_role,)), place("Oslo"), date="2024-05-02")
    collection = resolve([a], gazetteer)
    triples = [quad[:3] for quad in document_quads(collection, a)]
    (post,) = {subject for subject, _, value in triples if value == ORG.Membership}
    facts = {predicate: value for subject, predicate, value in triples if subject == post}
    assert facts[SCHEMA.roleName] == Literal("head of the Harbour Union", language="en")
    assert facts[ORG.member].endswith("actor/petra-sund") and facts[ORG.organization].endswith("place/oslo")
    assert facts[KG.asOf].text == "2024-05-02"
    assert facts[KG.anchor].endswith(f"doc/{a.document.key}#char=3,8")


def test_two_posts_in_one_place_are_two_and_one_without_body_and_day_is_told_without_them(gazetteer: Gazetteer) -> None:
    one = Role("the mayor", Span(0, 1))
    a = article("a", person("Ana Reyes", roles=(one,)), person("Eva Reyes", roles=(one,)))
    triples = [quad[:3] for quad in document_quads(resolve([a], gazetteer), a)]
    posts = {subject for subject, _, value in triples if value == ORG.Membership}
    assert len(posts) == 2
    assert {p for s, p, _ in triples if s in posts} == {p for s, p, _ in triples if s == min(posts)}
    assert not any(predicate in (KG.asOf, ORG.organization) for subject, predicate, _ in triples if subject in posts)


POSTS = """SELECT ?role ?name ?exact ?start ?end ?doc ?day WHERE {
  ?m a org:Membership ; schema:roleName ?role ; org:member/skos:prefLabel ?name ; kg:anchor ?span ; schema:isPartOf ?doc .
  ?span oa:hasSource ?doc ; oa:hasSelector ?p, ?q . ?p oa:start ?start ; oa:end ?end . ?q oa:exact ?exact .
  OPTIONAL { ?m kg:asOf ?day } }"""


@MODEL
def test_every_post_of_the_seeds_is_worded_as_its_characters_are(seeds) -> None:
    output, _ = seeds
    texts = {file.stem: file.read_bytes().decode() for file in (output / "texts").iterdir()}
    posts = select(output, POSTS)
    assert len(posts) > 10
    sliced = [texts[doc.rpartition("/")[2]][int(start) : int(end)] for _, _, _, start, end, doc, _ in posts]
    assert [exact for _, _, exact, *_ in posts] == sliced
    worded = [(role, " ".join(words.split())) for (role, *_), words in zip(posts, sliced, strict=True)]
    assert [pair for pair in worded if pair[1].removeprefix("The ").removeprefix("the ") != pair[0].removeprefix("the ")] == []


@MODEL
def test_every_post_has_somebody_who_holds_it_and_the_day_of_its_article(seeds) -> None:
    output, _ = seeds
    without = "SELECT ?m WHERE { ?m a org:Membership FILTER NOT EXISTS { ?m org:member/skos:prefLabel ?name } }"
    assert select(output, without) == []
    other = "SELECT ?m WHERE { ?m a org:Membership ; kg:asOf ?day ; schema:isPartOf/schema:datePublished ?date FILTER (?day != ?date) }"
    assert select(output, other) == []
