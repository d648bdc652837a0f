# SPDX-License-Identifier: Apache-2.0
"""What a driver's planned time speaks against a route: when it leaves, and each stop that is new on it."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from openinfusion.kernel.refusal import Fault, Malformed, Reason
from openinfusion.kernel.stretch import SpanKind, Stretch, against_off, against_time

MOST_ITEMS = 1000  # more lines of deliveries than any van of a pharmacy carries: a slip of the pen


@dataclass(frozen=True, slots=True)
class StopTime:
    """When one stop is wanted, and when it is planned if a plan said so."""

    window_from: datetime
    window_to: datetime
    planned_at: datetime | None
    minutes: int


def against_route(
    planned: Sequence[Stretch], leaves_at: datetime, stops: Sequence[StopTime], name: str, plans_shifts: bool
) -> Iterator[Reason]:
    """Why this driver cannot have this route. ``plans_shifts``: their shifts are planned at all, else nothing is judged by them.

    A stop with a planned time is held against it; one without, only where the driver is off for the whole of its window.
    """
    if found := next(against_time(planned, leaves_at, leaves_at + timedelta(minutes=1), name, plans_shifts), None):
        yield found
        return
    for stop in stops:
        if stop.planned_at is not None:
            found = next(against_off(planned, stop.planned_at, stop.planned_at + timedelta(minutes=stop.minutes), name), None)
        else:
            found = _off_throughout(planned, stop, name)
        if found:
            yield found
            return


def _off_throughout(planned: Sequence[Stretch], stop: StopTime, name: str) -> Reason | None:
    whole = [s for s in planned if s.kind is SpanKind.OFF and s.starts_at <= stop.window_from and stop.window_to <= s.ends_at]
    return next(against_off(whole, stop.window_from, stop.window_to, name), None)


def check_vehicle(name: str, holds: int | None) -> None:
    """Malformed with every fault: a vehicle has a name, and holds a number of items where that is known."""
    faults = [] if name.strip() else [Fault("name", "name the vehicle")]
    if holds is not None and not 1 <= holds <= MOST_ITEMS:
        faults.append(Fault("holds", f"1 to {MOST_ITEMS} items, or leave it empty where nobody has measured it"))
    if faults:
        raise Malformed(*faults)
