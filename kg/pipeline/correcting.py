"""What people and services say about a graph is kept, and the graph made anew."""

from collections.abc import Callable
from pathlib import Path

from kg.archive import Archive
from kg.copies import copied
from kg.pipeline.building import check_graph, held_keys, rebuild
from kg.pipeline.counting import Report
from kg.pipeline.options import Progress, built_with
from kg.pipeline.recipe import gazetteer_of
from kg.pipeline.writing import said_about
from kg.reconcile import Query, ask, describe
from kg.records import Answer, Collection, Correction, Kind, Side
from kg.resolve import resolve
from kg.resolve.names import similarity
from kg.review import first_sides


def reopened(output: Path) -> tuple[Collection, str]:
    """Return what a folder's graph was made of, resolved anew, and the namespace of its data.

    Raises:
        KgError: Nothing was built there.
    """
    check_graph(output)
    said = said_about(output)
    with Archive(output) as archive:
        options, base = built_with(archive)
        held = held_keys(output)
        kept = (extraction for extraction in archive.all() if extraction.document.key in held)
        return copied(resolve(kept, gazetteer_of(options.authority), said)), base


def correct(output: Path, change: Callable[[tuple[Correction, ...]], tuple[Correction, ...]]) -> Report:
    """Make the graph of a folder anew with what people say about it now, in one step.

    Args:
        output: The folder of the graph.
        change: From what was said before to what is said now; nothing may go missing.

    Raises:
        KgError: Nothing was built there, or the output is in use.
    """
    check_graph(output)
    with Archive(output) as archive:
        built_with(archive)
    return rebuild(output, change(said_about(output)))


def offers(
    output: Path,
    url: str,
    *,
    at: str,
    kinds: frozenset[Kind],
    type_: str | None = None,
    limit: int = 5,
    batch: int = 10,
    progress: Progress | None = None,
) -> tuple[int, int, tuple[str, ...]]:
    """Ask a reconciliation service who the entities without an id are, and keep its answers as proposals.

    Args:
        output: The folder of the graph.
        url: Of the service.
        at: When this is done, as ISO 8601.
        kinds: Of the entities that are asked for.
        type_: Identifier of a type of the service.
        limit: Most candidates of a name.
        batch: Names in one request.
        progress: Called after each batch.

    Returns:
        How many names were asked, how many candidates came back, and what failed.

    Raises:
        KgError: Nothing was built there, or the service cannot be used at all.
    """
    collection, _ = reopened(output)
    service = describe(url)
    sides = first_sides(collection)
    told = {decision.entities[0] for decision in collection.decisions if decision.rule == "told-link"}
    wanted = [
        entity
        for entity in collection.entities
        if entity.kind in kinds and entity.path in sides and entity.path not in told
        if not (entity.unnamed or entity.wikidata or entity.geonames or entity.authority)
    ]
    queries = [Query(entity.path, entity.name, entity.kind, type_) for entity in wanted]
    found: list[Correction] = []
    problems = []
    by = f"{service.name} ({service.url.partition('?')[0]})"
    for answer in ask(service, queries, limit=limit, batch=batch, progress=progress):
        if answer.problem:
            problems.append(f"{answer.query.name}: {answer.problem}")
        for candidate in answer.candidates:
            entry = Side(candidate.name, entry=candidate.iri)
            alike = similarity(answer.query.name, candidate.name)
            weighed = f"name={alike:.4f} service={candidate.score:g} match={int(candidate.match)}"
            found.append(Correction(Answer.OFFER, sides[answer.query.key], entry, weighed, by, at))
    asked = {sides[query.key] for query in queries}
    # what this service offered before for the same names is answered anew
    correct(output, lambda kept: (*(c for c in kept if not (c.answer is Answer.OFFER and c.by == by and c.left in asked)), *found))
    return len(queries), len(found), tuple(problems)
