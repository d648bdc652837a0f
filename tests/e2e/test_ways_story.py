# SPDX-License-Identifier: Apache-2.0
"""A nurse manager sees how long ways really take, at her desk and on her phone, and has the days to come planned by it."""
from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from tests.town import a_town

from openinfusion.delivery import public as delivery
from openinfusion.platform.clock import today
from openinfusion.platform.scope import entered


def test_what_was_driven_is_used_from_tomorrow_on(
    address: str, pharmacy: Any, organization_id: UUID, visitor: Callable[..., Any], troubles: list[str]
) -> None:
    who, tomorrow = pharmacy.actors, today("America/Chicago") + timedelta(days=1)
    with entered(organization_id):
        town = a_town(pharmacy.site_id, who["driver"].id, who["nurse"].id, intake=who["intake"], administrator=who["administrator"])
        town.quarter("1.44")
    manager = visitor("nurse_manager")
    manager.go(f"/dispatch/?site={pharmacy.site_id}")
    manager.follow(manager.page.get_by_role("link", name="How long ways take"))
    assert "88 ways counted" in manager.text() and "the house's" in manager.text() and "too few" in manager.text()
    assert manager.page.locator("[name=mid_kmh]").input_value() == "23"
    manager.submit("form[action$='/set/']", {"near_kmh": "25"})
    said = manager.text()
    assert f"From {tomorrow:%d-%b-%Y}: × 1.435, 25 km/h up to 5 km, 23 up to 25, then 80; 2 min to park." in said
    assert "measured on 60 ways and 30 days with miles" in said and "set by" in said
    with entered(organization_id):
        row = delivery.travel_at(pharmacy.site_id, tomorrow)
        assert row.bands == ((5000, 25), (25000, 23), (0, 80)) and delivery.travel_at(pharmacy.site_id, today("America/Chicago")).branch == ""
    phone = visitor("nurse_manager", phone=True)
    phone.go(f"/dispatch/ways/?site={pharmacy.site_id}")
    assert troubles == []
