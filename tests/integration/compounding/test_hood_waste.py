# SPDX-License-Identifier: Apache-2.0
"""Waste at the hood: closed packages with a reason, another in their place by scan, a witness for what is controlled."""
from __future__ import annotations

from decimal import Decimal as D
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from tests.integration.compounding.test_hood import begun, codes, tell

from openinfusion.compounding import public as compounding
from openinfusion.compounding.models import HoodWaste
from openinfusion.compounding.queries import batch_record
from openinfusion.demo.bench import proofs_of
from openinfusion.inventory import public as inventory
from openinfusion.inventory.queries import disagreements
from openinfusion.kernel.quantity import MG, Quantity
from openinfusion.kernel.refusal import Malformed, Refused
from openinfusion.kernel.waiting import EVERYTHING
from openinfusion.platform.journal import timeline
from openinfusion.sites import public as sites


def drug_of(order_id: UUID) -> compounding.IngredientFact:
    return next(x for x in compounding.ingredients(order_id) if x.role == "drug")


MORPHINE = {"drug_code": "morphine", "dose": Quantity(D(600), MG), "interval_hours": 24, "infusion_minutes": 1440}


def test_a_dropped_package_is_wasted_and_another_takes_its_place(bench: Any) -> None:
    order_id = begun(bench)
    drug = drug_of(order_id)
    lot_id, on_hand = drug.lots[0].lot_id, inventory.lot(drug.lots[0].lot_id).on_hand
    first, second, third = proofs_of(order_id)[:3]
    tell(bench, order_id, first)
    compounding.waste_package(work_order_id=order_id, lot_id=lot_id, reason="dropped or broken", by=bench.technician)
    assert inventory.lot(lot_id).on_hand == on_hand, "it had left the shelf before"
    tell(bench, order_id, second)
    told = tell(bench, order_id, third)  # the third package lies on the floor
    assert "was not staged for this order, or all of it is used" in told["stopped"]
    (report,) = [r for r in compounding.reports(order_id) if r.stopping]
    compounding.advance_report(report_id=report.id, step="acknowledge", by=bench.technician)
    with pytest.raises(Refused):  # of what was not wasted nothing is replaced
        water = next(x for x in compounding.ingredients(order_id) if x.role == "solvent")
        compounding.replace_package(work_order_id=order_id, scan=bench.gs1(water.product_id, inventory.lot(water.lots[0].lot_id)), by=bench.technician)
    compounding.replace_package(work_order_id=order_id, scan=third.code, by=bench.technician)
    assert inventory.lot(lot_id).on_hand == on_hand - 1 and not disagreements()
    with pytest.raises(Refused):
        compounding.replace_package(work_order_id=order_id, scan=third.code, by=bench.technician)
    assert not tell(bench, order_id, third)["stopped"]
    bench.hood(order_id)
    compounding.advance_work_order(work_order_id=order_id, step="finish", by=bench.technician)
    (line,) = batch_record(order_id).wasted
    assert "1 × vancomycin 1 g vial" in line and "dropped or broken (Tam One), 1 taken in their place" in line
    assert drug_of(order_id).complete


def test_waste_needs_a_reason_the_compounder_and_something_closed(bench: Any) -> None:
    order_id = begun(bench)
    lot_id = drug_of(order_id).lots[0].lot_id
    for said, by, error in (({"reason": " "}, bench.technician, Malformed), ({"reason": "x", "packages": 4}, bench.technician, Refused),
                            ({"reason": "x", "packages": 0}, bench.technician, Refused), ({"reason": "x"}, bench.second_technician, Refused)):
        with pytest.raises(error):
            compounding.waste_package(work_order_id=order_id, lot_id=lot_id, by=by, **said)
    with pytest.raises(Refused):
        compounding.waste_package(work_order_id=order_id, lot_id=order_id, reason="x", by=bench.technician)
    assert not HoodWaste.objects.exists()


def registered(bench: Any) -> None:
    """The site may handle what is controlled."""
    sites.record_site_licence(site_id=bench.site_id, kind=sites.LicenceKind.DEA, state="IL", number="DEA-1",
                              expires_on=inventory.site_today(bench.site_id), by=bench.administrator)


def test_a_controlled_package_waits_for_a_witness_who_signs_and_is_another(bench: Any) -> None:
    registered(bench)
    order_id = begun(bench, **MORPHINE)
    lot_id = drug_of(order_id).lots[0].lot_id
    waste = compounding.waste_package(work_order_id=order_id, lot_id=lot_id, reason="seal or cap damaged", by=bench.technician)
    compounding.replace_package(work_order_id=order_id, scan=proofs_of(order_id)[0].code, by=bench.technician)
    assert any(w.kind == "Waste to witness" for w in compounding.waiting(bench.pharmacist, EVERYTHING).rows)
    bench.hood(order_id)
    with pytest.raises(Refused) as no:
        compounding.advance_work_order(work_order_id=order_id, step="finish", by=bench.technician)
    assert codes(no) == {"unwitnessed"}
    for by, code in ((bench.technician.signing("test"), "own-work"), (bench.second_technician, "signature-missing")):
        with pytest.raises(Refused) as no:
            compounding.witness_waste(waste_id=waste, by=by)
        assert codes(no) == {code}
    with pytest.raises(IntegrityError), transaction.atomic():
        HoodWaste.objects.update(state="done")
    with pytest.raises(IntegrityError), transaction.atomic():
        HoodWaste.objects.update(witnessed_by=bench.technician.id)
    compounding.witness_waste(waste_id=waste, by=bench.second_technician.signing("test"))
    assert "witnessed by Tam Two" in compounding.waste_of(order_id)[0].said
    compounding.advance_work_order(work_order_id=order_id, step="finish", by=bench.technician)


def test_what_is_left_of_an_opened_controlled_container_is_witnessed_too(bench: Any) -> None:
    registered(bench)
    order_id = begun(bench, **MORPHINE)
    drug = drug_of(order_id)
    tell(bench, order_id, *proofs_of(order_id)[: drug.packages])
    (opened,) = compounding.opened_at(bench.site_id)
    compounding.waste_opened(opened_id=opened.id, reason="spilled", by=bench.technician)
    (waste,) = compounding.waste_of(order_id)
    assert (waste.packages, waste.waits) == (0, True) and f"what was left of {drug.name}" in waste.said
    assert "to be witnessed" in timeline(subject_id=waste.id)[0].sentence


def test_by_the_hoods_screen_the_record_and_the_api(bench: Any, browse: Any) -> None:
    order_id = begun(bench)
    lot_id = drug_of(order_id).lots[0].lot_id
    mine, other = browse(bench.technician), browse(bench.second_technician)
    page = mine.get(f"/compounding/{order_id}/hood/").content.decode()
    assert str(lot_id) in page and "A package that was not opened" in page
    path = f"/api/compounding/work-orders/{order_id}"
    assert mine.post(f"{path}/waste", {"lot_id": str(lot_id), "reason": ""}, content_type="application/json").status_code == 422
    assert mine.post(f"{path}/waste", {"lot_id": str(lot_id), "reason": "particles or haze"}, content_type="application/json").status_code == 200
    assert mine.post(f"{path}/replacements", {"code": proofs_of(order_id)[0].code}, content_type="application/json").status_code == 200
    (row,) = mine.get(f"{path}/waste").json()
    assert (row["packages"], row["replaced"], row["state"]) == (1, 1, "done")
    assert "particles or haze" in other.get(f"/compounding/{order_id}/record/").content.decode()
    assert drug_of(order_id).captured == 4 and D(drug_of(order_id).packages) == 3
