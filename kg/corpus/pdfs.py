"""PDF: the text layer of a file, its lines joined to paragraphs again."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING

from kg.corpus.documents import Article, prose, too_long
from kg.corpus.limits import LONGEST, PDF_CONTENT, PDF_FILE, PDF_PAGES, PDF_STEPS
from kg.corpus.sources import Source, faults_of, quiet
from kg.errors import InputError

if TYPE_CHECKING:
    from pypdf import PdfReader

MEND = "Save it again as PDF, or copy its text into a .txt file."
END, END_WITHIN = b"%%EOF", 2_048
"""What a PDF ends with, and within how many bytes readers look for it (ISO 32000-2, 7.5.5, and what mail systems add). Without its end a
PDF can often be read, but not all of it, and nobody would know."""
PAGE_NUMBER = re.compile(r"\W*(?:page )?\d{1,4}(?: ?(?:of|/) ?\d{1,4})?\W*\Z", re.IGNORECASE)
SHORT = 0.75
"""A line that is shorter than this part of the longest ones ends its paragraph, for the next word would have had room."""


def article(source: Source) -> Article:
    """Return the text of a PDF; title and author are those of its metadata. It has no date: that of its making is not that of its news.

    Raises:
        InputError: It is too large, damaged or encrypted, or holds pictures of text only.
    """
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    quiet("pypdf")
    data = source.whole(PDF_FILE, "a PDF")
    if END not in data[-END_WITHIN:]:
        raise InputError(f"{source.place}: is cut short (a PDF without its end)", MEND)
    with faults_of(source, "a PDF", MEND, PyPdfError):
        pdf = PdfReader(BytesIO(data))
        locked = pdf.is_encrypted and not _unlocked(pdf)
    if locked:
        raise InputError(f"{source.place}: is encrypted", "Open it with its password and save it without one.")
    with faults_of(source, "a PDF", MEND, PyPdfError):
        count, about = len(pdf.pages), pdf.metadata
        title, author = (about.title, about.author) if about else (None, None)
    if count > PDF_PAGES:
        raise InputError(f"{source.place}: has {count:,} pages; at most {PDF_PAGES:,} are read", "Split it into articles.")
    text = prose("\n\n".join(filter(None, map(_paragraphs, _pages(source, pdf, count)))))
    if not text:
        raise InputError(f"{source.place}: has no text layer", "It holds pictures of text: run character recognition (OCR) over it first.")
    return Article(source.id, text, title=_words(title), author=_words(author))


def _unlocked(pdf: "PdfReader") -> bool:
    """Tell whether anybody may open an encrypted file: its password is empty, as where only printing is restricted."""
    from pypdf.errors import DependencyError

    try:
        return bool(pdf.decrypt(""))
    except DependencyError:  # AES, for which pypdf needs another package
        return False


def _pages(source: Source, pdf: "PdfReader", count: int) -> Iterator[str]:
    """Yield the text of each page."""
    from pypdf import apply_configuration
    from pypdf.errors import PyPdfError

    size = steps = 0

    def step(*_: object) -> None:
        nonlocal steps
        steps += 1
        if steps > PDF_STEPS:
            raise InputError(f"{source.place}: is drawn in too many steps (more than {PDF_STEPS:,})", MEND)

    for number in range(count):
        with faults_of(source, "a PDF", MEND, PyPdfError), apply_configuration(**PDF_CONTENT):
            page = pdf.pages[number].extract_text(visitor_operand_before=step)
        size += len(page)
        if size > LONGEST:
            raise too_long(source.place, size, "characters and more")
        yield page


def _paragraphs(page: str) -> str:
    """Return the text of a page without its number, in paragraphs of one line each; a word parted by a hyphen is whole again."""
    lines = [line.strip() for line in page.splitlines()]
    while lines and (not lines[-1] or PAGE_NUMBER.match(lines[-1])):
        lines.pop()
    full = SHORT * max(map(len, lines), default=0)
    text = ""
    for line, after in zip(lines, [*lines, ""][1:], strict=True):
        if line.endswith("-") and line[-2:-1].islower() and after[:1].islower():
            text += line[:-1]
        else:
            text += line + (" " if line and after and len(line) >= full else "\n\n")
    return text


def _words(value: object) -> str | None:
    """Return a piece of metadata, if it is text."""
    return value if isinstance(value, str) else None
