# SPDX-License-Identifier: Apache-2.0
"""The work of a plan asked of the rooms it belongs to, named, placed, and from now on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from openinfusion.dispatch.domain.day_plan import PlanKind
from openinfusion.dispatch.domain.scope import PlanScope, one_zone
from openinfusion.dispatch.domain.work import Change, DayWork, Task
from openinfusion.dispatch.queries.driven import driven
from openinfusion.dispatch.queries.figures import figures_on
from openinfusion.dispatch.queries.hours import Hours, hours_on, plan_now
from openinfusion.dispatch.queries.visited import visited
from openinfusion.planning import public as planning
from openinfusion.sites import public as sites


def zone_of(site_id: UUID) -> ZoneInfo:
    return ZoneInfo(sites.zone_of(site_id))


def zone_in(scope: PlanScope) -> ZoneInfo:
    """The one time zone of all its sites; Refused where they have several."""
    return ZoneInfo(one_zone((sites.pharmacy(s).name, sites.zone_of(s)) for s in scope.sites))


def work_of(scope: PlanScope, change: Change | None = None) -> DayWork:
    """What is to be done, by whom, from now on; ``change`` takes people out and puts work off."""
    change, figures = change or Change(), figures_on(scope.kind, scope.first)
    hours = hours_on(figures, scope.days, zone_in(scope))
    ask = driven if scope.kind is PlanKind.DRIVERS else visited
    tasks, workers, apart, unsaid = ask(scope, hours, figures, change)
    late = dict(change.late)
    tasks = [_from_now(t, hours, max((late[n] for n in t.halves if n in late), default=None)) for t in _named(tasks)]
    known = tuple(t for t in tasks if t.place.latitude)
    there = tuple(w for w in workers if not change.misses(w.name, w.day) and w.begins < w.ends)
    lost = tuple(t for t in tasks if not t.place.latitude)
    houses = [sites.pharmacy(s) for s in scope.sites]
    unbroken = tuple(dict.fromkeys(text for name, day, text in unsaid if not change.misses(name, day)))
    bases = tuple((h.id, planning.place(h.name, h.zip_code, h.point)) for h in houses)
    return DayWork(bases, known, there, lost, tuple(apart), unbroken)


def _named(tasks: Iterable[Task]) -> list[Task]:
    """Names are unique, so that a plan can name its work."""
    seen: Counter[str] = Counter()
    found = []
    for t in tasks:
        seen[t.name] += 1
        found.append(t if seen[t.name] == 1 else replace(t, name=f"{t.name} #{seen[t.name]}"))
    return found


def _from_now(t: Task, hours: Hours, not_before: datetime | None) -> Task:
    """Nothing begins before now or before it can; work whose windows have passed is wanted before that day ends."""
    least = max(plan_now(), not_before) if not_before else plan_now()
    ahead = tuple((max(opens, least), closes) for opens, closes in t.windows if closes >= least)
    if ahead:
        return replace(t, windows=ahead)
    zone = next(iter(hours.values()))[0].tzinfo
    opens = max(t.windows[-1][0], least)
    ends = hours.get(opens.astimezone(zone).date(), (opens, opens))[1]
    return replace(t, windows=((opens, max(ends, opens + timedelta(hours=1)) if ends < opens else ends),))
