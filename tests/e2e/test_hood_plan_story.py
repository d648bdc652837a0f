# SPDX-License-Identifier: Apache-2.0
"""The day's order at the hoods in a real browser: asked, worked out, put in force, seen at the bench, planned again; desk and phone."""
from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests.e2e.test_hood_story import VANCOMYCIN, verified

from openinfusion.compounding import public as compounding
from openinfusion.compounding.models import HoodPlan
from openinfusion.platform.scope import entered


def test_the_order_at_the_hoods_is_planned_and_mended(
    visitor: Callable[..., Any], pharmacy: Any, tell_news: Callable[[], int], troubles: list[str]
) -> None:
    a = pharmacy.actors
    order = verified(pharmacy, tell_news, dict(VANCOMYCIN))
    day = max(order.need_by.date() + timedelta(days=1), pharmacy.today)
    desk, phone = visitor("technician"), visitor("technician", phone=True)
    desk.go(f"/compounding/hood-plans/?site={pharmacy.site_id}&day={day}")
    assert order.number in desk.text() and "This day is not planned" in desk.text()
    desk.submit("form[action*='hood-plans/ask']", {"day": day.isoformat()})
    tell_news()
    with entered(pharmacy.organization_id):
        row = HoodPlan.objects.get()
        compounding.solve_hood_plan(plan_id=row.id, by=a["technician"])
    desk.go(f"/compounding/hood-plans/{row.id}/")
    assert order.number in desk.text() and "separate check found nothing" in desk.text()
    phone.go(f"/compounding/hood-plans/{row.id}/")
    phone.go("/compounding/hood-plans/")
    desk.act("Work by this plan")
    assert "The bench shows this order now" in desk.page.content() or "accepted" in desk.text()
    with entered(pharmacy.organization_id):
        hood = HoodPlan.objects.get().turns[0]["hood"]  # type: ignore[index]
    out = next(h["id"] for h in row.hoods if h["name"] == hood)
    desk.act("A hood is out", {"out": [out]})
    assert f"out: {hood}" in desk.text()
    assert troubles == []
