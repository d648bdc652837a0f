# SPDX-License-Identifier: Apache-2.0
"""The simulated clearing house answers everything we send, the same way for the same seed, and all it writes is readable."""
from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from openinfusion.exchange.domain.simulated.clearing_house import House, Reply, replies
from openinfusion.exchange.domain.simulated.temper import Temper
from openinfusion.exchange.domain.x12.acknowledgement import read_acknowledgements
from openinfusion.exchange.domain.x12.balance import imbalances
from openinfusion.exchange.domain.x12.claim import AddressOut, ClaimOut, LineOut, PayerOut, PersonOut, ProviderOut
from openinfusion.exchange.domain.x12.claim_writer import ClaimFile, Receiver, Sender, write_claim_file
from openinfusion.exchange.domain.x12.eligibility import EligibilityQuestion
from openinfusion.exchange.domain.x12.eligibility_reader import read_eligibility_answers
from openinfusion.exchange.domain.x12.eligibility_writer import write_eligibility_questions
from openinfusion.exchange.domain.x12.inspection import inspect
from openinfusion.exchange.domain.x12.parties import Member, Payer, Provider
from openinfusion.exchange.domain.x12.remittance_reader import read_remittances
from openinfusion.exchange.domain.x12.review import ReviewedService, ReviewRequest
from openinfusion.exchange.domain.x12.review_reader import read_review_answers
from openinfusion.exchange.domain.x12.review_writer import write_review_requests
from openinfusion.exchange.domain.x12.status import StatusQuestion
from openinfusion.exchange.domain.x12.status_reader import read_standings
from openinfusion.exchange.domain.x12.status_writer import write_status_questions
from openinfusion.exchange.domain.x12.writing import Envelope

AT = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
PAYER, PROVIDER = Payer("IMAGINARY PLAN", "DEMO1"), Provider("DEMO INFUSION", "1234567893")
KIND = Temper(files_rejected=0, claims_rejected_by_house=0, claims_rejected_by_payer=0, unanswered=0, late=0, in_two_parts=0,
              unknown_members=0, inactive_members=0, denied_requests=0, pended_requests=0, partial_requests=0)
HOME = AddressOut("1 Way", "Town", "OH", "441011234")


def claims(count: int) -> list[ClaimOut]:
    person = PersonOut("Quibble", "Jo", date(1970, 1, 2), "M", HOME)
    billing = ProviderOut("Demo Infusion", "1234567893", "", "123456789", "3336H0001X", HOME)
    return [
        ClaimOut(f"OI{n:05d}", Decimal(300), "12", person, f"M{n}", PayerOut("Plan", f"P{n % 2}", "CI"), billing, ("M869",), (
            LineOut(f"OI{n:05d}L1", "S9500", Decimal(100), Decimal(7), date(2026, 2, 1), date(2026, 2, 7)),
            LineOut(f"OI{n:05d}L2", "99601", Decimal(200), Decimal(1), date(2026, 2, 2), date(2026, 2, 2))))
        for n in range(count)
    ]


def claim_file(count: int, control: int = 7) -> str:
    receiver, sender = Receiver("House", "HOUSE"), Sender("Demo", "DEMOPH", "Billing", "3305550100")
    return write_claim_file(ClaimFile(control, sender, receiver, tuple(claims(count)), AT))


def questions(count: int) -> str:
    asked = [EligibilityQuestion(f"T{n}", PAYER, PROVIDER, Member("QUIBBLE", "JO", f"M{n}"), date(2026, 3, 1), service_types=("30", "42"))
             for n in range(count)]
    return write_eligibility_questions(Envelope("270", 3, "S", "R", AT), asked)


def requests(count: int) -> str:
    services = (ReviewedService("S9500", Decimal(28)), ReviewedService("J0696", Decimal(224)))
    asked = [ReviewRequest(f"A{n}", PAYER, PROVIDER, Member("QUIBBLE", "JO", f"M{n}"), ("M869",), services, date(2026, 3, 1),
                           date(2026, 3, 28)) for n in range(count)]
    return write_review_requests(Envelope("278", 4, "S", "R", AT), asked)


def of(kind: str, found: list[Reply]) -> list[Reply]:
    return [r for r in found if r.kind == kind]


def test_a_kind_house_takes_and_pays_every_claim_and_balances() -> None:
    found = replies(claim_file(6), House(KIND), AT)
    assert [r.kind for r in found] == ["999", "277CA", "277CA", "835", "835"]
    assert [r.after for r in found] == sorted(r.after for r in found)
    (group,), _ = read_acknowledgements(found[0].text)
    assert (group.control, group.is_accepted) == ("7", True)
    taken = [s for s in read_standings(found[2].text) if s.level == "patient"]
    assert [s.is_taken_in for s in taken] == [True] * 6 and taken[0].trace == "OI00000" and taken[0].payer_control
    paid = [r for reply in of("835", found) for r in read_remittances(reply.text)]
    assert sorted(c.patient_control for r in paid for c in r.claims) == [f"OI{n:05d}" for n in range(6)]
    assert not any(imbalances(r) for r in paid)


