# SPDX-License-Identifier: Apache-2.0
"""Whatever the facts, the judgement comes, says what to do, and says the same tomorrow where nothing but the day moved."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from openinfusion.clinical.domain.checks import CHECKS, judge
from openinfusion.clinical.domain.facts import (
    DoseLimits,
    Facts,
    Figure,
    KnownAllergy,
    LabResult,
    Medication,
    OrderedDrug,
    OrderFacts,
    OtherOrder,
    PatientFacts,
    StabilityLimits,
)
from openinfusion.clinical.domain.figures import read_rows
from openinfusion.clinical.domain.finding import Tier
from openinfusion.clinical.domain.side_chain import SideChainRow
from openinfusion.kernel.quantity import MCG, MEQ, MG, ML, UNITS, Quantity

TODAY = date(2026, 11, 21)
WORDS = sorted({m for row in read_rows("classes.toml")["class"].values() for m in row.get("members", ())})
LOINC = sorted({code for row in read_rows("lab_tests.toml")["test"].values() for code in row["loinc"]})
ATC = ["", "J01XA01", "J01DD04", "B01AB01", "L01CA02", "J01GB03", "B05BA10", "J05AB06"]
NAMES = st.sampled_from([*WORDS, "zzz tonic", "", "?", "500 mg"])
AMOUNTS = st.decimals("0.001", "99999", places=3)
DAYS = st.integers(-400, 400).map(lambda n: TODAY + timedelta(days=n))
ROUTES = st.sampled_from(["IV", "SC", "intrathecal", "epidural", "enteral", "PO", ""])
UNIT = st.sampled_from([MG, MCG, UNITS, MEQ, ML])


def some(strategy: st.SearchStrategy) -> st.SearchStrategy:
    return st.none() | strategy


def tuples(strategy: st.SearchStrategy, most: int = 3) -> st.SearchStrategy:
    return st.lists(strategy, max_size=most).map(tuple)


QUANTITIES = st.builds(Quantity, AMOUNTS, UNIT)
DRUGS = st.builds(
    OrderedDrug, code=NAMES, name=NAMES, atc=st.sampled_from(ATC), vesicant=st.sampled_from(["", "red", "yellow"]),
    allergy_groups=st.frozensets(st.sampled_from(["egg", "polysorbate", "opioid", "penicillin", "beta_lactam"]), max_size=2),
    ingredients=st.frozensets(NAMES, max_size=2), routes=st.frozensets(ROUTES, max_size=2),
)
FIGURES = st.builds(Figure, value=AMOUNTS, on=DAYS)
ORDERS = st.builds(
    OrderFacts, drug=DRUGS, dose=QUANTITIES, doses_per_day=st.decimals("0.01", "24", places=2), route=ROUTES,
    infusion_minutes=st.integers(0, 3000), interval_hours=some(st.integers(1, 2000)), days=st.integers(1, 500), start_on=DAYS,
    last_on=DAYS, osmolarity_mosm_per_l=some(st.integers(1, 3000)), rate_ml_per_h=some(AMOUNTS), volume_ml=some(AMOUNTS),
    concentration=some(QUANTITIES), purpose=st.sampled_from(["therapy", "flush"]),
)
LABS = st.builds(LabResult, st.sampled_from(LOINC), st.just("x"), st.decimals("0", "9999", places=2),
                 st.sampled_from(["mg/dL", "mmol/L", "U/L", "10*3/uL", "?", ""]), DAYS)
PATIENTS = st.builds(
    PatientFacts, allergy_state=st.sampled_from(["recorded", "none_known", "not_recorded"]),
    allergies=tuples(st.builds(KnownAllergy, substance=NAMES, reaction=st.sampled_from(["", "anaphylaxis", "rash", "SJS"]), drug_code=NAMES)),
    age_years=some(st.integers(0, 110)), age_days=some(st.integers(0, 40_000)), sex=st.sampled_from(["", "male", "female"]),
    weight_kg=some(FIGURES), height_cm=some(FIGURES), serum_creatinine=some(FIGURES), crcl_ml_per_min=some(FIGURES),
    line_type=st.sampled_from(["", "PICC, tip central"]), lumens=st.integers(1, 3),
    line_tip=st.sampled_from(["", "central", "midline", "peripheral", "sc"]),
    conditions=tuples(st.tuples(st.sampled_from(["", "Z33.1", "N18.4", "D75.82"]), st.sampled_from(["", "no cirrhosis", "HIT", "LVAD"]))),
    medications=tuples(st.builds(Medication, name=NAMES, ingredients=st.frozensets(NAMES, max_size=1))),
    labs=tuples(LABS, 6).map(lambda found: {r.loinc: (r,) for r in found}),
)
OTHERS = st.builds(
    OtherOrder, number=st.just("X-01"), drug=DRUGS, start_on=DAYS, last_on=DAYS, route=ROUTES, daily_minutes=AMOUNTS,
    purpose=st.sampled_from(["therapy", "flush"]), concentration=some(QUANTITIES),
)
LIMITS = st.builds(
    DoseLimits, measure=st.sampled_from(["single", "daily", "rate"]), per=st.sampled_from(["flat", "kg", "m2", "kg_min"]),
    usual_low=QUANTITIES, usual_high=QUANTITIES, hard_high=QUANTITIES, crcl_from=some(AMOUNTS), age_below=some(st.integers(1, 90)),
)
FACTS = st.builds(
    Facts, today=DAYS, order=ORDERS, patient=PATIENTS, others=tuples(OTHERS), limits=tuples(LIMITS, 2),
    side_chains=st.just((SideChainRow("r1_c", "ceftriaxone", "identical"), SideChainRow("r1_c", "cefepime", "identical"))),
    stability=st.builds(StabilityLimits, hours=some(st.integers(0, 9000))), supply_days=st.integers(1, 31),
)


@settings(max_examples=120, deadline=None)
@given(FACTS)
def test_every_check_answers_whatever_the_facts(facts: Facts) -> None:
    found = judge(facts)
    silent = {"nutrition", "regimen"}  # they speak of formulas and of chemotherapy only
    assert {f.rule for f in found} == {c.rule for c in CHECKS} - silent
    assert all(f.title and f.text for f in found)
    assert all(f.do for f in found if f.tier is Tier.HARD or f.tier.needs_answer), "a stop says what to do"
    assert [f.fingerprint for f in judge(facts)] == [f.fingerprint for f in found]


@settings(max_examples=80, deadline=None)
@given(FACTS, st.integers(1, 3))
def test_a_day_that_passes_changes_no_finding_that_stays(facts: Facts, days: int) -> None:
    now, then = judge(facts), judge(replace(facts, today=facts.today + timedelta(days=days)))
    before = {(f.code, f.tier, f.title): {g.fingerprint for g in now if g.title == f.title and g.code == f.code} for f in now}
    for f in then:
        if f.tier is Tier.PASSED and (f.code, f.tier, f.title) in before:
            assert f.fingerprint in before[f.code, f.tier, f.title]
        assert not any(str(facts.today + timedelta(days=days)) == part and part not in _days(facts) for part in f.evidence)


def _days(facts: Facts) -> set[str]:
    """The days that stand in the facts themselves."""
    order, orders = facts.order, facts.others
    return {str(d) for d in (order.start_on, order.last_on, *(o.start_on for o in orders), *(o.last_on for o in orders))} | {
        str(f.on) for f in (facts.patient.weight_kg, facts.patient.serum_creatinine, facts.patient.crcl_ml_per_min) if f} | {
        str(r.on) for found in facts.patient.labs.values() for r in found}


@settings(max_examples=60, deadline=None)
@given(FACTS, st.decimals("1", "300", places=1))
def test_what_rests_on_the_weight_dies_with_it(facts: Facts, kilograms: Decimal) -> None:
    weighed = replace(facts, patient=replace(facts.patient, weight_kg=Figure(value=kilograms, on=TODAY)))
    other = replace(facts, patient=replace(facts.patient, weight_kg=Figure(value=kilograms + 1, on=TODAY)))
    mine = {f.fingerprint for f in judge(weighed) if str(kilograms) in f.evidence and f.tier.needs_answer}
    theirs = {f.fingerprint for f in judge(other)}
    assert not {p for p in mine & theirs if str(kilograms) not in facts.order.drug.code}
