"""The page as a text: what it holds, what it can never hold, and the evidence that it cuts."""

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented import EMPTY, EVIL, HARBOUR, HARBOUR_NEWS, HOSTILE, LINE, OVERVIEW, PORT, REYES, TOWN, UNUSED, article, said

from kg.records import Actor, Overview, Said, Span
from kg.render import page
from kg.render.layout import arrange
from kg.render.passages import AROUND, GAP, passage, quote
from kg.render.picture import clipped, network
from kg.render.telling import telling

SPLIT = OVERVIEW.statements[1]
PAGE = page(OVERVIEW, title="Ellery & region", attribution="Places: GeoNames <CC BY 4.0>.")


def block(html: str, name: str) -> dict[str, list[dict[str, object]]]:
    """Return a data block of the page."""
    found = re.search(f'<script type="application/json" id="{name}">(.*?)</script>', html, re.DOTALL)
    assert found
    parsed: dict[str, list[dict[str, object]]] = json.loads(found[1])
    return parsed


def marked(text: str, statement: Said, mark: str) -> str:
    """Return the words that a passage shows under a mark."""
    return "|".join(words for line in passage(text, statement) for words, marks in line if mark in marks.split())


class TestPassage:
    def test_the_passage_is_the_paragraph_of_the_statement(self) -> None:
        assert ["".join(words for words, _ in line) for line in passage(HARBOUR, SPLIT)] == [HARBOUR.split("\n")[2]]

    @pytest.mark.parametrize(
        ("mark", "words"), [("content", "The road is open,|and it will stay open."), ("cue", "told"), ("source", "Reyes")]
    )
    def test_content_cue_and_source_are_marked(self, mark: str, words: str) -> None:
        assert marked(HARBOUR, SPLIT, mark) == words

    def test_a_cue_inside_the_content_carries_both_marks(self) -> None:
        inside = said(HARBOUR_NEWS, ("Reyes told residents",), "told")
        assert [run for line in passage(HARBOUR, inside) for run in line if run[1]] == [
            ("Reyes ", "content"),
            ("told", "content cue"),
            (" residents", "content"),
        ]

    def test_content_over_two_paragraphs_shows_both(self) -> None:
        both = replace(SPLIT, content=(Span(0, HARBOUR.index("Reyes told")),), cue=(), source=())
        assert len(passage(HARBOUR, both)) == 2

    def test_paragraphs_that_are_left_out_between_two_are_shown_as_a_gap(self) -> None:
        far = said(HARBOUR_NEWS, ("The harbour", "they had heard nothing"))
        assert passage(HARBOUR, far)[1] == [(GAP, "")]

    def test_a_long_line_is_cut_at_a_word_on_both_sides(self) -> None:
        text = "before " * 1000 + "HERE" + " after" * 1000
        [line] = passage(text, said(article("x", text), ("HERE",)))
        assert (line[0], line[-1]) == ((GAP, ""), (GAP, ""))
        assert (line[1][0].split()[0], line[3][0].split()[-1]) == ("before", "after")
        assert AROUND - 10 < len(line[1][0]) <= AROUND

    def test_a_long_line_without_blanks_is_cut_all_the_same(self) -> None:
        text = "x" * 5000 + "HERE" + "y" * 5000
        [line] = passage(text, said(article("x", text), ("HERE",)))
        assert [len(words) for words, _ in line] == [1, AROUND, 4, AROUND, 1]

    def test_characters_beyond_the_basic_plane_shift_nothing(self) -> None:
        text = "🌊🌊 𝔄𝔅 said the sea rises 🌊."
        assert marked(text, said(article("x", text), ("the sea rises 🌊",)), "content") == "the sea rises 🌊"

    @given(st.data(), st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("\n \u202e"), min_size=1))
    def test_any_passage_shows_just_the_characters_of_its_spans(self, data: st.DataObject, text: str) -> None:
        start = data.draw(st.integers(0, len(text) - 1))
        where = Span(start, data.draw(st.integers(start + 1, len(text))))
        statement = replace(SPLIT, content=(where,), cue=(), source=())
        assert marked(text, statement, "content").replace("|", "") == where.of(text).replace("\n", "").replace("|", "")

    def test_a_quotation_that_its_cue_splits_is_told_as_one(self) -> None:
        assert quote(HARBOUR, SPLIT) == "The road is open, … and it will stay open."


