# SPDX-License-Identifier: Apache-2.0
"""Pregnancy and lactation asked: on the chart, in intake's assessment, by API; the checks follow."""
from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from openinfusion.clinical import public as clinical
from openinfusion.clinical.domain.figures import read_rows
from openinfusion.kernel.quantity import MG, Quantity
from openinfusion.kernel.refusal import Malformed
from openinfusion.patients import public as patients
from openinfusion.patients.adapters import asked_ages
from openinfusion.patients.models import Asked
from openinfusion.patients.public import Address, Demographics, Sex
from openinfusion.platform.clock import today


def young(bench: Any, sex: Sex = Sex.FEMALE, born_on: date = date(1995, 3, 1)) -> Any:
    return patients.register(demographics=Demographics(
        "Youngton", "Bea", born_on, sex, Address("3 Sample Way", "", "Springfield", "IL", "62701")), by=bench.intake)


def test_the_chart_and_the_check_ask_the_same_ages() -> None:
    asked = read_rows("pregnancy_status.toml")["asked"]
    assert (asked["from_years"], asked["below_years"]) == (asked_ages().from_years, asked_ages().below_years)


def test_the_newest_answer_counts_and_an_error_takes_it_back(bench: Any) -> None:
    id = young(bench)
    assert patients.asked(id) == []
    first = patients.record_asked(patient_id=id, about="pregnancy", said="no", by=bench.pharmacist)
    second = patients.record_asked(patient_id=id, about="pregnancy", said="yes", note="8 weeks", by=bench.pharmacist)
    patients.record_asked(patient_id=id, about="lactation", said="not_asked", by=bench.intake)
    assert {a.about: a.words for a in patients.asked(id)} == {
        patients.About.PREGNANCY: "pregnant", patients.About.LACTATION: "lactation: not asked"}
    assert patients.charts([id])[id].asked == tuple(patients.asked(id))
    patients.mark_entered_in_error(kind="pregnancy", entry_id=second, reason="another patient", by=bench.pharmacist)
    (now,) = [a for a in patients.asked(id) if a.about == "pregnancy"]
    assert (now.id, now.words, now.asked_on) == (first, "not pregnant", today("America/Chicago"))


@pytest.mark.parametrize(("said", "field"), [
    ({"about": "weather", "said": "no"}, "about"), ({"about": "pregnancy", "said": "maybe"}, "said"),
    ({"about": "lactation", "said": "impossible"}, "said"),
    ({"about": "pregnancy", "said": "not_asked", "asked_on": date(2026, 1, 1)}, "asked_on"),
    ({"about": "pregnancy", "said": "no", "asked_on": date(2999, 1, 1)}, "asked_on"),
])
def test_what_is_no_answer_is_refused(bench: Any, said: dict[str, Any], field: str) -> None:
    with pytest.raises(Malformed) as no:
        patients.record_asked(patient_id=bench.patient_id, by=bench.pharmacist, **said)
    assert {f.path for f in no.value.faults} == {field} and not Asked.objects.exists()


def test_the_database_wants_the_day_and_a_fitting_answer(bench: Any) -> None:
    made = patients.record_asked(patient_id=bench.patient_id, about="lactation", said="no", by=bench.pharmacist)
    for change, name in (({"asked_on": None}, "patients_asked_has_its_day"), ({"said": "impossible"}, "fits_question")):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            Asked.objects.filter(pk=made).update(**change)


def test_an_answer_makes_the_checks_run_and_sends_a_verified_order_back(bench: Any) -> None:
    bench.patient_id = young(bench)
    patients.record_no_known_allergies(patient_id=bench.patient_id, by=bench.pharmacist)
    prescription_id = bench.prescription(
        drug_code="ganciclovir", dose=Quantity(Decimal(350), MG), interval_hours=12, infusion_minutes=60)
    codes = {f.code for f in clinical.findings_for(prescription_id)}
    assert "pregnancy-not-asked" in codes
    patients.record_asked(patient_id=bench.patient_id, about="pregnancy", said="no", by=bench.pharmacist)
    bench.tell()
    assert "pregnancy-not-asked" not in {f.code for f in clinical.findings_for(prescription_id)}
    patients.record_asked(patient_id=bench.patient_id, about="pregnancy", said="yes", by=bench.pharmacist)
    bench.tell()
    assert "pregnancy-ganciclovir-pregnant" in {f.code for f in clinical.findings_for(prescription_id)}


def test_the_chart_asks_those_of_age_and_takes_the_answer(bench: Any, browse: Any) -> None:
    client = browse(bench.pharmacist)
    id, old, man = young(bench), bench.patient_id, young(bench, Sex.MALE, date(1994, 1, 1))
    page = client.get(f"/patients/{id}/").content.decode()
    assert "Pregnancy and lactation" in page and "pregnancy: not asked" in page
    assert "Pregnancy and lactation" in client.get(f"/patients/{man}/").content.decode()  # the sex on record is no answer
    assert "Pregnancy and lactation" not in client.get(f"/patients/{old}/").content.decode()
    said = {"about": "pregnancy", "said": "impossible", "asked_on": f"{today('America/Chicago') - timedelta(days=2):%Y-%m-%d}"}
    assert client.post(f"/patients/{id}/record/pregnancy/", said).status_code == 302
    body = {"about": "lactation", "said": "no"}
    assert client.post(f"/api/patients/{id}/pregnancy", body, content_type="application/json").status_code == 200
    assert "not lactating" in client.get(f"/patients/{id}/").content.decode()
