"""How alike two names are, whatever their script, transliteration, order, titles and short forms.

A name becomes tokens (``tokens``), a token a skeleton in which the spellings of one sound are equal (``skeleton``), and the skeleton's
consonants a key for blocking (``consonant_key``). ``similarity`` aligns the tokens of two names one to one: what is left over on one side
is a shorter name for the same thing, what is left over on both sides is a contradiction. The word lists are the ``*.tsv`` files beside
this one.

The weights were set by hand on pairs of politicians' names, name parts, screening cases and news names; none is learned.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

from anyascii import anyascii
from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

PAIR = 0.78
"""From here on two tokens are a pair."""

LAST_PAIR = 0.70
"""From here on they are, too, where all the rest of the shorter name agrees: Diana and Dianne before the same family name."""

ALIKE = 0.90
"""All other pairs must be that much alike for such a last one to count."""

CONTRADICTION = 0.55
"""No score of two names that both say something which the other does not is above this."""

BY_CHANCE = 0.35
"""Tokens with the same consonants whose letters are less alike than this only happen to share them: Dana and Toni."""

COMPANY = 0.45
"""The factor for words that only one of two names has, where one has a legal form: Acme Chile S.A. is not Acme S.A."""

_HERE = Path(__file__).parent
_CACHE = 1 << 13
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})
_VOICELESS = str.maketrans("gvbdzjh", "kfptsck", "aeiou")
_NONE: frozenset[int] = frozenset()
_LETTERS = str.maketrans(
    {"š": "sh", "ş": "sh", "ș": "sh", "ž": "zh", "ż": "zh", "č": "ch", "ć": "ch", "đ": "dj", "ə": "a", "’": "'", "ʼ": "'", "‘": "'"}
)
_PARTING = frozenset(" \t\n\r\v\f,./-_()&")
_PARTED = {code: " " if chr(code) in _PARTING else chr(code) if chr(code).isalnum() else None for code in range(128)}
_POSSESSIVE = re.compile(r"'s\b")
_DOUBLED = re.compile(r"(.)(?=\1)")
_ENDINGS = ("ova", "us", "is", "s", "e")


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
_NOT_CORE = _TITLES | _PARTICLES | _SUFFIXES | {"an"}
_NICKNAMES = _families()
_LEGAL = {way: form for form, ways in _rows("legal_forms.tsv") for way in ways.split("|")}
_PERHAPS_LEGAL = frozenset(part for way in _LEGAL for part in (*way.lower().split(), *way.lower()))
_PHRASE = re.compile("|".join(sorted((way for way in _LEGAL if " " in way), key=len, reverse=True)), re.IGNORECASE)
_SPELLINGS = [(spelling, sound) for spellings, sound in _rows("sounds.tsv") for spelling in spellings.split()]
_SOUNDS = [sound for _, sound in _SPELLINGS]
# An empty group after each spelling tells which one it was; before it, it would keep ``re`` from rejecting by the first letter.
_SOUND = re.compile("|".join(f"{spelling}()" for spelling, _ in _SPELLINGS))


class Name(NamedTuple):
    """A name taken apart.

    Attributes:
        core: Its tokens without titles, particles, suffix and legal form; empty only where the name holds no letter and no digit.
        words: Every token but the legal form, for acronyms.
        legal: The legal forms of a company.
        suffix: ``jr``, ``iii`` and the like.
        descent: It says who is whose child ("bin"), so that its order matters.
    """

    core: tuple[str, ...]
    words: tuple[str, ...]
    legal: frozenset[str] = frozenset()
    suffix: frozenset[str] = frozenset()
    descent: bool = False


class _Sound(NamedTuple):
    """What is compared of a token.

    Attributes:
        token: The token itself.
        skeleton: What it sounds like.
        stem: The skeleton without the endings that Latin, Latvian and Czech add to foreign names, and without a silent e.
        consonants: Its key for blocking.
        families: Its families of nicknames.
    """

    token: str
    skeleton: str
    stem: str
    consonants: str
    families: frozenset[int]


def tokens(name: str) -> tuple[str, ...]:
    """Return the tokens of a name in small ASCII letters and digits, without titles, particles, suffix and legal form."""
    return parse(name).core


@lru_cache(_CACHE)
def parse(name: str) -> Name:
    """Take a name apart; scripts other than Latin are transliterated."""
    legal: frozenset[str] = frozenset()
    words = _words(name)
    if not _PERHAPS_LEGAL.isdisjoint(words):
        legal, name = _without_legal_form(name)
        words = _words(name)
    if _NOT_CORE.isdisjoint(words):
        return Name(words, words, legal)
    start = 0
    while start < len(words) - 1 and words[start] in _TITLES:
        start += 1
    named = words[start:]
    suffix = frozenset(word for word in named[1:] if word in _SUFFIXES and not legal)
    core = tuple(
        word
        for word, following in zip_longest(named, named[1:], fillvalue="")
        if word not in _PARTICLES and word not in suffix and not (word == "an" and following.startswith("n"))
    )
    return Name(core or named, words, legal, suffix, not _DESCENT.isdisjoint(named))


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
    text = name.lower()
    if not text.isascii():
        text = anyascii(text.translate(_LETTERS)).lower()
    if "'" in text:
        text = _POSSESSIVE.sub("", text)
    return tuple(text.translate(_PARTED).split())


def skeleton(token: str) -> str:
    """Return what a token sounds like, roughly: one letter for all spellings of a sound, no letter doubled."""
    return _sound(token).skeleton


def consonant_key(token: str) -> str:
    """Return the consonants of a token's skeleton, voiced as voiceless; vowels at its start count as ``a``. For blocking."""
    return _sound(token).consonants


