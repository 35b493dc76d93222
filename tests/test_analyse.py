"""Measures that an analyst would publish: each small graph has an answer that can be worked out by hand, or networkx's own."""

import csv
import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import date
from io import BytesIO
from itertools import combinations, permutations
from pathlib import Path

import networkx as nx
import pytest
import rustworkx as rx
import town
from click.testing import CliRunner, Result
from conftest import environment
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from invented import CAPEK, EMPTY, LINE, OVERVIEW, PORT, REYES, UNUSED
from networkx.algorithms.link_analysis import hits_alg, pagerank_alg

from kg import analyse
from kg.analyse import between
from kg.analyse.periods import Period
from kg.analyse.telling import fitting
from kg.cli import analysing, main
from kg.graph import Graph
from kg.records import Actor, Article, Overview, Said, Span
from kg.vocab import SKOS, Literal


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
    assert analyse.speech_graph(OVERVIEW).nodes[UNUSED] == {"name": "Zora Unused", "kind": "person", "unnamed": False}


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
    assert {*analyse.EXPLANATIONS, "iri", "name", "kind", "unnamed"} == set(analyse.Measure.__dataclass_fields__)


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


# ---------------------------------------------------------------- the same numbers as networkx


@st.composite
def networks(draw: st.DrawFn, directed: bool) -> analyse.Network:
    """Return a graph of up to nine names with up to thirty links."""
    names = "abcdefghi"[: draw(st.integers(1, 9))]
    kinds = draw(st.lists(st.sampled_from(["person", "place", "group"]), min_size=len(names), max_size=len(names)))
    graph: analyse.Network = nx.DiGraph() if directed else nx.Graph()
    graph.add_nodes_from((name, {"name": name, "kind": kind, "unnamed": False}) for name, kind in zip(names, kinds, strict=True))
    ends = list((permutations if directed else combinations)(names, 2))
    chosen = draw(st.lists(st.sampled_from(ends), unique=True, max_size=30)) if ends else []
    graph.add_edges_from((*pair, {"weight": draw(st.integers(1, 5))}) for pair in sorted(chosen))
    return graph


ANY = st.booleans().flatmap(networks)
NEAR = 1e-7
"""Ours are rounded to nine digits; both sides stop their rounds somewhat earlier than at the last bit."""


def column(graph: analyse.Network, name: str) -> dict[str, float]:
    return {row.iri: getattr(row, name) for row in analyse.measures(graph)}


@given(ANY)
def test_betweenness_is_that_of_networkx(graph) -> None:
    assert column(graph, "betweenness") == pytest.approx(nx.betweenness_centrality(graph), abs=NEAR)


@given(ANY)
def test_betweenness_estimated_from_all_names_is_that_of_networkx(graph) -> None:
    names = sorted(graph)
    arcs = [(names.index(one), names.index(other)) for one, other in nx.DiGraph(graph).edges]
    found = dict(zip(names, between.estimated(arcs, len(names), len(names)), strict=True))
    assert found == pytest.approx(nx.betweenness_centrality(graph), abs=NEAR)


@given(ANY)
def test_pagerank_is_that_of_networkx(graph) -> None:
    assert column(graph, "pagerank") == pytest.approx(pagerank_alg._pagerank_python(graph, tol=1e-13, max_iter=1000), abs=NEAR)


@given(ANY)
@settings(deadline=None)
def test_hubs_and_authorities_are_those_of_networkx(graph) -> None:
    assume(graph.number_of_edges())
    try:
        hubs, authorities = hits_alg._hits_python(graph, tol=1e-14, max_iter=3000)
    except nx.PowerIterationFailedConvergence:
        assume(False)
    assert column(graph, "hub") == pytest.approx(hubs, abs=1e-6)
    assert column(graph, "authority") == pytest.approx(authorities, abs=1e-6)


@given(ANY)
def test_cores_are_those_of_networkx(graph) -> None:
    assert column(graph, "core") == nx.core_number(nx.Graph(graph))


@given(networks(directed=True))
def test_strengths_are_the_weighted_degrees_of_networkx(graph) -> None:
    assert column(graph, "out_strength") == dict(graph.out_degree(weight="weight"))
    assert column(graph, "in_strength") == dict(graph.in_degree(weight="weight"))
    assert column(graph, "strength") == dict(graph.degree(weight="weight"))


