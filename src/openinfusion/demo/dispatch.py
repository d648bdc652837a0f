# SPDX-License-Identifier: Apache-2.0
"""Dispatch in the demonstration: tomorrow's drivers and nurses of the first pharmacy have a plan in force."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from openinfusion.delivery import public as delivery
from openinfusion.demo.staff import Crew, House
from openinfusion.dispatch import public as dispatch
from openinfusion.dispatch.public import PlanKind
from openinfusion.kernel.refusal import Refused, Stale
from openinfusion.platform.clock import now
from openinfusion.platform.scope import attempt
from openinfusion.therapy import public as therapy

KEPT_DRAFTS = 3  # deliveries that go on waiting for their call, for who looks at that list


def dispatch_tomorrow(house: House, zone: ZoneInfo, orders: list[therapy.PrescriptionFact]) -> int:
    """What is to be driven tomorrow is agreed by telephone; then both plans are made and accepted. How many acts."""
    day, first = now().astimezone(zone).date() + timedelta(days=1), house.crews[0]
    acts = _agreed(house, first, day) + _pick_ups(house, first, day, orders)
    return acts + sum(
        _planned(house, kind, key, first, day)
        for kind, key in ((PlanKind.DRIVERS, "warehouse"), (PlanKind.NURSES, "nurse_manager"))
    )


def _agreed(house: House, crew: Crew, day: date) -> int:
    """Three deliveries whose call is due are agreed for tomorrow."""
    by, acts = house.by("warehouse"), 0
    drafts = [w for w in delivery.waiting(by).rows if w.kind == "Delivery" and w.state == "draft"]
    tickets = [t for w in drafts[2:] if (t := delivery.ticket(w.id)).site_id == crew.site_id and not t.road.call_attempts]
    for ticket in tickets[: min(3, max(0, len(drafts) - KEPT_DRAFTS))]:
        answers = delivery.Answers(
            "the patient", "self", 1, 0, "", "", "", True, True, day,
            said=delivery.nothing_new(therapy.therapy(ticket.therapy_id).therapy_class),
        )  # fmt: skip
        try:
            with attempt():
                delivery.confirm_by_call(ticket_id=ticket.id, answers=answers, by=by)
        except Refused:  # the payer does not let it come yet
            continue
        acts += 1
    return acts


def _pick_ups(house: House, crew: Crew, day: date, orders: list[therapy.PrescriptionFact]) -> int:
    """Three patients give back the empty boxes of their last delivery."""
    courses = therapy.therapies_by_id([o.therapy_id for o in orders])
    mine = dict.fromkeys(o.patient_id for o in orders if courses[o.therapy_id].site_id == crew.site_id)
    for patient_id in list(mine)[:3]:
        delivery.ask_back(
            patient_id=patient_id, site_id=crew.site_id, kind=delivery.ReturnKind.SHIPPER, wanted_on=day,
            text="insulated box with its gel packs", by=house.by(crew.warehouse[0]),
        )  # fmt: skip
    return min(3, len(mine))


def _planned(house: House, kind: PlanKind, key: str, crew: Crew, day: date) -> int:
    """Asked for, worked out by insertion (at once, with the solvers or without) and accepted; refused, it stays a proposal."""
    by = house.by(key)
    try:
        with attempt():
            plan_id = dispatch.ask_for_plan(kind=kind, site_id=crew.site_id, day=day, by=by)
    except Refused:  # nothing is to be driven or visited
        return 0
    dispatch.solve_plan(plan_id=plan_id, by=by, engine="insertion")
    try:
        with attempt():
            dispatch.advance_plan(plan_id=plan_id, step="accept", by=by)
    except (Refused, Stale):
        return 2
    return 3
