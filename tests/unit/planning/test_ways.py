# SPDX-License-Identifier: Apache-2.0
"""Ways from coordinates: an address's own place before the middle of its ZIP code, which is never taken for one place."""
from __future__ import annotations

from datetime import date

from openinfusion.kernel.position import read_position
from openinfusion.planning import public as planning

ROW = planning.travel_row("", date(2026, 11, 23))


def test_a_place_that_is_known_is_not_approximate() -> None:
    here = planning.place("A", "62701", read_position("39.80172, -89.64371"))
    assert (here.latitude, here.longitude, here.approximate) == ("39.80172", "-89.64371", False)
    assert planning.place("A", "62701") == planning.centroid("A", "62701") and planning.place("A", "62701").approximate


def test_two_homes_of_one_zip_code_are_apart_and_one_home_is_not() -> None:
    a, b, again = planning.place("A", "62701"), planning.place("B", "62701"), planning.place("A", "62701")
    ways = planning.ways_between([a, b, again], ROW)
    assert ways.metres[0] == (0, ROW.within_zip, 0) and ways.metres[1][2] == ROW.within_zip
    assert ways.minutes[0][1] > ROW.park and ways.minutes[0][2] == 0 and ways.approximate


def test_neighbours_whose_places_are_known_are_as_far_apart_as_they_are() -> None:
    near = [planning.place(n, "62701", read_position(p)) for n, p in (("A", "39.80000, -89.64000"), ("B", "39.80000, -89.64100"))]
    ways = planning.ways_between(near, ROW)
    assert 80 < ways.metres[0][1] < 120 and not ways.approximate
    assert planning.line_metres(*near) <= ways.metres[0][1]
