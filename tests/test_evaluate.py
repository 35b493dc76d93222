"""Scores that can be trusted: what is counted, what is left out, and what is refused."""

import importlib.util
import json
import subprocess
import sys
from copy import deepcopy
from dataclasses import replace
from fractions import Fraction
from itertools import permutations, product
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from click.testing import CliRunner, Result
from conftest import SHARED, environment
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kg.cli import main
from kg.errors import KgError
from kg.evaluate import Row, Rule, Scores, compare, errors, intervals, score
from kg.evaluate.pairing import best_pairs
from kg.evaluate.quoted import quoted, type_of
from kg.evaluate.scoring import Quality, Share, bcubed
from kg.evaluate.telling import as_json, as_table
from kg.records import Span, Type

TEXT = (
    'The road is open, said Mayor Ana Reyes of Ellery. She hopes it rains. "We will not leave Port Ellery," said Jon Lee.\n'
    'Lee said the harbour "is dead" and that Reyes had promised free passage. 1,200 people have left by now.\n'
)


def at(words: str, text: str = TEXT) -> list[int]:
    """Return where some words stand first."""
    start = text.index(words)
    return [start, start + len(words)]


def said(content: str, cue: str = "", source: str = "", **more: Any) -> dict[str, Any]:
    """Return a statement by its words."""
    return {
        "type": "indirect",
        "content": [at(content)],
        "cue": [at(cue)] if cue else [],
        "source": [at(source)] if source else [],
        "speaker": None,
        **more,
    }


OPEN = said("The road is open", "said", "Mayor Ana Reyes of Ellery", speaker="Ana Reyes", id="open")
RAIN = said("it rains", "hopes", "She", speaker="Ana Reyes", private=True)
LEAVE = said("We will not leave Port Ellery,", "said", "Jon Lee", type="direct", speaker="Jon Lee")
DEAD = said('the harbour "is dead" and that Reyes had promised free passage', "Lee said", "Lee", type="mixed", speaker="Jon Lee", id="dead")
PASSAGE = said("free passage", "promised", "Reyes", speaker="Ana Reyes", nested_in="dead")
ALL = [OPEN, RAIN, LEAVE, DEAD, PASSAGE]


def row(statements: list[dict[str, Any]], name: str = "news", **more: Any) -> dict[str, Any]:
    """Return a document of the interchange format."""
    return {"id": name, "text": TEXT, "statements": statements, **more}


def scored(gold: list[dict[str, Any]], found: list[dict[str, Any]], **rule: Any) -> Scores:
    return score(compare([row(gold)], [row(found)], Rule(**rule)))


def but(statement: dict[str, Any], **changed: Any) -> dict[str, Any]:
    return {**statement, **changed}


# ---------------------------------------------------------------- statements


def test_gold_against_itself_is_right_in_everything():
    told = scored(ALL, ALL)
    assert {told.statement, told.exact, told.overlap, told.words, told.source, told.cue} == {Quality(1, 1, 1)}
    assert told.nested == Share(1, 1, 1)
    assert told.speaker_same == told.speaker_last == told.type_right == Share(5, 5, 1)


def test_nothing_found_is_nought_and_not_an_error():
    told = scored(ALL, [])
    assert (told.gold, told.found, told.statement, told.words) == (5, 0, Quality(0, 0, 0), Quality(0, 0, 0))


def test_marks_and_spaces_at_the_edge_of_a_span_do_not_matter():
    assert scored([LEAVE], [but(LEAVE, content=[at('"We will not leave Port Ellery," ')])]).exact.f1 == 1


def test_half_of_the_words_is_worth_what_it_is_worth():
    told = scored([OPEN], [but(OPEN, content=[at("road is")])])
    assert (told.exact.f1, told.overlap.f1, told.statement.f1) == (0, pytest.approx(2 / 3), 1)
    assert told.words == Quality(1, 0.5, pytest.approx(2 / 3))


@pytest.mark.parametrize(("least", "same"), [(0.6, 1), (0.7, 0)])
def test_the_overlap_from_which_statements_are_the_same_can_be_chosen(least, same):
    assert scored([OPEN], [but(OPEN, content=[at("road is")])], min_overlap=least).same == same


