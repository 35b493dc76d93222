"""Bodies that every state has one of: ``Foreign Ministry``, ``Air Force``. Without their state their names say nothing."""

import re

from kg.gazetteer import Gazetteer

COMMON = re.compile(
    r"^(?:[\w-]+ )?(?:Ministry|Department|Government|Parliament|National Assembly|Army|Navy|Air Force|Coast Guard|Council|Court|Police"
    r"|Central Bank|Election Commission|Electoral Commission)"
    r"(?: of (?:\w+ )?(?:Affairs|Defen[cs]e|Justice|Health|Finance))?$"
)
"""Names that every state has one of."""

_OFFICIAL = {"Foreign": "Foreign Affairs"}
_LONGEST_STATE = 3


def official(name: str) -> str:
    """Return ``Foreign Ministry`` as ``Ministry of Foreign Affairs``: bodies are named both ways."""
    match = re.fullmatch(r"([\w-]+) (Ministry|Department)", name)
    return f"{match.group(2)} of {_OFFICIAL.get(match.group(1), match.group(1))}" if match else name


def of_state(name: str, gazetteer: Gazetteer) -> tuple[str | None, str]:
    """Return the state that a common body's name begins with, by its code, and the rest: ``U.S. Air Force`` → ``US``, ``Air Force``.

    ``None`` and the whole name where it begins with none, or where the rest is no body that every state has.
    """
    words = name.split()
    for length in range(min(_LONGEST_STATE, len(words) - 1), 0, -1):
        state, rest = " ".join(words[:length]), " ".join(words[length:])
        if COMMON.match(rest) and (code := gazetteer.demonym(state) or _country(state, gazetteer)):
            return code, rest
    return None, name


def _country(name: str, gazetteer: Gazetteer) -> str | None:
    return next((known.country for known in gazetteer.look_up(name)[:1] if known.feature == "country"), None)
