# SPDX-License-Identifier: Apache-2.0
"""The demonstration is played through the doors: nobody is refused, the books balance, the chain holds."""

from __future__ import annotations

from collections import Counter
from urllib.parse import quote, urlencode

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from openinfusion.billing import public as billing
from openinfusion.compounding.models import WorkOrder
from openinfusion.delivery.models import DeliveryTicket
from openinfusion.demo.load import Loaded, load
from openinfusion.inventory.models import Pump
from openinfusion.kernel.money import Money
from openinfusion.platform import journal
from openinfusion.platform.models import User
from openinfusion.platform.scope import entered

PATIENTS = 14


def loaded(processes: int, monkeypatch: pytest.MonkeyPatch) -> Loaded:
    """A small house; the processes that are started for it find this test's database by the environment."""
    here = {**settings.OWNER, "NAME": connection.settings_dict["NAME"]}
    who = f"{quote(here['USER'])}:{quote(here['PASSWORD'])}"
    at = f"{here['HOST']}:{here['PORT']}" if here["PORT"] else ""
    monkeypatch.setenv("DATABASE_URL", f"postgresql://{who}@{at}/{here['NAME']}?{urlencode({'host': here['HOST']})}")
    domain = f"southwind{processes}.example"
    return load(lambda *_: None, patients=PATIENTS, days=45, late=0.155, domain=domain, processes=processes)


@pytest.mark.parametrize("processes", [1, 2])
def test_a_small_house_is_played_without_a_refusal_and_holds_work_in_many_states(
    committed: None, processes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = loaded(processes, monkeypatch)
    assert one.stopped == [] and one.acts > 200
    with entered(one.organization_id):
        assert billing.ledger_balance() == Money(0)
        assert list(journal.verify()) == []
        work, tickets, pumps = (
            Counter(m.objects.values_list("state", flat=True)) for m in (WorkOrder, DeliveryTicket, Pump)
        )
        assert {o.site_id for o in WorkOrder.objects.all()} == set(one.house.sites.values())
        people = list(User.objects.filter(email__in=one.house.emails.values()))
    for person in people:
        client = Client()
        client.force_login(person)
        for address in ("/", "/?everyone=1"):
            page = client.get(address)
            assert page.status_code == 200, (person.email, address)
    assert work.total() > 5 and tickets.total() > 5 and len(pumps) > 8
