"""Places: which of the many towns of one name an article means, and that nobody is told where the article does not."""

import pytest
from conftest import Reader
from hypothesis import given
from hypothesis import strategies as st

from kg.annotate import annotate
from kg.extract.names import mentions
from kg.extract.places import distance, locate
from kg.gazetteer import Gazetteer, Known
from kg.records import Chain, Document, Kind

pytestmark = pytest.mark.model


def place(read: Reader, text: str, name: str) -> Chain:
    """The first chain of a place whose name begins so."""
    return next(chain for chain in read(text).chains if chain.kind is Kind.PLACE and chain.name.startswith(name))


def told(gazetteer: Gazetteer, known: Known | None) -> str | None:
    """Country and region of a town (``US Virginia``), country and feature of anything else (``US region``)."""
    if known is None:
        return None
    region = gazetteer.get(known.region) if known.region and known.feature == "city" else None
    return f"{known.country} {region.name if region else known.feature}"


DECIDED = [
    # what the text itself states
    ("The council of Vienna, Virginia, voted on Tuesday.", "Vienna", "US Virginia"),
    ("A tornado struck Springfield, Ill., on Monday.", "Springfield", "US Illinois"),
    ("Police in Cambridge, Mass. arrested a man.", "Cambridge", "US Massachusetts"),
    ("Residents of St. Petersburg, Fla., fled the storm.", "St. Petersburg", "US Florida"),
    ("He was born in Moscow, Idaho, in 1960.", "Moscow", "US Idaho"),
    ("The plant in Naples, FL, closed in March.", "Naples", "US Florida"),
    ("In Paris, Texas, the mayor resigned.", "Paris", "US Texas"),
    ("SPRINGFIELD, Mo. (AP) — A fire broke out.", "SPRINGFIELD", "US Missouri"),
    ("LONDON, Ontario — Police closed a bridge on Monday.", "LONDON", "CA Ontario"),
    ("In Lebanon, Pennsylvania, a bridge fell.", "Lebanon", "US Pennsylvania"),
    ("They fled to Goris, in Armenia's Syunik region.", "Goris", "AM Syunik"),
    ("Hyderabad, in Pakistan's Sindh province, was flooded.", "Hyderabad", "PK Sindh"),
    ("Tripoli, the Lebanese port city, was calm.", "Tripoli", "LB Liban-Nord"),
    ("Rebels shelled Tripoli, in northern Lebanon.", "Tripoli", "LB Liban-Nord"),
    ("The Turkish city of Batman was flooded.", "Batman", "TR Batman"),
    ("Fans in the Texas town of Paris cheered.", "Paris", "US Texas"),
    ("Nobody was hurt in Valencia, Venezuela, the mayor said.", "Valencia", "VE Carabobo"),
    ("The ferry left Mérida, a city in the Mexican state of Yucatán.", "Mérida", "MX Yucatán"),
    ("Workers at a mine near Newcastle, South Africa, went on strike.", "Newcastle", "ZA KwaZulu-Natal"),
    ("Ontario's London was hit by a storm.", "London", "CA Ontario"),
    ("A court in Cordoba, Spain, freed the man.", "Cordoba", "ES Andalusia"),
    ("The Greek city of Tripoli was shaken.", "Tripoli", "GR Peloponnese"),
    ("A flood hit Victoria, British Columbia, on Monday.", "Victoria", "CA British Columbia"),
    ("Schools closed in Newcastle, NSW, on Friday.", "Newcastle", "AU New South Wales"),
    ("The village of Kornidzor in Syunik province took them in.", "Kornidzor", "AM Syunik"),
    ("A fire in Georgetown, Guyana, killed two.", "Georgetown", "GY Demerara-Mahaica"),
    ("He flew to Suzhou, in China's Anhui province.", "Suzhou", "CN Anhui"),
    # a province and the village that bears its name
    ("Armenia sent aid to Syunik.", "Syunik", "AM region"),
    ("Roads in Ontario were closed, Canada said.", "Ontario", "CA region"),
    ("Voters in Virginia, Ohio and Florida went to the polls.", "Virginia", "US region"),
    ("Troops left the Kharkiv region, Ukraine said.", "Kharkiv", "UA region"),
    ("A fire broke out in Springfield, Ill., on Monday.", "Ill.", "US region"),
    # countries and regions that the document speaks of
    ("A ferry sank off Vancouver. Canada sent help.", "Vancouver", "CA British Columbia"),
    ("Venezuela closed its ports. A ship left Barcelona. Police in Caracas said so.", "Barcelona", "VE Anzoátegui"),
    ("Lebanon called for calm. In Beirut shops closed. A bomb went off in Tripoli.", "Tripoli", "LB Liban-Nord"),
    ("Libyan officials met in Tripoli.", "Tripoli", "LY Tripoli"),
    ("Illinois lawmakers met in Springfield.", "Springfield", "US Illinois"),
    ("Massachusetts police closed a road in Springfield.", "Springfield", "US Massachusetts"),
    ("Maine police made arrests in Lewiston and Portland.", "Portland", "US Maine"),
    ("Spanish police searched a flat in Cordoba after arrests in Seville.", "Cordoba", "ES Andalusia"),
    ("Pakistan sent doctors to Hyderabad after floods in Karachi.", "Hyderabad", "PK Sindh"),
    ("New Zealand police closed roads in Hamilton.", "Hamilton", "NZ Waikato"),
    ("Jamaica's prime minister spoke in Kingston.", "Kingston", "JM Kingston"),
    ("A car hit a wall in Birmingham. Alabama police blamed rain.", "Birmingham", "US Alabama"),
    ("Colombian divers searched the port of Cartagena.", "Cartagena", "CO Bolívar"),
    # country or state
    ("Georgia, Florida and Alabama closed schools.", "Georgia", "US region"),
    ("Georgia's parliament in Tbilisi passed the law, defying Russia.", "Georgia", "GE country"),
    ("Voters in Atlanta queued for hours. Georgia is a swing state.", "Georgia", "US region"),
    ("Armenia, Azerbaijan and Georgia signed the treaty.", "Georgia", "GE country"),
    ("Georgian officials said that Georgia would join the EU.", "Georgia", "GE country"),
    ("A fire began in Athens, Georgia, and spread.", "Georgia", "US region"),
    ("Washington said it would send aid.", "Washington", "US District of Columbia"),
    ("Belgium, France and Luxembourg signed the treaty.", "Luxembourg", "LU country"),
    # population
    ("The talks in Vienna ended.", "Vienna", "AT Vienna"),
    ("She studied in Paris.", "Paris", "FR Île-de-France"),
    ("The envoy flew to Moscow.", "Moscow", "RU Moscow"),
    ("A bomb went off in Odessa.", "Odessa", "UA Odesa Oblast"),
    ("Rain fell in Melbourne.", "Melbourne", "AU Victoria"),
    ("A court in Naples freed him.", "Naples", "IT Campania"),
    ("Crowds filled Nairobi.", "Nairobi", "KE Nairobi Area"),
    # distance to places that are sure
    ("The train runs from Eugene to Corvallis and Salem.", "Salem", "US Oregon"),
    ("Flights from Chennai and Bengaluru to Salem were late.", "Salem", "IN Tamil Nadu"),
    ("The tremor was felt in Seattle, Tacoma and Vancouver.", "Seattle", "US Washington"),
    ("Smoke drifted over Johannesburg, Durban and Newcastle.", "Newcastle", "ZA KwaZulu-Natal"),
    ("Flights from Sydney to Newcastle were late.", "Newcastle", "AU New South Wales"),
]

