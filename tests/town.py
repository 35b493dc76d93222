"""An invented town: one article with everything that a graph can hold, built by hand."""

from collections.abc import Iterable
from pathlib import Path
from types import MappingProxyType

from kg.records import (
    OFFERED,
    Answer,
    Chain,
    Class,
    Collection,
    Correction,
    Decision,
    Document,
    Doubt,
    Entity,
    Extraction,
    Figure,
    Kind,
    Mention,
    Outcome,
    Role,
    Side,
    Span,
    Statement,
    Time,
    TimeKind,
    Type,
    Voice,
    Zone,
    ZoneKind,
)
from kg.store import Store, published, rewrite
from kg.triples import correction_quads, document_quads, entity_quads, run_iri, run_quads
from kg.vocab import Iri, Quad

TEXT = (Path(__file__).parent / "golden" / "town.txt").read_text("utf-8")


def at(words: str, after: str = "") -> Span:
    """Return where ``words`` stand first behind ``after``."""
    start = TEXT.index(words, TEXT.index(after) + len(after))
    return Span(start, start + len(words))


DOCUMENT = Document(
    id="town",
    text=TEXT,
    title="The bridge is open",
    date="2024-05-04",
    url="https://news.example/bridge?a=1&b=2",
    publisher="Lindmere Courier",
    zones=(Zone(at("Mayor Ana Reyes reopened the bridge at Lindmere on 3 May."), ZoneKind.CAPTION),),
)
KEY = DOCUMENT.key
MENTIONS = (
    Mention(at("Ana Reyes"), Kind.PERSON, "Ana Reyes", "model", ZoneKind.CAPTION),
    Mention(at("Lindmere"), Kind.PLACE, "Lindmere", "gazetteer", ZoneKind.CAPTION),
    Mention(at("Reyes", "bridge],”"), Kind.PERSON, "Reyes", "model"),
    Mention(at("Lindmere", "press in"), Kind.PLACE, "Lindmere", "gazetteer"),
    Mention(at("Norburg"), Kind.PLACE, "Norburg", "gazetteer", metonym=True),
    Mention(at("Valley Union"), Kind.ORGANIZATION, "Valley Union", "model"),
)
CHAINS = (
    Chain(Kind.PERSON, "Ana Reyes", (0, 2), roles=(Role("Mayor", at("Mayor")),)),
    Chain(Kind.PLACE, "Lindmere", (1, 3)),
    Chain(Kind.PLACE, "Norburg", (4,), country="XW"),
    Chain(Kind.ORGANIZATION, "Valley Union", (5,)),
)
REYES, LINDMERE, NORBURG, UNION = range(4)
STATEMENTS = (
    Statement(
        type=Type.DIRECT,
        content=(at("We worked all night [on the bridge],"), at("Nobody slept.")),
        cue=(at("told"),),
        source=(at("Reyes", "bridge],”"),),
        lemma="tell",
        act="say",
        kind=Class.REPORT,
        rule="quote.post-subject",
        confidence=0.97,
        speaker=Voice("name", chain=REYES),
        role="Mayor",
        addressee=Voice("description", unnamed="the press"),
        place=LINDMERE,
        date="2024-05-03",
        date_status="derived",
        insertions=(at("[on the bridge]"),),
    ),
    Statement(
        type=Type.INDIRECT,
        content=(at("cutting the power lines"),),
        cue=(at("has accused"),),
        source=(at("Norburg"),),
        lemma="accuse",
        act="accuse",
        kind=Class.REPORT,
        rule="frame.accuse-of",
        confidence=0.5,
        speaker=Voice("metonym", government="XW"),
        target=Voice("name", chain=UNION),
        charge=at("cutting the power lines"),
        about=(UNION,),
        interpreted=True,
    ),
    Statement(
        type=Type.INDIRECT,
        content=(at("Doctors at the scene had told her that 12 people were hurt"),),
        cue=(at("said"),),
        source=(at("she"),),
        lemma="say",
        act="say",
        kind=Class.REPORT,
        rule="frame.parenthesis",
        confidence=1.0,
        speaker=Voice("pronoun", chain=REYES, certain=False),
        on_behalf_of=Voice("office", government="XW"),
        about=(REYES,),
    ),
    Statement(
        type=Type.INDIRECT,
        content=(at("12 people were hurt"),),
        cue=(at("told", "scene"),),
        source=(at("Doctors at the scene"),),
        lemma="tell",
        act="say",
        kind=Class.REPORT,
        rule="frame.that",
        confidence=0.8333333,
        speaker=Voice("description", unnamed="Doctors at the scene"),
        addressee=Voice("pronoun", chain=REYES),
        nested_in=2,
    ),
)
TIMES = (
    Time(at("3 May"), TimeKind.DAY, "2024-05-03", "derived", "published"),
    Time(at("all night"), TimeKind.DURATION, "", "unresolved"),
)
FIGURES = (
    Figure(at("12"), 12.0, "people", "exact", (at("people were hurt"),), noun="people", verb="hurt", statement=3, as_of=0),
    Figure(at("Nobody"), 0.0, "percent", "at most", low=0.0, high=10.5, base=0, projected=True, additional=True),
)
EXTRACTION = Extraction(
    DOCUMENT,
    MENTIONS,
    CHAINS,
    STATEMENTS,
    (Doubt(at("3 May"), "the year is not stated"),),
    tuple(sorted(TIMES, key=lambda t: t.span)),
    FIGURES,
)
ENTITIES = (
    Entity("government-of-westland", Kind.GOVERNMENT, "Government of Westland", ("Westland",), country="XW"),
    Entity(f"{KEY}-doctors-at-the-scene", Kind.GROUP, "Doctors at the scene", unnamed=True),
    Entity(f"{KEY}-the-press", Kind.GROUP, "the press", unnamed=True),
    Entity("valley-union", Kind.ORGANIZATION, "Valley Union", ("ВС", "VU")),
    Entity("ana-reyes", Kind.PERSON, "Ana Reyes", ("Reyes",), acts_for="government-of-westland", roles=("Mayor",)),
    Entity("lindmere", Kind.PLACE, "Lindmere", geonames="1234567", latitude=48.25, longitude=-16.0, source="gazetteer"),
    Entity("norburg", Kind.PLACE, "Norburg", country="XW", source="gazetteer"),
    Entity("westland", Kind.PLACE, "Westland", country="XW", wikidata="Q999999999", source="gazetteer", feature="country"),
)


