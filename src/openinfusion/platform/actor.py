# SPDX-License-Identifier: Apache-2.0
"""Who acts: a person, a job, a partner system, or a patient on their own page. Never nobody."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from openinfusion.kernel.permission import Permission
from openinfusion.kernel.refusal import Reason, Refused
from openinfusion.kernel.roles import Role


class ActorKind(StrEnum):
    PERSON = "person"
    SYSTEM = "system"
    PARTNER = "partner"
    PATIENT = "patient"


@dataclass(frozen=True, slots=True)
class Actor:
    """The one in whose name an action runs.

    ``signed`` tells how this request was signed ("password", "passkey", "demo"), empty where it was not: a signature
    counts for one request only. ``site_id`` is the pharmacy or suite the person works at now.
    """

    id: UUID
    name: str
    organization_id: UUID
    roles: frozenset[Role]
    permissions: frozenset[str]
    site_id: UUID | None = None
    kind: ActorKind = ActorKind.PERSON
    signature: str = ""

    @property
    def signed(self) -> bool:
        return bool(self.signature)

    def may(self, permission: str) -> bool:
        return permission in self.permissions

    def must(self, permission: Permission) -> None:
        """Refused unless the actor holds this permission."""
        if permission.code not in self.permissions:
            raise Refused(Reason("not-permitted", f"needs the permission {permission.code}"))

    def signing(self, method: str) -> Actor:
        """The same actor, having just re-authenticated by this method."""
        return replace(self, signature=method)
