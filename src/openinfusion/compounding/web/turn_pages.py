# SPDX-License-Identifier: Apache-2.0
"""The hoods of a site on the bench's page: fit or not, who has each since when, and how it comes free."""
from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse

from openinfusion.compounding.actions.hood_turn import advance_turn
from openinfusion.compounding.domain.hood_turn import HOOD_TURN, Turn, TurnFacts, TurnState
from openinfusion.compounding.queries.hood_turn import at_hoods, turns_at
from openinfusion.compounding.web.forms import HandOverForm, TurnForm
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.ui.parts import Act, acts_of
from openinfusion.platform.web import Request, read, then, writes
from openinfusion.sites import public as sites

_SAID = {"leave": "The hood is free.", "hand_over": "Handed over.", "clear": "Cleared. The hood is free."}
_OF_ITSELF = frozenset({"finish"})


@dataclass(frozen=True, slots=True)
class HoodRow:
    """A hood as the bench sees it. ``reasons``: against using it now, whoever has it."""

    name: str
    tone: str
    reasons: tuple[str, ...]
    turn: Turn | None
    acts: tuple[Act, ...]


def hood_rows(by: Actor) -> tuple[HoodRow, ...]:
    """The hoods of the site the person works at."""
    if by.site_id is None:
        return ()
    found, hoods = [], sites.hoods(by.site_id)
    turns = turns_at(h.id for h in hoods)
    for hood in hoods:
        reasons = tuple(str(r) for r in sites.fitness_reasons(hood.id, now(), hood.hazardous))
        turn = turns.get(hood.id)
        tone = "crit" if reasons else "move" if turn else "ok"
        found.append(HoodRow(hood.name, tone, reasons, turn, turn_acts(turn, by) if turn else ()))
    return tuple(found)


def turn_acts(turn: Turn, by: Actor) -> tuple[Act, ...]:
    """Leave and hand over for who has it; clear, with a reason, for a pharmacist who is somebody else."""
    mine = turn.person_id == by.id
    forms = {"hand_over": HandOverForm(people=at_hoods(by.site_id, turn.person_id))} if mine else {}
    acts = acts_of(HOOD_TURN, TurnState.HELD, TurnFacts(turn.person, mine), by, forms=forms,
                   url_for=lambda step: reverse("compounding:turn_step", args=[turn.id, step]), leave_out=_OF_ITSELF)
    return tuple(replace(a, name=f"{a.name}-{turn.id}") for a in acts if a.enabled)


@writes
def turn_step(request: Request, turn_id: UUID, step: str) -> HttpResponse:
    """End a turn at a hood by hand."""
    advance_turn(turn_id=turn_id, step=step, by=request.actor, **read(TurnForm, request))
    return then(request, "compounding:bench", said=_SAID[step])
