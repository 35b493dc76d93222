"""What the page can tell of each article, name and statement: plain texts and numbers, ready for JSON."""

from collections import defaultdict
from typing import Any

from kg import vocab
from kg.records import Actor, Article, Overview, Said
from kg.render.passages import passage, quote
from kg.render.picture import clipped, kind_of

OPENING = 70
"""Characters of its text that stand for an article without a title."""

DAYS = {
    "stated": "",
    "derived": "by the article’s date",
    "unresolved": "the day is told, its year is not",
    "notStated": "date not stated",
}
"""How the page words a ``kg:dateStatus``."""


def telling(overview: Overview) -> dict[str, list[dict[str, Any]]]:
    """Return ``articles``, ``actors`` and ``statements`` in the order of the overview.

    Where one points at another, it names the position in its list. All texts are shown as text only.
    """
    article_at = {article.iri: index for index, article in enumerate(overview.articles)}
    actor_at = {actor.iri: index for index, actor in enumerate(overview.actors)}
    statement_at = {said.iri: index for index, said in enumerate(overview.statements)}
    roles: defaultdict[str, set[str]] = defaultdict(set)
    for said in overview.statements:
        if said.speaker and said.role:
            roles[said.speaker].add(said.role)
    return {
        "articles": [_article(article) for article in overview.articles],
        "actors": [_actor(actor, sorted(roles[actor.iri]), actor_at) for actor in overview.actors],
        "statements": [
            _statement(said, overview.articles[article_at[said.article]].text)
            | {
                "article": article_at[said.article],
                "speaker": actor_at[said.speaker] if said.speaker else None,
                "behalf": actor_at[said.on_behalf_of] if said.on_behalf_of else None,
                "addressee": actor_at[said.addressee] if said.addressee else None,
                "target": actor_at[said.target] if said.target else None,
                "place": actor_at[said.place] if said.place else None,
                "about": [actor_at[iri] for iri in said.about],
                "outer": statement_at[said.nested_in] if said.nested_in else None,
            }
            for said in overview.statements
        ],
    }


def _article(article: Article) -> dict[str, Any]:
    opening = article.text.strip().removeprefix(f"date {article.date}")
    return {
        "id": article.id,
        "iri": article.iri,
        "name": article.title or f"“{clipped(opening[: 4 * OPENING], OPENING)}”",
        "publisher": article.publisher,
        "date": article.date,
        "url": _link(article.url) if article.url else None,
    }


def _actor(actor: Actor, roles: list[str], actor_at: dict[str, int]) -> dict[str, Any]:
    return {
        "iri": actor.iri,
        "name": actor.name,
        "kind": kind_of(actor),
        "aliases": list(actor.aliases),
        "roles": roles,
        "actsFor": actor_at[actor.acts_for] if actor.acts_for else None,
        "where": [actor.latitude, actor.longitude] if actor.latitude is not None and actor.longitude is not None else None,
        "links": [_link(link) for link in actor.links],
    }


def _statement(said: Said, text: str) -> dict[str, Any]:
    return {
        "iri": said.iri,
        "type": said.type,
        "act": said.act.replace("-", " "),
        "class": said.kind,
        "interpreted": said.interpreted,
        "cue": " … ".join(span.of(text) for span in said.cue),
        "role": said.role,
        "date": said.date,
        "day": DAYS[said.date_status],
        "certainty": round(said.confidence, 2),
        "quote": quote(text, said),
        "offsets": [[span.start, span.end] for span in said.content],
        "passage": passage(text, said),
    }


def _link(iri: str) -> dict[str, str | None]:
    """Return the words for an address, and where a click leads: only ``https``, for all others nowhere."""
    for name, form, human in (
        ("GeoNames", vocab.GEONAMES, "https://www.geonames.org/{}"),
        ("Wikidata", vocab.WIKIDATA, "https://www.wikidata.org/wiki/{}"),
    ):
        front, back = form.split("{}")
        key = iri.removeprefix(front).removesuffix(back)
        if iri == form.format(key) and key.isalnum() and key.isascii():
            return {"text": f"{name} {key}", "href": human.format(key)}
    return {"text": iri, "href": iri if iri.startswith("https://") else None}
