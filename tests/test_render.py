"""The page as a text: what it holds, what it can never hold, what is drawn and where."""

import json
import os
import re
import subprocess
import sys
import zlib
from base64 import b64decode
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import (
    ABEL,
    EMPTY,
    EVIL,
    FISHERMEN,
    HARBOUR_NEWS,
    HOSTILE,
    KESS,
    LINE,
    OVERVIEW,
    PORT,
    REGION,
    REYES,
    TOWN,
    UNUSED,
    article,
    said,
)

from kg.records import Actor, Overview, Said, Span
from kg.render import central, page
from kg.render.acts import acts
from kg.render.central import ranked, selection
from kg.render.layout import CELL, arrange
from kg.render.picture import STYLES, Line, backbone, clipped, lines, network
from kg.render.telling import telling, utf16

PAGE = page(REGION, title="Ellery & region", attribution="Places: GeoNames <CC BY 4.0>.")


def told_in(html: str) -> dict[str, Any]:
    """Return the data of a page, as its script unpacks them."""
    found = re.search('<script type="application/octet-stream" id="told">(.*?)</script>', html, re.DOTALL)
    assert found
    unpacked: dict[str, Any] = json.loads(zlib.decompress(b64decode(found[1], validate=True), -zlib.MAX_WBITS))
    return unpacked


def picture_in(html: str) -> dict[str, Any]:
    """Return what pyvis serialised."""
    found = re.search('<script type="application/json" id="picture">(.*?)</script>', html, re.DOTALL)
    assert found
    parsed: dict[str, Any] = json.loads(found[1])
    return parsed


def of(told: list[dict[str, Any]], **wanted: object) -> dict[str, Any]:
    """Return the one thing in a list that has these values."""
    [one] = [thing for thing in told if all(thing.get(key) == value for key, value in wanted.items())]
    return one


def joined(overview: Overview, style: str) -> list[tuple[str, str]]:
    """Return the names that lines of a style lead from and to."""
    name = {actor.iri: actor.name for actor in overview.actors}
    return [(name[line.start], name[line.end]) for line in lines(overview) if line.style == style]


def crowd(names: int, statements: int, *, apart: int = 1) -> Overview:
    """Return as many names, of whom each speaks about one nearby and often about the first of its ``apart`` circles."""
    actors = tuple(Actor(f"a{n:05}", "person", f"Name {n}") for n in range(names))
    spoken = tuple(
        Said(
            iri=f"s{n:06}",
            article=HARBOUR_NEWS.iri,
            type="indirect",
            act="say",
            kind="report",
            content=(Span(0, 11),),
            cue=(),
            source=(),
            confidence=0.9,
            speaker=f"a{n % names:05}",
            about=tuple(sorted({f"a{n % names % apart:05}", f"a{min(n % names + apart, names - 1):05}"})),
        )
        for n in range(statements)
    )
    return Overview((HARBOUR_NEWS,), actors, spoken)


