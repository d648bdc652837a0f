# SPDX-License-Identifier: Apache-2.0
"""Who may do what: verbs gathered from the rooms, roles held by people, and the actors made of both."""

from __future__ import annotations

import sys
from functools import cache
from uuid import UUID

from django.apps import apps

from openinfusion.kernel.permission import Permission
from openinfusion.kernel.roles import Role
from openinfusion.platform.actor import Actor, ActorKind
from openinfusion.platform.models import RoleGrant, User

_SYSTEM = UUID(int=0)


@cache
def all_permissions() -> dict[str, Permission]:
    """Every verb of every room, by code."""
    found: dict[str, Permission] = {}
    for config in apps.get_app_configs():
        module = sys.modules.get(f"{config.name}.permissions")
        for permission in getattr(module, "ALL", ()):
            found[permission.code] = permission
    return found


@cache
def _held(roles: frozenset[Role]) -> frozenset[str]:
    return frozenset(p.code for p in all_permissions().values() if p.roles & roles)


def actor_with(
    *,
    id: UUID,
    name: str,
    organization_id: UUID,
    roles: frozenset[Role],
    site_id: UUID | None = None,
    kind: ActorKind = ActorKind.PERSON,
) -> Actor:
    """An actor who holds these roles."""
    return Actor(id, name, organization_id, roles, _held(roles), site_id, kind)


def actor_of(user: User, site_id: UUID | None = None) -> Actor:
    """The actor a signed-in user is, at a site: roles granted there and everywhere."""
    site = site_id or user.home_site_id
    grants = RoleGrant.objects.filter(user=user).values_list("role", "site_id")
    roles = frozenset(Role(role) for role, at in grants if at is None or at == site)
    return actor_with(
        id=user.id,
        name=user.name,
        organization_id=user.organization_id,
        roles=roles,
        site_id=site,
        kind=ActorKind(user.kind),
    )


def system_actor(organization_id: UUID) -> Actor:
    """The house itself, acting on news and on schedule: it may do everything but sign."""
    return Actor(
        _SYSTEM,
        "OpenInfusion",
        organization_id,
        frozenset(),
        frozenset(all_permissions()),
        None,
        ActorKind.SYSTEM,
    )
