"""Agency copy: what five outlets print is told once, with where it stands in each; and what only looks alike stays apart."""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from desk import kg, select
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser
from visiting import visiting

import kg as library
from kg.copies import Copies, Print, Read, body, common, print_of, repeated, wording
from kg.copies.near import SIGNATURES, bands
from kg.gazetteer import Gazetteer
from kg.ledgers import Kind as Finding
from kg.ledgers import ledgers
from kg.pipeline import build
from kg.records import Chain, Class, Collection, Document, Extraction, Figure, Kind, Original, Span, Statement, Type, Voice, Zone, ZoneKind
from kg.render.telling import telling
from kg.resolve import resolve
from kg.triples import document_quads
from kg.validate import Severity
from kg.vocab import KG, iri

MODEL = pytest.mark.model

FIRE = (
    "Twelve workers were killed when a grain store burned down in the harbour of Lindmere on Tuesday night, the fire brigade said.",
    "“The roof came down before our engines had reached the gate,” said Ana Reyes, the chief of the brigade. “We found nobody alive.”",
    "Reyes told reporters that 40 people had been taken to hospitals in Lindmere and Norburg with burns.",
    "The Harbour Workers Union accused the port authority of locking the doors of the store during the night shift. Tom Lund, a spokesman "
    "for the port authority, denied the accusation and said that every door had been open.",
    "The store belongs to the Northern Grain Company, which bought it from the town nine years ago and has since doubled its size.",
    "Ida Moe, the mayor of Lindmere, said the town would pay for the funerals. “Nobody will be left alone with this,” she said.",
    "Engineers will begin to clear the ground on Thursday, and the western quay stays closed until they have finished their work.",
)
"""An agency's report, by paragraph."""
OTHER = (
    "Farmers in the valley of Orlund have lost most of their apples to a night of frost, the growers’ association said on Friday.",
    "“I have not seen such a spring in thirty years,” said Per Dahl, who keeps four orchards above the lake.",
    "The association said that 900 families live off the orchards and asked the government for help until the next harvest.",
    "The minister of agriculture, Lea Strand, said she would visit the valley next week and promised a quick answer.",
    "Prices at the market of Orlund have doubled since the frost, and traders said that they would buy from abroad this year.",
)
"""Another report, about something else."""


def told(*paragraphs: str) -> str:
    return "\n\n".join(paragraphs) + "\n"


def article(id_: str, *paragraphs: str, date: str | None = None, **more: str) -> Document:
    return Document(id_, told(*paragraphs), date=date, **more)


WIRE = article("wire", *FIRE, date="2024-03-06")
OUTLETS = (
    article("courier", "Blaze at the quay", *FIRE, date="2024-03-07"),
    article("gazette", *FIRE[:4], date="2024-03-07"),
    article("herald", *FIRE[:3], *FIRE[4:], "The Herald asked the union for more, and waits.", date="2024-03-08"),
    article("post", *(paragraph.replace("“", '"').replace("”", '"') for paragraph in FIRE), date="2024-03-08"),
    article("star", *FIRE[:2], FIRE[2].replace("Reyes told reporters", "Reyes said"), *FIRE[3:], date="2024-03-09"),
)


# ---------------------------------------------------------------- what is laid beside what


def near(*documents: Document) -> dict[str, list[str]]:
    """Name of each copy → those of its originals."""
    copies = Copies(sqlite3.connect(":memory:"))
    for document in documents:
        copies.add(document)
    copies.settle()
    return {name: [original for original, _ in found] for name, found in copies.named()}


@pytest.mark.parametrize("outlet", OUTLETS, ids=lambda outlet: outlet.id)
def test_what_an_outlet_makes_of_agency_copy_is_a_copy(outlet: Document) -> None:
    assert near(WIRE, outlet) == {outlet.id: ["wire"]}


def test_five_outlets_are_copies_of_the_agency_and_not_of_each_other() -> None:
    assert near(WIRE, *OUTLETS) == {outlet.id: ["wire"] for outlet in OUTLETS}


