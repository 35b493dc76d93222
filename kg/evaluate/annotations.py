"""Rows of the interchange format become checked annotations: words by number, so that spans can be compared."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from kg.corpus import ANY_LANGUAGE, document
from kg.errors import InputError, KgError
from kg.evaluate.quoted import quoted, type_of
from kg.records import Document, Span, Type

Row = Mapping[str, Any]
"""One document of the interchange format."""
Record = TypeVar("Record")

_WORD = re.compile(r"\w+(?:['’]\w+)*")
_AS_FORMAT = "Write it as the interchange format says, or leave that document out."


@dataclass(frozen=True, slots=True)
class Passage:
    """Some spans of a text and the numbers of the words that they touch."""

    spans: tuple[Span, ...]
    words: frozenset[int]


@dataclass(frozen=True, slots=True)
class Attribution:
    """A statement as somebody annotated it.

    Attributes:
        speaker: The name of who speaks, ``None`` where none is given.
        private: A thought or a feeling, nothing uttered.
        certain: ``False`` where two careful annotators could disagree.
        nested: It stands inside another statement.
    """

    type: Type
    content: Passage
    cue: Passage
    source: Passage
    speaker: str | None
    private: bool
    certain: bool
    nested: bool


@dataclass(frozen=True, slots=True)
class Named:
    """A mention of an entity; ``identity`` is its id, or kind and name where none is given; ``metonym``: it stands for a government."""

    span: Span
    kind: str
    name: str
    identity: str
    certain: bool
    metonym: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that the text tells."""

    span: Span
    value: float | None
    unit: str | None
    modifier: str | None
    claimant: str | None
    as_of: str | None
    certain: bool


@dataclass(frozen=True, slots=True)
class Annotation:
    """What one side says of one document; ``None`` where it says nothing of that sort at all."""

    id: str
    text: str
    statements: tuple[Attribution, ...]
    entities: tuple[Named, ...] | None
    figures: tuple[Figure, ...] | None


# ---------------------------------------------------------------- rows


def is_annotation(value: object) -> bool:
    """Tell whether a JSON value is a document with statements, rather than an article alone."""
    return isinstance(value, dict) and "statements" in value


def annotations(found: Iterable[tuple[str, Any]]) -> list[Row]:
    """Return the annotated documents among what ``kg.corpus.records`` read; plain texts that lie beside them are passed over.

    Raises:
        InputError: A file or record cannot be read or is no annotation; it is named with its line.
        KgError: There is no annotation, or a document stands there twice.
    """
    rows: dict[str, Row] = {}
    for place, value in found:
        if isinstance(value, InputError):
            raise value
        if isinstance(value, Document):
            continue
        if not is_annotation(value) or not isinstance(value.get("id"), str):
            raise InputError(f"{place}: is no annotated document", "Give it `id`, `text` and `statements`.")
        if value["id"] in rows:
            raise InputError(f"{place}: document {value['id']!r} stands there twice", "Leave one of the two out.")
        rows[value["id"]] = value
    if not rows:
        raise KgError("there is no annotation", "Name files in the interchange format, as `kg extract` writes it.")
    return list(rows.values())


def gold_rows(found: Iterable[tuple[str, Any]]) -> list[Row]:
    """Return ``annotations`` of which every span and field was checked, so that nothing is read for gold that is broken.

    Raises:
        KgError: As ``annotations`` and ``gold_annotation``.
    """
    rows = annotations(found)
    for row in rows:
        gold_annotation(row)
    return rows


def answering(gold: Sequence[Row], found: Iterable[Row]) -> list[Row]:
    """Return the documents found for those of gold, under gold's ids: by the same text, else by the same id.

    An article that gold lacks is left out: it was only read beside the others.

    Raises:
        KgError: There is none.
    """
    rows = list(found)
    texts, ids = {row["text"]: row for row in rows}, {row["id"]: row for row in rows}
    answers = [(wanted["id"], texts.get(wanted["text"]) or ids.get(wanted["id"])) for wanted in gold]
    if not any(row for _, row in answers):
        raise KgError("no article is one of those that gold annotates", "Name the articles that gold was made of.")
    return [{**row, "id": name} for name, row in answers if row]


# ---------------------------------------------------------------- gold and what was found


def gold_annotation(row: Row) -> Annotation:
    """Return what gold says of a document.

    Raises:
        InputError: The text is none, a field is not what the format says, or a span lies outside of the text.
    """
    made = document(f"gold document {row['id']!r}", row, ANY_LANGUAGE)
    if isinstance(made, InputError):
        raise made
    return _annotation(row, made.text, f"gold document {row['id']!r}")


