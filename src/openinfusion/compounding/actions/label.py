# SPDX-License-Identifier: Apache-2.0
"""Print the labels of a verified preparation. Before verification there is no label to print."""
from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from openinfusion.calculations.public import bag_of, label_lines
from openinfusion.catalog import public as catalog
from openinfusion.compounding import permissions
from openinfusion.compounding.adapters.label import render
from openinfusion.compounding.domain.beyond_use import Storage
from openinfusion.compounding.domain.label import Label, label_code, wall_time
from openinfusion.compounding.models import LabelPrint, Preparation, WorkOrder
from openinfusion.compounding.queries import prints_of
from openinfusion.kernel.quantity import Quantity, shown_number, unit
from openinfusion.kernel.refusal import NotFound, Reason, Refused
from openinfusion.patients import public as patients
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.files import store
from openinfusion.platform.journal import write
from openinfusion.sites import public as sites
from openinfusion.therapy import public as therapy

_PRINTABLE = frozenset({"verified", "labeled", "released_to_dispense"})


@action
def print_label(*, work_order_id: UUID, by: Actor, reason: str = "") -> UUID:
    """The labels of all containers as one PDF, kept with the preparation; the file's id. Every printing is counted.

    Refused before the product is verified, and for another printing without a reason.
    """
    by.must(permissions.LABEL)
    row = lock(WorkOrder, work_order_id)
    if row.state not in _PRINTABLE:
        raise Refused(Reason("label-held", "the label is held until the product is verified", "a pharmacist verifies"))
    preparation = Preparation.objects.select_for_update(of=("self",)).filter(work_order=row).first()
    if preparation is None:
        raise NotFound(f"preparation of {row}")
    number = 1 if preparation.label_printed_at is None else max(1, prints_of(preparation.id)) + 1
    if number > 1 and not reason.strip():
        raise Refused(Reason("reprint-reason", "the label was printed before", "give a reason for printing it again"))
    file_id = store(f"label-{preparation.lot_number}.pdf", render(labels_of(row, preparation)), "application/pdf", by)
    preparation.label_file_id, preparation.label_printed_at, preparation.label_printed_by = file_id, now(), by.id
    preparation.save(update_fields=["label_file", "label_printed_at", "label_printed_by"])
    LabelPrint(preparation=preparation, number=number, file_id=file_id, printed_by=by.id, printer_name=by.name,
               reason=reason.strip()).save(force_insert=True)
    again = f" again, printing {number}" if number > 1 else ""
    write(by, "compounding.label.print", preparation, "{actor} printed {count} label(s) of {subject}{again}", reason=reason,
          noted={"count": preparation.containers, "file": file_id, "again": again})
    return file_id


def labels_of(row: WorkOrder, preparation: Preparation) -> list[Label]:
    """One label a container, in finished strings."""
    site, person = sites.pharmacy(row.site_id), patients.patient(row.patient_id)
    order, zone = therapy.prescription(row.prescription_id), site.timezone
    dose = Quantity(row.dose_amount, unit(row.dose_unit))
    common: dict[str, Any] = {
        "pharmacy": site.legal_name, "pharmacy_phone": site.phone,
        "pharmacy_address": f"{site.street}, {site.city}, {site.state_code} {site.zip_shown}",
        "patient": person.name, "born": f"{person.born_on:%d-%b-%Y}", "mrn": person.mrn, "rx": order.number,
        "drug": row.drug_name, "dose": str(dose), "mixture": _mixture(row, dose), "directions": _directions(order),
        "storage": Storage(row.storage).words, "beyond_use": wall_time(preparation.beyond_use_at, zone),
        "beyond_use_because": preparation.limit_text, "lot": preparation.lot_number, "of": preparation.containers,
        "prepared": f"{preparation.made_at.astimezone(ZoneInfo(zone)):%d-%b-%Y %H:%M}",
        "compounder": row.compounder_name, "checker": row.verifier_name, "warnings": _warnings(row),
        "auxiliary": catalog.label_texts(
            row.drug_code, route=order.order.route, storage=row.storage, on=preparation.made_at.astimezone(ZoneInfo(zone)).date()
        ),
        "lines": _lines(row, order),
    }
    return [
        Label(number=n, code=label_code(preparation.lot_number, n), **common)
        for n in range(1, preparation.containers + 1)
    ]


def _lines(row: WorkOrder, order: therapy.PrescriptionFact) -> tuple[tuple[str, str, str], ...]:
    """Of nutrition every ingredient per day and per kg, prescribed volume and overfill apart; nothing of other drugs."""
    if order.order.nutrition is None:
        return ()
    return label_lines(bag_of(replace(order.order.nutrition, stocks=catalog.site_nutrition(row.site_id).stocks)))


def _mixture(row: WorkOrder, dose: Quantity) -> str:
    if row.method == "dispense":
        return "as supplied by the manufacturer"
    if (order := therapy.prescription(row.prescription_id)).order.nutrition:
        overfill, held = shown_number(order.order.nutrition.overfill_ml), shown_number(row.final_volume_ml)
        return f"prescribed volume {dose}, overfill {overfill} mL, {held} mL in the bag"
    diluent = catalog.formula(row.drug_code, therapy.prescription(row.prescription_id).order.route).diluent
    concentration = Quantity(row.concentration_amount, dose.unit)
    within = f"in {diluent.name}, " if diluent else ""
    return f"{within}total {shown_number(row.final_volume_ml)} mL ({concentration}/mL)"


def _directions(order: therapy.PrescriptionFact) -> str:
    o = order.order
    rate = f" at {shown_number(o.rate_ml_per_h)} mL/h" if o.rate_ml_per_h else ""
    words = f"Infuse {o.route} over {o.infusion_minutes} minutes{rate}, {o.frequency}."
    return f"{words} {o.instructions}".strip()


def _warnings(row: WorkOrder) -> tuple[str, ...]:
    found = ["Hazardous drug: handle with gloves, dispose as hazardous waste"] if row.hazardous else []
    if (hazard := catalog.hazard(row.drug_code)) and hazard.label_warning:
        found.insert(0, hazard.label_warning)
    return (*found, "Compounded preparation") if row.method == "compound" else tuple(found)
