"""Layouts: words that their place on the page attributes must not lose their speaker, and labels must not become speakers."""

import pytest
from conftest import Reader

from kg.records import Statement

pytestmark = pytest.mark.model


def told(read: Reader, text: str) -> list[tuple[str, str, str]]:
    """Return (source, words, rule) of each statement that stands in no other."""

    def part(spans: tuple) -> str:
        return " | ".join(span.of(text) for span in spans)

    def row(said: Statement) -> tuple[str, str, str]:
        return part(said.source), part(said.content), said.rule

    return [row(said) for said in read(text).statements if said.nested_in is None]


ONE = [
    ("“The road is closed and nobody knows why.” – Ana Reyes, driver", "Ana Reyes", "quote.signature"),
    ("“The road is closed and nobody knows why.”― Ana Reyes", "Ana Reyes", "quote.signature"),
    ("The mayor issued a statement:\n\n“The road will stay closed until spring.”", "The mayor", "quote.block"),
    ("Reyes continued:\n\n“The road will stay closed until spring.”", "Reyes", "quote.block"),
    ("In the words of Ana Reyes, “The road will stay closed until spring.”", "Ana Reyes", "quote.pre"),
    ("“The road will stay closed,” according to Ana Reyes.", "Ana Reyes", "quote.post"),
    ("Ana Reyes: Road Will Stay Closed Until Spring\n\nThe valley waits.", "Ana Reyes", "line.headline"),
    ("REYES: The road will stay closed.\nLUND: I do not think that it will.\nREYES: Then we wait.", "REYES", "line.transcript"),
    ("The road, said Lee, is closed until spring.", "Lee", "frame.that"),
]


@pytest.mark.parametrize(("text", "source", "rule"), ONE, ids=[rule for *_, rule in ONE])
def test_the_page_says_who_speaks(read: Reader, text: str, source: str, rule: str) -> None:
    assert (source, rule) in [(who.partition(",")[0], how) for who, _, how in told(read, text)]


@pytest.mark.parametrize(
    "text",
    ["WATCH: The road will stay closed until spring.", "RELATED: Five ways to cross the valley in winter."],
)
def test_a_label_is_no_speaker(read: Reader, text: str) -> None:
    assert told(read, text) == []


def test_a_quotation_left_open_runs_on_into_the_paragraph_that_closes_it(read: Reader) -> None:
    text = 'Ana Reyes said, "The road is closed.\n\nIt will stay so until spring." She left at noon.'
    assert told(read, text) == [("Ana Reyes", "The road is closed. | It will stay so until spring.", "quote.pre")]


def test_a_paragraph_of_quotation_goes_on_with_the_speaker_before(read: Reader) -> None:
    text = "“The road is closed,” Ana Reyes said.\n\n“It will stay so until spring. We cannot help it.”\n\nThe valley waits."
    assert told(read, text) == [("Ana Reyes", "The road is closed, | It will stay so until spring. We cannot help it.", "quote.post")]


def test_a_sentence_that_its_cue_splits_is_one_statement(read: Reader) -> None:
    text = '"You know, I love this road," Ana Reyes said, but "when it comes to bridges, the road has a history."'
    assert [(who, words.count("|")) for who, words, _ in told(read, text)] == [("Ana Reyes", 1)]


def test_a_nickname_does_not_hide_the_cue_behind_it(read: Reader) -> None:
    text = '"The road is open!" Ana "Bee" Reyes shouted to the crowd. "The valley is watching."'
    assert [(words, how) for _, words, how in told(read, text)] == [("The road is open! | The valley is watching.", "quote.post")]


def test_a_quotation_that_nobody_is_said_to_speak_is_a_doubt_and_no_statement(read: Reader) -> None:
    found = read("The bridge was built in 1920.\n\n“Nobody knows how many cars cross it today, or why.”\n\nThe valley is quiet.")
    assert found.statements == ()
    assert [doubt.why for doubt in found.doubts] == [
        "a quotation without a cue: nothing beside it says who speaks",
        "words in quotation marks that nothing attributes",
    ]


def test_titles_in_marks_are_no_statements(read: Reader) -> None:
    assert told(read, 'She was the host of a weekly show, "Roads and Bridges," broadcast on Mondays.') == []


def test_the_first_person_in_a_quotation_is_its_speaker(read: Reader) -> None:
    text = '"I think the road is closed," said Ana Reyes.'
    found = read(text)
    outer, inner = found.statements
    assert inner.nested_in == 0
    assert outer.speaker is not None
    assert inner.speaker is not None
    assert (inner.speaker.chain, inner.speaker.rule) == (outer.speaker.chain, "first-person")


def test_two_roles_under_one_article_are_one_speaker(read: Reader) -> None:
    found = read("The former governor and current senator said the road is closed.")
    assert len(found.statements) == 1
