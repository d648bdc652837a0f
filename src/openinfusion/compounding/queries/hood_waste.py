# SPDX-License-Identifier: Apache-2.0
"""Reads of what was wasted at the hood."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from openinfusion.compounding.domain.hood_waste import WasteState
from openinfusion.compounding.models import HoodWaste
from openinfusion.platform.rows import rows_by


@dataclass(frozen=True, slots=True)
class WasteFact:
    """What was wasted at the hood for a work order."""

    id: UUID
    name: str
    lot_id: UUID
    lot: str
    packages: int  # closed ones; none of an opened container
    replaced: int
    reason: str
    state: str
    by: UUID
    name_by: str
    witness: str
    at: datetime
    version: int

    @property
    def waits(self) -> bool:
        return self.state == WasteState.TO_WITNESS.value

    @property
    def said(self) -> str:
        """In one line, for records."""
        what = f"{self.packages} × {self.name}" if self.packages else f"what was left of {self.name}"
        seen = f", witnessed by {self.witness}" if self.witness else ", waits for its witness" if self.waits else ""
        again = f", {self.replaced} taken in their place" if self.replaced else ""
        return f"{what}, lot {self.lot}: {self.reason} ({self.name_by}{seen}){again}"


def waste_of(work_order_id: UUID) -> list[WasteFact]:
    """What was wasted at the hood for a work order, the earliest first."""
    return [
        WasteFact(r.id, r.name, r.lot_id, r.lot_number, r.packages, r.replaced, r.reason, r.state, r.wasted_by, r.waster_name,
                  r.witness_name, r.made_at, r.version)
        for r in rows_by(HoodWaste, "work_order", work_order_id, order=("made_at",))
    ]
