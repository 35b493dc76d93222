"""The page in a real browser with the network cut off: search, filters, picture, panel, table and address, by mouse and by keyboard."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from invented import EMPTY, HARBOUR, HARBOUR_NEWS, HOSTILE, LINE, OVERVIEW, PORT, REYES, TOWN, article, said
from playwright.sync_api import Browser, Page, expect
from visiting import TABS, Visit, visiting

from kg.records import Actor, Overview
from kg.render import page
from kg.vocab import iri

pytestmark = pytest.mark.browser

Visitor = Callable[..., Visit]

ACCUSATION = replace(OVERVIEW.statements[2], act="accuse", about=())
ACCUSING = replace(OVERVIEW, actors=tuple(a for a in OVERVIEW.actors if a.iri in (REYES, LINE, TOWN)), statements=(ACCUSATION,))
ALL = "7 of 7 names · 8 of 8 statements"
COUNT = 400
"""Names of a graph that is too large to be drawn whole."""


@cache
def html(overview: Overview, title: str) -> str:
    """Return the page of an overview; several tests open the same."""
    return page(overview, title=title)


def crowd(names: int = COUNT) -> Overview:
    """Return a graph in which everybody speaks about the last name and about the next one, and 26 times about nobody."""
    actors = tuple(Actor(iri("actor", f"n{number:04}"), "person", f"Name {number:04}") for number in range(names))
    words = "Said number {}. "
    text = "".join(words.format(f"{number:04}") for number in range(names + 30))
    news = article("dddd", text, title="Crowd", date="2024-05-02")
    statements = tuple(
        said(
            news,
            (f"Said number {number:04}.",),
            speaker=actors[min(number, names - 1)].iri,
            about=(actors[-1].iri, actors[(number + 1) % names].iri) if number < names else (),
        )
        for number in range(names + 30)
    )
    return Overview((news,), actors, statements)


@pytest.fixture
def visit(browser: Browser, tmp_path: Path) -> Iterator[Visitor]:
    with ExitStack() as stack:

        def opened(overview: Overview = OVERVIEW, *, title: str = "Ellery", **options: Any) -> Visit:
            return stack.enter_context(visiting(browser, html(overview, title), tmp_path, **options))

        yield opened


def seek(tab: Page, words: str) -> None:
    """Type into the search box and take the first result."""
    tab.fill("#search", words)
    tab.press("#search", "Enter")


def heading(tab: Page) -> str:
    """Return what the panel is about."""
    return tab.locator("#panel h2").inner_text()


def address(tab: Page, part: str) -> None:
    """Wait until the address holds a part."""
    expect(tab).to_have_url(re.compile(f"#.*{re.escape(part)}"))


class TestOpening:
    def test_the_page_opens_without_error_and_without_a_request(self, visit: Visitor) -> None:
        assert visit().troubles == []

    @pytest.mark.parametrize("tab", TABS)
    def test_every_view_opens_without_error(self, visit: Visitor, tab: str) -> None:
        seen = visit()
        seen.open(tab)
        assert seen.page.locator("[role=tabpanel]:visible").count() == 1
        assert seen.troubles == []

    def test_the_canvas_shows_something(self, visit: Visitor) -> None:
        painted = """() => {
            const canvas = document.querySelector('#canvas canvas');
            const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
            return new Set(Array.from({length: pixels.length / 4}, (_, i) => pixels.slice(4 * i, 4 * i + 4).join())).size;
        }"""
        assert visit().page.evaluate(painted) > 50

    @pytest.mark.parametrize("tab", TABS)
    def test_an_empty_graph_says_that_there_is_nothing_yet(self, visit: Visitor, tab: str) -> None:
        seen = visit(EMPTY)
        seen.open(tab)
        assert "There is nothing yet" in seen.page.locator("#panel").inner_text()
        assert seen.page.locator(f"#view-{tab}").inner_text().strip()
        assert seen.troubles == []

    @pytest.mark.parametrize("width", [1280, 1000, 900, 390])
    @pytest.mark.parametrize("tab", ["graph", "table"])
    def test_nothing_sticks_out_sideways(self, visit: Visitor, width: int, tab: str) -> None:
        seen = visit(width=width)
        seek(seen.page, "reyes")
        seen.open(tab)
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width


class TestSearch:
    def test_it_finds_a_name_and_shows_its_statements_with_their_passages(self, visit: Visitor) -> None:
        tab = visit().page
        seek(tab, "weather off")
        assert heading(tab) == "Weather Office"
        assert tab.locator("#panel .passage").all_inner_texts() == [
            '"Stay at home," it said.',
            "Anna Čapek of the Weather Office warned on 3 May of a storm 🌊 near Port Ellery.",
        ]

    @pytest.mark.parametrize("asked", ["capek", "ČAPEK", "Mayor Reyes"])
    def test_it_forgives_case_and_accents_and_knows_aliases(self, visit: Visitor, asked: str) -> None:
        tab = visit().page
        tab.fill("#search", asked)
        assert tab.locator("#found").inner_text().startswith("1 name")

    def test_it_finds_the_words_of_a_quotation(self, visit: Visitor) -> None:
        tab = visit().page
        tab.fill("#search", "STAY AT")
        assert tab.locator("#found").inner_text() == "0 names, 1 quotation"
        assert tab.locator("#results mark").inner_text() == "Stay at"

    def test_it_says_when_nothing_is_found(self, visit: Visitor) -> None:
        tab = visit().page
        tab.fill("#search", "Zebra [(*")
        assert tab.locator("#found").inner_text() == "Nothing found."

    def test_marks_of_a_pattern_are_searched_as_written(self, visit: Visitor) -> None:
        tab = visit(HOSTILE).page
        tab.fill("#search", "7*7 }} {% raw %} href='javascript:0' onclick='x' <!--")
        assert tab.locator("#found").inner_text() == "1 name, 1 quotation"
        assert tab.locator("#results mark").count() == 2

    def test_a_name_without_statements_is_found_and_says_so(self, visit: Visitor) -> None:
        tab = visit().page
        seek(tab, "zora")
        assert "no statement is by or about this name" in tab.locator("#panel").inner_text()


class TestFilters:
    @pytest.mark.parametrize(
        ("box", "counts"),
        [
            ("[data-group=kind][value=person]", "2 of 7 names · 3 of 8 statements"),
            ("[data-group=kind][value=place]", "6 of 7 names · 8 of 8 statements"),
            ("[data-group=type][value=direct]", "6 of 7 names · 6 of 8 statements"),
            ("[data-group=act][value=warn]", "6 of 7 names · 7 of 8 statements"),
            ("[data-group=side][value='actor/government-of-ellery']", "4 of 7 names · 4 of 8 statements"),
            ("[data-group=publisher][value=none]", "5 of 7 names · 6 of 8 statements"),
            ("[data-group=article][value=bbbb]", "5 of 7 names · 6 of 8 statements"),
        ],
    )
    def test_each_filter_changes_the_counts(self, visit: Visitor, box: str, counts: str) -> None:
        tab = visit().page
        assert tab.locator("#counts").inner_text() == ALL
        tab.uncheck(box)
        assert tab.locator("#counts").inner_text() == counts

    def test_a_date_range_keeps_what_was_said_or_else_published_in_it(self, visit: Visitor) -> None:
        tab = visit().page
        tab.fill("#to", "2024-05-01")
        assert tab.locator("#counts").inner_text() == "2 of 7 names · 1 of 8 statements"

    def test_an_option_counts_what_all_the_other_filters_leave(self, visit: Visitor) -> None:
        tab = visit().page
        number = tab.locator("label:has([data-group=type][value=direct]) .number")
        assert number.inner_text() == "2"
        tab.uncheck("[data-group=article][value=bbbb]")
        assert number.inner_text() == "1"
        tab.uncheck("[data-group=type][value=direct]")
        assert number.inner_text() == "1"

    def test_all_filters_go_at_once(self, visit: Visitor) -> None:
        tab = visit().page
        tab.uncheck("[data-group=type][value=direct]")
        tab.uncheck("[data-group=kind][value=place]")
        assert tab.locator("#filtered").inner_text() == "2 filters on"
        tab.click("#clear")
        assert (tab.locator("#counts").inner_text(), tab.locator("#clear").is_visible()) == (ALL, False)

    def test_none_and_all_switch_a_whole_filter(self, visit: Visitor) -> None:
        tab = visit().page
        tab.click("[aria-label='Who and what: none']")
        assert tab.locator("#counts").inner_text().startswith("0 of 7 names")
        tab.click("[aria-label='Who and what: all']")
        assert tab.locator("#counts").inner_text() == ALL

    def test_a_drag_over_the_histogram_sets_the_range_and_a_second_click_takes_it_back(self, visit: Visitor) -> None:
        tab = visit().page
        tab.click("#histogram", position={"x": 10, "y": 20})
        assert tab.input_value("#from") == tab.input_value("#to") == "2024-05-01"
        tab.click("#histogram", position={"x": 10, "y": 20})
        assert tab.locator("#counts").inner_text() == ALL

    def test_the_histogram_works_by_keyboard(self, visit: Visitor) -> None:
        tab = visit().page
        tab.focus("#histogram")
        tab.keyboard.press("End")
        tab.keyboard.press("Enter")
        assert tab.input_value("#from") == "2024-05-02"
        tab.keyboard.press("Shift+ArrowLeft")
        assert tab.input_value("#from") == "2024-05-01"
        tab.keyboard.press("Delete")
        assert tab.input_value("#from") == ""

    def test_the_panel_hides_what_the_filters_hide_and_says_so(self, visit: Visitor) -> None:
        tab = visit().page
        seek(tab, "reyes")
        before = tab.locator("#panel .said").count()
        tab.uncheck("[data-group=type][value=direct]")
        assert tab.locator("#panel .said").count() == before - 1
        assert "1 statement hidden by filters." in tab.locator("#panel").inner_text()

    def test_a_kind_of_line_can_be_hidden(self, visit: Visitor) -> None:
        seen = visit()
        seen.page.uncheck("[data-group=line][value=says]")
        assert seen.page.locator("#counts").inner_text() == ALL
        assert seen.page.locator("label.off:has([data-group=line])").count() == 1


class TestPanel:
    def test_the_words_of_a_statement_are_marked_in_its_passage(self, visit: Visitor) -> None:
        tab = visit().page
        seek(tab, "stay open")
        assert tab.locator("#panel mark").all_inner_texts() == ["The road is open,", "and it will stay open."]
        assert tab.locator("#panel .cue").all_inner_texts() == ["told"]
        assert tab.locator("#panel .passage .source").all_inner_texts() == ["Reyes"]
        assert "characters 68–85, 110–132" in tab.locator("#panel .from").inner_text()

    def test_characters_beyond_the_basic_plane_shift_nothing(self, visit: Visitor) -> None:
        text = "🌊🌊 𝔄𝔅 said the sea rises 🌊."
        news = article("eeee", text)
        overview = Overview(
            (news,), (Actor(REYES, "person", "Ana Reyes"),), (said(news, ("the sea rises 🌊",), "said", "𝔄𝔅", speaker=REYES),)
        )
        tab = visit(overview).page
        seek(tab, "rises")
        assert tab.locator("#panel mark").all_inner_texts() == ["the sea rises 🌊"]
        assert "characters 11–26" in tab.locator("#panel .from").inner_text()

    def test_a_cue_inside_the_content_carries_both_marks(self, visit: Visitor) -> None:
        tab = visit(replace(OVERVIEW, statements=(said(HARBOUR_NEWS, ("Reyes told residents",), "told", speaker=REYES),))).page
        seek(tab, "reyes told")
        assert tab.locator("#panel mark").all_inner_texts() == ["Reyes ", "told", " residents"]
        assert tab.locator("#panel mark .cue").inner_text() == "told"

    def test_what_is_left_out_between_two_paragraphs_is_a_gap(self, visit: Visitor) -> None:
        far = said(HARBOUR_NEWS, ("The harbour", "they had heard nothing"), speaker=REYES)
        tab = visit(replace(OVERVIEW, statements=(far,))).page
        seek(tab, "heard nothing")
        assert tab.locator("#panel .passage p").all_inner_texts() == [HARBOUR.split("\n")[0], "…", HARBOUR.split("\n")[4]]

    @pytest.mark.parametrize(("before", "after", "most"), [("before ", " after", 1215), ("x", "y", 1206), ("🌊", "🌊", 1206)])
    def test_a_long_line_is_cut_on_both_sides(self, visit: Visitor, before: str, after: str, most: int) -> None:
        news = article("eeee", before * 1000 + "HERE" + after * 1000)
        overview = Overview((news,), (Actor(REYES, "person", "Ana Reyes"),), (said(news, ("HERE",), speaker=REYES),))
        tab = visit(overview).page
        seek(tab, "here")
        shown = tab.locator("#panel .passage").inner_text()
        assert (shown[0], shown[-1], "HERE" in shown, len(shown) <= most, "\ufffd" in shown) == ("…", "…", True, True, False)

    def test_a_statement_says_when_its_speaker_and_its_date_are_not_known(self, visit: Visitor) -> None:
        tab = visit().page
        seek(tab, "promised free")
        assert heading(tab) == "speaker not decided"
        assert "date not stated" in tab.locator("#panel .facts").first.inner_text()

    def test_a_relayed_statement_names_who_relays_it(self, visit: Visitor) -> None:
        tab = visit().page
        seek(tab, "promised free")
        assert tab.locator("#panel .inner .facts").inner_text().count("Relayed by") == 1

    def test_an_article_with_an_address_is_linked(self, visit: Visitor) -> None:
        tab = visit().page
        seek(tab, "stay at home")
        assert tab.locator("#panel .from a").get_attribute("href") == "https://news.example/storm"

    def test_a_line_tells_who_does_what_to_whom_and_lists_its_statements(self, visit: Visitor) -> None:
        tab = visit(ACCUSING).page
        seek(tab, "northern line")
        tab.click("#panel .linking summary")
        tab.click("#panel .links button")
        assert heading(tab) == "Ana Reyes accuses Northern Line"
        assert tab.locator("#panel .said").count() == 1

    def test_n_and_p_walk_through_the_quotations(self, visit: Visitor) -> None:
        tab = visit().page
        seek(tab, "reyes")
        first = tab.locator("#panel .said").first.get_attribute("data-statement")
        tab.keyboard.press("n")
        assert tab.locator(".said.current").get_attribute("data-statement") == first
        tab.keyboard.press("n")
        assert tab.locator("#reading").inner_text() == "2 of 4"
        tab.keyboard.press("p")
        assert tab.locator(".said.current").get_attribute("data-statement") == first

    def test_n_in_the_search_box_is_a_letter(self, visit: Visitor) -> None:
        tab = visit().page
        seek(tab, "reyes")
        tab.focus("#search")
        tab.keyboard.press("n")
        assert tab.locator(".said.current").count() == 0

    def test_from_a_statement_the_next_one_follows(self, visit: Visitor) -> None:
        tab = visit().page
        seek(tab, "harbour of")
        before = tab.locator("#panel .said").first.get_attribute("data-statement")
        tab.click("text=next quotation")
        assert tab.locator("#panel .said").first.get_attribute("data-statement") == str(int(str(before)) + 1)

    def test_many_cards_come_twenty_five_at_a_time_and_p_reaches_the_last(self, visit: Visitor) -> None:
        tab = visit(crowd(40)).page
        seek(tab, "name 0039")
        assert tab.locator("#panel .said").count() == 50
        tab.locator("#panel .more").first.click()
        assert tab.locator("#panel .said").count() > 50
        tab.keyboard.press("p")
        assert tab.locator(".said.current").count() == 1


class TestPicture:
    def test_a_name_that_is_not_drawn_comes_in_with_its_neighbours_when_it_is_chosen(self, visit: Visitor) -> None:
        tab = visit(crowd()).page
        drawn = tab.locator("#note").inner_text()
        assert drawn.startswith(f"Drawn: 150 of {COUNT} names")
        seek(tab, "name 0333")
        assert int(tab.locator("#note").inner_text().split()[1]) > 150
        tab.click("#put-back")
        tab.keyboard.press("Escape")

    def test_the_neighbours_of_a_name_are_added_on_demand(self, visit: Visitor) -> None:
        tab = visit(crowd()).page
        seek(tab, f"name {COUNT - 1:04}")
        before = int(tab.locator("#note").inner_text().split()[1])
        tab.click("text=Show its neighbours")
        assert int(tab.locator("#note").inner_text().split()[1]) == before + 8
        address(tab, "with=")

    def test_all_names_can_be_drawn(self, visit: Visitor) -> None:
        seen = visit(crowd())
        seen.page.select_option("#names", "all")
        assert seen.page.locator("#note").inner_text() == ""
        assert seen.troubles == []

    @pytest.mark.parametrize("measure", ["part", "statements", "spoken_of", "degree", "pagerank", "betweenness"])
    def test_each_measure_is_explained(self, visit: Visitor, measure: str) -> None:
        tab = visit().page
        tab.select_option("#size", measure)
        assert tab.locator("#size-help").inner_text().endswith(".")

    def test_a_click_on_a_line_lists_its_statements(self, visit: Visitor) -> None:
        tab = visit(ACCUSING).page
        box = tab.locator("#canvas").bounding_box()
        assert box
        tab.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        tab.wait_for_selector("#tip:visible")
        assert tab.locator("#tip").inner_text() == "Ana Reyes accuses Northern Line · 1 statement"
        tab.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        expect(tab.locator("#panel h2")).to_contain_text("accuses")

    def test_it_can_be_walked_with_the_keyboard(self, visit: Visitor) -> None:
        tab = visit().page
        tab.focus("#canvas")
        tab.keyboard.press("ArrowRight")
        assert heading(tab) == "Ana Reyes"
        tab.keyboard.press("ArrowRight")
        assert heading(tab) != ""
        tab.keyboard.press("Enter")
        assert tab.evaluate("document.activeElement.tagName") == "H2"

    def test_escape_lets_go(self, visit: Visitor) -> None:
        tab = visit().page
        tab.focus("#canvas")
        tab.keyboard.press("ArrowRight")
        tab.keyboard.press("Escape")
        assert heading(tab) == "Who said what, and where it stands"


class TestTable:
    def test_it_keeps_step_with_the_filters(self, visit: Visitor) -> None:
        seen = visit()
        seen.open("table")
        assert seen.page.locator("#rows tr").count() == 8
        seen.page.uncheck("[data-group=type][value=direct]")
        assert seen.page.locator("#rows tr").count() == 6

    def test_a_row_opens_its_evidence(self, visit: Visitor) -> None:
        seen = visit()
        seen.open("table")
        seen.page.click("#rows tr:has-text('heard nothing')")
        assert heading(seen.page) == "fishermen at the pier"
        assert "Harbour opens The Ellery Gazette, 2024-05-02" in seen.page.locator("#panel .from").inner_text()

    def test_a_column_sorts_up_then_down_then_not(self, visit: Visitor) -> None:
        seen = visit()
        seen.open("table")
        speakers = seen.page.locator("#rows td:first-child .speaker")
        before = speakers.all_inner_texts()
        seen.page.click("[data-column=speaker]")
        up = speakers.all_inner_texts()
        assert up == [*sorted(up[:-1], key=str.lower), "speaker not decided"]
        seen.page.click("[data-column=speaker]")
        assert speakers.all_inner_texts()[0] == "Weather Office"
        assert seen.page.locator("th[aria-sort=descending]").inner_text().startswith("SPEAKER")
        seen.page.click("[data-column=speaker]")
        assert speakers.all_inner_texts() == before

    def test_it_can_hold_only_what_is_chosen(self, visit: Visitor) -> None:
        seen = visit()
        seek(seen.page, "weather off")
        seen.open("table")
        seen.page.check("#only-chosen")
        assert seen.page.locator("#rows tr").count() == 2

    def test_more_rows_come_on_demand(self, visit: Visitor) -> None:
        seen = visit(crowd())
        seen.open("table")
        assert seen.page.locator("#rows tr").count() == 200
        seen.page.click("#more")
        assert seen.page.locator("#rows tr").count() == 400


class TestAddress:
    @pytest.mark.parametrize("iri_", [OVERVIEW.statements[0].iri, REYES, PORT, HARBOUR_NEWS.iri, f"{HARBOUR_NEWS.iri}/char=0,5"])
    def test_a_short_one_from_a_report_opens_what_it_names(self, visit: Visitor, iri_: str) -> None:
        tab = visit(fragment="/".join(iri_.split("/")[3:])).page
        assert tab.locator("#panel .passage").count() > 0

    def test_a_short_one_works_on_an_open_page(self, visit: Visitor) -> None:
        tab = visit().page
        tab.evaluate("location.hash = 'actor/weather-office'")
        expect(tab.locator("#panel h2")).to_have_text("Weather Office")

    def test_what_is_shown_stands_readable_in_it(self, visit: Visitor) -> None:
        seen = visit()
        seen.open("table")
        seen.page.uncheck("[data-group=kind][value=place]")
        seen.page.fill("#from", "2024-05-02")
        seek(seen.page, "weather off")
        address(seen.page, "chosen=actor/weather-office")
        assert seen.page.evaluate("location.hash") == "#tab=table&hide=kind:place&from=2024-05-02&chosen=actor/weather-office"

    def test_one_that_was_sent_shows_the_same(self, visit: Visitor) -> None:
        tab = visit(
            fragment="tab=table&hide=kind:place,act:warn&from=2024-05-02&size=pagerank&sort=-speaker&chosen=actor/weather-office"
        ).page
        assert heading(tab) == "Weather Office"
        assert tab.locator("#tab-table").get_attribute("aria-selected") == "true"
        assert tab.locator("[data-group=kind][value=place]").is_checked() is False
        assert tab.locator("[data-group=act][value=warn]").is_checked() is False
        assert tab.locator("th[aria-sort=descending]").count() == 1
        assert (tab.input_value("#from"), tab.input_value("#size")) == ("2024-05-02", "pagerank")

    def test_of_many_options_the_few_that_are_on_are_named(self, visit: Visitor) -> None:
        tab = visit().page
        tab.click("[aria-label='What the speaker does: none']")
        tab.check("[data-group=act][value=say]")
        address(tab, "only=act:say")
        tab.reload()
        tab.wait_for_selector("body[data-ready]")
        assert tab.locator("[data-group=act]:checked").count() == 1

    def test_a_line_is_named_by_what_it_joins(self, visit: Visitor) -> None:
        tab = visit(ACCUSING, fragment="chosen=edge/accuses/actor/ana-reyes/actor/northern-line").page
        assert heading(tab) == "Ana Reyes accuses Northern Line"

    def test_back_and_forward_lead_through_what_was_chosen(self, visit: Visitor) -> None:
        tab = visit().page
        seek(tab, "weather off")
        address(tab, "chosen=actor/weather-office")
        tab.wait_for_timeout(250)
        seek(tab, "northern line")
        address(tab, "chosen=actor/northern-line")
        tab.go_back()
        expect(tab.locator("#panel h2")).to_have_text("Weather Office")
        tab.go_forward()
        expect(tab.locator("#panel h2")).to_have_text("Northern Line")

    @pytest.mark.parametrize(
        "fragment",
        [
            "%",
            "chosen=%E0%A4",
            "hide=kind",
            "tab=nowhere&size=x&from=x",
            "chosen=edge/accuses/actor/a/actor/b",
            "actor/nobody",
            "__proto__=1",
        ],
    )
    def test_a_broken_one_breaks_nothing(self, visit: Visitor, fragment: str) -> None:
        seen = visit(fragment=fragment)
        assert seen.page.locator("#counts").inner_text() == ALL
        assert seen.troubles == []


class TestKeyboard:
    def test_arrows_walk_through_the_tabs(self, visit: Visitor) -> None:
        tab = visit().page
        tab.focus("#tab-graph")
        tab.keyboard.press("ArrowRight")
        assert tab.evaluate("document.activeElement.id") == "tab-table"
        tab.keyboard.press("End")
        assert tab.locator("[aria-selected=true]").get_attribute("id") == "tab-matrix"

    def test_search_results_are_reached_and_chosen(self, visit: Visitor) -> None:
        tab = visit().page
        tab.keyboard.press("/")
        tab.keyboard.type("office")
        tab.keyboard.press("ArrowDown")
        tab.keyboard.press("Enter")
        assert heading(tab) == "Weather Office"
        assert tab.evaluate("document.activeElement.tagName") == "H2"

    def test_a_filter_is_switched_with_the_space_bar_and_keeps_the_focus(self, visit: Visitor) -> None:
        tab = visit().page
        tab.focus("[data-group=kind][value=place]")
        tab.keyboard.press("Space")
        assert tab.locator("#counts").inner_text().startswith("6 of 7 names")
        assert tab.evaluate("document.activeElement.value") == "place"


class TestHostileTexts:
    def test_they_run_nothing_and_are_shown_as_they_are(self, visit: Visitor) -> None:
        seen = visit(HOSTILE, title="{{ 7*7 }}<b>")
        seek(seen.page, "onerror")
        seen.open("table")
        seen.page.click("#rows tr")
        seen.page.wait_for_timeout(200)
        assert seen.page.title() == "{{ 7*7 }}<b>"
        assert seen.troubles == []
        assert seen.page.locator("img, #panel script, #results script, #rows script").count() == 0
        assert "<img src=x onerror=" in seen.page.locator("#panel mark").inner_text()
        assert seen.page.locator("a[href^='javascript']").count() == 0

    @pytest.mark.parametrize("width", [1280, 390])
    def test_a_name_of_ten_thousand_characters_breaks_no_layout(self, visit: Visitor, width: int) -> None:
        tab = visit(HOSTILE, width=width).page
        seek(tab, "very long")
        box = tab.locator("#panel h2").bounding_box()
        assert box and box["height"] < 300
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
