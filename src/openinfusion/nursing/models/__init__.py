# SPDX-License-Identifier: Apache-2.0
"""Tables of nursing."""
from __future__ import annotations

from openinfusion.nursing.models.aftermath import Handover, Mileage, Miss
from openinfusion.nursing.models.appointment import Appointment, SuiteTermsRow
from openinfusion.nursing.models.phone import Phone
from openinfusion.nursing.models.roster import Agency, AgencyNurse, Availability, NurseBreaks, NurseHome
from openinfusion.nursing.models.second_nurse import NurseTime, SecondNurse
from openinfusion.nursing.models.section_entry import Reaction, SectionEntry
from openinfusion.nursing.models.shelf_package import ShelfPackage
from openinfusion.nursing.models.visit import NurseVisit, RateReading, VitalSigns

__all__ = [
    "Agency", "AgencyNurse", "Appointment", "Availability", "Handover", "Mileage", "Miss", "NurseBreaks", "NurseHome",
    "NurseTime", "NurseVisit", "Phone", "RateReading", "Reaction", "SecondNurse", "SectionEntry", "ShelfPackage", "SuiteTermsRow",
    "VitalSigns",
]
