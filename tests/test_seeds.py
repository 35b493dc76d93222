"""The five seed articles, built for real: what a reporter would ask of them is answered with article and exact characters."""

import csv
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import rdflib
from conftest import ROOT, command, environment
from rdflib.compare import isomorphic
from visiting import visiting

import kg
from kg.corpus.zones import zones
from kg.graph import Graph
from kg.records import Overview, ZoneKind
from kg.store import Table

pytestmark = pytest.mark.model

RFE, CNN, SKY, AP, CONVERSATION = (path.stem for path in sorted((ROOT / "seeds").iterdir()))

PASSAGES = """
SELECT ?name ?article ?type ?start ?end ?exact ?statement ?outer WHERE {
  ?statement kg:speaker/skos:prefLabel ?name ; schema:isPartOf/schema:identifier ?article ; a ?kind ; kg:content ?span .
  VALUES (?kind ?type) { (kg:DirectQuotation "direct") (kg:MixedQuotation "mixed") (kg:IndirectStatement "indirect") }
  ?span oa:hasSelector/oa:start ?start ; oa:hasSelector/oa:end ?end ; oa:hasSelector/oa:exact ?exact .
  OPTIONAL { ?outer kg:relays ?statement }
} ORDER BY ?article ?start ?end
"""
"""Every passage of every statement with a speaker: what a fact-checker copies out of the graph."""


@pytest.fixture(scope="module")
def output(seeds) -> Path:
    return seeds[0]


@pytest.fixture(scope="module")
def graph(output) -> Iterator[Graph]:
    with kg.open(output) as opened:
        yield opened


@pytest.fixture(scope="module")
def told(graph) -> Overview:
    return graph.overview()


@pytest.fixture(scope="module")
def passages(output) -> list[dict[str, str]]:
    """The rows of ``kg query``, as another program would read them."""
    done = subprocess.run(
        command("query", "--store", str(output), "--format", "csv", "--file", "-"),
        input=PASSAGES,
        capture_output=True,
        text=True,
        env=environment(),
        check=True,
    )
    return list(csv.DictReader(done.stdout.splitlines()))


def of(passages: list[dict[str, str]], name: str, *types: str) -> list[tuple[str, int, int]]:
    """Return article and characters of what somebody said, by article and place."""
    return [
        (row["article"], int(row["start"]), int(row["end"]))
        for row in passages
        if row["name"] == name and (not types or row["type"] in types)
    ]


def rows(graph: Graph, sparql: str) -> list[tuple[str, ...]]:
    """Return the rows of a SELECT as texts."""
    answer = graph.query(sparql)
    assert isinstance(answer, Table)
    return [tuple(str(getattr(value, "text", value)) for value in row) for row in answer.rows]


# ---------------------------------------------------------------- who said what


def test_both_statements_of_peskov_are_found(passages):
    assert of(passages, "Dmitry Peskov", "direct") == [(RFE, 2064, 2163), (RFE, 2379, 2516)]


def test_what_power_said_at_kornidzor_is_found(passages):
    assert of(passages, "Samantha Power", "mixed", "direct") == [(CNN, 2525, 2631), (CNN, 2634, 2795)]


def test_the_doctors_whom_power_passes_on_stand_within_her_statement(passages):
    (doctors,) = [row for row in passages if row["name"] == "doctors at the scene"]
    (power,) = [row for row in passages if (row["name"], row["start"], row["end"]) == ("Samantha Power", "2525", "2631")]
    assert (doctors["article"], doctors["start"], doctors["end"]) == (CNN, "2525", "2597")
    assert doctors["outer"] == power["statement"]


def test_both_quotations_of_carpenter_are_found_though_he_is_named_after_the_first(passages):
    assert of(passages, "Michael Carpenter", "direct") == [(RFE, 2873, 3021), (RFE, 3809, 3946)]


def test_the_quotation_of_the_foreign_ministry_is_that_of_the_ministry(passages):
    assert of(passages, "Ministry of Foreign Affairs of Azerbaijan", "direct") == [(RFE, 1712, 1819)]


def test_pashinyan_of_three_articles_is_one_actor_with_all_his_statements(passages):
    in_rfe = [(538, 570), (587, 656), (660, 750), (817, 863), (1089, 1441)]
    expected = [*((RFE, start, end) for start, end in in_rfe), (CNN, 888, 916), (CONVERSATION, 3087, 3137)]
    assert of(passages, "Nikol Pashinyan") == expected


def test_every_passage_reads_as_its_article_does(passages):
    texts = {path.stem: path.read_bytes().decode() for path in (ROOT / "seeds").iterdir()}
    assert [row for row in passages if texts[row["article"]][int(row["start"]) : int(row["end"])] != row["exact"]] == []
    assert len(passages) > 60


def test_every_span_of_the_graph_is_proved_and_no_shape_broken(graph):
    proof = graph.prove([ROOT / "seeds"])
    assert [violation for violation in proof.violations if violation.severity == "violation"] == []
    assert proof.articles == 5
    assert proof.spans > 500


