"""Resolving: one actor in many spellings is one, two people are two, and no order of the documents changes that."""

import random
import time
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.gazetteer import Gazetteer
from kg.records import (
    Chain,
    Class,
    Collection,
    Decision,
    Document,
    Entity,
    Extraction,
    Kind,
    Mention,
    Outcome,
    Role,
    Span,
    Statement,
    Type,
    Voice,
)
from kg.resolve import resolve

MAYOR, HEAD = Role("Mayor", Span(0, 1)), Role("head of the council", Span(0, 1))
PERSON, BODY, PLACE, GROUP = Kind.PERSON, Kind.ORGANIZATION, Kind.PLACE, Kind.GROUP


def person(name: str, **more: object) -> Chain:
    return Chain(PERSON, name, (), **more)


def body(name: str, **more: object) -> Chain:
    return Chain(BODY, name, (), **more)


def place(name: str, **more: object) -> Chain:
    return Chain(PLACE, name, (), **more)


def group(name: str) -> Chain:
    return Chain(GROUP, name, ())


def said(speaker: Voice | None, on_behalf_of: Voice | None = None) -> Statement:
    return Statement(
        Type.INDIRECT, (Span(0, 1),), (), (), "say", "say", Class.REPORT, "test", 0.9, speaker=speaker, on_behalf_of=on_behalf_of
    )


def article(id_: str, *chains: Chain, statements: tuple[Statement, ...] = (), metonyms: tuple[int, ...] = ()) -> Extraction:
    """An article that mentions each chain once; ``metonyms`` stand for governments."""
    names = [chain.name for chain in chains]
    text = f"{id_}: {'; '.join(names)}."
    mentions, at = [], len(id_) + 2
    for number, chain in enumerate(chains):
        mentions.append(Mention(Span(at, at + len(chain.name)), chain.kind, chain.name, "test", metonym=number in metonyms))
        at += len(chain.name) + 2
    linked = tuple(
        Chain(
            c.kind, c.name, (n,), c.roles, c.country, c.acronyms, c.known, c.candidates, c.gender, c.credited
        )  # the n-th chain has the n-th mention
        for n, c in enumerate(chains)
    )
    return Extraction(Document(id_, text), tuple(mentions), linked, statements, ())


def entity(collection: Collection, extraction: Extraction, chain: int = 0) -> Entity:
    """The entity behind a chain of an article."""
    return collection.entities[collection.refers[extraction.document.key, chain]]


def together(gazetteer: Gazetteer, left: Chain, right: Chain) -> bool:
    """Whether two chains of two articles become one entity."""
    a, b = article("a", left), article("b", right)
    collection = resolve([a, b], gazetteer)
    return entity(collection, a) == entity(collection, b)


def decided(collection: Collection) -> list[tuple[str, str, str]]:
    """(outcome, rule, both names) of each decision."""
    return [(d.outcome.value, d.rule, " = ".join(sorted((d.left.name, d.right.name)))) for d in collection.decisions]


# ---------------------------------------------------------------- people


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Vahan Tumasian", "Vahan Tumasyan"),
        ("Yulia Petrova", "Julia Petrova"),
        ("Mohammed al-Rashid", "Mohamed Al Rashid"),
        ("José Pérez", "Jose Perez"),
        ("Aleksandr Volkov", "Alexander Volkov"),
        ("Tom O’Brien", "Tom O'Brien"),
        ("Łukasz Żak", "Lukasz Zak"),
        ("ANA REYES", "Ana Reyes"),
        ("Anna-Maria Lund", "Anna Maria Lund"),
    ],
)
def test_one_person_in_two_spellings_is_one(gazetteer: Gazetteer, left: str, right: str) -> None:
    assert together(gazetteer, person(left), person(right))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Ana Reyes", "Ana Reed"),
        ("Tom Reed", "Tim Reed"),
        ("Maria Lopez", "Mario Lopez"),
        ("Ivana Novak", "Ivanka Novak"),
        ("Ana Reyes", "Ana Reyes Jr."),
        ("Petar Danielyan", "Petra Danielian"),
        ("John Smith", "Joan Smith"),
        ("Kim Song-ho", "Kim Sung-min"),
    ],
)
def test_two_people_with_close_names_are_two(gazetteer: Gazetteer, left: str, right: str) -> None:
    assert not together(gazetteer, person(left), person(right))


