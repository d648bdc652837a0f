# SPDX-License-Identifier: Apache-2.0
"""Tables of the sites room."""

from __future__ import annotations

from openinfusion.sites.models.facility import Chair, Cleaning, ColdStore, Hood, Pharmacy, TemperatureReading

__all__ = ["Chair", "Cleaning", "ColdStore", "Hood", "Pharmacy", "TemperatureReading"]
