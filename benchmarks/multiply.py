# SPDX-License-Identifier: Apache-2.0
"""Multiply a loaded pharmacy in the database: every patient and all that hangs on it, copied with new ids.

For benchmarks only: it writes past the actions, as the owner, with triggers off, so what it makes has no journal.
"""

from __future__ import annotations

from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db import connection, models

from openinfusion.platform.database import connect_as_owner
from openinfusion.platform.walls import is_history

COPIED_ROOMS = ("patients", "therapy", "clinical", "intake", "compounding", "delivery", "nursing", "billing")
SHARED_ROOMS = ("platform", "catalog", "team", "sites", "payers", "exchange")
BATCH = 19


def to(organization_id: UUID, times: int) -> None:
    """Copy everything of the patients so often that there are ``times`` as many."""
    connection.close()
    with connect_as_owner(settings.OWNER, settings.OWNER["NAME"]) as owner:
        owner.execute("SET session_replication_role = replica")
        for statement in [s for m in _models() for s in _copies(m, times)]:
            owner.execute(statement, {"organization": organization_id})
        owner.execute("VACUUM (ANALYZE)")  # else the first to read a page pays for the copying


def _models() -> list[type[models.Model]]:
    return [m for room in COPIED_ROOMS for m in apps.get_app_config(room).get_models() if not is_history(m)]


def _copies(model: type[models.Model], times: int) -> list[str]:
    fields = list(model._meta.concrete_fields)
    columns = ", ".join(f'"{f.column}"' for f in fields)
    values = ", ".join(_value(model, f) for f in fields)
    table = model._meta.db_table
    return [
        f'INSERT INTO "{table}" ({columns}) SELECT {values} FROM "{table}" t, generate_series({first}, {last}) n '
        f"WHERE t.organization_id = %(organization)s AND NOT ('copy' = ANY(ARRAY[{_mark(model)}])) "
        "ON CONFLICT DO NOTHING"  # what is the house's and not a patient's, such as who has a hood, is there once
        for first, last in ((n, min(n + BATCH, times) - 1) for n in range(1, times, BATCH))
    ]


def _mark(model: type[models.Model]) -> str:
    """Copies have an id whose first half is zero, so that a copy is never copied."""
    return "CASE WHEN left(t.id::text, 8) = '00000000' THEN 'copy' ELSE 'own' END"


def _value(model: type[models.Model], field: models.Field) -> str:  # type: ignore[type-arg]
    column = f't."{field.column}"'
    if field.column == "organization_id" or not (
        isinstance(field, models.UUIDField | models.ForeignKey) or _is_unique_text(model, field)
    ):
        return column
    if _is_unique_text(model, field):
        return f"{column} || '-' || n"
    if isinstance(field, models.ForeignKey) and field.related_model._meta.app_label not in COPIED_ROOMS:
        return column
    person = isinstance(field, models.UUIDField) and not field.primary_key and not field.column.endswith("_id")
    if person and field.column != "nurse":  # compounded_by, driver; but a nurse cannot be in two places
        return column
    return f"CASE WHEN {column} IS NULL THEN NULL ELSE ('00000000' || substr(md5({column}::text || n), 9))::uuid END"


def _is_unique_text(model: type[models.Model], field: models.Field) -> bool:  # type: ignore[type-arg]
    """A text column of a uniqueness constraint: MRN, number, control number."""
    if not isinstance(field, models.TextField | models.CharField) or field.choices:
        return False
    unique = {name for c in model._meta.constraints if isinstance(c, models.UniqueConstraint) for name in c.fields}
    return field.unique or field.name in unique
