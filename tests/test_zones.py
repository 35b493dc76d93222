"""Zones: a caption must not speak as the article does, and no sentence of the article may be taken for a caption or for chrome."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.corpus.zones import header_date, zones
from kg.records import Span, ZoneKind

HEADER, CAPTION, CREDIT, TEASER, BOILERPLATE = ZoneKind.HEADER, ZoneKind.CAPTION, ZoneKind.CREDIT, ZoneKind.TEASER, ZoneKind.BOILERPLATE

ABOVE = "The river rose by two metres overnight, the council said."
BELOW = "It fell again on Tuesday."


def found(text: str) -> list[tuple[ZoneKind, str]]:
    """(kind, words) of each zone."""
    return [(zone.kind, zone.span.of(text)) for zone in zones(text)]


@pytest.mark.parametrize(
    ("line", "dateline"),
    [
        ("OSLO (Reuters) - The road is open, the mayor said.", "OSLO (Reuters) -"),
        ("NEW YORK, Sept. 3 (AP) — Stocks fell.", "NEW YORK, Sept. 3 (AP) —"),
        ("(CNN) — The road is open.", "(CNN) —"),
        ("NATO – the alliance of many states – met.", None),
        ("UK-based firms grew.", None),
        ("I - Ana - was there.", None),
    ],
)
def test_a_dateline_is_not_part_of_the_first_sentence(line: str, dateline: str | None) -> None:
    assert found(line) == ([(ZoneKind.DATELINE, dateline)] if dateline else [])


def within(line: str) -> list[tuple[ZoneKind, str]]:
    """The zones of a paragraph within an article."""
    return found(f"{ABOVE}\n\n{line}\n\n{BELOW}")


# ---------------------------------------------------------------- the date line


@pytest.mark.parametrize(
    ("text", "header", "date"),
    [
        ("date 2019-05-06 Rain fell.", "date 2019-05-06", "2019-05-06"),
        (" date 2019-05-06\nRain fell.", " date 2019-05-06", "2019-05-06"),
        ("\ufeffdate 2019-05-06\nRain fell.", "\ufeffdate 2019-05-06", "2019-05-06"),
        ("date 2020-02-29", "date 2020-02-29", "2020-02-29"),
        ("date 2019-02-29 Rain fell.", "date 2019-02-29", None),
        ("date 0000-00-00 Rain fell.", "date 0000-00-00", None),
    ],
    ids=ascii,
)
def test_a_leading_date_line_is_header_and_dates_the_article_if_there_is_such_a_day(text: str, header: str, date: str | None) -> None:
    assert found(text) == [(HEADER, header)]
    assert header_date(text) == date


@pytest.mark.parametrize(
    "text", ["The date 2019-05-06 was set.", "date 2019-05-061 Rain.", "dated 2019-05-06 Rain.", "date 19-05-06 Rain.", ""]
)
def test_a_date_elsewhere_is_no_header(text: str) -> None:
    assert found(text) == []
    assert header_date(text) is None


# ---------------------------------------------------------------- pictures


@pytest.mark.parametrize(
    "credit",
    [
        "Joana Lima/Reuters",
        "Joana Lima / Reuters",
        "Joana Lima/AFP/Getty Images",
        "AP Photo/Joana Lima",
        "Stringer/AFP",
        "AFP/Getty Images",
        "Joana Lima/El Correo",
        "Joana Lima/Lusa via AP",
        "Anadolu via Getty Images",
        "Photo: Joana Lima",
        "PHOTO: JOANA LIMA",
        "Photo by Joana Lima",
        "Photograph: Joana Lima/The Guardian",
        "Image courtesy of Valley Museum",
        "Credit: Valley Police",
        "Illustration: Tom Reed",
        "Pedro van der Berg/EPA",
    ],
)
def test_a_line_that_names_the_maker_is_a_credit_and_what_stands_right_above_is_its_caption(credit: str) -> None:
    assert within(f"A man wades through Porto on Monday.\n{credit}") == [
        (CAPTION, "A man wades through Porto on Monday."),
        (CREDIT, credit),
    ]


def test_a_caption_needs_no_full_stop() -> None:
    assert within("A man wades through Porto\nJoana Lima/Reuters")[0] == (CAPTION, "A man wades through Porto")


def test_windows_line_ends_change_nothing() -> None:
    text = f"{ABOVE}\r\n\r\nA man wades.\r\nJoana Lima/Reuters\r\n\r\n{BELOW}"
    assert found(text) == [(CAPTION, "A man wades."), (CREDIT, "Joana Lima/Reuters")]


def test_a_gallery_gives_a_caption_and_a_credit_each_time() -> None:
    text = f"{ABOVE}\n\nA man wades.\nJoana Lima/Reuters\nThe bridge from space.\nTerra Imaging\nA cow on a roof.\nTom Reed/AP"
    assert [kind for kind, _ in found(text)] == [CAPTION, CREDIT] * 3


@pytest.mark.parametrize(
    "credit", ["(AP Photo/Joana Lima)", "(Joana Lima/Lusa via AP)", "(Photo: Joana Lima)", "(Joana Lima/Reuters)", "(Photo by Joana Lima)"]
)
def test_a_credit_in_brackets_makes_a_caption_of_its_line(credit: str) -> None:
    assert within(f"A man wades through Porto. {credit}") == [(CAPTION, "A man wades through Porto."), (CREDIT, credit)]


def test_a_credit_that_closes_an_unfinished_caption_counts() -> None:
    assert within("A man wades through Porto (Joana Lima/Reuters)")[0] == (CAPTION, "A man wades through Porto")


def test_two_captions_in_one_line_are_parted_by_their_credits() -> None:
    line = "A man wades. (AP Photo/Joana Lima) A cow on a roof. (AP Photo/Tom Reed)"
    assert [words for kind, words in within(line) if kind is CAPTION] == ["A man wades.", "A cow on a roof."]


def test_the_body_around_a_picture_stays_body() -> None:
    text = f"{ABOVE}\n\nA man wades.\nJoana Lima/Reuters\n\n{BELOW}"
    assert not any(ABOVE in words or BELOW in words for _, words in found(text))


# ---------------------------------------------------------------- no picture


PROSE = [
    "The Organization for Security and Cooperation in Europe (OSCE) will observe the vote.",
    "Observers of the Organization for Security and Cooperation (OSCE/ODIHR) praised the vote.",
    "The party (Fianna Green/Labour) lost two seats.",
    "The Office for Project Services (Ana Reyes/UNOPS) repaired the road.",
    "The trust (N/A) gave no figures.",
    "The senator (R/Utah) voted no.",
    "Oil flows from Basra (via Ceyhan) to Trieste.",
    "He sold the bank (Credit Suisse) in March.",
    "The film (Picture House) opens in May.",
    "The plane (a Boeing 737/800) landed safely.",
    "Employers and/or unions may appeal.",
    "He flew to Oslo via Copenhagen.",
    "Photographs of the flood went around the world.",
    "Photo evidence was shown to the jury.",
    "Credit is short in the countryside.",
    "Images from the harbour show two ships.",
]
"""Sentences with the brackets, slashes and words that credits have, too."""

LINES = [
    "N/A",
    "AC/DC",
    "TV/Radio",
    "And/Or",
    "May/June",
    "Israel/Gaza",
    "12/03/2024",
    "Friday, 3 May 2024",
    "By Ana Reyes",
    "By Ana Reyes and Tom Reed",
    "Ana Reyes",
    "What Happens Next",
    "Human Rights Concerns",
    "Credit Suisse Shares Fall",
    "Image Comics Founder Dies",
    "Oil Exports Resume via Turkey",
    "Trump/Putin Summit Ends",
    "***",
    "—",
    "/",
    "//",
    "()",
    "(/)",
    "“Yes/no?”",
    "- A First Point",
    "https://news.example/a/b",
]
"""Lines of their own that are no credits: headings, bylines, dates, rules."""


@pytest.mark.parametrize("line", PROSE + LINES)
def test_prose_and_headings_stay_body(line: str) -> None:
    assert within(line) == []


@pytest.mark.parametrize("line", PROSE + LINES)
def test_prose_and_headings_stay_body_in_an_article_with_pictures(line: str) -> None:
    assert [words for _, words in within(f"A man wades.\nJoana Lima/Reuters\n\n{ABOVE}\n\n{line}")] == [
        "A man wades.",
        "Joana Lima/Reuters",
    ]


@pytest.mark.parametrize("line", ["What Happens Next", "Human Rights Concerns", "By Ana Reyes", "Ana Reyes", "N/A"])
def test_a_heading_right_below_a_paragraph_makes_no_caption_of_it(line: str) -> None:
    text = f"A man wades.\nJoana Lima/Reuters\n\n{BELOW}\n{ABOVE}\n{line}\n{BELOW}"
    assert [words for _, words in found(text)] == ["A man wades.", "Joana Lima/Reuters"]


def test_a_poem_stays_body() -> None:
    assert within("The river runs.\nThe Cold River\nRuns to the sea.\nTo the Sea") == []


def test_a_dialogue_stays_body() -> None:
    assert within("“Where are they?”\n“Gone.”\n“Gone Where?”\nNobody spoke.") == []


def test_reporters_named_right_below_the_last_paragraph_make_no_caption_of_it() -> None:
    text = f"{ABOVE}\n{BELOW}\nReporting by Ana Reyes; Editing by Tom Reed"
    assert found(text) == [(CREDIT, "Reporting by Ana Reyes; Editing by Tom Reed")]


# ---------------------------------------------------------------- agencies and chrome


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("With reporting by AP and Reuters", CREDIT),
        ("Additional reporting by Ana Reyes", CREDIT),
        ("Reporting by Ana Reyes in Porto; Editing by Tom Reed", CREDIT),
        ("With contributions from Tom Reed", CREDIT),
        ("(Edited by Tom Reed)", CREDIT),
        ("Written by Ana Reyes", CREDIT),
        ("This story was translated from the Portuguese.", CREDIT),
        ("WATCH: A bridge falls into the river.", TEASER),
        ("Video: How the dam broke", TEASER),
        ("Listen now: The flood podcast", TEASER),
        ("Watch our report on the flood.", TEASER),
        ("Read more: Dam was never inspected", BOILERPLATE),
        ("Related: Dam was never inspected", BOILERPLATE),
        ("READ MORE", BOILERPLATE),
        ("Sign up for our newsletter.", BOILERPLATE),
        ("Subscribe to The Valley Post", BOILERPLATE),
        ("Register now to go on reading", BOILERPLATE),
        ("Log in", BOILERPLATE),
        ("Donate", BOILERPLATE),
        ("Donate today", BOILERPLATE),
        ("Follow us on Facebook", BOILERPLATE),
        ("Follow @valleypost on X", BOILERPLATE),
        ("Follow the Valley Post on Telegram.", BOILERPLATE),
        ("Get our free app", BOILERPLATE),
        ("Download the Valley Post app", BOILERPLATE),
        ("Click here to read on", BOILERPLATE),
        ("Advertisement", BOILERPLATE),
        ("Story continues below", BOILERPLATE),
        ("Share this article", BOILERPLATE),
        ("Copyright 2024 The Valley Post", BOILERPLATE),
        ("© The Valley Post", BOILERPLATE),
        ("All rights reserved.", BOILERPLATE),
        ("We use cookies to improve this site.", BOILERPLATE),
        ("Privacy Policy", BOILERPLATE),
        ("Published 3 May 2024", BOILERPLATE),
        ("Last updated on Friday, 3 May", BOILERPLATE),
        ("Updated: May 3, 2024", BOILERPLATE),
        ("Image source,", BOILERPLATE),
    ],
)
def test_what_a_site_sets_around_an_article_is_marked(line: str, kind: ZoneKind) -> None:
    assert within(line) == [(kind, line)]


@pytest.mark.parametrize(
    "heading",
    ["Read more world news:", "More from The Valley Post", "Related stories", "Most read", "You may also like", "Trending", "Don't miss"],
)
def test_headlines_of_other_stories_end_where_sentences_begin_again(heading: str) -> None:
    lines = [heading, "Dam was never inspected", "Mayor ‘sorry’ for delay", "Ten dead in storm"]
    text = "\n".join([ABOVE, *lines, BELOW])
    assert found(text) == [(BOILERPLATE, line) for line in lines]


@pytest.mark.parametrize(
    "line",
    [
        "Watching the river, farmers moved their cattle.",
        "Live music returned to the square on Friday.",
        "Video of the crash was shown in court.",
        "Related charges were dropped on Friday.",
        "Recommended doses were exceeded, the inquest heard.",
        "More about the plan will be known on Friday.",
        "Most read the report in silence.",
        "Register offices across England closed on Monday, officials said.",
        "Sign language was used at the trial.",
        "Donate or not, he said, the church stays open.",
        "Subscribers left in their thousands, the newspaper said.",
        "Like the mayor on Tuesday, the governor said taxes would rise.",
        "Follow the money on its way to Malta and you find three banks.",
        "Copyright law must change, the minister said.",
        "Privacy policy experts told the court that the firm broke the law.",
        "Terms of service at the hospital were changed, nurses said.",
        "Cookie policy was the least of its worries, the bakery said.",
        "Updated marketing rules will apply from May, the ministry said.",
        "Published material was seized, police said.",
        "Posted soldiers guard the dam.",
        "Writing by hand helps children, a study says.",
        "Reporting from the front is dangerous, the union said.",
        "Editing by committee ruined the film, he said.",
        "Contributions from abroad fell by a third, the bank said.",
        "Edited by hand, the film was shown in court.",
        "Written by Shakespeare in 1606, the play opens on Friday. Tickets cost ten pounds.",
        "Get the picture?",
        "Share prices fell, and so did the pound.",
        "Accept this or leave, the coach told them.",
    ],
)
def test_a_sentence_that_begins_as_chrome_does_is_kept(line: str) -> None:
    assert within(line) == []


# ---------------------------------------------------------------- for every text


NEWS_LINES = st.sampled_from(
    [
        *PROSE,
        *LINES,
        ABOVE,
        BELOW,
        "Joana Lima/Reuters",
        "A man wades. (AP Photo/Joana Lima)",
        "Terra Imaging",
        "Read more:",
        "Ten dead in storm",
    ]
    + ["WATCH: A bridge falls.", "Reporting by Ana Reyes", "Photo: Joana Lima", "(Photo: A B)(Photo: C D)", "", " ", "\t", "\u2003", "\x1c"]
)
ARTICLES = st.builds("".join, st.lists(st.tuples(NEWS_LINES | st.text(max_size=40), st.sampled_from(["\n", "\n\n", "\r\n"])).map("".join)))


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(["", "date 2019-05-06 ", "\ufeff"]), ARTICLES)
def test_zones_lie_inside_the_text_in_order_without_overlap_and_hold_words(start: str, body: str) -> None:
    text = start + body
    spans = [zone.span for zone in zones(text)]
    assert spans == sorted(spans)
    assert all(left.end <= right.start for left, right in zip(spans, spans[1:], strict=False))
    assert all(span.end <= len(text) and span.of(text).strip() for span in spans)


@settings(max_examples=100, deadline=None)
@given(ARTICLES)
def test_only_a_header_begins_or_ends_in_white_space(text: str) -> None:
    assert all(words == words.strip() for _, words in found(text))


@settings(max_examples=100, deadline=None)
@given(ARTICLES)
def test_no_zone_but_the_header_runs_over_a_line(text: str) -> None:
    assert not any("\n" in words for _, words in found(text))


@settings(max_examples=50, deadline=None)
@given(ARTICLES)
def test_a_date_line_before_an_article_only_shifts_its_zones(text: str) -> None:
    before = "date 2019-05-06\n"
    moved = [zone for zone in zones(before + text) if zone.kind is not HEADER]
    assert [(zone.kind, Span(zone.span.start - len(before), zone.span.end - len(before))) for zone in moved] == [
        (zone.kind, zone.span) for zone in zones(text)
    ]


NASTY = {
    "capitals": "A" * 100_000,
    "capital-words": "Ab " * 50_000,
    "opening-brackets": "(" * 100_000,
    "brackets": "(Ab/Cd) " * 15_000,
    "open-brackets-with-words": "(Ab Cd " * 15_000,
    "slashes": "/" * 100_000,
    "slashed-names": "Ab/" * 40_000,
    "spaces": " " * 100_000 + "x",
    "only-spaces": " " * 100_000,
    "spaces-inside": "Read more" + " " * 100_000 + "x",
    "tabs-and-lines": "\t\n" * 50_000,
    "stops": "." * 100_000 + "x",
    "stops-and-quotes": ".'" * 50_000 + "x",
    "quotes-after-a-stop": "." + "'" * 100_000 + "x",
    "stops-and-spaces": ". " * 50_000 + "x",
    "a-stop-and-spaces": "." + " " * 100_000 + "x",
    "chrome": "Read more\n" * 12_000,
    "credits": "Ana Reyes/Reuters\n" * 6_000,
    "one-megabyte-line": "The river rose (again), the council said. " * 24_000,
    "one-megabyte-of-lines": "The river rose (again), the council said.\n" * 24_000,
    "lines-of-one-letter": "A\n" * 100_000,
    "sign-up": "Sign up " * 12_000,
    "follow-the": "Follow the " * 10_000,
    "via": "Ab via " * 15_000,
}


@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY)
def test_no_text_takes_for_ever(text: str) -> None:
    start = time.process_time()
    zones(text)
    zones("date 2019-05-06 Read more:\n" + text)
    assert time.process_time() - start < 6
