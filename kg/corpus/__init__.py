"""Files become documents; their text is never edited afterwards.

``read`` takes files, folders and ``-`` (standard input). A file holds one article as plain text, or records: JSON Lines (``.jsonl``,
``.ndjson``), or JSON (``.json``: one record or a list). What cannot become a document comes back as an ``InputError`` in its
place, so that the others go on. ``sourced`` tells the file of each, too. ``records`` gives the records as they are, and ``document``
makes a document of one.
"""

from kg.corpus.files import LONGEST, document, read, records, sourced

__all__ = ["LONGEST", "document", "read", "records", "sourced"]
