"""Articles from the web: one request at a time, no faster than a site allows, and never to a private address that nobody named."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPMessage
from io import BytesIO
from ipaddress import IPv6Address, ip_address, ip_network
from threading import Event
from time import monotonic, sleep
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from protego import Protego

from kg.corpus.limits import CONNECT_SECONDS, FETCH_SECONDS, FETCHED, LONGEST_PAUSE, REDIRECTS, ROBOTS
from kg.corpus.reading import Reading
from kg.corpus.sources import Budget, Source, shown_text
from kg.errors import InputError
from kg.processes import overdue

AGENT = "newskg"
"""What a robots.txt calls us."""
HEADERS = {
    "User-Agent": f"{AGENT} (reads single articles for one person; respects robots.txt)",
    "Accept": "text/html,application/xhtml+xml,application/pdf,application/rss+xml,application/atom+xml,text/plain,*/*;q=0.5",
    "Accept-Encoding": "identity",
    "Connection": "close",
}
MOVED = frozenset({301, 302, 303, 307, 308})
OK, SERVER_ERROR = 200, 500
ROBOTS_PATH = "/robots.txt"
EMBEDDED = ip_network("64:ff9b::/96")
"""IPv6 addresses that lead to an IPv4 address, which could be a private one (RFC 6052)."""
SAFE = "/%:@!$&'()*+,;=~-._?"
LATER = "Try again later, or save the page and name the file."


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered."""

    url: str
    status: int
    headers: HTTPMessage
    body: bytes


@dataclass(slots=True)
class Web:
    """The web as one run reads it.

    Attributes:
        reading: Its ``pause``.
        named: The hosts that somebody named on the command line; they alone may have private addresses, so that neither a list of
            addresses nor a redirect can make the program read what only this machine can reach.
    """

    reading: Reading
    named: frozenset[str]
    _robots: dict[str, Protego | InputError] = field(default_factory=dict)
    _asked: dict[str, float] = field(default_factory=dict)

    def fetch(self, url: str) -> Source:
        """Return the answer to an address, redirects followed.

        Raises:
            InputError: The site does not allow it or does not answer, or the answer is none that can be read.
        """
        answer = self._followed(url, FETCHED, polite=True)
        if answer.status != OK:
            raise InputError(f"{url}: the server answers {answer.status}", "Check the address in a browser.")
        name = urlsplit(answer.url).path.rpartition("/")[2] or "page"
        charset = answer.headers.get_content_charset()
        size = len(answer.body)
        return Source(url, shown_text(name), answer.url, BytesIO(answer.body), size, Budget(size), url=answer.url, charset=charset)

    def _followed(self, url: str, most: int, *, polite: bool) -> Answer:
        """Return the answer behind redirects; where ``polite``, each step is asked of the robots.txt of its site (RFC 9309)."""
        step = url
        for _ in range(REDIRECTS + 1):
            parts = _parts(url, step)
            if polite:
                self._check_robots(url, step, parts)
            answer = self._asked_for(url, step, parts, most)
            if answer.status not in MOVED or not (target := answer.headers.get("Location")):
                return answer
            step = _joined(url, step, target)
        raise InputError(f"{url}: is redirected more than {REDIRECTS} times", "Check the address in a browser.")

    def _check_robots(self, url: str, step: str, parts: SplitResult) -> None:
        """Raise an InputError if the site of a step does not let us read it, or cannot say whether it does."""
        site = _site(parts)
        if site not in self._robots:
            self._robots[site] = self._robots_of(site)
        said = self._robots[site]
        if isinstance(said, InputError):
            reason = said.problem.removeprefix(f"{site}{ROBOTS_PATH}: ")
            raise InputError(f"{url}: the robots.txt of its site cannot be read ({reason})", said.mend)
        if not said.can_fetch(step, AGENT):
            raise InputError(f"{url}: its site does not let programs read it (robots.txt)", "Save the page in a browser and name the file.")
        if (pause := said.crawl_delay(AGENT) or 0.0) > LONGEST_PAUSE:
            raise InputError(f"{url}: its site asks for {pause:,.0f} seconds between two pages (robots.txt)", LATER)

    def _robots_of(self, site: str) -> Protego | InputError:
        """Return what a site allows: all where it has no robots.txt, nothing where that cannot be had (RFC 9309, section 2.3.1)."""
        try:
            answer = self._followed(f"{site}{ROBOTS_PATH}", ROBOTS, polite=False)
        except InputError as error:
            return error
        if answer.status >= SERVER_ERROR:
            return InputError(f"the server answers {answer.status}", LATER)
        return Protego.parse(answer.body.decode("utf-8-sig", "replace") if answer.status == OK else "")

    def _asked_for(self, url: str, step: str, parts: SplitResult, most: int) -> Answer:
        """Ask for one address, when its host was left alone for long enough."""
        host, said = parts.hostname or "", self._robots.get(_site(parts))
        pause = said.crawl_delay(AGENT) if isinstance(said, Protego) else None
        due = self._asked.get(host, float("-inf")) + max(self.reading.pause, pause or 0.0)
        sleep(max(0.0, due - monotonic()))
        try:
            return _answer(url, step, parts, _address(url, parts, host in self.named), most)
        finally:
            self._asked[host] = monotonic()


