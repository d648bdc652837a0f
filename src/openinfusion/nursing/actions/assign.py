# SPDX-License-Identifier: Apache-2.0
"""Giving visits out as a plan says. All that moves is let go of first, so that nurses can change places with one another."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from openinfusion.nursing.actions.schedule import offer_visit
from openinfusion.nursing.actions.second import free_second, offer_second
from openinfusion.nursing.adapters import take_turns
from openinfusion.nursing.models import NurseVisit
from openinfusion.nursing.queries import facts_of
from openinfusion.nursing.queries.second import holder_of, second_row
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance

_GIVEN = ("offered", "accepted", "confirmed")
_ANEW = "planned anew"


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who makes a visit, and when. ``second_id``: who is in its second place; None leaves that as it is.

    The versions are those which the plan read; without them whatever stands now is replaced.
    """

    visit_id: UUID
    nurse_id: UUID
    planned_start: datetime
    planned_end: datetime
    version: int | None = None
    second_id: UUID | None = None
    second_version: int | None = None


@action
def assign_visit(
    *, visit_id: UUID, nurse_id: UUID, planned_start: datetime, planned_end: datetime, by: Actor, version: int | None = None,
    second_id: UUID | None = None, second_version: int | None = None,
) -> UUID:
    """Give one visit to a nurse at a time, as a plan says, and its second place to ``second_id``."""
    _assign([Assignment(visit_id, nurse_id, planned_start, planned_end, version, second_id, second_version)], by)
    return visit_id


@action
def assign_visits(*, wanted: Sequence[Assignment], by: Actor) -> None:
    """Give visits out as a plan says, at least one of them, all or none. They are judged against what stands in the end:

    what each nurse lets go of in the same plan is no reason against her.
    Refused with every reason why a nurse may not make one; Stale where one changed since the plan read it.
    """
    _assign(wanted, by)


def _assign(wanted: Sequence[Assignment], by: Actor) -> None:
    turns = (n for one in wanted for n in (one.nurse_id, one.second_id) if n)
    take_turns(f"nurse:{n}" for n in turns)  # all at once, before any row is locked
    moving = [(one, *_let_go(one, by)) for one in sorted(wanted, key=lambda one: one.visit_id)]
    for one, first, second in moving:
        if first:
            offer_visit(
                visit_id=one.visit_id, nurse_id=one.nurse_id, planned_start=one.planned_start, planned_end=one.planned_end, by=by,
            )
        if second and one.second_id is not None:
            offer_second(visit_id=one.visit_id, nurse_id=one.second_id, by=by)


def _let_go(one: Assignment, by: Actor) -> tuple[bool, bool]:
    """Take back what moves. Whether the first place is to be offered, and the second: who stays is not asked again."""
    visit = lock(NurseVisit, one.visit_id, one.version)
    beside = second_row(visit)
    given = visit.state in _GIVEN and (visit.planned_start, visit.planned_end) == (one.planned_start, one.planned_end)
    second = beside is not None and one.second_id is not None and (holder_of(beside) != one.second_id or not given)
    if second and beside is not None and beside.nurse is not None:
        lock(type(beside), beside.id, one.second_version)
        free_second(visit, _ANEW, by)
    first = not (second and given and visit.nurse == one.nurse_id)
    if first and visit.state in _GIVEN:
        changes: dict[str, Any] = {} if given else {"planned_start": None, "planned_end": None}
        advance(visit, "reschedule", facts_of(visit, by), by=by, reason=_ANEW, nurse=None, nurse_name="", **changes)
    return first, second
