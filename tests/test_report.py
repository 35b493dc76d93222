"""The report: what it reads from a graph, what it says, and what no text of an article can make of it."""

import re
import shutil
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from types import MappingProxyType

import pytest
import town
from click.testing import CliRunner
from markdown_it import MarkdownIt
from playwright.sync_api import Browser

from kg import ledgers
from kg.cli import main
from kg.ledgers import Evidence, Ledgers, Quantity
from kg.records import (
    Actor,
    Article,
    Chain,
    Class,
    Collection,
    Decision,
    Document,
    Doubt,
    Entity,
    Extraction,
    Figure,
    Kind,
    Outcome,
    Overview,
    Said,
    Side,
    Span,
    Statement,
    Time,
    TimeKind,
    Type,
    Voice,
)
from kg.report import Claim, Digest, Doubtful, Finding, Ledger, Passage, Proposal, digest
from kg.report.blocks import clean, clipped
from kg.report.chart import ROWS, alternative, drawn, svg
from kg.report.html import as_html
from kg.report.markdown import as_markdown
from kg.report.numbers import listed, valued
from kg.report.telling import report
from kg.store import Store, keep_texts, kept_texts
from kg.triples import document_quads, entity_quads, figure_iri, inferred_quads, run_iri, run_quads
from kg.vocab import PROV, Quad, iri

# ---------------------------------------------------------------- a flood, told by two papers

FIRST = (
    "At least 300 people left Lindmere, the council said.\n"
    "About 9,000 live there. Norburg has accused the Valley Union of cutting the dam.\n"
    "The Valley Union denied that it cut the dam. Last week nobody came.\n"
)
SECOND = (
    "As of 3 May, 800 people left Lindmere, Ana Reyes said, citing doctors who had counted 40 wounded.\n"
    "Only 2,000 live there, Norburg said. Thousands more may follow.\n"
    "Each side blamed the other.\n"
)


def at(text: str, words: str) -> Span:
    """Return where ``words`` stand first in ``text``."""
    start = text.index(words)
    return Span(start, start + len(words))


def statement(text: str, content: str, chain: int, **more: object) -> Statement:
    """Return a statement whose content is found by its words."""
    given: dict[str, object] = {
        "type": Type.INDIRECT,
        "content": (at(text, content),),
        "cue": (),
        "source": (),
        "lemma": "say",
        "act": "say",
        "kind": Class.REPORT,
        "rule": "test",
        "confidence": 0.9,
        "speaker": Voice("name", chain=chain),
    }
    return Statement(**(given | more))


def figure(text: str, words: str, value: float | None, modifier: str = "exact", **more: object) -> Figure:
    """Return a count of people that is found by its words."""
    return Figure(at(text, words), value, "people", modifier, **more)


CHAINS = (
    Chain(Kind.ORGANIZATION, "council", ()),
    Chain(Kind.ORGANIZATION, "Valley Union", ()),
    Chain(Kind.PERSON, "Ana Reyes", ()),
    Chain(Kind.GOVERNMENT, "Norburg", ()),
)
COUNCIL, UNION, REYES, NORBURG = range(4)
GAZETTE = Extraction(
    Document("gazette", FIRST, title="The dam breaks", date="2024-05-02", publisher="Lindmere Gazette"),
    (),
    CHAINS,
    (
        statement(FIRST, "At least 300 people left Lindmere", COUNCIL, on_behalf_of=Voice("name", chain=NORBURG)),
        statement(
            FIRST,
            "the Valley Union of cutting the dam",
            NORBURG,
            act="accuse",
            target=Voice("name", chain=UNION),
            charge=at(FIRST, "cutting the dam"),
        ),
        statement(FIRST, "it cut the dam", UNION, act="deny"),
    ),
    (),
    (Time(at(FIRST, "Last week"), TimeKind.WEEK, "", "unresolved"),),
    (figure(FIRST, "300", 300, "at least", low=300, statement=0), figure(FIRST, "9,000", 9000, "about")),
)
COURIER = Extraction(
    Document("courier", SECOND),
    (),
    CHAINS,
    (
        statement(SECOND, "800 people left Lindmere", REYES, date="2024-05-03", date_status="derived"),
        statement(SECOND, "doctors who had counted 40 wounded", REYES),
        statement(SECOND, "40 wounded", REYES, speaker=Voice("description", unnamed="doctors"), nested_in=1),
        statement(SECOND, "Only 2,000 live there", NORBURG, speaker=Voice("name", chain=NORBURG, certain=False)),
        statement(SECOND, "the other", NORBURG, speaker=None, act="accuse", interpreted=True, cue=(at(SECOND, "blamed"),)),
    ),
    (Doubt(at(SECOND, "Each side"), "points at more than one"),),
    (
        Time(at(SECOND, "3 May"), TimeKind.DAY, "2024-05-03", "derived", "published"),
        Time(at(SECOND, "may"), TimeKind.DURATION, "", "unresolved"),
    ),
    (
        figure(SECOND, "800", 800, statement=0, as_of=0),
        figure(SECOND, "40", 40, statement=2),
        figure(SECOND, "2,000", 2000, statement=3),
        figure(SECOND, "Thousands", None, low=2000),
    ),
)
ENTITIES = (
    Entity("norburg", Kind.GOVERNMENT, "Government of Norburg"),
    Entity("doctors", Kind.GROUP, "doctors", unnamed=True),
    Entity("council", Kind.ORGANIZATION, "Council of Lindmere"),
    Entity("valley-union", Kind.ORGANIZATION, "Valley Union"),
    Entity("ana-reyes", Kind.PERSON, "Ana Reyes", acts_for="norburg"),
)
KEYS = GAZETTE.document.key, COURIER.document.key
COLLECTION = Collection(
    (GAZETTE, COURIER),
    ENTITIES,
    (
        Decision(
            Side("Reyes", KEYS[1], 44, 49), Side("Rey", KEYS[0], 3, 6), Outcome.PROPOSED, "close-name", 0.5, ("actor/ana-reyes", "actor/x")
        ),
        Decision(
            Side("Reyes", KEYS[1], 44, 49), Side("Reyes", KEYS[0], 3, 6), Outcome.REJECTED, "other", 0.9, ("actor/ana-reyes", "actor/y")
        ),
    ),
    refers=MappingProxyType({(key, chain): place for key in KEYS for chain, place in ((COUNCIL, 2), (UNION, 3), (REYES, 4), (NORBURG, 0))}),
    voices=MappingProxyType({(KEYS[1], "unnamed: doctors"): 1}),
)


