# SPDX-License-Identifier: Apache-2.0
"""A drug that goes out as its maker supplied it: whole packages for each dose, named on the ticket, known at the visit."""
from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from tests.integration.nursing.test_nursing_record import begun, entries, write

from openinfusion.billing import public as billing
from openinfusion.catalog import public as catalog
from openinfusion.compounding import public as compounding
from openinfusion.delivery import public as delivery
from openinfusion.inventory import public as inventory
from openinfusion.kernel.quantity import MG, Quantity
from openinfusion.kernel.refusal import Refused
from openinfusion.platform.clock import now

DOSE = Quantity(Decimal(11000), MG)  # 154 mg/kg at 71.4 kg: two vials of 4 g and two of 2 g, 1 g left over each time


@pytest.fixture
def globulin(thread: Any) -> Any:
    bench = thread.bench
    bench.receive("immune globulin SC 20%", 40)
    for line in catalog.template(catalog.drug("scig_20").therapy_class).kit:
        bench.receive(line.product.name, 100, lot=f"K{line.product.ndc11[-6:]}")
    thread.answers_for = catalog.drug("scig_20").therapy_class
    thread.ticket_id = thread.ticket(
        drug_code="scig_20", dose=DOSE, route="SC", interval_hours=168, days=14, infusion_minutes=90, diagnosis="D83.9")
    return thread


def test_the_ticket_names_the_packages_of_every_dose(globulin: Any) -> None:
    ticket = delivery.ticket(globulin.ticket_id)
    (line,) = [x for x in ticket.lines if x.preparation_id]
    made = compounding.preparation(line.preparation_id)
    packages = {i.name: i.packages for i in compounding.ingredients(made.work_order_id)}
    assert made.doses == 2 and sum(packages.values()) == 6, "whole vials for each dose: pooled, one less would have gone along"
    assert all(f"{n} × {name}" in line.text for name, n in packages.items())


def test_its_own_code_is_taken_at_the_visit_and_counted(globulin: Any) -> None:
    ticket_id = globulin.ticket_id
    therapy_id = delivery.ticket(ticket_id).therapy_id
    product = next(p for p in catalog.products_of("scig_20", kind="drug") if "4 g" in p.name)
    (order,) = compounding.work_orders_of(delivery.ticket(ticket_id).lines[0].prescription_id)
    (part,) = [i for i in compounding.ingredients(order.id) if i.product_id == product.id]
    lot = inventory.lot(part.lots[0].lot_id)
    code = f"]d201{product.gtin}17{lot.expires_on:%y%m%d}10{lot.number}"
    visit_id = begun(globulin, therapy_id=therapy_id)
    with pytest.raises(Refused, match="never handed to this patient"):
        write(globulin, visit_id, "drug", code=code)
    globulin.ticket = lambda **_: ticket_id
    globulin.answers = lambda **_: delivery.Answers(
        "Amara Sampleton", "self", 0, 0, "", "", "", True, True, now().date(), said=delivery.nothing_new(globulin.answers_for))
    globulin.delivered()
    assert {h.packages for h in delivery.packages_handed([product.id], therapy_id=therapy_id)} == {Decimal(part.packages)}
    assert {h.packages for h in delivery.packages_handed([product.id], lot=lot.number)} == {Decimal(part.packages)}
    for _ in range(part.packages):
        write(globulin, visit_id, "drug", code=code)
    with pytest.raises(Refused, match="on record as given already"):
        write(globulin, visit_id, "drug", code=code)
    assert len(entries(visit_id, "drug")) == part.packages
    (claim,) = billing.claims_of(therapy_id)
    assert sum(x.units for x in claim.lines if x.kind == "drug") == 240, "24 g in units of 100 mg, what is left over with them"
