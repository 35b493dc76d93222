"""The server's pages: what the graph says of one node, for reading and as triples, and a form to ask it.

Every text of an article or of whoever names things is escaped and isolated. An entity's page has no script; the form's has one of ours,
which shows answers as text only. Queries: ``ontology/questions/pages``.
"""

import re
from base64 import b64encode
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from pathlib import Path

import kg.report
from kg.query import rows
from kg.questions import Question
from kg.report.blocks import NAME, QUOTE, Bullets, Line, Link, Paragraph, Style, Table, Words, clean, clipped
from kg.report.html import Writer, coded
from kg.report.numbers import number, several
from kg.report.telling import TYPES
from kg.store import Store
from kg.store.terms import Table as Found
from kg.store.terms import Triple
from kg.vocab import (
    ACT,
    BASE,
    KG,
    KINDS_OF_IRI,
    OA,
    ORG,
    OWL,
    PREFIXES,
    PROV,
    RDF,
    RDFS,
    SCHEMA,
    SKOS,
    WGS,
    Iri,
    Literal,
    is_web_iri,
    ontology_folder,
)

PAGE = 100
"""Statements on one page."""

MOST = 100
"""Most findings, and most rows of what points at a node."""

HERE = Path(__file__).parent

NAMES = (SKOS.prefLabel, RDFS.label, SCHEMA.headline, SCHEMA.name, SCHEMA.identifier, SCHEMA.roleName, KG.why, KG.left)
"""What a node is called by, the best first."""

FACTS = {
    KG.kind: "Kind",
    SKOS.altLabel: "Also called",
    SCHEMA.jobTitle: "Described as",
    KG.actsFor: "Acts for",
    KG.country: "Country",
    KG.speaker: "Speaker",
    KG.onBehalfOf: "On behalf of",
    KG.speakerRole: "In the role of",
    KG.act: "Act",
    KG.target: "Aimed at",
    KG.addressee: "Said to",
    SCHEMA.about: "About",
    SCHEMA.locationCreated: "Said at",
    KG.saidOn: "Said on",
    KG.dateStatus: "The day is",
    KG.relays: "Passes on",
    KG.claimsFigure: "Figures",
    KG.modifier: "Modifier",
    SCHEMA.value: "Value",
    SCHEMA.minValue: "At least",
    SCHEMA.maxValue: "At most",
    SCHEMA.unitText: "Unit",
    SCHEMA.unitCode: "Currency",
    KG.measures: "Measures",
    KG.cumulative: "Can only grow",
    KG.asOf: "As of",
    KG.edtf: "Time",
    KG.finding: "Finding",
    KG.note: "Note",
    PROV.used: "Rests on",
    KG.why: "Why",
    ORG.member: "Who",
    ORG.organization: "Body",
    SCHEMA.roleName: "Post",
    KG.outcome: "Outcome",
    KG.left: "One name",
    KG.right: "Other name",
    KG.entity: "Entity",
    KG.feature: "Weighed",
    KG.score: "Score",
    SCHEMA.isPartOf: "Article",
    SCHEMA.datePublished: "Published",
    SCHEMA.publisher: "Publisher",
    SCHEMA.author: "Author",
    SCHEMA.url: "Address",
    SCHEMA.identifier: "Name of the source",
    SCHEMA.inLanguage: "Language",
    KG.confidence: "Confidence",
    KG.rule: "Found by the rule",
    KG.speakerRule: "Speaker found by",
    KG.speakerCertain: "Speaker is certain",
    KG.interpreted: "The reporter’s reading",
    KG.identitySource: "Known from",
    WGS.lat: "Latitude",
    WGS.long: "Longitude",
    SKOS.exactMatch: "Is elsewhere",
    SKOS.closeMatch: "May be",
    OWL.differentFrom: "Is not",
    KG.accuses: "Accuses",
    KG.updates: "Updates",
    KG.conflictsWith: "Conflicts with",
    KG.agreesWith: "Can both hold with",
    KG.answers: "Answers",
    KG.sameWordsAs: "Same words as",
    PROV.wasGeneratedBy: "Made by the run",
    SCHEMA.sha256: "SHA-256 of the text",
}
"""How a page words a property, in the order of a page; others stand behind them under their own names."""