@pytest.mark.parametrize(
    ("gold", "found", "right"),
    [("Mayor Ana Reyes of Ellery", "Reyes of Ellery", 1), ("Jon Lee", "Reyes", 0), ("", "", 1), ("Lee", "", 0), ("", "Lee", 0)],
)
def test_a_source_is_right_if_it_shares_a_word_or_neither_has_one(gold, found, right):
    told = scored([but(OPEN, source=[at(gold)] if gold else [])], [but(OPEN, source=[at(found)] if found else [])])
    assert (told.source_right.right, told.statement.f1) == (right, right)


@pytest.mark.parametrize(
    ("speaker", "same", "last"),
    [("ana reyes", 1, 1), ("Mayor Ana Reyes", 0, 1), ("President Ana Reyes", 1, 1), ("Reyes", 0, 1), ("Jon Lee", 0, 0), (None, 0, 0)],
)
def test_a_speaker_is_compared_by_name_and_by_last_word(speaker, same, last):
    told = scored([OPEN], [but(OPEN, speaker=speaker)])
    assert (told.speaker_same.right, told.speaker_last.right) == (same, last)


def test_a_speaker_is_asked_for_only_where_gold_names_one():
    assert scored([but(OPEN, speaker=None), LEAVE], [OPEN, LEAVE]).speaker_same == Share(1, 1, 1)


def test_a_duplicate_is_a_false_one():
    told = scored([OPEN], [OPEN, OPEN])
    assert (told.statement.precision, told.statement.recall) == (0.5, 1)


def test_one_who_speaks_for_two_is_paired_with_the_right_name():
    two = [but(OPEN, speaker="Ana Reyes"), but(OPEN, speaker="Jon Lee")]
    assert scored(two, two[::-1]).speaker_same == Share(2, 2, 1)


def test_each_type_is_counted_by_itself():
    told = scored([OPEN, LEAVE, DEAD], [OPEN, but(LEAVE, type="mixed")])
    assert told.types[Type.INDIRECT].statement == Quality(1, 1, 1)
    assert told.types[Type.DIRECT].statement == Quality(0, 1, 0)
    assert told.types[Type.MIXED].statement == Quality(1, 0, 0)
    assert told.type_right == Share(1, 2, 0.5)


def test_one_type_can_be_scored_alone():
    told = scored([OPEN, LEAVE, DEAD], [OPEN, LEAVE, but(RAIN, type="direct"), but(PASSAGE, type="direct")], only=Type.DIRECT)
    assert (told.gold, told.found, told.statement.recall) == (1, 2, 1)


def test_thoughts_can_be_left_out_with_what_was_found_for_them():
    told = scored([OPEN, RAIN], [OPEN, RAIN], speech_only=True)
    assert (told.gold, told.found, told.statement.f1) == (1, 1, 1)


@pytest.mark.parametrize("found", [[OPEN], [OPEN, RAIN]])
def test_uncertain_gold_is_neither_demanded_nor_punished(found):
    assert scored([OPEN, but(RAIN, certain=False)], found).statement == Quality(1, 1, 1)


def test_a_second_half_of_uncertain_gold_is_not_punished_either():
    halves = [but(DEAD, content=[at('the harbour "is dead"')]), but(DEAD, content=[at("Reyes had promised free passage")])]
    assert scored([but(DEAD, certain=False)], halves).found == 0


def test_nested_ones_can_be_left_out_of_what_was_found():
    assert scored([DEAD], [DEAD, PASSAGE], no_nested=True).statement == Quality(1, 1, 1)


def test_a_nested_one_counts_as_found_only_if_it_was_found_nested():
    assert scored([DEAD, PASSAGE], [DEAD, but(PASSAGE, nested_in=None)]).nested == Share(0, 1, 0)


def test_uncertain_nested_ones_are_told_apart():
    told = scored([DEAD, but(PASSAGE, certain=False)], [DEAD, PASSAGE])
    assert (told.nested, told.all_nested) == (Share(0, 0, 0), Share(1, 1, 1))


def test_a_document_that_was_not_predicted_counts_as_one_without_statements():
    compared = compare([row([OPEN]), row([OPEN], "other")], [row([OPEN])])
    assert compared.missing == ("other",)
    assert score(compared).statement == Quality(1, 0.5, pytest.approx(2 / 3))


def test_a_prediction_need_not_repeat_the_text_nor_have_every_field():
    bare = {"content": LEAVE["content"]}
    told = score(compare([row([but(LEAVE, source=[])])], [{"id": "news", "statements": [bare]}]))
    assert (told.statement.f1, told.type_right.right) == (1, 1)


