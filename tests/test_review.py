"""What a person is asked, in which order, and what the files that come back can do: answer, or be refused with the line."""

import csv
import io
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import town
from desk import LATE, MAYOR, SAILOR, apply, article, body, filled, kg, names_of_people, person, place, review, select, written
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kg.errors import InputError
from kg.gazetteer import Gazetteer
from kg.pipeline import build
from kg.query import harmless
from kg.records import Answer, Class, Collection, Correction, Extraction, Side, Span, Statement, Type, Voice
from kg.resolve import resolve
from kg.resolve.bearers import side
from kg.review import COLUMNS, Question, answers_in_csv, answers_in_triples, as_csv, as_triples, corrections, questions, taken_back
from kg.store import Store, parse, turtle
from kg.triples import correction_key, correction_quads, entity_iri
from kg.vocab import KG, SKOS, Iri, Literal, iri

MODEL = pytest.mark.model
NOON = "2026-05-01T12:00:00Z"
KEY = "0123456789abcdef"


def answered(text: str) -> tuple[Correction, ...]:
    return answers_in_csv(text, "answers.csv", by="Eva Lund", at=NOON)


def lines(*rows: str) -> str:
    return "\n".join(["question,answer,left,left_at,right,right_at", *rows]) + "\n"


def speaking(extraction: Extraction, *chains: int) -> Extraction:
    """An article in which some of its names say something."""
    said = tuple(
        Statement(Type.INDIRECT, (Span(n, n + 1),), (), (), "say", "say", Class.REPORT, "test", 0.9, speaker=Voice("name", chain=chain))
        for n, chain in enumerate(chains)
    )
    return replace(extraction, statements=said)


# ---------------------------------------------------------------- what is asked


def asked(collection: Collection) -> list[tuple[str, str, str]]:
    return [(q.asks.value, q.left.name, q.now) for q in questions(collection)]


def test_what_touches_most_statements_is_asked_first_and_what_was_accepted_last(gazetteer: Gazetteer) -> None:
    articles = [
        speaking(article("a", person("Arman Marukyan"), person("Vahan Tumasian")), 1, 1, 1, 1),
        speaking(article("b", person("Arman Manukyan"), person("Vahan Tumasyan")), 0),
        speaking(article("c", person("Petra Lindson")), 0, 0),
        article("d", person("Petra Linzon")),
    ]
    found = questions(resolve(articles, gazetteer))
    assert [(q.now, q.worth) for q in found] == [("two", 2), ("two", 1), ("one", 4)]


def test_a_place_that_could_be_several_is_asked_with_what_it_could_be(gazetteer: Gazetteer) -> None:
    a = article("a", place("Vienna", candidates=("geonames:4791160", "geonames:2761369")))
    (question,) = questions(resolve([a], gazetteer))
    assert (question.asks, question.why, len(question.offers)) == (Answer.LINK, "ambiguous-place", 2)
    assert "geonames:2761369 Vienna, AT" in question.offers


def test_a_name_that_is_two_kinds_is_asked_for_both(gazetteer: Gazetteer) -> None:
    articles = [article("a", person("Lindmere")), article("b", place("Lindmere"))]
    assert asked(resolve(articles, gazetteer)) == [("kind", "Lindmere", "person"), ("kind", "Lindmere", "place")]


def test_who_is_often_named_without_an_id_is_asked_for_and_who_is_seldom_named_is_not(gazetteer: Gazetteer) -> None:
    articles = [article(str(n), person("Ana Reyes"), *([person("Ivo Brandt")] * (n < 2))) for n in range(3)]
    assert asked(resolve(articles, gazetteer)) == [("link", "Ana Reyes", "")]


def test_where_nothing_is_doubtful_nothing_is_asked(gazetteer: Gazetteer) -> None:
    assert questions(resolve([article("a", person("Ana Reyes"))], gazetteer)) == ()
    assert questions(resolve([], gazetteer)) == ()


