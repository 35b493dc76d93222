"""Markdown: the words without the marks, and what its front matter says."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from kg.corpus.documents import Article, prose, too_long
from kg.corpus.kinds import BYTE_ORDER_MARK, FRONT_MATTER
from kg.corpus.limits import LONGEST, MARKS
from kg.corpus.sources import Source, faults_of
from kg.corpus.usual import USUAL
from kg.errors import InputError

if TYPE_CHECKING:
    from markdown_it.token import Token

NESTED = 20
"""Blocks within blocks that are told apart."""
QUOTES = "\"'"
MARK = re.compile(r"[\n*_`\[\]!<>|&\\]")
"""What Markdown may make a thing of its own of."""
MEND = "Save it as plain text."


def article(source: Source, text: str) -> Article:
    """Return the article of a Markdown text: headings, paragraphs, list items and cells, each a paragraph; no code, HTML or pictures.

    Title, date, author, url and publisher are those of the front matter; the title else the first heading.
    """
    from markdown_it import MarkdownIt

    if len(text) > LONGEST:
        raise too_long(source.place, len(text), "characters")
    if (marks := len(MARK.findall(text))) > MARKS:
        raise InputError(f"{source.place}: is not Markdown that can be read ({marks:,} marks; at most {MARKS:,})", MEND)
    text = text.removeprefix(BYTE_ORDER_MARK)
    front = FRONT_MATTER.match(text)
    with faults_of(source, "Markdown", MEND):
        tokens = MarkdownIt("commonmark", {"maxNesting": NESTED}).enable("table").parse(text[front.end() :] if front else text)
    about = _about(front.group(1)) if front else {}
    about["title"] = about.get("title") or next(_headings(tokens), None)
    id_ = about.pop("id", None) or source.id
    return Article(id_, prose("\n\n".join(_words(token) for token in tokens if token.type == "inline")), **about)


def _about(block: str) -> dict[str, str | None]:
    """Return what the lines of a front matter say of an article."""
    said = {}
    for line in block.splitlines():
        key, colon, value = line.partition(":")
        if colon and not key.startswith((" ", "\t", "-", "#")):
            said[key.strip().lower()] = value.strip().strip(QUOTES)
    wanted = ("id", "title", "date", "url", "publisher", "author")
    return {name: next((said[usual] for usual in USUAL[name] if said.get(usual)), None) for name in wanted}


def _headings(tokens: "list[Token]") -> Iterator[str]:
    """Yield the words of each heading of the first level."""
    for before, token in zip(tokens, tokens[1:], strict=False):
        if before.type == "heading_open" and before.tag == "h1" and token.type == "inline":
            yield _words(token)


def _words(token: "Token") -> str:
    """Return what is read of a block: its texts, code words and line ends."""
    breaks = {"softbreak": "\n", "hardbreak": "\n"}
    return "".join(child.content if child.type in {"text", "code_inline"} else breaks.get(child.type, "") for child in token.children or ())
