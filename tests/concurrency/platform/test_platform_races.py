# SPDX-License-Identifier: Apache-2.0
"""Threads with connections of their own: one chain, one effect."""
from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from openinfusion.kernel.refusal import Refused
from openinfusion.kernel.roles import Role
from openinfusion.platform import journal
from openinfusion.platform.action import keyed
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


def test_two_people_take_the_same_step_once(committed, organization_id, someone) -> None:
    system = system_actor(organization_id)
    site = sites.open_site(name="North", kind="pharmacy", timezone="UTC", details=DETAILS, by=system)
    hood = sites.add_hood(site_id=site, name="Hood", room_name="B", hazardous=False, by=system)
    answers = in_threads(lambda n: sites.advance_hood(hood_id=hood, step="take_out", reason="leak", by=someone(Role.COMPLIANCE)), 8)
    assert sum(1 for a in answers if a == hood) == 1
    assert all(isinstance(a, Refused) for a in answers if a != hood)
