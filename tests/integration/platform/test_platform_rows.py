# SPDX-License-Identifier: Apache-2.0
"""Rows by key are what Django's own queries give, and what is written late is written whole or not at all."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from openinfusion.catalog import public as catalog
from openinfusion.catalog.models import Drug, Product
from openinfusion.kernel.ids import new_id
from openinfusion.kernel.refusal import Reason, Refused
from openinfusion.platform import journal
from openinfusion.platform.action import action, fetch
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.journal import write
from openinfusion.platform.models import Entry, Record
from openinfusion.platform.plans import keep_plans
from openinfusion.platform.rows import row_by_id, rows_by
from openinfusion.platform.scope import all_or_nothing, attempt, entered, set_local
from openinfusion.sites import public as sites
from openinfusion.sites.models import ColdStore, Hood


def hood(site_id: UUID, name: str, by: Actor) -> UUID:
    return sites.add_hood(site_id=site_id, name=name, room_name="Buffer", hazardous=False, by=by)


def values(row: Record) -> dict[str, object]:
    return {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields}


@pytest.mark.parametrize("model", [Drug, Product, Entry])
def test_rows_by_key_have_the_values_that_django_reads(scope, admin, model) -> None:
    catalog.load_catalog(by=admin)
    plain = {r.pk: values(r) for r in model.objects.all()[:50]}
    assert plain and {r.pk: values(r) for r in rows_by(model, "id", list(plain))} == plain
    first = next(iter(plain))
    one = row_by_id(model, first)
    assert one is not None and values(one) == plain[first] and not one._state.adding


def test_rows_come_sorted_by_one_key_by_many_or_not_at_all(site, admin) -> None:
    ids = [hood(site, f"Hood {n}", admin) for n in (3, 1, 2)]
    assert [h.name for h in rows_by(Hood, "site", site, order=("name",))] == ["Hood 1", "Hood 2", "Hood 3"]
    assert {h.id for h in rows_by(Hood, "id", set(ids[:2]))} == set(ids[:2])
    with CaptureQueriesContext(connection) as asked:
        assert rows_by(Hood, "id", []) == []
    assert len(asked) == 0 and row_by_id(Hood, new_id()) is None


def test_rows_may_be_asked_for_by_other_fields_too_and_by_what_is_empty(site, admin) -> None:
    one, two = hood(site, "Hood 1", admin), hood(site, "Hood 2", admin)
    Hood.objects.filter(pk=one).update(cleaned_at=now())
    assert [h.id for h in rows_by(Hood, "site", site, name="Hood 2")] == [two]
    assert [h.id for h in rows_by(Hood, "site", site, cleaned_at=None)] == [two]
    assert rows_by(Hood, "site", site, name="Hood 1", cleaned_at=None, locked=True) == []


def test_rows_of_another_organization_are_not_there(site, admin, other_organization_id) -> None:
    id = hood(site, "Hood 1", admin)
    for scope in (other_organization_id, admin.organization_id):
        set_local("app.organization", str(scope))
        assert (row_by_id(Hood, id) is None) is (scope == other_organization_id)


def test_a_row_is_added_and_changed_as_django_does(site, admin) -> None:
    row = ColdStore(site_id=site, name="Refrigerator", kind="refrigerator")
    row.save()
    read = ColdStore.objects.get(pk=row.pk)
    assert values(read) == values(row) and not row._state.adding
    read.name = "Freezer"
    read.save(update_fields=["name"])
    assert fetch(ColdStore, row.id).name == "Freezer" and fetch(ColdStore, row.id).kind == "refrigerator"
    read.version = F("version") + 1  # an expression is Django's to write
    read.save(update_fields=["version"])
    assert fetch(ColdStore, row.id).version == row.version + 1
    gone = ColdStore(id=new_id(), site_id=site, name="Never", kind="freezer")
    gone._state.adding = False
    with pytest.raises(DatabaseError, match="did not affect any rows"), transaction.atomic():
        gone.save(update_fields=["name"])
    with pytest.raises(IntegrityError), transaction.atomic():
        ColdStore(id=row.id, site_id=site, name="Twice", kind="freezer").save(force_insert=True)


@action
def cool(*, cold_store_id: UUID, celsius: Decimal, by: Actor) -> UUID:
    """Write a line about a store, and refuse to when it is warm: after having written it."""
    row = fetch(ColdStore, cold_store_id)
    write(by, "sites.cold_store.look", row, "{actor} saw {celsius}", noted={"celsius": celsius})
    if celsius > 8:
        raise Refused(Reason("warm", "too warm"))
    return row.id


def test_what_a_block_does_as_a_whole_is_in_the_journal_at_its_end_and_nothing_of_what_was_refused(site, admin) -> None:
    store = sites.add_cold_store(site_id=site, name="Refrigerator", kind=sites.ColdStoreKind.REFRIGERATOR, by=admin)
    before = Entry.objects.count()
    with all_or_nothing():
        cool(cold_store_id=store, celsius=Decimal(4), by=admin)
        with pytest.raises(Refused), attempt():
            cool(cold_store_id=store, celsius=Decimal(5), by=admin)
            cool(cold_store_id=store, celsius=Decimal(9), by=admin)
        with attempt():
            cool(cold_store_id=store, celsius=Decimal(6), by=admin)
        assert Entry.objects.count() == before
    seen = [e.noted["celsius"] for e in Entry.objects.order_by("number")[before:]]
    assert seen == ["4", "6"] and list(journal.verify()) == []


def test_a_block_that_fails_leaves_nothing(site, admin) -> None:
    store = sites.add_cold_store(site_id=site, name="Refrigerator", kind=sites.ColdStoreKind.REFRIGERATOR, by=admin)
    before = Entry.objects.count()
    with pytest.raises(Refused), entered(admin.organization_id), all_or_nothing():
        cool(cold_store_id=store, celsius=Decimal(4), by=admin)
        cool(cold_store_id=store, celsius=Decimal(9), by=admin)
    assert Entry.objects.count() == before and list(journal.verify()) == []


def _plans() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements")
        return int(cursor.fetchone()[0])


def test_the_plans_of_a_connection_outlive_a_refusal_but_not_a_change_of_tables(site, admin) -> None:
    id = hood(site, "Hood 1", admin)
    for _ in range(6):
        assert row_by_id(Hood, id) is not None
    before = _plans()
    with pytest.raises(Refused), transaction.atomic():
        raise Refused(Reason("no", "no"))
    assert before > 0 and _plans() >= before
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE made_between (a int)")
        cursor.execute("DROP TABLE made_between")
    assert _plans() < before and row_by_id(Hood, id) is not None


def test_a_connection_that_comes_back_from_the_pool_keeps_its_plans(scope) -> None:
    """The pool hands the same connection out again, and Django announces it as new each time."""
    for _ in range(3):
        keep_plans(connection)
        with connection.cursor() as cursor:
            for n in range(connection.connection.prepare_threshold + 2):
                cursor.execute("SELECT 41 + %s::int", [n])
                assert cursor.fetchone() == (41 + n,)
