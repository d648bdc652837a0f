# SPDX-License-Identifier: Apache-2.0
"""Patient-controlled analgesia: what the settings allow in an hour and how long the reservoir lasts."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Final

from openinfusion.calculations.domain.calculation import Result, Verdict, Worked, calculation
from openinfusion.calculations.domain.figures import published
from openinfusion.calculations.domain.inputs import amount
from openinfusion.calculations.domain.whole import at_most
from openinfusion.kernel.refusal import Reason, Refused

_TENTH: Final = Decimal("0.1")
_HUNDREDTH: Final = Decimal("0.01")
_RESERVOIR: Final = amount("reservoir", "mL", "1", "1000")
_STRENGTH: Final = amount("concentration", "mg/mL", "0.0001", "1000")


def demands_per_hour(lockout_min: Decimal) -> int:
    """The most demand doses in an hour: ⌊60 ÷ lockout minutes⌋."""
    return at_most(60 / lockout_min)


def most_per_hour(bolus: Decimal, lockout_min: Decimal, basal_per_h: Decimal) -> Decimal:
    """The most the lockout allows in an hour, demand doses and basal rate together."""
    return demands_per_hour(lockout_min) * bolus + basal_per_h


@calculation(
    "patient-controlled-analgesia",
    "Limits of patient-controlled analgesia",
    group="infusion",
    formula="doses/h = ⌊60 ÷ lockout⌋; greatest mg/h = doses/h × bolus + basal; an hour limit must bind below it",
    source=published("Arithmetic of infusion", 2026),
)
def _limits(
    bolus: Annotated[Decimal, amount("bolus", "mg", "0.0001", "1000")],
    lockout: Annotated[Decimal, amount("lockout", "min", "1", "240")],
    basal: Annotated[Decimal, amount("basal", "mg/h", "0", "1000")] = Decimal(0),
    hour_limit: Annotated[Decimal | None, amount("hour_limit", "mg", "0.0001", "10000", note="basal rate included")] = None,
    reservoir_ml: Annotated[Decimal | None, _RESERVOIR] = None,
    strength: Annotated[Decimal | None, _STRENGTH] = None,
) -> Worked:
    """What the patient can get at most. A one-hour limit protects only if it is below what the lockout allows."""
    allowed = most_per_hour(bolus, lockout, basal)
    if hour_limit is not None and hour_limit < basal + bolus:
        raise Refused(Reason("limit-stops-therapy", "the hour limit leaves no room for one dose beside the basal rate"))
    most = allowed if hour_limit is None else min(allowed, hour_limit)
    results: list[Result | Verdict] = [
        Result("demands", "Most demand doses in an hour", Decimal(demands_per_hour(lockout)), "dose/h", Decimal(1)),
        Result("most", "Most in an hour", most, "mg/h", _HUNDREDTH),
        _binding(hour_limit, allowed),
    ]
    if reservoir_ml is not None and strength is not None:
        results.append(Result("shortest", "Lasts at the most", reservoir_ml * strength / most, "h", _TENTH))
        if basal > 0:
            results.append(Result("longest", "Lasts on the basal rate alone", reservoir_ml * strength / basal, "h", _TENTH))
    return Worked(results=tuple(results))


def _binding(hour_limit: Decimal | None, allowed: Decimal) -> Verdict:
    if hour_limit is None:
        return Verdict("hour_limit", "Hour limit", "none", "no hour limit is set; only the lockout holds", "warn")
    if hour_limit >= allowed:
        return Verdict("hour_limit", "Hour limit", "does-not-bind", "the lockout already allows no more than this limit", "warn")
    return Verdict("hour_limit", "Hour limit", "binds", "the hour limit holds before the lockout does", "ok")
