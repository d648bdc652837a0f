# SPDX-License-Identifier: Apache-2.0
"""The calendar of what is due: of places, of people, of incidents and their actions, in one list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from openinfusion.quality.queries.incident import Wanted, incidents, open_actions
from openinfusion.sites import public as sites
from openinfusion.team import public as team

SPANS = (30, 60, 90)


@dataclass(frozen=True, slots=True)
class DueLine:
    """One thing that is due: ``on`` is the first day on which it is late, None where it was never done."""

    kind: str
    where: str
    what: str
    on: date | None
    url: str

    def late(self, today: date) -> bool:
        return self.on is None or self.on <= today


def due_lines(today: date, days: int, kind: str = "") -> list[DueLine]:
    """Everything due within so many days, what was never done first, then the soonest."""
    found = [DueLine(d.kind, d.site, d.what, d.on, d.url) for d in sites.due_everywhere()]
    found += [DueLine(f"{d.kind} of a person", d.who, d.what, d.on, d.url) for d in team.dues()]
    found += [DueLine("Incident", i.place_name, i.title, i.due_on, f"/quality/{i.id}/") for i in incidents(Wanted())]
    found += [
        DueLine("Action", a.owner_name, a.text, a.due_on, f"/quality/{a.incident_id}/") for a in open_actions()
    ]
    last = today + timedelta(days=days)
    mine = [d for d in found if (d.on is None or d.on <= last) and (not kind or d.kind == kind)]
    return sorted(mine, key=lambda d: (d.on is not None, d.on or today, d.kind, d.where))
