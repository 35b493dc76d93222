"""What people corrected in what was extracted: kinds of names and speakers of statements.

Whether two names are one is ``linking``'s; here an extraction becomes the same extraction with the corrected parts, so that everything
behind it sees one truth, and the extraction that is kept stays what the machine read.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from kg.records import Answer, Correction, Extraction, Kind, Statement, Voice
from kg.resolve.kinds import retyped
from kg.resolve.linking import node_of
from kg.vocab import slug

RULE = "correction"


def corrected(extraction: Extraction, corrections: Iterable[Correction]) -> Extraction:
    """Return an extraction with the kinds and speakers that people gave it; later answers win over earlier ones."""
    for correction in sorted((c for c in corrections if c.holds), key=lambda c: (c.at, c)):
        if correction.left.document != extraction.document.key:
            continue
        if correction.answer is Answer.KIND:
            extraction = _with_kind(extraction, correction)
        elif correction.answer is Answer.SPEAKER:
            extraction = _with_speaker(extraction, correction)
    return extraction


def _with_kind(extraction: Extraction, correction: Correction) -> Extraction:
    """Give a chain and its mentions another kind, under which nothing is known of it."""
    node = node_of(correction.left, {extraction.document.key: extraction})
    kind = Kind(correction.value)
    if node is None or extraction.chains[node[1]].kind is kind:
        return extraction
    return retyped(extraction, node[1], kind, RULE)


def _with_speaker(extraction: Extraction, correction: Correction) -> Extraction:
    """Give a statement the speaker that a person named: a name of the document, else somebody who is not named in it."""
    number = _statement_at(extraction.statements, correction.left.start, correction.left.end)
    if number is None:
        return extraction
    named = (n for n, chain in enumerate(extraction.chains) if slug(correction.value) in _names(extraction, n, chain.name))
    chain = next(named, None)
    voice = Voice(RULE, chain=chain) if chain is not None else Voice(RULE, unnamed=correction.value)
    said = replace(extraction.statements[number], speaker=voice)
    statements = (*extraction.statements[:number], said, *extraction.statements[number + 1 :])
    contents = {(span.start, span.end) for span in (*said.content, *said.source)}
    doubts = tuple(doubt for doubt in extraction.doubts if (doubt.span.start, doubt.span.end) not in contents)
    return replace(extraction, statements=statements, doubts=doubts)


def _names(extraction: Extraction, number: int, name: str) -> set[str]:
    return {slug(name)} | {slug(extraction.mentions[m].name) for m in extraction.chains[number].mentions}


def _statement_at(statements: Sequence[Statement], start: int, end: int) -> int | None:
    """Return the statement whose content shares most characters with a range; of equal ones the innermost, then the first."""
    shared = [
        (sum(max(0, min(span.end, end) - max(span.start, start)) for span in said.content), -sum(s.end - s.start for s in said.content), -n)
        for n, said in enumerate(statements)
    ]
    most = max(shared, default=(0, 0, 0))
    return -most[2] if most[0] else None
