# SPDX-License-Identifier: Apache-2.0
"""Drafts of contracts: what they say, what they follow, and the difference."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from openinfusion.kernel.refusal import NotFound
from openinfusion.payers import models
from openinfusion.payers.domain.contract import ContractFact
from openinfusion.payers.domain.contract_draft import ContractDraftFacts, ContractDraftState
from openinfusion.payers.domain.contract_text import Change, ContractText, difference, from_plain
from openinfusion.payers.queries.contract import contract_by_id, contract_fact, in_force, text_of_version, versions_of
from openinfusion.platform.actor import Actor

OPEN = (ContractDraftState.DRAFT.value, ContractDraftState.PROPOSED.value)


@dataclass(frozen=True, slots=True)
class DraftFact:
    """A draft with what it says, what it follows and who stands for it."""

    id: UUID
    state: str
    payer_id: UUID
    payer_name: str
    plan_id: UUID | None
    plan_name: str
    agreement: UUID
    text: ContractText
    first: date
    last: date | None
    source: str
    why: str
    based_on: UUID | None
    made: UUID | None
    drafted_by: UUID
    drafter_name: str
    approver_name: str
    approved_at: datetime | None
    made_at: datetime
    version: int


def draft_fact(row: models.ContractDraft) -> DraftFact:
    return DraftFact(
        row.id, row.state, row.payer_id, row.payer.name, row.plan_id, row.plan.name if row.plan else "", row.agreement,
        from_plain(row.content), row.first_on, row.last_on, row.source, row.why, row.based_on_id, row.made_id, row.drafted_by,
        row.drafter_name, row.approver_name, row.approved_at, row.made_at, row.version,
    )


def draft(id: UUID) -> DraftFact:
    row = models.ContractDraft.objects.select_related("payer", "plan").filter(pk=id).first()
    if row is None:
        raise NotFound(f"contract draft {id}")
    return draft_fact(row)


def drafts(*, states: Iterable[str] = OPEN, **where: object) -> list[DraftFact]:
    """Drafts, the newest first."""
    rows = models.ContractDraft.objects.select_related("payer", "plan").filter(state__in=list(states), **where)
    return [draft_fact(row) for row in rows.order_by("-made_at")]


def base_of(draft: DraftFact) -> ContractFact | None:
    """The version an open draft would follow on its first day; of a closed one, what it was based on."""
    if draft.state in OPEN:
        return base_for(draft.agreement, draft.first)
    return contract_by_id(draft.based_on) if draft.based_on else None


def base_for(agreement: UUID, first: date) -> ContractFact | None:
    rows = list(models.Contract.objects.filter(agreement=agreement, first_on__lte=first).order_by("-first_on"))
    held = in_force(rows, first) or rows[:1]
    return contract_fact(held[0]) if held else None


def changes_of(draft: DraftFact) -> tuple[Change, ...]:
    """The difference to the version it would follow, or did follow."""
    base = base_of(draft)
    return difference(text_of_version(base) if base else None, draft.text)


def draft_facts(draft: DraftFact, by: Actor) -> ContractDraftFacts:
    """What the guards look at, seen by this person."""
    base = base_of(draft)
    same = base is not None and text_of_version(base) == draft.text and draft.last == base.last
    return ContractDraftFacts(
        drafted_by_actor=by.id == draft.drafted_by,
        changes_something=not same,
        day_is_taken=any(v.first == draft.first and v.id != draft.made for v in versions_of(draft.agreement)),
        base_in_force=(base.id if base else None) == draft.based_on,
        prices_something=bool(draft.text.rates),
    )
