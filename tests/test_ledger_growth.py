"""Ledgers that grow: documents come in any order and parts, go and are told anew, and what follows is what follows from all at once."""

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.ledgers import Changes, Evidence, Finding, Kind, Ledger, Ledgers, Quantity, Told, counts, ledgers, repeats, told
from kg.records import Chain, Class, Collection, Document, Entity, Extraction, Figure, Span, Statement, Type, Voice
from kg.records import Kind as EntityKind
from kg.triples.inferred import changed_quads, evidence_paths, inferred_quads
from kg.vocab import Quad

FEW = 3
"""In these tests it is many, so that small collections cross the border."""


@pytest.fixture(scope="module", autouse=True)
def few_are_many() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(counts, "MANY", FEW)
        patch.setattr(repeats, "MANY", FEW)
        yield


def alike(one: str, other: str) -> float:
    """How many of the words of both texts they share, stretched so that some pass."""
    left, right = set(one.split()), set(other.split())
    return min(1.0, 1.6 * len(left & right) / len(left | right))


# ---------------------------------------------------------------- an invented world

SENTENCES = (
    "the bridge over the river will be open before winter",
    "the bridge over the river will be closed before winter",
    "before winter comes the river bridge will be opened",
    "farmers in the valley have lost their whole harvest",
    "the valley farmers lost the harvest of a whole year",
    "nobody in the valley has closed the river harbour",
    "no comment",
)
NUMBERS = ("100", "110", "250", "400", "900", "5000", "60 %", "about 300")
ACTORS, PLACES = 6, 4
UNNAMED = 5


def names(world: "World") -> tuple[str, ...]:
    return ("Ana Reyes", "Tom Lund", "Northern Line", world.council, "Ida Moe", "doctors", "Lindmere", "Lindmere", "Norburg", world.town)


@dataclass(frozen=True)
class Said:
    """A statement: which sentence, by whom, of whom, with which act."""

    sentence: int
    speaker: int | None
    target: int | None
    act: str


@dataclass(frozen=True)
class Number:
    """A figure: what it counts, where, who claims it."""

    verb: str
    value: float
    modifier: str
    places: tuple[tuple[str, int], ...]
    statement: int | None
    vague: bool
    base: int | None


@dataclass(frozen=True)
class Paper:
    """What is read of a document; its text stays the same."""

    said: tuple[Said, ...]
    numbers: tuple[Number, ...]
    date: str | None


@dataclass(frozen=True)
class World:
    """What is known of the entities."""

    council: str = "Council"
    town: str = "Goris"
    acts_for: tuple[int | None, ...] = (None,) * ACTORS


@dataclass(frozen=True)
class State:
    """A collection: documents by number."""

    papers: Mapping[int, Paper] = field(default_factory=dict)
    world: World = World()


def entities(world: World) -> tuple[Entity, ...]:
    kinds = (EntityKind.PERSON, EntityKind.PERSON, EntityKind.ORGANIZATION, EntityKind.GOVERNMENT, EntityKind.PERSON, EntityKind.GROUP)
    actors = [
        Entity(f"a{n}", kind, name, unnamed=n == UNNAMED, acts_for=None if (of := world.acts_for[n]) is None else f"a{of}")
        for n, (kind, name) in enumerate(zip(kinds, names(world), strict=False))
    ]
    return (*actors, *(Entity(f"p{n}", EntityKind.PLACE, name) for n, name in enumerate(names(world)[ACTORS:])))


def extraction(number: int, paper: Paper) -> Extraction:
    text = f"Article {number:02}. {'. '.join(SENTENCES)}. {'; '.join(NUMBERS)}."
    chains = tuple(Chain(EntityKind.PERSON if n < ACTORS else EntityKind.PLACE, f"c{n}", ()) for n in range(ACTORS + PLACES))
    said = tuple(statement(text, one) for one in paper.said)
    figures = tuple(figure(text, n, paper) for n in range(len(paper.numbers)))
    return Extraction(Document(f"n{number}", text, date=paper.date), (), chains, said, (), (), figures)


def span(text: str, words: str) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))


