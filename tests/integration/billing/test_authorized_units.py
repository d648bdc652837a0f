# SPDX-License-Identifier: Apache-2.0
"""What was charged under an authorization is counted against it, once."""
from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from openinfusion.billing import models
from openinfusion.billing.jobs import LOOK_BACK
from openinfusion.billing.queries.authorized import uncounted
from openinfusion.intake import public as intake
from openinfusion.kernel.roles import Role
from openinfusion.payers import public as payers
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.house_day import house_today


@pytest.fixture
def charged(bench: Any, someone: Callable[..., Actor]) -> SimpleNamespace:
    """A claim line under an authorization that holds; and one under a number nobody knows."""
    payers.load_payers(by=bench.administrator)
    by = someone(Role.INTAKE, Role.AUTHORIZATION, site_id=bench.site_id)
    said = intake.ReferralIn(
        person=intake.PersonIn(family="Sample", given="Dee", born_on=date(1980, 2, 2), sex=intake.SexIn.FEMALE), source="form",
        source_name="Clinic", orders=(intake.OrderIn(drug_text="ceftriaxone", route="IV"),),
        coverages=(intake.CoverageIn(plan="Meridian PPO", member_id="DEMO7", first=date(2026, 1, 1)),),
    )
    auth = intake.open_authorization(referral_id=intake.receive_referral(referral=said, fingerprint="u", by=by), units={"S9500": 14}, by=by)
    today = house_today()
    for step, more in (("submit", {}), ("approve", {"number": "A9", "first": today, "last": today + timedelta(days=30)})):
        intake.advance_authorization(authorization_id=auth, step=step, by=by, **more)  # type: ignore[arg-type]
    patient = intake.authorization(auth).patient_id
    therapy_id = bench.therapy()
    claim = models.Claim.objects.create(control="C1", patient_id=patient, therapy_id=therapy_id, site_id=bench.site_id)
    for n, number in enumerate(("A9", "ZZ", ""), 1):
        models.ClaimLine.objects.create(
            claim=claim, number=n, control=f"L{n}", kind="per_diem", source_kind="ticket", source_id=UUID(int=n), source_key=f"k{n}",
            code="S9500", units=7, first_on=today, last_on=today + timedelta(days=6), charge_cents=1, authorization=number,
        )
    return SimpleNamespace(auth=auth, by=by)


def test_each_charge_counts_once_and_what_is_not_known_counts_nowhere(charged: SimpleNamespace) -> None:
    (use,) = uncounted(now() - LOOK_BACK)
    assert (use.authorization_id, use.units, use.source) == (charged.auth, 7, "charge:k1")
    intake.use_authorization(
        authorization_id=use.authorization_id, code=use.code, units=Decimal(use.units), day=use.day, source=use.source, by=charged.by
    )
    assert list(uncounted(now() - LOOK_BACK)) == []
    (code,) = intake.authorization_case(charged.auth).burn.codes
    assert (code.given, code.left) == (7, 7)
