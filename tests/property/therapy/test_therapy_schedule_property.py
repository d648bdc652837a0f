# SPDX-License-Identifier: Apache-2.0
"""Whatever the zone and the season: intervals are exact, clock times hold, no day has two of one clock time."""
from __future__ import annotations

import itertools
from collections import Counter
from datetime import date, time, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from openinfusion.kernel.quantity import MG, Quantity
from openinfusion.kernel.refusal import Refused
from openinfusion.therapy.domain.order import PrescriptionOrder
from openinfusion.therapy.domain.prescription import ENDED, PRESCRIPTION, RUNNING, PrescriptionFacts, PrescriptionState
from openinfusion.therapy.domain.schedule import doses_due
from openinfusion.therapy.permissions import ALL

ZONES = st.sampled_from(["America/Chicago", "America/New_York", "America/Phoenix", "America/Adak", "America/St_Johns", "Australia/Lord_Howe", "UTC"])
DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))


def order(start: date, days: int, **timing: object) -> PrescriptionOrder:
    return PrescriptionOrder(drug_code="x", dose=Quantity(Decimal(1), MG), route="IV", start_on=start, days=days, infusion_minutes=30, prescriber_name="x",
                             **timing)  # type: ignore[arg-type]


@given(ZONES, DAYS, st.integers(1, 40), st.sampled_from([4, 6, 8, 12, 24, 36, 48, 168]))
def test_an_interval_is_exact_everywhere(zone: str, start: date, days: int, hours: int) -> None:
    due = doses_due(order(start, days, interval_hours=hours), zone, start, start + timedelta(days=days + 9))
    assert all(b.at - a.at == timedelta(hours=hours) for a, b in itertools.pairwise(due))
    assert len(due) == -(-days * 24 // hours) and due[0].local.date() == start


@given(ZONES, DAYS, st.integers(1, 40), st.sets(st.integers(0, 23), min_size=1, max_size=4))
def test_clock_times_happen_once_a_day(zone: str, start: date, days: int, hours: set[int]) -> None:
    timing = tuple(time(h) for h in sorted(hours))
    due = doses_due(order(start, days, clock_times=timing), zone, start, start + timedelta(days=days))
    assert max(Counter(d.at for d in due).values()) == 1
    per_day = Counter(d.local.date() for d in due)
    assert set(per_day) <= {start + timedelta(days=n) for n in range(days)} and max(per_day.values()) <= len(timing)
    assert len(due) >= days * len(timing) - days  # at most the two times of one gap become one


@given(st.lists(st.sampled_from(sorted({s.name for s in PRESCRIPTION.steps})), max_size=25), DAYS, DAYS)
def test_a_prescription_that_ended_never_runs_again_and_nothing_runs_unverified(walk: list[str], today: date, last: date) -> None:
    every = frozenset(p.code for p in ALL)
    state, verified = PRESCRIPTION.initial, False
    for name in walk:
        try:
            step = PRESCRIPTION.advance(state, name, PrescriptionFacts(today, last, last), every, reason="r", signed=True)
        except Refused:
            continue
        assert state not in ENDED
        verified = name == "verify" or (verified and step.target is not PrescriptionState.TRANSCRIBED)
        state = step.target
        assert state not in RUNNING or verified
