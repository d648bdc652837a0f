# SPDX-License-Identifier: Apache-2.0
"""Dose range by weight, surface, age and renal function, with a nose for slips of unit (clinical specification 6.4)."""
from __future__ import annotations

from decimal import Decimal

from openinfusion.clinical.domain.checks.missing import missing_for, stale_for
from openinfusion.clinical.domain.facts import DoseLimits, Facts
from openinfusion.clinical.domain.figures import read_rows
from openinfusion.clinical.domain.finding import Finding, Tier
from openinfusion.kernel.quantity import UnitMismatch, rounded, shown_number

_SHOWN = {"flat": "", "kg": "/kg", "m2": "/m²", "kg_min": "/kg/min"}
_HUNDREDTH, _THOUSANDTH = Decimal("0.01"), Decimal("0.001")


def check_dose_range(facts: Facts) -> list[Finding]:
    """Single dose, daily dose and rate against the rows of the catalog that speak about this patient."""
    if not facts.limits:
        return [_cannot(facts, "dose-no-rule", "No dose range on file",
                        "The catalog has no row for this drug and route.")]
    missing = missing_for(facts)
    if missing:
        return missing
    rows = [r for r in facts.limits if _covers(r, facts)]
    if not rows:
        return [_cannot(facts, "dose-no-band", "No dose range for this patient",
                        "There are rows, but none for this age and renal function.")]
    found = [f for r in rows for f in (*_against(r, facts), *_interval(r, facts))]
    stale = stale_for(facts, rows)
    return [*found, *stale] if found or stale else [_passed(rows, facts)]


def _cannot(facts: Facts, code: str, title: str, text: str) -> Finding:
    return Finding(
        rule="dose_range", code=code, tier=Tier.CANNOT_JUDGE, title=title, text=text,
        do="judge the dose from a source you name", evidence=(facts.order.drug.code, str(facts.order.dose)),
    )


def _covers(row: DoseLimits, facts: Facts) -> bool:
    age, crcl = facts.patient.age_years, facts.patient.crcl_ml_per_min
    if age is not None and not (row.age_from or 0) <= age < (row.age_below or 200):
        return False
    if crcl is None:
        return True
    return (row.crcl_from is None or row.crcl_from <= crcl.value) and (
        row.crcl_below is None or crcl.value < row.crcl_below)


def measured(row: DoseLimits, facts: Facts) -> Decimal:
    """The ordered dose as this row measures it, in the unit of its bounds."""
    order, patient = facts.order, facts.patient
    amount = order.dose.to(row.usual_high.unit).amount
    if row.measure == "daily":
        amount *= order.doses_per_day
    if row.per in ("kg", "kg_min") and patient.weight_kg:
        amount /= patient.weight_kg.value
    if row.per == "m2" and patient.weight_kg and patient.height_cm:
        amount /= (patient.weight_kg.value * patient.height_cm.value / 3600).sqrt()
    if row.per == "kg_min" and order.infusion_minutes:
        amount /= order.infusion_minutes
    return amount


def _against(row: DoseLimits, facts: Facts) -> list[Finding]:
    try:
        got = measured(row, facts)
    except UnitMismatch:
        return [Finding(
            rule="dose_range", code="dose-unit", tier=Tier.CANNOT_JUDGE, title="The dose is in another kind of unit",
            text=f"Ordered in {facts.order.dose.unit}; the range is in {row.usual_high.unit}.",
            do="clarify the unit with the prescriber", evidence=(str(facts.order.dose),), source=row.source,
        )]
    what = {"single": "Single dose", "daily": "Daily dose", "rate": "Rate"}[row.measure]
    if got > row.hard_high.amount:
        return [_finding(f"{row.measure}-far-over", Tier.HARD, row, facts, got, f"{what} far above the range")]
    if got > row.usual_high.amount:
        return [_finding(f"{row.measure}-over", Tier.SOFT, row, facts, got, f"{what} above the range")]
    if got < row.usual_low.amount:
        return [_finding(f"{row.measure}-under", Tier.SOFT, row, facts, got, f"{what} below the range")]
    return []


