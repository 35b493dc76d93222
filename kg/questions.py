"""Questions with a name: SPARQL files whose header says what they ask, and parameters that become terms, never text.

The files are ``ontology/questions/*.rq`` and those of a folder of the user's own. Each begins with a header in comments::

    # title: Who accused whom of what
    # about: One sentence on what the rows are.
    # param target (name): who is accused
    # param least (number, default 2): leave out smaller figures
    # example: kg ask accusations --target Azerbaijan

A parameter is a variable of the SELECT clause and no column of the answer. The engine puts its value in there. One that is left out
is unbound: in ``?s kg:target ?target`` it then stands for all; a filter says ``FILTER (COALESCE(?size >= ?least, true))``.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from itertools import product
from pathlib import Path

from kg.errors import QueryError
from kg.identity import named
from kg.query import drawn, harmless, overview, refuse_unsafe, rows, run
from kg.store import Store, Table, Value
from kg.vocab import ACT, BASE, XSD, Iri, Literal, Term, ontology_folder

KINDS = {
    "name": "a name of an actor or place, as any article writes it",
    "place": "a name of a place",
    "act": "a speech act: accuse, deny, say",
    "date": "a day: 2023-09-28",
    "word": "words as they stand, whatever their case",
    "number": "a number: 1000, 2.5",
}
"""What a parameter can be."""

MEASURES = ("degree", "out_strength", "in_strength", "pagerank", "betweenness", "community")
"""What ``measure`` can add to the rows of a question that has a column ``iri``; ``kg analyse`` explains them."""

RESERVED = frozenset({"about", "base", "format", "help", "output", "questions", "store"})
"""Options of ``kg ask`` itself, and so no parameters."""

_LINE = re.compile(r"#\s*(title|about|example|measure)\s*:\s*(\S.*)")
_PARAMETER = re.compile(r"#\s*param\s+([a-z][A-Za-z0-9]*)\s*\(\s*([a-z]+)\s*(?:,\s*(required|default\s+(\S[^)]*?)))?\s*\)\s*:\s*(\S.*)")
_FORM = "# param NAME (KIND): what it means; with (KIND, required) or (KIND, default VALUE)"
_SELECT = re.compile(r"\bselect\b(.*?)(?:\bfrom\b|\bwhere\b|\{)", re.IGNORECASE | re.DOTALL)
_NUMBER = re.compile(r"[+-]?[0-9]{1,30}(\.[0-9]{1,30})?")
_NOBODY = Iri("urn:kg:nobody")


class AskError(QueryError):
    """A question that there is none of, or that was asked with the wrong parameters."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a question wants to know.

    Attributes:
        name: Its option without the dashes, and its variable.
        kind: One of ``KINDS``.
        default: The value where none is given.
        meaning: For reading.
    """

    name: str
    kind: str
    meaning: str
    required: bool = False
    default: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a file.

    Attributes:
        name: The file's name without its ending.
        measures: Columns that ``kg.analyse`` adds; the rows are then those with the first above zero, the largest first.
        sparql: The whole file, header included.
    """

    name: str
    title: str
    about: str
    example: str
    parameters: tuple[Parameter, ...]
    measures: tuple[str, ...]
    sparql: str


@dataclass(frozen=True, slots=True)
class Reply:
    """The rows of a question, and which given names nothing in the graph bears."""

    table: Table
    unknown: tuple[QueryError, ...]


# ---------------------------------------------------------------- reading


def library(folder: Path | None = None) -> dict[str, Question]:
    """Return name → question, sorted: ours, and those of a folder, which win where names are the same.

    Raises:
        QueryError: A file cannot be read, its header is broken, or it is no query that may run; it names file and line.
    """
    files = {file.stem: file for file in (ontology_folder() / "questions").glob("*.rq")}
    if folder is not None:
        if not folder.is_dir():
            raise QueryError(f"{folder} is no folder", "Name the folder that holds your .rq files.")
        files |= {file.stem: file for file in folder.glob("*.rq")}
    return {name: read(file) for name, file in sorted(files.items())}


def read(file: Path) -> Question:
    """Return the question of a file.

    Raises:
        QueryError: See ``library``.
    """
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise QueryError(f"{file} cannot be read: {error}", "Write it in UTF-8, where you may read it.") from error
    return parse(text, str(file))


