# SPDX-License-Identifier: Apache-2.0
"""A day of 200 preparations planned to proven optimum, in time and in money; the baselines are the two habits.

Vial sizes are those of the United States market; the doses are drawn from a seed, and the price of a vial is taken as
proportional to what it holds, as the share of money wasted then is the share of drug wasted.
"""

from __future__ import annotations

import random
import statistics
import time
from decimal import Decimal
from typing import Any

from rich.console import Console
from rich.table import Table

from openinfusion.planning.public import Dose, VialPlan, VialProblem, VialSize, largest_first, one_size, plan_vials, vial_faults

SEED, PREPARATIONS, ROUNDS = 5, 200, 15
# Drug: vial sizes, and the least and greatest dose of a day, in one unit.
DRUGS: dict[str, tuple[tuple[int, ...], int, int]] = {
    "infliximab": ((100,), 300, 900), "trastuzumab": ((150, 420), 300, 650), "rituximab": ((100, 500), 550, 850),
    "bortezomib": ((35,), 18, 30), "immune globulin": ((50, 100, 200), 250, 500), "daptomycin": ((350, 500), 400, 900),
    "vancomycin": ((500, 750, 1000), 750, 2000), "bevacizumab": ((100, 400), 350, 1100),
}  # fmt: skip


def day(drug: str, count: int, rng: random.Random, keeps: int) -> VialProblem:
    """So many doses of a drug between 08:00 and 16:00."""
    sizes, least, most = DRUGS[drug]
    doses = tuple(Dose(f"{drug} {n}", Decimal(rng.randint(least, most)), rng.randrange(0, 480, 15)) for n in range(count))
    return VialProblem(tuple(VialSize(f"{s}", Decimal(s), s * 100) for s in sizes), doses, keeps)


def rows() -> list[dict[str, Any]]:
    """The time of the whole day's plan without and with sharing, and what it saves against each habit."""
    found = []
    for keeps, words in ((0, "each vial for one dose"), (360, "vials shared for 6 h"), (720, "vials shared for 12 h")):
        rng = random.Random(SEED)
        problems = [day(drug, PREPARATIONS // len(DRUGS), rng, keeps) for drug in DRUGS]
        runs, plans = [], []
        for _ in range(ROUNDS):
            begun = time.perf_counter()
            plans = [plan_vials(p) for p in problems]
            runs.append((time.perf_counter() - begun) * 1000)
        assert all(plan.proven and not vial_faults(p, plan) for p, plan in zip(problems, plans, strict=True))
        found.append(_row(words, runs, plans, problems))
    return found


def _row(words: str, runs: list[float], plans: list[VialPlan], problems: list[VialProblem]) -> dict[str, Any]:
    cents = sum(p.cents for p in plans)
    single, clerk = sum(one_size(p).cents for p in problems), sum(largest_first(p).cents for p in problems)
    ordered = sorted(runs)
    return {
        "name": f"vials of {PREPARATIONS} preparations, {words}", "unit": "ms", "median": statistics.median(ordered),
        "p95": ordered[int(len(ordered) * 0.95) - 1], "wasted_percent": float(sum(p.wasted_cents for p in plans) / cents * 100),
        "saved_against_one_size_percent": (single - cents) / single * 100,
        "saved_against_largest_first_percent": (clerk - cents) / clerk * 100,
    }


def show(console: Console, found: list[dict[str, Any]]) -> None:
    """The table."""
    table = Table("plan", "median ms", "p95 ms", "wasted", "saved: one size", "saved: largest first", title="Vials of a day")
    for r in found:
        table.add_row(
            r["name"], f"{r['median']:.1f}", f"{r['p95']:.1f}", f"{r['wasted_percent']:.1f} %",
            f"{r['saved_against_one_size_percent']:.1f} %", f"{r['saved_against_largest_first_percent']:.1f} %",
        )
    console.print(table)


if __name__ == "__main__":
    show(Console(highlight=False), rows())
