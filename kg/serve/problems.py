"""What goes wrong, as a status with a problem and its mend: plain text, or RFC 9457 for those who ask for it."""

import json
from collections.abc import Mapping
from http import HTTPStatus

from kg.errors import KgError
from kg.serve.media import PROBLEMS, preferred, with_charset
from kg.serve.settings import AGAIN


class Problem(KgError):
    """An answer that says why there is none.

    Args:
        status: An HTTP status from 400 on.
        problem: What is wrong.
        mend: What to do about it, as an order.
        headers: More headers of the answer.
    """

    def __init__(self, status: int, problem: str, mend: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(problem, mend)
        self.status = HTTPStatus(status)
        self.headers = headers or {}


def busy(problem: str) -> Problem:
    """Return the problem of a server that cannot answer now."""
    return Problem(HTTPStatus.SERVICE_UNAVAILABLE, problem, f"Ask again in {AGAIN} seconds.", {"Retry-After": str(AGAIN)})


def out_of_memory() -> Problem:
    """Return the problem of a task that needs more memory than it may have."""
    problem = "the query takes more memory than a query may"
    return Problem(HTTPStatus.SERVICE_UNAVAILABLE, problem, "Ask for less: fewer joins, LIMIT, no ORDER BY.")


def too_large(problem: str) -> Problem:
    """Return the problem of an answer beyond a limit; nothing of it is sent, since a part would pass for the whole."""
    return Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, problem, "Ask for less with LIMIT and OFFSET, or count.")


def body_of(wrong: Problem, accept: str) -> tuple[str, bytes]:
    """Return the media type and the text that tell a problem to a client."""
    media = preferred(accept, PROBLEMS) or PROBLEMS[0]
    if media == PROBLEMS[0]:
        return with_charset(media), f"{wrong}\n".encode()
    told = {"type": "about:blank", "title": wrong.status.phrase, "status": wrong.status, "detail": wrong.problem, "mend": wrong.mend}
    return "application/problem+json", (json.dumps(told, ensure_ascii=False) + "\n").encode()
