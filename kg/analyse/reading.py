"""What the graphs of names are made of, read from a store (queries: ``ontology/questions/analysis``)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from urllib.parse import quote

from kg.analyse.records import Topic
from kg.query import first, rows
from kg.records import Actor, Article, Overview, Said
from kg.store import Store
from kg.vocab import Literal


def gathered(store: Store) -> Overview:
    """Return what graphs of names are made of, each sorted by IRI.

    That is a fraction of ``kg.query.overview``, and reads in a third of its time: articles have no text, and statements neither words nor
    act nor certainty. Where a graph says twice what can be only once, the first by sort order is taken, as there.
    """
    about: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows(store, "overview/about"):
        about[row["statement"]].add(row["about"])
    articles = (
        Article(iri, iri.rpartition("/")[2], row["id"], "", date=row.get("date"))
        for iri, row in first(rows(store, "overview/articles"), "article").items()
    )
    actors = (
        Actor(iri, row["kind"], row["name"], unnamed=row["unnamed"] == "true")
        for iri, row in first(rows(store, "analysis/actors"), "actor").items()
    )
    statements = (_said(iri, row, about.get(iri, ())) for iri, row in first(rows(store, "analysis/statements"), "statement").items())
    return Overview(tuple(articles), tuple(actors), tuple(statements))


def _said(iri: str, row: Mapping[str, str], about: Collection[str]) -> Said:
    return Said(
        iri=iri,
        article=row["article"],
        type="",
        act="",
        kind="",
        content=(),
        cue=(),
        source=(),
        confidence=0.0,
        speaker=row.get("speaker"),
        target=row.get("target"),
        place=row.get("place"),
        date=row.get("date"),
        about=tuple(sorted(about)),
    )


def topics(store: Store, words: Iterable[str] = ()) -> tuple[Topic, ...]:
    """Return what statements speak of, sorted.

    A graph has no topics of its own. Given words are one topic each: the statements whose words or subjects hold them, whatever their
    case, as ``kg ask topics`` finds them. Without words the topics are the quantities that statements claim figures of.
    """
    wanted = sorted({word.strip() for word in words if word.strip()})
    if wanted:
        return tuple(Topic(f"urn:kg:topic:{quote(word, safe='')}", word, _raised(store, word)) for word in wanted)
    found: defaultdict[str, set[str]] = defaultdict(set)
    names: dict[str, str] = {}
    for row in rows(store, "analysis/quantities"):
        found[row["quantity"]].add(row["statement"])
        names[row["quantity"]] = min(row["label"], names.get(row["quantity"], row["label"]))
    return tuple(sorted(Topic(iri, names[iri], frozenset(said)) for iri, said in found.items()))


def _raised(store: Store, word: str) -> frozenset[str]:
    return frozenset(row["statement"] for row in rows(store, "analysis/raised", word=Literal(word)))
