"""A browser for the measures of the page: headless Chromium with software rendering and without a network."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
from playwright.sync_api import Browser, Page, sync_playwright

FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Chromium until the end of the block.

    Raises:
        ClickException: There is none on this machine.
    """
    found = shutil.which("chromium")
    if found is None:
        raise click.ClickException("There is no chromium on this machine. Install it: apt-get install chromium.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        yield browser
        browser.close()


@contextmanager
def offline(browser: Browser, **options: Any) -> Iterator[Page]:
    """Open an empty tab with the network cut off, until the end of the block."""
    context = browser.new_context(**options)
    context.set_offline(True)
    yield context.new_page()
    context.close()
