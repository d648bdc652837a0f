# SPDX-License-Identifier: Apache-2.0
"""Installing: make the database, migrate it as its owner, raise the walls, make an organization."""
from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.core.management import call_command
from django.db import connections

from openinfusion.kernel.ids import new_id
from openinfusion.platform.database import connect_as_owner, ensure_database
from openinfusion.platform.scope import migrating

MAINTENANCE = "postgres"


def ensure_installed() -> bool:
    """Make what is missing: database, application role, tables, walls. True if the database was made just now."""
    new = ensure_database(settings.OWNER, MAINTENANCE, settings.SECRET_KEY)
    migrate_as_owner(settings.OWNER)
    return new


def migrate_as_owner(owner: dict[str, str]) -> None:
    """Run every migration and raise the walls, as the owner of the tables."""
    with connected_as(owner), migrating():
        call_command("migrate", verbosity=0, interactive=False)


class connected_as:
    """Point the default connection at another account for a while."""

    def __init__(self, parts: dict[str, str]) -> None:
        self.parts = parts

    def __enter__(self) -> None:
        connection = connections["default"]
        connection.close()
        self.kept = dict(connection.settings_dict)
        options = {k: v for k, v in connection.settings_dict["OPTIONS"].items() if k not in {"pool", "options"}}
        connection.settings_dict.update({**self.parts, "OPTIONS": options})

    def __exit__(self, *_: object) -> None:
        connection = connections["default"]
        connection.close()
        connection.settings_dict.update(self.kept)


def new_organization(name: str, is_demo: bool = False) -> UUID:
    """A new tenant; made by the owner, because the application may not make one."""
    organization_id = new_id()
    database = connections["default"].settings_dict["NAME"]
    with connect_as_owner(settings.OWNER, database) as owner:
        owner.execute("INSERT INTO platform_organization (id, name, is_demo) VALUES (%s, %s, %s)", [organization_id, name, is_demo])
    return organization_id
