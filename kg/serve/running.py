"""Sockets, signals, the end."""

import asyncio
import errno
import logging
import os
import socket
from collections.abc import Callable

import uvicorn

from kg.serve.app import application
from kg.serve.connection import Connection
from kg.serve.metrics import Metrics
from kg.serve.pool import Pool
from kg.serve.settings import CONNECTIONS, HEAD, ServeError, Settings
from kg.store import Store

_FAREWELL = 2
"""Seconds that answers on their way have when the server ends."""


def serve(settings: Settings, *, began: Callable[[str, Pool], None], log: Callable[[str], None]) -> None:
    """Serve a graph until somebody stops the process; then all workers are gone.

    Args:
        settings: How to serve it.
        began: Told the address, with its port, and the workers when all is ready.
        log: Who takes a line a request.

    Raises:
        StoreError: There is no graph, or it cannot be read.
        ServeError: Nobody can listen there, or no worker can start.
    """
    Store(settings.store).close()
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)
    with _listening(settings) as listener:
        asyncio.run(_run(settings, listener, began, log))


async def _run(settings: Settings, listener: socket.socket, began: Callable[[str, Pool], None], log: Callable[[str], None]) -> None:
    metrics = Metrics()
    pool = Pool(settings, metrics)
    try:
        await pool.start()
        began(_address(settings.host, listener), pool)
        await _Server(_config(settings, pool, metrics, log), pool).serve(sockets=[listener])
    finally:
        await pool.close()


class _Server(uvicorn.Server):
    """A server that ends its queries before it waits for its connections."""

    def __init__(self, config: uvicorn.Config, pool: Pool) -> None:
        super().__init__(config)
        self._pool = pool

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Kill the workers, then close what is open."""
        await self._pool.close()
        await super().shutdown(sockets)


def _config(settings: Settings, pool: Pool, metrics: Metrics, log: Callable[[str], None]) -> uvicorn.Config:
    return uvicorn.Config(
        application(settings, pool, metrics, log),
        http=Connection,
        ws="none",
        loop="asyncio",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        h11_max_incomplete_event_size=HEAD,
        limit_concurrency=CONNECTIONS,
        timeout_graceful_shutdown=_FAREWELL,
    )


def _listening(settings: Settings) -> socket.socket:
    """Return a socket that listens.

    Raises:
        ServeError: The port is in use, or the address is not of this machine.
    """
    at = f"{settings.host}:{settings.port}"
    try:
        family, _, _, _, address = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listener = socket.create_server(address[:2], family=family, backlog=CONNECTIONS)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # else a body waits 40 ms for the receipt of its head
        return listener
    except PermissionError as error:
        raise ServeError(f"this user may not listen at {at}", "Choose a port above 1023 with --port.") from error
    except OSError as error:
        taken = error.errno == errno.EADDRINUSE
        mend = "Choose another port with --port, or stop what listens there." if taken else "Choose another --host."
        reason = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
        raise ServeError(f"nobody can listen at {at}: {reason}", mend) from error


def _address(host: str, listener: socket.socket) -> str:
    port = listener.getsockname()[1]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"
