# SPDX-License-Identifier: Apache-2.0
"""A file leaves once: judged first, sent by folder, acknowledged; whatever breaks off in between sends nothing twice."""
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from openinfusion.exchange import jobs
from openinfusion.exchange import public as exchange
from openinfusion.exchange.actions.transmit import queue_file
from openinfusion.exchange.adapters.transport import Folder, Uncertain, transport_for
from openinfusion.exchange.models import Transmission
from openinfusion.kernel.refusal import Malformed, Refused, Unavailable
from openinfusion.kernel.roles import Role
from openinfusion.platform.action import action
from openinfusion.platform.actor import Actor
from openinfusion.platform.files import store
from openinfusion.platform.journal import write
from openinfusion.platform.permissions import system_actor

GOOD = (
    "ISA*00*          *00*          *ZZ*DEMOPH         *ZZ*HOUSE          *260209*1200*^*00501*{n:09d}*0*T*:~GS*FA*DEMOPH*HOUSE*20260209*"
    "1200*{n}*X*005010X231A1~ST*999*0001*005010X231A1~AK1*HC*28*005010X222A1~AK2*837*0001*005010X222A1~IK5*A~AK9*A*1*1*1~SE*6*0001~"
    "GE*1*{n}~IEA*1*{n:09d}~"
)


@pytest.fixture
def biller(scope: UUID, someone: Callable[..., Actor]) -> Actor:
    return someone(Role.BILLER)


@pytest.fixture
def house(scope: UUID) -> Actor:
    return system_actor(scope)


@action
def _queued(*, text: str, control: int, by: Actor) -> UUID:
    data = text.encode()
    made = queue_file(kind="999", receiver="HOUSE", control=control, name=f"F{control}.txt", data=data,
                      file_id=store("f", data, "text/plain", by), by=by)
    write(by, "exchange.test", Transmission.objects.get(id=made), "{actor} tested.")
    return made


@pytest.fixture
def way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    folder = Folder(tmp_path)
    monkeypatch.setattr(jobs, "clearing_house", lambda: folder)
    return folder


def state(transmission_id: UUID) -> str:
    return str(Transmission.objects.get(id=transmission_id).state)


def test_a_file_is_judged_sent_once_and_acknowledged(biller: Actor, house: Actor, way: Folder) -> None:
    made = _queued(text=GOOD.format(n=41), control=41, by=biller)
    assert jobs.empty_outbox(by=house) == 1 and state(made) == "sent"
    assert [p.name for p in (way.root / "out").iterdir()] == ["F41.txt"]
    assert jobs.empty_outbox(by=house) == 0
    (way.root / "in").mkdir()
    answer = GOOD.format(n=9).replace("AK1*HC*28", "AK1*FA*41")
    (way.root / "in" / "a.999").write_text(answer)
    assert jobs.empty_inbox(by=house) == 1 and state(made) == "accepted"
    assert not way.incoming() and (way.root / "in" / "done" / "a.999").exists()
    assert exchange.acknowledge(data=answer.encode(), by=biller) == 0


def test_a_rejected_file_says_why_and_waits_for_the_biller(biller: Actor, house: Actor, way: Folder) -> None:
    made = _queued(text=GOOD.format(n=42), control=42, by=biller)
    jobs.empty_outbox(by=house)
    answer = GOOD.format(n=9).replace("AK1*HC*28", "AK1*FA*42").replace("IK5*A~AK9*A*1*1*1", "IK3*NM1*8**8~IK4*9*67*7*X~IK5*R*5~AK9*R*1*1*0")
    assert exchange.acknowledge(data=answer.encode(), by=biller) == 1
    assert state(made) == "rejected"
    (row,) = exchange.waiting(biller).rows
    assert row.missing == ("NM109 in segment 8: the code is not valid",) and row.owner == Role.BILLER.value


def test_a_faulty_file_does_not_leave(biller: Actor, house: Actor, way: Folder) -> None:
    made = _queued(text=GOOD.format(n=43).replace("IK5*A", "IK5*QQQ"), control=43, by=biller)
    assert jobs.empty_outbox(by=house) == 0 and state(made) == "faulty"
    assert "IK5" in Transmission.objects.get(id=made).report and not (way.root / "out").exists()


