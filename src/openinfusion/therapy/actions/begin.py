# SPDX-License-Identifier: Apache-2.0
"""Begin a course of therapy and steer it."""
from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from openinfusion.catalog import public as catalog
from openinfusion.kernel.ids import new_id
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance
from openinfusion.platform.journal import write
from openinfusion.therapy import permissions
from openinfusion.therapy.domain.number import number_of
from openinfusion.therapy.events import TherapyBegun
from openinfusion.therapy.models import Therapy
from openinfusion.therapy.queries import local_today, therapy_facts


@action
def begin_therapy(
    *, patient_id: UUID, drug_code: str, therapy_class: str, diagnosis: str, site_id: UUID, prescriber: str,
    start_on: date, by: Actor, prescriber_npi: str = "",
) -> UUID:
    """Open a course; NotFound if the catalog does not know the drug."""
    by.must(permissions.BEGIN)
    drug = catalog.drug(drug_code)
    id = new_id()
    row = Therapy.objects.create(
        id=id, number=number_of(id), patient_id=patient_id, site_id=site_id, drug_code=drug.code,
        drug_name=drug.tall_man,
        therapy_class=therapy_class or drug.therapy_class, diagnosis=diagnosis, prescriber_name=prescriber,
        prescriber_npi=prescriber_npi, start_on=start_on,
    )
    write(by, "therapy.therapy.begin", row, "{actor} opened {subject}, to start {start}", patient_id=patient_id,
          noted={"start": start_on}, news=[TherapyBegun(therapy_id=id, patient_id=patient_id)])
    return id


@action
def advance_therapy(
    *, therapy_id: UUID, step: str, by: Actor, reason: str = "", version: int | None = None,
) -> UUID:
    """Start, hold, resume, complete or discontinue."""
    row = lock(Therapy, therapy_id, version)
    today = local_today(row.patient_id)
    changes: dict[str, Any] = {}
    if step == "start":
        changes = {"started_on": today}
    if step in ("complete", "discontinue"):
        changes = {"ended_on": today}
    advance(row, step, therapy_facts(row), by=by, reason=reason, **changes)
    return row.id
