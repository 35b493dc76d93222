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
