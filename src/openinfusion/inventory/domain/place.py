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
    QUARANTINE = "quarantine"
    IN_TRANSIT = "in_transit"

    @property
    def pickable(self) -> bool:
        """Whether stock may be allocated from here."""
        return self not in _NOT_PICKED

    @property
    def on_a_shelf(self) -> bool:
        """Whether a recalled lot found here is still to be pulled."""
        return self is not PlaceKind.QUARANTINE


_NOT_PICKED = frozenset({
    PlaceKind.RECEIVING, PlaceKind.VAN, PlaceKind.PATIENT_HOME, PlaceKind.QUARANTINE, PlaceKind.IN_TRANSIT,
})
