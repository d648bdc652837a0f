# SPDX-License-Identifier: Apache-2.0
"""Creatinine clearance after Cockcroft and Gault, with the site's switches: which weight, which cap, how old a creatinine."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Final

from openinfusion.calculations.domain.body import (
    AGE,
    CONFIRMED,
    HEIGHT,
    SEX,
    WEIGHT,
    adjusted,
    ideal_adult,
    mass_index,
    must_be_adult,
)
from openinfusion.calculations.domain.calculation import Result, Step, Worked, calculation
from openinfusion.calculations.domain.figures import published, row
from openinfusion.calculations.domain.inputs import amount, choice, yes_no
from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.kernel.standing import Source

CREATININE: Final = amount("creatinine", "mg/dL", above="0", high="30", also={"umol/L": "1/88.4"}, label="Serum creatinine")
STABLE: Final = yes_no("stable", label="Creatinine stable", note="no: every estimate from one creatinine is refused")
RULE: Final = choice(
    "weight_rule",
    ("a", "a: actual below ideal, then ideal, then adjusted"),
    ("b", "b: by body mass index"),
    "actual",
    "ideal",
    "adjusted",
    note="the site's policy if left out",
)
RATIO: Final = amount("adjust_above", "1", "1", "2", label="Adjust above this times ideal", note="1.2 or 1.3")
MIDDLE: Final = choice("middle_weight", "ideal", "actual", note="between ideal and that ratio")
FLOOR: Final = amount(
    "creatinine_floor", "mg/dL", above="0", high="1", label="Round a lower creatinine up to", note="off if left out"
)
CAP: Final = amount("cap", "mL/min", "60", "250", note="the site's policy if left out")
ABOVE: Final = choice("above_cap", ("cap", "use the cap"), ("refuse", "give no figure"), note="the site's policy if left out")
DRAWN: Final = amount("creatinine_age", "h", "0", "8760", also={"d": "24"})
PURPOSE: Final = choice("purpose", "home", "vancomycin", note="how old the creatinine may be")

_TENTH: Final = Decimal("0.1")


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightRule:
    """The site's rule for the weight of Cockcroft and Gault."""

    rule: str
    adjust_above_ratio: Decimal
    middle_weight: str
    adjust_share: Decimal


def cockcroft_gault(*, age_years: Decimal, weight_kg: Decimal, creatinine_mg_per_dl: Decimal, female: bool) -> Decimal:
    """Creatinine clearance, mL/min, after Cockcroft and Gault 1976; a woman's is 0.85 of a man's (times, never divided by)."""
    if creatinine_mg_per_dl <= 0 or weight_kg <= 0:
        raise Refused(Reason("not-plausible", "creatinine and weight must be above zero"))
    clearance = (140 - age_years) * weight_kg / (72 * creatinine_mg_per_dl)
    return clearance * Decimal("0.85") if female else clearance


def site_weight_rule(
    rule: str | None = None, adjust_above_ratio: Decimal | None = None, middle_weight: str | None = None
) -> WeightRule:
    """The rule of the site's row, with what was asked for instead."""
    policy = row("renal", name="cockcroft-gault")
    return WeightRule(
        rule=rule or policy["weight_rule"],
        adjust_above_ratio=adjust_above_ratio or policy.figure("adjust_above_ratio"),
        middle_weight=middle_weight or policy["middle_weight"],
        adjust_share=policy.figure("adjust_share"),
    )


def clearance_weight(weight_kg: Decimal, height_cm: Decimal, *, female: bool, policy: WeightRule) -> tuple[Decimal, str]:
    """The weight to put into Cockcroft and Gault, kg, and its name: actual, ideal or adjusted."""
    ideal = ideal_adult(height_cm, female=female)
    weights = {"actual": weight_kg, "ideal": ideal, "adjusted": adjusted(weight_kg, ideal, policy.adjust_share)}
    name = policy.rule
    if policy.rule == "a":
        name = _by_ideal(weight_kg, ideal, policy)
    elif policy.rule == "b":
        name = _by_mass_index(weight_kg, height_cm, ideal)
    return weights[name], name


def _by_ideal(weight_kg: Decimal, ideal_kg: Decimal, policy: WeightRule) -> str:
    if weight_kg <= ideal_kg:
        return "actual"
    return policy.middle_weight if weight_kg <= ideal_kg * policy.adjust_above_ratio else "adjusted"


def _by_mass_index(weight_kg: Decimal, height_cm: Decimal, ideal_kg: Decimal) -> str:
    limits, index = row("renal", name="weight-by-mass-index"), mass_index(weight_kg, height_cm)
    if index < limits.figure("thin_below"):
        return "actual"
    if index < limits.figure("heavy_from"):
        return "ideal" if ideal_kg < weight_kg else "actual"
    return "adjusted"


