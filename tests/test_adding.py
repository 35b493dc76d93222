"""Adding: article by article and in any order, a graph becomes what it is when all are built at once, and nothing is read twice."""

import random
from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest
from conftest import ROOT
from desk import MAYOR, apply, article, body, filled, ids, kg, names_of_people, person, place, review, select, told, written
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.archive import Archive
from kg.errors import KgError
from kg.extract.counts import COUNTS
from kg.gazetteer import Gazetteer
from kg.pipeline import Options, Report, build, built_with
from kg.records import Answer, Chain, Class, Correction, Extraction, Kind
from kg.resolve import resolve
from kg.resolve.bearers import side

MODEL = pytest.mark.model
SEEDS = sorted((ROOT / "seeds").iterdir())


def added(paths: Sequence[Path], output: Path, options: Options | None = None) -> list[Report]:
    """Add one input after the other to a folder."""
    return [build([path], output=output, options=options or Options()) for path in paths]


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    return written(tmp_path / "in")


# ---------------------------------------------------------------- the same graph


@MODEL
@pytest.mark.parametrize("steps", [[[4], [2], [0], [3], [1]], [[1, 3], [0, 2, 4]]], ids=["one by one", "in two parts"])
def test_the_seeds_added_in_steps_are_the_very_files_of_the_seeds_built_at_once(seeds, tmp_path, steps) -> None:
    for step in steps:
        build([SEEDS[number] for number in step], output=tmp_path)
    assert told(tmp_path) == told(seeds[0])


@MODEL
def test_no_order_of_adding_changes_a_byte(inputs, tmp_path) -> None:
    build([inputs], output=tmp_path / "once")
    orders = list(permutations(sorted(inputs.iterdir())))
    found = {(len(added(order, tmp_path / f"order{number}")), told(tmp_path / f"order{number}")) for number, order in enumerate(orders)}
    assert found == {(3, told(tmp_path / "once"))}


@MODEL
def test_the_command_adds_as_well(inputs, tmp_path) -> None:
    build([inputs], output=tmp_path / "once")
    for name in ("sailor", "late", "mayor"):
        assert kg("build", inputs / f"{name}.txt", "-o", tmp_path / "out").exit_code == 0
    assert told(tmp_path / "out") == told(tmp_path / "once")


@MODEL
def test_pruned_the_graph_is_that_of_the_new_inputs_alone(inputs, tmp_path) -> None:
    build([inputs], output=tmp_path / "out")
    report = build([inputs / "late.txt"], output=tmp_path / "out", prune=True)
    assert (ids(tmp_path / "out"), report.dropped) == (["late"], 2)


@MODEL
@pytest.mark.parametrize("order", list(permutations(("a", "b", "c"))), ids="".join)
def test_of_one_text_under_three_names_the_first_name_stays_in_whatever_order_they_come(tmp_path, order) -> None:
    folder = written(tmp_path / "in", dict.fromkeys("abc", MAYOR))
    added([folder / f"{name}.txt" for name in order], tmp_path / "out")
    assert ids(tmp_path / "out") == ["a"]


@MODEL
@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_of_one_text_under_one_name_and_two_dates_one_stays_in_whatever_order_they_come(tmp_path, order) -> None:
    for number, day in enumerate(("2024-05-02", "2023-01-01")):
        (tmp_path / f"{number}.jsonl").write_text(f'{{"id": "x", "text": "It rained, Ana Reyes said.", "date": "{day}"}}\n', "utf-8")
    added([tmp_path / f"{number}.jsonl" for number in order], tmp_path / "out")
    assert select(tmp_path / "out", "SELECT ?day WHERE { ?x schema:datePublished ?day }") == [("2023-01-01",)]


@MODEL
def test_one_text_under_another_name_is_told_when_it_is_added(tmp_path) -> None:
    folder = written(tmp_path / "in", {"b": MAYOR, "a": MAYOR})
    reports = added([folder / "b.txt", folder / "a.txt"], tmp_path / "out")
    assert [report.same for report in reports] == [(), ("b = a",)]


@MODEL
def test_an_input_that_cannot_be_read_leaves_the_graph_as_it_was(inputs, tmp_path) -> None:
    build([inputs], output=tmp_path / "out")
    before = told(tmp_path / "out")
    with pytest.raises(KgError, match="none"):
        build([tmp_path / "none"], output=tmp_path / "out")
    assert told(tmp_path / "out") == before


