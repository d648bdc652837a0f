# SPDX-License-Identifier: Apache-2.0
"""The drug a scan names, and the pump a serial names, with what speaks against them."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from openinfusion.compounding import public as compounding
from openinfusion.delivery import public as delivery
from openinfusion.inventory import public as inventory
from openinfusion.kernel.refusal import Malformed, NotFound, Reason, Refused
from openinfusion.nursing.domain.drug_check import InHand, against
from openinfusion.nursing.models import NurseVisit, SectionEntry
from openinfusion.nursing.queries.package import package_reasons, told_by
from openinfusion.nursing.queries.suite_terms import zone_at

_HANDED = "delivered"
_OWN = "OI1*"  # how every label of this pharmacy begins


def is_own_label(code: str) -> bool:
    """Whether this is how a label of this pharmacy begins; anything else is a package's own code."""
    return code.strip().upper().startswith(_OWN)


def drug_reasons(v: NurseVisit, code: str, at: datetime) -> list[Reason]:
    """Every reason not to give what this label, or this package's code, names to the patient of this visit."""
    if not is_own_label(code):
        return package_reasons(v, code, at)
    try:
        made, _ = compounding.preparation_by_label(code)
    except (Malformed, NotFound):
        return [Reason("unknown-label", f"“{code}” is no label of this pharmacy", "scan again, or call the pharmacy")]
    drug = in_suite_hands(in_hand(made), made.site_id, v.site_id) if v.in_suite else in_hand(made)
    return list(against(drug, v.patient_id, v.therapy_id, at))


def drug_told(v: NurseVisit, code: str) -> dict[str, str]:
    """What the code says of the drug, for the record: its name, lot and until when it may be used."""
    if not is_own_label(code):
        return told_by(code)
    try:
        made, _ = compounding.preparation_by_label(code)
    except (Malformed, NotFound):
        return {}
    until = made.beyond_use_at.astimezone(zone_at(made.site_id))
    return {"drug_name": made.drug_name, "lot": made.lot_number, "until": f"{until:%d-%b-%Y %H:%M %Z}"}


def in_hand(made: compounding.PreparationFact) -> InHand:
    handed = any(s.state == _HANDED for s in delivery.supplied(preparations=[made.id]))
    until = made.beyond_use_at.astimezone(zone_at(made.site_id))
    return InHand(made.lot_number, made.patient_id, made.therapy_id, until, made.released, handed,
                  tuple(lot.number for lot in inventory.lots_of(made.work_order_id) if lot.state == "recalled"),
                  delivery.preparations_left_range([made.id]).get(made.id, ""))


def in_suite_hands(drug: InHand, made_at: UUID, suite_id: UUID) -> InHand:
    """What was made at the suite's own pharmacy is in hand there without a delivery."""
    return replace(drug, delivered=drug.delivered or made_at == suite_id)


def preparations_scanned(v: NurseVisit) -> list[UUID]:
    """The preparations of which every container was scanned at this visit, nothing against any of them."""
    counted: dict[UUID, tuple[int, set[int]]] = {}
    for row in SectionEntry.objects.filter(visit=v, section="drug", problems=[]).order_by("made_at"):
        code = str(row.values.get("code", ""))
        if not is_own_label(code):  # a package that was not compounded is on no work order
            continue
        made, number = compounding.preparation_by_label(code)
        counted.setdefault(made.id, (made.containers, set()))[1].add(number)
    return [id for id, (containers, seen) in counted.items() if len(seen) >= containers]


def at_the_patient(v: NurseVisit) -> list[tuple[compounding.PreparationFact, InHand]]:
    """The preparations of the visit's therapy that were handed to the patient, the newest beyond-use first."""
    made = [m for m in compounding.preparations_of_therapy(v.therapy_id) if m.patient_id == v.patient_id]
    found = [(m, in_hand(m)) for m in sorted(made, key=lambda m: m.beyond_use_at, reverse=True)[:12]]
    if v.in_suite:
        found = [(m, in_suite_hands(drug, m.site_id, v.site_id)) for m, drug in found]
    return [(m, drug) for m, drug in found if drug.delivered]


def pump_reasons(v: NurseVisit, values: Mapping[str, Any]) -> list[Reason]:
    """How the pump in hand differs from what was assigned and programmed for this patient, and from the order."""
    serial = str(values.get("pump_serial", "")).strip().upper()
    pumps = {p.serial.upper(): p for p in inventory.pumps_of(v.patient_id)}
    if serial not in pumps:
        return [Reason("other-pump", f"pump {serial} is not assigned to this patient", "take the right one, or ask the pharmacy")]
    found = []
    program = inventory.pump_program(pumps[serial].id)
    if program is None:
        return [Reason("no-program", f"no checked program of pump {serial} is on file", "ask the pharmacy")]
    for what, field, wanted, unit in (
        ("rate", "pump_rate_ml_per_h", program.rate_ml_per_h, "mL/h"), ("volume", "pump_volume_ml", program.volume_ml, "mL"),
    ):
        if values.get(field) is not None and wanted and Decimal(str(values[field])) != wanted:
            found.append(Reason("program-differs", f"{what}: the pump has {values[field]} {unit}, the checked program "
                                f"{wanted.normalize():f} {unit}", "call the pharmacist before it runs"))
    return found


def refuse(reasons: list[Reason]) -> None:
    if reasons:
        raise Refused(*reasons)