def number(sort: str, paper: int, place: int) -> Evidence:
    """Return a figure or statement of the first or second paper as evidence."""
    return Evidence(sort, KEYS[paper], place)


LEFT, EARLY, LATE = "people-left", number("figure", 0, 0), number("figure", 1, 0)
LIVE, MANY, FEW, VAGUE = "people-living", number("figure", 0, 1), number("figure", 1, 2), number("figure", 1, 3)
BOOK = Ledgers(
    (
        Quantity(LEFT, "people who left Lindmere", True, "people", (EARLY, LATE), ()),
        Quantity(LIVE, "people living in Lindmere", False, "people", (MANY, FEW, VAGUE), ()),
    ),
    (
        ledgers.Finding(ledgers.Kind.UPDATE, (LATE, EARLY), LEFT, "it can only grow", 1.0, "300, then 800"),
        ledgers.Finding(ledgers.Kind.CONFLICT, (MANY, FEW), LIVE, "they cannot both hold", 1.0, "2,000 and 9,000"),
        ledgers.Finding(ledgers.Kind.DENIAL, (number("statement", 0, 2), number("statement", 0, 1)), "", "the accused", 1.0, "denied"),
    ),
)
TEXTS = {extraction.document.key: extraction.document.text for extraction in COLLECTION.extractions}


def quads() -> list[Quad]:
    run = ("9.9.9", "hand 1", "none")
    return [
        *(quad for extraction in COLLECTION.extractions for quad in document_quads(COLLECTION, extraction, run=run_iri(*run))),
        *entity_quads(COLLECTION.entities, COLLECTION.decisions, version="9.9.9"),
        *inferred_quads(COLLECTION, BOOK),
        *run_quads(*run),
    ]


def stored(output: Path, told: list[Quad], texts: dict[str, str]) -> Path:
    """Return an output folder with these quads, in their order."""
    town.stored(output, told)
    keep_texts(output, texts)
    return output


def read(output: Path) -> Digest:
    with Store(output) as store:
        return digest(store, kept_texts(output))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output folder of the flood."""
    return stored(tmp_path_factory.mktemp("flood") / "output", quads(), TEXTS)


@pytest.fixture(scope="module")
def flood(desk: Path) -> Digest:
    return read(desk)


def html(told: Digest, *, title: str = "Flood", top: int = 20, page: str = "graph.html") -> str:
    return as_html(report(told, title=title, attribution="Places: GeoNames.", top=top), page=page)


def markdown(told: Digest, *, title: str = "Flood", top: int = 20) -> str:
    return as_markdown(report(told, title=title, attribution="Places: GeoNames.", top=top))


EMPTY = Digest(Overview((), (), ()))


class Reader(HTMLParser):
    """What a browser would make of a page: its elements, addresses, ids and words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self.open.pop() != tag:
            pass
        if tag in ("td", "th", "li", "p", "caption"):
            self.words.append(" ")

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words.append(data)

    def values(self, name: str) -> list[str]:
        return [value or "" for found, value in self.attributes if found == name]

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())


