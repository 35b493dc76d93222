"""What a person said wins over every rule: at once, after every build, under another model, until it is taken back."""

import shutil
import warnings
from collections.abc import Callable
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest
from desk import MAYOR, SAILOR, apply, article, body, entity, filled, kg, names_of_people, person, place, review, select, written

from kg.gazetteer import Gazetteer
from kg.pipeline import Options, build
from kg.records import (
    Answer,
    Chain,
    Class,
    Collection,
    Correction,
    Doubt,
    Extraction,
    Kind,
    Outcome,
    Side,
    Span,
    Statement,
    Type,
    Voice,
)
from kg.resolve import resolve
from kg.resolve.bearers import side
from kg.review import answers_in_triples, as_triples, questions
from kg.triples import correction_key, entity_iri, entity_quads, statement_iris
from kg.vocab import KG, OWL, SKOS, WIKIDATA, Iri

MODEL = pytest.mark.model
NOON, LATER = "2026-05-01T12:00:00Z", "2026-05-02T12:00:00Z"
YES, NO = Answer.SAME, Answer.DIFFERENT
PERSON, BODY, PLACE, GROUP = Kind.PERSON, Kind.ORGANIZATION, Kind.PLACE, Kind.GROUP

IAN = article("a", person("Vahan Tumasian"))
YAN = article("b", person("Vahan Tumasyan"))
MARUKYAN, MANUKYAN = article("a", person("Arman Marukyan")), article("b", person("Arman Manukyan"))


def told(answer: Answer, left: Side, right: Side | None = None, value: str = "", *, by: str = "Eva Lund", at: str = NOON) -> Correction:
    return Correction(answer, left, right, value, by, at)


def said(answer: Answer, left: Extraction, right: Extraction, *, at: str = NOON) -> Correction:
    """A word on the first names of two articles."""
    one, other = sorted((side(left, 0), side(right, 0)))
    return told(answer, one, other, at=at)


def are_one(collection: Collection, left: Extraction, right: Extraction) -> bool:
    return entity(collection, left) == entity(collection, right)


def verdicts(collection: Collection) -> list[tuple[str, str, str, str]]:
    """(outcome, rule, who, when) of each decision."""
    return [(d.outcome.value, d.rule, d.by, d.at) for d in collection.decisions]


# ---------------------------------------------------------------- yes and no


def test_no_splits_what_the_rules_made_one_and_says_who_and_when(gazetteer: Gazetteer) -> None:
    assert are_one(resolve([IAN, YAN], gazetteer), IAN, YAN)
    collection = resolve([IAN, YAN], gazetteer, [said(NO, IAN, YAN)])
    assert not are_one(collection, IAN, YAN)
    assert verdicts(collection) == [("rejected", "told-apart", "Eva Lund", NOON)]


def test_yes_joins_what_was_only_proposed_and_says_who_and_when(gazetteer: Gazetteer) -> None:
    assert not are_one(resolve([MARUKYAN, MANUKYAN], gazetteer), MARUKYAN, MANUKYAN)
    collection = resolve([MARUKYAN, MANUKYAN], gazetteer, [said(YES, MARUKYAN, MANUKYAN)])
    assert are_one(collection, MARUKYAN, MANUKYAN)
    assert verdicts(collection) == [("accepted", "told-same", "Eva Lund", NOON)]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (person("Ana Reyes", gender="m"), person("Ana Reyes", gender="f")),
        (person("Ana Reyes"), person("Petra Lund")),
        (person("Reyes"), person("Ana Reyes")),
        (body("Harbour Union"), body("Union of the Harbour")),
        (person("Lindmere"), place("Lindmere")),
        (place("Lindmere"), place("Lindmere-on-Sea")),
    ],
    ids=["he and she", "two names", "a surname", "bodies", "two kinds", "places"],
)
def test_yes_joins_whatever_the_rules_say(gazetteer: Gazetteer, left: Chain, right: Chain) -> None:
    a, b = article("a", left), article("b", right)
    assert not are_one(resolve([a, b], gazetteer), a, b)
    assert are_one(resolve([a, b], gazetteer, [said(YES, a, b)]), a, b)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (person("Ana Reyes"), person("Ana Reyes")),
        (body("Harbour Union"), body("Harbour Union")),
        (place("Oslo", known="geonames:3143244"), place("Oslo", known="geonames:3143244")),
        (body("Northern River Board", acronyms=("NRB",)), body("NRB")),
    ],
    ids=["people of one name", "bodies of one name", "one place of the gazetteer", "an acronym"],
)
def test_no_keeps_apart_whatever_the_rules_say(gazetteer: Gazetteer, left: Chain, right: Chain) -> None:
    a, b = article("a", left), article("b", right)
    assert are_one(resolve([a, b], gazetteer), a, b)
    assert not are_one(resolve([a, b], gazetteer, [said(NO, a, b)]), a, b)


