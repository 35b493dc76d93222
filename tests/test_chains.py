"""Chains: all that an article says of one thing comes together, and nothing that a reader of that article could doubt."""

import pytest
from conftest import Reader

from kg.extract.chains import people_name
from kg.gazetteer import Gazetteer
from kg.records import Chain, Extraction, Kind

pytestmark = pytest.mark.model


def groups(extraction: Extraction, kind: Kind) -> list[list[str]]:
    """The names of each chain of a kind, in text order."""
    return [[extraction.mentions[number].name for number in chain.mentions] for chain in extraction.chains if chain.kind is kind]


def chain(read: Reader, text: str, kind: Kind = Kind.PERSON) -> Chain:
    """The only chain of a kind."""
    (found,) = (chain for chain in read(text).chains if chain.kind is kind)
    return found


# ---------------------------------------------------------------- people


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Marta Kowalska won. Kowalska thanked her coach.", [["Marta Kowalska", "Kowalska"]]),
        ("Marta Kowalska won. Marta thanked her coach.", [["Marta Kowalska", "Marta"]]),
        ("Marta Anna Kowalska won. Marta Kowalska thanked Porto.", [["Marta Anna Kowalska", "Marta Kowalska"]]),
        ("Marta Kowalska’s boat sank. Kowalska swam.", [["Marta Kowalska", "Kowalska"]]),
        ("Luis Diaz met Tom Reed. Reed thanked Diaz.", [["Luis Diaz", "Diaz"], ["Tom Reed", "Reed"]]),
    ],
)
def test_a_short_name_joins_the_full_one(read: Reader, text: str, expected: list[list[str]]) -> None:
    assert groups(read(text), Kind.PERSON) == expected


def test_a_surname_of_two_people_joins_neither(read: Reader) -> None:
    text = "Ana Reyes said her sister, Luisa Reyes, had fled. Reyes said the army came at night."
    assert groups(read(text), Kind.PERSON) == [["Ana Reyes"], ["Luisa Reyes"], ["Reyes"]]


def test_a_first_name_of_two_people_joins_neither(read: Reader) -> None:
    text = "Marta Lund and Marta Field ran in Porto. Marta won, said the coach."
    assert [group for group in groups(read(text), Kind.PERSON) if group != ["Marta"]] == [["Marta Lund"], ["Marta Field"]]


def test_the_name_of_a_chain_is_the_fullest(read: Reader) -> None:
    assert chain(read, "Kowalska won. “I am glad,” Marta Kowalska said.").name == "Marta Kowalska"


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("Prime Minister Olga Brandt resigned.", ("Prime Minister",)),
        ("Olga Brandt, the mayor of Porto, resigned.", ("the mayor of Porto",)),
        ("The judge, Helena Brandt, ruled on Monday.", ("The judge",)),
        ("Olga Brandt, a spokeswoman for the Harbour Board, resigned.", ("a spokeswoman for the Harbour Board",)),
        ("NATO chief Erik Dahl resigned.", ("NATO chief",)),
        ("Olga Brandt resigned.", ()),
        ("Mayor Olga Brandt resigned. Mayor Brandt is 50.", ("Mayor",)),
        ("U.S. Secretary of State Paul Grant resigned.", ("U.S. Secretary of State",)),
    ],
)
def test_titles_and_appositions_are_kept_as_worded(read: Reader, text: str, roles: tuple[str, ...]) -> None:
    assert tuple(role.text for role in chain(read, text).roles) == roles


@pytest.mark.parametrize(("credited", "text"), [(True, "It rose."), (False, "It rose, Joana Lima said.")])
def test_a_photographer_is_known_as_one_unless_the_article_speaks_of_her(read: Reader, credited: bool, text: str) -> None:
    found = read(f"{text}\n\nA man wades.\nJoana Lima/Reuters\n\nIt fell.")
    assert [chain.credited for chain in found.chains if chain.name == "Joana Lima"] == [credited]


# ---------------------------------------------------------------- bodies


def test_an_acronym_joins_the_name_that_taught_it(read: Reader) -> None:
    text = "The Northern River Board (NRB) met on Monday. The NRB closed the weir."
    found = chain(read, text, Kind.ORGANIZATION)
    assert (found.name, len(found.mentions), found.acronyms) == ("Northern River Board", 3, ("NRB",))


def test_a_known_body_is_one_under_all_its_names(read: Reader) -> None:
    found = chain(read, "The United Nations met. The UN voted. The U.N. left.", Kind.ORGANIZATION)
    assert len(found.mentions) == 3 and found.known


