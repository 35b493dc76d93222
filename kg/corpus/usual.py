"""The names that fields of records and columns of tables usually have, and the forms that their dates have."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from kg.corpus.reading import Reading

USUAL = {
    "id": ("id", "article_id", "doc_id", "docid", "document_id", "guid", "uuid"),
    "text": ("text", "body", "content", "article", "fulltext", "full_text", "article_text", "story"),
    "title": ("title", "headline"),
    "date": ("date", "published", "published_at", "date_published", "datepublished", "publication_date", "pubdate", "publish_date"),
    "url": ("url", "link", "permalink"),
    "publisher": ("publisher", "source", "publication", "outlet", "sitename"),
    "author": ("author", "authors", "byline", "creator"),
    "language": ("language", "lang"),
}
"""What is wanted of an article → how it may be called, the first that is there; small letters and capitals are the same."""

TEXT_NAMES = frozenset(USUAL["text"])
MONTHS = "january february march april may june july august september october november december sept".split()
TIME = r"(?:[,T ]+\d{1,2}:\d\d.{0,30})?\Z"
DAY_FIRST = re.compile(r"(?:[A-Za-z]{3,9}\.?,? )?(\d{1,2})(?:st|nd|rd|th)? ([A-Za-z]{3,9})\.?,? (\d{4})" + TIME)
MONTH_FIRST = re.compile(r"(?:[A-Za-z]+day,? )?([A-Za-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})" + TIME)


def names_for(reading: Reading) -> dict[str, tuple[str, ...]]:
    """Return what is wanted of an article → how it may be called; a name that was given stands alone."""
    given = {"id": reading.id_column, "text": reading.text_column, "title": reading.title_column, "date": reading.date_column}
    return {wanted: (name,) if (name := given.get(wanted)) else usual for wanted, usual in USUAL.items()}


def picked(row: Mapping[str, Any], reading: Reading) -> dict[str, Any]:
    """Return what is wanted of an article → what the record has for it; nothing for what is open, ``null`` or empty."""
    small = {key.lower(): value for key, value in reversed(list(row.items())) if value not in (None, "")}
    found = {}
    for wanted, names in names_for(reading).items():
        values = (row[name] if row.get(name) not in (None, "") else small.get(name.lower()) for name in names)
        if (value := next((value for value in values if value not in (None, "")), None)) is not None:
            found[wanted] = value
    return found


def names_in(value: Any) -> str | None:
    """Return names in one text: of a text, of an object with a ``name`` as schema.org has it, of a list of these; ``None`` without any."""
    items = value if isinstance(value, list) else [value]
    names = (item.get("name") if isinstance(item, dict) else item for item in items)
    return "; ".join(name for name in names if isinstance(name, str) and name.strip()) or None


def day_of(text: str) -> str | None:
    """Return the ISO day of a date or a date and time: ISO 8601, RFC 5322, or one with an English month.

    The day is that of the place where it was written. ``03/04/2021`` is two days, so it is none.
    """
    text = text.strip()
    return _iso(text) or _named(text)


def _iso(text: str) -> str | None:
    try:
        return datetime.fromisoformat(text).date().isoformat()
    except ValueError:
        return None


def _named(text: str) -> str | None:
    if match := DAY_FIRST.match(text):
        day, month, year = match.groups()
    elif match := MONTH_FIRST.match(text):
        month, day, year = match.groups()
    else:
        return None
    number = next((number for number, name in enumerate(MONTHS) if name.startswith(month.lower())), None)
    try:
        return None if number is None else date(int(year), number + 1 if number < 12 else 9, int(day)).isoformat()
    except ValueError:
        return None
