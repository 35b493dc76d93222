"""Annotation: the parse stands over the very characters of the article, and what is no sentence of it is not run into one."""

import warnings
from pathlib import Path

import pytest
import spacy
from hypothesis import example, given, settings
from hypothesis import strategies as st
from spacy.pipeline import AttributeRuler, EntityRecognizer
from spacy.tokens import Doc, Span

from kg.annotate import MODEL, annotate, load
from kg.annotate import vectors as vectors_of_words
from kg.annotate import words as asked_words
from kg.annotate.entities import Entities, quickly
from kg.annotate.vectors import Vectors
from kg.annotate.words import Words, once_a_word
from kg.corpus.zones import zones
from kg.errors import ModelError
from kg.records import Document

pytestmark = pytest.mark.model


def parsed(text: str) -> Doc:
    ((_, doc),) = annotate([Document("test", text, zones=zones(text))])
    return doc


def sentences(text: str) -> list[str]:
    return [sentence.text.strip() for sentence in parsed(text).sents if sentence.text.strip()]


# ---------------------------------------------------------------- the same characters


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=80))
@example("")
@example(" ")
@example("\n\n \t\r\n")
@example("\ufeffRain fell.\r\n\r\nIt  stopped.\u2028\u00a0")
@example("🏟️👩‍👩‍👧 e\u0301 العربية \u202e東京")
@example("don't can't U.S.A. 6\" (OSCE)’s ''“”")
@example("date 2020-01-01 Rain.\nAna Reyes/Reuters\n")
def test_the_parse_covers_the_text_character_by_character(text: str) -> None:
    doc = parsed(text)
    assert doc.text == text
    assert all(text[token.idx : token.idx + len(token)] == token.text for token in doc)


# ---------------------------------------------------------------- where sentences begin


@pytest.mark.parametrize(
    "text",
    [
        "River rises in Porto\nThe council closed two roads on Monday.",
        "River rises in Porto\r\n\r\nThe council closed two roads on Monday.",
        "River rises in Porto\n   \nThe council closed two roads on Monday.",
        "River rises in Porto \n The council closed two roads on Monday.",
    ],
    ids=ascii,
)
def test_a_headline_is_not_run_into_the_first_sentence(text: str) -> None:
    assert sentences(text) == ["River rises in Porto", "The council closed two roads on Monday."]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("date 2020-01-01 The council closed two roads.", "date 2020-01-01"),
        ("A man wades through Porto (Joana Lima/Reuters)", "A man wades through Porto"),
        ("A man wades through Porto (AP Photo/Joana Lima)", "A man wades through Porto"),
    ],
)
def test_the_edge_of_a_zone_ends_a_sentence(text: str, first: str) -> None:
    assert sentences(text)[0] == first


def test_the_dot_of_an_abbreviation_does_not_end_a_sentence() -> None:
    assert sentences("The U.S. Senate met Mr. Reed at 6 p.m. on Monday. It voted.") == [
        "The U.S. Senate met Mr. Reed at 6 p.m. on Monday.",
        "It voted.",
    ]


@settings(max_examples=10, deadline=None)
@given(st.lists(st.sampled_from(["Rain fell", "The U.S. and", "A (b)", "N/A", "Ana Reyes/Reuters", "…", "1."]), min_size=2, max_size=6))
def test_no_sentence_runs_over_a_line_break(lines: list[str]) -> None:
    assert not any("\n" in sentence for sentence in sentences("\n".join(lines)))


# ---------------------------------------------------------------- many documents


def test_documents_come_back_in_order() -> None:
    documents = [Document(str(number), "Rain fell. " * (1 + number % 3)) for number in range(70)]
    back = list(annotate(documents))
    assert [document for document, _ in back] == documents
    assert [doc.text for _, doc in back] == [document.text for document in documents]


def test_a_neighbour_does_not_change_a_parse() -> None:
    text = "The mayor of Porto told Reuters that the river had risen."
    near = [Document(str(number), "Short one. " * number) for number in range(1, 6)]
    *_, (_, among) = annotate([*near, Document("x", text)])
    assert [(t.dep_, t.tag_, t.ent_type_) for t in among] == [(t.dep_, t.tag_, t.ent_type_) for t in parsed(text)]


