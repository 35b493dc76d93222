"""How alike two names are, whatever their script, transliteration, order, titles and short forms.

A name becomes tokens (``tokens``), a token a skeleton in which the spellings of one sound are equal (``skeleton``), and the skeleton's
consonants a key for blocking (``consonant_key``). ``similarity`` aligns the tokens of two names one to one: what is left over on one side
is a shorter name for the same thing, what is left over on both sides is a contradiction. The word lists are the ``*.tsv`` files beside
this one.

The weights were set by hand on pairs of politicians' names, name parts, screening cases and news names; none is learned.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from anyascii import anyascii
from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

PAIR = 0.78
"""From here on two tokens are a pair."""

LAST_PAIR = 0.70
"""From here on they are, too, where all the rest of the shorter name agrees: Diana and Dianne before the same family name."""

CONTRADICTION = 0.55
"""No score of two names that both say something which the other does not is above this."""

COMPANY = 0.45
"""The factor for words that only one of two names has, where one has a legal form: Acme Chile S.A. is not Acme S.A."""

_HERE = Path(__file__).parent
_CACHE = 1 << 18
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})
_VOWELS = str.maketrans("", "", "aeiou")
_VOICELESS = str.maketrans("gvbdzjh", "kfptsck")
_LETTERS = str.maketrans(
    {"š": "sh", "ş": "sh", "ș": "sh", "ž": "zh", "ż": "zh", "č": "ch", "ć": "ch", "đ": "dj", "ə": "a", "’": "'", "ʼ": "'", "‘": "'"}
)
_POSSESSIVE = re.compile(r"'s\b")
_ARTICLE = re.compile(r"\b(?:al|el|ul|as|ad|ash|ar|an|at|az)[-\s]+(?=[a-z])")
_INITIALS = re.compile(r"(?<=\b[a-z])\.(?=[a-z]\b)")
_BREAK = re.compile(r"[\s,./\-_()&]+")
_OTHER = re.compile(r"[^a-z0-9]+")
_DOUBLE = re.compile(r"(.)\1+")
_ENDING = re.compile(r"(?<=[a-z]{3})(?:ova|us|is|s|e)$")


def _rows(name: str) -> Iterator[list[str]]:
    lines = (_HERE / name).read_text("utf-8").splitlines()
    return (line.split("\t") for line in lines if line and not line.startswith("#"))


def _families() -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for number, (family,) in enumerate(_rows("nicknames.tsv")):
        for name in family.split():
            found.setdefault(name, set()).add(number)
    return {name: frozenset(numbers) for name, numbers in found.items()}


_TITLES = frozenset(row[0] for row in _rows("titles.tsv"))
_PARTICLES = frozenset(row[0] for row in _rows("particles.tsv"))
_DESCENT = frozenset(row[0] for row in _rows("particles.tsv") if row[1:] == ["of"])
_UNSPOKEN = _PARTICLES | {"for", "in", "on", "to", "a"}
_NICKNAMES = _families()
_LEGAL = {way: form for form, ways in _rows("legal_forms.tsv") for way in ways.split("|")}
_PHRASE = re.compile("|".join(sorted((way for way in _LEGAL if " " in way), key=len, reverse=True)), re.IGNORECASE)
_SOUNDS = tuple(row[1] for row in _rows("sounds.tsv"))
_SOUND = re.compile("|".join(f"({row[0]})" for row in _rows("sounds.tsv")))


@dataclass(frozen=True, slots=True)
class Name:
    """A name taken apart.

    Attributes:
        core: Its tokens without titles, particles, suffix and legal form; empty only where the name holds no letter and no digit.
        suffix: ``jr``, ``iii`` and the like.
        legal: The legal forms of a company.
        descent: It says who is whose child ("bin"), so that its order matters.
        words: Every token but the legal form, for acronyms.
    """

    core: tuple[str, ...]
    suffix: frozenset[str]
    legal: frozenset[str]
    descent: bool
    words: tuple[str, ...]


def tokens(name: str) -> tuple[str, ...]:
    """Return the tokens of a name in small ASCII letters and digits, without titles, particles, suffix and legal form."""
    return parse(name).core


@lru_cache(_CACHE)
def parse(name: str) -> Name:
    """Take a name apart; scripts other than Latin are transliterated."""
    legal, rest = _without_legal_form(name)
    words = _words(rest)
    start = 0
    while start < len(words) - 1 and words[start] in _TITLES:
        start += 1
    named = words[start:]
    suffix = frozenset(word for word in named[1:] if word in _SUFFIXES and not legal)
    core = tuple(word for word in named if word not in _PARTICLES and word not in suffix)
    return Name(core or named, suffix, legal, not _DESCENT.isdisjoint(named), words)


def _without_legal_form(name: str) -> tuple[frozenset[str], str]:
    words = _PHRASE.sub(lambda found: _LEGAL[found[0].lower()], name).split()
    forms = [_legal_form(word.strip(",()")) for word in words]
    if all(forms):
        return frozenset(), name
    return frozenset(form for form in forms if form), " ".join(word for word, form in zip(words, forms, strict=True) if not form)


def _legal_form(word: str) -> str | None:
    bare = word.replace(".", "")
    return _LEGAL.get(word) or _LEGAL.get(bare) or _LEGAL.get(bare.lower())


def _words(name: str) -> tuple[str, ...]:
    text = anyascii(name.lower().translate(_LETTERS)).lower()
    if "'" in text:
        text = _POSSESSIVE.sub("", text)
    text = _ARTICLE.sub("", _INITIALS.sub(" ", text) if "." in text else text)
    parts = (part if part.isalnum() else _OTHER.sub("", part) for part in _BREAK.split(text))
    return tuple(part for part in parts if part)


@lru_cache(_CACHE)
def skeleton(token: str) -> str:
    """Return what a token sounds like, roughly: one letter for all spellings of a sound, no letter doubled."""
    return _DOUBLE.sub(r"\1", _SOUND.sub(lambda found: _SOUNDS[(found.lastindex or 1) - 1], token)) or token


@lru_cache(_CACHE)
def consonant_key(token: str) -> str:
    """Return the consonants of a token's skeleton, voiced as voiceless; vowels at its start count as ``a``. For blocking."""
    sound = skeleton(token)
    first = "a" if sound[:1] in "aeiou" else sound[:1]
    return (first + sound[1:].translate(_VOWELS)).translate(_VOICELESS)


