# SPDX-License-Identifier: Apache-2.0
"""Stopped by each reason of the gate, told why and who clears it, through the page, the API and the action."""
from __future__ import annotations

import html
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from tests.integration.compounding.test_hood import (
    _changed_patient,
    _incompetent,
    _recalled,
    _uncertified,
    begun,
    codes,
    staged,
)

from openinfusion.compounding import public as compounding
from openinfusion.compounding.models import (
    WorkOrder,
)
from openinfusion.inventory import public as inventory
from openinfusion.inventory.models import Lot
from openinfusion.kernel.refusal import Refused
from openinfusion.patients.models import Patient
from openinfusion.platform.clock import now, told
from openinfusion.sites import public as sites
from openinfusion.sites.models import Hood
from openinfusion.team import public as team
from openinfusion.team.models import Credential, GarbAttest
from openinfusion.therapy import public as therapy


def _held_order(bench: Any, order_id: UUID) -> None:
    therapy.activate_prescription(prescription_id=compounding.work_order(order_id).prescription_id, by=bench.pharmacist)
    therapy.steer_prescription(prescription_id=compounding.work_order(order_id).prescription_id, step="hold", reason="in hospital",
                               by=bench.pharmacist)


def _expired(bench: Any, order_id: UUID) -> None:
    Lot.objects.filter(pk=compounding.ingredients(order_id)[0].lots[0].lot_id).update(
        expires_on=inventory.site_today(bench.site_id) - timedelta(days=1))


def _lot_recalled(bench: Any, order_id: UUID) -> None:
    lot = compounding.ingredients(order_id)[0].lots[0].lot_id
    inventory.advance_lot(lot_id=lot, step="recall", reason="recalled by its maker", by=bench.pharmacist)


def _hazardous(bench: Any, order_id: UUID) -> None:
    WorkOrder.objects.filter(pk=order_id).update(hazardous=True)


def _taken(bench: Any, order_id: UUID) -> None:
    other = staged(bench)
    compounding.advance_work_order(work_order_id=other, step="start", hood_id=bench.hood_id, by=bench.second_technician)


def _ungarbed(bench: Any, order_id: UUID) -> None:
    GarbAttest.objects.filter(person__user_id=bench.technician.id).delete()


def _unlicensed(bench: Any, order_id: UUID) -> None:
    team.record_credential(user_id=bench.technician.id, kind="technician", state="IL", number="T-1",
                           expires_on=inventory.site_today(bench.site_id) - timedelta(days=1), by=bench.administrator)


def _uncleaned(bench: Any, order_id: UUID) -> None:
    Hood.objects.filter(pk=bench.hood_id).update(cleaned_at=None)


def _hood_closed(bench: Any, order_id: UUID) -> None:
    sites.advance_hood(hood_id=bench.hood_id, step="take_out", reason="filter torn", by=bench.pharmacist)


@pytest.mark.parametrize(("spoil", "said", "who"), [
    (_held_order, "the prescription is on hold", "pharmacist"),
    (_changed_patient, "the prescription is", "pharmacist"),
    (_uncertified, "certif", ""),
    (_uncleaned, "clean", ""),
    (_hazardous, "hazardous", ""),
    (_hood_closed, "out of service", ""),
    (_taken, "Tam Two has Hood 1 since", "a pharmacist clears"),
    (_incompetent, "media fill", ""),
    (_ungarbed, "garb", ""),
    (_unlicensed, "technician licence for IL expired", "renewal"),
    (_expired, "expired", ""),
    (_recalled, "quarantine", ""),
    (_lot_recalled, "", ""),
])
def test_the_story_of_the_gate_each_reason_stops_the_start_says_why_and_who_clears_it(
    bench: Any, browse: Any, spoil: Any, said: str, who: str,
) -> None:
    """Through the page of the work order: the gate's card and the grey button say it, and the start over HTTP is refused."""
    order_id = staged(bench)
    technician = browse(bench.technician)
    assert technician.get(f"/api/compounding/work-orders/{order_id}/gate?hood_id={bench.hood_id}").json()["open"]
    spoil(bench, order_id)
    gate = technician.get(f"/api/compounding/work-orders/{order_id}/gate?hood_id={bench.hood_id}").json()
    assert not gate["open"] and all(r["clears"] for r in gate["reasons"]), gate
    text = " ".join(f"{r['text']} {r['clears']}" for r in gate["reasons"])
    assert said in text and who in text, text
    refused = technician.post(f"/compounding/{order_id}/step/start/", {"hood_id": str(bench.hood_id)})
    assert refused.status_code == 409 and gate["reasons"][0]["text"][:30] in html.unescape(refused.content.decode())
    page = html.unescape(technician.get(f"/compounding/{order_id}/").content.decode())
    assert gate["reasons"][0]["text"] in page
    assert compounding.steps(order_id) == [] and compounding.work_order(order_id).state == "pre_checked"
    assert not [t for t in compounding.hood_turns(bench.site_id) if t.person == "Tam One"]