def test_an_article_on_the_same_matter_in_other_words_is_no_copy() -> None:
    own = (
        "Lindmere mourns after a fire in the port: a dozen workers died when a store full of grain was burned to the ground on Tuesday.",
        "The chief of the fire brigade, Ana Reyes, speaks of the worst night of her career, and of forty people who were hurt.",
        "Trade unionists say that the doors were locked. The port authority does not agree; all doors, it says, could be opened.",
        "Mayor Ida Moe wants the town to bear the cost of the funerals. The quay in the west will be shut for some days.",
    )
    assert near(WIRE, article("own", *own, date="2024-03-07")) == {}


def test_those_who_sat_in_one_press_conference_are_no_copies_of_each_other() -> None:
    quoting = (OTHER[0], FIRE[1], *OTHER[1:3], FIRE[5], *OTHER[3:])
    assert near(WIRE, article("quoting", *quoting, date="2024-03-07")) == {}


def test_a_report_made_of_two_is_a_copy_of_both_and_makes_them_no_copies_of_each_other() -> None:
    frost = article("frost", *OTHER, date="2024-03-05")
    assert near(article("both", *FIRE, *OTHER, date="2024-03-07"), WIRE, frost) == {"both": ["frost", "wire"]}


def test_a_long_article_with_a_short_report_in_it_is_an_article_of_its_own() -> None:
    flash = article("flash", *FIRE[:2], date="2024-03-05")
    long = " ".join(f"Chapter {number} tells of ship {number} that sailed in year {number}." for number in range(60))
    assert near(flash, article("long", long, *FIRE[:2], date="2024-03-07")) == {}


def test_a_few_words_in_many_papers_make_no_copies() -> None:
    weather = "Tomorrow will be dry with some sun in the south and a light wind from the west."
    assert near(article("a", weather), article("b", weather, "More on page two.")) == {}


def test_headlines_and_captions_count_for_nothing() -> None:
    head = " ".join(f"caption {number}" for number in range(200))
    text = f"{head}\n\n{told(*FIRE)}"
    document = Document("x", text, zones=(Zone(Span(0, len(head)), ZoneKind.CAPTION),))
    assert body(document).split() == WIRE.text.split()


@pytest.mark.parametrize(
    ("one", "other"),
    [("“Don’t”, she said.", '"DON\'T" she  said'), ("Čapek", "Cˇapek".replace("Cˇ", "C\u030c")), ("ﬁre", "fire"), ("a\u00a0b", "a\nb")],
)
def test_case_marks_and_spaces_make_no_difference(one: str, other: str) -> None:
    assert wording(one) == wording(other)


def test_an_undated_article_is_later_than_a_dated_one_and_names_decide_between_undated_ones() -> None:
    undated = [replace(document, date=None) for document in (WIRE, OUTLETS[1], OUTLETS[0])]
    assert near(*undated) == {"gazette": ["courier"], "wire": ["courier"]}
    assert near(replace(WIRE, date=None), OUTLETS[0]) == {"wire": ["courier"]}


def test_the_index_is_the_same_on_every_machine_and_with_every_version_that_may_be_installed() -> None:
    assert (SIGNATURES, min(bands(frozenset({1, 2, 3})))) == ("rensa 2, 64 of 2, 42", 465772120315158801)


PRINT = st.builds(Print, st.frozensets(st.integers(0, 12)), st.frozensets(st.sampled_from("123456")))


@settings(max_examples=60, deadline=None)
@given(PRINT, PRINT)
def test_what_two_have_in_common_is_the_same_from_both_sides_and_a_share(one: Print, other: Print) -> None:
    found = common(one, other)
    assert found == common(other, one)
    assert found is None or 0.6 < found <= 1


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400))
def test_any_text_has_its_shingles(text: str) -> None:
    assert print_of(text) == print_of(f"“{text}”\n")


