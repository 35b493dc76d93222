"""The entities that spaCy's recogniser finds, found with fewer steps.

The recogniser goes from word to word and scores 74 moves at each: begin an entity of a kind, go on with it, end it, one of one word, none.
What a move is worth depends on the word alone while no entity is open, and on the word, the one before it and the first one of the entity
while one is (``StateC.set_context_tokens`` of spaCy, three features). So all words are scored outside of entities at once, as one
product of matrices, and only those within entities one by one, where nothing is to be chosen but to go on or to end. spaCy's own loop
takes a lock at each word for each move (release 3.8), which made recognition the largest part of reading.

The rules of which move is allowed are those of ``spacy/pipeline/_parser_internals/ner.pyx``, for a text without entities yet.
"""

from collections.abc import Callable
from typing import Any

from numpy import array, empty, float32, inf
from numpy.typing import NDArray
from spacy.pipeline import EntityRecognizer
from spacy.tokens import Doc, Span
from thinc.api import NumpyOps

FEATURES = 3
"""Words that a move is scored by: this one, the first one of the open entity, the one before this."""


def quickly(recogniser: Callable[[Doc], Doc]) -> Callable[[Doc], Doc]:
    """Return what finds the same entities as a recogniser, more quickly where it is one that we know how to ask."""
    return Entities(recogniser) if isinstance(recogniser, EntityRecognizer) and _known(recogniser) else recogniser


def _known(recogniser: Any) -> bool:
    """Tell whether a recogniser is one of spaCy's usual ones: on the processor, greedy, of two layers, of three features."""
    model, settings = recogniser.model, recogniser.cfg
    return bool(
        isinstance(model.ops, NumpyOps)
        and settings.get("beam_width", 1) == 1
        and model.attrs.get("has_upper")
        and not model.attrs.get("unseen_classes")
        and model.get_ref("lower").get_param("W").shape[0] == FEATURES
    )


class Entities:
    """A component that sets the entities of a parsed text which has none yet."""

    def __init__(self, recogniser: Any) -> None:
        model, moves = recogniser.model, recogniser.moves
        self._recogniser: Callable[[Doc], Doc] = recogniser
        self._vectors, self._lower = model.get_ref("tok2vec"), model.get_ref("lower")
        upper = model.get_ref("upper")
        self._weights: NDArray[float32] = upper.get_param("W")
        self._bias: NDArray[float32] = upper.get_param("b")
        named = [moves.get_class_name(number).partition("-") for number in range(moves.n_moves)]
        self._moves = [(move, kind) for move, _, kind in named]
        within = {kind: [self._moves.index((move, kind)) for move in "IL"] for move, kind in self._moves if move == "B"}
        self._within = {kind: (self._weights[pair], self._bias[pair]) for kind, pair in within.items()}
        self._begins = array([move == "B" for move, _ in self._moves])
        self._starts = self._begins | array([move == "U" for move, _ in self._moves])
        self._never = array([move not in "BUO" or (move == "U" and not kind) for move, kind in self._moves])  # outside of an entity

    def __call__(self, doc: Doc) -> Doc:
        """Set the entities of a text."""
        if not len(doc) or doc.has_annotation("ENT_IOB"):
            return self._recogniser(doc)
        doc.set_ents(self._found(doc))
        return doc

    def _found(self, doc: Doc) -> list[Span]:
        """Return the entities of a text that has words, in its order."""
        hidden = self._lower.predict(self._vectors.predict([doc]))  # [1 + word, feature, unit, piece]: the first stands for no word
        count, _, units, pieces = hidden.shape
        hidden = hidden.reshape(count, FEATURES, units * pieces)
        bias = self._lower.get_param("b").reshape(units * pieces)
        of_words = doc.to_array(["SENT_START", "IS_SPACE"])
        closes = empty(len(doc), dtype=bool)  # where no entity goes on behind
        closes[:-1], closes[-1] = of_words[1:, 0] == 1, True
        space = of_words[:, 1] == 1

        outside = (hidden[1:, 0] + hidden[0, 1] + hidden[0, 2] + bias).reshape(-1, units, pieces).max(axis=2)
        scores = outside @ self._weights.T + self._bias
        scores[:, self._never] = -inf
        scores[closes[:, None] & self._begins] = -inf
        scores[space[:, None] & self._starts] = -inf
        best = scores.argmax(axis=1)

        found, behind = [], 0
        for start in (best != self._moves.index(("O", ""))).nonzero()[0].tolist():
            if start < behind:
                continue
            move, kind = self._moves[best[start]]
            behind = start + 1
            if move == "B":
                weights, bias_of_pair = self._within[kind]
                while not closes[behind]:
                    inside = hidden[1 + behind, 0] + hidden[1 + start, 1] + hidden[behind, 2] + bias
                    on, end = weights @ inside.reshape(units, pieces).max(axis=1) + bias_of_pair
                    if end > on:
                        break
                    behind += 1
                behind += 1
            found.append(Span(doc, start, behind, label=kind))
        return found
