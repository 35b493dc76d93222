"""Pieces of the inputs are read by the machines of a Ray cluster, or by Ray on this one.

Every piece is done or not: its part tells. A thread for each process of the cluster hands it one piece after the other; what comes back
is only that it is done. A process that is gone is replaced, and the piece that it had is tried once more. Who takes the documents gets them
in the order of the inputs, from the parts, as if they had been read here.
"""

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from logging import ERROR
from pathlib import Path
from queue import SimpleQueue
from secrets import token_hex
from threading import Condition, Thread
from typing import Any

from kg.corpus.pieces import Broken, Piece
from kg.errors import InputError, KgError
from kg.pipeline.inputs import Sourced
from kg.pipeline.options import Options, Ray, sent
from kg.pipeline.parts import Parts
from kg.pipeline.piecework import Piecework
from kg.pipeline.pool import Outcome, Pool
from kg.pipeline.reading import most
from kg.pipeline.recipe import recipe_of_parts
from kg.records import Document

SHARED_MEMORY = 80_000_000
"""Bytes of memory that Ray on this machine sets aside for results; ours are a word each, and less it does not take."""
_ATTEMPTS = 3
"""Processes that may end, one after the other, before any of them was ready."""
_PATIENCE = 5.0
"""Seconds in which a thread must have heard that its process is gone."""


class Cluster:
    """Inputs that a cluster reads; ``close`` ends all of it.

    Args:
        ray: Which cluster.
        pieces: Of the inputs.
        options: How to read.
        output: Folder of the graph.

    Raises:
        KgError: Ray is not installed or not reached, or pages of the web are wanted.
    """

    def __init__(self, ray: Ray, pieces: Sequence[Piece | Broken], options: Options, output: Path) -> None:
        if options.reading.fetch:
            raise KgError("a cluster fetches nothing from the web", "Leave --fetch out, or leave out --engine ray.")
        self._pieces = pieces
        self._parts = Parts((ray.parts or output / "parts").absolute(), recipe_of_parts(options))
        self._given = [piece for piece in pieces if isinstance(piece, Piece)]
        self._parts.clear(self._given)
        left = [piece for piece in self._given if not self._is_done(piece)]
        self._crew = _Crew(ray.address, left, (sent(options), self._parts.folder, self._parts.recipe), options.workers)
        self._came: Outcome | None = None
        self._here = Pool(options, options.workers or most())

    def items(self) -> Iterator[Sourced]:
        """Yield what ``kg.corpus.sourced`` yields, each as soon as it and all before it are read.

        Raises:
            KgError: Nothing can be read, or the disk is full or broken.
        """
        for piece in self._pieces:
            if isinstance(piece, Piece):
                yield from self._within(piece)
            else:
                yield piece
        self._parts.clear(self._given)

    def read(self, documents: Iterable[Document]) -> Iterator[Outcome]:
        """Yield documents with what came of them: of one that ``items`` yielded last what its part tells; others are read here.

        Raises:
            KgError: Nothing can be read, or the disk is full or broken.
        """
        source = iter(documents)
        for document in source:
            if self._came is None or document is not self._came[0]:
                yield from self._here.read(chain([document], source))  # one that the graph has and no piece, or that won over another name
            else:
                yield self._came

    def close(self) -> None:
        """End all processes now, and whoever waits for them; a second call does nothing."""
        self._crew.close()
        self._here.close()

    def _is_done(self, piece: Piece) -> bool:
        done = self._parts.done(piece)
        return done is not None and not done.undone

    def _within(self, piece: Piece) -> Iterator[Sourced]:
        """Yield what stands in a piece; of one that cannot be read as it is, what stands in each of its files."""
        ended, done = self._crew.read(piece), self._parts.done(piece)
        if ended and done:
            for item, came in self._parts.rows(piece, done):
                self._came = came
                yield item
        elif len(piece.stretches) > 1:
            each = list(piece.apart())
            self._crew.give(each)
            for one in each:
                yield from self._within(one)
        elif ended:
            yield piece.path, InputError(f"{piece.place}: has changed while it was read", "Run the same command again.")
        else:
            mend = "Leave it out, or read it without --engine ray."
            yield piece.path, InputError(f"{piece.place}: the process that read it ended, twice", mend)