# ---------------------------------------------------------------- growing

STORIES = (*FIRE, *OTHER)
DRAWN = st.builds(
    lambda number, parts, date: article(f"n{number}", *(STORIES[part] for part in parts), date=date),
    st.integers(0, 9),
    st.lists(st.integers(0, len(STORIES) - 1), min_size=1, max_size=8, unique=True).map(sorted),
    st.sampled_from((None, "2024-03-06", "2024-03-07")),
)
STEPS = st.lists(st.tuples(st.booleans(), DRAWN), min_size=1, max_size=25)


@settings(max_examples=150, deadline=None)
@given(STEPS)
def test_whatever_came_and_went_copies_are_those_of_what_is_there(steps: Sequence[tuple[bool, Document]]) -> None:
    grown, held = Copies(sqlite3.connect(":memory:")), dict[str, Document]()
    heard: dict[str, list[tuple[str, float]]] = {}
    for comes, document in steps:
        if document.key in held:
            grown.drop(document.key)
            del held[document.key]
            heard.pop(document.key, None)  # what is read anew is told anew
        if comes:
            grown.add(document)
            held[document.key] = document
        grown.settle()
        heard |= {key: grown.originals(key) for key in grown.changed()}
        grown.accept()
    whole = Copies(sqlite3.connect(":memory:"))
    for key in sorted(held):
        whole.add(held[key])
    whole.settle()
    assert {key: grown.originals(key) for key in held} == {key: whole.originals(key) for key in held}
    assert {key: heard.get(key, []) for key in held} == {key: whole.originals(key) for key in held}
    assert grown.named() == whole.named()
    assert {key: grown.of([key]) for key in held} == {key: whole.of([key]) for key in held}


@settings(max_examples=40, deadline=None)
@given(STEPS)
def test_a_copy_is_a_copy_of_originals_that_come_before_it(steps: Sequence[tuple[bool, Document]]) -> None:
    held = {document.key: document for _, document in steps}
    copies = Copies(sqlite3.connect(":memory:"))
    for document in held.values():
        copies.add(document)
    copies.settle()
    found = {key: [original for original, _ in copies.originals(key)] for key in held}

    def rank(key: str) -> tuple[str, str, str]:
        return held[key].date or "~", held[key].id, key

    assert all(rank(original) < rank(copy) for copy, originals in found.items() for original in originals)
    assert not [original for originals in found.values() for original in originals if found[original]]


def test_a_collection_of_which_nothing_is_left_leaves_no_row() -> None:
    database = sqlite3.connect(":memory:")
    copies = Copies(database)
    for document in (WIRE, *OUTLETS):
        copies.add(document)
    copies.settle()
    for document in (WIRE, *OUTLETS):
        copies.drop(document.key)
        copies.settle()
    tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE name LIKE 'copy%' AND type = 'table'")]
    assert {name: database.execute(f"SELECT count(*) FROM {name}").fetchone() for name in tables} == dict.fromkeys(tables, (0,))


def test_who_is_told_anew_is_only_whose_originals_are_others() -> None:
    copies = Copies(sqlite3.connect(":memory:"))
    for document in (WIRE, OUTLETS[0], article("frost", *OTHER)):
        copies.add(document)
    copies.settle()
    copies.accept()
    copies.add(OUTLETS[1])
    copies.settle()
    assert copies.changed() == {OUTLETS[1].key}
    copies.accept()
    copies.drop(WIRE.key)
    copies.settle()
    assert copies.changed() == {OUTLETS[0].key, OUTLETS[1].key}


# ---------------------------------------------------------------- what of it is said in the same words

REYES, LUND, UNION, LINDMERE = range(4)
NAMES = (
    Chain(Kind.PERSON, "Ana Reyes", ()),
    Chain(Kind.PERSON, "Tom Lund", ()),
    Chain(Kind.ORGANIZATION, "Harbour Union", ()),
    Chain(Kind.PLACE, "Lindmere", ()),
)
Saying = tuple[str, str, str, int | None]
"""Content, cue, source, speaker."""
ROOF: Saying = ("the roof came down", "said", "Ana Reyes", REYES)
GATE: Saying = ("the gate was open", "said", "he", LUND)


