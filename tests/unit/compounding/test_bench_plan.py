# SPDX-License-Identifier: Apache-2.0
"""The steps at the hood, worked out from ingredients and formula: what is scanned, dissolved, drawn, looked at."""
from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from typing import Any
from uuid import UUID, uuid4

import pytest

from openinfusion.compounding.domain.bench_plan import BenchLine, Handling, bench_steps
from openinfusion.compounding.domain.bench_step import BenchStep, Proof, StepKind
from openinfusion.compounding.domain.second_look import Concern, is_child, look_after, look_because, look_rules, wants_photo
from openinfusion.kernel.refusal import Broken

K = StepKind


def line(role: str = "drug", **said: Any) -> BenchLine:
    values: dict[str, Any] = {"id": uuid4(), "role": role, "product_id": uuid4(), "name": f"some {role}", "packages": 1,
                              "used_share": D(1), "package_ml": D(20)}
    return BenchLine(**(values | said))


def how(**said: Any) -> Handling:
    return Handling(**({"method": "compound", "container": "bag", "final_volume_ml": D(250), "doses": 1, "withdraw": "never"} | said))


def kinds(steps: tuple[BenchStep, ...]) -> list[str]:
    return [s.kind.value for s in steps]


VIALS = line(packages=3, used_share=D("2500") / D("3000"), reconstitute_ml=D(20), name="vancomycin 1 g vial")
BAGS = line("diluent", packages=2, package_ml=D(250), used_share=D(1), name="sodium chloride 0.9% 250 mL")


def test_a_batch_in_bags_scans_every_vial_dissolves_them_and_makes_bag_after_bag() -> None:
    steps = bench_steps([VIALS, BAGS], how(doses=2))
    assert [s.place for s in steps] == list(range(1, len(steps) + 1))
    assert kinds(steps) == ["scan", "scan", "scan", "reconstitute", "scan", "draw", "inject", "scan", "draw", "inject", "inspect", "seal"]
    assert [s.volume_ml for s in steps[:3]] == [D(20), D(20), D("10.000")], "the last vial is used in part"
    assert steps[3].count == 3 and steps[3].text == "Add 20 mL of diluent to each of the 3 vials"
    assert steps[4].container == 1 and steps[4].volume_ml is None and steps[7].container == 2
    assert steps[5].text == "Draw 25 mL of vancomycin 1 g vial into a syringe of 60 mL" and steps[5].asks is Proof.KEY
    assert steps[-1].text == "Seal all 2 bags"


def test_a_powder_that_takes_up_room_says_so() -> None:
    water = line(role="solvent", name="sterile water 20 mL vial", package_ml=D(20), used_share=D("0.48"))
    (scan, solvent, dissolve, *_) = bench_steps([line(reconstitute_ml=D("9.6"), package_ml=D(10)), water], how())
    assert (solvent.text, solvent.asks, solvent.volume_ml) == ("Scan sterile water 20 mL vial", Proof.SCAN, None)
    assert scan.kind is K.SCAN
    assert dissolve.text == "Add 9.6 mL of diluent (sterile water 20 mL vial) to the vial; the powder takes up 0.4 mL, so that it holds 10 mL"


@pytest.mark.parametrize(("withdraw", "hazardous", "expected"), [("always", False, 1), ("never", True, 0), ("policy", True, 1), ("policy", False, 0)])
def test_what_is_added_is_first_taken_out_where_formula_or_policy_say_so(withdraw: str, hazardous: bool, expected: int) -> None:
    steps = bench_steps([line(package_ml=D(5)), line("diluent", package_ml=D(250))], how(withdraw=withdraw, concern=Concern(hazardous=hazardous)))
    assert kinds(steps).count("withdraw") == expected


def test_a_device_is_scanned_filled_with_diluent_and_then_with_the_drug() -> None:
    lines = [line(package_ml=D(20), packages=2), line("diluent", packages=1, package_ml=D(500), used_share=D("0.32")), line("container", packages=2)]
    steps = bench_steps(lines, how(container="elastomeric", final_volume_ml=D(100), doses=2))
    assert kinds(steps)[:6] == ["scan", "scan", "scan", "scan", "diluent", "draw"]
    assert next(s.text for s in steps if s.kind is K.DILUENT) == "Put 80 mL of some diluent into device 1"
    full = bench_steps([line(package_ml=D(100)), lines[1]], how(container="cassette", final_volume_ml=D(100)))
    assert "diluent" not in kinds(full), "where the drug fills it, nothing is added"


def test_a_dose_may_come_out_of_two_products() -> None:
    steps = bench_steps([line(name="large", package_ml=D(30)), line(name="small", package_ml=D(10))], how(doses=2))
    assert [(s.container, s.name, s.volume_ml) for s in steps if s.kind is K.DRAW] == [(1, "large", D("20.00")), (2, "large", D("10.00")), (2, "small", D("10.00"))]


