# SPDX-License-Identifier: Apache-2.0
"""What a delivery was made of, as billing needs it: the drug used and discarded, product by product, and what it
cost.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from openinfusion.catalog.public import ProductFact, products
from openinfusion.compounding.public import IngredientFact, ingredients, preparation
from openinfusion.delivery.public import TicketFact
from openinfusion.inventory import public as inventory
from openinfusion.kernel.money import Money, total
from openinfusion.kernel.quantity import Quantity
from openinfusion.therapy.public import PrescriptionFact, prescription

WHITE_BAGGED = inventory.Ownership.WHITE_BAGGED.value
PROGRAM = inventory.Ownership.PROGRAM_340B.value


@dataclass(frozen=True, slots=True)
class DrugUsed:
    """One drug product in one delivery: how many packages were opened, what was given, what was thrown away.

    ``under_program``: bought at the price of the 340B program, which some payers want told.
    """

    product: ProductFact
    order: PrescriptionFact
    packages: Decimal
    given: Quantity
    discarded: Quantity
    single_dose: bool
    under_program: bool = False


@dataclass(frozen=True, slots=True)
class Contents:
    """The drugs of a delivery that are ours to bill, the orders they belong to, and the costs in cents.

    ``not_ours`` names the white-bagged drugs: the payer bought them, so they are never charged and cost the house nothing.
    """

    drugs: tuple[DrugUsed, ...]
    orders: tuple[PrescriptionFact, ...]
    drug_cents: int
    supplies_cents: int
    not_ours: tuple[str, ...] = ()


def contents_of(ticket: TicketFact) -> Contents:
    """What was in this delivery, from the compounding records behind its preparations."""
    made = [line for line in ticket.lines if line.preparation_id is not None]
    orders = {i: prescription(i) for i in dict.fromkeys(line.prescription_id for line in made if line.prescription_id)}
    found: dict[tuple[UUID, UUID, bool], DrugUsed] = {}
    drug_cents = 0
    used = [
        (line, i) for line in made if line.preparation_id
        for i in ingredients(preparation(line.preparation_id).work_order_id)
    ]
    kinds = products([i.product_id for _, i in used])
    taken = inventory.lots({u.lot_id for _, i in used for u in i.lots})
    not_ours: dict[str, None] = {}
    for line, i in used:
        product = kinds[i.product_id]
        if any(taken[u.lot_id].ownership == WHITE_BAGGED for u in i.lots):
            not_ours[product.name] = None
            continue
        drug_cents += _cost(product, i, taken).cents
        if i.role == "drug" and line.prescription_id is not None:
            under_program = any(taken[u.lot_id].ownership == PROGRAM for u in i.lots)
            key = (line.prescription_id, i.product_id, under_program)
            found[key] = _joined(found.get(key), product, orders[line.prescription_id], i, under_program)
    supplies = sum(line.cost_cents for line in ticket.lines if line.preparation_id is None)
    return Contents(tuple(found.values()), tuple(orders.values()), drug_cents, supplies, tuple(not_ours))


def _cost(product: ProductFact, i: IngredientFact, taken: Mapping[UUID, inventory.LotFact]) -> Money:
    """What the packages were bought for, lot by lot; those without a lot on record at the product's acquisition cost."""
    of_lots = total(taken[u.lot_id].cost * u.packages for u in i.lots)
    return of_lots + product.cost * max(i.packages - i.captured, 0)


def _joined(
    before: DrugUsed | None, product: ProductFact, order: PrescriptionFact, i: IngredientFact, under_program: bool,
) -> DrugUsed:
    """The same product of the same order and owner counts together: rounding is per line, never per bag."""
    packages = Decimal(i.packages)
    if before is None:
        return DrugUsed(product, order, packages, i.used, i.discarded, i.single_dose, under_program)
    return DrugUsed(
        product, order, before.packages + packages, before.given + i.used, before.discarded + i.discarded,
        i.single_dose, under_program,
    )
