"""SPARQL text becomes typed rows, and rows become text.

A query from outside may read and nothing else: Oxigraph would follow SERVICE to any host that this machine reaches, so
such a query is refused before the engine sees it. Values enter by ``bind``, never by gluing text.
"""

import csv
import io
import json
import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from kg.errors import QueryError
from kg.store import Answer, Blank, Store, Table, Triples, Value, turtle
from kg.vocab import BASE, PREFIXES, Iri, Literal, Term, data_prefixes, ontology_folder

if TYPE_CHECKING:
    from kg.records import Actor, Article, Claim, Finding, Overview, Quantity, Said, Span

FORMATS = ("table", "csv", "json", "ttl")
"""What ``as_text`` can make of an answer."""

_WORD = re.compile(r"(service|load)(?=\s|#|<|\?|\$|silent|[^\W\d][\w.-]*:|:)", re.IGNORECASE)
_UPDATE = re.compile(r"\b(insert|delete|load|clear|drop|create|add|move|copy|with)\b", re.IGNORECASE)
_TOKEN = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""|' + r"'''(?:[^'\\]|\\.|'(?!''))*'''|"
    r'"(?:[^"\\\n\r]|\\.)*"|' + r"'(?:[^'\\\n\r]|\\.)*'|"
    r"#[^\n\r]*|[?$]\w+|:(?:[\w:%-]|\\.)*",
    re.DOTALL,
)
"""What cannot hold a keyword: strings, comments, variables and the local parts of names."""
_NO_CODE = re.compile(
    r'"(?:[^"\\\n\r]|\\.)*"|\'(?:[^\'\\\n\r]|\\.)*\'|<[^<>"{}|^`\x00-\x20]*>|#[^\n\r]*|[?$]\w+|[\w.-]*:[\w:%.-]*', re.DOTALL
)
"""Texts, IRIs, comments, variables and names: where FROM is no keyword."""
_IRI = re.compile(r'<[^<>"{}|^`\x00-\x20]*>')


# ---------------------------------------------------------------- asking


def run(store: Store, sparql: str, *, base: str = BASE, bind: Mapping[str, Term] | None = None) -> Answer:
    """Answer a SELECT, ASK, CONSTRUCT or DESCRIBE query over the union of all graphs, or over what its FROM names.

    Args:
        store: The open store.
        sparql: The query. Our prefixes and those of the data need no declaration; its own come first.
        base: Namespace of the data.
        bind: Variable of the SELECT clause → term that stands for it.

    Raises:
        QueryError: It does not parse, or it would write or reach out: update, SERVICE, LOAD.
    """
    refuse_unsafe(sparql)
    return store.query(sparql, prefixes=PREFIXES | data_prefixes(base), bind=bind, union=not names_dataset(sparql))


def names_dataset(sparql: str) -> bool:
    """Tell whether a query says by FROM which graphs it asks."""
    return re.search(r"\bfrom\b", _NO_CODE.sub(" ", sparql), re.IGNORECASE) is not None


def refuse_unsafe(sparql: str) -> None:
    """Refuse a query that could write or reach another host.

    ``<`` opens an IRI or compares, and only a full parser knows which. So every reading is walked, and a word counts
    if it is a word in any of them. ``SERVICE`` needs no space around it: Oxigraph takes ``1SERVICEex:x`` apart.

    Raises:
        QueryError: The query holds SERVICE or LOAD, a coded character outside of texts, or is an update.
    """
    lines = [found.start() for found in re.finditer("[\n\r]", sparql)] + [len(sparql)]
    seen: set[int] = set()
    ahead = [0]
    while ahead:
        at = ahead.pop()
        if at >= len(sparql) or at in seen:
            continue
        seen.add(at)
        if found := _WORD.match(sparql, at):
            problem = f"the query may not use {found.group(1).upper()} (character {at + 1}): it would leave this machine"
            raise QueryError(problem, "Ask this graph only; write the word in quotation marks where you mean a text.")
        if sparql[at] == "\\":
            raise QueryError(f"the query holds a backslash outside of a text (character {at + 1})", "Write the character itself.")
        if sparql[at] == "#":
            ahead.append(lines[bisect_left(lines, at)])
            continue
        token = _TOKEN.match(sparql, at)
        ahead.append(token.end() if token else at + 1)
        if iri := _IRI.match(sparql, at):
            ahead.append(iri.end())
    refuse_update(sparql)


def refuse_update(sparql: str) -> None:
    """Refuse what would change a graph. Raises ``QueryError``."""
    if _UPDATE.match(word := form_of(sparql)):
        raise QueryError(f"{word} would change the graph", "Queries only read: use SELECT, ASK, CONSTRUCT or DESCRIBE.")


def form_of(sparql: str) -> str:
    """Return the first word behind the prologue in capitals: for a query SELECT, ASK, CONSTRUCT or DESCRIBE; empty where there is none."""
    bare = _TOKEN.sub(" ", _IRI.sub(" ", sparql))
    found = re.search(r"\w+", re.sub(r"\b(prefix\s+[\w.-]*|base)\b", " ", bare, flags=re.IGNORECASE))
    return found[0].upper() if found else ""


# ---------------------------------------------------------------- answers as text


def as_text(answer: Answer, format: str = "table", *, base: str = BASE, width: int = 120) -> str:
    """Return an answer as text that ends with a line break.

    Args:
        answer: What ``run`` gave.
        format: ``table`` for reading, ``csv`` and ``json`` as SPARQL 1.1 defines them, ``ttl`` for CONSTRUCT and DESCRIBE.
        base: Namespace of the data, for the short names in tables and Turtle.
        width: Characters in a line of a table.

    Raises:
        QueryError: The format is unknown or does not fit the answer.
    """
    match format:
        case "table":
            return _table(_rows(answer), {**PREFIXES, **data_prefixes(base)}, width)
        case "csv":
            return _csv(_rows(answer))
        case "json":
            return _json(answer)
        case "ttl" if isinstance(answer, Triples):
            return turtle(answer.rows, base=base).decode()
        case "ttl":
            raise QueryError("Turtle holds triples, and this query gives rows", "Ask with CONSTRUCT, or choose table, csv or json.")
    raise QueryError(f"there is no format {format!r}", f"Choose one of {', '.join(FORMATS)}.")


def _rows(answer: Answer) -> Table:
    """Return any answer as a table."""
    if isinstance(answer, Table):
        return answer
    if isinstance(answer, Triples):
        return Table(("subject", "predicate", "object"), answer.rows)
    return Table(("answer",), ((Literal("true" if answer else "false"),),))


def _table(table: Table, prefixes: Mapping[str, str], width: int) -> str:
    rows = [[_shown(value, prefixes) for value in row] for row in table.rows]
    return f"{drawn(table.columns, rows, width=width)}{len(rows)} row{'' if len(rows) == 1 else 's'}\n"


def drawn(columns: Sequence[str], rows: Iterable[Sequence[str]], *, width: int = 120, whole: Collection[str] = ()) -> str:
    """Return a table for a terminal, each line ended: columns of numbers to the right, every text ``harmless``.

    Args:
        columns: Their heads.
        rows: A cell for each column.
        width: Characters of a line; longer cells are folded.
        whole: Columns whose cells are never folded, since people copy from them.
    """
    from rich import box
    from rich.console import Console
    from rich.table import Table as Drawing
    from rich.text import Text

    drawing = Drawing(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    cells = [[harmless(cell) for cell in row] for row in rows]
    for number, column in enumerate(columns):
        numeric = bool(cells) and all(_NUMBER.fullmatch(row[number]) for row in cells)
        drawing.add_column(Text(harmless(column)), overflow="fold", no_wrap=column in whole, justify="right" if numeric else "left")
    for row in cells:
        drawing.add_row(*map(Text, row))
    out = io.StringIO()
    Console(file=out, width=width, color_system=None, legacy_windows=False).print(drawing)
    return "".join(f"{line.rstrip()}\n" for line in out.getvalue().split("\n") if line.strip())


def harmless(text: str) -> str:
    """Return a text in one line, with U+FFFD for each character that could steer a terminal: controls, directions, half surrogates."""
    return "".join(map(_harmless, text))


def _shown(value: Value | None, prefixes: Mapping[str, str]) -> str:
    """Return a value in its short form."""
    if value is None:
        return ""
    if isinstance(value, Literal):
        return value.text
    if isinstance(value, Blank):
        return f"_:{value}"
    fits = [(space, prefix) for prefix, space in prefixes.items() if value.startswith(space) and value != space]
    if not fits:
        return f"<{value}>"
    space, prefix = max(fits)
    return f"{prefix}:{value.removeprefix(space)}"


def _harmless(char: str) -> str:
    if char in "\n\r\t\u2028\u2029":
        return " "
    return "\N{REPLACEMENT CHARACTER}" if unicodedata.category(char) in {"Cc", "Cs"} or unicodedata.bidirectional(char) in _BIDI else char


_NUMBER = re.compile(r"-?[0-9][0-9.,]*|")
_BIDI = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})


def _csv(table: Table) -> str:
    """Return SPARQL 1.1 CSV: plain values, lines that end with CR LF."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(table.columns)
    writer.writerows([_plain(value) for value in row] for row in table.rows)
    return out.getvalue()


def _plain(value: Value | None) -> str:
    if value is None:
        return ""
    if isinstance(value, Literal):
        return value.text
    return f"_:{value}" if isinstance(value, Blank) else value


def _json(answer: Answer) -> str:
    """Return SPARQL 1.1 JSON; triples as rows of subject, predicate and object."""
    body: dict[str, object]
    if isinstance(answer, bool):
        body = {"head": {}, "boolean": answer}
    else:
        table = _rows(answer)
        rows = [{name: _binding(value) for name, value in zip(table.columns, row, strict=True) if value is not None} for row in table.rows]
        body = {"head": {"vars": list(table.columns)}, "results": {"bindings": rows}}
    return json.dumps(body, ensure_ascii=False, indent=1) + "\n"


def _binding(value: Value) -> dict[str, str]:
    if isinstance(value, Blank):
        return {"type": "bnode", "value": str(value)}
    if isinstance(value, Iri):
        return {"type": "uri", "value": str(value)}
    extra = {"xml:lang": value.language} if value.language else {"datatype": str(value.datatype)} if value.datatype else {}
    return {"type": "literal", "value": value.text, **extra}


# ---------------------------------------------------------------- the graph read back


def overview(store: Store, texts: Mapping[str, str], *, numbers: bool = False) -> "Overview":
    """Read articles, actors and statements back from a graph (queries: ``ontology/questions/overview``).

    Where a graph says twice what can be only once (two speakers of one statement), the first by sort order is taken.

    Args:
        store: The open store.
        texts: Document key → text of the article; the graph holds none.
        numbers: Read how often names are mentioned and what figures measure, too.

    Raises:
        QueryError: The text of an article is missing.
    """
    from kg.records import Overview

    articles = tuple(_articles(store, texts))
    statements = tuple(sorted(_statements(store), key=_by_place))
    quantities = tuple(_quantities(store, articles, statements)) if numbers else ()
    return Overview(articles, tuple(_actors(store, _mentions(store) if numbers else {})), statements, quantities)


def _articles(store: Store, texts: Mapping[str, str]) -> "Iterator[Article]":
    from kg.records import Article

    originals = _many(rows(store, "overview/copies"), "article", "original")
    for iri, row in first(rows(store, "overview/articles"), "article").items():
        key = iri.rpartition("/")[2]
        if key not in texts:
            raise QueryError(f"the text of article {row['id']} ({key}) is missing", "Run kg build again over that article.")
        yield Article(
            iri=iri,
            key=key,
            id=row["id"],
            text=texts[key],
            title=row.get("title"),
            date=row.get("date"),
            url=row.get("url"),
            publisher=row.get("publisher"),
            language=row["language"],
            copy_of=originals[iri],
        )


def _mentions(store: Store) -> dict[str, int]:
    return {row["actor"]: int(row["times"]) for row in rows(store, "overview/mentions")}


def _actors(store: Store, mentions: Mapping[str, int]) -> "Iterator[Actor]":
    from kg.records import Actor

    aliases = _many(rows(store, "overview/aliases"), "actor", "alias")
    links = _many(rows(store, "overview/links"), "actor", "link")
    for iri, row in first(rows(store, "overview/actors"), "actor").items():
        yield Actor(
            iri=iri,
            kind=row["kind"],
            name=row["name"],
            aliases=aliases[iri],
            acts_for=row.get("actsFor"),
            latitude=float(row["latitude"]) if "latitude" in row else None,
            longitude=float(row["longitude"]) if "longitude" in row else None,
            links=links[iri],
            unnamed=row["unnamed"] == "true",
            mentions=mentions.get(iri, 0),
        )


def _statements(store: Store) -> "Iterator[Said]":
    from kg.records import Appearance, Said, Span

    spans: dict[tuple[str, str], list[Span]] = defaultdict(list)
    for row in rows(store, "overview/spans"):
        spans[row["statement"], row["role"]].append(Span(int(row["start"]), int(row["end"])))
    appearances: dict[str, set[Appearance]] = defaultdict(set)
    for row in rows(store, "overview/appearances"):
        appearances[row["statement"]].add(Appearance(row["article"], Span(int(row["start"]), int(row["end"]))))
    about = _many(rows(store, "overview/about"), "statement", "about")
    answers = _many(rows(store, "overview/answers"), "statement", "accusation")
    for iri, row in first(rows(store, "overview/statements"), "statement").items():
        content, cue, source = (tuple(sorted(set(spans[iri, role]))) for role in ("content", "cue", "source"))
        yield Said(
            iri=iri,
            article=row["article"],
            type=row["type"],
            act=row["act"],
            kind=row["kind"],
            content=content,
            cue=cue,
            source=source,
            confidence=float(row["confidence"]),
            speaker=row.get("speaker"),
            on_behalf_of=row.get("onBehalfOf"),
            role=row.get("role"),
            addressee=row.get("addressee"),
            target=row.get("target"),
            place=row.get("place"),
            date=row.get("date"),
            date_status=row.get("dateStatus", "notStated"),
            about=about[iri],
            nested_in=row.get("nestedIn"),
            interpreted=row.get("interpreted") == "true",
            answers=answers[iri],
            appearances=tuple(sorted(appearances[iri])),
        )


def _by_place(said: "Said") -> "tuple[str, tuple[Span, ...], str]":
    return said.article, said.content, said.iri


def _quantities(store: Store, articles: "Iterable[Article]", statements: "Iterable[Said]") -> "Iterator[Quantity]":
    from kg.records import Quantity

    claims: dict[str, list[Claim]] = defaultdict(list)
    dates = {article.iri: article.date for article in articles}
    said_on = {said.iri: said.date for said in statements}
    for row in first(rows(store, "report/figures"), "figure").values():
        if row["article"] in dates and "quantity" in row:
            claims[row["quantity"]].append(_claim(row, dates[row["article"]], said_on))
    home = {claim.iri: iri for iri, members in claims.items() for claim in members}
    findings: dict[str, list[Finding]] = defaultdict(list)
    for finding in _findings(store):
        homes = {home.get(part) for part in finding.evidence}
        if len(homes) == 1 and (only := homes.pop()):
            findings[only].append(finding)
    for iri, row in first(rows(store, "report/quantities"), "quantity").items():
        if iri in claims:
            yield Quantity(iri, row["label"], row["unit"], row["cumulative"] == "true", tuple(claims[iri]), tuple(sorted(findings[iri])))


def _claim(row: Mapping[str, str], published: str | None, said_on: Mapping[str, str | None]) -> "Claim":
    """Return a figure; as of when it holds is told as ``kg.ledgers`` takes it: by the text, else the statement, else the article."""
    from kg.records import Claim, Span

    statement = row.get("statement") if row.get("statement") in said_on else None
    told = ((row.get("asOf"), "text"), (statement and said_on[statement], "said"), (published, "published"))
    as_of, basis = next(((day, basis) for day, basis in told if day and re.match(r"\d{4}", day, re.ASCII)), ("", ""))
    return Claim(
        iri=row["figure"],
        article=row["article"],
        span=Span(int(row["start"]), int(row["end"])),
        modifier=row["modifier"],
        value=float(row["value"]) if "value" in row else None,
        low=float(row["low"]) if "low" in row else None,
        high=float(row["high"]) if "high" in row else None,
        unit=row.get("unit", ""),
        statement=statement,
        as_of=as_of,
        basis=basis,
    )


def _findings(store: Store) -> "Iterator[Finding]":
    from kg.records import Finding

    later = {(row["one"], row["other"]) for row in rows(store, "overview/later")}
    found = list(rows(store, "overview/findings"))
    evidence = _many(iter(found), "finding", "evidence")
    for iri, row in first(found, "finding").items():
        parts = evidence[iri]
        ordered = sorted(parts, key=lambda part: (not any((part, other) in later for other in parts), part))
        yield Finding(row["kind"], tuple(ordered), row["note"])


def rows(store: Store, name: str, **bind: Term) -> Iterator[dict[str, str]]:
    """Yield the rows of one of our own queries as plain text by column, unbound ones left out, in the engine's order.

    Args:
        store: The open store.
        name: File below ``ontology/questions``, without its ending.
        bind: Variable of its SELECT clause → term that stands for it.
    """
    sparql = (ontology_folder() / "questions" / f"{name}.rq").read_text("utf-8")
    table = _rows(store.query(sparql, prefixes=PREFIXES, bind=bind))
    for row in table.rows:
        yield {column: _plain(value) for column, value in zip(table.columns, row, strict=True) if value is not None}


def first(rows: Iterable[dict[str, str]], key: str) -> dict[str, dict[str, str]]:
    """Return one row a subject, sorted: the first of its rows in sort order."""
    chosen: dict[str, dict[str, str]] = {}
    for row in rows:
        subject = row[key]
        chosen[subject] = min(chosen[subject], row, key=lambda row: sorted(row.items())) if subject in chosen else row
    return dict(sorted(chosen.items()))


def _many(rows: Iterator[dict[str, str]], key: str, value: str) -> defaultdict[str, tuple[str, ...]]:
    """Return the sorted values of each subject; none for a subject without."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        found[row[key]].add(row[value])
    return defaultdict(tuple, {subject: tuple(sorted(values)) for subject, values in found.items()})
