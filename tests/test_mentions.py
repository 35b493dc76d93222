"""Names: whoever searches for a person, body, place or people must find them under their kind, and nothing under a wrong one."""

from itertools import pairwise

import pytest
from conftest import Reader
from hypothesis import given, settings
from hypothesis import strategies as st
from marked import marked

from kg.records import Kind, ZoneKind

pytestmark = pytest.mark.model

LABEL = {"person": Kind.PERSON, "body": Kind.ORGANIZATION, "place": Kind.PLACE, "group": Kind.GROUP}

SENTENCES = [
    # the plain kinds
    "[Marta Kowalska|person] won the race in [Porto|place], the [Valley Athletics Union|body] said.",
    "[Fatima|person], 9, lost her home in [Derna|place].",
    "[Muslims|group] and [Christians|group] prayed together in [Beirut|place].",
    "The [University of Cape Town|body] and [Stanford University|body] published the study.",
    "The [Nile|place] and the [Andes|place], [Mount Everest|place] and [Lake Victoria|place].",
    "Police in [West Yorkshire|place] arrested [Tom Baker|person], 34.",
    "[Kim Jong-ho|person] met [Xi Wen|person] in [Pyongyang|place].",
    # companies that begin or end as places and titles do
    "[General Motors|body] will close its plant in [Ohio|place], the union said.",
    "[Singapore Airlines|body] cancelled forty flights on Monday.",
    "[Air France|body] and [Northrop Grumman|body] reported losses.",
    "The [Bank of England|body] raised interest rates.",
    "[Apple|body] said on Tuesday that sales had fallen.",
    "[Bayern Munich|body]'s [Harry Lane|person] scored.",
    "[Washington State University|body] beat [Oregon|place].",
    "The [Supreme Court of India|body] ruled against [Tata Steel|body].",
    "The [Straits Times|body] and the [Financial Times|body] cover [Southeast Asia|place].",
    "Judge [Helena Brandt|person] of the [Hague District Court|body] ruled on Monday.",
    # places that speak
    "[Norway|place] says the cable was cut on purpose.",
    "[U.S.|place] troops left [Iraq|place]; [US|place] officials said so.",
    # titles
    "Dr. [Susan Sydney|person] runs the clinic in [Sydney|place], [Australia|place].",
    "Queen [Sofia Lind|person] opened the harbour.",
    "[Victoria Lake|person] swam across [Lake Victoria|place].",
    "Lt. Gen. [Marcus Webb|person] and Sen. [Laura Diaz|person] testified.",
    "Prime Minister [Olga Brandt|person]'s speech pleased [Labour|body].",
    "Mr. [Carpenter|person], a carpenter from [Bath|place], was arrested.",
    "Spokeswoman [Lena Fischer|person] of the [Red Cross|body] said [Red Cross|body] teams were there.",
    # peoples
    "[Ethnic Albanians|group] and [Kosovo Serbs|group] clashed in [Mitrovica|place].",
    "[Hungarian|group] voters and [ethnic Hungarians|group] in [Romania|place] went to the polls.",
    "[Turkish|group] President [Mehmet Aksoy|person] spoke in [Ankara|place].",
    "[Houthi|group] rebels fired on a ship in the [Red Sea|place].",
    # straits, corridors and countries
    "The [Suwalki corridor|place] lies between [Poland|place] and [Lithuania|place].",
    "Tankers wait in the [Strait of Hormuz|place] and in the [Taiwan Strait|place].",
    "The [Guardia Civil|body] searched the [Basque Country|place].",
    # acronyms
    "The [International Federation of Journalists|body] ([IFJ|body]) condemned the arrest.",
    "The [World Food Programme|body] ([WFP|body]) said the [WFP|body] convoy had left.",
    # people called like places and trades
    "Mayor [Jordan Reed|person] met [Sydney Carpenter|person] on Friday.",
    "[Chad Bath|person] scored twice. “We were lucky,” [Bath|person] said.",
    "[Paris Hamilton|person] sued the club. [Hamilton|person] lost.",
    "[Jordan Miles|person] flew to [Jordan|place] on Sunday.",
    # hyphens and apostrophes
    "[Jean-Luc Picard-Smith|person] and [Anne-Marie O'Neill|person] were elected.",
    # places that no gazetteer knows, known by how the text speaks of them
    "[Ana Reyes|person], the mayor of [Lindmere|place], resigned.",
    "A storm hit [Lindmere|place], a town in [Norway|place].",
    "Fighting went on in the [Wakhan Corridor|place] on Monday.",
    "The [Kerch Strait|place] is closed.",
    # one word for two things
    "[Amazon|body] said it would build a warehouse in the [Amazon basin|place].",
    "Ms. [Georgia Tate|person] was born in [Georgia|place].",
    # bodies of state
    "[Kenya|place]'s [Health Ministry|body] said so.",
    "The [Kenyan|group] [Health Ministry|body] said so.",
    "The [Dutch|group] government fell.",
    "The [Bank of Lindmere|body] failed.",
    "Gen. [Tom Reed|person] commands the [Valley Army|body].",
    "Sir [Ian Wells|person] left the [Royal Society|body].",
    "[British Airways|body] and [Turkish Airlines|body] fly to [Nairobi|place].",
    "[Ukrainian|group] and [Qatari|group] envoys met in [Myanmar|place].",
    "[Cypriot|group] and [Maltese|group] fishermen protested in [Valletta|place].",
    "The [Russian|group] tanker sank off [Cape Town|place].",
    # capitals
    "MAYOR OF [LEEDS|place] RESIGNS AFTER FLOOD",
    "PRIME MINISTER [OLGA BRANDT|person] QUITS",
    # villages that no gazetteer knows
    "The villagers of [Little Snoring|place] and of [Nether Wallop|place] protested.",
    "[Nether Wallop|place] is a village in [Hampshire|place].",
    "The [Mariana|place] dam burst.",
    "Cyclone Mocha struck [Rakhine|place] state.",
    "[Charlotte Lincoln|person], of [Lincoln|place], won. [Lincoln|person] is 30.",
    # the noun beside a name
    "The magazine [Der Spiegel|body] and the newspaper [Le Monde|body] published the files.",
    "Shares of [Nintendo|body] fell in [Tokyo|place], the [Nikkei|body] newspaper reported.",
    "The [Indian|group] airline [IndiGo|body] ordered planes from [Airbus|body].",
    "The rock band [Coldplay|body] played in [Jakarta|place].",
    "The rights group [B'Tselem|body] criticised the court.",
    "News agency [Xinhua|body] quoted [Li Wei|person], a farmer in [Henan|place].",
    "[Alibaba|body] founder [Jack Lin|person] returned to [Hangzhou|place].",
    "[Rappler|body] editor [Maria Santos|person] was cleared in [Manila|place].",
    "[Petrobras|body] shares fell in [Rio de Janeiro|place].",
    "President [Gustavo Reyes|person] met [ELN|body] commanders in [Havana|place].",
    "The company [Tom Reed|person] founded in [Lagos|place] failed.",
    "She told the newspaper [Ana Reyes|person] was dead.",
    "The airline said [Ana Reyes|person] was aboard.",
    # the first and the last word of a name
    "[Air China|body] and [FC Barcelona|body] signed a deal.",
    "[Real Madrid|body] signed [Luis Diaz|person].",
    "[Chiang Mai International Airport|place] and [Taksim Square|place] were closed.",
    "[John F. Kennedy International Airport|place] was closed for an hour.",
    "[Mount Merapi|place] erupted on Saturday.",
    "[Nick Park|person] met [Marcia Cross|person] in [Leeds|place].",
    "[Saudi Arabia|place]'s [Douglas Aircraft|body] fleet is old.",
    "[Manchester United|body] beat [Arsenal|body] 2-1.",
    # flights, storms and things
    "[Kenya Airways|body] Flight 507 crashed near [Douala|place], [Cameroon|place].",
    "Hurricane Maria hit [Puerto Rico|place], and Maria killed thousands.",
    "In August and in May they met.",
    # titles in several words
    "Mr Justice [Harold Finch|person] ruled against [Barclays|body].",
    "Chief Financial Officer [Lena Marsh|person] resigned from [Northwind Foods|body].",
    "[Boeing|body] Executive Vice President [Scott Marsh|person] spoke.",
    # peoples in two words
    "[Sri Lankan|group] and [South Korean|group] sailors were rescued off [Somalia|place].",
    "The [Costa Rican|group] president met [Central American|group] leaders.",
    "The [Kennedys|group] met in [Boston|place]; [Ted Kennedy|person] spoke.",
    # small words inside names
    "[Ana van der Berg|person] called the vote historic, and [van der Berg|person]'s office agreed.",
    "[Abdel Fattah al-Sabah|person] received [Juan de la Vega|person] in [Cairo|place].",
    "The court in [The Hague|place] tried [Dominic Okello|person].",
    # a short form taught without the initials of every word
    "[Singapore Airlines|body] ([SIA|body]) cancelled flights; [SIA|body] apologised.",
]