def test_every_spelling_is_kept_as_another_name(gazetteer: Gazetteer) -> None:
    a, b = article("a", person("Vahan Tumasian")), article("b", person("Vahan Tumasyan"))
    collection = resolve([a, b], gazetteer)
    found = entity(collection, a)
    assert {found.name, *found.aliases} == {"Vahan Tumasian", "Vahan Tumasyan"}


def test_the_spelling_that_most_articles_use_is_the_name(gazetteer: Gazetteer) -> None:
    articles = [article(str(n), person(name)) for n, name in enumerate(["Vahan Tumasian", "Vahan Tumasyan", "Vahan Tumasyan"])]
    assert entity(resolve(articles, gazetteer), articles[0]).name == "Vahan Tumasyan"


def test_a_merge_is_recorded_with_its_names_rule_score_and_entity(gazetteer: Gazetteer) -> None:
    a, b = article("a", person("Vahan Tumasian")), article("b", person("Vahan Tumasyan"))
    collection = resolve([a, b], gazetteer)
    (decision,) = collection.decisions
    assert isinstance(decision, Decision)
    assert {str(decision.left), str(decision.right)} == {f"Vahan Tumasian @{a.document.key}", f"Vahan Tumasyan @{b.document.key}"}
    assert {side.of(e.document.text) for e in (a, b) for side in [Span(3, 17)]} == {"Vahan Tumasian", "Vahan Tumasyan"}
    assert {(side.start, side.end) for side in (decision.left, decision.right)} == {(3, 17)}, "where the names stand"
    path = entity(collection, a).path
    assert (decision.outcome, decision.rule, decision.entities) == (Outcome.ACCEPTED, "close-name", (path, path))
    assert 0.92 <= decision.score < 1 and decision.features == (("name", decision.score),)


def test_namesakes_that_one_article_tells_apart_stay_apart(gazetteer: Gazetteer) -> None:
    both = article("a", person("Vahan Tumasian"), person("Vahan Tumasyan"))
    collection = resolve([both], gazetteer)
    assert entity(collection, both, 0) != entity(collection, both, 1)
    assert decided(collection) == [("rejected", "apart-in-one-document", "Vahan Tumasian = Vahan Tumasyan")]


def test_namesakes_are_not_brought_together_by_a_third_article(gazetteer: Gazetteer) -> None:
    both = article("a", person("Vahan Tumasian"), person("Vahan Tumasyan"))
    others = [article("b", person("Vahan Tumasian")), article("c", person("Vahan Tumasyan")), article("d", person("Vahan Toumasian"))]
    collection = resolve([both, *others], gazetteer)
    assert entity(collection, both, 0) == entity(collection, others[0])
    assert entity(collection, both, 1) == entity(collection, others[1])
    assert entity(collection, both, 0) != entity(collection, both, 1)


def test_a_bare_surname_is_proposed_and_not_merged(gazetteer: Gazetteer) -> None:
    full, bare = article("a", person("Ana Reyes")), article("b", person("Reyes"))
    collection = resolve([full, bare], gazetteer)
    assert entity(collection, full) != entity(collection, bare)
    (decision,) = collection.decisions
    assert (decision.outcome, decision.rule) == (Outcome.PROPOSED, "surname-only")
    assert set(decision.entities) == {entity(collection, full).path, entity(collection, bare).path}
    assert 0 < decision.score <= 1


def test_a_bare_surname_that_two_people_share_is_not_even_proposed(gazetteer: Gazetteer) -> None:
    articles = [article("a", person("Ana Reyes")), article("b", person("Luis Reyes")), article("c", person("Reyes"))]
    assert decided(resolve(articles, gazetteer)) == [("rejected", "other-first-name", "Ana Reyes = Luis Reyes")]


