"""Two graphs of the same kind become what changed between them."""

from kg.analyse.grouping import weighted
from kg.analyse.measuring import measures
from kg.analyse.projecting import Network
from kg.analyse.records import Changes, EdgeChange, Measure, NameChange, State


def changes(before: Network, after: Network, *, by: str = "strength", seed: int = 0, sample: int | None = None) -> Changes:
    """Return which names and edges are new, gone, rose or fell, the greatest change first, ties by IRI.

    Args:
        before: A graph of the statements of one period.
        after: The same of another.
        by: The measure of the names that is compared; what did not change in it is left out unless the name is new or gone.
        seed: Of communities and samples.
        sample: See ``analysis``.
    """
    earlier, later = ({row.iri: row for row in measures(graph, seed=seed, sample=sample)} for graph in (before, after))
    names = [_name(earlier.get(iri), later.get(iri), by) for iri in {**earlier, **later}]
    old, new = ({(one, other): weight for one, other, weight in weighted(graph)} for graph in (before, after))
    edges = [
        EdgeChange(*ends, _state(ends in old, ends in new, old.get(ends, 0), new.get(ends, 0)), old.get(ends, 0), new.get(ends, 0))
        for ends in {**old, **new}
    ]
    return Changes(
        tuple(sorted((name for name in names if name and name.state is not State.SAME), key=_order)),
        tuple(sorted((edge for edge in edges if edge.state is not State.SAME), key=_order)),
    )


def _order(row: NameChange | EdgeChange) -> tuple[float, str, str]:
    """Put the greatest change first."""
    ends = (row.iri, "") if isinstance(row, NameChange) else (row.source, row.target)
    return -abs(row.after - row.before), *ends


def _name(before: Measure | None, after: Measure | None, by: str) -> NameChange | None:
    """Return what became of a name; ``None`` where it was never linked."""
    was, now = (getattr(row, by) if row and row.degree else 0 for row in (before, after))
    known = after or before
    if known is None or not (before and before.degree or after and after.degree):
        return None
    state = _state(bool(before and before.degree), bool(after and after.degree), was, now)
    return NameChange(known.iri, known.name, known.kind, known.unnamed, state, was, now)


def _state(was_there: bool, is_there: bool, before: float, after: float) -> State:
    if not was_there:
        return State.NEW
    if not is_there:
        return State.GONE
    return State.SAME if before == after else State.ROSE if after > before else State.FELL
