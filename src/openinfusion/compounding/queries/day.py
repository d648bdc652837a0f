# SPDX-License-Identifier: Apache-2.0
"""What a day at the bench holds: the work orders that wait, the vials that are there, what stands opened, and their plan."""
from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from openinfusion.catalog import public as catalog
from openinfusion.compounding.domain.day_plan import (
    Batch,
    OpenVial,
    Rounding,
    Wanted,
    plan_batch,
    rounding_of,
    rounding_share,
)
from openinfusion.compounding.domain.opened import clock_hours, kind_of
from openinfusion.compounding.models import WorkOrder
from openinfusion.compounding.queries.bench import OpenedFact, opened_at_site
from openinfusion.compounding.queries.work_order import (
    IngredientFact,
    WorkOrderFact,
    ingredients_of,
    site_zone,
    work_order_fact,
)
from openinfusion.inventory import public as inventory
from openinfusion.kernel.money import Money
from openinfusion.kernel.quantity import Quantity
from openinfusion.planning import public as planning
from openinfusion.platform.clock import now

AHEAD = ("planned", "released", "staged", "pre_checked")
MOST = 400


@dataclass(frozen=True, slots=True)
class Day:
    """The plan of one day at one site: the batches, and doses that whole vials nearly hold."""

    site_id: UUID
    on: date
    zone: str
    orders: dict[str, WorkOrderFact]  # by number
    batches: tuple[Batch, ...]
    roundings: tuple[Rounding, ...]
    more: bool  # there are more work orders than are planned together

    @property
    def cost(self) -> Money:
        return Money(sum(b.cost.cents for b in self.batches))

    @property
    def saved(self) -> Money:
        return Money(sum(b.saved.cents for b in self.batches))

    @property
    def wasted(self) -> Money:
        return Money(sum(b.wasted_cost.cents for b in self.batches))


def day_of(site_id: UUID, on: date | None = None) -> Day:
    """The compounding that waits at a site up to a day's end, what is late included."""
    zone = site_zone(site_id)
    on = on or now().astimezone(ZoneInfo(zone)).date()
    ends = datetime.combine(on + timedelta(days=1), time(0), ZoneInfo(zone))
    rows = WorkOrder.objects.filter(site_id=site_id, state__in=AHEAD, method="compound", need_by__lt=ends)
    orders = [work_order_fact(r) for r in rows.order_by("need_by", "number")[: MOST + 1]]
    by_drug: dict[str, list[WorkOrderFact]] = {}
    for order in orders[:MOST]:
        by_drug.setdefault(order.drug_code, []).append(order)
    standing = opened_at_site(site_id)
    batches, roundings = [], []
    for code, mine in by_drug.items():
        batch, proposed = _drug(site_id, code, mine, standing)
        batches += batch
        roundings += proposed
    batches.sort(key=lambda b: (b.hazardous, b.turns[0].wanted.need_by))
    return Day(site_id, on, zone, {o.number: o for o in orders}, tuple(batches), tuple(roundings), len(orders) > MOST)


def _drug(
    site_id: UUID, code: str, orders: Sequence[WorkOrderFact], standing: Sequence[OpenedFact]
) -> tuple[list[Batch], list[Rounding]]:
    """One drug's batch and its proposals; nothing where its doses are not counted in what its vials hold."""
    known = {p.id: p for p in catalog.products_of(code, kind="drug")}
    lines = {o.id: [i for i in ingredients_of(o.id) if i.role == "drug" and i.product_id in known] for o in orders}
    held: dict[UUID, int] = {}
    for mine in lines.values():
        for i in mine:
            held[i.product_id] = held.get(i.product_id, 0) + int(sum(a.quantity for a in i.held))
    counted = [o for o in orders if lines[o.id]]
    if not counted:
        return [], []
    unit = lines[counted[0].id][0].used.unit
    fitting = [p for p in known.values() if p.strength.unit.dimension is unit.dimension]
    free = inventory.free([p.id for p in fitting], site_id)
    sizes = [
        (p.name, planning.VialSize(str(p.id), p.strength.to(unit).amount, p.cost.cents, free.get(p.id, 0) + held.get(p.id, 0)))
        for p in fitting
    ]
    lots = inventory.lots({a.lot_id for mine in lines.values() for i in mine for a in i.held})
    own = {id for id, lot in lots.items() if lot.pool == inventory.OWNED}
    wanted = [_wanted(o, lines[o.id], known, own) for o in counted]
    drug = catalog.drug(code)
    batch = plan_batch(
        drug_code=code, drug_name=drug.tall_man, unit=unit.code, hazardous=drug.hazardous, wanted=wanted, sizes=sizes,
        open_vials=_open(standing, known, unit.code), keeps_minutes=60 * min(_hours(p) for p in fitting),
    )
    share = rounding_share(drug.therapy_class)
    found = [rounding_of(w, share, [s for _, s in sizes]) for w in wanted] if share else []
    return [batch], [r for r in found if r]


def _hours(product: catalog.ProductFact) -> int:
    kind = kind_of(single_dose=product.single_dose, container=product.container)
    return clock_hours(kind=kind, drug=product.drug_code).hours


def _wanted(
    order: WorkOrderFact, lines: Sequence[IngredientFact], known: dict[UUID, catalog.ProductFact], own: Set[UUID]
) -> Wanted:
    """One order; its vials are shared only where each is a single-dose one and every lot held is the house's own."""
    used = sum((i.used.amount for i in lines), Decimal(0))
    return Wanted(
        work_order_id=order.id, number=order.number, amount=used, doses=order.doses, need_by=order.need_by,
        held_cents=sum(i.packages * known[i.product_id].cost.cents for i in lines), 
        shares=all(i.single_dose and all(a.lot_id in own for a in i.held) for i in lines),
    )


def _open(standing: Sequence[OpenedFact], known: dict[UUID, catalog.ProductFact], unit: str) -> list[OpenVial]:
    """What stands opened of these products, in the drug's unit."""
    found, at = [], now()
    for vial in standing:
        product = known.get(vial.product_id)
        if product is None or vial.left_ml <= 0 or vial.good_until <= at:
            continue
        left: Quantity = product.strength * (vial.left_ml / product.volume_ml)
        minutes = int((vial.good_until - at).total_seconds() // 60)
        found.append(OpenVial(code=vial.code, name=f"{vial.name}, open {vial.code}", left=left.amount, minutes=minutes))
    return found
