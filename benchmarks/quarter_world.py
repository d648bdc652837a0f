# SPDX-License-Identifier: Apache-2.0
"""One invented pharmacy over a quarter: who is a patient when, and what each working day brings. A seed is a quarter.

Nothing here is data of real patients. Homes lie within 25 km of the pharmacy; ways are planning's own assumption.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

from openinfusion.dispatch.domain.day_plan import PlanKind
from openinfusion.dispatch.domain.figures import assumed_on
from openinfusion.planning.public import (
    Appointment,
    Place,
    Prices,
    RoutingProblem,
    Shift,
    SuiteNurse,
    SuiteProblem,
    Visit,
    Window,
    travel_row,
    ways_between,
)

MONDAY = date(2026, 1, 5)
DAYS_A_WEEK = 5
NOON_NEWS = 11 * 60  # when the dispatcher hears what became of the day
LATE = 300  # points a minute after the wished hour, as much as a driver's overtime; the house has no such price of its own yet
PARTS = {"morning": (8 * 60, 13 * 60), "afternoon": (12 * 60, 17 * 60), "any": (8 * 60, 17 * 60)}
KINDS = {  # competence, working days between visits, minutes, working days between deliveries; share of new patients
    "line care": ("picc", 5, 45, 5, 5),
    "nutrition": ("port", 5, 60, 3, 2),
    "infusion at home": ("ivig", 15, 180, 15, 3),
}
SKILLS = (("picc", "port", "ivig"), ("picc", "port"), ("picc", "ivig"), ("picc", "port", "ivig"), ("picc",), ("picc", "port"))
HOLDS = (30, 40)  # working days between suite days


@dataclass(frozen=True, slots=True)
class Patient:
    """One course: from the first working day to the last. ``kind``: of KINDS, or suite."""

    name: str
    place: Place
    kind: str
    first: int
    last: int
    part: str = "any"
    every: int = 0
    lasts: int = 0


@dataclass(frozen=True, slots=True)
class News:
    """What happens on a day after its plan is made. ``late``: minutes by which a delivery comes later than planned."""

    sick: str = ""
    late: tuple[tuple[str, int], ...] = ()
    urgent: tuple[Patient, ...] = ()

    @property
    def anything(self) -> bool:
        return bool(self.sick or self.late or self.urgent)


@dataclass(frozen=True, slots=True)
class DayAsked:
    """What a day is to bring, in the order in which it was asked for. ``first_doses``: visits that wait for their delivery."""

    number: int
    visits: tuple[Patient, ...]
    deliveries: tuple[Patient, ...]
    suite: tuple[Appointment, ...]
    calls: tuple[int, ...]
    first_doses: frozenset[str]
    news: News


@dataclass(frozen=True)
class Pharmacy:
    """The house: people, vans, chairs; and its quarter."""

    seed: int = 1
    days: int = 65
    at_first: int = 280
    a_day: float = 5.5
    nurses: int = 6
    drivers: int = 3
    chairs: int = 6

    @cached_property
    def base(self) -> Place:
        return Place("pharmacy", "41.8800", "-87.7500")

    @cached_property
    def crew(self) -> tuple[tuple[str, Place, frozenset[str]], ...]:
        """Nurses: each leaves from her own home; everybody knows the first competence, fewer the others."""
        r = random.Random(f"{self.seed}/crew")
        return tuple((f"nurse {n}", _home(r, f"home of nurse {n}"), frozenset(SKILLS[n % 6])) for n in range(self.nurses))

    @cached_property
    def patients(self) -> tuple[Patient, ...]:
        """Everybody who is a patient at any time of the quarter."""
        r = random.Random(f"{self.seed}/patients")
        found = [_patient(r, n, -r.randrange(40)) for n in range(self.at_first)]
        for day in range(self.days):
            for _ in range(_arrivals(r, self.a_day)):
                found.append(_patient(r, len(found), day))
        return tuple(found)

    def day(self, number: int) -> DayAsked:
        """What the day brings. Urgent patients of other days are not known before theirs."""
        r = random.Random(f"{self.seed}/day {number}")
        here = [p for p in self.patients if p.first <= number <= p.last]
        visits = [p for p in here if p.kind in KINDS and (number - p.first) % KINDS[p.kind][1] == 0]
        news = self._news(r, number, visits)
        urgent = {p.name for p in news.urgent}
        deliveries = [p for p in here if p.kind in KINDS and p.name not in urgent and _delivered(p, number)]
        suite = [_appointment(r, p) for p in here if p.kind == "suite" and (number - p.first) % p.every == 0]
        visits = [p for p in visits if p.name not in urgent]
        for asked in (visits, deliveries):
            r.shuffle(asked)
        calls = list(range(len(suite)))
        r.shuffle(calls)
        firsts = {p.name for p in visits if p.first == number} | urgent
        return DayAsked(number, tuple(visits), tuple(deliveries), tuple(suite), tuple(calls), frozenset(firsts), news)

    def _news(self, r: random.Random, number: int, visits: list[Patient]) -> News:
        sick = r.choice(self.crew)[0] if r.random() < 0.07 else ""
        urgent = tuple(p for p in visits if p.first == number)[:1] if r.random() < 0.25 else ()
        known = [p.name for p in visits if p not in urgent and _delivered(p, number)]
        late = ((r.choice(known), r.choice([60, 90, 120])),) if known and r.random() < 0.3 else ()
        return News(sick, late, urgent)

    def nursing(self, asked: DayAsked, known: dict[str, frozenset[str]]) -> RoutingProblem:
        """The nurses' day. ``known``: who has been at a patient before. Urgent homes are places already, not yet visits."""
        people = [*asked.visits, *asked.news.urgent]
        places = [place for _, place, _ in self.crew] + [p.place for p in people]
        shifts = tuple(Shift(name, name, n, n, 8 * 60, 17 * 60, 60, skills=has) for n, (name, _, has) in enumerate(self.crew))
        visits = tuple(
            visit_of(p, n, known.get(p.name, frozenset()) & {c[0] for c in self.crew})
            for n, p in enumerate(people, len(self.crew))
        )  # fmt: skip
        prices = replace(assumed_on(PlanKind.NURSES, day_of(asked.number)).prices(several=False), late=LATE)
        return _problem(places, shifts, visits[: len(asked.visits)], prices, asked.number)

    def driving(self, asked: DayAsked) -> RoutingProblem:
        """The drivers' day, out of the pharmacy."""
        people = [*asked.deliveries, *asked.news.urgent]
        shifts = tuple(Shift(f"driver {n}", f"driver {n}", 0, 0, 8 * 60, 17 * 60, 60) for n in range(self.drivers))
        visits = tuple(delivery_of(p, n, p.name in asked.first_doses) for n, p in enumerate(people, 1))
        prices = replace(assumed_on(PlanKind.DRIVERS, day_of(asked.number)).prices(several=False), late=LATE)
        places = [self.base, *(p.place for p in people)]
        return _problem(places, shifts, visits[: len(asked.deliveries)], prices, asked.number)

    def sitting(self, asked: DayAsked) -> SuiteProblem:
        """The suite's day in slots of five minutes; the bench opens ninety minutes earlier."""
        chairs = tuple(f"chair {n}" for n in range(1, self.chairs + 1))
        nurses = tuple(SuiteNurse(f"suite nurse {n}", 18, 160, ((66 + 8 * n, 74 + 8 * n),)) for n in range(2))
        return SuiteProblem(chairs, nurses, asked.suite, 18, 120, 200, 4, 1)


