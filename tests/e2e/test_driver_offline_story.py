# SPDX-License-Identifier: Apache-2.0
"""A proof of delivery written without a line; the phone's browser is closed and opened again, the PIN given, the line comes back.

There is exactly one proof, and while it lay on the phone nothing of it could be read there.
"""
from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Page, Playwright, expect, sync_playwright
from tests.e2e.phone import Phone
from tests.e2e.test_driver_story import on_a_route

from openinfusion.delivery import public as delivery
from openinfusion.delivery.models import Custody, DeliveryTicket
from openinfusion.platform.models import Entry
from openinfusion.platform.scope import entered

__all__ = ["on_a_route"]
PIN = "271828"
PHOTO = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
STORED = """async () => {
  const found = [JSON.stringify({...localStorage}), JSON.stringify({...sessionStorage})];
  for (const { name, version } of await indexedDB.databases()) {
    const base = await new Promise((done) => { const ask = indexedDB.open(name, version); ask.onsuccess = () => done(ask.result); });
    for (const store of base.objectStoreNames) {
      const rows = await new Promise((done) => {
        const ask = base.transaction(store).objectStore(store).getAll();
        ask.onsuccess = () => done(ask.result);
      });
      for (const row of rows) {
        found.push(row?.text ? new TextDecoder("latin1").decode(row.text) : JSON.stringify(row));
      }
    }
    base.close();
  }
  return found.join("|");
}"""
OLD = """(key) => new Promise((done) => {
  const ask = indexedDB.open("openinfusion-delivery", 1);
  ask.onupgradeneeded = () => ask.result.createObjectStore("proofs", { keyPath: "key" });
  ask.onsuccess = () => {
    const form = document.querySelector("form[data-proof]"), work = ask.result.transaction("proofs", "readwrite");
    form.received_by.value = "Rory Roadman"; form.identity.value = "photo_id"; form.typed.value = "Rory Roadman";
    if (form.arrived_c) form.arrived_c.value = "5.0";
    work.objectStore("proofs").put({ url: form.action, key, parts: [...new FormData(form)], at: Date.now() });
    work.oncomplete = () => { ask.result.close(); done(); };
  };
})"""


@pytest.fixture
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as found:
        yield found


def sign_in(page: Page, phone: Phone, pharmacy: Any) -> None:
    page.goto(f"{phone.address}/accounts/login/?next=/delivery/driver/")
    page.get_by_label("Email").fill(pharmacy.emails["driver"])
    page.get_by_label("Password").fill(pharmacy.password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/delivery/driver/**")


def pin(page: Page, text: str = PIN, press: str = "Open") -> None:
    page.locator("#pin").fill(text)
    page.get_by_role("button", name=press, exact=True).click()


def proofs_of(pharmacy: Any, ticket_id: UUID) -> tuple[str, str, int, int]:
    """State, receiver, how often it changed hands at the door, how many entries say so."""
    with entered(pharmacy.organization_id):
        row = DeliveryTicket.objects.get(pk=ticket_id)
        return (row.state, row.received_by, Custody.objects.filter(ticket_id=ticket_id, taker="Rory Roadman").count(),
                Entry.objects.filter(subject_id=ticket_id, verb="delivery.ticket.deliver").count())


def test_a_proof_is_kept_encrypted_over_a_closed_browser_and_sent_once(
    playwright: Playwright, address: str, pharmacy: Any, on_a_route: UUID, tmp_path: Path,
) -> None:
    troubles: list[str] = []
    phone = Phone(playwright, tmp_path / "phone", address, troubles, "driver")
    with phone.open(offline=False) as (context, page):
        sign_in(page, phone, pharmacy)
        expect(page.get_by_text("Choose a PIN for this phone")).to_be_visible()
        phone.look(page, "choose")
        pin(page, press="Set this PIN")
        expect(page.get_by_text("encrypted with your PIN")).to_be_visible()
        page.get_by_role("button", name="Take it out").first.click()
        page.get_by_role("link", name="Hand over").first.click()
        page.locator("form[data-proof]").wait_for()
        context.set_offline(True)
        hand_over(page)
        expect(page.get_by_text("nothing is kept yet")).to_be_visible()
        phone.look(page, "asked")
        pin(page)
        expect(page.get_by_text("Leave this page open")).to_be_visible()
        phone.look(page, "kept")
        there = page.evaluate(STORED)
        assert len(there) > 500 and not any(word in there for word in ("Rory", "Roadman", "back door", "photo_id", "received_by"))
    assert proofs_of(pharmacy, on_a_route) == ("dispatched", "", 0, 0)
    with phone.open(offline=False) as (context, page):
        if "login" in page.goto(f"{address}/delivery/driver/").url:  # type: ignore[union-attr]
            sign_in(page, phone, pharmacy)
        expect(page.locator("[data-unsent]")).to_contain_text("1 proof of delivery not sent yet. Your PIN sends it.")
        phone.look(page, "locked")
        pin(page, "111111")
        expect(page.get_by_text("That is not the PIN. Nothing is lost")).to_be_visible()
        assert proofs_of(pharmacy, on_a_route)[0] == "dispatched"
        pin(page)
        expect(page.locator("[data-unsent]")).to_be_hidden()
        assert "Rory" not in page.evaluate(STORED)
        page.reload()
        expect(page.get_by_text("its PIN is set")).to_be_visible()  # locked again with the page, and nothing asks for it
        expect(page.locator("[data-unsent]")).to_be_hidden()
    assert proofs_of(pharmacy, on_a_route) == ("delivered", "Rory Roadman", 1, 1)
    with entered(pharmacy.organization_id):
        assert delivery.ticket(on_a_route).signature_path.startswith("M")
        assert DeliveryTicket.objects.get(pk=on_a_route).photo_id is not None
    assert troubles == []


def hand_over(page: Page) -> None:
    form = page.locator("form[data-proof]")
    form.locator("[name=received_by]").fill("Rory Roadman")
    form.locator("[name=identity]").select_option("photo_id")
    form.locator("[name=note]").fill("by the back door")
    form.locator("[name=photo]").set_input_files({"name": "door.png", "mimeType": "image/png", "buffer": PHOTO})
    pad = page.locator("[data-pad]")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 60)
    page.mouse.up()
    form.get_by_role("button", name="Handed over").click()


def test_what_an_earlier_edition_kept_in_clear_is_taken_over_and_not_lost(
    playwright: Playwright, address: str, pharmacy: Any, on_a_route: UUID, tmp_path: Path,
) -> None:
    troubles: list[str] = []
    phone = Phone(playwright, tmp_path / "phone", address, troubles, "driver-old")
    with phone.open(offline=False) as (context, page):
        sign_in(page, phone, pharmacy)
        page.get_by_role("button", name="Take it out").first.click()
        page.get_by_role("link", name="Hand over").first.click()
        page.locator("form[data-proof]").wait_for()
        context.set_offline(True)
        page.evaluate(OLD, "00000000-0000-4000-8000-000000000001")
        assert "Rory Roadman" in page.evaluate(STORED)
        context.set_offline(False)
        page.goto(f"{address}/delivery/driver/")
        expect(page.locator("[data-unsent]")).to_contain_text("1 proof of delivery not sent yet")
        pin(page, press="Set this PIN")
        expect(page.locator("[data-unsent]")).to_be_hidden()
        assert "Rory" not in page.evaluate(STORED)
    assert proofs_of(pharmacy, on_a_route) == ("delivered", "Rory Roadman", 1, 1)
    assert troubles == []
