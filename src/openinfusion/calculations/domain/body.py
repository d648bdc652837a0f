# SPDX-License-Identifier: Apache-2.0
"""Body weight: ideal, adjusted, lean, and the mass index; with the inputs every formula about a body shares."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Final

from openinfusion.calculations.domain.calculation import Result, Step, Verdict, Worked, calculation
from openinfusion.calculations.domain.figures import published, row
from openinfusion.calculations.domain.inputs import amount, choice, yes_no
from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused

WEIGHT: Final = amount("weight", "kg", "0.3", "400", also={"lb": "0.45359237", "g": "0.001"})
HEIGHT: Final = amount("height", "cm", "25", "250", also={"in": "2.54", "m": "100"})
AGE: Final = amount("age", "a", "0", "120", also={"mo": "1/12"})
SEX: Final = choice("sex", "female", "male", note="as the formula uses it")
CONFIRMED: Final = yes_no("height_confirmed", note="a short adult was measured again")
IDEAL: Final = amount("ideal_weight", "kg", above="0", high="150", note="or height and sex, and it is worked out")
SHARE: Final = amount("share", "1", "0", "1", note="of the weight above ideal; the site's policy if left out")
BELOW: Final = choice(
    "below_60_inches",
    ("subtract", "go on subtracting"),
    ("floor", "not below the floor"),
    ("actual", "actual weight if it is lower"),
    note="the site's policy if left out",
)
LAST: Final = amount("last_weight", "kg", "0.3", "400", also={"lb": "0.45359237", "g": "0.001"})

TENTH: Final = Decimal("0.1")
_CM_PER_INCH: Final = Decimal("2.54")


def devine(height_cm: Decimal, *, female: bool) -> Decimal:
    """Ideal body weight of an adult, kg, after Devine 1974; below 60 inches it subtracts."""
    base = Decimal("45.5") if female else Decimal(50)
    return base + Decimal("2.3") * (height_cm / _CM_PER_INCH - 60)


def ideal_adult(height_cm: Decimal, *, female: bool) -> Decimal:
    """Devine's ideal weight, kg; Refused where the height is so low that nothing is left."""
    ideal = devine(height_cm, female=female)
    if ideal <= 0:
        raise Refused(Reason("height-implausible", "at this height the formula for adults gives no weight", "measure again"))
    return ideal


def child_ideal(height_cm: Decimal, *, female: bool) -> Decimal:
    """Ideal weight at 1 to 17 years, kg: by height squared below 60 inches, by the inch from there."""
    inches = height_cm / _CM_PER_INCH
    if inches < 60:
        return height_cm * height_cm * Decimal("1.65") / 1000
    return (Decimal("42.2") if female else Decimal(39)) + Decimal("2.27") * (inches - 60)


def adjusted(weight_kg: Decimal, ideal_kg: Decimal, share: Decimal) -> Decimal:
    """Ideal weight and a share of what is above it, kg."""
    return ideal_kg + share * (weight_kg - ideal_kg)


def mass_index(weight_kg: Decimal, height_cm: Decimal) -> Decimal:
    """Body mass index, kg/m²."""
    return weight_kg / (height_cm / 100) ** 2


def lean(weight_kg: Decimal, height_cm: Decimal, *, female: bool) -> Decimal:
    """Fat-free mass, kg, after Janmahasatian 2005."""
    index = mass_index(weight_kg, height_cm)
    below = 8780 + 244 * index if female else 6680 + 216 * index
    return 9270 * weight_kg / below


def must_be_adult(age_years: Decimal, height_cm: Decimal | None, *, confirmed: bool, otherwise: str) -> None:
    """Refused for a child, and for a height below the adult minimum that nobody has confirmed."""
    limits = row("body", name="adult")
    against = []
    if age_years < limits.figure("from_years"):
        against.append(Reason("not-adult", f"this formula is for adults from {limits['from_years']} years; {otherwise}"))
    if height_cm is not None and height_cm < limits.figure("shortest_cm") and not confirmed:
        against.append(Reason("height-implausible", "this height is not plausible for an adult", "measure again and confirm"))
    if against:
        raise Refused(*against)


@calculation(
    "ideal-weight-devine",
    "Ideal body weight (Devine)",
    group="body",
    formula="IBW = 50 kg (men) or 45.5 kg (women) + 2.3 kg × (inches − 60)",
    source=published("Devine 1974; provenance in Pai & Paloucek, Ann Pharmacother 2000;34:1066", 1974),
)
def _devine(
    height_cm: Annotated[Decimal, HEIGHT],
    sex: Annotated[str, SEX],
    age_years: Annotated[Decimal, AGE],
    weight_kg: Annotated[Decimal | None, WEIGHT] = None,
    below: Annotated[str | None, BELOW] = None,
    confirmed: Annotated[bool, CONFIRMED] = False,
) -> Worked:
    """For adults. Below 60 inches the site says whether to go on subtracting, to stop at a floor or to take a lower weight."""
    must_be_adult(age_years, height_cm, confirmed=confirmed, otherwise="for a child use ideal-weight-child")
    policy = row("body", name="below-60-inches")
    rule = below or policy["rule"]
    inches = height_cm / _CM_PER_INCH
    ideal = ideal_adult(height_cm, female=sex == "female")
    short = inches < 60
    if short and rule == "floor":
        ideal = max(ideal, policy.figure("floor_kg"))
    if short and rule == "actual":
        if weight_kg is None:
            raise Malformed(Fault("weight", "this rule compares with the actual weight, which is missing"))
        ideal = min(ideal, weight_kg)
    return Worked(
        results=(Result("ideal", "Ideal body weight", ideal, "kg", TENTH),),
        steps=(Step("Height", inches, "in"), Step(f"Policy below 60 inches: {BELOW.said(rule)}")),
        warnings=(Reason("below-60-inches", "below 60 inches the formula extrapolates"),) if short else (),
        used=(row("body", name="adult").source, policy.source),
    )


