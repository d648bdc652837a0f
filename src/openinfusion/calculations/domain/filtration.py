# SPDX-License-Identifier: Apache-2.0
"""Glomerular filtration: CKD-EPI 2021, Schwartz for children, taking off the standard surface, and Calvert's carboplatin dose."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Final

from openinfusion.calculations.domain.body import AGE, HEIGHT, SEX, WEIGHT
from openinfusion.calculations.domain.calculation import Result, Step, Verdict, Worked, calculation
from openinfusion.calculations.domain.figures import published, row, table
from openinfusion.calculations.domain.inputs import amount, choice, yes_no
from openinfusion.calculations.domain.renal import CREATININE, STABLE, must_be_stable
from openinfusion.calculations.domain.surface import mosteller
from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused

INDEXED: Final = "mL/min/{1.73_m2}"
STANDARD_SURFACE: Final = Decimal("1.73")
EGFR: Final = amount("egfr", INDEXED, above="0", high="250", label="eGFR")
BSA: Final = amount("bsa", "m2", "0.1", "4", label="Body surface", note="or weight and height, and it is worked out")
GFR: Final = amount("gfr", "mL/min", above="0", high="300", label="GFR", note="not per 1.73 m²")
MEASURED: Final = yes_no("measured", note="by a clearance study, not estimated from creatinine")
AUC: Final = amount("auc", "mg.min/mL", above="0", high="12", label="Target AUC")
PRETERM: Final = yes_no("preterm", note="born preterm; asked below one year")
DRUG: Final = choice("drug", "vancomycin", "gentamicin", "tobramycin", "amikacin", "carboplatin", "other")

_TENTH: Final = Decimal("0.1")


def ckd_epi_2021(*, age_years: Decimal, creatinine_mg_per_dl: Decimal, female: bool) -> Decimal:
    """eGFR, mL/min per 1.73 m², after Inker 2021: creatinine, age and sex; no term for race."""
    kappa, alpha = (Decimal("0.7"), Decimal("-0.241")) if female else (Decimal("0.9"), Decimal("-0.302"))
    ratio = creatinine_mg_per_dl / kappa
    filtered = 142 * min(ratio, Decimal(1)) ** alpha * max(ratio, Decimal(1)) ** Decimal("-1.200")
    return filtered * Decimal("0.9938") ** age_years * (Decimal("1.012") if female else 1)


def deindexed(egfr: Decimal, surface_m2: Decimal) -> Decimal:
    """mL/min of this body, from mL/min per 1.73 m²."""
    return egfr * surface_m2 / STANDARD_SURFACE


def schwartz_bedside(height_cm: Decimal, creatinine_mg_per_dl: Decimal) -> Decimal:
    """GFR of a child, mL/min per 1.73 m², after Schwartz 2009; for a creatinine traceable to IDMS."""
    return Decimal("0.413") * height_cm / creatinine_mg_per_dl


def schwartz_1976_factor(age_years: Decimal, *, male: bool, preterm: bool) -> Decimal:
    """The factor k of Schwartz 1976, by age, sex and preterm birth."""
    if age_years < 1:
        return Decimal("0.33") if preterm else Decimal("0.45")
    return Decimal("0.70") if male and age_years > 13 else Decimal("0.55")


def calvert(auc: Decimal, gfr_ml_per_min: Decimal) -> Decimal:
    """Carboplatin, mg, after Calvert 1989: AUC × (GFR + 25)."""
    return auc * (gfr_ml_per_min + 25)


def calvert_cap() -> Decimal:
    """Up to which an estimated GFR counts in Calvert's formula, mL/min (FDA 2010)."""
    return row("renal", name="calvert").figure("gfr_cap_ml_per_min")


def _gfr(value: Decimal) -> Result:
    return Result("gfr", "GFR", value, INDEXED, _TENTH)


@calculation(
    "egfr-ckd-epi-2021",
    "eGFR (CKD-EPI 2021)",
    group="renal",
    formula="142 × min(creatinine/κ, 1)^α × max(creatinine/κ, 1)^−1.200 × 0.9938^age × 1.012 (women); "
    "κ 0.7 and α −0.241 for women, 0.9 and −0.302 for men",
    source=published("Inker LA, N Engl J Med 2021;385:1737", 2021),
)
def _ckd_epi(
    age_years: Annotated[Decimal, AGE],
    sex: Annotated[str, SEX],
    creatinine: Annotated[Decimal, CREATININE],
    stable: Annotated[bool | None, STABLE] = None,
) -> Worked:
    """For adults; per 1.73 m², so take the standard surface off before dosing by it."""
    limits = row("renal", name="adult-egfr")
    if age_years < limits.figure("from_years"):
        raise Refused(Reason("not-adult", "CKD-EPI is for adults; for a child use egfr-schwartz-bedside"))
    must_be_stable(stable)
    egfr = ckd_epi_2021(age_years=age_years, creatinine_mg_per_dl=creatinine, female=sex == "female")
    return Worked(results=(_gfr(egfr),), used=(limits.source,))


