# SPDX-License-Identifier: Apache-2.0
"""Filters and sets: which pore, and when they are changed."""

from __future__ import annotations

from typing import Annotated, Final

from openinfusion.calculations.domain.calculation import Result, Verdict, Worked, calculation
from openinfusion.calculations.domain.figures import Row, published, row
from openinfusion.calculations.domain.inputs import choice
from openinfusion.calculations.domain.nutrition.inputs import HUNDREDTH, ONE

CONTENT: Final = choice(
    "content",
    ("3-in-1", "3-in-1, lipid in the bag"),
    ("2-in-1-with-lipid", "2-in-1, lipid joins it below"),
    ("2-in-1", "2-in-1 without lipid"),
    ("lipid", "lipid alone"),
)


def pore(content: str) -> Row:
    """The row of the coarser pore, which passes lipid; for a 2-in-1 alone the fine one may be used."""
    return row("nutrition_practice", name="filter_micron_fine" if content == "2-in-1" else "filter_micron")


@calculation(
    "nutrition-filter",
    "Filter and change of the set",
    group="nutrition",
    formula="1.2 micron with lipid, 0.2 to 0.22 micron for a 2-in-1 alone",
    source=published("ASPEN position on filters, 2021", 2021),
)
def _filter(content: Annotated[str, CONTENT]) -> Worked:
    """A filter that blocks is never taken out: the mixture is stopped and looked at."""
    found = pore(content)
    change = row("nutrition_practice", name="lipid_y_site_hours" if content == "lipid" else "admixture_hours")
    also = Verdict("also", "Also allowed", "1.2", "1.2 micron for all, by the position of 2021", "info")
    return Worked(
        results=(
            Result("pore", "Pore, micron", found.figure(), "1", HUNDREDTH),
            Result("change", "Set and filter changed after", change.figure(), "h", ONE),
            *((also,) if content == "2-in-1" else ()),
        ),
        used=(found.source, change.source),
    )