def test_stability_or_the_beyond_use_date_stops_what_keeps_too_short(bench: Any) -> None:
    order_id = begun(bench)
    bench.hood(order_id)
    compounding.advance_work_order(work_order_id=order_id, step="finish", by=bench.technician)
    compounding.advance_work_order(work_order_id=order_id, step="present", by=bench.technician)
    with told(now() + timedelta(days=12)), pytest.raises(Refused) as no:
        compounding.advance_work_order(work_order_id=order_id, step="verify", by=bench.pharmacist.signing("test"))
    assert "past-beyond-use" in codes(no) and "waste it" in str(no.value)
    assert compounding.work_order(order_id).state == "final_check"


def test_a_pharmacist_without_a_licence_in_date_neither_releases_nor_verifies_nor_dispenses(bench: Any) -> None:
    order_id = begun(bench)
    bench.hood(order_id)
    for step in ("finish", "present"):
        compounding.advance_work_order(work_order_id=order_id, step=step, by=bench.technician)
    today = inventory.site_today(bench.site_id)

    def licence(until: int, state: str = "IL") -> None:
        team.record_credential(user_id=bench.pharmacist.id, kind="pharmacist", state=state, number=f"051-One{state}",
                               expires_on=today + timedelta(days=until), by=bench.administrator)

    def refused(step: str) -> str:
        with pytest.raises(Refused) as no:
            compounding.advance_work_order(work_order_id=order_id, step=step, by=bench.pharmacist.signing("test"))
        return str(no.value)

    Credential.objects.filter(person__user_id=bench.pharmacist.id).delete()
    assert "no pharmacist licence for IL on record" in refused("verify")
    licence(-1)
    assert "pharmacist licence for IL expired" in refused("verify") and "renewal" in refused("verify")
    licence(30)
    compounding.advance_work_order(work_order_id=order_id, step="verify", by=bench.pharmacist.signing("test"))
    compounding.print_label(work_order_id=order_id, by=bench.technician)
    compounding.advance_work_order(work_order_id=order_id, step="label", by=bench.technician)
    Patient.objects.filter(pk=bench.patient_id).update(state_code="MO")
    licence(-1, "MO")
    assert "pharmacist licence for MO expired" in refused("dispense")
    licence(30, "MO")
    compounding.advance_work_order(work_order_id=order_id, step="dispense", by=bench.pharmacist.signing("test"))


def test_nothing_is_made_for_a_state_that_the_pharmacy_may_not_ship_to(bench: Any, browse: Any) -> None:
    prescription_id = bench.prescription()
    bench.verify(prescription_id)
    (planned,) = compounding.work_orders_of(prescription_id)
    order_id = planned.id
    for line in compounding.ingredients(order_id):
        inventory.receive_stock(product_id=line.product_id, lot=f"S{line.gtin[-5:]}", quantity=Decimal(40), location=bench.shelf_id,
                                expires_on=inventory.site_today(bench.site_id) + timedelta(days=300), by=bench.technician)
    compounding.allocate_ingredients(work_order_id=order_id, by=bench.technician)
    Patient.objects.filter(pk=bench.patient_id).update(state_code="MO")
    with pytest.raises(Refused, match="no nonresident pharmacy licence for MO on record"):
        compounding.advance_work_order(work_order_id=order_id, step="release", by=bench.pharmacist)
    page = html.unescape(browse(bench.pharmacist).get(f"/compounding/{order_id}/").content.decode())
    assert "no nonresident pharmacy licence for MO on record" in page
    assert compounding.work_order(order_id).state == "planned"
    sites.record_site_licence(site_id=bench.site_id, kind=sites.LicenceKind.NONRESIDENT, state="MO", number="NR-1",
                              expires_on=inventory.site_today(bench.site_id), by=bench.administrator)
    compounding.advance_work_order(work_order_id=order_id, step="release", by=bench.pharmacist)
    assert compounding.work_order(order_id).state == "released"
