# SPDX-License-Identifier: Apache-2.0
"""What a population model asks about the patient, as inputs, and the typical figures that follow before any level."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Final

from openinfusion.calculations.domain.body import AGE, WEIGHT
from openinfusion.calculations.domain.calculation import Result, Step, Worked, calculation
from openinfusion.calculations.domain.figures import published
from openinfusion.calculations.domain.inputs import amount, choice, yes_no
from openinfusion.calculations.domain.levels import first_order as fo
from openinfusion.calculations.domain.levels.binary import floats, from_float
from openinfusion.calculations.domain.levels.compartments import modes, slowest_half_life
from openinfusion.calculations.domain.levels.population import NAMES, UNITS, Covariates, model, models, typical
from openinfusion.calculations.domain.levels.target import AREA, FINE, HUNDREDTH, TENTH
from openinfusion.calculations.domain.levels.two_levels import DOSE, INTERVAL
from openinfusion.calculations.domain.renal import CREATININE

CRCL: Final = amount("crcl", "mL/min", "1", "300", label="Creatinine clearance", note="Cockcroft and Gault")
CRCL_INDEXED: Final = amount(
    "crcl_indexed", "mL/min/{1.73_m2}", "1", "300", label="Creatinine clearance per 1.73 m²", note="if the model wants it so"
)
POSTMENSTRUAL: Final = amount("postmenstrual", "wk", "22", "60", label="Postmenstrual age", also={"d": "1/7"})
SUPPORT: Final = choice("support", ("none", "none"), "hemodialysis", ("crrt", "CRRT"), ("ecmo", "ECMO"), label="Dialysis or ECMO")
STABLE: Final = yes_no("stable", label="Renal function stable")
ANY_MODEL: Final = choice("model", *((m["name"], m["title"]) for m in models()))
MODEL: Final = choice("model", *((m["name"], m["title"]) for m in models(for_levels=True)))


@calculation(
    "vancomycin-population",
    "Vancomycin: what is typical",
    group="levels",
    formula="clearance and volume by the equations of the model; k = CL ÷ V; AUC24 = dose ÷ CL × 24 ÷ interval",
    source=published("The population model chosen, named below the result", 2026),
)
def _typical(
    name: Annotated[str, ANY_MODEL],
    weight: Annotated[Decimal, WEIGHT],
    age: Annotated[Decimal, AGE],
    support: Annotated[str, SUPPORT],
    stable: Annotated[bool, STABLE],
    crcl: Annotated[Decimal | None, CRCL] = None,
    crcl_indexed: Annotated[Decimal | None, CRCL_INDEXED] = None,
    postmenstrual: Annotated[Decimal | None, POSTMENSTRUAL] = None,
    creatinine: Annotated[Decimal | None, CREATININE] = None,
    dose: Annotated[Decimal | None, DOSE] = None,
    interval: Annotated[Decimal | None, INTERVAL] = None,
) -> Worked:
    """Clearance and volume of a typical patient with these covariates; refuses patients the model was not made from."""
    of = model(name)
    known = Covariates(
        weight=weight,
        age=age,
        support=support,
        stable=stable,
        crcl=crcl,
        crcl_indexed=crcl_indexed,
        postmenstrual=postmenstrual,
        creatinine=creatinine,
    )
    found = typical(of, known)
    results = [Result(key, NAMES[key], value, UNITS[key], FINE) for key, value in found.items()]
    if "central" in found:
        results += _elimination(found)
    if dose is not None and interval is not None:
        results.append(Result("auc24", "AUC24 at steady state", fo.daily_area(found["clearance"], dose, interval), AREA, TENTH))
    return Worked(results=tuple(results), steps=(Step(f"Made from {of['population']}"),), used=(of.source,))


def _elimination(found: dict[str, Decimal]) -> list[Result]:
    """Rate and half-life; with two compartments those of the last phase."""
    if "between" in found:
        hours = from_float(slowest_half_life(modes(floats(found))))
        return [Result("half_life", "Half-life of the last phase", hours, "h", HUNDREDTH)]
    k = found["clearance"] / found["central"]
    return [
        Result("k", "Elimination rate", k, "1/h", FINE),
        Result("half_life", "Half-life", fo.half_life(k), "h", HUNDREDTH),
    ]
