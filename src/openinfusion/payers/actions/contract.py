# SPDX-License-Identifier: Apache-2.0
"""A contract or a new version of one: entered by one person, approved by another, then in force from its day."""
from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from openinfusion.kernel.ids import new_id
from openinfusion.kernel.refusal import Fault, Malformed, NotFound, Reason, Refused
from openinfusion.kernel.standing import Standing
from openinfusion.payers import models, queries
from openinfusion.payers.domain.contract_draft import ContractDraftState
from openinfusion.payers.domain.contract_text import ContractText, from_plain
from openinfusion.payers.domain.rate import Basis, RateTerm
from openinfusion.payers.events import ContractApproved
from openinfusion.payers.permissions import DRAFT
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance, revise
from openinfusion.platform.clock import now
from openinfusion.platform.journal import write

MODIFIERS = ["", "SH", "SJ"]  # by rank of concurrent therapies


@action
def draft_contract(
    *, payer_id: UUID, first: date, source: str, why: str, by: Actor, content: ContractText | None = None,
    copy_of: UUID | None = None, plan_id: UUID | None = None, last: date | None = None,
) -> UUID:
    """Begin a contract with a payer, or with ``copy_of`` a new version of that contract, to hold from a day on.

    Without ``content`` it says what ``copy_of`` says. Refused while another draft of the contract is open.
    """
    by.must(DRAFT)
    payer = lock(models.Payer, payer_id)
    before = queries.contract_by_id(copy_of) if copy_of else None
    if before is not None and before.payer_key != payer_id:
        raise NotFound(f"contract {copy_of} of {payer.name}")
    if before is None and content is None:
        raise Malformed(Fault("content", "say what the contract says"))
    agreement = before.agreement if before is not None and before.agreement else new_id()
    if other := models.ContractDraft.objects.filter(agreement=agreement, state__in=queries.OPEN).first():
        text = f"{other.drafter_name} has an open draft of it"
        raise Refused(Reason("draft-open", text, "have it approved or withdraw it first"))
    if plan_id is not None and queries.plan_row(plan_id).payer_id != payer_id:
        raise Malformed(Fault("plan_id", f"it is no plan of {payer.name}"))
    said = content or queries.text_of_version(before)  # type: ignore[arg-type]
    base = queries.base_for(agreement, first)
    row = models.ContractDraft(
        payer=payer, plan_id=before.plan_key if before else plan_id, agreement=agreement, based_on_id=base.id if base else None,
        drafted_by=by.id, drafter_name=by.name, **_said(said, first, last, source, why),
    )
    row.save(force_insert=True)
    write(by, "payers.contract_draft.begin", row, "{actor} entered {subject} with {payer}", reason=why, to_state=row.state,
          noted={"payer": payer.name, "source": row.source})
    return row.id


@action
def change_contract_draft(
    *, draft_id: UUID, first: date, source: str, why: str, content: ContractText, by: Actor, last: date | None = None,
    version: int | None = None,
) -> UUID:
    """What the draft says from now on; only whoever entered it may change it, and only before it is proposed."""
    by.must(DRAFT)
    row = lock(models.ContractDraft, draft_id, version)
    against = []
    if row.state != ContractDraftState.DRAFT:
        against.append(Reason("not-a-draft", f"it is {row.state}", "hand it back first" if row.state == "proposed" else ""))
    if row.drafted_by != by.id:
        against.append(Reason("not-your-draft", f"only {row.drafter_name}, who entered it, changes it"))
    if against:
        raise Refused(*against)
    base = queries.base_for(row.agreement, first)
    said = _said(content, first, last, source, why)
    revise(row, "payers.contract_draft.change", "{actor} changed {subject}", by=by, reason=why,
           noted={"changed": sorted(k for k, v in said.items() if getattr(row, k) != v)},
           based_on_id=base.id if base else None, **said)
    return row.id


@action
def advance_contract_draft(*, draft_id: UUID, step: str, by: Actor, reason: str = "", version: int | None = None) -> UUID:
    """Propose, approve (by another person), hand back or withdraw. Approved, it is a version and in force from its day."""
    row = lock(models.ContractDraft, draft_id, version)
    facts = queries.draft_facts(queries.draft(row.id), by)
    changes: dict[str, Any] = {}
    if step == "approve":
        row.machine.advance(ContractDraftState(row.state), step, facts, by.permissions, signed=by.signed)
        changes = {"made_id": _made(row, by), "approved_by": by.id, "approver_name": by.name, "approved_at": now()}
    advance(row, step, facts, by=by, reason=reason, noted={"source": row.source, "from": row.first_on}, **changes)
    return row.id


def _made(row: models.ContractDraft, by: Actor) -> UUID:
    """The version this draft becomes, with its rates and rules."""
    text = from_plain(row.content)
    version = models.Contract(
        payer_id=row.payer_id, plan_id=row.plan_id, agreement=row.agreement, first_on=row.first_on, last_on=row.last_on,
        name=text.name, modifiers=MODIFIERS, source=row.source, status=Standing.SIGNED.value, drafted_by=row.drafted_by,
        drafter_name=row.drafter_name, signed_by=by.id, signed_name=by.name, signed_at=now(), **row.content["terms"],
    )
    version.save(force_insert=True)
    models.Rate.objects.bulk_create([_rate(version, term, row.source) for term in text.rates])
    models.ContractRule.objects.bulk_create([
        models.ContractRule(contract=version, kind=r.kind.value, subjects=list(r.subjects), value=r.value, place=n)
        for n, r in enumerate(text.rules)
    ])
    write(by, "payers.contract.approved", version, "{actor} put {subject} in force from {day}", reason=row.why,
          news=[ContractApproved(
              contract_id=version.id, payer_id=row.payer_id, plan_id=row.plan_id, name=version.name, first=row.first_on)],
          noted={"day": row.first_on.isoformat(), "entered_by": row.drafter_name, "rates": len(text.rates),
                 "instead_of": str(row.based_on_id or "")})
    return version.id


def _rate(version: models.Contract, term: RateTerm, source: str) -> models.Rate:
    legs = [*term.legs, None, None]
    first, second = legs[0], legs[1]
    return models.Rate(
        contract=version, hcpcs=term.pattern, basis=first.basis.value if first else Basis.CARVED.value,
        amount=first.amount if first else None, lesser_basis=second.basis.value if second else "",
        lesser_amount=second.amount if second else None, cap=term.cap, carved_to=term.payer, source=source,
        status=Standing.SIGNED.value,
    )


def _said(content: ContractText, first: date, last: date | None, source: str, why: str) -> dict[str, Any]:
    """The columns of a draft; Malformed with every fault."""
    faults = [Fault(name, text) for name, value, text in (
        ("source", source, "say where it stands: the contract's number and page"), ("why", why, "say why it changes"),
    ) if not value.strip()]
    if last is not None and last < first:
        faults.append(Fault("last", "the last day lies before the first"))
    if faults:
        raise Malformed(*faults)
    content.must_be_sound()
    return {
        "name": content.name.strip(), "content": content.plain(), "first_on": first, "last_on": last,
        "source": source.strip(), "why": why.strip(),
    }