def by_hand(
    id_: str, *said: Saying, acts: Mapping[int, tuple[str, int]] = {}, numbers: Iterable[tuple[str, float, int | None]] = ()
) -> Extraction:
    """An article that says something: ``acts``: index → act and target; ``numbers``: words, value, index of the statement around it."""
    counted = tuple(numbers)
    text = "\n".join([*(f"{content}, {source} {cue}." for content, cue, source, _ in said), *(words for words, _, _ in counted), id_])

    def at(words: str, after: int = 0) -> Span:
        start = text.index(words, after)
        return Span(start, start + len(words))

    starts = [sum(len(f"{content}, {source} {cue}.\n") for content, cue, source, _ in said[:number]) for number in range(len(said))]
    statements = tuple(
        Statement(
            Type.INDIRECT,
            (at(content, start),),
            (at(cue, start + len(content)),),
            (at(source, start + len(content)),),
            cue,
            acts.get(number, ("say", 0))[0],
            Class.REPORT,
            "test",
            1.0,
            speaker=None if speaker is None else Voice("name", chain=speaker),
            target=Voice("name", chain=acts[number][1]) if number in acts else None,
        )
        for number, ((content, cue, source, speaker), start) in enumerate(zip(said, starts, strict=True))
    )
    figures = tuple(
        Figure(
            at(words.split()[0], text.index(words)),
            value,
            "people",
            "exact",
            what=(at(words, text.index(words)),),
            noun="person",
            statement=of,
        )
        for words, value, of in counted
    )
    return Extraction(Document(id_, text), (), NAMES, statements, (), (), figures)


def shared(gazetteer: Gazetteer, copy: Extraction, *originals: Extraction) -> tuple[Original, ...]:
    collection = resolve([copy, *originals], gazetteer)
    by_id = {read.document.id: Read(collection, read) for read in collection.extractions}
    return repeated(by_id[copy.document.id], [(by_id[read.document.id], 1.0) for read in originals])


@pytest.mark.parametrize(
    ("saying", "same"),
    [
        (ROOF, True),
        (("“The  roof came DOWN”", "said", "Ana Reyes", REYES), True),
        (("the roof came down", "said", "Ana Reyes", None), True),
        (("the roof came down", "said", "Ana Reyes", LUND), False),
        (("the roof fell down", "said", "Ana Reyes", REYES), False),
        (("the roof came down", "told us", "Ana Reyes", REYES), False),
        (("the roof came down", "said", "she", REYES), False),
    ],
    ids=["the same", "other marks", "nobody decided", "another speaker", "other words", "another cue", "another source"],
)
def test_a_statement_is_one_where_words_and_speaker_are(gazetteer: Gazetteer, saying: Saying, same: bool) -> None:
    (original,) = shared(gazetteer, by_hand("copy", saying), by_hand("wire", ROOF))
    assert dict(original.statements) == ({0: 0} if same else {})


def test_what_only_the_copy_knows_the_speaker_of_is_its_own(gazetteer: Gazetteer) -> None:
    (original,) = shared(gazetteer, by_hand("copy", ROOF), by_hand("wire", (*ROOF[:3], None)))
    assert dict(original.statements) == {}


def test_a_statement_is_found_wherever_an_editor_has_put_it_and_each_but_once(gazetteer: Gazetteer) -> None:
    (original,) = shared(gazetteer, by_hand("copy", ROOF, GATE, ROOF, GATE), by_hand("wire", GATE, ROOF, GATE))
    assert dict(original.statements) == {0: 1, 1: 0, 3: 2}


