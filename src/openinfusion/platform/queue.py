# SPDX-License-Identifier: Apache-2.0
"""Work queues read from the database: what waits is counted there, and only the rows of one page are made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.db.models import Count, F, Model, Q, QuerySet

from openinfusion.kernel.machine import Machine
from openinfusion.kernel.waiting import Ask, Waited, Waiting

M = TypeVar("M", bound=Model)


def whose_turn(machine: Machine[Any, Any], ask: Ask) -> list[str]:
    """The states whose owner is asked for."""
    return [state.value for state in machine.states if ask.has(machine.owner(state))]


def waited(
    rows: QuerySet[M],
    ask: Ask,
    *,
    kind: str,
    make: Callable[[list[M]], Iterable[Waiting]],
    due: str = "",
    since: str = "made_at",
    late: Q | None = None,
) -> Waited:
    """These rows as a queue: counted, and the first of them made, the soonest due first, then the oldest.

    ``due`` and ``since`` name columns; ``late`` says which rows are late.
    """
    found = rows.order_by().aggregate(all=Count("pk"), late=Count("pk", filter=late if late is not None else Q(pk=None)))
    if not found["all"]:
        return Waited()
    made: Iterable[Waiting] = ()
    if ask.wants(kind):
        order = [F(due).asc(nulls_last=True), since] if due else [since]
        made = make(list(rows.order_by(*order)[: ask.limit]))
    return Waited(tuple(made), Counter({kind: found["all"]}), found["late"])
