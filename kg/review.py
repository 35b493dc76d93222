"""What a person should look at, and what a person said: questions about names and speakers, answers, corrections.

A question stands on one line of a CSV file or in a few lines of SKOS Turtle. An answer points at characters of articles, not at
entities, so that it still means the same after articles, rules or models have changed. Nothing that was said is deleted: it is taken back.
"""

import csv
import io
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kg.errors import InputError
from kg.records import Answer, Collection, Correction, Decision, Extraction, Kind, Outcome, Side, Span
from kg.resolve.bearers import side
from kg.store import Store
from kg.triples import correction_key, entity_iri, external, statement_iris
from kg.vocab import BASE, GEONAMES, KG, OWL, PROV, RDF, SCHEMA, SKOS, WIKIDATA, Iri, Literal, iri

LONGEST = 20_000
"""Characters of an answer: a name, or a web address; a longer one is a file that went wrong."""
SHOWN = 80
"""Characters of a wrong answer that an error shows."""
FREQUENT = 3
"""In how many places somebody has to be named before it is asked who that is."""
CONTEXT = 60
COLUMNS = tuple("question answer left right now why score weighed worth offers left_passage right_passage left_at right_at".split())
YES, NO = "yes", "no"
MEANT = {
    Answer.SAME: "Are these two one? yes or no",
    Answer.KIND: f"What is it? {', '.join(kind for kind in Kind if kind is not Kind.GOVERNMENT)}",
    Answer.LINK: "Which of these is it? an id of the offers, another geonames: or wikidata: id or IRI, or none",
    Answer.SPEAKER: "Who says it? a name that the article has, or a description",
}
"""What each question asks, and what answers it has."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Question:
    """Something that a person could decide better.

    Attributes:
        asks: What kind of answer is wanted; ``SAME`` is answered with yes or no.
        left, right: What it is about.
        now: What the graph says now: ``two``, ``one``, a kind, a speaker; empty where it says nothing.
        why: The rule or the doubt behind it.
        score: Of the decision, in [0, 1]; 0 where there is none.
        weighed: What the decision weighed.
        worth: How many statements speak by or about the names that the answer touches.
        offers: Answers that suggest themselves, the likeliest first.
        passages: Where the two sides stand, in their sentences.
        entities: IRI paths of what the two sides are now.
    """

    asks: Answer
    left: Side
    right: Side | None
    now: str
    why: str
    score: float
    weighed: tuple[tuple[str, float], ...]
    worth: int
    offers: tuple[str, ...]
    passages: tuple[str, str]
    entities: tuple[str, str]


# ---------------------------------------------------------------- questions


def questions(collection: Collection, *, about: str = "") -> tuple[Question, ...]:
    """Return what a person should look at, the most valuable first: what touches most statements, then what is surest.

    Proposed merges; places that could be several; kinds that only the model says; frequent names without any id; statements without a
    sure speaker; and, behind these, merges that were accepted although the names differ.

    Args:
        collection: What was resolved.
        about: Path of an entity (``actor/ana-reyes``): then every merge that made it, and nothing else.
    """
    desk = _Desk(collection, about)
    asked = [*desk.merges()] if about else [*desk.merges(), *desk.places(), *desk.kinds(), *desk.unlinked(), *desk.speakers()]
    return tuple(sorted(asked, key=lambda q: (q.now == "one", -q.worth, -q.score, q.left, q.right or q.left, q.asks)))


def first_sides(collection: Collection) -> dict[str, Side]:
    """Return path of an entity → where the collection first names it; governments and the unnamed are named nowhere."""
    desk = _Desk(collection)
    return {path: side(desk.extractions[key], number) for path, (key, number) in desk.first.items()}


class _Desk:
    """A collection with what is needed to ask about it."""

    def __init__(self, collection: Collection, about: str = "") -> None:
        self.collection, self.about = collection, about
        self.extractions = {extraction.document.key: extraction for extraction in collection.extractions}
        self.told: Counter[str] = Counter()
        self.named: Counter[str] = Counter()
        self.first: dict[str, tuple[str, int]] = {}
        for (key, number), at in sorted(collection.refers.items()):
            path = collection.entities[at].path
            self.named[path] += len(self.extractions[key].chains[number].mentions)
            self.first.setdefault(path, (key, number))
        for extraction in collection.extractions:
            for said in extraction.statements:
                voices = (said.speaker, said.on_behalf_of, said.addressee, said.target)
                touched = {e.path for voice in voices if (e := collection.entity_of(extraction.document.key, voice))}
                touched |= {collection.entities[collection.refers[extraction.document.key, n]].path for n in said.about}
                self.told.update(touched)

    def merges(self) -> Iterator[Question]:
        for decision in self.collection.decisions:
            likeness = any(name == "name" and value < 1 for name, value in decision.features)
            if decision.right.entry or decision.by or (self.about and self.about not in decision.entities):
                continue
            if decision.outcome is Outcome.PROPOSED and decision.entities[0] != decision.entities[1]:
                yield self._question(Answer.SAME, decision, "two")
            elif decision.outcome is Outcome.ACCEPTED and (likeness or self.about):
                yield self._question(Answer.SAME, decision, "one")

    def places(self) -> Iterator[Question]:
        offered: dict[Side, list[Decision]] = defaultdict(list)
        for decision in self.collection.decisions:
            if decision.right.entry and decision.outcome is Outcome.PROPOSED:
                offered[decision.left].append(decision)
        for left, decisions in sorted(offered.items()):
            ordered = sorted(decisions, key=lambda d: (-d.score, d.right))
            offers = tuple(f"{d.right.entry} {d.right.name}" for d in ordered)
            path = ordered[0].entities[0]
            yield self._about(Answer.LINK, left, path, "", ordered[0].rule, offers=offers)

    def kinds(self) -> Iterator[Question]:
        """Ask about single words of which the model alone says what they are, and about names that are two kinds."""
        kinds: dict[str, set[Kind]] = defaultdict(set)
        for entity in self.collection.entities:
            if not entity.unnamed:
                kinds[entity.name].add(entity.kind)
        for path, (key, number) in sorted(self.first.items()):
            extraction = self.extractions[key]
            chain = extraction.chains[number]
            entity = self.collection.entities[self.collection.refers[key, number]]
            rules = {extraction.mentions[mention].rule for mention in chain.mentions}
            lone = rules <= {"model", "consistency"} and " " not in chain.name and entity.source == "text"
            several = len(kinds[entity.name]) > 1
            if (lone and self.told[path] and entity.kind is not Kind.GROUP) or several:
                why = f"also a {', a '.join(sorted(kinds[entity.name] - {entity.kind}))}" if several else "only the model says so"
                yield self._about(Answer.KIND, side(extraction, number), path, str(entity.kind), why)

    def unlinked(self) -> Iterator[Question]:
        for path, (key, number) in sorted(self.first.items()):
            entity = self.collection.entities[self.collection.refers[key, number]]
            known = entity.source != "text" or bool(entity.close) or entity.kind is Kind.GROUP
            if not known and not self.extractions[key].chains[number].credited and self.named[path] >= FREQUENT:
                why = f"named {self.named[path]} times, without an id"
                yield self._about(Answer.LINK, side(self.extractions[key], number), path, "", why)

    def speakers(self) -> Iterator[Question]:
        for extraction in self.collection.extractions:
            document = extraction.document
            whys = {doubt.span: doubt.why for doubt in extraction.doubts}
            repeated = self.collection.repeated(document.key)
            for at, (said, name) in enumerate(zip(extraction.statements, statement_iris(extraction), strict=True)):
                sure = said.speaker is not None and said.speaker.certain
                if sure or at in repeated or said.nested_in is not None and said.speaker is None:
                    continue
                content = said.content[0]
                why = next((whys[span] for span in (*said.source, *said.content) if span in whys), "the text does not decide")
                entity = self.collection.entity_of(document.key, said.speaker)
                people = (Kind.PERSON, Kind.ORGANIZATION)
                offers = tuple(c.name for c in extraction.chains if c.kind in people and not c.credited)
                yield Question(
                    Answer.SPEAKER,
                    Side(_shortened(content.of(document.text)), document.key, content.start, content.end),
                    None,
                    entity.name if entity else "",
                    why if said.speaker is None else f"uncertain: {said.speaker.rule}",
                    0.0,
                    (),
                    1,
                    offers,
                    (_passage(extraction, (said.source or said.content)[0]), ""),
                    (name.rpartition("/statement/")[2], ""),
                )

    def _question(self, asks: Answer, decision: Decision, now: str) -> Question:
        sides = (decision.left, decision.right)
        left, right = (_passage(self.extractions[side.document], Span(side.start, side.end)) for side in sides)
        worth = self.told[decision.entities[0]] + (self.told[decision.entities[1]] if now == "two" else 0)
        return Question(
            asks, decision.left, decision.right, now, decision.rule, decision.score, decision.features, worth, (YES, NO), (left, right),
            decision.entities,
        )  # fmt: skip

    def _about(self, asks: Answer, left: Side, path: str, now: str, why: str, *, offers: tuple[str, ...] = ()) -> Question:
        passage = _passage(self.extractions[left.document], Span(left.start, left.end))
        return Question(asks, left, None, now, why, 0.0, (), self.told[path], offers, (passage, ""), (path, ""))


def _passage(extraction: Extraction, span: Span) -> str:
    """Return a span with some words around it, on one line."""
    text = extraction.document.text
    before, behind = text[max(0, span.start - CONTEXT) : span.start], text[span.end : span.end + CONTEXT]
    return " ".join(f"{before.rpartition(chr(10))[2]}[{span.of(text)}]{behind.partition(chr(10))[0]}".split())


def _shortened(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= CONTEXT else f"{words[:CONTEXT]}…"


# ---------------------------------------------------------------- written


def as_csv(asked: Iterable[Question]) -> str:
    """Return questions as CSV (RFC 4180), the column ``answer`` empty; text that a spreadsheet would take for a formula is quoted."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    for question in asked:
        row = {
            "question": question.asks,
            "left": question.left.name,
            "right": question.right.name if question.right else "",
            "now": question.now,
            "why": question.why,
            "score": f"{question.score:.2f}" if question.score else "",
            "weighed": " ".join(f"{name}={value:g}" for name, value in question.weighed),
            "worth": str(question.worth),
            "offers": " | ".join(question.offers),
            "left_passage": question.passages[0],
            "right_passage": question.passages[1],
            "left_at": _at(question.left),
            "right_at": _at(question.right) if question.right else "",
        }
        writer.writerow({column: f"'{text}" if text.startswith(_FORMULA) else text for column, text in row.items()})
    return out.getvalue()


