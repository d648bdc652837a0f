# SPDX-License-Identifier: Apache-2.0
"""The bench of the demonstration: one supply, from planned to released."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID
from zoneinfo import ZoneInfo

from openinfusion.catalog import public as catalog
from openinfusion.compounding import public as compounding
from openinfusion.demo.stops import NEVER
from openinfusion.inventory import public as inventory
from openinfusion.kernel.money import Money
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.house_day import house_today

if TYPE_CHECKING:
    from openinfusion.demo.course import Course

ZONE = ZoneInfo("America/Chicago")
PICTURE = (Path(__file__).parent / "picture.png").read_bytes()


@dataclass(frozen=True, slots=True)
class Hands:
    """Who makes one preparation, and in which hood."""

    pharmacist: Actor
    technician: Actor
    second: Actor
    hood_id: UUID


def make(c: Course, prescription_id: UUID) -> Generator[datetime, None, datetime | None]:
    """Make the newest planned supply; the end of the days it covers, or None where nothing is planned."""
    orders = [o for o in compounding.work_orders_of(prescription_id) if o.state == "planned"]
    if not orders:
        return None
    order = orders[-1]
    hands = hands_for(c, order.hazardous)
    yield c.later(1)
    restock(c, order.id)
    stop = c.crew.stops.take("work order", now())
    compounding.advance_work_order(work_order_id=order.id, step="release", by=hands.pharmacist)
    for hours, phase in ((0.5, stage), (0.5, compound), (0.4, label)):
        if stop == "released":
            yield NEVER
        yield c.later(hours)
        if phase(hands, order.id, stop):
            yield NEVER
    compounding.advance_work_order(work_order_id=order.id, step="dispense", by=hands.pharmacist.signing("demo"))
    return datetime.combine(order.last_on, time(12), ZONE)


def hands_for(c: Course, hazardous: bool) -> Hands:
    """The people and the hood of a patient, always the same way around."""
    technicians, house = c.crew.technicians, c.house
    technician, second = c.one(*technicians), c.one(*technicians[1:], technicians[0])
    hood = "hazardous" if hazardous else c.one(*(key for key in c.crew.hoods if key != "hazardous"))
    return Hands(house.by(c.one(*c.crew.pharmacists)), house.by(technician), house.by(second), c.crew.hoods[hood])


def stage(hands: Hands, work_order_id: UUID, stop: str = "") -> bool:
    """Stage, scan every lot that is held, and have another person check; whether it stops there."""
    compounding.advance_work_order(work_order_id=work_order_id, step="stage", by=hands.technician)
    for line in compounding.ingredients(work_order_id):
        for held in line.held:
            scan = package(line, held.expires_on, held.lot_number)
            compounding.scan_ingredient(work_order_id=work_order_id, scan=scan, packages=int(held.quantity), by=hands.technician)
    if stop != "staged":
        compounding.advance_work_order(work_order_id=work_order_id, step="pre_check", by=hands.second)
    return stop in {"staged", "pre_checked"}


def compound(hands: Hands, work_order_id: UUID, stop: str = "") -> bool:
    """At the hood: start, finish, hand over for the check; whether it stops there."""
    compounding.advance_work_order(work_order_id=work_order_id, step="start", hood_id=hands.hood_id, by=hands.technician)
    for step, state in (("finish", "in_compounding"), ("present", "compounded")):
        if stop == state:
            return _left(hands, work_order_id)
        if step == "finish":
            at_the_hood(hands, work_order_id)
        compounding.advance_work_order(work_order_id=work_order_id, step=step, by=hands.technician)
    if stop == "quarantined":
        compounding.advance_work_order(
            work_order_id=work_order_id, step="quarantine", reason="a particle was seen against the light", by=hands.pharmacist
        )
    return stop in {"final_check", "quarantined"}


def _left(hands: Hands, work_order_id: UUID) -> bool:
    """Whoever goes away from a hood where something is begun leaves it free; true, because the work stops here."""
    for turn in compounding.hood_turns(compounding.work_order(work_order_id).site_id):
        if turn.person_id == hands.technician.id:
            compounding.advance_turn(turn_id=turn.id, step="leave", by=hands.technician)
    return True


def at_the_hood(hands: Hands, work_order_id: UUID, until: int = 0) -> None:
    """Every step by the technician (those before ``until``, if it is given), and another person's look where one is wanted."""
    done = compounding.progress(work_order_id).done
    proofs = [r for r in proofs_of(work_order_id) if r.place > done and (not until or r.place < until)]
    while proofs:
        told = compounding.record_steps(work_order_id=work_order_id, reports=proofs, by=hands.technician)
        if told["waiting"]:
            compounding.look_at_step(work_order_id=work_order_id, accepted=True, by=hands.second)
        proofs = [r for r in proofs if r.place > max(told["done"], told["waiting"])]


def proofs_of(work_order_id: UUID) -> list[compounding.StepReport]:
    """What a careful technician would show of each step: the staged package, the expected weight, a picture."""
    codes: dict[UUID, deque[str]] = {}
    for line in compounding.ingredients(work_order_id):
        codes[line.id] = deque(c for use in line.lots for c in [package(line, use.expires_on, use.number)] * use.packages)
    return [_proof(fact.step, codes) for fact in compounding.steps(work_order_id)]


def _proof(step: compounding.BenchStep, codes: dict[UUID, deque[str]]) -> compounding.StepReport:
    if step.asks is compounding.Proof.SCAN and step.ingredient_id:
        return compounding.StepReport(place=step.place, code=codes[step.ingredient_id].popleft())
    picture = PICTURE if step.asks is compounding.Proof.PHOTO else b""
    return compounding.StepReport(place=step.place, weight_g=step.expected_g, photo=picture)


def package(line: compounding.IngredientFact, expires_on: date, lot: str) -> str:
    """The barcode on a package."""
    return f"]d201{line.gtin}17{expires_on:%y%m%d}10{lot}"


def label(hands: Hands, work_order_id: UUID, stop: str = "") -> bool:
    """The pharmacist verifies, the technician prints and applies the label; whether it stops there."""
    compounding.advance_work_order(work_order_id=work_order_id, step="verify", by=hands.pharmacist.signing("demo"))
    if stop == "verified":
        return True
    compounding.print_label(work_order_id=work_order_id, by=hands.technician)
    compounding.advance_work_order(work_order_id=work_order_id, step="label", by=hands.technician)
    return stop == "labeled"


def restock(c: Course, work_order_id: UUID) -> None:
    """The buyer receives what is short, and the technician holds it for the order."""
    tail = c.rng.randint(100, 999)
    short = [i for i in compounding.ingredients(work_order_id) if i.short]
    for line in short:
        receive(c.house.by("buyer"), c.crew.site_id, line.product_id, line.short * 3 + 20, tail)
    if short:
        compounding.allocate_ingredients(work_order_id=work_order_id, by=c.house.by(c.one(*c.crew.technicians)))


def receive(buyer: Actor, site_id: UUID, product_id: UUID, packages: int, tail: int, days: int = 420) -> None:
    """Receive packages of a new lot onto the first shelf."""
    product = catalog.product(product_id)
    inventory.receive_stock(
        product_id=product_id,
        lot=f"D{house_today():%y%m%d}{tail}",
        expires_on=house_today() + timedelta(days=days),
        quantity=Decimal(packages),
        location=inventory.locations(site_id)[0].id,
        by=buyer,
        cost=Money(product.cost.cents),
        supplier="Example Wholesale",
    )
