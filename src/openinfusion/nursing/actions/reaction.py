# SPDX-License-Identifier: Apache-2.0
"""A reaction at a visit: reported as a clinical event, told upwards, and told to the prescriber."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from openinfusion.clinical import public as clinical
from openinfusion.kernel.news import News
from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.nursing.domain.infusion_record import ReactionKind
from openinfusion.nursing.events import ReactionRecorded
from openinfusion.nursing.models import NurseVisit, Reaction
from openinfusion.nursing.permissions import TELL
from openinfusion.patients import public as patients
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import revise
from openinfusion.platform.clock import now

_HARM = {1: "mild", 2: "moderate", 3: "severe", 4: "life_threatening", 5: "death"}
_FASTEST = Decimal(9999)  # mL/h; no pump of this trade runs faster
_EVENT = {ReactionKind.INFUSION.value: "infusion_reaction", ReactionKind.ALLERGIC.value: "allergic"}


def note_reaction(visit: NurseVisit, values: Mapping[str, Any], at: datetime, by: Actor) -> list[News]:
    """Keep a reaction, report it as a clinical event where it is the first of its kind at this visit, and tell of it."""
    kind, grade = ReactionKind(values["reaction"]), int(values.get("reaction_grade") or 0)
    if not 1 <= grade <= 5:
        raise Malformed(Fault("reaction_grade", "a reaction has a grade from 1 to 5"))
    text, done = str(values.get("reaction_text") or ""), str(values.get("reaction_action") or "")
    row = Reaction.objects.filter(visit=visit, kind=kind.value).first()
    if row is not None:
        worse = grade > row.grade
        row.grade, row.text, row.done = grade, text, done
        row.prescriber_told_at = None if worse else row.prescriber_told_at
        row.resume_ml_per_h = None if worse else row.resume_ml_per_h
        row.save(update_fields=["grade", "text", "done", "prescriber_told_at", "resume_ml_per_h"])
        if worse and row.event_id is not None:
            clinical.worsen_event(event_id=row.event_id, harm=_HARM[grade], text=f"{text}; {done}".strip("; ")[:900], by=by)
        return [_told(visit, row, text, at)] if worse else []
    row = Reaction.objects.create(
        visit=visit, patient_id=visit.patient_id, kind=kind.value, grade=grade, text=text, done=done, seen_at=at,
        event_id=_reported(visit, kind, grade, f"{text}; {done}".strip("; ") or f"{kind} reaction", at, by),
    )
    return [_told(visit, row, text, at)]


def _told(visit: NurseVisit, row: Reaction, text: str, at: datetime) -> ReactionRecorded:
    return ReactionRecorded(
        visit_id=visit.id, therapy_id=visit.therapy_id, grade=row.grade, patient_id=visit.patient_id, site_id=visit.site_id,
        text=f"{row} at visit {visit.number}: {text}"[:400], at=at,
    )


def _reported(visit: NurseVisit, kind: ReactionKind, grade: int, text: str, at: datetime, by: Actor) -> UUID | None:
    """The clinical event of a reaction; one of the line is a line event and is reported with its device."""
    line = patients.line(visit.patient_id) if kind is ReactionKind.LINE else None
    if kind is ReactionKind.LINE and line is None:
        return None
    family, code = ("line_event", "other") if line else ("adverse_reaction", _EVENT.get(kind.value, "other"))
    zone = ZoneInfo(patients.timezone(visit.patient_id))
    return clinical.report_event(
        patient_id=visit.patient_id, family=family, kind=code, occurred_on=at.astimezone(zone).date(), text=text[:900],
        harm=_HARM[grade], therapy_id=visit.therapy_id, line_id=line.id if line else None, by=by,
    )


@action
def tell_prescriber(*, reaction_id: UUID, how: str, by: Actor, resume_ml_per_h: Decimal | None = None) -> UUID:
    """The prescriber was told of a reaction: by whom, and how.

    ``resume_ml_per_h``: up to which rate the prescriber lets the infusion be raised again. Without it the rate stays held; it
    may be said later, when the prescriber is asked again.
    """
    by.must(TELL)
    row = lock(Reaction, reaction_id)
    if not how.strip():
        raise Malformed(Fault("how", "say who was told, how, and what was answered"))
    if resume_ml_per_h is not None and not 0 < resume_ml_per_h <= _FASTEST:
        raise Malformed(Fault("resume_ml_per_h", f"a rate above 0 and at most {_FASTEST} mL/h"))
    if row.prescriber_told_at is not None and resume_ml_per_h is not None:
        revise(
            row, "nursing.reaction.resume", "{actor} recorded that after the {subject} it may rise to {rate} mL/h: {how}.", by=by,
            noted={"how": how.strip(), "rate": resume_ml_per_h}, patient_id=row.patient_id, resume_ml_per_h=resume_ml_per_h,
            told_how=f"{row.told_how}; {how.strip()}"[:500],
        )
        return row.id
    if row.prescriber_told_at is not None:
        raise Refused(Reason("told-already", f"{row.told_by_name} told the prescriber already"))
    revise(
        row, "nursing.reaction.tell", "{actor} told the prescriber of the {subject}: {how}.", by=by, patient_id=row.patient_id,
        noted={"how": how.strip()}, prescriber_told_at=now(), told_by_name=by.name, told_how=how.strip()[:500],
        resume_ml_per_h=resume_ml_per_h,
    )
    return row.id
