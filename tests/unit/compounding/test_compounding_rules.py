# SPDX-License-Identifier: Apache-2.0
"""Beyond-use dates, mixtures, vials, supply lengths and label codes on worked examples."""
from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from openinfusion.compounding.domain import reconstitution
from openinfusion.compounding.domain.beyond_use import (
    BeyondUseFacts,
    Component,
    Storage,
    beyond_use,
    end_of_day,
    last_day_of,
    table,
)
from openinfusion.compounding.domain.label import label_code, read_label_code
from openinfusion.compounding.domain.mixture import Package, Recipe, mix
from openinfusion.compounding.domain.reconstitution import Solvent, solvent_rows, solvents_for
from openinfusion.compounding.domain.supply import supply_length
from openinfusion.compounding.domain.vials import VialSize, choose_vials
from openinfusion.kernel.quantity import EACH, MG, ML, Quantity
from openinfusion.kernel.refusal import Broken, Malformed, Refused
from openinfusion.kernel.standing import Standing

D = Decimal
MADE = datetime(2026, 11, 21, 16, 0, tzinfo=UTC)


def facts(**changes: object) -> BeyondUseFacts:
    values: dict[str, object] = {"made_at": MADE, "zone": "America/Chicago", "category": 2, "storage": Storage.REFRIGERATED}
    return BeyondUseFacts(**(values | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(("changes", "hours"), [
    ({"category": 1}, 24), ({"category": 1, "storage": Storage.ROOM}, 12), ({}, 240), ({"storage": Storage.ROOM}, 96), ({"storage": Storage.FROZEN}, 1080),
    ({"nonsterile_start": True}, 96), ({"sterility_tested": True}, 1080), ({"method": "terminal"}, 672), ({"category": 3, "sterility_tested": True}, 2160),
])
def test_the_table_row_is_found_by_category_method_start_and_test(changes: dict[str, object], hours: int) -> None:
    found = beyond_use(facts(**changes))
    assert found.limit.name == "table" and (found.at - MADE).total_seconds() == hours * 3600


def test_what_the_table_does_not_have_is_refused() -> None:
    for changes in ({"category": 3}, {"category": 1, "storage": Storage.FROZEN}, {"category": 2, "method": "unknown"}):
        with pytest.raises(Refused):
            beyond_use(facts(**changes))


def test_the_shortest_limit_wins_and_is_named() -> None:
    lot = Component(name="cefTRIAXone lot A", expires_on=date(2026, 11, 25))
    assert beyond_use(facts(stability_hours=72, components=(lot,))).limit.name == "stability"
    found = beyond_use(facts(stability_hours=239, components=(lot,)))
    assert found.limit.name == "component" and "lot A expires 25-Nov-2026" in found.limit.text
    down = beyond_use(facts(facility_category_limit=1, facility_why="the buffer room failed"))
    assert down.limit.name == "facility" and "buffer room" in down.limit.text
    assert [x.name for x in found.considered] == ["component", "stability", "table"]


def test_a_component_holds_through_its_last_day_at_the_site() -> None:
    assert end_of_day(date(2026, 11, 25), "America/Chicago") == datetime(2026, 11, 26, 6, 0, tzinfo=UTC)
    assert end_of_day(date(2026, 3, 7), "America/Chicago") == datetime(2026, 3, 8, 6, 0, tzinfo=UTC)
    with pytest.raises(Refused, match="no time is left"):
        beyond_use(facts(components=(Component(name="x", expires_on=date(2026, 11, 20)),)))


@pytest.mark.parametrize(("text", "day"), [("2028-02", date(2028, 2, 29)), ("2027-02", date(2027, 2, 28)), ("2026-12", date(2026, 12, 31)), ("2026-11-05", date(2026, 11, 5))])
def test_an_expiry_of_a_month_ends_with_it(text: str, day: date) -> None:
    assert last_day_of(text) == day


def test_every_row_of_the_table_is_dated_sourced_and_openly_unverified() -> None:
    assert len(table()) == 8 and all(r.source.text and r.source.standing is Standing.UNVERIFIED for r in table())


@pytest.mark.parametrize(("need", "sizes", "expected", "waste"), [
    ("546", ["150", "420"], {"420": 1, "150": 1}, "24"), ("600", ["350", "500"], {"350": 2}, "100"), ("355", ["40", "100", "120", "240"], {"240": 1, "120": 1}, "5"),
    ("37", ["1", "2.5", "5", "10", "20", "30"], {"30": 1, "5": 1, "1": 2}, "0"), ("2625", ["518", "1045", "2110"], {"2110": 1, "518": 1}, "3"),
])
def test_vials_are_chosen_for_the_least_left_over(need: str, sizes: list[str], expected: dict[str, int], waste: str) -> None:
    ids = {uuid4(): s for s in sizes}
    opened = choose_vials(D(need), [VialSize(i, D(s)) for i, s in ids.items()])
    assert {ids[o.product_id]: o.packages for o in opened} == expected and sum(o.discarded for o in opened) == D(waste)


def test_the_stock_on_the_shelf_bounds_the_choice() -> None:
    big, small = UUID(int=1), UUID(int=2)
    opened = choose_vials(D(400), [VialSize(big, D(400), free=0), VialSize(small, D(100), free=4)])
    assert [(o.product_id, o.packages) for o in opened] == [(small, 4)]
    with pytest.raises(Refused, match="does not cover"):
        choose_vials(D(500), [VialSize(small, D(100), free=4)])


SOLVENTS = (Solvent(UUID(int=8), "sterile water 20 mL vial", D(20)), Solvent(UUID(int=9), "sterile water 100 mL vial", D(100)))


def recipe(**changes: object) -> Recipe:
    vial = Package(product_id=UUID(int=1), name="vancomycin 1 g vial", holds=Quantity(D(1000), MG), volume_ml=D(20), powder_ml=D(20))
    bag = Package(product_id=UUID(int=2), name="saline 250 mL bag", holds=Quantity(D(250), ML), volume_ml=D(250))
    values: dict[str, object] = {"drug": (vial,), "diluent": bag, "container": None, "container_kind": "bag", "final_volume_ml": D(250),
                                 "max_concentration": Quantity(D(5), MG), "compounded": True, "solvents": SOLVENTS}
    return Recipe(**(values | changes))  # type: ignore[arg-type]


def test_a_supply_takes_pooled_vials_and_a_bag_for_each_dose() -> None:
    made = mix(recipe(), Quantity(D(1250), MG), 14)
    drug, *solvents, diluent = made.lines
    assert [(x.role, x.name, x.packages, x.used.amount, x.discarded.amount) for x in solvents] == [
        ("solvent", "sterile water 100 mL vial", 3, 300, 0), ("solvent", "sterile water 20 mL vial", 3, 60, 0)]
    assert (drug.packages, drug.used.amount, drug.discarded.amount) == (18, 17500, 500)
    assert diluent.packages == 14 and made.concentration == Quantity(D(5), MG)


def test_a_powder_needs_what_it_is_dissolved_with_and_a_liquid_does_not() -> None:
    for solvents in ((), (Solvent(UUID(int=8), "sterile water 20 mL vial", D(20), free=2),)):
        with pytest.raises(Refused):
            mix(recipe(solvents=solvents), Quantity(D(1000), MG), 3)
    liquid = Package(product_id=UUID(int=1), name="solution", holds=Quantity(D(1000), MG), volume_ml=D(20))
    assert [x.role for x in mix(recipe(drug=(liquid,), solvents=()), Quantity(D(1000), MG), 3).lines] == ["drug", "diluent"]


def test_every_drug_has_a_row_for_what_its_powder_is_dissolved_with(monkeypatch: pytest.MonkeyPatch) -> None:
    assert solvents_for("vancomycin").ndcs == solvents_for("").ndcs != solvents_for("daptomycin").ndcs
    monkeypatch.setattr(reconstitution, "solvent_rows", lambda: solvent_rows()[1:])
    with pytest.raises(Broken):
        solvents_for("vancomycin")


def test_a_dose_too_strong_for_the_bag_gets_more_volume() -> None:
    made = mix(recipe(), Quantity(D(1500), MG), 1)
    assert made.final_volume_ml == 300 and made.concentration == Quantity(D(5), MG)


def test_a_product_that_goes_out_as_it_is_takes_nothing_else() -> None:
    made = mix(recipe(compounded=False, diluent=None), Quantity(D(1000), MG), 2)
    assert [line.role for line in made.lines] == ["drug"]


def test_a_device_is_one_for_each_dose() -> None:
    ball = Package(product_id=UUID(int=3), name="elastomeric", holds=Quantity(D(1), EACH), volume_ml=D(0))
    made = mix(recipe(container=ball, container_kind="elastomeric"), Quantity(D(1000), MG), 7)
    assert made.lines[-1].packages == 7 and made.lines[-2].packages == 7


@pytest.mark.parametrize(("keeps", "last", "days", "word"), [(240, date(2026, 12, 31), 7, "interval"), (96, date(2026, 12, 31), 4, "keeps"), (12, date(2026, 12, 31), 1, "keeps"), (240, date(2026, 11, 23), 3, "ends")])
def test_a_supply_is_cut_by_what_keeps_and_by_the_end(keeps: int, last: date, days: int, word: str) -> None:
    found = supply_length(first_on=date(2026, 11, 21), last_on=last, keeps_hours=keeps)
    assert found.days == days and word in found.because


def test_a_label_code_is_read_back_and_a_slip_is_noticed() -> None:
    assert read_label_code(label_code("K7Q2M9XD", 3).lower()) == ("K7Q2M9XD", 3)
    for wrong in ("OI1*K7Q2M9XD*4*" + label_code("K7Q2M9XD", 3)[-1], "OI1*K7Q2M9DX*3*" + label_code("K7Q2M9XD", 3)[-1], "hello"):
        with pytest.raises(Malformed):
            read_label_code(wrong)


def as_supplied(**changes: object) -> Recipe:
    sizes = [Package(product_id=UUID(int=n), name=f"factor {n} units vial", holds=Quantity(D(n), MG), volume_ml=D(5)) for n in (1000, 500)]
    return recipe(**({"drug": tuple(sizes), "compounded": False, "diluent": None} | changes))


def test_a_drug_that_goes_out_as_it_is_has_whole_packages_for_each_dose() -> None:
    """1,300 a dose: 1,000 and 500 each time, 200 of it left over; three doses pooled would have taken one vial of 1,000 less."""
    made = mix(as_supplied(), Quantity(D(1300), MG), 3)
    assert {x.name: (x.packages, x.used.amount, x.discarded.amount) for x in made.lines} == {
        "factor 1000 units vial": (3, D(3000), D(0)), "factor 500 units vial": (3, D(900), D(600))}


def test_what_is_free_of_it_bounds_each_dose_and_what_may_be_shared_is_pooled() -> None:
    few = tuple(replace(p, free=free) for p, free in zip(as_supplied().drug, (1, 4), strict=True))
    made = mix(as_supplied(drug=few), Quantity(D(1000), MG), 3)
    assert {x.name: x.packages for x in made.lines} == {"factor 1000 units vial": 1, "factor 500 units vial": 4}
    with pytest.raises(Refused, match="no product covers this need"):
        mix(as_supplied(drug=few), Quantity(D(1000), MG), 4)
    assert sum(x.packages for x in mix(as_supplied(shared=True), Quantity(D(1300), MG), 5).lines) == 7
    several = tuple(replace(p, single_dose=False) for p in as_supplied().drug)
    assert sum(x.packages for x in mix(as_supplied(drug=several), Quantity(D(1300), MG), 5).lines) == 7
