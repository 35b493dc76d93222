"""How long each ready question takes: on the store on disk, and beside it in rdflib's store in memory.

    python -m benchmarks.questions [PATH...] [--rounds 5] [--only NAME] [--limit 5]

Without paths the articles in seeds/ are built. What is timed is the asking alone, names looked up and rows put together; opening the
store and loading rdflib's are left out. The fastest of the rounds counts. rdflib has one round a question, and gives up at the limit.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from functools import partial
from pathlib import Path
from shlex import split
from signal import ITIMER_REAL, SIGALRM, setitimer, signal
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TYPE_CHECKING

import click

from kg.pipeline import build
from kg.query import drawn
from kg.questions import Question, ask, given, library
from kg.store import Format, Store
from kg.vocab import BASE, PREFIXES, data_prefixes

if TYPE_CHECKING:
    import rdflib

SEEDS = Path(__file__).parent.parent / "seeds"


def in_memory(store: Store) -> "rdflib.Dataset":
    """Return the graph of a store in rdflib's own store: its default graph is the union of all."""
    import rdflib

    dataset = rdflib.Dataset(default_union=True)
    dataset.parse(data=store.dump(Format.NQUADS), format="nquads")
    return dataset


def asked_in_memory(dataset: "rdflib.Dataset", question: Question, values: Mapping[str, str]) -> int:
    """Run the query of a question with its defaults and texts given, its names left open; return how many rows came."""
    import rdflib

    told = {p: values.get(p.name, p.default) for p in question.parameters}
    bind = {p.name: rdflib.Literal(Decimal(value) if p.kind == "number" else value) for p, value in told.items() if value is not None}
    return len(list(dataset.query(question.sparql, initNs=PREFIXES | data_prefixes(BASE), initBindings=bind)))


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Stop what takes longer, with a ``TimeoutError``."""

    def stop(_: int, __: object) -> None:
        raise TimeoutError

    before = signal(SIGALRM, stop)
    setitimer(ITIMER_REAL, seconds)
    try:
        yield
    finally:
        setitimer(ITIMER_REAL, 0)
        signal(SIGALRM, before)


def fastest(rounds: int, work: Callable[[], object]) -> float:
    """Return the milliseconds of the fastest round, by the clock: Oxigraph works in threads of its own."""
    times = []
    for _ in range(rounds):
        start = perf_counter()
        work()
        times.append(1e3 * (perf_counter() - start))
    return min(times)


def measured(store: Store, dataset: "rdflib.Dataset", question: Question, rounds: int, limit: float) -> tuple[str, ...]:
    """Return a row of the table: rows, milliseconds with and without the example's values, those of rdflib, and the ratio."""
    example = given(question, split(question.example)[3:])
    open_ = {name: value for name, value in example.items() if any(p.name == name and p.required for p in question.parameters)}
    reply = ask(store, question, open_)
    ours = fastest(rounds, partial(ask, store, question, open_))
    bound = fastest(rounds, partial(ask, store, question, example))
    told = (question.name, f"{len(reply.table.rows)}", f"{bound:.1f}", f"{ours:.1f}")
    try:
        with at_most(limit):
            theirs = fastest(1, partial(asked_in_memory, dataset, question, open_))
    except TimeoutError:
        return *told, f"> {1e3 * limit:.0f}", f"> {1e3 * limit / ours:.0f}"
    return *told, f"{theirs:.0f}", f"{theirs / ours:.1f}"


@click.command(help=__doc__)
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--rounds", default=5, show_default=True, type=click.IntRange(1), help="How often to ask.")
@click.option("--only", default=None, help="One question.")
@click.option("--limit", default=5.0, show_default=True, type=click.FloatRange(0.1), help="Seconds after which rdflib gives up.")
def main(paths: Sequence[Path], rounds: int, only: str | None, limit: float) -> None:
    """Print the table."""
    questions = [question for question in library().values() if only in (None, question.name)]
    with TemporaryDirectory() as folder:
        build(list(paths) or [SEEDS], output=Path(folder))
        with Store(Path(folder)) as store:
            dataset = in_memory(store)
            rows = [measured(store, dataset, question, rounds, limit) for question in questions]
    columns = ("question", "rows", "ms, as in its example", "ms, parameters open", "ms in rdflib's memory", "ratio")
    click.echo(drawn(columns, rows))


if __name__ == "__main__":
    main()
