"""RSS and Atom: each entry of a feed is an article, as much of it as the feed gives."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

from kg.corpus import web
from kg.corpus.documents import Article
from kg.corpus.limits import RECORD, TAGS
from kg.corpus.sources import Source, reason_of, shown_text
from kg.errors import InputError

ENTRIES = frozenset({"item", "entry"})
TEXTS = ("encoded", "content", "description", "summary")
"""What holds the text of an entry, the whole text first: ``content:encoded`` of RSS, ``content`` of Atom, and the short ones."""
ADDRESS = re.compile(r"https?://\S+\Z")
MEND = "Get the feed again, or leave it out."


def articles(source: Source) -> Iterator[tuple[str, Article | InputError]]:
    """Yield (place, article or error) for each entry, in the order of the feed; those before a break in the XML are read.

    Entities are not expanded and nothing is loaded from elsewhere.
    """
    from lxml.etree import LxmlError, iterparse

    feed, number, entry, elements = "", 0, None, 0
    events = iterparse(
        source.stream,
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        for event, element in events:
            place = f"{source.place}[{number}]"
            if event == "start":
                if entry is None and _name(element) in ENTRIES:
                    entry, elements = element, 0
                elements += 1
                if elements > TAGS:
                    raise InputError(f"{place}: has too many elements for one entry (more than {TAGS:,})", MEND)
            elif element is entry:
                number, entry = number + 1, None
                try:
                    yield place, _article(source, place, element, f"{source.stem}-{number}", feed)
                except InputError as error:
                    yield place, error
                _forget(element)
            elif entry is None and not feed and _name(element) == "title" and _name(element.getparent()) in {"channel", "feed"}:
                feed = _text(element)
    except (LxmlError, OSError, ValueError) as error:
        yield source.place, InputError(f"{source.place}: is not a feed that can be read to its end ({reason_of(error)})", MEND)
        return
    if not number:
        yield source.place, InputError(f"{source.place}: is a feed without entries", "Leave it out.")


def _forget(element: Any) -> None:
    """Drop an entry that was read, and all before it, from the tree: memory holds one, however long the feed is."""
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]


def _article(source: Source, place: str, entry: Any, name: str, feed: str) -> Article:
    from lxml.etree import Entity

    if (entity := next(entry.iter(Entity), None)) is not None:
        raise InputError(f"{place}: refers to an entity ({shown_text(entity.text[:40])}), which is not looked up", MEND)
    said: dict[str, Any] = {}
    for child in entry:
        said.setdefault(_name(child), child)
    html = next((_markup(said[name]) for name in TEXTS if name in said and _markup(said[name]).strip()), "")
    if len(html) > RECORD:
        raise InputError(f"{place}: is too large for one article", "Leave it out.")
    text = web.plain(source, html)
    if not text:
        raise InputError(f"{place}: has no text", "Leave it out, or fetch the page that it names.")
    link = _link(source, entry)
    dates = (_text(said[key]) for key in ("pubDate", "published", "date", "issued", "updated") if key in said)
    guid = next((_text(said[key]) for key in ("guid", "id") if key in said), "")
    return Article(
        id=guid or link or name,
        text=text,
        title=web.plain(source, _text(said["title"])) if "title" in said else None,
        date=next(filter(None, dates), None),
        url=link or (guid if ADDRESS.match(guid) else None),
        publisher=feed or None,
        author=_author(said),
    )


def _name(element: Any) -> str:
    """Return the name of an element without its namespace."""
    return element.tag.rpartition("}")[2] if element is not None and isinstance(element.tag, str) else ""


def _text(element: Any) -> str:
    """Return all text of an element."""
    return " ".join("".join(element.itertext()).split())


def _markup(element: Any) -> str:
    """Return what an entry has as its text: HTML as text, or XHTML as elements, as Atom (RFC 4287, section 3.1.1) may have it."""
    from lxml.etree import tostring

    if len(element):
        return "".join(tostring(child, encoding="unicode") for child in element)
    return element.text or ""


def _link(source: Source, entry: Any) -> str | None:
    """Return the address of an entry: the text of its link, or of Atom the one that leads to the article itself."""
    for child in entry:
        leads_to_it = _name(child) == "link" and child.get("rel", "alternate") == "alternate"
        if leads_to_it and (found := child.get("href") or _text(child)):
            return urljoin(source.url, found) if source.url else found
    return None


def _author(said: dict[str, Any]) -> str | None:
    """Return who wrote an entry: ``dc:creator``, or ``author``, which in Atom has a name of its own."""
    for key in ("creator", "author"):
        if key in said:
            name = next((child for child in said[key] if _name(child) == "name"), said[key])
            return _text(name) or None
    return None
