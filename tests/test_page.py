"""The page in a real browser with the network cut off: what an editor sees, and what an attacker does not get."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from invented import EMPTY, HOSTILE, OVERVIEW
from playwright.sync_api import Browser, Page

from kg.records import Overview
from kg.render import page

pytestmark = pytest.mark.browser


@dataclass
class Visit:
    """An opened page, and everything that it complained of or asked for."""

    page: Page
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


Visitor = Callable[..., Visit]


@pytest.fixture
def visit(browser: Browser, tmp_path: Path) -> Iterator[Visitor]:
    contexts = []

    def opened(overview: Overview = OVERVIEW, *, width: int = 1280, height: int = 800, title: str = "Ellery") -> Visit:
        file = tmp_path / "graph.html"
        file.write_text(page(overview, title=title), encoding="utf-8")
        context = browser.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce")
        contexts.append(context)
        context.set_offline(True)
        tab = context.new_page()
        found = Visit(tab)
        tab.on("console", lambda message: found.errors.append(message.text) if message.type in ("error", "warning") else None)
        tab.on("pageerror", lambda error: found.errors.append(str(error)))
        tab.on("request", lambda request: None if request.url == file.as_uri() else found.requests.append(request.url))
        tab.goto(file.as_uri())
        tab.wait_for_selector("body[data-ready]")
        return found

    yield opened
    for context in contexts:
        context.close()


def seek(tab: Page, words: str) -> None:
    """Type into the search box and take the first result."""
    tab.fill("#search", words)
    tab.press("#search", "Enter")


def test_the_page_opens_without_error_and_without_a_request(visit: Visitor) -> None:
    seen = visit()
    assert (seen.errors, seen.requests) == ([], [])


def test_the_canvas_shows_something(visit: Visitor) -> None:
    painted = """() => {
        const canvas = document.querySelector('#canvas canvas');
        const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
        return new Set(Array.from({length: pixels.length / 4}, (_, i) => pixels.slice(4 * i, 4 * i + 4).join())).size;
    }"""
    assert visit().page.evaluate(painted) > 50


def test_an_address_from_a_report_opens_the_statement_the_actor_or_the_article(visit: Visitor) -> None:
    tab = visit().page
    said, actor = OVERVIEW.statements[0], next(actor for actor in OVERVIEW.actors if actor.name == "Weather Office")
    for iri in (said.iri, actor.iri, said.article, f"{said.article}/char=0,5"):
        tab.evaluate("fragment => { location.hash = ''; location.hash = fragment }", "/".join(iri.split("/")[3:]))
        tab.wait_for_selector("#panel h2")
        assert tab.locator("#panel .passage").count() > 0, iri
        tab.keyboard.press("Escape")


def test_search_finds_a_name_and_shows_its_statements_with_their_passages(visit: Visitor) -> None:
    tab = visit().page
    seek(tab, "weather off")
    assert tab.locator("#panel h2").inner_text() == "Weather Office"
    assert tab.locator("#panel .passage").all_inner_texts() == [
        '"Stay at home," it said.',
        "Anna Čapek of the Weather Office warned on 3 May of a storm 🌊 near Port Ellery.",
    ]


def test_the_words_of_a_statement_are_marked_in_its_passage(visit: Visitor) -> None:
    tab = visit().page
    seek(tab, "stay open")
    assert tab.locator("#panel mark").all_inner_texts() == ["The road is open,", "and it will stay open."]
    assert tab.locator("#panel .cue").all_inner_texts() == ["told"]
    assert "characters 68–85, 110–132" in tab.locator("#panel .from").inner_text()


@pytest.mark.parametrize("asked", ["capek", "ČAPEK", "Mayor Reyes"])
def test_search_forgives_case_and_accents_and_knows_aliases(visit: Visitor, asked: str) -> None:
    tab = visit().page
    tab.fill("#search", asked)
    assert tab.locator("#found").inner_text().startswith("1 name")


def test_search_says_when_nothing_is_found(visit: Visitor) -> None:
    tab = visit().page
    tab.fill("#search", "Zebra [(*")
    assert tab.locator("#found").inner_text() == "Nothing found."


def test_marks_of_a_pattern_are_searched_as_written(visit: Visitor) -> None:
    tab = visit(HOSTILE).page
    tab.fill("#search", "7*7 }} {% raw %} href='javascript:0' onclick='x' <!--")
    assert tab.locator("#found").inner_text() == "1 name, 1 quotation"
    assert tab.locator("#results mark").count() == 2


def test_a_name_without_statements_is_found_and_says_so(visit: Visitor) -> None:
    tab = visit().page
    seek(tab, "zora")
    assert "no statement is by or about this name" in tab.locator("#panel").inner_text()


@pytest.mark.parametrize(
    ("box", "counts"),
    [
        ("[data-group=kinds][value=person]", "2 of 7 names · 3 of 8 statements"),
        ("[data-group=kinds][value=place]", "6 of 7 names · 8 of 8 statements"),
        ("[data-group=types][value=direct]", "6 of 7 names · 6 of 8 statements"),
        ("[data-group=articles][value='1']", "5 of 7 names · 6 of 8 statements"),
    ],
)
def test_a_filter_changes_the_counts(visit: Visitor, box: str, counts: str) -> None:
    tab = visit().page
    assert tab.locator("#counts").inner_text() == "7 of 7 names · 8 of 8 statements"
    tab.uncheck(box)
    assert tab.locator("#counts").inner_text() == counts


def test_the_table_keeps_step_with_the_filters(visit: Visitor) -> None:
    tab = visit().page
    tab.click("#tab-table")
    assert tab.locator("#rows tr").count() == 8
    tab.uncheck("[data-group=types][value=direct]")
    assert tab.locator("#rows tr").count() == 6


def test_a_row_of_the_table_opens_its_evidence(visit: Visitor) -> None:
    tab = visit().page
    tab.click("#tab-table")
    tab.click("#rows tr:has-text('heard nothing')")
    assert tab.locator("#panel h2").inner_text() == "fishermen at the pier"
    assert "Harbour opens The Ellery Gazette, 2024-05-02" in tab.locator("#panel .from").inner_text()


def test_a_statement_says_when_its_speaker_and_its_date_are_not_known(visit: Visitor) -> None:
    tab = visit().page
    seek(tab, "promised free")
    assert tab.locator("#panel h2").inner_text() == "speaker not decided"
    assert "date not stated" in tab.locator("#panel .facts").first.inner_text()


def test_a_relayed_statement_names_who_relays_it(visit: Visitor) -> None:
    tab = visit().page
    seek(tab, "promised free")
    assert tab.locator("#panel .inner .facts").inner_text().count("Relayed by") == 1


def test_the_graph_can_be_walked_with_the_keyboard(visit: Visitor) -> None:
    tab = visit().page
    tab.focus("#canvas")
    tab.keyboard.press("ArrowRight")
    first = tab.locator("#panel h2").inner_text()
    tab.keyboard.press("ArrowRight")
    assert tab.locator("#panel h2").inner_text() != ""
    assert first == "Ana Reyes"
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement.tagName") == "H2"


def test_escape_lets_go(visit: Visitor) -> None:
    tab = visit().page
    tab.focus("#canvas")
    tab.keyboard.press("ArrowRight")
    tab.keyboard.press("Escape")
    assert tab.locator("#panel h2").inner_text() == "Who said what, and where it stands"


def test_hostile_texts_run_nothing_and_are_shown_as_they_are(visit: Visitor) -> None:
    seen = visit(HOSTILE, title="{{ 7*7 }}<b>")
    seek(seen.page, "onerror")
    seen.page.click("#tab-table")
    seen.page.click("#rows tr")
    seen.page.wait_for_timeout(200)
    assert seen.page.title() == "{{ 7*7 }}<b>"
    assert (seen.errors, seen.requests) == ([], [])
    assert seen.page.locator("img, #panel script, #results script, #rows script").count() == 0
    assert "<img src=x onerror=" in seen.page.locator("#panel mark").inner_text()
    assert seen.page.locator("a[href^='javascript']").count() == 0


@pytest.mark.parametrize("width", [1280, 390])
def test_a_name_of_ten_thousand_characters_breaks_no_layout(visit: Visitor, width: int) -> None:
    tab = visit(HOSTILE, width=width).page
    seek(tab, "very long")
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    assert tab.locator("#panel h2").bounding_box()["height"] < 300


def test_an_empty_graph_says_that_there_is_nothing_yet(visit: Visitor) -> None:
    seen = visit(EMPTY)
    assert "There is nothing yet" in seen.page.locator("#panel").inner_text()
    assert (seen.errors, seen.requests) == ([], [])


@pytest.mark.parametrize("width", [1280, 900, 390])
def test_nothing_sticks_out_sideways(visit: Visitor, width: int) -> None:
    tab = visit(width=width).page
    seek(tab, "reyes")
    tab.click("#tab-table")
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