def _finding(code: str, tier: Tier, row: DoseLimits, facts: Facts, got: Decimal, title: str) -> Finding:
    unit = f"{row.usual_high.unit}{_SHOWN[row.per]}"
    usual = f"usual {shown_number(row.usual_low.amount)} to {shown_number(row.usual_high.amount)} {unit}"
    never = f", never above {shown_number(row.hard_high.amount)} {unit}" if tier is Tier.HARD else ""
    weight = str(facts.patient.weight_kg.value) if row.needs_weight and facts.patient.weight_kg else ""
    return Finding(
        rule="dose_range", code=f"dose-{code}", tier=tier, title=title,
        text=f"{_shown(got)} {unit}; {usual}{never}.{slip_hint(got, row)}",
        do="change the order" if tier is Tier.HARD else "ask the prescriber, or answer with a reason",
        evidence=(str(facts.order.dose), str(facts.order.doses_per_day), weight, *_more_evidence(row, facts)), source=row.source,
    )


def _more_evidence(row: DoseLimits, facts: Facts) -> tuple[str, ...]:
    """Height where the row goes by surface, creatinine where it goes by renal function."""
    height, creatinine = facts.patient.height_cm, facts.patient.serum_creatinine
    by_surface = (str(height.value),) if row.per == "m2" and height else ()
    by_kidney = (f"{creatinine.value} {creatinine.on}",) if row.needs_renal and creatinine else ()
    return by_surface + by_kidney


def _shown(amount: Decimal) -> str:
    step = _HUNDREDTH if amount >= 1 else Decimal("0.0001")
    return shown_number(rounded(amount, step))


def slip_hint(got: Decimal, row: DoseLimits) -> str:
    """A hint when the ratio to a usual bound smells of a slip of the pen; the rows stand in data/figures.toml."""
    for bound in (row.usual_high.amount, row.usual_low.amount):
        ratio = got / bound if bound else Decimal(0)
        for slip in read_rows("figures.toml")["slip"]:
            if Decimal(slip["low"]) <= ratio <= Decimal(slip["high"]):
                return f" That is {shown_number(rounded(ratio, _THOUSANDTH))} times the usual: {slip['slip']}?"
    return ""


def _interval(row: DoseLimits, facts: Facts) -> list[Finding]:
    hours = facts.order.interval_hours
    if hours is None:
        return []
    low, high = row.min_interval_h, row.max_interval_h
    too_often, too_rarely = low is not None and hours < low, high is not None and hours > high
    if not too_often and not too_rarely:
        return []
    bounds = f"every {shown_number(low or Decimal(0))} to {shown_number(high or Decimal(hours))} hours"
    return [Finding(
        rule="dose_range", code="dose-too-often" if too_often else "dose-too-rarely", tier=Tier.SOFT,
        title="Given more often than usual" if too_often else "Given less often than usual",
        text=f"Every {hours} hours; for this patient usually {bounds}.",
        do="ask the prescriber, or answer with a reason",
        evidence=(str(hours), str(row.crcl_from), str(row.crcl_below), *_more_evidence(row, facts)), source=row.source,
    )]


def _passed(rows: list[DoseLimits], facts: Facts) -> Finding:
    weight = facts.patient.weight_kg
    by_weight = f" at {shown_number(weight.value)} kg" if weight and any(r.needs_weight for r in rows) else ""
    per_day = shown_number(rounded(facts.order.doses_per_day, _HUNDREDTH))
    return Finding(
        rule="dose_range", code="dose-passed", tier=Tier.PASSED, title="Dose within range",
        text=f"{facts.order.dose}, {per_day} a day{by_weight}.", evidence=(str(facts.order.dose),),
        source=rows[0].source,
    )
