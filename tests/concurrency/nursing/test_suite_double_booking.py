# SPDX-License-Identifier: Apache-2.0
"""Many bookings at one moment: a chair is taken once, and a nurse is never given more than she may watch."""
from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from tests.concurrency.nursing.test_two_places_at_once import _another

from openinfusion.catalog import public as catalog
from openinfusion.kernel.refusal import Refused
from openinfusion.kernel.roles import Role
from openinfusion.nursing import public as nursing
from openinfusion.nursing.models import Appointment
from openinfusion.patients import public as patients
from openinfusion.patients.public import Address, Demographics, Sex
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import today
from openinfusion.platform.scope import entered
from openinfusion.sites import public as sites
from openinfusion.team import public as team
from openinfusion.team.domain.competency import requirements
from openinfusion.therapy import public as therapy

ZONE = "America/Chicago"
DETAILS = {
    "legal_name": "Race Suite LLC", "npi": "1999999984", "tax_id": "99-9999999", "taxonomy": "3336H0001X", "street": "1 Sample Way",
    "city": "Springfield", "state_code": "IL", "zip_code": "62701", "phone": "555-0100", "pharmacist_in_charge": "Pat Fictional",
}
MANY = 6


def test_of_many_bookings_of_one_chair_one_stands_and_a_nurse_keeps_her_limit(
    committed: None, organization_id: UUID, someone: Callable[..., Actor],
) -> None:
    by = someone(*Role)
    with entered(organization_id):
        site_id, chairs, nurse_id, asked = _suite(by, organization_id)
    nine = datetime.combine(today(ZONE) + timedelta(days=1), time(9), ZoneInfo(ZONE))
    one = _at_once([{"appointment_id": a, "chair_id": chairs[0], "nurse_id": nurse_id, "starts_at": nine, "by": by}
                    for a in asked[:MANY]])
    assert sorted(one) == ["chair-taken"] * (MANY - 1) + ["won"]
    noon = nine + timedelta(hours=3)
    load = _at_once([{"appointment_id": a, "chair_id": c, "nurse_id": nurse_id, "starts_at": noon, "by": by}
                     for a, c in zip(asked[MANY:], chairs, strict=True)])
    assert sorted(load) == ["nurse-load"] * (MANY - 4) + ["won"] * 4
    with entered(organization_id):
        assert Appointment.objects.filter(site_id=site_id, state="booked", starts_at=noon).count() == 4


def test_of_many_second_places_at_one_hour_a_nurse_keeps_her_limit(
    committed: None, organization_id: UUID, someone: Callable[..., Actor],
) -> None:
    by = someone(*Role)
    nine = datetime.combine(today(ZONE) + timedelta(days=1), time(9), ZoneInfo(ZONE))
    with entered(organization_id):
        _site, chairs, nurse_id, asked = _suite(by, organization_id)
        others = [_another(by, organization_id, n) for n in (1, 2)]
        seats = []
        for n, (appointment_id, chair) in enumerate(zip(asked, chairs, strict=False)):
            nursing.book_appointment(appointment_id=appointment_id, chair_id=chair, nurse_id=others[n // 4], starts_at=nine, by=by,
                                     hold_why="a race")
            seats.append(nursing.ask_for_second_in_suite(appointment_id=appointment_id, why="turning", by=by))
    won = _at_once([{"visit_id": v, "nurse_id": nurse_id, "by": by} for v in seats], nursing.offer_second)
    assert sorted(won) == ["nurse-load"] * (MANY - 4) + ["won"] * 4


def _at_once(bookings: list[dict[str, Any]], act: Callable[..., UUID] | None = None) -> list[str]:
    start, results = threading.Barrier(len(bookings)), [""] * len(bookings)

    def book(n: int) -> None:
        try:
            start.wait(timeout=20)
            (act or partial(nursing.book_appointment, hold_why="a race"))(**bookings[n])
            results[n] = "won"
        except Refused as no:
            results[n] = no.reasons[0].code
        except Exception as trouble:
            results[n] = f"{type(trouble).__name__}: {trouble}"
        finally:
            connection.close()

    threads = [threading.Thread(target=book, args=(n,)) for n in range(len(bookings))]
    for t in threads:
        t.start()
    for t in threads:
        t.join(timeout=60)
    return results


def _suite(by: Actor, organization_id: UUID) -> tuple[UUID, list[UUID], UUID, list[UUID]]:
    catalog.load_catalog(by=by)
    site_id = sites.open_site(name="Race Suite", kind="suite", timezone=ZONE, details=DETAILS, by=by)
    for n in range(MANY):
        sites.add_chair(site_id=site_id, name=f"Chair {n}", by=by)
    nurse_id = team.add_person(email=f"seat.{organization_id.hex}@example.org", name="Nan Race", roles=frozenset({Role.NURSE}), by=by)
    for one in requirements():
        if one.task == "infusion_nursing":
            team.record_competency(user_id=nurse_id, element=one.element, on=today(ZONE), passed=True, by=by)
    team.record_credential(user_id=nurse_id, kind="nurse", state="IL", number="041-0003", expires_on=today(ZONE) + timedelta(days=90),
                           by=by)
    nine = datetime.combine(today(ZONE) + timedelta(days=1), time(8), ZoneInfo(ZONE))
    asked = []
    for n in range(2 * MANY):
        patient_id = patients.register(demographics=Demographics(
            f"Race{n}", "Ada", date(1970, 1, 1 + n), Sex.FEMALE, Address("1 Sample Way", "", "Springfield", "IL", "62701")), by=by)
        course = therapy.begin_therapy(
            patient_id=patient_id, drug_code="ceftriaxone", therapy_class="", diagnosis="M86.9", site_id=site_id,
            prescriber="Lena Fictional, MD", start_on=today(ZONE), by=by)
        asked.append(nursing.request_appointment(therapy_id=course, site_id=site_id, wished_at=nine, infusion_minutes=60,
                                                 first_dose=False, by=by))
    return site_id, [id for id, _ in sites.chairs(site_id)], nurse_id, asked
