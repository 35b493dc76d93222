"""The graph on disk, read: what went in comes out, whole and in order, as an answer, as a file, and back from a file."""

import gzip
from io import BytesIO

import pytest
import rdflib
import town
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib.compare import isomorphic

from kg.errors import QueryError, StoreError
from kg.store import Blank, Draft, Format, Store, Table, Triples, parse, rewrite, serializing, turtle
from kg.vocab import KG, RDF, XSD, Iri, Literal

G, H = Iri("https://newskg.example/graph/g"), Iri("https://newskg.example/graph/h")
A, B = Iri("https://newskg.example/actor/a"), Iri("https://newskg.example/actor/b")


def says(text, graph=G, subject=A):
    return subject, KG.rule, Literal(text), graph


def by_graph(quads):
    return {graph: [quad for quad in quads if quad[3] == graph] for graph in {quad[3] for quad in quads}}


@pytest.fixture
def told(tmp_path):
    """A function that makes a graph of quads and opens it."""
    stores = []

    def tell(*quads):
        rewrite(tmp_path / "output", by_graph(quads))
        stores.append(Store(tmp_path / "output"))
        return stores[-1]

    yield tell
    for store in stores:
        store.close()


@pytest.fixture(scope="module")
def town_store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("town")
    rewrite(folder, by_graph(town.quads()))
    with Store(folder) as opened:
        yield opened


@pytest.fixture
def streamed(monkeypatch):
    """Make every graph too large to be put in order."""
    monkeypatch.setattr(serializing, "SORTED", 0)


# ---------------------------------------------------------------- reading


def test_the_quads_of_one_graph_can_be_read_alone(told):
    store = told(says("one"), says("two", H))
    assert list(store.quads(H)) == [says("two", H)]
    assert store.graphs() == (G, H)
    assert len(store) == 2


@settings(deadline=None, max_examples=30)
@given(st.text())
def test_any_text_survives(tmp_path_factory, text):
    folder = tmp_path_factory.mktemp("any")
    with Draft(folder, 1) as draft:
        draft.replace(G, [says(text)])
        assert list(draft.quads(G)) == [says(text)]


HOSTILE = ['"} } ; DROP ALL ; #', "\\u0022", "'''\"\"\"", "<a>", "\x00\r\n", "?x $y", '" <x:p> <x:g> .\n<x:a> <x:b> "']


@pytest.mark.parametrize("text", HOSTILE)
def test_text_never_becomes_part_of_what_is_loaded(told, text):
    assert list(told(says(text), says("safe", H)).quads()) == [says(text), says("safe", H)]


@pytest.mark.parametrize(
    "quad",
    [
        (Iri("x:a> <x:b> <x:c> <x:d> .\n<x:a"), KG.rule, Literal("a"), G),
        (Iri("x:a\\u003E"), KG.rule, Literal("a"), G),
        (Iri("no iri"), KG.rule, Literal("a"), G),
        (Iri("relative"), KG.rule, Literal("a"), G),
        (A, KG.rule, Literal("a", Iri("x:a> <x:g> .\n")), G),
        (A, KG.rule, Literal("a", language="en <x:g> ."), G),
    ],
)
def test_what_is_no_term_is_refused(tmp_path, quad):
    with pytest.raises(ValueError, match="no IRI|no language tag|term is none"):
        rewrite(tmp_path, {G: [quad]})


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
def test_a_literal_in_canonical_form_comes_back_as_it_was(told, literal):
    assert list(told((A, KG.rule, literal, G)).quads()) == [(A, KG.rule, literal, G)]


# ---------------------------------------------------------------- opening


