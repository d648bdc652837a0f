# SPDX-License-Identifier: Apache-2.0
"""Take a hood, leave it, hand it over, clear one that was left. One person has a hood at a time, whoever was first."""
from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from openinfusion.compounding.domain.hood_turn import TurnFacts, turn_reasons
from openinfusion.compounding.models import HoodTurn, WorkOrder
from openinfusion.compounding.queries.hood_turn import begun_there, held_turns, turn_fact, turn_facts, turns_for
from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance
from openinfusion.platform.clock import now
from openinfusion.platform.journal import write
from openinfusion.sites import public as sites
from openinfusion.team import public as team

_BY_HAND = frozenset({"leave", "hand_over", "clear"})


def take_turn(row: WorkOrder, by: Actor) -> None:
    """The hood of this work order is this person's from now on, or already was. Refused, saying who has it since when.

    The turn that stands is locked, so that nobody ends it meanwhile; of two who take a free hood at once the database
    lets one.
    """
    if row.hood_id is None or row.method == "dispense":
        return
    held = list(held_turns().select_for_update().filter(Q(hood_id=row.hood_id) | Q(person_id=by.id)))
    if not held:
        turn = HoodTurn(hood_id=row.hood_id, hood_name=row.hood_name, site_id=row.site_id, person_id=by.id,
                        person_name=by.name, taken_at=now())
        if _taken(turn):
            write(by, "compounding.hood_turn.take", turn, "{actor} took {subject}", to_state=turn.state)
            return
    zone = sites.pharmacy(row.site_id).timezone
    stand = tuple(turn_fact(t) for t in held) or turns_for(row.hood_id, by.id)
    if against := turn_reasons(stand, row.hood_id, by.id, zone):
        raise Refused(*against)


def _taken(turn: HoodTurn) -> bool:
    """Add the turn unless the hood or the person has one; whether it was added."""
    HoodTurn.objects.bulk_create([turn], ignore_conflicts=True)
    return HoodTurn.objects.filter(pk=turn.pk).exists()


def end_turn_if_done(row: WorkOrder, by: Actor) -> None:
    """The hood is free once nothing is begun there any more by the one who made this work order."""
    if row.hood_id is None or row.compounded_by is None:
        return
    turn = held_turns().select_for_update().filter(hood_id=row.hood_id, person_id=row.compounded_by).first()
    if turn is not None and not begun_there(turn):
        _end(turn, "finish", TurnFacts(turn.person_name, turn.person_id == by.id), by)


@action
def advance_turn(
    *, turn_id: UUID, step: str, by: Actor, reason: str = "", to_id: UUID | None = None, version: int | None = None,
) -> UUID:
    """Leave the hood, hand it over to somebody, or clear one that was left (with a reason); the turn's id.

    What was begun there stays its compounder's, who takes the hood again with the next step. Refused for a hood that is
    not yours to leave, and for a successor who has another hood or does not work at one.
    """
    if step not in _BY_HAND:
        raise Refused(Reason("no-such-step", f"a hood is left, handed over or cleared, not “{step}”"))
    row = lock(HoodTurn, turn_id, version)
    if step == "hand_over" and to_id is None:
        raise Malformed(Fault("to_id", "say who has the hood next"))
    to = team.person(to_id) if to_id and step == "hand_over" else None
    facts = turn_facts(row, by.id, to.id if to else None)
    _end(row, step, facts, by, reason, to.name if to else "")
    if to is not None:
        _hand(row, to.id, to.name, by)
    return row.id


def _hand(row: HoodTurn, to_id: UUID, name: str, by: Actor) -> None:
    """The next person's turn. Refused where they took another hood in this moment."""
    turn = HoodTurn(hood_id=row.hood_id, hood_name=row.hood_name, site_id=row.site_id, person_id=to_id, person_name=name,
                    taken_at=now())
    if not _taken(turn):
        raise Refused(Reason("other-hood-held", f"{name} has another hood", "it is left first"))
    write(by, "compounding.hood_turn.receive", turn, "{to} has {subject} from {actor}", to_state=turn.state, noted={"to": name})


def _end(turn: HoodTurn, step: str, facts: TurnFacts, by: Actor, reason: str = "", to: str = "") -> None:
    advance(turn, step, facts, by=by, reason=reason, noted={"holder": turn.person_name, "to": to}, ended_at=now(),
            ended_by=by.id, ender_name=by.name)
