# SPDX-License-Identifier: Apache-2.0
"""Renal function for dosing: Cockcroft and Gault, with the weight rule and the cap as a site's policy, both shown."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from openinfusion.kernel.refusal import Reason, Refused
from openinfusion.kernel.standing import Source
from openinfusion.patients.domain.identity import Sex, age_on


@dataclass(frozen=True, slots=True)
class RenalPolicy:
    """The site's switches and the constants of the formulas, from a dated, sourced row."""

    adult_from_years: int
    female_factor: Decimal
    ideal_base_male_kg: Decimal
    ideal_base_female_kg: Decimal
    ideal_per_inch_kg: Decimal
    ideal_from_inches: Decimal
    cm_per_inch: Decimal
    adjust_above_ratio: Decimal
    adjust_share: Decimal
    cap_ml_per_min: Decimal
    creatinine_good_for_days: int
    shortest_adult_cm: Decimal
    source: Source


@dataclass(frozen=True, slots=True)
class Clearance:
    """A result with what it was made from: number, the weight used and why, the cap if it held, the day of the lab."""

    ml_per_min: Decimal
    weight_kg: Decimal
    weight_rule: str
    creatinine_mg_per_dl: Decimal
    creatinine_on: date
    capped: bool
    stale: bool
    source: Source

    def __str__(self) -> str:
        marks = [f"{self.weight_rule} weight {self.weight_kg.quantize(Decimal('0.1'))} kg"]
        marks += ["capped"] if self.capped else []
        marks += ["creatinine too old"] if self.stale else []
        return f"{self.ml_per_min.quantize(Decimal(1))} mL/min (Cockcroft-Gault, {', '.join(marks)})"


def cockcroft_gault(
    *, age: int, weight_kg: Decimal, creatinine: Decimal, female: bool, female_factor: Decimal
) -> Decimal:
    """mL/min from age in years, weight in kg and serum creatinine in mg/dL."""
    if creatinine <= 0 or weight_kg <= 0:
        raise Refused(Reason("not-plausible", "creatinine and weight must be above zero"))
    result = (140 - age) * weight_kg / (72 * creatinine)
    return result * female_factor if female else result


def ideal_weight(sex: Sex, height_cm: Decimal, policy: RenalPolicy) -> Decimal:
    """Devine's ideal body weight for adults."""
    base = policy.ideal_base_female_kg if sex is Sex.FEMALE else policy.ideal_base_male_kg
    return base + policy.ideal_per_inch_kg * (height_cm / policy.cm_per_inch - policy.ideal_from_inches)


def dosing_weight(sex: Sex, height_cm: Decimal, weight_kg: Decimal, policy: RenalPolicy) -> tuple[Decimal, str]:
    """The weight to use and its name: actual below ideal, ideal up to the ratio, adjusted above it."""
    ideal = ideal_weight(sex, height_cm, policy)
    if weight_kg <= ideal:
        return weight_kg, "actual"
    if weight_kg <= ideal * policy.adjust_above_ratio:
        return ideal, "ideal"
    return ideal + policy.adjust_share * (weight_kg - ideal), "adjusted"


def clearance(
    *, born_on: date, sex: Sex, weight_kg: Decimal, height_cm: Decimal, creatinine: Decimal, creatinine_on: date,
    on: date, policy: RenalPolicy,
) -> Clearance:
    """Creatinine clearance on a day; Refused where the formula does not speak about this patient."""
    age = age_on(born_on, on)
    against = []
    if age < policy.adult_from_years:
        against.append(Reason("not-adult", f"Cockcroft-Gault is for adults from {policy.adult_from_years} years"))
    if sex not in (Sex.FEMALE, Sex.MALE):
        against.append(Reason("sex-unknown", "the formula needs the sex female or male"))
    if height_cm < policy.shortest_adult_cm:
        against.append(Reason("height-implausible", f"a height of {height_cm} cm is not plausible for an adult"))
    if against:
        raise Refused(*against)
    used, rule = dosing_weight(sex, height_cm, weight_kg, policy)
    raw = cockcroft_gault(
        age=age, weight_kg=used, creatinine=creatinine, female=sex is Sex.FEMALE, female_factor=policy.female_factor,
    )
    return Clearance(
        min(raw, policy.cap_ml_per_min), used, rule, creatinine, creatinine_on, raw > policy.cap_ml_per_min,
        (on - creatinine_on).days > policy.creatinine_good_for_days, policy.source,
    )