def test_asking_about_one_asks_about_every_merge_that_made_it(gazetteer: Gazetteer) -> None:
    articles = [article(str(n), person("Ana Reyes"), person("Ivo Brandt")) for n in range(3)]
    found = questions(resolve(articles, gazetteer), about="actor/ana-reyes")
    assert [(q.asks, q.now, q.left.name) for q in found] == [(Answer.SAME, "one", "Ana Reyes")] * 2


def test_each_question_shows_the_name_in_its_sentence_and_points_at_its_characters(gazetteer: Gazetteer) -> None:
    articles = {e.document.key: e for e in (article("a", person("Arman Marukyan")), article("b", person("Arman Manukyan")))}
    (question,) = questions(resolve(articles.values(), gazetteer))
    shown = zip((question.left, question.right), question.passages, strict=True)
    assert [f"[{one.name}]" in passage for one, passage in shown] == [True, True]
    sides = (question.left, question.right)
    assert [Span(s.start, s.end).of(articles[s.document].document.text) for s in sides] == [question.left.name, question.right.name]


# ---------------------------------------------------------------- the CSV file


def question(name: str, passage: str, offer: str) -> Question:
    one = Side(name, KEY, 3, 9)
    return Question(Answer.SAME, one, replace(one, start=12, end=18), "two", name, 0.9, (), 1, (offer,), (passage, passage), ("a/b", "a/c"))


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@settings(max_examples=100, deadline=None)
@given(TEXTS, TEXTS, TEXTS)
@example("=HYPERLINK(1)", "+1", "@SUM(A1)")
@example('"; DROP\r\n', "a,b\n", "\x00")
@example("'t Hooft", "'=1", "-")
def test_no_name_breaks_the_file_and_none_is_a_formula(name: str, passage: str, offer: str) -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv([question(name, passage, offer)]), newline="")))
    assert [list(row) for row in rows] == [list(COLUMNS)]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in rows[0].values())
    assert rows[0]["answer"] == ""


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_an_answered_line_points_where_the_question_pointed_whatever_the_name(name: str) -> None:
    (said,) = answered(filled(as_csv([question(name, "", "")]), lambda row: "yes"))
    assert said.right is not None
    assert [(s.document, s.start, s.end) for s in (said.left, said.right)] == [(KEY, 3, 9), (KEY, 12, 18)]


def test_a_line_without_an_answer_says_nothing() -> None:
    assert answered(filled(as_csv([question("Ana", "", "")]), lambda row: "  ")) == ()


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_file_saved_by_a_spreadsheet_is_read(newline: str, mark: str) -> None:
    text = mark + lines(f"kind,Place ,Ellery,{KEY}:3-9,,", ",,,,,", f"kind,,x,{KEY}:3-9").replace("\n", newline)
    assert answered(text) == (Correction(Answer.KIND, Side("Ellery", KEY, 3, 9), None, "place", "Eva Lund", NOON),)


def test_columns_may_stand_in_any_order_and_others_beside_them() -> None:
    text = f"mine,left_at,answer,left,question\nnote,{KEY}:3-9,none,Vienna,link\n"
    assert [(c.answer, c.value) for c in answered(text)] == [(Answer.LINK, "none")]