# ---------------------------------------------------------------- what is read


class TestDigest:
    def test_a_disputed_quantity_comes_before_a_growing_one(self, flood: Digest) -> None:
        assert [(ledger.label, ledger.disputed, ledger.cumulative) for ledger in flood.ledgers] == [
            ("people living in Lindmere", True, False),
            ("people who left Lindmere", False, True),
        ]

    def test_a_figure_has_the_voice_that_claims_it_or_the_article_itself(self, flood: Digest) -> None:
        told = {claim.words: claim.speaker.name if claim.speaker else None for ledger in flood.ledgers for claim in ledger.claims}
        assert told == {
            "9,000": None,
            "2,000": "Government of Norburg",
            "Thousands": None,
            "300": "Council of Lindmere",
            "800": "Ana Reyes",
        }

    def test_the_time_of_a_figure_is_the_text_s_else_the_statement_s_else_the_article_s(self, flood: Digest) -> None:
        told = {claim.words: (claim.as_of, claim.basis) for ledger in flood.ledgers for claim in ledger.claims}
        assert (told["800"], told["300"], told["2,000"]) == (("2024-05-03", "text"), ("2024-05-02", "published"), ("", ""))

    def test_a_figure_links_to_its_statement_and_the_article_s_own_to_its_characters(self, flood: Digest) -> None:
        links = {claim.words: claim.passage.fragment for ledger in flood.ledgers for claim in ledger.claims}
        assert links["300"] == f"statement/{KEYS[0]}-0-33"
        assert links["9,000"] == f"doc/{KEYS[0]}/char=59,64"
        assert FIRST[59:64] == "9,000"

    def test_an_update_names_the_later_figure_first(self, flood: Digest) -> None:
        [finding] = flood.ledgers[1].findings
        words = {claim.iri: claim.words for claim in flood.ledgers[1].claims}
        assert (finding.kind, [words[part] for part in finding.evidence]) == ("update", ["800", "300"])

    def test_a_figure_of_no_shared_quantity_is_kept_apart(self, flood: Digest) -> None:
        assert [claim.words for claim in flood.others] == ["40"]

    def test_a_denial_names_the_answer_first(self, flood: Digest) -> None:
        acts = {said.iri: said.act for said in flood.overview.statements}
        assert [[acts[part] for part in finding.evidence] for finding in flood.findings] == [["deny", "accuse"]]

    def test_what_is_open_is_read_with_its_reason(self, flood: Digest) -> None:
        assert [(doubt.passage.words, doubt.why) for doubt in flood.doubts] == [("Each side", "points at more than one")]
        assert [(proposal.left, proposal.right, len(proposal.passages)) for proposal in flood.proposals] == [("Reyes", "Rey", 0)]
        assert len(flood.unsure) == 1

    def test_a_duration_is_no_date_that_is_missing(self, flood: Digest) -> None:
        assert [time.passage.words for time in flood.times] == ["Last week"]

    def test_the_graph_says_what_made_it(self, flood: Digest) -> None:
        assert flood.runs == (("9.9.9", "hand 1", "none"),)

    def test_a_graph_without_figures_is_read_too(self, tmp_path: Path) -> None:
        plain = [quad for quad in quads() if "/figure/" not in f"{quad[0]} {quad[2]}" and "/graph/inferred" not in quad[3]]
        told = read(stored(tmp_path / "output", plain, TEXTS))
        assert (told.ledgers, told.others, len(told.overview.statements)) == ((), (), 8)
        assert "The articles tell no figures." in html(told)

    def test_a_finding_that_lost_half_of_its_evidence_is_not_told(self, tmp_path: Path) -> None:
        early = figure_iri(KEYS[0], GAZETTE.figures[0])
        told = read(stored(tmp_path / "output", [quad for quad in quads() if quad[1:3] != (PROV.used, early)], TEXTS))
        assert [ledger.findings for ledger in told.ledgers if ledger.cumulative] == [()]

    def test_the_order_of_a_store_changes_nothing(self, desk: Path, tmp_path: Path) -> None:
        other = stored(tmp_path / "output", quads()[::-1], TEXTS)
        assert html(read(other)) == html(read(desk))
        assert markdown(read(other)) == markdown(read(desk))


# ---------------------------------------------------------------- what is said


