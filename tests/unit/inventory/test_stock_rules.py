"""The rules of stock, each border on both sides: ownership, counts, witnesses, papers, recalls, programs, orders, demand."""
from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from openinfusion.inventory.domain import controlled, count, recall_case, suspect, transfer
from openinfusion.inventory.domain.abc import classes, due_on, frequencies, frequency
from openinfusion.inventory.domain.allocation import Candidate, Need, allocate_in_hand, skipped
from openinfusion.inventory.domain.demand import (
    Course,
    Rates,
    Rest,
    Stand,
    explode,
    horizon_days,
    is_lumpy,
    kept_rate,
    propose,
    safety_factor,
    spread_of,
    stop_rate,
)
from openinfusion.inventory.domain.device import Care, CareKind, Placement, maintenance_due_on, rental_days
from openinfusion.inventory.domain.number import number_of
from openinfusion.inventory.domain.order import (
    Arrived,
    OrderFacts,
    approver_is_another_person,
    everything_has_come,
    limit_of,
    minimum_is_reached,
    something_is_ordered,
    total_is_within_limit,
)
from openinfusion.inventory.domain.ownership import OWNED, Ownership, Pool, pool_of
from openinfusion.inventory.domain.pick import PickLine, in_order, summed
from openinfusion.inventory.domain.place import PlaceKind
from openinfusion.inventory.domain.program import (
    Mode,
    Ordered,
    ProgramFacts,
    Settings,
    checker_is_another_person,
    differences,
    misread,
    order_is_verified,
    program_is_the_order,
    pump_shows_what_was_entered,
)
from openinfusion.inventory.domain.pump import PumpFacts, cleaning_is_recorded, program_is_checked
from openinfusion.inventory.domain.substitute import SubstituteFacts, must_stand_in, signer_is_another_pharmacist
from openinfusion.inventory.domain.supplier import Licence, Terms
from openinfusion.kernel.money import Money
from openinfusion.kernel.refusal import Malformed, Refused

D = Decimal
A, B, C = UUID(int=1), UUID(int=2), UUID(int=3)
TODAY = date(2026, 11, 22)


def code(reason: object) -> str:
    return getattr(reason, "code", "")


def test_pools_hold_only_themselves() -> None:
    bag = Pool(Ownership.WHITE_BAGGED, A)
    assert OWNED.holds(pool_of("owned", None)) and not OWNED.holds(bag) and not bag.holds(Pool(Ownership.WHITE_BAGGED, B))
    assert "another patient's" in str(bag.reason_against(Pool(Ownership.WHITE_BAGGED, B), "L")) and OWNED.reason_against(OWNED, "L") is None
    assert Ownership.PROGRAM_340B.words == "340B" and Ownership.WHITE_BAGGED.words == "white bagged"
    bag.must_be_sound()
    for wrong in (Pool(Ownership.WHITE_BAGGED), Pool(Ownership.OWNED, A)):
        with pytest.raises(Malformed):
            wrong.must_be_sound()


def test_a_scanned_lot_of_another_owner_is_refused_by_name() -> None:
    other = Candidate(A, "L1", B, TODAY, D(5), Pool(Ownership.CONSIGNED))
    with pytest.raises(Refused, match="consigned stock"):
        allocate_in_hand([other], Need(C, D(1), ("L1",)), usable_until=TODAY)
    mine = Candidate(B, "L1", B, TODAY, D(5))
    assert allocate_in_hand([other, mine], Need(C, D(1), ("L1",)), usable_until=TODAY)[0].lot_id == B
    sooner = Candidate(C, "L0", B, TODAY - timedelta(days=0), D(5), Pool(Ownership.CONSIGNED))
    assert skipped([other, sooner, mine], B, usable_until=TODAY) == []


def test_places_that_are_not_picked_from() -> None:
    assert [k for k in PlaceKind if not k.pickable] == [
        PlaceKind.RECEIVING, PlaceKind.VAN, PlaceKind.PATIENT_HOME, PlaceKind.QUARANTINE, PlaceKind.IN_TRANSIT]
    assert not PlaceKind.QUARANTINE.on_a_shelf and PlaceKind.IN_TRANSIT.on_a_shelf


def test_transfer_guards() -> None:
    f = transfer.TransferFacts
    assert code(transfer.nothing_came_out_of_nowhere(f((D(1),), (D(2),)))) == "more-than-sent"
    assert transfer.nothing_came_out_of_nowhere(f((D(1),), (D(1),))) is None
    assert code(transfer.what_is_missing_is_explained(f((D(2),), (D(1),)))) == "missing-unexplained"
    assert transfer.what_is_missing_is_explained(f((D(2),), (D(1),), "fell")) is None


