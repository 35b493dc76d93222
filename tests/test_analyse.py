"""Measures that an analyst would publish: each small graph has an answer that can be worked out by hand."""

from dataclasses import replace
from io import BytesIO

import networkx as nx
import pytest
from invented import CAPEK, EMPTY, LINE, OVERVIEW, PORT, REYES, UNUSED

from kg import analyse
from kg.records import Actor, Overview, Said, Span


def talk(*pairs: tuple[str, str]) -> Overview:
    """Return an overview where the first of each pair speaks about the second."""
    names = sorted({name for pair in pairs for name in pair})
    statements = [
        Said(f"s{number}", "d", "indirect", "say", "report", (Span(0, 1),), (), (), 1.0, speaker=speaker, about=(subject,))
        for number, (speaker, subject) in enumerate(pairs)
    ]
    return Overview((), tuple(Actor(name, "person", name.upper()) for name in names), tuple(statements))


TWO_CIRCLES = talk(*[(a, b) for circle in ("abc", "xyz") for a in circle for b in circle], ("a", "x"))


def row(overview: Overview, name: str) -> analyse.Measure:
    return next(row for row in analyse.measures(analyse.speech_graph(overview)) if row.iri == name)


def test_an_edge_counts_the_statements_of_a_speaker_about_somebody() -> None:
    assert analyse.speech_graph(talk(("a", "b"), ("a", "b"), ("b", "a"))).edges["a", "b"] == {"weight": 2}


def test_a_statement_aimed_at_and_about_one_name_counts_once() -> None:
    assert analyse.speech_graph(OVERVIEW).edges[REYES, LINE]["weight"] == 1


def test_speaking_about_oneself_earns_nothing() -> None:
    assert analyse.speech_graph(talk(("a", "a"))).number_of_edges() == 0


def test_a_statement_without_speaker_adds_no_edge() -> None:
    nameless = replace(OVERVIEW, statements=tuple(replace(said, speaker=None) for said in OVERVIEW.statements))
    assert analyse.speech_graph(nameless).number_of_edges() == 0


def test_a_name_without_statements_stays_a_node() -> None:
    assert analyse.speech_graph(OVERVIEW).nodes[UNUSED] == {"name": "Zora Unused", "kind": "person"}


def test_degree_counts_others_and_strength_counts_statements() -> None:
    found = row(talk(("a", "b"), ("a", "b"), ("c", "a")), "a")
    assert (found.degree, found.out_strength, found.in_strength) == (2, 2, 1)


def test_pagerank_is_shared_out_wholly() -> None:
    assert sum(row.pagerank for row in analyse.measures(analyse.speech_graph(OVERVIEW))) == pytest.approx(1, abs=1e-6)


def test_pagerank_agrees_with_the_definition() -> None:
    # Two names, one edge a -> b, b dangling: a = 0.15/2 + 0.85 b/2, b = a + 0.85 a  (Page et al. 1998, damping 0.85).
    assert row(talk(("a", "b")), "b").pagerank == pytest.approx(1.85 / 2.85, abs=1e-6)


def test_betweenness_is_the_share_of_directed_pairs_on_whose_way_a_name_lies() -> None:
    # Of the two pairs that remain without b, a -> c goes through it and c -> a has no way.
    assert row(talk(("a", "b"), ("b", "c")), "b").betweenness == pytest.approx(0.5)


def test_rows_come_by_pagerank_and_ties_by_iri() -> None:
    rows = analyse.measures(analyse.speech_graph(talk(("a", "c"), ("b", "d"))))
    assert [row.iri for row in rows] == ["c", "d", "a", "b"]


def test_two_circles_of_talk_are_two_communities() -> None:
    assert analyse.communities(analyse.speech_graph(TWO_CIRCLES)).groups == (frozenset("abc"), frozenset("xyz"))


def test_modularity_of_two_circles_agrees_with_its_definition() -> None:
    # 13 directed edges, 6 inside each circle, one between: 2 * (6/13 - (13/26)**2) (Newman 2004).
    assert analyse.communities(analyse.speech_graph(TWO_CIRCLES)).modularity == pytest.approx(2 * (6 / 13 - 0.25), abs=1e-6)


def test_the_larger_community_has_the_smaller_number() -> None:
    talks = talk(("m", "n"), ("n", "o"), ("o", "m"), ("a", "b"))
    assert (row(talks, "m").community, row(talks, "a").community) == (1, 2)


def test_measures_do_not_depend_on_the_order_of_the_overview() -> None:
    backward = Overview(OVERVIEW.articles[::-1], OVERVIEW.actors[::-1], OVERVIEW.statements[::-1])
    assert analyse.measures(analyse.speech_graph(backward)) == analyse.measures(analyse.speech_graph(OVERVIEW))


def test_nothing_measured_is_nothing_returned() -> None:
    graph = analyse.speech_graph(EMPTY)
    assert (analyse.measures(graph), analyse.communities(graph)) == ([], analyse.Communities((), 0.0))


def test_every_measure_has_an_explanation() -> None:
    assert {*analyse.EXPLANATIONS, "iri", "name", "kind"} == set(analyse.Measure.__dataclass_fields__)


@pytest.mark.parametrize(
    ("write", "read"), [(analyse.to_graphml, nx.read_graphml), (analyse.to_gexf, nx.read_gexf)], ids=["graphml", "gexf"]
)
class TestFiles:
    def test_a_graph_comes_back_with_names_weights_and_measures(self, write, read) -> None:
        graph = analyse.speech_graph(OVERVIEW)
        back = read(BytesIO(write(graph, analyse.measures(graph)).encode()))
        assert back.nodes[CAPEK]["label"] == "Anna Čapek"
        assert back.nodes[PORT]["pagerank"] == row(OVERVIEW, PORT).pagerank
        assert back.edges[REYES, PORT]["weight"] == 1
        assert back.is_directed()

    def test_the_file_is_the_same_each_time(self, write, read) -> None:
        assert write(analyse.speech_graph(OVERVIEW)) == write(analyse.speech_graph(OVERVIEW))

    def test_a_name_that_xml_cannot_hold_is_still_written(self, write, read) -> None:
        odd = Overview((), (Actor("a", "person", "bell \x07 <&> \ud800"),), ())
        assert read(BytesIO(write(analyse.speech_graph(odd)).encode())).nodes["a"]["label"] == "bell \ufffd <&> \ufffd"

    def test_an_empty_graph_is_a_valid_file(self, write, read) -> None:
        assert read(BytesIO(write(analyse.speech_graph(EMPTY)).encode())).number_of_nodes() == 0


def test_gexf_carries_no_time_stamp() -> None:
    assert "lastmodifieddate" not in analyse.to_gexf(analyse.speech_graph(OVERVIEW))


def test_parts_that_are_not_linked_are_drawn_apart() -> None:
    assert [sorted(part) for part in analyse.spread("abcxy", [("a", "b"), ("b", "c"), ("x", "y")])] == [["a", "b", "c"], ["x", "y"]]


def test_linked_nodes_are_drawn_about_one_apart() -> None:
    [drawn] = analyse.spread("abc", [("a", "b"), ("b", "c")])
    assert max(abs(a - b) for a, b in zip(drawn["a"], drawn["c"], strict=True)) == pytest.approx(2, abs=0.7)


def test_the_same_seed_draws_the_same_picture() -> None:
    edges = [("a", "b"), ("b", "c"), ("c", "d")]
    assert analyse.spread("abcd", edges, seed=3) == analyse.spread("dcba", edges[::-1], seed=3)
