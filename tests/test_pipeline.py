"""The corridor: what is read is in the graph, once and whole, and nothing else is."""

import json
import os
import threading
import time
from pathlib import Path

import pytest
from conftest import ROOT

from kg.errors import InputError, KgError, StoreError
from kg.graph import Graph
from kg.pipeline import Options, build, collect
from kg.records import Class
from kg.store import building, kept_texts

pytestmark = pytest.mark.model

OPEN = "“The bridge is open,” Mayor Ana Reyes told residents of Ellery on Monday.\n"
SHUT = "“The harbour is shut,” said Ivo Brandt, a spokesman for the Harbour Union.\n"
FEAR = "Fishermen at the pier said they feared a storm. Reyes denied it.\n"


@pytest.fixture
def folder(tmp_path) -> Path:
    """A folder with two articles."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "open.txt").write_text(OPEN, "utf-8")
    (tmp_path / "in" / "shut.txt").write_text(SHUT, "utf-8")
    return tmp_path / "in"


def articles(output: Path) -> list[str]:
    with Graph(output) as graph:
        return sorted(article.id for article in graph.overview().articles)


def test_pruned_the_graph_holds_exactly_the_inputs_of_the_last_build(folder, tmp_path):
    build([folder], output=tmp_path / "out")
    assert articles(tmp_path / "out") == ["open", "shut"]
    (folder / "fear.txt").write_text(FEAR, "utf-8")
    build([folder / "open.txt", folder / "fear.txt"], output=tmp_path / "out", prune=True)
    assert articles(tmp_path / "out") == ["fear", "open"]
    assert len(kept_texts(tmp_path / "out")) == 2
    assert "Brandt" not in (tmp_path / "out" / "graph.ttl").read_text("utf-8")


def test_a_changed_article_replaces_its_old_text(folder, tmp_path):
    build([folder], output=tmp_path / "out")
    (folder / "open.txt").write_text(OPEN.replace("Ana", "Eva"), "utf-8")
    build([folder], output=tmp_path / "out")
    assert articles(tmp_path / "out") == ["open", "shut"]
    turtle = (tmp_path / "out" / "graph.ttl").read_text("utf-8")
    assert "Eva Reyes" in turtle
    assert "Ana Reyes" not in turtle


def test_the_same_text_under_two_names_counts_once_and_is_told(folder, tmp_path):
    (folder / "again.txt").write_text(OPEN, "utf-8")
    report = build([folder], output=tmp_path / "out")
    assert report.documents == 2
    assert report.same == ("open = again",)
    assert articles(tmp_path / "out") == ["again", "shut"]


@pytest.mark.parametrize("names", [("again",), ("zigzag",), ("again", "zigzag")], ids=" ".join)
def test_built_again_equal_texts_are_told_as_the_first_time(folder, tmp_path, names):
    for name in names:
        (folder / f"{name}.txt").write_text(OPEN, "utf-8")
    first, second = (build([folder], output=tmp_path / "out").same for _ in range(2))
    assert first == second


@pytest.mark.parametrize("order", [("open", "again"), ("again", "open")])
def test_which_of_two_equal_texts_stays_does_not_depend_on_the_order(folder, order):
    (folder / "again.txt").write_text(OPEN, "utf-8")
    collection, same, _ = collect([folder / f"{name}.txt" for name in order])
    assert [extraction.document.id for extraction in collection.extractions] == ["again"]
    assert same == ("open = again",)


def test_a_file_named_twice_counts_once(folder):
    collection, _, failed = collect([folder, folder / "open.txt"])
    assert len(collection.extractions) == 2
    assert failed == ()


def test_what_fails_is_returned_beside_what_was_read(folder):
    (folder / "empty.txt").touch()
    collection, _, failed = collect([folder, folder / "none"])
    assert len(collection.extractions) == 2
    assert [type(error) for error in failed] == [InputError, InputError]
    assert [name in str(error) for name, error in zip(("empty.txt", "none"), failed, strict=True)] == [True, True]


def test_one_input_that_fails_alone_is_the_error_itself(tmp_path):
    with pytest.raises(InputError, match="none: there is no such file"):
        collect([tmp_path / "none"])


def test_where_all_inputs_fail_the_reasons_are_notes_of_the_error(tmp_path):
    with pytest.raises(KgError, match="nothing could be read") as caught:
        collect([tmp_path / "none", tmp_path / "neither"])
    assert [note.partition(": ")[0] for note in caught.value.__notes__] == [str(tmp_path / "none"), str(tmp_path / "neither")]


def test_no_input_at_all_is_an_error_with_a_mend():
    with pytest.raises(KgError, match="Name at least one file"):
        collect([])


def test_progress_is_told_after_each_document(folder):
    seen: list[tuple[int, int]] = []
    collect([folder], progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 2), (2, 2)]


@pytest.mark.parametrize("workers", [2, 5])
def test_more_workers_than_documents_make_the_same_collection(folder, workers):
    assert collect([folder], Options(workers=workers)) == collect([folder])


def test_workers_may_be_started_from_any_thread(folder):
    found: list[int] = []
    thread = threading.Thread(target=lambda: found.append(len(collect([folder], Options(workers=2))[0].extractions)))
    thread.start()
    thread.join()
    assert found == [2]


def test_only_the_classes_asked_for_are_kept(folder):
    (folder / "plan.txt").write_text("The union plans to close the harbour.\n", "utf-8")
    kept = {
        said.kind
        for extraction in collect([folder], Options(classes=frozenset({Class.ACT})))[0].extractions
        for said in extraction.statements
    }
    assert kept == {Class.ACT}


def test_the_report_counts_what_the_graph_holds(folder, tmp_path):
    report = build([folder], output=tmp_path / "out")
    with Graph(tmp_path / "out") as graph:
        told = graph.overview()
    assert report.documents == len(told.articles)
    assert sum(report.statements.values()) == sum(report.acts.values()) == len(told.statements)
    assert report.people == len([actor for actor in told.actors if actor.kind == "person" and not actor.unnamed])
    assert json.loads((tmp_path / "out" / "report.json").read_text("utf-8"))["quads"] == report.quads


def test_every_statement_names_the_run_that_made_it(folder, tmp_path):
    build([folder], output=tmp_path / "out")
    with Graph(tmp_path / "out") as graph:
        orphan = graph.query("ASK { ?s a kg:Statement FILTER NOT EXISTS { ?s prov:wasGeneratedBy/kg:model ?model } }")
        runs = graph.query("SELECT ?run WHERE { ?run a kg:ExtractionRun }")
    assert orphan is False
    assert len(runs.rows) == 1


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("organization", "Harbour Union"),
        ("person", "Ivo Brandt"),
    ],
)
def test_a_name_of_ones_own_authority_file_is_linked_and_its_run_is_another(folder, tmp_path, kind, name):
    (tmp_path / "own.ttl").write_text(
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix kg: <https://w3id.org/newskg/ontology#> .\n"
        f"<https://desk.example/x> a skos:Concept ; kg:kind kg:{kind} ; skos:prefLabel '{name}'@en ; skos:altLabel 'Quux'@en ;\n"
        "    skos:exactMatch <http://www.wikidata.org/entity/Q999999999> .\n",
        "utf-8",
    )
    runs = []
    for number, authority in enumerate(((), (tmp_path / "own.ttl",))):
        build([folder], output=tmp_path / f"out{number}", options=Options(authority=authority))
        with Graph(tmp_path / f"out{number}") as graph:
            runs.append(graph.query("SELECT ?run WHERE { ?run a kg:ExtractionRun }").rows)
    assert runs[0] != runs[1]
    with Graph(tmp_path / "out1") as graph:
        (actor,) = [actor for actor in graph.overview().actors if actor.name == name]
    assert actor.aliases == ("Quux",)
    assert actor.links == ("http://www.wikidata.org/entity/Q999999999",)


def test_the_texts_are_kept_as_they_were(folder, tmp_path):
    odd = "\ufeffThe bridge\r\nis open, Reyes said.\u2028\n\n"
    (folder / "odd.txt").write_bytes(odd.encode())
    build([folder], output=tmp_path / "out")
    assert odd in kept_texts(tmp_path / "out").values()


def test_an_article_without_names_or_statements_is_in_the_graph(tmp_path):
    (tmp_path / "dull.txt").write_text("It rained.\n", "utf-8")
    report = build([tmp_path / "dull.txt"], output=tmp_path / "out")
    assert (report.documents, report.statements) == (1, {})
    assert articles(tmp_path / "out") == ["dull"]
    assert (tmp_path / "out" / "graph.html").stat().st_size > 0


def test_a_folder_in_use_is_found_before_reading(folder, tmp_path):
    seen: list[int] = []
    with building(tmp_path / "out"), pytest.raises(StoreError, match="being written by process"):
        build([folder], output=tmp_path / "out", progress=lambda done, _: seen.append(done))
    assert seen == []


def test_asking_whether_a_folder_can_be_written_leaves_no_name_behind(tmp_path):
    with building(tmp_path / "out"):
        pass
    assert (tmp_path / "out" / "building").read_bytes() == b""
    assert not (tmp_path / "out" / "store").exists()


def test_inputs_may_be_given_as_they_come(folder, tmp_path):
    report = build((path for path in sorted(folder.iterdir())), output=tmp_path / "out")
    assert report.documents == 2


def test_a_build_asks_nothing_of_the_folder_it_runs_in(folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    build(["in"], output=Path("out"))
    assert sorted(os.listdir("out")) == [
        "building",
        "extractions.sqlite",
        "graph.html",
        "graph.nq",
        "graph.ttl",
        "report.json",
        "resolution.sqlite",
        "store",
        "stores",
        "texts",
    ]
    assert str(tmp_path) not in (tmp_path / "out" / "graph.nq").read_text("utf-8")


def test_the_seeds_take_less_than_fifteen_seconds(tmp_path):
    started = time.monotonic()
    build([ROOT / "seeds"], output=tmp_path)
    assert time.monotonic() - started < 15
