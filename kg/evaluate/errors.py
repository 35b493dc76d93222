"""What went wrong, each with the sentence it stands in."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from kg.evaluate.annotations import Attribution, Passage
from kg.evaluate.comparing import Compared, Comparison
from kg.records import Span

_ENDS = re.compile(r"(?<!\b\w)(?<!\b\w\w)[.!?…]['\"”’)\]]*[^\S\n]+(?=['\"“‘(\[]?[^\W\d_a-z])|\n")
"""Where a sentence is over: a stop that follows no short word such as Mr, before what may begin one; or the end of the line."""


@dataclass(frozen=True, slots=True)
class Error:
    """A statement that was missed, or found where there is none, or whose source is wrong.

    Attributes:
        document: Its id; ``start`` is where the content starts, ``None`` without any.
        type, source, cue, content: As gold has them; for a spurious one as they were found. Parts are joined by ``…``.
        sentence: The sentence or sentences around.
        instead: The source that was found, where it is wrong.
    """

    document: str
    start: int | None
    type: str
    source: str
    cue: str
    content: str
    sentence: str
    instead: str | None = None


@dataclass(frozen=True, slots=True)
class Errors:
    """How many there are of each sort, and some of them in the order of documents and text."""

    counts: dict[str, int]
    missed: tuple[Error, ...]
    spurious: tuple[Error, ...]
    wrong_source: tuple[Error, ...]


def errors(comparison: Comparison, most: int, *, seed: int = 0) -> Errors:
    """Return at most so many errors of each sort, drawn from all documents.

    Args:
        comparison: What was paired.
        most: How many of each sort.
        seed: Seed of the draw.
    """
    sorts = [
        [case for document in comparison.documents for case in sort(comparison, document)] for sort in (_missed, _spurious, _wrong_source)
    ]
    missed, spurious, wrong = (tuple(_error(*case) for case in _some(cases, most, seed)) for cases in sorts)
    counts = dict(zip(("missed", "spurious", "wrong_source"), map(len, sorts), strict=True))
    return Errors(counts, missed, spurious, wrong)


_Case = tuple[Compared, Attribution, Passage | None]
"""A document, what is wrong in it, and the source found instead."""


def _some(cases: Sequence[_Case], most: int, seed: int) -> list[_Case]:
    numbers = Random(seed).sample(range(len(cases)), min(most, len(cases)))
    return [cases[number] for number in sorted(numbers)]


def _missed(comparison: Comparison, document: Compared) -> list[_Case]:
    paired = {id(pair.gold) for pair in comparison.same(document)}
    return [(document, said, None) for said in document.gold if id(said) not in paired]


def _spurious(comparison: Comparison, document: Compared) -> list[_Case]:
    paired = {id(pair.found) for pair in comparison.same(document)}
    return [(document, said, None) for said in document.found if id(said) not in paired]


def _wrong_source(comparison: Comparison, document: Compared) -> list[_Case]:
    return [(document, pair.gold, pair.found.source) for pair in comparison.same(document) if not pair.source_right]


def _error(document: Compared, said: Attribution, instead: Passage | None) -> Error:
    source, cue, content = (_words(document.text, passage) for passage in (said.source, said.cue, said.content))
    spans = [*said.source.spans, *said.cue.spans, *said.content.spans]
    around = Span(min(span.start for span in spans), max(span.end for span in spans)) if spans else None
    start = min((span.start for span in said.content.spans), default=None)
    sentence = _sentence(document.text, around) if around else ""
    found = None if instead is None else _words(document.text, instead)
    return Error(document.id, start, said.type, source, cue, content, sentence, found)


def _words(text: str, passage: Passage) -> str:
    return " … ".join(span.of(text) for span in passage.spans)


def _sentence(text: str, span: Span) -> str:
    """Return the sentences that a span touches, without the white space around."""
    cuts = [found.end() for found in _ENDS.finditer(text)]
    start = max((cut for cut in cuts if cut <= span.start), default=0)
    end = min((cut for cut in cuts if cut >= span.end), default=len(text))
    return text[start:end].strip()