@given(networks(directed=False))
def test_without_direction_all_strengths_are_the_weighted_degree_of_networkx(graph) -> None:
    strength = dict(graph.degree(weight="weight"))
    assert [column(graph, name) for name in ("strength", "out_strength", "in_strength")] == [strength] * 3


@given(ANY)
def test_degrees_are_the_neighbours_of_networkx(graph) -> None:
    assert column(graph, "degree") == dict(nx.Graph(graph).degree())


@given(networks(directed=True))
def test_reciprocity_is_that_of_networkx(graph) -> None:
    found = analyse.analysis(graph).whole.reciprocity
    assume(found is not None)
    assert found == pytest.approx(nx.overall_reciprocity(graph), abs=NEAR)


@given(ANY)
def test_assortativity_is_that_of_networkx(graph) -> None:
    found = analyse.analysis(graph)
    nx.set_node_attributes(graph, {row.iri: row.community for row in found.names}, "community")
    assume(found.whole.assortativity_kind is not None and found.whole.assortativity_community is not None)
    assert found.whole.assortativity_kind == pytest.approx(nx.attribute_assortativity_coefficient(graph, "kind"), abs=NEAR)
    assert found.whole.assortativity_community == pytest.approx(nx.attribute_assortativity_coefficient(graph, "community"), abs=NEAR)


@given(ANY)
def test_communities_and_modularity_are_those_of_networkx(graph) -> None:
    assume(graph.number_of_edges())
    names = sorted(graph)
    mutual = nx.Graph()
    mutual.add_nodes_from(range(len(names)))
    for one, other in sorted(tuple(sorted(map(names.index, edge))) for edge in nx.Graph(graph).edges):
        ends = names[one], names[other]
        both = (ends, ends[::-1])[: 1 + graph.is_directed()]
        mutual.add_edge(one, other, weight=sum(graph.edges[pair]["weight"] for pair in both if graph.has_edge(*pair)))
    found, groups = analyse.communities(graph), nx.community.louvain_communities(mutual, seed=0)
    assert {*found.groups} == {frozenset(names[node] for node in group) for group in groups}
    assert found.modularity == pytest.approx(nx.community.modularity(mutual, groups), abs=NEAR)


# ---------------------------------------------------------------- betweenness on two cores, or estimated


def crowd(size: int = 700) -> analyse.Network:
    """Return a graph so large that several threads measure it."""
    graph = nx.gnp_random_graph(size, 4 / size, seed=7, directed=True)
    nx.set_node_attributes(graph, {node: {"name": f"N{node}", "kind": "person", "unnamed": False} for node in graph})
    nx.set_edge_attributes(graph, 1, "weight")
    return nx.relabel_nodes(graph, {node: f"n{node:04}" for node in graph})


def test_several_threads_find_what_one_finds() -> None:
    fast = rx.networkx_converter(crowd())
    alone = rx.digraph_betweenness_centrality(fast, parallel_threshold=10_000)
    assert len(fast) > between.ALONE
    assert between.exact(fast) == [round(alone[node], between.COARSE) for node in range(len(fast))]


@pytest.mark.parametrize(
    ("value", "safe"), [(0.25, True), (0.0, True), (1 / 1024, False), (0.0009765625 + 1e-16, False), (0.0009765626, True)]
)
def test_a_sum_whose_last_digit_hangs_on_the_order_is_seen(value, safe) -> None:
    # 1/1024 = 0.0009765625 lies between two numbers of nine digits.
    assert between.certain([value], 1000, 9) is safe


def test_an_estimate_is_near_the_exact_value() -> None:
    graph = crowd()
    exact = {row.iri: row.betweenness for row in analyse.measures(graph)}
    estimate = {row.iri: row.betweenness for row in analyse.measures(graph, sample=350)}
    assert max(abs(exact[iri] - estimate[iri]) for iri in exact) < 0.02
    assert sum(estimate.values()) == pytest.approx(sum(exact.values()), rel=0.1)


def test_another_seed_draws_another_sample_and_the_same_seed_the_same() -> None:
    first, again, other = (analyse.analysis(crowd(), sample=50, seed=seed).names for seed in (1, 1, 2))
    assert first == again != other


