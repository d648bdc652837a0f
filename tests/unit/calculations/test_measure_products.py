# SPDX-License-Identifier: Apache-2.0
"""Products of units and the standard surface: an indexed filtration never becomes a plain one by itself."""

from __future__ import annotations

from decimal import Decimal

import pytest

from openinfusion.calculations.domain.measure import convert, measure, shown_unit
from openinfusion.kernel.refusal import Malformed


def test_an_area_under_the_curve_converts_between_its_spellings() -> None:
    assert convert(Decimal(400), "mg·h/L", "mg.min/mL") == 24
    assert shown_unit("mg.h/L") == "mg·h/L"
    assert measure("10*6.[iU]").code == "10*6.[iU]"


def test_a_filtration_per_standard_surface_is_another_dimension() -> None:
    assert convert(Decimal(90), "mL/min/1.73m2", "mL/min") is None
    assert measure("mL/min/1.73 m²").code == "mL/min/{1.73_m2}"
    assert shown_unit("mL/min/{1.73_m2}") == "mL/min/1.73 m²"


def test_a_product_with_an_unknown_factor_is_not_a_unit() -> None:
    with pytest.raises(Malformed):
        measure("mg.stone/L")
