"""Speakers: words go to who said them; where the article does not decide, to nobody, with the reason."""

import pytest
from conftest import Reader

from kg.records import Extraction, Statement, Voice

pytestmark = pytest.mark.model


def name(found: Extraction, voice: Voice | None) -> str | None:
    """A voice in words: a chain's name, a government's code, or the description with a tilde before it."""
    if voice is None:
        return None
    if voice.chain is not None:
        return found.chains[voice.chain].name
    return voice.government or f"~{voice.unnamed}"


def speakers(read: Reader, text: str) -> list[str | None]:
    found = read(text)
    return [name(found, said.speaker) for said in found.statements]


def last(read: Reader, text: str) -> tuple[Extraction, Statement]:
    found = read(text)
    return found, found.statements[-1]


# ---------------------------------------------------------------- names and descriptions


SAYS = "said the road was closed."


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        (f"Ana Reyes {SAYS}", "Ana Reyes"),
        (f"Mayor Ana Reyes {SAYS}", "Ana Reyes"),
        (f"The judge, Helena Brandt, {SAYS}", "Helena Brandt"),
        (f"Ana Reyes, the mayor of Porto, {SAYS}", "Ana Reyes"),
        ("“The road is closed,” said Ana Reyes, a spokeswoman for the Harbour Board.", "Ana Reyes"),
        (f"The U.N. {SAYS}", "U.N."),
        (f"Doctors Without Borders {SAYS}", "Doctors Without Borders"),
        (f"The French government {SAYS}", "FR"),
        (f"The Norwegian authorities {SAYS}", "NO"),
        (f"Kenya's government {SAYS}", "KE"),
        (f"Officials {SAYS}", "~officials"),
        (f"Norwegian officials {SAYS}", "~Norwegian officials"),
        (f"Two doctors at the scene {SAYS}", "~Two doctors at the scene"),
        (f"A woman who gave her name as Fatima {SAYS}", "~woman"),
        (f"Police {SAYS}", "~police"),
        ("Tom Reed's letter says the bridge was never inspected.", "Tom Reed"),
        ("The company's statement said sales had fallen.", "~company"),
        ("Norway's statement said the cable was cut.", "NO"),
        ("In a letter to the court, the defendants said they were innocent.", "~defendants"),
    ],
)
def test_words_go_to_who_is_named_or_described(read: Reader, text: str, speaker: str) -> None:
    assert speakers(read, text)[0].casefold() == speaker.casefold()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Norwegian Foreign Ministry said it would help. The ministry added that a ship was on its way.", ["Foreign Ministry"] * 2),
        ("Turkish President Mehmet Aksoy said the border would open. The president said trade would grow.", ["Mehmet Aksoy"] * 2),
        ("Finance Minister Olga Brandt said taxes would rise. The minister said there was no choice.", ["Olga Brandt"] * 2),
        ("Maria Lund said the storm was coming. Lund said people should leave.", ["Maria Lund"] * 2),
        ("The mayor said the bridge was safe.\n\n“It will reopen,” Mayor Ana Reyes told reporters.", ["Ana Reyes"] * 2),
    ],
)
def test_a_role_or_a_surname_means_who_bears_it_nearby(read: Reader, text: str, expected: list[str]) -> None:
    assert speakers(read, text) == expected


def test_a_role_that_nobody_nearby_bears_stays_unnamed(read: Reader) -> None:
    text = "Mayor Ana Reyes said the bridge was safe. The president said the road was closed."
    assert speakers(read, text) == ["Ana Reyes", "~president"]


def test_a_ministry_of_another_state_is_not_meant(read: Reader) -> None:
    text = "Norway's Foreign Ministry said it would help. The Swedish ministry said it would not."
    assert speakers(read, text)[1] != "Foreign Ministry"


def test_two_who_speak_together_each_speak(read: Reader) -> None:
    text = "Coach Luis Diaz and captain Tom Reed said the team was tired."
    assert speakers(read, text) == ["Luis Diaz", "Tom Reed"]


def test_a_photographer_never_speaks(read: Reader) -> None:
    text = "The river rose.\n\nA man wades.\nJoana Lima/Reuters\n\n“It took my house,” she said."
    assert "Joana Lima" not in speakers(read, text)


# ---------------------------------------------------------------- pronouns


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Ana Reyes, the mayor of Porto, said the bridge was safe. She said it would reopen.", "Ana Reyes"),
        ("Queen Sofia opened the harbour with Mr. Tom Reed. He said it was safe.", "Tom Reed"),
        ("Mr. Tom Reed met Mrs. Ana Lund. She said the road was closed.", "Ana Lund"),
        ("Spokeswoman Lena Fischer met chairman Tom Reed. She said the road was closed.", "Lena Fischer"),
        ("Maria Lund said the storm was coming. “Leave now,” she said.", "Maria Lund"),
        ("Norway's Foreign Ministry said it would help. It said a ship was on its way.", "Foreign Ministry"),
        ("The Kremlin said the talks had failed. It said they would not resume.", "RU"),
    ],
)
def test_a_pronoun_means_the_one_that_it_can_mean(read: Reader, text: str, speaker: str) -> None:
    found, said = last(read, text)
    assert name(found, said.speaker) == speaker


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("“No comment,” he said.", "has nobody before it"),
        ("It said the road was closed.", "has no body before it"),
        ("Mr. Tom Reed left. She said the road was closed.", "has nobody before it"),
        ("Both said the road was closed.", "more than one"),
    ],
)
def test_a_pronoun_that_nothing_decides_is_a_doubt_with_its_reason(read: Reader, text: str, why: str) -> None:
    found, said = last(read, text)
    assert said.speaker is None
    assert any(why in doubt.why for doubt in found.doubts)


