# SPDX-License-Identifier: Apache-2.0
"""The expected margin of a referral, from the catalog's products and the payer's contract."""
from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from openinfusion.catalog import public as catalog
from openinfusion.intake import models
from openinfusion.intake.adapters import house_costs
from openinfusion.intake.domain.margin import CostLine, ExpectedMargin, Pack, cheapest, doses_of, infusion_days
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
    costs, unknown = _costs(referral, template, referral.dose, doses, referral.days)
    income, unpriced = _income(referral, template, referral.dose, doses, referral.interval_hours, referral.days, on)
    return ExpectedMargin(
        total(line.amount for line in income),
        total(line.amount for line in costs),
        (*unknown, *unpriced),
        income,
        costs,
        referral.days,
    )


def _costs(
    referral: ReferralFact, template: catalog.TherapyTemplate, dose: Quantity, doses: int, days: int,
) -> tuple[tuple[CostLine, ...], tuple[str, ...]]:
    house = house_costs()
    lines, unknown = [], []
    packs = [Pack(p.strength, p.cost) for p in catalog.products_of(referral.drug_code, kind="drug")]
    price = cheapest(dose, packs)
    if price is None:
        unknown.append("cost of the drug")
    else:
        lines.append(CostLine(f"drug, {doses} doses", price * doses, "drug"))
    supplies = total(k.product.cost * k.needed(doses=doses, days=days) for k in template.kit)
    weeks = -(-days // 7)
    lines += [
        CostLine("supplies", supplies, "supplies"),
        CostLine("preparation", house.preparation_per_dose * doses, "preparation"),
        CostLine("delivery", house.delivery_per_week * weeks, "delivery"),
    ]
    if visits := template.visits_per_week * weeks:
        lines.append(CostLine(f"nursing, {visits} visits", house.nurse_visit * visits, "nursing"))
    return tuple(lines), tuple(unknown)


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
    priced = tuple(CostLine(f"{line.hcpcs}, {line.units.normalize():f} units", line.amount) for line in quote.lines)
    return priced, (*unknown, *(f"rate of {code}" for code in quote.unknown))


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
    lines = [CostLine(said["text"], Money(said["cents"]), said["kind"]) for said in row.expected_lines]
    return ExpectedMargin(
        Money(row.expected_reimbursement_cents), Money(row.expected_cost_cents), tuple(row.expected_unknowns),
        tuple(line for line in lines if line.kind == "income"), tuple(line for line in lines if line.kind != "income"),
        row.days or 0,
    )
