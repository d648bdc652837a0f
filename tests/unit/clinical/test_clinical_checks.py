# SPDX-License-Identifier: Apache-2.0
"""The first checks on worked examples of the clinical specification (6.01, 6.02, 6.05, 6.06, 6.07) and their borders."""
from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from openinfusion.clinical.domain.answer import Answer, check_answer, hard_stops, reasons_for, unanswered
from openinfusion.clinical.domain.checks import CHECKS, judge
from openinfusion.clinical.domain.checks.allergy import check_allergy
from openinfusion.clinical.domain.checks.dose_range import check_dose_range
from openinfusion.clinical.domain.checks.duplicate import check_duplicate
from openinfusion.clinical.domain.checks.line import check_line
from openinfusion.clinical.domain.checks.stability import check_stability
from openinfusion.clinical.domain.facts import (
    DoseLimits,
    Facts,
    Figure,
    KnownAllergy,
    OrderedDrug,
    OrderFacts,
    OtherOrder,
    PatientFacts,
    StabilityLimits,
)
from openinfusion.clinical.domain.finding import Tier
from openinfusion.clinical.domain.side_chain import SideChainRow
from openinfusion.kernel.quantity import MCG, MG, UNITS, Quantity
from openinfusion.kernel.refusal import Refused

TODAY = date(2026, 11, 21)
D = Decimal
_ROWS = Path(__file__).parents[3] / "src" / "openinfusion" / "catalog" / "data" / "side_chains.csv"
with _ROWS.open(encoding="utf-8") as file:
    SIDE_CHAINS = tuple(SideChainRow(r["group"], r["ingredient"], r["likeness"]) for r in csv.DictReader(file))


def drug(name: str, atc: str = "", **more: Any) -> OrderedDrug:
    return OrderedDrug(code=name.replace(" ", "_"), name=name, atc=atc, ingredients=frozenset({name}), **more)


def facts(name: str = "ceftriaxone", *, allergies: tuple[KnownAllergy, ...] = (), state: str = "", **changes: Any) -> Facts:
    ordered = changes.pop("drug", None) or drug(name)
    order = OrderFacts(drug=ordered, dose=changes.pop("dose", Quantity(D(2000), MG)), doses_per_day=changes.pop("per_day", D(1)), route=changes.pop("route", "IV"),
                       infusion_minutes=changes.pop("minutes", 30), interval_hours=changes.pop("interval", 24), days=changes.pop("days", 14),
                       start_on=TODAY, last_on=TODAY + timedelta(days=13), osmolarity_mosm_per_l=changes.pop("osmolarity", None))
    patient = PatientFacts(allergy_state=state or ("recorded" if allergies else "none_known"), allergies=allergies, age_years=58,
                           line_type="PICC", line_tip=changes.pop("tip", "central"), **changes.pop("patient", {}))
    return Facts(today=TODAY, order=order, patient=patient, side_chains=SIDE_CHAINS, supply_days=7,
                 stability=changes.pop("stability", StabilityLimits(hours=240)), **changes)


def allergy(substance: str, reaction: str = "anaphylaxis") -> KnownAllergy:
    return KnownAllergy(substance=substance, reaction=reaction)


def result(found: list[Any]) -> tuple[str, Tier]:
    (only,) = found
    return only.code, only.tier


@pytest.mark.parametrize(("recorded", "ordered", "expected"), [
    ("ceftriaxone", "cefepime", ("allergy-same-side-chain", Tier.HARD)),
    ("ceftriaxone", "cefazolin", ("allergy-passed", Tier.PASSED)),
    ("amoxicillin", "cefadroxil", ("allergy-same-side-chain", Tier.HARD)),
    ("amoxicillin", "cephalexin", ("allergy-similar-side-chain", Tier.SOFT)),
    ("amoxicillin", "ceftriaxone", ("allergy-passed", Tier.PASSED)),
    ("ceftriaxone", "ceftriaxone", ("allergy-same-drug", Tier.HARD)),
    ("penicillin", "ceftriaxone", ("allergy-passed", Tier.PASSED)),
    ("penicillin", "nafcillin", ("allergy-same-class", Tier.HARD)),
    ("latex", "ceftriaxone", ("allergy-passed", Tier.PASSED)),
])
def test_anaphylaxis_is_judged_by_ingredient_then_side_chain(recorded: str, ordered: str, expected: tuple[str, Tier]) -> None:
    assert result(check_allergy(facts(ordered, allergies=(allergy(recorded),)))) == expected


def test_a_rash_from_the_same_side_chain_is_a_soft_stop() -> None:
    assert result(check_allergy(facts("cefepime", allergies=(allergy("ceftriaxone", "rash"),)))) == ("allergy-same-side-chain", Tier.SOFT)


@pytest.mark.parametrize("reaction", ["Stevens-Johnson syndrome", "DRESS", "hemolysis", "serum sickness"])
def test_a_severe_delayed_reaction_bars_every_beta_lactam(reaction: str) -> None:
    assert result(check_allergy(facts("cefazolin", allergies=(allergy("amoxicillin", reaction),)))) == ("allergy-severe-delayed", Tier.HARD)


