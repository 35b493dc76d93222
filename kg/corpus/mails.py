"""E-mails: newsletters and agency mail, one article each."""

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr

from kg.corpus import web
from kg.corpus.charsets import decoded
from kg.corpus.documents import Article, prose
from kg.corpus.limits import MAIL, MAIL_HEADER, MAIL_LINES, MAIL_PARTS
from kg.corpus.reading import Reading
from kg.corpus.sources import Source, faults_of
from kg.errors import InputError

MEND = "Save the mail again, or copy its text into a .txt file."
MAILBOX = b"From "


def article(source: Source, reading: Reading) -> Article:
    """Return the article of an e-mail: its HTML part as a page is read, else its plain part; attachments are left out.

    Title is the subject, publisher the name of the sender, date the day on which it was sent.

    Raises:
        InputError: It is too large or damaged, or has no text.
    """
    data = source.whole(MAIL, "an e-mail")
    if data.startswith(MAILBOX) and data.count(b"\nFrom ") > 0:
        raise InputError(f"{source.place}: is a mailbox with many e-mails", "Save each e-mail as an .eml file.")
    if data.count(b"\n") > MAIL_LINES or data.count(b"\n--") > MAIL_PARTS:
        raise InputError(f"{source.place}: is not an e-mail that can be read (it has too many lines or parts)", MEND)
    with faults_of(source, "an e-mail", MEND, MessageError):
        mail = message_from_bytes(data, policy=policy.compat32)
        parts = [part for part in mail.walk() if not part.is_multipart() and part.get_filename() is None]
    text, said = _body(source, parts, reading)
    name, address = parseaddr(_header(mail, "From"))
    return Article(
        id=source.id,
        text=text,
        title=_header(mail, "Subject") or (said.title if said else None),
        date=_header(mail, "Date") or (said.date if said else None),
        url=_header(mail, "Archived-At").strip("<> ") or (said.url if said else None),
        publisher=name or address.rpartition("@")[2] or None,
        author=said.author if said else None,
    )


def _body(source: Source, parts: list[Message], reading: Reading) -> tuple[str, Article | None]:
    """Return the text of the first part that has one, HTML before plain, and what its page says of it."""
    for html in _contents(source, parts, "text/html", reading):
        try:
            page = web.article(source, html.encode("utf-8", "replace"), reading)
        except InputError:  # a few lines are no page, but all that the mail says
            if text := web.plain(source, html):
                return text, None
        else:
            return page.text, page
    for text in _contents(source, parts, "text/plain", reading):
        if text.strip():
            return prose(text), None
    raise InputError(f"{source.place}: has no text", MEND)


def _contents(source: Source, parts: list[Message], kind: str, reading: Reading) -> Iterator[str]:
    """Yield the text of each part of a kind."""
    for part in parts:
        if part.get_content_type() == kind:
            with faults_of(source, "an e-mail", MEND, MessageError):
                data, declared = part.get_payload(decode=True), part.get_param("charset")
            if isinstance(data, bytes):
                yield decoded(source.place, data, declared if isinstance(declared, str) else None, reading)


def _header(mail: Message, name: str) -> str:
    """Return a header in one line, decoded as RFC 2047 has it."""
    raw = re.sub(r"\s+", " ", str(mail.get(name, ""))[:MAIL_HEADER])
    try:
        return str(make_header(decode_header(raw)))
    except (MessageError, LookupError, ValueError):  # a coding that nobody knows, or bytes that are not of it
        return raw
