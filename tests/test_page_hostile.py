"""What an attacker or a broken export puts into an article is shown as it stands: it runs nothing, loads nothing and breaks nothing."""

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
from hostile import PAYLOADS
from invented import article
from playwright.sync_api import Browser
from visiting import TABS, Visit, visiting

from kg.records import Actor, Article, Claim, Finding, Overview, Quantity, Said, Span
from kg.render import page
from kg.vocab import iri

pytestmark = pytest.mark.browser

TITLE = " ".join(text for text in PAYLOADS.values() if len(text) < 200 and "\ud83d" not in text)
ORDER = {name: at for at, name in enumerate(PAYLOADS)}
KINDS = ("person", "organization", "government", "group", "place", "unnamed")


def hostile(at: int, text: str) -> tuple[Actor, Said, Article]:
    """Return an actor, a statement and an article in which a text stands wherever a text can stand."""
    kind = KINDS[at % len(KINDS)]
    home = article(
        f"h{at:02}",
        f"{text}\n\nHere: {text}, said {text}.",
        id=text,
        title=text,
        publisher=text,
        url=text,
        date=text if at % 2 else "2024-05-02",
    )
    first = len(text) + len("\n\nHere: ")
    cue = first + len(text) + 2
    who = Actor(
        iri("place" if kind == "place" else "actor", f"h{at:02}"),
        "person" if kind == "unnamed" else kind,
        text,
        aliases=(f"{text} alias",),
        latitude=float(at) - 40 if kind == "place" else None,
        longitude=2.0 * at if kind == "place" else None,
        links=(text, f"https://x.example/{text}"),
        unnamed=kind == "unnamed",
    )
    said = Said(
        iri=iri("statement", f"h{at:02}"),
        article=home.iri,
        type=("direct", "mixed", "indirect")[at % 3],
        act=("accuse", "deny", "say", "pledge")[at % 4],
        kind="report",
        content=(Span(first, first + len(text)),),
        cue=(Span(cue, cue + 4),),
        source=(Span(cue + 5, cue + 5 + len(text)),),
        confidence=0.5,
        speaker=who.iri,
        role=text,
        date=text if at % 5 == 0 else None,
    )
    return who, said, home


def counted(at: int, text: str) -> Quantity:
    """Return a quantity of which two figures are told, one of them in a statement, with a text wherever a text can stand."""
    home, statement = iri("doc", f"h{at:02}"), iri("statement", f"h{at:02}")
    kinds = ("conflict", "update", "agreement", "share-fits")
    first = len(text) + len("\n\nHere: ")
    span = Span(first, first + len(text))
    one = Claim(
        iri("figure", f"h{at:02}-1"),
        home,
        span,
        "about",
        7.0 * at,
        unit=text,
        statement=statement,
        as_of=text if at % 3 else "2024-05",
        basis="text",
    )
    two = Claim(
        iri("figure", f"h{at:02}-2"), home, Span(0, len(text)), "exact", None, 1.0, 5.0, unit=text, as_of="2024-05-01", basis="published"
    )
    finding = Finding(kinds[at % len(kinds)], (one.iri, two.iri), text)
    return Quantity(iri("quantity", f"h{at:02}"), text, text, at % 2 == 0, (one, two), (finding,))


def overview() -> Overview:
    """Return all of them in one graph; each speaks about the next."""
    actors, statements, articles = zip(*(hostile(at, text) for at, text in enumerate(PAYLOADS.values())), strict=True)
    told = [replace(said, about=(actors[(at + 1) % len(actors)].iri,)) for at, said in enumerate(statements)]
    quantities = tuple(counted(at, text) for at, text in enumerate(PAYLOADS.values()))
    return Overview(tuple(articles), tuple(actors), tuple(told), quantities)


@pytest.fixture(scope="module")
def html() -> str:
    return page(overview(), title=TITLE)


@pytest.fixture(scope="module")
def opened(browser: Browser, html: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visit]:
    with visiting(browser, html, tmp_path_factory.mktemp("hostile")) as visit:
        yield visit


@pytest.fixture
def seen(opened: Visit) -> Visit:
    """The page as it opens; one page for all, since so much takes seconds to read."""
    opened.page.evaluate("location.hash = ''")
    opened.forget()
    return opened


FOREIGN = (
    "img, picture, iframe, frame, object, embed, form, base, link, video, audio, source, math, template, textarea, foreignObject, [srcdoc]"
)
STRANGE = """foreign => ({
    foreign: [...document.querySelectorAll(foreign)].map(element => element.outerHTML.slice(0, 80)),
    scripts: document.scripts.length,
    listeners: [...document.querySelectorAll("*")].flatMap(element => element.getAttributeNames()).filter(name => name.startsWith("on")),
    addresses: [...document.querySelectorAll("[href]")].map(link => link.getAttribute("href")).filter(to => !/^(https:\\/\\/|#)/.test(to)),
    ran: window.pwned ?? null,
})"""
NOTHING = {"foreign": [], "scripts": 4, "listeners": [], "addresses": [], "ran": None}


def harmless(seen: Visit) -> None:
    """Fail where a text became more than a text."""
    assert seen.page.evaluate(STRANGE, FOREIGN) == NOTHING
    assert seen.troubles == []


