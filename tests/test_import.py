"""Any RDF comes back in, whole or not at all, and nothing is fetched from anywhere."""

import gzip
import io
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import town
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.cli import main
from kg.formats import Export, export
from kg.store import Store, published, rewrite
from kg.vocab import BASE, KG, Iri, Literal, Quad, iri

A, B = Iri("https://x.example/a"), Iri("https://x.example/b")
HOME = iri("graph", "import-list")


def kg(*words: str | Path, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words], input=stdin, catch_exceptions=False)


def stored(output: Path, quads: list[Quad]) -> Path:
    rewrite(output, {graph: [quad for quad in quads if quad[3] == graph] for graph in sorted({quad[3] for quad in quads})})
    return output


def written(store: Path, format: Export) -> bytes:
    out = io.BytesIO()
    with Store(store) as opened:
        export(opened, format, out)
    return out.getvalue()


def held(output: Path) -> list[Quad]:
    with Store(output) as opened:
        return list(opened.quads())


def file(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text, "utf-8", newline="")
    return folder / name


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return stored(tmp_path_factory.mktemp("town") / "output", town.quads())


TRIPLE = "<https://x.example/a> <https://w3id.org/newskg/ontology#rule> {} .\n"

# ---------------------------------------------------------------- there and back


@pytest.mark.parametrize("ending", ["nq", "trig", "jsonld", "nq.gz", "trig.gz", "jsonld.gz"])
def test_what_was_exported_comes_back_as_the_same_bytes(store, tmp_path, ending):
    kg("export", "--store", store, "-o", tmp_path / f"graph.{ending}")
    done = kg("import", tmp_path / f"graph.{ending}", "-o", tmp_path / "new")
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == f"{len(set(town.quads()))} quads in 4 graphs taken into {tmp_path / 'new'}\n"
    assert {format: written(tmp_path / "new", format) for format in Export} == {format: written(store, format) for format in Export}


@pytest.mark.model
@pytest.mark.parametrize("ending", ["nq", "trig", "jsonld"])
def test_the_seeds_come_back_as_the_same_bytes(seeds, tmp_path, ending):
    kg("export", "--store", seeds[0], "-o", tmp_path / f"graph.{ending}")
    assert kg("import", tmp_path / f"graph.{ending}", "-o", tmp_path / "new").exit_code == 0
    kg("export", "--store", tmp_path / "new", "-o", tmp_path / f"again.{ending}")
    assert (tmp_path / f"again.{ending}").read_bytes() == (tmp_path / f"graph.{ending}").read_bytes()


@pytest.mark.parametrize("ending", ["ttl", "nt", "rdf"])
def test_a_union_comes_back_as_one_graph_with_the_same_triples(store, tmp_path, ending):
    kg("export", "--store", store, "-o", tmp_path / f"list.{ending}")
    assert kg("import", tmp_path / f"list.{ending}", "-o", tmp_path / "new").exit_code == 0
    assert {quad[3] for quad in held(tmp_path / "new")} == {HOME}
    assert written(tmp_path / "new", Export.NTRIPLES) == written(store, Export.NTRIPLES)


@settings(max_examples=15, deadline=None)
@given(
    texts=st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=30), max_size=4),
    format=st.sampled_from(["nq", "trig", "jsonld"]),
)
def test_any_text_comes_back(tmp_path_factory, texts, format):
    folder = tmp_path_factory.mktemp("any")
    output = stored(folder / "old", [(A, KG.rule, Literal(text), HOME) for text in texts])
    kg("export", "--store", output, "-o", folder / f"graph.{format}")
    kg("import", folder / f"graph.{format}", "-o", folder / "new")
    assert (held(folder / "new") if texts else []) == held(output)


# ---------------------------------------------------------------- which graph


def test_triples_go_to_a_graph_named_after_the_file(tmp_path):
    kg("import", file(tmp_path, "Members of Parliament.2024.ttl", TRIPLE.format('"a"')), "-o", tmp_path / "new")
    assert held(tmp_path / "new") == [(A, KG.rule, Literal("a"), iri("graph", "import-members-of-parliament"))]


@pytest.mark.parametrize(("name", "graph"), [("mine", f"{BASE}graph/mine"), ("https://x.example/g", "https://x.example/g")])
def test_the_graph_of_triples_can_be_told(tmp_path, name, graph):
    kg("import", file(tmp_path, "a.ttl", TRIPLE.format('"a"')), "--graph", name, "-o", tmp_path / "new")
    assert [quad[3] for quad in held(tmp_path / "new")] == [graph]


