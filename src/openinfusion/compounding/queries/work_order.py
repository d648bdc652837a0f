# SPDX-License-Identifier: Apache-2.0
"""Reads of the compounding room: work orders, ingredients, the gate and the facts of the guards."""
from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from openinfusion.catalog import public as catalog
from openinfusion.clinical import public as clinical
from openinfusion.compounding.domain.gate import Gate, gate, tasks_for
from openinfusion.compounding.domain.work_order import WorkOrderFacts, WorkOrderState
from openinfusion.compounding.models import Ingredient, LabelPrint, LotCapture, Preparation, WorkOrder
from openinfusion.compounding.queries.bench import steps_of, stopped_by
from openinfusion.compounding.queries.hood_turn import hood_reasons
from openinfusion.compounding.queries.hood_waste import waste_of
from openinfusion.inventory import public as inventory
from openinfusion.kernel.quantity import Quantity, unit
from openinfusion.kernel.refusal import NotFound, Reason
from openinfusion.patients import public as patients
from openinfusion.platform.action import fetch
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.rows import rows_by
from openinfusion.sites import public as sites
from openinfusion.team import public as team
from openinfusion.therapy import public as therapy


@dataclass(frozen=True, slots=True)
class LotUse:
    """Packages of a lot that were captured for an ingredient."""

    capture_id: UUID
    lot_id: UUID
    number: str
    expires_on: date
    packages: int
    keyed: bool
    by: str
    confirmed_by: str

    @property
    def needs_confirming(self) -> bool:
        return self.keyed and not self.confirmed_by


@dataclass(frozen=True, slots=True)
class IngredientFact:
    """One line. ``used`` and ``discarded`` are the basis of JW and JZ; captured lots stand beside it."""

    id: UUID
    role: str
    product_id: UUID
    name: str
    gtin: str
    packages: int
    used: Quantity
    discarded: Quantity
    single_dose: bool
    lots: tuple[LotUse, ...]
    held: tuple[inventory.Allocation, ...]
    step: str = ""
    each_ml: Decimal | None = None

    @property
    def captured(self) -> int:
        return sum(u.packages for u in self.lots)

    @property
    def complete(self) -> bool:
        return self.captured >= self.packages  # more, where one took the place of a wasted one

    @property
    def short(self) -> int:
        """Packages that no stock is held for or was issued for."""
        return max(0, self.packages - int(sum((a.quantity + a.issued for a in self.held), Decimal(0))))


@dataclass(frozen=True, slots=True)
class WorkOrderFact:
    """A work order as other rooms and pages see it."""

    id: UUID
    number: str
    state: str
    prescription_id: UUID
    therapy_id: UUID
    patient_id: UUID
    site_id: UUID
    supply_no: int
    drug_code: str
    drug_name: str
    hazardous: bool
    method: str
    dose: Quantity
    doses: int
    first_on: date
    last_on: date
    need_by: datetime
    length_because: str
    storage: str
    container: str
    final_volume_ml: Decimal
    concentration: Quantity
    hood_id: UUID | None
    hood_name: str
    compounded_by: UUID | None
    compounder_name: str
    compounded_at: datetime | None
    verifier_name: str
    version: int
    formula_id: UUID | None = None

    @property
    def days(self) -> int:
        return (self.last_on - self.first_on).days + 1

    @property
    def title(self) -> str:
        return f"{self.drug_name} {self.dose} × {self.doses}"


@dataclass(frozen=True, slots=True)
class PreparationFact:
    """A preparation: what delivery packs and billing charges. What went into it is on its work order."""

    id: UUID
    work_order_id: UUID
    prescription_id: UUID
    therapy_id: UUID
    patient_id: UUID
    site_id: UUID
    state: str
    lot_number: str
    containers: int
    drug_code: str
    drug_name: str
    dose: Quantity
    doses: int
    first_on: date
    last_on: date
    storage: str
    beyond_use_at: datetime
    limit_name: str
    limit_text: str
    label_file_id: UUID | None
    released_at: datetime | None

    @property
    def days(self) -> int:
        return (self.last_on - self.first_on).days + 1

    @property
    def released(self) -> bool:
        return self.state == WorkOrderState.RELEASED_TO_DISPENSE.value


def work_order_fact(row: WorkOrder) -> WorkOrderFact:
    dose_unit = unit(row.dose_unit)
    return WorkOrderFact(
        row.id, row.number, row.state, row.prescription_id, row.therapy_id, row.patient_id, row.site_id, row.supply_no,
        row.drug_code, row.drug_name, row.hazardous, row.method, Quantity(row.dose_amount, dose_unit), row.doses,
        row.first_on, row.last_on, row.need_by, row.length_because, row.storage, row.container, row.final_volume_ml,
        Quantity(row.concentration_amount, dose_unit), row.hood_id, row.hood_name, row.compounded_by,
        row.compounder_name, row.compounded_at, row.verifier_name, row.version,
        row.formula_id,
    )


def work_orders_where(**where: object) -> list[WorkOrderFact]:
    return [work_order_fact(r) for r in WorkOrder.objects.filter(**where).order_by("need_by", "number")]


