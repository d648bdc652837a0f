# SPDX-License-Identifier: Apache-2.0
"""Claims out: the ready ones into files, kept byte for byte, each marked as standing in one; the outbox sends it once.

A file holds the claims of one form to one receiver: 837P, 837I, NCPDP messages of the pharmacy benefit, or sheets of paper.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from openinfusion.billing.public import ClaimFact, mark_queued, ready_claims
from openinfusion.exchange.actions.control import next_control
from openinfusion.exchange.actions.transmit import queue_file
from openinfusion.exchange.adapters.paper import paper_pdf
from openinfusion.exchange.domain.ncpdp.claim import billing as pharmacy_bill
from openinfusion.exchange.domain.ncpdp.claim import reversal
from openinfusion.exchange.domain.ncpdp.message import write_message
from openinfusion.exchange.domain.paper import PaperPage, paper_pages
from openinfusion.exchange.domain.trading_partners import partners, receiver_for, switch_for
from openinfusion.exchange.domain.x12.claim import ClaimOut
from openinfusion.exchange.domain.x12.claim_faults import claim_faults
from openinfusion.exchange.domain.x12.claim_writer import ClaimFile, Receiver, Sender, set_of, write_claim_file
from openinfusion.exchange.models import ClaimFileSent, TransmittedClaim
from openinfusion.exchange.permissions import SEND
from openinfusion.exchange.queries import claims_out
from openinfusion.exchange.queries.pharmacy_claims import pharmacy_claims
from openinfusion.kernel.money import Money
from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.payers.public import plans
from openinfusion.platform.action import action
from openinfusion.platform.actor import Actor
from openinfusion.platform.files import store
from openinfusion.platform.house_day import house_now
from openinfusion.platform.journal import write

PHARMACY, PAPER, VOID = "NCPDP", "CMS1500", "8"
BY_MAIL = Receiver("payers by mail", "PAPER")


@dataclass(frozen=True, slots=True)
class _Part:
    """One claim as it goes into a file: an X12 claim, the text of its NCPDP messages, or its sheets of paper."""

    claim: ClaimFact
    out: ClaimOut | None = None
    text: str = ""
    pages: tuple[PaperPage, ...] = ()


@action
def send_ready_claims(*, by: Actor, claim_ids: Sequence[UUID] = ()) -> UUID:
    """Write the ready claims (or those named) into files, by form and receiver, for the outbox; the id of the first.

    A claim that cannot be written stays ready and is named on the file; where none can be written, Refused says why.
    """
    by.must(SEND)
    claims = [c for c in ready_claims() if not claim_ids or c.id in set(claim_ids)]
    if not claims:
        raise Refused(Reason("nothing-ready", "no claim is ready to be sent"))
    written, left_out = _sorted_out(claims)
    if not written:
        raise Refused(*(Reason("claim-fault", text) for text in left_out))
    made: list[UUID] = []
    for (form, receiver), parts in written.items():
        made.append(_file(form, receiver, parts, () if made else left_out, by))
    return made[0]


def _file(form: str, receiver: Receiver, parts: Sequence[_Part], left_out: Sequence[str], by: Actor) -> UUID:
    control = next_control()
    if form == PAPER:
        name, kind, data = f"{form}-{control:09d}.pdf", "application/pdf", paper_pdf([page for p in parts for page in p.pages])
    else:
        name, kind, data = f"{form}-{control:09d}.txt", "text/plain", _text(form, control, receiver, parts).encode("ascii")
    file_id = store(name, data, kind, by)
    sent = ClaimFileSent.objects.create(
        receiver=receiver.id, control=control, file_id=file_id, claims=len(parts),
        charge_cents=sum(p.claim.charge_cents for p in parts), left_out=list(left_out), sent_by=by.id, sender_name=by.name,
    )
    queued = queue_file(kind=form, receiver=receiver.id, control=control, name=name, data=data, file_id=file_id, by=by)
    TransmittedClaim.objects.bulk_create([
        TransmittedClaim(transmission_id=queued, claim_id=p.claim.id, set_control=set_of(n)) for n, p in enumerate(parts)
    ])
    for p in parts:
        mark_queued(claim_id=p.claim.id, control_no=f"{control:09d}", file_id=file_id, by=by)
    write(by, "exchange.claims.send", sent, "{actor} put {claims} claims over {charge} into {subject}{rest}.", noted={
        "claims": len(parts), "charge": str(Money(sent.charge_cents)),
        "rest": f"; {len(left_out)} were left out" if left_out else "",
    })
    return sent.id


def _text(form: str, control: int, receiver: Receiver, parts: Sequence[_Part]) -> str:
    if form == PHARMACY:
        return "\n".join(p.text for p in parts) + "\n"
    outs = tuple(p.out for p in parts if p.out is not None)
    return write_claim_file(ClaimFile(control, _sender(outs[0]), receiver, outs, house_now(), partners().is_test))


_Parts = dict[tuple[str, Receiver], list[_Part]]


def _sorted_out(claims: Sequence[ClaimFact]) -> tuple[_Parts, list[str]]:
    """What can be written, by form and receiver, and in words what cannot."""
    written: _Parts = {}
    left_out: list[str] = []
    payers = {p.id: p.payer_id for p in plans()}
    for part, faults in [*_x12(claims), *_paper(claims), *_pharmacy(claims)]:
        c = part.claim
        if faults:
            left_out.append(f"{c.control}: {'; '.join(str(f) for f in faults)}")
            continue
        payer = payers.get(c.plan_id, "") if c.plan_id else ""
        way = switch_for(payer) if c.form == PHARMACY else None
        receiver = Receiver(f"processor {way.bin}", f"BIN{way.bin}") if way else receiver_for(payer)
        receiver = BY_MAIL if c.form == PAPER else receiver
        written.setdefault((c.form, receiver), []).append(part)
    return written, left_out


def _x12(claims: Sequence[ClaimFact]) -> list[tuple[_Part, tuple[Fault, ...]]]:
    mine = [c for c in claims if c.form not in (PHARMACY, PAPER)]
    return [(_Part(c, out), claim_faults(out)) for c, out in zip(mine, claims_out(mine), strict=True)]


def _paper(claims: Sequence[ClaimFact]) -> list[tuple[_Part, tuple[Fault, ...]]]:
    mine = [c for c in claims if c.form == PAPER]
    return [
        (_Part(c, pages=() if faults else paper_pages(out)), faults)
        for c, out in zip(mine, claims_out(mine), strict=True) for faults in (claim_faults(out),)
    ]


def _pharmacy(claims: Sequence[ClaimFact]) -> list[tuple[_Part, tuple[Fault, ...]]]:
    found: list[tuple[_Part, tuple[Fault, ...]]] = []
    for asked in pharmacy_claims(c for c in claims if c.form == PHARMACY):
        make = reversal if asked.claim.frequency == VOID else pharmacy_bill
        try:
            text = "\n".join(write_message(make(m)) for m in asked.messages)
            found.append((_Part(asked.claim, text=text), asked.faults))
        except Malformed as no:
            found.append((_Part(asked.claim), no.faults))
    return found


def _sender(first: ClaimOut) -> Sender:
    return Sender(first.billing.name, partners().sender_id, partners().contact, first.billing.phone)
