# SPDX-License-Identifier: Apache-2.0
"""What an appeal encloses, drawn from the chart: order, delivery, infusion record, authorization. What is not there is named."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from openinfusion.billing.models import Claim, Denial
from openinfusion.billing.queries.claims import lines_of
from openinfusion.billing.queries.terms import diagnoses_of, prescriber_of
from openinfusion.delivery.public import TicketFact, ticket
from openinfusion.intake.public import AuthorizationFact, authorization_for
from openinfusion.kernel.money import Money
from openinfusion.nursing.public import VisitFact, Vitals, record, visit, visits_of
from openinfusion.patients.public import patient
from openinfusion.platform.house_day import house_today
from openinfusion.sites.public import pharmacy
from openinfusion.therapy.public import plan_of_treatment, prescriptions_of, therapy

Rows = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Packet:
    """The data of the paper, which parts it holds and which are not on record."""

    data: dict[str, Any]
    contents: tuple[str, ...]
    missing: tuple[str, ...]


def packet_of(denial: Denial, letter: str, level: int) -> Packet:
    """The packet for an appeal of this level."""
    claim = denial.claim
    who, where, course = patient(claim.patient_id), pharmacy(claim.site_id), therapy(claim.therapy_id)
    parts = {
        "Claim lines": _lines(claim),
        "Prescription": _orders(claim),
        "Plan of treatment": _plan(claim),
        "Proof of delivery": _deliveries(claim, ZoneInfo(who.timezone)),
        "Infusion record": _visits(claim, ZoneInfo(who.timezone)),
        "Authorization": _authorizations(claim),
    }
    there = tuple(title for title, blocks in parts.items() if blocks)
    missing = tuple(title.lower() for title, blocks in parts.items() if not blocks)
    line = f"line {denial.line.number}, {denial.line.code}" if denial.line_id else "the whole claim"
    data = {
        "title": "Request for external review" if level > 2 else f"Appeal, level {level}",
        "pharmacy": where.legal_name,
        "npi": where.npi,
        "address": f"{where.street}, {where.city}, {where.state_code} {where.zip_shown}",
        "today": f"{house_today():%d-%b-%Y}",
        "payer": claim.payer_name,
        "member": claim.member_id,
        "payer_control": claim.payer_control or "not known",
        "patient": who.name,
        "born": f"{who.born_on:%d-%b-%Y}",
        "mrn": who.mrn,
        "claim": claim.control,
        "code": " ".join([str(denial), *denial.rarcs]),
        "amount": str(Money(denial.cents)),
        "line": line,
        "told": f"{denial.told_on:%d-%b-%Y}",
        "meaning": denial.meaning,
        "letter": letter,
        "drug": course.drug_name,
        "missing": list(missing),
        "parts": [
            {"title": title, "blocks": [{"head": head, "rows": rows} for head, rows in blocks]}
            for title, blocks in parts.items()
            if blocks
        ],
    }
    return Packet(data, there, missing)


def drafted_letter(denial: Denial) -> str:
    """The letter as a start: what was denied, what the record shows, what is asked for. A person completes it."""
    claim = denial.claim
    course = therapy(claim.therapy_id)
    who = prescriber_of(course)
    codes = ", ".join(diagnoses_of(course)) or "not recorded"
    first, last = claim.first_on, claim.last_on
    span = f"{first:%d-%b-%Y} to {last:%d-%b-%Y}" if first and last else "the days named"
    return (
        f"We appeal your decision {denial} on claim {claim.control} for {course.drug_name}, {span}.\n"
        f"The therapy was ordered by {who.name} (NPI {who.npi or 'not recorded'}) for {codes}. "
        "The enclosed record shows that it was ordered, prepared, delivered and given as billed.\n"
        "We ask that the decision is reversed and the claim paid under the contract."
    )


def _lines(claim: Claim) -> list[tuple[str, Rows]]:
    return [
        (
            "",
            [
                (
                    f"{s.number}: {s.code} {' '.join(s.modifiers)}".strip(),
                    f"{s.units} units, {s.first_on:%d-%b-%Y} to {s.last_on:%d-%b-%Y}, {Money(s.charge_cents)}. {s.evidence}",
                )
                for s in lines_of(claim)
            ],
        )
    ]


def _orders(claim: Claim) -> list[tuple[str, Rows]]:
    found = []
    for p in prescriptions_of(claim.therapy_id):
        o = p.order
        found.append(
            (
                p.number,
                [
                    ("Ordered", p.line),
                    ("Prescriber", f"{o.prescriber_name}, NPI {o.prescriber_npi or 'not recorded'}"),
                    ("Ordered on", f"{o.ordered_on:%d-%b-%Y}" if o.ordered_on else "not recorded"),
                    ("Verified", f"by {p.verifier_name}, {p.verified_at:%d-%b-%Y %H:%M} UTC" if p.verified_at else "not yet"),
                ],
            )
        )
    return found


def _plan(claim: Claim) -> list[tuple[str, Rows]]:
    plan = plan_of_treatment(claim.therapy_id)
    if plan.state == "not_written":
        return []
    signed = f"{plan.signer_name}, {plan.signed_on:%d-%b-%Y}" if plan.signed_on else "not yet"
    rows = [
        ("Treatment", plan.treatment_type),
        ("Amount", plan.amount),
        ("Duration", plan.duration),
        ("Frequency", plan.frequency),
        ("Signed", signed),
    ]
    return [("", [(what, text) for what, text in rows if text])]


def _deliveries(claim: Claim, zone: ZoneInfo) -> list[tuple[str, Rows]]:
    ids = dict.fromkeys(s.source_id for s in lines_of(claim) if s.source_kind == "ticket")
    return [(t.number, _proof(t, zone)) for t in (ticket(i) for i in ids) if t.delivered_at]


def _proof(t: TicketFact, zone: ZoneInfo) -> Rows:
    assert t.delivered_at is not None
    carried = "; ".join(f"{row.quantity} x {row.text} {row.lot_text}".strip() for row in t.lines if row.preparation_id)
    return [
        ("Delivered", f"{t.delivered_at.astimezone(zone):%d-%b-%Y %H:%M %Z} to {t.address}"),
        ("Received by", f"{t.received_by} ({t.relation})"),
        ("Preparations", carried or "supplies only"),
        (
            "Covers",
            f"{t.covers_first_on:%d-%b-%Y} to {t.covers_last_on:%d-%b-%Y}" if t.covers_first_on and t.covers_last_on else "-",
        ),
    ]


def _visits(claim: Claim, zone: ZoneInfo) -> list[tuple[str, Rows]]:
    ids = [s.source_id for s in lines_of(claim) if s.source_kind == "visit"]
    found = [visit(i) for i in dict.fromkeys(ids)] or [v for v in visits_of(claim.therapy_id) if _inside(v, claim, zone)]
    return [(v.number, _infused(v, zone)) for v in found if v.started_at and v.ended_at]


def _inside(v: VisitFact, claim: Claim, zone: ZoneInfo) -> bool:
    if v.started_at is None or claim.first_on is None or claim.last_on is None:
        return False
    return claim.first_on <= v.started_at.astimezone(zone).date() <= claim.last_on


def _infused(v: VisitFact, zone: ZoneInfo) -> Rows:
    kept = record(v.id)
    assert v.started_at is not None and v.ended_at is not None
    vitals = "; ".join(_vital(x) for x in kept.vitals)
    return [
        (
            "Visit",
            f"{v.started_at.astimezone(zone):%d-%b-%Y %H:%M} to {v.ended_at.astimezone(zone):%H:%M %Z}, {v.minutes} minutes",
        ),
        ("Nurse", v.nurse_name),
        ("Line", kept.line_site or "not recorded"),
        ("Vital signs", vitals or "not recorded"),
        ("Reaction", kept.reaction.value.replace("_", " ") if kept.reaction else "not recorded"),
    ]


def _vital(x: Vitals) -> str:
    return f"{x.temperature_c:f} °C, pulse {x.pulse_per_min}, {x.systolic_mmhg}/{x.diastolic_mmhg} mmHg"


def _authorizations(claim: Claim) -> list[tuple[str, Rows]]:
    if claim.plan_id is None or claim.first_on is None:
        return []
    held = authorization_for(claim.first_on, patient_id=claim.patient_id, plan_id=claim.plan_id)
    return [(a.number or "without a number", _authorized(a)) for a in held]


def _authorized(a: AuthorizationFact) -> Rows:
    units = ", ".join(f"{code}: {n or 'no limit'}" for code, n in a.units.items())
    span = f"{a.first:%d-%b-%Y} to {a.last:%d-%b-%Y}" if a.first and a.last else "not recorded"
    return [("Number", a.number or "not recorded"), ("Holds", span), ("Codes and units", units or "not recorded")]
