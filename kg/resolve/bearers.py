"""Chains cut loose from their documents: what resolution needs to know of each, and the blocks in which chains can meet.

Whatever two chains can have to do with each other, be it that a rule joins them, proposes it or tells them apart, they share a block. So
the decisions about the chains of some blocks need nothing of the others, and a collection is resolved piece by piece.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from kg.gazetteer import Gazetteer
from kg.gazetteer.bodies import COMMON, of_state, official
from kg.records import Chain, Extraction, Kind, Side
from kg.resolve.names import parse, skeleton, tokens
from kg.resolve.subjects import Subject, is_full, subject
from kg.vocab import slug

ACRONYM = re.compile(r"[A-Z]{2,7}")
SMALL_WORDS = frozenset("of the and for in on to a".split())


@dataclass(frozen=True, slots=True)
class Bearer:
    """A chain with what resolution needs to know of it.

    Attributes:
        chain: As its document has it, without the places of its mentions.
        start, end: Where it first stands.
        written: Its names as the text writes them, sorted.
        countries, offices: Of a person: see ``Subject``, sorted.
        label: What it is as company of others.
        told: An external id that a person gave it and no entry of the gazetteer has.
    """

    chain: Chain
    start: int
    end: int
    written: tuple[str, ...]
    countries: tuple[str, ...] = ()
    offices: tuple[tuple[str, str], ...] = ()
    label: str = ""
    told: str = ""

    def subject_in(self, document: Subject) -> Subject:
        """Return the evidence around a person, with what the document tells of all its people."""
        return replace(document, names=frozenset({self.label}), countries=frozenset(self.countries), offices=frozenset(self.offices))

    def side(self, key: str) -> Side:
        """Return it as one side of a decision: its name and where it first stands."""
        return Side(self.chain.name, key, self.start, self.end)


def bearer(extraction: Extraction, number: int, told: str = "") -> Bearer:
    """Return a chain of a document with what is to be known of it."""
    chain = extraction.chains[number]
    spans = [extraction.mentions[mention].span for mention in chain.mentions]
    known = subject(extraction, number) if chain.kind is Kind.PERSON else Subject()
    return Bearer(
        chain=replace(chain, mentions=()),
        start=spans[0].start if spans else 0,
        end=spans[0].end if spans else 0,
        written=tuple(sorted({extraction.mentions[mention].name for mention in chain.mentions})),
        countries=tuple(sorted(known.countries)),
        offices=tuple(sorted(known.offices)),
        label=next(iter(known.names), ""),
        told=told,
    )


def side(extraction: Extraction, number: int) -> Side:
    """Return a chain of a document as one side of a decision."""
    return bearer(extraction, number).side(extraction.document.key)


def blocks(found: Bearer, gazetteer: Gazetteer) -> Iterator[str]:
    """Yield the names of the blocks of a bearer; those of close names come from an index of names and are not among them."""
    chain = found.chain
    words, last = tokens(chain.name), (chain.name.split() or [""])[-1]
    if chain.known:
        yield f"known {chain.known}"
        yield from (f"known {other}" for other in gazetteer.apart(chain.known))
    yield from (f"known {candidate}" for candidate in chain.candidates)
    if found.told:
        yield f"told {found.told}"
    if has_close_names(chain.kind, chain.name):
        yield name_block(chain.kind, chain.name)
    if key := key_of(chain, {}, gazetteer):
        yield " ".join(key)
    if chain.kind is Kind.PERSON:
        yield f"surname {skeleton(words[-1]) if words else ''}"
        yield f"thing {slug(last)}"
    elif chain.kind is Kind.ORGANIZATION:
        yield from (f"same-name {Kind.ORGANIZATION}:{bare(name)}" for name in (chain.name, *chain.acronyms))
        yield from (f"initials {letters}" for letters in _letters(chain))
    if chain.kind in (Kind.PLACE, Kind.ORGANIZATION):
        yield f"thing {slug(chain.name)}"


def has_close_names(kind: str, name: str) -> bool:
    """Tell whether a name is compared with names that are close: those of several words of people and bodies."""
    return kind in (Kind.PERSON, Kind.ORGANIZATION) and is_full(name)


def name_block(kind: str, name: str) -> str:
    """Return the block of the bearers of a name; close names' blocks are made one."""
    return f"{kind} {name}"


def key_of(chain: Chain, long_form: Mapping[str, str], gazetteer: Gazetteer) -> tuple[str, str] | None:
    """Return (rule, key) under which a chain is one with others; ``None`` for what stays local.

    Args:
        chain: The chain.
        long_form: Acronym → the one long form that documents teach for it.
        gazetteer: What tells which words name a state.
    """
    if chain.known:
        return "known", chain.known
    if chain.candidates:
        return None
    folded = slug(chain.name)
    if chain.kind is Kind.PERSON:
        return ("full-name", folded) if is_full(chain.name) else None
    if chain.kind is Kind.ORGANIZATION:
        _, body = of_state(chain.name, gazetteer)
        if COMMON.match(body):
            return ("body-of-state", f"{chain.country}:{slug(official(body))}") if chain.country else None
        short = bare(chain.name)
        return "same-name", f"{chain.kind}:{long_form.get(short, short)}"
    return "same-name", f"{chain.kind}:{folded}"


def bare(name: str) -> str:
    """Return a body's name without its legal form: ``Norden Werft Ltd.`` is ``Norden Werft``."""
    return "-".join(parse(name).words)


def initials(name: str) -> str:
    """Return the initials of a name of several words, small words left out."""
    words = [word for word in re.findall(r"[\w.]+", name) if word.lower() not in SMALL_WORDS]
    return "".join(word[0] for word in words).upper() if len(words) > 1 else ""


def _letters(chain: Chain) -> Iterator[str]:
    """Yield the letters by which a body meets an acronym, or a long form."""
    if letters := initials(chain.name):
        yield letters
    short = chain.name.replace(".", "")
    if not chain.known and ACRONYM.fullmatch(short):
        yield short
