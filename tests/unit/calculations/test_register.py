# SPDX-License-Identifier: Apache-2.0
"""The register of calculations and the rows they read: what breaks at once when somebody writes it wrongly."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

import pytest

from openinfusion.calculations.domain.calculation import REGISTER, Result, Step, Verdict, Worked, calculation
from openinfusion.calculations.domain.figures import Row, published, row, table
from openinfusion.calculations.domain.inputs import amount
from openinfusion.calculations.domain.measure import measure
from openinfusion.calculations.domain.nutrition import lipid
from openinfusion.calculations.domain.nutrition.gauge import Limit
from openinfusion.calculations.domain.nutrition.product import UNITS, kinds, stock
from openinfusion.calculations.domain.nutrition.site import BOUNDS, limit_names, site_limit
from openinfusion.kernel.refusal import Broken, Refused

SOURCE = published("a paper", 1976)
WORKED = Worked(
    results=(
        Result(name="dose", label="dose", exact=Decimal("1.25"), unit="mg", step=Decimal("0.01")),
        Verdict(name="fits", label="fits", code="fine", text="yes"),
    )
)


def entering(name: str) -> Any:
    return calculation(name, "Title", group="body", formula="a", source=SOURCE)


def refusal(work: Any, *args: Any, **said: Any) -> list[str]:
    with pytest.raises(Refused) as no:
        work(*args, **said)
    return [r.code for r in no.value.reasons]


def test_a_result_is_asked_for_by_its_name_and_figures_only_of_figures() -> None:
    assert WORKED.value("dose") == Decimal("1.25")
    assert isinstance(WORKED.result("fits"), Verdict)
    with pytest.raises(Broken, match="no result is called rate; there are dose, fits"):
        WORKED.result("rate")
    with pytest.raises(Broken, match="fits is said in words"):
        WORKED.value("fits")


def test_a_step_without_a_figure_is_its_words() -> None:
    assert str(Step("no limit is on file")) == "no limit is on file"
    assert str(Step("dose", Decimal("1250.50"), "mg")) == "dose: 1,250.5 mg"


def test_two_calculations_never_share_a_name() -> None:
    with pytest.raises(Broken, match="two calculations are called"):
        entering(next(iter(REGISTER)))(lambda: WORKED)


def test_every_input_of_a_calculation_is_described() -> None:
    def bare(weight: Decimal) -> Worked:
        return WORKED

    def described(weight: Annotated[Decimal, amount("weight", "kg", "1", "400")]) -> Worked:
        return WORKED

    with pytest.raises(Broken, match="weight needs an Input"):
        entering("bare-for-a-test")(bare)
    try:
        entering("described-for-a-test")(described)
        assert [q.parameter for q in REGISTER["described-for-a-test"].questions] == ["weight"]
    finally:
        REGISTER.pop("described-for-a-test", None)


def test_a_figure_is_never_a_float_and_a_row_never_ambiguous() -> None:
    assert Row({"value": "0.85"}, SOURCE).figure() == Decimal("0.85")
    assert Row({"value": 2}, SOURCE).figure() == 2
    with pytest.raises(Broken, match="is a float"):
        Row({"value": 0.85}, SOURCE).figure()
    with pytest.raises(Broken, match="has 0 rows"):
        row("nutrition_lipid", code="no-such-emulsion")
    with pytest.raises(Broken, match=rf"has {len(table('nutrition_lipid'))} rows"):
        row("nutrition_lipid")


def test_a_unit_is_shown_as_it_is_safe_to_read() -> None:
    assert str(measure("ug/kg/min")) == "mcg/kg/min"


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"kind": "snow"}, ["kind-unknown"]),
        ({"unit": "stone"}, ["unit-unknown"]),
        ({"per_ml": Decimal(0)}, ["no-strength"]),
        ({"kind": "lipid"}, ["energy-unknown"]),
        ({"kind": "lipid", "energy": "coal"}, ["energy-unknown"]),
        ({"kind": "snow", "unit": "stone", "per_ml": Decimal(-1)}, ["kind-unknown", "unit-unknown", "no-strength"]),
    ],
)
def test_a_stock_solution_of_a_site_is_one_that_an_order_knows(changes: dict[str, Any], codes: list[str]) -> None:
    kind = next(k for k in kinds() if k != "lipid")
    assert refusal(stock, **{"kind": kind, "unit": UNITS[0], "per_ml": Decimal(1)} | changes) == codes


def test_a_limit_of_a_site_is_one_that_a_gauge_asks_for_and_has_a_bound() -> None:
    known = limit_names()[0]
    nothing: dict[str, Decimal | None] = dict.fromkeys(BOUNDS)
    assert refusal(site_limit, "no-such", "adult", nothing, SOURCE) == ["limit-unknown"]
    assert refusal(site_limit, known.name, known.group, nothing, SOURCE) == ["no-bound"]


def lipid_limit(**bounds: str) -> Limit:
    return Limit(name="lipid", group="x", unit="g/kg", source=SOURCE, **{k: Decimal(v) for k, v in bounds.items()})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("own", "label", "expected"),
    [
        (None, lipid_limit(hard_high="2.5"), (None, "2.5")),
        (lipid_limit(soft_high="2"), None, ("2", None)),
        (lipid_limit(soft_high="1", hard_high="2"), lipid_limit(hard_high="2.5"), ("1", "2")),
        (lipid_limit(soft_high="2"), lipid_limit(hard_high="2.5"), ("2", "2.5")),  # the label's most stays
        (lipid_limit(soft_high="2.5"), lipid_limit(hard_high="2.5"), ("2.5", "2.5")),
        (lipid_limit(soft_high="3"), lipid_limit(hard_high="2.5"), (None, "2.5")),  # no soft limit beyond it
        (lipid_limit(soft_low="1"), lipid_limit(hard_high="2.5"), (None, "2.5")),
    ],
)
def test_a_soft_limit_of_the_site_never_drops_the_hard_one_of_the_label(
    own: Limit | None, label: Limit | None, expected: tuple[str | None, str | None]
) -> None:
    found = lipid._bound(own, label)
    assert found is not None
    assert (found.soft_high, found.hard_high) == tuple(None if x is None else Decimal(x) for x in expected)