@MODEL
def test_what_people_said_is_there_after_more_is_added(inputs, tmp_path) -> None:
    build([inputs / "mayor.txt", inputs / "sailor.txt"], output=tmp_path / "out")
    apply(tmp_path / "out", filled(review(tmp_path / "out"), lambda row: "no" if row["now"] == "one" else ""))
    build([inputs / "late.txt"], output=tmp_path / "out")
    assert names_of_people(tmp_path / "out") == ["Goran Brandov", "Ilya Brandov", "Vahan Tumasian", "Vahan Tumasyan"]


@MODEL
def test_answers_before_or_after_adding_are_the_same_graph(inputs, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("kg.cli.reviewing._now", lambda: "2026-05-01T10:00:00Z")

    def said(output: Path) -> None:
        assert apply(output, filled(review(output), lambda row: "no" if row["now"] == "one" else "")).exit_code == 0

    pair, late = [inputs / "mayor.txt", inputs / "sailor.txt"], inputs / "late.txt"
    build(pair, output=tmp_path / "early")
    said(tmp_path / "early")
    build([late], output=tmp_path / "early")
    build([inputs], output=tmp_path / "late")
    said(tmp_path / "late")
    assert told(tmp_path / "early")[:2] == told(tmp_path / "late")[:2]


# ---------------------------------------------------------------- not read again


@MODEL
def test_what_was_read_is_not_read_again(inputs, tmp_path) -> None:
    seen: list[tuple[int, int]] = []
    reports = [build([inputs], output=tmp_path / "out", progress=lambda done, total: seen.append((done, total))) for _ in range(2)]
    assert [report.kept for report in reports] == [0, 3]
    assert seen == [(1, 3), (2, 3), (3, 3)]


@MODEL
def test_only_what_is_new_is_read_when_it_is_added(inputs, tmp_path) -> None:
    reports = added([inputs / "mayor.txt", inputs / "sailor.txt", inputs, inputs / "late.txt"], tmp_path / "out")
    assert [(report.documents, report.kept) for report in reports] == [(1, 0), (2, 1), (3, 2), (3, 3)]


@MODEL
def test_a_report_of_what_was_kept_tells_the_graph_and_not_the_work(inputs, tmp_path) -> None:
    build([inputs], output=tmp_path / "out")
    first = (tmp_path / "out" / "report.json").read_bytes()
    build([inputs], output=tmp_path / "out")
    assert (tmp_path / "out" / "report.json").read_bytes() == first
    assert b"kept" not in first


OWN = (
    "@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix kg: <https://w3id.org/newskg/ontology#> .\n"
    "<https://desk.example/x> a skos:Concept ; kg:kind kg:person ; skos:prefLabel 'Goran Brandov'@en ; skos:altLabel '{}'@en .\n"
)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    (tmp_path / "own.ttl").write_text(OWN.format("Quux"), "utf-8")
    return tmp_path / "own.ttl"


@MODEL
def test_other_classes_are_read_anew(inputs, tmp_path) -> None:
    build([inputs], output=tmp_path / "out")
    again = build([inputs], output=tmp_path / "out", options=Options(classes=frozenset(Class)))
    assert again.kept == 0


@MODEL
def test_an_authority_file_is_read_into_what_was_there_before(inputs, tmp_path, own) -> None:
    build([inputs], output=tmp_path / "out")
    again = build([inputs / "late.txt"], output=tmp_path / "out", options=Options(authority=(own,)))
    assert (again.documents, again.kept) == (3, 0)
    assert ("Quux",) in select(tmp_path / "out", "SELECT ?alias WHERE { ?x skos:altLabel ?alias }")


@MODEL
def test_an_authority_file_that_changed_is_read_again(inputs, tmp_path, own) -> None:
    build([inputs], output=tmp_path / "out", options=Options(authority=(own,)))
    own.write_text(OWN.format("Corge"), "utf-8")
    again = build([inputs], output=tmp_path / "out", options=Options(authority=(own,)))
    aliases = {alias for (alias,) in select(tmp_path / "out", "SELECT ?alias WHERE { ?x skos:altLabel ?alias }")}
    assert (again.kept, aliases & {"Quux", "Corge"}) == (0, {"Corge"})


@MODEL
def test_a_document_whose_date_became_known_is_read_again(tmp_path) -> None:
    for date in ("", ', "date": "2024-05-02"'):
        (tmp_path / "x.jsonl").write_text(f'{{"id": "x", "text": "It rained, Ana Reyes said."{date}}}\n', "utf-8")
        build([tmp_path / "x.jsonl"], output=tmp_path / "out")
    assert select(tmp_path / "out", "SELECT ?day WHERE { ?x schema:datePublished ?day }") == [("2024-05-02",)]


@MODEL
def test_more_workers_change_nothing_and_read_nothing_again(inputs, tmp_path) -> None:
    build([inputs], output=tmp_path / "out")
    again = build([inputs], output=tmp_path / "out", options=Options(workers=2))
    assert again.kept == 3


@MODEL
def test_how_a_folder_was_built_is_remembered(inputs, tmp_path, own) -> None:
    options = Options(authority=(own,), classes=frozenset({Class.REPORT}))
    build([inputs], output=tmp_path / "out", options=options, base="https://desk.example/")
    with Archive(tmp_path / "out") as archive:
        assert built_with(archive) == (options, "https://desk.example/")


# ---------------------------------------------------------------- when it does not go well


@MODEL
@pytest.mark.parametrize("name", ["none.tsv", "."])
def test_a_file_of_frames_that_cannot_be_read_is_named(inputs, tmp_path, name) -> None:
    shown = kg("build", inputs, "-o", tmp_path / "out", "--frames", tmp_path / name)
    assert (shown.exit_code, "frames" in shown.stderr) == (1, True)


@MODEL
def test_an_answer_where_the_frames_are_gone_is_an_error_and_not_a_crash(inputs, tmp_path) -> None:
    frames = tmp_path / "frames.tsv"
    frames.write_bytes(COUNTS.read_bytes())
    build([inputs], output=tmp_path / "out", options=Options(frames=frames))
    answers = filled(review(tmp_path / "out"), lambda row: "no" if row["now"] == "one" else "")
    frames.unlink()
    shown = apply(tmp_path / "out", answers)
    assert (shown.exit_code, "frames.tsv" in shown.stderr) == (1, True)


@MODEL
def test_an_answer_where_an_authority_file_is_gone_is_an_error_that_names_it(inputs, tmp_path, own) -> None:
    build([inputs], output=tmp_path / "out", options=Options(authority=(own,)))
    gone = own.rename(tmp_path / "elsewhere.ttl")
    shown = kg("review", "--store", tmp_path / "out", "--undo", "0")
    assert (shown.exit_code, len(shown.stderr.splitlines())) == (1, 1)
    gone.rename(own)
    assert kg("review", "--store", tmp_path / "out").exit_code == 0


@MODEL
def test_adding_to_a_folder_whose_cache_was_deleted_loses_no_article(inputs, tmp_path) -> None:
    build([inputs / "mayor.txt", inputs / "sailor.txt"], output=tmp_path / "out")
    (tmp_path / "out" / "extractions.sqlite").unlink()
    try:
        build([inputs / "late.txt"], output=tmp_path / "out")
    except KgError:
        assert ids(tmp_path / "out") == ["mayor", "sailor"], "refused: then nothing changes"
    else:
        assert ids(tmp_path / "out") == ["late", "mayor", "sailor"]


@MODEL
def test_a_build_that_is_interrupted_loses_no_article_for_the_next_one_that_is_added(inputs, tmp_path) -> None:
    build([inputs / "mayor.txt"], output=tmp_path / "out")

    def interrupt(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build([inputs / "sailor.txt"], output=tmp_path / "out", progress=interrupt)
    assert ids(tmp_path / "out") == ["mayor"]
    build([inputs / "late.txt"], output=tmp_path / "out")
    assert "mayor" in ids(tmp_path / "out")


@MODEL
def test_an_interrupted_adding_goes_on_where_it_stopped(inputs, tmp_path) -> None:
    build([inputs], output=tmp_path / "once")

    def interrupt(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build([inputs], output=tmp_path / "out", progress=interrupt)
    again = build([inputs], output=tmp_path / "out")
    assert again.kept == 1
    assert told(tmp_path / "out") == told(tmp_path / "once")


@MODEL
def test_a_second_build_of_a_folder_that_is_being_built_takes_nothing_from_the_first(inputs, tmp_path) -> None:
    def meanwhile(done: int, total: int) -> None:
        if done == 1:
            with pytest.raises(KgError, match="being written by process"):
                build([inputs / "late.txt"], output=tmp_path / "out")

    build([inputs / "mayor.txt", inputs / "sailor.txt"], output=tmp_path / "out", progress=meanwhile)
    assert ids(tmp_path / "out") == ["mayor", "sailor"]


# ---------------------------------------------------------------- the same collection, whatever comes when


NAMES = st.sampled_from(
    ["Vahan Tumasian", "Vahan Tumasyan", "Vahan Tumassian", "Ana Reyes", "Anna Reyes", "Reyes", "Ana Reyes Jr.", "Reyes Ana", "Oslo", "NRB"]
)
CHAINS = st.builds(
    Chain,
    st.sampled_from([Kind.PERSON, Kind.ORGANIZATION, Kind.PLACE]),
    NAMES,
    st.just(()),
    country=st.sampled_from([None, "NO", "SE"]),
    acronyms=st.sampled_from([(), ("NRB",)]),
    gender=st.sampled_from([None, "m", "f"]),
)
DAYS = st.sampled_from([None, "1999-01-01", "2024-05-02"])
RULES = st.sampled_from(["model", "gazetteer"])
LIBRARY = st.lists(st.tuples(st.lists(CHAINS, max_size=4), DAYS, RULES), min_size=1, max_size=5).map(
    lambda rows: [article(f"article {n}", *chains, date=day, rule=rule) for n, (chains, day, rule) in enumerate(rows)]
)


@st.composite
def said_of(draw: st.DrawFn, articles: Sequence[Extraction]) -> list[Correction]:
    """What people said of the names of some articles, all at one moment."""
    sides = [side(extraction, number) for extraction in articles for number in range(len(extraction.chains))]
    if not sides:
        return []
    one = st.sampled_from(sides)
    pair = st.builds(
        lambda answer, a, b: Correction(answer, min(a, b), max(a, b), "", "Eva", "2026-05-01T10:00:00Z"),
        st.sampled_from([Answer.SAME, Answer.DIFFERENT]),
        one,
        one,
    )
    kind = st.builds(
        lambda a, kind: Correction(Answer.KIND, a, None, kind, "Eva", "2026-05-01T10:00:00Z"),
        one,
        st.sampled_from(["person", "place", "organization"]),
    )
    entry = st.builds(
        lambda a, value: Correction(Answer.LINK, a, None, value, "Eva", "2026-05-01T10:00:00Z"),
        one,
        st.sampled_from(["none", "geonames:3143244", "wikidata:Q585"]),
    )
    return draw(st.lists(st.one_of(pair, kind, entry), max_size=4))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_whatever_is_read_and_said_first_the_collection_is_the_same(gazetteer: Gazetteer, data: st.DataObject) -> None:
    articles = data.draw(LIBRARY)
    said = data.draw(said_of(articles))
    chance = random.Random(data.draw(st.integers(0, 1000)))
    mixed, told = chance.sample(articles, len(articles)), chance.sample(said, len(said))
    assert resolve(mixed, gazetteer, told) == resolve(articles, gazetteer, said)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_what_was_told_apart_is_never_one_and_every_name_has_its_entity(gazetteer: Gazetteer, data: st.DataObject) -> None:
    articles = data.draw(LIBRARY)
    said = data.draw(said_of(articles))
    collection = resolve(articles, gazetteer, said)
    of = {side(e, n): collection.refers[e.document.key, n] for e in articles for n in range(len(e.chains))}
    apart = [(c.left, c.right) for c in said if c.answer is Answer.DIFFERENT and c.right and c.left != c.right]
    assert [pair for pair in apart if of[pair[0]] == of[pair[1]]] == []
    assert len({e.path for e in collection.entities}) == len(collection.entities)


@settings(max_examples=20, deadline=None)
@given(LIBRARY, st.randoms(use_true_random=False))
def test_articles_kept_in_parts_and_in_any_order_resolve_as_those_just_read(
    gazetteer: Gazetteer, tmp_path_factory, articles: list[Extraction], chance: random.Random
) -> None:
    mixed = chance.sample(articles, len(articles))
    cut = chance.randint(0, len(mixed))
    with Archive(tmp_path_factory.mktemp("kept")) as archive:
        archive.put(mixed[:cut], "recipe")
        resolve(archive.all(), gazetteer)
        archive.put(mixed[cut:], "recipe")
        assert resolve(archive.all(), gazetteer) == resolve(articles, gazetteer)


@settings(max_examples=40, deadline=None)
@given(LIBRARY, st.data())
def test_an_article_that_goes_again_leaves_no_trace(gazetteer: Gazetteer, articles: list[Extraction], data: st.DataObject) -> None:
    stays = data.draw(st.lists(st.sampled_from(articles), unique_by=id))
    assert resolve(stays, gazetteer) == resolve([e for e in articles if e in stays], gazetteer)


def test_two_documents_of_one_text_are_the_one_with_the_smaller_name(gazetteer: Gazetteer) -> None:
    first = article("x", person("Ana Reyes"), body("Valley Union"), place("Lindmere"))
    second = replace(first, document=replace(first.document, id="a"))
    assert [e.document.id for e in resolve([first, second], gazetteer).extractions] == ["a"]
    assert resolve([first, second], gazetteer) == resolve([second, first], gazetteer)