# ---------------------------------------------------------------- types by quotation marks


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('"All of it," he said', "mixed"),
        ('"All of it"', "direct"),
        ("“All of it”", "direct"),
        ("«All of it»", "direct"),
        ("‘All of it’", "direct"),
        ("none of it", "indirect"),
        ("it's nobody's", "indirect"),
        ('a "scare" word', "mixed"),
        ("“An open paragraph", "direct"),
        ("“He said ‘no’ to it”", "direct"),
        ("...", "indirect"),
    ],
)
def test_a_type_that_is_not_given_is_read_from_the_marks(text, kind):
    assert type_of(text, [Span(0, len(text))], quoted(text)) == kind


def test_a_mark_that_is_never_closed_ends_with_its_paragraph():
    assert quoted("“Open\nshut”") == [Span(0, 5)]


@given(st.text(alphabet="ab \n\"“”«»‘’'.,", max_size=60))
def test_what_is_quoted_never_overlaps_nor_crosses_a_paragraph(text):
    spans = quoted(text)
    assert all(one.end <= other.start for one, other in zip(spans, spans[1:], strict=False))
    assert all("\n" not in span.of(text) for span in spans)


# ---------------------------------------------------------------- pairing


def test_pairing_is_the_best_and_not_the_greediest():
    weights = {(0, 0): Fraction(9, 10), (0, 1): Fraction(8, 10), (1, 0): Fraction(8, 10)}
    assert best_pairs(weights, {}) == [(0, 1), (1, 0)]


def test_ties_are_broken_as_asked():
    weights = dict.fromkeys(product(range(2), range(2)), Fraction(1, 3))
    assert best_pairs(weights, {(0, 1): 1}) == [(0, 1), (1, 0)]
    assert best_pairs(weights, {(0, 0): 1}) == [(0, 0), (1, 1)]


edges = st.dictionaries(
    st.tuples(st.integers(0, 3), st.integers(0, 3)), st.fractions(min_value=Fraction(1, 50), max_value=1, max_denominator=50), max_size=10
)


@given(edges)
def test_no_other_pairing_weighs_more(weights):
    pairs = best_pairs(weights, {})
    best = max(sum(weights.get(pair, Fraction(0)) for pair in enumerate(order)) for order in permutations(range(4)))
    assert sum(weights[pair] for pair in pairs) == best
    assert len({one for one, _ in pairs}) == len({other for _, other in pairs}) == len(pairs)


# ---------------------------------------------------------------- entities, identity, figures


def named(words: str, kind: str = "person", **more: Any) -> dict[str, Any]:
    return {"span": at(words), "kind": kind, "name": words, **more}


def entities(gold: list[dict[str, Any]], found: list[dict[str, Any]]) -> Any:
    return score(compare([row([], entities=gold)], [row([], entities=found)])).entities


def test_a_mention_needs_half_of_the_span_and_the_same_kind():
    told = entities([named("Mayor Ana Reyes"), named("Jon Lee"), named("Ellery", "place")], [named("Ana Reyes"), named("Ellery", "group")])
    assert told.mentions == Quality(0.5, pytest.approx(1 / 3), pytest.approx(0.4))
    assert told.exact.f1 == 0
    assert told.named_alike == Share(0, 1, 0)


def test_an_uncertain_mention_is_neither_demanded_nor_punished():
    gold = [named("Jon Lee"), named("Ellery", "place", certain=False)]
    assert entities(gold, gold[:1]).mentions == entities(gold, gold).mentions == Quality(1, 1, 1)


def test_names_are_alike_whatever_their_title():
    assert entities([named("Jon Lee")], [named("Jon Lee", name="Mr Jon Lee")]).named_alike == Share(1, 1, 1)


def test_gold_without_entities_asks_for_none():
    assert score(compare([row([])], [row([], entities=[named("Jon Lee")])])).entities is None


def test_two_who_are_taken_for_one_cost_precision_of_identity():
    gold = [named("Ana Reyes", id="a"), named("Jon Lee", id="b")]
    told = entities(gold, [but(mention, id="x") for mention in gold])
    assert told.identity == Quality(0.5, 1, pytest.approx(2 / 3))


def test_one_in_two_documents_who_is_taken_for_two_costs_recall_of_identity():
    gold = [row([], name, entities=[named("Ana Reyes", id="a")]) for name in ("one", "two")]
    found = [row([], name, entities=[named("Ana Reyes", id=name)]) for name in ("one", "two")]
    told = score(compare(gold, found)).entities
    assert told is not None
    assert told.identity == Quality(1, 0.5, pytest.approx(2 / 3))


