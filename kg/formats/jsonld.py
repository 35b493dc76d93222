"""The graph as JSON-LD that people can read: one object for each article, with what stands in it inside.

The short names are those of ``ontology/context.jsonld``, which stands at the top of the file, so that no reader needs a network.
How nodes are nested changes no triple: every reader of JSON-LD 1.1 gets the quads of the store back.
"""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any, TypeAlias

from kg.errors import StoreError
from kg.store import Store, Table
from kg.vocab import BASE, KG, OA, ORG, RDF, SCHEMA, XSD, Iri, Literal, Quad, Term, ontology_folder

Json: TypeAlias = Any
Node: TypeAlias = dict[Iri, list[Term]]
"""Predicate → values of one subject."""
Nested: TypeAlias = Callable[[Iri, Iri], Json | None]

PARTS = {
    KG.Statement: "statements",
    KG.Figure: "figures",
    KG.TimeExpression: "times",
    ORG.Membership: "memberships",
    KG.Doubt: "doubts",
}
"""Class of what is part of an article → the key of the article under which it stands."""

SPANS = (KG.content, KG.cue, KG.sourceMention, KG.editorialInsertion, KG.charge, KG.anchor, KG.counts, OA.hasSelector)
"""Properties whose values stand inside what has them, unless they are mentions or stand elsewhere already."""

DEEPEST = 4
"""Article, statement, span, selector."""

_ARTICLES = "SELECT ?graph ?article WHERE { GRAPH ?graph { ?article a <https://schema.org/NewsArticle> } } LIMIT 2"
_WHOLE = re.compile(r"0|-?[1-9][0-9]{0,14}")
_LOCAL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")
_BELOW = re.compile(r"[a-z]+/(?!\.{1,2}(?:#|$))[A-Za-z0-9._~%-]+(?:#char=[0-9]+,[0-9]+(?:;[a-z]+)?)?")


@dataclass(frozen=True, slots=True)
class Key:
    """A short name for a property, and what its values are without being told: IRIs, a datatype, a language, always several."""

    name: str
    type: str | None = None
    language: str | None = None
    several: bool = False


class Context:
    """The short names of ``ontology/context.jsonld`` with the namespace of the data as the base of IRIs."""

    def __init__(self, base: str) -> None:
        text = (ontology_folder() / "context.jsonld").read_text("utf-8")
        self.base = base
        self.terms: dict[str, Json] = {"@base": base, **json.loads(text)["@context"]}
        self._spaces = {name: said for name, said in self.terms.items() if isinstance(said, str) and said.endswith(("#", "/"))}
        del self._spaces["@base"]

    @cached_property
    def keys(self) -> Mapping[str, Key]:
        """Property → its key."""
        found = {}
        for name, said in self.terms.items():
            spec = said if isinstance(said, dict) else {"@id": said}
            if not name.startswith("@") and name not in self._spaces and ":" in spec.get("@id", ""):
                several = spec.get("@container") == "@set"
                found[self._whole(spec["@id"])] = Key(name, self._type(spec), spec.get("@language"), several)
        return found

    def _type(self, spec: Mapping[str, str]) -> str | None:
        kind = spec.get("@type")
        return self._whole(kind) if kind and not kind.startswith("@") else kind

    def _whole(self, name: str) -> str:
        prefix, _, rest = name.partition(":")
        return f"{self._spaces[prefix]}{rest}"

    def short(self, iri: str) -> str:
        """Return an IRI relative to the base or with a prefix, where every reader makes the same IRI of that; else as it is.

        Raises:
            StoreError: Its scheme is a word of the context, so that a reader would take it for a short name.
        """
        if iri.startswith(self.base) and _BELOW.fullmatch(iri, len(self.base)):
            return iri[len(self.base) :]
        for prefix, space in self._spaces.items():
            if iri.startswith(space) and _LOCAL.fullmatch(iri, len(space)):
                return f"{prefix}:{iri[len(space) :]}"
        if iri.partition(":")[0] in self.terms:
            raise StoreError(f"JSON-LD with our short names cannot hold <{iri}>", "Export ttl, trig, nq or nt instead.")
        return iri


