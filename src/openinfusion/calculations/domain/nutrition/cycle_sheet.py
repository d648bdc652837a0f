# SPDX-License-Identifier: Apache-2.0
"""The sheets of cyclic nutrition: a cycle with its tapers, and Longhurst's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any, Final

from openinfusion.calculations.domain.calculation import Curve, Result, Step, Table, Verdict, Worked, calculation
from openinfusion.calculations.domain.figures import published
from openinfusion.calculations.domain.inputs import amount, rows
from openinfusion.calculations.domain.nutrition.cycling import (
    Pace,
    Ramp,
    cycle,
    for_pump,
    hours_from_start,
    longhurst,
    shown_rate,
)
from openinfusion.calculations.domain.nutrition.gauge import Gauge, Limit, limit
from openinfusion.calculations.domain.nutrition.glucose_rate import glucose_rate
from openinfusion.calculations.domain.nutrition.inputs import DEXTROSE, HUNDREDTH, TENTH, VOLUME, WEIGHT
from openinfusion.kernel.quantity import shown_number
from openinfusion.kernel.refusal import Reason, Refused

RAMP: Final = (
    amount("hours", "h", above="0", high="12"),
    amount("share", "%", above="0", high="100", label="Share of the plateau"),
)
_HOURS: Final = amount("duration", "h", above="0", high="24", label="Cycle")
_STEP: Final = amount("pump_step", "mL/h", above="0", high="10", label="Step of the pump")


def judged(paces: Sequence[Pace], site: Sequence[Limit] = ()) -> tuple[Gauge, Gauge]:
    """The plateau, and the faster of first and last stretch, against what is taught; no taper, no judgement of it."""
    fast = max(p.rate_ml_h for p in paces)
    end = max(paces[0].rate_ml_h, paces[-1].rate_ml_h) if len(paces) > 1 else None
    return (
        Gauge("plateau_verdict", "Plateau", fast, "mL/h", limit("plateau", "all", site)),
        Gauge("end_verdict", "First and last step", end, "mL/h", limit("end_rate", "all", site)),
    )


def schedule(paces: Sequence[Pace]) -> Table:
    """The stretches as a table."""
    said = tuple(
        (
            f"{shown_number(round(p.hours * 60, 1))} min",
            f"{shown_number(shown_rate(p.rate_ml_h))} mL/h",
            f"{shown_number(round(p.volume_ml, 1))} mL",
        )
        for p in paces
    )
    return Table("schedule", "Rates", ("For", "Rate", "Volume"), said)


def _worked(paces: tuple[Pace, ...], step: Decimal | None, dextrose: Decimal | None, weight: Decimal | None) -> Worked:
    if (dextrose is None) != (weight is None):
        raise Refused(Reason("half-given", "the glucose rate needs dextrose and weight, both"))
    run = for_pump(paces, step) if step else paces
    fast = max(p.rate_ml_h for p in run)
    volume = sum((p.volume_ml for p in run), Decimal(0))
    gauges = judged(run)
    results: list[Result | Verdict] = [
        Result("plateau", "Plateau", fast, "mL/h", TENTH),
        Result("first", "First step", run[0].rate_ml_h, "mL/h", TENTH),
        Result("last", "Last step", run[-1].rate_ml_h, "mL/h", TENTH),
        Result("volume", "Delivered", volume, "mL", TENTH),
        Result("time", "Time", sum((p.hours for p in run), Decimal(0)), "h", HUNDREDTH),
    ]
    if dextrose is not None and weight is not None:
        rate = glucose_rate(dextrose * fast / volume, weight, Decimal(1), convention="hydrous")
        results.append(Result("glucose_rate", "Glucose rate at the plateau (hydrous)", rate, "mg/kg/min", HUNDREDTH))
    return Worked(
        results=(*results, *(g.verdict() for g in gauges)),
        steps=(Step("Glucose is measured 1 to 2 hours into the plateau and 1 hour after the end"),),
        used=tuple(g.limit.source for g in gauges if g.limit),
        tables=(schedule(run),),
        curves=(Curve("Rate of the cycle", "hours", "mL/h", hours_from_start(run)),),
    )


@calculation(
    "nutrition-cycle",
    "Cycle with tapers",
    group="nutrition",
    formula="plateau = V ÷ (T − Σ up d(1 − f) − Σ down d(1 − f))",
    source=published("Common teaching: V ÷ (T − 1) with an hour up and down at half", 2003),
)
def _cycle(
    volume: Annotated[Decimal, VOLUME],
    duration: Annotated[Decimal, _HOURS],
    up: Annotated[Sequence[Mapping[str, Any]], rows("up", *RAMP, least=0, most=6, label="Up")] = (),
    down: Annotated[Sequence[Mapping[str, Any]], rows("down", *RAMP, least=0, most=6, label="Down")] = (),
    pump_step: Annotated[Decimal | None, _STEP] = None,
    dextrose: Annotated[Decimal | None, DEXTROSE] = None,
    weight_kg: Annotated[Decimal | None, WEIGHT] = None,
) -> Worked:
    """Glucose is judged at the plateau, not as the mean of the cycle. What rounding to the pump leaves runs at the plateau."""
    ramps = [[Ramp(r["hours"], r["share"] / 100) for r in side] for side in (up, down)]
    return _worked(cycle(volume, duration, *ramps), pump_step, dextrose, weight_kg)


@calculation(
    "nutrition-cycle-longhurst",
    "Cycle with Longhurst's steps",
    group="nutrition",
    formula="F = V ÷ (4T − 10); 1 h F, 1 h 2F, (T − 4) h 4F, 1 h 2F, 1 h F",
    source=published("Longhurst 2003", 2003),
)
def _longhurst(
    volume: Annotated[Decimal, VOLUME],
    duration: Annotated[Decimal, _HOURS],
    pump_step: Annotated[Decimal | None, _STEP] = None,
    dextrose: Annotated[Decimal | None, DEXTROSE] = None,
    weight_kg: Annotated[Decimal | None, WEIGHT] = None,
) -> Worked:
    """Two steps up and two down, so that the first and the last are a quarter of the plateau."""
    return _worked(longhurst(volume, duration), pump_step, dextrose, weight_kg)