def test_identity_is_by_name_where_gold_gives_no_ids():
    gold = [named("Ana Reyes"), named("She", name="Ana Reyes")]
    assert entities(gold, [but(mention, id="x") for mention in gold]).identity == Quality(1, 1, 1)


def test_b_cubed_is_as_in_the_paper():
    """Bagga and Baldwin (1998), the example of figure 1: the answer joins two groups of five, or one of five with one of two."""
    gold = [*"AAAAA", *"BB", *"CCCCC"]
    assert bcubed(list(zip(gold, [*"xxxxx", *"yy", *"yyyyy"], strict=True))).precision == pytest.approx(0.762, abs=5e-4)
    assert bcubed(list(zip(gold, [*"xxxxx", *"yy", *"xxxxx"], strict=True))).precision == pytest.approx(0.583, abs=5e-4)


COUNT = {
    "span": at("1,200"),
    "value": 1200,
    "unit": "people",
    "modifier": "exact",
    "what": "left",
    "as_of": "2024-05-02",
    "claimant": "Jon Lee",
}


def figure(**changed: Any) -> Any:
    return score(compare([row([], figures=[COUNT])], [row([], figures=[{**COUNT, **changed}])])).figures


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({}, set()),
        ({"value": 1200.01, "unit": "People", "claimant": "Mr Jon Lee", "span": at("1,200 people")}, set()),
        ({"value": 1201}, {"value"}),
        ({"value": None}, {"value"}),
        ({"unit": "percent"}, {"unit"}),
        ({"modifier": "about"}, {"modifier"}),
        ({"claimant": None}, {"claimant"}),
        ({"as_of": None}, {"as_of"}),
    ],
)
def test_each_part_of_a_figure_is_right_or_wrong_by_itself(changed, wrong):
    told = figure(**changed)
    assert told.spans.f1 == 1
    assert {name for name in ("value", "unit", "modifier", "claimant", "as_of") if not getattr(told, name).right} == wrong


def test_what_gold_does_not_state_of_a_figure_is_not_asked_for():
    gold = {**COUNT, "as_of": None, "claimant": None}
    told = score(compare([row([], figures=[gold])], [row([], figures=[COUNT])])).figures
    assert told is not None
    assert (told.as_of.of, told.claimant.of, told.value.of) == (0, 0, 1)


# ---------------------------------------------------------------- intervals and errors


def three(found: list[dict[str, Any]]) -> list[Row]:
    return [row([OPEN], "one"), row([LEAVE], "two"), row(found, "three")]


def test_an_interval_holds_the_figure_and_is_the_same_every_time():
    compared = compare(three([DEAD]), [row([OPEN], "one"), row([], "two"), row([DEAD], "three")])
    spread = intervals(compared, 200)["statement"]
    assert spread.low < score(compared).statement.f1 < spread.high
    assert intervals(compared, 200)["statement"] == spread != intervals(compared, 3, seed=5)["statement"]


def test_every_error_is_shown_with_its_sentence():
    compared = compare([row([OPEN, RAIN, LEAVE])], [row([OPEN, but(LEAVE, source=[at("She")]), PASSAGE])])
    told = errors(compared, 9)
    assert told.counts == {"missed": 1, "spurious": 1, "wrong_source": 1}
    (missed,), (spurious,), (wrong,) = told.missed, told.spurious, told.wrong_source
    assert (missed.document, missed.start, missed.cue, missed.sentence) == ("news", at("it rains")[0], "hopes", "She hopes it rains.")
    assert (spurious.content, spurious.instead) == ("free passage", None)
    assert (wrong.source, wrong.instead) == ("Jon Lee", "She")


def test_no_more_errors_are_shown_than_asked_for():
    told = errors(compare([row(ALL)], [row([])]), 2)
    assert (len(told.missed), told.counts["missed"]) == (2, 5)


def test_a_statement_without_spans_is_an_error_that_can_be_shown():
    told = errors(compare([row([{"type": "direct", "content": []}])], []), 1)
    assert [(error.start, error.sentence) for error in told.missed] == [(None, "")]


