# SPDX-License-Identifier: Apache-2.0
"""The checks that read rows: each border, each way in which they cannot judge, and the rows themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from openinfusion.clinical.domain.caution import cautions
from openinfusion.clinical.domain.checks import CHECKS, judge
from openinfusion.clinical.domain.checks.age import check_age
from openinfusion.clinical.domain.checks.allergy import check_allergy
from openinfusion.clinical.domain.checks.device import check_device
from openinfusion.clinical.domain.checks.dose_range import check_dose_range
from openinfusion.clinical.domain.checks.duplicate import check_duplicate
from openinfusion.clinical.domain.checks.duration import check_duration
from openinfusion.clinical.domain.checks.hepatic import check_hepatic
from openinfusion.clinical.domain.checks.lab import check_lab
from openinfusion.clinical.domain.checks.line import check_line
from openinfusion.clinical.domain.checks.monitoring import check_monitoring
from openinfusion.clinical.domain.checks.pregnancy import Status, check_pregnancy, status_of
from openinfusion.clinical.domain.checks.rate import check_rate
from openinfusion.clinical.domain.checks.renal import check_renal
from openinfusion.clinical.domain.checks.route import check_route
from openinfusion.clinical.domain.checks.sensitivity import check_sensitivity
from openinfusion.clinical.domain.condition import on_record
from openinfusion.clinical.domain.drug_class import ANY, class_names, terms
from openinfusion.clinical.domain.facts import DoseLimits, Facts, Figure, KnownAllergy, ListedTest, OrderedDrug, PatientFacts
from openinfusion.clinical.domain.figures import read_rows
from openinfusion.clinical.domain.finding import Finding, Tier
from openinfusion.clinical.domain.interaction import starting_rows
from openinfusion.clinical.domain.scenario import TODAY, facts_of
from openinfusion.kernel.quantity import MG, UNITS, Quantity

D = Decimal


def made(drug: str, **given: Any) -> Facts:
    """The facts of a scenario; ``order`` and ``patient`` change single fields."""
    order, patient = given.pop("order", {}), given.pop("patient", {})
    facts = facts_of({"drug": drug, **given})
    return replace(facts, order=replace(facts.order, **order), patient=replace(facts.patient, **patient))


def said(found: list[Finding]) -> dict[str, Tier]:
    return {f.code: f.tier for f in found if f.tier is not Tier.PASSED}


def weighed(kg: int) -> dict[str, Any]:
    return {"weight_kg": Figure(value=D(kg), on=TODAY)}


# rate, concentration, dilution

@pytest.mark.parametrize(("dose", "minutes", "expected"), [
    ("1000 mg", 60, {}),
    ("1000 mg", 59, {"rate-vancomycin": Tier.SOFT}),
    ("2000 mg", 60, {"rate-vancomycin": Tier.SOFT}),
    ("2001 mg", 60, {"rate-vancomycin": Tier.HARD}),
    ("1000 mg", 0, {}),
    ("1000 [iU]", 60, {"rate-unit": Tier.CANNOT_JUDGE}),
])
def test_a_rate_has_a_soft_and_a_hard_border(dose: str, minutes: int, expected: dict[str, Tier]) -> None:
    assert said(check_rate(made("vancomycin J01XA01", dose=dose, minutes=minutes))) == expected


def test_a_rate_per_kilogram_needs_a_weight() -> None:
    fast = made("foscarnet J05AD01", dose="7000 mg", minutes=60)
    assert said(check_rate(fast)) == {"rate-foscarnet": Tier.SOFT}
    assert said(check_rate(made("foscarnet J05AD01", dose="4200 mg", minutes=60))) == {}
    assert said(check_rate(made("foscarnet J05AD01", dose="4200 mg", minutes=60, patient={"weight_kg": None}))) == {
        "rate-no-weight": Tier.CANNOT_JUDGE}
    lighter = replace(fast, patient=replace(fast.patient, **weighed(69)))
    assert check_rate(fast)[0].fingerprint != check_rate(lighter)[0].fingerprint


@pytest.mark.parametrize(("per_ml", "tip", "expected"), [
    ("5", "peripheral", {}), ("5.1", "peripheral", {"concentration-vancomycin": Tier.SOFT}), ("5.1", "central", {}),
    ("10.1", "central", {"concentration-vancomycin-central": Tier.HARD}),
])
def test_how_strong_it_may_be_depends_on_the_tip(per_ml: str, tip: str, expected: dict[str, Tier]) -> None:
    facts = made("vancomycin J01XA01", tip=tip, order={"concentration": Quantity(D(per_ml), MG)})
    assert said(check_rate(facts)) == expected


def test_another_dimension_of_concentration_is_not_compared() -> None:
    by_units = {"concentration": Quantity(D(500), UNITS)}
    assert said(check_rate(made("vancomycin J01XA01", order=by_units))) == {}
    assert said(check_rate(made("ferric_carboxymaltose B03AC", order=by_units))) == {}


def test_too_dilute_and_too_little() -> None:
    iron = made("ferric_carboxymaltose B03AC", order={"concentration": Quantity(D("1.9"), MG)})
    assert said(check_rate(iron)) == {"dilution-iron-carboxymaltose": Tier.SOFT}
    assert said(check_rate(made("ferric_carboxymaltose B03AC", order={"concentration": Quantity(D(2), MG)}))) == {}
    assert said(check_rate(made("cefazolin J01DB04", order={"volume_ml": D(9)}))) == {"dilution-cefazolin": Tier.SOFT}
    assert said(check_rate(made("cefazolin J01DB04", order={"volume_ml": D(10)}))) == {}


def test_rate_and_time_must_agree() -> None:
    wrong = {"rate_ml_per_h": D(200), "volume_ml": D(100)}
    assert said(check_rate(made("unknown", order=wrong))) == {"rate-time-disagree": Tier.SOFT}
    assert said(check_rate(made("unknown", order=wrong | {"rate_ml_per_h": D(110)}))) == {}
    assert "No rate" in check_rate(made("vancomycin", route="SC"))[0].text


# laboratory

@pytest.mark.parametrize(("drug", "labs", "expected"), [
    ("parenteral_nutrition B05BA10", [["2823-3", "5.5", "mmol/L", 1]], {}),
    ("parenteral_nutrition B05BA10", [["2823-3", "5.6", "mEq/L", 1]], {"lab-potassium-high": Tier.HARD}),
    ("parenteral_nutrition B05BA10", [["2823-3", "5.6", "mmol/L", 15]], {}),
    ("parenteral_nutrition B05BA10", [["2823-3", "2.9", "mmol/L", 1]], {"lab-potassium-low": Tier.SOFT}),
    ("parenteral_nutrition B05BA10", [["2823-3", "5.6", "bottles", 1]], {"lab-unit": Tier.CANNOT_JUDGE}),
    ("parenteral_nutrition B05BA10", [["2571-8", "4.6", "mmol/L", 1]], {"lab-triglycerides": Tier.SOFT}),
    ("parenteral_nutrition B05BA10", [["2345-7", "200", "mg/dL", 1]], {"lab-glucose-high": Tier.INFO}),
    ("parenteral_nutrition B05BA10", [["2345-7", "251", "mg/dL", 1]], {"lab-glucose-very-high": Tier.SOFT}),
    ("daptomycin J01XX09", [["2157-6", "2001", "U/L", 1]], {"lab-creatine-kinase": Tier.HARD}),
    ("daptomycin J01XX09", [["2157-6", "1000", "U/L", 1]], {}),
    ("vancomycin J01XA01", [["2160-0", "1.0", "mg/dL", 1], ["2160-0", "0.8", "mg/dL", 8]], {}),
    ("vancomycin J01XA01", [["2160-0", "0.6", "mg/dL", 1], ["2160-0", "0.4", "mg/dL", 8]], {"lab-creatinine-rise": Tier.SOFT}),
    ("vancomycin J01XA01", [["2160-0", "1.2", "mg/dL", 1], ["2160-0", "0.8", "?", 8]], {}),
    ("heparin_lock B01AB01", [["777-3", "100", "10*3/uL", 1], ["777-3", "200", "10*3/uL", 9]], {"lab-platelets-heparin": Tier.HARD}),
    ("heparin_lock B01AB01", [["777-3", "101", "10*3/uL", 1], ["777-3", "200", "10*3/uL", 9]], {}),
    ("heparin_lock B01AB01", [["777-3", "101", "10*3/uL", 1], ["777-3", "0", "10*3/uL", 9]], {}),
    ("ganciclovir J05AB06", [["751-8", "499", "/uL", 1]], {"lab-neutrophils-ganciclovir": Tier.HARD}),
    ("ceftriaxone J01DD04", [["6690-2", "2.9", "K/uL", 1]], {"lab-leukocytes-low": Tier.SOFT}),
])
def test_a_result_is_held_against_the_drug(drug: str, labs: list[Any], expected: dict[str, Tier]) -> None:
    assert said(check_lab(made(drug, labs=labs))) == expected


def test_low_potassium_matters_to_whoever_takes_digoxin() -> None:
    low = [["2823-3", "2.9", "mmol/L", 1]]
    assert said(check_lab(made("ceftriaxone J01DD04", labs=low))) == {}
    assert said(check_lab(made("ceftriaxone J01DD04", labs=low, medications=["digoxin 125 mcg"]))) == {
        "lab-potassium-low-digoxin": Tier.SOFT}
    assert said(check_lab(made("ceftriaxone J01DD04", labs=low, others=["digoxin C01AA05"]))) == {
        "lab-potassium-low-digoxin": Tier.SOFT}


def test_another_result_makes_another_finding_and_another_day_does_not() -> None:
    one = made("daptomycin J01XX09", labs=[["2157-6", "2500", "U/L", 1]])
    other = made("daptomycin J01XX09", labs=[["2157-6", "2600", "U/L", 1]])
    later = replace(one, today=TODAY + timedelta(days=2))
    prints = [check_lab(f)[0].fingerprint for f in (one, other, later)]
    assert prints[0] == prints[2] != prints[1]


# kidney, liver, age

def test_kidney_rows() -> None:
    low = {"crcl_ml_per_min": Figure(value=D(29), on=TODAY), "serum_creatinine": Figure(value=D(2), on=TODAY),
           "height_cm": Figure(value=D(170), on=TODAY)}
    assert said(check_renal(made("vancomycin J01XA01"))) == {"renal-unknown": Tier.CANNOT_JUDGE}
    assert said(check_renal(made("vancomycin J01XA01", patient=low))) == {"renal-nephrotoxic": Tier.SOFT}
    (found,) = check_renal(made("cidofovir", patient=low))[:1]
    assert found.tier is Tier.HARD and f"2 {TODAY}" in found.evidence and "70" in found.evidence and "170" in found.evidence
    bare = {"crcl_ml_per_min": Figure(value=D(20), on=TODAY, method="20 mL/min (measured)"), "weight_kg": None}
    assert "measured" in check_renal(made("ketorolac", patient=bare))[0].text
    fine = {"crcl_ml_per_min": Figure(value=D(90), on=TODAY)}
    assert said(check_renal(made("vancomycin J01XA01", patient=fine))) == {}
    assert "No kidney" in check_renal(made("ceftriaxone J01DD04"))[0].text


@pytest.mark.parametrize(("drug", "given", "expected"), [
    ("caspofungin J02AX04", {"conditions": [["K74.60", "cirrhosis of liver"]]}, {"hepatic-caspofungin": Tier.SOFT}),
    ("caspofungin J02AX04", {"conditions": [["", "no cirrhosis"]]}, {}),
    ("caspofungin J02AX04", {"labs": [["1742-6", "201", "U/L", 1]]}, {"hepatic-alt": Tier.SOFT}),
    ("caspofungin J02AX04", {"labs": [["1742-6", "200", "U/L", 1]]}, {}),
    ("caspofungin J02AX04", {"labs": [["1742-6", "201", "U/L", 31]]}, {}),
    ("caspofungin J02AX04", {"labs": [["1742-6", "201", "katal", 1]]}, {"hepatic-unit": Tier.CANNOT_JUDGE}),
    ("docetaxel L01CD02", {"labs": [["1975-2", "30", "umol/L", 1]]}, {"hepatic-bilirubin-chemotherapy": Tier.HARD}),
    ("emicizumab B02BX06", {}, {}),
])
def test_liver_rows(drug: str, given: dict[str, Any], expected: dict[str, Tier]) -> None:
    assert said(check_hepatic(made(drug, **given))) == expected


@pytest.mark.parametrize(("drug", "days", "conditions", "expected"), [
    ("codeine", 4382, [], {"age-codeine": Tier.HARD}),
    ("codeine", 4383, [], {}),
    ("ceftriaxone J01DD04", 20, [], {}),
    ("ceftriaxone J01DD04", 20, [["P59.9", "neonatal jaundice"]], {"age-ceftriaxone-newborn": Tier.HARD}),
    ("gentamicin J01GB03", 23741, [], {}),
    ("gentamicin J01GB03", 23742, [], {"age-aminoglycoside-old": Tier.INFO}),
])
def test_age_rows(drug: str, days: int, conditions: list[Any], expected: dict[str, Tier]) -> None:
    assert said(check_age(made(drug, age_days=days, conditions=conditions))) == expected


def test_an_unknown_age_cannot_be_judged() -> None:
    assert said(check_age(made("codeine", patient={"age_days": None}))) == {"age-unknown": Tier.CANNOT_JUDGE}
    assert said(check_age(made("milrinone C01CE02", patient={"age_days": None}))) == {}


# pregnancy and lactation

@pytest.mark.parametrize(("condition", "status"), [
    (("Z33.1", ""), Status.YES), (("O21.1", "hyperemesis"), Status.YES), (("", "pregnant, 12 weeks"), Status.YES),
    (("", "not pregnant"), Status.NO), (("Z32.02", "pregnancy test, negative"), Status.NO), (("N95.1", "menopause"), Status.NO),
    (("M86.9", "osteomyelitis"), Status.NOT_ASKED),
])
def test_the_status_is_what_is_on_record(condition: tuple[str, str], status: Status) -> None:
    assert status_of((condition,), "pregnant") is status


@pytest.mark.parametrize(("drug", "given", "expected"), [
    ("ganciclovir J05AB06", {"conditions": [["Z33.1", "pregnant"], ["Z39.1", "lactating"]]},
     {"pregnancy-ganciclovir-pregnant": Tier.HARD, "pregnancy-ganciclovir-lactating": Tier.HARD}),
    ("gentamicin J01GB03", {"conditions": [["Z33.1", "pregnant"]]}, {"pregnancy-aminoglycoside-pregnant": Tier.SOFT}),
    ("gentamicin J01GB03", {"conditions": [["", "not pregnant"], ["", "breastfeeding"]]}, {}),
    ("ganciclovir J05AB06", {"age_days": 30_000}, {}),
    ("ganciclovir J05AB06", {"patient": {"age_years": None}}, {"pregnancy-not-asked": Tier.SOFT}),
    ("ganciclovir J05AB06", {"age_days": 11_000, "patient": {"sex": "male"}}, {"pregnancy-not-asked": Tier.INFO}),
    ("ganciclovir J05AB06", {"age_days": 11_000, "conditions": [["Z33.1", ""]], "patient": {"sex": "male"}},
     {"pregnancy-ganciclovir-pregnant": Tier.HARD}),
    ("parenteral_nutrition B05BA10", {"age_days": 11_000}, {}),
    ("ceftriaxone J01DD04", {"age_days": 11_000}, {}),
])
def test_pregnancy_is_asked_and_never_taken_from_the_sex(drug: str, given: dict[str, Any], expected: dict[str, Tier]) -> None:
    assert said(check_pregnancy(made(drug, **given))) == expected


# route, line

def test_a_route_the_catalog_does_not_know_is_a_hard_stop() -> None:
    knows = OrderedDrug(code="vincristine", name="vinCRIStine", atc="L01CA02", routes=frozenset({"IV"}))
    assert said(check_route(made("x", order={"drug": knows, "route": "intrathecal"}))) == {"route-vinca-spine": Tier.HARD}
    assert said(check_route(made("x", order={"drug": knows, "route": "SC"}))) == {"route-vinca-not-iv": Tier.HARD}
    other = OrderedDrug(code="x", name="x", routes=frozenset({"IV"}))
    assert said(check_route(made("x", order={"drug": other, "route": "SC"}))) == {"route-not-on-file": Tier.HARD}
    assert said(check_route(made("x", order={"drug": knows, "route": "iv"}))) == {}
    assert said(check_route(made("x"))) == {"route-unknown": Tier.INFO}


def test_a_line_in_no_vein_cannot_be_judged() -> None:
    assert said(check_line(made("ceftriaxone", tip="sc"))) == {"line-no-vein": Tier.CANNOT_JUDGE}
    assert said(check_line(made("ceftriaxone", tip="epidural", patient={"line_type": ""}))) == {"line-no-vein": Tier.CANNOT_JUDGE}


def test_nutrition_without_an_osmolarity_needs_a_central_tip_or_the_figure() -> None:
    pn = "parenteral_nutrition B05BA10"
    assert said(check_line(made(pn, tip="midline"))) == {"line-osmolarity-unknown": Tier.CANNOT_JUDGE}
    assert said(check_line(made(pn, tip="central"))) == {}


def test_rows_name_vesicants_the_catalog_does_not_and_acids_that_irritate() -> None:
    assert said(check_line(made("vasopressin", tip="peripheral", minutes=1440))) == {"line-vesicant-continuous": Tier.HARD}
    assert said(check_line(made("ganciclovir J05AB06", tip="midline"))) == {"line-ph": Tier.INFO}
    assert said(check_line(made("vancomycin J01XA01", tip="midline"))) == {"line-vesicant": Tier.SOFT}


def test_a_vein_opened_for_each_visit_is_no_long_course() -> None:
    assert said(check_line(made("infliximab L04AB02", tip="peripheral", days=168, order={"interval_hours": 1344}))) == {}
    assert said(check_line(made("cefepime J01DE01", tip="midline", days=15))) == {"line-long-course": Tier.SOFT}


def test_arm_veins_are_spared_where_the_kidneys_fail() -> None:
    picc = {"line_type": "PICC, tip central"}
    low = {"crcl_ml_per_min": Figure(value=D(44), on=TODAY)}
    stage4 = [["N18.4", "kidney disease, stage 4"]]
    assert said(check_line(made("ceftriaxone", patient=picc | low))) == {"line-picc-kidney": Tier.INFO}
    assert said(check_line(made("ceftriaxone", patient=picc, conditions=stage4))) == {"line-picc-kidney": Tier.SOFT}
    assert said(check_line(made("ceftriaxone", patient=picc))) == {}
    assert said(check_line(made("ceftriaxone", patient=low))) == {}


# duration, monitoring, device

@pytest.mark.parametrize(("drug", "days", "conditions", "expected"), [
    ("ketorolac", 5, [], {}), ("ketorolac", 6, [], {"duration-ketorolac": Tier.HARD}),
    ("cefazolin J01DB04", 57, [], {"duration-antibacterial": Tier.SOFT}),
    ("cefazolin J01DB04", 57, [["M86.9", "osteomyelitis"]], {}), ("milrinone", 400, [], {}),
])
def test_duration_rows(drug: str, days: int, conditions: list[Any], expected: dict[str, Tier]) -> None:
    assert said(check_duration(made(drug, days=days, conditions=conditions))) == expected


def later(facts: Facts, days: int) -> Facts:
    return replace(facts, today=facts.today + timedelta(days=days))


def test_before_the_first_test_is_due_a_missing_baseline_is_information() -> None:
    (found,) = check_monitoring(made("daptomycin J01XX09"))
    assert (found.code, found.tier, found.sends_back) == ("monitoring-baseline", Tier.INFO, False)
    assert "creatine kinase" in found.text


def listed(code: str, name: str, state: str = "due", **more: Any) -> ListedTest:
    """A row that is overdue from the third day on."""
    return ListedTest(code=code, name=name, state=state, due_on=TODAY + timedelta(days=1), late_from=TODAY + timedelta(days=3),
                      every_days=7, **more)


CK, CBC, SOME = ("2157-6", "creatine kinase"), ("58410-2", "CBC"), ("audiology", "hearing")


def test_the_list_says_when_a_test_is_late_and_the_drugs_row_how_grave_that_is() -> None:
    start = replace(made("daptomycin J01XX09", days=42), listed=tuple(listed(*t) for t in (CK, CBC, SOME)))
    assert said(check_monitoring(later(start, 2))) == {}
    found = check_monitoring(later(start, 3))
    assert said(found) == {
        "monitoring-creatine-kinase-overdue": Tier.SOFT, "monitoring-cbc-overdue": Tier.INFO, "monitoring-audiology-overdue": Tier.INFO}
    assert not any(f.sends_back for f in found)
    assert {f.fingerprint for f in found} == {f.fingerprint for f in check_monitoring(later(start, 4))}, "a day more is no news"


def test_what_was_answered_or_left_out_is_not_late_and_a_result_waits_for_a_pharmacist() -> None:
    rows = (listed(*CK, state="acted_on"), listed(*CBC, state="cancelled"), listed(*SOME, state="resulted", result="dull"))
    start = replace(made("daptomycin J01XX09", days=42), listed=rows)
    assert said(check_monitoring(later(start, 9))) == {"monitoring-unjudged": Tier.INFO}
    assert "drawn, but no result" in check_monitoring(later(replace(start, listed=(listed(*CK, state="drawn"),)), 9))[0].text


def test_before_there_is_a_list_nothing_is_late_and_an_ended_order_needs_nothing() -> None:
    start = made("daptomycin J01XX09", days=42, labs=[["2160-0", "1", "mg/dL", 2]])
    assert said(check_monitoring(later(start, 40))) == {"monitoring-baseline": Tier.INFO}
    ended = replace(made("daptomycin J01XX09", days=2), listed=(listed(*CK),))
    assert said(check_monitoring(later(ended, 9))) == {}
    current = [["58410-2", "1", "1", 0], ["24323-8", "1", "1", 0], ["2157-6", "50", "U/L", 0]]
    assert said(check_monitoring(made("daptomycin J01XX09", labs=current))) == {}


def test_a_heart_pump_asks_for_more() -> None:
    lvad = [["Z95.811", "LVAD"]]
    assert set(said(check_device(made("cefazolin J01DB04", conditions=lvad)))) == {"device-lvad-pressure", "device-lvad-inr"}
    warfarin = made("cefazolin J01DB04", conditions=lvad, medications=["warfarin 5 mg"])
    assert set(said(check_device(warfarin))) == {"device-lvad-pressure"}, "the interaction says it already"
    assert said(check_device(made("cefazolin J01DB04"))) == {}


# allergies that are no drug class

@pytest.mark.parametrize(("drug", "substance", "reaction", "expected"), [
    ("lipid_emulsion B05BA02", "egg", "anaphylaxis", {"allergy-lipid-egg": Tier.HARD}),
    ("lipid_emulsion B05BA02", "soy", "stomach ache", {"allergy-lipid-soy": Tier.SOFT}),
    ("fish_oil_emulsion", "fish", "hives", {"allergy-lipid-fish": Tier.HARD, "allergy-lipid-fish-ask": Tier.SOFT}),
    ("dextrose", "corn", "", {"allergy-corn-dextrose": Tier.SOFT}),
    ("ceftriaxone", "latex", "itching", {"allergy-latex": Tier.INFO}),
    ("ceftriaxone", "latex", "anaphylaxis", {"allergy-latex": Tier.SOFT}),
    ("ceftriaxone", "chlorhexidine", "rash", {"allergy-chlorhexidine": Tier.INFO}),
    ("heparin_lock B01AB01", "heparin", "thrombocytopenia", {"allergy-heparin-hit": Tier.HARD}),
    ("heparin_lock B01AB01", "heparin", "bruise", {}),
    ("ceftriaxone", "heparin", "HIT in 2019", {"allergy-heparin-line": Tier.SOFT}),
    ("ivig_10 J06BA02", "anti-IgA", "", {"allergy-iga-antibodies": Tier.HARD}),
])
def test_sensitivity_rows(drug: str, substance: str, reaction: str, expected: dict[str, Tier]) -> None:
    assert said(check_sensitivity(made(drug, allergies=[[substance, reaction]]))) == expected


def test_a_product_group_is_judged_by_its_row_and_not_twice_by_its_class() -> None:
    docetaxel = OrderedDrug(code="docetaxel", name="docetaxel", allergy_groups=frozenset({"taxane", "polysorbate"}))
    known = KnownAllergy(substance="polysorbate 80", reaction="anaphylaxis", groups=frozenset({"polysorbate"}))
    facts = made("x", order={"drug": docetaxel}, patient={"allergies": (known,), "allergy_state": "recorded"})
    assert said(check_sensitivity(facts)) == {"allergy-polysorbate": Tier.HARD}
    assert said(check_allergy(facts)) == {}
    bare = replace(facts, patient=replace(facts.patient, allergies=(replace(known, reaction=""),)))
    assert "reaction not recorded" in check_sensitivity(bare)[0].text


def test_a_group_without_a_row_is_judged_by_its_class() -> None:
    opioid = OrderedDrug(code="morphine", name="morphine", allergy_groups=frozenset({"opioid"}))
    known = KnownAllergy(substance="codeine", reaction="rash", groups=frozenset({"opioid"}))
    facts = made("x", order={"drug": opioid}, patient={"allergies": (known,), "allergy_state": "recorded"})
    assert said(check_allergy(facts)) == {"allergy-same-class": Tier.SOFT}
    class_only = KnownAllergy(substance="cephalosporin", reaction="rash", groups=frozenset({"cephalosporin"}))
    cef = OrderedDrug(code="cefazolin", name="cefazolin", allergy_groups=frozenset({"cephalosporin"}))
    facts = made("x", order={"drug": cef}, patient={"allergies": (class_only,), "allergy_state": "recorded"})
    assert said(check_allergy(facts)) == {}


@pytest.mark.parametrize(("text", "found"), [
    ("HIT, 2019", True), ("no HIT", False), ("white cell disorder", False), ("heparin-induced thrombocytopenia", True),
])
def test_short_words_stand_alone_and_what_is_denied_does_not_count(text: str, found: bool) -> None:
    assert bool(on_record((("", text),), ("hit", "heparin-induced thrombocytopenia"))) is found


# duplicates

def test_a_handover_and_a_home_list_are_asked_about() -> None:
    facts = made("vancomycin J01XA01", others=["vancomycin J01XA01"])
    handed = replace(facts, others=(replace(facts.others[0], start_on=date(2026, 1, 1), last_on=TODAY),))
    assert said(check_duplicate(handed)) == {"duplicate-same-drug": Tier.SOFT}
    telavancin = made("telavancin J01XA03", others=["vancomycin J01XA01"])
    handed = replace(telavancin, others=(replace(telavancin.others[0], last_on=TODAY),))
    assert said(check_duplicate(handed)) == {"duplicate-same-class": Tier.INFO}
    assert said(check_duplicate(made("linezolid J01XX08", medications=["linezolid 600 mg"]))) == {"duplicate-home-list": Tier.SOFT}
    assert said(check_duplicate(made("heparin_lock B01AB01 heparin", medications=["heparin"]))) == {}
    assert said(check_duplicate(made("a X sodium_chloride", others=["b Y sodium_chloride"]))) == {}


def test_a_renal_band_rests_on_the_creatinine_and_a_surface_on_the_height() -> None:
    high = Quantity(D(10), MG)
    row = DoseLimits(measure="single", per="m2", usual_low=high, usual_high=high, hard_high=high, crcl_from=D(1))
    patient = {"crcl_ml_per_min": Figure(value=D(60), on=TODAY), "serum_creatinine": Figure(value=D(1), on=TODAY),
               "height_cm": Figure(value=D(171), on=TODAY)}
    found = check_dose_range(replace(made("x", patient=patient), limits=(row,)))[0]
    assert {"171", f"1 {TODAY}"} <= set(found.evidence)


# the rows themselves

FILES = sorted({f for c in CHECKS for f in c.files if f != "interactions.toml"})


@pytest.mark.parametrize("file", FILES)
def test_every_row_is_sourced_unverified_and_speaks_of_known_words(file: str) -> None:
    codes = [r.code for r in cautions(file)]
    assert len(codes) == len(set(codes))
    for row in cautions(file):
        assert row.source.text and row.source.standing.value == "unverified"
        assert row.drugs or row.words("groups")
        assert ANY in row.drugs or all(d in class_names() or d.islower() for d in row.drugs)


def test_every_word_of_the_starting_set_is_a_class_or_an_ingredient() -> None:
    members = {m for row in read_rows("classes.toml")["class"].values() for m in row.get("members", ())}
    alone = {"atazanavir", "febuxostat", "irinotecan", "ramelteon", "tizanidine", "procarbazine", "natalizumab", "daptomycin",
             "foscarnet", "vancomycin", "fluorouracil", "ganciclovir", "ceftriaxone", "imipenem"}
    assert {w for r in starting_rows() for w in r.pair} <= class_names() | members | alone
    assert len({r.code for r in starting_rows()}) == len(starting_rows()) > 40


def test_every_check_says_what_it_does_and_has_reasons_of_its_own() -> None:
    assert all(c.about and c.title and c.section for c in CHECKS)
    assert {f.rule for f in judge(made("ceftriaxone J01DD04"))} == {c.rule for c in CHECKS} - {"nutrition", "regimen"}
    assert "any" in terms(made("ceftriaxone").order.drug)
    assert PatientFacts(allergy_state="none_known").lumens == 1
