"""Tables that grow and shrink with their articles hold what counting all articles at once would give."""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import combinations

import pytest
from desk import select, written
from hypothesis import given
from hypothesis import strategies as st

from kg.pipeline import build, building, writing
from kg.records import Chain, Class, Document, Entity, Extraction, Kind, Mention, Span, Statement, Type, Voice
from kg.store import Store
from kg.tables import LEAST, MOST_NAMED, Change, Heard, Roll, Tables, Together, roll
from kg.triples import changed_table_quads, table_quads
from kg.vocab import KG, RDF, SCHEMA, Iri, Literal, Quad, iri

ANA, BO, TOWN = "actor/ana-reyes", "actor/bo-lund", "place/lindmere"


def both(number: int, *, outlet: str = "Courier", heard: tuple[tuple[str, int], ...] = ((ANA, 2),)) -> Roll:
    """An article that names two people and a town."""
    return Roll(f"{number:016x}", outlet, (ANA, BO, TOWN), heard)


class Sum:
    """Tables, and what all their changes add up to for somebody who hears nothing else."""

    def __init__(self) -> None:
        self.database = sqlite3.connect(":memory:")
        self.tables = Tables(self.database)
        self.rows: set[Together | Heard] = set()
        self.quads: set[Quad] = set()

    def update(self, enter: Iterable[Roll] = (), leave: Iterable[str] = ()) -> list[Change]:
        for document in leave:
            self.tables.leave(document)
        for one in enter:
            self.tables.enter(one)
        changes = list(self.tables.changes())
        for change in changes:
            gone, new = changed_table_quads(change)
            assert change.before is None or change.before in self.rows
            assert gone <= self.quads
            assert not new & self.quads
            self.rows = self.rows - {change.before} | {row for row in (change.after,) if row}
            self.quads = self.quads - gone | new
        self.tables.settle()
        return changes


def at_once(rolls: Iterable[Roll]) -> set[Together | Heard]:
    """The rows, counted by the book."""
    known = list(rolls)
    pairs = Counter(pair for one in known for pair in combinations(one.named, 2))
    voices = Counter((speaker, one.outlet) for one in known for speaker, _ in one.heard)
    said: Counter[tuple[str, str]] = Counter()
    for one in known:
        said.update({(speaker, one.outlet): count for speaker, count in one.heard})
    together = {Together(*pair, count) for pair, count in pairs.items() if count >= LEAST}
    return together | {Heard(*key, count, said[key]) for key, count in voices.items()}


# ---------------------------------------------------------------- growing and shrinking

NAMES = [f"{kind}/{letter}" for kind in ("actor", "place") for letter in "abcd"]
ROLL = st.builds(
    lambda outlet, named, heard: ("", outlet, tuple(sorted(named)), tuple(sorted(heard.items()))),
    st.sampled_from(["", "Courier", "Post\u0000", "courier"]),
    st.sets(st.sampled_from(NAMES)),
    st.dictionaries(st.sampled_from(NAMES[:4]), st.integers(1, 3), max_size=3),
)
STEPS = st.lists(st.dictionaries(st.integers(0, 5), st.none() | ROLL, min_size=1), min_size=1, max_size=6)
"""What becomes of documents, one time after the other (``None``: it goes)."""


def told(step: Mapping[int, tuple | None]) -> dict[str, Roll | None]:
    return {f"{number:016x}": None if found is None else Roll(f"{number:016x}", *found[1:]) for number, found in step.items()}


@given(STEPS)
def test_articles_that_come_and_go_in_any_order_are_counted_as_if_all_came_at_once(steps):
    grown, state = Sum(), {}
    for step in map(told, steps):
        state |= step
        grown.update([one for one in step.values() if one], [document for document, one in step.items() if one is None])
        present = [one for one in state.values() if one]
        assert grown.rows == at_once(present)
        assert grown.quads == {quad for row in at_once(present) for quad in table_quads(row)}


@given(STEPS)
def test_when_all_articles_are_gone_nothing_is_kept(steps):
    grown = Sum()
    for step in map(told, steps):
        grown.update([one for one in step.values() if one])
    grown.update(leave=[f"{number:016x}" for number in range(6)])
    assert grown.quads == set()
    kept = [grown.database.execute(f"SELECT count(*) FROM table_{name}").fetchone()[0] for name in ("document", "name", "pair", "voice")]
    assert kept == [0, 0, 0, 0]


def test_a_pair_of_one_article_is_not_told():
    assert [row for row in at_once([both(1)]) if isinstance(row, Together)] == []
    assert {change.after for change in Sum().update([both(1)])} == {Heard(ANA, "Courier", 1, 2)}