@pytest.mark.parametrize(
    ("linked", "edges", "sample", "sources"),
    [(10_000, 40_000, None, 0), (100_000, 200_000, None, between.SAMPLE), (10_000, 40_000, 50, 50), (30, 60, 50, 0), (0, 0, None, 0)],
    ids=["ten thousand", "too many", "asked for", "more than there are", "none"],
)
def test_a_large_graph_is_sampled_and_a_small_one_is_not(linked, edges, sample, sources) -> None:
    assert between.sources(linked, edges, sample) == sources


def test_an_estimate_says_that_it_is_one() -> None:
    told = analyse.names_told(analyse.analysis(crowd(), sample=50), analyse.Projection.SPEECH, by="pagerank", top=3, width=140)
    assert "An estimate: only the ways from 50 of the names were followed." in " ".join(told.split())


PROGRAM = """
import json, sys
from test_analyse import crowd
from kg import analyse
graph = crowd()
found = analyse.analysis(graph)
print(json.dumps(analyse.as_object(found, graph, analyse.Projection.SPEECH)))
print(analyse.to_gexf(graph, found.names), analyse.to_graphml(graph, found.names))
"""


def test_neither_the_hash_seed_nor_the_number_of_threads_changes_a_byte() -> None:
    tests = str(Path(__file__).parent)
    runs = [
        subprocess.run(
            [sys.executable, "-c", f"import sys; sys.path.insert(0, {tests!r}){PROGRAM}"],
            capture_output=True,
            check=True,
            env=environment(PYTHONHASHSEED=seed, RAYON_NUM_THREADS=threads),
        ).stdout
        for seed, threads in (("1", "1"), ("2", "4"))
    ]
    assert runs[0] == runs[1] != b""


# ---------------------------------------------------------------- brokers


def test_who_stays_in_one_group_takes_no_part_in_others() -> None:
    assert row(TWO_CIRCLES, "b").participation == 0


def test_a_broker_is_told_by_how_its_statements_are_spread() -> None:
    # a: four links in its circle, in both directions, and one to the other circle: 1 - (4/5)**2 - (1/5)**2.
    assert row(TWO_CIRCLES, "a").participation == pytest.approx(1 - 16 / 25 - 1 / 25)


def test_who_is_linked_with_nobody_is_no_broker() -> None:
    assert row(OVERVIEW, UNUSED).participation == 0


# ---------------------------------------------------------------- the other graphs


def told_by(speaker: str | None, *about: str, **more: str) -> Said:
    return Said(more.pop("iri", "s"), "d", "indirect", "say", "report", (Span(0, 1),), (), (), 1.0, speaker=speaker, about=about, **more)


PEOPLE = (Actor("a", "person", "Ana"), Actor("b", "government", "Bureau"), Actor("p", "place", "Porto"), Actor("q", "place", "Quay"))


def overview_of(*statements: Said, actors: tuple[Actor, ...] = PEOPLE, published: str | None = None) -> Overview:
    return Overview((Article("d", "d", "d", "", date=published),), actors, statements)


def test_names_of_one_statement_are_linked_without_direction() -> None:
    graph = analyse.mention_graph(overview_of(told_by("a", "b", "p"), told_by(None, "p", "b"), told_by("a", "q")))
    assert list(graph.edges(data=True)) == [("b", "p", {"weight": 2})]
    assert not graph.is_directed()


def test_whom_a_statement_is_aimed_at_is_named_in_it_too() -> None:
    assert list(analyse.mention_graph(overview_of(told_by("a", "p", target="b"))).edges) == [("b", "p")]


def test_places_tell_where_was_spoken_from_what_was_spoken_of() -> None:
    graph = analyse.place_graph(overview_of(told_by("a", "p", place="q"), told_by("a", "p", place="p"), told_by("a", "b")))
    assert list(graph.edges(data=True)) == [
        ("a", "p", {"weight": 2, "at": 1, "about": 2}),
        ("a", "q", {"weight": 1, "at": 1, "about": 0}),
    ]


def test_topics_are_linked_with_who_raises_them() -> None:
    topics = [analyse.Topic("urn:t", "tolls", frozenset({"s1", "s2", "s3"})), analyse.Topic("urn:u", "unrest", frozenset())]
    said = (told_by("a", iri="s1"), told_by("a", iri="s2"), told_by(None, iri="s3"), told_by("b", iri="s4"))
    graph = analyse.topic_graph(overview_of(*said), topics)
    assert list(graph.edges(data=True)) == [("a", "urn:t", {"weight": 2})]
    assert graph.nodes["urn:u"] == {"name": "unrest", "kind": "topic", "unnamed": False}
    assert "p" not in graph


