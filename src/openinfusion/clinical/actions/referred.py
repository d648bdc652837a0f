# SPDX-License-Identifier: Apache-2.0
"""What a patient answered elsewhere comes before the role that must look at it, as one call; it may be settled there, too."""

from __future__ import annotations

from uuid import UUID

from openinfusion.clinical import permissions
from openinfusion.clinical.actions.calls import advance_call
from openinfusion.clinical.actions.intervene import course_of
from openinfusion.clinical.domain.call import WITH, CallState, check_call
from openinfusion.clinical.domain.coded import call_topics, check
from openinfusion.clinical.models import Call
from openinfusion.clinical.queries.on_call import site_of
from openinfusion.kernel.refusal import Fault, NotFound, Reason, Refused
from openinfusion.kernel.roles import Role
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.journal import write

TOPIC = "before_delivery"
MAY_BE_ASKED = frozenset({Role.PHARMACIST.value, Role.NURSE.value, Role.NURSE_MANAGER.value})


@action
def refer(
    *, patient_id: UUID, therapy_id: UUID, role: str, words: str, holds: UUID, holds_text: str, holds_url: str, by: Actor,
    caller: str = "", relation: str = "",
) -> UUID:
    """Put what a patient said before a role; what waits for the answer is named by ``holds``. Asked twice it is one call."""
    by.must(permissions.CALL_REFER)
    there = Call.objects.filter(holds=holds).first()
    if there is not None:
        write(by, "clinical.call.refer_again", there, "{subject} waits for an answer already.")
        return there.id
    caller = caller.strip() or "whoever answered the call before a delivery"
    check_call(TOPIC, caller, words)
    check(None if role in MAY_BE_ASKED else Fault("role", f"one of {', '.join(sorted(MAY_BE_ASKED))}"))
    row = Call.objects.create(
        patient_id=patient_id, therapy_id=course_of(patient_id, therapy_id), site_id=site_of(patient_id, therapy_id, by),
        called_at=now(), caller=caller, relation=relation.strip(), topic=TOPIC, urgent=call_topics()[TOPIC].urgent,
        words=words.strip(), recorded_by=by.id, recorded_name=by.name, role=role, holds=holds, holds_text=holds_text,
        holds_url=holds_url,
    )  # fmt: skip
    write(by, "clinical.call.refer", row, "{actor} put before the {role}: {words}; {what} waits for it",
          noted={"role": role.replace("_", " "), "words": row.words, "what": holds_text})  # fmt: skip
    return row.id


@action
def settle_referred(*, holds: UUID, release: str, words: str, by: Actor) -> UUID:
    """What waits was answered where it waits: the call is settled with those words. Refused where it was settled here first."""
    found = Call.objects.filter(holds=holds).values_list("id", flat=True).first()
    if found is None:
        raise NotFound("call")
    row = lock(Call, found)
    if row.state == CallState.SETTLED.value:
        text = f"{row.settler_name} answered this among the calls a moment ago: {row.resolution or row.advice}"
        raise Refused(Reason("answered-already", text, "look again; their answer is on its way"))
    if row.state in WITH:
        advance_call(call_id=row.id, step="take", by=by)
        row.refresh_from_db(fields=["state"])
    step = "settle" if row.state == CallState.LOGGED.value else "resolve"
    advance_call(call_id=row.id, step=step, reason=words, advice=words if step == "settle" else "", release=release, by=by,
                 tells=False)  # fmt: skip
    return row.id