@pytest.mark.parametrize(
    "text",
    [
        "Norway's Foreign Ministry and Sweden's Foreign Ministry protested.",
        "The Norwegian Foreign Ministry met the Swedish Foreign Ministry.",
    ],
)
def test_the_ministries_of_two_states_are_two(read: Reader, text: str) -> None:
    found = [chain.country for chain in read(text).chains if chain.kind is Kind.ORGANIZATION]
    assert found == ["NO", "SE"]


def test_two_companies_with_one_first_word_are_two(read: Reader) -> None:
    assert len(groups(read("Tata Steel sued Tata Motors in Mumbai."), Kind.ORGANIZATION)) == 2


# ---------------------------------------------------------------- peoples and places


@pytest.mark.parametrize(
    ("name", "people"),
    [
        ("Norwegian", "Norwegians"),
        ("Kenyans", "Kenyans"),
        ("ethnic Hungarian", "ethnic Hungarians"),
        ("Ethnic Albanians", "ethnic Albanians"),
        ("Dutch", "Dutch"),
        ("Japanese", "Japanese"),
        ("Swiss", "Swiss"),
        ("Frenchmen", "Frenchmen"),
    ],
)
def test_a_people_is_named_in_the_plural(name: str, people: str) -> None:
    assert people_name(name) == people


def test_a_people_is_one_in_all_its_forms(read: Reader) -> None:
    text = "Hungarian voters cheered. Hungarians danced in Budapest."
    assert groups(read(text), Kind.GROUP) == [["Hungarian", "Hungarians"]]


def test_an_ethnic_group_is_not_the_people_of_the_state(read: Reader) -> None:
    text = "Ethnic Hungarians in Romania cheered. Hungarians danced in Budapest."
    assert len(groups(read(text), Kind.GROUP)) == 2


@pytest.mark.parametrize("text", ["The UK left. The United Kingdom returned. Britain voted.", "The U.S. left. The United States returned."])
def test_a_country_is_one_under_all_its_names(read: Reader, text: str) -> None:
    assert len(groups(read(text), Kind.PLACE)) == 1


@pytest.mark.parametrize(
    ("text", "name", "country"),
    [
        ("A ferry sank off Vancouver, Canada.", "Vancouver", "CA"),
        ("Fire broke out in Cambridge, in the United Kingdom.", "Cambridge", "GB"),
        ("The talks in Valletta, Malta, failed.", "Valletta", "MT"),
        ("Police in Perth, Australia, made an arrest.", "Perth", "AU"),
    ],
)
def test_a_town_is_looked_for_in_the_country_that_the_article_speaks_of(read: Reader, text: str, name: str, country: str) -> None:
    (found,) = (chain for chain in read(text).chains if chain.name == name)
    assert (found.country, bool(found.known)) == (country, True)


def test_a_town_that_could_be_many_is_not_guessed(read: Reader) -> None:
    (found,) = (chain for chain in read("A fire broke out in Springfield.").chains if chain.kind is Kind.PLACE)
    assert (found.known, found.country) == (None, None)


def test_an_unknown_place_is_kept_without_an_identity(read: Reader) -> None:
    (found,) = (chain for chain in read("Ana Reyes, the mayor of Lindmere, resigned.").chains if chain.kind is Kind.PLACE)
    assert (found.name, found.known) == ("Lindmere", None)


# ---------------------------------------------------------------- for every article


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Rain fell.",
        "Ana Reyes of the Northern River Board (NRB) met Tom Reed in Porto. Reed thanked the NRB, Reyes and Norwegian Hungarians.",
        "A man wades.\nJoana Lima/Reuters\n\nThe UN and the United Nations met in Oslo, Norway.",
    ],
)
def test_every_mention_is_in_exactly_one_chain_of_its_kind(read: Reader, gazetteer: Gazetteer, text: str) -> None:
    found = read(text)
    assert sorted(number for chain in found.chains for number in chain.mentions) == list(range(len(found.mentions)))
    assert all(found.mentions[number].kind is chain.kind for chain in found.chains for number in chain.mentions)
    assert [chain.mentions for chain in found.chains] == sorted(chain.mentions for chain in found.chains)
    assert all(gazetteer.get(chain.known) for chain in found.chains if chain.known)


@pytest.mark.parametrize(
    ("text", "gender"),
    [
        ("Mr. Tom Lund resigned.", "m"),
        ("Tom Lund, a spokesman for the mayor, resigned.", "m"),
        ("Tom Lund sold her house.", None),
        ("Tom Lund resigned.", None),
    ],
)
def test_only_a_title_tells_he_or_she_for_good_and_no_misread_pronoun_splits_a_person(read: Reader, text: str, gender: str | None) -> None:
    (found,) = [chain for chain in read(text).chains if chain.name == "Tom Lund"]
    assert found.gender == gender