def nicknames(token: str) -> frozenset[int]:
    """Return the numbers of the families of names that a token belongs to: those of Bill and William have one in common."""
    return _NICKNAMES.get(token, _NONE)


@lru_cache(_CACHE)
def _sound(token: str) -> _Sound:
    sound = _skeleton(token)
    return _Sound(token, sound, _stem(token, sound), _consonants(sound), nicknames(token))


def _consonants(sound: str) -> str:
    key = sound.translate(_VOICELESS)
    return "a" + key if sound[0] in "aeiou" else key


def _skeleton(token: str) -> str:
    return _DOUBLED.sub("", _SOUND.sub(lambda found: _SOUNDS[(found.lastindex or 1) - 1], token)) or token


def _stem(token: str, sound: str) -> str:
    for ending in _ENDINGS:
        if token.endswith(ending) and len(token) >= len(ending) + 3:
            return _skeleton(token.removesuffix(ending))
    return sound


@lru_cache(_CACHE)
def _joined(parts: tuple[str, ...]) -> _Sound:
    """Return several tokens as if they were written as one."""
    if len(parts) == 1:
        return _sound(parts[0])
    sound = _DOUBLED.sub("", "".join(_sound(part).skeleton for part in parts))
    return _Sound("".join(parts), sound, sound, _consonants(sound), _NONE)


@lru_cache(_CACHE)
def _tokens_alike(a: str, b: str) -> float:
    return _alike(_sound(a), _sound(b))


def _alike(a: _Sound, b: _Sound) -> float:
    """Return the similarity of two tokens in [0, 1]."""
    if a.token == b.token:
        return 1.0
    if len(a.token) == 1 or len(b.token) == 1:
        return 0.86 if a.token[0] == b.token[0] else 0.0
    if a.skeleton == b.skeleton:
        return 0.97
    if not a.families.isdisjoint(b.families):
        return 0.93
    if a.stem == b.stem:
        return 0.92
    letters = _same_letters(a.skeleton, b.skeleton)
    if a.skeleton[0] != b.skeleton[0] and a.token[0] != b.token[0]:
        letters -= 0.06
    if a.consonants == b.consonants and letters >= BY_CHANCE:
        letters = max(letters, _same_consonants(len(a.consonants)))
    return max(0.0, letters)


def _same_consonants(count: int) -> float:
    """Weigh names that differ in vowels only: the more consonants, the less by chance."""
    return {1: 0.0, 2: 0.78, 3: 0.85}.get(count, 0.92)


def _same_letters(a: str, b: str) -> float:
    longer = max(len(a), len(b))
    edits = DamerauLevenshtein.distance(a, b)
    return 0.5 * (1 - edits / longer) + 0.5 * JaroWinkler.similarity(a, b) - (0.10 if longer <= 4 else 0.0)


def similarity(a: str, b: str, *, at_least: float = 0.0) -> float:
    """Return how likely two names name one thing, in [0, 1]; the order of the arguments does not matter.

    What is less than ``at_least`` may be told as 0: that is known much sooner.

    About 0.9 and more: one name in two spellings. Above 0.75: a short form of the other, or spellings further apart. Up to 0.6: both say
    something that the other does not, or they differ in what tells namesakes apart (Jr., a middle initial, a legal form).
    """
    if a == b:
        return 1.0
    left, right = parse(a), parse(b)
    if (len(left.core), left.core) > (len(right.core), right.core):
        left, right = right, left
    if not left.core:
        return 0.0
    alike = _cores(left, right, at_least)
    return alike * _apart(left, right) if alike >= at_least else 0.0


