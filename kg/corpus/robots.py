"""robots.txt: what a site lets programs read (RFC 9309)."""

from dataclasses import dataclass
from urllib.parse import quote, unquote

AGENT = "newskg"
ANYBODY = "*"


@dataclass(frozen=True, slots=True)
class Robots:
    """What a site says to us.

    Attributes:
        rules: (whether it allows, pattern of a path): ``*`` is anything, ``$`` at the end the end.
        pause: Seconds that it asks for between two requests.
    """

    rules: tuple[tuple[bool, str], ...] = ()
    pause: float = 0.0

    def allow(self, path: str) -> bool:
        """Tell whether a path, with its query, may be read: the longest rule that matches says it; of two as long, the one that allows."""
        path = _same(path)
        found = [(len(pattern), allows) for allows, pattern in self.rules if _matches(pattern, path)]
        return max(found, default=(0, True))[1]


NOTHING = Robots(((False, "/"),))
"""What a site says whose robots.txt cannot be reached."""


def parsed(text: str) -> Robots:
    """Return what a robots.txt says to us by name, else what it says to anybody; lines that nobody understands are passed over."""
    groups: dict[str, list[tuple[str, str]]] = {}
    agents: list[str] = []
    naming = False
    for line in text.splitlines():
        key, colon, value = line.partition("#")[0].partition(":")
        key, value = key.strip().lower(), value.strip()
        if not colon:
            continue
        if key == "user-agent":
            agents = [*agents, value.lower()] if naming else [value.lower()]
            naming = True
            groups.setdefault(value.lower(), [])
        elif key in {"allow", "disallow", "crawl-delay"}:
            naming = False
            for agent in agents:
                groups[agent].append((key, value))
    said = groups.get(AGENT, groups.get(ANYBODY, []))
    rules = tuple((key == "allow", _same(value)) for key, value in said if key != "crawl-delay" and value)
    pauses = [float(value) for key, value in said if key == "crawl-delay" and value.replace(".", "", 1).isdecimal()]
    return Robots(rules, max(pauses, default=0.0))


def _same(path: str) -> str:
    """Return a path in one way of writing it: ``%7E`` and ``~`` are the same."""
    return quote(unquote(path, errors="surrogateescape"), safe="/?&=*$:@!'()+,;~", errors="surrogateescape")


def _matches(pattern: str, path: str) -> bool:
    """Tell whether a pattern matches the start of a path, each piece between stars found as early as it stands, in linear time."""
    ended = pattern.endswith("$")
    first, *others = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    if not others:
        return not ended or at == len(path)
    last = others.pop() if ended else ""
    for piece in others:
        at = path.find(piece, at)
        if at < 0:
            return False
        at += len(piece)
    return len(path) - len(last) >= at and path.endswith(last)
