# SPDX-License-Identifier: Apache-2.0
"""A driver's time off does not overlap, nor do their shifts; and one vehicle is driven on one shift at a time."""
from __future__ import annotations

from django.db import migrations


def _hashed(column: str, of: str = "uuid_hash_extended") -> str:
    return f"int8range({of}({column}, 0) >> 1, {of}({column}, 0) >> 1, '[]') WITH &&"


_HOURS = "tstzrange(starts_at, ends_at) WITH &&"


class Migration(migrations.Migration):
    dependencies = [("delivery", "0003_drivers_roster")]

    operations = [
        migrations.RunSQL(
            f"""
            ALTER TABLE delivery_drivertime ADD CONSTRAINT driver_time_no_overlap EXCLUDE USING gist (
                {_hashed("organization_id")}, {_hashed("driver")}, {_hashed("kind", "hashtextextended")}, {_HOURS}
            ) WHERE (NOT ended)
            """,
            "ALTER TABLE delivery_drivertime DROP CONSTRAINT driver_time_no_overlap",
        ),
        migrations.RunSQL(
            f"""
            ALTER TABLE delivery_drivertime ADD CONSTRAINT vehicle_one_shift_at_a_time EXCLUDE USING gist (
                {_hashed("organization_id")}, {_hashed("vehicle_id")}, {_HOURS}
            ) WHERE (NOT ended AND vehicle_id IS NOT NULL)
            """,
            "ALTER TABLE delivery_drivertime DROP CONSTRAINT vehicle_one_shift_at_a_time",
        ),
    ]
