"""Robustness: whatever stands in an article, its reader gets an answer, and every answer can be shown in the text.

Lone surrogates are not among the texts: reading refuses them (``test_corpus``), so none comes as far as here.
"""

from collections.abc import Callable, Iterable, Iterator

import pytest
from conftest import Reader
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kg.extract.drafts import SILENT
from kg.extract.marks import quotations
from kg.records import Extraction, Span, Statement

pytestmark = pytest.mark.model

# ---------------------------------------------------------------- texts

MARKS = [*"\"'“”‘’„‚«»‹›「」`´", "''", "``", "‘‘", "’’", "&quot;"]
SIGNS = [*".,:;!?…—–-()[]{}*•/\\%$@#|_^~<>", "...", "[sic]", "[the farmers]", " – ", "\u2028", "\u2029"]
BREAKS = ["\n", "\n\n", "\r\n", "\n \n", "\t", "\u00a0", "\f", "\x0b", "\x85"]
HIDDEN = [*"\u200b\u200d\u200e\u200f\u202e\u2066\ufeff\u00ad\u0301\x00\x01\x1b\x7f", "\u0338\u0338"]
SCRIPTS = [
    "Київ",
    "北京市",
    "قال الوزير",
    "אמר השר",
    "नेपाल",
    "Ωμέγα",
    "ﬁn",
    "Ǆ",
    "İ",
    "🌊",
    "👩\u200d👩\u200d👧",
    "🇵🇹",
    "x\u0302\u0302",
    "𝔗𝔥𝔢",
]
NAMES = "Ana Reyes|Mr. Lund|the mayor|Norway and Sweden|Doctors without Borders|Porto|the U.N.|she|it|they|I|who".split("|")
CUES = "said|says|told|asked|warned of|according to|accused|denied|called for|adding that|urged|wrote|claims".split("|")
WORDS = "the road|to stay|that|a claim that|of fraud|because|not|on Monday|in Vienna|in an apparent rejection of|a “miracle”".split("|")
LAYOUT = ["date 2024-05-02\n", "OSLO (Reuters) - ", "Read more: ", "Joana Lima/Reuters", "(Joana Lima/AFP)", "- ", "* "]

noise = st.text(max_size=80)
odd = st.lists(st.sampled_from([*MARKS, *SIGNS, *BREAKS, *HIDDEN, *SCRIPTS, *NAMES, *CUES, " ", " "]), max_size=40).map("".join)
words = st.lists(st.sampled_from([*NAMES, *CUES, *WORDS, *SIGNS[:10], *SCRIPTS[:4]]), min_size=1, max_size=8).map(" ".join)
mark = st.sampled_from([*MARKS, ""])
quote = st.tuples(mark, words, st.sampled_from([",", ".", "?", "", " "]), mark).map("".join)
name, cue = st.sampled_from(NAMES), st.sampled_from(CUES)
sentence = st.one_of(
    st.tuples(name, cue, st.one_of(words, quote)).map(" ".join),
    st.tuples(quote, name, cue, st.one_of(quote, words, st.just(""))).map(" ".join),
    st.tuples(quote, cue, name).map(" ".join),
    quote,
    words,
    st.sampled_from(LAYOUT),
)
news = st.lists(st.tuples(sentence, st.sampled_from([". ", ", ", " ", "\n", "\n\n", ": ", ""])).map("".join), max_size=8).map("".join)
texts = st.one_of(news, odd, noise)

Property = Callable[[Reader, str], None]


def any_text(*known: str) -> Callable[[Property], Property]:
    """Ask a property of many texts, and always of those that once broke it."""

    def asked(property_: Property) -> Property:
        test = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])(given(text=texts)(property_))
        for text in known:
            test = example(text=text)(test)
        return test

    return asked


# ---------------------------------------------------------------- an answer


ODD = {
    "nothing": "",
    "line breaks only": "\n" * 300,
    "white space of every kind": " \t\u00a0\u2003\r\n\x0b\f\x85\u2028\u3000",
    "opening marks only": "“" * 300,
    "marks of every kind": "\"'“”‘’„‚«»‹›「」" * 20,
    "punctuation only": ".,;:!?…—–-()[]{}" * 20,
    "no sentence end": "Ana Reyes said the road is open and the mayor denied it and they asked who pays " * 12,
    "marks fifty deep": "Reyes said: " + "“a ‘b " * 25 + "c" + "’ d” " * 25,
    "brackets fifty deep": "Reyes said " + "(" * 50 + "the road is open" + ")" * 50,
    "right to left": "قال الوزير: «الطريق مفتوح»، وأضاف: «سنبقى». אמר השר: ״הדרך פתוחה״.",
    "mixed scripts": "Ана Reyes said 「道路は開いている」 in Ωμέγα, «Дорога открыта», добавила она.",
    "emoji": "“🌊🌊🌊,” said 👩\u200d👩\u200d👧. 🇵🇹 denied 🚗.",
    "combining marks": "“Z\u0335\u0321a\u0301\u0302\u0303lgo is o\u0338pen\u0301,” said A\u0301na Re\u0301yes.",
    "zero-width characters": "“The\u200b road\u200d is\ufeff open,\u2060” sa\u00adid Ana\u200bReyes.",
    "direction overrides": "\u202e“nepo si daor eht”\u202c said Ana Reyes \u2066(the mayor)\u2069.",
    "control characters": "“The road\x00 is\x01 open,”\x1b[31m said\x7f Ana Reyes.",
    "a cue and nothing else": "According to",
    "one letter": "a",
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD.keys())
def test_an_odd_text_gets_an_answer(read: Reader, text: str) -> None:
    assert read(text).document.text == text


