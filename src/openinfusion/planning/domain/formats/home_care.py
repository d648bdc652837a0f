# SPDX-License-Identifier: Apache-2.0
"""The home-care instances of Mankowska, Kummer and the Italian towns, in the JSON of their collection (iolab-uniud/hhcrsp).

The plan's cost is three times the published one, in thousandths of a minute: way, total lateness and greatest lateness.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from openinfusion.kernel.refusal import Fault, Malformed
from openinfusion.planning.domain.routes.problem import Pair, Place, Prices, RoutingProblem, Shift, Visit, Window

TICKS = 1000
NEVER = 10_000 * TICKS  # no instance has a longest day
UNSERVED = 10**8  # nobody may be left out: dearer than any plan


def read_home_care(document: dict[str, Any]) -> RoutingProblem:
    """The instance of a parsed JSON document (figures as whole numbers or Decimal)."""
    try:
        return _problem(document)
    except (KeyError, TypeError, ValueError, IndexError) as no:
        raise Malformed(Fault("", f"is not a home-care instance: {no}")) from None


def _problem(document: dict[str, Any]) -> RoutingProblem:
    ways = tuple(tuple(_ticks(x) for x in row) for row in document["distances"])
    usual = {s["id"]: s.get("default_duration") for s in document["services"]}
    shifts = tuple(
        Shift(c["id"], c["id"], 0, 0, 0, NEVER, skills=frozenset(c["abilities"])) for c in document["caregivers"]
    )
    visits = tuple(v for n, p in enumerate(document["patients"], 1) for v in _visits(p, n, usual))
    pairs = tuple(_pair(p) for p in document["patients"] if len(p["required_caregivers"]) > 1)
    places = (Place("office"), *(Place(p["id"]) for p in document["patients"]))
    prices = Prices(distance=1, late=1, longest_late=1, left_out=UNSERVED)
    return RoutingProblem(places, ways, ways, shifts, visits, pairs, prices=prices, ticks=TICKS, name=document.get("name", ""))


def _visits(patient: dict[str, Any], place: int, usual: dict[str, Any]) -> Iterator[Visit]:
    opens, closes = (_ticks(x) for x in patient["time_window"])
    for number, needed in enumerate(patient["required_caregivers"], 1):
        service = needed["service"]
        lasts = needed.get("duration", usual[service])
        yield Visit(
            f"{patient['id']}/{number}", place, _ticks(usual[service] if lasts is None else lasts), (Window(opens, NEVER),),
            (Window(opens, closes),), frozenset([service]), patient=patient["id"],
        )  # fmt: skip


def _pair(patient: dict[str, Any]) -> Pair:
    first, second = f"{patient['id']}/1", f"{patient['id']}/2"
    how = patient["synchronization"]
    least, most = (0, 0) if how["type"] == "simultaneous" else (_ticks(x) for x in how["distance"])
    return Pair(first, second, least, most)


def _ticks(minutes: Any) -> int:
    return int((Decimal(minutes) * TICKS).to_integral_value())