def test_no_documents_are_no_error() -> None:
    assert list(annotate([])) == []


# ---------------------------------------------------------------- the model


@pytest.mark.parametrize("model", ["no_such_model", "/no/such/folder", "numpy", "click", "", "../x", "en\0"])
def test_a_name_that_is_no_model_is_a_model_error_with_a_mend(model: str) -> None:
    with pytest.raises(ModelError) as caught:
        load(model)
    assert repr(model) in caught.value.problem
    assert "Install it" in caught.value.mend


def test_an_unknown_model_is_told_before_anything_is_read() -> None:
    with pytest.raises(ModelError):
        next(annotate([Document("a", "Rain fell.")], model="no_such_model"))


def test_a_model_without_a_parser_is_refused_by_what_it_lacks(tmp_path: Path) -> None:
    spacy.blank("en").to_disk(tmp_path / "blank")
    with pytest.raises(ModelError, match="has no parser and no ner and no lemmatizer"):
        load(str(tmp_path / "blank"))


def test_a_folder_that_is_no_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError):
        load(str(tmp_path))


def test_the_model_loads_without_a_warning() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert "parser" in load.__wrapped__(MODEL).pipe_names


def test_the_model_is_loaded_once() -> None:
    assert load(MODEL) is load(MODEL)


# ---------------------------------------------------------------- what is asked more quickly is the same

PIECES = "Ana Reyes|the OSCE|in Porto|said|on Monday|$5 million|\n|  |.|120,000|and|“|Mr. Reed's|\t|東京".split("|")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30).map(" ".join))
@example("")
@example("\n")
@example("Porto")
@example("The United Nations High Commissioner for\nRefugees")
def test_no_entity_is_lost_or_moved_by_finding_them_quickly(text: str) -> None:
    recogniser, doc = before_entities(text)
    quick = quickly(recogniser)
    assert isinstance(quick, Entities)
    assert entities(quick(doc.copy())) == entities(recogniser(doc))


def test_the_entities_of_whole_articles_are_those_that_the_recogniser_finds() -> None:
    found = []
    for path in sorted((Path(__file__).parent.parent / "seeds").glob("*.txt")):
        recogniser, doc = before_entities(path.read_text("utf-8"))
        quick = quickly(recogniser)(doc.copy())
        assert entities(quick) == entities(recogniser(doc))
        found += quick.ents
    assert len(found) > 200


def test_entities_that_a_text_already_has_are_kept() -> None:
    recogniser, doc = before_entities("Ana Reyes spoke in Porto.")
    doc.set_ents([Span(doc, 0, 2, label="ORG")], default="missing")
    kept = entities(quickly(recogniser)(doc.copy()))
    assert kept[:2] == [("B", "ORG"), ("I", "ORG")]
    assert kept == entities(recogniser(doc))


def test_a_recogniser_of_another_kind_is_asked_as_it_is() -> None:
    blank = spacy.blank("en")
    beams = blank.add_pipe("beam_ner")
    assert quickly(beams) is beams
    assert quickly(blank) is blank


def before_entities(text: str) -> tuple[EntityRecognizer, Doc]:
    """Return the recogniser of the model, and a text that went through all that comes before it."""
    pipeline = load(MODEL)
    doc = pipeline.make_doc(text)
    for name, part in pipeline.pipeline:
        if name == "ner":
            return part, doc
        doc = part(doc)
    raise AssertionError(pipeline.pipe_names)


def entities(doc: Doc) -> list[tuple[str, str]]:
    return [(token.ent_iob_, token.ent_type_) for token in doc]


