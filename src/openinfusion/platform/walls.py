# SPDX-License-Identifier: Apache-2.0
"""The walls in the database, computed from the models after every migration, so that none can be forgotten.

For every table that carries an organization: row-level security, forced; one key (organization, id) and composite
foreign keys, so that no row can point into another tenant. For every machine: a trigger that refuses an arrow which is
not in its table, and an index by state. For journal and history: no update, no delete. For the application's role: only
what it needs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connections, models
from django.db.models import ForeignKey

from openinfusion.kernel.machine import Machine

# Sign-in comes before scope, so these stand outside row-level security; nothing clinical is in them.
OUTSIDE_SCOPE = frozenset({"platform_user", "platform_rolegrant", "platform_apitoken"})

_FUNCTIONS = """
CREATE TABLE IF NOT EXISTS wall_arrow (table_name text, source text, target text, PRIMARY KEY (table_name, source, target));
CREATE OR REPLACE FUNCTION wall_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'table % is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege'; END $$;
CREATE OR REPLACE FUNCTION wall_state() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE before text := '';
BEGIN
  IF TG_OP = 'UPDATE' THEN before := OLD.state; END IF;
  IF NOT EXISTS (SELECT 1 FROM wall_arrow WHERE table_name = TG_TABLE_NAME AND source = before AND target = NEW.state) THEN
    RAISE EXCEPTION '% may not go from % to %', TG_TABLE_NAME, before, NEW.state USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
"""
_TENANT = "(SELECT NULLIF(current_setting('app.organization', true), '')::uuid)"


def tenant_models() -> list[type[models.Model]]:
    """Every table that belongs to an organization and stands behind row-level security."""
    return [
        m
        for m in apps.get_models(include_auto_created=True)
        if any(f.name == "organization" for f in m._meta.concrete_fields)
        and m._meta.db_table not in OUTSIDE_SCOPE
        and not m._meta.proxy
        and m._meta.managed
    ]


def machine_models() -> list[tuple[type[models.Model], Machine[Any, Any]]]:
    """Every table whose rows walk a machine."""
    return [
        (m, m.machine)  # type: ignore[attr-defined]
        for m in apps.get_models()
        if isinstance(getattr(m, "machine", None), Machine) and not hasattr(m, "pgh_tracked_model")
    ]


def is_history(model: type[models.Model]) -> bool:
    return hasattr(model, "pgh_tracked_model")


def raise_walls(using: str = "default", **_: object) -> None:
    """Raise every wall that is missing; safe to repeat. Runs as the owner of the tables."""
    with connections[using].cursor() as cursor:
        cursor.execute(_FUNCTIONS)
        cursor.execute("SELECT conname FROM pg_constraint WHERE conname LIKE 'wall_%%'")
        there = {row[0] for row in cursor.fetchall()}
        cursor.execute("SELECT tgname || ' ' || tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE 'wall_%%'")
        there |= {row[0] for row in cursor.fetchall()}
        cursor.execute("SELECT 'policy ' || tablename FROM pg_policies WHERE policyname = 'wall'")
        there |= {row[0] for row in cursor.fetchall()}
        for statement in [*_keys(there), *_references(there), *_security(there), *_triggers(there), *_indexes(), *_grants()]:
            cursor.execute(statement)
        cursor.execute("TRUNCATE wall_arrow")
        cursor.executemany("INSERT INTO wall_arrow VALUES (%s, %s, %s)", list(_arrows()))


def _name(*parts: str) -> str:
    plain = "_".join(parts)
    return plain if len(plain) <= 60 else f"{plain[:50]}_{hashlib.sha256(plain.encode()).hexdigest()[:8]}"


def _keys(there: set[str]) -> Iterator[str]:
    for model in tenant_models():
        name = _name("wall_own", model._meta.db_table)
        if not is_history(model) and any(f.name == "id" for f in model._meta.concrete_fields) and name not in there:
            yield f'ALTER TABLE "{model._meta.db_table}" ADD CONSTRAINT {name} UNIQUE (organization_id, id)'


def composite_references() -> Iterator[tuple[type[models.Model], ForeignKey[Any, Any]]]:
    """Every foreign key between two tables of one tenant."""
    inside = set(tenant_models())
    for model in inside:
        for field in model._meta.concrete_fields:
            if isinstance(field, ForeignKey) and field.related_model in inside and not is_history(model):
                yield model, field


def _references(there: set[str]) -> Iterator[str]:
    for model in tenant_models():
        table, name = model._meta.db_table, _name("wall_of", model._meta.db_table)
        if not is_history(model) and name not in there:
            yield (
                f'ALTER TABLE "{table}" ADD CONSTRAINT {name} FOREIGN KEY (organization_id) REFERENCES platform_organization (id)'
            )
    for model, field in composite_references():
        table, name = model._meta.db_table, _name("wall_fk", model._meta.db_table, str(field.column))
        if name not in there:
            other = field.related_model._meta
            yield (
                f'ALTER TABLE "{table}" ADD CONSTRAINT {name} FOREIGN KEY (organization_id, "{field.column}") '
                f'REFERENCES "{other.db_table}" (organization_id, id)'
            )


def _security(there: set[str]) -> Iterator[str]:
    for model in tenant_models():
        table = model._meta.db_table
        if f"policy {table}" not in there:
            yield f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY'
            yield f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY'
            yield (
                f'CREATE POLICY wall ON "{table}" USING (organization_id = {_TENANT}) WITH CHECK (organization_id = {_TENANT})'
            )


def _indexes() -> Iterator[str]:
    """Work queues ask every table by state."""
    for model, _ in machine_models():
        table = model._meta.db_table
        yield f'CREATE INDEX IF NOT EXISTS {_name("wall_state", table)} ON "{table}" (organization_id, state)'


def append_only_tables() -> list[str]:
    """The journal and every history table."""
    return ["platform_entry", *(m._meta.db_table for m in apps.get_models() if is_history(m))]


def _triggers(there: set[str]) -> Iterator[str]:
    for table in append_only_tables():
        if f"wall_append_only {table}" not in there:
            yield (
                f'CREATE TRIGGER wall_append_only BEFORE UPDATE OR DELETE ON "{table}" '
                "FOR EACH STATEMENT EXECUTE FUNCTION wall_refuse_change()"
            )
    for model, _ in machine_models():
        table = model._meta.db_table
        if f"wall_state_insert {table}" not in there:
            yield f'CREATE TRIGGER wall_state_insert BEFORE INSERT ON "{table}" FOR EACH ROW EXECUTE FUNCTION wall_state()'
            yield (
                f'CREATE TRIGGER wall_state_update BEFORE UPDATE OF state ON "{table}" FOR EACH ROW '
                "WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION wall_state()"
            )


def _arrows() -> Iterator[tuple[str, str, str]]:
    for model, machine in machine_models():
        table = model._meta.db_table
        yield table, "", machine.initial.value
        for source, target in sorted(machine.arrows()):
            yield table, source, target


def _grants() -> Iterator[str]:
    role = settings.APP_ROLE
    yield f'GRANT USAGE ON SCHEMA public TO "{role}"'
    yield f'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO "{role}"'
    yield f'GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO "{role}"'
    for table in [*append_only_tables(), "wall_arrow"]:
        yield f'REVOKE UPDATE, DELETE, TRUNCATE ON "{table}" FROM "{role}"'
    yield f'REVOKE INSERT ON wall_arrow FROM "{role}"'
    yield f'REVOKE INSERT, UPDATE, DELETE ON platform_organization FROM "{role}"'
    yield f'REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM "{role}"'