def test_a_missing_graph_names_the_command_that_makes_one(tmp_path):
    with pytest.raises(StoreError, match=r"there is no graph in .*\. Run kg build first\."):
        Store(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_broken_store_is_an_error_with_a_mend(told, tmp_path):
    told(says("one")).close()
    (tmp_path / "output" / "store" / "CURRENT").write_text("nonsense")
    with pytest.raises(StoreError, match="run kg build again"):
        Store(tmp_path / "output")


def test_a_link_to_nothing_is_an_error_with_a_mend(tmp_path):
    (tmp_path / "store").symlink_to("stores/7")
    with pytest.raises(StoreError, match="run kg build again"):
        Store(tmp_path)


@pytest.mark.parametrize("target", ["elsewhere", "stores"])
def test_a_link_to_something_else_is_an_error_with_a_mend(tmp_path, target):
    (tmp_path / "store").symlink_to(target)
    with pytest.raises(StoreError, match=r"names no generation .* run kg build again"):
        Store(tmp_path)


def test_a_store_may_be_closed_twice(told):
    store = told(says("one"))
    store.close()
    store.close()


# ---------------------------------------------------------------- asking


def test_a_query_sees_all_graphs_as_one(told):
    store = told(says("one"), says("two", H))
    assert store.query("SELECT ?t { ?s ?p ?t } ORDER BY ?t") == Table(("t",), ((Literal("one"),), (Literal("two"),)))
    assert store.query("ASK { ?s ?p 'three' }") is False


def test_unbound_columns_are_empty_and_blank_nodes_stay_apart_from_names(told):
    store = told(says("one"))
    table = store.query("SELECT ?s ?none (BNODE() AS ?b) { ?s ?p ?o }")
    assert table.rows[0][:2] == (A, None)
    assert isinstance(table.rows[0][2], Blank)


def test_construct_gives_triples(told):
    store = told(says("one"))
    assert store.query("CONSTRUCT { ?s a <x:y> } WHERE { ?s ?p ?o }") == Triples(((A, RDF.type, Iri("x:y")),))


def test_a_value_enters_a_query_as_a_term(told):
    store = told(says(HOSTILE[0]), says("b", subject=B))
    found = store.query("SELECT ?s ?text { ?s ?p ?text }", bind={"text": Literal(HOSTILE[0])})
    assert found.rows == ((A, Literal(HOSTILE[0])),)


def test_a_query_that_does_not_parse_says_where(told):
    with pytest.raises(QueryError, match="1:11") as caught:
        told(says("one")).query("SELECT * {")
    assert len(caught.value.problem) < 320


def test_a_function_that_there_is_none_of_is_an_error_of_the_query(told):
    store = told(says("one"))
    with pytest.raises(QueryError, match="x:f"):
        store.query("SELECT (<x:f>(?o) AS ?y) { ?s ?p ?o }")


def test_a_query_cannot_write(told):
    with pytest.raises(QueryError):
        told(says("one")).query("INSERT DATA { <x:a> <x:b> <x:c> }")


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
@pytest.mark.parametrize("sorted", [True, False])
def test_files_do_not_tell_in_which_order_documents_came(tmp_path, monkeypatch, format, sorted):
    if not sorted:
        monkeypatch.setattr(serializing, "SORTED", 0)
    quads = town.quads()
    rewrite(tmp_path / "one", by_graph(quads))
    rewrite(tmp_path / "two", by_graph([says("gone"), *quads[::-2], says("gone", H)]), drop=[H])
    rewrite(tmp_path / "two", by_graph(quads[::-1]), drop=[G])
    rewrite(tmp_path / "two", {}, drop=[G, H])
    with Store(tmp_path / "one") as one, Store(tmp_path / "two") as two:
        assert one.dump(format) == two.dump(format)


@pytest.mark.parametrize("format", list(Format))
def test_a_graph_too_large_to_be_sorted_is_written_whole(town_store, tmp_path, streamed, format):
    town_store.write(format, tmp_path / f"graph.{format}")
    known = set(town_store.quads()) if format in serializing.WITH_GRAPHS else {(*quad[:3], G) for quad in town_store.quads()}
    found = list(parse(tmp_path / f"graph.{format}", G))
    assert set(found) == known
    assert len(found) == len(known)


@pytest.mark.parametrize("format", [Format.TURTLE, Format.TRIG])
def test_a_graph_too_large_to_be_sorted_has_the_same_head(town_store, monkeypatch, format):
    head = town_store.dump(format).split(b"\n")[:20]
    monkeypatch.setattr(serializing, "SORTED", 0)
    assert town_store.dump(format).split(b"\n")[:20] == head


class Slow(BytesIO):
    """A file that tells the largest piece it was given."""

    largest = 0

    def write(self, data):
        self.largest = max(self.largest, len(data))
        return super().write(data)


@pytest.mark.parametrize("format", list(Format))
def test_a_graph_too_large_to_be_sorted_is_written_piece_by_piece(town_store, streamed, format):
    out = Slow()
    town_store.dump(format, out)
    assert out.getvalue() == town_store.dump(format)
    assert out.largest < 20_000 < len(out.getvalue())


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


@pytest.mark.parametrize("most", [0, 10])
def test_a_triple_of_two_graphs_stands_once_in_the_union(told, monkeypatch, most):
    monkeypatch.setattr(serializing, "SORTED", most)
    store = told(says("one"), says("one", H))
    assert store.dump(Format.NTRIPLES).count(b"\n") == 1
    assert store.dump(Format.NQUADS).count(b"\n") == 2


@pytest.mark.parametrize("format", list(Format))
@pytest.mark.parametrize("most", [-1, 10])
def test_an_empty_graph_can_be_written(told, tmp_path, monkeypatch, format, most):
    monkeypatch.setattr(serializing, "SORTED", most)
    told().write(format, tmp_path / f"empty.{format}")
    assert list(parse(tmp_path / f"empty.{format}", G)) == []


@pytest.mark.parametrize("char", ["\x00", "\x0b", "\ufffe", "\r"])
def test_rdf_xml_refuses_what_it_would_change(told, char):
    store = told(says(f"a{char}b"))
    with pytest.raises(StoreError, match=rf"U\+{ord(char):04X} of <{A}>\. Export ttl"):
        store.dump(Format.RDFXML)


def test_a_file_is_replaced_whole_and_nothing_is_left_beside_it(told, tmp_path):
    (tmp_path / "graph.nq").write_text("old")
    told(says("one")).write(Format.NQUADS, tmp_path / "graph.nq")
    assert "old" not in (tmp_path / "graph.nq").read_text("utf-8")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["graph.nq", "output"]


def test_a_file_that_cannot_be_written_is_an_error_with_a_mend(told, tmp_path):
    with pytest.raises(StoreError, match="Choose a place"):
        told(says("one")).write(Format.NQUADS, tmp_path / "missing" / "graph.nq")


def test_what_cannot_be_written_leaves_the_old_file(told, tmp_path):
    (tmp_path / "graph.rdf").write_text("old")
    with pytest.raises(StoreError, match="RDF/XML"):
        told(says("a\x00b")).write(Format.RDFXML, tmp_path / "graph.rdf")
    assert [(path.name, path.is_dir() or path.read_text()) for path in sorted(tmp_path.iterdir())] == [
        ("graph.rdf", "old"),
        ("output", True),
    ]


@pytest.mark.parametrize("format", list(Format))
def test_a_packed_file_holds_the_same_and_is_always_the_same(town_store, tmp_path, format):
    town_store.write(format, tmp_path / f"one.{format}.gz")
    town_store.write(format, tmp_path / f"two.{format}.gz")
    packed = (tmp_path / f"one.{format}.gz").read_bytes()
    assert packed == (tmp_path / f"two.{format}.gz").read_bytes()
    assert gzip.decompress(packed) == town_store.dump(format)
    assert len(packed) < 0.5 * len(town_store.dump(format))


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


def test_a_packed_file_is_read(told, tmp_path):
    told(says("one")).write(Format.TURTLE, tmp_path / "graph.ttl.gz")
    assert list(parse(tmp_path / "graph.ttl.gz", H)) == [says("one", H)]


@pytest.mark.parametrize("cut", [0, 10, 60])
def test_a_packed_file_that_is_cut_off_is_named(told, tmp_path, cut):
    told(*(says(f"text {number}") for number in range(50))).write(Format.NQUADS, tmp_path / "whole.nq.gz")
    (tmp_path / "cut.nq.gz").write_bytes((tmp_path / "whole.nq.gz").read_bytes()[: -1 - cut])
    with pytest.raises(StoreError, match=r"cut\.nq\.gz cannot be read"):
        list(parse(tmp_path / "cut.nq.gz", G))


def test_a_file_that_only_looks_packed_is_named(tmp_path):
    (tmp_path / "graph.nq.gz").write_text("<x:a> <x:b> <x:c> .")
    with pytest.raises(StoreError, match=r"graph\.nq\.gz cannot be read"):
        list(parse(tmp_path / "graph.nq.gz", G))


BLANK = [
    ("ttl", "<x:a> <x:b> [ <x:b> _:one ] . _:one <x:b> ( <x:c> ) .", 5, 3),
    ("nq", "<x:a> <x:b> _:one _:two .\n_:one <x:b> <x:c> _:two .", 2, 2),
    ("jsonld", '[{"@id": "x:a", "x:b": [{"x:b": [{"@id": "_:one"}]}, {"x:c": [{"@value": "c"}]}]}]', 4, 3),
    (
        "rdf",
        '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:x="x:"><x:A><x:b r:parseType="Resource"/></x:A></r:RDF>',
        2,
        2,
    ),
]


@pytest.mark.parametrize(("format", "text", "size", "blank"), BLANK)
def test_blank_nodes_can_be_given_names_which_are_the_same_each_time(tmp_path, format, text, size, blank):
    (tmp_path / f"graph.{format}").write_text(text)
    (tmp_path / f"graph.{format}.gz").write_bytes(gzip.compress(text.encode()))
    quads = list(parse(tmp_path / f"graph.{format}", G, skolem=True))
    assert quads == list(parse(tmp_path / f"graph.{format}", G, skolem=True))
    assert quads == list(parse(tmp_path / f"graph.{format}.gz", G, skolem=True))
    assert len(set(quads)) == size
    assert len({term for quad in quads for term in quad if isinstance(term, str) and term.startswith("urn:kg:blank:")}) == blank


def test_blank_nodes_of_two_files_stay_apart(tmp_path):
    (tmp_path / "one.ttl").write_text("<x:a> <x:b> [] .")
    (tmp_path / "two.ttl").write_text("<x:a> <x:c> [] .")
    (one,) = parse(tmp_path / "one.ttl", G, skolem=True)
    (two,) = parse(tmp_path / "two.ttl", G, skolem=True)
    assert one[2] != two[2]