def statement(text: str, said: Said) -> Statement:
    speaker, target = (None if who is None else Voice("name", chain=who) for who in (said.speaker, said.target))
    content = (span(text, SENTENCES[said.sentence]),)
    return Statement(Type.DIRECT, content, (), (), "say", said.act, Class.REPORT, "test", 1.0, speaker=speaker, target=target)


def figure(text: str, index: int, paper: Paper) -> Figure:
    told_ = paper.numbers[index]
    unit, noun = ("percent", "population") if told_.verb == "percent" else ("people", "person")
    return Figure(
        span(text, NUMBERS[index]),
        None if told_.vague else told_.value,
        unit,
        told_.modifier,
        low=told_.value,
        noun=noun,
        verb="live" if told_.verb == "percent" else told_.verb,
        places=tuple(sorted((relation, ACTORS + place) for relation, place in told_.places)),
        statement=told_.statement if told_.statement is not None and told_.statement < len(paper.said) else None,
        base=told_.base if told_.base is not None and told_.base < index else None,
    )


def collection(state: State) -> Collection:
    read = sorted((extraction(n, paper) for n, paper in state.papers.items()), key=lambda e: e.document.key)
    refers = {(e.document.key, chain): chain for e in read for chain in range(ACTORS + PLACES)}
    return Collection(tuple(read), entities(state.world), (), MappingProxyType(refers))


def telling(state: State, number: int) -> Told:
    read, known = extraction(number, state.papers[number]), entities(state.world)
    return told(
        read,
        lambda voice: None if voice is None or voice.chain is None else known[voice.chain],
        lambda chain: known[chain],
        evidence_paths(read),
    )


def key(number: int) -> str:
    return extraction(number, Paper((), (), None)).document.key


# ---------------------------------------------------------------- growing


def book() -> Ledger:
    return Ledger(sqlite3.connect(":memory:"), alike)


def acts_for(world: World) -> Mapping[str, str]:
    return {f"actor/a{n}": f"actor/a{of}" for n, of in enumerate(world.acts_for) if of is not None}


def update(grown: Ledger, before: State, after: State) -> Changes:
    """Tell a ledger what changed between two states of a collection."""
    renamed = (before.world.council, before.world.town) != (after.world.council, after.world.town)
    anew = [n for n, paper in after.papers.items() if renamed or before.papers.get(n) != paper]
    gone = [key(n) for n in before.papers if n not in after.papers or n in anew]
    moved = {f"actor/a{n}" for n, (old, new) in enumerate(zip(before.world.acts_for, after.world.acts_for, strict=True)) if old != new}
    return grown.update(gone, [telling(after, n) for n in anew], acts_for(after.world).get, moved)


def at_once(state: State) -> Changes:
    return update(book(), State(), state)


class Sum:
    """What all changes so far add up to."""

    def __init__(self) -> None:
        self.measured: set[tuple[Quantity, Evidence]] = set()
        self.findings: set[Finding] = set()
        self.quads: set[Quad] = set()

    def add(self, changes: Changes) -> None:
        assert not set(changes.gone.findings) & set(changes.came.findings), "what stays is in neither"
        assert set(changes.gone.findings) <= self.findings
        assert not set(changes.came.findings) & self.findings
        assert measured(changes.gone) <= self.measured
        self.findings = self.findings - set(changes.gone.findings) | set(changes.came.findings)
        self.measured = self.measured - measured(changes.gone) | measured(changes.came)
        gone, came = changed_quads(changes)
        assert set(gone) <= self.quads
        self.quads = self.quads - set(gone) | set(came)


def measured(found: Ledgers) -> set[tuple[Quantity, Evidence]]:
    return {(replace(quantity, figures=()), at) for quantity in found.quantities for at in quantity.figures}


