"""Stock over the API: counted, witnessed, sent, recalled, bought, programmed; numbers read strictly."""
from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from openinfusion.inventory import public as inventory
from openinfusion.inventory.public import PlaceKind

JSON = {"content_type": "application/json"}
SIGNED = {"headers": {"X-Signature": "a long test password"}}


def post(client: Any, path: str, data: Any, status: int = 200, **more: Any) -> Any:
    answer = client.post(f"/api/inventory/{path}", data, **JSON, **more)
    assert answer.status_code == status, (path, answer.content.decode()[:600])
    return answer.json()


def test_a_count_and_a_vault_entry(store: Any, browse: Any) -> None:
    b = store.bench
    store.lot("cefTRIAXone 1 g", 5, "A")
    vault = store.lot("HYDROmorphone", 5, "H")
    tech, rph = browse(b.technician), browse(b.pharmacist)
    sheet = post(tech, "counts", {"location_id": str(b.shelf_id)})["id"]
    line = tech.get(f"/api/inventory/counts/{sheet}/lines").json()
    assert len(line) == 1 and set(line[0]) == {"id", "lot_id", "counted"}, "the book is not told"
    post(tech, f"counts/{sheet}/figures", {"figures": [{"id": line[0]["id"], "amount": "1e3"}]}, 422)
    post(tech, f"counts/{sheet}/figures", {"figures": [{"id": line[0]["id"], "amount": "5"}]})
    post(tech, f"counts/{sheet}/steps", {"step": "finish"})
    post(rph, f"counts/{sheet}/steps", {"step": "approve"}, 409)
    post(rph, f"counts/{sheet}/steps", {"step": "approve"}, **SIGNED)
    act = post(tech, "vault", {"kind": "waste", "lot_id": str(vault), "location_id": str(b.shelf_id), "amount": "1", "reason": "broken"})["id"]
    post(tech, f"vault/{act}/witness", {}, 409, **SIGNED)
    post(rph, f"vault/{act}/witness", {}, **SIGNED)
    assert inventory.lot(vault).on_hand == 4


def test_a_transfer_and_a_recall(store: Any, browse: Any) -> None:
    b, lot = store.bench, store.lot("cefTRIAXone 1 g", 5, "A")
    client = browse(b.pharmacist)
    van = store.place("VAN", PlaceKind.VAN)
    sent = post(client, "transfers", {"from_location": str(b.shelf_id), "to_location": str(van), "lots": [{"id": str(lot), "amount": "2"}]})["id"]
    post(client, f"transfers/{sent}/receipt", {"figures": [{"id": str(lot), "amount": "2"}]})
    case = post(client, "recalls", {"title": "t", "klass": "I", "source": "s", "why": "w", "lot_ids": [str(lot)]})["id"]
    b.tell()
    seen = client.get(f"/api/inventory/recalls/{case}").json()
    assert seen["state"] == "open" and seen["notices"] == []
    post(client, f"recalls/{case}/steps", {"step": "pull"}, 409)
    assert client.get(f"/api/inventory/lots/{lot}/uses").json() == []
    post(client, f"notices/{case}", {"told": "told", "how": "call"}, 404)


def test_buying_and_receiving(store: Any, browse: Any) -> None:
    b, client = store.bench, browse(store.buyer)
    pid = store.price("cefTRIAXone 1 g", "2.10")
    inventory.set_par(site_id=b.site_id, product_id=pid, par=Decimal(40), harm="usual", by=store.buyer)
    assert client.get(f"/api/inventory/demand?site_id={b.site_id}").json()[0]["order"] == "40"
    made = post(client, f"orders/proposals?site_id={b.site_id}", {})["ids"]
    for step in ("propose", "approve", "send"):
        post(client, f"orders/{made[0]}/steps", {"step": step}, **SIGNED)
    post(client, "orders", {"site_id": str(b.site_id), "supplier_id": str(store.supplier_id), "lines": [{"product_id": str(pid), "amount": "3"}]})
    line = {"product_id": str(pid), "lot": "D1", "expires_on": (store.today + timedelta(days=99)).isoformat(), "good": "40", "invoiced": "2.10"}
    body = {"supplier_id": str(store.supplier_id), "site_id": str(b.site_id), "location": str(b.shelf_id), "lines": [line], "order_id": made[0]}
    post(client, "deliveries", body, 409)
    post(client, "deliveries", body | {"document": "TI", "transacted_on": store.today.isoformat(), "statement": True})
    assert inventory.on_hand(pid, b.site_id) == 40
    bagged = post(client, "receipts", {"product_id": str(pid), "lot": "WB", "expires_on": line["expires_on"], "quantity": "2",
                                       "location": str(b.shelf_id), "ownership": "white_bagged", "patient_id": str(b.patient_id)})["id"]
    assert client.get(f"/api/inventory/lots/{bagged}").json()["ownership"] == "white_bagged"


def test_devices(store: Any, browse: Any) -> None:
    b = store.bench
    order = b.prescription()
    b.verify(order)
    pump = inventory.receive_pump(product_id=store.product("ambulatory infusion pump").id, serial="P1", site_id=b.site_id, by=store.warehouse)
    tech, rph = browse(b.technician), browse(b.pharmacist)
    post(tech, f"devices/{pump}/care", {"kind": "maintenance", "done_on": store.today.isoformat(), "how": "flow test", "passed": True})
    for step in ("inspect", "shelve"):
        inventory.advance_pump(pump_id=pump, step=step, by=store.warehouse)
    inventory.advance_pump(pump_id=pump, step="assign", patient_id=b.patient_id, by=store.warehouse)
    settings = {"mode": "intermittent", "concentration": "20", "rate_ml_per_h": "200", "volume_ml": "100", "every_hours": "24"}
    program = post(tech, f"devices/{pump}/program", settings | {"prescription_id": str(order)})["id"]
    post(rph, f"programs/{program}/check", settings | {"rate_ml_per_h": "20"}, 409, **SIGNED)
    post(rph, f"programs/{program}/check", settings, **SIGNED)
