"""The server's pages: what a reader finds on them, where their links lead, and what no text can make of them."""

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

import pytest
import town
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page, expect

from kg.questions import library
from kg.serve.pages import MOST, PAGE, entity_page, entity_triples, query_page
from kg.store import Store, rewrite
from kg.vocab import BASE, KG, OA, PROV, RDF, SCHEMA, SKOS, XSD, Iri, Literal, Quad, iri, selector_iri

VOID = {"meta", "link", "br"}


class Read(HTMLParser):
    """A page as a machine reads it; a tag that is not closed in its turn is an error."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.open: list[str] = []
        self.texts: list[tuple[str, str]] = []
        self.attributes: set[str] = set()
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        self.attributes |= set(given)
        self.ids += [given["id"] or ""] if "id" in given else []
        self.links += [given["href"] or ""] if tag == "a" else []
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append((self.open[-1] if self.open else "", data))

    @property
    def text(self) -> str:
        """All that is shown, white space folded."""
        return " ".join(" ".join(data for tag, data in self.texts if tag != "style").split())


def store_of(output, quads: list[Quad]) -> Store:
    rewrite(output, {graph: [quad for quad in quads if quad[3] == graph] for graph in {quad[3] for quad in quads}})
    return Store(output)


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Iterator[Store]:
    with store_of(tmp_path_factory.mktemp("town"), town.quads()) as opened:
        yield opened


def read(store: Store, path: str, **more: int) -> Read:
    html = entity_page(store, Iri(BASE + path), **more)
    assert html is not None
    return Read(html)


REYES = "actor/ana-reyes"
DOCUMENT = f"doc/{town.KEY}"


# ---------------------------------------------------------------- what is on a page


def test_an_actor_has_its_names_its_statements_and_why_it_is_one(store):
    page = read(store, REYES)
    assert ("bdi", "Ana Reyes") in page.texts
    assert {"facts", "statements", "named"} <= set(page.ids)
    assert "We worked all night" in page.text


def test_a_statement_of_an_actor_shows_quotation_article_and_place(store):
    assert re.search(r"Ana Reyes · say .*characters \d+–\d+", read(store, REYES).text)


def test_a_statement_has_its_passages_with_the_words_around_them(store):
    (path, *_) = [link for link in read(store, DOCUMENT).links if link.startswith("/statement/")]
    page = read(store, path.removeprefix("/"))
    assert "passage" in page.ids
    assert "mark" in page.tags
    assert f"/{DOCUMENT}" in page.links


def test_a_document_has_its_statements_in_the_order_of_its_text(store):
    starts = [int(start) for start in re.findall(r"characters (\d+)–", read(store, DOCUMENT).text)]
    assert starts == sorted(starts)
    assert len(starts) > 1


def test_a_document_names_whom_it_names(store):
    assert f"/{REYES}" in read(store, DOCUMENT).links


def test_a_graph_tells_its_size_and_its_article(store):
    page = read(store, f"graph/{town.KEY}")
    assert "It holds" in page.text
    assert f"/{DOCUMENT}" in page.links


@pytest.mark.parametrize("path", ["actor/nobody", "doc/0", "", "graph/none", "actor/ana-reyes/more", "nowhere"])
def test_of_what_the_graph_does_not_know_there_is_no_page(store, path):
    assert entity_page(store, Iri(BASE + path)) is None
    assert entity_triples(store, Iri(BASE + path)) == ()


@pytest.mark.parametrize("page", [0, -1, 2])
def test_a_page_that_is_not_there_is_none(store, page):
    assert entity_page(store, Iri(BASE + REYES), page=page) is None


@pytest.mark.parametrize("path", [REYES, DOCUMENT, f"graph/{town.KEY}"])
def test_a_page_has_its_landmarks_one_heading_and_no_script(store, path):
    page = read(store, path)
    assert [page.tags.count(tag) for tag in ("h1", "main", "header", "footer", "script", "img", "form")] == [1, 1, 1, 1, 0, 0, 0]
    assert len(page.ids) == len(set(page.ids))


def test_a_page_says_where_the_same_is_as_turtle(store):
    assert '<link rel="alternate" type="text/turtle" href="/actor/ana-reyes">' in (entity_page(store, Iri(BASE + REYES)) or "")


def test_the_same_graph_gives_the_same_page(store):
    assert entity_page(store, Iri(BASE + REYES)) == entity_page(store, Iri(BASE + REYES))


# ---------------------------------------------------------------- the seeds: every kind, every link

KINDS = ("actor place doc statement figure quantity inference when membership decision doubt run agent comention voice").split()


@pytest.fixture(scope="module")
def built(seeds) -> Iterator[Store]:
    with Store(seeds[0]) as opened:
        yield opened


@pytest.fixture(scope="module")
def subjects(built) -> list[Iri]:
    return sorted({quad[0] for quad in built.quads() if "#" not in quad[0]})


@pytest.mark.model
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_node_has_a_page_whose_links_lead_somewhere(built, subjects, kind):
    node = next(subject for subject in subjects if subject.startswith(f"{BASE}{kind}/"))
    page = read(built, node.removeprefix(BASE))
    inside = {link for link in page.links if link.startswith("/") and link not in ("/", "/query")}
    assert {link for link in inside if not entity_triples(built, Iri(BASE + link[1:]))} == set()
    assert page.text.startswith("newskg") is False


@pytest.mark.model
def test_an_actor_is_shown_with_those_who_are_named_with_it_most_often(built):
    page = read(built, "actor/nikol-pashinyan")
    section = page.text.partition("Named together with")[2]
    assert re.search(r"Armenia\s+4\b", section)
    assert "/place/armenia" in page.links
    assert len([link for link in page.links if link.startswith("/comention/")]) == 10


@pytest.mark.model
def test_a_pair_is_called_by_both_names(built):
    link = next(link for link in read(built, "actor/nikol-pashinyan").links if link.startswith("/comention/"))
    assert "Nikol Pashinyan" in read(built, link[1:]).text


@pytest.mark.model
def test_the_triples_of_a_statement_hold_its_spans_and_their_selectors(built, subjects):
    node = next(subject for subject in subjects if subject.startswith(f"{BASE}statement/"))
    triples = entity_triples(built, node)
    assert {term for _, term, _ in triples} >= {KG.content, OA.hasSelector, OA.exact, OA.start}
    assert set(triples) <= {quad[:3] for quad in built.quads()}
    assert len(triples) == len(set(triples))


@pytest.mark.model
def test_the_triples_of_a_graph_are_the_whole_graph(built):
    graph = iri("graph", "runs")
    assert set(entity_triples(built, graph)) == {quad[:3] for quad in built.quads(graph)}


@pytest.mark.model
def test_who_was_compared_with_whom_stands_on_the_page(built):
    page = read(built, "actor/nikol-pashinyan")
    assert "decisions" in page.ids
    assert "Nikol Pashinian @" in page.text


# ---------------------------------------------------------------- many statements

DOC = iri("doc", "0" * 16)
GRAPH = iri("graph", "0" * 16)


def named(node: Iri, name: str) -> list[Quad]:
    kinds = [(node, RDF.type, PROV.Agent, GRAPH), (node, KG.kind, KG.person, GRAPH), (node, KG.identitySource, Literal("text"), GRAPH)]
    return [*kinds, (node, SKOS.prefLabel, Literal(name), GRAPH)]


def article(name: str) -> list[Quad]:
    return [(DOC, RDF.type, SCHEMA.NewsArticle, GRAPH), (DOC, SCHEMA.identifier, Literal(name), GRAPH)]


def statement(start: int, end: int, words: str, speaker: Iri) -> list[Quad]:
    node, span = iri("statement", f"{'0' * 16}-{start}-{end}"), Iri(f"{DOC}#char={start},{end}")
    position, quote = selector_iri(span, "position"), selector_iri(span, "quote")
    values = [
        (node, RDF.type, KG.Statement),
        (node, SCHEMA.isPartOf, DOC),
        (node, KG.speaker, speaker),
        (node, KG.act, Iri("https://w3id.org/newskg/act/say")),
        (node, SCHEMA.text, Literal(words)),
        (node, KG.content, span),
        (span, OA.hasSelector, position),
        (span, OA.hasSelector, quote),
        (position, OA.start, Literal(str(start), XSD.integer)),
        (position, OA.end, Literal(str(end), XSD.integer)),
        (quote, OA.exact, Literal(words)),
        (quote, OA.prefix, Literal(words)),
        (quote, OA.suffix, Literal(words)),
    ]
    return [(*triple, GRAPH) for triple in values]


@pytest.fixture(scope="module")
def crowd(tmp_path_factory) -> Iterator[Store]:
    """A speaker of more statements than a page has room for."""
    who = iri("actor", "x")
    said = [quad for n in range(2 * PAGE + 5) for quad in statement(9 * n, 9 * n + 8, f"words {n}", who)]
    with store_of(tmp_path_factory.mktemp("crowd"), [*named(who, "X"), *article("a"), *said]) as opened:
        yield opened


@pytest.mark.parametrize("path", ["actor/x", f"doc/{'0' * 16}"])
def test_each_statement_is_on_one_page_in_order(crowd, path):
    shown = [re.findall(r"characters (\d+)–", read(crowd, path, page=page).text) for page in (1, 2, 3)]
    assert [len(starts) for starts in shown] == [PAGE, PAGE, 5]
    assert [int(start) for starts in shown for start in starts] == [9 * n for n in range(2 * PAGE + 5)]
    assert entity_page(crowd, Iri(BASE + path), page=4) is None


def test_pages_are_linked_with_one_another(crowd):
    assert [link for link in read(crowd, "actor/x", page=2).links if link.startswith("?")] == ["?page=1", "?page=3"]
    assert "Page 2 of 3" in read(crowd, "actor/x", page=2).text


def test_what_does_not_fit_is_told(tmp_path):
    run = iri("run", "r")
    made = [(iri("statement", f"s{n}"), PROV.wasGeneratedBy, run, GRAPH) for n in range(MOST + 9)]
    with store_of(tmp_path, [(run, KG.model, Literal("m"), GRAPH), *made]) as store:
        page = read(store, "run/r")
    assert page.tags.count("tr") == MOST + 1
    assert page.text.count("and more") == 1


# ---------------------------------------------------------------- hostile texts

NASTY = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style><h1>x</h1>",
    "</title></head>",
    "&lt;b&gt; &amp;",
    "\u202egnp.exe \x00 \x1b[2J",
    "{policy} {0} %s",
    "a" * 5000,
]


def nasty_store(output, text: str) -> Store:
    who = iri("actor", "x")
    more = [
        (who, SKOS.altLabel, Literal(text), GRAPH),
        (who, SCHEMA.jobTitle, Literal(text), GRAPH),
        (DOC, SCHEMA.headline, Literal(text), GRAPH),
        (DOC, SCHEMA.url, Literal("javascript:alert(1)", XSD.anyURI), GRAPH),
        (who, SKOS.exactMatch, Iri(f"{BASE}/elsewhere.example/x"), GRAPH),
        (who, SKOS.exactMatch, Iri("urn:x:y"), GRAPH),
        (who, SKOS.exactMatch, Iri("https://a.example/ok?a=1&b=2"), GRAPH),
    ]
    return store_of(output, [*named(who, text), *article(text), *statement(5, 9, text, who), *more])


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
@pytest.mark.parametrize("path", ["actor/x", f"doc/{'0' * 16}", f"statement/{'0' * 16}-5-9"])
def test_a_text_is_shown_and_never_obeyed(tmp_path, text, path):
    with nasty_store(tmp_path, text) as store:
        page = read(store, path)
    assert set(page.tags).isdisjoint({"script", "img", "b", "iframe", "form"})
    assert page.tags.count("h1") == page.tags.count("style") == 1
    assert not {name for name in page.attributes if name.startswith("on") or name in ("style", "src")}
    assert not set("\u202e\x1b\x00") & set(page.text)


def test_only_addresses_of_the_web_and_of_this_server_are_links(tmp_path):
    with nasty_store(tmp_path, "x") as store:
        links = read(store, "actor/x").links + read(store, f"doc/{'0' * 16}").links
    outside = {link for link in links if not re.match(r"[?#]|/(?![/\\])", link)}
    assert outside == {"https://a.example/ok?a=1&b=2", f"{BASE}/elsewhere.example/x"}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60))
def test_any_name_gives_a_whole_page(tmp_path_factory, text):
    with nasty_store(tmp_path_factory.mktemp("any"), text) as store:
        assert read(store, "actor/x").tags.count("h1") == 1


# ---------------------------------------------------------------- the form


def test_the_form_works_without_script_and_lists_every_question():
    page = Read(query_page(library()))
    html = query_page(library())
    assert '<form action="/sparql" method="get"' in html
    assert page.tags.count("details") == len(library()) == 28
    assert [page.tags.count(tag) for tag in ("h1", "main", "script", "textarea")] == [1, 1, 1, 1]


def test_a_question_on_the_form_names_its_parameters():
    assert "?speaker who speaks" in Read(query_page(library())).text


ROWS = {
    "head": {"vars": ["who", "n"]},
    "results": {
        "bindings": [
            {"who": {"type": "uri", "value": f"{BASE}actor/ana-reyes"}, "n": {"type": "literal", "value": "<img src=x onerror=alert(1)>"}},
            {"who": {"type": "uri", "value": f"{BASE}/elsewhere.example/"}},
            {"who": {"type": "uri", "value": "javascript:alert(1)"}},
        ]
    },
}


class Answering(BaseHTTPRequestHandler):
    """A server of the form, and of one answer."""

    asked: ClassVar[list[tuple[str, str, str | None]]] = []

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if parts.path == "/query":
            self.reply(200, "text/html; charset=utf-8", query_page(library()).encode())
        elif parts.path == "/sparql":
            self.asked.append(("GET", parse_qs(parts.query)["query"][0], None))
            self.reply(200, "text/plain", b"rows")
        else:
            self.reply(404, "text/plain", b"")

    def do_POST(self) -> None:
        query = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.asked.append(("POST", query, self.headers["Accept"]))
        if "wrong" in query:
            self.reply(400, "text/plain", b"the query does not parse <b>")
        elif query.startswith("ASK"):
            self.reply(200, "application/sparql-results+json", b'{"head": {}, "boolean": true}')
        else:
            self.reply(200, "application/sparql-results+json", json.dumps(ROWS).encode())

    def reply(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    opened = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    thread = Thread(target=opened.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{opened.server_port}"
    opened.shutdown()
    opened.server_close()
    thread.join()


@pytest.fixture
def tab(browser: Browser, server: str) -> Iterator[Page]:
    Answering.asked.clear()
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{server}/query")
    yield page
    assert errors == []
    context.close()


@pytest.mark.browser
def test_an_answer_is_a_table_whose_texts_are_texts(tab):
    tab.click("button[type=submit]")
    tab.wait_for_selector("#shown tbody tr")
    assert tab.locator("#shown th").all_inner_texts() == ["who", "n"]
    assert tab.locator("#shown td").nth(1).inner_text() == "<img src=x onerror=alert(1)>"
    assert [link.get_attribute("href") for link in tab.locator("#shown a").all()] == ["/actor/ana-reyes"]
    assert tab.locator("#status").inner_text() == "3 rows"
    assert tab.locator("#shown img").count() == 0


@pytest.mark.browser
def test_an_ask_is_answered_in_a_word_and_the_keyboard_is_enough(tab):
    tab.fill("#query", "ASK {}")
    tab.press("#query", "Control+Enter")
    expect(tab.locator("#status")).to_have_text("Yes.")


@pytest.mark.browser
def test_what_the_server_refuses_is_shown_in_its_words(tab):
    tab.fill("#query", "wrong")
    tab.click("button[type=submit]")
    tab.wait_for_selector("#shown pre")
    assert tab.locator("#shown pre").inner_text() == "the query does not parse <b>"
    assert "400" in tab.locator("#status").inner_text()


@pytest.mark.browser
def test_another_media_type_is_asked_for_and_shown_as_it_comes(tab):
    tab.select_option("#media", "text/csv")
    tab.click("button[type=submit]")
    tab.wait_for_selector("#shown pre")
    assert Answering.asked[-1][2] == "text/csv"


@pytest.mark.browser
def test_a_question_is_put_into_the_form(tab):
    tab.click("details:first-of-type summary")
    tab.click("details:first-of-type .use")
    assert tab.input_value("#query").startswith("SELECT")


@pytest.mark.browser
def test_without_script_the_form_sends_the_query_itself(browser, server):
    Answering.asked.clear()
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{server}/query")
    assert not page.locator("#media").is_visible()
    page.click("button[type=submit]")
    context.close()
    assert Answering.asked[0][0] == "GET"
    assert Answering.asked[0][1].startswith("SELECT ?who")


# ---------------------------------------------------------------- how pages look

CONTRAST = """() => {
    const channel = c => (c /= 255) <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4;
    const parts = colour => colour.match(/[\\d.]+/g).map(Number);
    const bright = ([r, g, b]) => .2126 * channel(r) + .7152 * channel(g) + .0722 * channel(b);
    const behind = e => {
        for (; e; e = e.parentElement) {
            const colour = parts(getComputedStyle(e).backgroundColor);
            if (colour[3] !== 0) return bright(colour);
        }
    };
    const told = e => e.checkVisibility() && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
    const worst = [...document.querySelectorAll('body *')].filter(told).map(e => {
        const [a, b] = [bright(parts(getComputedStyle(e).color)), behind(e)];
        return (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    });
    return Math.min(...worst);
}"""


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("path", [REYES, DOCUMENT, "query"])
def test_a_page_is_readable_on_a_telephone_and_a_screen_by_day_and_by_night(browser, store, tmp_path, path, width, scheme):
    file = tmp_path / "page.html"
    file.write_text(query_page(library()) if path == "query" else entity_page(store, Iri(BASE + path)) or "", "utf-8")
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text))
    page.goto(file.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(CONTRAST) >= 4.5
    assert errors == []
    context.close()


@pytest.mark.browser
def test_a_word_without_end_stays_inside_the_page(browser, tmp_path):
    file = tmp_path / "page.html"
    with nasty_store(tmp_path / "out", "a" * 5000) as store:
        file.write_text(entity_page(store, iri("actor", "x")) or "", "utf-8")
    context = browser.new_context(viewport={"width": 390, "height": 800})
    page = context.new_page()
    page.goto(file.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()
