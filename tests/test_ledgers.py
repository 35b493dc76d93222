"""Claims side by side: a growing count is told from a disputed one, an accusation from its denial, one quotation from two."""

from itertools import permutations
from pathlib import Path

import pytest
from conftest import EVERY_CLASS

from kg.annotate import annotate, meaning
from kg.corpus.zones import header_date, zones
from kg.extract import extract
from kg.gazetteer import Gazetteer
from kg.graph import Graph
from kg.ledgers import Finding, Kind, Ledgers, ledgers
from kg.records import Collection, Document, Extraction, TimeKind
from kg.resolve import resolve

pytestmark = pytest.mark.model

MONDAY, TUESDAY = "2023-05-01", "2023-05-02"
FEW = "Some 4,850 people have fled from Sudan to Chad, the government of Chad said.\n"
MORE = "By Monday, 78,300 people had fled from Sudan to Chad, Ana Reyes said.\n"
MOST = "A total of 84,770 people had fled from Sudan to Chad as of Tuesday, Tom Lund said.\n"


def article(gazetteer: Gazetteer, text: str, date: str | None = None) -> Extraction:
    document = Document(f"{date} {text[:30]}", text, date=date or header_date(text), zones=zones(text))
    (_, doc), *_ = annotate([document])
    return extract(document, doc, gazetteer, classes=EVERY_CLASS)


def collected(gazetteer: Gazetteer, *articles: tuple[str, str | None]) -> Collection:
    return resolve([article(gazetteer, text, date) for text, date in articles], gazetteer)


def book(gazetteer: Gazetteer, *articles: tuple[str, str | None]) -> Ledgers:
    return ledgers(collected(gazetteer, *articles), meaning)


def told(found: Ledgers, *kinds: Kind) -> list[str]:
    """The notes of the findings of some kinds."""
    return [finding.note for finding in found.findings if finding.kind in kinds]


def kinds(found: Ledgers) -> list[Kind]:
    return [finding.kind for finding in found.findings]


# ---------------------------------------------------------------- figures


def test_a_growing_count_is_one_ledger_of_updates(gazetteer: Gazetteer) -> None:
    found = book(gazetteer, (FEW, "2023-04-30"), (MORE, MONDAY), (MOST, TUESDAY))
    (quantity,) = found.quantities
    assert (quantity.label, quantity.cumulative) == ("people who fled from Sudan to Chad", True)
    assert kinds(found) == [Kind.UPDATE, Kind.UPDATE]
    assert [note.partition(": ")[2] for note in sorted(told(found, Kind.UPDATE))] == [
        "78,300 (Ana Reyes, 2023-05-01), then 84,770 (Tom Lund, 2023-05-02)",
        "some 4,850 (Government of Chad, 2023-04-30), then 78,300 (Ana Reyes, 2023-05-01)",
    ]


def test_a_growing_count_without_any_date_is_ordered_by_its_numbers(gazetteer: Gazetteer) -> None:
    found = book(gazetteer, (FEW, None), (MORE, MONDAY))
    assert [finding.rule for finding in found.findings] == ["it can only grow; no time is told"]


def test_a_count_that_cannot_shrink_and_did_is_a_conflict(gazetteer: Gazetteer) -> None:
    found = book(gazetteer, (MORE.replace("By Monday, ", ""), MONDAY), (FEW, "2023-05-09"))
    assert [(f.kind, f.rule) for f in found.findings] == [(Kind.CONFLICT, "a count that can only grow was higher before")]