EVERYTHING = overview_of(told_by("a", "b", "p", "q", place="q"), told_by("b", "a", "p", iri="t"))


@pytest.mark.parametrize("projection", analyse.Projection)
def test_nodes_and_edges_come_sorted_whatever_the_order_of_the_overview(projection) -> None:
    topics = [analyse.Topic("urn:t", "tolls", frozenset({"s"})), analyse.Topic("urn:s", "salt", frozenset({"s"}))]
    forward = analyse.project(EVERYTHING, projection, topics=topics)
    turned = replace(EVERYTHING, actors=EVERYTHING.actors[::-1], statements=EVERYTHING.statements[::-1])
    backward = analyse.project(turned, projection, topics=topics[::-1])
    assert (
        list(forward.edges(data=True))
        == list(backward.edges(data=True))
        == sorted(forward.edges(data=True), key=lambda edge: edge[:2])
        != []
    )
    assert list(forward.nodes(data=True)) == list(backward.nodes(data=True))


@pytest.mark.parametrize(
    ("projection", "names"),
    [("speech", ["a"]), ("mention", ["a"]), ("place", ["a", "p", "q"]), ("topic", ["a", "urn:t"])],
)
def test_kinds_restrict_the_names_but_not_places_and_topics_where_the_graph_is_of_them(projection, names) -> None:
    topics = [analyse.Topic("urn:t", "tolls", frozenset())]
    assert list(analyse.project(EVERYTHING, analyse.Projection(projection), kinds=["person"], topics=topics)) == names


def test_who_is_not_named_is_of_no_other_kind() -> None:
    doctors = Actor("d", "group", "doctors", unnamed=True)
    some = replace(EVERYTHING, actors=(*PEOPLE, doctors))
    assert [len(analyse.of_kinds(some, {kind}).actors) for kind in ("group", "unnamed")] == [0, 1]


def test_edges_between_two_sorts_of_things_are_never_answered() -> None:
    found = analyse.analysis(analyse.place_graph(EVERYTHING)).whole
    assert (found.reciprocity, found.assortativity_kind) == (None, None)


# ---------------------------------------------------------------- days and periods


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2023-09-24", date(2023, 9, 24), date(2023, 9, 24)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2023", date(2023, 1, 1), date(2023, 12, 31)),
        ("2023-09-19/2023-10", date(2023, 9, 19), date(2023, 10, 31)),
        ("../2023", date.min, date(2023, 12, 31)),
        (" 2023-09/.. ", date(2023, 9, 1), date.max),
        ("../..", date.min, date.max),
    ],
)
def test_a_period_is_written_as_edtf_writes_it(text, first, last) -> None:
    assert analyse.period(text) == Period(first, last)


@pytest.mark.parametrize(
    "text",
    ["", "..", "yesterday", "2023-13", "2023-00", "2023-02-30", "23-09", "2023-9-1", "2023/2022", "/2023", "2023/", "２０２３", "0000"],
)
def test_what_is_no_period_is_refused_with_how_to_write_one(text) -> None:
    with pytest.raises(analyse.PeriodError, match=re.escape(repr(text))) as caught:
        analyse.period(text)
    assert caught.value.mend


@pytest.mark.parametrize(
    ("said_on", "published", "inside"),
    [
        ("2023-09-24", None, True),
        ("2023-09-24", "2024-01-01", True),
        ("2023-10-01", "2023-09-24", False),
        (None, "2023-09-24", True),
        (None, "2023-09-24T23:30:00+04:00", True),
        ("--09-24", "2023-09-24", True),
        ("2023-09", None, True),
        ("2023", None, False),
        (None, None, False),
        (None, "last week", False),
    ],
)
def test_a_statement_lies_in_a_period_by_its_own_date_else_by_that_of_its_article(said_on, published, inside) -> None:
    overview = overview_of(told_by("a", "b", date=said_on), published=published)
    assert bool(analyse.during(overview, analyse.period("2023-09")).statements) is inside


def test_statements_without_any_date_are_counted() -> None:
    assert analyse.undated(overview_of(told_by("a", "b"), told_by("a", "b", date="2023"))) == 1


