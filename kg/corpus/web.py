"""HTML: the article of a page, and what the page says of it."""

import re
from typing import Any

from kg.corpus.charsets import decoded
from kg.corpus.documents import Article, prose
from kg.corpus.kinds import BYTE_ORDER_MARK
from kg.corpus.limits import PAGE, TAGS
from kg.corpus.reading import Reading
from kg.corpus.sources import Source, faults_of, quiet
from kg.errors import InputError

DECLARED = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w:.-]{1,40})"
    rb"|<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w:.-]{1,40})",
    re.IGNORECASE,
)
"""Where a page says how it is encoded; by the HTML standard in its first 1,024 bytes."""
MEND = "Save the page again, or copy the text of the article into a .txt file."
DATES = {"extensive_search": False, "original_date": True, "min_date": "1600-01-01", "max_date": "2999-12-31"}
"""Only a date that the page states, that of its first publication, whatever day it is today."""
BLOCKS = frozenset(
    "address article aside blockquote br center dd div dl dt figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre"
    " section table td th tr ul".split()
)
UNREAD = frozenset("head script style noscript template iframe object svg math".split())


def article(source: Source, data: bytes, reading: Reading) -> Article:
    """Return the article of a page: its running text without navigation, comments and teasers, by trafilatura.

    Raises:
        InputError: The page is too large or damaged, or holds no article.
    """
    from lxml.etree import LxmlError
    from trafilatura import bare_extraction

    html = _html(source, data, reading)
    quiet("trafilatura", "htmldate", "courlan", "justext")
    with faults_of(source, "HTML", MEND, LxmlError):
        found: Any = bare_extraction(
            html, url=source.url, fast=True, with_metadata=True, include_comments=False, include_tables=False, date_extraction_params=DATES
        )
    text = prose(found.text or "") if found else ""
    if not text:
        raise InputError(f"{source.place}: holds no article that could be found", MEND)
    return Article(
        id=source.id,
        text=text,
        title=found.title,
        date=found.date,
        url=found.url or source.url,
        publisher=found.sitename or found.hostname,
        author=found.author,
    )


def _html(source: Source, data: bytes, reading: Reading) -> str:
    """Return the text of a page that is small enough to be taken apart."""
    if len(data) > PAGE:
        raise InputError(f"{source.place}: is too large for an HTML page ({len(data):,} bytes; at most {PAGE:,})", MEND)
    said = DECLARED.search(data[:1024])
    declared = next(filter(None, said.groups()), b"").decode("ascii", "replace") if said else None
    html = decoded(source.place, data, source.charset or declared, reading).removeprefix(BYTE_ORDER_MARK)
    check_tags(source.place, html)
    return html


def check_tags(place: str, html: str) -> None:
    """Raise an InputError if a page has too many tags."""
    if (tags := html.count("<")) > TAGS:
        raise InputError(f"{place}: is not an HTML page that can be read ({tags:,} tags; at most {TAGS:,})", MEND)


def plain(source: Source, html: str) -> str:
    """Return all text of a piece of HTML that is an article and nothing else, each block in a line of its own.

    Raises:
        InputError: It is too large or damaged.
    """
    from lxml.etree import LxmlError
    from lxml.html import HTMLParser, fromstring

    if len(html) > PAGE:
        raise InputError(f"{source.place}: is too large for one article ({len(html):,} characters of HTML; at most {PAGE:,})", MEND)
    check_tags(source.place, html)
    if not html.strip():
        return ""
    with faults_of(source, "HTML", MEND, LxmlError):
        root = fromstring(f"<div>{html}</div>", parser=HTMLParser(remove_comments=True, remove_pis=True, no_network=True))
    return prose(_flat(root))


def _flat(root: Any) -> str:
    """Return the texts of a tree in order, without recursion; a block begins and ends a paragraph."""
    from lxml.etree import iterwalk

    parts: list[str] = []
    walk = iterwalk(root, events=("start", "end"))
    for event, element in walk:
        tag = element.tag if isinstance(element.tag, str) else "script"
        if event == "start":
            if tag in BLOCKS:
                parts.append("\n" if tag == "br" else "\n\n")
            if tag in UNREAD:
                walk.skip_subtree()
            else:
                parts.append(_one_line(element.text))
        else:
            if tag in BLOCKS and tag != "br":
                parts.append("\n\n")
            if element is not root:
                parts.append(_one_line(element.tail))
    lines = (re.sub(r"[ \t]+", " ", line).strip() for line in "".join(parts).split("\n"))
    return "\n".join(lines)


def _one_line(text: str | None) -> str:
    """Return text whose line ends are spaces, as in HTML."""
    return re.sub(r"\s+", " ", text.replace("\u00a0", "\ufdd0")).replace("\ufdd0", "\u00a0") if text else ""


def title_of(html: str) -> str | None:
    """Return the words of the first large heading of a page, else of its title."""
    for tag in ("h1", "h2", "title"):
        match = re.search(rf"<{tag}\b[^<>]*>(.{{1,2000}}?)</{tag}>", html, re.IGNORECASE | re.DOTALL)
        if match and (words := re.sub(r"<[^>]*>", "", match.group(1)).split()):
            return " ".join(words)
    return None
