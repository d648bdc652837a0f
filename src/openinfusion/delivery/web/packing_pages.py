# SPDX-License-Identifier: Apache-2.0
"""Pages of what packages travel in and with, and of what comes back."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from openinfusion.delivery.domain.carrier import DAYS, Service
from openinfusion.delivery.domain.coming_back import RETURN, ReturnFacts, ReturnKind, ReturnState
from openinfusion.delivery.domain.pack_out import PackOut, pack_outs
from openinfusion.delivery.domain.validation import VALIDATION, ValidationFacts, ValidationState
from openinfusion.delivery.models import PackOutValidation
from openinfusion.delivery.permissions import CHECK, DISPATCH, OPEN
from openinfusion.delivery.queries.packing import Door, ValidationRow, door_of, services, validation_rows
from openinfusion.delivery.queries.road import ReturnFact, returns_where
from openinfusion.delivery.web.road_forms import AskBackForm, DispositionForm, DoorForm, ServiceForm, ValidationForm
from openinfusion.patients.public import patients
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import today
from openinfusion.platform.ui.parts import Act, acts_of
from openinfusion.sites import public as sites


@dataclass(frozen=True, slots=True)
class Study:
    row: ValidationRow
    tone: str
    acts: tuple[Act, ...]
    is_over: bool


@dataclass(frozen=True, slots=True)
class Packed:
    """A pack-out of the table and whether a study holds for it here today."""

    pack_out: PackOut
    proved: str


@dataclass(frozen=True, slots=True)
class SitePacking:
    """What one site packs in and ships with."""

    site_id: UUID
    name: str
    pack_outs: tuple[Packed, ...]
    studies: tuple[Study, ...]
    services: tuple[tuple[Service, str], ...]
    door: Door
    validation_form: ValidationForm | None
    service_form: ServiceForm | None
    door_form: DoorForm | None


@dataclass(frozen=True, slots=True)
class PackingPage:
    sites: tuple[SitePacking, ...]


def packing_page(by: Actor) -> PackingPage:
    return PackingPage(tuple(_site(p.id, p.name, by) for p in sites.pharmacies() if p.kind != "suite"))


def _site(site_id: UUID, name: str, by: Actor) -> SitePacking:
    on, rows, door = today(sites.zone_of(site_id)), validation_rows(site_id), door_of(site_id)
    owners = dict(PackOutValidation.objects.filter(site_id=site_id).values_list("id", "entered_by"))
    studies = tuple(
        Study(
            r,
            VALIDATION.tone(ValidationState(r.validation.state)),
            _acts(r, owners[r.validation.id], by),
            r.validation.study.last < on,
        )
        for r in rows
    )
    packed = tuple(
        Packed(
            p,
            next(
                (
                    f"until {r.validation.study.last:%d-%b-%Y}, {r.validation.study.hours} h"
                    for r in reversed(rows)
                    if r.validation.holds(p.code, on, 0)
                ),
                "",
            ),
        )
        for p in pack_outs()
    )
    codes = [(p.code, f"{p.code} ({p.payload.value})") for p in pack_outs()]
    may = by.may(DISPATCH.code)
    return SitePacking(
        site_id,
        name,
        packed,
        studies,
        tuple((s, " ".join(DAYS[d] for d in s.weekdays)) for _, s in services(site_id)),
        door,
        ValidationForm(codes=codes, prefix="") if by.may(CHECK.code) else None,
        ServiceForm() if may else None,
        DoorForm(initial={"asks_position": door.asks_position, "asks_photo": door.asks_photo}) if may else None,
    )


def _acts(r: ValidationRow, entered_by: UUID, by: Actor) -> tuple[Act, ...]:
    v = r.validation
    made = acts_of(
        VALIDATION,
        v.state,
        ValidationFacts(entered_by, by.id),
        by,
        url_for=lambda step: reverse("delivery:validation", args=[v.id, step]),
    )
    return tuple(
        Act(f"{a.name}-{v.id.hex[-6:]}", a.label, a.url, a.tone, a.needs_reason, a.sign, a.reasons, a.form) for a in made
    )


@dataclass(frozen=True, slots=True)
class BackRow:
    """Something that comes back, and its buttons."""

    fact: ReturnFact
    patient: str
    tone: str
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class ReturnsPage:
    rows: tuple[BackRow, ...]
    state: str
    states: tuple[str, ...]
    form: AskBackForm | None


def returns_page(state: str, by: Actor) -> ReturnsPage:
    rows = back_rows(state, by)
    return ReturnsPage(tuple(rows), state, tuple(s.value for s in ReturnState), AskBackForm() if by.may(OPEN.code) else None)


def back_rows(state: str, by: Actor) -> list[BackRow]:
    """What comes back in a state, or all that is not received."""
    found = (
        returns_where(state=state)
        if state in {s.value for s in ReturnState}
        else returns_where(state__in=["asked", "collected", "not_given"])
    )
    people = patients([r.patient_id for r in found])
    return [
        BackRow(
            r, people[r.patient_id].name if r.patient_id in people else "", RETURN.tone(ReturnState(r.state)), _back_acts(r, by)
        )
        for r in found
    ]


def _back_acts(r: ReturnFact, by: Actor) -> tuple[Act, ...]:
    fitting = ReturnFacts(ReturnKind(r.kind), r.left_home, None)
    made = acts_of(
        RETURN,
        r.state,
        fitting,
        by,
        url_for=lambda step: reverse("delivery:return_step", args=[r.id, step]),
        forms={"receive": DispositionForm()},
    )
    return tuple(
        Act(
            f"{a.name}-{r.id.hex[-6:]}",
            a.label,
            a.url,
            a.tone,
            a.needs_reason,
            a.sign,
            () if a.name == "receive" else a.reasons,
            a.form,
        )
        for a in made
    )
