"""What two texts are compared by: their words, without case, marks and spaces."""

import re
import unicodedata

_WORD = re.compile(r"\w+")


def wording(text: str) -> tuple[str, ...]:
    """Return the words of a text as they are compared: letters and digits alone, case folded, compatibility forms made one (NFKC)."""
    return tuple(_WORD.findall(unicodedata.normalize("NFKC", text).casefold()))