@pytest.mark.parametrize("name", ["Vahan Tumasian", "Vahan Tumasyan", "Vahan Tumassian", "Tumasian"])
def test_a_third_article_does_not_bring_together_what_was_told_apart(gazetteer: Gazetteer, name: str) -> None:
    third = article("c", person(name))
    collection = resolve([IAN, YAN, third], gazetteer, [said(NO, IAN, YAN)])
    assert not are_one(collection, IAN, YAN)


def test_yes_joins_all_that_bear_the_two_names(gazetteer: Gazetteer) -> None:
    more = [article("c", person("Arman Marukyan")), article("d", person("Arman Manukyan"))]
    collection = resolve([MARUKYAN, MANUKYAN, *more], gazetteer, [said(YES, MARUKYAN, MANUKYAN)])
    assert len(collection.entities) == 1


@pytest.mark.parametrize(("first", "then"), [(YES, NO), (NO, YES)])
@pytest.mark.parametrize("swapped", [False, True])
def test_the_later_of_two_answers_wins(gazetteer: Gazetteer, first: Answer, then: Answer, swapped: bool) -> None:
    answers = [said(first, MARUKYAN, MANUKYAN), said(then, MARUKYAN, MANUKYAN, at=LATER)]
    collection = resolve([MARUKYAN, MANUKYAN], gazetteer, answers[::-1] if swapped else answers)
    assert are_one(collection, MARUKYAN, MANUKYAN) is (then is YES)


def test_of_two_answers_of_one_moment_no_wins(gazetteer: Gazetteer) -> None:
    for_both = [said(YES, MARUKYAN, MANUKYAN), said(NO, MARUKYAN, MANUKYAN)]
    assert not are_one(resolve([MARUKYAN, MANUKYAN], gazetteer, for_both), MARUKYAN, MANUKYAN)


def test_yes_across_what_is_told_apart_joins_nothing_and_does_not_vanish(gazetteer: Gazetteer) -> None:
    third = article("c", person("Petra Sund"))
    answers = [said(NO, IAN, YAN), said(YES, IAN, third), said(YES, YAN, third, at=LATER)]
    collection = resolve([IAN, YAN, third], gazetteer, answers)
    assert not are_one(collection, IAN, YAN), "a no between two names outlives two yes to a third"
    shown = {(d.left.document, d.right.document) for d in collection.decisions if d.by}
    asked = {tuple(sorted((one.document.key, other.document.key))) for one, other in ((IAN, YAN), (IAN, third), (YAN, third))}
    assert shown == asked, "every answer stands among the decisions, the one that could not be followed too"


def test_what_was_taken_back_counts_as_never_said(gazetteer: Gazetteer) -> None:
    back = replace(said(NO, IAN, YAN), taken_back_by="Ivo", taken_back_at=LATER)
    assert resolve([IAN, YAN], gazetteer, [back]) == resolve([IAN, YAN], gazetteer)


@pytest.mark.parametrize(
    "correction",
    [
        told(NO, Side("Vahan Tumasian", "0" * 16, 3, 17), side(YAN, 0)),
        told(YES, Side("Nobody", YAN.document.key, 5000, 5010), side(YAN, 0)),
        told(Answer.KIND, Side("Gone", "0" * 16, 1, 2), None, "place"),
        told(Answer.LINK, Side("Gone", "0" * 16, 1, 2), None, "geonames:2761369"),
        told(Answer.SPEAKER, Side("Gone", "0" * 16, 1, 2), None, "Ana Reyes"),
        told(Answer.SPEAKER, Side("no statement", YAN.document.key, 1, 2), None, "Ana Reyes"),
    ],
    ids=["another article", "a place past the end", "kind", "link", "speaker", "where nothing is said"],
)
def test_an_answer_about_what_is_gone_changes_nothing(gazetteer: Gazetteer, correction: Correction) -> None:
    assert resolve([IAN, YAN], gazetteer, [correction]) == resolve([IAN, YAN], gazetteer)


