# SPDX-License-Identifier: Apache-2.0
"""A visit as a phone takes it along: patient, order, drug, pump, rate plans, teaching, and what is on record so far."""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from openinfusion.clinical import public as clinical
from openinfusion.compounding import public as compounding
from openinfusion.inventory import public as inventory
from openinfusion.nursing.domain.drug_check import against
from openinfusion.nursing.domain.observation import protocol, scale, usual_at
from openinfusion.nursing.domain.second_nurse import SURE, why_two
from openinfusion.nursing.domain.visit import VISIT, VisitState
from openinfusion.nursing.domain.visit_form import FieldKind, Section, section, sections
from openinfusion.nursing.models import NurseVisit, SecondNurse, VitalSigns
from openinfusion.nursing.queries import facts_of, rates_of, sections_of, standing_entries, type_of, vitals_of
from openinfusion.nursing.queries.drug import at_the_patient
from openinfusion.nursing.queries.package import packages_at
from openinfusion.nursing.queries.phone_forms import phone_forms, to_tell
from openinfusion.nursing.queries.rate_plans import running
from openinfusion.nursing.queries.roster import BreakFact, breaks_ahead, handovers_of
from openinfusion.nursing.queries.second import holder_of, second_row
from openinfusion.nursing.queries.shelf import shelf_at
from openinfusion.nursing.queries.suite_terms import zone_at
from openinfusion.patients.public import Banner, banner
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.house_day import house_today
from openinfusion.platform.journal import plain
from openinfusion.therapy.public import prescription, therapy

Offered = Mapping[str, Sequence[tuple[str, str]]]


def form_rows(codes: Iterable[str], in_suite: bool = True, offered: Offered | None = None) -> list[dict[str, Any]]:
    """Sections as a page without the server needs them. ``offered``: what the visit offers at a field of that kind."""
    return [_form(section(code), in_suite, offered or {}) for code in codes]


def _form(one: Section, in_suite: bool, offered: Offered) -> dict[str, Any]:
    asked = [f for f in one.fields if in_suite or not f.in_suite]
    fields = [
        replace(f, kind=FieldKind.ONE, options=tuple(offered.get(f.name, ()))) if f.kind is FieldKind.OFFERED else f
        for f in asked if f.kind is not FieldKind.OFFERED or len(offered.get(f.name, ())) > 1
    ]
    return {
        "code": one.code, "title": one.title, "repeats": one.repeats, "fields": [
            {
                "name": f.name, "label": f.label, "kind": f.kind.value, "unit": f.unit, "options": list(f.options),
                "told": f.told, "required": f.required, "at_least": f.at_least,
                "when": [f.needed_when[0], sorted(f.needed_when[1])] if f.needed_when else None,
                "lowest": plain(f.lowest), "highest": plain(f.highest),
            } for f in fields
        ],
    }


def rate_terms(v: NurseVisit) -> dict[str, Any]:
    """What the phone needs to judge a rate by itself."""
    now_running = running(v)
    return {
        "plans": [{"code": p.code, "label": p.label, "rates": [str(r) for r in p.rates], "step_minutes": p.step_minutes,
                   "source": p.source} for p in now_running.plans],
        "running": {
            "plan": now_running.plan, "borne_ml_per_h": plain(now_running.borne_ml_per_h), "lowest_why": now_running.lowest_why,
            "resume_ml_per_h": plain(now_running.resume_ml_per_h), "drug_first": "drug" in type_of(v).needed(True),
        },
    }


def values_on_record(v: NurseVisit) -> dict[str, Any]:
    """What stands in each section: the last entry, or all of a section that repeats; core parts from the record itself."""
    found: dict[str, Any] = _core(v)
    for code, rows in standing_entries([v.id]).get(v.id, {}).items():
        if code in {"vitals", "rate"}:
            continue
        values = [dict(r.values) for r in rows]
        found[code] = values if section(code).repeats else found.get(code, {}) | values[-1]
    return found


