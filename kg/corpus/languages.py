"""Which language an article is in, where it is long enough to tell."""

import re
from functools import cache
from typing import TYPE_CHECKING

from kg.corpus.limits import FEWEST_WORDS, JUDGED
from kg.corpus.reading import Reading
from kg.errors import InputError

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

WORD = re.compile(r"[^\W\d_]+")
ENGLISH = frozenset("the of and to that for with said was were has have by from".split())
ENGLISH_SHARE = 0.12
"""In English news, 20 to 25 words of 100 are one of ``ENGLISH``; in other languages at most 5, those that are spelt alike."""
SURE = 0.95
"""How sure the identifier must be. Of 66 languages' sample sentences, all of FEWEST_WORDS words and more, it took none for English."""


def foreign(place: str, text: str, declared: str | None, reading: Reading) -> InputError | None:
    """Return the error of an article that is not in the language that is read; ``None`` if it is, or if that cannot be told.

    Args:
        place: Where it stands.
        text: The article.
        declared: The language that its record says, which goes before what is found.
        reading: Its ``language`` is the one that is read.
    """
    if reading.language is None:
        return None
    wanted, found = _primary(reading.language), _primary(declared) if declared else told(text)
    if found is None or found == wanted:
        return None
    how = f"says that it is in {declared!r}" if declared else f"is in another language ({found!r})"
    return InputError(
        f"{place}: {how}; articles are read in {reading.language!r}", "Leave it out, or read it all the same with --language any."
    )


def told(text: str) -> str | None:
    """Return the language (ISO 639) that a text is surely in, ``None`` where it is too short or there is doubt."""
    judged = text[:JUDGED]
    words = WORD.findall(judged.lower())
    if len(words) >= FEWEST_WORDS and sum(word in ENGLISH for word in words) >= ENGLISH_SHARE * len(words):
        return "en"
    letters = sum(map(len, words))
    if len(words) < FEWEST_WORDS and letters < 6 * FEWEST_WORDS:  # Chinese and Japanese write a sentence as one word
        return None
    language, share = _identifier().classify(judged)
    return str(language) if share >= SURE else None


def _primary(tag: str) -> str:
    """Return the language of a BCP 47 tag, without its region."""
    return re.split("[-_]", tag.strip().lower())[0]


@cache
def _identifier() -> "LanguageIdentifier":
    """Return the identifier, loaded once: some 110 MB, and only where a text is not plainly English."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
