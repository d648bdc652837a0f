# SPDX-License-Identifier: Apache-2.0
"""Which packages of a suite's own shelf may be given: every reason against one, and the amounts it is held to."""
from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from openinfusion.kernel.quantity import MG, ML, Quantity
from openinfusion.kernel.refusal import Reason
from openinfusion.nursing.domain.shelf_check import Became, GivenAs, OnShelf, ShelfScan, against_shelf, most_packages

ON, UNTIL = date(2026, 3, 2), date(2027, 3, 31)
SHELF = OnShelf(UNTIL, "available", Decimal(4))
SCAN = ShelfScan(
    "iron sucrose 100 mg vial", "L1", UNTIL, Quantity(Decimal(100), MG), True, False, GivenAs.DRUG, "", (SHELF,),
    dose=Quantity(Decimal(200), MG), given=Quantity(Decimal(100), MG),
)


def codes(**changes: Any) -> set[str]:
    return {r.code for r in against_shelf(replace(SCAN, **changes), ON)}


def test_what_fits_has_nothing_against_it() -> None:
    assert codes() == set()
    assert codes(given_as=GivenAs.DILUENT, dose=None, given=None) == set()


@pytest.mark.parametrize(("changes", "code"), [
    ({"given_as": None, "wanted": "the order says iron"}, "wrong-product"),
    ({"against_order": (Reason("not-verified", "x"),)}, "not-verified"),
    ({"shelf": ()}, "not-on-shelf"),
    ({"shelf": (replace(SHELF, state="recalled"),)}, "recalled"),
    ({"shelf": (replace(SHELF, state="quarantined"),)}, "quarantined"),
    ({"shelf": (replace(SHELF, expires_on=date(2027, 4, 30)),)}, "expiry-differs"),
    ({"expires_on": date(2026, 3, 1), "shelf": (replace(SHELF, expires_on=date(2026, 3, 1)),)}, "expired"),
    ({"shelf": (replace(SHELF, whose="consigned"),)}, "ownership-differs"),
    ({"shelf": (replace(SHELF, free=Decimal("0.5")),)}, "held"),
    ({"scanned": "at this visit", "serial": "S1"}, "scanned-already"),
    ({"single_dose": False}, "multiple-dose"),
    ({"thrown_away": Decimal(100)}, "nothing-given"),
    ({"thrown_away": Decimal(1), "controlled": True}, "witness"),
    ({"given": Quantity(Decimal("100.1"), MG)}, "more-than-ordered"),
    ({"dose": Quantity(Decimal(10), ML)}, "not-comparable"),
])
def test_each_thing_that_does_not_fit_is_the_one_reason_against_it(changes: dict[str, Any], code: str) -> None:
    assert codes(**changes) == {code}


def test_its_last_day_is_still_in_date_and_what_is_thrown_away_makes_room_for_the_dose() -> None:
    assert codes(expires_on=ON, shelf=(replace(SHELF, expires_on=ON),)) == set()
    assert codes(given=Quantity(Decimal(150), MG)) == {"more-than-ordered"}
    assert codes(given=Quantity(Decimal(150), MG), thrown_away=Decimal(50)) == set()


def test_one_owner_s_free_package_is_enough_and_the_own_work_order_is_named() -> None:
    assert codes(shelf=(replace(SHELF, whose="another patient's"), SHELF)) == set()
    (held,) = against_shelf(replace(SCAN, shelf=(replace(SHELF, free=Decimal(0), held_for=("K7Q2",)),)), ON)
    assert "work order K7Q2 of this therapy" in held.text and "cancels" in held.clears


def test_how_many_more_packages_a_dose_takes() -> None:
    dose, vial = Quantity(Decimal(250), MG), Quantity(Decimal(100), MG)
    assert most_packages(dose, vial) == 3
    assert most_packages(dose, vial, Quantity(Decimal(200), MG)) == 1
    assert most_packages(dose, vial, Quantity(Decimal(250), MG)) == 0
    assert most_packages(dose, vial, Quantity(Decimal(300), MG)) == 0
    assert most_packages(dose, Quantity(Decimal(1), ML)) is None


def test_what_became_of_a_package_has_words() -> None:
    assert Became.SHELF.words == "closed, back on the shelf" and Became.WASTE.words == "thrown away"
