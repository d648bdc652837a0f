# SPDX-License-Identifier: Apache-2.0
"""The nutrition check: every tier, what is missing said, and what an answer rests on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.integration.nutrition_orders import ADULT, changed, lines

from openinfusion.calculations.public import SolubilityCurve, site_limit
from openinfusion.clinical.domain.checks.nutrition import check_nutrition
from openinfusion.clinical.domain.facts import Facts, Figure, OrderedDrug, OrderFacts, PatientFacts, StabilityLimits
from openinfusion.clinical.domain.finding import Finding, Tier
from openinfusion.clinical.domain.nutrition import NutritionFacts, review_formula
from openinfusion.kernel.quantity import ML, Quantity
from openinfusion.kernel.standing import Source, Standing

DAY = date(2026, 3, 2)
SITE = Source("Policy 12", DAY, Standing.SIGNED, "Pat Two")
PATIENT = PatientFacts(
    allergy_state="none_known", age_years=58, weight_kg=Figure(value=D("71.4"), on=DAY), line_type="picc", line_tip="central"
)
ORDER = OrderFacts(
    drug=OrderedDrug(code="parenteral_nutrition", name="parenteral nutrition"), dose=Quantity(D(2000), ML), doses_per_day=D(1),
    route="IV", infusion_minutes=1440, interval_hours=24, days=14, start_on=DAY, last_on=DAY,
)  # fmt: skip
CURVE = SolubilityCurve(
    product="travasol-10", amino_acid_percent=D(4), dextrose_percent=D(10), cysteine=False, temperature_c=D(37), source="made up",
    points=((D(0), D(60)), (D(60), D(30))), signed_by="Pat Two",
)  # fmt: skip


def found(order: Any = ADULT, patient: PatientFacts = PATIENT, **site: Any) -> dict[str, Finding]:
    facts = Facts(
        today=DAY, order=ORDER, patient=patient, stability=StabilityLimits(hours=None), supply_days=7,
        nutrition=NutritionFacts(order=order, **site),
    )  # fmt: skip
    return {f.code: f for f in check_nutrition(facts)}


def test_other_drugs_are_none_of_its_business() -> None:
    facts = Facts(today=DAY, order=ORDER, patient=PATIENT, stability=StabilityLimits(hours=None), supply_days=7)
    assert check_nutrition(facts) == []


def test_an_order_without_a_formula_cannot_be_judged() -> None:
    assert {c: f.tier for c, f in found(None).items()} == {"nutrition-formula-missing": Tier.CANNOT_JUDGE}


def test_a_formula_that_makes_no_bag_stops() -> None:
    made = found(replace(ADULT, volume=D(200)))
    assert {c: f.tier for c, f in made.items()} == {"nutrition-no-bag": Tier.HARD} and "above the volume" in made["nutrition-no-bag"].text


@pytest.mark.parametrize(("order", "patient", "code", "tier"), [
    (changed(potassium_chloride="800 meq/d"), PATIENT, "nutrition-potassium-hard-high", Tier.HARD),
    (changed(potassium_chloride="150 meq/d"), PATIENT, "nutrition-potassium-soft-high", Tier.SOFT),
    (changed(sodium_chloride="10 meq/d"), PATIENT, "nutrition-sodium-soft-low", Tier.SOFT),
    (ADULT, replace(PATIENT, line_tip="midline"), "nutrition-osmolarity-hard-high", Tier.HARD),
    (ADULT, replace(PATIENT, line_tip="midline"), "nutrition-line-not-central", Tier.HARD),
    (ADULT, replace(PATIENT, line_tip="enteral"), "nutrition-line-no-vein", Tier.HARD),
    (ADULT, replace(PATIENT, line_tip=""), "nutrition-line-unknown", Tier.CANNOT_JUDGE),
    (ADULT, replace(PATIENT, weight_kg=None), "nutrition-weight-missing", Tier.CANNOT_JUDGE),
    (ADULT, replace(PATIENT, weight_kg=Figure(value=D(60), on=DAY)), "nutrition-weight-differs", Tier.SOFT),
    (ADULT, replace(PATIENT, age_years=None), "nutrition-age-missing", Tier.CANNOT_JUDGE),
    (ADULT, replace(PATIENT, age_years=12), "nutrition-age-differs", Tier.HARD),
    (ADULT, PATIENT, "nutrition-calcium-phosphate-cannot-judge", Tier.CANNOT_JUDGE),
    (ADULT, PATIENT, "nutrition-not-judged", Tier.CANNOT_JUDGE),
    (replace(ADULT, three_in_one=False, hours=D(22)), PATIENT, "nutrition-hang-split", Tier.SOFT),
    (replace(ADULT, three_in_one=False, hours=D(14)), PATIENT, "nutrition-hang-too-long", Tier.HARD),
])  # fmt: skip
def test_each_finding_has_its_tier(order: Any, patient: PatientFacts, code: str, tier: Tier) -> None:
    made = found(order, patient)
    assert code in made, sorted(made)
    assert made[code].tier is tier and made[code].do and made[code].evidence


@pytest.mark.parametrize(("points", "tier"), [
    (((D(0), D(60)), (D(60), D(30))), None),
    (((D(0), D("6.2")), (D(60), D("6.1"))), Tier.SOFT),
    (((D(0), D(3)), (D(60), D(2))), Tier.HARD),
])
def test_calcium_with_phosphate_is_judged_by_the_signed_curve(points: Any, tier: Tier | None) -> None:
    made = [f.tier for c, f in found(curves=(replace(CURVE, points=points),)).items() if c.startswith("nutrition-calcium-phosphate")]
    assert made == ([tier] if tier else [])


def test_a_site_s_limit_stands_in_front_and_is_named_as_the_source() -> None:
    own = site_limit("potassium", "adult", {"hard_high": D("0.9"), "soft_high": D("0.8"), "soft_low": D("0.1")}, SITE)
    made = found(limits=(own,))["nutrition-potassium-hard-high"]
    assert made.tier is Tier.HARD and made.source == SITE and "0.9" in made.evidence


def test_an_answer_dies_when_the_amount_or_the_limit_changes() -> None:
    code, much = "nutrition-potassium-soft-high", changed(potassium_chloride="150 meq/d")
    first = found(much)[code].fingerprint
    assert first != found(changed(potassium_chloride="151 meq/d"))[code].fingerprint
    own = site_limit("potassium", "adult", {"soft_high": D("1.9")}, SITE)
    assert first != found(much, limits=(own,))[code].fingerprint
    assert first == found(much, replace(PATIENT, age_years=59))[code].fingerprint


def test_a_formula_within_everything_passes() -> None:
    order = replace(ADULT, three_in_one=False, ingredients=lines(travasol_10="85 g/d", dextrose_70="250 g/d"))
    bounds = {"soft-low": {"soft_low": D(0)}, "soft-high": {"soft_high": D(2)}}
    outside = [g for g in review_formula(order, "central").gauges if g.limit and g.code in bounds]
    own = tuple(site_limit(g.limit.name, g.limit.group, bounds[g.code], SITE) for g in outside if g.limit)
    assert outside and {c: f.tier for c, f in found(order, limits=own).items()} == {"nutrition-passed": Tier.PASSED}


@given(st.integers(20, 400), st.integers(1, 400))
def test_more_potassium_never_gives_a_milder_finding(amount: int, more: int) -> None:
    rank = {Tier.HARD: 2, Tier.SOFT: 1}

    def worst(meq: int) -> int:
        made = found(changed(potassium_chloride=f"{meq} meq/d"))
        return max((rank[f.tier] for c, f in made.items() if c in {"nutrition-potassium-hard-high", "nutrition-potassium-soft-high"}), default=0)

    assert worst(amount) <= worst(amount + more)


def test_what_may_not_be_made_is_listed_in_words() -> None:
    assert review_formula(ADULT, "central", (), ()).hard == ()
    hard = review_formula(changed(potassium_chloride="800 meq/d"), "central", (), ()).hard
    assert hard and any("otassium" in text for text in hard)
