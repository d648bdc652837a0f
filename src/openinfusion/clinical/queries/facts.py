# SPDX-License-Identifier: Apache-2.0
"""The facts the checks look at, gathered from chart, orders and catalog."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from uuid import UUID

from openinfusion.catalog import public as catalog
from openinfusion.clinical.domain.drug_class import medication_terms, terms
from openinfusion.clinical.domain.facts import (
    Asked,
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
from openinfusion.clinical.domain.purpose import purpose_of
from openinfusion.clinical.domain.side_chain import SideChainRow
from openinfusion.clinical.queries.listed import listed_tests
from openinfusion.clinical.queries.nutrition import nutrition_facts
from openinfusion.clinical.queries.regimens import chemotherapy_facts
from openinfusion.clinical.queries.sets import interactions_among, loaded_sets, observations_among
from openinfusion.kernel.local_day import day_of
from openinfusion.kernel.quantity import Quantity, Unit, UnitMismatch, rounded
from openinfusion.kernel.refusal import Refused
from openinfusion.patients import public as patients
from openinfusion.platform.house_day import house_zone
from openinfusion.therapy import public as therapy

_MICRO = Decimal("0.000001")


def facts_for(order: therapy.PrescriptionFact) -> Facts:
    """Everything the checks look at, as it is known at this moment."""
    return facts_of_many([order])[order.id]


Running = Mapping[UUID, Sequence[therapy.PrescriptionFact]]  # every open order, by patient


def facts_of_many(orders: Sequence[therapy.PrescriptionFact], running: Running | None = None) -> dict[UUID, Facts]:
    """The facts of many orders at once, by prescription: a handful of queries, however many there are."""
    patient_ids = list({o.patient_id for o in orders})
    charts = patients.charts(patient_ids)
    running = therapy.open_orders(patient_ids) if running is None else running
    side_chains = tuple(SideChainRow(s.group, s.ingredient, s.likeness) for s in catalog.side_chains())
    people = {id: _patient(chart) for id, chart in charts.items()}
    supply_days = int(figure("supply_days").value)
    drug, made_as, limits = cache(_drug), cache(_made), cache(_limits_of)
    made = {
        id: (drug(o.drug_code), made_as(o.drug_code, o.route, o.dose.amount, o.dose.unit))
        for id, o in ((id, p.order) for id, p in _each(orders, running).items())
    }
    words = {w for drug, _ in made.values() for w in terms(drug)}
    words |= {w for person in people.values() for m in person.medications for w in medication_terms(m)}
    interactions, sets = interactions_among(words), loaded_sets()
    observations = observations_among(sorted({drug.code for drug, _ in made.values()}))
    nutrition = nutrition_facts(orders)
    chemotherapy = chemotherapy_facts(orders, charts)
    listed = listed_tests({o.therapy_id: charts[o.patient_id].patient.timezone or house_zone() for o in orders})
    return {
        o.id: Facts(
            today=charts[o.patient_id].day,
            order=_order(o.order, *made[o.id]),
            patient=people[o.patient_id],
            others=_others(o, running.get(o.patient_id, []), made),
            limits=limits(o.order.drug_code, o.order.route),
            side_chains=side_chains,
            stability=_stability(o, made[o.id][1]),
            supply_days=supply_days,
            interactions=interactions,
            interaction_sets=sets,
            observations=observations,
            nutrition=nutrition.get(o.id),
            chemotherapy=chemotherapy.get(o.id),
            listed=listed.get(o.therapy_id, ()),
        )
        for o in orders
    }


def _each(
    orders: Sequence[therapy.PrescriptionFact], running: Running,
) -> dict[UUID, therapy.PrescriptionFact]:
    """The orders asked about and those that run beside them, each once."""
    return {p.id: p for p in (*orders, *(p for found in running.values() for p in found))}


def _order(o: therapy.PrescriptionOrder, drug: OrderedDrug, made: _Made) -> OrderFacts:
    return OrderFacts(
        drug=drug, dose=o.dose, doses_per_day=o.doses_per_day, route=o.route,
        infusion_minutes=o.infusion_minutes, interval_hours=o.interval_hours, days=o.days, start_on=o.start_on,
        last_on=o.last_on, osmolarity_mosm_per_l=o.osmolarity_mosm_per_l, rate_ml_per_h=o.rate_ml_per_h,
        volume_ml=made.volume_ml, concentration=made.concentration, diluent=made.diluent,
        purpose=purpose_of(o.drug_code),
    )


@dataclass(frozen=True, slots=True)
class _Made:
    """How a dose will be made: by which formula, in how much, how strong, in what; or why that is not known."""

    formula: catalog.FormulaFact | None = None
    volume_ml: Decimal | None = None
    concentration: Quantity | None = None
    diluent: str = ""
    why_not: str = ""


def _made(drug_code: str, route: str, amount: Decimal, unit: Unit) -> _Made:
    dose = Quantity(amount, unit)
    try:
        formula = catalog.formula(drug_code, route)
        if not formula.compounded:
            return _Made(formula)
        volume = max(formula.final_volume_ml, dose / formula.max_concentration)
    except (Refused, UnitMismatch) as no:
        return _Made(why_not=str(no))
    concentration = Quantity(rounded(amount / volume, _MICRO), unit)
    return _Made(formula, volume, concentration, _diluent(formula.diluent.name if formula.diluent else ""))


_DILUENTS = (("sodium chloride 0.9", "NS"), ("dextrose 5", "D5W"), ("sterile water", "SWFI"))


def _diluent(name: str) -> str:
    return next((code for words, code in _DILUENTS if words in name.lower()), "")


def _drug(code: str) -> OrderedDrug:
    drug = catalog.drug(code)
    return OrderedDrug(
        code=drug.code, name=drug.name, allergy_groups=frozenset(drug.allergy_groups), atc=drug.atc,
        vesicant=drug.vesicant, ingredients=frozenset(drug.ingredients), routes=frozenset(drug.routes),
    )


def _patient(chart: patients.Chart) -> PatientFacts:
    weight, height, crcl = chart.weight, chart.height, chart.crcl
    zone = chart.patient.timezone or house_zone()  # days are those where the patient lives
    return PatientFacts(
        allergy_state=chart.allergies.state.value,
        allergies=tuple(
            KnownAllergy(substance=a.substance, reaction=a.reaction, severity=a.severity, drug_code=a.ingredient,
                         groups=frozenset(a.groups))
            for a in chart.allergies.items
        ),
        age_years=chart.age,
        age_days=(chart.day - chart.patient.born_on).days,
        sex=chart.patient.sex,
        weight_kg=Figure(value=weight.value, on=day_of(weight.taken_at, zone)) if weight else None,
        height_cm=Figure(value=height.value, on=day_of(height.taken_at, zone)) if height else None,
        serum_creatinine=Figure(value=crcl.creatinine_mg_per_dl, on=crcl.creatinine_on) if crcl else None,
        crcl_ml_per_min=Figure(value=crcl.ml_per_min, on=crcl.creatinine_on, method=str(crcl)) if crcl else None,
        line_type=str(chart.line) if chart.line else "",
        line_tip=chart.line.tip if chart.line else "",
        lumens=chart.line.lumens if chart.line else 1,
        conditions=tuple((c.icd10, c.text) for c in chart.conditions),
        medications=tuple(Medication(name=m.name, ingredients=frozenset(m.ingredients)) for m in chart.medications),
        labs={
            loinc: tuple(LabResult(r.loinc, r.name, r.value, r.unit, day_of(r.taken_at, zone)) for r in results)
            for loinc, results in chart.labs.items()
        },
        asked=tuple(Asked(about=a.about.value, said=a.said.value, on=a.asked_on) for a in chart.asked),
    )


def _others(
    order: therapy.PrescriptionFact,
    running: Sequence[therapy.PrescriptionFact],
    made: Mapping[UUID, tuple[OrderedDrug, _Made]],
) -> tuple[OtherOrder, ...]:
    """Other open orders of the patient; versions of the same order are not another order."""
    own = order.number.rpartition("-")[0]
    return tuple(
        OtherOrder(
            number=p.number, drug=made[p.id][0], start_on=p.order.start_on, last_on=p.order.last_on, route=p.order.route,
            purpose=purpose_of(p.order.drug_code), daily_minutes=p.order.infusion_minutes * p.order.doses_per_day,
            concentration=made[p.id][1].concentration, diluent=made[p.id][1].diluent,
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


def _stability(order: therapy.PrescriptionFact, made: _Made) -> StabilityLimits:
    """How long the preparation keeps at the concentration its formula gives; why not, where that is not known."""
    formula = made.formula
    if formula is None:
        return StabilityLimits(hours=None, why_not=made.why_not)
    if made.concentration is None:
        return StabilityLimits(hours=24 * 365, concentration=f"{order.drug_name} as supplied", storage=formula.storage)
    try:
        found = catalog.stability(order.order.drug_code, made.concentration, formula.container, formula.storage)
    except Refused as no:
        return StabilityLimits(hours=None, why_not=str(no))
    return StabilityLimits(
        hours=found.hours, concentration=f"{made.concentration}/mL in {formula.container}", storage=found.storage,
        source=found.source,
    )
