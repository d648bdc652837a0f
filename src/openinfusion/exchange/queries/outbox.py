# SPDX-License-Identifier: Apache-2.0
"""Reads of the outbox: files on their way, and those that a person must look at."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from openinfusion.exchange.domain.transmission import TRANSMISSION, TransmissionState
from openinfusion.exchange.models import Transmission
from openinfusion.kernel.machine import shown
from openinfusion.kernel.roles import Role
from openinfusion.kernel.waiting import Ask, Waited, Waiting
from openinfusion.platform.action import fetch
from openinfusion.platform.actor import Actor
from openinfusion.platform.queue import waited, whose_turn

PAPER = "CMS1500"


@dataclass(frozen=True, slots=True)
class TransmissionFact:
    """A file on its way."""

    id: UUID
    kind: str
    receiver: str
    control: int
    name: str
    file_id: UUID
    state: str
    report: tuple[str, ...]
    attempts: int
    made_at: datetime
    sent_at: datetime | None


def transmissions(state: str = "", limit: int = 200) -> list[TransmissionFact]:
    """Files on their way or arrived, the newest first; of one state where it is given."""
    rows = Transmission.objects.filter(state=state) if state else Transmission.objects.all()
    return [_transmission_fact(r) for r in rows.order_by("-made_at")[:limit]]


def transmission_of(transmission_id: UUID) -> TransmissionFact:
    return _transmission_fact(fetch(Transmission, transmission_id))


def waiting_files(by: Actor, ask: Ask) -> Waited:
    """Files that a person must look at: faulty, rejected, nobody knows whether they arrived, or paper to be mailed."""
    states = whose_turn(TRANSMISSION, ask)
    if not states:
        return Waited()
    rows = Transmission.objects.filter(Q(state__in=states) | Q(kind=PAPER, state=TransmissionState.QUEUED.value))
    return waited(rows, ask, kind="Outgoing file", make=_waiting)


def _waiting(rows: list[Transmission]) -> Iterator[Waiting]:
    for r in rows:
        state = TransmissionState(r.state)
        yield Waiting(
            "exchange", "Outgoing file", r.id, f"{r.kind} {r.control:09d} to {r.receiver}", "", shown(state),
            TRANSMISSION.tone(state), Role.BILLER.value, r.made_at, f"/exchange/outbox/{r.id}/",
            missing=tuple(r.report.splitlines()[:1]) or (("print it and mail it",) if r.kind == PAPER else ()),
        )


def _transmission_fact(r: Transmission) -> TransmissionFact:
    return TransmissionFact(
        r.id, r.kind, r.receiver, r.control, r.name, r.file_id, r.state, tuple(r.report.splitlines()), r.attempts, r.made_at,
        r.sent_at,
    )
