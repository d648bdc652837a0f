# SPDX-License-Identifier: Apache-2.0
"""What a suite gave from its own shelf at a visit, as billing needs it: given, thrown away, and what it cost."""
from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from openinfusion.billing.queries.delivered import PROGRAM, WHITE_BAGGED, Contents, DrugUsed
from openinfusion.catalog.public import products
from openinfusion.inventory import public as inventory
from openinfusion.nursing.public import GivenAs, given_packages
from openinfusion.therapy.public import prescription


def given_at(visit_id: UUID) -> Contents:
    """The drug of the packages that stand on the visit's record as given, and what all of them cost by their lots."""
    given = given_packages(visit_id=visit_id)
    kinds, lots = products([g.product_id for g in given]), inventory.lots({g.lot_id for g in given})
    orders = {id: prescription(id) for id in dict.fromkeys(g.order_id for g in given)}
    found: dict[tuple[UUID, UUID, bool], DrugUsed] = {}
    cost, supplies, not_ours = 0, 0, dict[str, None]()
    for g in given:
        product, lot = kinds[g.product_id], lots[g.lot_id]
        if lot.ownership == WHITE_BAGGED:
            not_ours[product.name] = None
            continue
        if g.given_as is GivenAs.DILUENT:
            supplies += lot.cost.cents
            continue
        cost += lot.cost.cents
        key = (g.order_id, g.product_id, lot.ownership == PROGRAM)
        before = found.get(key)
        used = product.strength - g.thrown_away
        found[key] = DrugUsed(
            product, orders[g.order_id], (before.packages if before else Decimal(0)) + 1,
            before.given + used if before else used, before.discarded + g.thrown_away if before else g.thrown_away,
            product.single_dose, key[2],
        )
    return Contents(tuple(found.values()), tuple(orders.values()), cost, supplies, tuple(not_ours))
