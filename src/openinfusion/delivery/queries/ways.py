# SPDX-License-Identifier: Apache-2.0
"""How far and how long between places, for routes and for plans: one door, so that both say the same of one way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from uuid import UUID

from openinfusion.kernel.refusal import Unavailable
from openinfusion.planning import public as planning
from openinfusion.platform.environment import environment
from openinfusion.sites import public as sites


def travel_at(site_id: UUID, day: date) -> planning.TravelRow:
    """The figures of a site in force on a day: its own, else the house's."""
    house, own = planning.travel_row("", day), sites.travel_on(site_id, day)
    return house if own is None else row_of(site_id, own, house)


def row_of(site_id: UUID, own: sites.TravelFigures, house: planning.TravelRow) -> planning.TravelRow:
    """A site's own figures as planning reads them; what a site does not set is the house's."""
    bands = ((own.near_km * 1000, own.near_kmh), (own.mid_km * 1000, own.mid_kmh), (0, own.far_kmh))
    return replace(
        house, branch=str(site_id), effective_from=own.effective_from, factor=own.factor, park=own.park_minutes, bands=bands,
        source=own.source, status=own.status, note="",
    )  # fmt: skip


def ways_at(site_id: UUID, day: date, places: Sequence[planning.Place]) -> planning.Ways:
    """All ways between these places: by the road server where one is set and answers, else by the figures of the site.

    What stands behind them is said in ``source``; nothing stands in for a road without it. Malformed where one of the places
    has no coordinates.
    """
    row = travel_at(site_id, day)
    assumed = planning.ways_between(places, row)
    if not (address := environment().road_server):
        return assumed
    try:
        return _parked(_server(address).ways(places), assumed, row)
    except Unavailable as no:
        return replace(assumed, source=f"{assumed.source}; {no}")


@cache
def _server(address: str) -> planning.RoadServer:
    return planning.RoadServer(address)


def _parked(ways: planning.Ways, assumed: planning.Ways, row: planning.TravelRow) -> planning.Ways:
    """A server knows the driving only: to another address the minutes to park and walk come on top.

    Where it finds no way to drive, two homes at the middle of one ZIP code are as far apart as is assumed.
    """
    pairs = [[(a, b) for b in range(len(ways.metres))] for a in range(len(ways.metres))]
    metres = tuple(tuple(ways.metres[a][b] or assumed.metres[a][b] for a, b in line) for line in pairs)
    minutes = tuple(
        tuple(ways.minutes[a][b] + row.park if ways.metres[a][b] else assumed.minutes[a][b] for a, b in line) for line in pairs
    )
    return replace(ways, metres=metres, minutes=minutes, source=f"{ways.source}, and {row.park} min to park")
