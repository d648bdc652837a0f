# SPDX-License-Identifier: Apache-2.0
"""A backup that was not restored is not a backup; a database built from the models is the migrated one."""
from __future__ import annotations

import json
import os
import tarfile
from uuid import UUID

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from openinfusion.kernel.refusal import Broken, Refused
from openinfusion.platform import journal
from openinfusion.platform.action import action
from openinfusion.platform.actor import Actor
from openinfusion.platform.backup import backup, restore
from openinfusion.platform.database import connect_as_owner, ensure_database
from openinfusion.platform.files import open_file, store
from openinfusion.platform.installation import MAINTENANCE, connected_as, migrate_as_owner
from openinfusion.platform.models import Organization
from openinfusion.platform.permissions import system_actor
from openinfusion.platform.scope import entered, migrating


@action
def keep(*, by: Actor) -> UUID:
    kept = store("order.txt", b"ceftriaxone 2 g", "text/plain", by)
    journal.write(by, "t.file.keep", Organization.objects.get(pk=by.organization_id), "{actor} kept a file.")
    return kept


def test_what_was_backed_up_comes_back_and_proves_itself(committed, organization_id, tmp_path, settings) -> None:
    settings.FILE_STORE = tmp_path / "files"
    by = system_actor(organization_id)
    before = keep(by=by)
    manifest = backup(tmp_path / "one.tar")
    after = keep(by=by)
    with pytest.raises(Refused, match="choose another name"):
        backup(tmp_path / "one.tar")
    with pytest.raises(Refused, match="--replace"):
        restore(tmp_path / "one.tar")
    restore(tmp_path / "one.tar", replace=True)
    with entered(organization_id):
        assert open_file(before).data == b"ceftriaxone 2 g" and list(journal.verify()) == []
        with pytest.raises(Exception, match=str(after)):
            open_file(after)
    assert manifest["heads"][str(organization_id)][0] == 1


def test_a_backup_that_was_changed_is_refused(committed, organization_id, tmp_path, settings) -> None:
    settings.FILE_STORE = tmp_path / "files"
    keep(by=system_actor(organization_id))
    backup(tmp_path / "one.tar")
    with tarfile.open(tmp_path / "one.tar") as archive:
        archive.extractall(tmp_path / "open")
    said = json.loads((tmp_path / "open" / "manifest.json").read_text())
    said["database_sha256"] = "0" * 64
    (tmp_path / "open" / "manifest.json").write_text(json.dumps(said))
    with tarfile.open(tmp_path / "two.tar", "w") as archive:
        archive.add(tmp_path / "open", ".")
    with pytest.raises(Broken, match="not the one its manifest names"):
        restore(tmp_path / "two.tar", replace=True)
    for name, kind in (("../outside", tarfile.REGTYPE), ("/tmp/outside", tarfile.REGTYPE), ("files/link", tarfile.SYMTYPE)):
        with tarfile.open(tmp_path / "hostile.tar", "w") as archive:
            member = tarfile.TarInfo(name)
            member.type, member.linkname = kind, "/etc/passwd" if kind == tarfile.SYMTYPE else ""
            archive.addfile(member)
        with pytest.raises(Broken, match="no backup holds"):
            restore(tmp_path / "hostile.tar", replace=True)
    assert not (tmp_path / "outside").exists()


def shape(name: str) -> set[tuple]:
    """Columns, constraints, indexes and triggers of every table."""
    with connect_as_owner(settings.OWNER, name) as owner:
        columns = owner.execute("SELECT 'column', table_name, column_name, data_type, is_nullable FROM information_schema.columns WHERE table_schema = 'public'")
        found = {tuple(row) for row in columns}
        constraints = owner.execute("SELECT 'constraint', conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace")
        found |= {tuple(row) for row in constraints}
        triggers = owner.execute("SELECT 'trigger', tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal")
        return found | {tuple(row) for row in triggers}


def test_no_model_differs_from_its_migrations(committed) -> None:
    call_command("makemigrations", check_changes=True, dry_run=True, verbosity=0, interactive=False)  # exits where one does


@pytest.mark.skipif(not os.environ.get("REPLAY"), reason="replaying every migration takes more than ten minutes: `make replay` does")
def test_a_database_built_from_the_models_is_the_migrated_one(committed) -> None:
    built, migrated = (f"test_{way}_{os.getpid()}" for way in ("built", "migrated"))
    try:
        for name in (built, migrated):
            ensure_database({**settings.OWNER, "NAME": name}, MAINTENANCE, settings.SECRET_KEY)
        migrate_as_owner({**settings.OWNER, "NAME": built})
        with connected_as({**settings.OWNER, "NAME": migrated}), migrating():
            call_command("migrate", verbosity=0, interactive=False)
        assert shape(built) ^ shape(migrated) == set()
    finally:
        connection.close()
        with connect_as_owner(settings.OWNER, MAINTENANCE) as owner:
            for name in (built, migrated):
                owner.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
