# SPDX-License-Identifier: Apache-2.0
"""The store of the demonstration: a supplier, orders and a delivery, a count, the vault, stock of other owners, a recall."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from openinfusion.catalog import public as catalog
from openinfusion.demo.staff import House
from openinfusion.inventory import public as inventory
from openinfusion.inventory.public import ActKind, Mode, Ownership, PlaceKind, Pool, RecallClass, Settings
from openinfusion.kernel.money import Money
from openinfusion.platform.house_day import house_today
from openinfusion.therapy import public as therapy

_BAG_ML = Decimal(100)


def stock_up(house: House, orders: list[therapy.PrescriptionFact]) -> int:
    """What a buyer and a warehouse find on their pages; how many acts that were."""
    site_id = house.sites["north"]
    shelf = inventory.locations(site_id)[0].id
    van = inventory.open_location(
        site_id=site_id, code="VAN1", name="Van 1", kind=PlaceKind.VAN, pick_order=90, by=house.by("warehouse")
    )
    supplier = _buy(house, site_id, shelf)
    _vault(house, shelf)
    _others(house, shelf, van, orders)
    _recall(house, shelf)
    return 24 + bool(supplier)


def _buy(house: House, site_id: UUID, shelf: UUID) -> UUID:
    buyer, today = house.by("buyer"), house_today()
    supplier = inventory.add_supplier(
        code="EXW",
        name="Example Wholesale",
        contact="orders@wholesale.example",
        by=buyer,
        terms=inventory.Terms(2, 5000, "net 30"),
    )
    inventory.verify_licence(
        supplier_id=supplier,
        number="IL-W-000123",
        state_code="IL",
        ends_on=today + timedelta(days=240),
        source="register of the state, fictional",
        by=buyer,
    )
    drug, other, supply = (*catalog.products_of("ceftriaxone", kind="drug")[:2], catalog.products_of(kind="supply")[0])
    for product, pack in ((drug, 10), (supply, 20)):
        inventory.set_price(supplier_id=supplier, product_id=product.id, price=product.cost, pack=pack, by=buyer)
    inventory.set_par(site_id=site_id, product_id=supply.id, par=Decimal(4000), harm="usual", by=buyer)
    lines = {drug.id: Decimal(40), supply.id: Decimal(100)}
    sent = inventory.open_order(site_id=site_id, supplier_id=supplier, lines=lines, by=buyer)
    for step, by in (("propose", buyer), ("approve", house.by("pharmacist", signing=True)), ("send", buyer)):
        inventory.advance_order(order_id=sent, step=step, by=by)
    inventory.receive_delivery(
        supplier_id=supplier,
        site_id=site_id,
        location=shelf,
        order_id=sent,
        invoice="EXW-7781",
        by=house.by("warehouse"),
        transaction=inventory.Transaction("TI-55120", today, today, True),
        lines=[
            inventory.DeliveryLine(
                drug.id, "EXW40", today + timedelta(days=410), Decimal(38), drug.cost, Decimal(2), ("EX0001", "EX0002")
            )
        ],
    )
    waits = inventory.open_order(site_id=site_id, supplier_id=supplier, lines={supply.id: Decimal(200)}, by=buyer)
    inventory.advance_order(order_id=waits, step="propose", by=buyer)
    inventory.report_shortage(
        product_id=drug.id, note="allocation by the maker", expected_on=today + timedelta(days=45), by=buyer
    )
    inventory.propose_substitute(
        product_id=drug.id,
        instead_id=other.id,
        differs="another vial size: fewer or more vials a dose",
        source="labels, fictional",
        by=house.by("pharmacist"),
    )
    return supplier


def _vault(house: House, shelf: UUID) -> None:
    """A controlled substance whose count waits for a witness."""
    product = catalog.products_of("hydromorphone", kind="drug")[0]
    lot = _receive(house, shelf, product, "VLT1", 10)
    inventory.enter_controlled(kind=ActKind.COUNT, lot_id=lot, location_id=shelf, amount=Decimal(9), by=house.by("technician"))


def _others(house: House, shelf: UUID, van: UUID, orders: list[therapy.PrescriptionFact]) -> None:
    """A patient's own white-bagged stock, a consigned lot, and something on the road."""
    if orders:
        order = orders[0]
        product = catalog.products_of(order.order.drug_code, kind="drug")[0]
        _receive(house, shelf, product, "WB1", 4, Pool(Ownership.WHITE_BAGGED, order.patient_id))
    factor = catalog.products_of("ivig_10", kind="drug")[0]
    _receive(house, shelf, factor, "CON1", 3, Pool(Ownership.CONSIGNED))
    lot = _receive(house, shelf, catalog.products_of(kind="supply")[1], "ROAD1", 30)
    inventory.send_transfer(
        from_location=shelf, to_location=van, lots={lot: Decimal(20)}, note="for tomorrow's first tour", by=house.by("warehouse")
    )


def _recall(house: House, shelf: UUID) -> None:
    """A recall that has just come in."""
    lot = _receive(house, shelf, catalog.products_of(kind="diluent")[1], "RC44", 12)
    inventory.open_recall(
        title="leaking ports",
        klass=RecallClass.II,
        source="Letter of the maker, fictional, no. 44",
        why="bags may leak at the port",
        instructions="Do not use the bag. Put it aside and call us; we bring another.",
        lot_ids=[lot],
        by=house.by("pharmacist"),
    )


def _receive(
    house: House, shelf: UUID, product: catalog.ProductFact, lot: str, packages: int, pool: Pool = inventory.OWNED
) -> UUID:
    return inventory.receive_stock(
        product_id=product.id,
        lot=lot,
        expires_on=house_today() + timedelta(days=280),
        quantity=Decimal(packages),
        location=shelf,
        by=house.by("buyer"),
        cost=Money(product.cost.cents),
        supplier="Example Wholesale",
        pool=pool,
    )


def runs_by_pump(order: therapy.PrescriptionFact) -> bool:
    """Whether a pump's program can be matched to this order: an interval, no formula, and a dose that is not tiny."""
    o = order.order
    return bool(o.interval_hours and o.nutrition is None and o.infusion_minutes and o.dose.amount >= 10 and not o.rate_ml_per_h)


def settings_for(order: therapy.PrescriptionFact) -> Settings:
    """An intermittent program of 100 mL that is the order."""
    o = order.order
    return Settings(
        Mode.INTERMITTENT,
        (o.dose.amount / _BAG_ML).quantize(Decimal("0.0001")),
        (_BAG_ML * 60 / o.infusion_minutes).quantize(Decimal("0.01")),
        _BAG_ML,
        Decimal(o.interval_hours or 24),
    )
