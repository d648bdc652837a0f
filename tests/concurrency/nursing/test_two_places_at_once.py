# SPDX-License-Identifier: Apache-2.0
"""One nurse offered the first place of one visit and the second of others, for one hour at one moment, gets one of them."""
from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from django.db import connection
from tests.concurrency.nursing.test_nursing_double_booking import VISITS, _visits

from openinfusion.kernel.refusal import Refused
from openinfusion.kernel.roles import Role
from openinfusion.nursing import public as nursing
from openinfusion.nursing.models import NurseTime
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now, today
from openinfusion.platform.scope import entered
from openinfusion.team import public as team
from openinfusion.team.domain.competency import requirements


def _another(by: Actor, organization_id: UUID, number: int) -> UUID:
    id = team.add_person(email=f"n{number}.{organization_id.hex}@example.org", name=f"Nan {number}", roles=frozenset({Role.NURSE}), by=by)
    for one in requirements():
        if one.task == "infusion_nursing":
            team.record_competency(user_id=id, element=one.element, on=today("America/Chicago"), passed=True, by=by)
    team.record_credential(user_id=id, kind="nurse", state="IL", number=f"041-1{number}", by=by,
                           expires_on=today("America/Chicago") + timedelta(days=90))
    return id


def test_of_first_and_second_places_for_one_hour_one_stands(
    committed: None, organization_id: UUID, someone: Callable[..., Actor],
) -> None:
    by, start, at = someone(*Role), threading.Barrier(VISITS), now() + timedelta(days=1)
    end = at + timedelta(hours=1)
    with entered(organization_id):
        visits, nurse_id = _visits(by, organization_id)
        for n in range(1, VISITS, 2):  # every other one is given to somebody else, and only its second place is open
            nursing.ask_for_second(visit_id=visits[n], why="turning", by=by)
            nursing.offer_visit(visit_id=visits[n], nurse_id=_another(by, organization_id, n), planned_start=at, planned_end=end, by=by)
    results = [""] * VISITS

    def offer(n: int) -> None:
        try:
            start.wait(timeout=20)
            if n % 2:
                nursing.offer_second(visit_id=visits[n], nurse_id=nurse_id, by=by)
            else:
                nursing.offer_visit(visit_id=visits[n], nurse_id=nurse_id, planned_start=at, planned_end=end, by=by)
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
    with entered(organization_id):
        assert NurseTime.objects.filter(nurse=nurse_id).count() == 1