def test_the_table_has_what_gold_has():
    gold = [row(ALL, entities=[named("Jon Lee")], figures=[COUNT])]
    compared = compare(gold, gold)
    shown = as_table(score(compared), intervals(compared, 9), errors(compared, 1), width=120)
    assert [name for name in ("statement", "identity", "figures: value", "95 %", "nested", "missed: 0 of 0") if name not in shown] == []


def test_the_json_has_every_figure():
    compared = compare([row(ALL)], [row([OPEN])])
    told = json.loads(as_json(score(compared), intervals(compared, 9), errors(compared, 1)))
    assert told["statement"] == {"precision": 1, "recall": 0.2, "f1": pytest.approx(1 / 3)}
    assert told["types"]["indirect"]["found"] == 1
    assert told["interval"].keys() == {"statement", "overlap"}
    assert told["errors"]["counts"]["missed"] == 4
    assert told["entities"] is None


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"content": [[5, 9999]]}, "statements[0]: `content` has [5, 9999], which is no span"),
        ({"content": [[-1, 4]]}, "no span of the text"),
        ({"content": [[4, 4]]}, "no span of the text"),
        ({"source": [["0", "4"]]}, "no span of the text"),
        ({"cue": "said"}, "`cue` is 'said'"),
        ({"type": "loud"}, "Choose one of direct, indirect, mixed."),
        ({"speaker": 7}, "`speaker` is 7"),
        ({"certain": "no"}, "`certain` is 'no'"),
    ],
)
def test_a_broken_statement_is_named(changed, message):
    with pytest.raises(KgError) as told:
        scored([OPEN], [but(OPEN, **changed)])
    assert "predicted document 'news'" in str(told.value)
    assert message in str(told.value)


@pytest.mark.parametrize(
    ("found", "message"),
    [
        (row([], "elsewhere"), "1 predicted document is not in gold, such as 'elsewhere'"),
        ({**row([]), "text": "Another text."}, "its text is not the text of gold"),
        ({**row([]), "statements": {}}, "statements is not a list"),
        ({**row([]), "entities": [7]}, "entities is not a list"),
        (row([], entities=[{"kind": "person"}]), "`span` has None"),
        (row([], figures=[{"span": [0, 3], "value": "many"}]), "`value` is 'many'"),
        (row([], figures=[{"span": [0, 3], "value": True}]), "`value` is True"),
    ],
)
def test_a_prediction_that_cannot_be_scored_is_named(found, message):
    with pytest.raises(KgError) as told:
        compare([row([])], [found])
    assert message in str(told.value)


def test_gold_that_is_no_article_is_named():
    with pytest.raises(KgError, match="half a surrogate pair"):
        compare([{"id": "x", "text": "half \ud800", "statements": []}], [])


# ---------------------------------------------------------------- the command


def kg(*words: str | Path, stdin: str | None = None) -> Result:
    """Run a command in this process; a bug crashes the test."""
    return CliRunner().invoke(main, [str(word) for word in words], input=stdin, catch_exceptions=False)


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    return lines(tmp_path / "gold.jsonl", row(ALL), row([OPEN], "other"))


def lines(path: Path, *rows: Row) -> Path:
    path.write_text("".join(f"{json.dumps(one)}\n" for one in rows), "utf-8")
    return path


def test_a_file_is_scored_against_a_file(gold, tmp_path):
    found = lines(tmp_path / "found.jsonl", row([OPEN]), row([OPEN], "other"))
    told = kg("evaluate", gold, found, "--format", "json")
    assert (told.exit_code, told.stderr) == (0, "")
    assert json.loads(told.stdout)["statement"]["recall"] == pytest.approx(2 / 6)


def test_a_folder_of_single_documents_is_gold_and_what_is_not_json_is_passed_over(tmp_path):
    folder = tmp_path / "gold"
    folder.mkdir()
    (folder / "a.json").write_text(json.dumps(row(ALL)), "utf-8")
    (folder / "b.json").write_text(json.dumps(row([OPEN], "other"), indent=1), "utf-8")
    (folder / "README.md").write_text("Annotated by hand.\n", "utf-8")
    assert "2 documents, 6 statements in gold, 6 found, 6 the same" in kg("evaluate", folder, folder).stdout


def test_predictions_come_from_stdin_too(gold):
    told = kg("evaluate", gold, "-", stdin=json.dumps(row(ALL)) + "\n")
    assert told.exit_code == 0
    assert told.stderr == "1 document of gold not predicted, such as 'other': counted as without statements\n"


