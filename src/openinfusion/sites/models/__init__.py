# SPDX-License-Identifier: Apache-2.0
"""Tables of the sites room."""

from __future__ import annotations

from openinfusion.sites.models.equipment import Calibration, Equipment
from openinfusion.sites.models.facility import Chair, Pharmacy, SiteLicence
from openinfusion.sites.models.reading import ColdStore, Excursion, Probe, RoomReading, TemperatureReading
from openinfusion.sites.models.room import Certification, Cleaning, Cleanroom, Hood
from openinfusion.sites.models.sample import Sample
from openinfusion.sites.models.travel import SiteTravel

__all__ = [
    "Calibration",
    "Certification",
    "Chair",
    "Cleaning",
    "Cleanroom",
    "ColdStore",
    "Equipment",
    "Excursion",
    "Hood",
    "Pharmacy",
    "Probe",
    "RoomReading",
    "Sample",
    "SiteLicence",
    "SiteTravel",
    "TemperatureReading",
]
