# SPDX-License-Identifier: Apache-2.0
"""What a powder is dissolved with: planned, staged, scanned at the hood, on the record, in the trace."""
from __future__ import annotations

from dataclasses import replace
from decimal import Decimal as D
from typing import Any

import pytest
from tests.integration.compounding.test_hood import (
    begun,
    tell,
)

from openinfusion.compounding import public as compounding
from openinfusion.compounding.models import (
    OpenedContainer,
)
from openinfusion.compounding.queries import batch_record
from openinfusion.demo.bench import proofs_of
from openinfusion.kernel.refusal import Malformed


def test_the_diluent_of_a_powder_is_scanned_as_it_is_opened_and_stands_on_the_batch_record_with_lot_and_expiry(bench: Any) -> None:
    order_id = begun(bench)
    water = next(line for line in compounding.ingredients(order_id) if line.role == "solvent")
    assert (water.packages, water.used.amount, water.complete) == (3, D(60), True)
    proofs = proofs_of(order_id)
    tell(bench, order_id, *proofs[:3])
    with pytest.raises(Malformed):  # the big key is no scan
        tell(bench, order_id, replace(proofs[3], code=""))
    wrong = tell(bench, order_id, replace(proofs[3], code=proofs[0].code))
    assert "instead of sterile water" in wrong["stopped"] and compounding.progress(order_id).done == 3
    (report,) = [r for r in compounding.reports(order_id) if r.stopping]
    compounding.advance_report(report_id=report.id, step="acknowledge", by=bench.technician)
    tell(bench, order_id, proofs[3])
    done = compounding.steps(order_id)[3].done
    assert done and done.lot == water.lots[0].number and not done.keyed
    assert not OpenedContainer.objects.filter(product_id=water.product_id).exists(), "what is left of it is not kept"
    bench.hood(order_id)
    compounding.advance_work_order(work_order_id=order_id, step="finish", by=bench.technician)
    record = batch_record(order_id)
    (row,) = [x for x in record.ingredients if "sterile water" in x[0]]
    assert f"{water.lots[0].number}, expires {water.lots[0].expires_on:%d-%b-%Y}, × 3" in row[4]
    assert order_id in compounding.work_orders_with_lot(water.lots[0].lot_id), "a recall of the diluent finds it"


def test_a_keyed_diluent_waits_for_another_person(bench: Any) -> None:
    order_id = begun(bench)
    proofs = proofs_of(order_id)
    tell(bench, order_id, *proofs[:3])
    lot = next(line for line in compounding.ingredients(order_id) if line.role == "solvent").lots[0].number
    assert tell(bench, order_id, replace(proofs[3], code=lot, keyed=True))["waiting"] == 4
