"""Figures and errors as text for a terminal and as JSON."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from textwrap import shorten

from kg.evaluate.errors import Error, Errors
from kg.evaluate.scoring import Entities, Figures, Interval, Quality, Scores, Share
from kg.query import drawn, harmless


def as_json(scores: Scores, spread: Mapping[str, Interval], errors: Errors | None) -> str:
    """Return everything as one JSON object: the fields of ``Scores``, ``interval`` and ``errors`` where they were asked for."""
    told = asdict(scores)
    if spread:
        told["interval"] = {name: asdict(interval) for name, interval in spread.items()}
    if errors:
        told["errors"] = asdict(errors)
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def as_table(scores: Scores, spread: Mapping[str, Interval], errors: Errors | None, *, width: int) -> str:
    """Return tables of precision, recall and F1, of shares, and by type, and under them the errors; each line ends."""
    parts = [
        f"{scores.documents:,} documents, {scores.gold:,} statements in gold, {scores.found:,} found, {scores.same:,} the same\n",
        drawn(["", "P", "R", "F1", *(["95 %"] if spread else [])], _qualities(scores, spread), width=width),
        drawn(["of those that are the same", "right", "of", "share"], _shares(scores), width=width),
        drawn(["type", "gold", "found", "overlap P", "R", "F1", "statement P", "R", "F1"], _types(scores), width=width),
    ]
    return "\n".join([*parts, *(_told(errors) if errors else ())])


def _qualities(scores: Scores, spread: Mapping[str, Interval]) -> Iterator[list[str]]:
    rows = {
        "statement": scores.statement,
        "content overlap": scores.overlap,
        "content exact": scores.exact,
        "content words": scores.words,
        "source, of the same": scores.source,
        "cue, of the same": scores.cue,
        **(_entity_rows(scores.entities) if scores.entities else {}),
        **(_figure_rows(scores.figures) if scores.figures else {}),
    }
    sure = {"statement": spread.get("statement"), "content overlap": spread.get("overlap")}
    for name, quality in rows.items():
        interval = sure.get(name)
        margin = f"{interval.low:.3f} to {interval.high:.3f}" if interval else ""
        yield [name, *_three(quality), *([margin] if spread else [])]


def _entity_rows(entities: Entities) -> dict[str, Quality]:
    size = f"{entities.gold:,} in gold, {entities.found:,} found"
    return {
        f"entities ({size})": entities.mentions,
        "entities, exact span": entities.exact,
        "identity (B-cubed)": entities.identity,
        "metonyms": entities.metonyms,
    }


def _figure_rows(figures: Figures) -> dict[str, Quality]:
    return {f"figures ({figures.gold:,} in gold, {figures.found:,} found)": figures.spans}


def _shares(scores: Scores) -> Iterator[list[str]]:
    rows: dict[str, Share] = {
        "source right": scores.source_right,
        "source exact": scores.source_exact,
        "cue exact": scores.cue_exact,
        "type right": scores.type_right,
        "speaker: same name": scores.speaker_same,
        "speaker: same last word": scores.speaker_last,
        "nested found nested": scores.nested,
        "... with the uncertain": scores.all_nested,
    }
    if scores.entities:
        rows["entities named alike"] = scores.entities.named_alike
    if scores.figures:
        names = ("value", "unit", "modifier", "claimant", "as_of")
        rows |= {f"figures: {name.replace('_', ' ')}": getattr(scores.figures, name) for name in names}
    for name, share in rows.items():
        if share.of:
            yield [name, f"{share.right:,}", f"{share.of:,}", f"{share.share:.3f}"]


def _types(scores: Scores) -> Iterator[list[str]]:
    for kind, one in scores.types.items():
        yield [kind, f"{one.gold:,}", f"{one.found:,}", *_three(one.overlap), *_three(one.statement)]


def _three(quality: Quality) -> list[str]:
    return [f"{value:.3f}" for value in (quality.precision, quality.recall, quality.f1)]


def _told(errors: Errors) -> Iterator[str]:
    for name, some in (("missed", errors.missed), ("spurious", errors.spurious), ("wrong_source", errors.wrong_source)):
        yield f"{name.replace('_', ' ')}: {len(some):,} of {errors.counts[name]:,}\n" + "".join(map(_line, some))


def _line(error: Error) -> str:
    """Return an error in a few lines, what is empty left out."""
    said = {"source": error.source, "found": error.instead, "cue": error.cue, "content": error.content}
    rows: Sequence[tuple[str, str | None]] = [*said.items(), ("in", error.sentence)]
    where = f"  {error.document}:{error.start if error.start is not None else '-'} {error.type}"
    told = [
        harmless(f"    {name:8}{shorten(text, 600, placeholder=' …')}")
        for name, text in rows
        if text is not None and (text or name == "found")
    ]
    return "\n".join([harmless(where), *told, ""])
