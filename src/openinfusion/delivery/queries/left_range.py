# SPDX-License-Identifier: Apache-2.0
"""What left its temperature range on the way and no pharmacist has found usable: it is not given."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from openinfusion.delivery.domain.logger import Verdict, ranges
from openinfusion.delivery.domain.pack_out import Payload, strictest
from openinfusion.delivery.models import DeliveryTicket, LoggerRecord, TicketLine

UNDECIDED = "left its temperature range on the way, and no pharmacist has decided about it yet"
UNUSABLE = "left its temperature range on the way, and a pharmacist decided that it is not to be used"


def left_range(tickets: Iterable[UUID]) -> dict[tuple[UUID, str], str]:
    """By delivery and kind of storage, in words, what left its range; nothing where a pharmacist let it be used."""
    ids = set(tickets)
    rows = LoggerRecord.objects.filter(ticket_id__in=ids, verdict=Verdict.EXCURSION.value).exclude(usable=True)
    found = {(r.ticket_id, r.storage): UNDECIDED if r.usable is None else UNUSABLE for r in rows}
    judged = set(LoggerRecord.objects.filter(ticket_id__in=ids).values_list("ticket_id", flat=True))
    for t in DeliveryTicket.objects.filter(pk__in=ids - judged, arrived_c__isnull=False):
        storage = strictest([row.storage for row in TicketLine.objects.filter(ticket=t)])
        if why := warm_at_door(t, storage):
            found[t.id, storage.value] = f"{why}, and its logger was not read yet"
    return found


def warm_at_door(t: DeliveryTicket, storage: Payload) -> str:
    """That the temperature read at the door is none in which this may be kept; empty where it is, or nothing cold is inside."""
    held = ranges().get(storage.value)
    if storage is Payload.ROOM or held is None or t.arrived_c is None or held.low_c <= t.arrived_c <= held.high_c:
        return ""
    return f"was {t.arrived_c} °C at the door, and is kept at {held.low_c} to {held.high_c} °C"


def preparations_left_range(preparations: Iterable[UUID]) -> dict[UUID, str]:
    """Of these preparations those that left their range, in words."""
    lines = list(TicketLine.objects.filter(preparation_id__in=list(preparations)))
    found = left_range({row.ticket_id for row in lines}) if lines else {}
    said = {row.preparation_id: found.get((row.ticket_id, row.storage), "") for row in lines if row.preparation_id}
    return {id: words for id, words in said.items() if words}
