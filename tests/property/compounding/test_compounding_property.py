# SPDX-License-Identifier: Apache-2.0
"""Random walks of the work order: nobody checks their own work; beyond-use dates hold over leap days, zones and DST."""
from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from openinfusion.compounding.domain.beyond_use import BeyondUseFacts, Component, Storage, beyond_use, end_of_day, last_day_of
from openinfusion.compounding.domain.vials import VialSize, choose_vials
from openinfusion.compounding.domain.work_order import WORK_ORDER, WorkOrderFacts, WorkOrderState
from openinfusion.compounding.permissions import ALL
from openinfusion.kernel.refusal import Reason, Refused

EVERY = frozenset(p.code for p in ALL)
PEOPLE = [UUID(int=n) for n in (1, 2, 3)]
NO = (Reason("no", "no"),)
walks = st.lists(st.tuples(st.sampled_from(sorted({s.name for s in WORK_ORDER.steps})), st.sampled_from(PEOPLE), st.booleans()), max_size=40)
ZONES = st.sampled_from(["America/Chicago", "America/Phoenix", "America/New_York", "Pacific/Honolulu", "UTC"])


@given(walks)
def test_nobody_checks_or_releases_their_own_work_and_nothing_leaves_unchecked(walk: list[tuple[str, UUID, bool]]) -> None:
    f = WorkOrderFacts(actor=PEOPLE[0], hood_chosen=True, dated=True, label_printed=True)
    state, checker, gate_was_open = WORK_ORDER.initial, None, False
    for name, actor, gate in walk:
        f = replace(f, actor=actor, order_reasons=() if gate else NO)
        try:
            step = WORK_ORDER.advance(state, name, f, EVERY, reason="r", signed=True)
        except Refused:
            continue
        if name == "stage":
            f = replace(f, staged_by=actor)
        if name == "pre_check":
            assert actor != f.staged_by
        if name == "start":
            f, gate_was_open = replace(f, compounded_by=actor), gate
        if name == "finish":
            assert actor == f.compounded_by
        if name == "verify":
            checker = actor
        state = step.target
        if state in (WorkOrderState.VERIFIED, WorkOrderState.LABELED, WorkOrderState.RELEASED_TO_DISPENSE):
            assert checker is not None and checker != f.compounded_by and gate_was_open
        if name == "dispense":
            assert actor != f.compounded_by


@given(st.sampled_from(list(WorkOrderState)), st.sampled_from(sorted({s.name for s in WORK_ORDER.steps})), st.sampled_from(PEOPLE), st.booleans(), st.booleans(), st.frozensets(st.sampled_from(sorted(EVERY))))
def test_a_button_is_live_exactly_when_the_step_succeeds(state: WorkOrderState, name: str, actor: UUID, ready: bool, gate: bool, may: frozenset[str]) -> None:
    f = WorkOrderFacts(actor=actor, compounded_by=PEOPLE[0], staged_by=PEOPLE[1], hood_chosen=ready, dated=ready, label_printed=ready,
                       room_reasons=() if gate else NO, short=() if ready else ("x",), unscanned=() if ready else ("x",))
    offers = {o.name: o for o in WORK_ORDER.offers(state, f, may)}
    try:
        WORK_ORDER.advance(state, name, f, may, reason="r", signed=True)
    except Refused:
        assert name not in offers or not offers[name].enabled
    else:
        assert offers[name].enabled


def test_every_state_can_be_reached_and_has_an_owner_or_rests() -> None:
    seen, todo = set(), [WORK_ORDER.initial]
    while todo:
        state = todo.pop()
        seen.add(state)
        todo += [s.target for s in WORK_ORDER.steps if s.source is state and s.target not in seen]
    assert seen == set(WorkOrderState)
    assert all(WORK_ORDER.owner(s) or s in WORK_ORDER.terminal or s is WorkOrderState.RELEASED_TO_DISPENSE for s in seen)


made = st.datetimes(datetime(2024, 1, 1), datetime(2032, 12, 31)).map(lambda t: t.replace(tzinfo=UTC))


@given(made, ZONES, st.sampled_from(list(Storage)), st.none() | st.integers(1, 2000), st.lists(st.integers(1, 900), max_size=4), st.booleans())
def test_the_beyond_use_date_is_the_shortest_of_all_limits(at: datetime, zone: str, storage: Storage, stable: int | None, expiries: list[int], failed: bool) -> None:
    lots = tuple(Component(name=f"lot {n}", expires_on=(at + timedelta(days=n)).astimezone(ZoneInfo(zone)).date()) for n in expiries)
    f = BeyondUseFacts(made_at=at, zone=zone, category=2, storage=storage, stability_hours=stable, components=lots,
                       facility_category_limit=1 if failed and storage is not Storage.FROZEN else None)
    found = beyond_use(f)
    assert at < found.at == min(x.at for x in found.considered) and found.limit in found.considered
    assert all(found.at <= end_of_day(c.expires_on, zone) for c in lots)
    assert stable is None or found.at <= at + timedelta(hours=stable)


@given(st.dates(date(2023, 1, 1), date(2033, 12, 31)), ZONES)
def test_the_end_of_a_day_is_midnight_on_the_wall_of_the_site(day: date, zone: str) -> None:
    end = end_of_day(day, zone).astimezone(ZoneInfo(zone))
    assert (end.date() - day).days == 1 and end.hour <= 1
    month = last_day_of(f"{day:%Y-%m}")
    assert month >= day and (month + timedelta(days=1)).day == 1


@given(st.integers(1, 4000), st.lists(st.sampled_from([40, 50, 100, 120, 150, 240, 350, 420, 500, 1000]), min_size=1, max_size=4, unique=True))
def test_vials_cover_the_need_and_no_single_size_wastes_less(need: int, sizes: list[int]) -> None:
    opened = choose_vials(Decimal(need), [VialSize(UUID(int=s), Decimal(s)) for s in sizes])
    assert sum(o.used for o in opened) == need
    waste = sum((o.discarded for o in opened), Decimal(0))
    assert all(waste <= -(-need // s) * s - need for s in sizes)
