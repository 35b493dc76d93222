"""How alike two texts are in meaning."""

from functools import lru_cache

from numpy import asarray, float32, zeros
from numpy.linalg import norm
from numpy.typing import NDArray

from kg.annotate.model import MODEL, load


def meaning(one: str, other: str, *, model: str = MODEL) -> float:
    """Return how alike two texts are in meaning, in [0, 1]: the cosine of the means of their words' vectors, stop words left out.

    0 where the model has no vectors or a text no word with one.
    """
    (mean, length), (mean_of_other, length_of_other) = (_mean(text, model) for text in (one, other))
    return max(0.0, float(mean @ mean_of_other) / (length * length_of_other)) if length and length_of_other else 0.0


@lru_cache(1024)
def _mean(text: str, model: str) -> tuple[NDArray[float32], float]:
    """Return the mean of the vectors of a text's words, and its length: one text is compared with many."""
    doc = load(model).make_doc(text)
    vectors = [token.vector for token in doc if token.has_vector and not token.is_stop and not token.is_punct]
    mean = asarray(vectors, dtype=float32).mean(axis=0) if vectors else zeros(1, dtype=float32)
    return mean, float(norm(mean))
