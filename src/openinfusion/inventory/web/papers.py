# SPDX-License-Identifier: Apache-2.0
"""What is printed: count sheets without the book, purchase orders, picks, letters, shelf labels, the vault's inventory."""

from __future__ import annotations

from uuid import UUID

from openinfusion.inventory.adapters.paper import letters_pdf, shelf_labels_pdf, table_pdf
from openinfusion.inventory.domain.controlled import inventory_source
from openinfusion.inventory.models import ControlledInventory, CountSheet, OnHand, PurchaseOrder, RecallCase
from openinfusion.inventory.queries.purchase import order_lines
from openinfusion.inventory.queries.recall import notices_of
from openinfusion.inventory.web.count_pages import lines_of
from openinfusion.inventory.web.pick_pages import pick_table
from openinfusion.inventory.web.table import Table, shown_text
from openinfusion.inventory.web.working import working_site
from openinfusion.kernel.money import total
from openinfusion.kernel.refusal import Reason, Refused
from openinfusion.kernel.zip_code import shown_zip
from openinfusion.patients import public as patients
from openinfusion.platform.action import fetch
from openinfusion.platform.actor import Actor
from openinfusion.platform.models import Organization, Site
from openinfusion.sites import public as sites


def _of(t: Table) -> tuple[tuple[str, ...], list[list[str]]]:
    return t.columns, [[c.text for c in row] for row in t.rows]


def count_sheet(sheet_id: UUID) -> bytes:
    sheet = fetch(CountSheet, sheet_id)
    rows = [[x.lot.product.name, x.lot.number, shown_text(x.lot.expires_on), "", ""] for x in lines_of(sheet.id)]
    return table_pdf(
        f"Count {sheet.number}",
        ("Product", "Lot", "Expires", "Counted", "Again"),
        rows,
        lines=(str(sheet.location),),
        sign=("Counted by", "Counted again by"),
    )


def purchase_order(order_id: UUID) -> bytes:
    row = fetch(PurchaseOrder, order_id)
    lines = order_lines(row.id)
    rows = [[x.product, x.ndc, shown_text(x.amount), str(x.price), str(x.worth)] for x in lines]
    return table_pdf(
        f"Purchase order {row.number}",
        ("Product", "NDC", "Packages", "Price", "Worth"),
        rows,
        lines=(
            f"To {row.supplier}",
            f"For {row.site}",
            f"Approved by {row.approver_name}" if row.approver_name else "Not approved yet",
        ),
        total=f"Total {total(x.worth for x in lines)}",
        sign=("Ordered by",),
    )


def picks(by: Actor, for_id: UUID | None) -> bytes:
    columns, rows = _of(pick_table(working_site(by), for_id))
    return table_pdf(
        "Pick list",
        (*columns, "Picked"),
        [[*r, ""] for r in rows],
        lines=(str(fetch(Site, working_site(by))),),
        sign=("Picked by",),
    )


def vault_inventory(inventory_id: UUID) -> bytes:
    row = fetch(ControlledInventory, inventory_id)
    rows = [[x["schedule"], x["product"], x["ndc"], x["lot"], x["expires"], x["place"], x["amount"]] for x in row.lines]
    return table_pdf(
        f"Inventory of controlled substances, {row.taken_on:%d-%b-%Y}",
        ("Schedule", "Product", "NDC", "Lot", "Expires", "Place", "Packages"),
        rows,
        lines=(
            str(row.site),
            f"Taken at the {'opening' if row.at_opening else 'close'} of business by {row.taker_name}",
            inventory_source(),
        ),
        sign=("Taken by", "Witness"),
        wide=True,
    )


def shelf_labels(by: Actor) -> bytes:
    """One label for each product and place where some of it is."""
    rows = OnHand.objects.filter(location__site_id=working_site(by), on_hand_amount__gt=0).select_related(
        "lot__product", "location"
    )
    found = {(r.location.pick_order, r.location.name, r.lot.product.name): r.lot.product for r in rows}
    if not found:
        raise Refused(Reason("nothing-there", "there is nothing on the shelves", "receive stock first"))
    return shelf_labels_pdf(
        [
            {"place": place, "product": name, "ndc": f"{p.ndc11[:5]}-{p.ndc11[5:9]}-{p.ndc11[9:]}", "gtin": p.gtin}
            for (_, place, name), p in sorted(found.items(), key=lambda pair: pair[0])
        ]
    )


def letter_rows(case_id: UUID) -> list[tuple[str, str, str, str, str]]:
    """The letter list: patient, address, what reached them, whether they were told."""
    found = notices_of(case_id)
    known = patients.patients([n.patient_id for n in found])
    return [
        (known[n.patient_id].name, ", ".join(_address(known[n.patient_id])), n.what, n.told.replace("_", " "), n.how or n.note)
        for n in found
    ]


def _address(p: patients.PatientFact) -> list[str]:
    a = p.address
    return [x for x in (a.line1, a.line2, f"{a.city}, {a.state} {shown_zip(a.zip)}") if x.strip(", ")]


def letters(case_id: UUID, by: Actor) -> bytes:
    row = fetch(RecallCase, case_id)
    found = notices_of(row.id)
    if not found:
        raise Refused(Reason("reached-nobody", "the recall reached nobody", "there is no letter to print"))
    known = patients.patients([n.patient_id for n in found])
    what: dict[UUID, list[str]] = {}
    for n in found:
        what.setdefault(n.patient_id, []).append(n.what)
    about = {
        "number": row.number,
        "title": row.title,
        "why": row.why,
        "instructions": row.instructions,
        "house": Organization.objects.get(pk=by.organization_id).name,
        "phone": _phone(by),
    }
    return letters_pdf(
        about, [{"name": known[id].name, "address": _address(known[id]), "what": lines} for id, lines in what.items()]
    )


def _phone(by: Actor) -> str:
    return sites.pharmacy(working_site(by)).phone
