"""The names of character sets."""

import codecs
import re

AS_BROWSERS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
"""A declared coding → what it means on the web, by the WHATWG Encoding Standard, section 4.2."""
KNOWN = re.compile(
    r"utf-8|utf-16(-[lb]e)?|utf-32(-[lb]e)?|iso8859-\d+|cp125\d|cp437|cp850|cp852|cp866|cp874|cp932|cp949|koi8-[ru]|mac-roman|mac-cyrillic"
    r"|gb18030|big5hkscs|euc_jp|iso2022_jp"
)
"""Codecs that texts are written in; Python has others, such as punycode, that are none of it."""


def codec_of(label: str | None) -> str | None:
    """Return the codec that the name of a character set means on the web, ``None`` for what is the name of none."""
    try:
        name = codecs.lookup((label or "").strip(" \"'")).name
    except (LookupError, ValueError):  # ValueError: a zero byte in the name
        return None
    means = AS_BROWSERS.get(name, name)
    return means if KNOWN.fullmatch(means) else None
