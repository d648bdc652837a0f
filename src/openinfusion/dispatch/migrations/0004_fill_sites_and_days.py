# SPDX-License-Identifier: Apache-2.0
"""Plans that are there are of one site and one day, and hold it where they are in force."""
from __future__ import annotations

from django.db import migrations

from openinfusion.kernel.ids import new_id

_PLANS = "UPDATE dispatch_dayplan{event} SET sites = ARRAY[site_id], last_day = day WHERE last_day IS NULL"
_THERE = "SELECT id, organization_id, site_id, day, kind, state FROM dispatch_dayplan"
_COVER = """
INSERT INTO dispatch_plancover (id, organization_id, made_at, version, plan_id, site_id, day, kind, in_force)
VALUES (%s, %s, now(), 1, %s, %s, %s, %s, %s)
"""


def fill(apps, editor):
    """Row-level security holds the tables' owner too: each organization is entered in turn."""
    tables = ("dispatch_dayplan", "dispatch_dayplanevent")
    with editor.connection.cursor() as cursor:
        cursor.execute("SELECT id FROM platform_organization")
        organizations = cursor.fetchall()
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for (organization,) in organizations:
            cursor.execute("SELECT set_config('app.organization', %s::text, true)", [str(organization)])
            for event in ("", "event"):
                cursor.execute(_PLANS.format(event=event))
            cursor.execute(_THERE + " WHERE organization_id = %s", [organization])
            for plan, owner, site, day, kind, state in cursor.fetchall():
                cursor.execute(_COVER, [new_id(), owner, plan, site, day, kind, state == "accepted"])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


class Migration(migrations.Migration):

    dependencies = [("dispatch", "0003_sites_and_days")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
