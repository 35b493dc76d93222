"""Every export is read by another tool, says what the graph says, and is the same bytes again."""

import csv
import gzip
import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import networkx as nx
import pyoxigraph as ox
import pytest
import rdflib
import town
from click.testing import CliRunner, Result
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st
from pyld import jsonld as pyld

from kg.cli import main
from kg.errors import StoreError
from kg.formats import Export, chosen, export, tables
from kg.formats.ftm import SCHEMATA, ident
from kg.formats.jsonld import DEEPEST, Context, documents
from kg.formats.tables import Column, cell, guarded, layout, unguarded
from kg.store import Store, rewrite
from kg.vocab import BASE, KG, OA, PREFIXES, PROV, RDF, SCHEMA, SKOS, XSD, Iri, Literal, Quad, iri, ontology_folder

G = iri("graph", "g")
A = iri("actor", "a")
DOC = iri("doc", "00ff00ff00ff00ff")


def kg(*words: str | Path) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words], catch_exceptions=False)


def stored(output: Path, quads: list[Quad]) -> Path:
    rewrite(output, {graph: [quad for quad in quads if quad[3] == graph] for graph in sorted({quad[3] for quad in quads})})
    return output


def written(store: Path, format: Export) -> bytes:
    out = io.BytesIO()
    with Store(store) as opened:
        export(opened, format, out)
    return out.getvalue()


def lines(text: str | bytes, format: ox.RdfFormat = ox.RdfFormat.N_QUADS) -> set[str]:
    return set(map(str, ox.parse(text.encode() if isinstance(text, str) else text, format)))


def quads_of(store: Path) -> set[str]:
    return lines(written(store, Export.NQUADS))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The invented town, without the texts of its articles: an imported graph has none either."""
    return stored(tmp_path_factory.mktemp("town") / "output", town.quads())


# ---------------------------------------------------------------- which format


@pytest.mark.parametrize(
    ("format", "name", "meant"),
    [
        (None, None, Export.TURTLE),
        (Export.NQUADS, None, Export.NQUADS),
        (None, "graph.trig", Export.TRIG),
        (None, "graph.jsonld.gz", Export.JSONLD),
        (None, "graph.rdf", Export.RDFXML),
        (None, "graph.ftm.json", Export.FTM),
        (None, "tables.zip", Export.CSV),
        (Export.CSV, "tables", Export.CSV),
        (Export.TURTLE, "graph.txt", Export.TURTLE),
        (Export.TURTLE, "graph.ttl", Export.TURTLE),
    ],
)
def test_the_name_of_a_file_tells_the_format_where_nothing_else_does(format, name, meant):
    assert chosen(format, None if name is None else Path(name)) is meant


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("-f", "ttl", "-o", "graph.nq"), "-f ttl contradicts the name graph.nq, which means nq"),
        (("-o", "graph"), "the name graph tells no format"),
        (("-o", "graph.json"), "the name graph.json tells no format"),
        (("-o", ".ttl"), "the name .ttl tells no format"),
        (("-f", "csv", "-o", "all.csv"), "all.csv is one file, and csv is a folder of tables"),
        (("-f", "csv", "-o", "all.zip.gz"), "all.zip.gz is one file, and csv is a folder of tables"),
        (("-f", "docx"), "there is no format 'docx'. Choose one of ttl, trig, nq, nt, jsonld, rdfxml, graphml, gexf, csv, ftm."),
    ],
)
def test_a_command_that_tells_no_format_or_two_ends_with_2_and_says_why(store, words, told):
    done = kg("export", "--store", store, *words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert told in done.stderr


@pytest.mark.parametrize("name", ["rdf", "RDFXML", "turtle", "json-ld"])
def test_formats_are_known_by_their_other_names_too(store, name):
    assert kg("export", "--store", store, "-f", name).exit_code == 0


# ---------------------------------------------------------------- the same bytes


@pytest.mark.parametrize("format", list(Export))
def test_a_file_holds_what_stdout_would(store, tmp_path, format):
    target = tmp_path / f"graph.{'zip' if format is Export.CSV else format}"
    done = kg("export", "--store", store, "-o", target)
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", f"wrote {target}\n")
    assert target.read_bytes() == kg("export", "--store", store, "-f", format).stdout_bytes != b""


@pytest.mark.parametrize("format", sorted(set(Export) - {Export.CSV}))
def test_a_packed_file_holds_the_same_and_no_time_of_day(store, tmp_path, format):
    target = tmp_path / f"graph.{format}.gz"
    kg("export", "--store", store, "-o", target)
    assert gzip.decompress(target.read_bytes()) == written(store, format)
    assert target.read_bytes()[4:8] == bytes(4)


@pytest.mark.parametrize("format", list(Export))
def test_a_store_filled_in_another_order_is_exported_to_the_same_bytes(store, tmp_path, format):
    assert written(stored(tmp_path, town.quads()[::-1]), format) == written(store, format)


@pytest.mark.parametrize("format", sorted(set(Export) - {Export.NQUADS, Export.NTRIPLES, Export.FTM}))
def test_an_empty_graph_is_still_a_file_of_its_format(tmp_path, format):
    assert written(stored(tmp_path, []), format)


@pytest.mark.parametrize("format", [Export.NQUADS, Export.NTRIPLES, Export.FTM])
def test_an_empty_graph_has_no_line(tmp_path, format):
    assert written(stored(tmp_path, []), format) == b""


def test_a_file_that_cannot_be_written_is_named(store, tmp_path):
    (tmp_path / "file").write_text("")
    done = kg("export", "--store", store, "-f", "csv", "-o", tmp_path / "file")
    assert (done.exit_code, done.stderr) == (
        1,
        f"Error: {tmp_path / 'file'} cannot be made: File exists. Choose a place where you may write.\n",
    )


# ---------------------------------------------------------------- other readers of RDF


@pytest.fixture(scope="module")
def rapper() -> str:
    """Debian's reader of RDF."""
    found = shutil.which("rapper")
    if found is None and os.environ.get("CI") == "true":
        pytest.fail("CI must install raptor2-utils")
    if found is None:
        pytest.skip("needs rapper (Debian: apt install raptor2-utils)")
    return found


