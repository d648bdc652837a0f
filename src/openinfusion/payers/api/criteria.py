# SPDX-License-Identifier: Apache-2.0
"""Authorization criteria and quarterly lists of billing codes as JSON."""
from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Schema

from openinfusion.catalog import public as catalog
from openinfusion.payers import public as payers
from openinfusion.payers import queries
from openinfusion.payers.api.contracts import Made, StepBody, _by
from openinfusion.payers.api.router import router
from openinfusion.payers.domain.criterion_text import criterion_line
from openinfusion.payers.permissions import READ
from openinfusion.payers.queries.codes import touched_by


class CriteriaOut(Schema):
    """A set of criteria as it holds on a day: on file, or an approved version."""

    series: str
    payers: list[str]
    types: list[str]
    classes: list[str]
    drugs: list[str]
    lines: list[str]
    first: date
    source: str
    standing: str


class CriteriaBody(Schema):
    """A new version of a series; empty lists stand for all, and no lines for nothing asked any more."""

    series: str
    first: date
    source: str
    why: str
    lines: list[str]
    payer_id: UUID | None = None
    types: list[str] = []
    classes: list[str] = []
    drugs: list[str] = []


@router.get("/criteria", response=list[CriteriaOut])
def criteria(request: HttpRequest, on: date) -> list[CriteriaOut]:
    """What payers want to see before they authorize, on a day."""
    _by(request).must(READ)
    return [
        CriteriaOut(
            series=s.code, payers=sorted(s.payer_codes), types=sorted(s.payer_types), classes=sorted(s.classes),
            drugs=sorted(s.drugs), lines=[criterion_line(c) for c in s.criteria], first=s.source.effective_from,
            source=s.source.text, standing=s.source.standing.value,
        )
        for s in queries.criteria_on(on)
    ]


@router.post("/criteria", response=Made)
def criteria_draft(request: HttpRequest, body: CriteriaBody) -> Made:
    """Enter criteria or a new version of them; another person approves it."""
    by = _by(request)
    by.must(READ)
    return Made(id=payers.draft_criteria(by=by, **body.dict()))


@router.post("/criteria/{criteria_id}/steps/{step}", response=Made)
def criteria_step(request: HttpRequest, criteria_id: UUID, step: str, body: StepBody) -> Made:
    """Propose, approve (with a signature, by another person), hand_back or withdraw."""
    return Made(id=payers.advance_criteria(criteria_id=criteria_id, step=step, by=_by(request), **body.dict()))


class CodesBody(Schema):
    """A quarterly list of billing codes as CSV text. ``is_whole``: a code that is absent has ended."""

    name: str
    csv: str
    first: date
    source: str
    is_whole: bool = False


class CodeChangeOut(Schema):
    kind: str
    code: str
    words: str
    contracts: list[str]
    drugs: list[str]


class CodeListOut(Schema):
    id: UUID
    first: date
    standing: str
    codes: int
    rejected: int
    changes: list[CodeChangeOut]


class CodeStepBody(Schema):
    reason: str = ""


def _code_list(list_id: UUID) -> CodeListOut:
    found = catalog.code_list(list_id)
    return CodeListOut(
        id=found.id, first=found.first, standing=found.standing, codes=found.codes, rejected=len(found.rejects),
        changes=[
            CodeChangeOut(kind=r.kind, code=r.code, words=r.words, contracts=[c.name for c in r.contracts], drugs=list(r.drugs))
            for r in touched_by(found)
        ],
    )


@router.post("/codes", response=CodeListOut)
def codes(request: HttpRequest, body: CodesBody) -> CodeListOut:
    """Read a quarterly list of billing codes and show what it would change; nothing changes yet."""
    by = _by(request)
    by.must(READ)
    return _code_list(catalog.read_code_list(
        name=body.name, data=body.csv.encode(), first=body.first, source=body.source, is_whole=body.is_whole, by=by))


@router.post("/codes/{list_id}/{step}", response=CodeListOut)
def codes_step(request: HttpRequest, list_id: UUID, step: Literal["take", "drop"], body: CodeStepBody) -> CodeListOut:
    """Take what the list changes from its first day on, or drop it with a reason."""
    by = _by(request)
    by.must(READ)
    if step == "take":
        catalog.take_code_list(list_id=list_id, by=by)
    else:
        catalog.drop_code_list(list_id=list_id, reason=body.reason, by=by)
    return _code_list(list_id)
