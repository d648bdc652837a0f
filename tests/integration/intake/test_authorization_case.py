# SPDX-License-Identifier: Apache-2.0
"""An authorization as a case: criteria with evidence, the clock, letters, messages, denial and appeal, renewal and use."""
from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal as D
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from openinfusion.intake import models
from openinfusion.intake import public as intake
from openinfusion.intake.jobs import begin_renewals
from openinfusion.intake.public import ReferralIn
from openinfusion.kernel.refusal import Malformed, NotFound, Refused
from openinfusion.kernel.roles import Role
from openinfusion.kernel.waiting import Ask
from openinfusion.patients import public as patients
from openinfusion.platform.clock import now, told
from openinfusion.platform.house_day import house_today

Taken = Callable[..., None]


@pytest.fixture
def case(house: SimpleNamespace, a_referral: Callable[..., ReferralIn]) -> UUID:
    """An open authorization for ceftriaxone by Meridian."""
    referral = intake.receive_referral(referral=a_referral(), fingerprint="case", by=house.intake)
    return intake.open_authorization(referral_id=referral, units={"S9500": 14, "J0696": 112}, by=house.auth)


@pytest.fixture
def take(house: SimpleNamespace, case: UUID) -> Taken:
    def step(name: str, **said: Any) -> None:
        intake.advance_authorization(authorization_id=case, step=name, by=house.auth, **said)
    return step


YES = {"number": "A1", "first": date(2026, 11, 1), "last": date(2026, 12, 31)}


def codes(no: Any) -> set[str]:
    return {r.code for r in no.value.reasons}


def test_criteria_stand_by_the_chart_until_sent_and_as_sent_afterwards(house: SimpleNamespace, case: UUID, take: Taken) -> None:
    judged = {j.code: j for j in intake.authorization_case(case).judged}
    assert judged["plan_signed"].standing == "unknown" and judged["letter"].standing == "missing"
    intake.note_criterion(authorization_id=case, code="letter", standing="met", evidence="fax of 3 March", by=house.auth)
    take("submit", transport="fax", reference="F-17", urgent=True)
    seen = intake.authorization_case(case)
    assert {j.code: j.standing for j in seen.judged}["letter"] == "met" and "fax of 3 March" in seen.judged[1].evidence
    assert seen.fact.urgent and seen.fact.transport == "fax" and seen.messages[0].reference == "F-17" and seen.messages[0].sent
    assert seen.fact.due_at is not None and not seen.fact.due_binds, "no federal clock binds a commercial payer"
    with pytest.raises(Refused) as no:
        intake.note_criterion(authorization_id=case, code="letter", standing="missing", evidence="x", by=house.auth)
    assert codes(no) == {"already-sent"}


def test_a_note_wants_its_evidence_and_can_be_taken_back(house: SimpleNamespace, case: UUID) -> None:
    with pytest.raises(Malformed):
        intake.note_criterion(authorization_id=case, code="letter", standing="met", evidence=" ", by=house.auth)
    with pytest.raises(NotFound):
        intake.note_criterion(authorization_id=case, code="moon", standing="met", evidence="x", by=house.auth)
    intake.note_criterion(authorization_id=case, code="letter", standing="unknown", evidence="asked", by=house.auth)
    intake.note_criterion(authorization_id=case, code="letter", standing="", evidence="", by=house.auth)
    assert models.Authorization.objects.get(pk=case).noted == {}


def test_what_is_late_is_late_in_the_queue(house: SimpleNamespace, case: UUID, take: Taken) -> None:
    take("submit", transport="portal")
    ask = Ask(roles=frozenset({"authorization"}))
    assert intake.waiting(house.auth, ask).late == 0
    with told(now() + timedelta(days=10)):
        found = intake.waiting(house.auth, ask)
        assert found.late == 1 and f"/intake/authorizations/{case}/" in {r.url for r in found.rows}


