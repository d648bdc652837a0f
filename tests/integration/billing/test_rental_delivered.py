# SPDX-License-Identifier: Apache-2.0
"""A rented pump, from the shelf to the claim: a month at a time, while it is with the patient, where it is itemized."""
from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from openinfusion.billing import public as billing
from openinfusion.billing.actions.rental import rental_charges
from openinfusion.billing.models import Claim, ClaimLine
from openinfusion.billing.queries.terms import terms_of
from openinfusion.catalog import public as catalog
from openinfusion.delivery import public as delivery
from openinfusion.inventory import public as inventory
from openinfusion.inventory.public import Mode, Settings
from openinfusion.patients.models import Coverage
from openinfusion.payers import public as payers
from openinfusion.platform.clock import now, today, told
from openinfusion.therapy import public as therapy


def _programmed(thread: Any, pump: Any, order: Any) -> None:
    """2 g in 100 mL over 30 min, every 24 h; checked by another."""
    right = Settings(Mode.INTERMITTENT, Decimal(20), Decimal(200), Decimal(100), Decimal(24))
    program = inventory.enter_program(pump_id=pump, prescription_id=order, settings=right, by=thread.bench.technician)
    inventory.check_program(program_id=program, seen=right, by=thread.bench.pharmacist.signing("test"))


def test_the_first_month_is_charged_with_the_delivery_the_next_when_it_begins_and_none_once_it_is_back(thread: Any) -> None:
    plan = next(p for p in payers.plans() if p.code == "medicare_b")
    Coverage.objects.update(plan_id=plan.id)
    ticket_id = thread.dispatched()
    therapy_id = delivery.ticket(ticket_id).therapy_id
    pump = inventory.receive_pump(
        product_id=next(p.id for p in catalog.products_of() if "ambulatory infusion pump" in p.name), serial="P1",
        site_id=thread.bench.site_id, by=thread.warehouse)
    whose = {"patient_id": thread.bench.patient_id, "therapy_id": therapy_id}
    due = {"maintenance_due_on": today("America/Chicago") + timedelta(days=300)}
    steps: tuple[tuple[str, dict[str, Any]], ...] = (("inspect", due), ("shelve", {}), ("assign", whose), ("hand_over", {}))
    for step, more in steps:
        if step == "hand_over":
            _programmed(thread, pump, therapy.prescriptions_of(therapy_id)[0].id)
        inventory.advance_pump(pump_id=pump, step=step, by=thread.warehouse, **more)
    delivery.hand_over(
        ticket_id=ticket_id, received_by="Amara Sampleton", relation="self", signature="typed:Amara Sampleton", arrived_c=5,
        by=thread.driver,
    )
    thread.bench.tell()
    line = ClaimLine.objects.get(kind="rental")
    assert (line.code, line.units, line.source_kind) == ("E0781", 1, "pump") and {"RR", "KH"} <= set(line.modifiers)
    assert line.expected_cents == 24815 and "month 1 of the rental" in line.evidence
    billing.capture_delivery(ticket_id=ticket_id, by=thread.biller)
    assert ClaimLine.objects.filter(kind="rental").count() == 1, "told again, it is charged once"
    course = therapy.therapy(therapy_id)
    terms = terms_of(course, line.first_on)
    assert rental_charges(course, terms, line.last_on) == []
    with told(now() + timedelta(days=40)):
        (second,) = rental_charges(course, terms, line.last_on + timedelta(days=1))
        assert second.first_on == line.last_on + timedelta(days=1) and "KI" in second.modifiers
    inventory.advance_pump(pump_id=pump, step="return", by=thread.warehouse)
    with told(now() + timedelta(days=40)):
        assert rental_charges(course, terms, line.last_on + timedelta(days=1)) == []
    assert Claim.objects.count() == 1
