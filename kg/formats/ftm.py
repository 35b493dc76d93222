"""The graph as FollowTheMoney entities (https://followthemoney.tech/), the data model of investigative tools: one JSON object a line.

Articles, actors and places become entities; each statement becomes a note of whom it concerns with the article as its proof, and a link
from the speaker to everybody whom it is aimed at or about. What has no place in that model is left out: docs/formats.md tells what.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from hashlib import sha256
from typing import TypeAlias

from kg.formats.tables import rows
from kg.store import Store
from kg.vocab import BASE

Row: TypeAlias = Mapping[str, Sequence[str]]
Properties: TypeAlias = dict[str, Iterable[str]]

SCHEMATA = {"person": "Person", "organization": "Organization", "government": "PublicBody", "group": "LegalEntity", "place": "Address"}
"""Kind of an actor, place or mention → schema. Somebody unnamed is a ``LegalEntity`` too: nobody says of which kind."""

BODIES = frozenset({"Organization", "PublicBody"})
"""What can have members there."""

LANGUAGES = dict(
    pair.split()
    for pair in (
        "af afr,am amh,ar ara,az aze,be bel,bg bul,bn ben,bs bos,ca cat,cs ces,da dan,de deu,el ell,en eng,es spa,et est,fa fas,fi fin,"
        "fr fra,ga gle,he heb,hi hin,hr hrv,hu hun,hy hye,id ind,is isl,it ita,ja jpn,ka kat,kk kaz,km khm,kn kan,ko kor,ky kir,lb ltz,"
        "lo lao,lt lit,lv lav,mk mkd,mn mon,ms msa,mt mlt,my mya,ne nep,nl nld,no nor,pl pol,ps pus,pt por,ro ron,ru rus,si sin,sk slk,"
        "sl slv,sq sqi,sr srp,sv swe,sw swa,ta tam,te tel,tg tgk,th tha,tk tuk,tl tgl,tr tur,uk ukr,ur urd,uz uzb,vi vie,zh zho"
    ).split(",")
)
"""ISO 639-1 → the ISO 639-3 codes that the model knows."""

_BELOW = re.compile(r"([a-z]+)/([0-9a-zA-Z](?:[0-9a-zA-Z.-]*[0-9a-zA-Z])?)")
_SPAN = re.compile(r"doc/([0-9a-f]+)#char=([0-9]+),([0-9]+)")
_WIKIDATA = re.compile(r"https?://www\.wikidata\.org/entity/(Q[0-9]+)")
_DATE = re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}")
_LONGEST = 160
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u200b\u200e\u200f\ufeff\ufffe\uffff]")
_SPACE = re.compile("[\u2028\u2029\u3000]")
_NO_COUNTRY = re.compile("AA|Q[M-Z]|X[A-JL-Z]|ZZ")
"""Codes that ISO 3166-1 leaves to its users; XK is in use everywhere."""


def lines(store: Store, *, base: str = BASE) -> Iterator[str]:
    """Yield the entities, one JSON object a line without its line break: articles, actors, places, then what stands in the articles.

    Ids are made of IRIs: the same thing has the same id in every export.
    """
    return (json.dumps(entity, ensure_ascii=False, sort_keys=True) for entity in _Telling(base).entities(store))


def ident(iri: str, *, base: str = BASE) -> str:
    """Return the id of what an IRI names: letters, digits, points and hyphens, at most 200 characters, as the model wants it."""
    rest = iri[len(base) :] if iri.startswith(base) else ""
    if (found := _BELOW.fullmatch(rest)) and len(rest) <= _LONGEST:
        return f"{found[1]}-{found[2]}"
    if span := _SPAN.fullmatch(rest):
        return f"mention-{span[1]}-{span[2]}-{span[3]}"
    return f"iri-{sha256(iri.encode()).hexdigest()[:32]}"


class _Telling:
    """What was said of articles and actors already, since what stands in the articles points at both."""

    def __init__(self, base: str) -> None:
        self._base = base
        self._known: dict[str, str] = {}
        self._articles: dict[str, Properties] = {}

    def entities(self, store: Store) -> Iterator[dict[str, object]]:
        yield from (self._article(row) for row in rows(store, "articles"))
        represented = []
        for row in rows(store, "actors"):
            yield self._actor(row)
            represented += [(row["id"][0], whom) for whom in row.get("acts_for", ())]
        yield from (self._place(row) for row in rows(store, "places"))
        yield from (self._representation(*pair) for pair in represented if self._legal(*pair))
        for row in rows(store, "statements"):
            yield self._note(row)
            yield from self._links(row)
        yield from (self._mention(row) for row in rows(store, "mentions") if _name(row.get("text", ())))
        yield from (self._membership(row) for row in rows(store, "memberships") if self._both(row))

    def _entity(self, id_: str, schema: str, properties: Properties) -> dict[str, object]:
        kept = {name: sorted({text for value in values if (text := _clean(value))}) for name, values in properties.items()}
        return {"id": id_, "schema": schema, "properties": {name: values for name, values in kept.items() if values}}

    def _ids(self, iris: Iterable[str]) -> list[str]:
        """Return the ids of those that are entities of this export."""
        return [ident(iri, base=self._base) for iri in iris if iri in self._known]

    def _legal(self, *iris: str) -> bool:
        return all(self._known.get(iri, "Address") != "Address" for iri in iris)

    def _proof(self, row: Row) -> Properties:
        """Return what says where something is from: the article, who published it and where."""
        return self._articles.get(row["article"][0], {})

    # ------------------------------------------------------------ who and where

    def _article(self, row: Row) -> dict[str, object]:
        id_ = ident(row["id"][0], base=self._base)
        origin: Properties = {"publisher": row.get("publisher", ()), "sourceUrl": _addresses(row.get("url", ()))}
        self._articles[row["id"][0]] = {"proof": [id_], **origin}
        language = [LANGUAGES.get(tag.lower().partition("-")[0], "") for tag in row.get("language", ())]
        about: Properties = {
            "fileName": row.get("identifier", ()),
            "title": row.get("title", ()),
            "publishedAt": _dates(row.get("date", ())),
        }
        return self._entity(id_, "Article", {**about, "language": language, **origin})

    def _actor(self, row: Row) -> dict[str, object]:
        unnamed = "unnamed" in row
        schema = "LegalEntity" if unnamed else SCHEMATA.get(row["kind"][0], "LegalEntity")
        roles = row.get("roles", ())
        told: Properties = {"position": roles} if schema == "Person" else {"summary": roles}
        if unnamed:
            told = {"summary": ["unnamed source", *roles]}
        return self._named(row, schema, told)

    def _place(self, row: Row) -> dict[str, object]:
        place: Properties = {"full": _name(row["name"]), "latitude": row.get("latitude", ()), "longitude": row.get("longitude", ())}
        return self._named(row, "Address", place)

    def _named(self, row: Row, schema: str, more: Properties) -> dict[str, object]:
        self._known[row["id"][0]] = schema
        name = _name(row["name"]) or [row["id"][0]]
        wikidata = [found[1] for iri in row.get("same_as", ()) if (found := _WIKIDATA.fullmatch(iri))]
        country = [code.lower() for code in row.get("country", ()) if not _NO_COUNTRY.fullmatch(code)]
        said: Properties = {"name": name, "alias": _name(row.get("aliases", ())), "country": country, "wikidataId": wikidata}
        return self._entity(ident(row["id"][0], base=self._base), schema, {**said, **more})

    def _representation(self, agent: str, client: str) -> dict[str, object]:
        pair = self._ids((agent, client))
        return self._entity(_joined("acts", *pair), "Representation", {"agent": pair[:1], "client": pair[1:], "role": ["acts for"]})

    # ------------------------------------------------------------ what was said

    def _note(self, row: Row) -> dict[str, object]:
        concerned = [iri for column in ("speaker", "on_behalf_of", "addressee", "target", "about", "place") for iri in row.get(column, ())]
        who = row.get("speaker_name", ("somebody",))[0]
        when = "".join(f", {day}" for day in row.get("said_on", ()))
        where = f"characters {row['start'][0]}-{row['end'][0]}" if {"start", "end"} <= row.keys() else ""
        words: Properties = {
            "description": row.get("text", ()),
            "summary": [f"{who}: {row.get('act', ('say',))[0]}{when}"],
            "notes": [where],
            "keywords": [word for column in ("type", "class", "act") for word in row.get(column, ())],
            "entity": self._ids(concerned),
        }
        return self._entity(ident(row["id"][0], base=self._base), "Note", {**words, **self._proof(row)})

    def _links(self, row: Row) -> Iterator[dict[str, object]]:
        speaker = self._ids(row.get("speaker", ()))
        statement = ident(row["id"][0], base=self._base)
        others = dict.fromkeys(self._ids((*row.get("target", ()), *row.get("about", ()))))
        for other in others if speaker else ():
            if other not in speaker:
                ends: Properties = {"subject": speaker, "object": [other], "role": row.get("act", ()), "recordId": [statement]}
                words: Properties = {"date": _dates(row.get("said_on", ())), "description": row.get("text", ())}
                yield self._entity(_joined("link", statement, other), "UnknownLink", {**ends, **words, **self._proof(row)})

    def _mention(self, row: Row) -> dict[str, object]:
        meant = [iri for iri in row.get("metonym_of", row.get("refers_to", ())) if self._legal(iri)]
        kind = [SCHEMATA[kind] for kind in row.get("kind", ()) if kind in SCHEMATA]
        ends: Properties = {"document": [ident(row["article"][0], base=self._base)], "resolved": self._ids(meant)}
        return self._entity(ident(row["id"][0], base=self._base), "Mention", {**ends, "name": _name(row["text"]), "detectedSchema": kind})

    def _both(self, row: Row) -> bool:
        ends = (*row.get("member", ()), *row.get("organization", ()))
        return len(set(ends)) == 2 and all(iri in self._known for iri in ends)

    def _membership(self, row: Row) -> dict[str, object]:
        member, body = row["member"][0], row["organization"][0]
        fits = self._legal(member) and self._known[body] in BODIES
        names = ("member", "organization") if fits else ("subject", "object")
        ends: Properties = {names[0]: self._ids([member]), names[1]: self._ids([body])}
        said: Properties = {"role": row.get("role", ()), "date": _dates(row.get("as_of", ()))}
        schema = "Membership" if fits else "UnknownLink"
        return self._entity(ident(row["id"][0], base=self._base), schema, {**ends, **said, **self._proof(row)})


# ---------------------------------------------------------------- values as the model cleans them


def _clean(text: str) -> str:
    return _SPACE.sub(" ", _UNSEEN.sub("", unicodedata.normalize("NFC", text))).strip()


def _name(names: Iterable[str]) -> list[str]:
    return [name for text in names if (name := " ".join(_clean(text).split()))]


def _dates(texts: Iterable[str]) -> list[str]:
    """Return those that are years, months or days of the calendar."""
    return [text for text in texts if _DATE.fullmatch(text) and _is_day(f"{text}-01-01"[:10])]


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def _addresses(urls: Iterable[str]) -> list[str]:
    return [url for url in urls if re.match(r"https?://[^\s/]", url)]


def _joined(kind: str, *ids: str) -> str:
    return f"{kind}-{sha256(chr(0).join(ids).encode()).hexdigest()[:32]}"
