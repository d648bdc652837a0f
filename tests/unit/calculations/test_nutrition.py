# SPDX-License-Identifier: Apache-2.0
"""Parenteral nutrition: what the sheets refuse, where they cannot judge, and the traps of the sources."""

from __future__ import annotations

from decimal import Decimal as D
from typing import Any

import pytest

from openinfusion.calculations.domain.calculation import Result, Verdict
from openinfusion.calculations.domain.figures import row, table
from openinfusion.calculations.domain.nutrition import amino_acids, lipid, phosphates
from openinfusion.calculations.domain.nutrition.calcium_phosphate import Mixture, SolubilityCurve, fitting, judge, phosphate_of
from openinfusion.calculations.domain.nutrition.cycling import Ramp, cycle, for_pump, longhurst
from openinfusion.calculations.domain.nutrition.electrolytes import age_group
from openinfusion.calculations.domain.nutrition.energy import kcal_of_grams, kcal_of_volume
from openinfusion.calculations.domain.nutrition.gauge import Gauge, Limit, limit, on_file
from openinfusion.calculations.domain.nutrition.glucose_rate import glucose_rate
from openinfusion.calculations.domain.nutrition.nitrogen import nitrogen
from openinfusion.calculations.domain.nutrition.osmolarity import estimate
from openinfusion.calculations.domain.nutrition.product import product, products
from openinfusion.calculations.public import Worked, ask
from openinfusion.kernel.refusal import Broken, Malformed, Refused
from openinfusion.kernel.standing import Standing

SOURCE = row("nutrition_practice", name="filter_micron").source


def worked(name: str, **given: Any) -> Worked:
    return ask(name, given).worked


def codes(worked_: Worked) -> dict[str, str]:
    return {r.name: r.code for r in worked_.results if isinstance(r, Verdict)}


def refusal(name: str, **given: Any) -> list[str]:
    with pytest.raises(Refused) as no:
        ask(name, given)
    return [reason.code for reason in no.value.reasons]


# ---- traps of the sources


def test_t4_the_two_conventions_of_the_glucose_rate_are_named_and_nine_percent_apart() -> None:
    hydrous = glucose_rate(D(100), D(10), D(24), convention="hydrous")
    anhydrous = glucose_rate(D(100), D(10), D(24), convention="anhydrous")
    assert abs(anhydrous / hydrous - D(10) / 11) < D("1e-20")
    given = {"dextrose": "100 g", "weight": "10 kg", "duration": "24 h"}
    with pytest.raises(Malformed):
        ask("glucose-rate", given)
    labels = [worked("glucose-rate", **given, convention=c).results[0].label for c in ("hydrous", "anhydrous")]
    assert "hydrous dextrose" in labels[0] and "anhydrous glucose" in labels[1]


def test_t5_nitrogen_takes_the_factor_of_the_product_and_never_6_25() -> None:
    each = {code: nitrogen(D(100), code) for code in ("travasol", "prosol", "trophamine")}
    assert [round(n, 1) for n in each.values()] == [D("16.5"), D("16.1"), D("15.5")]
    assert D(16) not in each.values()
    assert all(r.figure("gram_per_nitrogen") != D("6.25") for r in table("nutrition_nitrogen"))


def test_t6_lipid_energy_differs_between_book_and_emulsion() -> None:
    assert kcal_of_grams("fat-textbook", D(72)) == 648
    assert kcal_of_grams("ile-20", D(72)) == 720
    assert kcal_of_volume("ile-30", D(100)) == 300
    assert kcal_of_volume("omegaven-10", D(100)) == 112


def test_t8_calcium_gluconate_takes_the_label_and_no_molar_mass() -> None:
    result = worked("calcium-gluconate", volume="10 mL")
    assert result.value("calcium") == D("4.65")
    assert result.value("salt") == 1
    assert abs(result.value("calcium") - 2 * 1000 / D("448.4")) > D("0.1")  # what the monohydrate would give


def test_t9_one_mosm_per_meq_needs_both_ions_and_cations_alone_count_twice() -> None:
    none = {"dextrose_g": D(0), "amino_acids_g": D(0), "lipid_g": D(0)}
    both = estimate(volume_ml=D(2100), electrolytes_meq=D(478), cations_only=False, **none)
    cations = estimate(volume_ml=D(2100), electrolytes_meq=D(239), cations_only=True, **none)
    assert both == cations
    assert abs(cations - 229) < 2


