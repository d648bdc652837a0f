# SPDX-License-Identifier: Apache-2.0
"""A payer's criteria or a new version of them: entered by one person, approved by another, then in force from their day."""
from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from openinfusion.catalog.public import drugs as all_drugs
from openinfusion.catalog.public import required_items
from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.payers import models, queries
from openinfusion.payers.domain.contract import PayerType
from openinfusion.payers.domain.criteria_version import CriteriaState
from openinfusion.payers.domain.criterion_text import criterion_line, parse_criteria
from openinfusion.payers.permissions import DRAFT_CRITERIA
from openinfusion.payers.queries.criteria import criteria_facts
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance, revise
from openinfusion.platform.clock import now
from openinfusion.platform.journal import write

_OPEN = (CriteriaState.DRAFT.value, CriteriaState.PROPOSED.value)


@action
def draft_criteria(
    *, series: str, first: date, source: str, why: str, lines: Sequence[str], by: Actor, payer_id: UUID | None = None,
    types: Sequence[str] = (), classes: Sequence[str] = (), drugs: Sequence[str] = (),
) -> UUID:
    """Enter criteria that hold from a day on; under the name of a series that is there they are its next version.

    An empty list of lines says that nothing is asked any more. Refused while another draft of the series is open.
    """
    by.must(DRAFT_CRITERIA)
    said = _said(first, source, why, lines, types, classes, drugs)
    if not re.fullmatch(r"[a-z][a-z0-9_]{2,59}", series, re.ASCII):
        raise Malformed(Fault("series", "a name of small letters, digits and underscores, such as meridian_infliximab"))
    payer = lock(models.Payer, payer_id) if payer_id else None
    if other := models.CriteriaVersion.objects.filter(series=series, state__in=_OPEN).first():
        text = f"{other.drafter_name} has an open draft of it"
        raise Refused(Reason("draft-open", text, "have it approved or withdraw it first"))
    row = models.CriteriaVersion(series=series, payer=payer, drafted_by=by.id, drafter_name=by.name, **said)
    row.save(force_insert=True)
    write(by, "payers.criteria.begin", row, "{actor} entered {subject}", reason=why, to_state=row.state,
          noted={"source": row.source, "criteria": len(row.lines)})
    return row.id


@action
def change_criteria(
    *, criteria_id: UUID, first: date, source: str, why: str, lines: Sequence[str], by: Actor, types: Sequence[str] = (),
    classes: Sequence[str] = (), drugs: Sequence[str] = (), version: int | None = None,
) -> UUID:
    """What the draft says from now on; only whoever entered it may change it, and only before it is proposed."""
    by.must(DRAFT_CRITERIA)
    row = lock(models.CriteriaVersion, criteria_id, version)
    against = []
    if row.state != CriteriaState.DRAFT.value:
        against.append(Reason("not-a-draft", f"it is {row.state}", "hand it back first" if row.state == "proposed" else ""))
    if row.drafted_by != by.id:
        against.append(Reason("not-your-draft", f"only {row.drafter_name}, who entered it, changes it"))
    if against:
        raise Refused(*against)
    said = _said(first, source, why, lines, types, classes, drugs)
    revise(row, "payers.criteria.change", "{actor} changed {subject}", by=by, reason=why,
           noted={"changed": sorted(k for k, v in said.items() if getattr(row, k) != v)}, **said)
    return row.id


@action
def advance_criteria(*, criteria_id: UUID, step: str, by: Actor, reason: str = "", version: int | None = None) -> UUID:
    """Propose, approve (by another person), hand back or withdraw. Approved, it is in force from its first day."""
    row = lock(models.CriteriaVersion, criteria_id, version)
    facts = criteria_facts(queries.criteria_version(row.id), by)
    changes: dict[str, Any] = {}
    if step == "approve":
        changes = {"approved_by": by.id, "approver_name": by.name, "approved_at": now()}
    advance(row, step, facts, by=by, reason=reason, noted={"source": row.source, "from": row.first_on}, **changes)
    return row.id


def _said(
    first: date, source: str, why: str, lines: Sequence[str], types: Sequence[str], classes: Sequence[str], drugs: Sequence[str],
) -> dict[str, Any]:
    """The columns of a version; Malformed with every fault."""
    faults = [Fault(name, text) for name, value, text in (
        ("source", source, "say where the payer published it: document, edition, page"), ("why", why, "say why it changes"),
    ) if not value.strip()]
    for name, given, known in (
        ("types", types, {t.value for t in PayerType}), ("classes", classes, set(required_items())),
        ("drugs", drugs, {d.code for d in all_drugs()}),
    ):
        if wrong := sorted(set(given) - known):
            faults.append(Fault(name, f"not known here: {', '.join(wrong)}"))
    if faults:
        raise Malformed(*faults)
    criteria = parse_criteria([line for line in lines if line.strip()])
    return {
        "first_on": first, "source": source.strip(), "why": why.strip(), "lines": [criterion_line(c) for c in criteria],
        "types": sorted(set(types)), "classes": sorted(set(classes)), "drugs": sorted(set(drugs)),
    }