UNSEEN = [  # written before the weights were tried on them, kept as they were
    ("Police in Manchester, N.H., found the car.", "Manchester", "US New Hampshire"),
    ("He lives in Portland, Maine, with his wife.", "Portland", "US Maine"),
    ("The airport in Kingston, Ontario, was shut.", "Kingston", "CA Ontario"),
    ("Villagers in Alexandria, Romania, protested.", "Alexandria", "RO Teleorman"),
    ("Wildfires reached Athens, the Greek capital.", "Athens", "GR Attica"),
    ("Protesters marched in Santiago, Chile's capital.", "Santiago", "CL Santiago Metropolitan"),
    ("In the Nigerian state of Niger, gunmen took 20 children.", "Niger", "NG region"),
    ("Niger's junta expelled the French ambassador.", "Niger", "NE country"),
    ("The Spanish city of Merida was chosen.", "Merida", "ES Extremadura"),
    ("Two died in San Jose, California.", "San Jose", "US California"),
    ("Costa Rica's president spoke in San Jose.", "San Jose", "CR San José"),
    ("Argentina's central bank and the governor of Cordoba clashed.", "Cordoba", "AR Cordoba"),
    ("An earthquake struck near Concepción, Chile.", "Concepción", "CL Biobío"),
    ("A train derailed in Santa Cruz, in eastern Bolivia.", "Santa Cruz", "BO Santa Cruz Department"),
    ("Australian police searched a home in Perth.", "Perth", "AU Western Australia"),
    ("The Ukrainian city of Donetsk was shelled.", "Donetsk", "UA Donetsk Oblast"),
    ("Drones hit Kherson overnight, Ukraine said.", "Kherson", "UA Kherson Oblast"),
    ("In Wellington, the New Zealand prime minister resigned.", "Wellington", "NZ Wellington"),
    ("A bomb exploded in Tripoli, Libya, killing three.", "Tripoli", "LY Tripoli"),
    ("The storm moved from Florida to Georgia and South Carolina.", "Georgia", "US region"),
    ("The president of Georgia met the president of Ukraine in Tbilisi.", "Georgia", "GE country"),
    ("Congress debated a bill. Georgia senators from Atlanta and Savannah objected.", "Georgia", "US region"),
    ("Soldiers from Hyderabad in Pakistan crossed the border.", "Hyderabad", "PK Sindh"),
    ("Students in Hyderabad, Telangana, marched.", "Hyderabad", "IN Telangana"),
    ("The port of Durban reopened.", "Durban", "ZA KwaZulu-Natal"),
    ("Shots were fired in Newcastle, northern England.", "Newcastle", "GB England"),
    ("The bus left Lagos, Nigeria, for Ibadan.", "Lagos", "NG Lagos"),
    ("Surfers came to Lagos, in southern Portugal.", "Lagos", "PT Faro"),
    ("Residents of Birmingham, Alabama, voted.", "Birmingham", "US Alabama"),
    ("Beijing said it would retaliate.", "Beijing", "CN Beijing"),
    ("Rebels seized Goma, in eastern Congo.", "Goma", "CD Nord Kivu"),
    ("The governor of Punjab, Pakistan, resigned.", "Punjab", "PK region"),
    ("Floods hit the Australian state of Victoria.", "Victoria", "AU region"),
    ("In Melbourne, Victoria, trams stopped.", "Melbourne", "AU Victoria"),
    ("Voters in Quebec and Ontario went to the polls.", "Quebec", "CA region"),
    ("New York's governor, Kathy Hochul, spoke in Albany.", "Albany", "US New York"),
    ("The murder in Paris, Texas, shocked residents. Paris police found a gun.", "Paris", "US Texas"),
    ("In Vienna, Iran's envoy met the Russian delegation.", "Vienna", "AT Vienna"),
    ("In Moscow, Georgia was accused of treason.", "Moscow", "RU Moscow"),
    ("Delegates met in Paris, Berlin, Rome and Vienna.", "Vienna", "AT Vienna"),
    ("The flight from London, Ontario, to Calgary was late.", "London", "CA Ontario"),
    ("A ferry from Rhodes to Kos sank off Greece.", "Rhodes", "GR South Aegean"),
    ("Troops entered Syunik, a province in southern Armenia.", "Syunik", "AM region"),
    ("Jakarta, Indonesia (AP) — A ferry sank.", "Jakarta", "ID Jakarta"),
    ("Washington state sued on Monday. Washington will appeal, officials in Seattle said.", "Washington", "US region"),
    ("The Washington Post reported that Washington, D.C., police knew.", "Washington", "US District of Columbia"),
    ("Mexico's Congress met. A shooting in Guadalajara killed two.", "Guadalajara", "MX Jalisco"),
    ("Fighting reached Alexandria, Egypt, in the north.", "Alexandria", "EG Alexandria"),
    ("A mine collapsed in Suzhou.", "Suzhou", "CN Jiangsu"),
    ("The U.S. Army base near Lawton, Oklahoma, was closed.", "Lawton", "US Oklahoma"),
    ("Firefighters from Victoria and New South Wales came.", "Victoria", "AU region"),
    ("Dublin, Ohio, has a golf course.", "Dublin", "US Ohio"),
    ("The Irish government in Dublin fell.", "Dublin", "IE Leinster"),
    ("Rain fell in Bath.", "Bath", "GB England"),
]

