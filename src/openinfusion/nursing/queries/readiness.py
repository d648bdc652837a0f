# SPDX-License-Identifier: Apache-2.0
"""The lights of an appointment, asked of the rooms that know: drug, authorization, labs, order, nurse, chair."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from openinfusion.clinical import public as clinical
from openinfusion.compounding import public as compounding
from openinfusion.intake import public as intake
from openinfusion.kernel.local_day import moment_at
from openinfusion.kernel.refusal import Reason
from openinfusion.nursing.domain.drug_check import against
from openinfusion.nursing.domain.readiness import Ready, Standing
from openinfusion.nursing.models import Appointment, SectionEntry
from openinfusion.nursing.queries.drug import in_hand, in_suite_hands
from openinfusion.nursing.queries.order import order_of, order_reasons
from openinfusion.nursing.queries.suite_terms import zone_at
from openinfusion.platform.clock import now
from openinfusion.sites import public as sites

YES, NO, UNKNOWN = Standing.YES, Standing.NO, Standing.UNKNOWN
OPEN_TESTS = ("due", "drawn")


def readiness_of(a: Appointment, place: Sequence[Reason] = (), nurse: Sequence[Reason] = ()) -> tuple[Ready, ...]:
    """The six lights. ``place``: what stands against chair and time, ``nurse``: against the nurse, where they are named."""
    at = a.starts_at or max(a.wished_at, now())
    day = at.astimezone(zone_at(a.site_id)).date()
    return (drug_light(a, at), _authorization(a, day), _labs(a, day), _order(a, day), _nurse(a, nurse), _chair(a, place))


def drug_light(a: Appointment, at: datetime) -> Ready:
    """Whether a released preparation of this therapy is in hand at that time."""
    if a.visit_id and SectionEntry.objects.filter(visit_id=a.visit_id, section="drug", stands=True, problems=[]).exists():
        return Ready("drug", "Drug", YES, "scanned at the chair")
    made = [m for m in compounding.preparations_of_therapy(a.therapy_id) if m.patient_id == a.patient_id]
    used, zone = _given(a.therapy_id), sites.zone_of(a.site_id)
    why = "nothing is made for this therapy"
    for one in sorted(made, key=lambda m: m.beyond_use_at, reverse=True)[:6]:
        link = f"/compounding/{one.work_order_id}/"
        if sum(1 for code in used if one.lot_number in code) >= one.containers:
            why = f"{one.lot_number} is used up"
            continue
        found = list(against(in_suite_hands(in_hand(one), one.site_id, a.site_id), a.patient_id, a.therapy_id, at))
        if not found:
            return Ready("drug", "Drug", YES, f"{one.lot_number}, until {moment_at(one.beyond_use_at, zone)}", link)
        why = found[0].text
    return Ready("drug", "Drug", NO, why, f"/compounding/{made[-1].work_order_id}/" if made else f"/therapy/{a.therapy_id}/")


def _given(therapy_id: UUID) -> list[str]:
    rows = SectionEntry.objects.filter(visit__therapy_id=therapy_id, section="drug", stands=True).values_list("values", flat=True)
    return [str(v.get("code", "")) for v in rows]


def _authorization(a: Appointment, day: date) -> Ready:
    held = intake.authorization_for(day, therapy_id=a.therapy_id)
    if held:
        until = f", until {held[0].last:%d-%b-%Y}" if held[0].last else ""
        return Ready("authorization", "Authorization", YES, f"{held[0].number or 'in force'}{until}",
                     f"/intake/authorizations/{held[0].id}/")
    came = intake.referral_of(a.therapy_id)
    link = f"/intake/{came.id}/" if came else "/intake/authorizations/"
    text = f"none in force on {day:%d-%b-%Y}; whether the plan wants one is not known here"
    return Ready("authorization", "Authorization", UNKNOWN, text, link)


def _labs(a: Appointment, day: date) -> Ready:
    link = f"/patients/{a.patient_id}/"
    tests = clinical.monitoring_where(therapy_id=a.therapy_id)
    if not tests:
        return Ready("labs", "Labs", UNKNOWN, "no test is planned for this therapy", link)
    late = [t for t in tests if t.state in OPEN_TESTS and t.due_on <= day]
    if late:
        return Ready("labs", "Labs", NO, "; ".join(f"{t.name} was due {t.due_on:%d-%b-%Y}" for t in late[:3]), link)
    judged = [t for t in tests if t.flagged and t.state == "resulted"]
    if judged:
        return Ready("labs", "Labs", NO, f"{judged[0].name} is out of range and nobody has judged it", link)
    return Ready("labs", "Labs", YES, "nothing is overdue", link)


def _order(a: Appointment, day: date) -> Ready:
    order = order_of(a.therapy_id, a.prescription_id)
    link = f"/therapy/prescriptions/{order.id}/" if order else f"/therapy/{a.therapy_id}/"
    found = order_reasons(a.therapy_id, a.prescription_id, day)
    if found:
        return Ready("order", "Order", NO, found[0].text, link)
    return Ready("order", "Order", YES, f"{order.number} is verified" if order else "", link)


def _nurse(a: Appointment, reasons: Sequence[Reason]) -> Ready:
    if a.nurse is None:
        return Ready("nurse", "Nurse", UNKNOWN, "no nurse is named yet")
    if reasons:
        return Ready("nurse", "Nurse", NO, "; ".join(r.text for r in reasons), "/team/")
    return Ready("nurse", "Nurse", YES, a.nurse_name)


def _chair(a: Appointment, reasons: Sequence[Reason]) -> Ready:
    if a.chair_id is None:
        return Ready("chair", "Chair", UNKNOWN, "no chair is chosen yet")
    if reasons:
        return Ready("chair", "Chair", NO, "; ".join(r.text for r in reasons))
    return Ready("chair", "Chair", YES, a.chair.name)