@pytest.mark.parametrize(
    ("format", "name"),
    [(Export.TURTLE, "turtle"), (Export.NTRIPLES, "ntriples"), (Export.RDFXML, "rdfxml"), (Export.TRIG, "trig"), (Export.NQUADS, "nquads")],
)
def test_rapper_reads_the_triples_of_the_graph(store, rapper, format, name):
    line = [rapper, "-q", "-i", name, "-o", "ntriples", "-I", BASE, "-"]
    done = subprocess.run(line, input=written(store, format), capture_output=True, check=True)
    assert done.stderr == b""
    assert lines(done.stdout, ox.RdfFormat.N_TRIPLES) == lines(written(store, Export.NTRIPLES), ox.RdfFormat.N_TRIPLES)


def by_rdflib(text: bytes) -> set[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rdflib, "NORMALIZE_LITERALS", False)  # it would rewrite 09:00:00Z as 09:00:00+00:00
        return lines(rdflib.Dataset().parse(data=text, format="json-ld").serialize(format="nquads"))


def by_pyld(text: bytes) -> set[str]:
    return lines(pyld.to_rdf(json.loads(text), {"format": "application/n-quads"}))


def by_oxigraph(text: bytes) -> set[str]:
    return lines(text, ox.RdfFormat.JSON_LD)


READERS = pytest.mark.parametrize("read", [by_rdflib, by_pyld, by_oxigraph])
RDFLIB = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # rdflib's parsers use what rdflib deprecates


# ---------------------------------------------------------------- JSON-LD


@RDFLIB
@READERS
def test_json_ld_is_exactly_the_quads_of_the_store(store, read):
    assert read(written(store, Export.JSONLD)) == quads_of(store)


@pytest.mark.model
@RDFLIB
@READERS
def test_json_ld_of_the_seeds_is_exactly_their_quads(seeds, read):
    assert read(written(seeds[0], Export.JSONLD)) == quads_of(seeds[0])


def test_json_ld_needs_no_network(store):
    context = json.loads(written(store, Export.JSONLD))["@context"]
    assert context == {"@base": BASE, **json.loads((ontology_folder() / "context.jsonld").read_text("utf-8"))["@context"]}


