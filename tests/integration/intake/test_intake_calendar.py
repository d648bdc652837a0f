# SPDX-License-Identifier: Apache-2.0
"""Authorizations follow the calendar: they come into force, run out soon and expire."""
from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from uuid import UUID

import pytest

from openinfusion.intake import public as intake
from openinfusion.intake.jobs import keep_authorizations_current
from openinfusion.intake.public import ReferralIn
from openinfusion.platform.house_day import house_today
from openinfusion.platform.permissions import system_actor


@pytest.mark.parametrize(("first", "last", "states"), [
    (-10, 100, ["active"]), (-10, 5, ["active", "expiring"]), (-10, -1, ["active", "expired"]), (5, 100, ["approved"]),
])
def test_the_nightly_job_takes_the_step_that_is_due_and_no_other(
    house: SimpleNamespace, scope: UUID, a_referral: Callable[..., ReferralIn], first: int, last: int, states: list[str],
) -> None:
    today = house_today()
    referral_id = intake.receive_referral(referral=a_referral(), fingerprint="calendar", by=house.intake)
    id = intake.open_authorization(referral_id=referral_id, units={"S9500": 14}, by=house.auth)
    intake.advance_authorization(authorization_id=id, step="submit", by=house.auth)
    intake.advance_authorization(
        authorization_id=id, step="approve", number="A1", first=today + timedelta(days=first), last=today + timedelta(days=last),
        by=house.auth,
    )
    for expected in states:
        keep_authorizations_current(by=system_actor(scope))
        assert intake.authorization(id).state == expected
    assert keep_authorizations_current(by=system_actor(scope)) == 0
    assert intake.authorization(id).last != date.max