SAID = st.builds(
    Said,
    st.integers(0, len(SENTENCES) - 1),
    st.sampled_from((None, 0, 1, 1, 1, 2, 3, UNNAMED)),
    st.sampled_from((None, 0, 1, 3, 3)),
    st.sampled_from(("say", "say", "accuse", "deny", "reject")),
)
NUMBER = st.builds(
    Number,
    st.sampled_from(("flee", "flee", "live", "affect", "percent")),
    st.sampled_from((50.0, 100.0, 104.0, 250.0, 900.0)),
    st.sampled_from(("exact", "about", "at least")),
    st.sets(st.tuples(st.sampled_from(("in", "in", "from")), st.sampled_from((0, 0, 1, 3))), max_size=3).map(sorted).map(tuple),
    st.sampled_from((None, 0, 1)),
    st.sampled_from((False, False, False, True)),
    st.sampled_from((None, 0, 1)),
)
PAPER = st.builds(
    Paper,
    st.lists(SAID, max_size=4, unique_by=lambda said: said.sentence).map(tuple),
    st.lists(NUMBER, max_size=4).map(tuple),
    st.sampled_from((None, "2023-05-01", "2023-05-02")),
)
WORLD = st.builds(
    World,
    st.sampled_from(("Council", "City Council")),
    st.sampled_from(("Goris", "Lindmere")),
    st.tuples(*(st.sampled_from((None, None, 2, 3)) for _ in range(ACTORS))),
)
STEPS = st.lists(st.tuples(st.dictionaries(st.integers(0, 9), st.none() | PAPER, min_size=1), st.none() | WORLD), min_size=2, max_size=5)
"""What becomes of documents, one time after the other (``None``: it goes), and of what is known of the entities."""


def states(first: Mapping[int, Paper], steps: list[tuple[dict[int, Paper | None], World | None]]) -> list[State]:
    found = [State(first)]
    for papers, world in steps:
        changed = {**found[-1].papers, **papers}
        found.append(State({n: paper for n, paper in changed.items() if paper is not None}, world or found[-1].world))
    return found


@settings(deadline=None, max_examples=40)
@given(st.dictionaries(st.integers(0, 9), PAPER, min_size=6), STEPS)
def test_what_grew_is_what_is_told_at_once(first: dict[int, Paper], steps: list[tuple[dict[int, Paper | None], World | None]]) -> None:
    grown, total, before = book(), Sum(), State()
    for state in states(first, steps):
        total.add(update(grown, before, state))
        before = state
    whole = at_once(before)
    assert total.findings == set(whole.came.findings)
    assert total.measured == measured(whole.came)
    assert total.quads == set(changed_quads(whole)[1])
    assert total.quads == set(inferred_quads(collection(before), ledgers(collection(before), alike)))


@settings(deadline=None, max_examples=20)
@given(st.dictionaries(st.integers(0, 9), PAPER, min_size=4), STEPS)
def test_a_collection_of_which_nothing_is_left_leaves_no_row(
    first: dict[int, Paper], steps: list[tuple[dict[int, Paper | None], World | None]]
) -> None:
    database = sqlite3.connect(":memory:")
    grown, before = Ledger(database, alike), State()
    for state in (*states(first, steps), State()):
        update(grown, before, state)
        before = state
    assert set(rows(database).values()) == {0}


def rows(database: sqlite3.Connection) -> dict[str, int]:
    """How many rows each table has."""
    tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {name: database.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables}


# ---------------------------------------------------------------- one thing at a time

BRIDGE, CLOSED, HARVEST = 0, 1, 3


def quoted(sentence: int = BRIDGE, speaker: int = 1) -> Paper:
    return Paper((Said(sentence, speaker, None, "say"),), (), None)


def counted(value: float, *places: tuple[str, int], verb: str = "flee") -> Paper:
    return Paper((), (Number(verb, value, "exact", places, None, False, None),), "2023-05-01")


def grown_from(*papers: Paper) -> tuple[Ledger, State]:
    grown, state = book(), State(dict(enumerate(papers)))
    update(grown, State(), state)
    return grown, state


def kinds(found: Ledgers) -> list[Kind]:
    return [finding.kind for finding in found.findings]


def test_a_word_that_becomes_common_parts_what_it_had_joined_and_joins_it_again_when_it_is_rare() -> None:
    grown, state = grown_from(*[quoted()] * FEW)
    more = State({**state.papers, FEW: quoted()})
    assert kinds(update(grown, state, more).gone) == [Kind.SAME_WORDS] * 3
    assert kinds(update(grown, more, state).came) == [Kind.SAME_WORDS] * 3


def test_a_document_told_again_as_it_was_changes_nothing() -> None:
    grown, state = grown_from(quoted(), quoted(), counted(100, ("in", 0)), counted(250, ("in", 0)))
    nothing = Ledgers((), ())
    assert grown.update((), [telling(state, n) for n in state.papers], {}.get) == Changes(nothing, nothing, (), (), ())


