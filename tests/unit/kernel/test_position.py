# SPDX-License-Identifier: Apache-2.0
"""A point on the map: read as maps write it, rounded to a metre, refused where it cannot be."""
from __future__ import annotations

from decimal import Decimal

import pytest

from openinfusion.kernel.position import Position, position_of, read_position
from openinfusion.kernel.refusal import Malformed


@pytest.mark.parametrize(("text", "point"), [
    ("39.80172, -89.64371", "39.80172, -89.64371"),
    (" 39.8017249 -89.6437151 ", "39.80172, -89.64372"),
    ("39°; -89°", "39.00000, -89.00000"),
    ("-0.5,180", "-0.50000, 180.00000"),
])  # fmt: skip
def test_what_a_map_writes_is_read(text: str, point: str) -> None:
    assert str(read_position(text)) == point


@pytest.mark.parametrize("text", ["", "39.8", "39.8, -89.6, 3", "north 39, west 89", "91, 0", "39, -181", "٣٩, -89", "1e2, 3", "NaN, 1"])
def test_anything_else_is_malformed(text: str) -> None:
    with pytest.raises(Malformed):
        read_position(text)


def test_two_degrees_go_together() -> None:
    assert position_of(None, None) is None
    assert position_of(Decimal("39.801724"), Decimal(-89)) == Position(Decimal("39.80172"), Decimal("-89.00000"))
    with pytest.raises(Malformed, match="go together"):
        position_of(Decimal(39), None)