# ---------------------------------------------------------------- what changed


def between_days(before: Overview, after: Overview, by: str = "strength") -> analyse.Changes:
    return analyse.changes(analyse.speech_graph(before), analyse.speech_graph(after), by=by)


def test_names_and_links_are_new_gone_or_weigh_more_or_less() -> None:
    found = between_days(talk(("a", "b"), ("a", "b"), ("c", "d"), ("e", "f")), talk(("a", "b"), ("c", "d"), ("c", "d"), ("g", "h")))
    assert [(row.source, row.target, row.state.value, row.before, row.after) for row in found.edges] == [
        ("a", "b", "fell", 2, 1),
        ("c", "d", "rose", 1, 2),
        ("e", "f", "gone", 1, 0),
        ("g", "h", "new", 0, 1),
    ]
    assert {row.iri: row.state.value for row in found.names} == dict(
        a="fell", b="fell", c="rose", d="rose", e="gone", f="gone", g="new", h="new"
    )


def test_the_greatest_change_comes_first() -> None:
    found = between_days(talk(("a", "b")), talk(("a", "b"), ("a", "b"), *[("y", "z")] * 5))
    assert [row.iri for row in found.names] == ["y", "z", "a", "b"]


def test_what_is_the_same_is_left_out() -> None:
    assert between_days(TWO_CIRCLES, TWO_CIRCLES) == analyse.Changes((), ())


def test_any_measure_can_be_compared() -> None:
    found = between_days(talk(("a", "b")), talk(("a", "b"), ("b", "a")), by="out_strength")
    assert [(row.iri, row.before, row.after) for row in found.names] == [("b", 0, 1)]


# ---------------------------------------------------------------- words


@pytest.mark.parametrize("projection", analyse.Projection)
def test_every_measure_of_every_graph_is_explained_in_one_sentence(projection) -> None:
    told = analyse.explanations(projection)
    assert list(told) == list(analyse.EXPLANATIONS)
    assert [sentence for sentence in told.values() if not re.fullmatch(r"[A-Z][^.]*(0\.3)?[^.]*\.", sentence)] == []


def test_every_number_of_the_whole_is_explained() -> None:
    assert list(analyse.WHOLE) == list(analyse.Whole.__dataclass_fields__)


def test_every_measure_stands_in_the_documentation_with_its_sentence() -> None:
    words = " ".join((Path(__file__).parent.parent / "docs" / "analysis.md").read_text("utf-8").split())
    assert [name for name, sentence in {**analyse.EXPLANATIONS, **analyse.WHOLE}.items() if f"| `{name}` | {sentence} |" not in words] == []


@pytest.mark.parametrize("width", [40, 80, 100, 140, 200])
def test_a_table_shows_as_many_measures_as_the_line_has_room_for_and_always_that_which_sorts_it(width) -> None:
    columns = fitting(analyse.COLUMNS[analyse.Projection.SPEECH], "hub", width)
    assert "hub" in columns
    assert len(columns) == 1 or sum(len(name) + 3 for name in columns) <= width - 32


def test_the_command_offers_what_can_be_measured() -> None:
    assert (tuple(analyse.EXPLANATIONS), analyse.KINDS) == (analysing.MEASURES, analysing.KINDS)


# ---------------------------------------------------------------- Gephi


def viz(graph: analyse.Network, **more: str) -> dict[str, dict[str, dict[str, float]]]:
    back = nx.read_gexf(BytesIO(analyse.to_gexf(graph, analyse.measures(graph), **more).encode()))
    return dict(back.nodes(data="viz"))


def test_gephi_gets_a_colour_for_each_kind_and_for_who_is_not_named() -> None:
    overview = replace(EVERYTHING, actors=(*PEOPLE, Actor("d", "person", "a doctor", unnamed=True)))
    found = viz(analyse.speech_graph(overview))
    colours = {name: bytes([about["color"][key] for key in "rgb"]).hex() for name, about in found.items()}
    assert colours == {"a": "0072b2", "b": "d55e00", "p": "56b4e9", "q": "56b4e9", "d": "e69f00"}


def test_gephi_gets_sizes_by_the_chosen_measure() -> None:
    found = viz(analyse.speech_graph(talk(("a", "b"), ("a", "b"), ("c", "b"))), by="out_strength")
    assert {name: about["size"] for name, about in found.items()} == {"a": 40.0, "b": 8.0, "c": pytest.approx(30.6)}


