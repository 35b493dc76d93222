"""Disjoint sets that know what must stay apart and why."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from kg.resolve.subjects import Node


class Clusters:
    """Nodes in disjoint sets. Two sets cannot become one where a pair of theirs is kept apart, or where a slot holds two values.

    A slot is something that one thing has one of: a gender, an external id, a place among the full names of one document.

    Args:
        nodes: Node → slot → value.
    """

    def __init__(self, nodes: Mapping[Node, Mapping[str, str]]) -> None:
        self._root = {node: node for node in nodes}
        self._members = {node: [node] for node in nodes}
        self._slots = {node: {slot: frozenset({value}) for slot, value in slots.items()} for node, slots in nodes.items()}
        self._apart: dict[Node, dict[Node, str]] = defaultdict(dict)

    def root(self, node: Node) -> Node:
        """Return the node that stands for a node's cluster: its smallest."""
        return self._root[node]

    def members(self) -> dict[Node, list[Node]]:
        """Return root → members, both sorted."""
        return {root: sorted(members) for root, members in sorted(self._members.items())}

    def keep_apart(self, left: Node, right: Node, why: str) -> None:
        """Forbid that two nodes come together."""
        self._apart[left][right] = why
        self._apart[right][left] = why

    def conflict(self, left: Node, right: Node) -> str:
        """Return why the clusters of two nodes cannot be one; empty where nothing is against it."""
        return self._told_apart(left, right) or self._contradiction(self._root[left], self._root[right])

    def join(self, left: Node, right: Node, *, whatever_slots_say: bool = False) -> str:
        """Join the clusters of two nodes, or return why they cannot be one."""
        a, b = sorted((self._root[left], self._root[right]))
        if a == b:
            return ""
        if why := self._told_apart(a, b) or ("" if whatever_slots_say else self._contradiction(a, b)):
            return why
        for node in self._members.pop(b):
            self._root[node] = a
            self._members[a].append(node)
        few, many = sorted((self._slots[a], self._slots.pop(b)), key=len)  # the smaller into the larger, or many joins would cost too much
        for slot, values in few.items():
            many[slot] = many.get(slot, frozenset()) | values
        self._slots[a] = many
        return ""

    def _told_apart(self, left: Node, right: Node) -> str:
        a, b = self._root[left], self._root[right]
        few, other = (a, b) if len(self._members[a]) <= len(self._members[b]) else (b, a)
        reasons = (why for node in self._members[few] for to, why in self._apart.get(node, {}).items() if self._root[to] == other)
        return min(reasons, default="")

    def _contradiction(self, a: Node, b: Node) -> str:
        if a == b:
            return ""
        slots, others = self._slots[a], self._slots[b]
        return min((_reason(slot) for slot in slots.keys() & others.keys() if slots[slot].isdisjoint(others[slot])), default="")


def _reason(slot: str) -> str:
    """Return the name of the rule that a slot stands for: all documents' slots are one rule."""
    return "apart-in-one-document" if slot.startswith("in ") else f"other-{slot}"


def slots_of(found: Iterable[tuple[str, str | None]]) -> dict[str, str]:
    """Return the slots that have a value."""
    return {slot: value for slot, value in found if value}
