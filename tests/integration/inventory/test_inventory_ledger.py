# SPDX-License-Identifier: Apache-2.0
"""Stock is a ledger: on hand is the sum of movements, never below zero, first expiry first out, nothing edited."""
from __future__ import annotations

import random
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, InternalError, transaction

from openinfusion.catalog import public as catalog
from openinfusion.inventory import public as inventory
from openinfusion.inventory.models import Movement, OnHand
from openinfusion.inventory.public import PlaceKind
from openinfusion.inventory.queries import disagreements
from openinfusion.kernel.ids import new_id
from openinfusion.kernel.refusal import Malformed, Refused
from openinfusion.kernel.roles import Role
from openinfusion.platform.clock import today

D = Decimal


def product(text: str = "cefTRIAXone 1 g") -> catalog.ProductFact:
    return next(p for p in catalog.products_of("ceftriaxone") if text in p.name)


def codes(no: Any) -> set[str]:
    return {r.code for r in no.value.reasons}


def test_a_random_walk_of_movements_always_sums_to_what_is_on_hand(bench: Any) -> None:
    chance = random.Random(7)
    other = inventory.open_location(site_id=bench.site_id, code="B1", name="Shelf B1", kind=PlaceKind.SHELF, by=bench.technician)
    lots = [bench.receive("cefTRIAXone 1 g", 20, lot=f"W{n}", expires_on=today("America/Chicago") + timedelta(days=30 * (n + 1))) for n in range(3)]
    place, by, pid = bench.shelf_id, bench.technician, product().id
    purposes = [new_id() for _ in range(4)]
    refused = 0
    for _ in range(120):
        lot, amount, purpose = chance.choice(lots), D(chance.randint(1, 9)), chance.choice(purposes)
        act = chance.choice([
            lambda: inventory.allocate(product_id=pid, quantity=amount, site_id=bench.site_id, for_id=purpose, by=by),
            lambda: inventory.issue(for_id=purpose, by=by),
            lambda: inventory.release_reservation(for_id=purpose, by=by),
            lambda: inventory.adjust_stock(lot_id=lot, location_id=place, quantity=amount - 5 or D(1), reason="drill", by=by),
            lambda: inventory.count_stock(lot_id=lot, location_id=place, counted=amount + 10, by=by),
            lambda: inventory.waste_stock(lot_id=lot, location_id=place, quantity=amount, reason="drill", by=by),
            lambda: inventory.transfer_stock(lot_id=lot, from_location=place, to_location=other, quantity=amount, by=by),
            lambda: inventory.return_stock(lot_id=lot, location_id=place, quantity=amount, reason="drill", by=by),
        ])
        try:
            with transaction.atomic():
                act()
        except Exception as no:
            assert type(no).__name__ in ("Refused", "NotFound"), no
            refused += 1
        assert not disagreements()
    assert 0 < refused < 120
    assert all(r.on_hand_amount >= r.reserved_amount >= 0 for r in OnHand.objects.all())


def test_first_expiry_goes_first_and_expired_quarantined_and_recalled_lots_never(bench: Any) -> None:
    days = today("America/Chicago")
    soon = bench.receive("cefTRIAXone 1 g", 2, lot="SOON", expires_on=days + timedelta(days=20))
    bench.receive("cefTRIAXone 1 g", 2, lot="LATE", expires_on=days + timedelta(days=200))
    held = bench.receive("cefTRIAXone 1 g", 2, lot="BAD", expires_on=days + timedelta(days=10))
    inventory.advance_lot(lot_id=held, step="quarantine", reason="torn box", by=bench.technician)
    purpose = new_id()
    inventory.allocate(product_id=product().id, quantity=D(3), site_id=bench.site_id, for_id=purpose, by=bench.technician)
    assert [(a.lot_number, int(a.quantity)) for a in inventory.allocations(purpose)] == [("SOON", 2), ("LATE", 1)]
    with pytest.raises(Refused, match="short by 1 of 2"):
        inventory.allocate(product_id=product().id, quantity=D(2), site_id=bench.site_id, for_id=new_id(), by=bench.technician)
    inventory.advance_lot(lot_id=soon, step="recall", reason="letter", by=bench.pharmacist)
    with pytest.raises(Refused) as no:
        inventory.issue(for_id=purpose, by=bench.technician)
    assert codes(no) == {"lot-recalled"} and inventory.on_hand(product().id, bench.site_id) == 6
    assert inventory.purposes_of_lot(soon) == [purpose]


