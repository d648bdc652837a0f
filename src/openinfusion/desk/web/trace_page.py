# SPDX-License-Identifier: Apache-2.0
"""The page of the trace: from a lot, a recall, a work order, a preparation or a patient, forward and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from openinfusion.catalog import public as catalog
from openinfusion.compounding import public as compounding
from openinfusion.desk.queries.trace import Link, back, forward
from openinfusion.inventory import public as inventory
from openinfusion.kernel.refusal import Fault, Malformed
from openinfusion.patients import public as patients

HEAD = ("product", "lot", "expires", "lot state", "packages", "for", "what", "state", "patient", "delivery", "delivered")


@dataclass(frozen=True, slots=True)
class Asked:
    """Where the trace begins: a text, a lot, a recall or a patient."""

    text: str = ""
    lot_id: UUID | None = None
    case_id: UUID | None = None
    patient_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class TraceRow:
    """One use of a lot, with names."""

    link: Link
    product: str
    lot: inventory.LotFact
    patient: str


@dataclass(frozen=True, slots=True)
class TracePage:
    here: str
    title: str
    text: str
    query: str
    direction: str
    rows: tuple[TraceRow, ...]
    lots: int
    patients: int
    reached: int


def asked(given: Mapping[str, str]) -> Asked:
    """What the address asks for; Malformed for what is no identifier."""
    try:
        ids = {name: UUID(given[key]) for name, key in (("lot_id", "lot"), ("case_id", "case"), ("patient_id", "patient"))
               if given.get(key)}
    except ValueError:
        raise Malformed(Fault("trace", "is no identifier")) from None
    return Asked(given.get("q", "").strip(), **ids)


def trace_page(a: Asked) -> TracePage:
    direction, links = _links(a)
    lots = inventory.lots({x.lot_id for x in links})
    products = catalog.products({f.product_id for f in lots.values()})
    names = patients.patients(list({x.patient_id for x in links}))
    rows = tuple(TraceRow(x, products[lots[x.lot_id].product_id].name, lots[x.lot_id], names[x.patient_id].name) for x in links)
    given = (("q", a.text), ("lot", a.lot_id), ("case", a.case_id), ("patient", a.patient_id))
    query = urlencode({k: v for k, v in given if v})
    reached = len({x.patient_id for x in links if x.reached})
    return TracePage("trace", "Trace", a.text, query, direction, rows, len(lots), len(names), reached)


def _links(a: Asked) -> tuple[str, list[Link]]:
    """Forward from lots; back from what was made or sent, or from a patient."""
    if a.lot_id:
        return "forward from one lot", forward([a.lot_id])
    if a.case_id:
        return "forward from the recalled lots", forward(inventory.recall(a.case_id).lot_ids)
    if a.patient_id:
        return "back from one patient", back([u.work_order_id for u in compounding.uses_named(patient_id=a.patient_id)])
    if not a.text:
        return "", []
    if lots := inventory.lots_numbered(a.text):
        return f"forward from lot {a.text.upper()}", forward(f.id for f in lots)
    made = compounding.uses_named(a.text)
    return f"back from {a.text.upper()}" if made else "", back([u.work_order_id for u in made])


def as_row(r: TraceRow) -> tuple[object, ...]:
    """A line of the CSV."""
    delivered = f"{r.link.delivered_on:%Y-%m-%d}" if r.link.delivered_on else ""
    return (r.product, r.lot.number, r.lot.expires_on, r.lot.state, r.link.amount.normalize(), r.link.number, r.link.what,
            r.link.state, r.patient, r.link.delivery, delivered)