def _core(v: NurseVisit) -> dict[str, Any]:
    yes = {True: "yes", False: "no", None: None}
    parts: dict[str, Any] = {
        "identity": {"identifiers": v.identifiers},
        "line": {"line_site": v.line_site, "line_note": v.line_note, "line_flushes": yes[v.line_flushes],
                 "line_blood_return": yes[v.line_blood_return]},
        "reaction": {"reaction": v.reaction, "reaction_text": v.reaction_text, "reaction_grade": v.reaction_grade or None,
                     "reaction_action": v.reaction_action},
        "teaching": {"taught": v.taught, "taught_back": "yes" if v.taught_back else None},
        "waste": {"wasted_ml": plain(v.wasted_ml), "waste_text": v.waste_text},
        "closing": {"started_at": plain(v.started_at), "ended_at": plain(v.ended_at), "note": v.note},
    }
    found: dict[str, Any] = {c: {k: x for k, x in p.items() if x not in (None, "", [])} for c, p in parts.items()}
    found["rate"] = [{"rate_at": plain(r.at), "rate_ml_per_h": plain(r.rate_ml_per_h)} for r in rates_of(v.id)]
    found["vitals"] = [
        {"vitals_at": plain(x.at), "temperature_c": plain(x.temperature_c), "pulse_per_min": x.pulse_per_min,
         "respirations_per_min": x.respirations_per_min, "systolic_mmhg": x.systolic_mmhg, "diastolic_mmhg": x.diastolic_mmhg,
         "spo2_percent": x.spo2_percent} for x in vitals_of(v.id)
    ]
    return {c: p for c, p in found.items() if p}


def packet(v: NurseVisit, by: Actor) -> dict[str, Any]:
    """Everything one visit needs without a network."""
    head, course, kind = banner(v.patient_id), therapy(v.therapy_id), type_of(v)
    order = prescription(v.prescription_id) if v.prescription_id else None
    codes, second, rates = sections_of(v), second_row(v), rate_terms(v)
    may_name = [] if v.rate_plan else [(p["code"], p["label"]) for p in rates["plans"]]
    return {
        "id": str(v.id), "therapy_id": str(v.therapy_id), "number": v.number, "state": v.state, "version": v.version,
        "purpose": v.purpose,
        "planned_start": plain(v.planned_start), "planned_end": plain(v.planned_end),
        "type": {"code": kind.code, "edition": kind.edition, "title": kind.title, "needed": list(kind.needed(v.infuses))},
        "sections": form_rows(codes, v.in_suite, {"rate_plan": may_name}),
        "versions": {c: v.section_versions.get(c, 0) for c in codes},
        "values": values_on_record(v), "patient": _patient(head),
        "order": order.line if order else "No order is named on this visit", "drug": course.drug_name,
        "instructions": order.order.instructions if order else "",
        **rates, "drugs": _drugs(v), "packages": _packages(v),
        "zone": str(zone_at(v.site_id)), "in_suite": v.in_suite, "shelf": [asdict(p) for p in shelf_at(v, now())],
        "pumps": _pumps(v),
        "topics": list(clinical.to_teach(course)), "last_vitals": last_vitals(v), "handovers": _handovers(v.patient_id),
        "place": 2 if second and holder_of(second) == by.id and v.nurse != by.id else 1, "second": _second(v, second),
        "steps": [
            {"name": o.name, "label": o.label, "sign": bool(o.sign), "needs_reason": o.needs_reason,
             "reasons": [str(r) for r in o.reasons]}
            for o in VISIT.offers(VisitState(v.state), facts_of(v, by), by.permissions)
            if o.name in {"accept", "confirm", "set_out", "arrive", "document", "amend", "sign"}
            and not any(r.code == "not-permitted" for r in o.reasons)
        ],
    }


def _second(v: NurseVisit, row: SecondNurse | None) -> dict[str, Any] | None:
    """The second place: why two go, who, and whether the visit may be begun as it stands."""
    if row is None:
        return None
    name = row.nurse_name if holder_of(row) else ""
    return {
        "state": row.state, "why": why_two(row.why, house_today()).title, "note": row.note, "sure": row.state in SURE,
        "nurses": [n for n in (v.nurse_name, name) if n], "nurse": name,
    }


