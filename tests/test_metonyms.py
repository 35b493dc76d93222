"""Metonyms: a capital that speaks is a government, and a capital where something happens is a town."""

import pytest
from conftest import Reader
from marked import marked

pytestmark = pytest.mark.model

ACTING = [
    # subject of what only a government does
    "[Paris|gov] has denied that it sent arms.",
    "[Kenya|gov] and [Uganda|gov] have accused each other of spying.",
    "[Tokyo|gov] warned [Beijing|gov] against sending ships.",
    "[Delhi|gov] urged [Islamabad|gov] to release the pilot.",
    "The [Kremlin|gov] said the talks had failed.",
    "[Downing Street|gov] declined to comment.",
    "The [White House|gov] announced new rules.",
    "“We regret this,” [Ottawa|gov] said.",
    "[Norway|gov] says the cable was cut on purpose.",
    "The truce was signed by [Sudan|gov] on Friday.",
    # aimed at, according to, possessor of words or will
    "Critics accused [Turkey|gov] of bombing the village.",
    "According to [Berlin|gov], the ship was in its waters.",
    "The ship was in Danish waters, according to [Berlin|gov].",
    "[Norway|gov]'s claims were rejected by [Sweden|gov].",
    "[Canada|gov]'s army said it had left.",
    "A [Norway|gov]-brokered truce holds.",
    "The [Kremlin|gov]'s spokesman left.",
    # given power, bound by duty
    "The treaty gave [Chile|gov] sovereignty over the three islands.",
    "The deal would give [Kenya|gov] access to the lake.",
    "The ceasefire handed [Ethiopia|gov] control of the port.",
    "The ruling denied [Ghana|gov] the right to drill.",
    "[Washington|gov] granted [Ankara|gov] a waiver on the pipeline.",
    "The truce returned control of the strait to [Yemen|gov].",
    "[Peru|gov] was given the right to fish there.",
    "[Peru|gov] has a duty to protect the villagers.",
    "[Hungary|gov] has an obligation to admit refugees, the court ruled.",
    "[Iran|gov] has no intention of leaving the treaty.",
    # allies, spokesmen, what is brokered
    "[China|gov], which used to be [Zambia|gov]'s main lender but has lost money, said nothing.",
    "The two are [Pakistan|gov]'s closest allies.",
    "[Kremlin|gov] spokesman Ivan Orlov declined to comment.",
    "A [White House|gov] official said the talks went on.",
    "[Qatar|gov]-mediated talks resumed on Monday.",
    "The envoy reassured [Seoul|gov].",
]

STAYING = [
    "A demonstration in Paris drew thousands, police said.",
    "Germany lies between France and Poland.",
    "London is the capital of the United Kingdom.",
    "The flood reached Vienna on Monday.",
    "Thousands fled Sudan for Chad.",
    "Spain faces a drought.",
    "He was born in Oslo and moved to Lima.",
    "The weather in Moscow is cold.",
    "Oslo's mayor resigned.",
    "The train from Rome to Milan was late.",
    "Marta Kowalska beat Paris Hamilton.",
    "Canada has ten provinces.",
    "Portugal's coast was hit by a storm.",
    "“Tokyo is beautiful,” she said.",
    "Lagos, Nigeria",
    "Milan said no.",
    "Rome won the match 2-1 on Sunday.",
    "Egypt beat Ghana 3-0.",
    "The storm gave Chile its wettest week in years.",
    "The win gave Morocco the title.",
    "The goal gave Ghana a 2-0 lead.",
    "The goal gave Ghana control of the match.",
    "She gave Paris a last look.",
    "Peru has a coast to protect.",
    "Uganda has a border with Rwanda.",
    "Mali has gold mines in the south.",
    "Vietnam has a chance to win the cup.",
    "He called Burma a good place.",
    "The flight between Tokyo and Seoul was late.",
    "The road from Khartoum to Port Sudan was shelled.",
    "Two soldiers in Mali were killed.",
    "The people of Kenya voted.",
    "He returned to Yemen.",
    "OSLO — Voters went to the polls on Monday.",
]


def metonyms(read: Reader, text: str) -> list[str]:
    return [mention.name for mention in read(text).mentions if mention.metonym]


@pytest.mark.parametrize("raw", ACTING)
def test_a_place_that_acts_as_governments_do_stands_for_one(read: Reader, raw: str) -> None:
    text, spans = marked(raw)
    assert metonyms(read, text) == [span.of(text) for span in spans["gov"]]


@pytest.mark.parametrize("text", STAYING)
def test_a_place_where_something_happens_stays_a_place(read: Reader, text: str) -> None:
    assert metonyms(read, text) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [("Paris has denied it.", "FR"), ("The Kremlin said the talks failed.", "RU"), ("Kenya said it was over.", "KE")],
)
def test_what_a_capital_a_seat_or_a_country_says_its_government_says(read: Reader, text: str, code: str) -> None:
    (said,) = read(text).statements
    assert said.speaker is not None and (said.speaker.government, said.speaker.chain) == (code, None)
