# SPDX-License-Identifier: Apache-2.0
"""A crash at every statement between delivery and submission: done again, nothing is lost and nothing is doubled."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from openinfusion.billing import public as billing
from openinfusion.billing.models import Claim, ClaimLine, ClaimSent, LedgerTransfer, PerDiemDay
from openinfusion.delivery import public as delivery
from openinfusion.exchange import jobs
from openinfusion.exchange import public as exchange
from openinfusion.exchange.adapters.structure import Verdict
from openinfusion.exchange.adapters.transport import Folder
from openinfusion.exchange.models import ClaimFileSent, Transmission, TransmittedClaim
from openinfusion.platform.permissions import system_actor


class Crash(BaseException):
    """The power went; nobody catches it."""


class _Undone(Exception):
    """So that a test of one statement leaves nothing for the next."""


@contextmanager
def breaking_at(statement: int) -> Iterator[list[int]]:
    """The database is gone at this statement, counted from 0; the list holds how many were asked for."""
    seen = [0]

    def ask(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if not str(sql).startswith("ROLLBACK"):
            if seen[0] == statement:
                seen[0] += 1
                raise Crash
            seen[0] += 1
        return execute(sql, params, many, context)

    with connection.execute_wrapper(ask):
        yield seen


def broken_everywhere(work: Callable[[], object], whole: Callable[[], None]) -> int:
    """Break the work at each of its statements in turn, do it again, and see that it is whole; how many statements."""
    statement = 0
    while True:
        ended = False
        try:
            with transaction.atomic():
                with breaking_at(statement):
                    try:
                        work()
                        ended = True
                    except Crash:
                        pass
                work()
                whole()
                raise _Undone
        except _Undone:
            pass
        if ended:
            return statement
        statement += 1


@pytest.fixture
def ticket(thread: Any) -> delivery.TicketFact:
    """Handed over, and its news not told yet; the plan of treatment is signed."""
    ticket_id = thread.dispatched()
    thread.sign_plan(delivery.ticket(ticket_id).therapy_id)
    delivery.hand_over(
        ticket_id=ticket_id, received_by="Amara Sampleton", relation="self", signature="M10 10 L20 30", arrived_c=Decimal("5.0"),
        by=thread.driver,
    )
    return delivery.ticket(ticket_id)


def one_claim(state: str) -> Claim:
    """Exactly one claim with one drug line and seven days, whatever happened before."""
    claim = Claim.objects.get()
    assert claim.state == state
    assert sorted(ClaimLine.objects.values_list("kind", flat=True)) == ["drug", "per_diem"]
    assert PerDiemDay.objects.count() == 7 and claim.charge_cents == sum(ClaimLine.objects.values_list("charge_cents", flat=True))
    return claim


def test_capturing_breaks_anywhere(thread: Any, ticket: delivery.TicketFact) -> None:
    statements = broken_everywhere(
        lambda: billing.capture_delivery(ticket_id=ticket.id, by=thread.biller), lambda: one_claim("ready") and None,
    )
    assert statements > 30


def test_writing_the_file_breaks_anywhere(thread: Any, ticket: delivery.TicketFact) -> None:
    billing.capture_delivery(ticket_id=ticket.id, by=thread.biller)

    def work() -> None:
        if billing.ready_claims():
            exchange.send_ready_claims(by=thread.biller)

    def whole() -> None:
        claim, file = one_claim("queued"), Transmission.objects.get()
        assert claim.file_id == file.file_id and ClaimFileSent.objects.get().control == file.control
        assert (ClaimSent.objects.count(), TransmittedClaim.objects.count(), LedgerTransfer.objects.count()) == (1, 1, 0)

    assert broken_everywhere(work, whole) > 30


def test_sending_breaks_anywhere_and_no_file_leaves_twice(
    thread: Any, ticket: delivery.TicketFact, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scope: Any,
) -> None:
    billing.capture_delivery(ticket_id=ticket.id, by=thread.biller)
    exchange.send_ready_claims(by=thread.biller)
    put: list[str] = []

    class Counted(Folder):
        def put(self, name: str, data: bytes) -> None:
            put.append(name)
            Folder.put(self, name, data)

    way, house = Counted(tmp_path), system_actor(scope)
    monkeypatch.setattr(jobs, "judged", lambda text: Verdict(True))
    monkeypatch.setattr(jobs, "clearing_house", lambda: way)

    def whole() -> None:
        file = Transmission.objects.get()
        if file.state == "unsure":  # it broke off between "I begin" and the first byte: a person looks and says so
            assert not put and one_claim("queued")
            exchange.decide_transmission(transmission_id=file.id, step="again", reason="it is not there", by=thread.biller)
            jobs.empty_outbox(by=house)
        assert len(put) == 1, "a file left twice, or never"
        put.clear()
        for path in (tmp_path / "out").iterdir():
            path.unlink()
        assert Transmission.objects.get().state == "sent"
        claim = one_claim("submitted")
        assert [t.cents for t in LedgerTransfer.objects.filter(kind="charge")] == [claim.charge_cents]

    assert broken_everywhere(lambda: jobs.empty_outbox(by=house), whole) > 20
