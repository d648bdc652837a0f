# SPDX-License-Identifier: Apache-2.0
"""The dose of immune globulin into a vein: by the weight the policy takes, rounded to vials."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Final

from openinfusion.calculations.domain.bench.vial_choice import MASS_VIALS, POLICY, read_vials, rounding_results, vial_table
from openinfusion.calculations.domain.body import HEIGHT, SEX, SHARE, WEIGHT, adjusted, devine
from openinfusion.calculations.domain.calculation import Result, Step, Worked, calculation
from openinfusion.calculations.domain.figures import published, row
from openinfusion.calculations.domain.inputs import amount, choice
from openinfusion.kernel.refusal import Reason, Refused

_BASIS: Final = choice("basis", ("actual", "actual weight"), ("adjusted", "adjusted weight"), ("ideal", "ideal weight"))


@calculation(
    "immune-globulin-dose",
    "Dose of immune globulin",
    group="therapy",
    formula="g = g/kg × the weight of the policy, rounded to whole vials within its share",
    source=published("Practice of immune globulin dosing; the rounding policy as a row", 2026),
)
def _dose(
    per_kg: Annotated[Decimal, amount("dose", "g/kg", "0.01", "4")],
    weight_kg: Annotated[Decimal, WEIGHT],
    basis: Annotated[str, _BASIS],
    vials: Annotated[tuple[dict[str, Any], ...], MASS_VIALS],
    policy: Annotated[str, POLICY],
    height_cm: Annotated[Decimal | None, HEIGHT] = None,
    sex: Annotated[str | None, SEX] = None,
    share: Annotated[Decimal | None, SHARE] = None,
) -> Worked:
    """For an obese patient some sites take the adjusted or the ideal weight, never more than the actual one."""
    weight = _weight(weight_kg, basis, height_cm, sex, share)
    found = row("dose_rounding", policy=policy)
    results, chosen = rounding_results(per_kg * weight * 1000, read_vials(vials), found.figure("percent") / 100, "mg")
    in_grams = tuple(
        Result(r.name, r.label, r.exact / 1000, "g", r.step) if isinstance(r, Result) and r.unit == "mg" else r for r in results
    )
    return Worked(
        results=in_grams,
        steps=(Step(f"Weight used ({basis})", weight, "kg"),),
        tables=(vial_table(chosen, vials, "mg"),),
        used=(found.source,),
    )


def _weight(actual: Decimal, basis: str, height_cm: Decimal | None, sex: str | None, share: Decimal | None) -> Decimal:
    if basis == "actual":
        return actual
    if height_cm is None or sex is None:
        raise Refused(Reason("no-height", f"the {basis} weight needs height and sex", "give both, or take the actual weight"))
    ideal = devine(height_cm, female=sex == "female")
    if actual <= ideal:
        return actual
    if basis == "ideal":
        return ideal
    if share is None:
        raise Refused(Reason("no-share", "the adjusted weight needs its share", "give the share of the weight above ideal"))
    return adjusted(actual, ideal, share)
