# SPDX-License-Identifier: Apache-2.0
"""What is wrong with this installation, and how to mend it."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import DatabaseError

from openinfusion.platform import journal
from openinfusion.platform.clock import now
from openinfusion.platform.jobs import organizations
from openinfusion.platform.models import Untold
from openinfusion.platform.scope import entered
from openinfusion.platform.walls import tenant_models


@dataclass(frozen=True, slots=True)
class Finding:
    """One examination: what was looked at, whether it is well, what was seen, how to mend it."""

    name: str
    well: bool
    seen: str
    mend: str = ""


def examine() -> Iterator[Finding]:
    """Every examination in turn; one that fails does not stop the others."""
    for look in (_python, _server, _role, _migrations, _walls, _journal, _news, _files, _secret, _browser):
        yield _safely(look)


def _safely(look: Callable[[], Finding]) -> Finding:
    try:
        return look()
    except (DatabaseError, OSError) as trouble:
        return Finding(
            look.__name__.strip("_"), False, f"{type(trouble).__name__}: {trouble}".strip(), "start or correct DATABASE_URL"
        )


def _one(statement: str) -> tuple[object, ...]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        found: tuple[object, ...] = cursor.fetchone()
        return found


def _python() -> Finding:
    return Finding("python", sys.version_info >= (3, 11), sys.version.split()[0], "install Python 3.11 or newer")


def _server() -> Finding:
    number = int(str(_one("SHOW server_version_num")[0]))
    return Finding("database server", number >= 150000, f"PostgreSQL {number // 10000}", "use PostgreSQL 15 or newer")


def _role() -> Finding:
    name, superuser, bypasses = _one("SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
    return Finding(
        "application role",
        not superuser and not bypasses,
        f"{name}",
        "run openinfusion install; never serve as the owner",
    )


def _migrations() -> Finding:
    executor = MigrationExecutor(connection)
    open_ = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return Finding("migrations", not open_, f"{len(open_)} not applied", "openinfusion install")


def _walls() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
        held = {row[0] for row in cursor.fetchall()}
    bare = [m._meta.db_table for m in tenant_models() if m._meta.db_table not in held]
    return Finding("row-level security", not bare, f"{len(held)} tables held, {len(bare)} bare", "openinfusion install")


def _journal() -> Finding:
    flaws = 0
    for organization_id in organizations():
        with entered(organization_id):
            flaws += sum(1 for _ in journal.verify())
    return Finding(
        "journal",
        flaws == 0,
        f"{flaws} flaws",
        "openinfusion journal verify names them; restore a backup, keep this one as evidence",
    )


def _news() -> Finding:
    late = 0
    for organization_id in organizations():
        with entered(organization_id):
            late += Untold.objects.filter(since__lt=now() - timedelta(minutes=5)).count()
    return Finding("news", late == 0, f"{late} not told for 5 minutes", "is openinfusion worker running? its log says what fails")


def _files() -> Finding:
    settings.FILE_STORE.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(settings.FILE_STORE).free // 2**30
    return Finding(
        "file store", os.access(settings.FILE_STORE, os.W_OK) and free >= 1, f"{free} GiB free", "make room on the disk"
    )


def _secret() -> Finding:
    path = settings.DATA / "secret"
    open_to = path.stat().st_mode & 0o077 if path.exists() else 0
    return Finding(
        "secret", open_to == 0, "readable by its owner only" if not open_to else "readable by others", f"chmod 600 {path}"
    )


def _browser() -> Finding:
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or ""
    return Finding("browser for the stories", True, found or "none: browser tests are skipped", "apt-get install chromium")