def test_count_lines_and_guards() -> None:
    right, wrong = count.Counted(D(5), D(5)), count.Counted(D(5), D(4))
    again = count.Counted(D(5), D(4), D(7), D(6), "broken")
    assert not count.Counted().differs and count.Counted().difference == 0
    assert (wrong.difference, again.difference) == (-1, -1)
    f = count.CountFacts
    assert code(count.every_line_is_counted(f([count.Counted()]))) == "not-counted" and count.every_line_is_counted(f([right])) is None
    assert code(count.nothing_differs(f([wrong]))) == "differs" and count.nothing_differs(f([right])) is None
    assert code(count.something_differs(f([right]))) == "nothing-differs" and count.something_differs(f([wrong])) is None
    assert code(count.every_difference_is_counted_again(f([wrong]))) == "not-recounted" and count.every_difference_is_counted_again(f([again])) is None
    assert code(count.approver_counted_nothing(f([], A, B, B))) == "own-count" and count.approver_counted_nothing(f([], A, B, C)) is None
    assert count.approver_counted_nothing(f()) is None
    assert code(count.every_difference_has_a_reason(f([wrong]))) == "reason-missing" and count.every_difference_has_a_reason(f([again, right])) is None


def test_classes_by_share_of_value() -> None:
    found = classes({"dear": Money(8000), "middle": Money(1500), "small": Money(400), "last": Money(100), "unused": Money(0)})
    assert found == {"dear": "A", "middle": "B", "small": "C", "last": "C", "unused": "C"}
    assert classes({}) == {} and frequency("A").every_days == 30 and len(frequencies()) == 4
    assert due_on("B", date(2026, 1, 1), TODAY) == date(2026, 4, 1) and due_on("B", None, TODAY) == TODAY


def test_witness_and_discrepancy_guards() -> None:
    f = controlled.ActFacts
    assert code(controlled.witness_is_another_person(f(actor=A, witness=A))) == "own-work" and controlled.witness_is_another_person(f(actor=A, witness=B)) is None
    of = controlled.ActKind.COUNT
    assert controlled.both_counted_the_same(f(controlled.ActKind.WASTE)) is None
    assert code(controlled.both_counted_the_same(f(of, amount=D(1)))) == "witness-counts"
    assert code(controlled.both_counted_the_same(f(of, amount=D(1), witness_counted=D(2)))) == "counts-differ"
    assert controlled.both_counted_the_same(f(of, amount=D(1), witness_counted=D(1))) is None
    d = controlled.DiscrepancyFacts
    assert code(controlled.resolver_did_not_count(d(A, A))) == "own-count" and controlled.resolver_did_not_count(d(A, B)) is None and controlled.resolver_did_not_count(d()) is None
    assert code(controlled.report_is_named(d(report=" "))) == "report-missing" and controlled.report_is_named(d(report="106")) is None
    at = datetime(2026, 11, 22, tzinfo=UTC)
    assert controlled.resolve_by(at) == at + timedelta(hours=24)
    assert controlled.next_inventory_on(date(2024, 2, 29)) == date(2026, 2, 28) and controlled.next_inventory_on(TODAY) == date(2028, 11, 22)
    assert "1304.11" in controlled.inventory_source()


def test_papers_of_a_delivery() -> None:
    whole = suspect.Transaction("TI", TODAY, TODAY, True)
    whole.must_fit(TODAY)
    suspect.Transaction().must_fit(TODAY)
    for wrong in (suspect.Transaction("TI"), suspect.Transaction("", TODAY), suspect.Transaction("", None, None, True),
                  suspect.Transaction("TI", TODAY + timedelta(days=1), None, True), suspect.Transaction("TI", TODAY, TODAY + timedelta(days=1), True)):
        with pytest.raises(Malformed):
            wrong.must_fit(TODAY)
    assert suspect.kept_until(date(2024, 2, 29)) == date(2030, 3, 1) and suspect.kept_until(TODAY) == date(2032, 11, 22)
    assert suspect.keep_years()[0] == 6
    f = suspect.SuspectFacts
    assert code(suspect.notice_is_named(f())) == "notice-missing" and suspect.notice_is_named(f("3911")) is None
    assert code(suspect.nothing_is_left(f(left=True))) == "still-on-hand" and suspect.nothing_is_left(f()) is None
    at = datetime(2026, 11, 22, tzinfo=UTC)
    assert suspect.notify_by(at) - at == timedelta(hours=24)


def test_licences_and_terms() -> None:
    assert [code(r) for r in Licence().reasons("X", TODAY)] == ["licence-unverified"]
    assert [code(r) for r in Licence("1", "IL", TODAY - timedelta(days=1), TODAY).reasons("X", TODAY)] == ["licence-ended"]
    assert Licence("1", "IL", TODAY, TODAY).reasons("X", TODAY) == [] and Licence("1", "IL", None, TODAY).reasons("X", TODAY) == []
    Terms(365, 0).must_be_sound()
    for wrong in (Terms(366), Terms(-1), Terms(1, -1)):
        with pytest.raises(Malformed):
            wrong.must_be_sound()


