# SPDX-License-Identifier: Apache-2.0
"""The weeks of what was used are those of the site: Sunday evening is not Monday, and no summer time moves a week."""
from __future__ import annotations

from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from openinfusion.inventory.models import Movement
from openinfusion.inventory.queries.demand import weekly_use
from openinfusion.platform.clock import told

DRUG = "cefTRIAXone 1 g"
ZONE = ZoneInfo("America/Chicago")
MONDAY = datetime(2026, 11, 16, tzinfo=ZONE).date()


def three_issued(store: Any, at: datetime) -> None:
    """Three packages issued at an instant."""
    lot_id = store.lot(DRUG, 10, "W1")
    (row,) = Movement.objects.filter(lot_id=lot_id)
    with told(at):
        Movement.objects.create(kind="issue", lot_id=lot_id, location_id=row.location_id, on_hand_amount=Decimal(-3),
                                moved_by=row.moved_by, mover_name=row.mover_name)


@pytest.mark.parametrize(("days", "clock", "week"), [
    (-1, time(20, 30), 0),  # Sunday evening: Monday by UTC
    (0, time(0, 30), 1),
    (6, time(23, 30), 1),
    (-7 * 3, time(0, 30), -2),  # the first week after the clocks were put back stands between
])
def test_what_was_used_counts_in_the_week_of_the_site(store: Any, days: int, clock: time, week: int) -> None:
    used = datetime.combine(MONDAY + timedelta(days=days), clock, ZONE)
    three_issued(store, used)
    with told(datetime.combine(MONDAY + timedelta(days=7), time(9), ZONE)):
        found = weekly_use(store.bench.site_id, weeks=52)[store.product(DRUG).id]
    assert (len(found), sum(found), found[0]) == (2 - week, Decimal(3), Decimal(3))


def test_on_sunday_evening_this_week_is_not_over(store: Any) -> None:
    three_issued(store, datetime.combine(MONDAY + timedelta(days=2), time(10), ZONE))
    with told(datetime.combine(MONDAY + timedelta(days=6), time(20, 30), ZONE)):
        assert weekly_use(store.bench.site_id) == {}
    with told(datetime.combine(MONDAY + timedelta(days=7), time(0, 30), ZONE)):
        assert list(weekly_use(store.bench.site_id)) == [store.product(DRUG).id]
