"""Every limit of reading, with its reason: an input may be damaged or hostile, and memory and time stay bounded all the same."""

from typing import Any

LONGEST = 1_000_000
"""Characters of an article: what the language model takes in one piece."""

HEAD = 65_536
"""Bytes looked at to tell what an input is: a tar's mark stands at 257, and the header lines of an e-mail may run to some thousands."""

RECORD = 16_000_000
"""Bytes of one record (a line of JSON Lines, a value of a JSON list, a row of a table): ``LONGEST`` characters, all of them written as
``\\uXXXX\\uXXXX``, and as much again for fields that nobody asked for."""

BLANK_LINES = 100_000
"""Lines without anything in a row, of JSON Lines or a table: each costs time, and a packed file may hold billions of them."""

ERRORS = 1_000
"""Errors of one file that are named one by one: a broken file of a gigabyte may hold a hundred million records that are none."""

COLUMNS = 16_384
"""Columns of a table: as many as a spreadsheet has."""

PAGE = 5_000_000
"""Bytes of an HTML page. The largest news pages, with the state of their scripts written into them, have some 3 MB."""

TAGS = 50_000
"""Tags of an HTML page: what the extractor does with each costs up to 0.2 ms, so that a page takes ten seconds at the very worst. A long
live blog has some 20,000."""

PDF_FILE = 64_000_000
"""Bytes of a PDF, which is held in memory: pictures make most of it."""

PDF_PAGES = 1_000
"""Pages of a PDF; ``LONGEST`` characters are read before that, unless most pages hold no text."""

PDF_STEPS = 2_000_000
"""Drawing steps of a PDF, forms within forms counted as often as they are drawn: each takes up to 10 µs. A page of text has some 1,000."""

PDF_CONTENT: dict[str, Any] = {
    "zlib_maximum_output_length": 16_000_000,
    "stream_parsing_work_maximum_count": 500_000,
    "xform_maximum_invocations_per_extraction": 500,
}
"""pypdf's own limits for one page, brought down from those that fit pictures: bytes that it unpacks to, its steps with what they are about,
and its forms. They bound memory, for a page is taken apart as a whole; the total of ``PDF_STEPS`` bounds time."""

MAIL = 32_000_000
"""Bytes of an e-mail with its attachments: what mail servers let through."""

MAIL_LINES, MAIL_PARTS = 600_000, 10_000
"""Lines of an e-mail, and those of them that may part it: each may cost 200 bytes of memory, a part ten times as much. The lines of an
attachment of ``MAIL`` bytes are 430,000."""

MARKS = 100_000
"""Characters of a Markdown text that may be marks: each may cost 2,000 bytes of memory and 0.1 ms. A long report has some 20,000."""

MAIL_HEADER = 10_000
"""Characters of one e-mail header that are looked at; longer ones are attacks on whoever decodes them."""

BLOCK = 1_000_000
"""Bytes that one step of unpacking gives at most."""

UNPACKED = 64_000_000
"""Bytes that anything may unpack to; beyond them the ratio decides."""

RATIO = 200
"""How many times the size of an archive its contents may have, all layers together. Articles pack 3 to 10 times; the worst of gzip, 1,032
times, is a bomb's."""

DEPTH = 5
"""Layers of archives in archives: a compressed tar is two of them."""

ZIP_LIST = 8_000_000
"""Bytes of a zip's list of members, which is held in memory, 600 bytes for each: some 80,000 members. A tar has no such list."""

ZIP_INSIDE = 64_000_000
"""Bytes of a zip that lies within another archive or comes through a pipe: it is read from its end, so it is held in memory."""

TAR_NAME = 65_536
"""Bytes of a long name in a tar; no system has longer paths than 4,096."""

XZ_MEMORY = 134_217_728
"""Bytes of memory that unpacking an xz file may ask for: ``xz -9`` asks for 65 MiB."""

HEADERS = 65_536
"""Bytes of the header lines of one WARC record, or of one answer from the web."""

FETCHED = 16_000_000
"""Bytes of one answer from the web."""

FETCH_SECONDS = 60.0
"""Seconds that one answer from the web may take in all."""

CONNECT_SECONDS = 20.0
"""Seconds without a byte from a web server."""

REDIRECTS = 5
"""Redirects that are followed, as RFC 9309 asks for robots.txt."""

ROBOTS = 512_000
"""Bytes of a robots.txt that are read: RFC 9309 asks for 500 KiB at least."""

LONGEST_PAUSE = 60.0
"""Seconds between two requests that a robots.txt may ask for; a site that asks for more does not want to be read by a program."""

JUDGED = 1_000
"""Characters from which the language of an article is told; more cost time and change nothing."""

FEWEST_WORDS = 25
"""Words below which a text is too short to be told its language."""
