# SPDX-License-Identifier: Apache-2.0
"""Recording what a patient said about pregnancy or lactation, or that nobody asked."""
from __future__ import annotations

from datetime import date
from uuid import UUID

from openinfusion.patients import models
from openinfusion.patients.actions.record import keep
from openinfusion.patients.actions.register import demand
from openinfusion.patients.domain.childbearing import Said, check_asked, words_of
from openinfusion.patients.permissions import RECORD
from openinfusion.patients.queries import local_day, row_of
from openinfusion.platform.action import action
from openinfusion.platform.actor import Actor


@action
def record_asked(
    *, patient_id: UUID, about: str, said: str, by: Actor, asked_on: date | None = None, note: str = "", origin: str = "typed",
) -> UUID:
    """Record the answer about pregnancy or lactation; asked today where no day is named. The newest answer counts."""
    demand(by, RECORD.code)
    patient = row_of(patient_id)
    today = local_day(patient.timezone)
    day = asked_on or (None if said == Said.NOT_ASKED else today)
    what, answer = check_asked(about, said, day, today)
    row = models.Asked(patient=patient, about=what.value, said=answer.value, asked_on=day, note=note.strip(), origin=origin)
    return keep(row, by, "pregnancy", "{actor} recorded {words}", words=words_of(what, answer))
