"""What an editor takes away from the page: each file is read back by another tool, and holds what is shown and nothing else."""

import csv
import io
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
from invented import EMPTY, EVIL, HOSTILE, OVERVIEW, REYES, article, said
from playwright.sync_api import Browser
from rdflib import Graph as RdfGraph
from visiting import Visit, visiting

from kg.graph import Graph
from kg.pipeline import Report
from kg.records import Overview
from kg.render import page
from kg.store import Store
from kg.store.terms import to_triple
from kg.vocab import KG, OA, RDF, SCHEMA, SKOS, WGS, iri, span_iri

pytestmark = pytest.mark.browser

Visitor = Callable[..., Visit]
PICTURES = ("graph", "timeline", "places", "matrix")
"""Views in which the invented articles have something to draw; they tell no figures."""
SVG = "{http://www.w3.org/2000/svg}"
KNOWN = (
    *(KG.content, KG.cue, KG.sourceMention, KG.speaker, KG.onBehalfOf, KG.target, KG.act, KG.saidOn, KG.dateStatus, KG.relays),
    *(SCHEMA.about, SCHEMA.text, SCHEMA.headline, OA.exact, OA.prefix, OA.suffix, OA.start, OA.end, SKOS.prefLabel, SKOS.altLabel, WGS.lat),
)
"""What the page knows of a thing that it names, and so must say."""
DIRECT = "[data-group=type][value=direct]"


@cache
def made(overview: Overview, title: str) -> str:
    return page(overview, title=title)


@pytest.fixture
def visit(browser: Browser, tmp_path: Path) -> Iterator[Visitor]:
    visits = []

    def opened(shown: Overview | str = OVERVIEW, *, title: str = "Ellery", **options: object) -> Visit:
        html = shown if isinstance(shown, str) else made(shown, title)
        visits.append(visiting(browser, html, tmp_path, **options))
        return visits[-1].__enter__()

    yield opened
    for one in visits:
        one.__exit__(None, None, None)


def rows(seen: Visit) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(seen.taken("csv").decode("utf-8"), newline="")))


def triples(seen: Visit) -> set[ox.Triple]:
    return {quad.triple for quad in ox.parse(seen.taken("ttl"), format=ox.RdfFormat.TURTLE)}


def subjects(found: set[ox.Triple], kind: str) -> set[str]:
    return {triple.subject.value for triple in found if triple.predicate.value == RDF.type and triple.object.value == kind}


def values(found: set[ox.Triple], subject: str, predicate: str) -> set[str]:
    return {triple.object.value for triple in found if triple.subject.value == subject and triple.predicate.value == predicate}


def words(svg: ElementTree.Element) -> str:
    return " ".join(" ".join("".join(text.itertext()).split()) for text in svg.iter(f"{SVG}text"))


# ---------------------------------------------------------------- statements


def test_the_csv_has_a_row_for_each_statement_with_where_it_stands(visit: Visitor) -> None:
    found = rows(visit())
    assert [row["iri"] for row in found] == [said.iri for said in OVERVIEW.statements]
    road = found[1]
    assert {key: road[key] for key in road.keys() - {"iri", "title", "act"}} == {
        "speaker": "Ana Reyes",
        "type": "direct",
        "quotation": "The road is open, … and it will stay open.",
        "about": "",
        "target": "",
        "date": "2024-05-01",
        "date_status": "notStated",
        "article": "harbour",
        "publisher": "The Ellery Gazette",
        "characters": "char=68,85 | char=110,132",
    }


def test_the_csv_ends_its_lines_as_the_standard_says(visit: Visitor) -> None:
    text = visit().taken("csv")
    assert text.count(b"\r\n") == 1 + len(OVERVIEW.statements)
    assert text.endswith(b"\r\n")


def test_the_csv_counts_characters_as_the_graph_does_behind_an_emoji(visit: Visitor) -> None:
    text = "🌊 A wave hit the pier, Reyes said."
    news = article("dddd", text)
    one = said(news, ("A wave hit the pier",), "said", "Reyes", speaker=REYES)
    (row,) = rows(visit(Overview((news,), OVERVIEW.actors, (one,))))
    assert row["characters"] == "char=2,21"


def test_what_is_filtered_out_is_not_in_the_csv(visit: Visitor) -> None:
    seen = visit()
    seen.page.uncheck(DIRECT)
    assert [row["iri"] for row in rows(seen)] == [said.iri for said in OVERVIEW.statements if said.type != "direct"]


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "'=1", '=cmd|"/c calc"!A1', "=HYPERLINK(1,2)\n"])
def test_no_cell_of_the_csv_is_a_formula(visit: Visitor, name: str) -> None:
    actors = tuple(replace(actor, name=name) if actor.iri == REYES else actor for actor in OVERVIEW.actors)
    assert rows(visit(replace(OVERVIEW, actors=actors)))[0]["speaker"] == f"'{name}"


