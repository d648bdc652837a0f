# SPDX-License-Identifier: Apache-2.0
"""Working denials: take one on, file appeals level by level, record the decision, close."""
from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from openinfusion.billing.domain.figures import figure
from openinfusion.billing.models import Appeal, Claim, Denial
from openinfusion.billing.queries.claims import facts_of
from openinfusion.billing.queries.denials import denial_facts
from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance
from openinfusion.platform.house_day import house_today

_FILES = frozenset({"appeal", "appeal_again", "ask_outside"})
_OTHERS = frozenset({"answer", "correct", "write_off"})
_APPEALABLE = frozenset({"denied", "partial"})


@action
def advance_denial(*, denial_id: UUID, step: str, by: Actor, reason: str = "", sent_by: str = "") -> UUID:
    """Take one step of a denial. Filing an appeal says how it was sent and starts the payer's clock."""
    if step in _OTHERS:
        raise Refused(Reason("own-action", "a denial ends by a payment, a corrected claim or a write-off of its claim"))
    if step in _FILES and not sent_by.strip():
        raise Malformed(Fault("sent by", "say how the appeal was sent: fax, portal or mail, with its number"))
    denial = lock(Denial, denial_id)
    facts = denial_facts(denial)
    changes: dict[str, Any] = {}
    if step == "take":
        changes = {"worker_id": by.id, "worker_name": by.name}
    if step in _FILES:
        changes = {"level": denial.level + 1}
    if step == "close":
        changes = {"is_open": False, "outcome": reason.strip()}
    if step == "uphold":
        changes = {"due_on": house_today() + timedelta(days=int(figure("next_level_days")))}
    advance(denial, step, facts, by=by, reason=reason, patient_id=denial.claim.patient_id, **changes)
    if step in _FILES:
        _file(denial, sent_by, by)
    if step in {"uphold", "overturn"}:
        Appeal.objects.filter(denial=denial, level=denial.level).update(answer=reason.strip())
    return denial.id


def _file(denial: Denial, sent_by: str, by: Actor) -> None:
    """The appeal is on its way, and so is the claim's state."""
    today = house_today()
    appeal = Appeal.objects.get(denial=denial, level=denial.level)
    appeal.filed_on, appeal.sent_by = today, sent_by.strip()
    appeal.answer_due_on = today + timedelta(days=int(figure("appeal_answer_days")))
    appeal.save(update_fields=["filed_on", "sent_by", "answer_due_on"])
    claim = lock(Claim, denial.claim_id)
    if claim.state in _APPEALABLE:
        advance(claim, "appeal", facts_of(claim), by=by, reason=f"{denial}, level {denial.level}, by {sent_by.strip()}")


def close_answered(rows: Iterable[Denial], patient_id: UUID, *, by: Actor) -> None:
    """The payer has answered again: what was open of its last answer is closed."""
    for row in rows:
        advance(row, "answer", None, by=by, patient_id=patient_id, is_open=False, outcome="answered again")


def close_denials(claim: Claim, step: str, outcome: str, *, by: Actor) -> None:
    """Close every open denial of a claim, because it is corrected and sent anew, or written off."""
    for row in Denial.objects.filter(claim=claim, is_open=True):
        advance(row, step, None, by=by, patient_id=claim.patient_id, is_open=False, outcome=outcome)
