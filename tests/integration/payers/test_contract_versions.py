# SPDX-License-Identifier: Apache-2.0
"""Contracts as versions: entered by one person, approved by another, in force from their day; and what they price."""
from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal as D
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, transaction

from openinfusion.kernel.money import Money
from openinfusion.kernel.refusal import Malformed, NotFound, Refused, Stale
from openinfusion.kernel.waiting import Ask
from openinfusion.payers import models, queries
from openinfusion.payers import public as payers
from openinfusion.payers.domain.contract_text import difference

DAY = date(2026, 11, 1)
SAID = {"source": "Amendment 3, page 2", "why": "new rates from January"}


def codes(no: Any) -> set[str]:
    return {r.code for r in no.value.reasons}


def held(desk: SimpleNamespace, on: date = DAY, plan: str = "meridian_ppo") -> payers.ContractFact:
    return payers.contract_for(desk.plans[plan].id, on)


def drafted(desk: SimpleNamespace, first: date = date(2026, 12, 1), **changes: Any) -> UUID:
    contract = held(desk)
    text = replace(payers.contract_text(contract.id), **({"rates": payers.parse_rates(["S9500 150.00", "J* awp 85", "J1745 asp 106"])} | changes))
    return payers.draft_contract(payer_id=contract.payer_key, copy_of=contract.id, content=text, first=first, by=desk.biller, **SAID)


def approved(desk: SimpleNamespace, first: date = date(2026, 12, 1), **changes: Any) -> UUID:
    made = drafted(desk, first, **changes)
    payers.advance_contract_draft(draft_id=made, step="propose", by=desk.biller)
    payers.advance_contract_draft(draft_id=made, step="approve", by=desk.executive.signing("test"))
    return made


def test_a_version_holds_from_its_day_once_another_person_has_approved_it(desk: SimpleNamespace) -> None:
    before = held(desk)
    made = drafted(desk)
    payers.advance_contract_draft(draft_id=made, step="propose", by=desk.biller)
    assert held(desk, date(2026, 12, 5)) == before, "not before it is approved"
    with pytest.raises(Refused) as no:
        payers.advance_contract_draft(draft_id=made, step="approve", by=desk.biller.signing("test"))
    assert codes(no) == {"own-draft"}
    with pytest.raises(Refused) as no:
        payers.advance_contract_draft(draft_id=made, step="approve", by=desk.executive)
    assert codes(no) == {"signature-missing"}
    payers.advance_contract_draft(draft_id=made, step="approve", by=desk.executive.signing("test"))
    assert held(desk, date(2026, 11, 30)) == before
    after = held(desk, date(2026, 12, 1))
    assert after.agreement == before.agreement and after.source.standing == "signed"
    assert after.drafter == desk.biller.name and after.source.signed_by == desk.executive.name
    assert payers.rate(after.id, "S9500", date(2026, 12, 1)) == Money.of("150.00")
    assert payers.rate(before.id, "S9500", DAY) == Money.of("145.00")


def test_a_new_version_that_ends_does_not_bring_the_old_one_back(desk: SimpleNamespace) -> None:
    contract = held(desk)
    text = replace(payers.contract_text(contract.id), rates=payers.parse_rates(["S9500 150.00"]))
    made = payers.draft_contract(
        payer_id=contract.payer_key, copy_of=contract.id, content=text, first=date(2026, 12, 1), last=date(2026, 12, 31), by=desk.biller, **SAID,
    )
    payers.advance_contract_draft(draft_id=made, step="propose", by=desk.biller)
    payers.advance_contract_draft(draft_id=made, step="approve", by=desk.second.signing("test"))
    with pytest.raises(Refused, match="no contract"):
        held(desk, date(2027, 1, 1))


def test_what_a_version_changes_is_told_line_by_line(desk: SimpleNamespace) -> None:
    draft = queries.draft(drafted(desk))
    rates = next(c for c in queries.changes_of(draft) if c.title == "Rates")
    assert ("S9500: $145.00 a unit", "S9500: $150.00 a unit") in rates.changed and "J*: 85 % of AWP" in rates.new
    assert len(rates.gone) > 100
    assert difference(None, draft.text)[0].title == "Name", "of a first version everything is new"
    assert not any(c.title == "Rules" for c in queries.changes_of(draft)), "what stands with the payer is taken along"


