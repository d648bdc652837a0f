# SPDX-License-Identifier: Apache-2.0
"""What the database itself holds: row-level security, composite keys, append-only journal, a role that owns nothing."""
from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection

from openinfusion.platform.walls import (
    OUTSIDE_SCOPE,
    append_only_tables,
    composite_references,
    machine_models,
    tenant_models,
)

pytestmark = pytest.mark.django_db
NOT_TENANT = {"platform_organization", "wall_arrow"} | OUTSIDE_SCOPE
FOREIGN = ("django_", "auth_", "account_", "mfa_", "procrastinate_", "pghistory_", "usersessions_")


def ask(statement: str, *args: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, args)
        return cursor.fetchall()


def test_every_table_has_an_organization_and_forced_row_level_security() -> None:
    rows = ask("SELECT relname, relrowsecurity AND relforcerowsecurity FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
    bare = [name for name, held in rows if not held and name not in NOT_TENANT and not name.startswith(FOREIGN)]
    assert bare == []
    assert len(rows) > 20


def test_every_reference_inside_a_tenant_carries_the_organization() -> None:
    held = {(table, tuple(cols)) for table, cols in ask(
        "SELECT conrelid::regclass::text, array(SELECT attname::text FROM unnest(conkey) k JOIN pg_attribute a ON a.attrelid = conrelid AND a.attnum = k ORDER BY attname) "
        "FROM pg_constraint WHERE contype = 'f' AND conname LIKE 'wall_%%'",
    )}
    for model, field in composite_references():
        assert (model._meta.db_table, tuple(sorted(["organization_id", field.column]))) in held, f"{model.__name__}.{field.name}"


def test_the_application_owns_nothing_and_bypasses_nothing() -> None:
    [(superuser, bypass, createdb, createrole)] = ask(
        "SELECT rolsuper, rolbypassrls, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user",
    )
    assert not (superuser or bypass or createdb or createrole)
    assert ask("SELECT tablename FROM pg_tables WHERE tableowner = current_user") == []


def test_journal_and_history_can_only_grow() -> None:
    for table in append_only_tables():
        assert ask("SELECT has_table_privilege(%s, 'UPDATE') OR has_table_privilege(%s, 'DELETE') OR has_table_privilege(%s, 'TRUNCATE')", table, table, table) == [(False,)], table


def test_every_machine_is_held_by_a_trigger() -> None:
    held = {r[0] for r in ask("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'wall_state_update'")}
    assert {m._meta.db_table for m, _ in machine_models()} == held


def test_every_tenant_table_is_known_to_the_walls() -> None:
    assert len(tenant_models()) >= sum(1 for m in apps.get_models() if hasattr(m, "pgh_tracked_model"))
