"""A collection becomes lines of the interchange format: one JSON object a document, offsets in code points.

``id title date text``, ``entities`` (span, kind, name, id, metonym), ``statements`` (content, cue, source, speaker ...). The
format is what annotators write too, so that what we extract and what they found can be compared line by line.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from kg.records import Collection, Entity, Extraction, Figure, Kind, Mention, Span, Statement, Voice
from kg.resolve.entities import GOVERNMENT_OF
from kg.triples import entity_iri, statement_iris
from kg.vocab import BASE


def lines(collection: Collection, *, base: str = BASE) -> Iterator[str]:
    """Yield a JSON line for each document, by document id, then key; no line break at the end."""
    for extraction in sorted(collection.extractions, key=lambda e: (e.document.id, e.document.key)):
        yield json.dumps(row(collection, extraction, base=base), ensure_ascii=False)


def row(collection: Collection, extraction: Extraction, *, base: str = BASE) -> dict[str, Any]:
    """Return one document in the interchange format."""
    document = extraction.document
    names = statement_iris(extraction, base=base)
    home = {mention: number for number, chain in enumerate(extraction.chains) for mention in chain.mentions}
    return {
        "id": document.id,
        "title": document.title,
        "date": document.date,
        "text": document.text,
        "entities": [
            _entity(mention, collection.entities[collection.refers[document.key, home[number]]], base)
            for number, mention in enumerate(extraction.mentions)
        ],
        "statements": [
            _statement(
                collection, extraction, statement, names[number], None if statement.nested_in is None else names[statement.nested_in], base
            )
            for number, statement in enumerate(extraction.statements)
        ],
        "figures": [_figure(collection, extraction, figure) for figure in extraction.figures if not _is_vague(figure)],
        "vague_figures": [_figure(collection, extraction, figure) for figure in extraction.figures if _is_vague(figure)],
        "doubts": [{"span": _pair(doubt.span), "why": doubt.why} for doubt in extraction.doubts],
    }


def name_of(entity: Entity | None) -> str | None:
    """Return what the format calls an actor: a government by its country, somebody unnamed by ``unnamed: words``."""
    if entity is None:
        return None
    if entity.kind is Kind.GOVERNMENT:
        return entity.name.removeprefix(GOVERNMENT_OF).removeprefix("the ")
    return f"unnamed: {entity.name}" if entity.unnamed else entity.name


def _entity(mention: Mention, entity: Entity, base: str) -> dict[str, Any]:
    return {
        "span": _pair(mention.span),
        "kind": mention.kind,
        "name": entity.name,
        "id": entity_iri(entity, base),
        "metonym": mention.metonym,
    }


def _statement(collection: Collection, extraction: Extraction, said: Statement, name: str, outer: str | None, base: str) -> dict[str, Any]:
    key = extraction.document.key

    def actor(voice: Voice | None) -> str | None:
        return name_of(collection.entity_of(key, voice))

    def chain(number: int) -> str:
        return collection.entities[collection.refers[key, number]].name

    speaker = collection.entity_of(key, said.speaker)
    return {
        "id": name,
        "type": said.type,
        "content": _pairs(said.content),
        "cue": _pairs(said.cue),
        "source": _pairs(said.source),
        "speaker": actor(said.speaker),
        "speaker_id": entity_iri(speaker, base) if speaker else None,
        "speaker_kind": speaker.kind if speaker else None,
        "on_behalf_of": actor(said.on_behalf_of),
        "class": said.kind,
        "act": said.act,
        "addressee": actor(said.addressee),
        "target": actor(said.target),
        "venue": chain(said.place) if said.place is not None else None,
        "date": said.date,
        "about": sorted({chain(number) for number in said.about}),
        "nested_in": outer,
        "rule": said.rule,
        "confidence": said.confidence,
    }


def _is_vague(figure: Figure) -> bool:
    """Tell whether a figure has a lower bound alone, such as ``thousands``: annotators of the format leave such out."""
    return figure.value is None and figure.high is None


def _figure(collection: Collection, extraction: Extraction, figure: Figure) -> dict[str, Any]:
    said = None if figure.statement is None else extraction.statements[figure.statement]
    text = extraction.document.text
    return {
        "span": _pair(figure.span),
        "value": _plain(figure.value),
        "low": _plain(figure.low),
        "high": _plain(figure.high),
        "unit": figure.unit,
        "modifier": figure.modifier,
        "what": " … ".join(" ".join(span.of(text).split()) for span in figure.what),
        "as_of": None if figure.as_of is None else extraction.times[figure.as_of].value[:10] or None,
        "claimant": name_of(collection.entity_of(extraction.document.key, said.speaker if said else None)),
    }


def _plain(value: float | None) -> float | int | None:
    """Return a whole number as one."""
    return int(value) if value is not None and value.is_integer() else value


def _pair(span: Span) -> list[int]:
    return [span.start, span.end]


def _pairs(spans: Iterable[Span]) -> list[list[int]]:
    return [_pair(span) for span in spans]
