# SPDX-License-Identifier: Apache-2.0
"""The dosing workbench fills a calculation from the chart; what is kept is worked again and written once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from openinfusion.clinical.actions.dosing import keep_dosing
from openinfusion.clinical.domain.dosing import flattened
from openinfusion.clinical.models import DosingNote
from openinfusion.clinical.web.dosing_pages import dosing_page
from openinfusion.kernel.quantity import MG, Quantity
from openinfusion.kernel.refusal import Malformed, Refused
from openinfusion.kernel.roles import Role
from openinfusion.patients import public as patients
from openinfusion.platform.clock import now, today


@pytest.fixture
def order(bench: Any) -> Any:
    start = today("America/Chicago") - timedelta(days=2)
    dose = Quantity(Decimal(1250), MG)
    made = bench.prescription(drug_code="vancomycin", dose=dose, interval_hours=12, infusion_minutes=90, start_on=start)
    patients.record_lab(
        patient_id=bench.patient_id, loinc="20578-1", name="vancomycin", value=Decimal("14.2"), unit="ug/mL",
        taken_at=now() - timedelta(hours=1), by=bench.pharmacist,
    )
    return made


def test_the_workbench_is_filled_from_the_chart_and_its_result_is_kept(order: Any, bench: Any, account: Callable[..., Any]) -> None:
    page = dosing_page(order)
    assert page.doses >= 3 and page.levels == 1
    bayes = next(c for c in page.choices if c.calculation.name == "vancomycin-bayes")
    assert set(bayes.left) == {"Dialysis or ECMO", "Renal function stable"}  # what no chart can answer for a person
    client = Client()
    client.force_login(account(Role.PHARMACIST))
    assert "Dosing of" in client.get(f"/clinical/dosing/{order}/").content.decode()
    shown = client.get(f"{bayes.address}&support=none&stable=yes")
    text = unescape(shown.content.decode())
    assert "AUC" in text and "<polyline" in text and "What follows" in text
    given = shown.context["page"].given
    answer = client.post(
        f"/clinical/dosing/{order}/keep/", {"calculation": "vancomycin-bayes", "given": given, "advice": "1 g every 12 hours; level Friday"}
    )
    assert answer.status_code == 302
    note = DosingNote.objects.get(prescription_id=order)
    assert note.answer["results"] and note.given["levels"] and note.advice.startswith("1 g")
    assert "1 g every 12 hours" in client.get(f"/clinical/dosing/{order}/").content.decode()
    with pytest.raises(DatabaseError), transaction.atomic():
        DosingNote.objects.filter(pk=note.pk).update(advice="")


def test_what_cannot_be_worked_or_says_nothing_is_not_kept(order: Any, bench: Any) -> None:
    good = {"weight": "70 kg", "height": "170 cm"}
    with pytest.raises(Malformed):
        keep_dosing(prescription_id=order, calculation="body-surface-mosteller", given=good, advice=" ", by=bench.pharmacist)
    with pytest.raises(Malformed):
        keep_dosing(prescription_id=order, calculation="body-surface-mosteller", given={"weight": "70"}, advice="x", by=bench.pharmacist)
    with pytest.raises(Refused):
        keep_dosing(prescription_id=order, calculation="body-surface-mosteller", given=good, advice="x", by=bench.technician)
    assert not DosingNote.objects.exists()


def test_rows_become_numbered_fields() -> None:
    given = {"age": "58 a", "levels": [{"at": "2 h", "level": "30 mg/L"}, {"at": "10 h", "level": "12 mg/L"}]}
    assert flattened(given) == {
        "age": "58 a", "levels.1.at": "2 h", "levels.1.level": "30 mg/L", "levels.2.at": "10 h", "levels.2.level": "12 mg/L",
    }
