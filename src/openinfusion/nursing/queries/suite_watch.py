# SPDX-License-Identifier: Apache-2.0
"""What a plan of a suite's day must know beside the problem: appointments as they stand, patients, each nurse's watch."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from openinfusion.nursing.domain.roster import against_agency
from openinfusion.nursing.models import Appointment
from openinfusion.nursing.queries.roster import agency_terms_of
from openinfusion.nursing.queries.suite_day import SuiteDay, stretches_at
from openinfusion.nursing.queries.suite_terms import zone_at
from openinfusion.patients.public import patient, patients
from openinfusion.platform.action import fetch
from openinfusion.team.public import competency_reasons, licence_reasons


@dataclass(frozen=True, slots=True)
class AppointmentFact:
    """An appointment as other rooms see it."""

    id: UUID
    number: str
    state: str
    site_id: UUID
    patient_id: UUID
    therapy_id: UUID
    visit_id: UUID | None
    chair_id: UUID | None
    nurse: UUID | None
    starts_at: datetime | None
    observation_ends_at: datetime | None
    version: int

    @property
    def booked(self) -> bool:
        return self.state == "booked"

    @property
    def place(self) -> dict[str, Any]:
        """Chair, nurse and beginning, as a booking names them."""
        return {"chair_id": self.chair_id, "nurse_id": self.nurse, "starts_at": self.starts_at}


@dataclass(frozen=True, slots=True)
class Watch:
    """A nurse of the day: slots at the chairs, and the appointments she may not do, each with the reason."""

    id: UUID
    name: str
    there: tuple[tuple[int, int], ...]
    barred: tuple[tuple[str, str], ...]


def appointment_of(appointment_id: UUID) -> AppointmentFact:
    """One appointment; NotFound otherwise."""
    a = fetch(Appointment, appointment_id)
    return AppointmentFact(a.id, a.number, a.state, a.site_id, a.patient_id, a.therapy_id, a.visit_id, a.chair_id, a.nurse,
                           a.starts_at, a.observation_ends_at, a.version)


def patient_names(d: SuiteDay) -> dict[str, str]:
    """Who an appointment of the day is for, by its number."""
    who = patients([a.patient_id for a in d.asked.values()])
    return {n: who[a.patient_id].name for n, a in d.asked.items()}


def watchers_of(d: SuiteDay) -> list[Watch]:
    """The nurses of the day; what is asked of a nurse is asked once for each task and each state a patient lives in."""
    states = {n: patient(a.patient_id).address.state for n, a in d.asked.items()}
    found = []
    for nurse in d.nurses:
        agency, known = agency_terms_of(nurse.id), dict[tuple[str, str], str]()
        barred = []
        for n, a in d.asked.items():
            key = (a.task, states[n])
            if key not in known:
                on = d.zero.astimezone(zone_at(a.site_id)).date()
                reasons = [*competency_reasons(nurse.id, a.task, on), *licence_reasons(nurse.id, states[n], on, "nurse"),
                           *(against_agency(agency, on) if agency else ())]
                known[key] = "; ".join(r.text for r in reasons)
            if known[key]:
                barred.append((n, known[key]))
        there = tuple((d.slot(a), d.slot(b)) for a, b in stretches_at(d, nurse))
        found.append(Watch(nurse.id, nurse.name, there, tuple(barred)))
    return found
