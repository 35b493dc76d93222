"""Inputs of every kind: title, day, publisher, address and text come out of each as a reader would copy them, and of nothing else."""

import bz2
import gzip
import io
import json
import lzma
import sys
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from time import sleep
from urllib.parse import quote

import brotli
import pytest
from click.testing import CliRunner, Result
from damaged import OTHER_LANGUAGES, packed_tar, packed_zip
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.cli import main
from kg.corpus import LONGEST, Reading, document, read, records, sourced
from kg.corpus.charsets import decoded
from kg.corpus.fetching import _is_public
from kg.corpus.kinds import Kind, kind_of
from kg.corpus.languages import told
from kg.corpus.limits import BLANK_LINES, ERRORS, RECORD
from kg.corpus.usual import day_of
from kg.errors import InputError
from kg.records import Document

DATA = Path(__file__).parent / "data"
FERRY = (
    "Ferry strike ends after eleven days\n"
    "The crews of the island ferries went back to work on Wednesday after eleven days, and the first boat left Port Alder at six in the"
    " evening with eighty people on board.\n"
    "“It’s over, and nobody has lost,” said Tomás Brandt, who speaks for the Seafarers’ Union. The company will pay £3 million more a year,"
    " he said, and no one will be punished for having stayed ashore.\n"
    "The mayor of Port Alder, Ruth Calloway, told the Gazette that the town had suffered: “We counted every empty chair in every café along"
    " the quay.”\n"
    "What comes next\n"
    "The union and Brannoc Lines will meet again in September. A spokeswoman for the company denied that it planned to sell two of its five"
    " ships."
)
FERRY_URL = "https://gazette.example/2023/05/ferry-strike-ends"
LAKE = "date 2021-09-12 Lake Orr is clean enough to swim in again"


def all_of(path: Path | str, reading: Reading = Reading()) -> list[Document]:  # noqa: B008  # frozen
    """The documents of a path that holds nothing else."""
    found = list(read([path], reading))
    assert all(isinstance(item, Document) for item in found), found
    return [item for item in found if isinstance(item, Document)]


def errors_of(path: Path | str, reading: Reading = Reading()) -> list[str]:  # noqa: B008
    return [str(item) for item in read([path], reading) if isinstance(item, InputError)]


def about(document_: Document) -> tuple[str | None, str | None, str | None, str | None]:
    return document_.title, document_.date, document_.publisher, document_.url