def side(name: str, after: str = "") -> Side:
    """Return a name of the article as one side of a decision."""
    span = at(name, after)
    return Side(name, KEY, span.start, span.end)


DECISIONS = (
    Decision(
        side("Ana Reyes"),
        side("Reyes", "bridge],”"),
        Outcome.ACCEPTED,
        "surname",
        1.0,
        ("actor/ana-reyes", "actor/ana-reyes"),
        (("similarity", 0.9), ("type", 1.0)),
    ),
    Decision(side("Norburg"), side("Lindmere"), Outcome.REJECTED, "two-ids", 0.125, ("place/norburg", "place/lindmere")),
    Decision(
        side("Valley Union"),
        Side("Valley Union of Ellery", entry="wikidata:Q999999998"),
        Outcome.PROPOSED,
        OFFERED,
        0.9,
        ("actor/valley-union", ""),
        (("name", 0.9), ("service", 98.0)),
        "Town register",
        "2030-05-02T08:00:00Z",
    ),
)
CORRECTIONS = (
    Correction(Answer.KIND, side("Norburg"), None, "place", "Eva Lind", "2030-05-03T09:00:00Z"),
    Correction(
        Answer.DIFFERENT,
        side("Norburg"),
        side("Lindmere"),
        "",
        "Eva Lind",
        "2030-05-03T09:00:00Z",
        "Tom Lund",
        "2030-05-04T10:00:00Z",
    ),
)
COLLECTION = Collection(
    extractions=(EXTRACTION,),
    entities=ENTITIES,
    decisions=DECISIONS,
    refers=MappingProxyType({(KEY, REYES): 4, (KEY, LINDMERE): 5, (KEY, NORBURG): 6, (KEY, UNION): 3}),
    voices=MappingProxyType({(KEY, "XW"): 0, (KEY, "unnamed: Doctors at the scene"): 1, (KEY, "unnamed: the press"): 2}),
)
RUN = ("0.1.0", "hand 1", "none")
TEXTS = {KEY: TEXT}


def stored(output: Path, quads: Iterable[Quad]) -> Path:
    """Return a folder whose store holds exactly these quads, in their order."""
    graphs: dict[Iri, list[Quad]] = {}
    for quad in quads:
        graphs.setdefault(quad[3], []).append(quad)
    if published(output) is not None:
        with Store(output) as store:
            gone = set(store.graphs()) - graphs.keys()
    else:
        gone = set()
    rewrite(output, graphs, drop=sorted(gone))
    return output


def quads() -> list[Quad]:
    """Return the whole graph of the town."""
    return [
        *document_quads(COLLECTION, EXTRACTION, run=run_iri(*RUN)),
        *entity_quads(COLLECTION.entities, COLLECTION.decisions, version=RUN[0]),
        *correction_quads(CORRECTIONS),
        *run_quads(*RUN),
    ]