def test_an_article_in_json_ld_has_inside_it_what_stands_in_it(store):
    document = json.loads(written(store, Export.JSONLD))
    graph = next(graph for graph in document["@graph"] if graph["id"] == f"graph/{town.KEY}")
    article, *others = graph["@graph"]
    assert others == []
    assert (article["id"], article["headline"]) == (f"doc/{town.KEY}", "The bridge is open")
    assert len(article["mentions"]) == len(town.MENTIONS)
    said = article["statements"][0]
    assert said["text"] == "We worked all night [on the bridge], … Nobody slept."
    assert [quote["exact"] for span in said["content"] for quote in span["selector"] if "exact" in quote] == said["text"].split(" … ")


def test_json_ld_comes_piece_by_piece(store):
    with Store(store) as opened:
        pieces = list(documents(opened))
    assert len(pieces) > len({quad[0] for quad in town.quads() if quad[3].endswith("entities")})
    assert "".join(pieces).encode() == written(store, Export.JSONLD)


@pytest.mark.parametrize("name", sorted(KG))
def test_every_property_of_the_vocabulary_has_a_short_name(name):
    vocabulary = rdflib.Graph().parse(ontology_folder() / "newskg.ttl")
    kinds = {rdflib.OWL.ObjectProperty, rdflib.OWL.DatatypeProperty}
    is_property = not kinds.isdisjoint(vocabulary.objects(rdflib.URIRef(KG.base + name), rdflib.RDF.type))
    assert not is_property or KG.base + name in Context(BASE).keys


@pytest.mark.model
def test_every_property_of_a_built_graph_has_a_short_name(seeds):
    with Store(seeds[0]) as opened:
        used = {predicate for _, predicate, _, _ in opened.quads()} - {RDF.type}
    assert used <= Context(BASE).keys.keys()


def test_a_prefix_of_the_context_means_what_it_means_in_queries():
    spaces = {name: said for name, said in Context(BASE).terms.items() if isinstance(said, str) and said.endswith(("#", "/"))}
    assert spaces.items() <= {**PREFIXES, "acts": PREFIXES["act"], "@base": BASE}.items()


def test_no_short_name_stands_twice_in_the_context():
    pairs: list[str] = []
    json.loads((ontology_folder() / "context.jsonld").read_text("utf-8"), object_pairs_hook=lambda found: pairs.extend(k for k, _ in found))
    keys = [key for key in pairs if not key.startswith("@")]
    assert len(keys) == len(set(keys))


def test_an_iri_that_looks_like_a_short_name_is_refused_and_not_changed(tmp_path):
    output = stored(tmp_path, [(Iri("act:x"), KG.rule, Literal("a"), G)])
    with pytest.raises(StoreError, match=r"cannot hold <act:x>\. Export ttl"):
        written(output, Export.JSONLD)


CIRCLE = [
    (DOC, RDF.type, SCHEMA.NewsArticle, G),
    (A, RDF.type, KG.Statement, G),
    (A, SCHEMA.isPartOf, DOC, G),
    (A, KG.content, DOC, G),
    (A, KG.content, A, G),
    (DOC, KG.anchor, iri("when", "b"), G),
    (iri("when", "b"), KG.anchor, iri("when", "c"), G),
    (iri("when", "c"), KG.anchor, iri("when", "b"), G),
    (DOC, SCHEMA.isPartOf, DOC, G),
    *((iri("run", f"{number}"), KG.content, iri("run", f"{number + 1}"), G) for number in range(3 * DEEPEST)),
    (DOC, RDF.type, Literal("no class"), G),
    (DOC, SCHEMA.inLanguage, A, G),
    (A, SCHEMA.about, Literal("12"), G),
    (A, KG.note, Literal("12", iri("run", "type")), G),
    (A, RDF.type, iri("run", "class"), G),
    (A, KG.speaker, iri("actor", "../x:y"), G),
    (A, Iri("https://x.example/p q".replace(" ", "%20")), iri("place", "..."), G),
    (A, Iri("https://newskg.example/actor/p"), Iri("https://newskg.example/actor/..%2Fa#char=1,2"), G),
]