def test_an_answer_holds_though_the_name_is_found_with_more_words_around_it(gazetteer: Gazetteer) -> None:
    def longer(extraction: Extraction) -> Extraction:
        (mention,), (chain,) = extraction.mentions, extraction.chains
        wide = replace(mention, span=Span(mention.span.start - 2, mention.span.end), name=f"X {mention.name}")
        return replace(extraction, mentions=(wide,), chains=(replace(chain, name=f"X {chain.name}"),))

    left, right = longer(IAN), longer(YAN)
    assert not are_one(resolve([left, right], gazetteer, [said(NO, IAN, YAN)]), left, right)


@pytest.mark.parametrize("order", list(permutations(range(4)))[::5])
def test_no_order_of_the_answers_changes_anything(gazetteer: Gazetteer, order: tuple[int, ...]) -> None:
    third = article("c", person("Reyes"), place("Lindmere"))
    answers = [
        said(NO, IAN, YAN),
        said(YES, YAN, third),
        told(Answer.KIND, side(third, 1), None, "person", at=LATER),
        told(Answer.LINK, side(third, 1), None, "wikidata:Q585", at=LATER),
    ]
    articles = [IAN, YAN, third]
    assert resolve(articles, gazetteer, [answers[n] for n in order]) == resolve(articles, gazetteer, answers)


# ---------------------------------------------------------------- kinds


def test_a_kind_that_a_person_gave_is_the_kind(gazetteer: Gazetteer) -> None:
    ellery = article("a", body("Ellery"), rule="model")
    collection = resolve([ellery], gazetteer, [told(Answer.KIND, side(ellery, 0), None, "place")])
    assert entity(collection, ellery).kind is PLACE
    assert [(m.kind, m.rule) for m in collection.extractions[0].mentions] == [(PLACE, "correction")]


def test_the_later_of_two_kinds_wins(gazetteer: Gazetteer) -> None:
    ellery = article("a", body("Ellery"), rule="model")
    kinds = [told(Answer.KIND, side(ellery, 0), None, kind, at=at) for kind, at in (("place", LATER), ("person", NOON))]
    assert entity(resolve([ellery], gazetteer, kinds), ellery).kind is PLACE


@pytest.mark.parametrize("articles", [2, 3, 6])
def test_a_kind_given_to_a_name_holds_in_every_article_in_which_the_model_alone_says_another(gazetteer: Gazetteer, articles: int) -> None:
    several = [article(f"{n}", body("Ellery"), rule="model") for n in range(articles)]
    first = min(several, key=lambda e: e.document.key)
    collection = resolve(several, gazetteer, [told(Answer.KIND, side(first, 0), None, "place")])
    assert {e.kind for e in collection.entities} == {PLACE}


def test_what_a_person_keeps_is_not_asked_again(gazetteer: Gazetteer) -> None:
    ellery = replace(article("a", body("Ellery"), rule="model"), statements=(statement(Span(0, 1), Voice("name", chain=0)),))
    (asked,) = questions(resolve([ellery], gazetteer))
    assert (asked.asks, asked.now) == (Answer.KIND, "organization")
    kept = told(Answer.KIND, asked.left, None, "organization")
    assert questions(resolve([ellery], gazetteer, [kept])) == ()


# ---------------------------------------------------------------- links

VIENNA, OTHER_VIENNA = "geonames:2761369", "geonames:4791160"


def undecided(id_: str) -> Extraction:
    return article(id_, place("Vienna", candidates=(OTHER_VIENNA, VIENNA)))


