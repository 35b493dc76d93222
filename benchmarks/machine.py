"""What more processes give on this machine at the most: the bare language model in several beside the same in one.

    python -m benchmarks.machine [--articles 1000] [--processes 2]

Each of several processes parses its share of the articles of ``benchmarks.build``; they share nothing and write nothing, so no build by
as many workers can gain more over one. Where that is less than as many times as fast, busy cores are slower cores here.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import click

from benchmarks.build import CORPORA, PARSE_BARE, texts, write
from kg.annotate import MODEL


def measured(files: Sequence[Path]) -> tuple[float, float]:
    """Return seconds on the clock and of processors while each file is parsed by a process of its own, with one thread; loading counts."""
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    started = perf_counter()
    commands = [[sys.executable, "-W", "ignore", "-c", PARSE_BARE, str(file), MODEL, "32", str(started)] for file in files]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) for command in commands]
    told = [json.loads(process.communicate()[0].splitlines()[-1]) for process in running]
    return perf_counter() - started, sum(processor for _, _, processor, *_ in told)


@click.command(help=__doc__)
@click.option("--articles", default=1_000, show_default=True, type=click.IntRange(1), help="How many.")
@click.option("--processes", default=2, show_default=True, type=click.IntRange(2), help="How many beside one.")
def main(articles: int, processes: int) -> None:
    """Print both, and how many times as fast several are."""
    documents = texts(sorted(CORPORA.glob("*/*.jsonl")), articles)[:articles]
    with TemporaryDirectory() as folder:
        files = [Path(folder) / f"{number}.jsonl" for number in range(processes + 1)]
        write(documents, files[0])
        for number, file in enumerate(files[1:]):
            write(documents[number::processes], file)
        one, several = measured(files[:1]), measured(files[1:])
    for count, (seconds, processor) in ((1, one), (processes, several)):
        click.echo(f"{count} of the bare model: {seconds:.1f} s, {processor:.1f} s of processor")
    click.echo(f"{one[0] / several[0]:.2f} times as fast")


if __name__ == "__main__":
    main()
