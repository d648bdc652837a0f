# SPDX-License-Identifier: Apache-2.0
"""Stock, timed: a day's thousand preparations allocated, and a recall traced through a million movements.

The trace is asked as the page of the desk asks it: from one lot to work orders, preparations, deliveries and patients, and
from one work order back. The ledger is multiplied by the server, around a lot of the demonstration that was truly used.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from rich.console import Console
from rich.table import Table

from openinfusion.catalog import public as catalog
from openinfusion.desk.queries.trace import back, forward
from openinfusion.inventory import public as inventory
from openinfusion.inventory.models import Movement, Reservation
from openinfusion.kernel.ids import new_id
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.database import connect_as_owner
from openinfusion.platform.scope import entered

PREPARATIONS = 1000
MOVEMENTS = 1_000_000
ROUNDS = 30
_GROW = """
INSERT INTO inventory_movement (id, organization_id, made_at, version, kind, lot_id, location_id, on_hand_amount,
  reserved_amount, for_id, reason, moved_by, mover_name, witness_name)
SELECT gen_random_uuid(), m.organization_id, m.made_at, 1, m.kind, m.lot_id, m.location_id, m.on_hand_amount,
  m.reserved_amount, m.for_id, m.reason, m.moved_by, m.mover_name, ''
FROM (SELECT * FROM inventory_movement WHERE kind IN ('receive', 'reserve', 'unreserve', 'issue') LIMIT %s) m,
  generate_series(1, %s)
"""
_HOLD = """
INSERT INTO inventory_reservation (id, organization_id, made_at, version, for_id, product_id, lot_id, location_id, held_amount,
  issued_amount, released_amount, override, ownership, patient_id)
SELECT gen_random_uuid(), r.organization_id, r.made_at, 1, gen_random_uuid(), r.product_id, r.lot_id, r.location_id,
  r.held_amount,
  r.issued_amount, r.released_amount, '', r.ownership, r.patient_id
FROM (SELECT * FROM inventory_reservation WHERE lot_id <> %s LIMIT %s) r, generate_series(1, %s)
"""


def rows(organization_id: UUID, by: Actor, site_id: UUID) -> list[dict[str, Any]]:
    """Allocation first, then the trace at the size of the demonstration and at a million movements."""
    found = _allocation(organization_id, by, site_id)
    with entered(organization_id):
        lot_id, order_id = _used()
    small = _traces(organization_id, lot_id, order_id)
    _grow(organization_id, lot_id)
    with entered(organization_id):
        size = Movement.objects.count()
    large = _traces(organization_id, lot_id, order_id)
    for name in small:
        base = statistics.median(small[name])
        found.append(_row(f"{name}, {size:,} movements", large[name], base))
    return found


def _allocation(organization_id: UUID, by: Actor, site_id: UUID) -> list[dict[str, Any]]:
    """A thousand work orders of three products each, held one after another; the baseline is the first hundred."""
    with entered(organization_id):
        products = [
            p.id for p in (*catalog.products_of("ceftriaxone", kind="drug")[:2], *catalog.products_of(kind="diluent")[:1])
        ]
        place = inventory.locations(site_id)[0].id
        for number, product_id in enumerate(products * 4):
            inventory.receive_stock(
                product_id=product_id,
                lot=f"BENCH{number}",
                expires_on=now().date() + timedelta(days=90 + number),
                quantity=Decimal(PREPARATIONS),
                location=place,
                by=by,
            )
    runs = []
    for _ in range(PREPARATIONS):
        with entered(organization_id):
            needs = {p: Decimal(2) for p in products}
            runs.append(_timed(lambda needs=needs: inventory.allocate_all(needs=needs, site_id=site_id, for_id=new_id(), by=by)))
    first = statistics.median(runs[:100])
    return [
        _row("allocation of a preparation (three products), of a day's 1,000", runs[100:], first),
        _row(f"allocation of a day's {PREPARATIONS:,} preparations, all of them", [sum(runs)], first * PREPARATIONS),
    ]


def _used() -> tuple[UUID, UUID]:
    """The lot that most purposes took, and one of them."""
    taken = Reservation.objects.filter(issued_amount__gt=0).order_by("made_at").values_list("lot_id", "for_id")
    lots = [lot for lot, _ in taken]
    most = max(set(lots), key=lots.count)
    return most, next(purpose for lot, purpose in taken if lot == most)


def _grow(organization_id: UUID, lot_id: UUID) -> None:
    """A million movements and a quarter of a million reservations more, as the owner and with triggers off."""
    connection.close()
    with connect_as_owner(settings.OWNER, settings.OWNER["NAME"]) as owner:
        owner.execute("SET session_replication_role = replica")
        owner.execute("SET statement_timeout = 0")
        count = "SELECT count(*) FROM inventory_movement WHERE kind IN ('receive', 'reserve', 'unreserve', 'issue')"
        there = min(2000, owner.execute(count).fetchone()[0])
        owner.execute(_GROW, [there, MOVEMENTS // there + 1])
        held = min(1000, owner.execute("SELECT count(*) FROM inventory_reservation WHERE lot_id <> %s", [lot_id]).fetchone()[0])
        owner.execute(_HOLD, [lot_id, held, MOVEMENTS // 4 // held])
        owner.execute("VACUUM (ANALYZE) inventory_movement, inventory_reservation")


def _traces(organization_id: UUID, lot_id: UUID, order_id: UUID) -> dict[str, list[float]]:
    ways: dict[str, Callable[[], object]] = {
        "recall trace, lot to patients": lambda: forward([lot_id]),
        "trace back, work order to lots": lambda: back([order_id]),
    }
    found: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS + 3):
        for name, way in ways.items():
            with entered(organization_id):
                found[name].append(_timed(way))
    return {name: runs[3:] for name, runs in found.items()}


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


def _row(name: str, runs: list[float], base: float) -> dict[str, Any]:
    median = statistics.median(runs)
    return {
        "name": name,
        "runs": len(runs),
        "median": round(median, 2),
        "unit": "ms",
        "baseline": round(base, 2),
        "p95": round(sorted(runs)[max(0, round(len(runs) * 0.95) - 1)], 2),
        "ratio": round(median / base, 2),
    }


def show(console: Console, found: list[dict[str, Any]]) -> None:
    """The rows as a table."""
    table = Table("stock", "runs", "median ms", "p95 ms", "baseline ms")
    for r in found:
        table.add_row(r["name"], str(r["runs"]), str(r["median"]), str(r["p95"]), str(r["baseline"]))
    console.print(table)