@pytest.mark.parametrize(
    "row",
    [
        f"planet,yes,Ana,{KEY}:3-9,,",
        f"offer,name=1,Ana,{KEY}:3-9,,",
        f"different,no,Ana,{KEY}:3-9,,",
        f",yes,Ana,{KEY}:3-9,,",
        f"same,maybe,Ana,{KEY}:3-9,Eva,{KEY}:12-15",
        f"same,yes,Ana,{KEY}:3-9,Eva,",
        f"same,yes,Ana,{KEY}:3-9",
        f"kind,planet,Ana,{KEY}:3-9,,",
        f"kind,government,Ana,{KEY}:3-9,,",
        f"link,Vienna,Ana,{KEY}:3-9,,",
        f"link,geonames: 2761369,Ana,{KEY}:3-9,,",
        f"link,file:///etc/passwd,Ana,{KEY}:3-9,,",
        f"link,javascript:alert(1),Ana,{KEY}:3-9,,",
        f"speaker,',Ana,{KEY}:3-9,,",
        "kind,place,Ana,,,",
        "kind,place,Ana,somewhere,,",
        f"kind,place,Ana,{KEY}:9-3,,",
        f"kind,place,Ana,{KEY}:3-3,,",
        f"kind,place,Ana,{KEY}:0-0,,",
        f"kind,place,Ana,{KEY}:3-{'9' * 5000},,",
        f"kind,place,Ana,../{KEY}:3-9,,",
        f"speaker,{'A' * 200_000},Ana,{KEY}:3-9,,",
    ],
)  # fmt: skip
def test_a_line_that_is_no_answer_is_refused_with_its_place_and_what_to_do(row: str) -> None:
    with pytest.raises(InputError, match=r"answers\.csv, line 3: .") as caught:
        answered(lines(f"kind,place,Ana,{KEY}:3-9,,", row))
    assert caught.value.mend


@pytest.mark.parametrize("value", ["https://[x", "https://x/%zz", "https://x/\x01", "http://a:b:c/"])
def test_an_address_that_is_none_is_refused_with_its_place(value: str) -> None:
    with pytest.raises(InputError, match=r"line 2"):
        answered(lines(f"link,{value},Ana,{KEY}:3-9,,"))


@pytest.mark.parametrize("value", ["wikidata:1741", "geonames:Q1741"])
def test_an_id_of_the_other_scheme_is_refused(value: str) -> None:
    with pytest.raises(InputError, match=r"line 2"):
        answered(lines(f"link,{value},Ana,{KEY}:3-9,,"))


@pytest.mark.parametrize("missing", ["question", "answer", "left", "left_at"])
def test_a_missing_column_is_named(missing: str) -> None:
    columns = ",".join(column for column in ("question", "answer", "left", "left_at") if column != missing)
    with pytest.raises(InputError, match=rf"no column {missing}\. Answer the file that `kg review` writes"):
        answered(f"{columns}\n")


@pytest.mark.parametrize("text", ["", "\n", "question;answer;left;left_at\n", "\x00\x01", "<html></html>", "a" * 200_000], ids=range(6))
def test_what_is_no_such_file_is_refused_with_its_name(text: str) -> None:
    with pytest.raises(InputError, match=r"answers\.csv"):
        answered(text)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(TEXTS, min_size=6, max_size=6), max_size=3), TEXTS)
def test_no_file_crashes_it(rows: list[list[str]], noise: str) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([["question", "answer", "left", "left_at", "right", "right_at"], *rows])
    for text in (out.getvalue(), out.getvalue() + noise, noise):
        try:
            answered(text)
        except InputError as error:
            assert "answers.csv" in str(error)


# ---------------------------------------------------------------- the SKOS file


def test_the_skos_file_is_sorted_turtle_that_any_reader_reads(gazetteer: Gazetteer, tmp_path: Path) -> None:
    collection = resolve([article("a", person("Arman Marukyan")), article("b", person("Arman Manukyan"))], gazetteer)
    text = turtle(as_triples(questions(collection), collection))
    (tmp_path / "review.ttl").write_bytes(text)
    triples = [quad[:3] for quad in parse(tmp_path / "review.ttl", iri("graph", "review"))]
    assert sum(predicate == SKOS.closeMatch for _, predicate, _ in triples) == 1
    assert turtle(triples) == text


