# SPDX-License-Identifier: Apache-2.0
"""Insight as JSON: measures with the rows behind them, margins."""
from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest
from ninja import Schema

from openinfusion.insight.domain.measure import Measure
from openinfusion.insight.permissions import READ
from openinfusion.insight.public import all_measures, margin, measure
from openinfusion.insight.queries import MEASURES
from openinfusion.insight.queries.revenue import REVENUE, frame_of
from openinfusion.kernel.refusal import NotFound
from openinfusion.platform.api import router_for

router = router_for("insight")


class BarOut(Schema):
    label: str
    shown: str


class MeasureOut(Schema):
    key: str
    title: str
    figure: str
    meaning: str
    bars: list[BarOut]


class RowsOut(MeasureOut):
    head: list[str]
    rows: list[list[str]]


class ExpectedLine(Schema):
    """One line of the expectation: kind is income, drug, supplies, preparation, delivery or nursing."""

    kind: str
    text: str
    cents: int


class MarginOut(Schema):
    """Cents; expected ones are absent where the therapy did not come by intake."""

    expected_reimbursement_cents: int | None
    expected_cost_cents: int | None
    expected_lines: list[ExpectedLine]
    expected_days: int
    supplied_days: int
    unknowns: list[str]
    paid_cents: int
    patient_cents: int
    open_cents: int
    cost_cents: int
    margin_cents: int


@router.get("/measures", response=list[MeasureOut])
def measure_list(request: HttpRequest) -> tuple[Measure, ...]:
    """All measures."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    return all_measures()


@router.get("/measures/{key}", response=RowsOut)
def measure_one(request: HttpRequest, key: str) -> Measure:
    """One measure with the rows behind it."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    if key not in MEASURES:
        raise NotFound(f"measure {key}")
    return measure(key)


@router.get("/revenue", response=list[MeasureOut])
def revenue_list(request: HttpRequest, first: str = "", last: str = "", site: str = "") -> list[Measure]:
    """The revenue cycle's measures over these days (2026-11-30) and a pharmacy; the last ninety days of all without them."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    frame = frame_of({"first": first, "last": last, "site": site})
    return [make(frame) for make in REVENUE.values()]


@router.get("/revenue/{key}", response=RowsOut)
def revenue_one(request: HttpRequest, key: str, first: str = "", last: str = "", site: str = "") -> Measure:
    """One measure of the revenue cycle with the rows behind it."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    if key not in REVENUE:
        raise NotFound(f"measure {key}")
    return REVENUE[key](frame_of({"first": first, "last": last, "site": site}))


@router.get("/margins/{therapy_id}", response=MarginOut)
def margin_one(request: HttpRequest, therapy_id: UUID) -> MarginOut:
    """The margin of a therapy, expected against actual."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    m = margin(therapy_id)
    return MarginOut(
        expected_reimbursement_cents=m.expected.reimbursement.cents if m.expected else None,
        expected_cost_cents=m.expected.cost.cents if m.expected else None,
        expected_lines=[
            ExpectedLine(kind=line.kind, text=line.text, cents=line.amount.cents)
            for line in (*m.expected.income, *m.expected.costs)
        ] if m.expected else [],
        supplied_days=m.supplied_days, expected_days=m.expected.days if m.expected else 0,
        unknowns=list(m.expected.unknowns) if m.expected else [], paid_cents=m.actual.paid_cents,
        patient_cents=m.actual.patient_cents, open_cents=m.actual.open_cents, cost_cents=m.actual.cost_cents,
        margin_cents=m.actual.margin_cents,
    )
