# SPDX-License-Identifier: Apache-2.0
"""One patient's course, played through the doors by the people of the house: from referral to the last delivery.

A course is a generator: it yields the instant of its next act and is resumed when the clock has come there. What has
not come yet by today simply waits, which is how every queue comes to hold work in every state.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from openinfusion.catalog import public as catalog
from openinfusion.clinical import public as clinical
from openinfusion.compounding import public as compounding
from openinfusion.demo.bench import make
from openinfusion.demo.invent import Invented
from openinfusion.demo.road import deliver, visit
from openinfusion.demo.staff import Crew, House
from openinfusion.demo.stops import NEVER
from openinfusion.demo.support import laboratory, support
from openinfusion.intake import public as intake
from openinfusion.kernel.position import position_of
from openinfusion.kernel.refusal import Refused
from openinfusion.patients import public as patients
from openinfusion.planning import public as planning
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.scope import attempt
from openinfusion.therapy import public as therapy

ZONE = ZoneInfo("America/Chicago")
OPENS, CLOSES = 8, 17


@dataclass(slots=True)
class Course:
    """What one course knows of itself while it is played."""

    house: House
    crew: Crew
    rng: random.Random
    number: int
    invented: Invented
    plan_id: UUID
    stopped: list[str] = field(default_factory=list)

    def later(self, hours: float) -> datetime:
        """Some hours from now, moved into the next opening hours of a working day."""
        at = (now() + timedelta(minutes=int(hours * 60 * self.rng.uniform(0.7, 1.4)))).astimezone(ZONE)
        while at.weekday() > 4 or not OPENS <= at.hour < CLOSES:
            at = (
                (at + timedelta(days=1)).replace(hour=OPENS, minute=self.rng.randint(0, 59))
                if (at.weekday() > 4 or at.hour >= CLOSES)
                else at.replace(hour=OPENS, minute=self.rng.randint(0, 59))
            )
        return at

    def one(self, *keys: str) -> str:
        """One of these people, for this patient always the same way around."""
        return keys[self.number // len(self.house.crews) % len(keys)]


def play(c: Course) -> Iterator[datetime]:
    """The whole course; ends early where its fate says so."""
    referral_id = intake.receive_referral(
        referral=c.invented.referral,
        fingerprint=f"demo-{c.number}",
        by=c.house.by(c.one("intake", "intake2")),
    )
    yield from _review(c, referral_id)
    state, _, therapy_id = intake.outline(referral_id)
    if state == "start_of_care" and therapy_id is not None:
        yield from _care(c, therapy_id)


def _review(c: Course, referral_id: UUID) -> Iterator[datetime]:
    by = c.house.by(c.one("intake", "intake2"))
    yield c.later(2)
    intake.advance_referral(referral_id=referral_id, step="review", by=by)
    if c.invented.fate in {"decline", "refer_out", "cancel"}:
        yield c.later(5)
        ending = {"decline": "drug_not_available", "refer_out": "out_of_network", "cancel": "patient_declined"}[c.invented.fate]
        intake.advance_referral(
            referral_id=referral_id,
            step=c.invented.fate,
            turn_away=ending,
            reason="told the source by telephone",
            by=by,
            referred_to="Another Example Infusion" if c.invented.fate == "refer_out" else "",
        )
        return
    if c.invented.fate in {"no_response", "slow"}:
        intake.advance_referral(referral_id=referral_id, step="ask", reason="the order lacks the signed page", by=by)
        yield c.later(72)
        if c.invented.fate == "no_response":
            intake.advance_referral(referral_id=referral_id, step="give_up", reason="three calls without an answer", by=by)
            return
        intake.advance_referral(referral_id=referral_id, step="answer", by=by)
    yield from _gather(c, referral_id)
    yield from _accept(c, referral_id)


def _gather(c: Course, referral_id: UUID) -> Iterator[datetime]:
    """Complete what is missing: order, coverage, line, consents, home, benefits."""
    by, (_, patient_id, _) = c.house.by(c.one("intake", "intake2")), intake.outline(referral_id)
    order = c.invented.referral.orders[0]
    if order.dose_amount is None or order.interval_hours is None or order.days is None or order.start_on is None:
        return
    yield c.later(1)
    day = now().astimezone(ZONE).date()
    intake.complete_order(
        referral_id=referral_id,
        drug_code=order.drug_text,
        dose_amount=order.dose_amount,
        dose_unit=order.dose_unit,
        route=order.route,
        interval_hours=order.interval_hours,
        days=order.days,
        start_on=day + timedelta(days=2),
        prescriber_name=order.prescriber_name,
        prescriber_npi=order.prescriber_npi,
        infusion_minutes=order.infusion_minutes,
        icd10=order.icd10,
        ordered_on=order.ordered_on,
        site_id=c.crew.site_id,
        by=by,
    )
    patients.record_coverage(
        patient_id=patient_id, plan_id=c.plan_id, member_id=f"DEMO{c.number:07d}", first=day.replace(month=1, day=1), by=by
    )
    patients.record_line(patient_id=patient_id, type=c.invented.line, placed_on=day, by=by)
    for kind in ("treatment", "assignment_of_benefits"):
        patients.record_consent(patient_id=patient_id, kind=kind, given_on=day, signer="the patient", by=by)
    yield c.later(2)
    patients.record_home_assessment(
        patient_id=patient_id,
        assessed_on=day,
        refrigerator=True,
        electricity=True,
        running_water=True,
        phone=True,
        caregiver=c.rng.random() < 0.6,
        safe_entry=True,
        able_to_learn=True,
        services=("skilled nursing",),
        by=by,
    )
    _locate(c, patient_id, by)
    intake.record_assessment(
        referral_id=referral_id,
        willing=True,
        able_to_learn=True,
        caregiver_willing=True,
        communicates=True,
        first_dose_before=c.rng.random() < 0.7,
        services=("skilled nursing",),
        by=by,
    )
    for item in intake.referral(referral_id).items:
        if not item.there and item.by_hand:
            intake.receive_item(referral_id=referral_id, code=item.code, note="by fax", by=by)


def _locate(c: Course, patient_id: UUID, by: Actor) -> None:
    """Most homes are on the map, some streets from the middle of their ZIP code; of one in six only that code is known."""
    middle = planning.centroid("", patients.patient(patient_id).address.zip)
    own = random.Random(c.number)  # noqa: S311 - invented places, the same each time
    if c.number % 6 and middle.latitude:
        at = [Decimal(x) + Decimal(own.randint(-2500, 2500)) / 100_000 for x in (middle.latitude, middle.longitude)]
        patients.locate_home(patient_id=patient_id, point=position_of(*at), how="read from a map", by=by)


def _accept(c: Course, referral_id: UUID) -> Iterator[datetime]:
    by, rph = c.house.by(c.one("intake", "intake2")), c.house.by(c.one(*c.crew.pharmacists))
    intake.advance_referral(referral_id=referral_id, step="verify_benefits", by=by)
    yield c.later(3)
    intake.record_benefits(
        referral_id=referral_id,
        plan_id=c.plan_id,
        in_network=True,
        deductible_cents=150000,
        deductible_met_cents=90000,
        coinsurance_pct=Decimal(20),
        out_of_pocket_left_cents=220000,
        call_reference=f"REF{c.number:05d}",
        by=by,
    )
    if intake.referral(referral_id).facts.authorization_needed:
        intake.advance_referral(referral_id=referral_id, step="authorize", by=by)
        yield from _authorize(c, referral_id)
    yield c.later(2)
    intake.advance_referral(referral_id=referral_id, step="accept_clinically", by=rph)
    yield c.later(1)
    day = now().astimezone(ZONE).date()
    intake.advance_referral(referral_id=referral_id, step="accept", start_on=day + timedelta(days=1), by=by)
    yield c.later(1)
    _, _, therapy_id = intake.outline(referral_id)
    if therapy_id is not None:
        _plan_of_treatment(c, therapy_id)
    intake.advance_referral(referral_id=referral_id, step="schedule", by=by)
    yield c.later(4)
    intake.advance_referral(referral_id=referral_id, step="start_care", by=by)


def _authorize(c: Course, referral_id: UUID) -> Iterator[datetime]:
    who = c.house.by("authorization")
    units = {code: 0 for code in _codes(c) if code}  # 0: without a limit
    authorization_id = intake.open_authorization(referral_id=referral_id, units=units, by=who)
    yield c.later(2)
    intake.advance_authorization(authorization_id=authorization_id, step="submit", by=who)
    yield c.later(26)
    stop = c.crew.stops.take("authorization", now())
    if stop:
        _answer_otherwise(c, authorization_id, stop, units)
        yield NEVER
    day = now().astimezone(ZONE).date()
    intake.advance_authorization(
        authorization_id=authorization_id,
        step="approve",
        number=f"AUTH{c.number:06d}",
        first=day,
        last=day + timedelta(days=20 if c.number % 6 == 0 else 180),
        units=units,
        by=who,
    )


def _answer_otherwise(c: Course, authorization_id: UUID, stop: str, units: dict[str, int]) -> None:
    """The payer answers, but not by an approval: the authorization waits in this state."""
    who, day = c.house.by("authorization"), now().astimezone(ZONE).date()
    granted = {"number": f"AUTH{c.number:06d}", "first": day, "last": day + timedelta(days=30), "units": units}
    ways: dict[str, list[tuple[str, dict[str, Any]]]] = {
        "info_requested": [("ask", {"reason": "the payer wants the culture report"})],
        "peer_to_peer": [("call_peer", {})],
        "partial": [("approve_part", granted | {"reason": "fourteen of thirty days"})],
        "denied": [("deny", {"reason": "not medically necessary, says the payer"})],
    }
    ways["appealed"] = [*ways["denied"], ("appeal", {"reason": "the guideline supports the course; letter sent"})]
    ways["overturned"] = [*ways["appealed"], ("overturn", granted)]
    for step, more in ways[stop]:
        intake.advance_authorization(authorization_id=authorization_id, step=step, by=who, **more)


def _codes(c: Course) -> set[str]:
    """Drug, per diem and nursing: what is asked for."""
    order = c.invented.referral.orders[0]
    drug = catalog.drug(order.drug_text)
    return {
        drug.hcpcs,
        catalog.template(drug.therapy_class).per_diem(interval_h=Decimal(order.interval_hours or 24)),
        "99601",
        "99602",
    }


def _plan_of_treatment(c: Course, therapy_id: UUID) -> None:
    by, order = c.house.by(c.one("intake", "intake2")), c.invented.referral.orders[0]
    plan = therapy.PlanText(
        treatment_type=f"home infusion of {therapy.therapy(therapy_id).drug_name}",
        amount=f"{order.dose_amount} {order.dose_unit} per dose",
        duration=f"{order.days} days",
        frequency=f"every {order.interval_hours} hours",
        visits="weekly",
        safety="anaphylaxis kit on order; patient knows whom to call",
    )
    plan_id = therapy.write_plan(therapy_id=therapy_id, plan=plan, by=by)
    if c.crew.stops.take("plan", now()):
        return
    therapy.send_plan(plan_id=plan_id, by=by)
    if c.rng.random() < 0.9:
        therapy.sign_plan(plan_id=plan_id, signer_name=order.prescriber_name, signed_on=now().astimezone(ZONE).date(), by=by)


def _care(c: Course, therapy_id: UUID) -> Iterator[datetime]:
    """Verify, then supply after supply until the order ends."""
    prescription_id = therapy.prescriptions_of(therapy_id)[0].id
    yield c.later(2)
    rph = c.house.by(c.one(*c.crew.pharmacists), signing=True)
    review_id = clinical.review_id_of(prescription_id)
    if c.crew.stops.take("review", now()):
        clinical.clarify(review_id=review_id, reason="the dose on the fax cannot be read; called the prescriber", by=rph)
        yield NEVER
    if not _verify(c, prescription_id):
        return
    yield c.later(0.2)
    yield from laboratory(c, therapy_id)  # the baseline comes with the patient from the hospital
    first = True
    while True:
        if _sent_back(prescription_id) and not _verify(c, prescription_id):
            return
        ended = yield from make(c, prescription_id)
        if ended is None:
            return
        yield c.later(0.3)
        yield from deliver(c, therapy_id)
        if first:
            yield from visit(c, therapy_id)
            support(c, therapy_id)
        first = False
        wait = ended - timedelta(days=3) - now()
        yield now() + max(wait, timedelta(hours=4))
        yield from laboratory(c, therapy_id)
        if _sent_back(prescription_id) and not _verify(c, prescription_id):
            return
        try:
            with attempt():
                compounding.plan_work_order(prescription_id=prescription_id, by=c.house.by(c.one(*c.crew.pharmacists)))
        except Refused as no:
            if "nothing-due" not in {r.code for r in no.reasons}:
                yield NEVER  # it waits for somebody, as it would
            yield from _complete(c, therapy_id, prescription_id, ended)
            return


def _sent_back(prescription_id: UUID) -> bool:
    """A value out of range has sent the order back to the pharmacist."""
    return therapy.prescription(prescription_id).state == "transcribed"


def _verify(c: Course, prescription_id: UUID) -> bool:
    """Answer what the checks ask and sign; False where a hard stop stands, which the course then waits at."""
    rph = c.house.by(c.one(*c.crew.pharmacists), signing=True)
    review_id = clinical.review_id_of(prescription_id)
    for finding in clinical.unanswered_for(prescription_id):
        reasons = clinical.reasons_for(finding)
        if not reasons:
            c.stopped.append(f"{finding.title}: hard stop")
            return False
        clinical.answer_finding(
            review_id=review_id,
            fingerprint=finding.fingerprint,
            reason_code=reasons[0].code,
            note="judged with the prescriber",
            by=rph,
        )
    clinical.verify(review_id=review_id, by=rph)
    return True


def _complete(c: Course, therapy_id: UUID, prescription_id: UUID, ended: datetime) -> Iterator[datetime]:
    """After the last dose: the order and the therapy are completed."""
    rph = c.house.by(c.one(*c.crew.pharmacists))
    order = c.invented.referral.orders[0]
    yield max(ended + timedelta(hours=24 + (order.interval_hours or 24)), now() + timedelta(hours=1))
    therapy.steer_prescription(prescription_id=prescription_id, step="complete", reason="all doses given", by=rph)
    therapy.advance_therapy(therapy_id=therapy_id, step="complete", reason="course completed as ordered", by=rph)
