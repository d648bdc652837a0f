# SPDX-License-Identifier: Apache-2.0
"""Forecast what is used besides the schedules, at every site, and keep it for the proposals."""
from __future__ import annotations

from openinfusion.inventory import permissions
from openinfusion.inventory.adapters.forecast import forecast
from openinfusion.inventory.models import Forecast
from openinfusion.inventory.queries.demand import weekly_use
from openinfusion.platform.action import action
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.journal import write
from openinfusion.platform.models import Organization, Site


@action
def forecast_use(*, by: Actor) -> int:
    """Forecast every product of every site; how many. The newest forecast takes the place of the one before."""
    by.must(permissions.BUY)
    made = 0
    for site in Site.objects.order_by("id"):
        for product_id, rest in forecast(weekly_use(site.id)).items():
            Forecast.objects.update_or_create(site=site, product_id=product_id, defaults={
                "weekly": rest.weekly, "spread": rest.spread, "method": rest.method, "weeks": rest.weeks, "run_at": now()})
            made += 1
    house = Organization.objects.get(pk=by.organization_id)
    write(by, "inventory.forecast.run", house, "{made} products were forecast by {actor}", noted={"made": made})
    return made
