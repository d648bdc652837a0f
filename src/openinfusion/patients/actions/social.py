# SPDX-License-Identifier: Apache-2.0
"""Recording coverage, home, contacts, consent and documents."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.patients import models
from openinfusion.patients.actions.record import keep, not_in_future
from openinfusion.patients.actions.register import demand
from openinfusion.patients.domain.chart import ConsentKind, Relationship
from openinfusion.patients.permissions import COVER, EDIT, RECORD
from openinfusion.patients.queries import row_of, valid
from openinfusion.payers import public as payers
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.files import store


@action
def record_coverage(
    *, patient_id: UUID, plan_id: UUID, member_id: str, first: date, by: Actor, group_number: str = "", rank: int = 1,
    relationship: str = Relationship.SELF.value, subscriber: str = "", subscriber_born_on: date | None = None,
    last: date | None = None, origin: str = "typed",
) -> UUID:
    """Record who pays: a plan, the member number, and the rank (1 is primary)."""
    demand(by, COVER.code)
    plan = payers.plan(plan_id)
    faults = []
    if not member_id.strip():
        faults.append(Fault("member_id", "the member number is missing"))
    if last is not None and last < first:
        faults.append(Fault("last", "the coverage ends before it begins"))
    if relationship != Relationship.SELF and not subscriber.strip():
        faults.append(Fault("subscriber", "name the subscriber, as it is not the patient"))
    if faults:
        raise Malformed(*faults)
    patient = lock(models.Patient, patient_id)
    if valid(models.Coverage, patient_id, rank=rank, last_on=None).exists():
        raise Refused(Reason("rank-taken", f"another coverage of rank {rank} is in force", "end or correct it first"))
    row = models.Coverage(
        patient=patient,
        plan_id=plan_id,
        member_id=member_id.strip(),
        group_number=group_number.strip(),
        rank=rank,
        relationship=Relationship(relationship).value,
        subscriber=subscriber.strip(),
        subscriber_born_on=subscriber_born_on,
        first_on=first,
        last_on=last,
        origin=origin,
    )
    return keep(row, by, "coverage", "{actor} recorded coverage by {plan}", clinical=False, plan=plan.name, rank=rank)


@action
def record_home_assessment(
    *, patient_id: UUID, assessed_on: date, refrigerator: bool, electricity: bool, running_water: bool, phone: bool,
    caregiver: bool, safe_entry: bool, able_to_learn: bool, by: Actor, services: Sequence[str] = (), note: str = "",
) -> UUID:
    """Record the home as it was found, and which other services this patient needs."""
    demand(by, RECORD.code)
    not_in_future(assessed_on, "assessed_on")
    row = models.Home(
        patient=row_of(patient_id),
        assessed_on=assessed_on,
        refrigerator=refrigerator,
        electricity=electricity,
        running_water=running_water,
        phone=phone,
        caregiver=caregiver,
        safe_entry=safe_entry,
        able_to_learn=able_to_learn,
        services=[s.strip() for s in services if s.strip()],
        note=note.strip(),
    )
    return keep(row, by, "home", "{actor} assessed the home", clinical=False, services=row.services)


@action
def record_contact(
    *,
    patient_id: UUID,
    name: str,
    phone: str,
    by: Actor,
    relation: str = "",
    emergency: bool = False,
    origin: str = "typed",
) -> UUID:
    """Record somebody to call."""
    demand(by, COVER.code)
    if not name.strip() or not phone.strip():
        raise Malformed(Fault("name", "a contact has a name and a telephone number"))
    row = models.Contact(
        patient=row_of(patient_id),
        name=name.strip(),
        phone=phone.strip(),
        relation=relation.strip(),
        emergency=emergency,
        origin=origin,
    )
    return keep(row, by, "contact", "{actor} recorded the contact {name}", clinical=False, name=row.name)


@action
def record_consent(
    *, patient_id: UUID, kind: str, given_on: date, signer: str, by: Actor, file_id: UUID | None = None,
) -> UUID:
    """Record a consent that was given, by whom and when, with the signed paper if there is one."""
    demand(by, EDIT.code)
    not_in_future(given_on, "given_on")
    if not signer.strip():
        raise Malformed(Fault("signer", "say who signed"))
    row = models.Consent(
        patient=row_of(patient_id),
        kind=ConsentKind(kind).value,
        given_on=given_on,
        signer=signer.strip(),
        file_id=file_id,
    )
    words = row.kind.replace("_", " ")
    return keep(
        row, by, "consent", "{actor} recorded the consent to {words}", clinical=False, words=words, signer=row.signer
    )


@action
def record_document(
    *, patient_id: UUID, kind: str, title: str, name: str, data: bytes, media_type: str, by: Actor,
) -> UUID:
    """Keep a document in the chart, byte for byte."""
    demand(by, EDIT.code)
    if not data:
        raise Malformed(Fault("file", "the file is empty"))
    file_id = store(name, data, media_type, by)
    row = models.Document(patient=row_of(patient_id), kind=kind.strip(), title=title.strip() or name, file_id=file_id)
    return keep(row, by, "document", "{actor} filed {title}", clinical=False, title=row.title)
