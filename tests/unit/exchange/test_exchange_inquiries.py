# SPDX-License-Identifier: Apache-2.0
"""A question to a payer is written and read back the same; its answer is read with everything it says, in words too."""
from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from openinfusion.exchange.domain.x12.eligibility import EligibilityQuestion
from openinfusion.exchange.domain.x12.eligibility_reader import read_eligibility_answers, read_eligibility_questions
from openinfusion.exchange.domain.x12.eligibility_words import in_words
from openinfusion.exchange.domain.x12.eligibility_writer import write_eligibility_questions
from openinfusion.exchange.domain.x12.parties import Member, Payer, Provider
from openinfusion.exchange.domain.x12.review import ReviewedService, ReviewRequest
from openinfusion.exchange.domain.x12.review_reader import read_review_answers, read_review_requests
from openinfusion.exchange.domain.x12.review_writer import write_review_requests
from openinfusion.exchange.domain.x12.writing import Envelope
from openinfusion.kernel.refusal import Malformed

AT = datetime(2026, 2, 1, 9, 30, tzinfo=UTC)
PAYER, PROVIDER = Payer("IMAGINARY PLAN", "DEMO1"), Provider("DEMO INFUSION", "1234567893")
MEMBER = Member("QUIBBLE", "JOSE", "MBR1", date(1970, 1, 2), "M")
CHILD = Member("QUIBBLE", "ANN", "", date(2010, 1, 1), "F", relation="19")
QUESTION = EligibilityQuestion("T1", PAYER, PROVIDER, MEMBER, date(2026, 2, 1), service_types=("30", "42"), codes=("S9500",))
REQUEST = ReviewRequest(
    "A1", PAYER, PROVIDER, MEMBER, ("M869", "Z452"),
    (ReviewedService("S9500", Decimal(28), first_on=date(2026, 2, 1), last_on=date(2026, 2, 28), trace="A1-1"),
     ReviewedService("J0696", Decimal(224), modifiers=("JZ",), trace="A1-2")),
    date(2026, 2, 1), date(2026, 2, 28), note="SEE LETTER", attachment_control="A1PWK",
)


def test_eligibility_questions_come_back_as_they_were_asked() -> None:
    child = replace(QUESTION, trace="T2", dependent=CHILD, until=date(2026, 2, 28), codes=())
    text = write_eligibility_questions(Envelope("270", 7, "S", "R", AT), [QUESTION, child])
    assert read_eligibility_questions(text) == (QUESTION, child)


def test_an_accent_and_a_separator_in_a_name_do_not_reach_the_file() -> None:
    odd = replace(QUESTION, subscriber=Member("Sørensen~*", "Zoë:", "M1"))
    (read,) = read_eligibility_questions(write_eligibility_questions(Envelope("270", 7, "S", "R", AT), [odd]))
    assert (read.subscriber.family, read.subscriber.given) == ("SORENSEN", "ZOE")


@pytest.mark.parametrize(("change", "words"), [
    ({"trace": "t 1"}, "trace number"), ({"payer": Payer("X", " ")}, "electronic number"),
    ({"provider": Provider("X", "")}, "NPI"), ({"subscriber": Member("ONLY")}, "member number"),
    ({"until": date(2026, 1, 1)}, "before the first"),
])
def test_a_question_that_lacks_something_is_not_written(change: dict[str, object], words: str) -> None:
    with pytest.raises(Malformed, match=words):
        write_eligibility_questions(Envelope("270", 7, "S", "R", AT), [replace(QUESTION, **change)])  # type: ignore[arg-type]
    with pytest.raises(Malformed, match="nothing to ask"):
        write_eligibility_questions(Envelope("270", 7, "S", "R", AT), [])


def answer(*benefits: str) -> str:
    return "".join(f"{s}~" for s in (
        "ST*271*1", "HL*1**20*1", "NM1*PR*2*PLAN*****PI*P1", "HL*2*1*21*1", "NM1*1P*2*PHARMACY*****XX*1234567893",
        "HL*3*2*22*0", "TRN*2*T1*9", "NM1*IL*1*QUIBBLE*JOSE****MI*MBR1", "REF*6P*GRP7", "DMG*D8*19700102*M",
        "DTP*346*D8*20260101", *benefits, "SE*9*1"))


