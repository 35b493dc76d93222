"""Figures: an editor must get each number with what it counts, who claims it, as of when and of what, and no number that counts nothing."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest
from conftest import ROOT
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.annotate import annotate
from kg.corpus.zones import header_date, zones
from kg.extract import extract
from kg.extract.figures import figures
from kg.extract.quantities import Quantity, quantity, sorts
from kg.extract.times import times
from kg.extract.voices import Talk
from kg.gazetteer import Gazetteer
from kg.records import Document, Extraction, Figure, Time

pytestmark = pytest.mark.model


class Told(NamedTuple):
    """What was read from a text."""

    text: str
    extraction: Extraction
    times: Sequence[Time]
    figures: Sequence[Figure]

    @property
    def words(self) -> list[str]:
        return [figure.span.of(self.text) for figure in self.figures]

    def claimant(self, figure: Figure) -> str | None:
        """The name behind a figure; ``None`` for the article's own voice."""
        if figure.statement is None:
            return None
        speaker = self.extraction.statements[figure.statement].speaker
        assert speaker is not None
        return self.extraction.chains[speaker.chain].name if speaker.chain is not None else speaker.government or speaker.unnamed

    def places(self, figure: Figure) -> list[tuple[str, str]]:
        return [(relation, self.extraction.chains[chain].name) for relation, chain in figure.places]

    def as_of(self, figure: Figure) -> str | None:
        return None if figure.as_of is None else self.times[figure.as_of].span.of(self.text)

    def quantity(self, figure: Figure) -> Quantity | None:
        return quantity(figure, self.extraction.chains)


Teller = Callable[[str], Told]


@pytest.fixture(scope="session")
def tell(gazetteer: Gazetteer) -> Teller:
    """What the figures of a text are."""

    def teller(text: str) -> Told:
        document = Document("test", text, date=header_date(text), zones=zones(text))
        (_, doc), *_ = annotate([document])
        extraction = extract(document, doc, gazetteer)
        found = times(document, doc)
        talk = Talk.of(document, doc, extraction.mentions, extraction.chains, gazetteer)
        return Told(text, extraction, found, figures(talk, extraction.statements, found))

    return teller


# ---------------------------------------------------------------- what is counted


@pytest.mark.parametrize(
    ("text", "value", "unit", "modifier"),
    [
        ("The storm killed 31 people in Haiti.", 31, "people", "exact"),
        ("The storm destroyed more than 1,200 homes.", 1200, "home", "more than"),
        ("Some 400 farmers marched to the capital.", 400, "people", "some"),
        ("About 900 ethnic Serbs left the town.", 900, "people", "about"),
        ("At least 20,000 Kurds crossed the border.", 20000, "people", "at least"),
        ("Two bridges were destroyed.", 2, "bridge", "exact"),
        ("Four soldiers were wounded near the border.", 4, "people", "exact"),
        ("Unemployment rose to 7.5 percent.", 7.5, "percent", "exact"),
        ("The bank was fined $185 million.", 185e6, "USD", "exact"),
        ("The ministry set aside £2.3bn for roads.", 2.3e9, "GBP", "exact"),
        ("The camp has a population of 41,000.", 41000, "people", "exact"),
        ("The death toll rose to 312.", 312, "people", "exact"),
        ("The blast killed at least 20 in the market.", 20, "people", "at least"),
        ("A 1,000-strong crowd gathered at the gates.", 1000, "people", "exact"),
        ("A 12-member jury heard the case.", 12, "people", "exact"),
        ("The pipeline runs about 300 kilometers.", 300, "kilometer", "about"),
        ("The plant makes 40 aircraft.", 40, "aircraft", "exact"),
        ("Of the 500 firms, 130 of which are in Oslo, few replied.", 500, "firm", "exact"),
        ("Nearly half were women.", 50, "percent", "nearly"),
        ("More than a million visas were awarded.", 1e6, "visa", "more than"),
    ],
)
def test_a_figure_has_its_value_its_unit_and_its_caution(tell: Teller, text: str, value: float, unit: str, modifier: str) -> None:
    found = tell(text).figures[0]
    assert (found.value, found.unit, found.modifier) == (pytest.approx(value), unit, modifier)


