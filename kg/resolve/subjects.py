"""What is known of a chain beside its name, and what that says for or against its being one with another."""

import re
from collections.abc import Set
from dataclasses import dataclass
from functools import cache
from typing import Any

from kg.records import Chain, Extraction, Kind, Role
from kg.resolve.names import tokens
from kg.vocab import slug

Node = tuple[str, int]
"""A chain: document key and index."""

SAME_OFFICE, OTHER_OFFICE, SAME_COUNTRY, SAME_COMPANY, YEARS_APART = 0.05, -0.10, 0.03, 0.05, -0.05
"""What a feature adds at most."""
ENOUGH = 3
"""Shared people and bodies from which company speaks for one person as much as it ever does."""
LONG = 20
"""Years between two articles from which time speaks against one person as much as it ever does."""


@dataclass(slots=True)
class Subject:
    """Evidence around a person's name, of one chain or, as clusters grow, of several that are one.

    Attributes:
        names: What it is itself as company of others.
        countries: Codes of the countries whose offices or bodies it is said to be of.
        offices: (office, code of the government or ``""``) of each post that a text gives.
        company: The people and bodies that the same articles name, itself included: ids of the gazetteer, else folded names. No places:
            articles of one region all name the same.
        years: Years of the articles.
        lands: Codes of the countries that the articles name.
    """

    names: Set[str] = frozenset()
    countries: Set[str] = frozenset()
    offices: Set[tuple[str, str]] = frozenset()
    company: Set[str] = frozenset()
    years: Set[int] = frozenset()
    lands: Set[str] = frozenset()

    def absorb(self, other: "Subject") -> None:
        """Add what is known of another; each set grows in place, the smaller into the larger, so that a million articles stay cheap."""
        for part in self.__slots__:
            setattr(self, part, _grown(getattr(self, part), getattr(other, part)))


def _grown(one: Set[Any], other: Set[Any]) -> Set[Any]:
    few, many = sorted((one, other), key=len)
    grown = many if isinstance(many, set) else set(many)
    grown |= few
    return grown


def is_full(name: str) -> bool:
    """Tell whether a person's name has at least two words that are no titles."""
    return len(tokens(name)) > 1


def subject(extraction: Extraction, number: int) -> Subject:
    """Return what a document tells of one of its people beside what it tells of all of them: see ``around``."""
    chain = extraction.chains[number]
    return Subject(frozenset({label(chain)}), _countries(extraction, chain), _offices(chain))


def around(extraction: Extraction) -> Subject:
    """Return what a document tells of each of its people: their company, its year, the countries that it names."""
    company = frozenset(label(chain) for chain in extraction.chains if chain.kind in (Kind.PERSON, Kind.ORGANIZATION)) - {""}
    year = re.match(r"\d{4}", extraction.document.date or "")
    lands = frozenset(chain.country for chain in extraction.chains if chain.kind is Kind.PLACE and chain.country)
    return Subject(company=company, years=frozenset({int(year[0])}) if year else frozenset(), lands=lands)


def features(name: float, left: Subject, right: Subject) -> tuple[tuple[str, float], ...]:
    """Return what speaks for and against two subjects being one, sorted by name of the feature; zero is left out.

    Args:
        name: How alike their names are, in [0, 1].
        left: One subject.
        right: The other.
    """
    shared = left.company & right.company - left.names - right.names
    weighed = {
        "company": SAME_COMPANY * min(1.0, len(shared) / ENOUGH),
        "country": SAME_COUNTRY if left.countries & right.countries else 0.0,
        "name": name,
        "office": _same_office(left, right),
        "time": YEARS_APART * min(1.0, _between(left.years, right.years) / LONG),
    }
    return tuple((feature, round(value, 4)) for feature, value in weighed.items() if round(value, 4))


def holds_office_of(bare: Subject, full: Subject) -> bool:
    """Tell whether a post is the post of a full-named holder: the same office of a country that this article names."""
    offices = {office for office, _ in bare.offices}
    stated = {code for _, code in bare.offices if code} or bare.lands
    return any(office in offices and code in stated for office, code in full.offices)


def _same_office(left: Subject, right: Subject) -> float:
    if any(office[1] for office in left.offices & right.offices):
        return SAME_OFFICE
    governed = [{office: code for office, code in sorted(subject.offices) if code} for subject in (left, right)]
    return OTHER_OFFICE if any(office in governed[1] for office in governed[0]) else 0.0


def _between(left: Set[int], right: Set[int]) -> int:
    return min((abs(one - other) for one in left for other in right), default=0)


def label(chain: Chain) -> str:
    """Return what a chain is as company: nothing for photographers and for names that say too little."""
    if chain.known:
        return chain.known
    return "" if chain.credited or chain.kind is Kind.GROUP or not is_full(chain.name) else slug(chain.name)


def _countries(extraction: Extraction, chain: Chain) -> frozenset[str]:
    found = {chain.country}
    for role in chain.roles:
        if role.of is not None:
            found.add(role.of.government)
            found.add(extraction.chains[role.of.chain].country if role.of.chain is not None else None)
    return frozenset(code for code in found if code)


def _offices(chain: Chain) -> frozenset[tuple[str, str]]:
    return frozenset((office, _government(role)) for role in chain.roles for office in _office_words().findall(role.text.lower()))


def _government(role: Role) -> str:
    return (role.of.government if role.of else None) or ""


@cache
def _office_words() -> re.Pattern[str]:
    """Return what finds an office in a role, with its deputies."""
    from kg.extract.lists import titles

    offices = sorted((words for words, title in titles().items() if title.what == "office"), key=lambda words: (-len(words), words))
    return re.compile(rf"\b(?:(?:first )?(?:deputy|vice|assistant|acting) )?(?:{'|'.join(map(re.escape, offices))})\b")