def test_recall_guards() -> None:
    f = recall_case.RecallFacts
    for guard, bad, why in (
        (recall_case.something_is_recalled, f(lots=0), "nothing-named"), (recall_case.shelves_are_clear, f(D(1)), "not-pulled"),
        (recall_case.nothing_is_on_hold_for_work, f(out_on_hold=1), "still-held"), (recall_case.everybody_was_told, f(untold=1), "untold"),
        (recall_case.checker_did_not_work_on_it, f(worked=frozenset({A}), actor=A), "own-work"),
    ):
        assert code(guard(bad)) == why and guard(f(worked=frozenset({A}), actor=B)) is None


RIGHT = Settings(Mode.INTERMITTENT, D(20), D(200), D(100), D(24))
ORDER = Ordered(D(2000), "mg", 30, 24, None)


def test_a_program_against_its_order() -> None:
    assert differences(RIGHT, ORDER) == () and RIGHT.minutes == 30
    assert differences(Settings(Mode.INTERMITTENT, D("20.4"), D(200), D(100), D(24)), ORDER) == (), "two percent are allowed"
    assert len(differences(Settings(Mode.INTERMITTENT, D("20.5"), D(200), D(100), D(24)), ORDER)) == 1
    assert "clock times" in differences(RIGHT, Ordered(D(2000), "mg", 30, None, None))[0]
    assert differences(Settings(Mode.INTERMITTENT, D(20), D(200), D(100), None), ORDER) == ()
    steady = Settings(Mode.CONTINUOUS, D(1), D(4))
    assert "no rate" in differences(steady, ORDER)[0] and differences(steady, Ordered(D(1), "mg", 60, None, D(4))) == ()
    assert "rate: the pump has 4 mL/h, the order 5 mL/h" in differences(steady, Ordered(D(1), "mg", 60, None, D(5)))
    assert misread(RIGHT, RIGHT) == () and misread(RIGHT, steady) == ("mode", "concentration", "rate ml per h", "volume ml", "every hours")
    assert Settings(Mode.PCA, D(1), D(0), bolus_ml=D(1), lockout_minutes=8).minutes == 0


def test_settings_no_pump_could_run() -> None:
    RIGHT.must_be_sound()
    Settings(Mode.PCA, D(1), D(0), bolus_ml=D(1), lockout_minutes=8).must_be_sound()
    for wrong in (Settings(Mode.CONTINUOUS, D(0), D(1)), Settings(Mode.CONTINUOUS, D(1), D(0)), Settings(Mode.CONTINUOUS, D(1), D(-1)),
                  Settings(Mode.INTERMITTENT, D(1), D(1)), Settings(Mode.INTERMITTENT, D(1), D(1), D(1), D(0)), Settings(Mode.PCA, D(1), D(1)),
                  Settings(Mode.PCA, D(1), D(1), bolus_ml=D(1))):
        with pytest.raises(Malformed):
            wrong.must_be_sound()


def test_program_and_pump_guards() -> None:
    f = ProgramFacts
    assert code(checker_is_another_person(f(A, A))) == "own-work" and checker_is_another_person(f(A, B)) is None
    assert code(program_is_the_order(f(against_order=("x",)))) == "differs-from-order" and program_is_the_order(f()) is None
    assert code(pump_shows_what_was_entered(f(against_pump=("x",)))) == "pump-differs" and pump_shows_what_was_entered(f()) is None
    assert code(order_is_verified(f(order_is_running=False))) == "order-not-verified" and order_is_verified(f()) is None
    assert code(cleaning_is_recorded(PumpFacts(is_clean=False))) == "not-cleaned" and cleaning_is_recorded(PumpFacts()) is None
    assert code(program_is_checked(PumpFacts(needs_program=True))) == "program-unchecked"
    assert program_is_checked(PumpFacts()) is None and program_is_checked(PumpFacts(needs_program=True, program_is_checked=True)) is None


def test_orders_and_their_limits() -> None:
    assert limit_of([]) == Money(0) and limit_of(["buyer", "pharmacist"]) == Money(2_500_000)
    f = OrderFacts
    assert code(something_is_ordered(f())) == "empty-order" and something_is_ordered(f(lines=1)) is None
    assert code(minimum_is_reached(f(Money(1), Money(2)))) == "below-minimum" and minimum_is_reached(f(Money(2), Money(2))) is None
    buyer = frozenset({"buyer"})
    assert total_is_within_limit(f(Money(250_000), roles=buyer)) is None and code(total_is_within_limit(f(Money(250_001), roles=buyer))) == "above-limit"
    assert code(approver_is_another_person(f(Money(100_000), proposer=A, actor=A))) == "own-order"
    assert approver_is_another_person(f(Money(99_999), proposer=A, actor=A)) is None and approver_is_another_person(f(Money(100_000), proposer=A, actor=B)) is None
    assert code(everything_has_come(f(ordered=D(2), received=D(1)))) == "not-all-came" and everything_has_come(f(ordered=D(2), received=D(2))) is None


