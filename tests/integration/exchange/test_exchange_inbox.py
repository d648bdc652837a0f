# SPDX-License-Identifier: Apache-2.0
"""Everything a clearing house sends is read and reaches its room once; a rejected file gives its claims back."""
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client

from openinfusion.billing import public as billing
from openinfusion.billing.models import Claim, ClaimSent, LedgerTransfer
from openinfusion.exchange import jobs
from openinfusion.exchange import public as exchange
from openinfusion.exchange.adapters.transport import Folder
from openinfusion.exchange.models import InboundFile, Transmission, TransmittedClaim
from openinfusion.kernel.roles import Role
from openinfusion.platform.clock import now
from openinfusion.platform.files import open_file
from openinfusion.platform.house_day import house_today
from openinfusion.platform.permissions import system_actor

QUIET = exchange.Temper(files_rejected=0, claims_rejected_by_house=0, claims_rejected_by_payer=0, unanswered=0, late=0)


@pytest.fixture
def claim(thread: Any) -> billing.ClaimFact:
    thread.delivered()
    found = billing.claims_of(Claim.objects.get().therapy_id)[0]
    thread.sign_plan(found.therapy_id)
    thread.bench.tell()
    return billing.claim(found.id)


def queued(thread: Any) -> Transmission:
    exchange.send_ready_claims(by=thread.biller)
    return Transmission.objects.get(state="queued")


def sent(thread: Any) -> Transmission:
    file = queued(thread)
    exchange.decide_transmission(transmission_id=file.id, step="by_hand", by=thread.biller)
    return Transmission.objects.get(id=file.id)


def back(file: Transmission, **temper: int) -> dict[str, list[str]]:
    """What the simulated house answers to this file, by kind and in order."""
    text = open_file(file.file_id).data.decode()
    house = exchange.House(exchange.Temper(**{**{k: getattr(QUIET, k) for k in QUIET.__slots__}, **temper}))
    found: dict[str, list[str]] = {}
    for reply in exchange.replies(text, house, now()):
        found.setdefault(reply.kind, []).append(reply.text)
    return found


def take(thread: Any, text: str, name: str = "in.txt") -> InboundFile:
    return InboundFile.objects.get(id=exchange.receive_file(name=name, data=text.encode(), by=thread.biller))


def test_a_claim_waits_in_its_file_and_is_owed_only_when_the_file_has_left(thread: Any, claim: billing.ClaimFact) -> None:
    file = queued(thread)
    assert billing.claim(claim.id).state == "queued" and not LedgerTransfer.objects.exists()
    assert TransmittedClaim.objects.get().claim_id == claim.id
    exchange.decide_transmission(transmission_id=file.id, step="by_hand", by=thread.biller)
    out = billing.claim(claim.id)
    assert (out.state, out.open_cents) == ("submitted", claim.charge_cents)
    kept = ClaimSent.objects.get()
    assert (kept.number, kept.frequency, len(kept.lines)) == (1, "1", len(claim.lines))


def test_the_way_to_the_payer_is_read_step_by_step_and_twice_changes_nothing(thread: Any, claim: billing.ClaimFact) -> None:
    replies = back(sent(thread))
    take(thread, replies["999"][0])
    assert billing.claim(claim.id).state == "received"
    by_house, by_payer = replies["277CA"]
    take(thread, by_house)
    assert billing.claim(claim.id).state == "forwarded" and not billing.claim(claim.id).payer_control
    row = take(thread, by_payer)
    taken = billing.claim(claim.id)
    assert taken.state == "accepted" and taken.payer_control.startswith("SIM")
    again = take(thread, by_payer, "renamed.txt")
    assert again.id == row.id and again.times == 2 and billing.claim(claim.id).version == taken.version
    take(thread, by_house.replace("ISA*", "ISA*", 1) + "\n")  # other bytes, the same word
    assert billing.claim(claim.id).state == "accepted"
    for text in replies["835"]:
        take(thread, text)
    answered = billing.claim(claim.id)  # paid or denied: which of them, its control number decides
    assert answered.state != "accepted" and (answered.paid_cents > 0) == (answered.state != "denied")


