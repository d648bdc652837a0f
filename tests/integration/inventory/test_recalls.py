"""A recall stops the lots, finds whom they reached through preparations and supplies, and is closed when all is done."""
from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from openinfusion.compounding import public as compounding
from openinfusion.delivery import public as delivery
from openinfusion.desk.queries.trace import back, forward
from openinfusion.inventory import public as inventory
from openinfusion.inventory.models import RecallCase, RecallNotice
from openinfusion.inventory.public import PlaceKind, RecallClass, Told
from openinfusion.kernel.refusal import Malformed, Refused
from openinfusion.kernel.roles import Role
from openinfusion.platform.actor import Actor

D = Decimal
CASE = {"title": "particles in vials", "klass": RecallClass.II, "source": "Northwind letter 7", "why": "glass"}


def used(thread: Any) -> tuple[Any, Any]:
    """A supply that was made and delivered: the drug's lot, and the work order."""
    ticket = delivery.ticket(thread.delivered())
    made = compounding.preparation(next(line.preparation_id for line in ticket.lines if line.preparation_id))
    order = made.work_order_id
    lot = next(t.lot_id for t in inventory.taken(purposes=[order]) if inventory.lot(t.lot_id).number.startswith("L"))
    return lot, order


def test_a_lot_is_traced_to_the_patient_and_back(thread: Any, browse: Any) -> None:
    lot, order = used(thread)
    there = forward([lot])
    assert [(x.kind, x.patient_id, x.reached) for x in there] == [("preparation", thread.bench.patient_id, True)]
    assert {x.lot_id for x in back([order])} >= {lot} and forward([]) == []
    client = browse(thread.bench.pharmacist)
    number = compounding.work_order(order).number
    for query in (f"lot={lot}", f"q={inventory.lot(lot).number}", f"q={number}", f"patient={thread.bench.patient_id}", "", "q=unknown"):
        page = client.get(f"/trace/?{query}")
        assert page.status_code == 200
        assert (number in page.content.decode()) is (query not in ("", "q=unknown"))
    assert number in client.get(f"/trace/trace.csv?lot={lot}").content.decode()
    assert client.get("/trace/?lot=x").status_code == 422


def test_the_trace_of_a_supply_goes_by_its_delivery(thread: Any) -> None:
    ticket_id = thread.delivered()
    lots = {t.lot_id for t in inventory.taken(purposes=[ticket_id])}
    found = forward(lots)
    assert found and {x.kind for x in found} == {"supply"} and all(x.reached and x.url == f"/delivery/{ticket_id}/" for x in found)


def test_a_recall_is_opened_pulled_told_checked_by_another_and_closed(thread: Any, browse: Any, someone: Any) -> None:
    b, (lot, _) = thread.bench, used(thread)
    with pytest.raises(Malformed):
        inventory.open_recall(**CASE | {"title": " "}, by=b.pharmacist)
    client = browse(b.pharmacist)
    answer = client.post(f"/inventory/recalls/open/?q={inventory.lot(lot).number}", {
        "title": "particles", "klass": "II", "source": "letter 7", "why": "glass", "instructions": "Do not use it.", "lot_ids": [str(lot)]})
    assert answer.status_code == 302
    b.tell()
    case = RecallCase.objects.get()
    assert inventory.lot(lot).state == "recalled"
    notice = RecallNotice.objects.get()
    assert (notice.patient_id, notice.reach) == (b.patient_id, "preparation")
    page = client.get(f"/inventory/recalls/{case.id}/").content.decode()
    assert "still on shelves" in page and "SAMPLETON" in page
    with pytest.raises(Refused, match="still on shelves"):
        inventory.advance_recall(case_id=case.id, step="pull", by=b.pharmacist)
    inventory.pull_stock(case_id=case.id, by=b.second_pharmacist)
    assert client.post(f"/inventory/recalls/{case.id}/step/pull/").status_code == 302
    with pytest.raises(Refused, match="1 patient.s. are not told"):
        inventory.advance_recall(case_id=case.id, step="tell", by=b.pharmacist)
    for told, how, note in ((Told.PENDING, "", ""), (Told.TOLD, " ", ""), (Told.UNREACHABLE, "", "")):
        with pytest.raises(Malformed):
            inventory.tell_patient(notice_id=notice.id, told=told, how=how, note=note, by=b.pharmacist)
    assert client.get(f"/inventory/recalls/{case.id}/letters/").content.startswith(b"%PDF")
    assert "SAMPLETON" in client.get(f"/inventory/recalls/{case.id}/letters.csv").content.decode()
    assert client.post(f"/inventory/notices/{notice.id}/told/", {"told": "told", "how": "call, herself", "note": ""}).status_code == 302
    inventory.advance_recall(case_id=case.id, step="tell", by=b.pharmacist)
    with pytest.raises(Refused, match="may not check the effect"):
        inventory.advance_recall(case_id=case.id, step="check", reason="all answered", by=b.pharmacist.signing("test"))
    other = someone(Role.COMPLIANCE, site_id=b.site_id)
    inventory.advance_recall(case_id=case.id, step="check", reason="all answered", by=other.signing("test"))
    inventory.advance_recall(case_id=case.id, step="close", by=b.pharmacist)
    assert client.get(f"/inventory/recalls/{case.id}/").status_code == 200
    assert RecallCase.objects.get().state == "closed"