class TestTelling:
    @pytest.mark.parametrize(
        "sentence",
        [
            "8 statements in 2 articles. 1 stand inside another statement, so at second hand; 1 are by sources without a name",
            "Disputed: people living in Lindmere, from 2,000 to about 9,000",
            "Growing: people who left Lindmere, at last 800 (Ana Reyes)",
            "2 accusations, 1 denied by the accused or for them",
            "Update: at least 300 (Council of Lindmere, 2024-05-02), then 800 (Ana Reyes, 2024-05-03). It can only grow.",
            "Conflict: 2,000 (Government of Norburg) and about 9,000 (article gazette).",
            "Government of Norburg Valley Union cutting the dam not told Valley Union denies: it cut the dam",
            "doctors (not named), relayed by Ana Reyes",
            "nobody is named not told the other",
            "kg review asks",
            "It does not say what is true.",
            "Made with newskg 9.9.9, hand 1, data none.",
        ],
    )
    def test_the_page_says(self, flood: Digest, sentence: str) -> None:
        assert sentence in Reader(html(flood)).text

    def test_markdown_says_the_same_as_the_page(self, flood: Digest) -> None:
        page, plain = Reader(html(flood)).text, re.sub(r"\]\([^)]*\)|[\[\\*]", "", markdown(flood))
        said = [line for line in plain.splitlines() if line.startswith(("- Update", "- Conflict", "- Disputed"))]
        assert len(said) == 3
        assert [line for line in said if line.removeprefix("- ") not in page] == []

    def test_words_of_a_direct_quotation_are_in_quotation_marks(self, flood: Digest) -> None:
        spoken = tuple(replace(said, type="direct") for said in flood.overview.statements)
        told = replace(flood, overview=replace(flood.overview, statements=spoken))
        assert "<q><bdi>40 wounded</bdi></q>" in html(told)
        assert "“40 wounded”" in markdown(told)

    @pytest.mark.parametrize(
        "sentence",
        [
            "No article was read: the collection is empty.",
            "Nobody who is named speaks in these articles.",
            "The articles tell no figures.",
            "No article says that somebody accuses somebody.",
            "No statement passes on another.",
            "Every source that speaks has a name.",
            "No quotation stands in two articles.",
            "Nothing was left open.",
        ],
    )
    def test_an_empty_collection_is_told_in_words(self, sentence: str) -> None:
        assert sentence in html(EMPTY)
        assert sentence in markdown(EMPTY)

    def test_nothing_stands_in_an_empty_table(self) -> None:
        assert "table" not in Reader(html(EMPTY)).tags
        assert "|" not in markdown(EMPTY)

    def test_every_row_with_a_place_links_to_it(self, flood: Digest) -> None:
        rows = re.findall(r'data-head="Where">(.*?)</td>', html(flood))
        assert len(rows) > 10
        assert [row for row in rows if 'href="graph.html#' not in row and row != "no article"] == []

    def test_what_is_left_out_is_counted(self, flood: Digest) -> None:
        assert "and 1 more" in html(flood, top=2)
        assert "And 1 more quantity, with 2 figures." in html(flood, top=1)

    def test_a_long_story_of_updates_is_told_from_its_end(self) -> None:
        told = Reader(html(replace(EMPTY, ledgers=(growing(12),)))).text
        assert "5 earlier updates" in told
        assert told.count("Update: ") == 6

    def test_what_one_voice_repeats_is_one_row_where_figures_are_many(self) -> None:
        repeated = Ledger("people", "people", False, tuple(claim(f"r{place:02}") for place in range(30)), ())
        told = Reader(html(replace(EMPTY, ledgers=(repeated,)))).text
        assert "news, 5–7 and 29 more" in told

    def test_a_passage_is_called_by_its_article_and_characters(self, flood: Digest) -> None:
        assert "The dam breaks, 9–12" in Reader(html(flood)).text
        assert f"[courier, 13–16](graph.html#statement/{KEYS[1]}-13-37)" in markdown(flood)

    def test_the_same_quotation_in_two_articles_shows_what_differs(self, flood: Digest) -> None:
        one, other = flood.overview.statements[0], flood.overview.statements[-1]
        told = replace(flood, findings=(Finding("same-words", "the same words", "", (other.iri, one.iri)),))
        assert "only first: " in html(told)


@pytest.mark.parametrize(
    ("value", "low", "high", "modifier", "unit", "words"),
    [
        (84770.0, None, None, "exact", "people", "84,770"),
        (78300.0, 78300.0, None, "over", "people", "over 78,300"),
        (None, 20000.0, None, "exact", "people", "20,000 or more"),
        (None, 300.0, 400.0, "about", "people", "about 300 to 400"),
        (None, None, 50.0, "exact", "people", "at most 50"),
        (66.67, None, None, "more than", "percent", "more than 66.67 %"),
        (11.5e6, None, None, "exact", "USD", "USD 11,500,000"),
        (0.5, None, None, "exact", "mile", "0.5"),
        (0.0, None, None, "exact", "people", "0"),
    ],
)
def test_a_figure_is_told_as_the_article_means_it(
    value: float | None, low: float | None, high: float | None, modifier: str, unit: str, words: str
) -> None:
    assert valued(claim("x", value=value, low=low, high=high, modifier=modifier, unit=unit)) == words