def test_t10_multrys_gives_no_figure_where_its_table_and_its_sentence_disagree() -> None:
    assert worked("trace-and-vitamin-volume", product="multrys", weight="1 kg").value("volume") == D("0.3")
    assert worked("trace-and-vitamin-volume", product="multrys", weight="9 kg").value("volume") == 1
    assert refusal("trace-and-vitamin-volume", product="multrys", weight="0.89 kg") == ["label-disagrees"]
    assert codes(worked("trace-and-vitamin-volume", product="multrys", weight="0.5 kg"))["every"] == "two-days"


def test_t10_the_serum_potassium_is_read_in_meq_per_litre_though_the_label_prints_decilitre() -> None:
    given = {"serum_phosphorus": "1.5 mg/dL", "lower_limit": "2.5 mg/dL", "weight": "60 kg"}
    with pytest.raises(Malformed):
        ask("phosphate-replacement", given | {"serum_potassium": "4 mEq/dL"})
    assert refusal("phosphate-replacement", **given, serum_potassium="4.5 mEq/L") == ["potassium-high"]


# ---- gauges


def test_a_gauge_tells_soft_from_hard_on_both_sides() -> None:
    bounds = Limit(name="x", group="g", unit="mL", soft_low=D(2), soft_high=D(4), hard_low=D(1), hard_high=D(5), source=SOURCE)
    found = [Gauge("x", "X", value, "mL", bounds).code for value in map(D, ("0.9", "1", "2", "4", "5", "5.1"))]
    assert found == ["hard-low", "soft-low", "within", "within", "soft-high", "hard-high"]
    assert Gauge("x", "X", D(6), "mL", bounds).hard
    assert Gauge("x", "X", None, "mL", bounds).text.startswith("no figure")
    assert Gauge("x", "X", D(1), "mL", None).code == "cannot-judge"


def test_a_limit_of_the_site_stands_in_front_and_must_not_cross() -> None:
    own = Limit(name="plateau", group="all", unit="mL/h", soft_high=D(150), hard_high=D(180), source=SOURCE)
    other = Limit(name="can", group="all", unit="mmol/L", soft_high=D(700), source=SOURCE)
    assert limit("plateau", "all", (other, own)) is own
    assert limit("plateau", "all", (other,)) != own
    assert limit("plateau", "nobody") is None
    with pytest.raises(Broken):
        on_file("plateau", "nobody")
    with pytest.raises(Refused):
        Limit(name="x", group="g", unit="mL", soft_high=D(5), hard_high=D(4), source=SOURCE)


def test_without_a_hard_limit_on_file_three_times_the_usual_is_a_slip() -> None:
    zinc = on_file("zinc", "preterm")
    assert zinc.hard_high == 3 * D(400)
    assert Gauge("zinc", "Zinc", D(400_000), zinc.unit, zinc).code == "hard-high"  # the milligrams for micrograms on record
    sodium = on_file("sodium", "child")
    assert Gauge("sodium", "Sodium", D(3 * 60), sodium.unit, sodium).code == "hard-high"  # sixty times, on record


def test_no_figure_is_signed_and_every_limit_has_a_source() -> None:
    names = (
        "limits",
        "products",
        "energy",
        "nitrogen",
        "lipid",
        "sequence",
        "bands",
        "phosphate",
        "premix",
        "cysteine",
        "practice",
    )
    for name in names:
        for found in table(f"nutrition_{name}"):
            assert found.source.standing is Standing.UNVERIFIED
            assert found.source.text


# ---- single sheets


@pytest.mark.parametrize(
    ("substrate", "code"),
    [
        ({"substrate": "dextrose"}, "no-amount"),
        ({"substrate": "dextrose", "mass": "1 g", "volume": "1 mL"}, "two-amounts"),
        ({"substrate": "dextrose", "volume": "1 mL"}, "needs-strength"),
    ],
)
def test_energy_needs_one_amount_and_a_strength_where_mass_counts(substrate: dict[str, str], code: str) -> None:
    assert refusal("nutrition-energy", substrates=[substrate]) == [code]


def test_a_goal_that_is_exceeded_leaves_no_lipid() -> None:
    given = {"goal": "500 kcal", "dextrose": "240 g", "amino_acids": "90 g", "emulsion": "ile-20", "weight": "60 kg"}
    assert refusal("lipid-for-energy-goal", **given) == ["goal-exceeded"]