HIDDEN = frozenset({RDF.type, SCHEMA.text, PROV.wasQuotedFrom, SCHEMA.appearance, SCHEMA.spokenByCharacter, KG.actClass, KG.cueLemma})
"""What a page shows in another way, or says already."""

PARTS = {
    KG.content: "said",
    KG.cue: "the words that attribute it",
    KG.sourceMention: "who is named as the source",
    KG.charge: "the charge",
    KG.editorialInsertion: "put in by an editor",
    KG.anchor: "where it stands",
    KG.counts: "what is counted",
}
"""How a page words the stretches of text that a node names."""

RELATIONS = {
    KG.speaker: "Says",
    KG.onBehalfOf: "Others say on its behalf",
    KG.target: "Is what it is aimed at",
    KG.addressee: "Is told",
    SCHEMA.about: "Is spoken about",
    SCHEMA.locationCreated: "Is where it was said",
    SCHEMA.isPartOf: "In the order of the text",
}
"""How an entity or an article has to do with a statement; one with several relations is listed under the first."""

OUTCOMES = {"accepted": "one", "proposed": "may be one", "rejected": "not one"}

_STANDING = re.compile(r"([a-z]+)/[0-9a-f]{16}-(\d+)-(\d+)(?:-\d+)?", re.ASCII)
"""The end of an IRI that says where in an article something stands."""

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Fact:
    """A value of a property: its text, whether that is an IRI, and the name of what it points at."""

    value: str
    points: bool
    name: str


@dataclass(frozen=True, slots=True, order=True)
class Stretch:
    """Characters of an article with those around them, at most 32 code points on each side."""

    start: int
    end: int
    exact: str
    prefix: str
    suffix: str


@dataclass(frozen=True, slots=True)
class Node:
    """What the graph says of one node: facts by property, stretches of text by the property that names them, each sorted."""

    iri: Iri
    facts: Mapping[str, tuple[Fact, ...]]
    parts: Mapping[str, tuple[Stretch, ...]]

    def one(self, term: Iri) -> Fact | None:
        """Return the first value of a property."""
        return next(iter(self.facts.get(term, ())), None)

    def text(self, term: Iri) -> str:
        """Return the first value of a property as text, empty where there is none."""
        fact = self.one(term)
        return fact.value if fact else ""

    @property
    def types(self) -> frozenset[str]:
        """Return its classes."""
        return frozenset(fact.value for fact in self.facts.get(RDF.type, ()))


# ---------------------------------------------------------------- as triples


def entity_triples(store: Store, node: Iri) -> tuple[Triple, ...]:
    """Return all triples of a node and of the stretches of text that it names, or of a whole graph where it names one; sorted."""
    found: set[Triple]
    if _size(store, node):
        found = {quad[:3] for quad in store.quads(node)}
    else:
        found = set(_of(store, node))
        spans = {value for _, _, value in found if isinstance(value, Iri) and "#char=" in value}
        marked = {triple for span in spans for triple in _of(store, span)}
        found |= marked
        for selector in {value for _, term, value in marked if term == OA.hasSelector and isinstance(value, Iri)}:
            found |= set(_of(store, selector))
    return tuple(sorted(found, key=_rank))


def _of(store: Store, node: Iri) -> Iterator[Triple]:
    answer = _ask(store, "triples", node=node)
    for _, term, value in answer.rows:
        if isinstance(term, Iri) and value is not None:
            yield node, term, value


def _ask(store: Store, name: str, **bind: Iri) -> Found:
    sparql = (ontology_folder() / "questions" / "pages" / f"{name}.rq").read_text("utf-8")
    answer = store.query(sparql, prefixes=PREFIXES, bind=bind)
    assert isinstance(answer, Found)
    return answer