def test_allergies_not_asked_are_a_hard_stop_and_none_known_passes() -> None:
    assert result(check_allergy(facts(state="not_recorded"))) == ("allergy-not-recorded", Tier.HARD)
    assert result(check_allergy(facts(state="none_known")))[1] is Tier.PASSED


def other(name: str, atc: str, purpose: str = "therapy", first: int = 0, last: int = 5) -> OtherOrder:
    return OtherOrder(number="X-01", drug=drug(name, atc), start_on=TODAY + timedelta(days=first), last_on=TODAY + timedelta(days=last), purpose=purpose)


@pytest.mark.parametrize(("mine", "theirs", "expected"), [
    (("telavancin", "J01XA03"), ("vancomycin", "J01XA01"), ("duplicate-same-class", Tier.SOFT)),
    (("cefepime", "J01DE01"), ("ceftriaxone", "J01DD04"), ("duplicate-same-group", Tier.INFO)),
    (("vancomycin", "J01XA01"), ("vancomycin", "J01XA01"), ("duplicate-same-drug", Tier.HARD)),
    (("ceftriaxone", "J01DD04"), ("furosemide", "C03CA01"), ("duplicate-passed", Tier.PASSED)),
])
def test_duplicates_go_by_drug_then_class(mine: tuple[str, str], theirs: tuple[str, str], expected: tuple[str, Tier]) -> None:
    assert result(check_duplicate(facts(drug=drug(*mine), others=(other(*theirs),)))) == expected


def test_a_flush_and_a_course_that_ends_before_are_no_duplicates() -> None:
    heparin = drug("heparin", "B01AB01")
    assert result(check_duplicate(facts(drug=heparin, others=(other("heparin", "B01AB01", "flush"),))))[1] is Tier.PASSED
    assert result(check_duplicate(facts(drug=heparin, others=(other("heparin", "B01AB01", first=-9, last=-1),))))[1] is Tier.PASSED


@pytest.mark.parametrize(("tip", "osmolarity", "tier"), [
    ("midline", 1164, Tier.HARD), ("peripheral", 901, Tier.HARD), ("peripheral", 900, Tier.PASSED), ("central", 1164, Tier.PASSED),
])
def test_osmolarity_above_900_needs_a_central_tip(tip: str, osmolarity: int, tier: Tier) -> None:
    assert result(check_line(facts(tip=tip, osmolarity=osmolarity)))[1] is tier


def test_a_red_vesicant_all_day_needs_a_central_tip_and_a_short_one_an_answer() -> None:
    red = drug("dobutamine", vesicant="red")
    assert result(check_line(facts(drug=red, tip="midline", minutes=1440))) == ("line-vesicant-continuous", Tier.HARD)
    assert result(check_line(facts(drug=red, tip="midline"))) == ("line-vesicant", Tier.SOFT)
    assert result(check_line(facts(drug=drug("vancomycin", vesicant="yellow"), tip="peripheral", minutes=1440)))[1] is Tier.SOFT


def test_no_line_on_record_cannot_be_judged_and_a_subcutaneous_route_needs_none() -> None:
    assert result(check_line(facts(tip="")))[1] is Tier.CANNOT_JUDGE
    assert result(check_line(facts(tip="", route="SC")))[1] is Tier.PASSED


def test_a_long_course_through_a_midline_is_asked_about() -> None:
    assert result(check_line(facts(tip="midline", days=15))) == ("line-long-course", Tier.SOFT)
    assert result(check_line(facts(tip="midline", days=14)))[1] is Tier.PASSED


def limits(low: str, high: str, hard: str, per: str = "flat", measure: str = "single", unit: Any = MG, **more: Any) -> DoseLimits:
    return DoseLimits(measure=measure, per=per, usual_low=Quantity(D(low), unit), usual_high=Quantity(D(high), unit), hard_high=Quantity(D(hard), unit), **more)


WEIGHED = {"patient": {"weight_kg": Figure(value=D("70"), on=TODAY), "height_cm": Figure(value=D(170), on=TODAY)}}


@pytest.mark.parametrize(("milligrams", "tier"), [(500, Tier.SOFT), (1000, Tier.PASSED), (2000, Tier.PASSED), (2001, Tier.SOFT), (4000, Tier.SOFT), (4001, Tier.HARD)])
def test_a_flat_range_has_soft_and_hard_borders(milligrams: int, tier: Tier) -> None:
    assert result(check_dose_range(facts(dose=Quantity(D(milligrams), MG), limits=(limits("1000", "2000", "4000"),))))[1] is tier


def test_a_range_per_kilogram_needs_a_weight_and_uses_it() -> None:
    row = limits("15", "20", "35", per="kg")
    assert result(check_dose_range(facts(dose=Quantity(D(1250), MG), limits=(row,)))) == ("dose-no-weight", Tier.CANNOT_JUDGE)
    assert result(check_dose_range(facts(dose=Quantity(D(1250), MG), limits=(row,), **WEIGHED)))[1] is Tier.PASSED
    assert result(check_dose_range(facts(dose=Quantity(D(2500), MG), limits=(row,), **WEIGHED)))[1] is Tier.HARD


