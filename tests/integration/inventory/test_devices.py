"""A device by its serial: programmed for an order, checked by another at the pump, cared for, counted in days."""
from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from openinfusion.inventory import public as inventory
from openinfusion.inventory.models import Placement, Pump, PumpProgram
from openinfusion.inventory.public import Care, CareKind, Mode, Settings
from openinfusion.kernel.refusal import Malformed, Refused
from openinfusion.therapy import public as therapy

D = Decimal
RIGHT = Settings(Mode.INTERMITTENT, D(20), D(200), D(100), D(24))  # 2 g in 100 mL over 30 min, every 24 h


def assigned(store: Any, serial: str = "P1") -> tuple[Any, Any]:
    """A pump assigned to the patient of a verified order."""
    b = store.bench
    order = b.prescription()
    b.verify(order)
    pump = inventory.receive_pump(product_id=store.product("ambulatory infusion pump").id, serial=serial, site_id=b.site_id, by=store.warehouse)
    inventory.record_care(pump_id=pump, care=Care(CareKind.MAINTENANCE, store.today, "flow test 0.4 %", True), by=store.warehouse)
    for step in ("inspect", "shelve"):
        inventory.advance_pump(pump_id=pump, step=step, by=store.warehouse)
    inventory.advance_pump(pump_id=pump, step="assign", patient_id=b.patient_id, therapy_id=therapy.prescription(order).therapy_id, by=store.warehouse)
    return pump, order


def test_a_program_is_checked_by_another_at_the_pump_before_it_is_handed_over(store: Any) -> None:
    b, (pump, order) = store.bench, assigned(store)
    with pytest.raises(Refused, match="no program of this patient's order"):
        inventory.advance_pump(pump_id=pump, step="hand_over", by=store.warehouse)
    program = inventory.enter_program(pump_id=pump, prescription_id=order, settings=RIGHT, by=b.technician)
    with pytest.raises(Refused, match="may not check it"):
        inventory.check_program(program_id=program, seen=RIGHT, by=b.technician.signing("test"))
    with pytest.raises(Refused, match="read off the pump otherwise: rate ml per h"):
        inventory.check_program(program_id=program, seen=Settings(Mode.INTERMITTENT, D(20), D(20), D(100), D(24)), by=b.pharmacist.signing("test"))
    inventory.check_program(program_id=program, seen=RIGHT, by=b.pharmacist.signing("test"))
    inventory.advance_pump(pump_id=pump, step="hand_over", by=store.warehouse)
    with pytest.raises(IntegrityError, match="program_checker_is_another"), transaction.atomic():
        PumpProgram.objects.filter(pk=program).update(checked_by=b.technician.id)
    inventory.advance_pump(pump_id=pump, step="return", by=store.warehouse)
    stay = Placement.objects.get()
    assert (stay.first_on, stay.last_on) == (store.today, store.today)
    inventory.advance_pump(pump_id=pump, step="clean", by=store.warehouse)
    with pytest.raises(Refused, match="no cleaning is recorded"):
        inventory.advance_pump(pump_id=pump, step="finish_cleaning", by=store.warehouse)
    inventory.record_care(pump_id=pump, care=Care(CareKind.CLEANING, store.today, "quaternary ammonium", True), by=store.warehouse)
    inventory.advance_pump(pump_id=pump, step="finish_cleaning", by=store.warehouse)


def test_a_program_that_is_not_the_order_is_stopped(store: Any) -> None:
    b, (pump, order) = store.bench, assigned(store)
    for settings, said in (
        (Settings(Mode.INTERMITTENT, D(10), D(200), D(100), D(24)), "dose: the pump has 1,000 mg, the order 2,000 mg"),
        (Settings(Mode.INTERMITTENT, D(20), D(100), D(100), D(24)), "time of one dose"),
        (Settings(Mode.INTERMITTENT, D(20), D(200), D(100), D(12)), "interval: the pump has 12 h, the order 24 h"),
        (Settings(Mode.CONTINUOUS, D(20), D(4)), "names no rate in mL/h"),
    ):
        program = inventory.enter_program(pump_id=pump, prescription_id=order, settings=settings, by=b.technician)
        with pytest.raises(Refused, match=said):
            inventory.check_program(program_id=program, seen=settings, by=b.pharmacist.signing("test"))
        assert PumpProgram.objects.get(pk=program).state == "entered"
    assert PumpProgram.objects.exclude(state="replaced").count() == 1