def as_triples(asked: Iterable[Question], collection: Collection, *, base: str = BASE) -> Iterator[tuple[Iri, Iri, Iri | Literal]]:
    """Yield questions as SKOS: a concept for each name, ``skos:closeMatch`` to what it could be.

    A person turns ``skos:closeMatch`` into ``skos:exactMatch`` or ``owl:differentFrom``, changes a ``kg:kind``, or gives a statement its
    ``kg:speaker``, and hands the file back. Merges that were accepted have two sides with one IRI: they are asked in the CSV file only.
    """
    entities = {entity.path: entity for entity in collection.entities}
    for question in asked:
        left, right = (_iri_of(path, base) for path in question.entities)
        if left is None or question.now == "one":
            continue
        note = question.passages[0] if question.right is None else " / ".join(question.passages)
        yield left, SKOS.editorialNote, Literal(f"{MEANT[question.asks]} ({question.why}) {note}")
        for path in question.entities:
            if (entity := entities.get(path)) is not None:
                yield entity_iri(entity, base), RDF.type_, SKOS.Concept
                yield entity_iri(entity, base), SKOS.prefLabel, Literal(entity.name)
                yield entity_iri(entity, base), KG.kind, getattr(KG, entity.kind)
        offers = [right] if right else [external(offer.partition(" ")[0]) for offer in question.offers if question.asks is Answer.LINK]
        for offer in offers:
            if offer is not None:
                yield left, SKOS.closeMatch, offer


