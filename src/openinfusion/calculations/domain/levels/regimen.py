# SPDX-License-Identifier: Apache-2.0
"""From elimination and volume to levels, and from targets to a dose and an interval."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Final

from openinfusion.calculations.domain.calculation import Curve, Result, Step, Table, Worked, calculation
from openinfusion.calculations.domain.figures import published, row
from openinfusion.calculations.domain.inputs import amount, rows
from openinfusion.calculations.domain.levels import first_order as fo
from openinfusion.calculations.domain.levels.target import AREA, FINE, HUNDREDTH, TENTH, WHOLE
from openinfusion.calculations.domain.levels.two_levels import DOSE, INFUSION, INTERVAL
from openinfusion.kernel.quantity import shown_number
from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused

K: Final = amount("k", "1/h", above="0", high="2", label="Elimination rate k")
VOLUME: Final = amount("volume", "L", above="0", high="300")
CLEARANCE: Final = amount("clearance", "L/h", above="0", high="30")
AREA_WANTED: Final = amount("target_auc", AREA, "100", "1000", label="Target AUC24")
PEAK: Final = amount("target_peak", "mg/L", above="0", high="100")
TROUGH: Final = amount("target_trough", "mg/L", above="0", high="40")
TIMES: Final = rows("times", amount("at", "h", "0", "96", label="After the start of the infusion"), note="hours to read off")

_SOURCE: Final = published("Sawchuk RJ, Zaske DE, Clin Pharmacol Ther 1977;21:362", 1977)
_POINTS: Final = 72


def _must_pause(infusion: Decimal, interval: Decimal) -> None:
    if infusion >= interval:
        raise Malformed(Fault("infusion", "the infusion ends before the next dose is due"))


@calculation(
    "elimination",
    "Elimination from clearance and volume",
    group="levels",
    formula="k = CL ÷ V; t½ = ln 2 ÷ k",
    source=published("One compartment, first order; any textbook of pharmacokinetics", 1977),
)
def _elimination(clearance: Annotated[Decimal, CLEARANCE], volume: Annotated[Decimal, VOLUME]) -> Worked:
    """How fast a body with this clearance and volume loses the drug."""
    k = clearance / volume
    return Worked(
        results=(
            Result("k", "Elimination rate", k, "1/h", FINE),
            Result("half_life", "Half-life", fo.half_life(k), "h", HUNDREDTH),
        )
    )


@calculation(
    "levels-at-steady-state",
    "Levels at steady state",
    group="levels",
    formula="C(t) = (D ÷ (CL t′)) (1 − e^(−k t′)) e^(−k (t − t′)) ÷ (1 − e^(−k τ)) after the infusion",
    source=_SOURCE,
)
def _forward(
    k: Annotated[Decimal, K],
    volume: Annotated[Decimal, VOLUME],
    dose: Annotated[Decimal, DOSE],
    infusion: Annotated[Decimal, INFUSION],
    interval: Annotated[Decimal, INTERVAL],
    times: Annotated[tuple[dict[str, Any], ...] | None, TIMES] = None,
) -> Worked:
    """What a regimen comes to: peak, trough, AUC24, and the level at the times asked for."""
    _must_pause(infusion, interval)
    body, regimen = fo.Body(k, volume), fo.Regimen(dose=dose, infusion=infusion, interval=interval)
    read = [(t["at"], fo.steady_level(body, regimen, t["at"] % interval if t["at"] > interval else t["at"])) for t in times or ()]
    drawn = sorted({interval * i / _POINTS for i in range(_POINTS + 1)} | {infusion})
    return Worked(
        results=(
            Result("peak", "Peak", fo.steady_level(body, regimen, infusion), "mg/L", TENTH),
            Result("trough", "Trough", fo.steady_level(body, regimen, interval), "mg/L", TENTH),
            Result("auc24", "AUC24", fo.daily_area(body.clearance, dose, interval), AREA, TENTH),
            *(Result(f"level_{n}", f"Level at {shown_number(t)} h", c, "mg/L", HUNDREDTH) for n, (t, c) in enumerate(read, 1)),
        ),
        steps=(Step("Clearance", body.clearance, "L/h"),),
        curves=(
            Curve(
                "Level at steady state",
                "hours from the start of the infusion",
                "mg/L",
                tuple((t, fo.steady_level(body, regimen, t)) for t in drawn),
                tuple(read),
            ),
        ),
    )


@calculation(
    "dose-for-auc",
    "Dose for an AUC24",
    group="levels",
    formula="D = AUC24 × CL × τ ÷ 24, with CL = k V",
    source=_SOURCE,
)
def _dose_for_area(
    k: Annotated[Decimal, K],
    volume: Annotated[Decimal, VOLUME],
    interval: Annotated[Decimal, INTERVAL],
    target: Annotated[Decimal, AREA_WANTED],
    dose: Annotated[Decimal | None, DOSE] = None,
) -> Worked:
    """The dose that meets the target, and what a given dose comes to; for other intervals in the table."""
    clearance = k * volume
    intervals = row("levels", name="intervals")
    found = [Result("dose", "Dose", fo.dose_for_area(clearance, target, interval), "mg", WHOLE)]
    if dose is not None:
        found.append(Result("auc24", "AUC24 of the dose given", fo.daily_area(clearance, dose, interval), AREA, TENTH))
    by_interval = tuple(
        (f"every {hours} h", f"{fo.dose_for_area(clearance, target, Decimal(hours)):.0f} mg") for hours in intervals["hours"]
    )
    return Worked(
        results=tuple(found),
        steps=(Step("Clearance", clearance, "L/h"),),
        used=(intervals.source,),
        tables=(Table("by_interval", "By interval", ("interval", "dose"), by_interval),),
    )


@calculation(
    "dose-for-peak-and-trough",
    "Dose and interval for a peak and a trough",
    group="levels",
    formula="τ = t′ + ln(Cpeak ÷ Ctrough) ÷ k, to the nearest that a schedule can hold; "
    "D = k V t′ Cpeak (1 − e^(−k τ)) ÷ (1 − e^(−k t′))",
    source=_SOURCE,
)
def _dose_for_peak(
    k: Annotated[Decimal, K],
    volume: Annotated[Decimal, VOLUME],
    infusion: Annotated[Decimal, INFUSION],
    peak: Annotated[Decimal, PEAK],
    trough: Annotated[Decimal, TROUGH],
) -> Worked:
    """For drugs that are dosed by peak and trough. The interval is rounded first, then the dose follows from it."""
    if trough >= peak:
        raise Malformed(Fault("target_trough", "the trough lies below the peak"))
    intervals = row("levels", name="intervals")
    exact = fo.interval_for(k, infusion, peak, trough)
    interval = nearest(exact, [Decimal(hours) for hours in intervals["hours"]])
    if infusion >= interval:
        raise Refused(Reason("infusion-too-long", "the infusion would run into the next dose", "shorten the infusion"))
    body = fo.Body(k, volume)
    dose = fo.dose_for_peak(body, infusion, interval, peak)
    regimen = fo.Regimen(dose=dose, infusion=infusion, interval=interval)
    return Worked(
        results=(
            Result("dose", "Dose", dose, "mg", WHOLE),
            Result("interval", "Interval", interval, "h", WHOLE),
            Result("trough", "Trough that follows", fo.steady_level(body, regimen, interval), "mg/L", TENTH),
            Result("auc24", "AUC24 that follows", fo.daily_area(body.clearance, dose, interval), AREA, TENTH),
        ),
        steps=(Step("Interval before rounding", exact, "h"),),
        used=(intervals.source,),
    )


def nearest(exact: Decimal, allowed: list[Decimal]) -> Decimal:
    """The allowed interval nearest to the exact one; of two as near, the longer."""
    return min(allowed, key=lambda hours: (abs(hours - exact), -hours))
