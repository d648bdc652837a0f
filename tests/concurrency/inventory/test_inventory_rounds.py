"""The last vial, round after round: of all who want it at the same moment exactly one gets it, and nobody mixes owners.

STOCK_ROUNDS sets how many rounds; the suite runs sixty, a thousand were run once.
"""
from __future__ import annotations

import os
import threading
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from openinfusion.catalog import public as catalog
from openinfusion.inventory import public as inventory
from openinfusion.inventory.models import Reservation
from openinfusion.inventory.public import Ownership, PlaceKind, Pool
from openinfusion.inventory.queries import disagreements
from openinfusion.kernel.ids import new_id
from openinfusion.kernel.refusal import Refused
from openinfusion.kernel.roles import Role
from openinfusion.platform.clock import today
from openinfusion.platform.scope import entered
from openinfusion.sites import public as sites

ROUNDS = int(os.environ.get("STOCK_ROUNDS", "60"))
THREADS = 4
PHARMACY = {"legal_name": "Round Test Pharmacy", "npi": "1", "tax_id": "1", "taxonomy": "x", "street": "1", "city": "1", "state_code": "IL", "zip_code": "1", "phone": "1"}


def test_the_last_vial_has_one_winner_in_every_round(committed: None, organization_id: UUID, someone: Any) -> None:
    by = someone(*Role)
    with entered(organization_id):
        catalog.load_catalog(by=by)
        site_id = sites.open_site(name="Rounds", kind="pharmacy", timezone="America/Chicago", details=PHARMACY, by=by)
        place = inventory.open_location(site_id=site_id, code="A", name="A", kind=PlaceKind.SHELF, by=by)
        product = catalog.products_of("ceftriaxone", kind="drug")[0]
        for pool in (Pool(), Pool(Ownership.CONSIGNED)):
            inventory.receive_stock(product_id=product.id, lot="LAST", expires_on=today("America/Chicago") + timedelta(days=99),
                                    quantity=Decimal(1), location=place, by=by, pool=pool)
    gates = [threading.Barrier(THREADS + 1), threading.Barrier(THREADS + 1)]
    purposes: list[UUID] = []
    winners: list[list[UUID]] = [[] for _ in range(THREADS)]

    def want(mine: list[UUID], n: int) -> None:
        for _ in range(ROUNDS):
            gates[0].wait(timeout=60)
            try:
                inventory.allocate(product_id=product.id, quantity=Decimal(1), site_id=site_id, for_id=purposes[n], by=by)
                mine.append(purposes[n])
            except Refused as no:
                assert no.reasons[0].code == "short-stock"
            gates[1].wait(timeout=60)
        connection.close()

    threads = [threading.Thread(target=want, args=(winners[n], n)) for n in range(THREADS)]
    for t in threads:
        t.start()
    for done in range(1, ROUNDS + 1):
        purposes[:] = [new_id() for _ in range(THREADS)]
        gates[0].wait(timeout=60)
        gates[1].wait(timeout=60)
        won = [p for mine in winners for p in mine]
        assert len(won) == done, f"round {done}: {len(won)} winners in all"
        with entered(organization_id):
            inventory.release_reservation(for_id=next(p for p in won if p in purposes), by=by)
    for t in threads:
        t.join(timeout=60)
    with entered(organization_id):
        assert not disagreements()
        assert set(Reservation.objects.values_list("ownership", flat=True)) == {"owned"}
