"""Every page of stock opens for who may see it, says what it is when empty, and is worked through its forms."""
from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from openinfusion.inventory import public as inventory
from openinfusion.inventory.models import (
    ControlledAct,
    ControlledInventory,
    CountLine,
    CountSheet,
    Discrepancy,
    Location,
    PurchaseOrder,
    Receipt,
    ReceiptLine,
    Shortage,
    Substitute,
    Supplier,
    Suspect,
    Transfer,
)
from openinfusion.inventory.public import PlaceKind

D = Decimal
LISTS = ("", "orders/", "orders/?state=closed", "demand/", "demand/?show=all", "receipts/", "receipts/?q=x", "suppliers/", "shortages/", "counts/",
         "counts/?state=open", "vault/", "transfers/", "picks/", "places/", "recalls/", "recalls/?q=ceft", "pumps/", "pumps/?state=due&q=x", "jump/",
         "receive/")
PASSWORD = "a long test password"


@pytest.mark.parametrize("path", LISTS)
def test_every_list_opens_empty_and_full(store: Any, browse: Any, path: str) -> None:
    client = browse(store.bench.pharmacist)
    assert client.get(f"/inventory/{path}").status_code == 200
    store.lot("cefTRIAXone 1 g", 5, "A1")
    store.lot("HYDROmorphone", 5, "H1")
    assert client.get(f"/inventory/{path}").status_code == 200


def post(client: Any, path: str, data: dict[str, Any] | None = None, status: int = 302) -> Any:
    answer = client.post(f"/inventory/{path}", data or {})
    assert answer.status_code == status, (path, answer.status_code, answer.content.decode()[-1500:])
    return answer


def test_a_count_is_worked_through_its_pages(store: Any, browse: Any) -> None:
    b = store.bench
    lot = store.lot("cefTRIAXone 1 g", 5, "A1")
    first, second, third = browse(b.technician), browse(b.second_technician), browse(b.pharmacist)
    post(first, "counts/open/", {"location_id": b.shelf_id, "klass": ""})
    sheet = CountSheet.objects.get()
    line = CountLine.objects.get()
    page = first.get(f"/inventory/counts/{sheet.id}/").content.decode()
    assert "the book is not shown" in page and ">5<" not in page
    post(first, f"counts/{sheet.id}/record/", {f"line-{line.id}": ""}, 422)
    post(first, f"counts/{sheet.id}/record/", {f"line-{line.id}": "4"})
    post(first, f"counts/{sheet.id}/step/recount/")
    post(second, f"counts/{sheet.id}/record/", {f"line-{line.id}": "4"})
    post(second, f"counts/{sheet.id}/step/confirm/")
    post(second, f"counts/{sheet.id}/explain/", {f"line-{line.id}": "one was broken"})
    assert first.get(f"/inventory/counts/{sheet.id}/print/")["Content-Type"] == "application/pdf"
    assert "one was broken" in third.get(f"/inventory/counts/{sheet.id}/").content.decode()
    post(third, f"counts/{sheet.id}/step/approve/", {"signature": PASSWORD})
    assert inventory.lot(lot).on_hand == 4
    assert third.get(f"/inventory/counts/{sheet.id}/").status_code == 200


def test_the_vault_is_worked_through_its_pages(store: Any, browse: Any) -> None:
    b = store.bench
    lot = store.lot("HYDROmorphone", 5, "H1")
    tech, rph = browse(b.technician), browse(b.pharmacist)
    what = f"{lot} {b.shelf_id}"
    post(tech, "vault/enter/", {"what": what, "kind": "count"}, 422)
    post(tech, "vault/enter/", {"what": what, "kind": "count", "amount": "4", "reason": ""})
    act = ControlledAct.objects.get()
    assert "hidden until witnessed" in rph.get(f"/inventory/vault/{act.id}/").content.decode()
    post(rph, f"vault/{act.id}/step/witness/", {"counted": "4", "signature": "wrong"}, 422)
    post(rph, f"vault/{act.id}/step/witness/", {"counted": "4", "signature": PASSWORD})
    post(rph, f"vault/{act.id}/step/else/", {}, 404)
    found = Discrepancy.objects.get()
    assert rph.get(f"/inventory/discrepancies/{found.id}/").status_code == 200
    post(rph, f"discrepancies/{found.id}/step/report/", {"report": "DEA 106/1", "reason": "gone", "signature": PASSWORD})
    post(rph, f"discrepancies/{found.id}/step/resolve/", {"adjust": "on", "reason": "reported", "signature": PASSWORD})
    post(rph, f"discrepancies/{found.id}/step/else/", {}, 404)
    post(rph, "vault/inventory/", {"at_opening": "opening"})
    taken = ControlledInventory.objects.get()
    assert str(taken.id) in rph.get("/inventory/vault/").content.decode()
    assert rph.get(f"/inventory/vault/inventory/{taken.id}/").content.startswith(b"%PDF")
    post(tech, "vault/enter/", {"what": what, "kind": "waste", "amount": "1", "reason": "broken"})
    waste = ControlledAct.objects.get(kind="waste")
    post(rph, f"vault/{waste.id}/step/refuse/", {"reason": "not seen"})
    assert inventory.lot(lot).on_hand == 4