class TestTelling:
    def test_whom_a_statement_points_at_is_told_by_position(self) -> None:
        told = telling(OVERVIEW)
        [statement] = [s for s in told["statements"] if s["act"] == "criticise"]
        assert (told["actors"][statement["speaker"]]["iri"], told["actors"][statement["target"]]["iri"]) == (REYES, LINE)

    def test_a_relayed_statement_names_the_one_that_relays_it(self) -> None:
        told = telling(OVERVIEW)["statements"]
        [inner] = [s for s in told if s["act"] == "pledge"]
        assert (told[inner["outer"]]["quote"], told[inner["outer"]]["speaker"]) == ("the mayor had promised free passage", None)

    def test_the_roles_of_a_speaker_are_gathered(self) -> None:
        assert [actor["roles"] for actor in telling(OVERVIEW)["actors"] if actor["iri"] == REYES] == [["Mayor"]]

    def test_an_article_without_title_is_called_by_its_opening_words(self) -> None:
        text = " date 2024-05-03 The ferry " + "sails " * 50
        [told] = telling(Overview((article("x", text, date="2024-05-03"),), (), ()))["articles"]
        assert told["name"].startswith("“The ferry sails") and told["name"].endswith("…”")

    @pytest.mark.parametrize(
        ("address", "text", "href"),
        [
            ("https://sws.geonames.org/174840/", "GeoNames 174840", "https://www.geonames.org/174840"),
            ("http://www.wikidata.org/entity/Q42", "Wikidata Q42", "https://www.wikidata.org/wiki/Q42"),
            ("https://a.example/x", "https://a.example/x", "https://a.example/x"),
            ("http://a.example/x", "http://a.example/x", None),
            ("javascript:alert(1)", "javascript:alert(1)", None),
            ("http://www.wikidata.org/entity/Q1/../../x", "http://www.wikidata.org/entity/Q1/../../x", None),
        ],
    )
    def test_only_an_https_address_becomes_a_link(self, address: str, text: str, href: str | None) -> None:
        [told] = telling(Overview((), (Actor("a", "person", "A", links=(address,)),), ()))["actors"]
        assert told["links"] == [{"text": text, "href": href}]


class TestPicture:
    def test_speaker_statement_and_target_are_joined(self) -> None:
        drawn = network(OVERVIEW)
        label = {node["id"]: node["label"] for node in drawn.nodes}
        hub = f"s{next(index for index, s in enumerate(OVERVIEW.statements) if s.act == 'criticise')}"
        edges = {(label[edge["from"]], edge["role"], label[edge["to"]]) for edge in drawn.edges if hub in (edge["from"], edge["to"])}
        assert edges == {("Ana Reyes", "speaks", "indirect"), ("indirect", "target", "Northern Line")}

    def test_an_actor_is_joined_with_whom_it_acts_for_once(self) -> None:
        drawn = network(OVERVIEW)
        label = {node["id"]: node["label"] for node in drawn.nodes}
        pairs = [(label[e["from"]], label[e["to"]]) for e in drawn.edges if e["role"] == "acts-for"]
        assert sorted(pairs) == [("Ana Reyes", "Government of Ellery"), ("Anna Čapek", "Weather Office")]

    def test_the_outer_statement_is_joined_with_the_one_it_relays(self) -> None:
        outer = next(index for index, s in enumerate(OVERVIEW.statements) if s.act == "confirm")
        assert [(e["from"], e["to"]) for e in network(OVERVIEW).edges if e["role"] == "relays"] == [(f"s{outer}", f"s{outer + 1}")]

    def test_whoever_is_nobodys_subject_is_left_to_the_search(self) -> None:
        assert "Zora Unused" not in {node["label"] for node in network(OVERVIEW).nodes}
        assert UNUSED in {actor["iri"] for actor in telling(OVERVIEW)["actors"]}

    def test_every_kind_has_a_shape_of_its_own(self) -> None:
        shapes = {node["kind"]: node["shape"] for node in network(OVERVIEW).nodes}
        assert len(set(shapes.values())) == len(shapes) - 1  # a statement is a small dot, a person a big one

    def test_of_many_names_those_with_most_statements_are_drawn(self) -> None:
        actors = tuple(Actor(f"a{n:04}", "person", f"Name {n}") for n in range(400))
        statements = tuple(
            replace(SPLIT, iri=f"s{n:04}", speaker=f"a{n % 400:04}", about=("a0399",), on_behalf_of=None) for n in range(900)
        )
        drawn = {node["label"] for node in network(Overview((HARBOUR_NEWS,), actors, statements)).nodes if node["kind"] != "statement"}
        assert len(drawn) == 150
        assert {"Name 0", "Name 99", "Name 399"} <= drawn

    def test_a_statement_without_speaker_is_drawn(self) -> None:
        alone = replace(SPLIT, speaker=None, on_behalf_of=TOWN)
        drawn = network(replace(OVERVIEW, statements=(alone,)))
        assert [edge["role"] for edge in drawn.edges] == ["behalf"]

    @pytest.mark.parametrize(("text", "label"), [("A\u202e\x07b\n c", "A b c"), ("x" * 9, "xxxx…"), ("wide 🌊🌊", "wide…")])
    def test_a_label_is_one_short_plain_line(self, text: str, label: str) -> None:
        assert clipped(text, 5) == label