def parse(text: str, file: str) -> Question:
    """Return the question of a file's text; see ``read``."""
    fields: dict[str, str] = {}
    parameters: list[Parameter] = []
    lines = text.splitlines()
    end = next((number for number, line in enumerate(lines) if not line.startswith("#")), len(lines))
    for number, line in enumerate(lines[:end], start=1):
        where = f"{file}, line {number}"
        if found := _LINE.fullmatch(line.rstrip()):
            if found[1] in fields:
                raise QueryError(f"{where}: {found[1]} is there twice", "Leave one of them.")
            fields[found[1]] = found[2]
        elif re.match(r"#\s*param\b", line):
            parameters.append(_parameter(line, where, parameters))
        elif line.strip("# \t"):
            known = "title, about, param, example, measure"
            raise QueryError(f"{where}: this is no line of a header: {line[:80]!r}", f"It holds {known}; notes stand below the header.")
    for wanted in ("title", "about", "example"):
        if wanted not in fields:
            raise QueryError(f"{file}, line {end or 1}: the header has no {wanted}", f"Begin the file with a line '# {wanted}: ...'.")
    measures = tuple(fields.get("measure", "").split())
    if unknown := [name for name in measures if name not in MEASURES]:
        raise QueryError(f"{file}: there is no measure {unknown[0]!r}", f"Choose from {', '.join(MEASURES)}.")
    question = Question(Path(file).stem, fields["title"], fields["about"], fields["example"], tuple(parameters), measures, text)
    _check(question, file, end)
    return question


def _parameter(line: str, where: str, before: Sequence[Parameter]) -> Parameter:
    found = _PARAMETER.fullmatch(line.rstrip())
    if found is None:
        raise QueryError(f"{where}: this parameter cannot be read: {line[:80]!r}", f"Write {_FORM}.")
    name, kind, option, default, meaning = found.groups()
    if kind not in KINDS:
        raise QueryError(f"{where}: there is no kind {kind!r}", f"Choose from {', '.join(KINDS)}.")
    if name in RESERVED or name in {parameter.name for parameter in before}:
        raise QueryError(f"{where}: the name {name!r} is taken", f"Choose another; taken are {', '.join(sorted(RESERVED))}.")
    parameter = Parameter(name, kind, meaning, option == "required", default)
    if default is not None and kind in ("act", "date", "number"):
        try:
            _literal(parameter, default)
        except AskError as error:
            raise QueryError(f"{where}: {error.problem}", error.mend) from error
    return parameter


def _check(question: Question, file: str, header: int) -> None:
    """Refuse a query that could not be asked with these parameters, or may not run at all."""
    try:
        refuse_unsafe(question.sparql)
    except QueryError as error:
        raise QueryError(f"{file}: {error.problem}", error.mend) from error
    body = "\n".join("" if line.lstrip().startswith("#") else line for line in question.sparql.splitlines())
    selected = _SELECT.search(body)
    if selected is None:
        raise QueryError(f"{file}, line {header + 1}: a question is a SELECT query", "Use kg query for ASK, CONSTRUCT and DESCRIBE.")
    line = body.count("\n", 0, selected.start()) + 1
    variables = set(re.findall(r"[?$](\w+)", selected[1]))
    wanted = [*(parameter.name for parameter in question.parameters), *(("iri",) if question.measures else ())]
    for name in wanted:
        if name not in variables:
            raise QueryError(
                f"{file}, line {line}: the SELECT clause has no ?{name}", "Name every parameter there: its value goes in there."
            )


# ---------------------------------------------------------------- asking


def find(questions: Mapping[str, Question], name: str) -> Question:
    """Return the question of this name.

    Raises:
        AskError: There is none; close names stand in the message.
    """
    if name not in questions:
        raise AskError(f"there is no question {name[:80]!r}", _suggested(name, questions, "`kg ask` lists them."))
    return questions[name]