@lru_cache(_CACHE)
def _stem(token: str) -> str:
    """Return the skeleton without the endings that Latin, Latvian and Czech add to foreign names, and without a silent e."""
    return skeleton(_ENDING.sub("", token))


@lru_cache(_CACHE)
def _alike(a: str, b: str) -> float:
    """Return the similarity of two tokens in [0, 1]."""
    if a == b:
        return 1.0
    if len(a) == 1 or len(b) == 1:
        return 0.86 if a[0] == b[0] else 0.0
    left, right = skeleton(a), skeleton(b)
    if left == right:
        return 0.97
    if a in _NICKNAMES and b in _NICKNAMES and not _NICKNAMES[a].isdisjoint(_NICKNAMES[b]):
        return 0.93
    if _stem(a) == _stem(b):
        return 0.92
    return max(_same_consonants(consonant_key(a), consonant_key(b)), _same_letters(left, right) - (0.06 if _starts_differ(a, b) else 0.0))


def _same_consonants(a: str, b: str) -> float:
    """Weigh names that differ in vowels only: the more consonants, the less by chance."""
    return {0: 0.0, 1: 0.0, 2: 0.78, 3: 0.85}.get(len(a), 0.92) if a == b else 0.0


def _same_letters(a: str, b: str) -> float:
    longer = max(len(a), len(b))
    edits = DamerauLevenshtein.distance(a, b)
    return 0.5 * (1 - edits / longer) + 0.5 * JaroWinkler.similarity(a, b) - (0.10 if longer <= 4 else 0.0)


def _starts_differ(a: str, b: str) -> bool:
    return a[0] != b[0] and skeleton(a)[0] != skeleton(b)[0]


def similarity(a: str, b: str) -> float:
    """Return how likely two names name one thing, in [0, 1]; the order of the arguments does not matter.

    About 0.9 and more: one name in two spellings. Above 0.75: a short form of the other, or spellings further apart. Up to 0.6: both say
    something that the other does not, or they differ in what tells namesakes apart (Jr., a middle initial, a legal form).
    """
    if a == b:
        return 1.0
    left, right = sorted((parse(a), parse(b)), key=lambda name: (len(name.core), name.core))
    if not left.core:
        return 0.0
    return _cores(left, right) * _apart(left, right)


def _cores(left: Name, right: Name) -> float:
    if left.core == right.core:
        return 1.0
    if "".join(left.core) == "".join(right.core):
        return 0.98
    if _is_acronym(left, right):
        return 0.90
    return _aligned(left.core, right.core, company=bool(left.legal or right.legal))


