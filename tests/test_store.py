"""The graph on disk: what goes in comes out, whole, in order, for one writer at a time."""

import os
import subprocess
import sys

import pytest
import rdflib
import town
from hypothesis import given
from hypothesis import strategies as st
from rdflib.compare import isomorphic

from kg.errors import QueryError, StoreError
from kg.store import Blank, Format, Store, Table, Triples, parse, turtle
from kg.vocab import KG, RDF, XSD, Iri, Literal

G, H = Iri("https://newskg.example/graph/g"), Iri("https://newskg.example/graph/h")
A, B = Iri("https://newskg.example/actor/a"), Iri("https://newskg.example/actor/b")


def says(text, graph=G, subject=A):
    return subject, KG.rule, Literal(text), graph


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "output", writable=True) as opened:
        yield opened


@pytest.fixture(scope="module")
def town_store(tmp_path_factory):
    with Store(tmp_path_factory.mktemp("town"), writable=True) as opened:
        quads = town.quads()
        opened.replace_all({graph: [quad for quad in quads if quad[3] == graph] for graph in {quad[3] for quad in quads}})
        yield opened


# ---------------------------------------------------------------- replacing


def test_what_was_written_is_there_when_the_store_is_opened_again(tmp_path):
    with Store(tmp_path, writable=True) as store:
        store.replace(G, [says("one")])
    with Store(tmp_path) as store:
        assert list(store.quads()) == [says("one")]


def test_replacing_a_graph_forgets_what_it_held_and_leaves_the_others(store):
    store.replace_all({G: [says("old"), says("kept")], H: [says("other", H)]})
    store.replace(G, [says("kept"), says("new")])
    assert list(store.quads()) == [says("kept"), says("new"), says("other", H)]


def test_dropping_a_graph_takes_its_name_too(store):
    store.replace_all({G: [says("one")], H: [says("two", H)]})
    store.drop(G)
    assert store.graphs() == (H,)
    store.drop(G)
    assert len(store) == 1


def test_a_quad_of_another_graph_is_refused_and_nothing_is_written(store):
    store.replace(G, [says("one")])
    with pytest.raises(ValueError, match="belongs to"):
        store.replace(G, [says("two"), says("three", H)])
    assert list(store.quads()) == [says("one")]


def test_the_quads_of_one_graph_can_be_read_alone(store):
    store.replace_all({G: [says("one")], H: [says("two", H)]})
    assert list(store.quads(H)) == [says("two", H)]


@given(st.text())
def test_any_text_survives_replacement(town_store, text):
    town_store.replace(G, [says("before")])
    town_store.replace(G, [says(text)])
    assert list(town_store.quads(G)) == [says(text)]
    town_store.drop(G)


HOSTILE = ['"} } ; DROP ALL ; #', "\\u0022", "'''\"\"\"", "<a>", "\x00\r\n", "?x $y"]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_never_becomes_part_of_an_update(store, text):
    store.replace_all({G: [says(text)], H: [says("safe", H)]})
    assert list(store.quads()) == [says(text), says("safe", H)]


@pytest.mark.parametrize(
    "literal",
    [
        Literal("0.5", XSD.decimal),
        Literal("7", XSD.integer),
        Literal("true", XSD.boolean),
        Literal("2024-05-03", XSD.date),
        Literal("mañana", language="es"),
        Literal("https://x.example/?a=b c", XSD.anyURI),
        Literal(""),
    ],
)
def test_a_literal_in_canonical_form_comes_back_as_it_was(store, literal):
    store.replace(G, [(A, KG.rule, literal, G)])
    assert list(store.quads()) == [(A, KG.rule, literal, G)]


# ---------------------------------------------------------------- opening


def test_a_missing_graph_names_the_command_that_makes_one(tmp_path):
    with pytest.raises(StoreError, match=r"there is no graph in .*\. Run kg build first\."):
        Store(tmp_path)


