# SPDX-License-Identifier: Apache-2.0
"""Transcribe an order and revise it by a new version. An order that stands is never edited."""
from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from openinfusion.calculations.public import bag_of
from openinfusion.catalog import public as catalog
from openinfusion.kernel.ids import new_id
from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.platform.action import action, fetch, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance
from openinfusion.therapy import permissions
from openinfusion.therapy.actions.plan import renew_plan
from openinfusion.therapy.domain.number import number_of
from openinfusion.therapy.domain.nutrition import dose_of, osmolarity_of, without_stocks, written
from openinfusion.therapy.domain.order import PrescriptionOrder, check_order, difference
from openinfusion.therapy.domain.validity import last_valid_day
from openinfusion.therapy.events import PrescriptionEnded, PrescriptionTranscribed
from openinfusion.therapy.models import PlanOfTreatment, Prescription, Therapy
from openinfusion.therapy.queries import local_today, order_of, prescription_facts


@action
def transcribe_prescription(*, therapy_id: UUID, order: PrescriptionOrder, by: Actor) -> UUID:
    """Enter an order as received; Malformed with every fault of it."""
    by.must(permissions.TRANSCRIBE)
    therapy = fetch(Therapy, therapy_id)
    if therapy.state in ("completed", "discontinued"):
        raise Refused(Reason("therapy-ended", f"{therapy} has ended", "begin a new therapy"))
    id = new_id()
    return _write_version(therapy, worked_out(order, therapy), by, number=number_of(id), id=id)


def worked_out(order: PrescriptionOrder, therapy: Therapy) -> PrescriptionOrder:
    """A formula of nutrition, made up by the site's stock solutions, sets the osmolarity. Refused where no bag comes of it.

    The dose must be the volume that the formula says: what is typed beside it and differs is a fault, not a choice.
    """
    if order.nutrition is None:
        return order
    check_order(order)
    if catalog.drug(order.drug_code).therapy_class != catalog.TherapyClass.PARENTERAL_NUTRITION:
        raise Malformed(Fault("drug_code", f"{order.drug_code} is no parenteral nutrition; it has no formula"))
    bag = bag_of(replace(order.nutrition, stocks=catalog.site_nutrition(therapy.site_id).stocks))
    if order.dose != dose_of(bag):
        raise Malformed(Fault("dose", f"the formula has {dose_of(bag)} a day, not {order.dose}"))
    return replace(order, nutrition=without_stocks(order.nutrition), osmolarity_mosm_per_l=osmolarity_of(bag))


@action
def revise_prescription(
    *, prescription_id: UUID, order: PrescriptionOrder, reason: str, by: Actor, version: int | None = None,
) -> UUID:
    """Replace a version by a new one, which must be verified again; the id of the new version."""
    by.must(permissions.TRANSCRIBE)
    old = lock(Prescription, prescription_id, version)
    therapy = fetch(Therapy, old.therapy_id)
    order = worked_out(order, therapy)
    if old.nutrition and order.nutrition is None:
        raise Refused(Reason("formula-dropped", "the new version has no formula", "write it, or discontinue the order"))
    changes = {d.field: f"{d.old} → {d.new}" for d in difference(order_of(old), order) if d.changed}
    if not changes:
        raise Refused(Reason("nothing-changed", "the new version says the same as the old one"))
    check_order(order)
    ended = PrescriptionEnded(
        prescription_id=old.id, therapy_id=old.therapy_id, ending="changed", patient_id=old.patient_id,
    )
    advance(old, "change", prescription_facts(old), by=by, reason=reason, news=[ended], noted={"changes": changes})
    new = _write_version(therapy, order, by, number=old.number, id=new_id(), previous=old)
    _renew_plan(therapy.id, order, by)
    return new


def _write_version(
    therapy: Therapy, order: PrescriptionOrder, by: Actor, *, number: str, id: UUID,
    previous: Prescription | None = None,
) -> UUID:
    check_order(order)
    drug = catalog.drug(order.drug_code)
    if order.route not in drug.routes:
        raise Malformed(Fault("route", f"{drug.name} is not given {order.route}; known are {', '.join(drug.routes)}"))
    ordered_on = order.ordered_on or local_today(therapy.patient_id)
    row = Prescription.objects.create(
        id=id, number=number, version_no=previous.version_no + 1 if previous else 1, previous=previous, therapy=therapy,
        patient_id=therapy.patient_id, drug_code=drug.code, drug_name=drug.tall_man, dose_amount=order.dose.amount,
        dose_unit=order.dose.unit.code, route=order.route, interval_hours=order.interval_hours,
        clock_times=list(order.clock_times), every_days=order.every_days, first_dose_time=order.first_dose_time,
        infusion_minutes=order.infusion_minutes, rate_ml_per_h=order.rate_ml_per_h,
        osmolarity_mosm_per_l=order.osmolarity_mosm_per_l, start_on=order.start_on, days=order.days,
        last_on=order.last_on, doses=order.doses, diagnosis=order.diagnosis, prescriber_name=order.prescriber_name,
        prescriber_npi=order.prescriber_npi, ordered_on=ordered_on, expires_on=last_valid_day(ordered_on),
        instructions=order.instructions, source_text=order.source_text, source_ref=order.source_ref,
        nutrition=written(order.nutrition) if order.nutrition else None, transcribed_by=by.id, transcriber_name=by.name,
    )
    told = PrescriptionTranscribed(prescription_id=id, therapy_id=therapy.id, patient_id=therapy.patient_id)
    advance(row, "transcribe", prescription_facts(row), by=by, news=[told],
            noted={"order": f"{drug.tall_man} {order.dose} {order.route} {order.frequency}"})
    return id


def _renew_plan(therapy_id: UUID, order: PrescriptionOrder, by: Actor) -> None:
    """The order changed, so the plan no longer says what is given: the next one waits to be sent and signed."""
    plan = PlanOfTreatment.objects.select_for_update(of=("self",)).filter(therapy_id=therapy_id).exclude(
        state="superseded").first()
    if plan is not None:
        renew_plan(plan, order, catalog.drug(order.drug_code).tall_man, by)
