# SPDX-License-Identifier: Apache-2.0
"""The road: pack-outs with their studies, carriers, custody, loggers, returns, and lateness before it happens."""
from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from openinfusion.delivery.domain import carrier, figures
from openinfusion.delivery.domain.carrier import Service, too_late_for, tracking
from openinfusion.delivery.domain.coming_back import RETURN, Disposition, ReturnFacts, ReturnKind, ReturnState
from openinfusion.delivery.domain.custody import Handed, breaks
from openinfusion.delivery.domain.logger import Reading, Verdict, judge, minutes_outside, must_be_sound, ranges
from openinfusion.delivery.domain.logger_file import read_logger_file, read_logger_text
from openinfusion.delivery.domain.pack_out import Lane, Payload, by_code, choose, pack_outs
from openinfusion.delivery.domain.pack_step import not_done, steps_of
from openinfusion.delivery.domain.route import StopAhead, arrivals
from openinfusion.delivery.domain.validation import (
    VALIDATION,
    Study,
    Validation,
    ValidationFacts,
    ValidationState,
    is_cold,
    why_none_holds,
)
from openinfusion.kernel.refusal import Broken, Malformed, Refused

AT = datetime(2026, 11, 23, 14, tzinfo=UTC)
DAY = AT.date()
STUDY = Study(("CR-W-12",), "Study 7", 12, Decimal(2), Decimal(8), DAY - timedelta(days=10), DAY + timedelta(days=10))


def readings(*celsius: str, every: int = 30) -> list[Reading]:
    return [Reading(AT + timedelta(minutes=every * n), Decimal(c)) for n, c in enumerate(celsius)]


def test_a_study_lets_its_pack_outs_travel_so_long_and_until_then() -> None:
    held = Validation(uuid4(), STUDY, "approved", uuid4())
    assert held.holds("CR-W-12", DAY, 12) and not held.holds("CR-W-12", DAY, 13) and not held.holds("OV-W-36", DAY, 1)
    assert not replace(held, state="entered").holds("CR-W-12", DAY, 1)
    words = [why_none_holds("CR-W-12", on, hours, found).text for on, hours, found in (
        (DAY, 4, []), (DAY, 13, [held]), (DAY + timedelta(days=99), 4, [held]), (DAY, 4, [replace(held, state="withdrawn")]))]
    assert "no validation of CR-W-12 is on file" in words[0] and "13 are needed" in words[1]
    assert "good from" in words[2] and "withdrawn" in words[3]
    assert is_cold(Payload.FROZEN) and not is_cold(Payload.ROOM)


@pytest.mark.parametrize("wrong", [
    {"codes": ()}, {"codes": ("XX",)}, {"title": " "}, {"hours": 0}, {"low_c": Decimal(9)}, {"last": DAY - timedelta(days=99)},
    {"high_c": Decimal(9)},
])
def test_a_study_that_shows_nothing_is_malformed(wrong: dict[str, object]) -> None:
    STUDY.must_be_sound(pack_outs())
    with pytest.raises(Malformed):
        replace(STUDY, **wrong).must_be_sound(pack_outs())  # type: ignore[arg-type]


def test_who_entered_a_study_does_not_approve_it() -> None:
    one, may = uuid4(), frozenset({"delivery.ticket.check"})
    with pytest.raises(Refused, match="may not approve"):
        VALIDATION.advance(ValidationState.ENTERED, "approve", ValidationFacts(one, one), may, signed=True)
    assert VALIDATION.advance(ValidationState.ENTERED, "approve", ValidationFacts(one, uuid4()), may, signed=True)


def test_where_no_pack_out_lasts_it_says_what_would() -> None:
    with pytest.raises(Refused, match="by overnight, two day"):
        choose(Payload.REFRIGERATED, Lane.COURIER, DAY, 30)
    with pytest.raises(Refused, match="choose a faster lane"):
        choose(Payload.REFRIGERATED, Lane.COURIER, DAY, 99)


def test_a_package_is_closed_when_its_steps_are_ticked() -> None:
    packing = by_code("CR-W-12")
    every = [s.code for s in steps_of(packing)]
    assert len(every) >= 2 and not_done(packing, every) == ()
    assert len(not_done(packing, every[:1])) == len(every) - 1
    with pytest.raises(Malformed):
        not_done(packing, ["dance"])


def service(**changes: object) -> Service:
    return replace(Service(uuid4(), "Swallow", "Overnight", Lane.OVERNIGHT, time(17), (0, 1, 2, 3, 4), 20), **changes)  # type: ignore[arg-type]


def test_a_carrier_takes_nothing_after_its_cut_off_or_on_another_day() -> None:
    assert too_late_for(service(), AT) is None
    for no, code in ((service(active=False), "service-ended"), (service(weekdays=(6,)), "no-pick-up"), (service(cut_off=time(13)), "cut-off-passed")):
        found = too_late_for(no, AT)
        assert found and found.code == code
    assert tracking("1z 999 aa1") == "1Z999AA1"
    with pytest.raises(Malformed):
        tracking("<b>")
    for wrong in ({"carrier": ""}, {"weekdays": (8,)}, {"hours": 0}):
        with pytest.raises(Malformed):
            carrier.must_be_sound(service(**wrong))
    carrier.must_be_sound(service())


def test_the_chain_tells_where_it_does_not_hold() -> None:
    first = Handed(AT, "Pharmacy", "Dee", "", seal="S1")
    assert list(breaks([first, replace(first, giver="Dee", taker="Amara", seal_intact=True)], "America/Chicago")) == []
    torn = list(breaks([first, replace(first, giver="Max", taker="Amara", seal="S2", seal_intact=False)], "America/Chicago"))
    assert len(torn) == 3 and "nobody handed it over" in torn[0] and "CST)" in torn[0] and "S2" in torn[1] and "broken" in torn[2]


