# SPDX-License-Identifier: Apache-2.0
"""One phone that keeps its storage over the closing of its browser, for stories without a network."""
from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, Playwright
from tests.e2e.conftest import FLAGS, _chromium

SHOTS = os.environ.get("SHOTS", "")


class Phone:
    """One phone that keeps its storage: opened and closed as often as the story wants."""

    def __init__(self, playwright: Playwright, folder: Path, address: str, troubles: list[str], name: str = "day") -> None:
        self.playwright, self.folder, self.address, self.troubles = playwright, folder, address, troubles
        self.name = name

    @contextmanager
    def open(self, *, offline: bool) -> Iterator[tuple[BrowserContext, Page]]:
        context = self.playwright.chromium.launch_persistent_context(
            self.folder, executable_path=_chromium(), args=FLAGS, viewport={"width": 390, "height": 844}, has_touch=True,
        )
        context.set_default_timeout(30_000)
        context.set_offline(offline)
        page = context.pages[0]
        page.on("pageerror", lambda error: self.troubles.append(f"{page.url}: {error}"))
        page.on("console", lambda m: self.troubles.append(m.text) if m.type == "error" and "Content Security" in m.text else None)
        yield context, page
        context.close()

    def look(self, page: Page, name: str) -> None:
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 0:
            self.troubles.append(f"{name} is {wide} px too wide")
        if SHOTS:
            page.screenshot(path=f"{SHOTS}/{self.name}-{name}.png", full_page=True)
