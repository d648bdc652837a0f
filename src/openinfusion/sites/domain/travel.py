# SPDX-License-Identifier: Apache-2.0
"""A site's own figures of how long ways take, where they were measured or are known: they stand before the house's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from openinfusion.kernel.refusal import Fault, Malformed

LEAST_FACTOR, MOST_FACTOR = Decimal("1.0"), Decimal("2.5")
SLOWEST, FASTEST = 5, 130  # km/h
MOST_PARK = 30  # minutes
LONGEST = 300  # km


@dataclass(frozen=True, slots=True)
class TravelFigures:
    """``factor``: road over great circle. Up to ``near_km`` of a way are driven at ``near_kmh``, from there up to ``mid_km`` at

    ``mid_kmh``, the rest at ``far_kmh``. ``park_minutes``: to park and walk at another address.
    """

    effective_from: date
    factor: Decimal
    park_minutes: int
    near_km: int
    near_kmh: int
    mid_km: int
    mid_kmh: int
    far_kmh: int
    source: str
    status: str = ""


def must_be_sound(f: TravelFigures) -> None:
    """Malformed where a figure cannot be, with what can."""
    faults = list(_faults(f))
    if faults:
        raise Malformed(*faults)


def _faults(f: TravelFigures) -> Iterator[Fault]:
    if not LEAST_FACTOR <= f.factor <= MOST_FACTOR or f.factor != round(f.factor, 3):
        yield Fault("factor", f"{LEAST_FACTOR} to {MOST_FACTOR}, to three decimals")
    if not 0 <= f.park_minutes <= MOST_PARK:
        yield Fault("park_minutes", f"0 to {MOST_PARK}")
    if not 0 < f.near_km < f.mid_km <= LONGEST:
        yield Fault("mid_km", f"is more than the band before it, which is 1 km at least; {LONGEST} km at most")
    for name in ("near_kmh", "mid_kmh", "far_kmh"):
        if not SLOWEST <= getattr(f, name) <= FASTEST:
            yield Fault(name, f"{SLOWEST} to {FASTEST} km/h")
    if not f.source.strip():
        yield Fault("source", "say where the figures come from")
