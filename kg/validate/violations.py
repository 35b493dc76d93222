"""What breaks a rule, and how that is counted."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How bad it is: only violations make a graph invalid."""

    VIOLATION = "violation"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True, order=True)
class Violation:
    """Something in a graph that breaks a rule.

    Attributes:
        article: ``schema:identifier`` of the article it belongs to; empty where there is none.
        node: IRI of the node that breaks the rule.
        rule: Name of the rule: ``slice.exact`` ..., or the shape's own.
        message: What is wrong, in a sentence.
        passage: Where, as ``characters 12–40: the words``; for a shape the value that is wrong, or the words of a node that lacks one.
        severity: How bad it is.
    """

    article: str
    node: str
    rule: str
    message: str
    passage: str = ""
    severity: Severity = Severity.VIOLATION


def by_rule(violations: Iterable[Violation]) -> list[tuple[Severity, str, int]]:
    """Return how often each rule is broken: (severity, rule, times), the severe ones first, then the most frequent, ties by name."""
    counts = Counter((violation.severity, violation.rule) for violation in violations)
    told = [(severity, rule, times) for (severity, rule), times in counts.items()]
    return sorted(told, key=lambda row: (list(Severity).index(row[0]), -row[2], row[1]))
