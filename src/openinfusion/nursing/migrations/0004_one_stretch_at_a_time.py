# SPDX-License-Identifier: Apache-2.0
"""A nurse's time off does not overlap, nor do her shifts: an exclusion over hashes of nurse and kind and the hours."""
from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("nursing", "0003_forms_phones_roster")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE nursing_availability ADD CONSTRAINT availability_no_overlap EXCLUDE USING gist (
                int8range(uuid_hash_extended(organization_id, 0) >> 1, uuid_hash_extended(organization_id, 0) >> 1, '[]') WITH &&,
                int8range(uuid_hash_extended(nurse, 0) >> 1, uuid_hash_extended(nurse, 0) >> 1, '[]') WITH &&,
                int8range(hashtextextended(kind, 0) >> 1, hashtextextended(kind, 0) >> 1, '[]') WITH &&,
                tstzrange(starts_at, ends_at) WITH &&
            ) WHERE (NOT ended)
            """,
            "ALTER TABLE nursing_availability DROP CONSTRAINT availability_no_overlap",
        ),
    ]
