# SPDX-License-Identifier: Apache-2.0
"""A driver's route of a day: stops in order, when each is reached, and which will be late before it is."""
from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class StopKind(StrEnum):
    DELIVERY = "delivery"
    PICK_UP = "pick_up"


@dataclass(frozen=True, slots=True)
class StopAhead:
    """One stop that is not done. ``place``: its number among the places of the ways; ``holds_until``: the pack-out's end."""

    place: int
    window_from: datetime
    window_to: datetime
    service_minutes: int
    holds_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Arrival:
    """When a stop is reached, when it is left, and what is wrong with that. ``tight``: it will just do."""

    at: datetime
    left_at: datetime
    late: tuple[str, ...] = ()
    tight: tuple[str, ...] = ()


def arrivals(
    stops: Sequence[StopAhead], start: datetime, place: int, minutes: Callable[[int, int], int], warn_minutes: int,
    breaks: Sequence[tuple[datetime, datetime]] = (),
) -> tuple[Arrival, ...]:
    """When each stop in this order is reached from a place and a moment on. A driver who comes too soon waits.

    ``minutes``: the way from a place to another; ``warn_minutes``: less than this left is tight.
    ``breaks``: in the order of their time; the driver takes each where the work at the next stop would reach into it.
    """
    at = max([start, *(ends for begins, ends in breaks if begins <= start < ends)])
    found, here, rests = [], place, [b for b in breaks if b[0] > start]
    for stop in stops:
        reached = at + timedelta(minutes=minutes(here, stop.place))
        at = max(reached, stop.window_from)
        leaves = at + timedelta(minutes=stop.service_minutes)
        while rests and leaves > rests[0][0]:
            begins, ends = rests.pop(0)
            reached = max(reached, begins) + (ends - begins)
            at = max(reached, stop.window_from)
            leaves = at + timedelta(minutes=stop.service_minutes)
        late, tight = tuple(_late(stop, at)), tuple(_tight(stop, at, timedelta(minutes=warn_minutes)))
        found.append(Arrival(at, leaves, late, () if late else tight))
        here, at = stop.place, leaves
    return tuple(found)


def _late(stop: StopAhead, at: datetime) -> Iterator[str]:
    if at > stop.window_to:
        yield f"{_minutes(at - stop.window_to)} min after its window"
    if stop.holds_until is not None and at > stop.holds_until:
        yield f"{_minutes(at - stop.holds_until)} min after the pack-out ends"


def _tight(stop: StopAhead, at: datetime, margin: timedelta) -> Iterator[str]:
    if stop.window_to - at < margin:
        yield f"{_minutes(stop.window_to - at)} min before its window ends"
    if stop.holds_until is not None and stop.holds_until - at < margin:
        yield f"{_minutes(stop.holds_until - at)} min before the pack-out ends"


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)
