"""The names found so far in a text, at most one over each token."""

from dataclasses import dataclass

from spacy.tokens import Doc, Token

from kg.records import Kind


@dataclass(frozen=True, slots=True)
class Found:
    """A name over the tokens ``[start, end)``."""

    start: int
    end: int
    kind: Kind
    rule: str

    def __len__(self) -> int:
        return self.end - self.start


class Names:
    """The names found so far: at most one over each token; a later one replaces what it touches."""

    def __init__(self, doc: Doc, text: str) -> None:
        self.doc, self.text = doc, text
        self._at: dict[int, Found] = {}
        self._from: dict[int, Found] = {}
        self._starts: list[int] = doc.to_array("IDX").tolist()
        lengths: list[int] = doc.to_array("LENGTH").tolist()
        self.words = [text[start : start + length] for start, length in zip(self._starts, lengths, strict=True)]
        self.lower = [word.lower() for word in self.words]
        self.capitals = [at for at, word in enumerate(self.words) if word[:1].isupper()]

    def span(self, start: int, end: int) -> str:
        """Return the characters of some tokens, white space behind the last left out."""
        return self.text[self._starts[start] : self._starts[end - 1] + len(self.words[end - 1])]

    def put(self, found: Found) -> None:
        """Set a name, dropping those it touches."""
        for token in range(found.start, found.end):
            if old := self._at.get(token):
                self.drop(old)
        self._at.update(dict.fromkeys(range(found.start, found.end), found))
        self._from[found.start] = found

    def drop(self, found: Found) -> None:
        """Take a name out."""
        for token in range(found.start, found.end):
            del self._at[token]
        del self._from[found.start]

    def at(self, token: int) -> Found | None:
        """Return the name over a token."""
        return self._at.get(token)

    def touching(self, start: int, end: int) -> list[Found]:
        """Return the names over any of the tokens, in order."""
        touched: list[Found] = []
        for token in range(start, end):
            found = self._at.get(token)
            if found and not (touched and touched[-1] is found):
                touched.append(found)
        return touched

    def all(self) -> list[Found]:
        """Return all names, in order."""
        return [self._from[start] for start in sorted(self._from)]

    def name(self, found: Found) -> str:
        """Return the characters of a name."""
        return self.span(found.start, found.end)

    def root(self, found: Found) -> Token:
        """Return the word of a name that the others hang on."""
        return self.doc[found.start : found.end].root


def name_like(token: Token) -> bool:
    """Tell whether a token can be part of a person's name."""
    return token.text[:1].isupper() and token.pos_ == "PROPN" and token.is_alpha and token.ent_type_ != "DATE"
