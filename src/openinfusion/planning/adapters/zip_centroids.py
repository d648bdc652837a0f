# SPDX-License-Identifier: Apache-2.0
"""The middle of a ZIP code, from the table that the zipcodes package ships. A centroid is never an address."""

from __future__ import annotations

import zipcodes

from openinfusion.kernel.position import Position
from openinfusion.planning.domain.routes.problem import Place


def place(name: str, zip_code: str, point: Position | None = None) -> Place:
    """Where an address is: its own position where that is known, else the middle of its ZIP code."""
    return centroid(name, zip_code) if point is None else Place(name, str(point.latitude), str(point.longitude))


def centroid(name: str, zip_code: str) -> Place:
    """A place at the centroid, marked approximate; without coordinates where the ZIP code is unknown."""
    code = zip_code.strip()[:5]
    rows = zipcodes.matching(code) if len(code) == 5 and code.isdigit() else []
    if not rows:
        return Place(name)
    return Place(name, str(rows[0]["lat"]), str(rows[0]["long"]), approximate=True)
