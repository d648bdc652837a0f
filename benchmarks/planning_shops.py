# SPDX-License-Identifier: Apache-2.0
"""Published problems as days of the product: job shops at the bench, projects in a suite. All counts until the last is done."""

from __future__ import annotations

from pathlib import Path

from openinfusion.planning.public import (
    Appointment,
    BatchPrices,
    BatchProblem,
    Means,
    Preparation,
    Station,
    SuiteNurse,
    SuitePrices,
    SuiteProblem,
    WorkStep,
)

DONE = 8  # points of a unit of time; what a preparation late by one slot costs at the bench
WAITS = 40  # points of a unit of time until the last ends, so that the search is as warm as on a day with several who wait


def flexible_job_shop(file: Path) -> BatchProblem:
    """A file of Brandimarte's: jobs and machines; then for each job its operations, each with the machines and their times."""
    said = [int(float(w)) for line in file.read_text().splitlines()[1:] for w in line.split()]
    jobs, machines = (int(w) for w in file.read_text().split()[:2])
    at, rows = 0, []

    def take(count: int) -> list[int]:
        nonlocal at
        at += count
        return said[at - count : at]

    for n in range(jobs):
        steps = []
        for _ in range(take(1)[0]):
            pairs = take(2 * take(1)[0])
            steps.append(WorkStep(tuple((f"machine {m}", lasts) for m, lasts in zip(pairs[::2], pairs[1::2], strict=True))))
        longest = sum(max(lasts for _, lasts in s.at) for s in steps)
        rows.append(Preparation(f"job {n}", tuple(steps), 0, 0, longest))
    closes = sum(r.bud for r in rows)
    stations = tuple(Station(f"machine {m}", 0, closes) for m in range(1, machines + 1))
    return BatchProblem(stations, (), tuple(rows), prices=BatchPrices(late=0, change=0, done=DONE))


def project(file: Path) -> SuiteProblem:
    """A project of PSPLIB: activities are appointments that come after each other, its resources means, chairs for everybody.

    Only the last activity, which all others come before, costs by when it begins: the length of the project.
    """
    said = [[int(w) for w in line.split()] for line in file.read_text().splitlines() if line.strip()]
    counts, activities = said[1], said[2:]
    kinds, last = len(counts), len(activities) - 1
    before: dict[int, list[int]] = {n: [] for n in range(len(activities))}
    for n, row in enumerate(activities):
        for follower in row[kinds + 2 :]:
            before[follower - 1].append(n)
    rows = tuple(
        Appointment(
            f"activity {n}", 0, max(1, lasts), 0, 0, 0, 0, 0, WAITS * int(n == last),
            after=tuple(f"activity {b}" for b in before[n] if b), uses=tuple((f"means {k}", c) for k, c in enumerate(needs) if c),
        )
        for n, (lasts, *needs) in ((n, row[: kinds + 1]) for n, row in enumerate(activities)) if n
    )  # fmt: skip
    latest = sum(a.lasts for a in rows)
    chairs = tuple(f"chair {n}" for n in range(len(rows)))
    means = tuple(Means(f"means {k}", c) for k, c in enumerate(counts))
    return SuiteProblem(chairs, (SuiteNurse("nurse", 0, latest),), rows, 0, latest, latest,
                        prices=SuitePrices(wait=1, after=0, beyond=0), means=means)  # fmt: skip
