# SPDX-License-Identifier: Apache-2.0
"""The walls hold."""
from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from openinfusion.kernel.refusal import Refused
from openinfusion.kernel.roles import Role
from openinfusion.platform import journal
from openinfusion.platform.clock import now
from openinfusion.platform.models import Entry
from openinfusion.sites import public as sites
from openinfusion.sites.models import Hood

DETAILS = dict(legal_name="X", npi="1", tax_id="1", taxonomy="3336H0001X", street="1 A", city="B", state_code="IL", zip_code="1", phone="1")


@pytest.fixture
def hood(scope, someone):
    admin = someone(Role.ADMINISTRATOR, Role.COMPLIANCE, Role.TECHNICIAN)
    site = sites.open_site(name="North", kind="pharmacy", timezone="America/Chicago", details=DETAILS, by=admin)
    return sites.add_hood(site_id=site, name="Hood 1", room_name="Buffer", hazardous=False, by=admin)


def test_a_hood_may_be_used_once_certified_and_cleaned(hood, someone):
    who = someone(Role.COMPLIANCE, Role.TECHNICIAN)
    codes = {"hood-uncertified", "hood-unclean", "room-uncertified", "room-unclean", "sporicidal-missed", "pressure-unread"}
    assert {r.code for r in sites.fitness_reasons(hood, now(), False)} == codes
    sites.certify_hood(hood_id=hood, certified_until=now() + timedelta(days=90), room_failed=False, by=who)
    [(site_id, room)] = Hood.objects.filter(pk=hood).values_list("site_id", "room_id")
    sites.record_cleaning(site_id=site_id, agent="wipe", kind=sites.CleaningKind.SPORICIDAL, hood_ids=[hood], room_ids=[room], by=who)
    reading = sites.Given(str(room), sites.Measured.PRESSURE, Decimal("0.03"), now())
    sites.record_round(site_id=site_id, readings=[reading], by=who)
    assert sites.fitness_reasons(hood, now(), False) == []
    assert list(journal.verify()) == []


def test_a_state_cannot_jump_even_by_sql(hood):
    with pytest.raises(DatabaseError), transaction.atomic():
        Hood.objects.filter(pk=hood).update(state="retired")


def test_the_journal_cannot_be_rewritten(hood):
    for rewrite in (lambda: Entry.objects.update(sentence="x"), lambda: Entry.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            rewrite()


def test_a_step_needs_reason_and_signature(hood, someone):
    with pytest.raises(Refused) as no:
        sites.advance_hood(hood_id=hood, step="take_out", by=someone(Role.TECHNICIAN))
    assert {r.code for r in no.value.reasons} == {"not-permitted", "reason-missing"}


def test_another_tenant_sees_nothing(hood, other_organization_id, scope):
    from openinfusion.platform.scope import set_local
    set_local("app.organization", str(other_organization_id))
    assert Hood.objects.count() == 0


def test_history_is_kept_and_stamped(hood, someone):
    who = someone(Role.COMPLIANCE)
    sites.certify_hood(hood_id=hood, certified_until=now() + timedelta(days=90), room_failed=False, by=who)
    from django.apps import apps
    events = apps.get_model("sites", "HoodEvent").objects.filter(pgh_obj_id=hood).order_by("pgh_id")
    assert [e.pgh_label for e in events] == ["insert", "update"]
    assert events[1].pgh_context["actor"] == str(who.id)
    assert events[1].pgh_context_id == Entry.objects.get(verb="sites.hood.certify").id