@pytest.mark.parametrize("kind", [ZoneKind.HEADER, ZoneKind.CREDIT, ZoneKind.TEASER, ZoneKind.BOILERPLATE])
def test_what_is_no_news_text_says_nothing(told, kind):
    texts = {article.iri: article.text for article in told.articles}
    aside = {iri: [zone.span for zone in zones(text) if zone.kind is kind] for iri, text in texts.items()}
    spoken = [
        span.of(texts[said.article]) for said in told.statements for span in said.content if any(map(span.meets, aside[said.article]))
    ]
    assert any(aside.values())
    assert spoken == []


def test_a_caption_says_nothing_unless_somebody_speaks_in_it(told):
    texts = {article.iri: article.text for article in told.articles}
    captions = {iri: [zone.span for zone in zones(text) if zone.kind is ZoneKind.CAPTION] for iri, text in texts.items()}
    inside = [said for said in told.statements if any(map(said.content[0].meets, captions[said.article]))]
    names = {actor.iri: actor.name for actor in told.actors}
    assert {names.get(said.speaker or "") for said in inside} == {"Samantha Power", "doctors at the scene"}
    assert all(said.cue and said.source for said in inside)


@pytest.mark.parametrize(
    ("article", "day"), [(RFE, "None"), (CNN, "2023-09-27"), (SKY, "None"), (AP, "2023-09-28"), (CONVERSATION, "None")]
)
def test_the_date_of_an_article_is_its_own_or_none(graph, article, day):
    sparql = f'SELECT ?day WHERE {{ ?a schema:identifier "{article}" OPTIONAL {{ ?a schema:datePublished ?day }} }}'
    assert rows(graph, sparql) == [(day,)]


# ---------------------------------------------------------------- who is who


@pytest.mark.parametrize(
    ("one", "other", "actor"),
    [
        ("Nikol Pashinian", "Nikol Pashinyan", "actor:nikol-pashinyan"),
        ("Power", "Samantha Power", "actor:samantha-power"),
        ("Peskov", "Dmitry Peskov", "actor:dmitry-peskov"),
        ("Stepanakert", "Khankendi", "place:stepanakert-khankendi"),
        ("Lachin corridor", "Lachin Corridor", "place:lachin-corridor"),
    ],
)
def test_two_spellings_of_one_name_are_one_node(graph, one, other, actor):
    called = "SELECT DISTINCT ?node WHERE {{ ?node skos:prefLabel|skos:altLabel ?name FILTER(STR(?name) = '{}') }}"
    assert rows(graph, called.format(one)) == rows(graph, called.format(other))
    assert len(rows(graph, called.format(one))) == 1
    assert graph.query(f"ASK {{ {actor} skos:prefLabel|skos:altLabel ?name FILTER(STR(?name) = '{one}') }}") is True


@pytest.mark.parametrize("words", ["Pashinian", "Pashinyan"])
def test_every_mention_of_the_prime_minister_leads_to_him(graph, words):
    sparql = f"""SELECT DISTINCT ?who WHERE {{
        ?mention a kg:Mention ; kg:refersTo ?who ; oa:hasSelector/oa:exact ?exact FILTER(CONTAINS(?exact, "{words}")) }}"""
    assert rows(graph, sparql) == [("https://newskg.example/actor/nikol-pashinyan",)]


@pytest.mark.parametrize(
    ("name", "kind"), [("Hayk Baghdasaryan", "person"), ("Nazeli Baghdasarian", "person"), ("Vahram Baghdasaryan", "person")]
)
def test_namesakes_stay_apart(told, name, kind):
    (actor,) = [actor for actor in told.actors if name in (actor.name, *actor.aliases)]
    assert (actor.name, actor.kind) == (name, kind)


@pytest.mark.parametrize(
    ("place", "kind"),
    [("Government of Azerbaijan", "government"), ("Azerbaijan", "place"), ("Baku", "place")],
)
def test_government_country_and_capital_are_three_nodes(told, place, kind):
    (actor,) = [actor for actor in told.actors if actor.name == place]
    assert actor.kind == kind


def test_baku_has_denied_is_said_by_the_government_and_mentions_the_city(graph):
    sparql = f"""SELECT ?name ?place WHERE {{
        ?statement kg:speaker/skos:prefLabel ?name ; kg:act act:deny ; kg:sourceMention ?source ;
                   schema:isPartOf/schema:identifier "{RFE}" .
        ?source kg:refersTo/skos:prefLabel ?place }}"""
    assert rows(graph, sparql) == [("Government of Azerbaijan", "Baku")]


