"""Who cannot see the picture, or cannot use a mouse, gets the same: axe-core finds nothing in any view, theme or width."""

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from invented import EMPTY
from playwright.sync_api import Browser, Page
from visiting import TABS, Visit, visiting

from kg.graph import Graph
from kg.pipeline import Report
from kg.render import page

pytestmark = [pytest.mark.browser, pytest.mark.model]

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
LOOKS = {
    f"{theme} {name}": {"color_scheme": theme} | more
    for theme in ("light", "dark")
    for name, more in {"wide": {"width": 1280}, "narrow": {"width": 390}, "high contrast": {"contrast": "more"}}.items()
}


@pytest.fixture(scope="module")
def html(seeds: tuple[Path, Report]) -> str:
    """The page of the five seeds: every view has something to show."""
    with Graph(seeds[0]) as graph:
        return graph.page(title="Who said what")


@pytest.fixture(scope="module", params=LOOKS)
def opened(request: pytest.FixtureRequest, browser: Browser, html: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visit]:
    with visiting(browser, html, tmp_path_factory.mktemp("access"), **LOOKS[request.param]) as visit:
        visit.page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8"))
        yield visit


@pytest.fixture
def seen(opened: Visit) -> Visit:
    """The page as it opens, in one of its looks."""
    opened.page.evaluate("location.hash = ''")
    return opened


def violations(tab: Page) -> list[str]:
    """Return what axe-core finds: rule, impact and place of each violation, whatever its impact."""
    answer: dict[str, Any] = tab.evaluate("rules => axe.run(document, { runOnly: rules, resultTypes: ['violations'] })", list(RULES))
    found = ((rule, node) for rule in answer["violations"] for node in rule["nodes"])
    return [f"{rule['id']} ({rule['impact']}): {node['target']} {node['html'][:120]}" for rule, node in found]


@pytest.mark.parametrize("tab", TABS)
def test_a_view_has_no_barrier_with_a_name_chosen(seen: Visit, tab: str) -> None:
    seen.open(tab)
    seen.page.fill("#search", "an")
    seen.page.press("#search", "Enter")
    seen.page.wait_for_selector("#panel .passage")
    assert violations(seen.page) == []


def test_the_page_as_it_opens_has_no_barrier(seen: Visit) -> None:
    seen.page.fill("#search", "")
    assert violations(seen.page) == []


def test_the_open_menu_has_no_barrier(seen: Visit) -> None:
    seen.page.click("#export summary")
    found = violations(seen.page)
    seen.page.keyboard.press("Escape")
    assert found == []


def test_an_empty_page_has_no_barrier(browser: Browser, tmp_path: Path) -> None:
    with visiting(browser, page(EMPTY, title="Nothing"), tmp_path) as visit:
        visit.page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8"))
        assert violations(visit.page) == []


KEYS = pytest.mark.parametrize("opened", ["light wide", "dark narrow"], indirect=True)
IN_VIEW = "tab => document.querySelector(`#view-${tab}`).contains(document.activeElement)"
LAST = """tab => [...document.querySelectorAll(`#view-${tab} :is(button, a[href], select, input, [tabindex="0"])`)]
    .filter(one => one.checkVisibility() && one.tabIndex >= 0).at(-1).focus()"""


@KEYS
@pytest.mark.parametrize("tab", TABS)
def test_the_tab_key_leads_into_a_view_and_out_of_it(seen: Visit, tab: str) -> None:
    seen.open(tab)
    seen.page.focus(f"#tab-{tab}")
    inside = [walked(seen.page, tab) for _ in range(4)]
    seen.page.evaluate(LAST, tab)
    assert any(inside)
    assert not walked(seen.page, tab)


def walked(page: Page, tab: str) -> bool:
    """Press the tab key and tell whether the focus is in a view then."""
    page.keyboard.press("Tab")
    return bool(page.evaluate(IN_VIEW, tab))


@KEYS
@pytest.mark.parametrize("tab", TABS)
def test_what_has_the_focus_in_a_view_looks_otherwise(seen: Visit, tab: str) -> None:
    seen.open(tab)
    seen.page.focus(f"#tab-{tab}")
    assert [one for one in (unmarked(seen.page, tab) for _ in range(6)) if one] == []


def unmarked(page: Page, tab: str) -> str:
    """Press the tab key and return what has the focus in the view without a sign of it, if it has none."""
    if not walked(page, tab):
        return ""
    focused = page.evaluate_handle("document.activeElement").as_element()
    assert focused is not None
    focused.scroll_into_view_if_needed()
    with_focus = page.screenshot()
    focused.evaluate("element => element.blur()")
    without = page.screenshot()
    focused.focus()
    return "" if with_focus != without else str(focused.evaluate("element => element.outerHTML.slice(0, 120)"))
