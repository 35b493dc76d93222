"""Whether a count is told to be one: ``300,000 could flee`` is none yet, and ``another 300 fled`` is only a part."""

from spacy.tokens import Doc, Token

MODAL = frozenset("can could may might will would shall should must 'll ’ll wo".split())
AHEAD = frozenset(
    """expect plan intend hope threaten risk plot promise pledge vow aim forecast predict project anticipate
    likely set due able poised
    """.split()
)
"""What comes before an infinitive of something that has not happened."""
CONDITIONS = frozenset({"if", "unless", "lest"})
MORE_BEFORE = frozenset({"another", "additional", "further", "extra"})
MORE_BEHIND = frozenset({"more", "others", "additional", "further", "extra"})
FARTHEST = 6


def is_projected(verb: Token | None) -> bool:
    """Tell whether what the counted do or suffer is only possible, expected or planned."""
    for _ in range(FARTHEST):
        if verb is None:
            return False
        if any(kid.dep_ == "aux" and kid.lower_ in MODAL for kid in verb.children):
            return True
        if any(kid.dep_ == "mark" and kid.lower_ in CONDITIONS for kid in verb.children):
            return True
        infinitive = any(kid.dep_ == "aux" and kid.lower_ == "to" for kid in verb.children)
        if not infinitive and verb.dep_ not in ("conj", "pcomp"):
            return False
        if infinitive and verb.head.lemma_.lower() in AHEAD:
            return True
        verb = verb.head if verb.head is not verb else None
    return False


def is_additional(doc: Doc, start: int, end: int) -> bool:
    """Tell whether the number over some tokens is added to another: ``another 300``, ``200 more people``."""
    before = start and doc[start - 1].lower_ in MORE_BEFORE
    behind = end < len(doc) and doc[end].lower_ in MORE_BEHIND and not (end + 1 < len(doc) and doc[end + 1].lower_ == "than")
    return bool(before or behind)