def test_a_document_that_comes_twice_at_once_counts_once_as_told_last() -> None:
    state = State({0: quoted(), 1: quoted()})
    first = telling(State({1: quoted(HARVEST)}), 1)
    assert book().update((), [telling(state, 0), first, telling(state, 1)], {}.get) == at_once(state)


def test_who_is_renamed_is_not_compared_again() -> None:
    asked: list[str] = []
    grown = Ledger(sqlite3.connect(":memory:"), lambda one, other: float(asked.append(one) or 0))
    state = State({n: quoted(sentence, speaker=3) for n, sentence in enumerate((BRIDGE, 2, 4))})
    update(grown, State(), state)
    before = len(asked)
    update(grown, state, replace(state, world=World(council="City Council")))
    assert (before > 0, len(asked)) == (True, before)


def test_a_figure_told_anew_where_it_stood_stays_between_its_neighbours() -> None:
    papers = [counted(100, ("in", 0)), counted(250, ("in", 0)), counted(900, ("in", 0))]
    grown, state = grown_from(*papers)
    said = replace(papers[1], said=(Said(HARVEST, 4, None, "say"),), numbers=(replace(papers[1].numbers[0], statement=0),))
    changes = update(grown, state, State({**state.papers, 1: said}))
    assert sorted(finding.note for finding in changes.came.findings) == sorted(
        finding.note.replace("article n1", "Ida Moe") for finding in changes.gone.findings
    )
    assert len(changes.came.findings) == 2


def test_quantities_that_read_alike_share_a_node_until_the_last_goes() -> None:
    grown, state = grown_from(counted(100, ("in", 0)), counted(250, ("in", 1)))
    one = State({0: state.papers[0]})
    gone, _ = changed_quads(update(grown, state, one))
    assert {quad[1].rpartition("#")[2].rpartition("/")[2] for quad in gone} == {"about", "measures"}
    gone, came = changed_quads(update(grown, one, State()))
    assert (len(gone), came) == (7, ())


def test_more_places_told_later_take_the_figures_told_with_fewer() -> None:
    grown, state = grown_from(counted(100, ("from", 0)))
    changes = update(grown, state, State({**state.papers, 1: counted(250, ("from", 0), ("to", 3))}))
    assert ([len(q.figures) for q in changes.gone.quantities], [len(q.figures) for q in changes.came.quantities]) == ([1], [2])
    assert kinds(changes.came) == [Kind.CONFLICT]


def test_who_comes_to_speak_for_the_accused_answers_for_them() -> None:
    accusation = Paper((Said(BRIDGE, 0, 3, "accuse"),), (), None)
    denial = Paper((Said(CLOSED, 1, None, "deny"),), (), None)
    grown, state = grown_from(accusation, denial)
    spoken = replace(state, world=World(acts_for=(None, 2, 3, None, None, None)))
    changes = update(grown, state, spoken)
    assert (kinds(changes.gone), kinds(changes.came)) == ([Kind.NOT_HEARD], [Kind.DENIAL])


def test_the_accused_who_is_heard_in_the_article_after_all_is_silent_instead_of_not_heard() -> None:
    accusation = Said(BRIDGE, 0, 3, "accuse")
    grown, state = grown_from(Paper((accusation,), (), None))
    changes = update(grown, state, State({0: Paper((accusation, Said(HARVEST, 3, None, "say")), (), None)}))
    assert (kinds(changes.gone), kinds(changes.came)) == ([Kind.NOT_HEARD], [Kind.NO_ANSWER])


def test_the_last_accusation_takes_the_edge_with_it() -> None:
    accusation = Paper((Said(BRIDGE, 0, 3, "accuse"),), (), None)
    grown, state = grown_from(accusation, accusation)
    one = State({0: accusation})
    assert update(grown, state, one).cleared == ()
    assert update(grown, one, State()).cleared == (("actor/a0", "actor/a3"),)


def test_what_is_not_committed_can_be_taken_back() -> None:
    database = sqlite3.connect(":memory:")
    grown = Ledger(database, alike)
    state = State({0: quoted(), 1: counted(100, ("in", 0))})
    update(grown, State(), state)
    database.rollback()
    assert update(grown, State(), state) == at_once(state)