def test_energy_per_nitrogen_comes_with_the_energy() -> None:
    result = worked("nitrogen", product="travasol", amino_acids="60.6 g", energy="1000 kcal")
    assert result.value("ratio") == 100


def test_an_osmolarity_of_the_label_stands_in_for_a_missing_one() -> None:
    parts = [{"product": "famotidine", "volume": "10 mL", "osmolarity": "500 mOsm/L"}]
    assert worked("osmolarity-components", parts=parts, line="central").value("osmolarity") == 500


@pytest.mark.parametrize(
    ("age", "dose", "verdict"),
    [
        ("1 a", "3", "within"),
        ("2 a", "2.6", "hard-high"),
        ("11 a", "2.5", "within"),
        ("12 a", "2.1", "hard-high"),
        ("18 a", "2.5", "within"),
    ],
)
def test_the_lipid_limit_changes_at_2_12_and_18_years(age: str, dose: str, verdict: str) -> None:
    result = worked("lipid-dose-limit", product="intralipid-20", age=age, dose=f"{dose} g/kg/d")
    assert codes(result)["daily"] == verdict


def test_omegaven_is_not_judged_in_adults() -> None:
    result = worked("lipid-dose-limit", product="omegaven-10", age="30 a", dose="1 g/kg/d")
    assert codes(result) == {"daily": "cannot-judge"}
    assert lipid.rate("omegaven-10", D(30), D(1)).code == "cannot-judge"


def test_a_site_may_hold_a_lower_limit_of_an_emulsion() -> None:
    own = Limit(name="lipid", group="intralipid-20", unit="g/kg/d", hard_high=D(1), source=SOURCE)
    assert lipid.daily("intralipid-20", D(30), D(2), (own,)).code == "hard-high"
    assert lipid.daily("smoflipid-20", D(30), D(2), (own,)).code == "within"


@pytest.mark.parametrize(
    ("hours", "admixture", "code"),
    [(12, False, "within"), (13, False, "too-long"), (24, False, "split"), (24, True, "within"), (25, True, "too-long")],
)
def test_an_emulsion_alone_hangs_half_a_day(hours: int, admixture: bool, code: str) -> None:
    assert lipid.hang_time(D(hours), admixture=admixture).code == code


@pytest.mark.parametrize(
    ("age", "group"),
    [
        ("0.05", "newborn"),
        ("0.5", "infant"),
        ("1", "young"),
        ("10", "young"),
        ("10.1", "teen"),
        ("16.9", "teen"),
        ("17", ""),
        ("18", "adult-stable"),
    ],
)
def test_amino_acids_follow_the_groups_of_the_label_which_is_silent_at_17(age: str, group: str) -> None:
    assert amino_acids.group(D(age), critical=False) == group
    assert amino_acids.group(D(18), critical=True) == "adult-critical"


def test_amino_acids_at_17_are_not_judged() -> None:
    result = worked("amino-acid-range", age="17 a", dose="1 g/kg/d")
    assert codes(result) == {"amino_acids": "cannot-judge"} and not result.used


def test_cysteine_changes_at_12_years() -> None:
    assert worked("cysteine", age="12 a", amino_acids="50 g").value("volume") == 7


def test_ready_made_bags_are_judged_in_adults_only() -> None:
    assert worked("premix-rate", product="kabiven", weight="70 kg", age="40 a").value("volume") == 2800
    assert refusal("premix-rate", product="kabiven", weight="40 kg", age="12 a") == ["not-adult"]


def test_age_groups_follow_age_weight_and_birth() -> None:
    assert age_group(D(16), D(55), preterm=False) == "adolescent"
    assert age_group(D(16), D(50), preterm=False) == "child"
    assert age_group(D("0.02"), D(1), preterm=True) == "preterm"
    with pytest.raises(Refused):
        age_group(D(1), D(10), preterm=True)


def test_an_electrolyte_must_be_given_and_calcium_one_way() -> None:
    assert refusal("electrolyte-range", weight="70 kg", age="40 a") == ["nothing-given"]
    assert refusal("calcium-gluconate") == ["one-of-two"]
    assert refusal("calcium-gluconate", volume="1 mL", calcium="1 mEq") == ["one-of-two"]


@pytest.mark.parametrize(
    ("serum", "high"), [("1.8", "0.31"), ("2.4", "0.31"), ("1.7", "0.43"), ("1", "0.43"), ("0.9", "0.64"), ("0", "0.64")]
)
def test_the_dose_of_phosphate_follows_the_serum(serum: str, high: str) -> None:
    assert phosphates.dose_row(D(serum), D("2.5")).figure("high") == D(high)


