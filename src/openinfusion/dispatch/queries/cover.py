# SPDX-License-Identifier: Apache-2.0
"""Which plan holds which site on which day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from openinfusion.dispatch.domain.day_plan import PlanKind, PlanState
from openinfusion.dispatch.domain.scope import PlanScope
from openinfusion.dispatch.models import DayPlan, PlanCover

_WAITS = (PlanState.REQUESTED.value, PlanState.PROPOSED.value, PlanState.FAILED.value)


def scope_in(row: DayPlan) -> PlanScope:
    """What a plan is about."""
    return PlanScope(PlanKind(row.kind), tuple(row.sites), row.day, row.last_day)


def newest(kind: PlanKind, site_id: UUID, day: date) -> tuple[DayPlan | None, DayPlan | None]:
    """The plan in force for a site and day, and the newest that waits for somebody or for the worker."""
    here = PlanCover.objects.filter(kind=kind.value, site_id=site_id, day=day)
    in_force = DayPlan.objects.filter(pk__in=here.filter(in_force=True).values("plan_id")).first()
    waits = DayPlan.objects.filter(pk__in=here.values("plan_id"), state__in=_WAITS).order_by("-made_at").first()
    return in_force, waits


def works_by_plans(kind: PlanKind, site_id: UUID, since: date) -> bool:
    """Whether somebody accepted a plan of this kind for a day of this site since then."""
    here = PlanCover.objects.filter(kind=kind.value, site_id=site_id, day__gte=since)
    return DayPlan.objects.filter(pk__in=here.values("plan_id"), accepted_at__isnull=False).exists()


def in_force_of(plan_id: UUID) -> set[tuple[UUID, date]]:
    """The sites and days that a plan holds now."""
    return set(PlanCover.objects.filter(plan_id=plan_id, in_force=True).values_list("site_id", "day"))


def in_force_within(scope: PlanScope) -> dict[UUID, set[tuple[UUID, date]]]:
    """By plan, the sites and days of a scope that plans hold now."""
    found: dict[UUID, set[tuple[UUID, date]]] = {}
    rows = PlanCover.objects.filter(kind=scope.kind.value, site_id__in=scope.sites, in_force=True)
    rows = rows.filter(day__range=(scope.first, scope.last))
    for plan, site, day in rows.values_list("plan_id", "site_id", "day"):
        found.setdefault(plan, set()).add((site, day))
    return found


def cover(plan: DayPlan, days: Iterable[date]) -> None:
    """Write down which sites and days a new plan is about."""
    PlanCover.objects.bulk_create(
        PlanCover(plan=plan, site_id=site, day=day, kind=plan.kind) for day in days for site in plan.sites
    )
