# SPDX-License-Identifier: Apache-2.0
"""Asking for an appointment: find the patient, see how long an infusion takes, say from when on."""
from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from openinfusion.nursing.queries.infusion_length import length_of
from openinfusion.nursing.queries.order import order_of
from openinfusion.nursing.queries.suite_terms import zone_at
from openinfusion.nursing.web.suite_forms import AskForm
from openinfusion.nursing.web.suite_pages import suites_there
from openinfusion.patients.public import search
from openinfusion.platform.clock import now
from openinfusion.therapy.public import TherapyFact, therapies_of

_MOST = 12


@dataclass(frozen=True, slots=True)
class TherapyRow:
    id: UUID
    patient: str
    drug: str
    number: str
    minutes: int | None
    why: str
    form: AskForm


@dataclass(frozen=True, slots=True)
class AskPage:
    text: str
    therapies: tuple[TherapyRow, ...]


def ask_page(text: str) -> AskPage:
    """The running therapies of the patients that a text finds."""
    if len(text.strip()) < 2:
        return AskPage(text, ())
    suites = suites_there()
    found = [(p.name, t) for p in search(text, _MOST) for t in therapies_of(p.id) if t.ended_on is None]
    return AskPage(text, tuple(_row(name, t, suites) for name, t in found[:_MOST]))


def _row(name: str, t: TherapyFact, suites: list[tuple[UUID, str]]) -> TherapyRow:
    length = length_of(t, order_of(t.id, None))
    here = next((id for id, _ in suites if id == t.site_id), suites[0][0] if suites else None)
    at = now().astimezone(zone_at(here)).replace(second=0, microsecond=0) if here else None
    first = {"site_id": here, "wished_at": at, "purpose": "infusion", "acuity": 1}
    form = AskForm(initial=first, auto_id=f"ask-{t.id.hex[-8:]}-%s", suites=[(str(id), s) for id, s in suites])
    return TherapyRow(t.id, name, t.drug_name, t.number, length.minutes, length.why, form)
