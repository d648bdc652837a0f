# SPDX-License-Identifier: Apache-2.0
"""Regimens by property: a delay keeps what lies between cycles, what was given in life only grows, doses scale."""
from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openinfusion.catalog.domain.regimen import Basis, RegimenLine
from openinfusion.clinical.domain.chemotherapy import dose_days
from openinfusion.clinical.domain.lifetime import Lifetime, LifetimeVerdict, Told, lifetime_limits
from openinfusion.kernel.quantity import MG, Quantity
from openinfusion.therapy.domain.cycle import day_of, first_days, moved
from openinfusion.therapy.domain.regimen_dose import Body, worked_dose

pytestmark = pytest.mark.property
D = Decimal
DAYS = st.dates(date(2020, 1, 1), date(2040, 1, 1))
AMOUNTS = st.decimals(0, 1000, places=2)
_ORDER = list(LifetimeVerdict)


@given(DAYS, st.integers(1, 60), st.integers(1, 30), st.integers(0, 100))
def test_a_delay_keeps_what_lies_between_cycles(start: date, every: int, cycles: int, by: int) -> None:
    days = first_days(start, every, cycles)
    later = moved(days, by)
    assert len(days) == cycles and days[0] == start
    assert [b - a for a, b in pairwise(later)] == [timedelta(days=every)] * (cycles - 1)
    assert later[0] - days[0] == timedelta(days=by)


@given(AMOUNTS, AMOUNTS, AMOUNTS, st.sampled_from(sorted(lifetime_limits())))
def test_what_was_given_in_life_only_grows_and_never_judges_milder(here: Decimal, elsewhere: Decimal, more: Decimal, drug: str) -> None:
    limit = lifetime_limits()[drug]

    def account(adding: Decimal) -> Lifetime:
        return Lifetime(limit=limit, here=here, elsewhere=Told(amount=elsewhere, measure=limit.measure, told_by="x"), adding=adding)

    before, after = account(D(0)), account(more)
    assert before.so_far == here + elsewhere and after.after == before.after + more
    assert _ORDER.index(after.verdict) >= _ORDER.index(before.verdict)
    unknown = Lifetime(limit=limit, here=here, elsewhere=None, adding=more)
    assert unknown.verdict in (LifetimeVerdict.CANNOT_JUDGE, LifetimeVerdict.BEYOND)


@given(st.decimals(1, 3000, places=1), st.decimals(30, 200, places=1), st.decimals(120, 210, places=1), st.integers(1, 100))
def test_a_dose_scales_with_its_share_and_never_passes_its_cap(amount: Decimal, kg: Decimal, cm: Decimal, percent: int) -> None:
    body = Body(weight_kg=kg, height_cm=cm)

    def line(most: Quantity | None) -> RegimenLine:
        return RegimenLine(number=1, order=1, drug_code="x", dose=Quantity(amount, MG), basis=Basis.SURFACE, days=(1,), route="IV",
                           minutes=1, volume_ml=D(0), diluent="", text="", most=most)

    full, share = worked_dose(line(None), body).dose.amount, worked_dose(line(None), body, percent).dose.amount
    assert abs(share - full * percent / 100) <= D("0.02")
    root = (float(kg) * float(cm) / 3600) ** 0.5  # the formula written another way
    assert abs(float(full) - float(amount) * root) < 0.01 * max(1.0, float(full) * 1e-6) + 0.01
    assert worked_dose(line(Quantity(D(2), MG)), body).dose.amount <= 2


@given(DAYS, st.lists(st.integers(1, 7), min_size=1, max_size=1), st.integers(1, 8))
def test_an_order_gives_its_doses_on_the_days_of_its_line(start: date, apart: list[int], doses: int) -> None:
    days = [1 + n * apart[0] for n in range(doses)]
    found = dose_days(start, days[-1], every_days=apart[0], interval_hours=None, doses=doses)
    assert found == tuple(day_of(start, d) for d in days)
    assert dose_days(start, days[-1], every_days=1, interval_hours=24 * apart[0], doses=doses) == found
