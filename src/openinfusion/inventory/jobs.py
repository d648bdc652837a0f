# SPDX-License-Identifier: Apache-2.0
"""Scheduled work of the inventory room: the weekly forecast of what hangs on no schedule."""
from __future__ import annotations

from openinfusion.inventory.actions.forecast import forecast_use
from openinfusion.platform.actor import Actor
from openinfusion.platform.jobs import every


@every("0 4 * * 1", "inventory.forecast")
def forecast_every_site(by: Actor) -> None:
    """Every Monday the use of the weeks before is forecast."""
    forecast_use(by=by)
