# SPDX-License-Identifier: Apache-2.0
"""The bench of the demonstration: one supply, from planned to released."""

from __future__ import annotations

from collections.abc import Generator
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID
from zoneinfo import ZoneInfo

from openinfusion.catalog import public as catalog
from openinfusion.compounding import public as compounding
from openinfusion.inventory import public as inventory
from openinfusion.kernel.money import Money
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now

if TYPE_CHECKING:
    from openinfusion.demo.course import Course

ZONE = ZoneInfo("America/Chicago")


def make(c: Course, prescription_id: UUID) -> Generator[datetime, None, datetime | None]:
    """Make the newest planned supply; the end of the days it covers, or None where nothing is planned."""
    orders = [o for o in compounding.work_orders_of(prescription_id) if o.state == "planned"]
    if not orders:
        return None
    order = orders[-1]
    rph = c.house.by(c.one("pharmacist", "pharmacist3"))
    tech, second = c.one("technician", "technician2"), c.one("technician4", "technician")
    hood = c.house.hoods["hazardous" if order.hazardous else c.one("main", "second")]
    yield c.later(1)
    _restock(c, order.id)
    advance = compounding.advance_work_order
    advance(work_order_id=order.id, step="release", by=rph)
    yield c.later(0.5)
    advance(work_order_id=order.id, step="stage", by=c.house.by(tech))
    _scan(c, order.id, tech)
    advance(work_order_id=order.id, step="pre_check", by=c.house.by(second if second != tech else "technician4"))
    yield c.later(0.5)
    advance(work_order_id=order.id, step="start", hood_id=hood, by=c.house.by(tech))
    advance(work_order_id=order.id, step="finish", by=c.house.by(tech))
    advance(work_order_id=order.id, step="present", by=c.house.by(tech))
    yield c.later(0.4)
    advance(work_order_id=order.id, step="verify", by=rph.signing("demo"))
    compounding.print_label(work_order_id=order.id, by=c.house.by(tech))
    advance(work_order_id=order.id, step="label", by=c.house.by(tech))
    advance(work_order_id=order.id, step="dispense", by=rph.signing("demo"))
    return datetime.combine(order.last_on, time(12), ZONE)


def _restock(c: Course, work_order_id: UUID) -> None:
    """The buyer receives what is short, and the technician holds it for the order."""
    short = [i for i in compounding.ingredients(work_order_id) if i.short]
    for line in short:
        receive(c.house.by("buyer"), c.house.sites["north"], line.product_id, line.short * 3 + 20, c.rng.randint(100, 999))
    if short:
        compounding.allocate_ingredients(work_order_id=work_order_id, by=c.house.by("technician"))


def receive(buyer: Actor, site_id: UUID, product_id: UUID, packages: int, tail: int, days: int = 420) -> None:
    """Receive packages of a new lot onto the first shelf."""
    product = catalog.product(product_id)
    inventory.receive_stock(
        product_id=product_id,
        lot=f"D{now():%y%m%d}{tail}",
        expires_on=now().date() + timedelta(days=days),
        quantity=Decimal(packages),
        location=inventory.locations(site_id)[0].id,
        by=buyer,
        cost=Money(product.cost.cents),
        supplier="Example Wholesale",
    )


def _scan(c: Course, work_order_id: UUID, tech: str) -> None:
    for line in compounding.ingredients(work_order_id):
        for held in line.held:
            lot = inventory.lot(held.lot_id)
            scan = f"]d201{line.gtin}17{lot.expires_on:%y%m%d}10{lot.number}"
            compounding.scan_ingredient(work_order_id=work_order_id, scan=scan, packages=int(held.quantity), by=c.house.by(tech))