def test_what_two_originals_say_counts_for_the_first(gazetteer: Gazetteer) -> None:
    first, second = shared(gazetteer, by_hand("copy", ROOF, GATE), by_hand("wire", ROOF), by_hand("other", ROOF, GATE))
    assert (dict(first.statements), dict(second.statements)) == ({0: 0}, {1: 1})


def test_a_figure_is_one_where_it_counts_the_same_in_the_same_statement(gazetteer: Gazetteer) -> None:
    wire = by_hand("wire", ROOF, numbers=[("12 people were killed", 12, None), ("40 people are hurt", 40, 0)])
    copy = by_hand("copy", ROOF, numbers=[("40 people are hurt", 40, 0), ("12 people were killed", 12, None)])
    (original,) = shared(gazetteer, copy, wire)
    assert dict(original.figures) == {0: 1, 1: 0}


def test_a_new_number_is_the_copy_s_own(gazetteer: Gazetteer) -> None:
    wire = by_hand("wire", ROOF, numbers=[("12 people were killed", 12, None)])
    (original,) = shared(gazetteer, by_hand("copy", ROOF, numbers=[("14 people were killed", 14, None)]), wire)
    assert (dict(original.statements), dict(original.figures)) == ({0: 0}, {})


def test_a_denial_that_also_answers_what_the_copy_alone_accuses_stays_in_the_copy(gazetteer: Gazetteer) -> None:
    denied, accused = ("that is wrong", "denied", "Tom Lund", LUND), ("hid the keys", "accused", "Harbour Union", UNION)
    wire = by_hand("wire", ROOF, denied, acts={1: ("deny", UNION)})
    copy = by_hand("copy", ROOF, denied, accused, acts={1: ("deny", UNION), 2: ("accuse", LUND)})
    (original,) = shared(gazetteer, copy, wire)
    assert dict(original.statements) == {0: 0}
    (original,) = shared(gazetteer, by_hand("cut", ROOF, denied, acts={1: ("deny", UNION)}), wire)
    assert dict(original.statements) == {0: 0, 1: 1}


# ---------------------------------------------------------------- the graph


def copy_of(collection: Collection, copy: str, original: str) -> Collection:
    """A collection in which one is a copy of another, by id."""
    by_id = {read.document.id: Read(collection, read) for read in collection.extractions}
    originals = repeated(by_id[copy], [(by_id[original], 0.9)])
    return replace(collection, originals={by_id[copy].extraction.document.key: originals})


def graphs(gazetteer: Gazetteer, copy: Extraction, original: Extraction) -> list[set[tuple[str, str, object]]]:
    """The triples of the graphs of a copy and its original."""
    collection = copy_of(resolve([copy, original], gazetteer), copy.document.id, original.document.id)
    return [{quad[:3] for quad in document_quads(collection, read)} for read in (copy, original)]


def test_a_copy_says_what_it_prints_and_where_and_repeats_nothing(gazetteer: Gazetteer) -> None:
    copy, wire = by_hand("copy", GATE, ROOF), by_hand("wire", ROOF)
    mine, theirs = graphs(gazetteer, copy, wire)
    (statement,) = {of for of, predicate, kind in theirs if kind == KG.Statement}
    (own,) = {of for of, predicate, kind in mine if kind == KG.Statement}
    assert (iri("doc", copy.document.key), KG.copyOf, iri("doc", wire.document.key)) in mine
    assert [value for of, predicate, value in mine if (of, predicate) == (statement, KG.appearance)] == [
        f"{iri('doc', copy.document.key)}#char={copy.statements[1].content[0].start},{copy.statements[1].content[0].end}"
    ]
    assert copy.document.key in own


