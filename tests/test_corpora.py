"""``kg evaluate`` against the corpora beside the project: what the issue asks for holds, with the medium model and shipped counts."""

import json
import subprocess
from pathlib import Path

import pytest
from conftest import command, environment

pytestmark = pytest.mark.model

ALL = ("--classes", "report,stance,act", "--no-nested")
"""PolNeAR marks all three classes and no nested statements."""
FLOORS = {
    # (corpus, options): {what: (asked for, measured)}
    ("polnear/dev", ALL): {
        "statement F1": (0.725, 0.730),
        "direct F1": (0.915, 0.924),
        "mixed F1": (0.82, 0.841),
        "indirect F1": (0.64, 0.644),
        "source right": (0.925, 0.929),
    },
    ("gum-wikinews/dev", ("--classes", "report")): {"statement F1": (0.76, 0.810), "speaker last word": (0.80, 0.839)},
}
CASES = [(corpus, what) for corpus, wanted in FLOORS.items() for what in wanted]


@pytest.fixture(scope="module")
def figures(shared: Path) -> dict[tuple[str, str], float]:
    """(corpus, what) → share in [0, 1], as the command prints it."""
    found = {}
    for corpus, options in FLOORS:
        gold = shared / "corpora" / f"{corpus}.jsonl"
        line = command("evaluate", str(gold), *options, "--format", "json", "--workers", "2")
        told = json.loads(subprocess.run(line, capture_output=True, text=True, check=True, env=environment()).stdout)
        found[corpus, "statement F1"] = told["statement"]["f1"]
        found[corpus, "source right"] = told["source_right"]["share"]
        found[corpus, "speaker last word"] = told["speaker_last"]["share"]
        for kind in ("direct", "mixed", "indirect"):
            found[corpus, f"{kind} F1"] = told["types"][kind]["statement"]["f1"]
    return found


@pytest.mark.parametrize(("corpus", "what"), CASES, ids=lambda value: value if isinstance(value, str) else value[0])
def test_statements_of_news_not_our_own_are_found_as_well_as_asked(figures, corpus, what):
    asked, measured = FLOORS[corpus][what]
    assert figures[corpus[0], what] >= asked, f"{what} of {corpus[0]}: {figures[corpus[0], what]:.3f}, was {measured:.3f}"
