# SPDX-License-Identifier: Apache-2.0
"""The middle of a ZIP code, from the table that the zipcodes package ships. A centroid is never an address."""

from __future__ import annotations

import zipcodes

from openinfusion.planning.domain.routes.problem import Place


def centroid(name: str, zip_code: str) -> Place:
    """A place at the centroid, marked approximate; without coordinates where the ZIP code is unknown."""
    code = zip_code.strip()[:5]
    rows = zipcodes.matching(code) if len(code) == 5 and code.isdigit() else []
    if not rows:
        return Place(name)
    return Place(name, str(rows[0]["lat"]), str(rows[0]["long"]), approximate=True)
