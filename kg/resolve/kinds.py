"""One name, one kind, over a whole collection: what a rule found in some articles outvotes what the model guessed in another.

The second pass of the consistency that ``extract`` keeps within a document: every chain has a vote. Only names whose kind the model alone
says can change, and every change is a recorded decision. The extraction that is kept stays what was read.
"""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, replace

from kg.records import Chain, Extraction, Kind
from kg.vocab import slug

RULE = "kind-of-collection"
CORRECTED = "correction"
"""The rule of a kind that a person gave."""
GUESSED = frozenset({"model", "subject", "consistency"})
"""Rules behind which stands nothing but the model's word."""
SURE, TOLD = 3, 1_000_000
"""How many guesses a kind counts that a rule found, and one that a person gave."""
OUTVOTED = 3
"""How many times the votes of a kind another must have to take its name over."""


def retyped(extraction: Extraction, number: int, kind: Kind, rule: str, like: Chain | None = None) -> Extraction:
    """Return an extraction in which a chain and its mentions have another kind, and what is known of ``like`` is known of it."""
    chain = replace(
        extraction.chains[number],
        kind=kind,
        known=like.known if like else None,
        country=like.country if like else None,
        candidates=like.candidates if like else (),
    )
    ours = frozenset(chain.mentions)
    mentions = tuple(
        replace(mention, kind=kind, rule=rule, metonym=False) if at in ours else mention for at, mention in enumerate(extraction.mentions)
    )
    return replace(extraction, mentions=mentions, chains=(*extraction.chains[:number], chain, *extraction.chains[number + 1 :]))


@dataclass(frozen=True, slots=True)
class Vote:
    """What one chain says of the kind of its name.

    Attributes:
        weight: 1 for a guess of the model, ``SURE`` or ``TOLD`` else.
        guess: Nothing but the model says it.
    """

    name: str
    kind: Kind
    weight: int
    guess: bool


def votes(extraction: Extraction) -> Iterator[Vote]:
    """Yield the vote of each chain, in their order."""
    for chain in extraction.chains:
        if _is_guess(extraction, chain):
            yield Vote(slug(chain.name), chain.kind, 1, guess=True)
        else:
            told = any(extraction.mentions[mention].rule == CORRECTED for mention in chain.mentions)
            yield Vote(slug(chain.name), chain.kind, TOLD if told else SURE, guess=False)


def outvoted(cast: Mapping[Kind, int], sure: Set[Kind], guessed: Kind) -> tuple[Kind, float] | None:
    """Return the kind that takes a name over from a guess, with its share of the votes; ``None`` where the guess stands.

    Args:
        cast: Kind → votes for it, over the collection.
        sure: The kinds for which more than guesses speak.
        guessed: What the guess says.
    """
    best = max(cast, key=lambda kind: (cast[kind], kind))
    if best is guessed or best not in sure or cast[best] < OUTVOTED * cast[guessed]:
        return None
    return best, cast[best] / sum(cast.values())


def _is_guess(extraction: Extraction, chain: Chain) -> bool:
    """Tell whether nothing but the model says what a chain is."""
    rules = {extraction.mentions[mention].rule for mention in chain.mentions}
    return rules <= GUESSED and not (chain.known or chain.roles or chain.acronyms or chain.gender)
