# SPDX-License-Identifier: Apache-2.0
"""Why a delivery could not be made, and what is done next: coded, so that it can be counted."""
from __future__ import annotations

from enum import StrEnum


class Failure(StrEnum):
    NOBODY_HOME = "nobody_home"
    WRONG_ADDRESS = "wrong_address"
    REFUSED_BY_PATIENT = "refused_by_patient"
    NOT_THE_RIGHT_PERSON = "not_the_right_person"
    NOT_SAFE = "not_safe"
    DAMAGED = "damaged"
    TOO_WARM_OR_COLD = "too_warm_or_cold"
    VEHICLE = "vehicle"
    OTHER = "other"


class Next(StrEnum):
    """What is done now."""

    TRY_AGAIN_TODAY = "try_again_today"
    CALL_THE_PATIENT = "call_the_patient"
    BRING_IT_BACK = "bring_it_back"
    ASK_THE_PHARMACIST = "ask_the_pharmacist"


class Identity(StrEnum):
    """How the person at the door was known to be the right one."""

    NAME_AND_BIRTH = "name_and_date_of_birth"
    PHOTO_ID = "photo_id"
    KNOWN_CAREGIVER = "known_caregiver"
    FACILITY_STAFF = "facility_staff"
