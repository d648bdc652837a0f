# SPDX-License-Identifier: Apache-2.0
"""The last hour of the demonstration: pumps, lots and claims come into the states that no course brings about."""

from __future__ import annotations

import random
from datetime import timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from openinfusion.billing import public as billing
from openinfusion.catalog import public as catalog
from openinfusion.compounding import public as compounding
from openinfusion.demo.bench import Hands, at_the_hood
from openinfusion.demo.cash import work_money
from openinfusion.demo.dispatch import dispatch_tomorrow
from openinfusion.demo.facility import equip, troubles
from openinfusion.demo.hoods import hoods_tomorrow
from openinfusion.demo.nurses import nurses_today
from openinfusion.demo.own_page import own_page_today
from openinfusion.demo.rounds import rounds
from openinfusion.demo.routine import open_day
from openinfusion.demo.staff import House
from openinfusion.demo.store import runs_by_pump, settings_for, stock_up
from openinfusion.demo.suite import suite_today
from openinfusion.demo.support import waits_today
from openinfusion.demo.terms import terms
from openinfusion.inventory import public as inventory
from openinfusion.kernel.money import Money
from openinfusion.kernel.waiting import Ask
from openinfusion.platform.clock import now
from openinfusion.platform.house_day import house_today
from openinfusion.team import public as team
from openinfusion.therapy import public as therapy

ZONE = ZoneInfo("America/Chicago")
# How far each pump has come in its life, step by step.
PUMP_WAYS = (
    (),
    ("inspect",),
    ("inspect", "shelve"),
    ("inspect", "shelve"),
    ("inspect", "shelve", "assign"),
    ("inspect", "shelve", "assign", "hand_over"),
    ("inspect", "shelve", "assign", "hand_over", "call_back"),
    ("inspect", "shelve", "assign", "hand_over", "return"),
    ("inspect", "shelve", "assign", "hand_over", "return", "clean"),
    ("inspect", "shelve", "assign", "hand_over", "return", "clean", "finish_cleaning"),
    ("inspect", "shelve", "quarantine"),
    ("inspect", "shelve", "recall"),
)


def finish(house: House) -> int:
    """All of it; how many acts that were."""
    orders = [o for o in therapy.prescriptions(therapy.open_order_ids(limit=60)) if o.state == "active"]
    for crew in house.crews:
        open_day(house, crew, random.Random(0), now().astimezone(ZONE))  # noqa: S311  (a made-up pressure)
    at_work(house)
    return (
        _on_call(house) + _pumps(house, [o for o in orders if runs_by_pump(o)]) + _lots(house) + stock_up(house, orders)
        + _claims(house) + _hold(house, orders) + waits_today(house, orders) + equip(house) + troubles(house)
        + terms(house) + rounds(house) + nurses_today(house, ZONE, orders) + suite_today(house, ZONE, orders)
        + hoods_tomorrow(house, ZONE) + dispatch_tomorrow(house, ZONE, orders) + own_page_today(house, orders)
    )


def at_work(house: House) -> None:
    """At each pharmacy somebody stands at a hood: whoever left a preparation begun takes the hood again and opens a package."""
    people = {actor.id: actor for actor in house.actors.values()}
    found = compounding.waiting(house.by("pharmacist"), Ask(kind="Work order", limit=5000)).rows
    for row in found:
        order = compounding.work_order(row.id)
        if order.state != "in_compounding" or compounding.hood_turns(order.site_id):
            continue
        if order.compounded_by and order.hood_id:
            technician = people[order.compounded_by]
            at_the_hood(Hands(technician, technician, technician, order.hood_id), order.id, until=2)