def _rank(triple: Triple) -> tuple[str, bool, str, bool, str]:
    subject, term, value = triple
    return str(subject), term != RDF.type, term, isinstance(value, Literal), repr(value)


def _size(store: Store, node: Iri) -> int:
    """Return how many triples the graph of this name holds; 0 where there is none."""
    return sum(int(row["triples"]) for row in rows(store, "pages/size", graph=node)) if "/graph/" in node else 0


# ---------------------------------------------------------------- a node's page


def entity_page(store: Store, node: Iri, *, base: str = BASE, page: int = 1) -> str | None:
    """Return the page of an actor, place, document, statement, quantity, figure or any other node, as HTML without script.

    Args:
        store: The open store.
        node: The IRI of the node, or of a graph.
        base: Namespace of the data; addresses of its nodes are paths of this server.
        page: Which ``PAGE`` of its statements to show, from 1 on.

    Returns:
        The page; ``None`` where the graph has nothing of the node, or not so many pages.
    """
    found = _node(store, node)
    size = _size(store, node)
    incoming = () if found.facts else tuple(rows(store, "pages/incoming", node=node))
    if not (found.facts or size or incoming):
        return None
    teller = _Teller(store, found, base)
    statements = _listed(rows(store, "pages/statements", node=node))
    last = max(1, -(-len(statements) // PAGE))
    if not 1 <= page <= last:
        return None
    said = teller.statements(statements, page, last)
    sections = [said] if page > 1 else [*teller.before(size), said, *teller.after()]
    return teller.document("\n".join(filter(None, sections)), page, last)


def _node(store: Store, node: Iri) -> Node:
    facts: dict[str, set[Fact]] = defaultdict(set)
    named: dict[tuple[str, str], str] = {}
    for row in sorted(rows(store, "pages/facts", node=node), key=lambda row: sorted(row.items())):
        name = named.setdefault((row["property"], row["value"]), row.get("name", ""))
        facts[row["property"]].add(Fact(row["value"], row["points"] == "true", name))
    parts: dict[str, set[Stretch]] = defaultdict(set)
    if any("#char=" in fact.value for some in facts.values() for fact in some if fact.points):
        for row in rows(store, "pages/spans", node=node):
            stretch = Stretch(int(row["start"]), int(row["end"]), row["exact"], row.get("prefix", ""), row.get("suffix", ""))
            parts[row["part"]].add(stretch)
    ordered = {term: tuple(sorted(some, key=lambda fact: (fact.name or fact.value, fact.value))) for term, some in facts.items()}
    return Node(node, ordered, {part: tuple(sorted(some)) for part, some in parts.items()})


def _listed(found: Iterable[Row]) -> list[tuple[str, str, str]]:
    """Return (relation, statement, day of its article): each statement once, by relation, then by day, article and place in its text."""
    order = list(RELATIONS)
    first: dict[str, tuple[int, Row]] = {}
    for row in found:
        rank = order.index(Iri(row["relation"]))
        if row["statement"] not in first or rank < first[row["statement"]][0]:
            first[row["statement"]] = rank, row
    ranked = sorted(first.values(), key=lambda pair: (pair[0], pair[1].get("date", ""), pair[1]["article"], _natural(pair[1]["statement"])))
    return [(order[rank], row["statement"], row.get("date", "")) for rank, row in ranked]


def _natural(iri: str) -> tuple[tuple[str, int], ...]:
    """Return a key that sorts the numbers behind the last slash as numbers."""
    return tuple((words, int(digits or 0)) for words, digits in re.findall(r"-()(\d{1,15})", iri.rpartition("/")[2]))


class _Pages(Writer):
    """Writes the blocks of reports; a link's fragment is a whole address."""

    def piece(self, piece: str | Words | Link) -> str:
        """Return a piece of a line as HTML."""
        if not isinstance(piece, Link):
            return super().piece(piece)
        out = "" if piece.fragment.startswith(("/", "#", "?")) else ' rel="external nofollow noreferrer"'
        return f'<a href="{escape(piece.fragment)}"{out}>{self.line(piece.label)}</a>'


class _Teller:
    """Puts what is known of a node into HTML."""

    def __init__(self, store: Store, node: Node, base: str) -> None:
        self.store, self.node, self.base = store, node, base
        self.write = _Pages("")

    # ------------------------------------------------------------ pieces

    def address(self, iri: str) -> str | None:
        """Return where a click on a node leads: a path of this server, another web address, or nowhere."""
        path = iri.partition("#")[0].removeprefix(self.base)
        kind, _, key = path.partition("/")
        if iri.startswith(self.base) and kind in KINDS_OF_IRI and key:
            return f"/{coded(path)}"
        return iri if is_web_iri(iri) and not iri.startswith(tuple(PREFIXES.values())) else None

    def link(self, iri: str, name: str = "") -> Link | Words:
        label = Words(clipped(name, NAME) or self.short(iri))
        address = self.address(iri)
        return Link(address, (label,)) if address else label

    def short(self, iri: str) -> str:
        """Return an IRI as a person reads it: our own words without their namespace."""
        for space in (KG.base, ACT.base):
            if iri.startswith(space):
                return re.sub("(?<=[a-z])(?=[A-Z])", " ", iri.removeprefix(space)).replace("-", " ").lower()
        if iri.startswith(self.base) and (at := _STANDING.fullmatch(iri.removeprefix(self.base))):
            return f"{at[1]} at {at[2]}–{at[3]}"
        for prefix, space in PREFIXES.items():
            if iri.startswith(space):
                return f"{prefix}:{iri.removeprefix(space)}"
        return iri.removeprefix(self.base)

    def value(self, term: str, fact: Fact) -> str | Words | Link:
        if fact.points:
            return self.link(fact.value, fact.name)
        if term == SCHEMA.url and is_web_iri(fact.value):
            return Link(fact.value, (Words(fact.value),))
        return {"true": "yes", "false": "no"}.get(fact.value) or Words(fact.value)

    def section(self, key: str, title: str, *blocks: str) -> str:
        body = "\n".join(blocks)
        return f'<section aria-labelledby="{key}"><h2 id="{key}">{escape(title)}</h2>\n{body}\n</section>'

    def table(self, caption: str, columns: str, found: Iterable[tuple[Line, ...]]) -> str:
        return self.write.table(Table(caption, tuple(columns.split("|")), tuple(found)))

    # ------------------------------------------------------------ the whole

    def document(self, body: str, page: int, last: int) -> str:
        title, kind, path = self.title(), self.kind(), self.address(self.node.iri) or "/"
        style = _style()
        number_ = f", page {page:,} of {last:,}" if last > 1 else ""
        beside = "".join(
            f'<link rel="{word}" href="{escape(path)}?page={number}">\n'
            for word, number in (("prev", page - 1), ("next", page + 1))
            if 1 <= number <= last
        )
        return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src {_digest(style)}; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>{escape(clean(title))}{number_}</title>
<link rel="alternate" type="text/turtle" href="{escape(path)}">
{beside}<style>{style}</style>
</head>
<body>
{_NAVIGATION}
<header>
<p class="kind">{escape(clean(kind))}</p>
<h1><bdi>{escape(clean(title))}</bdi></h1>
<p class="iri"><bdi>{escape(clean(self.node.iri))}</bdi>{number_}</p>
</header>
<main id="main">
{body}
</main>
<footer><p>Who said what, never what is true. The same as data: ask this address for <code>text/turtle</code>.</p></footer>
</body>
</html>
"""

    def title(self) -> str:
        if KG.Statement in self.node.types:
            return clipped(self.node.text(SCHEMA.text), QUOTE)
        if fact := self.node.one(ORG.member):
            return f"{self.node.text(SCHEMA.roleName)}: {fact.name or self.short(fact.value)}"
        anchors = self.node.parts.get(KG.anchor, ())
        named = next((self.node.text(term) for term in NAMES if self.node.text(term)), "")
        return clipped(named, QUOTE) or " … ".join(stretch.exact for stretch in anchors) or self.short(self.node.iri)

    def kind(self) -> str:
        """Return what a node is, in a word or two."""
        if KG.Statement in self.node.types:
            words = {KG.DirectQuotation: "direct", KG.MixedQuotation: "mixed", KG.IndirectStatement: "indirect"}
            return f"Statement: {next((TYPES[word] for term, word in words.items() if term in self.node.types), 'of an article')}"
        if KG.UnnamedSource in self.node.types:
            return "Source without a name"
        if kind := self.node.text(KG.kind):
            return self.short(kind)
        path = self.node.iri.removeprefix(self.base).partition("/")[0]
        return {"doc": "article", "when": "time", "membership": "post"}.get(path, path if path in KINDS_OF_IRI else "node")

    # ------------------------------------------------------------ sections

    def before(self, size: int) -> Iterator[str]:
        """Yield what stands before the statements."""
        if size:
            key = self.node.iri.rpartition("/")[2]
            article = self.link(f"{self.base}doc/{key}", f"article {key}") if re.fullmatch("[0-9a-f]{16}", key) else Words(key)
            yield self.section(
                "graph", "A graph", self.write.block(Paragraph((f"It holds {several(size, 'triple')}: ", article, ".")), "graph")
            )
        if self.node.parts:
            yield self.section("passage", "In the article", *(self.part(part) for part in self.ordered(self.node.parts, PARTS)))
        if facts := self.facts():
            yield self.section("facts", "What the graph says", facts)
        if KG.Quantity in self.node.types:
            yield from self.figures()

    def after(self) -> Iterator[str]:
        """Yield what stands behind the statements."""
        if self.node.text(KG.identitySource):
            yield from self.posts()
            yield from self.named()
            yield from self.decisions()
        elif SCHEMA.NewsArticle in self.node.types:
            yield from self.names()
        yield from self.findings()
        if SCHEMA.NewsArticle not in self.node.types and not self.node.text(KG.identitySource):
            yield from self.incoming()

    def ordered(self, terms: Iterable[str], known: Mapping[Iri, str]) -> list[str]:
        order = list(known)
        return sorted(terms, key=lambda term: (order.index(Iri(term)) if term in known else len(order), term))

    def facts(self) -> str:
        shown = [
            term
            for term in self.node.facts
            if term not in HIDDEN and term not in self.node.parts and term not in (SKOS.prefLabel, RDFS.label)
        ]
        entries = []
        for term in self.ordered(shown, FACTS):
            values = "".join(f"<dd>{self.write.piece(self.value(term, fact))}</dd>" for fact in self.node.facts[term])
            entries.append(f"<div><dt>{escape(FACTS.get(Iri(term)) or self.short(term))}</dt>{values}</div>")
        return f"<dl>{''.join(entries)}</dl>" if entries else ""

    def part(self, part: str) -> str:
        stretches = self.node.parts[part]
        words = escape(PARTS.get(Iri(part)) or self.short(part))
        where = escape(", ".join(f"{stretch.start}–{stretch.end}" for stretch in stretches))
        return f'<blockquote>{self.passage(stretches)}</blockquote>\n<p class="from">{words} · characters {where}</p>'

    def passage(self, stretches: Sequence[Stretch]) -> str:
        """Return stretches of an article, marked, with the words around them in the same line."""
        pieces: list[str | Words] = []
        for place, stretch in enumerate(stretches):
            before, after = _around(stretch)
            pieces += [Words(before)] if place == 0 else [" … "]
            pieces += [Words(stretch.exact, Style.MARKED), *([Words(after)] if place == len(stretches) - 1 else [])]
        return self.write.line(pieces)

    def statements(self, listed: Sequence[tuple[str, str, str]], page: int, last: int) -> str:
        if not listed:
            return ""
        shown = listed[(page - 1) * PAGE : page * PAGE]
        blocks = []
        for relation in dict.fromkeys(relation for relation, *_ in shown):
            total = sum(other == relation for other, *_ in listed)
            items = "\n".join(self.said(_node(self.store, Iri(iri)), day) for other, iri, day in shown if other == relation)
            blocks.append(f'<h3>{escape(RELATIONS[Iri(relation)])} <small>{total:,}</small></h3>\n<ol class="said">\n{items}\n</ol>')
        return self.section("statements", several(len(listed), "statement"), *blocks, self.pager(page, last))

    def pager(self, page: int, last: int) -> str:
        if last == 1:
            return ""
        steps = [("first", 1, page > 2), ("previous", page - 1, page > 1), ("next", page + 1, page < last), ("last", last, page < last - 1)]
        links = "".join(f'<li><a href="?page={number}">{word}</a></li>' for word, number, there in steps if there)
        return f'<nav class="pager" aria-label="Pages of statements"><p>Page {page:,} of {last:,}</p><ul>{links}</ul></nav>'

    def said(self, said: Node, published: str) -> str:
        """Return a statement as an item of a list: who does what, the passage, and where it stands."""
        who, act = said.one(KG.speaker), self.short(said.text(KG.act)) or "say"
        head: list[str | Words | Link] = [self.link(who.value, who.name) if who else "Speaker not decided", " · ", Words(act)]
        for term, word in ((KG.onBehalfOf, "for"), (KG.addressee, "to"), (KG.target, "aimed at")):
            if fact := said.one(term):
                head += [f" · {word} ", self.link(fact.value, fact.name)]
        content = said.parts.get(KG.content, ())
        article = said.one(SCHEMA.isPartOf)
        where = ", ".join(f"{stretch.start}–{stretch.end}" for stretch in content)
        foot: list[str | Words | Link] = [self.link(article.value, article.name) if article else "no article"]
        foot += [" (", Words(published), ")"] if published else []
        foot += [", ", Link(self.address(said.iri) or "#", (f"characters {where}" if where else "the statement",))]
        if cue := said.parts.get(KG.cue):
            foot += [" · told by “", Words(" … ".join(stretch.exact for stretch in cue)), "”"]
        if day := said.text(KG.saidOn):
            foot += [" · said on ", Words(day)]
        if said.text(KG.speakerCertain) == "false":
            foot += [" · the speaker is not certain"]
        if said.text(KG.interpreted) == "true":
            foot += [" · the reporter’s reading"]
        quote = self.passage(content) if content else self.write.line([Words(said.text(SCHEMA.text))])
        return (
            f'<li><p class="who">{self.write.line(head)}</p>\n<blockquote>{quote}</blockquote>\n'
            f'<p class="from">{self.write.line(foot)}</p></li>'
        )

    def posts(self) -> Iterator[str]:
        found = sorted(
            rows(self.store, "pages/posts", entity=self.node.iri), key=lambda r: (r.get("date", ""), r["article"], _natural(r["post"]))
        )
        if found:
            told = (
                (
                    (self.link(r["post"], r["role"]),),
                    (self.link(r["body"], r.get("bodyName", "")),) if "body" in r else (),
                    (Words(r["date"]),) if "date" in r else ("unknown",),
                    (self.link(r["document"], r["article"]),),
                )
                for r in found
            )
            yield self.section("posts", "Posts", self.table("What the articles say it is", "Post|Of|As of|Article", told))

    def named(self) -> Iterator[str]:
        found = sorted(
            rows(self.store, "pages/named", entity=self.node.iri),
            key=lambda r: (r.get("date", ""), r["article"], -int(r["times"]), r["written"]),
        )
        if found:
            told = (
                ((self.link(r["document"], r["article"]),), (Words(r.get("date", "")),), (Words(r["written"]),), (f"{int(r['times']):,}",))
                for r in found
            )
            yield self.section("named", "Where it is named", self.table("Spellings by article", "Article|Published|Written|Times", told))

    def names(self) -> Iterator[str]:
        found = sorted(rows(self.store, "pages/names", document=self.node.iri), key=lambda r: (-int(r["times"]), r["name"], r["entity"]))
        if found:
            told = (
                ((self.link(r["entity"], r["name"]),), (Words(self.short(r.get("kind", ""))),), (f"{int(r['times']):,}",)) for r in found
            )
            yield self.section("named", "Who and what is named", self.table("Names by how often they stand there", "Name|Kind|Times", told))

    def decisions(self) -> Iterator[str]:
        """Yield why these names are one, and what else was compared."""
        told: dict[str, Row] = {}
        weighed: dict[str, set[str]] = defaultdict(set)
        for row in rows(self.store, "identity/decisions", entity=self.node.iri):
            told[row["decision"]] = row
            weighed[row["decision"]] |= {row["feature"]} if "feature" in row else set()
        ordered = sorted(told.values(), key=lambda r: (r["outcome"], r["left"], r["right"], r["rule"]))
        if ordered:
            lines = (
                (
                    (self.link(r["decision"], OUTCOMES.get(self.short(r["outcome"]), self.short(r["outcome"]))),),
                    (Words(r["left"]),),
                    (Words(r["right"]),),
                    (Words(", ".join([f"{r['rule']} {float(r['score']):.2f}", *sorted(weighed[r["decision"]])])),),
                    (Words(" ".join(filter(None, (r.get("by", ""), r.get("at", ""))))),) if "by" in r else ("newskg",),
                )
                for r in ordered
            )
            table = self.table("What was compared, and what was decided", "They are|One name|Other name|By the rule|Decided by", lines)
            yield self.section("decisions", "Why these names are one", table)

    def figures(self) -> Iterator[str]:
        found = sorted(
            rows(self.store, "pages/figures", quantity=self.node.iri),
            key=lambda r: (r.get("asOf", ""), r["article"], _natural(r["figure"])),
        )
        seen = {row["figure"]: row for row in reversed(found)}
        told = (
            (
                (self.link(r["figure"], _valued(r)),),
                (self.link(r["speaker"], r.get("who", "")),)
                if "speaker" in r
                else ("the article itself" if "statement" not in r else "not decided",),
                (Words(r.get("asOf", "")),),
                (self.link(r.get("statement") or r["document"], r["article"]),),
            )
            for r in seen.values()
        )
        if seen:
            yield self.section(
                "figures", several(len(seen), "figure"), self.table("By what they hold as of", "Figure|Claimed by|As of|Where", told)
            )

    def findings(self) -> Iterator[str]:
        evidence: dict[tuple[str, str, str], set[str]] = defaultdict(set)
        for row in rows(self.store, "pages/findings", node=self.node.iri):
            evidence[row["kind"], row["note"], row["inference"]] |= {row["evidence"]} - {self.node.iri} if "evidence" in row else set()
        if evidence:
            lines = tuple(
                (
                    self.link(inference, kind.replace("-", " ")),
                    ": ",
                    Words(note),
                    *(piece for iri in sorted(others) for piece in (" · ", self.link(iri))),
                )
                for (kind, note, inference), others in sorted(evidence.items())[:MOST]
            )
            more = f'<p class="more">and {len(evidence) - MOST:,} more</p>' if len(evidence) > MOST else ""
            yield self.section("findings", "What follows", self.write.block(Bullets(lines), "findings"), more)

    def incoming(self) -> Iterator[str]:
        pointing = {(r["property"], r["subject"], r.get("name", "")) for r in rows(self.store, "pages/incoming", node=self.node.iri)}
        found = sorted(row for row in pointing if not (row[0] == PROV.used and "/inference/" in row[1]))
        if found:
            told = tuple(((Words(FACTS.get(Iri(term)) or self.short(term)),), (self.link(iri, name),)) for term, iri, name in found[:MOST])
            more = '<p class="more">and more</p>' if len(found) > MOST else ""
            yield self.section("incoming", "What points here", self.table("By property", "As|Of", told), more)


def _around(stretch: Stretch) -> tuple[str, str]:
    """Return the words before and behind a stretch in its line; a word that may be cut is left out."""
    *lines, before = stretch.prefix.split("\n")
    if not lines and stretch.start > len(stretch.prefix):
        before = f"… {before.partition(' ')[2]}"
    after, *lines = stretch.suffix.split("\n")
    if not lines and len(stretch.suffix) == 32:
        after = f"{after.rpartition(' ')[0]} …"
    return before, after


def _valued(row: Row) -> str:
    """Return a figure in words: ``about 120,000 people``."""
    low, high = row.get("low"), row.get("high")
    if "value" in row:
        words = number(float(row["value"]))
    elif low and high:
        words = f"{number(float(low))} to {number(float(high))}"
    else:
        words = f"{number(float(low))} or more" if low else f"at most {number(float(high or 0))}"
    told = "" if row["modifier"] == "exact" else f"{row['modifier']} "
    return f"{told}{words} {'%' if row.get('unit') == 'percent' else row.get('unit', '')}".strip()


# ---------------------------------------------------------------- the form


def query_page(library: Mapping[str, Question], *, base: str = BASE) -> str:
    """Return the page on which one asks in SPARQL, with the ready questions as examples.

    It works without script, as a form whose answer is the server's own; the script shows answers as a table.

    Args:
        library: Name → question (``kg.questions.library``).
        base: Namespace of the data: what an answer names below it is linked to its page.
    """
    style, script = _style(), _text("query.js")
    sources = f"style-src {_digest(style)}; script-src {_digest(script)}; connect-src 'self'"
    policy = f"default-src 'none'; {sources}; base-uri 'none'; form-action 'self'"
    examples = "\n".join(_example(question) for question in library.values())
    prefixes = ", ".join(f"<code>{prefix}:</code>" for prefix in sorted({*PREFIXES, *KINDS_OF_IRI}))
    return _text("query.html").format(
        policy=escape(policy),
        style=style,
        script=script,
        navigation=_NAVIGATION,
        base=escape(base),
        count=len(library),
        examples=examples,
        prefixes=prefixes,
    )


def _example(question: Question) -> str:
    """Return a question with its parameters and its text."""
    body = "\n".join(line for line in question.sparql.splitlines() if not line.startswith("#")).strip()
    told = "".join(f"<li><code>?{escape(p.name)}</code> {escape(p.meaning)}</li>" for p in question.parameters)
    parameters = f"<p>Its parameters, each of which may stay open:</p><ul>{told}</ul>" if told else ""
    return (
        f"<details><summary>{escape(question.title)}</summary><p>{escape(question.about)}</p>{parameters}"
        f'<p>In a terminal: <code>{escape(question.example)}</code></p><button type="button" class="use" hidden>Use this query</button>'
        f'<pre tabindex="0">{escape(body)}</pre></details>'
    )


# ---------------------------------------------------------------- parts of every page

_NAVIGATION = """<a class="skip" href="#main">Skip to the content</a>
<nav class="top" aria-label="This server"><a href="/">Graph</a> <a href="/query">Ask</a></nav>"""


def _style() -> str:
    """Return the style of reports and what pages add to it."""
    report = (Path(kg.report.__file__).parent / "report.css").read_text("utf-8").replace("\r\n", "\n")
    return f"{report}\n{_text('pages.css')}"


def _text(name: str) -> str:
    """Return a data file with the line ends that an HTML parser makes of them: hashes are taken over those."""
    return (HERE / name).read_text("utf-8").replace("\r\n", "\n")


def _digest(text: str) -> str:
    """Return the source expression that allows an inline block with just this text."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
