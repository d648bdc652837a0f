# SPDX-License-Identifier: Apache-2.0
"""The house's day is that of its first site: not UTC's, which in America is tomorrow from early evening on."""
from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from openinfusion.platform.clock import told
from openinfusion.platform.house_day import house_day_of, house_now, house_today
from openinfusion.platform.models import Site
from openinfusion.platform.scope import entered


@pytest.mark.parametrize(("at", "day"), [
    (datetime(2026, 11, 23, 0, 30, tzinfo=UTC), date(2026, 11, 22)),
    (datetime(2026, 11, 23, 5, 59, tzinfo=UTC), date(2026, 11, 22)),
    (datetime(2026, 11, 23, 6, 0, tzinfo=UTC), date(2026, 11, 23)),
    (datetime(2026, 3, 9, 4, 30, tzinfo=UTC), date(2026, 3, 8)),  # after the clocks were put forward
])
def test_the_evening_is_still_today(scope: UUID, at: datetime, day: date) -> None:
    Site.objects.create(name="First", kind="pharmacy", timezone="America/Chicago")
    with told(at):
        assert house_today() == day


def test_a_house_without_a_site_and_nobodys_house_have_the_day_of_utc(scope: UUID) -> None:
    with told(datetime(2026, 11, 23, 0, 30, tzinfo=UTC)):
        assert house_today() == date(2026, 11, 23)


def test_each_house_has_its_own(db: None, organization_id: UUID, other_organization_id: UUID) -> None:
    found = []
    for organization, zone in ((organization_id, "Asia/Tokyo"), (other_organization_id, "America/Los_Angeles")):
        with entered(organization), told(datetime(2026, 11, 22, 20, 0, tzinfo=UTC)):
            Site.objects.create(name="First", kind="pharmacy", timezone=zone)
            found.append(house_today())
    assert found == [date(2026, 11, 23), date(2026, 11, 22)]


def test_the_zone_is_asked_once_for_however_many_rows(scope: UUID, django_assert_num_queries: Any) -> None:
    Site.objects.create(name="First", kind="pharmacy", timezone="America/Chicago")
    evening = datetime(2026, 3, 2, 2, 30, tzinfo=UTC)
    with entered(scope), django_assert_num_queries(1):
        days = {house_day_of(evening - timedelta(days=n)) for n in range(30)}
    assert (max(days), len(days)) == (date(2026, 3, 1), 30)


def test_the_house_has_a_clock_of_its_own(scope: UUID) -> None:
    Site.objects.create(name="First", kind="pharmacy", timezone="America/Chicago")
    with told(datetime(2026, 3, 2, 2, 30, tzinfo=UTC)):
        assert f"{house_now():%Y-%m-%d %H:%M %Z}" == "2026-03-01 20:30 CST"