def test_quads_keep_their_graph_whatever_is_told(tmp_path):
    source = file(tmp_path, "a.nq", f'<{A}> <{KG.rule}> "a" <https://x.example/g> .\n<{A}> <{KG.rule}> "b" .\n')
    kg("import", source, "--graph", "mine", "-o", tmp_path / "new")
    assert [(quad[2].text, quad[3]) for quad in held(tmp_path / "new")] == [("a", "https://x.example/g"), ("b", f"{BASE}graph/mine")]


def test_an_import_replaces_its_graphs_and_leaves_the_others(tmp_path):
    stored(tmp_path / "new", [(A, KG.rule, Literal("old"), HOME), (B, KG.rule, Literal("other"), iri("graph", "g"))])
    kg("import", file(tmp_path, "list.ttl", TRIPLE.format('"new"')), "-o", tmp_path / "new")
    assert held(tmp_path / "new") == [(A, KG.rule, Literal("new"), HOME), (B, KG.rule, Literal("other"), iri("graph", "g"))]


def test_files_of_one_graph_make_it_together(tmp_path):
    sources = [file(tmp_path, "a.ttl", TRIPLE.format('"a"')), file(tmp_path, "b.nt", TRIPLE.format('"b"'))]
    kg("import", *sources, "--graph", "both", "-o", tmp_path / "new")
    assert [quad[2].text for quad in held(tmp_path / "new")] == ["a", "b"]


def test_what_is_there_already_is_not_written_again(tmp_path):
    source = file(tmp_path, "list.ttl", TRIPLE.format('"a"'))
    kg("import", source, "-o", tmp_path / "new")
    before = published(tmp_path / "new")
    assert kg("import", source, "-o", tmp_path / "new").stderr == f"{tmp_path / 'new'} holds all of it already\n"
    assert published(tmp_path / "new") == before


# ---------------------------------------------------------------- blank nodes


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.ttl", f"<{A}> <{B}> [ <{B}> [ <{B}> 1 ] ] , _:x ."),
        ("a.trig", f"_:g {{ <{A}> <{B}> _:x }}"),
        ("a.jsonld", f'{{"@id": "{A}", "{B}": {{"{B}": {{"@list": ["a", "b"]}}}}}}'),
    ],
)
def test_blank_nodes_become_iris_that_are_the_same_at_every_import(tmp_path, name, text):
    source = file(tmp_path, name, text)
    kg("import", source, "-o", tmp_path / "one")
    kg("import", source, "-o", tmp_path / "two")
    assert held(tmp_path / "one") == held(tmp_path / "two")
    assert any(isinstance(term, Iri) and term.startswith("urn:kg:blank:") for quad in held(tmp_path / "one") for term in quad)


