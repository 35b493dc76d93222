"""Five hundred and more inputs that are broken, hostile or not what they are called, made from the pages of ``tests/data`` by a seed.

Run as a program, it runs ``kg`` with a limit of memory.
"""

import bz2
import gzip
import io
import json
import lzma
import random
import resource
import sys
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

DATA = Path(__file__).parent / "data"
SPARSE = 1 << 30
WORDS = "river bridge mayor said council storm ferry market quarry harbour county engineer".split()
OTHER_LANGUAGES = {
    "german": "Die Fähre fährt seit Mittwoch wieder. Die Bürgermeisterin sagte, die Stadt habe unter dem Streik gelitten, und niemand"
    " wisse, wer am Ende dafür bezahle. Die Gewerkschaft will im September wieder verhandeln.",
    "french": "Le bac circule de nouveau depuis mercredi. La maire a déclaré que la ville avait souffert de la grève et que personne "
    "ne savait qui paierait à la fin. Le syndicat veut reprendre les négociations en septembre.",
    "spanish": "El transbordador vuelve a navegar desde el miércoles. La alcaldesa dijo que la ciudad había sufrido por la huelga y "
    "que nadie sabía quién pagaría al final. El sindicato quiere negociar otra vez en septiembre.",
    "polish": "Prom znowu kursuje od środy. Burmistrzyni powiedziała, że miasto ucierpiało z powodu strajku i że nikt nie wie, kto "
    "ostatecznie za to zapłaci. Związek zawodowy chce wrócić do rozmów we wrześniu.",
    "russian": "Паром снова ходит со среды. Мэр сказала, что город пострадал от забастовки и что никто не знает, кто в конце концов за"
    " это заплатит. Профсоюз хочет вернуться к переговорам в сентябре.",
}
Made = tuple[str, bytes]


def packed_zip(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2024, 1, 2, 0, 0, 0)), data, method)
    return out.getvalue()