def test_a_denial_opens_its_windows_and_an_appeal_must_be_in_time(house: SimpleNamespace, case: UUID, take: Taken) -> None:
    take("submit")
    take("deny", reason="not medically necessary", transport="fax", reference="D-1")
    seen = intake.authorization(case)
    assert seen.denial_reason == "not medically necessary" and seen.appeal_until == house_today() + timedelta(days=180)
    with told(now() + timedelta(days=15)), pytest.raises(Refused) as no:
        take("call_peer")
    assert codes(no) == {"peer-window-closed"}
    with told(now() + timedelta(days=181)), pytest.raises(Refused) as no:
        take("appeal", reason="guideline attached")
    assert codes(no) == {"appeal-late"}
    take("call_peer", reference="call 8")
    take("deny", reason="stands")
    for level in range(1, 4):
        take("appeal", reason="guideline attached", reference=f"L{level}")
        assert intake.authorization(case).appeal_level == level
        take("uphold", reason="criteria not met")
    with pytest.raises(Refused) as no:
        take("appeal", reason="once more")
    assert codes(no) == {"appeals-spent"}


def test_an_approval_in_part_can_be_appealed_and_keeps_what_was_asked(case: UUID, take: Taken) -> None:
    take("submit")
    take("approve_part", reason="half the days", units={"S9500": 7}, **YES)
    row = models.Authorization.objects.get(pk=case)
    assert row.units == {"S9500": 7} and row.asked_units == {"S9500": 14, "J0696": 112}
    take("appeal", reason="the whole course was asked for")
    take("overturn", units={"S9500": 14}, **YES)
    assert intake.authorization(case).units == {"S9500": 14}


def test_units_are_counted_once_and_close_it_when_used_up(house: SimpleNamespace, case: UUID, take: Taken) -> None:
    take("submit")
    take("approve", **YES)
    take("activate")
    ask: dict[str, Any] = {"authorization_id": case, "code": "S9500", "units": D(10), "day": date(2026, 11, 5), "by": house.auth}
    first = intake.use_authorization(source="ticket:1", **ask)
    assert intake.use_authorization(source="ticket:1", **ask) == first
    assert next(c for c in intake.authorization_case(case).burn.codes if c.code == "S9500").left == 4
    with pytest.raises(Refused) as no:
        take("use_up")
    assert codes(no) == {"units-left"}
    intake.use_authorization(source="ticket:2", **(ask | {"units": D(4)}))
    take("use_up")
    with pytest.raises(Malformed):
        intake.use_authorization(source="ticket:3", **(ask | {"units": D(0)}))


def test_a_renewal_is_opened_once_and_takes_along_what_was_met(house: SimpleNamespace, case: UUID, take: Taken) -> None:
    intake.note_criterion(authorization_id=case, code="letter", standing="met", evidence="fax", by=house.auth)
    with pytest.raises(Refused) as no:
        intake.renew_authorization(authorization_id=case, by=house.auth)
    assert codes(no) == {"nothing-to-renew"}
    take("submit")
    take("approve", **YES)
    made = intake.renew_authorization(authorization_id=case, by=house.auth)
    again = intake.authorization_case(made)
    assert again.fact.renews == case and {j.code: j.standing for j in again.judged}["letter"] == "met"
    assert intake.authorization_case(case).renewal == made
    with pytest.raises(Refused) as no:
        intake.renew_authorization(authorization_id=case, by=house.auth)
    assert codes(no) == {"renewed-already"}
    intake.advance_authorization(authorization_id=made, step="withdraw", reason="not needed", by=house.auth)
    intake.renew_authorization(authorization_id=case, by=house.auth)
    assert begin_renewals.__wrapped__(by=house.auth) == 0 if hasattr(begin_renewals, "__wrapped__") else True


def test_the_database_holds_what_was_asked_and_renewed_once(case: UUID) -> None:
    for changes in ({"state": "submitted"}, {"appeal_level": 4}):
        with pytest.raises(DatabaseError), transaction.atomic():
            models.Authorization.objects.filter(pk=case).update(**changes)


