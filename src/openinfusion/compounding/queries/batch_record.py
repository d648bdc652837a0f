# SPDX-License-Identifier: Apache-2.0
"""What stands on the worksheet and the batch record of a work order, in finished strings."""
from __future__ import annotations

from uuid import UUID

from openinfusion.catalog import public as catalog
from openinfusion.compounding.domain.batch_record import BatchRecord, StepLine, work_order_code
from openinfusion.compounding.domain.beyond_use import Storage
from openinfusion.compounding.domain.label import wall_time
from openinfusion.compounding.models import Preparation, WorkOrder
from openinfusion.compounding.queries.bench import DoneFact, StepFact, reports_of, steps_of
from openinfusion.compounding.queries.hood_waste import waste_of
from openinfusion.compounding.queries.work_order import IngredientFact, fetched, ingredients_of, work_order_fact
from openinfusion.kernel.quantity import shown_number
from openinfusion.patients import public as patients
from openinfusion.platform.clock import now
from openinfusion.sites import public as sites
from openinfusion.therapy import public as therapy


def batch_record(work_order_id: UUID) -> BatchRecord:
    """The record of a work order; a worksheet while nothing of it was compounded. NotFound if it is not yours."""
    row = fetched(work_order_id)
    site, person = sites.pharmacy(row.site_id), patients.patient(row.patient_id)
    formula = catalog.formula_version(row.formula_id) if row.formula_id else None
    made = Preparation.objects.filter(work_order=row).first()
    zone = site.timezone
    return BatchRecord(
        title="Batch record" if row.compounded_at else "Worksheet", pharmacy=site.legal_name, number=row.number,
        code=work_order_code(row.number), patient=person.name, born=f"{person.born_on:%d-%b-%Y}", mrn=person.mrn,
        rx=therapy.prescription(row.prescription_id).number, drug=work_order_fact(row).title, made=_made(row),
        formula=f"version from {formula.effective_from:%d-%b-%Y}, {formula.status}" if formula else "",
        hazardous="Hazardous drug: gown, two pairs of tested gloves, closed transfer" if row.hazardous else "",
        hood=row.hood_name, compounder=row.compounder_name, verifier=row.verifier_name, storage=Storage(row.storage).words,
        beyond_use=wall_time(made.beyond_use_at, zone) if made else "", beyond_use_because=made.limit_text if made else "",
        printed=wall_time(now(), zone), mixing=formula.mixing if formula else (), equipment=formula.equipment if formula else (),
        checks=formula.quality_checks if formula else (),
        ingredients=tuple(_ingredient(x) for x in ingredients_of(row.id)),
        steps=tuple(_step(s, zone) for s in steps_of(row.id)),
        wasted=tuple(w.said for w in waste_of(row.id)),
        reports=tuple(f"{r.kind.replace('_', ' ')}, {wall_time(r.at, zone)}, {r.reporter}: {r.text}" for r in reports_of(row.id)),
    )


def _made(row: WorkOrder) -> str:
    if row.method == "dispense":
        return "as supplied by the manufacturer"
    return f"{row.doses} × {shown_number(row.final_volume_ml)} mL, {row.container}, Category {row.category}"


def _ingredient(x: IngredientFact) -> tuple[str, str, str, str, str]:
    lots = ", ".join(f"{u.number}, expires {u.expires_on:%d-%b-%Y}, × {u.packages}" for u in x.lots)
    return x.name, str(x.packages), str(x.used), str(x.discarded), lots


def _step(s: StepFact, zone: str) -> StepLine:
    planned = f"{shown_number(s.step.volume_ml)} mL" if s.step.volume_ml is not None else ""
    if s.step.low_g is not None and s.step.high_g is not None:
        planned = f"{planned}, {shown_number(s.step.low_g)}–{shown_number(s.step.high_g)} g"
    d = s.done
    if d is None:
        return StepLine(place=str(s.step.place), text=s.step.text, planned=planned, done="", lot="", by="", look=s.step.look)
    volume = f"{shown_number(d.volume_ml)} mL" if d.volume_ml is not None else ""
    done = [volume, f"{shown_number(d.weight_g)} g" if d.weight_g else ""]
    lot = f"{d.lot} (keyed)" if d.keyed else f"{d.lot} (opened before)" if d.opened_id else d.lot
    return StepLine(
        place=str(s.step.place), text=s.step.text, planned=planned, done=", ".join(x for x in done if x) or "done", lot=lot,
        by=f"{d.name}, {wall_time(d.at, zone)}", look=_look(d),
    )


def _look(d: DoneFact) -> str:
    if not d.look:
        return ""
    return f"{d.looker} {'accepted' if d.accepted else 'refused'}: {d.look}" if d.looker else f"waits: {d.look}"
