# SPDX-License-Identifier: Apache-2.0
"""Which row of the beyond-use table is in force goes by the day of the site where it is made."""
from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from openinfusion.compounding.domain.beyond_use import BeyondUseFacts, Storage, TableRow
from openinfusion.kernel.standing import Source, Standing


def test_a_row_of_tomorrow_does_not_hold_this_evening() -> None:
    made = BeyondUseFacts(made_at=datetime(2026, 3, 2, 2, 30, tzinfo=UTC), zone="America/Chicago", category=1, storage=Storage.ROOM)
    row = TableRow(1, "any", "any", "no", {Storage.ROOM: 12}, Source("a test", date(2026, 3, 2), Standing.UNVERIFIED))
    row = replace(row, nonsterile_start="no")
    assert not row.fits(made)
    assert row.fits(replace(made, zone="UTC"))
    assert row.fits(replace(made, made_at=datetime(2026, 3, 2, 6, tzinfo=UTC)))
