"""The map of places: an outline that fits the places, and a view that tells where people spoke from where they spoke of."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import EMPTY, article, said
from playwright.sync_api import Browser, Locator
from visiting import Visit, visiting

from kg.records import Actor, Overview
from kg.render import page
from kg.render.outline import FILE, MOST, Outline, outline
from kg.vocab import iri

GORIS, SUVA, PEREKOP = (39.51, 46.34), (-18.14, 178.44), (46.1, 33.7)
PLACES = st.lists(st.tuples(st.floats(-90, 90), st.floats(-180, 180)), min_size=1, max_size=40)


def corners(steps: list[int]) -> list[tuple[float, float]]:
    """Return a line's vertices as east and north in degrees."""
    east = north = 0
    found = []
    for at in range(0, len(steps), 2):
        east, north = east + steps[at], north + steps[at + 1]
        found.append((east / 100, north / 100))
    return found


def on_land(drawn: Outline, latitude: float, longitude: float) -> bool:
    """Tell whether a ray from a point to the north crosses the rings of land an odd number of times."""
    rings = [corners(ring) for ring in drawn["land"]]
    sides = [side for ring in rings for side in zip(ring, ring[1:], strict=False)]
    across = [(one, two) for one, two in sides if (one[0] > longitude) != (two[0] > longitude)]
    return sum(one[1] + (two[1] - one[1]) * (longitude - one[0]) / (two[0] - one[0]) > latitude for one, two in across) % 2 == 1


def vertices(drawn: Outline, west: float, east: float) -> int:
    """Count the vertices of land between two meridians."""
    return sum(west < x < east for ring in drawn["land"] for x, _ in corners(ring))


# ---------------------------------------------------------------- the outline


def test_a_graph_without_places_carries_no_outline() -> None:
    assert outline([]) == {}