@pytest.mark.parametrize("kept", [1, 40, 20_000])
def test_the_vector_of_a_word_is_the_same_whatever_was_read_before(kept: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors_of_words, "FORMS", kept)
    pipeline = load(MODEL)
    texts = ["Ana Reyes can't stay.", "", "cannot. Can't! can 't", "Reyes , Reyes, REYES reyes " * 30, "Ana Reyes can't stay."]
    docs = [pipeline.make_doc(text) for text in texts]
    embed = pipeline.get_pipe("tok2vec").model.get_ref("embed")
    whole, _ = Vectors(embed, pipeline.vocab)(embed, docs, False)
    for order in (docs, docs[::-1]):
        vectors = Vectors(embed, pipeline.vocab)
        for doc in order:
            ((found,), _) = vectors(embed, [doc], False)
            assert (found == whole[docs.index(doc)]).all()
            assert len(doc) == 0 or abs(found - embed.predict([doc])[0]).max() < 1e-5


WORDS = "I|it|gon|na|Let|'s|but|BUT|is|does|have|wounded|Reyes|ai|n't|\n| |all|y'|got|ta".split("|")
TAGS = ["VB", "VBZ", "VBN", "PRP", "NN", "NNP", "NNS", "CC", "IN", "DT", "WDT", "_SP", "TO"]
DEPS = ["ROOT", "nsubj", "dobj", "aux", "advmod", "mark", "det", "expl", "pobj", "ccomp", "dep"]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(TAGS), st.sampled_from(DEPS)), max_size=12), min_size=1, max_size=4
    ),
    st.sampled_from([1, 50_000]),
)
def test_class_features_and_lemma_are_those_of_the_rules_whatever_was_read_before(
    texts: list[list[tuple[str, str, str]]], remembered: int
) -> None:
    pipeline = load(MODEL)
    ruler, lemmatizer = pipeline.get_pipe("attribute_ruler"), pipeline.get_pipe("lemmatizer")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asked_words, "REMEMBERED", remembered)
        (quick,) = once_a_word([ruler, lemmatizer])
        assert isinstance(quick, Words)
        for text in texts:
            words, tags, deps = ([part[at] for part in text] for at in range(3))
            doc = Doc(pipeline.vocab, words=words, tags=tags, deps=deps)
            same = lemmatizer(ruler(doc.copy()))
            assert of_words(quick(doc)) == of_words(same)


def test_rules_that_set_anything_or_look_at_neighbours_are_followed() -> None:
    pipeline = load(MODEL)
    ruler = AttributeRuler(pipeline.vocab)
    ruler.add([[{"TAG": "VB"}]], {"POS": "VERB"})
    ruler.add([[{"LOWER": {"REGEX": "^l"}}]], {"MORPH": "Mood=Imp"})
    ruler.add([[{"LOWER": "let", "TAG": "VB"}], [{"LOWER": {"IN": ["is", "'s"]}}]], {"LEMMA": "be", "TAG": "NN"})
    ruler.add([[{"LOWER": "let"}, {"LOWER": "'s"}]], {"LEMMA": "us"}, index=1)
    ruler.add([[{"ORTH": "Let"}]], {"LEMMA": "let"})
    ruler.add([[{"TAG": "PRP"}]], {"POS": "PRON", "DEP": "dep"})
    lemmatizer = pipeline.get_pipe("lemmatizer")
    (quick,) = once_a_word([ruler, lemmatizer])
    doc = Doc(pipeline.vocab, words=["Let", "'s", "let", "it", "is"], tags=["VB", "PRP", "VB", "PRP", "VB"], deps=["ROOT"] * 5)
    same = lemmatizer(ruler(doc.copy()))
    assert of_words(quick(doc)) == of_words(same)
    assert [token.lemma_ for token in doc][:2] == ["let", "us"]


def test_other_components_stay_as_they_are() -> None:
    pipeline = load(MODEL)
    parts = [pipeline.get_pipe(name) for name in ("attribute_ruler", "ner", "lemmatizer", "attribute_ruler")]
    assert once_a_word(parts) == parts
    assert once_a_word([]) == []


def of_words(doc: Doc) -> list[list[int]]:
    rows: list[list[int]] = doc.to_array(["POS", "MORPH", "LEMMA", "TAG", "DEP"]).tolist()
    return rows