@pytest.mark.parametrize(
    ("serum", "code"), [("1.75", "between-bands"), ("2.5", "phosphorus-not-low"), ("3", "phosphorus-not-low")]
)
def test_no_dose_between_the_bands_or_above_the_lower_limit(serum: str, code: str) -> None:
    given = {"lower_limit": "2.5 mg/dL", "serum_potassium": "3.5 mEq/L", "weight": "60 kg"}
    assert refusal("phosphate-replacement", serum_phosphorus=f"{serum} mg/dL", **given) == [code]


def test_a_heavy_patient_gets_the_capped_dose() -> None:
    given = {"serum_phosphorus": "0.8 mg/dL", "lower_limit": "2.5 mg/dL", "serum_potassium": "3.5 mEq/L", "weight": "100 kg"}
    result = worked("phosphate-replacement", **given)
    assert result.value("high") == 45 and result.warnings[0].code == "capped"


def test_below_12_years_the_phosphate_rate_is_not_judged() -> None:
    result = worked("phosphate-infusion", phosphate="1 mmol", volume="100 mL", duration="4 h", age="3 a", line="central")
    assert codes(result) == {"concentration_verdict": "within", "rate_verdict": "cannot-judge"}


def test_the_daily_phosphate_of_the_label_follows_age() -> None:
    assert phosphates.daily_limit(D("0.5"), D(5)).soft_high == 10
    assert phosphates.daily_limit(D(5), D(20)).soft_high == 20
    assert phosphates.daily_limit(D(11), D(60)).soft_high == 40
    assert (phosphates.daily_limit(D(40), D(70)).soft_low, phosphates.daily_limit(D(40), D(70)).soft_high) == (20, 40)


def test_a_large_volume_without_a_figure_counts_with_its_ceiling() -> None:
    result = worked("aluminium", components=[{"volume": "2 L", "large_volume": "yes"}], weight="5 kg")
    assert result.value("total") == 50 and codes(result) == {"verdict": "hard-high"}


def test_a_two_in_one_alone_may_have_the_fine_filter_and_lipid_alone_is_changed_sooner() -> None:
    alone = worked("nutrition-filter", content="2-in-1")
    assert alone.value("pore") == D("0.22") and codes(alone) == {"also": "1.2"}
    assert worked("nutrition-filter", content="lipid").value("change") == 12


def test_overfill_may_be_asked_without_ingredients() -> None:
    assert not worked("overfill", volume="1000 mL", overfill="50 mL").tables


def test_what_a_product_is_not_on_file_is_refused_and_an_ion_is_no_product() -> None:
    for code, reason in (("potassium", "ion-not-salt"), ("moonshine", "product-unknown")):
        with pytest.raises(Refused) as no:
            product(code)
        assert no.value.reasons[0].code == reason
    assert [p.kind for p in products()][:2] == ["amino_acids", "amino_acids"]


# ---- cycling


def test_tapers_that_take_the_whole_cycle_leave_no_plateau() -> None:
    ramps = [{"hours": "1 h", "share": "50 %"}]
    assert refusal("nutrition-cycle", volume="1 L", duration="2 h", up=ramps, down=ramps) == ["no-plateau"]
    assert refusal("nutrition-cycle-longhurst", volume="1 L", duration="4 h") == ["no-plateau"]


def test_the_glucose_rate_of_a_cycle_needs_dextrose_and_weight() -> None:
    assert refusal("nutrition-cycle", volume="1 L", duration="10 h", dextrose="100 g") == ["half-given"]


def test_a_pump_too_coarse_for_the_rate_is_refused() -> None:
    given = {"volume": "10 mL", "duration": "24 h", "pump_step": "1 mL/h"}
    assert refusal("nutrition-cycle", **given) == ["below-pump-step"]


def test_a_cycle_without_tapers_has_no_first_step_to_judge() -> None:
    assert codes(worked("nutrition-cycle", volume="1 L", duration="10 h"))["end_verdict"] == "cannot-judge"


def test_the_pump_keeps_the_rates_that_are_whole_already() -> None:
    paces = longhurst(D(1900), D(12))
    assert for_pump(paces, D("0.1")) == paces
    half = Ramp(D(1), D("0.5"))
    assert cycle(D(2200), D(12), [half], [half])[1].rate_ml_h == 200


# ---- calcium beside phosphate


