# SPDX-License-Identifier: Apache-2.0
"""What is measured, and how: whole requests in one process, warm, at least thirty of each where there are so many."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.test import Client
from rich.console import Console
from rich.table import Table

from openinfusion.clinical.models import Review
from openinfusion.compounding import public as compounding
from openinfusion.demo.bench import compound, hands_for, label, restock, stage
from openinfusion.demo.course import Course
from openinfusion.demo.load import Loaded
from openinfusion.demo.staff import House
from openinfusion.kernel.refusal import Refused
from openinfusion.patients.models import Patient
from openinfusion.platform.models import User
from openinfusion.platform.scope import entered
from openinfusion.therapy.models import Prescription

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
ZONE = ZoneInfo("America/Chicago")
TIMES = 30
WARM = 3
RELEASES = 16
_NOBODY: Any = None  # the bench asks nothing of the person a course was invented for


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds of one thing, each run."""

    runs: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.runs)

    @property
    def p95(self) -> float:
        return sorted(self.runs)[max(0, round(len(self.runs) * 0.95) - 1)]


@dataclass(frozen=True, slots=True)
class Result:
    """All timings at one size."""

    timings: dict[str, Timing]

    def rows(self, size: int, baseline: Result) -> list[dict[str, Any]]:
        return [
            {
                "name": name,
                "patients": size,
                "runs": len(t.runs),
                "median": round(t.median, 1),
                "p95": round(t.p95, 1),
                "unit": "ms",
                "baseline": round(baseline.timings[name].median, 1),
                "ratio": round(t.median / baseline.timings[name].median, 2),
            }
            for name, t in self.timings.items()
            if name in baseline.timings
        ]


def all_of(loaded: Loaded) -> Result:
    """Home queue, chart, verification page, release action."""
    organization_id = loaded.organization_id
    with entered(organization_id):
        patients = list(Patient.objects.order_by("-made_at").values_list("id", flat=True)[: TIMES + WARM])
        reviews = list(Review.objects.order_by("-made_at").values_list("id", flat=True)[: TIMES + WARM])
    pharmacist, intake = _client(loaded, "pharmacist"), _client(loaded, "intake")
    found = {
        "home queue": _pages(intake, ["/"] * (TIMES + WARM)),
        "chart": _pages(pharmacist, [f"/chart/{p}/" for p in patients]),
        "verification page": _pages(pharmacist, [f"/clinical/reviews/{r}/" for r in reviews]),
    }
    released = _releases(loaded)
    if released.runs:
        found["release action"] = released
    return Result(found)


def _client(loaded: Loaded, key: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(email=loaded.house.emails[key]), backend=BACKEND)
    return client


def _pages(client: Client, urls: list[str]) -> Timing:
    return Timing(tuple(_timed(lambda url=url: _get(client, url)) for url in urls)[WARM:])


def _get(client: Client, url: str) -> None:
    answer = client.get(url)
    if answer.status_code != 200:
        raise RuntimeError(f"{url} answered {answer.status_code}")


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


def _releases(loaded: Loaded) -> Timing:
    """Carry planned work orders to the last step with the demonstration's people; only that step is timed."""
    house, runs, orders = loaded.house, [], []
    with entered(loaded.organization_id):
        active = list(Prescription.objects.filter(state="active").order_by("-made_at").values_list("id", flat=True)[:60])
    for prescription_id in active:
        if len(orders) == RELEASES:
            break
        try:
            orders.append(compounding.plan_work_order(prescription_id=prescription_id, by=house.by("pharmacist")))
        except Refused:  # nothing is due for this one
            continue
    for number, order_id in enumerate(orders):
        with entered(loaded.organization_id):
            if not _label(house, order_id, number):
                continue
        by = house.by("pharmacist", signing=True)
        runs.append(
            _timed(
                lambda order_id=order_id, by=by: compounding.advance_work_order(work_order_id=order_id, step="dispense", by=by)
            )
        )
    return Timing(tuple(runs[1:]))


def _label(house: House, order_id: UUID, number: int) -> bool:
    """Everything up to the label, as the demonstration's bench does it; False where the house says no."""
    order = compounding.work_order(order_id)
    crew = next(c for c in house.crews if c.site_id == order.site_id)
    course = Course(house, crew, random.Random(number), number, _NOBODY, order.patient_id)
    hands = hands_for(course, order.hazardous)
    try:
        restock(course, order_id)
        compounding.advance_work_order(work_order_id=order_id, step="release", by=hands.pharmacist)
        stage(hands, order_id)
        compound(hands, order_id)
        label(hands, order_id)
    except Refused:
        return False
    return True


def show(console: Console, rows: list[dict[str, Any]]) -> None:
    table = Table("what", "patients", "runs", "median ms", "p95 ms", "against the small size")
    for r in rows:
        table.add_row(r["name"], f"{r['patients']:,}", str(r["runs"]), str(r["median"]), str(r["p95"]), f"× {r['ratio']}")
    console.print(table)
