# SPDX-License-Identifier: Apache-2.0
"""A real browser in front of a real server: people sign in by the form and work through the pages."""
from __future__ import annotations

import os
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, sync_playwright

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright keeps a loop in this thread; the tests ask the database too
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]
GRAVE = {"serious", "critical"}
SCANNER = """(field, text) => {
  const key = (k) => field.dispatchEvent(new KeyboardEvent("keydown", {key: k, bubbles: true}));
  for (const c of text) { key(c); field.value += c; }
  field.dispatchEvent(new Event("input", {bubbles: true}));
  key("Enter");
  field.form.requestSubmit();
}"""


def _chromium() -> str:
    named = os.environ.get("CHROMIUM", "")
    for path in (named, "/usr/bin/chromium", *(shutil.which(n) or "" for n in ("chromium", "chromium-browser", "google-chrome"))):
        if path and Path(path).exists():
            return path
    pytest.skip("no browser: install Debian's with `apt-get install chromium`, or name one in the environment variable CHROMIUM")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for the stories of a file; closed with it, since its loop would run on in the tests that follow."""
    path = _chromium()
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield found
        found.close()


@pytest.fixture
def address(committed: None) -> Iterator[str]:
    """The application served on a free port, a thread a request, as in production."""
    from django.core.handlers.wsgi import WSGIHandler
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler

    class Quiet(WSGIRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:
            """Requests are not printed."""

    server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet)
    server.daemon_threads = True
    server.set_app(WSGIHandler())
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join(10)


class Visitor:
    """One person at one screen. Whatever the browser complains about is kept in ``troubles``."""

    def __init__(self, page: Page, address: str, looked_at: set[str], troubles: list[str], phone: bool) -> None:
        self.page, self.address, self._looked_at, self._troubles, self._phone = page, address, looked_at, troubles, phone
        page.on("console", self._heard)
        page.on("pageerror", lambda error: troubles.append(f"{page.url}: {error}"))

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._troubles.append(f"{self.page.url}: {message.text}")

    def sign_in(self, email: str, password: str) -> None:
        self.go("/accounts/login/")
        self.page.get_by_label("Email").fill(email)
        self.page.get_by_label("Password").fill(password)
        self.follow(self.page.get_by_role("button", name="Sign in", exact=True))

    def go(self, path: str) -> None:
        self.page.goto(path if path.startswith("http") else f"{self.address}{path}")
        self.look()

    def follow(self, what: Locator) -> None:
        """Press something that leads to another page, or to this one anew."""
        with self.page.expect_navigation():
            what.first.click()
        self.look()

    def look(self) -> None:
        """Everything that must hold of any page; judged for accessibility once per kind of page and width."""
        page = self.page
        page.wait_for_load_state("load")
        kind = re.sub(r"[0-9a-f-]{36}|\d+", "*", page.url.removeprefix(self.address).split("?")[0])
        width = page.viewport_size["width"] if page.viewport_size else 0
        if f"{kind}@{width}" in self._looked_at:
            return
        self._looked_at.add(f"{kind}@{width}")
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 0:
            self._troubles.append(f"{kind} is {wide} px too wide at {width} px")
        if width >= 600 or self._phone:  # a page seen at a desk is only measured when it is narrowed
            self._judge(f"{kind}@{width}")
        if folder := os.environ.get("SHOTS"):
            page.screenshot(path=f"{folder}/{re.sub('[^a-z_]+', '-', kind.replace('*', 'one')).strip('-') or 'home'}@{width}.png", full_page=True)

    def _judge(self, kind: str) -> None:
        for found in Axe().run(self.page, options={"resultTypes": ["violations"]}).response["violations"]:
            if found["impact"] in GRAVE:
                nodes = "; ".join(n["html"][:160] for n in found["nodes"][:3])
                self._troubles.append(f"{kind}: {found['id']} ({found['impact']}): {nodes}")

    def fill(self, scope: Locator | Page, said: dict[str, Any]) -> None:
        """Fill fields by their names: text, choice, tick, or several ticks."""
        for name, value in said.items():
            fields = scope.locator(f"[name={name}]:not([type=hidden])")
            kind = fields.first.evaluate("e => e.type")
            if isinstance(value, (list, tuple)):
                for one in value:
                    scope.locator(f"[name={name}][value='{one}']").check()
            elif kind == "checkbox":
                fields.first.set_checked(bool(value))
            elif kind.startswith("select"):
                fields.first.select_option(str(value))
            else:
                fields.first.fill(str(value))

    def act(self, label: str, said: dict[str, Any] | None = None, *, within: str = "main") -> None:
        """Press a button by its words; answer what its dialog asks; be led on."""
        button = self.page.locator(within).get_by_role("button", name=re.compile(rf"^{re.escape(label)}…?$")).first
        if button.get_attribute("data-open") is None:
            return self.follow(button)
        button.click()
        dialog = self.page.locator("dialog[open]")
        self.fill(dialog, said or {})
        self.follow(dialog.locator("button[type=submit]"))
        return None

    def submit(self, form: str, said: dict[str, Any], button: str = "button[type=submit]") -> None:
        """Fill a form that stands open on the page and send it."""
        scope = self.page.locator(form)
        self.fill(scope, said)
        self.follow(scope.locator(button))

    def scan(self, text: str) -> None:
        """What a scanner does: type a burst into the scan field and end it with Enter."""
        with self.page.expect_navigation():
            self.page.locator("[name=scan]").evaluate(SCANNER, text)

    def text(self) -> str:
        """The words of the page, on one line."""
        return " ".join((self.page.locator("main").text_content() or "").split())


@pytest.fixture
def troubles() -> Iterator[list[str]]:
    """What the browser complained about, on any screen."""
    found: list[str] = []
    yield found
    print(*found, sep="\n")


@pytest.fixture
def visitor(browser: Browser, address: str, pharmacy: Any, troubles: list[str]) -> Iterator[Callable[..., Visitor]]:
    """visitor("nurse", phone=True) → this person, signed in with their own password, on a desk's or a phone's screen."""
    looked_at: set[str] = set()
    contexts = []

    def signed_in(key: str, *, phone: bool = False) -> Visitor:
        size = {"width": 390, "height": 844} if phone else {"width": 1280, "height": 900}
        context = browser.new_context(viewport=size, has_touch=phone, reduced_motion="reduce")
        context.set_default_timeout(60_000)
        contexts.append(context)
        found = Visitor(context.new_page(), address, looked_at, troubles, phone)
        if key:
            found.sign_in(pharmacy.emails[key], pharmacy.password)
        return found

    def stranger(*, phone: bool = False) -> Visitor:
        """Somebody who is not signed in, as a patient on their own page."""
        return signed_in("", phone=phone)

    signed_in.stranger = stranger  # type: ignore[attr-defined]
    yield signed_in
    for number, context in enumerate(contexts):
        if folder := os.environ.get("SHOTS"):
            context.pages[0].screenshot(path=f"{folder}/last-{number}.png", full_page=True)
        context.close()