def _iri_of(path: str, base: str) -> Iri | None:
    """Return the IRI of an entity's path, or of the statement whose key it is."""
    kind, _, key = path.rpartition("/")
    return iri(kind or "statement", key, base) if key else None


def _at(side: Side) -> str:
    return f"{side.document}:{side.start}-{side.end}"


# ---------------------------------------------------------------- answers


def answers_in_csv(text: str, place: str, *, by: str, at: str) -> tuple[Correction, ...]:
    """Return what the answered lines of a CSV file say; lines without an answer say nothing.

    Args:
        text: The file, as ``as_csv`` wrote it and a person filled it; order and other columns do not matter.
        place: Its name, for errors.
        by: Who answered.
        at: When, as ISO 8601.

    Raises:
        InputError: A column is missing, or an answer is none that the question has.
    """
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    try:
        missing = sorted({"question", "answer", "left", "left_at"} - set(rows.fieldnames or ()))
        if missing:
            raise InputError(f"{place} has no column {', '.join(missing)}", "Answer the file that `kg review` writes.")
        return tuple(_answer(row, f"{place}, line {rows.line_num}", by, at) for row in rows if (row["answer"] or "").strip())
    except csv.Error as error:
        raise InputError(f"{place}, line {rows.line_num + 1}: {error}", "Answer the file that `kg review` writes.") from error


