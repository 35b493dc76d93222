"""What was found is scored against what people found: statements, and entities, identity and figures where gold has them.

Both sides are rows of the interchange format, whoever made them. ``compare`` pairs them document by document, ``score`` counts,
``intervals`` says how sure a score is, ``errors`` shows what went wrong. Everything is counted in words (letters, digits, inner
apostrophes), so that marks and spaces at the edge of a span never matter.
"""

from kg.evaluate.annotations import Row, annotations, answering, gold_rows, is_annotation
from kg.evaluate.comparing import Comparison, Rule, compare
from kg.evaluate.errors import Error, Errors, errors
from kg.evaluate.scoring import Quality, Scores, Share, intervals, score

__all__ = [
    "Comparison",
    "Error",
    "Errors",
    "Quality",
    "Row",
    "Rule",
    "Scores",
    "Share",
    "annotations",
    "answering",
    "compare",
    "errors",
    "gold_rows",
    "intervals",
    "is_annotation",
    "score",
]
