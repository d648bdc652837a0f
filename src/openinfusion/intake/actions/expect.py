# SPDX-License-Identifier: Apache-2.0
"""The expected margin worked out again, because the order, the contract or the prices changed; it informs, never blocks."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from openinfusion.intake import models
from openinfusion.intake.permissions import READ
from openinfusion.intake.queries import referral_facts
from openinfusion.intake.queries.expectation import expected_now, kept, lines_of, newest
from openinfusion.intake.queries.expected import expected_of
from openinfusion.kernel.refusal import NotFound
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.journal import write


def reexpect_all(
    *, referral_ids: Sequence[UUID], cause: models.Cause, cause_id: UUID, why: str, on: date, by: Actor,
) -> int:
    """Work out the expectation of each of these courses again; how many came out otherwise. Each is an action of its own."""
    return sum(reexpect(referral_id=i, cause=cause, cause_id=cause_id, why=why, on=on, by=by) for i in referral_ids)


@action
def reexpect(*, referral_id: UUID, cause: models.Cause, cause_id: UUID, why: str, on: date, by: Actor) -> bool:
    """Keep what the course would bring and cost from a day on, if it differs from what was expected last; whether it does.

    The same cause told again keeps nothing twice.
    """
    by.must(READ)
    row = lock(models.Referral, referral_id)
    if row.therapy_id is None:
        raise NotFound(f"accepted referral {referral_id}")
    last = newest(row.id)
    before = kept(last) if last is not None else expected_of(row.therapy_id)
    now_ = expected_now(referral_facts([row])[0], on)
    told = models.Expectation.objects.filter(referral=row, cause=cause.value, cause_id=cause_id).exists()
    if told or (before.reimbursement, before.cost, before.unknowns) == (now_.reimbursement, now_.cost, now_.unknowns):
        write(by, "intake.expectation.same", row, "{actor} worked out the expected margin of {subject} again: it is the same.",
              reason=why, patient_id=row.patient_id)
        return False
    models.Expectation(
        referral=row, number=(last.number if last else 0) + 1, cause=cause.value, cause_id=cause_id, why=why, on=on,
        reimbursement_cents=now_.reimbursement.cents, cost_cents=now_.cost.cents, unknowns=list(now_.unknowns),
        lines=lines_of(now_), days=now_.days,
    ).save(force_insert=True)
    write(by, "intake.expectation.change", row,
          "{actor} worked out the expected margin of {subject} again: {now} instead of {before}, because {cause}.",
          reason=why, patient_id=row.patient_id,
          noted={"now": str(now_.margin), "before": str(before.margin), "cause": why, "unknown": now_.unknowns})
    return True