@calculation(
    "ideal-weight-child",
    "Ideal body weight of a child",
    group="body",
    formula="below 60 inches: height cm² × 1.65 ÷ 1000; "
    "from 60 inches: 39 kg (male) or 42.2 kg (female) + 2.27 kg × (inches − 60)",
    source=published("Traub & Johnson, Am J Hosp Pharm 1980;37:195, as the clinPK package has it", 1980),
)
def _child_ideal(
    height_cm: Annotated[Decimal, HEIGHT],
    sex: Annotated[str, SEX],
    age_years: Annotated[Decimal, AGE],
    weight_kg: Annotated[Decimal | None, WEIGHT] = None,
) -> Worked:
    """From 1 to 17 years. Below one year the actual weight is used."""
    if age_years >= row("body", name="adult").figure("from_years"):
        raise Refused(Reason("not-a-child", "this formula is for children; for an adult use ideal-weight-devine"))
    if age_years < 1:
        if weight_kg is None:
            raise Malformed(Fault("weight", "below one year the actual weight is used; it is missing"))
        return Worked(
            results=(Result("ideal", "Ideal body weight", weight_kg, "kg", TENTH),),
            steps=(Step("Below one year: the actual weight"),),
        )
    ideal = child_ideal(height_cm, female=sex == "female")
    inches = height_cm / _CM_PER_INCH
    return Worked(results=(Result("ideal", "Ideal body weight", ideal, "kg", TENTH),), steps=(Step("Height", inches, "in"),))


@calculation(
    "adjusted-weight",
    "Adjusted body weight",
    group="body",
    formula="AdjBW = IBW + share × (weight − IBW)",
    source=published("Bauer, Applied Clinical Pharmacokinetics; aminoglycosides and Cockcroft-Gault in obesity", 2008),
)
def _adjusted(
    weight_kg: Annotated[Decimal, WEIGHT],
    ideal_kg: Annotated[Decimal | None, IDEAL] = None,
    height_cm: Annotated[Decimal | None, HEIGHT] = None,
    sex: Annotated[str | None, SEX] = None,
    share: Annotated[Decimal | None, SHARE] = None,
) -> Worked:
    """For adults well above their ideal weight; below the site's ratio it warns that no adjusting is meant."""
    policy = row("body", name="adjusted")
    if ideal_kg is None:
        if height_cm is None or sex is None:
            raise Malformed(Fault("ideal_weight", "give the ideal weight, or height and sex"))
        ideal_kg = ideal_adult(height_cm, female=sex == "female")
    part = policy.figure("share") if share is None else share
    ratio = weight_kg / ideal_kg
    light = ratio <= policy.figure("above_ratio")
    warning = Reason("not-above-ideal", f"adjusting is meant for a weight above {policy['above_ratio']} times the ideal")
    return Worked(
        results=(Result("adjusted", "Adjusted body weight", adjusted(weight_kg, ideal_kg, part), "kg", TENTH),),
        steps=(Step("Ideal body weight", ideal_kg, "kg"), Step("Share", part), Step("Weight to ideal", ratio)),
        warnings=(warning,) if light else (),
        used=(policy.source,),
    )


@calculation(
    "lean-weight",
    "Lean body weight (Janmahasatian)",
    group="body",
    formula="FFM = 9270 × weight ÷ (6680 + 216 × BMI) (men) or ÷ (8780 + 244 × BMI) (women)",
    source=published("Janmahasatian S, Clin Pharmacokinet 2005;44:1051", 2005),
)
def _lean(weight_kg: Annotated[Decimal, WEIGHT], height_cm: Annotated[Decimal, HEIGHT], sex: Annotated[str, SEX]) -> Worked:
    """Fat-free mass, for drugs that are dosed by it in obesity."""
    ffm = lean(weight_kg, height_cm, female=sex == "female")
    return Worked(
        results=(
            Result("lean", "Lean body weight", ffm, "kg", TENTH),
            Result("bmi", "Body mass index", mass_index(weight_kg, height_cm), "kg/m2", TENTH),
        )
    )


@calculation(
    "weight-change",
    "Change of weight since last time",
    group="body",
    formula="change = (weight − last weight) ÷ last weight",
    source=published("Practice default: a change above the row's share is confirmed before any dose goes by it", 2026),
)
def _weight_change(weight_kg: Annotated[Decimal, WEIGHT], last_kg: Annotated[Decimal, LAST]) -> Worked:
    """Finds pounds written as kilograms, and the reverse, before a dose is worked out from them."""
    policy = row("body", name="weight-change")
    ratio = weight_kg / last_kg
    mixed = policy.figure("pounds_low"), policy.figure("pounds_high")
    if mixed[0] <= ratio <= mixed[1] or mixed[0] <= 1 / ratio <= mixed[1]:
        said = Verdict("verdict", "Verdict", "pounds-for-kilograms", "the two differ as pounds and kilograms do", "crit")
    elif abs(ratio - 1) > policy.figure("confirm_above_share"):
        said = Verdict("verdict", "Verdict", "confirm", "the change is large: weigh again and confirm", "warn")
    else:
        said = Verdict("verdict", "Verdict", "plausible", "plausible", "ok")
    return Worked(
        results=(Result("change", "Change", (ratio - 1) * 100, "%", TENTH), said),
        used=(policy.source,),
    )