def _apart(left: Name, right: Name) -> float:
    """Return the factor for what tells namesakes apart although their tokens agree."""
    factor = 1.0
    if left.suffix != right.suffix and (left.suffix and right.suffix or "jr" in left.suffix | right.suffix):
        factor *= 0.6
    if left.legal and right.legal and left.legal != right.legal:
        factor *= 0.6
    if left.descent and right.descent and _reordered(left.core, right.core):
        factor *= 0.4
    if _initials_differ(left.core, right.core):
        factor *= 0.7
    return factor


def _reordered(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    shared = [token for token in b if token in a]
    return len(shared) == len(a) and shared != list(a)


def _initials_differ(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    left, right = ({token for token in core if len(token) == 1} for core in (a, b))
    return len(a) >= 3 and len(b) >= 3 and bool(left) and bool(right) and left != right


def _is_acronym(short: Name, long: Name) -> bool:
    """Tell whether one word is the other name's initials, with or without the small words between."""
    if len(short.core) != 1 or not 2 <= len(short.core[0]) <= 7 or len(long.core) < 2:
        return False
    acronym = short.core[0]
    spoken = "".join(word if word in {"us", "un"} else word[0] for word in long.words if word not in _UNSPOKEN)
    initials = {spoken, "".join(word[0] for word in long.words), "".join(word[0] for word in long.words if word not in _UNSPOKEN)}
    return acronym in initials or len(acronym) > 3 and spoken.startswith(acronym)


def _aligned(a: tuple[str, ...], b: tuple[str, ...], *, company: bool) -> float:
    """Score two lists of tokens, the first not the longer one, by their best pairs."""
    pairs = _pairs(a, b)
    used_a, used_b = {i for _, i, _ in pairs}, {j for _, _, j in pairs}
    left_a, left_b = [i for i in range(len(a)) if i not in used_a], [j for j in range(len(b)) if j not in used_b]
    scores = [score for score, _, _ in pairs]
    if left_a and left_b:
        score, left_b = _last_pair(a, b, left_a, left_b)
        if not scores or score < LAST_PAIR or min(scores) < 0.9:
            return _contradiction(scores, score, len(a))
        scores.append(score)
    base = 0.6 * sum(scores) / len(scores) + 0.4 * min(scores)
    if not left_b:
        return base
    if company:
        return base * COMPANY
    if len(a) > 1:
        return base * 0.95
    return base * (0.88 if _is_surname(next(iter(used_b)), b) else 0.80)


def _pairs(a: tuple[str, ...], b: tuple[str, ...]) -> list[tuple[float, int, int]]:
    """Pair the tokens that are alike, the best first; of equal ones those in the same place."""
    last_a, last_b = max(1, len(a) - 1), max(1, len(b) - 1)
    table = [(_alike(x, y) - 0.01 * abs(i / last_a - j / last_b), i, j) for i, x in enumerate(a) for j, y in enumerate(b)]
    pairs: list[tuple[float, int, int]] = []
    used_a, used_b = set(), set()
    for score, i, j in sorted((row for row in table if row[0] >= PAIR), reverse=True):
        if i not in used_a and j not in used_b:
            pairs.append((score, i, j))
            used_a.add(i)
            used_b.add(j)
    return pairs


def _last_pair(a: tuple[str, ...], b: tuple[str, ...], left_a: list[int], left_b: list[int]) -> tuple[float, list[int]]:
    """Compare what both sides have left over: the best single token, or all of it written as one word.

    Returns:
        How alike it is, and what then still is left of ``b``.
    """
    joined = _alike("".join(a[i] for i in left_a), "".join(b[j] for j in left_b))
    if len(left_a) > 1:
        return joined, []
    score, j = max((_alike(a[left_a[0]], b[j]), -j) for j in left_b)
    return (joined, []) if joined >= score else (score, [x for x in left_b if x != -j])


def _contradiction(scores: list[float], left_over: float, length: int) -> float:
    """Score two names that contradict each other: by the share that agrees, or by how alike the rest is."""
    if not scores:
        return min(0.5, 0.6 * left_over)
    return CONTRADICTION * min(scores) * len(scores) / length


def _is_surname(place: int, name: tuple[str, ...]) -> bool:
    """Tell whether a token is the family name: the last, or the first before one short given name as in Chinese and Korean."""
    return place == len(name) - 1 or (len(name) == 2 and place == 0 and len(name[0]) <= 4)