def test_a_photographer_is_not_proposed_for_a_bare_surname(gazetteer: Gazetteer) -> None:
    articles = [article("a", person("Ana Reyes", credited=True)), article("b", person("Reyes"))]
    assert resolve(articles, gazetteer).decisions == ()


def test_the_same_first_name_in_two_articles_is_two_people(gazetteer: Gazetteer) -> None:
    a, b = article("a", person("Sasha")), article("b", person("Sasha"))
    collection = resolve([a, b], gazetteer)
    assert entity(collection, a).slug != entity(collection, b).slug
    assert {e.slug for e in collection.entities} == {f"{a.document.key}-sasha", f"{b.document.key}-sasha"}


def test_roles_of_all_articles_are_kept(gazetteer: Gazetteer) -> None:
    a, b = article("a", person("Ana Reyes", roles=(MAYOR,))), article("b", person("Ana Reyes", roles=(HEAD, MAYOR)))
    assert entity(resolve([a, b], gazetteer), a).roles == ("Mayor", "head of the council")


# ---------------------------------------------------------------- bodies


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (body("Valley Union"), body("Valley Union")),
        (body("Northern River Board", acronyms=("NRB",)), body("NRB")),
        (body("Northern River Board", acronyms=("NRB",)), body("Northern River Board")),
        (body("Foreign Ministry", country="NO"), body("Ministry of Foreign Affairs", country="NO")),
        (body("UN", known="org-un"), body("United Nations", known="org-un")),
    ],
)
def test_one_body_under_two_names_is_one(gazetteer: Gazetteer, left: Chain, right: Chain) -> None:
    assert together(gazetteer, left, right)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (body("Valley Union"), body("Valley Bank")),
        (body("Foreign Ministry", country="NO"), body("Foreign Ministry", country="SE")),
        (body("Foreign Ministry", country="NO"), body("Defence Ministry", country="NO")),
        (body("Foreign Ministry"), body("Foreign Ministry")),
        (body("Foreign Ministry", country="NO"), body("Foreign Ministry")),
        (body("Supreme Court", country="NO"), body("Supreme Court", country="KE")),
        (body("Central Bank", country="NO"), body("Central Bank", country="CL")),
        (body("Coast Guard", country="GR"), body("Coast Guard", country="TR")),
        (body("Electoral Commission", country="GH"), body("Electoral Commission", country="KE")),
        (body("American Bar Centre", acronyms=("ABC",)), body("Australian Book Council", acronyms=("ABC",))),
        (body("Valley Union"), person("Valley Union")),
        (body("Lindmere"), place("Lindmere")),
    ],
)
def test_two_bodies_stay_two(gazetteer: Gazetteer, left: Chain, right: Chain) -> None:
    assert not together(gazetteer, left, right)


def test_an_acronym_that_two_articles_teach_differently_joins_neither(gazetteer: Gazetteer) -> None:
    articles = [
        article("a", body("American Bar Centre", acronyms=("ABC",))),
        article("b", body("Australian Book Council", acronyms=("ABC",))),
        article("c", body("ABC")),
    ]
    assert len(resolve(articles, gazetteer).entities) == 3


def test_a_taught_acronym_is_another_name(gazetteer: Gazetteer) -> None:
    a = article("a", body("Northern River Board", acronyms=("NRB",)))
    assert entity(resolve([a], gazetteer), a).aliases == ("NRB",)


def test_a_body_that_every_state_has_is_named_with_its_state(gazetteer: Gazetteer) -> None:
    a, b = article("a", body("Foreign Ministry", country="NO")), article("b", body("Justice Department", country="US"))
    collection = resolve([a, b], gazetteer)
    assert entity(collection, a).name == "Ministry of Foreign Affairs of Norway"
    assert entity(collection, b).name == "Department of Justice of the United States"


# ---------------------------------------------------------------- places and governments