def test_an_id_of_a_place_brings_what_is_known_of_it(gazetteer: Gazetteer) -> None:
    a = undecided("a")
    assert entity(resolve([a], gazetteer), a).geonames is None
    collection = resolve([a], gazetteer, [told(Answer.LINK, side(a, 0), None, VIENNA)])
    found = entity(collection, a)
    assert (found.name, found.country, found.geonames, found.close) == ("Vienna", "AT", "2761369", ())
    assert found.latitude == pytest.approx(48.2, abs=0.2)
    assert verdicts(collection) == [("accepted", "told-link", "Eva Lund", NOON)]


def test_none_takes_the_candidates_away(gazetteer: Gazetteer) -> None:
    a = undecided("a")
    collection = resolve([a], gazetteer, [told(Answer.LINK, side(a, 0), None, "none")])
    found = entity(collection, a)
    assert (found.geonames, found.close, found.latitude) == (None, (), None)
    assert verdicts(collection) == [("rejected", "told-link", "Eva Lund", NOON)] * 2


def test_none_takes_a_wrong_id_away(gazetteer: Gazetteer) -> None:
    a = article("a", place("Vienna", known=VIENNA, country="AT"))
    found = entity(resolve([a], gazetteer, [told(Answer.LINK, side(a, 0), None, "none")]), a)
    assert (found.geonames, found.latitude, found.country) == (None, None, None)


@pytest.mark.parametrize(
    ("value", "field", "found"),
    [
        ("wikidata:Q999999999", "wikidata", "Q999999999"),
        ("geonames:999999999", "geonames", "999999999"),
        ("https://registry.example/entity/V1", "authority", "https://registry.example/entity/V1"),
    ],
)
def test_an_id_that_nobody_knows_is_taken_as_it_is(gazetteer: Gazetteer, value: str, field: str, found: str) -> None:
    a = article("a", person("Ana Reyes"))
    linked = entity(resolve([a], gazetteer, [told(Answer.LINK, side(a, 0), None, value)]), a)
    assert (linked.name, getattr(linked, field), linked.source) == ("Ana Reyes", found, "corrections")


def test_a_person_does_not_become_a_place_by_the_id_of_one(gazetteer: Gazetteer) -> None:
    a = article("a", person("Vienna Reyes"))
    found = entity(resolve([a], gazetteer, [told(Answer.LINK, side(a, 0), None, VIENNA)]), a)
    assert (found.kind, found.name, found.latitude) == (PERSON, "Vienna Reyes", None)


@pytest.mark.parametrize("later", [0, 1])
def test_the_later_of_two_ids_wins_though_they_were_given_in_two_articles(gazetteer: Gazetteer, later: int) -> None:
    both = sorted((article(name, person("Ana Reyes")) for name in "ab"), key=lambda e: e.document.key)
    ids = [told(Answer.LINK, side(e, 0), None, f"wikidata:Q90000000{n}", at=LATER if n == later else NOON) for n, e in enumerate(both)]
    one = told(Answer.SAME, side(both[0], 0), side(both[1], 0), "")
    assert entity(resolve(both, gazetteer, [*ids, one]), both[0]).wikidata == f"Q90000000{later}"


def test_a_place_that_a_person_says_it_is_becomes_one_with_that_place(gazetteer: Gazetteer) -> None:
    sure, open_ = article("a", place("Vienna", known=VIENNA, country="AT")), undecided("b")
    collection = resolve([sure, open_], gazetteer, [told(Answer.LINK, side(open_, 0), None, VIENNA)])
    assert [e.geonames for e in collection.entities].count("2761369") == 1
    assert are_one(collection, sure, open_)


def test_two_names_with_one_id_are_one(gazetteer: Gazetteer) -> None:
    a, b = article("a", person("Ana Reyes")), article("b", person("Doña Anita"))
    ids = [told(Answer.LINK, side(e, 0), None, "wikidata:Q999999999") for e in (a, b)]
    collection = resolve([a, b], gazetteer, ids)
    assert are_one(collection, a, b)


def test_two_ids_keep_people_of_one_name_apart(gazetteer: Gazetteer) -> None:
    a, b = article("a", person("Ana Reyes")), article("b", person("Ana Reyes"))
    ids = [told(Answer.LINK, side(e, 0), None, f"wikidata:Q90000000{n}") for n, e in enumerate((a, b))]
    collection = resolve([a, b], gazetteer, ids)
    assert {entity(collection, a).wikidata, entity(collection, b).wikidata} == {"Q900000000", "Q900000001"}


