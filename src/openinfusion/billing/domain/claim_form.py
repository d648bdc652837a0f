# SPDX-License-Identifier: Apache-2.0
"""In which form a claim goes: as its contract says; where that leaves it open, as the plan's benefit wants it."""
from __future__ import annotations

from functools import cache
from typing import Any

from openinfusion.kernel.figures import rows

PROFESSIONAL, INSTITUTIONAL, PAPER, PHARMACY = "837P", "837I", "CMS1500", "NCPDP"
FORMS = frozenset({PROFESSIONAL, INSTITUTIONAL, PAPER, PHARMACY})


@cache
def _rows() -> list[dict[str, Any]]:
    return rows(__package__, "data/claim_forms.toml")


def form_for(contract_form: str, benefit: str) -> str:
    """The form of a claim: what the contract names, else the row of the plan's benefit, else professional."""
    if contract_form in FORMS:
        return contract_form
    return next((str(r["form"]) for r in _rows() if r["benefit"] == benefit), PROFESSIONAL)
