# SPDX-License-Identifier: Apache-2.0
"""Write a call down, hand it to whoever is on call, take it, settle it; one nobody takes goes up the line."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from openinfusion.clinical import permissions
from openinfusion.clinical.actions.intervene import course_of
from openinfusion.clinical.domain.call import CallFacts, Release, check_call
from openinfusion.clinical.domain.coded import call_topics, check
from openinfusion.clinical.domain.policy import policy
from openinfusion.clinical.events import CallAnswered
from openinfusion.clinical.models import Call
from openinfusion.clinical.queries.on_call import next_of, on_call_for, site_of
from openinfusion.kernel.refusal import Fault, Reason, Refused
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance, revise
from openinfusion.platform.clock import now
from openinfusion.platform.house_day import house_day_of
from openinfusion.platform.journal import write
from openinfusion.team import public as team

ENDS = ("settle", "resolve")
HAND_ON = {duty.value: f"to_{duty.value}" for duty in team.Duty}


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
    """Write a call down. ``hand_to`` pharmacist, nurse or manager hands it on at once; else a written advice settles it at once.

    A call without either stays on the list. An urgent topic is never settled by whoever picked up: it is handed on.
    """
    by.must(permissions.CALL_LOG)
    check_call(topic, caller, words)
    at = called_at or now()
    check(
        Fault("called_at", "lies in the future") if at > now() else None,
        None if not hand_to or hand_to in HAND_ON else Fault("hand_to", "pharmacist, nurse or manager"),
        None if minutes >= 0 else Fault("minutes", "not negative"),
    )
    about = call_topics()[topic]
    course = course_of(patient_id, therapy_id)
    row = Call.objects.create(
        patient_id=patient_id,
        therapy_id=course,
        site_id=site_of(patient_id, course, by),
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
def advance_call(
    *,
    call_id: UUID,
    step: str,
    by: Actor,
    reason: str = "",
    version: int | None = None,
    release: str = "",
    advice: str = "",
    tells: bool = True,
) -> UUID:
    """Settle it, hand it on, take it, resolve it.

    Where something waits for the call, ``release`` says with its end whether that may go (``go``) or is held (``hold``).
    ``advice`` is written down with ``settle``; ``tells`` is off where the room that asked settles it itself.
    """
    row = lock(Call, call_id, version)
    if row.in_error_at:
        raise Refused(Reason("in-error", "this entry is marked as entered in error"))
    check(
        None if not release or release in set(Release) else Fault("release", f"one of {', '.join(Release)}"),
        Fault("release", "nothing waits for this call at this step") if release and not (row.holds and step in ENDS) else None,
        Fault("advice", "is written down with settling") if advice and step != "settle" else None,
    )
    if advice.strip():
        row.advice = advice.strip()
    _step(row, step, by, reason, release, tells)
    return row.id


def facts_of(row: Call, by: Actor, release: str = "") -> CallFacts:
    return CallFacts(row.urgent, row.advice, row.holds is not None, release, row.role, frozenset(str(r) for r in by.roles))


def _step(row: Call, step: str, by: Actor, reason: str = "", release: str = "", tells: bool = True) -> None:
    waited = int((now() - (row.escalated_at or now())).total_seconds()) // 60
    changes = _changes(row, step, reason, by)
    noted = {"minutes": waited, "on_call": changes.get("on_call_words", "")}
    news = []
    if step in ENDS and row.holds is not None:
        changes |= {"release": release}
        noted |= {"release": release, "what": row.holds_text}
        words = reason.strip() if step == "resolve" else row.advice
        news = [
            CallAnswered(
                call_id=row.id, holds=row.holds, release=release, words=words, settled_by=by.id, settler_name=by.name
            )
        ] * tells
    advance(row, step, facts_of(row, by, release), by=by, reason=reason, noted=noted, news=news, **changes)


def _changes(row: Call, step: str, reason: str, by: Actor) -> dict[str, Any]:
    if step in HAND_ON.values():
        duty = team.Duty(step.removeprefix("to_"))
        taken = {"taken_at": None, "taken_by": None, "taker_name": ""}
        at = now()
        return {"escalated_at": at, **_named(on_call_for(row.site_id, duty, at), at), **taken}
    if step == "take":
        return {"taken_at": now(), "taken_by": by.id, "taker_name": by.name}
    if step == "resolve":
        return {"resolution": reason.strip(), "settled_at": now(), "settler_name": by.name}
    return {"settled_at": now(), "advice": row.advice, "settler_name": by.name}


def _named(found: team.OnCall, at: datetime) -> dict[str, Any]:
    """Who is to take the call, and by when; where nobody holds the duty and a later line is there, at once."""
    holder = found.holder
    wait = timedelta(minutes=0 if holder is None and found.then else policy("on_call_minutes", house_day_of(at)).value)
    return {
        "duty": found.duty.value,
        "on_call": holder.user_id if holder else None,
        "on_call_name": holder.name if holder else "",
        "on_call_phone": holder.phone if holder else "",
        "on_call_words": found.words,
        "due_at": at + wait,
    }


@action
def raise_call(*, call_id: UUID, by: Actor) -> UUID:
    """A call nobody took in time goes to whoever came on call since, else up to the next line that is there.

    Refused while there is time, once it was taken, and where no line after has anybody: then it stays with its line.
    """
    row = lock(Call, call_id)
    at = now()
    found = next_of(row, at)
    if found is None or found.holder is None:
        raise Refused(Reason("nobody-after", "it is not this call's time to go up, or nobody of the lines after is on call"))
    changes = _named(found, at) | {"raised": row.raised + 1}
    why = f"not taken by {row.on_call_name}" if row.on_call else f"nobody was {row.duty} on call"
    noted = {"on_call": found.words}
    if found.duty.value == row.duty:
        by.must(permissions.CALL_LOG)
        sentence = "{actor} handed {subject} to whoever came on call ({on_call})"
        revise(row, "clinical.call.hand_over", sentence, by=by, reason=why, noted=noted, **changes)
    else:
        advance(row, HAND_ON[found.duty.value], facts_of(row, by), by=by, reason=why, noted=noted, **changes)
    return row.id


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
