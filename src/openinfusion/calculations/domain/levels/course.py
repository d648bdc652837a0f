# SPDX-License-Identifier: Apache-2.0
"""A course of doses and levels after a Bayesian fit: what it has come to, what comes next, and which dose meets a target."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from openinfusion.calculations.domain.calculation import Curve
from openinfusion.calculations.domain.levels import compartments as c
from openinfusion.calculations.domain.levels.bayes import Fit, Level
from openinfusion.calculations.domain.levels.binary import from_float
from openinfusion.calculations.domain.levels.compartments import Given

DAY: Final = 24.0
_POINTS: Final = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What was given and measured, the fit, and the plan: hours from the first dose, mg, mg/L."""

    fit: Fit
    doses: tuple[Given, ...]
    levels: tuple[Level, ...]
    now: float
    infusion: float
    interval: float | None  # of the present regimen, if anybody said it

    @property
    def clearance(self) -> float:
        return self.fit.parameters["clearance"]

    @property
    def going_on(self) -> tuple[Given, ...]:
        """The doses so far, and the last one again every interval through the next day."""
        if self.interval is None:
            return self.doses
        last, more = self.doses[-1], []
        at = last.at + self.interval
        while at < self.now + DAY:
            more.append(Given(at, last.amount, last.over))
            at += self.interval
        return (*self.doses, *more)

    def area(self, begin: float, end: float) -> float:
        """AUC, mg·h/L, of the course as it goes on."""
        return c.area(self.fit.modes, self.going_on, max(begin, 0.0), end)

    def next_dose(self, target: float) -> float:
        """The one dose, mg, begun now, with which the next day's AUC meets the target; below zero: none is needed."""
        kept = c.area(self.fit.modes, self.doses, self.now, self.now + DAY)
        each = c.area(self.fit.modes, (Given(self.now, 1.0, self.infusion),), self.now, self.now + DAY)
        return (target - kept) / each

    def maintenance(self, target: float, interval: float, infusion: float, day: int) -> float:
        """The dose, mg, of a new course whose AUC on this day meets the target."""
        end = day * DAY
        doses = tuple(Given(n * interval, 1.0, infusion) for n in range(int(end / interval) + 1))
        return target / c.area(self.fit.modes, doses, end - DAY, end)

    def steady(self, dose: float, infusion: float, interval: float) -> tuple[float, float, float]:
        """AUC24, peak and trough of a regimen at steady state."""
        given = Given(0.0, dose, infusion)
        peak = c.steady(self.fit.modes, given, interval, infusion)
        return dose / self.clearance * DAY / interval, peak, c.steady(self.fit.modes, given, interval, interval)

    def curve(self) -> Curve:
        """The course with its levels, from the first dose through the next day."""
        end, doses = self.now + DAY, self.going_on
        edges = {d.at for d in doses} | {min(d.at + d.over, end) for d in doses}
        times = sorted({end * i / _POINTS for i in range(_POINTS + 1)} | edges)
        return Curve(
            "Level, fitted and going on",
            "hours from the first dose",
            "mg/L",
            tuple((from_float(t), from_float(c.level(self.fit.modes, doses, t))) for t in times),
            tuple((from_float(t), from_float(y)) for t, y in self.levels),
        )
