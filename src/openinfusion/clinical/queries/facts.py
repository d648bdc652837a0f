# SPDX-License-Identifier: Apache-2.0
"""The facts the checks look at, gathered from chart, orders and catalog."""
from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from openinfusion.catalog import public as catalog
from openinfusion.clinical.domain.facts import (
    DoseLimits,
    Facts,
    Figure,
    KnownAllergy,
    LabResult,
    Medication,
    OrderedDrug,
    OrderFacts,
    OtherOrder,
    PatientFacts,
    StabilityLimits,
)
from openinfusion.clinical.domain.figures import figure
from openinfusion.clinical.domain.side_chain import SideChainRow
from openinfusion.clinical.queries.nutrition import nutrition_facts
from openinfusion.kernel.quantity import Quantity, UnitMismatch, rounded
from openinfusion.kernel.refusal import NotFound, Refused
from openinfusion.patients import public as patients
from openinfusion.therapy import public as therapy

_MICRO = Decimal("0.000001")
_FLUSHES = frozenset({"heparin_lock", "sodium_chloride_flush"})


def facts_for(order: therapy.PrescriptionFact) -> Facts:
    """Everything the checks look at, as it is known at this moment."""
    return facts_of_many([order])[order.id]


def facts_of_many(orders: Sequence[therapy.PrescriptionFact]) -> dict[UUID, Facts]:
    """The facts of many orders at once, by prescription: a handful of queries, however many there are."""
    patient_ids = list({o.patient_id for o in orders})
    charts, running = patients.charts(patient_ids), therapy.open_orders(patient_ids)
    side_chains = tuple(SideChainRow(s.group, s.ingredient, s.likeness) for s in catalog.side_chains())
    people = {id: _patient(chart) for id, chart in charts.items()}
    supply_days = int(figure("supply_days").value)
    nutrition = nutrition_facts(orders)
    return {
        o.id: Facts(
            today=charts[o.patient_id].day,
            order=_order(o.order),
            patient=people[o.patient_id],
            others=_others(o, running.get(o.patient_id, [])),
            limits=_limits_of(o.order.drug_code, o.order.route),
            side_chains=side_chains,
            stability=_stability(o),
            supply_days=supply_days,
            nutrition=nutrition.get(o.id),
        )
        for o in orders
    }


def _order(o: therapy.PrescriptionOrder) -> OrderFacts:
    return OrderFacts(
        drug=_drug(o.drug_code), dose=o.dose, doses_per_day=o.doses_per_day, route=o.route,
        infusion_minutes=o.infusion_minutes, interval_hours=o.interval_hours, days=o.days, start_on=o.start_on,
        last_on=o.last_on, osmolarity_mosm_per_l=o.osmolarity_mosm_per_l,
    )


def _drug(code: str) -> OrderedDrug:
    drug = catalog.drug(code)
    return OrderedDrug(
        code=drug.code, name=drug.name, allergy_groups=frozenset(drug.allergy_groups), atc=drug.atc,
        vesicant=drug.vesicant, ingredients=frozenset(drug.ingredients),
    )


def _patient(chart: patients.Chart) -> PatientFacts:
    weight, height, crcl = chart.weight, chart.height, chart.crcl
    return PatientFacts(
        allergy_state=chart.allergies.state.value,
        allergies=tuple(
            KnownAllergy(substance=a.substance, reaction=a.reaction, severity=a.severity, drug_code=a.ingredient,
                         groups=frozenset(a.groups))
            for a in chart.allergies.items
        ),
        age_years=chart.age,
        weight_kg=Figure(value=weight.value, on=weight.taken_at.date()) if weight else None,
        height_cm=Figure(value=height.value, on=height.taken_at.date()) if height else None,
        serum_creatinine=Figure(value=crcl.creatinine_mg_per_dl, on=crcl.creatinine_on) if crcl else None,
        crcl_ml_per_min=Figure(value=crcl.ml_per_min, on=crcl.creatinine_on, method=str(crcl)) if crcl else None,
        line_type=str(chart.line) if chart.line else "",
        line_tip=chart.line.tip if chart.line else "",
        conditions=tuple((c.icd10, c.text) for c in chart.conditions),
        medications=tuple(Medication(name=m.name, ingredients=frozenset(m.ingredients)) for m in chart.medications),
        labs={
            loinc: tuple(LabResult(r.loinc, r.name, r.value, r.unit, r.taken_at.date()) for r in results)
            for loinc, results in chart.labs.items()
        },
    )


def _others(order: therapy.PrescriptionFact, running: Sequence[therapy.PrescriptionFact]) -> tuple[OtherOrder, ...]:
    """Other open orders of the patient; versions of the same order are not another order."""
    own = order.number.rpartition("-")[0]
    return tuple(
        OtherOrder(
            number=p.number, drug=_drug(p.order.drug_code), start_on=p.order.start_on, last_on=p.order.last_on,
            route=p.order.route, purpose="flush" if p.order.drug_code in _FLUSHES else "therapy",
        )
        for p in running if p.number.rpartition("-")[0] != own
    )


def _limits_of(drug_code: str, route: str) -> tuple[DoseLimits, ...]:
    return tuple(
        DoseLimits(
            measure=rule.measure, per=rule.per, usual_low=rule.usual_low, usual_high=rule.usual_high,
            hard_high=rule.hard_high, crcl_from=rule.crcl_from, crcl_below=rule.crcl_below, age_from=rule.age_from,
            age_below=rule.age_below, min_interval_h=rule.min_interval_h, max_interval_h=rule.max_interval_h,
            source=rule.source,
        )
        for rule in catalog.dose_rules(drug_code, route)
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
