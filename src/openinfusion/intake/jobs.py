# SPDX-License-Identifier: Apache-2.0
"""Scheduled work of intake: authorizations come into force, run out soon, expire; their renewals are begun in time."""
from __future__ import annotations

from openinfusion.intake.public import advance_authorization, due_authorizations, renew_authorization, run_out_soon
from openinfusion.platform.actor import Actor
from openinfusion.platform.jobs import every


@every("0 8 * * *", "intake.keep_authorizations_current")
def keep_authorizations_current(*, by: Actor) -> int:
    """Take the step the calendar asks of each authorization; how many were taken."""
    due = due_authorizations()
    for authorization_id, step in due:
        advance_authorization(authorization_id=authorization_id, step=step, by=by)
    return len(due)


@every("30 8 * * *", "intake.begin_renewals")
def begin_renewals(*, by: Actor) -> int:
    """Open the renewal of each authorization that will run out while its course goes on; how many were opened."""
    soon = run_out_soon()
    for authorization_id, day, why in soon:
        renew_authorization(authorization_id=authorization_id, why=f"it runs out on {day:%d-%b-%Y}: {why}", by=by)
    return len(soon)
