# SPDX-License-Identifier: Apache-2.0
"""Benefits asked by 270, and the 271 read back: its figures into intake's record, and all of it in words."""
from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from openinfusion.exchange.actions.control import next_control
from openinfusion.exchange.actions.transmit import queue_file
from openinfusion.exchange.domain.trading_partners import partners
from openinfusion.exchange.domain.x12.eligibility import Benefit, EligibilityAnswer, EligibilityQuestion
from openinfusion.exchange.domain.x12.eligibility_reader import read_eligibility_answers
from openinfusion.exchange.domain.x12.eligibility_words import in_words
from openinfusion.exchange.domain.x12.eligibility_writer import write_eligibility_questions
from openinfusion.exchange.domain.x12.parties import Member, Payer, Provider
from openinfusion.exchange.domain.x12.writing import Envelope
from openinfusion.exchange.permissions import ASK
from openinfusion.intake import public as intake
from openinfusion.kernel.money import Money
from openinfusion.kernel.refusal import Reason, Refused
from openinfusion.platform.action import action
from openinfusion.platform.actor import Actor
from openinfusion.platform.files import store
from openinfusion.platform.house_day import house_now, house_today
from openinfusion.platform.journal import write
from openinfusion.platform.models import StoredFile

SERVICE_TYPES = ("30", "42", "88")  # the plan as a whole, home health, pharmacy
YEAR, LEFT, VISIT = "23", "29", "27"


def eligibility_text(referral_id: UUID, control: int) -> str:
    """The 270 of a referral; Malformed names what it lacks."""
    q = intake.eligibility_question(referral_id)
    who = q.patient
    member = Member(
        who.family, who.given, q.member_id, who.born_on, {"male": "M", "female": "F"}.get(who.sex, "U"), q.group_number
    )
    asked = EligibilityQuestion(
        trace=q.trace, payer=Payer(q.payer_name, q.payer_x12), provider=Provider(q.pharmacy_name, q.pharmacy_npi),
        subscriber=member, on=house_today(), service_types=SERVICE_TYPES,
    )
    sender, receiver = partners().sender_id, partners().receiver.id
    return write_eligibility_questions(Envelope("270", control, sender, receiver, house_now(), partners().is_test), [asked])


@action
def ask_eligibility(*, referral_id: UUID, by: Actor) -> UUID:
    """Write the 270, keep it and put it into the outbox; the file's id."""
    by.must(ASK)
    control = next_control()
    text = eligibility_text(referral_id, control)
    name, data = f"270-{control:09d}.txt", text.encode("ascii")
    file_id = store(name, data, "text/plain", by)
    queue_file(
        kind="270", receiver=partners().receiver.id, control=control, name=name, data=data, file_id=file_id,
        subject_id=referral_id, by=by,
    )
    kept = StoredFile.objects.get(pk=file_id)
    write(by, "exchange.eligibility.ask", kept, "{actor} asked a payer about benefits in {subject}",
          noted={"referral": str(referral_id)})
    return file_id


@action
def receive_eligibility(*, data: bytes, by: Actor) -> list[str]:
    """Read a payer's 271 and record each answer that is ours; what became of each, in words. A rejection records nothing."""
    by.must(ASK)
    answers = read_eligibility_answers(data)
    file_id = store("271.txt", data, "text/plain", by)
    said = [_recorded(a, file_id, by) for a in answers]
    if not any(done for done, _ in said):
        raise Refused(Reason("nothing-recorded", "; ".join(text for _, text in said) or "there is no answer in it"))
    return [text for _, text in said]


def _recorded(a: EligibilityAnswer, file_id: UUID, by: Actor) -> tuple[bool, str]:
    id = next((found for t in a.traces if (found := intake.referral_by_trace(t)) is not None), None)
    if id is None:
        return False, f"no question of ours has the trace {', '.join(a.traces) or '(none)'}"
    if a.rejections:
        return False, "; ".join(f"{r.text}: {r.next}" for r in a.rejections)
    plan_id, said = intake.eligibility_question(id).plan_id, _in_network(a.benefits)
    copay = _amount(said, "B", VISIT)
    intake.record_benefits(
        referral_id=id, plan_id=plan_id, in_network=True, active=a.is_active, deductible_cents=_amount(said, "C", YEAR),
        deductible_left_cents=_amount(said, "C", LEFT), coinsurance_pct=_share(said),
        copay_cents=_amount(said, "B", "") if copay is None else copay, out_of_pocket_left_cents=_amount(said, "G", LEFT),
        authorization_wanted=_wanted(said), said=[in_words(b) for b in a.benefits], file_id=file_id,
        call_reference=f"271 {a.traces[0]}"[:80], by=by,
    )
    words = {True: "the plan is in force", False: "the plan is not in force", None: "whether it is in force is not said"}
    return True, f"{words[a.is_active]}; {len(a.benefits)} benefits are recorded"


def _in_network(benefits: Sequence[Benefit]) -> list[Benefit]:
    """What holds for a provider of the network, for one person: the plan as a whole or home health."""
    return [
        b for b in benefits
        if b.in_network in ("", "Y", "W") and b.level in ("", "IND")
        and (not b.service_types or {"30", "42"} & set(b.service_types))
    ]


def _amount(benefits: Sequence[Benefit], kind: str, period: str) -> int | None:
    """The amount in cents; None where it is not said, or said in two ways."""
    found = {b.amount for b in benefits if b.kind == kind and b.period == period and b.amount is not None}
    return Money.rounded(found.pop()).cents if len(found) == 1 else None


def _share(benefits: Sequence[Benefit]) -> Decimal | None:
    found = {b.share for b in benefits if b.kind == "A" and b.share is not None}
    return found.pop() * 100 if len(found) == 1 else None


def _wanted(benefits: Sequence[Benefit]) -> bool | None:
    said = {b.authorization for b in benefits if b.authorization in ("Y", "N") and "42" in b.service_types}
    return None if len(said) != 1 else said == {"Y"}