@pytest.mark.parametrize("name", ['"; DROP', "<script>", "Ana\nReyes", "\u202eAna", "🏟️ FC", "李克强"])
def test_any_name_stands_in_the_skos_file_and_says_nothing_by_itself(gazetteer: Gazetteer, tmp_path: Path, name: str) -> None:
    articles = [article("a", person(name), place(name)), article("b", body(name))]
    collection = resolve(articles, gazetteer)
    (tmp_path / "review.ttl").write_bytes(turtle(as_triples(questions(collection), collection)))
    triples = [quad[:3] for quad in parse(tmp_path / "review.ttl", iri("graph", "review"))]
    assert answers_in_triples(triples, collection, by="Eva Lund", at=NOON) == ()


@pytest.mark.parametrize(
    ("term", "value"),
    [
        (KG.kind, Iri(KG.base + "planet")),
        (KG.kind, KG.government),
        (KG.kind, Literal("planet")),
        (SKOS.exactMatch, Iri("mailto:ana@example.org")),
        (SKOS.exactMatch, Iri("file:///etc/passwd")),
    ],
)
def test_a_triple_that_is_no_answer_is_refused_with_its_name(gazetteer: Gazetteer, term: Iri, value: Iri | Literal) -> None:
    a = article("a", person("Ana Reyes"))
    collection = resolve([a], gazetteer)
    with pytest.raises(InputError, match="actor/ana-reyes: .* is no answer here"):
        answers_in_triples([(entity_iri(collection.entities[0]), term, value)], collection, by="Eva Lund", at=NOON)


# ---------------------------------------------------------------- what is kept


NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
PLACES = st.builds(
    lambda name, key, start, length: Side(name, f"{key:016x}", start, start + length),
    NAMES,
    st.integers(0, 3),
    st.integers(0, 50),
    st.integers(1, 20),
)
ENTRIES = st.builds(
    lambda name, entry: Side(name, entry=entry),
    NAMES,
    st.sampled_from(["wikidata:Q1741", "geonames:2761369", "https://registry.example/entity/V1", "https://registry.example/a?b=[c]#d"][:3]),
)
PEOPLE = st.sampled_from(["Eva Lund", "Ivo Brandt", "Registry (https://registry.example/)", "李", "🏟️"])
MOMENTS = st.sampled_from([NOON, "2026-05-02T12:00:00Z"])
SAID = st.one_of(
    st.builds(Correction, st.sampled_from([Answer.SAME, Answer.DIFFERENT]), PLACES, PLACES, st.just(""), PEOPLE, MOMENTS),
    st.builds(Correction, st.sampled_from([Answer.KIND, Answer.LINK, Answer.SPEAKER]), PLACES, st.none(), NAMES, PEOPLE, MOMENTS),
    st.builds(Correction, st.just(Answer.OFFER), PLACES, ENTRIES, st.just("name=0.9700 service=98 match=1"), PEOPLE, MOMENTS),
)


def kept(folder: Path, said: list[Correction]) -> tuple[Correction, ...]:
    """What a store gives back of what was said."""
    with Store(town.stored(folder, correction_quads(said))) as store:
        return corrections(store)


@settings(max_examples=60, deadline=None)
@given(st.lists(SAID, max_size=5, unique_by=correction_key))
def test_what_was_said_comes_back_to_the_letter(tmp_path_factory, said: list[Correction]) -> None:
    agents = {c.by for c in said}
    folder = tmp_path_factory.mktemp("kept")
    assert kept(folder, said) == tuple(sorted(said)), agents


@settings(max_examples=30, deadline=None)
@given(st.lists(SAID, min_size=1, max_size=4, unique_by=correction_key), st.data())
def test_what_was_taken_back_comes_back_as_taken_back(tmp_path_factory, said: list[Correction], data: st.DataObject) -> None:
    one = data.draw(st.sampled_from(said))
    after = taken_back(said, correction_key(one), by="Ivo Brandt", at="2026-06-01T00:00:00Z")
    back = kept(tmp_path_factory.mktemp("kept"), list(after))
    assert [(c.taken_back_by, c.taken_back_at) for c in back if not c.holds] == [("Ivo Brandt", "2026-06-01T00:00:00Z")]
    assert {correction_key(c) for c in back} == {correction_key(c) for c in said}, "nothing is deleted, and keys stay"


