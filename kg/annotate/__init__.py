"""A document becomes a spaCy ``Doc`` over the very same characters.

The model is the official one, and finds what it finds in spaCy, to the last digit of a tag and of an entity; it is only asked more quickly
(``words``: once for each word; ``entities``: all words at once).
"""

from kg.annotate.meaning import meaning
from kg.annotate.model import MODEL, load, model_version
from kg.annotate.parsing import annotate

__all__ = ["MODEL", "annotate", "load", "meaning", "model_version"]