def _cores(left: Name, right: Name, at_least: float) -> float:
    if left.core == right.core:
        return 1.0
    if "".join(left.core) == "".join(right.core):
        return 0.98
    if len(left.core) == 1 and _is_acronym(left.core[0], right):
        return 0.90
    return _aligned(left.core, right.core, company=bool(left.legal or right.legal), at_least=at_least)


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
    if len(a) < 3 or len(b) < 3:
        return False
    left, right = ({token for token in core if len(token) == 1} for core in (a, b))
    return bool(left) and bool(right) and left != right


def _is_acronym(acronym: str, long: Name) -> bool:
    """Tell whether a word is a name's initials, with or without the small words between."""
    if not 2 <= len(acronym) <= 7 or len(long.core) < 2:
        return False
    spoken = "".join(word if word in {"us", "un"} else word[0] for word in long.words if word not in _UNSPOKEN)
    initials = {spoken, "".join(word[0] for word in long.words), "".join(word[0] for word in long.words if word not in _UNSPOKEN)}
    return acronym in initials or len(acronym) > 3 and spoken.startswith(acronym)


def _aligned(a: tuple[str, ...], b: tuple[str, ...], *, company: bool, at_least: float) -> float:
    """Score two lists of tokens, the first not the longer one, by their best pairs."""
    scores, left_a, left_b = _equal(a, b)
    if left_a and left_b:
        if at_least > CONTRADICTION and len(left_a) == len(left_b) == 1 and _tokens_alike(a[left_a[0]], b[left_b[0]]) < LAST_PAIR:
            return 0.0
        table = {(i, j): _tokens_alike(a[i], b[j]) for i in left_a for j in left_b}
        near = [(alike - _shift(i, j, a, b), i, j) for (i, j), alike in table.items() if alike >= PAIR]
        for score, i, j in sorted(near, reverse=True):
            if score >= PAIR and i in left_a and j in left_b:
                scores.append(score)
                left_a.remove(i)
                left_b.remove(j)
        if left_a and left_b:
            if at_least > CONTRADICTION and min(scores, default=0.0) < ALIKE:
                return 0.0
            score, left_b = _rest(table, a, b, left_a, left_b)
            if not scores:
                return min(0.5, 0.6 * score)
            if score < LAST_PAIR or min(scores) < ALIKE:
                return CONTRADICTION * min(scores) * len(scores) / len(a)
            scores.append(score)
    base = 0.6 * sum(scores) / len(scores) + 0.4 * min(scores)
    if not left_b:
        return base
    if company:
        return base * COMPANY
    if len(a) > 1:
        return base * 0.95
    return base * (0.88 if _is_surname(b, left_b) else 0.80)


def _equal(a: tuple[str, ...], b: tuple[str, ...]) -> tuple[list[float], list[int], list[int]]:
    """Pair equal tokens, which score more than any other pair can.

    Returns:
        The scores of the pairs, and the places left over in ``a`` and in ``b``.
    """
    scores: list[float] = []
    left_a, left_b = [], list(range(len(b)))
    for i, token in enumerate(a):
        if token in b and (j := b.index(token)) in left_b:
            scores.append(1.0 if i == j and len(a) == len(b) else 1.0 - _shift(i, j, a, b))
            left_b.remove(j)
        else:
            left_a.append(i)
    return scores, left_a, left_b


def _shift(i: int, j: int, a: tuple[str, ...], b: tuple[str, ...]) -> float:
    """Return how far apart two places are, in [0, 0.01]."""
    return 0.01 * abs(i / max(1, len(a) - 1) - j / max(1, len(b) - 1))


def _rest(
    table: dict[tuple[int, int], float], a: tuple[str, ...], b: tuple[str, ...], left_a: list[int], left_b: list[int]
) -> tuple[float, list[int]]:
    """Compare what both sides have left over: the best single token, or all of it written as one word.

    As many words on both sides are not one word written otherwise; where nothing else agrees either, the worst of them counts.

    Returns:
        How alike it is, and what then still is left of ``b``.
    """
    if 1 < len(left_a) == len(left_b) == len(a):
        return min([max([table[i, j] for j in left_b]) for i in left_a]), left_b
    best, j = max([(table[left_a[0], j], -j) for j in left_b])
    if len(left_b) == 1:
        return best, []
    joined = _alike(_joined(tuple([a[i] for i in left_a])), _joined(tuple([b[j] for j in left_b])))
    if joined >= best or len(left_a) > 1:
        return joined, []
    return best, [x for x in left_b if x != -j]


def _is_surname(name: tuple[str, ...], others: list[int]) -> bool:
    """Tell whether all but the others is the family name: the last, or the first before one short given name as in Chinese and Korean."""
    return len(name) - 1 not in others or (others == [1] and len(name[0]) <= 4)