@calculation(
    "egfr-deindexed",
    "eGFR of this body, for dosing",
    group="renal",
    formula="GFR mL/min = eGFR × BSA ÷ 1.73",
    source=published("FDA guidance on renal impairment, 2024: dose by mL/min, not by mL/min/1.73 m²", 2024),
)
def _deindexed(
    egfr: Annotated[Decimal, EGFR],
    bsa: Annotated[Decimal | None, BSA] = None,
    weight_kg: Annotated[Decimal | None, WEIGHT] = None,
    height_cm: Annotated[Decimal | None, HEIGHT] = None,
) -> Worked:
    """Takes the standard surface off; the surface may be given or is Mosteller's."""
    if bsa is None:
        if weight_kg is None or height_cm is None:
            raise Malformed(Fault("bsa", "give the body surface, or weight and height"))
        bsa = mosteller(weight_kg, height_cm)
    return Worked(
        results=(Result("gfr", "GFR", deindexed(egfr, bsa), "mL/min", _TENTH),), steps=(Step("Body surface", bsa, "m2"),)
    )


@calculation(
    "egfr-schwartz-bedside",
    "GFR of a child (bedside Schwartz)",
    group="renal",
    formula="GFR = 0.413 × height cm ÷ creatinine mg/dL",
    source=published("Schwartz GJ, J Am Soc Nephrol 2009;20:629", 2009),
)
def _bedside(
    age_years: Annotated[Decimal, AGE],
    height_cm: Annotated[Decimal, HEIGHT],
    creatinine: Annotated[Decimal, CREATININE],
    stable: Annotated[bool | None, STABLE] = None,
) -> Worked:
    """From 1 to 17 years, with a creatinine traceable to IDMS."""
    limits = row("renal", name="child-gfr")
    if not limits.figure("bedside_from_years") <= age_years < limits.figure("to_years") + 1:
        raise Refused(Reason("not-this-age", "the bedside formula is for 1 to 17 years"))
    must_be_stable(stable)
    return Worked(results=(_gfr(schwartz_bedside(height_cm, creatinine)),), used=(limits.source,))


@calculation(
    "egfr-schwartz-1976",
    "GFR of a child (Schwartz 1976)",
    group="renal",
    formula="GFR = k × height cm ÷ creatinine; k 0.33 preterm and 0.45 term below 1 year, 0.55 child or girl, 0.70 boy above 13",
    source=published("Schwartz GJ, Pediatrics 1976;58:259, factors as the clinPK package has them", 1976),
)
def _schwartz_1976(
    age_years: Annotated[Decimal, AGE],
    sex: Annotated[str, SEX],
    height_cm: Annotated[Decimal, HEIGHT],
    creatinine: Annotated[Decimal, CREATININE],
    preterm: Annotated[bool | None, PRETERM] = None,
    stable: Annotated[bool | None, STABLE] = None,
) -> Worked:
    """For infants, whom the bedside formula does not cover. From the time of Jaffe creatinines, so high with today's."""
    limits = row("renal", name="child-gfr")
    if age_years >= limits.figure("to_years") + 1:
        raise Refused(Reason("not-this-age", "Schwartz is for children to 17 years"))
    if age_years < 1 and preterm is None:
        raise Malformed(Fault("preterm", "below one year it matters whether the child was born preterm"))
    must_be_stable(stable)
    factor = schwartz_1976_factor(age_years, male=sex == "male", preterm=bool(preterm))
    return Worked(
        results=(_gfr(factor * height_cm / creatinine),),
        steps=(Step("k", factor),),
        warnings=(Reason("jaffe-era", "with an enzymatic creatinine this formula overestimates"),),
        used=(limits.source,),
    )


@calculation(
    "carboplatin-calvert",
    "Carboplatin by AUC (Calvert)",
    group="renal",
    formula="dose mg = AUC × (GFR + 25); an estimated GFR counts to 125 mL/min",
    source=published("Calvert AH, J Clin Oncol 1989;7:1748", 1989),
)
def _calvert(
    auc: Annotated[Decimal, AUC],
    gfr: Annotated[Decimal, GFR],
    measured: Annotated[bool, MEASURED] = False,
) -> Worked:
    """An estimated GFR is capped, so the dose is at most AUC × 150; a measured one is taken as it is."""
    limit = row("renal", name="calvert")
    cap = calvert_cap()
    used = gfr if measured else min(gfr, cap)
    return Worked(
        results=(Result("dose", "Carboplatin", calvert(auc, used), "mg", Decimal(1)),),
        steps=(Step("GFR used", used, "mL/min"), Step("Most at this AUC, by an estimated GFR", calvert(auc, cap), "mg")),
        warnings=(Reason("capped", f"the estimated GFR is capped at {cap:f} mL/min"),) if used < gfr else (),
        used=(limit.source,),
    )


@calculation(
    "renal-estimate-for-drug",
    "Which estimate drives which drug",
    group="renal",
    formula="by the site's row for the drug",
    source=published("Site policy, a row for each drug", 2026),
)
def _estimate(drug: Annotated[str, DRUG]) -> Worked:
    """Cockcroft-Gault or eGFR: the site says it for each drug; where it has not, this cannot judge."""
    found = [r for r in table("renal") if r["name"] == "estimate" and r["drug"] == drug]
    if not found:
        text = "the site has no row for this drug; read the label"
        return Worked(results=(Verdict("estimate", "Estimate", "cannot-judge", text, "warn"),))
    name = found[0]["estimate"]
    return Worked(results=(Verdict("estimate", "Estimate", name, name, "ok"),), used=(found[0].source,))
