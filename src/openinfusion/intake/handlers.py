# SPDX-License-Identifier: Apache-2.0
"""What intake does on the news of other rooms: what a course is expected to bring is worked out again."""
from __future__ import annotations

from openinfusion.catalog.events import CostChanged
from openinfusion.catalog.public import products
from openinfusion.intake.actions.expect import reexpect_all
from openinfusion.intake.models import Cause
from openinfusion.intake.queries.expectation import running_courses
from openinfusion.payers.events import ContractApproved, PricesChanged
from openinfusion.payers.public import plans, priced_codes
from openinfusion.platform.actor import Actor
from openinfusion.platform.house_day import house_today
from openinfusion.platform.news import on
from openinfusion.therapy.events import PrescriptionTranscribed
from openinfusion.therapy.public import prescription


@on(PrescriptionTranscribed)
def expect_by_the_new_order(news: PrescriptionTranscribed, by: Actor) -> None:
    """A revised prescription; the first one was expected when the patient was accepted."""
    if (p := prescription(news.prescription_id)).version_no > 1:
        reexpect_all(
            referral_ids=[r.id for r in running_courses(therapy_id=news.therapy_id)], cause=Cause.PRESCRIPTION,
            cause_id=news.prescription_id, why=f"the prescription was revised to {p.number}", on=house_today(), by=by)


@on(ContractApproved)
def expect_by_the_new_contract(news: ContractApproved, by: Actor) -> None:
    """A version of a contract holds, or will hold from its day on."""
    touched = [p.id for p in plans() if p.payer_key == news.payer_id and news.plan_id in (None, p.id)]
    reexpect_all(
        referral_ids=[r.id for r in running_courses(plan_ids=touched)], cause=Cause.CONTRACT, cause_id=news.contract_id,
        why=f"{news.name} was approved, from {news.first:%d-%b-%Y}",
        on=max(news.first, house_today()), by=by)


@on(PricesChanged)
def expect_by_the_new_prices(news: PricesChanged, by: Actor) -> None:
    """A price list was imported, or taken back."""
    cause, done = (Cause.PRICES_BACK, "taken back") if news.change == "withdrawn" else (Cause.PRICES, "imported")
    if news.last >= house_today():
        codes = priced_codes(news.file_id)
        reexpect_all(
            referral_ids=[r.id for r in running_courses(codes=codes)], cause=cause, cause_id=news.file_id,
            why=f"the {news.basis.upper()} list from {news.first:%d-%b-%Y} was {done}", on=max(news.first, house_today()), by=by)


@on(CostChanged)
def expect_by_the_new_cost(news: CostChanged, by: Actor) -> None:
    """A drug or a supply costs the house otherwise: a supplier's price was recorded."""
    day = max(news.first, house_today())
    name = products([news.product_id])[news.product_id].name
    reexpect_all(
        referral_ids=[r.id for r in running_courses(product_id=news.product_id, on=day)], cause=Cause.COST,
        cause_id=news.cost_id, why=f"{name} costs otherwise from {news.first:%d-%b-%Y}", on=day, by=by)