def squeezed(text: str) -> str:
    """Return a text as JSON without what a field of one line or a paragraph drops."""
    return json.dumps(re.sub(r"[ \t\r\n]+", "", text))


ASK = """asked => {
    const box = document.querySelector("#search");
    box.value = JSON.parse(asked);
    box.dispatchEvent(new Event("input"));
}"""
SHOWS = """([where, text]) =>
    [...document.querySelectorAll(where)].some(one => one.textContent.replace(/[ \\t\\r\\n]+/g, "").includes(JSON.parse(text)))"""


@pytest.mark.parametrize("name", PAYLOADS)
def test_search_finds_the_name_and_the_panel_shows_it_with_its_words(seen: Visit, name: str) -> None:
    at = ORDER[name]
    asked = max(re.split(r"[\r\n]+", PAYLOADS[name]), key=len)
    seen.page.evaluate(ASK, json.dumps(asked))
    seen.page.locator(f"#results [data-id=a{at}]").click()
    expected = squeezed(PAYLOADS[name])
    assert seen.page.evaluate(SHOWS, ["#panel h2", expected])
    assert seen.page.evaluate(SHOWS, ["#panel .passage", expected])
    harmless(seen)


COUNT = len(PAYLOADS)
WHOLE = f"{COUNT} of {COUNT} names · {COUNT} of {COUNT} statements"


@pytest.mark.parametrize("tab", TABS)
def test_every_view_counts_right_and_gives_files_that_can_be_read(seen: Visit, tab: str) -> None:
    seen.open(tab)
    assert seen.page.locator("#counts").inner_text() == WHOLE
    assert len(list(csv.DictReader(io.StringIO(seen.taken("csv").decode("utf-8"), newline="")))) == COUNT
    assert len(list(ox.parse(seen.taken("ttl"), format=ox.RdfFormat.TURTLE))) > 20 * COUNT
    if tab != "table":
        assert ElementTree.fromstring(seen.taken("svg")).tag.endswith("svg")
    harmless(seen)


@pytest.fixture(scope="module", params=[1280, 390])
def wide(
    request: pytest.FixtureRequest, browser: Browser, html: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Visit, int]]:
    with visiting(browser, html, tmp_path_factory.mktemp("wide"), width=request.param) as visit:
        yield visit, request.param


@pytest.mark.parametrize("tab", TABS)
def test_nothing_sticks_out_sideways(wide: tuple[Visit, int], tab: str) -> None:
    seen, width = wide
    seen.open(tab)
    assert seen.page.evaluate("document.documentElement.scrollWidth") == width
    harmless(seen)


@pytest.mark.parametrize("group", ["type", "act", "kind", "side", "publisher", "article"])
def test_every_box_of_a_filter_can_be_switched_off_and_on(seen: Visit, group: str) -> None:
    switch = "group => document.querySelectorAll(`#filters [data-group='${group}']`).forEach(box => box.click())"
    seen.page.evaluate(switch, group)
    assert seen.page.locator("#counts").inner_text() != WHOLE
    seen.page.evaluate(switch, group)
    assert seen.page.locator("#counts").inner_text() == WHOLE
    harmless(seen)


ADDRESSES = (
    "javascript:window.pwned=1",
    "<script>window.pwned=1</script>",
    "tab=__proto__",
    "tab=<img src=x onerror=window.pwned=1>",
    "size=constructor",
    "size=toString&sort=valueOf",
    "hide=constructor:x",
    "hide=__proto__:polluted",
    "only=toString:x,hasOwnProperty:y",
    "hide=nothing:x,,:,:::",
    "hide=%E0%A4%A,type:%",
    "from=9999-99-99&to=-1",
    "from=<b>&to=<b>",
    "from=2024-05-02&to=1970-01-01",
    "chosen=actor/__proto__",
    "chosen=edge/constructor/actor/h00/actor/h01",
    "chosen=%00",
    "with=actor/x,__proto__,constructor",
    "names=all&with=,,,",
    "doc/h00/char=99999999999999999999,1",
    "doc/__proto__",
    "statement/constructor",
    "actor/%E0%A4%A",
    "=&=&&&=",
    "x" * 20000,
)


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda address: address[:40])
def test_an_address_that_somebody_made_up_breaks_nothing(seen: Visit, address: str) -> None:
    seen.page.evaluate("address => { location.hash = address }", address)
    seen.open("table")
    seen.page.evaluate("location.hash = ''")
    seen.open("graph")
    assert seen.page.locator("#counts").inner_text() == WHOLE
    assert seen.page.evaluate("Object.prototype.polluted === undefined && Set.prototype.x === undefined")
    harmless(seen)


@pytest.mark.parametrize("address", ["hide=constructor:x&tab=__proto__", "size=toString&sort=valueOf&chosen=%E0%A4%A", "doc/h00/char=9,1"])
def test_a_page_opens_at_an_address_that_somebody_made_up(browser: Browser, html: str, tmp_path: Path, address: str) -> None:
    with visiting(browser, html, tmp_path, fragment=address) as seen:
        harmless(seen)


def test_the_title_stands_in_the_page_as_it_is(seen: Visit) -> None:
    assert seen.page.locator("h1").text_content().startswith("<script>window.pwned=1</script> </script>")
    harmless(seen)