def test_a_vague_count_keeps_its_lower_bound_alone(tell: Teller) -> None:
    (found,) = tell("Tens of thousands of people fled the city.").figures
    assert (found.value, found.low, found.high, found.unit, found.noun, found.verb) == (None, 20000, None, "people", "people", "flee")


def test_both_counts_of_a_pair_have_the_verb(tell: Teller) -> None:
    found = tell("The army acted after four soldiers and two civilians were killed in Mali.").figures
    assert [(figure.value, figure.noun, figure.verb) for figure in found] == [(4, "soldier", "kill"), (2, "civilian", "kill")]


def test_what_is_counted_is_told_in_the_words_of_the_text_without_the_number(tell: Teller) -> None:
    told = tell("A total of 3,100 people had entered Jordan from Syria as of Monday.")
    assert [span.of(told.text) for span in told.figures[0].what] == ["people had entered Jordan from Syria"]


# ---------------------------------------------------------------- what is left out


@pytest.mark.parametrize(
    "text",
    [
        "Sasha, 84, a retired teacher, arrived on a bus.",
        "An 84-year-old man arrived on a bus.",
        "The boy, aged 12, arrived on a bus.",
        "She was born in 1952 and left in the 1990s.",
        "The war began on March 3, 2014, and ended 10 days later.",
        "The meeting began at 6 a.m. and lasted three hours.",
        "See page 4 of the report and Article 51 of the charter.",
        "The crash closed Route 66 and delayed Flight 370.",
        "He bought an iPhone 4 and flew on a Boeing 737.",
        "The team won 3-1 at home.",
        "Leaders of the G7 spoke of Covid-19 and of 9/11.",
        "The study of Fortune 500 companies came out.",
        "The two men met on Monday.",
        "Two officials said the road was open.",
        "The countries fought two wars over the valley.",
        "There is only one road to the coast.",
        "She is one of the authors.",
        "No one was hurt.",
        "The 2012 Olympics cost a lot.",
        "Call 555-1234 for help.",
        "The mother of seven waited.",
        "1. Open the door.\n2. Close the door.",
    ],
)
def test_a_number_that_counts_nothing_is_no_figure(tell: Teller, text: str) -> None:
    assert tell(text).words == []


@pytest.mark.parametrize(
    "text",
    [
        " date 2023-09-28 The road was open.",
        "Refugees wait at a camp. (AP Photo/Ana Reyes 300)",
        "The road was open.\n\nRead more:\n500 homes burn in coastal town",
    ],
)
def test_numbers_of_headers_credits_and_chrome_are_no_figures(tell: Teller, text: str) -> None:
    assert tell(text).words == []


def test_a_preposition_is_no_caution(tell: Teller) -> None:
    (found,) = tell("He made a comment about 47 percent of voters.").figures
    assert found.modifier == "exact"


# ---------------------------------------------------------------- who claims it, as of when, of what


def test_who_claims_a_figure_is_the_speaker_of_the_innermost_statement(tell: Teller) -> None:
    told = tell(
        "Ana Reyes said the storm killed 31 people. At least 40 homes were destroyed. The mayor, Luis Diaz, said 12 roads were closed."
    )
    assert [(figure.value, told.claimant(figure)) for figure in told.figures] == [(31, "Ana Reyes"), (40, None), (12, "Luis Diaz")]


def test_a_nested_statement_claims_before_its_reporter(tell: Teller) -> None:
    told = tell("Ana Reyes noted that aid chief Samantha Cole announced a $5 million grant.")
    assert [told.claimant(figure) for figure in told.figures] == ["Samantha Cole"]


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("As of Monday, 3,100 people had entered Jordan.", "Monday"),
        ("A total of 3,100 people had entered Jordan as of 6 a.m. local time on September 29.", "6 a.m. local time on September 29"),
        ("By Thursday evening, over 3,100 people had left for Jordan.", "Thursday evening"),
        ("The death toll rose to 312 on Monday.", "Monday"),
        ("The prison population stood at 200,000 in 1972.", "1972"),
        ("At least 31 people were killed on Monday.", None),
        ("More than 6,000 people died in 2020.", None),
        ("The United States has provided $23 million since 2020.", None),
        ("The storm killed 31 people, said Ana Reyes on Monday.", None),
    ],
)
def test_as_of_is_when_the_count_holds_and_not_when_the_thing_happened(tell: Teller, text: str, when: str | None) -> None:
    told = tell(text)
    found = told.as_of(told.figures[0])
    assert found is None if when is None else found is not None and when in found