@pytest.mark.parametrize(
    "graph", [analyse.speech_graph(TWO_CIRCLES), analyse.speech_graph(OVERVIEW), crowd()], ids=["circles", "town", "crowd"]
)
def test_gephi_gets_a_place_of_its_own_for_every_node(graph) -> None:
    places = {(about["position"]["x"], about["position"]["y"]) for about in viz(graph).values()}
    assert len(places) == len(graph)


def test_the_places_of_a_crowd_are_near_those_of_its_community() -> None:
    rows = analyse.measures(crowd())
    back = nx.read_gexf(BytesIO(analyse.to_gexf(crowd(), rows).encode()))
    largest = [back.nodes[row.iri]["viz"]["position"] for row in rows if row.community == 1]
    everybody = [about["position"] for about in dict(back.nodes(data="viz")).values()]
    assert reach(largest) < 0.6 * reach(everybody)


def reach(places: list[dict[str, float]]) -> float:
    return max(place["x"] for place in places) - min(place["x"] for place in places)


@pytest.mark.parametrize(
    ("write", "read"), [(analyse.to_graphml, nx.read_graphml), (analyse.to_gexf, nx.read_gexf)], ids=["graphml", "gexf"]
)
def test_edges_keep_what_they_count_as_whole_numbers(write, read) -> None:
    found = read(BytesIO(write(analyse.place_graph(EVERYTHING)).encode())).edges["a", "q"]
    assert {name: repr(found[name]) for name in analyse.EDGE_KINDS if name != "weight"} == {"at": "1", "about": "1"}
    assert found["weight"] == 1


# ---------------------------------------------------------------- parts of a drawing


def test_parts_that_are_not_linked_are_drawn_apart() -> None:
    assert [sorted(part) for part in analyse.spread("abcxy", [("a", "b"), ("b", "c"), ("x", "y")])] == [["a", "b", "c"], ["x", "y"]]


def test_linked_nodes_are_drawn_about_one_apart() -> None:
    [drawn] = analyse.spread("abc", [("a", "b"), ("b", "c")])
    assert max(abs(a - b) for a, b in zip(drawn["a"], drawn["c"], strict=True)) == pytest.approx(2, abs=0.7)


def test_the_same_seed_draws_the_same_picture() -> None:
    edges = [("a", "b"), ("b", "c"), ("c", "d")]
    assert analyse.spread("abcd", edges, seed=3) == analyse.spread("dcba", edges[::-1], seed=3)


# ---------------------------------------------------------------- the command


def kg(*words: str | Path) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words], catch_exceptions=False)


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Iterator[Path]:
    """The output folder of the invented town, without its texts."""
    output = tmp_path_factory.mktemp("town") / "output"
    town.stored(output, town.quads())
    return output


ALL_WAYS = [
    [*graph, *what, "--format", form]
    for graph in ([], ["--graph", "mention"], ["--graph", "place"], ["--graph", "topic"], ["--change", "2023", "2024"])
    for what in ([], ["--links"])
    for form in ("table", "json", "csv")
]
FOR_GEPHI = [
    (["--graph", graph, "--format", form], read)
    for graph in ("speech", "mention", "place", "topic")
    for form, read in (("graphml", nx.read_graphml), ("gexf", nx.read_gexf))
]


@pytest.mark.parametrize("words", ALL_WAYS, ids=" ".join)
def test_every_graph_is_told_in_every_form(store, words) -> None:
    done = kg("analyse", "--store", store, *words)
    assert done.exit_code == 0
    assert done.stdout.endswith("\n")


@pytest.mark.parametrize(("words", "read"), FOR_GEPHI, ids=[" ".join(words) for words, _ in FOR_GEPHI])
def test_every_graph_is_written_for_gephi_and_reads_back(store, words, read) -> None:
    told = json.loads(kg("analyse", "--store", store, *words[:2], "--format", "json").stdout)
    back = read(BytesIO(kg("analyse", "--store", store, *words).stdout_bytes))
    assert {iri: about["label"] for iri, about in back.nodes(data=True)} == {row["iri"]: row["name"] for row in told["names"]}
    assert sorted(about["weight"] for _, _, about in back.edges(data=True)) == sorted(row["weight"] for row in told["links"])
    assert back.is_directed() is (words[1] != "mention")