def ingredients_of(work_order_id: UUID) -> list[IngredientFact]:
    """The lines of a work order, with their captured lots and what stock is held."""
    uses: dict[UUID, list[LotUse]] = {}
    for c in rows_by(LotCapture, "work_order", work_order_id, order=("made_at",)):
        uses.setdefault(c.ingredient_id, []).append(LotUse(
            c.id, c.lot_id, c.lot_number, c.expires_on, c.packages, c.keyed, c.capturer_name, c.confirmer_name))
    held: dict[UUID, list[inventory.Allocation]] = {}
    for a in inventory.allocations(work_order_id):
        if a.quantity or a.issued:
            held.setdefault(a.product_id, []).append(a)
    return [
        IngredientFact(
            r.id, r.role, r.product_id, r.name, r.gtin, r.packages, Quantity(r.used_amount, unit(r.amount_unit)),
            Quantity(r.discarded_amount, unit(r.amount_unit)), r.single_dose, tuple(uses.get(r.id, ())),
            tuple(held.get(r.product_id, ())), r.step, r.each_ml,
        )
        for r in rows_by(Ingredient, "work_order", work_order_id, order=("place", "id"))
    ]


def preparation_fact(row: Preparation) -> PreparationFact:
    order = work_order_fact(row.work_order)
    return PreparationFact(
        row.id, order.id, order.prescription_id, order.therapy_id, order.patient_id, order.site_id, order.state,
        row.lot_number, row.containers, order.drug_code, order.drug_name, order.dose, order.doses, order.first_on,
        order.last_on, order.storage, row.beyond_use_at, row.limit_name, row.limit_text, row.label_file_id,
        row.released_at,
    )


def preparations_where(**where: object) -> list[PreparationFact]:
    rows = Preparation.objects.filter(**where).select_related("work_order").order_by("-made_at")
    return [preparation_fact(r) for r in rows]


def preparation_by_id(preparation_id: UUID) -> PreparationFact:
    row = fetch(Preparation, preparation_id)
    row.work_order = fetch(WorkOrder, row.work_order_id)
    return preparation_fact(row)


def one_preparation(**where: object) -> PreparationFact:
    found = preparations_where(**where)
    if not found:
        raise NotFound(f"preparation {', '.join(str(v) for v in where.values())}")
    return found[0]


def order_reasons(row: WorkOrder) -> list[Reason]:
    """Reasons against the prescription: not verified, held, changed or ended."""
    fact = therapy.prescription(row.prescription_id)
    if fact.verified:  # only a pharmacist's signed review makes it so, and one that still stands
        if clinical.stands(row.prescription_id):
            stops = clinical.nutrition_stops(row.prescription_id) if fact.order.nutrition else []
            return [*stops, *clinical.day_reasons(row.prescription_id, row.first_on, row.last_on)]
        again = "what is known of the patient has changed since the order was verified"
        return [Reason("verification-reopened", again, "a pharmacist verifies it again")]
    words = fact.state.replace("_", " ")
    clears = "cancel this work order" if fact.ended else "a pharmacist verifies or resumes it"
    return [Reason("order-not-verified", f"the prescription is {words}", clears)]


def room_reasons(row: WorkOrder, hood_id: UUID | None) -> list[Reason]:
    if row.method == "dispense" or hood_id is None:
        return []
    return sites.fitness_reasons(hood_id, now(), row.hazardous)


def person_reasons(row: WorkOrder, actor_id: UUID) -> list[Reason]:
    """Reasons against the person at the hood: competencies, garbing of the day, licences; each once."""
    if row.method == "dispense":
        return []
    try:
        return team.bench_reasons(
            actor_id, tasks_for(row.hazardous, row.category), site_id=row.site_id, state=sites.home_state(row.site_id),
            on=inventory.site_today(row.site_id), hazardous=row.hazardous,
        )
    except NotFound:
        return [Reason("person-unknown", "no competencies are on record for you", "compliance records them")]


_LICENSED = {
    WorkOrderState.PLANNED: "release_to_bench", WorkOrderState.FINAL_CHECK: "verify_preparation",
    WorkOrderState.LABELED: "dispense_preparation",
}


def licence_reasons(row: WorkOrder, actor_id: UUID) -> list[Reason]:
    """Reasons against the licences of whoever releases, verifies or dispenses, by the state of the site and the patient's."""
    task = _LICENSED.get(WorkOrderState(row.state))
    if task is None:
        return []
    ship_to = patients.patient(row.patient_id).address.state if row.state == WorkOrderState.LABELED else ""
    return team.task_licence_reasons(
        actor_id, task, site=sites.home_state(row.site_id), ship_to=ship_to, on=inventory.site_today(row.site_id))


def ship_reasons(row: WorkOrder) -> list[Reason]:
    """Reasons against the site's shipping to the state where the patient lives: nothing is made that may not leave."""
    to, on = patients.patient(row.patient_id).address.state, inventory.site_today(row.site_id)
    return sites.shipping_reasons(row.site_id, to, on, controlled=catalog.controlled(row.drug_code) is not None)