class _Crew:
    """The processes of a cluster, and what is to be read by them; none are started where nothing is.

    Args:
        address: Of the cluster.
        pieces: What is to be read.
        work: What ``Piecework`` is made of.
        workers: How many processes; ``None``: one for each core of the cluster.

    Raises:
        KgError: Ray is not installed or not reached.
    """

    def __init__(self, address: str | None, pieces: Sequence[Piece], work: tuple[object, ...], workers: int | None) -> None:
        self._work, self._asked, self._closed, self._unready = work, set(pieces), False, 0
        self._queue: SimpleQueue[tuple[Piece, bool] | None] = SimpleQueue()
        self._ended: dict[Piece, bool] = {}
        self._actors: dict[int, Any] = {}
        self._error: BaseException | None = None
        self._told = Condition()
        self._ray: Any = None
        self._ours = False
        if pieces:
            self._ray, self._ours = _connected(address, workers)
        self.give(pieces)
        cores = workers or int(self._ray.cluster_resources().get("CPU", 1)) if self._ray else 0
        self._hands = [Thread(target=self._run, args=[hand], daemon=True) for hand in range(min(cores, len(pieces)))]
        for hand in self._hands:
            hand.start()

    def give(self, pieces: Iterable[Piece]) -> None:
        """Let pieces be read, each as soon as a process is free."""
        for piece in pieces:
            self._asked.add(piece)
            self._queue.put((piece, False))

    def read(self, piece: Piece) -> bool:
        """Wait until a piece was read; tell ``False`` where it ended its process twice.

        Raises:
            KgError: Nothing can be read.
        """
        if piece not in self._asked:
            return True
        with self._told:
            self._told.wait_for(lambda: piece in self._ended or self._error or self._closed)
            if self._error:
                raise self._error
            if self._closed:
                raise KgError("reading was stopped", "Run the same command again.")
            return self._ended[piece]

    def close(self) -> None:
        """End all processes now; a second call does nothing."""
        with self._told:
            if self._closed:
                return
            self._closed = True
            self._told.notify_all()
            for actor in self._actors.values():
                self._ray.kill(actor)
        for _ in self._hands:
            self._queue.put(None)
        for hand in self._hands:
            hand.join(_PATIENCE)
        if self._ours:
            self._ray.shutdown()

    def _run(self, hand: int) -> None:
        """Hand pieces to one process after the other until there are no more."""
        try:
            while actor := self._begun(hand):
                while task := self._queue.get():
                    if not self._tried(actor, *task):
                        break
                else:
                    return
        except BaseException as error:  # which is raised where the documents are taken
            with self._told:
                self._error = error
                self._told.notify_all()

    def _begun(self, hand: int) -> Any:
        """Return a process that is ready; ``None`` when all is to end.

        Raises:
            KgError: It tells that it cannot read at all, or dies before it is ready as others did.
        """
        while True:
            with self._told:
                if self._closed:
                    return None
                actor = self._actors[hand] = self._ray.remote(num_cpus=1)(Piecework).remote(*self._work)
            try:
                told = self._ray.get(actor.ready.remote())
            except self._ray.exceptions.RayTaskError:
                raise
            except self._ray.exceptions.RayError as error:
                self._unready += 1
                if self._unready >= _ATTEMPTS:
                    raise KgError(f"a process of Ray that reads articles could not start: {error}", "Read without --engine ray.") from error
                continue
            if isinstance(told, KgError):
                raise told
            self._unready = 0
            return actor

    def _tried(self, actor: Any, piece: Piece, again: bool) -> bool:
        """Let a process read a piece; tell whether it lives.

        Raises:
            KgError: The process tells that it cannot read at all.
        """
        try:
            told = self._ray.get(actor.read.remote(piece))
        except self._ray.exceptions.RayTaskError:
            raise
        except self._ray.exceptions.RayError:
            if again:
                self._tell(piece, False)
            else:
                self._queue.put((piece, True))
            return False
        if isinstance(told, KgError):
            raise told
        self._tell(piece, True)
        return True

    def _tell(self, piece: Piece, done: bool) -> None:
        with self._told:
            self._ended[piece] = done
            self._told.notify_all()


def _connected(address: str | None, workers: int | None) -> tuple[Any, bool]:
    """Return Ray, connected, and whether we did that; a program that uses Ray already goes on with its own.

    Raises:
        KgError: Ray is not installed or not reached.
    """
    if not address and "ray" not in sys.modules:  # which looks at these when it is imported
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # else it tells its makers of each start
        os.environ.setdefault("RAY_AUTH_MODE", "token")  # it listens on all addresses: only its own processes may speak to it
        os.environ.setdefault("RAY_AUTH_TOKEN", token_hex())
    try:
        import ray
    except ImportError as error:
        raise KgError("Ray is not installed", "Install it (pip install 'newskg[ray]'), or leave --engine out.") from error
    if ray.is_initialized():
        return ray, False
    own: dict[str, Any] = {"num_cpus": workers or most(), "object_store_memory": SHARED_MEMORY, "include_dashboard": False}
    try:
        ray.init(address or "local", logging_level=ERROR, log_to_driver=False, **({} if address else own))
    except Exception as error:  # the class of which Ray raises that its processes did not start in time
        where, mend = (f"at {address}", "Start it (ray start --head), or correct the address") if address else ("here", "Try again")
        raise KgError(f"Ray {where} cannot be used: {' '.join(str(error).split())}", f"{mend}, or leave out --engine ray.") from error
    return ray, True
