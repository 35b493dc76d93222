"""The command that serves a graph over HTTP."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli.group import main
from kg.cli.shared import base_option, number_of, store_option

if TYPE_CHECKING:
    from kg.serve.pool import Pool


@main.command()
@store_option
@base_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at; 0.0.0.0 lets other machines in.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="Port to listen at; 0 takes a free one.")
@click.option("--timeout", default=30.0, show_default=True, type=click.FloatRange(0.1, 3600), help="Most seconds of a query.")
@click.option("--max-rows", default=100_000, show_default=True, type=click.IntRange(1), help="Most rows or triples of an answer.")
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Processes that answer queries.")
@click.option("--memory", default=1024, show_default=True, type=click.IntRange(64), help="Megabytes that a query may take.")
@click.option("--verbose", is_flag=True, help="Log the texts of queries, too.")
def serve(store: Path, base: str, host: str, port: int, timeout: float, max_rows: int, workers: int, memory: int, verbose: bool) -> None:
    """Serve the graph: a SPARQL endpoint and pages.

    For reading and nothing else. /sparql speaks the SPARQL 1.1 Protocol; /query asks in a browser; / shows the page of kg render; and
    /actor/…, /place/…, /doc/… show what the graph says of each, for people or as RDF. A query that takes too long, too much memory or
    gives too much is ended with a clear answer. A graph that is built anew meanwhile is served from then on. Ctrl-C ends it.

    \b
    kg serve
    kg serve --port 9000 --timeout 5 --max-rows 10000
    curl -H 'Accept: text/csv' --data-urlencode 'query=SELECT * { ?s kg:speaker ?who } LIMIT 3' http://127.0.0.1:8000/sparql
    """
    from kg.query import harmless
    from kg.serve.running import serve as run
    from kg.serve.settings import Settings

    settings = Settings(
        store=store, host=host, port=port, base=base, seconds=timeout, rows=max_rows, workers=workers, memory=memory, verbose=verbose
    )

    def began(address: str, pool: "Pool") -> None:
        closed = " and ".join(pool.ready.network)
        for line in (
            f"     page  {address}/",
            f"   SPARQL  {address}/sparql",
            f"questions  {address}/query",
            f"   health  {address}/health",
            f"  queries  {timeout:g} seconds, {max_rows:,} rows, {memory:,} MB, in {number_of(workers, 'process', 'processes')}",
            f"  network  {f'closed to queries by {closed}' if closed else 'not closed to queries: this system has no way to'}",
            "Only this machine can reach it." if settings.loopback else f"Warning: whoever can reach {host} can read the whole graph.",
            "Ctrl-C ends it.",
        ):
            click.echo(harmless(line), err=True)

    try:
        run(settings, began=began, log=lambda line: click.echo(line, err=True))
    except KeyboardInterrupt:
        click.echo("\nStopped.", err=True)