@pytest.mark.parametrize(
    ("name", "geonames", "latitude", "longitude"),
    [
        ("Goris", 174895, 39.5, 46.3),
        ("Kornidzor", 174840, 39.6, 46.5),
        ("Stepanakert/Khankendi", 146970, 39.8, 46.8),
        ("Yerevan", 616052, 40.2, 44.5),
        ("Baku", 587084, 40.4, 49.9),
        ("Vienna", 2761369, 48.2, 16.4),
    ],
)
def test_a_place_can_be_put_on_the_map(told, name, geonames, latitude, longitude):
    (place,) = [actor for actor in told.actors if actor.name == name]
    assert f"https://sws.geonames.org/{geonames}/" in place.links
    assert (place.latitude, place.longitude) == (pytest.approx(latitude, abs=0.1), pytest.approx(longitude, abs=0.1))


def test_no_guess_is_called_the_same(output):
    assert "owl:sameAs" not in (output / "graph.ttl").read_text("utf-8")


# ---------------------------------------------------------------- the files


def test_rdflib_reads_the_turtle_and_writes_an_equal_graph(output):
    read = rdflib.Graph().parse(output / "graph.ttl")
    again = rdflib.Graph().parse(data=read.serialize(format="turtle"), format="turtle")
    assert len(read) > 10_000
    assert isomorphic(read, again)


@pytest.fixture(scope="module")
def rapper() -> str:
    """Debian's Turtle parser."""
    found = shutil.which("rapper")
    if found is None and os.environ.get("CI") == "true":
        pytest.fail("CI must install raptor2-utils")
    if found is None:
        pytest.skip("needs rapper (Debian: apt install raptor2-utils)")
    return found


def test_rapper_reads_the_turtle_as_rdflib_does(output, rapper, tmp_path):
    done = subprocess.run([rapper, "-q", "-i", "turtle", "-o", "ntriples", output / "graph.ttl"], capture_output=True, check=True)
    assert done.stderr == b""
    (tmp_path / "graph.nt").write_bytes(done.stdout)
    assert isomorphic(rdflib.Graph().parse(tmp_path / "graph.nt"), rdflib.Graph().parse(output / "graph.ttl"))


def test_rapper_writes_turtle_that_is_still_the_same_graph(output, rapper, tmp_path):
    done = subprocess.run([rapper, "-q", "-i", "turtle", "-o", "turtle", output / "graph.ttl"], capture_output=True, check=True)
    (tmp_path / "graph.ttl").write_bytes(done.stdout)
    assert isomorphic(rdflib.Graph().parse(tmp_path / "graph.ttl"), rdflib.Graph().parse(output / "graph.ttl"))


def test_the_files_hold_no_blank_nodes_and_nothing_of_this_machine(output):
    quads = (output / "graph.nq").read_text("utf-8")
    assert not re.search(r"(^|\s)_:", quads)
    assert str(ROOT) not in quads


def files(folder: Path) -> dict[str, bytes]:
    """Return what a build wrote for people: everything but the database, the lock and the caches."""
    inner = ("store", "stores", "building", "extractions.sqlite", "resolution.sqlite")
    found = [path for path in folder.rglob("*") if path.is_file() and path.relative_to(folder).parts[0] not in inner]
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


@pytest.mark.parametrize(
    ("hashseed", "reverse", "workers"),
    [
        pytest.param("1", False, "1", id="another hash seed"),
        pytest.param("31337", True, "1", id="the files in another order"),
        pytest.param("2", True, "2", id="two workers"),
    ],
)
def test_a_second_build_is_the_same_to_the_byte(output, tmp_path, hashseed, reverse, workers):
    inputs = sorted(map(str, (ROOT / "seeds").iterdir()), reverse=reverse)
    line = command("build", *inputs, "-o", str(tmp_path / "again"), "--workers", workers)
    subprocess.run(line, env=environment(PYTHONHASHSEED=hashseed), capture_output=True, check=True)
    first, again = files(output), files(tmp_path / "again")
    assert sorted(first) == sorted(again)
    assert [name for name in first if first[name] != again[name]] == []
    assert {"graph.ttl", "graph.nq", "graph.html", "report.json"} <= first.keys()


def test_a_build_over_an_older_graph_is_the_same_to_the_byte_as_a_new_one(output, tmp_path):
    kg.build([ROOT / "seeds" / f"{SKY}.txt"], output=tmp_path)
    kg.build([ROOT / "seeds"], output=tmp_path)
    assert files(tmp_path) == files(output)


@pytest.mark.browser
@pytest.mark.parametrize(
    "words", ["It's difficult to say who is to blame [for the exodus]", "People are nevertheless expressing a desire to leave"]
)
def test_a_passage_of_peskov_is_found_on_the_page_by_its_words(output, browser, tmp_path, words):
    with visiting(browser, (output / "graph.html").read_text("utf-8"), tmp_path) as visit:
        visit.page.fill("#search", words)
        visit.page.press("#search", "Enter")
        assert words in (visit.page.text_content("#panel mark") or "")
        assert "Peskov" in (visit.page.text_content("#panel") or "")
        assert visit.troubles == []