UNDECIDED = [
    ("A fire broke out in Springfield.", "Springfield"),
    ("A student was arrested in Cambridge.", "Cambridge"),
    ("The ship left Valencia.", "Valencia"),
    ("U.S. police closed a road in Springfield.", "Springfield"),
    ("The train runs from Boston by Salem to Portsmouth.", "Salem"),
    ("The United States and Canada sent officials to Hamilton, where New Zealand and Canada meet.", "Hamilton"),
    ("A storm hit Georgia on Monday.", "Georgia"),
    ("A court in Merida freed the man.", "Merida"),
    ("Police in San Jose closed the road.", "San Jose"),
    ("A bus left Richmond.", "Richmond"),
    ("The march ended in Santa Cruz.", "Santa Cruz"),
    ("Doctors in Victoria went on strike.", "Victoria"),
    ("Farmers in Punjab burned straw.", "Punjab"),
    ("A dam near Salem broke.", "Salem"),
    ("India and Pakistan sent envoys to Hyderabad.", "Hyderabad"),
    ("A mine near Newcastle closed.", "Newcastle"),
    ("In London, Canada said it would not sign.", "London"),
    ("A shop in Bedford burned down.", "Bedford"),
]


@pytest.mark.parametrize(("text", "name", "where"), [*DECIDED, *UNSEEN])
def test_the_place_that_is_meant_is_found(read: Reader, gazetteer: Gazetteer, text: str, name: str, where: str) -> None:
    chain = place(read, text, name)
    assert told(gazetteer, gazetteer.get(chain.known or "")) == where
    assert not chain.candidates


