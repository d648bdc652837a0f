# SPDX-License-Identifier: Apache-2.0
"""A claim that was delivered, sent and answered, for the tests of what follows."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from openinfusion.billing import public as billing
from openinfusion.delivery import public as delivery
from openinfusion.exchange import public as exchange
from openinfusion.exchange.public import Fate
from openinfusion.kernel.roles import Role
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import today

ZONE = "America/Chicago"


@dataclass
class Cash:
    """The thread with its one claim, the people who decide, and the payer's answers."""

    thread: Any
    claim_id: Any
    biller: Actor
    other: Actor
    executive: Actor
    texts: list[str] = field(default_factory=list)

    @property
    def claim(self) -> billing.ClaimFact:
        return billing.claim(self.claim_id)

    def answer(self, fate: Fate, trace: str = "T1", change: Callable[[str], str] = str) -> Any:
        """Post the simulated payer's answer, its text changed first; the remittance's id."""
        text = exchange.simulated_remittance([self.claim_id], trace=trace, paid_on=today(ZONE), fates={self.claim.control: fate})
        self.texts.append(change(text))
        return self.post(self.texts[-1])

    def post(self, text: str, name: str = "era.835") -> Any:
        return exchange.receive_remittance(name=name, data=text.encode(), by=self.biller)[0]

    def accounts(self) -> dict[str, int]:
        found = billing.ledger_accounts()
        assert found.difference == 0
        return found.accounts


@pytest.fixture
def cash(thread: Any, someone: Callable[..., Actor]) -> Cash:
    ticket_id = thread.dispatched()
    therapy_id = delivery.ticket(ticket_id).therapy_id
    thread.sign_plan(therapy_id)
    delivery.hand_over(
        ticket_id=ticket_id, received_by="Amara Sampleton", relation="self", signature="typed:Amara Sampleton", arrived_c=5, by=thread.driver,
    )
    thread.bench.tell()
    exchange.send_ready_claims(by=thread.biller)
    for file in exchange.transmissions("queued"):
        exchange.decide_transmission(transmission_id=file.id, step="by_hand", by=thread.biller)
    (claim,) = billing.claims_of(therapy_id)
    return Cash(thread, claim.id, thread.biller, someone(Role.BILLER, name="Bel Second"), someone(Role.EXECUTIVE, name="Eve Executive"))


def with_segments(text: str, *segments: str, amount: str = "", direction: str = "") -> str:
    """The 835 with more segments before its SE, its count and its payment made to fit."""
    lines = text.split("~\n")
    at = next(n for n, line in enumerate(lines) if line.startswith("SE*"))
    lines[at:at] = segments
    count = lines[at + len(segments)].split("*")
    lines[at + len(segments)] = f"SE*{int(count[1]) + len(segments)}*{count[2]}"
    if amount or direction:
        n = next(n for n, line in enumerate(lines) if line.startswith("BPR*"))
        e = lines[n].split("*")
        e[2], e[3] = amount or e[2], direction or e[3]
        lines[n] = "*".join(e)
    return "~\n".join(lines)


def reversed_835(text: str, trace: str, old: str = "T1") -> str:
    """The same 835 with every amount turned round, as a payer's reversal."""
    def minus(value: str) -> str:
        return f"-{value}" if value and value != "0" else value

    found = []
    for line in text.replace(f"TRN*1*{old}*", f"TRN*1*{trace}*").split("~\n"):
        e = line.split("*")
        if e[0] == "CLP":
            e[2], e[3], e[4] = "22", minus(e[3]), minus(e[4])
        elif e[0] == "SVC":
            e[2], e[3] = minus(e[2]), minus(e[3])
        elif e[0] == "CAS":
            e[3] = minus(e[3])
        elif e[0] == "BPR":
            e[2] = minus(e[2])
        found.append("*".join(e))
    return "~\n".join(found)
