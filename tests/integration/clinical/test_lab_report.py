# SPDX-License-Identifier: Apache-2.0
"""A laboratory report is entered as one: all of its values or none, told once, read in the patient's own time."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils.html import escape

from openinfusion.clinical import public as clinical
from openinfusion.kernel.refusal import Malformed
from openinfusion.patients import public as patients
from openinfusion.platform.clock import now
from openinfusion.platform.models import Entry

CHICAGO = ZoneInfo("America/Chicago")


def typed(**values: str) -> dict[str, str]:
    at = (now() - timedelta(hours=2)).astimezone(CHICAGO)
    return {"taken_at": f"{at:%Y-%m-%dT%H:%M}"} | {name.removeprefix("v").replace("_", "-"): v for name, v in values.items()}


def test_a_report_answers_the_test_that_asked_for_it(bench: Any, browse: Any) -> None:
    prescription_id = bench.prescription(days=42)
    bench.verify(prescription_id)
    client, url = browse(bench.pharmacist), f"/clinical/patients/{bench.patient_id}/report/"
    page = client.get(url, {"test": "58410-2"}).content.decode()
    asked, _, others = page.partition("Other values")
    assert "white cells" in asked and "platelets" in asked and "creatinine" not in asked and "creatinine" in others
    sent = typed(v6690_2="6.1", v718_7="12.4", v777_3="210")
    assert client.post(f"{url}enter/", sent).status_code == 302
    bench.tell()
    (told,) = Entry.objects.filter(verb="patients.lab.recorded", sentence__contains="laboratory report")
    assert "hemoglobin 12.4 g/dL" in told.sentence
    assert {x.state for x in clinical.monitoring_where(patient_id=bench.patient_id, code="58410-2")} >= {"resulted"}
    (platelets,) = patients.labs(bench.patient_id, "777-3")
    assert platelets.taken_at == datetime.fromisoformat(sent["taken_at"]).replace(tzinfo=CHICAGO)
    again = client.get(url).content.decode()
    assert escape(f"before: 210 10*3/uL on {platelets.taken_at.astimezone(CHICAGO):%d-%b-%Y}") in again


@pytest.mark.parametrize(("typed_in", "word"), [
    (typed(), "at least one"), (typed(v6690_2="1e3"), "white cells"), (typed(v6690_2="6.1") | {"taken_at": ""}, "Drawn at"),
    (typed(v6690_2="6.1") | {"taken_at": "2126-01-01T08:00"}, "future"),
])
def test_a_wrong_report_puts_nothing_on_the_chart(bench: Any, browse: Any, typed_in: dict[str, str], word: str) -> None:
    kept = len(patients.labs(bench.patient_id))
    answer = browse(bench.pharmacist).post(f"/clinical/patients/{bench.patient_id}/report/enter/", typed_in)
    assert answer.status_code == 422 and word in answer.content.decode()
    assert len(patients.labs(bench.patient_id)) == kept


def test_a_report_comes_in_by_the_api_whole_or_not_at_all(bench: Any, browse: Any) -> None:
    client, url = browse(bench.pharmacist), f"/api/patients/{bench.patient_id}/lab-reports"
    white = {"loinc": "6690-2", "name": "white cells", "value": "6.1", "unit": "10*3/uL"}
    kept = len(patients.labs(bench.patient_id))
    for values in ([], [white, white], [white, white | {"loinc": "718-7", "unit": " "}], [white | {"value": "NaN"}]):
        answer = client.post(url, json.dumps({"values": values}), content_type="application/json")
        assert answer.status_code == 422, values
    assert len(patients.labs(bench.patient_id)) == kept
    made = client.post(url, json.dumps({"values": [white]}), content_type="application/json")
    assert made.status_code == 200 and len(made.json()["ids"]) == 1 and len(patients.labs(bench.patient_id)) == kept + 1


def test_a_value_twice_is_no_report(bench: Any) -> None:
    one = patients.LabValue("777-3", "platelets", Decimal(210), "10*3/uL")
    with pytest.raises(Malformed, match="twice"):
        patients.record_lab_report(patient_id=bench.patient_id, values=[one, one], by=bench.pharmacist)


def test_a_test_without_a_range_has_its_field_and_one_without_a_unit_says_so(bench: Any, browse: Any) -> None:
    client, url = browse(bench.pharmacist), f"/clinical/patients/{bench.patient_id}/report/"
    zinc = client.get(url, {"test": "5763-8"}).content.decode().partition("Other values")[0]
    assert "zinc, ug/dL" in zinc and "No reference range on file" in zinc and "No unit of the" not in zinc
    both = client.get(url, {"test": "2601-3"}).content.decode().partition("Other values")[0]
    assert "magnesium, mmol/L" in both and "magnesium, mg/dL" in both
    assert "No unit of the 2276-0 is on file" in client.get(url, {"test": "2276-0"}).content.decode()