@pytest.mark.parametrize(
    ("names", "words"), [([], ""), (["A"], "A"), (["A", "B"], "A and B"), (["A", "B", "C", "D", "E"], "A, B, C and 2 more")]
)
def test_a_long_list_of_names_is_counted(names: list[str], words: str) -> None:
    assert listed(names) == words


@pytest.mark.parametrize(
    ("text", "shown"), [(" a\n b ", " a b "), ("\n", " "), ("", ""), ("a\u202eb\x00", "a\ufffdb\ufffd"), ("שלום", "שלום")]
)
def test_a_text_keeps_the_blanks_at_its_ends_and_no_steering(text: str, shown: str) -> None:
    assert clean(text) == shown


@pytest.mark.parametrize(
    ("text", "length", "shown"),
    [("one two three", 20, "one two three"), ("one two three", 11, "one two…"), ("x" * 50, 10, "xxxxxxxxx…"), (" a\n\tb ", 10, "a b")],
)
def test_a_long_text_is_cut_at_a_blank(text: str, length: int, shown: str) -> None:
    assert clipped(text, length) == shown


# ---------------------------------------------------------------- charts

NEWS = Article(iri("doc", "cccc"), "cccc", "news", "Some 12 people.", date="2024-05-02")


def claim(key: str, **more: object) -> Claim:
    """Return an invented figure."""
    given: dict[str, object] = {
        "iri": iri("figure", key),
        "words": "12",
        "value": 12.0,
        "low": None,
        "high": None,
        "modifier": "exact",
        "unit": "people",
        "counted": "people",
        "said": None,
        "speaker": None,
        "as_of": "2024-05-02",
        "basis": "published",
        "passage": Passage(NEWS, (Span(5, 7),), "doc/cccc/char=5,7"),
    }
    return Claim(**(given | more))


def growing(count: int, **more: object) -> Ledger:
    """Return a ledger that grows by a hundred a day."""
    claims = tuple(
        claim(f"f{day:03}", value=100.0 * day, as_of=f"2024-{1 + day // 28:02}-{1 + day % 28:02}", **more) for day in range(count)
    )
    steps = tuple(Finding("update", "it grows", "", (after.iri, before.iri)) for before, after in zip(claims, claims[1:], strict=False))
    return Ledger("people who came", "people", True, claims, steps)


class TestChart:
    def test_steps_lead_from_each_count_to_the_next(self) -> None:
        assert svg(growing(4), "c").count('class="step"') == 3

    def test_a_step_from_a_count_without_a_day_is_dashed(self) -> None:
        ledger = growing(2)
        undated = replace(ledger, claims=(replace(ledger.claims[0], as_of="", basis=""), ledger.claims[1]))
        assert 'class="step unsure"' in svg(undated, "c")
        assert "day not told" in svg(undated, "c")

    @pytest.mark.parametrize(
        ("more", "mark"),
        [
            ({"modifier": "about"}, 'class="reach own"'),
            ({"modifier": "at least"}, 'class="open own"'),
            ({"modifier": "at most"}, 'class="open own"'),
            ({"value": None, "low": 10.0, "high": 20.0}, 'class="reach own"'),
            ({"value": None, "low": 10.0}, 'class="bound own"'),
            ({}, 'class="own"'),
        ],
    )
    def test_a_mark_shows_how_surely_a_figure_is_told(self, more: dict[str, object], mark: str) -> None:
        assert mark in svg(Ledger("people", "people", False, (claim("a", **more), claim("b")), ()), "c")

    def test_equal_figures_are_one_row_with_all_who_claim_it(self) -> None:
        ledger = Ledger("people", "people", False, (claim("a"), claim("b"), claim("c", value=13.0)), ())
        assert [len(row.claims) for row in drawn(ledger)] == [2, 1]

    def test_shares_are_drawn_against_a_hundred(self) -> None:
        assert "100 %" in svg(
            Ledger("share", "percent", False, (claim("a", unit="percent"), claim("b", unit="percent", value=40.0)), ()), "c"
        )

    def test_many_figures_are_drawn_as_far_as_they_can_be_read(self) -> None:
        assert len(drawn(growing(100))) == ROWS
        assert "88 figures not drawn" in html(replace(EMPTY, ledgers=(growing(100),)))

    def test_the_picture_is_told_in_words(self) -> None:
        assert (
            alternative(growing(2))
            == "Steps in the order of time, not to scale: 0 (article news, 2024-01-01); 100 (article news, 2024-01-02)."
        )

    @pytest.mark.parametrize("value", [0.0, 0.004, 1.0, 9.99, 1e9, 4.2e13])
    def test_any_number_finds_a_scale(self, value: float) -> None:
        picture = svg(Ledger("x", "people", False, (claim("a", value=value), claim("b", value=0.0)), ()), "c")
        assert 2 <= picture.count('class="grid"') <= 6
        assert re.findall("nan|inf", picture) == []

    def test_each_chart_has_a_name_and_a_description_of_its_own(self) -> None:
        page = Reader(html(replace(EMPTY, ledgers=(growing(3), growing(4)))))
        named = " ".join(page.values("aria-labelledby")).split()
        assert page.tags.count("svg") == page.tags.count("figure") == page.tags.count("figcaption") == 2
        assert set(named) <= set(page.values("id"))
        assert len(page.values("id")) == len(set(page.values("id")))


