# SPDX-License-Identifier: Apache-2.0
"""Gentamicin, tobramycin and amikacin: once daily or less often, or by the label; and the levels to avoid."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Final

from openinfusion.calculations.domain.body import HEIGHT, IDEAL, SEX, WEIGHT, adjusted, ideal_adult
from openinfusion.calculations.domain.calculation import Result, Step, Verdict, Worked, calculation
from openinfusion.calculations.domain.figures import Row, published, row, table
from openinfusion.calculations.domain.inputs import amount, choice, yes_no
from openinfusion.calculations.domain.levels.covariates import CRCL
from openinfusion.calculations.domain.levels.target import TENTH, WHOLE
from openinfusion.calculations.domain.renal import CREATININE
from openinfusion.kernel.refusal import Reason, Refused

DRUG: Final = choice("drug", "gentamicin", "tobramycin", "amikacin")
DIALYSIS: Final = yes_no("dialysis")
PEAK: Final = amount("peak", "mg/L", above="0", high="150")
TROUGH: Final = amount("trough", "mg/L", above="0", high="100")


def dosing_weight(weight_kg: Decimal, ideal_kg: Decimal) -> Decimal:
    """Actual weight, or the adjusted one well above the ideal, kg."""
    policy = row("aminoglycoside", name="dosing-weight")
    if weight_kg <= ideal_kg * policy.figure("above_ratio"):
        return weight_kg
    return adjusted(weight_kg, ideal_kg, policy.figure("share"))


@calculation(
    "aminoglycoside-extended",
    "Aminoglycoside: extended interval",
    group="levels",
    formula="7 mg/kg (amikacin 15) every 24 h from 60 mL/min, 36 h from 40, 48 h from 20; adjusted weight above 1.2 × ideal",
    source=published("Nicolau DP, Antimicrob Agents Chemother 1995;39:650", 1995),
)
def _extended(
    drug: Annotated[str, DRUG],
    weight: Annotated[Decimal, WEIGHT],
    crcl: Annotated[Decimal, CRCL],
    dialysis: Annotated[bool, DIALYSIS],
    ideal: Annotated[Decimal | None, IDEAL] = None,
    height: Annotated[Decimal | None, HEIGHT] = None,
    sex: Annotated[str | None, SEX] = None,
) -> Worked:
    """A first dose and interval. One level 6 to 14 h after the start then goes to the site's own nomogram, which is a figure."""
    of = row("aminoglycoside", name="extended", drug=drug)
    interval = _interval(crcl, dialysis)
    if ideal is None and height is not None and sex is not None:
        ideal = ideal_adult(height, female=sex == "female")
    used_kg = weight if ideal is None else dosing_weight(weight, ideal)
    unknown = Reason("ideal-weight-not-given", "without ideal weight, or height and sex, the actual weight is used")
    level = Reason("draw-a-level", "draw one level 6 to 14 h after the start and read it on the site's nomogram")
    return Worked(
        results=(
            Result("dose", "Dose", of.figure("mg_per_kg") * used_kg, "mg", WHOLE),
            Result("interval", "Every", interval.figure("interval_h"), "h", WHOLE),
        ),
        steps=(Step("Dosing weight", used_kg, "kg"),),
        warnings=(level, unknown) if ideal is None else (level,),
        used=(of.source, interval.source, row("aminoglycoside", name="dosing-weight").source),
    )


def _interval(crcl: Decimal, dialysis: bool) -> Row:
    """The row of this clearance; Refused below the last one and on dialysis."""
    fits = [r for r in table("aminoglycoside") if r["name"] == "extended-interval" and crcl >= r["from_ml_per_min"]]
    if dialysis or not fits:
        text = "extended intervals are not for dialysis or for a clearance this low"
        raise Refused(Reason("not-for-extended-interval", text, "dose by levels"))
    return min(fits, key=lambda r: Decimal(r["interval_h"]))


@calculation(
    "aminoglycoside-label",
    "Aminoglycoside: by the label",
    group="levels",
    formula="usual dose every creatinine × 8 h (gentamicin), × 6 (tobramycin), × 9 (amikacin); "
    "or, for gentamicin, a percentage of the usual dose at the usual interval",
    source=published("Labels of gentamicin, tobramycin and amikacin", 2020),
)
def _label(drug: Annotated[str, DRUG], weight: Annotated[Decimal, WEIGHT], creatinine: Annotated[Decimal, CREATININE]) -> Worked:
    """Conventional dosing in renal impairment: the usual dose less often, or a smaller one as often."""
    of = row("aminoglycoside", name="label", drug=drug)
    usual = of.figure("mg_per_kg") * weight
    interval = max(of.figure("hours_per_creatinine") * creatinine, of.figure("usual_interval_h"))
    results: list[Result | Verdict] = [
        Result("dose", "Usual dose", usual, "mg", WHOLE),
        Result("per_kg", "Usual dose by weight", of.figure("mg_per_kg"), "mg/kg", TENTH),
        Result("interval", "Every", interval, "h", WHOLE),
    ]
    used = [of.source]
    if drug == "gentamicin":
        share = _percent(creatinine)
        if share is None:
            text = "the label's table ends at 8 mg/dL"
            results.append(Verdict("reduced", "Reduced dose", "cannot-judge", text, "warn"))
        else:
            results += [
                Result("percent", "Of the usual dose", share.figure("percent"), "%", WHOLE),
                Result("reduced", "Reduced dose", usual * share.figure("percent") / 100, "mg", WHOLE),
                Result("reduced_interval", "Reduced dose every", of.figure("usual_interval_h"), "h", WHOLE),
            ]
            used.append(share.source)
    return Worked(results=tuple(results), used=tuple(used))


def _percent(creatinine: Decimal) -> Row | None:
    """The band of the label's table for a creatinine read to a tenth, as the table is written; None above its end."""
    read = max(creatinine.quantize(TENTH, ROUND_HALF_UP), TENTH)
    bands = [r for r in table("aminoglycoside") if r["name"] == "gentamicin-percent"]
    return next((r for r in bands if r.figure("low") <= read <= r.figure("high")), None)


@calculation(
    "aminoglycoside-levels",
    "Aminoglycoside: levels to avoid",
    group="levels",
    formula="gentamicin and tobramycin: peak above 12 or trough above 2 mg/L; amikacin: above 35 or above 10",
    source=published("Labels of gentamicin, tobramycin and amikacin", 2020),
)
def _levels(drug: Annotated[str, DRUG], peak: Annotated[Decimal, PEAK], trough: Annotated[Decimal, TROUGH]) -> Worked:
    """With conventional dosing; the peaks of extended intervals are meant to be higher."""
    if trough >= peak:
        raise Refused(Reason("levels-do-not-fall", "the peak is not above the trough", "check the levels and their times"))
    of = row("aminoglycoside", name="label", drug=drug)
    return Worked(
        results=(
            _against("peak", peak, of.figure("avoid_peak_above")),
            _against("trough", trough, of.figure("avoid_trough_above")),
        ),
        used=(of.source,),
    )


def _against(name: str, level: Decimal, limit: Decimal) -> Verdict:
    if level > limit:
        return Verdict(name, name.capitalize(), "avoid", f"above {limit:f} mg/L: avoid for long", "warn")
    return Verdict(name, name.capitalize(), "tolerated", f"not above {limit:f} mg/L", "ok")