@pytest.mark.parametrize(("text", "name"), UNDECIDED)
def test_where_nothing_decides_the_likeliest_are_proposed(read: Reader, gazetteer: Gazetteer, text: str, name: str) -> None:
    chain = place(read, text, name)
    assert (chain.known, chain.country) == (None, None)
    assert 1 < len(chain.candidates) <= 5
    assert len(set(chain.candidates)) == len(chain.candidates)
    assert all(gazetteer.get(candidate) for candidate in chain.candidates)


def chains(read: Reader, text: str, key: str) -> list[tuple[int, str | None]]:
    """How many mentions each chain has whose name begins so, and which entry it is."""
    found = (chain for chain in read(text).chains if chain.kind is Kind.PLACE and chain.name.startswith(key))
    return [(len(chain.mentions), chain.known) for chain in found]


def test_one_name_with_a_container_and_one_without_are_two_places(read: Reader) -> None:
    text = "The French play opened in Paris, France said. Then it moved to Paris, Texas."
    assert chains(read, text, "Paris") == [(1, "geonames:2988507"), (1, "geonames:4717560")]


@pytest.mark.parametrize(
    "text",
    [
        "A tornado struck Springfield, Ill., on Monday. Springfield was dark. Schools in Springfield closed.",
        "Fire in Springfield. Police in Springfield blamed rain. A tornado struck Springfield, Ill., on Monday.",
    ],
)
def test_a_name_means_the_place_that_the_text_states_elsewhere(read: Reader, text: str) -> None:
    assert chains(read, text, "Springfield") == [(3, "geonames:4250542")]


def test_a_small_town_keeps_its_name_in_the_rest_of_its_article(read: Reader) -> None:
    text = "A murder in Paris, Texas, shocked residents. Paris police found a gun."
    assert chains(read, text, "Paris") == [(2, "geonames:4717560")]


def test_two_stated_towns_of_one_name_are_two(read: Reader) -> None:
    text = "She drove from Columbus, Ohio, to Columbus, Georgia."
    assert chains(read, text, "Columbus") == [(1, "geonames:4509177"), (1, "geonames:4188985")]


def test_an_undecided_name_is_one_place_in_all_its_mentions(read: Reader) -> None:
    assert chains(read, "A fire broke out in Springfield. Police in Springfield blamed rain.", "Springfield") == [(2, None)]


def test_a_place_is_one_under_two_names(read: Reader) -> None:
    assert chains(read, "Ukraine said Kyiv was hit. Rockets fell on Kiev.", "K") == [(2, "geonames:703448")]


def test_a_shortened_state_is_the_state(read: Reader, gazetteer: Gazetteer) -> None:
    text = "A fire broke out in Springfield, Ill., on Monday. Illinois sent help."
    assert told(gazetteer, gazetteer.get(place(read, text, "Ill").known or "")) == "US region"
    assert chains(read, text, "Ill") == [(2, "geonames:4896861")]