def _on_call(house: House) -> int:
    """Who is on call this week and next: one night of a nurse is left to fill, and at one site the manager's week."""
    monday = now().astimezone(ZONE).replace(hour=8, minute=0, second=0, microsecond=0)
    monday -= timedelta(days=monday.weekday())
    acts = 0
    for crew in house.crews:
        turns = {"pharmacist": crew.pharmacists, "nurse": crew.nurses, "manager": ("nurse_manager",)}
        for duty, people in turns.items():
            if duty == "manager" and crew is not house.crews[0]:
                continue  # the manager of the first pharmacy is rung for both until somebody is named
            for week in range(2):
                begins, who = monday + timedelta(weeks=week), house.by(people[week % len(people)])
                short = timedelta(hours=12) if duty == "nurse" and week else timedelta()
                team.put_on_call(
                    site_id=crew.site_id, duty=duty, user_id=who.id, phone="2175550199", starts_at=begins,
                    ends_at=begins + timedelta(weeks=1) - short, by=house.by("nurse_manager"),
                )
                acts += 1
    return acts


def _pumps(house: House, orders: list[therapy.PrescriptionFact]) -> int:
    store, acts = house.by("warehouse"), 0
    products = [p for p in catalog.products_of(kind="equipment") if "pump" in p.name]
    for number, way in enumerate(PUMP_WAYS):
        pump_id = inventory.receive_pump(
            product_id=products[number % len(products)].id, serial=f"NWD-{1001 + number}", site_id=house.sites["north"], by=store,
            maintenance_due_on=house_today() + timedelta(days=40 + 20 * number),
        )
        for step in way if orders else way[:2]:
            order = orders[number % len(orders)] if step == "assign" else None
            acts += _before(house, step, pump_id, orders[number % len(orders)]) if orders else 0
            inventory.advance_pump(
                pump_id=pump_id, step=step, by=store, reason="the alarm stays silent" if step in {"quarantine", "recall"} else "",
                patient_id=order.patient_id if order else None, therapy_id=order.therapy_id if order else None,
            )
            acts += 1
    return acts


def _before(house: House, step: str, pump_id: UUID, order: therapy.PrescriptionFact) -> int:
    """What must be on record before a step: a checked program before the hand-over, a cleaning before maintenance."""
    if step == "hand_over":
        program = inventory.enter_program(
            pump_id=pump_id, prescription_id=order.id, settings=settings_for(order), by=house.by("technician")
        )
        inventory.check_program(program_id=program, seen=settings_for(order), by=house.by("pharmacist", signing=True))
        return 2
    if step == "finish_cleaning":
        care = inventory.Care(inventory.CareKind.CLEANING, now().astimezone(ZONE).date(), "quaternary ammonium wipes", True)
        inventory.record_care(pump_id=pump_id, care=care, by=house.by("warehouse"))
        return 1
    return 0


def _lots(house: House) -> int:
    """Two lots that nobody holds: one waits for a pharmacist's decision, one is recalled by its maker."""
    product = catalog.products_of(kind="diluent")[0]
    for step, number, reason in (
        ("quarantine", "DQ1", "the pallet stood in the rain"), ("recall", "DR1", "recalled by its maker"),
    ):
        lot_id = inventory.receive_stock(
            product_id=product.id, lot=number, expires_on=house_today() + timedelta(days=300), quantity=Decimal(24),
            location=inventory.locations(house.sites["north"])[0].id, by=house.by("buyer"), cost=Money(product.cost.cents),
            supplier="Example Wholesale",
        )
        inventory.advance_lot(lot_id=lot_id, step=step, reason=reason, by=house.by("pharmacist"))
    return 4


def _claims(house: House) -> int:
    """One front-end rejection, one patient's bill; then what the billers do about money."""
    biller, claims, acts = house.by("biller"), billing.all_claims(), 0
    for states, step, reason in (
        (("submitted",), "reject", "the clearinghouse does not know the member"),
        (("paid", "partial"), "bill_patient", ""),
    ):
        fitting = [c for c in claims if c.state in states and (step != "bill_patient" or c.patient_cents > 0)]
        if fitting:
            billing.advance_claim(claim_id=fitting[-1].id, step=step, reason=reason, by=biller)
            acts += 1
    return acts + work_money(house)


def _hold(house: House, orders: list[therapy.PrescriptionFact]) -> int:
    """One order is on hold: the patient is in hospital."""
    if orders:
        therapy.steer_prescription(
            prescription_id=orders[-1].id, step="hold", reason="admitted to hospital last night", by=house.by("pharmacist")
        )
    return len(orders[-1:])