def visit_of(p: Patient, place: int, known: frozenset[str]) -> Visit:
    """A visit within the patient's part of the day, wished for its first two hours."""
    opens, closes = PARTS[p.part]
    skill, _, lasts, _, _ = KINDS[p.kind]
    wished = (Window(opens, opens + 120),) if p.part != "any" else ()
    return Visit(p.name, place, lasts, (Window(opens, closes),), wished, frozenset({skill}), prefers=known, patient=p.name)


def delivery_of(p: Patient, place: int, first: bool = False, opens: int = 0) -> Visit:
    """A delivery to the same patient: eight minutes at the door. Where a nurse waits for it, it is wished before eleven."""
    begins, closes = (8 * 60, 17 * 60) if first else PARTS[p.part]
    begins, wished = max(begins, opens), max(begins, opens, (11 if first else 14) * 60)
    return Visit(p.name, place, 8, (Window(begins, max(begins, closes)),), (Window(begins, wished),), patient=p.name)


def day_of(number: int) -> date:
    """The calendar day of a working day of the quarter."""
    week, day = divmod(number, DAYS_A_WEEK)
    return MONDAY + timedelta(days=7 * week + day)


def _delivered(p: Patient, number: int) -> bool:
    return (number - p.first) % KINDS[p.kind][3] == 0


def _patient(r: random.Random, n: int, first: int) -> Patient:
    """A course of two to sixteen weeks at home, or three visits and more to the suite."""
    place = _home(r, f"home of patient {n}")
    if r.random() < 0.45:
        every = r.choice(HOLDS) if r.random() < 0.5 else 20
        return Patient(f"patient {n}", place, "suite", first, first + every * r.randrange(3, 9), every=every,
                       lasts=r.choices([12, 24, 36, 48], [3, 4, 2, 1])[0])  # fmt: skip
    kind = r.choices(list(KINDS), [k[4] for k in KINDS.values()])[0]
    return Patient(f"patient {n}", place, kind, first, first + r.randrange(10, 80), r.choices(list(PARTS), [3, 2, 4])[0])


def _home(r: random.Random, name: str) -> Place:
    """A place east and west of the pharmacy, nearer ones more often."""
    return Place(name, f"{41.88 + r.triangular(-0.22, 0.22):.4f}", f"{-87.75 + r.triangular(-0.28, 0.28):.4f}")


def _appointment(r: random.Random, p: Patient) -> Appointment:
    asked = 18 + min(r.choices(range(0, 80, 8), [4, 4, 3, 3, 2, 2, 1, 1, 1, 1])[0], 102 - p.lasts)
    return Appointment(p.name, asked, p.lasts, 3, 1, r.choices([1, 2], [8, 2])[0], 3, 48, 1, r.choice([6, 24]))


def _arrivals(r: random.Random, mean: float) -> int:
    """How many come in a day: a Poisson number by its waiting times."""
    left, count = r.expovariate(1), 0
    while left < mean:
        left, count = left + r.expovariate(1), count + 1
    return count


def _problem(
    places: list[Place], shifts: tuple[Shift, ...], visits: tuple[Visit, ...], prices: Prices, number: int
) -> RoutingProblem:
    ways = ways_between(places, travel_row("", day_of(number)))
    named = tuple(replace(p, name=f"{n} {p.name}") for n, p in enumerate(places))
    return RoutingProblem(named, ways.metres, ways.minutes, shifts, visits, prices=prices, name=f"day {number}")