def test_a_transfer_and_places_by_their_pages(store: Any, browse: Any) -> None:
    b, lot = store.bench, store.lot("cefTRIAXone 1 g", 5, "A1")
    client = browse(store.warehouse)
    post(client, "places/open/", {"code": "VAN", "name": "Van 1", "kind": "van", "pick_order": ""})
    van = Location.objects.get(code="VAN")
    post(client, f"places/{van.id}/change/", {"name": "Van one", "pick_order": "9"})
    assert client.get(f"/inventory/transfers/?from={b.shelf_id}").status_code == 200
    post(client, f"transfers/from/{b.shelf_id}/", {"to_location": van.id, f"lot-{lot}": ""}, 422)
    post(client, f"transfers/from/{b.shelf_id}/", {"to_location": van.id, f"lot-{lot}": "2"})
    sent = Transfer.objects.get()
    assert client.get(f"/inventory/transfers/{sent.id}/").status_code == 200
    post(client, f"transfers/{sent.id}/receive/", {f"lot-{lot}": "1", "reason": ""}, 409)
    post(client, f"transfers/{sent.id}/receive/", {f"lot-{lot}": "2", "reason": ""})
    post(client, f"transfers/from/{b.shelf_id}/", {"to_location": van.id, f"lot-{lot}": "1"})
    back = Transfer.objects.get(state="in_transit")
    post(client, f"transfers/{back.id}/back/", {"reason": "flat tyre"})


def test_buying_is_worked_through_its_pages(store: Any, browse: Any) -> None:
    b, buyer, rph = store.bench, browse(store.buyer), browse(store.bench.pharmacist)
    pid = store.product("cefTRIAXone 1 g").id
    post(buyer, "suppliers/add/", {"code": "sec", "name": "Second Example"})
    second = Supplier.objects.get(code="SEC")
    page = buyer.get(f"/inventory/suppliers/{second.id}/").content.decode()
    assert "was never verified" in page
    post(buyer, f"suppliers/{second.id}/verify/", {"number": "W9", "state_code": "IL", "source": "board", "ends_on": (store.today + timedelta(days=9)).isoformat()})
    post(buyer, f"suppliers/{second.id}/terms/", {"lead_days": "3", "minimum": "50.00", "payment": "net 10", "contact": ""})
    post(buyer, f"suppliers/{second.id}/terms/", {"lead_days": "3", "minimum": "50.001", "payment": "", "contact": ""}, 422)
    post(buyer, f"suppliers/{second.id}/price/", {"product_id": pid, "price": "2.20", "pack": "10", "item_number": "X1"})
    post(buyer, "demand/par/", {"product_id": pid, "par": "100", "harm": "high"})
    assert "reorder at" in buyer.get("/inventory/demand/").content.decode()
    assert "cefTRIAXone" in buyer.get("/inventory/demand/demand.csv").content.decode()
    post(buyer, "demand/propose/")
    order = PurchaseOrder.objects.get()
    post(buyer, f"orders/{order.id}/line/", {"product_id": pid, "amount": "35", "reason": "less"}, 422)
    post(buyer, f"orders/{order.id}/line/", {"product_id": pid, "amount": "40", "reason": "less"})
    post(buyer, f"orders/{order.id}/step/propose/")
    post(buyer, f"orders/{order.id}/step/approve/", {"signature": PASSWORD})
    post(buyer, f"orders/{order.id}/step/send/")
    assert buyer.get(f"/inventory/orders/{order.id}/order.pdf").content.startswith(b"%PDF")
    assert "cefTRIAXone" in buyer.get(f"/inventory/orders/{order.id}/order.csv").content.decode()
    client = browse(store.warehouse)
    assert client.get(f"/inventory/orders/{order.id}/").status_code == 200
    fields = {"product_id": pid, "supplier_id": second.id, "order_id": order.id, "lot": "N1", "expires_on": (store.today + timedelta(days=90)).isoformat(),
              "good": "38", "damaged": "1", "invoiced": "2.30", "serials": "S1 S2", "location": b.shelf_id, "ownership": "owned",
              "invoice": "I1", "document": "TI-9", "transacted_on": store.today.isoformat(), "statement": "on"}
    post(client, "receipts/take/", fields | {"good": "1e3"}, 422)
    later = (store.today + timedelta(days=120)).isoformat()
    for more in ("N2", f"N2, {later}", f"N2, {later}, 1e0", "N2, 31/12/2027, 1", f"N2, {later}, 1, 0, 0", "N2, , 1"):
        post(client, "receipts/take/", fields | {"more": more}, 422)
    post(client, "receipts/take/", fields | {"patient": "NOBODY"}, 422)
    post(client, "receipts/take/", fields | {"ownership": "white_bagged"}, 422)
    assert not Receipt.objects.exists()
    post(client, "receipts/take/", fields)
    receipt = Receipt.objects.get()
    page = client.get(f"/inventory/receipts/{receipt.id}/").content.decode()
    assert "damaged 1" in page and "dearer than ordered" in page and "short 1" in page and "Kept until" in page
    assert receipt.kept_until.year == store.today.year + 6
    lots = {"order_id": "", "lot": "M1", "good": "3", "damaged": "", "serials": "", "more": f"M2, {later}, 5, 1\nM3\t{later}\t2\n"}
    post(client, "receipts/take/", fields | lots)
    taken = ReceiptLine.objects.exclude(receipt=receipt).order_by("made_at")
    assert [(x.lot.number, x.good_amount, x.damaged_amount) for x in taken] == [("M1", 3, 0), ("M2", 5, 1), ("M3", 2, 0)]
    post(buyer, f"orders/{order.id}/step/close_short/", {"reason": "two will not come"})
    post(buyer, "orders/open/", {"supplier_id": second.id})
    post(buyer, "shortages/report/", {"product_id": pid, "note": "factory fire"})
    post(buyer, "shortages/report/", {"product_id": pid}, 409)
    other = store.product("cefTRIAXone 2 g").id
    post(rph, "substitutes/", {"product_id": pid, "instead_id": other, "differs": "one vial for two", "source": "own"})
    row = Substitute.objects.get()
    post(rph, f"substitutes/{row.id}/step/sign/", {"signature": PASSWORD}, 409)
    post(browse(b.second_pharmacist), f"substitutes/{row.id}/step/sign/", {"signature": PASSWORD})
    assert [s.instead_id for s in inventory.substitutes(pid)] == [other]
    assert "one vial for two" in rph.get("/inventory/shortages/").content.decode()
    post(buyer, f"shortages/{Shortage.objects.get().id}/end/")
    assert buyer.get("/inventory/orders/").status_code == 200


