"""`kg link` as a user runs it: names go to the service that was named and to no other, and what it says is a proposal."""

import csv
import io
import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import command, environment
from desk import apply, filled, kg, review, select, written
from reconciliation import MANIFEST, RECORDS, Desk, Reply, serving

from kg.pipeline import build
from kg.review import corrections
from kg.store import Store

pytestmark = pytest.mark.model

TEXT = "“The bridge is open,” Mayor Ana Reyes told residents on Monday. Ivo Brandt, a spokesman for the Harbour Union, was in Oslo.\n"
OFFERS = """SELECT DISTINCT ?name ?other ?by ?at WHERE {
  ?x skos:prefLabel ?name ; skos:closeMatch ?other .
  ?d a kg:MergeDecision ; kg:entity ?x ; kg:rule 'offered' ; prov:used ?other ; prov:endedAtTime ?at ; prov:wasAssociatedWith ?who .
  ?who a prov:SoftwareAgent ; schema:name ?by } ORDER BY ?other"""
EXACT = "SELECT ?other WHERE { ?x skos:prefLabel 'Ana Reyes'@en ; skos:exactMatch ?other }"
V1, V2 = "https://registry.example/entity/V1", "https://registry.example/entity/V2"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("link")
    build([written(folder / "in", {"bridge": TEXT})], output=folder / "out")
    return folder / "out"


@pytest.fixture
def output(built: Path, tmp_path: Path) -> Path:
    return shutil.copytree(built, tmp_path / "out")


@pytest.fixture
def desk() -> Iterator[Desk]:
    with serving() as desk:
        yield desk


def link(output: Path, desk: Desk, *words: str) -> "subprocess.CompletedProcess[str]":
    """Run the real command in a process of its own."""
    line = command("link", "--reconcile", desk.url, "--store", str(output), *words)
    env = environment(no_proxy="127.0.0.1", NO_PROXY="127.0.0.1")
    return subprocess.run(line, capture_output=True, encoding="utf-8", env=env, check=False, timeout=60)


def linked(output: Path, desk: Desk, *words: str) -> None:
    """Run the command in this process, where it must go well."""
    shown = kg("link", "--reconcile", desk.url, "--store", output, *words)
    assert (shown.exit_code, shown.stdout, shown.stderr if shown.exit_code else "") == (0, "", "")


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")


# ---------------------------------------------------------------- proposals


def test_the_command_writes_proposals_with_the_name_of_the_service_and_the_date(output, desk) -> None:
    ran = link(output, desk)
    assert (ran.returncode, ran.stdout) == (0, "")
    assert "names asked, 2 proposals" in ran.stderr and "Traceback" not in ran.stderr
    found = select(output, OFFERS)
    assert [(name, other) for name, other, _, _ in found] == [("Ana Reyes", V1), ("Ana Reyes", V2)]
    assert {by for _, _, by, _ in found} == {f"Registry of the valley ({desk.url})"}
    assert all(at.startswith("20") and at.endswith("Z") for _, _, _, at in found)


def test_however_sure_the_service_is_nothing_is_exact(output, desk) -> None:
    linked(output, desk)
    assert select(output, EXACT) == []
    assert kg("validate", "--store", output).exit_code == 0


def test_only_names_are_sent_and_only_to_the_address_that_was_given(output, desk) -> None:
    linked(output, desk)
    sent = [query for batch in desk.asked for query in batch.values()]
    assert {key for query in sent for key in query} == {"query", "limit"}
    assert {"Ana Reyes", "Ivo Brandt"} <= {query["query"] for query in sent} <= {"Ana Reyes", "Ivo Brandt", "Harbour Union"}
    assert {headers["user-agent"].partition("/")[0] for _, _, headers in desk.seen} == {"newskg"}
    assert not {"cookie", "authorization", "referer"} & {name for _, _, headers in desk.seen for name in headers}


