"""A build in steps: what readers see while it runs, what is left where it ends early, and what it never touches."""

from pathlib import Path

import pytest
from desk import ARTICLES, LATE, apply, filled, ids, kg, review, select, told, written

from kg.errors import StoreError
from kg.pipeline import Options, build, building, state
from kg.store import Draft, finished, published
from kg.validate import Violation

pytestmark = pytest.mark.model


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    return written(tmp_path / "in")


@pytest.mark.parametrize("limit", ["GROWTH", "STEP"])
def test_readers_see_a_growing_graph_long_before_a_first_build_ends(inputs, tmp_path, monkeypatch, limit) -> None:
    monkeypatch.setattr(building, "FIRST_STEP", 1)
    monkeypatch.setattr(building, limit, 1)
    seen: list[int | None] = []
    build(
        [inputs],
        output=tmp_path / "out",
        progress=lambda done, _: seen.append(done if published(tmp_path / "out") is None else len(ids(tmp_path / "out"))),
    )
    assert seen == [1, 1, 2]


@pytest.mark.parametrize(
    ("shown", "new"), [(0, 32), (32, 96), (512, 1_536), (2_048, 4_000), (8_000, 4_000), (40_000, 20_000), (1_000_000, 50_000)]
)
def test_readers_wait_for_few_documents_at_first_and_for_half_as_many_as_they_see_later(shown: int, new: int) -> None:
    assert building._step(shown) == new


def test_a_graph_built_in_steps_is_the_very_files_of_one_built_at_once(inputs, tmp_path, monkeypatch) -> None:
    build([inputs], output=tmp_path / "once")
    monkeypatch.setattr(building, "FIRST_STEP", 1)
    build([inputs], output=tmp_path / "steps")
    assert told(tmp_path / "steps") == told(tmp_path / "once")


