"""Quotation marks: every quotation is found with its exact words, and one odd mark costs no more than itself."""

import time
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kg.extract.marks import LONGEST_ASIDE, Quotation, insertions, quotations
from kg.records import Span


def inner(text: str) -> list[str]:
    """The words of each quotation."""
    return [quotation.inner.of(text) for quotation in quotations(text)]


def only(text: str) -> Quotation:
    (quotation,) = quotations(text)
    return quotation


# ---------------------------------------------------------------- pairs


@pytest.mark.parametrize(
    "text",
    [
        '"The road is open," she said.',
        "“The road is open,” she said.",
        "''The road is open,'' she said.",
        "``The road is open,'' she said.",
        "‘‘The road is open,’’ she said.",
        "'The road is open,' she said.",
        "‘The road is open,’ she said.",
        "« The road is open, » she said.",
        "«\u00a0The road is open,\u00a0» she said.",
        "„The road is open,“ she said.",
        "„The road is open,” she said.",
        "»The road is open,« she said.",
        "”The road is open,” she said.",
        "“The road is open,“ she said.",
        '“The road is open," she said.',
        '"The road is open,” she said.',
        "—“The road is open,” she said.",
        "(“The road is open,” she said.)",
        "\t“The road is open,” she said.",
    ],
)
def test_words_in_any_marks_are_found_to_the_letter(text: str) -> None:
    assert inner(text) == ["The road is open,"]


def test_the_outer_span_holds_the_marks_and_the_inner_none() -> None:
    text = "She said “ no way ” twice."
    quotation = only(text)
    assert (quotation.outer.of(text), quotation.inner.of(text)) == ("“ no way ”", "no way")


def test_a_mark_of_two_characters_is_outside() -> None:
    text = "She said ''no way'' twice."
    assert only(text).outer.of(text) == "''no way''"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"No," she said. "Never," he said.', ["No,", "Never,"]),
        ("“No,” she said. “Never,” he said.", ["No,", "Never,"]),
        ("'No,' she said. 'Never,' he said.", ["No,", "Never,"]),
        ('"No,"she said."Never,"he said.', ["No,", "Never,"]),
        ("“No”—she said—“never.”", ["No", "never."]),
        ('She said," No way," and left.', ["No way,"]),
        ('"No"--she said--"never."', ["No", "never."]),
        ('He called it "a farce" and "a lie".', ["a farce", "a lie"]),
    ],
)
def test_quotations_side_by_side_stay_apart(text: str, expected: list[str]) -> None:
    assert inner(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“She told me ‘go’ and I went,” he said.", "She told me ‘go’ and I went,"),
        ("“She told me “go” and I went,” he said.", "She told me “go” and I went,"),
        ("\"She told me 'go' and I went,\" he said.", "She told me 'go' and I went,"),
        ('"She told me “go” and I went," he said.', "She told me “go” and I went,"),
        ('“She told me "go" and I went,” he said.', 'She told me "go" and I went,'),
        ("‘She told me “go” and I went,’ he said.", "She told me “go” and I went,"),
        ("'She told me \"go\" and I went,' he said.", 'She told me "go" and I went,'),
        ("“He said, “Go.””", "He said, “Go.”"),
        ("“It was “too loud” or “too shrill” or “too this.””", "It was “too loud” or “too shrill” or “too this.”"),
        ("‘He said “go”’, she told the court.", "He said “go”"),
    ],
)
def test_a_quotation_within_a_quotation_does_not_end_it(text: str, expected: str) -> None:
    assert inner(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "The players' union and the owners' group met.",
        "The players’ union and the owners’ group met.",
        "It's the '90s again, and rock 'n' roll fans' favourite.",
        "It’s the ’90s again, and rock ’n’ roll fans’ favourite.",
        "Stop 'em, said the boys' mother.",
        "He went 'round the dogs' home.",
        'A 6" pipe and a 12" pipe were laid.',
        "The 5'10\" guard is tall.",
        "At 51°30'N and 0°7'W the ship sank.",
        "O'Brien's and D’Souza’s boats won.",
        "No marks at all.",
        "",
        "\n\n",
    ],
)
def test_apostrophes_and_inches_quote_nothing(text: str) -> None:
    assert inner(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"The pipe is 6" wide," he said.', ['The pipe is 6" wide,']),
        ('The 6\'2" forward said "no," and left.', ["no,"]),
        ("He said: ‘The road’s open and the dogs’ bowls are full.’", ["The road’s open and the dogs’ bowls are full."]),
        ("The ‘best’ of the dogs’ bowls.", ["best"]),
        ("“The players’ union won,” he said.", ["The players’ union won,"]),
        ("'They're done,' he said.", ["They're done,"]),
        ('In "2016" he wrote "1984".', ["2016", "1984"]),
    ],
)
def test_apostrophes_and_inches_do_not_break_the_quotation_around_them(text: str, expected: list[str]) -> None:
    assert inner(text) == expected


