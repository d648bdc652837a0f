# SPDX-License-Identifier: Apache-2.0
"""A quarter of one invented pharmacy, planned each day by ``planning`` and by a clerk.

Kilometres, lateness, overtime, continuity of nurse, use of chairs, and what found no place.

``python -m benchmarks.quarter [--days 65] [--seed 1] [--seconds 1] [--json FILE]``. Both live through the same quarter, day by
day: the same patients, the same sick calls, late deliveries and urgent referrals. Seconds are CPU seconds a plan.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from benchmarks.quarter_clerk import clerked, nearest_free, next_in_turn
from benchmarks.quarter_day import Again, DayLived, Policy, lived_through
from benchmarks.quarter_world import Pharmacy
from openinfusion.planning.domain.routes.change import again
from openinfusion.planning.public import (
    Effort,
    Happening,
    RoutePlan,
    RoutingProblem,
    difference_of,
    first_come,
    plan_routes,
    plan_suite,
    replan_routes,
    timed,
)


@dataclass(frozen=True)
class QuarterFigures:
    """A quarter in figures. ``known_per_mille``: visits by a nurse who had been there, of those where somebody had been."""

    visits: int = 0
    deliveries: int = 0
    seats: int = 0
    not_placed: int = 0
    nurse_metres: int = 0
    driver_metres: int = 0
    late_minutes: int = 0
    late_stops: int = 0  # more than a quarter of an hour
    overtime_minutes: int = 0
    known: int = 0
    could_be_known: int = 0
    moved: int = 0
    chair_slots: int = 0
    chair_slots_open: int = 0
    wait_slots: int = 0
    after_slots: int = 0
    faults: int = 0

    def and_day(self, day: DayLived, known: int, could: int) -> QuarterFigures:
        """The figures with one more day."""
        p, late = day.sitting, (*day.nurses.late, *day.drivers.late)
        asked = {a.name: a.asked for a in p.appointments}
        more = QuarterFigures(
            sum(len(r) for r in day.nurses.stops.values()), sum(len(r) for r in day.drivers.stops.values()), len(day.suite.seats),
            len(day.nurses.left_out) + len(day.drivers.left_out) + len(day.suite.unplaced), day.nurses.metres, day.drivers.metres,
            sum(late), sum(m > 15 for m in late), day.nurses.overtime + day.drivers.overtime, known, could,
            day.nurses.moved + day.drivers.moved,
            sum(max(0, min(s.ends, p.closes) - s.starts) for s in day.suite.seats), len(p.chairs) * (p.closes - p.opens),
            sum(s.starts - asked[s.appointment] for s in day.suite.seats),
            max((s.ends - p.closes for s in day.suite.seats if s.ends > p.closes), default=0), len(day.faults),
        )  # fmt: skip
        return replace(self, **{k: v + getattr(self, k) for k, v in asdict(more).items()})


def planned(seconds: float, clock: Callable[[], float] = time.process_time) -> Policy:
    """The house's planner, with so much time for each plan."""
    effort = Effort(seconds, 1, clock=clock)

    def mend(problem: RoutingProblem, plan: RoutePlan, what: Happening) -> Again:
        found = replan_routes(problem, plan, what, effort)
        return Again(found.what_is_left.problem, found.plan, found.what_is_left.begun, found.difference.others_moved)

    def routes(problem: RoutingProblem) -> RoutePlan:
        return plan_routes(problem, effort)

    annealing = replace(effort, engine="annealing")
    return Policy("planned", routes, routes, mend, mend, lambda problem, calls: plan_suite(problem, annealing))


def first_asked() -> Policy:
    """A clerk: the nearest free nurse in the order of request, the next driver, the first free chair."""

    def mender(choice: Callable[..., Iterable[int]]) -> Callable[[RoutingProblem, RoutePlan, Happening], Again]:
        def mend(problem: RoutingProblem, plan: RoutePlan, what: Happening) -> Again:
            left = again(problem, plan, what)
            kept = _still_possible(left.problem, left.order)
            new = clerked(left.problem, choice, kept)  # type: ignore[arg-type]
            return Again(left.problem, new, left.begun, difference_of(left.problem, new, what.absent).others_moved)

        return mend

    return Policy(
        "first come", lambda p: clerked(p, nearest_free), lambda p: clerked(p, next_in_turn), mender(nearest_free),
        mender(next_in_turn), first_come,
    )  # fmt: skip