@pytest.mark.parametrize(
    ("text", "share", "base"),
    [
        ("More than two-thirds of the region's estimated 120,000 inhabitants left.", 0, 1),
        ("More than 65% of the population of 120,000 left.", 0, 1),
        ("Half of the 300 detainees were freed.", 0, 1),
        ("About 40 percent of voters stayed at home, and 300 ballots were lost.", 0, None),
    ],
)
def test_a_share_is_tied_to_what_it_is_a_share_of(tell: Teller, text: str, share: int, base: int | None) -> None:
    assert tell(text).figures[share].base == base


def test_a_share_that_a_count_amounts_to_holds_as_of_the_same_time(tell: Teller) -> None:
    told = tell("As of Monday, 84,000 people had entered Jordan, amounting to two-thirds of the estimated 120,000 inhabitants.")
    assert [told.as_of(figure) for figure in told.figures][1:] == [told.as_of(told.figures[0]), None]


def test_the_number_stands_for_the_count_before_it(tell: Teller) -> None:
    told = tell("Ana Reyes said 500 people were affected. Luis Diaz put the actual number at around 900.")
    assert [(figure.value, figure.unit, figure.verb) for figure in told.figures] == [(500, "people", "affect"), (900, "people", "affect")]


# ---------------------------------------------------------------- what is measured

ARRIVALS = [
    "A total of 84,770 people had entered Armenia from Nagorno-Karabakh.",
    "More than 60,000 have fled Nagorno-Karabakh for Armenia.",
    "Some 50,000 residents left Nagorno-Karabakh for Armenia.",
    "At least 4,850 ethnic Armenians have fled the territory of Nagorno-Karabakh. The exodus to Armenia goes on.",
    "Ethnic Armenians flee Nagorno-Karabakh. By Thursday, over 78,300 people had left for Armenia.",
    "Nearly 90,000 refugees have crossed from Nagorno-Karabakh into Armenia.",
]


@pytest.mark.parametrize("text", ARRIVALS)
def test_arrivals_are_one_growing_count_however_they_are_told(tell: Teller, text: str) -> None:
    told = tell(text)
    found = told.quantity(told.figures[0])
    assert found is not None and found.sort.cumulative
    names = [chain.name for chain in told.extraction.chains]
    assert found.key(names) == "displacement|people|people|from=Nagorno-Karabakh|to=Armenia"
    assert found.label == "people who fled from Nagorno-Karabakh to Armenia"


INHABITANTS = [
    "Nagorno-Karabakh is home to 120,000 ethnic Armenians.",
    "Nagorno-Karabakh has a population of 120,000.",
    "Nagorno-Karabakh lies in the mountains. It is a region, and the region's estimated 120,000 inhabitants speak Armenian.",
    "Some 120,000 people live in Nagorno-Karabakh.",
    "Nagorno-Karabakh is inhabited by 120,000 ethnic Armenians.",
    "The war went on in Nagorno-Karabakh. The 120,000 Armenians who call the region home were afraid.",
]


@pytest.mark.parametrize("text", INHABITANTS)
def test_inhabitants_are_one_count_that_can_fall(tell: Teller, text: str) -> None:
    told = tell(text)
    found = told.quantity(told.figures[0])
    assert found is not None and not found.sort.cumulative
    assert found.key([chain.name for chain in told.extraction.chains]) == "inhabitants|people|people|in=Nagorno-Karabakh"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The storm killed 31 people in Haiti.", "The storm injured 31 people in Haiti."),
        ("The storm killed 31 people in Haiti.", "The storm killed 31 people in Cuba."),
        ("The raid killed 31 soldiers in Mali.", "The raid killed 31 children in Mali."),
        ("Some 300 people fled from Syria to Jordan.", "Some 300 people fled from Jordan to Syria."),
        ("Some 300 people fled from Syria.", "Some 30 percent of people fled from Syria."),
    ],
)
def test_different_things_are_not_one_quantity(tell: Teller, one: str, other: str) -> None:
    keys = []
    for told in (tell(one), tell(other)):
        found = told.quantity(told.figures[0])
        assert found is not None
        keys.append(found.key([chain.name for chain in told.extraction.chains]))
    assert keys[0] != keys[1]


