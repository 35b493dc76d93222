"""The group of commands: our own errors become messages, every other one crashes."""

import os
import sys
from io import TextIOWrapper
from signal import SIGINT
from typing import NoReturn

import click

from kg import __version__
from kg.cli.shared import FEW, fail, name_errors
from kg.errors import KgError

ALIASES = {"analyze": "analyse"}


class Kg(click.Group):
    """A group that shows our own errors as messages and lets all others crash."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command, turning a ``KgError`` into a message and exit code 1."""
        try:
            return super().invoke(ctx)
        except (KgError, ImportError) as error:
            if interrupted(error):
                _stop()
            if not isinstance(error, KgError):
                raise
            name_errors(getattr(error, "__notes__", ()), shown=FEW)
            fail([error])
        except (KeyboardInterrupt, click.Abort):
            _stop()
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # whoever read our output has enough of it
        return None

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Return a command by its name or its other spelling."""
        return super().get_command(ctx, ALIASES.get(name, name))


def interrupted(error: BaseException | None) -> bool:
    """Tell whether Ctrl-C is behind an error: a compiled module that is interrupted while it loads reports that it cannot be imported."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__ or error.__context__
    return error is not None


def _stop() -> NoReturn:
    """Say that somebody pressed Ctrl-C, and end as a shell expects."""
    click.echo("\nInterrupted. Run the same command again: what was read stays read.", err=True)
    sys.exit(128 + SIGINT)


@click.group(cls=Kg, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="kg")
def main() -> None:
    """Who said what, where, when, and how we know: news articles as a graph.

    \b
    kg build seeds                     read articles into output/
    kg query 'SELECT ...'              ask the graph
    kg validate                        prove every quotation by slicing its article
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal of few letters shows the others as question marks