def test_what_points_at_a_repeated_statement_points_at_the_original_s(gazetteer: Gazetteer) -> None:
    wire = by_hand("wire", ROOF, numbers=[("12 people were killed", 12, None)])
    copy = by_hand("copy", ROOF, GATE, numbers=[("14 people were killed", 14, 0)])
    copy = replace(copy, statements=(copy.statements[0], replace(copy.statements[1], nested_in=0)))
    mine, theirs = graphs(gazetteer, copy, wire)
    (statement,) = {of for of, _, kind in theirs if kind == KG.Statement}
    (own,) = {of for of, _, kind in mine if kind == KG.Statement}
    (number,) = {of for of, _, kind in mine if kind == KG.Figure}
    assert {(statement, KG.relays, own), (statement, KG.claimsFigure, number)} <= mine


def test_a_copy_adds_nothing_to_what_follows(gazetteer: Gazetteer) -> None:
    wire = by_hand("wire", ROOF, ("they hid the keys", "accused", "Harbour Union", UNION), acts={1: ("accuse", LUND)})
    copy = by_hand("copy", ROOF, ("they hid the keys", "accused", "Harbour Union", UNION), acts={1: ("accuse", LUND)})
    alone = ledgers(resolve([wire], gazetteer))
    both = copy_of(resolve([copy, wire], gazetteer), "copy", "wire")
    assert (ledgers(both), [finding.kind for finding in alone.findings]) == (alone, [Finding.NOT_HEARD])


def test_who_answers_in_words_that_a_copy_repeats_was_heard_there(gazetteer: Gazetteer) -> None:
    accused: Saying = ("they hid the keys", "accused", "Harbour Union", UNION)
    wire = by_hand("wire", ROOF, GATE)
    copy = by_hand("copy", ROOF, GATE, accused, acts={2: ("accuse", LUND)})
    both = copy_of(resolve([copy, wire], gazetteer), "copy", "wire")
    assert [finding.kind for finding in ledgers(both).findings] == [Finding.NO_ANSWER]


# ---------------------------------------------------------------- built

UPDATE = article("update", FIRE[0].replace("Twelve", "Fifteen"), *FIRE[1:], date="2024-03-07")
FROST = article("frost", *OTHER, date="2024-03-07")
SAID = "SELECT ?id ?words WHERE { ?s a kg:Statement ; schema:text ?words ; schema:isPartOf/schema:identifier ?id } ORDER BY ?id ?words"
COUNTED = "SELECT ?id ?number WHERE { ?f a kg:Figure ; kg:anchor/oa:hasSelector/oa:exact ?number ; schema:isPartOf/schema:identifier ?id }"


def written(folder: Path, *documents: Document) -> list[Path]:
    """Files with an article each."""
    folder.mkdir(parents=True, exist_ok=True)
    for document in documents:
        told_ = {"id": document.id, "text": document.text, "date": document.date, "publisher": document.id.title()}
        (folder / f"{document.id}.jsonl").write_text(f"{json.dumps({k: v for k, v in told_.items() if v})}\n", "utf-8")
    return [folder / f"{document.id}.jsonl" for document in documents]


def files(output: Path) -> tuple[bytes, ...]:
    return tuple((output / name).read_bytes() for name in ("graph.nq", "graph.ttl", "graph.html", "report.json"))


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The graph of an agency's report and what five outlets made of it."""
    folder = tmp_path_factory.mktemp("printed")
    build(written(folder / "in", WIRE, *OUTLETS), output=folder / "out", strict=True)
    return folder / "out"


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The graph of the agency's report alone."""
    folder = tmp_path_factory.mktemp("alone")
    build(written(folder / "in", WIRE), output=folder / "out")
    return folder / "out"


@MODEL
def test_five_outlets_say_what_the_agency_says_once_and_only_what_they_changed_themselves(printed: Path, alone: Path) -> None:
    own = [row for row in select(printed, SAID) if row[0] != "wire"]
    assert [row for row in select(printed, SAID) if row[0] == "wire"] == select(alone, SAID)
    assert own == [("star", "40 people had been taken to hospitals in Lindmere and Norburg with burns")]


@MODEL
def test_the_figures_of_five_outlets_are_the_agency_s(printed: Path) -> None:
    assert sorted(select(printed, COUNTED)) == [("star", "40"), ("wire", "40"), ("wire", "Twelve")]