NOT_YET = {
    "[Colo-Colo|body] beat [Boca Juniors|body].": "a club that the model takes for a people",
    "The fighters left [Bakhmut|place] in May.": "a small town, and no country in the text",
    "[Air Lindmere|body] and [Real Lindmere|body] were sold.": "a body whose second word is no known name",
}


def check(read: Reader, raw: str) -> None:
    text, spans = marked(raw)
    wanted = sorted((span.start, span.of(text), LABEL[label]) for label, found in spans.items() for span in found)
    assert [(mention.span.start, mention.name, mention.kind) for mention in read(text).mentions] == wanted


@pytest.mark.parametrize("raw", SENTENCES, ids=lambda raw: raw[:45])
def test_every_name_of_a_sentence_is_found_with_its_kind_and_nothing_else(read: Reader, raw: str) -> None:
    check(read, raw)


@pytest.mark.parametrize("raw", [pytest.param(raw, marks=pytest.mark.xfail(reason=why, strict=True)) for raw, why in NOT_YET.items()])
def test_names_that_are_not_found_yet(read: Reader, raw: str) -> None:
    check(read, raw)


def names(read: Reader, text: str, zone: ZoneKind | None = None) -> list[tuple[str, Kind]]:
    """(name, kind) of each mention that stands in a zone, the body unless told."""
    return [(mention.name, mention.kind) for mention in read(text).mentions if mention.zone is zone]


