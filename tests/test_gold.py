"""``kg extract`` against two articles that people annotated by hand: what was reached is held."""

import importlib.util
import json
import subprocess
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from conftest import ROOT, command, environment

from kg.evaluate import compare, score

pytestmark = pytest.mark.model

FLOORS = {
    # what: (asked for, held, measured)
    "entities F1": (0.88, 0.98, 1.000),
    "entities precision": (0.00, 0.97, 1.000),
    "entities recall": (0.00, 0.97, 1.000),
    "entities named alike": (0.00, 0.96, 0.982),
    "statements F1": (0.90, 0.96, 1.000),
    "statements precision": (0.00, 0.95, 1.000),
    "statements recall": (0.00, 0.95, 1.000),
    "direct recall": (0.95, 0.95, 1.000),
    "indirect recall": (0.00, 0.95, 1.000),
    "mixed recall": (0.00, 0.85, 1.000),
    "content overlap F1": (0.00, 0.97, 1.000),
    "source right": (0.00, 0.96, 1.000),
    "speaker by the same name": (0.95, 0.96, 1.000),
}
"""What ``kg extract`` reaches, in [0, 1]. "Held" is at most one statement or a few mentions under what was measured.

The rules were written with these two articles in view, so the figures say that nothing was lost and not how other news fares.
"""

Row = dict[str, Any]
Articles = dict[str, Row]


@pytest.fixture(scope="module")
def gold(shared) -> Articles:
    """Document id → what the annotators found."""
    return {path.stem: json.loads(path.read_text("utf-8")) for path in sorted((shared / "gold").glob("*.json"))}


@pytest.fixture(scope="module")
def found(gold) -> Articles:
    """Document id → what ``kg extract`` prints for those articles, read beside the others."""
    line = command("extract", str(ROOT / "seeds"), "--format", "jsonl")
    done = subprocess.run(line, capture_output=True, text=True, check=True, env=environment())
    rows = {row["id"]: row for row in map(json.loads, done.stdout.splitlines())}
    return {name: rows[name] for name in gold}