def test_scores_go_to_a_file(gold, tmp_path):
    told = kg("evaluate", gold, gold, "-o", tmp_path / "scores.txt", "--errors", "1", "--bootstrap", "5")
    assert (told.stdout, told.stderr) == ("", f"wrote {tmp_path / 'scores.txt'}\n")
    assert "statement" in (tmp_path / "scores.txt").read_text("utf-8")


def test_the_rule_is_what_the_options_say(gold):
    told = json.loads(kg("evaluate", gold, gold, "--type", "indirect", "--speech-only", "--no-nested", "--format", "json").stdout)
    assert (told["gold"], told["found"]) == (3, 2)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"id": "news", "statements": []}\n{"id": \n', "bad.jsonl:2: is not JSON"),
        ('{"id": "news", "statements": []}\n[]\n', "bad.jsonl:2: is no annotated document. Give it `id`, `text` and `statements`."),
        ('{"id": 7, "statements": []}\n', "bad.jsonl:1: is no annotated document"),
        ('{"id": "news", "statements": []}\n' * 2, "bad.jsonl:2: document 'news' stands there twice. Leave one of the two out."),
        ('{"id": "nobody", "statements": []}\n', "1 predicted document is not in gold, such as 'nobody'"),
        ('{"id": "news", "statements": [{"content": [[0, 99999]]}]}\n', "no span of the text"),
    ],
)
def test_a_broken_prediction_is_one_line_with_its_place_and_mend(gold, tmp_path, content, message):
    bad = tmp_path / "bad.jsonl"
    bad.write_text(content, "utf-8")
    told = kg("evaluate", gold, bad)
    assert (told.exit_code, told.stdout, told.stderr.count("\n")) == (1, "", 1)
    assert message in told.stderr


def test_gold_without_annotation_is_named(tmp_path):
    (tmp_path / "a.txt").write_text(TEXT, "utf-8")
    told = kg("evaluate", tmp_path / "a.txt")
    assert (told.exit_code, told.stderr.startswith("Error: there is no annotation.")) == (1, True)


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        ({"id": "news", "statements": []}, "gold document 'news': is not a record"),
        (row([{"content": [[0, 99999]]}]), "gold document 'news': statements[0]"),
    ],
)
def test_broken_gold_is_named_before_anything_is_read(gold, tmp_path, broken, message):
    told = kg("evaluate", lines(tmp_path / "gold.jsonl", row(ALL, "whole"), broken), tmp_path / "nowhere")
    assert (told.exit_code, told.stdout) == (1, "")
    assert message in told.stderr


def test_an_evil_id_cannot_steer_the_terminal(tmp_path):
    evil = lines(tmp_path / "evil.jsonl", row([OPEN], "\x1b[31m\u202e"))
    told = kg("evaluate", lines(tmp_path / "gold.jsonl", row([OPEN])), evil)
    assert "\x1b" not in told.stderr
    assert "\u202e" not in told.stderr


def test_scoring_annotation_needs_no_language_model(gold):
    program = (
        "import sys; from kg import evaluate\nfrom kg.corpus import records\n"
        "rows = evaluate.gold_rows(records(sys.argv[1:]))\nassert evaluate.score(evaluate.compare(rows, rows)).statement.f1 == 1\n"
        "print(sorted({'spacy', 'rdflib', 'pyoxigraph'} & set(sys.modules)))"
    )
    line = [sys.executable, "-c", program, str(gold)]
    assert subprocess.run(line, capture_output=True, text=True, check=True, env=environment()).stdout == "[]\n"


@pytest.mark.model
def test_the_texts_of_gold_are_read_where_nothing_else_is_given(gold):
    told = json.loads(kg("evaluate", gold, "--format", "json").stdout)
    assert (told["documents"], told["missing"]) == (2, 0)  # two ids, one text
    assert told["found"] >= 4


@pytest.mark.model
def test_articles_are_read_first_and_those_that_gold_lacks_are_left_out(tmp_path):
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "any-name.txt").write_text(TEXT, "utf-8")
    (folder / "more.txt").write_text("Nobody said anything.\n", "utf-8")
    told = kg("evaluate", lines(tmp_path / "gold.jsonl", row(ALL)), folder, "--format", "json")
    assert (told.exit_code, told.stderr) == (0, "")
    assert json.loads(told.stdout)["found"] >= 2


