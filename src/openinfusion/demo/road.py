# SPDX-License-Identifier: Apache-2.0
"""The road of the demonstration: a delivery from call to proof, and the first visit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from openinfusion.calculations.public import stretches
from openinfusion.compounding import public as compounding
from openinfusion.delivery import public as delivery
from openinfusion.demo.bench import receive
from openinfusion.demo.stops import NEVER
from openinfusion.inventory import public as inventory
from openinfusion.kernel.refusal import Refused
from openinfusion.nursing import public as nursing
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.house_day import house_today
from openinfusion.platform.scope import attempt
from openinfusion.therapy import public as therapy

if TYPE_CHECKING:
    from openinfusion.demo.course import Course

_LONGEST = 240  # minutes a nurse of the demonstration stays with one infusion


def deliver(c: Course, therapy_id: UUID) -> Iterator[datetime]:
    """The open ticket of this therapy: call, pick, pack, check, drive, hand over."""
    tickets = [t for t in delivery.tickets_of(therapy_id) if t.state == "draft"]
    if not tickets:
        return
    ticket = tickets[0]
    store, rph, driver = c.one(*c.crew.warehouse), c.one(*reversed(c.crew.pharmacists)), c.one(*c.crew.drivers)
    yield c.later(1)
    person, stop = c.invented.referral.person, c.crew.stops.take("delivery", now())
    if stop == "draft":
        yield NEVER
    if stop == "pre_delivery_assessment":
        delivery.record_call(ticket_id=ticket.id, answers=_answers(c, therapy_id), by=c.house.by(store))
        yield NEVER
    delivery.confirm_by_call(ticket_id=ticket.id, answers=_answers(c, therapy_id), by=c.house.by(store))
    yield NEVER if stop == "confirmed" else c.later(0.5)
    _have(c, {line.product_id: line.quantity for line in ticket.lines if line.product_id is not None})
    scans = [line.scan_code if line.kind != "supply" else f"01{line.scan_code}" for line in ticket.lines]
    delivery.pick_by_scan(ticket_id=ticket.id, scans=scans, by=c.house.by(store))
    advance = delivery.advance_ticket
    chosen = delivery.pack_out_for(ticket.id, delivery.Lane.COURIER)
    delivery.choose_pack_out(
        ticket_id=ticket.id,
        pack_out=chosen.code,
        lane=delivery.Lane.COURIER,
        by=c.house.by(store),
        done_steps=[s.code for s in delivery.steps_of(chosen)],
    )
    advance(ticket_id=ticket.id, step="pick", by=c.house.by(store))
    if stop == "picked":
        yield NEVER
    advance(ticket_id=ticket.id, step="pack", by=c.house.by(store))
    yield NEVER if stop == "packed" else c.later(0.5)
    advance(ticket_id=ticket.id, step="check", by=c.house.by(rph, signing=True))
    yield NEVER if stop == "rph_checked" else c.later(1)
    advance(ticket_id=ticket.id, step="dispatch", by=c.house.by(driver))
    if stop == "dispatched":
        yield NEVER
    if stop in {"failed", "returned"} or c.rng.random() < 0.04:
        delivery.fail_delivery(
            ticket_id=ticket.id,
            failure=delivery.Failure.NOBODY_HOME,
            then_do=delivery.Next.TRY_AGAIN_TODAY,
            by=c.house.by(driver),
            note="nobody opened",
        )
        if stop == "returned":
            advance(ticket_id=ticket.id, step="take_back", by=c.house.by(store))
        yield NEVER if stop else now() + timedelta(hours=2)  # again on the same day: the pack-out still holds
        advance(ticket_id=ticket.id, step="dispatch", by=c.house.by(driver))
    yield c.later(1.5)
    name = f"{person.given} {person.family}"
    delivery.hand_over(
        ticket_id=ticket.id,
        received_by=name,
        relation="self",
        signature=f"typed:{name}",
        arrived_c=Decimal("4.6") if chosen.payload.value == "refrigerated" else Decimal("21.0"),
        by=c.house.by(driver),
    )


def _answers(c: Course, therapy_id: UUID) -> delivery.Answers:
    person = c.invented.referral.person
    return delivery.Answers(
        spoke_with=f"{person.given} {person.family}",
        relation="self",
        doses_on_hand=1,
        doses_missed=0,
        missed_why="",
        changes="",
        side_effects="",
        is_address_right=True,
        consents=True,
        need_by=house_today() + timedelta(days=1),
        said=delivery.nothing_new(therapy.therapy(therapy_id).therapy_class),
    )


def _have(c: Course, wanted: dict[UUID, int]) -> None:
    """Make sure the shelf has so many of each; the buyer receives more where it has not."""
    site_id = c.crew.site_id
    free = inventory.free(wanted, site_id)
    for product_id, count in wanted.items():
        if free.get(product_id, 0) < count:
            receive(c.house.by("buyer"), site_id, product_id, count * 2 + 200, c.rng.randint(100, 999))


def visit(c: Course, therapy_id: UUID) -> Iterator[datetime]:
    """The first visit, where the therapy has one: offered, made, written down, signed."""
    asked = [v for v in nursing.visits_of(therapy_id) if v.state == "requested"]
    if not asked:
        return
    visit_id, offered = asked[0].id, None
    run = _run(asked[0]) if asked[0].infuses else None
    while offered is None:
        offered = _offer(c, visit_id, 50 + (run.minutes if run else 50))
        if offered is None:
            yield c.later(2)  # everybody is busy: the manager looks again
    by, start = offered
    stop, advance = c.crew.stops.take("visit", now()), nursing.advance_visit
    if stop == "refused":
        advance(visit_id=visit_id, step="refuse", reason="my car is in the workshop", by=by)
    if stop in {"offered", "refused"}:
        yield NEVER
    for step, state, wait in (
        ("accept", "accepted", None),
        ("confirm", "confirmed", start),
        ("set_out", "en_route", timedelta(minutes=25)),
        ("arrive", "in_progress", timedelta(minutes=35 + (run.minutes if run else 20))),
    ):
        advance(visit_id=visit_id, step=step, by=by)
        if stop == "missed" and step == "confirm":
            advance(visit_id=visit_id, step="miss", reason="nobody was at home", by=c.house.by("nurse_manager"))
            yield NEVER
        if stop == state:
            yield NEVER
        if wait is not None:
            yield wait if isinstance(wait, datetime) else now() + wait
    _write(c, asked[0], run, by)
    advance(visit_id=visit_id, step="document", by=by)
    if stop == "reviewed":
        advance(visit_id=visit_id, step="review", by=c.house.by("nurse_manager"))
    if stop in {"documented", "reviewed"}:
        yield NEVER
    advance(visit_id=visit_id, step="sign", by=by.signing("demo"))


def _offer(c: Course, visit_id: UUID, minutes: int) -> tuple[Actor, datetime] | None:
    """Offer the visit to the first nurse who is free; None where nobody is."""
    nurses = c.crew.nurses
    for turn in range(len(nurses)):
        by, start = c.house.by(nurses[(c.number + turn) % len(nurses)]), c.later(3)
        try:
            with attempt():
                nursing.offer_visit(
                    visit_id=visit_id,
                    nurse_id=by.id,
                    planned_start=start,
                    planned_end=start + timedelta(minutes=minutes),
                    by=c.house.by("nurse_manager"),
                )
        except Refused:
            continue
        return by, start
    return None


class _Run(NamedTuple):
    """How the infusion of a visit runs: by whose steps, and the rates in mL/h from minutes after its begin, the last one 0."""

    plan: str
    rates: tuple[tuple[int, Decimal], ...]

    @property
    def minutes(self) -> int:
        return self.rates[-1][0]


def _run(asked: nursing.VisitFact) -> _Run | None:
    """By the first plan that fits, until the bag is in, or as long as a nurse can stay; None where no rate is on file."""
    plans = nursing.rate_plans(asked.id)
    if not plans:
        return None
    plan, made = plans[0], compounding.preparations_of_therapy(asked.therapy_id)[-1]
    volume = compounding.work_order(made.work_order_id).final_volume_ml
    steps = stretches([(rate, Decimal(plan.step_minutes)) for rate in plan.rates], volume)
    rates = [(10 + round(s.from_minute), s.rate_ml_per_h) for s in steps if s.from_minute < _LONGEST]
    stop = 10 + min(round(steps[-1].from_minute + steps[-1].minutes), _LONGEST)
    return _Run(plan.code if len(plans) > 1 else "", (*rates, (stop, Decimal(0))))


def _write(c: Course, asked: nursing.VisitFact, run: _Run | None, by: Actor) -> None:
    visit_id, begun = asked.id, now() - timedelta(minutes=30 + (run.minutes if run else 20))
    vitals = [
        nursing.Vitals(
            at=begun + timedelta(minutes=m),
            temperature_c=Decimal("36.8"),
            pulse_per_min=72 + c.rng.randint(0, 12),
            respirations_per_min=16,
            systolic_mmhg=124,
            diastolic_mmhg=76,
            spo2_percent=98,
        )
        for m in (5, 40)
    ]
    planned = run.rates if run else ((10, Decimal(100)), (55, Decimal(0))) if asked.infuses else ()
    rates = [nursing.RateStep(at=begun + timedelta(minutes=m), rate_ml_per_h=r) for m, r in planned]
    nursing.write_record(
        visit_id=visit_id,
        rates=rates,
        rate_plan=run.plan if run else "",
        vitals=vitals,
        sections=_first_dose(c, asked),
        by=by,
        entries=nursing.VisitEntries(
            identifiers=("full name", "date of birth"),
            line_site="clean, dry, dressing intact",
            line_flushes=True,
            line_blood_return=True,
            reaction=nursing.ReactionKind.NONE,
            taught=("aseptic technique", "whom to call, day and night"),
            taught_back=True,
            started_at=begun,
            ended_at=now(),
        ),
    )


def _first_dose(c: Course, asked: nursing.VisitFact) -> list[nursing.Said]:
    """What a first dose asks for beside the infusion: the drug by its label, the kit, the patient's signature."""
    person = c.invented.referral.person
    name, drawn = f"{person.given} {person.family}", "M40 120 L120 60 L180 140 L300 70"
    signed = {"signed_name": name, "signed_relation": "self", "strokes": drawn}
    if not asked.infuses:
        return [nursing.Said("patient", signed)]
    made = compounding.preparations_of_therapy(asked.therapy_id)[-1]
    kit = {"kit_on_hand": "yes", "kit_expires_on": str(house_today() + timedelta(days=150 + c.rng.randint(0, 200)))}
    return [
        nursing.Said("drug", {"code": compounding.label_code(made.lot_number, 1)}),
        nursing.Said("kit", kit),
        nursing.Said("patient", signed),
    ]
