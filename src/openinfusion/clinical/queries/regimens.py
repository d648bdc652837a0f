# SPDX-License-Identifier: Apache-2.0
"""Chemotherapy as it stands: places of orders in regimens, hold parameters and accounts of a whole life, for many at once."""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from openinfusion.catalog import public as catalog
from openinfusion.clinical.domain.chemotherapy import ChemotherapyFacts, RegimenPlace, dose_days
from openinfusion.clinical.domain.facts import Figure, LabResult
from openinfusion.clinical.domain.held import HoldJudged
from openinfusion.clinical.domain.hold import Known, judge_holds
from openinfusion.clinical.domain.lifetime import MG_M2, Lifetime, LifetimeLimit, Told, lifetime_limits
from openinfusion.kernel.local_day import day_of
from openinfusion.kernel.quantity import Quantity
from openinfusion.kernel.refusal import Reason, Refused
from openinfusion.patients import public as patients
from openinfusion.platform.house_day import house_zone
from openinfusion.therapy import public as therapy


@dataclass(frozen=True, slots=True)
class _Past:
    """What patients had: doses of cycles here, and what was told of elsewhere."""

    given: Mapping[UUID, list[therapy.GivenDose]]
    told: Mapping[UUID, Mapping[str, therapy.PriorExposure]]


def chemotherapy_facts(
    orders: Sequence[therapy.PrescriptionFact], charts: Mapping[UUID, patients.Chart],
) -> dict[UUID, ChemotherapyFacts]:
    """The orders of chemotherapy among these, by prescription; no query where there is none."""
    wanted = [o for o in orders if catalog.drug(o.order.drug_code).therapy_class == catalog.TherapyClass.CHEMOTHERAPY]
    if not wanted:
        return {}
    placed = therapy.joined_orders(_shared(o) for o in wanted)
    past = _past(o.patient_id for o in wanted if o.order.drug_code in lifetime_limits())
    return {o.id: _facts(o, placed.get(_shared(o)), charts[o.patient_id], past) for o in wanted}


def _shared(order: therapy.PrescriptionFact) -> str:
    """The number all versions of an order share."""
    return order.number.rpartition("-")[0]


def _past(patient_ids: Iterable[UUID]) -> _Past:
    ids = list(dict.fromkeys(patient_ids))
    return _Past(therapy.doses_given(ids), therapy.exposures(ids)) if ids else _Past({}, {})


def _facts(
    order: therapy.PrescriptionFact, joined: therapy.JoinedOrder | None, chart: patients.Chart, past: _Past,
) -> ChemotherapyFacts:
    o = order.order
    days = dose_days(o.start_on, o.days, every_days=o.every_days, interval_hours=o.interval_hours, doses=o.doses)
    given = joined is not None and joined.cycle.given_on is not None
    limit = lifetime_limits().get(o.drug_code)
    account = None
    if limit is not None:
        adding = Decimal(0) if given else _in_measure(limit, o.dose * len(days), therapy.body_of(chart).surface_m2)
        account = lifetime_of(limit, order.patient_id, past, adding)
    return ChemotherapyFacts(place=_place(joined, chart) if joined else None, ordered_on=days, lifetime=account)


def _in_measure(limit: LifetimeLimit, amount: Quantity, surface: Decimal | None) -> Decimal:
    """An amount in the measure of a limit; nothing where the surface is not known (the dose check says so)."""
    if limit.measure != MG_M2:
        return amount.amount
    return amount.amount / surface if surface else Decimal(0)


def lifetime_of(limit: LifetimeLimit, patient_id: UUID, past: _Past, adding: Decimal) -> Lifetime:
    """The account of one drug and patient."""
    given, told = past.given.get(patient_id, []), past.told.get(patient_id, {})
    mine = [g for g in given if g.drug_code == limit.drug_code]
    here = sum((g.total_per_m2 if limit.measure == MG_M2 else g.total.amount for g in mine), Decimal(0))
    related = [d for d in limit.related if any(g.drug_code == d for g in given) or (d in told and told[d].amount != 0)]
    before = told.get(limit.drug_code)
    return Lifetime(
        limit=limit, here=here, adding=adding, related=tuple(related),
        elsewhere=Told(amount=before.amount, measure=before.measure, told_by=before.told_by) if before else None,
    )