@pytest.mark.model
def test_an_article_whose_text_is_not_golds_is_named(tmp_path):
    (tmp_path / "news.txt").write_text(f"{TEXT} More.", "utf-8")
    told = kg("evaluate", lines(tmp_path / "gold.jsonl", row(ALL)), tmp_path / "news.txt")
    assert (told.exit_code, "its text is not the text of gold" in told.stderr) == (1, True)


@pytest.mark.model
def test_articles_of_which_gold_has_none_are_named(tmp_path):
    (tmp_path / "x.txt").write_text("Nobody said anything.", "utf-8")
    told = kg("evaluate", lines(tmp_path / "gold.jsonl", row(ALL)), tmp_path / "x.txt")
    assert (told.exit_code, "no article is one of those that gold annotates" in told.stderr) == (1, True)


@pytest.mark.model
def test_an_article_that_fails_is_named_after_the_scores(tmp_path):
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "news.txt").write_text(TEXT, "utf-8")
    (folder / "void.txt").write_text("", "utf-8")
    told = kg("evaluate", lines(tmp_path / "gold.jsonl", row(ALL)), folder)
    assert (told.exit_code, "statement" in told.stdout, "void.txt: is empty" in told.stderr) == (1, True, True)


# ---------------------------------------------------------------- the same figures as the scorer that defines them


