# SPDX-License-Identifier: Apache-2.0
"""Potassium chloride into a vein: rate, concentration and daily amount against the label."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Final

from openinfusion.calculations.domain.calculation import Result, Verdict, Worked, calculation
from openinfusion.calculations.domain.figures import published, row, table
from openinfusion.calculations.domain.infusion.limit import bound, judged, overall
from openinfusion.calculations.domain.infusion.rate import TENTH
from openinfusion.calculations.domain.inputs import amount, choice
from openinfusion.kernel.refusal import Reason

_SITUATION: Final = choice("situation", *((r["situation"], r["label"]) for r in table("potassium_limits")))


@calculation(
    "potassium-limit",
    "Label limits of potassium chloride",
    group="infusion",
    formula="mEq/h, mEq/L and mEq/day, each against the row of the situation",
    source=published("Limits: one row for each situation", 2026),
)
def _potassium(
    situation: Annotated[str, _SITUATION],
    dose: Annotated[Decimal, amount("dose", "meq", "0.1", "1000")],
    volume_ml: Annotated[Decimal, amount("volume", "mL", "1", "20000")],
    hours: Annotated[Decimal | None, amount("time", "h", "0.1", "240")] = None,
    daily: Annotated[Decimal | None, amount("daily", "meq/d", "0", "2000", label="All potassium of the day")] = None,
) -> Worked:
    """What is not told is not judged, and the verdict over all says so."""
    limits = row("potassium_limits", situation=situation)
    results = [Result("concentration", "Concentration", dose / volume_ml * 1000, "meq/L", TENTH)]
    verdicts = [judged("concentration_verdict", results[0], high=bound(limits, "most_per_l"))]
    if hours is None:
        verdicts.append(Verdict("rate_verdict", "Rate judged", "cannot-judge", "the time is not given", "warn"))
    else:
        results.append(rate := Result("rate", "Rate", dose / hours, "meq/h", TENTH))
        verdicts.append(judged("rate_verdict", rate, high=bound(limits, "most_per_h")))
    if daily is not None:
        verdicts.append(
            judged("daily_verdict", Result("daily", "Daily amount", daily, "meq/d", TENTH), high=bound(limits, "most_per_day"))
        )
    notes = (Reason("note", limits["note"]),) if limits.get("note") else ()
    return Worked(results=(*results, *verdicts, overall(verdicts)), warnings=notes, used=(limits.source,))
