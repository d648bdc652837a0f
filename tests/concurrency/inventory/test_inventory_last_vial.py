# SPDX-License-Identifier: Apache-2.0
"""The last vial goes to exactly one of many who want it at the same moment, each on a connection of its own."""
from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import connection

from openinfusion.catalog import public as catalog
from openinfusion.inventory import public as inventory
from openinfusion.inventory.public import PlaceKind
from openinfusion.inventory.queries import disagreements
from openinfusion.kernel.ids import new_id
from openinfusion.kernel.refusal import Refused
from openinfusion.kernel.roles import Role
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import today
from openinfusion.platform.scope import entered
from openinfusion.sites import public as sites

PHARMACY = {"legal_name": "Race Test Pharmacy", "npi": "1", "tax_id": "1", "taxonomy": "x", "street": "1", "city": "1", "state_code": "IL", "zip_code": "1", "phone": "1"}
THREADS = 12


def run(works: list[Callable[[], object]]) -> list[str]:
    """Run all at once; what came of each: won, or the code of its refusal."""
    start, results = threading.Barrier(len(works)), ["" for _ in works]

    def one(n: int, work: Callable[[], object]) -> None:
        try:
            start.wait(timeout=20)
            work()
            results[n] = "won"
        except Refused as no:
            results[n] = no.reasons[0].code
        except Exception as trouble:
            results[n] = f"{type(trouble).__name__}: {trouble}"
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=pair) for pair in enumerate(works)]
    for t in threads:
        t.start()
    for t in threads:
        t.join(timeout=60)
    return results


@pytest.fixture
def shelf(committed: None, organization_id: UUID, someone: Callable[..., Actor]) -> tuple[UUID, UUID, UUID, Actor]:
    by = someone(*Role)
    with entered(organization_id):
        catalog.load_catalog(by=by)
        site_id = sites.open_site(name="Race", kind="pharmacy", timezone="America/Chicago", details=PHARMACY, by=by)
        shelf_id = inventory.open_location(site_id=site_id, code="A", name="A", kind=PlaceKind.SHELF, by=by)
        product = catalog.products_of("ceftriaxone", kind="drug")[0]
    return site_id, shelf_id, product.id, by


@pytest.mark.parametrize("vials", [1, 3])
def test_the_last_vials_are_won_once_each(shelf: tuple[UUID, UUID, UUID, Actor], organization_id: UUID, vials: int) -> None:
    site_id, shelf_id, product_id, by = shelf
    with entered(organization_id):
        inventory.receive_stock(product_id=product_id, lot="LAST", expires_on=today("America/Chicago") + timedelta(days=99), quantity=Decimal(vials), location=shelf_id, by=by)
    purposes = [new_id() for _ in range(THREADS)]
    results = run([lambda p=p: inventory.allocate(product_id=product_id, quantity=Decimal(1), site_id=site_id, for_id=p, by=by) for p in purposes])  # type: ignore[misc]
    assert results.count("won") == vials and results.count("short-stock") == THREADS - vials, results
    with entered(organization_id):
        assert not disagreements()
        assert sum(len(inventory.allocations(p)) for p in purposes) == vials
        assert inventory.free([product_id], site_id).get(product_id, 0) == 0


def test_issuing_the_same_reservation_twice_takes_it_once(shelf: tuple[UUID, UUID, UUID, Actor], organization_id: UUID) -> None:
    site_id, shelf_id, product_id, by = shelf
    purpose = new_id()
    with entered(organization_id):
        inventory.receive_stock(product_id=product_id, lot="TWICE", expires_on=today("America/Chicago") + timedelta(days=99), quantity=Decimal(5), location=shelf_id, by=by)
        inventory.allocate(product_id=product_id, quantity=Decimal(2), site_id=site_id, for_id=purpose, by=by)
    results = run([lambda: inventory.issue(for_id=purpose, by=by) for _ in range(6)])
    assert results.count("won") == 1 and results.count("nothing-held") == 5, results
    with entered(organization_id):
        assert inventory.on_hand(product_id, site_id) == 3 and not disagreements()