@RDFLIB
@READERS
def test_json_ld_of_a_graph_that_runs_in_circles_loses_nothing(tmp_path, read):
    output = stored(tmp_path, CIRCLE)
    assert read(written(output, Export.JSONLD)) == quads_of(output)


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30) | st.sampled_from(
    ["</script>", '"\r\n\u2028', "=1+1", "@type", "http://x.example/", "\ufeff", "a | b", "\\", "'=x", "_:b", "+", "\t-", "true", "12"]
)
LITERALS = st.builds(
    Literal,
    TEXTS,
    st.sampled_from([None, XSD.integer, XSD.boolean, XSD.decimal, XSD.date, XSD.anyURI, Iri("https://x.example/t")]),
    st.none(),
) | st.builds(Literal, TEXTS, st.none(), st.sampled_from(["en", "ru", "zh-hant"]))
PROPERTIES = st.sampled_from(
    [SCHEMA.text, KG.rule, KG.confidence, OA.start, SCHEMA.url, KG.interpreted, SKOS.altLabel, Iri("https://x.example/p")]
)


@RDFLIB
@READERS
@settings(max_examples=10, deadline=None)
@given(values=st.lists(st.tuples(PROPERTIES, LITERALS), max_size=8))
def test_any_text_survives_json_ld(tmp_path_factory, read, values):
    article = [(DOC, RDF.type, SCHEMA.NewsArticle, G), (A, SCHEMA.isPartOf, DOC, G), (A, RDF.type, KG.Statement, G)]
    output = stored(tmp_path_factory.mktemp("any"), [*article, *((A, predicate, value, G) for predicate, value in values)])
    text = written(output, Export.JSONLD)
    assert b"</" not in text
    assert read(text) == quads_of(output)


# ---------------------------------------------------------------- tables


def table(store: Path, name: str) -> list[dict[str, str]]:
    with zipfile.ZipFile(io.BytesIO(written(store, Export.CSV))) as archive:
        return list(csv.DictReader(io.StringIO(archive.read(f"{name}.csv").decode(), newline="")))


def test_the_tables_hold_what_the_graph_holds(store):
    said = {row["start"]: row for row in table(store, "statements")}
    first = said[str(town.STATEMENTS[0].content[0].start)]
    assert (first["type"], first["class"], first["act"], first["said_on"], first["date_status"]) == (
        "direct", "report", "say", "2024-05-03", "derived",
    )  # fmt: skip
    assert (first["speaker"], first["speaker_name"]) == (f"{BASE}actor/ana-reyes", "Ana Reyes")
    assert len(said) == len(town.STATEMENTS)


@pytest.mark.parametrize("name", ["statements", "mentions", "figures"])
def test_the_offsets_of_a_table_slice_the_article(store, name):
    rows = table(store, name)
    sliced = [town.TEXT[int(row["start"]) : int(row["end"])] for row in rows]
    assert rows
    assert all(row["text"].split(" … ")[0] in found for row, found in zip(rows, sliced, strict=True))


@pytest.mark.model
def test_the_tables_of_the_seeds_have_a_row_for_each_thing(seeds):
    output, report = seeds
    assert len(table(output, "articles")) == 5
    with Store(output) as opened:
        count = {kind: sum(quad[1:3] == (RDF.type, kind) for quad in opened.quads()) for kind in (KG.Statement, KG.Figure, KG.Mention)}
    assert {kind: len(table(output, name)) for kind, name in zip(count, ("statements", "figures", "mentions"), strict=True)} == count
    assert len(table(output, "actors")) + len(table(output, "places")) > 70


def test_several_values_stand_in_one_cell(store):
    weighed = [row["features"].split(" | ") for row in table(store, "decisions")]
    assert max(map(len, weighed)) > 1
    assert all(values == sorted(values) for values in weighed)


@pytest.mark.parametrize("name", tables.NAMES)
def test_the_header_of_a_table_is_what_its_query_and_its_description_name(store, name):
    query = (ontology_folder() / "questions" / "tables" / f"{name}.rq").read_text("utf-8")
    columns = [column.name for column in layout(name).columns]
    selected = re.search(r"^SELECT(.+?)WHERE", query, re.DOTALL | re.MULTILINE)
    assert selected is not None
    assert columns == selected[1].replace("?", "").split()
    with zipfile.ZipFile(io.BytesIO(written(store, Export.CSV))) as archive:
        header = archive.read(f"{name}.csv").decode().splitlines()[0].split(",")
        package = json.loads(archive.read("datapackage.json"))
    (resource,) = (found for found in package["resources"] if found["path"] == f"{name}.csv")
    assert [field["name"] for field in resource["schema"]["fields"]] == header == columns