def documents(store: Store, *, base: str = BASE) -> Iterator[str]:
    """Yield the JSON-LD document of a store in pieces, graph by graph, sorted; one graph is held in memory at a time.

    Raises:
        StoreError: An IRI cannot be told apart from a short name of the context.
    """
    context = Context(base)
    terms = ",\n ".join(f"{_text(name)}: {_text(said)}" for name, said in context.terms.items())
    yield f'{{"@context": {{\n {terms}\n}},\n"@graph": ['
    before = ""
    for graph in store.graphs():
        for number, node in enumerate(_graph(store, graph, context)):
            yield f'{before}\n{{"id": {_text(context.short(graph))}, "@graph": [\n' if number == 0 else ",\n"
            yield node
            before = "\n]},"
    yield "\n]}\n]}\n" if before else "\n]}\n"


def _graph(store: Store, graph: Iri, context: Context) -> Iterator[str]:
    """Yield the nodes of a graph as JSON: nested where it holds one article, else subject by subject."""
    found = store.query(_ARTICLES, bind={"graph": graph}, union=False)
    if isinstance(found, Table) and len(found.rows) == 1:
        yield from Nest(store.quads(graph), context).nodes()
        return
    for subject, quads in groupby(store.quads(graph), key=lambda quad: quad[0]):
        yield _text(_flat(subject, _node(quads), context))


def _node(quads: Iterable[Quad]) -> Node:
    node: Node = defaultdict(list)
    for _, predicate, value, _ in quads:
        node[predicate].append(value)
    return node


class Nest:
    """The nodes of one article's graph, each at its place: inside what it belongs to, or on its own."""

    def __init__(self, quads: Iterable[Quad], context: Context) -> None:
        self._context = context
        self._nodes = {subject: _node(group) for subject, group in groupby(quads, key=lambda quad: quad[0])}
        self._inside: dict[Iri, tuple[Iri, str]] = {}
        self._parts: dict[Iri, dict[str, list[Iri]]] = defaultdict(lambda: defaultdict(list))
        self._written: set[Iri] = set()
        for subject, node in self._nodes.items():
            self._place(subject, node)

    def nodes(self) -> Iterator[str]:
        """Yield the JSON of each node that stands on its own: the article first, then by IRI."""
        loose = [subject for subject in self._nodes if subject not in self._inside]
        for subject in (*sorted(loose, key=lambda iri: (SCHEMA.NewsArticle not in self._types(iri), _by_place(iri))), *self._nodes):
            if subject not in self._written:
                yield self._lines(subject)

    def _types(self, subject: Iri) -> Sequence[Term]:
        return self._nodes[subject].get(RDF.type, ())

    def _place(self, subject: Iri, node: Node) -> None:
        """Note under which article a part or a mention stands."""
        types = node.get(RDF.type, ())
        if KG.Mention in types:
            self._under(subject, node.get(OA.hasSource, ()), "mentions")
        elif found := [key for kind, key in PARTS.items() if kind in types]:
            self._under(subject, node.get(SCHEMA.isPartOf, ()), found[0])

    def _under(self, subject: Iri, articles: Sequence[Term], key: str) -> None:
        known = [iri for iri in articles if isinstance(iri, Iri) and iri in self._nodes and SCHEMA.NewsArticle in self._types(iri)]
        if known and SCHEMA.NewsArticle not in self._types(subject):
            self._inside[subject] = known[0], key
            self._parts[known[0]][key].append(subject)

    def _lines(self, subject: Iri) -> str:
        """Return a node, each of the parts of an article on a line of its own."""
        parts = self._parts.get(subject, {})
        head = _text(self._json(subject, 1))
        lists = []
        for key in ("mentions", *PARTS.values()):
            rows = [_text(self._json(part, 2)) for part in sorted(parts.get(key, ()), key=_by_place) if part not in self._written]
            if rows:
                lists.append(f"{_text(key)}: [\n  " + ",\n  ".join(rows) + "\n ]")
        return ",\n ".join([head[:-1], *lists]) + "}" if lists else head

    def _json(self, subject: Iri, depth: int) -> Json:
        self._written.add(subject)
        home, key = self._inside.get(subject, (None, ""))
        back = OA.hasSource if key == "mentions" else SCHEMA.isPartOf
        said = self._nodes[subject].items()
        node = {predicate: [value for value in values if (predicate, value) != (back, home)] for predicate, values in said}
        return _flat(subject, node, self._context, lambda predicate, value: self._nested(predicate, value, depth))

    def _nested(self, predicate: Iri, value: Iri, depth: int) -> Json | None:
        """Return the node that a value is, where it belongs inside and is not written yet; else ``None``."""
        taken = value in self._written or value in self._inside or value in self._parts
        if taken or predicate not in SPANS or depth >= DEEPEST or value not in self._nodes:
            return None
        return self._json(value, depth + 1)