@pytest.mark.parametrize(
    "text",
    [
        "A mine in Paris, Lebanon, collapsed.",
        "A mine in Paris, Lebanon, collapsed. Police in Paris blamed rain.",
        "The Chinese town of Paris was flooded.",
    ],
)
def test_a_place_that_lies_where_none_of_its_name_is_known_is_no_other(read: Reader, text: str) -> None:
    assert [known for _, known in chains(read, text, "Paris")] == [None]


@pytest.mark.parametrize(
    "text",
    [
        "In Vienna, Iran's envoy met the Russian delegation.",
        "In Vienna, Georgia was accused of treason.",
        "Talks in Vienna, Georgia and Armenia failed.",
        "Delegates met in Paris, Vienna, Berlin and Rome.",
        "In Vienna, Virginia governor Ana Reyes met the Austrian chancellor.",
        "Russia's Vienna embassy closed.",
    ],
)
def test_what_only_stands_beside_a_name_is_no_container(read: Reader, gazetteer: Gazetteer, text: str) -> None:
    assert told(gazetteer, gazetteer.get(place(read, text, "Vienna").known or "")) == "AT Vienna"


def test_a_capital_is_not_its_country(read: Reader, gazetteer: Gazetteer) -> None:
    assert told(gazetteer, gazetteer.get(place(read, "Crowds filled the capital of Armenia.", "Armenia").known or "")) == "AM country"


@pytest.mark.parametrize("text", ["The West backed the plan.", "Farmers in the South lost crops."])
def test_a_direction_is_no_province_of_a_country_that_is_not_spoken_of(read: Reader, text: str) -> None:
    assert all(chain.known is None for chain in read(text).chains)


def test_a_village_abroad_is_not_meant_where_its_country_is_not_spoken_of(read: Reader) -> None:
    assert chains(read, "The crowd cheered for Korea.", "Korea") in ([], [(1, None)])


def test_a_border_town_keeps_the_country_under_which_geonames_files_it(read: Reader, gazetteer: Gazetteer) -> None:
    known = gazetteer.get(place(read, "Shelling hit Donetsk, Ukraine said.", "Donetsk").known or "")
    assert known is not None
    assert (known.country, known.source) == ("UA", "geonames")


def test_a_title_that_the_text_lacks_tells_of_which_country_it_speaks(gazetteer: Gazetteer) -> None:
    document = Document("test", "A fire broke out in Hyderabad.")
    (_, doc), *_ = annotate([document])
    found = mentions(document, doc, gazetteer)
    (without,), (within,) = (locate(doc, found, gazetteer, title) for title in ("Fire", "Pakistan mourns"))
    assert (without.known, told(gazetteer, within.known)) == (None, "PK Sindh")


@pytest.mark.parametrize(
    ("left", "right", "kilometres"),
    [
        ((40.18, 44.51), (40.18, 44.51), 0),
        ((40.1811, 44.5136), (40.3777, 49.8920), 458),
        ((0.0, 179.0), (0.0, -179.0), 222),
        ((90.0, 0.0), (-90.0, 0.0), 20015),
    ],
)
def test_distance_is_along_the_globe(left: tuple[float, float], right: tuple[float, float], kilometres: float) -> None:
    assert distance(left, right) == pytest.approx(kilometres, abs=2)


NAMES = ["Springfield", "Paris", "Georgia", "Vienna", "Salem", "Texas", "Illinois", "Armenia", "Boston", "Lindmere"]


@given(st.lists(st.sampled_from(NAMES), min_size=1, max_size=6), st.sampled_from(["", "Georgian ", "Texas "]))
def test_every_mention_is_in_one_place_and_decided_or_proposed(read: Reader, names: list[str], people: str) -> None:
    found = read(" ".join(f"The {people}envoy flew to {name}." for name in names))
    located = [chain for chain in found.chains if chain.kind is Kind.PLACE]
    inside = sorted(number for chain in located for number in chain.mentions)
    assert inside == [number for number, mention in enumerate(found.mentions) if mention.kind is Kind.PLACE]
    assert not any(chain.known and chain.candidates for chain in located)
    assert all(len(chain.candidates) <= 5 for chain in located)
