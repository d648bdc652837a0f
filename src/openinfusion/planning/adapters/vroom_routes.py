# SPDX-License-Identifier: Apache-2.0
"""A good plan at once by VROOM. It knows windows, breaks, loads and who may go; not pairs, wishes or lengths of a day."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import vroom

from openinfusion.planning.domain.routes.eligible import eligible, windows_of
from openinfusion.planning.domain.routes.problem import RoutingProblem
from openinfusion.planning.domain.routes.timing import Order


def by_vroom(problem: RoutingProblem, level: int, seconds: float) -> Order:
    """The order VROOM finds at this exploration level (1 to 5), within so many seconds; what it drops is missing."""
    given = vroom.Input()
    p = problem.prices
    ways = np.array(problem.duration, np.int64)
    given.set_durations_matrix("car", ways.astype(np.uint32))
    costs = np.array(problem.distance, np.int64) * p.distance + ways * p.paid
    given.set_costs_matrix("car", np.minimum(costs, 1 << 30).astype(np.uint32))
    may = eligible(problem)
    classes = {frozenset(m): n + 1 for n, m in enumerate(dict.fromkeys(frozenset(m) for m in may))}
    dims = problem.dimensions
    for n, s in enumerate(problem.shifts):
        rests = [
            vroom.Break(n * 10 + k, time_windows=[vroom.TimeWindow(r.earliest, r.latest)], service=r.lasts)
            for k, r in enumerate(s.rests)
        ]
        given.add_vehicle(vroom.Vehicle(
            n, start=s.start, end=s.end, capacity=[*s.capacity, *[0] * (dims - len(s.capacity))],
            skills={k for who, k in classes.items() if n in who}, breaks=rests,
            time_window=vroom.TimeWindow(s.begins, s.ends + s.overtime),
            costs=vroom.VehicleCosts(fixed=s.fixed),
        ))  # fmt: skip
    for n, v in enumerate(problem.visits):
        if may[n]:
            given.add_job(vroom.Job(
                n, location=v.place, default_service=v.lasts, skills={classes[frozenset(may[n])]},
                delivery=vroom.Amount([*v.delivers, *[0] * (dims - len(v.delivers))]),
                pickup=vroom.Amount([*v.collects, *[0] * (dims - len(v.collects))]),
                time_windows=[vroom.TimeWindow(w.opens, w.closes) for w in windows_of(problem, v)],
            ))  # fmt: skip
    found = given.solve(exploration_level=level, nb_threads=1, timeout=timedelta(seconds=seconds)).routes
    jobs = found[found["type"] == "job"].sort_values(["arrival"], kind="stable")
    rows = zip(jobs["vehicle_id"], jobs["id"], jobs["arrival"], jobs["waiting_time"], jobs.index, strict=True)
    timed = sorted((int(at) + int(wait), int(row), int(job), int(vehicle)) for vehicle, job, at, wait, row in rows)
    return [(job, vehicle) for _, _, job, vehicle in timed]
