# SPDX-License-Identifier: Apache-2.0
"""Invented suite days and days at the bench; the same seed is the same day."""

from __future__ import annotations

import random

from openinfusion.planning.public import (
    Appointment,
    BatchProblem,
    Family,
    Preparation,
    Station,
    SuiteNurse,
    SuiteProblem,
    WorkStep,
    at_hoods,
)


def suite(seed: int, patients: int = 12, chairs: int | None = None) -> SuiteProblem:
    """Nine and a half hours in slots of five minutes, the bench 90 minutes earlier; breaks by thirds."""
    r = random.Random(seed)
    seats = chairs or max(3, round(patients / 3.1))
    count = max(2, round(seats / 3.6))
    nurses = tuple(SuiteNurse(f"nurse {n}", 18, 160, ((66 + 8 * (n % 3), 74 + 8 * (n % 3)),)) for n in range(count))
    rows = []
    for n in range(patients):
        lasts = r.choices([6, 12, 24, 36, 48, 66], [18, 27, 25, 16, 10, 4])[0]
        early = r.choices(range(0, 85, 6), [3, 3, 3, 3, 3, 3, 2, 2, 2, 2, 1.5, 1.5, 1, 1, 1])[0]
        asked = 18 + min(early, 108 - lasts)
        rows.append(Appointment(
            f"patient {n}", asked, lasts, 3, 1, r.choices([1, 2], [8, 2])[0], r.choices([2, 3, 5, 8], [3, 4, 2, 1])[0],
            r.choices([12, 48, 96], [1, 3, 6])[0], r.choice([1, 1, 1, 2]), r.choices([6, 24, 60], [3, 4, 3])[0],
        ))  # fmt: skip
    named = tuple(f"chair {n}" for n in range(1, seats + 1))
    return SuiteProblem(named, nurses, tuple(rows), 18, 132, 260, 4, max(1, round(patients / 22)))


def bench(seed: int, count: int = 20, checkers: int = 0) -> BatchProblem:
    """Courier waves and chairs against a few hoods; a quarter of the families is hazardous; so many pharmacists check."""
    r = random.Random(seed)
    kinds = max(4, count // 7)
    hazards = [r.random() < 0.25 for _ in range(kinds)]
    families = tuple(Family(f"family {n}", 4 if h else r.choice([2, 2, 3]), h) for n, h in enumerate(hazards))
    rows = []
    for _ in range(count):
        family = r.choices(families, [1 / (k + 1) for k in range(kinds)])[0]
        due = r.choice([30, 54, 78, 102]) if r.random() < 0.7 else r.randrange(18, 96, 3)
        rows.append((family, r.choices([1, 2, 3, 6], [35, 40, 20, 5])[0], max(0, due - r.choice([18, 36, 60, 90])), due,
                     r.choices([48, 72, 288], [15, 25, 60])[0], r.choice([1, 1, 3])))  # fmt: skip
    hazard = sum(lasts for family, lasts, *_ in rows if family.hazardous)
    plain = sum(lasts for _, lasts, *_ in rows) - hazard
    hoods = [Station(f"hood {n}", 0, 300) for n in range(max(1, round(plain / 60)))]
    hoods += [Station(f"hazardous hood {n}", 0, 300, True) for n in range(max(1, round(hazard / 55)))]
    desks = tuple(Station(f"pharmacist {n}", 0, 300) for n in range(checkers))
    check = (WorkStep(tuple((d.name, 1) for d in desks)),) if desks else ()
    made = tuple(Preparation(f"dose {n}", (at_hoods(hoods, family, lasts), *check), release, due, bud, weight)
                 for n, (family, lasts, release, due, bud, weight) in enumerate(rows))  # fmt: skip
    return BatchProblem((*hoods, *desks), families, made)
