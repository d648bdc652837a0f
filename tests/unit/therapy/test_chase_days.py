# SPDX-License-Identifier: Apache-2.0
"""From when a signature is chased goes by the days in force on the day of the house, not on UTC's."""
from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from openinfusion.therapy.domain import chase


def test_the_days_in_force_on_the_day_it_was_sent_count(monkeypatch: Any) -> None:
    rows = [{"name": name, "value": value, "effective_from": since} for name in ("after_days", "again_days")
            for value, since in ((7, date(2026, 1, 1)), (3, date(2026, 3, 2)))]
    monkeypatch.setattr(chase, "rows", lambda *where: rows)
    evening = datetime(2026, 3, 2, 2, 30, tzinfo=UTC)  # the first of March in Chicago
    for begin in (chase.first_chase, chase.next_chase):
        assert begin(evening, date(2026, 3, 1)) == evening + timedelta(days=7)
        assert begin(evening, date(2026, 3, 2)) == evening + timedelta(days=3)
