# SPDX-License-Identifier: Apache-2.0
"""What the desk does on news: a recall's reach is worked out, since only here the rooms that know it are joined."""

from __future__ import annotations

from openinfusion.desk.queries.trace import reach_of
from openinfusion.inventory import public as inventory
from openinfusion.inventory.events import RecallOpened
from openinfusion.platform.actor import Actor
from openinfusion.platform.news import on


@on(RecallOpened)
def note_reach(news: RecallOpened, by: Actor) -> None:
    """Every patient whom the recalled lots reached is put on the case, once."""
    case = inventory.recall(news.case_id)
    inventory.note_reach(case_id=case.id, reached=reach_of(case.lot_ids), by=by)
