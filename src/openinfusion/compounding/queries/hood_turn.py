# SPDX-License-Identifier: Apache-2.0
"""Reads of who has which hood."""
from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from openinfusion.compounding.domain.hood_turn import Turn, TurnFacts, TurnState, turn_reasons
from openinfusion.compounding.domain.second_look import bench_setting
from openinfusion.compounding.models import HoodTurn, WorkOrder
from openinfusion.kernel.refusal import Reason
from openinfusion.kernel.roles import Role
from openinfusion.sites import public as sites
from openinfusion.team import public as team

_AT_HOODS = frozenset({Role.TECHNICIAN, Role.PHARMACIST})


def held_turns() -> QuerySet[HoodTurn]:
    return HoodTurn.objects.filter(state=TurnState.HELD.value)


def turn_fact(r: HoodTurn) -> Turn:
    return Turn(r.id, r.hood_id, r.hood_name, r.person_id, r.person_name, r.taken_at, r.version)


def turns_at(hood_ids: Iterable[UUID]) -> dict[UUID, Turn]:
    """Who has which of these hoods now, by hood."""
    return {r.hood_id: turn_fact(r) for r in held_turns().filter(hood_id__in=list(hood_ids))}


def turns_for(hood_id: UUID, person_id: UUID) -> tuple[Turn, ...]:
    """The turns that speak about this person at this hood: the hood's, and the person's at another one."""
    return tuple(turn_fact(r) for r in held_turns().filter(Q(hood_id=hood_id) | Q(person_id=person_id)))


def hood_reasons(row: WorkOrder, hood_id: UUID | None, actor_id: UUID) -> list[Reason]:
    """Reasons against taking this hood for this work order: somebody else has it, or this person has another."""
    if row.method == "dispense" or hood_id is None:
        return []
    held = turns_for(hood_id, actor_id)
    return turn_reasons(held, hood_id, actor_id, sites.pharmacy(row.site_id).timezone) if held else []


def begun_there(turn: HoodTurn) -> list[str]:
    """The numbers of the work orders that the holder has begun in this hood and not finished."""
    rows = WorkOrder.objects.filter(hood_id=turn.hood_id, compounded_by=turn.person_id, state="in_compounding")
    return list(rows.order_by("number").values_list("number", flat=True))


def turn_facts(turn: HoodTurn, actor_id: UUID, to_id: UUID | None = None) -> TurnFacts:
    against = tuple(_successor_reasons(turn, to_id)) if to_id else ()
    return TurnFacts(turn.person_name, turn.person_id == actor_id, tuple(begun_there(turn)), against)


def _successor_reasons(turn: HoodTurn, to_id: UUID) -> list[Reason]:
    """Reasons why somebody may not have the hood next."""
    to = team.person(to_id)
    if to_id == turn.person_id:
        return [Reason("own-hood", "you have it already", "name another person")]
    if not to.roles & _AT_HOODS:
        return [Reason("not-at-hoods", f"{to.name} does not work at hoods", "name a technician or a pharmacist")]
    other = held_turns().filter(person_id=to_id).first()
    return [Reason("other-hood-held", f"{to.name} still has {other.hood_name}", "it is left first")] if other else []


def held_too_long(at: datetime) -> QuerySet[HoodTurn]:
    """Hoods that one person has had for longer than a shift."""
    return held_turns().filter(taken_at__lte=at - timedelta(hours=int(bench_setting("hood-turn-hours"))))


def at_hoods(site_id: UUID | None, without: UUID) -> list[tuple[UUID, str]]:
    """Who works at hoods of a site, by name, without one of them."""
    people = [p for p in team.people() if p.roles & _AT_HOODS and p.id != without and p.home_site_id in (site_id, None)]
    return [(p.id, p.name) for p in people]
