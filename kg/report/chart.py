"""The figures of a ledger as inline SVG: one row a figure, so that no label can meet another at any width.

A dot or square stands at the number, a line reaches where a modifier or a vague word says that it may lie, and where counts update each
other steps lead from the earlier to the later. Colours (Okabe-Ito) come from ``report.css``; shapes say the same without them.
"""

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from html import escape
from math import ceil, log10
from typing import TypeAlias

from kg.ledgers import SPREAD
from kg.report import GREW, Claim, Ledger
from kg.report.blocks import clipped
from kg.report.numbers import BOUNDED_ABOVE, BOUNDED_BELOW, brief, listed, several, valued

WIDE, LEFT, RIGHT = 400.0, 206.0, 378.0
"""Width of the picture, and between which x the numbers lie, in its own units."""
ROW, TOP, AXIS = 54.0, 4.0, 24.0
ROWS = 12
"""So many rows can be read at a look; the table beside has all figures."""
LABEL = 188.0
LARGE, SMALL = 13.0, 11.5
"""Sizes of the letters, as in ``report.css``."""

Scale: TypeAlias = Callable[[float], float]
"""A number → its x."""
Place: TypeAlias = Callable[[int], float]
"""The position of a row → its y."""


@dataclass(frozen=True, slots=True)
class Row:
    """Equal figures that are drawn as one."""

    claims: tuple[Claim, ...]

    @property
    def first(self) -> Claim:
        """Return one of them: they are equal in all that is drawn."""
        return self.claims[0]

    @property
    def voices(self) -> str:
        """Return who claims it: names of speakers, then the articles that say it in their own voice."""
        names = list(dict.fromkeys(claim.speaker.name if claim.speaker else "not decided" for claim in self.claims if claim.said))
        own = list(dict.fromkeys(claim.passage.article.id for claim in self.claims if not claim.said))
        return listed([*names, *([f"article {own[0]}"] if len(own) == 1 else [several(len(own), "article")] * bool(own))])

    @property
    def when(self) -> str:
        """Return as of when it holds, where all agree."""
        times = {claim.as_of for claim in self.claims}
        return "" if len(times) > 1 else clipped(times.pop().replace("/", " to "), 40) or "day not told"


def grows(ledger: Ledger) -> bool:
    """Tell whether figures of a ledger update each other, so that it is drawn in the order of time."""
    return any(finding.kind == GREW for finding in ledger.findings)


def drawn(ledger: Ledger) -> tuple[Row, ...]:
    """Return the rows of the picture: by time where figures update each other, the latest ones; else by number, the most claimed ones."""
    timely = grows(ledger)
    groups: dict[tuple[str, ...], list[Claim]] = {}
    for claim in ledger.claims if timely else sorted(ledger.claims, key=lambda claim: (claim.number, valued(claim), claim.iri)):
        groups.setdefault((valued(claim), claim.as_of if timely else ""), []).append(claim)
    rows = [Row(tuple(claims)) for claims in groups.values()]
    if timely:
        return tuple(rows[-ROWS:])
    chosen = {id(row) for row in sorted(rows, key=lambda row: -len(row.claims))[:ROWS]}
    return tuple(row for row in rows if id(row) in chosen)


def alternative(ledger: Ledger) -> str:
    """Return in words what the picture shows."""
    told = [f"{valued(row.first)} ({clipped(row.voices, 80)}{f', {row.when}' if row.when else ''})" for row in drawn(ledger)]
    how = "Steps in the order of time, not to scale" if grows(ledger) else "Figures side by side"
    return f"{how}: {'; '.join(told)}."


def left_out(ledger: Ledger) -> int:
    """Return how many figures the picture has no row for."""
    return len(ledger.claims) - sum(len(row.claims) for row in drawn(ledger))


def svg(ledger: Ledger, key: str) -> str:
    """Return the picture as an ``svg`` element.

    Args:
        ledger: At least one figure.
        key: What the ids in it start with.
    """
    rows = drawn(ledger)
    step, end = _scale(rows, ledger.unit)
    foot = TOP + ROW * len(rows)

    def x(value: float) -> float:
        return LEFT + (RIGHT - LEFT) * min(max(value, 0.0) / end, 1.0)

    def y(row: int) -> float:
        return TOP + ROW * row + ROW / 2

    parts = [
        *_axis(step, end, foot, x, ledger.unit),
        *_steps(ledger, rows, x, y),
        *(part for at, row in enumerate(rows) for part in (*_label(row, y(at)), *_mark(row.first, x, y(at)))),
    ]
    title, words = (escape(text) for text in (f"Chart: {clipped(ledger.label, 120)}", alternative(ledger)))
    head = f'<svg viewBox="0 0 {WIDE:g} {foot + AXIS:g}" role="img" aria-labelledby="{key}-t {key}-d">'
    return f'{head}<title id="{key}-t">{title}</title><desc id="{key}-d">{words}</desc>{"".join(parts)}</svg>'