def test_two_drafts_of_one_contract_do_not_stand_side_by_side(desk: SimpleNamespace) -> None:
    drafted(desk)
    with pytest.raises(Refused) as no:
        drafted(desk)
    assert codes(no) == {"draft-open"}


def test_only_the_author_changes_and_proposes_and_a_stale_page_is_told(desk: SimpleNamespace) -> None:
    made = drafted(desk)
    text = queries.draft(made).text
    with pytest.raises(Refused) as no:
        payers.change_contract_draft(draft_id=made, first=DAY, content=text, by=desk.second, **SAID)
    assert codes(no) == {"not-your-draft"}
    with pytest.raises(Refused) as no:
        payers.advance_contract_draft(draft_id=made, step="propose", by=desk.second)
    assert codes(no) == {"not-your-draft"}
    payers.change_contract_draft(draft_id=made, first=date(2026, 12, 2), content=text, by=desk.biller, version=1, **SAID)
    with pytest.raises(Stale):
        payers.change_contract_draft(draft_id=made, first=DAY, content=text, by=desk.biller, version=1, **SAID)
    payers.advance_contract_draft(draft_id=made, step="propose", by=desk.biller)
    with pytest.raises(Refused) as no:
        payers.change_contract_draft(draft_id=made, first=DAY, content=text, by=desk.biller, **SAID)
    assert codes(no) == {"not-a-draft"}
    payers.advance_contract_draft(draft_id=made, step="hand_back", reason="wrong page", by=desk.second)
    payers.advance_contract_draft(draft_id=made, step="withdraw", reason="not needed", by=desk.biller)


def test_a_draft_that_changes_nothing_or_begins_on_a_taken_day_is_not_proposed(desk: SimpleNamespace) -> None:
    contract = held(desk)
    same = payers.draft_contract(payer_id=contract.payer_key, copy_of=contract.id, first=contract.first, by=desk.biller, **SAID)
    with pytest.raises(Refused) as no:
        payers.advance_contract_draft(draft_id=same, step="propose", by=desk.biller)
    assert codes(no) == {"nothing-changed", "day-taken"}


def test_a_draft_whose_base_was_replaced_is_looked_at_again(desk: SimpleNamespace) -> None:
    contract = held(desk)
    made = drafted(desk, date(2027, 2, 1))
    models.ContractDraft.objects.filter(pk=made).update(agreement=UUID(int=7))
    approved(desk, date(2027, 1, 1))
    models.ContractDraft.objects.filter(pk=made).update(agreement=contract.agreement)
    with pytest.raises(Refused) as no:
        payers.advance_contract_draft(draft_id=made, step="propose", by=desk.biller)
    assert "base-changed" in codes(no)


def test_a_first_contract_without_rates_is_not_proposed(desk: SimpleNamespace) -> None:
    text = replace(payers.contract_text(held(desk).id), rates=(), rules=(), name="Second agreement")
    payer = desk.payers["meridian"].id
    made = payers.draft_contract(payer_id=payer, plan_id=desk.plans["meridian_hmo"].id, content=text, first=DAY, by=desk.biller, **SAID)
    assert queries.base_of(queries.draft(made)) is None
    with pytest.raises(Refused) as no:
        payers.advance_contract_draft(draft_id=made, step="propose", by=desk.biller)
    assert codes(no) == {"no-rates"}
    with pytest.raises(Malformed, match="no plan of"):
        payers.draft_contract(payer_id=payer, plan_id=desk.plans["prairie_ppo"].id, content=text, first=DAY, by=desk.biller, **SAID)
    with pytest.raises(Malformed, match="say what"):
        payers.draft_contract(payer_id=payer, first=DAY, by=desk.biller, **SAID)
    with pytest.raises(NotFound):
        payers.draft_contract(payer_id=desk.payers["prairie"].id, copy_of=held(desk).id, first=DAY, by=desk.biller, **SAID)