def test_readings_are_judged_by_rows_and_never_by_guess() -> None:
    assert judge(readings("4", "5", "6"), "refrigerated", ["ceftriaxone"]).verdict is Verdict.FINE
    warm = readings("4", "12.5", "6")
    borne = judge(warm, "refrigerated", ["ceftriaxone"])
    assert (borne.verdict, borne.minutes_out, borne.high_c) == (Verdict.BORNE, 60, Decimal("12.5"))
    unknown = judge(warm, "refrigerated", ["ceftriaxone", "infliximab"])
    assert unknown.verdict is Verdict.EXCURSION and "no row says what infliximab" in unknown.why[0] and len(unknown.why) == 1
    assert "bears 1 to 25" in judge(readings("4", "31"), "refrigerated", ["ceftriaxone"]).why[0]
    days = [Reading(AT + timedelta(hours=h), Decimal(12)) for h in range(26)]
    assert "1500 minutes out of range" in judge(days, "refrigerated", ["ceftriaxone"]).why[0]
    assert judge(readings("24", "29", "24"), "room", ["anything"]).verdict is Verdict.EXCURSION  # kinetic above 25
    assert judge(readings("20", "26", "20", "20", "20"), "room", []).verdict is Verdict.BORNE
    assert "what it holds" in judge(warm, "frozen", []).why[0]
    with pytest.raises(Broken):
        judge(warm, "lukewarm", [])
    assert set(ranges()) == {"room", "refrigerated", "frozen"}
    assert minutes_outside(readings("4", "9", every=1), Decimal(2), Decimal(8)) == 1


@pytest.mark.parametrize("wrong", [
    readings("4"), readings("4", "5", every=-5), readings("4", "5", every=300), readings("4", "99"),
    [Reading(AT + timedelta(days=5, minutes=n), Decimal(4)) for n in range(2)],
])
def test_what_no_logger_gives_is_malformed(wrong: list[Reading]) -> None:
    must_be_sound(readings("4", "5"), AT + timedelta(days=1))
    with pytest.raises(Malformed):
        must_be_sound(wrong, AT + timedelta(days=1))


@pytest.mark.parametrize("text", [
    "", "when,what\n", "at,celsius\n2026-11-23T08:00,4\n", "at,celsius\nnoon,4\n", "at,celsius\n2026-11-23T08:00Z,4e1\n",
    "at,celsius\n2026-11-23T08:00Z\n", 'at,celsius\n"2026', "at,celsius\n2026-11-23T08:00Z,NaN\n",
])
def test_a_logger_file_is_read_strictly(text: str) -> None:
    with pytest.raises(Malformed):
        read_logger_text(text)


def test_a_logger_file_with_offsets_is_read() -> None:
    assert len(read_logger_file(b"\xef\xbb\xbfat,celsius\r\n2026-11-23T08:00:00-06:00,4.5\r\n\r\n2026-11-23T08:30:00-06:00,5\r\n")) == 2
    with pytest.raises(Malformed):
        read_logger_file(b"\xff\xfe")
    with pytest.raises(Malformed, match="more than"):
        read_logger_text("at,celsius\n" + "2026-11-23T08:00Z,4\n" * 5001)


def test_what_was_at_home_never_goes_back_to_stock() -> None:
    may = frozenset({"delivery.ticket.reconcile"})
    for kind, home, to, code in (
        (ReturnKind.SUPPLY, True, Disposition.STOCK, "was-at-home"), (ReturnKind.DEVICE, True, Disposition.STOCK, "wrong-disposition"),
        (ReturnKind.PREPARATION, False, None, "no-disposition"),
    ):
        with pytest.raises(Refused) as no:
            RETURN.advance(ReturnState.COLLECTED, "receive", ReturnFacts(kind, home, to), may)
        assert no.value.reasons[0].code == code
    for kind, home, to in ((ReturnKind.SUPPLY, False, Disposition.STOCK), (ReturnKind.SHIPPER, True, Disposition.STOCK),
                           (ReturnKind.DEVICE, True, Disposition.DEVICE_RETURNED)):
        assert RETURN.advance(ReturnState.COLLECTED, "receive", ReturnFacts(kind, home, to), may)


def test_lateness_is_seen_before_it_happens() -> None:
    def stop(place: int, to: int, holds: int | None = None) -> StopAhead:
        return StopAhead(place, AT, AT + timedelta(minutes=to), 10, None if holds is None else AT + timedelta(minutes=holds))

    first, second, third = arrivals([stop(1, 100), stop(2, 40, 300), stop(3, 200, 60)], AT, 0, lambda a, b: 30, 30)
    assert (first.at, first.late, first.tight) == (AT + timedelta(minutes=30), (), ())
    assert second.late == ("30 min after its window",) and second.tight == ()
    assert third.late == ("50 min after the pack-out ends",)
    (tight,) = arrivals([stop(1, 45, 50)], AT, 0, lambda a, b: 30, 30)
    assert tight.tight == ("15 min before its window ends", "20 min before the pack-out ends") and not tight.late
    (early,) = arrivals([replace(stop(1, 500), window_from=AT + timedelta(hours=2))], AT, 0, lambda a, b: 30, 30)
    assert early.at == AT + timedelta(hours=2)


def test_figures_are_rows() -> None:
    assert figures.window() == (time(8), time(17)) and figures.whole("service_minutes") > 0
    with pytest.raises(Broken):
        figures.figure("luck")
    assert date(2026, 1, 1) <= DAY
