"""An HTTP request becomes a query: the SPARQL 1.1 Protocol (W3C Recommendation, 21 March 2013), its query operation alone."""

from collections.abc import Sequence
from email.message import Message
from http import HTTPStatus
from urllib.parse import parse_qsl

from kg.serve.messages import Query
from kg.serve.problems import Problem

FORM, DIRECT = "application/x-www-form-urlencoded", "application/sparql-query"
_MOST_FIELDS = 1000
_OF_UPDATES = frozenset({"update", "using-graph-uri", "using-named-graph-uri"})


def query_of_target(query_string: bytes, accept: str) -> Query | None:
    """Return the query of a GET request (2.1.1), ``None`` where it asks for nothing and so for the service description.

    Raises:
        Problem: There is no query, more than one, or an update.
    """
    return _query(_fields(query_string), accept) if query_string else None


def query_of_body(query_string: bytes, content_type: str, encoding: str, body: bytes, accept: str) -> Query:
    """Return the query of a POST request: of a form (2.1.2), or the body itself (2.1.3).

    Args:
        query_string: For the body itself it names the dataset.
        content_type: The header Content-Type, empty where there is none.
        encoding: The header Content-Encoding, empty where there is none.
        body: All of it.
        accept: The header Accept.

    Raises:
        Problem: There is no query, more than one, an update, or another media type.
    """
    media, charset = _media_type(content_type)
    if media not in (FORM, DIRECT):
        mend = "This endpoint only reads." if media == "application/sparql-update" else f"Send {FORM} or {DIRECT}."
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"the body is {media or 'of no media type'}", mend)
    if encoding not in ("", "identity") or charset not in ("utf-8", "utf8", "us-ascii"):
        problem = f"the body is coded in {encoding if encoding not in ('', 'identity') else charset}"
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, problem, "Send it in UTF-8, not compressed.")
    fields = _fields(query_string)
    if media == FORM:
        return _query([*fields, *_fields(body)], accept)
    return _query([*fields, ("query", _text(body))], accept)


def _query(fields: Sequence[tuple[str, str]], accept: str) -> Query:
    if refused := sorted({name for name, _ in fields} & _OF_UPDATES):
        raise Problem(HTTPStatus.BAD_REQUEST, f"{refused[0]} belongs to updates, and this endpoint only reads", "Send a query.")
    queries = [value for name, value in fields if name == "query"]
    if len(queries) != 1:
        problem = "there is no query" if not queries else f"there are {len(queries)} queries"
        raise Problem(HTTPStatus.BAD_REQUEST, problem, "Send one: /sparql?query=…, or POST it.")
    return Query(queries[0], accept, _values(fields, "default-graph-uri"), _values(fields, "named-graph-uri"))


def _values(fields: Sequence[tuple[str, str]], name: str) -> tuple[str, ...]:
    return tuple(value for key, value in fields if key == name)


def _fields(data: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(_text(data), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except UnicodeDecodeError as error:
        raise _not_utf8(error) from error
    except ValueError as error:
        raise Problem(HTTPStatus.BAD_REQUEST, f"there are more than {_MOST_FIELDS} parameters", "Send fewer.") from error


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise _not_utf8(error) from error


def _not_utf8(error: UnicodeDecodeError) -> Problem:
    problem = f"the query is not UTF-8 text (byte 0x{error.object[error.start]:02x} at {error.start})"
    return Problem(HTTPStatus.BAD_REQUEST, problem, "Write it in UTF-8.")


def _media_type(header: str) -> tuple[str, str]:
    """Return the media type and the charset of a Content-Type header, both in lower case."""
    message = Message()
    message["content-type"] = header
    media = header.partition(";")[0].strip().lower()
    return media, str(message.get_param("charset", "utf-8")).lower()
