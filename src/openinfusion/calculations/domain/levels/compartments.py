# SPDX-License-Identifier: Apache-2.0
"""One and two compartments with infusions, in closed form: each dose adds a sum of exponentials.

Binary floats on purpose: these figures feed a numeric search and come out as estimates, whose last digits mean nothing.
Hours, mg and mg/L throughout.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import exp, expm1, log, sqrt

Modes = tuple[tuple[float, float], ...]  # share of the dose by litre, and its rate by hour
Contributions = tuple[tuple[float, float, float], ...]


@dataclass(frozen=True, slots=True)
class Given:
    """A dose of ``amount`` mg, begun at ``at``, run over ``over`` hours."""

    at: float
    amount: float
    over: float


def modes(parameters: Mapping[str, float]) -> Modes:
    """The exponentials of a body: one for one compartment, a fast and a slow one for two."""
    clearance, central = parameters["clearance"], parameters["central"]
    out = clearance / central
    if "between" not in parameters:
        return ((1 / central, out),)
    there, back = parameters["between"] / central, parameters["between"] / parameters["peripheral"]
    total = out + there + back
    root = sqrt(total * total - 4 * out * back)
    fast = (total + root) / 2
    slow = out * back / fast
    return ((fast - back) / (central * root), fast), ((back - slow) / (central * root), slow)


def level(of: Modes, doses: Iterable[Given], at: float) -> float:
    """Concentration, mg/L, from all doses so far."""
    return summed(of, contributions(doses, at))


def contributions(doses: Iterable[Given], at: float) -> Contributions:
    """What each dose brings to a moment: its rate (mg/h), how long it has run and how long ago it ended (h)."""
    return tuple(
        (dose.amount / dose.over, min(at - dose.at, dose.over), max(at - dose.at - dose.over, 0.0))
        for dose in doses
        if dose.at < at
    )


def summed(of: Modes, parts: Contributions) -> float:
    """The concentration, mg/L, that these contributions make."""
    found = 0.0
    for share, rate in of:
        whole = 0.0
        for flow, running, after in parts:
            whole -= flow * expm1(-rate * running) * exp(-rate * after)
        found += whole * share / rate
    return found


def area(of: Modes, doses: Iterable[Given], begin: float, end: float) -> float:
    """Area under the concentration between two times, mg·h/L."""
    found = 0.0
    for dose in doses:
        for share, rate in of:
            grown = _grown(rate, dose, end) - _grown(rate, dose, begin)
            found += dose.amount / dose.over * share / rate * grown
    return found


def _grown(rate: float, dose: Given, at: float) -> float:
    """Integral of an infusion's exponential up to a time, as that of an endless one less that of its end."""
    return _endless(rate, at - dose.at) - _endless(rate, at - dose.at - dose.over)


def _endless(rate: float, hours: float) -> float:
    return hours + expm1(-rate * hours) / rate if hours > 0 else 0.0


def steady(of: Modes, dose: Given, interval: float, since: float) -> float:
    """Concentration at steady state, mg/L, ``since`` hours after an infusion began (not longer than the interval)."""
    running, after = min(since, dose.over), max(since - dose.over, 0.0)
    found = 0.0
    for share, rate in of:
        here = -expm1(-rate * running) * exp(-rate * after)
        earlier = -expm1(-rate * dose.over) * exp(-rate * (interval + since - dose.over)) / -expm1(-rate * interval)
        found += dose.amount / dose.over * share / rate * (here + earlier)
    return found


def slowest_half_life(of: Modes) -> float:
    """Half-life of the last phase, hours."""
    return log(2) / min(rate for _, rate in of)
