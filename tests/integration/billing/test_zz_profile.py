from __future__ import annotations
import time
from decimal import Decimal
from typing import Any
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openinfusion.delivery import public as delivery
from openinfusion.exchange import public as exchange
from openinfusion.billing import public as billing
from openinfusion.billing.models import Claim
from openinfusion.platform.clock import now
from openinfusion.nursing import public as nursing
import pytest
pytestmark = pytest.mark.django_db

def test_p(thread: Any) -> None:
    def t(name, fn):
        with CaptureQueriesContext(connection) as c:
            s=time.perf_counter(); r=fn(); d=time.perf_counter()-s
        print(f"{name:30s} {len(c):4d} q {d*1000:7.1f} ms"); return r
    made=t("released(all)", lambda: thread.released())
    tid=delivery.tickets_of(made.therapy_id)[-1].id
    w=thread.warehouse
    t("confirm_by_call", lambda: delivery.confirm_by_call(ticket_id=tid, answers=thread.answers(), by=w))
    scans=thread.scans(tid)
    print(len(scans),"scans")
    t("pick_by_scan", lambda: delivery.pick_by_scan(ticket_id=tid, scans=scans, by=w))
    t("pick", lambda: delivery.advance_ticket(ticket_id=tid, step="pick", by=w))
    code=t("pack_out_for", lambda: delivery.pack_out_for(tid, delivery.Lane.COURIER).code)
    t("choose", lambda: delivery.choose_pack_out(ticket_id=tid, pack_out=code, lane=delivery.Lane.COURIER, by=w))
    t("pack", lambda: delivery.advance_ticket(ticket_id=tid, step="pack", by=w))
    t("check", lambda: delivery.advance_ticket(ticket_id=tid, step="check", by=thread.bench.pharmacist.signing("t")))
    t("dispatch", lambda: delivery.advance_ticket(ticket_id=tid, step="dispatch", by=thread.driver))
    t("hand_over", lambda: delivery.hand_over(ticket_id=tid, received_by="A", relation="self", signature="typed:Amara", arrived_c=Decimal("5.0"), by=thread.driver))
    t("tell", thread.bench.tell)
    c=Claim.objects.get(); thread.sign_plan(c.therapy_id)
    t("tell(plan signed)", thread.bench.tell)
    t("send", lambda: exchange.send_ready_claims(by=thread.biller))
    text=t("simulate", lambda: exchange.simulated_remittance([c.id], trace="I", paid_on=now().date(), fates={c.control: exchange.Fate.PAID}))
    t("receive", lambda: exchange.receive_remittance(name="i", data=text.encode(), by=thread.biller))
    t("tell", thread.bench.tell)
    t("waiting billing", lambda: billing.waiting(thread.biller))
    t("waiting delivery", lambda: delivery.waiting(thread.warehouse))
    t("waiting nursing", lambda: nursing.waiting(thread.manager))
