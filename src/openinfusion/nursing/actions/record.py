# SPDX-License-Identifier: Apache-2.0
"""Writing the infusion record: identity and line, rate steps, vital signs, reaction, teaching, waste."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.nursing.domain.infusion_record import RateStep, ReactionKind, Vitals
from openinfusion.nursing.events import ReactionRecorded
from openinfusion.nursing.models import NurseVisit, RateReading, VitalSigns
from openinfusion.nursing.permissions import MAKE
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import revise


@dataclass(frozen=True, slots=True)
class VisitEntries:
    """What the nurse writes down; what is left None stays as it is."""

    identifiers: tuple[str, ...] | None = None
    line_site: str | None = None
    line_note: str | None = None
    line_flushes: bool | None = None
    line_blood_return: bool | None = None
    reaction: ReactionKind | None = None
    reaction_text: str | None = None
    reaction_grade: int | None = None
    reaction_action: str | None = None
    taught: tuple[str, ...] | None = None
    taught_back: bool | None = None
    waste_text: str | None = None
    wasted_ml: Decimal | None = None
    note: str | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None


@action
def write_record(
    *, visit_id: UUID, entries: VisitEntries, by: Actor, rates: Sequence[RateStep] = (), vitals: Sequence[Vitals] = (),
    version: int | None = None,
) -> UUID:
    """Write into the record of a visit that is in progress. Rate steps and vital signs are added, never replaced."""
    visit = _open_record(visit_id, by, version)
    said = {name: getattr(entries, name) for name in VisitEntries.__slots__}
    changes: dict[str, Any] = {name: _kept(value) for name, value in said.items() if value is not None}
    _add_rates(visit, rates)
    _add_vitals(visit, vitals)
    news = []
    if entries.reaction is not None and entries.reaction is not ReactionKind.NONE:
        news.append(ReactionRecorded(
            visit_id=visit.id, therapy_id=visit.therapy_id, grade=entries.reaction_grade or 0,
            patient_id=visit.patient_id,
        ))
    revise(
        visit, "nursing.record.write", "{actor} wrote into the record of visit {subject}: {what}.", by=by, news=news,
        noted={"what": _summary(changes, rates, vitals)}, **changes,
    )
    return visit.id


def _open_record(visit_id: UUID, by: Actor, version: int | None) -> NurseVisit:
    by.must(MAKE)
    visit = lock(NurseVisit, visit_id, version)
    if visit.state != "in_progress":
        raise Refused(Reason("record-closed", f"the record is {visit.state.replace('_', ' ')}",
            "take it up again first"))
    if visit.nurse != by.id:
        raise Refused(Reason("another-nurse", "only the nurse of this visit writes its record"))
    return visit


def _kept(value: object) -> object:
    if isinstance(value, tuple):
        return [str(v) for v in value]
    return value.value if isinstance(value, ReactionKind) else value


def _add_rates(visit: NurseVisit, rates: Sequence[RateStep]) -> None:
    if any(r.rate_ml_per_h < 0 for r in rates):
        raise Malformed(Fault("rate", "a rate is not negative"))
    there = set(RateReading.objects.filter(visit=visit).values_list("at", flat=True)) if rates else set()
    if there & {r.at for r in rates}:
        raise Malformed(Fault("rate", "there is already a rate step at that minute"))
    RateReading.objects.bulk_create([RateReading(visit=visit, at=r.at, rate_ml_per_h=r.rate_ml_per_h) for r in rates])


def _add_vitals(visit: NurseVisit, vitals: Sequence[Vitals]) -> None:
    faults = [Fault("vitals", text) for v in vitals for text in _implausible(v)]
    if faults:
        raise Malformed(*faults)
    VitalSigns.objects.bulk_create([
        VitalSigns(
            visit=visit, at=v.at, temperature_c=v.temperature_c, pulse_per_min=v.pulse_per_min,
            respirations_per_min=v.respirations_per_min, systolic_mmhg=v.systolic_mmhg, diastolic_mmhg=v.diastolic_mmhg,
            spo2_percent=v.spo2_percent,
        ) for v in vitals
    ])


def _implausible(v: Vitals) -> list[str]:
    """What cannot be a human's; entry mistakes, not clinical limits."""
    found = []
    if not 25 <= v.temperature_c <= 45:
        found.append(f"{v.temperature_c} °C cannot be a body temperature; was it read in °F?")
    if v.systolic_mmhg <= v.diastolic_mmhg:
        found.append("the systolic pressure is above the diastolic")
    if v.spo2_percent is not None and not 0 < v.spo2_percent <= 100:
        found.append("an oxygen saturation is between 1 and 100 %")
    return found


def _summary(changes: dict[str, Any], rates: Sequence[RateStep], vitals: Sequence[Vitals]) -> str:
    words = [name.replace("_", " ") for name in changes]
    words += [f"{r.rate_ml_per_h} mL/h" for r in rates] + [f"{len(vitals)} set(s) of vital signs"] * bool(vitals)
    return ", ".join(words) or "nothing new"
