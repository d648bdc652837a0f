# SPDX-License-Identifier: Apache-2.0
"""Two appointments of one therapy booked at the same moment: one has the drug made for its hour, the other takes nothing from it."""
from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, datetime, time
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.db import connection
from tests.integration.conftest import a_bench

from openinfusion.compounding import public as compounding
from openinfusion.compounding.models import WorkOrder
from openinfusion.platform.action import action
from openinfusion.platform.actor import Actor
from openinfusion.platform.journal import write
from openinfusion.platform.models import Organization
from openinfusion.platform.scope import entered


@action
def book(*, appointment_id: UUID, therapy_id: UUID, at: datetime, by: Actor, before_commit: Callable[[], object]) -> UUID:
    """What a booking does for the bench, held open until it is let go."""
    compounding.needed_in_chair(appointment_id=appointment_id, therapy_id=therapy_id, at=at, by=by)
    write(by, "t.appointment.book", Organization.objects.get(pk=by.organization_id), "{actor} booked.")
    before_commit()
    return appointment_id


def test_the_hour_of_one_order_is_claimed_once(committed: None, organization_id: UUID) -> None:
    with entered(organization_id):
        bench = a_bench(organization_id)
        for name in ("cefTRIAXone 2 g", "sodium chloride 0.9% 100 mL", "elastomeric infuser 100 mL"):
            bench.receive(name)
        prescription_id = bench.prescription()
        bench.verify(prescription_id)
        (order,) = WorkOrder.objects.filter(prescription_id=prescription_id)[:1]
        WorkOrder.objects.exclude(pk=order.pk).update(method="dispense")  # there is one to be had
    at = _hours(order.first_on)
    first, second = uuid4(), uuid4()
    asked, both = threading.Event(), {}

    def run(id: UUID, when: datetime, hold: Callable[[], object]) -> None:
        try:
            both[id] = book(appointment_id=id, therapy_id=order.therapy_id, at=when, by=bench.administrator, before_commit=hold)
        except Exception as trouble:
            both[id] = trouble
        finally:
            connection.close()

    late = threading.Thread(target=run, args=(second, at[1], lambda: None))

    def let_in() -> None:
        late.start()
        asked.wait(timeout=1.5)  # long enough for the second to have asked; it then waits for this one

    early = threading.Thread(target=run, args=(first, at[0], let_in))
    early.start()
    early.join(timeout=60)
    late.join(timeout=60)
    assert both == {first: first, second: second}
    with entered(organization_id):
        now_is = WorkOrder.objects.get(pk=order.pk)
        assert (now_is.chair_of, now_is.chair_at) == (first, at[0])


def _hours(day: date) -> tuple[datetime, datetime]:
    zone = ZoneInfo("America/Chicago")
    return datetime.combine(day, time(9), zone), datetime.combine(day, time(14), zone)
