# SPDX-License-Identifier: Apache-2.0
"""The one place where a record's state changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from openinfusion.kernel.machine import Machine, Step
from openinfusion.kernel.news import News
from openinfusion.platform import journal
from openinfusion.platform.actor import Actor
from openinfusion.platform.record import Record


def advance(
    row: Record,
    step: str,
    facts: object,
    *,
    by: Actor,
    reason: str = "",
    news: Sequence[News] = (),
    noted: Mapping[str, object] | None = None,
    patient_id: UUID | None = None,
    **changes: object,
) -> Step[Any, Any]:
    """Take one step of the row's machine: guards, permission, reason and signature; save; journal. Refused says why not.

    ``changes`` are fields set together with the state. The row must be locked by the action.
    """
    machine: Machine[Any, Any] = row.machine  # type: ignore[attr-defined]
    source = type(machine.initial)(row.state)  # type: ignore[attr-defined]
    taken = machine.advance(source, step, facts, by.permissions, reason=reason, signed=by.signed)
    for field, value in changes.items():
        setattr(row, field, value)
    row.state = taken.target.value  # type: ignore[attr-defined]
    row.version += 1
    row.save(update_fields=["state", "version", *changes])  # type: ignore[misc]
    journal.write(
        by,
        f"{machine.name}.{taken.name}",
        row,
        taken.sentence,
        from_state=taken.source.value,
        to_state=taken.target.value,
        reason=reason,
        noted=noted,
        news=news,
        patient_id=patient_id,
    )
    return taken


def revise(
    row: Record,
    verb: str,
    sentence: str,
    *,
    by: Actor,
    reason: str = "",
    news: Sequence[News] = (),
    noted: Mapping[str, object] | None = None,
    patient_id: UUID | None = None,
    **changes: object,
) -> None:
    """Change fields of a row without a step of its machine: save, count the version, journal."""
    for field, value in changes.items():
        setattr(row, field, value)
    row.version += 1
    row.save(update_fields=["version", *changes])
    journal.write(by, verb, row, sentence, reason=reason, noted=noted, news=news, patient_id=patient_id)