def test_two_counts_of_one_day_by_two_voices_are_a_conflict(gazetteer: Gazetteer) -> None:
    found = book(gazetteer, (MORE.replace("By Monday, ", ""), MONDAY), (MOST.replace(" as of Tuesday", ""), MONDAY))
    assert [(f.kind, f.rule) for f in found.findings] == [(Kind.CONFLICT, "two counts of one day")]


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ("Some 50,000 people live in Chad", "about 120,000 people live in Chad", Kind.CONFLICT),
        ("About 110,000 people live in Chad", "120,000 people live in Chad", Kind.AGREEMENT),
        ("More than 50,000 people live in Chad", "120,000 people live in Chad", Kind.AGREEMENT),
        ("At least 130,000 people live in Chad", "120,000 people live in Chad", Kind.CONFLICT),
        ("120,000 people live in Chad", "120,000 people live in Chad", Kind.AGREEMENT),
    ],
)
def test_a_disputed_number_is_told_from_two_that_can_both_hold(gazetteer: Gazetteer, one: str, other: str, kind: Kind) -> None:
    found = book(gazetteer, (f"{one}, Ana Reyes said.\n", MONDAY), (f"Tom Lund said that {other}.\n", MONDAY))
    assert kinds(found) == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "Tens of thousands of people have fled from Sudan to Chad, Ana Reyes said.\n",
        "At least 9 people were killed, Ana Reyes said.\n",
        "Some 300,000 people could flee from Sudan to Chad, Ana Reyes said.\n",
        "Some 300,000 people are expected to flee from Sudan to Chad, Ana Reyes said.\n",
        "Another 9,000 people have fled from Sudan to Chad, Ana Reyes said.\n",
        "Some 9,000 more people have fled from Sudan to Chad, Ana Reyes said.\n",
    ],
)
def test_what_is_vague_possible_or_only_a_part_or_happened_nowhere_is_set_against_nothing(gazetteer: Gazetteer, text: str) -> None:
    assert kinds(book(gazetteer, (text, MONDAY), (MOST, TUESDAY), ("Some 30 people were killed, Tom Lund said.\n", TUESDAY))) == []


def test_counts_of_other_places_are_other_quantities(gazetteer: Gazetteer) -> None:
    found = book(gazetteer, (FEW, MONDAY), (MOST.replace("Chad", "Egypt"), TUESDAY))
    assert len(found.quantities) == 2
    assert kinds(found) == []


@pytest.mark.parametrize(
    ("share", "kind"), [("more than two-thirds", Kind.SHARE_FITS), ("90 percent", Kind.SHARE_DIFFERS), ("some 70 percent", Kind.SHARE_FITS)]
)
def test_a_share_is_checked_against_its_base(gazetteer: Gazetteer, share: str, kind: Kind) -> None:
    text = f"Ana Reyes said that 84,770 people had entered Chad, amounting to {share} of the region's 120,000 inhabitants.\n"
    assert kinds(book(gazetteer, (text, MONDAY))) == [kind]


# ---------------------------------------------------------------- accusations

CHARGE = "Prime Minister Ana Reyes of Chad accused Sudan of ethnic cleansing.\n"


@pytest.mark.parametrize(
    ("rest", "kind"),
    [
        ("Sudan denied the accusations of ethnic cleansing.\n", Kind.DENIAL),
        ("Sudan said that the road was open.\n", Kind.NO_ANSWER),
        ("It rained.\n", Kind.NOT_HEARD),
    ],
)
def test_an_accusation_is_set_beside_its_denial_or_the_lack_of_one(gazetteer: Gazetteer, rest: str, kind: Kind) -> None:
    assert kinds(book(gazetteer, (CHARGE + "\n" + rest, MONDAY))) == [kind]


def test_a_denial_in_another_article_is_found_by_its_words(gazetteer: Gazetteer) -> None:
    found = book(
        gazetteer, (CHARGE, MONDAY), ("Sudan denied any ethnic cleansing.\n", TUESDAY), ("Sudan denied that it was late.\n", TUESDAY)
    )
    assert [f.kind for f in found.findings] == [Kind.DENIAL]


# ---------------------------------------------------------------- quotations


def quoted(words: str) -> str:
    return f"“{words},” Prime Minister Ana Reyes said on Monday.\n"


@pytest.mark.parametrize(
    ("other", "kind"),
    [
        ("The bridge over the river will be open before winter", [Kind.SAME_WORDS]),
        ("The bridge over the river will be open", [Kind.SAME_WORDS]),
        ("The river bridge will be opened before this winter comes", [Kind.REWORDED]),
        ("Farmers in the valley have lost their whole harvest", []),
    ],
)
def test_one_quotation_in_two_articles_is_found_verbatim_or_reworded(gazetteer: Gazetteer, other: str, kind: list[Kind]) -> None:
    again = f"It rained.\n\n{quoted(other)}"
    found = book(gazetteer, (quoted("The bridge over the river will be open before winter"), MONDAY), (again, TUESDAY))
    assert kinds(found) == kind