def packed_tar(members: dict[str, bytes | tarfile.TarInfo]) -> bytes:
    """Return a tar file; a member that is a header stands there without data."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, data in members.items():
            header = data if isinstance(data, tarfile.TarInfo) else tarfile.TarInfo(name)
            header.size = 0 if isinstance(data, tarfile.TarInfo) else len(data)
            archive.addfile(header, None if isinstance(data, tarfile.TarInfo) else io.BytesIO(data))
    return out.getvalue()


def special(name: str, kind: bytes, target: str = "") -> tarfile.TarInfo:
    """Return the header of a member that is no file."""
    header = tarfile.TarInfo(name)
    header.type, header.linkname = kind, target
    return header


def flipped(data: bytes, at: int) -> bytes:
    """Return the data with one byte changed."""
    return data[:at] + bytes([data[at] ^ 0x5A]) + data[at + 1 :]


def text(chance: random.Random, words: int = 60) -> str:
    """Return an article of few words that means nothing."""
    return "The mayor said that " + " ".join(chance.choice(WORDS) for _ in range(words)) + " and that it was over."


def cut(name: str, data: bytes, chance: random.Random, number: int, low: int = 2) -> Iterator[Made]:
    """Yield a file cut short at many lengths."""
    stem, suffix = name.split(".", 1)
    for size in sorted(chance.sample(range(low, len(data) - 1), number)):
        yield f"{stem}-{size}.{suffix}", data[:size]


def truncated(chance: random.Random) -> Iterator[Made]:
    """Yield packed files that break off."""
    article = text(chance, 400).encode()
    yield from cut("cut.txt.gz", gzip.compress(article), chance, 60)
    yield from cut("cut.txt.bz2", bz2.compress(article), chance, 20, 4)
    yield from cut("cut.txt.xz", lzma.compress(article), chance, 20, 7)
    yield from cut("cut.zip", packed_zip({"a.txt": article, "b.txt": article}), chance, 40, 4)
    yield from cut("cut.tar.gz", gzip.compress(packed_tar({"a.txt": article, "b.txt": article})), chance, 40)
    tar = packed_tar({"a.txt": article, "b.txt": article})
    yield from ((f"cut-{size}.tar", tar[:size]) for size in range(300, 4900, 512))
    yield from cut("cut.docx", (DATA / "tower.docx").read_bytes(), chance, 15, 4)
    yield from cut("cut.epub", (DATA / "week.epub").read_bytes(), chance, 15, 4)
    yield from cut("cut.pdf", (DATA / "quay.pdf").read_bytes()[:-60], chance, 25, 10)
    yield from cut("cut.warc.gz", (DATA / "crawl.warc.gz").read_bytes(), chance, 25, 2)
    warc = (DATA / "crawl.warc").read_bytes()
    yield from ((f"cut-{size}.warc", warc[:size]) for size in sorted(chance.sample(range(1200, 3500), 15)))


def bombs(chance: random.Random) -> Iterator[Made]:
    """Yield small files that unpack to much, and archives in archives."""
    zeros, lines = bytes(10_000_000), b"\n" * 10_000_000
    yield "bomb-zeros.txt.gz", gzip.compress(zeros) * 8
    yield "bomb-lines.jsonl.gz", gzip.compress(lines) * 8
    yield "bomb.txt.bz2", bz2.compress(zeros) * 8
    yield "bomb.json.xz", lzma.compress(b" " * 10_000_000, preset=0) * 8
    yield "bomb-lines.csv.xz", lzma.compress(b"id,text\n") + lzma.compress(lines, preset=0) * 8
    yield "bomb-tar.tar.gz", gzip.compress(zeros) * 9
    yield "bomb-large-member.zip", packed_zip({"a.txt": zeros})
    yield "bomb-many-members.zip", packed_zip({f"{number}.json": b" " * 10_000_000 for number in range(9)})
    inner = packed_zip({f"{number}.json": b" " * 10_000_000 for number in range(5)})
    yield "bomb-nested.zip", packed_zip({f"{number}.zip": inner for number in range(3)})
    book = (DATA / "week.epub").read_bytes()
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    yield "bomb.epub", packed_zip({**parts, "OEBPS/text/b.xhtml": b"<p>" + b"a" * 40_000_000})
    with zipfile.ZipFile(DATA / "tower.docx") as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    yield "bomb.docx", packed_zip({**parts, "word/document.xml": b"<w>" + b"a" * 40_000_000})
    deep = text(chance).encode()
    for depth in range(12):
        deep = gzip.compress(deep) if depth % 2 else packed_zip({"in": deep})
        if depth >= 6:
            yield f"deep-{depth}.zip" if depth % 2 == 0 else f"deep-{depth}.gz", deep


def archives(chance: random.Random) -> Iterator[Made]:
    """Yield archives with damage inside, odd members and names that would lead elsewhere."""
    article = text(chance, 300).encode()
    stored = packed_zip({"a.txt": article, "b.txt": article}, zipfile.ZIP_STORED)
    at = stored.index(article)
    yield from ((f"crc-{place}.zip", flipped(stored, at + place)) for place in chance.sample(range(len(article)), 20))
    tar = packed_tar({"a.txt": article, "b.txt": article})
    yield from ((f"header-{place}.tar", flipped(tar, place)) for place in chance.sample(range(0, 150), 20))
    yield from ((f"names-{number}.tar", packed_tar({name: b"\0\1\2"})) for number, name in enumerate(HOSTILE_NAMES))
    yield from ((f"names-{number}.zip", packed_zip({name: b"\0\1\2"})) for number, name in enumerate(HOSTILE_NAMES))
    for number, (kind, target) in enumerate(SPECIAL):
        yield f"special-{number}.tar", packed_tar({"x": special("x.txt", kind, target), "good.txt": b"The road is open."})
    yield "locked.zip", locked(packed_zip({"a.txt": article}, zipfile.ZIP_STORED))
    yield "lzma.zip", packed_zip({"a.txt": article}, zipfile.ZIP_LZMA)
    yield "empty.zip", packed_zip({})
    yield "folders.zip", packed_zip({"a/": b"", "b/": b""})
    yield "empty.tar", packed_tar({})
    yield "sheet.xlsx", packed_zip({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"})
    yield "open.odt", packed_zip({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<a/>"})
    yield "bare.epub", packed_zip({"META-INF/container.xml": b"<container/>"})
    yield "entity.docx", packed_zip({"word/document.xml": LAUGHS})
    yield "noxml.docx", packed_zip({"word/document.xml": b"not XML"})


HOSTILE_NAMES = (
    "../../../etc/passwd",
    "/etc/passwd",
    "..\\..\\a.txt",
    "a/../../b.txt",
    "C:\\a.txt",
    "a\nb.txt",
    "\x1b[31m.txt",
    "~/.profile~",
    "x" * 300,
)
SPECIAL = (
    *((tarfile.SYMTYPE, target) for target in ("/etc/passwd", "../../x", "x.txt")),
    *((tarfile.LNKTYPE, target) for target in ("/etc/passwd", "good.txt")),
    *((kind, "") for kind in (tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE)),
)


def locked(data: bytes) -> bytes:
    """Return a zip whose members say that they are encrypted."""
    data = bytearray(data)
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b"]><rss><channel><item><title>x</title><description>&j;</description></item></channel></rss>"
)
ELSEWHERE = b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss><channel><item><description>&a;</description></item></channel></rss>'


def markup(chance: random.Random) -> Iterator[Made]:
    """Yield pages, feeds and mails that hold nothing, too much, or traps."""
    yield "nested.html", b"<html><body>" + b"<div>" * 100_000 + b"deep" + b"</div>" * 100_000
    yield "flat.html", b"<html><body>" + b"<p>a" * 100_000
    yield "links.html", b"<html><body>" + b"<a href=x>y</a>" * 40_000
    yield "large.html", b"<html><body><p>" + b"The river rose. " * 400_000
    yield "empty-body.html", b"<html><head><title>Nothing</title></head><body></body></html>"
    yield "script.html", b"<!doctype html><script>" + b"{" * 100_000 + b"</script>"
    yield "comment.html", b"<!doctype html><!--" + b"-" * 100_000
    yield "comments.html", b"<!-- a -->" * 6_000 + b"<!-- "
    yield "doctype.html", b"<!doctype html>"
    yield "zeros.html", b"<html><body><p>" + bytes(1000)
    yield "laughs.rss", LAUGHS
    yield "elsewhere.rss", ELSEWHERE
    yield "no-items.rss", b"<rss><channel><title>x</title></channel></rss>"
    yield "no-text.atom", b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>x</title></entry></feed>'
    yield "other.xml", b'<?xml version="1.0"?><catalog><book/></catalog>'
    yield "deep.rss", b"<rss>" + b"<a>" * 100_000
    feed = (DATA / "wire.rss").read_bytes()
    yield from cut("cut.rss", feed, chance, 20, 200)
    yield from ((f"broken-{at}.rss", feed.replace(b"</item>", b"</it%d>" % at, 1)) for at in range(5))
    head = b"From: a@b.example\r\nDate: Thu, 4 Mar 2021 06:01:58 +0100\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
    yield "headers-only.eml", head
    yield "no-text.eml", head + b"Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\nAAECAw==\r\n"
    yield "lost-charset.eml", head + b"Content-Type: text/plain; charset=klingon\r\n\r\n\xf1\xf2\xf3 \xff\xfe\r\n"
    parts = "".join(f'Content-Type: multipart/mixed; boundary="{n}"\r\n\r\n--{n}\r\n' for n in range(3000))
    yield "nested.eml", head + parts.encode()
    yield "headers.eml", head + b"a:b\r\n" * 1_000_000
    yield "parts.eml", head + b'Content-Type: multipart/mixed; boundary="x"\r\n\r\n' + b"--x\r\n\r\n" * 100_000
    yield "marks.md", b"- a\n" * 200_000
    yield "elements.rss", b"<rss><channel>" + b"<x/>" * 1_000_000
    yield "mailbox.eml", (b"From a@b.example Thu Mar  4 06:01:58 2021\n" + head + b"\r\nRain fell.\n\n") * 2
    yield "empty-parts.eml", head + b'Content-Type: multipart/mixed; boundary="x"\r\n\r\n--x\r\n\r\n--x--\r\n'


def encodings(chance: random.Random) -> Iterator[Made]:
    """Yield texts whose bytes are not what they say, or say nothing."""
    good = text(chance)
    odd = "Mr Núñez said to Mr Dvořák that Łódź is far from Śrem. "
    for codec in ("cp1250", "iso8859-2", "iso8859-16"):
        yield f"{codec}.txt", (good + odd).encode(codec, "replace")
    for codec in ("cp1252", "latin-1", "mac_roman", "cp850", "cp437"):
        yield f"{codec}.txt", (good + "Mr Núñez smiled.").encode(codec)
    for codec in ("cp1251", "koi8-r", "iso8859-5", "cp866", "mac_cyrillic"):
        yield f"{codec}.txt", OTHER_LANGUAGES["russian"].encode(codec)
    for codec in ("shift_jis", "euc_jp", "iso2022_jp"):
        yield f"{codec}.txt", ("橋が水曜日に開いた。町長は喜んだ。" * 20).encode(codec)
    for codec in ("cp037", "cp500"):
        yield f"{codec}.txt", good.encode(codec)
    yield "odd-utf-16.txt", good.encode("utf-16")[:-1]
    yield "odd-utf-32.txt", good.encode("utf-32")[:-1]
    yield "surrogates.txt", good.encode() + b"\xed\xa0\xbd\xed\xb8\x80"
    page = (DATA / "ferry.html").read_bytes()
    yield "says-utf-8.html", page.replace("é".encode(), b"\xf1").replace("“".encode(), b"\xf2" * 20)
    yield "says-utf-16.html", page.replace(b'charset="utf-8"', b'charset="utf-16"').replace("é".encode(), b"\xf1\xf2")
    for number in range(20):
        yield f"noise-{number}.{('txt', 'html', 'md', 'eml', 'jsonl')[number % 5]}", bytes(chance.choices(range(128, 256), k=500))
    for name, foreign in OTHER_LANGUAGES.items():
        yield f"{name}.txt", foreign.encode()
        yield f"{name}.jsonl", json.dumps({"id": name, "text": foreign}).encode()


def tables(chance: random.Random) -> Iterator[Made]:
    """Yield tables with ragged rows and records that are none."""
    rows = [f'r{number},"{text(chance, 20)}",2021-03-04' for number in range(10)]
    for number in range(30):
        broken = [*rows]
        at = chance.randrange(len(rows))
        broken[at] = (broken[at] + ",more", broken[at].rsplit(",", 1)[0], "alone")[number % 3]
        yield f"ragged-{number}.csv", "\n".join(["id,text,date", *broken]).encode()
    yield "open-quote.csv", b'id,text\n1,"' + b'","xxxxxxxxxxxxxxxx\n' * 1_000_000
    yield "columns.csv", b"id,text" + b",x" * 1_000_000
    yield "errors.jsonl", b"x\n" * 100_000
    yield "quote.csv", ("id,text,date\n" + "\n".join(rows) + '\nr11,"' + "x" * 50).encode()
    yield "header-only.csv", b"id,text\n"
    yield "no-text.csv", b"id,name\n1,Ana\n"
    yield "bad-date.csv", b"id,text,date\n1,Rain fell.,someday\n"
    yield "empty-cell.csv", b"id,text\n1,\n"
    yield "zeros.tsv", b"id\ttext\n1\t\0\0\0\n"
    good = json.dumps({"id": "good", "text": "The road is open."})
    for number in range(30):
        bad = (good[: chance.randrange(1, len(good) - 1)], '{"id": 1}', '{"id": "a", "text": ' + "[" * 50_000, good + ",", "\ud83d")[
            number % 5
        ]
        yield f"broken-{number}.jsonl", f"{good}\n{bad}\n{good}\n".encode("utf-8", "surrogatepass")
    for number in range(15):
        yield f"broken-{number}.json", f"[{good}, {good}"[: chance.randrange(10, 70)].encode()
    yield "deep.json", b"[" * 200_000
    yield "long-record.jsonl", b'{"id": "a", "text": "' + b"x" * 17_000_000 + b'"}\n' + good.encode()
    yield "long-article.jsonl", b'{"id": "a", "text": "' + b"x" * 1_000_001 + b'"}\n' + good.encode()
    yield "urls.txt", b"https://a.example/1\nhttps://a.example/2\n"


def others(chance: random.Random) -> Iterator[Made]:
    """Yield files of other kinds, crawls and PDF files that are broken."""
    starts = {
        "a.7z": b"7z\xbc\xaf\x27\x1c",
        "a.rar": b"Rar!\x1a\x07\x00",
        "a.rtf": b"{\\rtf1 hello}",
        "a.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "a.png": b"\x89PNG\r\n\x1a\n",
        "a.jpg": b"\xff\xd8\xff\xe0",
        "a.gif": b"GIF89a\x01\0",
        "a.mp3": b"ID3\x03\0",
        "a.exe": b"MZ\x90\0",
        "a.zst": b"\x28\xb5\x2f\xfd",
        "a.ps": b"%!PS-Adobe",
        "a.sqlite": b"SQLite format 3\0",
        "a.class": b"\xca\xfe\xba\xbe\0\0",
    }
    yield from ((name, start + bytes(chance.choices(range(256), k=300)) + b"\0") for name, start in starts.items())
    yield from (
        (f"other-kind{suffix}", (b"\x89PNG\r\n\x1a\n\0" + bytes(200))) for suffix in (".txt", ".html", ".csv", ".json", ".eml", ".md")
    )
    yield from ((f"empty{suffix}", b"") for suffix in (".txt", ".html", ".csv", ".json", ".jsonl", ".eml", ".md", ".pdf", ".gz"))
    warc = (DATA / "crawl.warc").read_bytes()
    for number in range(20):
        name = f"broken-{number}.warc"
        lengths = [at for at in range(len(warc)) if warc.startswith(b"Content-Length: ", at)]
        at = lengths[2 + number % 3] + 16
        end = warc.index(b"\r\n", at)
        length = (b"9" * 15, b"-5", b"", b"12", b"many", str(int(warc[at:end]) + 40).encode())[number % 6]
        yield name, warc[:at] + length + warc[end:]
    yield "junk.warc", warc + b"junk junk\r\n" + warc
    yield "no-pages.warc", warc[: warc.index(b"WARC-Type: response") - 10]
    pages = (DATA / "crawl.warc.gz").read_bytes()
    starts_ = [at for at in range(len(pages)) if pages.startswith(b"\x1f\x8b\x08", at)]
    yield from ((f"damaged-{place}.warc.gz", flipped(pages, starts_[2] + place)) for place in chance.sample(range(20, 900), 20))
    pdf = (DATA / "quay.pdf").read_bytes()
    yield "no-end.pdf", pdf[:-20]
    yield "only-head.pdf", b"%PDF-1.7\n%%EOF"
    yield "head-and-noise.pdf", b"%PDF-1.7\n" + bytes(chance.choices(range(256), k=3000)) + b"\n%%EOF"
    yield from ((f"locked-{number}.pdf", encrypted(pdf)) for number in range(3))
    yield "no-text-layer.pdf", blank()


def encrypted(pdf: bytes) -> bytes:
    """Return a PDF that asks for a password."""
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    writer.encrypt("secret", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def blank() -> bytes:
    """Return a PDF whose only page is empty."""
    from pypdf import PdfWriter

    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(300, 300)
    writer.write(out)
    return out.getvalue()


MAKERS: tuple[Callable[[random.Random], Iterator[Made]], ...] = (truncated, bombs, archives, markup, encodings, tables, others)
SPARSE_SUFFIXES = "txt html jsonl json csv pdf eml warc tar gz zip docx md rss".split()


def make(folder: Path, seed: int = 8) -> tuple[list[str], list[str]]:
    """Write the damaged files, and good ones between them; return the names of both."""
    bad = []
    for maker in MAKERS:
        for name, data in maker(random.Random(f"{seed} {maker.__name__}")):
            bad.append(f"{maker.__name__}-{name}")
            (folder / bad[-1]).write_bytes(data)
    for suffix in SPARSE_SUFFIXES:
        bad.append(f"sparse.{suffix}")
        with (folder / bad[-1]).open("wb") as file:
            file.truncate(SPARSE)
    good = []
    for number, path in enumerate(sorted(DATA.iterdir())):
        good.append(f"{'abcdefghijklmnopqrstuvwxyz'[number % 26]}-good-{path.name}")
        (folder / good[-1]).write_bytes(path.read_bytes())
    return bad, good


def main(most: str, *words: str) -> None:
    """Run ``kg`` with so many megabytes of memory at most, and say on the last line of stdout how many it took."""
    from kg.cli import main as kg

    resource.setrlimit(resource.RLIMIT_DATA, (int(most) << 20, int(most) << 20))
    try:
        kg(words)
    finally:
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10)


if __name__ == "__main__":
    main(*sys.argv[1:])
