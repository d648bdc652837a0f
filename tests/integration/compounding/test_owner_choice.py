# SPDX-License-Identifier: Apache-2.0
"""Whose stock the drug is taken from: chosen with a reason, all or nothing."""
from __future__ import annotations

from datetime import timedelta
from decimal import Decimal as D
from typing import Any

import pytest

from openinfusion.compounding import public as compounding
from openinfusion.inventory import public as inventory
from openinfusion.kernel.quantity import MG, Quantity
from openinfusion.kernel.refusal import Malformed, Refused
from openinfusion.platform.journal import timeline


def test_the_drug_is_taken_from_another_owner_with_a_reason_or_not_at_all(bench: Any, browse: Any) -> None:
    prescription_id = bench.prescription(drug_code="vancomycin", dose=Quantity(D(1250), MG), days=1, interval_hours=12, infusion_minutes=90)
    bench.verify(prescription_id)
    (planned,) = compounding.work_orders_of(prescription_id)
    drug = next(x for x in compounding.ingredients(planned.id) if x.role == "drug")
    for pool, number in ((inventory.OWNED, "OWN"), (inventory.Pool(inventory.Ownership.PROGRAM_340B), "B340")):
        inventory.receive_stock(product_id=drug.product_id, lot=number, quantity=D(10), location=bench.shelf_id, pool=pool,
                                expires_on=inventory.site_today(bench.site_id) + timedelta(days=300), by=bench.technician)
    with pytest.raises(Refused):
        compounding.allocate_ingredients(work_order_id=planned.id, by=bench.technician)
    owners = inventory.Ownership

    def held() -> set[tuple[str, str]]:
        (line,) = [x for x in compounding.ingredients(planned.id) if x.role == "drug"]
        return {(a.lot_number, a.owner) for a in line.held}

    before = held()
    for owner, reason, error in ((owners.PROGRAM_340B, " ", Malformed), (owners.WHITE_BAGGED, "x", Malformed), (owners.CONSIGNED, "short", Refused)):
        with pytest.raises(error):
            compounding.take_from_owner(work_order_id=planned.id, owner=owner, reason=reason, by=bench.technician)
    assert held() == before
    client = browse(bench.technician)
    assert "Take from another owner" in client.get(f"/compounding/{planned.id}/").content.decode()
    answer = client.post(f"/compounding/{planned.id}/owner/", {"owner": "340b", "reason": "eligible: covered entity referral"})
    assert answer.status_code == 302 and held() == {("B340", "340B")}
    assert timeline(subject_id=planned.id)[0].reason == "eligible: covered entity referral"
    assert "340B" in client.get(f"/compounding/{planned.id}/").content.decode()
    compounding.take_from_owner(work_order_id=planned.id, owner=owners.OWNED, reason="not eligible after all", by=bench.technician)
    assert held() == {("OWN", "owned")}
