# SPDX-License-Identifier: Apache-2.0
"""People, their roles, credentials and latest results, as frozen facts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from openinfusion.kernel.refusal import NotFound
from openinfusion.kernel.roles import Role
from openinfusion.platform.models import RoleGrant
from openinfusion.platform.reading import Reading
from openinfusion.platform.rows import rows_by
from openinfusion.team.domain.competency import Pass, latest_of
from openinfusion.team.models import CompetencyResult, Credential, Person


@dataclass(frozen=True, slots=True)
class CredentialFact:
    kind: str
    state: str
    number: str
    expires_on: date


@dataclass(frozen=True, slots=True)
class PersonFact:
    """A person as other rooms see them. ``id`` is the account's id: the one that acts."""

    id: UUID
    name: str
    title: str
    npi: str
    roles: frozenset[Role]
    credentials: tuple[CredentialFact, ...]
    home_site_id: UUID | None


_ROLES = Reading(lambda among: RoleGrant.objects.filter(among("user_id")), "user_id", "role")
_CREDENTIALS = Reading(
    lambda among: Credential.objects.filter(among("person_id")).order_by("expires_on"),
    "person_id", "kind", "state", "number", "expires_on",
)


def people_facts(people: Iterable[Person]) -> list[PersonFact]:
    """Facts of these people in three queries, however many they are."""
    people = list(people)
    roles: dict[UUID, set[Role]] = defaultdict(set)
    for grant in _ROLES([p.user_id for p in people]):
        roles[grant.user_id].add(Role(grant.role))
    credentials: dict[UUID, list[CredentialFact]] = defaultdict(list)
    for c in _CREDENTIALS([p.id for p in people]):
        credentials[c.person_id].append(CredentialFact(c.kind, c.state, c.number, c.expires_on))
    return [
        PersonFact(p.user_id, p.name, p.title, p.npi, frozenset(roles[p.user_id]), tuple(credentials[p.id]), p.home_site_id)
        for p in people
    ]


def person_of(user_id: UUID) -> PersonFact:
    """The person with this account; NotFound otherwise."""
    found = people_facts(rows_by(Person, "user_id", user_id))
    if not found:
        raise NotFound(f"person {user_id}")
    return found[0]


def everybody(role: Role | None = None) -> list[PersonFact]:
    """Everybody by name, or those who hold a role."""
    return [p for p in people_facts(Person.objects.order_by("name")) if role is None or role in p.roles]


def latest_results(user_ids: Iterable[UUID]) -> dict[UUID, list[Pass]]:
    """The standing in each element, by account id."""
    history: dict[tuple[UUID, str], list[tuple[date, bool]]] = defaultdict(list)
    rows = CompetencyResult.objects.filter(person__user_id__in=list(user_ids)).order_by("on", "made_at")
    for user_id, element, on, passed in rows.values_list("person__user_id", "element", "on", "passed"):
        history[user_id, element].append((on, passed))
    found: dict[UUID, list[Pass]] = defaultdict(list)
    for (user_id, element), results in history.items():
        found[user_id].append(latest_of(element, results))
    return found
