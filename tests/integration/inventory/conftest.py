"""The store of the tests: a bench with a buyer, a warehouse, a compliance officer and a supplier that is licensed."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from openinfusion.catalog import public as catalog
from openinfusion.inventory import public as inventory
from openinfusion.kernel.money import Money
from openinfusion.kernel.roles import Role
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import today
from openinfusion.team import public as team

D = Decimal


@dataclass
class Store:
    """The bench's shelf, and who works around it."""

    bench: Any
    buyer: Actor
    warehouse: Actor
    compliance: Actor
    executive: Actor
    supplier_id: UUID

    @property
    def today(self) -> date:
        return today("America/Chicago")

    def product(self, text: str) -> catalog.ProductFact:
        return next(p for kind in ("drug", "diluent", "supply", "equipment") for p in catalog.products_of(kind=kind) if text in p.name)

    def lot(self, text: str, packages: int, number: str, **more: Any) -> UUID:
        """Packages of one product on the shelf."""
        values = {"expires_on": self.today + timedelta(days=300), "location": self.bench.shelf_id} | more
        return inventory.receive_stock(product_id=self.product(text).id, lot=number, quantity=D(packages), by=self.bench.technician, **values)

    def place(self, code: str, kind: inventory.PlaceKind) -> UUID:
        return inventory.open_location(site_id=self.bench.site_id, code=code, name=f"Place {code}", kind=kind, by=self.bench.technician)

    def price(self, text: str, dollars: str, pack: int = 1) -> UUID:
        product = self.product(text)
        inventory.set_price(supplier_id=self.supplier_id, product_id=product.id, price=Money.of(dollars), pack=pack, by=self.buyer)
        return product.id

    def line(self, text: str, good: int, number: str = "S1", **more: Any) -> inventory.DeliveryLine:
        values = {"invoiced": Money.of("2.10"), "expires_on": self.today + timedelta(days=300)} | more
        return inventory.DeliveryLine(product_id=self.product(text).id, lot=number, good=D(good), **values)

    @property
    def papers(self) -> inventory.Transaction:
        return inventory.Transaction("TI-1", self.today, self.today, True)

    def deliver(self, *lines: inventory.DeliveryLine, **more: Any) -> UUID:
        values = {"transaction": self.papers} | more
        return inventory.receive_delivery(supplier_id=self.supplier_id, site_id=self.bench.site_id, location=self.bench.shelf_id,
                                          lines=lines, by=self.warehouse, **values)


@pytest.fixture
def store(bench: Any, someone: Callable[..., Actor], scope: UUID) -> Store:
    people = {}
    for name, role in (("Bo Buyer", Role.BUYER), ("Wes Warehouse", Role.WAREHOUSE), ("Cleo Compliance", Role.COMPLIANCE),
                       ("Eve Executive", Role.EXECUTIVE)):
        user_id = team.add_person(email=f"{name.replace(' ', '.').lower()}.{scope.hex}@example.org", name=name,
                                  roles=frozenset({role}), by=bench.administrator)
        made = someone(role, name=name, site_id=bench.site_id)
        people[role] = Actor(user_id, name, made.organization_id, made.roles, made.permissions, bench.site_id)
    buyer = people[Role.BUYER]
    supplier_id = inventory.add_supplier(code="EXW", name="Example Wholesale", terms=inventory.Terms(2, 0, "net 30"), by=buyer)
    inventory.verify_licence(supplier_id=supplier_id, number="W-1", state_code="IL", ends_on=today("America/Chicago") + timedelta(days=200),
                             source="state register", by=buyer)
    return Store(bench, buyer, people[Role.WAREHOUSE], people[Role.COMPLIANCE], people[Role.EXECUTIVE], supplier_id)
