# SPDX-License-Identifier: Apache-2.0
"""The next payer: its rank, and what of its answer is its own."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from openinfusion.billing.domain.remittance import AdjustmentIn, ClaimIn

NEXT = {"P": "S", "S": "T"}
EARLIER_PAYERS = "23"  # CARC 23: what the payers before paid and adjusted


def this_payers(said: ClaimIn, rank: str) -> ClaimIn:
    """An answer without what it repeats of the payers before.

    A claim to a second payer charges everything and is owed only what the first one left; the second one's answer takes
    the rest off by CARC 23, which the ledger never put on.
    """
    if rank == "P":
        return said
    lines = tuple(replace(x, adjustments=_own(x.adjustments)) for x in said.lines)
    return replace(said, lines=lines, adjustments=_own(said.adjustments))


def _own(found: Iterable[AdjustmentIn]) -> tuple[AdjustmentIn, ...]:
    return tuple(a for a in found if a.carc != EARLIER_PAYERS)
