"""The class, features and lemma of a word are asked once for each word, tag and dependency: rules and tables say them, not the text.

spaCy's attribute ruler tries each of its rules at each word and sets what they say one by one, and its lemmatizer asks word by word.
"""

from collections.abc import Callable, Sequence
from typing import Any, cast

from numpy import array, uint64
from spacy.matcher import Matcher
from spacy.pipeline import AttributeRuler, Lemmatizer
from spacy.tokens import Doc, Token
from thinc.types import Ints2d

OF_A_WORD = frozenset({"LOWER", "TAG", "DEP", "IS_SPACE"})
"""What a rule may ask for to be answered by a word in small letters, its tag and its dependency alone."""
SET = ("POS", "MORPH", "LEMMA", "TAG", "DEP")
"""What rules may set, in the order of our tuples."""
REMEMBERED = 50_000
"""Of how many words lemmas are kept in memory."""

Component = Callable[[Doc], Doc]
Match = tuple[int, int, int, int]
"""Number and name of a rule, and where the words that it matches start and end."""


def once_a_word(parts: Sequence[Component]) -> list[Component]:
    """Return the components of a pipeline, with ``Words`` in place of an attribute ruler that has a lemmatizer by rules behind it."""
    found: list[Component] = []
    for part in parts:
        before = found[-1] if found else None
        if isinstance(before, AttributeRuler) and isinstance(part, Lemmatizer) and part.mode == "rule" and not part.overwrite:
            found[-1] = Words(before, part)
        else:
            found.append(part)
    return found


class Words:
    """A component that sets what an attribute ruler and a lemmatizer would, in a text that has none of it yet."""

    def __init__(self, ruler: AttributeRuler, lemmatizer: Lemmatizer) -> None:
        self._ruler, self._lemmatizer = ruler, lemmatizer
        self._follow: Callable[[Doc, Sequence[Match]], None] = ruler.set_annotations
        self._of_words, self._others = Matcher(ruler.vocab), Matcher(ruler.vocab)
        self._named: set[int] = set()  # words that a rule names; all others are one to it
        self._known: dict[tuple[int, ...], tuple[int, ...]] = {}
        self._lemmas: dict[tuple[int, int, int], int] = {}
        for rule in map(str, range(len(ruler.attrs))):
            _, patterns = ruler.matcher.get(rule)
            words = [_words(pattern) for pattern in patterns]
            self._named.update(ruler.vocab.strings.add(word) for found in words for word in found or ())
            (self._others if None in words else self._of_words).add(rule, patterns)
        index = lemmatizer.lookups.get_table("lemma_index", {})
        for pos in list(index):
            index[pos] = frozenset(index[pos])  # of up to 57,528 lemmas in a list, of which each new word was looked up from the first on

    def __call__(self, doc: Doc) -> Doc:
        """Set class, features and lemma of each word."""
        if not len(doc):
            return doc
        columns = doc.to_array(["LOWER", "IS_SPACE", "TAG", "DEP"]).tolist()
        keys = [(lower if lower in self._named else 0, *others) for lower, *others in columns]
        for at, key in enumerate(keys):
            if key not in self._known:
                self._known[key] = self._set(doc[at])
        others = self._matches(self._others, doc)
        alone = {start + self._ruler.indices[rule] for rule, _, start, _ in others}
        forms = [(0, 0, 0, *columns[at][2:]) if at in alone else self._known[key] for at, key in enumerate(keys)]
        words = [(orth, pos, morph) for orth, (pos, morph, *_) in zip(doc.to_array("ORTH").tolist(), forms, strict=True)]
        lemmas = [form[2] or self._lemmas.get(word, 0) for word, form in zip(words, forms, strict=True)]
        rows = [(pos, morph, lemma, tag, dep) for (pos, morph, _, tag, dep), lemma in zip(forms, lemmas, strict=True)]
        doc.from_array(list(SET), cast(Ints2d, array(rows, uint64)))
        of_words = [(rule, name, at, at + 1) for at in alone for rule, name, _, _ in self._matches(self._of_words, doc[at : at + 1])]
        self._follow(doc, sorted([*others, *of_words]))
        return self._lemmatized(doc, words, {at for at, lemma in enumerate(lemmas) if not lemma} - alone)

    def _set(self, word: Token) -> tuple[int, ...]:
        """Return what a word has when the rules of single words were followed."""
        copy = Doc(word.vocab, words=[word.text], tags=[word.tag_], deps=[word.dep_])
        self._follow(copy, sorted(self._matches(self._of_words, copy)))
        return tuple(copy.to_array(list(SET))[0].tolist())

    def _matches(self, rules: Matcher, text: Any) -> list[Match]:
        """Return the matches of some rules, in no order."""
        found = rules(text, allow_missing=True) if len(rules) else []  # one without rules would warn of it
        return [(int(self._ruler.vocab.strings[name]), name, start, end) for name, start, end in found]

    def _lemmatized(self, doc: Doc, asked: Sequence[tuple[int, int, int]], new: set[int]) -> Doc:
        """Set the lemmas that are missing, and keep those of some words."""
        doc = self._lemmatizer(doc)
        if len(self._lemmas) + len(new) > REMEMBERED:
            self._lemmas.clear()
        self._lemmas.update((asked[at], doc[at].lemma) for at in new)
        return doc


def _words(pattern: Sequence[dict[str, Any]]) -> Sequence[str] | None:
    """Return the words in small letters that a rule names; ``None`` where it is not of a single word, or asks for more of one."""
    if len(pattern) != 1 or not OF_A_WORD.issuperset(pattern[0]):
        return None
    word = pattern[0].get("LOWER", [])
    named = [word] if isinstance(word, str) else word.get("IN") if isinstance(word, dict) and len(word) == 1 else word
    return named if isinstance(named, list) else None