def curve(**other: Any) -> SolubilityCurve:
    plain: dict[str, Any] = {
        "product": "a",
        "amino_acid_percent": D(2),
        "dextrose_percent": D(10),
        "cysteine": False,
        "temperature_c": D(37),
        "source": "made up for this test",
        "points": ((D(10), D(30)), (D(20), D(15)), (D(30), D(5))),
        "signed_by": "RPh",
    }
    return SolubilityCurve(**(plain | other))


def mixture(calcium: str, phosphate: str, **other: Any) -> Mixture:
    plain: dict[str, Any] = {
        "product": "a",
        "amino_acid_percent": D(3),
        "dextrose_percent": D(15),
        "cysteine": False,
        "temperature_c": D(25),
        "calcium_meq_l": D(calcium),
        "phosphate_mmol_l": D(phosphate),
    }
    return Mixture(**(plain | other))


@pytest.mark.parametrize(
    ("calcium", "phosphate", "code"),
    [
        ("10", "20", "below"),
        ("13.5", "20", "near"),
        ("15", "20", "near"),
        ("15.1", "20", "above"),
        ("22.6", "15", "above"),
        ("1", "9", "cannot-judge"),
        ("1", "31", "cannot-judge"),
        ("0", "99", "below"),
        ("99", "0", "below"),
    ],
)
def test_calcium_is_judged_by_the_curve_and_never_beyond_it(calcium: str, phosphate: str, code: str) -> None:
    said = judge((curve(),), mixture(calcium, phosphate))
    assert said.code == code
    assert "compatible" not in said.text


@pytest.mark.parametrize(
    "other",
    [
        {"product": "b"},
        {"signed_by": ""},
        {"amino_acid_percent": D(4)},
        {"dextrose_percent": D(20)},
        {"cysteine": True},
        {"temperature_c": D(20)},
    ],
)
def test_a_curve_that_does_not_fit_cannot_judge(other: dict[str, Any]) -> None:
    assert judge((curve(**other),), mixture("1", "20")).code == "cannot-judge"


def test_the_nearest_safe_curve_holds_and_of_several_the_lowest() -> None:
    near = curve(amino_acid_percent=D(3))
    assert fitting((curve(), near), mixture("1", "20")) == (near,)
    sweeter = curve(dextrose_percent=D(15), points=((D(10), D(20)), (D(30), D(4))))
    assert set(fitting((near, sweeter), mixture("1", "20"))) == {near, sweeter}
    assert judge((near, sweeter), mixture("14", "20")).code == "above"
    assert judge((curve(),), mixture("14", "20"), D(1)).code == "below"


@pytest.mark.parametrize("points", [((D(10), D(5)),), ((D(10), D(5)), (D(20), D(6))), ((D(20), D(5)), (D(10), D(6)))])
def test_a_curve_that_rises_or_has_one_point_is_refused(points: Any) -> None:
    with pytest.raises(Refused):
        curve(points=points)


def test_no_curve_is_shipped() -> None:
    assert not [r for name in ("limits", "products", "practice") for r in table(f"nutrition_{name}") if r.get("points")]


def test_all_sources_of_phosphate_count() -> None:
    assert phosphate_of(salts_mmol=D(20), amino_acids_mmol=D(5), lipid_ml=D(200)) == 28


def test_calcium_chloride_is_not_judged_by_a_curve_of_gluconate() -> None:
    given = {
        "calcium": "5 mEq", "phosphate": "10 mmol", "volume": "1 L", "amino_acid_percent": "3 %", "dextrose_percent": "10 %",
        "temperature": "25 Cel", "salt": "chloride", "curve_amino_acid_percent": "3 %", "curve_dextrose_percent": "10 %",
        "curve_temperature": "25 Cel", "same_product": "no", "signed": "yes",
        "curve": [{"phosphate": "5 mmol/L", "calcium": "20 mEq/L"}, {"phosphate": "20 mmol/L", "calcium": "5 mEq/L"}],
    }  # fmt: skip
    assert refusal("calcium-phosphate", **given) == ["calcium-chloride"]
    assert codes(worked("calcium-phosphate", **(given | {"salt": "gluconate"}))) == {"calcium_phosphate": "cannot-judge"}


def test_every_figure_has_a_unit() -> None:
    result = worked("emulsion-floor", amino_acids="90 g", dextrose="240 g", lipid="50 g", volume="2100 mL")
    assert all(r.unit for r in result.results if isinstance(r, Result))
