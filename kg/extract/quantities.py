"""What a figure measures, so that figures of one quantity meet across articles.

Two figures measure the same where the class of their verb or noun, what is counted, the unit and the places with their direction are
the same: ``84,770 people had entered Armenia from Nagorno-Karabakh`` and ``78,300 had left Nagorno-Karabakh for Armenia`` are one
growing count. The words of a class are data (``quantities.tsv``); a figure whose words are in no class measures nothing that could be
found again, and is left alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from kg.extract.amounts import words_of
from kg.extract.lists import rows
from kg.records import Chain, Figure

IRREGULAR = {"people": "people", "child": "children", "police": "police", "staff": "staff", "crew": "crew", "personnel": "personnel"}
PERSONS = frozenset({"people", "family", "household"})
"""Units of counts of persons."""


@dataclass(frozen=True, slots=True)
class Sort:
    """A class of quantities.

    Attributes:
        name: ``displacement``.
        cumulative: Such a count of one event can only grow.
        broader: The class whose counts it is a part of; empty without one.
        counts: ``people`` (persons, families), ``money``, ``goods`` (all but persons), ``things`` (neither) or ``any``.
        words: How it reads behind what is counted: ``who fled``.
    """

    name: str
    cumulative: bool
    broader: str
    counts: str
    words: str


@dataclass(frozen=True, slots=True)
class Quantity:
    """What a figure measures.

    Attributes:
        sort: Its class.
        noun: What is counted: ``people`` for whoever is counted as a person without further distinction, else the lemma; for money
            and measures empty.
        unit: As the figure has it: a share of people is another quantity than their number.
        places: (relation, chain), sorted; what ``of`` and ``in`` relate is one, and told as ``in``.
        label: For reading: ``people who fled from Nagorno-Karabakh to Armenia``.
    """

    sort: Sort
    noun: str
    unit: str
    places: tuple[tuple[str, int], ...]
    label: str

    def key(self, names: Sequence[str]) -> str:
        """Return what figures of one quantity share.

        Args:
            names: What each chain is called across articles: the path of its entity.
        """
        where = sorted(f"{relation}={names[chain]}" for relation, chain in self.places)
        return "|".join((self.sort.name, self.noun, self.unit, *where))


@cache
def sorts() -> dict[str, Sort]:
    """Return the classes by name."""
    table = (row[1:] for row in rows("quantities.tsv") if row[0] == "class")
    return {name: Sort(name, grows == "yes", wider.strip("-"), counts, words) for name, grows, wider, counts, words in table}


@cache
def _words(part: str) -> dict[str, tuple[tuple[str, str], ...]]:
    """Return the words of a part of speech → (class, relation of a place that is its object), in the order of the table."""
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for kind, name, relation, words in (row for row in rows("quantities.tsv") if row[0] in ("verb", "noun")):
        for word in words.split("|") if kind == part else ():
            found[word] = (*found.get(word, ()), (name, relation.strip("-")))
    return found


def _classes(word: str) -> tuple[tuple[str, str], ...]:
    return _words("verb").get(word) or _words("noun").get(word, ())


def verb_class(verb: str) -> str:
    """Return the first class of a verb's lemma (or of verb and object: ``lose life``) or event noun, empty for others."""
    return next((name for name, _ in _classes(verb)), "")


def noun_class(noun: str) -> str:
    """Return the class that a counted noun tells by itself (``inhabitant``), empty for others."""
    return next((name for name, _ in _words("noun").get(noun, ())), "")


def of_object(verb: str) -> str:
    """Return how a place that is the object of a verb relates to it: ``from`` for leave, ``to`` for enter; empty where it does not."""
    return next((relation for _, relation in _words("verb").get(verb, ())), "")


def sort_of(verb: str, noun: str, unit: str) -> Sort | None:
    """Return the class of a count of something in a unit: the verb's, else the noun's; ``None`` where neither has one that counts such."""
    found = (sorts()[name] for name, _ in (*_classes(verb), *_words("noun").get(noun, ())))
    return next((sort for sort in found if _fits(sort, noun, unit)), None)


def _fits(sort: Sort, noun: str, unit: str) -> bool:
    if is_money(unit):
        return sort.counts in ("money", "goods", "any")
    if sort.counts == "money":
        return False
    persons = unit in PERSONS or (unit == "percent" and _is_person(noun)) or _names(sort, noun)
    return sort.counts == "any" or persons == (sort.counts == "people")


def _is_person(noun: str) -> bool:
    return noun in words_of("person") or noun == "population" or noun[:1].isupper()


def _names(sort: Sort, noun: str) -> bool:
    """Tell whether a noun counts persons by what befell them: ``11 executions``, ``40 arrests``."""
    return sort.counts in ("people", "any") and noun_class(noun) == sort.name


def is_money(unit: str) -> bool:
    """Tell whether a unit is a currency."""
    return len(unit) == 3 and unit.isupper()


def quantity(figure: Figure, chains: Sequence[Chain]) -> Quantity | None:
    """Return what a figure measures, ``None`` where its words are in no class.

    The verb tells it before the noun: inhabitants who fled are counted as people who fled.
    """
    sort = sort_of(figure.verb, figure.noun, figure.unit)
    if sort is None:
        return None
    noun, unit = _counted(sort, figure)
    places = tuple(sorted({("in" if relation == "of" else relation, chain) for relation, chain in figure.places}))
    return Quantity(sort, noun, unit, places, _label(sort, noun, unit, places, chains))


def _counted(sort: Sort, figure: Figure) -> tuple[str, str]:
    """Return what is counted, and in what: ``people`` for persons in general, the lemma for others, nothing for money and measures."""
    noun, unit = figure.noun, figure.unit
    if _names(sort, noun):
        return "people", "percent" if unit == "percent" else "people"
    if unit == "people" or (unit == "percent" and _is_person(noun)):
        return "people" if not noun or noun in words_of("generic") or noun[0].isupper() else noun, unit
    return noun if unit in (noun, "percent") else "", unit


def _label(sort: Sort, noun: str, unit: str, places: Sequence[tuple[str, int]], chains: Sequence[Chain]) -> str:
    """Return a quantity in words."""
    share = "share of " if unit == "percent" else ""
    order = sorted(places, key=lambda place: (("in", "from", "to").index(place[0]), chains[place[1]].name))
    where = "".join(f" {relation} {chains[chain].name}" for relation, chain in order)
    return f"{share}{_many(noun) or unit} {sort.words}{where}"


def _many(noun: str) -> str:
    """Return the plural of a noun that is counted, regular but for the words for persons that are not."""
    if noun in IRREGULAR or not noun:
        return IRREGULAR.get(noun, "")
    if noun.endswith("man"):
        return f"{noun[:-3]}men"
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "x", "ch", "sh")) else f"{noun}s"
