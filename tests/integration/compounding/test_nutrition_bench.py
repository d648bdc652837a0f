# SPDX-License-Identifier: Apache-2.0
"""Nutrition at the bench: quantities from the formula, in the order of mixing; hard limits stop it again; the label tells all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal as D
from typing import Any

import pypdfium2
import pytest
from django.db import DatabaseError, transaction
from tests.integration.nutrition_orders import ADULT, lines, ordered

from openinfusion.calculations.public import bag_of, draws
from openinfusion.catalog import public as catalog
from openinfusion.catalog.public import LimitDraft, StockDraft
from openinfusion.compounding import public as compounding
from openinfusion.compounding.actions.label import labels_of
from openinfusion.compounding.adapters.label import render
from openinfusion.compounding.domain.nutrition import APART
from openinfusion.compounding.models import Ingredient, Preparation, WorkOrder
from openinfusion.inventory import public as inventory
from openinfusion.kernel.refusal import Refused
from openinfusion.platform.clock import today


def codes(no: Any) -> set[str]:
    return {r.code for r in no.value.reasons}


def planned(bench: Any, nutrition: Any = ADULT) -> tuple[Any, compounding.WorkOrderFact]:
    prescription_id = bench.prescription(**ordered(nutrition))
    bench.verify(prescription_id)
    (order,) = compounding.work_orders_of(prescription_id)
    return prescription_id, order


def tighten(bench: Any) -> None:
    """The site sets a hard limit that the order is beyond."""
    draft = LimitDraft(name="potassium", group="adult", soft_low=D("0.1"), soft_high=D("0.5"), hard_high=D(1), source="Policy 12")
    made = catalog.propose_limit(site_id=bench.site_id, draft=draft, why="w", by=bench.pharmacist)
    catalog.advance_site_figure(kind="limit", figure_id=made, step="confirm", by=bench.second_pharmacist.signing("test"))


def test_the_work_order_draws_what_the_formula_says_with_overfill_in_the_order_of_mixing(bench: Any) -> None:
    _, order = planned(bench)
    found = compounding.ingredients(order.id)
    wanted = [d for d in draws(bag_of(ADULT)) if d.volume_ml]
    assert [i.name for i in found] == [d.product.label for d in wanted]
    for line, draw in zip(found, wanted, strict=True):
        assert line.each_ml is not None and abs(line.each_ml - draw.volume_ml) <= D("0.0005")
        assert line.used.amount == line.each_ml * order.doses and line.step.startswith(str(draw.product.mixing))
        package = catalog.product(line.product_id)
        assert (line.packages - 1) * package.volume_ml < line.used.amount <= line.packages * package.volume_ml
        assert line.used + line.discarded == package.strength * line.packages
    assert sum(i.each_ml or 0 for i in found) == pytest.approx(D(2100), abs=D("0.01"))
    assert order.final_volume_ml == D(2100) and order.dose.amount == D(2000)


def test_the_lipid_of_a_two_in_one_stands_apart_without_overfill(bench: Any) -> None:
    _, order = planned(bench, replace(ADULT, three_in_one=False, hours=D(12)))
    last = compounding.ingredients(order.id)[-1]
    assert last.step == APART and last.each_ml == D(250)


def test_a_hard_limit_that_came_into_force_since_stops_the_bench_and_the_next_plan(bench: Any) -> None:
    prescription_id, order = planned(bench)
    for name in {line.name for line in compounding.ingredients(order.id)}:
        package = next(i for i in compounding.ingredients(order.id) if i.name == name)
        inventory.receive_stock(
            product_id=package.product_id, lot="L1", quantity=D(500), expires_on=today("America/Chicago") + timedelta(days=400),
            location=bench.shelf_id, by=bench.technician,
        )  # fmt: skip
    compounding.allocate_ingredients(work_order_id=order.id, by=bench.pharmacist)
    tighten(bench)
    with pytest.raises(Refused) as no:
        compounding.advance_work_order(work_order_id=order.id, step="release", by=bench.pharmacist)
    assert codes(no) == {"nutrition-potassium-hard-high"}
    assert "Potassium" in str(compounding.gate(order.id, bench.pharmacist).order.reasons[0])
    compounding.advance_work_order(work_order_id=order.id, step="cancel", reason="limit", by=bench.pharmacist)
    with pytest.raises(Refused) as no:
        compounding.plan_work_order(prescription_id=prescription_id, by=bench.pharmacist)
    assert codes(no) == {"nutrition-potassium-hard-high"}


def test_a_stock_solution_without_a_package_is_refused_by_name(bench: Any) -> None:
    draft = StockDraft(code="own-zinc", label="zinc 5 mg/mL", kind="trace", unit="ug", per_ml=D(5000), contents={"zn": D(5000)}, source="label")
    made = catalog.propose_stock(site_id=bench.site_id, draft=draft, why="w", by=bench.pharmacist)
    catalog.advance_site_figure(kind="stock", figure_id=made, step="confirm", by=bench.second_pharmacist.signing("test"))
    order = replace(ADULT, ingredients=(*ADULT.ingredients, *lines(own_zinc="1000 ug/d")))
    prescription_id = bench.prescription(**ordered() | {"nutrition": order})
    with pytest.raises(Refused, match=r"zinc 5 mg/mL"):
        bench.verify(prescription_id)
        compounding.plan_work_order(prescription_id=prescription_id, by=bench.pharmacist)


def test_the_label_prints_every_ingredient_and_volume_and_overfill_apart(bench: Any, browse: Callable[[Any], Any]) -> None:
    _, order = planned(bench)
    row = WorkOrder.objects.get(pk=order.id)
    made = Preparation(work_order=row, patient_id=row.patient_id, lot_number="LOT1", containers=2, beyond_use_at=row.need_by, limit_text="x")
    labels = labels_of(row, made)
    said = {what: (day, kg) for what, day, kg in labels[0].lines}
    assert said["Prescribed volume"][0] == "2,000 mL" and said["Overfill"][0] == "100 mL"
    assert said["dextrose 70 %"] == ("250 g/d", "3.5 g/kg/d") and said["Filter"][0] == "1.2 micron"
    assert labels[0].mixture == "prescribed volume 2,000 mL, overfill 100 mL, 2,100 mL in the bag"
    pdf = pypdfium2.PdfDocument(render(labels))
    text = " ".join(pdf[0].get_textpage().get_text_range().split())
    assert len(pdf) == 2 and "Prescribed volume" in text and "Overfill" in text and "0.0042 mL/kg/d" not in text
    for line in labels[0].lines:
        assert line[0].split(" (")[0] in text and line[1] in text
    page = browse(bench.technician).get(f"/compounding/{order.id}/").content.decode()
    assert "Calcium late and far from phosphate" in page and "mL each" in page


def test_the_database_wants_a_step_and_an_amount_of_every_line_of_nutrition(bench: Any) -> None:
    _, order = planned(bench)
    for wrong in ({"step": ""}, {"each_ml": None}, {"each_ml": 0}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Ingredient.objects.filter(work_order_id=order.id).update(**wrong)
