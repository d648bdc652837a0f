# SPDX-License-Identifier: Apache-2.0
"""Reads of the inbox: what came in, what was done with it, and what waits for a person."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from openinfusion.exchange.models import InboundFile
from openinfusion.exchange.models.inbound import Outcome
from openinfusion.exchange.permissions import READ
from openinfusion.kernel.roles import Role
from openinfusion.kernel.waiting import Ask, Waited, Waiting
from openinfusion.platform.action import fetch
from openinfusion.platform.actor import Actor
from openinfusion.platform.queue import waited


@dataclass(frozen=True, slots=True)
class InboundFact:
    """A file that came in. ``waits``: something in it could not be taken in, and nobody has looked yet."""

    id: UUID
    name: str
    kinds: tuple[str, ...]
    done: tuple[str, ...]
    said: tuple[str, ...]
    outcome: str
    times: int
    file_id: UUID
    received_name: str
    received_at: datetime
    waits: bool


def _fact(r: InboundFile) -> InboundFact:
    return InboundFact(
        r.id, r.name, tuple(r.kinds), tuple(r.done), tuple(r.said), r.outcome, r.times, r.file_id, r.received_name, r.made_at,
        r.outcome == Outcome.LEFT.value and r.looked_at is None,
    )


def inbound_files(kind: str = "", only_waiting: bool = False, limit: int = 200) -> list[InboundFact]:
    """Files that came in, the newest first; with a kind in them, or only those that wait."""
    rows = InboundFile.objects.order_by("-made_at")
    if only_waiting:
        rows = rows.filter(outcome=Outcome.LEFT.value, looked_at__isnull=True)
    if kind:
        rows = rows.filter(kinds__contains=[kind])
    return [_fact(r) for r in rows[:limit]]


def inbound_of(inbound_id: UUID) -> InboundFact:
    return _fact(fetch(InboundFile, inbound_id))


def waiting_inbound(by: Actor, ask: Ask) -> Waited:
    """Files of which something could not be taken in."""
    if not by.may(READ.code) or not ask.has(Role.BILLER.value):
        return Waited()
    rows = InboundFile.objects.filter(outcome=Outcome.LEFT.value, looked_at__isnull=True)
    return waited(rows, ask, kind="Incoming file", make=_waiting)


def _waiting(rows: list[InboundFile]) -> Iterator[Waiting]:
    for r in rows:
        yield Waiting(
            "exchange", "Incoming file", r.id, f"{', '.join(r.kinds)}: {r.name}", "", "left", "warn", Role.BILLER.value,
            r.made_at, f"/exchange/inbox/{r.id}/", missing=tuple(s for s in r.said if "not taken in" in s or "nobody" in s)[:2],
        )
