# SPDX-License-Identifier: Apache-2.0
"""Writes of the team: people, credentials, competency results."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from openinfusion.kernel.refusal import Fault, Malformed, NotFound, Reason, Refused
from openinfusion.kernel.roles import Role
from openinfusion.platform.action import action
from openinfusion.platform.actor import Actor
from openinfusion.platform.journal import write
from openinfusion.platform.models import RoleGrant, User
from openinfusion.team.domain.competency import elements
from openinfusion.team.models import CompetencyResult, Credential, Person
from openinfusion.team.permissions import ADD, COMPETENCY, CREDENTIAL


@action
def add_person(
    *,
    email: str,
    name: str,
    roles: frozenset[Role],
    by: Actor,
    password: str | None = None,
    password_hash: str = "",
    title: str = "",
    npi: str = "",
    home_site_id: UUID | None = None,
) -> UUID:
    """Add a person with an account and roles; the account's id. Malformed if the address is taken.

    ``password_hash`` takes the place of ``password`` where people are taken over from elsewhere.
    """
    by.must(ADD)
    if User.objects.filter(email__iexact=email).exists():
        raise Malformed(Fault("email", f"{email} belongs to another account"))
    user = User.objects.create_user(
        email,
        password,
        name=name,
        organization_id=by.organization_id,
        home_site_id=home_site_id,
    )
    if password_hash:
        user.password = password_hash
        user.save(update_fields=["password"])
    RoleGrant.objects.bulk_create(
        RoleGrant(organization_id=by.organization_id, user=user, role=role.value) for role in sorted(roles)
    )
    person = Person.objects.create(user_id=user.id, name=name, title=title, npi=npi, home_site_id=home_site_id)
    write(
        by,
        "team.person.add",
        person,
        "{actor} added {subject} as {roles}.",
        noted={"roles": ", ".join(sorted(r.label for r in roles))},
    )
    return user.id


def _person(user_id: UUID) -> Person:
    person = Person.objects.filter(user_id=user_id).first()
    if person is None:
        raise NotFound(f"person {user_id}")
    return person


@action
def record_credential(*, user_id: UUID, kind: str, state: str, number: str, expires_on: date, by: Actor) -> UUID:
    """Record a licence or registration, or its renewal (same kind, state and number)."""
    by.must(CREDENTIAL)
    person = _person(user_id)
    row, _ = Credential.objects.update_or_create(
        kind=kind,
        state=state.upper(),
        number=number,
        defaults={"person": person, "expires_on": expires_on},
    )
    write(
        by,
        "team.credential.record",
        row,
        "{actor} recorded {person}'s {subject}, valid until {until}.",
        noted={"person": person.name, "until": expires_on},
    )
    return row.id


@action
def record_competency(*, user_id: UUID, element: str, on: date, passed: bool, by: Actor) -> UUID:
    """Record a result. Nobody records their own."""
    by.must(COMPETENCY)
    if element not in elements():
        raise Malformed(Fault("element", f"“{element}” is not a competency; known are {', '.join(sorted(elements()))}"))
    if user_id == by.id:
        raise Refused(Reason("own-competency", "nobody records their own competency", "another observer"))
    person = _person(user_id)
    row = CompetencyResult.objects.create(person=person, element=element, on=on, passed=passed, observed_by=by.id)
    write(
        by,
        "team.competency.record",
        row,
        "{actor} recorded that {person} {result} {element} on {on}.",
        noted={"person": person.name, "result": "passed" if passed else "failed", "element": elements()[element], "on": on},
    )
    return row.id