def put(path: Path, data: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


# ---------------------------------------------------------------- a page of each kind


@pytest.mark.parametrize(
    ("name", "id_", "said", "text"),
    [
        (
            "ferry.html",
            "ferry",
            ("Ferry strike ends after eleven days", "2023-05-17", "The Harbour Gazette", FERRY_URL),
            FERRY,
        ),
        (
            "ferry-windows.html",
            "ferry-windows",
            ("Ferry pact ends after eleven days", "2023-05-17", "The Harbour Gazette", FERRY_URL.replace("strike", "pact")),
            FERRY.replace("strike", "pact"),
        ),
        (
            "orchard.md",
            "orchard",
            ("Orchards freeze in the Tarn valley", "2022-04-09", "Tarn Valley Courier", "https://courier.example/orchards-freeze"),
            "Orchards freeze in the Tarn valley\n\n"
            "Growers in the Tarn valley lit thousands of candles on Friday night, but frost\n"
            "took most of the blossom, said Anton Meyer, who\n"
            "leads the fruit growers’ association.\n\n"
            "“I have never seen so white an April,”\n\n"
            "he said. “There will be few plums and no apricots.”\n\n"
            "Plums: nine trees of ten lost.\n\nApples: half.\n\ncrop\n\nloss\n\nplum\n\n90 %\n\n"
            "The minister of farming, Greta Osei, promised help “before the summer”.",
        ),
        (
            "newsletter.eml",
            "newsletter",
            ("Bridge reopens – and who paid", "2021-03-04", "The Café Letter", "https://letters.example/2021-03-04"),
            "The bridge over the Ilm opened again on Wednesday, two years after the flood. “We worked all night,” said the engineer"
            " José Duarte,"
            " who led the works for the county.\n"
            "The county paid nine million, the state four, and a baker who wants no name gave the lamps. The mayor, Hanne Voss, said"
            " that she"
            " knew who it was and would not tell.\n"
            "The old lamps will be sold in April, and what they bring goes to the ferrymen who carried people over the river for two years,"
            " the"
            " county said.",
        ),
        (
            "tower.docx",
            "tower",
            ("Tower falls silent", None, None, None),
            "Tower falls silent\n\n"
            "The bells of Saint Orm fell silent on Tuesday after the beam under the largest cracked, the parish said.\n\n"
            "“We heard it break,” said the sexton, Bram Tolland.\n\nBells\n\nfive",
        ),
        (
            "lake.txt",
            "lake",
            (None, "2021-09-12", None, None),
            LAKE + ", the county said on Sunday.\n\n“It took us nine summers,” said Paula Stern, who led the works.\n",
        ),
    ],
    ids=["html", "html-windows", "markdown", "mail", "word", "text"],
)
def test_a_page_comes_out_as_a_reader_would_copy_it(name: str, id_: str, said: tuple[str | None, ...], text: str) -> None:
    (found,) = all_of(DATA / name)
    assert (found.id, about(found), found.text) == (id_, said, text)


def test_a_pdf_comes_out_in_whole_sentences() -> None:
    (found,) = all_of(DATA / "quay.pdf")
    assert about(found) == ("Quay wall cracks in the storm", None, None, None)
    assert "closed the western basin to all boats until engineers have looked at it.\n\n“We heard a bang like a cannon,” said" in found.text
    assert "the wall had been examined in March and found sound. “I want to know what they looked at,” she said." in found.text


def test_a_feed_gives_an_article_for_each_entry() -> None:
    whole, short = all_of(DATA / "wire.rss")
    assert whole.id == "wire-4711"
    assert about(whole) == ("Dam & reservoir are full again", "2022-01-30", "Valley Wire", "https://wire.example/dam-full")
    assert whole.text == (
        "The reservoir above Lowmoor is full for the first time in six years, the water board said on Sunday.\n\n"
        "“We can breathe\u00a0again,” said its head, Nadia Ferrow.\nRain is due on Monday."
    )
    assert about(short) == ("Council votes on buses", "2022-01-31", "Valley Wire", "https://wire.example/buses")
    assert short.text == "The council votes on Monday on whether buses will run at night, its clerk said."


def test_an_atom_feed_is_read_with_the_day_of_first_publication() -> None:
    (found,) = all_of(DATA / "hill.atom")
    assert about(found) == ("Snow closes the Grey Pass", "2020-11-01", "Hill Radio", "https://hill.example/snow")
    assert found.text == "Snow closed the Grey Pass on Sunday.\n\n“Nobody goes up before Tuesday,” said the warden, Mila Brook."


def test_a_book_gives_its_parts_in_the_order_of_reading() -> None:
    road, mill = all_of(DATA / "week.epub")
    assert about(road) == ("Road to Lowmoor is open", "2022-02-18", "Orr Weekly", None)
    assert road.text == "Road to Lowmoor is open\n\nThe road to Lowmoor is open.\n\n“Drive slowly,” said the county’s engineer, Abel Roth."
    assert (mill.title, mill.text) == (
        "Mill turns again",
        "Mill turns again\n\nThe mill at Orr turns again, its owner, Fay Munro, said on Friday.",
    )


@pytest.mark.parametrize("name", ["crawl.warc", "crawl.warc.gz"])
def test_a_crawl_gives_its_pages_and_nothing_of_the_rest(name: str) -> None:
    strike, pact = all_of(DATA / name)
    assert (strike.id, strike.url, strike.text) == (FERRY_URL, FERRY_URL, FERRY)
    assert pact.text == FERRY.replace("strike", "pact")
    assert pact.date == "2023-05-17"


def test_a_text_that_a_crawler_made_is_read() -> None:
    (found,) = all_of(DATA / "crawl.wet")
    assert (found.id, found.date) == ("https://gazette.example/lake", "2021-09-12")
    assert found.text.startswith(LAKE)


def test_a_table_gives_an_article_for_each_row() -> None:
    market, pool = all_of(DATA / "town.csv")
    assert (market.id, about(market)) == ("t1", ("Market moves, for now", "2021-06-03", "Town Crier", "https://town.example/1"))
    assert market.text == 'The market moves to the old station, the town said.\nStalls open at seven, said the clerk, "not a minute later".'
    assert (pool.id, pool.date) == ("t2", "2021-06-05")


@pytest.mark.parametrize(
    ("name", "id_", "said", "text"),
    [
        (
            "school.jsonl",
            "school-1",
            ("School moves to the hill", "2019-08-20", "Holm Observer", "https://holm.example/school"),
            "The school of Holm moves to the old fort on the hill, the council decided on Monday.\n\n"
            "“We have walked up there for years,” said the head teacher, Sunniva Lund.",
        ),
        (
            "library.json",
            "lib-9",
            ("Library stays open late", "2018-11-06", "Bay Bulletin", "https://bay.example/library"),
            "The library of Bay stays open until ten, its head, Colm Reyes, told the Bulletin.\n\n“People read at night,” he said.",
        ),
    ],
    ids=["json-lines", "json"],
)
def test_a_record_gives_an_article_with_all_that_it_says(name: str, id_: str, said: tuple[str, ...], text: str) -> None:
    first, _ = all_of(DATA / name)
    assert (first.id, about(first), first.text) == (id_, said, text)


def test_a_row_without_an_id_is_called_after_its_file_and_line() -> None:
    assert [found.id for found in all_of(DATA / "county.tsv")] == ["county-2", "county-3"]


@pytest.mark.parametrize(
    ("name", "author"),
    [
        ("ferry.html", "Lena Okafor"),
        ("orchard.md", "Petra Lindqvist"),
        ("tower.docx", "Signe Aldous"),
        ("wire.rss", "Émile Hart"),
        ("hill.atom", "Oskar Bell"),
        ("week.epub", "Desk of the Orr Weekly"),
        ("crawl.warc", "Lena Okafor"),
        ("school.jsonl", "Mads Holt; Ida Berg"),
        ("library.json", "Runa Vale"),
    ],
)
def test_who_wrote_an_article_is_found(name: str, author: str) -> None:
    assert all_of(DATA / name)[0].author == author


# ---------------------------------------------------------------- told by what it holds


@pytest.mark.parametrize("name", sorted(path.name for path in DATA.iterdir() if path.suffix not in {".md", ".tsv", ".wet"}))
def test_the_kind_is_told_by_what_a_file_holds_whatever_it_is_called(tmp_path: Path, name: str) -> None:
    renamed = put(tmp_path / "article", (DATA / name).read_bytes())
    assert [found.text for found in all_of(renamed)] == [found.text for found in all_of(DATA / name)]


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        ("From: the harbour\n\nWe sailed.", Kind.TEXT),
        ("Update: The road is open.\n\nMore soon.", Kind.TEXT),
        ("{Our reporter} The road is open.", Kind.TEXT),
        ("[AP] The road is open.", Kind.TEXT),
        ("---\nThe road is open.\n---\n", Kind.TEXT),
        ("< The road is open.", Kind.TEXT),
        ("The text, the title\nand nothing else.", Kind.TEXT),
        ("https://a.example is a web address.", Kind.TEXT),
        ("https://a.example/1\nhttps://a.example/2\n", Kind.ADDRESSES),
        ("<!-- saved -->\n<!DOCTYPE html><html>", Kind.HTML),
        ("<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'>", Kind.HTML),
        ("<?xml version='1.0'?>\n<rdf:RDF xmlns='http://purl.org/rss/1.0/'>", Kind.FEED),
        ("---\ntitle: x\n---\nThe road.", Kind.MARKDOWN),
        ("\ufeffid;text;date\n1;Rain;\n", Kind.TABLE),
        ('[\n {"id": 1}]', Kind.JSON),
        ('{"id": "a", "text": "b"}\n{"id"', Kind.JSON_LINES),
        ('{\n  "id": "a"\n}', Kind.JSON),
    ],
)
def test_a_text_is_not_taken_for_what_it_resembles(start: str, kind: Kind) -> None:
    assert kind_of(start.encode(), "article.txt") is kind


@pytest.mark.parametrize("char", ["<!-- a -->", "<?a?>", "<!doctype a>", " ", "a: b\n", "---\na: b\n"])
def test_no_start_of_a_file_takes_long_to_be_told(char: str) -> None:
    kind_of((char * 65_536).encode()[:65_536], "a.txt")


