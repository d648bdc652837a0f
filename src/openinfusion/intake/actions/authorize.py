# SPDX-License-Identifier: Apache-2.0
"""Asking a payer for an authorization, and entering its answers: one request, whatever way it travels."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from openinfusion.catalog import public as catalog
from openinfusion.intake import models
from openinfusion.intake.actions.gather import still_open
from openinfusion.intake.adapters import ask_again_days, payer_clocks, payer_windows
from openinfusion.intake.domain.authorization import Transport
from openinfusion.intake.domain.payer_clock import decision_due, window_until
from openinfusion.intake.events import AuthorizationDecided
from openinfusion.intake.permissions import AUTHORIZE
from openinfusion.intake.queries.authorization_case import facts_of, judged_now
from openinfusion.kernel.refusal import Fault, Malformed, NotFound, Reason, Refused
from openinfusion.patients import public as patients
from openinfusion.payers import public as payers
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance
from openinfusion.platform.clock import now
from openinfusion.platform.house_day import house_day_of, house_today
from openinfusion.platform.journal import write

_DECIDED = {
    "approve": "approved",
    "approve_part": "partial",
    "deny": "denied",
    "overturn": "overturned",
    "uphold": "upheld",
}


@action
def open_authorization(
    *, referral_id: UUID, units: Mapping[str, int], by: Actor, plan_id: UUID | None = None, urgent: bool = False,
) -> UUID:
    """Open an authorization to ask for these codes and units (0: no limit), by the primary plan unless one is named."""
    by.must(AUTHORIZE)
    row = lock(models.Referral, referral_id)
    still_open(row)
    if plan_id is None:
        covered = patients.coverage(row.patient_id)
        if not covered:
            raise Refused(Reason("coverage-missing", "no coverage is recorded", "record the patient's coverage"))
        plan_id = covered[0].plan_id
    plan = payers.plan(plan_id)
    auth = models.Authorization(
        referral=row, patient_id=row.patient_id, plan_id=plan_id, units=_checked(units), state_since=now(), urgent=urgent,
        benefit=plan.benefit,
    )
    auth.save(force_insert=True)
    write(by, "intake.authorization.opened", auth, "{actor} opened an authorization by {plan} for {codes}",
          patient_id=row.patient_id, noted={"plan": plan.name, "codes": ", ".join(auth.units) or "no codes yet"})
    return auth.id


@action
def renew_authorization(*, authorization_id: UUID, by: Actor, why: str = "") -> UUID:
    """Open the renewal of an authorization: the same codes of the same plan, to follow it. One at a time."""
    by.must(AUTHORIZE)
    row = lock(models.Authorization, authorization_id)
    if row.state not in ("active", "expiring", "expired", "approved", "partial", "overturned"):
        raise Refused(Reason("nothing-to-renew", f"{row} is {row.state.replace('_', ' ')}", "open a new one instead"))
    if models.Authorization.objects.filter(renews=row.id).exclude(state="withdrawn").exists():
        raise Refused(Reason("renewed-already", "its renewal is open already"))
    made = models.Authorization(
        referral_id=row.referral_id, patient_id=row.patient_id, plan_id=row.plan_id, units=row.asked_units or row.units,
        state_since=now(), benefit=row.benefit, renews=row.id, letter=row.letter,
        noted={code: n for code, n in row.noted.items() if n["standing"] == "met"},
    )
    made.save(force_insert=True)
    write(by, "intake.authorization.renewal", made, "{actor} opened the renewal of {number}", reason=why,
          patient_id=row.patient_id, noted={"number": row.number, "renews": str(row.id)})
    return made.id


def _checked(units: Mapping[str, int]) -> dict[str, int]:
    faults = [Fault("units", f"units of {code} must not be negative") for code, n in units.items() if n < 0]
    if faults:
        raise Malformed(*faults)
    return {code.strip().upper(): int(n) for code, n in units.items() if code.strip()}


@action
def advance_authorization(
    *, authorization_id: UUID, step: str, by: Actor, reason: str = "", number: str = "", first: date | None = None,
    last: date | None = None, units: Mapping[str, int] | None = None, version: int | None = None, transport: str = "",
    reference: str = "", file_id: UUID | None = None, urgent: bool | None = None,
) -> UUID:
    """Take a step of an authorization; an approval brings its number, days and units, a denial its reason in words.

    ``transport`` says how it travelled (x12, fhir, portal, fax, phone), ``reference`` is the trace, fax or call number.
    """
    row = lock(models.Authorization, authorization_id, version)
    changes = _brought(row, step, number, first, last, units)
    if transport and transport not in set(Transport):
        raise Malformed(Fault("transport", f"it is one of {', '.join(Transport)}"))
    if step == "submit":
        changes |= _submitted(row, now(), transport, row.urgent if urgent is None else urgent)
    if step in ("deny", "approve_part"):
        changes |= _denied(row, reason)
    if step == "appeal":
        changes["appeal_level"] = row.appeal_level + (row.appeal_level < 3)
    facts = replace(
        facts_of(row), number=changes.get("number", row.number), first=changes.get("first_on", row.first_on),
        last=changes.get("last_on", row.last_on), codes=len(changes.get("units", row.units)),
    )
    told = [AuthorizationDecided(
        authorization_id=row.id, referral_id=row.referral_id, decision=_DECIDED[step], patient_id=row.patient_id,
    )] if step in _DECIDED else []
    advance(
        row, step, facts, by=by, reason=reason, patient_id=row.patient_id, news=told,
        noted={"number": facts.number, "first": facts.first, "last": facts.last, "due": changes.get("due_words", "")}, **changes,
    )
    if step in _MESSAGES and (transport or reference or file_id):
        kind, sent = _MESSAGES[step]
        models.AuthorizationMessage(
            authorization=row, sent=sent, kind=kind, transport=transport or row.transport or Transport.PHONE.value,
            reference=reference.strip(), words=reason.strip(), file_id=file_id, at=now(), by_name=by.name,
        ).save(force_insert=True)
    return row.id


_MESSAGES = {
    "submit": ("request", True), "answer": ("documents", True), "appeal": ("appeal", True), "call_peer": ("call", True),
    "ask": ("answer", False), "approve": ("answer", False), "approve_part": ("answer", False), "deny": ("answer", False),
    "overturn": ("answer", False), "uphold": ("answer", False),
}


def _brought(
    row: models.Authorization, step: str, number: str, first: date | None, last: date | None, units: Mapping[str, int] | None,
) -> dict[str, Any]:
    """What the caller says of the authorization with this step."""
    changes: dict[str, Any] = {"state_since": now()}
    if number.strip():
        changes["number"] = number.strip()
    if first is not None:
        changes["first_on"] = first
    if last is not None:
        changes["last_on"] = last
    if units is not None:
        changes["units"] = _checked(units)
    if step in _DECIDED:
        changes |= {"decided_at": now(), "due_at": None}
    return changes


def _submitted(row: models.Authorization, at: datetime, transport: str, urgent: bool) -> dict[str, Any]:
    """The clock that starts, and the criteria as they stand with their evidence."""
    plan = payers.plan(row.plan_id)
    due = decision_due(
        payer_clocks(), plan.payer_type, urgent=urgent, is_drug=any(_is_drug(code) for code in row.units), asked_at=at,
        on=house_day_of(at), ask_again_days=ask_again_days(),
    )
    kept = [
        {"code": j.code, "text": j.text, "standing": j.standing.value, "evidence": j.evidence, "source": j.source,
         "noted_by": j.noted_by}
        for j in judged_now(row)
    ]
    return {
        "submitted_at": at, "transport": transport, "urgent": urgent, "due_at": due.at, "due_words": due.words,
        "due_binds": due.binding, "criteria": kept, "asked_units": row.units,
    }


def _is_drug(code: str) -> bool:
    try:
        return catalog.hcpcs(code).klass == "drug"
    except NotFound:
        return code[:1] in ("J", "Q")


def _denied(row: models.Authorization, reason: str) -> dict[str, Any]:
    """Why, and until when the payer's physician may be called and an appeal filed; by the contract where it says so."""
    plan, on = payers.plan(row.plan_id), house_today()
    try:
        until = payers.contract_for(row.plan_id, on).appeal_until(on)
    except Refused:
        until = None
    return {
        "denial_reason": reason.strip(), "denied_on": on,
        "peer_until": window_until(payer_windows(), "peer", plan.payer_type, on),
        "appeal_until": until or window_until(payer_windows(), "appeal", plan.payer_type, on),
    }
