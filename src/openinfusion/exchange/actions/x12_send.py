# SPDX-License-Identifier: Apache-2.0
"""Claims out: the ready ones into a file, kept byte for byte, each marked as standing in it; the outbox sends it once."""
from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from openinfusion.billing.public import ClaimFact, mark_queued, ready_claims
from openinfusion.exchange.actions.control import next_control
from openinfusion.exchange.actions.transmit import queue_file
from openinfusion.exchange.domain.trading_partners import partners
from openinfusion.exchange.domain.x12.claim import ClaimOut
from openinfusion.exchange.domain.x12.claim_faults import claim_faults
from openinfusion.exchange.domain.x12.claim_writer import ClaimFile, Sender, write_claim_file
from openinfusion.exchange.models import ClaimFileSent, TransmittedClaim
from openinfusion.exchange.permissions import SEND
from openinfusion.exchange.queries import claims_out
from openinfusion.kernel.money import Money
from openinfusion.kernel.refusal import Reason, Refused
from openinfusion.platform.action import action
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.files import store
from openinfusion.platform.journal import write


@action
def send_ready_claims(*, by: Actor, claim_ids: Sequence[UUID] = ()) -> UUID:
    """Write the ready claims (or those named) into one file and put it into the outbox; the claim file's id.

    A claim that cannot be written stays ready and is named on the file; where none can be written, Refused says why.
    """
    by.must(SEND)
    claims = [c for c in ready_claims() if not claim_ids or c.id in set(claim_ids)]
    if not claims:
        raise Refused(Reason("nothing-ready", "no claim is ready to be sent"))
    written, left_out = _sorted_out(claims)
    if not written:
        raise Refused(*(Reason("claim-fault", text) for text in left_out))
    control = next_control()
    text = write_claim_file(ClaimFile(
        control, _sender(written[0][1]), partners().receiver, tuple(out for _, out in written), now(),
        partners().is_test,
    ))
    name, data = f"837P-{control:09d}.txt", text.encode("ascii")
    file_id = store(name, data, "text/plain", by)
    sent = ClaimFileSent.objects.create(
        receiver=partners().receiver.id, control=control, file_id=file_id, claims=len(written),
        charge_cents=sum(c.charge_cents for c, _ in written), left_out=left_out, sent_by=by.id, sender_name=by.name,
    )
    queued = queue_file(
        kind="837P", receiver=partners().receiver.id, control=control, name=name, data=data, file_id=file_id, by=by,
    )
    TransmittedClaim.objects.bulk_create([TransmittedClaim(transmission_id=queued, claim_id=c.id) for c, _ in written])
    for claim, _ in written:
        mark_queued(claim_id=claim.id, control_no=f"{control:09d}", file_id=file_id, by=by)
    write(by, "exchange.claims.send", sent, "{actor} sent {claims} claims over {charge} in {subject}{rest}.", noted={
        "claims": len(written), "charge": str(Money(sent.charge_cents)),
        "rest": f"; {len(left_out)} were left out" if left_out else "",
    })
    return sent.id


def _sorted_out(claims: Sequence[ClaimFact]) -> tuple[list[tuple[ClaimFact, ClaimOut]], list[str]]:
    """What can be written, and in words what cannot."""
    written, left_out = [], []
    for claim, out in zip(claims, claims_out(claims), strict=True):
        faults = claim_faults(out)
        if faults:
            left_out.append(f"{claim.control}: {'; '.join(str(f) for f in faults)}")
        else:
            written.append((claim, out))
    return written, left_out


def _sender(first: ClaimOut) -> Sender:
    return Sender(first.billing.name, partners().sender_id, partners().contact, first.billing.phone)
