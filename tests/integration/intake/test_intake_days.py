# SPDX-License-Identifier: Apache-2.0
"""A payer is told the day on which a value was drawn where the patient lives, and a paper came in where the house is."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from openinfusion.intake import models
from openinfusion.intake import public as intake
from openinfusion.intake.actions import authorize
from openinfusion.intake.adapters import item_rules
from openinfusion.intake.domain.incoming import LabIn, MeasurementIn
from openinfusion.intake.public import ReferralIn
from openinfusion.intake.queries import facts
from openinfusion.intake.queries.chart_seen import chart_seen
from openinfusion.intake.web.authorization_pages import list_page
from openinfusion.intake.web.authorization_paper import paper_data
from openinfusion.kernel.ids import new_id
from openinfusion.patients import public as patients
from openinfusion.patients.models import Document, Patient
from openinfusion.platform.clock import today, told
from openinfusion.platform.scope import forget_reads

ZONE = "America/Chicago"


@pytest.fixture
def evening() -> datetime:
    """Half past eight in the evening three days ago: tomorrow by UTC."""
    return datetime.combine(today(ZONE) - timedelta(days=3), time(20, 30), ZoneInfo(ZONE))


@pytest.fixture
def referral(house: SimpleNamespace, a_referral: Callable[..., ReferralIn], evening: datetime) -> models.Referral:
    said = a_referral(
        measurements=(MeasurementIn(kind="weight_kg", value=Decimal("70"), taken_at=evening),),
        labs=(LabIn(loinc="2160-0", name="creatinine", value=Decimal("0.9"), unit="mg/dL", taken_at=evening),),
    )
    id = intake.receive_referral(referral=said, fingerprint="evening", by=house.intake)
    return models.Referral.objects.get(pk=id)


def test_the_criteria_see_the_day_where_the_patient_lives(referral: models.Referral, evening: datetime) -> None:
    seen = chart_seen(referral)
    assert (seen.weighed_on, [x.on for x in seen.labs]) == (evening.date(), [evening.date()])
    Patient.objects.filter(pk=referral.patient_id).update(timezone="Pacific/Guam")
    forget_reads()
    seen = chart_seen(referral)
    assert (seen.weighed_on, [x.on for x in seen.labs]) == (evening.date() + timedelta(days=1), [evening.date() + timedelta(days=1)])


def test_a_paper_came_in_on_the_day_of_the_house(referral: models.Referral, house: SimpleNamespace, evening: datetime) -> None:
    code = next(c for c, rule in item_rules().items() if rule.met_by == "received")
    intake.receive_item(referral_id=referral.id, code=code, by=house.intake)
    models.ItemReceived.objects.update(made_at=evening)
    Document.objects.create(patient_id=referral.patient_id, kind="letter", title="Letter", file_id=new_id(), recorded_by=house.intake.id,
                            recorded_name=house.intake.name)
    Document.objects.update(made_at=evening)
    papers = chart_seen(referral).papers
    assert papers["letter"] == f"Letter, {evening:%d-%b-%Y}"
    assert f"received {evening:%d-%b-%Y} by" in papers[code]


def test_what_a_closed_referral_lacked_is_by_the_rules_of_its_last_day(referral: models.Referral, evening: datetime,
                                                                       monkeypatch: Any) -> None:
    referral.state, referral.state_since = "declined", evening.astimezone(UTC)
    asked = []
    monkeypatch.setattr(facts.catalog, "required_items", lambda on: asked.append(on) or {})
    facts._codes(referral, (), False, today(ZONE))
    assert asked == [evening.date()]


def test_a_letter_written_in_the_evening_carries_that_day_and_the_clock_says_the_day_it_ends_there(
    referral: models.Referral, house: SimpleNamespace, evening: datetime,
) -> None:
    made = intake.open_authorization(referral_id=referral.id, units={"S9500": 14}, by=house.auth)
    with told(evening):
        assert paper_data(made, whole=False)["today"] == f"{evening:%d-%b-%Y}"
    models.Authorization.objects.filter(pk=made).update(due_at=evening)
    (row,) = list_page("", "").rows
    assert row.due_on == evening.date()


def test_the_payers_clock_is_that_of_the_day_of_the_house(referral: models.Referral, house: SimpleNamespace, evening: datetime,
                                                          monkeypatch: Any) -> None:
    made, asked = intake.open_authorization(referral_id=referral.id, units={"S9500": 14}, by=house.auth), []
    due = authorize.decision_due
    monkeypatch.setattr(authorize, "decision_due", lambda *of, **said: asked.append(said["on"]) or due(*of, **said))
    with told(evening):
        intake.advance_authorization(authorization_id=made, step="submit", transport="fax", reference="F-1", by=house.auth)
    assert asked == [evening.date()]


def test_what_was_sent_with_a_day_and_no_hour_is_of_that_day_where_the_patient_lives(
    house: SimpleNamespace, a_referral: Callable[..., ReferralIn], evening: datetime,
) -> None:
    """As a FHIR bundle says it: 2026-03-01 is the first of March, in Illinois as in Hawaii."""
    noon = datetime.combine(evening.date(), time(12), UTC)
    for n, (state, zip_code) in enumerate((("IL", "62701"), ("HI", "96813"))):
        person = replace(a_referral().person, family=f"Fictional{n}", state=state, zip=zip_code)
        said = a_referral(
            person=person,
            measurements=(MeasurementIn(kind="weight_kg", value=Decimal("70"), taken_at=noon, day_only=True),),
            labs=(LabIn(loinc="2160-0", name="creatinine", value=Decimal("0.9"), unit="mg/dL", taken_at=noon, day_only=True),),
        )
        for again in range(2):
            id = intake.receive_referral(referral=said, fingerprint=f"day{n}{again}", by=house.intake)
        row = models.Referral.objects.get(pk=id)
        seen = chart_seen(row)
        assert (seen.weighed_on, [x.on for x in seen.labs]) == (evening.date(), [evening.date()])
        assert len(patients.labs(row.patient_id)) == len(patients.measurements(row.patient_id)) == 1
        there = patients.labs(row.patient_id)[0].taken_at.astimezone(ZoneInfo(patients.timezone(row.patient_id)))
        assert (there.date(), there.time()) == (evening.date(), time(0))