def test_two_people_whose_names_differ_in_an_accent_stay_two(tmp_path: Path) -> None:
    said = [Correction(Answer.KIND, Side(by, KEY, 3, 9), None, "place", by, NOON) for by in ("José Reyes", "Jose Reyes")]
    assert sorted(c.by for c in kept(tmp_path, said)) == ["Jose Reyes", "José Reyes"]


def test_an_offer_of_a_service_whose_ids_are_urns_is_kept(tmp_path: Path) -> None:
    offer = Correction(Answer.OFFER, Side("Ana", KEY, 3, 9), Side("Ana", entry="urn:registry:V1"), "name=1.0", "Registry", NOON)
    assert kept(tmp_path, [offer]) == (offer,)


def test_only_what_holds_can_be_taken_back_and_the_rest_stays_as_it_was() -> None:
    said = tuple(Correction(Answer.KIND, Side("Ana", KEY, n, n + 1), None, "place", "Eva", NOON) for n in range(2))
    key = correction_key(said[0])
    after = taken_back(said, key, by="Ivo", at=NOON)
    assert (after[0].taken_back_by, after[1]) == ("Ivo", said[1])
    for unknown in (key, "no such key", ""):
        with pytest.raises(InputError, match="no correction .*kg review --log"):
            taken_back(after, unknown, by="Ivo", at=NOON)


# ---------------------------------------------------------------- the command


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("review")
    build([written(folder / "in", {"mayor": MAYOR, "sailor": SAILOR, "late": LATE})], output=folder / "out")
    return folder / "out"


@pytest.fixture
def output(built: Path, tmp_path: Path) -> Path:
    """A folder of ones own with the three articles."""
    return shutil.copytree(built, tmp_path / "out")


def asked_in(output: Path) -> list[dict[str, str]]:
    """The lines of the file that was written."""
    return list(csv.DictReader(io.StringIO((output / "review.csv").read_bytes().decode(), newline="")))


@MODEL
def test_asking_writes_both_files_and_prints_the_first_questions(output) -> None:
    shown = kg("review", "--store", output, "--top", "1")
    assert shown.exit_code == 0
    assert re.search(r"^2 questions; worth", shown.stderr, re.MULTILINE)
    assert len(asked_in(output)) == 2
    assert (output / "review.ttl").read_text("utf-8").startswith("@base")


@MODEL
def test_asking_changes_nothing_in_the_graph(output) -> None:
    before = {file.name: file.read_bytes() for file in output.iterdir() if file.suffix in (".nq", ".ttl", ".json", ".html")}
    review(output)
    assert {name: (output / name).read_bytes() for name in before} == before


@MODEL
def test_asking_about_a_name_that_is_not_there_is_an_error(output) -> None:
    shown = kg("review", "--store", output, "--about", "Nobody Atall")
    assert (shown.exit_code, "nothing in the graph is called 'Nobody Atall'" in shown.stderr) == (1, True)


@MODEL
def test_asking_about_a_name_asks_about_its_merges(output) -> None:
    assert kg("review", "--store", output, "--about", "vahan tumasyan").exit_code == 0
    assert [(row["question"], row["now"]) for row in asked_in(output)] == [("same", "one")]


@MODEL
@pytest.mark.parametrize("words", [("--log", "--undo", "x"), ("--about", "x", "--log")])
def test_two_things_at_once_are_refused(output, words) -> None:
    assert kg("review", "--store", output, *words).exit_code == 2