def _flat(subject: Iri, node: Mapping[Iri, Sequence[Term]], context: Context, nested: Nested | None = None) -> Json:
    """Return a node as JSON; ``nested`` may give a node for a value that is one."""
    out: dict[str, Json] = {"id": context.short(subject)}
    for predicate, values in sorted(node.items(), key=lambda pair: pair[0] != RDF.type):
        kinds = [value for value in values if predicate == RDF.type and isinstance(value, Iri)]
        if kinds:
            out["type"] = [_word(kind, context) for kind in kinds]
        rest = _in_order([value for value in values if value not in kinds])
        if not rest:
            continue
        key = context.keys.get(predicate) or Key(_word(predicate, context))
        told = [nested(predicate, value) if nested and isinstance(value, Iri) else None for value in rest]
        shown = [made or _value(value, key, context) for made, value in zip(told, rest, strict=True)]
        out[key.name] = shown if key.several or len(shown) > 1 else shown[0]
    return out


def _in_order(values: Sequence[Term]) -> Sequence[Term]:
    """Return spans in the order of the text; other values as they are."""
    if len(values) < 2 or not all(isinstance(value, Iri) for value in values):
        return values
    return sorted(values, key=lambda value: _by_place(str(value)))


def _word(term: Iri, context: Context) -> str:
    """Return a class or property by its short name, or its IRI: neither is ever relative to the base."""
    return key.name if (key := context.keys.get(term)) else _never_relative(term, context)


def _never_relative(iri: Iri, context: Context) -> str:
    short = context.short(iri)
    return short if ":" in short else iri


def _value(value: Term, key: Key, context: Context) -> Json:
    if isinstance(value, Iri):
        return context.short(value) if key.type == "@id" else {"id": context.short(value)}
    if value.language is not None:
        return value.text if key.language == value.language else {"@value": value.text, "@language": value.language}
    if value.datatype is None:
        return value.text if key.type is None and key.language is None else {"@value": value.text}
    plain = _native(value)
    if key.type == value.datatype:
        return plain
    if value.datatype == XSD.integer and isinstance(plain, int) and key.type is None and key.language is None:
        return plain
    return {"@value": value.text, "@type": _never_relative(value.datatype, context)}


def _native(value: Literal) -> str | int | bool:
    """Return a whole number or a truth value as JSON has them, where JSON-LD makes the same literal of it again; else its text."""
    if value.datatype == XSD.integer and _WHOLE.fullmatch(value.text):
        return int(value.text)
    if value.datatype == XSD.boolean and value.text in {"true", "false"}:
        return value.text == "true"
    return value.text


def _by_place(iri: str) -> tuple[tuple[str, int], ...]:
    """Return a key that sorts the offsets within IRIs as numbers."""
    return tuple((words, int(digits or 0)) for words, digits in re.findall(r"(\D*)(\d{0,15})", iri))


def _text(value: Json) -> str:
    """Return JSON in one line; it may stand inside an HTML page."""
    return json.dumps(value, ensure_ascii=False).replace("</", "<\\/")