def test_what_has_an_id_is_not_sent(output, desk) -> None:
    linked(output, desk)
    assert "Oslo" not in str(desk.asked)


@pytest.mark.parametrize(("words", "sent"), [(("--kind", "person"), {"Ana Reyes", "Ivo Brandt"}), (("--kind", "place"), set())])
def test_only_the_kinds_asked_for_are_sent(output, desk, words, sent) -> None:
    linked(output, desk, *words)
    assert {query["query"] for batch in desk.asked for query in batch.values()} - {"Harbour Union"} == sent


def test_a_type_a_limit_and_a_batch_are_kept_to(output, desk) -> None:
    linked(output, desk, "--kind", "person", "--type", "Person", "--limit", "1", "--batch", "1")
    assert [len(batch) for batch in desk.asked] == [1, 1]
    assert {(query["type"], query["limit"]) for batch in desk.asked for query in batch.values()} == {("Person", 1)}
    assert len(select(output, OFFERS)) == 1


def test_building_reviewing_and_asking_send_nothing(output, desk, tmp_path) -> None:
    linked(output, desk)
    seen = len(desk.seen)
    build([written(tmp_path / "in", {"bridge": TEXT})], output=output)
    apply(output, filled(review(output), lambda row: V1 if row["question"] == "link" else ""))
    assert kg("info", "Ana Reyes", "--store", output).exit_code == 0
    assert len(desk.seen) == seen


# ---------------------------------------------------------------- answers


def test_a_proposal_is_asked_in_review_with_its_offers_the_likeliest_first(output, desk) -> None:
    linked(output, desk)
    (row,) = [row for row in csv.DictReader(io.StringIO(review(output))) if row["left"] == "Ana Reyes" and row["question"] == "link"]
    assert row["offers"] == f"{V1} Ana Reyes | {V2} Ana Reyes Duarte"
    assert row["why"] == "offered"


def test_an_answer_makes_one_of_them_exact(output, desk) -> None:
    linked(output, desk)
    assert apply(output, filled(review(output), lambda row: V1 if row["left"] == "Ana Reyes" else "")).exit_code == 0
    assert select(output, EXACT) == [(V1,)]
    assert select(output, OFFERS) == []
    assert kg("validate", "--store", output).exit_code == 0


def test_none_is_an_answer(output, desk) -> None:
    linked(output, desk)
    apply(output, filled(review(output), lambda row: "none" if row["left"] == "Ana Reyes" else ""))
    assert (select(output, EXACT), select(output, OFFERS)) == ([], [])
    apart = "SELECT ?o WHERE { ?x skos:prefLabel 'Ana Reyes'@en ; owl:differentFrom ?o } ORDER BY ?o"
    assert select(output, apart) == [(V1,), (V2,)]


def test_a_skos_answer_makes_one_of_them_exact(output, desk) -> None:
    linked(output, desk)
    review(output)
    turtle = (output / "review.ttl").read_text("utf-8")
    (output / "mine.ttl").write_text(
        f"{turtle}\n<https://newskg.example/actor/ana-reyes> <http://www.w3.org/2004/02/skos/core#exactMatch> <{V1}> .\n", "utf-8"
    )
    assert kg("review", "--store", output, "--apply", output / "mine.ttl", "--by", "Eva Lund").exit_code == 0
    assert select(output, EXACT) == [(V1,)]


@pytest.mark.parametrize("answer", [V1, "none"])
def test_who_a_person_has_answered_for_is_not_sent_again(output, desk, answer) -> None:
    linked(output, desk)
    apply(output, filled(review(output), lambda row: answer if row["left"] == "Ana Reyes" else ""))
    desk.asked.clear()
    linked(output, desk)
    assert "Ana Reyes" not in str(desk.asked)


# ---------------------------------------------------------------- a second time


