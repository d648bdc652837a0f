# SPDX-License-Identifier: Apache-2.0
"""The door of exchange: files out and in."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from openinfusion.billing.public import claim
from openinfusion.exchange.actions.receive_bundle import receive_bundle
from openinfusion.exchange.actions.x12_receive import receive_remittance
from openinfusion.exchange.actions.x12_send import send_ready_claims
from openinfusion.exchange.domain.simulated_payer import Answer, Fate, answer, fate_of
from openinfusion.exchange.queries import ClaimFileFact, claim_file_of, claim_files, claims_out
from openinfusion.kernel.refusal import Reason, Refused

__all__ = [
    "ClaimFileFact", "Fate", "claim_file", "claim_files", "fate_of", "receive_bundle", "receive_remittance", "send_ready_claims",
    "simulated_remittance",
]


def claim_file(claim_file_id: UUID) -> ClaimFileFact:
    """A file that went out; NotFound otherwise."""
    return claim_file_of(claim_file_id)


def simulated_remittance(
    claim_ids: Sequence[UUID], *, trace: str, paid_on: date, control: int = 1, fates: Mapping[str, Fate] | None = None,
) -> str:
    """The 835 with which the demonstration's payer answers claims of ours, all of one plan; it allows what we
    expect.
    """
    facts = [claim(i) for i in claim_ids]
    if not facts or len({f.plan_id for f in facts}) != 1:
        raise Refused(Reason("one-payer", "a remittance answers claims of one payer"))
    outs = claims_out(facts)
    allowed = {line.control: Decimal(line.expected_cents) / 100 for f in facts for line in f.lines}
    return answer(outs, Answer(outs[0].payer, "999000001", trace, paid_on, control, allowed, dict(fates or {})))