@calculation(
    "creatinine-clearance",
    "Creatinine clearance (Cockcroft and Gault)",
    group="renal",
    formula="CrCl = (140 − age) × weight kg ÷ (72 × creatinine mg/dL), × 0.85 for women",
    source=published("Cockcroft DW, Gault MH, Nephron 1976;16:31", 1976),
)
def _clearance(
    age_years: Annotated[Decimal, AGE],
    sex: Annotated[str, SEX],
    weight_kg: Annotated[Decimal, WEIGHT],
    creatinine: Annotated[Decimal, CREATININE],
    height_cm: Annotated[Decimal | None, HEIGHT] = None,
    stable: Annotated[bool | None, STABLE] = None,
    rule: Annotated[str | None, RULE] = None,
    ratio: Annotated[Decimal | None, RATIO] = None,
    middle: Annotated[str | None, MIDDLE] = None,
    floor: Annotated[Decimal | None, FLOOR] = None,
    cap: Annotated[Decimal | None, CAP] = None,
    above: Annotated[str | None, ABOVE] = None,
    drawn: Annotated[Decimal | None, DRAWN] = None,
    purpose: Annotated[str, PURPOSE] = "home",
    confirmed: Annotated[bool, CONFIRMED] = False,
) -> Worked:
    """For adults with a stable creatinine. The weight rule, the cap and the age of the creatinine are the site's policy."""
    must_be_adult(age_years, height_cm, confirmed=confirmed, otherwise="for a child use egfr-schwartz-bedside")
    must_be_stable(stable)
    policy = site_weight_rule(rule, ratio, middle)
    used_kg, name = _weight(weight_kg, height_cm, sex, policy)
    serum = max(creatinine, floor) if floor else creatinine
    raw = cockcroft_gault(age_years=age_years, weight_kg=used_kg, creatinine_mg_per_dl=serum, female=sex == "female")
    ceiling = row("renal", name="cap")
    limit = cap or ceiling.figure("ml_per_min")
    believed, capped = _believed(raw, limit, above or ceiling["above_cap"])
    stale, age_source = _age_of_creatinine(drawn, purpose)
    return Worked(
        results=(
            Result("crcl", "Creatinine clearance", believed, "mL/min", _TENTH),
            Result("uncapped", "Before the cap", raw, "mL/min", _TENTH),
            Result("weight", f"Weight used ({name})", used_kg, "kg", _TENTH),
        ),
        steps=(
            Step(f"Weight rule: {RULE.said(policy.rule)}"),
            Step("Creatinine used" if serum == creatinine else "Creatinine used, rounded up", serum, "mg/dL"),
            Step("Cap", limit, "mL/min"),
        ),
        warnings=(*capped, *stale, *_not_said(stable), *_floored(serum, creatinine)),
        used=(row("renal", name="cockcroft-gault").source, ceiling.source, *age_source, *_floor_source(floor)),
    )


def must_be_stable(stable: bool | None) -> None:
    """Refused where the creatinine is said to be changing: one value then says nothing about the filtration."""
    if stable is False:
        text = "the creatinine is not stable: no estimate from a single value holds"
        raise Refused(Reason("renal-function-unstable", text, "wait for a stable creatinine or measure the clearance"))


def _not_said(stable: bool | None) -> tuple[Reason, ...]:
    return (Reason("stability-not-said", "the formula is for a stable creatinine; nobody said it is"),) if stable is None else ()


def _weight(weight_kg: Decimal, height_cm: Decimal | None, sex: str, policy: WeightRule) -> tuple[Decimal, str]:
    if policy.rule == "actual":
        return weight_kg, "actual"
    if height_cm is None:
        raise Malformed(Fault("height", "this weight rule needs the height; or choose the weight rule “actual”"))
    return clearance_weight(weight_kg, height_cm, female=sex == "female", policy=policy)


def _believed(raw: Decimal, limit: Decimal, above: str) -> tuple[Decimal, tuple[Reason, ...]]:
    if raw <= limit:
        return raw, ()
    text = f"the formula gives {raw:.1f} mL/min, above the cap of {limit:f}"
    if above == "refuse":
        raise Refused(Reason("above-cap", text, "check creatinine and weight; measure the clearance"))
    return limit, (Reason("capped", text, "check creatinine and weight"),)


def _age_of_creatinine(drawn_h: Decimal | None, purpose: str) -> tuple[tuple[Reason, ...], tuple[Source, ...]]:
    policy = row("renal", name="creatinine-age", purpose=purpose)
    if drawn_h is None:
        return (), ()
    old = Reason(
        "creatinine-too-old", f"the creatinine is {drawn_h:f} hours old; it serves {policy['good_for_h']}", "draw it again"
    )
    return ((old,) if drawn_h > policy.figure("good_for_h") else ()), (policy.source,)


def _floored(serum: Decimal, creatinine: Decimal) -> tuple[Reason, ...]:
    return (Reason("creatinine-rounded-up", "rounding a low creatinine up is known to bias more"),) if serum > creatinine else ()


def _floor_source(floor: Decimal | None) -> tuple[Source, ...]:
    return (row("renal", name="low-creatinine").source,) if floor else ()