def _patient(head: Banner) -> dict[str, Any]:
    p = head.patient
    return {
        "name": p.name, "born_on": p.born_on.isoformat(), "age": head.age, "mrn": p.mrn, "phone": p.phone, "zone": p.timezone,
        "address": str(p.address), "language": p.language,
        "weight_kg": f"{head.weight_kg.normalize():f}" if head.weight_kg else None, "allergies": _allergies(head),
        "line": str(head.line) if head.line else "", "chips": list(head.chips),
        "usual": {n: [str(u.low), str(u.high)] for n, u in usual_at(head.age).items()},
    }


def _allergies(head: Banner) -> str:
    """The allergies in words, or that none, or nothing, is known."""
    items = head.allergies.items
    if not items:
        return head.allergies.state.value.replace("_", " ")
    return "; ".join(f"{a.substance} ({a.reaction})" if a.reaction else a.substance for a in items)


def _drugs(v: NurseVisit) -> list[dict[str, Any]]:
    return [
        {"lot": made.lot_number, "name": made.drug_name, "dose": str(made.dose), "containers": made.containers,
         "codes": [compounding.label_code(made.lot_number, n) for n in range(1, made.containers + 1)],
         "storage": made.storage, "beyond_use_at": plain(made.beyond_use_at),
         "against": [str(r) for r in against(drug, v.patient_id, v.therapy_id, now()) if r.code != "expired"]}
        for made, drug in at_the_patient(v)
    ]


def _packages(v: NurseVisit) -> list[dict[str, Any]]:
    """What was delivered and not compounded, so that its own code can be checked without a network."""
    return [
        {"gtin": p.gtin, "lot": p.lot, "name": p.name, "expires_on": p.expires_on, "left": p.left, "against": list(p.against),
         "serials": list(p.serials)}
        for p in packages_at(v, now())
    ]


def _pumps(v: NurseVisit) -> list[dict[str, Any]]:
    found = []
    for one in inventory.pumps_of(v.patient_id):
        program = inventory.pump_program(one.id)
        found.append({
            "serial": one.serial, "state": one.state, "rate_ml_per_h": plain(program.rate_ml_per_h) if program else None,
            "volume_ml": plain(program.volume_ml) if program else None, "mode": program.mode.value if program else "",
        })
    return found


def last_vitals(v: NurseVisit) -> dict[str, Any] | None:
    """The last vital signs of this patient at an earlier visit: what is beside each field."""
    row = VitalSigns.objects.filter(visit__patient_id=v.patient_id).exclude(visit_id=v.id).order_by("-at").first()
    if row is None:
        return None
    return {"at": plain(row.at), "temperature_c": plain(row.temperature_c), "pulse_per_min": row.pulse_per_min,
            "respirations_per_min": row.respirations_per_min, "systolic_mmhg": row.systolic_mmhg,
            "diastolic_mmhg": row.diastolic_mmhg, "spo2_percent": row.spo2_percent}


def _handovers(patient_id: UUID) -> list[dict[str, Any]]:
    return [
        {"situation": h.situation, "background": h.background, "assessment": h.assessment, "recommendation": h.recommendation,
         "writer": h.writer_name, "at": plain(h.written_at)} for h in handovers_of(patient_id)[:3]
    ]


def own_breaks(by: Actor) -> list[dict[str, Any]]:
    """The nurse's breaks from today on, as far as plans gave some."""
    return [
        {"starts_at": plain(b.starts_at), "ends_at": plain(b.ends_at), "why": b.why, "crossed": b.crossed}
        for b in coming_breaks(by)
    ]


def coming_breaks(by: Actor) -> list[BreakFact]:
    """The breaks of this nurse that are not over, for the days that plans reach."""
    today = house_today()
    return [b for b in breaks_ahead(today - timedelta(days=1), today + timedelta(days=7), by.id) if b.ends_at > now()]


def common() -> dict[str, Any]:
    """What is the same for every visit: the protocol of a reaction by grade, and the scales."""
    return {
        "protocol": {str(g): list(protocol(g)) for g in range(1, 6)},
        "scales": {c: {str(g): t for g, t in scale(c).items()} for c in ("reaction", "infiltration", "phlebitis")},
        "all_sections": list(sections()), "forms": phone_forms(), "to_tell": to_tell(),
    }