def _still_possible(problem: RoutingProblem, order: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The order without what can no longer stand where it stood: it is given out again."""
    kept: list[tuple[int, int]] = []
    for step in order:
        if not timed(problem, [x for x in [*kept, step] if x[1] == step[1]]).miss:
            kept.append(step)
    return kept


def lived(house: Pharmacy, policy: Policy, told: Callable[[int, DayLived], None] = lambda *_: None) -> QuarterFigures:
    """The whole quarter by one policy; who has been at a patient is remembered from day to day."""
    known: dict[str, frozenset[str]] = {}
    found = QuarterFigures()
    for number in range(house.days):
        day = lived_through(house, house.day(number), policy, known)
        made = [(who, s.patient) for who, row in day.nurses.stops.items() for s in row]
        could = [(who, p) for who, p in made if p in known]
        found = found.and_day(day, sum(who in known[p] for who, p in could), len(could))
        for who, patient in made:
            known[patient] = known.get(patient, frozenset()) | {who}
        told(number, day)
    return found


def rows_of(found: QuarterFigures) -> dict[str, str]:
    """What is shown of a quarter."""
    f, routed = found, found.visits + found.deliveries
    return {
        "visits, deliveries, suite days": f"{f.visits:,}, {f.deliveries:,}, {f.seats:,}",
        "not placed": str(f.not_placed),
        "nurses, km": f"{f.nurse_metres / 1000:,.0f}",
        "nurses, km a visit": f"{f.nurse_metres / 1000 / max(1, f.visits):.1f}",
        "drivers, km": f"{f.driver_metres / 1000:,.0f}",
        "drivers, km a delivery": f"{f.driver_metres / 1000 / max(1, f.deliveries):.1f}",
        "lateness, minutes a stop": f"{f.late_minutes / max(1, routed):.2f}",
        "stops more than 15 min late": f"{f.late_stops} ({100 * f.late_stops / max(1, routed):.1f} %)",
        "overtime, hours": f"{f.overtime_minutes / 60:.1f}",
        "visits by a nurse who is known": f"{100 * f.known / max(1, f.could_be_known):.1f} %",
        "given to somebody else during the day": str(f.moved),
        "chairs in use while open": f"{100 * f.chair_slots / max(1, f.chair_slots_open):.1f} %",
        "suite: mean wait, minutes": f"{5 * f.wait_slots / max(1, f.seats):.1f}",
        "suite: after closing, hours": f"{5 * f.after_slots / 60:.1f}",
        "faults the checks found": str(f.faults),
    }


@click.command()
@click.option("--days", default=65, show_default=True, help="Working days.")
@click.option("--seed", default=1, show_default=True)
@click.option("--seconds", default=1.0, show_default=True, help="CPU seconds of each plan.")
@click.option("--json", "target", type=click.Path(path_type=Path), default=None, help="Also write the figures here.")
def main(days: int, seed: int, seconds: float, target: Path | None) -> None:
    """Live through it twice."""
    house = Pharmacy(seed, days)
    begun, found = time.process_time(), {}
    for policy in (first_asked(), planned(seconds)):

        def told(number: int, day: DayLived, name: str = policy.name) -> None:
            for fault in day.faults:
                click.echo(f"{name}, day {number}: {fault}", err=True)

        found[policy.name] = lived(house, policy, told)
    table = Table("", *found, title=f"{days} working days, seed {seed}, {seconds:g} CPU s a plan")
    shown = [rows_of(f) for f in found.values()]
    for name in shown[0]:
        table.add_row(name, *(s[name] for s in shown))
    Console(highlight=False, width=120).print(table)
    click.echo(f"{time.process_time() - begun:.0f} CPU s in all")
    if target:
        target.write_text(json.dumps({name: asdict(f) for name, f in found.items()}, indent=1))


if __name__ == "__main__":
    main()