def test_a_known_place_brings_its_id_and_where_it_lies(gazetteer: Gazetteer) -> None:
    known = next(entry for entry in gazetteer.look_up("Oslo") if entry.feature == "city")
    a = article("a", place("Oslo", known=known.id))
    found = entity(resolve([a], gazetteer), a)
    assert (found.name, found.geonames, found.country) == ("Oslo", "3143244", "NO")
    assert found.latitude == pytest.approx(59.9, abs=0.2) and found.longitude == pytest.approx(10.75, abs=0.2)


def test_an_unknown_place_has_no_invented_coordinates(gazetteer: Gazetteer) -> None:
    a = article("a", place("Lindmere-on-Sea"))
    found = entity(resolve([a], gazetteer), a)
    assert (found.geonames, found.latitude, found.longitude, found.country) == (None, None, None, None)


def test_government_country_and_capital_are_three(gazetteer: Gazetteer) -> None:
    country, capital = gazetteer.look_up("Norway")[0], gazetteer.look_up("Oslo")[0]
    a = article(
        "a",
        place("Norway", known=country.id, country="NO"),
        place("Oslo", known=capital.id, country="NO"),
        statements=(said(Voice("metonym", government="NO")),),
        metonyms=(1,),
    )
    collection = resolve([a], gazetteer)
    voice = collection.entity_of(a.document.key, Voice("x", government="NO"))
    assert voice is not None
    assert sorted(e.path for e in (entity(collection, a, 0), entity(collection, a, 1), voice)) == [
        "actor/government-of-norway",
        "place/norway",
        "place/oslo",
    ]
    assert (voice.kind, voice.country, voice.latitude) == (Kind.GOVERNMENT, "NO", None)


def test_a_government_is_one_for_all_articles(gazetteer: Gazetteer) -> None:
    a, b = (article(name, statements=(said(Voice("metonym", government="NL")),)) for name in "ab")
    collection = resolve([a, b], gazetteer)
    assert [e.name for e in collection.entities] == ["Government of the Netherlands"]


def test_a_metonym_makes_a_government_though_it_says_nothing(gazetteer: Gazetteer) -> None:
    a = article("a", place("Oslo", country="NO"), metonyms=(0,))
    assert {e.kind for e in resolve([a], gazetteer).entities} == {PLACE, Kind.GOVERNMENT}


def test_somebody_unnamed_stays_in_their_article(gazetteer: Gazetteer) -> None:
    a, b = (article(name, statements=(said(Voice("unnamed", unnamed="doctors")),)) for name in "ab")
    collection = resolve([a, b], gazetteer)
    assert [(e.name, e.unnamed, e.kind) for e in collection.entities] == [("doctors", True, GROUP)] * 2
    assert len({e.slug for e in collection.entities}) == 2


def test_words_of_two_letters_are_no_country(gazetteer: Gazetteer) -> None:
    a = article("a", statements=(said(Voice("unnamed", unnamed="NO")),))
    assert [e.unnamed for e in resolve([a], gazetteer).entities] == [True]


def test_a_spokeswoman_acts_for_whom_she_mostly_speaks(gazetteer: Gazetteer) -> None:
    voice, norway, sweden = Voice("name", chain=0), Voice("role", government="NO"), Voice("role", government="SE")
    a = article("a", person("Ana Reyes"), statements=(said(voice, norway), said(voice, sweden), said(voice, norway)))
    assert entity(resolve([a], gazetteer), a).acts_for == "government-of-norway"


# ---------------------------------------------------------------- slugs


def test_slugs_are_unique_among_actors_and_among_places(gazetteer: Gazetteer) -> None:
    a = article("a", person("Ana Paris"), body("Ana Paris"), group("Ana Paris"), place("Ana Paris"), body("Ana Paris 2"))
    entities = resolve([a], gazetteer).entities
    assert len({e.path for e in entities}) == len(entities) == 5