def test_programs_are_for_the_patient_who_has_the_pump(store: Any) -> None:
    b, (pump, order) = store.bench, assigned(store)
    other = inventory.receive_pump(product_id=store.product("ambulatory infusion pump").id, serial="P2", site_id=b.site_id, by=store.warehouse)
    with pytest.raises(Refused, match="not assigned to the patient"):
        inventory.enter_program(pump_id=other, prescription_id=order, settings=RIGHT, by=b.technician)
    with pytest.raises(Malformed, match="rate_ml_per_h"):
        inventory.enter_program(pump_id=pump, prescription_id=order, settings=Settings(Mode.CONTINUOUS, D(1), D(0)), by=b.technician)
    inventory.advance_pump(pump_id=pump, step="unassign", reason="another pump", by=store.warehouse)
    assert Pump.objects.get(pk=pump).patient_id is None


def test_care_sets_the_next_maintenance_and_is_read_strictly(store: Any) -> None:
    pump, _ = assigned(store)
    assert inventory.pump(pump).maintenance_due_on == store.today + timedelta(days=365)
    inventory.record_care(pump_id=pump, care=Care(CareKind.MAINTENANCE, store.today, "alarm silent", False), by=store.warehouse)
    assert inventory.pump(pump).maintenance_due_on == store.today + timedelta(days=365), "what failed sets nothing"
    for care in (Care(CareKind.CLEANING, store.today, " ", True), Care(CareKind.CLEANING, store.today + timedelta(days=2), "x", True)):
        with pytest.raises(Malformed):
            inventory.record_care(pump_id=pump, care=care, by=store.warehouse)


def test_a_device_whose_maintenance_is_due_waits_in_the_queue(store: Any) -> None:
    pump, _ = assigned(store)
    inventory.advance_pump(pump_id=pump, step="unassign", reason="not needed", by=store.warehouse)
    assert not any(w.kind == "Maintenance due" for w in inventory.waiting(store.warehouse).rows)
    Pump.objects.filter(pk=pump).update(maintenance_due_on=store.today)
    assert any(w.kind == "Maintenance due" for w in inventory.waiting(store.warehouse).rows)


def test_the_pages_of_a_device(store: Any, browse: Any) -> None:
    b, (pump, order) = store.bench, assigned(store, "SN7")
    tech, rph, ware = browse(b.technician), browse(b.pharmacist), browse(store.warehouse)
    assert tech.get("/inventory/jump/", {"code": "sn7"})["Location"] == f"/inventory/pumps/{pump}/"
    assert "SN7" in tech.get("/inventory/pumps/devices.csv").content.decode()
    fields = {"prescription_id": order, "mode": "intermittent", "concentration": "20", "rate_ml_per_h": "100", "volume_ml": "100", "every_hours": "24"}
    assert tech.post(f"/inventory/pumps/{pump}/program/", fields | {"concentration": "2e1"}).status_code == 422
    assert tech.post(f"/inventory/pumps/{pump}/program/", fields).status_code == 302
    page = rph.get(f"/inventory/pumps/{pump}/").content.decode()
    assert "The program is not the order" in page and "hidden until a second person" in page
    assert tech.post(f"/inventory/pumps/{pump}/program/", fields | {"rate_ml_per_h": "200"}).status_code == 302
    program = PumpProgram.objects.get(state="entered")
    seen = {k: v for k, v in fields.items() if k != "prescription_id"} | {"rate_ml_per_h": "200"}
    assert rph.post(f"/inventory/programs/{program.id}/check/", {"mode": "x"}).status_code == 422
    password = {"signature": "a long test password"}
    assert rph.post(f"/inventory/programs/{program.id}/check/", seen | password).status_code == 302
    assert ware.post(f"/inventory/pumps/{pump}/step/hand_over/").status_code == 302
    assert "200" in rph.get(f"/inventory/pumps/{pump}/").content.decode()
    assert ware.post(f"/inventory/pumps/{pump}/care/", {"kind": "repair", "done_on": store.today.isoformat(), "how": "new latch", "passed": "on"}).status_code == 302
    assert ware.post("/inventory/pumps/receive/", {"product_id": store.product("IV pole").id, "serial": "pole-1"}).status_code == 302
    assert any(h.kind == "Device" for h in inventory.find("SN7", b.technician))