HOLD = """
import sys, pathlib
from kg.store import Store
with Store(pathlib.Path(sys.argv[1]), writable=sys.argv[2] == "write"):
    print("open", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def held(tmp_path):
    """A function that opens the store in another process, as a reader or a writer."""
    with Store(tmp_path, writable=True) as store:
        store.replace(G, [says("one")])
    processes = []

    def hold(mode):
        found = dict(os.environ, PYTHONPATH=os.pathsep.join(sys.path))
        process = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path), mode], env=found, stdin=-1, stdout=-1, text=True)
        processes.append(process)
        assert process.stdout.readline() == "open\n"
        return process

    yield hold
    for process in processes:
        process.communicate()


def test_a_second_writer_hears_who_is_writing(tmp_path, held):
    writer = held("write")
    with pytest.raises(StoreError, match=f"in use by process {writer.pid}"):
        Store(tmp_path, writable=True)


def test_a_reader_does_not_see_a_graph_in_the_making(tmp_path, held):
    writer = held("write")
    with pytest.raises(StoreError, match=f"in use by process {writer.pid}"):
        Store(tmp_path)


def test_many_read_at_once(tmp_path, held):
    held("read")
    held("read")
    with Store(tmp_path) as store:
        assert len(store) == 1


def test_a_writer_waits_for_readers(tmp_path, held):
    held("read")
    with pytest.raises(StoreError, match="in use by another process"):
        Store(tmp_path, writable=True)


def test_a_killed_writer_leaves_no_lock(tmp_path, held):
    writer = held("write")
    writer.kill()
    writer.wait()
    with Store(tmp_path, writable=True) as store:
        assert list(store.quads()) == [says("one")]


def test_the_name_of_a_killed_writer_is_not_blamed(tmp_path, held):
    writer = held("write")
    writer.kill()
    writer.wait()
    held("read")
    with pytest.raises(StoreError, match="in use by another process"):
        Store(tmp_path, writable=True)


def test_a_broken_store_is_an_error_with_a_mend(tmp_path):
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "CURRENT").write_text("nonsense")
    with pytest.raises(StoreError, match="run kg build again"):
        Store(tmp_path)
    with pytest.raises(StoreError, match="run kg build again"):
        Store(tmp_path, writable=True)


def test_a_file_where_the_folder_should_be_is_an_error_with_a_mend(tmp_path):
    (tmp_path / "output").write_text("")
    with pytest.raises(StoreError, match="Choose a folder"):
        Store(tmp_path / "output", writable=True)


def test_a_store_may_be_closed_twice(tmp_path):
    store = Store(tmp_path, writable=True)
    store.close()
    store.close()
    Store(tmp_path, writable=True).close()


# ---------------------------------------------------------------- asking


def test_a_query_sees_all_graphs_as_one(store):
    store.replace_all({G: [says("one")], H: [says("two", H)]})
    assert store.query("SELECT ?t { ?s ?p ?t } ORDER BY ?t") == Table(("t",), ((Literal("one"),), (Literal("two"),)))
    assert store.query("ASK { ?s ?p 'three' }") is False


def test_unbound_columns_are_empty_and_blank_nodes_stay_apart_from_names(store):
    store.replace(G, [says("one")])
    table = store.query("SELECT ?s ?none (BNODE() AS ?b) { ?s ?p ?o }")
    assert table.rows[0][:2] == (A, None)
    assert isinstance(table.rows[0][2], Blank)


def test_construct_gives_triples(store):
    store.replace(G, [says("one")])
    assert store.query("CONSTRUCT { ?s a <x:y> } WHERE { ?s ?p ?o }") == Triples(((A, RDF.type, Iri("x:y")),))


def test_a_value_enters_a_query_as_a_term(store):
    store.replace(G, [says(HOSTILE[0]), says("b", subject=B)])
    found = store.query("SELECT ?s ?text { ?s ?p ?text }", bind={"text": Literal(HOSTILE[0])})
    assert found.rows == ((A, Literal(HOSTILE[0])),)


def test_a_query_that_does_not_parse_says_where(store):
    with pytest.raises(QueryError, match="1:11") as caught:
        store.query("SELECT * {")
    assert len(caught.value.problem) < 320


def test_a_function_that_there_is_none_of_is_an_error_of_the_query(store):
    store.replace(G, [says("one")])
    with pytest.raises(QueryError, match="x:f"):
        store.query("SELECT (<x:f>(?o) AS ?y) { ?s ?p ?o }")


def test_a_query_cannot_write(store):
    with pytest.raises(QueryError):
        store.query("INSERT DATA { <x:a> <x:b> <x:c> }")


# ---------------------------------------------------------------- writing out

RDFLIB = {Format.TURTLE: "turtle", Format.NTRIPLES: "nt", Format.RDFXML: "xml"}


@pytest.mark.parametrize("format", RDFLIB)
def test_rdflib_reads_the_same_graph_and_gives_it_back(town_store, format):
    expected = rdflib.Graph().parse(data=turtle({quad[:3] for quad in town.quads()}), format="turtle")
    told = rdflib.Graph().parse(data=town_store.dump(format), format=RDFLIB[format])
    again = rdflib.Graph().parse(data=told.serialize(format="turtle"), format="turtle")
    assert len(told) == len({quad[:3] for quad in town.quads()})
    assert isomorphic(told, expected)
    assert isomorphic(told, again)


@pytest.mark.parametrize("format", [Format.NQUADS, Format.TRIG, Format.JSONLD])
def test_formats_with_graphs_keep_them(town_store, tmp_path, format):
    town_store.write(format, tmp_path / f"graph.{format}")
    assert set(parse(tmp_path / f"graph.{format}", G)) == set(town_store.quads())


@pytest.mark.parametrize("format", list(Format))
def test_files_do_not_tell_in_which_order_documents_came(tmp_path, format):
    with Store(tmp_path / "one", writable=True) as one, Store(tmp_path / "two", writable=True) as two:
        one.replace(G, [says("first"), says("second")])
        one.replace(H, [says("third", H)])
        two.replace(H, [says("gone", H)])
        two.replace(H, [says("third", H)])
        two.replace(G, [says("second"), says("first")])
        assert one.dump(format) == two.dump(format)


def test_turtle_has_one_paragraph_a_subject_and_readable_names(town_store):
    text = town_store.dump(Format.TURTLE).decode()
    paragraphs = text.split("\n\n")
    assert len(paragraphs) - 1 == len({quad[0] for quad in town.quads()})
    assert "\nactor:ana-reyes a prov:Agent , schema:Person ;\n" in text
    assert f"kg:cue <doc/{town.KEY}#char=157,168> ;" in text
    assert "newskg.example" not in "".join(paragraphs[1:])


def test_prefixes_stand_in_order(town_store):
    head = town_store.dump(Format.TURTLE).decode().split("\n\n")[0].splitlines()
    assert head[0] == "@base <https://newskg.example/> ."
    assert head[1:] == sorted(head[1:])


@pytest.mark.parametrize("format", [Format.NQUADS, Format.NTRIPLES])
def test_lines_are_sorted(town_store, format):
    lines = town_store.dump(format).decode().splitlines()
    assert lines == sorted(lines)
    assert len(lines) == len(town_store)


def test_a_triple_of_two_graphs_stands_once_in_the_union(store):
    store.replace_all({G: [says("one")], H: [says("one", H)]})
    assert store.dump(Format.NTRIPLES).count(b"\n") == 1
    assert store.dump(Format.NQUADS).count(b"\n") == 2


@pytest.mark.parametrize("format", list(Format))
def test_an_empty_graph_can_be_written(store, tmp_path, format):
    store.write(format, tmp_path / f"empty.{format}")
    assert list(parse(tmp_path / f"empty.{format}", G)) == []


@pytest.mark.parametrize("char", ["\x00", "\x0b", "\ufffe", "\r"])
def test_rdf_xml_refuses_what_it_would_change(store, char):
    store.replace(G, [says(f"a{char}b")])
    with pytest.raises(StoreError, match=rf"U\+{ord(char):04X} of <{A}>\. Export ttl"):
        store.dump(Format.RDFXML)


def test_a_file_is_replaced_whole_and_nothing_is_left_beside_it(store, tmp_path):
    (tmp_path / "graph.nq").write_text("old")
    store.replace(G, [says("one")])
    store.write(Format.NQUADS, tmp_path / "graph.nq")
    assert "old" not in (tmp_path / "graph.nq").read_text("utf-8")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["graph.nq", "output"]


def test_a_file_that_cannot_be_written_is_an_error_with_a_mend(store, tmp_path):
    with pytest.raises(StoreError, match="Choose a place"):
        store.write(Format.NQUADS, tmp_path / "missing" / "graph.nq")


# ---------------------------------------------------------------- reading files


def test_a_file_without_an_rdf_ending_is_named(tmp_path):
    with pytest.raises(StoreError, match=r"graph\.txt has no ending"):
        list(parse(tmp_path / "graph.txt", G))


def test_a_file_that_does_not_parse_is_named_with_the_place(tmp_path):
    (tmp_path / "graph.ttl").write_text("<x:a> <x:b> .")
    with pytest.raises(StoreError, match=r"graph\.ttl cannot be read: .*line 1"):
        list(parse(tmp_path / "graph.ttl", G))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(StoreError, match=r"graph\.nq cannot be read"):
        list(parse(tmp_path / "graph.nq", G))


def test_a_blank_node_in_a_file_is_refused(tmp_path):
    (tmp_path / "graph.ttl").write_text("<x:a> <x:b> [] .")
    with pytest.raises(StoreError, match="Give it an IRI"):
        list(parse(tmp_path / "graph.ttl", G))
