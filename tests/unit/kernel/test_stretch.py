# SPDX-License-Identifier: Apache-2.0
"""Stretches of somebody's time: what they speak against, and which are refused."""
from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from openinfusion.kernel.refusal import Malformed
from openinfusion.kernel.stretch import SpanKind, Stretch, against_time, must_be_ordered

NOON = datetime(2026, 2, 2, 12, 0, tzinfo=UTC)


def test_time_off_and_shifts_speak_against_a_time() -> None:
    hour = timedelta(hours=1)
    works, off = Stretch(SpanKind.WORKS, NOON, NOON + 8 * hour), Stretch(SpanKind.OFF, NOON + 2 * hour, NOON + 3 * hour, "dentist")
    assert list(against_time([works], NOON, NOON + hour, "Nan", True)) == []
    assert list(against_time([], NOON, NOON + hour, "Nan", False)) == []
    assert [r.code for r in against_time([], NOON, NOON + hour, "Nan", True)] == ["not-on-shift"]
    found = list(against_time([works, off], NOON + 2 * hour, NOON + 4 * hour, "Nan", True))
    assert [r.code for r in found] == ["off-then"] and "dentist" in found[0].text
    assert list(against_time([works, off], NOON + 3 * hour, NOON + 4 * hour, "Nan", True)) == []
    assert "()" not in next(against_time([Stretch(SpanKind.OFF, NOON, NOON + hour)], NOON, NOON + hour, "Nan", False)).text


def test_a_stretch_ends_after_it_begins_and_is_no_life_long() -> None:
    must_be_ordered(NOON, NOON + timedelta(days=60))
    for end in (NOON, NOON + timedelta(days=61)):
        with pytest.raises(Malformed):
            must_be_ordered(NOON, end)