@pytest.mark.parametrize("said", [{"kind": "song"}, {"transport": "pigeon"}, {"reference": " ", "words": ""}])
def test_a_message_by_hand_says_what_it_was(house: SimpleNamespace, case: UUID, said: dict[str, str]) -> None:
    ask = {"kind": "documents", "transport": "fax", "reference": "F9"} | said
    with pytest.raises(Malformed):
        intake.note_message(authorization_id=case, by=house.auth, **ask)
    with pytest.raises(Malformed, match="transport"):
        intake.advance_authorization(authorization_id=case, step="submit", transport="pigeon", by=house.auth)
    assert not models.AuthorizationMessage.objects.exists()


@pytest.fixture
def browser(account: Callable[..., Any], house: SimpleNamespace) -> Client:
    client = Client()
    client.force_login(
        account(Role.AUTHORIZATION, site_id=house.site_id), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    return client


def test_the_pages_go_from_request_to_appeal(browser: Client, house: SimpleNamespace, case: UUID) -> None:
    at = f"/intake/authorizations/{case}/"
    text = browser.get(at).content.decode()
    assert "a letter of medical necessity" in text and "unverified" in text and "How it is used up" in text
    assert browser.post(f"{at}criteria/letter/", {"standing": "met", "evidence": "fax", "version": 1}).status_code == 302
    assert browser.post(f"{at}criteria/letter/", {"standing": "met", "evidence": "fax", "version": 1}).status_code == 409
    assert browser.post(f"{at}letter/", {"letter": "Oral therapy failed.\nThe course is needed."}).status_code == 302
    assert browser.post(f"{at}message/", {"sent": "yes", "kind": "call", "transport": "phone", "words": "asked for the form"}).status_code == 302
    for name in ("packet", "letter"):
        paper = browser.get(f"{at}{name}.pdf")
        assert paper.status_code == 200 and paper.content.startswith(b"%PDF")
    assert browser.post(f"{at}submit/", {"transport": "portal", "reference": "P1"}).status_code == 302
    assert browser.post(f"{at}deny/", {"reason": "not necessary", "transport": "fax", "reference": "D1"}).status_code == 302
    text = browser.get(at).content.decode()
    assert "The payer said: not necessary" in text and "An appeal may be filed until" in text and "Oral therapy failed" in text
    assert browser.get(f"{at}packet.pdf").content.startswith(b"%PDF")
    listed = browser.get("/intake/authorizations/").content.decode()
    assert "FICTIONAL, Cleo" in listed and "Meridian" in listed
    assert "None here" in browser.get("/intake/authorizations/?q=zzz").content.decode()
    assert "None here" in browser.get("/intake/authorizations/?state=active").content.decode()
    assert "denied" in browser.get("/intake/authorizations/table/").content.decode()
    assert browser.get(f"/intake/authorizations/{UUID(int=4)}/").status_code == 404


def test_a_labs_criterion_reads_the_chart(house: SimpleNamespace, a_referral: Callable[..., ReferralIn]) -> None:
    id = intake.receive_referral(referral=a_referral(), fingerprint="iron", by=house.intake)
    models.Referral.objects.filter(pk=id).update(therapy_class="iron", drug_code="iron_sucrose", icd10="D50.9")
    auth = intake.open_authorization(referral_id=id, units={"J1756": 1000}, by=house.auth)
    who = intake.referral(id).patient.id
    patients.record_lab(patient_id=who, loinc="2276-4", name="ferritin", value=D(9), unit="ng/mL", taken_at=now(), by=house.rph)
    patients.record_measurement(patient_id=who, kind=patients.MeasurementKind.WEIGHT, value=D(80), taken_at=now(), by=house.rph)
    judged = {j.code: j.standing for j in intake.authorization_case(auth).judged}
    assert (judged["diagnosis"], judged["ferritin"], judged["tried"]) == ("met", "met", "missing")