def given(question: Question, words: Sequence[str]) -> dict[str, str]:
    """Return parameter → value, from the words of a command line: ``--target Azerbaijan`` or ``--target=Azerbaijan``.

    Raises:
        AskError: A parameter is unknown, given twice or without a value.
    """
    names = [parameter.name for parameter in question.parameters]
    values: dict[str, str] = {}
    left = list(words)
    while left:
        option, equals, value = left.pop(0).partition("=")
        name = option.removeprefix("--")
        if not option.startswith("--"):
            raise AskError(f"{question.name} does not know what to do with {option[:80]!r}", "Give each value behind its parameter.")
        if name not in names:
            known = f"It has {', '.join(f'--{name}' for name in names)}." if names else "It has none."
            raise AskError(f"{question.name} has no parameter --{name[:80]}", _suggested(name, names, known, "--"))
        if name in values:
            raise AskError(f"--{name} is given twice", "Ask once for each value.")
        if not equals and not left:
            raise AskError(f"--{name} has no value", f"Give {KINDS[_kind(question, name)]}.")
        values[name] = value if equals else left.pop(0)
    return values


def _kind(question: Question, name: str) -> str:
    return next(parameter.kind for parameter in question.parameters if parameter.name == name)


def _suggested(name: str, names: Iterable[str], otherwise: str, dashes: str = "") -> str:
    close = get_close_matches(name[:80], names, n=3, cutoff=0.5)
    return f"Did you mean {', '.join(f'{dashes}{other}' for other in close)}?" if close else otherwise


def ask(store: Store, question: Question, values: Mapping[str, str] | None = None, *, base: str = BASE) -> Reply:
    """Answer a question.

    A name that several actors or places bear is asked for each of them, one after the other as their IRIs sort; a country's name is
    also its government's where an article uses it so. A name that nothing bears gives no rows.

    Args:
        store: The open store.
        question: What to ask.
        values: Parameter → value as a person writes it.
        base: Namespace of the data.

    Raises:
        AskError: A parameter is unknown, missing, or no value of its kind.
        QueryError: The query cannot be run.
    """
    terms, unknown = _terms(store, question, values or {}, base)
    columns, found = _answered(store, question, terms, base)
    if question.measures:
        columns, found = _measured(store, question, columns, found)
    hidden = {parameter.name for parameter in question.parameters} | ({"iri"} if question.measures else set())
    shown = [place for place, column in enumerate(columns) if column not in hidden]
    picked = dict.fromkeys(tuple(row[place] for place in shown) for row in found)
    return Reply(Table(tuple(columns[place] for place in shown), tuple(picked)), tuple(unknown))


def _answered(
    store: Store, question: Question, terms: Mapping[str, Sequence[Term]], base: str
) -> tuple[tuple[str, ...], list[tuple[Value | None, ...]]]:
    """Return columns and rows for every choice of terms; without a choice the columns alone."""
    nobody = not all(terms.values())
    choices = product(*(choice or (_NOBODY,) for choice in terms.values()))
    columns: tuple[str, ...] = ()
    found: list[tuple[Value | None, ...]] = []
    for choice in choices:
        answer = run(store, question.sparql, base=base, bind=dict(zip(terms, choice, strict=True)))
        if not isinstance(answer, Table):
            raise QueryError(f"{question.name} is no SELECT query", "Use kg query for ASK, CONSTRUCT and DESCRIBE.")
        columns = answer.columns
        found += () if nobody else answer.rows
        if nobody:
            break
    return columns, found


def _terms(store: Store, question: Question, values: Mapping[str, str], base: str) -> tuple[dict[str, list[Term]], list[QueryError]]:
    """Return parameter → the terms that its value can be, for those that have a value, and what nothing in the graph is called."""
    known = {parameter.name for parameter in question.parameters}
    if strange := sorted(set(values) - known):
        raise AskError(f"{question.name} has no parameter --{strange[0]}", _suggested(strange[0], known, "It has none.", "--"))
    wanted = {p: values.get(p.name, p.default) for p in question.parameters}
    if missing := [p for p, value in wanted.items() if value is None and p.required]:
        needs = "; ".join(f"--{p.name}: {p.meaning}" for p in missing)
        raise AskError(f"{question.name} wants --{missing[0].name}", f"Give {needs}.")
    labels = _labels(store, base) if any(p.kind in ("name", "place") and value is not None for p, value in wanted.items()) else {}
    terms: dict[str, list[Term]] = {}
    unknown: list[QueryError] = []
    for parameter, value in wanted.items():
        if value is None:
            continue
        if parameter.kind in ("name", "place"):
            try:
                terms[parameter.name] = [*_entities(parameter, value, labels, base)]
            except QueryError as error:
                terms[parameter.name] = []
                unknown.append(error)
        else:
            terms[parameter.name] = [_literal(parameter, value)]
    return terms, unknown