def test_what_is_held_of_a_recalled_lot_is_released_and_the_order_is_short(store: Any, browse: Any) -> None:
    b, lot = store.bench, store.lot("cefTRIAXone 1 g", 5, "A1")
    inventory.allocate(product_id=store.product("cefTRIAXone 1 g").id, quantity=D(2), site_id=b.site_id, for_id=lot, by=b.technician)
    case = inventory.open_recall(**CASE, lot_ids=[lot], by=b.pharmacist)
    b.tell()
    assert inventory.pull_stock(case_id=case, by=b.pharmacist) == 5
    assert inventory.pull_stock(case_id=case, by=b.pharmacist) == 0
    assert [(a.quantity, a.issued) for a in inventory.allocations(lot)] == [(0, 0)]
    client = browse(b.pharmacist)
    assert client.post(f"/trace/reach/{case}/").status_code == 302
    assert client.get(f"/inventory/recalls/{case}/letters/").status_code == 409, "it reached nobody"
    inventory.advance_recall(case_id=case, step="pull", by=b.pharmacist)
    with pytest.raises(Refused, match="open it again"):
        inventory.widen_recall(case_id=case, lot_ids=[lot], by=b.pharmacist)
    inventory.advance_recall(case_id=case, step="reopen", reason="a second lot", by=b.pharmacist)
    more = store.lot("cefTRIAXone 1 g", 3, "A2")
    assert client.get(f"/inventory/recalls/{case}/?q=A2").status_code == 200
    assert client.post(f"/inventory/recalls/{case}/widen/?q=A2", {"lot_ids": [str(more)]}).status_code == 302
    assert client.post(f"/inventory/recalls/{case}/pull/").status_code == 302
    assert set(inventory.recall(case).lot_ids) == {lot, more}


def test_a_recalled_device_reaches_the_patient_it_is_with(store: Any) -> None:
    b = store.bench
    pump = inventory.receive_pump(product_id=store.product("ambulatory infusion pump").id, serial="P9", site_id=b.site_id, by=store.warehouse)
    due = store.today.replace(year=store.today.year + 1)
    for step, more in (("inspect", {"maintenance_due_on": due}), ("shelve", {}), ("assign", {"patient_id": b.patient_id}), ("hand_over", {})):
        inventory.advance_pump(pump_id=pump, step=step, by=store.warehouse, **more)
    case = inventory.open_recall(**CASE, pump_ids=[pump], by=b.pharmacist)
    b.tell()
    notice = RecallNotice.objects.get()
    assert (notice.reach, notice.patient_id, inventory.pump(pump).state) == ("device", b.patient_id, "recalled")
    inventory.advance_recall(case_id=case, step="pull", by=b.pharmacist)
    inventory.advance_pump(pump_id=pump, step="take_in", reason="swapped", by=store.warehouse)
    assert inventory.pump(pump).patient_id is None and inventory.rental_days(b.patient_id, store.today, store.today) == 1


def test_stock_on_the_road_or_at_home_keeps_a_recall_open(store: Any) -> None:
    b, lot = store.bench, store.lot("cefTRIAXone 1 g", 5, "A1")
    home = store.place("H1", PlaceKind.PATIENT_HOME)
    inventory.transfer_stock(lot_id=lot, from_location=b.shelf_id, to_location=home, quantity=D(1), by=b.technician)
    case = inventory.open_recall(**CASE, lot_ids=[lot], by=b.pharmacist)
    assert inventory.pull_stock(case_id=case, by=b.pharmacist, site_id=b.site_id) == 4
    with pytest.raises(Refused, match="1 package.s. are still on shelves"):
        inventory.advance_recall(case_id=case, step="pull", by=b.pharmacist)


def test_who_may_not_recall_may_not(store: Any) -> None:
    actor: Actor = store.bench.technician
    with pytest.raises(Refused):
        inventory.open_recall(**CASE, lot_ids=[], by=actor)
