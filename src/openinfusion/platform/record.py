# SPDX-License-Identifier: Apache-2.0
"""What every table of a room has in common: id, organization, version, history; and references that point one way."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, TypeVar

import pghistory
from django.db import models

from openinfusion.kernel.ids import new_id
from openinfusion.kernel.machine import Machine
from openinfusion.platform import rows
from openinfusion.platform.clock import now
from openinfusion.platform.scope import owning_organization_id

M = TypeVar("M", bound=type[models.Model])


class OrganizationField(models.UUIDField):  # type: ignore[type-arg]
    """The owner of a row: a plain UUID column ``organization_id``, filled from the scope.

    Not a Django foreign key: every table would hang together through it, and each migration would build all models
    anew. The database still holds the reference: walls.py raises it.
    """

    def __init__(self, **options: Any) -> None:
        filled: dict[str, Any] = {"default": owning_organization_id, "editable": False} | options
        super().__init__(**filled)

    def get_attname(self) -> str:
        return f"{self.name}_id"


class Record(models.Model):
    """Base of every table of a room.

    The organization is filled from the scope. ``version`` counts changes made through ``advance`` and ``revise``, so
    that a page can say that somebody else was faster.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organization = OrganizationField()
    made_at = models.DateTimeField(default=now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True

    def _do_insert(self, manager: Any, using: Any, fields: Any, returning_fields: Any, raw: Any) -> Any:
        """Django's last step of adding a row, without making its SQL anew."""
        if raw or returning_fields:
            return super()._do_insert(manager, using, fields, returning_fields, raw)  # type: ignore[misc]
        rows.insert(self, fields)
        return []

    def _do_update(self, base_qs: Any, using: Any, pk_val: Any, values: Any, *rest: Any) -> Any:
        """Django's last step of changing a row, without making its SQL anew."""
        if not values or any(hasattr(value, "resolve_expression") for _, _, value in values):
            return super()._do_update(base_qs, using, pk_val, values, *rest)
        return rows.update(type(self), pk_val, [(field, value) for field, _, value in values])


def tracked(model: M) -> M:
    """Keep every version of every row of this table, deletes included, by database trigger, stamped with the entry."""
    decorate = pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        obj_field=pghistory.ObjForeignKey(related_name="+", db_index=True, db_constraint=False),
        context_field=pghistory.ContextJSONField(),
        append_only=False,
    )
    return decorate(model)  # type: ignore[no-any-return]


def ref(to: str, *, null: bool = False) -> Any:
    """A reference down the street: no way back, never cascading. The database holds it together with the organization

    (the composite constraint is raised by walls.py, so Django's own single-column one is left out).
    """
    return models.ForeignKey(to, models.PROTECT, related_name="+", null=null, blank=null, db_constraint=False)


def state_field(machine: Machine[Any, Any]) -> Any:
    """The state of a record: one of its machine's, starting at the initial one."""
    choices = [(s.value, s.value.replace("_", " ")) for s in machine.states]
    return models.TextField(default=machine.initial.value, choices=choices, editable=False)


def choice_field(of: type[StrEnum], **options: Any) -> Any:
    """A text column that holds one of an enum's values."""
    return models.TextField(choices=[(v.value, v.value.replace("_", " ")) for v in of], **options)


def degrees() -> Any:
    """A column of degrees to five places, about a metre; with its fellow under ``whole_position``."""
    return models.DecimalField(max_digits=8, decimal_places=5, null=True)


def whole_position() -> models.Q:
    """That ``latitude`` and ``longitude`` are both there and on the earth, or neither is. A bare range lets null through."""
    return models.Q(latitude__isnull=True, longitude__isnull=True) | models.Q(
        latitude__isnull=False, latitude__range=(-90, 90), longitude__isnull=False, longitude__range=(-180, 180)
    )
