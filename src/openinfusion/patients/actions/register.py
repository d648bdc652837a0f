# SPDX-License-Identifier: Apache-2.0
"""Registering people: match first, never merge; a near match is flagged for a human."""
from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q

from openinfusion.kernel.ids import new_id
from openinfusion.kernel.refusal import Reason, Refused
from openinfusion.patients import models
from openinfusion.patients.adapters import timezones
from openinfusion.patients.domain.identity import Demographics, Known, Likeness, key_of, likeness, mrn_of
from openinfusion.patients.permissions import CORRECT, EDIT, REGISTER
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import revise
from openinfusion.platform.clock import now
from openinfusion.platform.house_day import house_today
from openinfusion.platform.journal import write


def demand(by: Actor, permission: str) -> None:
    """Refused unless the actor holds this permission."""
    if not by.may(permission):
        raise Refused(Reason("not-permitted", f"needs the permission {permission}"))


@action
def register(*, demographics: Demographics, by: Actor) -> UUID:
    """The patient these demographics mean: the one already here, or a new one (flagged if somebody is near)."""
    demand(by, REGISTER.code)
    demographics.check(house_today())
    same, near = _likely(demographics)
    if same is not None:
        return _known(same[0], same[1], demographics, by)
    row = _new(demographics)
    row.save(force_insert=True)
    _keep_identifiers(row, demographics)
    models.PossibleMatch.objects.bulk_create(
        [models.PossibleMatch(patient=row, other=other, why=why) for other, why in near],
    )
    why = f"; possibly already here ({near[0][1]})" if near else ""
    write(
        by,
        "patients.registered",
        row,
        "{actor} registered {subject}, {mrn}" + why,
        noted={"mrn": row.mrn, "near": len(near)},
    )
    return row.id


def _likely(new: Demographics) -> tuple[tuple[models.Patient, str] | None, list[tuple[models.Patient, str]]]:
    family, given = key_of(new.family), key_of(new.given)
    wanted = Q()
    for number in new.identifiers:
        wanted |= Q(system=number.system, value=number.value)
    by_number = (
        set(models.PatientIdentifier.objects.filter(wanted).values_list("patient_id", flat=True)) if wanted else set()
    )
    near_name = Q(family_key=family) & (Q(born_on=new.born_on) | Q(given_key=given))
    same, near = None, []
    for row in models.Patient.objects.filter(near_name | Q(pk__in=by_number)).order_by("id")[:50]:
        known = Known(row.id, row.family_key, row.given_key, row.born_on, row.sex, row.zip)
        degree, why = likeness(new, known, by_identifier=row.id in by_number)
        if degree is Likeness.SAME and same is None:
            same = (row, why)
        elif degree is Likeness.NEAR:
            near.append((row, why))
    return same, near


def _known(row: models.Patient, why: str, new: Demographics, by: Actor) -> UUID:
    """Fill in what was blank; never overwrite."""
    said = _columns(new)
    blanks: dict[str, Any] = {
        k: v for k, v in said.items() if v and getattr(row, k) == "" and not (k in _PLACE and row.zip)
    }
    _keep_identifiers(row, new)
    revise(
        row, "patients.matched", "{actor} found {subject} already registered ({why})", by=by, patient_id=row.id,
        noted={"why": why, "filled": sorted(blanks)}, **blanks,
    )
    return row.id


_PLACE = ("line1", "line2", "city", "state_code", "zip")
STREET = ("line1", "city", "state_code", "zip")  # what a place on the map belongs to
NOWHERE: dict[str, Any] = {"latitude": None, "longitude": None, "located_how": ""}


def _columns(d: Demographics) -> dict[str, str]:
    state = d.address.state.strip().upper()
    return {
        "line1": d.address.line1, "line2": d.address.line2, "city": d.address.city, "state_code": state,
        "zip": d.address.zip, "phone": d.phone, "email": d.email, "language": d.language,
        "timezone": d.timezone or timezones().get(state, ""),
    }


def _new(d: Demographics) -> models.Patient:
    id = new_id()
    return models.Patient(
        id=id, mrn=mrn_of(id), family=d.family.strip(), given=d.given.strip(), family_key=key_of(d.family),
        given_key=key_of(d.given), born_on=d.born_on, sex=d.sex.value, **_columns(d),
    )


def _keep_identifiers(row: models.Patient, d: Demographics) -> None:
    """Keep the numbers that nobody else carries here."""
    if not d.identifiers:
        return
    wanted = Q()
    for number in d.identifiers:
        wanted |= Q(system=number.system, value=number.value)
    taken = set(models.PatientIdentifier.objects.filter(wanted).values_list("system", "value"))
    models.PatientIdentifier.objects.bulk_create([
        models.PatientIdentifier(patient=row, system=n.system, value=n.value)
        for n in dict.fromkeys(d.identifiers) if (n.system, n.value) not in taken
    ])


@action
def change_demographics(*, patient_id: UUID, demographics: Demographics, by: Actor, version: int | None = None) -> UUID:
    """Correct or complete a patient's demographics; what was there before stays in the history."""
    demand(by, EDIT.code)
    demographics.check(house_today())
    row = lock(models.Patient, patient_id, version)
    new = _columns(demographics) | {
        "family": demographics.family.strip(), "given": demographics.given.strip(),
        "family_key": key_of(demographics.family), "given_key": key_of(demographics.given),
        "born_on": demographics.born_on, "sex": demographics.sex.value,
    }
    changed: dict[str, Any] = {k: v for k, v in new.items() if getattr(row, k) != v}
    shown = [k for k in changed if not k.endswith("_key")]
    moved = row.latitude is not None and not changed.keys().isdisjoint(STREET)
    text = "{actor} changed {changed} of {subject}" + ("; the place on the map was of the old address" if moved else "")
    if moved:
        changed |= NOWHERE
    revise(row, "patients.changed", text, by=by, patient_id=row.id, noted={"changed": ", ".join(shown) or "nothing"}, **changed)
    return row.id


@action
def decide_match(*, match_id: UUID, decision: str, reason: str, by: Actor) -> UUID:
    """A human says whether two records are one person (same) or two (different). Records are not merged here."""
    demand(by, CORRECT.code)
    row = lock(models.PossibleMatch, match_id)
    against = []
    if decision not in ("same", "different"):
        against.append(Reason("decision-unknown", "say same or different"))
    if row.decided:
        against.append(Reason("already-decided", f"somebody decided already: {row.decided}"))
    if not reason.strip():
        against.append(Reason("reason-missing", "the decision needs a reason in words"))
    if against:
        raise Refused(*against)
    revise(
        row, "patients.match.decided", "{actor} decided that two records are {decision}", by=by, reason=reason,
        patient_id=row.patient_id, noted={"decision": decision}, decided=decision, decided_by=by.id, decided_at=now(),
    )
    return row.id


