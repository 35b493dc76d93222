"""Inputs become documents; their text is never edited afterwards.

``read`` takes files, folders, patterns, ``-`` (standard input) and web addresses, and yields one document at a time. What a file is, is
told by what it holds: plain text, Markdown, HTML, PDF, Word, e-mail; many articles as JSON Lines, JSON, CSV, a feed, an EPUB, WARC; all of
it in zip, tar, gzip, bzip2 and xz. What cannot become a document comes back as an ``InputError`` in its place, so that the others go on.
``sourced`` tells the file of each, too. ``records`` gives the records as they are, and ``document`` makes a document of one. ``Reading``
says how; ``limits`` holds every limit. See docs/inputs.md.
"""

from kg.corpus.documents import document
from kg.corpus.files import OUTPUT, read, records, sourced
from kg.corpus.limits import LONGEST
from kg.corpus.reading import ANY_LANGUAGE, OF_THE_GRAPH, Reading

__all__ = ["ANY_LANGUAGE", "LONGEST", "OF_THE_GRAPH", "OUTPUT", "Reading", "document", "read", "records", "sourced"]
