"""The workers of a server: each does one task at a time, and is killed where the task takes too long or its client has gone."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from tempfile import SpooledTemporaryFile

import msgspec

from kg.serve.messages import HEADER, End, Failed, Head, Kind, Query, Ready, Start, Task, sent_json, unpacked
from kg.serve.metrics import Metrics
from kg.serve.problems import Problem, busy, out_of_memory
from kg.serve.settings import SPOOL, WAITING, ServeError, Settings

_BLOCK = 64_000
_BEGINNING = 30.0
"""Seconds in which a worker must have started."""
_ENDING = 5.0
"""Seconds in which a worker that closed its stream must have ended."""
_PAUSE = 1.0
"""Seconds before a worker that could not start is tried again."""


@dataclass(frozen=True, slots=True)
class Spooled:
    """A whole answer.

    Attributes:
        media: Its media type.
        size: Bytes.
        generation: That of the graph that gave it.
    """

    media: str
    size: int
    generation: int
    file: "SpooledTemporaryFile[bytes]"

    def blocks(self) -> Iterator[bytes]:
        """Yield its bytes, then let go of them."""
        with self.file:
            self.file.seek(0)
            while block := self.file.read(_BLOCK):
                yield block


class Worker:
    """A worker process, seen from the server."""

    def __init__(self, process: Process, ready: Ready) -> None:
        assert process.stdin is not None and process.stdout is not None
        self._process, self._in, self._out = process, process.stdin, process.stdout
        self.ready = ready

    @classmethod
    async def start(cls, settings: Settings) -> "Worker":
        """Start a process and wait until it has closed itself off.

        Raises:
            ServeError: It ended at once.
        """
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-P", "-m", "kg.serve.worker", stdin=PIPE, stdout=PIPE, env=_environment(), start_new_session=True
        )
        assert process.stdin is not None and process.stdout is not None
        start = Start(str(settings.store.absolute()), settings.base, settings.rows, settings.seconds, settings.memory)
        try:
            async with asyncio.timeout(_BEGINNING):
                process.stdin.write(sent_json(start))
                kind, data = await _message(process.stdout)
        except (TimeoutError, asyncio.IncompleteReadError, ConnectionError) as error:
            await _end(process)
            raise ServeError("a process that answers queries could not start", "See above why, and start kg serve again.") from error
        except asyncio.CancelledError:
            await _end(process)
            raise
        assert kind is Kind.READY
        return cls(process, msgspec.json.decode(data, type=Ready))

    async def do(self, task: Task) -> Spooled:
        """Do a task and return its whole answer.

        Raises:
            Problem: There is none, and the worker can go on.
            EOFError: The process has ended.
        """
        file: SpooledTemporaryFile[bytes] = SpooledTemporaryFile(max_size=SPOOL)  # noqa: SIM115 - it outlives this call
        try:
            self._in.write(sent_json(task))
            return await self._answer(file)
        except BaseException as error:
            file.close()
            if isinstance(error, asyncio.IncompleteReadError | ConnectionError):
                raise EOFError from error
            raise

    async def _answer(self, file: "SpooledTemporaryFile[bytes]") -> Spooled:
        media = ""
        while True:
            kind, data = await _message(self._out)
            match kind:
                case Kind.HEAD:
                    media = msgspec.json.decode(data, type=Head).media
                case Kind.DATA:
                    file.write(data)
                case Kind.END:
                    return Spooled(media, file.tell(), msgspec.json.decode(data, type=End).generation, file)
                case Kind.FAILED:
                    failed = msgspec.json.decode(data, type=Failed)
                    raise Problem(failed.status, failed.problem, failed.mend)

    @property
    def alive(self) -> bool:
        """Tell whether the process has not ended."""
        return self._process.returncode is None

    async def end(self) -> None:
        """Kill the process and wait until it is gone."""
        await _end(self._process)

    async def ended(self) -> int:
        """Wait for a process that ends by itself and return how: its exit code, or the negative number of a signal."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_ENDING):
                await self._process.wait()
        await _end(self._process)
        return self._process.returncode or 0


