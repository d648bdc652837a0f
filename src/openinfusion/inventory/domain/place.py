# SPDX-License-Identifier: Apache-2.0
"""Places where stock can be: rooms and shelves, a van, a suite, a patient's home."""
from __future__ import annotations

from enum import StrEnum


class PlaceKind(StrEnum):
    RECEIVING = "receiving"
    SHELF = "shelf"
    REFRIGERATOR = "refrigerator"
    FREEZER = "freezer"
    CLEANROOM = "cleanroom"
    VAN = "van"
    SUITE = "suite"
    PATIENT_HOME = "patient_home"

    @property
    def pickable(self) -> bool:
        """Whether stock may be allocated from here."""
        return self not in (PlaceKind.RECEIVING, PlaceKind.VAN, PlaceKind.PATIENT_HOME)