def _scale(rows: Iterable[Row], unit: str) -> tuple[float, float]:
    """Return the distance of the ticks, a round number, and the last of them, which no figure exceeds; shares go to 100 %."""
    most = max(bound for row in rows for bound in (row.first.value, row.first.low, row.first.high, 0.0) if bound is not None) or 1.0
    if unit == "percent" and most <= 100:
        return 25.0, 100.0
    power = 10.0 ** int(log10(most) // 1)
    step = next(size * power for size in (0.25, 0.5, 1.0, 2.5, 5.0) if most / (size * power) <= 4)
    return step, step * ceil(most / step - 1e-9)


def _axis(step: float, end: float, foot: float, x: Scale, unit: str) -> Iterator[str]:
    ticks = round(end / step)
    for tick in range(ticks + 1):
        at = x(tick * step)
        yield f'<path class="grid" d="M{at:.1f} {TOP:g}V{foot:.1f}"/>'
        if ticks < 4 or tick % 2 == 0:
            yield _text("tick", at, foot + 15, f"{brief(tick * step)}{' %' if unit == 'percent' else ''}", "middle")


def _steps(ledger: Ledger, rows: Iterable[Row], x: Scale, y: Place) -> Iterator[str]:
    """Yield the steps from each figure to the one that updates it; dashed where no time is told for one of them."""
    home = {claim.iri: (at, claim) for at, row in enumerate(rows) for claim in row.claims}
    for finding in ledger.findings:
        if finding.kind == GREW and all(iri in home for iri in finding.evidence):
            (after, later), (before, earlier) = (home[iri] for iri in finding.evidence)
            sure = "" if earlier.day and later.day else " unsure"
            yield f'<path class="step{sure}" d="M{x(earlier.number):.1f} {y(before):.1f}V{y(after):.1f}H{x(later.number):.1f}"/>'


def _label(row: Row, y: float) -> Iterator[str]:
    """Yield a figure, under it who claims it, and under that as of when and, for a vague one, in which words."""
    claim = row.first
    head = next((told for told in (valued(claim), valued(claim, short=True)) if _wide(told, LARGE) <= LABEL), valued(claim, short=True))
    vague = f"“{clipped(claim.words, 40)}”" if claim.value is None and len(row.claims) == 1 else ""
    yield _text("value", 0, y - 9, _fitting(head, LARGE, LABEL))
    yield _text("voice", 0, y + 5, _fitting(row.voices, SMALL, LABEL))
    yield _text("when" if claim.day else "when unsure", 0, y + 18, _fitting(", ".join(filter(None, (row.when, vague))), SMALL, LABEL))


def _text(style: str, x: float, y: float, words: str, anchor: str = "start") -> str:
    return f'<text class="{style}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def _mark(claim: Claim, x: Scale, y: float) -> Iterator[str]:
    """Yield the reach of a figure and what stands at its number: a dot where somebody claims it, a square for the article itself."""
    own = "claimed" if claim.said else "own"
    at = x(claim.number)
    if claim.value is not None and claim.modifier in SPREAD:
        off = SPREAD[claim.modifier] * claim.value
        yield f'<path class="reach {own}" d="M{x(claim.value - off):.1f} {y:.1f}H{x(claim.value + off):.1f}"/>'
    elif claim.low is not None and claim.high is not None and claim.high > claim.low:
        yield f'<path class="reach {own}" d="M{x(claim.low):.1f} {y:.1f}H{x(claim.high):.1f}"/>'
    elif claim.modifier in BOUNDED_BELOW or (claim.value is None and claim.low is not None):
        tip = RIGHT + 10
        yield f'<path class="open {own}" d="M{at:.1f} {y:.1f}H{tip:g}m-4 -4l4 4l-4 4"/>'
    elif claim.modifier in BOUNDED_ABOVE or claim.value is None:
        yield f'<path class="open {own}" d="M{x(0):.1f} {y:.1f}H{at:.1f}"/>'
    if claim.value is None:
        for bound in (claim.low, claim.high):
            if bound is not None:
                yield f'<path class="bound {own}" d="M{x(bound):.1f} {y - 6:.1f}V{y + 6:.1f}"/>'
    elif claim.said:
        yield f'<circle class="{own}" cx="{at:.1f}" cy="{y:.1f}" r="5"/>'
    else:
        yield f'<rect class="{own}" x="{at - 4.5:.1f}" y="{y - 4.5:.1f}" width="9" height="9"/>'


def _wide(text: str, size: float) -> float:
    """Return how wide a text is at most, in the widest of the usual fonts; the large size is bold."""
    return size * sum(map(_letter, text)) * (1.1 if size == LARGE else 1.0)


def _letter(char: str) -> float:
    """Return the width of a letter as a share of the size of its font."""
    if unicodedata.east_asian_width(char) in "WF" or unicodedata.category(char) == "So":
        return 1.1
    return 1.0 if char in "MWmw@%—…" else 0.75 if char.isupper() else 0.34 if char in " .,:;'il|!()-" else 0.635


def _fitting(text: str, size: float, room: float) -> str:
    """Return as much of a text as there is room for."""
    one = clipped(text, 200)
    if _wide(one, size) <= room:
        return one
    while one and _wide(f"{one}…", size) > room:
        one = one[:-1]
    return f"{one.rstrip()}…"