def test_a_folder_of_tables_holds_what_the_zip_holds(store, tmp_path):
    kg("export", "--store", store, "-f", "csv", "-o", tmp_path / "tables")
    with zipfile.ZipFile(io.BytesIO(written(store, Export.CSV))) as archive:
        assert archive.testzip() is None
        assert {file.name: file.read_bytes() for file in (tmp_path / "tables").iterdir()} == {
            n: archive.read(n) for n in archive.namelist()
        }


FORMULAS = ['=HYPERLINK("https://x.example","a")', "+1", "-2+3", "@SUM(1)", "\t=1", "\r=1", "\n=1", "'=1", "''+", "\uff1d1"]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_spreadsheet_runs_a_text(text):
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "a=b", " =1", "'tis", "1-2", '"=1"'])
def test_other_texts_stay_as_they_are(text):
    assert guarded(text) == text


@pytest.mark.parametrize(
    ("type_", "text", "shown"), [("number", "-12.5", "-12.5"), ("number", "-1+1", "'-1+1"), ("string", "-12.5", "'-12.5")]
)
def test_numbers_below_zero_stay_numbers(type_, text, shown):
    assert cell(Column("c", type_, "", ""), [text]) == shown


def test_a_bar_within_a_value_does_not_divide_it():
    assert cell(Column("c", "string", "several", ""), ["a|b", "c\\"]) == r"a\|b | c\\"


@settings(max_examples=15, deadline=None)
@given(text=TEXTS)
def test_any_text_survives_the_tables(tmp_path_factory, text):
    quads = [(DOC, RDF.type, SCHEMA.NewsArticle, G), (DOC, SCHEMA.headline, Literal(text), G)]
    (row,) = table(stored(tmp_path_factory.mktemp("any"), quads), "articles")
    assert unguarded(row["title"]) == text


# ---------------------------------------------------------------- FollowTheMoney


@pytest.fixture(scope="module")
def ftm() -> Path:
    """FollowTheMoney's own command."""
    found = Path(sys.executable).with_name("ftm")
    if not found.exists() and os.environ.get("CI") == "true":
        pytest.fail("CI must install followthemoney, and libicu-dev before it")
    if not found.exists():
        pytest.skip("needs followthemoney (pip install followthemoney; Debian: apt install libicu-dev pkg-config g++ before)")
    return found


def entities(text: str | bytes) -> list[tuple[str, str, dict[str, list[str]]]]:
    found = [json.loads(line) for line in (text if isinstance(text, bytes) else text.encode()).split(b"\n")[:-1]]
    return [(one["id"], one["schema"], {name: sorted(values) for name, values in one["properties"].items()}) for one in found]


def checked(ftm: Path, text: bytes, folder: Path) -> "subprocess.CompletedProcess[str]":
    (folder / "graph.ftm").write_bytes(text)
    line = [ftm, "validate", "-i", folder / "graph.ftm"]
    return subprocess.run(line, capture_output=True, encoding="utf-8", check=False, env={**os.environ, "PYTHONWARNINGS": "ignore"})