def host_of(url: str) -> str:
    """Return the host of an address, nothing where it has none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _site(parts: SplitResult) -> str:
    """Return the site that an address is of: what one robots.txt speaks for."""
    return f"{parts.scheme}://{parts.netloc}"


def _joined(url: str, step: str, target: str) -> str:
    """Return where a redirect leads."""
    try:
        return urljoin(step, target).partition("#")[0]
    except ValueError as error:
        raise InputError(
            f"{url}: leads to {shown_text(target[:100])!r}, which is no web address", "Check the address in a browser."
        ) from error


def _parts(url: str, step: str) -> SplitResult:
    """Return the parts of an address that can be asked for."""
    try:
        parts = urlsplit(step)
        _ = parts.port
    except ValueError as error:
        raise InputError(f"{url}: is not a web address ({error})", "Check its spelling.") from error
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise InputError(f"{url}: leads to {shown_text(step[:100])!r}, which is no web address", "Check the address in a browser.")
    return parts


def _address(url: str, parts: SplitResult, named: bool) -> tuple[str, int]:
    """Return the address (IP, port) to connect to: looked up once, checked, and used as it is."""
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise InputError(f"{url}: there is no host {host!r} ({error})", "Check the spelling, and that there is a network.") from error
    addresses = [str(entry[4][0]) for entry in found]
    if not named and not all(map(_is_public, addresses)):
        mend = "Name an address of that host as an input itself, if you mean it."
        raise InputError(f"{url}: leads to {host!r}, which is a private address", mend)
    return addresses[0], port


def _is_public(text: str) -> bool:
    """Tell whether an IP address is one of the open internet."""
    address = ip_address(text.partition("%")[0])
    if isinstance(address, IPv6Address):
        if address in EMBEDDED:
            return False
        address = address.ipv4_mapped or address
    return address.is_global and not address.is_multicast


def _answer(url: str, step: str, parts: SplitResult, address: tuple[str, int], most: int) -> Answer:
    """Ask one server; everything together takes ``FETCH_SECONDS`` at most."""
    target = quote(parts.path or "/", safe=SAFE) + (f"?{quote(parts.query, safe=SAFE)}" if parts.query else "")
    late = Event()
    try:
        with _connected(parts, address) as stream, _ended(stream, late):
            if isinstance(stream, ssl.SSLSocket):
                stream.do_handshake()
            connection = HTTPConnection(_ascii(parts.hostname or ""), parts.port)
            connection.sock = stream
            connection.request("GET", target, headers=HEADERS)
            response = connection.getresponse()
            body = response.read(most + 1)
            if late.is_set() or (response.length and len(body) <= most):
                raise HTTPException("its answer is cut short")
    except (OSError, HTTPException, ValueError) as error:
        reason = f"took more than {FETCH_SECONDS:.0f} seconds" if late.is_set() else shown_text(str(error) or type(error).__name__)
        raise InputError(f"{url}: the server does not answer ({reason})", LATER) from error
    if len(body) > most and most != ROBOTS:
        raise InputError(f"{url}: is too large (more than {most:,} bytes)", "Save what you need of it and name the file.")
    return Answer(step, response.status, response.headers, body[:most])


@contextmanager
def _ended(stream: socket.socket, late: Event) -> Iterator[None]:
    """End a connection from outside when its time is over, for a server may send a byte now and then for ever."""

    def end() -> None:
        late.set()
        with suppress(OSError):  # it has ended by itself
            stream.shutdown(socket.SHUT_RDWR)

    with overdue(FETCH_SECONDS, end):
        yield


def _connected(parts: SplitResult, address: tuple[str, int]) -> socket.socket:
    """Return a socket to an address; of TLS, which is checked against the name of the host, the handshake is still to be made."""
    plain = socket.create_connection(address, CONNECT_SECONDS)
    if parts.scheme == "http":
        return plain
    try:
        name = _ascii(parts.hostname or "")
        return ssl.create_default_context().wrap_socket(plain, server_hostname=name, do_handshake_on_connect=False)
    except (OSError, ValueError):
        plain.close()
        raise


def _ascii(host: str) -> str:
    """Return the name of a host as it is asked for."""
    return host if host.isascii() else host.encode("idna").decode("ascii")
