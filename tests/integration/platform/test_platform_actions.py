# SPDX-License-Identifier: Apache-2.0
"""Actions: once per key, never half, never silent, never across tenants."""
from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from openinfusion.kernel.ids import new_id
from openinfusion.kernel.refusal import Broken, NotFound, Refused, Stale
from openinfusion.kernel.roles import Role
from openinfusion.platform import journal
from openinfusion.platform.action import action, keyed, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.files import open_file, store
from openinfusion.platform.journal import write
from openinfusion.platform.models import Call, Entry, Head, Organization, Site
from openinfusion.platform.scope import entered, set_local
from openinfusion.sites import public as sites
from openinfusion.sites.models import Cleanroom, ColdStore, Hood


def a_room(site: UUID) -> Cleanroom:
    return Cleanroom.objects.create(site_id=site, name="Buffer", kind="buffer", iso_class=7)


def test_the_same_key_gives_the_same_answer_and_one_effect(site, admin) -> None:
    answers = []
    for _ in range(2):
        with keyed("key-1"):
            answers.append(sites.add_hood(site_id=site, name="Hood 1", room_name="Buffer", hazardous=False, by=admin))
    assert answers[0] == answers[1] and Hood.objects.count() == 1 and Call.objects.count() == 1


def test_a_key_used_for_another_request_is_refused(site, admin) -> None:
    with keyed("key-1"):
        sites.add_hood(site_id=site, name="Hood 1", room_name="Buffer", hazardous=False, by=admin)
    with pytest.raises(Refused, match="used for another"), keyed("key-1"):
        sites.add_hood(site_id=site, name="Hood 2", room_name="Buffer", hazardous=False, by=admin)
    assert Hood.objects.count() == 1


def test_the_same_key_of_another_person_is_another_key(site, admin, someone) -> None:
    other = someone(Role.ADMINISTRATOR)
    for by, name in ((admin, "Hood 1"), (other, "Hood 2")):
        with keyed("key-1"):
            sites.add_hood(site_id=site, name=name, room_name="Buffer", hazardous=False, by=by)
    assert Hood.objects.count() == 2


def test_an_action_that_tells_the_journal_nothing_is_broken_and_undone(site, admin) -> None:
    @action
    def silent(*, by: Actor) -> None:
        Hood.objects.create(site_id=site, name="Ghost", room=a_room(site))

    with pytest.raises(Broken, match="told the journal nothing"):
        silent(by=admin)
    assert not Hood.objects.filter(name="Ghost").exists()


def test_a_refused_action_changes_nothing(site, admin) -> None:
    before = Entry.objects.count()

    @action
    def half(*, by: Actor) -> None:
        hood = Hood.objects.create(site_id=site, name="Half", room=a_room(site))
        write(by, "sites.hood.add", hood, "{actor} added {subject}.")
        sites.record_temperature(cold_store_id=new_id(), celsius=Decimal(5), by=by)

    with pytest.raises(NotFound):
        half(by=admin)
    assert Entry.objects.count() == before and not Hood.objects.filter(name="Half").exists()


def test_a_stale_version_is_refused(site, admin) -> None:
    hood = sites.add_hood(site_id=site, name="Hood 1", room_name="Buffer", hazardous=False, by=admin)
    sites.clean_hood(hood_id=hood, agent="wipe", by=admin)
    with pytest.raises(Stale):
        lock(Hood, hood, version=1)
    assert lock(Hood, hood, version=2).version == 2


def test_an_action_needs_an_actor(site) -> None:
    with pytest.raises(Broken):
        sites.clean_hood(hood_id=new_id(), agent="x", by=None)  # type: ignore[arg-type]


def test_an_excursion_without_an_action_is_refused_by_rule_and_by_database(site, admin) -> None:
    fridge = sites.add_cold_store(site_id=site, name="Fridge", kind=sites.ColdStoreKind.REFRIGERATOR, by=admin)
    with pytest.raises(Refused, match="say what was done"):
        sites.record_temperature(cold_store_id=fridge, celsius=Decimal("9.5"), by=admin)
    sites.record_temperature(cold_store_id=fridge, celsius=Decimal("9.5"), action_taken="moved to Fridge 2", by=admin)
    from openinfusion.sites.models import TemperatureReading

    with pytest.raises(IntegrityError), transaction.atomic():
        TemperatureReading.objects.create(cold_store_id=fridge, at=now(), celsius=1, in_range=False, read_by=admin.id)


def test_no_row_can_point_into_another_tenant(site, admin, other_organization_id) -> None:
    set_local("app.organization", str(other_organization_id))
    with pytest.raises(DatabaseError), transaction.atomic():
        ColdStore.objects.create(organization_id=other_organization_id, site_id=site, name="Thief", kind="refrigerator")


def test_no_row_can_be_given_to_another_tenant(site, other_organization_id) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        ColdStore.objects.create(organization_id=other_organization_id, site_id=site, name="Gift", kind="refrigerator")


def test_outside_a_scope_nothing_is_seen(site, organization_id) -> None:
    set_local("app.organization", "")
    assert Hood.objects.count() == 0 and Site.objects.count() == 0
    set_local("app.organization", str(organization_id))
    assert Site.objects.count() == 1


def test_one_scope_does_not_open_into_another(scope, other_organization_id) -> None:
    with pytest.raises(Broken, match="cross"), entered(other_organization_id):
        pass


def test_files_come_back_as_they_were_and_belong_to_one_tenant(scope, admin) -> None:
    @action
    def keep(*, by: Actor) -> UUID:
        made = store("../../etc/passwd", b"\x00bytes", "text/plain", by)
        write(by, "t.file.keep", Organization.objects.get(pk=by.organization_id), "{actor} kept a file.")
        return made

    kept = keep(by=admin)
    assert open_file(kept).data == b"\x00bytes" and open_file(kept).name == "../../etc/passwd"
    with pytest.raises(NotFound):
        open_file(new_id())


class TestTheChain:
    def test_it_verifies_and_every_tampering_is_found(self, site, admin) -> None:
        for n in range(5):
            sites.add_hood(site_id=site, name=f"Hood {n}", room_name="Buffer", hazardous=False, by=admin)
        assert list(journal.verify()) == []
        Head.objects.update(number=3)
        assert [f.text for f in journal.verify()] == ["the chain ends at 7 but its head says 3"]

    @pytest.mark.parametrize(("column", "value"), [("sentence", "nothing happened"), ("actor_name", "Nobody"), ("reason", "x"), ("verb", "t.t.t")])
    def test_a_changed_entry_no_longer_has_its_hash(self, site, column: str, value: str) -> None:
        entry = Entry.objects.first()
        setattr(entry, column, value)
        assert journal.body_digest(entry) != entry.body_sha256

    def test_the_hash_covers_time_and_facts(self, site) -> None:
        entry = Entry.objects.first()
        entry.at += timedelta(seconds=1)
        assert journal.body_digest(entry) != entry.body_sha256
        entry.refresh_from_db()
        entry.noted = {"kind": "suite"}
        assert journal.body_digest(entry) != entry.body_sha256


def test_the_application_cannot_truncate_or_drop(scope) -> None:
    for statement in ("TRUNCATE platform_entry", "DROP TABLE platform_entry", "ALTER TABLE platform_entry DISABLE ROW LEVEL SECURITY"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
