# SPDX-License-Identifier: Apache-2.0
"""The roles of an infusion pharmacy. Which verbs a role may use stands in each room's permissions.py."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    INTAKE = "intake"
    AUTHORIZATION = "authorization"
    PHARMACIST = "pharmacist"
    TECHNICIAN = "technician"
    BUYER = "buyer"
    WAREHOUSE = "warehouse"
    DRIVER = "driver"
    NURSE = "nurse"
    NURSE_MANAGER = "nurse_manager"
    SUITE_SCHEDULER = "suite_scheduler"
    BILLER = "biller"
    COMPLIANCE = "compliance"
    EXECUTIVE = "executive"
    ADMINISTRATOR = "administrator"
    PARTNER = "partner"

    @property
    def label(self) -> str:
        return _LABELS.get(self, self.value.replace("_", " ").capitalize())


_LABELS = {
    Role.INTAKE: "Intake coordinator",
    Role.AUTHORIZATION: "Authorization specialist",
    Role.TECHNICIAN: "Pharmacy technician",
    Role.WAREHOUSE: "Warehouse and shipping",
    Role.NURSE: "Infusion nurse",
    Role.NURSE_MANAGER: "Clinical nurse manager",
    Role.SUITE_SCHEDULER: "Suite scheduler",
    Role.COMPLIANCE: "Compliance officer",
    Role.PARTNER: "Partner system (API)",
}
