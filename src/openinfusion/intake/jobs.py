# SPDX-License-Identifier: Apache-2.0
"""Scheduled work of intake: authorizations come into force, run out soon and expire by the calendar."""
from __future__ import annotations

from openinfusion.intake.public import advance_authorization, due_authorizations
from openinfusion.platform.actor import Actor
from openinfusion.platform.jobs import every


@every("0 8 * * *", "intake.keep_authorizations_current")
def keep_authorizations_current(*, by: Actor) -> int:
    """Take the step the calendar asks of each authorization; how many were taken."""
    due = due_authorizations()
    for authorization_id, step in due:
        advance_authorization(authorization_id=authorization_id, step=step, by=by)
    return len(due)
