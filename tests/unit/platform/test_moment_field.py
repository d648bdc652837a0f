# SPDX-License-Identifier: Apache-2.0
"""A moment in a form is the clock of its place: never UTC's hours under another clock's name."""
from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from openinfusion.kernel.refusal import Broken
from openinfusion.platform.ui.forms import MomentField


def test_it_shows_the_hour_of_the_clock_it_is_given() -> None:
    field = MomentField(label="From")
    noon = datetime(2026, 3, 2, 12, 30, tzinfo=ZoneInfo("America/Chicago"))
    assert field.prepare_value(noon) == datetime(2026, 3, 2, 12, 30) == field.prepare_value(noon.replace(tzinfo=None))
    assert field.prepare_value("2026-03-02T12:30") == "2026-03-02T12:30" and field.prepare_value(None) is None


def test_an_instant_without_a_place_is_not_shown_as_one() -> None:
    with pytest.raises(Broken, match="From is filled with an instant"):
        MomentField(label="From").prepare_value(datetime(2026, 3, 2, 18, 30, tzinfo=UTC))
