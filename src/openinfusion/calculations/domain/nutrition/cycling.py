# SPDX-License-Identifier: Apache-2.0
"""Cyclic nutrition: the plateau between tapers, Longhurst's steps, and rates a pump can run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from itertools import pairwise

from openinfusion.kernel.quantity import rounded
from openinfusion.kernel.refusal import Reason, Refused


@dataclass(frozen=True, slots=True)
class Ramp:
    """Part of a taper: hours at a share of the plateau (0.5 is half)."""

    hours: Decimal
    share: Decimal


@dataclass(frozen=True, slots=True)
class Pace:
    """A stretch at one rate."""

    hours: Decimal
    rate_ml_h: Decimal

    @property
    def volume_ml(self) -> Decimal:
        return self.hours * self.rate_ml_h


def plateau(volume_ml: Decimal, hours: Decimal, up: Sequence[Ramp], down: Sequence[Ramp]) -> Decimal:
    """mL/h of the plateau: V ÷ (T − Σ d(1 − f)); Refused where the tapers leave no plateau."""
    ramps = [*up, *down]
    if sum((r.hours for r in ramps), Decimal(0)) >= hours:
        raise Refused(Reason("no-plateau", "the tapers take the whole cycle", "shorten the tapers or lengthen the cycle"))
    return volume_ml / (hours - sum((r.hours * (1 - r.share) for r in ramps), Decimal(0)))


def cycle(volume_ml: Decimal, hours: Decimal, up: Sequence[Ramp], down: Sequence[Ramp]) -> tuple[Pace, ...]:
    """All stretches of a cycle, tapers and plateau; their volumes add up to the volume."""
    rate = plateau(volume_ml, hours, up, down)
    flat = hours - sum((r.hours for r in (*up, *down)), Decimal(0))
    return (
        *(Pace(r.hours, r.share * rate) for r in up),
        Pace(flat, rate),
        *(Pace(r.hours, r.share * rate) for r in down),
    )


def longhurst(volume_ml: Decimal, hours: Decimal) -> tuple[Pace, ...]:
    """Longhurst 2003: F = V ÷ (4T − 10); an hour each at F and 2F, T − 4 hours at 4F, an hour each at 2F and F."""
    if hours <= 4:
        raise Refused(Reason("no-plateau", "four hours are tapers already", "lengthen the cycle"))
    first = volume_ml / (4 * hours - 10)
    one = Decimal(1)
    tapers = (Pace(one, first), Pace(one, 2 * first))
    return (*tapers, Pace(hours - 4, 4 * first), *reversed(tapers))


def for_pump(paces: Sequence[Pace], step_ml_h: Decimal) -> tuple[Pace, ...]:
    """Rates rounded to the pump's step, downwards; the plateau (the fastest) runs on until the volume is given."""
    fast = max(range(len(paces)), key=lambda place: paces[place].rate_ml_h)
    total = sum((p.volume_ml for p in paces), Decimal(0))
    stepped = [Pace(p.hours, _down(p.rate_ml_h, step_ml_h)) for p in paces]
    if not stepped[fast].rate_ml_h:
        raise Refused(Reason("below-pump-step", "the rate is below the pump's step", "choose a finer pump or a shorter cycle"))
    others = sum((p.volume_ml for place, p in enumerate(stepped) if place != fast), Decimal(0))
    rate = stepped[fast].rate_ml_h
    stepped[fast] = Pace((total - others) / rate, rate)
    return tuple(stepped)


def _down(rate: Decimal, step: Decimal) -> Decimal:
    # a division may leave the 28th digit of a rate short, so that it is rounded before it is cut
    return (round(rate, 12) / step).to_integral_value(ROUND_FLOOR) * step


def hours_from_start(paces: Sequence[Pace]) -> tuple[tuple[Decimal, Decimal], ...]:
    """Points of rate over time, for drawing."""
    edges = [Decimal(0)]
    for pace in paces:
        edges.append(edges[-1] + pace.hours)
    return tuple(
        point
        for (start, end), pace in zip(pairwise(edges), paces, strict=True)
        for point in ((start, pace.rate_ml_h), (end, pace.rate_ml_h))
    )


def shown_rate(rate: Decimal) -> Decimal:
    """A rate as it is printed, to 0.1 mL/h."""
    return rounded(rate, Decimal("0.1"))