# ---------------------------------------------------------------- hostile texts

PAYLOADS = {
    "script": "</bdi></td><script>document.title='pwned'</script>",
    "image": "<img src=x onerror=alert(1)>",
    "attribute": '" onmouseover="alert(1)" x=\'',
    "link": "x](javascript:alert(1)) [y](https://evil.example)",
    "pipe": "a | b || c \\| d\n|---|---|",
    "backticks": "`code` ``` \n```\nfence",
    "heading": "\n\n# pwned\n\n- item\n1. one\n> quote\n<!-- ",
    "address": "https://evil.example www.evil.example <https://evil.example>",
    "direction": "abc \u202e txt.exe \u2066 \u05d0\u05d1\u05d2 \u2069\u2069 \x00\x1b[31m",
    "long": "x" * 5000,
}


def hostile(payload: str) -> Digest:
    """Return a digest that has a text wherever a text can stand."""
    text = f"{payload} said {payload}."
    article = Article(iri("doc", "dddd"), "dddd", payload, text, payload, payload, "javascript:alert(1)", payload)
    actors = tuple(Actor(iri("actor", key), kind, payload, (payload,)) for key, kind in (("a", "person"), ("b", "government")))
    span = Span(0, len(payload))
    said = tuple(
        Said(
            iri=iri("statement", f"dddd-{place}"),
            article=article.iri,
            type="direct",
            act=act,
            kind="report",
            content=(span,),
            cue=(span,),
            source=(span,),
            confidence=1.0,
            speaker=actors[0].iri,
            on_behalf_of=actors[1].iri,
            target=actors[1].iri,
            date=payload,
            nested_in=iri("statement", "dddd-0") if place else None,
            interpreted=True,
        )
        for place, act in enumerate(("accuse", "deny", "say"))
    )
    passage = Passage(article, (span,), f"doc/dddd/char=0,{len(payload)}")
    figures = tuple(
        claim(
            f"h{n}",
            words=payload,
            value=None if n else 5.0,
            low=n * 1.0,
            unit=payload,
            counted=payload,
            as_of=payload,
            said=said[n],
            passage=passage,
        )
        for n in range(2)
    )
    findings = (
        Finding("conflict", payload, payload, (figures[0].iri, figures[1].iri)),
        Finding("share-fits", payload, payload, (figures[0].iri,)),
    )
    return Digest(
        Overview((article,), actors, said),
        (Ledger(payload, payload, True, figures, findings),),
        figures,
        (
            Finding("denial", payload, payload, (said[1].iri, said[0].iri)),
            Finding("reworded", payload, payload, (said[2].iri, said[1].iri)),
        ),
        {said[0].iri: passage},
        {said[0].iri: payload},
        (Doubtful(passage, payload),),
        (Doubtful(passage, payload),),
        (Proposal(payload, payload, payload, 0.5, False, (passage,)), Proposal(payload, payload, payload, 0.5, True, (passage,))),
        ((payload, payload, payload),),
    )


