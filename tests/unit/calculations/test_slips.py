# SPDX-License-Identifier: Apache-2.0
"""One slip of a condition or an argument in nutrition, immune globulin and levels, each of which shows here."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal as D

import pytest
from tests.integration.nutrition_orders import ADULT, changed

from openinfusion.calculations.domain.figures import row
from openinfusion.calculations.domain.levels.dialysis import _against
from openinfusion.calculations.domain.nutrition.bag import bag_of
from openinfusion.calculations.domain.nutrition.compounding import calcium_with_phosphate
from openinfusion.calculations.domain.nutrition.order import Ingredient, Order
from openinfusion.calculations.domain.nutrition.prescribed import Prescribed
from openinfusion.calculations.domain.nutrition.review import review
from openinfusion.calculations.domain.therapies.subcutaneous import site_limits
from openinfusion.calculations.public import ask
from openinfusion.kernel.refusal import Malformed, Refused

ROOM_C = D(25)


def without(order: Order, *codes: str) -> Order:
    return replace(order, ingredients=tuple(i for i in order.ingredients if i.product not in codes))


def with_chloride(order: Order) -> Order:
    salt = Ingredient("calcium-chloride", D(10), "meq/d")
    return replace(order, ingredients=(salt, *(i for i in order.ingredients if i.product != "calcium-gluconate")))


def beside(order: Order) -> str:
    return calcium_with_phosphate(bag_of(order), (), ROOM_C).text


def test_calcium_chloride_cannot_be_judged_beside_phosphate_and_need_not_be_without() -> None:
    assert "calcium chloride beside phosphate" in beside(with_chloride(ADULT))
    bare = without(with_chloride(ADULT), "potassium-phosphates", "intralipid-20")
    assert beside(bare) == "calcium and phosphate do not meet"


def test_phosphate_of_an_emulsion_that_runs_beside_the_bag_does_not_meet_its_calcium() -> None:
    """The emulsion holds phosphate too; beside the bag it meets no calcium, in the bag it does."""
    apart = replace(without(with_chloride(ADULT), "potassium-phosphates"), three_in_one=False)
    assert bag_of(apart).held("p") > 0 and beside(apart) == "calcium and phosphate do not meet"
    gluconate = replace(without(ADULT, "potassium-phosphates"), three_in_one=False)
    assert beside(gluconate) == "calcium and phosphate do not meet"


def test_an_amount_of_zero_may_be_written_and_less_may_not() -> None:
    asked = Prescribed(name="dextrose", label="Dextrose", units=("g/d",))
    assert asked.read("0 g/d") == (D(0), "g/d")
    for said in ("-1 g/d", "90"):
        with pytest.raises(Malformed):
            asked.read(said)


def test_an_overfull_bag_says_by_how_much() -> None:
    with pytest.raises(Refused) as no:
        bag_of(replace(ADULT, volume=D(500)))
    over = round(sum((p.volume_ml for p in bag_of(ADULT).inside), D(0)) - 500, 1)
    assert no.value.reasons[0].text == f"the ingredients are {over.normalize():,f} mL above the volume"


def test_the_label_of_phosphates_bounds_the_day() -> None:
    gauge = next(g for g in review(bag_of(changed(potassium_phosphates="60 mmol/d"))) if g.name == "phosphate_label")
    assert gauge.limit is not None and gauge.limit.soft_high == 40 and gauge.code == "soft-high"


def globulin(sex: str) -> D:
    given = {"dose": "1 g/kg", "weight": "120 kg", "basis": "ideal", "policy": "hopa-10", "height": "170 cm", "sex": sex}
    worked = ask("immune-globulin-dose", given | {"vials": [{"holds": "10000 mg"}]}).worked
    return worked.steps[0].value


def test_a_womans_ideal_weight_is_not_a_mans() -> None:
    assert globulin("male") - globulin("female") == D("4.5")


def test_the_sites_of_gammagard_go_by_weight() -> None:
    with pytest.raises(Refused) as no:
        site_limits("gammagard", 1, D(30), None)
    assert no.value.reasons[0].text == "the limit goes by weight"
    assert site_limits("gammagard", 1, D(30), D("39.9")).figure("ml_per_site") < site_limits("gammagard", 1, D(30), D(40)).figure("ml_per_site")


@pytest.mark.parametrize(("level", "code"), [("14.9", "below"), ("15", "within"), ("20", "within"), ("20.1", "above")])
def test_both_ends_of_the_range_before_dialysis_are_within_it(level: str, code: str) -> None:
    assert _against(D(level), row("vancomycin", name="hemodialysis-policy"), "level").code == code
