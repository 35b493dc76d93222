"""Pictures of the page to look at: each view and the evidence, light and dark, on a wide and on a narrow screen.

    python -m benchmarks.screenshots FOLDER [--sources seeds] [--title WORDS]

The graph of SOURCES is built anew, its page opened in headless Chromium with the network cut off, and each picture written to FOLDER as
VIEW-THEME-WIDTH.png. Words that are cut or run into each other are told by name, in the page and in the pictures that it exports; the
command then ends with 1.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from playwright.sync_api import Browser, Page

from benchmarks.browsing import chromium, offline
from kg.graph import Graph
from kg.pipeline import build

VIEWS = ("graph", "table", "timeline", "figures", "places", "matrix")
THEMES = ("light", "dark")
SIZES = ((1280, 800), (390, 844))
COLLISIONS = (Path(__file__).parent / "collisions.js").read_text("utf-8").partition("\n")[2]


def pictures(browser: Browser, file: Path, folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Take all pictures; yield the name of each and what is wrong with its words."""
    for theme in THEMES:
        for width, height in SIZES:
            look = {"viewport": {"width": width, "height": height}, "color_scheme": theme, "reduced_motion": "reduce"}
            with offline(browser, **look) as tab:
                for view in VIEWS:
                    name = f"{view}-{theme}-{width}"
                    shown(tab, file, view)
                    tab.screenshot(path=folder / f"{name}.png", full_page=True)
                    yield name, tab.evaluate(COLLISIONS)
                    if view != "table":
                        yield f"{name}, exported", exported(browser, tab, folder / f"{name}.svg")
                name = f"evidence-{theme}-{width}"
                shown(tab, file, "graph")
                tab.focus("#canvas")
                tab.keyboard.press("ArrowRight")
                tab.wait_for_timeout(400)
                tab.screenshot(path=folder / f"{name}.png", full_page=True)
                yield name, tab.evaluate(COLLISIONS)


def shown(tab: Page, file: Path, view: str) -> None:
    """Open the page anew with one of its views."""
    tab.goto("about:blank")
    tab.goto(f"{file.as_uri()}#tab={view}")
    tab.wait_for_selector("body[data-ready]")
    tab.wait_for_timeout(400)


def exported(browser: Browser, tab: Page, file: Path) -> list[str]:
    """Export the picture of the open view and return what is wrong with the words in it."""
    tab.click("#export summary")
    with tab.expect_download() as found:
        tab.click("#export [data-export=svg]")
    found.value.save_as(file)
    with offline(browser, viewport={"width": 1280, "height": 800}) as alone:
        alone.set_content(f"<!doctype html><body>{file.read_text('utf-8').partition('?>')[2]}")
        wrong: list[str] = alone.evaluate(COLLISIONS)
    return [line for line in wrong if not line.startswith("the page is wider")]


@click.command(help=__doc__)
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--sources", default="seeds", show_default=True, type=click.Path(exists=True, path_type=Path), help="The articles.")
@click.option("--title", default="Who said what", show_default=True, help="Title of the page.")
def main(folder: Path, sources: Path, title: str) -> None:
    """Build, look, and tell what is wrong."""
    folder.mkdir(parents=True, exist_ok=True)
    wrong = 0
    with TemporaryDirectory() as made, chromium() as browser:
        build([sources], output=Path(made))
        file = Path(made) / "page.html"
        with Graph(Path(made)) as graph:
            file.write_text(graph.page(title=title), encoding="utf-8")
        for name, lines in pictures(browser, file, folder):
            click.echo(f"{name}: {len(lines) or 'nothing'} to mend")
            for line in lines:
                click.echo(f"  {line}")
            wrong += len(lines)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
