# SPDX-License-Identifier: Apache-2.0
"""Contracts of the demonstration on their way: a new version for the coming quarter, and one that waits for approval."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from openinfusion.demo.staff import House
from openinfusion.payers import public as payers
from openinfusion.platform.house_day import house_today

_LIST = b"""Fictional payment limits for a demonstration; not the figures of any payer
HCPCS Code,Short Description,HCPCS Code Dosage,Payment Limit
J1745,made up,10 MG,30.000
Q5103,made up,10 MG,25.000
J1561,made up,500 MG,48.500
J0878,made up,1 MG,0.125
J9999,not priced,,
"""


def terms(house: House) -> int:
    """A list of prices, a version to come that pays by it, and a version that waits for its second person."""
    biller, today = house.by("biller"), house_today()
    quarter = date(today.year, today.month - (today.month - 1) % 3, 1)
    for first in (quarter, _after(quarter)):
        payers.import_prices(
            basis="asp", name="fictional-limits.csv", data=_LIST, first=first, source="fictional list", by=biller,
        )
    plans = {p.code: p for p in payers.plans()}
    rates = ["J1745 asp 106 lesser charge 100", "Q51* asp 106", "J1561 asp 104 cap 52.00", "J7170 carved specialty pharmacy"]
    made = _draft(house, plans["meridian_ppo"], _after(quarter), rates, escalator_pct=Decimal(3))
    payers.advance_contract_draft(draft_id=made, step="propose", by=biller)
    payers.advance_contract_draft(draft_id=made, step="approve", by=house.by("executive", signing=True))
    later, paid = today + timedelta(days=40), ["S9379 charge 80 cap 250.00"]
    other = _draft(house, plans["harborview_ma"], later, paid, lesser_of_charge=True)
    payers.advance_contract_draft(draft_id=other, step="propose", by=biller)
    return 7


def _after(quarter: date) -> date:
    return date(quarter.year + (quarter.month == 10), (quarter.month + 2) % 12 + 1, 1)


def _draft(house: House, plan: payers.PlanFact, first: date, lines: list[str], **changed: object) -> UUID:
    """A new version of this plan's contract, with these rates instead of its own for the same codes."""
    held = payers.contract_for(plan.id, house_today())
    text = payers.contract_text(held.id)
    new = payers.parse_rates(lines)
    kept = tuple(r for r in text.rates if r.pattern not in {n.pattern for n in new})
    said = replace(text, rates=(*kept, *new), terms=replace(text.terms, **changed))  # type: ignore[arg-type]
    return payers.draft_contract(
        payer_id=plan.payer_key, copy_of=held.id, content=said, first=first, source="fictional amendment 1",
        why="drugs by their average sales price", by=house.by("biller"),
    )