def test_what_a_service_offers_after_none_was_said_is_not_rejected_in_that_persons_name(gazetteer: Gazetteer) -> None:
    a = article("a", person("Ana Reyes"))
    none = told(Answer.LINK, side(a, 0), None, "none", at=NOON)
    weighed = "name=1.0000 service=100 match=1"
    offer = Correction(Answer.OFFER, side(a, 0), Side("Ana Reyes", entry="https://registry.example/V1"), weighed, "Registry", LATER)
    collection = resolve([a], gazetteer, [none, offer])
    assert [(d.outcome, d.by) for d in collection.decisions] == [(Outcome.PROPOSED, "Registry")]


# ---------------------------------------------------------------- speakers


def statement(content: Span, speaker: Voice | None = None, *, source: tuple[Span, ...] = ()) -> Statement:
    return Statement(Type.INDIRECT, (content,), (), source, "say", "say", Class.REPORT, "test", 0.9, speaker=speaker)


def doubtful() -> Extraction:
    """An article with a statement of nobody and the doubt about it."""
    made = article("a", person("Ana Reyes"), person("Ivo Brandt"))
    content = Span(0, 1)
    return replace(made, statements=(statement(content),), doubts=(Doubt(content, "no speaker: nobody is there"),))


@pytest.mark.parametrize(("name", "number"), [("Ana Reyes", 0), ("ivo brandt", 1)])
def test_a_named_speaker_is_the_speaker_and_the_doubt_is_gone(gazetteer: Gazetteer, name: str, number: int) -> None:
    a = doubtful()
    collection = resolve([a], gazetteer, [told(Answer.SPEAKER, Side("words", a.document.key, 0, 1), None, name)])
    (spoken,) = collection.extractions[0].statements
    assert collection.entity_of(a.document.key, spoken.speaker) == entity(collection, a, number)
    assert (spoken.speaker.rule, spoken.speaker.certain, collection.extractions[0].doubts) == ("correction", True, ())
    assert [q for q in questions(collection) if q.asks is Answer.SPEAKER] == []


def test_a_new_speaker_does_not_inherit_the_role_of_the_old_one(gazetteer: Gazetteer) -> None:
    made = article("a", person("Ana Reyes"), person("Ivo Brandt"), body("Harbour Union"))
    told_of = statement(Span(0, 1), Voice("name", chain=1))
    a = replace(made, statements=(replace(told_of, role="a spokesman", on_behalf_of=Voice("role", chain=2)),))
    collection = resolve([a], gazetteer, [told(Answer.SPEAKER, Side("words", a.document.key, 0, 1), None, "Ana Reyes")])
    (spoken,) = collection.extractions[0].statements
    assert (spoken.role, spoken.on_behalf_of, entity(collection, a, 0).acts_for) == (None, None, None)


def test_a_speaker_who_is_not_named_there_is_described(gazetteer: Gazetteer) -> None:
    a = doubtful()
    collection = resolve([a], gazetteer, [told(Answer.SPEAKER, Side("words", a.document.key, 0, 1), None, "a fisherman")])
    speaker = collection.entity_of(a.document.key, collection.extractions[0].statements[0].speaker)
    assert (speaker.name, speaker.unnamed) == ("a fisherman", True)


def test_the_later_of_two_speakers_wins(gazetteer: Gazetteer) -> None:
    a = doubtful()
    at = Side("words", a.document.key, 0, 1)
    names = [told(Answer.SPEAKER, at, None, "Ana Reyes", at=LATER), told(Answer.SPEAKER, at, None, "Ivo Brandt", at=NOON)]
    collection = resolve([a], gazetteer, names)
    assert collection.extractions[0].statements[0].speaker.chain == 0


def test_of_two_statements_one_in_the_other_the_inner_can_be_given_its_speaker(gazetteer: Gazetteer) -> None:
    made = article("a", person("Ana Reyes"), person("Ivo Brandt"))
    a = replace(made, statements=(statement(Span(0, 20)), replace(statement(Span(5, 9)), nested_in=0)))
    collection = resolve([a], gazetteer, [told(Answer.SPEAKER, Side("words", a.document.key, 5, 9), None, "Ana Reyes")])
    assert [s.speaker and s.speaker.chain for s in collection.extractions[0].statements] == [None, 0]


