"""How soon the page can be used and how smoothly it moves, beside the stock pyvis page of the same graph.

    python -m benchmarks.page [OUTPUT] [--rounds 3] [--patience 60] [--no-stock]

OUTPUT is a folder that kg build wrote (by default output); beside it stand invented graphs of 1,000 and 5,000 names. Every page is a file
that headless Chromium opens with the network cut off and without a graphics card. Usable is when something has been painted and a search
has answered, in seconds since the file was opened; the fastest of the rounds counts. Frames are those of dragging the picture for two
seconds with all names in it. The stock page has no search: it is usable when its picture is painted and its bar has gone; --patience says
how many seconds that may take. It is made as pyvis makes it, cdn_resources="in_line"; what it still asks of the network is told below.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import click
from playwright.sync_api import Browser, Page
from playwright.sync_api import TimeoutError as TooLate
from pyvis.network import Network

from benchmarks.browsing import chromium, offline
from kg.graph import Graph
from kg.query import drawn
from kg.records import Actor, Article, Overview, Said, Span
from kg.render import page
from kg.vocab import iri

SIZE = {"width": 1280, "height": 900}
USABLE = {"articles": 1.0, "1,000 names": 1.5, "5,000 names": 3.0}
FRAME = 50.0
"""Limits: seconds until a page is usable, and milliseconds of a frame at 1,000 names."""

SAYINGS = 20
"""Statements of an invented article."""
VERBS = {"accuse": "accused", "deny": "denied", "say": "mentioned", "praise": "praised", "warn": "warned"}
KINDS = ("person", "person", "person", "organization", "government", "place")


@dataclass(frozen=True, slots=True)
class Run:
    """What was measured of one page.

    Attributes:
        seconds: Until it was usable; ``None`` where it was not in time.
        frames: Milliseconds of the frames while it was dragged; none where it was not.
        missing: What it asked of the network.
    """

    seconds: float | None
    frames: tuple[float, ...]
    missing: frozenset[str]


def invented(names: int, statements: int, *, seed: int = 7) -> Overview:
    """Return a graph of so many names and statements: each speaker about one other name, a few names in very many statements."""
    random = Random(seed)
    actors = [_actor(number) for number in range(names)]
    speakers = [number for number, actor in enumerate(actors) if actor.kind != "place"]
    subjects = list(range(names))
    pairs: dict[tuple[int, int], None] = {}
    while len(pairs) < statements:
        pair = random.choice(speakers), len(pairs) if len(pairs) < names else random.choice(subjects)
        if pair[0] != pair[1] and pair not in pairs:
            pairs[pair] = None
            speakers.append(pair[0])
            subjects.append(pair[1])
    said: list[Said] = []
    told = list(pairs)
    articles = [_article(at // SAYINGS, told[at : at + SAYINGS], actors, said) for at in range(0, statements, SAYINGS)]
    return Overview(tuple(articles), tuple(actors), tuple(said))


def _actor(number: int) -> Actor:
    kind = KINDS[number % len(KINDS)]
    where = {"latitude": (number * 37) % 120 - 60.0, "longitude": (number * 61) % 340 - 170.0} if kind == "place" else {}
    return Actor(iri("place" if kind == "place" else "actor", f"n{number:05}"), kind, f"{kind.title()} Number{number}", **where)


def _article(number: int, pairs: list[tuple[int, int]], actors: list[Actor], said: list[Said]) -> Article:
    """Return an article in which one name after the other speaks of another; its statements are added to ``said``."""
    home = iri("doc", f"d{number:05}")
    text = ""
    for place, (speaker, subject) in enumerate(pairs):
        act = sorted(VERBS)[(number + place) % len(VERBS)]
        opening = f"{actors[speaker].name} {VERBS[act]} that "
        content = f"{actors[subject].name} had not answered question {place} before the meeting of the council ended"
        start = len(text) + len(opening)
        cue = len(text) + len(actors[speaker].name) + 1
        said.append(
            Said(
                iri("statement", f"d{number:05}-{place}"),
                home,
                ("direct", "indirect", "mixed")[place % 3],
                act,
                "report",
                (Span(start, start + len(content)),),
                (Span(cue, cue + len(VERBS[act])),),
                (Span(len(text), cue - 1),),
                0.9,
                speaker=actors[speaker].iri,
                about=(actors[subject].iri,),
                date=f"2024-{number % 12 + 1:02}-{place % 28 + 1:02}",
                date_status="stated",
            )
        )
        text += f"{opening}{content}.\n\n"
    day = f"2024-{number % 12 + 1:02}-28"
    return Article(home, f"d{number:05}", f"article-{number}", text, title=f"Article {number}", date=day, publisher=f"Paper {number % 9}")


def stock(overview: Overview) -> str:
    """Return the page that pyvis makes of who speaks about whom, with the words as titles of the lines."""
    net = Network(directed=True, cdn_resources="in_line", height="900px", width="100%")
    for actor in overview.actors:
        net.add_node(actor.iri, label=actor.name, title=actor.kind)
    texts = {article.iri: article.text for article in overview.articles}
    for said in overview.statements:
        for whom in sorted({*said.about, said.target} - {None, said.speaker}) if said.speaker else ():
            net.add_edge(said.speaker, whom, title=" … ".join(span.of(texts[said.article]) for span in said.content))
    html: str = net.generate_html()
    return html


OURS = """
const answered = () => {
    if (!document.body?.dataset.ready) return;
    const box = document.querySelector("#search");
    box.value = "a";
    box.dispatchEvent(new Event("input"));
    const painted = performance.getEntriesByType("paint").at(-1)?.startTime ?? Infinity;
    if (document.querySelector("#results button")) console.log(`usable ${Math.max(performance.now(), painted)}`);
};
addEventListener("DOMContentLoaded", () => {
    new MutationObserver(answered).observe(document.body, { attributes: true });
    answered();
});
"""
THEIRS = """
const painted = () => {
    const bar = document.querySelector("#loadingBar");
    const canvas = document.querySelector("#mynetwork canvas");
    if (canvas?.width && (!bar || getComputedStyle(bar).display === "none")) {
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        if (data.some(value => value)) { console.log(`usable ${performance.now()}`); return; }
    }
    setTimeout(painted, 50);
};
addEventListener("load", painted);
"""
FRAMES = """() => {
    window.frames_ = [];
    let last = performance.now();
    const next = now => { window.frames_.push(now - last); last = now; window.frames_.length < 2000 && requestAnimationFrame(next); };
    requestAnimationFrame(next);
}"""
ALL = "#names=all"
"""The address of our page that draws all names and not only the most central ones."""


def visit(browser: Browser, file: Path, watch: str, canvas: str, patience: float) -> Run:
    """Open a page, wait until it can be used, and drag its picture."""
    missing: set[str] = set()
    with offline(browser, viewport=SIZE) as tab:
        tab.on("request", lambda request: missing.add(request.url) if request.url.startswith("http") else None)
        tab.add_init_script(watch)
        with suppress(TooLate):
            with tab.expect_console_message(lambda message: message.text.startswith("usable "), timeout=1000 * patience) as told:
                tab.goto(file.as_uri(), wait_until="commit", timeout=1000 * patience)
            return Run(float(told.value.text.split()[1]) / 1000, dragged(tab, canvas), frozenset(missing))
    return Run(None, (), frozenset(missing))


def dragged(tab: Page, canvas: str) -> tuple[float, ...]:
    """Drag the picture for two seconds and return the milliseconds of each frame."""
    if "names=all" not in tab.url and tab.locator("#view-graph").count():
        tab.evaluate("address => { location.hash = address }", ALL)
        tab.wait_for_timeout(1500)
    box = tab.locator(canvas).bounding_box()
    if box is None:
        return ()
    x, y = box["x"] + 12, box["y"] + 12
    tab.mouse.move(x, y)
    tab.mouse.down()
    tab.evaluate(FRAMES)
    for step in range(100):
        tab.mouse.move(x + 3 * step, y + 2 * step)
        tab.wait_for_timeout(16)
    frames: list[float] = tab.evaluate("window.frames_.splice(0)")
    tab.mouse.up()
    return tuple(frames[1:])


def best(runs: Sequence[Run]) -> Run:
    """Return the run that was usable first; its frames are those of the smoothest one."""
    smooth = min(runs, key=lambda run: max(run.frames, default=0.0))
    fast = min(runs, key=lambda run: float("inf") if run.seconds is None else run.seconds)
    return Run(fast.seconds, smooth.frames, fast.missing)


def row(name: str, whose: str, file: Path, run: Run, patience: float) -> tuple[str, ...]:
    """Return a row of the table; limits are ours."""
    limit = USABLE[name] if whose == "newskg" else None
    usable = f"> {patience:.0f}" if run.seconds is None else f"{run.seconds:.2f}"
    mean, slowest = (f"{sum(run.frames) / len(run.frames):.0f}", f"{max(run.frames):.0f}") if run.frames else ("", "")
    return (
        name,
        whose,
        f"{file.stat().st_size / 1e6:.2f}",
        usable,
        "" if limit is None else f"{limit:.1f} s {held(run.seconds is not None and run.seconds <= limit)}",
        mean,
        slowest,
        f"{FRAME:.0f} ms {held(bool(run.frames) and max(run.frames) <= FRAME)}" if limit and name == "1,000 names" else "",
    )


def held(kept: bool) -> str:
    """Return whether a limit was kept."""
    return "held" if kept else "missed"


@click.command(help=__doc__)
@click.argument("output", default="output", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--rounds", default=3, show_default=True, type=click.IntRange(1), help="How often each page of ours is opened.")
@click.option("--patience", default=60.0, show_default=True, type=click.FloatRange(1), help="Seconds that a page may take to be usable.")
@click.option("--stock/--no-stock", "stock_", default=True, show_default=True, help="Whether to open the stock pages, too.")
def main(output: Path, rounds: int, patience: float, stock_: bool) -> None:
    """Print one table, and what the stock page lacks without a network."""
    with Graph(output) as graph:
        seeds = graph.overview()
    graphs = {"articles": seeds, "1,000 names": invented(1000, 3000), "5,000 names": invented(5000, 15000)}
    rows: list[tuple[str, ...]] = []
    missing: set[str] = set()
    with TemporaryDirectory() as folder, chromium() as browser:
        for name, overview in graphs.items():
            ours, theirs = Path(folder) / "ours.html", Path(folder) / "stock.html"
            ours.write_text(page(overview, title=name), encoding="utf-8")
            runs = [visit(browser, ours, OURS, "#canvas canvas", patience) for _ in range(rounds)]
            rows.append(row(name, "newskg", ours, best(runs), patience))
            if stock_:
                theirs.write_text(stock(overview), encoding="utf-8")
                run = visit(browser, theirs, THEIRS, "#mynetwork canvas", patience)
                rows.append(row(name, "pyvis", theirs, run, patience))
                missing |= run.missing
    columns = ("graph", "page", "MB", "usable s", "limit", "frame ms, mean", "slowest", "limit of a frame")
    click.echo(drawn(columns, rows, width=140))
    for address in sorted(missing):
        click.echo(f"pyvis, missing without a network: {address}")


if __name__ == "__main__":
    main()