def test_a_second_run_replaces_what_the_service_offered_before(output, desk) -> None:
    linked(output, desk)
    desk.records = [{"id": "V9", "name": "Ana Reyes", "type": ["Person"]}]
    linked(output, desk)
    assert [other for _, other, _, _ in select(output, OFFERS)] == ["https://registry.example/entity/V9"]
    with Store(output) as store:
        assert len(corrections(store)) == 1


def test_another_service_replaces_nothing(output, desk) -> None:
    linked(output, desk)
    with serving({**MANIFEST, "name": "Archive of the hills", "identifierSpace": "https://hills.example/"}, RECORDS[:1]) as other:
        linked(output, other)
    assert sorted(other for _, other, _, _ in select(output, OFFERS)) == ["https://hills.example/V1", V1, V2]


def test_offers_outlive_a_build_and_adding(output, desk, tmp_path) -> None:
    linked(output, desk)
    before = select(output, OFFERS)
    build([written(tmp_path / "more", {"x": "Rain fell, Petra Lund said.\n"})], output=output)
    assert select(output, OFFERS) == before


def test_an_offer_can_be_taken_back(output, desk) -> None:
    linked(output, desk, "--limit", "1")
    (line,) = [line for line in kg("review", "--store", output, "--log").stdout.splitlines() if "offer" in line]
    assert kg("review", "--store", output, "--undo", line.split()[0], "--by", "Eva Lund").exit_code == 0
    assert select(output, OFFERS) == []


# ---------------------------------------------------------------- when it does not go well


@pytest.mark.parametrize(
    "reply",
    [Reply(500, b"down"), Reply(200, b"<html>"), Reply(404, b""), Reply(200, b"{}")],
    ids=["down", "a page", "nothing there", "no manifest"],
)
def test_a_service_that_fails_is_named_and_the_graph_stays_as_it_was(output, desk, reply) -> None:
    before = (output / "graph.nq").read_bytes()
    desk.replies += [reply] * 2
    ran = link(output, desk)
    assert (ran.returncode, len(ran.stderr.splitlines()), desk.url in ran.stderr) == (1, 1, True)
    assert (output / "graph.nq").read_bytes() == before


def test_without_a_graph_nobody_is_asked(tmp_path, desk) -> None:
    shown = kg("link", "--reconcile", desk.url, "--store", tmp_path / "none")
    assert (shown.exit_code, "kg build" in shown.stderr) == (1, True)
    assert desk.seen == []


def test_no_service_is_named_by_default(output) -> None:
    assert kg("link", "--store", output).exit_code == 2


HOSTILE = [
    {"id": 'V"><script>', "name": '<script>alert("x")</script>', "type": ["Person"]},
    {"id": "../../../etc", "name": "=HYPERLINK(1)\n\x1b[31m", "type": ["Person"]},
    {"id": "V1", "name": "A" * 5000, "type": ["Person"]},
]


def test_what_a_hostile_service_says_is_words_and_nothing_else(output, desk) -> None:
    reply = {f"q{n}": {"result": [{**record, "score": 1e308, "match": True} for record in HOSTILE]} for n in range(10)}
    desk.replies += [Reply(200, json.dumps(MANIFEST).encode()), Reply(200, json.dumps(reply).encode())]
    assert link(output, desk).returncode in (0, 1)
    assert kg("validate", "--store", output).exit_code == 0
    rows = list(csv.DictReader(io.StringIO(review(output))))
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())
    assert "<script>alert" not in (output / "graph.html").read_text("utf-8")
    assert kg("info", "Ana Reyes", "--store", output).exit_code == 0


def test_a_service_whose_ids_are_urns_makes_proposals(output) -> None:
    manifest = {name: value for name, value in MANIFEST.items() if name != "view"} | {"identifierSpace": "urn:registry:"}
    with serving(manifest) as desk:
        linked(output, desk)
    rows = [row for row in csv.DictReader(io.StringIO(review(output))) if row["why"] == "offered"]
    assert ["urn:registry:V1" in row["offers"] for row in rows] == [True]