@pytest.mark.parametrize("name", ["李克强", "Δημήτρης Παπάς", "محمد علي", "🏟️ FC", "—", "'", "../../etc/passwd", "<b>Ana</b>", "A" * 500])
def test_any_name_gives_a_slug_that_is_safe_in_an_address(gazetteer: Gazetteer, name: str) -> None:
    a = article("a", body(name))
    slug = entity(resolve([a], gazetteer), a).slug
    assert slug and slug.replace("-", "").isalnum() and slug.isascii() and slug == slug.lower()


# ---------------------------------------------------------------- order


MANY = [
    article("a", person("Vahan Tumasian"), person("Tumasyan"), body("Northern River Board", acronyms=("NRB",))),
    article("b", person("Vahan Tumasyan"), body("NRB"), place("Lindmere"), statements=(said(Voice("name", chain=0)),)),
    article("c", person("Vahan Toumasian"), person("Vahan Tumasyan"), body("Foreign Ministry", country="NO")),
    article("d", person("Reyes"), body("Ministry of Foreign Affairs", country="NO"), statements=(said(Voice("m", government="NO")),)),
    article("e", person("Ana Reyes"), person("Sasha"), body("Lindmere"), statements=(said(Voice("u", unnamed="doctors")),)),
]


@pytest.mark.parametrize("order", [*permutations(range(5))][::7], ids=lambda order: "".join(map(str, order)))
def test_no_order_of_the_articles_changes_anything(gazetteer: Gazetteer, order: tuple[int, ...]) -> None:
    assert resolve([MANY[n] for n in order], gazetteer) == resolve(MANY, gazetteer)


def test_an_article_that_comes_twice_changes_nothing(gazetteer: Gazetteer) -> None:
    assert resolve([*MANY, MANY[2], MANY[0]], gazetteer) == resolve(MANY, gazetteer)


def test_one_text_under_two_names_is_one_article_whatever_the_order(gazetteer: Gazetteer) -> None:
    text = "Rain fell."
    a, b = (Extraction(Document(name, text), (), (), (), ()) for name in "ab")
    assert [e.document.id for e in resolve([b, a], gazetteer).extractions] == ["a"]
    assert resolve([b, a], gazetteer) == resolve([a, b], gazetteer)


def test_no_articles_make_an_empty_collection(gazetteer: Gazetteer) -> None:
    assert resolve([], gazetteer) == Collection((), (), ())


NAMES = st.sampled_from(
    ["Vahan Tumasian", "Vahan Tumasyan", "Ana Reyes", "Anna Reyes", "Reyes", "Sasha", "Ana Reyes Jr.", "Reyes Ana", "X"]
)
CHAINS = st.builds(Chain, st.sampled_from([PERSON, BODY, PLACE, GROUP]), NAMES, st.just(()))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(CHAINS, max_size=4), max_size=5), st.randoms(use_true_random=False))
def test_the_collection_is_ordered_complete_and_free_of_order(gazetteer: Gazetteer, rows: list[list[Chain]], chance: random.Random) -> None:
    articles = [article(f"article {n}", *chains) for n, chains in enumerate(rows)]
    collection = resolve(articles, gazetteer)
    mixed = articles[:]
    chance.shuffle(mixed)
    assert resolve(mixed, gazetteer) == collection
    assert set(collection.refers) == {(e.document.key, n) for e in articles for n in range(len(e.chains))}
    assert list(collection.decisions) == sorted(collection.decisions)
    assert len({e.path for e in collection.entities}) == len(collection.entities)
    assert all(entity(collection, e, n).kind is chain.kind for e in articles for n, chain in enumerate(e.chains))


def test_a_thousand_articles_are_resolved_in_time(gazetteer: Gazetteer) -> None:
    chance = random.Random(7)
    sounds = ["ba", "ke", "lo", "mi", "ru", "sa", "te", "vo", "zu", "na"]
    names = [" ".join("".join(chance.choices(sounds, k=3)).title() for _ in range(2)) for _ in range(2_000)]
    articles = [article(str(n), *map(person, sorted(set(chance.choices(names, k=20))))) for n in range(1_000)]
    start = time.perf_counter()
    resolve(articles, gazetteer)
    assert time.perf_counter() - start < 30