@MODEL
def test_a_statement_tells_in_which_articles_else_it_stands_and_where(printed: Path) -> None:
    with library.open(printed) as graph:
        texts, names = ({one.iri: value for one in graph.articles() for value in [getattr(one, name)]} for name in ("text", "id"))
        (roof,) = (said for said in graph.statements() if said.content[0].of(texts[said.article]).startswith("The roof"))
    found = [(names[one.article], one.span.of(texts[one.article])) for one in roof.appearances]
    parts = ["The roof came down before our engines had reached the gate,", "We found nobody alive."]
    assert sorted(found) == sorted((outlet.id, part) for outlet in OUTLETS for part in parts)


@MODEL
def test_every_appearance_is_proved_by_slicing_the_copy(printed: Path) -> None:
    with library.open(printed) as graph:
        proof = graph.prove(by_pyshacl=True)
    assert [wrong for wrong in proof.violations if wrong.severity is Severity.VIOLATION] == []
    forged = [replace(outlet, text=outlet.text.replace("roof came", "roof fell")) for outlet in OUTLETS[:1]]
    with library.open(printed) as graph:
        found = graph.prove(written(printed.parent / "forged", WIRE, *forged, *OUTLETS[1:]))
    broken = {(wrong.article, wrong.rule) for wrong in found.violations if wrong.severity is Severity.VIOLATION}
    assert {("courier", "slice.digest"), ("courier", "slice.exact")} <= broken


@MODEL
def test_nothing_follows_from_laying_copies_side_by_side(printed: Path) -> None:
    assert select(printed, "SELECT DISTINCT ?kind WHERE { ?x kg:finding ?kind }") == [("copy",)]
    with library.open(printed) as graph:
        assert len(graph.ask("recurring")) == 0


@MODEL
def test_a_ready_question_lists_the_copies(printed: Path) -> None:
    with library.open(printed) as graph:
        rows = [(row["article"], row["publisher"], row["original"], row["statements"], row["figures"]) for row in graph.ask("copies")]
        (herald,) = graph.ask("copies", id="herald")
    assert rows == [
        ("courier", "Courier", "wire", 9, 2),
        ("gazette", "Gazette", "wire", 7, 2),
        ("herald", "Herald", "wire", 6, 2),
        ("post", "Post", "wire", 9, 2),
        ("star", "Star", "wire", 8, 1),
    ]
    assert 0.85 < float(herald["share"]) < 0.95


@MODEL
def test_the_report_names_the_copies_and_the_command_counts_them(printed: Path, tmp_path: Path) -> None:
    told_ = json.loads((printed / "report.json").read_text("utf-8"))
    assert [line.rpartition(" (")[0] for line in told_["copies"]] == [f"{outlet.id} = wire" for outlet in OUTLETS]
    assert sum(told_["statements"].values()) == 10
    done = kg("build", *written(tmp_path / "in", WIRE, OUTLETS[0]), "-o", tmp_path / "out")
    assert "1 copy of others" in done.output


@MODEL
def test_tables_and_report_tell_of_the_copies(printed: Path, tmp_path: Path) -> None:
    assert kg("export", "--store", printed, "--format", "csv", "-o", tmp_path / "tables").exit_code == 0
    statements = (tmp_path / "tables" / "statements.csv").read_text("utf-8").splitlines()
    assert len(statements) == 11
    assert sum(f"/doc/{OUTLETS[0].key}#char=" in line for line in statements) == 9
    assert (tmp_path / "tables" / "articles.csv").read_text("utf-8").count(f"/doc/{WIRE.key}") == 1 + len(OUTLETS)
    assert "Articles that print an earlier one" in kg("report", "--store", printed, "-o", tmp_path / "report.md").output + (
        tmp_path / "report.md"
    ).read_text("utf-8")


