# SPDX-License-Identifier: Apache-2.0
"""Required items: what is missing is named, and every item of a template or payer has its rule."""
from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from openinfusion.catalog.adapters import tables
from openinfusion.intake.adapters import item_rules
from openinfusion.intake.domain.incoming import says_injection
from openinfusion.intake.domain.item import OnFile, is_npi, judge, missing
from openinfusion.intake.domain.margin import Pack, cheapest, doses_of, infusion_days
from openinfusion.kernel.money import Money
from openinfusion.kernel.quantity import MG, UNITS, G, Quantity
from openinfusion.payers.adapters import terms

NOTHING = OnFile(
    False, False, False, False, False, False, False, False, False, False, False, frozenset(), frozenset(), frozenset(), frozenset(),
    frozenset(),
)


def test_every_item_that_a_template_or_a_payer_wants_has_a_rule() -> None:
    wanted = {code for t in tables("templates").values() for code in t["required_items"]}
    wanted |= {code for p in terms()["payers"].values() for code in p["extra_items"]}
    assert wanted <= set(item_rules())


def test_with_nothing_on_file_everything_is_missing_in_order_and_once() -> None:
    codes = ["allergies", "weight", "allergies"]
    assert missing(judge(codes, item_rules(), NOTHING)) == ("allergies", "weight")


@pytest.mark.parametrize(("code", "file"), [
    ("weight", replace(NOTHING, measurements=frozenset({"weight_kg"}))),
    ("access_device", replace(NOTHING, lines=frozenset({"picc"}))),
    ("creatinine", replace(NOTHING, labs=frozenset({"2160-0"}))),
    ("creatinine", replace(NOTHING, received=frozenset({"creatinine"}))),
    ("consent", replace(NOTHING, consents=frozenset({"treatment", "assignment_of_benefits"}))),
    ("tb_screen", replace(NOTHING, received=frozenset({"tb_screen"}))),
    ("allergies", replace(NOTHING, allergies=True)),
])
def test_an_item_is_met_by_its_own_fact(code: str, file: OnFile) -> None:
    assert missing(judge([code], item_rules(), NOTHING)) and not missing(judge([code], item_rules(), file))


def test_a_feeding_tube_is_no_access_device_and_half_a_consent_is_none() -> None:
    file = replace(NOTHING, lines=frozenset({"feeding_tube"}), consents=frozenset({"treatment"}))
    assert len(missing(judge(["access_device", "consent"], item_rules(), file))) == 2


def test_paper_does_not_replace_what_the_chart_must_hold() -> None:
    file = replace(NOTHING, received=frozenset({"allergies", "weight"}))
    assert len(missing(judge(["allergies", "weight"], item_rules(), file))) == 2


@pytest.mark.parametrize(("text", "good"), [("1234567893", True), ("1999999984", True), ("1234567890", False), ("123456789", False), ("12345678９3", False)])
def test_an_npi_has_a_true_check_digit(text: str, good: bool) -> None:
    assert is_npi(text) is good


@pytest.mark.parametrize(("text", "said"), [("10 ML Furosemide 10 MG/ML Injection", True), ("Lasix 40mg", False), ("ceftriaxone IV", True), ("Digoxin 0.125 MG Oral Tablet", False)])
def test_words_of_an_injection_are_known(text: str, said: bool) -> None:
    assert says_injection(text) is said


def test_a_course_is_counted_in_doses_and_days() -> None:
    assert doses_of(interval_hours=8, days=7, doses=0) == 21
    assert doses_of(interval_hours=48, days=7, doses=0) == 4
    assert doses_of(interval_hours=24, days=14, doses=10) == 10
    assert infusion_days(interval_hours=8, days=7, doses=21) == 7
    assert infusion_days(interval_hours=168, days=28, doses=4) == 4


def test_the_cheapest_whole_containers_hold_the_dose() -> None:
    packs = [Pack(Quantity(Decimal(1), G), Money(200)), Pack(Quantity(Decimal(2), G), Money(350)), Pack(Quantity(Decimal(5), UNITS), Money(1))]
    assert cheapest(Quantity(Decimal(1500), MG), packs) == Money(350)
    assert cheapest(Quantity(Decimal(3000), MG), packs) == Money(600)
    assert cheapest(Quantity(Decimal(1), UNITS), packs[:2]) is None


def test_only_steps_whose_guards_read_the_file_read_it() -> None:
    from openinfusion.intake.actions.decide import _FILE_IS_READ
    from openinfusion.intake.domain import referral

    light = {referral.start_is_set, referral.reason_is_coded, referral.destination_is_named}
    heavy = {s.name for s in referral.REFERRAL.steps if set(s.guards) - light}
    assert heavy == {*_FILE_IS_READ, "accept"}
