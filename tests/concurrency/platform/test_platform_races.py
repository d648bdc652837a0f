# SPDX-License-Identifier: Apache-2.0
"""Threads with connections of their own: one chain, one effect."""
from __future__ import annotations

import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from openinfusion.kernel.refusal import Refused
from openinfusion.kernel.roles import Role
from openinfusion.platform import journal
from openinfusion.platform.action import action, keyed, lock
from openinfusion.platform.models import Call, Entry
from openinfusion.platform.permissions import system_actor
from openinfusion.platform.scope import entered
from openinfusion.sites import public as sites
from openinfusion.sites.models import Hood

DETAILS = {
    "legal_name": "North Infusion", "npi": "1", "tax_id": "1", "taxonomy": "3336H0001X", "street": "1 A", "city": "B",
    "state_code": "IL", "zip_code": "1", "phone": "1",
}


def in_threads(work, count: int = 12) -> list:
    def run(n: int):
        try:
            return work(n)
        except Exception as trouble:
            return trouble
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def test_many_at_once_make_one_unbroken_chain(committed, organization_id) -> None:
    by = system_actor(organization_id)
    site = sites.open_site(name="North", kind="pharmacy", timezone="UTC", details=DETAILS, by=by)
    made = in_threads(lambda n: sites.add_hood(site_id=site, name=f"Hood {n}", room_name="B", hazardous=False, by=by))
    with entered(organization_id):
        assert list(journal.verify()) == [] and Entry.objects.count() == 14 and Hood.objects.count() == 12
    assert len(set(made)) == 12


def test_one_key_used_at_once_is_one_effect(committed, organization_id) -> None:
    by = system_actor(organization_id)
    site = sites.open_site(name="North", kind="pharmacy", timezone="UTC", details=DETAILS, by=by)

    def add(n: int):
        with keyed("one"):
            return sites.add_hood(site_id=site, name="Hood", room_name="B", hazardous=False, by=by)

    in_threads(add, 8)
    with entered(organization_id):
        assert Hood.objects.count() == 1 and Call.objects.filter(key="one").count() == 1


@action
def both(*, first, second, met, by) -> None:
    """Take two hoods, one after the other; at first only when somebody else has taken one too."""
    lock(Hood, first)
    with contextlib.suppress(threading.BrokenBarrierError):
        met.wait(timeout=2)
    journal.write(by, "sites.hood.look", lock(Hood, second), "{actor} looked at {subject}.")


def test_of_two_who_wait_for_each_other_one_is_done_again(committed, organization_id, monkeypatch) -> None:
    by = system_actor(organization_id)
    site = sites.open_site(name="North", kind="pharmacy", timezone="UTC", details=DETAILS, by=by)
    hoods = [sites.add_hood(site_id=site, name=f"Hood {n}", room_name="B", hazardous=False, by=by) for n in range(2)]

    def crossed() -> list:
        met = threading.Barrier(2)
        return in_threads(lambda n: both(first=hoods[n], second=hoods[1 - n], met=met, by=by), 2)

    assert crossed() == [None, None]
    with entered(organization_id):
        assert Entry.objects.filter(verb="sites.hood.look").count() == 2 and list(journal.verify()) == []
    monkeypatch.setattr("openinfusion.platform.action.TRIES", 1)
    assert sorted(type(r).__name__ for r in crossed()) == ["NoneType", "OperationalError"]


def test_two_people_take_the_same_step_once(committed, organization_id, someone) -> None:
    system = system_actor(organization_id)
    site = sites.open_site(name="North", kind="pharmacy", timezone="UTC", details=DETAILS, by=system)
    hood = sites.add_hood(site_id=site, name="Hood", room_name="B", hazardous=False, by=system)
    answers = in_threads(lambda n: sites.advance_hood(hood_id=hood, step="take_out", reason="leak", by=someone(Role.COMPLIANCE)), 8)
    assert sum(1 for a in answers if a == hood) == 1
    assert all(isinstance(a, Refused) for a in answers if a != hood)
