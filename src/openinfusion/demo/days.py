# SPDX-License-Identifier: Apache-2.0
"""The ninety days of one or more pharmacies: whatever course comes next is resumed, with the clock at its instant."""

from __future__ import annotations

import gc
import heapq
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from openinfusion.demo.apart import apart
from openinfusion.demo.course import Course, play
from openinfusion.demo.invent import Invented
from openinfusion.demo.routine import routine
from openinfusion.demo.staff import Crew, House
from openinfusion.kernel.refusal import Malformed, Refused
from openinfusion.platform.clock import told
from openinfusion.platform.scope import all_or_nothing, entered

Progress = Callable[[str, int, int], None]
Arrival = tuple[datetime, int, Invented, UUID, float]  # when, the patient's number, who, the plan's id, a seed


@dataclass(slots=True)
class Days:
    """What happens at one pharmacy: its routine and who comes when."""

    house: House
    crew: Crew
    start: datetime
    until: datetime
    seed: float
    arrivals: list[Arrival] = field(default_factory=list)
    apart: bool = False  # the patients of other kinds come to this pharmacy


def pass_here(parts: list[Days], progress: Progress) -> tuple[int, list[str]]:
    """Let the days of these pharmacies pass in this process; how many acts that were, and what stopped."""
    plays: list[tuple[datetime, Iterator[datetime]]] = []
    courses: list[Course] = []
    for part in parts:
        plays.append(routine(part.house, part.crew, part.start, part.until, random.Random(part.seed)))  # noqa: S311
        plays += apart(part.house, part.crew, part.until) if part.apart else []
        for at, number, invented, plan_id, seed in part.arrivals:
            courses.append(Course(part.house, part.crew, random.Random(seed), number, invented, plan_id))  # noqa: S311
            plays.append((at, play(courses[-1])))
    acts, stopped = _let_time_pass(plays, parts[0], progress)
    return acts, stopped + [reason for course in courses for reason in course.stopped]


def _let_time_pass(
    plays: list[tuple[datetime, Iterator[datetime]]], part: Days, progress: Progress
) -> tuple[int, list[str]]:
    organization_id = part.house.by("executive").organization_id
    queue = [(at, n, course) for n, (at, course) in enumerate(plays)]
    heapq.heapify(queue)
    gc.disable()  # thousands of short-lived objects and no cycles worth a walk
    acts, days, stopped = 0, (part.until - part.start).days, []
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
        progress("ninety days pass", (at - part.start).days, days)
        if following is not None and following <= part.until:
            heapq.heappush(queue, (max(following, at), n, course))
    gc.enable()
    return acts, stopped
