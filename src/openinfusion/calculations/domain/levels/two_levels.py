# SPDX-License-Identifier: Apache-2.0
"""Two levels of one interval: elimination, peak, trough, volume, clearance and AUC (Sawchuk and Zaske)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any, Final

from openinfusion.calculations.domain.calculation import Curve, Result, Step, Verdict, Worked, calculation
from openinfusion.calculations.domain.figures import Row, published, row
from openinfusion.calculations.domain.inputs import amount, choice, rows, yes_no
from openinfusion.calculations.domain.levels import first_order as fo
from openinfusion.calculations.domain.levels.target import AREA, FINE, HUNDREDTH, TENTH, judged, target_source
from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused

DRUG: Final = choice("drug", "vancomycin", "aminoglycoside")
LEVELS: Final = rows(
    "levels",
    amount("after_end", "h", "0", "72", label="After the end of the infusion", also={"min": "1/60"}),
    amount("level", "mg/L", above="0", high="200"),
    least=1,
    most=10,
    note="the peak first, then the trough; hours after the END of the infusion",
)
DOSE: Final = amount("dose", "mg", above="0", high="6000", also={"g": "1000"})
INFUSION: Final = amount("infusion", "h", "0.25", "24", label="Infusion time", also={"min": "1/60"})
INTERVAL: Final = amount("interval", "h", "4", "96", label="Dosing interval")
ON_TIME: Final = yes_no("doses_on_time", note="doses and draws at the times written")
DOSING: Final = choice("dosing", ("steady", "steady state"), ("first", "a first or single dose"))
BEFORE: Final = amount("before", "mg/L", "0", "100", label="Level before the dose", note="of a first dose; none if left out")
THEN: Final = amount("creatinine_then", "mg/dL", above="0", high="30", also={"umol/L": "1/88.4"}, note="on the day of the levels")
NOW: Final = amount("creatinine_now", "mg/dL", above="0", high="30", also={"umol/L": "1/88.4"})

Pair = tuple[tuple[Decimal, Decimal], tuple[Decimal, Decimal]]
_POINTS: Final = 60


def two(levels: Sequence[dict[str, Any]], infusion: Decimal, interval: Decimal, guard: Row) -> Pair:
    """The two levels as (hours after the end, mg/L); Refused with every reason why they say nothing together."""
    if len(levels) != 2:
        raise Refused(Reason("not-two-levels", f"this method takes two levels, not {len(levels)}", "use vancomycin-bayes"))
    early, late = ((level["after_end"], level["level"]) for level in levels)
    against = []
    if late[0] <= early[0]:
        against.append(Reason("trough-before-peak", "the second level was drawn before the first", "check the draw times"))
    if early[1] <= late[1]:
        against.append(Reason("levels-do-not-fall", "the peak is not above the trough", "check the levels and their times"))
    if max(late[0], early[0]) > interval - infusion:
        against.append(Reason("not-in-one-interval", "a level was drawn after the next dose was due", "check the draw times"))
    if early[0] < guard.figure("earliest_after_end_h"):
        text = f"the first level was drawn less than {guard['earliest_after_end_h']} h after the end, while the drug distributes"
        against.append(Reason("distribution", text, "draw it later"))
    if against:
        raise Refused(*against)
    return early, late


def _must_hold(on_time: bool, then: Decimal | None, now: Decimal | None, guard: Row) -> tuple[Reason, ...]:
    """Refused where doses were not on time or the kidneys have changed since; a warning where nobody compared."""
    if not on_time:
        raise Refused(Reason("doses-not-on-time", "doses or draws were not at the times written", "use vancomycin-bayes"))
    if then is None or now is None:
        return (Reason("creatinine-not-compared", "nobody compared the creatinine with that of the day of the levels"),)
    change = abs(now - then)
    if change >= guard.figure("creatinine_change") or change >= then * guard.figure("creatinine_change_share"):
        text = f"creatinine went from {then:f} to {now:f} mg/dL since the levels"
        raise Refused(Reason("renal-function-changed", text, "draw new levels"))
    return ()


def _apart(hours: Decimal, k: Decimal, guard: Row) -> tuple[Reason, ...]:
    half_lives = hours / fo.half_life(k)
    if half_lives < guard.figure("spacing_least"):
        text = f"the levels are {half_lives:.2f} half-lives apart; below {guard['spacing_least']} their errors decide"
        raise Refused(Reason("too-close", text, "draw a later level"))
    near = Reason("close", f"the levels are {half_lives:.2f} half-lives apart; one or more is better")
    return (near,) if half_lives < guard.figure("spacing_preferred") else ()


@calculation(
    "two-levels",
    "Two levels of one interval",
    group="levels",
    formula="k = ln(C1 ÷ C2) ÷ Δt; Cmax = C1 e^(k t1); Cmin = C2 e^(−k (τ − t′ − t2)); "
    "V = (D ÷ t′)(1 − e^(−k t′)) ÷ (k (Cmax − Cmin e^(−k t′))); CL = k V; AUC = t′ (Cmax + Cmin) ÷ 2 + (Cmax − Cmin) ÷ k",
    source=published("Sawchuk RJ, Zaske DE, Clin Pharmacol Ther 1977;21:362", 1977),
)
def _two_levels(
    levels: Annotated[tuple[dict[str, Any], ...], LEVELS],
    infusion: Annotated[Decimal, INFUSION],
    interval: Annotated[Decimal, INTERVAL],
    on_time: Annotated[bool, ON_TIME],
    dose: Annotated[Decimal | None, DOSE] = None,
    drug: Annotated[str, DRUG] = "vancomycin",
    dosing: Annotated[str, DOSING] = "steady",
    before: Annotated[Decimal, BEFORE] = Decimal(0),
    then: Annotated[Decimal | None, THEN] = None,
    now: Annotated[Decimal | None, NOW] = None,
) -> Worked:
    """Both levels from the same interval, after distribution. Without the dose there is no volume and no clearance."""
    if infusion >= interval:
        raise Malformed(Fault("infusion", "it ends before the next dose; a continuous one goes by vancomycin-continuous"))
    if dosing == "first" and dose is None:
        raise Malformed(Fault("dose", "after a first dose the AUC follows from the clearance, which needs the dose"))
    guard = row("levels", name="two-levels", drug=drug)
    early, late = two(levels, infusion, interval, guard)
    warnings = _must_hold(on_time, then, now, guard)
    k = fo.elimination_rate(early[1], late[1], late[0] - early[0])
    warnings += _apart(late[0] - early[0], k, guard)
    peak = early[1] / fo.left(k, early[0])
    end = late[1] * fo.left(k, interval - infusion - late[0])
    start = end if dosing == "steady" else before
    area = fo.interval_area(k, infusion, peak, start, end)
    results: list[Result | Verdict] = [
        Result("k", "Elimination rate", k, "1/h", FINE),
        Result("half_life", "Half-life", fo.half_life(k), "h", HUNDREDTH),
        Result("peak", "Peak at the end of the infusion", peak, "mg/L", TENTH),
        Result("trough", "Trough at the end of the interval", end, "mg/L", TENTH),
        Result("auc_interval", "AUC of the interval", area, AREA, TENTH),
    ]
    daily = area * fo.DAY / interval
    if dosing == "steady":
        results.append(Result("auc24", "AUC24 by the levels", daily, AREA, TENTH))
    if dose is not None:
        clearance, more = _of_the_dose(k, dose, infusion, interval, peak, start)
        results += more
        daily = fo.daily_area(clearance, dose, interval)
    used = [guard.source]
    if drug == "vancomycin":
        results.append(judged(daily))
        used.append(target_source())
    return Worked(
        results=tuple(results),
        steps=(Step("Hours between the levels", late[0] - early[0], "h"), Step("Level as the infusion began", start, "mg/L")),
        warnings=warnings,
        used=tuple(used),
        curves=(_curve(k, peak, start, infusion, interval, (early, late)),),
    )


def _of_the_dose(
    k: Decimal, dose: Decimal, infusion: Decimal, interval: Decimal, peak: Decimal, start: Decimal
) -> tuple[Decimal, list[Result | Verdict]]:
    """What needs the dose: the clearance, and the figures that follow from it."""
    volume = fo.volume(k, dose, infusion, peak, start)
    clearance = k * volume
    return clearance, [
        Result("volume", "Volume", volume, "L", TENTH),
        Result("clearance", "Clearance", clearance, "L/h", HUNDREDTH),
        Result("auc24_exact", "AUC24 by dose and clearance", fo.daily_area(clearance, dose, interval), AREA, TENTH),
    ]


def _curve(k: Decimal, peak: Decimal, start: Decimal, infusion: Decimal, interval: Decimal, pair: Pair) -> Curve:
    """The interval as the levels say it ran: rising to the peak, then falling; with the two levels on it."""
    plateau = (peak - start * fo.left(k, infusion)) / (1 - fo.left(k, infusion))

    def at(hours: Decimal) -> Decimal:
        if hours < infusion:
            return plateau + (start - plateau) * fo.left(k, hours)
        return peak * fo.left(k, hours - infusion)

    times = sorted({interval * i / _POINTS for i in range(_POINTS + 1)} | {infusion})
    return Curve(
        "Level over the interval",
        "hours from the start of the infusion",
        "mg/L",
        tuple((t, at(t)) for t in times),
        tuple((infusion + t, level) for t, level in pair),
    )
