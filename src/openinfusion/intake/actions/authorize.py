# SPDX-License-Identifier: Apache-2.0
"""Asking a payer for an authorization, and entering its answers."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from openinfusion.intake import models
from openinfusion.intake.actions.gather import still_open
from openinfusion.intake.domain.authorization import AuthorizationFacts
from openinfusion.intake.events import AuthorizationDecided
from openinfusion.intake.permissions import AUTHORIZE
from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.patients import public as patients
from openinfusion.payers import public as payers
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance
from openinfusion.platform.clock import now
from openinfusion.platform.journal import write

_DECIDED = {
    "approve": "approved",
    "approve_part": "partial",
    "deny": "denied",
    "overturn": "overturned",
    "uphold": "upheld",
}


@action
def open_authorization(*, referral_id: UUID, units: Mapping[str, int], by: Actor, plan_id: UUID | None = None) -> UUID:
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
        referral=row, patient_id=row.patient_id, plan_id=plan_id, units=_checked(units), state_since=now(),
    )
    auth.save(force_insert=True)
    write(by, "intake.authorization.opened", auth, "{actor} opened an authorization by {plan} for {codes}",
          patient_id=row.patient_id, noted={"plan": plan.name, "codes": ", ".join(auth.units) or "no codes yet"})
    return auth.id


def _checked(units: Mapping[str, int]) -> dict[str, int]:
    faults = [Fault("units", f"units of {code} must not be negative") for code, n in units.items() if n < 0]
    if faults:
        raise Malformed(*faults)
    return {code.strip().upper(): int(n) for code, n in units.items() if code.strip()}


@action
def advance_authorization(
    *, authorization_id: UUID, step: str, by: Actor, reason: str = "", number: str = "", first: date | None = None,
    last: date | None = None, units: Mapping[str, int] | None = None, version: int | None = None,
) -> UUID:
    """Take a step of an authorization; an approval brings its number, days and units."""
    row = lock(models.Authorization, authorization_id, version)
    changes: dict[str, Any] = {"state_since": now()}
    if number.strip():
        changes["number"] = number.strip()
    if first is not None:
        changes["first_on"] = first
    if last is not None:
        changes["last_on"] = last
    if units is not None:
        changes["units"] = _checked(units)
    if step == "submit":
        changes["submitted_at"] = now()
    if step in _DECIDED:
        changes["decided_at"] = now()
    facts = AuthorizationFacts(
        now().date(), changes.get("number", row.number), changes.get("first_on", row.first_on),
        changes.get("last_on", row.last_on), len(changes.get("units", row.units)),
    )
    told = [AuthorizationDecided(
        authorization_id=row.id, referral_id=row.referral_id, decision=_DECIDED[step], patient_id=row.patient_id,
    )] if step in _DECIDED else []
    advance(
        row, step, facts, by=by, reason=reason, patient_id=row.patient_id, news=told,
        noted={"number": facts.number, "first": facts.first, "last": facts.last}, **changes,
    )
    return row.id
