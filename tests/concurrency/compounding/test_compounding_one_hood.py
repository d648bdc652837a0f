# SPDX-License-Identifier: Apache-2.0
"""One hood, wanted by several people at the same moment: exactly one gets it, and the others are told who.

HOOD_ROUNDS sets how many rounds; the suite runs forty, a thousand were run once.
"""
from __future__ import annotations

import os
import threading
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from tests.e2e.test_hood_story import in_the_hood

from openinfusion.compounding import public as compounding
from openinfusion.compounding.actions.hood_turn import take_turn
from openinfusion.compounding.models import HoodTurn, WorkOrder
from openinfusion.kernel.quantity import MG, Quantity
from openinfusion.kernel.refusal import Refused
from openinfusion.platform.action import action
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.scope import entered

ROUNDS = int(os.environ.get("HOOD_ROUNDS", "40"))
PEOPLE = ("technician", "technician2", "technician4", "pharmacist")


@action
def want(*, order: WorkOrder, by: Actor) -> UUID:
    """What the first and every later step at the hood does before anything else."""
    take_turn(order, by)
    return order.id


def test_one_hood_has_one_winner_in_every_round(committed: None, pharmacy: Any, tell_news: Callable[[], int]) -> None:
    people = [pharmacy.actors[key] for key in PEOPLE]
    order_id = in_the_hood(pharmacy, tell_news, drug_code="vancomycin", dose=Quantity(Decimal(1000), MG))
    with entered(pharmacy.organization_id):
        order = WorkOrder.objects.get(pk=order_id)
        (turn,) = compounding.hood_turns(pharmacy.site_id)
    compounding.advance_turn(turn_id=turn.id, step="leave", by=people[0])
    gates = [threading.Barrier(len(people) + 1), threading.Barrier(len(people) + 1)]
    told = ["" for _ in people]

    def wants(n: int, by: Actor) -> None:
        for _ in range(ROUNDS):
            gates[0].wait(timeout=60)
            try:
                want(order=order, by=by)
                told[n] = "won"
            except Refused as no:
                told[n] = no.reasons[0].code
            except Exception as trouble:  # so that the round fails, and not the wait
                told[n] = f"{type(trouble).__name__}: {trouble}"
            gates[1].wait(timeout=60)
        connection.close()

    threads = [threading.Thread(target=wants, args=pair) for pair in enumerate(people)]
    for t in threads:
        t.start()
    for number in range(ROUNDS):
        gates[0].wait(timeout=60)
        gates[1].wait(timeout=60)
        assert sorted(told) == ["hood-taken"] * (len(people) - 1) + ["won"], (number, told)
        with entered(pharmacy.organization_id):
            (held,) = compounding.hood_turns(pharmacy.site_id)
        winner = people[told.index("won")]
        assert held.person_id == winner.id
        compounding.advance_turn(turn_id=held.id, step="leave", by=winner)
    for t in threads:
        t.join(timeout=60)
    with entered(pharmacy.organization_id):
        assert HoodTurn.objects.count() == ROUNDS + 1
        assert not HoodTurn.objects.filter(taken_at__gt=now() + timedelta(minutes=1)).exists()
