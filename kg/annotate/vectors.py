"""The vector of a word, before the model looks at the words beside it, is made once for each word."""

from collections.abc import Callable, Sequence
from typing import Any

from numpy import concatenate, float32, zeros
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc
from spacy.vocab import Vocab
from thinc.api import Model

OF_A_FORM = frozenset({"ORTH", "NORM", "LOWER", "PREFIX", "SUFFIX", "SHAPE", "SPACY", "IS_SPACE"})
"""What a vector may be made of to be the same wherever a word is written so, with the same norm, with or without a space behind it."""
FORMS = 20_000
"""Of how many such forms the vectors are kept in memory: 8 MB for each table of 96 columns, and most words of many articles."""
AT_ONCE = 64
"""Of how many forms vectors are made at once, never more or fewer: a product of matrices may round by how many rows it has."""


def remember(pipeline: Language) -> None:
    """Have each model of a pipeline make the vector of a word once, before it looks at the words beside it."""
    for _, part in pipeline.pipeline:
        model = getattr(part, "model", None)
        for node in model.walk() if model else ():
            if node.has_ref("embed") and node.layers[0] is node.get_ref("embed") and _of_a_form(node.layers[0]):
                node.layers[0] = Model("remembered", Vectors(node.layers[0], pipeline.vocab), layers=[node.layers[0]])


def _of_a_form(embed: Model[Any, Any]) -> bool:
    """Tell whether what makes the vectors of words looks at nothing but each word itself."""
    asked = [node.attrs["columns"] for node in embed.walk() if node.name == "extract_features"]
    return len(asked) == 1 and OF_A_FORM.issuperset(asked[0])


class Vectors:
    """The forward pass of a model that makes vectors of words, each made once a form; not for training."""

    def __init__(self, embed: Model[Any, Any], vocab: Vocab) -> None:
        self._embed, self._vocab = embed, vocab
        self._row: dict[tuple[int, int, int], int] = {}
        self._rows: NDArray[float32] = zeros((0, 0), dtype=float32)

    def __call__(self, _model: Model[Any, Any], docs: Sequence[Doc], is_train: bool) -> tuple[list[NDArray[float32]], Callable[[Any], Any]]:
        """Return the vectors of each text's words, and what training would ask for."""
        return self._embed(docs, is_train) if is_train else ([self._of(doc) for doc in docs], lambda _: [])

    def _of(self, doc: Doc) -> NDArray[float32]:
        forms = [(orth, norm, space) for orth, norm, space in doc.to_array(["ORTH", "NORM", "SPACY"]).tolist()]
        if new := [form for form in dict.fromkeys(forms) if form not in self._row]:
            if len(self._row) + len(new) > len(self._rows):
                self._row, new = {}, list(dict.fromkeys(forms))
            made = self._made(new)
            if not self._row:
                self._rows = zeros((max(FORMS, len(new)), made.shape[1]), dtype=float32)
            self._rows[len(self._row) : len(self._row) + len(new)] = made
            self._row.update((form, row) for row, form in enumerate(new, len(self._row)))
        return self._rows[[self._row[form] for form in forms]]

    def _made(self, forms: Sequence[tuple[int, int, int]]) -> NDArray[float32]:
        """Return the vectors of forms, a row each."""
        rows = []
        for first in range(0, len(forms), AT_ONCE):
            some = forms[first : first + AT_ONCE]
            full = [*some, *[some[0]] * (AT_ONCE - len(some))]
            words, spaces = [self._vocab.strings[orth] for orth, _, _ in full], [bool(space) for _, _, space in full]
            doc = Doc(self._vocab, words=words, spaces=spaces)
            for token, (_, norm, _) in zip(doc, full, strict=True):
                token.norm_ = self._vocab.strings[norm]
            rows.append(self._embed.predict([doc])[0][: len(some)])
        return concatenate(rows)
