# SPDX-License-Identifier: Apache-2.0
"""The nutrition workbench: the form works out while it is typed, saves a version, and verification shows the same review."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal as D
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.integration.nutrition_orders import ADULT, changed, lines, ordered

from openinfusion.calculations.public import Ramp
from openinfusion.catalog import public as catalog
from openinfusion.catalog.public import LimitDraft
from openinfusion.clinical import public as clinical
from openinfusion.clinical.web.nutrition_form import read_order, slots_of, values_of
from openinfusion.kernel.refusal import Refused
from openinfusion.patients import public as patients
from openinfusion.therapy import public as therapy

HTMX = {"HX-Request": "true"}


def typed(order: Any = ADULT, **more: str) -> dict[str, str]:
    return values_of(order, slots_of(order, ())) | more


def saving(order: Any, bench: Any, **more: str) -> dict[str, str]:
    day = bench.order().start_on
    return typed(order, start_on=day.isoformat(), days="14", first_dose_time="20:00", prescriber_name="Lena Fictional, MD", **more)


@pytest.mark.parametrize("order", [
    ADULT,
    replace(ADULT, three_in_one=False, hours=D(12), up=(Ramp(D(1), D("0.5")),), down=(Ramp(D("0.5"), D("0.5")), Ramp(D("0.5"), D("0.25")))),
    replace(ADULT, ingredients=(*ADULT.ingredients, *lines(prosol_20="10 g/d", zinc_sulfate="2000 ug/d", calcium_chloride="2 meq/d"))),
    replace(ADULT, age_years=D("0.02"), preterm=True, weight_kg=D(1), volume=D(120), volume_unit="mL/kg/d", refeeding=True,
            ingredients=lines(trophamine_10="3 g/kg/d", dextrose_70="12 g/kg/d", heparin_1000="60 [iU]/kg/d")),
])  # fmt: skip
def test_what_the_form_shows_it_reads_again(order: Any) -> None:
    slots = slots_of(order, ())
    again = read_order(values_of(order, slots), slots)
    assert set(again.ingredients) == set(order.ingredients)
    assert replace(again, ingredients=()) == replace(order, ingredients=())


def test_the_page_shows_the_formula_and_its_review(bench: Any, browse: Callable[[Any], Any]) -> None:
    prescription_id = bench.prescription(**ordered())
    client = browse(bench.pharmacist)
    with CaptureQueriesContext(connection) as asked:
        page = client.get(f"/clinical/nutrition/prescriptions/{prescription_id}/")
    assert page.status_code == 200 and len(asked) < 45
    body = page.content.decode()
    for said in ("anhydrous glucose", "Osmolarity", "Judged for a central line, as the patient's is recorded", "no signed curve fits",
                 "Prescribed volume", 'class="gauge"', "a pharmacist decides", 'value="250"'):
        assert said in body, said
    assert "style=" not in body.split("<main")[1]


def test_the_form_works_out_while_it_is_typed_and_keeps_nothing(bench: Any, browse: Callable[[Any], Any]) -> None:
    prescription_id = bench.prescription(**ordered())
    client = browse(bench.technician)
    address = f"/clinical/nutrition/prescriptions/{prescription_id}/"
    part = client.get(address, typed(changed(potassium_chloride="800 meq/d")), headers=HTMX).content.decode()
    assert "<html" not in part and "beyond a hard limit: Potassium" in part
    assert "raised 1,500 %" in part
    assert "a concentration" in client.get(address, typed() | {"u.amino_acids": "%"}, headers=HTMX).content.decode()
    assert "not a plain number" in client.get(address, typed() | {"a.dextrose": "1e3"}, headers=HTMX).content.decode()
    assert "Dosing weight: is missing" in client.get(address, typed() | {"weight_kg": ""}, headers=HTMX).content.decode()
    assert len(therapy.versions(prescription_id)) == 1


def test_saving_makes_a_new_version_that_must_be_verified(bench: Any, browse: Callable[[Any], Any]) -> None:
    first = bench.prescription(**ordered())
    client = browse(bench.technician)
    address = f"/clinical/nutrition/prescriptions/{first}/revision/"
    given = saving(changed(potassium_chloride="40 meq/d"), bench, reason="potassium 5.2", version=str(therapy.prescription(first).version))
    assert client.post(address, {k: v for k, v in given.items() if k != "reason"}).status_code == 422
    posted = client.post(address, given)
    assert posted.status_code == 302, posted.content.decode()
    new = therapy.versions(first)[0]
    assert new.version_no == 2 and new.state == "transcribed" and posted.url == f"/clinical/nutrition/prescriptions/{new.id}/"
    said = {d.field for d in therapy.changes_of(new.id) if d.changed}
    assert said == {"PN: potassium chloride 2 mEq/mL", "Osmolarity", "Timing"} or said >= {"PN: potassium chloride 2 mEq/mL"}
    assert client.post(address, given).status_code == 409, "the old version cannot be revised again"


def test_a_first_order_is_written_from_the_therapy(bench: Any, browse: Callable[[Any], Any]) -> None:
    therapy_id = bench.therapy(bench.order(**ordered()))
    client = browse(bench.intake)
    page = client.get(f"/clinical/nutrition/therapies/{therapy_id}/").content.decode()
    assert 'value="71.4"' in page and "No figure yet" in page and '<option value="central" selected>' in page
    assert f"/clinical/nutrition/therapies/{therapy_id}/" in client.get(f"/therapy/{therapy_id}/").content.decode()
    posted = client.post(f"/clinical/nutrition/therapies/{therapy_id}/order/", saving(ADULT, bench))
    assert posted.status_code == 302, posted.content.decode()
    (made,) = therapy.prescriptions_of(therapy_id)
    assert made.order.nutrition is not None and made.order.infusion_minutes == 1440 and made.order.frequency == "daily at 20:00"


def test_an_order_by_volume_is_completed_at_the_workbench(bench: Any, browse: Callable[[Any], Any]) -> None:
    first = bench.prescription(**ordered() | {"nutrition": None, "infusion_minutes": 720})
    assert "nutrition-formula-missing" in {f.code for f in clinical.findings_for(first)}
    client = browse(bench.pharmacist)
    page = client.get(f"/clinical/nutrition/prescriptions/{first}/").content.decode()
    assert 'value="2000"' in page and 'name="hours" value="12"' in page
    review = client.get(f"/clinical/reviews/{clinical.review_id_of(first)}/").content.decode()
    assert "Write the formula at the nutrition workbench" in review
    given = saving(replace(ADULT, hours=D(12)), bench, reason="formula received", version=str(therapy.prescription(first).version))
    assert client.post(f"/clinical/nutrition/prescriptions/{first}/revision/", given).status_code == 302


def test_verification_shows_the_review_and_a_hard_finding_cannot_be_passed(bench: Any, browse: Callable[[Any], Any]) -> None:
    prescription_id = bench.prescription(**ordered(changed(potassium_chloride="800 meq/d")))
    review_id = clinical.review_id_of(prescription_id)
    body = browse(bench.pharmacist).get(f"/clinical/reviews/{review_id}/").content.decode()
    assert "Open at the workbench" in body and "Potassium: above the hard limit" in body and "beyond a hard limit: Potassium" in body
    with pytest.raises(Refused) as no:
        bench.verify(prescription_id)
    assert "Potassium" in str(no.value)


def test_a_site_s_limit_in_force_is_what_the_checks_go_by(bench: Any) -> None:
    prescription_id = bench.prescription(**ordered())
    before = {f.code for f in clinical.findings_for(prescription_id)}
    draft = LimitDraft(name="potassium", group="adult", soft_low=D("0.1"), soft_high=D("0.5"), hard_high=D(1), source="Policy 12")
    made = catalog.propose_limit(site_id=bench.site_id, draft=draft, why="w", by=bench.pharmacist)
    assert {f.code for f in clinical.findings_for(prescription_id)} == before, "a proposal holds nothing"
    catalog.advance_site_figure(kind="limit", figure_id=made, step="confirm", by=bench.second_pharmacist.signing("test"))
    assert "nutrition-potassium-hard-high" in {f.code for f in clinical.findings_for(prescription_id)}


def test_a_line_that_is_not_central_is_found_by_the_chart(bench: Any) -> None:
    prescription_id = bench.prescription(**ordered())
    patients.record_line(patient_id=bench.patient_id, type="midline", by=bench.pharmacist)
    found = {f.code for f in clinical.findings_for(prescription_id)}
    assert {"nutrition-line-not-central", "nutrition-osmolarity-hard-high"} <= found


def test_the_workbench_refuses_whom_it_does_not_know(bench: Any, browse: Callable[[Any], Any]) -> None:
    prescription_id = bench.prescription(**ordered())
    page = browse(bench.second_pharmacist).get(f"/clinical/nutrition/prescriptions/{prescription_id}/")
    assert page.status_code == 200
    assert browse(bench.pharmacist).get("/clinical/nutrition/prescriptions/01a200e6-a97a-7704-8dd2-f1e276a33e46/").status_code == 404


def test_the_api_reviews_what_is_ordered_and_what_is_only_tried(bench: Any, browse: Callable[[Any], Any]) -> None:
    first = bench.prescription(**ordered())
    fact = therapy.prescription(first)
    client = browse(bench.pharmacist)
    seen = client.get(f"/api/clinical/nutrition/prescriptions/{first}").json()
    potassium = next(g for g in seen["gauges"] if g["name"] == "potassium")
    assert seen["line"] == "central" and potassium["verdict"] == "within" and potassium["soft_high"] == "2"
    assert any(v["verdict"] == "cannot-judge" for v in seen["verdicts"]) and ["Overfill", "100 mL", ""] in seen["label"]
    formula = client.get(f"/api/therapy/prescriptions/{first}").json()["nutrition"]
    for line in formula["ingredients"]:
        if line["product"] == "potassium-chloride":
            line["amount"] = "800"
    address = f"/api/clinical/nutrition/therapies/{fact.therapy_id}/review"
    tried = client.post(address, {"nutrition": formula}, content_type="application/json").json()
    assert tried["overall"] == "stop" and len(therapy.versions(first)) == 1
    assert client.post(address, {"nutrition": formula | {"sugar": "much"}}, content_type="application/json").status_code == 422
    assert client.get(f"/api/clinical/nutrition/prescriptions/{bench.prescription()}").status_code == 404