class TestTelling:
    def test_whom_a_statement_points_at_is_told_by_position(self) -> None:
        told = telling(OVERVIEW)
        statement = of(told["statements"], act="criticise")
        assert (told["actors"][statement["speaker"]]["iri"], told["actors"][statement["target"]]["iri"]) == (REYES, LINE)

    def test_a_relayed_statement_names_the_one_that_relays_it(self) -> None:
        told = telling(OVERVIEW)["statements"]
        assert told[of(told, act="pledge")["outer"]]["act"] == "confirm"

    def test_a_denial_names_the_accusation_that_it_answers(self) -> None:
        told = telling(REGION)["statements"]
        assert [told[index]["act"] for index in of(told, act="deny")["answers"]] == ["accuse"]

    def test_the_roles_of_a_speaker_are_gathered(self) -> None:
        assert of(telling(OVERVIEW)["actors"], iri=REYES)["roles"] == ["Mayor"]

    def test_the_whole_text_of_an_article_is_told_unchanged(self) -> None:
        assert [article["text"] for article in told_in(PAGE)["articles"]] == [article.text for article in REGION.articles]

    def test_what_is_empty_is_left_out_and_a_position_of_nought_is_not(self) -> None:
        told = telling(REGION)
        assert not {"place", "answers", "interpreted", "dateStatus"} & told["statements"][0].keys()
        assert [statement["article"] for statement in told["statements"]].count(0) == 6

    def test_an_article_without_title_is_called_by_its_opening_words(self) -> None:
        text = " date 2024-05-03 The ferry " + "sails " * 50
        [told] = telling(Overview((article("x", text, date="2024-05-03"),), (), ()))["articles"]
        assert told["name"].startswith("“The ferry sails") and told["name"].endswith("…”")
        assert "title" not in told

    @pytest.mark.parametrize(
        ("address", "link"),
        [
            ("https://sws.geonames.org/174840/", {"text": "GeoNames 174840", "href": "https://www.geonames.org/174840"}),
            ("http://www.wikidata.org/entity/Q42", {"text": "Wikidata Q42", "href": "https://www.wikidata.org/wiki/Q42"}),
            ("https://a.example/x", {"text": "https://a.example/x", "href": "https://a.example/x"}),
            ("http://a.example/x", {"text": "http://a.example/x"}),
            ("javascript:alert(1)", {"text": "javascript:alert(1)"}),
            ("http://www.wikidata.org/entity/Q1/../../x", {"text": "http://www.wikidata.org/entity/Q1/../../x"}),
        ],
    )
    def test_only_an_https_address_becomes_a_link(self, address: str, link: dict[str, str]) -> None:
        [told] = telling(Overview((), (Actor("a", "person", "A", links=(address,)),), ()))["actors"]
        assert told["links"] == [link]

    def test_a_place_on_the_equator_is_on_the_map(self) -> None:
        assert of(telling(REGION)["actors"], iri=KESS)["where"] == [0.0, -12.5]

    def test_acts_are_called_and_grouped_as_the_ontology_has_it(self) -> None:
        told = telling(REGION)["acts"]
        assert told["accuse"] == {"name": "accuse", "family": "accuses"}
        assert {key for key, act in told.items() if act["family"] == "denies"} == {"deny"}
        assert acts()["call-for"].name == "call for"

    def test_an_act_that_the_ontology_has_not_is_called_by_its_key(self) -> None:
        odd = replace(OVERVIEW.statements[0], act="hum-along")
        assert telling(replace(OVERVIEW, statements=(odd,)))["acts"] == {"hum-along": {"name": "hum along", "family": "says"}}

    def test_names_are_measured_by_who_speaks_about_whom(self) -> None:
        told = of(telling(OVERVIEW)["actors"], iri=LINE)
        assert (told["measures"]["spoken_of"], told["measures"]["degree"]) == (1, 1)
        assert of(telling(OVERVIEW)["actors"], iri=REYES)["measures"]["statements"] == 4

    def test_who_speaks_for_somebody_stands_on_their_side_and_so_do_they(self) -> None:
        told = telling(REGION)["actors"]
        sides = {actor["name"]: told[actor["side"]]["name"] for actor in told if "side" in actor}
        assert sides == {
            "Ana Reyes": "Government of Ellery",
            "Government of Ellery": "Government of Ellery",
            "Jon Abel": "Northern Line",
            "Northern Line": "Northern Line",
        }

    def test_a_side_is_the_end_of_the_chain(self) -> None:
        chain = tuple(Actor(iri, "person", iri, acts_for=after) for iri, after in (("a", "b"), ("b", "c"), ("c", None)))
        assert [actor["side"] for actor in telling(Overview((), chain, ()))["actors"]] == [2, 2, 2]

    def test_those_who_act_for_one_another_in_a_ring_stop_nothing(self) -> None:
        ring = tuple(Actor(iri, "person", iri, acts_for=after) for iri, after in (("a", "b"), ("b", "a")))
        assert [actor["side"] for actor in telling(Overview((), ring, ()))["actors"]] == [1, 0]


class TestOffsets:
    @given(st.data(), st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("🌊𝔄\n"), min_size=1))
    def test_the_browser_cuts_just_the_characters_of_a_span(self, data: st.DataObject, text: str) -> None:
        start = data.draw(st.integers(0, len(text) - 1))
        where = Span(start, data.draw(st.integers(start + 1, len(text))))
        [[first, last]] = utf16(text)([where])
        assert text.encode("utf-16-le")[2 * first : 2 * last].decode("utf-16-le") == where.of(text)

    def test_people_are_shown_code_points(self) -> None:
        accusation = of(telling(REGION)["statements"], act="accuse")
        [[first, last]] = accusation["offsets"]
        assert REGION.articles[2].text[first:last] == "leaving the old bridge to rot"
        assert accusation["content"] == [[first + 2, last + 2]]

    def test_what_is_the_same_is_told_once(self) -> None:
        assert "offsets" not in of(telling(REGION)["statements"], act="deny")