def test_a_rejected_file_gives_its_claims_back_and_they_go_again_with_a_new_number(thread: Any, claim: billing.ClaimFact) -> None:
    file = sent(thread)
    take(thread, back(file, files_rejected=100)["999"][0])
    assert Transmission.objects.get(id=file.id).state == "rejected"
    given_back = billing.claim(claim.id)
    assert (given_back.state, given_back.sent_in, given_back.file_id) == ("ready", "", None)
    again = sent(thread)
    assert again.control != file.control
    assert billing.claim(claim.id).state == "submitted"
    assert sum(t.cents for t in LedgerTransfer.objects.filter(kind="charge")) == claim.charge_cents
    assert list(ClaimSent.objects.order_by("number").values_list("number", "file_id")) == [(1, file.file_id), (2, again.file_id)]


def test_a_refused_envelope_gives_its_claims_back_too(thread: Any, claim: billing.ClaimFact) -> None:
    file = sent(thread)
    ta1 = (
        "ISA*00*          *00*          *ZZ*EXAMPLEHOUSE   *ZZ*OIDEMO         *261122*1200*^*00501*000000009*0*T*:~"
        f"TA1*{file.control:09d}*261122*1200*R*020~IEA*0*000000009~"
    )
    row = take(thread, ta1)
    assert row.outcome == "taken" and row.kinds == ["TA1"]
    assert billing.claim(claim.id).state == "ready"
    assert "note 020" in Transmission.objects.get(id=file.id).report


def test_a_rejected_claim_says_why_and_goes_again_as_it_went_before(thread: Any, claim: billing.ClaimFact) -> None:
    replies = back(sent(thread), claims_rejected_by_house=100)
    take(thread, replies["277CA"][0])
    turned_away = billing.claim(claim.id)
    assert turned_away.state == "rejected"
    billing.advance_claim(claim_id=claim.id, step="correct", by=thread.biller)
    billing.check_again(claim_id=claim.id, by=thread.biller)
    assert (billing.claim(claim.id).state, billing.claim(claim.id).frequency) == ("ready", "1")


def test_what_nobody_knows_waits_on_the_list_until_somebody_settles_it(
    thread: Any, claim: billing.ClaimFact, client: Client, account: Callable[..., Any],
) -> None:
    replies = back(sent(thread))
    wrong = replies["277CA"][0].replace(claim.control, "OI0NOBODY")
    client.force_login(account(Role.BILLER))
    upload = SimpleUploadedFile("wrong.277", wrong.encode())
    answer = client.post("/exchange/inbox/receive/", {"file": upload})
    row = InboundFile.objects.get()
    assert answer.status_code == 302 and row.outcome == "left"
    assert "no claim of ours has the number" in client.get(f"/exchange/inbox/{row.id}/").content.decode()
    assert any(w.kind == "Incoming file" for w in exchange_waiting(thread))
    assert "wrong.277" in client.get("/exchange/inbox/?waiting=1").content.decode()
    assert client.post(f"/exchange/inbox/{row.id}/settle/", {"reason": ""}).status_code == 422
    assert client.post(f"/exchange/inbox/{row.id}/settle/", {"reason": "another pharmacy's file"}).status_code == 302
    assert not any(w.kind == "Incoming file" for w in exchange_waiting(thread))
    assert client.get("/exchange/inbox.csv").status_code == 200
    assert client.post("/exchange/inbox/receive/", {"file": SimpleUploadedFile("x", b"hello")}).status_code == 422
    assert InboundFile.objects.count() == 1


def exchange_waiting(thread: Any) -> Any:
    from openinfusion.exchange.public import waiting

    return waiting(thread.biller).rows


def test_the_jobs_carry_it_from_the_outbox_to_the_payer_and_back(
    thread: Any, claim: billing.ClaimFact, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scope: Any,
) -> None:
    folder = Folder(tmp_path)
    monkeypatch.setattr(jobs, "clearing_house", lambda: folder)
    exchange.send_ready_claims(by=thread.biller)
    house = system_actor(scope)
    assert jobs.empty_outbox(by=house) == 1
    assert billing.claim(claim.id).state == "submitted"
    file = Transmission.objects.get()
    (tmp_path / "in").mkdir()
    for n, (kind, texts) in enumerate(back(file).items()):
        for m, text in enumerate(texts):
            (tmp_path / "in" / f"{n}{m}.{kind}").write_text(text)
    assert jobs.empty_inbox(by=house) >= 4
    assert not folder.incoming()
    assert billing.claim(claim.id).state in {"paid", "partial", "denied", "accepted"}, "answered, whichever way this number falls"
    assert Transmission.objects.get().state == "accepted"


