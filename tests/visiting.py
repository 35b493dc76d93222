"""The page in a real browser with the network cut off: what it complains of, what it asks for, what it gives away."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Dialog, Download, Error, Page, Request

TABS = ("graph", "table", "timeline", "figures", "places", "matrix")
"""The views of the page, in their order."""


@dataclass
class Visit:
    """An opened page, and everything that it complained of, asked for or ran."""

    page: Page
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    @property
    def troubles(self) -> list[str]:
        """What must never be: errors and warnings on the console, requests, dialogs."""
        return [*self.errors, *self.requests, *self.dialogs]

    def forget(self) -> None:
        """Forget what was wrong before."""
        for heard in (self.errors, self.requests, self.dialogs):
            heard.clear()

    def open(self, tab: str) -> None:
        """Open a view."""
        self.page.click(f"#tab-{tab}")
        self.page.wait_for_selector(f"#view-{tab}:visible")

    def download(self, ending: str) -> Download:
        """Take a file from the menu."""
        self.page.click("#export summary")
        with self.page.expect_download() as found:
            self.page.click(f"#export [data-export={ending}]")
        return found.value

    def taken(self, ending: str) -> bytes:
        """Take a file from the menu and read it."""
        return Path(self.download(ending).path()).read_bytes()


_IDLE: dict[str, list[tuple[Page, int]]] = {}
"""Options → tabs that nobody visits, and how many pages each had: to open a tab takes longer than to open a page in it."""
_MOST = 20
"""Pages that a tab gets before it is closed, since it gives back no memory."""


@contextmanager
def visiting(
    browser: Browser, html: str, folder: Path, *, width: int = 1280, height: int = 800, fragment: str = "", **options: Any
) -> Iterator[Visit]:
    """Open a page of our own from a file, wait until it can be used, and leave it at the end of the block."""
    file = folder / "graph.html"
    file.write_text(html, encoding="utf-8")
    idle = _IDLE.setdefault(repr(options), [])
    tab, visits = idle.pop() if idle else (_tab(browser, options), 0)
    tab.set_viewport_size({"width": width, "height": height})
    seen = Visit(tab)

    def heard(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            seen.errors.append(message.text)

    def asked(request: Request) -> None:
        if request.url.partition("#")[0] != file.as_uri() and not request.url.startswith("blob:"):
            seen.requests.append(request.url)

    def failed(error: Error) -> None:
        seen.errors.append(str(error))

    def shown(dialog: Dialog) -> None:
        seen.dialogs.append(dialog.message)
        dialog.dismiss()

    listeners = {"console": heard, "pageerror": failed, "request": asked, "dialog": shown}
    for event, listener in listeners.items():
        tab.on(event, listener)
    try:
        tab.goto(f"{file.as_uri()}{fragment and f'#{fragment}'}")
        tab.wait_for_selector("body[data-ready]")
        yield seen
    except BaseException:
        tab.context.close()  # nobody knows what it does
        raise
    for event, listener in listeners.items():
        tab.remove_listener(event, listener)
    if visits + 1 == _MOST:
        tab.context.close()
        return
    tab.mouse.move(0, 0)
    tab.goto("about:blank")
    idle.append((tab, visits + 1))


def _tab(browser: Browser, options: dict[str, Any]) -> Page:
    """Open a tab without a network, for somebody who wants nothing to move."""
    context = browser.new_context(**{"reduced_motion": "reduce"} | options)
    context.set_offline(True)
    context.set_default_timeout(20_000)
    return context.new_page()
