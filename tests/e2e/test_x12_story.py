# SPDX-License-Identifier: Apache-2.0
"""A biller looks into a file that a payer sent, at the desk and on a phone, and sees the outbox."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from openinfusion.exchange.actions.transmit import queue_file
from openinfusion.platform.action import action
from openinfusion.platform.actor import Actor
from openinfusion.platform.files import store
from openinfusion.platform.scope import entered

FILE = (
    "ISA*00*          *00*          *ZZ*PAYER          *ZZ*PHARMACY       *260201*0000*^*00501*000000007*0*T*:~GS*HP*P*Q*20260201*0000*7*X*"
    "005010X221A1~ST*835*0001~BPR*I*90*C*ACH************20260201~TRN*1*T1*1999000001~N1*PR*IMAGINARY HEALTH PLAN~N1*PE*PHARMACY*XX*1234567893~"
    "LX*1~CLP*OI1*1*100*80*20*12*ICN1~NM1*QC*1*QUIBBLE*JO****MI*M1~SVC*HC:S9500*100*81**7~DTM*472*20260101~CAS*PR*2*20~SE*12*0001~GE*1*7~"
    "IEA*1*000000007~"
)


@action
def _queued(*, by: Actor) -> Any:
    data = FILE.encode()
    return queue_file(kind="837P", receiver="EXAMPLEHOUSE", control=7, name="837P-000000007.txt", data=data,
                      file_id=store("837P-000000007.txt", data, "text/plain", by), by=by)


def test_a_biller_sees_what_a_file_holds_and_what_is_on_its_way(visitor: Callable[..., Any], pharmacy: Any, troubles: list[str]) -> None:
    with entered(pharmacy.organization_id):
        made = _queued(by=pharmacy.actors["biller"])
    for person in (visitor("biller"), visitor("biller", phone=True)):
        person.go("/exchange/inspection/")
        person.page.locator("input[type=file]").set_input_files({"name": "payer.835", "mimeType": "text/plain", "buffer": FILE.encode()})
        person.page.get_by_role("button", name="Look into it").click()
        person.page.get_by_text("payer.835").wait_for()
        assert "2 findings" in person.text()
        person._looked_at.discard(f"/exchange/inspection/@{person.page.viewport_size['width']}")
        person.look()
        person.go("/exchange/outbox/")
        person.go(f"/exchange/outbox/{made}/")
        assert "queued" in person.text()
    assert troubles == []
