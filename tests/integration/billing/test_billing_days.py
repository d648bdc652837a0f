# SPDX-License-Identifier: Apache-2.0
"""What was sent in the evening was sent that day; what was delivered in the evening was delivered that day where the patient lives."""
from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from openinfusion.billing.models import Claim, ClaimLine
from openinfusion.billing.queries import terms
from openinfusion.billing.queries import unbilled as work_unbilled
from openinfusion.billing.queries.ageing import AGES, receivables
from openinfusion.billing.queries.figures import Frame, net_charged, receivables_of, sent_claims
from openinfusion.billing.queries.unbilled import unbilled
from openinfusion.delivery.models import DeliveryTicket
from openinfusion.patients.models import Patient
from openinfusion.platform.clock import today, told
from openinfusion.therapy.public import therapy

ZONE = "America/Chicago"
DAY = timedelta(days=1)


@pytest.fixture
def evening() -> datetime:
    """Half past eight in the evening forty days ago: tomorrow by UTC."""
    return datetime.combine(today(ZONE) - 40 * DAY, time(20, 30), ZoneInfo(ZONE))


def test_a_claim_sent_in_the_evening_is_of_that_day(cash: Any, evening: datetime) -> None:
    day = evening.date()
    Claim.objects.update(submitted_at=evening, last_on=day - 5 * DAY)
    (row,) = sent_claims(Frame(day, day))
    assert (row.sent_on, row.lag_days) == (day, 5)
    assert net_charged(Frame(day, day)) == cash.claim.expected_cents > 0
    assert sent_claims(Frame(day + DAY, day + DAY)) == [] and net_charged(Frame(day + DAY, day + DAY)) == 0
    assert sent_claims(Frame(day - DAY, day - DAY)) == []
    first, last = (datetime.combine(day, clock, ZoneInfo(ZONE)) for clock in (time(0), time(23, 59, 59)))
    for at in (first, last):
        Claim.objects.update(submitted_at=at)
        assert [r.sent_on for r in sent_claims(Frame(day, day))] == [day]


def test_what_is_owed_is_as_old_as_the_days_of_the_house(cash: Any, evening: datetime) -> None:
    Claim.objects.update(submitted_at=evening)
    with told(evening + 31 * DAY):
        assert [r.days for r in receivables_of(Frame(evening.date(), evening.date()))] == [31]
        (row,) = receivables()
    owed = {name: cents.cents for (_, name), cents in zip(AGES, row.amounts, strict=True)}
    assert owed["31 to 60"] == cash.claim.open_cents > 0 and owed["0 to 30 days"] == 0


def test_work_not_charged_waits_since_the_day_where_the_patient_lives(thread: Any, evening: datetime, monkeypatch: Any) -> None:
    thread.delivered()
    DeliveryTicket.objects.update(delivered_at=evening)
    ClaimLine.objects.update(source_id=uuid4())
    visit = SimpleNamespace(id=uuid4(), number="V-1", patient_id=thread.bench.patient_id, started_at=(evening + timedelta(hours=2)).astimezone(UTC))
    monkeypatch.setattr(work_unbilled, "signed_since", lambda since: [visit])
    assert [(r.what.split()[0], r.since) for r in unbilled("not charged")] == [("delivery", evening.date()), ("visit", evening.date())]
    Patient.objects.filter(pk=thread.bench.patient_id).update(timezone="America/Halifax")  # half past ten, half past midnight
    assert [r.since for r in unbilled("not charged")] == [evening.date(), evening.date() + DAY]


def test_a_claim_without_days_waits_since_the_house_made_it_and_has_the_terms_of_then(thread: Any, evening: datetime,
                                                                                      monkeypatch: Any) -> None:
    thread.delivered()
    Claim.objects.update(first_on=None, made_at=evening)
    (row,) = unbilled("held")
    assert row.since == evening.date()
    asked = []
    monkeypatch.setattr(terms, "terms_of", lambda course, on, rank: asked.append((course.id, on, rank)))
    claim = Claim.objects.get()
    course = therapy(claim.therapy_id)
    terms.terms_of_claim(claim, course)
    claim.first_on = evening.date() - 3 * DAY
    terms.terms_of_claim(claim, course)
    assert asked == [(course.id, on, "P") for on in (evening.date(), evening.date() - 3 * DAY)]
