# SPDX-License-Identifier: Apache-2.0
"""Scheduled work of billing: what was charged under an authorization is counted against it."""
from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from openinfusion.billing.queries.authorized import uncounted
from openinfusion.intake.public import use_authorization
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.jobs import every

LOOK_BACK = timedelta(days=7)  # so that a night without the worker loses nothing; each charge counts once


@every("15 * * * *", "billing.count_authorized_units")
def count_authorized_units(*, by: Actor) -> int:
    """Count the week's charges against their authorizations; how many were new."""
    found = list(uncounted(now() - LOOK_BACK))
    for use in found:
        use_authorization(
            authorization_id=use.authorization_id, code=use.code, units=Decimal(use.units), day=use.day, source=use.source, by=by
        )
    return len(found)
