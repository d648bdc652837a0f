# SPDX-License-Identifier: Apache-2.0
"""A claim that the payer has voided: its charge is taken off, its days and deliveries may be billed again, to whoever pays."""
from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from openinfusion.billing.actions.claims import bring_up
from openinfusion.billing.actions.ledger import book
from openinfusion.billing.domain.claim import OUT, ClaimState
from openinfusion.billing.domain.ledger import Kind, transfers
from openinfusion.billing.models import Claim, ClaimLine, PerDiemDay
from openinfusion.billing.permissions import POST
from openinfusion.billing.queries.claims import facts_of
from openinfusion.billing.queries.money import balance_of
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance
from openinfusion.platform.house_day import house_today


@action
def record_void(*, claim_id: UUID, by: Actor) -> UUID:
    """The payer has voided it and has its money back. The lines stay as they are, and hold their sources no longer."""
    by.must(POST)
    claim = lock(Claim, claim_id)
    advance(claim, "voided", facts_of(claim), by=by)
    book(claim, transfers(Kind.CHARGE, -balance_of(claim.id).charged_cents, note="voided"), house_today())
    for day in PerDiemDay.objects.filter(line__claim=claim):
        day.delete()
    for line in ClaimLine.objects.filter(claim=claim):
        line.source_key, line.source_kind = f"void:{claim.control}:{line.source_key}", f"void {line.source_kind}"
        line.save(update_fields=["source_key", "source_kind"])
    bring_up(claim)
    return claim.id


def record_voids(claim_ids: Iterable[UUID], by: Actor) -> None:
    """The payer took its payment of these claims back: those asked to be voided are, unless something is paid after all."""
    may = [s.value for s in (*OUT, ClaimState.ACCEPTED)]
    rows = Claim.objects.filter(id__in=list(claim_ids), state__in=may, paid_cents=0).order_by("pk")
    for id in list(rows.values_list("id", flat=True)):
        record_void(claim_id=id, by=by)