# ---------------------------------------------------------------- records and their names


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", "Nr,Wann,Kopf,Artikel\n7,2021-03-04,River falls,Rain fell.\n"),
        ("a.tsv", "Nr\tWann\tKopf\tArtikel\n7\t2021-03-04\tRiver falls\tRain fell.\n"),
        ("a.csv", "Nr;Wann;Kopf;Artikel\n7;2021-03-04;River falls;Rain fell.\n"),
        ("a.csv", '\ufeff"Nr","Wann","Kopf","Artikel"\r\n"7","2021-03-04","River falls","Rain fell."\r\n'),
        ("a.jsonl", json.dumps({"Nr": "7", "Wann": "2021-03-04", "Kopf": "River falls", "Artikel": "Rain fell."})),
    ],
    ids=["comma", "tab", "semicolon", "excel", "json-lines"],
)
def test_columns_are_named_by_options(tmp_path: Path, name: str, content: str) -> None:
    reading = Reading(id_column="Nr", text_column="Artikel", title_column="Kopf", date_column="Wann")
    (found,) = all_of(put(tmp_path / name, content), reading)
    assert (found.id, found.text, found.title, found.date) == ("7", "Rain fell.", "River falls", "2021-03-04")


def test_a_column_that_was_named_and_is_not_there_is_told(tmp_path: Path) -> None:
    (error,) = errors_of(put(tmp_path / "a.csv", "id,text\n1,Rain fell.\n"), Reading(title_column="Kopf"))
    assert "has no column 'Kopf'; there are 'id', 'text'" in error


def test_a_record_without_the_named_field_is_told_what_it_has(tmp_path: Path) -> None:
    (error,) = errors_of(put(tmp_path / "a.jsonl", '{"id": "a", "body": "Rain fell."}'), Reading(text_column="corpo"))
    assert "its text in 'corpo'; it has 'id', 'body'" in error


def test_records_of_other_newsrooms_are_read_by_the_usual_names(tmp_path: Path) -> None:
    row = {"GUID": "a", "Headline": "T", "body": "Rain fell.", "pubDate": "Thu, 04 Mar 2021 23:30:00 -0500", "link": "https://a.example/1"}
    (found,) = all_of(put(tmp_path / "a.jsonl", json.dumps(row)))
    assert (found.id, about(found)) == ("a", ("T", "2021-03-04", None, "https://a.example/1"))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2021-03-04", "2021-03-04"),
        ("2021-03-04T23:30:00-05:00", "2021-03-04"),
        ("20210304", "2021-03-04"),
        ("Thu, 04 Mar 2021 23:30:00 -0500", "2021-03-04"),
        ("March 4, 2021", "2021-03-04"),
        ("Thursday, March 4th, 2021, 10:30 am", "2021-03-04"),
        ("4 Sept. 2021", "2021-09-04"),
        ("31 February 2021", None),
        ("03/04/2021", None),
        ("March 2021", None),
        ("March 4, 2021 or so", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_a_day_is_taken_only_where_it_is_one(text: str, day: str | None) -> None:
    assert day_of(text) == day


@given(st.text())
def test_no_text_breaks_the_reader_of_days(text: str) -> None:
    day_of(text)


def test_a_ragged_row_costs_only_itself(tmp_path: Path) -> None:
    path = put(tmp_path / "a.csv", "id,text\n1,Rain fell.\n2,Snow fell.,twice\n3\n4,Hail fell.\n")
    first, wide, narrow, last = read([path])
    assert isinstance(first, Document) and isinstance(last, Document)
    assert f"{path}:3: has 3 cells, and the header has 2" in str(wide)
    assert f"{path}:4: has 1 cells" in str(narrow)


def test_a_long_cell_is_read(tmp_path: Path) -> None:
    (found,) = all_of(put(tmp_path / "a.csv", f"id,text\n1,{'a' * 200_000}\n"))
    assert len(found.text) == 200_000


def test_a_byte_that_is_not_utf_8_costs_only_its_record(tmp_path: Path) -> None:
    good = b'{"id": "a", "text": "Rain fell."}\n'
    path = put(tmp_path / "a.jsonl", good + b'{"id": "b", "text": "Nu\xf1ez"}\n' + good)
    first, error, last = read([path])
    assert isinstance(first, Document) and isinstance(last, Document)
    assert f"{path}:2: is not UTF-8 text (byte 0xf1" in str(error)


def test_records_in_another_character_set_are_read_when_it_is_said(tmp_path: Path) -> None:
    path = put(tmp_path / "a.jsonl", '{"id": "a", "text": "Núñez"}'.encode("cp1252"))
    assert [found.text for found in all_of(path, Reading(charset="windows-1252"))] == ["Núñez"]


def test_records_as_utf_16_are_read(tmp_path: Path) -> None:
    path = put(tmp_path / "a.jsonl", '{"id": "a", "text": "Núñez"}\n'.encode("utf-16"))
    assert [found.text for found in all_of(path)] == ["Núñez"]


@pytest.mark.parametrize("name", ["a.jsonl", "a.json", "a.csv"])
def test_a_character_set_that_is_said_leaves_records_alone_that_are_utf_8(tmp_path: Path, name: str) -> None:
    rows = [json.dumps({"id": id_, "text": "“Núñez”"}, ensure_ascii=False) for id_ in "ab"]
    lines = {"a.jsonl": rows, "a.json": [f"[{rows[0]},", f"{rows[1]}]"], "a.csv": ["id,text", "a,“Núñez”", "b,“Núñez”"]}[name]
    path = put(tmp_path / name, b"\n".join([*(line.encode() for line in lines[:-1]), lines[-1].encode("cp1252")]))
    assert [found.text for found in all_of(path, Reading(charset="windows-1252"))] == ["“Núñez”"] * 2


def test_records_in_a_character_set_of_two_bytes_are_read_when_it_is_said(tmp_path: Path) -> None:
    path = put(tmp_path / "a.jsonl", '{"id": "a", "text": "表が十。"}'.encode("cp932"))
    assert [found.text for found in all_of(path, Reading(charset="shift_jis"))] == ["表が十。"]


@pytest.mark.parametrize(
    ("author", "told"),
    [
        ("A", "A"),
        (["A", "B"], "A; B"),
        ([{"name": "A"}, "B"], "A; B"),
        ({"name": "A"}, "A"),
        ([], None),
        ([7, {"first": "A"}], None),
        (7, None),
    ],
)
def test_who_wrote_a_record_is_taken_in_the_forms_that_records_have(author: object, told: str | None) -> None:
    found = document("a", {"id": "a", "text": "Rain fell.", "author": author})
    assert isinstance(found, Document) and found.author == told


def test_of_very_many_errors_of_a_file_the_others_are_counted(tmp_path: Path) -> None:
    path, other = put(tmp_path / "a.jsonl", "x\n" * (ERRORS + 5) + '{"id": "a", "text": "Rain fell."}\n'), put(tmp_path / "b.jsonl", "x\n")
    *named, good, counted, last = read([path, other])
    assert len(named) == ERRORS and isinstance(good, Document)
    assert str(counted).startswith(f"{path}: holds 5 more that cannot be read") and str(last).startswith(f"{other}:1: ")


def test_a_quote_that_is_never_closed_does_not_hold_the_rest_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.corpus.tables.RECORD", 1000)
    path = put(tmp_path / "a.csv", 'id,text\n1,Rain fell.\n2,"' + '","\n' * 5000)
    first, error = read([path])
    assert isinstance(first, Document) and "is too large for one row" in str(error)


def test_a_table_of_too_many_columns_is_told(tmp_path: Path) -> None:
    assert "has 20,002 columns" in errors_of(put(tmp_path / "a.csv", "id,text" + ",x" * 20_000))[0]


def test_a_list_that_breaks_off_gives_the_records_before_the_break(tmp_path: Path) -> None:
    good = '{"id": "a", "text": "Rain fell."}'
    *documents, error = read([put(tmp_path / "a.json", f'[{good}, {good}, {{"id": "b", "te')])
    assert [found.id for found in documents if isinstance(found, Document)] == ["a", "a"]
    assert isinstance(error, InputError) and "a.json: is not JSON" in error.problem


@given(
    st.lists(st.dictionaries(st.text(max_size=4), st.integers() | st.text(max_size=9) | st.floats(allow_nan=False), max_size=3), max_size=9)
)
@settings(max_examples=40, deadline=None)
def test_a_list_is_read_as_json_reads_it(tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, object]]) -> None:
    path = put(tmp_path_factory.mktemp("lists") / "a.json", json.dumps(rows, indent=1))
    found = [value for _, value in records([path])]
    assert [value for value in found if not isinstance(value, InputError)] == rows


