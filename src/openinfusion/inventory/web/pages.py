# SPDX-License-Identifier: Apache-2.0
"""What the templates of the inventory room receive."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Q
from django.urls import reverse

from openinfusion.catalog import public as catalog
from openinfusion.inventory import permissions
from openinfusion.inventory.domain.lot import LOT, LotState
from openinfusion.inventory.domain.near_expiry import near_expiry_until
from openinfusion.inventory.domain.ownership import Ownership
from openinfusion.inventory.models import Location, Lot, OnHand, ReceiptLine
from openinfusion.inventory.queries import (
    LocationFact,
    LotFact,
    MovementFact,
    location_fact,
    lot_by_id,
    lot_state_facts,
    movements_of,
)
from openinfusion.inventory.web.forms import (
    CorrectionForm,
    CountForm,
    DisposeForm,
    ReceiveForm,
    ScanForm,
    TransferForm,
)
from openinfusion.inventory.web.recall_forms import SuspectForm
from openinfusion.kernel.money import Money
from openinfusion.patients import public as patients
from openinfusion.platform.action import fetch
from openinfusion.platform.actor import Actor
from openinfusion.platform.house_day import house_today
from openinfusion.platform.journal import Line, timeline
from openinfusion.platform.ui.parts import Act, acts_of

_MOST_ROWS = 300


@dataclass(frozen=True, slots=True)
class StockRow:
    lot_id: UUID
    product: str
    lot: str
    expires_on: date
    place: str
    site: str
    on_hand: Decimal
    reserved: Decimal
    state: str
    tone: str
    value: Money
    owner: str = ""
    schedule: str = ""

    @property
    def free(self) -> Decimal:
        return self.on_hand - self.reserved


@dataclass(frozen=True, slots=True)
class StockFilter:
    """What the list is narrowed to, from the address."""

    text: str = ""
    kind: str = ""
    show: str = ""  # near, held, empty, quarantined
    owner: str = ""


@dataclass(frozen=True, slots=True)
class StockPage:
    rows: tuple[StockRow, ...]
    wanted: StockFilter
    query: str
    value: Money
    may_receive: bool
    more: bool


@dataclass(frozen=True, slots=True)
class ReceivePage:
    form: ReceiveForm
    scan: ScanForm
    has_places: bool


@dataclass(frozen=True, slots=True)
class PlaceRow:
    location: LocationFact
    on_hand: Decimal
    reserved: Decimal
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class LotPage:
    lot: LotFact
    product: catalog.ProductFact
    tone: str
    near: bool
    places: tuple[PlaceRow, ...]
    movements: tuple[MovementFact, ...]
    acts: tuple[Act, ...]
    lines: tuple[Line, ...]
    owner: str = "owned"
    patient: str = ""
    schedule: str = ""
    receipts: tuple[ReceiptLine, ...] = ()


def stock_rows(wanted: StockFilter, limit: int = _MOST_ROWS) -> list[StockRow]:
    """On-hand rows that match, by product and expiry."""
    rows = OnHand.objects.select_related("lot__product", "location__site").order_by(
        "lot__product__name", "lot__expires_on", "lot__number")
    if wanted.text:
        rows = rows.filter(Q(lot__product__name__icontains=wanted.text) | Q(lot__number__istartswith=wanted.text)
                           | Q(lot__product__ndc11__startswith=wanted.text.replace("-", "")))
    if wanted.kind:
        rows = rows.filter(lot__product__kind=wanted.kind)
    if wanted.owner:
        rows = rows.filter(lot__ownership=wanted.owner)
    narrowed = {
        "near": Q(on_hand_amount__gt=0, lot__expires_on__lte=near_expiry_until(house_today())),
        "held": Q(reserved_amount__gt=0), "empty": Q(on_hand_amount=0),
        "quarantined": Q(lot__state__in=["quarantined", "recalled"]),
    }
    rows = rows.filter(narrowed.get(wanted.show, Q(on_hand_amount__gt=0)))
    return [
        StockRow(r.lot_id, r.lot.product.name, r.lot.number, r.lot.expires_on, r.location.name, r.location.site.name,
                 r.on_hand_amount, r.reserved_amount, r.lot.state, LOT.tone(LotState(r.lot.state)),
                 Money(r.lot.cost_cents) * r.on_hand_amount,
                 "" if r.lot.ownership == "owned" else Ownership(r.lot.ownership).words, r.lot.schedule)
        for r in rows[:limit]
    ]


def stock_page(wanted: StockFilter, query: str, by: Actor) -> StockPage:
    rows = stock_rows(wanted)
    value = Money(sum(r.value.cents for r in rows))
    return StockPage(tuple(rows), wanted, query, value, by.may(permissions.RECEIVE.code), len(rows) == _MOST_ROWS)


def places_for(by: Actor) -> list[LocationFact]:
    """The places of the site a person works at, or all."""
    rows = Location.objects.exclude(kind="patient_home").order_by("site_id", "name")
    return [location_fact(r) for r in (rows.filter(site_id=by.site_id) if by.site_id else rows)]


def receive_page(by: Actor) -> ReceivePage:
    places = places_for(by)
    return ReceivePage(ReceiveForm(places=places), ScanForm(places=places, auto_id="scan-%s"), bool(places))


def lot_page(lot_id: UUID, by: Actor) -> LotPage:
    row = fetch(Lot, lot_id)
    fact = lot_by_id(lot_id)
    here = list(OnHand.objects.filter(lot=row).select_related("location", "lot").order_by("location__name"))
    return LotPage(
        fact, catalog.product(row.product_id), LOT.tone(LotState(row.state)),
        row.expires_on <= near_expiry_until(house_today()), tuple(_place_row(r, by) for r in here),
        tuple(movements_of(lot_id)),
        (*acts_of(LOT, row.state, lot_state_facts(row), by,
                  url_for=lambda step: reverse("inventory:lot_step", args=[row.id, step])), *_stop(row, by)),
        tuple(timeline(subject_id=row.id)), Ownership(row.ownership).words,
        patients.patient(row.patient_id).name if row.patient_id else "", row.schedule,
        tuple(ReceiptLine.objects.filter(lot=row).select_related("receipt__supplier").order_by("made_at")),
    )


def _stop(row: Lot, by: Actor) -> tuple[Act, ...]:
    if row.state not in (LotState.AVAILABLE.value, LotState.QUARANTINED.value) or not by.may(permissions.QUARANTINE.code):
        return ()
    return (Act("suspect", "Suspect product", reverse("inventory:suspect_report", args=[row.id]), "warn", form=SuspectForm()),)


def _place_row(r: OnHand, by: Actor) -> PlaceRow:
    here = {"location_id": r.location_id}
    acts = []
    if by.may(permissions.CORRECT.code) and not r.lot.schedule:
        for kind, label in (("adjust", "Adjust"), ("waste", "Waste")):
            acts.append(_act(kind, label, r, CorrectionForm(initial=here, auto_id=f"{kind}-{r.id}-%s")))
        for kind, label in (("send_back", "Send back"), ("destroy", "Destroy")):
            acts.append(_act(kind, label, r, DisposeForm(initial=here, auto_id=f"{kind}-{r.id}-%s")))
        acts.append(_act("count", "Count", r, CountForm(initial=here, auto_id=f"count-{r.id}-%s")))
    if by.may(permissions.MOVE.code):
        places = [p for p in places_for(by) if p.id != r.location_id]
        form = TransferForm(initial={"from_location": r.location_id}, places=places, auto_id=f"transfer-{r.id}-%s")
        acts.append(Act(f"transfer-{r.id}", "Move", reverse("inventory:transfer", args=[r.lot_id]), form=form))
    return PlaceRow(location_fact(r.location), r.on_hand_amount, r.reserved_amount, tuple(acts))


def _act(kind: str, label: str, r: OnHand, form: CorrectionForm | CountForm) -> Act:
    return Act(f"{kind}-{r.id}", label, reverse("inventory:correct", args=[r.lot_id, kind]), form=form)
