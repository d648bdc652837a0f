# SPDX-License-Identifier: Apache-2.0
"""The checks of verification, timed: in memory, one order through the database, and a whole night of the nightly review.

The baseline of each is the judgement in memory of the same orders, so that the share of the database shows.
"""

from __future__ import annotations

import statistics
import time
from typing import Any
from uuid import UUID

from rich.console import Console
from rich.table import Table

from openinfusion.clinical.actions.watch import BATCH, changed
from openinfusion.clinical.domain.checks import judge
from openinfusion.clinical.queries import facts_for, facts_of_many, retired_rules
from openinfusion.platform.scope import entered
from openinfusion.therapy import public as therapy

ORDERS = 200
ROUNDS = 5
NIGHT = 50_000  # active prescriptions of a large house


def rows(organization_id: UUID) -> list[dict[str, Any]]:
    """Each way of judging, in milliseconds for one order, with how many orders a second that is."""
    with entered(organization_id):
        orders = therapy.prescriptions(therapy.open_order_ids(None, ORDERS))
        facts = list(facts_of_many(orders).values())
    if not orders:
        return []
    memory = [_each(lambda: [judge(f) for f in facts], len(facts)) for _ in range(ROUNDS + 1)][1:]
    single = [_timed(lambda order=order: _review(organization_id, order.id)) for order in orders][3:]
    nightly, reviewed = _night(organization_id)
    base = statistics.median(memory)
    return [_row(name, runs, base) for name, runs in (
        ("judgement in memory", memory), ("full review of one order, from the database", single),
        (f"nightly review of all {reviewed:,} orders, in batches", nightly),
    ) if runs]


def _review(organization_id: UUID, prescription_id: UUID) -> None:
    """What the verification page asks for: order, chart, other orders and catalog, then every check."""
    with entered(organization_id):
        judge(facts_for(therapy.prescription(prescription_id)), retired_rules())


def _night(organization_id: UUID) -> tuple[list[float], int]:
    """One whole night on one core: milliseconds an order of each batch of the job, and how many orders there were."""
    runs, reviewed, after = [], 0, None
    while True:
        with entered(organization_id):
            begun = time.perf_counter()
            if not (ids := therapy.open_patient_ids(after, BATCH)):
                return runs, reviewed
            running = therapy.open_orders(ids)
            orders = [order for mine in running.values() for order in mine]
            changed(orders, running)
            runs.append((time.perf_counter() - begun) * 1000 / len(orders))
            reviewed, after = reviewed + len(orders), ids[-1]


def _timed(work: Any) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


def _each(work: Any, how_many: int) -> float:
    return _timed(work) / how_many


def _row(name: str, runs: list[float], base: float) -> dict[str, Any]:
    median = statistics.median(runs)
    return {
        "name": name,
        "runs": len(runs),
        "median": round(median, 3),
        "p95": round(sorted(runs)[max(0, round(len(runs) * 0.95) - 1)], 3),
        "unit": "ms",
        "per_second": round(1000 / median),
        "minutes_for_50000": round(NIGHT * median / 60_000, 1),
        "baseline": round(base, 3),
        "ratio": round(median / base, 1),
    }


def show(console: Console, rows: list[dict[str, Any]]) -> None:
    """The rows as a table."""
    table = Table("review", "runs", "median ms", "p95 ms", "orders a second", "minutes for 50,000", "against memory")
    for r in rows:
        table.add_row(r["name"], str(r["runs"]), str(r["median"]), str(r["p95"]), f"{r['per_second']:,}",
                      str(r["minutes_for_50000"]), f"× {r['ratio']}")
    console.print(table)
