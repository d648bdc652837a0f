# SPDX-License-Identifier: Apache-2.0
"""Published job shops as days at the bench: jobs are preparations, machines stations, and all counts until the last is done."""

from __future__ import annotations

from pathlib import Path

from openinfusion.planning.public import BatchPrices, BatchProblem, Preparation, Station, WorkStep

DONE = 8  # points of a unit of time; what a preparation late by one slot costs at the bench


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
