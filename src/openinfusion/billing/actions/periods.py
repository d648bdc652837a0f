# SPDX-License-Identifier: Apache-2.0
"""Closing a month: opened for closing, its checklist explained, closed by one, approved by another, reopened with a reason."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from openinfusion.billing.domain.period import month_of
from openinfusion.billing.models import Period, PeriodNote
from openinfusion.billing.permissions import CLOSE
from openinfusion.billing.queries.closing import checklist, period_facts, reconciliation
from openinfusion.billing.queries.money import trial_balance
from openinfusion.billing.queries.periods import notes_of
from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance
from openinfusion.platform.clock import now
from openinfusion.platform.house_day import house_today
from openinfusion.platform.journal import write


@action
def open_period(*, day: date, by: Actor) -> UUID:
    """Take the month of a day up for closing; its id, the same when it is taken up already."""
    by.must(CLOSE)
    first, last = month_of(day)
    if first > house_today():
        raise Malformed(Fault("month", "lies in the future"))
    row, made = Period.objects.get_or_create(first=first, defaults={"last": last})
    write(
        by, "billing.period.open", row, "{actor} took up {subject} for closing" if made else "{actor} looked at {subject} again"
    )
    return row.id


@action
def explain_row(*, period_id: UUID, key: str, text: str, by: Actor) -> UUID:
    """Say why one row of the checklist is right as it is."""
    by.must(CLOSE)
    row = lock(Period, period_id)
    if row.state != "open":
        raise Refused(Reason("not-open", f"{row} is {row.state}"))
    if not text.strip():
        raise Malformed(Fault("explanation", "say why it is right as it is"))
    standing = {t.key: t for i in checklist(row.first, row.last, notes_of(row.id)) for t in i.todo}
    if key not in standing or not standing[key].can_explain:
        raise Refused(Reason("cannot-explain", "this is no row of the checklist that an explanation settles"))
    PeriodNote.objects.update_or_create(
        period=row,
        key=key,
        defaults={
            "text": text.strip(),
            "written_by": by.id,
            "written_name": by.name,
        },
    )
    write(
        by,
        "billing.period.explain",
        row,
        "{actor} explained a row of {subject}: {what}",
        reason=text,
        noted={"what": standing[key].text, "key": key},
    )
    return row.id


@action
def advance_period(*, period_id: UUID, step: str, by: Actor, reason: str = "") -> UUID:
    """Close, approve, send back or reopen a month. The row is locked first, so that entries under way are seen."""
    row = lock(Period, period_id)
    changes: dict[str, Any] = {}
    if step == "propose":
        changes = {"closed_by": by.id, "closed_name": by.name}
    if step == "approve":
        changes = {"approved_by": by.id, "approved_name": by.name, "approved_at": now(), "figures": _figures(row)}
    if step in {"reopen", "send_back"}:
        changes = {"approved_by": None, "approved_name": "", "approved_at": None, "closed_by": None, "closed_name": ""}
    advance(row, step, period_facts(row, by), by=by, reason=reason, **changes)
    return row.id


def _figures(row: Period) -> dict[str, object]:
    """The accounts and the reconciled margin as they stand at the approval."""
    return {
        "accounts": trial_balance().accounts,
        "margin": [[r.what, r.report_cents, r.outside_cents, r.ledger_cents] for r in reconciliation(row.first, row.last)],
    }