@pytest.mark.parametrize("text", ["", '"', "“", "”", '""', "“”", '" "', "'", "''", "‘’", "«»", '"...,"', 'a " b " c', "“ — ”"])
def test_marks_without_words_quote_nothing(text: str) -> None:
    assert inner(text) == []


# ---------------------------------------------------------------- odd marks


@pytest.mark.parametrize(
    "text",
    [
        "“The road is open, she said, and left. “It is shut,” he said.",
        '"The road is open, she said, and left. "It is shut," he said.',
        '"The road is open. “It is shut,” he said.',
        "The road is open,” she said. “It is shut,” he said.",
        'The road is open," she said. "It is shut," he said.',
        'The road is open," she said.\n"It is shut," he said.',
        "“The road is open, she said.\n\n“It is shut,” he said.",
        "She said ‘the road is open.\n‘It is shut,’ he said.",
    ],
)
def test_one_odd_mark_does_not_cost_the_next_quotation(text: str) -> None:
    assert "It is shut," in inner(text)


def test_a_lone_closing_mark_opens_nothing() -> None:
    assert inner('The road is open," she said.') == []


def test_a_quotation_that_the_text_never_closes_is_kept() -> None:
    assert inner("He wrote: “The road is open") == ["The road is open"]


@pytest.mark.parametrize("mark", ['"', "“"])
def test_words_left_open_end_where_the_next_quotation_begins(mark: str) -> None:
    text = f"{mark}The road is open, she said. {mark}It is shut,” he said."
    assert inner(text) == ["The road is open, she said.", "It is shut,"]


def test_a_quotation_over_paragraphs_ends_with_each_of_them() -> None:
    text = "“The road is open.\n\n“The dam holds.\n\n“All is well,” she said."
    assert inner(text) == ["The road is open.", "The dam holds.", "All is well,"]


@pytest.mark.parametrize("mark", ['"', "“"])
def test_a_title_inside_a_paragraph_that_goes_on_does_not_end_it(mark: str) -> None:
    text = f"{mark}We watched “Dam Town” again.\n\n{mark}Then we left.”"
    assert inner(text) == ["We watched “Dam Town” again.", "Then we left."]


# ---------------------------------------------------------------- free or set


@pytest.mark.parametrize(
    "text",
    [
        "“The road is open,” she said.",
        "She said, “The road is open.”",
        "She said: “the road is open”.",
        "The mayor was clear: “Not on my watch”",
        "“No,” she said.",
        "She asked, “Why?”",
        "“… and then we left,” she said.",
        "“[They] have left,” she said.",
        "“The road is open.",
        "He shrugged. “It happens.”",
    ],
)
def test_a_clause_of_its_own_is_free(text: str) -> None:
    assert only(text).free


@pytest.mark.parametrize(
    "text",
    [
        "The so-called “miracle” cure.",
        "She called it “a disaster” for farmers.",
        "The film “The Long Road” opens in May.",
        "They agreed to the “free and safe passage” of ships.",
        "A group named “Blue” won.",
        "He said the deal was 'dead'.",
    ],
)
def test_words_set_into_a_sentence_are_not_free(text: str) -> None:
    assert not only(text).free