@given(PLACES)
@settings(max_examples=15, deadline=None)
def test_the_outline_never_outgrows_a_page_wherever_the_places_are(places: list[tuple[float, float]]) -> None:
    assert 0 < sum(len(line) // 2 for lines in outline(places).values() for line in lines) <= MOST


@given(PLACES)
@settings(max_examples=8, deadline=None)
def test_the_order_of_the_places_and_their_number_change_no_line(places: list[tuple[float, float]]) -> None:
    assert outline(places) == outline([*reversed(places), places[0]])


def test_land_is_closed_so_that_it_can_be_filled() -> None:
    assert all(corners(ring)[0] == corners(ring)[-1] for ring in outline([GORIS, SUVA])["land"])


def test_no_line_jumps_across_the_map() -> None:
    lines = [line for lines in outline([GORIS, SUVA]).values() for line in lines]
    assert max(abs(step) for line in lines for step in line[2::2]) < 9000


@pytest.mark.parametrize(
    ("point", "expected"),
    [
        ((40.18, 44.51), True),  # Yerevan
        ((55.75, 37.62), True),  # Moscow
        ((38.9, -77.2), True),  # west of Washington
        ((-25.0, 135.0), True),  # the middle of Australia
        ((66.0, 177.0), True),  # Chukotka, before the 180th meridian
        ((41.5, 51.0), False),  # the Caspian Sea
        ((43.0, 34.0), False),  # the Black Sea
        ((30.0, -40.0), False),  # the Atlantic
    ],
)
def test_towns_stand_on_land_and_seas_are_water(point: tuple[float, float], expected: bool) -> None:
    assert on_land(outline([GORIS]), *point) is expected


def test_coasts_are_finer_where_the_places_are() -> None:
    assert vertices(outline([SUVA]), 160, 179) > 3 * vertices(outline([GORIS]), 160, 179)


def test_the_far_south_is_drawn_only_for_a_place_there() -> None:
    assert not on_land(outline([GORIS]), -80, 60)
    assert on_land(outline([(-77.85, 166.67)]), -80, 60)


def test_a_border_that_states_dispute_is_kept_apart_from_the_others() -> None:
    near = [abs(x - PEREKOP[1]) < 0.5 and abs(y - PEREKOP[0]) < 0.3 for x, y in sum(map(corners, outline([PEREKOP])["disputed"]), [])]
    assert any(near)


def test_the_file_of_the_outline_holds_numbers_and_no_names() -> None:
    rows = [row.partition("\t") for row in FILE.read_text("utf-8").splitlines() if not row.startswith("#")][1:]
    assert {kind for kind, *_ in rows} == {"land", "border", "disputed"}
    assert {letter for *_, line in rows for letter in line} <= set("0123456789,-abcdefz")


# ---------------------------------------------------------------- the view

HILL, CITY, LAKE, ISLE, LOST = (iri("place", key) for key in ("hill", "city", "lake", "isle", "lost"))
SPEAKER = iri("actor", "speaker")
TEXT = (
    "In Hillton the envoy said the road was open. In Hillton she said the bridge was shut. She said Cityville was calm. "
    "She said Farisle was quiet. She said Lostland was silent. Nobody spoke in Laketown.\n"
)
NEWS = article("maps", TEXT, title="Roads", date="2024-05-02")
OTHER = article("more", "In Hillton the envoy said the pass was closed.\n", title="Pass", date="2024-05-03")
MAPPED = Overview(
    articles=(NEWS, OTHER),
    actors=(
        Actor(SPEAKER, "person", "Ada Envoy"),
        Actor(CITY, "place", "Cityville", latitude=40.2, longitude=44.5),
        Actor(HILL, "place", "Hillton", latitude=39.5, longitude=46.3),
        Actor(ISLE, "place", "Farisle", latitude=-18.1, longitude=178.4),
        Actor(LAKE, "place", "Laketown", latitude=40.6, longitude=45.0),
        Actor(LOST, "place", "Lostland"),
    ),
    statements=(
        said(NEWS, ("the road was open",), "said", speaker=SPEAKER, place=HILL),
        said(NEWS, ("the bridge was shut",), "said", speaker=SPEAKER, place=HILL, about=(CITY,)),
        said(NEWS, ("Cityville was calm",), "said", speaker=SPEAKER, about=(CITY,)),
        said(NEWS, ("Farisle was quiet",), "said", speaker=SPEAKER, about=(ISLE,)),
        said(NEWS, ("Lostland was silent",), "said", speaker=SPEAKER, about=(LOST,)),
        said(OTHER, ("the pass was closed",), "said", speaker=SPEAKER, place=HILL, about=(HILL,)),
    ),
)


@pytest.fixture(scope="module")
def html() -> str:
    return page(MAPPED, title="Roads")


@pytest.fixture
def seen(browser: Browser, html: str, tmp_path: Path) -> Iterator[Visit]:
    with visiting(browser, html, tmp_path) as opened:
        opened.open("places")
        yield opened
        assert opened.troubles == []


def spot(seen: Visit, name: str) -> Locator:
    """Return the mark of a place."""
    return seen.page.locator(f'#view-places .spot[aria-label^="{name}"]')


def row(seen: Visit, name: str) -> Locator:
    """Return the line of a place in the list."""
    return seen.page.locator("#view-places .lists button", has_text=name)


def labels(seen: Visit) -> list[dict[str, float]]:
    """Return the boxes of the labels."""
    found: list[dict[str, float]] = seen.page.evaluate(
        "[...document.querySelectorAll('#view-places .label')].map(one => { const { x, y, width, height } = one.getBBox(); "
        "return { x, y, width, height } })"
    )
    return found


@pytest.mark.browser
def test_a_place_says_how_much_was_said_there_and_of_it(seen: Visit) -> None:
    assert spot(seen, "Hillton").get_attribute("aria-label") == "Hillton: 3 statements said there, spoken of in 1 statement"


@pytest.mark.browser
def test_a_scene_is_a_ring_and_what_is_spoken_of_a_disc(seen: Visit) -> None:
    assert (spot(seen, "Hillton").locator(".scene").count(), spot(seen, "Hillton").locator(".about").count()) == (1, 1)
    assert (spot(seen, "Cityville").locator(".scene").count(), spot(seen, "Cityville").locator(".about").count()) == (0, 1)


@pytest.mark.browser
def test_area_and_not_radius_grows_with_the_statements(seen: Visit) -> None:
    radii = [float(spot(seen, name).locator(".about").get_attribute("r") or 0) for name in ("Hillton", "Cityville")]
    assert radii[1] ** 2 == pytest.approx(2 * radii[0] ** 2)


@pytest.mark.browser
def test_a_place_that_no_statement_concerns_helps_to_find_the_way(seen: Visit) -> None:
    assert spot(seen, "Laketown").locator(".dot").count() == 1
    assert "named in no statement" in (spot(seen, "Laketown").get_attribute("aria-label") or "")


@pytest.mark.browser
def test_the_map_opens_where_most_is_said_and_tells_what_lies_outside(seen: Visit) -> None:
    assert "outside it Farisle (1)" in seen.page.inner_text("#view-places .above p")
    assert seen.page.text_content("#view-places .pointer .label") == "Farisle 1"


@pytest.mark.browser
def test_show_all_brings_the_far_place_in(seen: Visit) -> None:
    seen.page.click("#view-places .above button:has-text('show all')")
    assert "outside" not in seen.page.inner_text("#view-places .above p")
    assert seen.page.locator("#view-places .pointer").count() == 0


@pytest.mark.browser
def test_a_place_without_coordinates_is_listed_with_its_number_and_the_reason(seen: Visit) -> None:
    assert "No coordinates known" in seen.page.inner_text("#view-places .lists")
    assert "spoken of in 1 statement" in (row(seen, "Lostland").text_content() or "")


@pytest.mark.browser
def test_a_click_on_a_place_shows_its_statements(seen: Visit) -> None:
    spot(seen, "Hillton").locator(".scene").click()
    assert seen.page.inner_text("#panel h2") == "Hillton"
    assert "chosen" in (spot(seen, "Hillton").get_attribute("class") or "")


@pytest.mark.browser
def test_a_line_of_the_list_chooses_too_and_the_map_follows(seen: Visit) -> None:
    row(seen, "Farisle").click()
    assert seen.page.inner_text("#panel h2") == "Farisle"
    assert spot(seen, "Farisle").is_visible()
    assert row(seen, "Farisle").get_attribute("aria-pressed") == "true"


@pytest.mark.browser
def test_keys_alone_reach_and_choose_a_place(seen: Visit) -> None:
    seen.page.locator("#view-places .spot[tabindex='0']").focus()
    seen.page.keyboard.press("ArrowLeft")
    seen.page.keyboard.press("Enter")
    assert seen.page.inner_text("#panel h2") in ("Laketown", "Cityville")


@pytest.mark.browser
def test_the_map_is_one_stop_of_the_tab_key(seen: Visit) -> None:
    assert seen.page.locator("#view-places .spot[tabindex='0']").count() == 1


@pytest.mark.browser
@pytest.mark.parametrize(("key", "closer"), [("+", True), ("-", False)])
def test_plus_and_minus_zoom(seen: Visit, key: str, closer: bool) -> None:
    def apart() -> float:
        one, other = (spot(seen, name).bounding_box() for name in ("Hillton", "Cityville"))
        return 0 if one is None or other is None else abs(one["x"] - other["x"])

    before = apart()
    seen.page.locator("#view-places .spot[tabindex='0']").focus()
    seen.page.keyboard.press(key)
    seen.page.wait_for_timeout(100)
    assert (apart() > before) is closer


@pytest.mark.browser
def test_a_wheel_zooms_and_the_scale_says_so(seen: Visit) -> None:
    before = seen.page.text_content("#view-places .measure")
    seen.page.hover("#view-places .sea", position={"x": 100, "y": 100}, force=True)
    seen.page.mouse.wheel(0, 700)
    seen.page.wait_for_timeout(100)
    assert seen.page.text_content("#view-places .measure") != before


@pytest.mark.browser
def test_a_filter_takes_its_statements_off_the_map(seen: Visit) -> None:
    seen.page.locator("[data-group=article]").last.uncheck()
    assert spot(seen, "Hillton").get_attribute("aria-label") == "Hillton: 2 statements said there"


@pytest.mark.browser
def test_labels_do_not_collide(seen: Visit) -> None:
    boxes = labels(seen)
    meeting = [
        (one, other)
        for index, one in enumerate(boxes)
        for other in boxes[:index]
        if abs(one["x"] - other["x"] + (one["width"] - other["width"]) / 2) < (one["width"] + other["width"]) / 2 - 1
        and abs(one["y"] - other["y"]) < one["height"] - 3
    ]
    assert len(boxes) >= 3
    assert meeting == []


@pytest.mark.browser
def test_the_note_says_whose_outline_it_is(seen: Visit) -> None:
    assert "Natural Earth" in seen.page.inner_text("#view-places .note")


@pytest.mark.browser
def test_the_map_as_a_file_has_its_ground_its_places_and_its_note(seen: Visit) -> None:
    drawn = seen.taken("svg").decode()
    assert "Hillton" in drawn
    assert "takes no position" in drawn
    assert '<path d="M' in drawn.replace("\n", " ")


@pytest.mark.browser
def test_an_empty_graph_has_words_for_its_map(browser: Browser, tmp_path: Path) -> None:
    with visiting(browser, page(EMPTY, title="Nothing"), tmp_path) as seen:
        seen.open("places")
        assert "No place is named" in seen.page.inner_text("#view-places")
        assert seen.troubles == []


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280, 1700])
def test_nothing_of_the_map_is_cut(browser: Browser, html: str, tmp_path: Path, width: int) -> None:
    with visiting(browser, html, tmp_path, width=width) as seen:
        seen.open("places")
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
        high, wide = (float(seen.page.get_attribute("svg.map", side) or 0) for side in ("height", "width"))
        boxes = labels(seen)
        assert all(box["x"] >= 0 and box["x"] + box["width"] <= wide and box["y"] + box["height"] <= high for box in boxes)
