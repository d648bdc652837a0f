# SPDX-License-Identifier: Apache-2.0
"""Scheduled work of billing: what was charged under an authorization is counted against it."""
from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from openinfusion.billing.actions.secondary import open_secondary
from openinfusion.billing.queries.authorized import uncounted
from openinfusion.billing.queries.secondary import waiting_for_next_payer
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


@every("*/10 * * * *", "billing.bill_next_payers")
def bill_next_payers(*, by: Actor) -> int:
    """What payers left to patients in the last days goes to the next payer, where there is one; how many claims."""
    found = waiting_for_next_payer(now() - LOOK_BACK)
    for claim_id in found:
        open_secondary(claim_id=claim_id, by=by)
    return len(found)