def test_a_paragraph_of_200_000_characters_gets_an_answer(read: Reader) -> None:
    text = "“The river rose,” Ana Reyes said in Porto. It fell. " * 2000 + "and Ana Reyes said the river rose in Porto " * 2400
    assert len(text) > 200_000
    assert len(read(text).statements) > 4000


@any_text("according to", "he U. according", " U–nd according --", "Ana в К? Ana s")
def test_the_same_text_gives_the_same_answer(read: Reader, text: str) -> None:
    assert read(text) == read(text)


# ---------------------------------------------------------------- spans


def parts(statement: Statement) -> tuple[Span, ...]:
    """The spans of a statement's words: content, cue and source."""
    return (*statement.content, *statement.cue, *statement.source)


def evidence(extraction: Extraction) -> Iterator[Span]:
    """Every span that an extraction shows a reader."""
    for statement in extraction.statements:
        yield from (*parts(statement), *statement.insertions, *([statement.charge] if statement.charge else ()))
    yield from (mention.span for mention in extraction.mentions)
    yield from (doubt.span for doubt in extraction.doubts)


def in_order(spans: tuple[Span, ...]) -> bool:
    """Whether spans follow each other without overlap."""
    return all(left.end <= right.start for left, right in zip(spans, spans[1:], strict=False))


def touch(left: Iterable[Span], right: Iterable[Span]) -> bool:
    """Whether any two spans share a character."""
    others = tuple(right)
    return any(one.meets(other) for one in left for other in others)


@any_text("''i—according to ›\n", "C:‘I.’\n")
def test_every_span_shows_words_of_the_text(read: Reader, text: str) -> None:
    assert [span for span in evidence(read(text)) if span.end > len(text) or not span.of(text).strip()] == []


@any_text()
def test_the_words_of_a_statement_read_in_order_and_never_twice(read: Reader, text: str) -> None:
    said = read(text).statements
    assert [s for s in said if not (s.content and in_order(s.content) and in_order(s.cue) and in_order(s.source))] == []


@any_text(
    "“is,h tweeted.", "ye:«I", "say“” aned ?«y e U.N", "``e r t who``, aid ", "«c\taccording to👧", "and “according to d—according to d"
)
def test_who_says_it_and_how_is_no_part_of_what_is_said(read: Reader, text: str) -> None:
    assert [s for s in read(text).statements if touch(s.content, (*s.cue, *s.source))] == []


@any_text("“t o p g.”― H.")
def test_who_says_it_is_no_part_of_how(read: Reader, text: str) -> None:
    assert [s for s in read(text).statements if touch(s.cue, s.source)] == []


@any_text("o according to o\n", "“R,” ai s\n", "date 2024-05-02\n. Ana Reyes according to Porto date 2024-05-02\n, she said Ana. ")
def test_cue_and_source_stand_in_the_paragraphs_of_the_words(read: Reader, text: str) -> None:
    assert [s for s in read(text).statements if not within_run(text, s)] == []


def within_run(text: str, statement: Statement) -> bool:
    """Whether cue and source stand in the paragraphs of the content, and every paragraph of these holds some of it."""
    first, last = statement.content[0].start, statement.content[-1].end - 1
    start, end = text.rfind("\n", 0, first) + 1, text.find("\n", last)
    run = Span(start, end if end >= 0 else len(text))
    return all(run.covers(span) for span in parts(statement)) and no_gap(text, run, statement.content)


def no_gap(text: str, run: Span, content: tuple[Span, ...]) -> bool:
    """Whether every line of a run that is not blank holds some of the content."""
    at = run.start
    for line in run.of(text).split("\n"):
        if line.strip() and not touch([Span(at, at + len(line))], content):
            return False
        at += len(line) + 1
    return True


# ---------------------------------------------------------------- nesting


def holds(outer: Statement, inner: Statement) -> bool:
    """Whether the content of a statement covers another's content and cue."""
    return all(any(whole.covers(part) for whole in outer.content) for part in (*inner.content, *inner.cue))


@any_text()
def test_a_nested_statement_lies_in_the_words_of_the_one_around_it(read: Reader, text: str) -> None:
    said = read(text).statements
    assert [s for s in said if s.nested_in is not None and not holds(said[s.nested_in], s)] == []


@any_text('`"t according to d—according to d')
def test_no_statement_is_nested_in_itself_by_any_detour(read: Reader, text: str) -> None:
    said = read(text).statements
    assert [number for number in range(len(said)) if depth(said, number) > len(said)] == []


def depth(said: tuple[Statement, ...], number: int) -> int:
    """How deep a statement is nested; more than there are statements if it goes in a circle."""
    deep, outer = 0, said[number].nested_in
    while outer is not None and deep <= len(said):
        deep, outer = deep + 1, said[outer].nested_in
    return deep


# ---------------------------------------------------------------- doubts


@any_text("\"s according to ''N and road")
def test_a_quotation_is_somebodys_or_a_doubt_says_why_not(read: Reader, text: str) -> None:
    found = read(text)
    answered = [*(span for s in found.statements for span in s.content), *(doubt.span for doubt in found.doubts)]
    free = [q for q in quotations(text) if q.free and found.document.zone_at(q.outer) not in SILENT]
    assert [q for q in free if not touch([q.inner], answered)] == []


@any_text("sked said:", "say: “y y e", '"R t\n"R,', '"The road is open.\n"It stays open."')
def test_a_statement_without_a_speaker_has_a_doubt_that_says_why(read: Reader, text: str) -> None:
    found = read(text)
    doubts = [doubt.span for doubt in found.doubts]
    assert [s for s in found.statements if s.speaker is None and not touch((*s.content, *s.source), doubts)] == []
