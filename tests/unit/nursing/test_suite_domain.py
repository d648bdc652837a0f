# SPDX-License-Identifier: Apache-2.0
"""A suite's rules by themselves: time in the chair, load, hours, lights, lengths, terms, and the night the clock changes."""
from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from openinfusion.kernel.refusal import Broken, Malformed, Refused
from openinfusion.nursing.domain.appointment import APPOINTMENT, AppointmentFacts
from openinfusion.nursing.domain.appointment import AppointmentState as S
from openinfusion.nursing.domain.chair_time import (
    Sitting,
    against_chair,
    against_hours,
    against_load,
    against_patient,
    chair_time,
    load_at,
)
from openinfusion.nursing.domain.infusion_length import by_order, by_steps
from openinfusion.nursing.domain.readiness import Ready, Standing, light
from openinfusion.nursing.domain.suite_terms import house_terms, must_be_sound
from openinfusion.nursing.permissions import ALL

EVERYTHING = frozenset(p.code for p in ALL)
TERMS = house_terms(date(2026, 11, 22))
C1, C2, ANN, BEA, HERE, THERE, PAT = (UUID(int=n) for n in range(1, 8))
NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)


def sitting(minutes: int, lasts: int = 80, *, chair: UUID = C1, nurse: UUID = ANN, site: UUID = HERE, acuity: int = 1,
            patient: UUID | None = None) -> Sitting:
    at = NINE + timedelta(minutes=minutes)
    return Sitting("A1", chair, nurse, site, at, at + timedelta(minutes=lasts), at + timedelta(minutes=lasts + 15), acuity, patient)


TIME = chair_time(NINE, 60, 30, TERMS)


def test_the_chair_is_taken_until_it_is_clean() -> None:
    assert TIME.infusion_ends_at - NINE == timedelta(minutes=75)
    assert TIME.observation_ends_at - NINE == timedelta(minutes=110)
    assert TIME.turnover_ends_at - NINE == timedelta(minutes=125)


def test_a_chair_is_one_patients_and_a_patient_sits_once() -> None:
    assert [r.code for r in against_chair(C1, TIME, [sitting(124)])] == ["chair-taken"]
    assert not list(against_chair(C1, TIME, [sitting(125), sitting(-95), sitting(0, chair=C2)]))
    assert [r.code for r in against_patient(PAT, TIME, [sitting(10, patient=PAT)])] == ["patient-sits"]
    assert not list(against_patient(PAT, TIME, [sitting(110, patient=PAT), sitting(0, patient=None)]))


def test_a_nurse_watches_up_to_her_limit_at_one_suite() -> None:
    three = [sitting(n, chair=C2) for n in (-60, 0, 30)]
    assert not list(against_load(ANN, HERE, TIME, 2, three, 4))
    assert [r.code for r in against_load(ANN, HERE, TIME, 3, three, 4)] == ["nurse-load"]
    assert not list(against_load(BEA, HERE, TIME, 3, three, 4))
    assert [r.code for r in against_load(ANN, THERE, TIME, 1, [sitting(0)], 4)] == ["other-suite"]
    assert load_at(three, NINE) == 2 and load_at(three, NINE + timedelta(minutes=30)) == 2


def test_hours_are_kept() -> None:
    opens, latest = NINE, NINE + timedelta(minutes=110)
    assert not list(against_hours(TIME, opens, latest))
    late, early = opens + timedelta(minutes=1), latest - timedelta(minutes=1)
    assert [r.code for r in against_hours(TIME, late, early)] == ["before-open", "after-close"]


def test_one_light_says_the_worst() -> None:
    yes, no, unknown = (Ready("x", "X", s, "") for s in (Standing.YES, Standing.NO, Standing.UNKNOWN))
    assert [light(x) for x in ((yes,), (yes, unknown), (unknown, no), ())] == [
        Standing.YES, Standing.UNKNOWN, Standing.NO, Standing.UNKNOWN]
    assert [r.tone for r in (yes, no, unknown)] == ["ok", "crit", "warn"]


