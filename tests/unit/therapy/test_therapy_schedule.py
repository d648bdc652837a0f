# SPDX-License-Identifier: Apache-2.0
"""Doses due on ordinary days and on the two nights when the clock changes; orders and plans in plain words."""
from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from openinfusion.kernel.quantity import MG, Quantity
from openinfusion.kernel.refusal import Malformed
from openinfusion.therapy.domain.order import PrescriptionOrder, check_order, difference
from openinfusion.therapy.domain.plan import PlanText, check_plan, vague_words
from openinfusion.therapy.domain.schedule import doses_due, instant
from openinfusion.therapy.domain.validity import last_valid_day

CHICAGO = "America/Chicago"
SPRING, AUTUMN = date(2026, 3, 8), date(2026, 11, 1)  # 02:00 → 03:00, and 02:00 → 01:00


def order(**changes: object) -> PrescriptionOrder:
    values: dict[str, object] = {
        "drug_code": "vancomycin", "dose": Quantity(Decimal(1250), MG), "route": "IV", "start_on": SPRING - timedelta(days=1), "days": 3,
        "interval_hours": 12, "infusion_minutes": 90, "prescriber_name": "Lena Fictional",
    }
    return PrescriptionOrder(**(values | changes))  # type: ignore[arg-type]


def walls(o: PrescriptionOrder, first: date, last: date) -> list[str]:
    return [f"{d.local:%d %H:%M}" for d in doses_due(o, CHICAGO, first, last)]


def test_an_interval_counts_elapsed_hours_over_the_spring_night() -> None:
    due = doses_due(order(), CHICAGO, SPRING - timedelta(days=1), SPRING + timedelta(days=1))
    assert [f"{d.local:%d %H:%M}" for d in due] == ["07 08:00", "07 20:00", "08 09:00", "08 21:00", "09 09:00", "09 21:00"]
    assert all(b.at - a.at == timedelta(hours=12) for a, b in itertools.pairwise(due))


def test_an_interval_counts_elapsed_hours_over_the_autumn_night() -> None:
    assert walls(order(start_on=AUTUMN - timedelta(days=1)), AUTUMN, AUTUMN) == ["01 07:00", "01 19:00"]


def test_clock_times_stay_on_the_wall_clock_over_both_nights() -> None:
    times = order(interval_hours=None, clock_times=(time(8), time(20)))
    assert walls(times, SPRING - timedelta(days=1), SPRING) == ["07 08:00", "07 20:00", "08 08:00", "08 20:00"]
    gap = doses_due(times, CHICAGO, SPRING - timedelta(days=1), SPRING)
    assert gap[2].at - gap[1].at == timedelta(hours=11)


def test_a_time_the_clock_skips_is_given_at_the_end_of_the_gap() -> None:
    assert instant(SPRING, time(2, 30), ZoneInfo(CHICAGO)) == datetime(2026, 3, 8, 8, 0, tzinfo=UTC)
    assert walls(order(interval_hours=None, clock_times=(time(2, 30),)), SPRING, SPRING) == ["08 03:00"]


def test_a_time_that_happens_twice_is_given_once_the_first_time() -> None:
    (due,) = doses_due(order(interval_hours=None, clock_times=(time(1, 30),), start_on=AUTUMN, days=1), CHICAGO, AUTUMN, AUTUMN)
    assert due.at == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)


def test_a_weekly_order_and_a_bounded_quantity() -> None:
    weekly = order(interval_hours=168, days=28)
    assert len(doses_due(weekly, CHICAGO, SPRING - timedelta(days=1), SPRING + timedelta(days=60))) == 4
    assert len(doses_due(order(doses=3), CHICAGO, SPRING - timedelta(days=1), SPRING + timedelta(days=60))) == 3
    assert weekly.frequency == "every week" and order(interval_hours=672).frequency == "every 4 weeks"


@pytest.mark.parametrize("changes", [
    {"interval_hours": None}, {"clock_times": (time(8),)}, {"interval_hours": None, "clock_times": (time(8), time(8))}, {"days": 0},
    {"dose": Quantity(Decimal(0), MG)}, {"instructions": "use as directed"}, {"prescriber_name": " "}, {"rate_ml_per_h": Decimal(0)},
])
def test_an_order_that_could_not_be_filled_as_written_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(Malformed):
        check_order(order(**changes))


def test_every_fault_is_named_at_once() -> None:
    with pytest.raises(Malformed) as no:
        check_order(order(days=0, instructions="as directed", prescriber_name=""))
    assert {f.path for f in no.value.faults} == {"days", "instructions", "prescriber_name"}


def test_the_difference_names_what_changed_and_keeps_what_did_not() -> None:
    rows = {d.field: d for d in difference(order(), order(dose=Quantity(Decimal(1000), MG), infusion_minutes=60))}
    assert [name for name, d in rows.items() if d.changed] == ["Dose", "Infusion"]
    assert (rows["Dose"].old, rows["Dose"].new, rows["Route"].changed) == ("1,250 mg", "1,000 mg", False)


def test_vague_words_are_found_as_words_only() -> None:
    assert vague_words("Flush As  Directed") == ("as directed",)
    assert vague_words("for the longstanding wound") == ()


@pytest.mark.parametrize(("field", "text"), [("frequency", "ongoing"), ("duration", "indefinite"), ("duration", "some weeks"), ("amount", "")])
def test_a_vague_plan_is_refused(field: str, text: str) -> None:
    words = {"treatment_type": "home infusion", "amount": "2 g", "duration": "14 days", "frequency": "daily"}
    check_plan(PlanText(**words))
    with pytest.raises(Malformed) as no:
        check_plan(PlanText(**(words | {field: text})))
    assert {f.path for f in no.value.faults} == {field}


def test_an_order_is_valid_for_the_days_of_its_row() -> None:
    assert last_valid_day(date(2026, 1, 1)) == date(2027, 1, 1)
