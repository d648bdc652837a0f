"""Every room that a hood named by text becomes a room: a buffer room of ISO 7 with the hood's certification."""

from django.db import migrations

_ROOMS = """
INSERT INTO sites_cleanroom (id, organization_id, made_at, version, site_id, name, kind, iso_class, hazardous,
    certified_until, failed_why, sample_why, state)
SELECT gen_random_uuid(), organization_id, now(), 1, site_id, room_name, 'buffer', 7, bool_or(hazardous),
    max(certified_until), CASE WHEN bool_or(room_failed) THEN room_name || ' failed its last certification' ELSE '' END, '',
    CASE WHEN bool_or(room_failed) THEN 'failed' ELSE 'in_use' END
FROM sites_hood WHERE room_id IS NULL GROUP BY organization_id, site_id, room_name
"""
_HOODS = """
UPDATE sites_hood h SET room_id = r.id FROM sites_cleanroom r
WHERE h.room_id IS NULL AND r.organization_id = h.organization_id AND r.site_id = h.site_id AND r.name = h.room_name
"""
_HISTORY = """
INSERT INTO sites_cleanroom (id, organization_id, made_at, version, site_id, name, kind, iso_class, hazardous, failed_why,
    sample_why, state)
SELECT gen_random_uuid(), e.organization_id, now(), 1, e.site_id, e.room_name, 'buffer', 7, bool_or(e.hazardous), '', '', 'in_use'
FROM sites_hoodevent e WHERE NOT EXISTS (SELECT 1 FROM sites_cleanroom r
    WHERE r.organization_id = e.organization_id AND r.site_id = e.site_id AND r.name = e.room_name)
GROUP BY e.organization_id, e.site_id, e.room_name;
UPDATE sites_hoodevent h SET room_id = r.id FROM sites_cleanroom r
WHERE h.room_id IS NULL AND r.organization_id = h.organization_id AND r.site_id = h.site_id AND r.name = h.room_name
"""


def stand(apps, editor):
    """Row-level security holds the tables' owner too: each organization is entered in turn.

    The history's trigger on hoods still knows the old columns only, and is made anew after the migration; what the
    history tells of hoods is put into rooms too, with a room for a name that no hood has any more.
    """
    with editor.connection.cursor() as cursor:
        cursor.execute("SELECT id FROM platform_organization")
        organizations = cursor.fetchall()
        for table in ("sites_hood", "sites_hoodevent"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for (organization,) in organizations:
            cursor.execute("SELECT set_config('app.organization', %s::text, true)", [str(organization)])
            cursor.execute(_ROOMS)
            cursor.execute(_HOODS)
            for statement in _HISTORY.split(";"):
                cursor.execute(statement)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in ("sites_hood", "sites_hoodevent"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


class Migration(migrations.Migration):

    dependencies = [("sites", "0002_rooms_and_logs"), ("platform", "0001_initial")]

    operations = [migrations.RunPython(stand, migrations.RunPython.noop)]