class TestFigures:
    def test_a_quantity_says_how_its_figures_stand_to_each_other(self) -> None:
        assert {one["name"]: one["finding"] for one in telling(REGION)["quantities"]} == {
            "boats in Kess": "conflict",
            "people who left Ellery": "growing",
        }

    def test_the_later_figure_is_named_first(self) -> None:
        told = of(telling(REGION)["quantities"], name="people who left Ellery")
        [link] = told["links"]
        assert [told["claims"][number]["value"] for number in link["claims"]] == [4200, 3000]
        assert (link["kind"], told["cumulative"]) == ("update", True)

    def test_a_figure_names_who_claims_it_and_its_words(self) -> None:
        told = telling(REGION)
        first, second = of(told["quantities"], name="people who left Ellery")["claims"]
        assert (first["words"], first["modifier"], told["actors"][first["speaker"]]["iri"]) == ("About 3,000", "about", TOWN)
        assert (second["words"], second["article"]) == ("4,200", 2)
        assert not {"speaker", "statement"} & second.keys()

    def test_what_tells_the_day_of_a_figure_is_told(self) -> None:
        [claim, _] = of(telling(REGION)["quantities"], name="boats in Kess")["claims"]
        assert (claim["asOf"], claim["asOfStatus"]) == ("2024-05-11", "published")

    def test_a_figure_that_stands_alone_is_called_single(self) -> None:
        lonely = replace(REGION.quantities[0], claims=REGION.quantities[0].claims[:1])
        [told] = telling(replace(REGION, quantities=(lonely,)))["quantities"]
        assert (told["finding"], told.get("links")) == ("single", None)

    def test_a_figure_of_nought_is_a_figure(self) -> None:
        none = replace(REGION.quantities[0], claims=tuple(replace(claim, value=0.0) for claim in REGION.quantities[0].claims))
        [told] = telling(replace(REGION, quantities=(none,)))["quantities"]
        assert [claim["value"] for claim in told["claims"]] == [0, 0]


class TestLines:
    def test_an_accusation_leads_to_whom_it_is_aimed_at(self) -> None:
        assert joined(REGION, "accuses") == [("Ana Reyes", "Northern Line")]

    def test_a_denial_leads_to_who_accused(self) -> None:
        assert joined(REGION, "denies") == [("Northern Line", "Ana Reyes")]

    def test_whom_a_statement_accuses_it_does_not_speak_about_too(self) -> None:
        accusing = replace(REGION, statements=tuple(said for said in REGION.statements if said.act == "accuse"))
        assert {line.style for line in lines(accusing)} == {"accuses", "acts"}

    def test_who_relays_is_joined_with_whom_it_relays(self) -> None:
        outer = replace(OVERVIEW.statements[3], speaker=FISHERMEN)
        assert joined(replace(OVERVIEW, statements=(outer, OVERVIEW.statements[4])), "relays") == [("fishermen at the pier", "Ana Reyes")]

    def test_the_scene_of_speech_is_told_from_a_place_that_is_spoken_of(self) -> None:
        assert joined(REGION, "present") == [("Government of Ellery", "Kess"), ("Jon Abel", "Kess")]
        assert ("Jon Abel", "Kess") in joined(REGION, "says")

    def test_who_acts_for_whom_is_one_line_whether_a_statement_or_the_graph_says_so(self) -> None:
        assert joined(REGION, "acts") == [
            ("Ana Reyes", "Government of Ellery"),
            ("Anna Čapek", "Weather Office"),
            ("Jon Abel", "Northern Line"),
        ]

    def test_statements_of_one_kind_are_one_line_that_names_them(self) -> None:
        [line] = [line for line in lines(OVERVIEW) if (line.start, line.end, line.style) == (REYES, LINE, "says")]
        assert [OVERVIEW.statements[index].act for index in line.statements] == ["criticise"]

    def test_accusations_lie_on_top(self) -> None:
        assert STYLES[-1] == "accuses"
        assert [line.style for line in lines(REGION)] == sorted((line.style for line in lines(REGION)), key=STYLES.index)

    def test_a_line_to_oneself_is_no_line(self) -> None:
        selfish = replace(OVERVIEW.statements[0], about=(REYES,))
        assert not [line for line in lines(replace(OVERVIEW, statements=(selfish,))) if line.start == line.end]