def test_a_faulty_file_never_leaves_and_its_claims_are_ready_again(
    thread: Any, claim: billing.ClaimFact, monkeypatch: pytest.MonkeyPatch, scope: Any,
) -> None:
    from openinfusion.exchange.adapters.structure import Verdict

    exchange.send_ready_claims(by=thread.biller)
    monkeypatch.setattr(jobs, "judged", lambda text: Verdict(False, ("NM1 in segment 9: wrong",)))
    monkeypatch.setattr(jobs, "clearing_house", lambda: None)
    jobs.empty_outbox(by=system_actor(scope))
    assert Transmission.objects.get().state == "faulty"
    assert billing.claim(claim.id).state == "ready" and not LedgerTransfer.objects.exists()


def test_the_database_lets_no_claim_leave_with_a_hold(thread: Any, claim: billing.ClaimFact) -> None:
    with pytest.raises(IntegrityError, match="claim_leaves_without_holds"), transaction.atomic():
        Claim.objects.filter(id=claim.id).update(holds=[{"code": "x", "text": "x", "clears": ""}])
    with pytest.raises(IntegrityError, match="claim_names_what_it_replaces"), transaction.atomic():
        Claim.objects.filter(id=claim.id).update(frequency="7")


def test_a_simulated_house_answers_when_the_time_has_come_and_another_receiver_has_its_own_way(
    thread: Any, claim: billing.ClaimFact, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scope: Any,
) -> None:
    from datetime import timedelta

    from openinfusion.exchange.adapters.simulated import Simulated
    from openinfusion.exchange.domain.simulated.clearing_house import House
    from openinfusion.platform.clock import told
    from openinfusion.platform.environment import environment

    simulated = Simulated(tmp_path / "house", House(QUIET))
    monkeypatch.setattr(jobs, "clearing_house", lambda: simulated)
    exchange.send_ready_claims(by=thread.biller)
    house = system_actor(scope)
    assert jobs.empty_outbox(by=house) == 1 and jobs.empty_inbox(by=house) == 0
    with told(now() + timedelta(hours=3)):
        assert jobs.empty_inbox(by=house) == 2
    assert billing.claim(claim.id).state == "forwarded"
    with told(now() + timedelta(days=60)):
        jobs.empty_inbox(by=house)
    found = billing.claim(claim.id)  # what becomes of a claim there follows from its number: of ten one is denied
    assert found.state == "denied" or found.paid_cents > 0
    assert simulated.holds("x", b"") is None
    simulated.put("b1.txt", b"no X12")
    assert not jobs.empty_inbox(by=house)
    monkeypatch.setattr(environment(), "clearing_houses", {"OTHER": f"folder:{tmp_path / 'other'}"})
    assert jobs.way_to("OTHER") == Folder(tmp_path / "other") and jobs.way_to("ELSE") is simulated


def test_the_inbox_and_the_question_go_by_api_too(
    thread: Any, claim: billing.ClaimFact, client: Client, account: Callable[..., Any],
) -> None:
    client.force_login(account(Role.BILLER))
    replies = back(sent(thread))
    answer = client.post("/api/exchange/inbox?name=a.999", replies["999"][0], content_type="application/edi-x12")
    assert answer.status_code == 200 and answer.json()["outcome"] == "taken"
    assert client.get("/api/exchange/inbox").json()[0]["kinds"] == ["999"]
    assert client.post("/api/exchange/inbox", "", content_type="application/edi-x12").status_code == 422
    asked = client.post("/api/exchange/claims/standing", {"claim_ids": [str(claim.id)]}, content_type="application/json")
    assert asked.status_code == 200 and asked.json()[0]["kind"] == "276"
    one = client.get(f"/api/billing/claims/{claim.id}").json()
    assert (one["form"], one["rank"], one["state"]) == ("837P", "P", "received")
    assert [f["code"] for f in one["findings"]] == ["runs-on"]
    assert len(client.get(f"/api/billing/days/{claim.patient_id}").json()) == 7
    given = {"kind": "inpatient", "admitted_on": house_today().isoformat()}
    assert client.post(f"/api/billing/days/{claim.patient_id}/stays", given, content_type="application/json").status_code == 200
    assert client.get("/api/billing/unbilled").json()[0]["kind"] == "billed too much"
    assert client.post(f"/api/billing/claims/{claim.id}/recount", {}, content_type="application/json").status_code == 409
    assert client.post(f"/api/billing/claims/{claim.id}/next-payer", {}, content_type="application/json").status_code == 409
