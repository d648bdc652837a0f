# SPDX-License-Identifier: Apache-2.0
"""Views of insight."""
from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse

from openinfusion.insight.domain.measure import Measure
from openinfusion.insight.permissions import READ
from openinfusion.insight.public import ComparedMargin, margin
from openinfusion.insight.queries import MEASURES, all_measures, measure
from openinfusion.kernel.money import Money
from openinfusion.kernel.refusal import NotFound
from openinfusion.patients.public import Banner, banner
from openinfusion.platform.web import Request, reads, show, text_table
from openinfusion.therapy.public import TherapyFact, therapy


@dataclass(frozen=True, slots=True)
class DashboardPage:
    measures: tuple[Measure, ...]


@dataclass(frozen=True, slots=True)
class MeasurePage:
    """A measure and the rows behind it; each row with where it leads."""

    measure: Measure
    rows: tuple[tuple[tuple[str, ...], str], ...]


@dataclass(frozen=True, slots=True)
class MarginRow:
    """One line of the comparison, in words and money; empty where nothing is known."""

    label: str
    expected: str
    actual: str


@dataclass(frozen=True, slots=True)
class MarginPage:
    therapy: TherapyFact
    banner: Banner
    rows: tuple[MarginRow, ...]
    unknowns: tuple[str, ...]
    income: tuple[tuple[str, str], ...]
    costs: tuple[tuple[str, str], ...]


@reads(READ.code)
def dashboard(request: Request) -> HttpResponse:
    return show(request, "insight/dashboard.html", DashboardPage(all_measures()))


@reads(READ.code)
def one_measure(request: Request, key: str) -> HttpResponse:
    found = _found(key)
    urls = found.urls or ("",) * len(found.rows)
    return show(request, "insight/measure.html", MeasurePage(found, tuple(zip(found.rows, urls, strict=True))))


@reads(READ.code)
def measure_table(request: Request, key: str) -> HttpResponse:
    found = _found(key)
    return text_table(key, found.head, found.rows)


@reads(READ.code)
def therapy_margin(request: Request, therapy_id: UUID) -> HttpResponse:
    course, compared = therapy(therapy_id), margin(therapy_id)
    e = compared.expected
    return show(request, "insight/margin.html", MarginPage(
        course, banner(course.patient_id), _rows(compared), e.unknowns if e else (),
        tuple((c.text, str(c.amount)) for c in e.income) if e else (),
        tuple((c.text, str(c.amount)) for c in e.costs) if e else (),
    ))


def _found(key: str) -> Measure:
    if key not in MEASURES:
        raise NotFound(f"measure {key}")
    return measure(key)


def _rows(c: ComparedMargin) -> tuple[MarginRow, ...]:
    e, a = c.expected, c.actual
    known = "Not estimated"
    return (
        MarginRow("Reimbursement", str(e.reimbursement) if e else known, str(Money(a.paid_cents + a.patient_cents))),
        MarginRow("Charged, contract expects", "", str(Money(a.expected_cents))),
        MarginRow("Still open with payers", "", str(Money(a.open_cents))),
        MarginRow("Drug", "", str(Money(a.drug_cents))),
        MarginRow("Supplies", "", str(Money(a.supplies_cents))),
        MarginRow("Delivery", "", str(Money(a.delivery_cents))),
        MarginRow("Nursing", "", str(Money(a.nursing_cents))),
        MarginRow("Cost", str(e.cost) if e else known, str(Money(a.cost_cents))),
        MarginRow("Margin", str(e.margin) if e else known, str(Money(a.margin_cents))),
    )