def test_a_large_list_is_read_piece_by_piece(tmp_path: Path) -> None:
    row = json.dumps({"id": "a", "text": "The road is open. " * 2000})
    path = put(tmp_path / "a.json", "[" + ",\n".join([row] * 300) + "]")
    assert len(all_of(path)) == 300


def test_many_blank_lines_are_an_end(tmp_path: Path) -> None:
    path = put(tmp_path / "a.jsonl", '{"id": "a", "text": "Rain fell."}\n' + "\n" * (BLANK_LINES + 1))
    assert "blank lines; what follows is not read" in errors_of(path)[0]


def test_a_record_that_is_too_large_costs_only_itself(tmp_path: Path) -> None:
    good = '{"id": "a", "text": "Rain fell."}\n'
    path = put(tmp_path / "a.jsonl", good + "x" * (RECORD + 5) + "\n" + good)
    assert [type(found) for found in read([path])] == [Document, InputError, Document]


# ---------------------------------------------------------------- archives


GOOD = b"The road is open."
PACKED = {
    "a.zip": packed_zip(
        {"in/b.txt": GOOD, "in/.hidden": GOOD, "__MACOSX/in/b.txt": b"\0", "in/a.html": (DATA / "ferry.html").read_bytes()}
    ),
    "a.tar": packed_tar({"in/b.txt": GOOD, "in/.hidden": GOOD, "in/a.html": (DATA / "ferry.html").read_bytes()}),
}


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.zip", PACKED["a.zip"]),
        ("a.tar", PACKED["a.tar"]),
        ("a.tar.gz", gzip.compress(PACKED["a.tar"])),
        ("a.tgz", gzip.compress(PACKED["a.tar"])),
        ("a.tar.bz2", bz2.compress(PACKED["a.tar"])),
        ("a.tar.xz", lzma.compress(PACKED["a.tar"])),
        ("a.zip.gz", gzip.compress(PACKED["a.zip"])),
        ("nameless", gzip.compress(PACKED["a.tar"])),
    ],
)
def test_an_archive_is_read_in_its_order_without_hidden_files(tmp_path: Path, name: str, data: bytes) -> None:
    road, ferry = all_of(put(tmp_path / name, data))
    assert (road.id, road.text) == ("b", GOOD.decode())
    assert (ferry.id, ferry.text) == ("a", FERRY)


@pytest.mark.parametrize(("pack", "suffix"), [(gzip.compress, "gz"), (bz2.compress, "bz2"), (lzma.compress, "xz")])
def test_a_packed_article_is_called_without_its_packing(tmp_path: Path, pack: object, suffix: str) -> None:
    (found,) = all_of(put(tmp_path / f"flood.txt.{suffix}", pack(GOOD)))  # type: ignore[operator]
    assert (found.id, found.text) == ("flood", GOOD.decode())


def test_packed_parts_behind_each_other_are_one(tmp_path: Path) -> None:
    (found,) = all_of(put(tmp_path / "a.txt.gz", gzip.compress(GOOD) + gzip.compress(b" Rain fell.") + b"\0" * 100))
    assert found.text == "The road is open. Rain fell."


def test_a_member_is_named_with_its_path_in_the_archive(tmp_path: Path) -> None:
    path = put(tmp_path / "a.tar.gz", gzip.compress(packed_tar({"in/b.zip": packed_zip({"c.txt": b"\0"})})))
    ((where, error),) = sourced([path])
    assert isinstance(error, InputError)
    assert error.problem.startswith(f"{path} » in/b.zip » c.txt: ")
    assert where == f"{path} » in/b.zip » c.txt"


def test_two_members_of_the_same_name_stay_apart(tmp_path: Path) -> None:
    path = put(tmp_path / "a.zip", packed_zip({"x/a.txt": GOOD, "y/a.txt": b"Rain fell."}))
    assert [where for where, _ in sourced([path])] == [f"{path} » x/a.txt", f"{path} » y/a.txt"]


