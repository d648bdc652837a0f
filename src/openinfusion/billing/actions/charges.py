# SPDX-License-Identifier: Apache-2.0
"""Charges become lines of a claim: numbered, with a control number of their own, priced by the contract."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from openinfusion.billing.domain.claim import ClaimState
from openinfusion.billing.domain.claim_form import PROFESSIONAL, form_for
from openinfusion.billing.domain.scrub.finding import kept
from openinfusion.billing.models import Claim, ClaimLine, Cost
from openinfusion.billing.queries.claims import facts_of, lines_of
from openinfusion.billing.queries.periods import first_open_day
from openinfusion.billing.queries.scrub import findings_of, hard
from openinfusion.billing.queries.terms import Ground, Terms, timely_until
from openinfusion.kernel.ids import new_id
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance
from openinfusion.platform.journal import write
from openinfusion.platform.rows import rows_by
from openinfusion.therapy.public import TherapyFact

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_OPEN = (ClaimState.UNBILLED.value, ClaimState.HELD.value, ClaimState.READY.value)


@dataclass(frozen=True, slots=True)
class Charge:
    """One line to be: what was given or done, whence it is known, and what it should bring."""

    kind: str
    source_kind: str
    source_id: UUID
    source_key: str
    code: str
    modifiers: tuple[str, ...]
    units: int
    first_on: date
    last_on: date
    charge_cents: int
    expected_cents: int
    has_rate: bool
    evidence: str
    description: str = ""
    ndc: str = ""
    ndc_amount: Decimal | None = None
    ndc_unit: str = ""
    rx_number: str = ""
    rx_on: date | None = None
    single_dose: bool = False
    package_units: Decimal | None = None
    place: str = ""  # of service, where what was done says it; else the claim's
    under_program: bool = False  # a drug bought under 340B


def control_number(id: UUID) -> str:
    """Fifteen capital letters and digits that no other claim has: OI and the random tail of an id."""
    value, out = id.int, ""
    for _ in range(13):
        out = _ALPHABET[value & 31] + out
        value >>= 5
    return f"OI{out}"


def new_claim(course: TherapyFact, terms: Terms, by: Actor, **more: Any) -> Claim:
    """An empty claim to the payer in force, in the form that payer takes."""
    id = new_id()
    held, plan = terms.coverage, terms.plan
    claim = Claim.objects.create(
        id=id, control=control_number(id), patient_id=course.patient_id, therapy_id=course.id, site_id=course.site_id,
        plan_id=plan.id if plan else None, payer_name=plan.payer_name if plan else "",
        member_id=held.member_id if held else "", group_number=held.group_number if held else "",
        form=form_for(terms.contract.claim_form if terms.contract else "", plan.benefit) if plan else PROFESSIONAL, **more,
    )
    write(by, "billing.claim.open", claim, "{actor} opened claim {subject} to {payer}",
          noted={"payer": claim.payer_name or "nobody yet"})
    return claim


def open_claim(course: TherapyFact, terms: Terms, by: Actor) -> Claim:
    """The claim of this therapy that has not been sent yet, or a new one."""
    found = (
        Claim.objects.select_for_update(of=("self",))
        .filter(therapy_id=course.id, state__in=_OPEN, frequency="1", **_payer_is(terms))
        .order_by("-made_at").first()
    )
    return found or new_claim(course, terms, by)


def _payer_is(terms: Terms) -> dict[str, Any]:
    return {"plan_id": terms.plan.id} if terms.plan else {"plan_id__isnull": True}


def add_charges(claim: Claim, charges: Sequence[Charge], course: TherapyFact, terms: Terms,
    by: Actor) -> list[ClaimLine]:
    """Put the charges on the claim that are not on any yet, and bring its sums and dates up to date."""
    known = set(
        ClaimLine.objects.filter(source_key__in=[c.source_key for c in charges]).values_list("source_key", flat=True),
    )
    there = rows_by(ClaimLine, "claim", claim.id, order=("number",)) if claim.version > 1 or claim.first_on else []
    lines, last = [row for row in there if not row.is_dropped], max((row.number for row in there), default=0)
    fresh = [
        _line(claim, c, last + n, course, terms)
        for n, c in enumerate((c for c in charges if c.source_key not in known), 1)
    ]
    ClaimLine.objects.bulk_create(fresh)
    total_up(claim, [*lines, *fresh], terms)
    return fresh


def _line(claim: Claim, c: Charge, number: int, course: TherapyFact, terms: Terms) -> ClaimLine:
    needed = terms.needs_authorization(course.therapy_class, c.code)
    found = terms.authorization(c.code, c.first_on, c.last_on) if needed else None
    return ClaimLine(
        claim=claim, number=number, control=f"{claim.control}L{number:02d}", kind=c.kind, source_kind=c.source_kind,
        source_id=c.source_id, source_key=c.source_key, code=c.code, modifiers=list(c.modifiers), units=c.units,
        first_on=c.first_on, last_on=c.last_on, charge_cents=c.charge_cents, expected_cents=c.expected_cents,
        has_rate=c.has_rate, description=c.description, evidence=c.evidence, ndc=c.ndc, ndc_amount=c.ndc_amount,
        ndc_unit=c.ndc_unit, rx_number=c.rx_number, rx_on=c.rx_on, needs_authorization=needed,
        authorization=found.number if found else "", single_dose=c.single_dose, package_units=c.package_units,
        place=c.place, under_program=c.under_program,
    )


def total_up(claim: Claim, lines: Sequence[ClaimLine], terms: Terms) -> None:
    """The claim's sums, dates, authorization and filing limit from its lines."""
    claim.charge_cents = sum(row.charge_cents for row in lines)
    claim.expected_cents = sum(row.expected_cents for row in lines)
    claim.first_on = min((row.first_on for row in lines), default=None)
    claim.last_on = max((row.last_on for row in lines), default=None)
    claim.authorization = next((row.authorization for row in lines if row.authorization), "")
    if claim.first_on and claim.last_on:
        claim.timely_until = timely_until(terms, claim.first_on, claim.last_on)
    claim.save(update_fields=[
        "charge_cents", "expected_cents", "first_on", "last_on", "authorization", "timely_until",
    ])


def check_and_move(claim: Claim, by: Actor, ground: Ground | None = None) -> None:
    """Scrub the claim and hold or release it; its findings are written anew, whatever its state."""
    found = findings_of(claim, lines_of(claim), ground)
    holds = tuple(f.reason for f in hard(found))
    told = [{"code": r.code, "text": r.text, "clears": r.clears} for r in holds]
    why = "; ".join(r.text for r in holds)
    facts, findings = facts_of(claim, holds), kept(found)
    if holds and claim.state in {ClaimState.UNBILLED.value, ClaimState.READY.value}:
        advance(claim, "hold", facts, by=by, reason=why, noted={"why": why}, holds=told, findings=findings)
    elif not holds and claim.state in {ClaimState.UNBILLED.value, ClaimState.HELD.value}:
        advance(claim, "release", facts, by=by, holds=[], findings=findings)
    elif claim.holds != told or claim.findings != findings:
        claim.holds, claim.findings = told, findings
        claim.save(update_fields=["holds", "findings"])


def add_costs(therapy_id: UUID, on: date, source_key: str, costs: Sequence[tuple[str, int, str]]) -> None:
    """Write down what something cost, once: each kind with its cents and a note."""
    day = first_open_day(on)
    Cost.objects.bulk_create(
        [Cost(therapy_id=therapy_id, kind=k, cents=c, on=day, source_key=source_key, note=n) for k, c,
            n in costs if c > 0],
        ignore_conflicts=True,
    )