# ---------------------------------------------------------------- what is refused


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """Something that would hear of every connection."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


REMOTE = [
    '{"@context": "http://127.0.0.1:PORT/c.jsonld", "@id": "https://x.example/a", "name": "a"}',
    '{"@context": {"@import": "http://127.0.0.1:PORT/c.jsonld"}, "@id": "https://x.example/a"}',
    '[{"@id": "https://x.example/a", "@context": ["http://127.0.0.1:PORT/c.jsonld", {"@vocab": "https://x.example/"}]}]',
    '{"@context": {"t": {"@id": "https://x.example/t", "@context": "http://127.0.0.1:PORT/c.jsonld"}}, "t": {"@id": "https://x.example/a"}}',
]


@pytest.mark.parametrize("text", REMOTE)
def test_a_context_on_the_network_is_refused_and_nobody_is_contacted(tmp_path, listener, text):
    source = file(tmp_path, "a.jsonld", text.replace("PORT", str(listener.getsockname()[1])))
    done = kg("import", source, "-o", tmp_path / "new")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == (
        f"Error: {source} names a JSON-LD context on the network, and nothing is fetched. Put the context itself into the file.\n"
    )
    with pytest.raises(BlockingIOError):
        listener.accept()
    assert published(tmp_path / "new") is None


def test_an_entity_of_xml_is_not_fetched(tmp_path, listener):
    port = listener.getsockname()[1]
    text = f'<!DOCTYPE r [<!ENTITY e SYSTEM "http://127.0.0.1:{port}/e">]><r>&e;</r>'
    assert kg("import", file(tmp_path, "a.rdf", text), "-o", tmp_path / "new").exit_code == 1
    with pytest.raises(BlockingIOError):
        listener.accept()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.ttl", f"<{A}> <{B}> 1 .\n<{A}> <{B}> .\n"),
        ("a.nq", f'<{A}> <{B}> "1" .\n<{A}> <{B}> 1 .\n'),
        ("a.trig", f"<{A}> {{\n <{A}> <{B}> }} .\n"),
        ("a.jsonld", f'{{"@id": "{A}",\n "{B}": }}\n'),
        ("a.rdf", '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n<a>\n'),
    ],
)
def test_a_broken_file_is_named_with_its_line_and_nothing_is_changed(tmp_path, name, text):
    good = file(tmp_path, "good.ttl", TRIPLE.format('"new"'))
    stored(tmp_path / "new", [(A, KG.rule, Literal("old"), HOME)])
    done = kg("import", good, file(tmp_path, name, text), "-o", tmp_path / "new")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith(f"Error: {tmp_path / name} cannot be read: ")
    assert "line 2" in done.stderr or name == "a.rdf"
    assert held(tmp_path / "new") == [(A, KG.rule, Literal("old"), HOME)]


def test_a_file_that_is_not_there_is_named(tmp_path):
    done = kg("import", tmp_path / "none.ttl", "-o", tmp_path / "new")
    assert done.exit_code == 1
    assert done.stderr.startswith(f"Error: {tmp_path / 'none.ttl'} cannot be read: ")


@pytest.mark.parametrize("name", ["a.ttl.gz", "a.nq.gz"])
def test_a_file_that_only_looks_packed_is_named(tmp_path, name):
    done = kg("import", file(tmp_path, name, TRIPLE.format('"a"')), "-o", tmp_path / "new")
    assert done.exit_code == 1
    assert done.stderr.startswith(f"Error: {tmp_path / name} cannot be read: ")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["a.txt"], "nothing tells the format of a.txt. Say -f with one of ttl, trig, nq, nt, jsonld, rdfxml."),
        (["-"], "nothing tells the format of -"),
        (["a.graphml"], "a.graphml is graphml, which holds only a part of a graph. Import one of ttl"),
        (["a.ttl", "-f", "csv"], "a.ttl is csv, which holds only a part of a graph"),
        (["a.ttl", "-f", "xlsx"], "there is no format 'xlsx'. Choose one of "),
        (["a.ttl", "--graph", " "], "a graph needs a name"),
        ([], "Missing argument"),
    ],
)
def test_a_wrong_command_ends_with_2_and_says_why(tmp_path, monkeypatch, words, told):
    monkeypatch.chdir(tmp_path)
    done = kg("import", *words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert told in done.stderr


# ---------------------------------------------------------------- standard input and other names


@pytest.mark.parametrize(("format", "text"), [("ttl", TRIPLE.format('"a"')), ("jsonld", f'{{"@id": "{A}", "{KG.rule}": "a"}}')])
def test_a_graph_can_come_by_standard_input(tmp_path, format, text):
    done = kg("import", "-", "-f", format, "-o", tmp_path / "new", stdin=text)
    assert done.exit_code == 0
    assert held(tmp_path / "new") == [(A, KG.rule, Literal("a"), iri("graph", "import-stdin"))]


def test_what_is_broken_on_standard_input_is_called_so(tmp_path):
    done = kg("import", "-", "-f", "ttl", "-o", tmp_path / "new", stdin="<a")
    assert done.stderr.startswith("Error: standard input cannot be read: ")


def test_a_file_of_any_name_can_be_read_where_its_format_is_told(tmp_path):
    (tmp_path / "list.owl.gz").write_bytes(gzip.compress(TRIPLE.format('"a"').encode()))
    assert kg("import", tmp_path / "list.owl.gz", "-f", "turtle", "-o", tmp_path / "new").exit_code == 0
    assert held(tmp_path / "new") == [(A, KG.rule, Literal("a"), HOME)]


# ---------------------------------------------------------------- graphs that a build made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that was built from articles."""
    output = stored(tmp_path / "built", town.quads())
    (output / "extractions.sqlite").touch()
    return output


@pytest.mark.parametrize("graph", [town.KEY, "entities", "inferred", "tables", "authority", "corrections", "runs"])
def test_what_was_built_from_articles_is_not_overwritten(folder, tmp_path, graph):
    before = held(folder)
    done = kg("import", file(tmp_path, "a.ttl", TRIPLE.format('"a"')), "--graph", graph, "-o", folder)
    assert (done.exit_code, done.stdout) == (1, "")
    assert f"was built from articles, and the file says otherwise of <{BASE}graph/{graph}>" in done.stderr
    assert held(folder) == before


def test_what_was_built_may_come_back_as_it_is_with_something_new(folder, tmp_path):
    same = written(folder, Export.NQUADS).decode()
    source = file(tmp_path, "a.nq", f'{same}<{A}> <{KG.rule}> "a" <{HOME}> .\n')
    assert kg("import", source, "-o", folder).stderr == f"1 quad in 1 graph taken into {folder}\n"
    assert len(held(folder)) == len(set(town.quads())) + 1


def test_a_graph_beside_those_of_the_build_is_taken_in(folder, tmp_path):
    assert kg("import", file(tmp_path, "list.ttl", TRIPLE.format('"a"')), "-o", folder).exit_code == 0
    assert (A, KG.rule, Literal("a"), HOME) in held(folder)