ELEMENTS = set(
    """html head meta title style body header main section nav h1 h2 h3 p div ul ol li a span bdi q mark table caption thead tbody tr th td
    figure figcaption svg desc path text circle rect""".split()
)


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
class TestHostile:
    def test_no_text_becomes_an_element_or_attribute(self, payload: str) -> None:
        page = Reader(html(hostile(payload), title=payload))
        assert set(page.tags) <= ELEMENTS
        assert [name for name, _ in page.attributes if name.startswith("on") or name in ("style", "src")] == []

    def test_no_text_leads_anywhere_but_to_the_page(self, payload: str) -> None:
        links = Reader(html(hostile(payload), title=payload)).values("href")
        assert [link for link in links if not re.fullmatch(r"(graph\.html)?#[\w/=,;:@.~%-]+", link)] == []

    def test_markdown_holds_no_markup_of_a_text(self, payload: str) -> None:
        tokens = MarkdownIt("commonmark").enable("table").parse(markdown(hostile(payload), title=payload))
        inner = [child for token in tokens for child in token.children or ()]
        assert {token.type for token in (*tokens, *inner)} & {
            "html_block",
            "html_inline",
            "image",
            "code_inline",
            "fence",
            "code_block",
        } == set()
        targets = [str(token.attrs["href"]) for token in inner if token.type == "link_open"]
        assert [target for target in targets if not target.startswith("graph.html#")] == []
        assert "pwned" not in [tokens[at + 1].content for at, token in enumerate(tokens) if token.type == "heading_open"][1:2]

    def test_a_markdown_table_keeps_its_columns(self, payload: str) -> None:
        lines = markdown(hostile(payload), title=payload).splitlines()
        widths = [line.count("|") for line in lines if line.startswith("| ")]
        heads = [line.count("|") for line in lines if line.startswith("|---")]
        assert set(widths) == set(heads)
        assert len(MarkdownIt("commonmark").enable("table").render("\n".join(lines)).split("<table>")) == len(heads) + 1

    def test_nothing_turns_the_direction_of_what_stands_around(self, payload: str) -> None:
        page, plain = html(hostile(payload), title=payload), markdown(hostile(payload), title=payload)
        assert re.findall("[\u202a-\u202e\u2066-\u2069\x00-\x09\x0b-\x1f]", page) == []
        assert plain.count("\u2068") == plain.count("\u2069")
        assert re.findall("[\u202a-\u202e\u2066\u2067\x00-\x09\x0b-\x1f]", plain) == []

    def test_a_long_text_is_cut(self, payload: str) -> None:
        assert len(html(hostile(payload), title=payload)) < 90_000


def test_a_bare_address_in_markdown_is_no_link() -> None:
    assert re.findall(r"(?<!\\)://|(?i:www)\.", markdown(hostile(PAYLOADS["address"]))) == []


# ---------------------------------------------------------------- the page as a file


class TestPage:
    def test_the_policy_allows_the_style_and_nothing_else(self, flood: Digest) -> None:
        [policy] = [value for value in Reader(html(flood)).values("content") if "default-src" in value]
        assert re.fullmatch(r"default-src 'none'; style-src 'sha256-[\w+/=]+'; base-uri 'none'; form-action 'none'", policy)

    def test_every_table_has_a_caption_and_headings(self, flood: Digest) -> None:
        page = Reader(html(flood))
        assert page.tags.count("table") == page.tags.count("caption") == page.tags.count("thead")
        assert set(page.values("scope")) == {"col", "row"}

    def test_every_link_within_the_page_arrives(self, flood: Digest) -> None:
        page = Reader(html(flood))
        assert {link[1:] for link in page.values("href") if link.startswith("#")} <= set(page.values("id"))

    @pytest.mark.parametrize("page", ["graph.html", "../a b/graph.html", "x#y?z.html"])
    def test_the_interactive_page_is_found_where_it_is(self, flood: Digest, page: str) -> None:
        coded = page.replace(" ", "%20").replace("#", "%23").replace("?", "%3F")
        assert f'href="{coded}#statement/' in html(flood, page=page)

    def test_a_thousand_articles_stay_readable(self) -> None:
        articles = tuple(Article(iri("doc", f"{n:04}"), f"{n:04}", f"id-{n:04}", "word " * 400, f"Title {n}") for n in range(1000))
        actors = tuple(Actor(iri("actor", f"a{n:04}"), "person", f"Person {n}") for n in range(3000))
        said = tuple(
            Said(
                f"{article.iri}-{n}", article.iri, "indirect", "accuse", "report", (Span(n * 50, n * 50 + 40),), (), (), 1.0, actors[n].iri
            )
            for article in articles
            for n in range(20)
        )
        told = Digest(Overview(articles, actors, said), tuple(growing(60) for _ in range(300)), tuple(claim(f"o{n}") for n in range(5000)))
        assert len(html(told)) < 1_000_000
        assert "and 980 more" in html(told)


