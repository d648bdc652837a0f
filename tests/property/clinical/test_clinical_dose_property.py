# SPDX-License-Identifier: Apache-2.0
"""The dose check behaves like arithmetic: scaling dose and weight together changes nothing, more is never milder."""
from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from openinfusion.clinical.domain.checks.dose_range import check_dose_range, measured
from openinfusion.clinical.domain.facts import DoseLimits, Facts, Figure, OrderedDrug, OrderFacts, PatientFacts, StabilityLimits
from openinfusion.clinical.domain.finding import Tier
from openinfusion.kernel.quantity import MG, Quantity

TODAY = date(2026, 11, 21)
ROW = DoseLimits(measure="single", per="kg", usual_low=Quantity(Decimal(15), MG), usual_high=Quantity(Decimal(20), MG), hard_high=Quantity(Decimal(35), MG))
RANK = {Tier.PASSED: 0, Tier.SOFT: 1, Tier.HARD: 2}


def facts(dose: int, weight: int) -> Facts:
    return Facts(today=TODAY, order=OrderFacts(drug=OrderedDrug(code="vancomycin", name="vancomycin"), dose=Quantity(Decimal(dose), MG), doses_per_day=Decimal(2),
                 route="IV", infusion_minutes=90, days=7, start_on=TODAY, last_on=TODAY), limits=(ROW,), supply_days=7, stability=StabilityLimits(hours=240),
                 patient=PatientFacts(allergy_state="none_known", weight_kg=Figure(value=Decimal(weight), on=TODAY)))


@given(st.integers(1, 20_000), st.integers(2, 300), st.integers(2, 9))
def test_dose_and_weight_scale_together(dose: int, weight: int, times: int) -> None:
    one, many = facts(dose, weight), facts(dose * times, weight * times)
    assert round(measured(ROW, one), 12) == round(measured(ROW, many), 12)


@given(st.integers(1050, 30_000), st.integers(0, 10_000))
def test_above_the_usual_more_is_never_milder(dose: int, more: int) -> None:
    low, high = check_dose_range(facts(dose, 70))[0], check_dose_range(facts(dose + more, 70))[0]
    assert RANK[high.tier] >= RANK[low.tier]


@given(st.integers(1, 30_000), st.integers(2, 300))
def test_the_same_facts_give_the_same_fingerprints(dose: int, weight: int) -> None:
    prints = [[f.fingerprint for f in check_dose_range(facts(dose, weight))] for _ in range(2)]
    assert prints[0] == prints[1]
