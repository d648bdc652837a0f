# SPDX-License-Identifier: Apache-2.0
"""What of a ticket's supplies the shelf does not have: shown before anybody walks there."""
from __future__ import annotations

from uuid import UUID

from openinfusion.delivery.queries import TicketFact
from openinfusion.inventory import public as inventory


def short_on(t: TicketFact) -> dict[UUID, int]:
    """By line: how many are free where that is fewer than are to be picked."""
    wanted = [line for line in t.lines if line.product_id and line.picked_at is None]
    free = inventory.free([line.product_id for line in wanted if line.product_id], t.site_id) if wanted else {}
    return {line.id: have for line in wanted if line.product_id and (have := free.get(line.product_id, 0)) < line.quantity}