def test_followthemoney_takes_every_entity_and_value_of_ours(store, ftm, tmp_path):
    text = written(store, Export.FTM)
    done = checked(ftm, text, tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert entities(done.stdout) == entities(text) != []


@pytest.mark.model
def test_followthemoney_takes_the_seeds(seeds, ftm, tmp_path):
    text = written(seeds[0], Export.FTM)
    done = checked(ftm, text, tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert entities(done.stdout) == entities(text)
    assert {schema for _, schema, _ in entities(text)} >= {*SCHEMATA.values(), "Article", "Note", "Mention", "UnknownLink", "Membership"}


HOSTILE = [
    "a\x00b",
    "x\x01\x1f y",
    "  lead ",
    "a\u202eb",
    "\ufeffbom",
    "a\u2028b",
    "a\tb\r\nc",
    "<b>",
    "\u200b",
    "e\u0301",
    "-",
    "\u3000w\u3000",
]


def test_followthemoney_takes_hostile_texts_as_we_clean_them(ftm, tmp_path):
    article = [(SCHEMA.url, "https://x.example/a b<c>"), (SCHEMA.datePublished, "2024-13-45"), (SCHEMA.inLanguage, "tlh")]
    quads: list[Quad] = [(DOC, RDF.type, SCHEMA.NewsArticle, G), *((DOC, predicate, Literal(text), G) for predicate, text in article)]
    for number, text in enumerate(HOSTILE):
        actor, said = iri("actor", f"{number}"), iri("statement", f"{number}")
        names = [(actor, predicate, Literal(text), G) for predicate in (SKOS.prefLabel, SKOS.altLabel, SCHEMA.jobTitle)]
        quads += [(actor, RDF.type, PROV.Agent, G), (actor, KG.kind, KG.person, G), (actor, KG.country, Literal("ZZ"), G), *names]
        quads += [(said, RDF.type, KG.Statement, G), (said, SCHEMA.isPartOf, DOC, G), (said, KG.speaker, actor, G)]
        quads += [(said, SCHEMA.text, Literal(text), G)]
    text = written(stored(tmp_path / "hostile", quads), Export.FTM)
    done = checked(ftm, text, tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert entities(done.stdout) == entities(text)


def test_a_statement_is_a_note_with_its_words_and_the_article_as_proof(store):
    notes = {id_: properties for id_, schema, properties in entities(written(store, Export.FTM)) if schema == "Note"}
    first = town.STATEMENTS[0]
    note = notes[f"statement-{town.KEY}-{first.content[0].start}-{first.content[-1].end}"]
    assert note["description"] == ["We worked all night [on the bridge], … Nobody slept."]
    assert (note["proof"], note["publisher"], note["sourceUrl"]) == ([f"doc-{town.KEY}"], [town.DOCUMENT.publisher], [town.DOCUMENT.url])
    assert "actor-ana-reyes" in note["entity"]
    assert len(notes) == len(town.STATEMENTS)


def test_ids_are_unique_and_what_points_somewhere_finds_it(store):
    found = entities(written(store, Export.FTM))
    ids = [id_ for id_, _, _ in found]
    pointing = ("document", "resolved", "entity", "proof", "subject", "object", "agent", "client", "member", "organization")
    assert len(ids) == len(set(ids))
    assert {value for _, _, told in found for name in pointing for value in told.get(name, ())} <= set(ids)


@given(key=st.text(min_size=1, max_size=300))
def test_any_iri_has_an_id_that_the_model_allows(key):
    id_ = ident(iri("actor", key.encode("utf-8", "replace").decode()))
    assert re.fullmatch(r"[0-9a-zA-Z]([0-9a-zA-Z.-]*[0-9a-zA-Z])?", id_)
    assert len(id_) <= 200


# ---------------------------------------------------------------- networks


@pytest.mark.parametrize(("format", "read"), [(Export.GRAPHML, nx.read_graphml), (Export.GEXF, nx.read_gexf)])
def test_networkx_reads_the_network_of_who_speaks_about_whom(store, tmp_path, format, read):
    target = tmp_path / f"graph.{format}"
    kg("export", "--store", store, "-o", target)
    network = read(target)
    with Store(store) as opened:
        actors = {quad[0] for quad in opened.quads() if quad[1] == SKOS.prefLabel}
    assert len(network) == len(actors)
    assert all({"pagerank", "betweenness"} <= data.keys() for _, data in network.nodes(data=True))


# ---------------------------------------------------------------- what is written about them

DOCS = ROOT / "docs" / "formats.md"


@pytest.mark.parametrize("format", list(Export))
def test_the_documentation_tells_of_every_format(format):
    assert f"`{format}`" in DOCS.read_text("utf-8")


@pytest.mark.parametrize("name", tables.NAMES)
def test_the_documentation_tells_of_every_column(name):
    text = DOCS.read_text("utf-8")
    section = text[text.index(f"### {name}.csv") :].split("\n### ")[0]
    assert all(f"| `{column.name}` | " in section and column.meaning in section for column in layout(name).columns)


@pytest.mark.parametrize(
    "schema", sorted({*SCHEMATA.values(), "Article", "Note", "Mention", "UnknownLink", "Membership", "Representation"})
)
def test_the_documentation_tells_what_becomes_what_in_followthemoney(schema):
    assert f"`{schema}`" in DOCS.read_text("utf-8")
