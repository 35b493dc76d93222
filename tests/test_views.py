"""Timeline, figures and matrix: what they draw, what they say of it in words, and how keys and pointers lead on to the evidence."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from invented import CAPEK, EMPTY, HOSTILE, LINE, OVERVIEW, PORT, REYES, TOWN, article
from playwright.sync_api import Browser, Locator, Page
from visiting import Visit, visiting

from kg.records import Actor, Claim, Finding, Overview, Quantity, Said, Span
from kg.render import page
from kg.vocab import iri

pytestmark = pytest.mark.browser

VIEWS = ("timeline", "figures", "matrix")
SPOKESMAN = iri("actor", "spokesman")

SAYINGS = (
    # speaker, spoken of, act, type, date, status
    (REYES, LINE, "accuse", "direct", "2024-05-02", "stated"),
    (REYES, LINE, "accuse", "indirect", "2024-05-02", "stated"),
    (REYES, PORT, "say", "mixed", "2024-05-03", "derived"),
    (REYES, None, "say", "indirect", "2024-04", "stated"),
    (SPOKESMAN, LINE, "deny", "direct", "2024-05-08", "stated"),
    (SPOKESMAN, PORT, "say", "indirect", "2023", "stated"),
    (CAPEK, PORT, "say", "indirect", None, "notStated"),
    (CAPEK, PORT, "say", "indirect", "2024-05-03", "derived"),
    (CAPEK, TOWN, "say", "direct", None, "unresolved"),
    (CAPEK, TOWN, "say", "direct", None, "notStated"),
    (None, LINE, "say", "indirect", None, "notStated"),
)
LEFT = "people who left Ellery"
HOUSES = "houses in Ellery"


def spoken(count: int, sayings: tuple[tuple[str | None, str | None, str, str, str | None, str], ...] = SAYINGS) -> Overview:
    """Return so many statements, taken in turn from the sayings; every fourth stands in an article without a date."""
    lines = [f"Point {number} is open, they said." for number in range(count)]
    dated = article("dddd", "\n".join(lines), title="Points", date="2024-05-09", publisher="The Ellery Gazette")
    undated = article("eeee", "\n".join(lines), title="More points")
    starts = [sum(len(line) + 1 for line in lines[:number]) for number in range(count)]
    statements = []
    for number, start in enumerate(starts):
        speaker, spoken_of, act, kind, date, status = sayings[number % len(sayings)]
        home = undated if number % 4 == 1 else dated
        statements.append(
            Said(
                iri=iri("statement", f"{home.key}-{number:05}"),
                article=home.iri,
                type=kind,
                act=act,
                kind="report",
                content=(Span(start, start + len(f"Point {number} is open")),),
                cue=(),
                source=(),
                confidence=0.9,
                speaker=speaker,
                target=spoken_of if act == "accuse" else None,
                about=(spoken_of,) if spoken_of and act != "accuse" else (),
                date=date,
                date_status=status,
            )
        )
    actors = (
        Actor(REYES, "person", "Ana Reyes", acts_for=TOWN),
        Actor(CAPEK, "person", "Anna Čapek"),
        Actor(TOWN, "government", "Government of Ellery"),
        Actor(LINE, "organization", "Northern Line"),
        Actor(SPOKESMAN, "person", "Ministry of Harbours and Fisheries spokesman", acts_for=TOWN),
        Actor(PORT, "place", "Port Ellery"),
    )
    return Overview((dated, undated), actors, tuple(statements), quantities(statements, dated.iri))


def claim(number: int, home: str, *, said: Said | None = None, **more: object) -> Claim:
    """Return a figure that stands on the first characters of an article, or in a statement."""
    given: dict[str, object] = {"span": Span(6, 7), "modifier": "exact", "unit": "people", "basis": "text"}
    return Claim(
        iri=iri("figure", f"{number:02}"), article=said.article if said else home, statement=said.iri if said else None, **(given | more)
    )


def quantities(said: list[Said], home: str) -> tuple[Quantity, ...]:
    """Return three: one that grows, one in conflict, one that is told once."""
    if not said:
        return ()
    left = (
        claim(0, home, low=2000.0, as_of=""),
        claim(1, home, said=said[0], low=4850.0, value=4850.0, modifier="at least", as_of="2024-05-02"),
        claim(2, home, said=said[1], value=78300.0, as_of="2024-05-03"),
    )
    houses = (
        claim(3, home, said=said[2], value=50.0, unit="house"),
        claim(4, home, said=said[4], value=110.0, modifier="about", unit="house"),
        claim(5, home, value=120.0, unit="house", as_of="2024-05-09", basis="published"),
        claim(6, home, said=said[6], value=120.0, unit="house"),
        claim(7, home, said=said[7], value=120.0, unit="house"),
    )
    boats = (claim(8, home, said=said[0], value=7.0, unit="boat"),)
    return (
        Quantity(iri("quantity", "a"), "boats", "boat", False, boats),
        Quantity(iri("quantity", "b"), LEFT, "people", True, left, (Finding("update", (left[2].iri, left[1].iri), ""),)),
        Quantity(
            iri("quantity", "c"),
            HOUSES,
            "house",
            False,
            houses,
            tuple(Finding("conflict", (other.iri, houses[0].iri), "") for other in houses[1:]),
        ),
    )


TALK = spoken(len(SAYINGS))
CROWD = spoken(
    2_200,
    tuple(
        (who, of, act, kind, f"2024-{1 + at % 12:02}-{1 + at % 27:02}", "stated") for at, (who, of, act, kind, *_) in enumerate(SAYINGS * 9)
    ),
)
LONG = "Very Long Name " * 700
TANGLED = replace(
    HOSTILE,
    quantities=(
        Quantity(
            iri("quantity", "evil"),
            "</h3><img src=x onerror=window.pwned=1> " + LONG,
            "<b>",
            True,
            tuple(
                Claim(
                    iri("figure", f"e{at}"),
                    HOSTILE.articles[0].iri,
                    Span(0, 12),
                    "</text><script>",
                    value=10.0**at,
                    unit="</svg>",
                    as_of="javascript:0",
                )
                for at in range(3)
            ),
        ),
    ),
)

Visitor = Callable[..., Visit]


@cache
def html(overview: Overview) -> str:
    """Return the page of an overview; several tests open the same."""
    return page(overview, title="Ellery")


@pytest.fixture
def visit(browser: Browser, tmp_path: Path) -> Iterator[Visitor]:
    with ExitStack() as stack:

        def opened(view: str, overview: Overview = TALK, **options: object) -> Visit:
            seen = stack.enter_context(visiting(browser, html(overview), tmp_path, **options))
            seen.open(view)
            return seen

        yield opened


def names(found: Locator) -> list[str]:
    """Return the names of elements as a screen reader says them."""
    return [one.get_attribute("aria-label") or "" for one in found.all()]


def steps(tab: Page, *keys: str) -> None:
    """Press keys one after the other."""
    for key in keys:
        tab.keyboard.press(key)


def first_mark(tab: Page, view: str) -> None:
    """Come to the drawing with the keyboard."""
    tab.locator(f"#view-{view} svg [tabindex='0']").first.focus()


# ---------------------------------------------------------------- all three


COLLIDING = """(view) => {
    const boxes = [...document.querySelectorAll(`#view-${view} svg:not(.legend *) text`)].filter((text) => text.textContent.trim())
        .map((text) => ({words: text.textContent, box: text.getBoundingClientRect(), svg: text.ownerSVGElement.getBoundingClientRect()}));
    const meet = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 3 && b.top < a.bottom - 3;
    const found = boxes.flatMap((one, at) =>
        boxes.slice(at + 1).filter((other) => meet(one.box, other.box)).map((other) => `${one.words} | ${other.words}`));
    const beyond = (a, b) => a.left < b.left - 1 || a.right > b.right + 1 || a.top < b.top - 2 || a.bottom > b.bottom + 2;
    const cut = boxes.filter(({box, svg}) => beyond(box, svg));
    return [...found, ...cut.map(({words}) => `cut: ${words}`)];
}"""


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("overview", [TALK, CROWD, TANGLED], ids=["talk", "crowd", "hostile"])
@pytest.mark.parametrize("view", VIEWS)
def test_no_label_meets_another_or_is_cut_at_the_edge(visit: Visitor, view: str, overview: Overview, width: int) -> None:
    tab = visit(view, overview, width=width).page
    assert tab.evaluate(COLLIDING, view) == []
    assert tab.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("view", VIEWS)
def test_hostile_texts_run_nothing_in_a_drawing(visit: Visitor, view: str) -> None:
    seen = visit(view, TANGLED)
    first_mark(seen.page, view)
    steps(seen.page, "ArrowDown", "ArrowRight", "Enter")
    assert seen.troubles == []
    assert seen.page.evaluate("[window.pwned ?? null, document.querySelectorAll('main img, main script').length]") == [None, 0]


@pytest.mark.parametrize(
    ("view", "words"), [("timeline", "No article says"), ("figures", "No article tells a figure"), ("matrix", "No article says")]
)
def test_a_view_without_data_says_so(visit: Visitor, view: str, words: str) -> None:
    seen = visit(view, EMPTY)
    assert words in seen.page.locator(f"#view-{view}").inner_text()
    assert seen.troubles == []


@pytest.mark.parametrize("view", ["timeline", "matrix"])
def test_a_view_whose_statements_are_all_hidden_says_so(visit: Visitor, view: str) -> None:
    tab = visit(view).page
    for kind in ("direct", "mixed", "indirect"):
        tab.uncheck(f"[data-group=type][value={kind}]")
    assert "filters" in tab.locator(f"#view-{view} .nothing").inner_text()


@pytest.mark.parametrize("view", VIEWS)
def test_a_drawing_is_one_stop_for_the_tab_key(visit: Visitor, view: str) -> None:
    tab = visit(view).page
    stops = [
        svg.locator("[tabindex='0']").count()
        for svg in tab.locator(f"#view-{view} svg[role=application], #view-{view} svg[role=grid]").all()
    ]
    assert stops
    assert set(stops) == {1}


@pytest.mark.parametrize("view", VIEWS)
def test_what_is_drawn_is_drawn_again_for_another_width(visit: Visitor, view: str) -> None:
    tab = visit(view).page
    tab.set_viewport_size({"width": 390, "height": 844})
    for _ in range(100):  # wait_for_function compiles its words anew in each frame, which the page's policy forbids
        if tab.evaluate("document.documentElement.scrollWidth") <= 390:
            break
        tab.wait_for_timeout(100)
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390
    assert tab.evaluate(COLLIDING, view) == []


@pytest.mark.parametrize("view", VIEWS)
def test_a_drawing_can_be_taken_along_as_svg(visit: Visitor, view: str) -> None:
    taken = visit(view).taken("svg").decode()
    assert "Ana Reyes" in taken
    assert "var(--" not in taken


# ---------------------------------------------------------------- timeline


def test_every_statement_has_a_mark_that_says_who_what_and_when(visit: Visitor) -> None:
    marks = names(visit("timeline").page.locator("#timeline .statement"))
    assert len(marks) == len(SAYINGS)
    assert "Ana Reyes, accuse · direct quotation, said 2 May 2024, Point 0 is open" in marks


def test_a_day_that_only_the_article_tells_has_a_mark_of_another_shape(visit: Visitor) -> None:
    tab = visit("timeline").page
    derived = tab.locator("#timeline .statement[aria-label*='by the article’s date']")
    assert derived.count() == 2
    assert tab.locator("#timeline .ring").count() == 2
    assert tab.locator("#timeline .ring .body").first.evaluate(
        "mark => getComputedStyle(mark).fill === getComputedStyle(document.body).backgroundColor"
    )


def test_what_has_no_day_stands_apart_and_says_so(visit: Visitor) -> None:
    heads = names(visit("timeline").page.locator("#timeline .head"))
    assert [head.split(",")[0] for head in heads] == [
        "Said on 2 May 2024",
        "Said on 3 May 2024",
        "Said on 8 May 2024",
        "Only the month is told",
        "Only the year is told",
        "Day not told",
        "Day not told",
    ]
    assert [head.split(", ")[1] for head in heads[-2:]] == ["article of 9 May 2024", "article without a date"]


def test_a_day_told_without_its_year_is_worded_so(visit: Visitor) -> None:
    marks = names(visit("timeline").page.locator("#timeline .statement"))
    assert sum("day told without its year, article of 9 May 2024" in mark for mark in marks) == 1


def test_speakers_of_one_side_stand_together_the_most_speaking_first(visit: Visitor) -> None:
    rows = names(visit("timeline").page.locator("#timeline .who"))
    assert rows == [
        "Ana Reyes, 4 statements, for Government of Ellery",
        "Ministry of Harbours and Fisheries spokesman, 2 statements, for Government of Ellery",
        "Anna Čapek, 4 statements",
    ]


def test_pointing_at_a_mark_tells_its_quotation(visit: Visitor) -> None:
    tab = visit("timeline").page
    tab.hover("#timeline [data-statement='0']")
    assert tab.locator(".tip q").inner_text() == "Point 0 is open"
    tab.mouse.move(5, 5)
    assert tab.locator(".tip").is_hidden()


def test_a_mark_leads_to_its_evidence(visit: Visitor) -> None:
    tab = visit("timeline").page
    tab.click("#timeline [data-statement='4']")
    assert tab.locator("#panel mark").first.inner_text() == "Point 4 is open"
    assert tab.locator("#timeline .chosen").get_attribute("data-statement") == "4"


def test_the_timeline_can_be_walked_with_arrows(visit: Visitor) -> None:
    tab = visit("timeline").page
    first_mark(tab, "timeline")
    steps(tab, "ArrowDown", "ArrowRight")
    assert tab.locator(".tip").is_visible()
    steps(tab, "Enter")
    assert tab.locator("#panel h2").inner_text() == "Ana Reyes"
    assert tab.evaluate("document.activeElement.tagName") == "H2"


def test_enter_on_a_day_shows_that_day_only_and_delete_shows_all_again(visit: Visitor) -> None:
    tab = visit("timeline").page
    first_mark(tab, "timeline")
    steps(tab, "Enter")
    assert (tab.input_value("#from"), tab.input_value("#to")) == ("2024-05-02", "2024-05-02")
    assert tab.locator("#timeline .statement").count() == 2
    assert tab.evaluate("document.activeElement.getAttribute('class')") == "head"
    steps(tab, "Delete")
    assert tab.locator("#timeline .statement").count() == len(SAYINGS)


def test_shift_and_arrows_take_in_more_days(visit: Visitor) -> None:
    tab = visit("timeline").page
    first_mark(tab, "timeline")
    steps(tab, "Shift+ArrowRight")
    assert "said on 2 May 2024 to said on 3 May 2024" in tab.locator("#timeline-range").inner_text()
    steps(tab, "Enter")
    assert (tab.input_value("#from"), tab.input_value("#to")) == ("2024-05-02", "2024-05-03")


def test_dragging_over_days_chooses_them_and_a_button_shows_all(visit: Visitor) -> None:
    tab = visit("timeline").page
    first, last = (tab.locator("#timeline .head").nth(at).bounding_box() or {} for at in (0, 2))
    tab.mouse.move(first["x"] + 8, first["y"] + 8)
    tab.mouse.down()
    tab.mouse.move(last["x"] + 8, last["y"] + 8, steps=4)
    tab.mouse.up()
    assert (tab.input_value("#from"), tab.input_value("#to")) == ("2024-05-02", "2024-05-08")
    tab.click("text=Show all days")
    assert tab.input_value("#from") == ""


def test_the_timeline_keeps_step_with_the_filters(visit: Visitor) -> None:
    tab = visit("timeline").page
    tab.uncheck("[data-group=type][value=direct]")
    assert tab.locator("#timeline .statement").count() == sum(saying[3] != "direct" for saying in SAYINGS)


def test_thousands_of_statements_become_bars_that_count_them_all(visit: Visitor) -> None:
    tab = visit("timeline", CROWD).page
    assert tab.locator("#timeline .statement").count() == 0
    counted = [int(name.split(" statement")[0].rsplit(", ", 1)[1].replace(",", "")) for name in names(tab.locator("#timeline .bar"))]
    assert sum(counted) == len(CROWD.statements)


def test_a_bar_leads_to_its_statements(visit: Visitor) -> None:
    tab = visit("timeline", CROWD).page
    bar = tab.locator("#timeline .bar").first
    number = int((bar.get_attribute("aria-label") or "").split(" statement")[0].rsplit(", ", 1)[1])
    bar.click()
    assert tab.locator("#panel h2").inner_text().startswith("Ana Reyes, said in January 2024")
    assert f"· {number}" in tab.locator("#panel h3").first.text_content()


# ---------------------------------------------------------------- figures


def chart(tab: Page, name: str) -> Locator:
    """Return the part of the view that is about a quantity."""
    return tab.locator(f".quantity:has(h2 bdi:text-is('{name}'))")


def test_what_grows_or_conflicts_comes_first_and_what_is_told_once_last(visit: Visitor) -> None:
    heads = visit("figures").page.locator(".quantity h2").all_text_contents()
    assert heads == [HOUSES, LEFT, "Figures told once"]


def test_a_figure_says_its_claimant_and_its_day(visit: Visitor) -> None:
    rows = names(chart(visit("figures").page, LEFT).locator(".claim"))
    assert [row.rpartition(", ")[0] for row in rows] == [
        "2,000 or more people, an article, day not told",
        "at least 4,850 people, Ana Reyes, as of 2 May 2024",
        "78,300 people, Ana Reyes, as of 3 May 2024",
    ]


def test_a_count_that_is_updated_steps_on_to_the_later_one(visit: Visitor) -> None:
    part = chart(visit("figures").page, LEFT)
    assert part.locator(".drawn .step").count() == 1
    assert part.locator(".verdict").inner_text().endswith("Grows from at least 4,850 to 78,300.")


def test_a_conflict_is_told_in_words_and_drawn_as_a_sign(visit: Visitor) -> None:
    part = chart(visit("figures").page, HOUSES)
    assert "In conflict: 4 pairs of figures cannot both hold." in part.locator(".verdict").inner_text()
    assert part.locator(".against .unequal").count() == 1
    assert sum("In conflict with" in name for name in names(part.locator(".claim"))) == 4


def test_the_article_s_own_figure_is_a_square_and_a_claimed_one_a_dot(visit: Visitor) -> None:
    part = chart(visit("figures").page, HOUSES)
    assert (part.locator("svg.chart .drawn rect.own").count(), part.locator("svg.chart .drawn circle.claimed").count()) == (1, 3)


def test_equal_figures_are_one_row_that_names_who_claims_them(visit: Visitor) -> None:
    assert any(name.startswith("120, Anna Čapek, day not told") for name in names(chart(visit("figures").page, HOUSES).locator(".claim")))


def test_a_figure_leads_to_its_statement(visit: Visitor) -> None:
    tab = visit("figures").page
    chart(tab, LEFT).locator(".claim").nth(2).click()
    assert tab.locator("#panel mark").first.inner_text() == "Point 1 is open"


def test_a_figure_of_the_article_itself_leads_to_its_passage(visit: Visitor) -> None:
    tab = visit("figures").page
    chart(tab, LEFT).locator(".claim").first.click()
    assert tab.locator("#panel h2").inner_text() == f"{LEFT}: 2,000 or more"
    assert tab.locator("#panel mark").all_inner_texts() == ["0"]
    assert "Points" in tab.locator("#panel .from").inner_text()


def test_figures_are_walked_and_chosen_with_the_keyboard(visit: Visitor) -> None:
    tab = visit("figures").page
    tab.locator(".quantity svg [tabindex='0']").nth(1).focus()
    steps(tab, "ArrowDown", "Enter")
    assert tab.locator("#panel mark").first.inner_text() == "Point 0 is open"


def test_the_table_beside_a_chart_has_all_its_figures(visit: Visitor) -> None:
    part = chart(visit("figures").page, HOUSES)
    part.locator("summary").click()
    assert part.locator("tbody tr").count() == 5
    assert (
        part.locator("tbody tr").filter(has_text="the article itself").inner_text().split()
        == "120 the article itself 9 May 2024 day of the article Points".split()
    )


def test_figures_of_hidden_statements_are_hidden_and_counted(visit: Visitor) -> None:
    tab = visit("figures").page
    tab.uncheck("[data-group=type][value=indirect]")
    assert chart(tab, HOUSES).locator(".claim").count() == 3
    assert "2 figures hidden by filters." in chart(tab, HOUSES).inner_text()


# ---------------------------------------------------------------- matrix


def test_a_cell_counts_what_one_says_of_another_and_marks_accusations(visit: Visitor) -> None:
    tab = visit("matrix").page
    cell = tab.locator("#matrix [aria-label^='Ana Reyes about Northern Line']")
    assert cell.get_attribute("aria-label") == "Ana Reyes about Northern Line, 2 statements, 2 accusations"
    assert cell.locator("text").text_content() == "2"
    assert tab.locator("#matrix .corner").count() == 1


def test_names_say_their_sums(visit: Visitor) -> None:
    tab = visit("matrix").page
    assert "Ana Reyes, speaks of others in 3 statements" in names(tab.locator("#matrix [role=rowheader]"))
    assert "Port Ellery, spoken of in 4 statements" in names(tab.locator("#matrix [role=columnheader]"))


def test_a_cell_leads_to_its_statements(visit: Visitor) -> None:
    tab = visit("matrix").page
    tab.click("#matrix [aria-label^='Ana Reyes about Northern Line']")
    assert tab.locator("#panel h2").inner_text() == "Ana Reyes about Northern Line"
    assert tab.locator("#panel .said mark").all_inner_texts() == ["Point 0 is open", "Point 1 is open"]


def test_a_list_of_statements_stays_when_filters_change(visit: Visitor) -> None:
    tab = visit("matrix").page
    tab.click("#matrix [aria-label^='Ana Reyes about Northern Line']")
    tab.uncheck("[data-group=type][value=direct]")
    assert tab.locator("#panel h2").inner_text() == "Ana Reyes about Northern Line"
    assert tab.locator("#panel .said mark").all_inner_texts() == ["Point 1 is open"]


def test_the_next_list_is_read_from_its_beginning(visit: Visitor) -> None:
    tab = visit("matrix", height=400).page
    tab.click("#matrix [aria-label^='Ana Reyes about Northern Line']")
    tab.evaluate("document.querySelector('#panel').scrollTop = 1000")
    assert tab.evaluate("document.querySelector('#panel').scrollTop") > 0
    tab.locator("#matrix .cell:not([aria-label^='Ana Reyes about Northern Line'])").first.click()
    assert tab.locator("#panel h2").inner_text() != "Ana Reyes about Northern Line"
    assert tab.evaluate("document.querySelector('#panel').scrollTop") == 0


def test_the_matrix_can_be_walked_with_arrows(visit: Visitor) -> None:
    tab = visit("matrix").page
    first_mark(tab, "matrix")
    assert tab.evaluate("document.activeElement.getAttribute('role')") == "columnheader"
    steps(tab, "ArrowDown", "Home")
    assert tab.evaluate("document.activeElement.getAttribute('role')") == "rowheader"
    steps(tab, "ArrowRight", "Enter")
    assert tab.locator("#panel .said").count() > 0


def test_the_matrix_keeps_step_with_the_filters(visit: Visitor) -> None:
    tab = visit("matrix").page
    tab.uncheck("[data-group=act][value=accuse]")
    assert tab.locator("#matrix [aria-label^='Ana Reyes about Northern Line']").count() == 0


def test_columns_that_have_no_room_are_named_and_can_be_shown(visit: Visitor) -> None:
    many = tuple((REYES, iri("actor", f"x{at:02}"), "say", "direct", None, "notStated") for at in range(40))
    crowd = spoken(40, many)
    crowd = replace(crowd, actors=(*crowd.actors, *(Actor(iri("actor", f"x{at:02}"), "person", f"Name {at}") for at in range(40))))
    tab = visit("matrix", crowd).page
    few = tab.locator("#matrix [role=columnheader]").count()
    assert few < 30
    assert "Also spoken of" in tab.locator("#view-matrix .rest").inner_text()
    tab.click("text=Show 30 columns")
    assert tab.locator("#matrix [role=columnheader]").count() == 30


def test_the_small_invented_town_draws_without_trouble(visit: Visitor) -> None:
    seen = visit("timeline", OVERVIEW)
    for view in VIEWS:
        seen.open(view)
    assert seen.troubles == []
