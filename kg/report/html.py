"""A report as one HTML file without script: opened from a disk, printed, or sent on."""

from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256
from html import escape
from pathlib import Path
from urllib.parse import quote

from kg.report.blocks import Block, Bullets, Chart, Line, Link, Paragraph, Part, Report, Section, Style, Table, Words, clean
from kg.report.chart import left_out, svg
from kg.report.numbers import several

LEGEND = "A dot: somebody claims it. A square: the article says it itself. A thick line or an arrow: where the figure may lie."


def as_html(report: Report, *, page: str = "graph.html") -> str:
    """Return a report as HTML: the same report gives the same characters.

    Texts of articles enter it escaped and isolated from the direction of what stands around them. A content security policy allows
    the style by its hash and nothing else.

    Args:
        report: What to write.
        page: Where the interactive page is, seen from the report's file.
    """
    style = (Path(__file__).parent / "report.css").read_text("utf-8").replace("\r\n", "\n")
    policy = (
        f"default-src 'none'; style-src 'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'; base-uri 'none'; form-action 'none'"
    )
    write = Writer(address(page))
    sections = "\n".join(write.section(number, section) for number, section in enumerate(report.sections, 1))
    glance = "".join(f'<li><a href="#{key}">{write.line(line)}</a></li>' for key, line in report.glance)
    contents = "".join(f'<li><a href="#{section.key}">{escape(section.title)}</a></li>' for section in report.sections)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>{escape(report.title)}</title>
<style>{style}</style>
</head>
<body>
<header>
<h1><bdi>{escape(report.title)}</bdi></h1>
<p class="lead">{write.line(report.lead)}</p>
<div class="front">
<section aria-labelledby="glance"><h2 id="glance">At a glance</h2><ul>{glance}</ul></section>
<nav aria-labelledby="contents"><h2 id="contents">Contents</h2><ol>{contents}</ol></nav>
</div>
</header>
<main>
{sections}
</main>
</body>
</html>
"""


def address(path: str) -> str:
    """Return a relative address in which nothing can be taken for a scheme, a query or an end."""
    return quote(path, safe="/-._~")


def coded(fragment: str) -> str:
    """Return a fragment in which nothing can end an address; what is coded already stays so."""
    return quote(fragment, safe="/=,;:@-._~%")


class Writer:
    """Writes blocks as HTML, every text escaped.

    Args:
        page: Address of the page to whose fragments links lead.
    """

    def __init__(self, page: str) -> None:
        self.page = page

    def section(self, number: int, section: Section) -> str:
        """Return a section with its heading."""
        blocks = "\n".join(self.block(block, f"{section.key}-{at}") for at, block in enumerate(section.blocks))
        return f'<section id="{section.key}"><h2><span class="number">{number}</span> {escape(section.title)}</h2>\n{blocks}\n</section>'

    def block(self, block: Block, key: str) -> str:
        """Return a block; ``key`` tells charts apart."""
        match block:
            case Paragraph(line):
                return f"<p>{self.line(line)}</p>"
            case Bullets(lines):
                return self.items(lines)
            case Part(heading):
                return f"<h3>{self.line(heading)}</h3>"
            case Table():
                return self.table(block)
            case Chart():
                return self.chart(block, key)

    def items(self, lines: Iterable[Line]) -> str:
        """Return a list."""
        return f"<ul>{''.join(f'<li>{self.line(line)}</li>' for line in lines)}</ul>"

    def table(self, table: Table) -> str:
        """Return a table; columns of counts stand to the right."""
        counts = [at > 0 and all(_is_count(row[at]) for row in table.rows) for at in range(len(table.columns))]
        head = "".join(
            f'<th scope="col"{_COUNT * count}>{escape(column)}</th>' for column, count in zip(table.columns, counts, strict=True)
        )
        rows = "\n".join(self.row(row, table.columns, counts) for row in table.rows)
        more = f'<p class="more">and {table.more:,} more</p>' if table.more else ""
        caption = f"<caption><bdi>{escape(table.caption)}</bdi></caption>"
        return f"<table>{caption}\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody></table>{more}"

    def row(self, row: tuple[Line, ...], columns: tuple[str, ...], counts: list[bool]) -> str:
        """Return a row of a table."""
        cells = [
            f'{_COUNT * count} data-head="{escape(column)}">{self.line(cell)}'
            for column, cell, count in zip(columns, row, counts, strict=True)
        ]
        return f'<tr><th scope="row"{cells[0]}</th>{"".join(f"<td{cell}</td>" for cell in cells[1:])}</tr>'

    def chart(self, chart: Chart, key: str) -> str:
        """Return a chart with what follows from it."""
        missing = left_out(chart.ledger)
        drawn = f" {several(missing, 'figure')} not drawn: the table has them." if missing else ""
        caption = f"<figcaption>{LEGEND}{drawn}</figcaption>"
        return f'<div class="ledger"><figure>{svg(chart.ledger, key)}{caption}</figure>{self.items(chart.follows)}</div>'

    def line(self, line: Line) -> str:
        """Return a line."""
        return "".join(self.piece(piece) for piece in line)

    def piece(self, piece: str | Words | Link) -> str:
        """Return words or a link."""
        if isinstance(piece, str):
            return escape(clean(piece))
        if isinstance(piece, Link):
            label = "".join(f"<span>{escape(clean(part))}</span>" if isinstance(part, str) else self.piece(part) for part in piece.label)
            return f'<a href="{escape(self.page)}#{escape(coded(piece.fragment))}">{label}</a>'
        text = escape(clean(piece.text))
        match piece.style:
            case Style.QUOTED:
                return f"<q><bdi>{text}</bdi></q>"
            case Style.MARKED:
                return f"<mark><bdi>{text}</bdi></mark>"
        return f"<bdi>{text}</bdi>" if text.strip() else text


_COUNT = ' class="count"'


def _is_count(cell: Line) -> bool:
    """Tell whether a cell holds nothing but a number of ours."""
    return len(cell) == 1 and isinstance(cell[0], str) and cell[0].replace(",", "").isdigit()
