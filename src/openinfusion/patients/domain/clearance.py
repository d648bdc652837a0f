# SPDX-License-Identifier: Apache-2.0
"""Renal function for dosing: Cockcroft and Gault, with the weight rule and the cap as a site's policy, both shown."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from openinfusion.calculations.public import WeightRule, clearance_weight, cockcroft_gault
from openinfusion.kernel.refusal import Reason, Refused
from openinfusion.kernel.standing import Source
from openinfusion.patients.domain.identity import Sex, age_on


@dataclass(frozen=True, slots=True)
class RenalPolicy:
    """The site's switches, from a dated, sourced row; the formulas themselves stand in the calculations room."""

    adult_from_years: int
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


def weight_rule(policy: RenalPolicy) -> WeightRule:
    """The site's switches, as the formula wants them."""
    return WeightRule(
        rule="a",
        adjust_above_ratio=policy.adjust_above_ratio,
        middle_weight="ideal",
        adjust_share=policy.adjust_share,
    )


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
    female = sex is Sex.FEMALE
    used, rule = clearance_weight(weight_kg, height_cm, female=female, policy=weight_rule(policy))
    raw = cockcroft_gault(age_years=Decimal(age), weight_kg=used, creatinine_mg_per_dl=creatinine, female=female)
    return Clearance(
        min(raw, policy.cap_ml_per_min), used, rule, creatinine, creatinine_on, raw > policy.cap_ml_per_min,
        (on - creatinine_on).days > policy.creatinine_good_for_days, policy.source,
    )
