# SPDX-License-Identifier: Apache-2.0
"""One nurse is never in two places: an exclusion over the hash of the nurse's id and the planned time."""
from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("nursing", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE nursing_nursevisit ADD CONSTRAINT visit_one_place_at_a_time EXCLUDE USING gist (
                int8range(uuid_hash_extended(organization_id, 0) >> 1, uuid_hash_extended(organization_id, 0) >> 1, '[]') WITH &&,
                int8range(uuid_hash_extended(nurse, 0) >> 1, uuid_hash_extended(nurse, 0) >> 1, '[]') WITH &&,
                tstzrange(planned_start, planned_end) WITH &&
            ) WHERE (
                nurse IS NOT NULL AND planned_start IS NOT NULL
                AND state IN ('offered', 'accepted', 'confirmed', 'en_route', 'in_progress')
            )
            """,
            "ALTER TABLE nursing_nursevisit DROP CONSTRAINT visit_one_place_at_a_time",
        ),
    ]