def test_the_same_seed_gives_the_same_answers_and_another_seed_others() -> None:
    text = claim_file(40)
    assert replies(text, House(Temper(1)), AT) == replies(text, House(Temper(1)), AT)
    assert replies(text, House(Temper(1)), AT) != replies(text, House(Temper(2)), AT)


def test_a_rejected_file_gets_its_999_and_nothing_else() -> None:
    (only,) = replies(claim_file(2), House(replace(KIND, files_rejected=100)), AT)
    (group,), _ = read_acknowledgements(only.text)
    assert not group.is_accepted and group.sets[0].faults[0].text == "NM109 in segment 8: the code is not valid"


def test_claims_are_rejected_paid_in_two_parts_late_or_never() -> None:
    by_house = replies(claim_file(3), House(replace(KIND, claims_rejected_by_house=100)), AT)
    assert [r.kind for r in by_house] == ["999", "277CA"]
    assert {s.is_taken_in for s in read_standings(by_house[1].text) if s.level == "patient"} == {False}
    by_payer = replies(claim_file(3), House(replace(KIND, claims_rejected_by_payer=100)), AT)
    assert [r.kind for r in by_payer] == ["999", "277CA", "277CA"]
    parts = of("835", replies(claim_file(40), House(replace(KIND, in_two_parts=50)), AT))
    assert max(r.after for r in parts) - min(r.after for r in parts) > timedelta(days=4)
    late = of("835", replies(claim_file(3), House(replace(KIND, late=100)), AT))
    assert min(r.after for r in late) > timedelta(days=30)
    assert not of("835", replies(claim_file(3), House(replace(KIND, unanswered=100)), AT))
    assert [r.kind for r in replies(questions(2), House(replace(KIND, unanswered=100)), AT)] == ["999"]


def test_eligibility_is_answered_found_or_not_in_force_or_not() -> None:
    (active,) = of("271", replies(questions(12), House(KIND), AT))
    answers = read_eligibility_answers(active.text)
    assert {a.traces[0] for a in answers} == {f"T{n}" for n in range(12)}
    assert sum(a.is_active is True for a in answers) >= 10
    some = next(a for a in answers if a.is_active)
    assert {b.kind for b in some.benefits} >= {"1", "C", "G", "A"} and some.benefits[1].amount is not None
    (inactive,) = of("271", replies(questions(12), House(replace(KIND, inactive_members=100)), AT))
    assert False in {a.is_active for a in read_eligibility_answers(inactive.text)}
    (unknown,) = of("271", replies(questions(3), House(replace(KIND, unknown_members=100)), AT))
    assert {r.code for a in read_eligibility_answers(unknown.text) for r in a.rejections} == {"75"}


def test_requests_are_certified_in_full_in_part_denied_or_pended_first() -> None:
    def decided(temper: Temper) -> list[list[str]]:
        return [[a.decision for a in read_review_answers(r.text)] for r in of("278", replies(requests(1), House(temper), AT))]

    assert decided(KIND) == [["A1"]]
    assert decided(replace(KIND, partial_requests=100)) == [["A2"]]
    assert decided(replace(KIND, denied_requests=100)) == [["A3"]]
    assert decided(replace(KIND, pended_requests=100)) == [["A4"], ["A1"]]
    (full,) = of("278", replies(requests(1), House(KIND), AT))
    (answer,) = read_review_answers(full.text)
    assert answer.authorization.startswith("SIM") and answer.traces == ("A0",) and answer.last_on == date(2026, 3, 28)
    assert [s.units for s in answer.services] == [Decimal(28), Decimal(224)]


def test_the_state_of_a_claim_is_told() -> None:
    asked = [StatusQuestion(f"OI{n}", PAYER, PROVIDER, PROVIDER, Member("QUIBBLE", "JO", f"M{n}"), Decimal(100), date(2026, 2, 1),
                            date(2026, 2, 7)) for n in range(30)]
    text = write_status_questions(Envelope("276", 5, "S", "R", AT), asked)
    assert [s.charge for s in read_standings(text)] == [Decimal(100)] * 30
    (told,) = of("277", replies(text, House(KIND), AT))
    found = read_standings(told.text)
    assert {s.trace for s in found} == {q.trace for q in asked}
    assert {s.standings[0].category for s in found} >= {"F1", "P1"}


def test_all_that_the_house_writes_is_read_without_a_finding() -> None:
    for text in (claim_file(30), questions(30), requests(30)):
        for reply in replies(text, House(Temper(3)), AT):
            seen = inspect(reply.text.encode())
            assert seen.refused is None and not seen.findings, (reply.kind, seen.refused, seen.findings[:2])