def test_what_is_kept_of_the_reading_stays_what_the_machine_read(gazetteer: Gazetteer) -> None:
    a = doubtful()
    before = repr(a)
    resolve([a], gazetteer, [told(Answer.SPEAKER, Side("words", a.document.key, 0, 1), None, "Ana Reyes")])
    assert repr(a) == before


# ---------------------------------------------------------------- Turtle says the same

Triple = tuple[Iri, Iri, Iri]


def answers(collection: Collection, change: Callable[[tuple[Iri, Iri, object]], list[tuple[Iri, Iri, object]]]) -> tuple[Correction, ...]:
    """What a SKOS file says whose triples somebody changed."""
    written_ = list(as_triples(questions(collection), collection))
    return answers_in_triples([new for triple in written_ for new in change(triple)], collection, by="Eva Lund", at=NOON)


def test_a_skos_file_that_nobody_changed_says_nothing(gazetteer: Gazetteer) -> None:
    articles = [MARUKYAN, MANUKYAN, undecided("c"), doubtful()]
    assert answers(resolve(articles, gazetteer), lambda triple: [triple]) == ()


@pytest.mark.parametrize(("term", "answer"), [(SKOS.exactMatch, YES), (OWL.differentFrom, NO)])
def test_a_match_in_skos_is_the_answer_that_the_csv_file_gives(gazetteer: Gazetteer, term: Iri, answer: Answer) -> None:
    collection = resolve([MARUKYAN, MANUKYAN], gazetteer)
    found = answers(collection, lambda t: [(t[0], term, t[2])] if t[1] == SKOS.closeMatch else [])
    assert found == (said(answer, MARUKYAN, MANUKYAN),)
    assert are_one(resolve([MARUKYAN, MANUKYAN], gazetteer, found), MARUKYAN, MANUKYAN) is (answer is YES)


def test_a_match_with_a_place_of_the_gazetteer_is_its_id(gazetteer: Gazetteer) -> None:
    a = undecided("a")
    wanted = Iri("https://sws.geonames.org/2761369/")
    found = answers(resolve([a], gazetteer), lambda t: [(t[0], SKOS.exactMatch, t[2])] if t[2] == wanted else [])
    assert found == (told(Answer.LINK, side(a, 0), None, VIENNA),)


def test_a_match_with_wikidata_is_its_id(gazetteer: Gazetteer) -> None:
    collection = resolve([IAN], gazetteer)
    triple = (entity_iri(entity(collection, IAN)), SKOS.exactMatch, Iri(WIKIDATA.format("Q999999999")))
    found = answers_in_triples([triple], collection, by="Eva Lund", at=NOON)
    assert found == (told(Answer.LINK, side(IAN, 0), None, "wikidata:Q999999999"),)


def test_another_kind_in_skos_is_another_kind(gazetteer: Gazetteer) -> None:
    collection = resolve([IAN], gazetteer)
    triple = (entity_iri(entity(collection, IAN)), KG.kind, KG.place)
    assert answers_in_triples([triple], collection, by="Eva Lund", at=NOON) == (told(Answer.KIND, side(IAN, 0), None, "place"),)


def test_a_speaker_in_skos_is_the_speaker(gazetteer: Gazetteer) -> None:
    a = doubtful()
    collection = resolve([a], gazetteer)
    triple = (statement_iris(a)[0], KG.speaker, entity_iri(entity(collection, a, 1)))
    (found,) = answers_in_triples([triple], collection, by="Eva Lund", at=NOON)
    assert (found.answer, found.value, found.left.start, found.left.end) == (Answer.SPEAKER, "Ivo Brandt", 0, 1)
    assert resolve([a], gazetteer, [found]).extractions[0].statements[0].speaker.chain == 1


# ---------------------------------------------------------------- through the command, build after build


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    return written(tmp_path / "in", {"mayor": MAYOR, "sailor": SAILOR})