def test_a_weighed_draw_has_its_band_and_none_where_the_gravity_is_not_known() -> None:
    (draw,) = [s for s in bench_steps([line()], how(weighed=True, gravity=D("1.01"))) if s.kind is K.DRAW]
    assert draw.asks is Proof.WEIGHT and draw.low_g is not None and draw.low_g < D("20.20") == draw.expected_g
    (draw,) = [s for s in bench_steps([line()], how(weighed=True, gravity=None)) if s.kind is K.DRAW]
    assert draw.asks is Proof.KEY and draw.expected_g is None


def test_a_hazardous_dose_waits_after_every_syringe_and_wants_a_picture() -> None:
    steps = bench_steps([line(packages=2), BAGS], how(doses=2, concern=Concern(hazardous=True), closed_system=True))
    assert all("hazardous" in s.look for s in steps if s.kind is K.DRAW)
    assert kinds(steps).count("photo") == 2 and not any(s.look for s in steps if s.kind is not K.DRAW)


def test_too_little_to_be_measured_waits_too() -> None:
    (draw,) = [s for s in bench_steps([line(package_ml=D("0.1"))], how()) if s.kind is K.DRAW]
    assert "too little" in draw.look


def test_more_than_four_syringes_are_transferred_by_pump() -> None:
    (draw,) = [s for s in bench_steps([line(package_ml=D(900))], how(final_volume_ml=D(1000))) if s.kind is K.DRAW]
    assert draw.text == "Transfer 900 mL of some drug by pump or transfer set" and draw.syringe_ml is None and draw.count == 1


def test_nutrition_is_drawn_weighed_looked_at_once_a_bag_and_goes_in_by_the_order_of_mixing() -> None:
    lines = [
        line("nutrition", name="amino acids", group="1. first", each_ml=D(500), gravity=D("1.03"), package_ml=D(2000)),
        line("nutrition", name="dextrose", group="1. first", each_ml=D(300), gravity=D("1.24"), package_ml=D(2000)),
        line("nutrition", name="calcium", group="7. late", each_ml=D("20"), package_ml=D(100), used_share=D("0.4")),
    ]
    steps = bench_steps(lines, how(doses=2, weighed=True, concern=Concern(nutrition=True), tolerance_percent=D(3)))
    draws = [s for s in steps if s.kind is K.DRAW]
    assert [bool(s.look) for s in draws] == [False, False, True] * 2
    assert [s.asks for s in draws[:3]] == [Proof.WEIGHT, Proof.WEIGHT, Proof.KEY]
    assert [s.text for s in steps if s.kind is K.INJECT][:2] == ["Bag 1. 1. first: amino acids, dextrose", "Bag 1. 7. late: calcium"]
    assert [s.volume_ml for s in steps if s.kind is K.INJECT][:2] == [D(800), D(20)]


def test_what_goes_out_as_it_is_supplied_is_scanned_and_looked_at() -> None:
    steps = bench_steps([line(packages=5), line()], how(method="dispense", checks=("package unopened", "right count")))
    assert kinds(steps) == ["scan", "scan", "inspect"] and steps[0].text == "Scan some drug, one of 5"
    assert steps[-1].text == "package unopened; right count"
    assert bench_steps([], how(method="dispense"))[-1].text == "Look at every container"


def test_no_line_means_no_draw_and_an_unknown_container_keeps_its_own_name() -> None:
    assert kinds(bench_steps([], how())) == ["inject", "inspect", "seal"]
    assert bench_steps([line()], how(container="vial-mate"))[-1].text == "Seal the vial-mate"


def test_the_rows_say_when_another_person_looks() -> None:
    assert {r.what for r in look_rules()} >= {"hazardous", "paediatric", "nutrition", "keyed", "out_of_tolerance"}
    assert all(r.source.text and r.source.standing.value == "unverified" for r in look_rules())
    assert look_after(K.DRAW, Concern(paediatric=True, hazardous=True), last=False).count(";") == 1
    assert look_after(K.INJECT, Concern(hazardous=True), last=True) == ""
    assert wants_photo(Concern(nutrition=True)) and not wants_photo(Concern()) and not wants_photo(Concern(hazardous=True), [])
    with pytest.raises(Broken):
        look_because("the weather")


@pytest.mark.parametrize(("born", "child"), [(date(2008, 11, 22), False), (date(2008, 11, 23), True), (date(1968, 7, 14), False)])
def test_a_child_is_one_until_the_day(born: date, child: bool) -> None:
    assert is_child(born, date(2026, 11, 22)) is child


def test_a_step_is_what_it_was_planned_as() -> None:
    step = BenchStep(kind=K.SEAL, text="Seal it")
    assert replace(step, place=3).place == 3 and step.asks is Proof.KEY and isinstance(uuid4(), UUID)
