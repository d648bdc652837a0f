# SPDX-License-Identifier: Apache-2.0
"""Instants come from the database in UTC, to the microsecond, whatever they were written as."""
from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.db import DataError, connection

from openinfusion.platform.instants import InstantLoader


@pytest.mark.parametrize(("said", "meant"), [
    ("2026-03-08 02:30:00-06", datetime(2026, 3, 8, 8, 30, tzinfo=UTC)),
    ("2026-11-01 01:30:00.000001-05", datetime(2026, 11, 1, 6, 30, 0, 1, tzinfo=UTC)),
    ("1883-11-18 12:00:00+05:53:28", datetime(1883, 11, 18, 6, 6, 32, tzinfo=UTC)),
    ("2026-11-22 13:00:00.5+00", datetime(2026, 11, 22, 13, 0, 0, 500000, tzinfo=UTC)),
])
def test_an_instant_is_read_in_utc(scope: UUID, said: str, meant: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::timestamptz", [said])
        (found,) = cursor.fetchone()
    assert found == meant and found.tzinfo is UTC
    assert connection.connection.adapters.get_loader(1184, 0) is InstantLoader


def test_what_no_instant_can_hold_is_an_error_and_not_another_day(scope: UUID) -> None:
    with pytest.raises(DataError, match="infinity"), connection.cursor() as cursor:
        cursor.execute("SELECT 'infinity'::timestamptz")
        cursor.fetchone()


def test_another_zone_of_the_session_gives_the_same_instant() -> None:
    loader = InstantLoader(1184, None)
    assert loader.load(b"2026-11-22 07:00:00-06") == datetime(2026, 11, 22, 13, tzinfo=UTC)
