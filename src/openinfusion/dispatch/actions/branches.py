# SPDX-License-Identifier: Apache-2.0
"""Asking for the day of every branch at once. Each is a plan and a job of its own; one that cannot be planned stops no other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from openinfusion.dispatch.actions.ask import SECONDS, ask_for_plan
from openinfusion.dispatch.domain.day_plan import PlanKind
from openinfusion.dispatch.permissions import PLAN
from openinfusion.dispatch.queries.cover import newest, works_by_plans
from openinfusion.kernel.refusal import Malformed, Refused, Unavailable
from openinfusion.platform.actor import Actor
from openinfusion.sites import public as sites


@dataclass(frozen=True, slots=True)
class BranchAsked:
    """One site's answer: the plan that was asked for or stands already, or why there is none. ``left``: one is in force."""

    site_id: UUID
    name: str
    kind: PlanKind
    plan_id: UUID | None = None
    why_not: str = ""
    left: bool = False


def ask_for_branches(
    *, kinds: Iterable[PlanKind], day: date, by: Actor, seconds: int = SECONDS, seed: int = 1, keep: bool = False,
    in_use_since: date | None = None,
) -> list[BranchAsked]:
    """Have the day of every site planned, site by site and each by itself: what was asked for stays, whatever the next answers.

    ``keep``: a site and day on which a plan is in force or waits already is left as it is. ``in_use_since``: only of sites for
    which somebody accepted such a plan since then; the others are not named.
    """
    by.must(PLAN)
    listed = list(kinds)
    wanted = [(s, kind) for s in sites.pharmacies() for kind in listed]
    if in_use_since is not None:
        wanted = [(s, kind) for s, kind in wanted if works_by_plans(kind, s.id, in_use_since)]
    return [_one(s.id, s.name, kind, day, seconds, seed, keep, by) for s, kind in wanted]


def _one(site_id: UUID, name: str, kind: PlanKind, day: date, seconds: int, seed: int, keep: bool, by: Actor) -> BranchAsked:
    if keep and (there := next((p for p in newest(kind, site_id, day) if p is not None), None)):
        return BranchAsked(site_id, name, kind, there.id, left=True)
    try:
        made = ask_for_plan(kind=kind, site_id=site_id, day=day, seconds=seconds, seed=seed, by=by)
    except Refused as no:
        return BranchAsked(site_id, name, kind, why_not="; ".join(str(r) for r in no.reasons))
    except (Malformed, Unavailable) as no:
        return BranchAsked(site_id, name, kind, why_not=str(no))
    return BranchAsked(site_id, name, kind, made)