def test_names_that_lead_elsewhere_are_names_only(tmp_path: Path) -> None:
    path = put(tmp_path / "in/a.tar", packed_tar({"../../evil.txt": GOOD, "/tmp/evil.txt": b"Rain fell."}))
    assert [found.id for found in all_of(path)] == ["evil", "evil"]
    assert sorted(found.name for found in tmp_path.rglob("*")) == ["a.tar", "in"]


@pytest.mark.parametrize("name", ["a.tar", "a.zip"])
def test_a_damaged_member_costs_only_itself(tmp_path: Path, name: str) -> None:
    members = {"a.txt": b"\0\1\2", "b.txt": GOOD}
    path = put(tmp_path / name, packed_tar(members) if name == "a.tar" else packed_zip(members))
    error, found = read([path])
    assert isinstance(error, InputError) and isinstance(found, Document)


def test_a_damaged_header_costs_only_its_member(tmp_path: Path) -> None:
    data = bytearray(packed_tar({"a.txt": b"Rain fell.", "b.txt": GOOD}))
    data[150] ^= 255
    error, found = read([put(tmp_path / "a.tar", bytes(data))])
    assert isinstance(error, InputError) and isinstance(found, Document) and found.id == "b"


def test_long_names_are_whole(tmp_path: Path) -> None:
    path = put(tmp_path / "a.tar", packed_tar({f"{'d' * 200}/{'e' * 120}.txt": GOOD}))
    assert [found.id for found in all_of(path)] == ["e" * 120]


def test_a_broken_record_of_a_crawl_costs_only_itself(tmp_path: Path) -> None:
    crawl = (DATA / "crawl.warc").read_bytes()
    at = crawl.index(b"Content-Length: ", crawl.index(b"WARC-Type: response")) + 16
    path = put(tmp_path / "a.warc", crawl[:at] + b"9" + crawl[at:])
    assert [type(found) for found in read([path])] == [InputError, Document]


def test_a_damaged_part_of_a_packed_crawl_costs_only_itself(tmp_path: Path) -> None:
    crawl = bytearray((DATA / "crawl.warc.gz").read_bytes())
    starts = [at for at in range(len(crawl)) if crawl.startswith(b"\x1f\x8b\x08", at)]
    crawl[starts[2] + 400] ^= 255
    assert [type(found) for found in read([put(tmp_path / "a.warc.gz", bytes(crawl))])] == [InputError, Document]


def crawled(http: bytes, *more: bytes) -> bytes:
    """A WARC file of one answer."""
    head = (b"WARC/1.1", b"WARC-Type: response", b"WARC-Target-URI: https://gazette.example/1", b"Content-Type: application/http", *more)
    return b"\r\n".join([*head, b"Content-Length: %d" % len(http), b"", http, b"", b""])


def answered(body: bytes, *headers: bytes) -> bytes:
    return b"\r\n".join([b"HTTP/1.1 200 OK", b"Content-Type: text/html", *headers, b"", body])


FERRY_PAGE = (DATA / "ferry.html").read_bytes()
IN_CHUNKS = b"%x\r\n%s\r\n0\r\n\r\n" % (len(FERRY_PAGE), FERRY_PAGE)


@pytest.mark.parametrize(
    "http",
    [
        answered(FERRY_PAGE),
        answered(gzip.compress(FERRY_PAGE), b"Content-Encoding: gzip"),
        answered(zlib.compress(FERRY_PAGE), b"Content-Encoding: deflate"),
        answered(brotli.compress(FERRY_PAGE), b"Content-Encoding: br"),
        answered(IN_CHUNKS, b"Transfer-Encoding: chunked"),
        answered(FERRY_PAGE, b"Content-Encoding: gzip", b"Transfer-Encoding: chunked"),
        answered(FERRY_PAGE, b"Content-Encoding: br"),
    ],
    ids=["bare", "gzip", "deflate", "brotli", "chunks", "unpacked by the crawler", "unpacked brotli"],
)
def test_an_answer_is_read_however_a_crawler_stored_it(tmp_path: Path, http: bytes) -> None:
    assert [found.text for found in all_of(put(tmp_path / "a.warc", crawled(http)))] == [FERRY]


@pytest.mark.parametrize(
    ("record", "says"),
    [
        (crawled(answered(gzip.compress(FERRY_PAGE)[:-900], b"Content-Encoding: gzip")), "a page that is cut short (gzip)"),
        (crawled(answered(brotli.compress(FERRY_PAGE)[:-300], b"Content-Encoding: br")), "a page that is cut short (br)"),
        (crawled(answered(IN_CHUNKS[:-900], b"Transfer-Encoding: chunked")), "its last chunk is missing"),
        (crawled(answered(FERRY_PAGE[:-900]), b"WARC-Truncated: length"), "a page that its crawler cut short (length)"),
    ],
    ids=["gzip", "brotli", "chunks", "crawler"],
)
def test_half_a_page_is_never_taken_for_the_whole(tmp_path: Path, record: bytes, says: str) -> None:
    assert says in errors_of(put(tmp_path / "a.warc", record))[0]


# ---------------------------------------------------------------- character sets


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("“It’s over” – José paid £3 million…".encode("cp1252"), "“It’s over” – José paid £3 million…"),
        ("The road is open.".encode("utf-16-le"), "The road is open."),
        ("The road is open.".encode("utf-16-be"), "The road is open."),
        ("The road is open.".encode("utf-16"), "The road is open."),
        ("The road is open.".encode("utf-32"), "The road is open."),
        ("Núñez".encode(), "Núñez"),
    ],
    ids=["windows", "utf-16-le", "utf-16-be", "utf-16", "utf-32", "utf-8"],
)
def test_bytes_are_decoded_where_no_doubt_is_left(data: bytes, text: str) -> None:
    assert decoded("a", data) == text


@pytest.mark.parametrize("codec", ["cp1252", "cp1250", "mac_roman", "cp850", "cp1251", "koi8-r", "shift_jis", "gb18030"])
@pytest.mark.parametrize("text", ["“Mr Núñez said.”", "Mr Dvořák, said Köln’s mayor.", "Мэр сказала.", "橋が開いた。"], ids=ascii)
def test_a_wrong_guess_never_becomes_a_quotation(codec: str, text: str) -> None:
    try:
        data = text.encode(codec)
    except UnicodeEncodeError:
        return
    try:
        found = decoded("a", data)
    except InputError as error:
        assert "--charset" in error.mend
    else:
        assert found == text