def stock_reasons(row: WorkOrder) -> list[Reason]:
    """Reasons against the lots: those captured, or those held while nothing is captured yet."""
    ids = {c.lot_id for c in rows_by(LotCapture, "work_order", row.id)}
    ids = ids or {a.lot_id for a in inventory.allocations(row.id) if a.quantity}
    today = inventory.site_today(row.site_id)
    return [r for lot in inventory.lots(ids).values() for r in lot.reasons(today)]


def gate_of(row: WorkOrder, by: Actor, hood_id: UUID | None = None) -> Gate:
    """May this person make this, in this hood, now?"""
    hood, who = hood_id or row.hood_id, row.compounded_by or by.id
    return gate(
        order=order_reasons(row), room=room_reasons(row, hood), turn=hood_reasons(row, hood, who),
        person=person_reasons(row, who), stock=stock_reasons(row), hood=row.hood_name,
        who=row.compounder_name or by.name,
    )


_S = WorkOrderState
_ASKS_ORDER = frozenset({_S.PLANNED, _S.RELEASED, _S.PRE_CHECKED, _S.FINAL_CHECK, _S.LABELED})
_ASKS_LINES = frozenset({_S.PLANNED, _S.STAGED})
_ASKS_STOCK = frozenset({_S.STAGED, _S.PRE_CHECKED})
_ASKS_PREPARATION = frozenset({_S.COMPOUNDED, _S.FINAL_CHECK, _S.VERIFIED, _S.LABELED})


def work_order_facts(row: WorkOrder, by: Actor, hood_id: UUID | None = None) -> WorkOrderFacts:
    """What the guards of the steps out of this state look at, for this person and (at the start) this hood."""
    state = WorkOrderState(row.state)
    lines = ingredients_of(row.id) if state in _ASKS_LINES else []
    captures = rows_by(LotCapture, "work_order", row.id) if state is _S.STAGED else []
    preparation = next(iter(rows_by(Preparation, "work_order", row.id)), None) if state in _ASKS_PREPARATION else None
    at_gate = state is _S.PRE_CHECKED
    steps = steps_of(row.id) if state is _S.IN_COMPOUNDING else []
    return WorkOrderFacts(
        actor=by.id,
        order_reasons=tuple(order_reasons(row)) if state in _ASKS_ORDER else (),
        room_reasons=tuple(room_reasons(row, hood_id)) if at_gate else (),
        turn_reasons=tuple(hood_reasons(row, hood_id, by.id)) if at_gate else (),
        person_reasons=tuple(person_reasons(row, by.id)) if at_gate else (),
        licence_reasons=tuple(licence_reasons(row, by.id)),
        ship_reasons=tuple(ship_reasons(row)) if state is _S.PLANNED else (),
        stock_reasons=tuple(stock_reasons(row)) if state in _ASKS_STOCK else (),
        short=tuple(line.name for line in lines if line.short),
        unscanned=tuple(f"{line.name} ({line.captured} of {line.packages})" for line in lines if not line.complete),
        unconfirmed=tuple(u.number for line in lines for u in line.lots if u.needs_confirming),
        scanned_by=frozenset(c.captured_by for c in captures),
        staged_by=row.staged_by, compounded_by=row.compounded_by,
        hood_chosen=bool(hood_id or row.hood_id) or row.method == "dispense",
        dated=preparation is not None,
        label_printed=bool(preparation and preparation.label_printed_at),
        past_beyond_use=bool(preparation and preparation.beyond_use_at <= now()),
        undone=tuple(s.step.text for s in steps if not s.stands),
        unwitnessed=tuple(w.name for w in waste_of(row.id) if w.waits) if state is _S.IN_COMPOUNDING else (),
        stopped=stopped_by(row.id) if state is _S.IN_COMPOUNDING else "",
    )


def running_out(until: date) -> list[UUID]:
    """Prescriptions whose last planned supply ends by this day and which are still running."""
    last = WorkOrder.objects.exclude(state__in=["cancelled", "wasted", "recalled"]).order_by(
        "prescription_id", "-supply_no").distinct("prescription_id").values_list("prescription_id", "last_on")
    ending = [prescription_id for prescription_id, last_on in last if last_on <= until]
    return [p for p in ending if therapy.prescription(p).verified]


def bench_counts(site_id: UUID | None) -> Counter[str]:
    """How many work orders are in each state."""
    rows = WorkOrder.objects.filter(**({"site_id": site_id} if site_id else {}))
    return Counter(rows.values_list("state", flat=True))


def site_zone(site_id: UUID) -> str:
    return sites.pharmacy(site_id).timezone


def local(at: datetime, zone: str) -> datetime:
    return at.astimezone(ZoneInfo(zone))


def fetched(work_order_id: UUID) -> WorkOrder:
    return fetch(WorkOrder, work_order_id)


def prints_of(preparation_id: UUID) -> int:
    """How often the labels of a preparation were printed."""
    return LabelPrint.objects.filter(preparation_id=preparation_id).count()
