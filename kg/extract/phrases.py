"""Noun phrases as they stand in the text."""

from spacy.tokens import Token

CLAUSAL = frozenset({"relcl", "parataxis", "ccomp", "advcl", "acl"})
LOOSE = frozenset({",", ";", ":", "-", "–", "—", "(", "[", ".", "'", "’", "'s", "’s", '"', "“", "”", "‘"})


def phrase(head: Token) -> frozenset[int]:
    """Return the noun phrase of a head as it stands, title and appositive in; clauses, other parties and outer commas out."""
    found, todo = set(), [kid for kid in head.children if kid.dep_ not in ("cc", "conj", "preconj")]
    while todo:
        token = todo.pop()
        if token.dep_ not in CLAUSAL:
            found.add(token.i)
            todo += token.children
    found.add(head.i)
    if name := named_after(head):
        found.update(token.i for token in name.subtree)
    doc = head.doc
    while max(found) > head.i and doc[max(found)].text in LOOSE:
        found.discard(max(found))
    while min(found) < head.i and doc[min(found)].text in LOOSE:
        found.discard(min(found))
    return frozenset(found)


def named_after(head: Token) -> Token | None:
    """Return the name right behind a title that the parser took for a second subject: ``coach Luis Diaz said``."""
    behind = (kid for kid in head.head.children if kid.dep_ == head.dep_ and kid.pos_ == "PROPN" and kid.left_edge.i == head.i + 1)
    return next(behind, None) if head.dep_ in ("nsubj", "nsubjpass") else None


def running_on(head: Token) -> frozenset[int]:
    """Return the words behind ``according to X`` up to the next mark, which the parser often hangs elsewhere: ``doctors at the scene``.

    An apposition that no comma closes is the beginning of the clause: ``According to Lee, the road is open``.
    """
    found = set(phrase(head))
    for token in [head.doc[i] for i in found]:
        behind = token.right_edge.i + 1
        if token.dep_ == "appos" and behind < len(head.doc) and head.doc[behind].pos_ in ("VERB", "AUX"):
            found -= {i for i in found if i >= token.left_edge.i and i != head.i}
    while len(found) > 1 and head.doc[max(found)].text in LOOSE:
        found.discard(max(found))
    for token in head.doc[max(found) + 1 :]:
        if token.is_punct or token.is_space or token.is_sent_start or token.pos_ in ("VERB", "AUX", "CCONJ", "SCONJ"):
            break
        found.add(token.i)
    return frozenset(found)


def parties(head: Token) -> list[Token]:
    """Return the heads of coordinated sources: ``A and B`` gives both, in order."""
    found = [head]
    for kid in head.children:
        if kid.dep_ == "conj" and kid.pos_ in ("NOUN", "PROPN", "PRON") and not _one_person(head, kid):
            found += parties(kid)
    return found


def _one_person(head: Token, other: Token) -> bool:
    """Tell whether two roles share an article and so a holder: ``the former governor and current senator``."""
    singular = head.tag_ == "NN" and other.tag_ in ("NN", "NNP") and not other.ent_type_
    shared = any(kid.dep_ == "det" for kid in head.children) and not any(kid.dep_ in ("det", "poss") for kid in other.children)
    return singular and shared