def luminance(colour: str) -> float:
    """Return the relative luminance of WCAG 2 (https://www.w3.org/TR/WCAG22/#dfn-relative-luminance)."""
    digits = colour.removeprefix("#")
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("ink", "paper", "least"),
    [
        ("ink", "paper", 4.5),
        ("soft", "paper", 4.5),
        ("link", "paper", 4.5),
        ("ink", "sheet", 4.5),
        ("soft", "sheet", 4.5),
        ("ink", "mark", 4.5),
        ("claimed", "paper", 3.0),
        ("own", "paper", 3.0),
        ("step", "paper", 3.0),
    ],
)
def test_colours_can_be_told_apart(theme: int, ink: str, paper: str, least: float) -> None:
    style = (Path(__file__).parent.parent / "kg" / "report" / "report.css").read_text("utf-8")
    colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", style.split(":root")[1 + theme]))
    light, dark = sorted((luminance(colours[ink]), luminance(colours[paper])), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= least


# ---------------------------------------------------------------- in a browser

MANY_LABELS = Digest(
    Overview((), (), ()),
    (
        growing(12, modifier="more than", unit="USD"),
        Ledger("x", "USD", False, tuple(claim(f"m{n}", value=1.23456789e7 * 10**n, unit="USD", modifier="nearly") for n in range(8)), ()),
        Ledger(
            "wide",
            "people",
            False,
            (claim("w", as_of="W" * 40, passage=Passage(replace(NEWS, id="W" * 60), (Span(5, 7),), "doc/x")), claim("v")),
            (),
        ),
    ),
)


@pytest.mark.browser
@pytest.mark.parametrize("told", ["flood", "labels", *PAYLOADS])
@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_is_wider_than_the_screen_and_no_label_meets_another(
    browser: Browser, flood: Digest, tmp_path: Path, told: str, width: int
) -> None:
    shown = {"flood": flood, "labels": MANY_LABELS}.get(told) or hostile(PAYLOADS[told])
    file = tmp_path / "report.html"
    file.write_text(html(shown, title=PAYLOADS.get(told, told)), encoding="utf-8")
    tab = browser.new_page(viewport={"width": width, "height": 800})
    complaints: list[str] = []
    tab.on("console", lambda message: complaints.append(message.text))
    tab.goto(file.as_uri())
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    meeting = tab.evaluate(
        """() => [...document.querySelectorAll('svg')].flatMap((svg) => {
          const boxes = [...svg.querySelectorAll('text, circle, rect')].map((one) => [one.textContent, one.getBoundingClientRect()]);
          return boxes.flatMap(([words, a], at) => boxes.slice(at + 1)
            .filter(([, b]) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 3 && b.top < a.bottom - 3)
            .map(([other]) => `${words} / ${other}`));
        })"""
    )
    tab.close()
    assert (meeting, complaints) == ([], [])


# ---------------------------------------------------------------- the command


def kg(*words: object) -> tuple[int, str]:
    """Run a command; return its exit code and what it wrote to stdout."""
    done = CliRunner().invoke(main, [str(word) for word in words], catch_exceptions=False)
    return done.exit_code, done.stdout


class TestCommand:
    @pytest.mark.parametrize(("format_", "start"), [("html", "<!doctype html>"), ("md", "# Flood\n")])
    def test_the_report_lies_beside_the_page(self, desk: Path, format_: str, start: str) -> None:
        assert kg("report", "--store", desk, "--format", format_, "--title", "Flood") == (0, "")
        assert (desk / f"report.{format_}").read_text("utf-8").startswith(start)

    def test_a_dash_writes_to_stdout(self, desk: Path) -> None:
        code, text = kg("report", "--store", desk, "--format", "md", "-o", "-")
        assert (code, text.startswith("# What the articles say\n")) == (0, True)

    def test_a_report_elsewhere_links_back_to_the_page(self, desk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "sub folder").mkdir()
        monkeypatch.chdir(tmp_path / "sub folder")
        shutil.copytree(desk, tmp_path / "my store")
        assert kg("report", "--store", "../my store", "-o", "r.html")[0] == 0
        assert 'href="../my%20store/graph.html#statement/' in Path("r.html").read_text("utf-8")

    def test_without_a_graph_the_problem_is_named(self, tmp_path: Path) -> None:
        assert kg("report", "--store", tmp_path / "none")[0] == 1


@pytest.fixture(scope="module")
def five(seeds: tuple[Path, object]) -> str:
    """The words of the report on the five seeds."""
    return Reader(html(read(seeds[0]))).text


@pytest.mark.model
@pytest.mark.parametrize(
    "sentence",
    [
        "Growing: people who fled from Nagorno-Karabakh to Armenia, at last 84,770",
        "Disputed: people living in Nagorno-Karabakh, from 50,000 to",
        "Update: at least 4,850 (Government of Armenia), then over 78,300",
        "then 84,770 (Nazeli Baghdasarian, 2023-09-29)",
        "Conflict: 50,000 (Government of Azerbaijan) and about 110,000 (Siranush Sargsyan)",
        "Nikol Pashinyan Government of Azerbaijan ethnic cleansing",
        "Government of Azerbaijan denies: ",
        "Places: GeoNames",
    ],
)
def test_the_five_articles_are_told(five: str, sentence: str) -> None:
    assert sentence in five
