# SPDX-License-Identifier: Apache-2.0
"""What the simulated payer says to a 270, a 276 and a 278."""
from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from openinfusion.exchange.domain.simulated.temper import Temper
from openinfusion.exchange.domain.x12.eligibility import Benefit, EligibilityAnswer, EligibilityQuestion, Rejection, Related
from openinfusion.exchange.domain.x12.eligibility_words import rejection_words
from openinfusion.exchange.domain.x12.review import ReviewAnswer, ReviewedService, ReviewRequest
from openinfusion.exchange.domain.x12.status import ClaimStanding, Standing

DEDUCTIBLES = (Decimal(0), Decimal(500), Decimal(1500), Decimal(3000))
OUT_OF_POCKET = (Decimal(3000), Decimal(5000), Decimal(9200))
SHARES = (Decimal("0.1"), Decimal("0.2"), Decimal("0.3"))


def eligibility_answer(q: EligibilityQuestion, temper: Temper) -> EligibilityAnswer:
    """Coverage as this payer has it on file: found or not, in force or not, what the member still has to bear."""
    key = q.subscriber.member_id or q.subscriber.family
    base = (0, (q.trace,), q.payer, q.provider, q.subscriber, q.dependent)
    if temper.happens(key, "unknown", temper.unknown_members):
        return EligibilityAnswer(*base, rejections=(_rejection("dependent" if q.dependent else "subscriber", "75", "C"),))
    if temper.happens(key, "silent", 2):
        return EligibilityAnswer(*base, rejections=(_rejection("source", "42", "R"),))
    begun = date(q.on.year, 1, 1)
    if temper.happens(key, "inactive", temper.inactive_members):
        ended = q.on - timedelta(days=1 + temper.roll(key, "ended"))
        return EligibilityAnswer(*base, (Benefit(0, "6", service_types=("30",)),), dates=(("347", ended, ended),))
    return EligibilityAnswer(*base, tuple(_benefits(q, key, temper)), dates=(("346", begun, begun),))


def _rejection(about: str, code: str, follow_up: str) -> Rejection:
    return Rejection(0, about, code, follow_up, *rejection_words(code, follow_up))


def _benefits(q: EligibilityQuestion, key: str, temper: Temper) -> list[Benefit]:
    deductible = DEDUCTIBLES[temper.roll(key, "deductible") % len(DEDUCTIBLES)]
    limit = OUT_OF_POCKET[temper.roll(key, "limit") % len(OUT_OF_POCKET)]
    used = Decimal(temper.roll(key, "used")) / 100
    share = SHARES[temper.roll(key, "share") % len(SHARES)]
    asked = tuple(t for t in q.service_types if t != "30")
    found = [
        Benefit(0, "1", "IND", ("30", *asked), "PR", "SIMULATED PPO"),
        Benefit(0, "C", "IND", ("30",), period="23", amount=deductible, in_network="Y"),
        Benefit(0, "C", "IND", ("30",), period="29", amount=_rest(deductible, used), in_network="Y"),
        Benefit(0, "G", "IND", ("30",), period="23", amount=limit, in_network="Y"),
        Benefit(0, "G", "IND", ("30",), period="29", amount=_rest(limit, used), in_network="Y"),
    ]
    for service in asked:
        needs = "Y" if temper.happens(f"{key}{service}", "authorization", 60) else "N"
        found.append(Benefit(0, "A", "IND", (service,), share=share, authorization=needs, in_network="Y", places=("12",)))
    if temper.happens(key, "other payer", 8):
        found.append(Benefit(0, "R", "", ("30",), related=(Related("PRP", "OTHER IMAGINARY PLAN", "OTHER1"),)))
    return found


def _rest(amount: Decimal, used: Decimal) -> Decimal:
    return (amount * (1 - used)).quantize(Decimal("0.01"))


def review_answer(r: ReviewRequest, temper: Temper, *, final: bool = False) -> ReviewAnswer:
    """The decision on a request: certified, in part, pended first, or denied. ``final`` is the answer after a pend."""
    base = (0, (r.trace,), r.payer, r.requester, r.subscriber)
    kind = ((r.category, r.certification, r.service_type),)
    number = f"SIM{abs(hash_of(r.trace, temper)) % 10**8:08d}"
    if r.certification == "3":
        return ReviewAnswer(*base, "C", r.earlier_authorization, reviews=kind)
    if not final and temper.happens(r.trace, "pended", temper.pended_requests):
        return ReviewAnswer(*base, "A4", "", ("0V",), reviews=kind, messages=("MORE CLINICAL INFORMATION IS REVIEWED",))
    if temper.happens(r.trace, "denied", temper.denied_requests):
        denied = tuple(_decided(s, "A3", "", ("0F",)) for s in r.services)
        return ReviewAnswer(*base, "A3", "", ("0F",), services=denied, reviews=kind)
    if temper.happens(r.trace, "partial", temper.partial_requests) and len(r.services) > 1:
        first, *others = r.services
        services = (_decided(first, "A1", number, ()), *(_decided(s, "A3", "", ("0F",)) for s in others))
        return ReviewAnswer(*base, "A2", number, (), r.first_on, r.last_on, services, reviews=kind)
    certified = tuple(_decided(s, "A1", number, ()) for s in r.services)
    return ReviewAnswer(*base, "A1", number, (), r.first_on, r.last_on, certified, reviews=kind)


def hash_of(subject: str, temper: Temper) -> int:
    """A stable number of a subject, for references that a payer gives."""
    return sum(temper.roll(subject, f"digit {n}") * 100**n for n in range(4))


def _decided(s: ReviewedService, decision: str, number: str, reasons: tuple[str, ...]) -> ReviewedService:
    return ReviewedService(
        s.code, s.units, s.kind, s.modifiers, s.unit, s.first_on, s.last_on, s.description, decision, number, reasons, s.trace,
    )


def status_answer(asked: ClaimStanding, temper: Temper, on: date) -> ClaimStanding:
    """Where a claim stands: paid, denied, in process, or not found."""
    roll = temper.roll(asked.trace, "status")
    category, status = ("F1", "65") if roll < 50 else ("F2", "88") if roll < 60 else ("P1", "20") if roll < 92 else ("A4", "35")
    standing = Standing(0, category, status, on=on, charge=asked.charge)
    control = "" if category == "A4" else f"SIM{hash_of(asked.trace, temper) % 10**8:08d}"
    return ClaimStanding(
        0, asked.level, asked.trace, asked.payer, (standing,), control, "", asked.member, asked.provider, asked.first_on,
        asked.last_on, asked.charge,
    )
