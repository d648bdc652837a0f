# SPDX-License-Identifier: Apache-2.0
"""Phosphates by their labels: volume and cation of a dose, the dose by serum phosphorus, its concentration and rate."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Final

from openinfusion.calculations.domain.calculation import Result, Step, Worked, calculation
from openinfusion.calculations.domain.figures import Row, published, row, table
from openinfusion.calculations.domain.inputs import amount, choice
from openinfusion.calculations.domain.nutrition.gauge import Gauge, Limit
from openinfusion.calculations.domain.nutrition.inputs import AGE, HUNDREDTH, LINE, TENTH, WEIGHT
from openinfusion.kernel.refusal import Reason, Refused

_LABEL: Final = published("Product labels of potassium and sodium phosphates", 2020)
_PHOSPHATE: Final = amount("phosphate", "mmol", above="0", high="200")


@calculation(
    "phosphate-volume",
    "Phosphate: volume and cation",
    group="nutrition",
    formula="mL = mmol ÷ 3; mEq K = mL × 4.4, mEq Na = mL × 4",
    source=_LABEL,
)
def _volume(
    product: Annotated[str, choice("product", "potassium-phosphates", "sodium-phosphates")],
    phosphate: Annotated[Decimal, _PHOSPHATE],
) -> Worked:
    """A phosphate is ordered by mmol; its potassium or sodium comes along and counts in the daily dose."""
    found = row("nutrition_phosphate", name="product", code=product)
    volume = phosphate / found.figure("phosphate")
    return Worked(
        results=(
            Result("volume", "Volume", volume, "mL", HUNDREDTH),
            Result("cation", "Potassium" if "potassium" in product else "Sodium", volume * found.figure("cation"), "meq", TENTH),
        ),
        used=(found.source,),
    )


def dose_row(serum_mg_dl: Decimal, lower_limit_mg_dl: Decimal) -> Row:
    """The label's band for a serum phosphorus as reported, to one decimal; Refused outside the bands."""
    if serum_mg_dl != round(serum_mg_dl, 1):
        raise Refused(Reason("between-bands", "the label's bands are to one decimal", "give the serum phosphorus as reported"))
    for found in table("nutrition_phosphate"):
        if found["name"] != "dose":
            continue
        top = lower_limit_mg_dl if found["to_mg_dl"] == "lower-limit" else found.figure("to_mg_dl")
        if found.figure("from_mg_dl") <= serum_mg_dl <= top and serum_mg_dl < lower_limit_mg_dl:
            return found
    raise Refused(Reason("phosphorus-not-low", "the serum phosphorus is not below the laboratory's lower limit"))


@calculation(
    "phosphate-replacement",
    "Potassium phosphates: single dose",
    group="nutrition",
    formula="mmol = kg × the label's mmol/kg for the serum phosphorus, at most 45 mmol",
    source=_LABEL,
)
def _replacement(
    serum: Annotated[Decimal, amount("serum_phosphorus", "mg/dL", "0", "15")],
    lower: Annotated[Decimal, amount("lower_limit", "mg/dL", "1.8", "6", label="Lower limit of the laboratory")],
    potassium: Annotated[Decimal, amount("serum_potassium", "meq/L", "1", "10")],
    weight_kg: Annotated[Decimal, WEIGHT],
) -> Worked:
    """The label's range, capped. At a serum potassium of 4 mEq/L or more the label says to take another phosphate."""
    bound = row("nutrition_phosphate", name="serum_potassium")
    if potassium >= bound.figure():
        raise Refused(Reason("potassium-high", "serum potassium is 4 mEq/L or more", "take sodium phosphates"))
    found, cap = dose_row(serum, lower), row("nutrition_phosphate", name="cap")
    low, high = (min(weight_kg * found.figure(side), cap.figure()) for side in ("low", "high"))
    capped = high == cap.figure()
    return Worked(
        results=(
            Result("low", "From", low, "mmol", TENTH),
            Result("high", "To", high, "mmol", TENTH),
        ),
        steps=(Step("For the weight, to", weight_kg * found.figure("high"), "mmol"),),
        warnings=(Reason("capped", "the label's cap of 45 mmol (66 mEq of potassium) holds"),) if capped else (),
        used=(found.source, cap.source, bound.source),
    )


@calculation(
    "phosphate-infusion",
    "Potassium phosphates: concentration and rate",
    group="nutrition",
    formula="mmol/L and mmol/h ≤ the label's figures for age and line",
    source=_LABEL,
)
def _infusion(
    phosphate: Annotated[Decimal, _PHOSPHATE],
    volume: Annotated[Decimal, amount("volume", "mL", above="0", high="5000")],
    duration: Annotated[Decimal, amount("duration", "h", above="0", high="24")],
    age_years: Annotated[Decimal, AGE],
    line: Annotated[str, LINE],
) -> Worked:
    """Below 12 years the rows hold a concentration and no rate: the rate is then not judged."""
    age_from = "12" if age_years >= 12 else "0"
    found = row("nutrition_phosphate", name="infusion", line=line, age_from=age_from)
    concentration, rate = phosphate * 1000 / volume, phosphate / duration
    gauges = (
        Gauge("concentration_verdict", "Concentration", concentration, "mmol/L", _most(found, "concentration", "mmol/L")),
        Gauge("rate_verdict", "Rate", rate, "mmol/h", _most(found, "rate", "mmol/h")),
    )
    return Worked(
        results=(
            Result("concentration", "Concentration", concentration, "mmol/L", TENTH),
            Result("rate", "Rate", rate, "mmol/h", HUNDREDTH),
            *(g.verdict() for g in gauges),
        ),
        used=(found.source,),
    )


def _most(found: Row, column: str, unit: str) -> Limit | None:
    if found.get(column) is None:
        return None
    return Limit(name=column, group=found["line"], unit=unit, hard_high=found.figure(column), source=found.source)


def daily_limit(age_years: Decimal, weight_kg: Decimal) -> Limit:
    """The label's daily phosphate in nutrition, mmol/d: by weight below 12 years, 20 to 40 mmol from then on."""
    of_age = [r for r in table("nutrition_phosphate") if r["name"] == "daily" and r.figure("age_from") <= age_years]
    found = max(of_age, key=lambda r: r.figure("age_from"))
    tops = [weight_kg * found.figure("per_kg")] if found.get("per_kg") else []
    tops += [found.figure("most")] if found.get("most") else []
    low = found.figure("low") if found.get("low") else None
    return Limit(name="phosphate_label", group="label", unit="mmol/d", soft_low=low, soft_high=min(tops), source=found.source)