def test_only_the_number_of_a_pair_changes_when_a_third_article_names_it():
    grown = Sum()
    grown.update([both(1), both(2)])
    (change, *_) = [change for change in grown.update([both(3)]) if change.after == Together(ANA, BO, 3)]
    gone, new = changed_table_quads(change)
    assert [(quad[1], quad[2].text) for quad in (*gone, *new)] == [(KG.articles, "2"), (KG.articles, "3")]


def test_an_article_that_tells_the_same_again_changes_nothing():
    grown = Sum()
    grown.update([both(1), both(2)])
    assert grown.update([both(1)]) == []


def test_an_article_that_went_and_came_back_changes_nothing():
    grown = Sum()
    grown.update([both(1), both(2)])
    assert grown.update([both(1)], [both(1).document]) == []


def test_an_article_that_moves_to_another_outlet_is_counted_there():
    grown = Sum()
    grown.update([both(1)])
    grown.update([both(1, outlet="Post")])
    assert {row for row in grown.rows if isinstance(row, Heard)} == {Heard(ANA, "Post", 1, 2)}


def test_what_the_caller_does_not_commit_is_forgotten(tmp_path):
    with sqlite3.connect(tmp_path / "a.sqlite") as database:
        Tables(database)
    database = sqlite3.connect(tmp_path / "a.sqlite")
    Tables(database).enter(both(1))
    database.close()
    assert list(Tables(sqlite3.connect(tmp_path / "a.sqlite")).changes()) == []


# ---------------------------------------------------------------- what an article adds


def mention(number: int) -> Mention:
    return Mention(Span(number, number + 1), Kind.PERSON, "x", "model")


def said(speaker: Voice | None) -> Statement:
    return Statement(Type.INDIRECT, (Span(0, 1),), (), (), "say", "say", Class.REPORT, "test", 1.0, speaker=speaker)


def rolled(chains: Iterable[tuple[str, tuple[int, ...]]], speakers: Iterable[Voice | None] = (), publisher: str | None = None) -> Roll:
    """What an article adds whose chains are called like their entities, with the numbers of their mentions."""
    links = list(chains)
    mentions = tuple(mention(number) for number in range(sum(len(numbers) for _, numbers in links)))
    read = Extraction(
        Document("test", "x" * 1000, publisher=publisher),
        mentions,
        tuple(Chain(Kind.PERSON, name, numbers) for name, numbers in links),
        tuple(map(said, speakers)),
        (),
    )

    def entity(voice: Voice | None) -> Entity | None:
        if voice is None:
            return None
        return Entity("a-doctor", Kind.PERSON, "a doctor", unnamed=True) if voice.chain is None else chain(voice.chain)

    def chain(number: int) -> Entity:
        return Entity(links[number][0], Kind.PERSON, links[number][0])

    return roll(read, entity, chain)


def test_two_chains_of_one_actor_are_one_name():
    assert rolled([("ana", (0,)), ("bo", (1,)), ("ana", (2,))]).named == ("actor/ana", "actor/bo")


def test_a_chain_that_no_name_stands_for_is_not_named():
    assert rolled([("ana", (0,)), ("bo", ())]).named == ("actor/ana",)


def test_those_who_speak_without_a_name_or_speak_not_at_all_are_not_heard():
    speakers = [Voice("name", chain=0), None, Voice("unnamed", unnamed="a doctor"), Voice("name", chain=0)]
    assert rolled([("ana", (0,)), ("bo", (1,))], speakers).heard == (("actor/ana", 2),)


@pytest.mark.parametrize(("publisher", "outlet"), [("Lindmere Courier", "Lindmere Courier"), (None, ""), ("", "")])
def test_the_outlet_is_what_the_article_names_as_its_publisher(publisher, outlet):
    assert rolled([], publisher=publisher).outlet == outlet


def test_of_a_long_list_of_names_those_are_joined_that_stand_there_most_often():
    once = [(f"n{number:03}", (number,)) for number in range(MOST_NAMED)]
    named = rolled([*once, ("last", (MOST_NAMED, MOST_NAMED + 1))]).named
    assert len(named) == MOST_NAMED
    assert "actor/last" in named
    assert f"actor/n{MOST_NAMED - 1:03}" not in named, "of those who stand there equally often, who is named last is left out"


