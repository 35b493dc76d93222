"""A connection that no client can hold for nothing: heads that come too slowly and answers that nobody takes are cut."""

import asyncio
import sys

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from kg.serve.settings import ARRIVAL, READING

_FLUSHING = 5.0
"""Seconds in which the last bytes of a closed connection must have gone."""


class Connection(H11Protocol):
    """uvicorn's connection with three clocks: for the head of a request, for an answer that piles up, and for the end."""

    _arriving: asyncio.TimerHandle | None = None
    _piling: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the clock of the first request."""
        super().connection_made(transport)
        self._arriving = self.loop.call_later(ARRIVAL, self._late)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop all clocks."""
        self._stop_arriving()
        self._stop_piling()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes; those of a next request start its clock, its whole head stops it."""
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._stop_arriving()
        elif self._arriving is None and not self.transport.is_closing():
            self._arriving = self.loop.call_later(ARRIVAL, self._late)

    def pause_writing(self) -> None:
        """Start the clock of an answer that its client does not take."""
        super().pause_writing()
        self._piling = self.loop.call_later(READING, self.transport.abort)

    def resume_writing(self) -> None:
        """Stop that clock."""
        super().resume_writing()
        self._stop_piling()

    def on_response_complete(self) -> None:
        """End a closing connection for good, even if its client does not take the last bytes."""
        super().on_response_complete()
        if self.transport.is_closing():
            self.loop.call_later(READING, self.transport.abort)

    def timeout_keep_alive_handler(self) -> None:
        """End an idle connection for good."""
        super().timeout_keep_alive_handler()
        self.loop.call_later(_FLUSHING, self.transport.abort)

    def send_400_response(self, msg: str) -> None:
        """Answer what is no request that we take: 414 or 431 where it is too long, else 400."""
        hint = getattr(sys.exception(), "error_status_hint", 400)
        whole_line = b"\n" in self.conn.trailing_data[0]
        status, problem = (400, "this is no HTTP request") if hint != 431 else (431, "the headers are too long")
        if hint == 431 and not whole_line:
            status, problem = 414, "the address is too long"
        self._refuse(status, f"{problem}. Send a long query by POST.\n" if status != 400 else f"{problem}. Speak HTTP/1.1.\n")

    def _late(self) -> None:
        """Turn away a client whose head did not come in time."""
        self._arriving = None
        if self.transport.is_closing():
            return
        if self.conn.trailing_data[0]:
            self._refuse(408, f"the head of the request did not come within {ARRIVAL:g} seconds. Send it faster.\n")
        else:
            self.transport.abort()

    def _refuse(self, status: int, text: str) -> None:
        headers = [
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Length", str(len(text))),
            ("X-Content-Type-Options", "nosniff"),
            ("Connection", "close"),
        ]
        for event in (h11.Response(status_code=status, headers=headers), h11.Data(data=text.encode()), h11.EndOfMessage()):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()
        self.loop.call_later(_FLUSHING, self.transport.abort)

    def _stop_arriving(self) -> None:
        if self._arriving is not None:
            self._arriving.cancel()
            self._arriving = None

    def _stop_piling(self) -> None:
        if self._piling is not None:
            self._piling.cancel()
            self._piling = None
