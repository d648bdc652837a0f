# SPDX-License-Identifier: Apache-2.0
"""Vancomycin by levels, Bayesian: the most probable clearance and volume, what the course comes to, and the next dose."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any, Final

from openinfusion.calculations.domain.body import AGE, WEIGHT
from openinfusion.calculations.domain.calculation import Step, Worked, calculation
from openinfusion.calculations.domain.figures import published, row
from openinfusion.calculations.domain.inputs import amount, rows
from openinfusion.calculations.domain.levels.bayes import Level, fit
from openinfusion.calculations.domain.levels.binary import to_float
from openinfusion.calculations.domain.levels.compartments import Given
from openinfusion.calculations.domain.levels.course import Course
from openinfusion.calculations.domain.levels.covariates import (
    CRCL,
    CRCL_INDEXED,
    MODEL,
    POSTMENSTRUAL,
    STABLE,
    SUPPORT,
)
from openinfusion.calculations.domain.levels.population import NAMES, UNITS, Covariates, model, typical
from openinfusion.calculations.domain.levels.report import (
    area_to_judge,
    doses_for,
    doubtful_draws,
    of_the_course,
    of_the_patient,
    plausibility,
    proposals,
    still_open,
)
from openinfusion.calculations.domain.levels.target import (
    AREA,
    TARGET,
    judged,
    target_area,
    target_source,
)
from openinfusion.calculations.domain.levels.two_levels import INTERVAL
from openinfusion.calculations.domain.renal import CREATININE
from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused

_AT: Final = amount("at", "h", "0", "2000", label="Time", also={"d": "24"}, note="hours from the first dose")
DOSES: Final = rows(
    "doses",
    _AT,
    amount("dose", "mg", above="0", high="6000", also={"g": "1000"}),
    amount("infusion", "h", "0.25", "24", label="Infusion time", also={"min": "1/60"}),
    most=120,
    note="every dose, with the hour it began",
)
LEVELS: Final = rows("levels", _AT, amount("level", "mg/L", above="0", high="200"), most=30, note="every level, with its hour")
NOW: Final = amount("now", "h", "0", "2024", note="when the next dose would begin; the last level or dose if left out")


@calculation(
    "vancomycin-bayes",
    "Vancomycin by levels (Bayesian)",
    group="levels",
    formula="lowest of Σ [((y − f) ÷ (a + b f))² + 2 ln(a + b f)] + η′ Ω⁻¹ η; parameters = typical × e^η; "
    "f: sum of exponentials of every dose",
    source=published("Maximum a posteriori estimation, Sheiner LB & Beal SL, J Pharm Sci 1982;71:1344; combined error", 1982),
)
def _fitted(
    name: Annotated[str, MODEL],
    weight: Annotated[Decimal, WEIGHT],
    age: Annotated[Decimal, AGE],
    support: Annotated[str, SUPPORT],
    stable: Annotated[bool, STABLE],
    doses: Annotated[tuple[dict[str, Any], ...], DOSES],
    levels: Annotated[tuple[dict[str, Any], ...], LEVELS],
    crcl: Annotated[Decimal | None, CRCL] = None,
    crcl_indexed: Annotated[Decimal | None, CRCL_INDEXED] = None,
    postmenstrual: Annotated[Decimal | None, POSTMENSTRUAL] = None,
    creatinine: Annotated[Decimal | None, CREATININE] = None,
    now: Annotated[Decimal | None, NOW] = None,
    interval: Annotated[Decimal | None, INTERVAL] = None,
    target: Annotated[Decimal | None, TARGET] = None,
) -> Worked:
    """Any number of levels at any time. The search runs in binary floats: an estimate, whose last digits mean nothing."""
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
    expected = typical(of, known)
    given, measured = _history(doses, levels)
    course = Course(
        fit=fit(of, expected, given, measured),
        doses=given,
        levels=measured,
        now=_moment(now, given, measured),
        infusion=given[-1].over,
        interval=None if interval is None else to_float(interval),
    )
    policy = row("levels", name="bayes")
    wanted = target_area(target)
    plausible, doubts = plausibility(course.fit, policy)
    return Worked(
        results=(
            *of_the_patient(course.fit),
            *of_the_course(course),
            *doses_for(course, to_float(wanted), policy),
            plausible,
            judged(area_to_judge(course)),
        ),
        steps=(
            Step(f"Made from {of['population']}"),
            *(Step(f"Typical {NAMES[key].lower()}", value, UNITS[key]) for key, value in expected.items()),
            *still_open(course.fit),
            Step("Target AUC24", wanted, AREA),
        ),
        warnings=(*doubts, *doubtful_draws(course, of)),
        used=(of.source, policy.source, target_source()),
        curves=(course.curve(),),
        tables=(proposals(course, wanted, of, policy),),
    )


def _history(doses: Sequence[dict[str, Any]], levels: Sequence[dict[str, Any]]) -> tuple[tuple[Given, ...], tuple[Level, ...]]:
    """Doses and levels in order of time; Refused for a level that no dose precedes."""
    given = sorted((Given(to_float(d["at"]), to_float(d["dose"]), to_float(d["infusion"])) for d in doses), key=lambda d: d.at)
    measured = sorted((to_float(one["at"]), to_float(one["level"])) for one in levels)
    if measured[0][0] <= given[0].at:
        raise Refused(
            Reason("level-before-dose", "a level was drawn before any dose", "enter every dose, or leave the level out")
        )
    return tuple(given), tuple(measured)


def _moment(now: Decimal | None, doses: Sequence[Given], levels: Sequence[Level]) -> float:
    latest = max(doses[-1].at, levels[-1][0])
    if now is None:
        return latest
    if to_float(now) < latest:
        raise Malformed(Fault("now", f"a dose or a level lies after it, at {latest:g} h"))
    return to_float(now)
