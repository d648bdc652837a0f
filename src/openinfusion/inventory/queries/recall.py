# SPDX-License-Identifier: Apache-2.0
"""Reads about recalls: where the lots are, who was reached, who is still to be told."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import F, Sum

from openinfusion.inventory.domain.place import PlaceKind
from openinfusion.inventory.domain.recall_case import RecallFacts, Told
from openinfusion.inventory.models import (
    Movement,
    OnHand,
    RecallCase,
    RecallLot,
    RecallNotice,
    RecallPump,
    Reservation,
)
from openinfusion.platform.action import fetch
from openinfusion.platform.reading import Reading

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class RecallFact:
    """A case as pages and other rooms see it."""

    id: UUID
    number: str
    title: str
    klass: str
    source: str
    why: str
    instructions: str
    state: str
    opened_at: datetime
    opener: str
    check_note: str
    checker: str
    version: int
    lot_ids: tuple[UUID, ...]
    pump_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class RecalledPlace:
    """Where some of a recalled lot is."""

    lot_id: UUID
    product: str
    lot: str
    expires_on: date
    site: str
    place: str
    on_hand: Decimal
    held: Decimal
    pulled: bool


@dataclass(frozen=True, slots=True)
class NoticeFact:
    id: UUID
    patient_id: UUID
    reach: str
    what: str
    told: str
    how: str
    note: str
    teller: str
    told_at: datetime | None


def recall_fact(row: RecallCase) -> RecallFact:
    return RecallFact(
        row.id, row.number, row.title, row.klass, row.source, row.why, row.instructions, row.state, row.made_at, row.opener_name,
        row.check_note, row.checker_name, row.version,
        tuple(RecallLot.objects.filter(case=row).values_list("lot_id", flat=True)),
        tuple(RecallPump.objects.filter(case=row).values_list("pump_id", flat=True)),
    )


def recall_by_id(case_id: UUID) -> RecallFact:
    return recall_fact(fetch(RecallCase, case_id))


def recall_facts(row: RecallCase, actor: UUID) -> RecallFacts:
    """What the guards look at."""
    lot_ids = list(RecallLot.objects.filter(case=row).values_list("lot_id", flat=True))
    shelves = OnHand.objects.filter(lot_id__in=lot_ids).exclude(location__kind=PlaceKind.QUARANTINE.value)
    held = Reservation.objects.filter(lot_id__in=lot_ids, held_amount__gt=F("issued_amount") + F("released_amount"))
    notices = RecallNotice.objects.filter(case=row)
    tellers = {teller for teller in notices.values_list("told_by", flat=True) if teller}
    movers = set(Movement.objects.filter(for_id=row.id).values_list("moved_by", flat=True))
    return RecallFacts(
        on_shelves=shelves.aggregate(n=Sum("on_hand_amount"))["n"] or _ZERO, out_on_hold=held.count(),
        untold=notices.filter(told=Told.PENDING.value).count(), worked=frozenset({row.opened_by} | tellers | movers), actor=actor,
        lots=len(lot_ids) + RecallPump.objects.filter(case=row).count(),
    )


def recalled_places(lot_ids: Iterable[UUID]) -> list[RecalledPlace]:
    rows = OnHand.objects.filter(lot_id__in=list(lot_ids), on_hand_amount__gt=0).select_related("lot__product", "location__site")
    return [
        RecalledPlace(r.lot_id, r.lot.product.name, r.lot.number, r.lot.expires_on, r.location.site.name, r.location.name,
                      r.on_hand_amount, r.reserved_amount, not PlaceKind(r.location.kind).on_a_shelf)
        for r in rows.order_by("lot__product__name", "lot__number", "location__name")
    ]


def notices_of(case_id: UUID) -> list[NoticeFact]:
    return [
        NoticeFact(r.id, r.patient_id, r.reach, r.what, r.told, r.how, r.note, r.teller_name, r.told_at)
        for r in RecallNotice.objects.filter(case_id=case_id).order_by("told", "patient_id", "what")
    ]


_TAKEN = Reading(lambda among: Reservation.objects.filter(among("lot_id")).order_by("made_at", "id"),
                 "for_id", "lot_id", "held_amount", "issued_amount", "released_amount")
_FROM = Reading(lambda among: Reservation.objects.filter(among("for_id")).order_by("made_at", "id"),
                "for_id", "lot_id", "held_amount", "issued_amount", "released_amount")


@dataclass(frozen=True, slots=True)
class Taken:
    """So many of a lot that a purpose (a work order, a ticket) was issued or still holds."""

    for_id: UUID
    lot_id: UUID
    issued: Decimal
    held: Decimal


def taken_from(lot_ids: Iterable[UUID]) -> list[Taken]:
    """Every purpose that took some of these lots, the first first: the forward trace."""
    return _taken(_TAKEN, lot_ids)


def taken_for(for_ids: Iterable[UUID]) -> list[Taken]:
    """Every lot that these purposes took: the trace back."""
    return _taken(_FROM, for_ids)


def _taken(reading: Reading, ids: Iterable[UUID]) -> list[Taken]:
    rows = reading(ids)
    return [
        Taken(r.for_id, r.lot_id, r.issued_amount, r.held_amount - r.issued_amount - r.released_amount) for r in rows
        if r.issued_amount or r.held_amount > r.issued_amount + r.released_amount
    ]
