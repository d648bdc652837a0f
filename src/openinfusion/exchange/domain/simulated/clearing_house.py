# SPDX-License-Identifier: Apache-2.0
"""A simulated clearing house: a file that we send becomes the files that come back, each with the time it takes.

270, 276, 278 and 837 are answered with 999, 271, 277, 278, 277CA and 835; some late, some wrong, some in part, some never.
"""
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from openinfusion.exchange.domain.simulated.adjudication import claim_again, remittances
from openinfusion.exchange.domain.simulated.inquiries import eligibility_answer, review_answer, status_answer
from openinfusion.exchange.domain.simulated.temper import Temper
from openinfusion.exchange.domain.x12.acknowledgement import Fault999, GroupAnswer, SetAnswer, write_acknowledgement
from openinfusion.exchange.domain.x12.claim import ClaimOut
from openinfusion.exchange.domain.x12.claim_reader import claims_in
from openinfusion.exchange.domain.x12.eligibility_answers import write_eligibility_answers
from openinfusion.exchange.domain.x12.eligibility_reader import questions_in
from openinfusion.exchange.domain.x12.parties import Member, Payer, Provider
from openinfusion.exchange.domain.x12.review import ReviewAnswer
from openinfusion.exchange.domain.x12.review_answers import write_review_answers
from openinfusion.exchange.domain.x12.review_reader import requests_in
from openinfusion.exchange.domain.x12.sets import TransactionSet, transaction_sets
from openinfusion.exchange.domain.x12.status import ClaimStanding, Standing
from openinfusion.exchange.domain.x12.status_answers import write_claim_acknowledgements, write_status_answers
from openinfusion.exchange.domain.x12.status_reader import standings_in
from openinfusion.exchange.domain.x12.tokens import interchanges_of
from openinfusion.exchange.domain.x12.writing import GREATEST_CONTROL, Envelope

ACKNOWLEDGED, TAKEN_BY_HOUSE, TAKEN_BY_PAYER = timedelta(minutes=5), timedelta(hours=2), timedelta(days=1)
ANSWERED, REVIEWED, PAID, PAID_LATER = timedelta(minutes=10), timedelta(hours=30), timedelta(days=11), timedelta(days=18)
USUAL = Temper()
FUNCTIONAL = {"837": "HC", "270": "HS", "276": "HR", "278": "HI"}


@dataclass(frozen=True, slots=True)
class Reply:
    """One file that comes back: its kind, its text, and how long after ours it is there."""

    kind: str
    text: str
    after: timedelta


@dataclass(frozen=True, slots=True)
class House:
    """The simulated clearing house. ``allowed`` is what each line (by its control number) is worth; without it, 70 %."""

    temper: Temper = USUAL
    allowed: Mapping[str, Decimal] = field(default_factory=dict)
    name: str = "EXAMPLEHOUSE"


def replies(text: str, house: House, at: datetime) -> list[Reply]:
    """Everything that comes back for this file, the soonest first. A rejected file gets its 999 and nothing else."""
    sets = transaction_sets(interchanges_of(text))
    found: list[Reply] = []
    for n, one in enumerate(sets):
        maker = _Maker(one, house, at, n)
        found.append(maker.acknowledged())
        if not maker.is_rejected:
            found += maker.answered()
    return sorted(found, key=lambda r: r.after)