class TestLayout:
    RADII = {f"n{number:02}": 10.0 + number % 7 for number in range(60)}
    EDGES = [(f"n{number:02}", f"n{number * 7 % 50:02}") for number in range(1, 50)] + [("n50", "n51"), ("n52", "n53")]

    def test_no_node_stands_in_the_room_of_another(self) -> None:
        places = arrange(self.RADII, self.EDGES)
        gaps = [
            ((places[a][0] - places[b][0]) ** 2 + (places[a][1] - places[b][1]) ** 2) ** 0.5 - self.RADII[a] - self.RADII[b]
            for a in places
            for b in places
            if a < b
        ]
        assert min(gaps) > -2.5  # coordinates are whole numbers, and the last push may stop just short

    def test_whole_numbers_are_returned_for_every_node(self) -> None:
        places = arrange(self.RADII, self.EDGES)
        assert places.keys() == self.RADII.keys()
        assert {type(number) for place in places.values() for number in place} == {int}

    def test_the_order_of_input_moves_nothing(self) -> None:
        assert arrange(dict(reversed(self.RADII.items())), self.EDGES[::-1]) == arrange(self.RADII, self.EDGES)

    def test_nothing_is_arranged_as_nothing(self) -> None:
        assert arrange({}, []) == {}


class TestPage:
    def test_the_title_and_the_attribution_are_text(self) -> None:
        assert "<h1>Ellery &amp; region</h1>" in PAGE
        assert "GeoNames &lt;CC BY 4.0&gt;." in PAGE

    def test_the_page_says_what_it_does_not_say(self) -> None:
        assert "What is shown is what the articles say was said; newskg does not say what is true." in PAGE

    def test_nothing_is_fetched(self) -> None:
        skeleton = re.sub(r"<script>.*?</script>", "", PAGE, flags=re.DOTALL)
        assert not re.findall(r"<link|<script[^>]+src|<img|@import|url\(", skeleton)

    def test_the_policy_allows_the_inline_blocks_by_hash_and_nothing_else(self) -> None:
        found = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', PAGE)
        assert found
        policy = unescape(found[1])
        assert policy.startswith("default-src 'none'; ")
        assert "unsafe" not in policy and "http" not in policy
        assert policy.count("'sha256-") == 3

    def test_the_data_come_back_as_they_went_in(self) -> None:
        assert block(PAGE, "told") == json.loads(json.dumps(telling(OVERVIEW)))

    def test_hostile_texts_stay_data(self) -> None:
        html = page(HOSTILE, title=EVIL, attribution=EVIL)
        assert block(html, "told")["actors"][0]["name"] == EVIL
        assert "<img" not in html.replace("&lt;img", "")
        assert "49" not in html.split("<h1>")[1].split("</h1>")[0]

    def test_the_data_are_plain_ascii_without_markup(self) -> None:
        data = page(HOSTILE, title="x").split('id="told">')[1].split("</script>")[0]
        assert data.isascii() and not set("<>&'") & set(data)

    def test_an_empty_graph_is_a_page_too(self) -> None:
        assert block(page(EMPTY, title="x"), "told") == {"articles": [], "actors": [], "statements": []}

    @pytest.mark.parametrize("seed", ["0", "4242"])
    def test_the_same_overview_gives_the_same_bytes_whatever_the_hash_seed(self, seed: str) -> None:
        code = "import sys; from invented import OVERVIEW; from kg.render import page; sys.stdout.write(page(OVERVIEW, title='x'))"
        here = Path(__file__).parent
        environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": f"{here}{os.pathsep}{here.parent}", "PYTHONIOENCODING": "utf-8"}
        done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True)
        assert done.stdout.decode("utf-8") == page(OVERVIEW, title="x")

    def test_place_coordinates_and_ids_are_told(self) -> None:
        [place] = [actor for actor in block(PAGE, "told")["actors"] if actor["iri"] == PORT]
        assert (place["where"], place["links"]) == (
            [39.5, 46.25],
            [{"text": "GeoNames 1234567", "href": "https://www.geonames.org/1234567"}],
        )