@pytest.fixture(scope="module")
def scorer(shared: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("score_statements", shared / "scorers" / "score_statements.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def theirs(scorer: ModuleType, gold: list[Row], found: list[Row], rule: Rule) -> Any:
    """Return the scorer's figures, counts and pairs; it knows neither uncertain nor nested ones."""
    by_id = [{one["id"]: one for one in side} for side in (gold, found)]
    return scorer.score(*by_id, rule.min_overlap, rule.only and str(rule.only), rule.speech_only)


def ours(told: Scores) -> dict[str, Any]:
    """Return our figures under the scorer's names."""
    speakers = {"speaker same": told.speaker_same.share, "speaker last word": told.speaker_last.share} if told.speaker_same.of else {}
    types = {
        f"type {kind}": {"gold": one.gold, "pred": one.found, "overlap": prf(one.overlap), "statement": prf(one.statement)}
        for kind, one in told.types.items()
    }
    return {
        "gold": told.gold,
        "pred": told.found,
        "matched": told.same,
        "content exact": prf(told.exact),
        "content overlap": prf(told.overlap),
        "content tokens": prf(told.words),
        "statement": prf(told.statement),
        "source | matched": prf(told.source),
        "cue | matched": prf(told.cue),
        "source exact share": told.source_exact.share,
        "cue exact share": told.cue_exact.share,
        "source accuracy": told.source_right.share,
        **speakers,
        **types,
    }


def prf(quality: Quality) -> dict[str, float]:
    return {"p": quality.precision, "r": quality.recall, "f1": quality.f1}


def flat(figures: dict[str, Any], above: str = "") -> dict[str, float]:
    """Return nested figures by their path."""
    found: dict[str, float] = {}
    for name, value in figures.items():
        found |= flat(value, f"{above}{name}/") if isinstance(value, dict) else {f"{above}{name}": value}
    return found


RULES = [Rule(), Rule(only=Type.DIRECT), Rule(only=Type.INDIRECT, speech_only=True), Rule(0.8, Type.MIXED), Rule(0.3, speech_only=True)]


def corpus(name: str, most: int) -> list[Row]:
    """Return the first documents of an annotated corpus, each id once."""
    rows: dict[str, Row] = {}
    for line in (SHARED / "corpora" / name).read_text("utf-8").splitlines()[:most]:
        rows.setdefault(json.loads(line)["id"], json.loads(line))
    return list(rows.values())


@pytest.fixture(scope="module")
def read_again(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Row], list[Row]]:
    """A few documents of a corpus and what ``kg extract`` finds in them."""
    gold = corpus("gum-wikinews/dev.jsonl", 4)
    bare = [{key: value for key, value in one.items() if key in ("id", "text", "date", "title")} for one in gold]
    articles = lines(tmp_path_factory.mktemp("corpus") / "articles.jsonl", *bare)
    return gold, [json.loads(line) for line in kg("extract", articles, "--classes", "report,stance,act").stdout.splitlines()]


@pytest.mark.model
@pytest.mark.parametrize("typed", [True, False])
@pytest.mark.parametrize("rule", RULES, ids=repr)
def test_real_predictions_score_as_the_shared_scorer_says(scorer, read_again, rule, typed):
    gold, found = read_again
    if not typed:
        found = [{**one, "statements": [{k: v for k, v in said.items() if k != "type"} for said in one["statements"]]} for one in found]
    told, _, _ = theirs(scorer, gold, found, rule)
    assert flat(ours(score(compare(gold, found, rule)))) == pytest.approx(flat(told), abs=1e-9)


@pytest.mark.parametrize("rule", RULES, ids=repr)
def test_what_other_annotators_found_scores_as_the_shared_scorer_says(shared, scorer, rule):
    found = corpus("polnear/dev-other-annotators.jsonl", 99)
    names = {one["id"] for one in found}
    gold = [one for one in corpus("polnear/dev.jsonl", 999) if one["id"] in names]
    told, _, _ = theirs(scorer, gold, found, rule)
    assert flat(ours(score(compare(gold, found, rule)))) == pytest.approx(flat(told), abs=1e-9)


def test_intervals_are_those_of_the_shared_scorer(shared, scorer):
    gold = corpus("polnear/dev.jsonl", 12)
    found = [{**one, "statements": one["statements"][::2]} for one in gold]
    _, counts, _ = theirs(scorer, gold, found, Rule())
    told = intervals(compare(gold, found), 50)
    low_high = {"statement": told["statement"], "content overlap": told["overlap"]}
    asked = scorer.bootstrap(counts, 50)
    assert {name: (one.low, one.high) for name, one in low_high.items()} == {name: pytest.approx(both) for name, both in asked.items()}


WORDS = "The mayor said on Monday that ‘the old’ road is “open again” , and Lee told us she hopes so . \n".split(" ")


@st.composite
def damaged(draw: st.DrawFn) -> tuple[Row, Row]:
    """An invented annotated text, and the same annotation after somebody careless worked on it."""
    text = " ".join(draw(st.lists(st.sampled_from(WORDS), min_size=4, max_size=60)))
    span = st.tuples(st.integers(0, len(text) - 1), st.integers(1, 25)).map(lambda pair: [pair[0], min(len(text), sum(pair))])
    statement = st.fixed_dictionaries(
        {
            "type": st.sampled_from(sorted(Type)),
            "content": st.lists(span, min_size=1, max_size=2),
            "cue": st.lists(span, max_size=1),
            "source": st.lists(span, max_size=1),
            "speaker": st.sampled_from([None, "Ana Reyes", "President Reyes", "Lee", "the President"]),
        },
        optional={"private": st.booleans()},
    )
    gold = draw(st.lists(statement, max_size=6))
    found = [deepcopy(one) for one in gold if draw(st.integers(0, 4))] + draw(st.lists(statement, max_size=2))
    for one in found:
        if draw(st.booleans()):
            one[draw(st.sampled_from(["content", "cue", "source"]))] = [draw(span)]
        if not draw(st.integers(0, 3)):
            del one["type"]
    return {"id": "d", "text": text, "statements": gold}, {"id": "d", "text": text, "statements": draw(st.permutations(found))}


@settings(max_examples=150, deadline=None)
@given(damaged(), st.sampled_from(RULES))
def test_damaged_gold_scores_as_the_shared_scorer_says_wherever_it_pairs_alike(scorer, sides, rule):
    gold, found = sides
    assume(gold["text"].strip())
    told, _, _ = theirs(scorer, [gold], [found], rule)
    assume(their_pairs(scorer, gold, found, rule) == our_pairs(gold, found, rule))  # of pairings that weigh the same, either may be taken
    assert flat(ours(score(compare([gold], [found], rule)))) == pytest.approx(flat(told), abs=1e-9)


def their_pairs(scorer: ModuleType, gold: Row, found: Row, rule: Rule) -> list[Any]:
    """Return who the scorer pairs with whom at any overlap."""
    _, _, pairs = theirs(scorer, [gold], [found], replace(rule, min_overlap=0))
    _, golds, founds, good = pairs["d"]
    return [[one[part] for one in (golds[g], founds[f]) for part in PARTS] for g, f in good["pairs"]]


def our_pairs(gold: Row, found: Row, rule: Rule) -> list[Any]:
    (document,) = compare([gold], [found], rule).documents
    return [
        [getattr(getattr(one, part), "words", getattr(one, part)) for one in (p.gold, p.found) for part in PARTS] for p in document.pairs
    ]


PARTS = ("content", "cue", "source", "type", "speaker")
