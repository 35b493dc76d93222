"""The evidence beside a statement: the lines of the article that hold it, cut into runs.

JavaScript counts UTF-16 units and our offsets are code points, so all cutting is done here and the page only joins.
"""

from collections.abc import Iterable, Mapping

from kg.records import Said, Span

Run = tuple[str, str]
"""Some characters, and the marks on them: ``content``, ``cue`` and ``source`` joined by blanks, in this order."""

GAP = "…"
"""Stands where text between two shown stretches is left out."""

AROUND = 600
"""Code points of a long line that are kept on each side of a marked stretch."""


def passage(text: str, said: Said) -> list[list[Run]]:
    """Return the lines that hold the content, cue and source of a statement, each as a list of runs.

    Lines end at a line feed, as paragraphs of the articles do. A line without a mark between two marked ones becomes one
    ``GAP`` (blank lines become nothing); a long line is cut ``AROUND`` code points from its outermost marks. Joining all
    runs but the gaps gives characters of ``text`` in order, unchanged.
    """
    marks = {"content": said.content, "cue": said.cue, "source": said.source}
    spans = sorted(span for some in marks.values() for span in some)
    lines: list[list[Run]] = []
    shown = 0
    for line in _lines(text, spans):
        if lines and text[shown : line.start].strip():
            lines.append([(GAP, "")])
        lines.append(_runs(text, line, marks))
        shown = line.end
    return lines


def quote(text: str, said: Said) -> str:
    """Return the characters of the content, its stretches joined by `` … ``."""
    return f" {GAP} ".join(span.of(text) for span in said.content)


def _lines(text: str, spans: Iterable[Span]) -> list[Span]:
    """Return the lines that the sorted spans touch, in text order, without overlap."""
    found: list[Span] = []
    for span in spans:
        start = text.rfind("\n", 0, span.start) + 1
        while start < min(span.end, len(text)):
            end = text.find("\n", start)
            end = len(text) if end < 0 else end
            if max(start, span.start) < end and (not found or found[-1].end < end):
                found.append(Span(start, end))
            start = end + 1
    return found


def _runs(text: str, line: Span, marks: Mapping[str, tuple[Span, ...]]) -> list[Run]:
    """Cut one line where a mark starts or ends, and shorten it where no mark is near."""
    touching = [span for some in marks.values() for span in some if span.meets(line)]
    first, last = min(span.start for span in touching), max(span.end for span in touching)
    start, end = line.start, line.end
    if first - start > AROUND:
        start = text.find(" ", first - AROUND, first) + 1 or first - AROUND
    if end - last > AROUND:
        end = text.rfind(" ", last, last + AROUND)
        end = last + AROUND if end < 0 else end
    edges = sorted({start, end, *(edge for span in touching for edge in (span.start, span.end) if start < edge < end)})
    runs = [(text[a:b], _marked(Span(a, b), marks)) for a, b in zip(edges, edges[1:], strict=False)]
    return [(GAP, "")] * (start > line.start) + runs + [(GAP, "")] * (end < line.end)


def _marked(run: Span, marks: Mapping[str, tuple[Span, ...]]) -> str:
    """Return the names of the marks that cover the run."""
    return " ".join(name for name, spans in marks.items() if any(span.covers(run) for span in spans))