def test_an_answer_says_in_words_what_it_says_in_codes() -> None:
    (read,) = read_eligibility_answers(answer(
        "EB*1**30**GOLD", "EB*C*IND*30***29*150****Y", "EB*A*IND*42*****0.2***Y*W", "MSG*CALL FIRST", "III*ZZ*12",
        "EB*F**88****75.5**VS*30", "REF*18*PLAN9", "DTP*348*D8*20260101", "EB*R**30", "LS*2120", "NM1*PRP*2*OTHER PLAN*****PI*O1",
        "LE*2120", "EB*I*****27*******HC:S9500", "AAA*N**72*C"))
    assert read.is_active is True
    assert [in_words(b) for b in read.benefits] == [
        "Active coverage; for the plan as a whole; plan GOLD",
        "Deductible; for the plan as a whole; $150.00; remaining; individual; authorization is needed",
        "Coinsurance; for home health care; 20 %; individual; in and out of network; authorization is needed; CALL FIRST",
        "Limitations; for pharmacy; $75.50, 30 visits",
        "Another payer, or an additional one; for the plan as a whole; primary payer OTHER PLAN",
        "Not covered; code S9500; per visit",
    ]
    assert read.subscriber.group_number == "GRP7"
    assert read.rejections[0].text == "the subscriber's number is wrong or missing"
    assert read.rejections[0].next == "correct it and send it again"
    assert (read.benefits[2].places, read.benefits[3].references) == (("12",), (("18", "PLAN9"),))


@pytest.mark.parametrize(("benefits", "active"), [
    (("EB*6**30",), False), (("EB*1**30", "EB*6**30"), None), (("EB*1**30", "EB*6**35"), True), (("EB*C**30",), None),
    (("EB*1**88",), True),
])
def test_whether_the_plan_is_in_force_is_said_only_where_the_payer_said_it(benefits: tuple[str, ...], active: bool | None) -> None:
    assert read_eligibility_answers(answer(*benefits))[0].is_active is active


def test_review_requests_come_back_as_they_were_asked() -> None:
    child = replace(REQUEST, trace="A2", dependent=CHILD, is_urgent=True, services=REQUEST.services[:1], attachment_control="")
    renewed = replace(REQUEST, trace="A3", certification="R", earlier_authorization="PA7")
    text = write_review_requests(Envelope("278", 8, "S", "R", AT), [REQUEST, child, renewed])
    assert read_review_requests(text) == (REQUEST, child, renewed)


@pytest.mark.parametrize(("change", "words"), [
    ({"trace": ""}, "trace number"), ({"payer": Payer("X", "")}, "electronic number"), ({"requester": Provider("X", "")}, "NPI"),
    ({"subscriber": Member("ONLY")}, "member number"), ({"diagnoses": ()}, "1 to 12 diagnoses"), ({"services": ()}, "at least one"),
    ({"last_on": date(2026, 1, 1)}, "before the first"), ({"certification": "X"}, "I, R, S, 3 or 4"),
    ({"certification": "R"}, "names the authorization"), ({"services": (ReviewedService("", Decimal(1)),)}, "units above zero"),
])
def test_a_request_that_lacks_something_is_not_written(change: dict[str, object], words: str) -> None:
    with pytest.raises(Malformed, match=words):
        write_review_requests(Envelope("278", 8, "S", "R", AT), [replace(REQUEST, **change)])  # type: ignore[arg-type]
    with pytest.raises(Malformed, match="nothing to ask"):
        write_review_requests(Envelope("278", 8, "S", "R", AT), [])


def test_a_decision_is_read_with_its_number_days_reasons_and_lines() -> None:
    (read,) = read_review_answers("".join(f"{s}~" for s in (
        "ST*278*1", "HL*1**20*1", "NM1*X3*2*PLAN*****PI*P1", "HL*2*1*21*1", "NM1*1P*2*PHARMACY*****XX*1234567893", "HL*3*2*22*1",
        "NM1*IL*1*QUIBBLE*JOSE****MI*MBR1", "HL*4*3*EV*1", "TRN*2*A1*9", "UM*HS*I*42", "HCR*A2*PA77*0F", "DTP*AAH*RD8*20260201-20260228",
        "MSG*PARTLY", "HL*5*4*SS*0", "UM*HS*I", "HCR*A1*PA77", "SV1*HC:S9500**UN*14", "HL*6*4*SS*0", "HCR*A3**0F", "SV1*HC:J0696**UN*224",
        "AAA*N**33*C", "SE*9*1")))
    assert (read.decision, read.authorization, read.reasons, read.is_decided) == ("A2", "PA77", ("0F",), True)
    assert [(s.code, s.units, s.decision) for s in read.services] == [("S9500", Decimal(14), "A1"), ("J0696", Decimal(224), "A3")]
    assert (read.first_on, read.last_on) == (date(2026, 2, 1), date(2026, 2, 28))
    assert read.messages == ("PARTLY",) and read.rejections[0].code == "33"


@pytest.mark.parametrize("reader", [
    read_eligibility_answers, read_eligibility_questions, read_review_answers, read_review_requests])
def test_a_file_of_another_kind_is_refused(reader: object) -> None:
    with pytest.raises(Malformed, match="there is no 27"):
        reader("ST*837*1~SE*2*1~")  # type: ignore[operator]
