# SPDX-License-Identifier: Apache-2.0
"""What a fitted course says, as results, warnings and proposals."""

from __future__ import annotations

from decimal import Decimal

from openinfusion.calculations.domain.calculation import Result, Step, Table, Verdict
from openinfusion.calculations.domain.figures import Row, row
from openinfusion.calculations.domain.levels.bayes import Fit
from openinfusion.calculations.domain.levels.binary import from_float, to_float
from openinfusion.calculations.domain.levels.compartments import slowest_half_life
from openinfusion.calculations.domain.levels.course import Course
from openinfusion.calculations.domain.levels.population import NAMES, UNITS
from openinfusion.calculations.domain.levels.target import AREA, FINE, HUNDREDTH, TENTH, WHOLE
from openinfusion.kernel.quantity import rounded, shown_number
from openinfusion.kernel.refusal import Reason


def of_the_patient(fitted: Fit) -> list[Result]:
    """The parameters of this patient, and how far each is from the typical one."""
    found = [Result(key, NAMES[key], from_float(value), UNITS[key], HUNDREDTH) for key, value in fitted.parameters.items()]
    found.append(Result("half_life", "Half-life (last phase)", from_float(slowest_half_life(fitted.modes)), "h", TENTH))
    for key, deviation in fitted.deviations.items():
        found.append(Result(f"eta_{key}", f"Deviation of {NAMES[key].lower()} (η)", from_float(deviation.eta), "1", FINE))
    return found


def of_the_course(course: Course) -> list[Result]:
    """AUC of the first day, the last and the next; with an interval, also what the regimen comes to."""
    now = course.now
    found = [
        Result("auc_0_24", "AUC of the first 24 h", from_float(course.area(0, 24)), AREA, TENTH),
        Result("auc_last_24", "AUC of the 24 h to now", from_float(course.area(now - 24, now)), AREA, TENTH),
        Result("auc_next_24", "AUC of the next 24 h", from_float(course.area(now, now + 24)), AREA, TENTH),
    ]
    if course.interval is not None:
        last = course.doses[-1]
        area, peak, trough = course.steady(last.amount, last.over, course.interval)
        found += [
            Result("auc24_steady", "AUC24 at steady state", from_float(area), AREA, TENTH),
            Result("peak_steady", "Peak at steady state", from_float(peak), "mg/L", TENTH),
            Result("trough_steady", "Trough at steady state", from_float(trough), "mg/L", TENTH),
        ]
    return found


def area_to_judge(course: Course) -> Decimal:
    """The AUC24 to hold against the target: of the regimen at steady state, or else of the last day."""
    if course.interval is None:
        return from_float(course.area(course.now - 24, course.now))
    last = course.doses[-1]
    return from_float(course.steady(last.amount, last.over, course.interval)[0])


def doses_for(course: Course, target: float, policy: Row) -> list[Result]:
    """Doses that meet the target: one dose now, a maintenance dose, and a continuous infusion."""
    day = policy["maintenance_day"]
    interval = course.interval or 24.0
    later = course.maintenance(target, interval, min(course.infusion, interval), day)
    endless = course.maintenance(target, 24.0, 24.0, day)
    now = max(course.next_dose(target), 0.0)
    return [
        Result("next_dose", "One dose now, for the target over the next 24 h", from_float(now), "mg", WHOLE),
        Result("maintenance", f"Dose every {interval:g} h, for the target on day {day}", from_float(later), "mg", WHOLE),
        Result("continuous", f"Continuous infusion per 24 h, for the target on day {day}", from_float(endless), "mg", WHOLE),
    ]


def plausibility(fitted: Fit, policy: Row) -> tuple[Verdict, tuple[Reason, ...]]:
    far = fitted.implausible(to_float(policy.figure("implausible_above_sd")))
    if not far:
        return Verdict("plausibility", "Plausibility", "plausible", "every parameter within what people differ by", "ok"), ()
    names = ", ".join(NAMES[name].lower() for name in far)
    text = f"beyond {policy['implausible_above_sd']} standard deviations: {names}"
    verdict = Verdict("plausibility", "Plausibility", "implausible", text, "crit")
    return verdict, (Reason("implausible-fit", text, "check times and doses"),)


def still_open(fitted: Fit) -> list[Step]:
    """How much of the population's variance each parameter keeps after the levels."""
    return [
        Step(f"Still open of {NAMES[key].lower()}, of the variance between people", from_float(100 * deviation.unknown), "%")
        for key, deviation in fitted.deviations.items()
    ]


def doubtful_draws(course: Course, of: Row) -> list[Reason]:
    """Levels drawn while a dose ran, or so soon after that one compartment cannot tell them."""
    found = []
    guard = row("levels", name="two-levels", drug="vancomycin")
    early = 0.0 if "between" in of.columns else to_float(guard.figure("earliest_after_end_h"))
    for at, _ in course.levels:
        if any(d.at < at < d.at + d.over for d in course.doses):
            text = f"the level at {at:g} h was drawn while a dose ran"
            found.append(Reason("level-during-infusion", text, "check the draw time"))
        elif any(d.at + d.over <= at < d.at + d.over + early for d in course.doses):
            text = f"the level at {at:g} h was drawn while the drug distributes, which one compartment does not know"
            found.append(Reason("distribution", text, "choose a model of two compartments"))
    return found


def proposals(course: Course, target: Decimal, of: Row, policy: Row) -> Table:
    """For each interval a dose that can be measured out, and what it comes to at steady state."""
    step = Decimal(of.get("round_to_mg", policy["round_to_mg"]))
    lines = []
    for hours in policy["intervals"]:
        exact = from_float(course.clearance) * target * hours / 24
        dose = rounded(exact, step)
        if dose > 0 and course.infusion < hours:
            area, peak, trough = course.steady(to_float(dose), course.infusion, to_float(hours))
            lines.append((f"every {hours} h", f"{shown_number(dose)} mg", f"{area:.0f}", f"{peak:.1f}", f"{trough:.1f}"))
    daily = rounded(from_float(course.clearance) * target, step)
    steady = to_float(daily) / 24 / course.clearance
    lines.append(("continuous", f"{shown_number(daily)} mg in 24 h", f"{24 * steady:.0f}", f"{steady:.1f}", f"{steady:.1f}"))
    return Table("proposals", "Regimens for the target", ("interval", "dose", "AUC24", "peak mg/L", "trough mg/L"), tuple(lines))
