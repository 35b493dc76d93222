"""Reading: every article comes in untouched, and what cannot come in is named, with its mend, while the others go on."""

import io
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.corpus import LONGEST, read
from kg.errors import InputError
from kg.records import Document

NOBODY = 65534

RECORD = {
    "id": "flood-7",
    "text": "\ufeff  The river rose.\r\n\r\nIt fell on Sunday.\t\n",
    "title": "River “falls”",
    "date": "2021-03-04",
    "url": "https://news.example/flood?id=7&page=2",
    "publisher": "The Valley Post",
    "language": "en-GB",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def public() -> Iterator[Path]:
    """A folder that every user can reach."""
    path = Path(tempfile.mkdtemp())
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


@contextmanager
def somebody_else() -> Iterator[None]:
    """Do something without the rights of root."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(before)


def write(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def one(path: Path) -> Document:
    """The only thing that a path holds, which is a document."""
    (document,) = read([path])
    assert isinstance(document, Document), document
    return document


def refused(path: Path) -> InputError:
    """The only thing that a path holds, which is an error."""
    (error,) = read([path])
    assert isinstance(error, InputError), error
    return error


def record(**fields: object) -> str:
    return json.dumps({**RECORD, **fields})


# ---------------------------------------------------------------- texts


@pytest.mark.parametrize(
    "text",
    [
        "The road is open.",
        "\ufeffThe road is open.",
        "  two spaces before, a tab behind\t\n\n",
        "Windows\r\nline\r\nends",
        "old Mac\rline\rends",
        "São Tomé, Łódź, İzmir, 東京, دمشق, 🏟️",
        "e\u0301 is two code points and é one",
        "a no-break\u00a0space, a soft\u00adhyphen, a form\x0cfeed",
        "date 2020-02-30 on a day that never was",
    ],
    ids=ascii,
)
def test_a_text_is_kept_to_the_last_character(folder: Path, text: str) -> None:
    assert one(write(folder / "a.txt", text)).text == text


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters=[chr(n) for n in range(32) if n not in (9, 10, 12, 13)])))
def test_whatever_characters_a_text_has_it_is_kept_or_called_empty(folder: Path, text: str) -> None:
    (found,) = read([write(folder / "any.txt", text)])
    if text.removeprefix("\ufeff").strip():
        assert isinstance(found, Document) and found.text == text
    else:
        assert isinstance(found, InputError) and "empty" in found.problem


def test_the_digest_of_a_document_is_that_of_its_file(folder: Path) -> None:
    from hashlib import sha256

    path = write(folder / "a.txt", "\ufeffŁódź\r\n")
    assert one(path).sha256 == sha256(path.read_bytes()).hexdigest()


def test_an_article_is_called_after_its_file(folder: Path) -> None:
    assert one(write(folder / "2021-flood.final.txt", "Rain fell.")).id == "2021-flood.final"


def test_a_file_without_suffix_is_an_article(folder: Path) -> None:
    assert one(write(folder / "article", "Rain fell.")).text == "Rain fell."


@pytest.mark.parametrize("before", ["", "\ufeff", " ", "\n"], ids=ascii)
def test_the_date_line_of_a_text_dates_it(folder: Path, before: str) -> None:
    assert one(write(folder / "a.txt", f"{before}date 2022-11-08 Rain fell.")).date == "2022-11-08"


@pytest.mark.parametrize("text", ["date 2022-11-31 Rain fell.", "On date 2022-11-08 rain fell.", "date 2022-11-080 Rain.", "Rain fell."])
def test_a_date_is_never_invented(folder: Path, text: str) -> None:
    assert one(write(folder / "a.txt", text)).date is None


# ---------------------------------------------------------------- folders


def test_a_folder_is_read_to_its_depth_in_name_order(folder: Path) -> None:
    for name in ("b.txt", "a/z.txt", "a/b/c.txt", "c/1.txt", "B.txt"):
        write(folder / name, f"Rain in {name}.")
    assert [found.text for found in read([folder])] == [
        f"Rain in {name}." for name in ("B.txt", "a/b/c.txt", "a/z.txt", "b.txt", "c/1.txt")
    ]


def test_paths_are_read_in_the_order_given(folder: Path) -> None:
    late, early = write(folder / "z.txt", "Z."), write(folder / "a.txt", "A.")
    assert [found.text for found in read([late, early])] == ["Z.", "A."]


def test_hidden_files_and_folders_are_left_out(folder: Path) -> None:
    write(folder / ".DS_Store", b"\0\1")
    write(folder / ".git/config", "x")
    write(folder / "a.txt", "Rain fell.")
    assert [found.text for found in read([folder])] == ["Rain fell."]


def test_a_hidden_file_named_outright_is_read(folder: Path) -> None:
    assert one(write(folder / ".draft.txt", "Rain fell.")).text == "Rain fell."


@pytest.mark.parametrize("content", [[], [".DS_Store"]], ids=["nothing", "only-hidden"])
def test_an_empty_folder_is_told(folder: Path, content: list[str]) -> None:
    for name in content:
        write(folder / name, "x")
    assert "the folder is empty" in refused(folder).problem


def test_a_link_to_an_article_is_read(folder: Path) -> None:
    target = write(folder / "far/a.txt", "Rain fell.")
    (folder / "near").mkdir()
    (folder / "near/link.txt").symlink_to(target)
    assert one(folder / "near").id == "link"


def test_a_link_back_to_its_own_folder_does_not_read_articles_twice(folder: Path) -> None:
    write(folder / "in/a.txt", "Rain fell.")
    (folder / "in/again").symlink_to(folder, target_is_directory=True)
    found = list(read([folder]))
    assert [type(item) for item in found] == [Document, InputError]
    assert isinstance(found[1], InputError) and "link to a folder that it lies in" in found[1].problem


@pytest.mark.parametrize("target", ["loop.txt", "gone.txt"], ids=["to-itself", "to-nothing"])
def test_a_dead_link_is_told_and_its_neighbours_are_read(folder: Path, target: str) -> None:
    (folder / "loop.txt").symlink_to(folder / target)
    write(folder / "z.txt", "Rain fell.")
    error, document = read([folder])
    assert isinstance(error, InputError) and "loop.txt" in error.problem
    assert isinstance(document, Document)


def test_a_pipe_is_told_and_not_waited_for(folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    assert "neither a file nor a folder" in refused(folder).problem


# ---------------------------------------------------------------- what cannot be read


def test_a_build_does_not_read_what_the_last_one_wrote(tmp_path: Path) -> None:
    (tmp_path / "river.txt").write_text("The river rose.", "utf-8")
    written = tmp_path / "output"
    (written / "store").mkdir(parents=True)
    (written / "texts").mkdir()
    (written / "lock").write_text("", "utf-8")
    (written / "texts" / "abc.txt").write_text("The river rose.", "utf-8")
    assert [item.id for item in read([tmp_path]) if isinstance(item, Document)] == ["river"]


def test_an_article_with_a_stray_control_character_is_not_lost(tmp_path: Path) -> None:
    text = "The river rose in the night. " * 50 + "\x1bIt fell in the morning."
    (tmp_path / "river.txt").write_text(text, "utf-8")
    assert [item.text for item in read([tmp_path]) if isinstance(item, Document)] == [text]


@pytest.mark.parametrize(
    ("content", "says", "mend"),
    [
        (b"", "is empty", "Leave it out"),
        (b" \n\t\n", "is empty", "Leave it out"),
        (b"\xef\xbb\xbf", "is empty", "Leave it out"),
        ("Mr Nu\u00f1ez closed it.".encode("cp1252"), "byte 0xf1 at 5", "iconv -f WINDOWS-1252"),
        (b"Rain \xed\xa0\xbd fell", "byte 0xed at 5", "iconv"),
        ("Rain fell.".encode("utf-16")[:-1], "UTF-16", "UTF-8"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "looks binary", "plain text"),
        (b"PK\x03\x04 and more", "is not a zip that can be read", "unpack it"),
        (b"a PK\x03\x04 and more", "control character U+0003", "plain text"),
        (b"nothing but \0", "control character U+0000 at 12", "plain text"),
    ],
    ids=["empty", "blank", "only-bom", "windows", "surrogate-bytes", "utf-16", "png", "zip", "control", "zero"],
)
def test_a_file_that_is_no_text_is_named_with_its_mend(folder: Path, content: bytes, says: str, mend: str) -> None:
    error = refused(write(folder / "bad.txt", content))
    assert says in error.problem and "bad.txt" in error.problem
    assert mend in error.mend


@pytest.mark.parametrize("name", ["gone.txt", "no/such/folder", "x" * 300, "zero\0byte"], ids=["file", "folder", "too-long", "zero"])
def test_a_missing_path_is_named(folder: Path, name: str) -> None:
    assert ascii(name)[1:-1][:4] in refused(folder / name).problem


def test_a_text_of_30_megabytes_is_refused_before_it_is_read(folder: Path) -> None:
    path = folder / "huge.txt"
    with path.open("wb") as file:
        file.truncate(30_000_000)
    error = refused(path)
    assert "too long for one article (30,000,000 bytes" in error.problem
    assert error.mend == "Split it into articles."


def test_the_longest_article_is_read_and_one_character_more_is_not(folder: Path) -> None:
    assert len(one(write(folder / "a.txt", "é" * LONGEST)).text) == LONGEST
    assert f"{LONGEST + 1:,} characters" in refused(write(folder / "b.txt", "é" * (LONGEST + 1))).problem


def test_a_bad_file_does_not_cost_the_good_ones(folder: Path) -> None:
    write(folder / "a.txt", "A.")
    write(folder / "b.txt", b"\xff\0")
    write(folder / "c.jsonl", record(id="c1") + "\nnonsense\n" + record(id="c2"))
    write(folder / "d.txt", "D.")
    assert [found.id if isinstance(found, Document) else "error" for found in read([folder])] == ["a", "error", "c1", "error", "c2", "d"]


def test_a_file_without_permission_is_named_and_its_neighbours_are_read(public: Path) -> None:
    write(public / "a.txt", "A.").chmod(0)
    write(public / "b.txt", "B.").chmod(0o644)
    with somebody_else():
        error, document = read([public])
    assert isinstance(error, InputError) and "a.txt" in error.problem and "chmod" in error.mend
    assert isinstance(document, Document)


@pytest.mark.parametrize("mode", [0o000, 0o700, 0o444], ids=oct)
def test_a_folder_without_permission_is_named_and_its_neighbours_are_read(public: Path, mode: int) -> None:
    write(public / "shut/a.txt", "A.").chmod(0o644)
    write(public / "z.txt", "Z.").chmod(0o644)
    (public / "shut").chmod(mode if os.geteuid() == 0 else mode & 0o077)
    try:
        with somebody_else():
            error, document = read([public])
    finally:
        (public / "shut").chmod(0o755)
    assert isinstance(error, InputError) and "shut" in error.problem
    assert isinstance(document, Document)


def test_a_link_into_a_closed_folder_does_not_cost_its_neighbours(public: Path) -> None:
    write(public / "shut/in/a.txt", "A.")
    (public / "shut").chmod(0)
    (public / "open").mkdir()
    (public / "open/a").symlink_to(public / "shut/in")
    write(public / "open/b.txt", "B.").chmod(0o644)
    try:
        with somebody_else():
            error, document = read([public / "open"])
    finally:
        (public / "shut").chmod(0o755)
    assert isinstance(error, InputError)
    assert isinstance(document, Document)


def test_a_file_name_that_is_not_utf_8_gives_an_id_and_a_message_that_can_be_written(folder: Path) -> None:
    name = os.fsdecode(b"caf\xe9")
    assert one(write(folder / f"{name}.txt", "Rain fell.")).id == "caf\ufffd"
    refused(write(folder / f"{name}-2.txt", b"")).problem.encode()


# ---------------------------------------------------------------- records


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jsonl", record()),
        ("a.ndjson", record()),
        ("A.JSONL", record()),
        ("a.json", record()),
        ("a.json", f"[{record()}]"),
        ("a.json", json.dumps(RECORD, indent=2)),
        ("a.jsonl", "\ufeff" + record()),
        ("a.json", "\ufeff" + record()),
        ("a.jsonl", "\r\n" + record() + "\r\n"),
    ],
    ids=["jsonl", "ndjson", "capitals", "json", "list", "indented", "bom-jsonl", "bom-json", "crlf"],
)
def test_a_record_keeps_its_text_and_all_that_is_said_of_it(folder: Path, name: str, content: str) -> None:
    found = one(write(folder / name, content))
    assert {key: getattr(found, key) for key in RECORD} == RECORD


def test_records_come_in_file_order(folder: Path) -> None:
    path = write(folder / "a.jsonl", "\n".join(record(id=name) for name in "cab"))
    assert [found.id for found in read([path]) if isinstance(found, Document)] == ["c", "a", "b"]


def test_a_line_separator_inside_a_text_does_not_end_its_record(folder: Path) -> None:
    path = write(folder / "a.jsonl", json.dumps({"id": "a", "text": "one\u2028two\x85three"}, ensure_ascii=False))
    assert one(path).text == "one\u2028two\x85three"


@pytest.mark.parametrize("value", [None, ""], ids=["null", "empty"])
@pytest.mark.parametrize("key", ["title", "url", "publisher", "date"])
def test_what_a_record_leaves_open_stays_open(folder: Path, key: str, value: str | None) -> None:
    assert getattr(one(write(folder / "a.jsonl", record(**{key: value}))), key) is None


def test_a_record_without_language_is_english(folder: Path) -> None:
    assert one(write(folder / "a.jsonl", record(language=None))).language == "en"


def test_a_field_that_nobody_knows_is_no_reason_to_lose_an_article(folder: Path) -> None:
    assert one(write(folder / "a.jsonl", record(author={"name": "x"}, tags=[1]))).id == "flood-7"


@pytest.mark.parametrize("date", ["2021-03-04", "2021-03-04T23:30:00-05:00", "2021-03-04T23:30:00Z", "2021-03-04 23:30", " 2021-03-04 "])
def test_a_date_with_a_time_gives_its_day(folder: Path, date: str) -> None:
    assert one(write(folder / "a.jsonl", record(date=date))).date == "2021-03-04"


def test_the_date_of_a_record_goes_before_that_of_its_text(folder: Path) -> None:
    assert one(write(folder / "a.jsonl", record(text="date 1999-01-01 Rain fell."))).date == "2021-03-04"


def test_a_record_without_date_is_dated_by_its_text(folder: Path) -> None:
    assert one(write(folder / "a.jsonl", record(date=None, text="date 1999-01-01 Rain fell."))).date == "1999-01-01"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "is not JSON"),
        ("nonsense", "is not JSON"),
        ('{"id": "a"', "is not JSON"),
        ("[" * 100_000, "is not JSON that can be read"),
        ('{"id": "a", "text": "b", "n": ' + "9" * 5000 + "}", "is not JSON that can be read"),
        ("[]", "is not a record"),
        ("7", "is not a record"),
        ("null", "is not a record"),
        ('"text"', "is not a record"),
        ('{"id": "a"}', "is not a record"),
        ('{"text": "a"}', "is not a record"),
        ('{"id": 7, "text": "a"}', "is not a record"),
        ('{"id": "a", "text": ""}', "is not a record"),
        ('{"id": " ", "text": "a"}', "is not a record"),
        (record(title=7), "`title` is not text"),
        (record(language=["en"]), "`language` is not text"),
        (record(publisher={"name": "x"}), "`publisher` is not text"),
        (record(date=20210304), "`date` is not text"),
        (record(date="yesterday"), "`date` is 'yesterday'"),
        (record(date="2021-13-01"), "`date` is"),
        (record(date="2021-03-04 or so"), "`date` is"),
        (record(date="2021-03"), "`date` is"),
        (record(url="news.example/flood"), "`url` is"),
        (record(url="javascript:alert(1)"), "`url` is"),
        (record(url="https://"), "`url` is"),
        (record(url="https://a b.example"), "`url` is"),
        (record(url='https://a.example/"><script>'), "`url` is"),
        (record(url="https://a.example\n"), "`url` is"),
        (record(text="half a \ud83d pair"), "half a surrogate pair U+D83D at 7"),
        (record(title="half a \udc00 pair"), "`title`: is not plain text (half a surrogate pair"),
        (record(id="half a \udc00 pair"), "`id`: is not plain text (half a surrogate pair"),
        (record(text="a \0 b"), "control character U+0000"),
        (record(id="a\0b"), "`id`: is not plain text (control character U+0000"),
        (record(title="\x1b[31mred"), "`title`: is not plain text (control character U+001B"),
        (record(text="x" * (LONGEST + 1)), "too long"),
    ],
    ids=range(35),
)
def test_a_bad_record_is_named_with_its_line_and_the_others_go_on(folder: Path, line: str, says: str) -> None:
    path = write(folder / "many.jsonl", f"{record(id='before')}\n\n{line}\n{record(id='behind')}\n")
    before, error, behind = read([path])
    assert isinstance(before, Document) and isinstance(behind, Document)
    assert isinstance(error, InputError)
    assert "many.jsonl:3" in error.problem and says in error.problem
    assert error.mend
    str(error).encode()


def test_a_bad_record_of_a_list_is_named_with_its_place(folder: Path) -> None:
    good, error = read([write(folder / "a.json", f'[{record()}, {{"id": "x"}}]')])
    assert isinstance(good, Document)
    assert isinstance(error, InputError) and "a.json[1]: is not a record" in error.problem


@pytest.mark.parametrize(
    ("name", "content"), [("a.json", ""), ("a.json", "[]"), ("a.jsonl", "\n \n"), ("a.jsonl", "\ufeff"), ("a.json", " ")]
)
def test_a_file_without_records_is_told(folder: Path, name: str, content: str) -> None:
    assert "is empty" in refused(write(folder / name, content)).problem


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x))
)
def test_no_json_value_breaks_the_reader(folder: Path, value: object) -> None:
    found = list(read([write(folder / "any.json", json.dumps(value))]))
    assert found and all(isinstance(item, InputError) for item in found)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200), st.sampled_from(["x.txt", "x.json", "x.jsonl"]))
def test_no_bytes_break_the_reader(folder: Path, data: bytes, name: str) -> None:
    assert list(read([write(folder / name, data)]))


# ---------------------------------------------------------------- standard input


class Stdin:
    """Standard input as the reader takes it: its bytes."""

    def __init__(self, data: bytes) -> None:
        self.buffer = io.BytesIO(data)


@pytest.mark.parametrize(
    ("data", "ids"),
    [
        (b"Rain fell.", ["stdin"]),
        (record(id="a").encode() + b"\n" + record(id="b").encode(), ["a", "b"]),
        (b"\xef\xbb\xbf" + record(id="a").encode(), ["a"]),
    ],
    ids=["article", "records", "records-with-bom"],
)
def test_standard_input_is_an_article_or_records(monkeypatch: pytest.MonkeyPatch, data: bytes, ids: list[str]) -> None:
    monkeypatch.setattr(sys, "stdin", Stdin(data))
    assert [found.id for found in read(["-"]) if isinstance(found, Document)] == ids


@pytest.mark.parametrize("data", [b"", b"\xff", b"{"], ids=["empty", "bytes", "half-a-record"])
def test_bad_standard_input_is_called_by_that_name(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", Stdin(data))
    (error,) = read(["-"])
    assert isinstance(error, InputError) and error.problem.startswith("standard input")