@pytest.fixture(scope="module")
def scorer(shared) -> ModuleType:
    spec = importlib.util.spec_from_file_location("score_statements", shared / "scorers" / "score_statements.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def figures(gold, found, scorer) -> dict[str, float]:
    """Every figure of ``FLOORS`` as it is measured now."""
    statements = _statements(gold, found, scorer.score)
    return {**_entities(gold, found), **statements}


def _statements(gold: Articles, found: Articles, score: Callable[..., Any]) -> dict[str, float]:
    """Score against the certain statements; predictions that pair best with uncertain ones are neither demanded nor punished."""
    _, _, pairs = score(gold, found)
    doubted = {
        name: {said for which, said in paired["pairs"] if not gold[name]["statements"][which]["certain"]}
        for name, (_, _, _, paired) in pairs.items()
    }
    certain = {name: row | {"statements": [said for said in row["statements"] if said["certain"]]} for name, row in gold.items()}
    kept = {
        name: row | {"statements": [said for number, said in enumerate(row["statements"]) if number not in doubted[name]]}
        for name, row in found.items()
    }
    told, _, _ = score(certain, kept)
    return {
        "statements F1": told["statement"]["f1"],
        "statements precision": told["statement"]["p"],
        "statements recall": told["statement"]["r"],
        "direct recall": told["type direct"]["statement"]["r"],
        "indirect recall": told["type indirect"]["statement"]["r"],
        "mixed recall": told["type mixed"]["statement"]["r"],
        "content overlap F1": told["content overlap"]["f1"],
        "source right": told["source accuracy"],
        "speaker by the same name": told["speaker same"],
    }


def _entities(gold: Articles, found: Articles) -> dict[str, float]:
    """Score mentions: paired one to one where the kind is the same and the overlap is at least half of both together."""
    pairs = [pair for name in gold for pair in _paired(gold[name]["entities"], found[name]["entities"])]
    demanded = sum(len(row["entities"]) for row in gold.values())
    given = sum(len(row["entities"]) for row in found.values())
    precision, recall = len(pairs) / given, len(pairs) / demanded
    return {
        "entities F1": 2 * precision * recall / (precision + recall),
        "entities precision": precision,
        "entities recall": recall,
        "entities named alike": sum(one["name"] == other["name"] for one, other in pairs) / len(pairs),
    }


def _paired(gold: list[Row], found: list[Row]) -> list[tuple[Row, Row]]:
    """Pair mentions, the best overlap first."""
    overlaps = sorted(
        ((_overlap(one["span"], other["span"]), a, b) for a, one in enumerate(gold) for b, other in enumerate(found)),
        key=lambda row: (-row[0], row[1:]),
    )
    pairs: dict[int, int] = {}
    for share, a, b in overlaps:
        if share >= 0.5 and gold[a]["kind"] == found[b]["kind"] and a not in pairs and b not in pairs.values():
            pairs[a] = b
    return [(gold[a], found[b]) for a, b in pairs.items()]


def _overlap(one: list[int], other: list[int]) -> float:
    """Return the shared characters as a share of all that either span covers."""
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return max(0, shared) / (max(one[1], other[1]) - min(one[0], other[0]))


@pytest.mark.parametrize("what", FLOORS)
def test_extraction_is_as_good_as_it_was(figures, what):
    asked, held, _ = FLOORS[what]
    assert figures[what] >= max(asked, held), f"{what}: {figures[what]:.3f} {figures}"


def test_the_text_that_is_printed_is_the_text_that_was_annotated(gold, found):
    assert {name: row["text"] for name, row in found.items()} == {name: row["text"] for name, row in gold.items()}


def test_every_line_is_in_the_interchange_format(found):
    assert {key for row in found.values() for key in row} >= {"id", "title", "date", "text", "entities", "statements"}
    wanted = {"id", "type", "content", "cue", "source", "speaker", "speaker_id", "on_behalf_of", "class", "act", "addressee", "venue"}
    wanted |= {"date", "about", "nested_in", "confidence"}
    assert all(wanted <= said.keys() for row in found.values() for said in row["statements"])
    assert all({"span", "kind", "name", "id", "metonym"} <= named.keys() for row in found.values() for named in row["entities"])


def test_a_nested_statement_names_the_one_it_stands_in(found):
    statements = [said for row in found.values() for said in row["statements"]]
    outer = {said["id"] for said in statements}
    nested = [said["nested_in"] for said in statements if said["nested_in"]]
    assert nested
    assert set(nested) <= outer


def test_the_gold_scores_one_against_itself(gold, scorer):
    assert _statements(gold, gold, scorer.score)["statements F1"] == 1.0
    assert _entities(gold, gold)["entities F1"] == 1.0


def test_who_is_one_and_what_stands_for_a_government_are_found_as_asked(gold, found):
    told = score(compare(list(gold.values()), list(found.values()))).entities
    assert told is not None
    assert told.mentions.f1 >= 0.98  # asked for: .95
    assert told.identity.f1 >= 0.99  # asked for: .97
    assert told.metonyms.precision >= 0.95
    assert told.metonyms.recall >= 0.95  # asked for: .80


def test_every_figure_is_found_with_its_value_unit_modifier_claimant_and_time(gold, found):
    told = score(compare(list(gold.values()), list(found.values()))).figures
    assert told is not None
    assert (told.spans.recall, told.spans.precision) == (1.0, 1.0)
    assert [share.share for share in (told.value, told.unit, told.modifier, told.claimant, told.as_of)] == [1.0] * 5


def test_types_nesting_and_joint_sources_are_found_as_asked(gold, found):
    told = score(compare(list(gold.values()), list(found.values())))
    assert told.type_right.share >= 0.95
    assert told.all_nested.right >= 7, "of nine statements within statements, the uncertain ones among them"
    joint = [said for row in found.values() for said in row["statements"] if said["act"] == "warn" and said["source"] and said["cue"]]
    together = [said["speaker"] for said in joint if [other["content"] for other in joint].count(said["content"]) == 2]
    assert together == ["Nikol Pashinyan", "unnamed: international experts"]
