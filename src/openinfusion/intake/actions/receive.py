# SPDX-License-Identifier: Apache-2.0
"""Receiving a referral: the patient is matched or registered, what was said is recorded, nothing is guessed."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC
from typing import TypeVar
from uuid import UUID

from openinfusion.catalog import public as catalog
from openinfusion.intake import models
from openinfusion.intake.domain.incoming import CoverageIn, LabIn, MeasurementIn, OrderIn, PersonIn, ReferralIn, says_injection
from openinfusion.intake.domain.number import number_of
from openinfusion.intake.events import ReferralReceived
from openinfusion.intake.permissions import RECEIVE
from openinfusion.kernel.ids import new_id
from openinfusion.kernel.local_day import begins
from openinfusion.kernel.refusal import Malformed, Refused
from openinfusion.patients import public as patients
from openinfusion.payers import public as payers
from openinfusion.platform.action import action
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.house_day import house_today, house_zone
from openinfusion.platform.journal import write
from openinfusion.platform.scope import attempt

V = TypeVar("V", MeasurementIn, LabIn)


@dataclass
class _Left:
    """What was said but not taken into the chart, and why: a person looks at it."""

    notes: list[str] = field(default_factory=list)

    def attempt(self, what: str, do: Callable[[], object]) -> None:
        try:
            with attempt():
                do()
        except (Refused, Malformed) as no:
            self.notes.append(f"{what} was not recorded: {no}")


@action
def receive_referral(*, referral: ReferralIn, fingerprint: str, by: Actor) -> UUID:
    """Enter a referral. The same fingerprint is the same referral: its id is answered and nothing is added."""
    by.must(RECEIVE)
    before = models.Referral.objects.filter(fingerprint=fingerprint).first()
    if before is not None:
        write(by, "intake.referral.repeated", before, "{subject} came in again and was recognised")
        return before.id
    patient_id = patients.register(demographics=_demographics(referral.person), by=by)
    left = _Left()
    _chart(patient_id, referral, left, by)
    said = _coverages(patient_id, referral.coverages, left, by)
    order, drug, others = _choose(referral.orders)
    id, at = new_id(), now()
    row = models.Referral(
        id=id,
        number=number_of(id),
        patient_id=patient_id,
        site_id=by.site_id,
        source=referral.source,
        source_name=referral.source_name,
        fingerprint=fingerprint,
        file_id=referral.file_id,
        needed_by=referral.needed_by,
        note="\n".join(part for part in (referral.note, *left.notes) if part),
        other_orders=others,
        said_coverage=said,
        state_since=at,
        **_order_columns(order, drug),
    )
    row.save(force_insert=True)
    write(
        by, "intake.referral.received", row, "{subject} came in for {drug} from {source}", patient_id=patient_id,
        noted={"drug": row.drug_text or "a drug not named", "source": referral.source_name or referral.source},
        news=[ReferralReceived(referral_id=id, patient_id=patient_id)],
    )
    return id


def _demographics(p: PersonIn) -> patients.Demographics:
    return patients.Demographics(
        p.family,
        p.given,
        p.born_on,
        patients.Sex(p.sex.value),
        patients.Address(p.line1, p.line2, p.city, p.state, p.zip),
        p.phone,
        p.email,
        p.language,
        "",
        tuple(patients.Identifier(system, value) for system, value in p.identifiers),
    )


def _chart(patient_id: UUID, referral: ReferralIn, left: _Left, by: Actor) -> None:
    """Record what the chart does not hold yet."""
    origin = referral.source
    held = patients.allergies(patient_id)
    known = {a.substance.lower() for a in held.items}
    for a in referral.allergies:
        if a.substance.lower() not in known:
            left.attempt(
                f"allergy to {a.substance}",
                lambda a=a: patients.record_allergy(  # type: ignore[misc]
                    patient_id=patient_id,
                    substance=a.substance,
                    reaction=a.reaction,
                    severity=a.severity,
                    noted_on=a.noted_on,
                    origin=origin,
                    by=by,
                ),
            )
            known.add(a.substance.lower())
    if referral.no_known_allergies and not referral.allergies and held.state is patients.AllergyState.NOT_RECORDED:
        patients.record_no_known_allergies(patient_id=patient_id, by=by)
    conditions = {(c.icd10, c.text) for c in patients.conditions(patient_id)} if referral.conditions else set()
    for c in referral.conditions:
        if (c.icd10, c.text) not in conditions:
            left.attempt(c.text, lambda c=c: patients.record_condition(  # type: ignore[misc]
                patient_id=patient_id, icd10=c.icd10, text=c.text, onset_on=c.onset_on, origin=origin, by=by,
            ))
            conditions.add((c.icd10, c.text))
    _values(patient_id, referral, left, by)


def _values(patient_id: UUID, referral: ReferralIn, left: _Left, by: Actor) -> None:
    """Record measurements and labs, oldest first, leaving out those that are there."""
    zone = patients.timezone(patient_id) or house_zone()
    held = {(m.kind, m.taken_at) for m in patients.measurements(patient_id)} if referral.measurements else set()
    for m in sorted((_there(m, zone) for m in referral.measurements), key=lambda m: m.taken_at):
        if (m.kind, m.taken_at) not in held:
            left.attempt(f"{m.kind} {m.value}", lambda m=m: patients.record_measurement(  # type: ignore[misc]
                patient_id=patient_id, kind=m.kind, value=m.value, taken_at=m.taken_at, origin=referral.source, by=by,
            ))
    drawn = {(r.loinc, r.taken_at) for r in patients.labs(patient_id)} if referral.labs else set()
    for r in sorted((_there(r, zone) for r in referral.labs), key=lambda r: r.taken_at):
        if (r.loinc, r.taken_at) not in drawn:
            left.attempt(f"{r.name} {r.value}", lambda r=r: patients.record_lab(  # type: ignore[misc]
                patient_id=patient_id, loinc=r.loinc, name=r.name, value=r.value, unit=r.unit, taken_at=r.taken_at,
                origin=referral.source, by=by,
            ))


def _there(one: V, zone: str) -> V:
    """What was sent with a day and no hour is of that day where the patient lives, from its first minute."""
    return replace(one, taken_at=begins(one.taken_at.astimezone(UTC).date(), zone)) if one.day_only else one


def _coverages(patient_id: UUID, said: tuple[CoverageIn, ...], left: _Left, by: Actor) -> list[str]:
    """Record coverage by plans we know; what is by others is kept in words for a person to look at."""
    words: list[str] = []
    if not said:
        return words
    held = {(c.plan_id, c.member_id) for c in patients.coverage(patient_id)}
    plans = payers.plans()
    for one in said:
        plan = _plan_meant(one, plans)
        if plan is None or not one.member_id:
            words.append(
                ", ".join(part for part in (one.payer, one.plan, one.payer_id, f"member {one.member_id}") if part)
            )
        elif (plan.id, one.member_id) not in held:
            left.attempt(
                f"coverage by {plan.name}",
                lambda one=one, plan=plan: patients.record_coverage(  # type: ignore[misc]
                    patient_id=patient_id,
                    plan_id=plan.id,
                    member_id=one.member_id,
                    group_number=one.group_number,
                    rank=one.rank,
                    relationship=one.relationship,
                    subscriber=one.subscriber,
                    first=one.first or house_today(),
                    last=one.last,
                    by=by,
                ),
            )
    return words


def _plan_meant(said: CoverageIn, plans: list[payers.PlanFact]) -> payers.PlanFact | None:
    """The one plan these words name exactly; none where they name no plan or several."""
    def same(a: str, b: str) -> bool:
        return bool(a.strip()) and a.strip().casefold() == b.strip().casefold()

    by_plan = [p for p in plans if same(said.plan, p.name) or same(said.plan, p.code)]
    by_number = [p for p in plans if same(said.payer_id, p.payer_id)]
    by_payer = [p for p in plans if same(said.payer, p.payer_name) or same(said.payer, p.name)]
    return next((found[0] for found in (by_plan, by_number, by_payer) if len(found) == 1), None)


def _choose(orders: tuple[OrderIn, ...]) -> tuple[OrderIn | None, catalog.DrugFact | None, list[str]]:
    """The one order for a therapy of this house; where none or several are, a person chooses. The rest in words."""
    meant: list[tuple[OrderIn, catalog.DrugFact]] = []
    for order in orders:
        try:
            drug = catalog.match_drug(order.drug_text, order.rxnorm)
        except Refused:
            continue
        fits = order.route in drug.routes or (not order.route and (len(orders) == 1 or says_injection(order.drug_text)))
        if fits and drug.therapy_class != catalog.TherapyClass.ANCILLARY:
            meant.append((order, drug))
    chosen, found = meant[0] if len(meant) == 1 else (None, None)
    if chosen is None and len(orders) == 1:
        chosen = orders[0]
    return chosen, found, [o.text or o.drug_text for o in orders if o is not chosen]


def _order_columns(order: OrderIn | None, drug: catalog.DrugFact | None) -> dict[str, object]:
    if order is None:
        return {}
    return {
        "drug_text": drug.tall_man if drug else order.drug_text,
        "drug_code": drug.code if drug else "",
        "therapy_class": drug.therapy_class if drug else "",
        "dose_amount": order.dose_amount,
        "dose_unit": order.dose_unit,
        "route": order.route,
        "interval_hours": order.interval_hours,
        "infusion_minutes": order.infusion_minutes,
        "rate_ml_per_h": order.rate_ml_per_h,
        "start_on": order.start_on,
        "days": order.days,
        "doses": order.doses,
        "ordered_on": order.ordered_on,
        "order_text": order.text or order.drug_text,
        "order_ref": order.ref,
        "prescriber_name": order.prescriber_name,
        "prescriber_npi": order.prescriber_npi,
        "icd10": order.icd10,
        "diagnosis_text": order.diagnosis_text,
    }