def test_renal_bands_need_a_creatinine_and_choose_the_row() -> None:
    rows = (limits("1000", "2000", "4000", crcl_from=D(50)), limits("250", "500", "1000", crcl_below=D(50)))
    assert result(check_dose_range(facts(limits=rows))) == ("dose-no-renal", Tier.CANNOT_JUDGE)
    for crcl, tier in (("50", Tier.PASSED), ("49.9", Tier.HARD)):
        known = {"patient": {"crcl_ml_per_min": Figure(value=D(crcl), on=TODAY)}}
        assert result(check_dose_range(facts(limits=rows, **known)))[1] is tier


def test_surface_and_rate_are_measured_as_the_row_says() -> None:
    by_surface = limits("1200", "2400", "3000", per="m2")
    assert result(check_dose_range(facts(dose=Quantity(D(4300), MG), limits=(by_surface,), **WEIGHED)))[1] is Tier.PASSED
    by_rate = limits("0.25", "0.75", "1", per="kg_min", measure="rate", unit=MCG)
    daily = Quantity(D("50.4"), MG)  # 0.5 mcg/kg/min at 70 kg over a day
    assert result(check_dose_range(facts(dose=daily, minutes=1440, limits=(by_rate,), **WEIGHED)))[1] is Tier.PASSED
    assert result(check_dose_range(facts(dose=daily, minutes=720, limits=(by_rate,), **WEIGHED)))[1] is Tier.SOFT


@pytest.mark.parametrize(("milligrams", "slip"), [(20000, "decimal"), (4400, "pounds"), (2000000, "mg for mcg")])
def test_a_slip_of_the_pen_is_named(milligrams: int, slip: str) -> None:
    (found,) = check_dose_range(facts(dose=Quantity(D(milligrams), MG), limits=(limits("1000", "2000", "4000"),)))
    assert slip in found.text and found.tier is Tier.HARD


def test_units_of_activity_never_become_mass() -> None:
    assert result(check_dose_range(facts(dose=Quantity(D(2000), UNITS), limits=(limits("1000", "2000", "4000"),)))) == ("dose-unit", Tier.CANNOT_JUDGE)


def test_an_unusual_interval_and_an_old_weight_are_asked_about() -> None:
    row = limits("1000", "2000", "4000", min_interval_h=D(12), max_interval_h=D(24))
    assert result(check_dose_range(facts(interval=8, limits=(row,)))) == ("dose-too-often", Tier.SOFT)
    assert result(check_dose_range(facts(interval=48, limits=(row,)))) == ("dose-too-rarely", Tier.SOFT)
    old = {"patient": {"weight_kg": Figure(value=D(70), on=TODAY - timedelta(days=91))}}
    assert result(check_dose_range(facts(dose=Quantity(D(1250), MG), limits=(limits("15", "20", "35", per="kg"),), **old))) == ("dose-old-weight", Tier.SOFT)


def test_no_rule_at_all_cannot_be_judged() -> None:
    assert result(check_dose_range(facts())) == ("dose-no-rule", Tier.CANNOT_JUDGE)


@pytest.mark.parametrize(("hours", "tier"), [(None, Tier.CANNOT_JUDGE), (12, Tier.SOFT), (96, Tier.INFO), (168, Tier.PASSED), (240, Tier.PASSED)])
def test_stability_is_held_against_the_supply_interval(hours: int | None, tier: Tier) -> None:
    assert result(check_stability(facts(stability=StabilityLimits(hours=hours))))[1] is tier


def test_the_most_dangerous_finding_comes_first_and_every_rule_speaks() -> None:
    found = judge(facts(state="not_recorded", tip="midline", osmolarity=1200))
    assert found[0].tier is Tier.HARD and {f.rule for f in found} == {c.rule for c in CHECKS} - {"nutrition", "regimen"}
    assert len(hard_stops(found)) == 2


def test_an_answer_counts_for_the_facts_it_was_given_on_and_no_others() -> None:
    row = limits("15", "20", "35", per="kg")
    before = check_dose_range(facts(dose=Quantity(D(1750), MG), limits=(row,), **WEIGHED))
    given = [Answer(before[0].fingerprint, "dose_by_level")]
    assert not unanswered(before, given)
    heavier = {"patient": {"weight_kg": Figure(value=D(72), on=TODAY), "height_cm": None}}
    assert unanswered(check_dose_range(facts(dose=Quantity(D(1750), MG), limits=(row,), **heavier)), given)


def test_a_coded_reason_must_fit_the_rule() -> None:
    (soft,) = check_line(facts(tip="midline", days=15))
    assert check_answer(soft, "short_course", "").text
    with pytest.raises(Refused):
        check_answer(soft, "tolerated", "")
    with pytest.raises(Refused):
        check_answer(replace(soft, tier=Tier.HARD), "short_course", "")
    assert all(r.rule in ("line", "any") for r in reasons_for(soft))
