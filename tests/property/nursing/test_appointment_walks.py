# SPDX-License-Identifier: Apache-2.0
"""Random walks over the appointment's machine, and over bookings of a nurse: what must hold whatever is tried."""
from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from openinfusion.kernel.refusal import Reason, Refused
from openinfusion.nursing.domain.appointment import APPOINTMENT, AppointmentFacts
from openinfusion.nursing.domain.appointment import AppointmentState as S
from openinfusion.nursing.domain.chair_time import ChairTime, Sitting, against_chair, against_load, load_at
from openinfusion.nursing.domain.readiness import Ready, Standing
from openinfusion.nursing.permissions import ALL

EVERYTHING = frozenset(p.code for p in ALL)
NAMES = sorted({s.name for s in APPOINTMENT.steps})
NOON = datetime(2026, 2, 2, 12, tzinfo=UTC)
REASONS = st.sampled_from([(), (Reason("no", "no"),)])
READY = st.sampled_from([(), (Ready("drug", "Drug", Standing.NO, "none"),), (Ready("order", "Order", Standing.YES, ""),)])
TIMES = st.sampled_from([None, NOON - timedelta(minutes=1), NOON, NOON + timedelta(minutes=1)])
FACTS = st.builds(
    AppointmentFacts, length_known=st.booleans(), placed=st.booleans(), against_place=REASONS, ready=READY,
    hold_why=st.sampled_from(["", "a word"]), now=st.just(NOON), late_at=TIMES, its_day=st.booleans(), nurse_reasons=REASONS,
    order_reasons=REASONS, drug_scanned=st.booleans(), infusion_stopped=st.booleans(), observed_until=TIMES,
    record_done=st.booleans(),
)


@given(st.lists(st.tuples(st.sampled_from(NAMES), FACTS), max_size=60))
def test_nothing_runs_without_drug_and_order_and_nobody_sits_without_a_place(tried: list[tuple[str, AppointmentFacts]]) -> None:
    state, been = APPOINTMENT.initial, {APPOINTMENT.initial}
    for name, facts in tried:
        try:
            step = APPOINTMENT.advance(state, name, facts, EVERYTHING, reason="because", signed="")
        except Refused:
            continue
        if step.target is S.BOOKED:
            assert facts.length_known and facts.placed and not facts.against_place
            assert facts.hold_why or all(r.standing is Standing.YES for r in facts.ready)
        if step.target is S.CHECKED_IN:
            assert S.BOOKED in been and facts.its_day and not facts.nurse_reasons
        if step.target is S.INFUSING:
            assert S.CHECKED_IN in been and facts.drug_scanned and not facts.order_reasons
        if step.target is S.OBSERVING:
            assert facts.infusion_stopped
        if step.target is S.DISCHARGED:
            assert S.INFUSING in been and facts.record_done
            assert step.name == "discharge_early" or (facts.observed_until is not None and facts.observed_until <= NOON)
        if step.target is S.NO_SHOW:
            assert facts.late_at is not None and facts.late_at <= NOON and S.CHECKED_IN not in been
        assert state not in APPOINTMENT.terminal
        state = step.target
        been.add(state)


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 20), st.integers(0, 2), st.integers(1, 3)), max_size=25))
def test_whatever_is_tried_no_chair_is_taken_twice_and_no_nurse_watches_too_much(tried: list[tuple[int, int, int, int]]) -> None:
    nurse, site, seated = UUID(int=1), UUID(int=2), list[Sitting]()
    for n, (starts, lasts, chair, acuity) in enumerate(tried):
        at, chair_id = NOON + timedelta(minutes=15 * starts), UUID(int=10 + chair)
        until = at + timedelta(minutes=15 * lasts)
        time = ChairTime(at, until, until, until + timedelta(minutes=15))
        if list(against_chair(chair_id, time, seated)) or list(against_load(nurse, site, time, acuity, seated, 4)):
            continue
        seated.append(Sitting(f"A{n}", chair_id, nurse, site, at, until, until + timedelta(minutes=15), acuity))
    for quarter in range(70):
        at = NOON + timedelta(minutes=15 * quarter)
        assert load_at(seated, at) <= 4
        there = [s.chair_id for s in seated if s.starts_at <= at < s.clean]
        assert len(there) == len(set(there))
