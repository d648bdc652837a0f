# SPDX-License-Identifier: Apache-2.0
"""How many days a reservoir supplies, and how many hours it runs."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Final

from openinfusion.calculations.domain.calculation import Result, Step, Worked, calculation
from openinfusion.calculations.domain.figures import published
from openinfusion.calculations.domain.inputs import amount
from openinfusion.calculations.domain.whole import at_most
from openinfusion.kernel.refusal import Reason, Refused

_ONE: Final = Decimal(1)
RESIDUAL: Final = amount("residual", "mL", "0", "100", note="what stays in the reservoir")


def usable_ml(reservoir_ml: Decimal, residual_ml: Decimal, prime_ml: Decimal) -> Decimal:
    """What a reservoir gives after priming and without its residual; Refused if nothing is left."""
    usable = reservoir_ml - residual_ml - prime_ml
    if usable <= 0:
        raise Refused(Reason("nothing-usable", "residual and priming volume take the whole reservoir"))
    return usable


def supply_days(usable: Decimal, per_ml: Decimal, most_per_day: Decimal, beyond_use_days: Decimal | None = None) -> int:
    """Whole days that a usable volume lasts at the greatest daily use, and no longer than it keeps."""
    days = usable * per_ml / most_per_day
    return at_most(days if beyond_use_days is None else min(days, beyond_use_days))


@calculation(
    "days-of-supply",
    "Days of supply",
    group="infusion",
    formula="days = ⌊(reservoir − residual − prime) × concentration ÷ greatest daily use⌋, not beyond the beyond-use date",
    source=published("Arithmetic of dispensing", 2026),
)
def _supply(
    reservoir_ml: Annotated[Decimal, amount("reservoir", "mL", "0.1", "20000")],
    per_ml: Annotated[Decimal, amount("concentration", "mg/mL", "0.00001", "10000")],
    daily: Annotated[Decimal, amount("daily", "mg/d", "0.0001", "1000000", label="Greatest daily use")],
    residual_ml: Annotated[Decimal, RESIDUAL] = Decimal(0),
    prime_ml: Annotated[Decimal, amount("prime", "mL", "0", "100", note="what fills the line")] = Decimal(0),
    keeps: Annotated[Decimal | None, amount("beyond_use", "d", "0.04", "1000", note="how long it keeps")] = None,
) -> Worked:
    """Whole days at the greatest use the order allows; what keeps less long cuts it."""
    usable = usable_ml(reservoir_ml, residual_ml, prime_ml)
    exact = usable * per_ml / daily
    days = supply_days(usable, per_ml, daily, keeps)
    warned = []
    if keeps is not None and keeps < exact:
        warned.append(Reason("beyond-use", "the beyond-use date ends the supply before the reservoir is empty"))
    if days == 0:
        warned.append(Reason("less-than-a-day", "this does not last one whole day"))
    return Worked(
        results=(Result("days", "Days of supply", Decimal(days), "d", _ONE),),
        steps=(Step("Usable volume", usable, "mL"), Step("Days before rounding down", exact, "d")),
        warnings=tuple(warned),
    )