# ---------------------------------------------------------------- over an article


def test_a_full_name_teaches_its_surname_to_the_whole_article(read: Reader) -> None:
    text = "Marta Field won. The crowd cheered.\n\n“I am glad,” Field said.\n\nField, 30, trains in Porto."
    assert [name for name, kind in names(read, text) if kind is Kind.PERSON] == ["Marta Field", "Field", "Field"]


def test_who_was_named_in_full_speaks_by_surname_and_is_no_body(read: Reader) -> None:
    text = "Helen Shell won the vote.\n\nShell said she was glad.\n\nThe count took long, Shell said.\n\nAfterwards Shell thanked Porto."
    assert [kind for name, kind in names(read, text) if name.endswith("Shell")] == [Kind.PERSON] * 4


def test_a_body_that_is_named_alone_first_stays_one(read: Reader) -> None:
    text = "Ford recalled forty vans.\n\nFord shares fell.\n\nHenry Ford founded it.\n\nFord said on Monday that Ford was sorry."
    assert [kind for name, kind in names(read, text) if name == "Ford"] == [Kind.ORGANIZATION] * 4


def test_a_name_found_once_is_found_again_where_the_model_misses_it(read: Reader) -> None:
    text = "Ryanair exercises options on five jets.\n\nRyanair said on Monday that it would buy them.\n\nThe airline Ryanair is Irish."
    assert [kind for name, kind in names(read, text) if name == "Ryanair"] == [Kind.ORGANIZATION] * 3


def test_a_name_over_a_line_break_keeps_its_words(read: Reader) -> None:
    text = "The town of New\nYork Mills flooded."
    assert all("\n" not in mention.name for mention in read(text).mentions)


