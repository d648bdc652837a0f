# SPDX-License-Identifier: Apache-2.0
"""Load the demonstration: open the house, then let ninety days pass, act by act, in the order of time.

The pharmacies of the house share no stock and no people who are locked, so each one's days may pass in a process of
its own; what is made is the same either way.
"""

from __future__ import annotations

import multiprocessing
import random
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import django

from openinfusion.catalog import public as catalog
from openinfusion.demo.cast import DOMAIN
from openinfusion.demo.days import Days, Progress, pass_here
from openinfusion.demo.invent import invent
from openinfusion.demo.staff import House, open_house
from openinfusion.demo.today import finish
from openinfusion.intake.jobs import keep_authorizations_current
from openinfusion.inventory import public as inventory
from openinfusion.payers import public as payers
from openinfusion.platform.clock import now, told
from openinfusion.platform.installation import new_organization
from openinfusion.platform.permissions import system_actor
from openinfusion.platform.scope import entered

SEED = 797
DAYS = 90
PATIENTS = 150
LATE = 0.11  # how much denser referrals come towards today: the exponent of an even draw over the days; at 1 they come evenly


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was loaded."""

    organization_id: UUID
    house: House
    stopped: list[str]
    acts: int


def load(
    progress: Progress,
    *,
    patients: int = PATIENTS,
    seed: int = SEED,
    days: int = DAYS,
    late: float = LATE,
    domain: str = DOMAIN,
    processes: int = 1,
) -> Loaded:
    """Make the demonstration pharmacy; the same seed makes the same pharmacy."""
    rng, until = random.Random(seed), now()  # noqa: S311  (a made-up pharmacy, not a secret)
    start = until - timedelta(days=days)
    organization_id = new_organization("Northwind Demonstration", is_demo=True)
    with _others(processes) as pool:
        with told(start):
            house = _open(organization_id, start, until, domain, progress)
        parts = _parts(house, rng, patients, late, start, until)
        acts, stopped = _side_by_side(pool, parts, progress) if pool else pass_here(parts, progress)
    progress("the last hour", days, days)
    with entered(organization_id, "synchronous_commit", "off"), told(until):
        for _ in range(2):  # what begins today may run out soon as well
            keep_authorizations_current(by=system_actor(organization_id))
        acts += finish(house)
    return Loaded(organization_id, house, stopped, acts)


def _open(organization_id: UUID, start: datetime, until: datetime, domain: str, progress: Progress) -> House:
    progress("opening the house", 0, 0)
    by = system_actor(organization_id)
    house = open_house(organization_id, start, until, domain)
    catalog.load_catalog(by=by)
    payers.load_payers(by=by)
    for site_id in house.sites.values():
        inventory.open_location(site_id=site_id, code="A1", name="Shelf A1", kind=inventory.PlaceKind.SHELF, by=by)
    return house


def _parts(house: House, rng: random.Random, count: int, late: float, start: datetime, until: datetime) -> list[Days]:
    """Every patient with the instant of its referral, by pharmacy: denser towards today, as a growing house has it."""
    with entered(house.by("executive").organization_id):
        plans = {p.name: p.id for p in payers.plans()}
    names = [n for n in plans if "Part D" not in n] or list(plans)
    span = (until - start - timedelta(hours=2)).total_seconds()
    parts = [Days(house, crew, start, until, rng.random(), apart=crew is house.crews[0]) for crew in house.crews]
    for number in range(1, count + 1):
        share = rng.random() ** late if number <= count * 11 // 20 else 1 - rng.random() * 0.06
        at = start + timedelta(hours=1, seconds=int(span * share))
        part = parts[number % len(parts)]
        invented = invent(rng, number, at, names, part.crew.key)
        part.arrivals.append((at, number, invented, plans[invented.plan], rng.random()))
    return parts


def _silent(what: str, done: int, total: int) -> None:
    """One bar is enough: the first pharmacy's days stand for all."""


@contextmanager
def _others(processes: int) -> Iterator[ProcessPoolExecutor | None]:
    """Processes for the other pharmacies; the first of them loads the rooms while the house is being opened here."""
    if processes < 2:
        yield None
        return
    spawn = multiprocessing.get_context("spawn")  # a fork would share the open connections
    with ProcessPoolExecutor(processes - 1, spawn, initializer=django.setup) as pool:
        pool.submit(_silent, "", 0, 0)
        yield pool


def _side_by_side(pool: ProcessPoolExecutor, parts: list[Days], progress: Progress) -> tuple[int, list[str]]:
    """The first pharmacy's days pass here, every other one's in a process of its own."""
    others = [pool.submit(pass_here, [part], _silent) for part in parts[1:]]
    acts, stopped = pass_here(parts[:1], progress)
    for other in others:
        more, stopped_there = other.result()
        acts, stopped = acts + more, stopped + stopped_there
    return acts, stopped