def test_a_plans_own_contract_stands_before_its_payers(desk: SimpleNamespace) -> None:
    text = replace(payers.contract_text(held(desk).id), rates=payers.parse_rates(["S9500 99.00"]), name="HMO only")
    made = payers.draft_contract(
        payer_id=desk.payers["meridian"].id, plan_id=desk.plans["meridian_hmo"].id, content=text, first=DAY, by=desk.biller, **SAID,
    )
    payers.advance_contract_draft(draft_id=made, step="propose", by=desk.biller)
    payers.advance_contract_draft(draft_id=made, step="approve", by=desk.executive.signing("test"))
    assert held(desk, plan="meridian_hmo").name == "HMO only" and held(desk).name != "HMO only"
    asked = payers.rules_of_plans(DAY)
    assert asked[desk.plans["meridian_hmo"].id] == asked[desk.plans["meridian_ppo"].id], "its rules were taken along"


@pytest.mark.parametrize(("terms", "field"), [
    ({"day_basis": "moon"}, "day_basis"), ({"concurrent_pct": ()}, "concurrent_pct"), ({"concurrent_pct": (50,)}, "concurrent_pct"),
    ({"hold_on": ("holiday",)}, "hold_on"), ({"suite_modifier": "S-S"}, "suite_modifier"), ({"escalator_pct": D(26)}, "escalator_pct"),
    ({"timely_filing_days": 0}, "timely_filing_days"), ({"appeal_days": 2000}, "appeal_days"),
])
def test_terms_that_make_no_sense_are_named(desk: SimpleNamespace, terms: dict[str, Any], field: str) -> None:
    text = payers.contract_text(held(desk).id)
    with pytest.raises(Malformed, match=field):
        drafted(desk, terms=replace(text.terms, **terms))


def test_source_reason_name_and_days_are_wanted(desk: SimpleNamespace) -> None:
    contract = held(desk)
    ask = {"payer_id": contract.payer_key, "copy_of": contract.id, "by": desk.biller}
    with pytest.raises(Malformed) as no:
        payers.draft_contract(first=DAY, last=DAY - timedelta(days=1), source=" ", why="", **ask)
    assert {f.path for f in no.value.faults} == {"source", "why", "last"}
    with pytest.raises(Malformed, match="name"):
        drafted(desk, name=" ")


def test_the_database_holds_two_people_too(desk: SimpleNamespace) -> None:
    approved(desk)
    row = models.Contract.objects.get(drafted_by__isnull=False)
    with pytest.raises(DatabaseError), transaction.atomic():
        models.Contract.objects.filter(pk=row.pk).update(signed_by=row.drafted_by)


def test_rules_of_a_contract_stand_before_those_on_file(desk: SimpleNamespace) -> None:
    plan = desk.plans["meridian_ppo"].id
    on = date(2026, 12, 1)
    line = payers.BilledLine("S9500", D(7), on, on + timedelta(days=6), place="99")
    claim = payers.Billed("antibiotic", (line,))
    assert [f.kind for f in payers.rule_findings(plan, claim, on)] == ["place"]
    approved(desk, rules=payers.parse_rules(["place S9* 99601 99602: 99", "authorization class:antibiotic: needed", "document all: lab_report"]))
    assert [f.kind for f in payers.rule_findings(plan, claim, on)] == ["authorization", "document"]
    assert payers.rule_findings(plan, claim, on, [payers.RuleKind.PLACE]) == ()
    asked = payers.rules(plan, on)
    assert asked.authorization_needed("antibiotic") and not asked.authorization_needed("biologic")
    assert asked.extra_items == ("lab_report",) and payers.rules_of_plans(on)[plan] == asked


def test_a_plan_without_a_contract_still_has_its_payers_rules(desk: SimpleNamespace) -> None:
    plan, early = desk.plans["meridian_ppo"].id, date(2020, 1, 1)
    assert payers.rules(plan, early).authorization_needed("biologic")
    assert payers.rules_in_force(plan, early)