@MODEL
def test_the_page_holds_where_else_a_statement_stands(printed: Path) -> None:
    with library.open(printed) as graph:
        overview = graph.overview()
    statements = telling(overview)["statements"]
    places = [len(said.get("elsewhere", ())) for said in statements]
    assert (max(places), places.count(0)) == (len(OUTLETS), 1)


@MODEL
@pytest.mark.parametrize("order", [(4, 2, 0, 5, 1, 3), (5, 4, 3, 2, 1, 0)])
def test_in_whatever_order_they_come_and_go_the_graph_is_that_of_all_at_once(printed: Path, tmp_path: Path, order: Sequence[int]) -> None:
    paths = written(tmp_path / "in", WIRE, *OUTLETS)
    (more,) = written(tmp_path / "more", FROST)
    for number, place in enumerate(order):
        build([paths[place], *([more] if number == 2 else [])], output=tmp_path / "out")
    build(paths[1:], output=tmp_path / "out", prune=True)
    build(paths, output=tmp_path / "out")
    assert files(tmp_path / "out") == files(printed)


@MODEL
def test_where_the_original_goes_the_first_outlet_takes_its_place(tmp_path: Path) -> None:
    wire, courier, gazette = written(tmp_path / "in", WIRE, *OUTLETS[:2])
    build([wire, courier, gazette], output=tmp_path / "out")
    build([courier, gazette], output=tmp_path / "out", prune=True)
    build([courier, gazette], output=tmp_path / "once")
    assert files(tmp_path / "out") == files(tmp_path / "once")
    assert {id_ for id_, _ in select(tmp_path / "out", SAID)} == {"courier"}


@MODEL
def test_a_later_report_with_a_new_number_of_the_dead_keeps_it(tmp_path: Path) -> None:
    build(written(tmp_path / "in", WIRE, UPDATE, FROST), output=tmp_path / "out", strict=True)
    assert ("update", "Fifteen") in select(tmp_path / "out", COUNTED)
    assert ("update", "40") not in select(tmp_path / "out", COUNTED)
    assert {id_ for id_, _ in select(tmp_path / "out", "SELECT ?id ?o WHERE { ?a kg:copyOf ?o ; schema:identifier ?id }")} == {"update"}


def test_every_day_s_bulletin_with_other_numbers_is_an_article_of_its_own() -> None:
    bulletin = (
        "The river at Orlund stood at {} centimetres on Monday morning, the water office said. {} households in the lower town were told "
        "to move their cars. Trains to Norburg run every {} minutes, and the ferry crosses the lake {} times a day until the water has "
        "fallen. The office said that nobody was in danger and that the next bulletin would be given in the evening."
    )
    assert near(article("mon", bulletin.format(410, 120, 40, 6)), article("tue", bulletin.format(455, 300, 60, 4))) == {}
    assert near(article("mon", bulletin.format(410, 120, 40, 6)), article("late", bulletin.format(410, 120, 40, 5))) == {"mon": ["late"]}


@MODEL
def test_the_seeds_are_no_copies_of_each_other(seeds) -> None:
    assert seeds[1].copies == ()


@MODEL
@pytest.mark.browser
def test_the_card_of_a_statement_shows_where_else_it_stands(printed: Path, browser: Browser, tmp_path: Path) -> None:
    with library.open(printed) as graph:
        said = max(graph.statements(), key=lambda said: len(said.appearances))
    fragment = "/".join(said.iri.split("/")[-2:])
    with visiting(browser, (printed / "graph.html").read_text("utf-8"), tmp_path, fragment=fragment) as seen:
        more = seen.page.locator("#panel details", has_text="Also in 5 articles").first
        more.locator("summary").first.click()
        told_ = more.locator(".from").all_inner_texts()
        assert more.locator("mark").count() >= len(OUTLETS)
        assert (len(told_), seen.troubles) == (len(OUTLETS), [])
        assert all(any(outlet.id in line for line in told_) for outlet in OUTLETS)
