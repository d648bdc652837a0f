# SPDX-License-Identifier: Apache-2.0
"""The next payer is billed what the one before left to the patient: a claim of its own, with the first one's answer."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from openinfusion.billing.actions.charges import check_and_move, new_claim, total_up
from openinfusion.billing.actions.claims import bring_up
from openinfusion.billing.actions.ledger import book
from openinfusion.billing.domain.ledger import Account, Kind, Transfer, transfers
from openinfusion.billing.domain.secondary import NEXT
from openinfusion.billing.models import Claim, ClaimLine
from openinfusion.billing.permissions import WORK
from openinfusion.billing.queries.claims import facts_of, lines_of
from openinfusion.billing.queries.money import balance_of
from openinfusion.billing.queries.secondary import earlier_answer
from openinfusion.billing.queries.terms import terms_of
from openinfusion.kernel.money import Money
from openinfusion.kernel.refusal import Reason, Refused
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance
from openinfusion.platform.house_day import house_today
from openinfusion.platform.journal import write
from openinfusion.therapy.public import therapy


@action
def open_secondary(*, claim_id: UUID, by: Actor) -> UUID:
    """Open the claim to the next payer; what the patient owed on this one is owed there. Repeated, the claim that is there."""
    by.must(WORK)
    claim = lock(Claim, claim_id)
    before = Claim.objects.filter(primary=claim).first()
    if before is not None:
        write(by, "billing.claim.secondary_known", claim, "{actor} asked again to bill the next payer for {subject}.")
        return before.id
    share = _share(claim)
    course = therapy(claim.therapy_id)
    rank = NEXT.get(claim.rank, "")
    terms = terms_of(course, claim.first_on or house_today(), rank) if rank else None
    if terms is None or terms.plan is None:
        raise Refused(Reason("no-secondary", "no further payer covers these days", "intake records the coverage"))
    made = new_claim(course, terms, by, rank=rank, primary=claim, share_cents=share)
    advance(claim, "bill_secondary", facts_of(claim), by=by, noted={"next": made.control, "share": str(Money(share))})
    lines = _copied(made, lines_of(claim))
    total_up(made, lines, terms)
    _carry_over(claim, made, share)
    check_and_move(made, by)
    return made.id


def _share(claim: Claim) -> int:
    """What the payer left to the patient; Refused where it has not answered or left nothing."""
    if earlier_answer(claim.id) is None:
        raise Refused(Reason("no-answer", "the payer's answer is not posted yet"))
    share = balance_of(claim.id).patient_cents
    if share <= 0:
        raise Refused(Reason("patient-owes-nothing", "the payer left nothing to the patient"))
    return share


def _copied(made: Claim, lines: Sequence[ClaimLine]) -> list[ClaimLine]:
    """The same services to the next payer, each with a control number of its own that leads back to the first line."""
    plain = (
        "kind",
        "code",
        "modifiers",
        "units",
        "first_on",
        "last_on",
        "charge_cents",
        "description",
        "evidence",
        "ndc",
        "ndc_amount",
        "ndc_unit",
        "rx_number",
        "rx_on",
        "single_dose",
        "package_units",
        "place",
        "under_program",
    )
    found = [
        ClaimLine(
            claim=made,
            number=n,
            control=f"{made.control}L{n:02d}",
            source_kind="claim",
            source_id=row.id,
            source_key=f"claim:{row.id}:{made.rank}",
            **{name: getattr(row, name) for name in plain},
        )
        for n, row in enumerate(lines, 1)
    ]
    return ClaimLine.objects.bulk_create(found)


def _carry_over(claim: Claim, made: Claim, share: int) -> None:
    """The patient's share leaves the first claim and is owed on the second: revenue as a whole stays as it was."""
    today = house_today()
    book(claim, [Transfer(Kind.REVERSAL, Account.REVENUE, Account.PATIENT, share, note=f"to {made.control}")], today)
    book(made, transfers(Kind.CHARGE, share, note=f"from {claim.control}"), today)
    claim.expected_cents, made.expected_cents = max(claim.expected_cents - share, 0), share
    claim.save(update_fields=["expected_cents"])
    made.save(update_fields=["expected_cents"])
    bring_up(claim)
    bring_up(made)
