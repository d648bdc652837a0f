# SPDX-License-Identifier: Apache-2.0
"""What waits in the queues of money: denials, underpayments, broken plans, and what needs a second person's word."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Q

from openinfusion.billing.domain.denial_work import DENIAL, DenialState
from openinfusion.billing.domain.period import PERIOD
from openinfusion.billing.domain.refund import REFUND_MACHINE
from openinfusion.billing.domain.underpayment import UNDERPAYMENT
from openinfusion.billing.domain.write_off import WRITE_OFF_MACHINE
from openinfusion.billing.models import Denial, Period, Refund, Underpayment, WriteOff
from openinfusion.kernel.local_day import ends
from openinfusion.kernel.machine import Machine
from openinfusion.kernel.money import Money
from openinfusion.kernel.waiting import Ask, Waited, Waiting
from openinfusion.patients.public import patients
from openinfusion.platform.house_day import house_today, house_zone
from openinfusion.platform.queue import waited, whose_turn


def money_waiting(ask: Ask) -> Waited:
    """Everything of money that waits for one of these roles."""
    late = Q(due_on__lt=house_today())
    found = waited(
        Denial.objects.filter(state__in=whose_turn(DENIAL, ask)).select_related("claim"),
        ask,
        kind="Denial",
        due="due_on",
        late=late,
        make=_denials,
    )
    for model, machine, kind, url in _OTHERS:
        rows = model._default_manager.filter(state__in=whose_turn(machine, ask))
        if kind != "Month":
            rows = rows.select_related("claim")
        found += waited(rows, ask, kind=kind, make=_made(machine, kind, url))
    return found


_OTHERS: tuple[tuple[type[Any], Machine[Any, Any], str, str], ...] = (
    (Underpayment, UNDERPAYMENT, "Underpayment", "/billing/underpayments/"),
    (WriteOff, WRITE_OFF_MACHINE, "Write-off", "/billing/adjustments/"),
    (Refund, REFUND_MACHINE, "Refund", "/billing/adjustments/"),
    (Period, PERIOD, "Month", "/billing/months/{id}/"),
)


def _denials(rows: list[Denial]) -> list[Waiting]:
    people = patients([d.claim.patient_id for d in rows])
    return [
        Waiting(
            "billing",
            "Denial",
            d.id,
            f"{d} of {Money(d.cents)}, {d.claim.payer_name}",
            people[d.claim.patient_id].name,
            d.state.replace("_", " "),
            DENIAL.tone(DenialState(d.state)),
            DENIAL.owner(DenialState(d.state)),
            d.made_at,
            f"/billing/denials/{d.id}/",
            ends(d.due_on, house_zone()),
            (d.next_step,),
        )
        for d in rows
    ]


def _made(machine: Machine[Any, Any], kind: str, url: str) -> Callable[[list[Any]], Iterable[Waiting]]:
    def make(rows: list[Any]) -> list[Waiting]:
        claims = [r.claim for r in rows if hasattr(r, "claim")]
        people = patients([c.patient_id for c in claims])
        found = []
        for r in rows:
            claim = getattr(r, "claim", None)
            at = type(machine.initial)(r.state)
            title = f"{r}, claim {claim.control}" if claim else str(r)
            found.append(
                Waiting(
                    "billing",
                    kind,
                    r.id,
                    title,
                    people[claim.patient_id].name if claim else "",
                    r.state.replace("_", " "),
                    machine.tone(at),
                    machine.owner(at),
                    r.made_at,
                    url.replace("{id}", str(r.id)),
                )
            )
        return found

    return make
