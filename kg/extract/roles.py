"""Roles: what a text says that a person is, in titles before a name and appositions beside it."""

from collections.abc import Iterable, Iterator

from spacy.tokens import Span as Words
from spacy.tokens import Token

from kg.extract.lists import tails, titles
from kg.records import Role, Span

LONGEST = 160


def roles(name: Words) -> tuple[Role, ...]:
    """Return what stands beside a person's name: titles, appositions, and the body behind ``of``, as worded.

    ``Prime Minister``, ``a spokeswoman for the mayor``, ``of Carnegie Europe``.
    """
    return tuple(role(words) for words in _beside(name) if 0 < len(words.text) < LONGEST)


def role(words: Words) -> Role:
    """Return the role that some words tell."""
    return Role(" ".join(words.text.split()), Span(words.start_char, words.end_char))


def one_a_wording(told: Iterable[Role]) -> tuple[Role, ...]:
    """Return the first role of each wording."""
    first: dict[str, Role] = {}
    for given in told:
        first.setdefault(given.text, given)
    return tuple(first.values())


def _beside(name: Words) -> Iterator[Words]:
    doc, head = name.doc, name.root
    before = [token for token in doc[min(head.left_edge.i, name.start) : name.start] if token.lower_ not in ("the", "a", "an")]
    while before and before[0].is_punct:
        before.pop(0)
    if before and any(token.lower_ in titles() for token in before) and not before[-1].is_punct:
        yield doc[before[0].i : name.start]
    for kid in head.children:
        if kid.dep_ == "appos" and kid.i > head.i and any(t.lower_ in titles() or t.lower_ in tails("body") for t in (kid, *kid.children)):
            yield doc[kid.left_edge.i : _phrase_end(kid)]
        if kid.lower_ in ("of", "from") and kid.i == name.end and any(end.ent_type_ == "ORG" for end in kid.children):
            yield doc[kid.i : max(_phrase_end(end) for end in kid.children)]
    if head.dep_ == "appos" and head.head.lower_ in titles() and head.head.i < head.i:
        yield doc[head.head.left_edge.i : head.head.i + 1]


def _phrase_end(head: Token) -> int:
    """Return the token behind a phrase, its relative clauses and further appositions left out."""
    ends = [head.i + 1]
    for kid in head.children:
        if kid.i > head.i and kid.dep_ in ("prep", "compound", "amod"):
            ends.append(kid.right_edge.i + 1)
    return max(ends)
