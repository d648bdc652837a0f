# SPDX-License-Identifier: Apache-2.0
"""What is left in an opened vial goes to exactly one of the preparations that want it at the same moment.

PARTIAL_ROUNDS sets how many rounds; the suite runs five, a thousand were run once. Three days of vancomycin, because more are made from bulk packages.
"""
from __future__ import annotations

import os
import threading
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from tests.e2e.test_hood_story import in_the_hood

from openinfusion.compounding import public as compounding
from openinfusion.compounding.models import Carry, OpenedContainer
from openinfusion.compounding.public import StepReport
from openinfusion.demo.bench import proofs_of
from openinfusion.kernel.quantity import MG, Quantity
from openinfusion.platform.clock import now
from openinfusion.platform.scope import entered

ROUNDS = int(os.environ.get("PARTIAL_ROUNDS", "5"))


def race(works: list[Callable[[], dict[str, Any]]]) -> list[dict[str, Any]]:
    """Run all at once, each on a connection of its own; what each was told."""
    start, told = threading.Barrier(len(works)), [{} for _ in works]

    def one(n: int, work: Callable[[], dict[str, Any]]) -> None:
        try:
            start.wait(timeout=60)
            told[n] = work()
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=pair) for pair in enumerate(works)]
    for t in threads:
        t.start()
    for t in threads:
        t.join(timeout=120)
    return told


def test_the_last_of_an_opened_vial_has_exactly_one_winner(committed: None, pharmacy: Any, tell_news: Callable[[], int]) -> None:
    """Three preparations, round after round: each wants a whole vial's worth, and one opened vial holds just that."""
    by, rounds, batch = pharmacy.actors["technician"], 0, 0
    while rounds < ROUNDS:
        said = {"drug_code": "vancomycin", "dose": Quantity(Decimal(1000), MG), "days": 3, "interval_hours": 12}
        people = [(f"{family}{batch}", date(1960 + n, 3, 4)) for n, family in enumerate(("Alderton", "Birchley", "Cedarhof"))]
        orders = [in_the_hood(pharmacy, tell_news, patient=one, **said) for one in people]
        with entered(pharmacy.organization_id):
            vials = min(ROUNDS - rounds, sum(line.packages for line in compounding.ingredients(orders[0]) if line.role == "drug"))
        for place in range(1, vials + 1):
            _round(pharmacy.organization_id, orders, place, by)
        rounds, batch = rounds + vials, batch + 1


def _round(organization_id: UUID, orders: list[UUID], place: int, by: Any) -> None:
    with entered(organization_id):
        opened = _opened(orders[0], by.id)
        code = compounding.opened_code(opened)

    def scan(order_id: UUID) -> dict[str, Any]:
        return compounding.record_steps(work_order_id=order_id, reports=[StepReport(place=place, code=code)], by=by)

    told = race([lambda o=o: scan(o) for o in orders])  # type: ignore[misc]
    winners = [t for t in told if not t["stopped"]]
    assert len(winners) == 1 and all("0 mL" in t["stopped"] for t in told if t["stopped"]), told
    with entered(organization_id):
        assert OpenedContainer.objects.get(pk=opened).drawn_ml == Decimal(20) and Carry.objects.filter(opened_id=opened).count() == 1
        _go_on(orders, place, by)


def _opened(order_id: UUID, by: UUID) -> UUID:
    """A vial that stands opened with all of it left, of the lot that was staged."""
    drug = compounding.ingredients(order_id)[0]
    use, order = drug.lots[0], compounding.work_order(order_id)
    row = OpenedContainer(
        product_id=drug.product_id, name=drug.name, lot_id=use.lot_id, lot_number=use.number, lot_expires_on=use.expires_on,
        site_id=order.site_id, hood_id=order.hood_id, work_order_id=order_id, ingredient_id=drug.id, opened_at=now(), opened_by=by,
        opener_name="T", good_until=now() + timedelta(hours=12), because="12 hours", volume_ml=Decimal(20), drawn_ml=Decimal(0), code="",
    )
    row.code = compounding.opened_code(row.id)[4:12]
    row.save(force_insert=True)
    return row.id


def _go_on(orders: list[UUID], number: int, by: Any) -> None:
    """Those who lost acknowledge it and open a package of their own."""
    for order_id in orders:
        for report in compounding.reports(order_id):
            if report.stopping:
                compounding.advance_report(report_id=report.id, step="acknowledge", by=by)
                compounding.record_steps(work_order_id=order_id, reports=[proofs_of(order_id)[number - 1]], by=by)
