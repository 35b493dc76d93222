"""Commands by which people and services have their say: review, link."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli.group import main
from kg.cli.reading import summary
from kg.cli.shared import fail, number_of, progress_bar, show, store_option, width_of, write_out

if TYPE_CHECKING:
    from kg.records import Collection


@main.command()
@click.option(
    "--apply", "answered", type=click.Path(path_type=Path), help="An answered file, .csv or .ttl: record what it says and build anew."
)
@click.option("--about", metavar="NAME", help="Ask about every merge that made this actor or place, the sure ones too.")
@click.option("--log", "log", is_flag=True, help="List what was said so far, with keys.")
@click.option("--undo", metavar="KEY", help="Take back what was said under this key, and build anew.")
@click.option("--by", default=None, help="Who answers or takes back; by default the name of the user.")
@click.option("--top", default=10, show_default=True, type=click.IntRange(0), help="How many questions to print.")
@click.option("-o", "--output", "target", type=click.Path(path_type=Path), help="Folder for the files; by default the store's.")
@store_option
def review(
    answered: Path | None, about: str | None, log: bool, undo: str | None, by: str | None, top: int, target: Path | None, store: Path
) -> None:
    """Ask what a person can decide better, and record the answers.

    Names that may be one, names that were made one although they differ, places that could be several, doubtful kinds, frequent names
    without an id, statements without a sure speaker: most valuable first, in review.csv and, as SKOS, in review.ttl. Fill the column
    "answer", or change skos:closeMatch into skos:exactMatch or owl:differentFrom; hand either file back with --apply. Answers win over
    every rule, outlive every build, say who gave them and when, and can be taken back.

    \b
    kg review
    kg review --apply output/review.csv --by 'Ana Reyes'
    kg review --about 'Ana Reyes'
    kg review --log
    kg review --undo 1f0c3a52b7d94e68
    """
    if sum(map(bool, (answered, log, undo, about))) > 1:
        raise click.UsageError("choose one of --apply, --about, --log and --undo")
    if answered:
        _apply(answered, store, by or _user())
    elif undo:
        _undo(undo, store, by or _user())
    elif log:
        _log(store)
    else:
        _ask(store, target or store, about, top)


def _user() -> str:
    """Return the name of whoever runs this."""
    from getpass import getuser

    try:
        return getuser()
    except (KeyError, OSError) as error:
        raise click.UsageError("who are you? give your name with --by") from error


def _now() -> str:
    """Return this moment, to the second, as ISO 8601."""
    from datetime import UTC, datetime

    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _ask(store: Path, folder: Path, about: str | None, top: int) -> None:
    """Write the questions and print the first of them."""
    from kg import pipeline
    from kg import review as room
    from kg.query import drawn
    from kg.store import turtle

    collection, base = pipeline.reopened(store)
    _check_answered(folder / "review.csv", store)
    asked = [q for path in _paths(collection, about) for q in room.questions(collection, about=path)]
    write_out(room.as_csv(asked), folder / "review.csv")
    write_out(turtle(room.as_triples(asked, collection, base=base), base=base), folder / "review.ttl")
    cells = [[q.asks, q.left.name, q.right.name if q.right else "", q.now, q.why, f"{q.worth}", q.passages[0]] for q in asked[:top]]
    if cells:
        show(drawn(["question", "name", "other", "now", "why", "worth", "where"], cells, width=width_of()), None)
    click.echo(f"{number_of(len(asked), 'question')}; worth is how many statements an answer touches", err=True)


def _check_answered(file: Path, store: Path) -> None:
    """Refuse to write over answers that were not handed back."""
    from kg.errors import InputError
    from kg.review import answers_in_csv, corrections
    from kg.store import Store

    if not file.is_file():
        return
    try:
        answered = answers_in_csv(file.read_text("utf-8"), str(file), by="", at="")
    except (InputError, OSError, UnicodeDecodeError) as error:
        mend = "Move it away, or give another folder with -o."
        raise InputError(f"{file} is there and is no list of our questions: {error}", mend) from error
    with Store(store) as opened:
        recorded = {(c.answer, c.left, c.right, c.value) for c in corrections(opened)}
    waiting = [c for c in answered if (c.answer, c.left, c.right, c.value) not in recorded]
    if waiting:
        mend = "Record it with --apply, move it away, or give another folder with -o."
        raise InputError(f"{file} holds {number_of(len(waiting), 'answer')} not handed back yet", mend)


def _paths(collection: "Collection", about: str | None) -> list[str]:
    """Return the paths of the entities that bear a name, or nothing in particular where none is asked for."""
    from kg.identity import named

    return [""] if about is None else named(about, {e.path: (e.name, *e.aliases) for e in collection.entities if not e.unnamed})


def _apply(answered: Path, store: Path, by: str) -> None:
    """Record the answers of a file and build the graph anew."""
    from kg import pipeline
    from kg import review as room
    from kg.errors import InputError
    from kg.store import parse
    from kg.vocab import iri

    at = _now()
    if answered.suffix == ".ttl":
        collection, base = pipeline.reopened(store)
        triples = [quad[:3] for quad in parse(answered, iri("graph", "review", base))]
        said = room.answers_in_triples(triples, collection, by=by, at=at, base=base)
    else:
        try:
            said = room.answers_in_csv(answered.read_text("utf-8"), str(answered), by=by, at=at)
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"{answered} cannot be read: {error}", "Hand back review.csv or review.ttl in UTF-8.") from error
    if not said:
        raise InputError(f"{answered} answers nothing", "Fill the column answer, or change skos:closeMatch into skos:exactMatch.")
    report = pipeline.correct(store, lambda kept: (*kept, *said))
    click.echo(f"{number_of(len(said), 'answer')} by {by} recorded", err=True)
    for line in summary(report, store):
        click.echo(line)


def _undo(key: str, store: Path, by: str) -> None:
    """Take back what was said, and build the graph anew."""
    from kg import pipeline
    from kg.review import taken_back

    at = _now()
    pipeline.correct(store, lambda kept: taken_back(kept, key, by=by, at=at))
    click.echo(f"{key} taken back by {by}", err=True)


def _log(store: Path) -> None:
    """Print what people said."""
    from kg.query import drawn
    from kg.review import corrections
    from kg.store import Store
    from kg.triples import correction_key

    with Store(store) as opened:
        said = corrections(opened)
    cells = [
        [
            correction_key(c),
            c.answer,
            str(c.left),
            str(c.right or c.value),
            c.by,
            c.at,
            f"taken back by {c.taken_back_by}" if not c.holds else "",
        ]
        for c in sorted(said, key=lambda c: (c.at, c))
    ]
    heads = ["key", "answer", "name", "other or value", "by", "at", ""]
    show(drawn(heads, cells, width=width_of(), whole=["key"]) if cells else "", None)
    click.echo(number_of(len(cells), "answer"), err=True)


@main.command()
@click.option("--reconcile", "url", required=True, metavar="URL", help="A service that speaks the Reconciliation Service API 0.2.")
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    default=("person", "organization", "place"),
    show_default=True,
    type=click.Choice(["person", "organization", "place", "group"]),
    help="Whom to ask for; may be given again.",
)
@click.option("--type", "type_", default=None, help="A type of the service, such as Q5; best with one --kind.")
@click.option("--limit", default=5, show_default=True, type=click.IntRange(1, 50), help="Most candidates of a name.")
@click.option("--batch", default=10, show_default=True, type=click.IntRange(1, 500), help="Names in one request.")
@store_option
def link(url: str, kinds: Sequence[str], type_: str | None, limit: int, batch: int, store: Path) -> None:
    """Ask a reconciliation service who names without an id are.

    This sends names, and nothing else, to the address you give. The answers are proposals with the name of the service and the date:
    skos:closeMatch in the graph, questions in `kg review`.

    \b
    kg link --reconcile https://wikidata.reconci.link/en/api --kind person --type Q5
    kg review
    """
    from kg import pipeline
    from kg.errors import KgError as Failed
    from kg.records import Kind

    with progress_bar("asking", "names") as progress:
        asked, found, problems = pipeline.offers(
            store, url, at=_now(), kinds=frozenset(map(Kind, kinds)), type_=type_, limit=limit, batch=batch, progress=progress
        )
    click.echo(f"{number_of(asked, 'name')} asked, {number_of(found, 'proposal')}; `kg review` asks which hold", err=True)
    fail([Failed(problem, "Ask again later.") for problem in problems])
