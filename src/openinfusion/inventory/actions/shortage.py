# SPDX-License-Identifier: Apache-2.0
"""Products that cannot be had, and what two pharmacists let stand in for them."""
from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from openinfusion.catalog import public as catalog
from openinfusion.inventory import permissions
from openinfusion.inventory.domain.substitute import SubstituteFacts, must_stand_in
from openinfusion.inventory.models import Shortage, Substitute
from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance, revise
from openinfusion.platform.clock import now
from openinfusion.platform.house_day import house_today
from openinfusion.platform.journal import write


@action
def report_shortage(*, product_id: UUID, by: Actor, note: str = "", expected_on: date | None = None) -> UUID:
    """A product cannot be had from now on; until when, if anybody knows."""
    by.must(permissions.BUY)
    product = catalog.product(product_id)
    if Shortage.objects.filter(product_id=product.id, ended_on__isnull=True).exists():
        raise Refused(Reason("short-already", f"{product.name} is known to be short", "end that shortage first"))
    row = Shortage.objects.create(product_id=product.id, since_on=house_today(), expected_on=expected_on, note=note.strip())
    write(by, "inventory.shortage.report", row, "{actor} noted {subject}", reason=note, noted={"expected": expected_on})
    return row.id


@action
def end_shortage(*, shortage_id: UUID, by: Actor) -> UUID:
    by.must(permissions.BUY)
    row = lock(Shortage, shortage_id)
    if row.ended_on:
        raise Refused(Reason("ended", "it ended already"))
    revise(row, "inventory.shortage.end", "{actor} ended {subject}", by=by, ended_on=house_today())
    return row.id


@action
def propose_substitute(*, product_id: UUID, instead_id: UUID, differs: str, source: str, by: Actor) -> UUID:
    """A product that may stand in for another of the same drug: what changes, and who says so. Another pharmacist signs."""
    by.must(permissions.SUBSTITUTE)
    product, instead = catalog.product(product_id), catalog.product(instead_id)
    must_stand_in(product.id, instead.id, product.drug_code or product.kind, instead.drug_code or instead.kind)
    faults = [Fault(name, "is needed") for name, text in (("differs", differs), ("source", source)) if not text.strip()]
    if faults:
        raise Malformed(*faults)
    if Substitute.objects.filter(product_id=product.id, instead_id=instead.id, state__in=["proposed", "signed"]).exists():
        raise Refused(Reason("known-already", f"{instead.name} is proposed or signed for {product.name} already"))
    row = Substitute.objects.create(
        product_id=product.id, instead_id=instead.id, differs=differs.strip(), source=source.strip(), proposed_by=by.id,
        proposer_name=by.name,
    )
    write(by, "inventory.substitute.propose", row, "{actor} proposed {subject}", to_state=row.state, noted={"source": row.source})
    return row.id


@action
def advance_substitute(*, substitute_id: UUID, step: str, by: Actor, reason: str = "", version: int | None = None) -> UUID:
    """Sign (another pharmacist), reject or end a substitute."""
    row = lock(Substitute, substitute_id, version)
    changes: dict[str, Any] = {"signed_by": by.id, "signer_name": by.name, "signed_at": now()} if step == "sign" else {}
    advance(row, step, SubstituteFacts(row.proposed_by, by.id), by=by, reason=reason, **changes)
    return row.id