def test_the_database_itself_refuses_less_than_nothing(bench: Any) -> None:
    lot_id = bench.receive("cefTRIAXone 1 g", 1)
    with pytest.raises(IntegrityError, match="on_hand_not_negative|reserved_is_on_hand"), transaction.atomic():
        OnHand.objects.filter(lot_id=lot_id).update(on_hand_amount=-1)


def test_a_movement_is_never_changed_or_deleted(bench: Any) -> None:
    bench.receive("cefTRIAXone 1 g", 1)
    written = list(Movement.objects.order_by("id").values_list("id", "on_hand_amount"))
    for act in (lambda: Movement.objects.all().update(on_hand_amount=9), lambda: Movement.objects.all().delete()):
        with pytest.raises((InternalError, IntegrityError, Exception), match="ledger|protect|Cannot"), transaction.atomic():
            act()
    assert written and list(Movement.objects.order_by("id").values_list("id", "on_hand_amount")) == written


def test_stock_is_received_by_its_barcode(bench: Any) -> None:
    code = f"]d201{product().gtin}17{today('America/Chicago') + timedelta(days=300):%y%m%d}10AB12"
    lot_id = inventory.receive_scanned(scan=code, quantity=D(4), location=bench.shelf_id, by=bench.technician)
    assert inventory.lot(lot_id).number == "AB12" and inventory.scanned_lot(code).id == lot_id
    with pytest.raises(Malformed, match="no lot"):
        inventory.receive_scanned(scan=product().gtin, quantity=D(4), location=bench.shelf_id, by=bench.technician)


def test_a_lot_with_another_expiry_than_on_record_is_refused(bench: Any) -> None:
    bench.receive("cefTRIAXone 1 g", 1, lot="AB", expires_on=today("America/Chicago") + timedelta(days=100))
    with pytest.raises(Refused, match="is known with expiry"):
        bench.receive("cefTRIAXone 1 g", 1, lot="AB", expires_on=today("America/Chicago") + timedelta(days=101))
    with pytest.raises(Malformed, match="expired"):
        bench.receive("cefTRIAXone 1 g", 1, lot="OLD", expires_on=today("America/Chicago") - timedelta(days=1))


def test_corrections_need_a_reason_and_a_destroyed_lot_has_nothing_left(bench: Any) -> None:
    lot_id = bench.receive("cefTRIAXone 1 g", 2)
    with pytest.raises(Refused, match="reason"):
        inventory.waste_stock(lot_id=lot_id, location_id=bench.shelf_id, quantity=D(1), reason=" ", by=bench.technician)
    inventory.advance_lot(lot_id=lot_id, step="recall", reason="letter", by=bench.pharmacist)
    with pytest.raises(Refused, match="still on hand"):
        inventory.advance_lot(lot_id=lot_id, step="destroy", reason="burnt", by=bench.pharmacist)
    inventory.waste_stock(lot_id=lot_id, location_id=bench.shelf_id, quantity=D(2), reason="recalled", by=bench.technician)
    inventory.advance_lot(lot_id=lot_id, step="destroy", reason="burnt", by=bench.pharmacist)
    assert inventory.lot(lot_id).state == "destroyed"


def test_waiting_shows_what_expires_soon(bench: Any) -> None:
    bench.receive("cefTRIAXone 1 g", 2, lot="SOON", expires_on=today("America/Chicago") + timedelta(days=5))
    assert any("SOON" in w.title and w.owner == "buyer" for w in inventory.waiting(bench.technician).rows)