@pytest.mark.parametrize("declared", ["iso-8859-1", "ISO_8859-1", "latin1", "us-ascii", "windows-1252", "'cp1252'"])
def test_a_declared_character_set_means_what_browsers_take_it_for(declared: str) -> None:
    assert decoded("a", "“Núñez”".encode("cp1252"), declared) == "“Núñez”"


@pytest.mark.parametrize("declared", ["punycode", "rot13", "zlib", "unicode_escape", "klingon", "\0", "utf-8"])
def test_a_declared_character_set_that_is_none_or_wrong_is_passed_over(declared: str) -> None:
    with pytest.raises(InputError, match="byte 0xfa"):
        decoded("a", "Núñez".encode("cp1252"), declared)


@pytest.mark.parametrize("declared", ["utf-16", "utf-16le", "utf-32", "iso-8859-1", "windows-1251"])
def test_utf_8_is_read_as_such_whatever_a_page_declares_of_itself(declared: str) -> None:
    assert decoded("a", "The road to Ærø is open.".encode(), declared) == "The road to Ærø is open."


def test_a_coding_of_two_bytes_that_is_declared_goes_before_utf_8_by_chance() -> None:
    assert decoded("a", "联通".encode("gb18030"), "gb2312") == "联通"


def test_a_lost_character_of_a_long_page_is_marked_and_does_not_cost_the_page() -> None:
    assert decoded("a", b"a" * 5000 + b"\xf1" + b"b" * 5000, "utf-8") == "a" * 5000 + "\ufffd" + "b" * 5000


def test_a_character_set_that_does_not_exist_is_told_at_once() -> None:
    with pytest.raises(InputError, match="there is no character set 'klingon'"):
        Reading(charset="klingon")


# ---------------------------------------------------------------- languages


@pytest.mark.parametrize("name", sorted(OTHER_LANGUAGES))
def test_an_article_in_another_language_is_told_and_not_read(tmp_path: Path, name: str) -> None:
    (error,) = errors_of(put(tmp_path / "a.txt", OTHER_LANGUAGES[name]))
    assert "is in another language" in error and "'en'" in error


@pytest.mark.parametrize("name", sorted(OTHER_LANGUAGES))
def test_an_article_in_another_language_is_read_where_any_is(tmp_path: Path, name: str) -> None:
    assert all_of(put(tmp_path / "a.txt", OTHER_LANGUAGES[name]), Reading(language=None))[0].text == OTHER_LANGUAGES[name]


@pytest.mark.parametrize(
    "text", ["Bonjour.", "Łódź", "é" * LONGEST, "橋が開いた。", "Kuala Lumpur, Ouagadougou, Antananarivo. " * 20, "7 " * 500]
)
def test_a_text_that_cannot_be_told_is_read(tmp_path: Path, text: str) -> None:
    assert len(all_of(put(tmp_path / "a.txt", text))) == 1


def test_what_a_record_says_of_its_language_goes_before_what_is_found() -> None:
    row = {"id": "a", "text": OTHER_LANGUAGES["german"], "language": "en-GB"}
    found = document("a", row)
    assert isinstance(found, Document) and found.language == "en-GB"


def test_a_record_that_says_that_it_is_in_another_language_is_not_read() -> None:
    found = document("a", {"id": "a", "text": "The road is open.", "language": "de-AT"})
    assert isinstance(found, InputError) and "says that it is in 'de-AT'" in found.problem


@given(st.text(max_size=400))
def test_no_text_breaks_the_teller_of_languages(text: str) -> None:
    told(text)


# ---------------------------------------------------------------- patterns, standard input