def test_a_lot_is_stopped_as_suspect_on_its_page(store: Any, browse: Any) -> None:
    lot, client = store.lot("cefTRIAXone 1 g", 5, "A1"), browse(store.bench.pharmacist)
    assert "Suspect product" in client.get(f"/inventory/lots/{lot}/").content.decode()
    post(client, f"lots/{lot}/suspect/", {"why": "the seal is broken"})
    case = Suspect.objects.get()
    assert inventory.lot(lot).state == "quarantined"
    assert client.get(f"/inventory/suspects/{case.id}/").status_code == 200
    post(client, f"suspects/{case.id}/step/condemn/", {"reason": "the maker denies it"})
    post(client, f"suspects/{case.id}/step/close/", {"notice": "3911-7"}, 409)
    post(client, f"lots/{lot}/correct/destroy/", {"location_id": store.bench.shelf_id, "quantity": "5", "reason": "counterfeit", "document": "M1"})
    post(client, f"suspects/{case.id}/step/close/", {"notice": "3911-7"})
    again = store.lot("cefTRIAXone 1 g", 5, "A2")
    second = inventory.report_suspect(lot_id=again, why="odd label", by=store.bench.technician)
    assert inventory.report_suspect(lot_id=again, why="odd label", by=store.bench.technician) == second
    inventory.advance_suspect(suspect_id=second, step="clear", reason="maker confirms", by=store.bench.pharmacist.signing("test"))
    assert inventory.lot(again).state == "available"


def test_picks_labels_and_jumps(store: Any, browse: Any) -> None:
    client = browse(store.bench.technician)
    assert client.get("/inventory/shelf-labels/").status_code == 409
    lot = store.lot("cefTRIAXone 1 g", 5, "A1")
    purpose = lot
    inventory.allocate(product_id=store.product("cefTRIAXone 1 g").id, quantity=D(2), site_id=store.bench.site_id, for_id=purpose, by=store.bench.technician)
    assert "A1" in client.get("/inventory/picks/list.csv").content.decode()
    assert "A1" in client.get(f"/inventory/picks/?for={purpose}").content.decode()
    assert client.get("/inventory/picks/?for=x").status_code == 422
    for path in ("picks/print/", "shelf-labels/"):
        assert client.get(f"/inventory/{path}").content.startswith(b"%PDF")
    code = f"]d201{store.product('cefTRIAXone 1 g').gtin}17{inventory.lot(lot).expires_on:%y%m%d}10A1"
    store.place("SHELF9", PlaceKind.SHELF)
    for text, leads in ((code, f"/inventory/lots/{lot}/"), ("a1", f"/inventory/lots/{lot}/"), ("shelf9", "/inventory/places/")):
        assert client.get("/inventory/jump/", {"code": text})["Location"] == leads
    assert client.get("/inventory/jump/", {"code": "nothing"}).status_code == 404
