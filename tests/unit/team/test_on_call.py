# SPDX-License-Identifier: Apache-2.0
"""Duties and their lines, and the clock of a site on the nights it changes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from openinfusion.kernel.refusal import Malformed
from openinfusion.kernel.span import Span
from openinfusion.kernel.standing import Standing
from openinfusion.team.domain.on_call import Duty, at_site, duties, gaps, line_after

ZONE = "America/Chicago"


def test_each_duty_has_a_line_that_ends_and_nobody_has_signed_the_rows() -> None:
    assert line_after(Duty.NURSE) == (Duty.PHARMACIST, Duty.MANAGER)
    assert line_after(Duty.PHARMACIST) == (Duty.MANAGER,)
    assert line_after(Duty.MANAGER) == ()
    assert set(duties()) == set(Duty)
    assert {rule.source.standing for rule in duties().values()} == {Standing.UNVERIFIED}


def test_an_hour_the_clocks_skip_is_no_hour() -> None:
    with pytest.raises(Malformed, match="clocks go forward"):
        at_site(datetime(2026, 3, 8, 2, 30), ZONE, "starts_at")


def test_an_hour_that_comes_twice_means_the_first_so_that_shifts_that_meet_still_meet() -> None:
    twice = datetime(2026, 11, 1, 1, 30)
    assert at_site(twice, ZONE, "ends_at") == at_site(twice, ZONE, "starts_at") == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)


def test_the_night_the_clocks_go_back_is_an_hour_longer() -> None:
    start, end = at_site(datetime(2026, 10, 31, 17), ZONE, "a"), at_site(datetime(2026, 11, 1, 8), ZONE, "b")
    assert (end - start).total_seconds() == 16 * 3600


def test_a_time_with_its_own_zone_stays_what_it_is() -> None:
    assert at_site(datetime(2026, 5, 1, 12, tzinfo=UTC), ZONE, "a") == datetime(2026, 5, 1, 12, tzinfo=UTC)


def test_a_shift_without_an_end_leaves_no_gap_after_it() -> None:
    day = Span(datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 5, 2, tzinfo=UTC))
    noon = datetime(2026, 5, 1, 12, tzinfo=UTC)
    assert gaps([Span(noon)], day) == (Span(day.start, noon),)
    assert gaps([Span(day.end)], day) == (day,)  # type: ignore[arg-type]