@pytest.mark.parametrize("ending", ["'s", "’s"])
def test_a_possessive_ending_is_no_part_of_a_name(read: Reader, ending: str) -> None:
    assert names(read, f"Marta Kowalska{ending} coach praised Norway{ending} team.") == [
        ("Marta Kowalska", Kind.PERSON),
        ("Norway", Kind.PLACE),
    ]


def test_a_span_is_exactly_its_name(read: Reader) -> None:
    text = "“Marta Kowalska’s boat sank,” the Valley Union (VU) said in Porto; VU paid."
    assert [mention.span.of(text) for mention in read(text).mentions] == [mention.name for mention in read(text).mentions]


# ---------------------------------------------------------------- credits and chrome


@pytest.mark.parametrize(
    ("credit", "expected"),
    [
        ("Joana Lima/Reuters", [("Joana Lima", Kind.PERSON), ("Reuters", Kind.ORGANIZATION)]),
        ("Joana Lima/AFP/Getty Images", [("Joana Lima", Kind.PERSON), ("AFP", Kind.ORGANIZATION), ("Getty Images", Kind.ORGANIZATION)]),
        ("AP Photo/Joana Lima", [("AP", Kind.ORGANIZATION), ("Joana Lima", Kind.PERSON)]),
        ("Joana Lima/Lusa via AP", [("Joana Lima", Kind.PERSON), ("Lusa", Kind.ORGANIZATION), ("AP", Kind.ORGANIZATION)]),
    ],
)
def test_a_credit_names_its_photographer_and_its_agency(read: Reader, credit: str, expected: list[tuple[str, Kind]]) -> None:
    assert names(read, f"The river rose.\n\nA man wades.\n{credit}\n\nIt fell.", ZoneKind.CREDIT) == expected


@pytest.mark.parametrize("credit", ["Photo: Joana Lima", "Photograph: Joana Lima/Reuters", "Photo by Joana Lima"])
def test_a_credit_in_words_names_its_photographer(read: Reader, credit: str) -> None:
    assert ("Joana Lima", Kind.PERSON) in names(read, f"The river rose.\n\nA man wades.\n{credit}\n\nIt fell.", ZoneKind.CREDIT)


def test_reporters_at_the_foot_are_people(read: Reader) -> None:
    text = "The river rose.\n\nReporting by Joana Lima; Editing by Tom Reed"
    assert names(read, text, ZoneKind.CREDIT) == [("Joana Lima", Kind.PERSON), ("Tom Reed", Kind.PERSON)]


@pytest.mark.parametrize(
    "line", ["Read more: Joana Lima wins in Oslo", "Follow us on Facebook", "Copyright 2024 Reuters", "Sign up for The Oslo Letter"]
)
def test_what_a_site_sets_around_an_article_gives_no_names(read: Reader, line: str) -> None:
    assert names(read, f"The river rose.\n\n{line}\n\nIt fell.", ZoneKind.BOILERPLATE) == []


def test_names_in_a_caption_count_and_say_where_they_stand(read: Reader) -> None:
    text = "The river rose.\n\nMarta Kowalska wades through Porto.\nJoana Lima/Reuters\n\nIt fell."
    assert names(read, text, ZoneKind.CAPTION) == [("Marta Kowalska", Kind.PERSON), ("Porto", Kind.PLACE)]


# ---------------------------------------------------------------- for every text


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "Ana Reyes",
                "(OSCE)",
                "the",
                "'s",
                "Porto",
                "Norwegian",
                "corridor",
                "\n",
                "Mayor",
                "said",
                ".",
                "“",
                "”",
                "U.S.",
                "Bank of",
                "🏟️",
                "/",
            ]
        )
        | st.text(max_size=6),
        max_size=25,
    ).map(" ".join)
)
def test_names_come_in_order_without_overlap_in_any_text(read: Reader, text: str) -> None:
    spans = [mention.span for mention in read(text).mentions]
    assert spans == sorted(spans)
    assert not any(left.meets(right) for left, right in pairwise(spans))
    assert all(mention.name.split() == mention.span.of(text).split() for mention in read(text).mentions)