def _place(joined: therapy.JoinedOrder, chart: patients.Chart) -> RegimenPlace:
    course, cycle, line = joined.course, joined.cycle, joined.line
    worked, inputs = worked_now(line, cycle, chart)
    previous = course.before(cycle)
    return RegimenPlace(
        regimen=course.regimen.name, source=course.regimen.source, cycle=cycle.number, cycle_state=cycle.state.value,
        cleared_by=cycle.clearer_name, percent=cycle.dose_percent, expected=worked, inputs=inputs,
        due=tuple(cycle.on(day) for day in line.days), first_day=line.days[0], cycle_days=course.regimen.cycle_days,
        previous_on=previous.given_on if previous else None, holds=holds_now(course.regimen, chart),
    )


def worked_now(
    line: catalog.RegimenLine, cycle: therapy.CycleFact, chart: patients.Chart,
) -> tuple[Quantity | None, tuple[str, ...]]:
    """The dose of a line by the chart as it is now, with its inputs in words; or why it cannot be worked out."""
    try:
        worked = therapy.worked_dose(line, therapy.body_of(chart), cycle.dose_percent)
    except Refused as no:
        return None, tuple(str(r) for r in no.reasons)
    return worked.dose, tuple(f"{name} {value}" for name, value in worked.inputs)


def holds_now(
    regimen: catalog.Regimen, chart: patients.Chart, told: Mapping[str, Decimal] | None = None,
) -> tuple[HoldJudged, ...]:
    """The hold parameters of a cycle by the chart as it is now."""
    return judge_holds(regimen.holds_on(1), _known(chart, told))


def day_holds(
    regimen: catalog.Regimen, cycle: therapy.CycleFact, day: int, chart: patients.Chart,
    told: Mapping[str, Decimal] | None = None,
) -> tuple[HoldJudged, ...]:
    """The hold parameters of a later day: on results younger than the dose before, by their age when the dose is due."""
    last = max(d for d in regimen.days if d < day)
    known = replace(_known(chart, told), dose_on=cycle.on(day), last_dose_on=cycle.on(last))
    return judge_holds(regimen.holds_on(day), known)


def days_against(order: therapy.PrescriptionFact, first: date, last: date) -> list[Reason]:
    """Why the doses of an order between two days may not be made: its cycle or one of its days is not cleared.

    No reason for other drugs than chemotherapy and for an order that belongs to no regimen.
    """
    if catalog.drug(order.order.drug_code).therapy_class != catalog.TherapyClass.CHEMOTHERAPY:
        return []
    joined = therapy.joined_orders([_shared(order)]).get(_shared(order))
    if joined is None:
        return []
    cycle, found = joined.cycle, []
    where = f"{joined.course.regimen.name}, cycle {cycle.number}"
    if cycle.state not in (therapy.CycleState.CLEARED, therapy.CycleState.GIVEN):
        return [Reason("cycle-not-cleared", f"{where} is {cycle.state.value}", "a pharmacist clears it at the regimen's page")]
    for one in cycle.days:
        on = cycle.on(one.day)
        if one.day not in joined.line.days or not first <= on <= last or one.state is therapy.DayState.CLEARED:
            continue
        said = f"{where}, day {one.day} on {on:%d-%b-%Y}"
        if one.state is therapy.DayState.OMITTED:
            found.append(Reason("cycle-day-left-out", f"{said}: the dose is left out", "cancel this work order"))
        else:
            found.append(Reason("cycle-day-not-cleared", f"{said} is not cleared", "a pharmacist clears it on a fresh count"))
    return found


def _known(chart: patients.Chart, told: Mapping[str, Decimal] | None) -> Known:
    zone = chart.patient.timezone or house_zone()  # days are those where the patient lives
    labs = {
        loinc: tuple(LabResult(r.loinc, r.name, r.value, r.unit, day_of(r.taken_at, zone)) for r in results)
        for loinc, results in chart.labs.items()
    }
    crcl = chart.crcl
    clearance = Figure(value=crcl.ml_per_min, on=crcl.creatinine_on) if crcl else None
    return Known(today=chart.day, labs=labs, clearance=clearance, told=told)


def accounts_of(course: therapy.RegimenCourseFact, chart: patients.Chart) -> tuple[Lifetime, ...]:
    """The accounts of a whole life of a regimen's drugs, with what its next cycle adds."""
    limits = [lifetime_limits()[code] for code in course.regimen.drug_codes if code in lifetime_limits()]
    if not limits:
        return ()
    past, cycle = _past([course.patient_id]), course.next_cycle if course.running else None
    surface = therapy.body_of(chart).surface_m2
    found = []
    for limit in limits:
        adding = Decimal(0)
        for line in course.regimen.lines if cycle else ():
            worked = worked_now(line, cycle, chart)[0] if cycle and line.drug_code == limit.drug_code else None
            adding += _in_measure(limit, worked * len(line.days), surface) if worked else Decimal(0)
        found.append(lifetime_of(limit, course.patient_id, past, adding))
    return tuple(found)
