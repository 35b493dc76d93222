"""Statements: whoever searches for what was said must find its words, its cue and its source, and nothing that nobody said."""

import pytest
from conftest import Reader
from marked import marked

from kg.records import Statement, Type

pytestmark = pytest.mark.model

ONE = [
    # direct
    ("[“The road is open,|content]” [said|cue] [Ana Reyes|source], the mayor.", "direct", "say"),
    ('[Ana Reyes|source] [told|cue] reporters: "[The road will stay open.|content]"', "direct", "say"),
    ('"[We will not leave,|content]" [Reyes|source] [insisted|cue], "[not while the bridge stands.|content]"', "direct", "assert"),
    ("[The minister|source] [asked|cue], “[Who will pay for this?|content]”", "direct", "ask"),
    # indirect: clauses
    ("[Ana Reyes|source] [said|cue] [the road is open|content].", "indirect", "say"),
    ("[The ministry|source] [announced|cue] on Monday that [schools would close|content].", "indirect", "announce"),
    ("[The road is open|content], [the mayor|source] [says|cue].", "indirect", "say"),
    ("[The storm|content], [officials|source] [warned|cue], [could reach the coast by night|content].", "indirect", "warn"),
    ("[The bridge is safe|content], [according to|cue] [two engineers|source].", "indirect", "say"),
    ("[According to|cue] [the company|source], [the plant will reopen in May|content].", "indirect", "say"),
    ("[According to|cue] [Ana Reyes|source], [the closing of the road in this valley shows courage|content].", "indirect", "say"),
    # indirect: other constructions
    ("[The opposition|source] [accused|cue] [the mayor of fraud|content].", "indirect", "accuse"),
    ("[The mayor|source] [denied|cue] [the charges|content].", "indirect", "deny"),
    ("[The union|source] [called for|cue] [higher wages|content].", "indirect", "call-for"),
    ("[The president|source] [urged|cue] [residents to stay indoors|content].", "indirect", "urge"),
    ("[The mayor|source] [pledged|cue] [to rebuild the bridge|content].", "indirect", "pledge"),
    ("[Doctors|source] [warned of|cue] [a shortage of blood|content].", "indirect", "warn"),
    ("[The army|source] [criticised|cue] [the government for its silence|content].", "indirect", "criticise"),
    ("[The council|source] [condemned|cue] [the attack|content].", "indirect", "condemn"),
    ("[The court|source] [ordered|cue] [the company to pay damages|content].", "indirect", "order"),
    ("[The mayor|source] [described|cue] [the flood as the worst in memory|content].", "indirect", "say"),
    ("[Experts|source] [estimate|cue] [the cost to be around two million euros|content].", "indirect", "estimate"),
    # nouns
    ("The vote confirmed [the opposition's|source] [claim that|cue] [the count was false|content].", "indirect", "claim"),
    # mixed
    ("[The minister|source] [said|cue] [the deal was “a disaster” for farmers|content].", "mixed", "say"),
    ('[The coach|source] [called|cue] [the defeat "a lesson|content]".', "mixed", "say"),
]


def words(spans: tuple, text: str) -> str:
    """The words of some spans, marks and outer punctuation aside."""
    return " ".join(span.of(text).strip(" ,.“”\"'’") for span in spans)


@pytest.mark.parametrize(("raw", "type_", "act"), ONE, ids=lambda value: str(value)[:50])
def test_a_reader_finds_who_said_what(read: Reader, raw: str, type_: str, act: str) -> None:
    text, spans = marked(raw)
    (said,) = read(text).statements
    assert words(said.content, text) == words(spans["content"], text)
    assert said.cue[0].meets(spans["cue"][0])
    assert words(said.source, text).startswith(words(spans["source"], text).removesuffix("'s"))
    assert (said.type, said.act) == (type_, act)


NOBODY = [
    "The road along the river is open again after three days.",
    "The book is called “The Long Road” and sells well.",
    "The so-called “miracle” cure was sold in every market.",
    "The company has not said whether the plant will close.",
    "Rain fell on the hills, and the river rose.",
    "The move threatens to split the party.",
    "Those wanting to leave the town were given buses.",
]


@pytest.mark.parametrize("text", NOBODY)
def test_what_nobody_said_is_no_statement(read: Reader, text: str) -> None:
    assert read(text).statements == ()


def test_a_quotation_that_its_cue_splits_is_one_statement(read: Reader) -> None:
    said = read("“The dam holds,” said the engineer. “It will hold tomorrow.”").statements
    assert [len(statement.content) for statement in said] == [2]


def test_two_parties_make_two_statements(read: Reader) -> None:
    text = "Norway and Sweden have repeatedly warned of the danger of war."
    assert [span.of(text) for said in read(text).statements for span in said.source] == ["Norway", "Sweden"]


def nested(statements: tuple[Statement, ...]) -> list[tuple[str, str]]:
    """(act of the inner, act of the outer) of each nested statement."""
    return [(said.act, statements[said.nested_in].act) for said in statements if said.nested_in is not None]


def test_a_statement_within_a_statement_is_nested(read: Reader) -> None:
    said = read("Ana Reyes noted that the bank announced a new loan.").statements
    assert nested(said) == [("announce", "say")]


def test_a_source_relayed_by_a_speaker_is_nested_in_what_the_speaker_said(read: Reader) -> None:
    said = read('Ana Reyes said many of the children were "badly hurt," according to nurses at the clinic.').statements
    assert nested(said) == [("say", "say")]


def test_police_who_relay_a_suspect_are_the_outer_source(read: Reader) -> None:
    text = "The suspect said he was at home, according to police."
    outer = next(statement for statement in read(text).statements if statement.nested_in is None)
    assert outer.source[0].of(text) == "police"


def test_words_in_marks_that_nothing_attributes_are_a_doubt_with_its_reason(read: Reader) -> None:
    doubts = read("The “miracle” was sold in every market.").doubts
    assert [doubt.why for doubt in doubts] == ["words in quotation marks that nothing attributes"]


def test_the_reporters_reading_of_an_act_is_marked(read: Reader) -> None:
    said = read('"The report speaks for itself," the mayor said in an apparent rejection of the board\'s claims of fraud.').statements
    assert [(statement.act, statement.interpreted) for statement in said if statement.nested_in is None] == [
        ("say", False),
        ("reject", True),
    ]


def test_a_caption_gives_only_what_it_reports_in_so_many_words(read: Reader) -> None:
    caption = "Men who fear the river march near Porto, demanding that the dam be closed. “It took my house,” one man said."
    text = f"{caption}\nJoana Lima/Reuters\n\nThe river fell on Tuesday."
    assert [statement.type for statement in read(text).statements] == [Type.DIRECT]


def test_a_dateline_is_no_part_of_the_source(read: Reader) -> None:
    text = "OSLO (Reuters) - The mayor said the road was open."
    assert [span.of(text) for said in read(text).statements for span in said.source] == ["The mayor"]


@pytest.mark.parametrize("teaser", ["WATCH: Ana Reyes said the road is open.", "Read more: Mayor says road is open"])
def test_a_teaser_gives_no_statement(read: Reader, teaser: str) -> None:
    assert read(f"The road was closed on Monday.\n\n{teaser}\n\nIt is open now.").statements == ()


def test_an_editors_insertion_is_marked(read: Reader) -> None:
    text = '"They [the farmers] will be paid," the minister said.'
    (said,) = read(text).statements
    assert [span.of(text) for span in said.insertions] == ["[the farmers]"]
