# SPDX-License-Identifier: Apache-2.0
"""Vancomycin on hemodialysis, and as a continuous infusion."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Final

from openinfusion.calculations.domain.body import WEIGHT
from openinfusion.calculations.domain.calculation import Result, Step, Verdict, Worked, calculation
from openinfusion.calculations.domain.figures import Row, row
from openinfusion.calculations.domain.inputs import amount, choice, yes_no
from openinfusion.calculations.domain.levels.first_order import DAY
from openinfusion.calculations.domain.levels.regimen import CLEARANCE
from openinfusion.calculations.domain.levels.target import AREA, TENTH, WHOLE, judged, target_source
from openinfusion.calculations.domain.levels.vancomycin import CONSENSUS
from openinfusion.kernel.refusal import Fault, Malformed, Reason

TIMING: Final = choice("timing", ("after", "after dialysis"), ("during", "in its last hour"))
PERMEABILITY: Final = choice("permeability", "low", "high", note="of the membrane")
LEVEL: Final = amount("level", "mg/L", above="0", high="200", label="Level before dialysis", note="or none yet")
LONG_GAP: Final = yes_no("long_gap", label="Three days to the next dialysis")
PLATEAU: Final = amount("plateau", "mg/L", above="0", high="100", label="Plateau level", note="measured at steady state")
RUNNING: Final = amount("daily_dose", "mg", above="0", high="10000", label="Dose running in 24 h", also={"g": "1000"})
AIM: Final = amount("aim", "mg/L", "10", "40", label="Plateau wanted", note="the lower end of the site's row if left out")


@calculation(
    "vancomycin-hemodialysis",
    "Vancomycin on hemodialysis",
    group="levels",
    formula="mg/kg by when it is given and by the membrane, three times a week; a quarter more before a gap of three days",
    source=CONSENSUS,
)
def _hemodialysis(
    weight: Annotated[Decimal, WEIGHT],
    timing: Annotated[str, TIMING],
    permeability: Annotated[str, PERMEABILITY],
    long_gap: Annotated[bool, LONG_GAP] = False,
    level: Annotated[Decimal | None, LEVEL] = None,
) -> Worked:
    """Load and maintenance for dialysis three times a week. The level before dialysis says whether the dose is right."""
    of = row("vancomycin", name="hemodialysis", timing=timing, permeability=permeability)
    policy = row("vancomycin", name="hemodialysis-policy")
    more = 1 + policy.figure("long_gap_share") if long_gap else Decimal(1)
    load, most = of.figure("load_mg_per_kg") * weight, policy.figure("most_load_mg")
    low, high = (of.figure(f"{end}_mg_per_kg") * weight * more for end in ("low", "high"))
    return Worked(
        results=(
            Result("load", "Load", min(load, most), "mg", WHOLE),
            Result("low", "Maintenance from", low, "mg", WHOLE),
            Result("high", "Maintenance to", high, "mg", WHOLE),
            *((_against(level, policy, "level before dialysis"),) if level else ()),
        ),
        steps=(Step("Before a gap of three days", more),) if long_gap else (),
        warnings=(Reason("capped", f"the load is capped at {most:f} mg"),) if load > most else (),
        used=(of.source, policy.source),
    )


def _against(level: Decimal, of: Row, what: str) -> Verdict:
    low, high = of.figure("low_mg_per_l"), of.figure("high_mg_per_l")
    code = "below" if level < low else "above" if level > high else "within"
    return Verdict("level", "Level", code, f"{what} {code} {low:f} to {high:f} mg/L", "ok" if code == "within" else "warn")


@calculation(
    "vancomycin-continuous",
    "Vancomycin as a continuous infusion",
    group="levels",
    formula="AUC24 = 24 × plateau; dose in 24 h = plateau wanted × CL × 24; CL = dose running ÷ (24 × plateau measured)",
    source=CONSENSUS,
)
def _continuous(
    weight: Annotated[Decimal, WEIGHT],
    plateau: Annotated[Decimal | None, PLATEAU] = None,
    running: Annotated[Decimal | None, RUNNING] = None,
    clearance: Annotated[Decimal | None, CLEARANCE] = None,
    aim: Annotated[Decimal | None, AIM] = None,
) -> Worked:
    """By a plateau level and the dose that made it, or by a known clearance; with neither only the range by weight."""
    of = row("vancomycin", name="continuous")
    if (plateau is None) != (running is None):
        raise Malformed(Fault("plateau", "the plateau and the dose that made it belong together"))
    results: list[Result | Verdict] = []
    if plateau is not None and running is not None:
        clearance = running / (DAY * plateau)
        area = DAY * plateau
        results += [Result("auc24", "AUC24", area, AREA, TENTH), judged(area), _against(plateau, of, "plateau")]
    results += [
        Result("low", "By weight from, in 24 h", of.figure("low_mg_per_kg_per_day") * weight, "mg", WHOLE),
        Result("high", "By weight to, in 24 h", of.figure("high_mg_per_kg_per_day") * weight, "mg", WHOLE),
    ]
    warnings: tuple[Reason, ...] = ()
    if clearance is not None:
        dose = (aim or of.figure("low_mg_per_l")) * clearance * DAY
        results += [
            Result("dose", "Dose in 24 h for the plateau wanted", dose, "mg", WHOLE),
            Result("clearance", "Clearance", clearance, "L/h", TENTH),
        ]
        most = of.figure("most_mg_per_kg_per_day") * weight
        warnings = (Reason("above-usual", f"above {of['most_mg_per_kg_per_day']} mg/kg a day"),) if dose > most else ()
    return Worked(results=tuple(results), warnings=warnings, used=(of.source, target_source()))
