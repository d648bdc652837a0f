# SPDX-License-Identifier: Apache-2.0
"""What the demonstration's house does every working day: clean, measure, send claims, take remittances in."""
from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from openinfusion.demo.staff import House
from openinfusion.platform.clock import now
from openinfusion.sites import public as sites

ZONE = ZoneInfo("America/Chicago")


def routine(house: House, start: datetime, rng: random.Random) -> tuple[datetime, Iterator[datetime]]:
    """The first morning, and every morning after it."""
    return start + timedelta(minutes=1), _days(house, rng)


def _days(house: House, rng: random.Random) -> Iterator[datetime]:
    while True:
        _morning(house, rng)
        morning = now().astimezone(ZONE).replace(hour=6, minute=30, second=0) + timedelta(days=1)
        yield morning


def _morning(house: House, rng: random.Random) -> None:
    technician = house.by("technician")
    for hood_id in house.hoods.values():
        sites.clean_hood(hood_id=hood_id, agent="sporicidal wipe", by=technician)
    for site_id in house.sites.values():
        for store in sites.cold_stores(site_id):
            middle = (store.band.low + store.band.high) / 2
            out = rng.random() < 0.01
            celsius = store.band.high + Decimal("1.2") if out else middle + Decimal(rng.randint(-9, 9)) / 10
            sites.record_temperature(
                cold_store_id=store.id, celsius=celsius, by=house.by("warehouse"),
                action_taken="door found ajar, closed; contents moved and judged" if out else "",
            )
