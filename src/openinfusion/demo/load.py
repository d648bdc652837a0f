# SPDX-License-Identifier: Apache-2.0
"""Load the demonstration: open the house, then let ninety days pass, act by act, in the order of time."""

from __future__ import annotations

import gc
import heapq
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from openinfusion.catalog import public as catalog
from openinfusion.demo.course import Course, play
from openinfusion.demo.invent import invent
from openinfusion.demo.routine import routine
from openinfusion.demo.staff import DOMAIN, House, open_house
from openinfusion.demo.today import finish
from openinfusion.intake.jobs import keep_authorizations_current
from openinfusion.inventory import public as inventory
from openinfusion.kernel.refusal import Malformed, Refused
from openinfusion.payers import public as payers
from openinfusion.platform.clock import now, told
from openinfusion.platform.installation import new_organization
from openinfusion.platform.permissions import system_actor
from openinfusion.platform.scope import all_or_nothing, entered

SEED = 797
DAYS = 90
PATIENTS = 150
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was loaded."""

    organization_id: UUID
    house: House
    stopped: list[str]
    acts: int


def load(progress: Progress, *, patients: int = PATIENTS, seed: int = SEED, days: int = DAYS, domain: str = DOMAIN) -> Loaded:
    """Make the demonstration pharmacy; the same seed makes the same pharmacy."""
    rng, until = random.Random(seed), now()  # noqa: S311  (a made-up pharmacy, not a secret)
    start = until - timedelta(days=days)
    organization_id = new_organization("Northwind Demonstration", is_demo=True)
    with told(start):
        house = _open(organization_id, start, until, domain, progress)
    courses = _courses(house, rng, patients, start, until)
    stopped: list[str] = []
    acts = _let_time_pass([routine(house, start, rng), *courses[0]], organization_id, start, until, progress, stopped)
    progress("the last hour", days, days)
    with entered(organization_id, "synchronous_commit", "off"), told(until):
        for _ in range(2):  # what begins today may run out soon as well
            keep_authorizations_current(by=system_actor(organization_id))
        acts += finish(house)
    return Loaded(organization_id, house, stopped + [s for c in courses[1] for s in c.stopped], acts)


def _open(organization_id: UUID, start: datetime, until: datetime, domain: str, progress: Progress) -> House:
    progress("opening the house", 0, 0)
    by = system_actor(organization_id)
    house = open_house(organization_id, start, until, domain)
    catalog.load_catalog(by=by)
    payers.load_payers(by=by)
    for site_id in house.sites.values():
        inventory.open_location(site_id=site_id, code="A1", name="Shelf A1", kind=inventory.PlaceKind.SHELF, by=by)
    return house


def _courses(
    house: House,
    rng: random.Random,
    count: int,
    start: datetime,
    until: datetime,
) -> tuple[list[tuple[datetime, Iterator[datetime]]], list[Course]]:
    """Every patient's course with the instant of its referral: denser towards today, as a growing pharmacy has it."""
    with entered(house.by("executive").organization_id):
        plans = {p.name: p.id for p in payers.plans()}
    names = [n for n in plans if "Part D" not in n] or list(plans)
    span = (until - start - timedelta(hours=2)).total_seconds()
    made, courses = [], []
    for number in range(1, count + 1):
        share = rng.random() ** 0.25 if number <= count * 13 // 20 else 1 - rng.random() * 0.06
        at = start + timedelta(hours=1, seconds=int(span * share))
        invented = invent(rng, number, at, names)
        course = Course(house, random.Random(rng.random()), number, invented, plans[invented.plan])  # noqa: S311
        courses.append(course)
        made.append((at, play(course)))
    return made, courses


def _let_time_pass(
    plays: list[tuple[datetime, Iterator[datetime]]],
    organization_id: UUID,
    start: datetime,
    until: datetime,
    progress: Progress,
    stopped: list[str],
) -> int:
    """Resume whichever course comes next, with the clock at its instant, until today; how many acts that were."""
    queue = [(at, n, course) for n, (at, course) in enumerate(plays)]
    heapq.heapify(queue)
    gc.disable()  # thousands of short-lived objects and no cycles worth a walk
    acts, days = 0, (until - start).days
    while queue:
        at, n, course = heapq.heappop(queue)
        with told(at):
            try:
                with entered(organization_id, "synchronous_commit", "off"), all_or_nothing():
                    following = next(course, None)
            except (Refused, Malformed) as no:  # the house said no: this course waits for a person, as it would
                stopped.append(str(no))
                continue
        acts += 1
        progress("ninety days pass", (at - start).days, days)
        if following is not None and following <= until:
            heapq.heappush(queue, (max(following, at), n, course))
    gc.enable()
    return acts
