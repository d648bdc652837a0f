# SPDX-License-Identifier: Apache-2.0
"""Garbing: what is put on before a cleanroom is entered, attested by the person for the day."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from openinfusion.kernel.figures import rows
from openinfusion.kernel.refusal import Reason


@cache
def garb_items(hazardous: bool) -> tuple[str, ...]:
    """What is attested, in its order; for hazardous drugs both lists."""
    return tuple(r["text"] for r in rows(__package__, "data/garb.toml") if hazardous or not r["hazardous"])


def garb_reason(attested: Sequence[bool], hazardous: bool, person: str) -> Reason | None:
    """``attested``: for each attest of the day at the site whether it was for hazardous work, which counts for all work."""
    if any(attested) or (attested and not hazardous):
        return None
    what = "garbing for hazardous drugs" if hazardous else "garbing"
    return Reason("not-garbed", f"{person} has not attested {what} at this site today", f"{person} attests it on entering")