def test_what_waits_for_approval_waits_for_somebody(desk: SimpleNamespace) -> None:
    made = drafted(desk)
    assert payers.waiting(desk.biller, Ask(roles=frozenset({"biller"}))).counts["Contract"] == 1
    payers.advance_contract_draft(draft_id=made, step="propose", by=desk.biller)
    found = payers.waiting(desk.executive, Ask(roles=frozenset({"executive"})))
    assert found.rows[0].url == f"/payers/drafts/{made}/" and not payers.waiting(desk.nurse).counts


ASP = b"HCPCS Code,Payment Limit\nJ1745,31.041\nbad,1\n"


def test_an_asp_list_prices_its_quarter_and_no_other_day(desk: SimpleNamespace) -> None:
    approved(desk)
    ask = [payers.QuoteLine("J1745", D(42)), payers.QuoteLine("J0129", D(1))]
    plan, on = desk.plans["meridian_ppo"].id, date(2026, 12, 10)
    assert "no ASP price" in payers.quote(plan, ask, on).why["J1745"]
    made = payers.import_prices(basis="asp", name="asp.csv", data=ASP, first=date(2026, 10, 1), source="a list", by=desk.biller)
    quote = payers.quote(plan, ask, on)
    assert quote.reimbursement == Money.of("1303.72") and quote.lines[0].source.startswith("a list")
    assert quote.unknown == ("J0129",) and "no AWP price" in quote.why["J0129"]
    assert payers.quote(plan, ask, date(2027, 1, 1)).unknown == ("J1745", "J0129")
    row = queries.price_file(made)
    assert row is not None and row.taken == 1 and row.rejects[0].line == 3
    with pytest.raises(Refused) as no:
        payers.import_prices(basis="asp", name="asp.csv", data=ASP, first=date(2026, 10, 1), source="a list", by=desk.biller)
    assert codes(no) == {"already-imported"}
    payers.withdraw_prices(file_id=made, reason="wrong quarter", by=desk.biller)
    assert "J1745" in payers.quote(plan, ask, on).unknown
    for again in ("", "wrong"):
        with pytest.raises((Malformed, Refused)):
            payers.withdraw_prices(file_id=made, reason=again, by=desk.biller)


@pytest.mark.parametrize("said", [
    {"basis": "charge"}, {"source": " "}, {"first": date(2026, 10, 2)}, {"data": b"HCPCS Code,Payment Limit\nbad,1\n"},
    {"data": b"HCPCS Code,Payment Limit\n"}, {"basis": "awp", "last": date(2026, 9, 1)},
])
def test_a_list_that_is_none_changes_nothing(desk: SimpleNamespace, said: dict[str, Any]) -> None:
    ask = {"basis": "asp", "name": "asp.csv", "data": ASP, "first": date(2026, 10, 1), "source": "a list", "by": desk.biller}
    with pytest.raises(Malformed):
        payers.import_prices(**(ask | said))
    assert not models.PriceFile.objects.exists()


def test_a_payer_and_a_plan_are_entered_by_hand(desk: SimpleNamespace) -> None:
    made = payers.enter_payer(name="Meridian", type="commercial", x12_id="abc12", by=desk.biller)
    plan = payers.enter_plan(payer_id=made, name="Gold", filing="CI", benefit="both", by=desk.biller)
    assert payers.payer(made).code == "meridian_2" and payers.plan(plan).payer_name == "Meridian"
    with pytest.raises(Malformed) as no:
        payers.enter_payer(name=" ", type="moon", x12_id="!", by=desk.biller)
    assert len(no.value.faults) == 3
    with pytest.raises(Malformed) as no:
        payers.enter_plan(payer_id=made, name=" ", filing="ZZ", benefit="dental", by=desk.biller)
    assert len(no.value.faults) == 3
    with pytest.raises(Refused):
        payers.enter_payer(name="X", type="commercial", x12_id="abc12", by=desk.nurse)
