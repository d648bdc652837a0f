# SPDX-License-Identifier: Apache-2.0
"""The expected margin of a referral, from the catalog's products and the payer's contract."""
from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from openinfusion.catalog import public as catalog
from openinfusion.intake import models
from openinfusion.intake.adapters import house_costs
from openinfusion.intake.domain.margin import (
    CostLine,
    ExpectedMargin,
    Pack,
    cheapest,
    cost_of_money,
    doses_of,
    infusion_days,
    thrown_away,
)
from openinfusion.intake.queries.facts import ReferralFact
from openinfusion.kernel.money import Money, total
from openinfusion.kernel.quantity import L, Quantity, UnitMismatch
from openinfusion.kernel.refusal import NotFound, Refused
from openinfusion.payers import public as payers


def expected_for(referral: ReferralFact, on: date) -> ExpectedMargin:
    """What this order would bring and cost. What is not known yet is listed, never counted as nothing."""
    if not referral.drug_code:
        return ExpectedMargin(Money(0), Money(0), ("the drug",))
    if referral.dose is None or referral.interval_hours is None or referral.days is None:
        lacking = [
            n
            for n, v in (("dose", referral.dose), ("interval", referral.interval_hours), ("days", referral.days))
            if not v
        ]
        return ExpectedMargin(Money(0), Money(0), tuple(f"the {name}" for name in lacking))
    doses = doses_of(interval_hours=referral.interval_hours, days=referral.days, doses=referral.doses or 0)
    template = catalog.template(referral.therapy_class, on)
    costs, unknown = _costs(referral, template, referral.dose, doses, referral.days, on)
    income, unpriced = _income(referral, template, referral.dose, doses, referral.interval_hours, referral.days, on)
    costs = (*costs, *_money_line(referral, income, on))
    return ExpectedMargin(
        total(line.amount for line in income),
        total(line.amount for line in costs),
        (*unknown, *unpriced),
        income,
        costs,
        referral.days,
    )


def _costs(
    referral: ReferralFact, template: catalog.TherapyTemplate, dose: Quantity, doses: int, days: int, on: date,
) -> tuple[tuple[CostLine, ...], tuple[str, ...]]:
    house = house_costs()
    lines: list[CostLine] = []
    unknown: list[str] = []
    drugs = catalog.products_of(referral.drug_code, kind="drug")
    cost_of = catalog.costs_on([p.id for p in drugs] + [k.product.id for k in template.kit], on)
    packs = [Pack(p.strength, cost_of[p.id]) for p in drugs]
    price = cheapest(dose, packs)
    if price is None:
        unknown.append("cost of the drug")
    else:
        whole, share = price * doses, thrown_away(dose, packs) or Decimal(0)
        waste = f", {share * 100:.0f} % of what is opened is thrown away" if share >= Decimal("0.005") else ""
        text = f"drug, {doses} doses{waste}"
        lines.append(_line(text, whole, "drug", "acquisition cost of that day, whole containers for each dose"))
    supplies = total(cost_of[k.product.id] * k.needed(doses=doses, days=days) for k in template.kit)
    weeks = -(-days // 7)
    lines += [
        _line("supplies", supplies, "supplies", "the template's kit at acquisition cost"),
        _line("preparation", house.preparation_per_dose * doses, "preparation", str(house.source)),
        _line("delivery", house.delivery_per_week * weeks, "delivery", str(house.source)),
    ]
    if visits := template.visits_per_week * weeks:
        lines.append(_line(f"nursing, {visits} visits", house.nurse_visit * visits, "nursing", str(house.source)))
    return tuple(lines), tuple(unknown)


def _line(text: str, amount: Money, kind: str, source: str) -> CostLine:
    return CostLine(text, amount, kind, source, house_costs().spread.get(kind, Decimal(0)))


def _money_line(referral: ReferralFact, income: tuple[CostLine, ...], on: date) -> tuple[CostLine, ...]:
    """What it costs to wait for the payer: until it is billed, and until a clean claim is usually paid."""
    owed = total(line.amount for line in income)
    if referral.coverage is None or not owed:
        return ()
    house = house_costs()
    days = house.bill_days + payers.contract_for(referral.coverage.plan_id, on).pay_days
    text = f"waiting {days} days for the money, {house.money_pct_a_year.normalize():f} % a year"
    return (_line(text, cost_of_money(owed, days, house.money_pct_a_year), "money", str(house.source)),)


def _income(
    referral: ReferralFact,
    template: catalog.TherapyTemplate,
    dose: Quantity,
    doses: int,
    interval_hours: int,
    days: int,
    on: date,
) -> tuple[tuple[CostLine, ...], tuple[str, ...]]:
    if referral.coverage is None:
        return (), ("reimbursement: no coverage is recorded",)
    try:
        contract = payers.contract_for(referral.coverage.plan_id, on)
    except Refused as no:
        return (), (f"reimbursement: {no.reasons[0].text}",)
    lines, unknown = _drug_lines(referral.drug_code, dose, doses)
    if contract.per_diem_payable:
        code = template.per_diem(interval_h=Decimal(interval_hours), litres_per_day=_litres(dose, interval_hours))
        paid = (
            days
            if contract.day_basis != "infusion_day"
            else infusion_days(interval_hours=interval_hours, days=days, doses=doses)
        )
        lines.append(payers.QuoteLine(code, Decimal(paid)))
    else:
        unknown.append("per diem: not paid by this plan")
    visits = template.visits_per_week * -(-days // 7)
    if visits and contract.nursing_payable:
        lines.append(payers.QuoteLine("99601", Decimal(visits)))
    quote = payers.quote(referral.coverage.plan_id, lines, on)
    priced = tuple(
        _line(f"{line.hcpcs}, {line.units.normalize():f} units", line.amount, "income", f"{contract.name}: {line.words}")
        for line in quote.lines
    )
    return priced, (*unknown, *(f"rate of {code}: {why}" for code, why in quote.why.items()))


def _drug_lines(drug_code: str, dose: Quantity, doses: int) -> tuple[list[payers.QuoteLine], list[str]]:
    code = catalog.drug(drug_code).hcpcs
    if not code:
        return [], []
    try:
        units = catalog.hcpcs(code).units(dose * doses)
    except (NotFound, UnitMismatch):
        return [], [f"billing units of {code} for this dose"]
    return [payers.QuoteLine(code, Decimal(units))], []


def _litres(dose: Quantity, interval_hours: int) -> Decimal | None:
    """Litres a day, where the dose is a volume."""
    if dose.unit.dimension.value != "volume":
        return None
    return dose.to(L).amount * 24 / interval_hours


def expected_of(therapy_id: UUID) -> ExpectedMargin:
    """The expectation as it stood when the patient was accepted."""
    row = models.Referral.objects.filter(therapy_id=therapy_id).first()
    if row is None or row.expected_reimbursement_cents is None or row.expected_cost_cents is None:
        raise NotFound(f"expected margin of therapy {therapy_id}")
    lines = [
        CostLine(
            said["text"], Money(said["cents"]), said["kind"], said.get("source", ""), Decimal(said.get("spread_pct", "0")),
        )
        for said in row.expected_lines
    ]
    return ExpectedMargin(
        Money(row.expected_reimbursement_cents), Money(row.expected_cost_cents), tuple(row.expected_unknowns),
        tuple(line for line in lines if line.kind == "income"), tuple(line for line in lines if line.kind != "income"),
        row.days or 0,
    )