def test_a_graph_that_grew_in_steps_is_put_in_order_once_at_its_end(inputs, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(building, "FIRST_STEP", 1)
    monkeypatch.setattr(building, "GROWTH", 0.0)
    finish, seen = Draft.finish, []

    def watched(draft: Draft, *, optimise: bool | None = None) -> int:
        seen.append(optimise)
        return finish(draft, optimise=optimise)

    monkeypatch.setattr(Draft, "finish", watched)
    build([inputs], output=tmp_path / "out")
    build([inputs], output=tmp_path / "out")
    assert seen == [False, False, False, True]


def test_other_rules_never_let_readers_see_less_than_before(inputs, tmp_path, monkeypatch) -> None:
    build([inputs], output=tmp_path / "out")
    monkeypatch.setattr(building, "FIRST_STEP", 1)
    monkeypatch.setattr(building, "recipe_of", lambda _: "another")
    monkeypatch.setattr("kg.pipeline.writing.recipe_of_graph", lambda *_: "another")
    seen: list[int] = []
    build([inputs], output=tmp_path / "out", progress=lambda *_: seen.append(len(ids(tmp_path / "out"))))
    assert seen == [3, 3, 3]


def test_nothing_is_written_where_nothing_changed(inputs, tmp_path) -> None:
    build([inputs], output=tmp_path / "out")
    before = published(tmp_path / "out")
    build([inputs], output=tmp_path / "out")
    assert published(tmp_path / "out") == before


def test_a_generation_that_a_killed_build_had_finished_is_published_by_the_next(inputs, tmp_path, monkeypatch) -> None:
    build([inputs / "mayor.txt"], output=tmp_path / "out")

    def killed(output: Path, number: int) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(state, "publish", killed)
        build([inputs], output=tmp_path / "out")
    assert (ids(tmp_path / "out"), published(tmp_path / "out"), finished(tmp_path / "out", 2)) == (["mayor"], 1, True)
    build([inputs], output=tmp_path / "out")
    build([inputs], output=tmp_path / "once")
    assert published(tmp_path / "out") == 2
    assert told(tmp_path / "out") == told(tmp_path / "once")


def test_a_lost_cache_of_who_is_who_changes_nothing(inputs, tmp_path) -> None:
    build([inputs], output=tmp_path / "out")
    before = told(tmp_path / "out")
    (tmp_path / "out" / "resolution.sqlite").unlink()
    assert build([inputs], output=tmp_path / "out").kept == 3
    assert told(tmp_path / "out") == before


def test_a_damaged_cache_of_who_is_who_is_named(inputs, tmp_path) -> None:
    build([inputs], output=tmp_path / "out")
    (tmp_path / "out" / "resolution.sqlite").write_bytes(b"damaged " * 1000)
    with pytest.raises(StoreError, match=r"resolution\.sqlite cannot be used.*delete that file"):
        build([inputs], output=tmp_path / "out")


def test_an_article_that_changed_in_its_file_replaces_what_it_was_and_all_others_stay(inputs, tmp_path) -> None:
    build([inputs], output=tmp_path / "out")
    (inputs / "late.txt").write_text(LATE.replace("Ilya", "Anton"), "utf-8")
    report = build([inputs / "late.txt"], output=tmp_path / "out")
    assert (report.documents, report.dropped, ids(tmp_path / "out")) == (3, 1, ["late", "mayor", "sailor"])
    assert len(list((tmp_path / "out" / "texts").iterdir())) == 3
    assert "Ilya" not in (tmp_path / "out" / "graph.ttl").read_text("utf-8")


def test_two_files_of_one_name_in_two_folders_are_two_articles(tmp_path) -> None:
    for day, text in (("monday", ARTICLES["mayor"]), ("tuesday", ARTICLES["sailor"])):
        build([written(tmp_path / day, {"news": text})], output=tmp_path / "out")
    assert ids(tmp_path / "out") == ["news", "news"]


def test_what_was_imported_stays_through_builds_and_corrections(inputs, tmp_path) -> None:
    (tmp_path / "own.ttl").write_text("<https://desk.example/a> <https://desk.example/knows> <https://desk.example/b> .\n", "utf-8")
    build([inputs / "mayor.txt", inputs / "sailor.txt"], output=tmp_path / "out")
    assert kg("import", tmp_path / "own.ttl", "-o", tmp_path / "out").exit_code == 0
    build([inputs / "late.txt"], output=tmp_path / "out")
    apply(tmp_path / "out", filled(review(tmp_path / "out"), lambda row: "no" if row["now"] == "one" else ""))
    assert select(tmp_path / "out", "SELECT ?b WHERE { <https://desk.example/a> ?p ?b }") == [("https://desk.example/b",)]


def test_a_strict_build_refuses_what_breaks_a_rule_and_leaves_the_graph_as_it_was(inputs, tmp_path, monkeypatch) -> None:
    build([inputs / "mayor.txt"], output=tmp_path / "out")
    wrong = Violation("late", "node", "slice.exact", "the article has one thing, the graph another", "characters 1–2: It")
    monkeypatch.setattr("kg.validate.check_document", lambda *_, **__: [wrong])
    shown = kg("build", inputs, "-o", tmp_path / "out", "--strict")
    assert (shown.exit_code, ids(tmp_path / "out")) == (1, ["mayor"])
    assert "late: slice.exact: the article has one thing" in shown.stderr
    assert "Leave --strict out" in shown.stderr


def test_a_strict_build_of_what_is_sound_is_a_build(inputs, tmp_path) -> None:
    build([inputs], output=tmp_path / "out")
    assert kg("build", inputs, "-o", tmp_path / "strict", "--strict").exit_code == 0
    assert told(tmp_path / "strict") == told(tmp_path / "out")


def test_an_article_that_another_of_the_same_text_replaces_before_its_step_stands_there_under_its_own_name(tmp_path) -> None:
    first = written(tmp_path / "in", {"x": ARTICLES["mayor"], "b": LATE})
    other = written(tmp_path / "other", {"a": ARTICLES["mayor"]})
    build([first, other], output=tmp_path / "out", options=Options(workers=1))  # who reads it has read the first when the other comes
    assert ids(tmp_path / "out") == ["a", "b"]
    build([other, first / "b.txt"], output=tmp_path / "alone")
    assert told(tmp_path / "out")[:3] == told(tmp_path / "alone")[:3]