@MODEL
@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("empty.csv", b""),
        ("utf16.csv", "question,answer".encode("utf-16")),
        ("latin.csv", "question,answer,left,left_at\nlink,none,Jos\xe9,x\n".encode("latin-1")),
        ("broken.ttl", b"@prefix x"),
        ("blank.ttl", b"@prefix skos: <http://www.w3.org/2004/02/skos/core#> . [] skos:exactMatch <http://x.example/> ."),
        ("nothing.ttl", b""),
        ("page.html", b"<html>"),
    ],
)
def test_a_file_that_answers_nothing_changes_nothing_and_is_named(output, tmp_path, name, data) -> None:
    (tmp_path / name).write_bytes(data)
    before = (output / "graph.nq").read_bytes()
    shown = kg("review", "--store", output, "--apply", tmp_path / name)
    told = "blank node" if name == "blank.ttl" else name
    assert (shown.exit_code, told in shown.stderr, len(shown.stderr.splitlines())) == (1, True, 1)
    assert (output / "graph.nq").read_bytes() == before


@MODEL
def test_a_file_that_is_not_there_is_named(output, tmp_path) -> None:
    shown = kg("review", "--store", output, "--apply", tmp_path / "none.csv")
    assert (shown.exit_code, "none.csv cannot be read" in shown.stderr) == (1, True)


@MODEL
@pytest.mark.parametrize(
    "answer",
    [
        "=HYPERLINK(\"https://x.example\")",
        '"quoted" \'twice\'',
        "two\nlines\r\nor three",
        "a name " * 1400,
        "<script>alert(1)</script>",
        "} } ; DROP ALL ; INSERT DATA { <a:a> <a:b> <a:c> }",
        "\x1b[31mred\u202e",
        "../../etc/passwd",
    ],
    ids=["formula", "quotes", "lines", "10,000 characters", "markup", "sparql", "terminal", "path"],
)  # fmt: skip
def test_a_hostile_answer_is_words_and_nothing_else(output, answer) -> None:
    key = next(file.stem for file in (output / "texts").iterdir() if "late" in file.read_text("utf-8"))
    out = io.StringIO()
    csv.writer(out).writerows([["question", "answer", "left", "left_at"], ["speaker", answer, "It is late", f"{key}:1-12"]])
    assert apply(output, out.getvalue(), by=answer[:50]).exit_code == 0
    assert names_of_people(output) == ["Goran Brandov", "Ilya Brandov", "Vahan Tumasian"]
    with Store(output) as store:
        (said,) = corrections(store)
    assert said.value == answer.replace("\r\n", "\n").strip()
    assert kg("validate", "--store", output).exit_code == 0
    shown = kg("review", "--store", output, "--log").stdout
    assert shown == "\n".join(harmless(line) for line in shown.split("\n"))
    assert "<script>alert" not in (output / "graph.html").read_text("utf-8")


@MODEL
def test_asking_again_does_not_throw_away_answers_that_were_not_handed_back(output) -> None:
    (output / "review.csv").write_text(filled(review(output), lambda row: "no"), "utf-8", newline="")
    shown = kg("review", "--store", output)
    text = (output / "review.csv").read_text("utf-8")
    assert shown.exit_code == 1 or ",no," in text


@MODEL
def test_the_same_answers_handed_in_twice_change_nothing_more(output) -> None:
    text = filled(review(output), lambda row: "no" if row["now"] == "one" else "")
    apply(output, text)
    entities = "SELECT ?x ?p ?y WHERE { GRAPH graph:entities { ?x ?p ?y } FILTER (?p != prov:endedAtTime) }"
    before = sorted(select(output, entities))
    assert apply(output, text).exit_code == 0
    assert sorted(select(output, entities)) == before


@MODEL
def test_who_answers_is_the_user_unless_told_otherwise(output, monkeypatch) -> None:
    monkeypatch.setenv("LOGNAME", "petra")
    (output / "x.csv").write_text(filled(review(output), lambda row: "no" if row["now"] == "one" else ""), "utf-8", newline="")
    assert "1 answer by petra recorded" in kg("review", "--store", output, "--apply", output / "x.csv").stderr


def test_a_side_is_where_a_name_first_stands() -> None:
    a = article("a", person("Ana Reyes"))
    assert side(a, 0) == Side("Ana Reyes", a.document.key, 3, 12)
