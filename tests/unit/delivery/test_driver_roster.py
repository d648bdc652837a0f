# SPDX-License-Identifier: Apache-2.0
"""What a driver's time speaks against a route, and licences to drive."""
from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from openinfusion.delivery.domain.roster import StopTime, against_route, check_vehicle
from openinfusion.kernel.refusal import Malformed
from openinfusion.kernel.stretch import SpanKind, Stretch
from openinfusion.team.domain.licence import driving_reasons, expired_reasons

EIGHT = datetime(2026, 2, 2, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
SHIFT = Stretch(SpanKind.WORKS, EIGHT, EIGHT + 8 * HOUR)
OFF = Stretch(SpanKind.OFF, EIGHT + 4 * HOUR, EIGHT + 6 * HOUR, "sick")


def stop(begins: int, ends: int, planned: float | None = None) -> StopTime:
    return StopTime(EIGHT + begins * HOUR, EIGHT + ends * HOUR, None if planned is None else EIGHT + planned * HOUR, 10)


def codes(planned: list[Stretch], leaves: float, *stops: StopTime, judged: bool = True) -> list[str]:
    return [r.code for r in against_route(planned, EIGHT + leaves * HOUR, stops, "Dee", judged)]


def test_a_route_leaves_within_the_shift_and_outside_time_off() -> None:
    assert codes([SHIFT, OFF], 1) == [] and codes([SHIFT, OFF], 5) == ["off-then"]
    assert codes([SHIFT], 9) == ["not-on-shift"] and codes([], 9, judged=False) == []
    assert codes([OFF], 4, judged=False) == ["off-then"]  # time off counts also where no shift is planned


def test_a_stop_is_held_against_its_planned_time_else_against_its_whole_window() -> None:
    assert codes([SHIFT, OFF], 1, stop(0, 8, 4.5)) == ["off-then"]
    assert codes([SHIFT, OFF], 1, stop(0, 8, 3.9)) == ["off-then"]  # the ten minutes at the door run into it
    assert codes([SHIFT, OFF], 1, stop(0, 8, 3)) == []
    assert codes([SHIFT, OFF], 1, stop(4, 6)) == ["off-then"] and codes([SHIFT, OFF], 1, stop(4, 7)) == []
    said = next(against_route([SHIFT, OFF], EIGHT, [stop(4, 5)], "Dee", True))
    assert "sick" in said.text and said.clears


def test_a_driving_licence_on_record_that_expired_stops_driving_and_nothing_at_the_bench() -> None:
    day = date(2026, 2, 2)
    old, new = day - timedelta(days=1), day
    assert driving_reasons([], day, "Dee") == () and driving_reasons([("nurse", old)], day, "Dee") == ()
    assert [r.code for r in driving_reasons([("driver", old)], day, "Dee")] == ["driving-licence-expired"]
    assert driving_reasons([("driver", old), ("driver", new)], day, "Dee") == ()
    assert expired_reasons([("driver", "IL", old)], "IL", day, "Dee") == ()


def test_a_vehicle_has_a_name_and_holds_a_possible_number() -> None:
    check_vehicle("Van 1", None)
    check_vehicle("Van 1", 1000)
    for name, holds in ((" ", 3), ("Van", 0), ("Van", 1001)):
        with pytest.raises(Malformed):
            check_vehicle(name, holds)