def found_annotation(row: Row, gold: Annotation) -> Annotation:
    """Return what was found in a document of gold, whose text it need not repeat.

    Raises:
        InputError: As for gold, or the text differs from gold's.
    """
    place = f"predicted document {row['id']!r}"
    if (text := row.get("text")) is not None and text != gold.text:
        raise InputError(f"{place}: its text is not the text of gold", "Read the very text that gold annotates.")
    return _annotation(row, gold.text, place)


def _annotation(row: Row, text: str, place: str) -> Annotation:
    words = [found.span() for found in _WORD.finditer(text)]
    at = _Words(text, tuple(start for start, _ in words), tuple(end for _, end in words), tuple(quoted(text)))

    def records(key: str, make: Callable[[_Fields], Record]) -> tuple[Record, ...]:
        return tuple(make(fields) for fields in _each(row.get(key), f"{place}: {key}", at))

    return Annotation(
        row["id"],
        text,
        records("statements", _attribution),
        records("entities", _named) if "entities" in row else None,
        records("figures", _figure) if "figures" in row else None,
    )


@dataclass(frozen=True, slots=True)
class _Words:
    """A text, where its words start and end, and what stands in quotation marks."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    marked: tuple[Span, ...]

    def touched(self, span: Span) -> range:
        """Return the numbers of the words that a span touches."""
        return range(bisect_right(self.ends, span.start), bisect_left(self.starts, span.end))


@dataclass(frozen=True, slots=True)
class _Fields:
    """One annotated thing: its JSON object, where it stands, and the text that it is about."""

    row: Row
    place: str
    words: _Words

    def span(self, value: object, key: str) -> Span:
        """Return a pair of offsets as a span of the text."""
        match value:
            case [int(start), int(end)] if 0 <= start < end <= len(self.words.text):
                return Span(start, end)
        raise InputError(
            f"{self.place}: `{key}` has {value!r}, which is no span of the text ({len(self.words.text):,} characters)",
            "Give [start, end) in code points.",
        )

    def passage(self, key: str) -> Passage:
        """Return a list of spans, empty where it is missing."""
        spans = tuple(self.span(pair, key) for pair in self.value(key, list) or ())
        return Passage(spans, frozenset(word for span in spans for word in self.words.touched(span)))

    def value(self, key: str, kind: type[Record]) -> Record | None:
        """Return a field of some type, ``None`` where it is missing or null."""
        value = self.row.get(key)
        if value is not None and (not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool)):
            raise InputError(f"{self.place}: `{key}` is {value!r}", _AS_FORMAT)
        return value

    def flag(self, key: str, default: bool) -> bool:
        """Return a yes or no."""
        value = self.value(key, bool)
        return default if value is None else value


def _each(values: object, place: str, words: _Words) -> Iterator[_Fields]:
    if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
        raise InputError(f"{place} is not a list of objects", _AS_FORMAT)
    return (_Fields(value, f"{place}[{number}]", words) for number, value in enumerate(values))


def _attribution(given: _Fields) -> Attribution:
    content, kind = given.passage("content"), given.value("type", str)
    if kind is not None and kind not in set(Type):
        raise InputError(f"{given.place}: `type` is {kind!r}", f"Choose one of {', '.join(Type)}.")
    return Attribution(
        type=Type(kind) if kind else type_of(given.words.text, content.spans, given.words.marked),
        content=content,
        cue=given.passage("cue"),
        source=given.passage("source"),
        speaker=given.value("speaker", str),
        private=given.flag("private", False),
        certain=given.flag("certain", True),
        nested=given.value("nested_in", str) is not None,
    )


def _named(given: _Fields) -> Named:
    kind, name = given.value("kind", str) or "", given.value("name", str) or ""
    return Named(
        span=given.span(given.row.get("span"), "span"),
        kind=kind,
        name=name,
        identity=given.value("id", str) or f"{kind} {name}",
        certain=given.flag("certain", True),
        metonym=given.flag("metonym", False),
    )


def _figure(given: _Fields) -> Figure:
    text = partial(given.value, kind=str)
    value = given.value("value", int) if isinstance(given.row.get("value"), int) else given.value("value", float)
    return Figure(
        span=given.span(given.row.get("span"), "span"),
        value=value,
        unit=text("unit"),
        modifier=text("modifier"),
        claimant=text("claimant"),
        as_of=text("as_of"),
        certain=given.flag("certain", True),
    )
