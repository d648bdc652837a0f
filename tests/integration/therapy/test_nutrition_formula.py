# SPDX-License-Identifier: Apache-2.0
"""A formula of nutrition is a version like the rest of its order: written once, whole, revised by a new one, told line by line."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal as D
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from tests.integration.nutrition_orders import ADULT, changed, lines, ordered

from openinfusion.catalog import public as catalog
from openinfusion.catalog.public import StockDraft
from openinfusion.kernel.quantity import ML, Quantity
from openinfusion.kernel.refusal import Malformed, Refused
from openinfusion.therapy import public as therapy
from openinfusion.therapy.models import Prescription


def codes(no: Any) -> set[str]:
    return {r.code for r in no.value.reasons}


def test_a_formula_is_kept_as_written_and_sets_the_osmolarity(bench: Any) -> None:
    fact = therapy.prescription(bench.prescription(**ordered()))
    assert fact.order.nutrition is not None
    assert {(i.product, i.amount, i.unit) for i in fact.order.nutrition.ingredients} == {
        (i.product, i.amount, i.unit) for i in ADULT.ingredients
    }
    assert [i.product for i in fact.order.nutrition.ingredients][:3] == ["travasol-10", "dextrose-70", "intralipid-20"]
    assert fact.order.osmolarity_mosm_per_l is not None and 900 < fact.order.osmolarity_mosm_per_l < 2000


def test_a_revision_tells_the_difference_line_by_line(bench: Any) -> None:
    first = bench.prescription(**ordered())
    new = changed(potassium_chloride="40 meq/d", zinc_sulfate="3000 ug/d")
    new = replace(new, ingredients=tuple(i for i in new.ingredients if i.product != "tralement"))
    second = therapy.revise_prescription(
        prescription_id=first, order=bench.order(**ordered(new)), reason="potassium 5.2", by=bench.intake
    )
    said = {d.field: (d.old, d.new) for d in therapy.changes_of(second) if d.changed}
    assert said["PN: potassium chloride 2 mEq/mL"] == ("50 mEq/d", "40 mEq/d")
    assert said["PN: zinc sulfate injection 1 mg/mL of zinc"] == ("", "3,000 mcg/d")
    assert said["PN: trace elements injection 4 (Tralement)"] == ("1 mL/d", "")
    assert set(said) <= {"Osmolarity", *(n for n in said if n.startswith("PN: "))}
    kept = therapy.prescription(first).order.nutrition
    assert kept is not None and D(50) in {i.amount for i in kept.ingredients}, "the old version still says what it said"


def test_a_formula_is_never_dropped_by_a_revision(bench: Any) -> None:
    first = bench.prescription(**ordered())
    with pytest.raises(Refused) as no:
        therapy.revise_prescription(
            prescription_id=first, order=bench.order(**ordered() | {"nutrition": None}), reason="x", by=bench.intake
        )
    assert codes(no) == {"formula-dropped"}


@pytest.mark.parametrize(("wrong", "said"), [
    ({"dose": Quantity(D(1999), ML)}, "2,000 mL a day"),
    ({"infusion_minutes": 720}, "runs for 24 h"),
    ({"interval_hours": 12}, "one bag a day"),
    ({"drug_code": "ceftriaxone"}, "no parenteral nutrition"),
    ({"nutrition": replace(ADULT, weight_kg=D(0))}, "not plausible"),
    ({"nutrition": replace(ADULT, ingredients=())}, "has ingredients"),
    ({"nutrition": replace(ADULT, line="port")}, "neither central nor peripheral"),
    ({"nutrition": changed(potassium_chloride="0 meq/d")}, "leave it out"),
])
def test_what_contradicts_the_formula_is_a_fault_and_nothing_is_kept(bench: Any, wrong: dict[str, Any], said: str) -> None:
    therapy_id = bench.therapy(bench.order(**ordered()))
    with pytest.raises(Malformed, match=said):
        therapy.transcribe_prescription(therapy_id=therapy_id, order=bench.order(**ordered() | wrong), by=bench.intake)
    assert therapy.prescriptions_of(therapy_id) == []


def test_what_makes_no_bag_is_refused(bench: Any) -> None:
    therapy_id = bench.therapy(bench.order(**ordered()))
    order = bench.order(**ordered() | {"nutrition": replace(ADULT, ingredients=lines(travasol_10="8.5 %"))})
    with pytest.raises(Refused) as no:
        therapy.transcribe_prescription(therapy_id=therapy_id, order=order, by=bench.intake)
    assert codes(no) == {"concentration"}


def test_a_site_s_own_stock_solution_may_be_ordered_once_it_is_in_force(bench: Any) -> None:
    therapy_id = bench.therapy(bench.order(**ordered()))
    own = replace(ADULT, ingredients=(*ADULT.ingredients, *lines(own_zinc="5000 ug/d")))
    order = bench.order(**ordered() | {"nutrition": own})
    with pytest.raises(Refused, match="own-zinc"):
        therapy.transcribe_prescription(therapy_id=therapy_id, order=order, by=bench.intake)
    draft = StockDraft(code="own-zinc", label="zinc 5 mg/mL", kind="trace", unit="ug", per_ml=D(5000), contents={"zn": D(5000)}, source="label")
    made = catalog.propose_stock(site_id=bench.site_id, draft=draft, why="w", by=bench.pharmacist)
    catalog.advance_site_figure(kind="stock", figure_id=made, step="confirm", by=bench.second_pharmacist.signing("test"))
    assert therapy.transcribe_prescription(therapy_id=therapy_id, order=order, by=bench.intake)


def test_the_database_holds_that_a_formula_is_whole_and_never_edited(bench: Any) -> None:
    rows = Prescription.objects.filter(pk=bench.prescription(**ordered()))
    formula = rows.get().nutrition
    for wrong in ({"nutrition": formula | {"line": "central", "hours": "12"}}, {"nutrition": None}):
        with pytest.raises(DatabaseError, match="read-only|Cannot update"), transaction.atomic():
            rows.update(**wrong)
    row = rows.get()
    row.pk, row.number, row.state = None, "OTHER", "received"
    row.id = __import__("uuid").uuid4()
    row.nutrition = {k: v for k, v in formula.items() if k != "ingredients"}
    with pytest.raises(DatabaseError, match="formula_is_whole"), transaction.atomic():
        row.save(force_insert=True)


def test_the_api_writes_revises_and_reads_a_formula(bench: Any, browse: Any) -> None:
    client = browse(bench.intake)
    order = bench.order(**ordered())
    given = {
        "drug_code": "parenteral_nutrition", "dose": "2000", "dose_unit": "mL", "route": "IV", "days": 14, "interval_hours": 24,
        "start_on": order.start_on.isoformat(), "infusion_minutes": 1440, "prescriber_name": "Lena Fictional, MD",
        "nutrition": {
            "age_years": "58", "weight_kg": "71.4", "volume": "2000", "line": "central", "three_in_one": True,
            "ingredients": [{"product": i.product, "amount": str(i.amount), "unit": i.unit} for i in ADULT.ingredients],
        },
    }
    root = f"/api/therapy/{bench.therapy(order)}/prescriptions"
    made = client.post(root, given, content_type="application/json")
    assert made.status_code == 200, made.content
    address = f"/api/therapy/prescriptions/{made.json()['id']}"
    assert client.get(address).json()["nutrition"]["ingredients"][0] == {"product": "travasol-10", "amount": "85", "unit": "g/d"}
    given["nutrition"]["overfill_ml"] = "150"
    revised = client.post(f"{address}/revisions", given | {"reason": "longer tubing"}, content_type="application/json")
    assert revised.status_code == 200, revised.content
    changes = client.get(f"/api/therapy/prescriptions/{revised.json()['id']}/changes").json()
    assert [c["new"] for c in changes if c["changed"]] == ["150 mL"]
    given["nutrition"]["weight_kg"] = "heavy"
    assert client.post(root, given, content_type="application/json").status_code == 422


def test_the_page_of_an_ordinary_revision_keeps_the_formula(bench: Any, browse: Any) -> None:
    first = bench.prescription(**ordered())
    client = browse(bench.intake)
    page = client.get(f"/therapy/prescriptions/{first}/").content.decode()
    assert "dextrose 70 %" in page and f"/clinical/nutrition/prescriptions/{first}/" in page
    values = {k: v for k, v in client.get(f"/therapy/prescriptions/{first}/revise/").context["page"].form.initial.items() if v is not None}
    posted = client.post(f"/therapy/prescriptions/{first}/revision/", values | {"days": 21, "reason": "longer", "start_on": values["start_on"].isoformat(),
                         "ordered_on": values["ordered_on"].isoformat()})
    assert posted.status_code == 302, posted.content.decode()
    new = therapy.versions(first)[0]
    assert new.order.days == 21 and new.order.nutrition is not None
