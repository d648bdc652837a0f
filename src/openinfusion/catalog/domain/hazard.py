# SPDX-License-Identifier: Apache-2.0
"""How dangerous a drug is to those who handle it, and by which route alone it may be given."""
from __future__ import annotations

from dataclasses import dataclass

from openinfusion.kernel.standing import Source


@dataclass(frozen=True, slots=True)
class Hazard:
    """A hazardous drug. ``table`` is NIOSH's, empty where it is not on file; ``only_route`` is empty where any fits."""

    drug_code: str
    table: str
    only_route: str
    label_warning: str
    source: Source

    @property
    def words(self) -> str:
        """The hazard in one line."""
        return f"Hazardous, NIOSH 2024 table {self.table}" if self.table else "Hazardous, NIOSH table not on file"