def test_a_pattern_is_read_in_name_order(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt", "sub/c.txt", "d.md"):
        put(tmp_path / name, f"Rain in {name}.")
    assert [found.id for found in all_of(str(tmp_path / "**/*.txt"))] == ["a", "b", "c"]


def test_a_pattern_that_matches_nothing_is_told(tmp_path: Path) -> None:
    assert "*.html: nothing matches" in errors_of(str(tmp_path / "*.html"))[0]


def test_a_file_whose_name_looks_like_a_pattern_is_that_file(tmp_path: Path) -> None:
    put(tmp_path / "a[1].txt", "Rain fell.")
    put(tmp_path / "a1.txt", "Snow fell.")
    assert [found.text for found in all_of(str(tmp_path / "a[1].txt"))] == ["Rain fell."]


class Stdin:
    """Standard input as the reader takes it: its bytes."""

    def __init__(self, data: bytes) -> None:
        self.buffer = io.BytesIO(data)


@pytest.mark.parametrize("name", sorted(path.name for path in DATA.iterdir() if path.suffix not in {".md", ".tsv", ".wet"}))
def test_standard_input_may_be_of_any_kind(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(sys, "stdin", Stdin((DATA / name).read_bytes()))
    assert [found.text for found in all_of("-")] == [found.text for found in all_of(DATA / name)]


# ---------------------------------------------------------------- the web


PAGE = (DATA / "ferry.html").read_bytes()
PRIVATE = (
    "127.0.0.1",
    "10.1.2.3",
    "192.168.0.1",
    "169.254.169.254",
    "0.0.0.0",
    "::1",
    "fe80::1%eth0",
    "fc00::1",
    "::ffff:10.0.0.1",
    "64:ff9b::a00:1",
)


@dataclass
class Site:
    """A web server on this machine: what it answers to each path, and what it was asked."""

    port: int = 0
    answers: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    drip: float = 0.0

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"


@pytest.fixture
def site() -> Iterator[Site]:
    here = Site(answers={"/ferry": (200, {"Content-Type": "text/html"}, PAGE)})

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            here.asked.append(self.path)
            status, headers, body = here.answers.get(self.path, (404, {}, b""))
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            if here.drip and self.path != "/robots.txt":
                for byte in body:
                    self.wfile.write(bytes([byte]))
                    sleep(here.drip)
            else:
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            return

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            return  # a reader that gave up

    server = Server(("127.0.0.1", 0), Handler)
    here.port = server.server_port
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield here
    server.shutdown()
    thread.join()
    server.server_close()


FETCHING = Reading(fetch=True, pause=0.0)


def test_nothing_is_fetched_unless_it_is_said(site: Site) -> None:
    (error,) = errors_of(site.url("/ferry"))
    assert "is a web address, and nothing is fetched" in error and "--fetch" in error
    assert site.asked == []


def test_a_page_is_fetched_and_keeps_its_address(site: Site) -> None:
    (found,) = all_of(site.url("/ferry"), FETCHING)
    assert (found.id, found.text, found.date) == (site.url("/ferry"), FERRY, "2023-05-17")
    assert site.asked == ["/robots.txt", "/ferry"]


def test_a_list_of_addresses_is_fetched_in_its_order_and_robots_txt_once(site: Site, tmp_path: Path) -> None:
    site.answers["/lake"] = (200, {"Content-Type": "text/plain; charset=utf-8"}, (DATA / "lake.txt").read_bytes())
    path = put(tmp_path / "urls.txt", f"{site.url('/lake')}\n\n{site.url('/gone')}\n")
    ferry, lake, gone = read([site.url("/ferry"), path], FETCHING)
    assert isinstance(ferry, Document) and isinstance(lake, Document) and isinstance(gone, InputError)
    assert "the server answers 404" in gone.problem
    assert site.asked == ["/robots.txt", "/ferry", "/lake", "/gone"]


def test_a_list_of_addresses_cannot_lead_to_a_private_one(site: Site, tmp_path: Path) -> None:
    (error,) = errors_of(put(tmp_path / "urls.txt", site.url("/ferry")), FETCHING)
    assert "is a private address" in error
    assert site.asked == []


def test_a_fetched_list_of_addresses_is_not_followed(site: Site) -> None:
    site.answers["/list"] = (200, {"Content-Type": "text/plain"}, site.url("/ferry").encode())
    assert errors_of(site.url("/list"), FETCHING)
    assert "/ferry" not in site.asked


@pytest.mark.parametrize("pack", [lambda data: packed_zip({"urls.txt": data}), gzip.compress], ids=["zip", "gzip"])
def test_a_list_of_addresses_within_something_else_is_not_followed(site: Site, tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    path = put(tmp_path / "packed", pack(site.url("/ferry").encode()))
    assert "is a list of web addresses within something else" in errors_of(path, FETCHING)[0]
    assert site.asked == []


def test_a_server_that_is_not_there_is_told_as_such() -> None:
    assert "robots.txt of its site cannot be read (the server does not answer" in errors_of("http://127.0.0.1:1/a", FETCHING)[0]


def test_a_redirect_is_followed_and_named(site: Site) -> None:
    site.answers["/old"] = (301, {"Location": "/ferry"}, b"")
    assert [found.id for found in all_of(site.url("/old"), FETCHING)] == [site.url("/ferry")]


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/a", "gopher://127.0.0.1/", "http://", "http://[::1", "//"])
def test_a_redirect_leads_only_to_web_addresses(site: Site, target: str) -> None:
    site.answers["/old"] = (302, {"Location": target}, b"")
    assert len(errors_of(site.url("/old"), FETCHING)) == 1


def test_a_redirect_cannot_lead_to_a_private_address_that_nobody_named(site: Site) -> None:
    site.answers["/old"] = (302, {"Location": f"http://localhost:{site.port}/ferry"}, b"")
    (error,) = errors_of(site.url("/old"), FETCHING)
    assert "leads to 'localhost', which is a private address" in error
    assert "/ferry" not in site.asked


def test_redirects_in_a_circle_come_to_an_end(site: Site) -> None:
    site.answers["/round"] = (302, {"Location": "/round"}, b"")
    assert "redirected more than" in errors_of(site.url("/round"), FETCHING)[0]


def test_what_robots_txt_forbids_is_not_fetched(site: Site) -> None:
    site.answers["/robots.txt"] = (200, {}, b"User-agent: *\nDisallow: /fer*\n")
    assert "robots.txt" in errors_of(site.url("/ferry"), FETCHING)[0]
    assert site.asked == ["/robots.txt"]


def test_a_site_whose_robots_txt_fails_is_left_alone(site: Site) -> None:
    site.answers["/robots.txt"] = (503, {}, b"")
    assert "robots.txt" in errors_of(site.url("/ferry"), FETCHING)[0]


def test_two_pages_of_one_host_are_fetched_with_a_pause(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr("kg.corpus.fetching.sleep", pauses.append)
    all_of(site.url("/ferry"), Reading(fetch=True, pause=7.0))
    assert pauses[0] == 0.0 and 6.0 < pauses[1] <= 7.0


def test_a_site_that_asks_for_very_long_pauses_is_told(site: Site) -> None:
    site.answers["/robots.txt"] = (200, {}, b"User-agent: *\nCrawl-delay: 3600\n")
    assert "asks for 3,600 seconds between two pages" in errors_of(site.url("/ferry"), FETCHING)[0]


def test_an_answer_that_is_too_large_is_told(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.corpus.fetching.FETCHED", 1000)
    assert "is too large (more than 1,000 bytes)" in errors_of(site.url("/ferry"), FETCHING)[0]


def test_an_answer_that_is_cut_short_is_told(site: Site) -> None:
    site.answers["/ferry"] = (200, {"Content-Length": str(len(PAGE) + 50), "Connection": "close"}, PAGE)
    assert "cut short" in errors_of(site.url("/ferry"), FETCHING)[0]


def test_a_server_that_takes_too_long_is_given_up(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.corpus.fetching.FETCH_SECONDS", 0.2)

    class Slow(dict[str, tuple[int, dict[str, str], bytes]]):
        def get(self, *_: object) -> tuple[int, dict[str, str], bytes]:  # type: ignore[override]
            sleep(0.6)
            return 200, {}, PAGE

    site.answers = Slow()
    assert "robots.txt" in errors_of(site.url("/ferry"), FETCHING)[0]


def test_a_server_that_drips_is_given_up(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.corpus.fetching.FETCH_SECONDS", 0.3)
    site.drip = 0.02
    assert "took more than 0 seconds" in errors_of(site.url("/ferry"), FETCHING)[0]


@pytest.mark.parametrize(
    "headers",
    [{f"X-{number}": "x" for number in range(200)}, {"X": "x" * 70_000}, {"Content-Length": "many"}, {"Transfer-Encoding": "chunked"}],
    ids=["many", "long", "no length", "no chunks"],
)
def test_an_answer_that_breaks_the_rules_gives_an_article_or_an_error(site: Site, headers: dict[str, str]) -> None:
    site.answers["/ferry"] = (200, {**headers, "Connection": "close"}, PAGE)
    assert len(list(read([site.url("/ferry")], FETCHING))) == 1


def test_an_answer_that_unpacks_to_very_much_is_told(site: Site) -> None:
    site.answers["/bomb"] = (200, {}, gzip.compress(bytes(10_000_000)) * 8)
    assert len(errors_of(site.url("/bomb"), FETCHING)) == 1


@pytest.mark.parametrize("address", PRIVATE)
def test_a_private_address_is_known_in_every_form(address: str) -> None:
    assert not _is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"])
def test_a_public_address_is_one(address: str) -> None:
    assert _is_public(address)


@pytest.mark.parametrize(
    ("rules", "path", "allowed"),
    [
        ("", "/a", True),
        ("User-agent: *\nDisallow:", "/a", True),
        ("User-agent: *\nDisallow: /", "/a", False),
        ("User-agent: *\nDisallow: /\nAllow: /news/", "/news/1", True),
        ("User-agent: *\nDisallow: /*.pdf$", "/a/b.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/a/b.pdf?x", True),
        ("User-agent: *\nDisallow: /a*c*e", "/abcde", False),
        ("User-agent: other\nUser-agent: newskg\nDisallow: /x\n\nUser-agent: *\nDisallow: /", "/a", True),
        ("User-agent: other\nDisallow: /", "/a", True),
        ("User-agent: NewsKG\nDisallow: /a", "/a", False),
        ("User-agent: *\nDisallow: /caf%C3%A9", "/café", False),
        ("User-agent: *\nDisallow: /a # not b\nnonsense\n", "/a", False),
        ("User-agent: *\nAllow: /a\nDisallow: /a", "/a", True),
    ],
)
def test_robots_txt_is_read_as_its_standard_has_it(site: Site, rules: str, path: str, allowed: bool) -> None:
    site.answers["/robots.txt"] = (200, {}, rules.encode())
    errors = errors_of(site.url(path), FETCHING)
    assert ["robots.txt" in error for error in errors] == [not allowed]
    assert site.asked[1:] == ([quote(path, safe="/?")] if allowed else [])


@pytest.mark.parametrize(
    "rules",
    [b"\0\xff\xfe", b"User-agent: *\nDisallow: %zz%\xff", b"User-agent: *\nCrawl-delay: nan\nRequest-rate: 1/0", b"Disallow: /\n" * 9000],
)
def test_a_robots_txt_that_is_none_allows_all(site: Site, rules: bytes) -> None:
    site.answers["/robots.txt"] = (200, {}, rules)
    assert len(all_of(site.url("/ferry"), FETCHING)) == 1


def test_a_robots_txt_that_begins_with_a_byte_order_mark_is_obeyed(site: Site) -> None:
    site.answers["/robots.txt"] = (200, {}, "\ufeffUser-agent: *\nDisallow: /".encode())
    assert "robots.txt" in errors_of(site.url("/ferry"), FETCHING)[0]


# ---------------------------------------------------------------- the command line


def kg(*words: str | Path, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words], input=stdin, catch_exceptions=False)


def rows_of(run: Result) -> list[dict[str, object]]:
    return [json.loads(line) for line in run.stdout.splitlines()]


@pytest.mark.model
def test_the_options_of_reading_reach_the_reader(tmp_path: Path) -> None:
    path = put(tmp_path / "a.csv", "Nr,Wann,Kopf,Artikel\n7,2021-03-04,Núñez falls,“It rained” said Ana Reyes.\n".encode("cp1252"))
    columns = ["--id-column", "Nr", "--text-column", "Artikel", "--title-column", "Kopf", "--date-column", "Wann"]
    (row,) = rows_of(kg("extract", path, *columns, "--charset", "windows-1252"))
    assert [row[key] for key in ("id", "title", "date", "text")] == ["7", "Núñez falls", "2021-03-04", "“It rained” said Ana Reyes."]


@pytest.mark.model
def test_standard_input_of_a_command_may_be_packed() -> None:
    run = kg("extract", "-", stdin=gzip.compress((DATA / "wire.rss").read_bytes()))
    assert [row["id"] for row in rows_of(run)] == ["https://wire.example/buses", "wire-4711"]


@pytest.mark.model
def test_a_language_that_is_read_stays_with_the_graph(tmp_path: Path) -> None:
    first, second = (put(tmp_path / f"{name}.txt", OTHER_LANGUAGES[name]) for name in ("german", "french"))
    assert kg("build", first, "-o", tmp_path / "out").exit_code == 1
    assert kg("build", first, "-o", tmp_path / "out", "--language", "any", "--workers", "1").exit_code == 0
    assert kg("build", second, "-o", tmp_path / "out", "--workers", "1").exit_code == 0
    run = kg("build", second, "-o", tmp_path / "out", "--language", "en", "--workers", "1")
    assert "is in another language ('fr')" in run.stderr
    assert json.loads((tmp_path / "out" / "report.json").read_text("utf-8"))["documents"] == 2


@pytest.mark.model
def test_what_is_fetched_is_asked_for_each_time(site: Site, tmp_path: Path) -> None:
    assert kg("build", "--fetch", "--pause", "0", site.url("/ferry"), "-o", tmp_path, "--workers", "1").exit_code == 0
    asked = list(site.asked)
    assert "nothing is fetched" in kg("build", site.url("/ferry"), "-o", tmp_path).stderr
    assert site.asked == asked == ["/robots.txt", "/ferry"]


@pytest.mark.parametrize("words", [["--charset", "klingon"], ["--language", "no language"], ["--pause", "-1"]], ids=" ".join)
def test_an_option_of_reading_that_makes_no_sense_is_told_before_anything_is_read(words: list[str]) -> None:
    run = kg("build", "missing.txt", *words)
    assert run.exit_code == 2 and words[0] in run.stderr and "missing.txt" not in run.stderr


@pytest.mark.parametrize("name", ["build", "watch", "extract", "evaluate"])
def test_every_command_that_reads_has_the_options_of_reading(name: str) -> None:
    options = {option for parameter in main.commands[name].params for option in parameter.opts}
    assert options >= {"--fetch", "--pause", "--language", "--charset", "--id-column", "--text-column", "--title-column", "--date-column"}


def test_of_very_many_inputs_that_fail_a_screen_tells(tmp_path: Path) -> None:
    for number in range(30):
        put(tmp_path / f"{number:02}.txt", b"\0")
    lines = kg("build", tmp_path, "-o", tmp_path / "out").stderr.splitlines()
    assert [len(lines), lines[-2]] == [22, "Error: and 10 more"]
    assert lines[-1].startswith("Error: nothing could be read.")
