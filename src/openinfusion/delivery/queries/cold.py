# SPDX-License-Identifier: Apache-2.0
"""How long a delivery that has not left yet may be on the road: by its pack-out, or by the one it would be packed with."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from openinfusion.delivery.domain.figures import whole
from openinfusion.delivery.domain.pack_out import Lane, Payload, by_code, choose, strictest
from openinfusion.delivery.models import DeliveryTicket, PackOutValidation, TicketLine
from openinfusion.kernel.refusal import Refused
from openinfusion.platform.house_day import house_today


@dataclass(frozen=True, slots=True)
class Cold:
    """Minutes from the cold store to the door. ``chosen``: by the pack-out that was chosen, never longer than its study shows;

    else by what it would usually be packed with. ``ends_at``: with dry ice that was packed already, the instant it is over.
    """

    minutes: int
    chosen: bool
    ends_at: datetime | None = None


def cold_of(tickets: Iterable[DeliveryTicket]) -> dict[UUID, Cold]:
    """The limit of each of these that keeps anything cold."""
    rows = list(tickets)
    storages: dict[UUID, list[str]] = defaultdict(list)
    for ticket_id, storage in TicketLine.objects.filter(ticket__in=rows).values_list("ticket_id", "storage"):
        storages[ticket_id].append(storage)
    studies = {t.validation_id for t in rows if t.validation_id}
    proven = dict(PackOutValidation.objects.filter(pk__in=studies).values_list("id", "hours")) if studies else {}
    return {t.id: c for t in rows if (c := _cold(t, strictest(storages[t.id]), proven))}


def _cold(t: DeliveryTicket, payload: Payload, proven: dict[UUID, int]) -> Cold | None:
    if payload is Payload.ROOM:
        return None
    if not t.pack_out:
        return Cold(_usual(payload, t) * 60, False)
    hours = by_code(t.pack_out).hours
    if t.validation_id is not None:
        hours = min(hours, proven[t.validation_id])
    by_ice = t.packed_at + timedelta(hours=hours) if payload is Payload.FROZEN and t.packed_at else None
    return Cold(hours * 60, True, by_ice)


def _usual(payload: Payload, t: DeliveryTicket) -> int:
    """The hours of the pack-out an own driver's delivery is usually packed with; where none is on file, the lane's."""
    lane = whole(f"hours_{Lane.COURIER.value}")
    try:
        return choose(payload, Lane.COURIER, t.need_by or house_today(), lane).hours
    except Refused:
        return lane
