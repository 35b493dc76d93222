"""The slice proof: every span is what its article has between two offsets, and every article is the one that the graph names."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from types import MappingProxyType

from kg.copies import wording
from kg.triples import CONTEXT, ELLIPSIS
from kg.validate.facts import Facts
from kg.validate.violations import Violation
from kg.vocab import KG, OA, RDF, SCHEMA, Iri, Quad, Term


def slice_proof(quads: Iterable[Quad], texts: Mapping[str, str], *, kept: Mapping[str, str] = MappingProxyType({})) -> list[Violation]:
    """Prove every span, every statement's text and every article against the texts.

    Args:
        quads: The graph.
        texts: Document key → text.
        kept: Document key → the text as it was read, to show where a changed one parts from it.

    Returns:
        What does not hold, sorted; empty when all is proved.
    """
    return prove(Facts(quads), texts, kept)


def prove(facts: Facts, texts: Mapping[str, str], kept: Mapping[str, str]) -> list[Violation]:
    """Prove what facts say; see ``slice_proof``."""
    articles = facts.of_type(SCHEMA.NewsArticle)
    spans = facts.of_type(OA.SpecificResource)
    statements = facts.of_type(KG.Statement)
    found = [
        *(wrong for article in articles for wrong in _prove_article(facts, article, texts, kept)),
        *(wrong for span in spans for wrong in _prove_span(facts, span, texts)),
        *(wrong for statement in statements for wrong in _prove_statement(facts, statement)),
        *_prove_appearances(facts),
    ]
    return sorted(set(found))


def _prove_article(facts: Facts, article: Iri, texts: Mapping[str, str], kept: Mapping[str, str]) -> Iterator[Violation]:
    text = texts.get(key_of(article))
    if text is None:
        yield facts.violation(article, "slice.text", "the text of the article is missing")
        return
    digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    if facts.words(article, SCHEMA.sha256) != [digest]:
        before = kept.get(key_of(article), text)
        passage = "" if before == text else f"first at character {_parting(before, text)}: {_around(text, before)}"
        yield facts.violation(article, "slice.digest", f"the text's SHA-256 is {digest}, the graph says otherwise", passage)


def _prove_span(facts: Facts, span: Iri, texts: Mapping[str, str]) -> Iterator[Violation]:
    sources = [source for source in facts.all(span, OA.hasSource) if isinstance(source, Iri)]
    ranges = facts.ranges(span)
    if len(sources) != 1 or len(ranges) != 1 or not 0 <= ranges[0][0] < ranges[0][1]:
        yield facts.violation(span, "slice.range", "the span does not name exactly one article, one start and a later end")
        return
    start, end = ranges[0]
    text = texts.get(key_of(sources[0]))
    if text is None:
        yield facts.violation(span, "slice.text", f"the text of {sources[0]} is missing")
        return
    if span != f"{sources[0]}#char={start},{end}":
        yield facts.violation(span, "slice.name", f"the span is called otherwise than its offsets {start} and {end}")
    expected = {
        OA.exact: ("slice.exact", text[start:end]),
        OA.prefix: ("slice.prefix", text[max(0, start - CONTEXT) : start]),
        OA.suffix: ("slice.suffix", text[end : end + CONTEXT]),
    }
    quotes = [quote for quote in facts.all(span, OA.hasSelector) if facts.has(quote, RDF.type, OA.TextQuoteSelector)]
    for predicate, (rule, words) in expected.items():
        told = [value for quote in quotes for value in facts.words(quote, predicate)]
        if told != [words]:
            yield facts.violation(
                span,
                rule,
                f"the article has {_listed([words], told)}, the graph has {_listed(told, [words])}",
                f"characters {start}–{end}: {words}",
            )


def _prove_statement(facts: Facts, statement: Iri) -> Iterator[Violation]:
    """A statement's text is its content spans, joined."""
    spans = sorted((where, span) for span in facts.all(statement, KG.content) for where in facts.ranges(span))
    words = ELLIPSIS.join(word for _, span in spans for quote in facts.all(span, OA.hasSelector) for word in facts.words(quote, OA.exact))
    told = facts.words(statement, SCHEMA.text)
    if told != [words]:
        yield facts.violation(
            statement, "slice.statement", f"its content reads {_listed([words], told)}, the graph has {_listed(told, [words])}", words
        )


def _prove_appearances(facts: Facts) -> Iterator[Violation]:
    """Where a statement stands again, it stands in the same words; a figure has no text of its own to compare."""
    parts: defaultdict[tuple[Iri, Term], list[tuple[tuple[int, int], str]]] = defaultdict(list)
    for statement, span in facts.pairs(KG.appearance):
        exact = [word for quote in facts.all(span, OA.hasSelector) for word in facts.words(quote, OA.exact)]
        for article in facts.all(span, OA.hasSource):
            parts[statement, article] += [(where, word) for where in facts.ranges(span) for word in exact]
    for (statement, article), found in sorted(parts.items()):
        words, told = ELLIPSIS.join(word for _, word in sorted(found)), facts.words(statement, SCHEMA.text)
        if told and wording(words) not in map(wording, told):
            message = f"{article} is told to print {_listed(told, [words])}, and has {_listed([words], told)}"
            yield facts.violation(statement, "slice.appearance", message, words)


def _listed(values: list[str], others: list[str]) -> str:
    """Return texts in quotation marks, each cut to where it parts from the first of the others."""
    return " and ".join(repr(_around(value, others[0] if others else "")) for value in values) or "nothing"


def _parting(text: str, other: str) -> int:
    """Return the first position where two texts differ, the length of the shorter one if it begins the other."""
    return next((at for at, pair in enumerate(zip(text, other, strict=False)) if pair[0] != pair[1]), min(len(text), len(other)))


def _around(text: str, other: str) -> str:
    """Return some words around the place where a text parts from another."""
    start = max(0, _parting(text, other) - CONTEXT)
    end = start + 3 * CONTEXT
    return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"


def key_of(article: Iri) -> str:
    """Return the key of an article: the end of its IRI."""
    return article.rpartition("/")[2]
