# SPDX-License-Identifier: Apache-2.0
"""A house that can take referrals: catalog, payers, one pharmacy, and a referral as a prescriber would send it."""
from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from uuid import UUID

import pytest

from openinfusion.catalog import public as catalog
from openinfusion.intake.public import CoverageIn, OrderIn, PersonIn, ReferralIn, SexIn
from openinfusion.kernel.roles import Role
from openinfusion.payers import public as payers
from openinfusion.platform.actor import Actor
from openinfusion.platform.models import Site

NPI = "1234567893"


def _referral(**changes: object) -> ReferralIn:
    """A full order for ceftriaxone, with coverage by a plan of the house."""
    order = OrderIn(
        drug_text="ceftriaxone 2 g IV daily", dose_amount=Decimal(2), dose_unit="g", route="IV", interval_hours=24,
        infusion_minutes=30, start_on=date(2026, 11, 25), days=14, text="ceftriaxone 2 g IV every 24 hours for 14 days",
        prescriber_name="Dr. Sam Imaginary", prescriber_npi=NPI, icd10="M86.9", diagnosis_text="Osteomyelitis",
    )
    said: dict[str, object] = {
        "person": PersonIn(
            family="Fictional", given="Cleo", born_on=date(1970, 2, 3), sex=SexIn.FEMALE, line1="1 Sample Street",
            city="Springfield", state="IL", zip="62701", phone="555-0100",
        ),
        "source": "form", "source_name": "Example General Hospital", "orders": (order,),
        "coverages": (CoverageIn(plan="Meridian PPO", member_id="DEMO1", first=date(2026, 1, 1)),),
    }
    return ReferralIn(**(said | changes))  # type: ignore[arg-type]


@pytest.fixture
def a_referral() -> Callable[..., ReferralIn]:
    """a_referral(**changes) → a referral for ceftriaxone, changed as said."""
    return _referral


@pytest.fixture
def house(scope: UUID, someone: Callable[..., Actor]) -> SimpleNamespace:
    """The loaded house and its people."""
    administrator = someone(Role.ADMINISTRATOR)
    catalog.load_catalog(by=administrator)
    payers.load_payers(by=administrator)
    site = Site.objects.create(name="Test Pharmacy", kind="pharmacy", timezone="America/Chicago")
    return SimpleNamespace(
        site_id=site.id, intake=someone(Role.INTAKE, site_id=site.id), rph=someone(Role.PHARMACIST, site_id=site.id),
        auth=someone(Role.AUTHORIZATION, site_id=site.id), driver=someone(Role.DRIVER, site_id=site.id),
    )