@pytest.mark.parametrize("broken_at", ["begin", "put", "rename", "send"])
def test_a_crash_anywhere_sends_nothing_twice(
    biller: Actor, house: Actor, way: Folder, monkeypatch: pytest.MonkeyPatch, broken_at: str,
) -> None:
    made = _queued(text=GOOD.format(n=44), control=44, by=biller)
    real = jobs.advance_transmission
    put: list[str] = []

    def crash(**kwargs: Any) -> str:
        if kwargs["step"] == broken_at:
            raise KeyboardInterrupt
        return real(**kwargs)

    class Breaking:
        def put(self, name: str, data: bytes) -> None:
            if broken_at == "put":
                raise Unavailable("no answer")
            put.append(name)
            way.put(name, data)
            if broken_at == "rename":
                raise Uncertain("the line broke")

        def holds(self, name: str, data: bytes) -> bool | None:
            return way.holds(name, data)

    monkeypatch.setattr(jobs, "advance_transmission", crash)
    monkeypatch.setattr(jobs, "clearing_house", Breaking)
    try:
        jobs.empty_outbox(by=house)
    except KeyboardInterrupt:
        pass
    monkeypatch.setattr(jobs, "advance_transmission", real)
    monkeypatch.setattr(jobs, "clearing_house", lambda: way)
    jobs.empty_outbox(by=house)
    jobs.empty_outbox(by=house)
    assert state(made) == "sent" and len(list((way.root / "out").iterdir())) == 1
    assert len(put) == (1 if broken_at in {"rename", "send"} else 0)


def test_where_nobody_can_tell_a_person_decides(biller: Actor, house: Actor, way: Folder) -> None:
    made = _queued(text=GOOD.format(n=45), control=45, by=biller)
    for step in ("check", "begin"):
        jobs.advance_transmission(transmission_id=made, step=step, by=house)
    assert jobs.empty_outbox(by=house) == 0 and state(made) == "unsure"
    with pytest.raises(Refused, match="taken by the house itself"):
        exchange.decide_transmission(transmission_id=made, step="send", by=biller)
    with pytest.raises(Refused):
        exchange.decide_transmission(transmission_id=made, step="again", by=biller)
    exchange.decide_transmission(transmission_id=made, step="again", reason="not in their list", by=biller)
    assert jobs.empty_outbox(by=house) == 1 and state(made) == "sent"


def test_the_same_bytes_and_the_same_number_exist_once(biller: Actor) -> None:
    first = _queued(text=GOOD.format(n=46), control=46, by=biller)
    assert _queued(text=GOOD.format(n=46), control=46, by=biller) == first
    with pytest.raises(IntegrityError), transaction.atomic():
        _queued(text=GOOD.format(n=47), control=46, by=biller)
    assert Transmission.objects.count() == 1


def test_the_pages_and_the_api_show_the_outbox_and_take_a_persons_word(
    client: Client, account: Callable[..., Any], biller: Actor,
) -> None:
    made = _queued(text=GOOD.format(n=48), control=48, by=biller)
    client.force_login(account(Role.BILLER))
    assert "48" in client.get("/exchange/outbox/?state=queued").content.decode()
    assert "Nothing here" in client.get("/exchange/outbox/?state=sent").content.decode()
    assert "HOUSE" in client.get("/exchange/outbox.csv").content.decode()
    page = client.get(f"/exchange/outbox/{made}/").content.decode()
    assert "Uploaded by hand" in page and "Passed the structure check" not in page
    assert client.get("/api/exchange/outbox").json()[0]["state"] == "queued"
    assert client.post(f"/exchange/outbox/{made}/check/").status_code == 409 and state(made) == "queued"
    assert client.post(f"/exchange/outbox/{made}/by_hand/").status_code == 302 and state(made) == "sent"
    client.force_login(account(Role.NURSE))
    assert client.get("/exchange/outbox/").status_code == 403


def test_an_address_is_read_strictly_and_names_stay_in_their_folder(tmp_path: Path) -> None:
    assert transport_for("") is None
    for wrong in ("ftp://x/y", "sftp://nobody.example/x", "folder"):
        with pytest.raises(Malformed):
            transport_for(wrong)
    found = transport_for(f"folder:{tmp_path}")
    assert isinstance(found, Folder) and found.incoming() == []
    for name in ("../a", "a/b", "", "..", "é"):
        with pytest.raises(Malformed):
            found.put(name, b"x")
    (tmp_path / "blocked").write_text("a file where a folder should be")
    with pytest.raises(Unavailable):
        Folder(tmp_path / "blocked").put("a", b"x")
