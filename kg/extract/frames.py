"""Frames: which cue words in which constructions attribute something, and which act and class that is.

A frame is a cue lemma in a construction (``accuse`` + whom-of, ``call`` + for). Two sources know frames: the hand list ``cues.tsv``
says which act and class each is; ``counts.tsv`` says how often each attributed something in annotated news. Naming the construction,
not the verb alone, is what makes the difference between ``call for calm`` and ``call a taxi``.
"""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache

from spacy.tokens import Token

from kg.extract.constructions import ACCORDING, PART_OF_SPEECH, Reading, cue_tokens, readings
from kg.extract.counts import Counts
from kg.extract.lists import rows
from kg.records import Class

REPORTING = frozenset({"that", "whom-that", "n-that", "be-that", "adverb", ACCORDING})
"""Constructions that report whatever the word: an unknown verb with a clause in them says or thinks it."""


CLAUSAL = REPORTING | {"quote"}
"""Constructions whose content is a proposition or a question; any other names a thing or a deed, which is no report of words."""
ASSERTING = frozenset({"say", "claim", "deny", "confirm", "testify", "think"})
"""Acts whose infinitive is a proposition: ``claims to know``."""


LEAST = 0.12
"""What the frame alone attributes more seldom is left alone, whatever its properties: on the train split that is right oftener."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What a cue in a construction says: an act of ``ontology/acts.ttl`` and its class."""

    act: str
    kind: Class


SAYING = Frame("say", Class.REPORT)
DOING = Frame("act", Class.ACT)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A cue that may attribute something.

    Attributes:
        anchor: The cue's head word; ``cue``: the indexes of all its tokens.
        content: Token indexes of what is attributed, punctuation aside.
        construction, frame: How, and what that means; ``listed`` if the hand list has it.
        lemma, key: What is counted.
        whom: Head of the object that the act is aimed at.
        charge: Head of what the object is charged with.
    """

    anchor: Token
    cue: frozenset[int]
    content: frozenset[int]
    construction: str
    frame: Frame
    listed: bool
    lemma: str
    key: str
    whom: Token | None = None
    charge: Token | None = None


@cache
def lexicon() -> dict[tuple[str, str], dict[str, Frame]]:
    """Return (lemma, part of speech) → construction → frame."""
    table: dict[tuple[str, str], dict[str, Frame]] = {}
    for lemma, part, constructions, act, kind in rows("cues.tsv"):
        frames = table.setdefault((lemma, part), {})
        for construction in constructions.split(","):
            nominal = kind == Class.REPORT and construction not in CLAUSAL and not (construction == "to" and act in ASSERTING)
            frames.setdefault(construction, Frame(act, Class.STANCE if nominal else Class(kind)))
    return table


@cache
def listed() -> frozenset[tuple[str, str]]:
    """Return (first word of a cue, part of speech) of all that the hand list has."""
    return frozenset((lemma.split()[0], part) for lemma, part in lexicon())


def lemma_of(token: Token) -> str:
    """Return a word's lemma in lower case, with its particle (``rule out``) where the hand list knows the two together."""
    lemma = token.lemma_.lower()
    particle = next((child.lower_ for child in token.children if child.dep_ == "prt"), None)
    both = f"{lemma} {particle}"
    return both if particle and (both, PART_OF_SPEECH.get(token.pos_, "")) in lexicon() else lemma


def frames_of(token: Token) -> dict[str, Frame]:
    """Return the frames of a word that the hand list has; empty where it is no cue."""
    return lexicon().get((lemma_of(token), PART_OF_SPEECH.get(token.pos_, "")), {})


def candidates(token: Token, loose: AbstractSet[int], counts: Counts | None, *, only_listed: bool) -> Iterator[Candidate]:
    """Yield all that one word may attribute, listed or not; with ``counts`` only what by these has a chance.

    Args:
        token: The word.
        loose: Tokens that are no content: punctuation and white space.
        counts: What frames did in annotated text.
        only_listed: Leave out what the hand list lacks.


    A clause around or before the word is never taken on the hand list's word alone: the parser hangs much there that nobody said.
    """
    part, lemma = PART_OF_SPEECH.get(token.pos_, "x"), lemma_of(token)
    frames = lexicon().get((lemma, part), {})
    if only_listed and not frames and token.lower_ != ACCORDING:
        return
    cue: frozenset[int] | None = None
    read = tuple(readings(token))
    for reading in read:
        construction = reading.construction
        inverted = (reading.key.startswith("around.") and reading.key != "around.inverted") or reading.key.endswith("before")
        listed = (construction in frames and not inverted) or construction == ACCORDING
        key = reading.key if construction == ACCORDING else f"{part}.{reading.key}"
        if only_listed and not listed:
            continue
        if counts is not None and counts.probability(lemma, key, listed=listed) < LEAST:
            continue
        inside = frozenset(reading.content - loose) - {token.i}
        if not inside:
            continue
        cue = cue_tokens(token) if cue is None else cue
        words = cue
        if construction == ACCORDING:
            words = frozenset({token.i, *(kid.i for kid in token.children if kid.lower_ == "to")})
        elif token.i + 1 < len(token.doc) and (link := token.nbor(1)).dep_ == "prep" and link.lower_ == construction.removeprefix("n-"):
            words = cue | {link.i}
        meant = reading if construction in frames else _within(reading, read, frames)
        frame = frames.get(meant.construction) or (SAYING if construction in REPORTING else DOING)
        yield Candidate(token, words, inside - words, construction, frame, listed, lemma, key, meant.whom, meant.charge)


def _within(whole: Reading, read: Iterable[Reading], frames: Mapping[str, Frame]) -> Reading:
    """Return the reading that tells what an object with all that follows it means: ``accused X of Y at the port`` is ``accused X of Y``."""
    inner = (other for other in read if other.construction.startswith("whom-") and other.construction in frames)
    return next((other for other in inner if whole.construction == "obj" and other.content <= whole.content), whole)
