# SPDX-License-Identifier: Apache-2.0
"""The order at the hoods in the demonstration: tomorrow's is in force at one pharmacy, and waits to be accepted at the other."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from openinfusion.compounding import public as compounding
from openinfusion.demo.staff import House
from openinfusion.kernel.refusal import Refused
from openinfusion.platform.clock import now


def hoods_tomorrow(house: House, zone: ZoneInfo) -> int:
    """Asked for and worked out at each pharmacy that has something to make; how many acts."""
    day, acts = now().astimezone(zone).date() + timedelta(days=1), 0
    for number, crew in enumerate(house.crews):
        by = house.by(crew.technicians[0])
        try:
            plan_id = compounding.ask_for_hood_plan(site_id=crew.site_id, day=day, by=by, seconds=1)
        except Refused:  # nothing waits for a hood there
            continue
        compounding.solve_hood_plan(plan_id=plan_id, by=by)
        acts += 2
        fact, _ = compounding.hood_plan(plan_id)
        if number == 0 and fact.state == "proposed" and not fact.faults:
            compounding.advance_hood_plan(plan_id=plan_id, step="accept", by=by)
            acts += 1
    return acts