class Pool:
    """A number of workers, and those who wait for one.

    Args:
        settings: How the graph is served.
        metrics: Where killed workers are counted.
    """

    def __init__(self, settings: Settings, metrics: Metrics) -> None:
        self._settings, self._metrics = settings, metrics
        self._idle: asyncio.LifoQueue[Worker | None] = asyncio.LifoQueue()
        self._replacing: set[asyncio.Task[None]] = set()
        self._workers: set[Worker] = set()
        self._waiting = 0
        self._closed = False
        self.ready = Ready((), ())

    @property
    def busy(self) -> int:
        """How many workers are at a task."""
        return len(self._workers) - self._idle.qsize()

    @property
    def alive(self) -> int:
        """How many workers there are, busy ones included."""
        return len(self._workers)

    @property
    def waiting(self) -> int:
        """How many tasks wait for a worker."""
        return self._waiting

    async def start(self) -> None:
        """Start all workers.

        Raises:
            ServeError: One of them could not start.
        """
        for worker in await asyncio.gather(*(Worker.start(self._settings) for _ in range(self._settings.workers))):
            self._add(worker)

    async def close(self) -> None:
        """Kill all workers; tasks that are being done end with a problem."""
        self._closed = True
        for _ in range(self._waiting):
            self._idle.put_nowait(None)
        for task in self._replacing:
            task.cancel()
        await asyncio.gather(*self._replacing, return_exceptions=True)
        await asyncio.gather(*(worker.end() for worker in self._workers))

    async def do(self, task: Task) -> Spooled:
        """Do a task with the next free worker; a caller that is cancelled ends the work, too.

        Raises:
            Problem: There is no answer; ``status`` tells why.
        """
        worker = await self._next()
        whole = False
        try:
            async with asyncio.timeout(self._settings.seconds):
                answer = await worker.do(task)
            whole = True
            return answer
        except Problem:
            whole = True
            raise
        except TimeoutError:
            self._metrics.killed("time")
            raise _too_long(self._settings.seconds) from None
        except EOFError:
            raise self._died(await worker.ended(), task) from None
        except asyncio.CancelledError:
            self._metrics.killed("client gone")
            raise
        finally:
            if whole and not self._closed:
                self._idle.put_nowait(worker)
            elif not self._closed:
                self._replace(worker)

    async def _next(self) -> Worker:
        """Return a free worker, or wait for one as long as a query may take."""
        while True:
            worker = None if self._closed else await self._free()
            if worker is None:
                raise busy("the server is going away")
            if worker.alive:
                return worker
            self._metrics.killed("idle")
            self._replace(worker)

    async def _free(self) -> Worker | None:
        with suppress(asyncio.QueueEmpty):
            return self._idle.get_nowait()
        if self._waiting >= WAITING:
            raise busy(f"all workers are busy and {self._waiting} queries wait")
        self._waiting += 1
        try:
            async with asyncio.timeout(self._settings.seconds):
                return await self._idle.get()
        except TimeoutError:
            raise busy(f"all workers were busy for {self._settings.seconds:g} seconds") from None
        finally:
            self._waiting -= 1

    def _died(self, code: int, task: Task) -> Problem:
        """Return the problem of a task that ended its worker."""
        if self._closed:
            return busy("the server is going away")
        match -code:
            case signal.SIGXCPU:
                self._metrics.killed("time")
                return _too_long(self._settings.seconds)
            case signal.SIGABRT | signal.SIGKILL:
                self._metrics.killed("memory")
                return out_of_memory()
            case signal.SIGSEGV | signal.SIGBUS if isinstance(task, Query):
                self._metrics.killed("depth")
                return Problem(HTTPStatus.BAD_REQUEST, "the query nests too deeply", "Write it with fewer brackets inside each other.")
        self._metrics.killed("crash")
        return Problem(HTTPStatus.INTERNAL_SERVER_ERROR, f"the worker ended with {code}", "The log of kg serve says more.")

    def _add(self, worker: Worker) -> None:
        self.ready = worker.ready
        self._workers.add(worker)
        self._idle.put_nowait(worker)

    def _replace(self, worker: Worker) -> None:
        self._workers.discard(worker)
        task = asyncio.create_task(self._replaced(worker))
        self._replacing.add(task)
        task.add_done_callback(self._replacing.discard)

    async def _replaced(self, worker: Worker) -> None:
        await worker.end()
        while True:
            with suppress(ServeError):
                self._add(await Worker.start(self._settings))
                return
            await asyncio.sleep(_PAUSE)


def _too_long(seconds: float) -> Problem:
    problem = f"the query took more than {seconds:g} seconds"
    return Problem(HTTPStatus.REQUEST_TIMEOUT, problem, "Ask for less: fewer joins, LIMIT, a named graph.")


async def _message(source: asyncio.StreamReader) -> tuple[Kind, bytes]:
    kind, length = unpacked(await source.readexactly(HEADER))
    return kind, await source.readexactly(length)


async def _end(process: Process) -> None:
    """Kill a process and wait for it; not by ``Process.kill``, which takes the exit code away from whoever waits already."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)
    await process.wait()


def _environment() -> dict[str, str]:
    """Return the environment of a worker: the same modules; fewer and quieter reservations of memory."""
    path = os.pathsep.join(place for place in sys.path if place)
    return {**os.environ, "PYTHONPATH": path, "MALLOC_ARENA_MAX": "2", "RUST_BACKTRACE": "0"}