def test_a_pump_is_inspected_assigned_and_comes_back(bench: Any, someone: Any) -> None:
    pump = next(p for p in catalog.products_of(kind="equipment") if "ambulatory" in p.name)
    warehouse = someone(Role.WAREHOUSE, site_id=bench.site_id)
    pump_id = inventory.receive_pump(product_id=pump.id, serial="sn-1", site_id=bench.site_id, by=warehouse)
    inventory.advance_pump(pump_id=pump_id, step="inspect", by=warehouse)
    with pytest.raises(Refused, match="maintenance"):
        inventory.advance_pump(pump_id=pump_id, step="shelve", by=warehouse)
    inventory.advance_pump(pump_id=pump_id, step="shelve", maintenance_due_on=today("America/Chicago") + timedelta(days=300), by=warehouse)
    with pytest.raises(Malformed):
        inventory.advance_pump(pump_id=pump_id, step="assign", maintenance_due_on=today("America/Chicago") + timedelta(days=300), by=warehouse)
    inventory.advance_pump(pump_id=pump_id, step="assign", patient_id=bench.patient_id, by=warehouse,
                           maintenance_due_on=today("America/Chicago") + timedelta(days=300))
    assert [p.id for p in inventory.pumps_of(bench.patient_id)] == [pump_id]
    for step in ("hand_over", "return"):
        inventory.advance_pump(pump_id=pump_id, step=step, by=warehouse)
    back = inventory.pump(pump_id)
    assert (back.state, back.patient_id, back.last_patient_id) == ("returned", None, bench.patient_id)


def test_the_stock_list_filters_and_exports_and_the_lot_page_traces(bench: Any, browse: Any) -> None:
    lot_id = bench.receive("cefTRIAXone 1 g", 7, lot="TRACE1")
    bench.receive("cefepime 1 g", 3, lot="OTHER1")
    client = browse(bench.technician)
    page = client.get("/inventory/", {"q": "ceftri"}).content.decode()
    assert "TRACE1" in page and "OTHER1" not in page
    sheet = client.get("/inventory/stock.csv", {"q": "TRACE"})
    assert sheet["Content-Type"].startswith("text/csv") and "TRACE1" in sheet.content.decode()
    page = client.get(f"/inventory/lots/{lot_id}/").content.decode()
    assert "Trace" in page and "receive" in page
    count = client.post(f"/inventory/lots/{lot_id}/correct/count/", {"location_id": str(bench.shelf_id), "counted": "6"})
    assert count.status_code == 302 and inventory.lot(lot_id).on_hand == 6
    refused = client.post(f"/inventory/lots/{lot_id}/correct/waste/", {"location_id": str(bench.shelf_id), "quantity": "9", "reason": "broken"})
    assert refused.status_code == 409 and inventory.lot(lot_id).on_hand == 6


def test_stock_is_received_on_its_page_and_over_the_api(bench: Any, browse: Any) -> None:
    client = browse(bench.technician)
    assert client.get("/inventory/receive/").status_code == 200
    fields = {"product_id": str(product().id), "lot": "FORM1", "expires_on": (today("America/Chicago") + timedelta(days=99)).isoformat(),
              "quantity": "5", "location": str(bench.shelf_id)}
    assert client.post("/inventory/receipt/", fields).status_code == 302
    assert client.post("/inventory/receipt/", fields | {"quantity": "1e2"}).status_code == 422
    made = client.post("/api/inventory/receipts", fields | {"lot": "API1"}, content_type="application/json")
    assert made.status_code == 200
    seen = client.get(f"/api/inventory/lots/{made.json()['id']}").json()
    assert seen["number"] == "API1" and D(seen["on_hand"]) == 5
    assert len(client.get(f"/api/inventory/lots/{made.json()['id']}/movements").json()) == 1
    assert client.get("/inventory/pumps/").status_code == 200
