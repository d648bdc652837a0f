# SPDX-License-Identifier: Apache-2.0
"""One slip of a condition or an argument in checks and entries, each of which shows here."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal as D

import pytest
from tests.integration.nutrition_orders import ADULT, changed
from tests.unit.clinical.test_nutrition_check import found
from tests.unit.clinical.test_regimen_check import PLACE

from openinfusion.calculations.domain.bench.national_drug_code import ndc11
from openinfusion.clinical.domain.checks.regimen import check_regimen
from openinfusion.clinical.domain.chemotherapy import ChemotherapyFacts
from openinfusion.clinical.domain.education import check_teaching
from openinfusion.clinical.domain.goal import check_goal
from openinfusion.clinical.domain.monitoring import MonitoringFacts, the_draw_is_not_in_the_future
from openinfusion.clinical.domain.nutrition import review_formula
from openinfusion.clinical.domain.protocol import ExamKind
from openinfusion.clinical.domain.scenario import TODAY, facts_of
from openinfusion.kernel.refusal import Malformed

DAY = date(2026, 3, 2)


def texts(no: pytest.ExceptionInfo[Malformed]) -> dict[str, str]:
    return {f.path: f.text for f in no.value.faults}


def test_an_order_outside_a_regimen_is_asked_about_and_not_sent_back() -> None:
    def sent_back(placed: ChemotherapyFacts) -> dict[str, bool]:
        facts = replace(facts_of({"drug": "doxorubicin L01DB01", "dose": "120 mg"}), chemotherapy=placed)
        return {f.code: f.sends_back for f in check_regimen(facts)}

    assert sent_back(ChemotherapyFacts(place=None, ordered_on=(TODAY,), lifetime=None)) == {"regimen-none": False}
    assert sent_back(ChemotherapyFacts(place=PLACE, ordered_on=(TODAY,), lifetime=None)) == {"regimen-dose-high": True}


@pytest.mark.parametrize(("amount", "side"), [("10 meq/d", "below"), ("900 meq/d", "above")])
def test_a_gauge_says_on_which_side_of_its_limit_it_is(amount: str, side: str) -> None:
    made = next(f for c, f in found(changed(sodium_chloride=amount)).items() if c.startswith("nutrition-sodium-"))
    assert made.title.split(": ")[1].startswith(f"{side} the ") and made.rule == "nutrition"


def test_a_formula_is_reviewed_by_the_orders_line_where_none_is_recorded() -> None:
    peripheral = replace(ADULT, line="peripheral")
    by = {tip: next(g for g in review_formula(peripheral, tip).gauges if g.name == "osmolarity_for_line") for tip in ("", "central")}
    assert by[""].hard and not by["central"].hard
    assert review_formula(peripheral).gauges == review_formula(peripheral, "").gauges


@pytest.mark.parametrize(("mixed", "code"), [(True, "within"), (False, "split")])
def test_a_lipid_in_the_bag_hangs_longer_than_a_lipid_alone(mixed: bool, code: str) -> None:
    hang = review_formula(replace(ADULT, three_in_one=mixed, hours=D(24)), "central").verdicts[-1]
    assert (hang.name, hang.code) == ("hang", code)


def test_a_code_that_is_no_ndc_is_the_fault_of_its_field() -> None:
    with pytest.raises(Malformed) as no:
        ndc11("12")
    assert [f.path for f in no.value.faults] == ["ndc"]


def test_how_and_with_what_result_was_taught_come_from_lists() -> None:
    check_teaching("flushing", "demonstration", "teaches_back", "the patient", DAY, DAY)
    for method, result, wrong in (("sang", "teaches_back", "method"), ("demonstration", "maybe", "result")):
        with pytest.raises(Malformed) as no:
            check_teaching("flushing", method, result, "the patient", DAY, DAY)
        assert (list(texts(no)) == [wrong] and "demonstration" in texts(no)[wrong]) or "teaches_back" in texts(no)[wrong]


def test_what_a_goal_lacks_is_said_in_words() -> None:
    with pytest.raises(Malformed) as no:
        check_goal("pharmacy", "fever", " ", "temperature", DAY + timedelta(days=1), DAY, ())
    assert list(texts(no)) == ["goal"] and texts(no)["goal"].startswith("say what shall be reached")


def test_a_draw_of_tomorrow_is_refused_by_its_code() -> None:
    facts = MonitoringFacts(ExamKind.LAB, False, (), False, DAY + timedelta(days=1), DAY)
    refused = the_draw_is_not_in_the_future(facts)
    assert refused is not None and refused.code == "drawn-later"
    assert the_draw_is_not_in_the_future(replace(facts, drawn_on=DAY)) is None