class _Maker:
    """The answers to one transaction."""

    def __init__(self, one: TransactionSet, house: House, at: datetime, at_place: int) -> None:
        self.one, self.house, self.temper, self.local = one, house, house.temper, at
        self.key = f"{one.interchange}|{one.control}|{one.kind}"
        self.place, self.made = at_place, 0
        self.is_rejected = self.temper.happens(self.key, "file rejected", self.temper.files_rejected)

    def envelope(self, kind: str, after: timedelta) -> Envelope:
        """An envelope towards us; its number follows from ours, so that the same file gets the same answers."""
        self.made += 1
        base = int("".join(c for c in self.one.interchange if c.isdecimal()) or "1")
        control = (base * 2_000 + self.place * 200 + self.made * 20) % GREATEST_CONTROL or 1  # 20: a payment for each payer
        return Envelope(kind, control, self.house.name, self.one.sender, self.local + after)

    def acknowledged(self) -> Reply:
        """The 999: accepted, or on purpose rejected with a segment and an element in error."""
        faults = [Fault999(0, "NM1", "8", "2010BB", "8", "09", "7")] if self.is_rejected else []
        verdict = "R" if self.is_rejected else "A"
        answer = SetAnswer(self.one.kind, self.one.control, verdict, ("5",) if self.is_rejected else (), faults)
        functional, accepted = FUNCTIONAL.get(self.one.kind, ""), "0" if self.is_rejected else "1"
        group = GroupAnswer(0, functional, self.one.group, verdict, "1", "1", accepted, [answer])
        return Reply("999", write_acknowledgement(self.envelope("999", ACKNOWLEDGED), [group]), ACKNOWLEDGED)

    def answered(self) -> Iterator[Reply]:
        if self.temper.happens(self.key, "unanswered", self.temper.unanswered) and self.one.kind != "837":
            return
        makers = {"270": self._eligibility, "276": self._status, "278": self._reviews, "837": self._claims}
        if self.one.kind in makers:
            yield from makers[self.one.kind]()

    def _eligibility(self) -> Iterator[Reply]:
        answers = [eligibility_answer(q, self.temper) for q in questions_in(self.one)]
        after = self.temper.delay(self.key, ANSWERED)
        yield Reply("271", write_eligibility_answers(self.envelope("271", after), answers), after)

    def _status(self) -> Iterator[Reply]:
        after = self.temper.delay(self.key, ANSWERED)
        asked = [s for s in standings_in(self.one) if s.trace]
        answers = [status_answer(s, self.temper, (self.local + after).date()) for s in asked]
        yield Reply("277", write_status_answers(self.envelope("277", after), answers, self._receiver()), after)

    def _reviews(self) -> Iterator[Reply]:
        requests = requests_in(self.one)
        first = [review_answer(r, self.temper) for r in requests]
        after = self.temper.delay(self.key, REVIEWED)
        yield self._review(first, after)
        pended = [r for r, a in zip(requests, first, strict=True) if a.decision == "A4"]
        if pended:
            yield self._review([review_answer(r, self.temper, final=True) for r in pended], after * 3)

    def _review(self, answers: list[ReviewAnswer], after: timedelta) -> Reply:
        return Reply("278", write_review_answers(self.envelope("278", after), answers), after)

    def _claims(self) -> Iterator[Reply]:
        claims = [claim_again(c) for c in claims_in([self.one])[0].claims]
        by_house = self._rejected(claims, "house", self.temper.claims_rejected_by_house)
        passed = [c for c in claims if c not in by_house]
        by_payer = self._rejected(passed, "payer", self.temper.claims_rejected_by_payer)
        me = Payer(self.house.name, self.house.name)
        yield self._taken(claims, by_house, ("A3", "562"), TAKEN_BY_HOUSE, me)
        if passed:
            yield self._taken(passed, by_payer, ("A7", "164"), self.temper.delay(self.key, TAKEN_BY_PAYER))
        yield from self._paid([c for c in passed if c not in by_payer])

    def _rejected(self, claims: Sequence[ClaimOut], by_whom: str, share: int) -> list[ClaimOut]:
        return [c for c in claims if self.temper.happens(c.patient_control, by_whom, share)]

    def _taken(
        self, claims: Sequence[ClaimOut], rejected: Sequence[ClaimOut], why: tuple[str, str], after: timedelta,
        house: Payer | None = None,
    ) -> Reply:
        on = (self.local + after).date()
        answers = [_standing(c, on, why if c in rejected else None) for c in claims]
        envelope = self.envelope("277CA", after)
        text = write_claim_acknowledgements(envelope, answers, self._receiver(), self.one.interchange, house)
        return Reply("277CA", text, after)

    def _paid(self, claims: Sequence[ClaimOut]) -> Iterator[Reply]:
        """The 835s: one a payer, or two where a part is paid later; some claims are never answered."""
        answered = [c for c in claims if not self.temper.happens(c.patient_control, "unanswered", self.temper.unanswered)]
        later = [c for c in answered if self.temper.happens(c.patient_control, "later", self.temper.in_two_parts)]
        for mine, usual in (([c for c in answered if c not in later], PAID), (later, PAID_LATER)):
            after = self.temper.delay(f"{self.key}{usual}", usual)
            for text in remittances(mine, self.house.allowed, self.envelope("835", after)):
                yield Reply("835", text, after)

    def _receiver(self) -> Provider:
        return Provider(self.one.sender, self.one.sender)


def _standing(c: ClaimOut, on: date, why: tuple[str, str] | None) -> ClaimStanding:
    """What a 277CA says about one claim: accepted with the payer's number, or rejected and why."""
    category, status = why or ("A2", "20")
    return ClaimStanding(
        0, "patient", c.patient_control, Payer(c.payer.name, c.payer.id),
        (Standing(0, category, status, on=on, charge=c.charge),), "" if why else f"SIM{c.patient_control[-10:]}", "",
        Member(c.patient.family, c.patient.given, c.member_id), Provider(c.billing.name, c.billing.npi),
        c.lines[0].first_on if c.lines else None, None, c.charge,
    )