@pytest.mark.parametrize("name", ['a "quoted", name', "two\nlines", "comma, comma", "ends with \\", "日本 🌊"])
def test_the_csv_gives_names_back_as_they_are(visit: Visitor, name: str) -> None:
    actors = tuple(replace(actor, name=name) if actor.iri == REYES else actor for actor in OVERVIEW.actors)
    assert rows(visit(replace(OVERVIEW, actors=actors)))[0]["speaker"] == name


def test_an_empty_graph_gives_files_without_statements(visit: Visitor) -> None:
    seen = visit(EMPTY)
    assert (rows(seen), triples(seen)) == ([], set())


# ---------------------------------------------------------------- triples


@pytest.mark.model
def test_the_turtle_says_of_the_seeds_what_the_graph_says_and_nothing_else(visit: Visitor, seeds: tuple[Path, Report]) -> None:
    output, _ = seeds
    with Graph(output) as graph:
        overview = graph.overview()
    with Store(output) as store:
        told = {to_triple(quad[:3]) for quad in store.quads()}
    found = triples(visit(overview))
    assert sorted(map(str, found - told)) == []
    assert subjects(found, KG.Statement) == {said.iri for said in overview.statements}
    assert subjects(found, SCHEMA.NewsArticle) == {said.article for said in overview.statements}
    known, named = set(KNOWN), {triple.subject.value for triple in found}
    assert sorted(str(one) for one in told - found if one.predicate.value in known and one.subject.value in named) == []


def test_the_turtle_is_read_by_rdflib(visit: Visitor) -> None:
    text = visit().taken("ttl").decode("utf-8")
    assert len(RdfGraph().parse(data=text, format="turtle")) == len(set(ox.parse(text, format=ox.RdfFormat.TURTLE))) > 200


def test_what_is_filtered_out_is_not_in_the_turtle(visit: Visitor) -> None:
    seen = visit()
    seen.page.uncheck(DIRECT)
    assert subjects(triples(seen), KG.Statement) == {said.iri for said in OVERVIEW.statements if said.type != "direct"}


def test_the_turtle_names_only_who_is_in_what_is_shown(visit: Visitor) -> None:
    seen = visit()
    seen.page.uncheck("[data-group=article][value=bbbb]")
    named = {triple.object.value for triple in triples(seen) if triple.predicate.value == SKOS.prefLabel}
    assert named == {"Ana Reyes", "Northern Line", "Government of Ellery", "fishermen at the pier", "Port Ellery"}


def test_the_turtle_says_where_words_stand_behind_an_emoji(visit: Visitor) -> None:
    storm = OVERVIEW.statements[7]
    found = triples(visit())
    span = span_iri(iri("doc", "bbbb"), storm.content[0])
    assert values(found, storm.iri, KG.content) == {span}
    assert values(found, f"{span};position", OA.start) == {str(storm.content[0].start)}
    assert values(found, f"{span};quote", OA.exact) == {"Stay at home,"}


def test_hostile_texts_come_back_from_the_turtle_as_they_are(visit: Visitor) -> None:
    found = triples(visit(HOSTILE))
    evil = iri("actor", "evil")
    assert values(found, evil, SKOS.prefLabel) == {EVIL}
    assert values(found, evil, SKOS.exactMatch) == set()
    assert values(found, iri("doc", "cccc"), SCHEMA.identifier) == {EVIL}


# ---------------------------------------------------------------- pictures


@pytest.mark.parametrize("tab", PICTURES)
def test_each_picture_stands_alone_and_says_what_it_shows(visit: Visitor, tab: str) -> None:
    seen = visit()
    seen.open(tab)
    svg = ElementTree.fromstring(seen.taken("svg"))
    assert svg.tag == f"{SVG}svg"
    text = words(svg)
    assert "Places: GeoNames, CC BY 4.0." in text
    assert "Ellery" in text
    assert "8 of 8 statements" in text
    assert "2024-05-01 to 2024-05-02" in text
    assert {element.tag.removeprefix(SVG) for element in svg.iter()} & {"script", "foreignObject", "image", "style"} == set()
    names = {name for element in svg.iter() for name in element.attrib}
    assert {name for name in names if name.startswith("on") or "href" in name or name in ("class", "style")} == set()
    assert seen.troubles == []


