# SPDX-License-Identifier: Apache-2.0
"""Two plans whose sites and days overlap, accepted at the same moment: the days they share are held by one of them."""
from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from django.db import connection

from openinfusion.dispatch.models import DayPlan, PlanCover
from openinfusion.dispatch.public import advance_plan
from openinfusion.kernel.refusal import Refused
from openinfusion.kernel.roles import Role
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import today
from openinfusion.platform.models import Site
from openinfusion.platform.scope import entered

ROUNDS = 5
EMPTY = {"routes": [], "unplaced": [], "cost": {}, "method": "insertion", "note": ""}


def test_of_overlapping_plans_accepted_at_once_each_day_has_one(
    committed: None, organization_id: UUID, someone: Callable[..., Actor],
) -> None:
    by, first = someone(*Role), today("America/Chicago") + timedelta(days=1)
    for n in range(ROUNDS):
        with entered(organization_id):
            sites = [Site.objects.create(name=f"Race {n} {k}", kind="pharmacy", timezone="America/Chicago").id for k in range(2)]
            ids = [_proposed(by, sites, first, 0, 4), _proposed(by, sites[::-1], first, 2, 6)]
        gate, results = threading.Barrier(2), [""] * 2

        def accept(k: int, ids: list[UUID] = ids, gate: threading.Barrier = gate, results: list[str] = results) -> None:
            try:
                gate.wait(timeout=20)
                advance_plan(plan_id=ids[k], step="accept", by=by)
                results[k] = "accepted"
            except Refused as no:
                results[k] = no.reasons[0].code
            except Exception as trouble:
                results[k] = f"{type(trouble).__name__}: {trouble}"
            finally:
                connection.close()

        threads = [threading.Thread(target=accept, args=(k,)) for k in range(2)]
        for t in threads:
            t.start()
        for t in threads:
            t.join(timeout=60)
        assert sorted(results) in (["accepted", "in-force"], ["accepted", "accepted"]), results
        with entered(organization_id):
            held = list(PlanCover.objects.filter(plan_id__in=ids, in_force=True).values_list("site_id", "day"))
            assert len(held) == len(set(held)) >= 10
            refused = [i for i, said in zip(ids, results, strict=True) if said == "in-force"]
            assert all(DayPlan.objects.get(pk=i).state == "proposed" for i in refused)
            assert not PlanCover.objects.filter(plan_id__in=refused, in_force=True).exists()


def _proposed(by: Actor, sites: list[UUID], first: object, begins: int, ends: int) -> UUID:
    days = [first + timedelta(days=n) for n in range(begins, ends + 1)]  # type: ignore[operator]
    plan = DayPlan.objects.create(
        site_id=sites[0], sites=sites, day=days[0], last_day=days[-1], kind="nurses", sha256=f"{sites[0]}{begins}", seconds=1,
        problem={}, tasks={}, people={}, plan=EMPTY, asked_by=by.id, asker_name=by.name,
    )
    DayPlan.objects.filter(pk=plan.pk).update(state="proposed")
    PlanCover.objects.bulk_create(PlanCover(plan=plan, site_id=s, day=d, kind="nurses") for d in days for s in sites)
    return plan.id