def test_measuring_needs_no_text(store) -> None:
    assert not (store / "texts").exists()
    with Graph(store) as graph:
        assert graph.to_networkx().number_of_edges() > 0


def test_the_library_gives_every_graph(store) -> None:
    with Graph(store) as graph:
        assert graph.to_networkx("topic", topics=["POWER LINES"]).in_degree("urn:kg:topic:POWER%20LINES") == 1
        assert graph.to_networkx("mention", during="1999").number_of_edges() == 0


def test_topics_without_words_are_what_the_figures_measure(store) -> None:
    told = json.loads(kg("analyse", "--store", store, "--graph", "topic", "--format", "json").stdout)
    with Graph(store) as graph:
        measured = {row["q"] for row in graph.query("SELECT DISTINCT ?q { ?s a kg:Statement ; kg:claimsFigure/kg:measures ?q }")}
    assert {row["iri"] for row in told["names"] if row["kind"] == "topic"} == measured


def test_words_that_nobody_says_are_named(store) -> None:
    done = kg("analyse", "--store", store, "--graph", "topic", "--topic", "whale\x1b[31m")
    assert done.exit_code == 0
    assert "no statement speaks of" in done.stderr
    assert "\x1b" not in done.stdout + done.stderr


def test_a_period_without_statements_says_so_and_shows_an_empty_table(store) -> None:
    done = kg("analyse", "--store", store, "--from", "2031")
    assert done.exit_code == 0
    assert done.stdout.splitlines()[-1] == "0 linked names"
    assert "no statement that was asked for links two names" in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ["--from", "soon"],
        ["--to", "2023-02-30"],
        ["--from", "2024", "--to", "2023"],
        ["--change", "2024", "never"],
        ["--change", "2024", "2025", "--from", "2023"],
        ["--change", "2024", "2025", "--format", "gexf"],
        ["--topic", "tolls"],
        ["--sample", "0"],
    ],
    ids=" ".join,
)
def test_what_cannot_be_asked_is_refused_with_a_hint(store, words) -> None:
    done = kg("analyse", "--store", store, *words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "Try '" in done.stderr


def test_csv_has_every_measure_and_reads_back(store) -> None:
    rows = list(csv.DictReader(io.StringIO(kg("analyse", "--store", store, "--format", "csv").stdout)))
    told = json.loads(kg("analyse", "--store", store, "--format", "json").stdout)["names"]
    assert [{key: float(row[key]) for key in analyse.EXPLANATIONS} for row in rows] == [
        {key: row[key] for key in analyse.EXPLANATIONS} for row in told
    ]


def test_no_cell_of_the_csv_is_a_formula(tmp_path) -> None:
    renamed = [
        (*quad[:2], Literal(f"=1+1 {quad[2].text}"), quad[3]) if quad[1] == SKOS.prefLabel and isinstance(quad[2], Literal) else quad
        for quad in town.quads()
    ]
    town.stored(tmp_path / "output", renamed)
    written = [kg("analyse", "--store", tmp_path / "output", "--format", "csv", *more).stdout for more in ([], ["--links"])]
    cells = [cell for text in written for row in csv.reader(io.StringIO(text)) for cell in row]
    assert any(cell.startswith("'=1+1") for cell in cells)
    assert not any(cell.startswith("=") for cell in cells)


def test_the_table_is_sorted_by_the_chosen_measure(store) -> None:
    told = json.loads(kg("analyse", "--store", store, "--format", "json").stdout)["names"]
    best = max((row for row in told if row["degree"]), key=lambda row: (row["out_strength"], [-ord(char) for char in row["iri"]]))
    shown = kg("analyse", "--store", store, "--measure", "out_strength", "--top", "1").stdout.splitlines()[2]
    assert shown.startswith(best["name"])


def test_json_holds_names_links_the_whole_and_what_each_number_means(store) -> None:
    told = json.loads(kg("analyse", "--store", store, "--format", "json").stdout)
    with Graph(store) as graph:
        speech = graph.to_networkx()
    assert told["whole"] == asdict(analyse.analysis(speech).whole)
    assert told["explanations"]["whole"].keys() == told["whole"].keys()
    assert {(row["source"], row["target"], row["weight"]) for row in told["links"]} == {*speech.edges.data("weight")}