@pytest.fixture
def corrected(inputs: Path, tmp_path: Path) -> Path:
    """A folder in which somebody said no to the one merge."""
    build([inputs], output=tmp_path / "out")
    assert names_of_people(tmp_path / "out") == ["Vahan Tumasian"]
    assert apply(tmp_path / "out", filled(review(tmp_path / "out"), no_to_merges)).exit_code == 0
    return tmp_path / "out"


def no_to_merges(row: dict[str, str]) -> str:
    return "no" if row["now"] == "one" else ""


APART = """SELECT DISTINCT ?by ?at ?rule WHERE {
  ?d a kg:MergeDecision ; kg:outcome kg:rejected ; kg:rule ?rule ; prov:endedAtTime ?at ; prov:wasAssociatedWith/schema:name ?by }"""
BOTH = ["Vahan Tumasian", "Vahan Tumasyan"]


@MODEL
def test_no_splits_a_merge_in_the_graph_and_the_graph_says_who_and_when(corrected) -> None:
    assert names_of_people(corrected) == BOTH
    ((by, at, rule),) = select(corrected, APART)
    assert (by, rule, at[:2], at[-1]) == ("Eva Lund", "told-apart", "20", "Z")
    assert kg("validate", "--store", corrected).exit_code == 0


@MODEL
def test_the_split_holds_when_all_is_built_again(corrected, inputs) -> None:
    build([inputs], output=corrected)
    assert names_of_people(corrected) == BOTH


@MODEL
def test_the_split_holds_when_the_articles_were_away_for_a_while(corrected, inputs, tmp_path) -> None:
    build([written(tmp_path / "other", {"x": "Rain fell on Oslo.\n"})], output=corrected, prune=True)
    assert names_of_people(corrected) == []
    build([inputs], output=corrected)
    assert names_of_people(corrected) == BOTH


@MODEL
def test_the_split_holds_when_a_third_article_names_both(corrected, tmp_path) -> None:
    more = written(tmp_path / "more", {"x": "“We agree,” said Vahan Tumasyan. The pier was built by Vahan Tumasian.\n"})
    build([more], output=corrected)
    assert names_of_people(corrected) == BOTH