def test_a_length_is_said_or_asked_and_never_guessed() -> None:
    assert by_order(30, "K-01").minutes == 30 and by_order(0, "K-01").minutes is None and by_order(1440, "K-01").minutes is None
    assert by_steps([]).minutes is None
    assert by_steps([("one", Decimal("120.3")), ("other", Decimal(121))]).minutes == 121
    assert "90 to 121 minutes" in by_steps([("one", Decimal(90)), ("other", Decimal("120.5"))]).why


@pytest.mark.parametrize("wrong", [
    {"opens": time(18)}, {"latest": time(16)}, {"nurse_acuity": 0}, {"setup_minutes": 241}, {"benches": 0}, {"source": " "},
])
def test_terms_that_cannot_be_are_refused(wrong: dict[str, object]) -> None:
    must_be_sound(TERMS)
    with pytest.raises(Malformed):
        must_be_sound(replace(TERMS, **wrong))  # type: ignore[arg-type]


def test_before_the_first_row_there_are_no_terms() -> None:
    with pytest.raises(Broken):
        house_terms(date(2025, 12, 31))


def refused(state: S, step: str, facts: AppointmentFacts) -> set[str]:
    with pytest.raises(Refused) as no:
        APPOINTMENT.advance(state, step, facts, EVERYTHING, reason="because", signed="")
    return {r.code for r in no.value.reasons}


def test_every_guard_says_its_reason() -> None:
    from openinfusion.kernel.refusal import Reason

    none, bad = AppointmentFacts(), (Reason("bad", "bad"),)
    assert refused(S.READY_CHECK, "book", none) == {"no-length", "no-place"}
    unready = AppointmentFacts(length_known=True, placed=True, against_place=bad,
                               ready=(Ready("drug", "Drug", Standing.NO, "nothing is made"),))
    assert refused(S.READY_CHECK, "book", unready) == {"bad", "not-ready"}
    assert refused(S.BOOKED, "check_in", AppointmentFacts(nurse_reasons=bad)) == {"another-day", "bad"}
    assert refused(S.BOOKED, "miss", none) == {"not-late"}
    assert refused(S.CHECKED_IN, "infuse", AppointmentFacts(order_reasons=bad)) == {"bad", "no-drug"}
    assert refused(S.CHECKED_IN, "pre_medicate", AppointmentFacts(order_reasons=bad)) == {"bad"}
    assert refused(S.INFUSING, "observe", none) == {"still-runs"}
    assert refused(S.OBSERVING, "discharge", none) == {"not-observed", "record-open"}
    early = AppointmentFacts(now=NINE, observed_until=NINE + timedelta(minutes=5), record_done=True)
    assert refused(S.OBSERVING, "discharge", early) == {"observe"}
    taken = APPOINTMENT.advance(S.OBSERVING, "discharge_early", early, EVERYTHING, reason="had to catch a train", signed="")
    assert taken.target is S.DISCHARGED
    over = replace(early, observed_until=NINE)
    assert APPOINTMENT.advance(S.OBSERVING, "discharge", over, EVERYTHING, reason="", signed="").target is S.DISCHARGED
    held = replace(unready, against_place=(), hold_why="comes at noon")
    assert APPOINTMENT.advance(S.READY_CHECK, "book", held, EVERYTHING, reason="", signed="").target is S.BOOKED


def test_on_the_day_the_clock_changes_a_sitting_lasts_as_long_as_it_lasts() -> None:
    zone = ZoneInfo("America/Chicago")
    for night in (date(2026, 3, 8), date(2026, 11, 1)):
        at = datetime.combine(night, time(0, 30), zone).astimezone(UTC)
        t = chair_time(at, 180, 0, TERMS)
        assert t.observation_ends_at - t.starts_at == timedelta(minutes=200)
