"""How inputs are read: what a command's options say."""

from dataclasses import dataclass

from kg.corpus.labels import codec_of
from kg.errors import InputError


@dataclass(frozen=True, slots=True)
class Reading:
    """How inputs are read.

    Attributes:
        id_column: The field of a record, or the column of a table, that holds the id; ``None``: the first of the usual names.
        text_column: The one with the text.
        title_column: The one with the title.
        date_column: The one with the date.
        language: What the articles are read in (BCP 47); one found to be in another is an error. ``None``: no article is refused.
        charset: What bytes are decoded with that are not UTF-8 and do not say what they are; ``None``: only what is sure is decoded.
        fetch: Whether web addresses are fetched.
        pause: Seconds between two requests to one host, unless its robots.txt asks for more.
    """

    id_column: str | None = None
    text_column: str | None = None
    title_column: str | None = None
    date_column: str | None = None
    language: str | None = "en"
    charset: str | None = None
    fetch: bool = False
    pause: float = 1.0

    def __post_init__(self) -> None:
        """Raise an InputError if there is no such character set."""
        if self.charset is not None and codec_of(self.charset) is None:
            raise InputError(f"there is no character set {self.charset!r}", "Name one, such as windows-1252, iso-8859-2 or utf-16.")


DEFAULT = Reading()
ANY_LANGUAGE = Reading(language=None)
"""For what was read or annotated already: nothing of it is refused for its language."""
OF_THE_GRAPH = ("language", "charset")
"""What of it holds for all that a graph is made of. The others are said each time: columns are those of one file, and the web is asked
only where somebody says so."""
