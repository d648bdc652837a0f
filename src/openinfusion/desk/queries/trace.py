# SPDX-License-Identifier: Apache-2.0
"""The trace both ways: from a lot to work orders, preparations, deliveries and patients, and from each of them back.

Stock is known to the inventory room, preparations to compounding, deliveries to delivery; here the three are joined by
their doors, a few questions for the whole trace.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from openinfusion.compounding import public as compounding
from openinfusion.delivery import public as delivery
from openinfusion.inventory import public as inventory
from openinfusion.inventory.public import Reach, Reached
from openinfusion.kernel.local_day import day_of
from openinfusion.nursing import public as nursing
from openinfusion.patients import public as patients
from openinfusion.platform.house_day import house_zone


@dataclass(frozen=True, slots=True)
class Link:
    """One use of one lot: for which work order or delivery, what it became, whose it is, and where it is now."""

    lot_id: UUID
    amount: Decimal
    held: bool  # set aside, not taken yet
    kind: str  # preparation, supply, or given from a suite's own shelf
    number: str
    url: str
    what: str
    state: str
    patient_id: UUID
    delivery: str
    delivered_at: datetime | None
    delivered_on: date | None = None  # where the patient lives

    @property
    def reached(self) -> bool:
        """Whether it left the house."""
        return self.delivered_at is not None


def forward(lot_ids: Iterable[UUID]) -> list[Link]:
    """Every use of these lots, in the order in which they were taken."""
    return _joined(inventory.taken(lots=lot_ids))


def back(purpose_ids: Iterable[UUID]) -> list[Link]:
    """Every lot that these work orders or deliveries took."""
    return _joined(inventory.taken(purposes=purpose_ids))


def _joined(taken: Sequence[inventory.Taken]) -> list[Link]:
    purposes = {t.for_id for t in taken}
    if not purposes:
        return []
    orders = {u.work_order_id: u for u in compounding.uses(purposes)}
    tickets = delivery.supplied(
        tickets=purposes - orders.keys(), preparations=[u.preparation_id for u in orders.values() if u.preparation_id]
    )
    by_preparation: dict[UUID, list[delivery.Supplied]] = defaultdict(list)
    by_ticket = {}
    for s in tickets:
        if s.preparation_id:
            by_preparation[s.preparation_id].append(s)
        else:
            by_ticket[s.ticket_id] = s
    given = {g.id: g for g in nursing.given_packages(ids=purposes - orders.keys() - by_ticket.keys())}
    found = []
    for t in taken:
        if one := given.get(t.for_id):
            found.append(_given(t, one))
        elif order := orders.get(t.for_id):
            carried = by_preparation.get(order.preparation_id, []) if order.preparation_id else []
            found += [_made(t, order, s) for s in carried] or [_made(t, order, None)]
        elif ticket := by_ticket.get(t.for_id):
            found.append(
                Link(
                    t.lot_id,
                    t.issued or t.held,
                    not t.issued,
                    "supply",
                    ticket.number,
                    f"/delivery/{ticket.ticket_id}/",
                    "supplies",
                    ticket.state,
                    ticket.patient_id,
                    ticket.number,
                    ticket.delivered_at,
                )
            )
    return _dated(found)


def _given(t: inventory.Taken, one: nursing.GivenPackage) -> Link:
    """A package that a suite gave from its own shelf: it reached its patient in the chair."""
    return Link(
        t.lot_id,
        t.issued,
        False,
        "given",
        one.visit_number,
        f"/nursing/visits/{one.visit_id}/",
        "given from the suite's shelf",
        one.state,
        one.patient_id,
        f"visit {one.visit_number}",
        one.at,
    )


def _dated(links: list[Link]) -> list[Link]:
    """The same with the day on which each reached its patient, by the patient's calendar."""
    people = patients.patients(list({x.patient_id for x in links if x.delivered_at}))
    zones = {id: p.timezone or house_zone() for id, p in people.items()}
    return [replace(x, delivered_on=day_of(x.delivered_at, zones[x.patient_id])) if x.delivered_at else x for x in links]


def _made(t: inventory.Taken, order: compounding.Use, carried: delivery.Supplied | None) -> Link:
    what = f"{order.drug_name}, preparation {order.preparation_lot}" if order.preparation_lot else order.drug_name
    return Link(
        t.lot_id,
        t.issued or t.held,
        not t.issued,
        "preparation",
        order.number,
        f"/compounding/{order.work_order_id}/",
        what,
        order.state,
        order.patient_id,
        carried.number if carried else "",
        carried.delivered_at if carried else None,
    )


def reach_of(lot_ids: Iterable[UUID]) -> list[Reached]:
    """Whom these lots reached: every patient to whom something made of them, or they themselves, was taken out of the house.

    What still lies in the house is not told to patients; it is stopped and pulled.
    """
    found = {}
    for link in forward(lot_ids):
        if link.reached:
            reach = Reach.PREPARATION if link.kind == "preparation" else Reach.SUPPLY
            by = link.delivery if link.kind == "given" else f"delivery {link.delivery}"
            what = f"{link.what}, {by} of {link.delivered_on:%d-%b-%Y}"
            found[link.patient_id, what] = Reached(link.patient_id, reach, what)
    return list(found.values())
