# SPDX-License-Identifier: Apache-2.0
"""Expectations of a course: at acceptance, then each time its order, contract or prices changed, with the difference."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from openinfusion.catalog import public as catalog
from openinfusion.intake import models
from openinfusion.intake.domain.margin import CostLine, ExpectedMargin
from openinfusion.intake.queries.expected import expected_for, expected_of
from openinfusion.intake.queries.facts import ReferralFact, referral_facts
from openinfusion.kernel.money import Money
from openinfusion.kernel.refusal import NotFound
from openinfusion.therapy import public as therapy

HOURS_A_DAY = 24


@dataclass(frozen=True, slots=True)
class ExpectationRow:
    """One expectation: when, why, and how its margin differs from the one before. The first is that of the acceptance."""

    on: date | None
    why: str
    margin: ExpectedMargin
    difference: Money | None


def lines_of(m: ExpectedMargin) -> list[dict[str, Any]]:
    """The lines of an expectation as they are kept."""
    return [
        {"kind": x.kind, "text": x.text, "cents": x.amount.cents, "source": x.source, "spread_pct": str(x.spread_pct)}
        for x in (*m.income, *m.costs)
    ]


def expected_now(referral: ReferralFact, on: date) -> ExpectedMargin:
    """What the course would bring and cost by the order in force; before acceptance by the order that was referred."""
    return expected_for(_by_order(referral), on)


def _by_order(r: ReferralFact) -> ReferralFact:
    """The referral as its newest prescription says it."""
    if r.therapy_id is None:
        return r
    found = max(therapy.prescriptions_of(r.therapy_id), key=lambda p: (p.version_no, p.transcribed_at), default=None)
    if found is None:
        return r
    o = found.order
    return replace(r, drug_code=o.drug_code, dose=o.dose, days=o.days, doses=o.doses or None, interval_hours=_interval(o))


def _interval(o: therapy.PrescriptionOrder) -> int | None:
    """Hours between doses; None where clock times share the days unevenly, so that the length is not known."""
    if o.interval_hours or not o.clock_times:
        return o.interval_hours
    hours, rest = divmod(HOURS_A_DAY * o.every_days, len(o.clock_times))
    return None if rest else hours


def running_courses(
    *, plan_ids: Iterable[UUID] | None = None, codes: frozenset[str] | None = None, therapy_id: UUID | None = None,
    product_id: UUID | None = None, on: date | None = None,
) -> list[ReferralFact]:
    """Accepted referrals whose course still has an open order: of some plans, of some billing codes, of one therapy, or that
    use a product as their drug or in their kit on a day."""
    rows = models.Referral.objects.filter(therapy__isnull=False, expected_cost_cents__isnull=False)
    if therapy_id is not None:
        rows = rows.filter(therapy_id=therapy_id)
    found = referral_facts(list(rows.order_by("pk")))
    if plan_ids is not None:
        wanted = set(plan_ids)
        found = [r for r in found if r.coverage is not None and r.coverage.plan_id in wanted]
    if codes is not None:
        found = [r for r in found if r.drug_code and catalog.drug(r.drug_code).hcpcs in codes]
    if product_id is not None and on is not None:
        found = [r for r in found if _uses(r, product_id, on)]
    open_ = therapy.open_orders({r.patient.id for r in found})
    return [r for r in found if any(p.therapy_id == r.therapy_id for p in open_.get(r.patient.id, ()))]


def _uses(r: ReferralFact, product_id: UUID, on: date) -> bool:
    drugs = catalog.products_of(r.drug_code, kind="drug") if r.drug_code else []
    return any(p.id == product_id for p in drugs) or any(
        k.product.id == product_id for k in catalog.template(r.therapy_class, on).kit)


def newest(referral_id: UUID) -> models.Expectation | None:
    return models.Expectation.objects.filter(referral_id=referral_id).order_by("-number").first()


def kept(row: models.Expectation) -> ExpectedMargin:
    lines = [
        CostLine(x["text"], Money(x["cents"]), x["kind"], x["source"], Decimal(x["spread_pct"])) for x in row.lines
    ]
    return ExpectedMargin(
        Money(row.reimbursement_cents), Money(row.cost_cents), tuple(row.unknowns),
        tuple(x for x in lines if x.kind == "income"), tuple(x for x in lines if x.kind != "income"), row.days,
    )


def expectations_of(referral_id: UUID) -> list[ExpectationRow]:
    """Every expectation of a referral, the newest first; none before it was accepted."""
    referral = models.Referral.objects.filter(pk=referral_id).first()
    if referral is None or referral.therapy_id is None:
        return []
    try:
        first = expected_of(referral.therapy_id)
    except NotFound:
        return []
    found = [ExpectationRow(None, "at acceptance", first, None)]
    for row in models.Expectation.objects.filter(referral_id=referral_id).order_by("number"):
        m = kept(row)
        found.append(ExpectationRow(row.on, row.why, m, m.margin - found[-1].margin.margin))
    return found[::-1]
