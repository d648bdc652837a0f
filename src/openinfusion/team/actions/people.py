# SPDX-License-Identifier: Apache-2.0
"""Writes of the team: people and their credentials."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from openinfusion.kernel.refusal import Fault, Malformed, NotFound
from openinfusion.kernel.roles import Role
from openinfusion.platform.action import action
from openinfusion.platform.actor import Actor
from openinfusion.platform.journal import write
from openinfusion.platform.models import RoleGrant, User
from openinfusion.platform.rows import rows_by
from openinfusion.team.models import Credential, Person
from openinfusion.team.permissions import ADD, CREDENTIAL


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


def person_with(user_id: UUID) -> Person:
    """The person with this account; NotFound otherwise."""
    found = rows_by(Person, "user_id", user_id)
    if not found:
        raise NotFound(f"person {user_id}")
    return found[0]


@action
def record_credential(*, user_id: UUID, kind: str, state: str, number: str, expires_on: date, by: Actor) -> UUID:
    """Record a licence or registration, or its renewal (same kind, state and number)."""
    by.must(CREDENTIAL)
    person = person_with(user_id)
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
