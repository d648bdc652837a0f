# SPDX-License-Identifier: Apache-2.0
"""No nurse is in two places at once, first or second: the time visits hold is kept by triggers, and the exclusion lies on it.

It takes the place of the exclusion over visits alone, and keeps its name. A visit that needs two is not begun by one.
"""
from __future__ import annotations

from typing import Any

from django.db import migrations


def _hashed(column: str) -> str:
    return f"int8range(uuid_hash_extended({column}, 0) >> 1, uuid_hash_extended({column}, 0) >> 1, '[]') WITH &&"


_HOLDING = """
    v.planned_start IS NOT NULL AND v.planned_end IS NOT NULL AND NOT v.in_suite
    AND v.state IN ('offered', 'accepted', 'confirmed', 'en_route', 'in_progress')
"""
_WANTED = f"""
    CREATE FUNCTION nursing_time_wanted(the_visit uuid)
    RETURNS TABLE (organization_id uuid, visit_id uuid, place smallint, nurse uuid, starts_at timestamptz, ends_at timestamptz)
    LANGUAGE sql STABLE AS $$
        SELECT v.organization_id, v.id, 1::smallint, v.nurse, v.planned_start, v.planned_end
        FROM nursing_nursevisit v WHERE v.id = the_visit AND v.nurse IS NOT NULL AND {_HOLDING}
        UNION ALL
        SELECT v.organization_id, v.id, 2::smallint, s.nurse, v.planned_start, v.planned_end
        FROM nursing_nursevisit v JOIN nursing_secondnurse s ON s.visit_id = v.id
        WHERE v.id = the_visit AND s.nurse IS NOT NULL AND s.state IN ('offered', 'accepted', 'present') AND {_HOLDING}
    $$
"""
_HOLD = """
    CREATE FUNCTION nursing_hold_time(the_visit uuid) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
        DELETE FROM nursing_nursetime t WHERE t.visit_id = the_visit AND NOT EXISTS (
            SELECT 1 FROM nursing_time_wanted(the_visit) w
            WHERE w.place = t.place AND w.nurse = t.nurse AND w.starts_at = t.starts_at AND w.ends_at = t.ends_at
        );
        INSERT INTO nursing_nursetime (id, organization_id, made_at, version, visit_id, place, nurse, starts_at, ends_at)
        SELECT gen_random_uuid(), w.organization_id, now(), 1, w.visit_id, w.place, w.nurse, w.starts_at, w.ends_at
        FROM nursing_time_wanted(the_visit) w
        WHERE NOT EXISTS (SELECT 1 FROM nursing_nursetime t WHERE t.visit_id = the_visit AND t.place = w.place);
    END $$
"""
_OF_VISIT = """
    CREATE FUNCTION nursing_visit_holds_time() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN PERFORM nursing_hold_time(NEW.id); RETURN NULL; END $$
"""
_OF_SECOND = """
    CREATE FUNCTION nursing_second_holds_time() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN PERFORM nursing_hold_time(NEW.visit_id); RETURN NULL; END $$
"""
_NEEDS_TWO = """
    CREATE FUNCTION nursing_two_are_two() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.state IN ('en_route', 'in_progress') AND OLD.state IN ('requested', 'confirmed', 'en_route') AND EXISTS (
            SELECT 1 FROM nursing_secondnurse s WHERE s.visit_id = NEW.id AND s.state IN ('wanted', 'offered', 'refused')
        ) THEN
            RAISE check_violation USING MESSAGE = 'visit ' || NEW.number || ' needs two nurses and has one';
        END IF;
        IF NEW.state = 'signed' AND EXISTS (
            SELECT 1 FROM nursing_secondnurse s WHERE s.visit_id = NEW.id AND s.state NOT IN ('present', 'alone')
        ) THEN
            RAISE check_violation USING MESSAGE = 'the second nurse of visit ' || NEW.number || ' has not signed';
        END IF;
        RETURN NEW;
    END $$
"""
_ONE_PLACE_OF_VISITS = f"""
    ALTER TABLE nursing_nursevisit ADD CONSTRAINT visit_one_place_at_a_time EXCLUDE USING gist (
        {_hashed("organization_id")}, {_hashed("nurse")}, tstzrange(planned_start, planned_end) WITH &&
    ) WHERE (
        nurse IS NOT NULL AND planned_start IS NOT NULL AND NOT in_suite
        AND state IN ('offered', 'accepted', 'confirmed', 'en_route', 'in_progress')
    )
"""
_ONE_PLACE = f"""
    ALTER TABLE nursing_nursetime ADD CONSTRAINT visit_one_place_at_a_time EXCLUDE USING gist (
        {_hashed("organization_id")}, {_hashed("nurse")}, tstzrange(starts_at, ends_at) WITH &&
    )
"""


def fill(apps: Any, editor: Any) -> None:
    """Visits that are given out already hold their time. Row-level security holds the owner too: each organization in turn."""
    with editor.connection.cursor() as cursor:
        cursor.execute("SELECT id FROM platform_organization")
        for (organization,) in cursor.fetchall():
            cursor.execute("SELECT set_config('app.organization', %s::text, true)", [str(organization)])
            cursor.execute("SELECT nursing_hold_time(id) FROM nursing_nursevisit WHERE state IN "
                           "('offered', 'accepted', 'confirmed', 'en_route', 'in_progress')")


class Migration(migrations.Migration):
    dependencies = [("nursing", "0007_second_nurses"), ("platform", "0001_initial")]

    operations = [
        migrations.RunSQL("ALTER TABLE nursing_nursevisit DROP CONSTRAINT visit_one_place_at_a_time", _ONE_PLACE_OF_VISITS),
        migrations.RunSQL(_ONE_PLACE, "ALTER TABLE nursing_nursetime DROP CONSTRAINT visit_one_place_at_a_time"),
        migrations.RunSQL(_WANTED, "DROP FUNCTION nursing_time_wanted(uuid)"),
        migrations.RunSQL(_HOLD, "DROP FUNCTION nursing_hold_time(uuid)"),
        migrations.RunSQL(_OF_VISIT, "DROP FUNCTION nursing_visit_holds_time()"),
        migrations.RunSQL(_OF_SECOND, "DROP FUNCTION nursing_second_holds_time()"),
        migrations.RunSQL(_NEEDS_TWO, "DROP FUNCTION nursing_two_are_two()"),
        migrations.RunSQL(
            """
            CREATE TRIGGER nurse_time_of_visit AFTER INSERT OR UPDATE OF state, nurse, planned_start, planned_end, in_suite
            ON nursing_nursevisit FOR EACH ROW EXECUTE FUNCTION nursing_visit_holds_time()
            """,
            "DROP TRIGGER nurse_time_of_visit ON nursing_nursevisit",
        ),
        migrations.RunSQL(
            """
            CREATE TRIGGER nurse_time_of_second AFTER INSERT OR UPDATE OF state, nurse ON nursing_secondnurse
            FOR EACH ROW EXECUTE FUNCTION nursing_second_holds_time()
            """,
            "DROP TRIGGER nurse_time_of_second ON nursing_secondnurse",
        ),
        migrations.RunSQL(
            """
            CREATE TRIGGER visit_of_two_is_made_by_two BEFORE UPDATE OF state ON nursing_nursevisit
            FOR EACH ROW EXECUTE FUNCTION nursing_two_are_two()
            """,
            "DROP TRIGGER visit_of_two_is_made_by_two ON nursing_nursevisit",
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
