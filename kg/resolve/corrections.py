"""What people corrected in what was extracted: kinds of names, which known things they are, and speakers of statements.

Whether two names are one is ``linking``'s; here an extraction becomes the same extraction with the corrected parts, so that everything
behind it sees one truth, and the extraction that is kept stays what the machine read.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from kg.gazetteer import Gazetteer
from kg.records import Answer, Chain, Correction, Extraction, Kind, Statement, Voice
from kg.resolve.kinds import CORRECTED, retyped
from kg.resolve.linking import in_time, node_of
from kg.vocab import slug

NO_ENTRY = "none"
"""What a person answers where a name is none of the things that it could be."""


def corrected(extraction: Extraction, corrections: Iterable[Correction], gazetteer: Gazetteer) -> tuple[Extraction, dict[int, str]]:
    """Return an extraction with the kinds, speakers and entries that people gave it; later answers win over earlier ones.

    Returns:
        The extraction; and chain → external id, for those that no entry of the gazetteer is.
    """
    ids: dict[int, str] = {}
    for correction in in_time(corrections, Answer.KIND, Answer.SPEAKER, Answer.LINK):
        if correction.left.document != extraction.document.key:
            continue
        if correction.answer is Answer.SPEAKER:
            extraction = _with_speaker(extraction, correction)
            continue
        node = node_of(correction.left, {extraction.document.key: extraction})
        if node is None:
            continue
        if correction.answer is Answer.KIND:
            extraction = _with_kind(extraction, node[1], Kind(correction.value))
        else:
            extraction, told = _with_entry(extraction, node[1], correction.value, gazetteer)
            ids[node[1]] = told
    return extraction, {number: told for number, told in ids.items() if told}


def _with_kind(extraction: Extraction, number: int, kind: Kind) -> Extraction:
    """Give a chain and its mentions a kind; what was known of it under another is not known any more."""
    chain = extraction.chains[number]
    return retyped(extraction, number, kind, CORRECTED, chain if chain.kind is kind else None)


def _with_entry(extraction: Extraction, number: int, value: str, gazetteer: Gazetteer) -> tuple[Extraction, str]:
    """Say which known thing a chain is: an entry of the gazetteer, an id that it lacks (returned), or none of those it could be."""
    chain = extraction.chains[number]
    if value == NO_ENTRY:
        return _with_chain(extraction, number, replace(chain, known=None, country=None)), ""
    entry = gazetteer.get(value)
    if entry is not None and entry.kind is chain.kind:
        return _with_chain(extraction, number, replace(chain, known=value, country=entry.country, candidates=())), ""
    return _with_chain(extraction, number, replace(chain, known=None, candidates=())), value


def _with_chain(extraction: Extraction, number: int, chain: Chain) -> Extraction:
    return replace(extraction, chains=(*extraction.chains[:number], chain, *extraction.chains[number + 1 :]))


def _with_speaker(extraction: Extraction, correction: Correction) -> Extraction:
    """Give a statement the speaker that a person named: a name of the document, else somebody who is not named in it."""
    number = _statement_at(extraction.statements, correction.left.start, correction.left.end)
    if number is None:
        return extraction
    named = (n for n, chain in enumerate(extraction.chains) if slug(correction.value) in _names(extraction, n, chain.name))
    chain = next(named, None)
    voice = Voice(CORRECTED, chain=chain) if chain is not None else Voice(CORRECTED, unnamed=correction.value)
    roles = () if chain is None else extraction.chains[chain].roles
    behalf = next((role.of for role in roles if role.of is not None), None)
    said = replace(extraction.statements[number], speaker=voice, role=None, on_behalf_of=behalf)
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
