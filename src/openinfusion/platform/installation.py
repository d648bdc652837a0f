# SPDX-License-Identifier: Apache-2.0
"""Installing: make the database, migrate it as its owner, raise the walls, make an organization."""

from __future__ import annotations

from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.sql import emit_post_migrate_signal
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import RunSQL
from django.db.migrations.recorder import MigrationRecorder

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
    """Bring the tables up to date and raise the walls, as the owner of the tables.

    A fresh database is built from the models at once, because replaying every room's migrations on nothing takes
    minutes; a test holds both ways to the same result. A database that is there is migrated.
    """
    with connected_as(owner), migrating():
        executor = MigrationExecutor(connections["default"])
        if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
            emit_post_migrate_signal(0, False, "default")
        elif any(executor.loader.applied_migrations.get((room, "0001_initial")) for room in settings.ROOMS):
            call_command("migrate", verbosity=0, interactive=False)
        else:
            build_fresh()


def build_fresh() -> None:
    """Build every table of the rooms from its model, then note their migrations as applied."""
    connection = connections["default"]
    executor = MigrationExecutor(connection)
    executor.migrate([key for key in executor.loader.graph.leaf_nodes() if key[0] not in settings.ROOMS])
    rooms = [r for r in settings.ROOMS if f"openinfusion.{r}" in settings.INSTALLED_APPS]
    with connection.schema_editor() as editor:
        for room in rooms:
            for model in apps.get_app_config(room).get_models():
                editor.create_model(model)
    loader, recorder = MigrationLoader(connection), MigrationRecorder(connection)
    for key in sorted(k for k in loader.disk_migrations if k[0] in rooms):
        with connection.schema_editor() as editor:
            for operation in loader.disk_migrations[key].operations:
                if isinstance(operation, RunSQL):
                    editor.execute(str(operation.sql))
        recorder.record_applied(*key)
    emit_post_migrate_signal(0, False, "default")


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
        owner.execute(
            "INSERT INTO platform_organization (id, name, is_demo) VALUES (%s, %s, %s)", [organization_id, name, is_demo]
        )
    return organization_id