def _labels(store: Store, base: str) -> dict[str, set[str]]:
    """Return path of an entity → its names; a government's are also those of the places that stand for it in a text."""
    labels: dict[str, set[str]] = defaultdict(set)
    for query in ("identity/labels", "identity/metonyms"):
        for row in rows(store, query):
            labels[row["entity"].removeprefix(base)].add(row["label"])
    return labels


def _entities(parameter: Parameter, value: str, labels: Mapping[str, set[str]], base: str) -> list[Iri]:
    """Return the IRIs that bear a name.

    Raises:
        QueryError: Nothing does.
    """
    fitting = {path: names for path, names in labels.items() if parameter.kind == "name" or path.startswith("place/")}
    if not any(letter.isalnum() for letter in value):
        raise QueryError(f"nothing in the graph is called {value[:80]!r}", "Give a name as an article writes it.")
    return [Iri(f"{base}{path}") for path in named(value.removeprefix(base), fitting)]


def _literal(parameter: Parameter, value: str) -> Term:
    """Return the term of a value that is no name.

    Raises:
        AskError: It is no value of that kind.
    """
    wrong = AskError(f"--{parameter.name} is {value[:80]!r}", f"Give {KINDS[parameter.kind]}.")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise wrong from None
    match parameter.kind:
        case "act":
            name = value.strip().lower().removeprefix("act:")
            if name not in ACT:
                raise AskError(wrong.problem, _suggested(name, ACT, wrong.mend))
            return Iri(ACT.base + name)
        case "date":
            try:
                return Literal(date.fromisoformat(value.strip()).isoformat(), XSD.date)
            except ValueError:
                raise wrong from None
        case "number":
            if not _NUMBER.fullmatch(value.strip()):
                raise wrong
            return Literal(value.strip(), XSD.decimal)
    return Literal(value)


def _measured(
    store: Store, question: Question, columns: tuple[str, ...], found: Sequence[tuple[Value | None, ...]]
) -> tuple[tuple[str, ...], list[tuple[Value | None, ...]]]:
    """Add what ``kg.analyse`` measures of the thing in the column ``iri``; rows without any of the first measure fall away."""
    from kg.analyse import measures, speech_graph

    texts = {row["article"].rpartition("/")[2]: "" for row in rows(store, "overview/articles")}  # measuring needs no text
    known = {measure.iri: measure for measure in measures(speech_graph(overview(store, texts)))}
    at = columns.index("iri")
    told = [(row, [getattr(known[str(row[at])], name) for name in question.measures]) for row in found if str(row[at]) in known]
    told.sort(key=lambda pair: -pair[1][0])
    added = [(*row, *(_figure(number) for number in numbers)) for row, numbers in told if numbers[0]]
    return (*columns, *question.measures), added


def _figure(number: int | float) -> Literal:
    return Literal(str(number), XSD.integer) if isinstance(number, int) else Literal(f"{number:.4f}", XSD.decimal)


# ---------------------------------------------------------------- telling


def listed(questions: Mapping[str, Question], *, width: int = 120) -> str:
    """Return the questions as a table for a terminal."""
    cells = [
        [question.name, question.title, " ".join(f"--{parameter.name}" for parameter in question.parameters)]
        for question in questions.values()
    ]
    return drawn(["question", "what it asks", "parameters"], cells, width=width)


def told(question: Question, *, width: int = 120) -> str:
    """Return everything about a question for a terminal: what it asks, its parameters, an example and its query."""
    cells = [[f"--{parameter.name}", parameter.kind, _need(parameter), parameter.meaning] for parameter in question.parameters]
    table = drawn(["parameter", "kind", "", "what it means"], cells, width=width) if cells else "It has no parameters.\n"
    query = "".join(f"  {harmless(line)}\n" for line in question.sparql.splitlines() if not line.startswith("#"))
    return (
        f"{harmless(question.title)}\n\n{harmless(question.about)}\n\n{table}\nExample: {harmless(question.example)}\n\nQuery:\n\n{query}"
    )


def _need(parameter: Parameter) -> str:
    return "required" if parameter.required else f"default {parameter.default}" if parameter.default is not None else ""
