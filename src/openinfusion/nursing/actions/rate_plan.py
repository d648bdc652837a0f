# SPDX-License-Identifier: Apache-2.0
"""Saying by whose rate steps the infusion of a visit runs, where several products or uses might apply."""
from __future__ import annotations

from uuid import UUID

from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.nursing.models import NurseVisit
from openinfusion.nursing.permissions import RATE_PLAN
from openinfusion.nursing.queries.rate_plans import NAMEABLE, rate_plans
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import revise


@action
def name_rate_plan(*, visit_id: UUID, plan: str, by: Actor, version: int | None = None) -> UUID:
    """The pharmacist names the plan of rates before or while the infusion runs; the nurse's rates are judged by it from then."""
    by.must(RATE_PLAN)
    visit = lock(NurseVisit, visit_id, version)
    if visit.state not in NAMEABLE:
        raise Refused(Reason("record-closed", f"the visit is {visit.state.replace('_', ' ')}: its rates are on record"))
    labels = {p.code: p.label for p in rate_plans(visit)}
    if plan not in labels:
        raise Malformed(Fault("plan", "is none of the plans of rates this infusion may run by"))
    revise(visit, "nursing.rate_plan.name", "{actor} said that visit {subject} infuses by the rate steps of {label}.", by=by,
           noted={"label": labels[plan]}, rate_plan=plan)
    return visit.id