@pytest.fixture(scope="session")
def other_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another model on disk: the medium one with names of its own, which finds people together with their titles."""
    from kg.annotate import MODEL as MEDIUM

    folder = tmp_path_factory.mktemp("models") / "other"
    import spacy

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pipeline = spacy.load(MEDIUM)
    ruler = pipeline.add_pipe("entity_ruler", before="ner")
    ruler.add_patterns(
        [{"label": "PERSON", "pattern": f"{word} Vahan {name}"} for word in ("Mayor", "said") for name in ("Tumasian", "Tumasyan")]
    )
    pipeline.meta["version"] = "9.9.9"
    pipeline.to_disk(folder)
    return folder


@MODEL
def test_the_split_holds_when_another_model_reads_the_articles(corrected, inputs, other_model) -> None:
    report = build([inputs], output=corrected, options=Options(model=str(other_model)))
    assert report.kept == 0, "read anew"
    assert ("9.9.9" in select(corrected, "SELECT ?m WHERE { ?r kg:model ?m }")[0][0]) is True
    found = names_of_people(corrected)
    assert len(found) == 2 and all("Tumas" in name for name in found)
    assert len(select(corrected, APART)) == 1


@MODEL
def test_taking_it_back_joins_them_again_and_keeps_what_was_said(corrected, monkeypatch) -> None:
    from kg.review import corrections
    from kg.store import Store

    with Store(corrected) as store:
        ((key, by),) = [(correction_key(c), c.by) for c in corrections(store)]
    monkeypatch.setenv("COLUMNS", "80")  # a narrow terminal: the key is still there to be copied
    assert key in kg("review", "--store", corrected, "--log").stdout
    assert kg("review", "--store", corrected, "--undo", key, "--by", "Ivo Brandt").exit_code == 0
    assert names_of_people(corrected) == ["Vahan Tumasian"]
    back = """SELECT DISTINCT ?by ?back WHERE {
      ?c a kg:Correction ; prov:wasAssociatedWith/schema:name ?by ; kg:takenBackBy/schema:name ?back ; prov:invalidatedAtTime ?at }"""
    assert select(corrected, back) == [(by, "Ivo Brandt")]
    again = kg("review", "--store", corrected, "--undo", key)
    assert again.exit_code == 1 and "no correction" in again.stderr
    assert kg("validate", "--store", corrected).exit_code == 0


@MODEL
def test_yes_to_a_proposal_joins_two_people_in_the_graph(tmp_path) -> None:
    folder = written(tmp_path / "in", {"a": "“We left,” Arman Marukyan said.\n", "b": "“We stay,” Arman Manukyan said.\n"})
    build([folder], output=tmp_path / "out")
    assert names_of_people(tmp_path / "out") == ["Arman Manukyan", "Arman Marukyan"]
    apply(tmp_path / "out", filled(review(tmp_path / "out"), lambda row: "Yes" if row["now"] == "two" else ""))
    assert len(names_of_people(tmp_path / "out")) == 1


@MODEL
def test_a_speaker_a_kind_and_an_id_given_in_one_file_are_in_the_graph(tmp_path) -> None:
    text = "“It is late,” he said. Ilya Brandov spoke to Ellery Lund on Friday. Residents left Ellery.\n"
    folder = written(tmp_path / "in", {"late": text})
    build([folder], output=tmp_path / "out")
    key = next((tmp_path / "out" / "texts").iterdir()).stem
    start, where = text.index("Ilya"), text.index("It is late")
    rows = [
        f"speaker,Ilya Brandov,It is late,{key}:{where}-{where + 11}",
        f"link,wikidata:Q999999999,Ilya Brandov,{key}:{start}-{start + 12}",
        f"kind,organization,Ellery Lund,{key}:{text.index('Ellery Lund')}-{text.index('Ellery Lund') + 11}",
    ]
    assert apply(tmp_path / "out", "\n".join(["question,answer,left,left_at", *rows]) + "\n").exit_code == 0
    speaks = "SELECT ?name ?id WHERE { ?s kg:speaker ?x . ?x skos:prefLabel ?name ; skos:exactMatch ?id }"
    assert select(tmp_path / "out", speaks) == [("Ilya Brandov", "http://www.wikidata.org/entity/Q999999999")]
    assert ("Ellery Lund",) in select(tmp_path / "out", "SELECT ?name WHERE { ?x kg:kind kg:organization ; skos:prefLabel ?name }")
    assert select(tmp_path / "out", "SELECT ?d WHERE { ?d a kg:Doubt ; kg:why ?why FILTER CONTAINS(?why, 'no speaker') }") == []
    assert kg("validate", "--store", tmp_path / "out").exit_code == 0


@MODEL
def test_a_skos_file_does_in_the_graph_what_the_csv_file_does(inputs, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("kg.cli.reviewing._now", lambda: NOON)
    folder = written(tmp_path / "two", {"a": "“We left,” Arman Marukyan said.\n", "b": "“We stay,” Arman Manukyan said.\n"})
    build([folder], output=tmp_path / "one")
    shutil.copytree(tmp_path / "one", tmp_path / "other")
    apply(tmp_path / "one", filled(review(tmp_path / "one"), lambda row: "yes" if row["now"] == "two" else ""))
    review(tmp_path / "other")
    turtle = (tmp_path / "other" / "review.ttl").read_text("utf-8").replace("skos:closeMatch", "skos:exactMatch")
    (tmp_path / "answers.ttl").write_text(turtle, "utf-8")
    shown = kg("review", "--store", tmp_path / "other", "--apply", tmp_path / "answers.ttl", "--by", "Eva Lund")
    assert shown.exit_code == 0
    assert (tmp_path / "one" / "graph.nq").read_bytes() == (tmp_path / "other" / "graph.nq").read_bytes()


def test_a_decision_of_a_person_names_a_person_and_one_of_the_program_the_program(gazetteer: Gazetteer) -> None:
    collection = resolve([IAN, YAN, MARUKYAN], gazetteer, [said(NO, IAN, YAN)])
    quads = list(entity_quads(collection.entities, collection.decisions, version="1"))
    agents = {str(value) for _, predicate, value, _ in quads if predicate.endswith("wasAssociatedWith")}
    assert any("eva-lund" in agent for agent in agents)
