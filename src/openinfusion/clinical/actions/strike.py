# SPDX-License-Identifier: Apache-2.0
"""Mark an entry as entered in error: it leaves every list and every figure, and stays in the history."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from openinfusion.clinical import permissions
from openinfusion.clinical.models import Call, ClinicalEvent, Education, Goal, Intervention
from openinfusion.kernel.refusal import NotFound, Reason, Refused
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import revise
from openinfusion.platform.clock import now

KINDS: dict[str, Any] = {
    "intervention": Intervention,
    "goal": Goal,
    "education": Education,
    "call": Call,
    "event": ClinicalEvent,
}


@action
def strike_entry(*, kind: str, entry_id: UUID, reason: str, by: Actor) -> UUID:
    """Take an entry out of the readings, with the reason."""
    by.must(permissions.CORRECT)
    if kind not in KINDS:
        raise NotFound(f"entry of the kind {kind}")
    row = lock(KINDS[kind], entry_id)
    against = [Reason("already-in-error", "this entry is marked already")] if row.in_error_at else []
    if kind == "call" and row.holds and row.state != "settled":
        text = f"{row.holds_text} waits for this call"
        against.append(Reason("something-waits", text, "settle it, and say whether that may go"))
    if not reason.strip():
        against.append(Reason("reason-missing", "marking an entry as entered in error needs a reason in words"))
    if against:
        raise Refused(*against)
    revise(
        row,
        f"clinical.{kind}.entered_in_error",
        "{actor} marked {subject} as entered in error",
        by=by,
        reason=reason,
        patient_id=row.patient_id,
        in_error_at=now(),
        in_error_by=by.id,
        in_error_reason=reason.strip(),
    )
    return row.id  # type: ignore[no-any-return]
