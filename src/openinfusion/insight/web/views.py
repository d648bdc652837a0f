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
    so_far: str
    actual: str


@dataclass(frozen=True, slots=True)
class MarginPage:
    therapy: TherapyFact
    banner: Banner
    rows: tuple[MarginRow, ...]
    days: str
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
        course, banner(course.patient_id), _rows(compared),
        f"{compared.supplied_days} of {e.days} days supplied" if e and e.days else "", e.unknowns if e else (),
        tuple((c.text, str(c.amount)) for c in e.income) if e else (),
        tuple((c.text, str(c.amount)) for c in e.costs) if e else (),
    ))


def _found(key: str) -> Measure:
    if key not in MEASURES:
        raise NotFound(f"measure {key}")
    return measure(key)


def _rows(c: ComparedMargin) -> tuple[MarginRow, ...]:
    """Line by line: of the whole course, of the part supplied so far, and what came of it."""
    a = c.actual
    return (
        _row(c, "Reimbursement", c.expected.reimbursement if c.expected else None, a.paid_cents + a.patient_cents),
        MarginRow("Charged, contract expects", "", "", str(Money(a.expected_cents))),
        MarginRow("Still open with payers", "", "", str(Money(a.open_cents))),
        *(_row(c, label, c.expected.cost_of(kind) if c.expected else None, actual) for kind, label, actual in (
            ("drug", "Drug", a.drug_cents),
            ("supplies", "Supplies", a.supplies_cents),
            ("preparation", "Preparation", None),
            ("delivery", "Delivery", a.delivery_cents),
            ("nursing", "Nursing", a.nursing_cents),
        )),
        _row(c, "Cost", c.expected.cost if c.expected else None, a.cost_cents),
        _row(c, "Margin", c.expected.margin if c.expected else None, a.margin_cents),
    )


def _row(c: ComparedMargin, label: str, expected: Money | None, actual: int | None) -> MarginRow:
    said = "Not recorded" if actual is None else str(Money(actual))
    if expected is None or c.expected is None:
        return MarginRow(label, "Not estimated", "", said)
    so_far = int((expected.cents * c.expected.share_of(c.supplied_days)).to_integral_value())
    return MarginRow(label, str(expected), str(Money(so_far)), said)