def test_a_figure_without_a_known_kind_of_event_measures_nothing_that_could_be_found_again(tell: Teller) -> None:
    told = tell("The office counted 31 umbrellas.")
    assert told.quantity(told.figures[0]) is None


def test_every_word_of_the_table_belongs_to_a_class_that_is_told() -> None:
    table = (ROOT / "kg" / "extract" / "quantities.tsv").read_text("utf-8").splitlines()
    named = {line.split("\t")[1] for line in table if line.startswith(("verb\t", "noun\t"))}
    assert named <= set(sorts())


SEEDS = ["000_2541abd937358670", "001_59d2dc9ad17c7b01", "002_debeb84b39588bc0", "003_8420ed930d41a858", "004_ab0b9821bf3e57c1"]


@pytest.mark.parametrize(
    ("key", "values"),
    [
        ("displacement|people|people|from=Nagorno-Karabakh|to=Armenia", {4850, 78300, 84770}),
        ("inhabitants|people|people|in=Nagorno-Karabakh", {120000}),
        ("affected|people|people|in=Nagorno-Karabakh", {50000, 110000}),
    ],
)
def test_figures_of_one_quantity_meet_across_the_seeds(tell: Teller, key: str, values: set[float]) -> None:
    read = [tell((ROOT / "seeds" / f"{name}.txt").read_text("utf-8")) for name in SEEDS]
    found = [(told.quantity(f), f, [chain.name for chain in told.extraction.chains]) for told in read for f in told.figures]
    assert {f.value for what, f, names in found if what is not None and f.value is not None and what.key(names) == key} == values


def test_inhabitants_without_a_place_are_those_counted_before(tell: Teller) -> None:
    told = tell("More than half the population of Nagorno-Karabakh has fled. Over 65% of the population of 120,000 have left for Armenia.")
    assert told.words == ["half", "65%", "120,000"]
    assert told.places(told.figures[2]) == [("of", "Nagorno-Karabakh")]


def test_those_affected_are_some_of_those_who_live_there() -> None:
    assert sorts()["affected"].broader == "inhabitants"


# ---------------------------------------------------------------- gold, and any text

GOLD = ["000_2541abd937358670", "001_59d2dc9ad17c7b01"]


@pytest.mark.parametrize("name", GOLD)
def test_every_figure_of_the_gold_articles_is_found_with_what_it_says(tell: Teller, shared: Path, name: str) -> None:
    row = json.loads((shared / "gold" / f"{name}.json").read_text("utf-8"))
    told = tell(row["text"])
    found = {(figure.span.start, figure.span.end): figure for figure in told.figures if figure.value is not None}
    rows = [(*wanted["span"], wanted["value"], wanted["unit"], wanted["modifier"], wanted["claimant"]) for wanted in row["figures"]]
    assert sorted(rows) == sorted((*span, f.value, f.unit, f.modifier, told.claimant(f)) for span, f in found.items())
    dated = [wanted["span"][0] for wanted in row["figures"] if wanted["as_of"]]
    assert dated == [figure.span.start for figure in told.figures if figure.as_of is not None]


PIECES = st.sampled_from(
    """31 people were killed in Haiti , . said Ana Reyes of the 2012 half two-thirds $5 million more than at least and from to Armenia by
    Monday as-of who fled ( ) \n page 4 - number toll rose to dozens""".split(" ")
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.lists(PIECES, max_size=40).map(" ".join), st.text(max_size=80)))
def test_any_text_gives_figures_in_order_that_slice_it(tell: Teller, text: str) -> None:
    told = tell(text)
    assert all(one.span.end <= other.span.start for one, other in zip(told.figures, told.figures[1:], strict=False))
    assert all(span.of(text).strip() for figure in told.figures for span in (figure.span, *figure.what))
    assert all(figure.base is None or figure.base < len(told.figures) for figure in told.figures)
    assert all(figure.unit for figure in told.figures)