def _answer(row: Mapping[str, str | None], place: str, by: str, at: str) -> Correction:
    told = {column: (value or "").strip().removeprefix("'") for column, value in row.items() if isinstance(value, str)}
    try:
        asks, answer = Answer(told["question"]), told["answer"]
        if asks not in MEANT or not answer:
            raise ValueError("nobody asks that" if answer else "it says nothing")
        if len(answer) > LONGEST:
            raise ValueError(f"it has {len(answer):,} characters; at most {LONGEST:,}")
        left = _read_side(told["left"], told["left_at"])
        if asks is not Answer.SAME:
            return _said(asks, answer, left, None, by, at)
        left, right = sorted((left, _read_side(told.get("right", ""), told["right_at"])))
        return _said(asks, answer, left, right, by, at)
    except (ValueError, KeyError) as error:
        mend = next((text for asks, text in MEANT.items() if asks == told.get("question")), f"Questions are {', '.join(MEANT)}.")
        raise InputError(f"{place}: {told.get('answer', '')[:SHOWN]!r} is no answer here ({error})", mend) from error


def _said(asks: Answer, answer: str, left: Side, right: Side | None, by: str, at: str) -> Correction:
    """Return a correction.

    Raises:
        ValueError: The answer is none of the question's.
    """
    if asks is Answer.SAME:
        asks = {YES: Answer.SAME, NO: Answer.DIFFERENT}[answer.lower()]
        answer = ""
    elif asks is Answer.KIND:
        answer = _kind(answer.lower())
    elif asks is Answer.LINK:
        answer = answer.partition(" ")[0]
        if answer != "none" and external(answer) is None:
            raise ValueError("neither geonames:, wikidata:, an IRI, nor none")
    return Correction(asks, left, right, answer, by, at)


def _kind(told: str) -> str:
    """Return the kind that a person names.

    Raises:
        ValueError: A name cannot be of that kind.
    """
    if (kind := Kind(told)) is Kind.GOVERNMENT:
        raise ValueError("no name is a government's own")
    return str(kind)


def _read_side(name: str, at: str) -> Side:
    found = re.fullmatch(r"([0-9a-f]{16}):(\d+)-(\d+)", at)
    if not found:
        raise ValueError(f"{at!r} says no place in an article")
    span = Span(int(found[2]), int(found[3]))
    return Side(name, found[1], span.start, span.end)


def answers_in_triples(
    triples: Iterable[tuple[Iri, Iri, Iri | Literal]], collection: Collection, *, by: str, at: str, base: str = BASE
) -> tuple[Correction, ...]:
    """Return what the triples of an answered SKOS file say about the entities and statements of a collection.

    ``skos:exactMatch`` between two of them makes them one, ``owl:differentFrom`` keeps them apart; ``skos:exactMatch`` with anything else
    is an external id; a ``kg:kind`` other than the present one is a new kind; ``kg:speaker`` names who says a statement.

    Raises:
        InputError: A kind or an id is none.
    """
    sides = {str(_iri_of(path, base)): first for path, first in first_sides(collection).items()}
    entities = {str(entity_iri(entity, base)): entity for entity in collection.entities}
    said: list[Correction] = []
    for subject, predicate, value in triples:
        left = sides.get(subject)
        if left and predicate in (SKOS.exactMatch, OWL.differentFrom) and isinstance(value, Iri):
            if right := sides.get(value):
                answer = Answer.SAME if predicate == SKOS.exactMatch else Answer.DIFFERENT
                said.append(Correction(answer, min(left, right), max(left, right), "", by, at))
            elif predicate == SKOS.exactMatch:
                said.append(_told(Answer.LINK, subject, left, _short(value), by, at))
        elif left and predicate == KG.kind and value != getattr(KG, entities[subject].kind):
            told = value.text if isinstance(value, Literal) else value.removeprefix(KG.base)
            said.append(_told(Answer.KIND, subject, left, told, by, at))
        elif predicate == KG.speaker and value in entities:
            said += [
                Correction(Answer.SPEAKER, found, None, entities[str(value)].name, by, at) for found in _content(subject, collection, base)
            ]
    return tuple(sorted(set(said)))