def test_what_lies_around_a_quotation_is_told() -> None:
    text = "She said: “No,” and left. “Yes.”"
    first, second = quotations(text)
    assert [span and span.of(text) for span in (first.before, first.after, second.before, second.after)] == [
        "She said: ",
        " and left. ",
        " and left. ",
        None,
    ]
    assert (first.lead, first.tail, second.lead, second.tail) == (":", ",", ".", ".")


@pytest.mark.parametrize("start", ["", "— ", "- ", "• ", "  "])
def test_a_dash_or_a_bullet_does_not_count_as_words_before(start: str) -> None:
    assert only(f"{start}“The road is open,” she said.").opens_paragraph


def test_words_before_a_quotation_count() -> None:
    assert not only("She said: “The road is open.”").opens_paragraph


def test_an_editors_words_are_found_inside_a_span() -> None:
    text = "[Not here] “They [the farmers] left [sic] early,” he said. [Nor here]"
    assert [span.of(text) for span in insertions(text, only(text).inner)] == ["[the farmers]", "[sic]"]


# ---------------------------------------------------------------- for every text


SIGNS = st.sampled_from(['"', "“", "”", "„", "«", "»", "'", "‘", "’", "''", "``", " ", " ", ".", ",", "\n", "s'", '6"', "(", "—"])
WORDS = st.sampled_from(["The road", "open", "she said", "no", "S", "العربية", "שלום", "🏟️🏟️", "e\u0301", "\u202e", "東京"])
TEXTS = st.lists(SIGNS | WORDS, max_size=40).map("".join) | st.text(max_size=60)


@settings(max_examples=400, deadline=None)
@given(TEXTS)
@example("“a “b” c” ‘d “e” f’")
def test_quotations_come_in_order_without_overlap_each_within_its_line(text: str) -> None:
    found = quotations(text)
    assert all(left.outer.end <= right.outer.start for left, right in pairwise(found))
    assert all(quotation.paragraph.covers(quotation.outer) for quotation in found)
    assert not any("\n" in quotation.paragraph.of(text) for quotation in found)


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_the_inner_words_lie_inside_the_outer_ones_and_are_trimmed(text: str) -> None:
    for quotation in quotations(text):
        assert quotation.outer.covers(quotation.inner)
        words = quotation.inner.of(text)
        assert words == words.strip() and any(letter.isalnum() or letter == "_" for letter in words)


@settings(max_examples=200, deadline=None)
@given(TEXTS, TEXTS)
def test_a_paragraph_without_an_opening_mark_behind_it_does_not_change_what_came_before(text: str, more: str) -> None:
    assert inner(f"{text}\nRain fell.\n{more}")[: len(inner(text))] == inner(text)


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_what_stands_before_and_behind_touches_no_quotation_but_nicknames_and_terms(text: str) -> None:
    found = quotations(text)
    around = [span for quotation in found for span in (quotation.before, quotation.after) if span]
    whole = [q for q in found if q.free or not q.tail.isalnum() or q.inner.end - q.inner.start > LONGEST_ASIDE]
    assert not any(isinstance(span, Span) and span.meets(quotation.outer) for span in around for quotation in whole)


NASTY = [
    "“",
    " “a",
    "'a' \"b \" ",
    " 'a",
    "„a“ ",
    '"a ',
    "“a “b” ",
    " 'as' as",
    "a'",
    "''",
    "”",
    '"., ',
    "[",
    "‘a “b” ",
    "a",
    " ",
    "🏟️ “",
    "\n",
    '6" ',
]


@pytest.mark.parametrize("unit", NASTY, ids=ascii)
def test_a_paragraph_of_200_000_characters_is_read_in_time(unit: str) -> None:
    text = (unit * 200_000)[:200_000]
    start = time.perf_counter()
    quotations(text)
    assert time.perf_counter() - start < 8
