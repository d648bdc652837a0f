# SPDX-License-Identifier: Apache-2.0
"""Reads of the clinical room: the facts for the checks, the findings, the reviews."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from openinfusion.catalog import public as catalog
from openinfusion.clinical.domain.answer import Answer, hard_stops, unanswered
from openinfusion.clinical.domain.checks import judge
from openinfusion.clinical.domain.facts import (
    DoseLimits,
    Facts,
    Figure,
    KnownAllergy,
    OrderedDrug,
    OrderFacts,
    OtherOrder,
    PatientFacts,
    StabilityLimits,
)
from openinfusion.clinical.domain.figures import figure
from openinfusion.clinical.domain.finding import Finding
from openinfusion.clinical.domain.review import ReviewFacts
from openinfusion.clinical.domain.side_chain import SideChainRow
from openinfusion.clinical.models import FindingAnswer, Review
from openinfusion.kernel.quantity import Quantity, UnitMismatch, rounded
from openinfusion.kernel.refusal import NotFound, Refused
from openinfusion.patients import public as patients
from openinfusion.platform.clock import now
from openinfusion.therapy import public as therapy

_MICRO = Decimal("0.000001")
_FLUSHES = frozenset({"heparin_lock", "sodium_chloride_flush"})


@dataclass(frozen=True, slots=True)
class AnswerFact:
    """An answer as pages show it."""

    fingerprint: str
    reason_code: str
    note: str
    answerer_name: str
    made_at: datetime
    title: str


def facts_for(order: therapy.PrescriptionFact) -> Facts:
    """Everything the checks look at, as it is known at this moment."""
    banner = patients.banner(order.patient_id)
    drug = catalog.drug(order.order.drug_code)
    o = order.order
    return Facts(
        today=now().astimezone(ZoneInfo(banner.patient.timezone or "UTC")).date(),
        order=OrderFacts(
            drug=_drug(drug), dose=o.dose, doses_per_day=o.doses_per_day, route=o.route,
            infusion_minutes=o.infusion_minutes, interval_hours=o.interval_hours, days=o.days, start_on=o.start_on,
            last_on=o.last_on, osmolarity_mosm_per_l=o.osmolarity_mosm_per_l,
        ),
        patient=_patient(banner),
        others=_others(order),
        limits=tuple(_limits(r) for r in catalog.dose_rules(o.drug_code, o.route)),
        side_chains=tuple(SideChainRow(s.group, s.ingredient, s.likeness) for s in catalog.side_chains()),
        stability=_stability(order),
        supply_days=int(figure("supply_days").value),
    )


def _drug(drug: catalog.DrugFact) -> OrderedDrug:
    return OrderedDrug(
        code=drug.code, name=drug.name, allergy_groups=frozenset(drug.allergy_groups), atc=drug.atc,
        vesicant=drug.vesicant, ingredients=frozenset(drug.ingredients),
    )


def _patient(banner: patients.Banner) -> PatientFacts:
    weight = banner.weight_kg
    weighed = Figure(value=weight, on=banner.weight_at.date()) if weight is not None and banner.weight_at else None
    crcl = banner.crcl
    return PatientFacts(
        allergy_state=banner.allergies.state.value,
        allergies=tuple(
            KnownAllergy(substance=a.substance, reaction=a.reaction, severity=a.severity, drug_code=a.ingredient,
                         groups=frozenset(a.groups))
            for a in banner.allergies.items
        ),
        age_years=banner.age,
        weight_kg=weighed,
        height_cm=Figure(value=banner.height_cm, on=weighed.on) if banner.height_cm and weighed else None,
        serum_creatinine=Figure(value=crcl.creatinine_mg_per_dl, on=crcl.creatinine_on) if crcl else None,
        crcl_ml_per_min=Figure(value=crcl.ml_per_min, on=crcl.creatinine_on, method=str(crcl)) if crcl else None,
        line_type=str(banner.line) if banner.line else "",
        line_tip=banner.line.tip if banner.line else "",
    )


def _others(order: therapy.PrescriptionFact) -> tuple[OtherOrder, ...]:
    """Other open orders of the patient; versions of the same order are not another order."""
    own = order.number.rpartition("-")[0]
    rows = [p for p in therapy.open_orders_of(order.patient_id) if p.number.rpartition("-")[0] != own]
    drugs = {p.order.drug_code: catalog.drug(p.order.drug_code) for p in rows}
    return tuple(
        OtherOrder(
            number=p.number, drug=_drug(drugs[p.order.drug_code]), start_on=p.order.start_on, last_on=p.order.last_on,
            route=p.order.route, purpose="flush" if p.order.drug_code in _FLUSHES else "therapy",
        )
        for p in rows
    )


def _limits(rule: catalog.DoseRule) -> DoseLimits:
    return DoseLimits(
        measure=rule.measure, per=rule.per, usual_low=rule.usual_low, usual_high=rule.usual_high,
        hard_high=rule.hard_high, crcl_from=rule.crcl_from, crcl_below=rule.crcl_below, age_from=rule.age_from,
        age_below=rule.age_below, min_interval_h=rule.min_interval_h, max_interval_h=rule.max_interval_h,
        source=rule.source,
    )


def _stability(order: therapy.PrescriptionFact) -> StabilityLimits:
    """How long the preparation keeps at the concentration its formula gives; why not, where that is not known."""
    o = order.order
    try:
        formula = catalog.formula(o.drug_code, o.route)
        if not formula.compounded:
            supplied = f"{order.drug_name} as supplied"
            return StabilityLimits(hours=24 * 365, concentration=supplied, storage=formula.storage)
        volume = max(formula.final_volume_ml, _least_volume(o.dose, formula.max_concentration))
        concentration = Quantity(rounded(o.dose.amount / volume, _MICRO), o.dose.unit)
        found = catalog.stability(o.drug_code, concentration, formula.container, formula.storage)
    except (Refused, NotFound, UnitMismatch) as no:
        return StabilityLimits(hours=None, why_not=str(no))
    return StabilityLimits(
        hours=found.hours, concentration=f"{concentration}/mL in {formula.container}", storage=found.storage,
        source=found.source,
    )


def _least_volume(dose: Quantity, most: Quantity) -> Decimal:
    return dose / most


def findings_of(prescription_id: UUID) -> tuple[Finding, ...]:
    """The findings as they are now. Never stored and looked up: what is known may have changed."""
    return judge(facts_for(therapy.prescription(prescription_id)))


def answers_of(review_id: UUID) -> list[AnswerFact]:
    rows = FindingAnswer.objects.filter(review_id=review_id).order_by("made_at")
    return [AnswerFact(r.fingerprint, r.reason_code, r.note, r.answerer_name, r.made_at, r.title) for r in rows]


def review_facts(review: Review, actor_id: UUID, findings: tuple[Finding, ...]) -> ReviewFacts:
    """What the guards of a review look at, counted on these findings."""
    answers = [Answer(a.fingerprint, a.reason_code) for a in answers_of(review.id)]
    order = therapy.prescription(review.prescription_id)
    return ReviewFacts(
        hard=tuple(f.title for f in hard_stops(findings)),
        unanswered=tuple(f.title for f in unanswered(findings, answers)),
        transcribed_by_actor=order.transcribed_by == actor_id,
    )


def review_of(prescription_id: UUID) -> Review:
    """The review of a version; NotFound if none was opened."""
    row = Review.objects.filter(prescription_id=prescription_id).first()
    if row is None:
        raise NotFound(f"review of prescription {prescription_id}")
    return row
