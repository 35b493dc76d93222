"""Which characters stand in quotation marks, and so of what type a statement is whose annotator did not say.

This is the plain reading of marks that the type is defined by, apart from the extractor's, which is what is being scored.
"""

import re
from collections.abc import Iterable

from kg.records import Span, Type

_DOUBLE = re.compile(r"""(?:[“„«]|(?<!\S)”)“?(?:[^“”»"\n]|(?<=\s)“)*[“”»"]?|"[^"”\n]*["”]?""")
"""From an opening mark to one that closes it, or to the end of the paragraph."""
_SINGLE = re.compile(r"(?<!\w)[‘'‚](?=[^\W\d])[^‘\n]{1,300}?(?<=[\w.,!?…])[’'‘](?!\w)")
"""From a mark before a letter to one after a word: neither an apostrophe nor one that was forgotten."""
_ALL = 0.97
"""The share of letters in quotation marks from which a statement is direct: an editor's word in brackets changes nothing."""


def quoted(text: str) -> list[Span]:
    """Return what stands in quotation marks, the marks with it, in text order; single marks inside double ones are none of their own."""
    doubles = [Span(*found.span()) for found in _DOUBLE.finditer(text)]
    singles = [Span(*found.span()) for found in _SINGLE.finditer(text)]
    return sorted([*doubles, *(span for span in singles if not any(span.meets(double) for double in doubles))])


def type_of(text: str, content: Iterable[Span], marked: Iterable[Span]) -> Type:
    """Return direct where all letters and digits of the content are marked, indirect where none is, else mixed."""
    letters = {at for span in content for at in range(span.start, span.end) if text[at].isalnum()}
    inside = letters.intersection(*[{at for span in marked for at in range(span.start, span.end)}])
    if not inside:
        return Type.INDIRECT
    return Type.DIRECT if len(inside) >= _ALL * len(letters) else Type.MIXED
