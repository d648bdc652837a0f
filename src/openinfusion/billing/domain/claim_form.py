# SPDX-License-Identifier: Apache-2.0
"""In which form a payer takes claims: professional (837P), institutional (837I), or a pharmacy's (NCPDP)."""
from __future__ import annotations

from functools import cache
from typing import Any

from openinfusion.kernel.figures import rows

PROFESSIONAL, INSTITUTIONAL, PHARMACY = "837P", "837I", "NCPDP"
FORMS = {PROFESSIONAL: "professional, 837P", INSTITUTIONAL: "institutional, 837I", PHARMACY: "pharmacy, NCPDP"}


@cache
def _rows() -> list[dict[str, Any]]:
    return rows(__package__, "data/claim_forms.toml")


def form_for(benefit: str, payer_id: str) -> str:
    """The form of a plan: the row of its payer, else that of its benefit, else professional."""
    for key, value in (("payer", payer_id), ("benefit", benefit)):
        found = next((str(r["form"]) for r in _rows() if r.get(key) == value), "")
        if found:
            return found
    return PROFESSIONAL