UNNAMED = [
    ("Police said two men had been arrested. They said a third had fled.", ["~police"] * 2),
    ("Residents said the water came at night. They said nobody warned them.", ["~residents"] * 2),
    ("The union said the strike would go on. It said talks had failed.", ["~union"] * 2),
    ("Volvo said sales had fallen. The company said it would cut jobs.", ["Volvo"] * 2),
]


@pytest.mark.parametrize(("text", "expected"), UNNAMED)
def test_it_they_and_the_company_mean_who_spoke_before(read: Reader, text: str, expected: list[str]) -> None:
    assert speakers(read, text) == expected


@pytest.mark.parametrize("before", ["Tom Reed and Luis Diaz met in Porto.", "The talks between Tom Reed and Luis Diaz failed."])
def test_of_two_men_named_side_by_side_a_pronoun_means_neither(read: Reader, before: str) -> None:
    assert speakers(read, f"{before} He said the road was closed.") == [None]


def test_of_two_men_who_spoke_in_turn_a_pronoun_means_the_last(read: Reader) -> None:
    text = "Tom Reed said the road was closed. Luis Diaz said the dam held. “It will hold,” he said."
    assert speakers(read, text) == ["Tom Reed", "Luis Diaz", "Luis Diaz"]


@pytest.mark.parametrize("pronoun", ["He", "She"])
@pytest.mark.parametrize("first", ["Maria", "John", "Robin", "Xiu", "Andrea", "Sasha"])
def test_a_first_name_never_decides_who_can_be_he_or_she(read: Reader, first: str, pronoun: str) -> None:
    assert speakers(read, f"{first} Lund left the court. {pronoun} said the trial was fair.") == [f"{first} Lund"]


# ---------------------------------------------------------------- for whom, to whom, where


@pytest.mark.parametrize(
    ("text", "principal"),
    [
        ("“The road is closed,” said Ana Reyes, a spokeswoman for the Harbour Board.", "Harbour Board"),
        (f"NATO chief Erik Dahl {SAYS}", "NATO"),
        (f"Turkish President Mehmet Aksoy {SAYS}", "TR"),
        (f"The French foreign minister, Luc Marchand, {SAYS}", "FR"),
        (f"The Norwegian Foreign Ministry {SAYS}", "NO"),
        (f"Norwegian officials {SAYS}", "NO"),
        (f"Kremlin spokesman Ivan Orlov {SAYS}", "RU"),
        (f"Norway's ambassador to Sweden, Erik Dahl, {SAYS}", "NO"),
        (f"Ana Reyes {SAYS}", None),
        (f"The U.N. {SAYS}", None),
        (f"Officials {SAYS}", None),
        (f"The French president's office {SAYS}", "FR"),
        ("“We are ready,” said Capt. Luis Diaz of the Coast Guard.", "Coast Guard"),
        (f"A spokesman for Volvo {SAYS}", "Volvo"),
    ],
)
def test_for_whom_somebody_speaks_is_kept_where_the_text_says_so(read: Reader, text: str, principal: str | None) -> None:
    found, said = last(read, text)
    assert name(found, said.on_behalf_of) == principal


@pytest.mark.parametrize(
    ("text", "role"),
    [
        (f"Mayor Ana Reyes {SAYS}", "Mayor"),
        (f"Ana Reyes, the mayor of Porto, {SAYS}", "the mayor of Porto"),
        (f"The judge, Helena Brandt, {SAYS}", "The judge"),
        (f"Mayor Ana Reyes left. Reyes {SAYS}", None),
        (f"Ana Reyes {SAYS}", None),
    ],
)
def test_the_role_is_that_of_this_very_source(read: Reader, text: str, role: str | None) -> None:
    assert last(read, text)[1].role == role


def test_who_is_told_is_the_addressee(read: Reader) -> None:
    found, said = last(read, "NATO chief Erik Dahl told Reuters that the alliance would stay.")
    assert name(found, said.addressee) == "Reuters"


def test_who_is_accused_is_the_target(read: Reader) -> None:
    found, said = last(read, "Sweden accused Norway of cutting the cable.")
    assert name(found, said.target) == "NO"


def test_where_it_was_said_is_kept(read: Reader) -> None:
    found, said = last(read, "“The road is closed,” Ana Reyes said in Porto.")
    assert said.place is not None and found.chains[said.place].name == "Porto"


def test_what_is_spoken_of_is_kept(read: Reader) -> None:
    found, said = last(read, "Ana Reyes said Tom Reed had left Porto.")
    assert [found.chains[number].name for number in said.about] == ["Tom Reed", "Porto"]


def test_who_behind_a_place_is_the_person_before_it(read: Reader) -> None:
    text = "“We hid,” said Ana Reyes, a teacher from the village of Derna, who asked that her school not be named."
    assert speakers(read, text) == ["Ana Reyes", "Ana Reyes"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Tunisia's coach Nabil Lund said the team was tired.", "Nabil Lund"),
        ("According to Afghan Ambassador to the United States Omar Reyes, the talks show progress.", "Omar Reyes"),
        ("The mayor of Valencia, Ana Reyes, said the road was open.", "Ana Reyes"),
    ],
)
def test_a_name_behind_a_title_is_who_speaks_however_the_parse_hangs_it(read: Reader, text: str, name: str) -> None:
    assert speakers(read, text) == [name]
