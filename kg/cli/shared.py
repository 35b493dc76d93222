"""What several commands need: arguments and options, data to stdout or a file, words to stderr."""

import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Any

import click

from kg.errors import InputError, KgError
from kg.vocab import BASE

if TYPE_CHECKING:
    from kg.pipeline import Options, Progress


FEW = 20
"""Errors that are shown where thousands may come of one mistake."""


def _namespace(_: click.Context, __: click.Parameter, value: str) -> str:
    """Return a namespace that IRIs can be made with."""
    if not re.fullmatch(r"https?://[^\s<>\"{}|\\^`#?\x00-\x20\x7f-\xa0]+/", value):
        raise click.BadParameter(f"{value!r} is no http or https address that ends with a slash")
    return value


paths_argument = click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=str))
store_option = click.option(
    "--store", default="output", show_default=True, type=click.Path(path_type=Path), help="Folder that `kg build` wrote."
)
base_option = click.option("--base", default=BASE, show_default=True, callback=_namespace, help="Namespace of the data's IRIs.")
out_option = click.option("-o", "--output", "target", type=click.Path(path_type=Path), help="File to write instead of stdout.")


def _language(_: click.Context, __: click.Parameter, value: str) -> str | None:
    """Return a language (BCP 47), ``None`` for any."""
    if not re.fullmatch(r"[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*", value):
        raise click.BadParameter(f"{value!r} is no language; say one as 'en' or 'pt-BR', or 'any'")
    return None if value.lower() == "any" else value


_READING = (
    click.option("--model", default=None, help="An installed spaCy pipeline; by default the medium English one."),
    click.option(
        "--authority",
        multiple=True,
        type=click.Path(path_type=Path),
        help="A SKOS Turtle file of your own names and places; may be given again, the first is the strongest.",
    ),
    click.option("--classes", default="report,stance", show_default=True, help="What to keep: report, stance, act; separated by commas."),
    click.option(
        "--frames",
        default=None,
        type=click.Path(path_type=Path),
        help="Frames counted in texts of your own language or domain (kg learn), instead of the shipped ones.",
    ),
    click.option(
        "--workers",
        default=None,
        type=click.IntRange(1, 256),
        help="Processes that read articles; by default one for each core where there are many articles. 1 reads in this process.",
    ),
    click.option(
        "--limit-seconds",
        "limit",
        default=None,
        type=click.FloatRange(0, min_open=True),
        help="Most seconds for an article where several processes read; by default 600.",
    ),
    click.option(
        "--language",
        metavar="CODE|any",
        default="en",
        show_default=True,
        callback=_language,
        help="The language of the articles; one that is found to be in another is named and not read. 'any' reads all.",
    ),
    click.option("--charset", metavar="NAME", default=None, help="What bytes are in that are not UTF-8 and do not say what they are."),
    click.option("--id-column", metavar="NAME", default=None, help="Field of records or column of tables with the id; by default id."),
    click.option("--text-column", metavar="NAME", default=None, help="The one with the text; by default text, body, content, ..."),
    click.option("--title-column", metavar="NAME", default=None, help="The one with the title; by default title or headline."),
    click.option("--date-column", metavar="NAME", default=None, help="The one with the date; by default date, published, ..."),
    click.option("--fetch", is_flag=True, help="Fetch web addresses, and lists of such, as far as each site's robots.txt allows."),
    click.option(
        "--pause",
        default=1.0,
        show_default=True,
        type=click.FloatRange(0, 3_600),
        help="Seconds between two requests to one host; where its robots.txt asks for more, more.",
    ),
)
"""The options that say how articles are read, in the order of the help."""


def reading_options(command: Any) -> Any:
    """Add the options that say how articles are read."""
    for option in reversed(_READING):
        command = option(command)
    return command


def options_of(
    *,
    model: str | None,
    authority: Sequence[Path],
    classes: str,
    frames: Path | None,
    workers: int | None,
    limit: float | None,
    **reading: Any,
) -> "Options":
    """Make the options of the pipeline; ``reading`` is how inputs become documents."""
    from kg.annotate import MODEL
    from kg.corpus import Reading
    from kg.extract.counts import COUNTS
    from kg.pipeline import LIMIT, Options
    from kg.records import Class

    known = {str(kind): kind for kind in Class}
    wanted = [word.strip() for word in classes.split(",") if word.strip()]
    if not wanted or not set(wanted) <= known.keys():
        raise click.BadParameter(f"{classes!r}; choose from {', '.join(known)}", param_hint="--classes")
    kept = frozenset(known[word] for word in wanted)
    try:
        inputs = Reading(**reading)
    except InputError as error:
        raise click.BadParameter(str(error), param_hint="--charset") from error
    return Options(model or MODEL, tuple(authority), kept, workers, frames or COUNTS, limit or LIMIT, inputs)


def fail(errors: Sequence[KgError | str], *, shown: int | None = None, rest: str = "") -> None:
    """Name errors as ``name_errors`` does, and end with exit code 1 if there is any."""
    if errors:
        name_errors(errors, shown=shown, rest=rest)
        sys.exit(1)


def name_errors(errors: Sequence[KgError | str], *, shown: int | None = None, rest: str = "") -> None:
    """Name each error in a line on stderr.

    Args:
        errors: What went wrong.
        shown: How many are shown at most, with a line that counts the others; ``None`` means all.
        rest: What to say of the others.
    """
    from kg.query import harmless

    for error in errors[:shown]:
        click.echo(harmless(f"Error: {error}"), err=True)
    if shown is not None and len(errors) > shown:
        click.echo(harmless(f"Error: and {len(errors) - shown:,} more{rest}"), err=True)


def write_out(data: str | bytes, target: Path | None) -> None:
    """Write data to a file, or to stdout as it is: text as UTF-8, whatever the terminal speaks."""
    if target is None:
        click.echo(data.encode() if isinstance(data, str) else data, nl=False)
        return
    from kg.query import harmless
    from kg.store import write

    write(target, data)
    click.echo(harmless(f"wrote {target}"), err=True)


def show(table: str, target: Path | None) -> None:
    """Write a table to a file, or for reading to stdout: there in the letters of the terminal."""
    if target is not None:
        write_out(table, target)
        return
    try:
        "─".encode(sys.stdout.encoding)
    except UnicodeEncodeError:
        table = table.replace("─", "-")
    click.echo(table, nl=False)


def width_of() -> int:
    """Return how many characters a line of a table may have; 140 where stdout is no terminal and COLUMNS is not set."""
    return max(40, get_terminal_size(fallback=(140, 24)).columns)


@contextmanager
def progress_bar(doing: str = "reading", what: str = "articles") -> "Iterator[Progress]":
    """Show a bar on stderr while documents are read, with how many a second and the time left; nothing where stderr is no terminal."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text

    class Rate(ProgressColumn):
        """How many were done in a second, lately."""

        def render(self, task: Task) -> Text:
            """Return it, or nothing at the beginning."""
            return Text(f"{task.speed:,.1f}/s" if task.speed else "")

    console = Console(stderr=True)
    columns = (TextColumn(doing), BarColumn(), MofNCompleteColumn(), TextColumn(what), Rate(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(doing, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def number_of(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"