def test_what_differs_from_an_order() -> None:
    assert Arrived(D(5), D(0), D(5)).differences() == ()
    assert Arrived(D(5), D(1), D(2), D(1), 10, 12).differences() == ("short 1", "damaged 1", "$0.02 a package dearer than ordered")
    assert Arrived(D(5), D(1), D(6), D(0), 12, 10).differences() == ("over 2", "$0.02 a package cheaper than ordered")


def test_substitutes_stay_within_the_drug() -> None:
    must_stand_in(A, B, "x", "x")
    for pair in ((A, A, "x", "x"), (A, B, "x", "y")):
        with pytest.raises(Malformed):
            must_stand_in(*pair)
    assert code(signer_is_another_pharmacist(SubstituteFacts(A, A))) == "own-proposal" and signer_is_another_pharmacist(SubstituteFacts(A, B)) is None


def test_devices_and_their_days() -> None:
    assert maintenance_due_on("IV pole", TODAY) == TODAY + timedelta(days=730) and maintenance_due_on("syringe pump", TODAY) == TODAY + timedelta(days=365)
    Care(CareKind.CLEANING, TODAY, "wipes", True).must_be_sound(TODAY)
    for wrong in (Care(CareKind.CLEANING, TODAY, " ", True), Care(CareKind.CLEANING, TODAY + timedelta(days=1), "x", True)):
        with pytest.raises(Malformed):
            wrong.must_be_sound(TODAY)
    stay, open_, old = Placement(date(2026, 11, 1), date(2026, 11, 3)), Placement(date(2026, 11, 3)), Placement(date(2025, 1, 1), date(2025, 1, 2))
    assert rental_days([stay, open_, old], date(2026, 11, 2), date(2026, 11, 5)) == 4, "two devices on one day are one day"
    assert rental_days([], TODAY, TODAY) == 0


def test_demand_by_hand() -> None:
    course = Course(D(2), (0, 1, 2, 9))
    found = explode([course], Rates(D(0), D("0.9"), D("0.5"), D(1)), 3)
    assert (found.planned, found.expected, found.new_starts) == (6, D("5.40"), D("1.35"))
    assert explode([course], Rates(D("0.1"), D(1)), 2).expected == D("3.81"), "2 + 2 exp(-0.1)"
    assert stop_rate(5, 999) == D("0.004") and stop_rate(5, 1000) == D("0.005")
    assert kept_rate(1, 199) == D("0.95") and kept_rate(150, 200) == D("0.75") and kept_rate(300, 200) == 1
    assert horizon_days() == 28
    assert is_lumpy([]) and is_lumpy([D(0), D(0), D(1)]) and not is_lumpy([D(0), D(1), D(1)])
    assert spread_of([D(1)]) == 0 and spread_of([D(2), D(4)]) == D("1.41")
    assert safety_factor(cents=20_000, harm="high")[0] == 2 and safety_factor(cents=19_999, harm="low")[0] == 1


def test_a_proposal_says_its_figures() -> None:
    nothing = explode([], Rates(D(0), D(1)), 7)
    rest = Rest(D(7), D(2), "mean of SBA, SES and Theta", 30)
    made = propose(Stand(D(0), D(0), None, 7, 10), nothing, nothing, rest)
    assert (made.reorder_point, made.target, made.order) == (D("10.20"), D("17.20"), 20)
    assert made.because[2] == "unscheduled 7 a week (mean of SBA, SES and Theta, 30 weeks seen), spread 2"
    assert propose(Stand(D(11), D(0), None, 7), nothing, nothing, rest).order == 0
    par = propose(Stand(D(9), D(0), D(40), 7), nothing, nothing, Rest())
    assert (par.reorder_point, par.target, par.order) == (20, 40, 31) and "(par 40)" in par.because[-1]


def test_pick_lines_follow_the_walk() -> None:
    far, near = PickLine(9, "Z", "b", "L1", TODAY, D(1), A), PickLine(1, "Q", "a", "L2", TODAY, D(2), B)
    assert in_order([far, near]) == [near, far]
    assert [x.amount for x in summed([near, near, far])] == [4, 1]


def test_numbers_are_short_and_plain() -> None:
    assert number_of(UUID(int=0), 6) == "000000" and len(number_of(UUID(int=2**64 - 1))) == 8
