# SPDX-License-Identifier: Apache-2.0
"""Write a call down, hand it to whoever is on call, take it, settle it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from openinfusion.clinical import permissions
from openinfusion.clinical.actions.intervene import course_of
from openinfusion.clinical.domain.call import CallFacts, check_call
from openinfusion.clinical.domain.coded import call_topics, check
from openinfusion.clinical.domain.policy import policy
from openinfusion.clinical.models import Call
from openinfusion.kernel.refusal import Fault, Reason, Refused
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance, revise
from openinfusion.platform.clock import now
from openinfusion.platform.journal import write

HAND_ON = {"pharmacist": "to_pharmacist", "nurse": "to_nurse"}


@action
def log_call(
    *,
    patient_id: UUID,
    caller: str,
    topic: str,
    words: str,
    by: Actor,
    relation: str = "",
    phone: str = "",
    advice: str = "",
    minutes: int = 0,
    called_at: datetime | None = None,
    hand_to: str = "",
    therapy_id: UUID | None = None,
) -> UUID:
    """Write a call down. ``hand_to`` pharmacist or nurse hands it on at once; else a written advice settles it at once.

    A call without either stays on the list. An urgent topic is never settled by whoever picked up: it is handed on.
    """
    by.must(permissions.CALL_LOG)
    check_call(topic, caller, words)
    at = called_at or now()
    check(
        Fault("called_at", "lies in the future") if at > now() else None,
        None if not hand_to or hand_to in HAND_ON else Fault("hand_to", "pharmacist or nurse"),
        None if minutes >= 0 else Fault("minutes", "not negative"),
    )
    about = call_topics()[topic]
    row = Call.objects.create(
        patient_id=patient_id,
        therapy_id=course_of(patient_id, therapy_id),
        called_at=at,
        caller=caller.strip(),
        relation=relation.strip(),
        phone=phone.strip(),
        topic=topic,
        urgent=about.urgent,
        words=words.strip(),
        advice=advice.strip(),
        minutes=minutes,
        recorded_by=by.id,
        recorded_name=by.name,
    )
    write(
        by,
        "clinical.call.log",
        row,
        "{actor} took a call of {caller}: {topic}",
        noted={"caller": row.caller, "topic": about.text.lower()},
    )
    if hand_to or about.urgent:
        _step(row, HAND_ON[hand_to or "pharmacist"], by, reason=about.text)
    elif row.advice:
        _step(row, "settle", by)
    return row.id


@action
def advance_call(*, call_id: UUID, step: str, by: Actor, reason: str = "", version: int | None = None) -> UUID:
    """Settle it, hand it on, take it, resolve it."""
    row = lock(Call, call_id, version)
    if row.in_error_at:
        raise Refused(Reason("in-error", "this entry is marked as entered in error"))
    _step(row, step, by, reason)
    return row.id


def _step(row: Call, step: str, by: Actor, reason: str = "") -> None:
    waited = int((now() - (row.escalated_at or now())).total_seconds()) // 60
    advance(
        row,
        step,
        CallFacts(row.urgent, row.advice),
        by=by,
        reason=reason,
        noted={"minutes": waited},
        **_changes(row, step, reason, by),
    )


def _changes(row: Call, step: str, reason: str, by: Actor) -> dict[str, Any]:
    if step in HAND_ON.values():
        at = now()
        wait = timedelta(minutes=policy("on_call_minutes", at.date()).value)
        handed: dict[str, Any] = {"escalated_at": at, "due_at": at + wait}
        return handed | {"taken_at": None, "taken_by": None, "taker_name": ""}
    if step == "take":
        return {"taken_at": now(), "taken_by": by.id, "taker_name": by.name}
    if step == "resolve":
        return {"resolution": reason.strip(), "settled_at": now()}
    return {"settled_at": now()}


@action
def advise(*, call_id: UUID, advice: str, by: Actor, version: int | None = None) -> UUID:
    """Write down what was advised, while the call is open."""
    by.must(permissions.CALL_LOG)
    row = lock(Call, call_id, version)
    if row.state == "settled":
        raise Refused(Reason("settled", "this call is settled; what was said stands"))
    check(None if advice.strip() else Fault("advice", "what was advised?"))
    revise(
        row,
        "clinical.call.advise",
        "{actor} advised {caller}",
        by=by,
        noted={"caller": row.caller, "advice": advice.strip()},
        advice=advice.strip(),
    )
    return row.id
