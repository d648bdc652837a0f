# SPDX-License-Identifier: Apache-2.0
"""Stock in a real browser: a blind count, a witnessed entry and a recall, and every page at a desk's and a phone's width."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from openinfusion.demo.store import stock_up
from openinfusion.inventory.models import CountLine, PurchaseOrder, RecallCase, Supplier, Transfer
from openinfusion.platform.scope import entered

PAGES = ("", "orders/", "demand/?show=all", "receipts/", "suppliers/", "shortages/", "counts/", "vault/", "transfers/", "picks/", "places/", "recalls/",
         "recalls/?q=cef", "pumps/", "jump/", "receive/")


def test_stock_is_counted_witnessed_and_recalled(visitor: Callable[..., Any], pharmacy: Any, troubles: list[str]) -> None:
    def by(key: str, *, signing: bool = False) -> Any:
        return pharmacy.actors[key].signing("test") if signing else pharmacy.actors[key]
    with entered(pharmacy.organization_id):
        stock_up(SimpleNamespace(by=by, sites={"north": pharmacy.site_id}), [])  # type: ignore[arg-type]
        paths = [f"/inventory/{name}/{model.objects.first().id}/" for name, model in (
            ("orders", PurchaseOrder), ("recalls", RecallCase), ("suppliers", Supplier), ("transfers", Transfer))]
    counter, witness = visitor("technician"), visitor("pharmacist")
    phone, desk = visitor("pharmacist", phone=True), visitor("buyer")
    counter.go("/inventory/counts/")
    counter.submit("form[action*='counts/open']", {"klass": ""})
    sheet = counter.page.url
    with entered(pharmacy.organization_id):
        amounts = {f"line-{x.id}": "38" for x in CountLine.objects.all()}
    counter.submit("form[action*=record]", amounts)
    phone.go(sheet)
    counter.act("Ask for a recount")
    assert "recounting" in counter.text()
    witness.go("/inventory/vault/")
    witness.follow(witness.page.locator("main").get_by_role("link", name="count", exact=True))
    assert "hidden until witnessed" in witness.text()
    witness.act("Witness", {"counted": "9", "signature": pharmacy.password})
    witness.go("/inventory/vault/")
    assert "open" in witness.text()
    witness.go(paths[1])
    witness.act("Pull into quarantine")
    assert "pulled" in witness.text()
    for path in PAGES:
        desk.go(f"/inventory/{path}")
        phone.go(f"/inventory/{path}")
    for path in (*paths, "/trace/?q=RC44"):
        witness.go(path)
        phone.go(path)
    assert troubles == []
