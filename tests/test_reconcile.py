"""Candidates come from a reconciliation service, its failures are named, and nothing that it says is trusted."""

import json
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import Message
from email.utils import format_datetime
from importlib.metadata import version
from io import BytesIO
from threading import Event, Thread
from time import monotonic
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reconciliation import MANIFEST, Desk, Reply, serving

from kg import reconcile
from kg.errors import KgError
from kg.reconcile import Answer, Candidate, Query, Service, ask, describe
from kg.records import Kind

ANA = Query("actor/ana-reyes", "Ana Reyes", Kind.PERSON)
ROCAS = Query("place/las-rocas", "Las Rocas", Kind.PLACE)
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture(autouse=True, scope="module")
def direct() -> Iterator[None]:
    """Loopback is asked directly, whatever proxy the machine has."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("no_proxy", "127.0.0.1")
        yield


@pytest.fixture
def desk() -> Iterator[Desk]:
    with serving() as found:
        yield found


@pytest.fixture
def service(desk: Desk) -> Service:
    return describe(desk.url)


@pytest.fixture
def waits() -> list[float]:
    """The pauses that the client made; they take no time here."""
    return []


def one(service: Service, query: Query = ANA, **options: Any) -> Answer:
    (answer,) = ask(service, [query], **options)
    return answer


def result(*candidates: object) -> Reply:
    return Reply(body=json.dumps({"q0": {"result": candidates}}).encode())


def candidate(**fields: object) -> dict[str, object]:
    return {"id": "V1", "name": "Ana Reyes", "score": 100, **fields}


# ---------------------------------------------------------------- the manifest


def test_a_service_tells_who_it_is(desk: Desk) -> None:
    service = describe(desk.url)
    assert replace(service, digest="") == Service(
        url=desk.url,
        name="Registry of the valley",
        versions=("0.1", "0.2"),
        identifier_space="https://registry.example/entity/",
        schema_space="https://registry.example/schema#Thing",
        view="https://registry.example/page?id={{id}}",
        batch_size=50,
        default_types=("Person", "Town"),
        software="3.1",
        digest="",
    )
    assert service.digest == describe(desk.url).digest


def test_the_service_learns_who_asks(desk: Desk) -> None:
    describe(desk.url)
    ((method, path, headers),) = desk.seen
    assert (method, path) == ("GET", "/reconcile")
    assert headers["user-agent"] == f"newskg/{version('newskg')}"
    assert headers["accept"] == "application/json"


def test_what_a_manifest_may_leave_out_is_none() -> None:
    with serving({key: MANIFEST[key] for key in ("versions", "name", "identifierSpace", "schemaSpace")}) as desk:
        service = describe(desk.url)
    assert (service.view, service.batch_size, service.default_types, service.software) == (None, None, (), None)


@pytest.mark.parametrize("size", ["50", 0, -1, 1e400, None, True])
def test_a_batch_size_that_is_no_number_is_no_bound(size: object) -> None:
    with serving({**MANIFEST, "batchSize": size}) as desk:
        assert describe(desk.url).batch_size is None


@pytest.mark.parametrize(
    ("versions", "told"),
    [({}, "version 0.1 of"), ({"versions": ["0.1", "1.0"]}, "version 0.1, 1.0 of"), ({"versions": 2}, "version unknown of")],
)
def test_a_service_that_speaks_another_version_is_named(versions: dict[str, object], told: str) -> None:
    manifest = {key: value for key, value in MANIFEST.items() if key != "versions"} | versions
    with serving(manifest) as desk, pytest.raises(KgError, match=told):
        describe(desk.url)


@pytest.mark.parametrize("manifest", [[], "hello", {"versions": ["0.2"]}, {"versions": ["0.2"], "name": "A", "identifierSpace": 3}])
def test_something_else_is_no_reconciliation_service(manifest: object) -> None:
    with serving(manifest) as desk, pytest.raises(KgError, match="no reconciliation service"):
        describe(desk.url)


def test_a_service_that_wants_credentials_is_refused_before_any_name_is_sent() -> None:
    with serving({**MANIFEST, "authentication": {"type": "http", "scheme": "basic"}}) as desk, pytest.raises(KgError, match="credentials"):
        describe(desk.url)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/hostname",
        "ftp://registry.example/",
        "data:application/json,{}",
        "registry.example/api",
        "http://",
        "http://registry.example:99999/",
        "http://ana:secret@registry.example/",
        "http://registry.example/a b",
        "http://registry.example/\n",
        "http://[registry/",
        "",
    ],
)
def test_only_whole_web_addresses_are_asked(url: str) -> None:
    with pytest.raises(KgError, match="no http or https address"):
        describe(url)


def test_a_page_of_html_is_no_answer(desk: Desk) -> None:
    desk.replies.append(Reply(body=b"<html>\x1b[31mWelcome"))
    with pytest.raises(KgError, match=r"does not answer in JSON: '<html> \[31mWelcome'"):
        describe(desk.url)


def test_an_answer_nested_without_end_is_refused(desk: Desk) -> None:
    desk.replies.append(Reply(body=b"[" * 1_000_000))
    with pytest.raises(KgError, match="does not answer in JSON"):
        describe(desk.url)


# ---------------------------------------------------------------- asking


def test_candidates_come_with_all_that_the_service_knows(service: Service) -> None:
    assert one(service) == Answer(
        ANA,
        (
            Candidate(
                id="V1",
                iri="https://registry.example/entity/V1",
                name="Ana Reyes",
                score=100.0,
                match=True,
                types=("Person",),
                description="mayor of Las Rocas",
            ),
            Candidate(
                id="V2", iri="https://registry.example/entity/V2", name="Ana Reyes Duarte", score=62.5, match=False, types=("Person",)
            ),
        ),
    )


def test_a_name_that_nobody_has_brings_no_candidate_and_no_problem(service: Service) -> None:
    assert one(service, Query("actor/x", "Nobody Here", Kind.PERSON)) == Answer(Query("actor/x", "Nobody Here", Kind.PERSON), ())


@pytest.mark.parametrize(("batch", "bound", "sizes"), [(3, 50, [3, 3, 1]), (10, 50, [7]), (10, 2, [2, 2, 2, 1]), (1, 50, [1] * 7)])
def test_batches_have_the_asked_size_unless_the_service_bears_less(batch: int, bound: int, sizes: list[int]) -> None:
    with serving({**MANIFEST, "batchSize": bound}) as desk:
        assert len(list(ask(describe(desk.url), [ANA] * 7, batch=batch))) == 7
    assert [len(queries) for queries in desk.asked] == sizes


def test_answers_keep_the_order_of_the_queries_whatever_the_order_of_the_reply(desk: Desk, service: Service) -> None:
    entries = {"q1": {"result": [candidate(id="V3")]}, "extra": {"result": []}, "q0": {"result": [candidate(id="V1")]}}
    desk.replies.append(Reply(body=json.dumps(entries).encode()))
    answers = list(ask(service, [ANA, ROCAS]))
    assert [(answer.query, answer.candidates[0].id) for answer in answers] == [(ANA, "V1"), (ROCAS, "V3")]


def test_answers_are_handed_on_batch_by_batch(desk: Desk, service: Service) -> None:
    next(ask(service, [ANA] * 4, batch=2))
    assert len(desk.asked) == 1


def test_progress_tells_how_many_are_answered(service: Service) -> None:
    told: list[tuple[int, int]] = []
    list(ask(service, [ANA] * 5, batch=2, progress=lambda done, of: told.append((done, of))))
    assert told == [(2, 5), (4, 5), (5, 5)]


def test_nothing_to_ask_asks_nothing(desk: Desk, service: Service) -> None:
    assert list(ask(service, [])) == []
    assert len(desk.seen) == 1


def test_type_properties_and_limit_are_sent_as_given(desk: Desk, service: Service) -> None:
    one(service, replace(ANA, type="Person", properties=(("P27", "Q399"), ("P39", "mayor"), ("P27", "Q30"))), limit=3)
    properties = [{"pid": "P27", "v": "Q399"}, {"pid": "P39", "v": "mayor"}, {"pid": "P27", "v": "Q30"}]
    assert desk.asked == [{"q0": {"query": "Ana Reyes", "type": "Person", "limit": 3, "properties": properties}}]


def test_the_entity_itself_is_not_told_to_the_service(desk: Desk, service: Service) -> None:
    one(service, ANA)
    assert desk.asked == [{"q0": {"query": "Ana Reyes", "limit": 5}}]


@pytest.mark.parametrize("name", ["Գորիս", "Łódź & Çeşme = 100%", 'a "b"}}, {"query": "c', "&queries={}", "half \ud83d", "日本\u0000"])
def test_any_name_arrives_as_it_is(desk: Desk, service: Service, name: str) -> None:
    assert one(service, Query("place/x", name, Kind.PLACE)).problem is None
    assert desk.asked[0]["q0"]["query"] == name


def test_a_name_in_another_script_finds_its_candidate(service: Service) -> None:
    assert [found.id for found in one(service, Query("place/goris", "Գորիս", Kind.PLACE)).candidates] == ["V4"]


@pytest.mark.parametrize("name", ["", " "])
def test_a_query_without_a_name_cannot_be_made(name: str) -> None:
    with pytest.raises(ValueError, match="place/x"):
        Query("place/x", name, Kind.PLACE)


# ---------------------------------------------------------------- what one answer may get wrong


@pytest.mark.parametrize(
    ("error", "told"),
    [
        ("no such type", "no such type"),
        ({"title": "Not Found", "detail": "no such type"}, "Not Found; no such type"),
        ("red \x1b[31m alert\u202e", "red [31m alert"),
    ],
)
def test_a_query_that_the_service_refuses_is_told_and_the_others_go_on(desk: Desk, service: Service, error: object, told: str) -> None:
    desk.replies.append(Reply(body=json.dumps({"q0": {"error": error}, "q1": {"result": [candidate()]}}).encode()))
    refused, answered = ask(service, [ROCAS, ANA])
    assert refused == Answer(ROCAS, (), f"the service says: {told}")
    assert (answered.problem, len(answered.candidates)) == (None, 1)


@pytest.mark.parametrize("entry", [{}, {"result": None}, {"result": {"id": "V1"}}, [], None, "V1"])
def test_an_entry_without_a_result_is_told(desk: Desk, service: Service, entry: object) -> None:
    desk.replies.append(Reply(body=json.dumps({"q0": entry}).encode()))
    assert one(service) == Answer(ANA, (), "the service gives no result")


def test_a_query_that_the_service_forgets_is_not_taken_for_an_unknown_name(desk: Desk, service: Service) -> None:
    desk.replies.append(Reply(body=b'{"q0": {"result": []}}'))
    assert [answer.problem for answer in ask(service, [ANA, ROCAS])] == [None, "the service gives no result"]


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        (candidate(id="V9", score="95"), "candidate V9 has no number as its score: 95"),
        (candidate(id="V9", score=None), "candidate V9 has no number"),
        (candidate(id="V9", score=True), "candidate V9 has no number"),
        (candidate(id="V9", score=float("nan")), "candidate V9 has no number"),
        (candidate(id="V9", score=10**400), "candidate V9 has no number"),
        (candidate(id="V9", name=""), "candidate V9 has no name"),
        (candidate(id="V9", name=["Ana"]), "candidate V9 has no name"),
        (candidate(id=9), "no identifier that makes an IRI: 9"),
        (candidate(id=""), "no identifier that makes an IRI"),
        (candidate(id="V\n9"), "no identifier that makes an IRI"),
        (candidate(id="V\ud800"), "no identifier that makes an IRI"),
        (candidate(id="../../admin"), "no identifier that makes an IRI"),
        (candidate(id="V" * 1_001), "no identifier that makes an IRI"),
        ("V9", "no object: V9"),
        (None, "no object"),
    ],
)
def test_a_broken_candidate_is_told_and_the_good_ones_stay(desk: Desk, service: Service, broken: object, told: str) -> None:
    desk.replies.append(result(broken, candidate()))
    answer = one(service)
    assert [found.id for found in answer.candidates] == ["V1"]
    assert told in (answer.problem or "")


@pytest.mark.parametrize("reply", [[], "fine", None, {}, {"status": "error", "message": "internal trouble"}, MANIFEST])
def test_an_answer_to_no_query_at_all_ends_the_run(desk: Desk, service: Service, reply: object) -> None:
    desk.replies.append(Reply(body=json.dumps(reply).encode()))
    with pytest.raises(KgError, match="answers none of the queries"):
        one(service)


def test_what_a_service_says_instead_of_an_answer_is_quoted(desk: Desk, service: Service) -> None:
    desk.replies.append(Reply(body=b'{"status": "error", "message": "internal trouble"}'))
    with pytest.raises(KgError, match="error; internal trouble"):
        one(service)


@pytest.mark.parametrize(("match", "sure"), [(True, True), (False, False), (None, False), ("true", False), (1, False)])
def test_only_true_means_sure(desk: Desk, service: Service, match: object, sure: bool) -> None:
    desk.replies.append(result(candidate(match=match)))
    assert one(service).candidates[0].match is sure


@pytest.mark.parametrize(
    ("types", "read"),
    [
        ([{"id": "Person"}, "Mayor"], ("Person", "Mayor")),
        ([{"name": "Person"}, 3, None, ""], ()),
        ("Person", ()),
        (None, ()),
    ],
)
def test_types_are_read_in_both_ways_that_the_api_knows(desk: Desk, service: Service, types: object, read: tuple[str, ...]) -> None:
    desk.replies.append(result(candidate(type=types)))
    assert one(service).candidates[0].types == read


def test_names_and_descriptions_are_one_line_of_plain_text(desk: Desk, service: Service) -> None:
    desk.replies.append(
        result(candidate(name=" Ana\u0000\n\x1b[2JReyes\u202e ", description="<b>mayor</b>\tof\x9b Las Rocas" + "!" * 2_000))
    )
    (found,) = one(service).candidates
    assert found.name == "Ana [2JReyes"
    assert found.description.startswith("<b>mayor</b> of Las Rocas!!")
    assert len(found.description) <= 1_000


def test_letters_that_join_stay_in_a_name(desk: Desk, service: Service) -> None:
    desk.replies.append(result(candidate(name="می\u200cخواهم")))
    assert one(service).candidates[0].name == "می\u200cخواهم"


def test_the_best_come_first_and_no_more_than_asked(desk: Desk, service: Service) -> None:
    desk.replies.append(result(*(candidate(id=name, score=score) for name, score in [("a", 1), ("b", 3), ("c", 2.5), ("d", 3)])))
    assert [found.id for found in one(service, limit=3).candidates] == ["b", "d", "c"]


def test_a_candidate_told_twice_counts_once_with_its_best_score(desk: Desk, service: Service) -> None:
    desk.replies.append(result(candidate(score=1), candidate(score=5), candidate(score=2)))
    assert [found.score for found in one(service).candidates] == [5.0]


# ---------------------------------------------------------------- identifiers become IRIs


@pytest.mark.parametrize(
    ("space", "view", "identifier", "iri"),
    [
        ("http://www.wikidata.org/entity/", "https://www.wikidata.org/wiki/{{id}}", "Q399", "http://www.wikidata.org/entity/Q399"),
        ("http://vocab.example/doc/#About", "http://vocab.example/page/{{id}}", "tgn/70 11", "http://vocab.example/page/tgn%2F70%2011"),
        ("http://vocab.example/", None, "tgn/7011", "http://vocab.example/tgn/7011"),
        ("http://vocab.example/", None, "a b<c>?#%41é", "http://vocab.example/a%20b%3Cc%3E%3F%23%2541%C3%A9"),
        ("http://names.example/urn:lsid:names:", "http://names.example/v/{{id}}", "7-1", "http://names.example/urn:lsid:names:7-1"),
        ("urn:isni:", None, "0000 0001", "urn:isni:0000%200001"),
        ("http://vocab.example/terms", None, "7", "http://vocab.example/terms7"),
        ("people/", "http://vocab.example/page/{{id}}", "7", "http://vocab.example/page/7"),
        ("http://vocab.example/", None, "https://d.example/resource/Գորիս", "https://d.example/resource/Գորիս"),
        ("http://vocab.example/#About", "{{id}}", "https://d.example/a?b=c#d", "https://d.example/a?b=c#d"),
    ],
)
def test_an_identifier_becomes_the_iri_that_others_use(space: str, view: str | None, identifier: str, iri: str) -> None:
    with serving({**MANIFEST, "identifierSpace": space, "view": {"url": view} if view else None}) as desk:
        service = describe(desk.url)
        desk.replies.append(result(candidate(id=identifier)))
        (found,) = one(service).candidates
    assert (found.id, found.iri) == (identifier, iri)


@pytest.mark.parametrize(
    ("space", "view"),
    [
        ("javascript:alert(1)//", None),
        ("javascript:/", "javascript:{{id}}"),
        ("people/", "data:text/html,{{id}}"),
        ("http://a b/", "{{id}}"),
    ],
)
def test_no_address_of_another_kind_becomes_a_link(space: str, view: str | None) -> None:
    with serving({**MANIFEST, "identifierSpace": space, "view": {"url": view}}) as desk:
        answer = one(describe(desk.url))
    assert answer.candidates == ()
    assert "makes an IRI" in (answer.problem or "")


@pytest.fixture(scope="module")
def open_desk() -> Iterator[tuple[Desk, Service]]:
    """One service for many examples."""
    with serving() as desk:
        yield desk, describe(desk.url)


@given(
    space=st.sampled_from(["https://a.example/", "https://a.example/#", "https://a.example/x#About", "urn:x:", "http://a.example/?id="]),
    view=st.sampled_from([None, "https://a.example/page?id={{id}}", "https://a.example/{{id}}/x"]),
    identifier=st.text(max_size=12) | st.from_regex(r"https?://[\w.:%\[\]]{1,8}[/?#]?\S{0,8}", fullmatch=True),
)
@settings(max_examples=150, deadline=None)
def test_every_iri_can_be_written_and_read_again(open_desk: tuple[Desk, Service], space: str, view: str | None, identifier: str) -> None:
    desk, service = open_desk
    desk.replies.append(result(candidate(id=identifier)))
    answer = one(replace(service, identifier_space=space, view=view))
    triples = {ox.Triple(ox.NamedNode(found.iri), ox.NamedNode(found.iri), ox.Literal(found.id)) for found in answer.candidates}
    written = ox.serialize(triples, format=ox.RdfFormat.TURTLE)
    assert {quad.triple for quad in ox.parse(written or b"", format=ox.RdfFormat.TURTLE, base_iri="https://b.example/c/d")} == triples


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["q0", "result", "error", "id", "name", "score", "match", "type", "description"]), inner, max_size=6
        )
    ),
    max_leaves=12,
)


@given(entry=json_values)
@settings(max_examples=150, deadline=None)
def test_whatever_a_service_answers_becomes_an_answer(open_desk: tuple[Desk, Service], entry: object) -> None:
    desk, service = open_desk
    desk.replies.append(Reply(body=json.dumps({"q0": entry}).encode()))
    assert one(service).query == ANA


# ---------------------------------------------------------------- failures of the wire


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_service_is_waited_for_as_long_as_it_asks(desk: Desk, service: Service, waits: list[float], status: int) -> None:
    desk.replies += [Reply(status, headers=(("Retry-After", "7"),)), Reply(status, headers=(("Retry-After", "0"),))]
    assert len(one(service, wait=waits.append).candidates) == 2
    assert waits == [7.0, 0.0]


def test_a_busy_service_may_name_a_date(desk: Desk, service: Service, waits: list[float]) -> None:
    desk.replies.append(Reply(503, headers=(("Retry-After", format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)),)))
    one(service, wait=waits.append)
    assert 25 < waits[0] <= 30


def test_a_date_that_has_passed_means_now(desk: Desk, service: Service, waits: list[float]) -> None:
    desk.replies.append(Reply(503, headers=(("Retry-After", "Fri, 31 Dec 1999 23:59:59 GMT"),)))
    one(service, wait=waits.append)
    assert waits == [0.0]


@pytest.mark.parametrize("told", ["soon", "-5", "", "1e3", "Mon, 01 Jan 2024 99999999999:00:00 GMT"])
def test_a_wait_that_is_no_time_is_a_short_one(desk: Desk, service: Service, waits: list[float], told: str) -> None:
    desk.replies.append(Reply(429, headers=(("Retry-After", told),)))
    one(service, wait=waits.append)
    assert waits == [reconcile.PAUSE]


@pytest.mark.parametrize("told", ["3600", "9" * 400])
def test_nobody_waits_for_an_hour(desk: Desk, service: Service, waits: list[float], told: str) -> None:
    desk.replies.append(Reply(429, b"slow down", (("Retry-After", told),)))
    with pytest.raises(KgError, match="429 Too Many Requests: slow down, and asks to wait"):
        one(service, wait=waits.append)
    assert waits == []


def test_a_service_that_is_always_busy_is_left(desk: Desk, service: Service, waits: list[float]) -> None:
    desk.replies += [Reply(503, headers=(("Retry-After", "1"),))] * 10
    with pytest.raises(KgError, match="503 Service Unavailable, however long we wait"):
        one(service, wait=waits.append)
    assert waits == [1.0] * reconcile.WAITS


@pytest.mark.parametrize("status", [500, 502, 503, 429, 408])
def test_a_failure_that_may_pass_is_tried_once_more(desk: Desk, service: Service, waits: list[float], status: int) -> None:
    desk.replies.append(Reply(status))
    assert len(one(service, wait=waits.append).candidates) == 2
    assert waits == [reconcile.PAUSE]


def test_a_service_that_fails_twice_is_named_with_its_own_words(desk: Desk, service: Service, waits: list[float]) -> None:
    desk.replies += [Reply(500, "Datenbank geschloßen\x1b[31m".encode()), Reply(500, "Datenbank geschloßen\x1b[31m".encode())]
    with pytest.raises(KgError, match=r"answers 500 Internal Server Error: Datenbank geschloßen \[31m\. "):
        one(service, wait=waits.append)
    assert len(desk.replies) == 0


def test_answers_before_a_failure_are_kept(desk: Desk, service: Service, waits: list[float]) -> None:
    answers = ask(service, [ANA, ROCAS], batch=1, wait=waits.append)
    assert next(answers).query == ANA
    desk.replies += [Reply(500)] * 2
    with pytest.raises(KgError, match="500"):
        next(answers)


@pytest.mark.parametrize(
    ("status", "mend"), [(400, "--type"), (401, "credentials"), (403, "credentials"), (404, "address"), (413, "--batch")]
)
def test_a_refusal_is_not_tried_again(desk: Desk, service: Service, waits: list[float], status: int, mend: str) -> None:
    desk.replies += [Reply(status, b"no")] * 2
    with pytest.raises(KgError, match=f"answers {status} .*: no") as refused:
        one(service, wait=waits.append)
    assert mend in refused.value.mend
    assert (waits, len(desk.replies)) == ([], 1)


def test_nobody_at_the_address_is_told(waits: list[float]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        with pytest.raises(KgError, match="cannot be reached: .*refused"):
            describe(url, wait=waits.append)
    assert waits == [reconcile.PAUSE]


@pytest.mark.parametrize("host", ["a..b", "x" * 70])
def test_a_host_that_cannot_be_is_told(host: str, waits: list[float]) -> None:
    with pytest.raises(KgError, match="cannot be reached"):
        describe(f"http://{host}/", wait=waits.append)


def test_a_service_that_keeps_silent_is_left(desk: Desk, service: Service, waits: list[float]) -> None:
    desk.replies += [Reply(delay=30.0)] * 2
    with pytest.raises(KgError, match=r"does not answer within 0\.1 seconds"):
        one(service, timeout=0.1, wait=waits.append)


def test_a_service_that_answers_drop_by_drop_is_left(waits: list[float]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener, pytest.raises(KgError, match=r"does not answer within 0\.3 seconds"):
        listener.settimeout(5)
        Thread(target=drip, args=(listener,), daemon=True).start()
        start = monotonic()
        try:
            describe(f"http://127.0.0.1:{listener.getsockname()[1]}/", timeout=0.3, wait=waits.append)
        finally:
            assert monotonic() - start < 3


def drip(listener: socket.socket) -> None:
    """Answer two requests, a space every twentieth of a second."""
    for _ in range(2):
        connection, _ = listener.accept()
        with connection:
            connection.recv(10_000)
            try:
                connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                for _ in range(100):
                    connection.sendall(b" ")
                    Event().wait(0.05)
            except OSError:
                continue


def test_an_answer_that_breaks_off_is_fetched_again(desk: Desk, service: Service, waits: list[float]) -> None:
    desk.replies.append(Reply(body=b'{"q0": {"result": []}}', headers=(("Content-Length", "99"),)))
    assert len(one(service, wait=waits.append).candidates) == 2
    assert waits == [reconcile.PAUSE]


def test_a_huge_answer_is_refused(desk: Desk, service: Service) -> None:
    desk.replies.append(Reply(body=b" " * (reconcile.LARGEST + 1)))
    with pytest.raises(KgError, match="more than 20,000,000 bytes"):
        one(service)


@pytest.mark.parametrize("code", [301, 302, 307, 308])
def test_queries_follow_a_service_that_has_moved(desk: Desk, service: Service, code: int) -> None:
    desk.replies.append(Reply(code, headers=(("Location", "/elsewhere"),)))
    assert len(one(service).candidates) == 2
    assert [(method, path) for method, path, _ in desk.seen[1:]] == [("POST", "/reconcile"), ("POST", "/elsewhere")]
    assert desk.seen[2][2]["user-agent"] == f"newskg/{version('newskg')}"


def test_a_moved_service_is_asked_where_its_manifest_is(desk: Desk) -> None:
    desk.replies.append(Reply(302, headers=(("Location", "/elsewhere"),)))
    assert describe(desk.url).url == desk.url.replace("/reconcile", "/elsewhere")


@pytest.mark.parametrize(
    "target",
    [
        "file:///etc/hostname",
        "ftp://registry.example/",
        "data:application/json,{}",
        "http://ana:secret@127.0.0.1/",
        "http://[",
        "http://h:0/",
    ],
)
def test_a_redirect_leads_to_the_web_only(desk: Desk, waits: list[float], target: str) -> None:
    desk.replies += [Reply(302, headers=(("Location", target),))] * 2
    with pytest.raises(KgError, match="is not allowed|cannot be reached"):
        describe(desk.url, wait=waits.append)
    assert {path for _, path, _ in desk.seen} == {"/reconcile"}


def test_redirects_in_a_circle_end(desk: Desk) -> None:
    desk.replies += [Reply(302, headers=(("Location", f"/{number}"),)) for number in range(20)]
    with pytest.raises(KgError, match="answers 302"):
        describe(desk.url)
    assert len(desk.seen) == reconcile.REDIRECTS + 1


def test_names_do_not_leave_https_by_a_redirect() -> None:
    request = Request("https://registry.example/", b"queries={}")
    with pytest.raises(HTTPError, match="not allowed"):
        reconcile._Redirects().redirect_request(request, BytesIO(), 302, "Found", Message(), "http://registry.example/")


def test_a_proxy_of_the_environment_is_used(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", desk.url.removesuffix("/reconcile"))
    assert describe("http://registry.example/api").name == "Registry of the valley"
    assert desk.seen[0][1] == "http://registry.example/api"


def test_an_answer_without_tls_on_an_https_address_is_told(desk: Desk, waits: list[float]) -> None:
    with pytest.raises(KgError, match="cannot be reached"):
        describe(desk.url.replace("http:", "https:"), wait=waits.append)


# ---------------------------------------------------------------- the test service itself


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (urlencode({"queries": json.dumps({"q0": {"query": "a"}})}), {"Content-Type": "application/json"}),
        (urlencode({"query": json.dumps({"q0": {"query": "a"}})}), FORM),
        (urlencode({"queries": "{}", "limit": 3}), FORM),
        (urlencode({"queries": "q0"}), FORM),
        (urlencode({"queries": "[]"}), FORM),
        (urlencode({"queries": json.dumps({"q0": {}})}), FORM),
        (urlencode({"queries": json.dumps({"q0": {"query": "a", "name": "b"}})}), FORM),
        (urlencode({"queries": json.dumps({"q0": {"query": 3}})}), FORM),
        (urlencode({"queries": json.dumps({"q0": {"query": "a", "limit": 0}})}), FORM),
        (urlencode({"queries": json.dumps({"q0": {"query": "a", "limit": "5"}})}), FORM),
        (urlencode({"queries": json.dumps({"q0": {"query": "a", "type": {"id": "b"}}})}), FORM),
        (urlencode({"queries": json.dumps({"q0": {"query": "a", "properties": [{"p": "b", "v": "c"}]}})}), FORM),
        (urlencode({"queries": json.dumps({"q0": {"query": "a", "type_strict": "maybe"}})}), FORM),
    ],
)
def test_the_service_refuses_what_does_not_conform(desk: Desk, body: str, headers: dict[str, str]) -> None:
    with pytest.raises(HTTPError, match="400") as refused:
        urlopen(Request(desk.url, body.encode(), headers))
    refused.value.close()
    assert desk.asked == []


def test_the_service_refuses_a_batch_beyond_its_bound(desk: Desk, service: Service) -> None:
    with pytest.raises(KgError, match="413"):
        list(ask(replace(service, batch_size=None), [ANA] * 51, batch=51))


@pytest.mark.parametrize(
    "batch", ['{"q0": {"query": "Las Rocas"}}', '{"q0": {"query": "las", "type": ["Town", "Person"], "type_strict": "any"}}']
)
def test_the_service_takes_a_batch_by_get_too(desk: Desk, batch: str) -> None:
    with urlopen(f"{desk.url}?{urlencode({'queries': batch})}") as reply:
        assert [found["id"] for found in json.load(reply)["q0"]["result"]] == ["V3"]
