# SPDX-License-Identifier: Apache-2.0
"""Which syringe measures a volume."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from openinfusion.calculations.domain.calculation import Result, Step, Worked, calculation
from openinfusion.calculations.domain.figures import Row, published, row, table
from openinfusion.calculations.domain.inputs import amount, yes_no
from openinfusion.kernel.quantity import rounded
from openinfusion.kernel.refusal import Reason, Refused


def least_measurable(syringe: Row, policy: Row) -> Decimal:
    """The least mL this syringe measures: a share of its scale or some graduations, the greater of both."""
    share = syringe.figure("nominal_ml") * policy.figure("least_percent") / 100
    return max(share, syringe.figure("graduation_ml") * policy.figure("least_graduations"))


def smallest_syringe(volume_ml: Decimal, full_percent: Decimal) -> Row:
    """The smallest that is not filled beyond its share; Refused where none is large enough."""
    for syringe in sorted((r for r in table("syringes") if r["kind"] == "syringe"), key=lambda r: r.figure("nominal_ml")):
        if volume_ml <= syringe.figure("nominal_ml") * full_percent / 100:
            return syringe
    raise Refused(Reason("no-syringe", "no syringe holds this volume at the allowed filling", "divide it between syringes"))


@calculation(
    "syringe-choice",
    "Choice of a syringe",
    group="bench",
    formula="the smallest with volume ≤ share of its size, and volume ≥ what it can measure",
    source=published("Practice of measuring; sizes and policy as rows", 2026),
)
def _syringe(
    volume_ml: Annotated[Decimal, amount("volume", "mL", "0.001", "1000")],
    closed: Annotated[bool, yes_no("closed_system", note="a closed-system transfer device is used")],
) -> Worked:
    """Too little to be measured is refused: dilute first."""
    policy = row("syringes", kind="policy")
    if volume_ml < policy.figure("least_ml"):
        raise Refused(Reason("too-little", f"below {policy['least_ml']} mL nothing is measured directly", "dilute first"))
    syringe = smallest_syringe(volume_ml, policy.figure("closed_full_percent" if closed else "full_percent"))
    least, mark = least_measurable(syringe, policy), syringe.figure("graduation_ml")
    warned = []
    if volume_ml < least:
        warned.append(Reason("small-for-syringe", "this is little for the syringe that holds it", "dilute, or use two syringes"))
    if rounded(volume_ml, mark) != volume_ml:
        warned.append(Reason("between-marks", "the volume lies between two marks"))
    return Worked(
        results=(
            Result("syringe", "Syringe", syringe.figure("nominal_ml"), "mL", Decimal(1)),
            Result("on_scale", "Volume on its scale", rounded(volume_ml, mark), "mL", mark),
        ),
        steps=(Step("Graduation", mark, "mL"), Step("Least it measures", least, "mL")),
        warnings=tuple(warned),
        used=(syringe.source, policy.source),
    )
