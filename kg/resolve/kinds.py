"""One name, one kind, over a whole collection: what a rule found in some articles outvotes what the model guessed in another.

The second pass of the consistency that ``extract`` keeps within a document. Only names whose kind the model alone says can change, and
every change is a recorded decision. The extraction that is kept stays what was read.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from kg.records import Chain, Extraction, Kind
from kg.resolve.subjects import Node
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


def consistent(extractions: Sequence[Extraction]) -> tuple[tuple[Extraction, ...], list[tuple[Node, Node, float]]]:
    """Return extractions in which a guessed kind gives way to the one that the collection knows, and the changes.

    Returns:
        The extractions, in their order; and (chain that changed, chain it now is like, share of the votes) by document.
    """
    by_key = {extraction.document.key: extraction for extraction in extractions}
    changes = list(_outvoted(extractions))
    for (key, number), (other, place), _ in changes:
        like = by_key[other].chains[place]
        by_key[key] = retyped(by_key[key], number, like.kind, RULE, like)
    return tuple(by_key[extraction.document.key] for extraction in extractions), changes


def _outvoted(extractions: Sequence[Extraction]) -> Iterator[tuple[Node, Node, float]]:
    votes: dict[str, Counter[Kind]] = defaultdict(Counter)
    models: dict[tuple[str, Kind], Node] = {}
    guesses: list[tuple[str, Node, Kind]] = []
    for extraction in extractions:
        for number, chain in enumerate(extraction.chains):
            name, node = slug(chain.name), (extraction.document.key, number)
            if _is_guess(extraction, chain):
                votes[name][chain.kind] += 1
                guesses.append((name, node, chain.kind))
            else:
                told = any(extraction.mentions[mention].rule == CORRECTED for mention in chain.mentions)
                votes[name][chain.kind] += TOLD if told else SURE
                models.setdefault((name, chain.kind), node)
    for name, node, kind in guesses:
        best = max(votes[name], key=lambda other: (votes[name][other], other))
        if best is not kind and (name, best) in models and votes[name][best] >= OUTVOTED * votes[name][kind]:
            yield node, models[name, best], votes[name][best] / votes[name].total()


def _is_guess(extraction: Extraction, chain: Chain) -> bool:
    """Tell whether nothing but the model says what a chain is."""
    rules = {extraction.mentions[mention].rule for mention in chain.mentions}
    return rules <= GUESSED and not (chain.known or chain.roles or chain.acronyms or chain.gender)
