# SPDX-License-Identifier: Apache-2.0
"""The most probable parameters of a patient, from a population model and measured levels (maximum a posteriori).

Lowest of Σ [((y − f) / s)² + 2 ln s] + η′ Ω⁻¹ η with s = add + share × f, where the parameters are typical × e^η.
Binary floats on purpose, as in ``compartments``: the result is an estimate whose last digits mean nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import exp, inf, log, sqrt
from typing import Final

from openinfusion.calculations.domain.figures import Row
from openinfusion.calculations.domain.levels import compartments
from openinfusion.calculations.domain.levels.binary import floats, to_float
from openinfusion.calculations.domain.levels.compartments import Contributions, Given, Modes
from openinfusion.calculations.domain.levels.population import variances
from openinfusion.calculations.domain.levels.search import Lowest, inverse_diagonal, lowest
from openinfusion.kernel.refusal import Reason, Refused

Level = tuple[float, float]  # hours, mg/L
_USUAL: Final = 1.0  # standard deviations, within which one search is enough
_STARTS: Final = (1.5, -1.5)  # of the clearance
_FAR: Final = 20.0  # standard deviations; nobody is there, and exponentials overflow
_LEAST_SPREAD: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Deviation:
    """How far a parameter of this patient is from the typical one."""

    eta: float  # of the logarithm
    sd: float  # between people
    unknown: float  # share of the population's variance that the levels left open; 1: they said nothing

    @property
    def in_sd(self) -> float:
        return self.eta / self.sd


@dataclass(frozen=True, slots=True)
class Fit:
    """A patient as the levels have it: parameters, deviations, and the exponentials to go on with."""

    parameters: dict[str, float]
    deviations: dict[str, Deviation]
    modes: Modes
    objective: float

    def implausible(self, above_sd: float) -> list[str]:
        """The parameters that lie farther from the typical one than this many standard deviations."""
        return [name for name, d in self.deviations.items() if abs(d.in_sd) > above_sd]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the search weighs: what is typical, how far people differ, what was given and what was measured."""

    typical: Mapping[str, float]
    sds: Mapping[str, float]
    add: float
    share: float
    measured: tuple[tuple[float, Contributions], ...]  # mg/L, and what each dose brings to that moment

    def parameters(self, scores: Sequence[float]) -> dict[str, float]:
        """The parameters at these deviations, each counted in its own standard deviations."""
        found = dict(self.typical)
        for (name, sd), score in zip(self.sds.items(), scores, strict=True):
            found[name] *= exp(sd * score)
        return found

    def objective(self, scores: Sequence[float]) -> float:
        """Minus twice the logarithm of the posterior probability, but for a constant."""
        if max(map(abs, scores)) > _FAR:
            return inf
        modes = compartments.modes(self.parameters(scores))
        found = sum(score * score for score in scores)
        for measured, parts in self.measured:
            expected = compartments.summed(modes, parts)
            spread = max(self.add + self.share * expected, _LEAST_SPREAD)
            found += ((measured - expected) / spread) ** 2 + 2 * log(spread)
        return found


def weighed(of: Row, typical: Mapping[str, Decimal], doses: Sequence[Given], levels: Sequence[Level]) -> Evidence:
    """The evidence of a course, in the floats of the search."""
    return Evidence(
        floats(typical),
        {name: sqrt(to_float(value)) for name, value in variances(of).items()},
        to_float(of["residual"]["add"]),
        to_float(of["residual"]["share"]),
        tuple((measured, compartments.contributions(doses, at)) for at, measured in levels),
    )


def fit(of: Row, typical: Mapping[str, Decimal], doses: Sequence[Given], levels: Sequence[Level]) -> Fit:
    """The most probable patient; Refused where the search comes to no rest."""
    evidence = weighed(of, typical, doses, levels)
    found = _best(evidence)
    unknown = [min(2 * v, 1.0) for v in inverse_diagonal(found.curvature)]
    deviations = {
        name: Deviation(sd * score, sd, left)
        for (name, sd), score, left in zip(evidence.sds.items(), found.at, unknown, strict=True)
    }
    parameters = evidence.parameters(found.at)
    return Fit(parameters, deviations, compartments.modes(parameters), found.value)


def _best(evidence: Evidence) -> Lowest:
    """The lowest point from the typical patient; where that is an unusual one, searches from elsewhere too."""
    rest = [0.0] * (len(evidence.sds) - 1)
    usual = lowest(evidence.objective, [0.0, *rest])
    if usual.settled and max(map(abs, usual.at)) < _USUAL:
        return usual
    tried = [usual, *(lowest(evidence.objective, [first, *rest]) for first in _STARTS)]
    settled = [one for one in tried if one.settled]
    if not settled:
        raise Refused(Reason("no-fit", "no parameters explain these levels", "check times, doses and levels"))
    return min(settled, key=lambda one: one.value)