class TestCentrality:
    def test_many_articles_weigh_more_than_many_statements_in_one(self) -> None:
        once = article("once", "x" * 40)
        many = [article(f"m{n}", "x" * 40) for n in range(3)]
        spoken = [said(once, ("x" * (n + 1),), speaker="often") for n in range(4)] + [said(one, ("x",), speaker="widely") for one in many]
        actors = (Actor("often", "person", "Often"), Actor("widely", "person", "Widely"))
        assert ranked(Overview((once, *many), actors, tuple(spoken))) == ("widely", "often")

    def test_whoever_is_nobodys_subject_is_left_to_the_search(self) -> None:
        assert UNUSED not in ranked(OVERVIEW)
        assert UNUSED in {actor["iri"] for actor in telling(OVERVIEW)["actors"]}

    def test_a_graph_that_fits_is_held_whole(self) -> None:
        assert selection(REGION, ranked(REGION)) is REGION
        assert "partial" not in told_in(PAGE)


class TestPartial:
    @pytest.fixture
    def small(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(central, "STATEMENTS", 7)
        monkeypatch.setattr(central, "NAMES", 2)

    @pytest.mark.usefixtures("small")
    def test_a_graph_too_large_is_held_in_part_and_says_so(self) -> None:
        told = told_in(page(REGION, title="x"))
        assert len(told["statements"]) == 7
        assert told["partial"] == {"statements": len(REGION.statements), "names": len(REGION.actors)}

    @pytest.mark.usefixtures("small")
    def test_the_statements_of_the_most_central_come_first(self) -> None:
        ranks = ranked(REGION)
        kept = selection(REGION, ranks).statements
        own = [said for said in REGION.statements if ranks[0] in central.parties(said)]
        assert set(own[:7]) <= set(kept)

    @pytest.mark.usefixtures("small")
    def test_nothing_in_it_points_outside(self) -> None:
        held = selection(REGION, ranked(REGION))
        names, articles = {actor.iri for actor in held.actors}, {article.iri for article in held.articles}
        assert all(central.parties(said) <= names and said.article in articles for said in held.statements)
        assert {actor.acts_for for actor in held.actors} <= names | {None}
        assert all(claim.article in articles for quantity in held.quantities for claim in quantity.claims)

    @pytest.mark.usefixtures("small")
    def test_names_are_measured_in_the_whole_graph(self) -> None:
        whole = of(telling(REGION)["actors"], iri=REYES)["measures"]
        assert of(told_in(page(REGION, title="x"))["actors"], iri=REYES)["measures"] == whole


class TestPicture:
    def test_names_are_drawn_the_most_central_first(self) -> None:
        drawn = network(REGION).nodes
        assert [REGION.actors[int(node["id"][1:])].iri for node in drawn] == list(ranked(REGION))
        assert [node["rank"] for node in drawn] == list(range(len(drawn)))

    def test_every_kind_has_a_shape_of_its_own(self) -> None:
        shapes = {node["kind"]: node["shape"] for node in network(REGION).nodes}
        assert len(set(shapes.values())) == len(shapes) == 6

    def test_a_line_names_its_ends_and_its_statements(self) -> None:
        drawn = network(REGION)
        label = {node["id"]: node["label"] for node in drawn.nodes}
        edge = of(drawn.edges, style="denies")
        assert (label[edge["from"]], label[edge["to"]], edge["weight"]) == ("Northern Line", "Ana Reyes", 1)
        assert [REGION.statements[index].act for index in edge["statements"]] == ["deny"]

    def test_a_small_picture_has_one_place_for_each_name_and_draws_every_line(self) -> None:
        drawn = network(REGION)
        assert all("wide" not in node and "x" in node and "y" in node for node in drawn.nodes)
        assert all(edge["backbone"] for edge in drawn.edges)

    def test_of_many_names_the_most_central_have_a_place_of_their_own(self) -> None:
        drawn = network(crowd(400, 900)).nodes
        assert [("x" in node, "wide" in node) for node in drawn] == [(True, True)] * 150 + [(False, True)] * 250
        assert drawn[0]["label"] == "Name 0"

    def test_of_very_many_names_only_the_most_central_are_there(self) -> None:
        drawn = network(crowd(1600, 1600))
        assert len(drawn.nodes) == 150
        ids = {node["id"] for node in drawn.nodes}
        assert {edge[end] for edge in drawn.edges for end in ("from", "to")} <= ids

    @pytest.mark.parametrize(("text", "label"), [("A\u202e\x07b\n c", "A b c"), ("x" * 9, "xxxx…"), ("wide 🌊🌊", "wide…")])
    def test_a_label_is_one_short_plain_line(self, text: str, label: str) -> None:
        assert clipped(text, 5) == label


PAIRS = st.tuples(st.integers(0, 9), st.integers(0, 9)).filter(lambda pair: pair[0] < pair[1])
WEIGHTS = st.dictionaries(PAIRS, st.integers(1, 9), min_size=1)


class TestBackbone:
    MANY = crowd(150, 3000, apart=7)

    def test_it_is_few_enough_to_be_read(self) -> None:
        assert len(backbone(ranked(self.MANY), lines(self.MANY))) <= 180 < len({(line.start, line.end) for line in lines(self.MANY)})

    def test_what_is_connected_stays_so(self) -> None:
        kept = nx.Graph(tuple(pair) for pair in backbone(ranked(self.MANY), lines(self.MANY)))
        assert nx.is_connected(kept) and set(kept) == {actor.iri for actor in self.MANY.actors}

    @given(WEIGHTS)
    def test_every_name_keeps_its_strongest_line(self, weights: dict[tuple[int, int], int]) -> None:
        kept = backbone([], [Line(str(one), str(other), "says", tuple(range(weight))) for (one, other), weight in weights.items()])
        ends = {end for pair in weights for end in pair}
        strongest = {end: max(weight for pair, weight in weights.items() if end in pair) for end in ends}
        found = {end: max(weight for pair, weight in weights.items() if end in pair and frozenset(map(str, pair)) in kept) for end in ends}
        assert found == strongest


class TestLayout:
    ROOMS = {f"n{number:02}": (10.0 + 3 * (number % 7), 12.0) for number in range(60)}
    EDGES = [(f"n{number:02}", f"n{number * 7 % 50:02}") for number in range(1, 50)] + [("n50", "n51"), ("n52", "n53")]

    def test_no_name_stands_in_the_room_of_another(self) -> None:
        places = arrange(self.ROOMS, self.EDGES)
        lacking = [
            min(self.ROOMS[a][axis] + self.ROOMS[b][axis] - abs(places[a][axis] - places[b][axis]) for axis in (0, 1))
            for a in places
            for b in places
            if a < b
        ]
        assert max(lacking) < 3  # coordinates are whole numbers, and the last push may stop just short

    def test_whole_numbers_are_returned_for_every_node(self) -> None:
        places = arrange(self.ROOMS, self.EDGES)
        assert places.keys() == self.ROOMS.keys()
        assert {type(number) for place in places.values() for number in place} == {int}

    def test_the_order_of_input_moves_nothing(self) -> None:
        assert arrange(dict(reversed(self.ROOMS.items())), self.EDGES[::-1]) == arrange(self.ROOMS, self.EDGES)

    def test_the_picture_is_wider_than_high_and_not_by_much(self) -> None:
        places = arrange({f"n{n:03}": (13.0, 13.0) for n in range(90)}, [(f"n{n:03}", f"n{n // 3 * 3:03}") for n in range(90)])
        (left, right), (top, bottom) = ((min(axis), max(axis)) for axis in zip(*places.values(), strict=True))
        assert 0.9 < (right - left) / (bottom - top) < 1.7
        assert max(abs(left + right), abs(top + bottom)) <= 2

    def test_components_are_packed_without_meeting(self) -> None:
        places = arrange({f"n{n:02}": (CELL, CELL) for n in range(40)}, [])
        gaps = [max(abs(a[0] - b[0]), abs(a[1] - b[1])) for a in places.values() for b in places.values() if a < b]
        assert min(gaps) >= 2 * CELL

    def test_names_on_one_spot_part(self) -> None:
        star = arrange({f"n{n}": (30.0, 10.0) for n in range(9)}, [("n0", f"n{n}") for n in range(1, 9)])
        assert len(set(star.values())) == 9

    @settings(max_examples=30, deadline=None)
    @given(st.lists(st.tuples(st.integers(0, 14), st.integers(0, 14)), max_size=30), st.integers(0, 14))
    def test_any_graph_has_a_picture(self, edges: list[tuple[int, int]], names: int) -> None:
        size = max([names, *(end + 1 for edge in edges for end in edge)])
        places = arrange({str(n): (9.0, 9.0) for n in range(size)}, [(str(a), str(b)) for a, b in edges])
        assert len(places) == size


class TestPage:
    def test_the_title_and_the_attribution_are_text(self) -> None:
        assert "<h1>Ellery &amp; region</h1>" in PAGE
        assert "GeoNames &lt;CC BY 4.0&gt;." in PAGE
        assert told_in(PAGE)["title"] == "Ellery & region"
        assert told_in(PAGE)["attribution"].startswith("Places: GeoNames <CC BY 4.0>. ")

    def test_the_source_of_the_map_is_named_where_there_is_a_map(self) -> None:
        assert "Natural Earth" in told_in(PAGE)["attribution"] and "Natural Earth" in PAGE.split("<footer>")[1]
        assert "Natural Earth" not in page(EMPTY, title="x").split("<footer>")[1].split("</footer>")[0]

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
        assert re.findall(r"img-src ([^;]*)", policy) == ["data:"]

    def test_every_part_of_the_page_is_in_it(self) -> None:
        parts = Path(sys.modules["kg.render"].__file__ or "").parent / "page"
        missing = [part.name for part in parts.iterdir() if part.suffix != ".html" and part.read_text("utf-8") not in PAGE]
        assert missing == []

    def test_the_data_come_back_as_they_went_in(self) -> None:
        told = told_in(PAGE)
        assert {key: told[key] for key in told if key not in ("title", "attribution")} == json.loads(json.dumps(telling(REGION)))

    def test_hostile_texts_stay_data(self) -> None:
        html = page(HOSTILE, title=EVIL, attribution=EVIL)
        assert told_in(html)["actors"][0]["name"] == EVIL
        assert "<img" not in html.replace("&lt;img", "")
        assert "49" not in html.split("<h1>")[1].split("</h1>")[0]

    def test_the_data_are_plain_ascii_without_markup(self) -> None:
        html = page(HOSTILE, title="x")
        data = [html.split(f'id="{block}">')[1].split("</script>")[0] for block in ("picture", "told")]
        assert all(text.isascii() and not set("<>&'") & set(text) for text in data)

    def test_half_a_character_breaks_no_page(self) -> None:
        broken = article("half", "left \ud83c and right", title="half \udf0a")
        assert told_in(page(Overview((broken,), (), ()), title="x"))["articles"][0]["text"] == broken.text

    def test_an_empty_graph_is_a_page_too(self) -> None:
        html = page(EMPTY, title="x")
        assert told_in(html) == {"title": "x", "attribution": "Places: GeoNames, CC BY 4.0."}
        assert picture_in(html)["nodes"] == picture_in(html)["edges"] == []

    def test_the_browser_has_nothing_to_compute(self) -> None:
        options = picture_in(PAGE)["options"]
        assert (options["physics"]["enabled"], options["layout"]["improvedLayout"], options["edges"]["smooth"]) == (False, False, False)

    @pytest.mark.parametrize("seed", ["0", "4242"])
    def test_the_same_overview_gives_the_same_bytes_whatever_the_hash_seed(self, seed: str) -> None:
        code = (
            "import sys; from invented import REGION; from test_render import crowd; from kg.render import page;"
            "sys.stdout.write(page(REGION, title='x') + page(crowd(200, 500, apart=3), title='x'))"
        )
        here = Path(__file__).parent
        environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": f"{here}{os.pathsep}{here.parent}", "PYTHONIOENCODING": "utf-8"}
        done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True)
        assert done.stdout.decode("utf-8") == page(REGION, title="x") + page(crowd(200, 500, apart=3), title="x")

    def test_place_coordinates_and_ids_are_told(self) -> None:
        place = of(told_in(PAGE)["actors"], iri=PORT)
        assert (place["where"], place["links"]) == (
            [39.5, 46.25],
            [{"text": "GeoNames 1234567", "href": "https://www.geonames.org/1234567"}],
        )

    def test_how_often_a_name_is_mentioned_is_told(self) -> None:
        assert of(told_in(PAGE)["actors"], iri=ABEL)["mentions"] == 1
