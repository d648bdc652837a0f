# SPDX-License-Identifier: Apache-2.0
"""A site and its administrator, for tests of what every room rests on."""

from __future__ import annotations

from uuid import UUID

import pytest

from openinfusion.kernel.roles import Role
from openinfusion.platform.actor import Actor
from openinfusion.sites import public as sites

DETAILS = {
    "legal_name": "North Infusion", "npi": "1", "tax_id": "1", "taxonomy": "3336H0001X", "street": "1 A", "city": "B",
    "state_code": "IL", "zip_code": "1", "phone": "1",
}


@pytest.fixture
def admin(someone) -> Actor:
    return someone(Role.ADMINISTRATOR, Role.COMPLIANCE, Role.TECHNICIAN)


@pytest.fixture
def site(scope, admin) -> UUID:
    return sites.open_site(name="North", kind="pharmacy", timezone="America/Chicago", details=DETAILS, by=admin)
