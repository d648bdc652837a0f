# SPDX-License-Identifier: Apache-2.0
"""Write a plan of treatment, send it, record the prescriber's signature."""
from __future__ import annotations

from datetime import date
from uuid import UUID

from openinfusion.kernel.refusal import Reason, Refused
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance, revise
from openinfusion.platform.clock import now
from openinfusion.platform.house_day import house_today
from openinfusion.platform.journal import write
from openinfusion.therapy import permissions
from openinfusion.therapy.domain.chase import Channel, check_attempt, first_chase, next_chase
from openinfusion.therapy.domain.order import PrescriptionOrder
from openinfusion.therapy.domain.plan import PlanFacts, PlanText, check_plan
from openinfusion.therapy.events import PlanSigned
from openinfusion.therapy.models import PlanAttempt, PlanOfTreatment, Therapy
from openinfusion.therapy.queries import local_today


@action
def write_plan(*, therapy_id: UUID, plan: PlanText, by: Actor, written_on: date | None = None) -> UUID:
    """Write the plan of a therapy; Malformed where it is vague, Refused where one is already in force."""
    by.must(permissions.PLAN)
    therapy = lock(Therapy, therapy_id)
    check_plan(plan)
    if PlanOfTreatment.objects.filter(therapy=therapy).exclude(state="superseded").exists():
        raise Refused(Reason("plan-in-force", "a plan of treatment is already in force", "supersede it first"))
    row = PlanOfTreatment.objects.create(
        therapy=therapy, patient_id=therapy.patient_id, treatment_type=plan.treatment_type, amount=plan.amount,
        duration=plan.duration, frequency=plan.frequency, visits=plan.visits, safety=plan.safety,
        written_on=written_on or local_today(therapy.patient_id), written_by=by.id,
    )
    write(by, "therapy.plan.write", row, "{actor} wrote {subject}: {amount}, {frequency}, {duration}",
          noted={"amount": plan.amount, "frequency": plan.frequency, "duration": plan.duration})
    return row.id


@action
def send_plan(*, plan_id: UUID, by: Actor) -> UUID:
    """The plan goes to the prescriber."""
    row = lock(PlanOfTreatment, plan_id)
    advance(row, "send", PlanFacts(), by=by, sent_at=now(), chase_at=first_chase(now(), house_today()))
    return row.id


@action
def sign_plan(*, plan_id: UUID, signer_name: str, signed_on: date | None, by: Actor) -> UUID:
    """Record the prescriber's signature as it stands on the returned paper, with its date."""
    row = lock(PlanOfTreatment, plan_id)
    facts = PlanFacts(signer_name, signed_on, row.written_on, local_today(row.patient_id))
    told = PlanSigned(plan_id=row.id, therapy_id=row.therapy_id, patient_id=row.patient_id)
    advance(row, "sign", facts, by=by, news=[told], noted={"signer_name": signer_name, "signed_on": signed_on},
            signer_name=signer_name, signed_on=signed_on)
    return row.id


@action
def supersede_plan(*, plan_id: UUID, reason: str, by: Actor) -> UUID:
    """The plan no longer holds; another is written."""
    row = lock(PlanOfTreatment, plan_id)
    advance(row, "supersede", PlanFacts(), by=by, reason=reason)
    return row.id


@action
def chase_plan(*, plan_id: UUID, channel: str, result: str, by: Actor, spoke_with: str = "") -> UUID:
    """Ask the prescriber again for the signature and log it; Refused unless the plan is sent and unsigned."""
    by.must(permissions.PLAN)
    row = lock(PlanOfTreatment, plan_id)
    if row.state != "sent":
        raise Refused(Reason("nothing-to-chase", f"the plan is {row.state}; only one that was sent is chased", "send it first"))
    check_attempt(channel, result)
    PlanAttempt.objects.create(
        plan=row, patient_id=row.patient_id, asked_at=now(), channel=Channel(channel).value, spoke_with=spoke_with.strip(),
        result=result.strip(), asked_by=by.id, asker_name=by.name,
    )
    revise(row, "therapy.plan.chase", "{actor} asked for the signature on {subject} by {channel}: {result}", by=by,
           noted={"channel": Channel(channel).value.replace("_", " "), "result": result.strip()},
           chase_at=next_chase(now(), house_today()))
    return row.id


def renew_plan(old: PlanOfTreatment, order: PrescriptionOrder, drug_name: str, by: Actor) -> PlanOfTreatment:
    """The order changed: the old plan is outdated and the next one written from the new order, to be sent and signed."""
    advance(old, "outdate", PlanFacts(), by=by, reason="the order was revised")
    days = f"{order.days} days, {order.start_on:%d-%b-%Y} through {order.last_on:%d-%b-%Y}"
    row = PlanOfTreatment.objects.create(
        therapy_id=old.therapy_id, patient_id=old.patient_id, treatment_type=f"home infusion of {drug_name}, {order.route}",
        amount=f"{order.dose} per dose", duration=days,
        frequency=order.frequency, visits=old.visits, safety=old.safety, written_on=local_today(old.patient_id),
        written_by=by.id, previous=old,
    )
    told = "{subject} was written anew from the changed order: {amount}, {frequency}, {duration}; sign again"
    write(by, "therapy.plan.write", row, told,
          noted={"amount": row.amount, "frequency": row.frequency, "duration": row.duration})
    return row
