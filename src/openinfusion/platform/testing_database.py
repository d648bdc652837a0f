# SPDX-License-Identifier: Apache-2.0
"""The database of the tests: one migrated template, copied for each worker."""

from __future__ import annotations

import fcntl
import hashlib
from pathlib import Path

from django.conf import settings
from psycopg import sql

from openinfusion.platform.database import connect_as_owner, ensure_app_role, ensure_database
from openinfusion.platform.installation import migrate_as_owner

MAINTENANCE = "postgres"


def _fingerprint() -> str:
    """Changes with any migration, machine or wall."""
    package = Path(settings.PACKAGE)
    parts = sorted(
        p
        for p in package.rglob("*.py")
        if {"migrations", "domain", "models"} & set(p.parts) or p.name in {"walls.py", "models.py"}
    )
    seen = hashlib.sha256(repr(settings.INSTALLED_APPS).encode())
    for part in parts:
        seen.update(part.read_bytes())
    return seen.hexdigest()[:12]


def prepared(owner: dict[str, str], name: str) -> str:
    """A fresh copy of the migrated template; its name."""
    template = f"template_{_fingerprint()}"
    with Path(settings.DATA, "template.lock").open("w") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        _make_template(owner, template)
        with connect_as_owner(owner, MAINTENANCE) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        ensure_database({**owner, "NAME": name}, MAINTENANCE, settings.SECRET_KEY, template)
    return name


def dropped(owner: dict[str, str], name: str) -> None:
    """Remove this test database, and those whose process has died."""
    with connect_as_owner(owner, MAINTENANCE) as connection:
        for (other,) in connection.execute("SELECT datname FROM pg_database WHERE datname LIKE 'test\\_%%'").fetchall():
            if other == name or not Path("/proc", other.rpartition("_")[2]).exists():
                connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(other)))


def _make_template(owner: dict[str, str], template: str) -> None:
    with connect_as_owner(owner, MAINTENANCE) as connection:
        ensure_app_role(connection, settings.SECRET_KEY)
        known = [r[0] for r in connection.execute("SELECT datname FROM pg_database WHERE datname LIKE 'template\\_%%'")]
        if template in known:
            return
        for old in known:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(old)))
        building = f"{template}_building"
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(building)))
        connection.execute(sql.SQL("ALTER DATABASE {} SET synchronous_commit = off").format(sql.Identifier(building)))
    migrate_as_owner({**owner, "NAME": building})
    with connect_as_owner(owner, MAINTENANCE) as connection:
        connection.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(building), sql.Identifier(template)))