def test_what_differs_between_two_tellings_is_told(gazetteer: Gazetteer) -> None:
    one, other = "The bridge over the river will be open before winter", "The bridge over the river will be closed before winter"
    found = book(gazetteer, (quoted(one), MONDAY), (quoted(other), TUESDAY))
    (note,) = told(found, Kind.SAME_WORDS, Kind.REWORDED)
    assert note in ("-open- +closed+", "-closed- +open+")


def test_two_people_who_say_the_same_are_not_one_quotation(gazetteer: Gazetteer) -> None:
    words = "The bridge over the river will be open before winter"
    assert kinds(book(gazetteer, (quoted(words), MONDAY), (quoted(words).replace("Ana Reyes", "Tom Lund"), TUESDAY))) == []


# ---------------------------------------------------------------- whole


def test_the_order_of_the_articles_changes_nothing(gazetteer: Gazetteer) -> None:
    articles = [(FEW, "2023-04-30"), (MORE, MONDAY), (MOST, TUESDAY), (CHARGE, MONDAY)]
    read = [article(gazetteer, text, date) for text, date in articles]
    books = [ledgers(resolve(order, gazetteer), meaning) for order in permutations(read)]
    assert all(other == books[0] for other in books)


def test_evidence_points_at_what_it_rests_on(gazetteer: Gazetteer) -> None:
    collection = collected(gazetteer, (FEW, "2023-04-30"), (MORE, MONDAY))
    (finding,) = ledgers(collection).findings
    assert isinstance(finding, Finding)
    by_key = {extraction.document.key: extraction for extraction in collection.extractions}
    figures = [by_key[at.document].figures[at.number].value for at in finding.evidence]
    assert figures == [78300, 4850], "the later first"


def test_the_seeds_show_one_growing_count_and_one_dispute(seeds: tuple[Path, object]) -> None:
    ask = """SELECT ?finding ?lower ?higher WHERE {{
        ?inference kg:finding ?finding ; schema:about/rdfs:label ?quantity . FILTER (STRSTARTS(?quantity, "{}"))
        ?inference prov:used ?a, ?b . ?a {} ?b . ?a schema:value ?higher . ?b schema:value ?lower }} ORDER BY ?lower ?higher"""
    with Graph(seeds[0]) as graph:
        grown = graph.query(ask.format("people who fled", "kg:updates"))
        disputed = graph.query(ask.format("people living", "kg:conflictsWith"))
    assert [[cell.text for cell in row[1:]] for row in grown.rows] == [["4850", "78300"], ["78300", "84770"]]
    assert {tuple(cell.text for cell in row[1:]) for row in disputed.rows} == {("50000", "110000"), ("50000", "120000")}


# ---------------------------------------------------------------- years

FLEEING = "Ana Reyes, Tom Lund and Eva Brandt met in Paris and Berlin. {}, people fled from Sudan to Chad, Reyes said.\n"


@pytest.mark.parametrize(
    ("dates", "day", "value"),
    [
        ((MONDAY,), "On April 29", "2023-04-29"),
        ((MONDAY, "2023-05-09"), "On April 29", "2023-04-29"),
        ((MONDAY, "2021-05-09"), "On April 29", "XXXX-04-29"),
        ((), "On April 29", "XXXX-04-29"),
        ((MONDAY,), "On November 29", "XXXX-11-29"),
    ],
)
def test_dated_articles_of_the_same_matter_tell_the_year_where_they_agree(
    gazetteer: Gazetteer, dates: tuple[str, ...], day: str, value: str
) -> None:
    others = [(FLEEING.format("Since") + f"It was {date}.", date) for date in dates]
    collection = collected(gazetteer, (FLEEING.format(day), None), *others)
    (undated,) = [extraction for extraction in collection.extractions if extraction.document.date is None]
    (time,) = [time for time in undated.times if time.kind is TimeKind.DAY]
    assert (time.value, time.basis) == (value, "" if value.startswith("XXXX") else "collection")


def test_articles_of_another_matter_tell_no_year(gazetteer: Gazetteer) -> None:
    other = ("Olaf Berg and Ida Moe spoke in Oslo about salmon on Monday.\n", MONDAY)
    collection = collected(gazetteer, (FLEEING.format("On April 29"), None), other)
    (undated,) = [extraction for extraction in collection.extractions if extraction.document.date is None]
    assert [time.value for time in undated.times] == ["XXXX-04-29"]