def _told(asks: Answer, subject: str, left: Side, answer: str, by: str, at: str) -> Correction:
    """Return what a triple says about one entity."""
    try:
        return _said(asks, answer, left, None, by, at)
    except ValueError as error:
        raise InputError(f"{subject}: {answer!r} is no answer here ({error})", MEANT[asks]) from error


def _content(statement: str, collection: Collection, base: str) -> Iterator[Side]:
    for extraction in collection.extractions:
        if extraction.document.key in statement:
            for said, name in zip(extraction.statements, statement_iris(extraction, base=base), strict=True):
                if name == statement:
                    content = said.content[0]
                    text = _shortened(content.of(extraction.document.text))
                    yield Side(text, extraction.document.key, content.start, content.end)


def _short(value: str) -> str:
    """Return an external IRI as ``geonames:...`` or ``wikidata:...`` where it is one."""
    for scheme, template in (("geonames", GEONAMES), ("wikidata", WIKIDATA)):
        start, end = template.split("{}")
        if value.startswith(start):
            return f"{scheme}:{value.removeprefix(start).removesuffix(end)}"
    return value


# ---------------------------------------------------------------- kept


def corrections(store: Store) -> tuple[Correction, ...]:
    """Return everything that people said about a graph, sorted; what was taken back says so."""
    told: dict[str, dict[str, str]] = defaultdict(dict)
    names: dict[str, str] = {}
    for graph in store.graphs():
        if not graph.endswith("/graph/corrections"):
            continue
        for subject, predicate, value, _ in store.quads(graph):
            text = value.text if isinstance(value, Literal) else value
            if predicate == SCHEMA.name:
                names[subject] = text
            elif predicate != RDF.type_:
                told[subject][predicate] = text
    return tuple(sorted(_kept(row, names) for row in told.values() if KG.answer in row))


def _kept(row: Mapping[str, str], names: Mapping[str, str]) -> Correction:
    return Correction(
        answer=Answer(row[KG.answer]),
        left=_kept_side(row[KG.left], row.get(KG.leftMention, "")),
        right=_kept_side(row[KG.right], row.get(KG.rightMention, "")) if KG.right in row else None,
        value=row.get(KG.value, ""),
        by=names[row[PROV.wasAssociatedWith]],
        at=row[PROV.endedAtTime],
        taken_back_by=names.get(row.get(KG.takenBackBy, ""), ""),
        taken_back_at=row.get(PROV.invalidatedAtTime, ""),
    )


def _kept_side(told: str, mention: str) -> Side:
    name, _, document = told.rpartition(" @")
    if "#char=" not in mention:
        return Side(told.rpartition(" [")[0], entry=_short(mention))
    start, end = (int(number) for number in mention.rpartition("#char=")[2].split(","))
    return Side(name, document, start, end)


def taken_back(kept: Sequence[Correction], key: str, *, by: str, at: str) -> tuple[Correction, ...]:
    """Return corrections with one of them (``triples.correction_key``) taken back.

    Raises:
        InputError: There is none with this key, or it was taken back before.
    """
    found = [correction for correction in kept if correction_key(correction) == key]
    if not found or not found[0].holds:
        raise InputError(f"there is no correction {key} that holds", "See `kg review --log` for the keys.")
    return tuple(replace(c, taken_back_by=by, taken_back_at=at) if c in found else c for c in kept)