def test_a_list_of_two_thousand_names_makes_no_two_million_pairs():
    grown = Sum()
    names = [(f"n{number:04}", (number,)) for number in range(2_000)]
    grown.update([rolled(names)])
    assert grown.database.execute("SELECT count(*) FROM table_pair").fetchone() == (MOST_NAMED * (MOST_NAMED - 1) // 2,)


# ---------------------------------------------------------------- how it is told


def test_a_pair_says_whom_it_joins_and_in_how_many_articles():
    quads = list(table_quads(Together(ANA, TOWN, 3)))
    (node,) = {quad[0] for quad in quads}
    assert {quad[1:3] for quad in quads} == {
        (RDF.type, KG.CoMention),
        (KG.between, iri("actor", "ana-reyes")),
        (KG.between, iri("place", "lindmere")),
        (KG.articles, Literal("3", Iri("http://www.w3.org/2001/XMLSchema#integer"))),
    }
    assert {quad[3] for quad in quads} == {iri("graph", "tables")}
    assert node == next(table_quads(Together(ANA, TOWN, 4)))[0], "the same pair is called the same, however many articles name it"


@pytest.mark.parametrize(("outlet", "expected"), [("Courier", {Literal("Courier")}), ("", set())])
def test_a_voice_names_its_outlet_where_there_is_one(outlet, expected):
    assert {quad[2] for quad in table_quads(Heard(ANA, outlet, 1, 2)) if quad[1] == SCHEMA.publisher} == expected


def test_voices_in_two_outlets_are_two_nodes():
    outlets = ("", "Courier", "courier")
    assert len({next(table_quads(Heard(ANA, outlet, 1, 2)))[0] for outlet in outlets}) == len(outlets)


# ---------------------------------------------------------------- the seeds, counted by hand

PAIRS = """SELECT ?a ?b (COUNT(DISTINCT ?article) AS ?articles) {
  ?one kg:refersTo ?a ; oa:hasSource ?article . ?other kg:refersTo ?b ; oa:hasSource ?article FILTER (STR(?a) < STR(?b))
} GROUP BY ?a ?b HAVING (COUNT(DISTINCT ?article) > 1)"""
TOLD_PAIRS = "SELECT ?a ?b ?articles { ?pair kg:between ?a , ?b ; kg:articles ?articles FILTER (STR(?a) < STR(?b)) }"
VOICES = """SELECT ?who (COUNT(DISTINCT ?article) AS ?articles) (COUNT(DISTINCT ?said) AS ?statements) {
  ?said kg:speaker ?who ; schema:isPartOf ?article FILTER NOT EXISTS { ?who a kg:UnnamedSource }
} GROUP BY ?who"""
TOLD_VOICES = "SELECT ?who ?articles ?statements { ?voice kg:voiceOf ?who ; kg:articles ?articles ; kg:statements ?statements }"


@pytest.mark.model
@pytest.mark.parametrize(("counted", "expected", "rows"), [(PAIRS, TOLD_PAIRS, 187), (VOICES, TOLD_VOICES, 19)], ids=["pairs", "voices"])
def test_the_tables_of_the_seeds_are_what_counting_mentions_and_statements_gives(seeds, counted, expected, rows):
    found = select(seeds[0], expected)
    assert sorted(found) == sorted(select(seeds[0], counted))
    assert len(found) == rows


@pytest.mark.model
def test_the_tables_are_a_graph_of_their_own(seeds):
    with Store(seeds[0]) as store:
        assert {quad[0].split("/")[3] for quad in store.quads(iri("graph", "tables"))} == {"comention", "voice"}


SHARED = "“The bridge in Oslo is open,” Mayor Ana Reyes told residents of Bergen on Monday.\n"
SHARING = {name: f"{SHARED}\nIt was day {name}.\n" for name in ("one", "two", "three", "four")}


@pytest.mark.model
def test_tables_that_grew_and_shrank_with_a_folder_are_those_of_what_is_left(tmp_path, monkeypatch):
    monkeypatch.setattr(building, "FIRST_STEP", 1)
    monkeypatch.setattr(writing, "REMOVED", 2)
    build([written(tmp_path / "all", SHARING)], output=tmp_path / "grown")
    assert ("4",) in select(tmp_path / "grown", "SELECT ?n { ?pair a kg:CoMention ; kg:articles ?n }")
    left = written(tmp_path / "left", {name: SHARING[name] for name in ("one", "four", "two")})
    build([left], output=tmp_path / "grown", prune=True)
    build([left], output=tmp_path / "once")
    with Store(tmp_path / "grown") as grown, Store(tmp_path / "once") as once:
        tables = list(once.quads(iri("graph", "tables")))
        assert list(grown.quads(iri("graph", "tables"))) == tables
    assert {quad[2] for quad in tables if quad[1] == KG.articles} == {Literal("3", Iri("http://www.w3.org/2001/XMLSchema#integer"))}
