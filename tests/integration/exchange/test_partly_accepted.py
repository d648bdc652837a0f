# SPDX-License-Identifier: Apache-2.0
"""A 999 that accepts a part: only the refused transaction gives its claims back, the accepted ones stand."""
from __future__ import annotations

from typing import Any

import pytest

from openinfusion.billing import public as billing
from openinfusion.billing.models import Claim
from openinfusion.exchange import public as exchange
from openinfusion.exchange.domain.x12 import claim_writer
from openinfusion.exchange.models import InboundFile, Transmission, TransmittedClaim
from openinfusion.kernel.refusal import Malformed, Refused


@pytest.fixture
def file(thread: Any) -> Transmission:
    thread.delivered()
    thread.sign_plan(Claim.objects.get().therapy_id)
    thread.bench.tell()
    exchange.send_ready_claims(by=thread.biller)
    row = Transmission.objects.get()
    exchange.decide_transmission(transmission_id=row.id, step="by_hand", by=thread.biller)
    return Transmission.objects.get()


def ack(file: Transmission, verdict: str, accepted: int, *sets: tuple[str, str]) -> str:
    body = [f"AK1*HC*{file.control}*005010X222A1"]
    for control, said in sets:
        body += [f"AK2*837*{control}*005010X222A1", *(["IK3*NM1*8**8"] if said == "R" else []), f"IK5*{said}"]
    body.append(f"AK9*{verdict}*2*2*{accepted}")
    head = (
        "ISA*00*          *00*          *ZZ*EXAMPLEHOUSE   *ZZ*OIDEMO         *261122*1200*^*00501*000000009*0*T*:~"
        "GS*FA*EXAMPLEHOUSE*OIDEMO*20261122*1200*9*X*005010X231A1~ST*999*0001*005010X231A1~"
    )
    return head + "~".join(body) + f"~SE*{len(body) + 2}*0001~GE*1*9~IEA*1*000000009~"


def take(thread: Any, text: str) -> InboundFile:
    return InboundFile.objects.get(id=exchange.receive_file(name="a.999", data=text.encode(), by=thread.biller))


def test_claims_of_the_accepted_transaction_stand(thread: Any, file: Transmission) -> None:
    take(thread, ack(file, "P", 1, ("0001", "A"), ("0002", "R")))
    file.refresh_from_db()
    assert file.state == "partly" and "NM1 in segment 8" in file.report
    assert Claim.objects.get().state == "received"


def test_claims_of_the_refused_transaction_are_ready_again(thread: Any, file: Transmission) -> None:
    take(thread, ack(file, "P", 1, ("0001", "R"), ("0002", "E")))
    found = billing.claim(Claim.objects.get().id)
    assert (found.state, found.file_id) == ("ready", None)
    with pytest.raises((Refused, Malformed)):
        exchange.decide_transmission(transmission_id=file.id, step="settle", by=thread.biller)
    exchange.decide_transmission(transmission_id=file.id, step="settle", reason="the name was mended", by=thread.biller)
    file.refresh_from_db()
    assert file.state == "settled"


def test_a_part_that_is_not_named_is_nobodys_to_guess(thread: Any, file: Transmission) -> None:
    row = take(thread, ack(file, "P", 1, ("0001", "A"), ("0002", "A")))
    assert row.outcome == "left" and "does not say which" in row.said[0]
    assert Claim.objects.get().state == "submitted"


def test_all_of_them_refused_is_a_rejected_file(thread: Any, file: Transmission) -> None:
    take(thread, ack(file, "P", 0, ("0001", "R")))
    file.refresh_from_db()
    assert file.state == "rejected" and Claim.objects.get().state == "ready"


def test_each_claim_knows_its_transaction(monkeypatch: pytest.MonkeyPatch, file: Transmission) -> None:
    assert TransmittedClaim.objects.get().set_control == "0001"
    monkeypatch.setattr(claim_writer, "MOST_CLAIMS", 2)
    assert [claim_writer.set_of(n) for n in range(5)] == ["0001", "0001", "0002", "0002", "0003"]
