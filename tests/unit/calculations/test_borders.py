# SPDX-License-Identifier: Apache-2.0
"""Figures on both sides of a formula's borders, where a slip of one sign would show."""

from __future__ import annotations

from decimal import Decimal

import pytest

from openinfusion.calculations.domain.bench.syringe import smallest_syringe
from openinfusion.calculations.domain.body import must_be_adult
from openinfusion.calculations.domain.figures import row, table
from openinfusion.calculations.domain.infusion.minimum import least_minutes
from openinfusion.calculations.domain.infusion.supply import usable_ml
from openinfusion.calculations.domain.levels.population import Covariates, model, typical
from openinfusion.calculations.domain.nutrition.amino_acids import group
from openinfusion.calculations.domain.nutrition.electrolytes import age_group
from openinfusion.calculations.domain.therapies.body_dose import lifetime_limit
from openinfusion.calculations.domain.therapies.clotting import recovery
from openinfusion.calculations.domain.therapies.hydration import holliday_segar
from openinfusion.calculations.domain.therapies.iron import ganzoni
from openinfusion.calculations.public import ask, rounding_percent
from openinfusion.kernel.refusal import Refused


@pytest.mark.parametrize(("kg", "ml"), [("5", "500"), ("10", "1000"), ("12", "1100"), ("20", "1500"), ("20.5", "1510"), ("25", "1600")])
def test_maintenance_fluid_on_both_sides_of_ten_and_twenty_kilograms(kg: str, ml: str) -> None:
    assert holliday_segar(Decimal(kg)) == Decimal(ml)


@pytest.mark.parametrize(("kg", "stores"), [("34.9", "523.5"), ("35", "500"), ("35.5", "500"), ("70", "500")])
def test_iron_stores_are_fifteen_per_kilogram_only_below_thirty_five(kg: str, stores: str) -> None:
    rise = Decimal(5)
    assert ganzoni(Decimal(kg), Decimal(15), Decimal(10)) - Decimal(kg) * rise * Decimal("2.4") == Decimal(stores)


def test_a_syringe_is_filled_up_to_its_share_and_not_beyond() -> None:
    smallest = min((r.figure("nominal_ml") for r in table("syringes") if r["kind"] == "syringe"), default=Decimal(0))
    full = smallest * 75 / 100
    assert smallest_syringe(full, Decimal(75)).figure("nominal_ml") == smallest
    assert smallest_syringe(full + Decimal("0.001"), Decimal(75)).figure("nominal_ml") > smallest


def test_the_shortest_plausible_adult_is_still_one() -> None:
    shortest = row("body", name="adult").figure("shortest_cm")
    must_be_adult(Decimal(40), shortest, confirmed=False, otherwise="")
    with pytest.raises(Refused) as no:
        must_be_adult(Decimal(40), shortest - Decimal("0.1"), confirmed=False, otherwise="")
    assert [r.code for r in no.value.reasons] == ["height-implausible"]


def test_a_population_model_covers_its_oldest_and_youngest() -> None:
    goti = model("goti-2018")
    for age in (goti.figure("from_years"), goti.figure("to_years")):
        assert typical(goti, Covariates(weight=Decimal(70), age=age, crcl=Decimal(65)))
    for age in (goti.figure("from_years") - 1, goti.figure("to_years") + 1):
        with pytest.raises(Refused):
            typical(goti, Covariates(weight=Decimal(70), age=age, crcl=Decimal(65)))


@pytest.mark.parametrize(("years", "name"), [("0.0833", "newborn"), ("0.08334", "infant"), ("0.99", "infant"), ("1", "young"), ("10", "young"),
                                             ("10.1", "teen"), ("16.9", "teen"), ("17", ""), ("18", "adult-stable")])  # fmt: skip
def test_the_groups_of_amino_acids_begin_and_end_where_the_label_says(years: str, name: str) -> None:
    assert group(Decimal(years), critical=False) == name


@pytest.mark.parametrize(("years", "kg", "name"), [("18", "60", "adult"), ("17.9", "50", "child"), ("17.9", "50.1", "adolescent"), ("17.9", "51", "adolescent")])
def test_the_groups_of_electrolytes_go_by_age_then_weight(years: str, kg: str, name: str) -> None:
    assert age_group(Decimal(years), Decimal(kg), preterm=False) == name


def test_the_shortest_infusion_is_the_longer_of_label_and_rate() -> None:
    assert least_minutes(Decimal(1000), None) == 0 and least_minutes(Decimal(5), Decimal(10)) == Decimal("0.5")
    assert least_minutes(Decimal(1000), Decimal(10), Decimal(60)) == 100 and least_minutes(Decimal(100), Decimal(10), Decimal(60)) == 60


def test_a_reservoir_with_less_than_a_millilitre_left_still_gives_it() -> None:
    assert usable_ml(Decimal("2.5"), Decimal(1), Decimal(1)) == Decimal("0.5")
    with pytest.raises(Refused):
        usable_ml(Decimal(2), Decimal(1), Decimal(1))


def test_a_recovery_ends_below_its_age_and_the_next_row_begins() -> None:
    split = [(r["product"], Decimal(r["below_years"])) for r in table("clotting_factors") if r.get("below_years") is not None]
    assert split
    for product, border in split:
        assert recovery(product, border - Decimal("0.01")) is not recovery(product, border)


def test_a_whole_life_has_a_limit_for_the_drugs_on_file_only() -> None:
    found = lifetime_limit("doxorubicin")
    assert found is not None and found[0] == row("lifetime_limits", drug="doxorubicin").figure("mg_per_m2")
    assert lifetime_limit("ceftriaxone") is None


def test_sex_decides_the_ideal_weight_of_every_sheet_that_asks_for_it() -> None:
    given = {"age": "40 a", "weight": "95 kg", "height": "170 cm", "creatinine": "1.0 mg/dL"}
    men, women = (ask("creatinine-clearance", given | {"sex": sex}) for sex in ("male", "female"))
    assert str(men) != str(women)
    ratio = _first(women) / _first(men)
    assert ratio < Decimal("0.85")  # the factor of Cockcroft and Gault, and a lower ideal weight besides


def _first(answer: object) -> Decimal:
    return Decimal(next(r.value for r in answer.worked.results if hasattr(r, "value") and r.unit))  # type: ignore[attr-defined]


def test_a_rounding_policy_says_its_percent() -> None:
    assert (rounding_percent("hopa-10"), rounding_percent("narrow-5")) == (Decimal(10), Decimal(5))