def test_the_picture_of_the_graph_says_what_its_signs_mean(visit: Visitor) -> None:
    seen = visit()
    seen.page.uncheck("[data-group=kind][value=place]")
    text = words(ElementTree.fromstring(seen.taken("svg")))
    assert "people organisations governments unnamed sources" in text
    assert "says about" in text


def test_the_picture_holds_the_names_that_are_shown_and_no_other(visit: Visitor) -> None:
    seen = visit()
    assert "Weather Office" in words(ElementTree.fromstring(seen.taken("svg")))
    seen.page.uncheck("[data-group=article][value=bbbb]")
    text = words(ElementTree.fromstring(seen.taken("svg")))
    assert "Ana Reyes" in text
    assert "Weather Office" not in text


@pytest.mark.parametrize("tab", PICTURES)
def test_the_png_has_two_pixels_for_each_unit_of_the_picture(visit: Visitor, tab: str) -> None:
    seen = visit()
    seen.open(tab)
    svg, png = ElementTree.fromstring(seen.taken("svg")), seen.taken("png")
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", png[16:24]) == (2 * int(svg.attrib["width"]), 2 * int(svg.attrib["height"]))
    assert len(set(pixel_rows(png))) > 20
    assert seen.troubles == []


def pixel_rows(png: bytes) -> list[bytes]:
    """Return the rows of a picture as they are packed: equal rows need not be equal here, but an empty picture has few."""
    data, at = b"", 8
    while at < len(png):
        size, kind = struct.unpack(">I4s", png[at : at + 8])
        data += png[at + 8 : at + 8 + size] if kind == b"IDAT" else b""
        at += 12 + size
    plain, height = zlib.decompress(data), struct.unpack(">I", png[20:24])[0]
    wide = len(plain) // height
    return [plain[row * wide : (row + 1) * wide] for row in range(height)]


@pytest.mark.parametrize("tab", ["graph", "timeline", "matrix"])
def test_hostile_texts_make_no_broken_picture(visit: Visitor, tab: str) -> None:
    seen = visit(HOSTILE, title=EVIL)
    seen.open(tab)
    svg = ElementTree.fromstring(seen.taken("svg"))
    assert [element.tag for element in svg.iter() if not element.tag.startswith(SVG) or element.tag in (f"{SVG}script", f"{SVG}img")] == []
    assert seen.taken("png")[:4] == b"\x89PNG"
    assert seen.troubles == []


@pytest.mark.parametrize("tab", ["table", "figures"])
def test_a_view_that_draws_nothing_offers_no_picture(visit: Visitor, tab: str) -> None:
    seen = visit()
    seen.open(tab)
    seen.page.click("#export summary")
    offered = seen.page.locator("#export button:enabled").evaluate_all("buttons => buttons.map(button => button.dataset.export)")
    assert offered == ["csv", "ttl"]
    assert "There is no picture" in seen.page.locator("#export").inner_text()


@pytest.mark.model
def test_the_figures_of_the_seeds_can_be_taken_as_a_picture(visit: Visitor, seeds: tuple[Path, Report]) -> None:
    with Graph(seeds[0]) as graph:
        seen = visit(graph.page(title="Seeds"))
    seen.open("figures")
    assert len(words(ElementTree.fromstring(seen.taken("svg")))) > 200


# ---------------------------------------------------------------- the menu


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Who said what?", "who-said-what-statements.csv"),
        ("../../etc/passwd", "etc-passwd-statements.csv"),
        ("C:\\x\x00<b>.exe", "c-x-b-exe-statements.csv"),
        ("Čapek & Söhne", "capek-sohne-statements.csv"),
        ("***", "graph-statements.csv"),
        ("word " * 100, f"{'word-' * 12}statements.csv"),
    ],
)
def test_a_file_is_called_by_the_words_of_the_title(visit: Visitor, title: str, name: str) -> None:
    assert visit(title=title).download("csv").suggested_filename == name


def test_a_file_can_be_taken_with_the_keyboard_alone(visit: Visitor) -> None:
    tab = visit().page
    tab.focus("#export summary")
    tab.keyboard.press("Enter")
    tab.keyboard.press("Tab")
    with tab.expect_download() as found:
        tab.keyboard.press("Enter")
    assert found.value.suggested_filename == "ellery-graph.png"
    tab.wait_for_selector("#exported:text-is('Saved ellery-graph.png')", state="attached")


def test_escape_closes_the_menu_and_leads_back_to_it(visit: Visitor) -> None:
    tab = visit().page
    tab.focus("#export summary")
    tab.keyboard.press("Enter")
    tab.keyboard.press("Tab")
    tab.keyboard.press("Escape")
    assert tab.locator("#export").get_attribute("open") is None
    assert tab.evaluate("document.activeElement.textContent") == "Export"
