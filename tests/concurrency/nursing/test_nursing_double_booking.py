# SPDX-License-Identifier: Apache-2.0
"""One nurse offered two visits for the same hour at the same moment gets one."""
from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

from django.db import connection

from openinfusion.catalog import public as catalog
from openinfusion.kernel.refusal import Refused
from openinfusion.kernel.roles import Role
from openinfusion.nursing import public as nursing
from openinfusion.patients import public as patients
from openinfusion.patients.public import Address, Demographics, Sex
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now, today
from openinfusion.platform.models import Site
from openinfusion.platform.scope import entered
from openinfusion.team import public as team
from openinfusion.team.domain.competency import requirements
from openinfusion.therapy import public as therapy

VISITS = 6


def test_of_many_offers_for_one_hour_one_stands(
    committed: None, organization_id: UUID, someone: Callable[..., Actor],
) -> None:
    by, start, at = someone(*Role), threading.Barrier(VISITS), now() + timedelta(days=1)
    with entered(organization_id):
        visits, nurse_id = _visits(by, organization_id)
    results = [""] * VISITS

    def offer(n: int) -> None:
        try:
            start.wait(timeout=20)
            nursing.offer_visit(visit_id=visits[n], nurse_id=nurse_id, planned_start=at + timedelta(minutes=n),
                                planned_end=at + timedelta(minutes=60 + n), by=by)
            results[n] = "won"
        except Refused as no:
            results[n] = no.reasons[0].code
        except Exception as trouble:
            results[n] = f"{type(trouble).__name__}: {trouble}"
        finally:
            connection.close()

    threads = [threading.Thread(target=offer, args=(n,)) for n in range(VISITS)]
    for t in threads:
        t.start()
    for t in threads:
        t.join(timeout=60)
    assert sorted(results) == ["nurse-busy"] * (VISITS - 1) + ["won"]


def test_two_plans_that_cross_two_nurses_both_stand(
    committed: None, organization_id: UUID, someone: Callable[..., Actor],
) -> None:
    """Each gives its first visit to the nurse of the other's last: without one order of turns each would wait for the other."""
    by, start, at = someone(*Role), threading.Barrier(2), now() + timedelta(days=1)
    with entered(organization_id):
        visits, first = _visits(by, organization_id)
        second = _nurse("Nell Race", by, organization_id)
    visits.sort()
    plans = [[(visits[0], first), (visits[1], second)], [(visits[2], second), (visits[3], first)]]
    results = ["", ""]

    def plan(n: int) -> None:
        try:
            wanted = [nursing.Assignment(v, nurse, at + timedelta(hours=3 * n + k), at + timedelta(hours=3 * n + k, minutes=50))
                      for k, (v, nurse) in enumerate(plans[n])]
            start.wait(timeout=20)
            nursing.assign_visits(wanted=wanted, by=by)
            results[n] = "stands"
        except Exception as trouble:
            results[n] = f"{type(trouble).__name__}: {trouble}"
        finally:
            connection.close()

    threads = [threading.Thread(target=plan, args=(n,)) for n in range(2)]
    for t in threads:
        t.start()
    for t in threads:
        t.join(timeout=60)
    assert results == ["stands", "stands"]


def _nurse(name: str, by: Actor, organization_id: UUID) -> UUID:
    email = f"{name.split()[0].lower()}.{organization_id.hex}@example.org"
    nurse_id = team.add_person(email=email, name=name, roles=frozenset({Role.NURSE}), by=by)
    for one in requirements():
        if one.task == "infusion_nursing":
            team.record_competency(user_id=nurse_id, element=one.element, on=today("America/Chicago"), passed=True, by=by)
    team.record_credential(user_id=nurse_id, kind="nurse", state="IL", number=f"041-{name[:3]}", expires_on=today("America/Chicago") +
                           timedelta(days=90), by=by)
    return nurse_id


def _visits(by: Actor, organization_id: UUID) -> tuple[list[UUID], UUID]:
    catalog.load_catalog(by=by)
    site = Site.objects.create(name="Race", kind="pharmacy", timezone="America/Chicago")
    nurse_id = _nurse("Nan Race", by, organization_id)
    patient_id = patients.register(demographics=Demographics(
        "Race", "Ada", date(1970, 1, 1), Sex.FEMALE, Address("1 Sample Way", "", "Springfield", "IL", "62701")), by=by)
    therapy_id = therapy.begin_therapy(
        patient_id=patient_id, drug_code="ceftriaxone", therapy_class="", diagnosis="M86.9", site_id=site.id,
        prescriber="Lena Fictional, MD", start_on=today("America/Chicago"), by=by)
    return [nursing.request_visit(therapy_id=therapy_id, purpose=f"visit {n}", by=by) for n in range(VISITS)], nurse_id
